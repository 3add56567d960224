"""Closing: the period each entry is booked in, so that closed periods do not change, and each quarter's status."""

from __future__ import annotations

from datetime import date

from assets.build import from_sql
from assets.ledger import booked_entry
from assets.statements import statement
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.tables import ledger, registers

entry = from_sql(
    ledger.ENTRY,
    registers.CLOSED_AMOUNT,
    all_months=True,
    booked_entry=booked_entry,
    closed_quarter=registers.PERIOD,
    slots={"by_us": ledger.BY_US},
)
period = from_sql(ledger.PERIOD, ledger.ENTRY, closed_quarter=registers.PERIOD)

BUILDS = (entry, period)


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


def billed_twice(invoice_line: Scan, first: date, last: date) -> Scan:
    """Invoices of a first to a last month whose lines are those of an earlier number of the same sender.

    Within one EHF file such a copy is refused. In two files it may be two invoices, so it counts and is told here. One
    that a credit note corrects, or the first of which one does, is settled.

    Grain: one row: øre without VAT, summed without sign, and the numbers of the later ones.
    """
    inputs = {"invoice_line": invoice_line}
    return Query(statement("ledger/billed_twice"), inputs, {"first": first, "last": last})
