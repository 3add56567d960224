"""The product ledgers: every amount with its source, and the monthly account of each product."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import pyarrow as pa

from assets import conform
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Computed, Query, Scan, Values
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


def _billed(invoice_line: Scan, loan_entry: Scan, element: Scan, project: Scan) -> Query:
    """Which lines are income and which repay loans, without person-priced ones; shared by several builds."""
    inputs = {"invoice_line": invoice_line, "loan_entry": loan_entry, "element": element, "project": project}
    return Query(statement("ledger/billed", person_priced=PERSON_PRICED), inputs)


def _payer_sums(person_priced_line: Scan) -> Query:
    """The sums that person-priced lines are told in."""
    slots = {
        "rounded": ledger.ROUNDED,
        "step_ore": str(person_priced.ROUNDED_TO_ORE),
        "step_units": str(person_priced.ROUNDED_TO_UNITS),
    }
    return Query(statement("ledger/payer_sum", **slots), {"person_priced_line": person_priced_line})


def _fees(billed: Scan, loan_entry: Scan, project: Scan) -> dict[str, Scan]:
    """Joining fees of services with a loan, and how much of each went to the loan. They are few, so computed once."""
    fee_line = Query("select * exclude (account) from billed where account = 'LOAN'", {"billed": billed}, kept=True)
    inputs = {"fee_line": fee_line, "loan_entry": loan_entry, "project": project}
    return {"fee_line": fee_line, "loan_fee": Query(statement("ledger/loan_fee"), inputs, kept=True)}


@builds(ledger.PLACED_COST, cost_entry=conformed.COST_ENTRY, cost_mapping=registers.COST_MAPPING)
def placed_cost(span: BuildWindow, cost_entry: Scan, cost_mapping: Scan) -> Scan:
    """Where each cost belongs: as the entry says; what it lacks follows from account and cost centre in its period.

    Grain: one row per cost entry. Unit: øre without VAT. Service is null where the cost is shared; category and key
    where unspecified.
    """
    del span
    sql = statement("ledger/placed_cost", default_key=_DEFAULT_KEY)
    return Query(sql, {"cost_entry": cost_entry, "cost_mapping": cost_mapping})


@builds(
    ledger.WITHDRAWN_LINE,
    landed=streams.INVOICE_LINE,
    service_alias=registers.SERVICE_ALIAS,
    decision=registers.DECISION,
)
def withdrawn_line(span: BuildWindow, landed: Scan, service_alias: Scan, decision: Scan) -> Scan:
    """The invoice lines of person-priced elements that counted until their batch was withdrawn.

    Grain: one row per line, by what the withdrawn batches say alone. Unit: øre without VAT.
    """
    del span
    withdrawn = Query("from landed_line where withdrawn_at is not null", {"landed_line": landed}, kept=True)
    rows = Query("select * exclude (withdrawn_at) from withdrawn_row", {"withdrawn_row": withdrawn}, kept=True)
    none = Query("from counted_row limit 0", {"counted_row": rows})
    assert isinstance(service_alias, Values)  # noqa: S101 - registers are small tables in memory
    assert isinstance(decision, Values)  # noqa: S101 - as above
    lookups = conform.Lookups(conform.decided(streams.INVOICE_LINE, decision.table), service_alias.table)
    made = conform.conform(streams.INVOICE_LINE, rows, withdrawn=none, month=None, as_of=None, lookups=lookups)
    sql = statement("ledger/withdrawn_line", person_priced=PERSON_PRICED)
    return Query(sql, {"taken_line": made.rows, "withdrawn_row": withdrawn})


@builds(ledger.PERSON_PRICED_LINE, invoice_line=conformed.INVOICE_LINE, withdrawn_line=ledger.WITHDRAWN_LINE)
def person_priced_line(span: BuildWindow, invoice_line: Scan, withdrawn_line: Scan) -> Scan:
    """The invoice lines of person-priced elements, each with the sum that it is told in.

    Grain: one row per line and version. A withdrawn line stays in its sum, and one that takes it back waits for others
    as any correction does: a sum that changed would give its amount away. Nulls: the sum's columns while the line waits
    (`catalog.domain.person_priced`).
    """
    inputs = {"invoice_line": invoice_line, "withdrawn_line": withdrawn_line}
    lines = Query(statement("ledger/person_priced_line", person_priced=PERSON_PRICED), inputs)
    quarter, _, _ = calendar.months_of_quarter(calendar.quarter_of(span.through))
    return Computed(in_sums, {"lines": lines}, {"open_from": quarter, "fewest": person_priced.FEWEST})


def in_sums(lines: pa.Table, open_from: date, fewest: int) -> pa.Table:
    """Add to each line the key, period and moment of its sum."""
    schema = ledger.PERSON_PRICED_LINE.arrow_schema
    columns = ("payer_number", "period", "amount_ore", "first_received_at")
    received = [person_priced.Line(*row) for row in zip(*(lines[c].to_pylist() for c in columns), strict=True)]
    by_element: dict[str, list[int]] = defaultdict(list)
    for n, element in enumerate(lines["price_element"].to_pylist()):
        by_element[element].append(n)
    found: list[tuple[str | None, date | None, datetime | None]] = [(None, None, None)] * len(received)
    for element, numbers in by_element.items():
        made = person_priced.sums([received[n] for n in numbers], open_from, fewest)
        for n, its in zip(numbers, made, strict=True):
            if its is not None:
                prefix = ledger.ROUNDED if its.kind is person_priced.Kind.ROUNDED else ledger.SUMMED
                found[n] = f"{prefix}{element}/{its.covers}", its.period, its.complete_at
    for at, name in enumerate(("sum_key", "sum_period", "sum_at")):
        lines = lines.append_column(name, pa.array([each[at] for each in found], schema.field(name).type))
    return lines.select(schema.names).cast(schema)


@builds(
    ledger.ALLOCATION,
    placed_cost=ledger.PLACED_COST,
    invoice_line=conformed.INVOICE_LINE,
    loan_entry=conformed.LOAN_ENTRY,
    element=reference.PRICE_ELEMENT,
    project=registers.PROJECT,
    person_priced_line=ledger.PERSON_PRICED_LINE,
    measure_total=usage.MEASURE_TOTAL_MONTH,
    dispatch_month=usage.DISPATCH_MONTH,
    status_month=uptake.STATUS_MONTH,
)
def allocation(
    span: BuildWindow,
    placed_cost: Scan,
    person_priced_line: Scan,
    measure_total: Scan,
    dispatch_month: Scan,
    status_month: Scan,
    **invoiced: Scan,
) -> Scan:
    """The split of each shared cost over the services, by largest remainder.

    Grain: one row per shared cost entry with a key and service with a weight by that key in the entry's month. Unit:
    øre without VAT, with the entry's sign. Entries without any weight have no row.
    """
    del span
    inputs = {
        "placed_cost": placed_cost,
        "billed": _billed(**invoiced),
        "payer_sum": _payer_sums(person_priced_line),
        "measure_total": measure_total,
        "dispatch_month": dispatch_month,
        "status_month": status_month,
    }
    slots = {
        "outside": ledger.OUTSIDE,
        "external": _EXTERNAL,
        "dispatched": quoted(keys.DISPATCHED),
        "active": quoted(keys.ACTIVE),
        "income": quoted(keys.INCOME),
        "equal": quoted(keys.EQUAL),
    }
    return Query(statement("ledger/allocation", **slots), inputs)


@builds(ledger.UNMAPPED_COST, placed_cost=ledger.PLACED_COST, allocation=ledger.ALLOCATION)
def unmapped_cost(span: BuildWindow, placed_cost: Scan, allocation: Scan) -> Scan:
    """Costs that are not placed, and why.

    Grain: one row per cost entry and reason. Unit: øre without VAT.
    """
    del span
    listed = ", ".join(quoted(k) for k in keys.KEYS)
    sql = statement("ledger/unmapped_cost", outside=ledger.OUTSIDE, external=_EXTERNAL, keys=listed)
    return Query(sql, {"placed_cost": placed_cost, "allocation": allocation})


def booked(
    *,
    invoice_line: Scan,
    person_priced_line: Scan,
    placed_cost: Scan,
    loan_entry: Scan,
    allocation: Scan,
    element: Scan,
    project: Scan,
) -> Query:
    """Every amount with its source, in its own period, before periods are closed (`assets/closing.py`).

    Grain: one row per record of the three streams; one more for a joining fee that partly exceeds the loan, and for a
    repayment that names a fee; and for each allocated cost one row on shared and one per service, which sum to zero.
    Lines of person-priced elements have one row per sum of payers and moment at which it was complete, without
    organisation or invoice. Unit: øre without VAT; reductions of a loan are negative, otherwise amounts sum to
    each stream. Service is null for a cost that no service carries. Organisation is null where none is named. Not a
    table: writing and reading a million and a half rows takes longer than computing them where they are closed.
    """
    billed = _billed(invoice_line, loan_entry, element, project)
    inputs = {
        "billed": billed,
        **_fees(billed, loan_entry, project),
        "payer_sum": _payer_sums(person_priced_line),
        "placed_cost": placed_cost,
        "loan_entry": loan_entry,
        "allocation": allocation,
    }
    slots = {"outside": ledger.OUTSIDE, "external": _EXTERNAL, "by_us": ledger.BY_US}
    return Query(statement("ledger/booked_entry", **slots), inputs)


@builds(
    ledger.JOINING_FEE_GAP,
    invoice_line=conformed.INVOICE_LINE,
    loan_entry=conformed.LOAN_ENTRY,
    element=reference.PRICE_ELEMENT,
    project=registers.PROJECT,
)
def joining_fee_gap(span: BuildWindow, invoice_line: Scan, loan_entry: Scan, element: Scan, project: Scan) -> Scan:
    """Invoices whose joining fees, at services with a loan, differ from the repayments that name them, and why.

    Grain: one row per invoice with a difference. Unit: øre without VAT. Nulls: organisation, service and project where
    there are several, or none is named.
    """
    del span
    billed = _billed(invoice_line, loan_entry, element, project)
    inputs = {"billed": billed, **_fees(billed, loan_entry, project), "loan_entry": loan_entry}
    return Query(statement("ledger/joining_fee_gap"), inputs)


@builds(ledger.PRODUCT_MONTH, entry=ledger.ENTRY, budget=registers.BUDGET)
def product_month(span: BuildWindow, entry: Scan, budget: Scan) -> Scan:
    """The month's account of each product: income − cost − allocated = result.

    Grain: one row per (service, month) with an entry or a budget up to the month of `as_of`. Unit: øre without VAT.
    """
    return Query(
        statement("ledger/product_month", external=_EXTERNAL),
        {"entry": entry, "budget": budget},
        {"through": span.through},
    )


BUILDS = (placed_cost, withdrawn_line, person_priced_line, allocation, unmapped_cost, joining_fee_gap)
"""Builds before periods are closed (`assets/closing.py`)."""
BUILDS_OF_THE_LEDGER = (product_month,)
"""Builds that sum the entries in the periods in which they are booked."""
