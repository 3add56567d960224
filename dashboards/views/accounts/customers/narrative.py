"""What customers pay, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain import price_effects
from catalog.domain.pricing import half_away
from dashboards.views.accounts.narrative import in_kroner, rounded
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.price_effects import Customer, Paid
    from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class PaidOfSize:
    """What the municipalities of a size class paid: their number, the total, the least and the most."""

    size: str
    municipalities: int
    amount_ore: int
    least_ore: int
    most_ore: int
    inhabitants: int

    @property
    def mean_ore(self) -> int:
        """Mean per municipality."""
        return half_away(Decimal(self.amount_ore) / self.municipalities)

    @property
    def each_ore(self) -> int:
        """Mean per inhabitant."""
        return half_away(Decimal(self.amount_ore) / self.inhabitants)


def by_municipality(paid: Sequence[Paid]) -> dict[Customer, int]:
    """What each municipality of known size paid, smallest first."""
    sums: dict[Customer, int] = {}
    for payment in paid:
        if payment.customer.inhabitants:
            sums[payment.customer] = sums.get(payment.customer, 0) + payment.amount_ore
    return dict(sorted(sums.items(), key=lambda x: (x[0].inhabitants or 0, x[0].organisation_number or "")))


def paid_by_size(paid: Mapping[Customer, int]) -> list[PaidOfSize]:
    """The municipalities summed by size class, smallest first."""
    groups = []
    for _, name in price_effects.SIZES:
        of = {who: ore for who, ore in paid.items() if who.size == name}
        if of:
            people = sum(who.inhabitants or 0 for who in of)
            groups.append(PaidOfSize(name, len(of), sum(of.values()), min(of.values()), max(of.values()), people))
    return groups


def paid_title(sizes: Sequence[PaidOfSize], words: Words) -> str:
    """What small and large municipalities pay for each inhabitant, as a claim."""
    rates = {size.size: in_kroner(size.each_ore) for size in sizes}
    small, large = (rates.get(price_effects.SIZES[at][1]) for at in (0, -1))
    if small is None or large is None:
        return words("accounts.paid.title.plain")
    same = max(rates.values()) <= _ABOUT * min(rates.values())
    return words(
        "accounts.paid.title.same" if same else "accounts.paid.title",
        small=formatting.price(small, words.language),
        large=formatting.price(large, words.language),
    )


_ABOUT: Final = Decimal("1.1")
"""How many times the lowest rate the highest may be, for all to pay about the same."""


def answer(product: str, of: Mapping[Customer, int], words: Words) -> str:
    """How much municipalities pay together, and how many they are."""
    if not of:
        return words("accounts.customers.answer.none", service=product)
    return words("accounts.customers.answer", service=product, n=len(of), amount=rounded(sum(of.values()), words))


def compares(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the ledger has the same months of the year before, all of them."""
    return all(row["invoiced_year_before_ore"] is not None for row in rows)


def invoiced_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """What is invoiced in the months, against the same months of the year before, as a claim."""
    now = sum(row["invoiced_ore"] for row in rows)
    if not compares(rows):
        return words("accounts.invoiced.title.new", n=len(rows), amount=rounded(now, words))
    by = now - sum(row["invoiced_year_before_ore"] for row in rows)
    key = ("same", "more", "less")[formatting.way(by)]
    return words(f"accounts.invoiced.title.{key}", n=len(rows), amount=rounded(now, words), by=rounded(abs(by), words))


def invoiced_in_words(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """What is invoiced by month as a sentence."""
    first, last = (formatting.month(rows[n]["month"], words.language) for n in (0, -1))
    most = max(rows, key=lambda row: (row["invoiced_ore"], row["month"]))
    return words(
        "accounts.invoiced.words",
        first=first,
        last=last,
        amount=formatting.kroner(sum(row["invoiced_ore"] for row in rows), words.language),
        most=formatting.kroner(most["invoiced_ore"], words.language),
        month=formatting.month(most["month"], words.language),
    )
