"""The context of one run: the home, the moment, and what it reads and writes through."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.perturbation import Secret
from catalog.errors import BadSetting
from pipelines.engine import Engine, LocalEngine, Task, TaskResult, refuse, rules
from transport.auth.perturbation_key import secret_of
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.storage import landing
from transport.telemetry.traces import Trace

if TYPE_CHECKING:
    from transport.cluster.lease import Lease


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


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a run did to one table.

    Attributes:
        contract: of the table.
        rows: written, by month (None: the whole table); empty where the table was up to date.
        seconds: from its beginning to its commit.
        workers: who made a month, and the seconds it took there.
    """

    contract: DatasetContract
    rows: dict[date | None, int]
    seconds: float = 0.0
    workers: Mapping[date | None, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """A table that is being made.

    Attributes:
        tasks: for the engine.
        finish: commits the files when all tasks are done, and says what was made; or gives more work.
    """

    tasks: Sequence[Task]
    finish: Callable[[Sequence[TaskResult]], Work | list[BuildResult]]


@dataclass(frozen=True, eq=False)
class RunContext:
    """One run over one home. Make it with `steps.start`, under the lock (`atomic_files.locked`).

    Attributes:
        settings: the home and its limits.
        as_of: the moment of the run; rows created later are held. A replay does not see batches received later.
        replay: the run is as known at a past moment: it works in a separate lake and never moves `current`.
        upto: a replay sees the journal up to this number, whenever its batches were received.
        full: make everything again, even if nothing changed.
        months: make these months again, even if nothing changed.
        streams: take in files of these streams only, and make the `months` of these again; empty means all.
        lease: the right to change a lake and releases that other machines share; None if none do.
        exit_stack: closes sessions and threads when the run ends.
    """

    settings: Settings
    as_of: datetime
    reporter: Reporter = field(default_factory=SilentReporter)
    replay: bool = False
    upto: int | None = None
    full: bool = False
    months: frozenset[date] = frozenset()
    streams: frozenset[str] = frozenset()
    lease: Lease | None = None
    exit_stack: ExitStack = field(default_factory=ExitStack)
    present: set[str] = field(default_factory=set)
    """Names of landed files that this run has seen in the landing."""
    repairs: Counter[Path] = field(default_factory=Counter)
    """How often each damaged file was made again."""
    trace: Trace = field(init=False)
    """Where the run's time goes."""
    _small_tables: dict[object, Values] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin to record where time goes."""
        object.__setattr__(self, "trace", Trace(self.settings, "run"))  # frozen

    @cached_property
    def landing(self) -> landing.Landing:
        """The landing, with its journal read."""
        return landing.open_landing(self.settings)

    @cached_property
    def lake(self) -> Lake:
        """The lake of this run."""
        lake = Lake.of(self.settings)
        if self.lease:
            self.lease.guard(lake)
        return lake

    @cached_property
    def releases(self) -> Releases:
        """The home's releases."""
        releases = Releases(self.settings)
        if self.lease:
            self.lease.take_over(releases)
        return releases

    @cached_property
    def _session(self) -> Session:
        return self._open_session(self.settings.but(memory_mb=self.settings.memory_mb // 4))

    def _open_session(self, settings: Settings) -> Session:
        return Session(settings, sound=self.lake.sound, damaged=refuse, trace=self.trace)

    @cached_property
    def released_upto(self) -> int:
        """The number of the last batch that the current release was made of; 0 without a release."""
        current = self.releases.current()
        return current.journal_upto if current else 0

    @cached_property
    def secret(self) -> Secret:
        """What counts of sensitive services are perturbed by.

        Raises:
            WrongUse: it is gone, damaged, or not the one of the current release.
        """
        return secret_of(self.settings, made_with=self.releases.secret_of_current())

    def session(self) -> Session:
        """The connection to DuckDB of the thread that leads the run, with nothing left from earlier queries.

        Raises:
            DamagedInput: a file that a query reads is not what was written; `schedule.repairing` has it made again.
        """
        return self._session.cleared()

    def remakes(self, month: date | None, stream: str = "") -> bool:
        """Whether a month (None: a table without months) is made again even if nothing changed."""
        chosen = not stream or not self.streams or stream in self.streams
        return self.full or (chosen and month in self.months)

    def cached_table(self, key: object, read: Callable[[], pa.Table]) -> pa.Table:
        """A small table that several builds need: read the first time, then kept for the rest of the run."""
        if key not in self._small_tables:
            self._small_tables[key] = Values(read())
        return self._small_tables[key].table

    @cached_property
    def rules(self) -> str:
        """A hash of the code and facts that tables are made by; when it changes, everything is made again."""
        return rules()

    @cached_property
    def engine(self) -> Engine:
        """Makes the parts of tables. A replay works in a lake that no other machine sees, so it makes its own.

        Raises:
            BadSetting: it is not installed.
        """
        settings = self.settings
        # the session that leads, the large one, and the small ones beside it share what a run may take
        large = settings.but(memory_mb=settings.memory_mb * 3 // 4)
        small = settings.but(threads=1, memory_mb=settings.memory_mb // (2 * settings.threads))
        local = LocalEngine(partial(self._open_session, large), partial(self._open_session, small), settings.threads)
        self.exit_stack.callback(local.end)
        if settings.engine == "local" or self.replay:
            return local
        if find_spec("distributed") is None:
            raise BadSetting("engine_address", settings.engine_address, "nothing without requirements/cluster.txt")
        from pipelines.cluster.dask_engine import DaskEngine

        return DaskEngine(settings, run=uuid.uuid4().hex[:12], rules=self.rules, local=local)


def end_of_day(moment: datetime) -> datetime:
    """The last moment of the day in Oslo."""
    day = calendar.day_in_oslo(moment)
    return calendar.start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
