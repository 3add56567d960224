"""Which input columns a dataset's columns come from, as Dagster shows it; made from the statements by `make docs`."""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import json
from functools import cache
from pathlib import Path

import dagster as dg

from catalog.contracts.language import DatasetContract

FILE = Path(__file__).with_suffix(".json")


def of(contract: DatasetContract) -> dict[str, dg.TableColumnLineage]:
    """Metadata of an event about the dataset; nothing where no column's origin is known."""
    columns = _written().get(contract.name, {})
    deps = {name: [_dependency(source) for source in sources] for name, sources in columns.items()}
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)} if deps else {}


def _dependency(source: str) -> dg.TableColumnDep:
    schema, table, column = source.split(".")
    return dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=column)


@cache
def _written() -> dict[str, dict[str, list[str]]]:
    return {name: entry["columns"] for name, entry in json.loads(FILE.read_text("utf-8")).items()}
