"""The board's report: economy, uptake, loans and what calls for a decision, on one page. Layout only."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards.reports import sheet
from dashboards.reports.reader import OF_LEDGERS, check_datasets, month_of, open_reader, reported
from dashboards.shared import tables as shared_tables
from dashboards.shared.board import charts as board_charts
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.board import tables as board_tables
from dashboards.shared.board.models import board_facts
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.narrative import apart
from dashboards.shared.pages import LANGUAGE, RELEASE
from dashboards.words import LANGUAGES, formatting
from transport.auth.roles import Pages

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.board.narrative import Decision
    from dashboards.words import Words
    from transport.base.settings import Settings

_NEEDED: Final = (*OF_LEDGERS, "uptake.exception", "quality.expected_reporter")
_USED: Final = (
    *("ledger.product_month", "ledger.entry", "uptake.funnel", "uptake.exception"),
    "quality.expected_reporter",
)


def gather(given: Settings, month: date | None = None, release_name: str | None = None) -> BoardFacts:
    """Asks the release for everything in the report.

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
    reader = open_reader(release, ledger=True)
    check_datasets(reader, _NEEDED)
    return board_facts(reader, release, attempt, month_of(release, month))


def page(facts: BoardFacts, words: Words, *, contact: str = "", address: str | None = None) -> str:
    """The report as one HTML file that fetches nothing and runs nothing. On paper it is one A4 sheet.

    Args:
        facts: what the report says.
        words: the texts.
        contact: the role mailbox for questions; if empty, the report says that none is set.
        address: the address of the pages; None if unknown, and then pages are named without a link.
    """
    rows = _rows(facts)
    words = apart(words, rows)
    title = words("board.title.month", month=formatting.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = shared_tables.key_figures(board_narrative.figures(facts, words), words)
    bases = sorted({spread.active_basis for spread in facts.spreads}, reverse=True)
    keys = [f"ledger.made.{x}" for x in sheet.MADE_OF_LEDGERS] + [f"made.active.{x}" for x in bases]
    keys = ["board.made.story", "board.made.decide", *keys, "board.made.trend"]
    keys += [*(["made.accounts.at_stake"] if facts.unexplained else [])]
    used = [*_USED, *(["ledger.loan_month"] if facts.loans_followed else [])]
    used += ["ledger.reconciliation_product"] if facts.unexplained is not None else []
    front = [
        *sheet.head(words("board.kicker"), title, board_narrative.answer(facts, words), words, restricted=True),
        shared_tables.freshness(facts.release, words, through=facts.month),
        *sheet.banners(sheet.warnings(facts.release, facts.attempt, rows, "ledger", words)),
        sheet.part(words("uptake.figures"), "", figured, kind="dif-key-figures dif-four"),
        _decide(facts, words, address),
        _moves(facts, words),
        _trend(facts, words),
        sheet.part(
            board_narrative.products_title(facts, words),
            board_narrative.products_subtitle(facts, words),
            board_tables.products(facts, words),
        ),
        sheet.small_print(
            [words(f"ledger.made.{x}") for x in ("income", "coverage", "balance")],
            f"{words('ledger.rest')} {ask}",
        ),
    ]
    more = [sheet.part(words("board.loans.title"), "", board_tables.loans(facts.loans, words))] if facts.loans else []
    followed = ledger_narrative.rules_followed(facts.rules, facts.month.year, words)
    more.append(
        sheet.how_made(
            keys,
            used,
            facts.release,
            ask,
            words,
            also=f"{followed} {words('ledger.made.rounding')}",
        )
    )
    return sheet.document(title, front, more, words, styles=sheet.OF_LEDGERS)


def _rows(facts: BoardFacts) -> list[object]:
    """Every row that the report has numbers from."""
    accounts = [row for book in facts.books.values() for row in book.rows]
    rest = (facts.spreads, facts.loans, facts.without_annex, facts.unexplained or (), facts.late)
    return [*accounts, *(row for rows in rest for row in rows)]


def _decide(facts: BoardFacts, words: Words, address: str | None) -> str:
    """What calls for a decision, with the page that shows more, in the same release."""
    decisions, lacks = board_narrative.decisions(facts, words), board_narrative.unjudged(facts, words)
    if not decisions:
        return sheet.part(words("board.decide.title.none"), lacks)
    carried = {RELEASE: facts.release.name, **({} if words.language == LANGUAGES[0] else {LANGUAGE: words.language})}

    def where(decision: Decision) -> str:
        named = escape(words(f"overview.decide.to.{decision.kind}"))
        link = escape(f"{address}{board_narrative.address(decision, carried)}")
        return f'<a href="{link}">{named}</a>' if address else named

    table = board_tables.decisions(decisions, facts.month, where, words, kind="dif-decide")
    also = sheet.small(f"{board_narrative.synthetic_note(decisions, words)} {lacks}".strip())
    return sheet.part(words("board.decide.title", n=len(decisions)), "", table, also)


def _trend(facts: BoardFacts, words: Words) -> str:
    """The months before, drawn, with their numbers folded under on a screen; nothing where there are none."""
    drawn = board_charts.drawn(facts, words)
    if not drawn:
        return ""
    first, last = (formatting.month(facts.months[n], words.language) for n in (0, -1))
    subtitle = words("board.trend.subtitle", first=first, last=last)
    folded = f"<summary>{escape(words('board.trend.caption'))}</summary>{board_tables.trend(facts, words)}"
    return sheet.part(
        words("board.trend.title"), subtitle, drawn, f'<details class="dif-small dif-screen">{folded}</details>'
    )


def _moves(facts: BoardFacts, words: Words) -> str:
    """The biggest movements, and beside them what the numbers leave out."""
    sentences, note = board_narrative.movement_sentences(board_narrative.movements(facts, words), words)
    moves = sheet.part(words("board.moves.title"), "", sheet.listed(sentences), sheet.small(note))
    aware = ledger_narrative.placed(facts.unmapped, "board.unmapped", words)
    aware += ledger_narrative.placed(facts.fee_gap, "board.fees", words)
    first = (ledger_narrative.bridge(facts.invoiced, words), board_narrative.beside(facts, words))
    aware[:0] = [x for x in first if x]
    if not aware:
        return moves
    beside = sheet.part(words("report.also.title"), "", sheet.listed(aware))
    return f'<div class="dif-pair dif-moves"><div>{moves}</div><div>{beside}</div></div>'


def write(
    given: Settings, *, folder: Path, out: Path | None, month: date | None, release: str | None, words: Words
) -> dict[str, str]:
    """Writes the report and returns what was written.

    Raises:
        SharingError: as `gather`.
    """
    facts = gather(given, month, release)
    path = out or folder / f"rapport-styret-{facts.month:%Y-%m}.html"
    rules = Pages(given).rules
    address = rules.login.address if rules else None
    path.write_text(page(facts, words, contact=given.contact, address=address), "utf-8")
    return {
        "report": str(path),
        "about": words("board.title"),
        "release": facts.release.name,
        "month": f"{facts.month:%Y-%m}",
    }
