"""Projects and their loans: granted, drawn, spent, repaid, and when they are paid off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from assets.build import from_sql, python_step, sql_step
from catalog.contracts.rules import quoted
from catalog.contracts.scan import code_of
from catalog.domain.products import EXTERNAL_SERVICES
from catalog.tables import ledger, projects, reference, registers, uptake

_LEVELS = ("low", "expected", "high")
_FEWEST_AHEAD = 3
_PAYOFF = pa.schema([(col.name, col.type) for col in projects.PAYOFF.columns])


def payoffs(standing: pa.Table, joiners: pa.Table, forecast: pa.Table, rules: str) -> pa.Table:
    """When each project's loan is expected to be paid off, or why that is unknown.

    Args:
        standing: the projects' accounts in the last known month.
        joiners: by service, the municipalities left and what they pay.
        forecast: `uptake.forecast`.
        rules: identifies the code that this rests on.

    Returns:
        A row per project, in the columns of `projects.PAYOFF`.
    """
    del rules
    left = {row["service"]: row for row in joiners.to_pylist()}
    ahead: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(forecast.to_pylist(), key=lambda f: (f["service"], f["month"])):
        ahead.setdefault(row["service"], []).append(row)
    owed_before: dict[str, int] = {}
    rows = []
    # the loans of a service share those who join: the oldest is repaid first
    for project in sorted(standing.to_pylist(), key=lambda p: (p["launch_month"] or date.max, str(p["project"]))):
        service = project["service"]
        rows.append(_payoff(project, owed_before.get(service, 0), left.get(service), ahead.get(service, [])))
        if service is not None and project["launched"]:
            owed_before[service] = owed_before.get(service, 0) + max(project["balance_ore"], 0)
    return pa.Table.from_pylist(sorted(rows, key=lambda p: str(p["project"])), _PAYOFF)


def _payoff(
    project: dict[str, Any], owed_before_ore: int, left: dict[str, Any] | None, ahead: list[dict[str, Any]]
) -> dict[str, object]:
    """A project's payoff. Joining fees repay first what older loans of the service owe, `owed_before_ore`."""
    row: dict[str, object] = {"project": project["project"], "forecast_synthetic": False}
    if not project["drawn_to_date_ore"]:
        return row | {"payoff_reason": "NO_LOAN"}
    if project["balance_ore"] <= 0:
        return row | {"payoff_reason": "PAID"}
    if project["service"] is None or not project["launched"]:
        return row | {"payoff_reason": "NOT_LAUNCHED"}
    if left is None or not left["rules"]:
        return row | {"payoff_reason": "NO_JOINING_FEE"}
    # the balance is of this month: what was forecast for months before it has come by now, or not at all
    over = [f["expected"] for f in ahead if f["month"] < project["month"]]
    few = len(ahead) < _FEWEST_AHEAD  # for a pace to go on by
    ahead = [f for f in ahead if f["month"] >= project["month"]]
    if few or not ahead:
        return row | {"payoff_reason": "NO_FORECAST"}
    active = max([left["active"], *over[-1:]])
    come = min(active - left["active"], left["left"])  # their fees went with them
    remaining = left["left"] - come
    fees_ore = left["fees_ore"] * remaining // left["left"] if left["left"] else 0
    payoff_months: dict[str, date | None] = {}
    for level in _LEVELS:
        coming = [(f["month"], f[level]) for f in ahead]
        joiners = projects.Joiners(active, remaining, fees_ore, coming, ahead[-1]["ceiling"])
        payoff_months[level] = projects.paid_off(owed_before_ore + project["balance_ore"], joiners)
    reached = [month for month in payoff_months.values() if month]
    beyond = any(month > ahead[-1]["month"] for month in reached)
    return row | {
        **{f"payoff_month_{level}": month for level, month in payoff_months.items()},
        "payoff_basis": ("EXTENDED" if beyond else "FORECAST") if reached else None,
        "payoff_reason": None if all(payoff_months.values()) else "NOT_ENOUGH_JOINERS",
        "forecast_synthetic": left["synthetic"] or any(f["synthetic"] for f in ahead),
    }


_account = sql_step(
    "ledger/project_account",
    registers.PROJECT,
    ledger.ENTRY,
    slots={"external": ", ".join(quoted(s) for s in EXTERNAL_SERVICES)},
    materialized=True,
)
_joiners = sql_step(
    "ledger/project_joiners",
    registers.PROJECT,
    registers.PRICE_RULE,
    uptake.STATUS_MONTH,
    uptake.FORECAST,
    reference.MUNICIPALITY,
    reference.POPULATION,
)
_payoffs = python_step(
    payoffs,
    uptake.FORECAST,
    standing=sql_step("ledger/project_standing", account=_account),
    joiners=_joiners,
    parameters={"rules": lambda _: code_of(projects.__name__)},
)

project_month = from_sql(projects.PROJECT_MONTH, account=_account, payoff=_payoffs)
loan_month = from_sql(projects.LOAN_MONTH, projects.PROJECT_MONTH, ledger.ENTRY)

BUILDS = (project_month, loan_month)
