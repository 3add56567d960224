"""Dagster's IO manager over the lake: an ordinary asset takes and returns frames, beside the tables with contracts.

An input is what the parameter's annotation asks for: a Polars `LazyFrame` (the default) or `DataFrame`, an Arrow
`Table`, or a DuckDB relation. An output may be any of them.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of resources as they are.
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pyarrow as pa

from catalog.contracts.scan import Files
from catalog.errors import WrongUse
from pipelines.run.tables import LAKE
from transport.base.settings import Settings
from transport.lake import frames
from transport.lake.tables import Lake, Relation, Session, relation_of

_CONTRACTS = {contract.name: contract for contract in LAKE}


class LakeIOManager(dg.ConfigurableIOManager):
    """Reads every table of the lake by its asset key, and keeps what an ordinary asset returns as a Delta table there.

    Of an asset with months, a run writes the months that it has; the frame's column `month` says which row is whose,
    and is added where a run has one month and the frame has no such column.
    """

    home: dg.ResourceDependency[Settings]

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:  # noqa: ANN401 - whatever the asset returns
        """Keep what an asset returned.

        Raises:
            WrongUse: it is no frame, has the key of a table with a contract, or has rows of other months.
        """
        name = ".".join(context.asset_key.path)
        if name in _CONTRACTS:
            raise WrongUse(f"{name} has a contract and is made by its build.", "Give the asset another key.")
        frame = _as_frame(name, obj)
        months = _months_of(context)
        folder = self._folder(context.asset_key)
        for month in months:
            frames.write(folder, _of_month(name, frame, month, alone=len(months) == 1), month=month)
        if not months:
            frames.write(folder, frame)
        columns = [dg.TableColumn(column, str(kind)) for column, kind in frame.schema.items()]
        context.add_output_metadata(
            {"dagster/row_count": frame.height, "dagster/column_schema": dg.TableSchema(columns=columns)}
        )

    def load_input(self, context: dg.InputContext) -> Any:  # noqa: ANN401 - whatever the asset asks for
        """The table, or the months of it that the run reads, as the parameter's annotation asks."""
        asked = context.dagster_type.typing_type
        months = _months_of(context)
        name = ".".join(context.asset_key.path)
        if name in _CONTRACTS:
            return self._contracted(name, months, asked)
        lazy = pl.scan_parquet(
            list(frames.files(self._folder(context.asset_key), months)),
            hive_partitioning=True,
            try_parse_hive_dates=True,
        )
        return _as_asked(lazy, asked)

    def _contracted(self, name: str, months: Sequence[date], asked: object) -> object:
        contract, lake = _CONTRACTS[name], Lake(self.home.lake)
        scan = lake.scan(contract, *months)
        if isinstance(scan, Files) and asked not in (pa.Table, Relation):
            return _as_asked(pl.scan_parquet(list(scan.paths), hive_partitioning=contract.partitioned), asked)
        session = Session(self.home)  # a relation keeps it alive
        return session.relation(scan) if asked is Relation else _as_asked(session.table(scan), asked)

    def _folder(self, key: dg.AssetKey) -> Path:
        return self.home.lake.joinpath(*key.path)


def _months_of(context: dg.OutputContext | dg.InputContext) -> list[date]:
    """The months of the run; none for a table without months."""
    return [date.fromisoformat(key) for key in context.asset_partition_keys] if context.has_asset_partitions else []


def _as_frame(name: str, rows: object) -> pl.DataFrame:
    if isinstance(rows, pl.LazyFrame):
        return rows.collect()
    if isinstance(rows, pl.DataFrame):
        return rows
    if hasattr(rows, "__arrow_c_stream__"):
        return pl.DataFrame(rows)
    raise WrongUse(
        f"{name} returned {type(rows).__name__}, which is no table.",
        "Return a Polars frame, an Arrow table or a DuckDB relation.",
    )


def _of_month(name: str, frame: pl.DataFrame, month: date, *, alone: bool) -> pl.DataFrame:
    """The rows of one month of a frame that may hold several."""
    if frames.MONTH in frame.columns:
        others = frame.filter(pl.col(frames.MONTH) != month) if alone else frame.clear()
        if others.height:
            raise WrongUse(
                f"{name} returned {others.height} rows of other months than {month:%Y-%m}.",
                "Return the rows of the run's months only.",
            )
        return frame.filter(pl.col(frames.MONTH) == month)
    if not alone:
        raise WrongUse(f"{name} returned several months without a column `month`.", "Add the column: a date, the 1st.")
    return frame.with_columns(pl.lit(month).alias(frames.MONTH))


def _as_asked(rows: pl.LazyFrame | pa.Table, asked: object) -> object:
    """The rows as the type that a parameter's annotation names; a lazy frame where it names none."""
    if isinstance(rows, pa.Table):
        if asked is pa.Table:
            return rows
        rows = pl.DataFrame(rows).lazy()
    if asked in (pl.LazyFrame, Any):
        return rows
    if asked is pl.DataFrame:
        return rows.collect()
    if asked is pa.Table:
        return rows.collect().to_arrow()
    if asked is Relation:
        return relation_of(rows.collect())
    raise WrongUse(
        f"A parameter asks for {getattr(asked, '__name__', asked)}.",
        "Ask for a Polars LazyFrame or DataFrame, an Arrow Table or a DuckDB relation.",
    )
