"""The overview's chart and its description in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, TEXT, Chart, inline, layered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.events import Marks
    from dashboards.words import Words


def dispatches(
    rows: Sequence[Mapping[str, object]], month: date, words: Words, events: Marks = shared_events.NOTHING
) -> Chart:
    """Bars of dispatches by month, from zero. This year's are highlighted; the last one is labelled."""
    top = max((int(str(row["dispatches"])) for row in rows[-_UNDER:]), default=0)
    shown = [
        {
            "month": f"{row['month']}",
            "said": words.value("month", row["month"]),
            "n": row["dispatches"],
            "label": words.value("dispatches", row["dispatches"]),
            "top": top,
            "last": row is rows[-1],
            "colour": PRIMARY if str(row["month"])[:4] == str(month.year) else GREY,
        }
        for row in rows
    ]
    base = alt.Chart(inline(shown)).encode(
        x=alt.X(
            "month:T",
            title=None,
            axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount="year", grid=False, labelOverlap=True),
        ),
        tooltip=[
            alt.Tooltip("said:N", title=words("column.month")),
            alt.Tooltip("label:N", title=words.column("dispatches")),
        ],
    )
    y = alt.Y("n:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, format=",.0f"))
    bars = base.mark_bar(width={"band": 0.8}).encode(
        x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, grid=False)),
        y=y,
        color=alt.Color("colour:N", scale=None),
    )
    last = (
        base.transform_filter("datum.last")
        .mark_text(dy=-8, align="center", color=TEXT, fontSize=13, fontWeight=600)
        .encode(x=alt.X("yearmonth(month):T", title=None, bandPosition=0.5), y=alt.Y("top:Q"), text=alt.Text("label:N"))
        if shown
        else None
    )
    layers = [bars, *([last] if last is not None else [])]
    chart = layered(*layers, height=260, language=words.language)
    at = alt.X("yearmonth(month):T", title=None, bandPosition=0.5)
    return shared_events.marked(chart, events, at, lift=_ABOVE)


_UNDER: Final = 4
"""How many of the last bars the last one's number stands over, on a phone."""
_ABOVE: Final = 20
"""What the last bar's number may take above the plot, in pixels."""


def dispatches_in_words(rows: Sequence[Mapping[str, object]], words: Words) -> str:
    """The chart as a sentence: its first, highest and last month."""
    if not rows:
        return ""
    top = max(rows, key=lambda row: int(str(row["dispatches"])))

    def point(row: Mapping[str, object]) -> str:
        month, n = words.value("month", row["month"]), words.value("dispatches", row["dispatches"])
        return words("overview.use.point", month=month, n=n)

    return words("overview.use.words", first=point(rows[0]), top=point(top), last=point(rows[-1]))
