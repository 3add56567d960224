"""The tables of the about page. Pure; every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.shared import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.words import Words


def two_columns(rows: Sequence[tuple[str, str]], heads: tuple[str, str], caption: str, words: Words) -> str:
    """Two columns of text. `heads` and `caption` are keys of the catalogue."""
    lines = [f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in rows]
    columns = [(words(head), False) for head in heads]
    return tables.region(tables.table("dif-list dif-catalogue", words(caption), columns, lines), words(caption))
