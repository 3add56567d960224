"""Rounds counts for publication where each row may be a person."""

from __future__ import annotations

from typing import Final

ROWS: Final = 50
"""Counts are rounded up to a multiple of this, which hides even four dispatches with a dozen states each."""
BYTES: Final = 1 << 16
"""Sizes are rounded up to a multiple of this: a small batch's says how many rows it has."""


def rounded_up(number: int, step: int = ROWS) -> int:
    """Round up to the next multiple of a step; rows to the next fifty."""
    return -(-number // step) * step


def published_count(rows: int, apart: int) -> int:
    """A count of rows for publication: rounds `apart`, the rows that may be persons, up to the next fifty.

    The sum is not rounded: the number of other rows is known, and would bound a rounded sum.
    """
    return rows - apart + rounded_up(apart)
