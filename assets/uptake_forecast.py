"""Forecasts of uptake: how many municipalities will have each service active, by S-curves beside simpler methods.

The back-test, the interval and the simpler methods are those of assets/forecast.py. The S-curves here are bounded by
the number of municipalities. They too use only +, −, ×, ÷ (no exponential function, whose last digits differ between
machines), and sum only whole numbers. Tried on real series: docs/uptake-forecast.md. Why no library is used:
docs/decisions/0012-forecast-of-uptake.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pyarrow as pa

from assets import forecast as forecasts
from assets.build import from_python, sql_step
from assets.forecast import HORIZON, METHODS, Method, Outlook, Series
from catalog.tables import reference, uptake

S_CURVES = ("LOGISTIC", "BASS")
FOR_A_CURVE = 12
"""The fewest known months for an S-curve: early growth does not show where it ends."""
_COARSE = 8
_SERIES = ("service", "active_basis")
_FORESEEN = pa.schema([(c.name, c.type) for c in uptake.FORECAST.columns])


def foreseen(table: pa.Table, settled: date) -> pa.Table:
    """The forecast of each service.

    Args:
        table: columns `service`, `active_basis`, `month`, `quantity` (municipalities active), `undated` (those of them
            without a known start), `municipalities` (all there are), `synthetic`; in any order.
        settled: the last month that can be known; later rows are ignored.

    Returns:
        The columns of `uptake.FORECAST`, sorted by service and month.
    """
    rows = [
        row | {"ceiling": _ceiling(series, outlook.method)}
        for series, outlook, of_months in forecasts.outlooks(forecasts.series_of(table, settled, _SERIES), look)
        for row in of_months
    ]
    return pa.Table.from_pylist(rows, _FORESEEN)


def look(series: Series) -> Outlook | None:
    """The outlook of a series of `uptake/forecast_input`."""
    limit = int(series.rows[-1]["municipalities"])
    return forecasts.outlook(series.values, methods_for(series), ceiling=limit, flow=False)


def methods_for(series: Series) -> Mapping[str, Method]:
    """The methods by name, from the simplest; the S-curves start from the series' undated municipalities."""
    base, limit = _base_and_limit(series)
    curves = {name: partial(_along, name, base, limit) for name in S_CURVES}
    return {name: curves.get(name) or METHODS[name] for name in uptake.FORECAST_METHODS}


def _base_and_limit(series: Series) -> tuple[int, int]:
    last = series.rows[-1]
    return int(last["undated"]), int(last["municipalities"])


def _ceiling(series: Series, method: str) -> int | None:
    if method not in S_CURVES:
        return None
    base, limit = _base_and_limit(series)
    curve = s_curve(_above(base, [float(v) for v in series.values]), limit - base, imitation_only=method == "LOGISTIC")
    return base + curve.ceiling


def _along(name: str, base: int, limit: int, figures: Sequence[float], horizon: int = HORIZON, /) -> list[float] | None:
    if len(figures) < FOR_A_CURVE:
        return None
    growth = _above(base, figures)
    curve = s_curve(growth, limit - base, imitation_only=name == "LOGISTIC")
    return [base + level for level in curve.onwards(growth[-1], horizon)]


def _above(base: int, figures: Sequence[float]) -> list[int]:
    return [max(0, round(value) - base) for value in figures]


@dataclass(frozen=True, slots=True)
class SCurve:
    """Growth towards a ceiling: each month a share `alone + among × adopters` of the remaining ones adopts.

    Bass's model of 1969. Without `alone` (his p) it is the logistic curve: nobody adopts before another has.

    Attributes:
        alone: the share that adopts independently of others.
        among: what each adopter adds to the share (his q, divided by the ceiling).
    """

    ceiling: int
    alone: float
    among: float

    def onwards(self, level: float, months: int) -> list[float]:
        """The coming months' levels; never past the ceiling."""
        levels = []
        for _ in range(months):
            level += (self.ceiling - level) * min(1.0, self.alone + self.among * level)
            levels.append(level)
        return levels


def s_curve(counts: Sequence[int], limit: int, *, imitation_only: bool) -> SCurve:
    """The best-fitting S-curve: least squares of each month's step from the month before.

    The counts are taken as exact: a count of municipalities has no noise, so each month is predicted from the actual
    month before, and the forecast continues from the last. The ceiling is a whole number between the last known and
    `limit`, found by trying every eighth and then all near the best; for each, the best non-negative shares have a
    closed form. A series without growth has a flat curve.

    Source: Bass, "A new product growth for model consumer durables", Management Science 15 (1969), who fits by the
    same steps.
    """
    moments = _Moments.of(counts)
    lowest = max(counts[-1], 1)
    limit = max(limit, lowest)

    def best(ceilings: Sequence[int]) -> tuple[float, int, float, float]:
        return min(moments.fitted(k, imitation_only=imitation_only) for k in ceilings)

    _, near, _, _ = best([*range(lowest, limit, _COARSE), limit])
    _, ceiling, alone, among = best(range(max(lowest, near - _COARSE + 1), min(limit, near + _COARSE - 1) + 1))
    return SCurve(ceiling, alone, among) if alone or among else SCurve(counts[-1], 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Moments:
    """Sums over the known steps; whole numbers and therefore exact.

    Attributes:
        levels: of the powers 0 to 4 of the level before the step.
        steps: of the step times the powers 0 to 2 of that level.
    """

    levels: tuple[int, int, int, int, int]
    steps: tuple[int, int, int]

    @classmethod
    def of(cls, counts: Sequence[int]) -> _Moments:
        before = counts[:-1]
        squares = [g * g for g in before]
        steps = [after - g for g, after in zip(before, counts[1:], strict=True)]
        return cls(
            (
                len(before),
                sum(before),
                sum(squares),
                sum(g * s for g, s in zip(before, squares, strict=True)),
                sum(s * s for s in squares),
            ),
            (
                sum(steps),
                sum(d * g for d, g in zip(steps, before, strict=True)),
                sum(d * s for d, s in zip(steps, squares, strict=True)),
            ),
        )

    def fitted(self, ceiling: int, *, imitation_only: bool) -> tuple[float, int, float, float]:
        """The reduction of the sum of squares (negative: least is best), the ceiling, and the two shares."""
        n0, n1, n2, n3, n4 = self.levels
        d0, d1, d2 = self.steps
        # regressors: those left, and those left times those that have it
        left, both, had = (
            ceiling * ceiling * n0 - 2 * ceiling * n1 + n2,
            ceiling * ceiling * n1 - 2 * ceiling * n2 + n3,
            ceiling * ceiling * n2 - 2 * ceiling * n3 + n4,
        )
        to_left, to_had = ceiling * d0 - d1, ceiling * d1 - d2
        nothing = (0.0, ceiling, 0.0, 0.0)
        only_among = (-(to_had * to_had / had), ceiling, 0.0, to_had / had) if had and to_had > 0 else nothing
        if imitation_only:
            return only_among
        determinant = left * had - both * both
        alone, among = to_left * had - to_had * both, to_had * left - to_left * both
        if determinant and alone >= 0 and among >= 0:
            gained = (alone * to_left + among * to_had) / determinant
            return -gained, ceiling, alone / determinant, among / determinant
        only_alone = (-(to_left * to_left / left), ceiling, to_left / left, 0.0) if left and to_left > 0 else nothing
        return min(only_among, only_alone)


forecast = from_python(
    uptake.FORECAST,
    foreseen,
    table=sql_step("uptake/forecast_input", uptake.STATUS_MONTH, uptake.STEP_EVENT, reference.MUNICIPALITY),
)
"""The municipalities that will have each service active in up to twelve months after its last known one.

Grain: one row per (service, month). Known months are observed months that ended at least seven working days ago,
from the first in which a municipality is on a step. An unobserved month is a gap, and so is a change of
active_basis: the series is the months after it. No row for a series of fewer than eight months, or one whose last
month is more than two months older than it could be. The rows end before the first month ahead whose error is unknown,
or neither below that of the last value nor that of the mean.

**No later than.** A municipality that a list or a first snapshot found active, with no exact activation before, is
counted as active from the series' first month on. It is part of the level, never of the growth, and the S-curves
are fitted to the count above such municipalities still active. Where use decides who is active, nothing is assumed.

Nulls: ceiling for methods other than S-curves.
"""

BUILDS = (forecast,)
