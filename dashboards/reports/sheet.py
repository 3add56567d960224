"""What every report has in common: one HTML file with all that it needs, its head, its banners and its small print.

On paper it is one sheet of A4; on a screen there is more under it. Pure: values in, markup out.
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

    from dashboards.release.published import Attempt, Release
    from dashboards.words import Words

_HERE = Path(__file__).parent
_DASHBOARDS = _HERE.parent
OF_LEDGERS: Final = ("ledger.css",)
"""The style sheets of a report that shows the ledgers."""
MADE_OF_LEDGERS: Final = ("income", "coverage", "balance", "budget")
"""What such a report defines."""


def document(title: str, sheet: Sequence[str], more: Sequence[str], words: Words, *, styles: Sequence[str] = ()) -> str:
    """A report as one HTML file: nothing in it is fetched, and nothing runs.

    Args:
        title: of the file.
        sheet: what is one sheet of A4 on paper.
        more: what stands under it on a screen only.
        words: the texts.
        styles: style sheets beside those of every report.
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
    """What a report begins with: what it is, whom it is for, and its answer in one sentence."""
    above = f'<p class="dif-kicker">{escape(kicker)}</p>'
    if restricted:
        who = f"<strong>{escape(words('ledger.restricted'))}</strong> {escape(words('ledger.restricted.who'))}"
        above += f'<p class="dif-restricted">{who}</p>'
    return [f"{above}<h1>{escape(title)}</h1>", f'<p class="dif-answer">{escape(answer)}</p>']


def warnings(
    shown: Release, attempt: Attempt | None, rows: Sequence[object], kind: str, words: Words
) -> list[tuple[str, str]]:
    """What a reader must know before any number, as titles and texts: a run that failed since, and made-up numbers.

    Args:
        shown: the release.
        attempt: how the last run went.
        rows: whatever the report has numbers of.
        kind: `report` or `ledger`: what the numbers would be of, were they real.
        words: the texts.
    """
    told = []
    if attempt is not None and attempt.failed:
        at = formatting.day_and_time(attempt.at, words.language)
        told.append((words("state.failed.title", at=at), words("state.failed.stays", release=shown.name)))
    if synthetic(rows):
        whole = all(getattr(row, "synthetic", False) for row in rows)
        told.append((words("report.synthetic.title"), words(f"{kind}.synthetic.{'all' if whole else 'some'}")))
    return told


def banners(told: Sequence[tuple[str, str]]) -> list[str]:
    """What stands in a frame."""
    return [f'<p class="dif-banner"><strong>{escape(title)}.</strong> {escape(text)}</p>' for title, text in told]


def heading(title: str, subtitle: str = "", level: int = 2) -> str:
    """What a part claims, and what it shows."""
    return f"<h{level}>{escape(title)}</h{level}>{small(subtitle)}"


def small(text: str) -> str:
    """Small print; nothing of nothing."""
    return f'<p class="dif-small">{escape(text)}</p>' if text else ""


def printed(text: str) -> str:
    """Small print that stands on paper only; nothing of nothing."""
    return f'<p class="dif-small dif-print">{escape(text)}</p>' if text else ""


def part(title: str, subtitle: str, *content: str, kind: str = "") -> str:
    """A part of a report: what it claims, what it shows, and that."""
    named = f' class="{kind}"' if kind else ""
    return f"<section{named}>{heading(title, subtitle)}{''.join(content)}</section>"


def listed(told: Sequence[str], *, printed: int | None = None) -> str:
    """Sentences as a list, set closer than on a page. On paper only the first `printed`."""
    cut = len(told) if printed is None else printed
    lines = (f"<li{'' if place < cut else ' class=dif-screen'}>{escape(x)}</li>" for place, x in enumerate(told))
    return f"<ul>{''.join(lines)}</ul>"


def bold(text: str) -> str:
    """The pages' texts mark what is strong the Markdown way."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def whom_to_ask(contact: str, words: Words) -> str:
    """Whom to ask about the numbers."""
    return words("app.contact", contact=contact) if contact else words("app.contact.unset")


def made(
    definitions: Sequence[str], used: Sequence[str], release: Release, ask: str, words: Words, *, also: str = ""
) -> str:
    """How the numbers are made: definitions, sources, limits, revisions, and whom to ask.

    Args:
        definitions: their keys.
        used: the datasets that the numbers are from.
        release: the one that is shown.
        ask: whom to ask.
        words: the texts.
        also: a limit that these numbers have beside what all have.
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
    """On paper: the words that the sheet cannot do without, whom to ask, and where the rest is."""
    told = " ".join(bold(text) for text in definitions)
    return f'<footer class="dif-print dif-small-print"><p>{told}</p><p>{escape(last)}</p></footer>'
