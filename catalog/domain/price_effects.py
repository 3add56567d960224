"""The effect of new prices on payers: by customer, and by size of municipality. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

from catalog.domain import change
from catalog.domain.pricing import PriceKind, half_away
from catalog.domain.self_cost import Calculation, Result

SIZES = ((10_000, "under 10 000 innbyggere"), (50_000, "10 000–50 000 innbyggere"), (None, "50 000 innbyggere og over"))
"""The size classes of Fiks folkeregister's published prices: the upper limit in inhabitants, and the wording."""
NO_MUNICIPALITY = "andre kunder"
UNNAMED = "uten navngitt virksomhet"
MOST_LISTED = 10
_EXACT = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who pays.

    Attributes:
        inhabitants: of the municipality; None where the payer is not one, or its size is unknown.
    """

    organisation_number: str | None
    name: str
    inhabitants: int | None = None

    @property
    def size(self) -> str:
        """The customer's size class, in words."""
        if self.organisation_number is None:
            return UNNAMED
        if self.inhabitants is None:
            return NO_MUNICIPALITY
        return next(name for below, name in SIZES if below is None or self.inhabitants < below)


@dataclass(frozen=True, slots=True)
class Paid:
    """The amount billed to a customer for a price element in the window, in øre."""

    customer: Customer
    price_element: str
    amount_ore: int


@dataclass(frozen=True, slots=True)
class Used:
    """A customer's use of a price element in the window, and its amount at the prices of its months.

    Attributes:
        channel: channel or message type, where the element is priced by it.
    """

    customer: Customer
    price_element: str
    channel: str | None
    quantity: Decimal
    amount_ore: int


@dataclass(frozen=True, slots=True)
class Effect:
    """A customer's cost at today's and at the new prices, for the same use."""

    customer: Customer
    today_ore: int
    then_ore: int

    @property
    def increase_ore(self) -> int:
        """How much more."""
        return self.then_ore - self.today_ore

    @property
    def increase_percent(self) -> Decimal | None:
        """The increase in per cent of today's payment; None where that is below 20 kr."""
        today = Decimal(self.today_ore) / 100
        return change.in_percent(today, Decimal(self.then_ore) / 100) if today > 0 else None


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """The customers of a size, together."""

    size: str
    customers: int
    today_ore: int
    then_ore: int

    @property
    def mean_today_ore(self) -> int:
        """Of one of them."""
        return half_away(Decimal(self.today_ore) / self.customers)

    @property
    def mean_then_ore(self) -> int:
        """Of one of them."""
        return half_away(Decimal(self.then_ore) / self.customers)


def prices_for(calculation: Calculation, used: Used) -> tuple[Result, ...]:
    """The prices in force today that a customer of that size pays for an element; several where no channel is told."""
    of_element = [x for x in calculation.results if x.priced.price_element == used.price_element]
    if brackets := [x for x in of_element if x.priced.kind == PriceKind.INHABITANT_BRACKET]:
        # each inhabitant is priced by its bracket, which the basis names as `customer_charge.sql` does
        chosen = [x for x in brackets if f"{x.priced.size_low or 0}–{x.priced.size_high or ''}" == used.channel]
        return tuple(x for x in chosen if x.priced.current is not None)
    inhabitants = used.customer.inhabitants
    of_size = [
        x
        for x in of_element
        if (x.priced.size_low is None or (inhabitants is not None and inhabitants >= x.priced.size_low))
        and (x.priced.size_high is None or (inhabitants is not None and inhabitants < x.priced.size_high))
    ] or of_element
    of_channel = [x for x in of_size if x.priced.channel == used.channel]
    return tuple(x for x in of_channel or of_size if x.priced.current is not None)


def at_prices(used: Used, results: Sequence[Result]) -> tuple[int, int]:
    """The cost of the use at today's and at the proposed price, in øre; both zero if there is no price today."""
    priced = [(x.priced.current, x.proposed, x.priced.units_now) for x in results if x.priced.current is not None]
    with localcontext(_EXACT):
        if not priced:
            return 0, 0
        # if none was used, all weigh the same
        whole = sum((u for _, _, u in priced), Decimal(0))
        weighed = [(p, q, u / whole if whole else Decimal(1) / len(priced)) for p, q, u in priced]
        today, then = (sum((x[n] * x[2] for x in weighed), Decimal(0)) for n in (0, 1))
        if any(x.priced.kind == PriceKind.BASE_FUNDING for x in results):
            # an amount that customers share: each keeps its share of it
            return used.amount_ore, half_away(used.amount_ore * then / today) if today else 0
        return half_away(used.quantity * today * 100), half_away(used.quantity * then * 100)


def effects(calculation: Calculation, use: Iterable[Used]) -> list[Effect]:
    """Each customer's cost of the same quantities at both prices, in order of organisation number.

    Elements without a price today in the calculation are left out on both sides.
    """
    sums: dict[Customer, tuple[int, int]] = {}
    for used in use:
        results = prices_for(calculation, used)
        if not results:
            continue
        today, then = at_prices(used, results)
        today_so_far, then_so_far = sums.get(used.customer, (0, 0))
        sums[used.customer] = (today_so_far + today, then_so_far + then)
    ordered = sorted(sums.items(), key=lambda s: (s[0].organisation_number or "", s[0].name))
    return [Effect(customer, today, then) for customer, (today, then) in ordered]


def by_size(effects: Iterable[Effect]) -> list[SizeGroup]:
    """The effects summed by size, the smallest first; those without a name count as one customer."""
    order = [name for _, name in SIZES] + [NO_MUNICIPALITY, UNNAMED]
    sums: dict[str, list[Effect]] = {}
    for effect in effects:
        sums.setdefault(effect.customer.size, []).append(effect)
    return [
        SizeGroup(size, len(of), sum(e.today_ore for e in of), sum(e.then_ore for e in of))
        for size in order
        if (of := sums.get(size))
    ]


def largest(effects: Iterable[Effect], *, percent: bool = False) -> list[Effect]:
    """The ten largest increases in kroner, or in per cent; named customers only, the largest first."""
    rising = [e for e in effects if e.customer.organisation_number and e.increase_ore > 0]
    if percent:
        with_percent = [(p, e) for e in rising if (p := e.increase_percent) is not None]
        ranked = sorted(
            with_percent, key=lambda x: (-x[0], -x[1].increase_ore, x[1].customer.organisation_number or "")
        )
        return [e for _, e in ranked[:MOST_LISTED]]
    return sorted(rising, key=lambda e: (-e.increase_ore, e.customer.organisation_number or ""))[:MOST_LISTED]


def paid(entries: Iterable[Mapping[str, object]], customers: Mapping[str, Customer]) -> list[Paid]:
    """The amount billed to each customer for each element, from rows of income entries or sums of them.

    Args:
        entries: rows with `organisation_number`, `category` (the price element) and `amount_ore`.
        customers: by organisation number; a customer not among them is named by its number.
    """
    sums: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        number = entry["organisation_number"]
        key = (None if number is None else str(number), str(entry["category"]))
        sums[key] = sums.get(key, 0) + int(str(entry["amount_ore"]))
    return [
        Paid(customers.get(number or "") or Customer(number, number or UNNAMED), element, amount)
        for (number, element), amount in sums.items()
    ]


def used(basis: Iterable[Mapping[str, Any]], customers: Mapping[str, Customer]) -> list[Used]:
    """Each customer's use of each element and channel, from rows of `ledger.invoice_basis`.

    Args:
        basis: rows with `organisation_number`, `price_element`, `channel`, `quantity` and `amount_ore`.
        customers: by organisation number; a customer not among them is named by its number.
    """
    sums: dict[tuple[str, str, str | None], tuple[Decimal, int]] = {}
    for row in basis:
        key = (row["organisation_number"], row["price_element"], row["channel"])
        quantity, amount = sums.get(key, (Decimal(0), 0))
        sums[key] = (quantity + row["quantity"], amount + (row["amount_ore"] or 0))
    return [
        Used(customers.get(number) or Customer(number, number), element, channel, quantity, amount)
        for (number, element, channel), (quantity, amount) in sums.items()
    ]


def customers_by_number(numbers: Iterable[Mapping[str, object]], inhabitants: Mapping[str, int]) -> dict[str, Customer]:
    """Customers by organisation number, from rows of `reference.organisation` and inhabitants by municipality code."""
    return {
        str(row["organisation_number"]): Customer(
            str(row["organisation_number"]),
            str(row["name"]),
            inhabitants.get(str(row["municipality_code"])) if row["kind"] == "MUNICIPALITY" else None,
        )
        for row in numbers
    }
