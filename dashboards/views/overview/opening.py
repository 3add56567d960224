"""The overview's first words: the story, its key figures, and what they rest on. No Streamlit call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.opening import Opening
from dashboards.views.overview import narrative, queries
from dashboards.views.overview.chosen import chosen

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.filters import Filter
    from dashboards.release.query import QueryResult
    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.opening import View


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page rests on: its month, and the answers about it.

    Attributes:
        month: the month that the link asks for, else the last one.
        chosen: its filter.
        used: dispatches by month.
        economy: the visitor may read every ledger, and the release has them.
    """

    month: date
    chosen: Filter
    facts: BoardFacts
    used: QueryResult
    economy: bool


def overview(page: View) -> Overview | None:
    """What the page rests on; None where the release has no month that is over."""
    found = chosen(page)
    if found is None:
        return None
    month, item = found
    return Overview(
        month, item, queries.facts(page, month), queries.dispatches(page, month), queries.tells_economy(page)
    )


def opening(page: View) -> Opening:
    """The story and its key figures; nothing where there is no month to tell of."""
    rests_on = overview(page)
    return opening_of(page, rests_on) if rests_on else Opening()


def opening_of(page: View, rests_on: Overview) -> Opening:
    """The story and its key figures, of answers that are there."""
    words, facts, rows = page.words, rests_on.facts, rests_on.used.rows
    figures = board_narrative.figures(facts, words)
    if rests_on.economy:
        return Opening(board_narrative.answer(facts, words), figures)
    use = narrative.use(rows, rests_on.month, words)
    services = queries.services(page, rests_on.month).rows
    answer = narrative.answer(facts, rows, services, words)
    return Opening(answer, [use, board_narrative.uptake(facts, words), narrative.late(facts, words)])
