"""What every report has in common: one HTML file that holds all it needs, how fresh it is, and its small print.

Pure: values in, markup out.
"""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.datasets import DATASETS
from dashboards import tables, wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.release import Attempt, Release
    from dashboards.texts import Words

_HERE = Path(__file__).parent
_DASHBOARDS = _HERE.parent


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
    files = (_DASHBOARDS / "page.css", *(_HERE / name for name in ("sheet.css", *more)))
    return face + "".join(file.read_text("utf-8") for file in files)


def freshness(shown: Release, month: date, words: Words) -> str:
    """Through which month, when updated, whether the checks passed, and which release."""
    language = words.language
    checks = words("app.freshness.checks", passed=shown.passed)
    if shown.failed:
        checks = words("app.freshness.checks_failed", failed=shown.failed, all=shown.passed + shown.failed)
    said = [
        words("app.freshness.through", month=wording.month(month, language)),
        words("app.freshness.updated", at=wording.day_and_time(shown.published_at, language)),
        checks,
        words("app.freshness.release", release=shown.name),
    ]
    return f'<p class="dif-freshness">{" · ".join(f"<span>{escape(x)}</span>" for x in said)}</p>'


def failed_run(shown: Release, attempt: Attempt | None, words: Words) -> list[tuple[str, str]]:
    """That a run failed since, as a title and a text; nothing where none did."""
    if attempt is None or not attempt.failed:
        return []
    at = wording.day_and_time(attempt.at, words.language)
    return [(words("state.failed.title", at=at), words("state.failed.stays", release=shown.name))]


def banners(told: Sequence[tuple[str, str]]) -> list[str]:
    """What stands in a frame."""
    return [f'<p class="dif-banner"><strong>{escape(title)}.</strong> {escape(text)}</p>' for title, text in told]


def heading(title: str, subtitle: str = "", level: int = 2) -> str:
    """What a part claims, and what it shows."""
    return f"<h{level}>{escape(title)}</h{level}>{small(subtitle)}"


def small(text: str) -> str:
    """Small print; nothing of nothing."""
    return f'<p class="dif-small">{escape(text)}</p>' if text else ""


def table(kind: str, caption: str, columns: Sequence[tuple[str, bool]], rows: Sequence[str]) -> str:
    """A table of the pages; a phone scrolls it, by keyboard as well."""
    return tables.region(tables.table(kind, caption, columns, rows), caption)


def bold(text: str) -> str:
    """The pages' texts mark what is strong the Markdown way."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def whom_to_ask(contact: str, words: Words) -> str:
    """Whom to ask about the numbers."""
    return words("app.contact", contact=contact) if contact else words("app.contact.unset")


def sources(used: Sequence[str], words: Words) -> tuple[str, str]:
    """Which datasets the numbers are from, as a title and a text."""
    named = [f"{DATASETS[x].title[words.language]} ({x})" if x in DATASETS else x for x in used]
    return words("made.source.title"), wording.listing(named, words.language) + "."


def made(definitions: Sequence[str], rest: Sequence[tuple[str, str]], words: Words) -> str:
    """How the numbers are made: definitions, then whatever else there is to say, each with its title."""
    items = [bold(text) for text in definitions] + [f"<strong>{escape(a)}</strong>: {escape(b)}" for a, b in rest]
    listed = "".join(f"<li>{item.replace('`', '')}</li>" for item in items)
    return f'<section class="dif-made">{heading(words("made.title"))}<ul>{listed}</ul></section>'


def small_print(definitions: Sequence[str], last: str) -> str:
    """On paper: the words that the sheet cannot do without, whom to ask, and where the rest is."""
    told = " ".join(bold(text) for text in definitions)
    return f'<footer class="dif-print dif-small-print"><p>{told}</p><p>{escape(last)}</p></footer>'
