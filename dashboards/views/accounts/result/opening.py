"""The first words about the result of a product. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.opening import Opening
from dashboards.views.accounts import choice
from dashboards.views.accounts.result import narrative

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    found = choice.open_accounts(page)
    return of(page, found) if found else Opening()


def of(page: View, found: Chosen) -> Opening:
    """The first words about what the link chooses."""
    text = narrative.answer(found.product.name, found.sums, found.then, found.at, page.words)
    return Opening(text, narrative.figures(found.sums, found.then, found.two_years, page.words), found.rows[-1].month)
