"""Utbredelse: from agreement to use, network by product, and who has not yet. Only arranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboards import charts, downloads, filters, findings, frame, questions, tables, wording
from dashboards.filters import Choice

if TYPE_CHECKING:
    from dashboards.frame import Page
    from dashboards.questions import Area, Funnel, Service

DATASETS = ("uptake.funnel", "uptake.status_month", "uptake.step_event")
GAPS = "quality.expected_reporter"


def chosen(page: Page, services: list[Service], areas: list[Area]) -> Choice:
    """What the link asks for, as far as the release has it."""
    link, words = frame.parameters(), page.words
    service, no_service = filters.service(link, services, words)
    area, no_area = filters.area(link, areas, words)
    observed = questions.months(page.release, service.service, area)
    month, no_month = filters.month(link, observed, words)
    unknown = tuple(one for one in (no_service, no_area, no_month) if one)
    return Choice(service, area, month, tuple(observed), unknown)


def empty(page: Page, choice: Choice, services: list[Service]) -> None:
    """Why there is nothing to show, and the nearest that there is."""
    words, link = page.words, frame.parameters()
    area = filters.area_in_text(choice.area, words)
    if choice.service.months:
        why, nearest = (
            words("state.empty.area"),
            words("state.empty.area_link", link=filters.link(link, {filters.AREA: None, filters.MONTH: None})),
        )
    else:
        other = next((one for one in services if one.months and not one.external), None)
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
    """The page, from the answer down."""
    words, release = page.words, page.release
    services, areas = questions.services(release), questions.areas(release)
    choice = chosen(page, services, areas)
    service, area, month = choice.service, choice.area, choice.month
    history = questions.funnel(release, service.service, area, month) if month else []
    place = filters.area_in_text(area, words)
    if history:
        frame.answer(findings.answer(history, service.name, place, words))
    frame.freshness(page, max(choice.months, default=None))
    frame.banners(page, DATASETS)
    frame.say_unknown(choice.unknown, words)
    filters.show(choice, services, areas, words)
    if month is None or not history:
        empty(page, choice, services)
        frame.contact(page)
        return
    now, basis = history[0], history[0].active_basis
    if now.synthetic:
        st.warning(
            words("state.synthetic", service=service.name),
            title=words("state.synthetic.title"),
            icon=":material/science:",
        )
    missing = questions.not_yet(release, service.service, area, month)
    lacking(page, choice, missing, basis)
    registered = questions.registered_steps(release, service.service, month)
    cells = questions.network_table(release, month)
    by_area = {one.area: one for one in cells if one.service == service.service and one.month == month}
    networks = [
        (one, by_area[one.area]) for one in areas if one.area_kind == "NETWORK" and not one.part and one.area in by_area
    ]
    st.header(words("uptake.figures"))
    st.html(tables.key_figures(findings.figures(history, registered, missing, networks, words), words))
    frame.note(words("uptake.figures.definition"), link="#definisjoner")

    left, right = st.columns(2, gap="large")
    with left:
        funnel(page, choice, now, registered)
    with right:
        curve(page, choice, now)
    network_table(page, choice, cells, areas, networks)
    not_yet(page, choice, missing, basis)
    told = basis == "USE" and questions.tells_of_gaps(release)
    frame.made(
        page,
        [
            words(f"made.active.{basis}"),
            *([words("made.lacking")] if told else []),
            words("made.share"),
            words("made.left"),
            words("made.steps"),
            words("made.comparison"),
        ],
        frame.sources((*DATASETS, GAPS) if told else DATASETS, words.language),
    )
    frame.contact(page)


def lacking(page: Page, choice: Choice, missing: list[questions.NotYet], basis: str) -> None:
    """Where use is measured: that deliveries are missing, before any figure that a gap may make too low."""
    words, month = page.words, choice.month
    if month is None or basis != "USE":
        return
    service, area = choice.service.service, choice.area
    found = questions.lacking(page.release, service, area, month)
    if found:
        st.warning(
            findings.lacking(found, missing, month, words),
            title=words("uptake.lacking.title"),
            icon=":material/event_busy:",
        )
    if month == max(choice.months):
        now = page.release.as_of.astimezone(wording.OSLO).date().replace(day=1)
        known = {one.municipality_code for one in found}
        since = questions.lacking(page.release, service, area, now) if now > month else []
        later = [one for one in since if one.municipality_code not in known]
        frame.note(findings.lacking_since(later, month, words))


def funnel(page: Page, choice: Choice, now: Funnel, registered: frozenset[str]) -> None:
    """From agreement to use."""
    words, basis = page.words, now.active_basis
    steps = findings.steps(now, registered, words)
    lost = now.annexed - now.active
    st.header(words(f"uptake.funnel.title.{basis}", active=now.active, all=now.municipalities, lost=lost))
    month, area = wording.month(now.month, words.language), filters.area_in_text(choice.area, words)
    subtitle = words("uptake.funnel.subtitle", month=month, area=area)
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=now.synthetic))
    st.altair_chart(
        charts.funnel(steps, now.municipalities, words),
        theme=None,
        alt=charts.funnel_in_words(steps, now.municipalities, choice.service.name, now.month, words),
    )
    if any(one.inferred for one in steps):
        frame.note(words("uptake.funnel.inferred"))
    frame.note(words("uptake.source", source="uptake.funnel", release=page.release.name))


def curve(page: Page, choice: Choice, now: Funnel) -> None:
    """How the service spread, month by month, with the months that nobody observed."""
    words, service = page.words, choice.service.service
    points = questions.curve(page.release, service, choice.area)
    own = [one for one in points if one.service == service]
    until = max(page.release.through_month or now.month, now.month)
    st.header(findings.curve_title(own, now.active_basis, words))
    subtitle = words(f"uptake.curve.subtitle.{now.active_basis}", area=filters.area_in_text(choice.area, words))
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=now.synthetic))
    st.altair_chart(
        charts.curve(points, service, until, words),
        theme=None,
        alt=charts.curve_in_words(points, service, until, words),
    )
    if any(one.active_basis == "EVENT" for one in points):
        frame.note(words("uptake.curve.dashed"))
    frame.note(findings.gaps_in_words(findings.gaps([one.month for one in own], until), words))
    frame.note(words("uptake.source", source="uptake.funnel", release=page.release.name))


def network_table(
    page: Page,
    choice: Choice,
    cells: list[questions.NetworkCell],
    areas: list[Area],
    networks: list[tuple[Area, questions.NetworkCell]],
) -> None:
    """Product × network, with the number in each cell."""
    words, month = page.words, choice.month
    if month is None or not cells:
        return
    columns = [one for one in areas if one.area_kind != "COUNTY" and not one.part]
    services = questions.services(page.release)
    unseen = sum(1 for one in services if not one.external) - len({one.service for one in cells})
    st.header(findings.network_title(networks, words))
    subtitle = words("uptake.table.subtitle", month=wording.month(month, words.language), missing=unseen)
    if any(one.synthetic for one in cells):
        subtitle += " " + words("uptake.table.synthetic")
    frame.note(subtitle)
    st.html(tables.network_table(cells, columns, choice.service.service, choice.area.area, words))
    unsure = [findings.short(one.name) for one in columns if one.certainty in {"MENTIONED", "NOT_CONFIRMED"}]
    if unsure:
        frame.note(words("uptake.table.networks", unsure=wording.listing(unsure, words.language)))
    frame.note(words("uptake.source", source="uptake.funnel", release=page.release.name))


def not_yet(page: Page, choice: Choice, missing: list[questions.NotYet], basis: str) -> None:
    """Who has not, and the list as files."""
    words, month = page.words, choice.month
    if month is None:
        return
    service, place = choice.service, filters.area_in_text(choice.area, words)
    noun = words.municipalities(len(missing))
    st.header(words(f"uptake.not_yet.title.{basis}", n=len(missing), noun=noun, service=service.name))
    if not missing:
        st.markdown(words("uptake.not_yet.none", area=place))
        return
    subtitle = words("uptake.not_yet.subtitle", month=wording.month(month, words.language), area=place)
    frame.note(wording.first(subtitle))
    st.html(tables.not_yet(missing, basis, words))
    sources = ["uptake.status_month", "uptake.step_event"]
    if any(one.no_delivery_since for one in missing):
        sources.append(GAPS)
    frame.note(words("uptake.source", source=", ".join(sources), release=page.release.name))
    about = downloads.about(service.name, place, month, page.release.name, words)
    if any(one.synthetic for one in missing):
        about[words("column.synthetic")] = words("value.yes")
    on_each_row = {
        name: about[name] for name in (words("column.service"), words("column.month"), words("column.release"))
    }
    header, rows = downloads.not_yet_rows(missing, basis, on_each_row, words)
    query = questions.not_yet_sql(page.release)
    asked = questions.not_yet_parameters(service.service, choice.area, month)
    name = [service.service, choice.area.area]
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            words("download.xlsx"),
            lambda: downloads.as_xlsx(header, rows, about, words),
            file_name=downloads.file_name(name, month, "xlsx"),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            words("download.csv"),
            lambda: downloads.as_csv(header, rows),
            file_name=downloads.file_name(name, month, "csv"),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            words("download.sql"),
            lambda: downloads.as_sql(query, asked, about),
            file_name=downloads.file_name(name, month, "sql"),
            mime="application/sql",
            on_click="ignore",
            icon=":material/code:",
        )


opened = frame.opened("uptake.title")
if opened:
    show(opened)
