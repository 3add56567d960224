"""Registers as files that people edit: out as CSV or XLSX, checked row by row, back in as a landed version.

CSV is written for Norwegian Excel (`;`, UTF-8 with BOM) and read with `,` or `;`. A cell that a spreadsheet would run
as a formula, also behind apostrophes of its own, is written with a leading apostrophe, which is taken off again on the
way in.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts import RegisterContract
from catalog.errors import RegisterRejected, Unreadable
from catalog.registers import REGISTERS
from catalog.rows import Fault, typed_row
from catalog.streams import REGISTER
from transport.door import Door
from transport.landing import Entry, Landing

PRODUCER = "dif"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Version:
    """One applied version of a register."""

    applied_at: datetime
    applied_by: str
    reason: str
    batch_id: str
    rows: int


def check(contract: RegisterContract, path: Path) -> list[dict[str, object]]:
    """Read an edited register; every row typed, keys unique.

    Raises:
        RegisterRejected: one or more rows are broken; all faults are listed, each with row and column.
        Unreadable: the file is neither CSV nor XLSX, or not in UTF-8.
    """
    faults: list[str] = []
    rows: list[dict[str, object]] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, values in _read(path):
        try:
            row = typed_row(contract.columns, values)
        except Fault as fault:
            faults.append(f"row {number}, {fault}")
            continue
        key = tuple(row[k] for k in contract.key)
        if key in seen:
            faults.append(f"row {number}: the same key as row {seen[key]}")
        seen[key] = number
        rows.append(row)
    if not rows and not faults:
        faults.append("the file has no rows")
    if faults:
        raise RegisterRejected(contract.name, faults)
    return rows


def apply(
    landing: Landing,
    contract: RegisterContract,
    rows: Sequence[Mapping[str, object]],
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Entry:
    """Land the rows as a new version; the caller holds the lock, and the next run remakes what it touches."""
    stamp = f"{contract.name}-{now:%Y%m%dT%H%M%S%f}"
    table = pa.table(
        {
            "register": [contract.name] * len(rows),
            "applied_at": [now] * len(rows),
            "row_number": list(range(1, len(rows) + 1)),
            "applied_by": [by] * len(rows),
            "reason": [reason] * len(rows),
            "values": [json.dumps({k: as_json(v) for k, v in r.items()}, ensure_ascii=False) for r in rows],
        },
        schema=pa.schema([pa.field(c.name, c.type) for c in REGISTER.columns]),
    )
    temporary = landing.temporary(REGISTER.name, PRODUCER, stamp)
    with Door(REGISTER, temporary, producer=PRODUCER) as door:
        door.add(table)
        parcel = door.close()
    kept = landing.keep([(temporary, parcel, REGISTER, PRODUCER, stamp)], now=now)[0]
    if isinstance(kept, Exception):
        raise kept
    return kept.entry


def history(landing: Landing, name: str) -> list[Version]:
    """Every version of a register that has landed, oldest first."""
    found: dict[tuple[datetime, str, str, str], int] = {}
    for entry in landing.of(REGISTER.name):
        table = pq.read_table(landing.file(entry), columns=["register", "applied_at", "applied_by", "reason"])
        for row in table.to_pylist():
            if row["register"] == name:
                version = (row["applied_at"], row["applied_by"], row["reason"], entry.batch_id)
                found[version] = found.get(version, 0) + 1
    return [Version(*version, rows) for version, rows in sorted(found.items())]


def export(contract: RegisterContract, table: pa.Table, path: Path) -> None:
    """Write a register for editing, by the ending of the file's name.

    Raises:
        Unreadable: the name ends in neither .csv nor .xlsx.
    """
    names = [c.name for c in contract.columns]
    rows = ([_cell(r[n]) for n in names] for r in table.to_pylist())
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle, delimiter=";")
            writer.writerow(names)
            writer.writerows(rows)
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(path, names, [c.title.nb for c in contract.columns], rows)
    else:
        raise _ending(path)


def as_json(value: object) -> object:
    """A typed value as JSON carries it: decimals and dates as text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def known(name: str) -> RegisterContract:
    """The register of that name.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    from catalog.errors import UnknownName

    if name not in REGISTERS:
        raise UnknownName("register", name, known=REGISTERS)
    return REGISTERS[name]


def _cell(value: object) -> str:
    text = "" if value is None else ("true" if value is True else "false" if value is False else str(as_json(value)))
    return f"'{text}" if isinstance(value, str) and text.lstrip("'").startswith(_FORMULA) else text


def _plain(text: object) -> object:
    if isinstance(text, str) and text[:1] == "'" and text.lstrip("'").startswith(_FORMULA):
        return text[1:]
    return text


def _read(path: Path) -> Iterable[tuple[int, dict[str, object]]]:
    """Rows of the file with their numbers, as a spreadsheet shows them."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.", "Give the path of a CSV or XLSX file.")
    if path.suffix.lower() == ".csv":
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise Unreadable(f"Byte {problem.start + 1} of the file is not UTF-8.", "Save it as «CSV UTF-8».") from None
        head = text.split("\n", 1)[0]
        reader = csv.DictReader(
            io.StringIO(text, newline=""),
            delimiter=";" if head.count(";") > head.count(",") else ",",
            restkey="(more fields than columns)",
        )
        try:
            for number, row in enumerate(reader, 2):
                if any(v not in (None, "") for v in row.values()):
                    yield number, {str(k).strip(): _plain(v) for k, v in row.items()}
        except csv.Error as problem:
            raise Unreadable(
                f"Line {reader.line_num + 1} is no CSV: {problem}.", "Save it again from the spreadsheet."
            ) from None
    elif path.suffix.lower() == ".xlsx":
        yield from _read_xlsx(path)
    else:
        raise _ending(path)


def _read_xlsx(path: Path) -> Iterable[tuple[int, dict[str, object]]]:
    import openpyxl

    try:
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
        lines = list(sheet.iter_rows(values_only=True))
    except Exception as problem:  # noqa: BLE001 - openpyxl lets zip, XML and its own errors through
        raise Unreadable(
            f"The file cannot be read as XLSX ({type(problem).__name__}).", "Save it again from the spreadsheet."
        ) from None
    header = ["" if h is None else str(h).strip() for h in (lines[0] if lines else ())]
    for number, cells in enumerate(lines[1:], 2):
        if any(c is not None for c in cells):
            values = (c.date().isoformat() if isinstance(c, datetime) and not c.tzinfo else _plain(c) for c in cells)
            named = zip(header, values, strict=False)
            yield number, {name: value for name, value in named if name or value is not None}


def _write_xlsx(path: Path, names: Sequence[str], titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Register")
        bold = book.add_format({"bold": True})
        for column, (name, title) in enumerate(zip(names, titles, strict=True)):
            sheet.write_string(0, column, name, bold)
            sheet.write_comment(0, column, title)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.autofit()


def _ending(path: Path) -> Unreadable:
    return Unreadable(f"{path.name} ends in neither .csv nor .xlsx.", "Give it one of the two endings.")
