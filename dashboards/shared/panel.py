"""A part of a page as a value: the claim, the chart, the answer behind it, and what must be said of them.

The page draws it, a file keeps it, and another site embeds it: all three with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dashboards.shared.narrative import source_in_words
from dashboards.shared.pictures import Caption
from dashboards.words import formatting

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader
    from dashboards.shared.charts import Chart
    from dashboards.shared.pictures import Drawing
    from dashboards.words import Words

EMBED: Final = "/embed/"
"""Where a chart is shown to other sites: `/embed/<page>/<panel>?<the page's filters>`; with `.png` or `.svg` after the
panel, as a picture."""
TABLE: Final = "/tabell/"
"""Where a table can be fetched from: `/tabell/<page>/<panel>.csv?<the page's filters>`."""


Cell = str | int | Decimal | None
Rows = tuple[list[str], list[list[Cell]]]
"""A header, and rows as long as it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A table composed of several answers, so that no single query gives it.

    Attributes:
        header: the titles of its columns.
        rows: each as long as the header.
        synthetic: the simulator made the numbers of some row.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ComposedPanel:
    """A composed table with its words.

    Attributes:
        key, name, title, source: as those of `Panel`.
        make: composes the table when somebody wants it.
        about: the metadata of its files, before their release.
    """

    key: str
    name: str
    title: str
    source: tuple[str, ...]
    make: Callable[[], Composed]
    about: Mapping[str, str]


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
        chart: the chart, or the picture of what the page draws as HTML; None where there is nothing to draw, or the
            table says it better.
        alt: the chart's takeaway in words.
        columns: the table's columns, where they are not all.
        notes: what a reader must know besides.
        marks: what happened in the months that the chart marks; told once where several charts of a page mark the same.
        words_only: where there is no chart, show no table either: the title says it all.
        asked: what its addresses ask for besides the page's link, such as one of two products; None removes it.
        written: converts its rows for a spreadsheet, where they are not written as they are.
        named_by: the column that names what each row tells of, where only some may be changed at random.
    """

    key: str
    name: str
    title: str
    subtitle: str
    answer: QueryResult
    source: tuple[str, ...]
    chart: Chart | Drawing | None = None
    alt: str = ""
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    words_only: bool = False
    asked: Mapping[str, str | None] = field(default_factory=dict)
    written: Callable[[pa.Table, Words], Rows] | None = None
    marks: tuple[str, ...] = ()
    named_by: str = ""

    def captions(self, words: Words) -> tuple[str, ...]:
        """All that stands under the chart: what its marks are, its notes, and that figures are changed at random."""
        return (*self.marks, *self.noted(words))

    def noted(self, words: Words) -> tuple[str, ...]:
        """The same without the marks."""
        changed = perturbed_sentence(self.answer, words, named_by=self.named_by)
        return (*self.notes, changed) if changed else self.notes

    def caption(self, reader: ReleaseReader, words: Words) -> Caption:
        """The words of its picture, which marks synthetic numbers once: on the page, the subtitle may do so."""
        mark = words("app.synthetic.sentence") if self.answer.synthetic else ""
        return Caption(
            self.title,
            self.subtitle.replace(f" {mark}", "") if mark else self.subtitle,
            source_in_words(self.source, reader.release.name, words),
            mark,
            self.captions(words),
            self.alt,
            words.language,
        )


def perturbed_sentence(answer: QueryResult, words: Words, *, named_by: str = "") -> str:
    """That an answer's figures are changed at random for privacy; of some only, whose. Empty where none is.

    Args:
        answer: the answer.
        words: the texts.
        named_by: the column that names what a row tells of; empty if all rows tell of one thing.
    """
    if not answer.perturbed:
        return ""
    if not named_by or all(row["perturbed"] for row in answer.rows):
        return words("app.perturbed")
    names = dict.fromkeys(str(row[named_by]) for row in answer.rows if row["perturbed"])
    return words("app.perturbed.of", names=formatting.listing(list(names), words.language))
