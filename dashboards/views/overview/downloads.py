"""The files of the overview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboards.page.downloads import in_kroner, in_month, in_tenths
from dashboards.shared.board.models import BoardFacts, ProductLine
from dashboards.shared.board.narrative import Decision
from dashboards.shared.panel import Cell, Composed
from dashboards.words import Words


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
