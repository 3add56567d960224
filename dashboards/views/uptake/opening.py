"""The page's first words: what its link asks for, the answer, and the key figures. Without Streamlit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.page import filters, standing
from dashboards.shared import queries as shared_queries
from dashboards.shared.opening import Opening, View
from dashboards.views.uptake import narrative, panels, queries
from dashboards.views.uptake.chosen import chosen, history

if TYPE_CHECKING:
    from dashboards.page.filters import Choice
    from dashboards.release.query import Area, Row
    from dashboards.shared.narrative import Figure


def opening(page: View) -> Opening:
    """The first words of the page that its link asks for."""
    choice = chosen(page, shared_queries.services(page), shared_queries.areas(page))
    observed = max(choice.months, default=None)
    past = history(page, choice)
    if not past:
        return Opening(observed=observed)
    place = filters.area_in_text(choice.area, page.words)
    lists = queries.lists(page, choice.service.service)
    answer = narrative.answer(past, choice.service.name, place, page.words, lists)
    answer = standing.before(answer, page, choice.service, past[0].month, synthetic=past[0].synthetic)
    return Opening(answer, figures(page, choice), observed, reports=panels.offered(page, choice))


def networks(page: View, choice: Choice) -> list[tuple[Area, Row]]:
    """The service's cell in each whole network, in the chosen month."""
    if choice.month is None:
        return []
    cells = queries.network_table(page, choice.month)
    of_service = {
        cell.area: cell for cell in cells if (cell.service, cell.month) == (choice.service.service, choice.month)
    }
    whole = [area for area in shared_queries.areas(page) if area.area_kind == "NETWORK" and not area.part]
    return [(area, of_service[area.area]) for area in whole if area.area in of_service]


def figures(page: View, choice: Choice) -> list[Figure]:
    """The key figures of the chosen service, area and month."""
    month, past = choice.month, history(page, choice)
    if month is None or not past:
        return []
    service = choice.service.service
    registered = shared_queries.registered_steps(page, service, month)
    left = queries.left(page, service, choice.area, month)
    return narrative.figures(past, registered, left, page.words, queries.lists(page, service))
