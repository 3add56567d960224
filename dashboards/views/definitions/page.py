"""Definisjoner: every number that pages show, and the terms they use. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import filters, layout, protection
from dashboards.shared.pages import DATASET, address
from dashboards.views.definitions import narrative, tables
from dashboards.views.definitions.panels import METRIC, opening

if TYPE_CHECKING:
    from dashboards.page.layout import Page

SOUGHT: Final = "sok"


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    if METRIC not in page.datasets:
        st.info(words("definitions.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        layout.contact(page)
        return
    metrics = page.rows("definitions/metrics", language=words.language)
    layout.head(page, opening(page).answer, (METRIC,))
    sought = filters.sought(SOUGHT, page.link, words)
    numbers = narrative.numbers(metrics, sought)
    terms = narrative.terms(sought, words)
    abbreviations = narrative.abbreviations(sought, words)
    if not (numbers or terms or abbreviations):
        link = filters.link(page.link, {SOUGHT: None})
        title = words("definitions.none.title", sought=layout.plain(sought))
        st.info(words("definitions.none", link=link), title=title, icon=":material/search_off:")
    if numbers:
        key = "definitions.numbers.found" if sought else "definitions.numbers.title"
        layout.header(words(key, sought=sought, n=len(numbers)), anchor="tall")
        st.html(
            tables.numbers(
                narrative.by_page(numbers),
                lambda dataset: address("data") + filters.link(layout.carried(page), {DATASET: dataset}),
                words,
            )
        )
    for title, anchor, pairs in (("terms", "ord", terms), ("abbreviations", "forkortelser", abbreviations)):
        if pairs:
            heading = words(f"definitions.{title}.title")
            layout.header(heading, anchor=anchor)
            st.html(tables.terms(pairs, heading))
    if not sought:
        protection.show(page)
    layout.foot(page, [words("definitions.made")], (METRIC,), "definitions.made.limits")
    st.html(tables.TO_THE_LINKED, unsafe_allow_javascript=True)


opened = layout.open_page("definitions.title")
if opened:
    show(opened)
