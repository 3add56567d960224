"""Reads a landing without its lock, to show it to a person. No receipt may be given from such a reading."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

_HERE = threading.local()


@dataclass(slots=True)
class UnlockedReading:
    """How long to wait for a lock and for object storage, in seconds, and who held the locks not obtained."""

    patience: float
    store_patience: float
    held_by: list[str]


@contextmanager
def read_without_lock(patience: float = 2.0, *, store_patience: float = 30.0) -> Iterator[Sequence[str]]:
    """Let this thread read a journal even if its lock is held for longer than `patience`, for showing to a person.

    The journal only grows, and an incomplete last line is never read; but its writer may still take back one of the
    lines. So no receipt may be given, and nothing written, from what is read here.

    Object storage that is opened meanwhile is asked again for `store_patience` seconds before it counts as away.

    Yields the holders of the lock; empty if the lock was obtained.
    """
    before, looking = unlocked_reading(), UnlockedReading(patience, store_patience, [])
    _HERE.looking = looking
    try:
        yield looking.held_by
    finally:
        _HERE.looking = before


def unlocked_reading() -> UnlockedReading | None:
    """What this thread's `read_without_lock` asks for; None outside it."""
    return getattr(_HERE, "looking", None)
