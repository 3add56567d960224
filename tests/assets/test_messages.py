"""Operational messages: what stood when, with each hour counted once, and what is sent again."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assets import bundled, conform, usage
from catalog.contracts.scan import Scan, empty
from catalog.domain.calendar import day_in_oslo, month_of, start_of
from catalog.tables import conformed
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import OPERATIONAL_MESSAGE
from catalog.tables.usage import OPERATIONAL_MESSAGE as MESSAGE
from catalog.tables.usage import STABILITY_MONTH
from tests.thorough import examples
from transport.storage.batch_file import landed_schema

CONFORMED = conformed.of(OPERATIONAL_MESSAGE)
START = datetime(2026, 1, 30, tzinfo=UTC)
TEN = datetime(2026, 3, 10, 10, tzinfo=UTC)


def shown(hour: int, hours: int = 2, **more) -> dict:
    """A message put up some hours after the start and taken down some hours later."""
    begins, ends = START + timedelta(hours=hour), START + timedelta(hours=hour + hours)
    return {
        "producer": "system",
        "application": "minside",
        "service": "min-kommune",
        "shown_from": begins,
        "shown_to": ends,
        "kind": "FAULT",
        "reported_at": ends,
        "first_received_at": ends,
        **more,
    }


def datasets(messages: Scan) -> tuple:
    """The two datasets of conformed messages, for `answers`."""
    made = usage.operational_message.make(conformed_message=messages)
    return (made, MESSAGE), (usage.stability_month.make(operational_message=made), STABILITY_MONTH)


def test_every_bundled_message_is_told_and_those_shown_in_two_places_count_once(answers, rows_of):
    _, producer, table = bundled.message_batch()
    said = [{"producer": producer, "first_received_at": TEN, **row} for row in table.to_pylist()]
    messages, months = answers(*datasets(rows_of(CONFORMED, *said)))
    assert (len(messages), sum(1 for row in messages if row["service"])) == (135, 107)
    twice = [row for row in messages if row["overlapping"]]
    assert {row["service"] for row in twice} == {"svarut", "fiks-smittesporing-dhis2"}
    assert sum(row["episodes"] for row in months) == 107 - len(twice)
    stood = [row for row in months if row["cause"] == "statistics" and row["month"] == date(2021, 1, 1)]
    assert [(row["service"], row["episodes"], row["hours_shown"]) for row in stood] == [("svarut", 0, Decimal(744))]


def test_a_message_that_still_stands_counts_to_when_it_was_last_reported(answers, rows_of):
    stands = shown(0, shown_to=None, reported_at=START + timedelta(hours=72))
    whole = shown(0, application="forvaltning", service=None)
    [_, message], months = answers(*datasets(rows_of(CONFORMED, stands, whole)))
    assert (message["shown_to"], message["hours_shown"]) == (None, Decimal(72))
    # it was put up on 30 January, 01.00 in Oslo; what is about a whole application is of no service
    assert [(row["month"], row["episodes"], row["hours_shown"]) for row in months] == [
        (date(2026, 1, 1), 1, Decimal(47)),
        (date(2026, 2, 1), 0, Decimal(25)),
    ]


MESSAGES = st.lists(
    st.builds(
        shown,
        st.integers(0, 1_500),
        st.integers(0, 900),
        application=st.sampled_from(["minside", "forvaltning"]),
        service=st.sampled_from(["min-kommune", "svarut"]),
        kind=st.sampled_from(["FAULT", "MAINTENANCE"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row["application"], row["service"], row["shown_from"]),
)


@trying(max_examples=examples(40))
@given(MESSAGES)
def test_an_hour_counts_once_however_many_messages_stood_in_it(answers, rows_of, sent):
    _, months = answers(*datasets(rows_of(CONFORMED, *sent)))
    hours: dict[tuple, set[datetime]] = defaultdict(set)
    for row in sent:
        first = row["shown_from"]
        for n in range((row["shown_to"] - first) // timedelta(hours=1)):
            hour = first + timedelta(hours=n)  # a month begins on an hour
            hours[row["service"], row["kind"], month_of(day_in_oslo(hour))].add(hour)
    told = {(row["service"], row["kind"], row["month"]): row["hours_shown"] for row in months}
    assert {key: hours for key, hours in told.items() if hours} == {key: len(of) for key, of in hours.items()}
    stood = [(row["service"], row["kind"], row["shown_from"], row["shown_to"]) for row in sent]
    begun = {
        (service, kind, begins)
        for service, kind, begins, _ in stood
        if not any(o[:2] == (service, kind) and o[2] < begins <= o[3] for o in stood)
    }
    assert sum(row["episodes"] for row in months) == len(begun)


def test_a_message_sent_again_with_its_end_is_the_same_message(answers, landed):
    stands = {"shown_to": None, "reported_at": TEN}
    taken_down = {"shown_to": TEN + timedelta(hours=2), "reported_at": TEN + timedelta(hours=3), "file": "later"}
    torn = [{"service": "svarut", "cause": cause, "file": cause} for cause in ("storage", "network")]
    empty_landing = empty(landed_schema(OPERATIONAL_MESSAGE, located=True))
    made = conform.conform(
        OPERATIONAL_MESSAGE,
        landed("operational_message", taken_down, stands, stands, *torn),
        withdrawn=empty_landing,
        month=None,
        as_of=start_of(date(2026, 6, 1)),
        findings=None,
        more={},
    )
    [row], aside = answers((made.rows, CONFORMED), (made.quarantine, quarantine_of(OPERATIONAL_MESSAGE)))
    assert row["shown_to"] == TEN + timedelta(hours=2)
    assert [q["rules"] for q in aside] == [["conflict"], ["conflict"]]
