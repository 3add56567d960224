"""The files of the uptake page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from catalog.tables.uptake_calls import NOT_YET, SUPPLIER_GAP
from dashboards.page.downloads import in_month
from dashboards.shared.panel import Cell, Rows
from dashboards.views.uptake.narrative import standing
from dashboards.words import Words


def call_rows(answer: pa.Table, words: Words, basis: str, release: str) -> Rows:
    """Header and rows of the call list, with all its columns. Missing values are empty cells, for machine reading.

    Args:
        answer: the list from the release.
        words: the texts.
        basis: `USE` or `EVENT`.
        release: repeated on each row so that a row can be pasted elsewhere.
    """
    titles = {column.name: column.title[words.language] for column in NOT_YET.columns}
    titles["no_delivery_since"] = words("column.no_delivery_since")
    return rows_of_release(answer, titles, basis, release, words)


def supplier_rows(answer: pa.Table, words: Words, release: str) -> Rows:
    """Header and rows of the suppliers of waiting municipalities, which are all named, with commas between.

    Args:
        answer: the suppliers from the release.
        words: the texts.
        release: repeated on each row so that a row can be pasted elsewhere.
    """
    titles = {column.name: column.title[words.language] for column in SUPPLIER_GAP.columns}
    # the whole country's, and the area's
    titles |= {name: words(f"suppliers.{name}") for name in ("active", "signed", "waiting")}
    titles["municipalities"] = titles["municipality_codes"]
    return rows_of_release(answer, titles, "", release, words)


def rows_of_release(answer: pa.Table, titles: Mapping[str, str], basis: str, release: str, words: Words) -> Rows:
    """Header and rows with column titles; each row ends with the release and whether it is synthetic."""
    names = [name for name in answer.column_names if name not in {"service_name", "synthetic"}]
    header = [*(titles[name] for name in names), *(words(f"column.{name}") for name in ("release", "synthetic"))]
    rows: list[list[Cell]] = [
        [
            *(_cell(name, row[name], basis, words) for name in names),
            release,
            words("value.yes" if row["synthetic"] else "value.no"),
        ]
        for row in answer.to_pylist()
    ]
    return header, rows


def _cell(name: str, value: object, basis: str, words: Words) -> Cell:
    """A value in the reader's language; a month as `2026-05`, a day as `2026-05-31`."""
    if value is None:
        return None
    if name == "step":
        return standing(str(value), basis, words)
    if name in {"supplier_ready", "follow_up"}:
        return words(f"{'ready' if name == 'supplier_ready' else name}.{value}")
    if isinstance(value, date):
        return in_month(value) if name == "month" else value.isoformat()
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, int) else str(value)
