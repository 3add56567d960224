"""Values that arrive as text, in CSV, JSON Lines and XLSX: one grammar for each type of column.

The grammar bounds form and length before a library converts. Libraries alone read more than is written: Arrow reads
0x10 as a number and wraps decimals beyond 128 bits; Python reads 1_000 and the digits of any script. The calendar's
bounds hold for typed formats too, so `batch_validator` checks them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from catalog.contracts.language import Column
from catalog.domain import identity
from catalog.errors import BadValue

_TRUE, _FALSE = ("true", "1", "ja", "sann"), ("false", "0", "nei", "usann")
_WORD = "|".join("".join(f"[{sign}{sign.upper()}]" for sign in word) for word in _TRUE + _FALSE)
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_UUID = "[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_MOST = 38
"""Digits that Arrow's decimals hold; a number with more wraps, even if they are zeros."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How a type is written: its name in errors, its form as a whole, the right form in words, and its conversion."""

    name: str
    form: str
    mend: str
    convert: Callable[[pa.Array], pa.Array]

    def read(self, texts: pa.Array) -> pa.Array:
        """The values of trimmed texts; null stays null.

        Raises:
            pa.ArrowInvalid, ValueError: a text has the wrong form, or is not a value of the type.
        """
        _check_form(texts, self.form)
        return self.convert(texts)


def text_as(array: pa.Array, column: Column, line: int, *, comma: bool = False) -> pa.Array:
    """A column of text converted to the column's type. Spaces around a value are ignored; text is kept as it is.

    Args:
        array: texts; null is no value.
        column: of the contract.
        line: of the first text.
        comma: the decimal sign is a comma, and a point is refused: it may separate thousands.

    Raises:
        BadValue: gives the line of the first value that cannot be read, and the right form.
    """
    if pa.types.is_string(column.type):
        return array
    array, grammar = pc.utf8_trim_whitespace(array), _grammar(column.type, comma=comma)
    try:
        return grammar.read(array)
    except (pa.ArrowInvalid, ValueError):
        first = first_refused(array, grammar.read)
        what = f"{excerpt(array[first], 60)!r} is not a valid {grammar.name}"
        raise BadValue(column.name, what, grammar.mend, line=line + first) from None


def first_refused(values: pa.Array | pa.ChunkedArray, convert: Callable[[pa.Array], object]) -> int:
    """The first of some values that cannot be converted, by binary search; one of them cannot."""
    first, end = 0, len(values)
    while end - first > 1:
        middle = (first + end) // 2
        try:
            convert(values.slice(first, middle - first))
        except ValueError:  # Arrow's errors of this kind are such too
            end = middle
        else:
            first = middle
    return first


def excerpt(value: object, length: int) -> str:
    """The beginning of a text, masked before it is cut: half an identity number would not be recognised."""
    return identity.mask(str(value).replace("\n", " "))[:length]


def _grammar(kind: pa.DataType, *, comma: bool) -> _Grammar:
    if pa.types.is_timestamp(kind):
        mend = "Write it as 2026-01-31T12:00:00.123456+01:00 or …Z, with an offset and at most six decimals."
        return _Grammar("timestamp", f"{_DAY}[T ]{_TIME}{_OFFSET}", mend, lambda texts: texts.cast(kind))
    if pa.types.is_date(kind):
        return _Grammar("date", _DAY, "Write it as 2026-01-31.", lambda texts: texts.cast(kind))
    if pa.types.is_integer(kind):
        mend = "Write a whole number without separators."
        return _Grammar("int", "-?[0-9]{1,19}", mend, lambda texts: texts.cast(kind))
    if pa.types.is_boolean(kind):
        return _Grammar("bool", _WORD, "Write true or false.", _booleans)
    if kind == pa.uuid():
        mend = "Write it as 8-4-4-4-12 hexadecimal digits."
        return _Grammar("uuid", _UUID, mend, lambda texts: pa.array(map(_uuid, texts.to_pylist()), kind))
    sign, also = (",", "; the decimal sign is a comma where ; separates") if comma else (r"\.", "")
    mend = f"Write a number with at most {kind.scale} decimals and no thousands separator{also}."
    digits = f"[0-9]{{1,{_MOST}}}"
    form = f"[+-]?({digits}({sign}[0-9]{{0,{_MOST}}})?|{sign}{digits})([eE][+-]?[0-9]{{1,2}})?"
    return _Grammar("decimal", form, mend, lambda texts: _decimals(texts, kind))


def _check_form(texts: pa.Array, form: str) -> None:
    """Check the form of all texts that are not null.

    Raises:
        ValueError: a text is not.
    """
    if pc.any(pc.invert(pc.match_substring_regex(texts, f"^({form})$"))).as_py():
        message = "not of that form"
        raise ValueError(message)


def _booleans(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_valid(texts), pc.is_in(pc.ascii_lower(texts), pa.array(_TRUE)), None)


def _uuid(text: str | None) -> bytes | None:
    return None if text is None else UUID(text).bytes


def _decimals(texts: pa.Array, kind: pa.Decimal128Type) -> pa.Array:
    """The numbers, if each fits the type without loss: of many digits, Arrow makes other numbers.

    Raises:
        ValueError: a number does not fit.
    """
    texts = pc.replace_substring(texts, ",", ".")
    powers = pc.match_substring_regex(texts, "[eE]")
    if pc.any(powers).as_py():
        written_out = [f"{Decimal(text):f}" for text in texts.filter(powers).to_pylist()]
        texts = pc.replace_with_mask(texts, powers, pa.array(written_out, pa.string()))
    whole, zeros = kind.precision - kind.scale, f"0{{0,{_MOST - kind.precision}}}"
    _check_form(texts, rf"[+-]?{zeros}[0-9]{{0,{whole}}}(\.[0-9]{{0,{kind.scale}}}{zeros})?")
    return texts.cast(kind)
