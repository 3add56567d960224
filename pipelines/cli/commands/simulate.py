"""`dif simulate`: synthetic national traffic as batch files."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.domain import calendar
from catalog.errors import BadOption
from pipelines.cli.screen import Result, command, passing, say
from transport.base.settings import load
from transport.ingest import inbox
from transport.storage import landing

if TYPE_CHECKING:
    from concurrent.futures import Future

    from assets.simulate import Plan

_WAITING = 16
"""Batches that may wait to be written: their thread waits for the interpreter, and with one all waited for it."""


@command(None)
def simulate(
    *, dispatches: int = 1_000_000, months: int = 12, seed: int = 1, out: Path | None = None, until: str | None = None
) -> Result:
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
    from assets import simulate as simulator

    today = calendar.day_in_oslo(landing.utc_now())
    rows, files = write(folder, simulator.Plan.before(day or today, dispatches=dispatches, months=months, seed=seed))
    done = f"{files} synthetic batches, {rows} records, in {folder}. `dif run` takes in what is in the inbox."
    return Result(lines=[done])


def write(folder: Path, plan: Plan) -> tuple[int, int]:
    """Write a plan's batches, and report progress. None arrives later than now: the journal's clock would be wrong.

    Batches are written while the next are made.

    Returns:
        Records and files.
    """
    from assets import simulate as simulator

    began, now = time.monotonic(), landing.utc_now()
    reported_at = began
    rows = files = 0
    dropping: deque[Future[Path]] = deque()
    with ThreadPoolExecutor(1) as pool:
        for batch in simulator.batches(plan):
            if len(dropping) == _WAITING:
                dropping.popleft().result()
            drop = pool.submit(
                inbox.drop,
                folder,
                batch.stream,
                simulator.PRODUCER,
                batch.name,
                batch.table,
                synthetic=True,
                arrived_at=min(batch.arrived_at, now),
            )
            dropping.append(drop)
            rows, files = rows + batch.table.num_rows, files + 1
            if time.monotonic() - reported_at > 1:
                reported_at = time.monotonic()
                passing(f"{reported_at - began:6.1f} s  synthetic traffic  {batch.name}, {rows} records")
        for drop in dropping:
            drop.result()
    text = f"{files} batches, {rows} records, marked synthetic"
    say(f"\r{time.monotonic() - began:6.1f} s  {'synthetic traffic':<32} {text}")
    return rows, files
