"""`python -m benchmarks.engines`: what workers give: one landing made anew by one process and by workers, in turns.

Every turn is a process of its own that does what `dif run --full` does, over a home that holds the landing alone, with
`local` on one and on two threads and with `dask` on so many workers of one thread. Scheduler and workers are started
for each turn before its time begins, and their processor seconds during it count. Every release must have the content
hashes and the file names of the first. `others` is the share of the cores that other processes took meanwhile.

One worker has a second core beside it, on which the run and its gate work. What a core and a worker more give is told
by the side that is held to one core, the run, the scheduler and the gate with it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from tools import engine_runs
from tools.cluster import Cluster
from tools.engine_runs import Measured, Release
from transport.base.settings import Settings

UNTIL = date(2026, 11, 1)
_MAX_ROWS = 10
_ONE_CORE = "dask, 1 on 1 core"
_COLUMNS = f"{'seconds':>9}{'rows/s':>10}{'CPU s':>8}{'run MB':>8}{'worker MB':>11}{'others':>8}"


def main(words: Sequence[str] | None = None) -> int:
    """Land it once, run every engine in turns, and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--dispatches", type=int, default=1_000_000)
    parser.add_argument("--workers", default="1,2", help="how many workers; several, separated by commas")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--scratch", type=Path, help="a folder with room")
    parser.add_argument("--out", type=Path, help="a file for every figure, as JSON")
    chosen = parser.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # as Ctrl-C: no worker stays
    with tempfile.TemporaryDirectory(prefix="dif-bench-", dir=chosen.scratch) as folder:
        settings = Settings(home=Path(folder) / "home", settle_seconds=0)
        states = engine_runs.land(settings, dispatches=chosen.dispatches, until=UNTIL)
        load = os.getloadavg()[0]
        print(f"{chosen.dispatches:,} dispatches, {states:,} states, {os.cpu_count()} cores, load {load:.1f} before")
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        sides = {f"local, {n} thread{'s' if n > 1 else ''}": _Side(0, n, cores) for n in (1, 2)}
        workers = [int(n) for n in chosen.workers.split(",")]
        if cores and 1 in workers:
            sides[_ONE_CORE] = _Side(1, 1, cores[:1])
        sides |= {f"dask, {n} worker{'s' if n > 1 else ''}": _Side(n, 1, cores) for n in workers}
        measured = _in_turns(settings, sides, chosen.rounds, states)
    print("\n" + "\n".join(_report(measured, states)))
    if chosen.out:
        figures = {
            name: [{s: getattr(run, s) for s in run.__slots__} for run in runs] for name, runs in measured.items()
        }
        chosen.out.write_text(json.dumps({"states": states, "load": load, "runs": figures}, indent=1), "utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class _Side:
    """How a turn makes it: with so many workers, threads of each process, and cores (none: as the system gives)."""

    workers: int
    threads: int
    cores: Sequence[int]


def _in_turns(settings: Settings, sides: dict[str, _Side], rounds: int, states: int) -> dict[str, list[Measured]]:
    as_of = datetime.now(UTC)
    first: Release | None = None
    measured: dict[str, list[Measured]] = defaultdict(list)
    print(f"\n{'':<20}{_COLUMNS}")
    for _ in range(rounds):
        for name, side in sides.items():
            engine_runs.clear(settings)
            if side.cores:
                os.sched_setaffinity(0, side.cores)  # what is started from here keeps to it
            run = _once(settings.but(threads=side.threads), side, as_of)
            measured[name].append(run)
            print(_line(name, [run], states), flush=True)
            release = Release.of(settings)
            first = first or release
            if differ := first.differences(release):
                raise SystemExit(f"{name} made another release:\n" + "\n".join(differ))
    if first:
        print(f"each time the same {len(first.hashes)} content hashes and {len(first.files)} names of files")
    return measured


def _once(settings: Settings, side: _Side, as_of: datetime) -> Measured:
    log = settings.home / "run.log"
    if not side.workers:
        return engine_runs.make(engine_runs.environment_of(settings, "threads"), as_of=as_of, log=log)
    with Cluster(settings) as cluster:
        cluster.start(side.workers, threads=settings.threads)
        time.sleep(3)  # a worker reports before it is ready; its imports are no part of the run
        beside = {name: process.pid for name, process in cluster.processes.items()}
        return engine_runs.make(
            cluster.environment(threads=2 if len(side.cores) != 1 else 1), as_of=as_of, log=log, beside=beside
        )


def _line(name: str, runs: list[Measured], states: int) -> str:
    seconds = median(run.seconds for run in runs)
    workers = max(run.worker_peak_mb for run in runs)
    return (
        f"{name:<20}{seconds:>9.1f}{states / seconds:>10,.0f}{median(run.cpu for run in runs):>8.1f}"
        f"{max(run.peak_mb for run in runs):>8,.0f}{f'{workers:,.0f}' if workers else '–':>11}"
        f"{median(run.others for run in runs):>8.0%}"
    )


def _report(measured: dict[str, list[Measured]], states: int) -> Iterator[str]:
    """The medians with their ratios to each other, and where the time goes."""
    names = list(measured)
    base = {name: median(run.seconds for run in runs) for name, runs in measured.items()}
    yield f"{'medians':<20}{_COLUMNS}  times as fast as"
    others = [name for name in names if name in (*names[:2], _ONE_CORE, "dask, 1 worker")]
    yield f"{'':<76}{''.join(f'{name:>18}' for name in others)}"
    for name, runs in measured.items():
        ratios = "".join(f"{base[other] / base[name]:>18.2f}" for other in others)
        low, high = min(run.seconds for run in runs), max(run.seconds for run in runs)
        yield f"{_line(name, runs, states)}  {ratios}   ({low:.1f}–{high:.1f} s)"
    yield ""
    compared = [names[0], names[1], names[-1]]
    yield f"{'seconds of a step':<36}{''.join(f'{name:>18}' for name in compared)}"
    steps = {name: _steps(measured[name]) for name in compared}
    for step in sorted(steps[compared[0]], key=lambda s: -steps[compared[0]][s])[:_MAX_ROWS]:
        yield f"{step:<36}{''.join(f'{steps[name].get(step, 0):>18.2f}' for name in compared)}"
    tasks: dict[str, list[float]] = defaultdict(list)
    for run in (run for name, runs in measured.items() if name == "dask, 1 worker" for run in runs):
        for task in run.tasks:
            tasks[task["task"].partition(" ")[0]].append(task["seconds"])
    rounds = len(measured[names[-1]])
    if tasks:
        yield f"\n{'tasks of one worker':<36}{'tasks':>8}{'seconds in all':>18}{'slowest':>10}"
    for table, took in sorted(tasks.items(), key=lambda entry: -sum(entry[1]))[:_MAX_ROWS]:
        yield f"{table:<36}{len(took) // rounds:>8}{sum(took) / rounds:>18.2f}{max(took):>10.2f}"


def _steps(runs: list[Measured]) -> dict[str, float]:
    return {step: median(run.steps.get(step, 0.0) for run in runs) for step in runs[0].steps}


if __name__ == "__main__":
    sys.exit(main())
