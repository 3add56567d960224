"""`python -m benchmarks.mcp --home HOME`: what an assistant's question costs beyond the query itself.

A server as `dif serve mcp` starts it, over the release of a home, asked by the SDK's own client. The same statements
run in turn: by DuckDB in this process, on an open database, which is the query itself; as `dif sql` runs them, each in
a locked process that starts for it; and as the tool `query`. Between the questions passes a pause, as an assistant
reads what it got before it asks on; with `--pause 0` none does, and each waits for the worker of the next.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
import duckdb
from mcp.client import Client

from transport.auth import Access
from transport.base.settings import PROJECT, environment, load
from transport.releases import sql
from transport.releases.store import Releases

STATEMENTS = (
    "select service, sum(active) as active from uptake.funnel where area_kind = 'NO' group by service order by service",
    "from uptake.not_yet order by priority, months_waiting desc nulls last limit 50",
    "select month, sum(dispatches) as dispatches from usage.municipality_month_now group by month order by month",
)
WAYS = ("DuckDB in process", "dif sql", "MCP query")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mcp", description=__doc__)
    parser.add_argument("--home", type=Path, default=load().home)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two questions")
    chosen = parser.parse_args(arguments)
    if not Access(load().but(home=chosen.home)).open:
        parser.error(f"{chosen.home} lets only callers with a token in; measure a home without tokens.")
    with _served(chosen.home) as address:
        durations = anyio.run(_measured, chosen.home, address, chosen.times, chosen.pause)
    print(f"{chosen.times} questions, {chosen.pause:g} s between them\n{'':<24}{'p50 ms':>9}{'p95 ms':>9}")
    for way, seconds in durations.items():
        print(f"{way:<24}{1000 * statistics.median(seconds):>9.1f}{1000 * _p95(seconds):>9.1f}")
    for way in WAYS[:2]:
        beyond = [by_mcp - alone for by_mcp, alone in zip(durations[WAYS[2]], durations[way], strict=True)]
        middle, high = statistics.median(beyond), _p95(beyond)
        print(f"MCP beyond {way:<20}{1000 * middle:>9.1f} p50 {1000 * high:>9.1f} p95")
    return 0


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


async def _measured(home: Path, address: str, times: int, pause: float) -> dict[str, list[float]]:
    settings = load().but(home=home)
    release = Releases(settings).get("current")
    durations: dict[str, list[float]] = {way: [] for way in WAYS}
    with duckdb.connect(str(release.folder / "dif.duckdb"), read_only=True) as own:
        async with Client(address) as client:
            for number in range(times + 3):
                statement = STATEMENTS[number % len(STATEMENTS)]
                begun = time.perf_counter()
                own.sql(statement).fetchall()
                alone = time.perf_counter()
                sql.query(settings, release, statement)
                locked = time.perf_counter()
                await anyio.sleep(pause)
                sent = time.perf_counter()
                answer = await client.call_tool("query", {"sql": statement, "limit": 1000})
                done = time.perf_counter()
                if answer.is_error:
                    sys.exit(str(answer.content))
                if number >= len(STATEMENTS):  # the first of each opens what the later ones find open
                    for way, seconds in zip(WAYS, (alone - begun, locked - alone, done - sent), strict=True):
                        durations[way].append(seconds)
    return durations


@contextlib.contextmanager
def _served(home: Path) -> Iterator[str]:
    command = [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve", "mcp", "--port", "0"]
    more = {"DIF_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(more)) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[1]
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
