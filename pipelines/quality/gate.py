"""The gate: checks made from the contracts, judged over what was made, as rows of `quality.check_result`.

A failed check and a broken check are different news: the first says that the data is wrong, the second that nobody
knows. Both stop publication.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import DatasetContract
from catalog.tables.quality import CHECK_RESULT
from pipelines.quality.gx_worker import WORKER, GxWorkerDied
from transport.base.settings import Settings
from transport.lake.tables import Part


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one dataset: how many rows of how many were not as promised.

    Attributes:
        carried_from: the release that judged the months, or the whole table, that were not made anew since.
    """

    dataset: str
    check: str
    passed: bool
    unexpected: int
    examined: int
    detail: str | None = None
    carried_from: str | None = None


def warm() -> None:
    """Let the judge begin to load Great Expectations, which takes seconds, while other work goes on."""
    with suppress(OSError):  # whoever asks will hear of it
        WORKER.start()


def names_of(contract: DatasetContract) -> list[str]:
    """The names of the contract's checks, without judging."""
    required = ["required_columns"] if any(not c.null for c in contract.columns) else []
    return [*required, *(["key_unique"] if contract.key else []), *(r.name for r in contract.rules)]


def judge_contracts(
    settings: Settings, parts: Sequence[tuple[DatasetContract, Sequence[Part]]]
) -> Callable[[], list[Result]]:
    """Have the given files of each dataset judged by its contract; one without rows passes with none examined.

    Returns:
        What waits for the results; other work may go on before it is called.
    """
    tables = {c.name: ([str(p.path) for p in files], _checks(c)) for c, files in parts if rows_in(files)}
    unread = [
        Result(c.name, n, passed=True, unexpected=0, examined=0)
        for c, _ in parts
        if c.name not in tables
        for n in names_of(c)
    ]
    judging = WORKER.ask(
        tables,
        by_month={c.name for c, _ in parts if c.partitioned},
        memory_limit=f"{settings.memory_mb}MB",
        threads=settings.threads,
        temp_directory=settings.scratch / "spill",
    )

    asked = {(c.name, n) for c, _ in parts if c.name in tables for n in names_of(c)}

    def results() -> list[Result]:
        try:
            rows = judging.result(_PATIENCE)
        except TimeoutError:
            WORKER.end()
            return unread + [
                not_carried_out(*one, TimeoutError(f"no answer in {_PATIENCE} s")) for one in sorted(asked)
            ]
        except GxWorkerDied as problem:
            return unread + [not_carried_out(*one, problem) for one in sorted(asked)]
        said = [
            Result(r["dataset"], r["check"], r["passed"], r["unexpected"], r["examined"], r["error"] or r["sample"])
            for r in rows
        ]
        untold = asked - {(r.dataset, r.check) for r in said}
        return unread + said + [not_carried_out(*one, GxWorkerDied("no result")) for one in sorted(untold)]

    return results


_PATIENCE = 1800
"""Seconds: five years of a nation are judged in ten. A judge that says nothing for so long hangs."""


def _checks(contract: DatasetContract) -> list[dict[str, object]]:
    """The contract's promises as checks of `quality`: required columns, the key, and each rule."""
    required = [c.name for c in contract.columns if not c.null]
    key = [c.name for c in contract.columns if c.key]
    checks: list[dict[str, object]] = []
    if required:
        checks.append({"name": "required_columns", "kind": "not_null", "columns": required})
    if key:
        checks.append({"name": "key_unique", "kind": "unique", "columns": key})
    checks += [{"name": r.name, "kind": "sql", "columns": list(r.columns), "sql": r.condition} for r in contract.rules]
    return checks


def table_result(dataset: str, name: str, broken: pa.Table, *, examined: int) -> Result:
    """The result of a rule over several tables, from the rows that break it and how many it looked at."""
    detail = str(broken.slice(0, 3).to_pylist())[:400] if broken.num_rows else None
    return Result(
        dataset, name, passed=not broken.num_rows, unexpected=broken.num_rows, examined=examined, detail=detail
    )


def not_carried_out(dataset: str, name: str, problem: Exception) -> Result:
    """The result of a check that broke: failed, and its words say that nobody knows."""
    detail = f"not carried out: {type(problem).__name__}: {str(problem)[:300]}"
    return Result(dataset, name, passed=False, unexpected=0, examined=0, detail=detail)


def as_table(results: Sequence[Result], at: datetime) -> pa.Table:
    """`quality.check_result`."""
    rows = [
        {
            "dataset": r.dataset,
            "check_name": r.check,
            "passed": r.passed,
            "unexpected": r.unexpected,
            "examined": r.examined,
            "detail": r.detail,
            "carried_from": r.carried_from,
            "judged_at": at,
        }
        for r in sorted(results, key=lambda r: (r.dataset, r.check))
    ]
    return pa.Table.from_pylist(rows, CHECK_RESULT.arrow_schema)


def rows_in(parts: Sequence[Part]) -> int:
    """Rows of the files, as their table's log has them, else by their footers."""
    return sum(pq.read_metadata(p.path).num_rows if p.rows is None else p.rows for p in parts)
