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
    selection = product_page.product(page, DATASETS, definitions)
    if selection is None:
        return
    first = panels.opening_of(page, selection)
    layout.head(page, first.answer, DATASETS, [selection.service, selection.year, selection.quarter], first.observed)
    caption = words("accounts.steps.caption")
    shown = partial(layout.panel, page, panels.steps(page, selection), anchor="resultat", caption=caption)
    layout.lead(page, first.figures, panels.opening, shown)
    layout.panel(page, panels.months(page, selection), anchor="maneder", caption=words("accounts.months.caption"))
    of = queries.invoiced(page, selection.product.service, selection.at.first, selection.at.last)
    layout.note(ledger_narrative.bridge(of, words))
    categories(page, selection)
    common(page, selection)
    statement(page, selection)
    self_cost(page, selection)
    product_page.rules(page, selection.product.service, selection.at.last.year)
    product_page.foot(page, definitions, DATASETS)


def categories(page: Page, selection: Chosen) -> None:
    """The kinds of cost, beside the same months of the year before."""
    words = page.words
    of = narrative.categories(selection.sums, selection.then)
    layout.header(narrative.categories_title(of, words), anchor="kostnader")
    key = "accounts.categories.subtitle" if selection.then else "accounts.categories.subtitle.new"
    subtitle = words(key, period=selection.at.when(words), year=str(selection.at.year - 1))
    product_page.note(page, subtitle, synthetic=selection.sums.synthetic)
    st.html(tables.categories(of, words))
    product_page.source(page, "ledger.product_month")


@layout.placed
def common(page: Page, selection: Chosen) -> None:
    """The cost that no product carries yet, or that is not placed right; nothing where there is none."""
    words, at = page.words, selection.at
    left, shows = narrative.common(queries.shared(page, at.first, at.last), words), panels.unplaced(page, selection)
    if shows is not None:
        layout.header(shows.title, anchor="felleskostnader", subtitle=f"{left} {shows.subtitle}".strip())
        layout.body(page, shows, words("accounts.unmapped.caption"))
    else:
        layout.note(left)


def statement(page: Page, selection: Chosen) -> None:
    """The years with their quarters; the quarters of earlier years when they are opened."""
    words = page.words
    stated = narrative.statement(selection.rows, words)
    layout.header(narrative.statement_title(stated, words), anchor="kvartaler")
    product_page.note(page, words("accounts.statement.subtitle"), synthetic=selection.months.synthetic)
    years = [period for period in stated if period.at.quarter is None]
    st.html(
        tables.statement([period for period in stated if period in years or period.at.year == selection.at.year], words)
    )
    if len(years) > 1:

        def every_year() -> None:
            st.html(tables.statement(stated, words))

        layout.fold(page, words("accounts.statement.open"), "statement", every_year)
    layout.note(words("accounts.statement.files"), link="#maneder")
    product_page.source(page, "ledger.product_month")


@layout.placed
def self_cost(page: Page, selection: Chosen) -> None:
    """The self-cost account of the last years, with both ratios; none in a release from before there was one."""
    shows = panels.self_cost(page, selection)
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
