"""What the tables of the product's accounts share. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.tables import table

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
    label = f"{words('table.region')}: {caption}"
    return table("dif-list", caption, columns, rows, label=label, kinds=dict.fromkeys(strong, "dif-sum"))


def columns_of(words: Words, *keys: str, text: int = 1) -> list[tuple[str, bool]]:
    """Column headings; the first `text` columns hold text, the rest numbers."""
    return [(words(f"accounts.{key}"), place >= text) for place, key in enumerate(keys)]
