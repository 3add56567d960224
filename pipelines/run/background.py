"""Makes the nodes of a plan on a thread of its own, while the steps of Dagster's run wait for them and tell of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future

from pipelines.run.context import Made, RunContext
from pipelines.run.schedule import Outcome, outcomes


class Background:
    """The thread that leads a run: it makes nodes until all are made, or nothing more can be."""

    def __init__(self, run: RunContext, plan: Collection[str], made: Callable[[Sequence[Made]], None]) -> None:
        """Begin.

        Args:
            run: the run. Until this ends, nothing else may ask for its session.
            plan: the nodes.
            made: called on that thread with the tables of each node.
        """
        self._run, self._plan, self._made = run, plan, made
        self._untold: dict[str, Outcome] = {}
        self._changed = threading.Condition()
        self._stop = Future[None]()
        self._ended = False
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._lead, name="lead")
        self._thread.start()

    def _lead(self) -> None:
        try:
            for outcome in outcomes(self._run, self._plan, stop=self._stop):
                self._made(outcome.made)
                with self._changed:
                    self._untold[outcome.name] = outcome
                    self._changed.notify_all()
        except BaseException as problem:  # noqa: BLE001 - for whoever waits
            self._problem = problem
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def outcomes(self, names: Collection[str]) -> Iterator[Outcome]:
        """What became of nodes, each as soon as it is known and once; nothing of those that need one that failed.

        Raises:
            BaseException: what ended the thread before all was made, such as a full disk.
        """
        left = {*names}
        while left:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or not left.isdisjoint(self._untold))
                ready = [self._untold.pop(name) for name in [*self._untold] if name in left]
            left.difference_update(outcome.name for outcome in ready)
            yield from ready
            if not ready:
                break
        if left and self._problem is not None:
            raise self._problem

    def end(self) -> list[Outcome]:
        """Make nothing more; what became of nodes that nobody asked about."""
        if not self._stop.done():
            self._stop.set_result(None)
        self._thread.join()
        return [*self._untold.values()]
