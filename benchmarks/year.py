"""A year of daily runs: `nice python -m benchmarks.year`, or fewer days (`--days 30`).

The traffic of a few organisations lands day by day. Each day has what a home has by its timers: a run, a backup, the
packing of old batches and the removal of old logs and receipts. Half way, the home is restored from its backup into an
empty folder, where a run makes everything anew: both homes must publish the same. Readers get the release before, a run
brings them forward again, and the year goes on in the restored home. There the code of `--version COMMIT`, if given,
runs the next day, as whoever goes back to an earlier version does, and the day after this code upgrades the home. Last
come many small files at once, in a home of their own.

A process of 30 days has the product's clock put back to the day, and files grow a day older each day. Delta's clock
stays: what a table no longer names goes at its next tidying, not after a week. Dagster is left out. Seconds are the
processor's, of the run and the processes that it starts; bytes are of each file once, however many releases link it.
A core is not as fast in each hour, so a copy of the home of the first month is kept, and its days are run again
between the last days of the year, in turns. A step has grown where it takes longer than in these.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from assets.simulate import Plan
from pipelines.cli.commands.run import differences
from pipelines.cli.commands.simulate import write
from pipelines.run import steps
from pipelines.run.publish import publish
from pipelines.run.schedule import make, plan
from transport.base.settings import PROJECT, Settings
from transport.ingest import inbox
from transport.lake import tables
from transport.operations import backup, doctor, housekeeping
from transport.releases.store import Releases
from transport.storage.landing import open_landing, utc_now

_STEPS = ("land", "plan", "build", "check", "publish")
_FOLDERS = ("landing", "lake", "releases", "inbox", "log")
_MONTH, _FEWEST, _BACKUPS = 30, 5, 7
_TURNS, _TURN = 4, 3
"""How often the home of the first month and that of the year run in turns, and days of a turn."""
_MOST_GROWTH, _LEAST = 1.2, 0.2
"""How many times as long as in the first month a step may take in the last, and seconds that do not count."""
_ROW = "event_id,service,municipality_code,step,occurred_at,occurred_precision,source\n"
_CLOCK = """
import sys
from datetime import UTC, datetime, timedelta
from transport.storage import landing
class Clock:
    back = timedelta(0)
landing.utc_now = lambda: datetime.now(UTC) - Clock.back  # before anybody imports it
from benchmarks import year
year.work(Clock, *sys.argv[1:])
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the year and print its table; 1 if a step grew too much, or a home published what it should not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=int, default=1, help="days between runs, where one a day takes too long")
    parser.add_argument("--middle", type=int, help="the day of the restore; half way if not given")
    parser.add_argument("--version", help="a commit whose code runs the day after the restore")
    parser.add_argument("--dispatches", type=int, default=250, help="a month")
    parser.add_argument("--files", type=int, default=10_000, help="how many wait at the end")
    parser.add_argument("--scratch", type=Path, help="a folder with room for everything that is made")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="dif-year-", dir=chosen.scratch))
    try:
        wrong = _year(folder, chosen) if chosen.days else []
        wrong += _many(folder / "many", chosen.files) if chosen.files else []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in wrong:
        print(f"NOT AS IT SHOULD BE: {line}")
    return 1 if wrong else 0


def _year(folder: Path, chosen: argparse.Namespace) -> list[str]:
    """Run the days; return the faults."""
    days, every, today = chosen.days, chosen.every, datetime.now(UTC).date()
    first, half = today - timedelta(days=days), (chosen.middle or days // 2) // every * every
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    months = (last_month.year - first.year) * 12 + last_month.month - first.month + 3
    size = {"dispatches": chosen.dispatches * months, "months": months, "last_month": last_month, "until": today}
    write(folder / "source", Plan(**size, organisations=24, connections=40, running=True))
    code = {half + every: _code_of(chosen.version, folder / "code")} if chosen.version else {}
    begins = {0, *range(every, days, max(every, _MONTH // every * every)), half, *code, *(day + every for day in code)}
    turn = _TURN * every
    copied_day = every * max(1, _MONTH // every)  # the day of which a copy is kept
    turns = range(days - _TURNS * turn, days, turn) if days > 2 * (copied_day + _TURNS * turn) else range(0)
    if turns:  # as many processes in each turn on both sides: the first day of one costs more
        begins = {day for day in begins if day < turns.start} | {copied_day, *turns}
    figures, again = list[dict[str, Any]](), list[dict[str, Any]]()
    for begin, end in pairwise([*sorted(day for day in begins if day < days), days]):
        if turns and begin == copied_day:
            (folder / "again").mkdir()
            for name in ("home", "source", "backups"):
                subprocess.run(["cp", "-a", folder / name, folder / "again" / name], check=True)
        if begin in turns:
            day = copied_day + turns.index(begin) * turn
            again += _days(folder / "again", chosen, first, day, day + turn)
        what = ["restore"] if begin == half and half else []
        figures += _days(folder, chosen, first, begin, end, *what, code=code.get(begin, PROJECT))
    return _table(figures, again, max(_MONTH // every, _FEWEST))


def _days(
    folder: Path, chosen: argparse.Namespace, first: date, begin: int, end: int, *what: str, code: Path = PROJECT
) -> list[dict[str, Any]]:
    """Run days in a process of their own; what each cost."""
    argv = [sys.executable, "-c", _CLOCK, str(folder), f"{first}", str(begin), str(end), str(chosen.every), *what]
    figures = []
    with subprocess.Popen(argv, cwd=code, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            figures += [json.loads(line[line.index("{") :])] if "{" in line else []
    if process.returncode:
        raise SystemExit(f"the process of day {begin} ended with {process.returncode}")
    return figures


def _code_of(commit: str, folder: Path) -> Path:
    """Unpack the code of a commit, with this benchmark in it."""
    archive = subprocess.run(["git", "archive", commit], cwd=PROJECT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    shutil.copy(__file__, folder / "benchmarks")
    return folder


def work(clock: type, folder: str, first: str, begin: str, end: str, every: str, what: str = "") -> None:
    """Run days in this process, by its clock; prints what each cost."""
    tables.KEPT_HOURS = 0
    source, home = Path(folder) / "source", Path(folder) / "home"
    settings = Settings(home=home, settle_seconds=0.0)
    for day in range(int(begin), int(end), int(every)):
        morning = datetime.combine(date.fromisoformat(first), datetime.min.time(), UTC) + timedelta(days=day, hours=5)
        clock.back = datetime.now(UTC) - morning  # type: ignore[attr-defined]
        figures: dict[str, Any] = {"day": day}
        if what and day == int(begin):
            figures |= _restored(settings, Path(folder), source, morning)
        else:
            _arrive(source, settings.inbox, until=morning)
            figures |= _run(settings)
        before = _processor()
        backup.back_up(settings, Path(folder) / "backups", now=utc_now(), keep=_BACKUPS)
        housekeeping.tidy(settings, utc_now())
        figures["care"] = _processor() - before
        if day in (int(begin), range(int(begin), int(end), int(every))[-1]):
            figures |= _sizes(settings)
            figures["wrong"] = [*figures.get("wrong", ()), *_findings(settings)]
        print(json.dumps(figures), flush=True)
        _age(home, days=int(every))


def _arrive(source: Path, folder: Path, *, until: datetime) -> None:
    """Put the files sent before a moment into an inbox, once."""
    for path in sorted(source.rglob("*.parquet")):
        if path.stat().st_mtime < until.timestamp():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            inbox.mark_of(target).touch()
            shutil.move(path, target)


def _run(settings: Settings) -> dict[str, object]:
    """Run, as `dif run` does but for Dagster; the processor's seconds of each step, and the release."""
    marks = [_processor()]
    with steps.exclusive_run(settings) as lease:
        run = steps.start(settings, utc_now(), lease=lease)
        with run.exit_stack:
            steps.prepare(run)
            steps.take_in(run)
            marks.append(_processor())
            nodes = plan(run)
            marks.append(_processor())
            with steps.Downstream(run) as downstream:
                for results in make(run, nodes):
                    downstream.begin(results)
                marks.append(_processor())
                verdict = downstream.finish()
                marks.append(_processor())
                release = publish(run, *verdict)
    marks.append(_processor())
    costs = dict(zip(_STEPS, (b - a for a, b in pairwise(marks)), strict=True))
    return {**costs, "release": release.name if release else None}


def _processor() -> float:
    """Processor seconds of this process and of all that it has started."""
    this = psutil.Process()
    used = (process.cpu_times() for process in [this, *this.children(recursive=True)])
    return sum(u.user + u.system + u.children_user + u.children_system for u in used)


def _restored(settings: Settings, folder: Path, source: Path, morning: datetime) -> dict[str, object]:
    """Go on in a home restored from the newest backup, after it published what the home does; and a way back."""
    other = Settings(home=folder / "restored", settle_seconds=0.0)
    backup.restore(backup.open_backup(folder / "backups"), other.home)
    shutil.copytree(source, folder / "copy")
    _arrive(source, settings.inbox, until=morning)
    _arrive(folder / "copy", other.inbox, until=morning)
    shutil.rmtree(folder / "copy")
    costs, again = _run(settings), _run(other)
    releases = Releases(other)
    current = releases.get("current")
    differ = differences(Releases(settings).get("current"), current)
    shutil.rmtree(settings.home)
    other.home.rename(settings.home)
    releases = Releases(settings)
    releases.point(str(current.manifest["parent"]))
    forward = _run(settings)
    back = differences(current, Releases(settings).get(str(forward["release"])))
    return {**costs, "anew": sum(float(str(again[s])) for s in _STEPS), "wrong": [*differ, *back]}


def _findings(settings: Settings) -> list[str]:
    return [f"{finding.where}: {finding.problem}" for finding in doctor.examine(settings)]


def _sizes(settings: Settings) -> dict[str, object]:
    """Megabytes on disk by folder, each file once; files, releases and what they may be at most; and memory."""
    sizes, inodes = dict.fromkeys(_FOLDERS, 0.0), set[int]()
    for name in _FOLDERS:
        for status in (path.lstat() for path in (settings.home / name).rglob("*")):
            if status.st_ino not in inodes:
                inodes.add(status.st_ino)
                sizes[name] += status.st_blocks * 512 / 1e6
    release_count = len(Releases(settings).names())
    return {**sizes, "files": len(inodes), "kept": release_count, "rss": psutil.Process().memory_info().rss / 1e6}


def _age(home: Path, *, days: int) -> None:
    """Let days pass for files whose age counts: receipts, and the logs of tables, which are old or not.

    A log's time is put back once: a release reads each log anew whose time is another than the release before saw.
    """
    day = timedelta(1).total_seconds()
    back = {path: days * day for name in ("*.json", "*.synthetic") for path in home.glob(f"inbox/**/{name}")}
    logs = home.glob("lake/*/*/_delta_log/*")
    back |= {path: 2 * day for path in logs if path.stat().st_mtime > time.time() - day}
    for path, seconds in back.items():
        changed = path.stat().st_mtime - seconds
        os.utime(path, (changed, changed))


def _table(figures: Sequence[dict[str, Any]], again: Sequence[dict[str, Any]], month: int) -> list[str]:
    """Print the months, and how much longer each step took at last than in days of the first month that ran again.

    Returns:
        What is wrong.
    """
    months = [list(figures[n : n + month]) for n in range(1, len(figures), month)] or [list(figures)]
    if len(months) > 1 and len(months[-1]) < month:
        months[-2:] = [months[-2] + months[-1]]
    parts = (*_STEPS, "care")
    print(f"| days | {' s | '.join(parts)} s | {' MB | '.join(_FOLDERS)} MB | files | releases, at most | memory MB |")
    print("|---" * (len(parts) + len(_FOLDERS) + 4) + "|")
    medians, wrong = [], [str(line) for day in figures for line in day.get("wrong", ())]
    for runs in months:
        medians.append([statistics.median(run[part] for run in runs) for part in parts])
        last = [run for run in runs if "kept" in run][-1:]
        seconds = " | ".join(f"{median:.2f}" for median in medians[-1])
        days = f"{runs[0]['day']:.0f}–{runs[-1]['day']:.0f}"
        for day in last:
            most = _most_kept(int(day["day"]))
            sizes = " | ".join(f"{day[name]:.1f}" for name in _FOLDERS)
            print(
                f"| {days} | {seconds} | {sizes} | {day['files']:,.0f} | {day['kept']:.0f}, {most} | {day['rss']:.0f} |"
            )
            wrong += [f"{day['kept']} releases on day {day['day']}"] if day["kept"] > most else []
    of_first, of_last = medians[0], medians[-1]
    if again:
        of_first = [statistics.median(run[part] for run in again) for part in parts]
        of_last = [statistics.median(run[part] for run in figures[-len(again) :]) for part in parts]
        print(f"in turns, {len(again)} days each of the home of the first month and of that of the year:")
    for part, before, after in zip(parts, of_first, of_last, strict=True):
        ratio = after / before if before else 1.0
        print(f"{part}: {before:.2f} s in the first month, {after:.2f} s in the last, {ratio:.2f}")
        grown = ratio > _MOST_GROWTH and after - before > _LEAST
        wrong += [f"{part} takes {ratio:.2f} of its first month"] if grown else []
    for day in figures:
        if "anew" in day:
            print(f"day {day['day']}: restored, and all made anew in {day['anew']:.0f} s of the processor")
    return wrong


def _most_kept(day: int) -> int:
    """How many releases the policy keeps at most when there is one a day: of days, of months, and the first."""
    settings = Settings()
    return min(day + 3, settings.release_days + 2 + min(settings.release_months, day // 28 + 1))


def _many(home: Path, files: int) -> list[str]:
    """Take in many small files of one producer; return the faults."""
    folder = home / "inbox" / "adoption" / "mange"
    folder.mkdir(parents=True)
    for n in range(files):
        row = f"mange-{n},svarut,0301,ACTIVATED,2026-01-01T12:00:00Z,EXACT,syntetisk\n"
        (folder / f"{n}.csv.synthetic").touch()
        (folder / f"{n}.csv").write_text(_ROW + row)
    argv = [sys.executable, "-c", "import sys; from benchmarks import year; year.take_in(sys.argv[1])", str(home)]
    subprocess.run(argv, cwd=PROJECT, check=True)
    batch_ids = [entry.batch_id for entry in open_landing(Settings(home=home)).entries]
    receipts = len(list(folder.glob("*.receipt.json")))
    return (
        []
        if len(batch_ids) == len({*batch_ids}) == receipts == files
        else [f"{len(batch_ids)} batches, {receipts} receipts"]
    )


def take_in(home: str) -> None:
    """Take in the waiting files, and print the cost."""
    settings = Settings(home=Path(home), settle_seconds=0.0)
    began, used = time.monotonic(), _processor()
    intake = inbox.take_in(settings, open_landing(settings))
    memory = psutil.Process().memory_info().rss / 1e6
    seconds = f"{time.monotonic() - began:.0f} s, {_processor() - used:.0f} s of the processor"
    print(f"{len(intake.accepted)} waiting files taken in: {seconds}, {memory:.0f} MB", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
