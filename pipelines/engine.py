"""Tasks, what a run asks of an engine, and the engine of one machine.

A task is a pure value; its files are named by the fingerprint of their inputs. So doing one twice, or by a machine
thought dead, changes nothing.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NoReturn, Protocol, TypeAlias

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Computed, Files, Query, Scan, normalized_code, normalized_sql
from catalog.errors import Damaged, StatementFailed
from transport.lake.session import Session
from transport.lake.tables import ENGINE, Part
from transport.telemetry.traces import TASK

Month: TypeAlias = date | None
"""None: a table without months."""


@dataclass(frozen=True, slots=True, eq=False)
class OutputFile:
    """One file to be written: the rows of a scan, with the columns of a contract."""

    scan: Scan
    contract: DatasetContract
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Files that are made together, because their scans share work.

    Attributes:
        name: the table and the month, for progress and errors.
        outputs: the files.
        reads: how many bytes of tables and landed files they are made of, roughly.
        here: made by this process, whoever makes the others: the file is small, or is used where it is made.
        compute: makes the files instead of `outputs`, in a session of this process; returns their rows.
    """

    name: str
    outputs: tuple[OutputFile, ...] = ()
    reads: int = 0
    here: bool = False
    compute: Callable[[Session], tuple[int, ...]] | None = None


@dataclass(frozen=True, slots=True)
class TaskResult:
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


def workers_by_month(months: Sequence[Month], done: Sequence[TaskResult]) -> dict[Month, tuple[str, float]]:
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

    def submit(self, tasks: Sequence[Task]) -> list[Future[TaskResult]]:
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

    outputs = (
        replace(output, scan=scan(output.scan), part=replace(output.part, path=Path(path(str(output.part.path)))))
        for output in task.outputs
    )
    return replace(task, outputs=tuple(outputs))


def rules() -> str:
    """A hash of the code and facts that tables are made by; when it changes, everything is made again.

    It excludes comments and docstrings.
    """
    files = [(f"{p}/{name}", text) for p in ("catalog", "assets") for name, text in _files(resources.files(p))]
    texts = (ENGINE, *(part for name, text in files for part in (name, _as_run(name, text))))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _as_run(name: str, text: str) -> str:
    return normalized_code(text) if name.endswith(".py") else normalized_sql(text) if name.endswith(".sql") else text


def _files(folder: Traversable) -> Iterator[tuple[str, str]]:
    """The code, statements and facts below a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", text) for name, text in _files(entry))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            yield entry.name, entry.read_text("utf-8")


# ── The engine of one machine ─────────────────────────────────────────────────────────────────────────────────────────

_SMALL = 16 << 20
"""Bytes that a small task reads at most. DuckDB splits a larger one among its own threads."""


class LocalEngine:
    """Makes tasks in sessions of this process.

    Most months of most tables are too small for DuckDB to split, so that one core would work and the others wait. So
    each small task gets a thread and a session of its own, and all large ones share one session, with all threads.
    """

    def __init__(self, large: Callable[[], Session], small: Callable[[], Session], threads: int) -> None:
        """Open nothing yet.

        Args:
            large: opens the session of large tasks.
            small: opens the session of a thread that makes small tasks. Both report damaged files (`tasks.refuse`).
            threads: how many threads make small tasks; with one, everything is made in the large session.
        """
        self._open_large, self._open_small = large, small
        self._large = ThreadPoolExecutor(1, thread_name_prefix="large")
        self._small = ThreadPoolExecutor(threads, thread_name_prefix="small") if threads > 1 else None
        self._of_thread = threading.local()
        self._opened: list[Session] = []

    def submit(self, tasks: Sequence[Task]) -> list[Future[TaskResult]]:
        """Begin to make the files of every task."""
        return [
            self._small.submit(self._make_small, task)
            if self._small and task.reads <= _SMALL and not task.compute
            else self._large.submit(self._make, task, self._open_large)
            for task in tasks
        ]

    def end(self) -> None:
        """Make nothing more, and close the sessions, which leave no spilled file then."""
        pools = [pool for pool in (self._small, self._large) if pool]
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for session in self._opened:
            session.interrupt()
        for pool in pools:
            pool.shutdown()
        for session in self._opened:
            session.__exit__()
        self._opened.clear()

    def _make_small(self, task: Task) -> TaskResult:
        try:
            return self._make(task, self._open_small)
        except StatementFailed:  # perhaps for lack of memory, of which the large session has more
            return self._large.submit(self._make, task, self._open_large).result()

    def _make(self, task: Task, open_session: Callable[[], Session]) -> TaskResult:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = open_session()
            self._opened.append(self._of_thread.session)
        session, started = self._of_thread.session.cleared(), time.perf_counter()
        with session.trace.span(f"make {task.name}", TASK):
            rows = (
                task.compute(session)
                if task.compute
                else tuple(session.write(output.scan, output.contract, output.part) for output in task.outputs)
            )
        seconds = time.perf_counter() - started
        return TaskResult(rows, tuple(output.part for output in task.outputs), threading.current_thread().name, seconds)
