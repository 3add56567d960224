"""How a worker carries out a task: it fetches missing input files, makes the files, and puts them in the store.

Nothing here depends on how the task came. A worker's own home is scratch: a task is done when the store has its files.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from catalog.errors import NoRoom, SharingError, StatementFailed, TryAgain, WorkerMismatch
from pipelines.engine import Task, TaskResult, moved, rules
from transport.base.settings import Settings, load
from transport.cluster.lake import lake_mirror
from transport.lake.session import Session
from transport.lake.tables import as_written
from transport.storage.backends import is_full

_WAITS = (1, 2, 4, 8, 15, 30, 60)
"""Seconds between attempts while the store is away: three attempts at once do not outlast a store that restarts."""
_NAME = f"{platform.node()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Order:
    """What a run tells the workers with every task.

    Attributes:
        run: its name; a worker verifies its files anew for each run.
        rules: the code and facts that the run makes tables by.
        home: the home of the run, which the paths of its tasks are below.
    """

    run: str
    rules: str
    home: Path


class _DamagedInput(Exception):
    """A file that a task reads is not what was written: its path, in the home of the run."""


def carry_out(task: Task, order: Order) -> TaskResult:
    """Make the files of a task, or return the damaged file that it would read.

    Raises:
        WorkerMismatch: this worker would make other rows.
        NoRoom: the disk of this worker is full.
        TryAgain: the store has been away for too long.
        StatementFailed: a statement failed on its input.
    """
    if (mine := _own_rules()) != order.rules:
        raise WorkerMismatch(mine, order.rules)
    settings = _settings()
    started = time.perf_counter()
    try:
        done = _patiently(lambda: _make_task(moved(task, order.home, settings.home), order, settings))
    except _DamagedInput as damaged:
        return TaskResult((), (), _NAME, damaged=damaged.args[0])
    except (OSError, StatementFailed) as problem:
        if is_full(settings, problem):  # DuckDB says so within the statement's failure; to the run only its words go
            raise NoRoom(f"The disk of worker {_NAME} is full.", "Make room there, and run again.") from problem
        if isinstance(problem, StatementFailed):
            raise
        raise SharingError(  # to the run, a bare OSError would mean a scheduler that is gone
            f"Worker {_NAME} could not make {task.name}: {problem.strerror or type(problem).__name__}.",
            "See that worker's log and disk, and run again.",
        ) from problem
    parts = tuple(replace(p, path=output.part.path) for p, output in zip(done.parts, task.outputs, strict=True))
    return replace(done, parts=parts, worker=_NAME, seconds=time.perf_counter() - started)


def _make_task(task: Task, order: Order, settings: Settings) -> TaskResult:
    for output in task.outputs:
        output.part.path.parent.mkdir(parents=True, exist_ok=True)
    session = _session(order, settings)
    rows = tuple(session.write(output.scan, output.contract, output.part) for output in task.outputs)
    parts = tuple(as_written(output.part) for output in task.outputs)
    _STATE.sound |= {part.path for part in parts}  # hashed just now; for this run they need not be read again
    if settings.lake_url:
        mirror = lake_mirror(settings)
        for part in parts:
            mirror.put(part.path)
    return TaskResult(rows, parts)


def _patiently(make: Callable[[], TaskResult]) -> TaskResult:
    for seconds in _WAITS:
        try:
            return make()
        except TryAgain:
            time.sleep(seconds)
    return make()


@dataclass(slots=True)
class _WorkerState:
    """What a worker keeps for one run: a session, whose opening takes longer than a small task, and verified files."""

    run: str = ""
    session: Session | None = None
    sound: set[Path] = field(default_factory=set)


_STATE = _WorkerState()


def _session(order: Order, settings: Settings) -> Session:
    """The worker's session, with nothing left from earlier tasks; for another run another."""

    def damaged(path: Path) -> None:
        if settings.lake_url:
            path.unlink(missing_ok=True)  # a copy: what the run makes again is fetched
        raise _DamagedInput(order.home / path.relative_to(settings.home))

    if _STATE.run != order.run or _STATE.session is None:
        if _STATE.session is not None:
            _STATE.session.__exit__()
        _STATE.run, _STATE.sound = order.run, set()
        _STATE.session = Session(settings, sound=_STATE.sound, damaged=damaged)
        _forget_old_copies(settings)
    return _STATE.session.cleared()


def _forget_old_copies(settings: Settings) -> None:
    """Remove copies that came a week ago, for room; what is still read is fetched again."""
    if not settings.lake_url:
        return
    before = time.time() - _COPIES_KEPT
    for folder in (settings.lake, settings.scratch / "landing"):
        for copy in folder.rglob("*.parquet"):
            with suppress(FileNotFoundError):  # another worker of this machine was first
                if copy.stat().st_mtime < before:
                    copy.unlink()


_COPIES_KEPT = 7 * 24 * 3600


@cache
def _own_rules() -> str:
    return rules()


@cache
def _settings() -> Settings:
    return load()
