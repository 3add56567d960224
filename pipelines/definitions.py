"""Dagster's definitions: `dg dev`, `dagster dev` and `dif run` all use these."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import time
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from catalog.errors import Damaged
from pipelines import analyses
from pipelines.orchestration import assets as orch
from pipelines.orchestration import launch
from pipelines.orchestration.checks import asset_checks
from pipelines.orchestration.resources import attempt_of, resources_of
from pipelines.run.attempt import Attempt
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import inbox
from transport.releases.store import Releases
from transport.storage import landing

JOB, RUN = "everything", "run"
"""The job of all assets, and the job that lands, plans and launches it on what is touched, as `dif run` does."""
ANALYSES = "analyses"
"""The group of ordinary assets, and the sensor that makes them."""
_ZONE = "Europe/Oslo"
_DAYS = dg.DailyPartitionsDefinition(start_date="2019-01-01", timezone=_ZONE)


def _jobs() -> Iterator[tuple[str, dg.AssetSelection, str]]:
    """All assets, and parts for who wants one alone."""
    own = dg.AssetSelection.groups(ANALYSES)
    landed, released = dg.AssetSelection.groups("landing"), dg.AssetSelection.assets(orch.RELEASE)
    checked = dg.AssetSelection.assets(orch.CHECKED)
    tables = dg.AssetSelection.all() - landed - released - checked - own
    yield JOB, dg.AssetSelection.all() - own, "Take in what waits, make every table, check, publish."
    yield "take_in", landed, "Land what waits in the inbox, and no more."
    yield "remake", tables.without_checks(), "Make every table of what has landed."
    yield (
        "judge",
        checked | dg.AssetSelection.all_asset_checks(),
        "Check what was made, and show the verdict on each dataset; publish nothing.",
    )
    yield "publish", released, "Publish what was made, where the verdict says yes."


def build_definitions(settings: Settings, attempt: Attempt | None = None) -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensors, for one home.

    Args:
        settings: the home.
        attempt: the run to use; without one, each run begins its own under the lock.
    """
    own = dg.load_assets_from_package_module(analyses, group_name=ANALYSES)
    started = settings.automatic_runs
    run = _run_job()
    return dg.Definitions(
        assets=[orch.landing_assets(), *orch.table_assets(), orch.checked_asset(), orch.release_asset(), *own],
        asset_checks=[asset_checks(), *dg.load_asset_checks_from_package_module(analyses)],
        jobs=[
            *(dg.define_asset_job(name, selection=of, description=about) for name, of, about in _jobs()),
            run,
            _as_known_job(),
        ],
        schedules=[_daily(run, started=started)],
        sensors=[_arrivals(settings, run, started=started), _eager(started=started)],
        resources=resources_of(settings, attempt),
        executor=dg.in_process_executor,
    )


def job_of(attempt: Attempt) -> dg.JobDefinition:
    """The job of all assets, over a run that goes on."""
    return build_definitions(attempt.run.settings, attempt).resolve_job_def(JOB)


def _run_job() -> dg.JobDefinition:
    @dg.op(name="land_plan_and_launch")
    def whole_run(context: dg.OpExecutionContext, attempt: dg.ResourceParam[Attempt]) -> None:
        with orch.recording(context, attempt):
            release = launch.carry_out(attempt, job_of(attempt), context.instance)
        context.log.info(f"Published {release.name}." if release else "Nothing new.")

    @dg.job(name=RUN, description="Land what waits, make what is touched, check, publish: as `dif run`.")
    def run() -> None:
        whole_run()

    return run


def _as_known_job() -> dg.JobDefinition:
    @dg.op
    def release_as_known(context: dg.OpExecutionContext, home: dg.ResourceParam[Settings]) -> None:
        with attempt_of(home, context, as_of=context.partition_key) as attempt, orch.recording(context, attempt):
            launch.carry_out_alone(attempt)

    @dg.job(
        partitions_def=_DAYS, description="Make a release as things were known at the end of a day; `current` stays."
    )
    def as_known() -> None:
        release_as_known()

    return as_known


_LOOKS_EVERY = 15
"""Seconds: with a run's own time, what is pushed after a quiet time is in a release within a minute."""
_PATIENCE = timedelta(minutes=5)
"""How long a run that was asked for may take to begin."""
_LONGEST_PAUSE = 6 * 3600
"""Seconds between attempts at most, after several that failed in a row."""


def _eager(*, started: bool) -> dg.AutomationConditionSensorDefinition:
    """Evaluates the automation conditions of ordinary assets, such as `dg.AutomationCondition.eager()`."""
    return dg.AutomationConditionSensorDefinition(
        ANALYSES,
        target=dg.AssetSelection.groups(ANALYSES),
        default_status=dg.DefaultSensorStatus.RUNNING if started else dg.DefaultSensorStatus.STOPPED,
        description="Materializes ordinary assets when their automation condition says so.",
    )


def _daily(job: dg.JobDefinition, *, started: bool) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="daily",
        job=job,
        cron_schedule="0 6 * * *",
        execution_timezone=_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING if started else dg.DefaultScheduleStatus.STOPPED,
        description="Every morning at six.",
    )


def _arrivals(settings: Settings, job: dg.JobDefinition, *, started: bool) -> dg.SensorDefinition:
    @dg.sensor(
        name="arrivals",
        job=job,
        minimum_interval_seconds=_LOOKS_EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING if started else dg.DefaultSensorStatus.STOPPED,
        description="Runs when a batch was landed or a file waits, until a release has it.",
    )
    def arrivals(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if atomic_files.is_held(settings.home) or _is_starting(context.instance, job.name):
            return dg.SkipReason("A run goes on.")  # what arrives meanwhile is asked for when it has ended
        try:
            read, upto = landing.last_line_after(settings, int(context.cursor or 0))
        except Damaged:  # the journal ends before the cursor, as in a home that was restored from a backup
            read, upto = landing.last_line_after(settings, 0)
        current = Releases(settings).current()
        if read <= (current.journal_upto if current else 0) and not inbox.pending(settings):
            return dg.SensorResult(cursor=str(upto), skip_reason="Nothing has arrived.")
        if pause := _pause_of(context.instance, settings, job.name):
            return dg.SkipReason(f"{pause}; what arrives shortly after goes together.")
        return dg.SensorResult(run_requests=[dg.RunRequest()])  # the cursor stays until a release has the lines

    return arrivals


def _is_starting(instance: dg.DagsterInstance, job: str) -> bool:
    """Whether a run was asked for that does not hold the home yet."""
    waiting = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]
    since = landing.utc_now() - _PATIENCE
    return bool(instance.get_run_ids(dg.RunsFilter(job_name=job, statuses=waiting, created_after=since), limit=1))


def _pause_of(instance: dg.DagsterInstance, settings: Settings, job: str) -> str:
    """Why the next run waits: one has just ended, or several failed in a row, each of which doubles the pause."""
    last = instance.get_run_records(dg.RunsFilter(job_name=job), limit=6)
    failed = 0
    while failed < len(last) and last[failed].dagster_run.status is dg.DagsterRunStatus.FAILURE:
        failed += 1
    pause = min(settings.run_every_minutes * 60 * 2 ** max(0, failed - 1), _LONGEST_PAUSE)
    if last and time.time() - (last[0].end_time or 0) < pause:
        return f"The last {failed} runs failed" if failed > 1 else "A run has just ended"
    return ""


@dg.definitions
def defs() -> dg.Definitions:
    """What `dg` and the code server load: the definitions of the home that the environment names."""
    return build_definitions(load())
