"""Tasks: what a run asks of an engine. A task is a pure value; its files are named by the fingerprint of their inputs.

So doing one twice, or by a machine thought dead, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol, TypeAlias

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Computed, Files, Query, Scan
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
    """

    name: str
    answers: tuple[Answer, ...]
    reads: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task.

    Attributes:
        rows: written to each file.
        parts: the files, those of another process with hash and rows as written.
        worker: who made them: a process, or a thread of this one that works ahead; empty for the step itself.
        seconds: how long it took there.
        damaged: a file that the task reads and that is not what was written, for which nothing was made.
    """

    rows: tuple[int, ...]
    parts: tuple[Part, ...]
    worker: str = ""
    seconds: float = 0.0
    damaged: Path | None = None


def makers(months: Sequence[Month], done: Sequence[Done]) -> dict[Month, tuple[str, float]]:
    """The worker that made each month and its seconds, where it was not the step itself."""
    return {month: (d.worker, d.seconds) for month, d in zip(months, done, strict=True) if d.worker}


Finish: TypeAlias = Callable[[Callable[[str], None]], list[Done]]
"""Waits for tasks that were begun, and gives what came of them; called with what is called with words of progress."""


class Engine(Protocol):
    """Makes the files of tasks."""

    @property
    def works_ahead(self) -> bool:
        """Whether tasks that were begun are made while the run does something else."""

    def begin(self, tasks: Sequence[Task]) -> Finish:
        """Begin to make the files of every task, as `run` does; other work may go on before they are waited for."""

    def run(self, tasks: Sequence[Task], progress: Callable[[str], None]) -> list[Done]:
        """Make the files of every task.

        Args:
            tasks: in any order; none reads what another writes.
            progress: called with the name of a task that begins, or what else there is to tell.

        Returns:
            What came of each task, in their order.

        Raises:
            SharingError: a task could not be done; some files may have been written, and are used by the next run.
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
