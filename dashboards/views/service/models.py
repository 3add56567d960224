"""What the queries about one product answer: a plain value a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How much a product is expected to be used in a month to come, and how far off the method was when tried.

    Attributes:
        backtest_error: so many months ahead, as a share, in months that had no part in choosing the method; None
            farther than was tried, and where the months tried sum to zero.
        last_value_error: how far the last value was off there; None also in a release that is older than it.
        mean_error: how far the mean of the last year was.
    """

    month: date
    low: Decimal
    expected: Decimal
    high: Decimal
    method: str
    backtest_error: Decimal | None
    last_known_month: date
    synthetic: bool
    last_value_error: Decimal | None = None
    mean_error: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How long it took, in hours, until so many of a channel's dispatches of a month were delivered.

    Attributes:
        provisional: more may be delivered, and the times rise; None in a release that is older than it.
    """

    month: date
    channel: str
    dispatches: int
    p50_hours: Decimal
    p90_hours: Decimal
    p99_hours: Decimal
    synthetic: bool
    provisional: bool | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer in the last observed month, and how it stands. No day of the annex: nobody has reported it."""

    customer_kind: str
    municipality_code: str | None
    organisation_number: str | None
    customer: str
    customer_standing: str
    annexed_on: date | None
    month: date
    synthetic: bool
