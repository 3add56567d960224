"""What the pages of a product's accounts share: the links between them, the head, the states, notes and sources.

The summary stands in the menu; its parts are reached by the links under the title of each, which carry the same
product and period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import filters, layout
from dashboards.shared import frame, pages
from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.pages import QUARTER, YEAR
from dashboards.views.accounts import choice, queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dashboards.page.layout import Page
    from dashboards.release.query import Row
    from dashboards.shared.panel import Panel
    from dashboards.views.accounts.choice import Chosen


KEYS: Final = ("accounts", "accounts.result", "accounts.pricing", "accounts.customers", "accounts.loans")
"""The pages, in the order of their links."""
LIMITS: Final = "made.accounts.limits"


def address(page: Page, key: str, anchor: str = "") -> str:
    """The address of one of the pages, with what the link chooses."""
    carried = {name: page.link[name] for name in filters.CARRIED if name in page.link}
    page_address = pages.address(key) + (filters.link(carried, {}) if carried else "")
    return f"{page_address}#{anchor}" if anchor else page_address


def open_product_page(key: str) -> Page | None:
    """Draw the title of a page and the links to the others, and open the release; as `layout.open_page`."""
    page = layout.open_page(f"{key}.title")
    if page is not None:
        links = {page.words(f"{other}.part"): address(page, other) for other in KEYS}
        st.html(frame.parts(links, address(page, key), page.words("accounts.parts")))
    return page


def product(page: Page, datasets: Collection[str], definitions: Iterable[str]) -> Chosen | None:
    """What the link chooses; None if there is nothing to show, which the page then says to its end.

    Args:
        page: the page.
        datasets: those of its numbers.
        definitions: the keys under `made.accounts` of how they are made.
    """
    words = page.words
    if not queries.has_ledgers(page):
        layout.lacking(page, words("accounts.not_kept", release=page.release.name), words("accounts.not_kept.title"))
        layout.contact(page)
        return None
    products = queries.products(page)
    if not products:
        st.info(words("accounts.none_owned"), title=words("accounts.none_owned.title"), icon=":material/lock:")
        layout.contact(page)
        return None
    service = choice.service(page, products)
    selection = choice.chosen(page, service, products)
    if selection is None:
        layout.head(page, "", datasets, [service])
        _empty(page, next(product for product in products if product.service == service.value), products)
        foot(page, definitions, datasets)
    return selection


def _empty(page: Page, product: Row, products: Sequence[Row]) -> None:
    """Why there is nothing to show, and a link to another product that has numbers."""
    words = page.words
    other = max(
        (candidate for candidate in products if candidate.months),
        key=lambda candidate: candidate.income_ore,
        default=None,
    )
    text = words("accounts.empty")
    if other is not None:
        text += " " + words("accounts.empty.link", link=links(page, [other]))
    st.info(text, title=words("accounts.empty.title", service=product.name), icon=":material/search_off:")


def links(page: Page, products: Iterable[Row]) -> str:
    """Products by name, each as a link to the same page of it, in Markdown."""
    addresses = [
        (product.name, filters.link(page.link, {filters.SERVICE: product.service, YEAR: None, QUARTER: None}))
        for product in products
    ]
    return formatting.listing([f"[{name}]({link})" for name, link in addresses], page.words.language)


def foot(page: Page, definitions: Iterable[str], datasets: Collection[str]) -> None:
    """The end of the page."""
    layout.foot(page, [page.words(f"made.accounts.{key}") for key in definitions], datasets, LIMITS)


def rules(page: Page, service: str, year: int) -> None:
    """Which rules of self-cost are followed in a year, in a line that leads to the definitions."""
    text = ledger_narrative.rules_followed(queries.rules(page, service), year, page.words)
    layout.note(text, link=f"{pages.address('definitions')}#ord")


def lacks(page: Page, anchor: str, title: str) -> None:
    """Says that the release lacks the data for a part of the page."""
    layout.header(page.words(title), anchor=anchor)
    layout.lacking(page, page.words("state.lacking", release=page.release.name))


def draw(page: Page, shows: Panel, name: str) -> None:
    """A chart high on a page: its place is kept while it loads, so that what stands below does not move.

    Args:
        page: the page.
        shows: the panel whose chart it is.
        name: unique on the page.
    """
    with st.container(key=f"reserved_{name}"):
        layout.draw(page, shows)


def note(page: Page, text: str, *, synthetic: bool) -> None:
    """A subtitle that says if its numbers are synthetic."""
    layout.note(text + shared_narrative.synthetic_sentence(page.words, synthetic=synthetic))


def source(page: Page, *datasets: str) -> None:
    """The source of what is shown above."""
    layout.note(shared_narrative.source_in_words(datasets, page.release.name, page.words))
