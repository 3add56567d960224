"""What a link chooses on the pages of a product's accounts: product, period, and what the price is to assume. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from catalog.domain.self_cost import LEAST, MOST, Assumptions
from catalog.domain.self_cost_rules import FEWEST_YEARS, MOST_YEARS
from dashboards.page import filters
from dashboards.shared import queries as shared_queries
from dashboards.shared.ledger.models import Book, Total, total
from dashboards.shared.narrative import MONTHS_OF_A_YEAR
from dashboards.shared.pages import QUARTER, YEAR
from dashboards.views.accounts import narrative, queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboards.page.filters import Filter, Number, Unknown
    from dashboards.release.query import QueryResult, Row
    from dashboards.shared.opening import View
    from dashboards.views.accounts.narrative import Period

T = TypeVar("T")
PRICE, YEARS, COUNT, VOLUME = "prisendring", "oppgjor", "kommuner", "volum"
SUPPOSED: Final = (PRICE, YEARS, COUNT, VOLUME, *narrative.COSTS)
"""The link parameters of the what-if."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A product and a period of its ledger, which has at least one month.

    Attributes:
        product: the product.
        months: its ledger by month, as asked.
        rows: the same as accounts.
        at: the period; within the ledger.
        service, year, quarter: the filters.
    """

    product: Row
    months: QueryResult
    rows: Sequence[Row]
    at: Period
    service: Filter
    year: Filter
    quarter: Filter

    @property
    def sums(self) -> Total:
        """The sums of the period."""
        sums = total(self.rows, self.at.first, self.at.last)
        assert sums is not None, "a period is chosen among those with months"  # noqa: S101
        return sums

    @property
    def then(self) -> Total | None:
        """The same months of the year before; None if the ledger lacks any of them."""
        return narrative.before(self.rows, self.at)

    @property
    def twelve(self) -> Total | None:
        """The twelve months that end with the period; None if the ledger has fewer."""
        return Book(self.rows, self.at.last, None).twelve

    @property
    def two_years(self) -> list[Row]:
        """The rows of `months` up to the end of the period, 24 at most."""
        return [row for row in self.months.rows if row["month"] <= self.at.last][-2 * MONTHS_OF_A_YEAR :]

    @property
    def balance_ore(self) -> int:
        """The balance carried at the end of the period."""
        return int(next(row.balance_carried_ore for row in reversed(self.rows) if row.month <= self.at.last))


def service(page: View, products: Sequence[Row]) -> Filter:
    """The products whose ledgers the visitor may see; by default that of every page, else the one with most income."""
    words = page.words
    observed = "uptake.funnel" in page.datasets
    usual = filters.default_service(shared_queries.services(page)).service if observed else None
    most = max(products, key=lambda product: (product.months > 0, product.service == usual, product.income_ore))

    def label(product: Row) -> str:
        if not product.months:
            return words("filter.no_numbers", name=product.name)
        return words("filter.synthetic", name=product.name) if product.synthetic and words.marks else product.name

    labels = {product.service: label(product) for product in products}
    return filters.single_choice(filters.SERVICE, page.link, labels, most.service, forgets=(YEAR, QUARTER, *SUPPOSED))


def chosen(page: View, service: Filter, products: Sequence[Row]) -> Chosen | None:
    """What the link chooses of the product's ledger; None if the ledger is empty."""
    product = next(product for product in products if product.service == service.value)
    months = queries.of(page, "months", product.service, through=queries.through(page))
    rows = queries.accounts(months, product.service)
    if not rows:
        return None
    there = [row.month for row in rows]
    year = filters.single_choice(YEAR, page.link, narrative.year_labels(there, page.words), forgets=(QUARTER,))
    quarters = narrative.quarter_labels(there, int(year.value), page.words)
    quarter = filters.single_choice(QUARTER, page.link, quarters)
    at = narrative.period(int(year.value), None if quarter.value == narrative.WHOLE else int(quarter.value), there[-1])
    return Chosen(product, months, rows, at, service, year, quarter)


def open_accounts(page: View) -> Chosen | None:
    """What the link chooses; None if there is nothing to show: no ledgers, no product of the visitor, no months."""
    products = queries.products(page) if queries.has_ledgers(page) else []
    return chosen(page, service(page, products), products) if products else None


def panel(page: View, make: Callable[[View, Chosen], T]) -> T | Unknown | None:
    """A panel of what the page's link asks for; None where there is nothing to show.

    A product whose ledger the visitor may not see is returned as unknown, like one that the release lacks.

    Raises:
        Forbidden: the visitor may see no ledger; no file is opened.
    """
    selection = open_accounts(page)
    if selection is None:
        return None
    unknown = next(
        (unknown for item in (selection.service, selection.year, selection.quarter) for unknown in item.unknown), None
    )
    return unknown or make(page, selection)


def supposed(page: View, settle_years: int) -> list[Number]:
    """The link's assumptions: the change of price and the years of settling, then municipalities, use and cost.

    Args:
        page: gives the link and the release.
        settle_years: over how many years the balance is settled where the link says nothing.
    """
    words = page.words
    count = page.table("accounts/municipalities")["municipalities"][0].as_py()
    foreseen, unchanged = words("accounts.what_if.as_foreseen"), words("accounts.what_if.unchanged")
    low, high = int(LEAST) + 1, int(MOST)
    return [
        filters.number(PRICE, page.link, lowest=low, highest=high, otherwise=words("accounts.what_if.otherwise")),
        filters.number(
            YEARS,
            page.link,
            lowest=FEWEST_YEARS,
            highest=MOST_YEARS,
            otherwise=words("accounts.what_if.years", n=settle_years),
            whole=True,
        ),
        filters.number(COUNT, page.link, lowest=1, highest=count, otherwise=foreseen, whole=True),
        filters.number(VOLUME, page.link, lowest=low, highest=high, otherwise=foreseen),
        *(filters.number(cost, page.link, lowest=low, highest=high, otherwise=unchanged) for cost in narrative.COSTS),
    ]


def assumptions(numbers: Sequence[Number]) -> Assumptions:
    """The link's numbers as assumptions."""
    values = {number.parameter: number.value for number in numbers}
    count = values[COUNT]
    cost = {cost.upper(): value for cost in narrative.COSTS if (value := values[cost])}
    years, volume = values[YEARS], values[VOLUME] or Decimal(0)
    return Assumptions(
        None if count is None else int(count),
        volume,
        cost,
        None if years is None else int(years),
        price=values[PRICE],
    )
