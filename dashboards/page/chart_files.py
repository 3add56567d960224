"""What a chart leaves the page as: a picture, an embed, and its table at a permanent address. Draws nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from catalog.errors import Forbidden
from dashboards.page import downloads, filters
from dashboards.release.authorization import PUBLIC, admit
from dashboards.shared import pictures
from dashboards.shared.panel import EMBED, TABLE, Panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.release.query import QueryResult
    from dashboards.shared.charts import Chart
    from dashboards.shared.panel import ComposedPanel
    from dashboards.shared.pictures import Caption, Drawing

PICTURES: Final = {"png": "image/png", "svg": "image/svg+xml"}
"""The file types of a chart, in the order of their buttons."""
TABLES: Final = {
    "xlsx": downloads.MIME["xlsx"],
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": downloads.MIME["parquet"],
}
"""The file types that a table has addresses for; a composed one has no codes, and so no Parquet."""
OPEN: Final = "open"
"""The value of the setting `embed` that lets other sites show charts of pages that visitors log in to."""
_HIGH: Final = 560


def picture(kind: str, chart: Chart | Drawing, caption: Caption) -> bytes:
    """A chart with its words as a file of a type in `PICTURES`."""
    drawn = pictures.svg(chart, caption)
    return pictures.png(drawn) if kind == "png" else drawn.encode()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a panel can be had outside the page.

    Attributes:
        embed: HTML that shows its chart in another site; empty where it has none.
        to_all: the chart is shown to everybody; else to whoever is logged in and may see the page.
        tables: its table by file type, by the rules of the page. Without a release in the link, the newest.
    """

    embed: str
    to_all: bool
    tables: Mapping[str, str]


def addresses(shows: Panel | ComposedPanel, link: Mapping[str, str], origin: str, *, to_all: bool) -> Addresses:
    """The addresses of a panel with the filters of the page's link.

    Args:
        shows: the panel.
        link: the page's parameters.
        origin: the pages' address, as `https://tall.example.no`.
        to_all: the settings let everybody see charts of what is open.
    """
    chart, parameters = (shows.chart, shows.asked) if isinstance(shows, Panel) else (None, {})
    query = filters.link(link, parameters)
    query = "" if query == "?" else query
    frame = (
        f'<iframe src="{escape(f"{origin}{EMBED}{shows.key}{query}")}" title="{escape(shows.title)}" width="100%" '
        f'height="{_HIGH}" loading="lazy" style="border:0"></iframe>'
    )
    table = f"{origin}{TABLE}{shows.key}"
    to_all = to_all and isinstance(shows, Panel) and is_public(shows.answer)
    kinds = TABLES if isinstance(shows, Panel) else {kind: TABLES[kind] for kind in ("xlsx", "csv", "json")}
    return Addresses(frame if chart is not None else "", to_all, {kind: f"{table}.{kind}{query}" for kind in kinds})


def is_public(answer: QueryResult) -> bool:
    """Everybody may see what the query reads."""
    try:
        admit(PUBLIC, answer.sql, answer.parameters)
    except Forbidden:
        return False
    return True
