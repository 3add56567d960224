"""The step that checks what was made: every contract, files of expectations, and the rules over several tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from assets import quality
from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Scan, Values
from catalog.errors import GateFailed, NoRoom, StatementFailed
from catalog.tables import registers
from catalog.tables.quality import CHECK_RESULT
from pipelines.engine import DamagedInput
from pipelines.quality import gate, suites
from pipelines.quality.checks import ERROR, NOT_CARRIED_OUT, WARN, Result, not_carried_out
from pipelines.quality.suites import Suite
from pipelines.run import metrics
from pipelines.run.context import BuildResult, RunContext
from pipelines.run.register_rows import register
from pipelines.run.tables import BUILDS, LAKE
from transport.base.settings import Settings
from transport.releases import dataset_reader
from transport.releases.store import Release
from transport.storage import landing
from transport.storage.backends import ROOM, is_full

Finish = Callable[[], list[Result]]
_BUILT = [build.contract for build in BUILDS]
_TABLES = {contract.name: contract for contract in LAKE}
"""What a file of expectations may be about; contracts are checked of what is built."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found.

    Attributes:
        results: one row per check (`quality.check_result`).
        failed: the names of the checks that failed, and stop publication.
        warned: names of failed checks that only warn.
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


class Checks:
    """The checks of a run. Tables may be checked in another process while others are made."""

    def __init__(self, run: RunContext) -> None:
        """Ask for nothing yet."""
        self._run = run
        self._begun: dict[str, tuple[str, Finish]] = {}

    @cached_property
    def _files(self) -> Mapping[str, Suite]:
        return suites.read(_TABLES)

    @cached_property
    def _before(self) -> _Before:
        return _checked_before(self._run)

    def begin(self, results: Iterable[BuildResult]) -> None:
        """Begin to check the tables that were just made, where their files have changed."""
        of_contracts = [each.contract for each in results if each.contract in _BUILT]
        settings = self._run.settings
        share = settings.but(memory_mb=settings.memory_mb // 2, threads=max(1, settings.threads // 2))
        self._ask(share, [contract for contract in of_contracts if contract.name not in self._files])

    def finish(self) -> Verdict:
        """Check the remaining tables and the rules over several tables.

        A check that could not be carried out counts as failed, and says so.

        Raises:
            NoRoom: the disk is full, so that nothing can be checked.
        """
        run = self._run
        with run.trace.span("quality.check_result"):
            run.reporter.step("quality.check_result")
            results = [result for file in self._files.values() for result in file.broken]
            self._ask(run.settings, [contract for contract in _BUILT if self._is_left(contract)], self._files)
            results += _table_results(run)
            results += self._results()
            _check_room(run, results)
            verdict = _verdict(results)
        passed = verdict.results.num_rows - len(verdict.failed) - len(verdict.warned)
        words = f"{passed} checks passed, {len(verdict.failed)} failed"
        words += f", {len(verdict.warned)} warned: {', '.join(verdict.warned[:5])}" if verdict.warned else ""
        run.reporter.done("quality.check_result", words)
        return verdict

    def _is_left(self, contract: DatasetContract) -> bool:
        begun = self._begun.get(contract.name)
        return begun is None or begun[0] != self._state(contract)  # a damaged file was made again meanwhile

    def _ask(
        self,
        settings: Settings,
        contracts: Sequence[DatasetContract],
        files: Mapping[str, Suite] = MappingProxyType({}),
    ) -> None:
        """Have tables checked by their contracts and by files, which may name further tables."""
        carried = {c.name: results for c in contracts if (results := self._carried_over(c)) is not None}
        tables = {c.name: gate.checks_of(c) for c in contracts if c.name not in carried}
        for name, file in files.items():
            if name in _TABLES:
                tables[name] = [*tables.get(name, []), *file.checks]
            for mentioned in (other for other in _TABLES if other in file.text):
                tables.setdefault(mentioned, [])
        to_check = [(_TABLES[name], self._run.lake.files(_TABLES[name]), checks) for name, checks in tables.items()]
        self._run.lake.bring(part for _, parts, _ in to_check for part in parts)
        finish = cache(gate.check_tables(settings, to_check))
        states = {name: self._state(_TABLES[name]) for name in [*tables, *carried]}
        self._begun |= {name: (states[name], finish) for name in tables}
        self._begun |= {name: (states[name], partial(list, results)) for name, results in carried.items()}

    def _results(self) -> list[Result]:
        """The results of every table, each from where it was asked for last."""
        finished = {name: finish() for name, (_, finish) in self._begun.items()}
        return [result for name, results in finished.items() for result in results if result.dataset == name]

    def _state(self, contract: DatasetContract) -> str:
        return _state(self._run, contract, self._files)

    def _carried_over(self, contract: DatasetContract) -> list[Result] | None:
        """The results of a table that is as the current release checked it, which they name.

        A table with a file of expectations is always looked at: they may speak of the time, or of other tables.
        """
        before = self._before
        rows = [before.rows.get((contract.name, name)) for name in gate.names_of(contract)]
        same = before.states.get(contract.name) == self._state(contract) and contract.name not in self._files
        if not (same and all(rows) and self._run.lake.files(contract)):
            return None
        return [replace(_result(row), carried_from=row["carried_from"] or before.release) for row in rows if row]


def check(run: RunContext) -> Verdict:
    """Check every table that has changed since the current release, whole, and the rules over several tables."""
    return Checks(run).finish()


def _verdict(results: Sequence[Result]) -> Verdict:
    at_fault = sorted((r for r in results if not r.passed), key=lambda r: (r.dataset, r.check))
    return Verdict(
        gate.as_table(results, landing.utc_now()),
        tuple(f"{r.dataset} {r.check}" for r in at_fault if r.severity == ERROR),
        tuple(f"{r.dataset} {r.check}" for r in at_fault if r.severity == WARN),
        {(r.dataset, r.check): r.samples for r in at_fault if r.samples},
    )


def remember(run: RunContext, release: Release) -> None:
    """Record beside the lake which tables a release has checked, and the files they had."""
    files = suites.read(_TABLES)
    checked = {b.contract.name: _state(run, b.contract, files) for b in BUILDS}
    run.lake.note_checked(release.name, checked, listed=release.section("lake"))


def _state(run: RunContext, contract: DatasetContract, files: Mapping[str, Suite]) -> str:
    """A hash of everything that a table's results depend on: its files, the rules, and its file of expectations."""
    file = files.get(contract.name)
    parts = sorted(f"{run.lake.name_of(part)} {part.sha256}" for part in run.lake.files(contract))
    return hashlib.sha256("\n".join((run.rules, file.text if file else "", *parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Before:
    """What the current release checked: its results by dataset and check, and what the tables were then."""

    release: str = ""
    rows: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


def _checked_before(run: RunContext) -> _Before:
    current = None if run.replay or run.full else run.releases.current()
    if current is None or CHECK_RESULT.name not in current.section("datasets"):
        return _Before()
    states = run.lake.checked_for(current.name)
    rows = run.session().table(dataset_reader.scan(current, CHECK_RESULT)).to_pylist() if states else []
    return _Before(current.name, {(row["dataset"], row["check_name"]): row for row in rows}, states)


def _result(row: Mapping[str, object]) -> Result:
    return Result(row["dataset"], row["check_name"], row["passed"], row["unexpected"], row["examined"])  # type: ignore[arg-type]


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
        except DamagedInput:
            raise  # the file is made again, and all are checked anew
        except Exception as problem:  # noqa: BLE001 - a check that is stopped for any reason has not passed
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
