"""The step that remembers which figures a release hides, so that a later one does not give them away."""

from __future__ import annotations

from assets import suppression
from catalog.contracts.scan import Values, empty
from catalog.tables import registers, usage
from catalog.tables.datasets import DATASETS
from pipelines.run.build_all import make_tables
from pipelines.run.context import RunContext
from pipelines.run.register_rows import register
from transport.ingest.registers import apply
from transport.releases import dataset_reader
from transport.storage import landing


def remember_hidden_cells(run: RunContext) -> int:
    """Land which figures are permanently hidden, and which of them were shown, before anybody sees them.

    Tables made again with the updated register come out the same, under the names that later runs give them. A replay
    publishes for nobody, and lands nothing.

    Returns:
        How many are newly remembered.
    """
    if run.replay:
        return 0
    with run.profile.span("register.hidden_cell"):
        cells = _newly_hidden(run)
    if not cells:
        return 0
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
    # landing them reread the journal: batches that others landed or withdrew meanwhile are in this release too
    make_tables(run)
    run.reporter.done("register.hidden_cell", f"{len(cells)} cells are remembered from now on")
    return len(cells) + remember_hidden_cells(run)


def _newly_hidden(run: RunContext) -> list[dict[str, object]]:
    current = run.releases.current()
    shown = {
        f"{contract.table}_shown": dataset_reader.scan(current, contract)
        if current is not None and contract.name in current.section("datasets")
        else empty(contract.arrow_schema)
        for contract in (usage.MEASURE_MONTH, usage.MEASURE_TOTAL_MONTH)
    }
    scan = suppression.newly_hidden(
        Values(register(run, registers.HIDDEN_CELL)),
        measure_month=run.lake.scan(usage.MEASURE_MONTH),
        measure_total_month=run.lake.scan(usage.MEASURE_TOTAL_MONTH),
        connection_month=run.lake.scan(usage.CONNECTION_MONTH),
        measure=run.lake.scan(DATASETS["reference.measure"]),
        **shown,
    )
    cells: list[dict[str, object]] = run.session().table(scan).to_pylist()
    return cells
