"""Lays out the municipalities as hexagons: `python -m tools.tiles_layout` writes the layout into `catalog/facts`.

The method, which is deterministic:

1. Each municipality is joined to its neighbours: two centres are neighbours where no third lies in the circle between
   them (a Gabriel graph). South is down and east is right; a degree of longitude is as wide as at 65° north.
2. The country is stretched until neighbours are one tile apart, in their true direction: Oslo's surroundings
   grow, the mountains shrink.
3. Then hexagons are swapped and moved many times by simulated annealing, with a fixed seed. A layout is better the
   nearer neighbours are in their direction, the fewer pairs within a county are the wrong way round, the shorter the
   borders of counties and of the country are, and the fewer neighbouring counties are apart. A county in one piece is
   never split.
4. The name of each county is placed on free ground, with a line to the county: near it, over few tiles of others,
   and clear of other names and lines.

Run it when municipalities or counties change. It takes minutes, so the pages read its output.
"""

from __future__ import annotations

import csv
import heapq
import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog import facts
from dashboards.views.uptake.hexagons import LABEL_HIGH, ROW, Cell, Label, Line, Point, beside, middle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WIDE_AT: Final = math.cos(math.radians(65))
_FLAT: Final = 0.85
"""How much nearer north–south neighbours are drawn at first: rows are closer than tiles within a row."""
_SEED: Final = 1
_MOVES: Final = 1_500_000
_FAR: Final = 0.3
"""The share of moves that go two cells."""
LETTER: Final = 0.42
"""The width of a letter in a label, where the map is narrowest."""
NUMBER_LETTERS: Final = 13
"""About the width of `minst 12 av 43`."""
_LABEL_FROM: Final = 8.0
_LABEL_STARTS: Final = 200
_HALF: Final = 0.5
_OVER: Final = 4.0
"""The cost of a label's line over a tile of another county, in tile widths."""
_MEETS: Final = 40.0
"""The cost of labels or their lines meeting."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality to lay out."""

    code: str
    county: str
    latitude: float
    longitude: float

    @property
    def point(self) -> Point:
        """Its position, to the right and down, in degrees of latitude."""
        return self.longitude * _WIDE_AT, -self.latitude


def places() -> list[Place]:
    """The municipalities of now."""
    county = {row["code"]: row["county_code"] for row in facts.read("municipality") if not row["valid_to"]}
    return [
        Place(row["code"], county[row["code"]], float(row["latitude"]), float(row["longitude"]))
        for row in facts.read("municipality_centre")
    ]


def neighbours(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Pairs with no third point in the circle that has the pair as diameter."""
    pairs = []
    for i, (ax, ay) in enumerate(points):
        for j in range(i + 1, len(points)):
            bx, by = points[j]
            x, y = (ax + bx) / 2, (ay + by) / 2
            radius = (ax - x) ** 2 + (ay - y) ** 2
            if all((cx - x) ** 2 + (cy - y) ** 2 >= radius for k, (cx, cy) in enumerate(points) if k not in {i, j}):
                pairs.append((i, j))
    return pairs


def stretched(points: Sequence[Point], pairs: Sequence[tuple[int, int]], rounds: int = 400) -> list[Point]:
    """The points moved until neighbours are about one apart in their direction, and none nearer than that."""
    near: list[list[tuple[int, float, float]]] = [[] for _ in points]
    for i, j in pairs:
        dx, dy = points[j][0] - points[i][0], points[j][1] - points[i][1]
        long = math.hypot(dx, dy)
        near[i].append((j, dx / long, dy / long * _FLAT))
        near[j].append((i, -dx / long, -dy / long * _FLAT))
    now = [(x * 3, y * 2.5) for x, y in points]
    for _ in range(rounds):
        for i, around in enumerate(near):
            x = sum(now[j][0] - dx for j, dx, _ in around) / len(around)
            y = sum(now[j][1] - dy for j, _, dy in around) / len(around)
            now[i] = (x, y)
        now = _apart(now)
    return now


def _apart(points: Sequence[Point]) -> list[Point]:
    """The points with those nearer than a tile pushed apart by half of the shortfall."""
    boxes: dict[Cell, list[int]] = defaultdict(list)
    for i, (x, y) in enumerate(points):
        boxes[math.floor(x), math.floor(y)].append(i)
    moved = list(points)
    for i, (x, y) in enumerate(points):
        push_x = push_y = 0.0
        for column in range(math.floor(x) - 1, math.floor(x) + 2):
            for row in range(math.floor(y) - 1, math.floor(y) + 2):
                for j in boxes.get((column, row), ()):
                    dx, dy = x - points[j][0], y - points[j][1]
                    long = math.hypot(dx, dy)
                    if j != i and 0 < long < 1:
                        push_x += dx / long * (1 - long) / 2
                        push_y += dy / long * (1 - long) / 2
        moved[i] = (x + push_x, y + push_y)
    return moved


def snapped(points: Sequence[Point]) -> list[Cell]:
    """The free cell nearest to each point; points nearest to a cell are placed first."""
    waiting: list[tuple[float, int, Cell]] = []
    for i, (x, y) in enumerate(points):
        for row in range(round(y / ROW) - 6, round(y / ROW) + 7):
            for column in range(round(x) - 6, round(x) + 7):
                at = middle((column, row))
                waiting.append((math.dist(at, (x, y)), i, (column, row)))
    heapq.heapify(waiting)
    cell_of: dict[int, Cell] = {}
    used_cells: set[Cell] = set()
    while len(cell_of) < len(points):
        _, i, cell = heapq.heappop(waiting)
        if i not in cell_of and cell not in used_cells:
            cell_of[i] = cell
            used_cells.add(cell)
    return [cell_of[i] for i in range(len(points))]


class _Layout:
    """The cell of each municipality, and the cost of the layout."""

    # The unitless costs, tuned by looking at the results.
    NEAR: Final = 0.8
    WRONG_WAY: Final = 0.9
    BORDER: Final = 1.3
    COAST: Final = 1.2
    HOME: Final = 0.002
    HOLE: Final = 6.0
    APART: Final = 10.0

    def __init__(self, places: Sequence[Place], pairs: Sequence[tuple[int, int]], home: Sequence[Point]) -> None:
        self.cells = snapped(home)
        self.at = {cell: i for i, cell in enumerate(self.cells)}
        self.home = home
        self.county = [place.county for place in places]
        self.members: dict[str, list[int]] = defaultdict(list)
        for i, place in enumerate(places):
            self.members[place.county].append(i)
        points = [place.point for place in places]
        # one pair counts more in a county with few
        self.wrong_way = {county: self.WRONG_WAY * (1 + 20 / len(members)) for county, members in self.members.items()}
        self.near: list[list[tuple[int, float, float]]] = [[] for _ in places]
        for i, j in pairs:
            dx, dy = points[j][0] - points[i][0], points[j][1] - points[i][1]
            long = math.hypot(dx, dy)
            self.near[i].append((j, dx / long, dy / long))
            self.near[j].append((i, -dx / long, -dy / long))
        # each other municipality of the county, and whether it should be to the right and below
        self.order = [
            [
                (
                    j,
                    math.copysign(1, place.longitude - places[j].longitude),
                    math.copysign(1, places[j].latitude - place.latitude),
                )
                for j in self.members[place.county]
                if j != i
            ]
            for i, place in enumerate(places)
        ]
        self.pieces = {county: together(self.cells[i] for i in members) for county, members in self.members.items()}
        across = {(self.county[i], self.county[j]) for i, j in pairs if self.county[i] != self.county[j]}
        self.wanted = across | {(other, here) for here, other in across}
        self.touching = self.borders(self.cells)[1]

    def cost(self, i: int, other: int | None) -> float:
        """The cost that depends on the cell of `i`, without the part shared with `other`, which is counted there."""
        cell = self.cells[i]
        x, y = middle(cell)
        hx, hy = self.home[i]
        total = self.HOME * ((hx - x) ** 2 + (hy - y) ** 2)
        for j, dx, dy in self.near[i]:
            if j != other:
                ox, oy = middle(self.cells[j])
                total += self.NEAR * ((ox - x - dx) ** 2 + (oy - y - dy) ** 2) ** 0.75
        wrong = 0
        for j, right, down in self.order[i]:
            if j != other:
                ox, oy = middle(self.cells[j])
                wrong += ((x - ox) * right < 0) + ((y - oy) * down < 0)
        total += wrong * self.wrong_way[self.county[i]]
        return total

    def borders(self, cells: Iterable[Cell]) -> tuple[float, Counter[tuple[str, str]]]:
        """The cost of the borders of the cells, and how often counties touch there."""
        total = 0.0
        touching: Counter[tuple[str, str]] = Counter()
        for cell in cells:
            who = self.at.get(cell)
            near = [self.at.get(neighbour) for neighbour in beside(cell)]
            if who is None:
                if near.count(None) <= 1:
                    total += self.HOLE
                continue
            here = self.county[who]
            for other in near:
                if other is None:
                    total += self.COAST
                elif (other_county := self.county[other]) != here:
                    total += self.BORDER / 2
                    touching[here, other_county] += 1
        return total, touching

    def strange(self, before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> float:
        """The cost of neighbouring counties ceasing to touch, and of others starting to; negative for the opposite."""
        total = 0.0
        for pair in sorted({*before, *after}):
            then = self.touching[pair]
            now = then + after[pair] - before[pair]
            if (then > 0) != (now > 0):
                total += self.APART / 2 if (now > 0) != (pair in self.wanted) else -self.APART / 2
        return total

    def put(self, i: int, cell: Cell) -> None:
        """Move `i` to the cell, swapping with any municipality there."""
        was, other = self.cells[i], self.at.get(cell)
        self.cells[i], self.at[cell] = cell, i
        if other is None:
            del self.at[was]
        else:
            self.cells[other], self.at[was] = was, other

    def pieces_of(self, county: str) -> int:
        """The number of pieces of the county."""
        return together(self.cells[i] for i in self.members[county])


def annealed(layout: _Layout, moves: int, *, seed: int = _SEED, hot: float = 3.0, cold: float = 0.1) -> None:
    """Swap and move, accepting fewer and fewer changes for the worse."""
    chance = random.Random(seed)
    count = len(layout.cells)
    for move in range(moves):
        heat = hot * (cold / hot) ** (move / moves)
        i = chance.randrange(count)
        cell = chance.choice(beside(layout.cells[i]))
        if chance.random() < _FAR:
            cell = chance.choice(beside(cell))
        was = layout.cells[i]
        if cell == was:
            continue
        other = layout.at.get(cell)
        if other is None and not any(near in layout.at and near != was for near in beside(cell)):
            continue
        changed = {layout.county[i]} | ({layout.county[other]} if other is not None else set())
        near = {was, cell, *beside(was), *beside(cell)}
        cost = layout.cost(i, None) + (layout.cost(other, i) if other is not None else 0.0)
        borders, touched = layout.borders(near)
        layout.put(i, cell)
        worse = layout.cost(i, None) + (layout.cost(other, i) if other is not None else 0.0) - cost
        borders_now, touching = layout.borders(near)
        worse += borders_now - borders + layout.strange(touched, touching)
        if worse > 0 and chance.random() >= math.exp(-worse / heat):
            layout.put(i, was)
            continue
        if len(changed) == 1 and other is not None:
            continue  # the county has the same cells
        pieces = {county: layout.pieces_of(county) for county in changed}
        if any(pieces[county] > layout.pieces[county] for county in changed):
            layout.put(i, was)
            continue
        layout.pieces.update(pieces)
        layout.touching.update(touching)
        layout.touching.subtract(touched)


def laid_out(places_given: Sequence[Place], moves: int = _MOVES) -> dict[str, Cell]:
    """A cell for each municipality, columns and rows from 0."""
    points = [place.point for place in places_given]
    pairs = neighbours(points)
    layout = _Layout(places_given, pairs, stretched(points, pairs))
    annealed(layout, moves)
    top = min(row for _, row in layout.cells)
    top -= top % 2  # an odd row stays odd
    left = min(column for column, _ in layout.cells)
    return {
        place.code: (column - left, row - top) for place, (column, row) in zip(places_given, layout.cells, strict=True)
    }


def labels(cells: Mapping[str, Cell], county: Mapping[str, str], letters: Mapping[str, int]) -> dict[str, Label]:
    """A place outside the country for each county's name, as near as possible.

    Args:
        cells: municipality → cell.
        county: municipality → county.
        letters: county → the number of letters in its name or its numbers.
    """
    points = [(*middle(cell), county[code]) for code, cell in cells.items()]
    choices = {
        code: _choices(
            [(x, y) for x, y, of in points if of == code], [(x, y) for x, y, of in points if of != code], wide * LETTER
        )
        for code, wide in sorted(letters.items())
    }
    chance = random.Random(_SEED)
    best: tuple[float, dict[str, Label]] | None = None
    order = list(choices)
    for _ in range(_LABEL_STARTS):
        chance.shuffle(order)
        for among in choices.values():  # of places that cost alike, another is first in each start
            chance.shuffle(among)
            among.sort(key=lambda choice: choice[0])
        placed: dict[str, Label] = {}
        for code in [*order, *order, *order]:
            others = [label for other, label in placed.items() if other != code]
            placed[code] = _cheapest(choices[code], others)
        total = sum(cost for code, label in placed.items() for cost, choice in choices[code] if choice is label)
        total += _MEETS * sum(
            meets(label, other) for label in placed.values() for other in placed.values() if label is not other
        )
        if best is None or total < best[0]:
            best = (total, placed)
    return best[1] if best else {}


def meets(label: Label, other: Label) -> bool:
    """Two labels overlap, or a line crosses a label or the other line, or comes near the other's end."""
    over = label.x < other.x + other.wide + 0.5 and other.x < label.x + label.wide + 0.5
    if over and label.y < other.y + LABEL_HIGH + 0.2 and other.y < label.y + LABEL_HIGH + 0.2:
        return True
    if _runs_over(label.line[2:], other.line) or _runs_over(other.line[2:], label.line):
        return True
    return _crossed(label, other.line) or _crossed(other, label.line) or _cross(label.line, other.line)


def _crossed(label: Label, line: Line) -> bool:
    """A line crosses a label or comes close. Liang-Barsky: clips the line to each pair of sides in turn."""
    ax, ay, bx, by = line
    first, last = 0.0, 1.0
    for start, end, low, high in (
        (ax, bx, label.x - 0.3, label.x + label.wide + 0.3),
        (ay, by, label.y - 0.2, label.y + LABEL_HIGH + 0.2),
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


def _cheapest(choices: Sequence[tuple[float, Label]], others: Sequence[Label]) -> Label:
    """The best of the choices, sorted by their own cost: once that alone exceeds the best total, the rest are worse."""
    best = choices[0][1]
    least = math.inf
    for cost, label in choices:
        if cost >= least:
            break
        total = cost + _MEETS * sum(meets(label, other) for other in others)
        if total < least:
            least, best = total, label
    return best


def _choices(own: Sequence[Point], others: Sequence[Point], wide: float) -> list[tuple[float, Label]]:
    """Free places near a county, each with its cost: the length of its line, and how many other tiles it crosses."""
    left, right = min(x for x, _ in own) - wide - _LABEL_FROM, max(x for x, _ in own) + _LABEL_FROM
    top, bottom = min(y for _, y in own) - _LABEL_FROM, max(y for _, y in own) + _LABEL_FROM
    choices = []
    for row in range(math.floor(top * 2), math.ceil(bottom * 2)):
        for column in range(math.floor(left * 2), math.ceil(right * 2)):
            x, y = column / 2, row / 2
            if any(x - 0.8 < px < x + wide + 0.8 and y - 0.7 < py < y + LABEL_HIGH + 0.7 for px, py in (*own, *others)):
                continue
            near = sorted((_line(x, y, wide, at) for at in own), key=lambda line: math.dist(line[:2], line[2:]))[:9]
            costs = [
                math.dist(line[:2], line[2:]) + _OVER * sum(_runs_over(at, line) for at in others) for line in near
            ]
            choices.append((min(costs), Label(x, y, wide, near[costs.index(min(costs))])))
    return sorted(choices, key=lambda line: (line[0], line[1].x, line[1].y))[:500]


def _line(x: float, y: float, wide: float, at: Point) -> Line:
    """From the nearest point of a label's edge to the edge of a tile."""
    ax, ay = min(max(at[0], x), x + wide), min(max(at[1], y), y + LABEL_HIGH)
    long = math.dist((ax, ay), at)
    part = max(1 - 0.48 / long, 0)
    return ax, ay, ax + (at[0] - ax) * part, ay + (at[1] - ay) * part


def _runs_over(at: Point, line: Line) -> bool:
    ax, ay, bx, by = line
    long = (bx - ax) ** 2 + (by - ay) ** 2
    along = min(max(((at[0] - ax) * (bx - ax) + (at[1] - ay) * (by - ay)) / long, 0), 1) if long else 0
    return math.dist(at, (ax + along * (bx - ax), ay + along * (by - ay))) < _HALF


def main() -> None:
    """Write the layout, and the places of the county names, into the facts."""
    municipalities = places()
    cells = laid_out(municipalities)
    folder = Path(facts.__file__).parent
    _write(folder / "tiles.csv", ("code", "column", "row"), [(code, *cells[code]) for code in sorted(cells)])
    write_labels(folder / "tiles_label.csv", cells)


def write_labels(file: Path, cells: Mapping[str, Cell]) -> None:
    """Write the places of the county names beside the cells."""
    county = {row["code"]: row["county_code"] for row in facts.read("municipality")}
    now = {county[code] for code in cells}
    name = {row["code"]: row["name"] for row in facts.read("county") if row["code"] in now and not row["valid_to"]}
    label_of = labels(cells, county, {code: max(len(text), NUMBER_LETTERS) for code, text in name.items()})
    rows = [
        (code, *(f"{value:.2f}" for value in (label.x, label.y, label.wide, *label.line)))
        for code, label in sorted(label_of.items())
    ]
    _write(file, ("county_code", "x", "y", "wide", "from_x", "from_y", "to_x", "to_y"), rows)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        written = csv.writer(stream, lineterminator="\n")
        written.writerow(header)
        written.writerows(rows)


if __name__ == "__main__":
    main()
