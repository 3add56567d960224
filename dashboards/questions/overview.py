"""What the overview asks: use, uptake and deliveries of the country, and what the board is told of the ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import questions
from dashboards.answers.ledger import Amount, Late, Spread, WithoutAnnex
from dashboards.reports.board import facts_of
from dashboards.reports.facts import BoardFacts

if TYPE_CHECKING:
    from datetime import date

    from dashboards.answers import Answer
    from dashboards.frame import Page


def months(page: Page) -> list[date]:
    """The months that can be shown, newest first."""
    found = questions.rows(page, "overview/months", through=questions.through(page.release))
    return [row["month"] for row in found]


def dispatches(page: Page, month: date) -> Answer:
    """Dispatches by month: that month and the 35 before it."""
    first = month.replace(year=month.year - 3 + month.month // 12, month=month.month % 12 + 1)
    return questions.ask(page, "overview/dispatches", first=first, through=month)


def tells_economy(page: Page) -> bool:
    """Whether the visitor may read every ledger, as what the board is told is of all, and the release has them."""
    return page.visitor.every_ledger and questions.has_ledgers(page.release)


def facts(page: Page, month: date) -> BoardFacts:
    """What the board is told; without its ledgers where the visitor may not read them."""
    if tells_economy(page):
        return facts_of(questions.Asked(page), page.release, page.attempt, month)
    spreads = [Spread(**row) for row in questions.rows(page, "report_uptake", through=month)]
    return BoardFacts(
        release=page.release,
        attempt=page.attempt,
        month=month,
        begun=None,
        books={},
        names={one.service: one.name for one in spreads},
        budget_income_ore=None,
        spreads=spreads,
        loans=(),
        loans_followed=False,
        without_annex=[WithoutAnnex(**row) for row in questions.rows(page, "report_without_annex", through=month)],
        unexplained=None,
        late=[Late(**row) for row in questions.rows(page, "report_late", through=month)],
        shared=Amount(0, synthetic=False),
        unmapped=None,
        fee_gap=None,
    )
