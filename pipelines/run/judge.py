"""The step that judges what was made: every contract's checks, and the rules over several tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pyarrow as pa

from assets import quality
from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Scan, Values
from catalog.errors import GateFailed, NoRoom, StatementFailed
from catalog.tables import registers
from catalog.tables.quality import CHECK_RESULT
from pipelines.quality import gate
from pipelines.run import draft_ahead, metrics
from pipelines.run.context import RunContext
from pipelines.run.judge_ahead import judge_all, judged_before, to_judge
from pipelines.run.register_rows import register
from pipelines.run.repair import check_lake
from pipelines.run.tables import BUILDS
from transport.lake.tables import Part
from transport.releases import dataset_reader
from transport.releases.store import Draft, Release
from transport.storage import landing
from transport.storage.backends import ROOM, is_full


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's verdict.

    Attributes:
        results: one row per check (`quality.check_result`).
        failed: the names of the checks that failed.
        draft: the release that was begun meanwhile from the lake; None if there is nothing new.
    """

    results: pa.Table
    failed: tuple[str, ...]
    draft: Draft | None = None

    @property
    def refusal(self) -> GateFailed:
        """The error of a run that this verdict stops."""
        details = [row["detail"] or "" for row in self.results.to_pylist() if not row["passed"]]
        return GateFailed(self.failed, carried_out=not all(d.startswith(gate.NOT_CARRIED_OUT) for d in details))


def judge(run: RunContext) -> Verdict:
    """Judge every dataset by its contract, in months not judged before, and the rules over several tables.

    A check that could not be carried out counts as failed, and says so.

    Raises:
        NoRoom: the disk is full, so that nothing can be judged.
    """
    with run.profile.span("quality.check_result"):
        return _judged(run)


def _judged(run: RunContext) -> Verdict:
    check_lake(run)
    run.reporter.step("quality.check_result")
    before = judged_before(run)
    parts = [(b.contract, to_judge(run, b.contract, before)) for b in BUILDS]
    judging = judge_all(run, parts)
    with ThreadPoolExecutor(1, thread_name_prefix="draft") as beside:
        filling = beside.submit(draft_ahead.filled, run)  # while what was made is judged
        try:
            results = _table_results(run) + _carried_over(run, before.release, parts, judging())
            _check_room(run, results)
            table = gate.as_table(results, landing.utc_now())
            failed = tuple(f"{r['dataset']} {r['check_name']}" for r in table.to_pylist() if not r["passed"])
            draft = filling.result()
        except BaseException:
            if not filling.exception() and (draft := filling.result()):
                draft.discard()
            raise
    if failed and draft:
        draft.discard()
        draft = None
    run.reporter.done("quality.check_result", f"{table.num_rows - len(failed)} checks passed, {len(failed)} failed")
    return Verdict(table, failed, draft)


def _carried_over(
    run: RunContext,
    current: Release | None,
    judged: Sequence[tuple[DatasetContract, Sequence[Part]]],
    results: list[gate.Result],
) -> list[gate.Result]:
    """The results; those of unchanged datasets name the release that examined their rows, and how many it examined."""
    untouched = {contract.name for contract, parts in judged if not parts and run.lake.pieces(contract)}
    if current is None or not untouched or CHECK_RESULT.name not in current.section("datasets"):
        return results
    rows = run.session().table(dataset_reader.scan(current, CHECK_RESULT)).to_pylist()
    before = {(row["dataset"], row["check_name"]): row for row in rows}
    carried = []
    for result in results:
        earlier = before.get((result.dataset, result.check)) if result.dataset in untouched else None
        if earlier is None:
            carried.append(result)
            continue
        since = earlier.get("carried_from") or current.name
        carried.append(replace(result, examined=earlier["examined"], carried_from=since))
    return carried


def _check_room(run: RunContext, results: list[gate.Result]) -> None:
    """Report a full disk as such: no check failed."""
    if any(r.detail and not r.passed and is_full(run.settings, r.detail) for r in results):
        raise disk_full()


def disk_full() -> NoRoom:
    """The error of a run that a full disk stopped."""
    return NoRoom("The disk is full; nothing was published, and the previous release stays.", ROOM)


def _table_results(run: RunContext) -> list[gate.Result]:
    """The results of the rules over several tables."""
    results: list[gate.Result] = []
    scans: dict[str, Scan] = {
        "accounting": Values(metrics.accounting(run.lake, run.session())),
        "batch": Values(metrics.batches(run)),
        "conformed_rows": Values(metrics.conformed_rows(run.lake)),
        "closed_quarter": Values(register(run, registers.PERIOD)),
        "closed_amount": Values(register(run, registers.CLOSED_AMOUNT)),
    }
    for rule in quality.TABLE_RULES:
        scans |= {n: run.lake.scan(c) for n, c in rule.inputs.items()}
        try:
            broken = run.session().table(rule.broken(scans))
            result = gate.table_result(rule.dataset, rule.name, broken, examined=_examined(run, rule, scans))
        except Exception as problem:  # noqa: BLE001 - whatever stops a check, nobody then knows that it holds
            why = problem.__cause__ if isinstance(problem, StatementFailed) else None  # which says that a disk is full
            result = gate.not_carried_out(rule.dataset, rule.name, why if isinstance(why, Exception) else problem)
        results.append(result)
    return results


def _examined(run: RunContext, rule: quality.TableRule, scans: Mapping[str, Scan]) -> int | None:
    """How many rows a rule looked at; None where some are of a table that is not published."""
    if any(contract.audience is Audience.INTERNAL for contract in rule.inputs.values()):
        return None
    examined: int = sum(gate.rows_in(run.lake.files(c)) for c in rule.inputs.values())
    examined += sum(s.table.num_rows for n in rule.counts if isinstance(s := scans[n], Values))
    return examined
