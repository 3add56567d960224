"""Reader processes that outlive a test's runs and servers: to start one takes as long as to make a small release."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from transport.base.settings import Settings
from transport.ingest import inbox
from transport.ingest.workers import Readers
from transport.servers.http import app


class _LastingReaders(Readers):
    """Readers for whoever comes next with the same limits."""

    def __exit__(self, *problem: object) -> None:
        pass


@contextmanager
def lasting_readers() -> Iterator[None]:
    """Give every inbox and every HTTP server of this process readers that are there already."""
    pools: list[_LastingReaders] = []

    @cache
    def pool(settings: Settings) -> _LastingReaders:
        pools.append(_LastingReaders(settings))
        return pools[-1]

    def readers_of(settings: Settings) -> _LastingReaders:
        limits = {name: getattr(settings, name) for name in ("readers", "reader_memory_mb", "reader_seconds")}
        return pool(Settings(**limits))

    with pytest.MonkeyPatch.context() as patch:
        for module in (inbox, app):
            patch.setattr(module, "Readers", readers_of)
        yield
    for readers in pools:
        Readers.__exit__(readers)
