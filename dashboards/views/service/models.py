"""Answers to the queries about one product: one plain value per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The expected use of a product in a future month, and the method's error in backtests.

    Attributes:
        backtest_error: at this horizon, as a share, in months not used to choose the method; None beyond the tested
            horizon, and where the tested months sum to zero.
        last_value_error: the error there of repeating the last value; None also in releases older than this field.
        mean_error: likewise, of the mean of the last year.
        past_forecasts: forecasts of the last four years as far ahead; None also in older releases.
        past_inside: those of them whose band held.
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
    past_forecasts: int | None = None
    past_inside: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivery time of a channel's dispatches in a month: percentiles in hours.

    Attributes:
        provisional: later deliveries may still raise the times; None in releases older than this field.
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
    """A customer in the last observed month, and its standing. `annexed_on` is None where nobody reported the annex."""

    customer_kind: str
    municipality_code: str | None
    organisation_number: str | None
    customer: str
    customer_standing: str
    annexed_on: date | None
    month: date
    synthetic: bool
