"""Predicate hints: which files of a table cannot hold a row that the reader asks for.

Hints are best effort, and only ever leave out files: a predicate that cannot be read, or that speaks of anything but a
partition column, leaves every file in.

Source: the Delta Sharing protocol, "SQL expressions for filtering" and "JSON predicates for filtering".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
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
_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COLUMN: Final = r"`?([A-Za-z_][A-Za-z0-9_]*)`?"
_LITERAL: Final = r"(?:date\s*)?'([^']*)'"
_SIGN: Final = r"\s*(<=|>=|<>|=|<|>)\s*"
_FORWARD: Final = re.compile(f"\\s*{_COLUMN}{_SIGN}{_LITERAL}\\s*", re.IGNORECASE)
_BACKWARD: Final = re.compile(f"\\s*{_LITERAL}{_SIGN}{_COLUMN}\\s*", re.IGNORECASE)
_NULL: Final = re.compile(f"\\s*{_COLUMN}\\s+is\\s+(not\\s+)?null\\s*", re.IGNORECASE)


class Hints:
    """What a reader says of the rows that it wants. `holds` is True, False, or None where it cannot be known."""

    def __init__(self, predicates: object = None, json_predicate: object = None) -> None:
        """Parse the hints; what cannot be read is skipped."""
        self._sql = [p for p in predicates if isinstance(p, str)] if isinstance(predicates, list) else []
        self._json: object = None
        self.given = bool(self._sql) or json_predicate is not None
        if isinstance(json_predicate, str):
            try:
                self._json = strict_json.loads(json_predicate)
            except ValueError:
                self._json = None

    def holds(self, values: Values) -> bool | None:
        """Whether rows of a file with these partition values meet every hint."""
        answers = [_sql(predicate, values) for predicate in self._sql]
        if self._json is not None:
            answers.append(_json(self._json, values))
        elif self.given and not self._sql:
            answers.append(None)
        return _all(answers)


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _sql(predicate: str, values: Values) -> bool | None:
    if null := _NULL.fullmatch(predicate):
        known, value = _value(null[1], values)
        return (value is None) is (null[2] is None) if known else None
    if forward := _FORWARD.fullmatch(predicate):
        column, sign, literal = forward.groups()
    elif backward := _BACKWARD.fullmatch(predicate):
        literal, sign, column = backward.groups()
        sign = _TURNED[sign]
    else:
        return None
    known, value = _value(column, values)
    return _compared(_SIGNS[sign], value, literal) if known else None


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
    if not all(known for known, _ in operands):
        return None
    found = [value for _, value in operands]
    if op == "isNull" and len(found) == 1:
        return found[0] is None
    return _compared(_COMPARED[op], *found) if op in _COMPARED and len(found) == 2 else None  # noqa: PLR2004 - binary


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
    known = isinstance(column, str) and column.lower() in values
    return known, values[str(column).lower()] if known else None


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
