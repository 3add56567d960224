"""`dif sql`, `dif status`: looking, changing nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from catalog.errors import BadOption, SharingError, TryAgain
from pipelines.cli.present import status as present
from pipelines.cli.screen import Result, Table, command, render, show
from transport.base.settings import Settings, load
from transport.ingest import inbox
from transport.operations import alerts, backup, server_state
from transport.releases import sql as locked_sql
from transport.releases.store import Release, Releases, age_hours
from transport.storage import backends
from transport.storage.backends import read_without_lock
from transport.storage.journal import CLOCK_TOLERANCE
from transport.storage.landing import Landing, open_landing, utc_now
from transport.telemetry import event_log


def sql(
    query: str,
    /,
    *,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002 - the name of the flag
    release: str = "current",
    json: bool = False,
) -> int:
    """Ask a release in SQL. Read-only and locked: what is attached can be read, nothing else can be reached.

    Args:
        query: anything that gives rows: `from uptake.funnel limit 5`.
        format: how the answer is printed.
        release: which one; the current one when not given.
        json: the same as `--format json`.
    """
    if json and format not in ("table", "json"):
        raise BadOption("--format", format, "left out, with --json")
    settings = load()
    answer = locked_sql.query(settings, Releases(settings).get(release), query)
    if format == "csv":
        pacsv.write_csv(_flat(answer), sys.stdout.buffer)
    elif format == "parquet":
        if sys.stdout.isatty():
            raise BadOption("--format", format, "another format on a terminal, or redirect parquet to a file with >")
        sink = pa.BufferOutputStream()
        pq.write_table(answer, sink)
        sys.stdout.buffer.write(sink.getvalue())
    elif json or format == "json":
        render(Result(answer.to_pylist()), as_json=True)
    else:
        show([Table(answer.to_pylist(), answer.column_names, empty="No rows.", null="NULL")])
    return 0


def _flat(table: pa.Table) -> pa.Table:
    """The table with lists as text, since CSV has none."""
    for index, column in enumerate(table.schema):
        if pa.types.is_nested(column.type):
            table = table.set_column(
                index,
                column.name,
                pa.array([None if v is None else str(v) for v in table[column.name].to_pylist()], pa.string()),
            )
    return table


@command()
def status() -> Result:
    """One screen of how things are."""
    settings = load()
    with read_without_lock(store_patience=_STORE_PATIENCE) as held_by:
        facts = _facts(settings, held_by)
    return Result(facts, present.status(facts))


def _facts(settings: Settings, held_by: Sequence[str]) -> dict[str, Any]:
    landing, here, away = _stores(settings)
    releases = Releases(here)
    current, attempt = releases.current(), releases.last_attempt()
    rejected, stuck = settings.inbox / "rejected", inbox.stuck(settings)
    return {
        "home": str(settings.home),
        "release": current.name if current else None,
        "age_hours": round(age_hours(current, utc_now()), 1) if current else None,
        "through_month": current.manifest.get("through_month") if current else None,
        "checks": current.manifest.get("checks") if current else None,
        "waiting_files": len(inbox.pending(settings)),
        "rejected_files": sum(1 for _ in rejected.rglob("*.reason.json")) if rejected.is_dir() else 0,
        "stuck_files": [{"file": place, "problem": why} for place, why in stuck],
        "ignored_files": [{"file": place, "why": why} for place, why in inbox.ignored(settings)],
        "last_attempt": dict(attempt),
        "last_backup": _backup(settings),
        "stores_away": away,
        "last_24_hours": _received(settings),
        "pending": _pending(current, landing) if landing else None,
        "erased": _erased(landing) if landing else None,
        "missing_deliveries": _missing(current),
        "servers": _servers(settings),
        "engine": _engine(here),
        "nobody_let_in": trouble.as_json() if (trouble := server_state.nobody_let_in(settings)) else None,
        "disk_free_bytes": backends.free_bytes(settings),
        "alerts": [a.as_json() for a in alerts.firing(here, utc_now())] if landing else None,
        "landing_held_by": held_by[0] if held_by else None,
        "streams": _landed(landing) if landing else None,
    }


def _landed(landing: Landing) -> list[dict[str, object]]:
    """Batches, rows and the last receipt of each stream."""
    now = utc_now()
    streams: dict[str, dict[str, object]] = {}
    for entry in landing.entries:
        tally = streams.setdefault(entry.stream, {"stream": entry.stream, "batches": 0, "rows": 0, "last_received": ""})
        tally["batches"] = int(str(tally["batches"])) + 1
        tally["rows"] = int(str(tally["rows"])) + entry.rows
        # a batch dated ahead says nothing of when the last one came
        received = entry.received_at.isoformat(timespec="seconds") if entry.received_at - now <= CLOCK_TOLERANCE else ""
        tally["last_received"] = max(str(tally["last_received"]), received)
    return [*streams.values()]


def _stores(settings: Settings) -> tuple[Landing | None, Settings, list[dict[str, str]]]:
    """Connect to each store once: every attempt at an unreachable store waits for its time-out.

    Returns:
        The landing, None while its store is away; the settings to read releases by, which are those of the copies here
        while the store of releases is away; and the stores that are away, for a program.
    """
    landing, here, away = None, settings, []
    try:
        landing = open_landing(settings)
    except TryAgain as problem:
        if not settings.landing_url:
            raise
        away.append(_away("landing_url", settings.landing_url, problem))
    try:
        if settings.releases_url:
            _run_by(settings)
    except TryAgain as problem:
        away.append(_away("releases_url", settings.releases_url, problem))
        here = settings.but(lake_url="", releases_url="")
    return landing, here, away


def _away(setting: str, url: str, problem: SharingError) -> dict[str, str]:
    from transport.cluster.object_store import endpoint_in

    return {"setting": setting, "address": url, "endpoint": endpoint_in(problem), "problem": problem.problem}


def _run_by(settings: Settings) -> str:
    """The holder of the lease, where machines share releases; empty when it is free."""
    from transport.cluster.lease import holder_of
    from transport.cluster.releases import folder_of

    return holder_of(folder_of(settings))


_STORE_PATIENCE = 2.0
"""Seconds for which object storage that does not answer is asked again."""


def _received(settings: Settings) -> dict[str, int]:
    """What the servers received in the last 24 hours, from the log."""
    counted = {"batches": 0, "rows": 0, "duplicate": 0, "refused": 0}
    for line in event_log.lines(settings, "batches", since=utc_now() - timedelta(hours=24)):
        rows, outcome = line.get("rows"), line.get("outcome")
        if outcome == "accepted":
            counted["batches"] += 1
            counted["rows"] += rows if isinstance(rows, int) else 0
        elif outcome in {"duplicate", "refused"}:
            counted[str(outcome)] += 1
    return counted


def _backup(settings: Settings) -> dict[str, str] | None:
    """The outcome of the last backup, for a program; None if none was ever taken from here."""
    try:
        last = backup.last(settings)
    except ValueError:
        return {"status": "unknown", "at": "", "problem": "backup.json cannot be read"}
    if last is None:
        return None
    status = "failed" if last.failed(utc_now()) else last.status
    return {"status": status, "at": last.at.isoformat(timespec="seconds"), "problem": last.problem}


def _engine(settings: Settings) -> dict[str, Any] | None:
    """Who makes tables and who may run, for a program; None where this machine does all by itself."""
    if settings.engine == "local" and not settings.releases_url:
        return None
    state: dict[str, Any] = {"engine": settings.engine, "address": settings.engine_address, "problem": ""}
    try:
        if settings.engine == "dask":
            from pipelines.cluster.dask_engine import workers_of

            workers, dashboard = workers_of(settings)
            state |= {"workers": len(workers), "tasks": sum(workers.values()), "dashboard": dashboard}
        if settings.releases_url:
            state["run_by"] = _run_by(settings) or None
    except (SharingError, ImportError) as problem:
        state["problem"] = str(problem)
    return state


def _servers(settings: Settings) -> dict[str, object] | None:
    """The addresses of the servers, for a program; None if none run here."""
    try:
        servers = server_state.servers_of(settings)
    except ValueError as problem:
        return {"problem": str(problem)}
    return {**servers.as_json(), "token_needed": server_state.token_needed(settings, servers)} if servers else None


def _pending(current: Release | None, landing: Landing) -> dict[str, int]:
    """Batches that landed, were withdrawn or were reinstated, and are in no release yet."""
    journal = current.section("made_of").get("journal") if current else None
    upto = journal[0] if journal else 0
    waiting = [e for e in landing.entries if e.number > upto and landing.withdrawal(e) is None]
    marked = [landing.entry(n) for n in {m.of for m in landing.marks if m.number > upto >= m.of}]
    counted = [(landing.withdrawal(e, upto=upto) is None, landing.withdrawal(e) is None) for e in marked]
    return {
        "batches": len(waiting),
        "rows": sum(e.rows for e in waiting),
        "withdrawals": counted.count((True, False)),
        "undone": counted.count((False, True)),
    }


def _erased(landing: Landing) -> dict[str, int]:
    """What tombstones stand for: batches that are gone, with their rows, and rows gone from batches that stay."""
    gone = [landing.entry(n) for erasure in landing.erasures for n in erasure.batches]
    rows = sum(r.rows_erased for erasure in landing.erasures for r in erasure.rewritten)
    unfinished = len(landing.unfinished)
    return {"batches": len(gone), "rows": sum(e.rows for e in gone) + rows, "unfinished": unfinished}


def _missing(current: Release | None) -> dict[str, object] | None:
    """How many organisations lack a due delivery, and since when; None if the release cannot tell."""
    try:
        deliveries = alerts.missing_deliveries(current) if current else None
    except (OSError, pa.ArrowException):  # `dif doctor` reports an unreadable file
        return None
    if deliveries is None:
        return None
    return {
        "organisations": len({delivery.organisation_number for delivery in deliveries}),
        "late_from": min((delivery.late_from.isoformat() for delivery in deliveries), default=None),
        "synthetic": any(delivery.synthetic for delivery in deliveries),
    }
