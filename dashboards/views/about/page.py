"""Om og tilgjengelighet: what this is, where numbers come from, privacy, accessibility, contact. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.tables.streams import STREAMS
from dashboards.page import filters, layout, protection
from dashboards.shared import tables
from dashboards.shared.pages import address
from dashboards.views.about.panels import opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.page.layout import Page
    from dashboards.words import Words

DATASET: Final = "meta.dataset"
WHAT: Final = ("read", "release")
PRIVACY: Final = ("people", "numbers", "visitors", "cookies", "mail")
LACKS: Final = ("language", "charts", "status", "reflow", "files", "script", "dark")


def show(page: Page) -> None:
    """The page, from the answer down."""
    words = page.words
    layout.head(page, opening(page).answer, (DATASET,))
    layout.header(words("about.what.title"), anchor="hva")
    for key in WHAT:
        st.markdown(words(f"about.what.{key}"))
    kept = filters.link(layout.carried(page), {})
    to = {name: address(name) + kept.rstrip("?") for name in ("data", "definitions")}
    st.markdown(words("about.what.links", **to))
    origins(page)
    layout.header(words("about.privacy.title"), anchor="personvern")
    for key in PRIVACY:
        st.markdown(words(f"about.privacy.{key}"))
    layout.fold(page, words("protection.title"), "protected", partial(protection.text, page))
    accessibility(page)
    layout.foot(page, [words("about.made")], (DATASET,), "about.made.limits")


def origins(page: Page) -> None:
    """What is synthetic, and where the rest comes from."""
    words = page.words
    described = DATASET in page.datasets
    if described:
        counts = page.rows("about/held")[0]
        key = "about.synthetic" if counts["synthetic"] else "about.synthetic.none"
        layout.header(words(f"{key}.title"), anchor="syntetisk")
        st.markdown(words(key, n=counts["synthetic"], all=counts["datasets"]))
    layout.header(words("about.origin.title"), anchor="opphav")
    layout.fold(page, words("about.origin.streams"), "streams", partial(streams, words))
    if described:
        layout.fold(page, words("about.origin.reference"), "origins", partial(references, page))


def streams(words: Words) -> None:
    """What a row of each stream is."""
    language = words.language
    rows = [(stream.title[language], stream.about[language]) for stream in STREAMS.values()]
    heads = ("about.column.stream", "about.column.what")
    st.html(two_columns(rows, heads, "about.origin.streams.caption", words))


def references(page: Page) -> None:
    """Where each reference table comes from."""
    words = page.words
    held = page.rows("about/origins")
    rows = [(row[f"title_{words.language}"], words.word("sources", row["sources"])) for row in held]
    heads = ("about.column.table", "about.column.source")
    st.html(two_columns(rows, heads, "about.origin.reference.caption", words))


def two_columns(rows: Sequence[tuple[str, str]], heads: tuple[str, str], caption: str, words: Words) -> str:
    """Two columns of text. `heads` and `caption` are keys of the catalogue."""
    columns = [(words(head), False) for head in heads]
    return tables.table("dif-list dif-catalogue", words(caption), columns, rows)


def accessibility(page: Page) -> None:
    """The draft accessibility statement: commitments, tests, known exceptions with reasons, and whom to contact."""
    words = page.words
    layout.header(words("about.accessibility.title"), anchor="tilgjengelighet")
    st.warning(
        words("about.accessibility.draft"), title=words("about.accessibility.draft.title"), icon=":material/edit_note:"
    )
    names = ("status", "requirement", "tested")
    facts = [(words(f"about.fact.{name}"), words(f"about.fact.{name}.value")) for name in names]
    st.html(tables.facts(facts, "dif-about"))
    layout.fold(page, words("about.lacks.title"), "lacks", partial(lacks, words))
    given = page.settings.contact
    contact = words("app.contact", contact=given) if given else words("app.contact.unset")
    st.markdown(words("about.complain", contact=contact))


def lacks(words: Words) -> None:
    """What the pages do not do as the guidelines ask, as far as we know."""
    st.caption(words("about.lacks.subtitle"))
    st.markdown("\n".join(f"- {words(f'about.lacks.{lack}')}" for lack in LACKS))


opened = layout.open_page("about.title")
if opened:
    show(opened)
