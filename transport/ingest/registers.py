"""Registers as files that people edit: exported as CSV or XLSX, checked row by row, and landed as a new version.

CSV is written for Norwegian Excel (`;`, UTF-8 with BOM) and read with `,` or `;`. A cell that a spreadsheet would run
as a formula, also behind apostrophes of its own, is written with a leading apostrophe, which is removed on reading.

A register lands whole. Forms filled in for a few rows (`write_form`, `read_form`) are first merged by key into the rows
in force (`merged`), so that nobody removes another's rows.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts import columns
from catalog.contracts import rules as r
from catalog.contracts.language import RegisterContract
from catalog.contracts.rows import RowFault, register_table, typed_row
from catalog.contracts.scan import Query, Values
from catalog.domain.borders import borders
from catalog.errors import Damaged, RegisterRejected, UnknownName, Unreadable, nearest
from catalog.tables.registers import CHOICES, DONE_ON, GUIDE, REGISTERS
from catalog.tables.streams import REGISTER
from transport.base.encoding import FORMULA
from transport.base.settings import Settings
from transport.ingest import csv_records, documents
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.formats import sheet_text
from transport.ingest.opened_file import ReaderInputs
from transport.lake.session import Session
from transport.storage.journal import Entry
from transport.storage.landing import Arrival, Landing

PRODUCER = "dif"
_EXCESS, _LACK = "(more fields than columns)", "(fewer fields than columns)"
_RAGGED = {
    _EXCESS: "more fields than columns; a text with the separator in it needs quotes",
    _LACK: "fewer fields than columns; save it as XLSX, or end the row with separators",
}
_NORWEGIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Version:
    """One applied version of a register."""

    applied_at: datetime
    applied_by: str
    reason: str
    batch_id: str
    rows: int


def checked_rows(contract: RegisterContract, path: Path, *, today: date | None = None) -> list[dict[str, object]]:
    """Read an edited register; every row is typed, and keys are unique.

    Args:
        contract: of the register.
        path: CSV or XLSX, with the register's columns by name.
        today: in Oslo; no day on which something was done may be later. None skips this check.

    Raises:
        RegisterRejected: one or more rows are broken; all faults are listed, each with row and column.
        Unreadable: the file is neither CSV nor XLSX, or not in UTF-8.
    """
    faults: list[str] = []
    rows: list[dict[str, object]] = []
    row_of_key: dict[tuple[object, ...], int] = {}
    for number, values in _read(path):
        try:
            row = typed_row(contract.columns, {n: _code(contract, n, v) for n, v in values.items()})
        except RowFault as fault:
            faults.append(f"row {number}, {fault}")
            continue
        faults += [*_too_early(contract, row, number, today, {}), *_ended(contract, row, number, {})]
        key = tuple(row[k] for k in contract.key)
        if key in row_of_key:
            faults.append(f"row {number}: the same key as row {row_of_key[key]}")
        row_of_key[key] = number
        rows.append(row)
    if not rows and not faults:
        faults.append("the file has no rows")
    if faults:
        raise RegisterRejected(contract.name, faults)
    return rows


@dataclass(frozen=True, slots=True)
class Form:
    """A filled-in form: a file with some rows of a register.

    Attributes:
        rows: the rows with an answer, typed, by their number in the file.
        skipped: how many rows have no answer.
        half: the numbers of skipped rows that are partly filled in, such as a note without a status.
        left_out: columns that are not in the register, such as those that tell the reader what the row is about.
    """

    rows: Mapping[int, dict[str, object]]
    skipped: int
    half: tuple[int, ...]
    left_out: tuple[str, ...]


def read_form(contract: RegisterContract, path: Path, *, today: date) -> Form:
    """Read a file with some rows of a register; a row without an answer is skipped.

    An answer is a value in the columns that the register requires beside its key, such as `status` of `follow_up`.
    Identical rows count once.

    Args:
        contract: of the register.
        path: CSV or XLSX, with the register's columns by name or title; other columns are ignored.
        today: in Oslo; no day on which something was done may be later.

    Raises:
        RegisterRejected: a column is missing or misspelt, a value has the wrong form, a day is in the future, or two
            rows with the same key differ; all faults are listed, each with its row.
        Unreadable: the file is neither CSV nor XLSX, or not in UTF-8.
    """
    names = [c.name for c in contract.columns]
    others = [c for c in contract.columns if c.name not in contract.key]
    answers = [c.name for c in others if not c.null] or [c.name for c in others]
    faults: list[str] = []
    rows: dict[int, dict[str, object]] = {}
    row_of_key: dict[tuple[object, ...], int] = {}
    half: list[int] = []
    skipped = 0
    left_out: dict[str, None] = {}
    for number, values, called in _by_name(contract, path):
        wrong = _wrong_header(contract, (*contract.key, *answers), values)
        if wrong:
            raise RegisterRejected(contract.name, wrong)
        if ragged := _RAGGED.keys() & values.keys():
            faults.append(f"row {number}: {_RAGGED[min(ragged)]}")
            continue
        left_out.update(dict.fromkeys(n for n in values if n and n not in names))
        cells = {n: _code(contract, n, _iso(contract, n, values[n])) for n in names if n in values}
        if all(_is_empty(cells[n]) for n in answers):
            skipped += 1
            half += [number] if any(not _is_empty(cells.get(c.name)) for c in others) else []
            continue
        try:
            row = typed_row(contract.columns, cells)
        except RowFault as fault:
            what = str(fault).removeprefix(fault.column)
            faults.append(f"row {number}, {called.get(fault.column, fault.column)}{what}")
            continue
        faults += [*_too_early(contract, row, number, today, called), *_ended(contract, row, number, called)]
        earlier = row_of_key.setdefault(identity(contract, row), number)
        if earlier != number and row != rows.get(earlier):
            faults.append(f"row {number}: differs from row {earlier}, which has the same key; keep one")
        elif earlier == number:
            rows[number] = row
    if not (rows or skipped or faults):
        faults.append("the file has no rows")
    if faults:
        raise RegisterRejected(contract.name, faults)
    return Form(rows, skipped, tuple(half), tuple(left_out))


def merged(
    contract: RegisterContract, before: pa.Table, rows: Iterable[Mapping[str, object]]
) -> list[dict[str, object]]:
    """The rows in force, with `rows` replacing those of the same key; in key order.

    A municipality's old and current code are the same key if the old one became the current one whole.
    """
    by_key = {identity(contract, r): dict(r) for r in (*before.to_pylist(), *rows)}
    return sorted(by_key.values(), key=lambda r: tuple(str(r[k]) for k in contract.key))


def identity(contract: RegisterContract, row: Mapping[str, object]) -> tuple[object, ...]:
    """The row's key, with each municipality's current code; a code that was split stays as it is."""
    of_municipality = columns.MUNICIPALITY_CODE.name
    return tuple(_code_now(str(row[k])) if k == of_municipality else row[k] for k in contract.key)


def _code_now(code: str) -> str:
    municipality = borders().municipalities.get(code)
    now = borders().to_now(code, municipality.valid_from) if municipality else ()
    return now[0].code if len(now) == 1 else code


def _by_name(contract: RegisterContract, path: Path) -> Iterator[tuple[int, dict[str, object], Mapping[str, str]]]:
    """Each row with its number, its values by the register's column names, and the file's headings by column name.

    A heading is a column's name or its title in either language, in any letter case.

    Raises:
        RegisterRejected: two headings of the file are the same column of the register.
    """
    names = {_folded(t): c.name for c in contract.columns for t in (c.title.nb, c.title.en)}
    names |= {_folded(c.name): c.name for c in contract.columns}
    for number, values in _read(path, beside=(GUIDE.nb, GUIDE.en)):
        called: dict[str, str] = {}
        for head in values:
            first = called.setdefault(names.get(_folded(head), head), head)
            if first != head:
                raise RegisterRejected(contract.name, [f"{head}: the same column as {first}; keep one"])
        yield number, {name: values[head] for name, head in called.items()}, called


def _folded(text: object) -> str:
    """A text normalised for comparison: case-folded, `_` as a space, and runs of white space as one space."""
    return " ".join(str(text).replace("_", " ").split()).casefold()


def _code(contract: RegisterContract, name: str, value: object) -> object:
    """The code of a choice, given as the code or a word for it in any letter case; other values are unchanged."""
    choices = CHOICES.get(contract.name, {}).get(name, {})
    text = _folded(value)
    return next((c for c, words in choices.items() if text in map(_folded, (c, words.nb, words.en))), value)


def _too_early(
    contract: RegisterContract, row: Mapping[str, object], number: int, today: date | None, called: Mapping[str, str]
) -> list[str]:
    """Faults of a row that says that something was done on a future day."""
    return [
        f"row {number}, {called.get(n, n)}: {day} is in the future; the column is for the day on which something was "
        "done, so write a planned day in the note"
        for n in DONE_ON.get(contract.name, ())
        if today is not None and isinstance(day := row.get(n), date) and day > today
    ]


def _ended(contract: RegisterContract, row: Mapping[str, object], number: int, called: Mapping[str, str]) -> list[str]:
    """Faults of a row whose municipality code had ended before the day that the row is for.

    That is now for a code of the current division (`rules.of_now`), and else the first day of the row's validity. Rows
    without either may have a code of any day, and so may rows about the past.
    """
    column = columns.MUNICIPALITY_CODE.name
    municipality = borders().municipalities.get(str(row.get(column)))
    if municipality is None or municipality.valid_to is None:
        return []
    of_now = any(rule.name == r.of_now(column).name for rule in contract.rules)
    valid_from = row.get("valid_from")
    if not of_now and not (isinstance(valid_from, date) and valid_from >= municipality.valid_to):
        return []
    now = " or ".join(s.code for s in borders().to_now(municipality.code, municipality.valid_from))
    return [f"row {number}, {called.get(column, column)}: {municipality.code} ended {municipality.valid_to}; now {now}"]


def _wrong_header(contract: RegisterContract, needed: Iterable[str], header: Collection[str]) -> list[str]:
    """Faults of a header: missing columns, and headings that are probably misspelt columns of the register."""
    names = [c.name for c in contract.columns]
    missing = {t: c.name for c in contract.columns if c.name not in header for t in (c.name, c.title.nb, c.title.en)}
    slips = {n: nearest(n, missing) for n in header if n and n not in names}
    wrong = [f"{n}: no such column; did you mean {near!r}?" for n, near in slips.items() if near]
    meant = {missing[near] for near in slips.values() if near}
    return wrong + [f"column {n!r} is missing" for n in needed if n in missing.values() and n not in meant]


def _is_empty(value: object) -> bool:
    return value is None or not str(value).strip()


def _iso(contract: RegisterContract, name: str, value: object) -> object:
    """A day in Norwegian form, 24.11.2026, converted to ISO; other values are unchanged."""
    kind = next(c.type for c in contract.columns if c.name == name)
    hit = _NORWEGIAN_DAY.fullmatch(str(value).strip()) if pa.types.is_date(kind) else None
    return f"{hit[3]}-{int(hit[2]):02}-{int(hit[1]):02}" if hit else value


def check_rules(
    settings: Settings,
    contract: RegisterContract,
    rows: Sequence[Mapping[str, object]],
    numbers: Sequence[int] = (),
) -> None:
    """Check typed rows against the contract's rules.

    Args:
        settings: the limits of the engine.
        contract: of the register.
        rows: typed.
        numbers: the rows' numbers in their file, if errors are to give these too.

    Raises:
        RegisterRejected: rows break a rule, each named by its key, or contradict each other.
    """
    places = {" ".join(_text_of(r[k]) for k in contract.key): n for r, n in zip(rows, numbers, strict=False)}
    edited = {"edited": Values(pa.Table.from_pylist([dict(r) for r in rows], contract.schema))}
    key = " || ' ' || ".join(f"coalesce(\"{k}\"::varchar, '')" for k in contract.key)
    faults = []
    with Session(settings) as session:
        for rule in contract.rules:
            sql = f"select {key} as row_key from edited where not coalesce({rule.condition}, true) limit 10"  # noqa: S608 - a contract's own words
            broken = session.table(Query(sql, edited))
            faults += [
                f"row {f'{places[k]} ' if k in places else ''}with key {k!r}: {rule.says.en.removesuffix('.')}"
                for k in broken["row_key"].to_pylist()
            ]
    if not faults and contract.together:
        faults = contract.together(rows)
    if faults:
        raise RegisterRejected(contract.name, faults)


def version_rows(landing: Landing, contract: RegisterContract, batch_id: str) -> pa.Table:
    """The rows of an applied version, typed.

    Raises:
        UnknownName: no version of that name has landed; the error lists those that have.
    """
    for entry in landing.of(REGISTER.name):
        if entry.batch_id == batch_id:
            landed = pq.read_table(landing.file(entry), columns=["register", "values"]).to_pylist()
            typed = [
                typed_row(contract.columns, json.loads(r["values"])) for r in landed if r["register"] == contract.name
            ]
            return pa.Table.from_pylist(typed, contract.schema)
    raise UnknownName("version", batch_id, choices=[v.batch_id for v in history(landing, contract.name)])


def latest(landing: Landing, contract: RegisterContract) -> pa.Table:
    """The rows of the last applied version, even if no run has taken it in.

    Edits start from here: an edit of the last run's version would silently undo later changes.
    """
    return register_table(contract, _landed(landing))


def reader_inputs(settings: Settings, landing: Landing, stream: str, path: Path) -> ReaderInputs:
    """A reader's inputs besides the file; only readers of documents need any."""
    if path.suffix.lower() not in documents.ENDINGS:
        return ReaderInputs()
    landing.refresh()  # a server has read the journal long before somebody applied a register
    names = sorted(documents.registers_for(stream))
    rows = {name: latest(landing, REGISTERS[name]).to_pylist() for name in names}
    return ReaderInputs(
        company=settings.company_number,
        schemas=str(settings.schemas_folder or ""),
        registers=json.loads(json.dumps(rows, default=str)),
    )


def _landed(landing: Landing) -> pa.Table:
    """The rows of every version of every register that is not withdrawn."""
    columns = ["register", "applied_at", "row_number", "values"]
    landed = [
        pq.read_table(landing.file(entry), columns=columns)
        for entry in landing.of(REGISTER.name)
        if landing.withdrawal(entry) is None
    ]
    empty = pa.schema([pa.field(c.name, c.type) for c in REGISTER.columns if c.name in columns]).empty_table()
    return pa.concat_tables(landed) if landed else empty.select(columns)


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of merging a few rows into a register.

    Attributes:
        before: the rows that were in force.
        after: the rows in force now.
        entry: the new version; None where nothing was applied, as the register had it all, or somebody came first.
        overtaken: rows that others have changed since the editor saw them, as they stand now; an empty dictionary for
            one that was removed. Nothing is applied then.
    """

    before: pa.Table
    after: list[dict[str, object]]
    entry: Entry | None = None
    overtaken: tuple[Mapping[str, object], ...] = ()


def merge(  # noqa: PLR0913 - what is merged, and what a version says of itself
    settings: Settings,
    landing: Landing,
    contract: RegisterContract,
    rows: Sequence[Mapping[str, object]],
    *,
    by: str,
    reason: str,
    now: datetime,
    without: Collection[tuple[object, ...]] = (),
    expected_rows: Mapping[tuple[object, ...], Mapping[str, object] | None] | None = None,
) -> Merged:
    """Merge rows into those in force and land the whole as a new version; every other row stays.

    The caller holds the lock, so that nothing is lost that others applied since the rows were written.

    Args:
        settings: the limits of the engine.
        landing: where the version lands.
        contract: of the register.
        rows: typed.
        by: the function that applies it, not a person's name.
        reason: why, for the history.
        now: when it lands.
        without: keys (`identity`) of rows to remove.
        expected_rows: what the editor saw, by key; None for no row. If something else is in force now, nothing applies,
            unless it is what the editor wants. Without it, the rows replace whatever is in force.

    Raises:
        RegisterRejected: the merged register breaks a rule.
    """
    before = latest(landing, contract)
    stand = {identity(contract, row): row for row in before.to_pylist()}
    wanted = {identity(contract, row): row for row in rows} | dict.fromkeys(without)
    overtaken = [
        stand.get(key) or {}
        for key, row in (expected_rows or {}).items()
        if _values_beside_key(contract, stand.get(key))
        not in (_values_beside_key(contract, row), _values_beside_key(contract, wanted.get(key)))
    ]
    whole = [row for row in merged(contract, before, rows) if identity(contract, row) not in set(without)]
    if overtaken or not any(changes(contract, before, whole)):
        return Merged(before, before.to_pylist(), overtaken=tuple(overtaken))
    if not whole:
        return Merged(before, whole, _emptied(landing, contract, by=by, reason=reason, now=now))
    check_rules(settings, contract, whole)
    entry = apply(landing, contract, whole, by=by, reason=reason, now=now)
    return Merged(before, whole, entry)


def _emptied(landing: Landing, contract: RegisterContract, *, by: str, reason: str, now: datetime) -> Entry:
    """Withdraw every version, since no batch is without rows; gives the last one.

    Raises:
        RegisterRejected: the bundled facts would then be in force.
    """
    if contract.seed:
        raise RegisterRejected(contract.name, ["no rows are left, and without any the bundled facts are in force"])
    names = {version.batch_id for version in history(landing, contract.name)}
    versions = [e for e in landing.of(REGISTER.name) if e.batch_id in names and landing.withdrawal(e) is None]
    for entry in versions:
        landing.withdraw(entry, by=by, reason=reason, now=now)
    return versions[-1]


def _values_beside_key(contract: RegisterContract, row: Mapping[str, object] | None) -> dict[str, object]:
    """The values of a row outside its key, which may be an older code; empty for no row."""
    return {name: value for name, value in (row or {}).items() if name not in contract.key}


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
) -> Entry:
    """Land the rows as a new version. The caller holds the lock; the next run rebuilds what depends on the register.

    Args:
        landing: where the version lands.
        contract: of the register.
        rows: typed.
        by: who applies it.
        reason: why.
        now: when it lands; names the version.
        applied_at: when it takes effect; `now` by default.
    """
    stamp = f"{contract.name}-{now:%Y%m%dT%H%M%S%f}"
    table = pa.table(
        {
            "register": [contract.name] * len(rows),
            "applied_at": [applied_at or now] * len(rows),
            "row_number": list(range(1, len(rows) + 1)),
            "applied_by": [by] * len(rows),
            "reason": [reason] * len(rows),
            "values": [json.dumps({k: as_json(v) for k, v in r.items()}, ensure_ascii=False) for r in rows],
        },
        schema=pa.schema([pa.field(c.name, c.type) for c in REGISTER.columns]),
    )
    temporary = landing.temporary(REGISTER.name, PRODUCER, stamp)
    with BatchValidator(REGISTER, temporary, producer=PRODUCER) as validator:
        validator.add(table)
        validated = validator.close()
    landed = landing.keep([Arrival(temporary, validated, REGISTER, PRODUCER, stamp)], now=now)[0]
    if isinstance(landed, Exception):
        raise landed
    return landed.entry


def releases_named(landing: Landing) -> dict[str, str]:
    """The releases that registers name, such as that of a closed quarter; each with the register.

    Raises:
        Damaged: a version of a register cannot be read.
    """
    try:
        landed = _landed(landing)
    except (OSError, pa.ArrowException) as problem:
        raise Damaged(
            f"A version of a register cannot be read ({type(problem).__name__}).", "`dif doctor` names it."
        ) from problem
    naming = [r for r in REGISTERS.values() if "release" in r.schema.names]
    rows = ((contract, row) for contract in naming for row in register_table(contract, landed).to_pylist())
    return {row["release"]: contract.name for contract, row in rows if row["release"] is not None}


def history(landing: Landing, name: str) -> list[Version]:
    """Every version of a register that has landed, oldest first."""
    versions: dict[tuple[datetime, str, str, str], int] = {}
    for entry in landing.of(REGISTER.name):
        table = pq.read_table(landing.file(entry), columns=["register", "applied_at", "applied_by", "reason"])
        for row in table.to_pylist():
            if row["register"] == name:
                version = (row["applied_at"], row["applied_by"], row["reason"], entry.batch_id)
                versions[version] = versions.get(version, 0) + 1
    return [Version(*version, rows) for version, rows in sorted(versions.items())]


def export(contract: RegisterContract, table: pa.Table, path: Path) -> None:
    """Write a register for editing, in the format of the file's suffix.

    Raises:
        Unreadable: the suffix is neither .csv nor .xlsx.
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """The layout and texts of a form, in one language.

    Attributes:
        titles: the heading of each column, in column order: its title in the register, by which `read_form`
            recognises it; a name that is not a column of the register is for reading only.
        notes: what to write in a column; a comment on its heading, with the column's name in the register.
        fill: the columns to fill in; the rest are locked, without a password.
        choices: the values that a column accepts.
        wide: columns of running text.
        name: of the sheet.
        guide: how to fill in the form: the name and lines of a separate sheet.
        how: the same in a sentence, shown when a cell with choices is selected, and atop each printed page.
        refused: the message when a value is not one of a column's choices.
    """

    titles: Mapping[str, str]
    notes: Mapping[str, str]
    fill: Collection[str]
    choices: Mapping[str, Sequence[str]]
    wide: Collection[str]
    name: str
    guide: tuple[str, Sequence[str]]
    how: str
    refused: str


def write_form(contract: RegisterContract, rows: Sequence[Mapping[str, object]], sheet: Sheet, path: Path) -> None:
    """Write rows of a register as a spreadsheet that others fill in and `read_form` reads back."""
    import xlsxwriter

    by_name = {c.name: c for c in contract.columns}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet.name)
        bold = book.add_format({"bold": True, "valign": "top", "bottom": 1})
        plain = {"valign": "top", "text_wrap": True}
        read_only = book.add_format({**plain, "font_color": "#4a4a66"})
        to_fill = {**plain, "locked": False, "bg_color": "#f4f2fb", "border": 1, "border_color": "#8a88a0"}
        open_text = book.add_format({**to_fill, "num_format": "@"})
        open_day = book.add_format({**to_fill, "num_format": "dd.mm.yyyy"})
        for place, (name, title) in enumerate(sheet.titles.items()):
            page.write_string(0, place, title, bold)
            if name in sheet.notes:
                page.write_comment(0, place, f"{sheet.notes[name]} ({name})")
            is_day = name in by_name and pa.types.is_date(by_name[name].type)
            open_format = open_day if is_day else open_text
            for number, row in enumerate(rows, 1):
                if name in sheet.fill:
                    page.write_blank(number, place, None, open_format)
                else:
                    page.write_string(number, place, _cell(row.get(name)), read_only)
            page.set_column(place, place, 60 if name in sheet.wide else 19)
            if name in sheet.choices and rows:
                allowed = {"validate": "list", "source": list(sheet.choices[name]), "error_message": sheet.refused}
                page.data_validation(1, place, len(rows), place, {**allowed, "input_message": sheet.how[:255]})
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, max(len(rows), 1), len(sheet.titles) - 1)
        page.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_header(f"&L{sheet.how.replace('&', '&&')}")
        page.repeat_rows(0)
        guide = book.add_worksheet(sheet.guide[0])
        guide.set_column(0, 0, 100)
        for number, line in enumerate(sheet.guide[1]):
            guide.write_string(number, 0, line, book.add_format(plain))


def as_json(value: object) -> object:
    """A typed value for JSON: decimals and dates as text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def contract_of(name: str) -> RegisterContract:
    """The register of that name.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    if name not in REGISTERS:
        raise UnknownName("register", name, choices=REGISTERS)
    return REGISTERS[name]


def _text_of(value: object) -> str:
    return "" if value is None else ("true" if value is True else "false" if value is False else str(as_json(value)))


def _cell(value: object) -> str:
    text = _text_of(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip("'").startswith(FORMULA) else text


def _plain(text: object) -> object:
    if isinstance(text, str) and text[:1] == "'" and text.lstrip("'").startswith(FORMULA):
        return text[1:]
    return text


def _read(path: Path, *, beside: Collection[str] = ()) -> Iterable[tuple[int, dict[str, object]]]:
    """The file's rows with their numbers as a spreadsheet shows them; sheets named in `beside` are skipped."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.", "Give the path of a CSV or XLSX file.")
    if path.suffix.lower() == ".csv":
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise Unreadable(f"Byte {problem.start + 1} of the file is not UTF-8.", "Save it as «CSV UTF-8».") from None
        head = text.split("\n", 1)[0]
        delimiter = ";" if head.count(";") > head.count(",") else ","
        for _ in csv_records.records(io.BytesIO(text.encode()), delimiter):
            pass  # check the whole file before any row is yielded
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey=_EXCESS, strict=True)
        try:
            _check_names([name.strip() for name in reader.fieldnames or ()])
            for number, row in enumerate(reader, 2):
                if any(v not in (None, "") for v in row.values()):
                    lack = {_LACK: None} if None in row.values() else {}
                    yield number, {str(k).strip(): _plain(v) for k, v in row.items()} | lack
        except csv.Error as problem:
            raise Unreadable(
                f"Line {reader.line_num + 1} is not valid CSV: {problem}.", "Save it again from the spreadsheet."
            ) from None
    elif path.suffix.lower() == ".xlsx":
        yield from _read_xlsx(path, beside)
    else:
        raise _ending(path)


def _check_names(names: Sequence[str]) -> None:
    """Check that no column occurs twice: the last one's values would win.

    Raises:
        Unreadable: a column does.
    """
    if twice := next((n for n in names if n and names.count(n) > 1), ""):
        raise Unreadable(f"Column {twice!r} appears twice.", "Keep one of them.")


def _read_xlsx(path: Path, beside: Collection[str]) -> Iterable[tuple[int, dict[str, object]]]:
    from transport.ingest import sheets

    try:
        with path.open("rb") as file, sheets.Workbook(file) as book:
            lines = dict(book.rows())
            book.check_one(beside=beside)
    except Unreadable:
        raise
    except Exception as problem:  # noqa: BLE001 - zip and XML have errors of many kinds
        raise Unreadable(
            f"The file cannot be read as XLSX ({type(problem).__name__}).", "Save it again from the spreadsheet."
        ) from None
    header = ["" if h is None else str(h).strip() for h in lines.pop(1, ())]
    _check_names(header)
    for number, cells in lines.items():
        if any(c is not None for c in cells):
            by_name = zip_longest(header, map(_from_sheet, cells), fillvalue=None)
            yield number, {name or "": value for name, value in by_name if name or value is not None}


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
    return Unreadable(f"{path.name} ends in neither .csv nor .xlsx.", "Save it as one of the two.")
