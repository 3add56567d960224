"""Utbredelse: from agreement to use, network by product, and who is missing. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.page import downloads, filters, layout
from dashboards.release.query import GAPS, Area
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.views.uptake import call_list, charts, maps, narrative, panels, queries, tables
from dashboards.views.uptake import downloads as uptake_downloads
from dashboards.views.uptake.chosen import chosen, history
from dashboards.views.uptake.models import CALLS, FORECAST, STANDING
from dashboards.views.uptake.opening import networks, opening
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.filters import Choice, Filter
    from dashboards.page.layout import Page
    from dashboards.release.query import Service
    from dashboards.views.uptake.models import Funnel, Stretch
    from dashboards.words import Words

DATASETS = ("uptake.funnel", "uptake.status_month", "uptake.step_event")
COUNTRY = Area("NO", "NO", "NO")
KIND = "kart"
PLAYING = "map_playing"
EVERY_SECONDS = 0.7
LATER = (*CALLS, FORECAST, STANDING)
"""Datasets that older releases lack."""


def map_kind(page: Page) -> Filter:
    """Which map: tiles, or geographic where borders are given."""
    kinds = {"sekskant": page.words("map.kind.tiles")}
    if page.settings.map_geometry:
        kinds["geografisk"] = page.words("map.kind.geographic")
    return filters.single_choice(KIND, page.link, kinds, switch=True)


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
    if first.answer:
        layout.answer(first.answer)
    layout.freshness(page, first.observed)
    has = page.datasets
    used = [*DATASETS, *(name for name in LATER if name in has)]
    layout.banners(page, used)
    layout.say_unknown((*choice.unknown, *kind.unknown), words)
    filters.show(choice, services, areas, words)
    layout.contents()
    if month is None or not past:
        empty(page, choice, services)
        layout.contact(page)
        return
    now, basis = past[0], past[0].active_basis
    lacking(page, choice, basis)
    layout.figures(page, first.figures, "uptake.figures")
    call_list.show(page, choice, basis)
    left, right = st.columns(2, gap="large")
    with left:
        layout.panel(page, panels.funnel(page, choice, now), anchor="steg")
    with right:
        curve(page, choice, now)
    on_the_map(page, choice, kind)
    network_table(page, choice, areas)
    launched(page, choice, now)
    if call_list.is_shown(page, choice):
        suppliers(page, choice)
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
    said = [narrative.lacking(without_delivery, month, words)] if without_delivery else []
    if month == max(choice.months):
        now = page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
        codes = {municipality.municipality_code for municipality in without_delivery}
        since = queries.lacking(page, service, area, now) if now > month else []
        later = [municipality for municipality in since if municipality.municipality_code not in codes]
        said.append(narrative.lacking_since(later, month, words))
    layout.note(" ".join(x for x in said if x))


def curve(page: Page, choice: Choice, now: Funnel) -> None:
    """The service's spread, month by month, and the forecast as a table where it is drawn."""
    words, service = page.words, choice.service.service
    drawn = panels.curve(page, choice, now)
    layout.panel(page, drawn, anchor="kurve")
    if FORECAST in drawn.source:
        foreseen_table = partial(
            layout.shown,
            page,
            queries.forecast_asked(page, service),
            name=f"framskriving_{service}",
            source=[FORECAST],
            columns=["month", "low", "expected", "high"],
            caption=words("forecast.caption"),
        )
        layout.closed(page, words("forecast.open"), "forecast", foreseen_table)


def on_the_map(page: Page, choice: Choice, kind: Filter) -> None:
    """The map of how far each municipality has come, month by month."""
    if STANDING not in page.datasets:
        layout.header(page.words("map.title", service=choice.service.name), "kart")
        layout.lacking(page, page.words("state.lacking", release=page.release.name))
        return
    answer = queries.tiles_asked(page, choice.service.service)
    stretches = queries.as_stretches(answer)
    if not stretches:
        return
    months = [month for month, _ in maps.months(stretches)]
    at, unknown = filters.map_month(months, page.link, choice.month, page.words)
    layout.say_unknown([unknown] if unknown else [], page.words)
    filters.stand_map_on(at)
    if len(kind.labels) > 1:
        filters.draw([kind], page.words)
    playing = bool(st.session_state.get(PLAYING))
    layout.piece(page, map_of_a_month, EVERY_SECONDS if playing else None)(page, choice, stretches, kind.value)
    offered = partial(layout.files, page, answer, f"kart_{choice.service.service}")
    layout.closed(page, page.words("map.files"), "map", offered)
    layout.note(page.words("uptake.source", source=STANDING, release=page.release.name))


def map_of_a_month(page: Page, choice: Choice, stretches: list[Stretch], kind: str) -> None:
    """The map with its slider and the button that plays it, zoomed to the chosen county or network."""
    words, service, area = page.words, choice.service, choice.area
    months = {filters.month_value(first_day): first_day for first_day, _ in maps.months(stretches)}
    own, _ = filters.map_month(list(months.values()), {}, choice.month, words)
    above = st.container()
    at, skipped = player(months, maps.months(stretches), own, words)
    month = months[at]
    shown = maps.tiles(stretches, month)
    if maps.basis(shown) == "USE":
        gaps = queries.lacking(page, service.service, COUNTRY, month)
        shown = maps.tiles(stretches, month, [gap.municipality_code for gap in gaps])
    network = (area.area, shared_narrative.short(area.name)) if area.area_kind == "NETWORK" else None
    inside = [tile for tile in shown if tile.is_in(area.area_kind, area.area)]
    with above:
        title = maps.title(inside or shown, service.name, month, words, filters.area_in_text(area, words))
        layout.header(title, "kart")
    label = formatting.month(month, words.language)
    if at != own:  # the link at the end of the page was written before the slider moved
        just_this = {filters.MAP_MONTH: at, filters.RELEASE: page.release.name}
        layout.note(words("map.share", month=label), link=filters.link(page.link, just_this))
    borders = layout.borders(page) if kind == "geografisk" else None
    also = {filters.SERVICE: service.service, **layout.carried(page)}

    def link(code: str) -> str:
        return maps.municipality_link(code, also)

    if borders is None:
        layout.note(" ".join([words("map.subtitle", service=service.name, month=label), skipped]))
        codes = [tile.code for tile in inside] if area.area_kind != "NO" else []
        st.html(maps.tile_map(shown, service.name, month, words, link=link, network=network, inside=codes))
        return
    layout.note(" ".join([words("map.subtitle.geographic", service=service.name, month=label), skipped]))
    layout.draw(
        maps.geographic_map(shown, borders, words, link=link, network=network[0] if network else None),
        maps.tile_map_in_words(shown, service.name, month, words),
    )
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


def launched(page: Page, choice: Choice, now: Funnel) -> None:
    """All services from launch, the chosen one highlighted."""
    words, service, area = page.words, choice.service, filters.area_in_text(choice.area, page.words)
    answer = queries.launched(page, choice.area)
    text = charts.launched_in_words(answer.rows, service.service, words)
    layout.header(words("uptake.launched.title", said=text), "lansering")
    note = words("uptake.launched.subtitle", area=area, name=service.name)

    def drawn() -> None:
        layout.note(note + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
        layout.shown(
            page,
            answer,
            name=f"fra_lansering_{choice.area.area}",
            source=["uptake.funnel", "reference.product"],
            chart=charts.launched(answer.rows, service.service, now.municipalities, words),
            alt=text,
            columns=["name", "age_months", "month", "active", "active_basis"],
        )

    layout.closed(page, words("uptake.launched.open"), "launched", drawn)


def network_table(page: Page, choice: Choice, areas: list[Area]) -> None:
    """Product × network, with the number in each cell."""
    words, month = page.words, choice.month
    cells = queries.network_table(page, month) if month else []
    if month is None or not cells:
        return
    columns = [area for area in areas if area.area_kind != "COUNTY" and not area.part]
    services = shared_queries.services(page)
    unseen = sum(1 for service in services if not service.external) - len({cell.service for cell in cells})
    layout.header(narrative.network_title(networks(page, choice), words), "nettverk")
    subtitle = words("uptake.table.subtitle", month=formatting.month(month, words.language), missing=unseen)
    layout.note(subtitle)
    st.html(tables.network_table(cells, columns, choice.service.service, choice.area.area, words, month))
    answer = queries.network_table_asked(page, month)
    bases = sorted({cell.active_basis for cell in cells}, reverse=True)
    defined = downloads.defined(*(words(f"made.active.{basis}") for basis in bases))
    layout.files(page, answer, f"nettverk_{month:%Y-%m}", about={words("made.definition.title"): defined})
    unsure = [shared_narrative.short(column.name) for column in columns if column.unsure]
    doubt = words("uptake.table.networks", unsure=formatting.listing(unsure, words.language)) if unsure else ""
    layout.note(" ".join([doubt, words("uptake.source", source="uptake.funnel", release=page.release.name)]).strip())


def suppliers(page: Page, choice: Choice) -> None:
    """One call that opens many: the suppliers' systems that waiting municipalities were seen using."""
    words, service = page.words, choice.service
    place = filters.area_in_text(choice.area, words)
    answer = queries.suppliers_asked(page, service.service, choice.area)
    listed = queries.suppliers(page, service.service, choice.area)
    answered = [supplier for supplier in listed if supplier.active is not None or supplier.supplier_ready != "UNKNOWN"]
    if not answered:
        layout.header(words("suppliers.title.none"), "leverandorer")
        st.markdown(words("suppliers.untold" if listed else "suppliers.none", area=place, service=service.name))
        return
    layout.header(narrative.suppliers_title(listed, words), "leverandorer")
    layout.note(words("suppliers.subtitle", area=place))

    def listing() -> None:
        st.html(tables.suppliers(listed, words))
        layout.files(
            page,
            answer,
            f"leverandorer_{service.service}_{choice.area.area}",
            rows=partial(uptake_downloads.supplier_rows, release=page.release.name),
            about={
                words("column.service"): service.name,
                words("filter.omrade"): place,
                words("made.definition.title"): downloads.defined(
                    words("suppliers.subtitle", area=place), words("made.ready")
                ),
            },
        )
        layout.note(words("uptake.source", source=CALLS[2], release=page.release.name))

    layout.closed(page, words("suppliers.open", n=len(listed)), "suppliers", listing)


opened = layout.opened("uptake.title")
if opened:
    show(opened)
