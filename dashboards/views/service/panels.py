"""The panels of the product page: its use and its uptake by month, with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.service import charts, narrative, queries
from dashboards.views.service.chosen import asked, month_of
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.shared.ledger.models import Customers, Use
    from dashboards.shared.opening import View

PAGE: Final = address("service").strip("/")


def use_by_month(page: View, service: str, use: Use, month: date) -> Panel:
    """Use by month, with the forecast where it is useful."""
    words, measure = page.words, use.rows[-1].measure
    first = narrative.first_shown(use, month)
    rows = [row for row in use.rows if row.month >= first]
    title = narrative.title_of(use.rows[-1], words)
    _, foreseen = queries.foreseen(page, service, measure)
    shown = foreseen if shared_narrative.is_useful(foreseen) else []
    shaded = [words("service.use.foreseen")] if shown else []
    notes = narrative.use_notes(use, month, words)
    return Panel(
        f"{PAGE}/bruk",
        f"{service}_bruk",
        narrative.use_title(use, month, words),
        " ".join([narrative.use_subtitle(use, month, words), *shaded]),
        queries.use_by(page, service, measure, month),
        ("usage.dispatch_month", "usage.measure_total_month", "usage.forecast"),
        charts.use(rows, shown, first, twelve_months(month), month, title, words),
        narrative.bars_in_words(rows, title, words),
        ("month", "quantity"),
        (notes,) if notes else (),
    )


def uptake_by_month(page: View, service: str, customers: Sequence[Customers], month: date, top: int = 0) -> Panel:
    """Customers by month. `top`: the least height of the axis."""
    words, points = page.words, narrative.points_shown(customers, month)
    first, last = (formatting.month(points[n].month, words.language) for n in (0, -1))
    text = words("service.uptake.subtitle", first=first, last=last)
    if len({point.active_basis for point in points}) > 1:
        text += " " + words("service.uptake.both")
    return Panel(
        f"{PAGE}/utbredelse",
        f"{service}_utbredelse",
        narrative.uptake_title(customers, words),
        text + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(points)),
        queries.customers_by_month(page, service, month),
        ("uptake.status_month",),
        charts.uptake(points, max(month, points[-1].month), words, top=top),
        narrative.uptake_in_words(points, words),
        ("month", "active", "municipalities"),
    )


def _use(page: View, service: str, month: date) -> Panel | None:
    used = queries.use(page, service, month)
    return use_by_month(page, service, used, month) if used is not None else None


def _uptake(page: View, service: str, month: date) -> Panel | None:
    customers = queries.customers(page, service, month)
    return uptake_by_month(page, service, customers, month) if customers else None


PANELS: Final[Mapping[str, Callable[[View, str, date], Panel | None]]] = {"bruk": _use, "utbredelse": _uptake}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of the product that the page's link asks for; None where there is nothing to show.

    A link that compares two products gives the panel of the first. A product that the release lacks is returned as
    unknown.

    Raises:
        KeyError: the page has no such panel.
    """
    make, link = PANELS[key], asked(page)
    unknown = next((unknown for item in link.chosen for unknown in item.unknown), None)
    return unknown or make(page, link.service.service, month_of(page))
