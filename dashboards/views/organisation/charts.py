"""The chart of what an organisation pays. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from dashboards.shared.charts import GREY, PRIMARY, inline, layered
from dashboards.shared.narrative import next_month
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.views.organisation.models import Paid
    from dashboards.words import Words

_MONTHS_NAMED = 30
"""Up to so many months the axis names months; beyond, years."""


def months(found: Sequence[Paid], chosen: date, words: Words) -> alt.LayerChart:
    """A bar a month, from zero, in whole kroner; the month that is shown is highlighted."""
    rows = [
        {
            "month": one.month.replace(day=3).isoformat(),
            "end": one.month.replace(day=28).isoformat(),
            "kroner": one.amount_ore / 100,  # drawn only; the table has the øre
            "zero": 0,
            "colour": PRIMARY if one.month == chosen else GREY,
            "when": formatting.month(one.month, words.language),
            "label": formatting.kroner(one.amount_ore, words.language),
        }
        for one in found
    ]
    many = len(found) > _MONTHS_NAMED
    axis = alt.Axis(
        format="%Y" if many else "%b %Y",
        tickCount={"interval": "year", "step": 1} if many else {"interval": "month", "step": 3},
        grid=False,
        labelOverlap=True,
    )
    domain = [found[0].month.isoformat(), next_month(found[-1].month).isoformat()]
    drawn = (
        alt.Chart(inline(rows))
        .mark_rect()
        .encode(
            x=alt.X("month:T", title=None, scale=alt.Scale(domain=domain, type="utc"), axis=axis),
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
    return layered(drawn, height=240, language=words.language)
