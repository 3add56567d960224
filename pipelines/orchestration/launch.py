"""How a run goes through Dagster: land and plan, then launch the job on what is touched, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import dagster as dg

from catalog.errors import SharingError
from pipelines.orchestration import instance as history
from pipelines.orchestration.assets import CHECKED, RELEASE, keys_of, landing_key, materialization
from pipelines.run.attempt import Attempt
from pipelines.run.context import RunContext
from pipelines.run.schedule import Outcome
from transport.releases.store import Release
from transport.storage.landing import utc_now

_RUNS_KEPT, _RUN_DAYS = 500, 30
"""How many runs Dagster remembers at most, and how long; what came of each stands in its release."""


def carry_out(attempt: Attempt, job: dg.JobDefinition, instance: dg.DagsterInstance) -> Release | None:
    """Carry a run out; the release, or None if it would hold what the current one holds.

    Args:
        attempt: the run, which holds the home.
        job: all assets of the product, with this attempt as their resource.
        instance: gets the run's history.

    Raises:
        SharingError: what stopped it; the previous release stays.
    """
    run = attempt.run
    history.forget_old_runs(instance, days=_RUN_DAYS, most=_RUNS_KEPT, now=utc_now())
    attempt.begin()
    landed = {entry.stream for entry in run.landing.entries if entry.number > run.released_upto}
    touched = keys_of(attempt.plan or ()) | {landing_key(stream) for stream in landed}
    run_id = str(uuid4())
    with history.events_open(instance, run_id):
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            asset_selection=[*touched, CHECKED, RELEASE],
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={history.HOLDS_HOME: history.LAUNCHED, **history.NOT_RETRIED},
        )
        try:
            _tell_of(attempt.remaining(), run, instance)
        except Exception:
            if attempt.problem is None:
                raise  # else the attempt's own problem is the cause: a full disk keeps Dagster from recording too
    if attempt.problem is not None:
        raise attempt.problem
    if not result.success:
        failed = [event.step_key for event in result.all_events if event.is_step_failure]
        raise SharingError(
            f"The run stopped in {', '.join(map(str, failed)) or 'an unknown step'}.",
            "See its log in Dagster (`dif up`), then run again.",
        )
    return attempt.release


def _tell_of(outcomes: Sequence[Outcome], run: RunContext, instance: dg.DagsterInstance) -> None:
    """Report the nodes that were made, or failed, in steps that Dagster skipped because an earlier one failed."""
    for outcome in outcomes:
        if outcome.problem is not None:
            run.reporter.done(outcome.name, f"failed too: {outcome.problem}")
        elif outcome.results:
            instance.report_runless_asset_event(materialization(run, outcome.results))


def carry_out_alone(attempt: Attempt) -> Release | None:
    """Carry out a run of an earlier day: it works in a lake of its own, and no asset becomes another."""
    attempt.begin()
    for _ in attempt.make(attempt.plan or ()):
        pass
    return attempt.publish()
