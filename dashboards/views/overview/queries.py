"""The overview's queries: use, uptake and deliveries nationwide, and the board's facts from the ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.release import reader
from dashboards.shared.board.models import board_facts

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.query import QueryResult
    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.opening import View


def months(page: View) -> list[date]:
    """The months that can be shown, newest first."""
    rows = page.rows("overview/months", through=reader.through(page.release))
    return [row["month"] for row in rows]


def dispatches(page: View, month: date) -> QueryResult:
    """Dispatches by month: the given month and the 35 before it."""
    first = month.replace(year=month.year - 3 + month.month // 12, month=month.month % 12 + 1)
    return page.ask("overview/dispatches", first=first, through=month)


def services(page: View, month: date) -> QueryResult:
    """Dispatches so far this year by service, most first."""
    return page.ask("overview/dispatches_services", first=month.replace(month=1), through=month)


def tells_economy(page: View) -> bool:
    """Whether the visitor may read every ledger, which the board's facts need, and the release has ledgers."""
    return page.visitor.every_ledger and reader.has_ledgers(page.release)


def facts(page: View, month: date) -> BoardFacts:
    """The board's facts; without the ledgers where the visitor may not read them."""
    economy = tells_economy(page)
    asked = page.with_ledger() if economy else page
    return board_facts(asked, page.release, None, month, ledgers=economy)
