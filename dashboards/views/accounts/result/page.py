"""Produktregnskap, the result: from income to result, months, categories, common costs, years. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import layout
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.views.accounts import product_page, queries
from dashboards.views.accounts.result import narrative, panels, tables

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.views.accounts.choice import Chosen

DATASETS: Final = ("ledger.product_month", "ledger.entry", "ledger.unmapped_cost", "ledger.self_cost_year")


def show(page: Page) -> None:
    """Draws the result of the product that the link names."""
    words, definitions = page.words, ("income", "cost", "result", "coverage", "carried")
    found = product_page.product(page, DATASETS, definitions)
    if found is None:
        return
    first = panels.opening_of(page, found)
    layout.head(page, first.answer, DATASETS, [found.service, found.year, found.quarter], first.observed)
    caption = words("accounts.steps.caption")
    shown = partial(layout.panel, page, panels.steps(page, found), anchor="resultat", caption=caption)
    layout.lead(page, first.figures, panels.opening, shown)
    layout.panel(page, panels.months(page, found), anchor="maneder", caption=words("accounts.months.caption"))
    of = queries.invoiced(page, found.product.service, found.at.first, found.at.last)
    layout.note(ledger_narrative.bridge(of, words))
    categories(page, found)
    common(page, found)
    statement(page, found)
    self_cost(page, found)
    product_page.rules(page, found.product.service, found.at.last.year)
    product_page.foot(page, definitions, DATASETS)


def categories(page: Page, found: Chosen) -> None:
    """The kinds of cost, beside the same months of the year before."""
    words = page.words
    of = narrative.categories(found.sums, found.then)
    layout.header(narrative.categories_title(of, words), anchor="kostnader")
    key = "accounts.categories.subtitle" if found.then else "accounts.categories.subtitle.new"
    subtitle = words(key, period=found.at.when(words), year=str(found.at.year - 1))
    product_page.note(page, subtitle, synthetic=found.sums.synthetic)
    st.html(tables.categories(of, words))
    product_page.source(page, "ledger.product_month")


@layout.placed
def common(page: Page, found: Chosen) -> None:
    """The common costs that the product carries, and cost that is not placed."""
    words, at = page.words, found.at
    layout.header(narrative.common_title(found.sums, at, words), anchor="felleskostnader")
    left = narrative.common(queries.shared(page, at.first, at.last), words)
    st.markdown(f"{words('accounts.common')} {left}")
    if not queries.has(page, "unmapped_cost"):
        layout.lacking(page, words("state.lacking", release=page.release.name))
        return
    shows = panels.unplaced(page, found)
    if shows is None:
        st.markdown(words("accounts.unmapped.title.none"))
        return
    layout.subheader(shows.title, subtitle=shows.subtitle)
    layout.body(page, shows, words("accounts.unmapped.caption"))


def statement(page: Page, found: Chosen) -> None:
    """The years with their quarters; the quarters of earlier years when they are opened."""
    words = page.words
    stated = narrative.statement(found.rows, words)
    layout.header(narrative.statement_title(stated, words), anchor="kvartaler")
    product_page.note(page, words("accounts.statement.subtitle"), synthetic=found.months.synthetic)
    years = [one for one in stated if one.at.quarter is None]
    st.html(tables.statement([one for one in stated if one in years or one.at.year == found.at.year], words))
    if len(years) > 1:

        def every_year() -> None:
            st.html(tables.statement(stated, words))

        layout.fold(page, words("accounts.statement.open"), "statement", every_year)
    layout.note(words("accounts.statement.files"), link="#maneder")
    product_page.source(page, "ledger.product_month")


@layout.placed
def self_cost(page: Page, found: Chosen) -> None:
    """The self-cost account of the last years, with both ratios; none in a release from before there was one."""
    shows = panels.self_cost(page, found)
    if shows is None:
        return
    layout.header(shows.title, anchor="selvkost", subtitle=shows.subtitle)

    def by_year() -> None:
        st.html(tables.self_cost(shows.answer.rows, page.words))
        layout.files(page, shows)
        product_page.source(page, "ledger.self_cost_year")

    layout.fold(page, page.words("accounts.self_cost.caption"), "self_cost", by_year)


opened = product_page.open_product_page("accounts.result")
if opened:
    show(opened)
