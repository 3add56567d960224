"""The product ledgers: every krone with its source, and the month's account of each product."""

from __future__ import annotations

from assets import suppression
from assets.making import Span, makes
from assets.statements import statement
from catalog import conformed, ledger, reference, registers
from catalog.scan import Query, Scan


@makes(
    ledger.ENTRY,
    invoice_line=conformed.INVOICE_LINE,
    cost_entry=conformed.COST_ENTRY,
    loan_entry=conformed.LOAN_ENTRY,
    element=reference.PRICE_ELEMENT,
)
def entry(span: Span, invoice_line: Scan, cost_entry: Scan, loan_entry: Scan, element: Scan) -> Scan:
    """Every krone with its source.

    Grain: one row per record of the three streams; the amounts sum to each stream. Unit: øre without VAT. Cost that no
    service carries yet has service null: it is shared, and not allocated here. Organisation is null where nobody is
    named, and where use that counts persons at a sensitive service is billed by the unit.
    """
    del span
    inputs = {"invoice_line": invoice_line, "cost_entry": cost_entry, "loan_entry": loan_entry, "element": element}
    slots = {"sensitive": suppression.SENSITIVE, "persons": suppression.COUNT_PERSONS}
    return Query(statement("ledger/entry", **slots), inputs)


@makes(ledger.PRODUCT_MONTH, entry=ledger.ENTRY, budget=registers.BUDGET)
def product_month(span: Span, entry: Scan, budget: Scan) -> Scan:
    """The month's account of each product: income − cost − allocated = result.

    Grain: one row per (service, month) with an entry or a budget up to the month of `as_of`. Unit: øre without VAT.
    """
    return Query(statement("ledger/product_month"), {"entry": entry, "budget": budget}, {"through": span.through})


MAKINGS = (entry, product_month)
