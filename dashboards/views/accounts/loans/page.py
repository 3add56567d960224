"""Produktregnskap, loans and reconciliation: balances and payoff, billed against measured, quarters. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import layout
from dashboards.shared import frame
from dashboards.shared.narrative import source_in_words
from dashboards.views.accounts import product_page, queries
from dashboards.views.accounts.loans import narrative, panels
from dashboards.words import formatting

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.shared.panel import Panel
    from dashboards.views.accounts.choice import Chosen

DATASETS: Final = ("ledger.project_month", "ledger.loan_month", "ledger.period", "ledger.entry")
RECONCILED: Final = tuple(f"ledger.{table}" for table in queries.RECONCILED)


def show(page: Page) -> None:
    """Draws the loans and the reconciliation of the product that the link names."""
    economy = page.visitor.every_customer
    datasets = (*DATASETS, *(RECONCILED if economy else ()))
    definitions = ("loan", *(("at_stake",) if economy else ()))
    selection = product_page.product(page, datasets, definitions)
    if selection is None:
        return
    first = panels.opening_of(page, selection)
    layout.head(page, first.answer, datasets, [selection.service, selection.year, selection.quarter], first.observed)
    parts, projects = [loans, *([reconciliation] if economy else [])], queries.loans(page, selection.product.service)
    borrowed = projects is None or any(row["drawn_to_date_ore"] for row in projects.rows)
    for part in parts if borrowed else reversed(parts):
        part(page, selection)
    if page.visitor.every_ledger:  # the closing of quarters concerns all products
        quarters(page, selection)
    product_page.foot(page, definitions, datasets)


@layout.placed
def loans(page: Page, selection: Chosen) -> None:
    """The product's projects and loans, with payoff; those without a product if the visitor may see every ledger."""
    words = page.words
    projects = queries.loans(page, selection.product.service)
    if projects is None:
        product_page.lacks(page, "lan", "accounts.loan.title.none")
        return
    titles = {row["project"]: row["project_title"] for row in projects.rows}
    of_product, notes = panels.loans(page, selection), list[str]()
    for place, shows in enumerate(of_product):
        layout.header(shows.title, anchor="" if place else "lan", subtitle=shows.subtitle)
        product_page.draw(page, shows, shows.name)
        layout.files(page, shows, side=f"{place}" if place else "")
        notes += [f"{titles[shows.asked[panels.PROJECT]]}:", *layout.panel_notes(page, shows)]
    if of_product:
        source = source_in_words(of_product[0].source, page.release.name, words)
        st.html(frame.noted(source, notes, words))
    else:
        layout.header(words("accounts.loan.title.none"), anchor="lan")
        others = product_page.links(page, queries.loaned(page))
        st.markdown(words("accounts.loan.none") + (" " + words("accounts.loan.others", links=others) if others else ""))
    listed(page, panels.projects(page, selection))
    if page.visitor.every_ledger and (without := panels.without_service(page, selection)):
        tabled = partial(listed, page, without)
        layout.fold(page, words("accounts.projects.without"), "without", tabled)


def listed(page: Page, shows: Panel | None) -> None:
    """A table under its title."""
    if shows is not None:
        layout.body(page, shows, shows.title)


@layout.placed
def reconciliation(page: Page, selection: Chosen) -> None:
    """Billed against measured, by reason, and the amount at stake."""
    words, service, at = page.words, selection.product.service, selection.at
    months = queries.billed(page, service, at.first, at.last)
    if months is None:
        product_page.lacks(page, "avstemming", "accounts.reconciliation.title.plain")
        return
    if not months.table.num_rows:
        layout.header(words("accounts.reconciliation.title.plain"), anchor="avstemming")
        st.markdown(words("accounts.reconciliation.empty"))
        return
    layout.header(narrative.reconciliation_title(months.rows, words), anchor="avstemming")
    subtitle = words("accounts.reconciliation.subtitle", period=at.when(words))
    product_page.note(page, subtitle, synthetic=months.synthetic)
    st.markdown(narrative.ties(months.rows, words))
    awaits = narrative.summed(months.rows, "awaits_invoice_ore")
    if awaits:
        layout.note(words("accounts.reconciliation.awaits", amount=formatting.kroner(awaits, words.language)))
    reasons = panels.reasons(page, selection)
    if reasons:
        layout.body(page, reasons, words("accounts.reconciliation.caption"))
    else:
        st.markdown(words("accounts.reconciliation.no_parts"))
    by_month, unexplained = panels.by_month(page, selection), panels.unexplained(page, selection)
    layout.fold(page, words("accounts.reconciliation.months.caption"), "months", partial(listed, page, by_month))
    if unexplained:
        tabled = partial(listed, page, unexplained)
        layout.fold(page, words("accounts.unexplained.title"), "unexplained", tabled)


@layout.placed
def quarters(page: Page, selection: Chosen) -> None:
    """Which quarters are closed, and what was booked later."""
    words = page.words
    if not queries.has(page, "period"):
        product_page.lacks(page, "perioder", "accounts.periods.title.plain")
        return
    shows = panels.periods(page, selection)
    if shows is None:
        return
    layout.header(narrative.periods_title(shows.answer.rows, words), anchor="perioder", subtitle=shows.subtitle)
    layout.fold(page, shows.title, "periods", partial(listed, page, shows))


opened = product_page.open_product_page("accounts.loans")
if opened:
    show(opened)
