"""Large tables are judged file by file, by whoever makes the run's tables; what was found is kept in the lake.

The counts of each file are a file of the lake too, named for that file and the checks. So a file is counted once, and a
run that changes one month counts one month. The judge's process sees only the files in which something is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Query
from catalog.errors import StatementFailed
from pipelines.engine.tasks import Answer, Task
from pipelines.quality import gate, parts
from pipelines.run.context import RunContext
from pipelines.run.tables import BUILD_OF, JUDGED
from transport.lake.tables import Part

PART_ROWS = 250_000
"""Rows of a file from which counts pay: 15 ms and 0.3 µs a row, on any worker; the judge takes 0.5 µs a row, here."""
Tables: TypeAlias = Sequence[tuple[DatasetContract, Sequence[Part]]]


def pay(contract: DatasetContract, files: Sequence[Part]) -> bool:
    """Whether a table is judged file by file: its contract and rows decide, so that every engine does the same."""
    several = contract.name in JUDGED and len(files) > 1  # of one, the judge would see all
    return several and gate.rows_in(files) >= max(1, PART_ROWS * len(files))


def to_look_at(run: RunContext, tables: Tables) -> tuple[Tables, dict[str, int]]:
    """Count in every file of large tables how many rows break each check, and choose what the judge has to see.

    Returns:
        Of each table the files in which something is wrong, or its smallest where nothing is, so that there is a suite
        with its result; and how many rows the table has with the others. A table of which no count helps is given
        whole, without its rows.
    """
    _forget_old(run)
    try:
        counted = _counted(run, tables)
    except StatementFailed:  # a check cannot be carried out: the judge says which, and why
        return tables, {}
    chosen, of_rows = list[tuple[DatasetContract, Sequence[Part]]](), dict[str, int]()
    for contract, files in tables:
        rows = counted[contract.name]
        wrong = {row["month"] for row in rows if row["unexpected"]}
        if wrong and "month" not in contract.key:
            chosen.append((contract, files))  # a day may be in the file of another month, and its key in both
            continue
        smallest = min((file for file in files if file.rows), key=lambda file: (file.rows, str(file.month)))
        chosen.append((contract, [file for file in files if file.month in wrong] or [smallest]))
        of_rows[contract.name] = sum({row["month"]: row["examined"] for row in rows}.values())
    return chosen, of_rows


def _counted(run: RunContext, tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """The counts of every file, by table: those that the lake has, and those that are made now."""
    tasks, of = list[Task](), list[str]()
    for contract, files in tables:
        there = run.lake.parts(JUDGED[contract.name])
        for file in files:
            answer = _answer(run, contract, file)
            kept = there.get(file.month)
            if kept == answer.part and not run.remakes(file.month) and run.lake.is_sound(kept):
                continue
            name = f"{answer.contract.name} {file.month or ''}".strip()
            tasks.append(Task(name, (answer,), reads=file.size or 0))
            of.append(contract.name)
    done = run.engine.run(tasks, lambda words: run.reporter.step("quality.check_result", words))
    counted = {}
    for contract, files in tables:
        counts = JUDGED[contract.name]
        run.lake.replace(counts, [d.parts[0] for name, d in zip(of, done, strict=True) if name == contract.name])
        there = run.lake.parts(counts)
        rows = Query("from counted", {"counted": run.lake.scan_of(counts, [there[file.month] for file in files])})
        counted[contract.name] = run.session().table(rows).to_pylist()
    return counted


def _answer(run: RunContext, contract: DatasetContract, file: Part) -> Answer:
    """The counts of a file, as a file of the lake."""
    scan = parts.counts(contract, run.lake.scan_of(contract, [file]))
    counts = JUDGED[contract.name]
    return Answer(scan, counts, run.lake.target(counts, file.month, scan))


def _forget_old(run: RunContext) -> None:
    """Remove the counts of files that the lake no longer has."""
    for name, counts in JUDGED.items():
        contract = BUILD_OF[name].contract
        if there := run.lake.parts(counts):
            files = run.lake.parts(contract)
            old = {month for month, part in there.items() if part != _now(run, contract, files.get(month))}
            if old:
                run.lake.keep_only(counts, [month for month in there if month and month not in old])


def _now(run: RunContext, contract: DatasetContract, file: Part | None) -> Part | None:
    return _answer(run, contract, file).part if file else None
