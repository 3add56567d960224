"""The gate: checks made from the contracts and from files of expectations, as rows of `quality.check_result`.

A failed check says that the data is wrong, a broken check that nothing is known about it. A broken check always stops
publication, a failed one unless its severity is WARN.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib import import_module
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from jinja2 import Environment, FileSystemLoader

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.rules import Between, Form, InOrder, InSet, Rule
from catalog.tables.datasets import DATASETS
from catalog.tables.quality import CHECK_RESULT
from pipelines.quality.checks import WARN, Check, Kind, Result, Table, in_words, not_carried_out, sample
from transport.base.settings import Settings
from transport.lake.session import sql_type
from transport.lake.tables import Part


@cache
def _process() -> ProcessPoolExecutor:
    """A process for Great Expectations: loading it and asking it are seconds of Python, which a run would wait for."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the run

    def wait() -> None:
        parent = parent_process()
        assert parent is not None  # noqa: S101 - this is a child
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def warm() -> None:
    """Begin to load Great Expectations, while other work goes on."""
    with suppress(BrokenProcessPool, OSError):  # whoever asks for checks hears of it
        _process().submit(import_module, "pipelines.quality.engine")


def documents_of(settings: Settings) -> Path:
    """The folder of each table's expectations and results, until they are published."""
    return settings.scratch / "quality"


def names_of(contract: DatasetContract) -> list[str]:
    """The names of the contract's checks."""
    return [check.name for check in checks_of(contract)]


Tables: TypeAlias = Sequence[tuple[DatasetContract, Sequence[Part], Sequence[Check]]]
"""Tables to check: contract, all files, and checks of each."""


def check_tables(settings: Settings, tables: Tables) -> Callable[[], list[Result]]:
    """Have tables checked. A table without rows meets its contract, with none examined.

    Args:
        settings: limits of DuckDB.
        tables: which.

    Returns:
        What waits for the results. Where the process ended, no check was carried out.
    """
    results: list[Result] = []
    wanted: list[tuple[DatasetContract, Sequence[Part], Sequence[Check]]] = []
    for contract, files, checks in tables:
        nonempty_files = files if rows_in(files) else []
        of_contract = [check for check in checks if check.kind != Kind.EXPECTATION]
        if not nonempty_files:
            results += [Result(contract.name, c.name, passed=True, unexpected=0, examined=0) for c in of_contract]
        left = checks if nonempty_files else [check for check in checks if check not in of_contract]
        if nonempty_files or left:
            wanted.append((contract, nonempty_files, left))
    if not wanted:
        return lambda: results
    tables_to_check = {
        contract.name: Table(
            [str(part.path) for part in files],
            checks,
            by_month=contract.partitioned,
            columns={c.name: sql_type(c.type) for c in contract.columns},
            untold={c.name for c in contract.columns if c.free_text or c.internal},
            counted=contract.audience is not Audience.INTERNAL,
        )
        for contract, files, checks in wanted
    }
    lost = [(contract.name, check.name) for contract, _, checks in wanted for check in checks]
    limits = {
        "memory_limit": f"{settings.memory_mb}MB",
        "threads": settings.threads,
        "temp_directory": settings.scratch / "spill",
        "documents": documents_of(settings),
    }
    try:
        future = _process().submit(_run_checks, tables_to_check, **limits)
    except BrokenProcessPool:  # it ended after the last time it was asked
        _process.cache_clear()
        future = _process().submit(_run_checks, tables_to_check, **limits)

    def finish() -> list[Result]:
        try:
            return results + future.result()
        except BrokenProcessPool:
            _process.cache_clear()
            why = "the process of Great Expectations ended; see the memory of this machine, and run again"
            return results + [not_carried_out(dataset, check, why) for dataset, check in lost]

    return finish


def _run_checks(tables: Mapping[str, Table], **limits: Any) -> list[Result]:
    from pipelines.quality import engine  # loads Great Expectations

    return engine.run_checks(tables, **limits)


def checks_of(contract: DatasetContract) -> list[Check]:
    """The contract's promises as checks: required columns, the key, and each rule."""
    checks: list[Check] = []
    if required := tuple(c.name for c in contract.columns if not c.null):
        says = f"No value is missing in {', '.join(required)}."
        checks.append(Check("required_columns", Kind.NOT_NULL, required, says=says))
    if contract.key:
        says = f"The key ({', '.join(contract.key)}) occurs once."
        checks.append(Check("key_unique", Kind.UNIQUE, tuple(contract.key), says=says))
    return checks + [check_of(rule) for rule in contract.rules]


def check_of(rule: Rule) -> Check:
    """A rule as a check, in common terms where it has a form."""
    return Check(rule.name, columns=rule.columns, sql=rule.condition, says=rule.says.en, **_terms(rule.form))


def _terms(form: Form | None) -> dict[str, Any]:
    match form:
        case InSet(values):
            return {"kind": Kind.IN_SET, "values": tuple(values)}
        case Between(low, high):
            return {"kind": Kind.BETWEEN, "low": low, "high": high}
        case InOrder():
            return {"kind": Kind.IN_ORDER}
        case None:
            return {"kind": Kind.SQL}


def table_result(dataset: str, name: str, broken: pa.Table, *, examined: int | None, severity: str) -> Result:
    """The result of a rule over several tables, from the rows that break it and how many it looked at."""
    samples = tuple(map(sample, broken.slice(0, 3).to_pylist()))
    return Result(
        dataset,
        name,
        passed=not broken.num_rows,
        unexpected=broken.num_rows,
        examined=examined,
        detail=in_words(samples),
        severity=severity,
        samples=samples,
    )


def as_table(results: Sequence[Result], at: datetime) -> pa.Table:
    """`quality.check_result`, without the row counts of unpublished tables.

    What an error found stays in the run, since it publishes nothing; what a warning found would be published, so it is
    told in counts alone.
    """
    rows = []
    for r in sorted(results, key=lambda r: (r.dataset, r.check)):
        examined = r.examined if r.dataset in DATASETS else None
        warned = not r.passed and r.severity == WARN
        rows.append(
            {
                "dataset": r.dataset,
                "check_name": r.check,
                "passed": r.passed,
                "unexpected": 0 if warned and examined is None else r.unexpected,
                "examined": examined,
                "detail": _WARNED if warned else r.detail,
                "carried_from": r.carried_from,
                "judged_at": at,
                "severity": r.severity,
            }
        )
    return pa.Table.from_pylist(rows, CHECK_RESULT.arrow_schema)


_WARNED = "Not as expected; publication goes on. What was found is shown with the run."


def rows_in(parts: Sequence[Part]) -> int:
    """Rows of the files, as their table's log has them, else by their footers."""
    return sum(pq.read_metadata(p.path).num_rows if p.rows is None else p.rows for p in parts)


def write_index(settings: Settings, release: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Add the index page to the documents of checks.

    Args:
        settings: the home.
        release: its name.
        results: rows of `quality.check_result`.
    """
    folder = documents_of(settings)
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        tables.setdefault(result["dataset"], []).append(result)
    pages = Environment(loader=FileSystemLoader(FRAMES), autoescape=True)
    carried = {name for name, rows in tables.items() if any(row["carried_from"] for row in rows)}
    documented = carried | {page.stem for page in (folder / "pages").glob("*.html")}
    index = pages.get_template("dif_index.j2").render(release=release, tables=tables, documented=documented)
    pages_folder = folder / "pages"
    pages_folder.mkdir(parents=True, exist_ok=True)
    (pages_folder / "index.html").write_text(index, "utf-8")


FRAMES = Path(__file__).with_name("frames")
