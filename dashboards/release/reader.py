"""The questions of `answers` as pages ask them of a release: `$parameters` bound, plain values back.

The door of DuckDB in `dashboards/`. A database file is opened once per release, by its real path and read-only; each
query has a cursor of its own. Answers are kept by release, visitor and parameters: a release does not change.

What the visitor may not see is refused before a file is opened (`visitors.admit`). `ask` gives an answer with its
question, for a chart with its table and its files; `rows` gives plain values. A page's questions stand in a module.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import duckdb
import streamlit as st

from catalog.contracts.language import Audience
from catalog.errors import Forbidden, SharingError
from dashboards.release.authorization import admit
from dashboards.release.query import GAPS, LEDGER, QueryResult, sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from catalog.contracts.language import DatasetContract
    from dashboards.release.authorization import Visitor
    from dashboards.release.published import Release

OPEN = "dif"
"""What the open database is attached as, and its file is called; the restricted one is `LEDGER`."""


class ReleaseTooOld(SharingError):
    """A page asks for a dataset, or a column of one, that came after the release was made."""

    kind = "release_too_old"


class ReleaseGone(SharingError):
    """The release was taken away while somebody looked at it."""

    kind = "release_gone"


class ReleaseDamaged(SharingError):
    """Something in a release's databases is not what was written; from now on it is not one that `opens`."""

    kind = "release_damaged"


Stamp = tuple[int, int, int]


def _stamp(path: str) -> Stamp | None:
    """What tells a file from another that came in its place; None where there is none."""
    try:
        there = Path(path).stat()
    except OSError:
        return None
    return there.st_ino, there.st_size, there.st_mtime_ns


@dataclass(frozen=True, slots=True)
class _Database:
    path: str
    stamp: Stamp | None
    connection: duckdb.DuckDBPyConnection
    datasets: frozenset[str]

    def there(self) -> bool:
        """The release has not been pruned, nor has another come in its place."""
        return _stamp(self.path) == self.stamp


_damaged: set[tuple[str, Stamp | None]] = set()
"""Databases that a question found damaged; their files are as the manifest says, and open."""
_SAYS_DAMAGE: Final = ("Corrupt database file", "Could not read enough bytes")


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Tell by the release what DuckDB cannot read; what may pass by itself, as too many open files, goes on."""
    try:
        yield
    except duckdb.Error as problem:
        if not Path(path).exists():
            raise ReleaseGone(f"{path} is no longer there.", "Show the newest release.") from problem
        if any(text in str(problem) for text in _SAYS_DAMAGE):
            _damaged.add((path, _stamp(path)))
            raise ReleaseDamaged(f"{path}: {str(problem).splitlines()[0]}", "Run `dif release verify`.") from problem
        raise


def database(path: str, *, ledger: bool = False) -> _Database:
    """The open database of a release; with `ledger` its ledgers beside it, in a connection that only they use.

    Raises:
        ReleaseGone, ReleaseDamaged: it cannot be opened for that.
    """
    with _told(path):
        return _kept_open(path, ledger=ledger)


# One that is let go of is closed by whom it is last used by: it may have a question to answer still.
@st.cache_resource(max_entries=6, show_spinner=False, validate=_Database.there)
def _kept_open(path: str, *, ledger: bool) -> _Database:
    stamp = _stamp(path)
    limits: dict[str, str | bool | int | float | list[str]] = {"threads": 2, "memory_limit": "800MB"}
    if ledger:
        # Connections of a process to one file share what is attached to it: the ledgers get a database of their own.
        connection = duckdb.connect(":memory:", config=limits)
        for name in (OPEN, LEDGER):
            place = str(Path(path).with_name(f"{name}.duckdb")).replace("'", "''")
            connection.execute(f"attach '{place}' as {name} (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    else:
        closed = {"enable_external_access": False, "lock_configuration": True}
        connection = duckdb.connect(path, read_only=True, config=limits | closed)
    found = frozenset(row[0] for row in connection.sql(sql("datasets")).fetchall())
    return _Database(path, stamp, connection, found)


Bound = tuple[tuple[str, object], ...]
"""The `$parameters` of a question with their values, as they can be looked up by; lists are tuples."""


@functools.lru_cache(maxsize=2_000)
def answered(
    path: str,
    stamp: Stamp | None,  # noqa: ARG001 - a part of the key
    name: str,
    parameters: Bound,
    visitor: str,  # noqa: ARG001 - a part of the key
    *,
    ledger: bool,
) -> pa.Table:
    """Kept by all of its arguments, who looks among them: none gets an answer that another was let to see.

    Not by Streamlit: a table does not change, and to hash the arguments and copy the table each time was a fifth of a
    page.
    """
    opened = database(path, ledger=ledger)
    try:
        with _told(path), opened.connection.cursor() as cursor:
            if ledger:
                cursor.execute(f"use {OPEN}")  # a cursor does not take it over
            text = sql(name, gaps=GAPS in opened.datasets)
            bound = {one: list(value) if isinstance(value, tuple) else value for one, value in parameters}
            return cursor.sql(text, params=bound or None).to_arrow_table()
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        raise ReleaseTooOld(f"{name}: {str(problem).splitlines()[0]}", "Make a release: dif run.") from problem


class Asker(Protocol):
    """Who asks of which release: a page, or a `Reader` where there is none."""

    @property
    def release(self) -> Release:
        """Whose files are opened."""

    @property
    def visitor(self) -> Visitor:
        """Who looks."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A release, and who looks at it."""

    release: Release
    visitor: Visitor


def table(asker: Asker, name: str, *, ledger: bool = False, **parameters: Any) -> pa.Table:
    """The answer to the question `name`, columns and row order as its SQL file says.

    Args:
        asker: whose release is asked, and who looks.
        name: the SQL file under `sql/`, as `usage/trend`.
        ledger: the ledgers are opened though the question does not name them.
        parameters: what its `$parameters` are.

    Raises:
        Forbidden: something of it is not for the visitor; no file is opened.
        ReleaseTooOld: the release has not what it asks for.
        ReleaseGone, ReleaseDamaged: the release was taken away, or is not what was written.
    """
    needed = admit(asker.visitor, sql(name), parameters)
    if ledger and not asker.visitor.may_read(Audience.LEDGER):
        raise Forbidden("The product ledgers are not open to this role.", "Ask the operator for a grant.")
    ledger = ledger or not needed <= {Audience.OPEN}
    path = str(asker.release.database)
    bound = tuple((one, tuple(value) if isinstance(value, list) else value) for one, value in parameters.items())
    return answered(path, _stamp(path), name, bound, asker.visitor.key, ledger=ledger)


def ask(asker: Asker, name: str, *, ledger: bool = False, **parameters: Any) -> QueryResult:
    """The answer to the question `name` with the question itself, for a chart with its table and its files.

    Raises:
        Forbidden, ReleaseTooOld, ReleaseGone, ReleaseDamaged: as `table`.
    """
    found = table(asker, name, ledger=ledger, **parameters)
    tells_of_gaps = sql(name) != sql(name, gaps=False)
    return QueryResult(found, sql(name, gaps=not tells_of_gaps or GAPS in datasets(asker.release)), parameters)


@dataclass(frozen=True, slots=True)
class Asked:
    """The release of a page, asked for what it shares with a report.

    With `ledger`, every question raises `Forbidden` when the visitor may not read the ledgers.
    """

    page: Asker
    ledger: bool = True

    @property
    def datasets(self) -> frozenset[str]:
        """What the release has of uptake and quality."""
        return datasets(self.page.release)

    def rows(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of the question `name`."""
        return ask(self.page, name, ledger=self.ledger, **parameters).rows

    def has(self, dataset: str) -> bool:
        """The release has a dataset, or a column of one."""
        there = ask(self.page, "columns", ledger=self.ledger).table["column_of"].to_pylist()
        return any(one == dataset or one.startswith(f"{dataset}.") for one in there)


def whole(asker: Asker, contract: DatasetContract, most: int) -> QueryResult:
    """The first rows of a dataset with all its columns. Not kept: it may be large, and is asked for once.

    Raises:
        Forbidden: some of it is not for the visitor; no file is opened.
    """
    text, parameters = sql("dataset").replace("{dataset}", contract.name), {"most": most}
    ledger = not admit(asker.visitor, text, parameters) <= {Audience.OPEN}
    path = str(asker.release.database)
    with _told(path), database(path, ledger=ledger).connection.cursor() as cursor:
        if ledger:
            cursor.execute(f"use {OPEN}")
        return QueryResult(cursor.sql(text, params=parameters).to_arrow_table(), text, parameters)


def rows(asker: Asker, name: str, *, ledger: bool = False, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of the question `name`."""
    found: list[dict[str, Any]] = table(asker, name, ledger=ledger, **parameters).to_pylist()
    return found


def opens(release: Release) -> bool:
    """Whether the release's databases are whole, as far as is known, and can be opened.

    They may have been cut short, with their manifest whole; what is damaged within is known once a question met it.
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
    """Whether the release has product ledgers, for who may read some of them. Without any, it has their file still."""
    if not release.database.with_name(f"{LEDGER}.duckdb").is_file():
        return False
    return any(dataset.startswith(f"{LEDGER}.") for dataset in database(str(release.database), ledger=True).datasets)


def datasets(release: Release) -> frozenset[str]:
    """Which datasets of usage, uptake, quality and meta the release has; older ones lack some."""
    return database(str(release.database)).datasets


def holds(asker: Asker, dataset: str) -> bool:
    """The release has the open dataset; those from before it do not."""
    return dataset in {row["column_of"].rpartition(".")[0] for row in rows(asker, "columns")}


def through(release: Release) -> date:
    """The last month that is over in the release."""
    return release.through_month or date.max
