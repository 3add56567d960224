"""The engine of one machine: large tasks one after another, and small ones beside them, several at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from catalog.errors import StatementFailed
from pipelines.engine.tasks import Done, Task
from transport.lake.session import Session
from transport.telemetry.traces import TASK

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

    def submit(self, tasks: Sequence[Task]) -> list[Future[Done]]:
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

    def _make_small(self, task: Task) -> Done:
        try:
            return self._make(task, self._open_small)
        except StatementFailed:  # perhaps for lack of memory, of which the large session has more
            return self._large.submit(self._make, task, self._open_large).result()

    def _make(self, task: Task, open_session: Callable[[], Session]) -> Done:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = open_session()
            self._opened.append(self._of_thread.session)
        session, started = self._of_thread.session.cleared(), time.perf_counter()
        with session.trace.span(f"make {task.name}", TASK):
            rows = (
                task.compute(session)
                if task.compute
                else tuple(session.write(answer.scan, answer.contract, answer.part) for answer in task.answers)
            )
        seconds = time.perf_counter() - started
        return Done(rows, tuple(a.part for a in task.answers), threading.current_thread().name, seconds)
