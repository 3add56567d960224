"""The batches that a run sees, their rows as scans, and checks that their files are as they landed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from catalog.contracts.columns import TIMESTAMP
from catalog.contracts.language import StreamContract
from catalog.contracts.scan import Files, LandedIn, Query, Scan, Values, empty
from catalog.domain import calendar
from catalog.errors import Damaged, WrongUse
from catalog.tables.streams import STREAMS
from pipelines.run.context import RunContext
from transport.base.atomic_files import sha256_of
from transport.storage import landing
from transport.storage.batch_file import content_sha256_of, landed_schema
from transport.storage.journal import Entry, Mark


def is_seen(run: RunContext, entry: Entry) -> bool:
    """Whether the run sees a batch: all; a replay only those received by `as_of`, or up to a journal number."""
    if run.upto is not None:
        return entry.number <= run.upto
    return not run.replay or entry.received_at <= run.as_of


def withdrawal(run: RunContext, entry: Entry) -> Mark | None:
    """The journal line that withdraws the batch, if the run sees it."""
    as_of = run.as_of if run.replay and run.upto is None else None
    return run.landing.withdrawal(entry, upto=run.upto, as_of=as_of)


def seen(run: RunContext, stream: StreamContract | None = None) -> list[Entry]:
    """The batches that the run sees, of one stream or all, including withdrawn ones."""
    entries = run.landing.of(stream.name) if stream else run.landing.entries
    return [e for e in entries if is_seen(run, e)]


def live(run: RunContext, stream: StreamContract | None = None) -> list[Entry]:
    """The batches that count: seen, and not withdrawn."""
    return [e for e in seen(run, stream) if not withdrawal(run, e)]


def last_whole_month(run: RunContext, through: date) -> date | None:
    """The last month before `through` for which any stream that measures use has rows."""
    of_use = {s.name for s in STREAMS.values() if s.measures_use}
    months = {date.fromisoformat(m) for e in live(run) if e.stream in of_use for m in e.months}
    return max((m for m in months if m < through), default=None)


def rows_of(run: RunContext, stream: StreamContract, entries: list[Entry]) -> Scan:
    """The rows of batches, each with its file and row number."""
    if not entries:
        return empty(landed_schema(stream, located=True))
    files = {str(run.landing.place_of_file(e)): run.landing.file_sha256(e) for e in entries}
    return Files(
        landed_schema(stream),
        tuple(files),
        landing.fingerprint(entries),
        sums=tuple(files.values()),
        batches=tuple(
            LandedIn(str(run.landing.place_of_file(e)), e.file, e.received_at, e.number, packed=bool(e.packed_in))
            for e in entries
        ),
    )


def withdrawn_rows(run: RunContext, stream: StreamContract, entries: list[Entry]) -> Scan:
    """The rows of withdrawn batches. For a lost file, which may be why it was withdrawn, the journal's row counts."""
    lost = [e for e in entries if not is_whole(run, e)]
    if not lost:
        return rows_of(run, stream, entries)
    kind = stream[stream.month_of].type
    begun = {m: calendar.start_of(date.fromisoformat(m)) for e in lost for m in e.months}
    each = [(e.file, m, rows) for e in lost for m, rows in e.months.items()]
    moments = pa.chunked_array(
        [
            pa.repeat(pa.scalar(begun[m] if pa.types.is_timestamp(kind) else date.fromisoformat(m), kind), rows)
            for _, m, rows in each
        ],
        kind,
    )
    # which batches they are of: two pieces of a month that lost as many rows are two pieces still
    of = pa.chunked_array([pa.repeat(pa.scalar(file), rows) for file, _, rows in each], pa.string())
    intact_rows = rows_of(run, stream, [e for e in entries if e not in lost])
    names = [c.name for c in stream.columns if c.name in (stream.month_of, "service")]
    by = f"select {', '.join(names)} from there"  # noqa: S608 - a contract's own words
    gone = Values(pa.table({stream.month_of: moments, "batch": of}))
    both = f"{by} union all by name select {stream.month_of} from gone"  # noqa: S608 - as above
    return Query(both, {"there": intact_rows, "gone": gone})


def rows_with_withdrawals(run: RunContext, stream: StreamContract, month: date | None) -> Scan:
    """The landed rows of a month with `withdrawn_at`, of all batches that the run sees; null where a batch counts.

    Of withdrawn batches those whose file is whole: it may have been lost, which may be why. The parameter `last_at`
    tells when the last of them came or was withdrawn.
    """
    entries, moments, times = [], dict[str, datetime](), list[datetime]()
    for entry in seen(run, stream):
        if month is not None and month.isoformat() not in entry.months:
            continue
        gone = withdrawal(run, entry)
        times += [entry.received_at, *([gone.received_at] if gone else [])]
        if gone:
            if not is_whole(run, entry):
                continue
            moments[entry.file] = gone.received_at
        entries.append(entry)
    landed = rows_of(run, stream, entries)
    if not moments:
        return Query(
            "select *, null::timestamptz as withdrawn_at from batch_row",
            {"batch_row": landed},
            {"last_at": max(times, default=None)},
        )
    withdrawn = pa.table(
        {"filename": pa.array(moments, pa.string()), "withdrawn_at": pa.array(moments.values(), TIMESTAMP)}
    )
    sql = "select batch_row.*, withdrawn_at from batch_row left join withdrawn_batch using (filename)"
    return Query(
        sql, {"batch_row": landed, "withdrawn_batch": Values(withdrawn)}, {"last_at": max(times, default=None)}
    )


def check_files(run: RunContext, entries: Iterable[Entry]) -> None:
    """Report a batch that is missing, or that only a newer version of the product reads, before a computation fails.

    Existing files are checked against their hash when they are read (`repair`); files from before there was a hash are
    checked here.

    Raises:
        Damaged: a file to be read is missing, or is not what landed.
        WrongUse: it landed under a later version of its contract.
    """
    present, missing = run.present, dict[str, Entry]()
    for entry in entries:
        version = STREAMS[entry.stream].version
        if entry.contract_version > version:
            raise WrongUse(
                f"Batch {entry.stream}/{entry.producer}/{entry.batch_id} landed under version {entry.contract_version} "
                f"of its contract, and this version of the product knows version {version}.",
                "Run the version that took it in, or go back by a backup: docs/operator.md, “Upgrade, and back”.",
            )
        place = run.landing.place(entry)
        if place not in present and run.landing.place_of_file(entry).exists():
            present.add(place)
        elif place not in present:
            missing[place] = entry
        if not run.landing.file_sha256(entry) and not is_whole(run, entry):
            raise _not_landed(entry, "differs from what landed")
    present |= _in_backend(run, missing)
    for place, entry in missing.items():
        if place not in present:
            raise _not_landed(entry, "is missing from the landing")


def _in_backend(run: RunContext, names: Collection[str]) -> set[str]:
    """Those that the backend has. It lists a thousand names in the time that it tells of one."""
    backend = run.landing.backend
    if run.settings.landing_url and len(names) * _LISTED > len(run.landing.entries) * _TOGETHER:
        return set(backend.names()).intersection(names)
    with ThreadPoolExecutor(_TOGETHER) as pool:
        return {name for name, size in zip(names, pool.map(backend.size, names), strict=True) if size is not None}


_LISTED, _TOGETHER = 1000, 8
"""Names in one answer of object storage, and how many of its answers are waited for at a time."""


def check_not_landed(run: RunContext, path: Path) -> None:
    """Report which batch a damaged file belongs to, if any.

    Raises:
        Damaged: the file is in the landing, which cannot be made again.
    """
    for entry in run.landing.entries:
        if run.landing.place_of_file(entry) == path:
            raise _not_landed(
                entry,
                "differs from what landed" if not entry.packed_in else "is in a file that differs from what landed",
            )


def is_whole(run: RunContext, entry: Entry) -> bool:
    """Whether the file that holds a batch is as it was written; each file is read once per run."""
    path, written = run.landing.file(entry), run.landing.file_sha256(entry)
    if path not in run.lake.sound:
        try:
            whole = sha256_of(path) == written if written else content_sha256_of(path, entry) == entry.sha256
        except (pa.ArrowException, OSError, ValueError):
            whole = False
        if whole:
            run.lake.sound.add(path)
    return path in run.lake.sound


def _not_landed(entry: Entry, how: str) -> Damaged:
    return Damaged(
        f"Batch {entry.stream}/{entry.producer}/{entry.batch_id} {how}.",
        "Run `dif doctor --mend`: it restores the batch from a mirror or backup (--from), or names who must send it "
        "again. `dif withdraw` gives it up.",
    )
