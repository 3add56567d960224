"""The answers of the page's queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

STANDING: Final = "uptake.standing"
"""The dataset that the page needs; older releases lack it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the municipality stands with a service.

    Attributes:
        standing: the step, such as `IN_USE`; None where nobody observed the service in the month.
        since: the month in which it came to that step; None where it is not known.
        no_later: it came there in that month or before.
        similar_known: how many of the municipalities most like it are observed.
        similar_active: how many of these have the service.
    """

    service: str
    name: str
    standing: str | None
    active: bool | None
    active_basis: str | None
    since: date | None
    no_later: bool | None
    synthetic: bool
    similar_known: int
    similar_active: int

    @property
    def known(self) -> bool:
        """Whether somebody observed the service in the month."""
        return self.active_basis is not None


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
    """How a municipality of an area stands with a service."""

    code: str
    municipality: str
    service: str
    name: str
    standing: str | None
    active: bool
    active_basis: str
    synthetic: bool
