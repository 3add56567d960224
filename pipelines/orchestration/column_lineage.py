"""Which input columns a dataset's columns come from, as Dagster shows it."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import dagster as dg

from catalog.contracts.language import DatasetContract
from pipelines.run import column_lineage


def of(contract: DatasetContract) -> dict[str, dg.TableColumnLineage]:
    """Metadata of an event about the dataset; nothing where no column's origin is known."""
    columns = column_lineage.of(contract)
    deps = {name: [_dependency(source) for source in sources] for name, sources in columns.items()}
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)} if deps else {}


def _dependency(source: str) -> dg.TableColumnDep:
    schema, table, column = source.split(".")
    return dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=column)
