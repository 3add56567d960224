"""What a service must cost next year: cost base, expected use and self-cost price.

The arithmetic is in `catalog.domain.self_cost`; this module prepares its input. **The window** of cost and of billed
units is the last four whole quarters that ended at least a whole month ago, since most customers are billed by the
quarter, the month after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from assets.build import BuildWindow, from_python, from_sql, sql_step
from assets.forecast import national
from assets.ledger import PERSON_PRICED
from catalog.contracts.rules import quoted
from catalog.contracts.scan import code_of
from catalog.domain import calendar, self_cost
from catalog.domain.pricing import PriceKind, months_of
from catalog.domain.products import EXTERNAL_SERVICES
from catalog.domain.self_cost import BASE, BY_CUSTOMER, MUNICIPALITIES, Assumptions, Base
from catalog.domain.self_cost_rules import Rules
from catalog.tables import conformed, ledger, price_calculation, reference, registers, uptake, usage

_MONTHS = 12
_QUARTER = 3
_LEVELS = self_cost.LEVELS
_COUNTED_BY_MEASURE = frozenset(
    {
        PriceKind.PER_UNIT,
        PriceKind.PER_CHANNEL,
        PriceKind.PER_MESSAGE_TYPE,
        PriceKind.PER_ACCOUNT,
        PriceKind.PER_ADAPTER,
    }
)
_SPLIT_BY_BILLING = frozenset({PriceKind.PER_CHANNEL, PriceKind.PER_MESSAGE_TYPE})
"""Kinds whose parts no measure gives: without a bill there are no units."""
_OF_OTHERS = "kundetype"


def window(span: BuildWindow) -> tuple[date, date]:
    """The first and the last month of the last four whole quarters that ended at least a whole month ago."""
    over = calendar.months_before(span.through, 2)
    last = calendar.months_before(over, over.month % _QUARTER)
    return calendar.months_before(last, _MONTHS - 1), last


def uses(
    table: pa.Table, active: pa.Table, usage_forecast: pa.Table, uptake_forecast: pa.Table, through: date
) -> pa.Table:
    """The rows of `ledger.price_use`, by service and driver."""
    year = through.year + 1
    rows = [
        _use_of_measure(name, months, ahead, through, year)
        for name, months, ahead in _with_forecast(table, usage_forecast, ("service", "measure"))
    ]
    rows += [
        _use_of_municipalities(name, months, ahead, through, year)
        for name, months, ahead in _with_forecast(active, uptake_forecast, ("service",))
    ]
    own_rows = sorted(
        (row for row in rows if row and row["service"] not in EXTERNAL_SERVICES),
        key=lambda row: (str(row["service"]), str(row["driver"])),
    )
    return pa.Table.from_pylist(own_rows, price_calculation.PRICE_USE.arrow_schema)


def _with_forecast(
    measured: pa.Table, forecast: pa.Table, names: tuple[str, ...]
) -> list[tuple[tuple[str, ...], list[dict[str, Any]], list[dict[str, Any]]]]:
    """Each series' known months and its forecast, in order of month."""
    by_name: dict[tuple[str, ...], tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    for at, table in enumerate((measured, forecast)):
        for row in sorted(table.to_pylist(), key=lambda r: r["month"]):
            by_name.setdefault(tuple(row[n] for n in names), ([], []))[at].append(row)
    return [(name, months, ahead) for name, (months, ahead) in sorted(by_name.items())]


def _use_of_measure(
    name: tuple[str, ...], months: list[dict[str, Any]], ahead: list[dict[str, Any]], through: date, year: int
) -> dict[str, object] | None:
    last = (
        ahead[0]["last_known_month"]
        if ahead
        else max((m["month"] for m in months if m["month"] < through), default=None)
    )
    if last is None:
        return None
    # a younger measure is scaled to twelve months; an unreported month is a gap, and does not add use
    since = max(calendar.months_before(last, _MONTHS - 1), min(m["month"] for m in months))
    known_months = [m for m in months if since <= m["month"] <= last]
    if not known_months:
        return None
    reckoned = (last.year - since.year) * _MONTHS + last.month - since.month + 1
    now = sum((m["quantity"] for m in known_months), Decimal(0)) * _MONTHS / reckoned
    levels = {k: _year_ahead(k, known_months, ahead, now) for k in _LEVELS}
    synthetic = any(r["synthetic"] for r in (*known_months, *ahead))
    row = _use(name, levels | {"now": now}, ahead, last, year, synthetic=synthetic)
    share = _compared({m["month"] for m in known_months}, since, last, ahead)
    return row | {"months_missing": reckoned - len(known_months), "compared_share": share}


def _year_ahead(level: str, known_months: list[dict[str, Any]], ahead: list[dict[str, Any]], now: Decimal) -> Decimal:
    """The use of twelve months: those beyond the forecast change from the year before as those it reaches.

    Without a forecast, and where no month that it reaches has a figure of a year before, use stays as it is.
    """
    foreseen = sum((f[level] for f in ahead), Decimal(0))
    if len(ahead) == _MONTHS:
        return foreseen
    reached = {calendar.months_before(f["month"], _MONTHS) for f in ahead}
    before = {m["month"]: m["quantity"] for m in known_months if m["month"] in reached}
    comparable = sum((f[level] for f in ahead if calendar.months_before(f["month"], _MONTHS) in before), Decimal(0))
    whole = sum(before.values(), Decimal(0))
    return now * comparable / whole if whole else now


def _compared(known_months: set[date], since: date, last: date, ahead: list[dict[str, Any]]) -> Decimal:
    """The share of expected use, over the calendar months counted now, that falls in months with a figure."""
    counted = {calendar.months_before(f["month"], _MONTHS): f["expected"] for f in ahead}
    whole = sum((q for m, q in counted.items() if since <= m <= last), Decimal(0))
    covered = sum((q for m, q in counted.items() if m in known_months), Decimal(0))
    return (covered / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP) if whole and covered else Decimal(1)


def _use_of_municipalities(
    name: tuple[str, ...], months: list[dict[str, Any]], ahead: list[dict[str, Any]], through: date, year: int
) -> dict[str, object] | None:
    until = ahead[0]["last_known_month"] if ahead else through
    known_months = [m for m in months if m["month"] <= until]
    if not known_months:
        return None
    now, last = Decimal(known_months[-1]["active"]), known_months[-1]["month"]
    of_year = [f for f in ahead if f["month"].year == year] or ahead[-1:]
    levels = {
        k: (sum((Decimal(f[k]) for f in of_year), Decimal(0)) / len(of_year)).quantize(Decimal(1), ROUND_HALF_UP)
        if of_year
        else now
        for k in _LEVELS
    }
    synthetic = any(r["synthetic"] for r in (known_months[-1], *ahead))
    return _use((*name, MUNICIPALITIES), levels | {"now": now}, ahead, last, year, synthetic=synthetic)


def _use(
    name: tuple[str, ...],
    figures: Mapping[str, Decimal],
    ahead: list[dict[str, Any]],
    last: date,
    year: int,
    *,
    synthetic: bool,
) -> dict[str, object]:
    return {
        "service": name[0],
        "driver": name[1],
        **{k: value.quantize(Decimal("0.0001"), ROUND_HALF_UP) for k, value in figures.items()},
        "method": ahead[0]["method"] if ahead else None,
        # the year's error is given as far ahead as was tried
        "backtest_error": next((f["backtest_error"] for f in reversed(ahead) if f["backtest_error"] is not None), None),
        "last_known_month": last,
        "compared_share": Decimal(1),
        "months_foreseen": sum(f["month"].year == year for f in ahead),
        "synthetic": synthetic,
    }


def calculations(  # noqa: PLR0913 - the tables that it reads, each by its name
    *,
    price_cost: pa.Table,
    price_use: pa.Table,
    balances: pa.Table,
    price_rule: pa.Table,
    price_decision: pa.Table,
    self_cost_rule: pa.Table,
    element: pa.Table,
    billed: pa.Table,
    customers: pa.Table,
    today: date,
    last: date,
    code: str,
) -> pa.Table:
    """The rows of `ledger.price_calculation`, by service, price, year and scenario.

    Args:
        price_cost: `ledger.price_cost`.
        price_use: `ledger.price_use`.
        balances: each service's result and carried balance, by month until `last`.
        price_rule: the register `price_rule`.
        price_decision: the register `price_decision`.
        self_cost_rule: the register `self_cost_rule`.
        element: `reference.price_element`.
        billed: units by rule.
        customers: active municipalities with their inhabitants.
        today: the day on which today's price is in force.
        last: the last month of the window.
        code: identifies the code that this rests on.
    """
    del code
    year = today.year + 1
    counted = _Counted.of(price_use, element, billed, customers)
    of_costs, of_uses = price_cost.to_pylist(), price_use.to_pylist()
    months: dict[str, list[dict[str, Any]]] = {}
    for row in balances.to_pylist():
        months.setdefault(row["service"], []).append(row)
    decided, followed = price_decision.to_pylist(), self_cost_rule.to_pylist()
    prices = _prices(price_rule.to_pylist(), counted, today)
    services = sorted(({w["service"] for w in of_costs} | {p["service"] for p in prices}) - set(EXTERNAL_SERVICES))
    rows: list[dict[str, object]] = []
    for service in services:
        carried, rules = months.get(service, []), Rules.of(followed, service)
        saved_under = {(d["year"], d["scenario"]) for d in decided if d["service"] == service and d["year"] >= year}
        for of_year, scenario in [(year, BASE), *sorted(saved_under)]:
            mine = [d for d in decided if (d["service"], d["year"]) == (service, of_year)]
            base = self_cost.base_of(
                service,
                of_year,
                prices=[p | {"decided_price": _decided(p, mine, of_year)} for p in prices],
                costs=of_costs,
                uses=of_uses,
                balance=self_cost.expected_balance(carried, last, of_year, rules),
                rules=rules,
            )
            saved = [d for d in mine if d["scenario"] == scenario]
            for calculated in _rows(base, scenario, saved[0] if saved else None):
                told_of = (*carried, *rules.rows)
                calculated["synthetic"] = calculated["synthetic"] or any(bool(row["synthetic"]) for row in told_of)
                rows.append(calculated)
    return pa.Table.from_pylist(rows, price_calculation.PRICE_CALCULATION.arrow_schema)


def _rows(base: Base, scenario: str, saved: Mapping[str, Any] | None) -> list[dict[str, object]]:
    """The rows of one calculation. Assumptions written in the register by hand may be invalid."""
    try:
        supposed = Assumptions.from_json(saved["assumptions"]) if saved else Assumptions()
    except ValueError:
        calculation = replace(self_cost.calculate(base), status="BAD_ASSUMPTIONS", results=(), levels={})
    else:
        calculation = self_cost.calculate(base, supposed)
    rows = self_cost.rows_of(calculation, scenario, saved["status"] if saved else None)
    return [row | {"assumptions": saved["assumptions"]} for row in rows] if saved else rows


def _decided(price: Mapping[str, Any], decisions: Iterable[Mapping[str, Any]], year: int) -> Decimal | None:
    """The decided price for a year: by name, or by a rule in force on its first day."""
    key = ("price_element", "channel", "size_low")
    matches = [
        d
        for d in sorted(decisions, key=lambda d: (d["decided_on"], d["scenario"]))
        if d["status"] == "DECIDED" and all(d[k] == price[k] for k in key)
    ]
    amount: Decimal | None = matches[-1]["price"] if matches else in_force(price["rules"], date(year, 1, 1))
    return amount


def in_force(rules: Iterable[Mapping[str, Any]], on: date) -> Decimal | None:
    """The amount in force on a day, of the rules of one price; the latest where several are."""
    holding = [r for r in rules if _start(r) <= on and (r["valid_to"] is None or on < r["valid_to"])]
    return max(holding, key=_start)["amount"] if holding else None


def _start(rule: Mapping[str, Any]) -> date:
    """The rule's first day; a rule without one has always been in force."""
    start: date | None = rule["valid_from"]
    return start or date.min


def _prices(rules: Iterable[Mapping[str, Any]], counted: _Counted, today: date) -> list[dict[str, Any]]:
    """Each price in force today or on the first day of next year, with its units."""
    by_price: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for rule in rules:
        if rule["kind"] != PriceKind.JOINING_FEE:
            by_price.setdefault((rule["service"], rule["price_element"], rule["channel"], rule["size_low"]), []).append(
                rule
            )
    rows = []
    for same in by_price.values():
        current, coming = in_force(same, today), in_force(same, date(today.year + 1, 1, 1))
        if current is None and coming is None:
            continue
        last = max((r for r in same if _start(r) <= date(today.year + 1, 1, 1)), key=_start)
        row = {k: last[k] for k in ("service", "price_element", "channel", "size_low", "size_high", "kind", "unit")}
        rows.append(row | {"current_price": current, "rules": same, **counted.units(last)})
    return rows


@dataclass(frozen=True, slots=True)
class _Counted:
    """The sources to count units from."""

    drivers: Mapping[tuple[str, str], Mapping[str, Any]]
    measures: Mapping[str, str | None]
    billed: Mapping[tuple[str, str, int], Mapping[str, Any]]
    customers: Mapping[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, uses: pa.Table, elements: pa.Table, billed: pa.Table, customers: pa.Table) -> _Counted:
        by_service: dict[str, list[dict[str, Any]]] = {}
        for row in customers.to_pylist():
            by_service.setdefault(row["service"], []).append(row)
        return cls(
            {(w["service"], w["driver"]): w for w in uses.to_pylist()},
            {e["price_element"]: e["measure"] for e in elements.to_pylist()},
            {(b["price_element"], b["channel"], b["size_low"]): b for b in billed.to_pylist()},
            by_service,
        )

    def units(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """Driver, units over twelve months and their source; None where nothing counts them."""
        kind, service = rule["kind"], rule["service"]
        measure = rule["measure"] or self.measures.get(rule["price_element"])
        by_measure = kind in _COUNTED_BY_MEASURE and (service, measure) in self.drivers
        # prices for customers other than municipalities do not follow the municipalities
        driver = measure if by_measure else None if measure == _OF_OTHERS else MUNICIPALITIES
        use = self.drivers.get((service, driver)) if driver else None
        row = {
            "driver": driver if use else None,
            "synthetic": bool(rule["synthetic"]) or bool(use and use["synthetic"]),
        }
        key = (rule["price_element"], rule["channel"] or "", -1 if rule["size_low"] is None else rule["size_low"])
        billed = self.billed.get(key)
        if billed and billed["units"] > 0:
            return row | {
                "units_now": self._of_bill(rule, kind, billed),
                "units_source": "BILLED",
                "synthetic": row["synthetic"] or billed["synthetic"],
            }
        measured = None if kind in _SPLIT_BY_BILLING else use["now"] if by_measure and use else None
        if measured is None and not by_measure:
            measured = self._of_customers(rule, kind, service)
        return row | {"units_now": measured or Decimal(0), "units_source": "MEASURED" if measured else None}

    @staticmethod
    def _of_bill(rule: Mapping[str, Any], kind: str, billed: Mapping[str, Any]) -> Decimal:
        each = months_of(PriceKind(kind), rule["unit"])
        if kind in BY_CUSTOMER and each == _MONTHS:
            return Decimal(billed["customers"])
        times: int = -(-billed["months"] // each)
        return (Decimal(billed["units"]) * _MONTHS / (each * times)).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def _of_customers(self, rule: Mapping[str, Any], kind: str, service: str) -> Decimal | None:
        """Units from the municipalities with the service active; None where only a bill or a measure gives units."""
        if kind not in {*BY_CUSTOMER, PriceKind.FIXED_MONTHLY, PriceKind.PER_INHABITANT}:
            return None
        low, high = rule["size_low"], rule["size_high"]
        mine = [
            m["inhabitants"] or 0
            for m in self.customers.get(service, ())
            if (low is None or (m["inhabitants"] or 0) >= low) and (high is None or (m["inhabitants"] or 0) < high)
        ]
        count = sum(mine) if kind is PriceKind.PER_INHABITANT else len(mine)
        return Decimal(count * _MONTHS // months_of(PriceKind(kind), rule["unit"]))


_WINDOW = {"first": lambda span: window(span)[0], "last": lambda span: window(span)[1]}
_LAST = {"last": _WINDOW["last"]}

price_cost = from_sql(
    price_calculation.PRICE_COST,
    ledger.PRODUCT_MONTH,
    ledger.PLACED_COST,
    slots={"external": ", ".join(quoted(s) for s in EXTERNAL_SERVICES)},
    parameters=_WINDOW,
)
price_use = from_python(
    price_calculation.PRICE_USE,
    uses,
    table=national,
    active=sql_step("ledger/price_active", uptake.FUNNEL),
    usage_forecast=usage.FORECAST,
    uptake_forecast=uptake.FORECAST,
)
"""Present and expected use, in the units that prices are counted in.

Grain: one row per (service, driver): active municipalities, and each measure. Units: the driver's. Nulls: method
and backtest_error without a forecast, the error also where the months tried sum to zero;
months_missing for municipalities.
"""
calculation = from_python(
    price_calculation.PRICE_CALCULATION,
    calculations,
    price_calculation.PRICE_COST,
    price_calculation.PRICE_USE,
    registers.PRICE_RULE,
    registers.PRICE_DECISION,
    registers.SELF_COST_RULE,
    balances=sql_step("ledger/price_balance", ledger.PRODUCT_MONTH, parameters=_LAST),
    element=reference.PRICE_ELEMENT,
    billed=sql_step(
        "ledger/price_billed",
        registers.PRICE_RULE,
        conformed.INVOICE_LINE,
        slots={"person_priced": PERSON_PRICED},
        parameters=_WINDOW,
    ),
    customers=sql_step("ledger/price_customers", uptake.STATUS_MONTH, reference.POPULATION),
    parameters=_LAST | {"code": lambda _: code_of(price_calculation.__name__)},
)
"""What each price must be next year for a service to pay for itself, also in saved calculations.

Grain: one row per (service, price_element, channel, size_low, year, scenario). Units: kr without VAT for prices,
øre for amounts. Nulls: prices and cover where status is not CALCULATED; decided_price and gap where no price
holds in the year.
"""

BUILDS = (price_cost, price_use, calculation)
