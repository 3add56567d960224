"""Closing: which period each krone is booked in, so that a closed one does not move, and how each quarter stands."""

from __future__ import annotations

from datetime import date

from assets.build import BuildWindow, builds
from assets.ledger import booked
from assets.statements import statement
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.tables import conformed, ledger, reference, registers


@builds(
    ledger.ENTRY,
    all_months=True,
    invoice_line=conformed.INVOICE_LINE,
    placed_cost=ledger.PLACED_COST,
    loan_entry=conformed.LOAN_ENTRY,
    allocation=ledger.ALLOCATION,
    element=reference.PRICE_ELEMENT,
    project=registers.PROJECT,
    closed_quarter=registers.PERIOD,
    closed_amount=registers.CLOSED_AMOUNT,
)
def entry(span: BuildWindow, closed_quarter: Scan, closed_amount: Scan, **recorded: Scan) -> Scan:
    """Every krone in the period that it is booked in, as `in_periods` has it."""
    del span
    return in_periods(booked(**recorded), closed_quarter=closed_quarter, closed_amount=closed_amount)


def in_periods(booked_entry: Scan, *, closed_quarter: Scan, closed_amount: Scan) -> Query:
    """Entries in the period that each is booked in, and what holds closed months still.

    An entry that came after its month was closed is booked in the first month after it that was not closed when it
    came. What else has changed in a closed month since (a batch taken back, another mapping or allocation, a conflict)
    is put right there, and booked in the first open month after it.

    Grain: one row per booked entry, and a row per month, original month, service, project, account and category
    that is put right or put forward (source `period`). Unit: øre without VAT. Closed months sum to the register
    `closed_amount`; over all periods the rows sum to the booked entries, per original month, service, project, account
    and category too. A quarter that was closed before amounts named projects holds its products, and its projects in
    sum alone.
    """
    inputs = {"booked_entry": booked_entry, "closed_quarter": closed_quarter, "closed_amount": closed_amount}
    return Query(statement("ledger/entry"), inputs)


@builds(ledger.PERIOD, entry=ledger.ENTRY, closed_quarter=registers.PERIOD)
def period(span: BuildWindow, entry: Scan, closed_quarter: Scan) -> Scan:
    """How each quarter stands, and what came after it was closed.

    Grain: one row per quarter that an entry is of or booked in, or that the register `period` names. Unit: øre without
    VAT.
    """
    del span
    return Query(statement("ledger/period"), {"entry": entry, "closed_quarter": closed_quarter})


def amounts(entry: Scan, first: date, last: date) -> Scan:
    """What the quarters from a first to a last month are closed at: rows of the register `closed_amount`.

    Grain: one row per month, original month, service, project, account and category with an entry booked there, in the
    order of these. Unit: øre without VAT.
    """
    return Query(statement("ledger/closed_amount"), {"entry": entry}, {"first": first, "last": last})


def missing(set_aside: Scan, entry: Scan, first: date, last: date) -> Scan:
    """What is set aside of a first to a last month, and so is in no ledger: how many records, and how much.

    A record of which a later version is in the ledger is not missing. One with several versions counts once, at the
    largest; amounts are summed without their signs, so that a credit hides nothing.

    Grain: one row. Unit: øre without VAT, as text: what is set aside may be larger than any amount that is let in.
    """
    sql = statement("ledger/set_aside_of_months")
    after = calendar.next_month(last)
    return Query(sql, {"set_aside": set_aside, "entry": entry}, {"first": first, "after": after})


def correcting_nothing(invoice_line: Scan, first: date, last: date) -> Scan:
    """Lines of a first to a last month that correct an invoice which has not come, or their own.

    Reconciliation tells of those that leave a difference (`CORRECTS_NOTHING`); these are all.

    Grain: one row. Unit: lines, and øre without VAT, summed without signs.
    """
    inputs = {"invoice_line": invoice_line}
    return Query(statement("ledger/correcting_nothing"), inputs, {"first": first, "last": last})


BUILDS = (entry, period)
