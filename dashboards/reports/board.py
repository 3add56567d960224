"""The board's report: economy, uptake, loans and what calls for a decision, on one page. One HTML file."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dashboards.answers.ledger import Account, Amount, Book, Late, Spread, WithoutAnnex
from dashboards.reports.asking import opened, reported
from dashboards.reports.board_page import page
from dashboards.reports.facts import BoardFacts
from dashboards.reports.product import (
    NEEDED,
    begun,
    budget_income,
    fee_gap,
    loans,
    loans_followed,
    month_of,
    open_of,
    unmapped,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from dashboards.answers import Asks
    from dashboards.release import Attempt, Release
    from dashboards.texts import Words
    from transport.settings import Settings

_NEEDED = (*NEEDED, "uptake.exception", "quality.expected_reporter")


def gather(given: Settings, month: date | None = None, release_name: str | None = None) -> BoardFacts:
    """Ask the release for all that the report says.

    Args:
        given: where the releases are.
        month: which month; the last one of the release when not given.
        release_name: which release; the current one when not given.

    Raises:
        UnknownName: there is no such release.
        WrongUse: there is no release, it has no ledgers, it ends before the month, or it is too old.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = reported(given, release_name)
    with opened(release, ledger=True) as asked:
        asked.needs(_NEEDED, release.name)
        return facts_of(asked, release, attempt, month_of(release, month))


def facts_of(asked: Asks, release: Release, attempt: Attempt | None, month: date) -> BoardFacts:
    """What the board is told of a month, by the report and by the pages' overview."""
    first, kept_since = month.replace(month=1), begun(asked)
    accounts = [Account(**row) for row in asked.rows("ledger_months", service=None, through=month)]
    books = {
        service: Book(list(rows), month, kept_since) for service, rows in groupby(accounts, lambda one: one.service)
    }
    spreads = [Spread(**row) for row in asked.rows("report_uptake", through=month)]
    return BoardFacts(
        release=release,
        attempt=attempt,
        month=month,
        begun=kept_since,
        books=books,
        names={one.service: one.name for one in spreads} | {one.service: one.name for one in accounts},
        budget_income_ore=budget_income(asked, first, month, list(books)),
        spreads=spreads,
        loans=loans(asked, month, None),
        loans_followed=loans_followed(asked),
        without_annex=[WithoutAnnex(**row) for row in asked.rows("report_without_annex", through=month)],
        unexplained=open_of(asked, first, month, None),
        late=[Late(**row) for row in asked.rows("report_late", through=month)],
        shared=Amount(**asked.rows("ledger_shared", first=first, through=month)[0]),
        unmapped=unmapped(asked, first, month, None),
        fee_gap=fee_gap(asked, first, month, None),
    )


def write(
    given: Settings, *, folder: Path, out: Path | None, month: date | None, release: str | None, words: Words
) -> dict[str, str]:
    """Write the report; gives what was written.

    Raises:
        SharingError: as `gather`.
    """
    facts = gather(given, month, release)
    path = out or folder / f"rapport-styret-{facts.month:%Y-%m}.html"
    path.write_text(page(facts, words, contact=given.contact), "utf-8")
    return {
        "report": str(path),
        "about": words("board.title"),
        "release": facts.release.name,
        "month": f"{facts.month:%Y-%m}",
    }
