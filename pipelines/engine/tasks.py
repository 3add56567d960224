"""Tasks: what a run asks of an engine. A task is a pure value; its files are named by the fingerprint of their inputs.

So doing one twice, or by a machine thought dead, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NoReturn, Protocol, TypeAlias

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Computed, Files, Query, Scan
from catalog.errors import Damaged
from transport.lake.session import Session
from transport.lake.tables import Part

Month: TypeAlias = date | None
"""None: a table without months."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One file to be written: the rows of a scan, with the columns of a contract."""

    scan: Scan
    contract: DatasetContract
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Files that are made together, because their scans share work.

    Attributes:
        name: the table and the month, for progress and errors.
        answers: the files.
        reads: how many bytes of tables and landed files they are made of, roughly.
        here: made by this process, whoever makes the others: the file is small, or is used where it is made.
        compute: makes the files instead of `answers`, in a session of this process; returns their rows.
    """

    name: str
    answers: tuple[Answer, ...] = ()
    reads: int = 0
    here: bool = False
    compute: Callable[[Session], tuple[int, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a task.

    Attributes:
        rows: written to each file.
        parts: the files, those of another process with hash and rows as written.
        worker: who made them: a thread of this process, or another process.
        seconds: how long it took there.
        damaged: a file that the task reads and that is not what was written, for which nothing was made.
    """

    rows: tuple[int, ...]
    parts: tuple[Part, ...]
    worker: str = ""
    seconds: float = 0.0
    damaged: Path | None = None


def makers(months: Sequence[Month], done: Sequence[Done]) -> dict[Month, tuple[str, float]]:
    """The worker that made each month, and its seconds."""
    return {month: (d.worker, d.seconds) for month, d in zip(months, done, strict=True)}


class DamagedInput(Damaged):
    """A file that a task reads is not what was written. The run makes it again (`run.schedule`).

    Attributes:
        path: of the file.
    """

    kind = "damaged_input"

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path.name} has changed since it was written.", "`dif doctor` shows the damage and the fix.")
        self.path = path


def refuse(path: Path) -> NoReturn:
    """Report a damaged file.

    Raises:
        DamagedInput: always.
    """
    raise DamagedInput(path)


class Engine(Protocol):
    """Makes the files of tasks."""

    def submit(self, tasks: Sequence[Task]) -> list[Future[Done]]:
        """Begin to make the files of every task; none reads what another of them writes.

        Returns:
            A future for each task. It raises DamagedInput for a file that the run has to make again, and SharingError
            where the task could not be done.
        """


def moved(task: Task, home: Path, to: Path) -> Task:
    """The task with every path below one home below another: a worker may have its own."""
    if home == to:
        return task

    def path(old: str) -> str:
        return str(to / Path(old).relative_to(home))

    def scan(old: Scan) -> Scan:
        if isinstance(old, Files):
            batches = tuple(replace(b, path=path(b.path)) for b in old.batches)
            return replace(old, paths=tuple(map(path, old.paths)), batches=batches)
        if isinstance(old, Query | Computed):
            return replace(old, inputs={name: scan(source) for name, source in old.inputs.items()})
        return old

    answers = (
        replace(answer, scan=scan(answer.scan), part=replace(answer.part, path=Path(path(str(answer.part.path)))))
        for answer in task.answers
    )
    return replace(task, answers=tuple(answers))
