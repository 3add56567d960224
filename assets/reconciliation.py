"""Billed against measured: the difference, in units and kroner, and the reasons for it."""

from __future__ import annotations

from assets.build import BuildWindow, builds
from assets.ledger import PERSON_PRICED
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan
from catalog.domain import person_priced
from catalog.tables import billing, conformed, reconciliation, reference

_OPEN = ", ".join(map(quoted, reconciliation.OPEN_REASONS))


@builds(
    reconciliation.RECONCILIATION_CELL,
    invoice_line=conformed.INVOICE_LINE,
    invoice_basis=billing.INVOICE_BASIS,
    element=reference.PRICE_ELEMENT,
)
def reconciliation_cell(span: BuildWindow, invoice_line: Scan, invoice_basis: Scan, element: Scan) -> Scan:
    """What was billed against what use implies.

    Grain: one row per (organisation_number, service, price_element, month) with an invoice line or a row of the basis.
    Units: the element's, and øre without VAT. Measured and expected are 0 where use is measured and there was none.
    They are null where nothing measures it: the basis has neither the element nor another of the service that counts
    the same, or not yet. Null in `span`: a person-priced element with too few payers even in the year.
    """
    del span
    inputs = {
        "invoice_line": invoice_line,
        "invoice_basis": invoice_basis,
        "element": element,
        # kept, so that its small size is known: cells are looked up in it, not the reverse over a million cells
        "invoiced_to": _step("invoiced_to", invoice_line=invoice_line),
    }
    few = " or ".join(
        f"count(distinct payer_number) filter ({side}) between 1 and {person_priced.FEWEST - 1}"
        for side in ("billed", "not billed")
    )
    return Query(statement("ledger/reconciliation_cell", person_priced=PERSON_PRICED, few=few), inputs)


@builds(
    reconciliation.RECONCILIATION_PART,
    reconciliation_cell=reconciliation.RECONCILIATION_CELL,
    invoice_line=conformed.INVOICE_LINE,
    invoice_basis=billing.INVOICE_BASIS,
    late_use=billing.LATE_USE,
)
def reconciliation_part(
    span: BuildWindow, reconciliation_cell: Scan, invoice_line: Scan, invoice_basis: Scan, late_use: Scan
) -> Scan:
    """Why billed and measured differ.

    Grain: one row per cell that differs and reason that explains a part of it; the parts sum to the differences in
    units and øre. Units are explained first, in the order of `REASONS`, never more than is left and never of the other
    sign; they are priced by the basis, or as billed where it has no price. Then come differences in money only: another
    price, rounding. Person-priced elements are explained by organisation, and told as the sums of the country.
    """
    del span
    billed = Query(statement("ledger/reconciliation_billed"), {"invoice_line": invoice_line})
    differing = _step("differing", reconciliation_cell=reconciliation_cell)
    line = _step("line", billed=billed, differing=differing)
    basis_row = _step("basis_row", invoice_basis=invoice_basis, differing=differing)
    witness = _step("witness", differing=differing, line=line, basis_row=basis_row)
    price = _step("price", differing=differing, witness=witness, line=line, basis_row=basis_row)
    shifted = _step("month_shift", differing=differing)
    late = _step("late", billed=billed, late_use=late_use, differing=differing)
    justified = _step(
        "justified",
        correction=_step("correction", billed=billed),
        reconciliation_cell=reconciliation_cell,
        differing=differing,
        month_shift=shifted,
        late=late,
        price=price,
    )
    units = _step(
        "quantity",
        differing=differing,
        month_shift=shifted,
        late=late,
        justified=justified,
        corrects_nothing=_step("corrects_nothing", billed=billed, line=line),
        payer=_step("payer", line=line, basis_row=basis_row),
        account=_step("account", line=line, invoice_basis=invoice_basis),
    )
    inputs = {
        "reconciliation_quantity": units,
        "price": price,
        "differing": differing,
        "reconciliation_told": _told(reconciliation_cell),
    }
    return Query(statement("ledger/reconciliation_part", person_priced=PERSON_PRICED), inputs)


@builds(
    reconciliation.RECONCILIATION,
    all_months=True,
    reconciliation_cell=reconciliation.RECONCILIATION_CELL,
    reconciliation_part=reconciliation.RECONCILIATION_PART,
)
def reconciled(span: BuildWindow, reconciliation_cell: Scan, reconciliation_part: Scan) -> Scan:
    """Billed against measured, with its status.

    Grain: one row per cell; of person-priced elements one per month, quarter or year with enough payers, organisation
    null. Units: the element's, and øre without VAT. Where nothing measures the use, all columns that depend on it are
    null.
    """
    del span
    inputs = {
        "reconciliation_cell": reconciliation_cell,
        "reconciliation_told": _told(reconciliation_cell),
        "reconciliation_part": reconciliation_part,
    }
    return Query(statement("ledger/reconciliation", open=_OPEN, person_priced=PERSON_PRICED), inputs)


@builds(
    reconciliation.RECONCILIATION_PRODUCT,
    reconciliation=reconciliation.RECONCILIATION,
    reconciliation_part=reconciliation.RECONCILIATION_PART,
)
def reconciliation_product(span: BuildWindow, reconciliation: Scan, reconciliation_part: Scan) -> Scan:
    """The amounts at stake for each product.

    Grain: one row per (service, month) with a row in the reconciliation. Unit: øre without VAT. Person-priced elements
    are left out: readers of the products may not see their measured use exactly.
    """
    del span
    inputs = {"reconciliation": reconciliation, "reconciliation_part": reconciliation_part}
    return Query(statement("ledger/reconciliation_product", open=_OPEN), inputs)


def _told(reconciliation_cell: Scan) -> Query:
    sql = statement("ledger/reconciliation_told", person_priced=PERSON_PRICED)
    return Query(sql, {"reconciliation_cell": reconciliation_cell})


def _step(name: str, **inputs: Scan) -> Scan:
    """An intermediate step, computed once; other statements name it as they choose."""
    return Query(statement(f"ledger/reconciliation_{name}"), inputs, kept=True)


BUILDS = (reconciliation_cell, reconciliation_part, reconciled, reconciliation_product)
