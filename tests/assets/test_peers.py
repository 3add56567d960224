"""Who is like whom, and how each municipality stands among others."""

import itertools
import math
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import peers, quality, reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Query, Values
from catalog.tables.reference import MUNICIPALITY, MUNICIPALITY_PEER, NETWORK_MEMBER, POPULATION
from catalog.tables.usage import MUNICIPALITY_MEASURE_MONTH, MUNICIPALITY_MONTH, PEER_MEASURE_MONTH, PEER_MONTH
from tests.thorough import examples
from transport.lake.session import Session

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
MARCH = date(2026, 3, 1)
REFERENCE = {m.contract.table: m.make(BuildWindow(AS_OF)) for m in reference.BUILDS if not m.inputs}
COUNTY = {r["code"]: r["county_code"] for r in facts.read("municipality") if not r["valid_to"]}
CODES = sorted(COUNTY)
LAST_YEAR = max(int(r["year"]) for r in facts.read("population"))
PEOPLE = {
    r["municipality_code"]: int(r["inhabitants"]) for r in facts.read("population") if int(r["year"]) == LAST_YEAR
}
CENTRE = {r["code"]: (float(r["latitude"]), float(r["longitude"])) for r in facts.read("municipality_centre")}
MEMBERS = facts.table("network_member", NETWORK_MEMBER.arrow_schema)
OSLO = "0301"
OSTFOLD = [c for c in CODES if COUNTY[c] == "31"]


# --- similar municipalities ------------------------------------------------------------------------------------------


def outward(north: float, east: float) -> tuple[float, float, float]:
    """The unit vector from the middle of the earth to a place in degrees."""
    north, east = math.radians(north), math.radians(east)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


OUTWARD = {code: outward(*place) for code, place in CENTRE.items()}


def metres(one: str, other: str) -> float:
    """Between two centres along a great circle: from the chord, where the statement has haversines."""
    return 2 * 6371008.8 * math.asin(min(1.0, math.dist(OUTWARD[one], OUTWARD[other]) / 2))


WITHIN = {c: sum(PEOPLE[o] for o in CODES if metres(c, o) < 50_000.5) for c in CODES}


def unlikeness(one: str, other: str) -> float:
    return math.hypot(math.log(PEOPLE[one] / PEOPLE[other]), math.log(WITHIN[one] / WITHIN[other]))


@pytest.fixture(scope="session")
def similar(answer):
    """The peers of each, nearest first, of these municipalities and people."""

    def similar(municipality=REFERENCE["municipality"], population=REFERENCE["population"]):
        scan = peers.municipality_peer.make(BuildWindow(AS_OF), municipality=municipality, population=population)
        found = {}
        for row in sorted(answer(scan, MUNICIPALITY_PEER), key=lambda r: (r["municipality_code"], r["rank"])):
            found.setdefault(row["municipality_code"], []).append(row)
        return found

    return similar


@pytest.fixture(scope="session")
def alike(similar):
    return similar()


def test_every_municipality_of_now_has_ten_others_ranked(alike):
    assert sorted(alike) == CODES
    for code, rows in alike.items():
        assert [r["rank"] for r in rows] == list(range(1, peers.PEERS + 1))
        others = {r["peer_code"] for r in rows}
        assert len(others) == peers.PEERS
        assert others <= set(CODES) - {code}


def test_the_peers_are_those_nearest_in_the_logarithms_of_people_and_of_people_within_50_km(alike):
    for code, rows in alike.items():
        nearest = sorted((round(unlikeness(code, o), 6), o) for o in CODES if o != code)[: peers.PEERS]
        assert [(float(r["distance"]), r["peer_code"]) for r in rows] == nearest
        assert [r["inhabitants_within_50_km"] for r in rows] == [WITHIN[o] for _, o in nearest]


def test_nothing_lies_so_near_a_rounding_that_another_machine_would_round_it_elsewhere():
    pairs = list(itertools.combinations(CODES, 2))
    assert min(abs(metres(*p) - 50_000.5) for p in pairs) > 1e-3
    assert min(abs(unlikeness(*p) * 1e6 % 1 - 0.5) for p in pairs) > 1e-7


def test_two_that_are_each_others_peers_are_as_far_apart_either_way(alike):
    distance = {(c, r["peer_code"]): r["distance"] for c, rows in alike.items() for r in rows}
    both = [(a, b) for a, b in distance if (b, a) in distance]
    assert both
    assert all(distance[a, b] == distance[b, a] for a, b in both)


def test_one_without_a_centre_or_people_or_that_has_ended_has_no_peers_and_is_nobodys(similar, alike):
    uncounted = alike[OSLO][0]["peer_code"]
    new = {"code": "9901", "name": "Uten midtpunkt", "county_code": "99", "valid_from": date(2024, 1, 1)}
    ended = {"code": OSLO, "name": "Christiania", "county_code": "03", "valid_to": date(1925, 1, 1)}
    municipality = [*REFERENCE["municipality"].table.to_pylist(), ended]
    population = [r for r in REFERENCE["population"].table.to_pylist() if r["municipality_code"] != uncounted]
    population.append({"municipality_code": "9901", "year": LAST_YEAR, "inhabitants": 700_000, "estimated": False})
    found = similar(
        Values(pa.Table.from_pylist([*municipality, new], MUNICIPALITY.arrow_schema)),
        Values(pa.Table.from_pylist(population, POPULATION.arrow_schema)),
    )
    assert set(found) == set(CODES) - {uncounted}
    assert {r["peer_code"] for rows in found.values() for r in rows}.isdisjoint({uncounted, "9901"})
    assert {len(rows) for rows in found.values()} == {peers.PEERS}


def test_people_are_those_of_the_last_year_that_was_counted(similar, alike):
    doubled = [
        r | {"year": r["year"] + 1, "inhabitants": 2 * r["inhabitants"]}
        for r in REFERENCE["population"].table.to_pylist()
        if r["year"] == LAST_YEAR
    ]
    rows = [*REFERENCE["population"].table.to_pylist(), *doubled]
    found = similar(population=Values(pa.Table.from_pylist(rows, POPULATION.arrow_schema)))
    assert {r["inhabitants_within_50_km"] for r in found[OSLO]} == {
        2 * r["inhabitants_within_50_km"] for r in alike[OSLO]
    }


# --- comparison ------------------------------------------------------------------------------------------------------


def used(code: str, dispatches: object, **more) -> dict:
    """A municipality's month at svarut, over svarinn, with a thousand inhabitants: dispatches are the figure."""
    row = {
        "month": MARCH,
        "borders": "now",
        "municipality_code": code,
        "service": "svarut",
        "channel": "SVARINN",
        "dispatches": Decimal(str(dispatches)),
        "inhabitants": 1000,
        "digital_share_provisional": False,
        "estimated": False,
    }
    return row | dict.fromkeys(("sheets", "production_cost_ore", "postage_ore"), Decimal(0)) | more


@pytest.fixture(scope="session")
def compared(rows_of, answer, alike):
    """The rows by municipality and group, and by service where another is asked for."""
    peer_rows = rows_of(MUNICIPALITY_PEER, *(r for rows in alike.values() for r in rows))

    def compared(*rows, month=MARCH, service="svarut", members=MEMBERS):
        scan = peers.peer_month.make(
            BuildWindow(AS_OF, month),
            municipality_month=rows_of(MUNICIPALITY_MONTH, *rows),
            municipality=REFERENCE["municipality"],
            municipality_peer=peer_rows,
            municipality_to_now=REFERENCE["municipality_to_now"],
            network_member=Values(members),
        )
        found = answer(scan, PEER_MONTH)
        keys = [(r["municipality_code"], r["service"], r["peer_kind"], r["peer_group"]) for r in found]
        assert len(keys) == len(set(keys))
        return {(c, kind, group): r for (c, s, kind, group), r in zip(keys, found, strict=True) if s == service}

    return compared


def enrolled(*rows):
    return pa.Table.from_pylist(
        [
            dict(zip(("network_id", "municipality_code", "valid_from", "valid_to"), r, strict=False))
            | {"certainty": ""}
            for r in rows
        ],
        NETWORK_MEMBER.arrow_schema,
    )


def per_1000(row):
    return tuple(row[f"per_1000_{q}"] for q in ("q1", "median", "q3"))


def shares(row):
    return tuple(row[f"digital_share_{q}"] for q in ("q1", "median", "q3"))


def test_a_month_without_use_has_no_rows_and_a_service_that_one_used_has_rows_for_all(compared):
    assert compared() == {}
    found = compared(used(OSLO, 5))
    assert {c for c, *_ in found} == set(CODES)
    for code in CODES:
        assert {k for c, k, _ in found if c == code} - {"NETWORK"} == {"SIMILAR", "COUNTY", "COUNTRY"}
        assert (code, "SIMILAR", code) in found
        assert (code, "COUNTY", COUNTY[code]) in found
        assert (code, "COUNTRY", "NO") in found


def test_a_municipality_is_not_in_its_own_group(compared):
    found = compared(*(used(c, 10) for c in OSTFOLD[1:]), used(OSTFOLD[0], 999))
    own = found[OSTFOLD[0], "COUNTY", "31"]
    assert (own["members"], own["n"]) == (len(OSTFOLD) - 1, len(OSTFOLD) - 1)
    assert (own["per_1000_inhabitants"], per_1000(own)) == (999, (10, 10, 10))


def test_oslo_is_not_in_the_country_and_has_nobody_in_its_county(compared):
    found = compared(*(used(c, 10) for c in CODES))
    assert found[OSLO, "COUNTRY", "NO"]["members"] == 356
    assert {r["members"] for (c, kind, _), r in found.items() if kind == "COUNTRY" and c != OSLO} == {355}
    alone = found[OSLO, "COUNTY", "03"]
    assert (alone["members"], alone["n"], alone["n_share"]) == (0, 0, 0)
    assert per_1000(alone) + shares(alone) == (None,) * 6
    assert alone["per_1000_inhabitants"] == 10


def test_the_similar_are_the_peers(compared, alike):
    ten = [r["peer_code"] for r in alike[OSLO]]
    found = compared(*(used(c, n) for n, c in enumerate(ten, 1)), used("3101", 1000))
    row = found[OSLO, "SIMILAR", OSLO]
    assert (row["members"], row["n"]) == (10, 10)
    assert per_1000(row) == (3, 5, 8)  # of ten the third, the fifth and the eighth


def test_who_has_no_use_is_a_gap_and_not_zero(compared):
    found = compared(*(used(c, 8, digital_share=Decimal("0.5")) for c in OSTFOLD[:6]))
    gap = found[OSTFOLD[7], "COUNTY", "31"]
    assert (gap["members"], gap["n"], gap["n_share"]) == (len(OSTFOLD) - 1, 6, 6)
    assert (gap["per_1000_inhabitants"], gap["digital_share"]) == (None, None)
    assert per_1000(gap) == (8, 8, 8)
    assert shares(gap) == (Decimal("0.5"),) * 3


@pytest.mark.parametrize(
    ("figures", "quartiles"),
    [
        ([], (None, None, None)),
        ([7], (None, None, None)),
        ([7, 9], (None, None, None)),
        ([7, 9, 20], (None, 9, None)),
        ([7, 9, 20, 30], (None, 9, None)),
        ([7, 9, 20, 30, 40], (9, 20, 30)),
    ],
)
def test_a_median_wants_three_figures_and_quartiles_five(figures, quartiles, compared):
    rows = [used(c, f, digital_share=Decimal(f) / 100) for c, f in zip(OSTFOLD[1:], figures, strict=False)]
    row = compared(*rows, used(OSTFOLD[0], 1))[OSTFOLD[0], "COUNTY", "31"]
    assert row["n"] == row["n_share"] == len(figures)
    assert per_1000(row) == quartiles
    assert shares(row) == tuple(q if q is None else Decimal(q) / 100 for q in quartiles)


def test_shares_that_are_missing_are_counted_apart(compared):
    rows = [used(c, 4, digital_share=Decimal("0.25") if n < 3 else None) for n, c in enumerate(OSTFOLD[1:7])]
    row = compared(*rows)[OSTFOLD[0], "COUNTY", "31"]
    assert (row["n"], row["n_share"]) == (6, 3)
    assert shares(row) == (None, Decimal("0.25"), None)
    assert per_1000(row) == (4, 4, 4)


@pytest.mark.parametrize(("counted", "median"), [(0, None), (2, None), (4, 4)])
def test_where_people_were_not_counted_there_are_shares_and_no_figures_per_inhabitant(counted, median, compared):
    rows = [
        used(c, 4, inhabitants=1000 if n < counted else None, digital_share=Decimal("0.25"))
        for n, c in enumerate(OSTFOLD[1:])
    ]
    row = compared(*rows, used(OSTFOLD[0], 4, inhabitants=None))[OSTFOLD[0], "COUNTY", "31"]
    assert (row["n"], row["n_share"], row["per_1000_inhabitants"]) == (len(OSTFOLD) - 1, len(OSTFOLD) - 1, None)
    assert per_1000(row) == (None, median, None)
    assert shares(row) == (Decimal("0.25"),) * 3


def test_channels_are_summed_before_the_figure_is_rounded_and_borders_of_then_are_left_out(compared):
    rows = [used(OSLO, 1, channel=c, inhabitants=30_000, digital_share=Decimal("0.5")) for c in ("SDP", "NHN", "PRINT")]
    row = compared(*rows, used(OSLO, 70, borders="then"))[OSLO, "COUNTRY", "NO"]
    assert (row["per_1000_inhabitants"], row["digital_share"]) == (Decimal("0.1"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("dispatches", "inhabitants", "figure"),
    [(1, 32_000, "0.0313"), ("0.0862", 1000, "0.0862"), (1, 3000, "0.3333"), (2, 3000, "0.6667"), (0, 9, "0.0000")],
)
def test_a_figure_is_rounded_half_up(dispatches, inhabitants, figure, compared):
    found = compared(used(OSLO, dispatches, inhabitants=inhabitants))
    assert found[OSLO, "COUNTRY", "NO"]["per_1000_inhabitants"] == Decimal(figure)


def test_services_are_compared_apart(compared):
    rows = [*(used(c, 5) for c in OSTFOLD), *(used(c, 9, service="fiks-io") for c in OSTFOLD[:3])]
    assert compared(*rows)[OSLO, "COUNTRY", "NO"]["n"] == len(OSTFOLD)
    other = compared(*rows, service="fiks-io")[OSLO, "COUNTRY", "NO"]
    assert (other["n"], per_1000(other)) == (3, (None, 9, None))


def test_a_row_is_synthetic_when_its_own_or_any_figure_of_the_group_is(compared):
    rows = [used(c, 5, synthetic=c == OSTFOLD[0]) for c in OSTFOLD[:3]]
    found = compared(*rows)
    assert found[OSTFOLD[0], "COUNTRY", "NO"]["synthetic"] is True
    assert found[OSTFOLD[1], "COUNTY", "31"]["synthetic"] is True
    assert compared(*rows[1:])[OSTFOLD[1], "COUNTY", "31"]["synthetic"] is False
    assert found[OSLO, "COUNTY", "03"]["synthetic"] is True, "nobody there: what is known of the service that month"


# --- networks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "members"),
    [
        (date(2021, 12, 1), None),
        (date(2022, 1, 1), 2),
        (date(2022, 5, 1), 2),
        (date(2022, 6, 1), 1),
    ],
)
def test_a_network_is_of_its_members_on_the_first_of_the_month(month, members, compared):
    members_of = enrolled(
        ("nett", "3101", date(2021, 12, 3)),
        ("nett", "3103", date(2021, 12, 3)),
        ("nett", "3105", date(2021, 12, 3), date(2022, 6, 1)),
    )
    row = compared(used(OSLO, 1, month=month), month=month, members=members_of).get(("3101", "NETWORK", "nett"))
    assert (row and row["members"]) == members


def test_a_member_of_several_networks_has_a_row_for_each_and_of_none_no_row(compared):
    found = compared(*(used(c, 1) for c in CODES))
    networks = {}
    for row in MEMBERS.to_pylist():
        networks.setdefault(row["municipality_code"], set()).add(row["network_id"])
    assert max(map(len, networks.values())) > 1
    for code in CODES:
        assert {g for c, kind, g in found if (c, kind) == (code, "NETWORK")} == networks.get(code, set())
    assert OSLO not in networks


def test_a_code_of_an_older_division_stands_for_what_it_has_become_once(compared):
    members_of = enrolled(("nett", "1507"), ("nett", "1508"), ("nett", "3001"), ("nett", "3101", date(2020, 1, 1)))
    found = compared(used("1508", 4), used("1580", 6), members=members_of)
    assert {c: r["members"] for (c, kind, _), r in found.items() if kind == "NETWORK"} == {
        "1508": 2,
        "1580": 2,
        "3101": 2,
    }
    assert found["3101", "NETWORK", "nett"]["n"] == 2


# --- exactly ---------------------------------------------------------------------------------------------------------


def half_up(value: Fraction, digits: str) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal(digits), ROUND_HALF_UP)


def quartiles(values: list[Decimal]) -> tuple[Decimal | None, ...]:
    """By nearest rank: the smallest that so many fourths do not exceed; a median of three, quartiles of five."""
    return tuple(
        sorted(values)[math.ceil(Fraction(len(values) * fourths, 4)) - 1] if len(values) >= least else None
        for fourths, least in ((1, 5), (2, 3), (3, 5))
    )


def members_of(alike) -> dict[tuple[str, str], set[str]]:
    """Who is in each group."""
    members = {("COUNTRY", "NO"): set(CODES) - {OSLO}}
    for code in CODES:
        members["SIMILAR", code] = {r["peer_code"] for r in alike[code]}
        members.setdefault(("COUNTY", COUNTY[code]), set()).add(code)
    for row in MEMBERS.to_pylist():
        members.setdefault(("NETWORK", row["network_id"]), set()).add(row["municipality_code"])
    return members


figures = st.tuples(
    st.decimals(0, 10**7, places=4),
    st.one_of(st.none(), st.decimals(0, 1, places=6)),
)


@settings(max_examples=examples(8))
@given(st.dictionaries(st.sampled_from(CODES), figures, min_size=1, max_size=357))
def test_every_row_is_what_fractions_say_and_keeps_the_rules(compared, alike, settings, said):
    found = compared(*(used(c, d, inhabitants=PEOPLE[c], digital_share=s) for c, (d, s) in said.items()))
    figure = {c: half_up(Fraction(d) * 1000 / PEOPLE[c], "0.0001") for c, (d, _) in said.items()}
    share = {c: s for c, (_, s) in said.items() if s is not None}
    members = members_of(alike)
    for (code, *group), row in found.items():
        others = members[tuple(group)] - {code}
        assert (row["per_1000_inhabitants"], row["digital_share"]) == (figure.get(code), share.get(code))
        assert row["members"] == len(others)
        assert row["n"] == len(others & set(figure))
        assert row["n_share"] == len(others & set(share))
        assert per_1000(row) == quartiles([figure[c] for c in others if c in figure])
        assert shares(row) == quartiles([share[c] for c in others if c in share])
    made = Values(pa.Table.from_pylist([r | {"month": MARCH} for r in found.values()], PEER_MONTH.arrow_schema))
    broken = " or ".join(f"not coalesce({rule.condition}, true)" for rule in PEER_MONTH.rules)
    with Session(settings) as session:
        assert session.table(Query(f"select * from made where {broken}", {"made": made})).num_rows == 0


# --- other use -------------------------------------------------------------------------------------------------------


def measured(code: str, per_1000: object, **more) -> dict:
    """A municipality's applications of a month, as they are published, with a thousand inhabitants."""
    value = Decimal(str(per_1000))
    row = {
        "month": MARCH,
        "borders": "now",
        "municipality_code": code,
        "service": "fiks-digisos",
        "measure": "soknader",
        "quantity": value,
        "perturbed": True,
        "inhabitants": 1000,
        "per_1000_inhabitants": value,
        "estimated": False,
    }
    return row | more


@pytest.fixture(scope="session")
def beside(rows_of, answer, alike, session):
    """The rows by municipality and group, of applications; each as its contract says, and tied by the gate."""
    peer_rows = rows_of(MUNICIPALITY_PEER, *(r for rows in alike.values() for r in rows))
    rule = next(r for r in quality.TABLE_RULES if r.name == "peers_tie")
    broken = " or ".join(f"not coalesce({one.condition}, true)" for one in PEER_MEASURE_MONTH.rules)

    def beside(*rows, members=MEMBERS):
        told = rows_of(MUNICIPALITY_MEASURE_MONTH, *rows)
        scan = peers.peer_measure_month.make(
            BuildWindow(AS_OF, MARCH),
            municipality_measure_month=told,
            municipality=REFERENCE["municipality"],
            municipality_peer=peer_rows,
            municipality_to_now=REFERENCE["municipality_to_now"],
            network_member=Values(members),
        )
        found = [r | {"month": MARCH} for r in answer(scan, PEER_MEASURE_MONTH)]
        made = Values(pa.Table.from_pylist(found, PEER_MEASURE_MONTH.arrow_schema))
        scans = {"municipality_measure_month": told, "peer_measure_month": made}
        assert session.cleared().table(Query(f"select * from made where {broken}", {"made": made})).num_rows == 0
        assert session.cleared().table(rule.broken(scans)).to_pylist() == []
        keys = [(r["municipality_code"], r["service"], r["measure"], r["peer_kind"], r["peer_group"]) for r in found]
        assert len(keys) == len(set(keys))
        return {(k[0], *k[3:]): r for k, r in zip(keys, found, strict=True) if k[2] == "soknader"}

    return beside


def test_who_has_no_row_is_a_gap_and_a_published_zero_is_a_figure(beside):
    shown = [measured(c, n) for n, c in enumerate(OSTFOLD[1:6])]
    row = beside(*shown)[OSTFOLD[0], "COUNTY", "31"]
    assert (row["members"], row["n"]) == (len(OSTFOLD) - 1, 5)
    assert per_1000(row) == (1, 2, 3)
    assert row["per_1000_inhabitants"] is None
    again = beside(*shown, measured(OSTFOLD[0], 40))[OSTFOLD[0], "COUNTY", "31"]
    assert row | {"per_1000_inhabitants": 40} == again, "nobody is in a group of its own"


def test_figures_of_a_sensitive_service_are_marked_as_perturbed_and_no_others(beside):
    assert {r["perturbed"] for r in beside(measured(OSLO, 5)).values()} == {True}
    ordinary = measured(OSLO, 5, service="fiks-folkeregister", perturbed=False)
    assert {r["perturbed"] for r in beside(ordinary).values()} == {False}


@pytest.mark.parametrize(
    ("shown", "more", "why"),
    [
        pytest.param(0, {}, "NOT_MEASURED", id="none of them"),
        pytest.param(2, {}, "FEW_FIGURES", id="two"),
        pytest.param(3, {}, None, id="three"),
        pytest.param(6, {"inhabitants": None, "per_1000_inhabitants": None}, "NO_INHABITANTS", id="uncounted"),
    ],
)
def test_a_median_that_is_missing_says_why(shown, more, why, beside):
    rows = [measured(c, 9, **more) for c in OSTFOLD[1 : 1 + shown]]
    found = beside(*rows, measured(OSTFOLD[0], 1))
    row = found[OSTFOLD[0], "COUNTY", "31"]
    assert (row["n"], row["median_missing"]) == (shown, why)
    assert row["per_1000_median"] == (None if why else 9)
    assert found[OSLO, "COUNTY", "03"]["median_missing"] == "FEW_MEMBERS"


def test_a_service_or_measure_that_nobody_was_measured_by_has_no_rows(beside):
    assert beside() == {}
    assert beside(measured(OSLO, 5, measure="meldinger"), measured(OSLO, 5, borders="then")) == {}


def test_the_gate_finds_a_group_that_holds_other_figures(beside, rows_of, settings):
    rows = [*(measured(c, n) for n, c in enumerate(OSTFOLD[:3], 5)), measured(OSLO, 7)]
    found = beside(*rows)
    rule = next(r for r in quality.TABLE_RULES if r.name == "peers_tie")
    told = rows_of(MUNICIPALITY_MEASURE_MONTH, *rows)
    wrong = {
        "one too many": {"n": 4},
        "a median of other figures": {"per_1000_median": Decimal(2)},
        "another figure of its own": {"per_1000_inhabitants": Decimal(3)},
        "none of its own": {"per_1000_inhabitants": None},
    }
    with Session(settings) as session:
        for what, change in wrong.items():
            changed = [r | change if key == (OSLO, "COUNTRY", "NO") else r for key, r in found.items()]
            made = Values(pa.Table.from_pylist(changed, PEER_MEASURE_MONTH.arrow_schema))
            scans = {"municipality_measure_month": told, "peer_measure_month": made}
            assert session.cleared().table(rule.broken(scans)).num_rows, what


@settings(max_examples=examples(8))
@given(st.dictionaries(st.sampled_from(CODES), st.decimals(0, 10**7, places=4), min_size=1, max_size=357))
def test_every_row_of_other_use_is_what_plain_python_makes_of_the_published_figures(beside, alike, said):
    found = beside(*(measured(c, v) for c, v in said.items()))
    members = members_of(alike)
    for (code, *group), row in found.items():
        others = members[tuple(group)] - {code}
        figures = [said[c] for c in others if c in said]
        assert (row["members"], row["n"]) == (len(others), len(figures))
        assert row["per_1000_inhabitants"] == said.get(code)
        assert per_1000(row) == quartiles(figures)
