"""What is known of one run: the home, the moment, and what it reads and writes through."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Values, code_as_run, sql_as_run
from catalog.domain import calendar
from transport.base.settings import Settings
from transport.lake.tables import ENGINE, Lake, Session
from transport.releases.store import Releases
from transport.storage import landing


class Reporter(Protocol):
    """Told what a run does, as it does it."""

    def step(self, name: str, detail: str = "") -> None:
        """A step begins, or goes on."""

    def done(self, name: str, detail: str) -> None:
        """A step ended."""


@dataclass(frozen=True, slots=True)
class SilentReporter:
    """A reporter that tells nobody."""

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def done(self, name: str, detail: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a step did to one table: rows of each month (None: of the table) that it wrote."""

    contract: DatasetContract
    rows: dict[date | None, int]


@dataclass(frozen=True, eq=False)
class RunContext:
    """One run over one home. Make it by `steps.start`, under the lock (`atomic_files.locked`).

    Attributes:
        settings: the home and its limits.
        as_of: what is known; rows created later are held, batches received later are not seen.
        repair: called with a damaged file before it is read; makes it again, or raises.
        replay: the run is as known at a past moment: it works in a lake of its own and never moves `current`.
        upto: a replay sees the journal up to this number, whenever its batches were received.
        full: make everything anew, whether touched or not.
        tables: small tables that were read already, by the fingerprint of what they were read from.
    """

    settings: Settings
    as_of: datetime
    repair: Callable[[RunContext, Path], None]
    reporter: Reporter = field(default_factory=SilentReporter)
    replay: bool = False
    upto: int | None = None
    full: bool = False
    tables: dict[object, Values] = field(default_factory=dict)

    @cached_property
    def landing(self) -> landing.Landing:
        """The landing, with its journal read."""
        return landing.open_landing(self.settings)

    @cached_property
    def lake(self) -> Lake:
        """The lake of this run."""
        return Lake(self.settings.lake)

    @cached_property
    def releases(self) -> Releases:
        """The home's releases."""
        return Releases(self.settings)

    @cached_property
    def _session(self) -> Session:
        return Session(self.settings, sound=self.lake.sound, damaged=lambda path: self.repair(self, path))

    def session(self) -> Session:
        """The run's one connection to DuckDB, with nothing left of what was asked before."""
        return self._session.cleared()

    @contextmanager
    def beside(self) -> Iterator[RunContext]:
        """The same run with a session of its own, while this one's is in the middle of a statement."""
        other = replace(self)
        other.__dict__.update(landing=self.landing, lake=self.lake, releases=self.releases)
        try:
            yield other
        finally:
            if "_session" in other.__dict__:
                other.__dict__["_session"].__exit__()

    def once(self, key: object, read: Callable[[], pa.Table]) -> pa.Table:
        """A small table that several builds ask for: read the first time, kept for the rest of the run."""
        if key not in self.tables:
            self.tables[key] = Values(read())
        return self.tables[key].table

    @cached_property
    def rules(self) -> str:
        """A name for the code and facts that tables are made by; other rules make everything anew.

        Comments and docstrings are no part of it.
        """
        digest = hashlib.sha256(ENGINE.encode())
        for package in ("catalog", "assets"):
            for name, content in _files(resources.files(package)):
                digest.update(f"{package}/{name}".encode() + b"\0" + content)
        return digest.hexdigest()[:16]


def _files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """The code, statements and facts below a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", content) for name, content in _files(entry))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            text = entry.read_text("utf-8")
            as_run = code_as_run if entry.name.endswith(".py") else sql_as_run if entry.name.endswith(".sql") else str
            yield entry.name, as_run(text).encode()


def end_of_day(moment: datetime) -> datetime:
    """The last moment of the day in Oslo."""
    day = calendar.day_in_oslo(moment)
    return calendar.start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
