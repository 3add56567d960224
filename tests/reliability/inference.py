"""What an attacker concludes of small counts: one who knows how figures are perturbed, who sent rows, and every sum.

Two questions are answered for the cells of one service and month in several releases: which counts are possible at all
(`possible`, as tight as an integer programme), and how likely each is (`believed`, Bayes' rule without approximation).
Both take the month apart into the cells whose records stayed, of which much is known about the sum, and the few that
changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from catalog.domain.perturbation import TABLE, TOTAL, D

Array = NDArray[np.float64]
_NEGLIGIBLE = 1e-30


@dataclass(frozen=True, slots=True)
class Belief:
    """The weight of each count, from `low` on: a distribution, up to a factor."""

    low: int
    weights: Array

    @property
    def high(self) -> int:
        """The largest count that has a weight."""
        return self.low + len(self.weights) - 1

    @property
    def counts(self) -> range:
        """The counts."""
        return range(self.low, self.high + 1)

    def within(self, low: int, high: int) -> Array:
        """The weights of counts from `low` to `high`, 0 beyond what it knows."""
        if low >= self.low and high <= self.high:
            return self.weights[low - self.low : high - self.low + 1]
        found = np.zeros(high - low + 1)
        first, last = max(low, self.low), min(high, self.high)
        if first <= last:
            found[first - low : last - low + 1] = self.weights[first - self.low : last - self.low + 1]
        return found

    def trimmed(self, least: float = 0.0) -> Belief:
        """Without counts at either end that weigh no more than a part of the heaviest."""
        (there,) = np.nonzero(self.weights > least * self.weights.max())
        if not len(there):
            raise ValueError("What is known contradicts itself.")
        return Belief(self.low + int(there[0]), self.weights[there[0] : there[-1] + 1])

    def shares(self) -> Belief:
        """The same, with weights that sum to 1."""
        return Belief(self.low, self.weights / self.weights.sum())

    @property
    def surest(self) -> tuple[int, float]:
        """The likeliest count, and its share."""
        place = int(self.weights.argmax())
        return self.low + place, float(self.weights[place] / self.weights.sum())


def both(beliefs: Sequence[Belief]) -> Belief:
    """What holds where several independent things are known of one count."""
    low, high = max(b.low for b in beliefs), min(b.high for b in beliefs)
    weights = np.prod([b.within(low, max(low, high)) for b in beliefs], axis=0)
    return Belief(low, weights).trimmed()


class Noise:
    """How a value is published for each true count: by the noise table, or as it is."""

    def __init__(self, *, on: bool = True) -> None:
        """Read the noise table; `on` False is the control."""
        self.on = on

    def of(self, count: int, unit: int = 1) -> Mapping[int, float]:
        """The chance of each value that may be published for a count."""
        return _noisy(count, unit) if self.on else {count: 1.0}

    def told(self, value: int, *, beside: int = 0, per: int = 1, unit: int = 1) -> Belief:
        """What a published value says of a count.

        Args:
            value: as published.
            beside: known records that are counted with it.
            per: so much of the flow each record has.
            unit: of the noise.
        """
        farthest = D * unit + unit // 2 if self.on else 0
        low = max(0, -(-(value - farthest) // per) - beside)
        counts = range(low, max(low, (value + farthest) // per - beside) + 1)
        chances = [self.of(per * (count + beside), unit).get(value, 0.0) for count in counts]
        return Belief(low, np.array(chances)).trimmed()


@cache
def _noisy(count: int, unit: int) -> Mapping[int, float]:
    last = len(TABLE.rows) - 1
    row = min(count, last) if unit == 1 else last
    noises = {value - row: weight / TOTAL for value, weight in TABLE.rows[row]}
    gaps = range(-(unit // 2), unit // 2 + 1)
    return {count + unit * noise + gap: chance / unit for noise, chance in noises.items() for gap in gaps}


# --- a month of a service ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """What one release says of the country's sum.

    Attributes:
        chances: of the sum of the records that the attacker does not know.
        after: whether the changed cell had changed.
        gone: whether the erased cell was gone.
    """

    chances: Belief
    after: bool = False
    gone: bool = False


Pairs = Mapping[tuple[int, int], float]
"""The weight of each pair of counts of a cell, before a change and after it."""


@dataclass(frozen=True, slots=True)
class Month:
    """The cells of a service and month, as an attacker sees them.

    Attributes:
        cells: those whose unknown records stayed.
        sums: what each release says of their and the other two's sum.
        changed: the one that changed, if it alone did.
        erased: the one that was erased, if it alone was.
    """

    cells: Mapping[str, Belief]
    sums: Sequence[Sum]
    changed: tuple[str, Pairs] = ("", {(0, 0): 1.0})
    erased: tuple[str, Belief] = ("", Belief(0, np.ones(1)))

    def moves(self) -> Iterator[tuple[tuple[int, int, int], float, list[int]]]:
        """Each thing that may have happened: the changed cell before and after and the erased one; its weight; and how
        much of each release's sum that is."""
        erased = list(zip(self.erased[1].counts, self.erased[1].weights.tolist(), strict=True))
        for ((before, after), weight), (gone, of_gone) in product(self.changed[1].items(), erased):
            if weight * of_gone:
                moved = [(after if s.after else before) + (0 if s.gone else gone) for s in self.sums]
                yield (before, after, gone), weight * of_gone, moved

    @property
    def names(self) -> tuple[str, str, str]:
        """What the counts of a move are called: the changed cell's twice, before and after."""
        name = self.changed[0]
        return name, name and f"{name}, after", self.erased[0]


def possible(month: Month) -> dict[str, tuple[int, int]]:
    """The least and the largest count of each cell that nothing published rules out.

    The cells that stayed may have any counts within their own bounds, so their sum may be anything between the sums of
    these; what else may have happened is tried one by one. So no integer programme finds more.
    """
    lows, highs = ({n: getattr(cell, end) for n, cell in month.cells.items()} for end in ("low", "high"))
    least, most = sum(lows.values()), sum(highs.values())
    moves, low, high = [], most + 1, least - 1
    for move, _, moved in month.moves():
        low_here = max([least, *(s.chances.low - m for s, m in zip(month.sums, moved, strict=True))])
        high_here = min([most, *(s.chances.high - m for s, m in zip(month.sums, moved, strict=True))])
        if low_here <= high_here:
            low, high = min(low, low_here), max(high, high_here)
            moves.append(move)
    if not moves:
        raise ValueError("What is known contradicts itself.")
    found = {n: (max(lows[n], low - (most - highs[n])), min(highs[n], high - (least - lows[n]))) for n in lows}
    return found | {n: (min(c), max(c)) for n, c in zip(month.names, zip(*moves, strict=True), strict=True) if n}


def believed(month: Month) -> dict[str, Belief]:
    """How likely each count of each cell is, given everything.

    The sum of the cells that stayed is followed from the first cell to the last and back.
    """
    forward = [Belief(0, np.ones(1))]
    for cell in month.cells.values():
        together = np.convolve(forward[-1].weights, cell.weights)
        forward.append(Belief(forward[-1].low + cell.low, together / together.max()).trimmed(_NEGLIGIBLE))
    unknown = forward[-1]
    seen = np.zeros(len(unknown.weights))
    joint: dict[tuple[int, int, int], float] = {}
    for move, weight, moved in month.moves():
        low = max([unknown.low, *(s.chances.low - m for s, m in zip(month.sums, moved, strict=True))])
        high = min([unknown.high, *(s.chances.high - m for s, m in zip(month.sums, moved, strict=True))])
        if low <= high:
            fits = [s.chances.within(low + m, high + m) for s, m in zip(month.sums, moved, strict=True)]
            chance = weight * np.prod([np.ones(high - low + 1), *fits], axis=0)
            seen[low - unknown.low : high - unknown.low + 1] += chance
            joint[move] = float(unknown.within(low, high) @ chance)
    later = Belief(unknown.low, seen / seen.max())
    found = {}
    for name, before in zip(reversed(month.cells), reversed(forward[:-1]), strict=True):
        cell = month.cells[name]
        window = later.within(before.low + cell.low, before.high + cell.high)
        found[name] = Belief(cell.low, cell.weights * np.correlate(window, before.weights, "valid")).shares()
        earlier = np.correlate(window, cell.weights, "valid")
        later = Belief(before.low, earlier / earlier.max())
    return found | {name: _marginal(joint, place) for place, name in enumerate(month.names) if name}


def _marginal(joint: Mapping[tuple[int, int, int], float], place: int) -> Belief:
    return collected((move[place], weight) for move, weight in joint.items())


def collected(weights: Iterable[tuple[int, float]]) -> Belief:
    """Weights of counts, added up where a count stands several times."""
    whole: dict[int, float] = {}
    for count, weight in weights:
        whole[count] = whole.get(count, 0.0) + weight
    low, high = min(whole), max(whole)
    return Belief(low, np.array([whole.get(count, 0.0) for count in range(low, high + 1)])).trimmed().shares()
