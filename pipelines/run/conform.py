"""The step that conforms a stream: its rows in force, its quarantine and its accounting of rows, month by month.

A month is made again only when one of its batches, a rule or a register that it depends on has changed. If few of its
rows are new, the rest is taken from the current release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow as pa

from assets import conform, reference
from assets.conform import Since
from assets.statements import statement
from catalog.contracts.language import PythonCheck, StreamContract
from catalog.contracts.scan import Query, Scan, Values, empty
from catalog.domain import calendar
from catalog.tables import conformed, registers
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import DISPATCH
from pipelines.engine import Month, OutputFile, Task, TaskResult, workers_by_month
from pipelines.run import batches
from pipelines.run.context import BuildResult, RunContext, Work, end_of_day
from pipelines.run.register_rows import register, with_registers
from pipelines.run.tables import LISTS, RESOLVE_CODES_WITH, conformed_tables
from transport.lake.session import Session
from transport.lake.tables import Lake, Part
from transport.storage.backends import check_room
from transport.storage.journal import Entry, group_of

_FEW = 0.25
"""The largest share of new rows with which the rest is reused; above it, making all rows again is as fast."""


def begin(run: RunContext, stream: StreamContract, months: Collection[date | None] = ()) -> Work:
    """Begin to conform a stream where it has changed: rows in force, quarantine, accounting.

    Args:
        run: the run.
        stream: which.
        months: make these even if nothing changed.
    """
    check_room(run.settings)
    return _work(run, stream, months, ({}, {}, {}))


def is_stale(run: RunContext, stream: StreamContract) -> bool:
    """Whether any file of the stream's tables is not what would be made now."""
    contracts = conformed_tables(stream)
    wanted: tuple[set[Path], ...] = tuple(set() for _ in contracts)
    for unit in _units(run, stream):
        if run.remakes(unit.month, stream.name):
            return True
        for paths, contract, scan in zip(wanted, contracts, _conformed(run, stream, unit), strict=True):
            paths.add(run.lake.target(contract, unit.month, scan).path)
    existing = ({part.path for part in run.lake.files(contract)} for contract in contracts)
    return any(paths != files for paths, files in zip(wanted, existing, strict=True))


def _work(
    run: RunContext, stream: StreamContract, forced: Collection[date | None], before: tuple[dict[Month, int], ...]
) -> Work:
    """Make the work units that have changed, after those of `before`, whose rows are by table and month."""
    contracts = conformed_tables(stream)
    tasks, made_of = list[Task](), list[date | None]()
    came, count = list[Scan](), 0
    wanted: list[dict[Path, Part]] = [{} for _ in contracts]
    for unit in _units(run, stream):
        count += 1
        scans = _conformed(run, stream, unit)
        targets = [run.lake.target(c, unit.month, s) for c, s in zip(contracts, scans, strict=True)]
        existing = [{p.path: p for p in run.lake.files_by_month(c).get(unit.month, ())} for c in contracts]
        for files, month_files, target in zip(wanted, existing, targets, strict=True):
            files[target.path] = month_files.get(target.path, target)
        whole = run.remakes(unit.month, stream.name) or unit.month in forced
        if all(target.path in month_files for target, month_files in zip(targets, existing, strict=True)) and not whole:
            continue
        batches.check_files(run, unit.live)
        if not whole and (since := _since(run, stream, unit)):
            scans = _conformed(run, stream, unit, since)
            came.append(since.landed)
        outputs = tuple(map(OutputFile, scans, contracts, targets))
        name = f"{contracts[0].name} {unit.month or ''}".strip()
        tasks.append(Task(name, outputs, reads=sum(e.bytes for e in unit.live)))
        made_of.append(unit.month)

    def finish(done: Sequence[TaskResult]) -> Work | list[BuildResult]:
        rows = list[dict[Month, int]]()
        for nth, (contract, files) in enumerate(zip(contracts, wanted, strict=True)):
            files |= {d.parts[nth].path: d.parts[nth] for d in done}
            # months of which a unit is made, or is no longer wanted, get all their files again
            left = {
                m for m, parts in run.lake.files_by_month(contract).items() if any(p.path not in files for p in parts)
            }
            run.lake.replace(contract, [part for part in files.values() if part.month in {*made_of, *left}])
            made_now = run.lake.files_by_month(contract)
            rows.append({month: sum(part.rows or 0 for part in made_now[month]) for month in made_of})
            if not count:
                run.lake.drop(contract)
            elif stream.partitioned:
                run.lake.keep_only(contract, _landed_months(batches.seen(run, stream)))
        summary = f"{sum(rows[0].values())} rows made in {len(made_of)} of {count} parts"
        updated = f", {len(came)} updated with new rows" if came else ""
        run.reporter.done(contracts[0].name, summary + updated)
        # of months that were made of all their rows, all are looked at for records that other months have
        looked_at = came if len(came) == len(made_of) else [run.lake.scan(contracts[0], month) for month in rows[0]]
        all_rows = tuple({**earlier, **now} for earlier, now in zip(before, rows, strict=True))
        if stream.duplicates_table and _list_records_of_several_months(run, stream, looked_at, rows[0]):
            return _work(run, stream, (), all_rows)  # only months with records that an earlier month counts
        workers = workers_by_month(made_of, done)
        return [
            BuildResult(contract, counts, workers=workers) for contract, counts in zip(contracts, all_rows, strict=True)
        ]

    return Work(tasks, finish)


@dataclass(frozen=True, slots=True)
class _WorkUnit:
    """What one task conforms: a month of a stream, a part of one, or all of a stream without months.

    Attributes:
        month: the month.
        live: the batches with rows in it that count.
        withdrawn: the rows of withdrawn batches.
        bucket: only the keys of this bucket, as (number, of how many).
    """

    month: date | None
    live: list[Entry]
    withdrawn: Scan
    bucket: conform.Bucket | None = None


BUCKET_ROWS = 20_000_000
"""A month of a stream with more landed rows is made in pieces, by producer and by key."""


def _units(run: RunContext, stream: StreamContract) -> Iterable[_WorkUnit]:
    """The work units of every month: one, but of months that have more rows than a task should make.

    Those are divided by producer, which costs nothing, since every key has its producer in it; a producer that is too
    large itself, by bucket of its keys, each of which reads all its rows.
    """
    entries = batches.seen(run, stream)
    months: list[date | None] = [*_landed_months(entries)] if stream.partitioned else [None] * bool(entries)
    for month in months:
        of_month = [e for e in entries if month is None or month.isoformat() in e.months]
        for mine, of in divided(of_month, month, BUCKET_ROWS if conform.divides(stream) else 0):
            live = [e for e in mine if not batches.withdrawal(run, e)]
            withdrawn = batches.withdrawn_rows(run, stream, [e for e in mine if batches.withdrawal(run, e)])
            for nth in range(of):
                # a withdrawn row is only counted, and a lost one has no key: the first bucket counts them
                apart = withdrawn if nth == 0 else batches.rows_of(run, stream, [])
                yield _WorkUnit(month, live, apart, conform.Bucket(nth, of) if of > 1 else None)


def divided(entries: Sequence[Entry], month: date | None, most: int) -> list[tuple[list[Entry], int]]:
    """The batches of a month in groups of about so many rows at most, and the number of each group's buckets.

    All batches of a producer are in one group. Numbers of groups and buckets are powers of two, so that a month that
    grows is rarely divided anew.

    Args:
        entries: the batches with rows in the month.
        month: the month; None for a stream without months.
        most: rows; 0 never divides.
    """
    rows = Counter[str]()
    for entry in entries:
        rows[entry.producer] += entry.rows if month is None else entry.months[month.isoformat()]
    if not most or sum(rows.values()) <= most:
        return [(list(entries), 1)]
    large = {producer: _power(count, most) for producer, count in rows.items() if count > most}
    groups = _power(sum(count for producer, count in rows.items() if producer not in large), most)
    of_group: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        name = entry.producer if entry.producer in large else ""
        of_group.setdefault((name, 0 if name else group_of(entry.producer, groups)), []).append(entry)
    return [(mine, large.get(name, 1)) for (name, _), mine in sorted(of_group.items(), key=lambda item: item[0])]


def _power(rows: int, most: int) -> int:
    """The smallest power of two of parts that have at most so many rows each."""
    return 1 << max(0, -(-rows // most) - 1).bit_length()


def _landed_months(entries: Iterable[Entry]) -> list[date]:
    return sorted({date.fromisoformat(m) for e in entries for m in e.months})


def _since(run: RunContext, stream: StreamContract, unit: _WorkUnit) -> Since | None:
    """The unit as in the current release, if few rows landed since and nothing else changed.

    None if it is better made from all its rows: many are new, a batch was withdrawn, rules changed, or the lake's files
    are not the bytes that the release was made of. The lake's files are compared, never trusted.
    """
    current = run.releases.current()
    if not conform.goes_on(stream) or current is None:
        return None
    before, new = ([e for e in unit.live if (e.number > run.released_upto) is late] for late in (False, True))
    key = "" if unit.month is None else unit.month.isoformat()
    rows_before, rows_new = (sum(e.months[key] if key else e.rows for e in part) for part in (before, new))
    if not new or rows_new > rows_before * _FEW:
        return None
    scans = _conformed(run, stream, replace(unit, live=before))
    was: list[Scan] = []
    for contract, scan in zip(conformed_tables(stream), scans, strict=True):
        wanted = run.lake.target(contract, unit.month, scan).path
        part = next((p for p in run.lake.files_by_month(contract).get(unit.month, ()) if p.path == wanted), None)
        if part is None or not run.lake.is_sound(part):
            return None
        was.append(run.lake.scan_of(contract, [part]))
    return Since(_landed(run, stream, new, unit.bucket), *was)


def _landed(run: RunContext, stream: StreamContract, entries: list[Entry], bucket: conform.Bucket | None) -> Scan:
    """The rows of batches, or those in a bucket, under a name that no other scan of a build has."""
    rows = batches.rows_of(run, stream, entries)
    return conform.in_bucket(stream, rows, bucket, f"bucket_{rows.fingerprint[:16]}") if bucket else rows


def _conformed(
    run: RunContext, stream: StreamContract, unit: _WorkUnit, since: Since | None = None
) -> tuple[Scan, Scan, Scan]:
    landed = _landed(run, stream, unit.live, unit.bucket)
    stream = with_registers(run, stream)
    held_after = _held_after(run, unit)
    has_services = any(c.name == "service" for c in stream.columns)
    lookups = conform.Lookups(
        decisions=_decisions(run, stream),
        aliases=register(run, registers.SERVICE_ALIAS) if has_services else None,
        items=register(run, registers.INVOICE_ITEM) if stream.name == "invoice_line" else None,
        counted=counted_before(_listed(run, stream), unit.month) if stream.duplicates_table and unit.month else None,
    )
    if since:
        result = conform.go_on(
            stream, landed, since, withdrawn=unit.withdrawn, month=unit.month, as_of=held_after, lookups=lookups
        )
        return result.rows, result.quarantine, result.accounting
    findings, more = None, dict[str, Scan]()
    if stream.python_check:
        batches.check_files(run, unit.live)
        findings, more = _PYTHON_CHECKS[stream.python_check](run, landed)
    result = conform.conform(
        stream,
        landed,
        withdrawn=unit.withdrawn,
        month=unit.month,
        as_of=held_after,
        findings=findings,
        lookups=lookups,
        more=more,
    )
    return result.rows, result.quarantine, result.accounting


def _decisions(run: RunContext, stream: StreamContract) -> pa.Table | None:
    """People's decisions on which batch is right for a key in conflict."""
    if stream.name not in registers.DECIDABLE:
        return None
    return conform.decided(stream, register(run, registers.DECISION))


def _resolve_codes(run: RunContext, landed: Scan) -> tuple[pa.Table, dict[str, Scan]]:
    """Resolve the reported municipality codes with the register's decisions, and find those that are wrong."""
    reported = run.session().table(Query(statement("conform/reported_codes"), {"landed_adoption": landed}))
    resolved, findings = conform.resolve_codes(reported, register(run, registers.CODE_DECISION))
    scans = {DATASETS[name].table: run.lake.scan(DATASETS[name]) for name in RESOLVE_CODES_WITH}
    return findings, {
        "resolved": Values(resolved),
        "organisation": scans["organisation"],
        "organisation_part": reference.parts(**scans),
    }


def _check_register_rows(run: RunContext, landed: Scan) -> tuple[pa.Table, dict[str, Scan]]:
    """Check rows of registers, each against the contract of its register."""
    columns = 'filename, file_row_number, register, applied_at, "values"'
    rows = run.session().table(Query(f"select {columns} from landed_rows order by all", {"landed_rows": landed}))  # noqa: S608 - our own words
    return conform.check_register_rows(rows), {}


_PYTHON_CHECKS: Mapping[PythonCheck, Callable[[RunContext, Scan], tuple[pa.Table, dict[str, Scan]]]] = {
    PythonCheck.MUNICIPALITY_CODES: _resolve_codes,
    PythonCheck.REGISTER_ROWS: _check_register_rows,
}
"""Functions that judge rows which SQL alone cannot judge, chosen by the stream's contract."""


def _held_after(run: RunContext, unit: _WorkUnit) -> datetime | None:
    """The moment after which rows are held: `as_of`, normalised wherever different moments give the same rows.

    A past month holds nothing back, a future one holds everything back; in a stream without months, rows of the day of
    `as_of` are let in. So a row dated far ahead does not make every later run remake its month.
    """
    if not any(e.latest > run.as_of for e in unit.live):
        return None
    if unit.month is None:
        return end_of_day(run.as_of)
    begin, end = calendar.start_of(unit.month), calendar.start_of(calendar.next_month(unit.month))
    return None if run.as_of >= end else max(run.as_of, begin - timedelta(microseconds=1))


# --- records in several months ---------------------------------------------------------------------------------------


def _list_records_of_several_months(
    run: RunContext, stream: StreamContract, came: list[Scan], made_months: Collection[date | None]
) -> bool:
    """List the records that are in several months, and return whether the list changed.

    Only new records and those already listed need a look: the others were checked when they came.
    """
    contract = LISTS[stream.name]
    existing = run.lake.parts(contract).get(None)
    if not made_months and existing is None:
        return False
    several = find_duplicates(run.lake, run.session(), came)
    months = months_of_duplicates(several)
    entries = [e for e in batches.live(run, stream) if not months.isdisjoint(e.months)]
    listed = Values(listed_duplicates(run.session(), several, batches.rows_of(run, stream, entries)))
    part = run.lake.target(contract, None, listed)
    if part == existing or (existing is None and not listed.table.num_rows):
        return False
    run.session().write(listed, contract, part)
    run.lake.replace(contract, [part])
    return True


def _listed(run: RunContext, stream: StreamContract) -> list[dict[str, object]]:
    """The listed records; empty if the list is damaged: its months are then made and checked again."""
    contract = LISTS[stream.name]
    part = run.lake.parts(contract).get(None)
    if part is not None and not run.lake.is_sound(part):
        run.lake.drop(contract)
    rows = Query("from listed", {"listed": run.lake.scan(contract)})
    return list(run.cached_table(("listed", rows.fingerprint), lambda: run.session().table(rows)).to_pylist())


# ── Dispatch ids in several months: they count in the first, and all months are listed ────────────────────────────────


def find_duplicates(lake: Lake, session: Session, looked_for: Sequence[Scan]) -> pa.Table:
    """Find dispatches in several months. Columns: producer, dispatch_id, months.

    Args:
        lake: has the conformed dispatches, and those quarantined because an earlier month counts them.
        session: cleared.
        looked_for: rows with a `dispatch_id` received since the last search; listed ones are always included.
    """
    searched = {f"made_{n}": scan for n, scan in enumerate(looked_for)}
    union = " union all ".join(f"select dispatch_id from {name}" for name in searched)  # noqa: S608 - names of ours
    everywhere = lake.scan(conformed.DISPATCH)
    dispatch_ids = Query(union, searched) if searched else empty(pa.schema([("dispatch_id", pa.uuid())]))
    inputs = {
        "dispatch": everywhere,
        "dispatch_made": dispatch_ids,
        "quarantine_dispatch": lake.scan(quarantine_of(DISPATCH)),
    }
    return session.table(Query(statement("conform/in_several_months"), inputs))


def listed_duplicates(session: Session, table: pa.Table, landed: Scan) -> pa.Table:
    """The rows of `conformed.dispatch_twice`: for each dispatch and month its first batch, and whether it counts.

    Args:
        session: cleared.
        table: from `find_duplicates`.
        landed: the rows of all batches with rows in those months.
    """
    schema = conformed.DISPATCH_TWICE.arrow_schema
    if not table.num_rows:
        return schema.empty_table()
    first = {(r["producer"], r["dispatch_id"]): r["months"][0] for r in table.to_pylist()}
    scan = Query(statement("conform/first_batches"), {"landed_of_months": landed, "several": Values(table)})
    rows = [
        r | {"counted": r["month"] == first[r["producer"], r["dispatch_id"]]} for r in session.table(scan).to_pylist()
    ]
    rows.sort(key=lambda r: (r["producer"], str(r["dispatch_id"]), r["month"]))
    return pa.Table.from_pylist([r | {"dispatch_id": _bytes(r["dispatch_id"])} for r in rows], schema)


def months_of_duplicates(table: pa.Table) -> set[str]:
    """The months that hold such dispatches."""
    return {month.isoformat() for row in table.to_pylist() for month in row["months"]}


def counted_before(twice: Iterable[dict[str, object]], month: date) -> pa.Table:
    """The dispatches of a month that an earlier month counts; the table changes only if these change."""
    rows = list(twice)
    here = {(r["producer"], r["dispatch_id"]) for r in rows if r["month"] == month and not r["counted"]}
    counted = [r for r in rows if r["counted"] and (r["producer"], r["dispatch_id"]) in here]
    fields = [{k: r[k] for k in conform.COUNTED.names} | {"dispatch_id": _bytes(r["dispatch_id"])} for r in counted]
    return pa.Table.from_pylist(fields, conform.COUNTED)


def _bytes(dispatch_id: object) -> bytes:
    return UUID(str(dispatch_id)).bytes
