"""The layout that the pages read, and the script that makes it."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from pathlib import Path

import pytest

from catalog import facts
from dashboards.views.uptake import maps
from dashboards.views.uptake.hexagons import LABEL_HIGH, beside, middle
from tools import tiles_layout

TOPOJSON = Path(__file__).resolve().parents[2].parent / "shared" / "vendor" / "municipalities-2024.topojson"
CELLS = dict(maps.places())
AT = {cell: code for code, cell in CELLS.items()}
PLACES = tiles_layout.places()
COUNTY = {one.code: one.county for one in PLACES}
COUNTIES = sorted(set(COUNTY.values()))
OSLOFJORD = {("31", "39"), ("32", "39")}
"""Østfold and Akershus, and Vestfold on the other side of the fjord, which is no wider than nothing on the map."""
TOO_SHORT = {("03", "33")}
"""The border of Oslo and Buskerud, in the woods of Lier and Ringerike."""


def members(county: str) -> list[tiles_layout.Place]:
    return [one for one in PLACES if one.county == county]


def touching() -> set[tuple[str, str]]:
    pairs = {(COUNTY[AT[one]], COUNTY[AT[other]]) for one in AT for other in beside(one) if other in AT}
    return {(here, there) for here, there in pairs if here < there}


def test_each_municipality_of_now_has_a_tile_of_its_own():
    now = {row["code"] for row in facts.read("municipality") if not row["valid_to"]}
    assert set(CELLS) == now
    assert len(set(CELLS.values())) == len(CELLS) == 357


def test_to_be_beside_goes_both_ways_and_is_one_tile_away():
    for cell in itertools.islice(CELLS.values(), 40):
        assert len(set(beside(cell))) == 6
        for other in beside(cell):
            assert cell in beside(other)
            (ax, ay), (bx, by) = middle(cell), middle(other)
            assert (ax - bx) ** 2 + (ay - by) ** 2 == pytest.approx(1)


@pytest.mark.parametrize("county", COUNTIES)
def test_a_county_hangs_together(county):
    assert tiles_layout.together(CELLS[one.code] for one in members(county)) == 1


def test_the_country_hangs_together_and_has_no_holes():
    assert tiles_layout.together(CELLS.values()) == 1
    empty = {near for cell in AT for near in beside(cell)} - set(AT)
    assert [cell for cell in empty if all(near in AT for near in beside(cell))] == []


@pytest.mark.parametrize("county", [one for one in COUNTIES if len(members(one)) > 1])
def test_nine_of_ten_pairs_of_a_county_keep_which_is_north_and_which_is_east(county):
    pairs = list(itertools.combinations(members(county), 2))
    down = right = 0
    for a, b in pairs:
        (ax, ay), (bx, by) = middle(CELLS[a.code]), middle(CELLS[b.code])
        down += (a.latitude - b.latitude) * (by - ay) >= 0  # on the same row neither is told to be the northern one
        right += (b.longitude - a.longitude) * (bx - ax) >= 0
    assert down / len(pairs) >= 0.9
    assert right / len(pairs) >= 0.9


def test_the_country_has_its_outline():
    def ends(place) -> tuple[str, str]:
        order = sorted(CELLS, key=lambda code: place(middle(CELLS[code])))
        return COUNTY[order[0]], COUNTY[order[-1]]

    north, south = ends(lambda at: at[1])
    west, east = ends(lambda at: at[0])
    assert (north, east, south) == ("56", "56", "42")
    assert west in {"11", "46"}
    assert max(middle(CELLS[one.code])[0] for one in members("18")) < max(
        middle(CELLS[one.code])[0] for one in members("55")
    )


def test_counties_touch_as_they_do_on_the_ground():
    if not TOPOJSON.exists():
        pytest.skip("not run: ../shared absent")
    given = json.loads(TOPOJSON.read_text("utf-8"))

    def flat(arcs):
        for one in arcs:
            yield from flat(one) if isinstance(one, list) else [one if one >= 0 else ~one]

    along: dict[int, set[str]] = defaultdict(set)
    for one in given["objects"]["Kommuner"]["geometries"]:
        for arc in flat(one["arcs"]):
            along[arc].add(COUNTY[one["properties"]["kommunenummer"]])
    real = {pair for some in along.values() for pair in itertools.combinations(sorted(some), 2)}
    assert real - touching() == TOO_SHORT
    assert touching() - real == OSLOFJORD


def test_each_county_has_a_name_on_free_ground():
    found = maps.labels()
    assert sorted(found) == COUNTIES
    for county, one in found.items():
        for x, y in (middle(cell) for cell in CELLS.values()):
            assert not (one.x - 0.5 < x < one.x + one.wide + 0.5 and one.y - 0.5 < y < one.y + LABEL_HIGH + 0.5), county
        end = min(
            CELLS,
            key=lambda code: (middle(CELLS[code])[0] - one.line[2]) ** 2 + (middle(CELLS[code])[1] - one.line[3]) ** 2,
        )
        assert COUNTY[end] == county
    assert not any(tiles_layout.meets(one, other) for one, other in itertools.combinations(found.values(), 2))


@pytest.mark.slow("lays out the country twice; the map that is kept has a test of its own")
def test_the_script_lays_out_alike_each_time_and_keeps_counties_whole():
    some = [one for one in PLACES if one.county in {"50", "15"}]
    made = tiles_layout.laid_out(some, moves=6000)
    assert made == tiles_layout.laid_out(some, moves=6000)
    assert len(set(made.values())) == len(some)
    for county in ("15", "50"):
        assert tiles_layout.together(made[one.code] for one in some if one.county == county) == 1
