"""Bruk per kommune: how much, compared with similar municipalities, and what changed. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from catalog.tables.datasets import DATASETS as CONTRACTS
from dashboards.page import filters, layout
from dashboards.release.query import GAPS
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.views.usage import narrative, panels, queries, tables
from dashboards.views.usage.models import THEN
from dashboards.views.usage.panels import BORDERS, CHANNEL, GROUP, MUNICIPALITY, opening, opening_of
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.page.layout import Page
    from dashboards.shared.opening import Opening
    from dashboards.views.usage.models import Scope, Series
    from dashboards.views.usage.panels import Use


def show(page: Page) -> None:
    """Draw the page, from the answer down."""
    of = panels.use(page)
    if of is None:
        nothing(page, [dataset for dataset in panels.DATASETS if dataset not in page.datasets])
        return
    words, has, first = page.words, page.datasets, opening_of(of)
    used = [*panels.DATASETS, *([GAPS] if GAPS in has else [])]
    layout.head(page, first.answer, used, of.asked.filters)
    successors(page)
    reported(page, of, first)
    every_product(page, of)
    if connections(page, of):
        used.append(panels.CONNECTIONS)
    notes = ["dispatches", "measured", "groups", "digital", "borders", *(["gaps"] if GAPS in has else [])]
    layout.foot(page, [words(f"usage.made.{note}") for note in notes], used)


def nothing(page: Page, missing: Sequence[str]) -> None:
    """A release without numbers per municipality: it is older than the page's datasets, or nobody has reported use."""
    layout.freshness(page)
    words, release = page.words, page.release.name
    title = words("usage.old.title")
    if missing:
        named = [f"{CONTRACTS[dataset].title[words.language].lower()} ({dataset})" for dataset in missing]
        text = words("usage.old.lacks", release=release, datasets=formatting.listing(named, words.language))
        layout.lacking(page, layout.plain(text), title)
    else:
        st.info(words("usage.old.none", release=release), title=title, icon=":material/hourglass_empty:")
    layout.contact(page)


@layout.placed
def reported(page: Page, of: Use, first: Opening) -> None:
    """The use of the product, or why there is none to show."""
    if not of.reported:
        empty(page, of.scope, of.asked.series)
        return
    layout.note(narrative.gap_warning(of.scope, of.gaps, page.words) if of.gaps else "")
    shown = partial(layout.panel, page, panels.by_month(of), anchor="maaneder")
    layout.lead(page, first.figures, opening, shown)
    use_of_product(page, of)


@layout.placed
def successors(page: Page) -> None:
    """Links to the successors of the municipality in the link."""
    if not (given := page.link.get(MUNICIPALITY)):
        return
    for successor in shared_queries.successors(page, given) if page.link.get(BORDERS) != "da" else ():
        link = filters.link(page.link, {MUNICIPALITY: successor.code, GROUP: None})
        layout.note(page.words("usage.ended.link", name=f"{successor.code} {successor.new_name}"), link=link)


def empty(page: Page, scope: Scope, series: Sequence[Series]) -> None:
    """Why there is nothing to show, and links to the nearest that there is."""
    words, link = page.words, page.link
    first, last = (formatting.month(month, words.language) for month in (scope.first, scope.month))
    parts = {
        "service": scope.product.name,
        "name": narrative.place(scope, words),
        "what": narrative.what(scope, words),
    }
    several = len(scope.product.counted) > 1
    if not scope.product.months:
        why = words("usage.empty.nobody")
    else:
        key = "usage.empty.measured" if several else "usage.empty.municipality"
        why = f"{words(key, **parts, first=first, last=last)} {narrative.awaited(scope, words)}".rstrip()
    if scope.borders == THEN and scope.municipality:
        to_now = filters.link(link, {BORDERS: None})
        why += " " + words("usage.empty.then", code=scope.code, link=to_now)
    near = [
        (used.name, filters.link(link, {filters.SERVICE: used.service, CHANNEL: None, filters.MEASURE: None}))
        for used in {used.service: used for used in series if used.at(scope.month)}.values()
    ][:3]
    if scope.municipality and scope.product.months:
        near += [
            (municipality.name, filters.link(link, {MUNICIPALITY: municipality.code, GROUP: None}))
            for municipality in queries.alternatives(page, scope)
        ]
    if near:
        links = formatting.listing([f"[{layout.plain(label)}]({address})" for label, address in near], words.language)
        why += " " + words("usage.empty.near", links=links)
    title = words("usage.empty.title.measured" if several else "usage.empty.title", **parts)
    st.info(why, title=title, icon=":material/search_off:")


def use_of_product(page: Page, of: Use) -> None:
    """A product beside the group; for dispatches, also digital share, paper and channels."""
    left, right = st.columns(2, gap="large")
    with left:
        beside(page, of)
    if not of.scope.counted.sent:
        return
    with right:
        layout.panel(page, panels.digital(of), anchor="digitalt")
    left, right = st.columns(2, gap="large")
    with left:
        layout.panel(page, panels.paper(of), anchor="papir")
    with right:
        layout.panel(page, panels.channels(of), anchor="kanaler")


def beside(page: Page, of: Use) -> None:
    """A dot for each municipality of the group."""
    if of.scope.of_the_country:
        layout.note(page.words("usage.country.only"))
        return
    if of.scope.borders == THEN:
        layout.header(page.words("usage.strip.title.then"), anchor="gruppe")
        st.markdown(page.words("usage.strip.none", link=filters.link(page.link, {BORDERS: None})))
        return
    layout.panel(page, panels.group(of), anchor="gruppe")


@layout.placed
def every_product(page: Page, of: Use) -> None:
    """Small multiples by product and measure, what changed, and everything as a table."""
    scope, series, words = of.scope, of.asked.series, page.words
    panel = panels.every_product(of)
    if panel is None:
        return
    layout.header(panel.title, anchor="alle-tjenester", subtitle=panel.subtitle)
    st.markdown(layout.plain(narrative.changed(series, scope.month, words)))
    products = of.asked.products
    usual = {product.service: counted.measure for product in products if (counted := narrative.usual(product, series))}
    st.html(tables.cards(series, scope, usual, page.link, words))
    layout.note(" ".join(panel.noted(words)))
    unseen = len({product.service for product in products} - {used.service for used in series})
    layout.note(words("usage.products.none", n=unseen) if unseen else "")
    tabled = partial(layout.body, page, panel)
    layout.fold(page, words("usage.products.table"), "products", tabled)


@layout.placed
def connections(page: Page, of: Use) -> bool:
    """The product's source systems and suppliers, for visitors who may see them; whether the release tells of them."""
    scope, words = of.scope, page.words
    if not (of.reported and scope.municipality):
        return False
    if not scope.counted.sent:
        layout.note(words("usage.connections.measured"))
        return False
    if panels.CONNECTIONS not in page.datasets:
        return False
    _connections(page, of)
    return True


def _connections(page: Page, of: Use) -> None:
    scope, words = of.scope, page.words
    if not queries.sees_connections(page, scope):
        layout.header(words("usage.connections.title.none", service=scope.product.name), anchor="tilknytninger")
        st.info(words("usage.connections.closed"), icon=":material/lock:")
        return
    panel = panels.connections(of)
    if panel is None:
        return
    rows = panel.answer.rows
    layout.header(panel.title, anchor="tilknytninger")
    if not rows:
        st.markdown(words("usage.connections.none"))
        return
    month = formatting.month(scope.month, words.language)
    layout.note(words("usage.connections.subtitle", name=narrative.place(scope, words), month=month))
    st.html(tables.connections(rows, words))
    layout.files(page, panel)
    source = shared_narrative.source_in_words(panel.source, page.release.name, words)
    layout.note(" ".join([source, *panel.noted(words)]))


opened = layout.open_page("usage.title")
if opened:
    show(opened)
