"""Completeness: who should have delivered for which day, who did, and how late. A gap is a gap, never a zero.

Expectations follow from an organisation's own rhythm and from what it has adopted; no list is maintained. The
thresholds are the constants here.
"""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from assets.build import BuildWindow, from_sql, in_pieces, whole
from assets.sensitive import SENSITIVE
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.products import ABOUT_CUSTOMERS
from catalog.tables import conformed, quality, reference, uptake

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


def _reported_from(window: BuildWindow) -> date:
    return window.today - timedelta(days=WINDOW_DAYS - 1)


def _judged_from(window: BuildWindow) -> date:
    """A week or month that ends within the window is judged as a whole."""
    reported_from = _reported_from(window)
    return min(calendar.month_of(reported_from), _monday(reported_from))


def _measured_from(window: BuildWindow) -> date:
    return calendar.months_before(calendar.month_of(_reported_from(window)), _KNOWN_MONTHS)


arrival_day = from_sql(
    quality.ARRIVAL_DAY,
    in_pieces(
        conformed.DISPATCH,
        quality.ARRIVAL_DAY,
        *(c for c in quality.ARRIVAL_DAY.columns if c.name != "stream"),
        slots={"sensitive": SENSITIVE},
    ),
    conformed.MEASUREMENT,
    slots={"sensitive": SENSITIVE, "about_customers": ", ".join(quoted(m) for m in ABOUT_CUSTOMERS)},
)
expected_reporter = from_sql(
    quality.EXPECTED_REPORTER,
    whole(quality.ARRIVAL_DAY),
    whole(uptake.STATUS_MONTH),
    uptake.STEP_EVENT,
    reference.ORGANISATION,
    slot=lambda window: Values(_slots(_measured_from(window), window.today)),
    parameters={
        "fewest": _FEWEST,
        "told_from": _reported_from,
        "judged_from": _judged_from,
        "known_from": _measured_from,
    },
)

BUILDS = (arrival_day, expected_reporter)
