"""Dagster's own memory of runs, in a folder of the home: no environment, telemetry off, killed runs ended."""

from __future__ import annotations

import json
import os
import shutil
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster import DefaultRunLauncher
from dagster._core.instance.ref import InstanceRef
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.storage.dagster_run import FINISHED_STATUSES, IN_PROGRESS_RUN_STATUSES
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from sqlalchemy.exc import DatabaseError

from catalog.errors import Damaged
from pipelines.orchestration.storage import FOLDER
from transport.base.settings import PROJECT

YAML = PROJECT / "dagster.yaml"
"""One configuration, for `dagster dev` in the project and for the home's own instance."""
PID, HOST, BORN, OF = "dif/pid", "dif/host", "dif/born", "dif/run"
NOT_RETRIED = {"dagster/max_retries": "0"}
"""Tag of a run that only who began it can begin again."""


def folder(home: Path) -> Path:
    """Where Dagster keeps its runs; `make up` gives it as DAGSTER_HOME."""
    return home / FOLDER


def open_instance(home: Path) -> dg.DagsterInstance:
    """The instance of a home, made at first use.

    Raises:
        Damaged: its history cannot be read.
    """
    path = folder(home)
    path.mkdir(parents=True, exist_ok=True)
    named = f"config: {{base_dir: {json.dumps(str(path.resolve()))}}}"
    ours, there = YAML.read_text("utf-8").replace("config: {}", named), path / "dagster.yaml"
    if (
        not there.exists() or there.read_text("utf-8") != ours
    ):  # also one of an older version, or of a home that was moved
        there.write_text(ours, "utf-8")
    instance = None
    try:
        instance = dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(path)))
        instance.get_asset_keys(limit=1)
    except DatabaseError as problem:
        if instance is not None:
            instance.dispose()
        raise Damaged(
            f"Dagster's history in {path / 'history'} cannot be read: {str(problem.orig)[:100]}.",
            "Move that folder away; the next run begins a new history. Landing, lake and releases are not affected.",
        ) from problem
    return instance


def own_tags(run_id: str = "") -> dict[str, str]:
    """Tags that say which process a run lives in, and of which run they say so: one that is retried has copies."""
    return {PID: str(os.getpid()), HOST: socket.gethostname(), BORN: _born(os.getpid())} | (
        {OF: run_id} if run_id else {}
    )


def _is_gone(run: dg.DagsterRun) -> bool:
    """Whether the process of a run of this host is gone; of what no process has said, nobody knows."""
    copied = run.parent_run_id is not None and run.tags.get(OF) != run.run_id
    if copied or run.tags.get(HOST) != socket.gethostname():
        return False
    return not run.tags.get(BORN) or _born(int(run.tags.get(PID, "0"))) != run.tags[BORN]


class HomeLauncher(DefaultRunLauncher):
    """Dagster's launcher, which can tell that the process of a run is gone: the machine stopped, or it was killed.

    Otherwise such a run goes on for ever, and those that wait for it in the queue. Dagster's monitor asks.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Whether the process of a run is there."""
        if _is_gone(run):
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, f"The process {run.tags.get(PID)} of this run is gone.")
        return CheckRunHealthResult(WorkerStatus.RUNNING)


def end_killed(instance: dg.DagsterInstance) -> list[str]:
    """Mark as failed the runs of this host that say they are going on, but whose process is gone.

    Returns:
        The ids of the runs.
    """
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES, tags={HOST: socket.gethostname()})):
        if _is_gone(run):
            instance.report_run_failed(run, f"The process {run.tags.get(PID)} of this run is gone.")
            ended.append(run.run_id)
    return ended


def tidy(instance: dg.DagsterInstance, *, days: int, most: int, now: datetime) -> int:
    """Forget runs that ended longer ago, and the oldest beyond so many: each takes some megabytes.

    Dagster's own deleting leaves a run's file of events, its captured output, and what its checks said.

    Returns:
        How many were forgotten.
    """
    if instance.is_ephemeral:
        return 0
    ended = dg.RunsFilter(statuses=list(FINISHED_STATUSES))
    old = [
        r.dagster_run.run_id
        for r in instance.get_run_records(ended, limit=_AT_ONCE, ascending=True)
        if r.create_timestamp < now - timedelta(days=days)
    ]
    beyond = max(0, instance.get_runs_count(ended) - most)
    old += [
        i
        for i in (r.run_id for r in instance.get_runs(ended, limit=None)[::-1][: min(beyond, _AT_ONCE)])
        if i not in old
    ]
    root = Path(instance.root_directory)
    for run_id in old:
        instance.delete_run(run_id)
        for left in (root / "history" / "runs").glob(f"{run_id}.db*"):
            with suppress(FileNotFoundError):
                left.unlink()
        shutil.rmtree(root / "storage" / run_id, ignore_errors=True)
    if old:
        with instance.event_log_storage.index_connection() as index:  # type: ignore[attr-defined]
            index.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id.in_(old)))
    return len(old)


_AT_ONCE = 100
"""Runs that one run forgets; the rest is for the next."""


def _born(pid: int) -> str:
    """When a process began, so that a number used again is not taken for it; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return _alive(pid)


def _alive(pid: int) -> str:
    """Where there is no /proc: whether the process is there at all."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "alive"
    return "alive"
