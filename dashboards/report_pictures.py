"""The ledgers' reports in pictures: use by month, and the way from income to result. Pure: values in, markup out."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from dashboards import wording
from dashboards.charts import BAND, GREY, PICTURE_WIDE, PRIMARY, RULE, TEXT, label_at, picture
from dashboards.findings import months_between, next_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.texts import Words

_DIGIT: Final = 7.5
"""How wide a digit is."""
_YEAR_WIDE: Final = 36
"""How wide a year is, with room around it."""
_BELOW: Final = "#c01b1b"
_LIGHT: Final = "#a996e4"


def _round_top(most: Decimal) -> int:
    """The least number of one or two leading digits that is not below `most`, so that an axis ends on it."""
    whole = max(int(most.to_integral_value(ROUND_CEILING)), 1)
    step = int(f"1{'0' * max(len(str(whole)) - 2, 0)}")
    return -(-whole // step) * step


def bars_svg(
    months: Sequence[tuple[date, Decimal | None]], first: date, last: date, since: date, label: str, words: Words
) -> str:
    """A bar a month, from zero; a month that is hidden or that nobody measured is shaded and empty.

    Args:
        months: quantities in the order of months; None is hidden.
        first: the month at the left.
        last: the month at the right.
        since: from which month bars are highlighted.
        label: what the picture says, for who does not see it.
        words: the texts.
    """
    known = {month: quantity for month, quantity in months if quantity is not None}
    top_value = _round_top(max(known.values(), default=Decimal(0)))
    said = [wording.number(value, words.language) for value in (0, top_value // 2, top_value)]
    left, right, top, bottom, height = max(len(one) for one in said) * _DIGIT + 12, PICTURE_WIDE - 2, 12, 184, 206
    wide = (right - left) / (months_between(first, last) + 1)
    parts = []
    for value, text in zip((0, top_value // 2, top_value), said, strict=True):
        y = bottom - (bottom - top) * value / top_value
        parts.append(f'<path d="M{left:.1f} {y:.1f}H{right}" stroke="{RULE}" fill="none"/>')
        parts.append(label_at(left - 6, y + 4, text, anchor="end"))
    month, place = first, 0
    while month <= last:
        x = left + place * wide
        if month in known:
            tall = float(known[month]) * (bottom - top) / top_value
            colour = PRIMARY if month >= since else GREY
            parts.append(
                f'<rect x="{x + wide * 0.12:.1f}" y="{bottom - tall:.1f}" width="{wide * 0.76:.1f}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )
        else:
            parts.append(f'<rect x="{x:.1f}" y="{top}" width="{wide:.1f}" height="{bottom - top}" fill="{BAND}"/>')
        if month.month == 1 or place == 0:
            parts.append(f'<path d="M{x:.1f} {bottom}v5" stroke="{GREY}" fill="none"/>')
            crowded = place == 0 and months_between(first, date(first.year + 1, 1, 1)) * wide < _YEAR_WIDE
            if not crowded and right - x > _YEAR_WIDE:
                parts.append(label_at(x + 3, bottom + 18, str(month.year)))
        month, place = next_month(month), place + 1
    return picture(parts, height, label)


def flow_svg(start: int, end: int, low: int, high: int, *, kind: str) -> str:
    """A step on the way from income to result: a bar from where the sum stood to where it stands after it.

    The numbers stand beside it, so it is nothing to who does not see it.

    Args:
        start: the sum before.
        end: the sum after.
        low: the least that any of the steps comes to, and zero at most.
        high: the most.
        kind: `income`, `cost` or `result`.
    """
    long, height = 150, 16
    span = max(high - low, 1)

    def across(value: int) -> float:
        return (long - 2) * (value - low) / span + 1

    x, y = sorted((across(start), across(end)))
    colour = {"income": PRIMARY, "cost": _LIGHT, "result": PRIMARY if end >= start else _BELOW}[kind]
    zero = across(0)
    return (
        f'<svg class="dif-bar" aria-hidden="true" viewBox="0 0 {long} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<rect x="{x:.1f}" y="2" width="{max(y - x, 1):.1f}" height="12" fill="{colour}"/>'
        f'<path d="M{zero:.1f} 0V{height}" stroke="{TEXT}" stroke-width="1"/></svg>'
    )
