"""`python -m benchmarks.doors`: small batches a second that one door and four keep on object storage.

Each door is a process of its own with eight senders, each a producer; what they send is validated before, so that only
the keeping is measured: a batch's file, its line, and the wait for others. The store is SeaweedFS on this machine,
behind a wire that delays each answer as a network would. All ways run in the same call, by turns.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psutil

from catalog.tables.streams import ADOPTION
from tools.cluster import Cluster
from tools.wire import Wire
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.sample import sample
from transport.storage.landing import Arrival, open_landing

_SENDERS = 8
_SHARDS = 64
_ROWS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every way, and print what each gave."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__)
    parser.add_argument("--batches", type=int, default=40, help="of each sender")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay", type=float, default=20, help="milliseconds that the wire adds to each answer")
    chosen = parser.parse_args(arguments)
    ways = [(doors, shards) for shards in (1, _SHARDS) for doors in (1, 4)]
    rates: dict[tuple[int, int], list[float]] = {way: [] for way in ways}
    peaks: dict[tuple[int, int], float] = dict.fromkeys(ways, 0.0)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dif-doors-")))
        cluster = stack.enter_context(Cluster(Settings(home=folder / "home")))
        store = cluster.start_store()
        port = int(store["AWS_ENDPOINT_URL"].rpartition(":")[2])
        wire = stack.enter_context(Wire(port, chosen.delay / 1000))
        os.environ.update(store, AWS_ENDPOINT_URL=f"http://127.0.0.1:{wire.port}")
        for number in range(chosen.rounds):
            for doors, shards in ways:
                place = f"s3://bucket/doors-{number}-{doors}-{shards}"
                seconds, landed, peak = _measured(
                    folder / f"{number}-{doors}-{shards}", place, doors, shards, chosen.batches
                )
                if landed != doors * _SENDERS * chosen.batches:
                    print(f"{place}: {landed} batches in the landing, {doors * _SENDERS * chosen.batches} sent")
                    return 1
                rates[doors, shards].append(landed / seconds)
                peaks[doors, shards] = max(peaks[doors, shards], peak)
    print(f"{_SENDERS} senders a door, {chosen.batches} batches of {_ROWS} rows, {chosen.delay:g} ms more an answer\n")
    print(f"{'':<34}{'batches/s':>10}{'rows/s':>10}{'range':>16}{'peak MB':>9}")
    for (doors, shards), of_way in rates.items():
        middle = statistics.median(of_way)
        name = f"{doors} door{'s' * (doors > 1)}, {shards} journal{'s' * (shards > 1)}"
        spread = f"{min(of_way):.0f} to {max(of_way):.0f}"
        print(f"{name:<34}{middle:>10.0f}{middle * _ROWS:>10,.0f}{spread:>16}{peaks[doors, shards]:>9,.0f}")
    for shards in (1, _SHARDS):
        ratio = statistics.median(rates[4, shards]) / statistics.median(rates[1, shards])
        print(f"four doors / one door, {shards} journal{'s' * (shards > 1)}: {ratio:.2f}")
    return 0


def _measured(folder: Path, place: str, doors: int, shards: int, batches: int) -> tuple[float, int, float]:
    """Seconds until every batch has its receipt, how many the landing then has, and the most memory of a door in MB."""
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(doors + 1), context.Barrier(doors + 1)
    settings = [
        Settings(home=folder / f"door-{door}", landing_url=place, shards=shards, disk_reserve_mb=1)
        for door in range(doors)
    ]
    open_landing(settings[0])
    processes = [context.Process(target=_door, args=(s, n, batches, start, done)) for n, s in enumerate(settings)]
    for process in processes:
        process.start()
    start.wait(60)
    began = time.monotonic()
    done.wait(600)
    seconds = time.monotonic() - began
    peak = max(psutil.Process(p.pid).memory_info().rss for p in processes) / 1e6
    for process in processes:
        process.join(60)
    landing = open_landing(settings[0].but(home=folder / "reader"))
    batch_keys = {(e.producer, e.batch_id) for e in landing.entries}
    return seconds, len(batch_keys) if len(batch_keys) == len(landing.entries) else -1, peak


def _door(settings: Settings, number: int, batches: int, start: Barrier, done: Barrier) -> None:
    landing = open_landing(settings)
    table = sample(ADOPTION, _ROWS)
    brought: list[list[Arrival]] = []
    for sender in range(_SENDERS):
        producer = f"p{number}-{sender}"
        brought.append([])
        for nth in range(batches):
            temporary = landing.temporary("adoption", producer, f"b{nth}")
            with BatchValidator(ADOPTION, temporary, producer=producer) as validator:
                validator.add(table)
                brought[-1].append(Arrival(temporary, validator.close(), ADOPTION, producer, f"b{nth}"))

    def send(arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            landing.keep([arrival], now=datetime.now(UTC))

    start.wait(60)
    with ThreadPoolExecutor(_SENDERS) as pool:
        list(pool.map(send, brought))
    done.wait(600)
    threading.Event().wait(0.5)  # its memory is looked at


if __name__ == "__main__":
    sys.exit(main())
