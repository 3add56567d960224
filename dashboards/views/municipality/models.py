"""The answers of the page's queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Use:
    """What the service is used for: the month, the year before, and each month of the window; None where unknown.

    `perturbed`: the figures are changed at random for privacy.
    """

    service: str
    measure: str
    title: str
    kind: str
    quantity: Decimal | None
    year_before: Decimal | None
    months: Sequence[float | None]
    perturbed: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How a municipality of an area stands with a service in its last observed month, `month`."""

    code: str
    municipality: str
    service: str
    name: str
    standing: str | None
    active: bool
    active_basis: str
    month: date
    synthetic: bool
