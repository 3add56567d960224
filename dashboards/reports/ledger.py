"""What the reports of a product and of the board both say of the ledgers, in words and frames. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards import wording
from dashboards.findings.ledger import synthetic
from dashboards.reports import sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.answers.ledger import Amount
    from dashboards.release import Attempt, Release
    from dashboards.texts import Words

STYLES: Final = ("ledger.css",)
MADE: Final = ("income", "coverage", "balance", "budget")
"""Definitions that both need."""


def banners(release: Release, attempt: Attempt | None, rows: Sequence[object], words: Words) -> list[str]:
    """Whom the report is for, a run that failed since, and numbers that were made up."""
    told = sheet.failed_run(release, attempt, words)
    if synthetic(rows):
        whole = all(getattr(one, "synthetic", False) for one in rows)
        told.append((words("report.synthetic.title"), words(f"ledger.synthetic.{'all' if whole else 'some'}")))
    return sheet.banners(told)


def head(kicker: str, title: str, answer: str, words: Words) -> list[str]:
    """The head of a restricted report: what it is, whom it is for, and its answer in one sentence."""
    who = f"<strong>{escape(words('ledger.restricted'))}</strong> {escape(words('ledger.restricted.who'))}"
    above = f'<p class="dif-kicker">{escape(kicker)}</p><p class="dif-restricted">{who}</p>'
    return [f"{above}<h1>{escape(title)}</h1>", f'<p class="dif-answer">{escape(answer)}</p>']


def placed(listed: Amount | None, key: str, words: Words) -> list[str]:
    """That cost is not placed, or joining fees do not tie, as they should, where any is listed."""
    if listed is None or not listed.entries:
        return []
    return [words(key, amount=wording.kroner(listed.amount_ore, words.language), n=listed.entries)]


def listed(told: Sequence[str]) -> str:
    """Sentences as a list."""
    return f"<ul>{''.join(f'<li>{escape(x)}</li>' for x in told)}</ul>"


def made(keys: Sequence[str], used: Sequence[str], release: Release, ask: str, words: Words) -> str:
    """Definitions, sources, limits, revisions, and whom to ask."""
    rest = [
        sheet.sources(used, words),
        (words("made.limits.title"), f"{words('made.limits')} {words('ledger.made.rounding')}"),
        (words("made.revisions.title"), words("report.made.revisions", release=release.name)),
        (words("app.contact.title"), ask),
    ]
    return sheet.made([words(key) for key in keys], rest, words)
