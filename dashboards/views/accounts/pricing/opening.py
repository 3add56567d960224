"""The first words about the price of a product. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.self_cost import calculate
from dashboards.shared.opening import Opening
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.pricing import narrative

if TYPE_CHECKING:
    from catalog.domain.self_cost import Calculation
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.queries import Pricing


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    found = choice.open_accounts(page)
    prices = queries.prices(page, found.product.service) if found else None
    return of(page, found, prices, calculate(prices.base) if prices else None) if found else Opening()


def of(page: View, found: Chosen, prices: Pricing | None, base: Calculation | None) -> Opening:
    """The first words about what the link chooses."""
    words = page.words
    if prices is None or base is None or base.status != "CALCULATED":
        text = words("accounts.pricing.answer.none", service=found.product.name)
        return Opening(text, observed=found.rows[-1].month)
    figures = narrative.figures(base, prices.elements, words)
    return Opening(narrative.answer(found.product.name, base, words), figures, found.rows[-1].month)
