"""A part of a page as a value: the claim, the chart, the answer behind it, and what must be said of them.

The page draws it, a file keeps it, and another site embeds it: all three with the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.shared.pictures import Caption

if TYPE_CHECKING:
    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader
    from dashboards.shared.charts import Chart
    from dashboards.words import Words

EMBED: Final = "/embed/"
"""Where a chart can be embedded from: `/embed/<page>/<panel>?<the page's filters>`."""
TABLE: Final = "/tabell/"
"""Where a table can be fetched from: `/tabell/<page>/<panel>.csv?<the page's filters>`."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart or a table with its words.

    Attributes:
        key: its place in addresses: the page's and its own name, as `bruk/maaneder`.
        name: the name of its files, as `bruk_4601`.
        title: the claim.
        subtitle: measure, unit, period and place; empty where the title has them.
        answer: the result that it shows.
        source: the datasets behind it.
        chart: the chart; None where there is nothing to draw, or the table says it better.
        alt: the chart's takeaway in words.
        columns: the table's columns, where they are not all.
        notes: what a reader must know besides.
        words_only: where there is no chart, show no table either: the title says it all.
    """

    key: str
    name: str
    title: str
    subtitle: str
    answer: QueryResult
    source: tuple[str, ...]
    chart: Chart | None = None
    alt: str = ""
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    words_only: bool = False

    def caption(self, reader: ReleaseReader, words: Words) -> Caption:
        """The words of its picture, which marks synthetic numbers once: on the page, the subtitle may do so."""
        mark = words("app.synthetic.sentence") if self.answer.synthetic else ""
        return Caption(
            self.title,
            self.subtitle.replace(f" {mark}", "") if mark else self.subtitle,
            words("uptake.source", source=", ".join(self.source), release=reader.release.name),
            mark,
            self.notes,
            self.alt,
            words.language,
        )
