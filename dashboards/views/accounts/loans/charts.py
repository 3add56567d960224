"""The charts of loans and reconciliation. Pure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.tables.reconciliation import OPEN_REASONS
from dashboards.shared import events as shared_events
from dashboards.shared.charts import GREY, PRIMARY, TEXT, inline, layered, nearest, on_ground
from dashboards.shared.text_width import width as text_width
from dashboards.views.accounts.charts import BAR, bar_names, money_axis, named_bar, whole_kroner
from dashboards.views.accounts.loans import narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.shared.events import Marks
    from dashboards.words import Words


_OFF: Final = 12
"""The gap from a line to its name, in pixels."""


def loan(
    rows: Sequence[Mapping[str, Any]],
    project: Mapping[str, Any],
    words: Words,
    events: Marks = shared_events.NOTHING,
) -> alt.LayerChart:
    """The balance of a loan by month, with the last beside its end; dotted lines lead to the expected payoff months.

    The words below the chart name those months: labels at their ends would cover the lines.
    """
    drawn = [
        {
            "month": row["month"].isoformat(),
            "when": formatting.month(row["month"], words.language),
            "kr": whole_kroner(row["balance_ore"]),
            "amount": formatting.kroner(row["balance_ore"], words.language),
            "last": formatting.kroner(row["balance_ore"], words.language) if row is rows[-1] else "",
        }
        for row in rows
    ]
    axis, title = money_axis(max(abs(row["balance_ore"]) for row in rows), words)
    room = ceil(text_width(str(drawn[-1]["last"]), 13, 600)) + _OFF
    scale = alt.Scale(type="utc", range=[0, alt.ExprRef(f"width - {room}")])
    x = alt.X("month:T", title=None, scale=scale, axis=_years())
    y = alt.Y("kr:Q", title=title, axis=axis, scale=alt.Scale(zero=True))
    base = alt.Chart(inline(drawn)).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("amount:N", title=words.column("balance_ore")),
    ]
    ahead = _payoffs(drawn[-1], project)
    named = base.transform_filter("datum.last != ''").encode(color=alt.ColorValue(PRIMARY))
    layers = [
        base.mark_line(color=PRIMARY, strokeWidth=2.5, interpolate="step-after"),
        nearest(base.mark_point(filled=True, size=40, opacity=0.01, color=PRIMARY)).encode(tooltip=tooltip),
        on_ground(named, "last:N", align="left", dx=_OFF - 6, dy=-_OFF if ahead else 0),
    ]
    if ahead:
        going = alt.Chart(inline(ahead)).encode(x=x, y=y, detail=alt.Detail("level:N"))
        layers.insert(0, going.mark_line(color=GREY, strokeDash=[2, 3], strokeWidth=2))
    return shared_events.marked(layered(*layers, height=280, language=words.language), events, x)


def _payoffs(now: Mapping[str, Any], project: Mapping[str, Any]) -> list[dict[str, Any]]:
    """From the last balance to zero, for each level that pays it off."""
    rows: list[dict[str, Any]] = []
    for level in ("low", "expected", "high"):
        month = project[f"payoff_month_{level}"]
        if month is not None:
            rows.append({"level": level, "month": now["month"], "kr": now["kr"]})
            rows.append({"level": level, "month": month.isoformat(), "kr": 0})
    return rows


def _years() -> alt.Axis:
    return alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True)


def loan_in_words(rows: Sequence[Mapping[str, Any]], project: Mapping[str, Any], words: Words) -> str:
    """The loan as a sentence."""
    last = rows[-1]
    return words(
        "accounts.loan.words",
        balance=formatting.kroner(last["balance_ore"], words.language),
        month=formatting.month(last["month"], words.language),
        payoff=narrative.payoff(project, words),
    ).strip()


def reasons(rows: Sequence[Mapping[str, Any]], words: Words) -> alt.LayerChart:
    """Bars from zero by reason: overbilled right, underbilled left; unexplained reasons are highlighted."""
    drawn: list[dict[str, Any]] = []
    for row in rows:
        over, under = (formatting.kroner(row[name], words.language) for name in ("over_ore", "under_ore"))
        amounts = [f"+{over}"] if formatting.way(row["over_ore"]) else []
        amounts += [f"\u2212{under}"] if formatting.way(row["under_ore"]) else []
        name = named_bar(row, "reason", " / ".join(amounts), words)
        drawn += [
            {
                "name": name,
                "reason": words.value("reason", row["reason"]),
                "kr": sign * whole_kroner(row[column]),
                "what": words(f"accounts.{side}"),
                "amount": amount,
                "colour": PRIMARY if row["reason"] in OPEN_REASONS else GREY,
            }
            for sign, column, side, amount in ((1, "over_ore", "over", over), (-1, "under_ore", "under", under))
        ]
    axis, title = money_axis(max(max(row["over_ore"], row["under_ore"]) for row in rows), words)
    bars = (
        alt.Chart(inline(drawn))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("kr:Q", title=title, axis=axis, scale=alt.Scale(zero=True)),
            y=bar_names(),
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("reason:N", title=words.column("reason")),
                alt.Tooltip("what:N", title=words("column.part")),
                alt.Tooltip("amount:N", title=words("accounts.axis.kr")),
            ],
        )
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=TEXT).encode(x=alt.X("zero:Q"))
    return layered(bars, zero, height=BAR * len(rows) + 60, language=words.language)


def reasons_in_words(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The reasons as a sentence."""
    listed = [
        words(
            "accounts.reconciliation.reason",
            reason=words.value("reason", row["reason"]).lower(),
            over=formatting.kroner(row["over_ore"], words.language),
            under=formatting.kroner(row["under_ore"], words.language),
        )
        for row in rows
    ]
    return words("accounts.reconciliation.words", reasons=formatting.listing(listed, words.language))
