"""Group commit: of several threads that write at the same time, one writes for all, so that one append serves them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from catalog.errors import TryAgain

Request = TypeVar("Request")
Answer = TypeVar("Answer")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Request, Answer]):
    request: Request
    answer: Future[Answer] = field(default_factory=Future)


class GroupCommit(Generic[Request, Answer]):
    """Serialises the writers of one log.

    Attributes:
        turn: held by the thread that writes.
    """

    def __init__(self, commit: Callable[[Sequence[Request]], Sequence[Answer]]) -> None:
        """Write nothing yet.

        Args:
            commit: writes what several threads ask for, and returns an answer for each, in order.
        """
        self.turn = threading.RLock()
        self._commit = commit
        self._queue: list[_Waiting[Request, Answer]] = []
        self._queueing = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many requests wait for the thread that writes."""
        return len(self._queue)

    def run(self, request: Request) -> Answer:
        """Write, together with whatever other threads wait to write.

        Raises:
            Exception: whatever `commit` raised for this request alone.
        """
        mine = _Waiting[Request, Answer](request)
        with self._queueing:
            self._queue.append(mine)
        with self.turn:
            if not mine.answer.done():
                with self._queueing:
                    together, self._queue = self._queue, []
                # a thread that was interrupted took it from the queue and left it
                self._write(together if mine in together else [mine, *together])
        return mine.answer.result()

    def _write(self, together: Sequence[_Waiting[Request, Answer]]) -> None:
        """Write all; where that fails, each alone, so that none fails for another."""
        try:
            answers = self._commit([each.request for each in together])
        except Exception as problem:  # noqa: BLE001 - raised to the thread that asked
            if len(together) == 1:
                together[0].answer.set_exception(problem)
            elif isinstance(problem, TryAgain):  # each alone would wait as long for the same lock or store
                for each in together:
                    each.answer.set_exception(problem.again())
            else:
                for each in together:
                    self._write([each])
        else:
            for each, answer in zip(together, answers, strict=True):
                each.answer.set_result(answer)
