"""The data page's queries: datasets, missing deliveries, quarantine and changes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from catalog.tables.datasets import DATASETS
from dashboards.release.query import QueryResult
from dashboards.views.data.narrative import Held
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from catalog.contracts.language import DatasetContract
    from dashboards.release.reader import ReleaseReader
    from transport.releases.release import Release

SAMPLE: Final = 10
"""Rows of a dataset in its sample."""
SPREADSHEET: Final = 50_000
"""The most rows offered as a spreadsheet: more would be slow to make and to open."""
WEEKS: Final = 4
SUBJECTS: Final = ("usage", "uptake", "ledger", "quality", "reference", "meta")
"""The schemas, the most sought first."""


def datasets(reader: ReleaseReader, language: str) -> list[Held]:
    """Every dataset of the release, in reading order: by schema, then as declared."""
    rows = reader.rows("data/datasets")
    datasets = [Held(row, title=row[f"title_{language}"], about=row[f"about_{language}"]) for row in rows]
    subjects, names = {subject: place for place, subject in enumerate(SUBJECTS)}, list(DATASETS)
    return sorted(
        datasets,
        key=lambda entry: (
            subjects.get(entry.dataset.split(".", maxsplit=1)[0], len(SUBJECTS)),
            names.index(entry.dataset) if entry.dataset in names else len(names),
        ),
    )


def whole(page: ReleaseReader, contract: DatasetContract) -> partial[QueryResult]:
    """The query for a whole dataset, up to the spreadsheet limit."""
    return partial(page.whole, contract, SPREADSHEET)


def until(release: Release) -> date:
    """The release's date in Oslo, the last day of the four weeks."""
    return release.as_of.astimezone(formatting.OSLO).date()


def days(release: Release) -> list[date]:
    """The days of the four weeks up to the release."""
    last = until(release)
    return [last - timedelta(days=back) for back in reversed(range(WEEKS * 7))]


def lacking(page: ReleaseReader, stream: str, organisation: str) -> QueryResult:
    """Who has not delivered in the four weeks; an empty stream or organisation means all."""
    return page.ask(
        "data/lacking",
        through=until(page.release),
        stream=stream or None,
        organisation=organisation or None,
    )


def lacking_days(page: ReleaseReader, stream: str, organisations: list[str]) -> dict[str, dict[date, str]]:
    """The delivery status of each day, by organisation number."""
    statuses: dict[str, dict[date, str]] = {organisation: {} for organisation in organisations}
    parameters: dict[str, Any] = {
        "through": until(page.release),
        "stream": stream or None,
        "organisations": organisations,
    }
    for row in page.rows("data/lacking_days", **parameters):
        statuses[row["organisation_number"]][row["day"]] = row["status"]
    return statuses


def expected(reader: ReleaseReader) -> dict[str, Any]:
    """How many should have delivered in the four weeks, and how many did not."""
    return reader.rows("data/expected", through=until(reader.release))[0]


def senders(reader: ReleaseReader) -> dict[str, str]:
    """Menu labels of organisations that deliver or should, by number."""
    return {
        row["organisation_number"]: f"{row['organisation']} ({row['organisation_number']})"
        for row in reader.rows("data/senders")
    }


def changed_services(reader: ReleaseReader) -> dict[str, str]:
    """Services whose use differs from the previous release."""
    return {row["service"]: row["name"] for row in reader.rows("data/changed_services")}


def differs(reader: ReleaseReader) -> dict[str, Any]:
    """How much differs from the previous release."""
    return reader.rows("data/differs")[0]


def parent(reader: ReleaseReader) -> str | None:
    """The previous release; None if this is the first."""
    name: str | None = reader.rows("data/parent")[0]["parent"]
    return name
