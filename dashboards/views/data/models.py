"""A dataset as a release describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.tables.datasets import DATASETS
from dashboards.release.query import Row

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract


class Held(Row):
    """A dataset of the release, with texts in the page's language. `rows` is None for datasets about the release."""

    @property
    def contract(self) -> DatasetContract | None:
        """The dataset's contract; None if this version no longer has the dataset."""
        return DATASETS.get(self.dataset)
