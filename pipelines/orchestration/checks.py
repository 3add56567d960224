"""The gate's verdict as Dagster's asset checks: one per promise of a contract, and one that blocks publication."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

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
