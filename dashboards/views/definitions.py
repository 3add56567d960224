"""Definisjoner: every number that a page shows, and the words that pages use. Only arranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards import filters, frame, questions
from dashboards.findings import definitions as definitions_findings
from dashboards.pages import address
from dashboards.questions import definitions as definitions_questions
from dashboards.tables import definitions as definitions_tables
from dashboards.texts.glossary import ABBREVIATIONS, GLOSSARY

if TYPE_CHECKING:
    from dashboards.frame import Page

METRIC: Final = "meta.metric"
SOUGHT: Final = "sok"


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    if METRIC not in questions.datasets(release):
        st.info(words("definitions.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        frame.contact(page)
        return
    known = definitions_questions.numbers(page, words.language)
    explained = len(GLOSSARY) + len(ABBREVIATIONS)
    frame.head(page, words("definitions.answer", n=len(known), terms=explained), (METRIC,))
    sought = filters.sought(SOUGHT, page.link, words)
    numbers = definitions_findings.numbers(known, sought)
    terms = definitions_findings.terms(sought, words)
    abbreviations = definitions_findings.abbreviations(sought, words)
    if not (numbers or terms or abbreviations):
        link = filters.link(page.link, {SOUGHT: None})
        title = words("definitions.none.title", sought=frame.plain(sought))
        st.info(words("definitions.none", link=link), title=title, icon=":material/search_off:")
    if numbers:
        key = "definitions.numbers.found" if sought else "definitions.numbers.title"
        frame.header(words(key, sought=sought, n=len(numbers)))
        st.html(
            definitions_tables.numbers(
                numbers,
                lambda dataset: address("data") + filters.link(frame.carried(page), {"datasett": dataset}),
                words,
            )
        )
    for title, found in (("terms", terms), ("abbreviations", abbreviations)):
        if found:
            frame.header(words(f"definitions.{title}.title"))
            st.html(definitions_tables.terms(found))
    frame.foot(page, [words("definitions.made")], (METRIC,), "definitions.made.limits")
    st.html(definitions_tables.TO_THE_LINKED, unsafe_allow_javascript=True)


opened = frame.opened("definitions.title")
if opened:
    show(opened)
