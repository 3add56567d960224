"""What the reports of a network, a product and the board say, as values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from dashboards.answers.ledger import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.answers import Area
    from dashboards.answers.ledger import (
        Amount,
        Book,
        Customers,
        Late,
        Loan,
        Price,
        Spread,
        Support,
        System,
        Unexplained,
        Use,
        WithoutAnnex,
    )
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


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """All that the report of a product says, from one release. None of a dataset: the release does not have it."""

    release: Release
    attempt: Attempt | None
    month: date
    service: str
    name: str
    catalogue: Mapping[str, str | None]
    book: Book
    budget_income_ore: int | None
    use: Use | None
    customers: Sequence[Customers]
    support: Sequence[Support]
    history: Sequence[Funnel]
    registered: frozenset[str]
    points: Sequence[CurvePoint]
    systems: Sequence[System]
    prices: Sequence[Price] | None
    loans: Sequence[Loan]
    unexplained: Unexplained | None
    shared: Amount
    unmapped: Amount | None
    fee_gap: Amount | None

    def told(self, name: str) -> str | None:
        """What the product catalogue says; None where it does not know."""
        return told(self.catalogue, name)


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """All that the board's report says, from one release. None of a dataset: the release does not have it."""

    release: Release
    attempt: Attempt | None
    month: date
    begun: date | None
    books: Mapping[str, Book]
    names: Mapping[str, str]
    budget_income_ore: int | None
    spreads: Sequence[Spread]
    loans: Sequence[Loan]
    loans_followed: bool
    without_annex: Sequence[WithoutAnnex]
    unexplained: Sequence[Unexplained] | None
    late: Sequence[Late]
    shared: Amount
    unmapped: Amount | None
    fee_gap: Amount | None
