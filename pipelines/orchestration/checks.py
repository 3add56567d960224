"""The verdict as Dagster's asset checks: one for each dataset, and one for each rule over several tables."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets import quality
from catalog.tables.datasets import DATASETS
from pipelines.orchestration.assets import CHECKED, key_of
from pipelines.quality import gate
from pipelines.quality.checks import ERROR
from pipelines.run.attempt import Attempt
from pipelines.run.tables import BUILDS

SUITE = "expectations"
"""The check of a dataset: all that its contract and its expectations promise."""
_STOPS = "While it fails with severity ERROR, nothing is published and the release before stays."


def asset_checks() -> dg.AssetChecksDefinition:
    """The checks. None is Dagster's *blocking*: tables would wait for checks that wait for all tables.

    `release/current` asks the verdict itself, and fails where a check of severity ERROR did.
    """
    rules = {dg.AssetCheckKey(_asset_of(rule), rule.name): rule for rule in quality.TABLE_RULES}
    of_rules = {(rule.dataset, rule.name) for rule in rules.values()}
    suites = {dg.AssetCheckKey(key_of(build.contract), SUITE): build.contract.name for build in BUILDS}
    specs = [
        dg.AssetCheckSpec(
            SUITE,
            asset=key_of(build.contract),
            additional_deps=[CHECKED],
            description=f"{len(gate.names_of(build.contract))} expectations of the contract hold. {_STOPS}",
        )
        for build in BUILDS
    ] + [
        dg.AssetCheckSpec(
            rule.name,
            asset=key.asset_key,
            additional_deps=[CHECKED] if key.asset_key != CHECKED else [],
            description=f"{rule.says} {_STOPS}",
        )
        for key, rule in rules.items()
    ]

    @dg.multi_asset_check(name="checks", specs=specs, can_subset=True)
    def checks(
        context: dg.AssetCheckExecutionContext, attempt: dg.ResourceParam[Attempt]
    ) -> Iterator[dg.AssetCheckResult]:
        verdict = attempt.check()
        results: dict[tuple[str, str], dict[str, Any]] = {}
        for row in verdict.results.to_pylist():
            results[row["dataset"], row["check_name"]] = row
        for key in sorted(context.selected_asset_check_keys):
            if key in rules:
                rows = [row for of, row in results.items() if of == (rules[key].dataset, rules[key].name)]
            else:
                rows = [row for of, row in results.items() if of[0] == suites[key] and of not in of_rules]
            yield _check_result(key, rows or [_MISSING], verdict.samples)

    return checks


def _asset_of(rule: quality.TableRule) -> dg.AssetKey:
    """The asset on which a rule over several tables is shown; the check result's, for tables that the run adds last."""
    built_names = {build.contract.name for build in BUILDS}
    return key_of(DATASETS[rule.dataset]) if rule.dataset in built_names else CHECKED


_MISSING: dict[str, Any] = {"check_name": "", "passed": False, "detail": "The gate gave no result.", "dataset": ""}


def _check_result(
    key: dg.AssetCheckKey,
    rows: Sequence[Mapping[str, Any]],
    samples: Mapping[tuple[str, str], Sequence[Mapping[str, str]]],
) -> dg.AssetCheckResult:
    """The results of a check: how many, rows examined, and those that failed, with rows that break them."""
    failed = [row for row in rows if not row["passed"]]
    errors = [row for row in failed if row.get("severity", ERROR) == ERROR]
    examined = max((row["examined"] for row in rows if row.get("examined") is not None), default=None)
    carried = max((row["carried_from"] for row in rows if row.get("carried_from")), default="")
    facts: dict[str, Any] = {"expectations": len(rows), "failed": len(failed)}
    if examined is not None:
        facts["rows examined"] = examined
    if carried:
        facts["judged in"] = carried
    if failed:
        facts["failing"] = dg.MetadataValue.table([dg.TableRecord(_failing(row)) for row in failed])
        for row in failed:
            if examples := samples.get((row["dataset"], row["check_name"])):
                facts[f"rows of {row['check_name']}"] = _table(examples)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if errors or not failed else dg.AssetCheckSeverity.WARN,
        description=f"Judged in {carried}; its rows are the same since." if carried else None,
        metadata=facts,
    )


def _table(rows: Sequence[Mapping[str, str]]) -> dg.TableMetadataValue:
    """Rows as a table; a row may lack what another has."""
    columns = dict.fromkeys(name for row in rows for name in row)
    return dg.MetadataValue.table([dg.TableRecord({name: row.get(name, "") for name in columns}) for row in rows])


def _failing(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "expectation": row["check_name"],
        "severity": row.get("severity", ERROR),
        "rows at fault": row.get("unexpected"),
        "what is wrong": row.get("detail") or "",
    }
