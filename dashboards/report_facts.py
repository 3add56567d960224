"""What a network's report says, as values: how its members stand, whom to call, and what to be aware of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.answers import Area
    from dashboards.answers.uptake import Call, CurvePoint, Declined, Funnel, Lacking, Supplier
    from dashboards.release import Attempt, Release


def share_of(part: int, whole: int) -> Decimal:
    """A part of a whole; zero of nothing."""
    return Decimal(part) / whole if whole else Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the members have a product, in its last observed month; and the country in the same month."""

    service: str
    name: str
    month: date
    members: int
    annexed: int
    active: int
    active_basis: str
    active_year_before: int | None
    annex_known: bool
    country_active: int
    country_municipalities: int
    synthetic: bool

    @property
    def waiting(self) -> int | None:
        """Members with the annex signed that do not have it; None where no source reports annexes."""
        return self.annexed - self.active if self.annex_known else None

    @property
    def not_begun(self) -> int | None:
        """Members without the annex; None where no source reports annexes."""
        return self.members - self.annexed if self.annex_known else None

    @property
    def share(self) -> Decimal:
        """Of the members."""
        return share_of(self.active, self.members)

    @property
    def country(self) -> Decimal:
        """The country's share."""
        return share_of(self.country_active, self.country_municipalities)


@dataclass(frozen=True, slots=True)
class Shown:
    """The service whose charts are shown."""

    service: str
    name: str
    history: Sequence[Funnel]
    registered: frozenset[str]
    points: Sequence[CurvePoint]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report says of a network, from one release."""

    release: Release
    attempt: Attempt | None
    network: Area
    month: date
    members: Mapping[str, str]
    standings: Sequence[Standing]
    calls: Sequence[Call]
    suppliers: Sequence[Supplier]
    declined: Sequence[Declined]
    lacking: Sequence[Lacking] | None
    shown: Shown | None
