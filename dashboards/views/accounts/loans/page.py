"""Produktregnskap, loans and reconciliation: balances and payoff, billed against measured, quarters. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboards.page import layout
from dashboards.views.accounts import product_page, queries
from dashboards.views.accounts.loans import charts, narrative, opening
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.page.layout import Page
    from dashboards.release.query import QueryResult
    from dashboards.views.accounts.choice import Chosen

DATASETS: Final = ("ledger.project_month", "ledger.loan_month", "ledger.period", "ledger.entry")
RECONCILED: Final = tuple(f"ledger.{table}" for table in queries.RECONCILED)
PROJECTS: Final = (
    *("project_title", "phase", "granted_ore", "drawn_to_date_ore", "spent_to_date_ore", "repaid_to_date_ore"),
    "balance_ore",
)
PAYOFFS: Final = ("payoff_month_low", "payoff_month_expected", "payoff_month_high")


def show(page: Page) -> None:
    """Draws the loans and the reconciliation of the product that the link names."""
    economy = page.visitor.every_customer
    datasets = (*DATASETS, *(RECONCILED if economy else ()))
    definitions = ("loan", *(("at_stake",) if economy else ()))
    found = product_page.product(page, datasets, definitions)
    if found is None:
        return
    first = opening.of(page, found)
    layout.head(page, first.answer, datasets, [found.service, found.year, found.quarter], first.observed)
    loans(page, found)
    if economy:
        reconciliation(page, found)
    if page.visitor.every_ledger:  # the closing of quarters concerns all products
        quarters(page, found)
    product_page.foot(page, definitions, datasets)


def loans(page: Page, found: Chosen) -> None:
    """The product's projects and loans, with payoff; those without a product if the visitor may see every ledger."""
    words, service = page.words, found.product.service
    projects = queries.loans(page, service)
    if projects is None:
        product_page.lacks(page, "lan", "accounts.loan.title.none")
        return
    through = queries.through(page)
    history = queries.of(page, "loans", service, through=through)
    anchored = False
    for project in projects.rows:
        rows = [row for row in history.rows if row["project"] == project["project"]]
        if not rows:
            continue
        layout.header(narrative.loan_title(project, words), anchor=False if anchored else "lan")
        anchored = True
        ahead = project["payoff_month_expected"] or project["payoff_month_high"]
        subtitle = words("accounts.loan.subtitle" if ahead else "accounts.loan.subtitle.plain")
        product_page.note(page, subtitle, synthetic=bool(project["synthetic"]))
        alt = charts.loan_in_words(rows, project, words)
        product_page.draw(charts.loan(rows, project, words), alt, f"loan_{project['project']}")
        layout.note(narrative.payoff(project, words))
    if not anchored:
        layout.header(words("accounts.loan.title.none"), anchor="lan")
        st.markdown(words("accounts.loan.none"))
    listed(page, projects, service, (*PROJECTS, *PAYOFFS))
    if page.visitor.every_ledger:
        without = queries.without_service(page, "projects", through=through)
        if without.table.num_rows:
            label = words("accounts.projects.without")
            layout.closed(page, label, "without", lambda: listed(page, without, "uten_tjeneste", PROJECTS))


def listed(page: Page, projects: QueryResult, name: str, columns: Sequence[str]) -> None:
    """Projects as a table with their files."""
    if not projects.table.num_rows:
        return
    month = formatting.month(projects.rows[0]["month"], page.words.language)
    layout.shown(
        page,
        projects,
        name=f"prosjekter_{name}",
        source=("ledger.project_month", "ledger.loan_month"),
        columns=columns,
        caption=page.words("accounts.projects.caption", month=month),
    )


def reconciliation(page: Page, found: Chosen) -> None:
    """Billed against measured, by reason, and the amount at stake."""
    words, service, at = page.words, found.product.service, found.at
    months = queries.billed(page, service, at.first, at.last)
    if months is None:
        product_page.lacks(page, "avstemming", "accounts.reconciliation.title.plain")
        return
    if not months.table.num_rows:
        layout.header(words("accounts.reconciliation.title.plain"), anchor="avstemming")
        st.markdown(words("accounts.reconciliation.empty"))
        return
    window = {"first": at.first, "last": at.last}
    layout.header(narrative.reconciliation_title(months.rows, words), anchor="avstemming")
    subtitle = words("accounts.reconciliation.subtitle", period=at.when(words))
    product_page.note(page, subtitle, synthetic=months.synthetic)
    st.markdown(narrative.ties(months.rows, words))
    awaits = narrative.summed(months.rows, "awaits_invoice_ore")
    if awaits:
        layout.note(words("accounts.reconciliation.awaits", amount=formatting.kroner(awaits, words.language)))
    reasons = queries.reconciled(page, "reasons", service, **window)
    if reasons.table.num_rows:
        layout.shown(
            page,
            reasons,
            name=f"{service}_arsaker",
            source=("ledger.reconciliation_part",),
            chart=charts.reasons(reasons.rows, words),
            alt=charts.reasons_in_words(reasons.rows, words),
            columns=("reason", "differences", "over_ore", "under_ore", "difference_ore"),
            caption=words("accounts.reconciliation.caption"),
        )
    else:
        st.markdown(words("accounts.reconciliation.no_parts"))
    layout.closed(
        page, words("accounts.reconciliation.months.caption"), "months", lambda: by_month(page, months, service)
    )
    rows = queries.reconciled(page, "unexplained", service, **window)
    if rows.table.num_rows:
        layout.closed(
            page, words("accounts.unexplained.title"), "unexplained", lambda: unexplained(page, rows, service)
        )


def by_month(page: Page, months: QueryResult, service: str) -> None:
    """Billed against measured, by month."""
    layout.shown(
        page,
        months,
        name=f"{service}_avstemming",
        source=("ledger.reconciliation_product",),
        columns=(
            *("month", "billed_ore", "expected_ore", "explained_ore", "open_ore", "not_reconcilable_ore"),
            *("awaits_invoice_ore", "at_stake_ore"),
        ),
        caption=page.words("accounts.reconciliation.months.caption"),
    )


def unexplained(page: Page, rows: QueryResult, service: str) -> None:
    """The largest differences that nothing explains."""
    layout.shown(
        page,
        rows,
        name=f"{service}_uforklart",
        source=("ledger.reconciliation", "ledger.reconciliation_part"),
        columns=(
            *("organisation", "element", "month", "billed_quantity", "measured_quantity"),
            *("billed_ore", "expected_ore", "unexplained_ore"),
        ),
        caption=page.words("accounts.unexplained.caption"),
    )


def quarters(page: Page, found: Chosen) -> None:
    """Which quarters are closed, and what was booked later."""
    words, service = page.words, found.product.service
    if not queries.has(page, "period"):
        product_page.lacks(page, "perioder", "accounts.periods.title.plain")
        return
    periods = queries.of(page, "periods", service, through=queries.through(page))
    if not periods.table.num_rows:
        return
    layout.header(narrative.periods_title(periods.rows, words), anchor="perioder")
    layout.note(words("accounts.periods.subtitle", service=found.product.name))

    def listed() -> None:
        layout.shown(
            page,
            periods,
            name=f"{service}_perioder",
            source=("ledger.period", "ledger.entry"),
            columns=("quarter", "status", "closed_by", "changed_at", "release", "later_entries", "later_ore"),
            caption=words("accounts.periods.caption"),
        )

    layout.closed(page, words("accounts.periods.caption"), "periods", listed)


opened = product_page.opened("accounts.loans")
if opened:
    show(opened)
