"""Every dataset of a release, by name, in the order a reader meets them."""

from __future__ import annotations

from catalog import (
    billing,
    ledger,
    meta,
    price_calculation,
    projects,
    quality,
    reconciliation,
    reference,
    uptake,
    uptake_calls,
    usage,
)
from catalog.contracts import DatasetContract
from catalog.errors import UnknownName

DATASETS: dict[str, DatasetContract] = {
    d.name: d
    for subject in (
        reference.DATASETS,
        usage.DATASETS,
        uptake.DATASETS,
        uptake_calls.DATASETS,
        ledger.DATASETS,
        projects.DATASETS,
        billing.DATASETS,
        reconciliation.DATASETS,
        price_calculation.DATASETS,
        quality.DATASETS,
        meta.DATASETS,
    )
    for d in subject
}
HASHED = ("reference", "usage", "uptake", "ledger")
"""Schemas whose content hashes are a function of the landing."""


def dataset(name: str) -> DatasetContract:
    """The dataset called `name`.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    try:
        return DATASETS[name]
    except KeyError:
        raise UnknownName("dataset", name, known=DATASETS) from None
