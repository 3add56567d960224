"""What the charts of the product's accounts share, and the result by month. Pure.

A bar's name and amount form its axis label: it is readable at any width and needs no colour.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.domain.pricing import half_away
from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, apart, inline, layered, nearest, on_ground
from dashboards.shared.text_width import width as text_width
from dashboards.shared.text_width import wrapped
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.shared.events import Marks
    from dashboards.words import Words


_THOUSANDS_FROM: Final = 10_000_000
"""From this many øre, an axis is in thousands of kroner."""
_BREAK: Final = "|"
"""Separates the lines of a bar's name and its amount in the label; Vega breaks the line there."""
BAR: Final = 48
"""The height of a bar with at most three lines of name and amount, in pixels."""
_LABEL: Final = 170
"""The width of the label, in pixels."""


def whole_kroner(ore: int) -> int:
    """Whole kroner, for drawing."""
    return half_away(Decimal(ore) / 100)


def money_axis(largest_ore: int, words: Words, **more: Any) -> tuple[alt.Axis, str]:
    """An axis in kroner, or in thousands of kroner for large amounts, and its title."""
    thousands = largest_ore >= _THOUSANDS_FROM
    title = words("accounts.axis.thousand" if thousands else "accounts.axis.kr")
    text = "format(datum.value / 1000, ',.0f')" if thousands else "format(datum.value, ',.0f')"
    return alt.Axis(labelExpr=text, tickCount=4, domain=False, ticks=False, labelOverlap=True, **more), title


def named_bar(row: Mapping[str, Any], name: str, amount: str, words: Words) -> str:
    """A bar's label: the value of the column `name` in words, and the amount."""
    return _BREAK.join([*wrapped(words.value(name, row[name]), _LABEL), amount])


def bar_names() -> alt.Y:
    """The axis of the bars' labels, in the order of the rows."""
    axis = alt.Axis(
        labelExpr=f"split(datum.label, '{_BREAK}')",
        labelLimit=_LABEL,
        labelOffset=-8,
        domain=False,
        ticks=False,
        labelPadding=10,
        title=None,
    )
    return alt.Y("name:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15))


_HIGH: Final = 310
"""The height of a chart of two lines, in pixels."""


def two_lines(
    rows: Sequence[Mapping[str, Any]],
    series: Sequence[tuple[str, str]],
    words: Words,
    *,
    events: Marks = shared_events.NOTHING,
) -> alt.LayerChart:
    """Two series of amounts by month: the first highlighted, the second grey and dashed, as far as each goes.

    Each has its name beside its end, where no line runs.

    Args:
        rows: by month.
        series: the label and the column of each, in øre.
        words: the texts.
        events: months to mark.
    """
    drawn: list[dict[str, Any]] = []
    for place, (label, column) in enumerate(series):
        plotted = [row for row in rows if row[column] is not None]
        drawn += [
            {
                "series": label,
                "month": row["month"].isoformat(),
                "when": formatting.month(row["month"], words.language),
                "kr": whole_kroner(row[column]),
                "amount": formatting.kroner(row[column], words.language),
                "colour": GREY if place else PRIMARY,
                "dashed": bool(place),
                "last": label if row is plotted[-1] else "",
                "dy": 0,
            }
            for row in plotted
        ]
    axis, title = money_axis(max((abs(row["kr"]) * 100 for row in drawn), default=0), words)
    domain = _roomy([row["kr"] for row in drawn])
    ends = [row for row in drawn if row["last"]]
    at = [(_HIGH - _AXIS) * (domain[1] - row["kr"]) / (domain[1] - domain[0]) for row in ends]
    for row, is_at, stands in zip(ends, at, apart(at, (0, _HIGH - _AXIS - _HALF_A_NAME)), strict=True):
        row["dy"] = round(stands - is_at)
    room = min(ceil(max((text_width(row["last"], 13, 600) for row in ends), default=0)) + _OFF, _MOST_ROOM)
    scale = alt.Scale(type="utc", range=[0, alt.ExprRef(f"width - {room}")])
    x = alt.X("month:T", title=None, scale=scale, axis=_month_axis())
    base = alt.Chart(inline(drawn)).encode(
        x=x,
        y=alt.Y("kr:Q", title=title, axis=axis, scale=alt.Scale(domain=domain, nice=False)),
        color=alt.Color("colour:N", scale=None),
        detail=alt.Detail("series:N"),
    )
    lines = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.StrokeDashValue([1, 0], condition={"test": "datum.dashed", "value": [6, 4]})
    )
    dots = nearest(base.mark_point(filled=True, size=40, opacity=0.01)).encode(
        tooltip=[
            alt.Tooltip("series:N", title=words("column.part")),
            alt.Tooltip("when:N", title=words("column.month")),
            alt.Tooltip("amount:N", title=words("accounts.axis.kr")),
        ]
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=GREY).encode(y=alt.Y("zero:Q"))
    named = base.transform_filter("datum.last != ''")
    names = on_ground(
        named, "last:N", align="left", dx=_OFF - 4, dy=alt.ExprRef("datum.dy"), limit=_MOST_ROOM - _OFF + 4
    )
    chart = layered(zero, lines, dots, names, height=_HIGH, language=words.language)
    return shared_events.marked(chart, events, x)


_AXIS, _HALF_A_NAME, _OFF, _MOST_ROOM = 60, 8, 12, 130
"""The height of the axis, half that of a name, the gap from a line to its name, and the most that names may take of the
width, in pixels."""


def development(
    rows: Sequence[Mapping[str, Any]], words: Words, events: Marks = shared_events.NOTHING
) -> alt.LayerChart:
    """The cumulative result by month, and the cumulative budget where there is one."""
    columns = {"actual": "result_so_far_ore", "budget": "budget_so_far_ore"}
    series = [(words(f"accounts.development.{name}"), of) for name, of in columns.items()]
    return two_lines(rows, series, words, events=events)


def _month_axis() -> alt.Axis:
    return alt.Axis(format="%b %y", tickCount=4, grid=False, labelOverlap=True)


def _roomy(amounts: Sequence[int]) -> list[int]:
    """A scale that includes zero, with a little room beyond both ends."""
    low, high = min(0, *amounts), max(0, *amounts)
    room = max((high - low) // 12, 1)
    return [low - room if low else 0, high + room]


def development_in_words(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The development as a sentence."""
    first, last = rows[0], rows[-1]
    budget = last["budget_so_far_ore"]
    return words(
        "accounts.development.words",
        first=formatting.month(first["month"], words.language),
        last=formatting.month(last["month"], words.language),
        result=formatting.kroner(last["result_so_far_ore"], words.language),
        budget=formatting.MISSING if budget is None else formatting.kroner(budget, words.language),
    )
