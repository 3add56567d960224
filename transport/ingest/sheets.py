"""Rows of a spreadsheet exactly as stored: none cut off by a stale size, none doubled, no silently empty cell.

openpyxl's read-only worksheet stops at the size that the file claims, skips rows and cells that are out of order, and
returns nothing for a formula without a stored value. Its underlying parser loses none of these, so rows are read from
the parser; a test fails if another version of openpyxl has different internals.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Generator, Iterator
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from openpyxl.reader import excel
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from catalog.errors import SharingError, Unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_ANEW = "Save it again from the spreadsheet."
_FORMS = {
    kind: re.compile(form, re.ASCII | re.DOTALL).fullmatch
    for kind, form in {
        "n": r"\s*-?([0-9]{1,38}(\.[0-9]{0,38})?|\.[0-9]{1,38})([Ee][+-]?[0-9]{1,3})?\s*",
        "s": "[0-9]{1,9}",
        "b": "[01]",
        "d": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00(:00(\.0{1,3})?)?Z?)?",
        "str": ".*",
        "e": ".*",
        "inlineStr": "",
    }.items()
}
"""The stored value's form, by the type of the cell. Python alone reads 1_000, the digits of any script and text -1."""
_CELL = re.compile("[A-Za-z]{1,3}[1-9][0-9]{0,6}").fullmatch
_INDEX = re.compile("[0-9]{1,7}").fullmatch
"""The form of a cell's place, and of a row's number and a style's."""
_DAYS = {WINDOWS_EPOCH: (61, 2_958_465), MAC_EPOCH: (0, 2_957_003)}
"""The numbers of the first and the last day that are read. Programs differ about days before 1 March 1900, since some
count a 29 February; the last year is 9999."""
_END = 22
"""The bytes of a zip archive's last record, before its comment."""
_PIECE = 4096
_ITEM, _TEXT, _RUN = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("si", "t", "r"))


def _texts(source: IO[bytes]) -> list[str]:
    """The shared texts of a workbook as stored."""
    texts = []
    for _, item in iterparse(source):
        if item.tag == _ITEM:
            texts.append(_text_of(item))
            item.clear()
    return texts


def _text_of(item: Element) -> str:
    """A text's parts in order, formatted or not, without its phonetic hints."""
    texts = (t for part in item for t in (part.findall(_TEXT) if part.tag == _RUN else [part] * (part.tag == _TEXT)))
    return "".join(text.text or "" for text in texts)


excel.read_string_table = _texts  # type: ignore[attr-defined]
"""openpyxl's own drops every `x005F_`, so that an escaped `_x000D_` could not be told from a carriage return."""


class _Parser(WorkSheetParser):
    """openpyxl's parser, extended to check that each cell is complete."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """A cell's place, type and value.

        Raises:
            Unreadable: it is out of place, holds an error, two values or one not of its type, or is a formula without a
                stored value.
            ValueError: its place or its style is not written as one.
        """
        before, kind = self.col_counter, element.get("t", "n")
        text = self._stored(element, before)
        place, style = element.get("r", "A1"), element.get("s", "0")
        if not (_CELL(place) and _INDEX(style)):
            message = "the place or the style of a cell"
            raise ValueError(message)
        if (text is None or (not text and kind != "str")) and element.find(FORMULA_TAG) is not None:
            raise self._refusal(
                element,
                before,
                "is a formula, but its value is not stored",
                "Open the file in a spreadsheet and save it, or paste only the values.",
            )
        form = _FORMS.get(kind)
        if form is None or (text and not form(text)) or (text == "" and kind != "str"):
            raise self._refusal(
                element, before, "has a value that is not of its type", "Write numbers with 0–9 only, or as text."
            )
        if text and kind == "n":
            self._check_number(element, before, text, is_day=int(style) in self.date_formats)
        if len(element) > 1 and len({part.tag for part in element}) < len(element):
            raise self._refusal(element, before, "has two values")
        inline = element.find(INLINE_STRING)
        if inline is not None and kind != "inlineStr":
            raise self._refusal(element, before, "has a text, but is not of that type")
        cell: dict[str, Any] = super().parse_cell(element)
        if inline is not None:
            cell["value"] = _text_of(inline)  # openpyxl's own keeps the last part
        if cell["row"] != self.row_counter or cell["column"] <= before:
            raise self._refusal(element, before, f"is out of place in row {self.row_counter}")
        if cell["data_type"] == "e":
            raise self._refusal(
                element, before, f"holds the error {cell['value']}", "Correct the cell, or leave it empty."
            )
        return cell

    def _stored(self, element: Element, before: int) -> str | None:
        """The text of a cell's stored value; None where none is stored.

        Raises:
            Unreadable: an element stands within it: what comes after that would be lost.
        """
        value = element.find(VALUE_TAG)
        if value is None:
            return None
        if len(value):
            raise self._refusal(element, before, "has a value that is not of its type")
        return value.text or ""

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:  # noqa: ANN401 - as in its stubs
        """A row's number and cells.

        Raises:
            Unreadable: a cell is not complete.
            ValueError: the row's number is not one.
        """
        if not _INDEX(row.get("r", "1")):
            message = "the number of a row"
            raise ValueError(message)
        parsed: tuple[int, list[dict[str, Any]]] = super().parse_row(row)
        return parsed

    def _check_number(self, element: Element, before: int, text: str, *, is_day: bool) -> None:
        """Check that openpyxl's conversion is exact.

        Raises:
            Unreadable: the number is no double, or is shown as a day but is not a whole one that all programs agree on.
        """
        exact, (first, last) = Decimal(text.strip()), _DAYS[self.epoch]
        if is_day and exact != exact.to_integral_value():
            mend = "Write a time as text, with its offset, and a day without a time."
            raise self._refusal(element, before, "is a time, but a spreadsheet stores no offset", mend)
        if is_day and not first <= exact <= last:
            what = "is no day that all programs agree on"
            raise self._refusal(element, before, what, "Write the day as text: 2026-01-31.")
        if set(text) & set(".Ee"):
            number = float(text)
            # programs write the shortest form of a double, or 16 or 17 digits
            if exact not in map(Decimal, (repr(number), f"{number:.16g}", f"{number:.17g}")):
                what = "has more digits than a spreadsheet's number holds"
                raise self._refusal(element, before, what, "Write the number as text.")

    def _refusal(self, element: Element, before: int, problem: str, mend: str = _ANEW) -> Unreadable:
        named = element.get("r") or f"{before + 1} of row {self.row_counter}"
        return Unreadable(f"Cell {named} {problem}.", mend)


def rows(sheet: ReadOnlyWorksheet) -> Generator[tuple[int, tuple[object, ...]]]:
    """The number and the values of each stored row, in order.

    Raises:
        Unreadable: a row or a cell would be lost, or the sheet is damaged.
    """
    last = 0
    try:
        for number, cells in _parsed(sheet, _Parser):
            if number <= last:
                raise Unreadable(f"Row {number} comes after row {last}.", _ANEW)  # noqa: TRY301
            last = number
            values: list[object] = [None] * (cells[-1]["column"] if cells else 0)
            for cell in cells:
                values[cell["column"] - 1] = cell["value"]
            yield number, tuple(values)
    except (MemoryError, SharingError):
        raise
    except Exception as problem:  # noqa: BLE001 - openpyxl lets zip, XML and its own errors through
        raise Unreadable(
            f"The sheet cannot be read after line {last} ({type(problem).__name__}).",
            "It may be truncated or damaged; write it again and compare its size.",
        ) from None


def values(sheet: ReadOnlyWorksheet, *, formulas: bool = False) -> Iterator[object]:
    """Every value of a sheet, or its formula, whatever is wrong with the sheet: for scans for forbidden content."""
    for _, cells in _parsed(sheet, WorkSheetParser, formulas=formulas):
        yield from (cell["value"] for cell in cells if cell["value"] is not None)


def check_one(book: Workbook, *, beside: Collection[str] = ()) -> None:
    """Check that the file is one workbook, of which only the first sheet holds anything; hidden sheets count.

    Args:
        book: opened read-only.
        beside: names of sheets to skip.

    Raises:
        Unreadable: another sheet holds something, or the file another workbook.
    """
    inside: Any = book
    _check_packed(inside._archive)  # noqa: SLF001
    for sheet in book.worksheets[1:]:
        if sheet.title not in beside and next(values(sheet, formulas=True), None) is not None:
            raise Unreadable(
                f"Sheet {sheet.title[:31]!r} is not empty, but only the first sheet is read.",
                "Put all records on the first sheet, or save each sheet as a file of its own.",
            )


def _check_packed(archive: ZipFile) -> None:
    """Check that nothing is before, after or twice in a zip archive, and that no part defines entities of its own.

    Only the last of two parts is read, and not every program replaces entities.

    Raises:
        Unreadable: something is, or does.
    """
    parts = archive.infolist()
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise Unreadable("The file has the same part twice.", _ANEW)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as source:
                if _has_doctype(source):
                    raise Unreadable("The file defines XML entities of its own.", _ANEW)
    end: Any = archive.fp
    end.seek(-_END - len(archive.comment), os.SEEK_END)
    if end.read(4) != b"PK\5\6" or min(part.header_offset for part in parts) > 0:
        raise Unreadable(
            "Two files were joined into one, or something was added to it.", "Send each workbook as a file of its own."
        )


def _has_doctype(source: IO[bytes]) -> bool:
    """Whether a document type comes before the first element: only there can entities be defined."""
    doctypes: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: doctypes.append(True)
    parser.StartElementHandler = lambda *_: doctypes.append(False)
    while not doctypes and (piece := source.read(_PIECE)):
        parser.Parse(piece)
    return doctypes[:1] == [True]


def _parsed(
    sheet: ReadOnlyWorksheet, parser: type[WorkSheetParser], *, formulas: bool = False
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    inside: Any = sheet  # uses private parts of it and of its book: see the module docstring
    book = inside.parent
    with inside._get_source() as source:  # noqa: SLF001
        yield from parser(
            source,
            inside._shared_strings,  # noqa: SLF001
            data_only=not formulas,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        ).parse()
