"""A shared cost is split to the øre, fairly, and the same however it is asked."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.allocation import DEFAULT_KEYS, KEYS, NothingToAllocateBy, WrongWeight, allocate
from catalog.domain.products import MEASURES
from catalog.tables.streams import COST_CATEGORIES

amounts = st.integers(-(10**13), 10**13)
weights = st.dictionaries(
    st.text("abc", min_size=1, max_size=4), st.decimals(0, 10**12, places=4), min_size=1, max_size=12
).filter(lambda w: any(w.values()))


def of(**weights):
    return {service: Decimal(weight) for service, weight in weights.items()}


@pytest.mark.parametrize(
    ("amount", "by", "parts"),
    [
        (100, of(a=1, b=1), {"a": 50, "b": 50}),
        (100, of(a=1, b=1, c=1), {"a": 34, "b": 33, "c": 33}),
        (-100, of(a=1, b=1, c=1), {"a": -34, "b": -33, "c": -33}),
        (101, of(c=1, b=1), {"b": 51, "c": 50}),
        (10, of(a="0.5", b="2.5"), {"a": 2, "b": 8}),
        (1, of(a=1, b=99), {"a": 0, "b": 1}),
        (0, of(a=1, b=2), {"a": 0, "b": 0}),
        (7, of(a=0, b=2), {"b": 7}),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders_and_then_by_name(amount, by, parts):
    assert allocate(amount, by) == parts


@given(amounts, weights)
def test_parts_sum_to_the_amount_and_each_is_within_one_ore_of_its_exact_share(amount, weights):
    parts = allocate(amount, weights)
    assert sum(parts.values()) == amount
    total = sum(Fraction(w) for w in weights.values())
    for service, part in parts.items():
        assert abs(part - amount * Fraction(weights[service]) / total) < 1
        assert part * amount >= 0, "no part has the other sign"
    assert set(parts) == {s for s, w in weights.items() if w}, "a weight of zero gets nothing"


@given(amounts, weights, st.randoms())
def test_order_does_not_matter(amount, weights, random):
    shuffled = list(weights.items())
    random.shuffle(shuffled)
    assert list(allocate(amount, dict(shuffled)).items()) == list(allocate(amount, weights).items())


@given(amounts, weights)
def test_a_credit_note_takes_back_just_what_was_allocated(amount, weights):
    assert allocate(-amount, weights) == {s: -part for s, part in allocate(amount, weights).items()}


@given(amounts, weights, st.integers(1, 1000))
def test_only_how_weights_stand_to_each_other_matters(amount, weights, times):
    assert allocate(amount, {s: w * times for s, w in weights.items()}) == allocate(amount, weights)


@given(st.integers(0, 10**13), weights)
def test_a_larger_weight_never_gets_less(amount, weights):
    parts = allocate(amount, weights)
    by_weight = sorted(parts, key=lambda s: weights[s])
    for smaller, larger in pairwise(by_weight):
        assert parts[smaller] <= parts[larger] or weights[smaller] == weights[larger]


@pytest.mark.parametrize("weights", [{}, of(a=0)])
def test_nothing_to_allocate_by_says_so(weights):
    with pytest.raises(NothingToAllocateBy, match="100 øre"):
        allocate(100, weights)


@pytest.mark.parametrize("weight", ["-1", "0.00001", "NaN", "Infinity"])
def test_a_weight_that_is_none_says_so(weight):
    with pytest.raises(WrongWeight, match="'a'"):
        allocate(100, of(a=weight))


def test_every_measure_is_a_key_and_categories_with_a_key_exist():
    assert {m.upper() for m in MEASURES} | {"FORSENDELSER", "AKTIVE", "INNTEKT", "LIKT"} == set(KEYS)
    assert set(DEFAULT_KEYS) <= set(COST_CATEGORIES)
    assert set(DEFAULT_KEYS.values()) <= set(KEYS)
