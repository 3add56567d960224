"""The charts of a product: use by month, and support compared with other services. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import (
    BAND,
    GREY,
    PRIMARY,
    TEXT,
    WAITING,
    inline,
    layered,
    month_axis,
    nearest,
)
from dashboards.shared.narrative import months_between, next_month
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.release.query import Row
    from dashboards.shared.events import Marks
    from dashboards.words import Words


def use(
    rows: Sequence[Row],
    foreseen: Sequence[Row],
    first: date,
    since: date,
    until: date,
    title: str,
    words: Words,
    events: Marks = shared_events.NOTHING,
) -> alt.LayerChart:
    """One bar per month, from zero; forecast bars are light, with a line from the low to the high estimate.

    An unmeasured month is shaded and empty.

    Args:
        rows: measured use, by month.
        foreseen: the forecast months.
        first: the month at the left.
        since: the month from which bars are highlighted.
        until: the last complete month.
        title: the measure's title.
        words: the texts.
        events: months to mark.
    """
    quantities = {used.month: used.quantity for used in rows}
    bars = [
        _bar(month, quantity, PRIMARY if month >= since else GREY, formatting.number(quantity, words.language), words)
        for month, quantity in quantities.items()
        if month >= first
    ]
    after = [forecast for forecast in foreseen if forecast.month > until]
    bars += [
        _bar(
            forecast.month,
            forecast.expected,
            WAITING,
            _between(forecast, words),
            words,
            low=float(forecast.low),
            high=float(forecast.high),
        )
        for forecast in after
    ]
    shaded, month = [], first
    while month <= until:
        if month not in quantities:
            shaded.append({"month": month.isoformat(), "end": next_month(month).isoformat()})
        month = next_month(month)
    last = max([until, *(forecast.month for forecast in after)])
    axis = month_axis(months_between(first, last))
    domain = [first.isoformat(), next_month(last).isoformat()]
    x = alt.X("month:T", title=None, scale=alt.Scale(domain=domain, type="utc"), axis=axis)
    y = alt.Y("quantity:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=",.0f", tickCount=4))
    base = alt.Chart(inline(bars))
    drawn = base.mark_rect().encode(
        x=x,
        x2=alt.X2("end:T"),
        y=y,
        y2=alt.Y2("zero:Q"),
        color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("when:N", title=words("column.month")), alt.Tooltip("label:N", title=title)],
    )
    layers = [drawn]
    if shaded:
        layers.insert(0, alt.Chart(inline(shaded)).mark_rect(color=BAND).encode(x=x, x2=alt.X2("end:T")))
    if after:
        spread = base.transform_filter("isValid(datum.low)").encode(x=alt.X("middle:T"))
        layers.append(spread.mark_rule(color=TEXT, strokeWidth=1).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
        captions = [{"middle": _middle(after[0].month), "label": words("service.use.label")}]
        named = alt.Chart(inline(captions)).mark_text(align="left", baseline="top", color=TEXT, fontSize=13, dy=-16)
        layers.append(named.encode(x=alt.X("middle:T"), y=alt.YValue(0), text=alt.Text("label:N")))
    chart = layered(*layers, height=280, language=words.language)
    return shared_events.marked(chart, events, x, lift=_CAPTION if after else 0)


_CAPTION: Final = 18
"""The height of the word above the forecast, in pixels."""


def _middle(month: date) -> str:
    return month.replace(day=15).isoformat()


def _bar(
    month: date,
    quantity: Decimal,
    colour: str,
    label: str,
    words: Words,
    low: float | None = None,
    high: float | None = None,
) -> dict[str, Any]:
    return {
        "month": month.replace(day=3).isoformat(),
        "end": month.replace(day=28).isoformat(),
        "middle": _middle(month),
        "quantity": float(quantity),
        "zero": 0,
        "colour": colour,
        "when": formatting.month(month, words.language),
        "label": label,
        "low": low,
        "high": high,
    }


def _between(forecast: Row, words: Words) -> str:
    low, expected, high = (
        formatting.number(x, words.language) for x in (forecast.low, forecast.expected, forecast.high)
    )
    return f"{expected} ({low}–{high})"


def uptake(points: Sequence[Row], last: date, words: Words, *, top: int = 0) -> alt.LayerChart:
    """Customers by month as a line from zero, broken where a month was not observed or is counted in another way.

    Months counted by events are grey where others are counted by use.

    Args:
        points: by month, oldest first; one or more.
        last: the month at the right.
        words: the texts.
        top: the least height of the axis, to compare two services.
    """
    now = points[-1].active_basis
    rows, run = [], 0
    for before, point in zip([points[0], *points], points, strict=False):
        run += months_between(before.month, point.month) > 1 or before.active_basis != point.active_basis
        rows.append(
            {
                "month": _middle(point.month),
                "n": point.active,
                "run": run,
                "colour": PRIMARY if point.active_basis == now else GREY,
                "when": formatting.month(point.month, words.language),
                "label": formatting.number(point.active, words.language),
                "last": point is points[-1],
            }
        )
    first = points[0].month
    domain = [first.isoformat(), next_month(last).isoformat()]
    axis = month_axis(months_between(first, last))
    highest = max(top, *(point.active for point in points), 1) * 1.15  # room for the number at the end
    x = alt.X("month:T", title=None, scale=alt.Scale(domain=domain, type="utc"), axis=axis)
    base = alt.Chart(inline(rows)).encode(
        x=x,
        y=alt.Y("n:Q", title=None, scale=alt.Scale(domain=[0, highest]), axis=alt.Axis(format=",.0f", tickCount=4)),
        tooltip=[
            alt.Tooltip("when:N", title=words("column.month")),
            alt.Tooltip("label:N", title=words("product.systems.customers")),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5).encode(color=alt.Color("colour:N", scale=None), detail="run:N")
    dots = base.mark_point(filled=True, size=24, opacity=1).encode(color=alt.Color("colour:N", scale=None))
    ended = base.transform_filter("datum.last").mark_text(
        align="right", dy=-10, fontSize=13, fontWeight=600, color=TEXT
    )
    return layered(lines, nearest(dots), ended.encode(text="label:N"), height=220, language=words.language)


def _ranked(supports: Sequence[Row]) -> list[Row]:
    return sorted(supports, key=lambda support: (-support.per_100, support.name))


def support(supports: Sequence[Row], service: str, words: Words) -> alt.LayerChart:
    """Support requests per 100 customers by service, from zero, most first; the chosen one highlighted."""
    ranked = _ranked(supports)
    most = float(max((support.per_100 for support in ranked), default=1))  # the domain adds room after the longest bar
    rows = [
        {
            "name": support.name,
            "rate": float(support.per_100),
            "label": formatting.tenths(support.per_100, words.language),
            "colour": PRIMARY if support.service == service else GREY,
        }
        for support in ranked
    ]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=None),
        x=alt.X("rate:Q", title=None, scale=alt.Scale(domain=[0, most * 1.15], nice=False), axis=None),
    )
    bars = base.mark_bar(height=14, cornerRadiusEnd=2, yOffset=8).encode(
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=words("column.service")),
            alt.Tooltip("label:N", title=words("service.support.axis")),
        ],
    )
    numbers = base.mark_text(align="left", dx=4, dy=8, fontSize=13, color=TEXT).encode(text=alt.Text("label:N"))
    # above its bar a name has the full width, even on a phone
    names = base.mark_text(align="left", dy=-8, fontSize=13, color=TEXT).encode(
        x=alt.XValue(0), text=alt.Text("name:N")
    )
    return layered(bars, numbers, names, height=38 * len(rows), language=words.language)


def support_in_words(supports: Sequence[Row], words: Words) -> str:
    """The bars as a sentence."""
    listed = [
        words("service.support.one", name=support.name, rate=formatting.tenths(support.per_100, words.language))
        for support in _ranked(supports)
    ]
    return words("service.support.words", listed=formatting.listing(listed, words.language))
