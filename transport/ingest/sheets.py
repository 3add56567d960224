"""Rows of a spreadsheet exactly as stored: none cut off by a stale size, none doubled, no silently empty cell.

openpyxl's read-only worksheet stops at the size that the file claims, skips rows and cells that are out of order, and
returns nothing for a formula without a stored value. Its underlying parser loses none of these, so rows are read from
the parser; a test fails if another version of openpyxl has different internals.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from catalog.errors import Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class _Parser(WorkSheetParser):
    """openpyxl's parser, extended to check that each cell is complete."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """A cell's place, type and value.

        Raises:
            Unreadable: it is out of place, holds an error, or is a formula without a stored value.
        """
        before = self.col_counter
        cell: dict[str, Any] = super().parse_cell(element)
        named = element.get("r") or f"{cell['column']} of row {self.row_counter}"
        if cell["row"] != self.row_counter or cell["column"] <= before:
            raise Unreadable(f"Cell {named} is out of place in row {self.row_counter}.", _ANEW)
        if cell["data_type"] == "e":
            raise Unreadable(f"Cell {named} holds the error {cell['value']}.", "Correct the cell, or leave it empty.")
        if element.find(FORMULA_TAG) is not None and element.find(VALUE_TAG) is None:
            raise Unreadable(
                f"Cell {named} is a formula, but its value is not stored.",
                "Open the file in a spreadsheet and save it, or paste only the values.",
            )
        return cell


_ANEW = "Save it again from the spreadsheet."


def rows(sheet: ReadOnlyWorksheet) -> Generator[tuple[int, tuple[object, ...]]]:
    """The number and the values of each stored row, in order.

    Raises:
        Unreadable: a row or a cell would be lost.
    """
    last = 0
    for number, cells in _parsed(sheet, _Parser):
        if number <= last:
            raise Unreadable(f"Row {number} comes after row {last}.", _ANEW)
        last = number
        values: list[object] = [None] * (cells[-1]["column"] if cells else 0)
        for cell in cells:
            values[cell["column"] - 1] = cell["value"]
        yield number, tuple(values)


def values(sheet: ReadOnlyWorksheet) -> Iterator[object]:
    """Every value of a sheet, whatever is wrong with the sheet: for scans for forbidden content."""
    for _, cells in _parsed(sheet, WorkSheetParser):
        yield from (cell["value"] for cell in cells if cell["value"] is not None)


def check_one(book: Workbook, *, beside: Collection[str] = ()) -> None:
    """Check that only the first sheet holds anything; hidden sheets count.

    Args:
        book: opened read-only.
        beside: names of sheets to skip.

    Raises:
        Unreadable: another sheet holds something.
    """
    for sheet in book.worksheets[1:]:
        if sheet.title not in beside and next(values(sheet), None) is not None:
            raise Unreadable(
                f"Sheet {sheet.title[:31]!r} is not empty, but only the first sheet is read.",
                "Put all records on the first sheet, or save each sheet as a file of its own.",
            )


def _parsed(sheet: ReadOnlyWorksheet, parser: type[WorkSheetParser]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    inside: Any = sheet  # uses private parts of it and of its book: see the module docstring
    book = inside.parent
    with inside._get_source() as source:  # noqa: SLF001
        yield from parser(
            source,
            inside._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        ).parse()
