"""Produktregnskap, the result: from income to result, months, categories, common costs, years. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import layout
from dashboards.views.accounts import product_page, queries
from dashboards.views.accounts.result import charts, narrative, opening, tables
from dashboards.words import formatting

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.views.accounts.choice import Chosen

DATASETS: Final = ("ledger.product_month", "ledger.entry", "ledger.unmapped_cost")


def show(page: Page) -> None:
    """Draws the result of the product that the link names."""
    definitions = ("income", "cost", "result", "coverage", "carried")
    found = product_page.product(page, DATASETS, definitions)
    if found is None:
        return
    first = opening.of(page, found)
    layout.head(page, first.answer, DATASETS, [found.service, found.year, found.quarter], first.observed)
    layout.figures(page, first.figures, opening=opening.opening)
    left, right = st.columns(2, gap="large")
    with left:
        steps(page, found)
    with right:
        months(page, found)
    categories(page, found)
    common(page, found)
    statement(page, found)
    product_page.foot(page, definitions, DATASETS)


def steps(page: Page, found: Chosen) -> None:
    """From income to result."""
    words, at = page.words, found.at
    answer = queries.of(page, "steps", found.product.service, first=at.first, last=at.last)
    layout.header(narrative.steps_title(found.sums, words), anchor="resultat")
    subtitle = words("accounts.steps.subtitle", period=at.when(words))
    product_page.note(page, subtitle, synthetic=found.sums.synthetic)
    layout.shown(
        page,
        answer,
        name=f"{found.product.service}_resultat",
        source=("ledger.product_month",),
        chart=charts.steps(answer.rows, words),
        alt=charts.steps_in_words(answer.rows, at.when(words), words),
        columns=("part", "amount_ore"),
        caption=words("accounts.steps.caption"),
    )


def months(page: Page, found: Chosen) -> None:
    """Income and cost by month."""
    words = page.words
    rows = found.two_years
    layout.header(narrative.months_title(rows, words), anchor="maneder")
    first, last = (formatting.month(rows[n]["month"], words.language) for n in (0, -1))
    subtitle = words("accounts.months.subtitle", first=first, last=last)
    product_page.note(page, subtitle, synthetic=found.months.synthetic)
    layout.shown(
        page,
        found.months,
        name=f"{found.product.service}_regnskap",
        source=("ledger.product_month",),
        chart=charts.months(rows, words),
        alt=charts.months_in_words(rows, words),
        columns=("month", "income_ore", "cost_ore", "result_ore", "budget_ore", "balance_carried_ore"),
        caption=words("accounts.months.caption"),
    )


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


def common(page: Page, found: Chosen) -> None:
    """The common costs that the product carries, and cost that is not placed."""
    words, at, every = page.words, found.at, page.visitor.every_ledger
    layout.header(narrative.common_title(found.sums, at, words), anchor="felleskostnader")
    left = narrative.common(queries.shared(page, at.first, at.last), words)
    st.markdown(f"{words('accounts.common')} {left}")
    if not queries.has(page, "unmapped_cost"):
        layout.lacking(page, words("state.lacking", release=page.release.name))
        return
    window = {"first": at.first, "last": at.last}
    unmapped = (
        queries.without_service(page, "unmapped", **window)
        if every
        else queries.of(page, "unmapped", found.product.service, **window)
    )
    of_all = queries.unplaced(page, None if every else found.product.service, at.first, at.last)
    if of_all is None or not unmapped.table.num_rows:
        st.markdown(words("accounts.unmapped.title.none"))
        return
    amount = formatting.kroner(of_all.amount_ore, words.language)
    layout.subheader(words("accounts.unmapped.title", amount=amount))
    subtitle = words(f"accounts.unmapped.subtitle.{'all' if every else 'own'}", period=at.when(words))
    product_page.note(page, subtitle, synthetic=unmapped.synthetic)
    layout.shown(
        page,
        unmapped,
        name="uplassert_kostnad",
        source=("ledger.unmapped_cost",),
        columns=("reason", "booked_account", "cost_center", "service_name", "entries", "amount_ore"),
        caption=words("accounts.unmapped.caption"),
    )


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

        layout.closed(page, words("accounts.statement.open"), "statement", every_year)
    layout.note(words("accounts.statement.files"), link="#maneder")
    product_page.source(page, "ledger.product_month")


opened = product_page.opened("accounts.result")
if opened:
    show(opened)
