"""Billed against measured: the difference, in units and kroner, and the reasons for it."""

from __future__ import annotations

from dataclasses import replace

from assets.build import Step, StepInput, from_sql, sql_step
from assets.ledger import PERSON_PRICED
from catalog.contracts.rules import quoted
from catalog.domain import person_priced
from catalog.tables import billing, conformed, reconciliation, reference

_OPEN = ", ".join(map(quoted, reconciliation.OPEN_REASONS))
_FEW = " or ".join(
    f"count(distinct payer_number) filter ({side}) between 1 and $fewest - 1" for side in ("billed", "not billed")
)


def _step(name: str, *inputs: StepInput) -> Step:
    """An intermediate step, computed once."""
    return replace(sql_step(f"ledger/reconciliation_{name}", *inputs, materialized=True), name=name)


_billed = replace(sql_step("ledger/reconciliation_billed", conformed.INVOICE_LINE), name="billed")
_person_priced_rows = sql_step(
    "ledger/reconciliation_told", reconciliation.RECONCILIATION_CELL, slots={"person_priced": PERSON_PRICED}
)
_differing = _step("differing", reconciliation.RECONCILIATION_CELL)
_line = _step("line", _billed, _differing)
_basis_row = _step("basis_row", billing.INVOICE_BASIS, _differing)
_month_shift = _step("month_shift", _differing)
_late = _step("late", _billed, billing.LATE_USE, _differing)
_price = _step("price", _differing, _step("witness", _differing, _line, _basis_row), _line, _basis_row)
_justified = _step(
    "justified",
    _step("correction", _billed),
    reconciliation.RECONCILIATION_CELL,
    _differing,
    _month_shift,
    _late,
    _price,
)
_quantity = _step(
    "quantity",
    _differing,
    _month_shift,
    _late,
    _justified,
    _step("corrects_nothing", _billed, _line),
    _step("payer", _line, _basis_row),
    _step("account", _line, billing.INVOICE_BASIS),
)

reconciliation_cell = from_sql(
    reconciliation.RECONCILIATION_CELL,
    conformed.INVOICE_LINE,
    billing.INVOICE_BASIS,
    # kept, so that its small size is known: cells are looked up in it, not the reverse over a million cells
    _step("invoiced_to", conformed.INVOICE_LINE),
    element=reference.PRICE_ELEMENT,
    slots={"person_priced": PERSON_PRICED, "few": _FEW},
    parameters={"fewest": lambda _: person_priced.FEWEST},
)
reconciliation_part = from_sql(
    reconciliation.RECONCILIATION_PART,
    _price,
    _differing,
    _person_priced_rows,
    reconciliation_quantity=_quantity,
    slots={"person_priced": PERSON_PRICED},
)
reconciled = from_sql(
    reconciliation.RECONCILIATION,
    reconciliation.RECONCILIATION_CELL,
    _person_priced_rows,
    reconciliation.RECONCILIATION_PART,
    all_months=True,
    slots={"open": _OPEN, "person_priced": PERSON_PRICED},
)
reconciliation_product = from_sql(
    reconciliation.RECONCILIATION_PRODUCT,
    reconciliation.RECONCILIATION,
    reconciliation.RECONCILIATION_PART,
    slots={"open": _OPEN},
)

BUILDS = (reconciliation_cell, reconciliation_part, reconciled, reconciliation_product)
