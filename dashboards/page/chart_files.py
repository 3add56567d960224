"""What a chart leaves the page as: a picture, an embed, and its table at a permanent address. Draws nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from catalog.errors import Forbidden
from dashboards.page import filters
from dashboards.release.authorization import PUBLIC, admit
from dashboards.shared import pictures
from dashboards.shared.panel import EMBED, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.release.query import QueryResult
    from dashboards.shared.charts import Chart
    from dashboards.shared.panel import Panel
    from dashboards.shared.pictures import Caption

PICTURES: Final = {"png": "image/png", "svg": "image/svg+xml"}
"""The file types of a chart, in the order of their buttons."""
OPEN: Final = "open"
"""The value of the setting `embed` that lets other sites show charts of pages that visitors log in to."""
_HIGH: Final = 560


def picture(kind: str, chart: Chart, caption: Caption) -> bytes:
    """A chart with its words as a file of a type in `PICTURES`."""
    drawn = pictures.svg(chart, caption)
    return pictures.png(drawn) if kind == "png" else drawn.encode()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a panel can be had outside the page.

    Attributes:
        embed: HTML that shows its chart in another site; empty where not everybody may see it.
        csv, json: its table, by the rules of the page. Without a release in the link, the newest.
    """

    embed: str
    csv: str
    json: str


def addresses(panel: Panel, link: Mapping[str, str], origin: str, *, embeds: bool) -> Addresses:
    """The addresses of a panel with the filters of the page's link.

    Args:
        panel: the panel; it has a key.
        link: the page's parameters.
        origin: the pages' address, as `https://tall.example.no`.
        embeds: the settings let other sites show charts.
    """
    query = filters.link(link, {})
    query = "" if query == "?" else query
    address = f"{origin}{EMBED}{panel.key}{query}"
    frame = (
        f'<iframe src="{escape(address)}" title="{escape(panel.title)}" width="100%" height="{_HIGH}" loading="lazy" '
        'style="border:0"></iframe>'
    )
    shown = embeds and panel.chart is not None and is_public(panel.answer)
    table = f"{origin}{TABLE}{panel.key}"
    return Addresses(frame if shown else "", f"{table}.csv{query}", f"{table}.json{query}")


def is_public(answer: QueryResult) -> bool:
    """Everybody may see what the query reads."""
    try:
        admit(PUBLIC, answer.sql, answer.parameters)
    except Forbidden:
        return False
    return True
