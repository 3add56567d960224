"""A grid of hexagons: neighbours and centres. And labels beside it, each with a line to its county."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = tuple[int, int]
"""Column and row; odd rows are shifted half a tile to the right."""
Point = tuple[float, float]
"""Distance to the right and down, in tile widths."""
Line = tuple[float, float, float, float]
"""From one point to another: x, y, x, y."""
Frame = tuple[float, float, float, float]
"""Left, top, width and height, in tile widths."""
ROW: Final = math.sqrt(3) / 2
"""The distance from one row to the next, in tile widths."""
HALF_HIGH: Final = 1 / math.sqrt(3)
"""The distance from a hexagon's centre to its top corner, in tile widths."""
LABEL_HIGH: Final = 2.0
"""The height of a name above its number, in tile widths."""


@functools.cache
def beside(cell: Cell) -> tuple[Cell, ...]:
    """The six neighbours of a cell: west, east, and the four above and below it."""
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
    """The centre of a cell."""
    return cell[0] + cell[1] % 2 / 2, cell[1] * ROW


def together(cells: Iterable[Cell]) -> int:
    """How many connected pieces the cells form."""
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
    """A county's name: its upper left corner, its width, and a line from its edge to the county."""

    x: float
    y: float
    wide: float
    line: Line

    def meets(self, other: Label) -> bool:
        """The labels overlap, or a line crosses a label or the other line."""
        over = self.x < other.x + other.wide + 0.5 and other.x < self.x + self.wide + 0.5
        if over and self.y < other.y + LABEL_HIGH + 0.2 and other.y < self.y + LABEL_HIGH + 0.2:
            return True
        return self.crossed_by(other.line) or other.crossed_by(self.line) or _cross(self.line, other.line)

    def crossed_by(self, line: Line) -> bool:
        """A line crosses it or comes close. Liang-Barsky: clips the line to each pair of sides in turn."""
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


def _cross(this: Line, other: Line) -> bool:
    def side(line: Line, x: float, y: float) -> bool:
        return (line[2] - line[0]) * (y - line[1]) > (line[3] - line[1]) * (x - line[0])

    return side(this, *other[:2]) != side(this, *other[2:]) and side(other, *this[:2]) != side(other, *this[2:])
