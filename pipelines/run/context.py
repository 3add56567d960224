"""The context of one run: the home, the moment, and what it reads and writes through."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, TypeVar, cast

import pyarrow as pa

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.perturbation import Secret
from catalog.errors import BadSetting
from pipelines.engine.local import LocalEngine, refuse
from pipelines.engine.rules import rules
from pipelines.engine.tasks import Engine
from transport.auth.perturbation_key import secret_of
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.storage import landing
from transport.storage.lease import Lease
from transport.telemetry.profile import Profile

Kept = TypeVar("Kept")


class Reporter(Protocol):
    """Receives the progress of a run."""

    def step(self, name: str, detail: str = "") -> None:
        """A step begins or continues."""

    def done(self, name: str, detail: str) -> None:
        """A step ended."""


@dataclass(frozen=True, slots=True)
class SilentReporter:
    """A reporter that does nothing."""

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def done(self, name: str, detail: str) -> None:
        """Say nothing."""


def check_engine(settings: Settings) -> None:
    """Refuse an engine that there is not, before anything is made.

    Raises:
        BadSetting: there is no such engine.
    """
    if settings.engine not in ("local", "dask"):
        raise BadSetting("engine", settings.engine, "local or dask")


@dataclass(frozen=True, slots=True)
class Made:
    """What a step did to one table.

    Attributes:
        contract: of the table.
        rows: written, by month (None: the whole table).
        seconds: it took.
        by: the worker that made a month, and its seconds; empty for what the step itself made.
    """

    contract: DatasetContract
    rows: dict[date | None, int]
    seconds: float = 0.0
    by: Mapping[date | None, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RunContext:
    """One run over one home. Make it with `steps.start`, under the lock (`atomic_files.locked`).

    Attributes:
        settings: the home and its limits.
        as_of: the moment of the run; rows created later are held. A replay does not see batches received later.
        repair: called with a damaged file before it is read; makes it again, or raises.
        replay: the run is as known at a past moment: it works in a separate lake and never moves `current`.
        upto: a replay sees the journal up to this number, whenever its batches were received.
        full: make everything again, even if nothing changed.
        months: make these months again, even if nothing changed.
        streams: take in files of these streams only, and make the `months` of these again; empty means all.
        tables: small tables that were already read, by the fingerprint of their source.
        profile: where the run's time goes.
        values: what steps keep for the rest of the run (`own`).
        lease: the right to change a lake and releases that other machines share; None if none do.
        ends: what goes on beside the run, and ends with it.
    """

    settings: Settings
    as_of: datetime
    repair: Callable[[RunContext, Path], None]
    reporter: Reporter = field(default_factory=SilentReporter)
    replay: bool = False
    upto: int | None = None
    full: bool = False
    months: frozenset[date] = frozenset()
    streams: frozenset[str] = frozenset()
    tables: dict[object, Values] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    values: dict[object, object] = field(default_factory=dict)
    lease: Lease | None = None
    ends: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def landing(self) -> landing.Landing:
        """The landing, with its journal read."""
        return landing.open_landing(self.settings)

    @cached_property
    def lake(self) -> Lake:
        """The lake of this run."""
        lake = Lake.of(self.settings)
        if lake.shared and self.lease:
            lake.shared.guard = self.lease.check
        return lake

    @cached_property
    def releases(self) -> Releases:
        """The home's releases."""
        releases = Releases(self.settings)
        if releases.shared and self.lease:
            releases.shared.hold(self.lease.fence)
        return releases

    @cached_property
    def _session(self) -> Session:
        return Session(
            self.settings,
            sound=self.lake.sound,
            damaged=lambda path: self.repair(self, path),
            profile=self.profile,
        )

    @cached_property
    def released_upto(self) -> int:
        """The number of the last batch that the current release was made of; 0 without a release."""
        current = self.releases.current()
        made_of = current.manifest.get("made_of") if current else None
        return int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0

    @cached_property
    def secret(self) -> Secret:
        """What counts of sensitive services are perturbed by.

        Raises:
            WrongUse: it is gone, damaged, or not the one of the current release.
        """
        return secret_of(self.settings, made_with=self.releases.secret_of_current())

    def session_of_one_thread(self) -> Session:
        """Opens another session beside it, for small tasks; several of them take half of a session's memory."""
        settings = self.settings.but(threads=1, memory_mb=self.settings.memory_mb // (2 * self.settings.threads))
        return Session(settings, sound=self.lake.sound, damaged=refuse, profile=self.profile)

    def session(self) -> Session:
        """The run's one connection to DuckDB, with nothing left from earlier queries."""
        return self._session.cleared()

    def remakes(self, month: date | None, stream: str = "") -> bool:
        """Whether a month (None: a table without months) is made again even if nothing changed."""
        chosen = not stream or not self.streams or stream in self.streams
        return self.full or (chosen and month in self.months)

    @contextmanager
    def beside(self) -> Iterator[RunContext]:
        """The same run with a separate session, for use while this one's is in the middle of a statement."""
        other = replace(self)
        other.__dict__.update(landing=self.landing, lake=self.lake, releases=self.releases)
        try:
            yield other
        finally:
            if "_session" in other.__dict__:
                other.__dict__["_session"].__exit__()

    def once(self, key: object, read: Callable[[], pa.Table]) -> pa.Table:
        """A small table that several builds need: read the first time, then kept for the rest of the run."""
        if key not in self.tables:
            self.tables[key] = Values(read())
        return self.tables[key].table

    def own(self, make: Callable[[], Kept]) -> Kept:
        """A value that a step keeps for the rest of the run, made at first use."""
        if make not in self.values:
            self.values[make] = make()
        return cast("Kept", self.values[make])

    @cached_property
    def rules(self) -> str:
        """A hash of the code and facts that tables are made by; when it changes, everything is made again."""
        return rules(self.settings.scratch / "rules")

    @cached_property
    def here(self) -> LocalEngine:
        """Makes what is too small to be sent to another machine."""
        here = LocalEngine(self.session, self.session_of_one_thread, self.settings.threads)
        self.ends.callback(here.end)
        return here

    @cached_property
    def engine(self) -> Engine:
        """Makes the parts of tables. A replay works in a lake that no other machine sees, so it makes its own.

        Raises:
            BadSetting: it is not installed.
        """
        if self.settings.engine == "local" or self.replay:
            return self.here
        if find_spec("distributed") is None:
            raise BadSetting("engine", "dask", "local, as long as requirements/cluster.txt is not installed")
        from pipelines.engine.dask_engine import DaskEngine

        name, repair = uuid.uuid4().hex[:12], lambda path: self.repair(self, path)
        return DaskEngine(self.settings, run=name, rules=self.rules, repair=repair, local=self.here)


def end_of_day(moment: datetime) -> datetime:
    """The last moment of the day in Oslo."""
    day = calendar.day_in_oslo(moment)
    return calendar.start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
