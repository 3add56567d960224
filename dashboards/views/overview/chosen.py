"""The month that a link asks the overview for. The page and its panels ask alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.page import filters
from dashboards.views.overview import narrative, queries

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.filters import Filter
    from dashboards.shared.opening import View


def chosen(page: View) -> tuple[date, Filter] | None:
    """The month that the link asks for, else the last one, and its filter; None where no month is over."""
    months = queries.months(page)
    if not months:
        return None
    item = filters.single_choice(filters.MONTH, page.link, narrative.month_labels(months, page.words))
    return next(month for month in months if filters.month_value(month) == item.value), item
