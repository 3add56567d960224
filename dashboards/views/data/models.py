"""A dataset as a release describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.tables.datasets import DATASETS

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract


@dataclass(frozen=True, slots=True)
class Held:
    """A dataset of the release, its texts in the page's language. `rows`: None for those that describe the release."""

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
        """What is promised; None where this program has let go of the dataset."""
        return DATASETS.get(self.dataset)
