"""Use by day and by municipality, on the borders of then and of now."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import reference, usage
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Values
from catalog.domain.borders import borders
from catalog.domain.calendar import is_working_day, next_month
from catalog.tables import conformed
from catalog.tables.usage import DELIVERY_TAKEN, DELIVERY_TIME, DISPATCH_DAY, MUNICIPALITY_MONTH
from tests.thorough import examples

LONG_AFTER = datetime(2026, 11, 1, tzinfo=UTC)
REFERENCE = {m.contract.table: m.make(BuildWindow(LONG_AFTER)) for m in reference.BUILDS if not m.inputs}
REFERENCE["municipality_of"] = Values(reference.bundled_places())
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
OLD_AALESUND, OSLO, HALDEN = "920415288", NUMBER["Oslo kommune"], NUMBER["Halden kommune"]
AMOUNTS = ("documents", "pages", "sheets", "bytes", "production_cost_ore", "postage_ore")
INHABITANTS = {(r["municipality_code"], int(r["year"])): int(r["inhabitants"]) for r in facts.read("population")}


def used(month: date, organisation_number: str, dispatches: int, **more) -> dict:
    row = {
        "month": month,
        "day": month,
        "organisation_number": organisation_number,
        "service": "svarut",
        "channel": "SVARINN",
        "outcome": "delivered",
        "dispatches": dispatches,
    }
    return row | dict.fromkeys(AMOUNTS, 0) | more


@pytest.fixture(scope="session")
def by_municipality(rows_of, answer):
    """The month's rows by borders and code, of one service and channel; then, now and the rest must tie."""

    def by_municipality(month, *rows, as_of=LONG_AFTER):
        inputs = ("municipality_of", "municipality_to_now", "population")
        scan = usage.municipality_month.make(
            BuildWindow(as_of, month), dispatch_day=rows_of(DISPATCH_DAY, *rows), **{n: REFERENCE[n] for n in inputs}
        )
        found = answer(scan, MUNICIPALITY_MONTH)
        sums = {b: sum(r["dispatches"] for r in found if r["borders"] == b) for b in ("then", "now")}
        placed = sum(r["dispatches"] for r in rows if r["organisation_number"] in MUNICIPAL)
        assert sums == {"then": placed, "now": placed}
        return {(r["borders"], r["municipality_code"], *key_of(r)): r for r in found}

    return by_municipality


def key_of(row):
    return () if (row["service"], row["channel"]) == ("svarut", "SVARINN") else (row["service"], row["channel"])


MUNICIPAL = {r["organisation_number"] for r in REFERENCE["municipality_of"].table.to_pylist()}


def test_dispatches_are_counted_by_day_sender_service_channel_and_outcome(rows_of, answer):
    march = date(2026, 3, 1)
    one = {
        "month": march,
        "producer": "system",
        "state": "LEST",
        "state_at": LONG_AFTER,
        "created_at": LONG_AFTER,
        "service": "svarut",
        "organisation_number": OSLO,
        "account_id": "k",
        "channel": "PRINT",
        "recipient_kind": "PERSON",
        "digital_only": False,
        "day": date(2026, 3, 2),
        "outcome": "delivered",
        "states": 3,
    }
    dispatches = [
        {"sheet_count": 2, "postage_ore": 1700, "document_count": 1, "page_count": 3, "byte_count": 2**40},
        {"production_cost_ore": 300, "synthetic": True},
        {"outcome": "open"},
        {"channel": "UNKNOWN"},
        {"day": date(2026, 3, 3)},
    ]
    rows = rows_of(conformed.DISPATCH, *(one | d | {"dispatch_id": bytes([n] * 16)} for n, d in enumerate(dispatches)))
    found = answer(usage.dispatch_day.make(BuildWindow(LONG_AFTER, march), dispatch=rows), DISPATCH_DAY)
    assert [(r["day"].day, r["channel"], r["outcome"], r["dispatches"]) for r in found] == [
        (2, "PRINT", "delivered", 2),
        (2, "PRINT", "open", 1),
        (2, "UNKNOWN", "delivered", 1),
        (3, "PRINT", "delivered", 1),
    ]
    assert [found[0][a] for a in AMOUNTS] == [1, 3, 2, 2**40, 300, 1700]
    assert [r["synthetic"] for r in found] == [True, False, False, False]


def test_organisations_that_are_no_municipality_are_left_out(by_municipality):
    county = next(r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "COUNTY")
    found = by_municipality(date(2026, 3, 1), used(date(2026, 3, 1), OSLO, 7), used(date(2026, 3, 1), county, 9))
    assert set(found) == {("then", "0301"), ("now", "0301")}


def test_a_municipality_of_viken_has_the_code_of_viken_then_and_its_own_now(by_municipality):
    month = date(2021, 5, 1)
    found = by_municipality(month, used(month, HALDEN, 100))
    assert {k: r["dispatches"] for k, r in found.items()} == {("then", "3001"): 100, ("now", "3101"): 100}
    assert not any(r["estimated"] for r in found.values())
    people = INHABITANTS["3101", 2021]
    assert {r["inhabitants"] for r in found.values()} == {people}, "3001 is the same area as 3101"
    expected = round(Decimal(100_000) / people, 4)
    assert {r["per_1000_inhabitants"] for r in found.values()} == {expected}


def test_aalesund_of_2023_is_split_by_weight_and_the_last_part_takes_the_remainder(by_municipality):
    month = date(2023, 10, 1)
    sent = used(month, OLD_AALESUND, 101, sheets=7, production_cost_ore=33, postage_ore=1)
    found = by_municipality(month, sent)
    assert set(found) == {("then", "1507"), ("now", "1508"), ("now", "1580")}
    weight = next(s.weight for s in borders().to_now("1507", month) if s.code == "1508")
    for name in ("dispatches", "sheets", "production_cost_ore", "postage_ore"):
        first, last = found["now", "1508"][name], found["now", "1580"][name]
        assert abs(Fraction(first) - sent[name] * weight) <= Fraction(1, 20_000)
        assert first + last == sent[name]
    assert [found[k]["estimated"] for k in sorted(found)] == [True, True, False]


def test_figures_per_inhabitant_are_missing_where_a_code_of_then_is_not_one_municipality_of_now(by_municipality):
    month = date(2023, 10, 1)
    found = by_municipality(month, used(month, OLD_AALESUND, 101), used(month, OSLO, 10))
    assert (found["then", "1507"]["inhabitants"], found["then", "1507"]["per_1000_inhabitants"]) == (None, None)
    assert found["now", "1580"]["inhabitants"] == INHABITANTS["1580", 2023]
    assert found["then", "0301"]["inhabitants"] == INHABITANTS["0301", 2023]


def test_of_municipalities_that_merged_the_figures_per_inhabitant_are_missing_then(by_municipality):
    month = date(2019, 6, 1)
    asker = NUMBER["Asker kommune"]
    found = by_municipality(month, used(month, asker, 10))
    [then] = [r for (b, *_), r in found.items() if b == "then"]
    assert (then["municipality_code"], then["estimated"]) == ("0220", True)
    assert then["inhabitants"] is None, "Asker, Røyken and Hurum are counted as one now"
    assert found["now", "3203"]["inhabitants"] == INHABITANTS["3203", 2019]


def test_months_before_2017_stand_in_the_division_of_2017(by_municipality):
    month = date(2014, 2, 1)
    found = by_municipality(month, *(used(month, n, 3) for n in sorted(MUNICIPAL)))
    assert ("now", "3907") in found, "Sandefjord, whose code of 2017 is younger than the month"


def test_the_digital_share_is_of_delivered_dispatches_over_all_channels(by_municipality):
    month = date(2026, 3, 1)
    found = by_municipality(
        month,
        used(month, OSLO, 60),
        used(month, OSLO, 40, outcome="open"),
        used(month, OSLO, 20, channel="PRINT"),
        used(month, OSLO, 5, service="svarinn", outcome="failed"),
    )
    shares = {k: r["digital_share"] for k, r in found.items() if k[0] == "now"}
    assert shares == {
        ("now", "0301"): Decimal("0.75"),
        ("now", "0301", "svarut", "PRINT"): Decimal("0.75"),
        ("now", "0301", "svarinn", "SVARINN"): None,
    }


@pytest.mark.parametrize(
    ("month", "settled"),
    [
        (date(2026, 8, 1), date(2026, 9, 9)),  # the first of September is a Tuesday
        (date(2026, 1, 1), date(2026, 2, 10)),  # the first of February is a Sunday
        (date(2026, 3, 1), date(2026, 4, 14)),  # Easter: 2, 3 and 6 April are holidays
        (date(2025, 12, 1), date(2026, 1, 12)),  # New Year's Day
    ],
)
def test_the_digital_share_is_provisional_until_seven_working_days_after_the_month(month, settled):
    def provisional(day, hour):
        return BuildWindow(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), month).provisional

    between = [date.fromordinal(d) for d in range(next_month(month).toordinal(), settled.toordinal() + 1)]
    assert sum(is_working_day(d) for d in between) == 7
    assert provisional(between[-2], 12)
    assert not provisional(settled, 6)
    assert not BuildWindow(LONG_AFTER, None).provisional


def test_a_provisional_share_says_so(by_municipality):
    month = date(2026, 3, 1)
    [then, now] = by_municipality(month, used(month, OSLO, 6), as_of=datetime(2026, 4, 2, tzinfo=UTC)).values()
    assert (then["digital_share_provisional"], now["digital_share_provisional"]) == (True, True)


@settings(max_examples=examples(12))
@given(
    month=st.dates(date(2012, 1, 1), date(2026, 6, 1)).map(lambda d: d.replace(day=1)),
    sent=st.lists(st.tuples(st.sampled_from(sorted(MUNICIPAL)), st.integers(1, 10**6)), min_size=1, max_size=40),
)
def test_then_and_now_sum_to_the_dispatches_of_municipalities_in_any_month(by_municipality, month, sent):
    by_municipality(month, *(used(month, number, n) for number, n in sent))


# --- delivery --------------------------------------------------------------------------------------------------------


def sent(created_at: datetime, took: timedelta | None, **more) -> dict:
    """A dispatch that was first delivered after so long; None: not yet."""
    row = {
        "service": "svarut",
        "channel": "PRINT",
        "created_at": created_at,
        "first_delivered_at": None if took is None else created_at + took,
    }
    return row | more


@pytest.fixture(scope="session")
def delivered(rows_of, session):
    """The delivery times as they are known on a day, of dispatches by the month they were made in."""

    def delivered(as_of: datetime, **of_months: list[dict]) -> list[dict]:
        taken = []
        for name, rows in of_months.items():
            month = datetime.strptime(name, "%B_%Y").replace(tzinfo=UTC).date()
            scan = usage.delivery_taken.make(BuildWindow(as_of, month), dispatch=rows_of(conformed.DISPATCH, *rows))
            taken += [row | {"month": month} for row in session.cleared().table(scan).to_pylist()]
        scan = usage.delivery_time.make(BuildWindow(as_of), delivery_taken=rows_of(DELIVERY_TAKEN, *taken))
        found = session.cleared().table(scan)
        assert found.column_names == [c.name for c in DELIVERY_TIME.columns]
        return sorted(found.to_pylist(), key=lambda row: (row["month"], row["channel"]))

    return delivered


JANUARY_DAY, FEBRUARY_DAY = datetime(2026, 1, 20, 9, tzinfo=UTC), datetime(2026, 2, 20, 9, tzinfo=UTC)
SLOW = [sent(JANUARY_DAY, timedelta(days=40 if n == 18 else 90 if n == 19 else 1)) for n in range(20)]
"""Of a hundred 95 took forty days at most, one took ninety."""
QUICK = [sent(FEBRUARY_DAY, timedelta(hours=2))]


@pytest.mark.parametrize(("days", "provisional"), [(39, True), (41, False)])
def test_a_month_younger_than_95_of_100_dispatches_took_before_is_provisional(delivered, days, provisional):
    as_of = datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=days)
    _, february = delivered(as_of, january_2026=SLOW, february_2026=QUICK)
    assert february["p99_hours"] == 2
    assert february["provisional"] is provisional


def test_what_a_channel_took_says_nothing_of_another_nor_what_a_month_took_of_itself_or_of_one_before(delivered):
    digital = [sent(FEBRUARY_DAY, timedelta(hours=2), channel="SDP")]
    after = [sent(FEBRUARY_DAY, timedelta(days=400))]
    as_of = datetime(2026, 3, 20, 9, tzinfo=UTC)
    found = delivered(as_of, january_2026=SLOW, february_2026=[*digital, *after])
    assert [(r["month"].month, r["channel"], r["provisional"]) for r in found] == [
        (1, "PRINT", False),
        (2, "PRINT", True),
        (2, "SDP", False),
    ]


@pytest.mark.parametrize(("day", "provisional"), [(9, True), (10, False)])
def test_a_month_with_none_before_it_is_provisional_until_it_is_settled(delivered, day, provisional):
    (february,) = delivered(datetime(2026, 3, day, 9, tzinfo=UTC), february_2026=QUICK)
    assert february["provisional"] is provisional


def test_of_what_was_slow_more_than_a_year_before_nothing_is_said(delivered):
    found = delivered(datetime(2026, 3, 20, 9, tzinfo=UTC), january_2025=SLOW, february_2026=QUICK)
    assert [r["provisional"] for r in found] == [False, False]


@settings(max_examples=examples(20))
@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=120))
def test_delivery_times_are_by_nearest_rank(delivered, microseconds):
    rows = [sent(JANUARY_DAY, timedelta(microseconds=n)) for n in microseconds]
    (row,) = delivered(LONG_AFTER, january_2026=rows)
    assert row["dispatches"] == len(microseconds)
    for percent in (50, 90, 99):
        at_rank = sorted(microseconds)[math.ceil(Fraction(len(microseconds) * percent, 100)) - 1]
        assert abs(Fraction(row[f"p{percent}_hours"]) - Fraction(at_rank, 3_600_000_000)) <= Fraction(1, 20_000)
