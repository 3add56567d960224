"""The calendar of the platform: months and days of Europe/Oslo, and Norwegian working days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 1, 1)
"""Moments outside these bounds are a fault of the sender, and are refused on receipt."""
QUARTER = "[0-9]{4}-Q[1-4]"
"""A quarter as it is written: `2026-Q3`."""


def month_of(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first of the next month."""
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)  # noqa: PLR2004 - December


def months_before(month: date, count: int) -> date:
    """The first of the month `count` months before."""
    years, left = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, left + 1, 1)


def year_before(month: date) -> date:
    """The same month of the year before."""
    return month.replace(year=month.year - 1)


def months_between(first: date, last: date) -> Iterator[date]:
    """Each month from `first` to `last`, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def quarter_number(month: date) -> int:
    """The quarter of the month in its year, 1 to 4."""
    return (month.month + 2) // 3


def quarter_of(month: date) -> str:
    """The quarter of the month: `2026-Q3`."""
    return f"{month.year}-Q{quarter_number(month)}"


def months_of_quarter(quarter: str) -> tuple[date, date, date]:
    """The three months of a quarter written `2026-Q3`.

    Raises:
        ValueError: it is written otherwise.
    """
    if not re.fullmatch(QUARTER, quarter):
        raise ValueError(quarter)
    first = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
    second = next_month(first)
    return first, second, next_month(second)


def start_of(day: date) -> datetime:
    """The moment (UTC) at which the day begins in Oslo."""
    return datetime.combine(day, time(), OSLO).astimezone(UTC)


def day_in_oslo(moment: datetime) -> date:
    """The day in Oslo at a moment."""
    return moment.astimezone(OSLO).date()


PUBLISHED_AFTER = 7
"""Working days after a month until its protected counts, and its digital share, are final enough to publish."""


def first_published_at(month: date) -> datetime:
    """The moment (UTC) at which a month's protected counts are first published: seven working days after its end."""
    return start_of(working_days_after(next_month(month) - timedelta(days=1), PUBLISHED_AFTER))


def last_revised_at(month: date, as_of: datetime) -> datetime | None:
    """The last end of a quarter at which a published month was revised, as a moment (UTC); None before there is one."""
    today = day_in_oslo(as_of)
    moment = start_of(date(today.year, 3 * (quarter_number(today) - 1) + 1, 1))
    return moment if moment > first_published_at(month) else None


@cache
def easter(year: int) -> date:
    """Easter Sunday (Gauss, in the anonymous Gregorian form)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Norwegian public holidays.

    Source: lov om helligdager og helligdagsfred § 2; lov om 1 og 17 mai som høgtidsdager.
    """
    sunday = easter(year)
    movable = (sunday + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50))
    return frozenset(
        {date(year, 1, 1), date(year, 5, 1), date(year, 5, 17), date(year, 12, 25), date(year, 12, 26), *movable}
    )


def is_working_day(day: date) -> bool:
    """Whether the day is Monday to Friday and not a public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)  # noqa: PLR2004 - Saturday


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
