"""Who should have delivered: rhythm, adoption, deadlines; a gap is told of as a gap."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from assets import completeness
from assets.build import BuildWindow
from catalog.contracts.scan import Query, Values
from catalog.domain.calendar import day_in_oslo, is_working_day, month_of, start_of
from catalog.tables import conformed
from catalog.tables.quality import ARRIVAL_DAY, EXPECTED_REPORTER
from catalog.tables.reference import ORGANISATION
from catalog.tables.uptake import STATUS_MONTH, STEP_EVENT
from catalog.tables.usage import SENSITIVE_SERVICES

MONDAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FIRST = date(2025, 10, 1)
OSLO, BERGEN = "958935420", "964338531"


def days(first: date, last: date = MONDAY) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def working_days(first: date = FIRST, last: date = MONDAY) -> list[date]:
    return [d for d in days(first, last) if is_working_day(d)]


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def came(day: date, **more) -> dict:
    row = {
        "month": month_of(day),
        "producer": "system",
        "organisation_number": OSLO,
        "stream": "dispatch",
        "service": "svarut",
        "day": day,
        "rows": 20,
        "first_received_at": at(day + timedelta(days=1), 3),
    } | more
    return row | {"last_received_at": row["first_received_at"]}


def step(kind: str, day: date, **more) -> dict:
    row = {
        "producer": "kundesenter",
        "event_id": f"{kind}-{day}",
        "service": "svarut",
        "organisation_number": OSLO,
        "municipality_code": "0301",
        "estimated": False,
        "customer_kind": "MUNICIPALITY",
        "step": kind,
        "occurred_at": start_of(day) + timedelta(hours=12),
        "occurred_precision": "EXACT",
        "month": month_of(day),
        "source": "kundesenter",
    }
    return row | more


def stands(month: date, **more) -> dict:
    row = {
        "month": month,
        "municipality_code": "0301",
        "organisation_number": OSLO,
        "customer_kind": "MUNICIPALITY",
        "service": "svarut",
        "step": "ACTIVATED",
        "active": True,
        "active_basis": "EVENT",
    }
    return row | more


def organisation(**more) -> dict:
    row = {"organisation_number": OSLO, "name": "Oslo", "kind": "MUNICIPALITY", "municipality_code": "0301"}
    return row | {"confirmed": True} | more


@pytest.fixture(scope="session")
def told(rows_of, answer):
    """Rows of expected_reporter, each of which keeps the contract's rules."""

    def told(arrivals, *, steps=(), statuses=(), organisations=None, now=NOW) -> list[dict]:
        found = answer(
            completeness.expected_reporter.make(
                BuildWindow(now),
                arrival_day=rows_of(ARRIVAL_DAY, *arrivals),
                status_month=rows_of(STATUS_MONTH, *statuses),
                step_event=rows_of(STEP_EVENT, *steps),
                organisation=rows_of(ORGANISATION, *(organisations or [organisation()])),
            ),
            EXPECTED_REPORTER,
        )
        made = Values(pa.Table.from_pylist(found, EXPECTED_REPORTER.arrow_schema))
        kept = " and ".join(f"coalesce({rule.condition}, true)" for rule in EXPECTED_REPORTER.rules)
        assert answer(Query(f"from made where not ({kept})", {"made": made}), EXPECTED_REPORTER) == []
        keys = [tuple(r[k] for k in EXPECTED_REPORTER.key) for r in found]
        assert len(keys) == len(set(keys))
        return found

    return told


def of(rows: list[dict], status: str) -> list[date]:
    return [r["day"] for r in rows if r["status"] == status]


def row_of(rows: list[dict], day: date) -> dict:
    [row] = [r for r in rows if r["day"] == day]
    return row


# --- what came -------------------------------------------------------------------------------------------------------


def test_what_came_is_counted_by_sender_service_and_day_and_nothing_says_that_of_sensitive_services(rows_of, answer):
    def dispatch(number: int, **more) -> dict:
        row = {"month": date(2026, 6, 1), "producer": "system", "dispatch_id": number.to_bytes(16), "state": "LEST"}
        row |= {"state_at": NOW, "created_at": NOW, "service": "svarut", "organisation_number": OSLO}
        row |= {"account_id": "k", "recipient_kind": "PERSON", "digital_only": False, "channel": "SDP"}
        row |= {"day": date(2026, 6, 8), "outcome": "delivered", "states": 1, "first_received_at": at(MONDAY)}
        return row | more

    rows = [
        dispatch(1, first_received_at=at(date(2026, 6, 9))),
        dispatch(2, first_received_at=at(date(2026, 6, 11)), synthetic=True),
        dispatch(3, service="fiks-io"),
        dispatch(4, producer="annet"),
        dispatch(5, day=date(2026, 6, 9)),
        *(dispatch(6 + n, service=s) for n, s in enumerate(SENSITIVE_SERVICES)),
    ]
    found = answer(
        completeness.arrival_day.make(
            BuildWindow(NOW, date(2026, 6, 1)),
            dispatch=rows_of(conformed.DISPATCH, *rows),
            measurement=rows_of(conformed.MEASUREMENT),
        ),
        ARRIVAL_DAY,
    )
    assert [(r["producer"], r["service"], r["day"].day, r["rows"], r["synthetic"]) for r in found] == [
        ("annet", "svarut", 8, 1, False),
        ("system", "fiks-io", 8, 1, False),
        ("system", "svarut", 8, 2, True),
        ("system", "svarut", 9, 1, False),
    ]
    two = found[2]
    assert (two["first_received_at"], two["last_received_at"]) == (at(date(2026, 6, 9)), at(date(2026, 6, 11)))


def test_a_reported_zero_came_and_a_day_without_report_did_not(rows_of, answer, told):
    def measured(day: date, quantity: int = 0, measure: str = "oppslag") -> dict:
        row = {"month": month_of(day), "producer": "logg", "service": "fiks-folkeregister", "measure": measure}
        row |= {"day": day, "organisation_number": OSLO, "source": "logg", "quantity": Decimal(quantity)}
        return row | {"reported_at": at(day), "first_received_at": at(day, 23)}

    wednesday = date(2026, 6, 10)
    rows = [measured(d) for d in working_days() if d != wednesday]
    rows += [measured(wednesday, 3, "henvendelser"), measured(wednesday, 3, "timer")]
    rows.append(measured(wednesday, 3) | {"service": SENSITIVE_SERVICES[0]})
    arrivals = answer(
        completeness.arrival_day.make(
            BuildWindow(NOW),
            dispatch=rows_of(conformed.DISPATCH),
            measurement=rows_of(conformed.MEASUREMENT, *rows),
        ),
        ARRIVAL_DAY,
    )
    found = told([r | {"month": month_of(r["day"])} for r in arrivals])
    assert of(found, "MISSING") == [wednesday]
    assert row_of(found, date(2026, 6, 9))["status"] == "RECEIVED"


def test_a_day_of_measurements_says_when_the_first_and_the_last_came(rows_of, answer):
    row = {"month": month_of(MONDAY), "producer": "logg", "service": "fiks-folkeregister", "day": MONDAY}
    row |= {"organisation_number": OSLO, "source": "logg", "quantity": Decimal(1), "reported_at": at(MONDAY)}
    rows = [
        row | {"measure": "oppslag", "first_received_at": at(MONDAY, 9)},
        row | {"measure": "kontoer", "first_received_at": at(MONDAY, 23)},
    ]
    [arrival] = answer(
        completeness.arrival_day.make(
            BuildWindow(NOW),
            dispatch=rows_of(conformed.DISPATCH),
            measurement=rows_of(conformed.MEASUREMENT, *rows),
        ),
        ARRIVAL_DAY,
    )
    assert (arrival["first_received_at"], arrival["last_received_at"]) == (at(MONDAY, 9), at(MONDAY, 23))


# --- rhythm ----------------------------------------------------------------------------------------------------------


def test_a_daily_sender_that_misses_a_day_is_missing_and_nothing_says_zero(told):
    wednesday = date(2026, 6, 10)
    found = told([came(d) for d in working_days() if d != wednesday])
    assert of(found, "MISSING") == [wednesday]
    row = row_of(found, wednesday)
    assert row == {
        "producer": "system",
        "organisation_number": OSLO,
        "stream": "dispatch",
        "day": wednesday,
        "expected": True,
        "expected_because": "RHYTHM",
        "covers": "DAY",
        "received": False,
        "first_received_at": None,
        "due_on": date(2026, 6, 12),
        "late_days": 3,
        "status": "MISSING",
        "synthetic": False,
    }


def test_weekends_and_holidays_are_no_gap_for_who_sends_on_working_days(told):
    found = told([came(d) for d in working_days()])
    assert {r["day"] for r in found} == set(working_days(MONDAY - timedelta(days=91)))
    assert Counter(r["status"] for r in found) == {"RECEIVED": len(found)}
    assert not {date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25), date(2026, 5, 16)} & {r["day"] for r in found}


def test_a_holiday_is_like_a_sunday(told):
    ascension = date(2026, 5, 14)
    assert of(told([came(d) for d in days(FIRST) if d != ascension]), "MISSING") == [ascension]


@pytest.mark.parametrize(("missed", "expected"), [(1, True), (2, False)])
def test_a_day_is_expected_after_at_least_seven_of_the_last_eight_of_its_kind(missed, expected, told):
    wednesday = date(2026, 6, 10)
    gone = {wednesday - timedelta(weeks=n) for n in range(missed + 1)}
    found = told([came(d) for d in working_days() if d not in gone])
    assert (wednesday in of(found, "MISSING")) is expected


def test_what_came_late_counts_to_the_rhythm(told):
    found = told([came(d, first_received_at=at(date(2026, 6, 11))) for d in working_days()], now=NOW)
    assert of(found, "MISSING") == []


@pytest.mark.parametrize(
    ("received_at", "status", "late"),
    [
        (datetime(2026, 6, 8, 10, tzinfo=UTC), "RECEIVED", 0),
        (datetime(2026, 6, 10, 21, 59, tzinfo=UTC), "RECEIVED", 0),
        (datetime(2026, 6, 10, 22, tzinfo=UTC), "LATE", 1),
        (datetime(2026, 6, 12, 10, tzinfo=UTC), "LATE", 2),
    ],
)
def test_what_comes_after_the_next_but_one_working_day_in_oslo_is_late_by_so_many_days(received_at, status, late, told):
    monday = date(2026, 6, 8)
    row = row_of(
        told([came(d) | ({"first_received_at": received_at} if d == monday else {}) for d in working_days()]), monday
    )
    assert (row["status"], row["late_days"], row["first_received_at"]) == (status, late, received_at)


def test_a_weekend_does_not_count_towards_the_deadline(told):
    thursday = date(2026, 6, 11)
    rows = [came(d) for d in working_days(last=date(2026, 6, 10))]
    found = told(rows)
    assert of(found, "NOT_YET_DUE") == [thursday, date(2026, 6, 12), MONDAY]
    assert row_of(found, thursday)["due_on"] == MONDAY
    assert {r["late_days"] for r in found if r["status"] == "NOT_YET_DUE"} == {None}
    assert of(told(rows, now=NOW + timedelta(days=1)), "MISSING") == [thursday]


def test_a_new_sender_is_not_expected_before_its_first_delivery_nor_until_it_has_a_rhythm(told):
    first = date(2026, 4, 7)
    found = told([came(d) for d in working_days(first) if d != date(2026, 4, 20)])
    assert min(r["day"] for r in found) == first
    assert of(found, "MISSING") == []
    assert {r["status"] for r in found if r["day"] < first + timedelta(weeks=7)} == {"UNEXPECTED"}
    assert row_of(found, date(2026, 6, 9))["expected"]


@pytest.mark.parametrize("seed", range(3))
def test_an_irregular_sender_is_asked_for_no_day_and_is_missing_only_when_nothing_came_all_week(seed, told):
    chance = random.Random(seed)
    sent = [d for d in working_days() if chance.random() < 0.6]
    found = told([came(d) for d in sent])
    assert not {r["covers"] for r in found} & {"DAY"}
    weeks = {d.isocalendar()[:2] for d in sent}
    assert not {d.isocalendar()[:2] for d in of(found, "MISSING")} & weeks


def test_a_small_sender_of_dispatches_is_not_asked_for_each_day_and_a_small_measurer_is(told):
    wednesday = date(2026, 6, 10)
    small = [d for d in working_days() if d != wednesday]
    found = told([came(d, rows=2) for d in small])
    assert of(found, "MISSING") == []
    assert {r["covers"] for r in found if r["expected"]} == {"WEEK"}
    measured = told([came(d, rows=1, stream="measurement", service="fiks-folkeregister") for d in small])
    assert of(measured, "MISSING") == [wednesday]


def test_who_sends_some_day_each_week_is_asked_for_the_week_on_its_last_working_day(told):
    weeks = [FIRST - timedelta(days=FIRST.weekday()) + timedelta(weeks=n) for n in range(37)]
    sent = [w + timedelta(days=n % 5) for n, w in enumerate(weeks) if w not in {date(2026, 5, 25), date(2026, 6, 15)}]
    found = told([came(d) for d in sent])
    assert of(found, "MISSING") == [date(2026, 5, 29)]
    assert of(found, "UNEXPECTED") == []
    before_ascension_week = row_of(found, date(2026, 5, 15))
    assert (before_ascension_week["covers"], before_ascension_week["due_on"]) == ("WEEK", date(2026, 5, 19))
    assert row_of(found, max(sent))["covers"] is None or max(sent).weekday() == 4


def test_who_sends_once_a_month_is_asked_for_the_month_on_its_last_working_day(told):
    sent = [date(2025, 10, 3), date(2025, 11, 20), date(2025, 12, 9), date(2026, 1, 5), date(2026, 2, 26)]
    sent += [date(2026, 3, 31), date(2026, 5, 12), date(2026, 6, 2)]
    found = told([came(d) for d in sent])
    assert [(r["day"], r["covers"], r["status"]) for r in found if r["expected"]] == [
        (date(2026, 3, 31), "MONTH", "RECEIVED"),
        (date(2026, 4, 30), "MONTH", "MISSING"),
        (date(2026, 5, 29), "MONTH", "RECEIVED"),
    ]
    assert row_of(found, date(2026, 5, 12))["status"] == "RECEIVED"
    assert of(found, "UNEXPECTED") == [date(2026, 6, 2)]


def test_a_silence_is_missing_every_day_for_eight_weeks_and_then_asked_for_no_more(told):
    last = date(2026, 3, 31)
    found = told([came(d) for d in working_days(last=last)])
    assert of(found, "MISSING") == working_days(last + timedelta(days=1), last + timedelta(days=56))
    assert of(found, "NOT_YET_DUE") == []


def test_a_backlog_is_on_time_and_its_holes_are_missing_from_its_own_deadline(told):
    landed, hole = date(2026, 6, 9), date(2026, 4, 22)
    rows = [came(d, first_received_at=at(landed)) for d in working_days(last=landed) if d != hole]
    found = told([*rows, came(date(2026, 6, 10))])
    assert of(found, "LATE") == []
    assert of(found, "MISSING") == [hole]
    assert (row_of(found, hole)["due_on"], row_of(found, hole)["late_days"]) == (date(2026, 6, 11), 4)


def test_nothing_is_asked_of_a_producer_from_the_day_that_another_took_over(told):
    switch = date(2026, 6, 3)
    rows = [came(d, producer="gammel") for d in working_days(last=date(2026, 5, 29))]
    rows += [came(d, producer="ny") for d in working_days(switch)]
    found = told(rows)
    assert of(found, "MISSING") == [date(2026, 6, 1), date(2026, 6, 2)]
    assert {r["producer"] for r in found if r["day"] >= switch} == {"ny"}


def test_organisations_producers_and_streams_are_told_of_apart(told):
    gap = date(2026, 6, 10)
    rows = [came(d) for d in working_days()]
    rows += [came(d, organisation_number=BERGEN) for d in working_days() if d != gap]
    rows += [came(d, producer="annet") for d in working_days() if d != gap]
    rows += [came(d, stream="measurement") for d in working_days() if d != gap]
    found = told(rows)
    assert [(r["producer"], r["organisation_number"], r["stream"]) for r in found if r["status"] == "MISSING"] == [
        ("annet", OSLO, "dispatch"),
        ("system", OSLO, "measurement"),
        ("system", BERGEN, "dispatch"),
    ]


# --- who is gone, and who is activated -------------------------------------------------------------------------------


def test_a_terminated_customer_is_not_expected_from_that_day_and_what_comes_is_unexpected(told):
    ended, still = date(2026, 6, 3), date(2026, 6, 9)
    rows = [came(d) for d in working_days(last=date(2026, 6, 1))] + [came(still)]
    found = told(rows, steps=[step("ACTIVATED", FIRST), step("TERMINATED", ended)])
    assert of(found, "MISSING") == [date(2026, 6, 2)]
    assert of(found, "UNEXPECTED") == [still]


def test_a_service_that_is_terminated_makes_no_rhythm_and_the_others_go_on(told):
    fridays = [d for d in working_days() if d.weekday() == 4]
    ended = date(2026, 6, 3)
    rows = [came(d) for d in working_days(last=date(2026, 6, 2))] + [came(d, service="fiks-io") for d in fridays]
    found = told(rows, steps=[step("TERMINATED", ended)])
    assert of(found, "MISSING") == []
    assert [r["day"] for r in found if r["expected"] and r["day"] >= ended] == [date(2026, 6, 5), date(2026, 6, 12)]


def test_a_suspended_customer_is_expected_again_when_it_is_resumed(told):
    steps = [
        step("SUSPENDED", date(2026, 5, 20)),
        step("CONFIGURED", date(2026, 5, 27)),
        step("RESUMED", date(2026, 6, 8)),
    ]
    found = told([came(d) for d in working_days(last=date(2026, 5, 19))], steps=steps)
    assert of(found, "MISSING") == [date(2026, 6, d) for d in (8, 9, 10)]


def test_an_event_that_only_knows_the_municipality_is_its_organisations(told):
    rows = [came(d) for d in working_days(last=date(2026, 6, 1))]
    steps = [step("TERMINATED", date(2026, 6, 2), organisation_number=None)]
    assert of(told(rows, steps=steps), "MISSING") == []


def test_an_organisation_that_ended_is_not_expected_after(told):
    rows = [came(d) for d in working_days(last=date(2026, 5, 29))]
    ended = organisation(valid_to=date(2026, 6, 2), successor_number=BERGEN)
    assert of(told(rows, organisations=[ended]), "MISSING") == [date(2026, 6, 1)]


def test_activated_alone_is_not_expected(told):
    assert told([], statuses=[stands(date(2026, m, 1)) for m in (4, 5, 6)]) == []


def test_activated_for_a_service_it_has_delivered_about_is_expected_once_a_month(told):
    rows = [came(date(2024, 2, 6)), came(date(2026, 4, 14))]
    statuses = [stands(date(2026, m, 1)) for m in (3, 4, 5, 6)] + [stands(date(2026, 5, 1), service="fiks-io")]
    found = told(rows, statuses=statuses)
    assert [(r["day"], r["expected_because"], r["covers"], r["status"]) for r in found] == [
        (date(2026, 3, 31), "ADOPTION", "MONTH", "MISSING"),
        (date(2026, 4, 14), None, None, "RECEIVED"),
        (date(2026, 4, 30), "ADOPTION", "MONTH", "RECEIVED"),
        (date(2026, 5, 29), "ADOPTION", "MONTH", "MISSING"),
    ]


@pytest.mark.parametrize(
    "more",
    [{"service": "fiks-io"}, {"step": "SUSPENDED"}, {"step": "TERMINATED"}, {"step": "CONFIGURED"}],
)
def test_who_is_not_activated_for_what_it_delivered_about_is_not_expected(more, told):
    assert told([came(date(2024, 2, 6))], statuses=[stands(date(2026, 5, 1), **more)]) == []


def test_a_daily_sender_that_is_activated_is_asked_for_its_days_only(told):
    found = told([came(d) for d in working_days()], statuses=[stands(date(2026, m, 1)) for m in (3, 4, 5, 6)])
    assert {(r["expected_because"], r["covers"]) for r in found} == {("RHYTHM", "DAY")}


def test_of_two_producers_the_one_that_delivered_last_is_asked_for_what_is_activated(told):
    rows = [came(date(2025, 2, 6), producer="gammel"), came(date(2025, 2, 5), producer="ny")]
    rows.append(came(date(2025, 3, 5), producer="ny"))
    assert [r["producer"] for r in told(rows, statuses=[stands(date(2026, 5, 1))])] == ["ny"]


# --- the dataset -----------------------------------------------------------------------------------------------------


def test_the_order_of_rows_does_not_matter(told):
    chance = random.Random(3)
    rows = [came(d, service=s) for d in working_days() for s in ("svarut", "fiks-io") if chance.random() < 0.9]
    rows += [came(d, producer="annet", organisation_number=BERGEN) for d in working_days(date(2026, 3, 2))]
    steps = [
        step("TERMINATED", date(2026, 5, 4), service="fiks-io"),
        step("ACTIVATED", date(2026, 6, 1), service="fiks-io"),
    ]
    before = told(rows, steps=steps)
    chance.shuffle(rows)
    assert told(rows, steps=steps[::-1]) == before


def test_the_last_92_days_are_told_of(told):
    found = told([came(d) for d in days(FIRST)])
    assert [r["day"] for r in found] == days(date(2026, 3, 16))


def test_a_row_is_synthetic_when_the_sender_was_ever_simulated(told):
    rows = [came(d) for d in working_days() if d != date(2026, 6, 10)]
    rows.append(came(date(2025, 9, 1), synthetic=True))
    assert {r["synthetic"] for r in told(rows)} == {True}


def test_it_is_made_anew_on_the_next_day_and_not_on_the_same(rows_of):
    inputs = {
        "arrival_day": rows_of(ARRIVAL_DAY, came(MONDAY)),
        "status_month": rows_of(STATUS_MONTH),
        "step_event": rows_of(STEP_EVENT),
        "organisation": rows_of(ORGANISATION),
    }

    def made(now: datetime) -> str:
        return completeness.expected_reporter.make(BuildWindow(now), **inputs).fingerprint

    assert made(NOW) == made(NOW + timedelta(hours=9))
    assert made(NOW) != made(NOW + timedelta(hours=10)), day_in_oslo(NOW + timedelta(hours=10))
