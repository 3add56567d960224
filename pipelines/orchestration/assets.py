"""A run's steps as Dagster assets, made from contracts: graph, descriptions and checks are never typed twice."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import dagster as dg

from assets import quality, reference
from assets.build import Build
from catalog.contracts.language import Column, DatasetContract, Outside, RegisterContract, StreamContract
from catalog.errors import GateFailed
from catalog.tables.datasets import DATASETS
from catalog.tables.registers import DECIDABLE
from catalog.tables.streams import REGISTER, STREAMS
from pipelines.orchestration import instance
from pipelines.quality import gate
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.build import build_table
from pipelines.run.conform import conform_stream
from pipelines.run.context import Made, RunContext
from pipelines.run.publish import publish
from pipelines.run.tables import BUILDS
from transport.lake.tables import Part, sql_type
from transport.storage.landing import utc_now

AUTO = "dif/auto"
"""Tag of a run that finds out for itself which months are touched."""
WHOLE = "dif/whole"
"""Tag of a run that goes on to the release, and so will say how it ended."""
OWN_EVENTS = "dagster/defer_asset_events"
"""Dagster's tag for runs that say themselves what they made: no event is planned for a month that is not touched."""
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2012-01-01", timezone="Europe/Oslo", end_offset=1)
GATE = dg.AssetKey(["quality", "check_result"])
RELEASE = dg.AssetKey(["release", "current"])
UNCHANGED = "unchanged"
"""Metadata of an event about a table that a run found up to date."""
_RUNS_KEPT = 500
"""Runs that Dagster remembers at most; what came of each stands in its release."""
warnings.filterwarnings("ignore", category=dg.BetaWarning)  # backfill_policy, in use for years

Events = Iterator[dg.AssetMaterialization | dg.MaterializeResult[Any]]


def auto_tags() -> dict[str, str]:
    """Tags of a whole run. Any one valid month stands in the range: without one, Dagster refuses the run."""
    last = MONTHS.get_last_partition_key() or "2012-01-01"
    return {
        AUTO: "true",
        "dagster/asset_partition_range_start": last,
        "dagster/asset_partition_range_end": last,
        OWN_EVENTS: "true",
    }


def key_of(contract: DatasetContract) -> dg.AssetKey:
    """The asset of a dataset: `usage/dispatch_day`."""
    return dg.AssetKey([contract.schema, contract.table])


def _picked(context: dg.AssetExecutionContext) -> list[date] | None:
    """The months a person picked in the UI or a backfill; None when the run finds out for itself."""
    tags = context.run.tags
    if AUTO in tags and "dagster/backfill" not in tags:
        return None
    if context.assets_def.partitions_def is None or not (context.has_partition_key or context.has_partition_key_range):
        return None
    return [date.fromisoformat(k) for k in context.partition_keys]


def _events(context: dg.AssetExecutionContext, run: RunContext, made: Made) -> Events:
    """Say what was made: an event a month, at once, so that a killed run keeps what it did.

    A whole run says of a table that was not touched that it is up to date, by its newest month: Dagster judges
    freshness by the last materialization alone, and would alarm about a table that nothing new came for. The data
    version of an event is the fingerprint of the file, so that Dagster sees that it is the same.
    """
    key, parts = key_of(made.contract), run.lake.parts(made.contract)
    picked, own_events = _picked(context), OWN_EVENTS in context.run.tags
    for month, rows in made.rows.items():
        # a month that was touched is made beside the picked ones; the run has not planned to tell of it
        if own_events or (picked is not None and month not in picked):
            yield _materialized(key, month, parts.get(month), {"dagster/row_count": rows})
        else:
            partition = month.isoformat() if month else None
            context.add_asset_metadata({"dagster/row_count": rows}, asset_key=key, partition_key=partition)
    if own_events and not made.rows and parts:
        newest = max(parts, key=str)
        yield _materialized(key, newest, parts[newest], {UNCHANGED: True})
    yield dg.MaterializeResult(asset_key=key)


def _materialized(
    key: dg.AssetKey, month: date | None, part: Part | None, metadata: Mapping[str, Any]
) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        key,
        partition=month.isoformat() if month else None,
        metadata=metadata,
        tags={"dagster/data_version": part.fingerprint} if part else None,
    )


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
    return {"partitions_def": MONTHS, "backfill_policy": dg.BackfillPolicy.single_run()} if contract.partitioned else {}


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
        instance.tidy(context.instance, days=run.settings.run_days, most=_RUNS_KEPT, now=utc_now())
        with attempt.noting():
            if WHOLE in context.run.tags:
                run.releases.note_begun(utc_now())
            steps.prepare(run)
            before = len(run.landing.entries)
            if not run.replay:
                attempt.intake = steps.take_in(run)
        for key in sorted(context.selected_asset_keys):
            stream = key.path[-1]
            new = [e for e in run.landing.entries[before:] if e.stream == stream]
            if new and OWN_EVENTS in context.run.tags:
                yield dg.AssetMaterialization(
                    key, metadata={"dagster/row_count": sum(e.rows for e in new), "batches": len(new)}
                )
            yield dg.MaterializeResult(asset_key=key)

    return landing


def conformed_asset(stream: StreamContract, contract: DatasetContract) -> dg.AssetsDefinition:
    """A stream's rows in force."""
    deps = [dg.AssetKey(["landing", stream.name])]
    if stream.name in DECIDABLE:
        deps.append(dg.AssetKey(["conformed", REGISTER.name]))
    if stream.judged_outside is Outside.MUNICIPALITY_CODES:
        deps.append(key_of(DATASETS["reference.organisation"]))

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
        with attempt.noting():
            made, _, _ = conform_stream(attempt.run, stream, _picked(context))
        yield from _events(context, attempt.run, made)

    return conformed


def built_asset(build: Build) -> dg.AssetsDefinition:
    """A reference table or a mart."""
    contract = build.contract
    deps = [
        dg.AssetKey(["conformed", REGISTER.name]) if isinstance(i, RegisterContract) else key_of(i)
        for i in build.inputs.values()
    ]
    fresh = dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=contract.freshness_hours + 2), warn_window=timedelta(hours=contract.freshness_hours)
    )

    @dg.asset(
        key=key_of(contract),
        deps=list(dict.fromkeys(deps)),
        group_name=contract.schema,
        kinds={"duckdb", "deltalake"},
        tags={"layer": "reference" if build in reference.BUILDS else "mart", "audience": str(contract.audience)},
        freshness_policy=fresh,
        **_described(contract),
        **_partitioned(contract),
    )
    def built(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        with attempt.noting():
            done = build_table(attempt.run, build, _picked(context))
        yield from _events(context, attempt.run, done)

    return built


def gate_asset() -> dg.AssetsDefinition:
    """The gate: judges what was made. An asset of its own, so that publication waits for it."""
    contract = DATASETS["quality.check_result"]

    @dg.asset(
        key=GATE,
        deps=[key_of(m.contract) for m in BUILDS],
        group_name="quality",
        kinds={"greatexpectations"},
        tags={"layer": "quality"},
        **_described(contract),
    )
    def check_result(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Events:
        with attempt.noting():
            verdict = attempt.judge()
        yield from _events(context, attempt.run, Made(contract, {None: verdict.results.num_rows}))

    return check_result


def contract_checks() -> dg.AssetChecksDefinition:
    """The gate's verdict, shown on each dataset: what its contract promises, and the rules over several tables."""
    specs = [
        dg.AssetCheckSpec(
            name, asset=key_of(m.contract), additional_deps=[GATE], description=_says(m.contract, name), blocking=False
        )
        for m in BUILDS
        for name in gate.names_of(m.contract)
    ] + [
        dg.AssetCheckSpec(
            rule.name,
            asset=_asset_of(rule),
            additional_deps=[GATE] if _asset_of(rule) != GATE else [],
            description=rule.says,
            blocking=False,
        )
        for rule in quality.TABLE_RULES
    ]
    datasets = {(_asset_of(rule), rule.name): rule.dataset for rule in quality.TABLE_RULES}

    @dg.multi_asset_check(name="contracts", specs=specs, can_subset=True)
    def contracts(
        context: dg.AssetCheckExecutionContext, attempt: dg.ResourceParam[Attempt]
    ) -> Iterator[dg.AssetCheckResult]:
        results = {(r["dataset"], r["check_name"]): r for r in attempt.judge().results.to_pylist()}
        for key in sorted(context.selected_asset_check_keys):
            dataset = datasets.get((key.asset_key, key.name), ".".join(key.asset_key.path))
            yield _shown(key, results.get((dataset, key.name)))

    return contracts


def _asset_of(rule: quality.TableRule) -> dg.AssetKey:
    """The asset that shows a rule over several tables; the accounting of rows, which is made last, has the gate's."""
    made = {build.contract.name for build in BUILDS}
    return key_of(DATASETS[rule.dataset]) if rule.dataset in made else GATE


def _shown(key: dg.AssetCheckKey, result: Mapping[str, Any] | None) -> dg.AssetCheckResult:
    if result is None:
        return dg.AssetCheckResult(
            asset_key=key.asset_key, check_name=key.name, passed=False, description="The gate gave no result."
        )
    detail, carried_from = result["detail"] or "", result["carried_from"]
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=result["passed"],
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"Judged in {carried_from}; nothing was made anew since." if carried_from else detail or None,
        metadata={
            "unexpected": result["unexpected"],
            "examined": result["examined"],
            **({"detail": detail} if detail else {}),
            **({"carried_from": carried_from} if carried_from else {}),
        },
    )


def publishable_check() -> dg.AssetChecksDefinition:
    """The one check that blocks: while a single one of the gate's checks fails, nothing is published.

    The checks of datasets cannot block in Dagster: they come after the gate, which comes after every dataset, so that
    a mart would wait for a check that waits for the mart.
    """

    @dg.asset_check(
        asset=GATE,
        name="publishable",
        blocking=True,
        description="Every check of the gate passed. Where one failed nothing is published; the release before stays.",
    )
    def publishable(attempt: dg.ResourceParam[Attempt]) -> dg.AssetCheckResult:
        verdict = attempt.judge()
        if verdict.failed:
            attempt.refuse(GateFailed(verdict.failed))
        return dg.AssetCheckResult(
            passed=not verdict.failed,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"checks": verdict.results.num_rows, "failed": "\n".join(verdict.failed)},
        )

    return publishable


def _says(contract: DatasetContract, check: str) -> str:
    texts = {rule.name: rule.says.en for rule in contract.rules}
    return texts.get(
        check,
        {"required_columns": "No required column is missing a value.", "key_unique": "The key is unique."}.get(
            check, ""
        ),
    )


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
        with attempt.noting():
            release = publish(attempt.run, attempt.judge())
            attempt.note_success(release)
        if release is not None and OWN_EVENTS in context.run.tags:
            yield dg.AssetMaterialization(RELEASE, metadata={"release": release.name})
        yield dg.MaterializeResult(asset_key=RELEASE)

    return current
