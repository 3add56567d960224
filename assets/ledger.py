"""The product ledgers: every amount with its source, and the monthly account of each product."""

from __future__ import annotations

from assets import suppression
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan
from catalog.domain import allocation as keys
from catalog.domain.products import EXTERNAL_SERVICES
from catalog.tables import conformed, ledger, reference, registers, uptake, usage

_EXTERNAL = ", ".join(quoted(s) for s in EXTERNAL_SERVICES)
_DEFAULT_KEY = (
    "case cost_category "
    + " ".join(f"when {quoted(category)} then {quoted(key)}" for category, key in keys.DEFAULT_KEYS.items())
    + " end"
)


def _billed(invoice_line: Scan, loan_entry: Scan, element: Scan, project: Scan) -> Query:
    """Which lines are income and which repay loans; shared by several builds."""
    inputs = {"invoice_line": invoice_line, "loan_entry": loan_entry, "element": element, "project": project}
    return Query(statement("ledger/billed"), inputs)


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
    ledger.ALLOCATION,
    placed_cost=ledger.PLACED_COST,
    invoice_line=conformed.INVOICE_LINE,
    loan_entry=conformed.LOAN_ENTRY,
    element=reference.PRICE_ELEMENT,
    project=registers.PROJECT,
    measure_total=usage.MEASURE_TOTAL_MONTH,
    dispatch_month=usage.DISPATCH_MONTH,
    status_month=uptake.STATUS_MONTH,
)
def allocation(
    span: BuildWindow,
    placed_cost: Scan,
    measure_total: Scan,
    dispatch_month: Scan,
    status_month: Scan,
    **invoiced: Scan,
) -> Scan:
    """The split of each shared cost over the services, by largest remainder.

    Grain: one row per shared cost entry with a key and service with a weight by that key in the entry's month. Unit:
    øre without VAT, with the entry's sign. Entries without any weight have no row. Hidden figures weigh nothing.
    """
    del span
    inputs = {
        "placed_cost": placed_cost,
        "billed": _billed(**invoiced),
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
    *, invoice_line: Scan, placed_cost: Scan, loan_entry: Scan, allocation: Scan, element: Scan, project: Scan
) -> Query:
    """Every amount with its source, in its own period, before periods are closed (`assets/closing.py`).

    Grain: one row per record of the three streams; one more for a joining fee that partly exceeds the loan, and for a
    repayment that names a fee; and for each allocated cost one row on shared and one per service, which sum to zero.
    Where use that counts persons at a sensitive service is billed by the unit, one row per element, period and receipt,
    without organisation or invoice. Unit: øre without VAT; reductions of a loan are negative, otherwise amounts sum to
    each stream. Service is null for a cost that no service carries. Organisation is null where none is named. Not a
    table: writing and reading a million and a half rows takes longer than computing them where they are closed.
    """
    billed = _billed(invoice_line, loan_entry, element, project)
    inputs = {
        "billed": billed,
        **_fees(billed, loan_entry, project),
        "placed_cost": placed_cost,
        "loan_entry": loan_entry,
        "allocation": allocation,
        "element": element,
    }
    slots = {
        "sensitive": suppression.SENSITIVE,
        "persons": suppression.COUNT_PERSONS,
        "outside": ledger.OUTSIDE,
        "external": _EXTERNAL,
        "summed": ledger.SUMMED,
    }
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


BUILDS = (placed_cost, allocation, unmapped_cost, joining_fee_gap)
"""Builds before periods are closed (`assets/closing.py`)."""
BUILDS_OF_THE_LEDGER = (product_month,)
"""Builds that sum the entries in the periods in which they are booked."""
