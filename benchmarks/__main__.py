"""One command: `make bench BENCH="--dispatches 1000000"`.

Makes a year of N dispatches, runs the pipeline from the inbox to a release, runs a hand-written script over the same
files, compares the answers cell by cell, and prints rows a second, seconds a stage, the ratios and all peak memories.
Then it remakes everything from the landing, and lands one day more onto the year; with `--years 5`, onto five years of
history as well. `--times 10` makes ten of each dispatch: how long a larger nation takes, and whether memory holds.
`--engine dask --workers 1,2` measures workers against one process instead (`benchmarks.engines`).
Each part is a process of its own, and all ran in the same call: machines are noisy, ratios are not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import psutil
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
STREAMS = ("dispatch", "measurement", "adoption", "invoice_line", "cost_entry", "loan_entry", "register")
PARTS = ("pipeline", "rebuild", "script", "script-landing", "script-wide", "script-landing-wide")
SCRIPT_MEMORY = {"": "1800MB", "-wide": "16GB"}
"""What the script may use: as much as we hold ourselves to, or as much as it likes."""
_TOO_LITTLE = 3
"""The exit code of a script that ran out of memory."""
WEEKS = 52
"""A year before, by whole weeks, so that a day keeps its weekday."""


def main() -> int:
    """Run every part and print the comparison."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--dispatches", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--years", type=int, default=1, help="years of history under the second increment")
    parser.add_argument("--times", type=int, default=1, help="so many of each dispatch, under ids of their own")
    parser.add_argument(
        "--only-dispatch", action="store_true", help="leave out the other streams, for the barest comparison"
    )
    parser.add_argument("--no-script", action="store_true", help="the pipeline alone, compared with nothing")
    parser.add_argument("--keep", type=Path, help="a folder for the source files, to be used again")
    parser.add_argument("--scratch", type=Path, help="a folder with room for everything that is made")
    parser.add_argument("--engine", choices=("dask",), help="measure workers against one process: benchmarks.engines")
    parser.add_argument("--workers", default="1,2", help="how many workers, with --engine")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        return _part(chosen.part, chosen.folder)
    if chosen.engine:
        return _engines(chosen)
    folder = Path(tempfile.mkdtemp(prefix="dif-bench-", dir=chosen.scratch))
    try:
        source = chosen.keep or folder / "source"
        _make(source, chosen.dispatches, chosen.months)
        streams = ("register",) if chosen.only_dispatch else tuple(s for s in STREAMS if s != "dispatch")
        inbox = folder / "home" / "inbox"
        for stream in streams:
            _link(source / stream, inbox / stream)
        *days, last_but_one, last = sorted((source / "dispatch").rglob("*.parquet"), key=lambda p: p.name)
        for day in days:
            _copies(day, inbox / "dispatch" / day.parent.name, chosen.times)
        shutil.copytree(inbox / "dispatch", folder / "files", copy_function=os.link)
        records = sum(pq.read_metadata(p).num_rows for p in (folder / "files").rglob("*.parquet"))
        print(
            f"{chosen.dispatches * chosen.times:,} dispatches, {records:,} state records, "
            f"{_megabytes(folder / 'files'):,.0f} MB in files"
        )
        measured = _Measured(folder, records)
        if not chosen.no_script:
            measured.run("script", "script")
            measured.run("script with a landing copy", "script-landing")
            measured.run("script, 16 GB of memory", "script-wide")
            measured.run("script with a copy, 16 GB", "script-landing-wide")
        measured.run("inbox to release", "pipeline")
        measured.run("rebuild from the landing", "rebuild")
        differ = 0 if chosen.no_script else _compare(folder)
        _copies(last_but_one, inbox / "dispatch" / last.parent.name, chosen.times)
        measured.run("one day more onto the year", "pipeline")
        if chosen.years > 1:
            for back in range(1, chosen.years):
                for day in days:
                    _years_before(day, inbox / "dispatch" / day.parent.name, back)
            measured.run(f"{chosen.years - 1} years before it", "pipeline")
            _copies(last, inbox / "dispatch" / last.parent.name, chosen.times)
            measured.run(f"one day more onto {chosen.years} years", "pipeline")
        measured.report()
        _print_coverage(folder / "home")
        return differ
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _print_coverage(home: Path) -> None:
    """The share of actual figures within the forecasts' bands, in the newest release."""
    sys.path.insert(0, str(ROOT))
    from benchmarks import forecasts

    releases = (home / "releases").glob("*/dif.duckdb")
    print(forecasts.coverage(max(releases, key=lambda file: file.stat().st_mtime).parent))


def _engines(chosen: argparse.Namespace) -> int:
    """Measure workers instead, with what was chosen of it."""
    sys.path.insert(0, str(ROOT))
    from benchmarks import engines

    scratch = ("--scratch", str(chosen.scratch)) if chosen.scratch else ()
    return engines.main(("--dispatches", str(chosen.dispatches), "--workers", chosen.workers, *scratch))


def _make(source: Path, dispatches: int, months: int) -> None:
    """Make the source files, once."""
    done = source / "made"
    if not done.exists():
        sys.path.insert(0, str(ROOT))
        from assets.simulate import Plan
        from pipelines.cli.commands.simulate import write

        began = time.monotonic()
        write(source, Plan.before(date(2026, 11, 1), dispatches=dispatches, months=months))
        print(f"made in {time.monotonic() - began:.0f} s")
        done.touch()


def _link(source: Path, target: Path) -> None:
    for path in source.rglob("*.parquet"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, copy)


def _copies(day: Path, target: Path, times: int) -> None:
    """A day's file, and in another the same dispatches so many times more, under ids of their own."""
    target.mkdir(parents=True, exist_ok=True)
    os.link(day, target / day.name)
    if times > 1:
        more = f"from '{day}' cross join range(1, {times}) as copy(number)"
        _changed(day, target / f"{day.stem}-more.parquet", f"select * exclude (number) replace ({_OTHER_ID}) {more}")


def _years_before(day: Path, target: Path, back: int) -> None:
    """A day's file as if it came so many years before."""
    moved = ", ".join(f"{c} - interval {WEEKS * back} weeks as {c}" for c in ("state_at", "created_at"))
    this = f"from (select *, {128 + back} as number from '{day}')"
    columns = f"* exclude (number) replace ({_OTHER_ID}, {moved})"
    _changed(day, target / f"{day.stem}-before-{back}.parquet", f"select {columns} {this}")


_OTHER_ID = "(left(dispatch_id::varchar, 34) || printf('%02x', number))::uuid as dispatch_id"
"""The id with one byte changed: another dispatch, the same for every state of it."""


def _changed(day: Path, target: Path, query: str) -> None:
    """Write a query over a day's file, marked as the file is (synthetic, and when it arrived)."""
    marks = {k.decode(): v.decode() for k, v in (pq.read_schema(day).metadata or {}).items() if k != b"ARROW:schema"}
    metadata = ", ".join(f"'{k}': '{v}'" for k, v in marks.items())
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        options = f"format parquet, compression zstd, kv_metadata {{{metadata}}}"
        connection.execute(f"copy ({query}) to '{target}' ({options})")


def _measured(part: str, folder: Path) -> dict[str, object] | None:
    """Run one side as a process; its seconds, and the most memory that it and its children held at one moment.

    None: the script needs more memory than it may use.
    """
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--part", part, "--folder", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.05):
            peak = max(peak, _resident_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode == _TOO_LITTLE:
        return None
    if process.returncode:
        raise SystemExit(f"{part} failed with {process.returncode}")
    return {"seconds": time.monotonic() - began, "peak_mb": peak / 1e6, "stages": json.loads(output.splitlines()[-1])}


def _resident_bytes(pid: int) -> int:
    try:
        process = psutil.Process(pid)
        return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])
    except psutil.Error:
        return 0


def _part(part: str, folder: Path) -> int:
    if part in ("pipeline", "rebuild"):
        return _pipeline(folder, again=part == "rebuild")
    memory = SCRIPT_MEMORY["-wide" if part.endswith("-wide") else ""]
    try:
        return _script(folder, copied="landing" in part, memory=memory)
    except duckdb.OutOfMemoryException:
        return _TOO_LITTLE


def _script(folder: Path, *, copied: bool, memory: str) -> int:
    """The hand-written side; with a landing copy of its own when asked for, and in so much memory."""
    began = time.monotonic()
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": 2,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
        }
    )
    facts = ROOT / "catalog" / "facts"
    connection.execute(
        "create table status as select state, rank, outcome "
        f"from read_csv('{facts}/dispatch_status.csv', all_varchar = true)"
    )
    connection.execute("alter table status alter rank type int")
    connection.execute(
        f"create table product as select service from read_csv('{facts}/product.csv', all_varchar = true)"
    )
    connection.execute(
        f"create table organisation as select * from read_csv('{facts}/organisation.csv', all_varchar = true)"
    )
    files = [str(p) for p in sorted((folder / "files").rglob("*.parquet"))]
    connection.execute(
        "create table organisation_ok as select distinct organisation_number as number from read_parquet($files) "
        "where regexp_full_match(organisation_number, '[0-9]{9}')",
        {"files": files},
    )
    _drop_bad_numbers(connection)
    stages: dict[str, float] = {}
    if copied:
        target = folder / "copied"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        connection.execute(
            f"copy (from read_parquet($files)) to '{target}/landing.parquet' (format parquet, compression zstd)",
            {"files": files},
        )
        files = [f"{target}/landing.parquet"]
        stages["landing copy"] = time.monotonic() - began
    values = {
        "files": files,
        "day_file": str(folder / f"day-{copied}.parquet"),
        "month_file": str(folder / f"month-{copied}.parquet"),
    }
    for statement in (HERE / "by_hand.sql").read_text().split(";"):
        if statement.strip():
            connection.execute(statement, {k: v for k, v in values.items() if f"${k}" in statement})
    stages["all"] = time.monotonic() - began
    print(json.dumps(stages))
    return 0


def _drop_bad_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    numbers = [n for (n,) in connection.execute("select number from organisation_ok").fetchall()]
    bad = [
        n for n in numbers if (11 - sum(w * int(d) for w, d in zip(weights, n, strict=False)) % 11) % 11 != int(n[8])
    ]
    connection.execute("delete from organisation_ok where list_contains($bad, number)", {"bad": bad})


def _pipeline(folder: Path, *, again: bool) -> int:
    """From the inbox to a release; or again, everything from the landing, in a lake of its own."""
    from pipelines.run import steps
    from transport.base import atomic_files
    from transport.base.settings import Settings
    from transport.storage import landing

    stages: dict[str, float] = {}
    last = time.monotonic()

    class Stages:
        def step(self, name: str, detail: str = "") -> None:
            del name, detail

        def done(self, name: str, detail: str) -> None:
            nonlocal last
            del detail
            room = name.split(".", maxsplit=1)[0] if not name.startswith("conformed.") else name
            stages[room] = stages.get(room, 0.0) + time.monotonic() - last
            last = time.monotonic()

    settings = Settings(home=folder / "home", settle_seconds=0)
    if again:
        settings = settings.but(lake_folder=settings.scratch / "rebuild")
    with atomic_files.locked(settings.home):
        run = steps.start(settings, landing.utc_now(), Stages(), replay=again)
        release = steps.run_all(run)
        if again and release is not None:
            run.releases.remove(release.name)
            run.lake.clear()
    print(json.dumps(stages))
    return 0


class _Measured:
    """The measurements so far; each part is printed as it ends."""

    def __init__(self, folder: Path, records: int) -> None:
        self._folder, self._records = folder, records
        self._parts: dict[str, dict[str, object]] = {}
        print(f"\n{'':<34}{'seconds':>9}{'rows/s':>12}{'peak MB':>9}")

    def run(self, name: str, part: str) -> None:
        """Run one part as a process, and print its time and memory."""
        measured = _measured(part, self._folder)
        if measured is None:
            print(f"{name:<34}{'out of memory':>30}", flush=True)
            return
        self._parts[name] = measured
        seconds = float(str(measured["seconds"]))
        rate = "" if "day more" in name or "before" in name else f"{self._records / seconds:,.0f}"
        print(f"{name:<34}{seconds:>9.1f}{rate:>12}{float(str(measured['peak_mb'])):>9,.0f}", flush=True)

    def report(self) -> None:
        """The ratios, and the stages of ours."""
        seconds = {name: float(str(part["seconds"])) for name, part in self._parts.items()}
        print()
        for ours, limit in (
            ("inbox to release", "script with a landing copy"),
            ("rebuild from the landing", "script"),
            ("inbox to release", "script with a copy, 16 GB"),
            ("rebuild from the landing", "script, 16 GB of memory"),
        ):
            if limit in seconds:
                print(f"ratio {ours} / {limit}: {seconds[ours] / seconds[limit]:.2f}")
        for name, part in self._parts.items():
            stages = part["stages"]
            if isinstance(stages, dict) and "script" not in name:
                print(f"\n{name}")
                for stage, took in stages.items():
                    if took >= _LEAST_SECONDS:
                        print(f"  {stage:<32}{took:>9.1f}")


_LEAST_SECONDS = 0.05


def _compare(folder: Path) -> int:
    """Cell by cell: dispatches a day, and a municipality month on the borders of now."""
    release = (folder / "home" / "releases" / "current").resolve()
    connection = duckdb.connect()
    connection.execute(f"attach '{release}/dif.duckdb' as dif (read_only)")
    ours = "select * exclude (month, synthetic) from dif.usage.dispatch_day"
    broken = "select count(*) from (({a} except all {b}) union all ({b} except all {a}))"
    rows = []
    for what, a, b in (
        ("usage.dispatch_day", ours, f"from '{folder}/day-False.parquet'"),
        (
            "usage.municipality_month (now)",
            (
                "select month, municipality_code, service, channel, sum(dispatches)::bigint "
                "from dif.usage.municipality_month_now group by all"
            ),
            f"from '{folder}/month-False.parquet'",
        ),
    ):
        ((count,),) = connection.execute(f"select count(*) from ({a})").fetchall()
        ((differ,),) = connection.execute(broken.format(a=a, b=b)).fetchall()
        rows.append(differ)
        print(f"{what:<34}{count:>9,} rows, {differ} differ")
    return 1 if any(rows) else 0


def _megabytes(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*.parquet")) / 1e6


if __name__ == "__main__":
    sys.exit(main())
