"""Tjeneste: a product's page for its council, from its purpose to its accounts. Layout only."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from catalog.tables.ledger import PRODUCT_MONTH
from dashboards.page import filters, layout
from dashboards.page.filters import SERVICE, Filter
from dashboards.release import reader
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import pages
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables as shared_tables
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import twelve_months
from dashboards.views.service import charts, narrative, queries, tables
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.release.query import Service
    from dashboards.shared.ledger.models import Use
    from dashboards.words import Words

DATASETS = (
    *("reference.product", "usage.dispatch_month", "usage.measure_total_month", "usage.forecast"),
    *("uptake.status_month", "uptake.step_event"),
)
SYSTEMS, DELIVERY = "usage.connection_month", "usage.delivery_time"
ACCOUNTS = ("ledger.product_month", "ledger.price_calculation")
CUSTOMERS = ("customer", "customer_kind", "municipality_code", "organisation_number", "customer_standing", "annexed_on")


def chosen(page: Page) -> tuple[Service, Filter]:
    """The chosen service, and its filter."""
    services, words = shared_queries.services(page), page.words
    service, unknown = filters.service(page.link, services, words)
    labels = {
        product.service: product.name
        for product in sorted(services, key=lambda product: product.name)
        if not product.external
    }
    return service, Filter(SERVICE, labels, (service.service,), (unknown,) if unknown else ())


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    service, choice = chosen(page)
    month = release.through_month or release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
    key, name = service.service, service.name
    sees = queries.sees_connections(page)
    accounts = page.visitor.may_see(PRODUCT_MONTH, product=key)
    use = queries.use(page, key, month)
    customers = queries.customers(page, key, month)
    used = [*DATASETS, DELIVERY, *([SYSTEMS] if sees else []), *(ACCOUNTS if accounts else ())]
    layout.head(page, narrative.answer(use, customers, name, words), used, [choice])
    _, requests = queries.support(page, month)
    layout.figures(
        page,
        [
            narrative.customers_figure(customers, month, words),
            narrative.use_figure(use, words),
            narrative.support_figure(requests, key, words),
        ],
    )
    if pages.has("uptake"):
        to = pages.address("uptake") + filters.link(layout.carried(page), {SERVICE: key})
        layout.note(words("service.uptake"), link=to)
    about(page, key, use)
    if use is None:
        layout.header(words("service.use.none"))
        st.markdown(words("service.use.none.text"))
    else:
        use_by_month(page, key, use, month)
    customer_list(page, service)
    support(page, key, month)
    suppliers(page, key, month)
    delivery(page, key, month)
    if accounts:
        own_accounts(page, key, month)
    not_known(page, key, use, month)
    layout.foot(page, definitions(customers[0].active_basis if customers else None, words, accounts=accounts), used)


def definitions(basis: str | None, words: Words, *, accounts: bool) -> list[str]:
    """The definitions of the page's numbers."""
    keys = ["made.service.use", *([f"made.active.{basis}"] if basis else []), "made.service.customers"]
    keys += ["ledger.made.support", "made.service.systems", "made.service.delivery", "made.service.forecast"]
    if accounts:
        keys += [*(f"ledger.made.{name}" for name in ("income", "coverage", "budget")), "made.service.price"]
    return [words(key) for key in keys]


def about(page: Page, service: str, use: Use | None) -> None:
    """The product catalogue's texts, expected and actual use, and templates with their age."""
    words, release = page.words, page.release
    answer, catalogue = queries.catalogue(page, service)
    layout.header(narrative.about_title(catalogue, words))
    layout.note(words("service.about.subtitle"))
    st.html(tables.about(catalogue, narrative.ABOUT, words, links=True))
    if catalogue["source"]:
        layout.note(words("service.about.source", source=catalogue["source"]))
    layout.subheader(words("service.expected.title"))
    st.html(tables.expected(catalogue, narrative.actual(use, words), words))
    layout.subheader(words("service.template.title"))
    as_of = release.as_of.astimezone(formatting.OSLO).date()
    st.html(tables.templates(catalogue, as_of, words))
    layout.closed(
        page, words("service.about.caption"), "about", partial(layout.files, page, answer, f"{service}_katalog")
    )


def use_by_month(page: Page, service: str, use: Use, month: date) -> None:
    """Use by month, then the forecast."""
    words, measure = page.words, use.rows[-1].measure
    first = narrative.first_shown(use, month)
    rows = [row for row in use.rows if row.month >= first]
    title = narrative.title_of(use.rows[-1], words)
    answer = queries.use_by(page, service, measure, month)
    outlook, foreseen = queries.foreseen(page, service, measure)
    shown = foreseen if shared_narrative.is_useful(foreseen) else []
    layout.header(narrative.use_title(use, month, words))
    layout.note(narrative.use_subtitle(use, month, words))
    if shown:
        layout.note(words("service.use.foreseen"))
    layout.shown(
        page,
        answer,
        name=f"{service}_bruk",
        source=["usage.dispatch_month", "usage.measure_total_month", "usage.forecast"],
        chart=charts.use(rows, shown, first, twelve_months(month), month, title, words),
        alt=narrative.bars_in_words(rows, title, words),
        columns=["month", "quantity"],
        caption=title,
    )
    layout.note(narrative.use_notes(use, month, words))
    layout.subheader(narrative.outlook_title(foreseen, use, words))
    layout.note(narrative.outlook_in_words(foreseen, words))
    if outlook and shown:
        tabled = partial(
            layout.shown,
            page,
            outlook,
            name=f"{service}_framskriving",
            source=["usage.forecast"],
            columns=["month", "low", "expected", "high"],
            caption=words("service.outlook.caption"),
        )
        layout.closed(page, words("table.open"), "outlook", tabled)


def customer_list(page: Page, service: Service) -> None:
    """Who has the annex, and each customer's standing; the list is also offered as files."""
    words, key = page.words, service.service
    answer, customers = queries.customers_now(page, key)
    annex_known = any(customer.annexed_on is not None for customer in customers)
    layout.header(narrative.customers_title(customers, service.name, annex_known=annex_known, words=words))
    if not customers:
        st.markdown(words("service.customers.none"))
        return
    kinds, month = narrative.kinds_in_words(customers, words), formatting.month(customers[0].month, words.language)
    text = words("service.customers.subtitle", kinds=formatting.first(kinds), month=month)
    layout.note(text + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    without = queries.without_annex(page, key, customers[0].month)
    if without:
        noun = words("product.customer.one" if without == 1 else "product.customer.many")
        layout.note(words("service.customers.without", n=without, noun=noun))
    layout.shown(
        page,
        answer,
        name=f"{key}_kunder",
        source=["uptake.status_month", "uptake.step_event"],
        columns=CUSTOMERS,
        caption=words("service.customers.caption"),
    )


def support(page: Page, service: str, month: date) -> None:
    """Support requests per 100 customers, compared with other services."""
    words = page.words
    answer, supports = queries.support(page, month)
    layout.header(narrative.support_title(supports, service, words))
    if not any(support.service == service for support in supports):
        st.markdown(words("service.support.none"))
        return
    first = formatting.month(twelve_months(month), words.language)
    last = formatting.month(month, words.language)
    subtitle = words("service.support.subtitle", first=first, last=last)
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.shown(
        page,
        answer,
        name="henvendelser",
        source=["usage.measure_total_month", "uptake.status_month"],
        chart=charts.support(supports, service, words),
        alt=charts.support_in_words(supports, words),
        columns=["name", "per_100", "requests", "customer_months", "months_known"],
        caption=words("service.support.axis"),
    )


def suppliers(page: Page, service: str, month: date) -> None:
    """Source systems and suppliers, of the connections that the visitor may see."""
    words = page.words
    if not queries.sees_connections(page):
        layout.header(words("service.systems.closed"))
        st.markdown(words("service.systems.closed.text"))
        return
    answer, systems = queries.systems(page, service, month)
    layout.header(narrative.systems_title(systems, words))
    if not systems:
        st.markdown(words("service.systems.none"))
        return
    layout.note(narrative.systems_subtitle(systems, words))
    layout.note(narrative.whose(page.visitor.seen(), words))
    st.html(tables.systems(systems, words, kind="dif-list dif-suppliers"))
    if any(system.some_hidden for system in systems):
        layout.note(words("product.systems.hidden"))
    layout.files(page, answer, f"{service}_fagsystemer")
    layout.note(words("uptake.source", source=SYSTEMS, release=page.release.name))


def delivery(page: Page, service: str, month: date) -> None:
    """Delivery times of a service that sends dispatches."""
    words = page.words
    answer, deliveries = queries.delivery(page, service, month)
    if answer is None or not deliveries:
        return
    layout.header(narrative.delivery_title(deliveries, words))
    text = words("service.delivery.subtitle", month=formatting.month(deliveries[0].month, words.language))
    layout.note(text + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.note(narrative.delivery_note(deliveries, words))
    st.html(tables.delivery(deliveries, words))
    layout.files(page, answer, f"{service}_leveringstid")
    layout.note(words("uptake.source", source=DELIVERY, release=page.release.name))


def own_accounts(page: Page, service: str, month: date) -> None:
    """The product's accounts in short: result, coverage and price."""
    words = page.words
    if not reader.has_ledgers(page.release):
        layout.header(words("service.accounts.title.none", year=str(month.year)))
        st.markdown(words("service.accounts.not_in_release", release=page.release.name))
        return
    _, book = queries.book(page, service, month)
    prices = queries.prices(page, service)
    layout.header(narrative.accounts_title(book, words))
    layout.note(words("service.accounts.subtitle", months=ledger_narrative.months(month, words)))
    figures = [
        narrative.result_figure(book, words),
        narrative.coverage_figure(book, words),
        narrative.price_figure(prices, words),
    ]
    st.html(shared_tables.key_figures(figures, words, layout.carried(page)))
    if prices:

        def priced() -> None:
            layout.note(narrative.prices_subtitle(prices, words))
            st.html(tables.prices(prices, words, kind="dif-list dif-prices"))
            layout.note(words("product.price.unknown") if narrative.incalculable(prices) else "")

        layout.closed(page, words("product.price.title"), "prices", priced)
    if pages.has("accounts"):
        to = pages.address("accounts") + filters.link(layout.carried(page), {SERVICE: service})
        layout.note(words("service.accounts.link"), link=to)
    layout.note(words("uptake.source", source=", ".join(ACCOUNTS), release=page.release.name))


def not_known(page: Page, service: str, use: Use | None, month: date) -> None:
    """What is not known about the product, stated rather than left out."""
    words = page.words
    _, catalogue = queries.catalogue(page, service)
    _, requests = queries.support(page, month)
    customers = queries.customers(page, service, month)
    basis = customers[0].active_basis if customers else None
    annex = "ANNEX_SIGNED" in shared_queries.registered_steps(page, service, month)
    sentences = [
        *narrative.unknown_use(use, month, words),
        *narrative.unknown_uptake(basis, words, annex_known=annex),
        *narrative.unknown_support(requests, service, words),
        *narrative.unknown_catalogue(catalogue, words, names=narrative.SAID),
    ]
    if queries.sees_connections(page):
        _, systems = queries.systems(page, service, month)
        sentences += narrative.unknown_systems(systems, words)
    layout.header(words("product.unknown.title"))
    listed = sentences or [words("service.unknown.none")]
    st.html(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in listed)}</ul>")


opened = layout.opened("service.title")
if opened:
    show(opened)
