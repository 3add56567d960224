"""Dagster's memory of runs, in a folder of the home; runs whose process is gone are ended, and old ones forgotten."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import DatabaseError

from catalog.errors import Damaged
from transport.base import atomic_files
from transport.base.settings import CHECKOUT, PROJECT

FOLDER = "dagster"
"""The folder of a home in which Dagster keeps its history: its DAGSTER_HOME."""
YAML = Path(__file__).with_name("dagster.yaml")
WORKSPACE = PROJECT / "workspace.yaml" if CHECKOUT else YAML.with_name("workspace.yaml")
"""Of a checkout; a wheel has its copy beside this module."""
HOLDS_HOME = "dif/holds_home"
"""Tag of a run that holds, or held, the lock of the home: its own id, or `LAUNCHED`."""
LAUNCHED = "launched"
"""Value of the tag where whoever launched the run holds the lock."""
NOT_RETRIED = {"dagster/max_retries": "0"}
"""Tag of a run that only who began it can begin again."""
_GOING_ON = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_INDEX = "index"
"""Dagster's name of the database of all assets' events."""
_AT_ONCE = 100
"""Runs that one run forgets; the rest is for the next."""
_PATIENCE = 60.0
"""For how many seconds a process waits for another that makes the history; it then goes on beside it."""


def folder(home: Path) -> Path:
    """Where Dagster keeps its runs; `dif up` gives it as DAGSTER_HOME."""
    return home / FOLDER


def open_instance(home: Path) -> dg.DagsterInstance:
    """The instance of a home, made at first use.

    Raises:
        Damaged: its history cannot be read.
    """
    path = folder(home)
    path.mkdir(parents=True, exist_ok=True)
    instance = None
    try:
        with (path / YAML.name).open("a") as configuration:
            # of two processes that make Dagster's tables at the same time, one fails
            atomic_files.lock_within(configuration, fcntl.LOCK_EX, _PATIENCE)
            shutil.copyfile(YAML, path / YAML.name)
            instance = dg.DagsterInstance.from_config(str(path))
            instance.get_asset_keys(limit=1)
    except DatabaseError as problem:
        if instance is not None:
            instance.dispose()
        raise Damaged(
            f"Dagster's history in {path} cannot be read: {str(problem.orig)[:100]}.",
            "Move that folder away; the next run begins a new history. Landing, lake and releases are not affected.",
        ) from problem
    return instance


@contextmanager
def events_open(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Hold open the databases of events that a run writes.

    Dagster opens and closes them for every event, and SQLite merges its log whenever the last connection closes: that
    takes a third of what events cost. Without this all works as well (docs/insides.md).
    """
    with ExitStack() as stack:
        if not instance.is_ephemeral:
            instance.all_logs(run_id)  # makes the run's database, where this run is new
            for name in (_INDEX, run_id):
                with suppress(sqlite3.Error):
                    connection = stack.enter_context(closing(sqlite3.connect(_events(instance, name))))
                    connection.execute("pragma schema_version").fetchall()  # only what has read takes part in the log
        yield


def _events(instance: dg.DagsterInstance, name: str) -> Path:
    """Where Dagster keeps the events of a run."""
    return Path(instance.root_directory) / "history" / "runs" / f"{name}.db"


def take_over(instance: dg.DagsterInstance, run_id: str = "") -> list[str]:
    """Report as failed the runs that held the home before: whoever holds its lock knows that their process is gone.

    Args:
        instance: of the home.
        run_id: the run that holds the home now; empty where it is not one of Dagster's.

    Returns:
        The ids of the runs that were reported.
    """
    gone = [run for run in instance.get_runs(dg.RunsFilter(statuses=_GOING_ON)) if _held_home(run)]
    for run in gone:
        instance.report_run_failed(run, "The process of this run is gone: it was killed, or the machine stopped.")
    if run_id:
        instance.add_run_tags(run_id, {HOLDS_HOME: run_id})
    return [run.run_id for run in gone]


def _held_home(run: dg.DagsterRun) -> bool:
    """Whether a run says so itself: one that is begun again has copies of its parent's tags, and may still wait."""
    launched = run.parent_run_id is None and run.tags.get(HOLDS_HOME) == LAUNCHED
    return launched or run.tags.get(HOLDS_HOME) == run.run_id


def forget_old_runs(instance: dg.DagsterInstance, *, days: int, most: int, now: datetime) -> int:
    """Forget runs that ended longer ago, and the oldest beyond so many.

    Dagster forgets a run, but leaves the file of its events and its captured output (docs/insides.md).

    Returns:
        How many were forgotten.
    """
    if instance.is_ephemeral:
        return 0
    ended = dg.RunsFilter(statuses=_ENDED)
    beyond = max(0, instance.get_runs_count(ended) - most)
    oldest = instance.get_run_records(ended, limit=_AT_ONCE, ascending=True)
    before = now - timedelta(days=days)
    old = [r.dagster_run.run_id for nth, r in enumerate(oldest) if nth < beyond or r.create_timestamp < before]
    for run_id in old:
        instance.delete_run(run_id)
        events = _events(instance, run_id)
        for left in events.parent.glob(f"{events.name}*"):
            with suppress(FileNotFoundError):
                left.unlink()
        shutil.rmtree(Path(instance.root_directory) / "storage" / run_id, ignore_errors=True)
    return len(old)
