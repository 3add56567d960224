from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import facts
from catalog.domain.borders import Borders, Change, How, Municipality, borders

B = borders()
NOW = B.codes_on(date(2024, 1, 1))
YEARS = range(2017, 2027)
days = st.dates(date(2017, 1, 1), date(2026, 12, 31))
codes = st.sampled_from(sorted(B.municipalities))


def parts(code: str, on: date) -> dict[str, Fraction]:
    return {share.code: share.weight for share in B.to_now(code, on)}


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2017, 6, 1), 426),
        (date(2018, 1, 1), 422),
        (date(2019, 12, 31), 422),
        (date(2020, 1, 1), 356),
        (date(2023, 12, 31), 356),
        (date(2024, 1, 1), 357),
        (date(2026, 11, 25), 357),
    ],
)
def test_the_number_of_municipalities_comes_out(day, count):
    assert len(B.codes_on(day)) == count


@pytest.mark.parametrize("year", YEARS)
def test_every_code_alive_on_new_years_day_maps_to_2024_with_weight_exactly_one(year):
    day = date(year, 1, 1)
    for code in B.codes_on(day):
        shares = B.to_now(code, day)
        assert sum((s.weight for s in shares), Fraction(0)) == 1
        assert all(s.weight > 0 and s.code in NOW for s in shares)
        assert any(s.estimated for s in shares) == (len(shares) > 1)


@pytest.mark.parametrize("year", YEARS)
def test_every_municipality_of_2024_is_reached_from_every_year(year):
    day = date(year, 1, 1)
    assert {share.code for code in B.codes_on(day) for share in B.to_now(code, day)} == set(NOW)


@pytest.mark.parametrize(
    ("code", "day", "now"),
    [
        ("1534", date(2019, 5, 1), {"1580": 1}),  # Haram is Haram again, not a part of Ålesund
        ("1504", date(2019, 5, 1), {"1508": 1}),
        ("1507", date(2021, 5, 1), {"1508": Fraction("0.8621"), "1580": Fraction("0.1379")}),
        ("5012", date(2019, 5, 1), {"5055": Fraction("0.35"), "5056": Fraction("0.35"), "5059": Fraction("0.3")}),
        ("1613", date(2017, 5, 1), {"5055": Fraction("0.35"), "5056": Fraction("0.35"), "5059": Fraction("0.3")}),
        ("1850", date(2019, 5, 1), {"1806": Fraction(1, 2), "1875": Fraction(1, 2)}),
        ("1001", date(2019, 5, 1), {"4204": 1}),  # Kristiansand with Songdalen and Søgne
        ("1017", date(2019, 5, 1), {"4204": 1}),
        ("1018", date(2019, 5, 1), {"4204": 1}),
        ("4204", date(2024, 5, 1), {"4204": 1}),
        ("0301", date(2017, 5, 1), {"0301": 1}),
        ("1601", date(2017, 5, 1), {"5001": 1}),  # Trondheim
    ],
)
def test_a_municipality_lies_on_the_borders_of_2024_as_it_should(code, day, now):
    assert parts(code, day) == now


def test_viken_returns_to_three_counties():
    day = date(2022, 1, 1)
    viken = [code for code in B.codes_on(day) if B.county_on(code, day) == "30"]
    now = [share.code for code in viken for share in B.to_now(code, day)]
    assert len(viken) == len(set(now)) == 51
    assert {B.county_on(code, date(2024, 1, 1)) for code in now} == {"31", "32", "33"}


def test_name_and_county_are_those_of_the_day():
    assert B.name_on("1507", date(2020, 1, 1)) == "Ålesund"
    assert B.name_on("1507", date(2024, 1, 1)) is None
    assert (B.county_on("0710", date(2019, 12, 31)), B.county_on("3804", date(2020, 1, 1))) == ("07", "38")


def test_the_area_of_a_code_that_was_not_in_force_is_empty_not_guessed():
    assert B.to_now("1507", date(2019, 1, 1)) == ()
    assert B.to_now("9999", date(2019, 1, 1)) == ()


@pytest.mark.parametrize(
    ("code", "day", "how", "on_date", "now"),
    [
        ("1119", date(2018, 11, 21), How.VALID, "1119", "1119"),
        ("1534", date(2019, 6, 1), How.VALID, "1534", "1580"),
        ("1534", date(2021, 6, 1), How.BRIDGE, "1507", "1580"),
        ("3028", date(2019, 4, 11), How.CHANGED_WITHIN_TWELVE_MONTHS, "0229", "3220"),  # Enebakk, nine months early
        ("4602", date(2019, 12, 11), How.CHANGED_WITHIN_TWELVE_MONTHS, None, "4602"),  # Kinn was two municipalities
        ("0704", date(2020, 2, 26), How.CHANGED_WITHIN_TWELVE_MONTHS, "3803", "3905"),
        ("1804", date(2020, 2, 26), How.VALID, "1804", "1804"),
        ("1504", date(2020, 3, 3), How.CHANGED_WITHIN_TWELVE_MONTHS, "1507", None),  # Ålesund of that day
        ("1202", date(2018, 10, 24), How.CITY_DISTRICT, "1201", "4601"),
        ("1202", date(2020, 5, 26), How.CITY_DISTRICT, "4601", "4601"),
        ("1169", date(2020, 1, 9), How.CITY_DISTRICT, "1103", "1103"),
        ("0312", date(2018, 10, 24), How.CITY_DISTRICT, "0301", "0301"),
    ],
)
def test_a_reported_code_is_understood_by_the_first_rule_that_fits(code, day, how, on_date, now):
    found = B.resolve(code, day)
    assert (found.how, found.code_on_date, found.code_now, found.likely) == (how, on_date, now, ())
    assert sum((s.weight for s in found.shares), Fraction(0)) == 1


@pytest.mark.parametrize(
    ("code", "day", "name", "likely"),
    [
        ("1663", date(2019, 10, 8), None, ("5031",)),  # ended 21 months before
        ("1621", date(2020, 3, 16), None, ("5057",)),  # two changes on
        ("5302", date(2020, 2, 24), None, ("3811",)),  # NAV's office number, by its name
        ("1783", date(2020, 3, 25), None, ("5032", "5033", "5034", "5035", "5036")),
        ("301", date(2020, 1, 1), None, ("0301",)),
        ("9999", date(2020, 1, 1), "Hå", ("1119",)),
        ("9999", date(2020, 1, 1), "Kragerö", ("3814",)),
        ("", date(2020, 1, 1), None, ()),
    ],
)
def test_what_is_left_is_unresolved_with_the_codes_that_were_probably_meant(code, day, name, likely):
    found = B.resolve(code, day, name=name)
    assert (found.how, found.code_on_date, found.code_now, found.shares) == (How.UNRESOLVED, None, None, ())
    assert found.likely == likely


def test_a_slip_of_the_pen_suggests_codes_one_digit_away():
    assert "1119" in B.resolve("1191", date(2020, 1, 1)).likely


@pytest.mark.parametrize(
    ("day", "how"),
    [
        (date(2018, 12, 31), How.CHANGED_WITHIN_TWELVE_MONTHS),
        (date(2019, 1, 1), How.CHANGED_WITHIN_TWELVE_MONTHS),
        (date(2019, 1, 2), How.UNRESOLVED),
    ],
)
def test_twelve_months_after_its_end_a_code_is_still_understood_and_the_day_after_not(day, how):
    assert B.resolve("1663", day).how is how


@pytest.mark.parametrize(
    ("day", "how"),
    [(date(2018, 12, 31), How.UNRESOLVED), (date(2019, 1, 1), How.CHANGED_WITHIN_TWELVE_MONTHS)],
)
def test_twelve_months_before_its_start_a_code_is_understood(day, how):
    assert B.resolve("3028", day).how is how


def test_an_undated_list_may_hold_codes_that_ended_long_ago_but_none_from_the_future():
    day = date(2026, 5, 31)
    assert B.resolve("3801", day).how is How.UNRESOLVED
    found = B.resolve("3801", day, no_later_than=True)
    assert (found.how, found.code_on_date, found.code_now) == (How.VALID, "3901", "3901")
    assert B.resolve("3901", date(2021, 1, 1), no_later_than=True).how is How.UNRESOLVED


@pytest.mark.parametrize(
    ("organisation", "now"),
    [
        ("920415288", None),  # old Ålesund was the whole of it
        ("929911709", "1508"),
        ("829912252", "1580"),
        ("958935420", None),  # Oslo has no part in it
        (None, None),
    ],
)
def test_where_a_municipality_was_split_the_organisation_decides_which_part_is_meant(organisation, now):
    found = B.resolve("1507", date(2022, 1, 1), organisation_number=organisation)
    assert found.code_now == now
    assert len(found.shares) == (1 if now else 2)
    assert not any(share.estimated for share in found.shares if now), "what the organisation decides is no estimate"


def test_of_the_405_digisos_events_100_have_codes_that_are_not_valid_on_their_date():
    day = {row["at"]: date.fromisoformat(row["at"][:10]) for row in facts.read("adoption_digisos_2018_2020")}
    found = [B.resolve(r["code_as_reported"], day[r["at"]]).how for r in facts.read("adoption_digisos_2018_2020")]
    assert {how: found.count(how) for how in How} == {
        How.VALID: 305,
        How.BRIDGE: 0,
        How.CHANGED_WITHIN_TWELVE_MONTHS: 51,
        How.CITY_DISTRICT: 38,
        How.UNRESOLVED: 11,
    }


def test_the_join_table_covers_every_code_alive_since_2017_and_sums_to_one():
    rows = B.then_to_now_table().to_pylist()
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["from_code"]] = sums.get(row["from_code"], Decimal(0)) + row["weight"]
    assert set(sums) == {code for year in YEARS for code in B.codes_on(date(year, 1, 1))}
    assert set(sums.values()) == {Decimal(1)}


@pytest.mark.parametrize("year", YEARS)
def test_the_join_table_says_what_to_now_says(year):
    day = date(year, 7, 1)
    joined = {
        (row["from_code"], row["to_code"]): (Fraction(row["weight"]), row["estimated"])
        for row in B.then_to_now_table().to_pylist()
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    }
    assert joined == {(code, s.code): (s.weight, s.estimated) for code in B.codes_on(day) for s in B.to_now(code, day)}


@given(codes, days)
def test_resolving_a_code_that_is_valid_on_its_day_changes_nothing(code, day):
    if B.valid(code, day):
        found = B.resolve(code, day)
        assert (found.how, found.code_on_date, found.shares) == (How.VALID, code, B.to_now(code, day))


@given(st.text(max_size=6) | codes, days, st.booleans())
def test_a_resolution_is_whole_or_says_that_it_is_not(code, day, no_later_than):
    found = B.resolve(code, day, no_later_than=no_later_than)
    if found.how is How.UNRESOLVED:
        assert (found.shares, found.code_on_date, found.code_now) == ((), None, None)
    else:
        assert sum((s.weight for s in found.shares), Fraction(0)) == 1
        assert found.likely == ()
        assert {s.code for s in found.shares} <= set(NOW)
    assert all(B.valid(likely, day) for likely in found.likely)
    assert found.code_on_date is None or B.valid(found.code_on_date, day)


@given(days, days)
def test_the_way_to_2024_is_the_same_on_every_day_that_a_code_stands(one, other):
    for code in set(B.codes_on(one)) & set(B.codes_on(other)):
        assert B.to_now(code, one) == B.to_now(code, other)


@given(st.lists(st.integers(1, 97), min_size=2, max_size=6))
def test_of_a_split_the_last_successor_takes_the_remainder(declared):
    on = date(2020, 1, 1)
    # Declared weights rarely sum to one: each is rounded by whoever declared it.
    weights = [Fraction(round(d / sum(declared), 3)).limit_denominator(1000) for d in declared]
    names = [f"{number:04d}" for number in range(1, len(weights) + 1)]
    made = Borders(
        municipalities={
            "0000": Municipality("0000", "Gamle", "00", on - timedelta(days=1), on),
            **{name: Municipality(name, name, "00", on, None) for name in names},
        },
        changes={"0000": tuple(Change(on, name, weight) for name, weight in zip(names, weights, strict=True))},
        bridges={},
    )
    shares = made.to_now("0000", on - timedelta(days=1))
    assert sum((s.weight for s in shares), Fraction(0)) == 1
    assert [s.weight for s in shares[:-1]] == weights[:-1]
    assert all(s.estimated for s in shares)
