"""The product ledgers: every amount with its source, and the monthly account of each product."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import pyarrow as pa

from assets import conform
from assets.accrual import accrual_of
from assets.build import BuildWindow, builds, from_python, from_sql, sql_step
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import allocation as keys
from catalog.domain import calendar, person_priced
from catalog.domain.products import EXTERNAL_SERVICES
from catalog.tables import billing, conformed, ledger, reference, registers, streams, uptake, usage

_EXTERNAL = ", ".join(quoted(s) for s in EXTERNAL_SERVICES)
PERSON_PRICED = ", ".join(map(quoted, billing.PERSON_PRICED))
"""The person-priced elements, as SQL."""
_DEFAULT_KEY = (
    "case cost_category "
    + " ".join(f"when {quoted(category)} then {quoted(key)}" for category, key in keys.DEFAULT_KEYS.items())
    + " end"
)

_PREFIX = {kind: ledger.ROUNDED if kind is person_priced.Kind.ROUNDED else ledger.SUMMED for kind in person_priced.Kind}
"""How the key of a sum begins, by what it covers."""


def in_sums(lines: pa.Table, open_from: date, fewest: int) -> pa.Table:
    """Add to each line the key, period and moment of its sum."""
    schema = ledger.PERSON_PRICED_LINE.arrow_schema
    columns = ("payer_number", "period", "amount_ore", "first_received_at")
    received = [person_priced.Line(*row) for row in zip(*(lines[c].to_pylist() for c in columns), strict=True)]
    by_element: dict[str, list[int]] = defaultdict(list)
    for n, element in enumerate(lines["price_element"].to_pylist()):
        by_element[element].append(n)
    sum_values: list[tuple[str | None, date | None, datetime | None]] = [(None, None, None)] * len(received)
    for element, numbers in by_element.items():
        sums = person_priced.sums([received[n] for n in numbers], open_from, fewest)
        keys = {line_sum: f"{_PREFIX[line_sum.kind]}{element}/{line_sum.covers}" for line_sum in set(sums) if line_sum}
        for n, line_sum in zip(numbers, sums, strict=True):
            if line_sum:
                sum_values[n] = keys[line_sum], line_sum.period, line_sum.complete_at
    for at, name in enumerate(("sum_key", "sum_period", "sum_at")):
        lines = lines.append_column(name, pa.array([each[at] for each in sum_values], schema.field(name).type))
    return lines.select(schema.names).cast(schema)


def _open_from(window: BuildWindow) -> date:
    """The first month of the quarter of `as_of`."""
    return calendar.months_of_quarter(calendar.quarter_of(window.through))[0]


_billed = sql_step(
    "ledger/billed",
    conformed.INVOICE_LINE,
    conformed.LOAN_ENTRY,
    registers.PROJECT,
    element=reference.PRICE_ELEMENT,
    slots={"person_priced": PERSON_PRICED},
)
"""Which lines are income and which repay loans, without person-priced ones."""
_payer_sum = sql_step(
    "ledger/payer_sum",
    ledger.PERSON_PRICED_LINE,
    slots={
        "rounded": ledger.ROUNDED,
        "step_ore": str(person_priced.ROUNDED_TO_ORE),
        "step_units": str(person_priced.ROUNDED_TO_UNITS),
    },
)
"""The sums that person-priced lines are told in."""
_accrual = accrual_of(_billed)
"""The months that income of lines for a year or a quarter belongs to."""
_fee_line = sql_step("ledger/fee_line", _billed, materialized=True)
_loan_fee = sql_step("ledger/loan_fee", _fee_line, conformed.LOAN_ENTRY, registers.PROJECT, materialized=True)
"""How much of each joining fee, of services with a loan, went to the loan."""
booked_entry = sql_step(
    "ledger/booked_entry",
    _billed,
    _accrual,
    _fee_line,
    _loan_fee,
    _payer_sum,
    ledger.PLACED_COST,
    conformed.LOAN_ENTRY,
    ledger.ALLOCATION,
    slots={"outside": ledger.OUTSIDE, "external": _EXTERNAL, "by_us": ledger.BY_US},
)
"""Every amount with its source, in its own period, before periods are closed (`assets/closing.py`).

Not a table: writing and reading a million and a half rows takes longer than computing them where they are closed.
"""

placed_cost = from_sql(
    ledger.PLACED_COST, conformed.COST_ENTRY, registers.COST_MAPPING, slots={"default_key": _DEFAULT_KEY}
)


@builds(
    ledger.WITHDRAWN_LINE,
    registers.SERVICE_ALIAS,
    registers.INVOICE_ITEM,
    registers.DECISION,
    landed=streams.INVOICE_LINE,
)
def withdrawn_line(landed: Scan, service_alias: Scan, invoice_item: Scan, decision: Scan) -> Scan:
    """The lines of withdrawn batches that counted, conformed without other batches."""
    withdrawn = Query("from landed_line where withdrawn_at is not null", {"landed_line": landed}, materialized=True)
    rows = Query("select * exclude (withdrawn_at) from withdrawn_row", {"withdrawn_row": withdrawn}, materialized=True)
    none = Query("from counted_row limit 0", {"counted_row": rows})
    assert isinstance(service_alias, Values)  # noqa: S101 - registers are small tables in memory
    assert isinstance(invoice_item, Values)  # noqa: S101 - as above
    assert isinstance(decision, Values)  # noqa: S101 - as above
    decided = conform.decided(streams.INVOICE_LINE, decision.table)
    lookups = conform.Lookups(decided, service_alias.table, invoice_item.table)
    result = conform.conform(streams.INVOICE_LINE, rows, withdrawn=none, month=None, as_of=None, lookups=lookups)
    sql = statement("conformed/withdrawn_invoice_line", person_priced=PERSON_PRICED)
    return Query(sql, {"taken_line": result.rows, "withdrawn_row": withdrawn})


person_priced_line = from_python(
    ledger.PERSON_PRICED_LINE,
    in_sums,
    lines=sql_step(
        "conformed/person_priced_line",
        conformed.INVOICE_LINE,
        withdrawn_line=ledger.WITHDRAWN_LINE,
        slots={"person_priced": PERSON_PRICED},
    ),
    parameters={"open_from": _open_from, "fewest": lambda _: person_priced.FEWEST},
)
allocation = from_sql(
    ledger.ALLOCATION,
    ledger.PLACED_COST,
    _billed,
    _accrual,
    _payer_sum,
    usage.DISPATCH_MONTH,
    uptake.STATUS_MONTH,
    measure_total=usage.MEASURE_TOTAL_MONTH,
    slots={
        "outside": ledger.OUTSIDE,
        "external": _EXTERNAL,
        "dispatched": quoted(keys.DISPATCHED),
        "active": quoted(keys.ACTIVE),
        "income": quoted(keys.INCOME),
        "equal": quoted(keys.EQUAL),
    },
)
unmapped_cost = from_sql(
    ledger.UNMAPPED_COST,
    ledger.PLACED_COST,
    ledger.ALLOCATION,
    slots={"outside": ledger.OUTSIDE, "external": _EXTERNAL, "keys": ", ".join(quoted(k) for k in keys.KEYS)},
)
joining_fee_gap = from_sql(ledger.JOINING_FEE_GAP, _billed, _fee_line, _loan_fee, conformed.LOAN_ENTRY)
product_month = from_sql(
    ledger.PRODUCT_MONTH,
    ledger.ENTRY,
    registers.BUDGET,
    slots={
        "external": _EXTERNAL,
        "earned": ", ".join(map(quoted, ledger.EARNED)),
        "invoiced": ", ".join(map(quoted, ledger.INVOICED)),
        "ahead": quoted(ledger.INVOICED_AHEAD),
        "before": quoted(ledger.INVOICED_BEFORE),
    },
)

BUILDS = (placed_cost, withdrawn_line, person_priced_line, allocation, unmapped_cost, joining_fee_gap)
"""Builds before periods are closed (`assets/closing.py`)."""
BUILDS_OF_THE_LEDGER = (product_month,)
"""Builds that sum the entries in the periods in which they are booked."""
