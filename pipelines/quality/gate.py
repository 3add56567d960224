"""The gate: checks made from the contracts, judged over what was made, as rows of `quality.check_result`.

A failed check and a broken check are different news: the first says that the data is wrong, the second that nobody
knows. Both stop publication.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from jinja2 import Environment, FileSystemLoader

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.rules import Between, Form, InOrder, InSet
from catalog.tables.datasets import DATASETS
from catalog.tables.quality import CHECK_RESULT
from pipelines.quality.gx_worker import WORKER, GxWorkerDied
from transport.base.settings import Settings
from transport.lake.tables import Part


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one dataset: how many rows of how many were not as promised.

    Attributes:
        examined: None where a rule reads a table that is not published, whose rows nobody may count.
        carried_from: the release that judged the months, or the whole table, that were not made anew since.
    """

    dataset: str
    check: str
    passed: bool
    unexpected: int
    examined: int | None
    detail: str | None = None
    carried_from: str | None = None


def warm() -> None:
    """Let the judge begin to load Great Expectations, which takes seconds, while other work goes on."""
    with suppress(OSError):  # whoever asks will hear of it
        WORKER.start()


def documents_of(settings: Settings) -> Path:
    """Where a judgement leaves what was expected and found of each table, until it is published."""
    return settings.scratch / "quality"


def names_of(contract: DatasetContract) -> list[str]:
    """The names of the contract's checks, without judging."""
    required = ["required_columns"] if any(not c.null for c in contract.columns) else []
    return [*required, *(["key_unique"] if contract.key else []), *(r.name for r in contract.rules)]


NOT_CARRIED_OUT = "not carried out:"
"""How the detail of a check begins whose result nobody knows."""


class Judging:
    """What the judge was asked; other work may go on before the results are read."""

    def __init__(
        self, asked: Collection[tuple[str, str]], unread: Sequence[Result], answer: Future[list[dict[str, Any]]]
    ) -> None:
        """Keep what is expected.

        Args:
            asked: dataset and name of each check that was asked for.
            unread: results of tables without rows, which nobody need read.
            answer: of the judge.
        """
        self._asked, self._unread, self._answer = asked, unread, answer

    def done(self) -> bool:
        """Whether the judge has answered."""
        return self._answer.done()

    def results(self) -> list[Result]:
        """One result for each check; waits for the judge. A check without an answer was not carried out."""
        try:
            rows = self._answer.result(_PATIENCE)
        except TimeoutError:
            WORKER.end()
            return self._lost(self._asked, TimeoutError(f"no answer in {_PATIENCE} s"))
        except GxWorkerDied as problem:
            return self._lost(self._asked, problem)
        answered = [
            Result(r["dataset"], r["check"], r["passed"], r["unexpected"], r["examined"], r["error"] or r["sample"])
            for r in rows
        ]
        without = {*self._asked} - {(r.dataset, r.check) for r in answered}
        return [*answered, *self._lost(without, GxWorkerDied("no result"))]

    def _lost(self, checks: Collection[tuple[str, str]], problem: Exception) -> list[Result]:
        return [*self._unread, *(not_carried_out(*check, problem) for check in sorted(checks))]


def judge_contracts(
    settings: Settings,
    parts: Sequence[tuple[DatasetContract, Sequence[Part]]],
    *,
    beside_others: bool = False,
    of_rows: Mapping[str, int] = MappingProxyType({}),
) -> Judging:
    """Have the given files of each dataset judged by its contract; one without rows passes with none examined.

    Args:
        settings: limits of the judge.
        parts: the files of each dataset.
        beside_others: the run goes on building, so the judge takes half.
        of_rows: of a dataset whose other files are known to meet every check: how many rows it has with them.
    """
    tables = {c.name: ([str(p.path) for p in files], checks_of(c)) for c, files in parts if rows_in(files)}
    unread = [
        Result(c.name, n, passed=True, unexpected=0, examined=0)
        for c, _ in parts
        if c.name not in tables
        for n in names_of(c)
    ]
    if not tables:
        nothing = Future[list[dict[str, Any]]]()
        nothing.set_result([])
        return Judging((), unread, nothing)
    share = 2 if beside_others else 1
    answer = WORKER.ask(
        tables,
        by_month={c.name for c, _ in parts if c.partitioned},
        memory_limit=f"{settings.memory_mb // share}MB",
        threads=max(1, settings.threads // share),
        temp_directory=settings.scratch / "spill",
        documents=documents_of(settings),
        sums={c.name: [p.sha256 for p in files] for c, files in parts if c.name in tables},
        of_rows=of_rows,
        uncounted={c.name for c, _ in parts if c.audience is Audience.INTERNAL},
    )
    return Judging({(c.name, n) for c, _ in parts if c.name in tables for n in names_of(c)}, unread, answer)


_PATIENCE = 1800
"""Seconds: five years of a nation are judged in ten. A judge that says nothing for so long hangs."""


def checks_of(contract: DatasetContract) -> list[dict[str, object]]:
    """The contract's promises as checks of the engine: required columns, the key, and each rule."""
    required = [c.name for c in contract.columns if not c.null]
    checks: list[dict[str, object]] = []
    if required:
        checks.append({"name": "required_columns", "kind": "not_null", "columns": required})
    if contract.key:
        says = f"The key ({', '.join(contract.key)}) occurs once."
        checks.append({"name": "key_unique", "kind": "unique", "columns": [*contract.key], "says": says})
    for rule in contract.rules:
        check = {"name": rule.name, "columns": [*rule.columns], "sql": rule.condition, "says": rule.says.en}
        checks.append(check | terms(rule.form))
    return checks


def terms(form: Form | None) -> dict[str, object]:
    """A rule's form in the engine's terms; a rule without one is its SQL."""
    match form:
        case InSet(values):
            return {"kind": "in_set", "values": [*values]}
        case Between(low, high):
            return {"kind": "between", "low": low, "high": high}
        case InOrder():
            return {"kind": "in_order"}
        case None:
            return {"kind": "sql"}


def table_result(dataset: str, name: str, broken: pa.Table, *, examined: int | None) -> Result:
    """The result of a rule over several tables, from the rows that break it and how many it looked at."""
    detail = str(broken.slice(0, 3).to_pylist())[:400] if broken.num_rows else None
    return Result(
        dataset, name, passed=not broken.num_rows, unexpected=broken.num_rows, examined=examined, detail=detail
    )


def not_carried_out(dataset: str, name: str, problem: Exception) -> Result:
    """The result of a check that broke: failed, and its words say that nobody knows."""
    detail = f"{NOT_CARRIED_OUT} {type(problem).__name__}: {str(problem)[:300]}"
    return Result(dataset, name, passed=False, unexpected=0, examined=0, detail=detail)


def as_table(results: Sequence[Result], at: datetime) -> pa.Table:
    """`quality.check_result`: of tables that are not published, nobody is told how many rows they have."""
    rows = [
        {
            "dataset": r.dataset,
            "check_name": r.check,
            "passed": r.passed,
            "unexpected": r.unexpected,
            "examined": r.examined if r.dataset in DATASETS else None,
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


def describe_judgement(settings: Settings, release: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Add to the documents of a judgement its index page, and the checkpoint: which suites were run over what.

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
    checkpoint = {
        "name": "gate",
        "validation_definitions": [
            {"name": name, "suite": f"expectations/{name}.json", "data": {"dataset": name}}
            for name in sorted(documented)
        ],
        "result_format": {"result_format": "BASIC", "partial_unexpected_count": 0},
    }
    for path, text in (
        (folder / "pages" / "index.html", index),
        (folder / "checkpoints" / "gate.json", json.dumps(checkpoint, indent=1)),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


FRAMES = Path(__file__).with_name("frames")
