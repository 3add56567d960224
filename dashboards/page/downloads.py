"""The list as a file: XLSX, CSV for Norwegian Excel, Parquet, and the SQL behind it. Pure: answers in, bytes out.

`transport.base.spreadsheets` writes the first two, and holds what a spreadsheet would run. Every file states the
release, the month, and whether the numbers are synthetic or changed at random.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from dashboards.release.query import QueryResult
from dashboards.shared.panel import Composed, ComposedPanel
from dashboards.words import formatting, unit_of
from transport.base import spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from dashboards.shared.opening import View
    from dashboards.shared.panel import Cell, Panel, Rows
    from dashboards.words import Words


MIME: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sql": "application/sql",
}
"""The file types of an answer, in the order of their buttons. A composed table has the first two: no single query gives
it, and it has no codes."""


def of_panel(
    kind: str,
    shows: Panel | ComposedPanel,
    page: View,
    about: Mapping[str, str],
    whole: Callable[[], QueryResult] | None = None,
) -> bytes:
    """A panel's table as a file of a type in `MIME`.

    Args:
        kind: which.
        shows: the panel.
        page: the page.
        about: the file's metadata, before its release and what its numbers are.
        whole: gets the answer, where the panel has only its first rows.
    """
    words = page.words
    content: Composed | QueryResult
    written: Callable[[pa.Table, Words], Rows] = all_rows
    if isinstance(shows, ComposedPanel):
        content = shows.make()
    else:
        content, written = whole() if whole else shows.answer, shows.written or all_rows
    metadata = {**about, words("column.release"): page.release.name}
    if content.synthetic:
        metadata[words("column.synthetic")] = words("value.yes")
    if isinstance(content, QueryResult) and content.perturbed:
        metadata[words.column("perturbed")] = words("app.perturbed")
    if isinstance(content, Composed):
        header, rows = content.header, content.rows
    elif kind == "sql":
        return as_sql(content.sql, content.parameters, metadata)
    elif kind == "parquet":
        return as_parquet(content.table, metadata)
    else:
        header, rows = written(content.table, words)
    return (
        as_csv(header, rows)
        if kind == "csv"
        else as_xlsx(header, rows, metadata, words, "download.table", created=page.release.published_at)
    )


def in_tenths(value: Decimal | None) -> Decimal | None:
    """A number with one decimal, as a cell."""
    return None if value is None else value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def in_month(month: date) -> str:
    """A month as a cell: `2026-03`."""
    return f"{month:%Y-%m}"


def in_kroner(ore: int | None) -> Decimal | None:
    """An amount in øre as kroner, as a cell."""
    return None if ore is None else Decimal(ore) / 100


def all_rows(answer: pa.Table, words: Words) -> Rows:
    """Header and rows of any answer, with all its columns. Amounts are in kroner; a missing value is an empty cell.

    No two columns have one title, since Power Query and a table of Excel's name them by it: a code and its name, which
    share a title on the page, have the column's own name behind it.
    """
    names = answer.column_names
    titles = [words.column(name) for name in names]
    titles = [f"{t} ({name})" if titles.count(t) > 1 else t for t, name in zip(titles, names, strict=True)]
    header = [f"{t} (kr)" if unit_of(name) == "øre" else t for t, name in zip(titles, names, strict=True)]
    return header, [[_value(name, row[name], words) for name in names] for row in answer.to_pylist()]


def _value(name: str, value: object, words: Words) -> Cell:
    if isinstance(value, bool):
        return words("value.yes" if value else "value.no")
    if isinstance(value, int | float | Decimal):
        exact = value if isinstance(value, int) else Decimal(str(value))
        return Decimal(exact) / 100 if unit_of(name) == "øre" else exact
    if isinstance(value, datetime):
        return f"{value.astimezone(formatting.OSLO):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return in_month(value) if name == "month" else value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return None if value is None else words.word(name, str(value))


def as_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """What Norwegian Excel opens with one click; a code is `="0301"`, so that it stays text."""
    return spreadsheets.csv_of_rows(header, rows)


def as_xlsx(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    about: Mapping[str, str],
    words: Words,
    sheet: str,
    *,
    created: datetime | None = None,
) -> bytes:
    """One sheet with the rows, frozen and filtered, and one with the metadata. Text stays text.

    Args:
        header: the titles of the columns.
        rows: each as long as the header.
        about: the file's metadata.
        words: the texts.
        sheet: the message key of the first sheet's name.
        created: when the rows were made; otherwise the bytes tell when the file was.
    """
    file = io.BytesIO()
    listed = spreadsheets.Sheet(words(sheet), header, rows, frozen=2)
    spreadsheets.write_workbook(
        file, [listed, spreadsheets.Notes(words("download.about"), about)], created=created, fitted=True
    )
    return file.getvalue()


def as_parquet(answer: pa.Table, about: Mapping[str, str]) -> bytes:
    """The list as it is in the release, with codes; `about` goes into the file's metadata."""
    file = io.BytesIO()
    pq.write_table(answer.replace_schema_metadata(dict(about)), file)
    return file.getvalue()


def as_sql(query: str, parameters: Mapping[str, object], about: Mapping[str, str]) -> bytes:
    """The query with its parameters filled in, so that it runs unchanged in `dif sql` or any DuckDB.

    Raises:
        KeyError: the query has a `$parameter` that was not given.
    """
    text = "".join(f"-- {name}: {' '.join(value.split())}\n" for name, value in about.items())
    filled = re.sub(r"\$(\w+)", lambda slot: _literal(parameters[slot[1]]), query)
    return f"{text}{filled}".encode()


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(part) for part in value)}]"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def defined(*texts: str) -> str:
    """Definitions for a file: as on the page, without bold type."""
    return " ".join(texts).replace("**", "")


def about(service: str, area: str, month: date, release: str, words: Words) -> dict[str, str]:
    """A file's metadata, with names in the page's language."""
    return {
        words("column.service"): service,
        words("filter.omrade"): area,
        words("column.month"): formatting.month(month, words.language),
        words("column.release"): release,
    }
