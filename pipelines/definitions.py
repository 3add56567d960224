"""Dagster's definitions: `dg dev`, `dagster dev` and `dif run` all use these."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import time
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from catalog.tables import conformed
from catalog.tables.streams import STREAMS
from pipelines.orchestration import assets as orch
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.tables import BUILDS
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.storage import landing

JOB = "everything"


_CONFIG: dict[str, Any] = {
    "full": dg.Field(bool, default_value=False, description="Make everything anew, whether touched or not."),
    "as_of": dg.Field(
        dg.Noneable(str),
        default_value=None,
        description="A day such as 2026-01-31: make a release as things were known at its end. Never moves `current`.",
    ),
}
"""What a person may choose for a run, in the launchpad under `resources: attempt: config`."""


def _jobs() -> Iterator[tuple[str, dg.AssetSelection, str]]:
    """The whole run, and its parts for who wants one alone."""
    layers = {name: dg.AssetSelection.groups(name) for name in ("landing", "conformed", "reference", "release")}
    gate = dg.AssetSelection.assets(orch.GATE)
    made = dg.AssetSelection.all(include_sources=False) - layers["landing"] - layers["release"] - gate
    yield JOB, dg.AssetSelection.all(), "Take in what waits, make what is touched, judge, publish."
    yield "take_in", layers["landing"], "Land what waits in the inbox, and no more."
    yield "remake", made.without_checks(), "Make what is touched by what has landed."
    yield (
        "judge",
        gate | dg.AssetSelection.all_asset_checks(),
        "Judge what was made, and show the verdict on each dataset; publish nothing.",
    )
    yield "publish", layers["release"], "Publish what was made, where the gate says yes."


def build_definitions(settings: Settings, attempt: Attempt | None = None) -> dg.Definitions:
    """All assets, checks, the job, its schedule and its sensor, for one home.

    Args:
        settings: the home.
        attempt: the run to use; without one, each run begins its own under the lock.
    """

    @dg.resource(description="The run: the home, its lock, and what the steps before gave.", config_schema=_CONFIG)
    def own_attempt(context: dg.InitResourceContext) -> Iterator[Attempt]:
        with atomic_files.locked(settings.home):
            run = steps.begin(settings, **context.resource_config)
            try:
                yield Attempt(run)
            finally:
                if run.replay:
                    run.lake.clear()

    job, *parts = (
        dg.define_asset_job(
            name,
            selection=selection,
            tags=orch.auto_tags() | ({orch.WHOLE: "true"} if name == JOB else {}),
            executor_def=dg.in_process_executor,
            description=description,
        )
        for name, selection, description in _jobs()
    )
    return dg.Definitions(
        assets=[
            orch.landing_assets(),
            *(orch.conformed_asset(STREAMS[c.table], c) for c in conformed.TABLES),
            *(orch.built_asset(b) for b in BUILDS),
            orch.gate_asset(),
            orch.release_asset(),
        ],
        asset_checks=[orch.contract_checks(), orch.publishable_check()],
        jobs=[job, *parts],
        schedules=[_daily(job)],
        sensors=[_arrivals(settings, job)],
        resources={"attempt": attempt if attempt is not None else own_attempt},
        executor=dg.in_process_executor,
    )


_LOOKS_EVERY = 15
"""Seconds: with a run's own time, what is pushed after a quiet time is in a release within a minute."""
_GOING_ON = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def _daily(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="daily",
        job=job,
        cron_schedule="0 6 * * *",
        execution_timezone="Europe/Oslo",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every morning at six.",
    )


def _arrivals(settings: Settings, job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    @dg.sensor(
        name="arrivals",
        job=job,
        minimum_interval_seconds=_LOOKS_EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs when a batch was landed or a file waits.",
    )
    def arrivals(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        from transport.ingest import inbox

        going_on = dg.RunsFilter(job_name=job.name, statuses=_GOING_ON)
        if context.instance.get_run_ids(going_on, limit=1):
            # what arrives meanwhile is asked for when it has ended: no queue of runs that would find nothing new
            return dg.SkipReason("A run goes on.")
        ended = context.instance.get_run_records(dg.RunsFilter(job_name=job.name), limit=1)
        if ended and time.time() - (ended[0].end_time or 0) < settings.run_every_minutes * 60:
            return dg.SkipReason("A run has just ended; what arrives shortly after it goes together.")
        said = landing.open_landing(settings).said
        waiting = inbox.pending(settings)
        seen = f"{said}-{max((p.stat().st_mtime_ns for p in waiting), default=0)}"
        if seen == context.cursor:
            return dg.SkipReason("Nothing has arrived.")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)

    return arrivals


@dg.definitions
def defs() -> dg.Definitions:
    """What `dg` and the code server load: the definitions of the home that the environment names."""
    return build_definitions(load())
