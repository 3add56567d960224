"""Tables for spreadsheets: CSV as Norwegian Excel opens it with a click, and XLSX. What people open is written here.

A code stays text, so that 0301 does not become 301; a text that a spreadsheet would run as a formula is preceded by an
apostrophe in CSV and is text in XLSX (OWASP, CSV injection). Times are in UTC. Of the same rows and `created` the same
bytes are made, so that a download can go on after a file was made again.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl
import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from transport.base.encoding import FORMULA

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its header: a limit of Excel's."""
_LONGEST: Final = 32_767
"""UTF-16 units of a cell's text: another limit of Excel's."""
_CODE: Final = "^[0-9]+$"
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"
_FIRST_DAY: Final = date(1900, 3, 1)
"""The first day that Excel counts as others do: it has none before 1900, and has 29 February 1900."""
_STRINGS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_of_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Semicolons, decimal commas, CRLF and a byte-order mark; a code is `="0301"`, which Excel reads as text."""
    yield _header(schema.names)
    for batch in batches:
        yield _lines(
            pl.DataFrame(pa.Table.from_batches([batch])).select(
                _cell(pl.col(name), kind).alias(name) for name, kind in zip(schema.names, schema.types, strict=True)
            )
        )


def csv_of_rows(header: Sequence[str], rows: Sequence[Sequence[str | int | Decimal | None]]) -> bytes:
    """The same of rows as long as their header, whose columns may hold both texts and numbers."""
    if not rows:
        return _header(header)
    columns = []
    for place, cells in enumerate(zip(*rows, strict=True)):
        texts = pl.Series([cell if isinstance(cell, str) else None for cell in cells], dtype=pl.String)
        numbers = pl.Series([None if isinstance(cell, str) else _number(cell) for cell in cells], dtype=pl.String)
        columns.append(pl.coalesce(_text(pl.lit(texts)), pl.lit(numbers)).alias(str(place)))
    return _header(header) + _lines(pl.select(columns))


def _header(names: Sequence[str]) -> bytes:
    cells = [pl.lit(name).alias(str(place)) for place, name in enumerate(names)]
    return codecs.BOM_UTF8 + _lines(pl.select(_harmless(cell) for cell in cells))


def _lines(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(include_header=False, separator=";", line_terminator="\r\n").encode()


def _number(cell: int | Decimal | None) -> str | None:
    return None if cell is None else f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _cell(column: pl.Expr, kind: pa.DataType) -> pl.Expr:
    if pa.types.is_list(kind):
        column, kind = column.list.join(", "), pa.string()
    if pa.types.is_string(kind):
        return _text(column)
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return column.cast(pl.String).str.replace(".", ",", literal=True)
    return column.dt.strftime(_MOMENT) if pa.types.is_timestamp(kind) else column


def _text(column: pl.Expr) -> pl.Expr:
    return pl.when(column.str.contains(_CODE)).then(pl.format('="{}"', column)).otherwise(_harmless(column))


def _harmless(column: pl.Expr) -> pl.Expr:
    return pl.when(column.str.slice(0, 1).is_in(FORMULA)).then(pl.format("'{}", column)).otherwise(column)


# --- XLSX -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a header that stays in view, and rows.

    Attributes:
        rows: at most `MOST_ROWS`, each as long as the header; of texts, numbers, days, times, lists of texts and None.
        frozen: columns that stay in view.
        filtered: the header has Excel's filters.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    frozen: int = 0
    filtered: bool = True


@dataclass(frozen=True, slots=True)
class Notes:
    """A sheet about the file: a name and a text on each line."""

    name: str
    lines: Mapping[str, str]


@contextmanager
def workbook(
    to: Path | BinaryIO, options: Mapping[str, object], *, created: datetime | None = None, title: str = ""
) -> Iterator[Workbook]:
    """An empty workbook in which a text stays a text, whatever it begins with.

    Args:
        to: the file.
        options: more of xlsxwriter's.
        created: when its content was made; otherwise the bytes tell when the file was.
        title: of the file.
    """
    with xlsxwriter.Workbook(to, {**_STRINGS, **options}) as book:
        book.set_properties(({"created": created} if created else {}) | ({"title": title} if title else {}))
        yield book


def write_workbook(
    to: Path | BinaryIO, sheets: Iterable[Sheet | Notes], *, created: datetime | None = None, fitted: bool = False
) -> None:
    """Write a workbook.

    Args:
        to: the file; a path takes constant memory.
        sheets: in order.
        created: when its content was made; otherwise the bytes tell when the file was.
        fitted: columns as wide as what they hold, which takes the memory of all rows.
    """
    constant = {"constant_memory": True, "tmpdir": str(to.parent)} if isinstance(to, Path) and not fitted else {}
    with workbook(to, constant or {"in_memory": True}, created=created) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        put = _cells(book)
        for sheet in sheets:
            on = book.add_worksheet(sheet.name)
            if isinstance(sheet, Sheet):
                _write_rows(on, sheet, bold, put)
            else:
                for nth, (name, value) in enumerate(sheet.lines.items()):
                    on.write_string(nth, 0, name, bold)
                    on.write_string(nth, 1, value)
            if fitted:
                on.autofit()


_Put = Callable[[Worksheet, int, int, Any], object]


def _write_rows(on: Worksheet, sheet: Sheet, bold: Format, put: Mapping[type, _Put]) -> None:
    for place, title in enumerate(sheet.header):
        on.write_string(0, place, title, bold)
    on.freeze_panes(1, sheet.frozen)
    nth = 0
    for nth, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            if value is not None:
                put[type(value)](on, nth, place, value)
    if sheet.filtered:
        on.autofilter(0, 0, max(nth, 1), len(sheet.header) - 1)


def _cells(book: Workbook) -> Mapping[type, _Put]:
    """The function that writes a value into a cell, by its type."""
    moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    days = book.add_format({"num_format": "yyyy-mm-dd"})

    def put_day(on: Worksheet, row: int, place: int, value: date) -> object:
        if value >= _FIRST_DAY:
            return on.write_datetime(row, place, value, days)
        return on.write_string(row, place, value.isoformat())

    def put_moment(on: Worksheet, row: int, place: int, value: datetime) -> object:
        return on.write_datetime(row, place, value.replace(tzinfo=None), moments)

    def put_text(on: Worksheet, row: int, place: int, value: str) -> object:
        if len(value) > _LONGEST // 2 and len(units := value.encode("utf-16-le")) > 2 * _LONGEST:
            value = f"{units[: 2 * (_LONGEST - 1)].decode('utf-16-le', 'ignore')}…"  # else it is cut without a word
        return on.write_string(row, place, value)

    def put_list(on: Worksheet, row: int, place: int, value: Sequence[str]) -> object:
        return put_text(on, row, place, ", ".join(value))

    return {
        str: put_text,
        bool: Worksheet.write_boolean,
        int: Worksheet.write_number,
        float: Worksheet.write_number,
        Decimal: Worksheet.write_number,
        date: put_day,
        datetime: put_moment,
        list: put_list,
    }
