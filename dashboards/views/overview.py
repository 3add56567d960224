"""Oversikt: is use growing, do products pay their way, what calls for a decision. Only arranges."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import downloads, filters, frame, pages, tables, wording
from dashboards.charts import overview as charts
from dashboards.findings import board
from dashboards.findings import overview as findings
from dashboards.questions import overview as questions
from dashboards.tables import board as board_tables
from dashboards.tables import overview as overview_tables

if TYPE_CHECKING:
    from datetime import date

    from dashboards.answers.board import BoardFacts
    from dashboards.frame import Page
    from dashboards.texts import Words

OPEN = ("usage.dispatch_month", "uptake.funnel", "uptake.exception", "quality.expected_reporter")
LEDGER = ("ledger.product_month", "ledger.entry", "ledger.loan_month", "ledger.reconciliation_product")


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, months = page.words, questions.months(page)
    labels = findings.month_labels(months, words)
    chosen = filters.one(filters.MONTH, page.link, labels)
    if not months:
        frame.head(page, "", OPEN)
        link = pages.address("data") + filters.link(frame.carried(page), {})
        st.info(words("overview.empty", link=link), title=words("overview.empty.title"), icon=":material/search_off:")
        frame.contact(page)
        return
    month = next(one for one in months if filters.month_value(one) == chosen.value)
    facts, used = questions.facts(page, month), questions.dispatches(page, month)
    economy = questions.tells_economy(page)
    datasets = (*OPEN, *LEDGER) if economy else OPEN
    said = board.answer(facts, words) if economy else findings.answer(facts, used.rows, words)
    frame.head(page, said, datasets, (chosen,))
    own, told = findings.use(used.rows, month, words), board.figures(facts, words)
    frame.figures(page, [own, *told] if economy else [own, told[2], findings.late(facts, words)])
    if page.visitor.every_ledger and not economy:
        frame.note(words("state.no_ledgers"))
    decide(page, facts, words)
    frame.header(words("board.moves.title"))
    moved = board.movements(facts, words)
    st.html(overview_tables.movements(moved if economy else moved[-1:], frame.carried(page), words))
    use(page, month, words)
    if economy:
        products(page, facts, words)
    foot(page, datasets, words, economy=economy)


def decide(page: Page, facts: BoardFacts, words: Words) -> None:
    """What calls for a decision, each row with a link to where it is looked into."""
    found, lacks = board.decisions(facts, words), board.unjudged(facts, words)
    frame.header(words("board.decide.title", n=len(found)) if found else words("board.decide.title.none"))
    if found:
        st.html(overview_tables.decisions(found, frame.carried(page), words))
        about = {words("column.month"): wording.month(facts.month, words.language)}
        if questions.tells_economy(page):
            about[words("made.definition.title")] = downloads.defined(words("board.made.decide"))
        frame.composed(
            page,
            partial(downloads.decision_rows, found, facts.month, page.release.name, words),
            f"beslutninger_{facts.month:%Y-%m}",
            about,
        )
    frame.note(lacks)


def use(page: Page, month: date, words: Words) -> None:
    """Dispatches by month."""
    answer = questions.dispatches(page, month)
    frame.header(findings.dispatches_title(answer.rows, month, words))
    first, last = (words.value("month", answer.rows[n]["month"]) if answer.rows else "" for n in (0, -1))
    frame.note(words("overview.use.subtitle", first=first, last=last, year=str(month.year)))
    frame.shown(
        page,
        answer,
        name="forsendelser",
        source=["usage.dispatch_month"],
        chart=charts.dispatches(answer.rows, month, words),
        alt=charts.dispatches_in_words(answer.rows, words),
    )


def products(page: Page, facts: BoardFacts, words: Words) -> None:
    """All products with their accounts and uptake."""
    frame.header(board.products_title(facts, words))
    frame.note(board.products_subtitle(facts, words))
    st.html(tables.pictured(board_tables.products(facts, words)))
    made = (words(f"ledger.made.{one}") for one in ("income", "coverage", "balance"))
    frame.composed(
        page,
        partial(downloads.product_rows, facts, words),
        f"produkter_{facts.month:%Y-%m}",
        {
            words("column.month"): wording.month(facts.month, words.language),
            words("made.definition.title"): downloads.defined(board.products_subtitle(facts, words, file=True), *made),
        },
    )


def foot(page: Page, datasets: tuple[str, ...], words: Words, *, economy: bool) -> None:
    """How the numbers are made."""
    told = ["overview.made.use", "overview.made.late", "made.active.USE", "made.active.EVENT"]
    if economy:
        told += ["ledger.made.income", "ledger.made.coverage", "ledger.made.balance", "ledger.made.budget"]
        told += ["board.made.decide"]
    frame.foot(page, [words(one) for one in told], datasets)


opened = frame.opened("overview.title")
if opened:
    show(opened)
