"""`dif simulate`: synthetic national traffic as batch files."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from catalog.domain import calendar
from catalog.errors import BadOption
from pipelines.cli.commands import screen
from transport.base.settings import load
from transport.ingest import inbox
from transport.storage import landing


def simulate(
    *, dispatches: int = 1_000_000, months: int = 12, seed: int = 1, out: Path | None = None, until: str | None = None
) -> int:
    """Make synthetic national traffic as batch files in the shape of an inbox, arrivals spread in time.

    Args:
        dispatches: how many over the whole period; states, use, invoices and costs follow from them.
        months: how many whole months.
        seed: equal seeds give equal content.
        out: the folder; the home's inbox when not given.
        until: a date; the last month is the last whole one before it. Today when not given.
    """
    if dispatches < 1 or months < 1:
        raise BadOption("--dispatches" if dispatches < 1 else "--months", min(dispatches, months), "at least 1")
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError:
        raise BadOption("--until", until, "a date like 2026-11-01") from None
    folder = out or load().inbox
    rows, files = write(folder, dispatches=dispatches, months=months, seed=seed, until=day)
    screen.out(f"{files} synthetic batches, {rows} records, in {folder}. `dif run` takes in what is in the inbox.")
    return 0


def write(folder: Path, *, dispatches: int, months: int, seed: int, until: date | None = None) -> tuple[int, int]:
    """Write the batches, and report progress.

    Returns:
        Records and files.
    """
    from assets import simulate as simulator

    plan = simulator.Plan.before(
        until or calendar.day_in_oslo(landing.utc_now()), dispatches=dispatches, months=months, seed=seed
    )
    began = shown = time.monotonic()
    rows = files = 0
    for batch in simulator.batches(plan):
        inbox.drop(
            folder,
            batch.stream,
            simulator.PRODUCER,
            batch.name,
            batch.table,
            synthetic=True,
            arrived_at=batch.arrived_at,
        )
        rows, files = rows + batch.table.num_rows, files + 1
        if sys.stderr.isatty() and time.monotonic() - shown > 1:
            shown = time.monotonic()
            sys.stderr.write(f"\r\033[K{shown - began:6.1f} s  synthetic traffic  {batch.name}, {rows} records")
    text = f"{files} batches, {rows} records, marked synthetic"
    screen.say(f"\r{time.monotonic() - began:6.1f} s  {'synthetic traffic':<32} {text}")
    return rows, files
