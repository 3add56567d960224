"""What use costs: effective-dated price rules and the arithmetic of an invoice line, in Decimal and whole øre.

Pure functions over plain values. What does *not* belong here: where rules and quantities come from (the register
`price_rule`, the marts of usage), who pays, and what has been billed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

VAT_PERCENT = 25
"""Norwegian VAT on all of our services. Source: merverdiavgiftsloven § 5-1, Stortinget's yearly decision."""
_ORE_IN_KR = 100
_EXACT = Context(prec=38)
"""The precision of decimal(38,10), in which money is multiplied; the default of 28 digits would round twice."""
_SECOND_HALF_FROM = 7


class PriceKind(StrEnum):
    """How an element counts; the words of the bundled table `price_element`, and the joining fee."""

    PER_UNIT = "PER_UNIT"
    PER_CHANNEL = "PER_CHANNEL"
    PER_MESSAGE_TYPE = "PER_MESSAGE_TYPE"
    PER_INHABITANT = "PER_INHABITANT"
    FIXED = "FIXED"
    """A price a year; a customer who joins in the second half of a year pays half."""
    FIXED_MONTHLY = "FIXED_MONTHLY"
    SIZE_CLASS = "SIZE_CLASS"
    """A price a year that depends on how many inhabitants the customer has."""
    PER_ACCOUNT = "PER_ACCOUNT"
    PER_ADAPTER = "PER_ADAPTER"
    ACTIVE_MONTH = "ACTIVE_MONTH"
    """A price for each month with at least `least` of the measure."""
    JOINING_FEE = "JOINING_FEE"
    """Paid once; where a project was lent to, it repays the loan and is never income."""


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One price of one element in one span of time, for one channel and size of customer where these matter.

    Attributes:
        amount: kr without VAT for one `unit`.
        valid_from: the first day it holds.
        valid_to: the first day it no longer holds; None while it does.
        measure: what is counted; None for fixed prices.
        channel: the channel or message type it is for; None for all.
        size_low: the least number of inhabitants it is for.
        size_high: the number of inhabitants from which it is no longer for; None without limit.
        least: for ACTIVE_MONTH, how much of the measure makes a month active.
        source: where the amount was published; "syntetisk" where it was not.
        synthetic: nobody published the amount; it is ours, to have something to compute with.
    """

    price_element: str
    service: str
    kind: PriceKind
    amount: Decimal
    unit: str
    valid_from: date
    valid_to: date | None = None
    measure: str | None = None
    channel: str | None = None
    size_low: int | None = None
    size_high: int | None = None
    least: int = 1
    source: str = "syntetisk"
    synthetic: bool = True

    def holds(self, on: date, *, channel: str | None = None, inhabitants: int | None = None) -> bool:
        """Whether it is the price on a day, for a channel and for a customer of that size.

        A rule for one channel or size does not hold where that is not known.
        """
        dated = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        if not dated or (self.channel is not None and self.channel != channel):
            return False
        if self.size_low is None and self.size_high is None:
            return True
        return (
            inhabitants is not None
            and (self.size_low is None or inhabitants >= self.size_low)
            and (self.size_high is None or inhabitants < self.size_high)
        )


class AmbiguousPrice(WrongUse):
    """Two rules hold for the same element on the same day, so that no price can be said."""

    kind = "ambiguous_price"

    def __init__(self, price_element: str, on: date) -> None:
        """Name the element and the day."""
        super().__init__(
            f"More than one price rule holds for {price_element!r} on {on.isoformat()}.",
            "Give all but one an earlier valid_to in the register price_rule, or tell them apart by channel or size.",
        )


def in_force(
    rules: Iterable[PriceRule],
    price_element: str,
    on: date,
    *,
    channel: str | None = None,
    inhabitants: int | None = None,
) -> PriceRule | None:
    """The one rule that holds for an element on a day; None where there is no price.

    Raises:
        AmbiguousPrice: more than one holds.
    """
    holding = [
        rule
        for rule in rules
        if rule.price_element == price_element and rule.holds(on, channel=channel, inhabitants=inhabitants)
    ]
    if len(holding) > 1:
        raise AmbiguousPrice(price_element, on)
    return holding[0] if holding else None


def half_away(value: Decimal) -> int:
    """The nearest whole number; a half goes away from zero, as DuckDB's `round` does with decimals."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_EXACT))


def amount_ore(quantity: Decimal, unit_price: Decimal) -> int:
    """Quantity × unit price in kr, as whole øre, rounded once."""
    return half_away(_EXACT.multiply(_EXACT.multiply(quantity, unit_price), Decimal(_ORE_IN_KR)))


def vat_ore(amount: int) -> int:
    """VAT of an amount in øre, rounded by itself, with the amount's sign."""
    return half_away(_EXACT.divide(Decimal(amount * VAT_PERCENT), Decimal(100)))


def share_of_year(started: date, year: int) -> Decimal:
    """How much of a yearly price is due: all, half for who starts in the second half, nothing before the start.

    Source: KS's answers on the price of Fiks folkeregister (half price for a half year); see `published_price`.
    """
    if started.year > year:
        return Decimal(0)
    return Decimal("0.5") if started.year == year and started.month >= _SECOND_HALF_FROM else Decimal(1)


def billable(rule: PriceRule, quantity: Decimal) -> Decimal:
    """The quantity that goes on the line, of the quantity measured.

    The same, but for ACTIVE_MONTH (one or nothing) and JOINING_FEE (once, however much).
    """
    if rule.kind is PriceKind.ACTIVE_MONTH:
        return Decimal(1) if quantity >= rule.least else Decimal(0)
    if rule.kind is PriceKind.JOINING_FEE:
        return Decimal(1) if quantity > 0 else Decimal(0)
    return quantity


def price(rule: PriceRule, quantity: Decimal) -> int:
    """What a quantity costs by a rule, in øre without VAT.

    The quantity is in the rule's unit: dispatches, messages, inhabitants, accounts, adapters, look-ups in the month,
    months for FIXED_MONTHLY, and the share of a year (see `share_of_year`) for FIXED and SIZE_CLASS.
    """
    return amount_ore(billable(rule, quantity), rule.amount)
