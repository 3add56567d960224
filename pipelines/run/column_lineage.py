"""Which input columns a dataset's columns come from, and by which statements, as `make renew` reads it from these."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from catalog.contracts.language import DatasetContract

FILE = Path(__file__).with_suffix(".json")


def of(contract: DatasetContract) -> dict[str, list[str]]:
    """By column: the columns that it comes from, each as `schema.table.column`; empty where no origin is known."""
    columns: dict[str, list[str]] = _written().get(contract.name, {}).get("columns", {})
    return columns


def files_of(contract: DatasetContract) -> list[str]:
    """The files of the statements that make it, as `assets/sql/….sql`; none where a function computes it."""
    files: list[str] = _written().get(contract.name, {}).get("files", [])
    return files


@cache
def _written() -> dict[str, dict[str, Any]]:
    written: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return written
