"""Splits a shared cost over the services: the keys to split by, and the split itself, in whole øre.

Pure functions over plain values. What does *not* belong here: where the weights come from (the marts of usage, uptake
and the ledger), and which cost has which key (the entry itself, or the register `cost_mapping`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.products import MEASURES
from catalog.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

ACTIVE, INCOME, EQUAL, DISPATCHED = "AKTIVE", "INNTEKT", "LIKT", "FORSENDELSER"
KEYS = (*(m.upper() for m in MEASURES), DISPATCHED, ACTIVE, INCOME, EQUAL)
"""By a measure's quantity in the month, dispatches, active municipalities, income, or equally."""
DEFAULT_KEYS = {"BRUKERSTOTTE": "HENVENDELSER"}
"""The default key of a category of shared cost: support by requests for support."""
_WEIGHT_PLACES = 4


class NothingToAllocateBy(WrongUse):
    """No service has a weight above zero, so the cost stays shared."""

    kind = "nothing_to_allocate_by"

    def __init__(self, amount: int) -> None:
        """Name the amount."""
        super().__init__(
            f"{amount} øre cannot be allocated: no service has a weight above zero.",
            "Choose another key in the register cost_mapping, or leave the cost shared.",
        )


class WrongWeight(WrongUse):
    """A weight is below zero, or finer than weights are kept."""

    kind = "wrong_weight"

    def __init__(self, service: str, weight: Decimal) -> None:
        """Name the service and its weight."""
        super().__init__(
            f"The weight of {service!r} is {weight}.",
            f"Weights are zero or more, with at most {_WEIGHT_PLACES} decimals.",
        )


def allocate(amount: int, weights: Mapping[str, Decimal]) -> dict[str, int]:
    """Split an amount by weights, by largest remainder.

    Each part is the exact share of the absolute amount, truncated to whole øre. The remaining øre go one each to the
    largest remainders, ties in order of service. The parts have the amount's sign. `assets/sql/ledger/allocation.sql`
    does the same, and a test compares the two.

    Args:
        amount: in øre; a credit note is negative.
        weights: by service; order does not matter.

    Returns:
        Øre by service, in order of service; services of weight zero are left out. The parts sum to the amount, and
        each is within one øre of its exact share.

    Raises:
        NothingToAllocateBy: no weight is above zero.
        WrongWeight: a weight is below zero or has more than four decimals.
    """
    whole = {service: _whole(service, weight) for service, weight in sorted(weights.items()) if weight}
    total = sum(whole.values())
    if not total:
        raise NothingToAllocateBy(amount)
    cut = {service: divmod(abs(amount) * weight, total) for service, weight in whole.items()}
    left = abs(amount) - sum(part for part, _ in cut.values())
    one_more = set(sorted(cut, key=lambda service: (-cut[service][1], service))[:left])
    sign = -1 if amount < 0 else 1
    return {service: sign * (part + (service in one_more)) for service, (part, _) in cut.items()}


def _whole(service: str, weight: Decimal) -> int:
    """The weight as a whole number of ten-thousandths, so that nothing is rounded before the split."""
    scaled = weight.scaleb(_WEIGHT_PLACES)
    if not weight.is_finite() or weight < 0 or scaled != int(scaled):
        raise WrongWeight(service, weight)
    return int(scaled)
