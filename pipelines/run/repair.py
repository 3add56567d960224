"""Repair of damaged files of the lake: they are made again from their inputs while the run continues."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from catalog.contracts.language import DatasetContract
from pipelines.run import batches
from pipelines.run.build import build_table
from pipelines.run.conform import conform_stream
from pipelines.run.context import RunContext
from pipelines.run.tables import BUILD_OF, BUILDS, LAKE, PIECES, STREAM_OF


def repair_file(run: RunContext, path: Path) -> None:
    """Make a damaged file again before it is read.

    Raises:
        Damaged: the file is in the landing, which cannot be made again.
    """
    batches.check_not_landed(run, path)
    contract, month = next((c, p.month) for c in LAKE for p in run.lake.files(c) if p.path == path)
    _make_again(run, contract, {month})


def check_lake(run: RunContext) -> None:
    """Check that what is checked is as it was written, except what this run wrote; repair what is not."""
    for build in BUILDS:
        damaged = {m for m, p in run.lake.parts(build.contract).items() if not run.lake.is_sound(p)}
        if damaged:
            _make_again(run, build.contract, damaged)


def _make_again(run: RunContext, contract: DatasetContract, months: set[date | None]) -> None:
    run.reporter.step(contract.name, "is damaged and is rebuilt")
    with run.beside() as other:
        if build := BUILD_OF.get(contract.name) or PIECES.get(contract.name):
            build_table(other, build, months)
        else:
            conform_stream(other, STREAM_OF[contract.name], months)
