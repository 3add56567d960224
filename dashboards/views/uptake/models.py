"""The answers of the uptake queries: one plain value per row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.tables.uptake_calls import DECLINED
from dashboards.release.query import Row

if TYPE_CHECKING:
    from datetime import date


CALLS: Final = ("uptake.not_yet", "uptake.declined", "uptake.supplier_gap")
"""The call list's datasets; older releases have none of the three."""
FORECAST: Final = "uptake.forecast"
"""The forecast's dataset; older releases lack it."""


def share_of(part: int, whole: int) -> Decimal:
    """A part as a share of the whole; zero where the whole is zero."""
    return Decimal(part) / whole if whole else Decimal(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done about a municipality and a service, as in the register."""

    status: str
    day: date | None = None
    note: str | None = None

    @property
    def declines(self) -> bool:
        """It takes the municipality off the list."""
        return self.status in DECLINED


class Supplier(Row):
    """A supplier's system, the area's municipalities that wait with it, and how many have the service through it.

    Attributes:
        active: in the whole country; None where no connection shows the service.
        signed: the waiting municipalities that have signed the annex or are configured.
        inhabitants: in the waiting municipalities; None where none has a population count.
        municipalities: the names of the waiting municipalities, the largest first.
    """

    @property
    def held(self) -> int:
        """Those that have signed for what the supplier does not support yet."""
        return self.signed if self.supplier_ready == "NO" else 0

    @property
    def name(self) -> str:
        """Whom to call: the supplier; where it is unknown, the system."""
        return str(self.supplier or self.source_system)
