"""Produktregnskap, what customers pay: by municipality and size, and by month. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import layout
from dashboards.views.accounts import product_page, queries
from dashboards.views.accounts.customers import narrative, panels, tables

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.queries import Pricing

DATASETS: Final = (
    *("ledger.entry", "ledger.product_month", "ledger.price_calculation", "ledger.price_cost", "ledger.price_use"),
)


def show(page: Page) -> None:
    """Draws what the customers of the product pay."""
    definitions = ("income",)
    selection = product_page.product(page, DATASETS, definitions)
    if selection is None:
        return
    prices = queries.prices(page, selection.product.service)
    first = panels.opening_of(page, selection, prices)
    layout.head(page, first.answer, DATASETS, [selection.service], first.observed)
    if not queries.has(page, *queries.PRICES):
        product_page.lacks(page, "pris-per-kommune", "accounts.paid.title.plain")
    elif page.visitor.every_customer:
        paid(page, selection, prices)
    invoiced(page, selection)
    product_page.foot(page, definitions, DATASETS)


@layout.placed
def paid(page: Page, selection: Chosen, pricing: Pricing | None) -> None:
    """What each municipality pays, by size."""
    words, of = page.words, narrative.by_municipality(pricing.paid) if pricing else {}
    sizes, shows = narrative.paid_by_size(of), panels.paid(page, selection, pricing)
    layout.header(narrative.paid_title(sizes, words), anchor="pris-per-kommune")
    if shows is None:
        st.markdown(words("accounts.paid.none"))
        return
    layout.note(shows.subtitle)
    product_page.draw(page, shows, "paid")
    st.html(tables.paid(sizes, words))
    layout.files(page, shows)
    product_page.source(page, *shows.source)


def invoiced(page: Page, selection: Chosen) -> None:
    """What is invoiced in twelve months, beside the same months of the year before."""
    shows = panels.invoiced(page, selection)
    if shows is None:
        product_page.lacks(page, "fakturert", "accounts.invoiced.caption")
        return
    layout.panel(page, shows, anchor="fakturert", caption=page.words("accounts.invoiced.caption"))


opened = product_page.open_product_page("accounts.customers")
if opened:
    show(opened)
