"""The engine of one machine: this process makes one task after another in the run's own session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pipelines.engine.tasks import Done, Finish, Task
from transport.lake.session import Session


class LocalEngine:
    """Makes tasks in a session that DuckDB spreads over the threads of this machine."""

    works_ahead = False

    def __init__(self, session: Callable[[], Session]) -> None:
        """Open nothing yet.

        Args:
            session: gives the session, with nothing left from earlier tasks.
        """
        self._session = session

    def begin(self, tasks: Sequence[Task]) -> Finish:
        """Make nothing before the tasks are waited for."""
        return partial(self.run, tasks)

    def run(self, tasks: Sequence[Task], progress: Callable[[str], None]) -> list[Done]:
        """Make the files of every task, one after another."""
        done = []
        for task in tasks:
            progress(task.name)
            session = self._session()
            rows = tuple(session.write(answer.scan, answer.contract, answer.part) for answer in task.answers)
            done.append(Done(rows, tuple(answer.part for answer in task.answers)))
        return done
