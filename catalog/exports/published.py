"""What a catalogue tells of a release: its datasets as facts beside their contracts, for every export alike."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.sharing import Right, narrowed_to
from catalog.text import en, nb

PUBLISHER = "KS Digitale fellestjenester"
PUBLISHER_NUMBER = "931796003"
"""Its organisation number, as Altinn's open list of service owners has it (facts/adoption_altinn3_2019_2026.csv)."""
TITLE = nb(f"Datasett fra {PUBLISHER}") | en(f"Datasets from {PUBLISHER}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_PAGE = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a dataset.

    Attributes:
        path: relative to the release's folder, with `/` between parts.
        bytes: its size.
        sha256: of its bytes.
    """

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PublishedDataset:
    """A dataset as a release has it.

    Attributes:
        contract: its contract; never that of an internal one.
        rows: how many.
        synthetic: whether any of them is made up.
        first_month, last_month: of its rows; None where it has no months, or no rows.
        files: its Parquet files, in order.
        issued: the day of its first release; None where that is not known.
    """

    contract: DatasetContract
    rows: int
    synthetic: bool
    first_month: date | None
    last_month: date | None
    files: tuple[File, ...]
    issued: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day of the last month."""
        last = self.last_month
        return last.replace(day=monthrange(last.year, last.month)[1]) if last else None


@dataclass(frozen=True, slots=True)
class Published:
    """A release, as a catalogue tells of it.

    Attributes:
        release: its name, such as `2026-11-29.1`.
        published_at: when, in UTC.
        datasets: every dataset that a reader may have, by name.
        address: where HTTP serves it, without a slash at the end, such as `https://dif.example.no`; empty: nowhere.
        contact: the function address; empty: none is set.
        licence: the URL of the licence of open datasets; empty: none is set.
        open_access: whether anybody may read what is public at the address.
    """

    release: str
    published_at: datetime
    datasets: tuple[PublishedDataset, ...]
    address: str = ""
    contact: str = ""
    licence: str = ""
    open_access: bool = False

    def access_of(self, dataset: PublishedDataset) -> str:
        """The EU's access right of a dataset: a ledger is readable once granted, own rows only by whom they concern."""
        if dataset.contract.audience is Audience.OWN:
            return "NON_PUBLIC"
        return "PUBLIC" if self.open_access and narrowed_to(dataset.contract, {Right.PUBLIC}) else "RESTRICTED"

    @property
    def mail(self) -> str:
        """The contact, where it is a mail address; otherwise empty."""
        return self.contact if _MAIL.fullmatch(self.contact) else ""

    @property
    def page(self) -> str:
        """The contact, where it is the address of a page; otherwise empty."""
        return self.contact if _PAGE.fullmatch(self.contact) else ""


def published(
    manifest: Mapping[str, object],
    contracts: Mapping[str, DatasetContract],
    *,
    address: str = "",
    contact: str = "",
    licence: str = "",
    open_access: bool = False,
) -> Published:
    """A release's manifest joined with the contracts; datasets without a contract are left out.

    Where anybody may read what is public, a dataset has the columns that anybody gets.

    Args:
        manifest: of the release.
        contracts: of every dataset, by name.
        address: where HTTP serves it.
        contact: the function address.
        licence: the URL of the licence of open datasets.
        open_access: whether anybody may read what is public at the address.
    """
    open_access = open_access and bool(address)
    datasets, files = manifest["datasets"], manifest["files"]
    assert isinstance(datasets, Mapping)  # noqa: S101 - as every manifest has them
    assert isinstance(files, Mapping)  # noqa: S101
    datasets_published = []
    for name, entry in sorted(datasets.items()):
        if name not in contracts:
            continue
        month_names = entry.get("months") or [month for month in entry["partitions"] if month != "all"]
        months = sorted(map(date.fromisoformat, month_names))
        mine = sorted(path for path in files if path.startswith(f"parquet/{name}/"))
        parts = tuple(File(path, int(files[path]["bytes"]), str(files[path]["sha256"])) for path in mine)
        first, last = (months[0], months[-1]) if months else (None, None)
        issued = date.fromisoformat(entry["issued"]) if entry.get("issued") else None
        public = narrowed_to(contracts[name], {Right.PUBLIC}) if open_access else None
        datasets_published.append(
            PublishedDataset(
                public or contracts[name], int(entry["rows"]), bool(entry["synthetic"]), first, last, parts, issued
            )
        )
    at = datetime.fromisoformat(str(manifest["published_at"]))
    return Published(
        str(manifest["release"]), at, tuple(datasets_published), address.rstrip("/"), contact, licence, open_access
    )
