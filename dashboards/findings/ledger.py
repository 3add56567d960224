"""How the ledgers' amounts compare, in words, for pages and reports. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import wording
from dashboards.answers.ledger import kept_a_year_before
from dashboards.findings import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from dashboards.texts import Words


def against(amount: int, than: int, of: str, words: Words, *, result: bool = False) -> str:
    """How an amount compares: `1 200 kr mer enn budsjettert`; a result is better or worse."""
    if amount == than:
        return words("ledger.same", than=of)
    more, less = ("ledger.better", "ledger.worse") if result else ("ledger.more", "ledger.less")
    by = wording.kroner(abs(amount - than), words.language)
    return words(more if amount > than else less, amount=by, than=of)


def last_year(now: int, then: int | None, begun: date | None, month: date, words: Words) -> str:
    """How an amount compares with the same months of the year before, or why it does not."""
    year = str(month.year - 1)
    if then is not None:
        return against(now, then, words("ledger.last_year", year=year), words)
    if begun is None or kept_a_year_before(begun, month):
        return words("ledger.new", year=year)
    return words("ledger.begun", year=year, month=wording.month(begun, words.language))


def months(month: date, words: Words) -> str:
    """The months of the year so far: `januar–oktober 2026`."""
    last = wording.month(month, words.language)
    return last if month.month == 1 else words("ledger.months", month=last)


def coverage(value: Decimal | None, words: Words) -> str:
    """Self-cost coverage, or that it is missing."""
    return wording.MISSING if value is None else wording.per_cent(value, words.language)


def synthetic(rows: Iterable[object]) -> bool:
    """Any of the rows was made by the simulator."""
    return any(getattr(one, "synthetic", False) for one in rows)


def missing(label: str, reason: str, metric: str = "") -> Figure:
    """A key figure that is not known, and why. `metric`: the definition that it has."""
    return Figure(label, wording.MISSING, reason, metric=metric)
