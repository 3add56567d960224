"""Forecasts: where a monthly series goes from its known months, by the method that did best on the last of them.

`forecast` is a making; `foreseen` and `outlook` know nothing of usage and serve any series of months. `outlook` takes
other methods, a ceiling and a horizon (assets/uptake_forecast.py gives them), so that there is one back-test.

Only +, −, ×, ÷, square roots and `math.fsum` are used, on plain floats in a fixed order: the answer has the same bits
on every machine, Python and number of threads, whatever the order of the rows. Why no library does this:
docs/decisions/0010-forecasts.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

import pyarrow as pa

from assets.making import Span, makes
from assets.statements import statement
from catalog import calendar, usage
from catalog.scan import Computed, Query, Scan

HORIZON = 12
"""Months ahead."""
SHORTEST = 4
"""Known months below which nothing is foreseen: a forecast is never invented."""
LATEST_REPORT = 2
"""Months that a series' figures may be late by. One that is silent for longer has ended, or is no longer reported."""

_YEAR = 12
_QUANTITY = pa.decimal128(18, 4)
_ERROR = pa.decimal128(18, 6)
_FORESEEN = (
    ("month", pa.date32()),
    ("low", _QUANTITY),
    ("expected", _QUANTITY),
    ("high", _QUANTITY),
    ("method", pa.string()),
    ("backtest_error", _ERROR),
    ("last_known_month", pa.date32()),
    ("months_known", pa.int32()),
    ("synthetic", pa.bool_()),
)


@makes(usage.FORECAST, dispatch_month=usage.DISPATCH_MONTH, measure_total_month=usage.MEASURE_TOTAL_MONTH)
def forecast(span: Span, dispatch_month: Scan, measure_total_month: Scan) -> Scan:
    """The coming twelve months of each service's use, for the whole country.

    Grain: one row per (service, measure, month), the twelve months after the series' last known one. Known are months
    that are over and seven working days past; the rows of later ones change nothing. A missing or hidden month is a
    gap, not a zero: the months after it are the series. No row for a series of fewer than four months, nor for one
    whose last figure is more than two months older than it could be. Units: those of the measure, whole. Nulls:
    backtest_error where the months tried sum to zero. Between low and high: 80 of 100 months, see `outlook`.
    """
    inputs = {"dispatch_month": dispatch_month, "measure_total_month": measure_total_month}
    known = Query(statement("usage/forecast_input"), inputs, {"dispatches": usage.DISPATCHES})
    return Computed(foreseen, {"known": known}, {"settled": last_settled(span)})


def last_settled(span: Span) -> date:
    """The last month that is over and seven working days past: the last that a series can be known to."""
    month = _month_before(span.through)
    while Span(span.as_of, month).provisional:
        month = _month_before(month)
    return month


def _month_before(month: date) -> date:
    return calendar.month_of(month - timedelta(days=1))


def foreseen(known: pa.Table, settled: date) -> pa.Table:
    """The outlook of each series.

    Args:
        known: columns `month`, `quantity` (not null), `synthetic`; all others together name the series. One row per
            series and month, in any order.
        settled: the last month that can be known; later rows are not looked at.

    Returns:
        The columns that name the series, then those of `usage.FORECAST` in its order; sorted by series and month.
        A series that has no outlook, or is silent for longer than `LATEST_REPORT` months, has no rows.
    """
    names = [n for n in known.column_names if n not in {"month", "quantity", "synthetic"}]
    rows = []
    for series in series_of(known, settled, names):
        found = outlook(series.values)
        if found is None:
            continue
        about = {
            **series.name,
            "method": found.method,
            "backtest_error": found.backtest_error,
            "last_known_month": series.last,
            "months_known": len(series.rows),
            "synthetic": series.synthetic,
        }
        for month, (low, expected, high) in zip(series.coming(HORIZON), found.ahead, strict=True):
            rows.append({**about, "month": month, "low": low, "expected": expected, "high": high})
    named = [(n, known.schema.field(n).type) for n in names]
    return pa.Table.from_pylist(rows, pa.schema([*named, *_FORESEEN]))


@dataclass(frozen=True, slots=True)
class Series:
    """The known months of a series, without gaps.

    Attributes:
        name: what names it, by column.
        rows: of its months, in order: `month`, `quantity`, `synthetic`, and what else the table has.
    """

    name: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]

    @property
    def values(self) -> list[Decimal]:
        """The quantities, in order of the months."""
        return [row["quantity"] for row in self.rows]

    @property
    def last(self) -> date:
        """The last known month."""
        month: date = self.rows[-1]["month"]
        return month

    @property
    def synthetic(self) -> bool:
        """Whether any month is."""
        return any(row["synthetic"] for row in self.rows)

    def coming(self, months: int) -> list[date]:
        """The months after the last known one."""
        coming = [calendar.next_month(self.last)]
        while len(coming) < months:
            coming.append(calendar.next_month(coming[-1]))
        return coming


def series_of(known: pa.Table, settled: date, names: Sequence[str]) -> Iterator[Series]:
    """The series of a table in order of their names: of each the months after its last gap, up to `settled`.

    One that is silent for longer than `LATEST_REPORT` months is left out.
    """
    found: dict[tuple[str, ...], dict[date, Mapping[str, Any]]] = {}
    for row in known.to_pylist():
        if row["month"] <= settled:
            found.setdefault(tuple(row[n] for n in names), {})[row["month"]] = row
    for name, by_month in sorted(found.items()):
        months = _unbroken(by_month)
        silent = (settled.year - months[-1].year) * _YEAR + settled.month - months[-1].month
        if silent <= LATEST_REPORT:
            yield Series(dict(zip(names, name, strict=True)), [by_month[m] for m in months])


def _unbroken(months: Iterable[date]) -> list[date]:
    """The months after the last gap, in order."""
    run: list[date] = []
    for month in sorted(months):
        if run and month != calendar.next_month(run[-1]):
            run = []
        run.append(month)
    return run


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foreseen of one series.

    Attributes:
        method: one of those given.
        backtest_error: sum of absolute errors over sum of actual figures (WAPE), six decimals; None where that sum is
            not above zero.
        ahead: low, expected, high of each coming month, whole and not below zero.
    """

    method: str
    backtest_error: Decimal | None
    ahead: tuple[tuple[int, int, int], ...]


class Method(Protocol):
    """The known months in, the coming ones out; None where too few are known for it."""

    def __call__(self, known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
        """Foresee as many months as the horizon says."""


def outlook(
    known: Sequence[Decimal],
    methods: Mapping[str, Method] | None = None,
    *,
    ceiling: int | None = None,
    horizon: int = HORIZON,
) -> Outlook | None:
    """The coming months of a series of months without gaps; None where it is shorter than `SHORTEST`.

    Args:
        known: the months' figures, in order.
        methods: from the simplest on; `METHODS` where none are given. One at least must do with any series.
        ceiling: what no forecast, nor the upper end of its interval, may exceed; in the back-test neither.
        horizon: months ahead.

    **Back-test**, with a rolling origin. Before each of the months tried (see `_tried`), every method that has what it
    needs forecasts that month and all known ones after it, as if they were not known. The method with the smallest sum
    of absolute errors is taken, the simplest of equals.

    **Interval, 80 %**, from the errors that the method made in the back-test: the root mean square of those made as far
    ahead (two months more or less), times Student's t. Its degrees of freedom are how many forecasts of that length fit
    into the months tried side by side, at least two. It never narrows with distance, and grows with it beyond the
    distances tried. Measured coverage: docs/decisions/0010-forecasts.md.
    """
    if len(known) < SHORTEST:
        return None
    tried = range(len(known) - _tried(len(known)), len(known))
    trials = (_trial(n, m, known, tried, ceiling, horizon) for n, m in (methods or METHODS).items())
    best = min((t for t in trials if t is not None), key=lambda t: t.missed)
    actual = sum((a for origin in tried for a in known[origin:]), Decimal(0))
    return Outlook(
        best.method,
        (best.missed / actual).quantize(Decimal("0.000001"), ROUND_HALF_UP) if actual > 0 else None,
        tuple(_whole(e, w, ceiling) for e, w in zip(best.expected, _widths(best.errors, horizon), strict=True)),
    )


def _tried(months: int) -> int:
    """How many of the last months the back-test forecasts: a third of a short series, six, or a year of three years.

    Origins have a year behind them as soon as three months remain to be tried, and two years as soon as six remain.
    """
    short = months - _YEAR if months >= _YEAR + _QUARTER else months // 3
    return min(_YEAR, max(min(6, short), months - 2 * _YEAR))


@dataclass(frozen=True, slots=True)
class _Trial:
    """How a method did.

    Attributes:
        expected: what it foresees from all known months.
        errors: forecast (whole) less actual, by origin and month ahead.
    """

    method: str
    expected: list[float]
    errors: list[list[Decimal]]

    @property
    def missed(self) -> Decimal:
        return sum((abs(e) for made in self.errors for e in made), Decimal(0))


def _trial(
    name: str, method: Method, known: Sequence[Decimal], origins: Iterable[int], ceiling: int | None, horizon: int
) -> _Trial | None:
    """Try a method; None where it lacks what it needs, at an origin or now."""
    values = [float(v) for v in known]
    expected, errors = method(values, horizon), []
    for origin in origins:
        made = method(values[:origin], horizon)
        if made is None:
            return None
        errors.append([_nearest(f, ceiling) - a for f, a in zip(made, known[origin:], strict=False)])
    return None if expected is None else _Trial(name, expected, errors)


def _widths(errors: Sequence[Sequence[Decimal]], horizon: int) -> list[float]:
    """Half the interval, by month ahead: see `outlook`."""
    tried = len(errors)
    widths: list[float] = []
    for ahead in range(1, horizon + 1):
        near = min(ahead, tried)
        squares = [float(e) * float(e) for made in errors for e in made[max(0, near - 3) : near + 2]]
        student = _STUDENT_90[min(tried, max(2, tried // ahead)) - 1]
        width = student * math.sqrt(math.fsum(squares) / len(squares)) * max(1.0, ahead / tried)
        widths.append(max([width, *widths[-1:]]))
    return widths


_STUDENT_90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
"""The 90th percentile of Student's t with 1 to 12 degrees of freedom: 80 % lie between it and its opposite."""


def _nearest(value: float, ceiling: int | None = None) -> int:
    nearest = max(0, math.floor(value + 0.5))
    return nearest if ceiling is None else min(nearest, ceiling)


def _whole(expected: float, width: float, ceiling: int | None) -> tuple[int, int, int]:
    middle = _nearest(expected, ceiling)
    high = math.ceil(middle + width)
    return max(0, math.floor(middle - width)), middle, high if ceiling is None else min(high, ceiling)


# --- methods ----------------------------------------------------------------------------------------------------------

_FOR_A_LINE = 6
_QUARTER = 3


def _last_value(known: Sequence[float], horizon: int = HORIZON, /) -> list[float]:
    return [known[-1]] * horizon


def _mean(known: Sequence[float], horizon: int = HORIZON, /) -> list[float]:
    last_year = known[-_YEAR:]
    return [math.fsum(last_year) / len(last_year)] * horizon


def _drift(known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The last value and, for each month ahead, the mean monthly change of the last year."""
    if len(known) < _FOR_A_LINE:
        return None
    months = min(_YEAR, len(known) - 1)
    step = (known[-1] - known[-1 - months]) / months
    return [known[-1] + step * (ahead + 1) for ahead in range(horizon)]


def _seasonal_naive(known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The same month a year before."""
    return [known[ahead % _YEAR - _YEAR] for ahead in range(horizon)] if len(known) >= _YEAR else None


def _seasonal_growth(known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The same month a year before, times the growth of the last months (up to twelve) over theirs a year before.

    Not where use doubled or halved: that is a launch or an end, and its growth says nothing of the year to come.
    """
    compared = min(_YEAR, len(known) - _YEAR)
    same_month = _seasonal_naive(known, horizon)
    if same_month is None or compared < _QUARTER:
        return None
    before = math.fsum(known[-_YEAR - compared : len(known) - _YEAR])
    recent = math.fsum(known[-compared:])
    if before <= 0 or not before <= 2 * recent <= 4 * before:
        return None
    return [value * recent / before for value in same_month]


def _theta(known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The mean of the line through the months, and of a smoothed series of twice their distance from that line.

    Source: Assimakopoulos, Nikolopoulos, "The theta model", International Journal of Forecasting 16 (2000), with
    theta 0 and 2; simple exponential smoothing by the parameter with the least squares one month ahead.
    """
    count = len(known)
    if count < _FOR_A_LINE:
        return None
    middle, mean = (count - 1) / 2, math.fsum(known) / count
    spread = math.fsum((t - middle) * (t - middle) for t in range(count))
    slope = math.fsum((t - middle) * (y - mean) for t, y in enumerate(known)) / spread
    doubled = [2 * y - (mean + slope * (t - middle)) for t, y in enumerate(known)]
    _, level = min(_smoothed(doubled, step / 20) for step in range(1, 21))
    return [(mean + slope * (count + ahead - middle) + level) / 2 for ahead in range(horizon)]


def _smoothed(series: Sequence[float], weight: float) -> tuple[float, float]:
    """The sum of squared errors one month ahead, and the last level."""
    level = series[0]
    squares = []
    for value in series[1:]:
        error = value - level
        squares.append(error * error)
        level += weight * error
    return math.fsum(squares), level


def _seasonal_theta(known: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """Theta on the months freed from their season (classical, multiplicative), and the season put back."""
    count = len(known)
    if count < 2 * _YEAR or min(known) <= 0:
        return None
    ratios: list[list[float]] = [[] for _ in range(_YEAR)]
    half = _YEAR // 2
    for t in range(half, count - half):
        around = math.fsum([known[t - half] / 2, *known[t - half + 1 : t + half], known[t + half] / 2]) / _YEAR
        ratios[t % _YEAR].append(known[t] / around)
    season = [math.fsum(r) / len(r) for r in ratios]
    scale = math.fsum(season) / _YEAR
    season = [s / scale for s in season]
    freed = _theta([y / season[t % _YEAR] for t, y in enumerate(known)], horizon)
    return freed and [f * season[(count + ahead) % _YEAR] for ahead, f in enumerate(freed)]


METHODS: Mapping[str, Method] = {
    "LAST_VALUE": _last_value,
    "MEAN": _mean,
    "DRIFT": _drift,
    "SEASONAL_NAIVE": _seasonal_naive,
    "SEASONAL_GROWTH": _seasonal_growth,
    "THETA": _theta,
    "SEASONAL_THETA": _seasonal_theta,
}
"""From the simplest on."""

MAKINGS = (forecast,)
