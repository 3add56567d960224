"""What the charts of the product's accounts share, and the result by month. Pure.

A bar's name and amount form its axis label: it is readable at any width and needs no colour.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.domain.pricing import half_away
from dashboards.shared.charts import GREY, PRIMARY, inline, layered, on_ground
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.words import Words


_THOUSANDS_FROM: Final = 10_000_000
"""From this many øre, an axis is in thousands of kroner."""
_BREAK: Final = "|"
"""Separates a bar's name from its amount in the label; Vega breaks the line there."""
BAR: Final = 46
"""The height of a bar with its two lines of name and amount, in pixels."""


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
    return f"{words.value(name, row[name])}{_BREAK}{amount}"


def bar_names(order: Sequence[str]) -> alt.Y:
    """The axis of the bars' labels, in their order."""
    axis = alt.Axis(
        labelExpr=f"split(datum.label, '{_BREAK}')",
        labelLimit=170,
        labelOffset=-8,
        domain=False,
        ticks=False,
        labelPadding=10,
        title=None,
    )
    return alt.Y("name:N", sort=list(order), axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15))


def two_lines(
    rows: Sequence[Mapping[str, Any]],
    series: Sequence[tuple[str, str]],
    words: Words,
    *,
    height: int = 310,
) -> alt.LayerChart:
    """Two series of amounts by month: the first highlighted, the second grey and dashed, as far as each goes.

    Args:
        rows: by month.
        series: the label and the column of each, in øre.
        words: the texts.
        height: in pixels.
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
            }
            for row in plotted
        ]
    axis, title = money_axis(max((abs(row["kr"]) * 100 for row in drawn), default=0), words)
    base = alt.Chart(inline(drawn)).encode(
        x=alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=_month_axis()),
        y=alt.Y("kr:Q", title=title, axis=axis, scale=_roomy([row["kr"] for row in drawn])),
        color=alt.Color("colour:N", scale=None),
        detail=alt.Detail("series:N"),
    )
    lines = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.StrokeDashValue([1, 0], condition={"test": "datum.dashed", "value": [6, 4]})
    )
    dots = base.mark_point(filled=True, size=40, opacity=0.01).encode(
        tooltip=[
            alt.Tooltip("series:N", title=words("column.part")),
            alt.Tooltip("when:N", title=words("column.month")),
            alt.Tooltip("amount:N", title=words("accounts.axis.kr")),
        ]
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=GREY).encode(y=alt.Y("zero:Q"))
    names = _ends(base, first_above=_parted(drawn), clear=_clear(drawn))
    return layered(zero, lines, dots, names, height=height, language=words.language)


def development(rows: Sequence[Mapping[str, Any]], words: Words) -> alt.LayerChart:
    """The cumulative result by month, and the cumulative budget where there is one."""
    columns = {"actual": "result_so_far_ore", "budget": "budget_so_far_ore"}
    return two_lines(rows, [(words(f"accounts.development.{name}"), of) for name, of in columns.items()], words)


def _month_axis() -> alt.Axis:
    return alt.Axis(format="%b %y", tickCount=4, grid=False, labelOverlap=True)


def _parted(drawn: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first series ends above the second, so that its name goes above its line."""
    ends = [row["kr"] for row in drawn if row["last"]]
    return len(ends) <= 1 or ends[0] >= ends[1]


def _clear(drawn: Sequence[Mapping[str, Any]]) -> bool:
    """Whether zero is the lowest value and the lines end far enough apart for both names to fit above them."""
    ends, kr = [row["kr"] for row in drawn if row["last"]], [0, *(row["kr"] for row in drawn)]
    return len(ends) > 1 and min(kr) == 0 and abs(ends[0] - ends[1]) * 4 > max(kr)


def _ends(base: alt.Chart, *, first_above: bool, clear: bool) -> alt.Chart:
    """The line names at the line ends; where the ends are close, one goes above and one below to avoid overlap."""
    below = "datum.dashed" if first_above else "!datum.dashed"
    dy = alt.ExprRef(f"{below} ? {-14 if clear else 20} : -14")
    return on_ground(base.transform_filter("datum.last != ''"), "last:N", align="right", dy=dy)


def _roomy(amounts: Sequence[int]) -> alt.Scale:
    """A scale that includes zero, with room for a label beyond both ends."""
    low, high = min(0, *amounts), max(0, *amounts)
    room = max((high - low) // 8, 1)
    return alt.Scale(domain=[low - room if low else 0, high + room], nice=False)


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
