"""Accrual: income belongs to the months that a price is for, whenever it is invoiced.

A line of a price for a year or a quarter is for its own month and the rest of that calendar year or quarter, an equal
part each. What is summed as invoiced, such as reconciliation, loans and what customers pay, reads invoice lines or the
account INCOME and is not moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from assets.build import Step, sql_step, values_step
from catalog import facts
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Scan, Values
from catalog.domain.pricing import FOR_TIME, MONTHS_OF_UNIT, PriceKind, PriceRule, rules_of
from catalog.tables import ledger, registers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

_YEAR = 12
_YEARLY = (PriceKind.FIXED, PriceKind.SIZE_CLASS)
"""Kinds that are yearly where no rule says otherwise."""
_PRICE_MONTHS = pa.schema(
    [
        ("price_element", pa.string()),
        ("first_day", pa.date32()),
        ("next_day", pa.date32()),
        ("months", pa.int32()),
    ]
)


def price_months(price_rule: Scan) -> Values:
    """How many months a unit of each price for time is for, from a day (null: always) until the next (null: still).

    The rules in force on a day say so; where they differ, the shortest time holds. An element without a rule in force
    is as the last rule before said, else as the first after.
    """
    assert isinstance(price_rule, Values)  # noqa: S101 - registers are small tables in memory
    price_rows = [row for row in price_rule.table.to_pylist() if row["kind"] in set(PriceKind)]
    by_element: dict[str, list[PriceRule]] = {}
    for rule in rules_of(price_rows):
        by_element.setdefault(rule.price_element, []).append(rule)
    rows = [
        {"price_element": element["price_element"], "first_day": first, "next_day": after, "months": months}
        for element in facts.read("price_element")
        if PriceKind(element["kind"]) in FOR_TIME
        for first, after, months in _months_of(PriceKind(element["kind"]), by_element.get(element["price_element"], ()))
    ]
    return Values(pa.Table.from_pylist(rows, _PRICE_MONTHS))


def _months_of(kind: PriceKind, rules: Sequence[PriceRule]) -> Iterator[tuple[date | None, date | None, int]]:
    if not rules:
        yield None, None, _YEAR if kind in _YEARLY else 1
        return
    turns = sorted({day for rule in rules for day in (rule.valid_from, rule.valid_to) if day is not None})
    months = 0
    for first, after in zip(turns, (*turns[1:], None), strict=True):
        holding = (r.months for r in rules if r.valid_from <= first and (r.valid_to is None or first < r.valid_to))
        months = min(holding, default=months)
        yield None if first == turns[0] else first, after, months


def accrual_of(billed: Step) -> Step:
    """The parts of lines that are income of other months than their own, up to the month of `as_of`.

    Args:
        billed: the lines with their accounts.
    """
    words = " ".join(f"when {quoted(word)} then {months}" for word, months in MONTHS_OF_UNIT.items())
    return sql_step(
        "ledger/accrual",
        billed,
        values_step(price_months, registers.PRICE_RULE),
        slots={
            "months_of_unit": f"case string_split(trim(unit), ' ')[-1] {words} end",
            "ahead": quoted(ledger.INVOICED_AHEAD),
            "before": quoted(ledger.INVOICED_BEFORE),
        },
        materialized=True,
    )
