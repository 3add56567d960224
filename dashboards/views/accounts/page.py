"""Produktregnskap: whether a product covers its cost, why, what to decide, and a card for each part. Layout only."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.domain.self_cost import calculate
from dashboards.page import filters, layout
from dashboards.shared import pages
from dashboards.shared import queries as shared_queries
from dashboards.views.accounts import panels, product_page, queries
from dashboards.views.accounts.customers import narrative as customers
from dashboards.views.accounts.loans import narrative as loans
from dashboards.views.accounts.pricing import narrative as pricing
from dashboards.views.accounts.result import narrative as result

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.queries import Pricing

DATASETS: Final = ("ledger.product_month", "ledger.price_calculation", "ledger.project_month")
RECONCILED: Final = "ledger.reconciliation_product"


def show(page: Page) -> None:
    """Draws the summary of the product that the link names."""
    datasets = (*DATASETS, *([RECONCILED] if page.visitor.every_customer else []))
    definitions = ("income", "cost", "result", "coverage", "carried")
    selection = product_page.product(page, datasets, definitions)
    if selection is None:
        return
    first = panels.opening_of(page, selection)
    layout.head(page, first.answer, datasets, [selection.service, selection.year, selection.quarter], first.observed)
    whose(page)
    caption = page.words("accounts.development.caption")
    shown = partial(layout.panel, page, panels.development(page, selection), anchor="tolv-maneder", caption=caption)
    layout.lead(page, first.figures, panels.opening, shown)
    layout.note(first.note)
    parts(page, selection)
    with st.container(key="report"):  # left out on paper, where nobody can press its button
        report(page, selection)
    product_page.rules(page, selection.product.service, selection.at.last.year)
    product_page.foot(page, definitions, datasets)


@layout.placed
def whose(page: Page) -> None:
    """That the accounts are the product's, where a municipality is carried from another page; and where its own are."""
    if not page.link.get(pages.MUNICIPALITY):
        layout.note("")
        return
    words, municipality = page.words, filters.municipality(page, page.words("stands.nobody"))
    layout.say_unknown(municipality.unknown, words)
    name = shared_queries.municipalities(page).get(municipality.value)
    # who acts for an organisation gets that one there, whichever municipality is carried
    sees = page.visitor.every_customer and page.visitor.organisation is None
    if name is None or not sees:
        layout.note(words("accounts.whose") if name else "")
        return
    to = pages.address("organisation") + filters.link(layout.carried(page), {pages.MUNICIPALITY: municipality.value})
    layout.note(words("accounts.whose.link", name=name), link=to)


def report(page: Page, selection: Chosen) -> None:
    """A button that makes the council's report; for who may not see all that is in it, whom to ask for it."""
    offered = panels.offered(page, selection)
    if not offered:
        layout.note(page.words("accounts.report.ask"))
        return
    buttons = "".join(f'<a class="dif-button" href="{escape(to)}">{escape(text)}</a>' for text, to in offered)
    st.html(f'<p class="dif-buttons">{buttons}</p>')


def parts(page: Page, selection: Chosen) -> None:
    """A card for each part, with what it says."""
    words = page.words
    prices = queries.prices(page, selection.product.service)
    claims = {
        "accounts.result": [result.steps_title(selection.sums, words)],
        "accounts.pricing": [priced(page, prices)],
        "accounts.customers": [paid(page, prices)],
        "accounts.loans": settled(page, selection),
    }
    listed = "".join(
        f'<li><a href="{escape(product_page.address(page, key))}">{escape(words(f"{key}.part"))}</a>'
        + "".join(f"<span>{escape(claim)}</span>" for claim in sentences if claim)
        + "</li>"
        for key, sentences in claims.items()
    )
    layout.header(words("accounts.parts.title"), anchor="deler")
    st.html(f'<ul class="dif-cards dif-claims">{listed}</ul>')


def priced(page: Page, prices: Pricing | None) -> str:
    """What the price must be, or why it is not calculated."""
    if prices is None:
        return page.words("accounts.status.none")
    calculation = calculate(prices.base)
    if calculation.status != "CALCULATED":
        return page.words(f"accounts.status.{calculation.status}")
    return pricing.price_title(calculation, page.words)


def paid(page: Page, prices: Pricing | None) -> str:
    """What a small and a large municipality pay, to those who may see it."""
    if not page.visitor.every_customer:
        return page.words("accounts.customers.closed")
    sizes = customers.paid_by_size(customers.by_municipality(prices.paid)) if prices else []
    return customers.paid_title(sizes, page.words) if sizes else page.words("accounts.paid.none")


def settled(page: Page, selection: Chosen) -> list[str]:
    """What is owed on loans, and what is at stake between billed and measured."""
    projects = queries.loans(page, selection.product.service)
    owed = loans.owed(projects.rows, page.words) if projects else page.words("accounts.loans.unknown")
    rows = queries.billed(page, selection.product.service, selection.at.first, selection.at.last)
    return [owed, loans.stake(rows.rows if rows else None, selection.at, page.words)]


opened = product_page.open_product_page("accounts")
if opened:
    show(opened)
