"""The facts that everything else rests on: small CSV tables bundled with the product.

Grain, key and source of each table are in ``README.md`` beside them. What does *not* belong here: anything that a
producer sends, anything that people maintain (registers are only seeded from here), and anything computed at run time.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa

from catalog.errors import Damaged, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOL = MappingProxyType({"true": True, "false": False})


@cache
def names() -> tuple[str, ...]:
    """The names of all tables of facts, sorted."""
    return tuple(
        sorted(f.name.removesuffix(".csv") for f in resources.files(__name__).iterdir() if f.name.endswith(".csv"))
    )


@cache
def _text(name: str) -> str:
    if name not in names():
        raise UnknownName("fact", name, choices=names())
    return resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")


@cache
def columns(name: str) -> tuple[str, ...]:
    """The columns of a table of facts, in the file's order.

    Raises:
        UnknownName: no such table.
    """
    return tuple(next(csv.reader(io.StringIO(_text(name)))))


@cache
def read(name: str) -> tuple[Mapping[str, str], ...]:
    """Read a table of facts as text.

    Rows in the file's order, every value a string, empty where unknown. The rows are cached and shared, and therefore
    read-only.

    Raises:
        UnknownName: no such table.
    """
    return tuple(MappingProxyType(row) for row in csv.DictReader(io.StringIO(_text(name))))


def table(name: str, schema: pa.Schema) -> pa.Table:
    """Read a table of facts into given Arrow types.

    Rows in the file's order, columns in the schema's. The empty string is null. Columns that the schema leaves out are
    left out; a column that the file lacks is an error, since a fact that is silently null is worse than none.

    Raises:
        UnknownName: no such table.
        Damaged: a column is missing, a value does not parse, or a value is missing where the schema says not null.
    """
    rows = read(name)
    if lacking := [column for column in schema.names if column not in columns(name)]:
        raise _misread(name, f"no column {', '.join(lacking)}")
    arrays = []
    for field in schema:
        values = [row[field.name] or None for row in rows]
        if not field.nullable and None in values:
            raise _misread(name, f"{field.name} is empty in row {values.index(None) + 1}")
        try:
            arrays.append(_cast(values, field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError) as error:
            raise _misread(name, f"{field.name} is not {field.type} ({error})") from error
    return pa.table(arrays, schema=schema)


def _cast(values: list[str | None], to: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(to):
        # Only the two words: Arrow also accepts "0" and "1", so a code column mistaken for a flag would pass.
        return pa.array([None if value is None else _BOOL[value] for value in values], to)
    return pa.array(values, pa.string()).cast(to)


def _misread(name: str, problem: str) -> Damaged:
    return Damaged(f"Facts {name}.csv: {problem}.", "Correct the schema, or the table in catalog/facts/.")
