"""Which input columns a dataset's columns come from, as Dagster shows it."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import dagster as dg

from catalog.contracts.language import DatasetContract
from catalog.tables import conformed
from catalog.tables.streams import STREAMS
from pipelines.run import column_lineage


def of(contract: DatasetContract) -> dict[str, dg.TableColumnLineage]:
    """Metadata of the dataset's asset; nothing where no column's origin is known."""
    columns = column_lineage.of(contract) or _as_landed(contract)
    deps = {name: [_dependency(source) for source in sources] for name, sources in columns.items()}
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)} if deps else {}


def _as_landed(contract: DatasetContract) -> dict[str, list[str]]:
    """Of a stream's rows in force: each column that was sent, from itself as it landed."""
    stream = STREAMS.get(contract.table) if contract in conformed.TABLES else None
    sent = {column.name for column in stream.columns} if stream else set()
    return {c.name: [f"landing.{contract.table}.{c.name}"] for c in contract.columns if c.name in sent}


def _dependency(source: str) -> dg.TableColumnDep:
    schema, table, column = source.split(".")
    return dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=column)
