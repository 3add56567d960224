"""The step that checks what was made: every contract, files of expectations, and the rules over several tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pyarrow as pa

from assets import quality
from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Scan, Values
from catalog.errors import GateFailed, NoRoom, StatementFailed
from catalog.tables import registers
from catalog.tables.quality import CHECK_RESULT
from pipelines.quality import gate, suites
from pipelines.quality.checks import ERROR, NOT_CARRIED_OUT, WARN, Check, Result, not_carried_out
from pipelines.quality.suites import Suite
from pipelines.run import metrics
from pipelines.run.context import RunContext
from pipelines.run.register_rows import register
from pipelines.run.repair import check_lake
from pipelines.run.tables import BUILDS, LAKE
from transport.lake.tables import Part
from transport.releases import dataset_reader
from transport.releases.store import Release
from transport.storage import landing
from transport.storage.backends import ROOM, is_full

_TABLES = {contract.name: contract for contract in LAKE}
"""What a file of expectations may be about; contracts are checked of what is built."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found.

    Attributes:
        results: one row per check (`quality.check_result`).
        failed: the names of the checks that failed, and stop publication.
        warned: the names of those that failed and do not.
        samples: by dataset and check, of checks that failed: some rows at fault, or what was observed, as short text.
    """

    results: pa.Table
    failed: tuple[str, ...]
    warned: tuple[str, ...] = ()
    samples: Mapping[tuple[str, str], Sequence[Mapping[str, str]]] = field(default_factory=dict)

    @property
    def refusal(self) -> GateFailed:
        """The error of a run that this verdict stops."""
        rows = [row for row in self.results.to_pylist() if not row["passed"] and row["severity"] == ERROR]
        unknown = [row["detail"] for row in rows if str(row["detail"]).startswith(NOT_CARRIED_OUT)]
        return GateFailed(self.failed, not_carried_out=unknown)


def check(run: RunContext) -> Verdict:
    """Check every table that has changed since the current release, whole, and the rules over several tables.

    A check that could not be carried out counts as failed, and says so.

    Raises:
        NoRoom: the disk is full, so that nothing can be checked.
    """
    with run.profile.span("quality.check_result"):
        check_lake(run)
        run.reporter.step("quality.check_result")
        files = suites.read(_TABLES)
        carried = _carried_over(run, files)
        results = [result for file in files.values() for result in file.broken]
        results += [result for of_table in carried.values() for result in of_table]
        to_check = _to_check(run, carried, files)
        with ThreadPoolExecutor(1, thread_name_prefix="table-rules") as beside:
            of_rules = beside.submit(_table_results, run)
            results += gate.check_tables(run.settings, to_check)
            results += of_rules.result()
        _check_room(run, results)
        verdict = _verdict(results)
    passed = verdict.results.num_rows - len(verdict.failed) - len(verdict.warned)
    said = f"{passed} checks passed, {len(verdict.failed)} failed"
    said += f", {len(verdict.warned)} warned: {', '.join(verdict.warned[:5])}" if verdict.warned else ""
    run.reporter.done("quality.check_result", said)
    return verdict


def _verdict(results: Sequence[Result]) -> Verdict:
    at_fault = sorted((r for r in results if not r.passed), key=lambda r: (r.dataset, r.check))
    return Verdict(
        gate.as_table(results, landing.utc_now()),
        tuple(f"{r.dataset} {r.check}" for r in at_fault if r.severity == ERROR),
        tuple(f"{r.dataset} {r.check}" for r in at_fault if r.severity == WARN),
        {(r.dataset, r.check): r.samples for r in at_fault if r.samples},
    )


def remember(run: RunContext, release: Release) -> None:
    """Note beside the lake which tables a release has checked, and what they were."""
    files = suites.read(_TABLES)
    checked = {b.contract.name: _state(run, b.contract, files) for b in BUILDS}
    run.lake.note_checked(release.name, checked, listed=release.section("lake"))


def _state(run: RunContext, contract: DatasetContract, files: Mapping[str, Suite]) -> str:
    """What the results of a table rest on: its files, the rules, and its file of expectations."""
    file = files.get(contract.name)
    parts = sorted(f"{run.lake.name_of(part)} {part.sha256}" for part in run.lake.files(contract))
    return hashlib.sha256("\n".join((run.rules, file.text if file else "", *parts)).encode()).hexdigest()


def _carried_over(run: RunContext, files: Mapping[str, Suite]) -> dict[str, list[Result]]:
    """The results of tables that are as the current release checked them, which they name.

    A table with a file of expectations is always looked at: they may speak of the time, or of other tables.
    """
    current = None if run.replay or run.full else run.releases.current()
    if current is None or CHECK_RESULT.name not in current.section("datasets"):
        return {}
    noted = run.lake.checked_for(current.name)
    rows = run.session().table(dataset_reader.scan(current, CHECK_RESULT)).to_pylist() if noted else []
    before = {(row["dataset"], row["check_name"]): row for row in rows}
    carried = {}
    for contract in (build.contract for build in BUILDS):
        found = [before.get((contract.name, name)) for name in gate.names_of(contract)]
        same = noted.get(contract.name) == _state(run, contract, files) and contract.name not in files
        if same and all(found) and run.lake.files(contract):
            carried[contract.name] = [
                replace(_result(row), carried_from=row["carried_from"] or current.name) for row in found if row
            ]
    return carried


def _result(row: Mapping[str, object]) -> Result:
    return Result(row["dataset"], row["check_name"], row["passed"], row["unexpected"], row["examined"])  # type: ignore[arg-type]


def _to_check(
    run: RunContext, carried: Mapping[str, object], files: Mapping[str, Suite]
) -> Sequence[tuple[DatasetContract, Sequence[Part], Sequence[Check]]]:
    """The tables to look at, with all their files, and those that expectations name, which are only to be read."""
    checks = {b.contract.name: gate.checks_of(b.contract) for b in BUILDS if b.contract.name not in carried}
    for name, file in files.items():
        if name in _TABLES:
            checks[name] = [*checks.get(name, []), *file.checks]
        for named in (other for other in _TABLES if other in file.text):
            checks.setdefault(named, [])
    tables = [(_TABLES[name], run.lake.files(_TABLES[name]), of) for name, of in checks.items()]
    run.lake.bring(part for _, parts, _ in tables for part in parts)
    return tables


def _check_room(run: RunContext, results: Sequence[Result]) -> None:
    """Report a full disk as such: no check failed."""
    if any(r.detail and not r.passed and is_full(run.settings, r.detail) for r in results):
        raise disk_full()


def disk_full() -> NoRoom:
    """The error of a run that a full disk stopped."""
    return NoRoom("The disk is full; nothing was published, and the previous release stays.", ROOM)


def _table_results(run: RunContext) -> list[Result]:
    """The results of the rules over several tables."""
    results: list[Result] = []
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
            examined = _examined(run, rule, scans)
            result = gate.table_result(rule.dataset, rule.name, broken, examined=examined, severity=rule.severity)
        except Exception as problem:  # noqa: BLE001 - whatever stops a check, nobody then knows that it holds
            cause = problem.__cause__ if isinstance(problem, StatementFailed) else None  # it says that a disk is full
            why = cause or problem
            result = not_carried_out(rule.dataset, rule.name, f"{type(why).__name__}: {str(why)[:300]}")
        results.append(result)
    return results


def _examined(run: RunContext, rule: quality.TableRule, scans: Mapping[str, Scan]) -> int | None:
    """How many rows a rule looked at; None where some are of a table that is not published."""
    if any(contract.audience is Audience.INTERNAL for contract in rule.inputs.values()):
        return None
    examined: int = sum(gate.rows_in(run.lake.files(c)) for c in rule.inputs.values())
    examined += sum(s.table.num_rows for n in rule.counts if isinstance(s := scans[n], Values))
    return examined
