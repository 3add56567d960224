"""One row of text or JSON values as a contract's types, or why not.

For registers, which are small and edited by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from catalog.contracts.language import Column
from catalog.errors import nearest

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T00:00:00)?")
"""What a value may look like: Python itself reads 1_000, the digits of every script, and weeks as days."""
_DIGITS = 19
"""No integer of a contract has more."""


class Fault(ValueError):
    """What is wrong with one value of a row.

    Never leaves the register code: it becomes a RegisterRejected or a finding.
    """

    def __init__(self, column: str, what: str) -> None:
        """Name the column and what is wrong."""
        super().__init__(f"{column}: {what}")
        self.column = column


def typed_row(columns: Sequence[Column], values: Mapping[str, object]) -> dict[str, object]:
    """The row with each value as its column's type; columns not given are null.

    Raises:
        Fault: an unknown column (with the nearest), a missing required value, or a value of the wrong form.
    """
    names = [c.name for c in columns]
    for name in values:
        if name not in names:
            near = nearest(name, names)
            raise Fault(name, f"no such column{f'; did you mean {near!r}?' if near else ''}")
    row: dict[str, object] = {}
    for column in columns:
        value = values.get(column.name)
        if value is None or value == "":
            if not column.null:
                raise Fault(column.name, "a value is required")
            row[column.name] = None
            continue
        try:
            row[column.name] = _typed(column.type, value)
        except (ValueError, InvalidOperation, OverflowError):
            raise Fault(column.name, f"{str(value)[:60]!r} {_no_value_of(column)}") from None
    return row


def _no_value_of(column: Column) -> str:
    """Why a value cannot be the column's, and for an answer what to write: "bool" is no word of those who edit."""
    if pa.types.is_boolean(column.type):
        return f"is neither ja nor nei: write ja or nei{', or leave it empty' if column.null else ''}"
    return f"is no {column.type}"


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
    """A whole number that fits; bounded before it is expanded, for 1e999999999 is a short text and a long number.

    It has no comma: whether 1,000 is one or a thousand cannot be told.
    """
    if "," in text:
        raise ValueError(text)
    number = _number(text)
    if not number.is_finite() or number.adjusted() >= _DIGITS or number != number.to_integral_value():
        raise ValueError(text)
    if not -(2 ** (bits - 1)) <= int(number) < 2 ** (bits - 1):
        raise ValueError(text)
    return int(number)
