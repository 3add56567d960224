"""What a link asks the uptake page for, as far as the release has it. The page and its panels ask alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.page import filters
from dashboards.page.filters import Choice
from dashboards.views.uptake import queries

if TYPE_CHECKING:
    from dashboards.release.query import Area, Row, Service
    from dashboards.shared.opening import View


def chosen(page: View, services: list[Service], areas: list[Area]) -> Choice:
    """What the link asks for, as far as the release has it."""
    service, no_service = filters.service(page.link, services, page.words, filters.service_to_spread(services))
    area, no_area = filters.area(page.link, areas, page.words)
    observed = queries.months(page, service.service, area)
    month, no_month = filters.month(page.link, observed, page.words)
    unknown = tuple(unmet for unmet in (no_service, no_area, no_month) if unmet)
    return Choice(service, area, month, tuple(observed), unknown)


def history(page: View, choice: Choice) -> list[Row]:
    """The observed months up to the chosen one, newest first; empty where there are none."""
    return queries.funnel(page, choice.service.service, choice.area, choice.month) if choice.month else []
