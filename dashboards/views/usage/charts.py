"""The charts of use, and their descriptions in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from dashboards.shared.charts import GREY, PRIMARY, RULE, TEXT, WAITING, apart, layered, named, on_ground, with_data
from dashboards.shared.narrative import months_between, next_month, short
from dashboards.views.usage import narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from dashboards.views.usage.models import Scope, Series
    from dashboards.words import Words

    Row = Mapping[str, Any]

HEIGHT: Final = 300
_RATE: Final = ",.4~f"
_PERCENT: Final = ".0%"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the trend that a chart shows: the municipality's column, and the group's.

    Attributes:
        own, median, q1, q3: columns of the trend.
        title: text key of the axis title.
        percent: the figure is a share of one.
    """

    own: str
    median: str
    q1: str
    q3: str
    title: str
    percent: bool = False

    def as_text(self, value: Decimal | None, words: Words) -> str:
        """A value as a reader writes it."""
        if not self.median:
            return narrative.quantity(value, words)
        return narrative.share(value, words) if self.percent else narrative.rate(value, words)


RATE: Final = Measure("per_1000_inhabitants", "per_1000_median", "per_1000_q1", "per_1000_q3", "usage.axis.rate")
DIGITAL: Final = Measure(
    "digital_share", "digital_share_median", "digital_share_q1", "digital_share_q3", "usage.axis.digital", percent=True
)
SENT: Final = Measure("dispatches", "", "", "", "usage.axis.sent")
"""Historical borders may have no population counts, and have no group."""
MEASURED: Final = Measure("quantity", "", "", "", "usage.axis.measured")
"""Use that is not counted in dispatches."""


_DASHES: Final = alt.Scale(domain=[False, True], range=[[1, 0], [5, 3]])
"""The median is dashed."""


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _months(first: date, last: date, n: int, room: int = 0) -> alt.X:
    """The time axis of the window: named months where there is room, else years.

    `room`: pixels left free after the last month, for names at the ends of lines.
    """
    long, step = n > _NAMED_MONTHS, 3 if n > _EACH_MONTH else 1
    axis = (
        alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True)
        if long
        else alt.Axis(
            format="%b %y", grid=False, labelOverlap=True, tickCount=alt.TimeIntervalStep(interval="month", step=step)
        )
    )
    scale = alt.Scale(domain=[first.isoformat(), last.isoformat()], type="utc")
    if room:
        scale.range = [0, alt.ExprRef(f"width - {room}")]
    return alt.X("month:T", title=None, scale=scale, axis=axis)


_NAMED_MONTHS, _EACH_MONTH = 18, 7
"""Up to how many months the axis names some of them, and all of them."""


def trend(
    rows: Sequence[Row],
    measure: Measure,
    scope: Scope,
    words: Words,
    *,
    compared: Sequence[Row] = (),
    unsure: Collection[date] = (),
) -> alt.LayerChart:
    """The municipality's line against the group's median and middle half; chosen others in grey. Lines break at gaps.

    Args:
        rows: the trend, one row per month.
        measure: which figure.
        scope: whose figure; for the country, the median is the highlighted line.
        words: the texts.
        compared: rows of `usage/chosen`.
        unsure: months whose number may change, shown with an open dot.
    """
    median_name = words("usage.median")
    own = scope.municipality is not None or not measure.median
    field = measure.own if own else measure.median
    whose = formatting.first(narrative.place(scope, words)) if own else median_name
    shown = {whose, *(row["name"] for row in compared), *([median_name] if measure.median else [])}
    room = min(max(_ROOM_OF_LETTER * len(label) for label in shown) + _OFF, _MOST_ROOM)
    x = _months(rows[0]["month"], rows[-1]["month"], len(rows), room)
    scale = alt.Scale(domain=_shares(rows, measure), nice=False) if measure.percent else alt.Scale(zero=True)
    axis = alt.Axis(format=_PERCENT if measure.percent else _RATE, tickCount=5, domain=False, ticks=False)
    y = alt.Y("value:Q", title=words(measure.title), scale=scale, axis=axis)
    layers: list[alt.Chart] = []
    band: list[dict[str, Any]] = []
    if measure.median:
        band = [
            {"month": row["month"].isoformat(), "low": _number(row[measure.q1]), "high": _number(row[measure.q3])}
            for row in rows
        ]
        layers.append(
            alt.Chart(named("band"))
            .transform_filter("isValid(datum.low)")
            .mark_area(color=WAITING, opacity=0.55)
            .encode(x=x, y=alt.Y("low:Q", title=words(measure.title), scale=scale, axis=axis), y2=alt.Y2("high:Q"))
        )
    lines: list[dict[str, Any]] = []
    for code in dict.fromkeys(row["municipality_code"] for row in compared):
        some = {row["month"]: row for row in compared if row["municipality_code"] == code}
        name = next(iter(some.values()))["name"]
        values = {month: row["per_1000_inhabitants"] for month, row in some.items()}
        lines += _line(rows, values, name, GREY, 1.25, unsure=())
    if measure.median and own:
        lines += _line(rows, {row["month"]: row[measure.median] for row in rows}, median_name, TEXT, 2, unsure=())
    lines += _line(rows, {row["month"]: row[field] for row in rows}, whose, PRIMARY, 3, unsure=unsure)
    for line in lines:
        line["said"] = measure.as_text(line["exact"], words)
        del line["exact"]
        line["when"] = formatting.month(line["when"], words.language)
    base = alt.Chart(named("lines")).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), detail=alt.Detail("series:N"), order=alt.Order("place:Q")
    )
    observed = base.transform_filter("isValid(datum.value)")
    tooltip = [
        alt.Tooltip("series:N", title=words("usage.who")),
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("said:N", title=words(measure.title)),
    ]
    layers += [
        base.mark_line(invalid="break-paths-filter-domains").encode(
            strokeWidth=alt.StrokeWidth("wide:Q", scale=None),
            strokeDash=alt.StrokeDash("median:N", scale=_DASHES, legend=None),
        ),
        observed.mark_point(filled=True).encode(
            size=alt.Size("size:Q", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=tooltip,
        ),
        _names(lines, base),
    ]
    if any(line["unsure"] and line["value"] is not None for line in lines):  # an empty layer has no label to read
        unsettled = base.transform_filter("datum.unsure && isValid(datum.value)")
        dots = unsettled.mark_point(filled=True, size=60, fill="#ffffff", strokeWidth=2)
        layers.append(dots.encode(stroke=alt.Stroke("colour:N", scale=None)))
    made = layered(*layers, height=HEIGHT, language=words.language)
    return with_data(made, lines=lines, band=band)


def has_any(rows: Sequence[Row], measure: Measure, scope: Scope) -> bool:
    """Whether the highlighted line has any points."""
    field = measure.own if scope.municipality is not None or not measure.median else measure.median
    return any(row[field] is not None for row in rows)


def _line(
    rows: Sequence[Row],
    values: Mapping[date, Decimal | None],
    name: str,
    colour: str,
    wide: float,
    *,
    unsure: Collection[date],
) -> list[dict[str, Any]]:
    """A row for each month of the window; an empty one breaks the line."""
    months = [row["month"] for row in rows if values.get(row["month"]) is not None]
    near = set(months)
    alone = {month for month in near if not any(abs(months_between(month, other)) == 1 for other in near)}
    return [
        {
            "series": name,
            "month": row["month"].isoformat(),
            "when": row["month"],
            "place": place,
            "value": _number(values.get(row["month"])),
            "exact": values.get(row["month"]),
            "colour": colour,
            "wide": wide,
            "median": colour == TEXT,
            "unsure": row["month"] in unsure,
            "alone": row["month"] in alone,
            "size": 80 if row["month"] in alone else 28,
            "opacity": int(row["month"] in alone or colour == PRIMARY),
            "last": bool(months) and row["month"] == months[-1],
            "dy": 0,
        }
        for place, row in enumerate(rows)
    ]


_PLOT, _OFF = 240, 12
"""The approximate height of a chart's plot, and the gap from a dot to its name, in pixels."""
_ROOM_OF_LETTER, _MOST_ROOM = 8, 130
"""The width of a letter in a name, and the most that names may take of a chart that may be 300 wide, in pixels."""
_LEAST_SHARES: Final = 0.1
"""The axis of a share spans at least ten percentage points: a narrower one would show noise as change."""


def _shares(rows: Sequence[Row], measure: Measure) -> list[float]:
    """The axis of shares: from below the smallest, in steps of five percentage points, to 100 %."""
    drawn = [
        row[column] for row in rows for column in (measure.own, measure.median, measure.q1) if row[column] is not None
    ]
    least = min((float(share) for share in drawn), default=0.0)
    return [max(min(floor(least * 20 - 0.2) / 20, 1 - _LEAST_SHARES), 0.0), 1]


def _names(lines: Sequence[dict[str, Any]], base: alt.Chart) -> alt.Chart:
    """A name beside the end of each line, on a white background, shifted (`dy`) so that none overlap."""
    ends = [line for line in lines if line["last"]]
    values = [line["value"] for line in lines if line["value"] is not None]
    most, least = max(values, default=1) or 1, min(values, default=0)
    at = [_PLOT * (most - row["value"]) / ((most - least) or 1) for row in ends]
    for row, is_at, stands in zip(ends, at, apart(at), strict=True):
        row["dy"] = round(stands - is_at)
    named = base.transform_filter("datum.last && isValid(datum.value)")
    return on_ground(
        named, "series:N", align="left", dx=_OFF - 4, dy=alt.ExprRef("datum.dy"), limit=_MOST_ROOM - _OFF + 4
    )


def trend_in_words(rows: Sequence[Row], measure: Measure, scope: Scope, words: Words) -> str:
    """The trend as a sentence: the first and last figures, and the group's at the last."""
    own = scope.municipality is not None or not measure.median
    field = measure.own if own else measure.median
    measured = [row for row in rows if row[field] is not None]
    if not measured:
        return words("usage.trend.words.none")
    first, last = measured[0], measured[-1]
    text = words(
        "usage.trend.words",
        name=formatting.first(narrative.place(scope, words)) if own else words("usage.median"),
        axis=words(measure.title),
        first=measure.as_text(first[field], words),
        first_month=formatting.month(first["month"], words.language),
        last=measure.as_text(last[field], words),
        last_month=formatting.month(last["month"], words.language),
    )
    if own and measure.median and last[measure.median] is not None:
        text += " " + words("usage.trend.words.median", median=measure.as_text(last[measure.median], words))
    return text


def strip(rows: Sequence[Row], median: Decimal | None, words: Words) -> alt.LayerChart:
    """A dot for each municipality of the group, by figure per 1 000, stacked where equal; one's own is highlighted."""
    dots = _swarm([row for row in rows if row["per_1000_inhabitants"] is not None])
    for dot in dots:
        dot["said"] = narrative.rate(dot.pop("exact"), words)
    top = max((dot["level"] for dot in dots), default=0)
    tiers = _tiers(dots)
    x = alt.X(
        "value:Q",
        title=words("usage.axis.rate"),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format=_RATE, grid=False, tickCount=6),
    )
    y = alt.Y("level:Q", axis=None, scale=alt.Scale(domain=[-1.6 * (tiers + 0.6), max(top, 4) + 1.5]))
    base = alt.Chart(named("dots")).encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    layers: list[alt.Chart] = []
    if median is not None:
        rule = alt.Chart(named("median")).encode(x=x)
        layers += [
            rule.mark_rule(color=TEXT, strokeDash=[5, 3], strokeWidth=1.5),
            on_ground(rule.encode(y=alt.YValue(0)), "label:N", align="left", dx=5, baseline="top", fontWeight=400),
        ]
    with_name = base.transform_filter("datum.named")
    layers.append(with_name.mark_rule(strokeWidth=1).encode(y2=alt.Y2("under:Q")))
    layers.append(
        base.mark_point(filled=True).encode(
            size=alt.Size("size:Q", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=words("column.municipality")),
                alt.Tooltip("said:N", title=words("usage.axis.rate")),
            ],
        )
    )
    under = with_name.encode(y=alt.Y("under:Q", axis=None))
    layers.append(on_ground(under, "name:N", align=alt.ExprRef("datum.side"), baseline="top"))
    height = _STRIP + 24 * tiers + min(9 * max(top - _LOW, 0), _RISE)
    made = layered(*layers, height=height, language=words.language)
    line = [] if median is None else [{"value": float(median), "label": words("usage.median")}]
    return with_data(made, dots=dots, median=line)


_STRIP: Final = 150
"""The height of the strip without names."""
_RISE: Final = 200
"""The most that stacked dots add to the height; beyond that they overlap."""


def _tiers(dots: Sequence[dict[str, Any]]) -> int:
    """Place names under their dots, in tiers where dots are close; return the number of tiers."""
    named = sorted((dot for dot in dots if dot["named"]), key=lambda dot: dot["value"])
    most = max((dot["value"] for dot in dots), default=1) or 1
    ends: list[float] = []
    for row in named:
        at = row["value"] / most
        row["side"] = "right" if at > _NEAR_END else "left" if at < 1 - _NEAR_END else "center"
        wide = len(row["name"]) * _LETTER
        starts = at - {"right": wide, "left": 0, "center": wide / 2}[row["side"]]
        tier = next((n for n, end in enumerate(ends) if end < starts), len(ends))
        ends[tier : tier + 1] = [starts + wide]
        row["under"] = -1.6 * (tier + 1) + 0.4
    return len(ends)


_NEAR_END, _LETTER = 0.85, 0.021
"""From where on a name stands beside its dot, not under it, and the width of a letter, as shares of the width."""
_LOW: Final = 6
"""How many stacked dots fit in a low chart."""
_STEPS: Final = 90
"""The number of columns that dots are grouped in, across the width."""


def _swarm(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows with a level: dots in the same column are stacked, one's own and the chosen ones lowest."""
    most = max((row["per_1000_inhabitants"] for row in rows), default=Decimal(1)) or Decimal(1)
    levels: dict[int, int] = {}
    dots = []
    for row in sorted(rows, key=lambda row: (not row["own"], not row["chosen"], row["municipality_code"])):
        column = int(row["per_1000_inhabitants"] * _STEPS / most)
        level = levels.get(column, 0)
        levels[column] = level + 1
        named = bool(row["own"] or row["chosen"])
        dots.append(
            {
                "name": row["name"],
                "value": float(row["per_1000_inhabitants"]),
                "exact": row["per_1000_inhabitants"],
                "level": level,
                "own": row["own"],
                "named": named,
                "colour": PRIMARY if row["own"] else TEXT if row["chosen"] else GREY,
                "size": 190 if row["own"] else 110 if row["chosen"] else 70,
                "opacity": 1 if named else 0.55,
                "under": 0.0,
                "side": "",
                "order": 2 if row["own"] else 1 if row["chosen"] else 0,
            }
        )
    return dots


def strip_in_words(rows: Sequence[Row], scope: Scope, words: Words) -> str:
    """Who has the lowest and highest figures, and the municipality's place."""
    measured = [row for row in rows if row["per_1000_inhabitants"] is not None]
    if not measured:
        return words("usage.strip.title.none")
    most, least = measured[0], measured[-1]
    text = words(
        "usage.strip.words",
        n=len(measured),
        least=narrative.rate(least["per_1000_inhabitants"], words),
        least_name=least["name"],
        most=narrative.rate(most["per_1000_inhabitants"], words),
        most_name=most["name"],
    )
    return f"{text} {narrative.strip_title(scope, rows, words)}." if scope.municipality else text


def print_cost(rows: Sequence[Row], words: Words) -> alt.LayerChart:
    """Bars of the monthly cost of paper in kroner, postage stacked on production, from zero."""
    parts = (
        ("production_cost_ore", words("usage.print.production"), WAITING),
        ("postage_ore", words("usage.print.postage"), PRIMARY),
    )
    bars = [
        {
            "month": row["month"].isoformat(),
            "end": next_month(row["month"]).isoformat(),
            "kind": name,
            "colour": colour,
            "from": sum(float(row[other]) for other, _, _ in parts[:place]) / 100,
            "to": sum(float(row[other]) for other, _, _ in parts[: place + 1]) / 100,
            "when": formatting.month(row["month"], words.language),
            "said": formatting.kroner(row[column], words.language),
            "sheets": narrative.quantity(row["sheets"], words),
        }
        for row in rows
        if row["all_channels"] is not None
        for place, (column, name, colour) in enumerate(parts)
    ]
    x = _months(rows[0]["month"], next_month(rows[-1]["month"]), len(rows))
    chart = (
        alt.Chart(named("bars"))
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=x,
            x2=alt.X2("end:T"),
            y=alt.Y(
                "from:Q",
                title=words("usage.axis.kroner"),
                scale=alt.Scale(zero=True),
                axis=alt.Axis(format=",.0f", tickCount=5, domain=False, ticks=False),
            ),
            y2=alt.Y2("to:Q"),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=[name for _, name, _ in parts], range=[colour for _, _, colour in parts]),
                legend=alt.Legend(orient="top", title=None, labelFontSize=13, labelColor=TEXT, symbolStrokeColor=GREY),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=words("column.month")),
                alt.Tooltip("kind:N", title=words("usage.print.what")),
                alt.Tooltip("said:N", title=words("usage.axis.kroner")),
                alt.Tooltip("sheets:N", title=words("usage.print.sheets")),
            ],
        )
    )
    return with_data(layered(chart, height=HEIGHT, language=words.language), bars=bars)


def channels(rows: Sequence[Row], chosen: str, words: Words) -> alt.LayerChart:
    """Bars of dispatches by channel in twelve months, from zero, each with its number below it."""
    total = sum((row["twelve_months"] for row in rows), Decimal(0))
    bars = [
        {
            "channel": words(f"usage.channel.{row['channel']}"),
            "count": float(row["twelve_months"]),
            "label": words(
                "usage.channels.label",
                n=narrative.quantity(row["twelve_months"], words),
                part=narrative.share(row["twelve_months"] / total if total else None, words),
            ),
            "colour": PRIMARY if row["channel"] == chosen or (not chosen and place == 0) else GREY,
        }
        for place, row in enumerate(rows)
    ]
    base = alt.Chart(named("bars")).encode(
        y=alt.Y(
            "channel:N",
            sort=[words(f"usage.channel.{row['channel']}") for row in rows],
            title=None,
            axis=alt.Axis(labelLimit=150, domain=False, ticks=False, labelPadding=8),
        ),
        tooltip=[
            alt.Tooltip("channel:N", title=words("filter.kanal")),
            alt.Tooltip("label:N", title=words("usage.axis.sent")),
        ],
    )
    shown = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=alt.X("count:Q", title=None, scale=alt.Scale(zero=True), axis=None),
        color=alt.Color("colour:N", scale=None),
    )
    # below the bar there is room whatever its length
    numbers = base.mark_text(align="left", baseline="top", dy=11, fontSize=13, color=TEXT).encode(
        x=alt.XValue(0), text=alt.Text("label:N")
    )
    made = layered(shown, numbers, height=50 * max(len(bars), 1), language=words.language)
    return with_data(made, bars=bars)


def channels_in_words(rows: Sequence[Row], words: Words) -> str:
    """The channels with their numbers, the largest first."""
    texts = [
        f"{words('usage.channel.' + row['channel'])} {narrative.quantity(row['twelve_months'], words)}" for row in rows
    ]
    return words("usage.channels.words", channels=formatting.listing(texts, words.language))


_WIDE, _TALL, _PAD = 220, 56, 4


def multiple_svg(series: Series, scope: Scope) -> str:
    """A series' months as a small picture: a line from zero, broken where a month is missing or hidden.

    It has no text of its own: name, number and change stand beside it.
    """
    span = max(months_between(scope.first, scope.month), 1)
    months = [month for month in series.months if month.quantity is not None]
    most = max((month.quantity for month in months if month.quantity is not None), default=Decimal(0)) or Decimal(1)

    def at(month: date, value: Decimal) -> tuple[float, float]:
        across = _PAD + (_WIDE - 2 * _PAD) * months_between(scope.first, month) / span
        return across, _TALL - _PAD - float(value / most) * (_TALL - 2 * _PAD)

    runs: list[list[tuple[float, float]]] = []
    before: date | None = None
    for figure in months:
        if figure.quantity is None:
            continue
        if before is None or months_between(before, figure.month) > 1:
            runs.append([])
        runs[-1].append(at(figure.month, figure.quantity))
        before = figure.month
    parts = [f'<path d="M{_PAD} {_TALL - _PAD}H{_WIDE - _PAD}" stroke="{RULE}" fill="none"/>']
    for run in runs:
        points = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        if len(run) > 1:
            parts.append(
                f'<path d="M{points}" fill="none" stroke="{PRIMARY}" stroke-width="2" stroke-linejoin="round"/>'
            )
        else:
            parts.append(f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2.5" fill="{PRIMARY}"/>')
    if runs:
        x, y = runs[-1][-1]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{PRIMARY}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_TALL}" width="{_WIDE}" height="{_TALL}">'
        f"{''.join(parts)}</svg>"
    )


def multiple_in_words(series: Series, scope: Scope, words: Words) -> str:
    """The small picture in words: first and last figure, and how many months are known."""
    months = [month for month in series.months if month.quantity is not None]
    if not months:
        return words("usage.trend.words.none")
    return words(
        "usage.trend.words",
        name=f"{short(series.name)}, {narrative.place(scope, words)}",
        axis=series.title.lower(),
        first=narrative.quantity(months[0].quantity, words),
        first_month=formatting.month(months[0].month, words.language),
        last=narrative.quantity(months[-1].quantity, words),
        last_month=formatting.month(months[-1].month, words.language),
    )
