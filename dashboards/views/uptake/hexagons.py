"""Hexagons side by side: which touch which, and where their middles are. And names beside them, with a line each."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = tuple[int, int]
"""Column and row; every other row, the odd ones, stands half a tile to the right."""
Point = tuple[float, float]
"""To the right and down, in widths of a tile."""
Line = tuple[float, float, float, float]
"""From a point to another."""
ROW: Final = math.sqrt(3) / 2
"""From one row to the next, in widths of a tile."""
HALF_HIGH: Final = 1 / math.sqrt(3)
"""From the middle of a hexagon up to its point."""
LABEL_HIGH: Final = 2.0
"""Of a name over its number, in widths of a tile."""


@functools.cache
def beside(cell: Cell) -> tuple[Cell, ...]:
    """The six cells that a cell touches: west, east, and the four above and below it."""
    column, row = cell
    shift = row % 2
    return (
        (column - 1, row),
        (column + 1, row),
        (column - 1 + shift, row - 1),
        (column + shift, row - 1),
        (column - 1 + shift, row + 1),
        (column + shift, row + 1),
    )


@functools.cache
def middle(cell: Cell) -> Point:
    """The middle of a cell."""
    return cell[0] + cell[1] % 2 / 2, cell[1] * ROW


def together(cells: Iterable[Cell]) -> int:
    """How many pieces the cells make."""
    left, pieces = set(cells), 0
    while left:
        pieces += 1
        waiting = [left.pop()]
        while waiting:
            for near in beside(waiting.pop()):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
    return pieces


@dataclass(frozen=True, slots=True)
class Label:
    """Where a county's name stands, its upper left corner, and a line from its edge to the county."""

    x: float
    y: float
    wide: float
    line: Line

    def meets(self, other: Label) -> bool:
        """They stand in each other's way, or a line runs over a label or over another line."""
        over = self.x < other.x + other.wide + 0.5 and other.x < self.x + self.wide + 0.5
        if over and self.y < other.y + LABEL_HIGH + 0.2 and other.y < self.y + LABEL_HIGH + 0.2:
            return True
        return self.crossed_by(other.line) or other.crossed_by(self.line) or _cross(self.line, other.line)

    def crossed_by(self, line: Line) -> bool:
        """A line runs over it or close by (the part of the line within each pair of sides, after Liang and Barsky)."""
        ax, ay, bx, by = line
        first, last = 0.0, 1.0
        for start, end, low, high in (
            (ax, bx, self.x - 0.3, self.x + self.wide + 0.3),
            (ay, by, self.y - 0.2, self.y + LABEL_HIGH + 0.2),
        ):
            if start == end:
                if not low < start < high:
                    return False
                continue
            ins = sorted(((low - start) / (end - start), (high - start) / (end - start)))
            first, last = max(first, ins[0]), min(last, ins[1])
            if first >= last:
                return False
        return True


def _cross(one: Line, other: Line) -> bool:
    def side(line: Line, x: float, y: float) -> bool:
        return (line[2] - line[0]) * (y - line[1]) > (line[3] - line[1]) * (x - line[0])

    return side(one, *other[:2]) != side(one, *other[2:]) and side(other, *one[:2]) != side(other, *one[2:])
