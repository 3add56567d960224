"""What numbers say, worked out and put in words. Pure: answers in, sentences and figures out. A module a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dashboards import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards.answers.service import Foreseen
    from dashboards.answers.uptake import Outlook
    from dashboards.texts import Words

MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: what, how much, and compared with what, in words. `metric`: the definition that it has."""

    label: str
    value: str
    words: str
    synthetic: bool = False
    metric: str = ""


def short(name: str) -> str:
    """A name without what stands in brackets after it."""
    return name.split(" (", maxsplit=1)[0]


def months_between(first: date, last: date) -> int:
    """How many months `last` is after `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


def next_month(month: date) -> date:
    """The month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    """The month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def synthetic(rows: Iterable[object]) -> bool:
    """Any of the rows was made by the simulator."""
    return any(getattr(one, "synthetic", False) for one in rows)


def synthetic_note(words: Words, *, synthetic: bool) -> str:
    """` · syntetisk` where a number is; else nothing."""
    return f" · {words('app.synthetic')}" if synthetic else ""


def synthetic_sentence(words: Words, *, synthetic: bool) -> str:
    """` Syntetiske tall.` after a sentence about such numbers; else nothing."""
    return f" {words('app.synthetic.sentence')}" if synthetic else ""


def names(of: Sequence[str], shown: int, words: Words) -> str:
    """Names with commas, the first of them where they are many, and how many more there are."""
    more = len(of) - shown
    listed = list(of) if more <= 1 else [*of[:shown], words("value.more", n=more)]
    return wording.listing(listed, words.language)


def compared(n: int, words: Words) -> str:
    """How many more or fewer there are, before what they are compared with: `3 flere enn`, `like mange som`."""
    return words("compared.same" if n == 0 else "compared.more" if n > 0 else "compared.fewer", n=abs(n))


def change_in_percent(now: Decimal | int, before: Decimal | int) -> Decimal:
    """How much more now than before, in per cent; `before` is not zero."""
    return (Decimal(now) - Decimal(before)) * 100 / Decimal(before)


def missed(found: Sequence[Outlook] | Sequence[Foreseen], words: Words) -> str:
    """How far a forecast was off as far ahead as it was tried, beside the simplest there are; empty where none tells.

    A release from before the simplest were told has one error, of the months that the method was chosen by.
    """
    for ahead in range(len(found), 0, -1):
        one = found[ahead - 1]
        if one.backtest_error is None:
            continue
        error = _error(one.backtest_error, words)
        if one.last_value_error is None or one.mean_error is None:
            return words("forecast.missed.known", error=error)
        simplest = {"last_value": _error(one.last_value_error, words), "mean": _error(one.mean_error, words)}
        return words("forecast.missed", n=ahead, error=error, **simplest)
    return ""


def _error(share: Decimal, words: Words) -> str:
    """A whole per cent, but never none at all: no forecast is without error."""
    small = share < Decimal("0.005")
    return words("forecast.error.small") if small else wording.percent(share, words.language)
