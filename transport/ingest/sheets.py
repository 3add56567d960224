"""Rows of a spreadsheet exactly as stored: none cut off by a stale size, none doubled, no silently empty cell.

openpyxl's read-only worksheet stops at the size that the file claims, skips rows and cells that are out of order, and
returns nothing for a formula without a stored value. So the sheet's own XML is read here, as ECMA-376 (Office Open XML,
part 1, SpreadsheetML) defines it; openpyxl says which number formats are dates, and converts those.
"""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
from collections.abc import Collection, Generator, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import unquote
from xml.parsers import expat

from lxml import etree
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from catalog.errors import SharingError, Unreadable
from transport.ingest.opened_file import SAFE

if TYPE_CHECKING:
    from types import TracebackType

    from transport.ingest.opened_file import Element

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
_CELL = re.compile("([A-Za-z]{1,3})([1-9][0-9]{0,6})").fullmatch
_INDEX = re.compile("[0-9]{1,7}").fullmatch
"""The form of a cell's place, and of a row's number and a style's."""
_DAYS = {WINDOWS_EPOCH: (61, 2_958_465), MAC_EPOCH: (0, 2_957_003)}
"""The numbers of the first and the last day that are read. Programs differ about days before 1 March 1900, since some
count a 29 February; the last year is 9999."""
_END = 22
"""The bytes of a zip archive's last record, before its comment."""
_PIECE = 4096
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELLS, _VALUE, _FORMULA, _INLINE, _TEXT, _RUN, _MORE = (
    f"{_MAIN}{tag}" for tag in ("c", "v", "f", "is", "t", "r", "extLst")
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_LAST_BUILTIN = 163
"""Number formats above it are the workbook's own (ECMA-376, 18.8.30)."""


class Workbook:
    """An XLSX file, open for reading. Close it, or use it as a context manager."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open it; the file stays the caller's. Errors of zip and XML pass through.

        Raises:
            Unreadable: it is not a workbook of this kind.
        """
        self._file, self._archive = file, zipfile.ZipFile(file)
        try:
            book = next((target for kind, target in self._related("").values() if kind == "officeDocument"), "")
            root, self._parts = self._root(book), self._related(book)
            settings = root.find(f"{_MAIN}workbookPr")
            mac = settings is not None and settings.get("date1904") in {"1", "true"}
            self._epoch = MAC_EPOCH if mac else WINDOWS_EPOCH
            self._sheets = [
                (str(sheet.get("name")), target)
                for sheet in root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet")
                for kind, target in [self._parts.get(sheet.get(_RELATED, ""), ("", ""))]
                if kind == "worksheet"
            ]
        except BaseException:
            self.close()
            raise
        if not self._sheets:
            self.close()
            raise Unreadable("The workbook has no sheet that can be read.", _ANEW)

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def rows(self) -> Generator[tuple[int, tuple[object, ...]]]:
        """The number and the values of each stored row of the first sheet, in order.

        Raises:
            Unreadable: a row or a cell would be lost, or the sheet is damaged.
        """
        last = 0
        try:
            for row in self._elements(self._sheets[0][1], "row"):
                number_text = row.get("r", str(last + 1))
                if not _INDEX(number_text):
                    raise ValueError("the number of a row")  # noqa: TRY301
                number = int(number_text)
                values = self._values(row, number)
                if number <= last:
                    raise Unreadable(f"Row {number} comes after row {last}.", _ANEW)  # noqa: TRY301
                last = number
                yield number, values
        except (MemoryError, SharingError):
            raise
        except Exception as problem:  # noqa: BLE001 - zip and XML have errors of many kinds
            raise Unreadable(
                f"The sheet cannot be read after line {last} ({type(problem).__name__}).",
                "It may be truncated or damaged; write it again and compare its size.",
            ) from None

    def values(self) -> Iterator[str | float]:
        """Every value of every sheet as stored, whatever is wrong with it: for scans for forbidden content."""
        for _, part in self._sheets:
            for row in self._elements(part, "row"):
                for cell in row.iterchildren(_CELLS):
                    yield from self._whatever(cell)

    def _whatever(self, cell: Element) -> Iterator[str | float]:
        for text in (cell.findtext(_VALUE), _text(cell.find(_INLINE))):
            kind = cell.get("t", "n")
            if text and kind == "n" and _FORMS["n"](text):
                yield float(text)
            elif text and kind == "s" and _FORMS["s"](text) and int(text) < len(self._shared):
                yield self._shared[int(text)]
            elif text:
                yield text

    def check_one(self, *, beside: Collection[str] = ()) -> None:
        """Check that the file is one workbook, of which only the first sheet holds anything; hidden sheets count.

        Args:
            beside: names of sheets to skip.

        Raises:
            Unreadable: another sheet holds something, or the file another workbook.
        """
        self._check_packed()
        for title, part in self._sheets[1:]:
            if title not in beside and any(len(cell) for row in self._elements(part, "row") for cell in row):
                raise Unreadable(
                    f"Sheet {title[:31]!r} is not empty, but only the first sheet is read.",
                    "Put all records on the first sheet, or save each sheet as a file of its own.",
                )

    def _values(self, row: Element, number: int) -> tuple[object, ...]:
        """The values of a row, by column."""
        values: list[object] = []
        for cell in row:
            if cell.tag == _MORE:
                continue
            if cell.tag != _CELLS:
                raise Unreadable(f"Row {number} holds something that is no cell.", _ANEW)
            place, column = cell.get("r", ""), len(values) + 1
            try:
                value = self._value(cell)
            except _Wrong as wrong:
                label = place or f"{column} of row {number}"
                raise Unreadable(f"Cell {label} {wrong.problem}.", wrong.mend) from None
            if place:
                hit = _CELL(place)
                if not hit:
                    raise ValueError("the place of a cell")
                column = column_index_from_string(hit[1].upper())
                if int(hit[2]) != number or column <= len(values):
                    raise Unreadable(f"Cell {place} is out of place in row {number}.", _ANEW)
                values += [None] * (column - 1 - len(values))
            values.append(value)
        return tuple(values)

    def _value(self, cell: Element) -> object:
        """A cell's value, which must be complete.

        Raises:
            _Wrong: it holds an error, two values or a value of another type, or is a formula without a stored value.
            ValueError: its style is not written as one.
        """
        style = cell.get("s", "0")
        parts = {str(part.tag): part for part in cell}
        if len(parts) < len(cell):
            raise _Wrong("has two values")
        text = _stored(cell.get("t", "n"), parts)
        if not _INDEX(style):
            raise ValueError("the style of a cell")
        if (inline := parts.get(_INLINE)) is not None:
            return _text(inline)
        match cell.get("t", "n") if text else "":
            case "n":
                return self._number(text, int(style))
            case "s":
                return self._shared[int(text)]
            case "b":
                return text == "1"
            case "d":
                return datetime.fromisoformat(text[:10])
            case "e":
                raise _Wrong(f"holds the error {text}", "Correct the cell, or leave it empty.")
        return text or None

    def _number(self, text: str, style: int) -> int | float | datetime | timedelta:
        """A number, or the day that it is shown as.

        Raises:
            _Wrong: the number is no double, or is shown as a day but is not a whole one that all programs agree on.
        """
        exact, (first, last) = Decimal(text.strip()), _DAYS[self._epoch]
        is_day, is_time = self._dates.get(style, (False, False))
        if is_day and exact != exact.to_integral_value():
            mend = "Write a time as text, with its offset, and a day without a time."
            raise _Wrong("is a time, but a spreadsheet stores no offset", mend)
        if is_day and not first <= exact <= last:
            raise _Wrong("is no day that all programs agree on", "Write the day as text: 2026-01-31.")
        number = float(text) if set(text) & set(".Ee") else int(text)
        # programs write the shortest form of a double, or 16 or 17 digits
        if isinstance(number, float) and exact not in map(Decimal, (repr(number), f"{number:.16g}", f"{number:.17g}")):
            raise _Wrong("has more digits than a spreadsheet's number holds", "Write the number as text.")
        return from_excel(number, self._epoch, timedelta=is_time) if is_day else number

    @cached_property
    def _shared(self) -> list[str]:
        """The shared texts as stored."""
        parts = [target for kind, target in self._parts.values() if kind == "sharedStrings"]
        return [_text(item) or "" for part in parts for item in self._elements(part, "si")]

    @cached_property
    def _dates(self) -> Mapping[int, tuple[bool, bool]]:
        """Whether each style shows a number as a day or time, and whether as a time that has passed."""
        part = next((target for kind, target in self._parts.values() if kind == "styles"), None)
        if part is None:
            return {}
        root = self._root(part)
        own = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")}
        format_codes = [
            own.get(number) or (builtin_format_code(int(number)) if int(number) <= _LAST_BUILTIN else "")
            for style in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
            for number in [style.get("numFmtId", "0")]
        ]
        return {nth: (is_date_format(code), is_timedelta_format(code)) for nth, code in enumerate(format_codes) if code}

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations: kind and name of the other part, by id. Without a part, those of the archive."""
        folder, name = posixpath.split(part)
        targets = {}
        for relation in self._root(posixpath.join(folder, "_rels", f"{name}.rels")).iterfind(_RELATIONSHIP):
            target = posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target", "")))).lstrip("/")
            targets[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return targets

    def _root(self, part: str) -> Element:
        with self._archive.open(part) as source:
            root: Element = etree.parse(source, etree.XMLParser(**SAFE)).getroot()
        return root

    def _elements(self, part: str, tag: str) -> Generator[Element]:
        """The elements of a name in a part, one at a time."""
        with self._archive.open(part) as source:
            for _, element in etree.iterparse(source, events=("end",), tag=f"{_MAIN}{tag}", **SAFE):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _check_packed(self) -> None:
        """Check that nothing is before, after or twice in the archive, and that no part defines entities of its own.

        Only the last of two parts is read, and not every program replaces entities.

        Raises:
            Unreadable: something is, or does.
        """
        archive = self._archive
        parts = archive.infolist()
        if len({part.filename.lower() for part in parts}) < len(parts):
            raise Unreadable("The file has the same part twice.", _ANEW)
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                with archive.open(part) as source:
                    if _has_doctype(source):
                        raise Unreadable("The file defines XML entities of its own.", _ANEW)
        self._file.seek(-_END - len(archive.comment), os.SEEK_END)
        if self._file.read(4) != b"PK\5\6" or min(part.header_offset for part in parts) > 0:
            raise Unreadable(
                "Two files were joined into one, or something was added to it.",
                "Send each workbook as a file of its own.",
            )


class _Wrong(Exception):
    """A fault of a cell, and the mend."""

    def __init__(self, problem: str, mend: str = _ANEW) -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


def _stored(kind: str, parts: Mapping[str, Element]) -> str:
    """The text of a cell's stored value, by the cell's type and parts; empty without one.

    Raises:
        _Wrong: it does not fit the type, or a formula has no stored value.
    """
    value = parts.get(_VALUE)
    if value is not None and len(value):  # what comes after an element within it would be lost
        raise _Wrong(_NOT_OF_ITS_TYPE, _NUMBERS)
    text = None if value is None else value.text or ""
    if not text and (text is None or kind != "str") and _FORMULA in parts:
        raise _Wrong(
            "is a formula, but its value is not stored",
            "Open the file in a spreadsheet and save it, or paste only the values.",
        )
    form = _FORMS.get(kind)
    if form is None or (text and not form(text)) or (text == "" and kind != "str"):
        raise _Wrong(_NOT_OF_ITS_TYPE, _NUMBERS)
    if _INLINE in parts and kind != "inlineStr":
        raise _Wrong("has a text, but is not of that type")
    return text or ""


_NOT_OF_ITS_TYPE = "has a value that is not of its type"
_NUMBERS = "Write numbers with 0–9 only, or as text."


def _text(item: Element | None) -> str | None:
    """A text's parts in order, formatted or not, without its phonetic hints; None where there is none."""
    if item is None:
        return None
    texts = (t for part in item for t in (part.findall(_TEXT) if part.tag == _RUN else [part] * (part.tag == _TEXT)))
    return "".join(text.text or "" for text in texts)


def _has_doctype(source: IO[bytes]) -> bool:
    """Whether a document type comes before the first element: only there can entities be defined."""
    doctypes: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: doctypes.append(True)
    parser.StartElementHandler = lambda *_: doctypes.append(False)
    while not doctypes and (piece := source.read(_PIECE)):
        parser.Parse(piece)
    return doctypes[:1] == [True]
