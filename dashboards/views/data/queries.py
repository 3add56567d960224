"""What the page of data quality asks: what there is, who has not delivered, what was set aside, what changed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from catalog.tables.datasets import DATASETS
from dashboards.words import formatting
from dashboards.release.query import QueryResult
from dashboards.views.data.models import Held

if TYPE_CHECKING:
    from datetime import date

    from catalog.contracts.language import DatasetContract
    from dashboards.page.layout import Page
    from dashboards.release.reader import ReleaseReader
    from dashboards.release.published import Release

SAMPLE: Final = 10
"""Rows of a dataset that the page shows."""
SPREADSHEET: Final = 50_000
"""Rows up to which a dataset is given as a spreadsheet: more would be slow to make and to open."""
WEEKS: Final = 4
SUBJECTS: Final = ("usage", "uptake", "ledger", "quality", "reference", "meta")
"""The schemas, those that most look for first."""


def held(reader: ReleaseReader, language: str) -> list[Held]:
    """Every dataset of the release, in the order that a reader meets them."""
    found = []
    for row in reader.rows("data/datasets"):
        told = {name: row[name] for name in Held.__slots__ if name in row}
        found.append(Held(title=row[f"title_{language}"], about=row[f"about_{language}"], **told))
    subjects, known = {one: place for place, one in enumerate(SUBJECTS)}, list(DATASETS)
    return sorted(
        found,
        key=lambda one: (
            subjects.get(one.dataset.split(".", maxsplit=1)[0], len(SUBJECTS)),
            known.index(one.dataset) if one.dataset in known else len(known),
        ),
    )


def whole(page: Page, contract: DatasetContract) -> partial[QueryResult]:
    """How to ask for all of a dataset that fits a spreadsheet."""
    return partial(page.whole, contract, SPREADSHEET)


def until(release: Release) -> date:
    """The day of the release, the last of the four weeks."""
    return release.as_of.astimezone(formatting.OSLO).date()


def days(release: Release) -> list[date]:
    """The four weeks up to the day of the release."""
    last = until(release)
    return [last - timedelta(days=back) for back in reversed(range(WEEKS * 7))]


def lacking(page: Page, stream: str, organisation: str) -> QueryResult:
    """Who has not delivered in the four weeks; empty stands for all streams, and for all organisations."""
    return page.ask(
        "data/lacking",
        through=until(page.release),
        stream=stream or None,
        organisation=organisation or None,
    )


def lacking_days(page: Page, stream: str, organisations: list[str]) -> dict[str, dict[date, str]]:
    """What came of each day, by organisation."""
    found: dict[str, dict[date, str]] = {organisation: {} for organisation in organisations}
    asked: dict[str, Any] = {"through": until(page.release), "stream": stream or None, "organisations": organisations}
    for row in page.rows("data/lacking_days", **asked):
        found[row["organisation_number"]][row["day"]] = row["status"]
    return found


def expected(reader: ReleaseReader) -> dict[str, Any]:
    """How many should have delivered in the four weeks, and how many have not."""
    return reader.rows("data/expected", through=until(reader.release))[0]


def senders(reader: ReleaseReader) -> dict[str, str]:
    """Organisations that deliver or should, by number, as a menu has them."""
    return {
        row["organisation_number"]: f"{row['organisation']} ({row['organisation_number']})"
        for row in reader.rows("data/senders")
    }


def changed_services(reader: ReleaseReader) -> dict[str, str]:
    """Services whose use differs from the release before."""
    return {row["service"]: row["name"] for row in reader.rows("data/changed_services")}


def differs(reader: ReleaseReader) -> dict[str, Any]:
    """How much differs from the release before."""
    return reader.rows("data/differs")[0]


def parent(reader: ReleaseReader) -> str | None:
    """The release before; None where this is the first."""
    found: str | None = reader.rows("data/parent")[0]["parent"]
    return found
