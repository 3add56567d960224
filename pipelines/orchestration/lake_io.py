"""Dagster's IO manager over the lake: an ordinary asset takes and returns frames, beside the tables with contracts.

An input is what the parameter's annotation asks for: a Polars `LazyFrame` (the default) or `DataFrame`, an Arrow
`Table`, or a DuckDB relation. An output may be any of them.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of resources as they are.
import re
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
from transport.lake.session import Relation, Session, relation_of
from transport.lake.tables import Lake

_CONTRACTS = {contract.name: contract for contract in LAKE}
_SCHEMAS = {contract.schema for contract in LAKE} | {"landing", "release"}
_NAME = re.compile("[a-z][a-z0-9_]{0,62}")


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
        for month, rows in _by_month(name, frame, months).items():
            frames.write(folder, rows, month=month)
        if not months:
            frames.write(folder, frame)
        columns = [dg.TableColumn(column, str(kind)) for column, kind in frame.schema.items()]
        context.add_output_metadata(
            {"dagster/row_count": frame.height, "dagster/column_schema": dg.TableSchema(columns=columns)}
        )

    def load_input(self, context: dg.InputContext) -> Any:  # noqa: ANN401 - whatever the asset asks for
        """The table, or the months of it that the run reads, as the parameter's annotation asks."""
        annotation = context.dagster_type.typing_type
        months = _months_of(context)
        name = ".".join(context.asset_key.path)
        if name in _CONTRACTS:
            return self._contracted(name, months, annotation)
        folder = self._folder(context.asset_key)
        files = list(frames.files(folder, months))
        if not files:
            return _as_annotated(frames.schema(folder).empty_table(), annotation)
        return _as_annotated(pl.scan_parquet(files, hive_partitioning=True, try_parse_hive_dates=True), annotation)

    def _contracted(self, name: str, months: Sequence[date], annotation: object) -> object:
        contract, lake = _CONTRACTS[name], Lake.of(self.home)
        scan = lake.scan(contract, *months)
        if isinstance(scan, Files) and annotation not in (pa.Table, Relation):
            return _as_annotated(pl.scan_parquet(list(scan.paths), hive_partitioning=contract.partitioned), annotation)
        session = Session(self.home)  # a relation keeps it alive
        return session.relation(scan) if annotation is Relation else _as_annotated(session.table(scan), annotation)

    def _folder(self, key: dg.AssetKey) -> Path:
        sound = len(key.path) > 1 and all(_NAME.fullmatch(part) for part in key.path)
        if not sound or key.path[0].casefold() in _SCHEMAS:
            raise WrongUse(
                f"The asset key {'/'.join(key.path)} cannot name a table of the lake.",
                f"Use two parts or more, of a-z, 0-9 and _; the first is none of {', '.join(sorted(_SCHEMAS))}.",
            )
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


def _by_month(name: str, frame: pl.DataFrame, months: Sequence[date]) -> dict[date, pl.DataFrame]:
    """The rows of each month of the run, of a frame that holds no others.

    Raises:
        WrongUse: it has rows of other months or of none, or several months and no column that says which.
    """
    if not months:
        return {}
    if frames.MONTH not in frame.columns:
        if len(months) > 1:
            raise WrongUse(f"{name} returned several months without a column `month`.", "Add it: a date, the 1st.")
        return {months[0]: frame.with_columns(pl.lit(months[0]).alias(frames.MONTH))}
    try:
        dated = frame.with_columns(pl.col(frames.MONTH).cast(pl.Date))
    except pl.exceptions.PolarsError:
        raise WrongUse(f"The column `month` that {name} returned is no date.", "Make it a date, the 1st.") from None
    others = dated.filter(~pl.col(frames.MONTH).is_in([*months]).fill_null(value=False))
    if others.height:
        raise WrongUse(
            f"{name} returned {others.height} rows of other months than the run's, or of none.",
            "Return the rows of the run's months only.",
        )
    return {month: dated.filter(pl.col(frames.MONTH) == month) for month in months}


def _as_annotated(rows: pl.LazyFrame | pa.Table, annotation: object) -> object:
    """The rows as the type that a parameter's annotation names; a lazy frame where it names none."""
    if isinstance(rows, pa.Table):
        if annotation is pa.Table:
            return rows
        rows = pl.DataFrame(rows).lazy()
    if annotation in (pl.LazyFrame, Any):
        return rows
    if annotation is pl.DataFrame:
        return rows.collect()
    if annotation is pa.Table:
        return rows.collect().to_arrow()
    if annotation is Relation:
        return relation_of(rows.collect())
    raise WrongUse(
        f"A parameter asks for {getattr(annotation, '__name__', annotation)}.",
        "Ask for a Polars LazyFrame or DataFrame, an Arrow Table or a DuckDB relation.",
    )
