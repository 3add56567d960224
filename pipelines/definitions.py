"""Dagster's definitions: `dg dev`, `dagster dev` and `dif run` all use these."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import time
from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from catalog.tables import conformed
from catalog.tables.streams import STREAMS
from pipelines import analyses
from pipelines.orchestration import assets as orch
from pipelines.orchestration import checks
from pipelines.orchestration.partitions import OWN_EVENTS
from pipelines.orchestration.resources import resources_of
from pipelines.run.attempt import Attempt
from pipelines.run.tables import BUILDS
from transport.base.settings import Settings, load
from transport.storage import landing

JOB = "everything"
ANALYSES = "analyses"
"""The group of ordinary assets, and the sensor that makes them."""


def _jobs() -> Iterator[tuple[str, dg.AssetSelection, str]]:
    """The whole run, and its parts for who wants one alone."""
    own = dg.AssetSelection.groups(ANALYSES)
    layers = {name: dg.AssetSelection.groups(name) for name in ("landing", "conformed", "reference", "release")}
    gate = dg.AssetSelection.assets(checks.GATE)
    made = dg.AssetSelection.all() - layers["landing"] - layers["release"] - gate - own
    yield JOB, dg.AssetSelection.all() - own, "Take in what waits, make what is touched, judge, publish."
    yield "take_in", layers["landing"], "Land what waits in the inbox, and no more."
    yield "remake", made.without_checks(), "Make what is touched by what has landed."
    yield (
        "judge",
        gate | dg.AssetSelection.all_asset_checks(),
        "Judge what was made, and show the verdict on each dataset; publish nothing.",
    )
    yield "publish", layers["release"], "Publish what was made, where the gate says yes."


def build_definitions(settings: Settings, attempt: Attempt | None = None) -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensors, for one home.

    Args:
        settings: the home.
        attempt: the run to use; without one, each run begins its own under the lock.
    """
    own = dg.load_assets_from_package_module(analyses, group_name=ANALYSES)
    started = settings.automatic_runs
    job, *parts = (
        dg.define_asset_job(
            name,
            selection=selection,
            tags={OWN_EVENTS: "true", "dagster/retry_strategy": "ALL_STEPS"}
            | ({orch.WHOLE: "true"} if name == JOB else {}),
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
            *own,
        ],
        asset_checks=[
            checks.contract_checks(),
            checks.publishable_check(),
            *dg.load_asset_checks_from_package_module(analyses),
        ],
        jobs=[job, *parts],
        schedules=[_daily(job, started=started)],
        sensors=[_arrivals(settings, job, started=started), _eager(started=started)],
        resources=resources_of(settings, attempt),
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


def _eager(*, started: bool) -> dg.AutomationConditionSensorDefinition:
    """Evaluates the automation conditions of ordinary assets, such as `dg.AutomationCondition.eager()`."""
    return dg.AutomationConditionSensorDefinition(
        ANALYSES,
        target=dg.AssetSelection.groups(ANALYSES),
        default_status=dg.DefaultSensorStatus.RUNNING if started else dg.DefaultSensorStatus.STOPPED,
        description="Materializes ordinary assets when their automation condition says so.",
    )


def _daily(job: UnresolvedAssetJobDefinition, *, started: bool) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="daily",
        job=job,
        cron_schedule="0 6 * * *",
        execution_timezone="Europe/Oslo",
        default_status=dg.DefaultScheduleStatus.RUNNING if started else dg.DefaultScheduleStatus.STOPPED,
        description="Every morning at six.",
    )


def _arrivals(settings: Settings, job: UnresolvedAssetJobDefinition, *, started: bool) -> dg.SensorDefinition:
    @dg.sensor(
        name="arrivals",
        job=job,
        minimum_interval_seconds=_LOOKS_EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING if started else dg.DefaultSensorStatus.STOPPED,
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
        last_number = landing.open_landing(settings).last_number
        waiting = inbox.pending(settings)
        seen = f"{last_number}-{max((p.stat().st_mtime_ns for p in waiting), default=0)}"
        if seen == context.cursor:
            return dg.SkipReason("Nothing has arrived.")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)

    return arrivals


@dg.definitions
def defs() -> dg.Definitions:
    """What `dg` and the code server load: the definitions of the home that the environment names."""
    return build_definitions(load())
