"""The change from one number to another, in per cent: the one rule for pages, answers, mails and files.

A percentage of a small base is noise, so below `SMALLEST_BASE` both numbers are told. It is a whole per cent, with one
decimal from `TENTHS_FROM` up. A decided price is no sample: its change is exact (`self_cost.change_percent`).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

SMALLEST_BASE: Final = 20
"""The smallest base of a percentage: dispatches, customers, or kroner."""
TENTHS_FROM: Final = 1_000
"""The smallest base of a percentage with a decimal."""


def in_percent(before: Decimal | int, now: Decimal | int) -> Decimal | None:
    """The change from `before` to `now` in per cent, rounded to what the base bears; None below `SMALLEST_BASE`."""
    base = abs(Decimal(before))
    if base.quantize(Decimal(1), ROUND_HALF_UP) < SMALLEST_BASE:
        return None
    places = Decimal("0.1") if base >= TENTHS_FROM else Decimal(1)
    return ((Decimal(now) - Decimal(before)) * 100 / base).quantize(places, ROUND_HALF_UP)
