"""The gate's verdict as Dagster's asset checks: one per promise of a contract, and one that blocks publication."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

from assets import quality
from catalog.contracts.language import DatasetContract
from catalog.tables.datasets import DATASETS
from pipelines.orchestration.partitions import key_of
from pipelines.quality import gate
from pipelines.run.attempt import Attempt
from pipelines.run.tables import BUILDS

GATE = dg.AssetKey(["quality", "check_result"])


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
    ) -> Iterator[dg.AssetCheckEvaluation]:
        if attempt.run.replay:
            return  # a verdict on an earlier day is no verdict on what the assets hold; `publishable` says how it went
        results = {(r["dataset"], r["check_name"]): r for r in attempt.judge().results.to_pylist()}
        judged = _last_made(context.instance, {key.asset_key for key in context.selected_asset_check_keys})
        for key in sorted(context.selected_asset_check_keys):
            dataset = datasets.get((key.asset_key, key.name), ".".join(key.asset_key.path))
            yield _shown(key, results.get((dataset, key.name)), judged.get(key.asset_key))

    return contracts


def _asset_of(rule: quality.TableRule) -> dg.AssetKey:
    """The asset that shows a rule over several tables; the accounting of rows, which is made last, has the gate's."""
    made = {build.contract.name for build in BUILDS}
    return key_of(DATASETS[rule.dataset]) if rule.dataset in made else GATE


def _last_made(
    instance: dg.DagsterInstance, keys: Collection[dg.AssetKey]
) -> dict[dg.AssetKey, AssetCheckEvaluationTargetMaterializationData]:
    """Which materialization of each asset is judged."""
    last = {
        r.asset_entry.asset_key: r.asset_entry.last_materialization_record for r in instance.get_asset_records([*keys])
    }
    return {
        key: AssetCheckEvaluationTargetMaterializationData(
            storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
        )
        for key, record in last.items()
        if record is not None
    }


def _shown(
    key: dg.AssetCheckKey,
    result: Mapping[str, Any] | None,
    judged: AssetCheckEvaluationTargetMaterializationData | None,
) -> dg.AssetCheckEvaluation:
    """A verdict as the event that Dagster would make of an `AssetCheckResult`.

    Dagster's way costs two more events for each and compares every check with every other: of the eleven seconds of a
    run that took in one day, with 404 checks, two.
    """
    result = result or {"passed": False, "detail": "The gate gave no result.", "carried_from": None}
    detail, carried_from = result["detail"] or "", result["carried_from"]
    facts = {name: result.get(name) for name in ("unexpected", "examined", "detail", "carried_from")}
    return dg.AssetCheckEvaluation(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=result["passed"],
        metadata={name: fact for name, fact in facts.items() if fact not in (None, "")},
        target_materialization_data=judged,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"Judged in {carried_from}; its rows are the same since." if carried_from else detail or None,
        blocking=False,
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
            attempt.refuse(verdict.refusal)
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
