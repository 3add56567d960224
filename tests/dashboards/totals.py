"""Adds up the tables of a page or a workbook: whether each line that is a total is the sum of the lines above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import unescape

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr([^>]*)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t([hd])[^>]*>(.*?)</t\1>", re.DOTALL)
_IN_ENGLISH = re.compile(r"([+\u2212]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?)")
_NUMBER = re.compile(r"([+\u2212]?)(\d[\d ]*)(,\d+)?( kr)?")
STANDING = ("Akkumulert", "Saldo", "Carried")
"""Columns that hold a level at the end of the period, which does not add up over periods."""


def text_of(markup: str) -> str:
    """The text of a cell, with plain spaces."""
    return unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", "", markup, flags=re.DOTALL)).replace("\xa0", " ").strip()


def number(text: str) -> Decimal | None:
    """The number in a cell; None for a share, a gap or words."""
    if english := _IN_ENGLISH.fullmatch(text):
        value = Decimal(english[2].replace(",", ""))
        return -value if english[1] == "\u2212" else value
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    value = Decimal(found[2].replace(" ", "") + (found[3] or "").replace(",", "."))
    return -value if found[1] == "\u2212" else value


def read_tables(markup: str) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The tables of a page: the caption, and of each row its attributes and the texts of its cells."""
    return [(_caption(table), _rows(table)) for table in _TABLE.findall(markup)]


def _caption(table: str) -> str:
    return text_of(found[1]) if (found := _CAPTION.search(table)) else ""


def _rows(table: str) -> list[tuple[str, list[str]]]:
    return [(kind, [text_of(cell) for _, cell in _CELL.findall(row)]) for kind, row in _ROW.findall(table)]


def unfooted(pages: Iterable[str]) -> list[str]:
    """The totals that are not the sum of their lines, to what rounding of each line leaves."""
    return [fault for page in pages for table in _TABLE.findall(page) for fault in _faults(table)]


SUMS = ("Sum", "I alt", "Total")
"""What the first cell of a total line says in a sheet."""


def unfooted_sheet(rows: Iterable[Sequence[object]]) -> list[str]:
    """The totals of a sheet that are not the sum of the numbers above them, back to the last line of words or total."""
    faults: list[str] = []
    above: list[Sequence[object]] = []
    for cells in rows:
        if cells and cells[0] in SUMS:
            for column, told in enumerate(cells):
                if isinstance(told, int | float | Decimal):
                    numbers = [one[column] for one in above if isinstance(one[column], int | float | Decimal)]
                    come_to = sum((Decimal(str(each)) for each in numbers), Decimal(0))
                    if Decimal(str(told)) != come_to:
                        faults.append(f"column {column + 1} is {told}, the lines come to {come_to}")
            above = []
        else:
            above = [*above, cells] if any(isinstance(cell, int | float | Decimal) for cell in cells) else []
    return faults


def _faults(table: str) -> Iterable[str]:
    rows = _rows(table)
    if not any("dif-sum" in kind for kind, _ in rows):
        return
    (_, titles), *lines = rows
    for column, title in enumerate(titles):
        if column and not title.startswith(STANDING):
            faults = [list(_column(order, column)) for order in _orders(lines)]
            if all(faults):
                yield f"{_caption(table)}: {title}: {faults[0]}"


def _orders(lines: Sequence[tuple[str, list[str]]]) -> list[Sequence[tuple[str, list[str]]]]:
    """The lines so that totals come after theirs: they stand below, or above where the newest comes first."""
    first, last = ("dif-sum" in lines[n][0] for n in (0, -1))
    return [lines] if last and not first else [lines, lines[::-1]]


def _column(lines: Sequence[tuple[str, list[str]]], column: int) -> Iterable[str]:
    """Faults of a column. A total is of the lines since the last one, or carries that on."""
    carried, since, count = Decimal(0), Decimal(0), 0
    for kind, cells in lines:
        value = number(cells[column]) if len(cells) > column else None
        if value is None:
            continue
        if "dif-sum" not in kind:
            since, count = since + (-value if cells[0].startswith("\u2212") else value), count + 1
            continue
        near = Decimal(count + 1) / 2 * Decimal((0, (1,), value.as_tuple().exponent))
        if count and min(abs(value - since), abs(value - carried - since)) > near:
            yield f"{cells[0]} is {value}, the lines come to {since}"
        carried, since, count = value, Decimal(0), 0
