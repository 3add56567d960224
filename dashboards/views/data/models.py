"""A dataset as a release describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.tables.datasets import DATASETS

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract


@dataclass(frozen=True, slots=True)
class Held:
    """A dataset of the release, with texts in the page's language. `rows` is None for datasets about the release."""

    dataset: str
    title: str
    about: str
    owner: str
    audience: str
    sources: str | None
    freshness_hours: int
    contract_version: int
    rows: int | None
    checks: int
    failed: int
    synthetic: bool

    @property
    def contract(self) -> DatasetContract | None:
        """The dataset's contract; None if this version no longer has the dataset."""
        return DATASETS.get(self.dataset)
