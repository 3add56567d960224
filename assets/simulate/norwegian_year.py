"""The shape of a Norwegian year: the volume by day and hour, in Oslo time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from catalog.domain.calendar import easter, is_working_day, start_of

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
_EPOCH = date(1970, 1, 1)

_OF_WEEKDAY = (1.05, 1.10, 1.08, 1.05, 0.95, 0.12, 0.08)
_OF_MONTH = (1.05, 1.00, 1.08, 0.95, 0.95, 1.05, 0.55, 0.95, 1.05, 1.08, 1.10, 0.90)
_OF_HOUR = (8, 4, 3, 3, 5, 12, 30, 75, 120, 125, 120, 105, 110, 115, 95, 60, 40, 32, 30, 28, 26, 22, 18, 14)
"""Office hours, and a long tail of nightly runs. Synthetic."""
_CHRISTMAS_QUIET = 0.3
_EASTER_QUIET = 0.45
_SATURDAY = 5


def busyness(day: date) -> float:
    """The volume of a day relative to a mean working day: weekday, holiday, month, Christmas and Easter weeks."""
    weight = _OF_WEEKDAY[day.weekday()] * _OF_MONTH[day.month - 1]
    if day.weekday() < _SATURDAY:
        if not is_working_day(day):
            return _OF_WEEKDAY[-1] * _OF_MONTH[day.month - 1]
        if (day.month, day.day) >= (12, 23):
            return weight * _CHRISTMAS_QUIET
        if -6 <= (day - easter(day.year)).days < 0:  # noqa: PLR2004 - Monday to Wednesday of the quiet week
            return weight * _EASTER_QUIET
    return weight


def ordinal(day: date) -> int:
    """Days since 1970, as Arrow's date32 counts."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of an ordinal."""
    return _EPOCH + timedelta(days=number)


def oslo_us(day: date, hour: int = 0) -> int:
    """UTC microseconds since 1970 of an hour of a day in Oslo."""
    # Clocks change on Sundays, when nothing is printed and an hour does not matter.
    return (start_of(day) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) + hour * HOUR_US


def _hour_table() -> npt.NDArray[np.int64]:
    """4096 equally likely hours."""
    edges = np.cumsum(_OF_HOUR) * 4096 // sum(_OF_HOUR)
    return np.searchsorted(edges, np.arange(4096), side="right").astype(np.int64)


_HOURS = _hour_table()


def moments(day: date, n: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """`n` moments of a day in Oslo, most of them in office hours, as UTC microseconds; never outside the day."""
    local = _HOURS[random.integers(0, _HOURS.size, n)] * HOUR_US + random.integers(0, HOUR_US, n)
    midnight, next_midnight = oslo_us(day), oslo_us(day + timedelta(days=1))
    # The clock changes between 02 and 03: later times that day use the next midnight's offset.
    shift = (next_midnight - midnight) - DAY_US
    return midnight + local + np.where(local >= 3 * HOUR_US, shift, 0)
