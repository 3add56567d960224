"""The chart of an organisation's payments. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, inline, layered, month_axis
from dashboards.shared.narrative import next_month
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.release.query import Row
    from dashboards.shared.events import Marks
    from dashboards.words import Words


def months(
    payments: Sequence[Row], chosen: date, words: Words, events: Marks = shared_events.NOTHING
) -> alt.LayerChart:
    """One bar per month, from zero, in kroner; the chosen month is highlighted."""
    rows = [
        {
            "month": payment.month.replace(day=3).isoformat(),
            "end": payment.month.replace(day=28).isoformat(),
            "kroner": payment.amount_ore / 100,  # for drawing only; the table has the øre
            "zero": 0,
            "colour": PRIMARY if payment.month == chosen else GREY,
            "when": formatting.month(payment.month, words.language),
            "label": formatting.kroner(payment.amount_ore, words.language),
        }
        for payment in payments
    ]
    axis = month_axis(len(payments))
    domain = [payments[0].month.isoformat(), next_month(payments[-1].month).isoformat()]
    x = alt.X("month:T", title=None, scale=alt.Scale(domain=domain, type="utc"), axis=axis)
    drawn = (
        alt.Chart(inline(rows))
        .mark_rect()
        .encode(
            x=x,
            x2=alt.X2("end:T"),
            y=alt.Y("kroner:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=",.0f", tickCount=4)),
            y2=alt.Y2("zero:Q"),
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("when:N", title=words("column.month")),
                alt.Tooltip("label:N", title=words("organisation.months.axis")),
            ],
        )
    )
    return shared_events.marked(layered(drawn, height=240, language=words.language), events, x)
