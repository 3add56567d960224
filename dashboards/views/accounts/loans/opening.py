"""The first words about loans and reconciliation. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.opening import Opening
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.loans import narrative

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    found = choice.open_accounts(page)
    return of(page, found) if found else Opening()


def of(page: View, found: Chosen) -> Opening:
    """The first words about what the link chooses."""
    words, service = page.words, found.product.service
    projects = queries.loans(page, service)
    owed = narrative.owed(projects.rows, words) if projects else words("accounts.loans.unknown")
    billed = queries.billed(page, service, found.at.first, found.at.last)
    stake = narrative.stake(billed.rows if billed else None, found.at, words)
    return Opening(f"{found.product.name}: {owed} {stake}".rstrip(), observed=found.rows[-1].month)
