"""The reader of releases: opened for a release and a visitor, it runs named queries and returns plain values.

The only use of DuckDB connections to releases in `dashboards/`. A database file is opened read-only, once per release,
by its real path; each query has its own cursor. Results are cached by release, visitor and parameters, since a release
does not change. Anything the visitor may not see is refused before a file is opened (`authorization.admit`).
"""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from catalog.contracts.language import Audience
from catalog.errors import Forbidden, SharingError
from dashboards.release.authorization import admit, datasets_in
from dashboards.release.query import GAPS, LEDGER, QueryResult, Row, sql
from transport.telemetry import traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from catalog.contracts.language import DatasetContract
    from dashboards.release.authorization import Visitor
    from transport.releases.release import Release

OPEN = "dif"
"""The open database's name, both as a file and as attached; the restricted one is `LEDGER`."""


class ReleaseTooOld(SharingError):
    """A page asks for a dataset or column that is newer than the release."""

    kind = "release_too_old"


class ReleaseGone(SharingError):
    """The release was deleted while somebody looked at it."""

    kind = "release_gone"


class ReleaseDamaged(SharingError):
    """A release's database is corrupt; from now on `opens` rejects the release."""

    kind = "release_damaged"


Stamp = tuple[int, int, int]


def _stamp(path: str) -> Stamp | None:
    """Distinguishes a file from one that replaced it; None if there is no file."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


@dataclass(frozen=True, slots=True)
class _Database:
    stamp: Stamp | None
    connection: duckdb.DuckDBPyConnection
    datasets: frozenset[str]


_damaged: set[tuple[str, Stamp | None]] = set()
"""Databases that a query found damaged, although they open and their files match the manifest."""
_SAYS_DAMAGE: Final = ("Corrupt database file", "Could not read enough bytes")


@contextmanager
def _translated_errors(path: str) -> Iterator[None]:
    """Turn DuckDB's read errors into errors of the release. Passing ones, such as too many open files, go through."""
    try:
        yield
    except duckdb.Error as problem:
        if not Path(path).exists():
            raise ReleaseGone(f"{path} no longer exists.", "Show the newest release.") from problem
        if any(text in str(problem) for text in _SAYS_DAMAGE):
            _damaged.add((path, _stamp(path)))
            raise ReleaseDamaged(f"{path}: {str(problem).splitlines()[0]}", "Run `dif release verify`.") from problem
        raise


def database(path: str, *, ledger: bool = False) -> _Database:
    """The open database of a release; with `ledger`, a separate connection that also has the ledgers.

    Raises:
        ReleaseGone, ReleaseDamaged: it cannot be opened because the release is gone or damaged.
    """
    key, stamp = (path, ledger), _stamp(path)
    with _opening:
        kept = _open.pop(key, None)
        if kept is None or kept.stamp != stamp:  # the release was pruned or replaced
            kept = None  # release it first: within a process, DuckDB shares open databases by path
            with _translated_errors(path):
                kept = _opened(path, stamp, ledger=ledger)
        _open[key] = kept
        while len(_open) > _MOST_OPEN:
            del _open[next(iter(_open))]  # closes after its last user, since a query may still be running on it
    return kept


_MOST_OPEN: Final = 6
_open: dict[tuple[str, bool], _Database] = {}
"""The open databases, the most recently used last."""
_opening: Final = threading.Lock()


def _opened(path: str, stamp: Stamp | None, *, ledger: bool) -> _Database:
    limits: dict[str, str | bool | int | float | list[str]] = {"threads": 2, "memory_limit": "800MB"}
    if ledger:
        # A process's connections to one file share its attached databases, so the ledgers get their own connection.
        connection = duckdb.connect(":memory:", config=limits)
        for name in (OPEN, LEDGER):
            place = str(Path(path).with_name(f"{name}.duckdb")).replace("'", "''")
            connection.execute(f"attach '{place}' as {name} (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    else:
        closed = {"enable_external_access": False, "lock_configuration": True}
        connection = duckdb.connect(path, read_only=True, config=limits | closed)
    names = frozenset(row[0] for row in connection.sql(sql("datasets")).fetchall())
    return _Database(stamp, connection, names)


Bound = tuple[tuple[str, object], ...]
"""The `$parameters` of a query with their values, hashable; lists are tuples."""


@functools.lru_cache(maxsize=2_000)
def answered(
    path: str,
    stamp: Stamp | None,  # noqa: ARG001 - a part of the key
    name: str,
    parameters: Bound,
    visitor: str,  # noqa: ARG001 - a part of the key
    *,
    ledger: bool,
) -> QueryResult:
    """The result of a query, cached by all arguments. The visitor is one, so nobody gets another visitor's result.

    Not cached by Streamlit: a table does not change, and hashing the arguments and copying the table each time took a
    fifth of a page's time. Its rows are kept with it: to make them anew each time took as much.
    """
    opened = database(path, ledger=ledger)
    try:
        with _translated_errors(path), opened.connection.cursor() as cursor:
            if ledger:
                cursor.execute(f"use {OPEN}")  # a cursor does not inherit it
            text = sql(name, gaps=GAPS in opened.datasets)
            bound = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters}
            return QueryResult(cursor.sql(text, params=bound or None).to_arrow_table(), text, bound)
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        raise ReleaseTooOld(f"{name}: {str(problem).splitlines()[0]}", "Make a release: dif run.") from problem


def _traced(name: str, query: Callable[[], QueryResult]) -> QueryResult:
    """Run a query, as a step of the trace of the page that is drawn, if there is one."""
    trace = traces.PAGE.get()
    if trace is None:
        return query()
    with trace.span(name, traces.QUERY) as span:
        result = query()
        span.set_attribute(traces.ROWS, result.table.num_rows)
    return result


@dataclass(frozen=True, slots=True)
class ReleaseReader:
    """A release opened for a visitor, to run named queries on. A page is a reader; a report has one.

    Attributes:
        release: whose files are opened.
        visitor: on whose behalf the queries run.
        ledger: open the ledgers for every query; a visitor who may not read ledgers is then refused every query.
        twin: another release that is asked instead where it holds the same of all that a query reads. Then the answer
            is the same, and most often there already.
    """

    release: Release
    visitor: Visitor
    ledger: bool = field(default=False, kw_only=True)
    twin: Release | None = field(default=None, kw_only=True)

    def ask(self, name: str, **parameters: object) -> QueryResult:
        """The result of the query `name` with the query itself, for a chart with its table and its files. Cached.

        Args:
            name: the SQL file, as `usage/trend` or `areas` (`query.sql`), which gives the columns and the rows' order.
            parameters: the values of its `$parameters`.

        Raises:
            Forbidden: the visitor may not see something that it reads; no file is opened.
            ReleaseTooOld: the release lacks something that it reads.
            ReleaseGone, ReleaseDamaged: the release was deleted or is corrupt.
        """
        ledger = self._opens_ledger(sql(name), parameters)
        path = str(self._holding(sql(name)).database)
        bound = tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in parameters.items())

        def result() -> QueryResult:
            return answered(path, _stamp(path), name, bound, self.visitor.key, ledger=ledger)

        return _traced(name, result)

    def table(self, name: str, **parameters: object) -> pa.Table:
        """The result of the query `name` as a table; as `ask`."""
        return self.ask(name, **parameters).table

    def rows(self, name: str, **parameters: object) -> list[Row]:
        """The rows of the query `name`, the caller's own; as `ask`."""
        return [Row(row) for row in self.ask(name, **parameters).rows]

    def whole(self, contract: DatasetContract, most: int) -> QueryResult:
        """The first rows of a dataset with all its columns. Not cached: it may be large, and is read once.

        Raises:
            Forbidden: the visitor may not see all of it; no file is opened.
        """
        text, parameters = sql("dataset").replace("{dataset}", contract.name), {"most": most}
        ledger = self._opens_ledger(text, parameters)
        path = str(self.release.database)

        def result() -> QueryResult:
            with _translated_errors(path), database(path, ledger=ledger).connection.cursor() as cursor:
                if ledger:
                    cursor.execute(f"use {OPEN}")
                return QueryResult(cursor.sql(text, params=parameters).to_arrow_table(), text, parameters)

        return _traced(f"dataset {contract.name}", result)

    @property
    def datasets(self) -> frozenset[str]:
        """The release's datasets of usage, uptake, quality and meta; older releases lack some."""
        return datasets(self.release)

    def has(self, dataset: str) -> bool:
        """Whether the release has a dataset or a column of one; older releases lack some."""
        columns = self.table("columns")["column_of"].to_pylist()
        return any(column == dataset or column.startswith(f"{dataset}.") for column in columns)

    def with_ledger(self) -> ReleaseReader:
        """The same release, with its ledgers opened for every query."""
        return ReleaseReader(self.release, self.visitor, ledger=True, twin=self.twin)

    def _holding(self, text: str) -> Release:
        """The release to ask."""
        if self.twin is None:
            return self.release
        ours, other, reads = self.release.contents, self.twin.contents, datasets_in(text)
        return self.twin if reads and all(ours.get(name) == other.get(name) for name in reads) else self.release

    def _opens_ledger(self, text: str, parameters: Mapping[str, object]) -> bool:
        needed = admit(self.visitor, text, parameters)
        if self.ledger and not self.visitor.may_read(Audience.LEDGER):
            raise Forbidden("The product ledgers are not open to this role.", "Ask the operator for a grant.")
        return self.ledger or not needed <= {Audience.OPEN}


def opens(release: Release) -> bool:
    """Whether the release's databases are whole, as far as is known, and can be opened.

    A database may be truncated although the manifest is whole. Damage within a file is known only once a query meets
    it.
    """
    path = str(release.database)
    if not release.is_whole() or (path, _stamp(path)) in _damaged:
        return False
    try:
        database(path)
    except (duckdb.Error, ReleaseGone, ReleaseDamaged):
        return False
    return True


def has_ledgers(release: Release) -> bool:
    """Whether the release has product ledgers, for those who may read some. The file exists even without any."""
    if not release.database.with_name(f"{LEDGER}.duckdb").is_file():
        return False
    return any(dataset.startswith(f"{LEDGER}.") for dataset in database(str(release.database), ledger=True).datasets)


def datasets(release: Release) -> frozenset[str]:
    """The release's datasets of usage, uptake, quality and meta; older releases lack some."""
    return database(str(release.database)).datasets


def through(release: Release) -> date:
    """The last month that is over in the release."""
    return release.through_month or date.max
