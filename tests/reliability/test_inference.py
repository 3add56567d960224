"""The attacker's reasoning is exact: for a few cells it is what trying every combination of counts gives."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from tests.linear import Integers
from tests.reliability.inference import Belief, Month, Noise, Sum, believed, both, possible
from tests.thorough import some

NOISE = Noise()
PRIOR = Belief(1, 1 / np.arange(2.0, 40.0))


def drawn(seed: int) -> tuple[Month, dict[str, int]]:
    """A month of three cells that stayed, one that grew and one that was erased; and what is true."""
    chance = np.random.default_rng(seed)

    def told(count: int) -> Belief:
        values = NOISE.of(count)
        return NOISE.told(int(chance.choice(list(values), p=list(values.values()))))

    stayed = {f"cell {n}": int(chance.integers(1, 6)) for n in range(3)}
    before, more, gone = (int(chance.integers(1, top)) for top in (4, 3, 4))
    one, other = told(before), told(before + more)
    pairs = {
        (a, b): one.within(a, a)[0] * other.within(b, b)[0] * 0.5 ** (b - a) / (1 + a)
        for a, b in product(one.counts, other.counts)
        if 0 < a < b
    }
    whole = sum(stayed.values())
    sums = [
        Sum(told(whole + before + gone)),
        Sum(told(whole + before + more + gone), after=True),
        Sum(told(whole + before + more), after=True, gone=True),
    ]
    cells = {name: both([PRIOR, told(count)]) for name, count in stayed.items()}
    month = Month(cells, sums, ("grown", pairs), ("erased", both([PRIOR, told(gone)])))
    return month, stayed | {"grown": before, "grown, after": before + more, "erased": gone}


@pytest.mark.parametrize("seed", some(range(5), 1, "another population"))
def test_what_is_believed_and_what_is_possible_is_what_trying_everything_gives(seed):
    month, truth = drawn(seed)
    weights: dict[str, dict[int, float]] = {name: defaultdict(float) for name in truth}
    for counts in product(*(cell.counts for cell in month.cells.values())):
        alone = np.prod([c.within(n, n)[0] for c, n in zip(month.cells.values(), counts, strict=True)])
        for move, weight, moved in month.moves():
            fits = [
                s.chances.within(x, x)[0] for s, m in zip(month.sums, moved, strict=True) for x in [sum(counts) + m]
            ]
            if whole := alone * weight * np.prod(fits):
                for name, count in zip((*month.cells, *month.names), (*counts, *move), strict=True):
                    weights[name][count] += whole
    bounds, beliefs = possible(month), believed(month)
    for name, found in weights.items():
        assert bounds[name] == (min(found), max(found))
        assert bounds[name][0] <= truth[name] <= bounds[name][1]
        for count, weight in found.items():
            assert beliefs[name].within(count, count)[0] == pytest.approx(weight / sum(found.values()))


@pytest.mark.parametrize("seed", some(range(3), 1, "another population"))
def test_bounds_are_those_of_an_integer_programme(seed):
    month, _ = drawn(seed)
    numbers, (low, high) = Integers(), (month.sums[0].chances.low, month.sums[0].chances.high)
    alone = Month(month.cells, [Sum(Belief(low, np.ones(high - low + 1)))])
    for name, cell in month.cells.items():
        numbers.number(name, cell.low, cell.high)
    numbers.total(dict.fromkeys(month.cells, 1), low, high)
    assert numbers.bounds(*month.cells) == list(possible(alone).values())


def test_without_noise_a_published_value_is_the_count():
    assert Noise(on=False).told(3).counts == range(3, 4)
    assert Noise(on=False).told(36, per=12, unit=13).counts == range(3, 4)
    assert len(NOISE.told(36, per=12, unit=13).counts) > 8
