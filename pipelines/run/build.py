"""The step that builds a reference table or a mart: each changed month, or all months at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pyarrow.compute as pc

from assets.build import Build, BuildWindow
from assets.statements import statement
from catalog.contracts.language import DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Query, Scan, Values
from catalog.tables.streams import REGISTER
from pipelines.engine.tasks import Answer, Finish, Month, Task, makers
from pipelines.run import batches, draft_ahead, work_ahead
from pipelines.run.context import Made, RunContext
from pipelines.run.register_rows import register
from pipelines.run.tables import ALL_MONTHS, BUILDS, conformed_tables, tables_of
from transport.lake.tables import Part, named_for_content
from transport.storage.backends import check_room

_Built: TypeAlias = tuple[dict[Month, int], int | None, dict[Month, tuple[str, float]]]
"""Rows written by month, how many months there are (None: nothing was touched), and which workers made them."""


def build_table(run: RunContext, build: Build, months: Iterable[date | None] | None = None) -> Made:
    """Build one table where its inputs have changed.

    Args:
        run: the run.
        build: which table, and how.
        months: build these even if nothing changed.
    """
    run.reporter.step(build.contract.name)
    check_room(run.settings)
    forced = set(months or ())
    with run.profile.span(build.contract.name) as span:
        rows, of, by = (
            _build_all_months(run, build, forced) if build.all_months else _build_by_month(run, build, forced)
        )
        span.rows, span.bytes = sum(rows.values()), run.lake.bytes_of(build.contract, rows)
    made = f"{sum(rows.values())} rows made in {len(rows)} of {of} parts" if of is not None else "unchanged"
    run.reporter.done(build.contract.name, made)
    draft_ahead.begin(run, build.contract)
    if not forced:
        work_ahead.made(run, [build.contract])
    return Made(build.contract, rows, span.seconds, by)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Months of a table that an engine was asked for: all there are, those that are made, and what waits for them."""

    months: list[Month]
    made: list[Month]
    finish: Finish


@dataclass
class _Ahead:
    """Tables that were asked for before their step, each once in a run; None: its step has them."""

    asked: dict[str, _Asked | None] = field(default_factory=dict)


def ask_ahead(run: RunContext) -> None:
    """Ask for the months of every table whose inputs are made, unless it was asked for before."""
    asked, made = run.own(_Ahead).asked, run.own(work_ahead.Ahead).made
    for build, needs in _NEEDS:
        if build.contract.name not in asked and build.contract.name not in made and needs <= made:
            asked[build.contract.name] = _asked(run, build, set())


_REGISTERS = conformed_tables(REGISTER)[0].name
"""What every register is read from."""
_NEEDS = [
    (build, frozenset((_REGISTERS, *(needed.name for s in build.inputs.values() for needed in tables_of(s)))))
    for build in BUILDS
    if not build.all_months
]
"""Tables that can be asked for before their step, with the tables that are made first."""


def _build_by_month(run: RunContext, build: Build, forced: set[Month]) -> _Built:
    contract = build.contract
    before = run.own(_Ahead).asked
    ahead = None if forced else before.get(contract.name)
    before[contract.name] = None
    asked = ahead or _asked(run, build, forced)
    done = asked.finish(lambda _words: None)
    rows = {month: d.rows[0] for month, d in zip(asked.made, done, strict=True)}
    parts = [run.lake.named(contract, d.parts[0]) for d in done]
    if named_for_content(contract) and done:
        run.lake.replace(contract, [p for p in parts if p not in run.lake.files(contract)])
        run.lake.record_inputs(contract, done[0].parts[0].fingerprint)
    else:
        run.lake.replace(contract, parts)
    if contract.partitioned:
        run.lake.keep_only(contract, [m for m in asked.months if m is not None])
    return rows, len(asked.months), makers(asked.made, done)


def _asked(run: RunContext, build: Build, forced: set[Month]) -> _Asked:
    """Ask for the months that have changed."""
    contract = build.contract
    months = _months(run, build)
    left = _reduced(run, build, months, forced)
    tasks, made = list[Task](), list[date | None]()
    for month in months:
        window = BuildWindow(run.as_of, month, run.secret)
        scans = {n: input_of(run, build, n, month) for n in build.inputs}
        if build.of_reduced and month in left:
            scan = build.of_reduced(window, **scans | left[month])
        else:
            scan = build.make(window, **scans)
        target = run.lake.target(contract, month, scan)
        if _is_made(run, contract, target) and not run.remakes(month) and month not in forced:
            continue
        answers = (Answer(scan, contract, target),)
        tasks.append(Task(f"{contract.name} {month or ''}".strip(), answers, reads=_bytes_read(run, build, month)))
        made.append(month)
    engine = run.engine if contract.partitioned else run.here  # one small file is made where it is used
    return _Asked(months, made, engine.begin(tasks))


def _is_made(run: RunContext, contract: DatasetContract, target: Part) -> bool:
    """Whether what is to be made is there."""
    if named_for_content(contract):
        return run.lake.is_up_to_date(contract, target.fingerprint)
    return run.lake.parts(contract).get(target.month) == target


def _reduced(
    run: RunContext, build: Build, months: Sequence[Month], forced: set[Month]
) -> dict[Month, dict[str, Scan]]:
    """Reduce the input of months that are several files, each file by a task of its own; what is left, by month."""
    left: dict[Month, dict[str, Scan]] = {}
    for name, how in build.reduced.items():
        source = build.inputs[name]
        assert isinstance(source, DatasetContract)  # noqa: S101 - registers are small
        pieces = {m: files for m, files in run.lake.files_by_month(source).items() if len(files) > 1 and m in months}
        before = run.lake.files_by_month(how.contract)
        if not pieces and not before:
            continue
        wanted, tasks = dict[Month, dict[Path, Part]](), list[Task]()
        for month, files in pieces.items():
            existing, window = {p.path: p for p in before.get(month, ())}, BuildWindow(run.as_of, month)
            for file in files:
                scan = how.rows(window, run.lake.scan_of(source, [file]))
                target = run.lake.target(how.contract, month, scan)
                wanted.setdefault(month, {})[target.path] = existing.get(target.path, target)
                if target.path not in existing or run.remakes(month) or month in forced:
                    answers = (Answer(scan, how.contract, target),)
                    tasks.append(Task(f"{how.contract.name} {month}", answers, reads=file.size or 0))
        for done in run.engine.run(tasks, lambda _words: None):
            wanted[done.parts[0].month][done.parts[0].path] = done.parts[0]
        changed = {task.answers[0].part.month for task in tasks}
        changed |= {m for m, parts in wanted.items() if parts.keys() != {p.path for p in before.get(m, ())}}
        run.lake.replace(how.contract, [p for month in changed for p in wanted[month].values()])
        run.lake.keep_only(how.contract, [m for m in pieces if m is not None])
        left |= {month: {name: run.lake.scan(how.contract, month)} for month in pieces}
    return left


def _bytes_read(run: RunContext, build: Build, month: Month) -> int:
    """The bytes of the tables that a month is made of."""
    tables = [(name, source) for name, source in build.inputs.items() if isinstance(source, DatasetContract)]
    return sum(
        run.lake.bytes_of(source, [month] if build.reads_by_month(name) else run.lake.files_by_month(source))
        for name, source in tables
    )


def _build_all_months(run: RunContext, build: Build, forced: set[Month]) -> _Built:
    """Build all months in one query, and write those that changed."""
    contract = build.contract
    window = BuildWindow(run.as_of, None, run.secret)
    scan = build.make(window, **{n: input_of(run, build, n, None) for n in build.inputs})
    assert isinstance(scan, Query)  # noqa: S101 - by construction
    of_all = run.lake.target(contract, None, scan).fingerprint
    if run.lake.is_up_to_date(contract, of_all) and not run.full and not run.months and not forced:
        return {}, None, {}
    session = run.session()
    existing, parts = run.lake.parts(contract), list[Part]()
    # if all months will be written, group the rows by month first: otherwise each month looks for its own everywhere
    how = "build/all_months_by_month" if run.full or not existing else "build/all_months"
    kept = Query(statement(how), {"built": scan}, materialized=True)
    columns = ", ".join(f'"{c.name}"' for c in contract.columns)
    summary = Query(statement("build/months", columns=columns), {"worked_out": kept})
    hash_of = {r.pop("month"): r for r in session.table(summary).to_pylist()}
    for month, hashes in hash_of.items():
        target = run.lake.month_of(contract, month, hashes)
        if month in existing and existing[month].path == target.path and not run.remakes(month) and month not in forced:
            continue
        parts.append(target)
    of_each = [(Query(statement("build/month"), {"worked_out": kept}, {"of": p.month}), p) for p in parts]
    rows = dict(zip((p.month for p in parts), session.write_together(of_each, contract), strict=True))
    run.lake.replace(contract, parts)
    run.lake.keep_only(contract, hash_of)
    run.lake.record_inputs(contract, of_all)
    return rows, len(hash_of), {}


def _months(run: RunContext, build: Build) -> list[date | None]:
    """The months of a table."""
    if not build.contract.partitioned:
        return [None]
    landed, worked_out = set[date](), set[date]()
    for name, source in build.inputs.items():
        if isinstance(source, StreamContract):
            landed.update(date.fromisoformat(m) for e in batches.seen(run, source) for m in e.months)
        elif isinstance(source, DatasetContract) and build.reads_by_month(name):
            (worked_out if source.name in ALL_MONTHS else landed).update(
                m for m in run.lake.files_by_month(source) if m
            )
    # Computed months without landed rows count too, except those before anything landed: agreements go back further
    # than use, and nobody was billed by them then.
    first = min(landed or worked_out, default=date.max)
    return [m for m in sorted(landed | worked_out) if m >= first]


def input_of(run: RunContext, build: Build, name: str, month: date | None) -> Scan:
    """What a build is given for an input: its rows, or those of the month that is made."""
    source = build.inputs[name]
    if isinstance(source, RegisterContract):
        rows = register(run, source)
        if month is not None and "month" in rows.column_names:
            rows = rows.filter(pc.equal(rows["month"], month))
        return Values(rows)
    if isinstance(source, StreamContract):
        return batches.rows_with_withdrawals(run, source, month)
    if name in build.by_value:
        return _values(run, run.lake.scan(source))
    return run.lake.scan(source, month if build.reads_by_month(name) else None)


def _values(run: RunContext, scan: Scan) -> Values:
    """The sorted rows of a small table, read once per run: every month of a build may need them."""
    ordered = Query("from small order by all", {"small": scan})
    return Values(run.once(("small", scan.fingerprint), lambda: run.session().table(ordered)))
