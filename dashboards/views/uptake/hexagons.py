"""A grid of hexagons: neighbours and centres. And labels beside it, each with a line to its county."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Label:
    """A county's name: its upper left corner, its width, and a line from its edge to the county."""

    x: float
    y: float
    wide: float
    line: Line
