"""The steps that remember which figures a release hides, so that a later one does not give them away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from assets import suppression
from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Values, empty
from catalog.tables import registers, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import REGISTER
from pipelines.run import build
from pipelines.run.build_all import make_tables
from pipelines.run.conform import conform_stream
from pipelines.run.context import RunContext
from pipelines.run.register_rows import register
from pipelines.run.tables import BUILD_OF
from transport.ingest.registers import apply
from transport.releases import dataset_reader
from transport.storage import landing

_MEASURES = (usage.MEASURE_MONTH, usage.MEASURE_TOTAL_MONTH)
_CONNECTIONS = (usage.CONNECTION_MONTH,)


@dataclass
class _Remembered:
    """Whether something else has landed since tables were made."""

    stale: bool = False


def allow(run: RunContext) -> None:
    """This run goes on to a verdict: have it remember what a table hides before others are made of it.

    A table that was made before its cells landed is made again, under another name, and so is all that is made of it.
    """
    for tables in (_MEASURES, _CONNECTIONS):
        build.then(run, tables[-1], partial(_remember_early, tables))


def _remember_early(tables: Collection[DatasetContract], run: RunContext) -> None:
    before = run.landing.last_number
    if run.replay or not _land(run, tables):
        return
    # landing them reread the journal; what was made before reads no cells, but perhaps what others landed meanwhile
    run.own(_Remembered).stale |= run.landing.last_number != before + 1
    conform_stream(run, REGISTER)
    for contract in tables:  # the last one asks again: a table can hide more for what is remembered
        build.build_table(run, BUILD_OF[contract.name])


def remember_hidden_cells(run: RunContext) -> int:
    """Land which figures are permanently hidden, and which of them were shown, before anybody sees them.

    Tables made again with the updated register come out the same, under the names that later runs give them. A replay
    publishes for nobody, and lands nothing.

    Returns:
        How many are newly remembered.
    """
    if run.replay:
        return 0
    cells = _land(run, (*_MEASURES, *_CONNECTIONS))
    if not cells and not run.own(_Remembered).stale:
        return 0
    # batches that others landed or withdrew meanwhile are in this release too
    run.own(_Remembered).stale = False
    make_tables(run)
    return cells + remember_hidden_cells(run)


def _land(run: RunContext, tables: Collection[DatasetContract]) -> int:
    """Land what these tables newly hide."""
    with run.profile.span("register.hidden_cell"):
        cells = _newly_hidden(run, tables)
    if cells:
        run.reporter.step("register.hidden_cell")
        apply(
            run.landing,
            registers.HIDDEN_CELL,
            cells,
            by="plattformen",
            reason="Skjult eller vist i en utgave.",
            now=landing.utc_now(),
            applied_at=run.as_of,
            first_row=register(run, registers.HIDDEN_CELL).num_rows + 1,
        )
        run.reporter.done("register.hidden_cell", f"{len(cells)} cells are remembered from now on")
    return len(cells)


def _newly_hidden(run: RunContext, tables: Collection[DatasetContract]) -> list[dict[str, object]]:
    current = run.releases.current()
    shown = {
        f"{contract.table}_shown": dataset_reader.scan(current, contract)
        if current is not None and contract.name in current.section("datasets")
        else empty(contract.arrow_schema)
        for contract in _MEASURES
    }
    made = {
        contract.table: run.lake.scan(contract) if contract in tables else empty(contract.arrow_schema)
        for contract in (*_MEASURES, *_CONNECTIONS)
    }
    scan = suppression.newly_hidden(
        Values(register(run, registers.HIDDEN_CELL)),
        measure=run.lake.scan(DATASETS["reference.measure"]),
        **shown,
        **made,
    )
    cells: list[dict[str, object]] = run.session().table(scan).to_pylist()
    return cells
