"""Tjeneste: a product's page for its council, from its use to its accounts, or two side by side. Layout only."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from catalog.tables.ledger import PRODUCT_MONTH
from dashboards.page import filters, layout, standing
from dashboards.page.filters import SERVICE
from dashboards.release import reader
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import pages
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables as shared_tables
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import catalogue_text
from dashboards.views.service import narrative, panels, queries, tables
from dashboards.views.service.panels import BESIDE, choice, facts, month_of, opening, title
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.release.query import Service
    from dashboards.shared.ledger.models import Use
    from dashboards.shared.opening import Opening
    from dashboards.shared.panel import Panel
    from dashboards.views.service.panels import Facts
    from dashboards.words import Words

DATASETS = (
    *("reference.product", "usage.dispatch_month", "usage.measure_total_month", "usage.forecast"),
    *("uptake.status_month", "uptake.step_event"),
)
ACCOUNTS = ("ledger.product_month", "ledger.price_calculation")
SYSTEMS_SHOWN = 5
WITHOUT_SHOWN = 12
"""Source systems on the page; the file has all."""


def show(page: Page) -> None:
    """The page, from the answer down: of one product, or the key facts of two."""
    words, link = page.words, choice(page)
    product_facts, first = facts(page, link.service), opening(page)
    key = link.service.service
    accounts = page.visitor.may_see(PRODUCT_MONTH, product=key)
    used = [
        *DATASETS,
        panels.DELIVERY,
        *panels.systems_of(page),
        *(ACCOUNTS if accounts else ()),
        *standing.sources(page),
    ]
    layout.head(page, first.answer, used, link.chosen)
    with st.container():
        layout.say_unknown(standing.unknown(page), words)
        if link.itself:
            st.warning(
                words("service.compare.same", name=layout.plain(link.service.name)),
                title=words("state.unknown.title"),
                icon=":material/link_off:",
            )
    if link.beside is None:
        whole(page, product_facts, first, accounts=accounts)
    else:
        side_by_side(page, product_facts, facts(page, link.beside))
    basis = product_facts.customers[0].active_basis if product_facts.customers else None
    layout.foot(page, definitions(basis, words, accounts=accounts), used)


def whole(page: Page, product_facts: Facts, first: Opening, *, accounts: bool) -> None:
    """All about one product; what is missing is one line at the end."""
    words, key, month = page.words, product_facts.service.service, product_facts.month
    curve = (
        product_facts.customers and len(narrative.points_shown(product_facts.customers, month)) > 1
    )  # one is a dot in an empty chart
    spread = panels.uptake_by_month(page, key, product_facts.customers, month) if curve else None
    customers = partial(layout.panel, page, spread, anchor="utbredelse", caption=words("service.uptake.caption"))
    if product_facts.use or spread:
        layout.lead(page, first.figures, opening, partial(use, page, product_facts) if product_facts.use else customers)
    else:
        layout.figures(page, first.figures, opening)
    if pages.has("uptake"):
        to = pages.address("uptake") + filters.link(layout.carried(page), {SERVICE: key})
        layout.note(words("service.uptake"), link=to)
    with st.container():
        if product_facts.use:
            customers()
    customer_list(page, product_facts.service)
    operation(page, product_facts)
    suppliers(page, key, month)
    with st.container():
        if accounts:
            own_accounts(page, key, month)
    about(page, key, product_facts.use)
    gaps(page, product_facts, accounts=accounts)


@layout.placed
def use(page: Page, product_facts: Facts) -> None:
    """The use by month and its forecast; nothing where nobody counts it."""
    if product_facts.use is None:
        return
    key, title = product_facts.service.service, narrative.title_of(product_facts.use.rows[-1], page.words)
    layout.panel(
        page, panels.use_by_month(page, key, product_facts.use, product_facts.month), anchor="bruk", caption=title
    )
    forecast(page, key, product_facts.use)


def side_by_side(page: Page, *both: Facts) -> None:
    """The key facts and the curves of two products, in two columns; on a phone, one after the other."""
    words = page.words
    layout.note(words("service.compare.close"), link=filters.link(page.link, {BESIDE: None}))
    layout.note(words("service.compare.scale"))
    top = max((now.active for product_facts in both for now in product_facts.customers), default=0)
    for place, anchor, product_facts in zip(st.columns(len(both)), ("forste", "andre"), both, strict=True):
        with place:
            key, figures = product_facts.service.service, product_facts.figures(words)
            if page.visitor.may_see(PRODUCT_MONTH, product=key) and reader.has_ledgers(page.release):
                figures.append(narrative.coverage_figure(queries.book(page, key, product_facts.month)[1], words))
            layout.header(product_facts.service.name, anchor=anchor)
            st.html(shared_tables.pictured(shared_tables.key_figures(figures, words, layout.carried(page))))
            if product_facts.use is not None:
                title = narrative.title_of(product_facts.use.rows[-1], words)
                by_month = panels.use_by_month(page, key, product_facts.use, product_facts.month)
                beside(page, panels.of_one(by_month, key), title, anchor)
            if product_facts.customers:
                by_month = panels.uptake_by_month(page, key, product_facts.customers, product_facts.month, top)
                beside(page, panels.of_one(by_month, key), words("service.uptake.caption"), anchor)
            to = filters.link(page.link, {SERVICE: key, BESIDE: None})
            layout.note(words("service.compare.whole", name=product_facts.service.name), link=to)


def definitions(basis: str | None, words: Words, *, accounts: bool) -> list[str]:
    """The definitions of the page's numbers."""
    keys = ["made.service.use", *([f"made.active.{basis}"] if basis else []), "made.service.customers"]
    keys += ["ledger.made.support", "made.service.systems", "made.service.delivery", "made.service.messages"]
    keys.append("made.service.forecast")
    if accounts:
        keys += [*(f"ledger.made.{name}" for name in ("income", "coverage", "budget")), "made.service.price"]
    return [words(key) for key in keys]


@layout.placed
def about(page: Page, service: str, use: Use | None) -> None:
    """What the product catalogue tells, expected beside actual use, and templates with their age."""
    words, release = page.words, page.release
    _, catalogue = queries.catalogue(page, service)
    properties = [name for name in narrative.ABOUT if catalogue_text(catalogue, name) is not None]
    expected = catalogue_text(catalogue, "expected_use") is not None
    templates = any(catalogue_text(catalogue, name) is not None for name, _ in narrative.TEMPLATES)
    if not (properties or expected or templates):
        return
    layout.header(words("product.about.title"), anchor="om")
    st.html(tables.about(catalogue, properties, words, links=True))
    layout.note(words("service.about.source", source=catalogue["source"]) if catalogue["source"] else "")
    with st.container():
        if expected:
            layout.subheader(words("service.expected.title"))
            st.html(tables.expected(catalogue, narrative.actual(use, words), words))
    with st.container():
        if templates:
            layout.subheader(words("service.template.title"))
            st.html(tables.templates(catalogue, release.as_of.astimezone(formatting.OSLO).date(), words))
    layout.files(page, panels.catalogue(page, service, month_of(page)))


def beside(page: Page, panel: Panel, caption: str, side: str) -> None:
    """A panel with its table and files, in a column of its own. `side`: which of two products it is of."""
    layout.subheader(panel.title, subtitle=panel.subtitle)
    layout.body(page, panel, caption, side)


@layout.placed
def forecast(page: Page, service: str, use: Use) -> None:
    """The forecast in words and as a table."""
    words = page.words
    _, foreseen = queries.foreseen(page, service, use.rows[-1].measure)
    shows = panels.forecast(page, service, month_of(page))
    if not shows or not foreseen:
        return

    def in_words() -> None:
        layout.note(narrative.outlook_in_words(foreseen, words))
        if shared_narrative.is_useful(foreseen):
            layout.body(page, shows, shows.title)

    layout.fold(page, layout.plain(narrative.outlook_title(foreseen, use, words)), "outlook", in_words)


@layout.placed
def customer_list(page: Page, service: Service) -> None:
    """Who has the annex, and each customer's standing; the list is also offered as files."""
    words, key = page.words, service.service
    shows = panels.customer_list(page, key, month_of(page))
    if shows is None:
        return
    layout.header(shows.title, anchor="kunder", subtitle=shows.subtitle)
    without = queries.without_annex(page, key, shows.answer.rows[0]["month"])
    noun = words("product.customer.one" if len(without) == 1 else "product.customer.many")
    who = shared_narrative.names(without, WITHOUT_SHOWN, words)
    layout.note(words("service.customers.without", n=len(without), noun=noun, who=who) if without else "")
    listed = partial(layout.body, page, shows, words("service.customers.caption"))
    layout.fold(page, words("service.customers.open", n=shows.answer.table.num_rows), "customers", listed)


@layout.placed
def suppliers(page: Page, service: str, month: date) -> None:
    """Source systems and suppliers, of the connections that the visitor may see."""
    words = page.words
    if not queries.sees_connections(page):
        layout.header(words("service.systems.closed"), anchor="leverandorer")
        st.markdown(words("service.systems.closed.text"))
        return
    shows, systems = panels.systems(page, service, month), queries.systems(page, service, month)[1]
    if shows is None:
        return
    layout.header(shows.title, anchor="leverandorer", subtitle=shows.subtitle)
    layout.note(narrative.whose(page.visitor.seen(), words))
    st.html(tables.systems(systems[:SYSTEMS_SHOWN], words, kind="dif-list dif-suppliers"))
    left = len(systems) - SYSTEMS_SHOWN
    layout.note(words("product.systems.more", n=left) if left > 0 else "")
    layout.files(page, shows)
    layout.source(page, shows)


@layout.placed
def operation(page: Page, product_facts: Facts) -> None:
    """Support requests, delivery times and operational messages: claims that open to their numbers."""
    service, month = product_facts.service.service, product_facts.month
    shown = [panels.PANELS[name](page, service, month) for name in ("brukerstotte", "leveringstid", "driftsmeldinger")]
    if any(shown):
        opening = [
            (shows.title, shows.name.removeprefix(service), partial(claim, page, shows)) for shows in shown if shows
        ]
        layout.claims(page, page.words("service.operation.title"), "drift", opening)


def claim(page: Page, shows: Panel) -> None:
    """What a claim rests on; delivery times are told in minutes, hours or days."""
    layout.note(shows.subtitle)
    if shows.source != (panels.DELIVERY,):
        layout.body(page, shows)
        return
    st.html(tables.delivery(shows.answer.rows, page.words))
    layout.files(page, shows)
    layout.source(page, shows)


def own_accounts(page: Page, service: str, month: date) -> None:
    """The product's accounts in short: result, coverage and price."""
    words = page.words
    if not reader.has_ledgers(page.release):
        layout.header(words("service.accounts.title.none", year=str(month.year)), anchor="regnskap")
        st.markdown(words("service.accounts.not_in_release", release=page.release.name))
        return
    _, book = queries.book(page, service, month)
    prices = queries.prices(page, service)
    if not book.rows and not prices:
        return
    layout.header(
        narrative.accounts_title(book, words),
        anchor="regnskap",
        subtitle=words("service.accounts.subtitle", months=ledger_narrative.months(month, words)),
    )
    figures = [
        narrative.result_figure(book, words),
        narrative.coverage_figure(book, words),
        narrative.price_figure(prices, words),
    ]
    st.html(shared_tables.pictured(shared_tables.key_figures(figures, words, layout.carried(page))))
    if prices:

        def priced() -> None:
            layout.note(narrative.prices_subtitle(prices, words))
            st.html(tables.prices(prices, words, kind="dif-list dif-prices"))
            followed = ledger_narrative.rules_followed(queries.rules(page, service), prices[0].year, words)
            layout.note(followed, link=f"{pages.address('definitions')}#ord")
            layout.note(words("product.price.unknown") if narrative.incalculable(prices) else "")

        layout.fold(page, words("product.price.title"), "prices", priced)
    if pages.has("accounts"):
        to = pages.address("accounts") + filters.link(layout.carried(page), {SERVICE: service})
        layout.note(words("service.accounts.link"), link=to)
    layout.note(shared_narrative.source_in_words(ACCOUNTS, page.release.name, words))


@layout.placed
def gaps(page: Page, product_facts: Facts, *, accounts: bool) -> None:
    """What is missing, in one line that opens to the rest."""
    words, key, use, month = page.words, product_facts.service.service, product_facts.use, product_facts.month
    _, catalogue = queries.catalogue(page, key)
    basis = product_facts.customers[0].active_basis if product_facts.customers else None
    annex = "ANNEX_SIGNED" in shared_queries.registered_steps(page, key, month)
    others = [
        *narrative.unknown_use(use, month, words),
        *narrative.unknown_uptake(basis, words, annex_known=annex),
        *narrative.unknown_support(product_facts.supports, key, words),
    ]
    if use is not None and not queries.foreseen(page, key, use.rows[-1].measure)[1]:
        others.append(words("service.outlook.none"))
    if queries.sees_connections(page):
        others += narrative.unknown_systems(queries.systems(page, key, month)[1], words)
    if panels.MESSAGES in page.datasets and panels.messages(page, key, month) is None:
        others.append(words("service.messages.none", name=product_facts.service.name))
    if accounts and reader.has_ledgers(page.release) and not queries.book(page, key, month)[1].rows:
        others.append(words("product.unknown.ledger"))
    lacks = narrative.unknown_catalogue(catalogue, words, names=narrative.CATALOGUE_TEXTS)
    title = narrative.gaps_title(narrative.lacking(catalogue), len(others), words)
    if not title:
        return

    def listed() -> None:
        st.html(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in [*lacks, *others])}</ul>")
        layout.note(words("service.gaps.owner") if lacks else "")

    layout.fold(page, title, "gaps", listed)


opened = layout.open_page("service.title", named=title)
if opened:
    show(opened)
