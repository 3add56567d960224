"""Utbredelse: from agreement to use, network by product, and who is missing. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.page import downloads, filters, layout, standing
from dashboards.release.query import GAPS, Row
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared.models import STANDING
from dashboards.shared.panel import Panel
from dashboards.views.uptake import call_list, maps, narrative, panels, queries, tables
from dashboards.views.uptake.models import CALLS, FORECAST
from dashboards.views.uptake.panels import chosen, history, network_cells, opening
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.filters import Choice, Filter
    from dashboards.page.layout import Page
    from dashboards.release.query import Area, Service
    from dashboards.words import Words

DATASETS = ("uptake.funnel", "uptake.status_month", "uptake.step_event")
PLAYING = "map_playing"
EVERY_SECONDS = 0.7
LATER = (*CALLS, FORECAST, STANDING)
"""Datasets that older releases lack."""


def map_kind(page: Page) -> Filter:
    """Which map: tiles, or geographic where borders are given."""
    kinds = {"sekskant": page.words("map.kind.tiles")}
    if page.settings.map_geometry:
        kinds[panels.GEOGRAPHIC] = page.words("map.kind.geographic")
    return filters.single_choice(panels.KIND, page.link, kinds, switch=True)


def empty(page: Page, choice: Choice, services: list[Service]) -> None:
    """Why there is nothing to show, and a link to the nearest that there is."""
    words, link = page.words, layout.parameters()
    area = filters.area_in_text(choice.area, words)
    if choice.service.months:
        why, nearest = (
            words("state.empty.area"),
            words("state.empty.area_link", link=filters.link(link, {filters.AREA: None, filters.MONTH: None})),
        )
    else:
        other = next((service for service in services if service.months and not service.external), None)
        why = words("state.empty.service")
        nearest = (
            ""
            if other is None
            else words(
                "state.empty.service_link",
                name=other.name,
                link=filters.link(link, {filters.SERVICE: other.service, filters.MONTH: None}),
            )
        )
    st.info(
        f"{why} {nearest}",
        title=words("state.empty.title", service=choice.service.name, area=area),
        icon=":material/search_off:",
    )


def show(page: Page) -> None:
    """Draw the page, from the answer down."""
    words = page.words
    services, areas = shared_queries.services(page), shared_queries.areas(page)
    choice, kind = chosen(page, services, areas), map_kind(page)
    month, past = choice.month, history(page, choice)
    first = opening(page)
    has = page.datasets
    used = [*DATASETS, *(name for name in LATER if name in has)]
    unknown = (*choice.unknown, *kind.unknown, *standing.unknown(page))
    layout.above(page, first.answer, used, unknown, first.observed)
    filters.show(choice, services, areas, words)
    layout.contents()
    if month is None or not past:
        empty(page, choice, services)
        layout.contact(page)
        return
    now, basis = past[0], past[0].active_basis
    lacking(page, choice, basis)
    layout.lead(page, first.figures, opening, partial(curve, page, choice, now))
    call_list.show(page, choice, now)
    suppliers(page, choice, now)
    on_the_map(page, choice, now, kind)
    network_table(page, choice, now, areas)
    layout.panel(page, panels.funnel(page, choice, now), anchor="steg")
    gaps_told = basis == "USE" and GAPS in has
    definitions = [
        f"made.active.{basis}",
        *(["made.lacking"] if gaps_told else []),
        *("made.share", "made.left", "made.steps"),
        *(["made.priority", "made.ready"] if has.issuperset(CALLS) else []),
        *(["made.forecast"] if FORECAST in has else []),
        "made.comparison",
    ]
    layout.foot(page, map(words, definitions), (*used, GAPS) if gaps_told else used)


def lacking(page: Page, choice: Choice, basis: str) -> None:
    """Say before any figure: of missing deliveries where use is measured, else of who fell off a source's list."""
    words, month = page.words, choice.month
    if month is None:
        return
    service, area = choice.service.service, choice.area
    if basis != "USE":
        layout.note(narrative.off_list(queries.off_list(page, service, area, month), words))
        return
    without_delivery = queries.lacking(page, service, area, month)
    sentences = [narrative.lacking(without_delivery, month, words)] if without_delivery else []
    if month == max(choice.months):
        now = page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
        codes = {municipality.municipality_code for municipality in without_delivery}
        since = queries.lacking(page, service, area, now) if now > month else []
        later = [municipality for municipality in since if municipality.municipality_code not in codes]
        sentences.append(narrative.lacking_since(later, month, words))
    layout.note(" ".join(x for x in sentences if x))


def curve(page: Page, choice: Choice, now: Row) -> None:
    """The service's spread, month by month, its forecast as a table, and all services from their launch."""
    drawn, foreseen = panels.curve(page, choice, now), panels.forecast(page, choice, now)
    layout.panel(page, drawn, anchor="kurve")
    if foreseen and FORECAST in drawn.source:
        tabled = partial(layout.body, page, foreseen, foreseen.title)
        layout.fold(page, page.words("forecast.open"), "forecast", tabled)
    since_launch = panels.launched(page, choice, now)

    def compared() -> None:
        layout.note(since_launch.subtitle)
        layout.body(page, since_launch)

    layout.fold(page, layout.plain(since_launch.title), "launched", compared)


@layout.placed
def on_the_map(page: Page, choice: Choice, now: Row, kind: Filter) -> None:
    """The map of how far each municipality has come, month by month."""
    if STANDING not in page.datasets:
        layout.header(page.words("map.title", service=choice.service.name), "kart")
        layout.lacking(page, page.words("state.lacking", release=page.release.name))
        return
    stretches = queries.tiles(page, choice.service.service)
    if not stretches:
        return
    months = [month for month, _ in maps.months(stretches)]
    at, unknown = filters.map_month(months, page.link, choice.month, page.words)
    layout.say_unknown([unknown] if unknown else [], page.words)
    filters.stand_map_on(at)
    if len(kind.labels) > 1:
        filters.draw([kind], page.words)
    playing = bool(st.session_state.get(PLAYING))
    layout.fragment(page, map_of_a_month, EVERY_SECONDS if playing else None)(page, choice, now, stretches, kind.value)

    def offered() -> None:
        drawn = panels.on_the_map(page, choice, now, filters.map_stands_on(months))
        if isinstance(drawn, Panel):
            layout.files(page, drawn)

    layout.fold(page, page.words("map.files"), "map", offered)
    layout.note(shared_narrative.source_in_words((STANDING,), page.release.name, page.words))


def map_of_a_month(page: Page, choice: Choice, now: Row, stretches: list[Row], kind: str) -> None:
    """The map with its slider and the button that plays it, zoomed to the chosen county or network."""
    words, service, area = page.words, choice.service, choice.area
    months = {filters.month_value(first_day): first_day for first_day, _ in maps.months(stretches)}
    own, _ = filters.map_month(list(months.values()), {}, choice.month, words)
    above = st.container()
    at, skipped = player(months, maps.months(stretches), own, words)
    month = months[at]
    shown, network = panels.tiles(page, service.service, stretches, month), panels.network_of(area)
    inside = [tile for tile in shown if tile.is_in(area.area_kind, area.area)]
    with above:
        title = maps.title(inside or shown, service.name, month, words, filters.area_in_text(area, words))
        layout.header(title, "kart")
    label = formatting.month(month, words.language)
    just_this = {filters.MAP_MONTH: at, filters.RELEASE: page.release.name}
    # the link at the end of the page was written before the slider moved
    share = words("map.share", month=label) if at != own else ""
    layout.note(share, link=filters.link(page.link, just_this))
    borders = layout.borders(page) if kind == "geografisk" else None
    link = maps.municipality_links({filters.SERVICE: service.service, **layout.carried(page)})
    if borders is None:
        layout.note(" ".join([words("map.subtitle", service=service.name, month=label), skipped]))
        codes = [tile.code for tile in inside] if panels.area_of_its_own(area) else []
        mine = filters.municipality(page, "").value
        st.html(maps.tile_map(shown, service.name, month, words, link=link, network=network, inside=codes, mine=mine))
        return
    layout.note(" ".join([words("map.subtitle.geographic", service=service.name, month=label), skipped]))
    drawn = panels.on_the_map(page, choice, now, month, pictured=False)
    if isinstance(drawn, Panel):  # the page's own links to municipalities, and fetches the borders by itself
        own_chart = maps.geographic_map(shown, borders, words, link=link, network=network[0] if network else None)
        layout.draw(page, drawn, own_chart)
    st.html(maps.key(shown, words, network))
    st.html(maps.county_table(shown, service.name, month, words))
    lost = maps.not_drawn(shown, borders)
    if lost:
        layout.note(words("map.geometry.without", names=formatting.listing(lost, words.language)))
    if page.settings.map_geometry:
        layout.note(words("map.geometry.source", source=page.settings.map_geometry.name))


def player(months: dict[str, date], seen: list[tuple[date, bool]], own: str, words: Words) -> tuple[str, str]:
    """Draw the slider and the button that plays it, from the first observed month through the others to the last.

    Args:
        months: the slider's months by their value in the link.
        seen: the same, and whether anybody observed the service then.
        own: the page's own month, which the map shows when it has played.
        words: the texts.

    Returns:
        The month shown, and how many months without numbers the playing skips, in words.
    """
    observed = [filters.month_value(month) for month, is_observed in seen if is_observed]
    playing = st.session_state.get(PLAYING)
    if playing == "on":
        filters.play_map(observed)
    elif playing:
        st.session_state[PLAYING] = "on"  # the first month is shown before it moves
    labels = {value: formatting.month(first_day, words.language) for value, first_day in months.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_player"):
        at = filters.draw_map_slider(labels, own, words)
        pressed = st.button(words("map.stop" if playing else "map.play"), key="map_play")
    if pressed:
        st.session_state[PLAYING] = None if playing else "starts"
        if playing:
            filters.write_map_month(own)
        else:
            filters.start_map(observed[0])
        st.rerun()
    if playing and at == observed[-1]:
        st.session_state[PLAYING] = None
        filters.write_map_month(own)
        st.rerun()
    skipped = sum(
        not is_observed for month, is_observed in seen if observed[0] < filters.month_value(month) < observed[-1]
    )
    return at, words("map.skips", n=skipped) if skipped else ""


@layout.placed
def network_table(page: Page, choice: Choice, now: Row, areas: list[Area]) -> None:
    """Product × network, with the number in each cell."""
    words, month, shows = page.words, choice.month, panels.networks(page, choice, now)
    if month is None or shows is None:
        return
    cells = queries.network_table(page, month)
    columns = [area for area in areas if area.area_kind != "COUNTY" and not area.part]
    services = shared_queries.services(page)
    unseen = sum(1 for service in services if not service.external) - len({cell.service for cell in cells})
    layout.header(narrative.network_title(network_cells(page, choice), words), "nettverk")
    subtitle = words("uptake.table.subtitle", month=formatting.month(month, words.language), missing=unseen)
    layout.note(subtitle)
    st.html(tables.network_table(cells, columns, choice.service.service, choice.area.area, words, month))
    bases = sorted({cell.active_basis for cell in cells}, reverse=True)
    defined = downloads.defined(*(words(f"made.active.{basis}") for basis in bases))
    layout.files(page, shows, about={words("made.definition.title"): defined})
    unsure = [shared_narrative.short(column.name) for column in columns if column.unsure]
    doubt = words("uptake.table.networks", unsure=formatting.listing(unsure, words.language)) if unsure else ""
    layout.note(
        " ".join([doubt, shared_narrative.source_in_words(("uptake.funnel",), page.release.name, words)]).strip()
    )


@layout.placed
def suppliers(page: Page, choice: Choice, now: Row) -> None:
    """One call that opens many: suppliers by service, whom to call first at the top, and who waits for the chosen."""
    words, service, shows = page.words, choice.service, panels.suppliers(page, choice, now)
    if shows is None:
        return
    place = filters.area_in_text(choice.area, words)
    listed = queries.suppliers(page, choice.area)
    services_with_facts = {row.service for row in listed if row.active is not None or row.supplier_ready != "UNKNOWN"}
    suppliers = [row for row in listed if row.service in services_with_facts]
    if not suppliers:
        layout.header(words("suppliers.title.none"), "leverandorer")
        st.markdown(words("suppliers.none", area=place))
        return
    subtitle = words("suppliers.subtitle", area=place)
    layout.header(narrative.suppliers_title(suppliers, words), "leverandorer", subtitle=subtitle)
    st.html(tables.suppliers_by_service(suppliers, service.service, words))
    defined = downloads.defined(subtitle, words("made.ready"))
    layout.files(page, shows, about={words("filter.omrade"): place, words("made.definition.title"): defined})
    layout.source(page, shows)
    own = [row for row in suppliers if row.service == service.service]
    if not own:
        layout.note(words("suppliers.untold", service=service.name))
        return

    def listing() -> None:
        st.html(tables.suppliers(own, words))

    layout.fold(page, words("suppliers.open", n=len(own), service=service.name), "suppliers", listing)


opened = layout.open_page("uptake.title")
if opened:
    show(opened)
