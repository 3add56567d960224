"""The ledgers' answers about a product. The model of its accounts is shared with the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.domain.price_effects import Paid, Used
    from catalog.domain.self_cost import Base


@dataclass(frozen=True, slots=True)
class Pricing:
    """The basis of a service's prices, and the release's calculation of them.

    Attributes:
        base: the input to the calculation.
        elements: the name of each price, by element.
        calculated: the release's own rows, one per price.
        first, last: the first and last month of the cost window; None where it has no cost.
        uses: the drivers that prices are counted by, now and as forecast.
        paid: what each customer was billed in the window.
        used: what each customer used in the window; empty in a release without the invoice basis.
        used_from, used_to: the first and the last month of the window with use; None without use.
    """

    base: Base
    elements: Mapping[str, str]
    calculated: Sequence[Mapping[str, Any]]
    first: date | None
    last: date | None
    uses: Sequence[Mapping[str, Any]]
    paid: Sequence[Paid]
    used: Sequence[Used]
    used_from: date | None = None
    used_to: date | None = None
