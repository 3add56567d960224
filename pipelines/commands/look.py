"""`dif sql`, `dif status`, `dif doctor`: looking, changing nothing."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Literal

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from catalog.errors import BadOption, SharingError
from pipelines.commands import screen
from transport import inbox, landing
from transport import sql as locked_sql
from transport.doctor import examine
from transport.release import Releases, age_hours
from transport.settings import Settings, load


def sql(
    query: str,
    /,
    *,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002 - the name of the flag
    release: str = "current",
) -> int:
    """Ask a release in SQL. Read-only and locked: what is attached can be read, nothing else can be reached.

    Args:
        query: anything that gives rows: `from uptake.funnel limit 5`.
        format: how the answer is printed.
        release: which one; the current one when not given.
    """
    settings = load()
    answer = locked_sql.query(settings, Releases(settings).get(release), query)
    if format == "csv":
        pacsv.write_csv(_flat(answer), sys.stdout.buffer)
    elif format == "parquet":
        if sys.stdout.isatty():
            raise BadOption("--format", format, "another form on a terminal, or send parquet to a file with >")
        sink = pa.BufferOutputStream()
        pq.write_table(answer, sink)
        sys.stdout.buffer.write(sink.getvalue())
    elif format == "json":
        screen.as_json(answer.to_pylist())
    else:
        screen.table(answer.to_pylist(), answer.column_names, empty="No rows.")
    return 0


def _flat(table: pa.Table) -> pa.Table:
    """CSV has no lists: they are written as text."""
    for index, column in enumerate(table.schema):
        if pa.types.is_nested(column.type):
            table = table.set_column(
                index,
                column.name,
                pa.array([None if v is None else str(v) for v in table[column.name].to_pylist()], pa.string()),
            )
    return table


def status(*, json: bool = False) -> int:
    """One screen of how things are.

    Args:
        json: for a program.
    """
    settings = load()
    releases = Releases(settings)
    current, attempt = releases.current(), releases.last_attempt()
    kept = landing.Landing(settings.landing)
    streams: dict[str, dict[str, object]] = {}
    for entry in kept.entries:
        said = streams.setdefault(entry.stream, {"stream": entry.stream, "batches": 0, "rows": 0, "last_received": ""})
        said["batches"] = int(str(said["batches"])) + 1
        said["rows"] = int(str(said["rows"])) + entry.rows
        said["last_received"] = max(str(said["last_received"]), entry.received_at.isoformat(timespec="seconds"))
    rejected = settings.inbox / "rejected"
    facts = {
        "home": str(settings.home),
        "release": current.name if current else None,
        "age_hours": round(age_hours(current, landing.utc_now()), 1) if current else None,
        "through_month": current.manifest.get("through_month") if current else None,
        "checks": current.manifest.get("checks") if current else None,
        "waiting_files": len(inbox.pending(settings)),
        "rejected_files": sum(1 for _ in rejected.rglob("*.reason.json")) if rejected.is_dir() else 0,
        "last_attempt": dict(attempt),
        "streams": list(streams.values()),
    }
    if json:
        screen.as_json(facts)
        return 0
    screen.out(f"Home            {settings.home}")
    screen.out(f"Release         {facts['release'] or 'none yet: `make run` or `dif run` makes the first'}")
    if current:
        screen.out(
            f"                {facts['age_hours']} hours old, figures through {str(facts['through_month'])[:7]}, "
            f"{_checks(facts['checks'])} checks passed"
        )
    if attempt:
        screen.out(f"Last run        {attempt['status']} at {attempt['at']}")
        if attempt["status"] == "failed":
            screen.out(f"                {attempt['problem']}\n                → {attempt['mend']}")
    screen.out(
        f"Inbox           {facts['waiting_files']} files wait, "
        f"{facts['rejected_files']} were rejected (see inbox/rejected/)"
    )
    screen.out("")
    screen.table(list(streams.values()), empty="Nothing has landed.")
    return 0


def _checks(checks: object) -> object:
    return checks.get("passed") if isinstance(checks, dict) else 0


def _unattended(settings: Settings) -> list[tuple[str, str, str]]:
    """What waits for a person: a failed run, refused files, rows set aside by conflict."""
    found = []
    attempt = Releases(settings).last_attempt()
    if attempt.get("status") == "failed":
        found.append((f"last run, {attempt['at']}", str(attempt["problem"]), str(attempt["mend"])))
    rejected = settings.inbox / "rejected"
    reasons = sorted(rejected.rglob("*.reason.json")) if rejected.is_dir() else []
    if reasons:
        problem = f"{len(reasons)} files were refused, the first {reasons[0].name.removesuffix('.reason.json')}"
        found.append(
            ("inbox/rejected", problem, "Have them mended and sent again, then remove them and their reasons.")
        )
    return found


def doctor(*, json: bool = False) -> int:
    """Find what is wrong, and say the mend.

    Args:
        json: for a program.
    """
    settings = load()
    try:
        found = examine(settings)
    except SharingError as broken:
        found = [("journal", broken.problem, broken.mend)]
    found += _unattended(settings)
    if json:
        screen.as_json([{"where": w, "problem": p, "mend": m} for w, p, m in found])
    elif not found:
        screen.out(f"All is well in {settings.home} ({datetime.now().astimezone():%Y-%m-%d %H:%M}).")
    for where, problem, mend in () if json else found:
        screen.out(f"{where}: {problem}\n  → {mend}")
    return 1 if found else 0
