"""The charts of the result: from income to result, and income beside cost by month. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, TEXT, inline, layered
from dashboards.views.accounts.charts import BAR, bar_names, money_axis, named_bar, two_lines, whole_kroner
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.shared.events import Marks
    from dashboards.words import Words


def steps(rows: Sequence[Mapping[str, Any]], words: Words) -> alt.LayerChart:
    """Bars from income down to the result: each cost starts where the last one ended."""
    drawn: list[dict[str, Any]] = []
    reached = 0
    for row in rows:
        whole = row["part"] in {"income", "result"}
        start = 0 if whole else reached
        end = row["amount_ore"] if whole else reached + row["amount_ore"]
        reached = end
        amount = formatting.kroner(row["amount_ore"], words.language)
        drawn.append(
            {
                "name": named_bar(row, "part", formatting.rounded_kroner(row["amount_ore"], words.language), words),
                "step": words.value("part", row["part"]),
                "amount": amount,
                "start": whole_kroner(start),
                "end": whole_kroner(end),
                "colour": PRIMARY if whole else GREY,
            }
        )
    axis, title = money_axis(max(abs(row["amount_ore"]) for row in rows), words)
    base = alt.Chart(inline(drawn)).encode(y=bar_names())
    bars = base.mark_bar(cornerRadius=2).encode(
        x=alt.X("start:Q", title=title, axis=axis, scale=alt.Scale(zero=True)),
        x2=alt.X2("end:Q"),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("step:N", title=words("column.part")),
            alt.Tooltip("amount:N", title=words("accounts.axis.kr")),
        ],
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=TEXT).encode(x=alt.X("zero:Q"))
    return layered(bars, zero, height=BAR * len(drawn), language=words.language)


def steps_in_words(rows: Sequence[Mapping[str, Any]], when: str, words: Words) -> str:
    """The steps from income to result as a sentence."""
    listed = [
        f"{words.value('part', row['part']).lower()} {formatting.kroner(row['amount_ore'], words.language)}"
        for row in rows
    ]
    return words("accounts.steps.words", period=when, steps=formatting.listing(listed, words.language))


def months(rows: Sequence[Mapping[str, Any]], words: Words, events: Marks = shared_events.NOTHING) -> alt.LayerChart:
    """Income and cost by month."""
    series = [(words(f"accounts.{name}"), f"{name}_ore") for name in ("income", "cost")]
    return two_lines(rows, series, words, events=events)


def months_in_words(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Income and cost by month as a sentence."""
    first, last = (formatting.month(rows[n]["month"], words.language) for n in (0, -1))
    income, cost = (
        formatting.kroner(sum(row[f"{name}_ore"] for row in rows), words.language) for name in ("income", "cost")
    )
    return words("accounts.months.words", first=first, last=last, income=income, cost=cost)
