"""Which rules of self-cost are followed, and each product's self-cost account by year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from assets.build import from_python, sql_step
from assets.reference import from_register
from catalog.contracts.scan import code_of
from catalog.domain import calendar, self_cost_rules
from catalog.domain.self_cost_rules import Rules, SelfCostYear
from catalog.tables import ledger, registers, self_cost


def years(balances: pa.Table, self_cost_rule: pa.Table, code: str) -> pa.Table:
    """The rows of `ledger.self_cost_year`, by service and year.

    Args:
        balances: each service's income, result and carried balance, by month until the last that is over.
        self_cost_rule: the register `self_cost_rule`.
        code: identifies the code that this rests on.
    """
    del code
    followed = self_cost_rule.to_pylist()
    months: dict[str, list[dict[str, Any]]] = {}
    for row in balances.to_pylist():
        months.setdefault(row["service"], []).append(row)
    rows: list[dict[str, object]] = []
    for service, of_service in sorted(months.items()):
        rules = Rules.of(followed, service)
        # a sum of months and of values is synthetic when any of them is
        synthetic = any(bool(row["synthetic"]) for row in (*of_service, *rules.rows))
        rows += [
            {"service": service, "synthetic": synthetic, **_row(year)}
            for year in self_cost_rules.years(of_service, rules)
        ]
    return pa.Table.from_pylist(rows, self_cost.SELF_COST_YEAR.arrow_schema)


def _row(year: SelfCostYear) -> dict[str, object]:
    """What the contract's columns tell of a year; a few are called otherwise there, or are null without a balance."""
    has_balance = year.closing_ore is not None
    others = {
        "depreciation_ore": year.capital.depreciation_ore if year.capital else None,
        "interest_ore": year.capital.interest_ore if year.capital else None,
        "covered_ore": year.covered_ore if has_balance else None,
        "balance_interest_ore": year.balance_interest_ore if has_balance else None,
        "self_cost_ratio_percent": year.self_cost_percent,
        "rules_missing": ", ".join(year.missing) or None,
    }
    names = {c.name for c in self_cost.SELF_COST_YEAR.columns} - {*others, "service", "synthetic"}
    return {name: getattr(year, name) for name in names} | others


def _last(through: date) -> date:
    return calendar.months_before(through, 1)


rule = from_register(self_cost.SELF_COST_RULE, registers.SELF_COST_RULE)
year = from_python(
    self_cost.SELF_COST_YEAR,
    years,
    registers.SELF_COST_RULE,
    balances=sql_step(
        "ledger/price_balance", ledger.PRODUCT_MONTH, parameters={"last": lambda span: _last(span.through)}
    ),
    parameters={"code": lambda _: code_of(self_cost.__name__)},
)
"""Each product's self-cost account by year: fee basis, result, balance, and the two ratios.

Grain: one row per (service, year) with a month in the accounts. Unit: øre without VAT. Nulls: what rests on a rule that
is followed and has no value for the year.
"""

BUILDS = (rule, year)
