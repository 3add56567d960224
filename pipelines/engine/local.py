"""The engine of one machine: large tasks one after another in the run's own session, small ones several at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from catalog.errors import StatementFailed
from pipelines.engine.tasks import Done, Finish, Task
from transport.lake.session import Session
from transport.telemetry.profile import TASK

_SMALL = 16 << 20
"""Bytes that a small task reads at most. DuckDB splits a larger one among its own threads."""


class DamagedInput(Exception):
    """A file that a task reads is not what was written; its path."""


def refuse(path: Path) -> None:
    """What a session does that cannot make a damaged file again.

    Raises:
        DamagedInput: always.
    """
    raise DamagedInput(path)


class LocalEngine:
    """Makes tasks in the run's session, which DuckDB spreads over the threads of this machine.

    Most months of most tables are too small to be split, so that one core would work and the others wait. They are
    made by threads with a session each, from when they are begun.
    """

    def __init__(
        self, session: Callable[[], Session], of_one_thread: Callable[[], Session] | None = None, threads: int = 1
    ) -> None:
        """Open nothing yet.

        Args:
            session: gives the run's session, with nothing left from earlier tasks.
            of_one_thread: opens a session for a thread that makes small tasks, with `refuse` for damaged files.
            threads: how many of them there are; with one, everything is made in the run's session.
        """
        self._session = session
        self._of_one_thread = of_one_thread
        self._threads = threads if of_one_thread else 1
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._opened: list[Session] = []

    @property
    def works_ahead(self) -> bool:
        """Whether small tasks are made while the run does something else."""
        return self._threads > 1

    def begin(self, tasks: Sequence[Task]) -> Finish:
        """Have the small tasks made, and make the large ones when all are waited for."""
        asked: dict[int, Future[Done]] = {}
        if self.works_ahead:
            self._pool = self._pool or ThreadPoolExecutor(self._threads, thread_name_prefix="thread")
            small = [nth for nth, task in enumerate(tasks) if task.reads <= _SMALL]
            asked = {nth: self._pool.submit(self._made_beside, tasks[nth]) for nth in small}
        return partial(self._finish, tasks, asked)

    def run(self, tasks: Sequence[Task], progress: Callable[[str], None]) -> list[Done]:
        """Make the files of every task."""
        return self.begin(tasks)(progress)

    def end(self) -> None:
        """Make nothing more, and close the threads' sessions, which leave no spilled file then."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        for session in self._opened:
            session.__exit__()
        self._pool, self._own, self._opened = None, threading.local(), []

    def _finish(
        self, tasks: Sequence[Task], asked: dict[int, Future[Done]], progress: Callable[[str], None]
    ) -> list[Done]:
        done = []
        for nth, task in enumerate(tasks):
            progress(task.name)
            try:
                done.append(asked[nth].result() if nth in asked else self._made(task, self._session()))
            except (DamagedInput, StatementFailed):
                # the run's session makes a damaged file again, has more memory, and says best what fails
                done.append(self._made(task, self._session()))
        return done

    def _made_beside(self, task: Task) -> Done:
        assert self._of_one_thread is not None  # noqa: S101 - or nothing is made beside
        if not hasattr(self._own, "session"):
            self._own.session = self._of_one_thread()
            self._opened.append(self._own.session)
        session, started = self._own.session.cleared(), time.perf_counter()
        with session.profile.span(f"make {task.name}", TASK):
            done = self._made(task, session)
        return replace(done, worker=threading.current_thread().name, seconds=time.perf_counter() - started)

    def _made(self, task: Task, session: Session) -> Done:
        rows = tuple(session.write(answer.scan, answer.contract, answer.part) for answer in task.answers)
        return Done(rows, tuple(answer.part for answer in task.answers))
