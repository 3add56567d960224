"""The first words about what customers pay. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.opening import Opening
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.customers import narrative

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.queries import Pricing


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    found = choice.open_accounts(page)
    return of(page, found, queries.prices(page, found.product.service)) if found else Opening()


def of(page: View, found: Chosen, prices: Pricing | None) -> Opening:
    """The first words about what the link chooses."""
    words = page.words
    if not page.visitor.every_customer:
        text = words("accounts.customers.closed")
    else:
        paid = narrative.by_municipality(prices.paid) if prices else {}
        text = narrative.answer(found.product.name, paid, words)
    return Opening(text, observed=found.rows[-1].month)
