"""The first words about what an organisation pays. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.release.reader import has_ledgers
from dashboards.shared.opening import Opening
from dashboards.views.organisation import narrative, queries
from dashboards.views.organisation.chosen import chosen
from dashboards.views.organisation.models import changes

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.organisation.chosen import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to pay."""
    return of(page, chosen(page)) if has_ledgers(page.release) else Opening()


def of(page: View, found: Chosen) -> Opening:
    """The first words about what the link chooses."""
    if found.month is None:
        return Opening()
    _, lines = queries.lines(page, found.organisation, found.month)
    text = narrative.answer(lines, found.month, found.name, page.words)
    figures = narrative.figures(lines, found.paid, changes(lines, found.month), found.month, page.words)
    return Opening(text, figures)
