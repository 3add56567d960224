"""What a board must know of the products' economy, chosen by rule from what there is. Pure: values, no words.

The rule: a sum over products is said alone only where no product explains more than half of it; else that product is
named, and the others are summed without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.shared.ledger.models import HIGH, LOW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts


def explains(parts: Mapping[str, int]) -> str | None:
    """The product that alone is more than half of the sum, or outweighs it; None where no product does.

    Of several, the one with the largest amount. A product that is alone explains nothing: there is no sum.
    """
    total = abs(sum(parts.values()))
    largest = max(parts, key=lambda name: (abs(parts[name]), name), default=None)
    if largest is None or len(parts) == 1 or 2 * abs(parts[largest]) <= total:
        return None
    return largest if parts[largest] else None


def of_twelve_months(facts: BoardFacts) -> dict[str, int]:
    """The result of each product that has been in the ledgers for twelve months, over those months."""
    return {service: whole.result_ore for service, book in facts.books.items() if (whole := book.twelve) is not None}


def outside(facts: BoardFacts) -> tuple[list[str], list[str]]:
    """The products below and above the limits of self-cost coverage, furthest off first."""
    coverages = {service: book.coverage for service, book in facts.books.items()}
    low = sorted((value, service) for service, value in coverages.items() if value is not None and value < LOW)
    high = sorted((-value, service) for service, value in coverages.items() if value is not None and value > HIGH)
    return [service for _, service in low], [service for _, service in high]


def covered(facts: BoardFacts) -> int:
    """How many products have a self-cost coverage."""
    return sum(book.coverage is not None for book in facts.books.values())


# ── Trends ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Flow:
    """Income and cost of some products together, so far in the year, by month of the trend.

    None where the ledgers do not cover the year so far, or have none of the products in it.

    Attributes:
        services: the products.
    """

    services: Sequence[str]
    income_ore: Sequence[int | None]
    cost_ore: Sequence[int | None]

    @property
    def result_ore(self) -> list[int | None]:
        """Income less cost."""
        pairs = zip(self.income_ore, self.cost_ore, strict=True)
        return [None if income is None or cost is None else income - cost for income, cost in pairs]


def flow(facts: BoardFacts, services: Sequence[str]) -> Flow:
    """Income and cost of some products together, so far in the year: annual prices make single months uneven."""
    accounts = [account for service in services for account in facts.books[service].rows]
    begun = facts.begun
    incomes: list[int | None] = []
    costs: list[int | None] = []
    for month in facts.months:
        january = month.replace(month=1)
        year = [x for x in accounts if begun and begun <= january <= x.month <= month]
        incomes.append(sum(x.income_ore for x in year) if year else None)
        costs.append(sum(x.income_ore - x.result_ore for x in year) if year else None)
    return Flow(services, incomes, costs)


def flows(facts: BoardFacts) -> list[Flow]:
    """Income and cost: of all products, or of the one that explains their result, and of the others."""
    services, who = list(facts.books), explains(of_twelve_months(facts))
    parts = [services] if who is None else [[who], [service for service in services if service != who]]
    return [flow(facts, part) for part in parts if part]


def followed(facts: BoardFacts) -> dict[str, str]:
    """The services in the trend of uptake with their basis: those of the last month; none where they are the fewer."""
    latest = max((row.month for row in facts.observed), default=None)
    now = {row.service: row.active_basis for row in facts.observed if row.month == latest}
    return now if 2 * len(now) > len(facts.spreads) else {}


def uptake(facts: BoardFacts) -> list[int | None]:
    """Services in use in all municipalities by month of the trend, of the same services throughout.

    A month in which one of them was not observed, or on another basis than now, has none: their sums do not compare.
    """
    now = followed(facts)
    if not now:
        return []
    months: dict[date, dict[str, int]] = {}
    for row in facts.observed:
        if now.get(row.service) == row.active_basis:
            months.setdefault(row.month, {})[row.service] = row.active
    sums = {month: sum(active.values()) for month, active in months.items() if active.keys() == now.keys()}
    return [sums.get(month) for month in facts.months]


def loans(facts: BoardFacts) -> list[int | None]:
    """What was outstanding on all loans by month of the trend."""
    return [facts.loan_months.get(month) for month in facts.months]
