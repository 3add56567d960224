"""Converts one row of text or JSON values to a contract's types, or says why it cannot; and a register's rows in force.

For registers, which are small and edited by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from catalog import facts
from catalog.contracts.language import Column, RegisterContract
from catalog.errors import nearest

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T00:00:00)?")
"""The accepted form: Python itself also parses 1_000, digits of every script, and ISO weeks as days."""
_DIGITS = 19
"""The most digits of an integer in any contract."""


class RowFault(ValueError):
    """A fault in one value of a row.

    Stays within the register code, which turns it into a RegisterRejected or a finding.
    """

    def __init__(self, column: str, what: str) -> None:
        """Name the column and what is wrong."""
        super().__init__(f"{column}: {what}")
        self.column = column


def typed_row(columns: Sequence[Column], values: Mapping[str, object]) -> dict[str, object]:
    """The row with each value in its column's type; missing columns are null.

    Raises:
        Fault: an unknown column (with the nearest), a missing required value, or a value of the wrong form.
    """
    names = [c.name for c in columns]
    for name in values:
        if name not in names:
            near = nearest(name, names)
            raise RowFault(name, f"no such column{f'; did you mean {near!r}?' if near else ''}")
    row: dict[str, object] = {}
    for column in columns:
        value = values.get(column.name)
        if value is None or value == "":
            if not column.null:
                raise RowFault(column.name, "a value is required")
            row[column.name] = None
            continue
        try:
            row[column.name] = _typed(column.type, value)
        except (ValueError, InvalidOperation, OverflowError):
            raise RowFault(column.name, f"{str(value)[:60]!r} {_no_value_of(column)}") from None
    return row


def register_table(contract: RegisterContract, rows: pa.Table) -> pa.Table:
    """The rows in force of a register, typed by its contract, in order of their keys.

    Args:
        contract: the register's contract.
        rows: `register`, `applied_at`, `row_number`, `values` of conformed rows; the version applied last is in force.
            Without any version, the bundled facts that the contract names as its seed are used. In a register with
            parts, each part is taken from the last version that named it.
    """
    mine = rows.filter(pc.equal(rows["register"], contract.name))
    if not mine.num_rows:
        return facts.table(contract.seed, contract.schema) if contract.seed else contract.schema.empty_table()
    if contract.part is None:
        mine = mine.filter(pc.equal(mine["applied_at"], pc.max(mine["applied_at"])))
    typed: dict[tuple[object, ...], dict[str, object]] = {}
    version_of_part: dict[object, datetime] = {}
    order = ("applied_at", "row_number", "values")
    for row in sorted(mine.to_pylist(), key=lambda r: tuple(r[k] for k in order)):
        try:
            values = typed_row(contract.columns, json.loads(row["values"]))
        except (RowFault, ValueError):
            continue  # conform has quarantined it with its reason; only a row of an older contract can get here
        part = values[contract.part] if contract.part else None
        if version_of_part.setdefault(part, row["applied_at"]) < row["applied_at"]:
            version_of_part[part] = row["applied_at"]
            typed = {k: v for k, v in typed.items() if contract.part and v[contract.part] != part}
        typed[tuple(values[k] for k in contract.key)] = values
    ordered = sorted(typed.values(), key=lambda v: tuple(str(v[k]) for k in contract.key))
    return pa.Table.from_pylist(ordered, contract.schema)


def _no_value_of(column: Column) -> str:
    """Why a value does not fit the column. For a flag, what to write instead: editors do not know the word "bool"."""
    if pa.types.is_boolean(column.type):
        return f"is neither ja nor nei: write ja or nei{', or leave it empty' if column.null else ''}"
    return f"is not a valid {column.type}"


def _typed(kind: pa.DataType, value: object) -> object:
    text = str(value).strip()
    if pa.types.is_string(kind):
        return text
    if pa.types.is_boolean(kind):
        if text.lower() not in ("true", "false", "1", "0", "ja", "nei", "sann", "usann"):
            raise ValueError(text)
        return text.lower() in ("true", "1", "ja", "sann")
    if pa.types.is_integer(kind):
        return _whole(text, kind.bit_width)
    if pa.types.is_decimal(kind):
        number = _number(text)
        whole_digits = kind.precision - kind.scale
        if not number.is_finite() or number.adjusted() >= whole_digits or number != round(number, kind.scale):
            raise ValueError(text)
        return number
    if pa.types.is_date(kind):
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text[:10])
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text.replace(",", "."))


def _whole(text: str, bits: int) -> int:
    """A whole number that fits. Bounded before it is expanded, since 1e999999999 is a short text but a long number.

    Commas are refused: 1,000 may mean one or a thousand.
    """
    if "," in text:
        raise ValueError(text)
    number = _number(text)
    if not number.is_finite() or number.adjusted() >= _DIGITS or number != number.to_integral_value():
        raise ValueError(text)
    if not -(2 ** (bits - 1)) <= int(number) < 2 ** (bits - 1):
        raise ValueError(text)
    return int(number)
