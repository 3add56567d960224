"""`python -m benchmarks.gate --home HOME`: every check of the contracts over a home's lake, against SQL by hand.

By hand is one statement a table, with the same conditions: nothing is kept, described or documented. Both run in this
process, in turns, with the settings' memory and threads; Great Expectations is loaded before.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipelines.quality import gate
from pipelines.quality.checks import Kind
from pipelines.quality.engine import Table, run_checks
from pipelines.run.tables import BUILDS
from transport.base.settings import Settings
from transport.lake.tables import Lake

Tables = dict[str, Table]


def main() -> int:
    """Print seconds and the ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    settings = Settings(home=chosen.home.resolve())
    tables, rows = _tables(Lake(settings.lake))
    seconds: dict[str, list[float]] = {"gate": [], "gate and documents": [], "by hand": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(chosen.turns):
            for name, took in seconds.items():
                began = time.perf_counter()
                if name == "by hand":
                    by_hand(tables, settings)
                else:
                    documents = Path(folder) if "documents" in name else None
                    gated(tables, settings, folder, documents)
                took.append(time.perf_counter() - began)
    checks = sum(len(table.checks) for table in tables.values())
    print(f"{checks} checks of {len(tables)} tables, {rows} rows, {chosen.turns} turns")
    hand = statistics.median(seconds["by hand"])
    for name, took in seconds.items():
        middle = statistics.median(took)
        print(f"{name:<20} {middle:6.2f} s ({min(took):.2f} to {max(took):.2f})   {middle / hand:5.2f} of by hand")
    return 0


def _tables(lake: Lake) -> tuple[Tables, int]:
    tables, rows = Tables(), 0
    for build in BUILDS:
        parts = list(lake.parts(build.contract).values())
        if count := gate.rows_in(parts):
            rows += count
            files, by_month = [str(p.path) for p in parts], build.contract.partitioned
            tables[build.contract.name] = Table(files, gate.checks_of(build.contract), by_month)
    return tables, rows


def gated(tables: Tables, settings: Settings, folder: str, documents: Path | None) -> None:
    """The checks as the gate runs them."""
    results = run_checks(
        tables,
        memory_limit=f"{settings.memory_mb}MB",
        threads=settings.threads,
        temp_directory=folder,
        documents=documents,
    )
    assert all(r.passed for r in results)


def by_hand(tables: Tables, settings: Settings) -> None:
    """The same conditions, a statement a table."""
    with duckdb.connect(config={"memory_limit": f"{settings.memory_mb}MB", "threads": settings.threads}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table in tables.values():
            hive = ", hive_partitioning = true, hive_types = {'month': date}" if table.by_month else ""
            source = f"read_parquet({table.files}{hive})"
            counts = []
            for check in table.checks:
                if check.kind == Kind.UNIQUE:
                    key = ", ".join(f'"{column}"' for column in check.columns)
                    counts.append(f"(select count(*) from (from {source} select 1 group by {key} having count(*) > 1))")
                else:
                    condition = check.sql or " and ".join(f'"{column}" is not null' for column in check.columns)
                    counts.append(f"count(*) filter (where ({condition}) is false)")
            broken = connection.execute(f"from {source} select {', '.join(counts)}").fetchone()
            assert not any(broken or ())


if __name__ == "__main__":
    sys.exit(main())
