"""Counts as others than operators are told them, where each row may be a person."""

from __future__ import annotations

from typing import Final

ROWS: Final = 50
"""Counts are rounded up to a multiple of this, which hides even four dispatches with a dozen states each."""
BYTES: Final = 1 << 16
"""Sizes are rounded up to a multiple of this: a small batch's says how many rows it has."""


def rounded_up(number: int, step: int = ROWS) -> int:
    """A number of rows rounded up to the next fifty, or of something else to another step."""
    return -(-number // step) * step


def published_count(rows: int, apart: int) -> int:
    """A number of rows as published: those `apart`, each of which may be a person, are rounded up to the next fifty.

    Only they are rounded, before they are added. The number of the others is known, and would bound a rounded sum.
    """
    return rows - apart + rounded_up(apart)
