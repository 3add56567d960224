"""Prices of use: effective-dated price rules and the arithmetic of an invoice line, in Decimal and whole øre.

Pure functions over plain values. What does *not* belong here: where rules and quantities come from (the register
`price_rule`, the marts of usage), who pays, and what has been billed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from itertools import combinations, groupby, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from catalog.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

VAT_PERCENT = 25
"""Norwegian VAT on all of our services. Source: merverdiavgiftsloven § 5-1, Stortinget's yearly decision."""
_ORE_IN_KR = 100
_EXACT = Context(prec=38)
"""The precision of decimal(38,10), in which money is multiplied; the default of 28 digits would round twice."""
_SECOND_HALF_FROM = 7


class PriceKind(StrEnum):
    """How an element is priced; the kinds of the bundled table `price_element`, and the joining fee."""

    PER_UNIT = "PER_UNIT"
    PER_CHANNEL = "PER_CHANNEL"
    PER_MESSAGE_TYPE = "PER_MESSAGE_TYPE"
    PER_INHABITANT = "PER_INHABITANT"
    FIXED = "FIXED"
    """A yearly price, once per calendar year and customer; joining in the second half of a year costs half."""
    FIXED_MONTHLY = "FIXED_MONTHLY"
    SIZE_CLASS = "SIZE_CLASS"
    """A yearly price that depends on the customer's number of inhabitants."""
    PER_ACCOUNT = "PER_ACCOUNT"
    PER_ADAPTER = "PER_ADAPTER"
    ACTIVE_MONTH = "ACTIVE_MONTH"
    """A price for each month with at least `least` of the measure."""
    JOINING_FEE = "JOINING_FEE"
    """Paid once; where the project has a loan, the fee repays it and is never income."""
    INHABITANT_BRACKET = "INHABITANT_BRACKET"
    """A size-adjusted price per inhabitant: each inhabitant is priced by the bracket it falls in."""
    BASE_FUNDING = "BASE_FUNDING"
    """Grunnfinansiering: one amount, spread over the customers of a group; see `spread`."""


class CountedOn(StrEnum):
    """The day that decides the month of a dispatch."""

    CREATED = "CREATED"
    DELIVERED = "DELIVERED"


BY_INHABITANTS = frozenset(
    {PriceKind.SIZE_CLASS, PriceKind.PER_INHABITANT, PriceKind.INHABITANT_BRACKET, PriceKind.BASE_FUNDING}
)
BY_CUSTOMER = BY_INHABITANTS | {PriceKind.FIXED, PriceKind.FIXED_MONTHLY, PriceKind.JOINING_FEE}
"""Kinds that are due from every customer, whatever is used."""
BY_UNIT = frozenset({PriceKind.PER_UNIT, PriceKind.PER_CHANNEL, PriceKind.PER_MESSAGE_TYPE})
"""Kinds whose units each have a day, and the price of that day. All others are prices for time."""
FOR_TIME = frozenset(PriceKind) - BY_UNIT - {PriceKind.ACTIVE_MONTH, PriceKind.JOINING_FEE}
"""Kinds whose price is for a time that its unit names: a month, a quarter or a year."""
MONTHS_OF_UNIT: Mapping[str, int] = MappingProxyType(
    {"måned": 1, "MON": 1, "kvartal": 3, "QAN": 3, "år": 12, "ANN": 12}
)
"""The months that a price for time is for, by the last word of its unit. Invoices in EHF may have a code in its place.

Source of the codes: UN/ECE Recommendation 20.
"""
_YEAR = 12
BY_KIND_OF_CUSTOMER = "kundetype"
"""The `measure` of a price for counties, whatever their size, as in `price_element`."""


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One price of one element for one period, for one channel and size of customer where these matter.

    Attributes:
        amount: kr without VAT per `unit`.
        valid_from: the first day in force.
        valid_to: the first day no longer in force; None while it is.
        measure: what is counted; for a fixed monthly price, what a customer must have to pay it; None: all pay.
        channel: the channel or message type it applies to; None for all.
        size_low: the smallest number of inhabitants it applies to.
        size_high: the number of inhabitants from which it no longer applies; None without limit.
        least: for ACTIVE_MONTH, how much of the measure makes a month active.
        customer_kind: who it applies to; see `customers` for the meaning of None.
        outcome: only dispatches with this outcome count; None for all.
        counted_on: the day that decides the month of a dispatch.
        source: where the amount was published; "syntetisk" where it was not.
        synthetic: the amount was never published; it is ours, for computing only.
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
    customer_kind: str | None = None
    outcome: str | None = None
    counted_on: CountedOn = CountedOn.CREATED

    @property
    def customers(self) -> str | None:
        """The kind of customer it applies to; None for all.

        Where the rule has no kind: counties, where it counts by kind of customer; municipalities, where it depends on
        inhabitants; otherwise all.
        """
        if self.customer_kind is not None:
            return self.customer_kind
        if self.measure == BY_KIND_OF_CUSTOMER:
            return "COUNTY"
        sized = self.size_low is not None or self.size_high is not None
        return "MUNICIPALITY" if sized or self.kind in BY_INHABITANTS else None

    @property
    def monthly(self) -> bool:
        """Whether it is a monthly price; a price per customer is otherwise yearly.

        The unit says so: "måned", "innbygger per måned".
        """
        return self.kind is PriceKind.FIXED_MONTHLY or self.unit.split()[-1:] == ["måned"]

    @property
    def months(self) -> int:
        """How many months the price of one unit is for; 1 unless it is a price for a longer time."""
        return months_of(self.kind, self.unit)

    def holds(
        self,
        on: date,
        *,
        channel: str | None = None,
        inhabitants: int | None = None,
        customer_kind: str = "MUNICIPALITY",
    ) -> bool:
        """Whether it is the price on a day, for a channel and a customer of that kind and size.

        A rule for one channel or size does not apply where the channel or size is unknown.
        """
        dated = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        if not dated or (self.channel is not None and self.channel != channel):
            return False
        if self.customers not in (None, customer_kind):
            return False
        if self.size_low is None and self.size_high is None:
            return True
        return (
            inhabitants is not None
            and (self.size_low is None or inhabitants >= self.size_low)
            and (self.size_high is None or inhabitants < self.size_high)
        )


def months_of(kind: PriceKind, unit: str) -> int:
    """How many months the price of one unit is for: the unit says so, else a price per customer is yearly."""
    if kind not in FOR_TIME or kind is PriceKind.FIXED_MONTHLY:
        return 1
    otherwise = _YEAR if kind in BY_CUSTOMER else 1
    return next((MONTHS_OF_UNIT[word] for word in unit.split()[-1:] if word in MONTHS_OF_UNIT), otherwise)


class AmbiguousPrice(WrongUse):
    """Two rules hold for the same element on the same day, so no price can be given."""

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
    customer_kind: str = "MUNICIPALITY",
) -> PriceRule | None:
    """The one rule that holds for an element on a day; None where there is no price.

    Raises:
        AmbiguousPrice: more than one holds.
    """
    holding = [
        rule
        for rule in rules
        if rule.price_element == price_element
        and rule.holds(on, channel=channel, inhabitants=inhabitants, customer_kind=customer_kind)
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
    """VAT of an amount in øre, rounded separately, with the amount's sign."""
    return half_away(_EXACT.divide(Decimal(amount * VAT_PERCENT), Decimal(100)))


def share_of_year(started: date, year: int) -> Decimal:
    """The share of a yearly price that is due: all, half after a start in the second half, nothing before the start.

    Source: KS's answers on the price of Fiks folkeregister (half price for a half year); see `published_price`.
    """
    if started.year > year:
        return Decimal(0)
    return Decimal("0.5") if started.year == year and started.month >= _SECOND_HALF_FROM else Decimal(1)


def billable(rule: PriceRule, quantity: Decimal) -> Decimal:
    """The quantity that is invoiced of the quantity measured.

    They are equal, except for ACTIVE_MONTH (one or nothing) and JOINING_FEE (once, however much).
    """
    if rule.kind is PriceKind.ACTIVE_MONTH:
        return Decimal(1) if quantity >= rule.least else Decimal(0)
    if rule.kind is PriceKind.JOINING_FEE:
        return Decimal(1) if quantity > 0 else Decimal(0)
    return quantity


def priced(rule: PriceRule, quantity: Decimal) -> int:
    """The cost of a quantity by a rule, in øre without VAT.

    The quantity is in the rule's unit: dispatches, messages, inhabitants, accounts, adapters, look-ups in the month,
    months for FIXED_MONTHLY, and the share of a year (see `share_of_year`) for FIXED and SIZE_CLASS.
    """
    return amount_ore(billable(rule, quantity), rule.amount)


def spread(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """An amount in øre spread over customers by weight, to the øre: by largest remainder, ties by key.

    Raises:
        WrongUse: no weight is above zero, or one is negative.
    """
    whole = sum(weights.values())
    if whole <= 0 or any(w < 0 for w in weights.values()):
        raise WrongUse(
            "An amount cannot be spread: no customer has a weight above 0, or one has a weight below 0.",
            "Check the inhabitants of the customers in reference.population.",
        )
    sign = -1 if amount < 0 else 1
    parts = {key: divmod(abs(amount) * weight, whole) for key, weight in weights.items()}
    left = abs(amount) - sum(part for part, _ in parts.values())
    in_turn = sorted(parts, key=lambda key: (-parts[key][1], key))
    more = set(in_turn[:left])
    return {key: sign * (part + (key in more)) for key, (part, _) in parts.items()}


# --- whether the rules of an element fit together ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A period in which an element has two prices or none.

    Attributes:
        kind: OVERLAP or GAP.
        about: the channel, kind of customer and inhabitants concerned; empty where the element has one price.
        starts: the first day of the fault.
        ends: the first day after it; None: without end.
    """

    kind: str
    price_element: str
    about: str
    starts: date
    ends: date | None

    @property
    def sentence(self) -> str:
        """The fault and its mend, for the register's editor."""
        where = f"{self.price_element}{f' ({self.about})' if self.about else ''}"
        days = f"from {self.starts.isoformat()}" + (f" to {self.ends.isoformat()}" if self.ends else " on")
        if self.kind == "OVERLAP":
            return (
                f"{where} has more than one price {days}: give the earlier rule the later one's valid_from as valid_to"
            )
        return f"{where} has no price {days}: add a rule for those days, with amount 0 if it is free"


def clash(rule: PriceRule, other: PriceRule) -> bool:
    """Whether both could be the price of the same thing on one day."""
    return (
        rule.price_element == other.price_element
        and (rule.channel is None or other.channel is None or rule.channel == other.channel)
        and (rule.customers is None or other.customers is None or rule.customers == other.customers)
        and (rule.size_high is None or (other.size_low or 0) < rule.size_high)
        and (other.size_high is None or (rule.size_low or 0) < other.size_high)
        and (rule.valid_to is None or other.valid_from < rule.valid_to)
        and (other.valid_to is None or rule.valid_from < other.valid_to)
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """A combination of the attributes that prices depend on: each rule applies to all of it or to none of it."""

    channel: str | None
    customers: str | None
    low: int
    high: int | None

    def has(self, rule: PriceRule) -> bool:
        """Whether the rule applies to it at any time."""
        return (
            (rule.channel is None or rule.channel == self.channel)
            and (rule.customers is None or rule.customers == self.customers)
            and (rule.size_low or 0) <= self.low
            and (rule.size_high is None or (self.high is not None and self.high <= rule.size_high))
        )


def faults(rules: Iterable[PriceRule]) -> list[RuleFault]:
    """The periods in which an element's rules overlap, or leave a gap without a price.

    Having no price before the first rule or after the last is no fault. Order: by element, day.
    """
    rule_faults: dict[RuleFault, None] = {}
    by_element = sorted(rules, key=lambda r: r.price_element)
    for element, group in groupby(by_element, key=lambda r: r.price_element):
        same = list(group)
        cells = list(_cells(same))
        apart = len(cells) > 1
        for cell in cells:
            here = sorted((r for r in same if cell.has(r)), key=lambda r: (r.valid_from, r.valid_to or date.max))
            about = _description(cell) if apart else ""
            for kind, starts, ends in _in_time(here):
                rule_faults[RuleFault(kind, element, about, starts, ends)] = None
    return sorted(rule_faults, key=lambda f: (f.price_element, f.starts, f.kind, f.about))


def _cells(rules: Sequence[PriceRule]) -> Iterator[_Cell]:
    channels = {r.channel for r in rules}
    customers = {r.customers for r in rules}
    edges = sorted({0, *(e for r in rules for e in (r.size_low, r.size_high) if e is not None)})
    for channel in sorted(channels, key=str):
        for kind in sorted(customers, key=str):
            for low, high in pairwise((*edges, None)):
                if low is not None:
                    yield _Cell(channel, kind, low, high)


def _in_time(rules: Sequence[PriceRule]) -> Iterator[tuple[str, date, date | None]]:
    """Overlaps of two rules, and gaps before a rule. The rules are in order of `valid_from`."""
    for earlier, later in combinations(rules, 2):
        ends = min(earlier.valid_to or date.max, later.valid_to or date.max)
        if later.valid_from < ends:
            yield "OVERLAP", later.valid_from, None if ends == date.max else ends
    held_to = rules[0].valid_from if rules else date.max
    for rule in rules:
        if rule.valid_from > held_to:
            yield "GAP", held_to, rule.valid_from
        held_to = max(held_to, rule.valid_to or date.max)


def _description(cell: _Cell) -> str:
    parts = [cell.channel, cell.customers]
    if cell.low or cell.high is not None:
        parts.append(f"{cell.low}–{cell.high} inhabitants" if cell.high else f"{cell.low} inhabitants and more")
    return ", ".join(s for s in parts if s)


def rules_of(rows: Iterable[Mapping[str, object]]) -> list[PriceRule]:
    """The rows of the register `price_rule`, typed, as rules."""
    return [_rule(row) for row in rows]


def _rule(row: Mapping[str, object]) -> PriceRule:
    fields = {k: v for k, v in row.items() if k in PriceRule.__slots__ and v is not None}
    least = fields.get("least", 1)
    return PriceRule(
        **{
            **fields,
            "kind": PriceKind(str(row["kind"])),
            "counted_on": CountedOn(str(fields.get("counted_on", CountedOn.CREATED))),
            "least": least,
            "source": fields.get("source", ""),
            "synthetic": bool(row.get("synthetic")),
        }  # type: ignore[arg-type]
    )


def price_rule_faults(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The faults of the register `price_rule` as a whole, one sentence each."""
    undated = {str(row["price_element"]) for row in rows if row["valid_from"] is None}
    if undated:
        return [f"{element} has a price without a first day: give it a valid_from" for element in sorted(undated)]
    return [fault.sentence for fault in faults(rules_of(rows))]
