"""Whole runs over one landing, each a process of its own, measured and compared: for the cluster and its benchmark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import psutil
import pyarrow.parquet as pq

from assets.simulate import Plan
from catalog.domain import calendar
from pipelines.cli import screen
from pipelines.cli.commands import simulate
from pipelines.engine import Engine, Task, TaskResult
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.context import RunContext
from pipelines.run.tables import LAKE
from transport.auth import perturbation_key
from transport.base.settings import PROJECT, Settings, environment, load
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.storage import landing
from transport.telemetry import traces

_ACCESS = "access"
_LOOK = 0.05
"""Seconds between two looks at the memory of a run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of a run.

    Attributes:
        seconds: from the start of its process to its end.
        cpu: processor seconds of the run and of the cluster while it ran.
        peak_mb: the most memory that the run and its children held at one moment.
        worker_peak_mb: the same of the worker that held most; 0 without workers.
        others: share of the machine's cores that neither the run nor the cluster used, but somebody else.
        steps: seconds of each step of the run.
        tasks: what workers made: table and month, worker, seconds there, rows.
    """

    seconds: float
    cpu: float
    peak_mb: float
    worker_peak_mb: float
    others: float
    steps: dict[str, float]
    tasks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Release:
    """The results of a run: the content hash of every dataset, and the name of every file of the lake."""

    hashes: dict[str, str]
    files: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Release:
        """The current release of a home."""
        datasets = Releases(settings).get("current").section("datasets")
        hashes = {name: str(entry["content_hash"]) for name, entry in datasets.items() if entry["content_hash"]}
        lake = Lake.of(settings)
        return cls(hashes, frozenset(lake.name_of(part) for table in LAKE for part in lake.files(table)))

    def differences(self, other: Release) -> list[str]:
        """Datasets whose hashes differ, and files that only one of them has."""
        names = sorted(self.hashes.keys() | other.hashes.keys())
        differ = [name for name in names if self.hashes.get(name) != other.hashes.get(name)]
        return differ + sorted(self.files ^ other.files)


def land(settings: Settings, *, dispatches: int, until: date | None = None) -> int:
    """Make synthetic national traffic and land it, so that runs that are compared find the same and land nothing.

    Returns:
        States of dispatches that landed.
    """
    day = until or calendar.day_in_oslo(landing.utc_now())
    simulate.write(settings.inbox, Plan.before(day, dispatches=dispatches, months=12))
    states = sum(int(pq.read_metadata(p).num_rows) for p in (settings.inbox / "dispatch").rglob("*.parquet"))
    with steps.exclusive_run(settings, doing="landing") as lease:
        run = steps.start(settings.but(engine_address=""), landing.utc_now(), lease=lease)
        with run.exit_stack:
            steps.take_in(run)
    perturbation_key.secret_of(settings, made_with=None)
    clear(settings)
    return states


def clear(settings: Settings) -> None:
    """Leave the landing and the secret, and nothing else, so that the next run makes everything from them."""
    for entry in settings.home.iterdir():
        if entry.is_dir() and entry not in (settings.landing, settings.home / _ACCESS):
            shutil.rmtree(entry)


def same_landing(settings: Settings, home: Path) -> Settings:
    """A home with a copy of the landing and of the secret, to which a run adds nothing."""
    shutil.copytree(settings.landing, home / settings.landing.name)
    same_secret(settings, home)
    return settings.but(home=home)


def same_secret(settings: Settings, home: Path) -> None:
    """Copy the secret to another home, whose releases then have the same figures."""
    shutil.copytree(settings.home / _ACCESS, home / _ACCESS, dirs_exist_ok=True)


def make(
    environment_of_run: Mapping[str, str], *, as_of: datetime, log: Path, beside: Mapping[str, int] | None = None
) -> Measured:
    """Make everything from the landing, as `dif run --full` does, and publish it.

    Args:
        environment_of_run: tells the run its home and engine.
        as_of: the moment of the run, the same for runs that are compared.
        log: a file for its progress and errors.
        beside: the processes of the cluster by name, whose costs count too.

    Raises:
        RuntimeError: the run failed; the message ends with its output.
    """
    beside = beside or {}
    before = {name: _cpu(pid) for name, pid in beside.items()}
    began, machine = time.monotonic(), _machine()
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tools.engine_runs", as_of.isoformat()],
            env={**environment_of_run, "PYTHONPATH": str(PROJECT)},
            cwd=log.parent,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with _Peaks({"run": process.pid, **beside}) as peaks:
            output = process.stdout.read() if process.stdout else ""
            _, status, used = os.wait4(process.pid, 0)  # with its children's use
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stdout:
        process.stdout.close()
    seconds, machine = time.monotonic() - began, _machine() - machine
    if process.returncode:
        message = f"A run failed. It said, in {log}:\n{log.read_text('utf-8')[-2000:]}"
        raise RuntimeError(message)
    cpu = used.ru_utime + used.ru_stime + sum(_cpu(pid) - before[name] for name, pid in beside.items())
    told_back = json.loads(output.splitlines()[-1])
    worker_peaks = [mb for name, mb in peaks.mb.items() if name.startswith("worker")]
    return Measured(
        seconds=seconds,
        cpu=cpu,
        peak_mb=peaks.mb["run"],
        worker_peak_mb=max(worker_peaks, default=0.0),
        others=max(0.0, machine - cpu) / seconds / (os.cpu_count() or 1),
        steps=told_back["steps"],
        tasks=told_back["tasks"],
    )


@dataclass
class _Peaks:
    """Watches processes with their children while it is open, and keeps the most memory that each held."""

    pids: Mapping[str, int]
    mb: dict[str, float] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.mb = dict.fromkeys(self.pids, 0.0)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()

    @cached_property
    def _watcher(self) -> threading.Thread:
        return threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            for name, pid in self.pids.items():
                self.mb[name] = max(self.mb[name], sum(_memory(p) for p in _family(pid)) / 1e6)


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _machine() -> float:
    """Processor seconds that this machine has spent, on whatever it was."""
    times = psutil.cpu_times()
    return float(sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal")))


def _cpu(pid: int) -> float:
    """Processor seconds of a process and its children, living and ended."""
    seconds = 0.0
    for process in _family(pid):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        seconds += times.user + times.system
        if process.pid == pid:
            seconds += times.children_user + times.children_system
    return seconds


class _RecordingEngine:
    """An engine that records the workers' reports about their tasks."""

    def __init__(self, engine: Engine, tasks: list[dict[str, Any]]) -> None:
        self._engine, self._tasks = engine, tasks

    def submit(self, tasks: Sequence[Task]) -> list[Future[TaskResult]]:
        futures = self._engine.submit(tasks)
        for task, future in zip(tasks, futures, strict=True):
            future.add_done_callback(partial(self._note, task.name))
        return futures

    def _note(self, task: str, future: Future[TaskResult]) -> None:
        if not (future.cancelled() or future.exception()):
            done = future.result()
            self._tasks.append({"task": task, "worker": done.worker, "seconds": done.seconds, "rows": sum(done.rows)})


def _run(as_of: datetime) -> None:
    """Run everything anew, with the settings of the environment, and print the cost."""
    settings = load()
    tasks: list[dict[str, Any]] = []
    with steps.exclusive_run(settings) as lease:
        run: RunContext = steps.start(settings, as_of, screen.Progress(), full=True, lease=lease)
        vars(run)["engine"] = _RecordingEngine(run.engine, tasks)  # where the cached property keeps it
        with Attempt(run).recording_failure():
            release = steps.run_all(run)
    if release is None:
        sys.exit("The run published nothing.")
    costs = {cost.step: cost.seconds for cost in traces.costs(run.trace)}
    screen.out(json.dumps({"release": release.name, "steps": costs, "tasks": tasks}))


def environment_of(settings: Settings, *names: str) -> dict[str, str]:
    """The environment that tells a run its home and these of its settings."""
    return environment({}) | {f"DIF_{name.upper()}": str(getattr(settings, name)) for name in ("home", *names)}


if __name__ == "__main__":
    _run(datetime.fromisoformat(sys.argv[1]))
