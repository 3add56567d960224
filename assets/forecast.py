"""Forecasts a monthly series from its known months, by the method that did best on the last of them.

The reported error of a forecast comes from months that took no part in choosing its method, and its band from what
earlier forecasts missed as far ahead (`calibrated`). `forecast` is a build; `foreseen` and `outlook` know nothing of
usage and serve any monthly series. `outlook` accepts other methods, a ceiling and a horizon (see
assets/uptake_forecast.py), so that there is only one back-test.

Only +, −, ×, ÷, square roots and `math.fsum` are used, on plain floats in a fixed order: the result is bit-identical
on every machine, Python and number of threads, whatever the order of the rows. Why no library is used:
docs/decisions/0010-forecasts.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

import pyarrow as pa

from assets.build import from_python, sql_step
from catalog.domain import calendar
from catalog.tables import reference, usage

HORIZON = 12
"""Months ahead."""
SHORTEST = 8
"""The fewest known months for a forecast: three of them are held out, and five is little to choose by."""
SIMPLEST = ("LAST_VALUE", "MEAN")
"""The methods of which a forecast has to beat at least one."""
LATEST_REPORT = 2
"""Months by which a series may be late. A series silent for longer has ended, or is no longer reported."""

_YEAR = 12
_SHORTEST_CHOICE = 5
_NEAR = 2
"""Months by which a distance ahead may differ for its errors to count."""
_INSIDE = 80
"""Months in a hundred that lie in the band."""
FEWEST_ATTEMPTS = 20
"""The fewest earlier forecasts that calibrate a month ahead."""
_NORMAL = 1.6
"""The mean absolute errors of a normal distribution that hold 80 of 100: 1.2816 ÷ 0.7979."""
_ATTEMPTED = 4 * 12
"""Months back: a year's bands are scored, each made up to a year earlier, by a year of attempts of the year before."""
_FORESEEN = [(c.name, c.type) for c in usage.FORECAST.columns if c.name not in ("service", "measure")]
"""Of a forecast, whatever identifies its series."""


def foreseen(table: pa.Table, settled: date, levels: pa.Table | None = None) -> pa.Table:
    """The forecast of each series.

    Args:
        table: columns `month`, `quantity` (not null), `synthetic`; all others together identify the series. One row
            per series and month, in any order.
        settled: the last month that can be known; later rows are ignored.
        levels: column `measure`: the measures that are levels, whose errors do not grow with them.

    Returns:
        The columns that identify the series, then those of `usage.FORECAST` in its order; sorted by series and month.
        A series without a forecast, or silent for longer than `LATEST_REPORT` months, has no rows.
    """
    stocks = set(levels["measure"].to_pylist()) if levels is not None else set()
    names = [n for n in table.column_names if n not in {"month", "quantity", "synthetic"}]
    rows = [
        row
        for _, _, of_months in outlooks(
            series_of(table, settled, names),
            lambda series: outlook(series.values, flow=series.name.get("measure") not in stocks),
        )
        for row in of_months
    ]
    series_fields = [(n, table.schema.field(n).type) for n in names]
    return pa.Table.from_pylist(rows, pa.schema([*series_fields, *_FORESEEN]))


def outlooks(
    all_series: Iterable[Series], look: Callable[[Series], Outlook | None]
) -> list[tuple[Series, Outlook, list[dict[str, Any]]]]:
    """Each series that has an outlook, and its forecast's rows, with bands calibrated on all of them."""
    pairs = [(series, series_outlook) for series in all_series if (series_outlook := look(series)) is not None]
    calibration = calibrated((month_number(series.last), series_outlook) for series, series_outlook in pairs)
    return [
        (series, series_outlook, list(series_outlook.rows(series, calibration))) for series, series_outlook in pairs
    ]


@dataclass(frozen=True, slots=True)
class Series:
    """The known months of a series, without gaps.

    Attributes:
        name: its identifying values, by column.
        rows: its months, in order: `month`, `quantity`, `synthetic`, and any other columns of the table.
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
        """Whether any month is synthetic."""
        return any(row["synthetic"] for row in self.rows)

    def coming(self, months: int) -> list[date]:
        """The months after the last known one."""
        coming: list[date] = []
        while len(coming) < months:
            coming.append(calendar.next_month(coming[-1] if coming else self.last))
        return coming


def series_of(table: pa.Table, settled: date, names: Sequence[str]) -> Iterator[Series]:
    """The series of a table in order of name, each with the months after its last gap, up to `settled`.

    A series silent for longer than `LATEST_REPORT` months is left out.
    """
    by_name: dict[tuple[str, ...], dict[date, Mapping[str, Any]]] = {}
    for row in table.to_pylist():
        if row["month"] <= settled:
            by_name.setdefault(tuple(row[n] for n in names), {})[row["month"]] = row
    for name, by_month in sorted(by_name.items()):
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
    """The back-tested errors at one distance ahead, from origins that had no part in choosing the method.

    Attributes:
        error: sum of absolute errors over sum of actual figures (WAPE), six decimals; None where not tried, or where
            the figures do not sum to more than zero.
        last_value_error: the same error for the last value.
        mean_error: the same error for the mean of the last year.
    """

    error: Decimal | None
    last_value_error: Decimal | None
    mean_error: Decimal | None

    @property
    def holds(self) -> bool:
        """Whether the error is known, and less than that of the last value or of the mean, or zero."""
        if self.error is None or self.last_value_error is None or self.mean_error is None:
            return False
        return self.error == 0 or self.error < self.last_value_error or self.error < self.mean_error


@dataclass(frozen=True, slots=True)
class Attempt:
    """A month of a forecast from an earlier month, and what came.

    Attributes:
        back: months from the month that it was for until the last known one; 0: that one.
        ahead: months ahead that it was made.
        missed: the absolute error.
        scale: the error expected then, see `Outlook.scales`.
    """

    back: int
    ahead: int
    missed: float
    scale: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of one series, until the first month in which it does not hold; none if that is the first.

    Attributes:
        method: the chosen method.
        origins: the number of months held out.
        tried: back-tested errors, by month ahead.
        expected: the forecast, by month ahead; whole and not below zero.
        scales: the mean absolute error of the months held out, by month ahead, counting one more with an error of one
            unit. It never falls with distance.
        attempts: earlier forecasts, each with what was known then, of the months that have come.
        ceiling: the upper limit, if any.
    """

    method: str
    origins: int
    tried: tuple[Tried, ...]
    expected: tuple[int, ...]
    scales: tuple[float, ...]
    attempts: tuple[Attempt, ...]
    ceiling: int | None = None

    def bands(self, calibration: Calibration, last: int) -> list[tuple[int, int, int]]:
        """Low, expected, high of each coming month, when the last known one has this number."""
        widths = (_width(scale, calibration.factor(last, ahead)) for ahead, scale in enumerate(self.scales, 1))
        return [
            (
                max(0, middle - width),
                middle,
                middle + width if self.ceiling is None else min(middle + width, self.ceiling),
            )
            for middle, width in zip(self.expected, widths, strict=True)
        ]

    def rows(self, series: Series, calibration: Calibration) -> Iterator[dict[str, Any]]:
        """The rows of the forecast, in columns named as in the contracts."""
        last = month_number(series.last)
        bands = self.bands(calibration, last)
        for ahead, (month, tried, (low, expected, high)) in enumerate(
            zip(series.coming(len(bands)), self.tried, bands, strict=True), 1
        ):
            earlier = [a for a in self.attempts if a.ahead == ahead]
            yield {
                **series.name,
                "method": self.method,
                "last_known_month": series.last,
                "months_known": len(series.rows),
                "synthetic": series.synthetic,
                "month": month,
                "low": low,
                "expected": expected,
                "high": high,
                "backtest_error": tried.error,
                "last_value_error": tried.last_value_error,
                "mean_error": tried.mean_error,
                "months_held_out": self.origins,
                "past_forecasts": len(earlier),
                "past_inside": sum(calibration.covers(last, a) for a in earlier),
            }


def month_number(month: date) -> int:
    """The number of a month; consecutive months have consecutive numbers."""
    return month.year * _YEAR + month.month


def _width(scale: float, factor: float) -> int:
    """Half the band, in whole units."""
    return math.floor(scale * factor + 0.5)


class Calibration:
    """How many times the expected error a band must reach to hold 80 of 100 months, by month ahead.

    Split conformal prediction with scaled errors, horizon by horizon, by nearest rank. The one more that the source
    counts is left out: it makes bands hold at least so many months, and these are to hold as many.
    A factor rests on the attempts of all series whose months came in the twelve before it, each scaled by the error
    expected then. With fewer than `FEWEST_ATTEMPTS` attempts, the factor for one month less ahead is used; for the
    first month ahead, the factor of normally distributed errors.

    Source: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, "Distribution-free predictive inference for regression",
    Journal of the American Statistical Association 113 (2018), sections 2.2 and 5.2.
    """

    def __init__(self, scores: Mapping[tuple[int, int], Sequence[float]]) -> None:
        """Take the least factors under which each attempt would have held, by number of its month and months ahead."""
        self._scores = scores
        self._factors: dict[tuple[int, int], float] = {}

    def factor(self, last: int, ahead: int) -> float:
        """The factor for so many months ahead of a last known month."""
        if not ahead:
            return _NORMAL
        if (last, ahead) not in self._factors:
            scores = sorted(s for n in range(last - _YEAR + 1, last + 1) for s in self._scores.get((n, ahead), ()))
            rank = -(-_INSIDE * len(scores) // 100)
            enough = len(scores) >= FEWEST_ATTEMPTS
            self._factors[last, ahead] = scores[rank - 1] if enough else self.factor(last, ahead - 1)
        return self._factors[last, ahead]

    def covers(self, last: int, attempt: Attempt) -> bool:
        """Whether the actual figure lay in the attempt's band, calibrated as it would have been then."""
        then = last - attempt.back - attempt.ahead
        return attempt.missed <= _width(attempt.scale, self.factor(then, attempt.ahead))


def calibrated(numbered: Iterable[tuple[int, Outlook]]) -> Calibration:
    """The calibration by the attempts of these series, each given with the number of its last known month."""
    scores: dict[tuple[int, int], list[float]] = {}
    for last, series_outlook in numbered:
        for a in series_outlook.attempts:
            # half a unit less, as bands are rounded to whole units
            scores.setdefault((last - a.back, a.ahead), []).append(max(0.0, a.missed - 0.5) / a.scale)
    return Calibration(scores)


class Method(Protocol):
    """Maps known months to coming ones; None where too few are known."""

    def __call__(self, figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
        """Forecast the `horizon` coming months."""


def outlook(
    figures: Sequence[Decimal],
    methods: Mapping[str, Method] | None = None,
    *,
    ceiling: int | None = None,
    horizon: int = HORIZON,
    flow: bool = True,
) -> Outlook | None:
    """Forecast the coming months of a series without gaps; None where the series is shorter than `SHORTEST`.

    Args:
        figures: the months' figures, in order.
        methods: from the simplest; `METHODS` by default. They must include `SIMPLEST`.
        ceiling: the upper limit of forecasts and of their intervals, also in the trials.
        horizon: months ahead.
        flow: errors grow with the level, as for a flow; those of a count of members do not.

    **Choice**, with a rolling origin. Before each of the months tried (see `_tried`), every method with enough months
    forecasts that month and all known ones after it. The method with the smallest sum of absolute errors is chosen, the
    simplest on a tie.

    **Error**, over the last third of the months, at most 24, each held out in turn: the method is chosen anew from the
    months before it alone, and its forecast is compared with the actual figures as far ahead, two months more or less.
    The forecast ends before the first month ahead whose error is unknown, or neither below that of the last value nor
    that of the mean.

    **Attempts**: the same forecast from each of the last four years' months, with the choice, errors and scales of the
    months before it alone, for `calibrated`. Measured coverage: docs/decisions/0049-bands-by-horizon.md.
    """
    count = len(figures)
    if count < SHORTEST:
        return None
    trials = _Trials(figures, methods or METHODS, ceiling, horizon)
    attempts = []
    for origin in range(max(SHORTEST, count - _ATTEMPTED), count):
        _, horizon_errors = _holding(trials, figures, origin, horizon, flow=flow)
        missed = trials.misses(origin).own
        attempts += [
            Attempt(count - origin - ahead, ahead, abs(float(error)), scale)
            for ahead, ((_, scale), error) in enumerate(zip(horizon_errors, missed, strict=False), 1)
        ]
    method = trials.chosen(count)
    origins, horizon_errors = _holding(trials, figures, count, horizon, flow=flow)
    expected = trials.foreseen(method, count)
    assert expected is not None  # noqa: S101 - by the choice
    return Outlook(
        method,
        origins,
        tuple(tried for tried, _ in horizon_errors),
        tuple(_nearest(e, ceiling) for e, _ in zip(expected, horizon_errors, strict=False)),
        tuple(scale for _, scale in horizon_errors),
        tuple(attempts),
        ceiling,
    )


def _holding(
    trials: _Trials, figures: Sequence[Decimal], end: int, horizon: int, *, flow: bool
) -> tuple[int, list[tuple[Tried, float]]]:
    """The number of months held out, and the errors and scale of each month ahead until one does not hold."""
    origins = range(max(_SHORTEST_CHOICE, end - min(2 * _YEAR, max(3, -(-end // 3)))), end)
    misses = [trials.misses(origin).before(end - origin) for origin in origins]
    growth = [_growth(figures[:end], origin) if flow else 1.0 for origin in origins]
    horizon_errors: list[tuple[Tried, float]] = []
    for ahead in range(1, horizon + 1):
        tried = _tried_at(figures, origins, misses, ahead)
        if not tried.holds:
            break
        missed = [
            abs(float(e)) * more
            for m, more in zip(misses, growth, strict=True)
            for e in m.own[max(0, ahead - 1 - _NEAR) : ahead + _NEAR]
        ]
        scale = (math.fsum(missed) + 1) / (len(missed) + 1)
        horizon_errors.append((tried, max([scale, *(s for _, s in horizon_errors[-1:])])))
    return len(origins), horizon_errors


@dataclass(frozen=True, slots=True)
class _Misses:
    """Forecast minus actual from one origin, by month ahead: for the method chosen there, the last value, the mean."""

    own: list[Decimal]
    last_value: list[Decimal]
    mean: list[Decimal]

    def before(self, months: int) -> _Misses:
        """Those of the first months ahead."""
        return _Misses(self.own[:months], self.last_value[:months], self.mean[:months])


class _Trials:
    """The forecasts of each method from each origin, computed once."""

    def __init__(
        self, figures: Sequence[Decimal], methods: Mapping[str, Method], ceiling: int | None, horizon: int
    ) -> None:
        self._known, self._methods, self._ceiling, self._horizon = figures, methods, ceiling, horizon
        self._values = [float(v) for v in figures]
        self._made: dict[tuple[str, int], list[float] | None] = {}
        self._missed_from: dict[int, _Misses] = {}

    def foreseen(self, method: str, origin: int) -> list[float] | None:
        """A method's forecast from the months before the origin; None where there are too few."""
        if (method, origin) not in self._made:
            self._made[method, origin] = self._methods[method](self._values[:origin], self._horizon)
        return self._made[method, origin]

    def chosen(self, end: int) -> str:
        """The method with the smallest error over the last months before `end`."""
        tried = range(end - _tried(end), end)
        missed = {n: self._missed(n, tried, end) for n in self._methods if self.foreseen(n, end) is not None}
        return min((m, place, n) for place, (n, m) in enumerate(missed.items()) if m is not None)[2]

    def _missed(self, method: str, origins: Iterable[int], end: int) -> Decimal | None:
        total = Decimal(0)
        for origin in origins:
            errors = self._errors(method, origin, end)
            if errors is None:
                return None
            total += sum((abs(e) for e in errors), Decimal(0))
        return total

    def _errors(self, method: str, origin: int, end: int) -> list[Decimal] | None:
        expected = self.foreseen(method, origin)
        if expected is None:
            return None
        return [_nearest(f, self._ceiling) - a for f, a in zip(expected, self._known[origin:end], strict=False)]

    def misses(self, origin: int) -> _Misses:
        """The errors from an origin, using only the months before it."""
        if origin not in self._missed_from:
            count = len(self._known)
            own, last, mean = (self._errors(n, origin, count) for n in (self.chosen(origin), *SIMPLEST))
            assert own is not None and last is not None and mean is not None  # noqa: S101, PT018 - they do with any series
            self._missed_from[origin] = _Misses(own, last, mean)
        return self._missed_from[origin]


def _tried_at(figures: Sequence[Decimal], origins: Sequence[int], misses: Sequence[_Misses], ahead: int) -> Tried:
    """The errors at one distance ahead, two months more or less."""
    near = [
        (o, m, nth)
        for o, m in zip(origins, misses, strict=True)
        for nth in range(max(0, ahead - 1 - _NEAR), min(ahead + _NEAR, len(m.own)))
    ]
    tried = any(len(m.own) >= ahead for m in misses)
    actual = sum((figures[o + nth] for o, _, nth in near), Decimal(0))

    def share(missed: Iterable[Decimal]) -> Decimal | None:
        total = sum((abs(e) for e in missed), Decimal(0))
        return (total / actual).quantize(Decimal("0.000001"), ROUND_HALF_UP) if tried and actual > 0 else None

    return Tried(
        share(m.own[nth] for _, m, nth in near),
        share(m.last_value[nth] for _, m, nth in near),
        share(m.mean[nth] for _, m, nth in near),
    )


def _growth(figures: Sequence[Decimal], origin: int) -> float:
    """The growth in level from an origin until now; 1 where it has fallen."""
    now, then = (_mean([float(v) for v in figures[:end]], 1)[0] for end in (len(figures), origin))
    return max(1.0, now / then) if then >= 1 else max(1.0, now)


def _tried(months: int) -> int:
    """How many of the last months the back-test forecasts: a third of a short series, six, or a year of three years.

    Origins have a year behind them as soon as three months remain to be tried, and two years as soon as six remain.
    """
    short = months - _YEAR if months >= _YEAR + _QUARTER else months // 3
    return min(_YEAR, max(min(6, short), months - 2 * _YEAR))


def _nearest(value: float, ceiling: int | None = None) -> int:
    nearest = max(0, math.floor(value + 0.5))
    return nearest if ceiling is None else min(nearest, ceiling)


# --- methods ----------------------------------------------------------------------------------------------------------

_FOR_A_LINE = 6
_QUARTER = 3


def _last_value(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float]:
    return [figures[-1]] * horizon


def _mean(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float]:
    last_year = figures[-_YEAR:]
    return [math.fsum(last_year) / len(last_year)] * horizon


def _drift(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The last value and, for each month ahead, the mean monthly change of the last year."""
    if len(figures) < _FOR_A_LINE:
        return None
    months = min(_YEAR, len(figures) - 1)
    step = (figures[-1] - figures[-1 - months]) / months
    return [figures[-1] + step * (ahead + 1) for ahead in range(horizon)]


def _seasonal_naive(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The same month a year before."""
    return [figures[ahead % _YEAR - _YEAR] for ahead in range(horizon)] if len(figures) >= _YEAR else None


def _seasonal_growth(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The same month a year before, times the growth of the last months (up to twelve) from a year earlier.

    None where use doubled or halved: the growth of a launch or an end says nothing about the coming year.
    """
    compared = min(_YEAR, len(figures) - _YEAR)
    same_month = _seasonal_naive(figures, horizon)
    if same_month is None or compared < _QUARTER:
        return None
    before = math.fsum(figures[-_YEAR - compared : len(figures) - _YEAR])
    recent = math.fsum(figures[-compared:])
    if before <= 0 or not before <= 2 * recent <= 4 * before:
        return None
    return [value * recent / before for value in same_month]


def _theta(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """The mean of the line through the months and a smoothed series at twice their distance from that line.

    Source: Assimakopoulos, Nikolopoulos, "The theta model", International Journal of Forecasting 16 (2000), with
    theta 0 and 2; simple exponential smoothing with the parameter of least squares one month ahead.
    """
    count = len(figures)
    if count < _FOR_A_LINE:
        return None
    middle, mean = (count - 1) / 2, math.fsum(figures) / count
    spread = math.fsum((t - middle) * (t - middle) for t in range(count))
    slope = math.fsum((t - middle) * (y - mean) for t, y in enumerate(figures)) / spread
    doubled = [2 * y - (mean + slope * (t - middle)) for t, y in enumerate(figures)]
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


def _seasonal_theta(figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    """Theta on the deseasonalised months (classical, multiplicative), with the season restored."""
    count = len(figures)
    if count < 2 * _YEAR or min(figures) <= 0:
        return None
    ratios: list[list[float]] = [[] for _ in range(_YEAR)]
    half = _YEAR // 2
    for t in range(half, count - half):
        around = math.fsum([figures[t - half] / 2, *figures[t - half + 1 : t + half], figures[t + half] / 2]) / _YEAR
        ratios[t % _YEAR].append(figures[t] / around)
    season = [math.fsum(r) / len(r) for r in ratios]
    scale = math.fsum(season) / _YEAR
    season = [s / scale for s in season]
    freed = _theta([y / season[t % _YEAR] for t, y in enumerate(figures)], horizon)
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
"""From the simplest."""

national = sql_step(
    "usage/forecast_input",
    usage.DISPATCH_MONTH,
    usage.MEASURE_TOTAL_MONTH,
    parameters={"dispatches": usage.DISPATCHES},
)
forecast = from_python(usage.FORECAST, foreseen, table=national, levels=sql_step("usage/level", reference.MEASURE))
"""The coming twelve months of each service's use, for the whole country.

Grain: one row per (service, measure, month), for at most the twelve months after the series' last known one. A month is
known seven working days after its end; rows of later months change nothing. A missing month is a gap, not a zero:
the series is the months after it. No row for a series of fewer than eight months, or one whose last figure is more
than two months older than it could be. The rows end before the first month ahead whose error is unknown, or neither
below that of the last value nor that of the mean, see `outlook`. Units: those of the measure, whole. Between low and
high: 80 of 100 months, see `Calibration`.
"""

BUILDS = (forecast,)
