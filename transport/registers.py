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
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts import RegisterContract
from catalog.errors import RegisterRejected, UnknownName, Unreadable
from catalog.registers import REGISTERS
from catalog.rows import Fault, typed_row
from catalog.scan import Query, Values
from catalog.streams import REGISTER
from transport.door import Door
from transport.lake import Workshop
from transport.landing import Arrival, Entry, Landing
from transport.reading import sheet_text
from transport.settings import Settings

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


def check_rules(settings: Settings, contract: RegisterContract, rows: Sequence[Mapping[str, object]]) -> None:
    """Hold typed rows against the contract's rules.

    Raises:
        RegisterRejected: one or more rows break a rule; each is named by its key.
    """
    table = pa.Table.from_pylist([dict(r) for r in rows], contract.schema)
    key = " || ' ' || ".join(f"coalesce(\"{k}\"::varchar, '')" for k in contract.key)
    faults = []
    for rule in contract.rules:
        sql = f"select {key} as row_key from edited where not coalesce({rule.condition}, true) limit 10"  # noqa: S608 - a contract's own words
        with Workshop(settings) as workshop:
            found = workshop.table(Query(sql, {"edited": Values(table)}))
        faults += [f"row with key {k!r}: {rule.says.en}" for k in found["row_key"].to_pylist()]
    if faults:
        raise RegisterRejected(contract.name, faults)


def version_rows(landing: Landing, contract: RegisterContract, batch_id: str) -> pa.Table:
    """The rows of a version that was applied, typed.

    Raises:
        UnknownName: no version of that name has landed; the error lists those that have.
    """
    for entry in landing.of(REGISTER.name):
        if entry.batch_id == batch_id:
            said = pq.read_table(landing.file(entry), columns=["register", "values"]).to_pylist()
            typed = [
                typed_row(contract.columns, json.loads(r["values"])) for r in said if r["register"] == contract.name
            ]
            return pa.Table.from_pylist(typed, contract.schema)
    raise UnknownName("version", batch_id, known=[v.batch_id for v in history(landing, contract.name)])


def changes(
    contract: RegisterContract, before: pa.Table, after: Sequence[Mapping[str, object]]
) -> tuple[int, int, int]:
    """How many rows an edit adds, changes and removes."""
    old = {tuple(r[k] for k in contract.key): r for r in before.to_pylist()}
    new = {tuple(r[k] for k in contract.key): dict(r) for r in after}
    both = old.keys() & new.keys()
    return len(new.keys() - old.keys()), sum(old[k] != new[k] for k in both), len(old.keys() - new.keys())


def apply(
    landing: Landing,
    contract: RegisterContract,
    rows: Sequence[Mapping[str, object]],
    *,
    by: str,
    reason: str,
    now: datetime,
    applied_at: datetime | None = None,
    first_row: int = 1,
) -> Entry:
    """Land the rows as a new version; the caller holds the lock, and the next run remakes what it touches.

    Args:
        landing: where to.
        contract: which register.
        rows: typed.
        by: who applies it.
        reason: why.
        now: when it lands; names the version.
        applied_at: when it counts from; now, where not said.
        first_row: the number of the first row; a version that adds to others of the same moment counts on.
    """
    stamp = f"{contract.name}-{now:%Y%m%dT%H%M%S%f}"
    table = pa.table(
        {
            "register": [contract.name] * len(rows),
            "applied_at": [applied_at or now] * len(rows),
            "row_number": list(range(first_row, first_row + len(rows))),
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
    kept = landing.keep([Arrival(temporary, parcel, REGISTER, PRODUCER, stamp)], now=now)[0]
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
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            lines = list(book.worksheets[0].iter_rows(values_only=True))
    except Exception as problem:  # noqa: BLE001 - openpyxl lets zip, XML and its own errors through
        raise Unreadable(
            f"The file cannot be read as XLSX ({type(problem).__name__}).", "Save it again from the spreadsheet."
        ) from None
    header = ["" if h is None else str(h).strip() for h in (lines[0] if lines else ())]
    for number, cells in enumerate(lines[1:], 2):
        if any(c is not None for c in cells):
            values = (_from_sheet(c) for c in cells)
            named = zip(header, values, strict=False)
            yield number, {name: value for name, value in named if name or value is not None}


def _from_sheet(cell: object) -> object:
    """A spreadsheet's cell as its text."""
    if isinstance(cell, datetime) and not cell.tzinfo:
        return cell.date().isoformat()
    return _plain(sheet_text(cell))


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
