"""The release that a report is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.errors import UnknownName, WrongUse
from dashboards.release.attempt import last_attempt
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import LEDGER
from dashboards.release.reader import ReleaseReader
from dashboards.words import formatting
from transport.releases.release import current_release, release_named, release_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.release.attempt import Attempt
    from dashboards.release.authorization import Visitor
    from transport.base.settings import Settings
    from transport.releases.release import Release

OF_LEDGERS: Final = ("uptake.funnel", "uptake.status_month", f"{LEDGER}.product_month", f"{LEDGER}.entry")
"""The datasets that a report with ledgers needs."""


def open_reader(release: Release, *, ledger: bool = False, visitor: Visitor = EVERYTHING) -> ReleaseReader:
    """Opens the release for a report, with access to what the visitor may see; with `ledger`, its ledgers too.

    Raises:
        WrongUse: the ledgers are asked for, but the release has none.
    """
    if ledger and not release.database.with_name(f"{LEDGER}.duckdb").is_file():
        raise WrongUse(
            f"Release {release.name} has no product ledgers.",
            "Name a release that has them, or make one: dif run.",
        )
    return ReleaseReader(release, visitor, ledger=ledger)


def check_datasets(reader: ReleaseReader, datasets: Sequence[str]) -> None:
    """Checks that the release has the datasets a report needs.

    Raises:
        WrongUse: the release lacks one of them.
    """
    lacks = [dataset for dataset in datasets if not reader.has(dataset)]
    if lacks:
        name = reader.release.name
        raise WrongUse(f"Release {name} is older than {', '.join(lacks)}.", "Make one that has it: dif run.")


def reported(given: Settings, name: str | None) -> tuple[Release, Attempt | None]:
    """The release of that name, or the current one with the outcome of the last run.

    Raises:
        UnknownName: no release has that name.
        WrongUse: there is no release.
    """
    folder = given.releases
    if name is None or name == "current":
        release = current_release(folder)
        if release is None:
            raise WrongUse("There is no release yet, so there is nothing to report.", "Make one: dif run.")
        return release, last_attempt(folder)
    release = release_named(folder, name)
    if release is None:
        raise UnknownName("release", name, choices=release_names(folder))
    return release, None


def month_of(release: Release, month: date | None = None) -> date:
    """The month to report: the one asked for, or the release's last.

    Raises:
        WrongUse: the release ends before that month.
    """
    last = release.through_month or release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
    if month is not None and month > last:
        raise WrongUse(
            f"Release {release.name} has numbers through {last:%Y-%m}, but none for {month:%Y-%m}.",
            f"Give a month up to {last:%Y-%m}, or name a later release.",
        )
    return month or last
