"""The charts of Produktregnskap and their descriptions. Pure.

A bar's name and amount form its axis label: it is readable at any width and needs no colour.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.domain import price_effects
from catalog.domain.pricing import half_away
from catalog.tables.reconciliation import OPEN_REASONS
from dashboards.shared.charts import GREY, PRIMARY, TEXT, inline, layered, on_ground
from dashboards.views.accounts import narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.price_effects import Customer
    from dashboards.views.accounts.narrative import PaidOfSize
    from dashboards.words import Words

_THOUSANDS_FROM: Final = 10_000_000
"""From this many øre, an axis is in thousands of kroner."""
_BREAK: Final = "|"
"""Separates a bar's name from its amount in the label; Vega breaks the line there."""
_BAR: Final = 46
_LABELLED: Final = {"high": -10, "expected": -30, "low": -50}
"""Offset above zero of each level's payoff label, so that labels do not overlap."""


def _kroner(ore: int) -> int:
    """Whole kroner, for drawing."""
    return half_away(Decimal(ore) / 100)


def _axis(largest_ore: int, words: Words, **more: Any) -> tuple[alt.Axis, str]:
    """An axis in kroner, or in thousands of kroner for large amounts, and its title."""
    thousands = largest_ore >= _THOUSANDS_FROM
    title = words("accounts.axis.thousand" if thousands else "accounts.axis.kr")
    text = "format(datum.value / 1000, ',.0f')" if thousands else "format(datum.value, ',.0f')"
    return alt.Axis(labelExpr=text, tickCount=4, domain=False, ticks=False, labelOverlap=True, **more), title


def _named(row: Mapping[str, Any], name: str, amount: str, words: Words) -> str:
    return f"{words.value(name, row[name])}{_BREAK}{amount}"


def _names(order: Sequence[str]) -> alt.Y:
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
                "name": _named(row, "part", amount, words),
                "step": words.value("part", row["part"]),
                "amount": amount,
                "start": _kroner(start),
                "end": _kroner(end),
                "colour": PRIMARY if whole else GREY,
            }
        )
    axis, title = _axis(max(abs(row["amount_ore"]) for row in rows), words)
    base = alt.Chart(inline(drawn)).encode(y=_names([bar["name"] for bar in drawn]))
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
    return layered(bars, zero, height=_BAR * len(drawn), language=words.language)


def steps_in_words(rows: Sequence[Mapping[str, Any]], when: str, words: Words) -> str:
    """The steps from income to result as a sentence."""
    listed = [
        f"{words.value('part', row['part']).lower()} {formatting.kroner(row['amount_ore'], words.language)}"
        for row in rows
    ]
    return words("accounts.steps.words", period=when, steps=formatting.listing(listed, words.language))


def development(rows: Sequence[Mapping[str, Any]], words: Words) -> alt.LayerChart:
    """The cumulative result by month, and the cumulative budget where there is one."""
    both = (("actual", "result_so_far_ore", PRIMARY), ("budget", "budget_so_far_ore", GREY))
    drawn: list[dict[str, Any]] = []
    for series, column, colour in both:
        plotted = [row for row in rows if row[column] is not None]
        label = words(f"accounts.development.{series}")
        drawn += [
            {
                "series": label,
                "month": row["month"].isoformat(),
                "when": formatting.month(row["month"], words.language),
                "kr": _kroner(row[column]),
                "amount": formatting.kroner(row[column], words.language),
                "colour": colour,
                "budgeted": series == "budget",
                "last": label if row is plotted[-1] else "",
            }
            for row in plotted
        ]
    axis, title = _axis(max((abs(row["kr"]) * 100 for row in drawn), default=0), words)
    base = alt.Chart(inline(drawn)).encode(
        x=alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=_months()),
        y=alt.Y("kr:Q", title=title, axis=axis, scale=_roomy([row["kr"] for row in drawn])),
        color=alt.Color("colour:N", scale=None),
        detail=alt.Detail("series:N"),
    )
    lines = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.StrokeDashValue([1, 0], condition={"test": "datum.budgeted", "value": [6, 4]})
    )
    dots = base.mark_point(filled=True, size=40, opacity=0.01).encode(
        tooltip=[
            alt.Tooltip("series:N", title=words("column.part")),
            alt.Tooltip("when:N", title=words("column.month")),
            alt.Tooltip("amount:N", title=words("accounts.result")),
        ]
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=GREY).encode(y=alt.Y("zero:Q"))
    return layered(
        zero,
        lines,
        dots,
        _ends(base, first_above=_parted(drawn), clear=_clear(drawn)),
        height=310,
        language=words.language,
    )


def _months() -> alt.Axis:
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
    below = "datum.budgeted" if first_above else "!datum.budgeted"
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


def paid(of: Mapping[Customer, int], words: Words) -> alt.LayerChart:
    """One dot per municipality: inhabitants against amount paid; lines mark the borders of the size classes."""
    drawn = [
        {
            "name": who.name,
            "inhabitants": who.inhabitants,
            "people": formatting.number(who.inhabitants or 0, words.language),
            "kr": _kroner(ore),
            "amount": formatting.kroner(ore, words.language),
        }
        for who, ore in of.items()
    ]
    axis, title = _axis(max(of.values()), words)
    sizes = [who.inhabitants or 1 for who in of]
    scale = alt.Scale(type="log", domain=[min(sizes), max(*sizes, min(sizes) + 1)], nice=True)
    across = alt.Axis(labelExpr="format(datum.value, ',.0f')", values=[1_000, 10_000, 100_000], grid=False)
    dots = (
        alt.Chart(inline(drawn))
        .mark_point(filled=True, size=45, opacity=0.55, color=PRIMARY)
        .encode(
            x=alt.X("inhabitants:Q", title=words("accounts.paid.inhabitants"), scale=scale, axis=across),
            y=alt.Y("kr:Q", title=title, axis=axis, scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("name:N", title=words("accounts.what_if.customer")),
                alt.Tooltip("people:N", title=words.column("inhabitants")),
                alt.Tooltip("amount:N", title=words("accounts.paid.kr")),
            ],
        )
    )
    borders = [{"inhabitants": below} for below, _ in price_effects.SIZES if below and min(sizes) < below < max(sizes)]
    rules = alt.Chart(inline(borders)).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=alt.X("inhabitants:Q"))
    return layered(*([rules] if borders else []), dots, height=310, language=words.language)


def paid_in_words(of: Mapping[Customer, int], sizes: Sequence[PaidOfSize], words: Words) -> str:
    """What municipalities pay, as a sentence."""
    means = [
        words(
            "accounts.paid.mean",
            size=narrative.size(size.size, words).lower(),
            amount=formatting.kroner(size.mean_ore, words.language),
        )
        for size in sizes
    ]
    return words("accounts.paid.words", n=len(of), means=formatting.listing(means, words.language))


def loan(rows: Sequence[Mapping[str, Any]], project: Mapping[str, Any], words: Words) -> alt.LayerChart:
    """The balance of a loan by month; dotted lines lead to the expected payoff months."""
    drawn = [
        {
            "month": row["month"].isoformat(),
            "when": formatting.month(row["month"], words.language),
            "kr": _kroner(row["balance_ore"]),
            "amount": formatting.kroner(row["balance_ore"], words.language),
            "last": formatting.kroner(row["balance_ore"], words.language) if row is rows[-1] else "",
        }
        for row in rows
    ]
    axis, title = _axis(max(abs(row["balance_ore"]) for row in rows), words)
    x = alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=_years())
    y = alt.Y("kr:Q", title=title, axis=axis, scale=alt.Scale(zero=True))
    base = alt.Chart(inline(drawn)).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("amount:N", title=words.column("balance_ore")),
    ]
    grew = len(rows) > 1 and rows[-1]["balance_ore"] > rows[-2]["balance_ore"]
    named = base.transform_filter("datum.last != ''").encode(color=alt.ColorValue(PRIMARY))
    layers = [
        base.mark_line(color=PRIMARY, strokeWidth=2.5, interpolate="step-after"),
        base.mark_point(filled=True, size=40, opacity=0.01, color=PRIMARY).encode(tooltip=tooltip),
        on_ground(named, "last:N", align="right", dy=-14 if grew else 20),
    ]
    ahead = _payoffs(drawn[-1], project, words)
    if ahead:
        going = alt.Chart(inline(ahead)).encode(x=x, y=y, detail=alt.Detail("level:N"))
        chart = going.encode(color=alt.ColorValue(TEXT))
        layers += [
            going.mark_line(color=GREY, strokeDash=[2, 3], strokeWidth=2),
            on_ground(chart.transform_filter("datum.told != ''"), "told:N", align="right", dy=alt.ExprRef("datum.dy")),
        ]
    return layered(*layers, height=280, language=words.language)


def _payoffs(now: Mapping[str, Any], project: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for level in ("low", "expected", "high"):
        month = project[f"payoff_month_{level}"]
        if month is not None:
            rows.append({"level": level, "month": now["month"], "kr": now["kr"], "told": "", "dy": 0})
            text = f"{words(f'accounts.loan.level.{level}')}: {formatting.month(month, words.language)}"
            rows.append({"level": level, "month": month.isoformat(), "kr": 0, "told": text, "dy": _LABELLED[level]})
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
    order: list[str] = []
    for row in rows:
        over, under = (formatting.kroner(row[name], words.language) for name in ("over_ore", "under_ore"))
        amounts = [f"+{over}"] if row["over_ore"] else []
        amounts += [f"\u2212{under}"] if row["under_ore"] else []
        name = _named(row, "reason", " / ".join(amounts), words)
        order.append(name)
        drawn += [
            {
                "name": name,
                "reason": words.value("reason", row["reason"]),
                "kr": sign * _kroner(row[column]),
                "what": words(f"accounts.{side}"),
                "amount": amount,
                "colour": PRIMARY if row["reason"] in OPEN_REASONS else GREY,
            }
            for sign, column, side, amount in ((1, "over_ore", "over", over), (-1, "under_ore", "under", under))
        ]
    axis, title = _axis(max(max(row["over_ore"], row["under_ore"]) for row in rows), words)
    bars = (
        alt.Chart(inline(drawn))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("kr:Q", title=title, axis=axis, scale=alt.Scale(zero=True)),
            y=_names(order),
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("reason:N", title=words.column("reason")),
                alt.Tooltip("what:N", title=words("column.part")),
                alt.Tooltip("amount:N", title=words("accounts.axis.kr")),
            ],
        )
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=TEXT).encode(x=alt.X("zero:Q"))
    return layered(bars, zero, height=_BAR * len(rows) + 60, language=words.language)


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
