"""What the queries about uptake answer: a plain value a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal


CALLS: Final = ("uptake.not_yet", "uptake.declined", "uptake.supplier_gap")
"""Whom to call; releases from before them have none of the three."""
STANDING: Final = "uptake.standing"
"""What the map is drawn of."""
FORECAST: Final = "uptake.forecast"
"""How many are expected; releases from before it do not tell."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """A service's steps in one area and month, in municipalities. Each step counts those further along."""

    month: date
    annexed: int
    configured: int
    activated: int
    active: int
    active_basis: str
    municipalities: int
    share_of_population: Decimal
    synthetic: bool

    @property
    def measured(self) -> bool:
        """Use was measured; else only an event says so, and the word is «aktivert»."""
        return self.active_basis == "USE"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Municipalities that had a service in an observed month."""

    service: str
    name: str
    external: bool
    month: date
    active: int
    active_basis: str
    municipalities: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many municipalities of the country are expected to have a service in a month to come.

    Attributes:
        backtest_error: how far the method was off so many months ahead, as a share, in months that had no part in
            choosing it; None farther than was tried, and where the months tried sum to zero.
        last_known_month: the month that the forecast goes on from.
        last_value_error: how far the last value was off there; None also in a release that is older than it.
        mean_error: how far the mean of the last year was.
    """

    month: date
    low: int
    expected: int
    high: int
    active_basis: str
    backtest_error: Decimal | None
    last_known_month: date
    synthetic: bool
    last_value_error: Decimal | None = None
    mean_error: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NetworkCell:
    """How many of an area's municipalities have a product, in the product's last observed month.

    Attributes:
        network: what the network is called; None of the country.
    """

    service: str
    name: str
    area_kind: str
    area: str
    network: str | None
    month: date
    active: int
    active_basis: str
    municipalities: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Left:
    """The inhabitants of an area's municipalities that lack the service.

    Attributes:
        inhabitants: of those where they are counted; None where they are counted nowhere.
        uncounted: municipalities of which nobody has counted them.
        year: of the newest count; None without one.
    """

    municipalities: int
    inhabitants: int | None
    uncounted: int
    year: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call, and about what: a row of `uptake.not_yet` with the service's name.

    Attributes:
        month: the month of which the step is.
        active_month: the month of which it is told that it is not active; at most two months before `month`.
        no_delivery_since: where use is measured, and a delivery that was due is missing: the first day of the gap. Then
            it may have used the service. None also where the release does not tell who should have delivered.
    """

    service: str
    service_name: str
    municipality_code: str
    municipality: str
    county: str | None
    network: str | None
    month: date
    active_month: date
    priority: int
    sentence: str
    sentence_en: str
    step: str
    months_waiting: int | None
    inhabitants: int | None
    supplier_ready: str
    supplier: str | None
    source_system: str | None
    supplier_carries: int | None
    supplier_evidence: str
    supplier_evidence_en: str
    nearest: str | None
    nearest_municipality: str | None
    nearest_reason: str | None
    contact: str | None
    change_since_last_week: str | None
    change_since_last_week_en: str | None
    follow_up: str | None
    followed_up_on: date | None
    follow_up_note: str | None
    synthetic: bool
    no_delivery_since: date | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """How many gave an answer that takes them off the list."""

    follow_up: str
    rows_declined: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier's system, an area's municipalities that wait with it, and how many have the service through it.

    Attributes:
        active: in the whole country; None where no connection tells of the service.
        inhabitants: of those that wait; None where they are counted nowhere.
        municipalities: the names of those that wait, the largest first.
    """

    service: str
    service_name: str
    supplier: str | None
    source_system: str
    supplier_ready: str
    supplier_evidence: str
    supplier_evidence_en: str
    active: int | None
    waiting: int
    inhabitants: int | None
    municipalities: Sequence[str]
    synthetic: bool

    @property
    def name(self) -> str:
        """Whom to call: the supplier; where nobody knows it, its system."""
        return self.supplier or self.source_system


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in which a municipality stood alike with a service. Its stretches follow on each other without a gap.

    Attributes:
        networks: the ids of those it is a member of now.
        observed: somebody looked in these months; else `standing` and `active_basis` are None, as nothing is known.
        standing: as in the dataset; None in months that nobody observed.
        since: the month in which it came to stand so; None where no event tells, and at `NONE`.
        no_later: `since` is only the last month that it can have been.
    """

    municipality_code: str
    name: str
    county_code: str
    county: str
    networks: Sequence[str]
    first_month: date
    last_month: date
    observed: bool
    standing: str | None
    active: bool
    active_basis: str | None
    since: date | None
    no_later: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class OffList:
    """A municipality in which a count differs from what its source holds.

    Attributes:
        off_list: the source's latest whole list lacks it, and it is not counted; else it is counted as an estimate, as
            the source told of a municipality that was split.
    """

    name: str
    off_list: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """A municipality of whom a delivery that was due is missing. A gap is no zero: what it would have said is unknown.

    Attributes:
        missing_from: the first day of the gap.
        missing_to: the last day that a delivery was expected on.
        active: it stands as active all the same; else it may stand as not in use without being so.
    """

    municipality_code: str
    missing_from: date
    missing_to: date
    active: bool
    synthetic: bool
