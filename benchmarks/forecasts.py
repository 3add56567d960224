"""`python -m benchmarks.forecasts --release FOLDER`: the share of actual figures within the bands, by months ahead.

Every series of a release is forecast from each month of its last four years, as of what was known then, and compared
with the months that have come since. `make bench` prints the same of the release that it makes; give it years to learn
from: `make bench BENCH="--months 36"`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from assets import forecast, uptake_forecast
from assets.forecast import Outlook, Series
from assets.statements import statement
from catalog.tables import usage

AHEAD = (1, 3, 6, 9, 12)
"""The months ahead that are shown."""


def main() -> int:
    """Print the table of a home."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecasts", description=__doc__)
    parser.add_argument("--release", type=Path, required=True, help="a folder under the home's releases")
    print(coverage(parser.parse_args().release))
    return 0


def coverage(release: Path) -> str:
    """A row per dataset: the share of earlier forecasts' months in their bands, and how many, by months ahead."""
    with duckdb.connect(release / "dif.duckdb", read_only=True) as connection:
        rows = {"uptake.forecast": _of_uptake(connection), "usage.forecast": _of_use(connection)}
    head = "".join(f"{ahead:>18}" for ahead in AHEAD)
    return "\n".join(
        [f"{'months ahead':<18}{head}", *(f"{name:<18}{_shares(outlooks)}" for name, outlooks in rows.items())]
    )


def _shares(outlooks: Iterable[tuple[Series, Outlook]]) -> str:
    numbered = [(forecast.month_number(series.last), outlook) for series, outlook in outlooks]
    calibration = forecast.calibrated(numbered)
    inside: Counter[int] = Counter()
    attempts: Counter[int] = Counter()
    for last, outlook in numbered:
        for attempt in outlook.attempts:
            attempts[attempt.ahead] += 1
            inside[attempt.ahead] += calibration.covers(last, attempt)
    return "".join(f"{f'{inside[a] / attempts[a]:.1%} of {attempts[a]}' if attempts[a] else 'none':>18}" for a in AHEAD)


def _of_uptake(release: duckdb.DuckDBPyConnection) -> list[tuple[Series, Outlook]]:
    release.sql("create temp view status_month as from uptake.status_month")
    release.sql("create temp view step_event as from uptake.step_event")
    release.sql("create temp view municipality as from reference.municipality")
    settled = _settled(release)
    counts = release.sql(statement("uptake/forecast_input"), params={"settled": settled}).to_arrow_table()
    all_series = forecast.series_of(counts, settled, ("service", "active_basis"))
    return [(series, outlook) for series, outlook, _ in forecast.outlooks(all_series, uptake_forecast.look)]


def _of_use(release: duckdb.DuckDBPyConnection) -> list[tuple[Series, Outlook]]:
    release.sql("create temp view dispatch_month as from usage.dispatch_month")
    release.sql("create temp view measure_total_month as from usage.measure_total_month")
    parameters = {"dispatches": usage.DISPATCHES}
    totals = release.sql(statement("usage/forecast_input"), params=parameters).to_arrow_table()
    stocks = {name for (name,) in release.sql("select measure from reference.measure where kind = 'STOCK'").fetchall()}
    all_series = forecast.series_of(totals, _settled(release), ("service", "measure"))
    outlooks = forecast.outlooks(
        all_series, lambda series: forecast.outlook(series.values, flow=series.name["measure"] not in stocks)
    )
    return [(series, outlook) for series, outlook, _ in outlooks]


def _settled(release: duckdb.DuckDBPyConnection) -> date:
    """The last month that the release's forecasts rest on."""
    [(last,)] = release.sql(
        "select max(last_known_month) from (from uptake.forecast union all by name from usage.forecast)"
    ).fetchall()
    return last or date.max


if __name__ == "__main__":
    sys.exit(main())
