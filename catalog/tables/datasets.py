"""Every dataset of a release, by name, in reading order."""

from __future__ import annotations

from catalog.contracts.language import DatasetContract
from catalog.errors import UnknownName
from catalog.tables import (
    billing,
    ledger,
    meta,
    price_calculation,
    projects,
    quality,
    reconciliation,
    reference,
    self_cost,
    uptake,
    uptake_calls,
    usage,
)

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
        self_cost.DATASETS,
        quality.DATASETS,
        meta.DATASETS,
    )
    for d in subject
}
VIEWS: dict[str, DatasetContract] = {
    f"{d.schema}.{v.name}": d.seen_through(v) for d in DATASETS.values() for v in d.views if v.is_read_over_wires
}
"""Views that can be read like datasets, over either wire."""
READABLE: dict[str, DatasetContract] = DATASETS | VIEWS
"""What can be requested by name over a wire; the audience decides who may."""
HASHED = ("reference", "usage", "uptake", "ledger")
"""Schemas whose content hashes depend only on the landing."""


def dataset(name: str) -> DatasetContract:
    """The dataset called `name`.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    try:
        return DATASETS[name]
    except KeyError:
        raise UnknownName("dataset", name, choices=DATASETS) from None
