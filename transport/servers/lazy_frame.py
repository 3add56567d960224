"""A dataset behind a server as a Polars LazyFrame: columns and filters go to the server, the rest is done here."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
from polars.io.plugins import register_io_source

if TYPE_CHECKING:
    from transport.servers.client import Client

_OPERATIONS = {"Eq": "eq", "EqValidity": "eq", "NotEq": "ne", "Lt": "lt", "LtEq": "le", "Gt": "gt", "GtEq": "ge"}
_SWAPPED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


_LISTED = 1_000
"""The most values of a list that are sent: a ticket has a limited size."""


def scan(client: Client, dataset: str, release: str) -> pl.LazyFrame:
    """A dataset, read when it is collected.

    Args:
        client: an open one; it must be open when the frame is collected.
        dataset: its name.
        release: its id; `current` is the one that is current when the frame is collected.
    """
    kinds = client.schema(dataset)
    frame = pl.DataFrame(kinds.empty_table())

    def source(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = columns if columns is not None else frame.columns
        if not wanted:  # only the number of rows is asked for
            wanted = frame.columns[:1]
        # with both, Polars takes the first rows before it filters, so the server must send them unfiltered
        where = pushed(predicate, kinds) if predicate is not None and rows is None else {}
        left, is_sent = rows, False
        for batch in client.read(dataset, release=release, columns=wanted, where=where):
            part = pl.DataFrame(pa.Table.from_batches([batch]))
            if left is not None:
                part = part.head(left)
                left -= part.height
            if predicate is not None:
                part = part.filter(predicate)
            is_sent = True
            yield part
            if left == 0:
                break
        if not is_sent:
            yield frame.select(wanted)

    return register_io_source(source, schema=frame.schema)


def pushed(predicate: pl.Expr, kinds: pa.Schema) -> dict[str, dict[str, object]]:
    """The part of a predicate that the server can apply: tests of one column each, all of which must hold.

    It keeps every row that the predicate keeps, and perhaps others: the caller applies the predicate to the answer.

    Args:
        predicate: of the dataset's columns.
        kinds: the dataset's Arrow schema.
    """
    where: dict[str, dict[str, object]] = {}
    try:
        tests = [*_tests(json.loads(predicate.meta.serialize(format="json")))]
    except (pl.exceptions.PolarsError, ImportError):  # a function of Python's has no written form
        return {}
    for column, operation, value in tests:
        if column not in kinds.names:
            continue
        kind = kinds.field(column).type
        if operation == "null":
            where.setdefault(column, {}).setdefault(operation, value)
        elif operation == "in":
            values = [_wire(v, kind) for v in value] if isinstance(value, list) else [None]
            if None not in values and len(values) <= _LISTED:
                where.setdefault(column, {}).setdefault(operation, values)
        elif (written := _wire(value, kind)) is not None:
            where.setdefault(column, {}).setdefault(operation, written)
    return where


def _tests(node: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The tests of a predicate that must all hold: column, operation, value."""
    if "BinaryExpr" in node:
        left, operation, right = (node["BinaryExpr"][k] for k in ("left", "op", "right"))
        if operation == "And":
            yield from _tests(left)
            yield from _tests(right)
        elif operation in _OPERATIONS:
            name = _OPERATIONS[operation]
            if "Column" in left and "Literal" in right:
                yield left["Column"], name, _literal(right)
            elif "Literal" in left and "Column" in right:
                yield right["Column"], _SWAPPED.get(name, name), _literal(left)
    elif "Function" in node:
        yield from _function(node["Function"])


def _function(node: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    inputs = node["input"]
    test = node["function"].get("Boolean") if isinstance(node["function"], dict) else None
    if not inputs or "Column" not in inputs[0] or test is None:
        return
    column, literals = inputs[0]["Column"], [i for i in inputs[1:] if "Literal" in i]
    if test in ("IsNull", "IsNotNull"):
        yield column, "null", test == "IsNull"
    elif isinstance(test, dict) and "IsIn" in test and literals:
        value = _literal(literals[0])
        yield column, "in", value.to_list() if isinstance(value, pl.Series) else value
    elif isinstance(test, dict) and "IsBetween" in test and len(literals) == len(inputs) - 1:
        low, high = map(_literal, literals)
        yield column, "ge", low  # open ends keep more, and the caller drops them
        yield column, "le", high


def _literal(node: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of any type
    expression = pl.Expr.deserialize(io.StringIO(json.dumps(node)), format="json")
    return pl.select(expression).to_series()[0]


def _wire(value: object, kind: pa.DataType) -> object:
    """A value as the server reads it for a column of this type; None where it would not be exactly this value."""
    if isinstance(value, float) or pa.types.is_floating(kind):
        return None
    try:
        if pa.scalar(value, kind).as_py() != value:
            return None
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
