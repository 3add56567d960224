"""The panels of the uptake page: the steps to use and the spread by month, with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.uptake import charts, narrative, queries
from dashboards.views.uptake.chosen import chosen, history
from dashboards.views.uptake.models import FORECAST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from dashboards.page.filters import Choice, Unknown
    from dashboards.shared.opening import View
    from dashboards.views.uptake.models import CurvePoint, Funnel, Outlook

PAGE: Final = address("uptake").strip("/")


def funnel(page: View, choice: Choice, now: Funnel) -> Panel:
    """The steps from agreement to use."""
    words, service, area = page.words, choice.service, choice.area
    steps = narrative.steps(now, shared_queries.registered_steps(page, service.service, now.month), words)
    return Panel(
        f"{PAGE}/steg",
        f"steg_{service.service}_{area.area}",
        narrative.funnel_title(now, words),
        narrative.funnel_subtitle(now, filters.area_in_text(area, words), words),
        queries.funnel_asked(page, service.service, area, now.month),
        ("uptake.funnel",),
        charts.funnel(steps, now.municipalities, words),
        charts.funnel_in_words(steps, now.municipalities, service.name, now.month, words),
        ("month", "annexed", "configured", "activated", "active", "active_basis", "municipalities"),
        (words("uptake.funnel.inferred"),) if any(step.inferred for step in steps) else (),
    )


def curve(page: View, choice: Choice, now: Funnel) -> Panel:
    """The service's spread, month by month, with the unobserved months, and the forecast where it is useful."""
    words, service = page.words, choice.service.service
    points = queries.curve(page, service, choice.area)
    own = [point for point in points if point.service == service]
    until = max(page.release.through_month or now.month, now.month)
    outlook, expected = _outlook(page, choice, now, own, until)
    text = charts.curve_in_words(points, service, until, words)
    subtitle = words(f"uptake.curve.subtitle.{now.active_basis}", area=filters.area_in_text(choice.area, words))
    gaps = narrative.gaps_in_words(shared_narrative.gaps([point.month for point in own], until), words)
    drawn = [narrative.dashed(points, words), words("forecast.drawn") if outlook else ""]
    return Panel(
        f"{PAGE}/kurve",
        f"kurve_{service}_{choice.area.area}",
        narrative.curve_title(own, now.active_basis, words),
        subtitle + shared_narrative.synthetic_sentence(words, synthetic=now.synthetic),
        queries.curve_asked(page, service, choice.area),
        ("uptake.funnel", *([FORECAST] if outlook else [])),
        charts.curve(points, service, until, words, outlook),
        f"{text} {expected}" if outlook else text,
        ("name", "external", "month", "active", "active_basis", "municipalities"),
        tuple(note for note in (expected, *drawn, gaps) if note),
    )


def _outlook(page: View, choice: Choice, now: Funnel, own: list[CurvePoint], until: date) -> tuple[list[Outlook], str]:
    """The forecast to draw, and what is said of it: why there is none, where that is so."""
    # a forecast is for the country, and starts from the last month
    if choice.area.area_kind != "NO" or now.month != max(choice.months):
        return [], ""
    words = page.words
    if FORECAST not in page.datasets:
        return [], words("forecast.not_in_release", release=page.release.name)
    outlook = queries.forecast(page, choice.service.service)
    expected = narrative.outlook(outlook, own, until, words)
    return (outlook if shared_narrative.is_useful(outlook) else []), expected


PANELS: Final[Mapping[str, Callable[[View, Choice, Funnel], Panel]]] = {"steg": funnel, "kurve": curve}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where nobody observed it.

    A service, an area or a month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
    """
    make = PANELS[key]
    choice = chosen(page, shared_queries.services(page), shared_queries.areas(page))
    if choice.unknown:
        return choice.unknown[0]
    past = history(page, choice)
    return make(page, choice, past[0]) if past else None
