"""A dataset for spreadsheets: CSV as Norwegian Excel opens it with a click, and XLSX with what its columns mean.

A code stays text, so that 0301 does not become 301; a text that a spreadsheet would run as a formula is preceded by an
apostrophe (OWASP, CSV injection). Times are in UTC. Of the same rows the same bytes are made, so that a download can go
on after a file was made again.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import polars as pl
import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from transport.base.encoding import FORMULA

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its header: a limit of Excel's."""
_CODE: Final = "^[0-9]+$"
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"
_KINDS: Final = {"dataset": "datasett", "metric": "måltall"}
_FIRST_DAY: Final = date(1900, 3, 1)
"""The first day that Excel counts as others do: it has none before 1900, and has 29 February 1900."""
_STRINGS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class ToldColumn(NamedTuple):
    """A column in words."""

    name: str
    title: str
    type: str
    unit: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a file tells beside its rows, in Norwegian.

    Attributes:
        kind: `dataset` or `metric`.
        synthetic: whether any number is made up.
    """

    kind: str
    name: str
    title: str
    about: str
    columns: Sequence[ToldColumn]
    release: str
    published_at: str
    synthetic: bool


def csv_for_excel(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Semicolons, decimal commas, CRLF and a byte-order mark; a code is `="0301"`, which Excel reads as text."""
    yield codecs.BOM_UTF8 + ";".join(schema.names).encode() + b"\r\n"
    for batch in batches:
        frame = pl.DataFrame(pa.Table.from_batches([batch])).select(
            _cell(pl.col(name), kind).alias(name) for name, kind in zip(schema.names, schema.types, strict=True)
        )
        yield frame.write_csv(include_header=False, separator=";", line_terminator="\r\n").encode()


def _cell(column: pl.Expr, kind: pa.DataType) -> pl.Expr:
    if pa.types.is_list(kind):
        column, kind = column.list.join(", "), pa.string()
    if pa.types.is_string(kind):
        code = pl.format('="{}"', column)
        text = pl.when(column.str.slice(0, 1).is_in(FORMULA)).then(pl.format("'{}", column)).otherwise(column)
        return pl.when(column.str.contains(_CODE)).then(code).otherwise(text)
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return column.cast(pl.String).str.replace(".", ",", literal=True)
    return column.dt.strftime(_MOMENT) if pa.types.is_timestamp(kind) else column


def write_workbook(to: Path | BinaryIO, told: Told, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write a workbook with three sheets: the rows, what the columns mean, and which release it is.

    Args:
        to: the file.
        told: what it tells beside its rows.
        schema: of every batch.
        batches: at most `MOST_ROWS` rows.
    """
    constant = {"constant_memory": True, "tmpdir": str(to.parent)} if isinstance(to, Path) else {"in_memory": True}
    with xlsxwriter.Workbook(to, {**constant, **_STRINGS}) as book:
        # or the bytes would tell when it was made
        book.set_properties({"created": datetime.fromisoformat(told.published_at)})
        bold = book.add_format({"bold": True})
        _write_rows(book, bold, schema, batches)
        meanings = book.add_worksheet("Kolonner")
        meanings.write_row(0, 0, ["kolonne", "navn", "enhet", "forklaring"], bold)
        for place, column in enumerate(told.columns, 1):
            meanings.write_row(place, 0, [column.name, column.title, column.unit or "", column.about])
        about = {
            _KINDS[told.kind]: told.name,
            "tittel": told.title,
            "innhold": told.about,
            "utgave": told.release,
            "publisert": told.published_at,
            "tall": "syntetiske: laget av en simulator, ikke virkelige" if told.synthetic else "innsendte",
        }
        notes = book.add_worksheet("Utgave")
        for place, line in enumerate(about.items()):
            notes.write_row(place, 0, line)


def _write_rows(book: Workbook, bold: Format, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, schema.names, bold)
    sheet.freeze_panes(1, 0)
    write = [_writer(book, sheet, kind) for kind in schema.types]
    nth = 0
    for batch in batches:
        for row in batch.to_pylist():
            nth += 1
            for place, value in enumerate(row.values()):
                if value is not None:
                    write[place](nth, place, value)
    sheet.autofilter(0, 0, max(nth, 1), len(schema) - 1)


def _writer(book: Workbook, sheet: Worksheet, kind: pa.DataType) -> Callable[[int, int, Any], object]:
    """Writes a value of a column into a cell."""
    if pa.types.is_timestamp(kind):
        moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        return lambda row, place, value: sheet.write_datetime(row, place, value.replace(tzinfo=None), moments)
    if pa.types.is_date(kind):
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, place, value: (
            sheet.write_datetime(row, place, value, days)
            if value >= _FIRST_DAY
            else sheet.write_string(row, place, value.isoformat())
        )
    if pa.types.is_list(kind):
        return lambda row, place, value: sheet.write_string(row, place, ", ".join(value))
    plain: Callable[[int, int, Any], object] = sheet.write_number
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        plain = sheet.write_boolean if pa.types.is_boolean(kind) else sheet.write_string
    return plain
