"""Checks and their results, as values.

What does not belong here: contracts (`gate` makes their checks), files of expectations (`suites` reads them) and Great
Expectations (`engine` carries checks out).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ERROR, WARN = "ERROR", "WARN"
"""Severities: a failed check of the first stops publication, one of the second does not."""
NOT_CARRIED_OUT = "not carried out:"
"""The beginning of the detail of a check that gave no result."""
_VALUE_WIDTH, _DETAIL_WIDTH = 60, 400


class Kind(enum.StrEnum):
    """What a check demands."""

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
    EXPECTATION = "expectation"
    """An expectation of Great Expectations' as a file has it: `expectation`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one table.

    Attributes:
        name: unique within its table.
        kind: of its condition.
        columns: the columns it looks at. For `SQL` they only choose what the examples show, and may be empty.
        sql: for every kind of a contract but `NOT_NULL` and `UNIQUE`, a DuckDB boolean expression over the table's
            columns that every row must meet, without aggregates or windows. It is pasted as it is, so it comes from a
            contract, never from data.
        says: the check in words, for the documentation of the suite.
        values: of `IN_SET`.
        low: of `BETWEEN`; None: no bound.
        high: of `BETWEEN`; None: no bound.
        severity: `ERROR` or `WARN`.
        expectation: type, kwargs and more of an `EXPECTATION`, in Great Expectations' own terms.
        file: that holds the expectation.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...] = ()
    sql: str | None = None
    says: str = ""
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    severity: str = ERROR
    expectation: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""

    @property
    def condition(self) -> str:
        """A check about single rows in SQL; null counts as met."""
        if self.kind != Kind.NOT_NULL:
            return str(self.sql)
        return " AND ".join(f"{quoted(column)} IS NOT NULL" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Table:
    """A table to validate.

    Attributes:
        files: its Parquet files, all of them; all have the same columns.
        checks: of its rows.
        by_month: its files lie in folders `month=…`, which give the date column `month`.
        columns: SQL types by name, for a table without files.
        untold: columns whose values no sample shows.
        counted: whether the documents say how many rows it has.
    """

    files: Sequence[str]
    checks: Sequence[Check]
    by_month: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    untold: Collection[str] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one check of one dataset.

    Attributes:
        dataset: the table's name.
        check: the check's name.
        passed: whether it holds; False also where it was not carried out.
        unexpected: how many rows break it. For `UNIQUE`, all rows whose key occurs more than once.
        examined: how many rows were looked at; None where a rule reads an unpublished table, whose row count is
            secret.
        detail: what is wrong, in words.
        severity: `ERROR` or `WARN`. A check that was not carried out is an error, whatever its file says.
        samples: some rows at fault, or what was observed, as short text.
        carried_from: the release that checked the table, whose files are the same since.
    """

    dataset: str
    check: str
    passed: bool
    unexpected: int
    examined: int | None
    detail: str | None = None
    severity: str = ERROR
    samples: tuple[Mapping[str, str], ...] = ()
    carried_from: str | None = None


def not_carried_out(dataset: str, check: str, why: str) -> Result:
    """The result of a check that broke: failed, with a detail that says so."""
    return Result(dataset, check, passed=False, unexpected=0, examined=0, detail=f"{NOT_CARRIED_OUT} {why}")


def sample(row: Mapping[str, object]) -> dict[str, str]:
    """A row as short text."""
    return {name: shortened("null" if value is None else str(value), _VALUE_WIDTH) for name, value in row.items()}


def in_words(samples: Sequence[Mapping[str, str]]) -> str | None:
    """Rows as words, such as `month 2024-10-01, conformed 19578`."""
    rows = (", ".join(f"{name} {value}" for name, value in row.items()) for row in samples)
    return shortened("; ".join(rows), _DETAIL_WIDTH) or None


def shortened(text: str, width: int) -> str:
    """A text in one line of this width at most."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def quoted(name: str) -> str:
    """Write a name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
