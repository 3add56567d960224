"""Oversikt: is use growing, do products pay their way, what calls for a decision. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.page import filters, layout
from dashboards.shared import pages
from dashboards.shared import tables as shared_tables
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.board import tables as board_tables
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.views.overview import panels, tables
from dashboards.views.overview.panels import opening, opening_of, overview

if TYPE_CHECKING:
    from dashboards.page.layout import Page
    from dashboards.shared.board.models import BoardFacts
    from dashboards.words import Words


def show(page: Page) -> None:
    """The page, from the story down."""
    words, rests_on = page.words, overview(page)
    if rests_on is None:
        layout.head(page, "", panels.OPEN)
        link = pages.address("data") + filters.link(layout.carried(page), {})
        st.info(words("overview.empty", link=link), title=words("overview.empty.title"), icon=":material/search_off:")
        layout.contact(page)
        return
    economy, facts = rests_on.economy, rests_on.facts
    datasets = (*panels.OPEN, *panels.LEDGER) if economy else panels.OPEN
    first = opening_of(page, rests_on)
    story, filtered = st.columns([4, 1])
    with story:
        layout.say_unknown(rests_on.chosen.unknown, words)
        layout.head(page, first.answer, datasets)
    with filtered:
        filters.menu(rests_on.chosen, words)
    layout.lead(page, first.figures, opening, partial(decide, page, facts, words, economy=economy))
    if page.visitor.every_ledger and not economy:
        layout.note(words("state.no_ledgers"))
    layout.header(words("board.moves.title"), anchor="storste-endringer")
    moved = board_narrative.movements(facts, words)[0 if economy else -1 :]
    sentences, made_up = board_narrative.movement_sentences(moved, words)
    st.html(tables.movements(moved, sentences, layout.carried(page), words))
    layout.note(f"{board_narrative.beside(facts, words)} {made_up}".strip())
    layout.panel(page, panels.dispatches(page, rests_on.month), anchor="forsendelser")
    if economy:
        products(page, facts, words)
        followed = ledger_narrative.rules_followed(facts.rules, facts.month.year, words)
        layout.note(followed, link=f"{pages.address('definitions')}#ord")
    foot(page, datasets, words, economy=economy)


def decide(page: Page, facts: BoardFacts, words: Words, *, economy: bool) -> None:
    """What needs a decision, each row linked to the page that covers it."""
    decisions, lacks = board_narrative.decisions(facts, words), board_narrative.unjudged(facts, words)
    title = words("board.decide.title", n=len(decisions)) if decisions else words("board.decide.title.none")
    layout.header(title, anchor="beslutninger")
    if decisions:
        st.html(tables.decisions(decisions, facts.month, layout.carried(page), words))
        layout.note(board_narrative.synthetic_note(decisions, words))
        layout.composed(page, panels.decisions(page, facts))
    layout.note(lacks if economy else "")


def products(page: Page, facts: BoardFacts, words: Words) -> None:
    """All products with their accounts and uptake."""
    layout.header(
        board_narrative.products_title(facts, words),
        anchor="produkter",
        subtitle=board_narrative.products_subtitle(facts, words),
    )
    st.html(shared_tables.pictured(board_tables.products(facts, words)))
    layout.note(ledger_narrative.bridge(facts.invoiced, words))
    layout.composed(page, panels.products(page, facts))


def foot(page: Page, datasets: tuple[str, ...], words: Words, *, economy: bool) -> None:
    """How the numbers are made."""
    keys = ["overview.made.use", "overview.made.late", "made.active.USE", "made.active.EVENT"]
    if economy:
        keys = ["board.made.story", "board.made.decide", *keys]
        keys += ["ledger.made.income", "ledger.made.coverage", "ledger.made.balance", "ledger.made.budget"]
    keys.append("board.made.trend")
    layout.foot(page, [words(key) for key in keys], datasets)


opened = layout.open_page("overview.title")
if opened:
    show(opened)
