"""R16: of all files that are accepted, none differs from a strict reading, cell by cell, and no row vanishes.

The strict reading is made here, one sign at a time, by RFC 4180 and nothing of the product: Python's `csv` is lenient
itself. The control reads the same files with bare libraries, which take broken quotes for rows, a stream that was cut
for a whole one, and the size that a sheet claims for its size.
"""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv as pacsv

from catalog.errors import SharingError
from catalog.tables.streams import STREAMS
from tests.reliability.board import Figure, figure
from tests.reliability.zygote import scratch
from tests.transport.conftest import encoded, table_of
from transport.ingest import formats

_STREAMS = ("dispatch", "adoption", "loan_entry", "measurement")
_PIECES = ('"', '"', '""', "", "\n", "\r", "\r\n", ' "', '\\"')
_NOTES = ("x", 'sa "ja"', "a\r\nb", "1;2,3", "")
_ROWS = 20


def strict(text: str, separator: str) -> list[list[str]] | None:  # noqa: C901, PLR0912 - one machine of states
    """The records of a text by RFC 4180, where LF ends one too and an empty line is none; None where it is no CSV."""
    rows: list[list[str]] = []
    row: list[str] = []
    field: list[str] = []
    state, at = "begin", 0
    while at < len(text):
        sign = text[at]
        if sign == "\r" and state != "quoted":
            if text[at + 1 : at + 2] != "\n":
                return None
            at, sign = at + 1, "\n"
        if state == "quoted":
            if sign == '"':
                state = "closed"
            else:
                field.append(sign)
        elif sign == '"':
            if state == "plain":
                return None
            if state == "closed":
                field.append('"')
            state = "quoted"
        elif sign in {separator, "\n"}:
            if sign == separator or row or field or state != "begin":
                row.append("".join(field))
            if sign == "\n" and row:
                rows.append(row)
                row = []
            field, state = [], "begin"
        elif state == "closed":
            return None
        else:
            field.append(sign)
            state = "plain"
        at += 1
    if state == "quoted":
        return None
    if row or field or state != "begin":
        rows.append([*row, "".join(field)])
    return rows


def polluted(text: str, separator: str, chance: random.Random) -> str:
    """A CSV with some signs put in or written over, now and then cut short."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(text))
        piece = chance.choice(_PIECES) or separator
        text = text[:at] + piece + text[at + (chance.random() < 0.3) :]
    return text[: chance.randrange(1, len(text))] if chance.random() < 0.08 else text


def accepted(path: Path, stream: str) -> list[dict[str, Any]] | None:
    """The rows that the product reads of a file; None where it refuses it."""
    try:
        opened = formats.open_file(path, STREAMS[stream])
        return [row for chunk in opened.chunks for row in chunk.to_pylist()]
    except SharingError:
        return None


def csvs(folder: Path, count: int, chance: random.Random) -> tuple[list[str], Counter[str]]:
    """Polluted CSV under our own headers; and what a lenient reader makes of them."""
    wrong: list[str] = []
    said: Counter[str] = Counter()
    path = folder / "polluted.csv"
    for number in range(count):
        stream, separator = _STREAMS[number % 4], ",;"[number // 4 % 2]
        table = table_of(stream, _ROWS)
        if stream == "adoption":
            notes = pa.array([chance.choice(_NOTES) for _ in range(_ROWS)])
            table = table.set_column(table.column_names.index("note"), "note", notes)
        text = polluted(encoded(table, ".csv", delimiter=separator).decode(), separator, chance)
        path.write_bytes(text.encode())
        right = strict(text.removeprefix("\ufeff"), separator)
        if right is not None and any(len(row) != len(right[0]) for row in right):
            right = None
        said["a lenient reader differs"] += _lenient_differs(path, separator, right)
        rows = accepted(path, stream)
        if rows is None:
            said["CSV refused"] += 1
            continue
        said["CSV accepted"] += 1
        if right is None:
            wrong.append(f"{stream}, file {number}: accepted, and it is no CSV")
            continue
        names = [name.strip() for name in right[0]]
        columns = {n: pa.array([r[i] or None for r in right[1:]], pa.string()) for i, n in enumerate(names)}
        # the cells are compared as the contract's types: how a text becomes a number is not asked here
        typed = formats._from_text  # noqa: SLF001
        told = typed(columns, len(right) - 1, STREAMS[stream], 2, comma=separator == ";").to_pylist()
        if told != rows:
            wrong.append(f"{stream}, file {number}: {len(rows)} rows were read, a strict reading has {len(told)}")
    return wrong, said


def _lenient_differs(path: Path, separator: str, right: list[list[str]] | None) -> bool:
    """Whether Arrow's own reader takes the file and has other cells, or rows of what is none."""
    try:
        options = pacsv.ParseOptions(delimiter=separator, newlines_in_values=True)
        names = pacsv.open_csv(path, parse_options=options).schema.names
        texts = pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        read = pacsv.read_csv(path, parse_options=options, convert_options=texts)
    except (pa.ArrowException, UnicodeDecodeError):
        return False
    cells = [[cell or "" for cell in row.values()] for row in read.to_pylist()]
    return right is None or cells != right[1:]


def arrows(folder: Path, count: int, chance: random.Random) -> tuple[list[str], Counter[str]]:
    """Arrow streams cut anywhere, most at the end of a batch, and joined."""
    table = table_of("adoption", 300)
    whole, other = encoded(table, ".arrows", rows=100), encoded(table_of("adoption", 40), ".arrows", rows=100)
    ends = [len(whole) - 8]  # the mark
    ends += [len(encoded(table.slice(0, rows), ".arrows", rows=100)) - 8 for rows in (100, 200)]
    wrong: list[str] = []
    said: Counter[str] = Counter()
    path = folder / "cut.arrows"
    for number in range(count):
        if number % 3 == 0:
            content = whole[: chance.choice(ends)]
        elif number % 3 == 1:
            content = whole[: chance.randrange(1, len(whole) - 1)]
        else:
            content = whole + chance.choice((whole, other, bytes(64), other[: chance.randrange(8, len(other))]))
        path.write_bytes(content)
        with pa.OSFile(str(path)) as source:
            try:
                read = pa.ipc.open_stream(source).read_all().num_rows
                said["a lenient reader takes a cut or joined stream"] += read > 0
            except (pa.ArrowException, OSError):
                said["a lenient reader refuses a cut stream"] += 1
        if accepted(path, "adoption") is not None:
            wrong.append(f"Arrow stream {number} was accepted, cut or joined")
    path.write_bytes(whole)
    if len(accepted(path, "adoption") or ()) != 300:
        wrong.append("a whole Arrow stream is not read whole")
    return wrong, said


_LOOSE = ("1_0", '"1_0"', '" 7x"', '"\u0663"', "NaN", "Infinity", '"0x10"', "1e400", "true")


def json_lines() -> Iterator[tuple[str, bytes]]:
    """JSON Lines that a lenient reader takes: keys said twice, numbers that only a programmer would read as one."""
    lines = encoded(table_of("dispatch", 3), ".jsonl").splitlines()
    first = lines[0].rstrip()
    yield "a key said twice", b"\n".join([first[:-1] + b', "state": "LEST", "state": "NY"}', *lines[1:]])
    yield "two records on a line", b"\n".join([first + first, *lines[1:]])
    yield "UTF-16", b"\n".join(line.decode().encode("utf-16-le") for line in lines)
    for loose in _LOOSE:
        yield f"the number {loose}", b"\n".join([first[:-1] + f', "page_count": {loose}}}'.encode(), *lines[1:]])


def sheets() -> Iterator[tuple[str, bytes, int | None, int]]:
    """Crafted spreadsheets: what it is, its bytes, how many rows are right (None: refused), and what openpyxl reads."""
    table = table_of("adoption", 12)
    plain = encoded(table, ".xlsx")
    yield "as it is", plain, 12, _rows_by_openpyxl(plain)
    small = _edited(plain, rb"(<dimension [^>]*/>)?(<sheetData>)", rb'<dimension ref="A1:C4"/>\2')
    yield "a size that is too small", small, 12, _rows_by_openpyxl(small)
    book = openpyxl.load_workbook(io.BytesIO(plain))
    book.create_sheet("to").append(["mer", "data"])
    yield "a second sheet", _saved(book), None, _rows_by_openpyxl(_saved(book))
    book = openpyxl.load_workbook(io.BytesIO(plain))
    at = table.column_names.index("note") + 1
    book.worksheets[0].cell(3, at).value = '="a"&"b"'
    bare = _edited(_saved(book), rb"<v\s*/>|<v></v>", b"")
    yield "a formula without its value", bare, None, _rows_by_openpyxl(bare)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _edited(content: bytes, pattern: bytes, put: bytes) -> bytes:
    """The same workbook with something else in its first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            part = whole.read(name)
            changed.writestr(name, re.sub(pattern, put, part) if name.endswith("sheet1.xml") else part)
    return out.getvalue()


def _rows_by_openpyxl(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows()) - 1


def crafted(folder: Path) -> tuple[list[str], Counter[str], int]:
    """JSON Lines and spreadsheets, each made for one fault."""
    wrong: list[str] = []
    said: Counter[str] = Counter()
    count = 0
    path = folder / "crafted.jsonl"
    for what, content in json_lines():
        count += 1
        path.write_bytes(content)
        if accepted(path, "dispatch") is not None:
            wrong.append(f"JSON Lines with {what} were accepted")
    path = folder / "crafted.xlsx"
    for what, content, right, lenient in sheets():
        count += 1
        path.write_bytes(content)
        rows = accepted(path, "adoption")
        if (None if rows is None else len(rows)) != right:
            wrong.append(f"a spreadsheet with {what}: read {rows if rows is None else len(rows)}, right is {right}")
        said["openpyxl reads fewer rows, or what is to be refused"] += lenient != right
    return wrong, said, count


@figure("R16")
def r16(scale: float, seed: int) -> Figure:
    """Text and spreadsheets are read strictly."""
    began, chance = time.monotonic(), random.Random(seed)
    texts, streams = max(120, round(2_400 * scale)), max(30, round(300 * scale))
    with scratch() as folder:
        wrong, said = csvs(folder, texts, chance)
        more, of_streams = arrows(folder, streams, chance)
        others, of_others, count = crafted(folder)
    said += of_streams + of_others
    lenient = {name: said[name] for name in said if "CSV " not in name and "refuses" not in name}
    return Figure(
        "R16",
        "polluted CSV, cut and joined Arrow streams, loose JSON, crafted sheets: accepted is strictly read",
        texts + streams + count,
        seed,
        time.monotonic() - began,
        wrong + more + others,
        control=", ".join(f"{name}: {n}" for name, n in lenient.items()),
        control_saw=len(lenient) == 3 and all(lenient.values()),
        facts={name: said[name] for name in ("CSV accepted", "CSV refused")},
    )
