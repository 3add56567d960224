"""Predicate hints: which files of a table cannot hold a row that the reader asks for.

Hints are best effort, and only ever leave out files: a predicate that cannot be read, or that speaks of anything but a
partition column, leaves every file in.

Source: the Delta Sharing protocol, "JSON predicates for filtering". Its older "SQL expressions for filtering" are not
read: clients that send them send JSON too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

from transport.base import strict_json

Values = Mapping[str, object]
"""The partition values of a file, by column in lower case; a column that is not there is not known."""
_LEAVES: Final = ("column", "literal")
_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "equal": operator.eq,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
}


class Hints:
    """A reader's hints about the rows that it wants. `holds` is True, False, or None if that cannot be known."""

    def __init__(self, predicates: object = None, json_predicate: object = None) -> None:
        """Parse the hint; what cannot be read is skipped.

        Args:
            predicates: hints in SQL, as clients send them beside JSON: they are not read, so nothing is known by them.
            json_predicate: the hint as JSON.
        """
        self._json: object = None
        self.is_given = bool(predicates) or json_predicate is not None
        if isinstance(json_predicate, str):
            with suppress(ValueError):
                self._json = strict_json.loads(json_predicate)

    def holds(self, values: Values) -> bool | None:
        """Whether rows of a file with these partition values meet the hint; True without a hint."""
        return _json(self._json, values) if self.is_given else True


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _json(node: object, values: Values) -> bool | None:
    """Evaluate a predicate in three-valued logic; None for whatever is not understood."""
    if not isinstance(node, dict):
        return None
    op, children = node.get("op"), node.get("children")
    if not isinstance(op, str) or not isinstance(children, list) or not children:
        return None
    if op == "and":
        return _all([_json(child, values) for child in children])
    if op == "or":
        return _not(_all([_not(_json(child, values)) for child in children]))
    if op == "not":
        return _not(_json(children[0], values)) if len(children) == 1 else None
    return _leaf(op, [_operand(child, values) for child in children])


def _leaf(op: str, operands: Sequence[tuple[bool, object]]) -> bool | None:
    """A test of a value, or of two."""
    if not all(is_known for is_known, _ in operands):
        return None
    values = [value for _, value in operands]
    if op == "isNull" and len(values) == 1:
        return values[0] is None
    return _compared(_COMPARED[op], *values) if op in _COMPARED and len(values) == 2 else None  # noqa: PLR2004 - binary


def _not(answer: bool | None) -> bool | None:  # noqa: FBT001 - a truth value
    return None if answer is None else not answer


def _operand(node: object, values: Values) -> tuple[bool, object]:
    """Whether a leaf's value is known, and the value."""
    if not isinstance(node, dict) or node.get("op") not in _LEAVES or node.get("valueType") not in ("date", "string"):
        return False, None  # partition columns are dates
    if node["op"] == "literal":
        return isinstance(node.get("value"), str), node.get("value")
    return _value(node.get("name"), values)


def _value(column: object, values: Values) -> tuple[bool, object]:
    is_column = isinstance(column, str) and column.lower() in values
    return is_column, values[str(column).lower()] if is_column else None


def _compared(test: Callable[[Any, Any], bool], left: object, right: object) -> bool | None:
    """Compare two values as days; None when one of them is no day, since it would be compared in another way."""
    days = [_day(left), _day(right)]
    return None if None in days else test(*days)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-01-01") else None
    except ValueError:
        return None
