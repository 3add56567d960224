"""The panels of the municipality page: its tables, with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.shared import queries as shared_queries
from dashboards.shared.models import STANDING
from dashboards.shared.pages import AREA, MONTH, MUNICIPALITY, address
from dashboards.shared.panel import Panel
from dashboards.views.municipality import queries
from dashboards.views.municipality.chosen import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View
    from dashboards.views.municipality.chosen import Choice

PAGE: Final = address("municipality").strip("/")


def services(page: View, of: Choice) -> Panel | None:
    """All services of a municipality; None where none is chosen."""
    if not of.code:
        return None
    words = page.words
    return Panel(
        f"{PAGE}/tjenester",
        f"kommune_{of.code}_{filters.month_value(of.month)}",
        words("municipality.services.title", name=of.name),
        words("municipality.services.subtitle", n=shared_queries.SIMILAR),
        shared_queries.standings_answered(page, of.code, of.month),
        (STANDING,),
    )


def matrix(page: View, of: Choice) -> Panel | None:
    """All municipalities of an area, by service; None where a municipality, or no area, is chosen."""
    if of.code or of.area.area_kind == "NO":
        return None
    answer = queries.matrix_answered(page, of.area, of.month)
    if not answer.table.num_rows:
        return None
    name = f"kommuner_{of.area.area.lower()}_{filters.month_value(of.month)}"
    return Panel(f"{PAGE}/kommuner", name, page.words("municipality.matrix.title"), "", answer, (STANDING,))


PARAMETERS: Final = frozenset({AREA, MONTH, MUNICIPALITY})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final[Mapping[str, Callable[[View, Choice], Panel | None]]] = {"tjenester": services, "kommuner": matrix}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where there is nothing to show.

    A municipality, an area or a month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
    """
    make, of = PANELS[key], choice(page)
    if of is None:
        return None
    unknown = next((unknown for item in of.chosen for unknown in item.unknown), None)
    return unknown or make(page, of)
