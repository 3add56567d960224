"""The tables of use: a card per product with a picture of its months, and source systems. Pure."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any

from catalog.domain.calendar import year_before
from dashboards.page import filters
from dashboards.shared import tables
from dashboards.views.usage import charts, narrative
from dashboards.words import formatting
from dashboards.words.change import change_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.views.usage.models import Scope, Series
    from dashboards.words import Words

    Row = Mapping[str, Any]


def cards(use: Sequence[Series], scope: Scope, usual: Mapping[str, str], link: Mapping[str, str], words: Words) -> str:
    """Small multiples: a card for each product and measure, which links to it. Each has its own scale.

    Args:
        use: the series.
        scope: what the page is about.
        usual: by product, the default measure, which its link omits.
        link: the page's link.
        words: the texts.
    """
    return f'<ul class="dif-cards">{"".join(_card(series, scope, usual, link, words) for series in use)}</ul>'


def _card(series: Series, scope: Scope, usual: Mapping[str, str], link: Mapping[str, str], words: Words) -> str:
    now, then = series.at(scope.month), series.at(year_before(scope.month))
    value = narrative.rounded(now.quantity if now else None, words)
    changed = change_of(then.quantity if then else None, now.quantity if now else None)
    beside = (
        changed.since_year(words)
        if changed is not None
        else words("usage.card.awaited" if series.awaited else "usage.card.none")
        if now is None
        else words("usage.figure.no_year")
    )
    measure = None if usual.get(series.service) == series.measure else series.measure
    address = filters.link(link, {filters.SERVICE: series.service, filters.MEASURE: measure, "kanal": None})
    picture = base64.b64encode(charts.multiple_svg(series, scope).encode()).decode()
    text = charts.multiple_in_words(series, scope, words)
    chosen = ' aria-current="true"' if (series.service, series.measure) == narrative.key(scope) else ""
    mark = tables.marks([words("app.synthetic")] if series.synthetic and words.marks else [])
    told_of = f"{series.name}, {series.title.lower()}"  # a product may have a card for each of its measures
    return (
        f'<li><a href="{escape(address)}"{chosen} aria-label="{escape(told_of)}">{escape(series.name)}</a>'
        f'<span class="dif-note">{escape(series.title)}{mark}</span>'
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(text)}">'
        f"<strong>{escape(value)}</strong><span>{escape(beside)}</span></li>"
    )


def connections(rows: Sequence[Row], words: Words, *, most: int = 100) -> str:
    """Systems and suppliers, unstated ones last; numbers are exact or in bands."""
    lines: list[list[str | tables.Cell]] = []
    last = "last_month" if rows and "last_month" in rows[0] else "last_seen"
    for row in rows[:most]:
        name = row["system"] or words("usage.connections.not_stated")
        marks = [words(f"usage.mapping.{row['mapping']}")] if row["mapping"] == "UNMAPPED" else []
        if row["synthetic"] and words.marks:
            marks.append(words("app.synthetic"))
        numbers = [words.value(name, row[name]) for name in ("dispatches", "twelve_months", "failed")]
        numbers.append(words.value("accounts", row["accounts"] or None))
        supplier = row["supplier"] or formatting.MISSING
        named = tables.Cell(f"{escape(name)}{tables.marks(marks)}")
        lines.append([named, supplier, *numbers, words.value(last, row[last])])
    columns: list[tables.Column] = [
        (words("usage.connections.system"), False),
        (words("column.supplier"), False),
        (words("usage.connections.month"), True),
        (words("column.twelve_months"), True),
        (words("column.failed"), True),
        (words("column.accounts"), True),
        (words.column(last), "dif-when"),
    ]
    caption = words("usage.connections.caption")
    return tables.table("dif-list", caption, columns, lines, words, label=words("table.region"))
