"""Tables of the lake that have no contract: what an ordinary Dagster asset returns, and reads again.

They lie beside the tables with contracts, under the asset's own key, and are never published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import deltalake
import pyarrow as pa

from catalog.errors import WrongUse

MONTH = "month"


class ArrowStream(Protocol):
    """Anything that gives Arrow data: a Polars frame, an Arrow table, a DuckDB relation."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, as a stream of Arrow's C interface."""


def write(folder: Path, rows: ArrowStream, *, month: date | None = None) -> int:
    """Replace a table, or one month of it, in one commit.

    Args:
        folder: of the table.
        rows: of the table, or of the month. With a month they have a column `month`.
        month: replaces this month only.

    Returns:
        Rows that the table holds now.

    Raises:
        WrongUse: the columns of a month are not those of the other months.
    """
    exists = (folder / "_delta_log").is_dir()
    by = [MONTH] if month else None
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if month and exists:
            predicate = f"{MONTH} = '{month.isoformat()}'"
            deltalake.write_deltalake(folder, rows, mode="overwrite", partition_by=by, predicate=predicate)
        else:
            deltalake.write_deltalake(folder, rows, mode="overwrite", partition_by=by, schema_mode="overwrite")
    except Exception as problem:  # deltalake raises a bare one for some types
        raise WrongUse(
            f"The table {folder.name} could not be written: {str(problem)[:200]}",
            "Return plain types (text, whole numbers, decimals, dates, times in UTC) and the same columns each time. "
            "If another run wrote it at the same time, run again. To begin anew, remove the table's folder.",
        ) from problem
    table = deltalake.DeltaTable(folder)
    return sum(int(count or 0) for count in table.get_add_actions(flatten=True).column("num_records").to_pylist())


def files(folder: Path, months: Iterable[date] = ()) -> Sequence[str]:
    """The Parquet files of a table, or of some months; a month is in the name of its folder.

    Raises:
        WrongUse: there is no such table.
    """
    if not (folder / "_delta_log").is_dir():
        raise WrongUse(f"There is no table {folder.name} in the lake.", "Materialize the asset that makes it first.")
    table = deltalake.DeltaTable(folder)
    chosen = [month.isoformat() for month in months]
    return sorted(table.file_uris(file_pruning_predicate=[(MONTH, "in", chosen)] if chosen else None))


def schema(folder: Path) -> pa.Schema:
    """The Arrow schema of a table."""
    return pa.schema(deltalake.DeltaTable(folder).schema().to_arrow())
