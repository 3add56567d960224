"""Forecasts: where a monthly series goes from its known months, by the method that did best on the last of them.

What is told of a forecast's error comes from months that took no part in choosing its method. `forecast` is a making;
`foreseen` and `outlook` know nothing of usage and serve any series of months. `outlook` takes other methods, a ceiling
and a horizon (assets/uptake_forecast.py gives them), so that there is one back-test.

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

from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.scan import Computed, Query, Scan
from catalog.domain import calendar
from catalog.tables import reference, usage

HORIZON = 12
"""Months ahead."""
SHORTEST = 8
"""Known months below which nothing is foreseen: three of them are held out, and five are little to choose by."""
SIMPLEST = ("LAST_VALUE", "MEAN")
"""What a forecast has to beat one of."""
LATEST_REPORT = 2
"""Months that a series' figures may be late by. One that is silent for longer has ended, or is no longer reported."""

_YEAR = 12
_SHORTEST_CHOICE = 5
_QUANTITY = pa.decimal128(18, 4)
_ERROR = pa.decimal128(18, 6)
_FORESEEN = (
    ("month", pa.date32()),
    ("low", _QUANTITY),
    ("expected", _QUANTITY),
    ("high", _QUANTITY),
    ("method", pa.string()),
    ("backtest_error", _ERROR),
    ("last_value_error", _ERROR),
    ("mean_error", _ERROR),
    ("months_held_out", pa.int32()),
    ("last_known_month", pa.date32()),
    ("months_known", pa.int32()),
    ("synthetic", pa.bool_()),
)


@builds(
    usage.FORECAST,
    dispatch_month=usage.DISPATCH_MONTH,
    measure_total_month=usage.MEASURE_TOTAL_MONTH,
    measure=reference.MEASURE,
)
def forecast(span: BuildWindow, dispatch_month: Scan, measure_total_month: Scan, measure: Scan) -> Scan:
    """The coming twelve months of each service's use, for the whole country.

    Grain: one row per (service, measure, month), the twelve months after the series' last known one. Known are months
    that are over and seven working days past; the rows of later ones change nothing. A missing or hidden month is a
    gap, not a zero: the months after it are the series. No row for a series of fewer than eight months, for one of
    which neither the last value nor the mean was beaten, nor for one whose last figure is more than two months older
    than it could be. Units: those of the measure, whole. Nulls: the three errors farther ahead than was tried, and
    where the months tried sum to zero. Between low and high: 80 of 100 months, see `outlook`.
    """
    inputs = {"dispatch_month": dispatch_month, "measure_total_month": measure_total_month}
    query = Query(statement("usage/forecast_input"), inputs, {"dispatches": usage.DISPATCHES})
    levels = Query("select measure from measure where kind = 'STOCK' order by measure", {"measure": measure})
    return Computed(foreseen, {"table": query, "levels": levels}, {"settled": last_settled(span)})


def last_settled(span: BuildWindow) -> date:
    """The last month that is over and seven working days past: the last that a series can be known to."""
    month = _month_before(span.through)
    while BuildWindow(span.as_of, month).provisional:
        month = _month_before(month)
    return month


def _month_before(month: date) -> date:
    return calendar.month_of(month - timedelta(days=1))


def foreseen(table: pa.Table, settled: date, levels: pa.Table | None = None) -> pa.Table:
    """The outlook of each series.

    Args:
        table: columns `month`, `quantity` (not null), `synthetic`; all others together name the series. One row per
            series and month, in any order.
        settled: the last month that can be known; later rows are not looked at.
        levels: column `measure`, those that are levels: what is missed of them does not grow with them.

    Returns:
        The columns that name the series, then those of `usage.FORECAST` in its order; sorted by series and month.
        A series that has no outlook, or is silent for longer than `LATEST_REPORT` months, has no rows.
    """
    stocks = set(levels["measure"].to_pylist()) if levels is not None else set()
    names = [n for n in table.column_names if n not in {"month", "quantity", "synthetic"}]
    rows = []
    for series in series_of(table, settled, names):
        found = outlook(series.values, flow=series.name.get("measure") not in stocks)
        if found is None:
            continue
        about = {
            **series.name,
            "method": found.method,
            "last_known_month": series.last,
            "months_known": len(series.rows),
            "synthetic": series.synthetic,
        }
        rows += [about | of_month for of_month in found.rows(series)]
    named = [(n, table.schema.field(n).type) for n in names]
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


def series_of(table: pa.Table, settled: date, names: Sequence[str]) -> Iterator[Series]:
    """The series of a table in order of their names: of each the months after its last gap, up to `settled`.

    One that is silent for longer than `LATEST_REPORT` months is left out.
    """
    found: dict[tuple[str, ...], dict[date, Mapping[str, Any]]] = {}
    for row in table.to_pylist():
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
class Tried:
    """What was missed so many months ahead, from origins that had no part in choosing the method.

    Attributes:
        error: sum of absolute errors over sum of actual figures (WAPE), six decimals; None where that was not tried,
            or the figures do not sum to more than zero.
        last_value_error: what the last value would have missed there.
        mean_error: what the mean of the last year would have.
    """

    error: Decimal | None
    last_value_error: Decimal | None
    mean_error: Decimal | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foreseen of one series.

    Attributes:
        method: one of those given.
        origins: how many months were held out.
        tried: by month ahead.
        ahead: low, expected, high of each coming month, whole and not below zero.
    """

    method: str
    origins: int
    tried: tuple[Tried, ...]
    ahead: tuple[tuple[int, int, int], ...]

    def rows(self, series: Series) -> Iterator[dict[str, Any]]:
        """What differs from month to month, in the names of the contracts; and how many months were held out."""
        for month, tried, (low, expected, high) in zip(
            series.coming(len(self.ahead)), self.tried, self.ahead, strict=True
        ):
            yield {
                "month": month,
                "low": low,
                "expected": expected,
                "high": high,
                "backtest_error": tried.error,
                "last_value_error": tried.last_value_error,
                "mean_error": tried.mean_error,
                "months_held_out": self.origins,
            }


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
    flow: bool = True,
) -> Outlook | None:
    """The coming months of a series of months without gaps.

    None where it is shorter than `SHORTEST`, and where neither the last value nor the mean was beaten.

    Args:
        known: the months' figures, in order.
        methods: from the simplest on; `METHODS` where none are given. Those of `SIMPLEST` are among them.
        ceiling: what no forecast, nor the upper end of its interval, may exceed; in the trials neither.
        horizon: months ahead.
        flow: errors grow with the level, as those of a flow do; those of a count of members do not.

    **Choice**, with a rolling origin. Before each of the months tried (see `_tried`), every method that has what it
    needs forecasts that month and all known ones after it. The method with the smallest sum of absolute errors is
    taken, the simplest of equals.

    **Error**, of the last third of the months, at most 24, each held out in turn: the method is chosen anew from the
    months before it alone, and what it foresees is held against what came.

    **Interval, 80 %**, of the errors of these origins as far ahead (two months more or less): the smallest that at
    least 80 of 100 do not exceed, one more counted than there are (nearest rank). It never narrows with distance, and
    grows with its root beyond the distances tried. Measured coverage: docs/decisions/0010-forecasts.md.
    """
    count = len(known)
    if count < SHORTEST:
        return None
    held_out = range(max(_SHORTEST_CHOICE, count - min(2 * _YEAR, max(3, -(-count // 3)))), count)
    trials = _Trials(known, methods or METHODS, ceiling, horizon)
    misses = [trials.misses(origin) for origin in held_out]
    if not _beats(misses):
        return None
    method = trials.chosen(count)
    expected = trials.foreseen(method, count)
    assert expected is not None  # noqa: S101 - by the choice
    growth = [_growth(known, origin) if flow else 1.0 for origin in held_out]
    widths = _widths([m.own for m in misses], growth, horizon)
    return Outlook(
        method,
        len(held_out),
        tuple(_told(known, held_out, misses, ahead) for ahead in range(1, horizon + 1)),
        tuple(_whole(e, w, ceiling) for e, w in zip(expected, widths, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class _Misses:
    """Forecast less actual from one origin, by month ahead: of the method chosen there, the last value, the mean."""

    own: list[Decimal]
    last_value: list[Decimal]
    mean: list[Decimal]


class _Trials:
    """What each method foresees from each origin, worked out once."""

    def __init__(
        self, known: Sequence[Decimal], methods: Mapping[str, Method], ceiling: int | None, horizon: int
    ) -> None:
        self._known, self._methods, self._ceiling, self._horizon = known, methods, ceiling, horizon
        self._values = [float(v) for v in known]
        self._made: dict[tuple[str, int], list[float] | None] = {}

    def foreseen(self, method: str, origin: int) -> list[float] | None:
        """What a method foresees from the months before the origin; None where it lacks what it needs."""
        if (method, origin) not in self._made:
            self._made[method, origin] = self._methods[method](self._values[:origin], self._horizon)
        return self._made[method, origin]

    def chosen(self, end: int) -> str:
        """The method that misses least in the last of the months before `end`."""
        tried = range(end - _tried(end), end)
        missed = {n: self._missed(n, tried, end) for n in self._methods if self.foreseen(n, end) is not None}
        return min((m, place, n) for place, (n, m) in enumerate(missed.items()) if m is not None)[2]

    def _missed(self, method: str, origins: Iterable[int], end: int) -> Decimal | None:
        total = Decimal(0)
        for origin in origins:
            made = self._errors(method, origin, end)
            if made is None:
                return None
            total += sum((abs(e) for e in made), Decimal(0))
        return total

    def _errors(self, method: str, origin: int, end: int) -> list[Decimal] | None:
        made = self.foreseen(method, origin)
        if made is None:
            return None
        return [_nearest(f, self._ceiling) - a for f, a in zip(made, self._known[origin:end], strict=False)]

    def misses(self, origin: int) -> _Misses:
        """What is missed from an origin by what is known before it."""
        count = len(self._known)
        own, last, mean = (self._errors(n, origin, count) for n in (self.chosen(origin), *SIMPLEST))
        assert own is not None and last is not None and mean is not None  # noqa: S101, PT018 - they do with any series
        return _Misses(own, last, mean)


def _beats(misses: Sequence[_Misses]) -> bool:
    """Whether less was missed than by the last value, or by the mean; or nothing at all."""

    def missed(made: Iterable[list[Decimal]]) -> Decimal:
        return sum((abs(e) for errors in made for e in errors), Decimal(0))

    own = missed(m.own for m in misses)
    last, mean = missed(m.last_value for m in misses), missed(m.mean for m in misses)
    return own == 0 or own < last or own < mean


def _told(known: Sequence[Decimal], origins: Sequence[int], misses: Sequence[_Misses], ahead: int) -> Tried:
    """What was missed so many months ahead, two more or less."""
    near = [
        (o, m, nth)
        for o, m in zip(origins, misses, strict=True)
        for nth in range(max(0, ahead - 3), min(ahead + 2, len(m.own)))
    ]
    tried = any(len(m.own) >= ahead for m in misses)
    actual = sum((known[o + nth] for o, _, nth in near), Decimal(0))

    def share(missed: Iterable[Decimal]) -> Decimal | None:
        total = sum((abs(e) for e in missed), Decimal(0))
        return (total / actual).quantize(Decimal("0.000001"), ROUND_HALF_UP) if tried and actual > 0 else None

    return Tried(
        share(m.own[nth] for _, m, nth in near),
        share(m.last_value[nth] for _, m, nth in near),
        share(m.mean[nth] for _, m, nth in near),
    )


def _growth(known: Sequence[Decimal], origin: int) -> float:
    """How much higher the level is now than it was at an origin; 1 where it is lower."""
    now, then = (_mean([float(v) for v in known[:end]], 1)[0] for end in (len(known), origin))
    return max(1.0, now / then) if then >= 1 else max(1.0, now)


def _tried(months: int) -> int:
    """How many of the last months the back-test forecasts: a third of a short series, six, or a year of three years.

    Origins have a year behind them as soon as three months remain to be tried, and two years as soon as six remain.
    """
    short = months - _YEAR if months >= _YEAR + _QUARTER else months // 3
    return min(_YEAR, max(min(6, short), months - 2 * _YEAR))


def _widths(errors: Sequence[Sequence[Decimal]], growth: Sequence[float], horizon: int) -> list[float]:
    """Half the interval, by month ahead: see `outlook`."""
    longest = max(map(len, errors))
    widths: list[float] = []
    for ahead in range(1, horizon + 1):
        near = min(ahead, longest)
        missed = sorted(
            abs(float(e)) * more
            for made, more in zip(errors, growth, strict=True)
            for e in made[max(0, near - 3) : near + 2]
        )
        rank = min(len(missed), -(-_INSIDE * (len(missed) + 1) // 100))
        width = missed[rank - 1] * math.sqrt(max(1.0, ahead / longest))
        widths.append(max([width, *widths[-1:]]))
    return widths


_INSIDE = 80
"""Of a hundred months, so many lie in the interval."""


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

BUILDS = (forecast,)
