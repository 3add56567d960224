"""Steps of this machine's clock, found by comparing it with the time since the machine started.

`home/clock.json` records both once for each start of the machine. From then on they should run alike; the difference is
how far somebody, or a time server, has put the clock. A clock that was wrong from the start is seen only by the
journal's lines (`Landing.dated_in_the_future`).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from transport.base import atomic_files
from transport.base.settings import Settings
from transport.storage.journal import CLOCK_TOLERANCE
from transport.storage.landing import utc_now

_START = Path("/proc/sys/kernel/random/boot_id")
_UPTIME = Path("/proc/uptime")
"""Seconds since the machine started, also those in which it slept. Read from here, since a clock that is faked for one
process is not faked here."""

_LONGEST = 1e10
"""Seconds that no machine has run."""


def note(settings: Settings, *, anew: bool = False) -> None:
    """Record the clock, once for each start of the machine; `anew` accepts the clock as it is."""
    start = _started()
    if start is not None and settings.home.is_dir() and (anew or _noted(settings, start[0]) is None):
        record = {"start": start[0], "uptime": start[1], "at": utc_now().isoformat()}
        atomic_files.write_json(_file(settings), record)


def step(settings: Settings) -> timedelta | None:
    """How far the clock was put since it was recorded, forwards or back; None if by less than a minute or unknown."""
    start = _started()
    noted = _noted(settings, start[0]) if start else None
    if start is None or noted is None:
        return None
    uptime, at = noted
    put = utc_now() - at - timedelta(seconds=start[1] - uptime)
    return put if abs(put) > CLOCK_TOLERANCE else None


def _started() -> tuple[str, float] | None:
    """The id of the machine's current boot, and the seconds since; None if the system does not say."""
    try:
        return _START.read_text("ascii").strip(), float(_UPTIME.read_text("ascii").split()[0])
    except (OSError, ValueError):
        return None


def _noted(settings: Settings, start: str) -> tuple[float, datetime] | None:
    """Seconds since that start of the machine, and the clock then; None if nothing readable is recorded."""
    try:
        record = json.loads(_file(settings).read_text("utf-8"))
        uptime, at = float(record["uptime"]), datetime.fromisoformat(record["at"])
        readable = record["start"] == start and at.tzinfo is not None and 0 <= uptime <= _LONGEST
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return (uptime, at) if readable else None


def _file(settings: Settings) -> Path:
    return settings.home / "clock.json"
