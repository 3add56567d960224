"""The release that a report is about, opened and asked by the pages' SQL files, without the pages' server."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import duckdb

from catalog.errors import UnknownName, WrongUse
from dashboards.release import published
from dashboards.release.query import GAPS, LEDGER, sql
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from dashboards.release.published import Attempt, Release
    from transport.base.settings import Settings

OF_LEDGERS: Final = ("uptake.funnel", "uptake.status_month", f"{LEDGER}.product_month", f"{LEDGER}.entry")
"""What a report that shows the ledgers rests on."""


class Asked:
    """A release's databases, read-only, asked by the pages' SQL files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Over an open release."""
        self._connection = connection

    def rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows of the question `name`."""
        answer = self._connection.sql(sql(name, gaps=GAPS in self.datasets), params=parameters or None)
        rows: list[dict[str, Any]] = answer.to_arrow_table().to_pylist()
        return rows

    @cached_property
    def datasets(self) -> frozenset[str]:
        """What the release has of uptake and quality."""
        return frozenset(row[0] for row in self._connection.sql(sql("datasets")).fetchall())

    @cached_property
    def columns(self) -> frozenset[str]:
        """What the release has of everything, as `schema.table.column`: releases of before a dataset lack it."""
        return frozenset(row[0] for row in self._connection.sql(sql("columns")).fetchall())

    def has(self, dataset: str) -> bool:
        """The release has a dataset, or a column of one."""
        return any(column == dataset or column.startswith(f"{dataset}.") for column in self.columns)

    def needs(self, datasets: Sequence[str], release: str) -> None:
        """Hold the release to what a report rests on.

        Raises:
            WrongUse: it is older than one of them.
        """
        lacks = [dataset for dataset in datasets if not self.has(dataset)]
        if lacks:
            raise WrongUse(f"Release {release} is older than {', '.join(lacks)}.", "Make one that has it: dif run.")


@contextmanager
def opened(release: Release, *, ledger: bool = False) -> Iterator[Asked]:
    """Open a release; with `ledger`, its product ledgers as well.

    Raises:
        WrongUse: the ledgers are asked for, and the release has none.
    """
    with duckdb.connect(str(release.database), read_only=True, config={"threads": 2}) as connection:
        if ledger:
            file = release.folder / f"{LEDGER}.duckdb"
            if not file.is_file():
                raise WrongUse(
                    f"Release {release.name} has no product ledgers.",
                    "Ask for one that has, or make it: dif run.",
                )
            place = str(file).replace("'", "''")
            connection.execute(f"attach '{place}' as {LEDGER} (read_only)")
        connection.execute("set enable_external_access = false")
        yield Asked(connection)


def reported(given: Settings, name: str | None) -> tuple[Release, Attempt | None]:
    """The release of that name, or the current one and how the last run went.

    Raises:
        UnknownName: there is none of that name.
        WrongUse: there is none at all.
    """
    folder = given.releases
    if name is None or name == "current":
        release = published.current(folder)
        if release is None:
            raise WrongUse("There is no release yet, so there is nothing to report.", "Make one: dif run.")
        return release, published.last_attempt(folder)
    release = published.named(folder, name)
    if release is None:
        raise UnknownName("release", name, known=published.names(folder))
    return release, None


def month_of(release: Release, month: date | None = None) -> date:
    """The month that is reported: the one asked for, or the last of the release.

    Raises:
        WrongUse: the release ends before it.
    """
    last = release.through_month or release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
    if month is not None and month > last:
        raise WrongUse(
            f"Release {release.name} has numbers through {last:%Y-%m}, none of {month:%Y-%m}.",
            f"Give a month up to {last:%Y-%m}, or ask for a later release.",
        )
    return month or last
