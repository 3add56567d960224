"""Runs a reader's SQL over a release: read-only, locked down, in a child process with bounded memory, time and rows.

DuckDB's own settings stop escapes but bound neither memory nor time, so a stranger's SQL never runs in a process that
matters. Files that the caller may not read are not attached.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import pyarrow as pa

from catalog.errors import QueryFailed
from transport.base.child_process import Child, ChildDied, Reply
from transport.base.settings import Settings
from transport.releases.store import LEDGER_FILE, OPEN_FILE, Release

MAX_ROWS: Final = 1_000_000
"""Rows of an answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A query and what it is given.

    Attributes:
        parameters: values of its `$names`: texts, numbers, null, or lists of texts.
        rows: the most that the answer may have; `MAX_ROWS` when not given.
    """

    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of a query.

    Attributes:
        table: the rows, at most as many as were asked for.
        cut: there are more rows than these.
        reads: the tables and views that the query names, as `schema.table`, those behind a macro included.
    """

    table: pa.Table
    cut: bool
    reads: frozenset[str]


def query(settings: Settings, release: Release, sql: str, *, ledger: bool = True, rows: int = MAX_ROWS) -> pa.Table:
    """Answer one query from a release.

    Args:
        settings: the limits.
        release: where to read.
        sql: anything that returns rows; it can read only the attached datasets.
        ledger: attach the ledgers too.
        rows: an answer with more is refused.

    Raises:
        QueryFailed: the SQL is wrong, took too long or too much memory, or has too many rows.
    """
    (answered,) = answer(settings, _files(release, ledger=ledger), [Statement(sql, rows=rows)])
    if answered.cut:
        raise QueryFailed(
            f"The answer has more than {rows} rows.", "Ask for less, such as sums, or read the file of the dataset."
        )
    return answered.table


def answer(
    settings: Settings, files: Sequence[Path], statements: Sequence[Statement], *, one_select: bool = False
) -> list[Answered]:
    """Answer statements in order, by one child; more rows than a statement allows are cut.

    The child ends with the call: a temporary table or a macro that a query leaves behind reaches nobody else.

    Args:
        settings: the limits.
        files: databases, as the caller may read them (`transport.releases.narrowed`).
        statements: what to run.
        one_select: refuse a text that is not exactly one SELECT.

    Raises:
        QueryFailed: a statement is wrong, or together they took too long or too much memory.
    """
    child = Child(
        "transport.releases.sql_worker",
        str(settings.query_memory_mb),
        str(settings.query_seconds),
        *map(str, files),
    )
    request = {
        "one_select": one_select,
        "statements": [
            # a lone surrogate has no UTF-8
            [s.sql.encode("utf-8", "replace").decode(), dict(s.parameters), s.rows or MAX_ROWS]
            for s in statements
        ],
    }
    limit = QueryFailed(
        "The query reached its limit on memory or time.",
        "Ask for less, or raise query_memory_mb and query_seconds.",
    )

    def receive(reply: Reply, pipe: IO[bytes]) -> list[Answered]:
        if "fault" in reply:
            raise QueryFailed(
                reply["fault"][:2000],
                '`dif sql "from meta.dataset"` lists the datasets; meta.column_definition the columns.',
            )
        if "limit" in reply:
            raise limit
        return [_answered(pa.ipc.open_stream(pipe).read_all()) for _ in statements]

    try:
        return child.ask(request, settings.query_seconds + 5, receive)
    except ChildDied as death:
        if death.late:
            raise QueryFailed(
                f"The query took more than {settings.query_seconds} seconds.",
                "Ask for less, or raise query_seconds.",
            ) from None
        raise limit from None
    finally:
        child.kill()


def _files(release: Release, *, ledger: bool) -> tuple[Path, ...]:
    files = [release.file(OPEN_FILE), *([release.file(LEDGER_FILE)] if ledger else [])]
    return tuple(f for f in files if f.is_file())


def _answered(table: pa.Table) -> Answered:
    said = table.schema.metadata
    return Answered(table, said[b"dif.cut"] == b"true", frozenset(json.loads(said[b"dif.reads"])))
