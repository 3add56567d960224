"""The tables of the page about the pages. Pure; every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.texts import Words


def told(
    rows: Sequence[tuple[str, str]], heads: tuple[str, str], caption: str, words: Words, language: str = ""
) -> str:
    """Two columns of text. `heads` and `caption` are keys of the catalogue; `language` is the second column's."""
    spoken = f' lang="{language}"' if language else ""
    lines = [f'<tr><th scope="row">{escape(name)}</th><td{spoken}>{escape(text)}</td></tr>' for name, text in rows]
    columns = [(words(one), False) for one in heads]
    return tables.region(tables.table("dif-list dif-catalogue", words(caption), columns, lines), words(caption))
