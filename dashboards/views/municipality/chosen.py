"""What a link asks the municipality page for. The page and its panels ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.page import filters
from dashboards.shared import pages
from dashboards.shared import queries as shared_queries
from dashboards.views.municipality import queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.page.filters import Filter
    from dashboards.release.query import Area
    from dashboards.shared.opening import View


@dataclass(frozen=True, slots=True)
class Choice:
    """What the link asks for.

    Attributes:
        code, name: the municipality; empty for those of an area.
        area: the area, where no municipality is chosen.
        month: the month.
        chosen: the filters, in the order of the page.
    """

    code: str
    name: str
    area: Area
    month: date
    chosen: Sequence[Filter]


def choice(page: View) -> Choice | None:
    """What the link asks for; None where the release has no month that is over."""
    words, link, months = page.words, page.link, queries.months(page)
    if not months:
        return None
    names = shared_queries.municipalities(page)
    of_municipality = filters.municipality(page, words("municipality.none"))
    areas = {area.area: area for area in shared_queries.areas(page)}
    labels = {area.area: filters.area_label(area, words) for area in areas.values()}
    of_area = filters.single_choice(pages.AREA, link, labels)
    labels = {filters.month_value(month): formatting.month(month, words.language) for month in months}
    of_month = filters.single_choice(pages.MONTH, link, labels)
    month = next(month for month in months if filters.month_value(month) == of_month.value)
    code = of_municipality.value
    chosen = [of_municipality, *([] if code else [of_area]), of_month]
    return Choice(code, names.get(code, ""), areas[of_area.value], month, chosen)
