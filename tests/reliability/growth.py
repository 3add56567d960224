"""R21: nothing grows for ever, and nobody waits for word of a backup that fails.

A thousand releases with a day each under the policy; two hundred runs in Dagster's memory, which keeps twenty (each
takes it some tenths of a second, so a thousand would be minutes); thirty backups to a folder that lacks. The controls
are the same without pruning and forgetting runs.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pyarrow as pa

from pipelines.orchestration import instance
from tests.reliability.board import Figure, figure
from tests.reliability.zygote import home_in, keep, scratch
from tests.small_release import COUNTS, SECRETS
from transport.base.settings import Settings
from transport.operations import alerts, backup
from transport.releases.store import Content, Release, Releases
from transport.storage.landing import open_landing

_FIRST = datetime(2024, 1, 1, 5, tzinfo=UTC)
_DAY = timedelta(days=1)
_REAL = 20
"""Every so many releases one is published, and so many runs one has events; the others are as cheap as can be."""
_MOST = 20
"""Runs that Dagster may remember here."""
_ROWS = pa.table({"n": pa.array(range(100)), "version": pa.array([1] * 100, pa.int32())})


def size_of(folder: Path) -> int:
    """Bytes on disk below a folder; what is linked twice counts once."""
    found = {(s.st_dev, s.st_ino): s.st_blocks * 512 for p in folder.rglob("*") for s in [p.lstat()]}
    return sum(found.values())


def releases(settings: Settings, days: int, *, prune: bool) -> tuple[int, int]:
    """A release a day; how many are kept at most, and the bytes at the end."""
    kept = Releases(settings)
    most = 0
    for day in range(days):
        now = _FIRST + day * _DAY
        current = kept.current()
        if current is None or day % _REAL == 0:
            books = pa.table({"version": pa.array([day], pa.int32())})
            contents = [Content(COUNTS, table=_ROWS), Content(SECRETS, table=books)]
            facts = {"published_at": now.isoformat(), "version": day}
            parent = current.name if current else None
            kept.publish(kept.next_name(now), contents, lambda _told: [], facts, parent=parent)
        else:
            _again(kept, current, now)
        if prune:
            for name in kept.expired(now=now):
                kept.remove(name)
        most = max(most, len(kept.names()))
    return most, size_of(settings.releases)


def _again(kept: Releases, current: Release, now: datetime) -> None:
    """A release of the same content a day later, as a copy: to publish a thousand takes minutes."""
    name = kept.next_name(now)
    folder = kept.folder / name
    shutil.copytree(current.folder, folder)
    said = current.manifest | {"release": name, "parent": current.name, "published_at": now.isoformat()}
    (folder / "manifest.json").chmod(0o644)
    (folder / "manifest.json").write_text(json.dumps(said))
    os.utime(folder)
    kept.point(name)


@dg.job(name="r21")
def _nothing() -> None:
    """A job of no step: what is asked here is what is left of a run, not what it does."""


def runs(home: Path, count: int, *, forgets: bool) -> tuple[int, int]:
    """So many runs that ended; how many are remembered, and the bytes of their folder."""
    with instance.open_instance(home) as memory:
        for number in range(count):
            run = memory.create_run_for_job(_nothing, status=dg.DagsterRunStatus.SUCCESS)
            if number % _REAL == 0:  # an event makes a file of its own, which takes a third of a second
                memory.report_engine_event("ended " * 20, run)
            left = instance.folder(home) / "storage" / run.run_id
            left.mkdir(parents=True)
            (left / "output").write_bytes(bytes(20_000))
            if forgets and (number % 25 == 0 or number == count - 1):
                instance.forget_old_runs(memory, days=30, most=_MOST, now=datetime.now(UTC))
        return memory.get_runs_count(), size_of(instance.folder(home))


def failed_backups(settings: Settings, nights: int) -> list[str]:
    """Nights on which the backup's folder lacks: the first one fires, and the last that was whole stays known."""
    wrong: list[str] = []
    keep(open_landing(settings), 0)
    well = datetime.now(UTC)
    with backup.recording_outcome(settings, settings.home.parent / "backups", lambda: well) as ended:
        ended(backup.back_up(settings, settings.home.parent / "backups", now=well))
    if any(a.id == "backup" for a in alerts.firing(settings, well)):
        wrong.append("a whole backup fires")
    blocked = settings.home.parent / "a file"
    blocked.touch()
    told = 0
    for night in range(1, nights + 1):
        now = well + night * timedelta(minutes=20)
        with (
            suppress(OSError),
            backup.recording_outcome(settings, blocked / "to", lambda at=now: at) as ended,
        ):
            ended(backup.back_up(settings, blocked / "to", now=now))
        fires = [a for a in alerts.firing(settings, now) if a.id == "backup"]
        said = backup.last(settings)
        if not fires or fires[0].urgency != "now":
            wrong.append(f"night {night}: nobody is woken")
        if said is None or (said.status, said.taken_at) != ("failed", well):
            wrong.append(f"night {night}: the home remembers {said}")
        told += sum(t.began for t in alerts.notify(settings, fires, now))
    return wrong


@figure("R21")
def r21(scale: float, seed: int) -> Figure:
    """A thousand releases, runs that Dagster forgets, thirty failed backups."""
    began = time.monotonic()
    days, count = max(60, round(1_000 * scale)), max(30, round(200 * scale))
    control_days = min(days, 80)
    with scratch() as folder:
        settings = home_in(folder / "home")
        most, size = releases(settings, days, prune=True)
        bound = settings.release_days + settings.release_months + 4
        one = size / max(1, len(Releases(settings).names()))
        wrong = [f"{most} releases were kept at once; the policy keeps {bound}"] if most > bound else []
        remembered, memory = runs(settings.home, count, forgets=True)
        if remembered > _MOST:
            wrong.append(f"Dagster remembers {remembered} runs; {_MOST} are the most")
        per_run = memory / remembered
        wrong += failed_backups(home_in(folder / "nights" / "home"), 30)
        unpruned, loose = releases(home_in(folder / "loose"), control_days, prune=False)
        all_runs, unforgotten = runs(folder / "loose", 2 * _MOST, forgets=False)
        if memory > unforgotten * 2:
            wrong.append(f"Dagster's folder takes {memory >> 20} MB after {count} runs that were tidied away")
    return Figure(
        "R21",
        "releases by the policy, Dagster's memory bounded, the first failed backup wakes somebody",
        days + count + 30,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"{unpruned} of {control_days} releases kept without pruning, {all_runs} runs where none is forgotten",
        control_saw=unpruned == control_days and loose > 0 and all_runs > _MOST,
        facts={
            "releases kept at most": most,
            "bytes of releases": size,
            "bytes a release": round(one),
            "runs remembered": remembered,
            "bytes of Dagster's folder": memory,
            "bytes a run": round(per_run),
        },
    )
