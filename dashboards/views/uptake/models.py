"""The answers of the uptake queries: one plain value per row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.tables.uptake_calls import DECLINED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


CALLS: Final = ("uptake.not_yet", "uptake.declined", "uptake.supplier_gap")
"""The call list's datasets; older releases have none of the three."""
FORECAST: Final = "uptake.forecast"
"""The forecast's dataset; older releases lack it."""


def share_of(part: int, whole: int) -> Decimal:
    """A part as a share of the whole; zero where the whole is zero."""
    return Decimal(part) / whole if whole else Decimal(0)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A service's steps in one area and month, in municipalities. Each step includes those further along."""

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
        """Use was measured; otherwise only events tell, and the word is «aktivert»."""
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
    """How many municipalities of the country are expected to have a service in a future month.

    Attributes:
        backtest_error: the method's error at this horizon, as a share, in months not used to choose it; None beyond the
            horizons tested, and where the tested months sum to zero.
        last_known_month: the month that the forecast starts from.
        last_value_error: the error of the last value there; None also in older releases.
        mean_error: the error of the last year's mean.
        past_forecasts: forecasts of the last four years as far ahead; None also in older releases.
        past_inside: those of them whose band held.
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
    past_forecasts: int | None = None
    past_inside: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkCell:
    """How many of an area's municipalities have a product, in the product's last observed month.

    Attributes:
        network: the network's name; None for the country.
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

    @property
    def share(self) -> Decimal:
        """The share of the area's municipalities."""
        return share_of(self.active, self.municipalities)


@dataclass(frozen=True, slots=True)
class Left:
    """The inhabitants of an area's municipalities that lack the service.

    Attributes:
        inhabitants: in municipalities with a population count; None where none has one.
        uncounted: municipalities without a population count.
        year: the year of the newest count; None without one.
    """

    municipalities: int
    inhabitants: int | None
    uncounted: int
    year: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The months in which a source observed a service; `observed_to`: None while it goes on."""

    source: str
    observed_from: date
    observed_to: date | None

    def has(self, month: date) -> bool:
        """Whether the source observed the month."""
        return self.observed_from <= month and (self.observed_to is None or month <= self.observed_to)


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call, and about what: a row of `uptake.not_yet` with the service's name.

    Attributes:
        month: the month of the step.
        active_month: the month in which it was not active; at most two months before `month`.
        no_delivery_since: the first day of a gap in its deliveries, where use is measured: it may have used the service
            after all. None also where the release does not say who should have delivered.
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
class Answer:
    """What was done about a municipality and a service, as in the register."""

    status: str
    day: date | None = None
    note: str | None = None

    @property
    def declines(self) -> bool:
        """It takes the municipality off the list."""
        return self.status in DECLINED


@dataclass(frozen=True, slots=True)
class Declined:
    """How many gave an answer that removes them from the list."""

    follow_up: str
    rows_declined: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier's system, the area's municipalities that wait with it, and how many have the service through it.

    Attributes:
        active: in the whole country; None where no connection shows the service.
        signed: the waiting municipalities that have signed the annex or are configured.
        inhabitants: in the waiting municipalities; None where none has a population count.
        municipalities: the names of the waiting municipalities, the largest first.
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
    signed: int
    inhabitants: int | None
    municipalities: Sequence[str]
    synthetic: bool

    @property
    def held(self) -> int:
        """Those that have signed for what the supplier does not support yet."""
        return self.signed if self.supplier_ready == "NO" else 0

    @property
    def name(self) -> str:
        """Whom to call: the supplier; where it is unknown, the system."""
        return self.supplier or self.source_system


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in which a municipality kept the same status with a service. Stretches follow each other without gaps.

    Attributes:
        networks: the ids of its current networks.
        observed: somebody observed these months; otherwise `standing` and `active_basis` are None.
        standing: as in the dataset; None in unobserved months.
        since: the month in which it got this status; None where no event tells, and at `NONE`.
        no_later: `since` is an upper bound: it may have been earlier.
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
    """A municipality for which the count differs from its source.

    Attributes:
        off_list: the source's latest full list lacks it, so it is not counted; otherwise it is counted as an estimate,
            since the source reported a municipality that was split.
    """

    name: str
    off_list: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """A municipality with a missing delivery. A gap is not zero: the number is unknown.

    Attributes:
        missing_from: the first day of the gap.
        missing_to: the last day on which a delivery was due.
        active: it counts as active all the same; otherwise it may wrongly count as not in use.
    """

    municipality_code: str
    missing_from: date
    missing_to: date
    active: bool
    synthetic: bool
