"""The page's first words: a municipality's services, or those of an area's municipalities. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.page import filters
from dashboards.shared import queries as shared_queries
from dashboards.shared.opening import Opening
from dashboards.views.municipality import narrative, queries
from dashboards.views.municipality.chosen import choice

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.municipality.chosen import Choice


def opening(page: View) -> Opening:
    """How many services the municipality has, or which of the area's have most and fewest."""
    rests_on = choice(page)
    return opening_of(page, rests_on) if rests_on else Opening()


def opening_of(page: View, rests_on: Choice) -> Opening:
    """The same, of what the link asks for."""
    words, month = page.words, rests_on.month
    if not rests_on.code:
        if rests_on.area.area_kind == "NO":
            return Opening(words("municipality.choose"))
        cells = queries.matrix(page, rests_on.area, month)
        place = filters.area_in_text(rests_on.area, words)
        return Opening(narrative.area_answer(cells, place, month, words))
    standings = shared_queries.standings(page, rests_on.code, month)
    use = queries.use(page, rests_on.code, month, words.language)
    return Opening(
        narrative.answer(rests_on.name, standings, month, words),
        narrative.figures(standings, use, month, words),
        title=rests_on.name,
        note=narrative.notes(standings, use, month, page.release.as_of, words),
    )
