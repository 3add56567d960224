"""What calls for a decision and what changed most, each linked to a page, and as files. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.page.downloads import in_kroner, in_month, in_tenths
from dashboards.shared.board import tables as board_tables
from dashboards.shared.board.narrative import address
from dashboards.shared.panel import Composed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts, ProductLine
    from dashboards.shared.board.narrative import Decision, Movement
    from dashboards.shared.panel import Cell
    from dashboards.words import Words


def decisions(matters: Sequence[Decision], month: date, carried: Mapping[str, str], words: Words) -> str:
    """One row per matter: what, what is at stake, and a link to the page that covers it."""
    return board_tables.decisions(
        matters, month, lambda matter: _link(matter, carried, words), words, kind="dif-list dif-decide"
    )


def movements(moves: Sequence[Movement], sentences: Sequence[str], carried: Mapping[str, str], words: Words) -> str:
    """One sentence per movement, linked to the page that covers it; no link unless it concerns a service."""
    lines = (
        escape(sentence) + (f" {_link(movement, carried, words)}" if movement.service else "")
        for movement, sentence in zip(moves, sentences, strict=True)
    )
    return f'<ul class="dif-listed">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def _link(subject: Decision | Movement, carried: Mapping[str, str], words: Words) -> str:
    return f'<a href="{escape(address(subject, carried))}">{escape(words(f"overview.decide.to.{subject.kind}"))}</a>'


# ── The same as files ────────────────────────────────────────────────────────────────────────────────────────────────


def decision_rows(decisions: Sequence[Decision], month: date, release: str, words: Words) -> Composed:
    """Matters for decision, one row each: what, what is at stake, where to look; each with month and release."""
    titles = (*(f"board.decide.{x}" for x in ("what", "stake", "where")), "column.month", "column.release")
    rows: list[list[Cell]] = [
        [
            decision.what,
            decision.stake,
            words(f"overview.decide.to.{decision.kind}"),
            in_month(month),
            release,
            words("value.yes" if decision.synthetic else "value.no"),
        ]
        for decision in decisions
    ]
    header = [words(x) for x in (*titles, "column.synthetic")]
    return Composed(header, rows, any(decision.synthetic for decision in decisions))


def product_rows(facts: BoardFacts, words: Words) -> Composed:
    """All products in the table's order: amounts in kroner, coverage in per cent with one decimal.

    No total row: anyone summing the column would count it twice. A missing value is an empty cell.
    """
    header = [
        *(words(x) for x in ("board.products.product", "column.month")),
        # amounts are of the year so far and coverage of twelve months: one cannot be had by dividing the others
        *(words("overview.file.amount", name=words(f"accounts.{x}")) for x in ("income", "cost", "result")),
        words("overview.file.coverage", name=words("accounts.coverage")),
        f"{words('board.products.balance')} (kr)",
        *(words(f"board.products.{x}") for x in ("municipalities", "change", "observed")),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    lines = facts.products
    rows = [_product(line, facts, words) for line in lines]
    return Composed(header, rows, any(line.synthetic for line in lines))


def _product(line: ProductLine, facts: BoardFacts, words: Words) -> list[Cell]:
    book, spread = line.book, line.spread
    year, coverage = (book.year, book.coverage) if book else (None, None)
    return [
        line.name,
        in_month(facts.month),
        *(in_kroner(getattr(year, f"{x}_ore", None)) for x in ("income", "cost", "result")),
        in_tenths(coverage),
        in_kroner(book.balance_ore if book else None),
        *((spread.active, spread.change, in_month(spread.month)) if spread else (None, None, None)),
        facts.release.name,
        words("value.yes" if line.synthetic else "value.no"),
    ]
