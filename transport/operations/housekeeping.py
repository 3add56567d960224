"""What keeps a home from growing: old logs and abandoned files are removed, and small batches packed.

`dif tidy` does it, each hour by a timer; so does the supervisor, where that runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from catalog.errors import Busy
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.storage import compaction
from transport.storage.landing import open_landing
from transport.telemetry import counters, event_log

_ABANDONED = 3600
"""Seconds after which a temporary file is abandoned: every reader, stream and write has shorter limits."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done.

    Attributes:
        removed: abandoned temporary files, and receipts older than the log.
        logs: days of logs that are no longer kept.
        packed: batches that went into a larger file.
        files: such files.
        damaged: batches that were left as they are.
        busy: a run has the home, so nothing was packed; the next call does.
    """

    removed: int
    logs: int
    packed: int = 0
    files: int = 0
    damaged: tuple[str, ...] = ()
    busy: bool = False


def tidy(settings: Settings, now: datetime, *, until: Callable[[], bool] = lambda: False) -> Tidied:
    """Remove and pack what is due. Files are packed one at a time, so that a run waits for one at most.

    Args:
        settings: the home.
        now: decides what is old, and which months are past.
        until: whether to end before the next file.
    """
    removed, logs = janitor(settings), event_log.tidy(settings, now)
    packed = files = 0
    damaged: dict[str, None] = {}
    more, busy = True, False
    while more and not until():
        try:
            with atomic_files.locked(settings.home, doing=atomic_files.TIDYING):
                done = compaction.pack(open_landing(settings), now=now, most=1)
        except Busy:
            busy = True
            break
        packed, files = packed + done.batches, files + done.files
        damaged |= dict.fromkeys(done.damaged)
        more = done.files > 0
        if more or done.damaged:
            facts = {"batches": done.batches, "files": done.files, "damaged": " ".join(done.damaged)[:200]}
            event_log.EventLog(settings).event("packed", **facts)
    return Tidied(removed, logs, packed, files, tuple(damaged), busy)


def janitor(settings: Settings) -> int:
    """Remove temporary files not written to for an hour, and receipts older than the log; takes no lock.

    Returns:
        How many were removed.
    """
    places = [settings.landing, settings.lake, settings.home / "access"]
    count = sum(
        atomic_files.sweep(p, older_than=_ABANDONED) for p in [*places, *([settings.mirror] if settings.mirror else [])]
    )
    count += atomic_files.sweep(settings.inbox, older_than=_ABANDONED, ending=".json")  # receipts; others are senders'
    count += atomic_files.sweep(settings.scratch / "landing", older_than=_ABANDONED)
    until = time.time() - settings.log_days * 86_400
    for receipt in settings.inbox.rglob("*.receipt.json") if settings.inbox.is_dir() else ():
        with suppress(FileNotFoundError):
            if receipt.stat().st_mtime <= until:
                receipt.unlink()
                count += 1
    half_releases = list(settings.releases.glob(f"{atomic_files.TEMPORARY}*"))
    # object storage keeps copies in `landing`; a server that nobody calls writes no counts, and still has their files
    kept = ("landing", counters.counter_folder(settings).name)
    scratch = [p for p in settings.scratch.glob("*") if p.name not in kept]
    for path in [*half_releases, *scratch]:
        with suppress(FileNotFoundError):
            newest = max(p.lstat().st_mtime for p in [path, *path.rglob("*")])
            if newest <= time.time() - _ABANDONED:
                atomic_files.remove(path)
                count += 1
    return count
