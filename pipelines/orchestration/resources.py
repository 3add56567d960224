"""Dagster's resources of a home: its settings, landing, lake, releases and engine, the run, and the lake's IO manager.

An asset asks for what it needs by name, as in any Dagster project::

    @dg.asset
    def batches(landing: dg.ResourceParam[Landing]) -> dg.MaterializeResult: ...

"""

# No `from __future__ import annotations` here: Dagster reads the annotations of resources as they are.
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from catalog.domain import calendar
from catalog.tables.streams import PUSHED
from pipelines.orchestration import instance
from pipelines.orchestration.lake_io import LakeIOManager
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from transport.base.settings import Settings, load
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.storage.landing import Landing, open_landing


class HomeResource(dg.ConfigurableResource[Settings]):
    """The home and the limits of a run; what is not here comes from the environment and `dif.toml`."""

    folder: str = Field(description="DIF_HOME: the folder that holds inbox, landing, lake and releases.")
    memory_mb: int = Field(description="Memory of the engine before it spills to disk.", gt=0)
    threads: int = Field(description="Threads of the engine.", gt=0)
    readers: int = Field(description="Processes that read arriving files at once.", gt=0)
    settle_seconds: float = Field(description="How long an arriving file must stay unchanged.", ge=0)

    @classmethod
    def of(cls, settings: Settings) -> "HomeResource":
        """The resource of these settings."""
        return cls(folder=str(settings.home), **{n: getattr(settings, n) for n in cls.model_fields if n != "folder"})

    def create_resource(self, context: dg.InitResourceContext) -> Settings:
        """The settings of the home."""
        del context
        chosen = {name: getattr(self, name) for name in type(self).model_fields if name != "folder"}
        return load().but(home=Path(self.folder), **chosen)


class LandingResource(dg.ConfigurableResource[Landing]):
    """The landing: every batch that was received, and the journal."""

    home: dg.ResourceDependency[Settings]

    def create_resource(self, context: dg.InitResourceContext) -> Landing:
        """The landing, with its journal read."""
        del context
        return open_landing(self.home)


class LakeResource(dg.ConfigurableResource[Lake]):
    """The lake: every derived table, as Delta tables."""

    home: dg.ResourceDependency[Settings]

    def create_resource(self, context: dg.InitResourceContext) -> Lake:
        """The lake; nothing is opened yet."""
        del context
        return Lake.of(self.home)


class ReleasesResource(dg.ConfigurableResource[Releases]):
    """The releases: immutable folders, and the pointer `current`."""

    home: dg.ResourceDependency[Settings]

    def create_resource(self, context: dg.InitResourceContext) -> Releases:
        """The home's releases."""
        del context
        return Releases(self.home)


class EngineResource(dg.ConfigurableResource[Session]):
    """DuckDB within the home's limits; closed when the step ends."""

    home: dg.ResourceDependency[Settings]

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Session, None, None]:
        """A connection of its own."""
        del context
        with Session(self.home) as session:
            yield session


def _months() -> Iterator[str]:
    """The months that a person may choose: from the first agreements to the end of next year."""
    month, end = date(2012, 1, 1), date(datetime.now(UTC).year + 1, 12, 1)
    while month <= end:
        yield f"{month:%Y-%m}"
        month = calendar.next_month(month)


# As enumerations, the launchpad completes them, and refuses others before anything is launched.
Month = StrEnum("Month", [(month, month) for month in _months()])  # type: ignore[misc]
Stream = StrEnum("Stream", [(name, name) for name in PUSHED])  # type: ignore[misc]


class AttemptResource(dg.ConfigurableResource[Attempt]):
    """A run over the home, under its lock. What a person may choose for it stands here, as options of `dif run` do."""

    home: dg.ResourceDependency[Settings]
    full: bool = Field(default=False, description="Make the selected assets anew, whether touched or not.")
    months: list[Month] = Field(default=[], description="Make these months anew, touched or not, such as 2026-03.")
    streams: list[Stream] = Field(
        default=[],
        description="Take in files of these streams only; of the streams, `months` makes these anew. Empty: all.",
    )

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Attempt, None, None]:
        """Begin the run; end it when Dagster's run ends."""
        chosen = {"full": self.full, "months": list(map(str, self.months)), "streams": list(map(str, self.streams))}
        with attempt_of(self.home, context, **chosen) as attempt:
            yield attempt


@contextmanager
def attempt_of(
    settings: Settings, context: dg.InitResourceContext | dg.OpExecutionContext, **chosen: Any
) -> Iterator[Attempt]:
    """A run of the home for a run of Dagster, which waits for one that goes on. Options are those of `steps.begin`."""
    run = context.run
    doing = f"Dagster run {run.run_id[:8]} of {run.job_name}" if run else "Dagster"
    with steps.exclusive_run(settings, doing=doing, waits=context.log.warning if context.log else None) as lease:
        if context.instance is not None:
            instance.take_over(context.instance, run.run_id if run else "")
        begun = steps.begin(settings, lease=lease, **chosen)
        begun.lake.refresh()  # not every job has the step that does; another machine may have run meanwhile
        with Attempt(begun) as attempt:
            yield attempt


def resources_of(settings: Settings, attempt: Attempt | None = None) -> dict[str, Any]:
    """The resources of a home by name; with an attempt, that run is used instead of one of its own."""
    home = HomeResource.of(settings)
    return {
        "home": home,
        "landing": LandingResource(home=home),
        "lake": LakeResource(home=home),
        "releases": ReleasesResource(home=home),
        "engine": EngineResource(home=home),
        "io_manager": LakeIOManager(home=home),
        "attempt": attempt if attempt is not None else AttemptResource(home=home),
    }
