"""The step that builds a reference table or a mart: each changed month, or all months at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pyarrow.compute as pc

from assets.build import Build, BuildWindow
from assets.statements import statement
from catalog.contracts.language import DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Query, Scan, Values
from pipelines.engine import Month, OutputFile, Task, TaskResult, workers_by_month
from pipelines.run import batches
from pipelines.run.context import BuildResult, RunContext, Work
from pipelines.run.register_rows import register
from pipelines.run.tables import ALL_MONTHS
from transport.lake.session import Session
from transport.lake.tables import Part, named_for_content
from transport.storage.backends import check_room


def begin(run: RunContext, build: Build, months: Collection[Month] = ()) -> Work:
    """Begin to build a table where its inputs have changed.

    Args:
        run: the run.
        build: which table, and how.
        months: build these even if nothing changed.
    """
    check_room(run.settings)
    return (_all_months if build.all_months else _by_month)(run, build, months)


def is_stale(run: RunContext, build: Build) -> bool:
    """Whether any file of the table differs from what its inputs would give now."""
    if build.all_months:
        return run.full or bool(run.months) or not run.lake.is_up_to_date(build.contract, _whole(run, build)[1])
    parts = _reduced_parts(run, build)
    targets = {
        month: run.lake.target(build.contract, month, _scan(run, build, month, parts)) for month in _months(run, build)
    }
    up_to_date = all(
        _is_made(run, build.contract, target) and not run.remakes(month) for month, target in targets.items()
    )
    return not up_to_date or (
        build.contract.partitioned and run.lake.parts(build.contract).keys() - targets.keys() != set()
    )


def _by_month(run: RunContext, build: Build, forced: Collection[Month]) -> Work:
    contract, months, parts = build.contract, _months(run, build), _reduced_parts(run, build)
    tasks, stale_months = list[Task](), list[date | None]()
    for month in months:
        scan = _scan(run, build, month, parts)
        target = run.lake.target(contract, month, scan)
        if _is_made(run, contract, target) and not run.remakes(month) and month not in forced:
            continue
        outputs = (OutputFile(scan, contract, target),)
        name, reads = f"{contract.name} {month or ''}".strip(), _bytes_read(run, build, month)
        # a table of one file is renamed for its content when it is made
        tasks.append(Task(name, outputs, reads, here=not contract.partitioned))
        stale_months.append(month)

    def finish(done: Sequence[TaskResult]) -> list[BuildResult]:
        rows = {month: d.rows[0] for month, d in zip(stale_months, done, strict=True)}
        files = [run.lake.named_by_content(contract, d.parts[0]) for d in done]
        if named_for_content(contract) and done:
            run.lake.replace(contract, [f for f in files if f not in run.lake.files(contract)])
            run.lake.record_inputs(contract, done[0].parts[0].fingerprint)
        else:
            run.lake.replace(contract, files)
        if contract.partitioned:
            run.lake.keep_only(contract, [m for m in months if m is not None])
        return _reported(run, contract, rows, len(months), workers_by_month(stale_months, done))

    return Work(tasks, finish)


def _reported(
    run: RunContext,
    contract: DatasetContract,
    rows: dict[Month, int],
    of: int,
    workers: Mapping[Month, tuple[str, float]],
) -> list[BuildResult]:
    run.reporter.done(contract.name, f"{sum(rows.values())} rows made in {len(rows)} of {of} parts")
    return [BuildResult(contract, rows, workers=workers)]


def _scan(run: RunContext, build: Build, month: Month, parts: Mapping[Month, dict[str, Scan]]) -> Scan:
    """The rows of a month, from its inputs, or from the reduced files of an input."""
    window = BuildWindow(run.as_of, month, run.secret)
    scans = {name: input_of(run, build, name, month) for name in build.inputs}
    if build.of_reduced and month in parts:
        return build.of_reduced(window, **scans | parts[month])
    return build.make(window, **scans)


def _is_made(run: RunContext, contract: DatasetContract, target: Part) -> bool:
    """Whether the target file is up to date."""
    if named_for_content(contract):
        return run.lake.is_up_to_date(contract, target.fingerprint)
    return run.lake.parts(contract).get(target.month) == target


def _reduced_parts(run: RunContext, build: Build) -> dict[Month, dict[str, Scan]]:
    """For months whose input is several files: the reduced rows, under the input's name."""
    months = set(_months(run, build)) if build.reduced else set()
    return {
        month: {name: run.lake.scan(how.contract, month)}
        for name, how in build.reduced.items()
        for month in _of_several_files(run, build, name)
        if month in months
    }


def _of_several_files(run: RunContext, build: Build, name: str) -> dict[Month, tuple[Part, ...]]:
    source = build.inputs[name]
    assert isinstance(source, DatasetContract)  # noqa: S101 - registers are small
    return {month: files for month, files in run.lake.files_by_month(source).items() if len(files) > 1}


def begin_reduced(run: RunContext, build: Build, name: str, months: Collection[Month] = ()) -> Work:
    """Begin to reduce an input of a build in months that are several files, each file by a task of its own.

    Args:
        run: the run.
        build: the table that is built from the reduced rows.
        name: of the input.
        months: reduce these even if nothing changed.
    """
    contract, targets = build.reduced[name].contract, _reduced_targets(run, build, name)
    before = run.lake.files_by_month(contract)
    existing = {part.path: part for parts in before.values() for part in parts}
    tasks = [
        Task(f"{contract.name} {target.month}", (OutputFile(scan, contract, target),), size)
        for target, scan, size in targets
        if target.path not in existing or run.remakes(target.month) or target.month in months
    ]

    def finish(done: Sequence[TaskResult]) -> list[BuildResult]:
        new_parts = {d.parts[0].path: d.parts[0] for d in done}
        wanted: dict[Month, list[Part]] = {}
        for target, _, _ in targets:
            part = new_parts.get(target.path) or existing[target.path]
            wanted.setdefault(target.month, []).append(part)
        changed = {d.parts[0].month for d in done}
        changed |= {m for m, parts in wanted.items() if {p.path for p in parts} != {p.path for p in before.get(m, ())}}
        run.lake.replace(contract, [part for month in changed for part in wanted[month]])
        run.lake.keep_only(contract, [month for month in wanted if month is not None])
        return []

    return Work(tasks, finish)


def is_reduced_stale(run: RunContext, build: Build, name: str) -> bool:
    """Whether any reduced file of the input is missing, left over or out of date."""
    targets = [target for target, _, _ in _reduced_targets(run, build, name)]
    existing = {part.path for part in run.lake.files(build.reduced[name].contract)}
    return {t.path for t in targets} != existing or any(run.remakes(t.month) for t in targets)


def _reduced_targets(run: RunContext, build: Build, name: str) -> list[tuple[Part, Scan, int]]:
    """The file that each file of the input is reduced to, its rows, and the bytes that it is made of."""
    how, source = build.reduced[name], build.inputs[name]
    assert isinstance(source, DatasetContract)  # noqa: S101 - registers are small
    targets = []
    for month, files in _of_several_files(run, build, name).items():
        beside = {small: input_of(run, build, small, month) for small in how.beside}
        for file in files:
            scan = how.rows(BuildWindow(run.as_of, month), run.lake.scan_of(source, [file]), **beside)
            targets.append((run.lake.target(how.contract, month, scan), scan, file.size or 0))
    return targets


def _bytes_read(run: RunContext, build: Build, month: Month) -> int:
    """The bytes of the tables that a month is made of."""
    tables = [(name, source) for name, source in build.inputs.items() if isinstance(source, DatasetContract)]
    return sum(
        run.lake.bytes_of(source, [month] if build.reads_by_month(name) else run.lake.files_by_month(source))
        for name, source in tables
    )


def _whole(run: RunContext, build: Build) -> tuple[Query, str]:
    """The rows of all months, and their fingerprint."""
    window = BuildWindow(run.as_of, None, run.secret)
    scan = build.make(window, **{name: input_of(run, build, name, None) for name in build.inputs})
    assert isinstance(scan, Query)  # noqa: S101 - by construction
    return scan, run.lake.target(build.contract, None, scan).fingerprint


def _all_months(run: RunContext, build: Build, forced: Collection[Month]) -> Work:
    """Build all months in one query, and write those that changed."""
    contract = build.contract
    scan, fingerprint = _whole(run, build)
    if run.lake.is_up_to_date(contract, fingerprint) and not run.full and not run.months and not forced:
        return Work((), lambda _done: _reported(run, contract, {}, len(run.lake.files_by_month(contract)), {}))
    existing, parts, hashes = run.lake.parts(contract), list[Part](), dict[Month, dict[str, object]]()
    # if all months will be written, group the rows by month first: otherwise each month looks for its own everywhere
    how = "build/all_months_by_month" if run.full or not existing else "build/all_months"
    rows_of_all = Query(statement(how), {"built": scan}, materialized=True)
    columns = ", ".join(f'"{c.name}"' for c in contract.columns)
    summary = Query(statement("build/months", columns=columns), {"worked_out": rows_of_all})

    def compute(session: Session) -> tuple[int, ...]:
        hashes.update({row.pop("month"): row for row in session.table(summary).to_pylist()})
        targets = {month: run.lake.month_of(contract, month, of) for month, of in hashes.items() if month}
        for month, target in targets.items():
            same = month in existing and existing[month].path == target.path
            if not same or run.remakes(month) or month in forced:
                parts.append(target)
        month_of = statement("build/month")
        each = [(Query(month_of, {"worked_out": rows_of_all}, {"of": part.month}), part) for part in parts]
        return tuple(session.write_together(each, contract))

    def finish(done: Sequence[TaskResult]) -> list[BuildResult]:
        run.lake.replace(contract, parts)
        run.lake.keep_only(contract, [month for month in hashes if month])
        run.lake.record_inputs(contract, fingerprint)
        rows = dict(zip((part.month for part in parts), done[0].rows, strict=True))
        return _reported(run, contract, rows, len(hashes), {})

    return Work((Task(contract.name, reads=_bytes_read(run, build, None), here=True, compute=compute),), finish)


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
    return Values(run.cached_table(("small", scan.fingerprint), lambda: run.session().table(ordered)))
