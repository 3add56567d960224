"""What a release costs on disk when a run each day adds a day: `python -m benchmarks.disk --days 30`.

The demonstration's years land first, but for their last days. Then each day's files come alone, and a run as of the
next morning publishes them. Bytes are counted once for each file, however many releases link it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assets import simulate
from pipelines.cli.commands.simulate import write
from pipelines.run import steps
from transport.base.settings import Settings

_UNTIL = date(2026, 12, 1)
"""The day on which the demonstration stands."""


def main() -> int:
    """Publish a release a day, and print what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disk", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--scratch", type=Path, help="a folder with room for everything that is made")
    parser.add_argument("--keep", type=Path, help="the home, which then stays")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dif-bench-", dir=chosen.scratch))
    try:
        settings = Settings(home=chosen.keep or folder / "home")
        write(folder / "source", simulate.demonstration(_UNTIL))
        first = _UNTIL - timedelta(days=chosen.days)
        waiting = _arrivals(folder / "source", settings.inbox, since=first)
        before = _published(settings, first)
        print(f"first release {before / 1e6:.1f} MB\n{'day':<12}{'MB':>8}{'seconds':>9}")
        grown = []
        for nth in range(chosen.days):
            day = first + timedelta(days=nth)
            for source, target in waiting[day]:
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
            began = time.monotonic()
            now = _published(settings, day + timedelta(days=1))
            grown.append(now - before)
            before = now
            print(f"{day!s:<12}{grown[-1] / 1e6:>8.1f}{time.monotonic() - began:>9.1f}", flush=True)
        print(f"\nmean {sum(grown) / len(grown) / 1e6:.1f} MB a release")
        for kind, size in sorted(_sizes(settings.releases).items()):
            print(f"  {kind:<24}{size / 1e6:>8.1f} MB in all")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arrivals(source: Path, inbox: Path, *, since: date) -> dict[date, list[tuple[Path, Path]]]:
    """Put what arrived before a day into the inbox; the rest by its day of arrival, with where it goes."""
    waiting = defaultdict(list)
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        day = _day_of(path)
        target = inbox / path.relative_to(source)
        if day is not None and day >= since:
            waiting[min(day, _UNTIL - timedelta(days=1))].append((path, target))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    return waiting


def _day_of(path: Path) -> date | None:
    """The day that a simulated file's name ends with; None for one of a month."""
    try:
        return date.fromisoformat(path.stem[-10:])
    except ValueError:
        return None


def _published(settings: Settings, day: date) -> int:
    """Run as of the morning of a day; returns the bytes of all releases."""
    with steps.exclusive_run(settings) as lease:
        steps.run_all(steps.start(settings, datetime(day.year, day.month, day.day, 5, tzinfo=UTC), lease=lease))
    return sum(_sizes(settings.releases).values())


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes on disk by kind of file, each inode once."""
    files = dict[int, tuple[str, int]]()
    for path in folder.rglob("*"):
        if not path.is_symlink():
            status, parts = path.stat(), path.relative_to(folder).parts
            files[status.st_ino] = parts[1] if len(parts) > 1 else "", status.st_blocks * 512
    sizes = defaultdict[str, int](int)
    for kind, size in files.values():
        sizes[kind] += size
    return sizes


if __name__ == "__main__":
    raise SystemExit(main())
