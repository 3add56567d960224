"""The step that conforms a stream: its rows in force, its quarantine and its accounting of rows, month by month.

A month is made again only when one of its batches, a rule or a register that it depends on has changed. If few of its
rows are new, the rest is taken from the current release.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from assets import conform, reference
from assets.conform import Since
from assets.statements import statement
from catalog.contracts.language import Outside, StreamContract
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.tables import registers
from catalog.tables.datasets import DATASETS
from pipelines.engine.tasks import Answer, Month, Task, makers
from pipelines.run import batches, counted_once
from pipelines.run.context import Made, RunContext, end_of_day
from pipelines.run.register_rows import register, with_registers
from pipelines.run.tables import LISTS, conformed_tables
from transport.lake.tables import Session
from transport.storage.backends import check_room
from transport.storage.journal import Entry

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
        rows, came, by = _conform_months(run, stream, set(months or ()))
        if stream.listed_in and _list_records_of_several_months(run, stream, came, rows[0]):
            # only the months with records that an earlier month counts are made again
            again, _, more = _conform_months(run, stream, set())
            by |= more
            for first, second in zip(rows, again, strict=True):
                first.update(second)
        span.rows = sum(rows[0].values())
        span.bytes = sum(run.lake.bytes_of(contract, counts) for contract, counts in zip(tables, rows, strict=True))
    return [Made(contract, counts, span.seconds, by) for contract, counts in zip(tables, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of a stream, or all of a stream without months, with the batches that have rows in it."""

    month: date | None
    live: list[Entry]
    withdrawn: Scan


def _months(run: RunContext, stream: StreamContract) -> Iterable[_Month]:
    entries = batches.seen(run, stream)
    months: list[date | None] = [*_landed_months(entries)] if stream.partitioned else [None] * bool(entries)
    for month in months:
        of_month = [e for e in entries if month is None or month.isoformat() in e.months]
        live = [e for e in of_month if not batches.withdrawal(run, e)]
        withdrawn = [e for e in of_month if batches.withdrawal(run, e)]
        yield _Month(month, live, batches.withdrawn_rows(run, stream, withdrawn))


def _landed_months(entries: Iterable[Entry]) -> list[date]:
    return sorted({date.fromisoformat(m) for e in entries for m in e.months})


def _conform_months(
    run: RunContext, stream: StreamContract, forced: set[date | None]
) -> tuple[tuple[dict[Month, int], ...], list[Scan], dict[Month, tuple[str, float]]]:
    """Rows written by table and month, the new rows of months whose other rows were reused, and who made each month."""
    name = f"conformed.{stream.name}"
    run.reporter.step(name)
    check_room(run.settings)
    contracts = conformed_tables(stream)
    tasks, made_of = list[Task](), list[date | None]()
    came, count = list[Scan](), 0
    for month in _months(run, stream):
        count += 1
        session = run.session()
        scans = _conformed(run, session, stream, month)
        targets = [run.lake.target(c, month.month, s) for c, s in zip(contracts, scans, strict=True)]
        existing = [run.lake.parts(c).get(month.month) for c in contracts]
        whole = run.remakes(month.month, stream.name) or month.month in forced
        if [p.path if p else None for p in existing] == [t.path for t in targets] and not whole:
            continue
        batches.check_files(run, month.live)
        if not whole and (since := _since(run, session, stream, month)):
            scans = _conformed(run, session, stream, month, since)
            came.append(since.landed)
        answers = tuple(map(Answer, scans, contracts, targets))
        tasks.append(Task(f"{name} {month.month or ''}".strip(), answers, reads=sum(e.bytes for e in month.live)))
        made_of.append(month.month)
    done = run.engine.run(tasks, lambda words: run.reporter.step(name, words.removeprefix(name).strip()))
    rows = tuple({m: d.rows[nth] for m, d in zip(made_of, done, strict=True)} for nth in range(len(contracts)))
    written = [[d.parts[nth] for d in done] for nth in range(len(contracts))]
    for contract, parts in zip(contracts, written, strict=True):
        run.lake.replace(contract, parts)
        if not count:
            run.lake.drop(contract)
        elif stream.partitioned:
            run.lake.keep_only(contract, _landed_months(batches.seen(run, stream)))
    made = f"{sum(rows[0].values())} rows made in {len(rows[0])} of {count} parts"
    run.reporter.done(name, made + (f", {len(came)} updated with new rows" if came else ""))
    return rows, came, makers(made_of, done)


def _since(run: RunContext, session: Session, stream: StreamContract, month: _Month) -> Since | None:
    """The month as in the current release, if few rows landed since and nothing else changed.

    None if it is better made from all its rows: many are new, a batch was withdrawn, rules changed, or the lake's files
    are not the bytes that the release was made of. The lake's files are compared, never trusted.
    """
    current = run.releases.current()
    if not conform.goes_on(stream) or current is None:
        return None
    made_of = current.manifest.get("made_of")
    upto = made_of["journal"][0] if isinstance(made_of, Mapping) else 0
    before, new = ([e for e in month.live if (e.number > upto) is late] for late in (False, True))
    key = "" if month.month is None else month.month.isoformat()
    rows_before, rows_new = (sum(e.months[key] if key else e.rows for e in part) for part in (before, new))
    if not new or rows_new > rows_before * _FEW:
        return None
    scans = _conformed(run, session, stream, _Month(month.month, before, month.withdrawn))
    was: list[Scan] = []
    for contract, scan in zip(conformed_tables(stream), scans, strict=True):
        part = run.lake.parts(contract).get(month.month)
        if part is None or part.path != run.lake.target(contract, month.month, scan).path:
            return None
        if not run.lake.is_sound(part):
            return None
        was.append(run.lake.scan(contract, month.month))
    return Since(batches.rows_of(run, stream, new), *was)


def _conformed(
    run: RunContext, session: Session, stream: StreamContract, month: _Month, since: Since | None = None
) -> tuple[Scan, Scan, Scan]:
    landed = batches.rows_of(run, stream, month.live)
    stream = with_registers(run, stream)
    held_after = _held_after(run, month)
    has_services = any(c.name == "service" for c in stream.columns)
    lookups = conform.Lookups(
        decisions=_decisions(run, stream),
        aliases=register(run, registers.SERVICE_ALIAS) if has_services else None,
        counted=counted_once.counted_before(_listed(run, stream), month.month)
        if stream.listed_in and month.month
        else None,
    )
    if since:
        made = conform.go_on(
            stream, landed, since, withdrawn=month.withdrawn, month=month.month, as_of=held_after, lookups=lookups
        )
        return made.rows, made.quarantine, made.accounting
    findings, more = None, dict[str, Scan]()
    if stream.judged_outside:
        batches.check_files(run, month.live)
        findings, more = _JUDGE_OUTSIDE[stream.judged_outside](run, session, landed)
    made = conform.conform(
        stream,
        landed,
        withdrawn=month.withdrawn,
        month=month.month,
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
    decided = [d for d in register(run, registers.DECISION).to_pylist() if d["stream"] == stream.name]
    return pa.Table.from_pylist([{k: d[k] for k in conform.DECIDED.names} for d in decided], conform.DECIDED)


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


_JUDGE_OUTSIDE: Mapping[Outside, Callable[[RunContext, Session, Scan], tuple[pa.Table, dict[str, Scan]]]] = {
    Outside.MUNICIPALITY_CODES: _resolve_codes,
    Outside.REGISTER_ROWS: _check_register_rows,
}
"""Functions that judge rows which SQL alone cannot judge, chosen by the stream's contract."""


def _held_after(run: RunContext, month: _Month) -> datetime | None:
    """The moment after which rows are held: `as_of`, normalised wherever different moments give the same rows.

    A past month holds nothing back, a future one holds everything back; in a stream without months, rows of the day of
    `as_of` are let in. So a row dated far ahead does not make every later run remake its month.
    """
    if not any(e.latest > run.as_of for e in month.live):
        return None
    if month.month is None:
        return end_of_day(run.as_of)
    begin, end = calendar.start_of(month.month), calendar.start_of(calendar.next_month(month.month))
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
    if len(came) < len(made):  # some month was made from all its rows
        rows, _, _ = conformed_tables(stream)
        came = [run.lake.scan(rows, m) for m in made]
    several = counted_once.find(run.lake, run.session(), came)
    months = counted_once.months_in(several)
    entries = [e for e in batches.live(run, stream) if not months.isdisjoint(e.months)]
    listed = Values(counted_once.listed(run.session(), several, batches.rows_of(run, stream, entries)))
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
