"""From client to receipt, against the same work without a wire: `make bench-transport BENCH="--rows 2600000"`.

Every side gets the same simulated dispatch states as Arrow record batches, is a process of its own, and ran in the same
call, side after side and round after round: machines are noisy, ratios within a round are not. What a side does:

    bare     pyarrow's ParquetWriter with the landing's settings, the content hash, fsync of file and folder; no checks
    door     what the server must do anyway, in process and without a wire: the door (validation, months, masking,
             content hash, Parquet, hash of the file), then the landing (fsync, link, fsync of folder and journal)
    flight   client to receipt over loopback: the content digest that the client sends along, the wire, all of `door`
    dlt      dlt's own defaults into a DuckDB file, from the same record batches; no hash, no receipt a batch

`live` is eight producers with small batches, each waiting for its receipt: as fast as they go, and at a pace. Its door
is one process and one batch after another, so its latency is what a batch costs when nobody else is there. Nobody's
first batch is counted: it pays for what a process does once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
DLT = Path(sys.prefix) / "bench" / "dlt"
CHUNK = 131_072
FILE_ROWS = 8 * CHUNK
STREAM = "dispatch"
QUANTILES = (50, 95, 99)
Result = dict[str, Any]


def main() -> int:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(
        prog="make bench-transport", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_600_000, help="dispatch states of the bulk scenario")
    parser.add_argument("--producers", type=int, default=8, help="of the live scenario")
    parser.add_argument("--batches", type=int, default=40, help="that each live producer sends")
    parser.add_argument("--batch-rows", type=int, default=7_000, help="rows of a live batch")
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between a live producer's batches, when paced")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("bulk", "live"), help="leave the other scenario out")
    parser.add_argument(
        "--folder", type=Path, help="where to work; its disk is what is measured (default: the temporary)"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the source rows, to be used again")
    parser.add_argument("--json", action="store_true", help="print one JSON object; what is going on goes to stderr")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--asked", type=json.loads, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        print(json.dumps(PARTS[chosen.part](chosen.asked)))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="dif-bench-", dir=chosen.folder))
    try:
        sources = _sources(chosen.keep or folder / "source", chosen.rows)
        measured = _measure(chosen, folder, sources)
        if chosen.json:
            print(json.dumps(measured, indent=1))
        else:
            _report(measured)
        return 0 if measured["agree"] else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# --- the rows --------------------------------------------------------------------------------------------------------


def _sources(folder: Path, rows: int) -> list[Path]:
    """Simulated dispatch states as Arrow files of `FILE_ROWS` rows in record batches of `CHUNK`, made once."""
    done = folder / f"{rows}.json"
    if not done.exists():
        sys.path.insert(0, str(ROOT))
        from assets import simulate

        folder.mkdir(parents=True, exist_ok=True)
        _say(f"simulating {rows:,} dispatch states")
        # a dispatch has 2.5 states; the last months' still change, so some more are made
        plan = simulate.Plan.before(date(2026, 11, 1), dispatches=max(100, int(rows * 0.45)), months=12, seed=1)
        tables, count = [], 0
        for batch in simulate.batches(plan):
            if batch.stream == STREAM and count < rows:
                tables.append(batch.table.replace_schema_metadata(None))
                count += batch.table.num_rows
        whole = pa.concat_tables(tables).slice(0, rows).combine_chunks()
        if whole.num_rows < rows:
            message = f"the simulator made {whole.num_rows} of {rows} rows"
            raise SystemExit(message)
        names = []
        for number, start in enumerate(range(0, rows, FILE_ROWS)):
            names.append(f"{rows}-{number}.arrow")
            with pa.OSFile(str(folder / names[-1]), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
                writer.write_table(whole.slice(start, FILE_ROWS), max_chunksize=CHUNK)
        done.write_text(json.dumps(names))
    return [folder / name for name in json.loads(done.read_text())]


def _table(path: str | Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _live_batches(options: Result) -> list[list[pa.Table]]:
    """Of each producer, its batches: slices of the bulk rows, from the beginning again when they are used up."""
    whole = pa.concat_tables([_table(p) for p in options["sources"]])
    size = min(options["batch_rows"], whole.num_rows)
    starts = max(1, whole.num_rows // size)
    return [
        [
            whole.slice((producer * options["batches"] + number) % starts * size, size)
            for number in range(options["batches"])
        ]
        for producer in range(options["producers"])
    ]


# --- the sides, each in a process of its own -------------------------------------------------------------------------


def _bare(options: Result) -> Result:
    """ParquetWriter, content hash and fsync, and nothing else."""
    from catalog.tables.streams import STREAMS
    from transport.base import atomic_files
    from transport.base.content_hash import BLOCK, ContentHash
    from transport.storage.batch_file import landed_writer

    stream, folder = STREAMS[STREAM], Path(options["folder"])
    tables = [_table(p) for p in options["sources"]]
    hashes = []
    began = time.perf_counter()
    used = time.process_time()
    for number, table in enumerate(tables):
        path, content = folder / f"{number}.parquet", ContentHash(stream.schema)
        with landed_writer(path, table.schema, stream) as writer:
            for batch in table.to_batches(max_chunksize=BLOCK):
                block = pa.Table.from_batches([batch])
                content.update(block)
                writer.write_table(block, row_group_size=BLOCK)
        atomic_files.sync_file(path)
        atomic_files.sync_folder(folder)
        hashes.append(content.hexdigest())
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - used,
        "rows": sum(t.num_rows for t in tables),
        "hashes": hashes,
    }


def _landed(landing: Any, name: str, producer: str, table: pa.Table) -> Result:  # noqa: ANN401 - imported in the part only
    """One batch through the door and into the landing, as the server does it, on this thread."""
    from catalog.tables.streams import STREAMS
    from transport.ingest.batch_validator import BatchValidator
    from transport.storage.landing import Arrival, LandedBatch, utc_now

    stream = STREAMS[STREAM]
    temporary = landing.temporary(STREAM, producer, "arriving")
    with BatchValidator(stream, temporary, producer=producer, synthetic=True) as door:
        for batch in table.to_batches(max_chunksize=CHUNK):
            door.add(pa.Table.from_batches([batch]))
        validated = door.close()
    (outcome,) = landing.keep([Arrival(temporary, validated, stream, producer, name)], now=utc_now())
    if not isinstance(outcome, LandedBatch):
        raise outcome
    receipt: Result = outcome.entry.receipt(outcome.status)
    return receipt


def _door(options: Result) -> Result:
    """Door and landing in this process, `lanes` threads."""
    landing = _landing(options)
    tables = [_table(p) for p in options["sources"]]
    return _sent(options, tables, lambda name, table: _landed(landing, name, "bench", table))


def _flight(options: Result) -> Result:
    """Client to receipt, `lanes` senders."""
    from transport.servers.client import Client

    tables = [_table(p) for p in options["sources"]]
    with Client(options["address"], producer="bench") as client:
        client.health()
        return _sent(options, tables, lambda name, table: client.send(STREAM, name, table))


def _sent(options: Result, tables: list[pa.Table], send: Callable[[str, pa.Table], Result]) -> Result:
    with ThreadPoolExecutor(options["lanes"]) as pool:
        began, used = time.perf_counter(), time.process_time()
        receipts = list(pool.map(send, [f"bulk-{n}" for n in range(len(tables))], tables))
        seconds, used = time.perf_counter() - began, time.process_time() - used
    _see_accepted(receipts)
    return {
        "seconds": seconds,
        "cpu_seconds": used,
        "rows": sum(r["rows"] for r in receipts),
        "hashes": [r["sha256"] for r in receipts],
    }


def _live_door(options: Result) -> Result:
    """Each live batch through door and landing, one after another."""
    landing = _landing(options)
    everything = _live_batches(options)
    _landed(landing, "first", "p0", everything[0][0])
    receipts, waits = [], []
    began, used = time.perf_counter(), time.process_time()
    for producer, tables in enumerate(everything):
        for number, table in enumerate(tables):
            then = time.perf_counter()
            receipts.append(_landed(landing, f"live-{number}", f"p{producer}", table))
            waits.append(time.perf_counter() - then)
    return _live_result(receipts, waits, time.perf_counter() - began, time.process_time() - used)


def _live_flight(options: Result) -> Result:
    """All producers at once. At a pace, a wait counts from when the batch was due, not from when its turn came."""
    from transport.servers.client import Client

    everything, pace = _live_batches(options), options["pace"]
    ready = threading.Barrier(len(everything) + 1)

    def produce(producer: int) -> tuple[list[Result], list[float]]:
        receipts, waits = [], []
        with Client(options["address"], producer=f"p{producer}") as client:
            client.send(STREAM, "first", everything[producer][0])
            ready.wait()
            due = time.perf_counter() + pace * producer / len(everything)
            for number, table in enumerate(everything[producer]):
                if pace:
                    time.sleep(max(0.0, due - time.perf_counter()))
                else:
                    due = time.perf_counter()
                receipts.append(client.send(STREAM, f"live-{number}", table))
                waits.append(time.perf_counter() - due)
                due += pace
        return receipts, waits

    with ThreadPoolExecutor(len(everything)) as pool:
        running = [pool.submit(produce, n) for n in range(len(everything))]
        ready.wait()
        began, used = time.perf_counter(), time.process_time()
        done = [r.result() for r in running]
        seconds, used = time.perf_counter() - began, time.process_time() - used
    return _live_result([r for rs, _ in done for r in rs], [w for _, ws in done for w in ws], seconds, used)


def _live_result(receipts: list[Result], waits: list[float], seconds: float, used: float) -> Result:
    _see_accepted(receipts)
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    digest = hashlib.sha256("".join(sorted(r["sha256"] for r in receipts)).encode()).hexdigest()
    return {
        "seconds": seconds,
        "cpu_seconds": used,
        "rows": sum(r["rows"] for r in receipts),
        "hashes": [digest],
        "ms": {f"p{q}": 1000 * cuts[q - 1] for q in QUANTILES} | {"max": 1000 * max(waits)},
    }


def _see_accepted(receipts: list[Result]) -> None:
    others = {r["status"] for r in receipts} - {"accepted"}
    if others:
        message = f"a receipt says {others}"
        raise SystemExit(message)


def _landing(options: Result) -> Any:  # noqa: ANN401 - imported in the part only
    from transport.base.settings import Settings
    from transport.storage.landing import open_landing

    return open_landing(Settings(home=Path(options["folder"])))


PARTS: dict[str, Callable[[Result], Result]] = {
    "bare": _bare,
    "door": _door,
    "flight": _flight,
    "live-door": _live_door,
    "live-flight": _live_flight,
}


# --- rounds ----------------------------------------------------------------------------------------------------------


def _measure(chosen: argparse.Namespace, folder: Path, sources: list[Path]) -> Result:
    """Every side in every round, every other round backwards."""
    numbers = {
        "sources": [str(p) for p in sources],
        "producers": chosen.producers,
        "batches": chosen.batches,
        "batch_rows": chosen.batch_rows,
    }
    bulk: dict[str, Callable[[Path], Result]] = {
        "bare": lambda home: _part("bare", {**numbers, "folder": str(home)}),
        "door": lambda home: _part("door", {**numbers, "folder": str(home), "lanes": 1}),
        "flight": lambda home: _served("flight", home, {**numbers, "lanes": 1}),
        "door, two at a time": lambda home: _part("door", {**numbers, "folder": str(home), "lanes": 2}),
        "flight, two at a time": lambda home: _served("flight", home, {**numbers, "lanes": 2}),
        "dlt": lambda home: _by_dlt(home, sources),
    }
    live: dict[str, Callable[[Path], Result]] = {
        "door": lambda home: _part("live-door", {**numbers, "folder": str(home)}),
        "flight": lambda home: _served("live-flight", home, {**numbers, "pace": 0}),
        "flight, paced": lambda home: _served("live-flight", home, {**numbers, "pace": chosen.pace}),
    }
    scenarios = {"bulk": bulk, "live": live}
    if chosen.only:
        scenarios = {chosen.only: scenarios[chosen.only]}
    rounds: dict[str, dict[str, list[Result]]] = {s: {name: [] for name in sides} for s, sides in scenarios.items()}
    busy = os.getloadavg()[0]
    for number in range(chosen.rounds):
        for scenario, sides in scenarios.items():
            ordered = list(sides.items())
            for name, side in reversed(ordered) if number % 2 else ordered:
                home = folder / "home"
                home.mkdir()
                try:
                    result = side(home)
                finally:
                    shutil.rmtree(home, ignore_errors=True)
                rounds[scenario][name].append(result)
                outcome = result.get("not_run") or f"{result['seconds']:.2f} s"
                _say(f"round {number + 1}/{chosen.rounds}  {scenario}  {name}: {outcome}")
    tables = [_table(p) for p in sources]
    hashes = {
        scenario: {json.dumps(r["hashes"]) for side in sides.values() for r in side if "hashes" in r}
        for scenario, sides in rounds.items()
    }
    return {
        "rows": sum(t.num_rows for t in tables),
        "arrow_bytes": sum(t.nbytes for t in tables),
        "files": len(tables),
        "producers": chosen.producers,
        "batches": chosen.batches,
        "batch_rows": chosen.batch_rows,
        "pace": chosen.pace,
        "file_system": _file_system(folder),
        "cores": os.cpu_count(),
        "load_before": busy,
        "agree": all(len(h) == 1 for h in hashes.values()),
        "rounds": rounds,
    }


def _part(part: str, options: Result) -> Result:
    """Run one side as a process; return its result with its peak memory."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.transport", "--part", part, "--asked", json.dumps(options)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    with _watched(process.pid) as peak:
        output, _ = process.communicate()
    if process.returncode:
        message = f"{part} failed with {process.returncode}"
        raise SystemExit(message)
    result: Result = json.loads(output.splitlines()[-1])
    return result | {"own_mb": peak["own"] / 1e6, "rss_mb": peak["rss"] / 1e6}


def _served(part: str, home: Path, options: Result) -> Result:
    """Run a client against a server that has just begun; the memory of each."""
    log = home.with_name("server.log")
    with log.open("w") as stream:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("dif")), "serve", "transport", "--port", "0", "--no-http"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env=_environment(DIF_HOME=str(home)),
        )
    try:
        address = ""
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("flight"):
                address = line.split()[-1]
                break
        if not address:
            message = f"`dif serve transport` ended with {server.wait()} and gave no address: {log.read_text()[-500:]}"
            raise SystemExit(message)
        threading.Thread(target=server.stdout.read, daemon=True).start()
        used = _used(server.pid)
        with _watched(server.pid) as peak:
            result = _part(part, {**options, "address": address})
        used = _used(server.pid) - used
    finally:
        server.terminate()
        server.wait(timeout=30)
    return result | {"server_cpu_seconds": used, "server_own_mb": peak["own"] / 1e6, "server_rss_mb": peak["rss"] / 1e6}


def _by_dlt(home: Path, sources: list[Path]) -> Result:
    if not DLT.is_dir():
        return {"not_run": "dlt is not installed; `make bench-transport` fetches it where it can be had"}
    more = {"PYTHONPATH": str(DLT), "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(
        [sys.executable, "-S", str(ROOT / "benchmarks" / "by_dlt.py"), str(home), *map(str, sources)],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(**more, DLT_DATA_DIR=str(home / "data"), DLT_PROJECT_DIR=str(home)),
    )
    with _watched(process.pid) as peak:
        output, problem = process.communicate()
    if process.returncode:
        return {"not_run": f"dlt ended with {process.returncode}: {(problem.strip().splitlines() or [''])[-1][:200]}"}
    result: Result = json.loads(output.splitlines()[-1])
    return result | {"own_mb": peak["own"] / 1e6, "rss_mb": peak["rss"] / 1e6}


def _environment(**more: str) -> dict[str, str]:
    """This process's, without settings of the product that would be another house's."""
    return {k: v for k, v in os.environ.items() if not k.startswith("DIF_")} | more


def _used(pid: int) -> float:
    """CPU seconds that a process and its children have used."""
    process = psutil.Process(pid)
    times = [p.cpu_times() for p in [process, *process.children(recursive=True)]]
    return sum(t.user + t.system for t in times)


@contextmanager
def _watched(pid: int) -> Iterator[dict[str, int]]:
    """The most that a process and its children hold at one moment: resident, and of it not mapped from files."""
    peak = {"rss": 0, "own": 0}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            try:
                process = psutil.Process(pid)
                memory = [p.memory_info() for p in [process, *process.children(recursive=True)]]
            except psutil.Error:
                continue
            peak["rss"] = max(peak["rss"], sum(m.rss for m in memory))
            peak["own"] = max(peak["own"], sum(m.rss - getattr(m, "shared", 0) for m in memory))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _file_system(folder: Path) -> str:
    """The kind of disk that fsync waits for: on one in memory it waits for nothing."""
    under = [p for p in psutil.disk_partitions(all=True) if folder.is_relative_to(p.mountpoint)]
    return max(under, key=lambda p: len(p.mountpoint)).fstype if under else "unknown"


# --- tables ----------------------------------------------------------------------------------------------------------


def _report(measured: Result) -> None:
    rounds, rows = measured["rounds"], measured["rows"]
    print(
        f"\n{rows:,} dispatch states, {measured['arrow_bytes'] / 1e6:,.0f} MB of Arrow in {measured['files']} batches "
        f"of record batches of {CHUNK:,} rows; {measured['cores']} cores, {measured['file_system']}, "
        f"load {measured['load_before']:.1f} before"
    )
    if "bulk" in rounds:
        _bulk_table(rounds["bulk"], measured["arrow_bytes"] / rows)
    if "live" in rounds:
        print(
            f"\nlive: {measured['producers']} producers, {measured['batches']} batches each of "
            f"{measured['batch_rows']:,} rows; paced: one each {measured['pace']:g} s"
        )
        _live_table(rounds["live"])
    print("\nMedians of the rounds; ratios are medians of each round's ratio of rows/s.")
    print("CPU s: of client and server together. ", end="")
    print("own MB: most memory at one moment, without what is mapped from files (the source rows are).")
    print(f"content hashes agree: {'yes' if measured['agree'] else 'NO'}")


def _bulk_table(sides: dict[str, list[Result]], row_bytes: float) -> None:
    print(
        f"\n{'bulk':<24}{'seconds':>9}{'rows/s':>12}{'MB/s':>8}{'of bare':>9}{'of door':>9}{'of dlt':>8}"
        f"{'CPU s':>8}{'own MB':>8}{'server own MB':>15}{'server RSS MB':>15}"
    )
    for name, results in sides.items():
        if any("not_run" in r for r in results):
            print(f"{name:<24}not run: {next(r['not_run'] for r in results if 'not_run' in r)}")
            continue
        speed = statistics.median(r["rows"] / r["seconds"] for r in results)
        ratios = [_ratio(results, sides[other]) for other in ("bare", "door", "dlt")]
        print(
            f"{name:<24}{_median(results, 'seconds'):>9.2f}{speed:>12,.0f}{speed * row_bytes / 1e6:>8.0f}"
            f"{ratios[0]:>9}{ratios[1]:>9}{ratios[2]:>8}"
            f"{_cpu(results):>8.2f}{_median(results, 'own_mb'):>8.0f}{_server_memory(results)}"
        )


def _live_table(sides: dict[str, list[Result]]) -> None:
    heads = "".join(f"{f'p{q} ms':>9}" for q in QUANTILES)
    print(
        f"{'':<24}{'seconds':>9}{'rows/s':>12}{'of door':>9}{heads}{'max ms':>9}"
        f"{'CPU s':>8}{'own MB':>8}{'server own MB':>15}{'server RSS MB':>15}"
    )
    for name, results in sides.items():
        speed = statistics.median(r["rows"] / r["seconds"] for r in results)
        waits = "".join(
            f"{statistics.median(r['ms'][k] for r in results):>9.1f}" for k in [*(f"p{q}" for q in QUANTILES), "max"]
        )
        print(
            f"{name:<24}{_median(results, 'seconds'):>9.2f}{speed:>12,.0f}{_ratio(results, sides['door']):>9}"
            f"{waits}{_cpu(results):>8.2f}{_median(results, 'own_mb'):>8.0f}{_server_memory(results)}"
        )


def _median(results: list[Result], key: str) -> float:
    return statistics.median(float(r[key]) for r in results)


def _cpu(results: list[Result]) -> float:
    return statistics.median(float(r["cpu_seconds"] + r.get("server_cpu_seconds", 0)) for r in results)


def _server_memory(results: list[Result]) -> str:
    if "server_own_mb" not in results[0]:
        return ""
    return f"{_median(results, 'server_own_mb'):>15.0f}{_median(results, 'server_rss_mb'):>15.0f}"


def _ratio(results: list[Result], others: list[Result]) -> str:
    if any("not_run" in r for r in others):
        return "–"
    pairs = zip(results, others, strict=True)
    return f"{statistics.median(r['rows'] / r['seconds'] / (o['rows'] / o['seconds']) for r, o in pairs):.2f}"


if __name__ == "__main__":
    sys.exit(main())
