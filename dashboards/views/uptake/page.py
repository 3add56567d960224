"""Utbredelse: from agreement to use, network by product, and who is missing. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.page import downloads, filters, layout
from dashboards.page.filters import Choice
from dashboards.release.query import GAPS, Area
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.views.uptake import charts, maps, narrative, queries, tables
from dashboards.views.uptake import downloads as uptake_downloads
from dashboards.views.uptake.models import CALLS, FORECAST, STANDING
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from dashboards.page.filters import Filter
    from dashboards.page.layout import Page
    from dashboards.release.query import Service
    from dashboards.views.uptake.models import Funnel, NetworkCell, Stretch

DATASETS = ("uptake.funnel", "uptake.status_month", "uptake.step_event")
COUNTRY = Area("NO", "NO", "NO")
KIND = "kart"
PLAYING = "map_playing"
EVERY_SECONDS = 0.7
LATER = (*CALLS, FORECAST, STANDING)
"""Datasets that older releases lack."""


def chosen(page: Page, services: list[Service], areas: list[Area]) -> Choice:
    """What the link asks for, as far as the release has it."""
    link, words = layout.parameters(), page.words
    service, no_service = filters.service(link, services, words)
    area, no_area = filters.area(link, areas, words)
    observed = queries.months(page, service.service, area)
    month, no_month = filters.month(link, observed, words)
    unknown = (*(unmet for unmet in (no_service, no_area, no_month) if unmet), *map_kind(page).unknown)
    return Choice(service, area, month, tuple(observed), unknown)


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
    choice = chosen(page, services, areas)
    service, area, month = choice.service, choice.area, choice.month
    history = queries.funnel(page, service.service, area, month) if month else []
    place = filters.area_in_text(area, words)
    if history:
        layout.answer(narrative.answer(history, service.name, place, words))
    layout.freshness(page, max(choice.months, default=None))
    has = page.datasets
    used = [*DATASETS, *(name for name in LATER if name in has)]
    layout.banners(page, used)
    layout.say_unknown(choice.unknown, words)
    filters.show(choice, services, areas, words)
    if month is None or not history:
        empty(page, choice, services)
        layout.contact(page)
        return
    now, basis = history[0], history[0].active_basis
    if now.synthetic:
        st.warning(
            words("state.synthetic", service=service.name),
            title=words("state.synthetic.title"),
            icon=":material/science:",
        )
    lacking(page, choice, basis)
    left_out = queries.left(page, service.service, area, month)
    registered = shared_queries.registered_steps(page, service.service, month)
    cells = queries.network_table(page, month)
    by_area = {cell.area: cell for cell in cells if cell.service == service.service and cell.month == month}
    networks = [
        (area, by_area[area.area])
        for area in areas
        if area.area_kind == "NETWORK" and not area.part and area.area in by_area
    ]
    layout.figures(page, narrative.figures(history, registered, left_out, networks, words), "uptake.figures")

    left, right = st.columns(2, gap="large")
    with left:
        funnel(page, choice, now, registered)
    with right:
        curve(page, choice, now)
    on_the_map(page, choice)
    launched(page, choice, now)
    network_table(page, choice, cells, areas, networks)
    whom_to_call(page, choice, basis)
    gaps_told = basis == "USE" and GAPS in has
    layout.foot(
        page,
        [
            words(f"made.active.{basis}"),
            *([words("made.lacking")] if gaps_told else []),
            words("made.share"),
            words("made.left"),
            words("made.steps"),
            *([words("made.priority"), words("made.ready")] if has.issuperset(CALLS) else []),
            *([words("made.forecast")] if FORECAST in has else []),
            words("made.comparison"),
        ],
        (*used, GAPS) if gaps_told else used,
    )


def lacking(page: Page, choice: Choice, basis: str) -> None:
    """Warn before any figure: of missing deliveries where use is measured, else of who fell off a source's list."""
    words, month = page.words, choice.month
    if month is None:
        return
    service, area = choice.service.service, choice.area
    if basis != "USE":
        layout.note(narrative.off_list(queries.off_list(page, service, area, month), words))
        return
    without_delivery = queries.lacking(page, service, area, month)
    if without_delivery:
        st.warning(
            narrative.lacking(without_delivery, month, words),
            title=words("uptake.lacking.title"),
            icon=":material/event_busy:",
        )
    if month == max(choice.months):
        now = page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
        codes = {municipality.municipality_code for municipality in without_delivery}
        since = queries.lacking(page, service, area, now) if now > month else []
        later = [municipality for municipality in since if municipality.municipality_code not in codes]
        layout.note(narrative.lacking_since(later, month, words))


def funnel(page: Page, choice: Choice, now: Funnel, registered: frozenset[str]) -> None:
    """The steps from agreement to use."""
    words = page.words
    steps = narrative.steps(now, registered, words)
    layout.header(narrative.funnel_title(now, words))
    layout.note(narrative.funnel_subtitle(now, filters.area_in_text(choice.area, words), words))
    layout.shown(
        page,
        queries.funnel_asked(page, choice.service.service, choice.area, now.month),
        name=f"steg_{choice.service.service}_{choice.area.area}",
        source=["uptake.funnel"],
        chart=charts.funnel(steps, now.municipalities, words),
        alt=charts.funnel_in_words(steps, now.municipalities, choice.service.name, now.month, words),
        columns=["month", "annexed", "configured", "activated", "active", "active_basis", "municipalities"],
    )
    if any(step.inferred for step in steps):
        layout.note(words("uptake.funnel.inferred"))


def curve(page: Page, choice: Choice, now: Funnel) -> None:
    """The service's spread, month by month, with the unobserved months."""
    words, service = page.words, choice.service.service
    points = queries.curve(page, service, choice.area)
    own = [point for point in points if point.service == service]
    until = max(page.release.through_month or now.month, now.month)
    layout.header(narrative.curve_title(own, now.active_basis, words))
    subtitle = words(f"uptake.curve.subtitle.{now.active_basis}", area=filters.area_in_text(choice.area, words))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=now.synthetic))
    has_outlook = FORECAST in page.datasets
    # a forecast is for the country, and starts from the last month
    foreseen = choice.area.area_kind == "NO" and now.month == max(choice.months)
    outlook = queries.forecast(page, service) if has_outlook and foreseen else []
    expected = ""
    if foreseen:
        older = words("forecast.not_in_release", release=page.release.name)
        expected = narrative.outlook(outlook, own, until, words) if has_outlook else older
    text = charts.curve_in_words(points, service, until, words)
    layout.shown(
        page,
        queries.curve_asked(page, service, choice.area),
        name=f"kurve_{service}_{choice.area.area}",
        source=["uptake.funnel", *([FORECAST] if outlook else [])],
        chart=charts.curve(points, service, until, words, outlook),
        alt=f"{text} {expected}" if outlook else text,
        columns=["name", "external", "month", "active", "active_basis", "municipalities"],
    )
    drawn = [narrative.dashed(points, words), words("forecast.drawn") if outlook else ""]
    layout.note(expected)
    layout.note(" ".join(note for note in drawn if note))
    layout.note(narrative.gaps_in_words(shared_narrative.gaps([point.month for point in own], until), words))
    if outlook:
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


def on_the_map(page: Page, choice: Choice) -> None:
    """The map of how far each municipality has come, month by month."""
    if STANDING not in page.datasets:
        layout.header(page.words("map.title", service=choice.service.name))
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
    layout.header(page.words("map.title", service=choice.service.name))
    kind = map_kind(page)
    if len(kind.labels) > 1:
        filters.draw([kind], page.words)
    playing = bool(st.session_state.get(PLAYING))
    layout.piece(page, map_of_a_month, EVERY_SECONDS if playing else None)(page, choice, stretches, kind.value)
    offered = partial(layout.files, page, answer, f"kart_{choice.service.service}")
    layout.closed(page, page.words("map.files"), "map", offered)
    layout.note(page.words("uptake.source", source=STANDING, release=page.release.name))


def map_of_a_month(page: Page, choice: Choice, stretches: list[Stretch], kind: str) -> None:
    """The map with its slider, and a button that plays it from the current month to the last."""
    words, service = page.words, choice.service
    months = {filters.month_value(first_day): first_day for first_day, _ in maps.months(stretches)}
    labels = {value: formatting.month(first_day, words.language) for value, first_day in months.items()}
    own, _ = filters.map_month(list(months.values()), {}, choice.month, words)
    playing = bool(st.session_state.get(PLAYING))
    if playing:
        filters.play_map(list(months))
    at = filters.draw_map_slider(labels, own, words)
    if st.button(words("map.stop" if playing else "map.play"), key="map_play"):
        st.session_state[PLAYING] = not playing
        filters.write_map_month(own)
        st.rerun()
    if playing and at == list(months)[-1]:
        st.session_state[PLAYING] = False
        filters.write_map_month(own)
        st.rerun()
    month = months[at]
    shown = maps.tiles(stretches, month)
    if maps.basis(shown) == "USE":
        gaps = queries.lacking(page, service.service, COUNTRY, month)
        shown = maps.tiles(stretches, month, [gap.municipality_code for gap in gaps])
    network = (
        (choice.area.area, shared_narrative.short(choice.area.name)) if choice.area.area_kind == "NETWORK" else None
    )
    layout.subheader(maps.title(shown, service.name, month, words))
    if at != own:  # the link at the end of the page was written before the slider moved
        just_this = {filters.MAP_MONTH: at, filters.RELEASE: page.release.name}
        layout.note(words("map.share", month=labels[at]), link=filters.link(page.link, just_this))
    borders = layout.borders(page) if kind == "geografisk" else None
    also = {filters.SERVICE: service.service, **layout.carried(page)}

    def link(code: str) -> str:
        return maps.municipality_link(code, also)

    if borders is None:
        layout.note(words("map.subtitle", service=service.name, month=labels[at]))
        st.html(maps.tile_map(shown, service.name, month, words, link=link, network=network))
        return
    layout.note(words("map.subtitle.geographic", service=service.name, month=labels[at]))
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


def launched(page: Page, choice: Choice, now: Funnel) -> None:
    """All services from launch, the chosen one highlighted."""
    words, service, area = page.words, choice.service, filters.area_in_text(choice.area, page.words)
    answer = queries.launched(page, choice.area)
    text = charts.launched_in_words(answer.rows, service.service, words)
    layout.header(words("uptake.launched.title", said=text))
    note = words("uptake.launched.subtitle", area=area, name=service.name)
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


def network_table(
    page: Page,
    choice: Choice,
    cells: list[NetworkCell],
    areas: list[Area],
    networks: list[tuple[Area, NetworkCell]],
) -> None:
    """Product × network, with the number in each cell."""
    words, month = page.words, choice.month
    if month is None or not cells:
        return
    columns = [area for area in areas if area.area_kind != "COUNTY" and not area.part]
    services = shared_queries.services(page)
    unseen = sum(1 for service in services if not service.external) - len({cell.service for cell in cells})
    layout.header(narrative.network_title(networks, words))
    subtitle = words("uptake.table.subtitle", month=formatting.month(month, words.language), missing=unseen)
    if any(cell.synthetic for cell in cells):
        subtitle += " " + words("uptake.table.synthetic")
    layout.note(subtitle)
    st.html(tables.network_table(cells, columns, choice.service.service, choice.area.area, words))
    answer = queries.network_table_asked(page, month)
    bases = sorted({cell.active_basis for cell in cells}, reverse=True)
    defined = downloads.defined(*(words(f"made.active.{basis}") for basis in bases))
    layout.files(page, answer, f"nettverk_{month:%Y-%m}", about={words("made.definition.title"): defined})
    unsure = [shared_narrative.short(column.name) for column in columns if column.unsure]
    if unsure:
        layout.note(words("uptake.table.networks", unsure=formatting.listing(unsure, words.language)))
    layout.note(words("uptake.source", source="uptake.funnel", release=page.release.name))


def whom_to_call(page: Page, choice: Choice, basis: str) -> None:
    """The call list and its suppliers, of the last month; an older month shows only a link to them."""
    words, month, release = page.words, choice.month, page.release
    if month is None:
        return
    if not page.datasets.issuperset(CALLS):
        layout.header(words("calls.title.plain"))
        st.info(words("calls.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        return
    if not page.visitor.sees_connections_of(networks=[choice.area.area]):
        layout.header(words("calls.title.plain"))
        st.info(words("calls.closed"), icon=":material/lock:")
        return
    last = max(choice.months)
    if month != last:
        layout.header(words("calls.title.plain"))
        shown, newest = (formatting.month(when, words.language) for when in (month, last))
        link = filters.link(layout.parameters(), {filters.MONTH: None})
        st.markdown(words("calls.older", month=shown, last=newest, link=link))
        return
    calls(page, choice, month, basis)
    suppliers(page, choice)


def calls(page: Page, choice: Choice, month: date, basis: str) -> None:
    """Whom to call, who declined, how a follow-up is registered, and the list as files."""
    words, release, service = page.words, page.release, choice.service
    place = filters.area_in_text(choice.area, words)
    answer = queries.calls(page, service.service, choice.area)
    listed = queries.as_calls(answer)
    declined = narrative.declined(queries.declined(page, service.service, choice.area), words)
    if not listed:
        layout.header(words("calls.title.plain"))
        st.markdown(words("calls.none", area=place, service=service.name) + " " + declined)
        return
    first = sum(call.priority == 1 for call in listed)
    noun = words.municipalities(len(listed))
    synthetic = any(call.synthetic for call in listed)
    key = "calls.title" if first else "calls.title.none_first"
    title = words(key, n=len(listed), noun=noun, service=service.name, first=first)
    # a row may be synthetic only in its supplier: then the row says so, and who waits is real
    layout.header(title + shared_narrative.synthetic_note(words, synthetic=all(call.synthetic for call in listed)))
    of, active = listed[0].month, listed[0].active_month
    of_in_text, active_in_text = (formatting.month(when, words.language) for when in (of, active))
    key = "calls.subtitle" if of == active else "calls.subtitle.use"
    sentences = [words(key, area=formatting.first(place), month=of_in_text, active=active_in_text)]
    if of > month:
        sentences.append(
            words("calls.open_month", month=formatting.month(month, words.language), of=formatting.first(of_in_text))
        )
    layout.note(" ".join([*sentences, words("calls.order")]))
    marked = sum(call.no_delivery_since is not None for call in listed)
    if marked:
        layout.note(words("calls.lacking", n=marked, noun=words.municipalities(marked)))
    st.html(tables.calls(listed, basis, words))
    layout.note(declined)
    layout.note(words("calls.wait"))
    source = ", ".join([*CALLS[:2], *([GAPS] if marked else [])])
    layout.note(words("uptake.source", source=source, release=release.name))
    about = downloads.about(service.name, place, of, release.name, words)
    if synthetic:
        about[words("column.synthetic")] = words("value.yes")
    files(page, choice, answer, about, basis)
    network = choice.area.area if choice.area.area_kind == "NETWORK" else words("calls.follow_up.network")
    file = words("calls.follow_up.file")
    form, merge = f"dif report network {network} --follow-up {file}", f"dif register merge follow_up {file}"
    st.markdown(f"**{words('calls.follow_up.title')}.** {words('calls.follow_up')}")
    layout.commands(words("calls.follow_up.commands"), form, merge)


def files(page: Page, choice: Choice, answer: pa.Table, about: dict[str, str], basis: str) -> None:
    """The call list as files."""
    words, release = page.words, page.release
    service, month = choice.service.service, answer["month"][0].as_py()
    header, rows = uptake_downloads.call_rows(answer, basis, release.name, words)
    query, asked = queries.calls_sql(page), queries.calls_asked(page, service, choice.area)
    name = [service, choice.area.area]
    kinds = {
        "xlsx": lambda: downloads.as_xlsx(header, rows, about, words, "download.sheet"),
        "csv": lambda: downloads.as_csv(header, rows),
        "parquet": lambda: downloads.as_parquet(answer, about),
        "sql": lambda: downloads.as_sql(query, asked, about),
    }
    with st.container(horizontal=True, key="downloads"):
        for kind, make in kinds.items():
            layout.file(page, kind, make, downloads.file_name(name, month, kind))


def suppliers(page: Page, choice: Choice) -> None:
    """One call that opens many: the suppliers' systems that waiting municipalities were seen using."""
    words, service = page.words, choice.service
    place = filters.area_in_text(choice.area, words)
    answer = queries.suppliers_asked(page, service.service, choice.area)
    listed = queries.suppliers(page, service.service, choice.area)
    answered = [supplier for supplier in listed if supplier.active is not None or supplier.supplier_ready != "UNKNOWN"]
    if not answered:
        layout.header(words("suppliers.title.none"))
        st.markdown(words("suppliers.untold" if listed else "suppliers.none", area=place, service=service.name))
        return
    layout.header(narrative.suppliers_title(listed, words))
    layout.note(words("suppliers.subtitle", area=place))
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


opened = layout.opened("uptake.title")
if opened:
    show(opened)
