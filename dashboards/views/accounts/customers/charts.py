"""The charts of what customers pay: by municipality and inhabitants, and by month. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.domain import price_effects
from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, TEXT, inline, layered, nearest
from dashboards.views.accounts import narrative
from dashboards.views.accounts.charts import two_lines
from dashboards.views.accounts.customers.narrative import compares
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.price_effects import Customer
    from dashboards.shared.events import Marks
    from dashboards.views.accounts.customers.narrative import PaidOfSize
    from dashboards.words import Words


_LARGEST: Final = 2
"""How many of the largest municipalities are named on their dots; so is the one that pays most for each inhabitant."""


def paid(of: Mapping[Customer, int], words: Words) -> alt.LayerChart:
    """One dot per municipality: its inhabitants, and what it pays for each; lines mark the borders of size classes."""
    rates = {who: Decimal(ore) / 100 / (who.inhabitants or 1) for who, ore in of.items()}
    largest = sorted(of, key=lambda who: who.inhabitants or 0)[-_LARGEST:]
    ends = {who.name for who in (*largest, *sorted(rates, key=rates.__getitem__)[-1:])}
    drawn = [
        {
            "name": who.name,
            "inhabitants": who.inhabitants,
            "people": formatting.number(who.inhabitants or 0, words.language),
            "each": float(rates[who]),
            "rate": formatting.price(rates[who], words.language),
            "amount": formatting.kroner(ore, words.language),
        }
        for who, ore in of.items()
    ]
    sizes = [who.inhabitants or 1 for who in of]
    scale = alt.Scale(type="log", domain=[min(sizes), max(*sizes, min(sizes) + 1)], nice=True)
    across = alt.Axis(labelExpr="format(datum.value, ',.0f')", values=[1_000, 10_000, 100_000], grid=False)
    up = alt.Axis(tickCount=4, domain=False, ticks=False)
    dots = nearest(
        alt.Chart(inline(drawn))
        .mark_point(filled=True, size=45, opacity=0.55, color=PRIMARY)
        .encode(
            x=alt.X("inhabitants:Q", title=words("accounts.paid.inhabitants"), scale=scale, axis=across),
            y=alt.Y("each:Q", title=words("accounts.paid.each"), axis=up, scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("name:N", title=words("accounts.what_if.customer")),
                alt.Tooltip("people:N", title=words.column("inhabitants")),
                alt.Tooltip("amount:N", title=words("accounts.paid.kr")),
                alt.Tooltip("rate:N", title=words("accounts.paid.each")),
            ],
        )
    )
    borders = [{"inhabitants": below} for below, _ in price_effects.SIZES if below and min(sizes) < below < max(sizes)]
    rules = alt.Chart(inline(borders)).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=alt.X("inhabitants:Q"))
    names = (
        alt.Chart(inline([row for row in drawn if row["name"] in ends]))
        .mark_text(align="right", dx=-7, dy=-5, color=TEXT, fontSize=12)
        .encode(x=alt.X("inhabitants:Q"), y=alt.Y("each:Q"), text=alt.Text("name:N"))
    )
    return layered(*([rules] if borders else []), dots, names, height=310, language=words.language)


def paid_in_words(of: Mapping[Customer, int], sizes: Sequence[PaidOfSize], words: Words) -> str:
    """What municipalities pay, as a sentence."""
    means = [
        words(
            "accounts.paid.mean",
            size=narrative.size_class(size.size, words).lower(),
            amount=formatting.kroner(size.mean_ore, words.language),
        )
        for size in sizes
    ]
    return words("accounts.paid.words", n=len(of), means=formatting.listing(means, words.language))


def invoiced(rows: Sequence[Mapping[str, Any]], words: Words, events: Marks = shared_events.NOTHING) -> alt.LayerChart:
    """What is invoiced by month, beside the same months of the year before where the ledger has them all."""
    columns = {"now": "invoiced_ore"} | ({"before": "invoiced_year_before_ore"} if compares(rows) else {})
    series = [(words(f"accounts.invoiced.{name}"), of) for name, of in columns.items()]
    return two_lines(rows, series, words, events=events)
