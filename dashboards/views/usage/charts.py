"""The charts of use, and their descriptions in words. Pure."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10, pi, sqrt
from typing import TYPE_CHECKING, Any, Final, Literal

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import (
    GREY,
    PRIMARY,
    RULE,
    TEXT,
    WAITING,
    apart,
    inline,
    layered,
    nearest,
    on_ground,
)
from dashboards.shared.events import Marks
from dashboards.shared.label_layout import OFF, labels, swarm
from dashboards.shared.narrative import months_between, next_month, short
from dashboards.shared.text_width import width as text_width
from dashboards.views.usage import narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from dashboards.release.query import Row
    from dashboards.views.usage.models import Scope, Series
    from dashboards.words import Words

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
    events: Marks = shared_events.NOTHING,
) -> alt.LayerChart:
    """The municipality's line against the group's median and middle half; chosen others in grey. Lines break at gaps.

    Args:
        rows: the trend, one row per month.
        measure: which figure.
        scope: whose figure; for the country, the median is the highlighted line.
        words: the texts.
        compared: rows of `usage/chosen`.
        unsure: months whose number may change, shown with an open dot.
        events: months to mark.
    """
    median_name = words("usage.median")
    own = scope.municipality is not None or not measure.median
    field = measure.own if own else measure.median
    whose = formatting.first(narrative.place(scope, words)) if own else median_name
    shown = {whose, *(row["name"] for row in compared), *([median_name] if measure.median else [])}
    room = min(ceil(max(text_width(label, 13, 600) for label in shown)) + _OFF, _MOST_ROOM)
    x = _months(rows[0]["month"], rows[-1]["month"], len(rows), room)
    domain = _shares(rows, measure) if measure.percent else _from_zero(rows, measure, compared)
    scale = alt.Scale(domain=domain, nice=False)
    axis = alt.Axis(
        format=_PERCENT if measure.percent else _RATE, tickCount=5, domain=False, ticks=False, labelPadding=8
    )
    y = alt.Y("value:Q", title=words(measure.title), scale=scale, axis=axis)
    layers: list[alt.Chart] = []
    band: list[dict[str, Any]] = []
    if measure.median:
        band = [
            {"month": row["month"].isoformat(), "low": _number(row[measure.q1]), "high": _number(row[measure.q3])}
            for row in rows
        ]
        layers.append(
            alt.Chart(inline(band))
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
    _stand_apart([line for line in lines if line["last"]], domain)
    base = alt.Chart(inline(lines)).encode(
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
        nearest(observed.mark_point(filled=True)).encode(
            size=alt.Size("size:Q", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=tooltip,
        ),
        on_ground(
            base.transform_filter("datum.last && isValid(datum.value)"),
            "series:N",
            align="left",
            dx=_OFF - 4,
            dy=alt.ExprRef("datum.dy"),
            limit=_MOST_ROOM - _OFF + 4,
        ),
    ]
    if any(line["unsure"] and line["value"] is not None for line in lines):  # an empty layer has no label to read
        unsettled = base.transform_filter("datum.unsure && isValid(datum.value)")
        dots = unsettled.mark_point(filled=True, size=60, fill="#ffffff", strokeWidth=2)
        layers.append(dots.encode(stroke=alt.Stroke("colour:N", scale=None)))
    return shared_events.marked(layered(*layers, height=HEIGHT, language=words.language), events, x)


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
_HALF_A_NAME: Final = 8
"""Half the height of a name, so that none stands on the months of the axis, in pixels."""
_MOST_ROOM: Final = 130
"""The most that names may take of a chart that may be 300 wide, in pixels."""
_LEAST_SHARES: Final = 0.1
"""The axis of a share spans at least ten percentage points: a narrower one would show noise as change."""


def _shares(rows: Sequence[Row], measure: Measure) -> list[float]:
    """The axis of shares: from below the smallest, in steps of five percentage points, to 100 %."""
    drawn = [
        row[column] for row in rows for column in (measure.own, measure.median, measure.q1) if row[column] is not None
    ]
    least = min((float(share) for share in drawn), default=0.0)
    return [max(min(floor(least * 20 - 0.2) / 20, 1 - _LEAST_SHARES), 0.0), 1]


def _from_zero(rows: Sequence[Row], measure: Measure, compared: Sequence[Row]) -> list[float]:
    """The axis from zero to a round number above all that is drawn."""
    drawn = [row[column] for row in rows for column in (measure.own, measure.median, measure.q3) if column]
    drawn += [row["per_1000_inhabitants"] for row in compared]
    most = max((float(value) for value in drawn if value is not None), default=0.0)
    if not most:
        return [0, 1]
    step = 10.0 ** floor(log10(most)) / 2
    return [0, ceil(most / step - 1e-9) * step]


def _stand_apart(ends: Sequence[dict[str, Any]], domain: Sequence[float]) -> None:
    """Shift the names at the ends of lines (`dy`) so that none overlap; their heights follow from the axis's domain."""
    low, high = domain
    at = [_PLOT * (high - row["value"]) / (high - low) for row in ends]
    for row, is_at, stands in zip(ends, at, apart(at, (0, _PLOT - _HALF_A_NAME)), strict=True):
        row["dy"] = round(stands - is_at)


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
        axis=formatting.inside(words(measure.title)),
        first=measure.as_text(first[field], words),
        first_month=formatting.month(first["month"], words.language),
        last=measure.as_text(last[field], words),
        last_month=formatting.month(last["month"], words.language),
    )
    if own and measure.median and last[measure.median] is not None:
        text += " " + words("usage.trend.words.median", median=measure.as_text(last[measure.median], words))
    return text


def strip(rows: Sequence[Row], median: Decimal | None, words: Words) -> alt.LayerChart:
    """A dot for each municipality of the group, by figure per 1 000; one's own, the chosen and outliers have names.

    The axis spans the dots, not from zero: a dot's place is read, not its length. Where the largest are many times the
    rest, the scale is logarithmic, or of square roots if some are zero. No dot or name covers another (`label_layout`).
    """
    shown = [row for row in rows if row["per_1000_inhabitants"] is not None]
    scale = _spread([float(row["per_1000_inhabitants"]) for row in shown], [] if median is None else [float(median)])
    dots = _swarm(shown, scale, words)
    tiers = max((dot["tier"] for dot in dots), default=-1) + 1
    low = -(_UNDER + _TIER * tiers)
    high = max(max((dot["y"] + dot["radius"] for dot in dots), default=0.0), _LEAST_RISE) + _BAND_OF_MEDIAN
    title = words("usage.axis.rate" if scale.kind == "linear" else f"usage.axis.rate.{scale.kind}")
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(type=scale.kind, domain=list(scale.domain), nice=False),
        axis=alt.Axis(format=_RATE, grid=False, labelOverlap=True, **scale.ticks),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[low, high], nice=False, zero=False))
    base = alt.Chart(inline(dots)).encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    layers: list[alt.Chart] = []
    line: list[dict[str, Any]] = []
    if median is not None:
        side = "right" if scale.share(float(median)) > _NEAR_END else "left"
        line = [{"value": float(median), "label": words("usage.median"), "side": side, "foot": 0, "y": high}]
        rule = alt.Chart(inline(line)).encode(x=x, y=y)
        layers += [
            rule.mark_rule(color=TEXT, strokeDash=[5, 3], strokeWidth=1.5).encode(y2=alt.Y2("foot:Q")),
            on_ground(rule, "label:N", align=alt.ExprRef("datum.side"), dx=_OFF_LEADER, baseline="top", fontWeight=400),
        ]
    with_name = base.transform_filter("datum.tier >= 0")
    leader = with_name.encode(y=alt.Y("foot:Q", axis=None), y2=alt.Y2("end:Q"))
    layers.append(leader.mark_rule(strokeWidth=1))
    layers.append(
        nearest(base.mark_point(filled=True)).encode(
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
    layers.append(on_ground(under, "name:N", align=alt.ExprRef("datum.side"), dx=_OFF_LEADER, baseline="top"))
    return layered(*layers, height=round(high - low) + _AXIS, language=words.language)


_NARROW: Final = 280
"""The least width of the strip in pixels, as on a phone: dots and names are placed for it."""
_UNDER, _TIER, _BAND_OF_MEDIAN, _LEAST_RISE, _AXIS = 12, 18, 22, 40, 60
"""Pixels below the dots, for each tier of names, for the median's name, for dots at least, and for the axis."""
_OFF_LEADER: Final = alt.ExprRef(f"datum.side === 'right' ? -{OFF} : datum.side === 'left' ? {OFF} : 0")
_NEAR_END: Final = 0.7
"""From where on the median's name stands before its line, as a share of the width."""
_MANY: Final = 60
"""From how many dots on they are small."""
_SKEWED: Final = 4
"""The largest is this many times the median where a linear axis would crowd the rest into a corner."""
_FENCE: Final = 3.0
"""An outlier is this many times the middle half's width away from it."""
_EDGE: Final = 0.04
"""The share of the width left free at each end, so that dots stand whole."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """The strip's scale: a Vega scale type and its domain."""

    kind: Literal["linear", "log", "sqrt"]
    domain: tuple[float, float]

    def share(self, value: float) -> float:
        """Where a value stands, as a share of the width."""
        low, high = (self._even(end) for end in self.domain)
        return (self._even(value) - low) / (high - low)

    def _even(self, value: float) -> float:
        return log10(value) if self.kind == "log" else sqrt(max(value, 0)) if self.kind == "sqrt" else value

    @property
    def ticks(self) -> dict[str, Any]:
        """What the axis is given: round values, since those of a bent scale are too many."""
        if self.kind == "linear":
            return {"tickCount": 5}
        low, high = self.domain
        steps = [0.0, *(digit * 10.0**power for power in range(-4, 8) for digit in (1, 2, 5))]
        within = [step for step in steps if low <= step <= high]
        far: list[float] = []
        for step in within:
            if not far or (self.share(step) - self.share(far[-1])) * _NARROW >= _TICK:
                far.append(step)
        return {"values": far}


_TICK: Final = 40
"""Pixels between two ticks at least, on the narrowest strip."""


def _spread(values: Sequence[float], also: Sequence[float]) -> _Spread:
    """The scale that spreads the dots over the width."""
    if not values:
        return _Spread("linear", (0.0, 1.0))
    middle, least, most = statistics.median(values), min([*values, *also]), max([*values, *also])
    skewed = most > _SKEWED * middle
    if skewed and least > 0:
        free = (most / least) ** _EDGE
        return _Spread("log", (least / free, most * free))
    if skewed:
        return _Spread("sqrt", (0.0, most * (1 + _EDGE) ** 2))
    free = (most - least) * _EDGE or max(most, 1.0) * _EDGE
    return _Spread("linear", (least - free, most + free))


def _swarm(rows: Sequence[Row], scale: _Spread, words: Words) -> list[dict[str, Any]]:
    """A dot for each row, clear of the others, those with names lowest; and where the names stand."""
    far = _outliers(rows)
    ordered = sorted(rows, key=lambda row: (not row["own"], not row["chosen"], row["municipality_code"] not in far))
    sizes = (150, 90, 28) if len(rows) >= _MANY else (190, 110, 70)
    dots = []
    for row in ordered:
        place = 0 if row["own"] else 1 if row["chosen"] else 2
        value = row["per_1000_inhabitants"]
        dots.append(
            {
                "name": row["name"],
                "value": float(value),
                "said": narrative.rate(value, words),
                "colour": (PRIMARY, TEXT, GREY)[place],
                "size": sizes[place],
                "radius": sqrt(sizes[place] / pi),
                "opacity": (1, 1, 0.55)[place],
                "order": 2 - place,
                "wanted": place < 2 or row["municipality_code"] in far,  # noqa: PLR2004 - own or chosen
                "foot": -2,
                "under": 0.0,
                "end": 0.0,
                "side": "",
                "tier": -1,
            }
        )
    across = [scale.share(dot["value"]) * _NARROW for dot in dots]
    for dot, height in zip(dots, swarm(across, [dot["radius"] for dot in dots]), strict=True):
        dot["y"] = height
    with_name = [(dot, at) for dot, at in zip(dots, across, strict=True) if dot.pop("wanted")]
    placed = labels([(at, text_width(dot["name"], 13, 600)) for dot, at in with_name], _NARROW)
    for (dot, _), label in zip(with_name, placed, strict=True):
        if label is not None:
            under = -(_UNDER + _TIER * label.tier) + 2.0
            beside = label.side != "center"  # a leader beside its name ends halfway down it
            dot |= {"side": label.side, "tier": label.tier, "under": under, "end": under - (_TIER / 2) * beside}
    return dots


def _outliers(rows: Sequence[Row]) -> set[str]:
    """The codes of the highest and the lowest, where they are far from the middle half."""
    if len(rows) < _ENOUGH:
        return set()
    by_value = sorted(rows, key=lambda row: (row["per_1000_inhabitants"], row["municipality_code"]))
    values = [float(row["per_1000_inhabitants"]) for row in by_value]
    q1, _, q3 = statistics.quantiles(values, n=4)
    reach = _FENCE * (q3 - q1)
    ends = [(by_value[0], values[0] < q1 - reach), (by_value[-1], values[-1] > q3 + reach)]
    return {row["municipality_code"] for row, far in ends if far}


_ENOUGH: Final = 8
"""Fewer dots than this have no outliers."""


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
        alt.Chart(inline(bars))
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
                legend=alt.Legend(
                    orient="top",
                    title=None,
                    labelFontSize=13,
                    labelColor=TEXT,
                    symbolStrokeColor=GREY,
                    offset=_UNDER_LEGEND,
                ),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=words("column.month")),
                alt.Tooltip("kind:N", title=words("usage.print.what")),
                alt.Tooltip("said:N", title=words("usage.axis.kroner")),
                alt.Tooltip("sheets:N", title=words("usage.print.sheets")),
            ],
        )
    )
    return layered(chart, height=HEIGHT, language=words.language)


_UNDER_LEGEND: Final = 10
"""Pixels from the legend to the plot."""


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
    base = alt.Chart(inline(bars)).encode(
        y=alt.Y(
            "channel:N",
            sort=None,
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
    return layered(shown, numbers, height=46 * max(len(bars), 1), language=words.language)


def channels_in_words(rows: Sequence[Row], words: Words) -> str:
    """The channels with their numbers, the largest first."""
    texts = [
        f"{words('usage.channel.' + row['channel'])} {narrative.quantity(row['twelve_months'], words)}" for row in rows
    ]
    return words("usage.channels.words", channels=formatting.listing(texts, words.language))


_WIDE, _TALL, _PAD = 220, 56, 4


def multiple_svg(series: Series, scope: Scope) -> str:
    """A series' months as a small picture: a line from zero, broken where a month is missing.

    It has no text of its own: name, number and change stand beside it.
    """
    span = max(months_between(scope.first, scope.month), 1)
    most = max((month.quantity for month in series.months), default=Decimal(0)) or Decimal(1)

    def at(month: date, value: Decimal) -> tuple[float, float]:
        across = _PAD + (_WIDE - 2 * _PAD) * months_between(scope.first, month) / span
        return across, _TALL - _PAD - float(value / most) * (_TALL - 2 * _PAD)

    runs: list[list[tuple[float, float]]] = []
    before: date | None = None
    for figure in series.months:
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
    months = series.months
    return words(
        "usage.trend.words",
        name=f"{short(series.name)}, {narrative.place(scope, words)}",
        axis=series.title.lower(),
        first=narrative.quantity(months[0].quantity, words),
        first_month=formatting.month(months[0].month, words.language),
        last=narrative.quantity(months[-1].quantity, words),
        last_month=formatting.month(months[-1].month, words.language),
    )
