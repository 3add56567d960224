"""Completeness: who should have delivered about which day, who did, and how late. A gap is a gap, never a zero.

What is expected follows from an organisation's own rhythm and from what it has adopted; nobody keeps a list. The
numbers that decide are the constants here.
"""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from assets import suppression
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.products import ABOUT_CUSTOMERS
from catalog.tables import conformed, quality, reference, uptake

_ABOUT_CUSTOMERS = ", ".join(quoted(m) for m in ABOUT_CUSTOMERS)
WINDOW_DAYS = 92
"""Days that are told of, up to and with the day of `as_of`; older ones are settled in the releases of their time."""
DUE_AFTER = 2
"""Working days: what is about a day is due by the end of the next but one after it; of a week or month, after it."""
_LOOKS_BACK = 8
_NEARLY_ALL = 7
"""Of the last eight days of its kind, or weeks, those in which something came. One of eight may fail: a day on which a
producer was down is then no end of the rhythm, and a sender that skips a quarter of its days has none."""
_FEWEST = 5
"""Dispatches a day, week or month that make a rhythm, on average of those looked back on. Of fewer, none at all is too
common to be a gap: with five on average, one time in 150 where they come independently of each other."""
_MONTHS = 3
"""Months in a row with something in each make a monthly rhythm."""
_PATIENCE_DAYS = 56
_PATIENCE_DAYS_OF_A_MONTH = 92
"""Days of silence after which a rhythm is no longer asked for. Adoption goes on asking for a month."""
_KNOWN_MONTHS = 7
"""Months before the first day told of that are looked at: what a rhythm and the silence after it may reach back."""
_SUNDAY = 6
_SLOT = pa.schema(
    [
        ("slot", pa.int32()),
        ("covers", pa.string()),
        ("series", pa.string()),
        ("number", pa.int32()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("on_day", pa.date32()),
        ("due_on", pa.date32()),
        ("looks_back", pa.int32()),
        ("enough", pa.int32()),
        ("patience", pa.int32()),
    ]
)


@builds(quality.ARRIVAL_DAY, dispatch=conformed.DISPATCH, measurement=conformed.MEASUREMENT)
def arrival_day(span: BuildWindow, dispatch: Scan, measurement: Scan) -> Scan:
    """What came about each day, and when.

    Grain: one row per (producer, organisation_number, stream, service, day) with at least one row in force. A reported
    zero came. Support requests (`henvendelser`) are left out: their absence tells of no sender. Sensitive services are
    left out: that something came about an organisation and day is finer than they may be told of.
    """
    del span
    return Query(
        statement("quality/arrival_day", sensitive=suppression.SENSITIVE, about_customers=_ABOUT_CUSTOMERS),
        {"dispatch": dispatch, "measurement": measurement},
    )


@builds(
    quality.EXPECTED_REPORTER,
    whole=("arrival_day", "status_month"),
    arrival_day=quality.ARRIVAL_DAY,
    status_month=uptake.STATUS_MONTH,
    step_event=uptake.STEP_EVENT,
    organisation=reference.ORGANISATION,
)
def expected_reporter(
    span: BuildWindow, arrival_day: Scan, status_month: Scan, step_event: Scan, organisation: Scan
) -> Scan:
    """Who should have delivered about each of the last 92 days, who did, and how late.

    Grain: one row per (producer, organisation_number, stream, day) on which something was expected or came.

    A day is expected when something came about at least seven of the last eight days of its kind before it, and three
    of four days that the sender delivers about are of such kinds. Kinds are Monday to Saturday without public holidays,
    and Sundays with them. Where no day of a week is expected, the week is, on its last working day, when something came
    in at least seven of the eight weeks before. Where nothing in a month is, the month is, on its last working day,
    when something came in each of the three months before (RHYTHM), or when the organisation is ACTIVATED for a service
    that it has delivered about before (ADOPTION), of the producer that did so last. Dispatches make a rhythm where they
    are at least five a day, week or month on average. So an irregular sender is asked for a week, a month or nothing.

    A silence does not unmake the rhythm it breaks: for eight weeks (a monthly one: 92 days) what held when it began is
    asked for. Nothing is expected before the first delivery, from the day that the organisation ended, or from the day
    that another producer began when this one had stopped. A service that is suspended or terminated makes no rhythm
    from that day.

    Due by the end of the second working day after the day, week or month; what is about the time before the sender's
    first delivery of all, a backlog, by the end of the second working day after that delivery. Nulls: due_on and
    late_days where nothing was expected, late_days also before the deadline.
    """
    today = calendar.day_in_oslo(span.as_of)
    told_from = today - timedelta(days=WINDOW_DAYS - 1)
    # a week and a month that end within the window are judged whole
    judged_from = min(calendar.month_of(told_from), _monday(told_from))
    known_from = calendar.month_of(told_from)
    for _ in range(_KNOWN_MONTHS):
        known_from = calendar.month_of(known_from - timedelta(days=1))
    inputs = {
        "arrival_day": arrival_day,
        "status_month": status_month,
        "step_event": step_event,
        "organisation": organisation,
        "slot": Values(_slots(known_from, today)),
    }
    days = {
        "today": today,
        "told_from": told_from,
        "judged_from": judged_from,
        "known_from": known_from,
    }
    return Query(statement("quality/expected_reporter"), inputs, {"fewest": _FEWEST, **days})


def _slots(first: date, last: date) -> pa.Table:
    """Every day, week and month from `first` to the end of the week and month of `last`, with how each is judged.

    Grain: one row per slot, also named by (series, number). `series` is what it is compared with: days of its kind,
    weeks, months; `number` counts within it. `on_day` is the day that the expectation stands on.
    """
    month_end = calendar.next_month(calendar.month_of(last)) - timedelta(days=1)
    end = max(month_end, _monday(last) + timedelta(days=6))
    spans = [("DAY", _kind(day), day, day) for day in _days(first, end)]
    spans += [
        ("WEEK", "WEEK", day, day + timedelta(days=6)) for day in _days(_monday(first), last) if not day.weekday()
    ]
    spans += [
        ("MONTH", "MONTH", month, calendar.next_month(month) - timedelta(days=1))
        for month in calendar.months_between(first, last)
    ]
    numbers: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for covers, series, begin, to in spans:
        numbers[series] = number = numbers.get(series, 0) + 1
        monthly = covers == "MONTH"
        working = [day for day in _days(begin, to) if calendar.is_working_day(day)]
        rows.append(
            {
                "slot": len(rows) + 1,
                "covers": covers,
                "series": series,
                "number": number,
                "first_day": begin,
                "last_day": to,
                "on_day": working[-1] if working else to,
                "due_on": calendar.working_days_after(to, DUE_AFTER),
                "looks_back": _MONTHS if monthly else _LOOKS_BACK,
                "enough": _MONTHS if monthly else _NEARLY_ALL,
                "patience": _PATIENCE_DAYS_OF_A_MONTH if monthly else _PATIENCE_DAYS,
            }
        )
    return pa.Table.from_pylist(rows, _SLOT)


def _kind(day: date) -> str:
    """The weekday; a public holiday is like a Sunday."""
    holiday = day in calendar.holidays(day.year)
    return str(_SUNDAY if holiday else day.weekday())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


BUILDS = (arrival_day, expected_reporter)
