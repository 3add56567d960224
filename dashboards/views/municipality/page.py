"""Kommune: a municipality and all services, or all municipalities of an area. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import filters, layout
from dashboards.shared import pages, report_files
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables as shared_tables
from dashboards.shared.models import STANDING
from dashboards.views.municipality import narrative, panels, queries, tables
from dashboards.views.municipality.panels import choice, opening, opening_of

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.views.municipality.panels import Choice

DATASETS: Final = (STANDING, "usage.municipality_month", "usage.municipality_measure_month")


def title(page: Page) -> str:
    """The municipality's name; the page's own title where none is chosen."""
    return opening(page).title or page.words("municipality.title")


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, rests_on = page.words, choice(page)
    if rests_on is None:
        layout.lacking(page, words("municipality.lacks"))
        layout.contact(page)
        return
    first = opening_of(page, rests_on)
    layout.head(page, first.answer, DATASETS, rests_on.chosen)
    if rests_on.code:
        layout.figures(page, first.figures, opening=opening)
        report = report_files.of_municipality(rests_on.code, page.release.name, words.language)
        layout.note(words("municipality.report"), link=report)
        municipality(page, rests_on)
    elif rests_on.area.area_kind != "NO":
        area(page, rests_on)
    else:
        choose(page, rests_on)
    layout.foot(page, [words(f"municipality.made.{name}") for name in ("standing", "similar", "use")], DATASETS)


def municipality(page: Page, rests_on: Choice) -> None:
    """All services of a municipality."""
    words, code, month = page.words, rests_on.code, rests_on.month
    standings, shows = shared_queries.standings(page, code, month), panels.services(page, rests_on)
    if shows is None:
        return
    layout.header(shows.title, anchor="tjenester", subtitle=shows.subtitle)
    use = queries.use(page, code, month, words.language)
    kept = layout.carried(page)
    st.html(shared_tables.pictured(tables.services(standings, use, code, month, kept, words)))
    layout.note(narrative.notes(standings, use, month, page.release.as_of, words))
    layout.files(page, shows)
    link = f"{pages.address('usage')}{filters.link(kept, {pages.MUNICIPALITY: code})}"
    layout.note(words("municipality.to_usage", name=rests_on.name), link=link)


def choose(page: Page, rests_on: Choice) -> None:
    """The networks and counties to choose among, with how far each has come."""
    words, kept, rows = page.words, layout.carried(page), queries.areas_answered(page, rests_on.month).rows
    every, shows = shared_queries.areas(page), panels.areas(page, rests_on)
    for kind in ("NETWORK", "COUNTY"):
        title = words(f"municipality.choose.{kind}")
        layout.header(title, anchor=kind.lower(), subtitle=shows.subtitle if shows and kind == "NETWORK" else "")
        listed = [area for area in every if area.area_kind == kind]
        st.html(tables.areas(listed, rows, title, kept, words))
    if shows:
        layout.files(page, shows)


def area(page: Page, rests_on: Choice) -> None:
    """All municipalities of an area, by service."""
    words, month = page.words, rests_on.month
    cells, shows = queries.matrix(page, rests_on.area, month), panels.matrix(page, rests_on)
    if shows is None:
        st.info(words("municipality.matrix.none"), icon=":material/search_off:")
        return
    layout.header(shows.title, anchor="tjenester")
    st.html(tables.key(words))
    st.html(tables.matrix(cells, month, layout.carried(page), words))
    layout.files(page, shows)


opened = layout.open_page("municipality.title", named=title)
if opened:
    show(opened)
