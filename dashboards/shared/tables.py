"""Tables as HTML that a screen reader can navigate and that needs no colour. Pure: answers in, markup out.

Every text is escaped here. Colours are steps of one ramp, each with a text colour of at least 4.5:1 in contrast.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared.charts import trend_svg
from dashboards.shared.narrative import apart, synthetic_note
from dashboards.shared.pages import address
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from dashboards.shared.narrative import Figure
    from dashboards.words import Words
    from transport.releases.release import Release

RAMP: Final = (
    (Decimal("0.2"), "#ffffff", "#00042e"),
    (Decimal("0.4"), "#ece8fa", "#00042e"),
    (Decimal("0.6"), "#cdc2f0", "#00042e"),
    (Decimal("0.8"), "#a996e4", "#00042e"),
    (Decimal(2), "#5a3bc4", "#ffffff"),
)
"""For shares below the limit: background and text colour."""


def region(table: str, label: str, words: Words | None = None, *, rows: int = 0) -> str:
    """A frame that also scrolls by keyboard; with many rows it is at most a screen tall, and is cut in print.

    Args:
        table: the table's markup.
        label: the frame's name.
        words: the texts, where there may be many rows.
        rows: how many rows there are.
    """
    kind = "dif-scroll dif-tall" if rows > TALL else "dif-scroll"
    cut = words("table.paper", shown=ON_PAPER, all=rows) if words and rows > ON_PAPER else ""
    text = f'<p class="dif-small dif-paper">{escape(cut)}</p>' if cut else ""
    return f'<div class="{kind}" role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>{text}'


def colours(part: Decimal) -> tuple[str, str]:
    """Background and text colour for a share."""
    return next((background, text) for below, background, text in RAMP if part < below)


def key_figures(
    figures: Sequence[Figure],
    words: Words,
    carried: Mapping[str, str] | None = None,
    definitions: Mapping[str, str] | None = None,
    revisions: Mapping[str, str] | None = None,
) -> str:
    """Key figures as a definition list: label, number with its trend, comparison in words, and the definition.

    The definition is a link, and its text is shown when the label is pointed at or has the focus.

    Args:
        figures: the figures.
        words: the texts.
        carried: parameters for links to the definitions; None where there are no pages to link to, as in a report.
        definitions: the text of each definition.
        revisions: by label, the value that the release before told, where it is another.
    """
    kind = "dif-value dif-long" if any(len(figure.value) > _LONG for figure in figures) else "dif-value"
    one_by_one = words if carried is None else apart(words, figures)  # a report has no room for a line above them
    head = f'<p class="dif-small">{escape(words("figures.synthetic"))}</p>' if one_by_one != words and figures else ""
    text = "".join(
        f"<div><dt>{_defined(figure, words, carried, definitions or {})}</dt>"
        f'<dd class="{kind}">{escape(figure.value)}{trend_svg(figure.trend)}</dd>'
        f"<dd>{escape(_compared(figure, one_by_one))}{_revision_note(figure, revisions or {}, words)}</dd></div>"
        for figure in figures
    )
    return f'{head}<dl class="dif-figures">{text}</dl>'


def revised_values(figures: Sequence[Figure], before: Sequence[Figure]) -> dict[str, str]:
    """Values of the release before that differ from today's, by label; none where it had no number."""
    values = {figure.label: figure.value for figure in before}
    lacking = (formatting.MISSING, formatting.NOT_POSSIBLE)
    return {x.label: values[x.label] for x in figures if values.get(x.label, x.value) not in {x.value, *lacking}}


def _revision_note(figure: Figure, revisions: Mapping[str, str], words: Words) -> str:
    if figure.label not in revisions:
        return ""
    return f'<span class="dif-note dif-before">{escape(words("figures.before", value=revisions[figure.label]))}</span>'


def _compared(figure: Figure, words: Words) -> str:
    """The comparison; the note that the number is synthetic joins its sentence."""
    note = synthetic_note(words, synthetic=figure.synthetic)
    return (figure.words.removesuffix(".") if note else figure.words) + note


def definition(metric: str, words: Words, carried: Mapping[str, str]) -> str:
    """The link to a number's definition, in the language and release of the page."""
    return f"{address('definitions')}?{urlencode({'lang': words.tag, **carried})}#{metric}"


def _defined(figure: Figure, words: Words, carried: Mapping[str, str] | None, definitions: Mapping[str, str]) -> str:
    label = escape(figure.label)
    if carried is None or not figure.metric:
        return label
    address, text = escape(definition(figure.metric, words, carried)), definitions.get(figure.metric)
    if text is None:
        return f'<a href="{address}">{label}</a>'
    place = f"def-{figure.metric}-{'-'.join(figure.label.lower().split())}"  # two figures may be of one metric
    return (
        f'<a class="dif-defined" href="{address}" aria-describedby="{escape(place)}">{label}</a>'
        f'<span class="dif-definition" role="tooltip" id="{escape(place)}">{escape(text)}</span>'
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of markup; a cell of text is a `str`, and is escaped.

    Attributes:
        markup: what stands in it.
        attributes: the cell's own, such as its colour.
    """

    markup: str
    attributes: str = ""


Column = tuple[str | Cell, bool | str]
"""A heading, and whether its column holds numbers, or the CSS class of its cells."""


def table(
    kind: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | Cell]],
    words: Words | None = None,
    *,
    label: str = "",
    kinds: Mapping[int, str] | None = None,
    sorts: bool = False,
) -> str:
    """A table in its frame. On a phone one of many columns is a list, of values under their names.

    Args:
        kind: its CSS class.
        caption: its caption.
        columns: each heading, and whether it holds numbers, or the CSS class of its cells; `HEADING` holds those of
            the rows, else the first does.
        rows: the rows.
        words: the texts, where there may be many rows.
        label: the frame's name, where it is not the caption.
        kinds: the CSS class of rows, by place.
        sorts: readers may sort it by a heading (`frame.js`); not for reports, which run no scripts.
    """
    markup = _table(kind, caption, columns, rows, kinds or {}, sorts=sorts)
    return region(markup, label or caption, words, rows=len(rows) if words else 0)


def _table(
    kind: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | Cell]],
    kinds: Mapping[int, str],
    *,
    sorts: bool = False,
) -> str:
    stacked = STACKED in kind or (len(columns) >= _MANY_COLUMNS and not any(x in kind for x in _NEVER_STACKED))
    names = [name if isinstance(name, Cell) else Cell(escape(name)) for name, _ in columns]
    classes = [_NUMBER if of is True else of or "" for _, of in columns]
    heading = classes.index(HEADING) if HEADING in classes else 0
    begin, end = ('<button type="button" class="dif-sort">', "</button>") if sorts else ("", "")

    def part(tag: str, role: str, *attributes: str) -> str:
        # a screen reader does not take the role from what is laid out otherwise
        parts = (tag, f'role="{role}"' if stacked else "", *attributes)
        return f"<{' '.join(x for x in parts if x)}>"

    def head(name: Cell, kind: str) -> str:
        own = _class(kind) if kind == _NUMBER else ""
        begun = part("th", "columnheader", 'scope="col"', own, name.attributes)
        return f"{begun}{begin}{name.markup}{end}</th>"

    def cell(place: int, of: str | Cell) -> str:
        of = Cell(escape(of)) if isinstance(of, str) else of
        if place == heading:
            return f"{part(_ROW_HEAD, 'rowheader', of.attributes)}{of.markup}</th>"
        named = f'data-label="{names[place].markup}"' if stacked else ""
        blank = " dif-blank" if stacked and of.markup == formatting.MISSING else ""
        own = "" if "class=" in of.attributes else _class((classes[place] + blank).strip())
        return f"{part('td', 'cell', named, own, of.attributes)}{of.markup}</td>"

    heads = "".join(map(head, names, classes))
    body = "".join(
        part("tr", "row", _class(kinds.get(place, "")))
        + "".join(cell(at, row[at]) for at in range(len(columns)))
        + "</tr>"
        for place, row in enumerate(rows)
    )
    named = f"{kind} {STACKED}" if stacked and STACKED not in kind else kind
    role = ' role="table"' if stacked else ""
    return (
        f'<table class="dif-table {named}"{role}><caption>{escape(caption)}</caption>{part("thead", "rowgroup")}'
        f"{part('tr', 'row')}{heads}</tr></thead>{part('tbody', 'rowgroup')}{body}</tbody></table>"
    )


def _class(name: str) -> str:
    return f'class="{name}"' if name else ""


_ROW_HEAD: Final = 'th scope="row"'
_NUMBER: Final = "dif-number"
HEADING: Final = "dif-heading"
"""Of the column that heads the rows, where it is not the first."""
STACKED: Final = "dif-stacked"
"""The class of a table that is a list on a phone. Those of many columns have it; others when their kind says so."""
_NEVER_STACKED: Final = ("dif-heat", "dif-calendar")
_MANY_COLUMNS: Final = 4


def terms(pairs: Iterable[tuple[str, str]], kind: str) -> str:
    """A list of terms, each with its description, which already is markup. `kind`: the class of the list."""
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{markup}</dd></div>" for name, markup in pairs)
    return f'<dl class="{kind}">{listed}</dl>'


def facts(pairs: Iterable[tuple[str, str]], kind: str) -> str:
    """Facts as a list, each with its name first. `kind`: the class of the list."""
    return terms(((name, escape(value)) for name, value in pairs), kind)


def pictured(markup: str) -> str:
    """Markup with its SVG drawings as images: `st.html` allows no inline SVG.

    Only for drawings that add nothing to the text: each gets an empty `alt`.
    """
    return _DRAWING.sub(_as_image, markup)


def _as_image(drawing: re.Match[str]) -> str:
    drawn = base64.b64encode(drawing[0].encode()).decode()
    kind = _CLASS.search(drawing[0])
    return f'<img class="{kind[1] if kind else ""}" alt="" src="data:image/svg+xml;base64,{drawn}">'


_DRAWING: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_CLASS: Final = re.compile(r'<svg[^>]*\bclass="([^"]*)"')


_LONG: Final = 11
"""Characters that fit in a key figure; where one has more, all are set smaller, to stay within their frames."""


def noted(text: str, note: str) -> str:
    """A text with a note under it."""
    return escape(text) + (f'<span class="dif-note">{escape(note)}</span>' if note else "")


def marks(texts: Sequence[str]) -> str:
    """Marks in small print after a name."""
    return f'<span class="dif-mark">{"".join(f"&nbsp;· {escape(x)}" for x in texts)}</span>' if texts else ""


def number(n: int | None, words: Words) -> str:
    """A number, or the sign that it is missing."""
    return formatting.MISSING if n is None else formatting.number(n, words.language)


def thousands(ore: int | None, words: Words) -> str:
    """An amount in thousands of kroner, or the sign that it is missing."""
    return formatting.MISSING if ore is None else formatting.thousands(ore, words.language)


_DETAIL: Final = "dif-detail"
"""What a phone leaves out, since all is well with it, or the line above says it too."""


def freshness(
    shown: Release, words: Words, *, through: date | None, observed: date | None = None, late: int = 0
) -> str:
    """The provenance of the numbers: last month, time of publication, checks, and release.

    Args:
        shown: the release.
        words: the texts.
        through: the last month with numbers.
        observed: the last observed month of what is shown; mentioned where it differs.
        late: organisations with a missing delivery for the last month; mentioned beside the checks if there are any.
    """
    language, parts = words.language, list[tuple[str, str]]()
    if through:
        parts.append(("", words("app.freshness.through", month=formatting.month(through, language))))
    if observed and observed != through:
        parts.append(("", words("app.freshness.service", month=formatting.month(observed, language))))
    parts.append((_DETAIL, words("app.freshness.updated", at=formatting.day_and_time(shown.published_at, language))))
    if shown.failed:
        parts.append(("", words("app.freshness.checks_failed", failed=shown.failed, all=shown.passed + shown.failed)))
    else:
        parts.append((_DETAIL, words("app.freshness.checks", passed=shown.passed)))
    if late and through:
        parts.append(("", words("app.freshness.late", n=late, month=formatting.month(through, language))))
    parts.append((_DETAIL, words("app.freshness.release", release=shown.name)))
    spans = (
        f"<span {_class(kind)}>{'· ' if at else ''}{escape(part)}</span>".replace(" >", ">")
        for at, (kind, part) in enumerate(parts)
    )
    return f'<p class="dif-freshness">{" ".join(spans)}</p>'


_MOST: Final = 200
"""Rows that a table on a page shows; its files have all."""


def plain(answer: pa.Table, words: Words, *, columns: Sequence[str] = (), caption: str = "") -> str:
    """An answer as a table, with readable headings and values. Missing is `..`, never 0; a note counts rows left out.

    Args:
        answer: the answer.
        words: the texts.
        columns: which columns, in order; all where none are named.
        caption: the table's caption.
    """
    shown = list(columns or answer.column_names)
    values = answer.slice(0, _MOST).to_pylist()
    numbers = {name: any(_is_number(row[name]) for row in values) for name in shown}
    texts = {name: [words.value(name, row[name]) for row in values] for name in shown}
    columns_of_it = [
        (words.column(name), numbers[name] or _kind([row[name] for row in values], texts[name])) for name in shown
    ]
    rows = list(zip(*texts.values(), strict=True))
    markup = _table("dif-plain", caption, columns_of_it, rows, {}, sorts=len(rows) > 1)
    cut = words("table.cut", shown=len(values), all=answer.num_rows) if answer.num_rows > _MOST else ""
    text = f'<p class="dif-small dif-cut">{escape(cut)}</p>' if cut else ""
    framed = region(markup, words("table.region"), words, rows=answer.num_rows)
    return (filtered(framed, words) if len(values) > TALL else framed) + text


def filtered(framed: str, words: Words) -> str:
    """A table with a field above it that leaves only the rows with the typed words (`frame.js`)."""
    return (
        f'<div class="dif-filtered"><label class="dif-small">{escape(words("table.filter"))} '
        f'<input type="search" class="dif-filter" maxlength="80"></label>{framed}</div>'
    )


def _kind(values: Sequence[object], texts: Sequence[str]) -> str:
    """The class of a column without numbers: dates stay on one line, and running text gets a wide column."""
    if any(isinstance(value, date) for value in values):
        return "dif-when"
    return "dif-wide" if any(len(text) > _RUNNING for text in texts) else ""


_RUNNING: Final = 24
"""Letters; a longer text would wrap into many short lines in a narrow column."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


TALL: Final = 15
"""Rows; a longer table scrolls in a frame of its own."""
ON_PAPER: Final = 30
"""Rows of a table that are printed (`page.css` has the same number): longer lists are read in their files."""
