"""Tjeneste: a product's page for its council, from its purpose to its own accounts. Only arranges."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from catalog.tables.ledger import PRODUCT_MONTH
from dashboards import filters, findings, frame, pages, questions, tables, wording
from dashboards.answers.ledger import twelve_months
from dashboards.charts import service as charts
from dashboards.filters import SERVICE, Filter
from dashboards.findings import ledger as ledger_findings
from dashboards.findings import service as service_findings
from dashboards.questions import service as service_questions
from dashboards.questions import uptake as uptake_questions
from dashboards.tables import service as service_tables

if TYPE_CHECKING:
    from datetime import date

    from dashboards.answers import Service
    from dashboards.answers.ledger import Use
    from dashboards.frame import Page
    from dashboards.texts import Words

DATASETS = (
    *("reference.product", "usage.dispatch_month", "usage.measure_total_month", "usage.forecast"),
    *("uptake.status_month", "uptake.step_event"),
)
SYSTEMS, DELIVERY = "usage.connection_month", "usage.delivery_time"
ACCOUNTS = ("ledger.product_month", "ledger.price_calculation")
CUSTOMERS = ("customer", "customer_kind", "municipality_code", "organisation_number", "customer_standing", "annexed_on")


def chosen(page: Page) -> tuple[Service, Filter]:
    """The service that the link asks for, and its filter."""
    known, words = questions.services(page), page.words
    service, unknown = filters.service(page.link, known, words)
    labels = {one.service: one.name for one in sorted(known, key=lambda one: one.name) if not one.external}
    return service, Filter(SERVICE, labels, (service.service,), (unknown,) if unknown else ())


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    service, choice = chosen(page)
    month = release.through_month or release.as_of.astimezone(wording.OSLO).date().replace(day=1)
    key, name = service.service, service.name
    sees = service_questions.sees_connections(page)
    accounts = page.visitor.may_see(PRODUCT_MONTH, product=key)
    use = service_questions.use(page, key, month)
    customers = service_questions.customers(page, key, month)
    used = [*DATASETS, DELIVERY, *([SYSTEMS] if sees else []), *(ACCOUNTS if accounts else ())]
    frame.head(page, service_findings.answer(use, customers, name, words), used, [choice])
    _, requests = service_questions.support(page, month)
    frame.figures(
        page,
        [
            service_findings.customers_figure(customers, month, words),
            service_findings.use_figure(use, words),
            service_findings.support_figure(requests, key, words),
        ],
    )
    if pages.has("uptake"):
        to = pages.address("uptake") + filters.link(frame.carried(page), {SERVICE: key})
        frame.note(words("service.uptake"), link=to)
    about(page, key, use)
    if use is None:
        frame.header(words("service.use.none"))
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
    frame.foot(page, definitions(customers[0].active_basis if customers else None, words, accounts=accounts), used)


def definitions(basis: str | None, words: Words, *, accounts: bool) -> list[str]:
    """How each number of the page is defined."""
    keys = ["made.service.use", *([f"made.active.{basis}"] if basis else []), "made.service.customers"]
    keys += ["ledger.made.support", "made.service.systems", "made.service.delivery", "made.service.forecast"]
    if accounts:
        keys += [*(f"ledger.made.{name}" for name in ("income", "coverage", "budget")), "made.service.price"]
    return [words(key) for key in keys]


def about(page: Page, service: str, use: Use | None) -> None:
    """What the product catalogue says; what was expected beside what came; templates with their age."""
    words, release = page.words, page.release
    answer, catalogue = service_questions.catalogue(page, service)
    frame.header(service_findings.about_title(catalogue, words))
    frame.note(words("service.about.subtitle"))
    st.html(service_tables.about(catalogue, service_findings.ABOUT, words, links=True))
    if catalogue["source"]:
        frame.note(words("service.about.source", source=catalogue["source"]))
    frame.subheader(words("service.expected.title"))
    st.html(service_tables.expected(catalogue, service_findings.actual(use, words), words))
    frame.subheader(words("service.template.title"))
    as_of = release.as_of.astimezone(wording.OSLO).date()
    st.html(service_tables.templates(catalogue, as_of, words))
    frame.closed(
        page, words("service.about.caption"), "about", partial(frame.files, page, answer, f"{service}_katalog")
    )


def use_by_month(page: Page, service: str, use: Use, month: date) -> None:
    """Use by month with what is expected after it."""
    words, measure = page.words, use.rows[-1].measure
    first = service_findings.first_shown(use, month)
    rows = [one for one in use.rows if one.month >= first]
    title = service_findings.title_of(use.rows[-1], words)
    answer = service_questions.use_by(page, service, measure, month)
    outlook, foreseen = service_questions.foreseen(page, service, measure)
    frame.header(service_findings.use_title(use, month, words))
    frame.note(service_findings.use_subtitle(use, month, words))
    if foreseen:
        frame.note(words("service.use.foreseen"))
    frame.shown(
        page,
        answer,
        name=f"{service}_bruk",
        source=["usage.dispatch_month", "usage.measure_total_month", "usage.forecast"],
        chart=charts.use(rows, foreseen, first, twelve_months(month), month, title, words),
        alt=service_findings.bars_in_words(rows, title, words),
        columns=["month", "quantity"],
        caption=title,
    )
    frame.note(service_findings.use_notes(use, month, words))
    frame.subheader(service_findings.outlook_title(foreseen, use, words))
    frame.note(service_findings.outlook_in_words(foreseen, words))
    if outlook and foreseen:
        tabled = partial(
            frame.shown,
            page,
            outlook,
            name=f"{service}_framskriving",
            source=["usage.forecast"],
            columns=["month", "low", "expected", "high"],
            caption=words("service.outlook.caption"),
        )
        frame.closed(page, words("table.open"), "outlook", tabled)


def customer_list(page: Page, service: Service) -> None:
    """Who has the annex, and how each customer stands; the list as files."""
    words, key = page.words, service.service
    answer, found = service_questions.customers_now(page, key)
    known = any(one.annexed_on is not None for one in found)
    frame.header(service_findings.customers_title(found, service.name, annex_known=known, words=words))
    if not found:
        st.markdown(words("service.customers.none"))
        return
    kinds, month = service_findings.kinds_in_words(found, words), wording.month(found[0].month, words.language)
    said = words("service.customers.subtitle", kinds=wording.first(kinds), month=month)
    frame.note(said + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    without = service_questions.without_annex(page, key, found[0].month)
    if without:
        noun = words("product.customer.one" if without == 1 else "product.customer.many")
        frame.note(words("service.customers.without", n=without, noun=noun))
    frame.shown(
        page,
        answer,
        name=f"{key}_kunder",
        source=["uptake.status_month", "uptake.step_event"],
        columns=CUSTOMERS,
        caption=words("service.customers.caption"),
    )


def support(page: Page, service: str, month: date) -> None:
    """Support requests per 100 customers, beside those of other services."""
    words = page.words
    answer, found = service_questions.support(page, month)
    frame.header(service_findings.support_title(found, service, words))
    if not any(one.service == service for one in found):
        st.markdown(words("service.support.none"))
        return
    first = wording.month(twelve_months(month), words.language)
    last = wording.month(month, words.language)
    subtitle = words("service.support.subtitle", first=first, last=last)
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    frame.shown(
        page,
        answer,
        name="henvendelser",
        source=["usage.measure_total_month", "uptake.status_month"],
        chart=charts.support(found, service, words),
        alt=charts.support_in_words(found, words),
        columns=["name", "per_100", "requests", "customer_months", "months_known"],
        caption=words("service.support.axis"),
    )


def suppliers(page: Page, service: str, month: date) -> None:
    """Source systems and suppliers, of the connections that the visitor may see."""
    words = page.words
    if not service_questions.sees_connections(page):
        frame.header(words("service.systems.closed"))
        st.markdown(words("service.systems.closed.text"))
        return
    answer, found = service_questions.systems(page, service, month)
    frame.header(service_findings.systems_title(found, words))
    if not found:
        st.markdown(words("service.systems.none"))
        return
    frame.note(service_findings.systems_subtitle(found, words))
    frame.note(service_findings.whose(page.visitor.seen(), words))
    st.html(service_tables.systems(found, words, kind="dif-list dif-suppliers"))
    if any(one.some_hidden for one in found):
        frame.note(words("product.systems.hidden"))
    frame.files(page, answer, f"{service}_fagsystemer")
    frame.note(words("uptake.source", source=SYSTEMS, release=page.release.name))


def delivery(page: Page, service: str, month: date) -> None:
    """How long delivery takes, of a service that sends dispatches."""
    words = page.words
    answer, found = service_questions.delivery(page, service, month)
    if answer is None or not found:
        return
    frame.header(service_findings.delivery_title(found, words))
    said = words("service.delivery.subtitle", month=wording.month(found[0].month, words.language))
    frame.note(said + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    frame.note(service_findings.delivery_note(found, words))
    st.html(service_tables.delivery(found, words))
    frame.files(page, answer, f"{service}_leveringstid")
    frame.note(words("uptake.source", source=DELIVERY, release=page.release.name))


def own_accounts(page: Page, service: str, month: date) -> None:
    """Its own accounts in short: result, coverage and price."""
    words = page.words
    if not questions.has_ledgers(page.release):
        frame.header(words("service.accounts.title.none", year=str(month.year)))
        st.markdown(words("service.accounts.not_in_release", release=page.release.name))
        return
    _, book = service_questions.book(page, service, month)
    prices = service_questions.prices(page, service)
    frame.header(service_findings.accounts_title(book, words))
    frame.note(words("service.accounts.subtitle", months=ledger_findings.months(month, words)))
    told = [
        service_findings.result_figure(book, words),
        service_findings.coverage_figure(book, words),
        service_findings.price_figure(prices, words),
    ]
    st.html(tables.key_figures(told, words, frame.carried(page)))
    if prices:

        def priced() -> None:
            frame.note(service_findings.prices_subtitle(prices, words))
            st.html(service_tables.prices(prices, words, kind="dif-list dif-prices"))
            frame.note(words("product.price.unknown") if service_findings.incalculable(prices) else "")

        frame.closed(page, words("product.price.title"), "prices", priced)
    if pages.has("accounts"):
        to = pages.address("accounts") + filters.link(frame.carried(page), {SERVICE: service})
        frame.note(words("service.accounts.link"), link=to)
    frame.note(words("uptake.source", source=", ".join(ACCOUNTS), release=page.release.name))


def not_known(page: Page, service: str, use: Use | None, month: date) -> None:
    """What is not known of the product, said and not left out."""
    words = page.words
    _, catalogue = service_questions.catalogue(page, service)
    _, requests = service_questions.support(page, month)
    customers = service_questions.customers(page, service, month)
    basis = customers[0].active_basis if customers else None
    annex = "ANNEX_SIGNED" in uptake_questions.registered_steps(page, service, month)
    said = [
        *service_findings.unknown_use(use, month, words),
        *service_findings.unknown_uptake(basis, words, annex_known=annex),
        *service_findings.unknown_support(requests, service, words),
        *service_findings.unknown_catalogue(catalogue, words, names=service_findings.SAID),
    ]
    if service_questions.sees_connections(page):
        _, found = service_questions.systems(page, service, month)
        said += service_findings.unknown_systems(found, words)
    frame.header(words("product.unknown.title"))
    listed = said or [words("service.unknown.none")]
    st.html(f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in listed)}</ul>")


opened = frame.opened("service.title")
if opened:
    show(opened)
