"""`python -m benchmarks.uptake`: uptake at the size of a nation: every service × municipality × ten years, made anew.

Steps and use are made up: each municipality takes each service up the ladder in the first two years and uses it in nine
of ten months after. They land through the inbox and are released. Then the tables of uptake are removed and remade
(what a changed rule costs), and one step of one municipality is sent and released (what a Monday costs).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil

from catalog import facts
from catalog.domain.products import SERVICES
from pipelines.run import steps
from transport.base import atomic_files
from transport.base.settings import Settings

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MONTHS = 120
STEPS = ("ANNEX_SIGNED", "CONFIGURED", "ACTIVATED")


class _Stages:
    """Adds up what each room took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def step(self, name: str, detail: str = "") -> None:
        """A step begins."""
        del name, detail

    def done(self, name: str, detail: str) -> None:
        """A step ended: its time is the time since the step before."""
        del detail
        now = time.monotonic()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now


def main() -> int:
    """Make it, and print what each part took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uptake", description=__doc__)
    parser.add_argument("--scratch", type=Path, help="a folder with room")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dif-bench-", dir=chosen.scratch) as folder:
        settings = Settings(home=Path(folder), settle_seconds=0)
        steps, months = _send(settings)
        print(f"{steps:,} steps, {months:,} months of use")
        _run(settings, "the first release")
        for table in sorted((settings.lake / "uptake").iterdir()):
            table.rename(settings.lake / f"removed-{table.name}")
        _run(settings, "all of uptake made anew")
        _one_suspension(settings)
        _run(settings, "one step more, from inbox to release")
    return 0


def _send(settings: Settings) -> tuple[int, int]:
    """Lay ten years of steps and use in the inbox."""
    of = [r for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY" and not r["successor_number"]]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create table customer (number varchar, code varchar)")
        connection.executemany(
            "insert into customer values (?, ?)", [(r["organisation_number"], r["municipality_code"]) for r in of]
        )
        connection.execute("create table offered as select unnest($services) as service", {"services": list(SERVICES)})
        connection.execute(
            "create table begun as select *, (hash(number || service) % 24)::integer as began from customer, offered"
        )
        steps = _copy(
            connection,
            settings.inbox / "adoption" / "syntetisk" / "steps.parquet",
            "select service || '-' || number || '-' || step as event_id, service, number as organisation_number, "
            "step, timestamptz '2016-12-05 10:00:00+00' + to_months(began + later) "
            "as occurred_at, 'EXACT' as occurred_precision, 'kundesenter' as source "
            "from begun, (select unnest($steps) as step, unnest([0, 2, 4]) as later)",
            {"steps": list(STEPS)},
        )
        months = _copy(
            connection,
            settings.inbox / "measurement" / "syntetisk" / "use.parquet",
            "select service, 'oppslag' as measure, day, number as organisation_number, 'logg' as source, "
            "1::decimal(18,4) as quantity, (day + 1)::timestamptz as reported_at from ("
            "select *, (date '2016-12-20' + to_months(n::integer))::date as day from begun, range($months) as r(n) "
            "where n >= began + 4 and hash(number || service || n) % 10 > 0)",
            {"months": MONTHS - 1},
        )
    return steps, months


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, query: str, parameters: dict[str, object]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f"{path.name}.synthetic").touch()
    ((rows,),) = connection.execute(f"copy ({query}) to '{path}' (format parquet)", parameters).fetchall()
    return int(rows)


def _one_suspension(settings: Settings) -> None:
    """One municipality suspends one service."""
    path = settings.inbox / "adoption" / "syntetisk" / "one.csv"
    path.with_name(f"{path.name}.synthetic").touch()
    path.write_text(
        "event_id,service,organisation_number,step,occurred_at,occurred_precision,source\n"
        "one,svarut,958935420,SUSPENDED,2026-11-23T10:00:00Z,EXACT,kundesenter\n",
        "utf-8",
    )


def _run(settings: Settings, name: str) -> None:
    stages, began = _Stages(), time.monotonic()
    with atomic_files.locked(settings.home):
        release = steps.run_all(steps.start(settings, NOW, stages))
    took = time.monotonic() - began
    resident_mb = psutil.Process().memory_info().rss / 1e6
    print(f"\n{name}: {took:.1f} s, {resident_mb:,.0f} MB held, release {release.name if release else 'none'}")
    uptake = {n: s for n, s in stages.seconds.items() if n.startswith("uptake.")}
    for table, seconds in {n: s for n, s in stages.seconds.items() if s >= _LEAST_SECONDS or n in uptake}.items():
        print(f"  {table:<32}{seconds:>6.2f}")
    print(f"  {'uptake together':<32}{sum(uptake.values()):>6.2f}", flush=True)


_LEAST_SECONDS = 0.2


if __name__ == "__main__":
    sys.exit(main())
