"""Runs a reader's SQL over a release: read-only, locked down, in a child process with bounded memory, time and rows.

DuckDB's own settings stop escapes but bound neither memory nor time, so a stranger's SQL never runs in a process that
matters. Files that the caller may not read are not attached.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Self

import pyarrow as pa

from catalog.errors import QueryFailed
from transport.base.child_process import Child, ChildDied, Reply
from transport.base.settings import Settings
from transport.releases.store import LEDGER_FILE, OPEN_FILE, Release

MAX_ROWS: Final = 1_000_000
"""Rows of an answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A query and its parameters.

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
    (answered,) = _Worker(settings, _files(release, ledger=ledger)).answer([Statement(sql, rows=rows)])
    if answered.cut:
        raise QueryFailed(
            f"The answer has more than {rows} rows.", "Ask for less, such as sums, or read the file of the dataset."
        )
    return answered.table


class QueryWorkers:
    """Worker processes started ahead of queries: a caller waits for neither Python nor DuckDB to start.

    A worker answers one call and ends: a temporary table or a macro that a query leaves behind reaches nobody else.
    Threads may share an instance. Use as a context manager: it ends the workers.
    """

    def __init__(self, settings: Settings) -> None:
        """Start nothing yet; the first call of an audience starts its own worker."""
        self._settings = settings
        self._lock = threading.Lock()
        self._ahead: dict[tuple[Path, ...], list[_Worker]] = {}
        self._release = Path()
        self._ended = False

    def __enter__(self) -> Self:
        """Nothing to do."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End the waiting workers."""
        with self._lock:
            self._ended = True
            for workers in self._ahead.values():
                for worker in workers:
                    worker.close()
            self._ahead.clear()

    def answer(
        self, release: Release, files: tuple[Path, ...], statements: Sequence[Statement], *, one_select: bool = False
    ) -> list[Answered]:
        """Answer the statements in order, by one worker; more rows than a statement allows are cut.

        Args:
            release: where to read.
            files: its databases, as the caller may read them (`transport.releases.narrowed`).
            statements: what to run.
            one_select: refuse a text that is not exactly one SELECT.

        Raises:
            QueryFailed: a statement is wrong, or together they took too long or too much memory.
        """
        try:
            return self._worker(files).answer(statements, one_select=one_select)
        finally:  # only now: starting processes would slow down the query, or hold back its answer
            threading.Thread(target=self._fill, args=(release.folder, files), daemon=True).start()

    def _worker(self, files: tuple[Path, ...]) -> _Worker:
        with self._lock:
            ready = self._ahead.get(files, [])
            while ready:
                worker = ready.pop(0)
                if worker.waits:
                    return worker
        return _Worker(self._settings, files)

    def _fill(self, release: Path, files: tuple[Path, ...]) -> None:
        """Start missing workers for these files; end those of another release."""
        with self._lock:
            if self._ended:
                return
            if self._release != release:
                self._release = release
                for worker in (worker for workers in self._ahead.values() for worker in workers):
                    worker.close()
                self._ahead.clear()
            ready = self._ahead.setdefault(files, [])
            ready.extend(_Worker(self._settings, files) for _ in range(_AHEAD - len(ready)))


_AHEAD = 2
"""Waiting workers for each audience: an assistant often sends two queries at once."""


def _files(release: Release, *, ledger: bool) -> tuple[Path, ...]:
    files = [release.file(OPEN_FILE), *([release.file(LEDGER_FILE)] if ledger else [])]
    return tuple(f for f in files if f.is_file())


class _Worker:
    """A locked-down child process that has opened a release's files and waits for one call."""

    def __init__(self, settings: Settings, files: Sequence[Path]) -> None:
        self._settings = settings
        limits = str(settings.query_memory_mb), str(settings.query_seconds)
        self._child = Child("transport.releases.sql_worker", *limits, *map(str, files))

    @property
    def waits(self) -> bool:
        """Whether the worker is alive; it ends when its release is removed."""
        return self._child.alive

    def close(self) -> None:
        """End it."""
        self._child.kill()

    def answer(self, statements: Sequence[Statement], *, one_select: bool = False) -> list[Answered]:
        """See `QueryWorkers.answer`."""
        settings = self._settings
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
            return self._child.ask(request, settings.query_seconds + 5, receive)
        except ChildDied as death:
            if death.late:
                raise QueryFailed(
                    f"The query took more than {settings.query_seconds} seconds.",
                    "Ask for less, or raise query_seconds.",
                ) from None
            raise limit from None
        finally:
            self.close()


def _answered(table: pa.Table) -> Answered:
    metadata = table.schema.metadata
    return Answered(table, metadata[b"dif.cut"] == b"true", frozenset(json.loads(metadata[b"dif.reads"])))
