"""Who reads which dataset, column by column: pages, reports, metrics, example queries, functions and commands.

`make renew` makes `readers.json` from the parsed statements (`tools/contract_readers.py`); a test holds it to them.
Shares follow from the contracts (`catalog/tables/shares.py`), and what is made of a dataset is in the column lineage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

READERS: Final = Path(__file__).with_suffix(".json")
ANY: Final = "*"
"""Stands for every column, where code names a dataset and not its columns."""


@dataclass(frozen=True, slots=True, order=True)
class Reader:
    """Something that reads datasets: its kind, such as `page`, and its name."""

    kind: str
    name: str


def readers_of(dataset: str, column: str | None = None) -> tuple[Reader, ...]:
    """The readers of a column of a dataset, or of any of it, by kind and name."""
    return tuple(
        sorted(
            Reader(kind, name)
            for kind, reads_by_name in _written().items()
            for name, reads in reads_by_name.items()
            if _reads(reads.get(dataset, []), column)
        )
    )


def _reads(columns: list[str], column: str | None) -> bool:
    return bool(columns) if column is None else column in columns or ANY in columns


@cache
def _written() -> dict[str, dict[str, dict[str, list[str]]]]:
    written: dict[str, dict[str, dict[str, list[str]]]] = json.loads(READERS.read_text("utf-8"))
    return written
