"""Closing: the period each entry is booked in, so that closed periods do not change, and each quarter's status."""

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
    person_priced_line=ledger.PERSON_PRICED_LINE,
    closed_quarter=registers.PERIOD,
    closed_amount=registers.CLOSED_AMOUNT,
)
def entry(span: BuildWindow, closed_quarter: Scan, closed_amount: Scan, **recorded: Scan) -> Scan:
    """Every entry in the period in which it is booked; see `in_periods`."""
    del span
    return in_periods(booked(**recorded), closed_quarter=closed_quarter, closed_amount=closed_amount)


def in_periods(booked_entry: Scan, *, closed_quarter: Scan, closed_amount: Scan) -> Query:
    """Entries in the period in which each is booked, and the rows that keep closed months unchanged.

    An entry that came after its month was closed is booked in the first later month that was not closed when it came.
    Any other change in a closed month (a withdrawn batch, a new mapping or allocation, a conflict) is reversed there,
    and booked in the first open month after it.

    Grain: one row per booked entry, where sums of payers that cover the same months and are booked in the same one are
    one; and one row per month, original month, service, project, account and category that is reversed or carried
    forward (source `period`). Unit: øre without VAT. Closed months sum to the register `closed_amount`. Over all
    periods the rows sum to the booked entries, also per original month, service, project, account and category. A
    quarter closed before amounts named projects is kept by product, and for projects only in total.
    """
    inputs = {"booked_entry": booked_entry, "closed_quarter": closed_quarter, "closed_amount": closed_amount}
    return Query(statement("ledger/entry", by_us=ledger.BY_US), inputs)


@builds(ledger.PERIOD, entry=ledger.ENTRY, closed_quarter=registers.PERIOD)
def period(span: BuildWindow, entry: Scan, closed_quarter: Scan) -> Scan:
    """The status of each quarter, and what came after it was closed.

    Grain: one row per quarter that an entry belongs to or is booked in, or that the register `period` names. Unit: øre
    without VAT.
    """
    del span
    return Query(statement("ledger/period"), {"entry": entry, "closed_quarter": closed_quarter})


def amounts(entry: Scan, first: date, last: date) -> Scan:
    """The closing amounts of the quarters from a first to a last month: rows of the register `closed_amount`.

    Grain: one row per month, original month, service, project, account and category with a booked entry, in that order.
    Unit: øre without VAT.
    """
    return Query(statement("ledger/closed_amount"), {"entry": entry}, {"first": first, "last": last})


def missing(set_aside: Scan, entry: Scan, first: date, last: date) -> Scan:
    """Quarantined records of a first to a last month, which are in no ledger: their number and amount.

    A record with a later version in the ledger is not missing. A record with several versions counts once, at the
    largest. Amounts are summed without sign, so that a credit hides nothing.

    Grain: one row. Unit: øre without VAT, as text: a quarantined amount may exceed any amount that is accepted.
    """
    sql = statement("ledger/set_aside_of_months")
    after = calendar.next_month(last)
    return Query(sql, {"set_aside": set_aside, "entry": entry}, {"first": first, "after": after})


def correcting_nothing(invoice_line: Scan, first: date, last: date) -> Scan:
    """Lines of a first to a last month that correct an invoice not yet received, or their own.

    Reconciliation reports those that leave a difference (`CORRECTS_NOTHING`); this lists all of them.

    Grain: one row. Unit: lines, and øre without VAT, summed without sign.
    """
    inputs = {"invoice_line": invoice_line}
    return Query(statement("ledger/correcting_nothing"), inputs, {"first": first, "last": last})


BUILDS = (entry, period)
