"""Labels cover nothing, and leaders cross nothing, however wide the chart is drawn."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from dashboards.shared.charts import apart
from dashboards.shared.label_layout import OFF, Placed, labels, swarm

NARROW = 280
SHARES = st.floats(0, 1)
WANTED = st.lists(st.tuples(SHARES, st.floats(20, 130)), max_size=6)


@given(WANTED, st.floats(1, 4))
def test_labels_and_leaders_are_clear_of_each_other_at_every_width(wanted, wider):
    placed = labels([(share * NARROW, wide) for share, wide in wanted], NARROW)
    shown = [
        (share, label.wide, label.tier, label.side)
        for (share, _), label in zip(wanted, placed, strict=True)
        if label is not None
    ]
    drawn = [Placed(share * NARROW * wider, wide, tier, side) for share, wide, tier, side in shown]
    for label in drawn:
        assert label.begins >= 0
        assert label.ends <= NARROW * wider + 1e-6
        assert label.begins - OFF - 1e-6 <= label.at <= label.ends + OFF + 1e-6
    for one, other in combinations(drawn, 2):
        assert one.tier != other.tier or one.ends < other.begins or other.ends < one.begins
        upper, lower = sorted((one, other), key=lambda label: label.tier)
        assert not upper.begins < lower.at < upper.ends, "a leader runs through a label"


@given(WANTED)
def test_the_most_important_label_is_always_placed_and_the_least_goes_first(wanted):
    placed = labels([(share * NARROW, wide) for share, wide in wanted], NARROW)
    there = [label is not None for label in placed]
    assert there == sorted(there, reverse=True)
    assert not wanted or there[0]


@given(st.lists(st.tuples(st.floats(0, 0.9), st.floats(20, 110)), max_size=6))
def test_every_name_finds_room_where_dots_crowd_in_a_tenth_of_the_width(wanted):
    crowded = [((0.3 + share / 10) * NARROW, wide) for share, wide in wanted]
    assert None not in labels(crowded, NARROW)


def test_labels_with_room_stand_in_one_tier_below_their_dots():
    assert labels([(50, 40), (150, 40)], NARROW) == [Placed(50, 40, 0, "center"), Placed(150, 40, 0, "center")]


@given(st.lists(st.tuples(SHARES, st.floats(2, 8)), max_size=40), st.floats(1, 4))
def test_dots_cover_no_other_dot_at_any_width_and_stand_on_the_line(dots, wider):
    heights = swarm([share * NARROW for share, _ in dots], [radius for _, radius in dots])
    drawn = [(share * NARROW * wider, height, radius) for (share, radius), height in zip(dots, heights, strict=True)]
    for (x, y, r), (other_x, other_y, other_r) in combinations(drawn, 2):
        assert (x - other_x) ** 2 + (y - other_y) ** 2 >= (r + other_r) ** 2 * (1 - 1e-6)
    assert all(height >= radius for _, height, radius in drawn)
    assert not heights or heights[0] == dots[0][1]


@given(st.lists(st.floats(0, 240), max_size=12))
def test_names_at_the_ends_of_lines_stand_apart_and_within_the_chart(heights):
    placed = sorted(apart(heights, (0, 240)))
    assert all(below - above >= 16 - 1e-6 for above, below in pairwise(placed))
    assert all(-1e-6 <= height <= 240 + 1e-6 for height in placed)
