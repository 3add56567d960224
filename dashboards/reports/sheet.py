"""What all reports share: a self-contained HTML file, its head, banners and small print.

On paper it is one A4 sheet; on a screen there is more below it. Pure: values in, markup out.
"""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog.tables.datasets import DATASETS
from dashboards.shared.narrative import synthetic
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.release.attempt import Attempt
    from dashboards.words import Words
    from transport.releases.release import Release

_HERE = Path(__file__).parent
_DASHBOARDS = _HERE.parent
OF_LEDGERS: Final = ("ledger.css",)
"""The extra style sheets of a report with ledgers."""
MADE_OF_LEDGERS: Final = ("income", "coverage", "balance", "budget")
"""The definitions that such a report gives."""


def document(title: str, sheet: Sequence[str], more: Sequence[str], words: Words, *, styles: Sequence[str] = ()) -> str:
    """A report as one HTML file that fetches nothing and runs nothing.

    Args:
        title: the document's title.
        sheet: the parts on the A4 sheet.
        more: the parts below it, on a screen only.
        words: the texts.
        styles: style sheets beyond those of every report.
    """
    return (
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">"
        f"<title>{escape(title)}</title><style>{_style(styles)}</style></head>\n"
        f'<body><main><div class="dif-sheet">{"".join(sheet)}</div>'
        f'<div class="dif-screen">{"".join(more)}</div></main></body></html>\n'
    )


def _style(more: Sequence[str]) -> str:
    font = base64.b64encode((_DASHBOARDS / "static" / "inter-latin.woff2").read_bytes()).decode()
    face = f"@font-face{{font-family:Inter;font-weight:100 900;src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    files = (_DASHBOARDS / "shared" / "page.css", *(_HERE / name for name in ("sheet.css", *more)))
    return face + "".join(file.read_text("utf-8") for file in files)


def head(kicker: str, title: str, answer: str, words: Words, *, restricted: bool = False) -> list[str]:
    """The top of a report: what it is, whom it is for, and its answer in one sentence."""
    above = f'<p class="dif-kicker">{escape(kicker)}</p>'
    if restricted:
        who = f"<strong>{escape(words('ledger.restricted'))}</strong> {escape(words('ledger.restricted.who'))}"
        above += f'<p class="dif-restricted">{who}</p>'
    return [f"{above}<h1>{escape(title)}</h1>", f'<p class="dif-answer">{escape(answer)}</p>']


def warnings(
    shown: Release, attempt: Attempt | None, rows: Sequence[object], kind: str, words: Words
) -> list[tuple[str, str]]:
    """Warnings to read before any number, as titles and texts: a failed later run, and synthetic numbers.

    Args:
        shown: the release.
        attempt: the outcome of the last run.
        rows: every row that the report has numbers from.
        kind: `report` or `ledger`: which text describes synthetic numbers.
        words: the texts.
    """
    notices = []
    if attempt is not None and attempt.failed:
        at = formatting.day_and_time(attempt.at, words.language)
        notices.append((words("state.failed.title", at=at), words("state.failed.stays", release=shown.name)))
    if synthetic(rows):
        whole = all(getattr(row, "synthetic", False) for row in rows)
        notices.append((words("report.synthetic.title"), words(f"{kind}.synthetic.{'all' if whole else 'some'}")))
    return notices


def banners(notices: Sequence[tuple[str, str]]) -> list[str]:
    """Framed warnings, from titles and texts."""
    return [f'<p class="dif-banner"><strong>{escape(title)}.</strong> {escape(text)}</p>' for title, text in notices]


def heading(title: str, subtitle: str = "", level: int = 2) -> str:
    """A part's title, which makes a claim, and its subtitle, which says what is shown."""
    return f"<h{level}>{escape(title)}</h{level}>{small(subtitle)}"


def small(text: str) -> str:
    """Small print; empty for empty text."""
    return f'<p class="dif-small">{escape(text)}</p>' if text else ""


def printed(text: str) -> str:
    """Small print on paper only; empty for empty text."""
    return f'<p class="dif-small dif-print">{escape(text)}</p>' if text else ""


def part(title: str, subtitle: str, *content: str, kind: str = "") -> str:
    """A part of a report: title, subtitle and content."""
    named = f' class="{kind}"' if kind else ""
    return f"<section{named}>{heading(title, subtitle)}{''.join(content)}</section>"


def listed(sentences: Sequence[str], *, printed: int | None = None) -> str:
    """Sentences as a list, set closer than on a page. Only the first `printed` show on paper."""
    cut = len(sentences) if printed is None else printed
    lines = (f"<li{'' if place < cut else ' class=dif-screen'}>{escape(x)}</li>" for place, x in enumerate(sentences))
    return f"<ul>{''.join(lines)}</ul>"


def bold(text: str) -> str:
    """Escapes a text and turns Markdown bold into markup."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def whom_to_ask(contact: str, words: Words) -> str:
    """Whom to ask about the numbers."""
    return words("app.contact", contact=contact) if contact else words("app.contact.unset")


def how_made(
    definitions: Sequence[str], used: Sequence[str], release: Release, ask: str, words: Words, *, also: str = ""
) -> str:
    """How the numbers are made: definitions, sources, limits, revisions, and whom to ask.

    Args:
        definitions: text keys of the definitions.
        used: the datasets that the numbers come from.
        release: the release that is shown.
        ask: whom to ask.
        words: the texts.
        also: a limit of these numbers beyond the common ones.
    """
    named = [f"{DATASETS[x].title[words.language]} ({x})" if x in DATASETS else x for x in used]
    rest = [
        (words("made.source.title"), formatting.listing(named, words.language) + "."),
        (words("made.limits.title"), " ".join(x for x in (words("made.limits"), also) if x)),
        (words("made.revisions.title"), words("report.made.revisions", release=release.name)),
        (words("app.contact.title"), ask),
    ]
    items = [bold(words(key)) for key in definitions]
    items += [f"<strong>{escape(a)}</strong>: {escape(b)}" for a, b in rest]
    lines = "".join(f"<li>{item.replace('`', '')}</li>" for item in items)
    return part(words("made.title"), "", f"<ul>{lines}</ul>", kind="dif-made")


def small_print(definitions: Sequence[str], last: str) -> str:
    """On paper: the essential definitions, whom to ask, and where the rest is."""
    defined = " ".join(bold(text) for text in definitions)
    return f'<footer class="dif-print dif-small-print"><p>{defined}</p><p>{escape(last)}</p></footer>'
