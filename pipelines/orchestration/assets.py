"""A run's steps as Dagster assets, made from contracts: graph, descriptions and checks are never typed twice."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import dagster as dg

from assets import reference
from assets.build import Build
from catalog.contracts.language import Column, DatasetContract, StreamContract
from catalog.errors import NoRoom, TryAgain
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.orchestration import instance
from pipelines.orchestration.checks import GATE
from pipelines.orchestration.events import UNCHANGED, Events, as_known, events, says_itself
from pipelines.orchestration.partitions import BY_MONTH, MONTHS, dependencies, dependency, key_of, picked_months, whole
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.build import build_table
from pipelines.run.conform import conform_stream
from pipelines.run.context import Made
from pipelines.run.publish import publish
from pipelines.run.tables import BUILDS, conformed_with
from transport.lake.session import sql_type
from transport.releases.store import Release
from transport.storage.landing import utc_now

WHOLE = "dif/whole"
"""Tag of a run that goes on to the release, and so will say how it ended."""
RELEASE = dg.AssetKey(["release", "current"])
_RUNS_KEPT = 500
"""Runs that Dagster remembers at most; what came of each stands in its release."""
_RETRIES, _RETRY_SECONDS = 2, 5
warnings.filterwarnings("ignore", category=dg.BetaWarning)  # backfill_policy, in use for years


def _column_schema(columns: Sequence[Column]) -> dict[str, dg.TableSchema]:
    described = [
        dg.TableColumn(
            c.name,
            sql_type(c.type),
            description=c.comment,
            constraints=dg.TableColumnConstraints(nullable=c.null, unique=False),
        )
        for c in columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=described)}


def _described(contract: DatasetContract | StreamContract) -> dict[str, Any]:
    return {
        "description": f"{contract.title.en}. {contract.about.en}",
        "owners": [contract.owner],
        "metadata": _column_schema(contract.columns),
    }


def _partitioned(contract: DatasetContract) -> dict[str, Any]:
    if contract.name not in BY_MONTH:
        return {}
    return {"partitions_def": MONTHS, "backfill_policy": dg.BackfillPolicy.single_run()}


@contextmanager
def _noting(context: dg.AssetExecutionContext, attempt: Attempt) -> Iterator[None]:
    """Note in `last_attempt.json` why a step failed; ask Dagster to try again what another moment may cure.

    Every step may be tried again: it does what is not done. A full disk is no matter of seconds, and any other error
    would only come again.
    """
    try:
        yield
    except Exception as problem:
        curable = isinstance(problem, TryAgain) and not isinstance(problem, NoRoom)
        if curable and context.retry_number < _RETRIES:
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=_RETRY_SECONDS) from problem
        with attempt.noting():
            raise
    except BaseException:  # a person ended the run
        attempt.interrupted = True
        raise


def landing_assets() -> dg.AssetsDefinition:
    """What was landed, one asset a stream."""
    specs = [
        dg.AssetSpec(
            ["landing", s.name], group_name="landing", kinds={"parquet"}, tags={"layer": "landing"}, **_described(s)
        )
        for s in STREAMS.values()
    ]

    @dg.multi_asset(name="landing", specs=specs, can_subset=True)
    def landing(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        run = attempt.run
        says_itself(context)
        instance.tidy(context.instance, days=run.settings.run_days, most=_RUNS_KEPT, now=utc_now())
        with _noting(context, attempt):
            if WHOLE in context.run.tags:
                run.releases.note_begun(utc_now())
            steps.prepare(run)
            before = len(run.landing.entries)
            if not run.replay:
                attempt.intake = steps.take_in(run)
        for key in sorted(context.selected_asset_keys):
            stream = key.path[-1]
            landed = [e for e in run.landing.entries if e.stream == stream]
            new = [e for e in run.landing.entries[before:] if e.stream == stream]
            facts = {"dagster/row_count": sum(e.rows for e in new), "batches": len(new)} if new else {UNCHANGED: True}
            version = str(landed[-1].number) if landed else "0"
            yield dg.AssetMaterialization(key, metadata=facts, tags={"dagster/data_version": version})
            yield dg.MaterializeResult(asset_key=key)

    return landing


def conformed_asset(stream: StreamContract, contract: DatasetContract) -> dg.AssetsDefinition:
    """A stream's rows in force."""
    deps = [dg.AssetDep(["landing", stream.name]), *map(dependency, conformed_with(stream))]

    @dg.asset(
        key=key_of(contract),
        deps=deps,
        group_name="conformed",
        kinds={"duckdb", "deltalake"},
        tags={"layer": "conformed"},
        **_described(contract),
        **_partitioned(contract),
    )
    def conformed(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        with _noting(context, attempt):
            made, quarantine, _ = conform_stream(attempt.run, stream, picked_months(context))
        yield from events(context, attempt.run, made, _in_quarantine(made, quarantine))

    return conformed


def _in_quarantine(made: Made, quarantine: Made) -> dict[date | None, dict[str, Any]]:
    """How much of each month was set aside."""
    shares = {}
    for month, rows in made.rows.items():
        set_aside = quarantine.rows.get(month, 0)
        share = round(set_aside / (rows + set_aside), 6) if set_aside else 0.0
        shares[month] = {"rows in quarantine": set_aside, "share in quarantine": share}
    return shares


def built_asset(build: Build) -> dg.AssetsDefinition:
    """A reference table or a mart."""
    contract = build.contract
    fresh = dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=contract.freshness_hours + 2), warn_window=timedelta(hours=contract.freshness_hours)
    )

    @dg.asset(
        key=key_of(contract),
        deps=dependencies(build),
        group_name=contract.schema,
        kinds={"duckdb", "deltalake"},
        tags={"layer": "reference" if build in reference.BUILDS else "mart", "audience": str(contract.audience)},
        freshness_policy=fresh,
        **_described(contract),
        **_partitioned(contract),
    )
    def built(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        with _noting(context, attempt):
            made = build_table(attempt.run, build, picked_months(context))
        yield from events(context, attempt.run, made)

    return built


def gate_asset() -> dg.AssetsDefinition:
    """The gate: judges what was made. An asset of its own, so that publication waits for it."""
    contract = DATASETS["quality.check_result"]

    @dg.asset(
        key=GATE,
        deps=whole(build.contract for build in BUILDS),
        group_name="quality",
        kinds={"greatexpectations"},
        tags={"layer": "quality"},
        **_described(contract),
    )
    def check_result(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        with _noting(context, attempt):
            verdict = attempt.judge()
        yield from events(context, attempt.run, Made(contract, {None: verdict.results.num_rows}))

    return check_result


def release_asset() -> dg.AssetsDefinition:
    """The release that readers open. It asks the gate itself; a failed check leaves the one before."""

    @dg.asset(
        key=RELEASE,
        deps=[GATE],
        group_name="release",
        kinds={"duckdb", "parquet"},
        owners=["team:dif"],
        tags={"layer": "release"},
        description="The current release: an immutable folder, and the pointer that readers follow.",
    )
    def current(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        says_itself(context)
        with _noting(context, attempt):
            release = publish(attempt.run, attempt.judge())
            attempt.note_success(release)
        if release is not None and attempt.run.replay:
            yield as_known(RELEASE, attempt.run, _published(release))
        elif release is not None:
            yield dg.AssetMaterialization(
                RELEASE, metadata=_published(release), tags={"dagster/data_version": release.name}
            )
        elif (stays := attempt.run.releases.current()) is not None:
            facts: dict[str, Any] = {UNCHANGED: True, "release": stays.name}
            yield dg.AssetMaterialization(RELEASE, metadata=facts, tags={"dagster/data_version": stays.name})
        yield dg.MaterializeResult(asset_key=RELEASE)

    return current


def _published(release: Release) -> dict[str, Any]:
    """What a release holds: each dataset with its rows and months."""
    rows = [
        dg.TableRecord({"dataset": name, "rows": entry["rows"], "months": len(entry["partitions"])})
        for name, entry in sorted(release.section("datasets").items())
    ]
    return {
        "release": release.name,
        "through": str(release.manifest["through_month"]),
        "checks passed": release.section("checks")["passed"],
        "datasets": dg.MetadataValue.table(rows),
    }
