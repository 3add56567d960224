"""Completeness: who should have delivered for which day, who did, and how late. A gap is a gap, never a zero.

Expectations follow from an organisation's own rhythm and from what it has adopted; nobody maintains a list. The
thresholds are the constants here.
"""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from assets import sensitive
from assets.build import BuildWindow, Reduced, builds, piece_of
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.products import ABOUT_CUSTOMERS
from catalog.tables import conformed, quality, reference, uptake

_ABOUT_CUSTOMERS = ", ".join(quoted(m) for m in ABOUT_CUSTOMERS)
WINDOW_DAYS = 92
"""Days reported, up to and including the day of `as_of`; older ones are settled in earlier releases."""
DUE_AFTER = 2
"""Working days until data is due: by the end of the second working day after the day, week or month."""
_LOOKS_BACK = 8
_NEARLY_ALL = 7
"""Of the last eight days of a kind, or weeks, how many must have data. One of eight may fail: a day when a producer was
down then does not end the rhythm, while a sender that skips a quarter of its days has none."""
_FEWEST = 5
"""The average dispatches per day, week or month, over those looked back on, that make a rhythm. With fewer, zero is too
common to be a gap: with an average of five, it happens one time in 150 if dispatches are independent."""
_MONTHS = 3
"""Consecutive months with data that make a monthly rhythm."""
_PATIENCE_DAYS = 56
_PATIENCE_DAYS_OF_A_MONTH = 92
"""Days of silence after which a rhythm is no longer expected. Adoption continues to expect a month."""
_KNOWN_MONTHS = 7
"""Months read before the first reported day: how far back a rhythm and the silence after it may reach."""
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


def _arrived(_window: BuildWindow, dispatch: Scan) -> Scan:
    sql = statement("quality/arrival_day_piece", sensitive=sensitive.SENSITIVE)
    return Query(sql, {"conformed_dispatch": dispatch})


_ARRIVED = Reduced(
    _arrived, piece_of(quality.ARRIVAL_DAY, *(c for c in quality.ARRIVAL_DAY.columns if c.name != "stream"))
)


@builds(
    quality.ARRIVAL_DAY,
    reduced={"dispatch": _ARRIVED},
    dispatch=conformed.DISPATCH,
    measurement=conformed.MEASUREMENT,
)
def arrival_day(span: BuildWindow, dispatch: Scan, measurement: Scan) -> Scan:
    """The data received for each day, and when.

    Grain: one row per (producer, organisation_number, stream, service, day) with at least one row in force. A reported
    zero counts as received. Support requests (`henvendelser`) are left out: their absence says nothing of a sender.
    Sensitive services are left out: receipt by organisation and day is finer than what may be shown of them.
    """
    del span
    return Query(
        statement("quality/arrival_day", sensitive=sensitive.SENSITIVE, about_customers=_ABOUT_CUSTOMERS),
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
    """Who should have delivered for each of the last 92 days, who did, and how late.

    Grain: one row per (producer, organisation_number, stream, day) on which data was expected or received.

    A day is expected when at least seven of the last eight days of its kind before it have data, and three of four days
    that the sender delivers for are of such kinds. The kinds are each of Monday to Saturday without public holidays,
    and Sundays including them. Where no day of a week is expected, the week is expected, on its last working day, when
    at least seven of the eight weeks before have data. Where nothing in a month is expected, the month is expected, on
    its last working day, when each of the three months before has data (RHYTHM), or when the organisation is ACTIVATED
    for a service that it has delivered for before (ADOPTION), from the producer that did so last. Dispatches make a
    rhythm where they average at least five per day, week or month. So an irregular sender is expected by week, by month
    or not at all.

    A silence does not end the rhythm it breaks: for eight weeks (92 days for a monthly one) the rhythm from when it
    began still applies. Nothing is expected before the first delivery, from the day the organisation ended, or from the
    day another producer began after this one had stopped. A suspended or terminated service makes no rhythm from that
    day.

    Data is due by the end of the second working day after the day, week or month. A backlog, from before the sender's
    very first delivery, is due by the end of the second working day after that delivery. Nulls: due_on and late_days
    where nothing was expected, late_days also before the deadline.
    """
    today = calendar.day_in_oslo(span.as_of)
    told_from = today - timedelta(days=WINDOW_DAYS - 1)
    # a week or month that ends within the window is judged as a whole
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

    Grain: one row per slot, also identified by (series, number). A slot is compared within its `series`: days of its
    kind, weeks, or months; `number` counts within it. `on_day` is the day that carries the expectation.
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
    """The weekday; a public holiday counts as a Sunday."""
    holiday = day in calendar.holidays(day.year)
    return str(_SUNDAY if holiday else day.weekday())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


BUILDS = (arrival_day, expected_reporter)
