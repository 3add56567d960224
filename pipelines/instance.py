"""Dagster's own memory of runs, in a folder of the home: no environment, telemetry off, killed runs ended."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from transport.settings import PROJECT

YAML = PROJECT / "dagster.yaml"
"""One configuration, for `dagster dev` in the project and for the home's own instance."""
PID, HOST, BORN = "dif/pid", "dif/host", "dif/born"


def folder(home: Path) -> Path:
    """Where Dagster keeps its runs; `make up` gives it as DAGSTER_HOME."""
    return home / "dagster"


def open_instance(home: Path) -> dg.DagsterInstance:
    """The instance of a home, made at first use."""
    path = folder(home)
    path.mkdir(parents=True, exist_ok=True)
    if not (path / "dagster.yaml").exists():
        (path / "dagster.yaml").write_text(YAML.read_text("utf-8"), "utf-8")
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(path)))


def own_tags() -> dict[str, str]:
    """Tags that say which process a run lives in."""
    return {PID: str(os.getpid()), HOST: socket.gethostname(), BORN: _born(os.getpid())}


def end_killed(instance: dg.DagsterInstance) -> list[str]:
    """Mark as failed the runs of this host that say they are going on, but whose process is gone.

    Returns:
        The ids of the runs.
    """
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES, tags={HOST: socket.gethostname()})):
        pid = run.tags.get(PID, "0")
        if not run.tags.get(BORN) or _born(int(pid)) != run.tags[BORN]:
            instance.report_run_failed(run, f"The process {pid} of this run is gone.")
            ended.append(run.run_id)
    return ended


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
