"""What the tables of the product's accounts share. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.shared.tables import NUMBER, region, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.words import Words


def listed(
    caption: str,
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    words: Words,
    strong: Sequence[int] = (),
) -> str:
    """Rows of texts as a table; each row's first cell is its heading. `strong` holds the positions of total rows."""
    lines = []
    for place, (first, *rest) in enumerate(rows):
        cells = "".join(
            f"<td{NUMBER if number else ''}>{escape(cell)}</td>"
            for (_, number), cell in zip(columns[1:], rest, strict=True)
        )
        kind = ' class="dif-sum"' if place in strong else ""
        lines.append(f'<tr{kind}><th scope="row">{escape(first)}</th>{cells}</tr>')
    return region(table("dif-list", caption, columns, lines), f"{words('table.region')}: {caption}")


def columns_of(words: Words, *keys: str, text: int = 1) -> list[tuple[str, bool]]:
    """Column headings; the first `text` columns hold text, the rest numbers."""
    return [(words(f"accounts.{key}"), place >= text) for place, key in enumerate(keys)]
