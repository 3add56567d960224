"""Counts as others than operators are told them, where each row may be a person."""

from __future__ import annotations

STEP = 50
"""Counts are rounded up to a multiple of this, which hides even four dispatches with a dozen states each."""


def rounded_up(rows: int) -> int:
    """A number of rows rounded up to the next fifty."""
    return -(-rows // STEP) * STEP


def coarse(rows: int, apart: int) -> int:
    """A number of rows as published: those `apart`, each of which may be a person, are rounded up to the next fifty.

    Only they are rounded, before they are added. The number of the others is known, and would bound a rounded sum.
    """
    return rows - apart + rounded_up(apart)
