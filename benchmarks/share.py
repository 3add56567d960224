"""`python -m benchmarks.share`: the official Delta Sharing client against the same Parquet read directly, and metadata.

A release with a table of a million rows in twelve months (`--months`) is served by the share server, a process of its
own. The official client, in its own environment, loads the table, and pandas reads the release's files in the same
process, by turns; both include what a person waits for, down to a pandas frame. With `delta` the client decodes on one
thread, else on every core as pandas does, so pandas is also told to use one. Processor seconds stand beside those of
the clock: they tell the client's work from the server's, and what else the machine does changes them less. Then fifty
clients ask for metadata of tables, each as soon as it has its last answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.served import quantiles
from catalog.tables.datasets import DATASETS
from transport.auth.tokens import Recipient, Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.lake.tables import Part
from transport.releases.store import Content, Releases

CLIENT = PROJECT / ".venv" / "clients" / "delta-sharing"
TABLE = DATASETS["usage.dispatch_day"]
_LOAD = """
import json, os, sys, time
import delta_sharing, pandas, pyarrow.dataset
profile, folder, table, rounds, server = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
def of_server():
    with open(f"/proc/{server}/stat") as told:
        return sum(map(int, told.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
ways = {
    "client, as it chooses": lambda: delta_sharing.load_as_pandas(f"{profile}#open.{table}"),
    "client, delta": lambda: delta_sharing.load_as_pandas(f"{profile}#open.{table}", use_delta_format=True),
    "pandas, one thread": lambda: pandas.read_parquet(folder, use_threads=False),
    "pandas, the files": lambda: pandas.read_parquet(folder),
}
seconds, rows = {name: [] for name in ways}, set()
used = {name: [0.0, 0.0] for name in ways}
for turn in range(rounds + 1):
    for name, load in ways.items():
        began, ours, its = time.perf_counter(), time.process_time(), of_server()
        rows.add(len(load()))
        if turn:
            seconds[name].append(time.perf_counter() - began)
            used[name][0] += (time.process_time() - ours) / rounds
            used[name][1] += (of_server() - its) / rounds
print(json.dumps({"seconds": seconds, "used": used, "rows": sorted(rows)}))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both, and print what they gave."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.share", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--requests", type=int, default=60, help="of each client")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dif-share-") as place:
        folder = Path(place)
        settings = Settings(home=folder / "home", disk_reserve_mb=1)
        release = _published(settings, folder, chosen.rows, chosen.months)
        rights = Rights("bench", frozenset(), frozenset(), frozenset(), Recipient(frozenset({"open"})))
        _, secret, _ = Tokens(settings).add("bench", rights, now=datetime.now(UTC))
        with _serving(settings) as (address, server):
            endpoint = f"{address}/delta-sharing"
            profile = folder / "bench.share"
            profile.write_text(
                json.dumps({"shareCredentialsVersion": 1, "endpoint": endpoint, "bearerToken": secret}), "utf-8"
            )
            files = release / "parquet" / TABLE.name
            if CLIENT.is_dir():
                _loaded(profile, files, chosen, server)
            else:
                print("The official client is not there (`make clients`): not run.")
            seconds = asyncio.run(_metadata(address, secret, chosen.clients, chosen.requests))
    rate = len(seconds) / max(1e-9, sum(seconds) / chosen.clients)
    print(f"metadata, {chosen.clients} clients   {quantiles(seconds)}   {rate:,.0f} answers a second")
    return 0


def _loaded(profile: Path, files: Path, chosen: argparse.Namespace, server: int) -> None:
    """Let the client and pandas load the table, by turns."""
    environment = {**os.environ, "PYTHONPATH": str(CLIENT)}
    command = [sys.executable, "-S", "-c", _LOAD, str(profile), str(files), TABLE.name, str(chosen.rounds), str(server)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    middle = {name: statistics.median(seconds) for name, seconds in figures["seconds"].items()}
    print(f"{figures['rows'][0]:,} rows in {chosen.months} months, {chosen.rounds} rounds")
    for name, seconds in figures["seconds"].items():
        spread = f"{min(seconds):.2f} to {max(seconds):.2f} s"
        ratio = middle["pandas, the files"] / middle[name]
        print(f"{name:<24}{middle[name]:>7.2f} s   {spread:<18} {ratio:.2f} of the speed of the files")
    files_used = figures["used"]["pandas, the files"][0]
    for name, (client, served) in figures["used"].items():
        ratio = files_used / (client + served)
        print(f"{name:<24}{client:>7.2f} s of a processor, {served:.2f} s of the server's   {ratio:.2f} of the files'")
    if len(figures["rows"]) > 1:
        print(f"The ways gave different counts of rows: {figures['rows']}")


def _published(settings: Settings, folder: Path, rows: int, months: int) -> Path:
    """A release with the table; the folder of the release."""
    generator = np.random.default_rng(7)
    parts: list[Part] = []
    for month in (date(2016 + number // 12, number % 12 + 1, 1) for number in range(months)):
        count = rows // months + (rows % months if not parts else 0)
        numbers = [f"{n:09d}" for n in 900_000_000 + np.arange(600)]
        column_values: dict[str, object] = {
            "month": [month] * count,
            "day": [month + timedelta(int(d)) for d in generator.integers(0, 28, count)],
            "organisation_number": [numbers[n] for n in generator.integers(0, len(numbers), count)],
            "service": [("svarut", "svarinn", "fiks-io")[n] for n in generator.integers(0, 3, count)],
            "channel": [("SVARINN", "SDP", "PRINT")[n] for n in generator.integers(0, 3, count)],
            "outcome": ["delivered"] * count,
            "synthetic": [True] * count,
        }
        columns = []
        for field in TABLE.arrow_schema:
            values = column_values.get(field.name)
            if values is None:  # counts are mostly small, and bytes differ from row to row
                counts = generator.geometric(0.05, count)
                values = counts * generator.integers(20_000, 400_000, count) if field.name == "bytes" else counts
            columns.append(pa.array(values).cast(field.type))
        path = folder / f"month={month}" / "part-a.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.table(columns, TABLE.arrow_schema), path, compression="zstd")
        parts.append(Part(month, path))
    facts = {"published_at": datetime.now(UTC).isoformat()}
    released = Releases(settings).publish(
        "2026-06-01.1", [Content(TABLE, parts=parts)], lambda _manifest: [], facts, parent=None
    )
    return released.folder


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[str, int]]:
    """The HTTP server, in a process of its own; its address and its number."""
    command = [sys.executable, "-P", "-m", "transport.servers.http.door", "--home", str(settings.home)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[-1], server.pid
        finally:
            server.terminate()


async def _metadata(address: str, secret: str, clients: int, requests: int) -> list[float]:
    """Seconds from question to answer, of every client."""
    host, port = address.removeprefix("http://").split(":")
    schema, table = TABLE.name.split(".")
    path = f"/delta-sharing/shares/open/schemas/{schema}/tables/{table}/metadata"
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()

    async def client() -> list[float]:
        reader, writer = await asyncio.open_connection(host, int(port))
        seconds = []
        for _ in range(requests):
            began = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert head.startswith("http/1.1 200")
            await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
            seconds.append(time.perf_counter() - began)
        writer.close()
        await writer.wait_closed()
        return seconds

    every = await asyncio.gather(*(client() for _ in range(clients)))
    return [second for seconds in every for second in seconds[1:]]


if __name__ == "__main__":
    sys.exit(main())
