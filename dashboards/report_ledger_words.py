"""What the reports of a product and of the board both say of the ledgers, in words and frames. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards import report_shell as shell
from dashboards import wording
from dashboards.findings import Figure
from dashboards.report_ledger_facts import kept_a_year_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from dashboards.release import Attempt, Release
    from dashboards.report_ledger_facts import Amount
    from dashboards.texts import Words

STYLES: Final = ("report_ledger.css",)
MADE: Final = ("income", "coverage", "balance", "budget")
"""Definitions that both need."""


def against(amount: int, than: int, of: str, words: Words, *, result: bool = False) -> str:
    """How an amount compares: `1 200 kr mer enn budsjettert`; a result is better or worse."""
    if amount == than:
        return words("ledger.same", than=of)
    more, less = ("ledger.better", "ledger.worse") if result else ("ledger.more", "ledger.less")
    by = wording.kroner(abs(amount - than), words.language)
    return words(more if amount > than else less, amount=by, than=of)


def last_year(now: int, then: int | None, begun: date | None, month: date, words: Words) -> str:
    """How an amount compares with the same months of the year before, or why it does not."""
    year = str(month.year - 1)
    if then is not None:
        return against(now, then, words("ledger.last_year", year=year), words)
    if begun is None or kept_a_year_before(begun, month):
        return words("ledger.new", year=year)
    return words("ledger.begun", year=year, month=wording.month(begun, words.language))


def months(month: date, words: Words) -> str:
    """The months of the year so far: `januar–oktober 2026`."""
    last = wording.month(month, words.language)
    return last if month.month == 1 else words("ledger.months", month=last)


def coverage(value: Decimal | None, words: Words) -> str:
    """Self-cost coverage, or that it is missing."""
    return wording.MISSING if value is None else wording.per_cent(value, words.language)


def synthetic(rows: Iterable[object]) -> bool:
    """Any of the rows was made by the simulator."""
    return any(getattr(one, "synthetic", False) for one in rows)


def missing(label: str, reason: str) -> Figure:
    """A key figure that is not known, and why."""
    return Figure(label, wording.MISSING, reason)


def banners(release: Release, attempt: Attempt | None, rows: Sequence[object], words: Words) -> list[str]:
    """Whom the report is for, a run that failed since, and numbers that were made up."""
    told = shell.failed_run(release, attempt, words)
    if synthetic(rows):
        whole = all(getattr(one, "synthetic", False) for one in rows)
        told.append((words("report.synthetic.title"), words(f"ledger.synthetic.{'all' if whole else 'some'}")))
    return shell.banners(told)


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
        shell.sources(used, words),
        (words("made.limits.title"), f"{words('made.limits')} {words('ledger.made.rounding')}"),
        (words("made.revisions.title"), words("report.made.revisions", release=release.name)),
        (words("app.contact.title"), ask),
    ]
    return shell.made([words(key) for key in keys], rest, words)
