"""The step that conforms a stream: its rows in force, its quarantine and its accounting of rows, month by month.

A month is made again only when one of its batches, a rule or a register that it depends on has changed. If few of its
rows are new, the rest is taken from the current release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from assets import conform, reference
from assets.conform import Since
from assets.statements import statement
from catalog.contracts.language import PythonCheck, StreamContract
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.tables import registers
from catalog.tables.datasets import DATASETS
from pipelines.engine.tasks import Answer, Finish, Month, Task, makers
from pipelines.run import batches, duplicate_ids, work_ahead
from pipelines.run.context import Made, RunContext, end_of_day
from pipelines.run.register_rows import register, with_registers
from pipelines.run.tables import KEPT_BY_PEOPLE, LISTS, SENT, conformed_tables
from transport.lake.session import Session
from transport.lake.tables import Part
from transport.storage.backends import check_room
from transport.storage.journal import Entry
from transport.storage.shards import shard_of

_FEW = 0.25
"""The largest share of new rows with which the rest is reused; above it, making all rows again is as fast."""


def conform_stream(run: RunContext, stream: StreamContract, months: Iterable[date | None] | None = None) -> list[Made]:
    """Conform a stream where it has changed: rows in force, quarantine, accounting.

    Args:
        run: the run.
        stream: which.
        months: make these even if nothing changed.
    """
    tables = conformed_tables(stream)
    with run.profile.span(tables[0].name) as span:
        if run.settings.traces_url:
            new = (e for e in batches.seen(run, stream) if e.number > run.released_upto)
            span.batches = [(e.stream, e.producer, e.batch_id) for e in new]
        rows, came, by = _conform_months(run, stream, set(months or ()))
        if stream.duplicates_table and _list_records_of_several_months(run, stream, came, rows[0]):
            # only the months with records that an earlier month counts are made again
            again, _, more = _conform_months(run, stream, set())
            by |= more
            for first, second in zip(rows, again, strict=True):
                first.update(second)
        span.rows = sum(rows[0].values())
        span.bytes = sum(run.lake.bytes_of(contract, counts) for contract, counts in zip(tables, rows, strict=True))
    if not months:
        listed = [LISTS[stream.name]] if stream.duplicates_table else []
        work_ahead.made(run, [*tables, *listed])
    return [Made(contract, counts, span.seconds, by) for contract, counts in zip(tables, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one task conforms: a month of a stream, a piece of one, or all of a stream without months.

    Attributes:
        month: the month.
        live: the batches with rows in it that count.
        withdrawn: the rows of those that were withdrawn.
        bucket: of the keys of these batches, this one of so many.
    """

    month: date | None
    live: list[Entry]
    withdrawn: Scan
    bucket: conform.Bucket | None = None


def _pieces(run: RunContext, stream: StreamContract) -> Iterable[_Piece]:
    """The pieces of every month: one, but of months that have more rows than a task should make.

    Those are divided by producer, which costs nothing, since every key has its producer in it; a producer that is too
    large itself, by bucket of its keys, each of which reads all its rows.
    """
    entries = batches.seen(run, stream)
    months: list[date | None] = [*_landed_months(entries)] if stream.partitioned else [None] * bool(entries)
    for month in months:
        of_month = [e for e in entries if month is None or month.isoformat() in e.months]
        for mine, of in divided(of_month, month, run.settings.bucket_rows if conform.divides(stream) else 0):
            live = [e for e in mine if not batches.withdrawal(run, e)]
            withdrawn = batches.withdrawn_rows(run, stream, [e for e in mine if batches.withdrawal(run, e)])
            for nth in range(of):
                # a withdrawn row is only counted, and a lost one has no key: the first bucket counts them
                apart = withdrawn if nth == 0 else batches.rows_of(run, stream, [])
                yield _Piece(month, live, apart, conform.Bucket(nth, of) if of > 1 else None)


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
        of_group.setdefault((name, 0 if name else shard_of(entry.producer, groups)), []).append(entry)
    return [(mine, large.get(name, 1)) for (name, _), mine in sorted(of_group.items(), key=lambda item: item[0])]


def _power(rows: int, most: int) -> int:
    """The smallest power of two of parts that have at most so many rows each."""
    return 1 << max(0, -(-rows // most) - 1).bit_length()


def _landed_months(entries: Iterable[Entry]) -> list[date]:
    return sorted({date.fromisoformat(m) for e in entries for m in e.months})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an engine was asked for of a stream.

    Attributes:
        count: pieces that there are.
        made_of: the month of each that is made.
        came: the new rows of those whose others are reused.
        wanted: the files of every piece, by table.
        finish: waits for those that are made.
    """

    count: int
    made_of: list[Month]
    came: list[Scan]
    wanted: list[dict[Path, Part]]
    finish: Finish


@dataclass
class _Ahead:
    """Streams that were asked for before their step, each once in a run; None: its step has them."""

    asked: dict[str, _Asked | None] = field(default_factory=dict)


def ask_ahead(run: RunContext) -> None:
    """Ask for the months of every sent stream that what is made already suffices for, each once."""
    asked, made = run.own(_Ahead).asked, run.own(work_ahead.Ahead).made
    needed = {contract.name for stream in KEPT_BY_PEOPLE for contract in conformed_tables(stream)}
    for stream in SENT:
        told = {*asked, *made}.isdisjoint((stream.name, conformed_tables(stream)[0].name))
        if told and not stream.python_check and needed <= made:
            asked[stream.name] = _asked(run, stream, set())


def _conform_months(
    run: RunContext, stream: StreamContract, forced: set[date | None]
) -> tuple[tuple[dict[Month, int], ...], list[Scan], dict[Month, tuple[str, float]]]:
    """Rows by table of each month that was made, the new rows of those whose others were reused, and who made them."""
    name = f"conformed.{stream.name}"
    run.reporter.step(name)
    check_room(run.settings)
    contracts = conformed_tables(stream)
    before = run.own(_Ahead).asked
    asked = (None if forced else before.get(stream.name)) or _asked(run, stream, forced)
    before[stream.name] = None
    done = asked.finish(lambda words: run.reporter.step(name, words.removeprefix(name).strip()))
    rows = list[dict[Month, int]]()
    for nth, (contract, files) in enumerate(zip(contracts, asked.wanted, strict=True)):
        files |= {d.parts[nth].path: d.parts[nth] for d in done}
        # months of which a piece is made, or is no longer wanted, get all their files again
        left = {m for m, parts in run.lake.files_by_month(contract).items() if any(p.path not in files for p in parts)}
        run.lake.replace(contract, [part for part in files.values() if part.month in {*asked.made_of, *left}])
        made_now = run.lake.files_by_month(contract)
        rows.append({month: sum(part.rows or 0 for part in made_now[month]) for month in asked.made_of})
        if not asked.count:
            run.lake.drop(contract)
        elif stream.partitioned:
            run.lake.keep_only(contract, _landed_months(batches.seen(run, stream)))
    came = asked.came
    if len(came) < len(asked.made_of):  # some were made of all their rows
        came = [run.lake.scan(contracts[0], month) for month in rows[0]]
    made = f"{sum(rows[0].values())} rows made in {len(asked.made_of)} of {asked.count} parts"
    run.reporter.done(name, made + (f", {len(asked.came)} updated with new rows" if asked.came else ""))
    return tuple(rows), came, makers(asked.made_of, done)


def _asked(run: RunContext, stream: StreamContract, forced: set[date | None]) -> _Asked:
    """Ask for the pieces that have changed."""
    contracts = conformed_tables(stream)
    tasks, made_of = list[Task](), list[date | None]()
    came, count = list[Scan](), 0
    wanted: list[dict[Path, Part]] = [{} for _ in contracts]
    for piece in _pieces(run, stream):
        count += 1
        session = run.session()
        scans = _conformed(run, session, stream, piece)
        targets = [run.lake.target(c, piece.month, s) for c, s in zip(contracts, scans, strict=True)]
        existing = [{p.path: p for p in run.lake.files_by_month(c).get(piece.month, ())} for c in contracts]
        for files, there, target in zip(wanted, existing, targets, strict=True):
            files[target.path] = there.get(target.path, target)
        whole = run.remakes(piece.month, stream.name) or piece.month in forced
        if all(target.path in there for target, there in zip(targets, existing, strict=True)) and not whole:
            continue
        batches.check_files(run, piece.live)
        if not whole and (since := _since(run, session, stream, piece)):
            scans = _conformed(run, session, stream, piece, since)
            came.append(since.landed)
        answers = tuple(map(Answer, scans, contracts, targets))
        name = f"conformed.{stream.name} {piece.month or ''}".strip()
        tasks.append(Task(name, answers, reads=sum(e.bytes for e in piece.live)))
        made_of.append(piece.month)
    return _Asked(count, made_of, came, wanted, run.engine.begin(tasks))


def _since(run: RunContext, session: Session, stream: StreamContract, piece: _Piece) -> Since | None:
    """The piece as in the current release, if few rows landed since and nothing else changed.

    None if it is better made from all its rows: many are new, a batch was withdrawn, rules changed, or the lake's files
    are not the bytes that the release was made of. The lake's files are compared, never trusted.
    """
    current = run.releases.current()
    if not conform.goes_on(stream) or current is None:
        return None
    before, new = ([e for e in piece.live if (e.number > run.released_upto) is late] for late in (False, True))
    key = "" if piece.month is None else piece.month.isoformat()
    rows_before, rows_new = (sum(e.months[key] if key else e.rows for e in part) for part in (before, new))
    if not new or rows_new > rows_before * _FEW:
        return None
    scans = _conformed(run, session, stream, replace(piece, live=before))
    was: list[Scan] = []
    for contract, scan in zip(conformed_tables(stream), scans, strict=True):
        wanted = run.lake.target(contract, piece.month, scan).path
        part = next((p for p in run.lake.files_by_month(contract).get(piece.month, ()) if p.path == wanted), None)
        if part is None or not run.lake.is_sound(part):
            return None
        was.append(run.lake.scan_of(contract, [part]))
    return Since(_landed(run, stream, new, piece.bucket), *was)


def _landed(run: RunContext, stream: StreamContract, entries: list[Entry], bucket: conform.Bucket | None) -> Scan:
    """The rows of batches, or those in a bucket, under a name that no other scan of a build has."""
    rows = batches.rows_of(run, stream, entries)
    return conform.in_bucket(stream, rows, bucket, f"bucket_{rows.fingerprint[:16]}") if bucket else rows


def _conformed(
    run: RunContext, session: Session, stream: StreamContract, piece: _Piece, since: Since | None = None
) -> tuple[Scan, Scan, Scan]:
    landed = _landed(run, stream, piece.live, piece.bucket)
    stream = with_registers(run, stream)
    held_after = _held_after(run, piece)
    has_services = any(c.name == "service" for c in stream.columns)
    lookups = conform.Lookups(
        decisions=_decisions(run, stream),
        aliases=register(run, registers.SERVICE_ALIAS) if has_services else None,
        counted=duplicate_ids.counted_before(_listed(run, stream), piece.month)
        if stream.duplicates_table and piece.month
        else None,
    )
    if since:
        made = conform.go_on(
            stream, landed, since, withdrawn=piece.withdrawn, month=piece.month, as_of=held_after, lookups=lookups
        )
        return made.rows, made.quarantine, made.accounting
    findings, more = None, dict[str, Scan]()
    if stream.python_check:
        batches.check_files(run, piece.live)
        findings, more = _PYTHON_CHECKS[stream.python_check](run, session, landed)
    made = conform.conform(
        stream,
        landed,
        withdrawn=piece.withdrawn,
        month=piece.month,
        as_of=held_after,
        findings=findings,
        lookups=lookups,
        more=more,
    )
    return made.rows, made.quarantine, made.accounting


def _decisions(run: RunContext, stream: StreamContract) -> pa.Table | None:
    """People's decisions on which batch is right for a key in conflict."""
    if stream.name not in registers.DECIDABLE:
        return None
    return conform.decided(stream, register(run, registers.DECISION))


def _resolve_codes(run: RunContext, session: Session, landed: Scan) -> tuple[pa.Table, dict[str, Scan]]:
    """Resolve the reported municipality codes with the register's decisions, and find those that are wrong."""
    reported = session.table(Query(statement("conform/reported_codes"), {"landed_adoption": landed}))
    resolved, findings = conform.resolve_codes(reported, register(run, registers.CODE_DECISION))
    tables = ("organisation", "municipality_of", "municipality_to_now")
    scans = {n: run.lake.scan(DATASETS[f"reference.{n}"]) for n in tables}
    return findings, {
        "resolved": Values(resolved),
        "organisation": scans["organisation"],
        "organisation_part": reference.parts(**scans),
    }


def _check_register_rows(_run: RunContext, session: Session, landed: Scan) -> tuple[pa.Table, dict[str, Scan]]:
    """Check rows of registers, each against the contract of its register."""
    columns = 'filename, file_row_number, register, applied_at, "values"'
    rows = session.table(Query(f"select {columns} from landed_rows order by all", {"landed_rows": landed}))  # noqa: S608 - our own words
    return conform.check_register_rows(rows), {}


_PYTHON_CHECKS: Mapping[PythonCheck, Callable[[RunContext, Session, Scan], tuple[pa.Table, dict[str, Scan]]]] = {
    PythonCheck.MUNICIPALITY_CODES: _resolve_codes,
    PythonCheck.REGISTER_ROWS: _check_register_rows,
}
"""Functions that judge rows which SQL alone cannot judge, chosen by the stream's contract."""


def _held_after(run: RunContext, piece: _Piece) -> datetime | None:
    """The moment after which rows are held: `as_of`, normalised wherever different moments give the same rows.

    A past month holds nothing back, a future one holds everything back; in a stream without months, rows of the day of
    `as_of` are let in. So a row dated far ahead does not make every later run remake its month.
    """
    if not any(e.latest > run.as_of for e in piece.live):
        return None
    if piece.month is None:
        return end_of_day(run.as_of)
    begin, end = calendar.start_of(piece.month), calendar.start_of(calendar.next_month(piece.month))
    return None if run.as_of >= end else max(run.as_of, begin - timedelta(microseconds=1))


# --- records in several months ---------------------------------------------------------------------------------------


def _list_records_of_several_months(
    run: RunContext, stream: StreamContract, came: list[Scan], made: Collection[date | None]
) -> bool:
    """List the records that are in several months, and return whether the list changed.

    Only new records and those already listed need a look: the others were checked when they came.
    """
    contract = LISTS[stream.name]
    existing = run.lake.parts(contract).get(None)
    if not made and existing is None:
        return False
    several = duplicate_ids.find(run.lake, run.session(), came)
    months = duplicate_ids.months_in(several)
    entries = [e for e in batches.live(run, stream) if not months.isdisjoint(e.months)]
    listed = Values(duplicate_ids.listed(run.session(), several, batches.rows_of(run, stream, entries)))
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
    return list(run.once(("listed", rows.fingerprint), lambda: run.session().table(rows)).to_pylist())
