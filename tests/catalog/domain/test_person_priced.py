"""Sums of payers: none gives away what fewer payers have, in one release or in many, however lines arrive."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain import calendar
from catalog.domain.person_priced import FEWEST, Kind, Line, sums

JANUARY, FEBRUARY, MARCH, APRIL, OCTOBER = (date(2026, m, 1) for m in (1, 2, 3, 4, 10))
NEXT_YEAR = date(2027, 1, 1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def lines(period: date, payers: range, received: date = date(2026, 4, 7), amount: int = 250) -> list[Line]:
    return [Line(f"payer {n}", period, amount, at(received)) for n in payers]


def told(found) -> list[tuple[str, int]]:
    """Each sum's kind and months, with its number of lines; waiting lines have none."""
    counted = defaultdict(int)
    for made in found:
        counted[f"{made.kind} {made.covers}" if made else "-"] += 1
    return sorted(counted.items())


def test_a_month_of_enough_payers_is_a_sum_at_once_and_one_of_fewer_waits():
    assert told(sums(lines(MARCH, range(20)), APRIL)) == [("MONTH 2026-03", 20)]
    assert told(sums(lines(APRIL, range(19)), APRIL)) == [("-", 19)]


def test_what_is_left_is_told_by_the_quarter_when_it_ends_and_then_by_the_year():
    apart = lines(JANUARY, range(10)) + lines(FEBRUARY, range(10, 20)) + lines(MARCH, range(20))
    july = date(2026, 7, 1)
    found = sums(apart, july)
    assert told(found) == [("MONTH 2026-03", 20), ("QUARTER 2026-Q1", 20)]
    assert {(made.period, made.complete_at) for made in found if made.kind is Kind.QUARTER} == {
        (MARCH, calendar.start_of(july))
    }, "it is booked in the last month that it covers"
    far = lines(JANUARY, range(10)) + lines(APRIL, range(10, 20))
    assert told(sums(far, OCTOBER)) == [("ROUNDED 2026-Q1", 10), ("ROUNDED 2026-Q2", 10)]
    found = sums(far, NEXT_YEAR)
    assert told(found) == [("YEAR 2026", 20)]
    assert {(made.period, made.complete_at) for made in found} == {(date(2026, 12, 1), calendar.start_of(NEXT_YEAR))}


def test_late_lines_wait_for_as_many_payers_as_the_first():
    first = lines(MARCH, range(300))
    late = [replace(line, received_at=at(date(2026, 5, 4), n % 24)) for n, line in enumerate(lines(MARCH, range(19)))]
    assert told(sums(first + late, APRIL)) == [("MONTH 2026-03", 300), ("ROUNDED 2026-Q1", 19)]
    assert told(sums([*first, *late, *lines(MARCH, range(19, 20), date(2026, 6, 1))], APRIL)) == [
        ("MONTH 2026-03", 320)
    ]


def test_payers_whose_lines_cancel_out_are_no_cover():
    nothing = lines(MARCH, range(19)) + lines(MARCH, range(19), amount=-250)
    assert told(sums(nothing + lines(MARCH, range(50, 51)), APRIL)) == [("ROUNDED 2026-Q1", 39)]
    assert told(sums([*nothing, *lines(MARCH, range(50, 70))], APRIL)) == [("MONTH 2026-03", 58)]


def test_the_rest_of_a_past_quarter_is_dated_by_its_first_line_and_not_before_the_quarter_ended():
    early, late = lines(MARCH, range(1), date(2026, 3, 2)), lines(JANUARY, range(1), date(2026, 5, 9))
    assert {made.complete_at for made in sums(early + late, APRIL)} == {calendar.start_of(APRIL)}
    assert {made.complete_at for made in sums(late, APRIL)} == {at(date(2026, 5, 9))}


def test_a_line_of_a_quarter_that_is_not_over_is_in_no_sum_of_it():
    ahead = lines(OCTOBER, range(10)) + lines(date(2026, 11, 1), range(10, 20))
    assert told(sums(ahead, OCTOBER)) == [("-", 20)]
    assert told(sums(ahead, NEXT_YEAR)) == [("QUARTER 2026-Q4", 20)]


months = st.sampled_from([calendar.months_before(date(2026, 12, 1), n) for n in range(18)])
sent = st.lists(
    st.builds(
        Line,
        payer=st.sampled_from("abcdefgh"),
        period=months,
        amount_ore=st.sampled_from([-500, 0, 250, 500, 750]),
        received_at=st.integers(0, 500).map(lambda n: at(date(2025, 9, 1)) + timedelta(days=n)),
    ),
    max_size=60,
)


def exact(found) -> dict:
    """The lines of each exact sum, by position."""
    by_sum = defaultdict(set)
    for n, made in enumerate(found):
        if made is not None and made.kind is not Kind.ROUNDED:
            by_sum[made].add(n)
    return by_sum


@given(sent=sent, earlier=st.integers(0, 500), later=st.integers(0, 500))
def test_of_any_two_releases_the_later_adds_whole_sums_of_enough_payers_and_changes_none(sent, earlier, later):
    """So whatever follows of all exact sums of all releases is a sum of these, and never of fewer payers."""
    kept = []
    for days in sorted((earlier, later)):
        as_of = at(date(2025, 9, 1)) + timedelta(days=days)
        here = sorted((line for line in sent if line.received_at <= as_of), key=lambda line: line.received_at)
        quarter, _, _ = calendar.months_of_quarter(calendar.quarter_of(calendar.day_in_oslo(as_of)))
        found = sums(here, quarter, fewest=3)
        kept.append(exact(found))
        for made, numbers in kept[-1].items():
            owed = defaultdict(int)
            for n in numbers:
                owed[here[n].payer] += here[n].amount_ore
            assert sum(amount != 0 for amount in owed.values()) >= 3
            assert made.complete_at <= as_of
            assert made.period < quarter or made.kind is Kind.MONTH
        over = [n for n, line in enumerate(here) if line.period < quarter]
        assert all(found[n] is not None for n in over), "what is over is told, if only rounded"
    before, after = kept
    assert {made: after[made] for made in before} == before


@pytest.mark.parametrize(("fewest", "recovered"), [(FEWEST, 0), (1, 30)])
def test_invoices_that_come_alone_give_no_payer_away_to_who_keeps_every_release(fewest, recovered):
    """Disclosure 1: thirty invoices pushed one by one, with a release after each; the control tells each line."""
    pushed = [Line(f"payer {n}", MARCH, 250 * (n % 5 + 1), at(date(2026, 4, 1 + n // 10), n % 10)) for n in range(30)]
    shown = []
    for upto in range(len(pushed) + 1):
        here = pushed[:upto]
        found = sums(here, APRIL, fewest)
        shown.append(sum(line.amount_ore for line, made in zip(here, found, strict=True) if made in exact(found)))
    steps = [after - before for before, after in pairwise(shown)]
    assert sum(step == line.amount_ore for step, line in zip(steps, pushed, strict=True)) == recovered
