"""What the ledgers answer about a product, as values. What its accounts are is shared with the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.domain.price_effects import Paid
    from catalog.domain.self_cost import Base


@dataclass(frozen=True, slots=True)
class Product:
    """A service whose ledger may be seen.

    Attributes:
        months: how many the ledger has.
        income_ore: of the last twelve.
    """

    service: str
    name: str
    months: int
    income_ore: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Pricing:
    """What the prices of a service are calculated from, and how that came out in the release.

    Attributes:
        base: as the calculation takes it.
        elements: what each price is called, by element.
        calculated: the release's own rows, a price each.
        first, last: months of the window of cost; None where there is no cost in it.
        uses: what prices are counted by, now and as foreseen.
        paid: what each customer was billed in the window.
    """

    base: Base
    elements: Mapping[str, str]
    calculated: Sequence[Mapping[str, Any]]
    first: date | None
    last: date | None
    uses: Sequence[Mapping[str, Any]]
    paid: Sequence[Paid]
