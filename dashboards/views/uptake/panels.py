"""What the uptake page shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from catalog.errors import BadSetting
from dashboards.page import filters, standing
from dashboards.page.filters import Choice
from dashboards.release.query import GAPS, Area, Row
from dashboards.shared import events as shared_events
from dashboards.shared import geometry, report_files
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared.models import STANDING
from dashboards.shared.opening import Opening, View
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.uptake import charts, map_picture, maps, narrative, queries, tables
from dashboards.views.uptake.models import CALLS, FORECAST
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.release.query import Service
    from dashboards.shared.charts import Chart
    from dashboards.shared.geometry import Geometry
    from dashboards.shared.narrative import Figure
    from dashboards.shared.pictures import Drawing
    from dashboards.views.uptake.maps import Tile
    from dashboards.words import Words


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
    return Opening(answer, figures(page, choice), observed, reports=offered(page, choice))


def network_cells(page: View, choice: Choice) -> list[tuple[Area, Row]]:
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


PAGE: Final = address("uptake").strip("/")
COUNTRY: Final = Area(area_kind="NO", area="NO", name="NO")
KIND: Final = "kart"
GEOGRAPHIC: Final = "geografisk"
"""The link parameter of the kind of map, and its value for borders in place of hexagons."""
NETWORK_MONTH: Final = "uptake.network_month"
"""What a network's report is made of."""


def offered(page: View, choice: Choice) -> list[tuple[str, str]]:
    """The chosen network's report and form; without one, a report for each network. For who may see its connections."""
    words = page.words
    if NETWORK_MONTH not in page.datasets:
        return []
    if choice.area.area_kind == "NETWORK":
        labels = {"report": words("calls.report"), "form": words("calls.form")}
        of = [(labels[kind], kind, choice.area) for kind in report_files.KINDS]
    else:
        every = [area for area in shared_queries.areas(page) if area.area_kind == "NETWORK"]
        of = [(words("calls.report.of", network=area.name), "report", area) for area in every]
    return [
        (text, report_files.address(kind, area.area, page.release.name, words.language))
        for text, kind, area in of
        if page.visitor.sees_connections_of(networks=[area.area])
    ]


def funnel(page: View, choice: Choice, now: Row) -> Panel:
    """The steps from agreement to use."""
    words, service, area = page.words, choice.service, choice.area
    steps = narrative.steps(now, shared_queries.registered_steps(page, service.service, now.month), words)
    return Panel(
        f"{PAGE}/steg",
        f"steg_{service.service}_{area.area}",
        narrative.funnel_title(now, words),
        narrative.funnel_subtitle(now, filters.area_in_text(area, words), words),
        queries.funnel_answer(page, service.service, area, now.month),
        ("uptake.funnel",),
        charts.funnel(steps, now.municipalities, words),
        charts.funnel_in_words(steps, now.municipalities, service.name, now.month, words),
        ("month", "annexed", "configured", "activated", "active", "active_basis", "municipalities"),
        (words("uptake.funnel.inferred"),) if any(step.inferred for step in steps) else (),
    )


def curve(page: View, choice: Choice, now: Row) -> Panel:
    """The service's spread, month by month, with the unobserved months, and the forecast where it is useful."""
    words, service = page.words, choice.service.service
    points = queries.curve(page, service, choice.area)
    own = [point for point in points if point.service == service]
    until = max(page.release.through_month or now.month, now.month)
    outlook, expected = _outlook(page, choice, now, own, until)
    text = charts.curve_in_words(points, service, until, words)
    code = choice.area.area if choice.area.area_kind != "NO" else ""
    first = min((point.month for point in points), default=until)
    events = shared_events.marks(page, words, service, code, first, until)
    happened = shared_events.in_words(events, words)
    subtitle = words(f"uptake.curve.subtitle.{now.active_basis}", area=filters.area_in_text(choice.area, words))
    gaps = narrative.gaps_in_words(shared_narrative.gaps([point.month for point in own], until), words)
    drawn = [narrative.dashed(points, words), words("forecast.drawn") if outlook else ""]
    return Panel(
        f"{PAGE}/kurve",
        f"kurve_{service}_{choice.area.area}",
        narrative.curve_title(own, now.active_basis, words),
        subtitle + shared_narrative.synthetic_sentence(words, synthetic=now.synthetic),
        queries.curve_answer(page, service, choice.area),
        ("uptake.funnel", *([FORECAST] if outlook else [])),
        charts.curve(points, service, until, words, outlook, events),
        " ".join([text, *([expected] if outlook else []), *happened]),
        ("name", "external", "month", "active", "active_basis", "municipalities"),
        tuple(note for note in (expected, *drawn, gaps) if note),
        marks=happened,
    )


def _outlook(page: View, choice: Choice, now: Row, own: list[Row], until: date) -> tuple[list[Row], str]:
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


def launched(page: View, choice: Choice, now: Row) -> Panel:
    """All services from their launch, the chosen one highlighted."""
    words, service = page.words, choice.service
    answer = queries.launched(page, choice.area)
    text = charts.launched_in_words(answer.rows, service.service, words)
    subtitle = words(
        "uptake.launched.subtitle", area=filters.area_in_text(choice.area, words), name=service.name
    ) + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic)
    return Panel(
        f"{PAGE}/lansering",
        f"fra_lansering_{choice.area.area}",
        text,
        subtitle,
        answer,
        ("uptake.funnel", "reference.product"),
        charts.launched(answer.rows, service.service, now.municipalities, words),
        text,
        ("name", "age_months", "month", "active", "active_basis"),
    )


def tiles(page: View, service: str, stretches: list[Row], month: date) -> list[Tile]:
    """The municipalities in a month; those with a missing delivery, which may be active, are unknown."""
    shown = maps.tiles(stretches, month)
    if maps.basis(shown) != "USE":
        return shown
    return maps.tiles(
        stretches, month, [gap.municipality_code for gap in queries.lacking(page, service, COUNTRY, month)]
    )


def on_the_map(
    page: View, choice: Choice, _now: Row, at: date | None = None, *, pictured: bool = True
) -> Panel | Unknown | None:
    """The map of how far each municipality has come, as a picture; None where the release has no map.

    Args:
        page: the release.
        choice: what the link chooses.
        at: the month, where it is not the link's.
        pictured: draw the picture; the page, which draws the map itself, needs only the words.
    """
    if STANDING not in page.datasets:
        return None
    words, service, area = page.words, choice.service, choice.area
    answer = queries.tiles_answer(page, service.service)
    stretches = answer.rows
    if not stretches:
        return None
    months = [month for month, _ in maps.months(stretches)]
    value, unknown = filters.map_month(months, page.link, choice.month, words)
    if unknown:
        return unknown
    month = at or next(month for month in months if filters.month_value(month) == value)
    asked = {} if filters.month_value(month) == value else {filters.MAP_MONTH: filters.month_value(month)}
    shown = tiles(page, service.service, stretches, month)
    inside = [tile for tile in shown if tile.is_in(area.area_kind, area.area)]
    drawn_for = inside or shown
    borders = _borders(page)
    key = "map.subtitle.drawn.geographic" if borders else "map.subtitle.drawn"
    once = replace(words, marks=False)  # the picture says it once, above the map
    return Panel(
        f"{PAGE}/kart",
        f"kart_{service.service}",
        maps.title(drawn_for, service.name, month, once, filters.area_in_text(area, words)),
        words(key, month=formatting.month(month, words.language)),
        answer,
        (STANDING, *([GAPS] if any(tile.lacking for tile in shown) else [])),
        _map(shown, inside, area, borders, words) if pictured else None,
        maps.tile_map_in_words(drawn_for, service.name, month, once, whole=not area_of_its_own(area)),
        asked=asked,
    )


def area_of_its_own(area: Area) -> bool:
    """A county or a network, which the map zooms to."""
    return bool(area.area_kind != "NO")


def network_of(area: Area) -> tuple[str, str] | None:
    """The id and name of the chosen network, which the map outlines."""
    return (area.area, shared_narrative.short(area.name)) if area.area_kind == "NETWORK" else None


def _map(shown: list[Tile], inside: list[Tile], area: Area, borders: Geometry | None, words: Words) -> Chart | Drawing:
    network = network_of(area)
    if borders:
        return maps.geographic_map(shown, borders, words, network=network[0] if network else None)
    codes = [tile.code for tile in inside] if area_of_its_own(area) else []
    return map_picture.picture(shown, words, network=network, inside=codes)


def _borders(page: View) -> Geometry | None:
    """The borders, where the link asks for a geographic map and there is one."""
    if page.map_geometry is None or page.link.get(KIND) != GEOGRAPHIC:
        return None
    try:
        return geometry.load(page.map_geometry)
    except BadSetting:  # the page warns of it, and shows hexagons
        return None


def networks(page: View, choice: Choice, _now: Row) -> Panel | None:
    """Product by network, as a table; None where nobody observed any in the month."""
    words, month = page.words, choice.month
    answer = queries.network_table_answer(page, month) if month else None
    if month is None or answer is None or not answer.rows:
        return None
    return Panel(
        f"{PAGE}/nettverk",
        f"nettverk_{month:%Y-%m}",
        words("uptake.table.caption"),
        formatting.month(month, words.language),
        answer,
        ("uptake.funnel",),
    )


def suppliers(page: View, choice: Choice, _now: Row) -> Panel | None:
    """The suppliers whose systems waiting municipalities were seen using, of all services, as a table.

    Raises:
        Forbidden: the visitor may not see the area's connections; no file is opened.
    """
    if not shows_calls(page, choice):
        return None
    words = page.words
    return Panel(
        f"{PAGE}/leverandorer",
        f"leverandorer_{choice.area.area}",
        words("suppliers.caption"),
        words("suppliers.subtitle", area=filters.area_in_text(choice.area, words)),
        queries.suppliers_answer(page, choice.area),
        (CALLS[2],),
        written=partial(tables.supplier_rows, release=page.release.name),
    )


def shows_calls(page: View, choice: Choice) -> bool:
    """Whether the page has a call list: of the last month, for who may see its members' source systems."""
    return (
        page.datasets.issuperset(CALLS)
        and page.visitor.sees_connections_of(networks=[choice.area.area])
        and choice.month == max(choice.months)
    )


def calls(page: View, choice: Choice, now: Row) -> Panel | None:
    """Whom to call, as a table: as the release has it, without what was registered since.

    Raises:
        Forbidden: the visitor may not see the area's connections; no file is opened.
    """
    if not shows_calls(page, choice):
        return None
    words, service = page.words, choice.service
    answer = queries.calls(page, service.service, choice.area)
    marked = any(call["no_delivery_since"] for call in answer.rows)
    place = formatting.first(filters.area_in_text(choice.area, words))
    return Panel(
        f"{PAGE}/ringeliste",
        f"ringeliste_{service.service}_{choice.area.area}",
        words("calls.caption"),
        place,
        answer,
        (*CALLS[:2], *([GAPS] if marked else [])),
        written=partial(tables.call_rows, basis=now.active_basis, release=page.release.name),
    )


def forecast(page: View, choice: Choice, _now: Row) -> Panel | None:
    """The forecast as a table, where the release has one."""
    if FORECAST not in page.datasets:
        return None
    words, service = page.words, choice.service.service
    return Panel(
        f"{PAGE}/framskriving",
        f"framskriving_{service}",
        words("forecast.caption"),
        "",
        queries.forecast_answer(page, service),
        (FORECAST,),
        columns=("month", "low", "expected", "high"),
    )


PARAMETERS: Final = frozenset({filters.AREA, filters.MAP_MONTH, filters.MONTH, filters.SERVICE, KIND})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final[Mapping[str, Callable[[View, Choice, Row], Panel | Unknown | None]]] = {
    "steg": funnel,
    "kurve": curve,
    "kart": on_the_map,
    "lansering": launched,
    "ringeliste": calls,
    "nettverk": networks,
    "leverandorer": suppliers,
    "framskriving": forecast,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where nobody observed it.

    A service, an area or a month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    make = PANELS[key]
    choice = chosen(page, shared_queries.services(page), shared_queries.areas(page))
    if choice.unknown:
        return choice.unknown[0]
    past = history(page, choice)
    return make(page, choice, past[0]) if past else None
