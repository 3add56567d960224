"""Projects and their loans: granted, drawn, spent, repaid, and when they are paid off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from assets.build import Build, BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Computed, Query, Scan, code_of
from catalog.domain import calendar
from catalog.domain.products import EXTERNAL_SERVICES
from catalog.tables import ledger, projects, reference, registers, uptake

_LEVELS = ("low", "expected", "high")
_PAYOFF = pa.schema([(col.name, col.type) for col in projects.PAYOFF.columns])


@builds(
    projects.PROJECT_MONTH,
    project=registers.PROJECT,
    price_rule=registers.PRICE_RULE,
    entry=ledger.ENTRY,
    status_month=uptake.STATUS_MONTH,
    forecast=uptake.FORECAST,
    municipality=reference.MUNICIPALITY,
    population=reference.POPULATION,
)
def project_month(
    span: BuildWindow,
    *,
    project: Scan,
    price_rule: Scan,
    entry: Scan,
    status_month: Scan,
    forecast: Scan,
    municipality: Scan,
    population: Scan,
) -> Scan:
    """The account of each project and its loan, month by month to the month of `as_of`.

    Grain: one row per (project, month) from the decision on, or from the first entry where that is earlier. Unit: øre
    without VAT. Amounts rest on `ledger.entry` alone, so a closed month does not change. A project in entries but not
    in the register is included, `registered` false. Nulls: granted_ore before the decision; the payoff months in all
    but the last month, and where payoff_reason says why.
    """
    account = Query(
        statement("ledger/project_account", external=", ".join(quoted(s) for s in EXTERNAL_SERVICES)),
        {"project": project, "entry": entry},
        {"through": span.through},
        kept=True,
    )
    joiners = Query(
        statement("ledger/project_joiners"),
        {
            "project": project,
            "price_rule": price_rule,
            "status_month": status_month,
            "forecast": forecast,
            "municipality": municipality,
            "population": population,
        },
        {"today": calendar.day_in_oslo(span.as_of)},
    )
    standing = Query("select * from account where month = $through", {"account": account}, {"through": span.through})
    payoff = Computed(
        payoffs,
        {"standing": standing, "joiners": joiners, "forecast": forecast},
        {"rules": code_of(projects.__name__)},
    )
    return Query(statement("ledger/project_month"), {"account": account, "payoff": payoff}, {"through": span.through})


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
    rows = [_payoff(p, left.get(p["service"]), ahead.get(p["service"], [])) for p in standing.to_pylist()]
    return pa.Table.from_pylist(sorted(rows, key=lambda p: str(p["project"])), _PAYOFF)


def _payoff(project: dict[str, Any], left: dict[str, Any] | None, ahead: list[dict[str, Any]]) -> dict[str, object]:
    row: dict[str, object] = {"project": project["project"], "forecast_synthetic": False}
    if not project["drawn_to_date_ore"]:
        return row | {"payoff_reason": "NO_LOAN"}
    if project["balance_ore"] <= 0:
        return row | {"payoff_reason": "PAID"}
    if project["service"] is None or not project["launched"]:
        return row | {"payoff_reason": "NOT_LAUNCHED"}
    if left is None or not left["rules"]:
        return row | {"payoff_reason": "NO_JOINING_FEE"}
    # a forecast for past months only is no forecast
    if not any(f["month"] >= project["month"] for f in ahead):
        return row | {"payoff_reason": "NO_FORECAST"}
    payoff_months: dict[str, date | None] = {}
    for level in _LEVELS:
        coming = [(f["month"], f[level]) for f in ahead]
        joiners = projects.Joiners(left["active"], left["left"], left["fees_ore"], coming, ahead[-1]["ceiling"])
        payoff_months[level] = projects.paid_off(project["balance_ore"], joiners)
    reached = [month for month in payoff_months.values() if month]
    beyond = any(month > ahead[-1]["month"] for month in reached)
    return row | {
        **{f"payoff_month_{level}": month for level, month in payoff_months.items()},
        "payoff_basis": ("EXTENDED" if beyond else "FORECAST") if reached else None,
        "payoff_reason": None if all(payoff_months.values()) else "NOT_ENOUGH_JOINERS",
        "forecast_synthetic": left["synthetic"] or any(f["synthetic"] for f in ahead),
    }


@builds(projects.LOAN_MONTH, project_month=projects.PROJECT_MONTH)
def loan_month(span: BuildWindow, project_month: Scan) -> Scan:
    """The projects' accounts that have a loan.

    Grain: one row per (project, month) from the loan's first entry on. Unit: øre without VAT.
    """
    del span
    return Query(statement("ledger/loan_month"), {"project_month": project_month})


BUILDS: tuple[Build, ...] = (project_month, loan_month)
