"""Checks as values: what the gate asks of the rows of a table, whoever asks it.

What does not belong here: contracts (`gate` makes the checks) and Great Expectations (`engine` carries them out).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


class Kind(enum.StrEnum):
    """What a check demands of its columns."""

    NOT_NULL = "not_null"
    """No column of the check is null."""
    UNIQUE = "unique"
    """The columns together are unique; a null is a value like any other."""
    SQL = "sql"
    """The condition holds in every row; null counts as met."""
    IN_SET = "in_set"
    """The column is one of `values`; null counts as met."""
    BETWEEN = "between"
    """The column is between `low` and `high`, both included; null counts as met."""
    IN_ORDER = "in_order"
    """The first column is not above the second; a null in either counts as met."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule for one table.

    Attributes:
        name: the rule's name, unique within its table.
        kind: what is demanded.
        columns: the columns it looks at. For `SQL` they only choose what the examples show, and may be empty.
        sql: for every kind but `NOT_NULL` and `UNIQUE`, a DuckDB boolean expression over the table's columns that every
            row must meet, without aggregates or windows. It is pasted as it is, so it comes from a contract, never
            from data.
        says: the rule in words, for the documentation of the suite.
        values: of `IN_SET`.
        low: of `BETWEEN`; None: no bound.
        high: of `BETWEEN`; None: no bound.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...] = ()
    sql: str | None = None
    says: str = ""
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The check that plain values describe, as another process sends it."""
        return cls(**{**plain, "kind": Kind(plain["kind"])})

    @property
    def condition(self) -> str:
        """A check about single rows in SQL; null counts as met."""
        if self.kind != Kind.NOT_NULL:
            return str(self.sql)
        return " AND ".join(f"{quoted(column)} IS NOT NULL" for column in self.columns)


def quoted(name: str) -> str:
    """Write a name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
