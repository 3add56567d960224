"""The charts' common parts. Pure: rows in, an Altair chart out; `*_in_words` describes a chart to a screen reader.

The claim and the subtitle are headings of the page, not of the chart, so that they wrap on a phone and a screen reader
finds them. No chart relies on colour alone, and bars begin at zero.

`*_svg` draws small pictures that stand beside a number. Reports have the same charts as the pages (`pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import altair as alt
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal


Chart = alt.Chart | alt.ConcatChart | alt.FacetChart | alt.HConcatChart | alt.LayerChart | alt.VConcatChart
"""What a page can draw."""

TEXT: Final = "#00042e"


PRIMARY: Final = "#5a3bc4"


GREY: Final = "#6b6980"
"""For series and bars in the background: contrast 5.3:1 on white."""


WAITING: Final = "#cdc2f0"
"""For annex signed but not begun, and the band of a forecast. Light, so its number stands beside it."""


RULE: Final = "#d9d7e4"


BAND: Final = "#f4f2fb"


FONT: Final = "Inter, system-ui, sans-serif"


NUMBER_LOCALES: Final[dict[str, dict[str, Any]]] = {
    "nb": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0kr"], "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["NOK\u00a0", ""]},
}


TIME_LOCALES: Final[dict[str, dict[str, Any]]] = {
    "nb": {
        "dateTime": "%A %-d. %B %Y kl. %H.%M",
        "date": "%d.%m.%Y",
        "time": "%H.%M",
        "periods": ["", ""],
        "days": ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
        "shortDays": ["sø.", "ma.", "ti.", "on.", "to.", "fr.", "lø."],
        "months": [
            *("januar", "februar", "mars", "april", "mai", "juni"),
            *("juli", "august", "september", "oktober", "november", "desember"),
        ],
        "shortMonths": ["jan", "feb", "mars", "april", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "des"],
    },
}


class _Rows(alt.InlineData):
    """Data that is not copied along with the chart: Altair copies at each step, which took half of a chart's time."""

    def __deepcopy__(self, _memo: object) -> _Rows:
        return self


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Rows embedded in the chart."""
    return _Rows(values=[dict(row) for row in rows])


def layered(*layers: alt.Chart, height: int, language: str) -> alt.LayerChart:
    """Layers on top of each other, in the common theme; shared data are stored once."""
    shared: dict[str, Any] = {}
    if all(layer.data is layers[0].data for layer in layers):
        shared["data"] = layers[0].data
        layers = tuple(layer.copy(deep=False) for layer in layers)
        for layer in layers:
            layer.data = alt.Undefined
    return themed(alt.LayerChart(layer=layers, height=height, **shared), language)


def month_axis(months: int) -> alt.Axis:
    """The axis of so many months: it names months, or years where there are many."""
    many = months > _MONTHS_NAMED
    return alt.Axis(
        format="%Y" if many else "%b %Y",
        tickCount={"interval": "year", "step": 1} if many else {"interval": "month", "step": 3},
        grid=False,
        labelOverlap=True,
    )


_MONTHS_NAMED: Final = 30
"""An axis names months up to this many; beyond it, years."""


def on_ground(base: alt.Chart, field: str, **mark: Any) -> alt.Chart:
    """A text on a white background, since lines may cross it.

    The background is a stroke that `page.css` draws under the letters: a layer of its own doubled the cost of a name,
    in the page and on the server.
    """
    ground = {"stroke": "#ffffff", "strokeWidth": 5, "strokeJoin": "round"}
    text: alt.Chart = base.mark_text(**{"fontSize": 13, "fontWeight": 600, **ground, **mark})
    return text.encode(text=alt.Text(field))


def apart(heights: Sequence[float], within: tuple[float, float] | None = None) -> list[float]:
    """Place names as near as possible to their wanted heights, in pixels from the top, without overlap.

    Names that would overlap are stacked in the order of their heights, centred on their mean height; a stack that
    meets the one above merges with it.

    Args:
        heights: where each name would stand by itself.
        within: the highest and lowest place that a name may have, as far as there is room for all.
    """
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = list(heights)
    groups: list[list[int]] = []
    for place in order:
        groups.append([place])
        while (
            len(groups) > 1
            and _middle(groups[-1], heights) - _middle(groups[-2], heights)
            < _STACKED_NAME * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            below = groups.pop()
            groups[-1] += below
    for group in groups:
        top = _middle(group, heights) - _STACKED_NAME * (len(group) - 1) / 2
        for n, place in enumerate(group):
            placed[place] = top + n * _STACKED_NAME
    if within:
        _kept_within(placed, order, within)
    return placed


def _kept_within(placed: list[float], order: Sequence[int], within: tuple[float, float]) -> None:
    """Push names that stick out back, and those in their way before them; what has no room sticks out below."""
    limit = within[1]
    for place in reversed(order):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - _STACKED_NAME
    limit = within[0]
    for place in order:
        placed[place] = max(placed[place], limit)
        limit = placed[place] + _STACKED_NAME


def _middle(group: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[place] for place in group) / len(group)


_STACKED_NAME: Final = 16
"""The height in pixels that a name takes where names are stacked."""


def nearest(dots: alt.Chart, name: str = "nearest") -> alt.Chart:
    """Dots whose tooltip shows for the nearest one, so that a reader need not hit a dot of a few pixels."""
    point = alt.selection_point(name=name, nearest=True, on="pointermove", clear="pointerout")
    return dots.add_params(point)


def themed(chart: alt.LayerChart | alt.FacetChart, language: str) -> alt.LayerChart:
    """Give a chart the common theme: our text colour for all text, and the language's numbers and dates."""
    embed = {"actions": False, "renderer": "svg"}
    # In the chart's own configuration, since Streamlit does not pass on a locale in the embed options.
    locale: dict[str, Any] = {"number": NUMBER_LOCALES[language]}
    if language in TIME_LOCALES:
        locale["time"] = TIME_LOCALES[language]
    # set directly: each `configure`, and each copy, would rebuild the chart with all of its layers
    chart["config"] = _THEME | {"locale": locale}
    chart["usermeta"] = {"embedOptions": embed}
    chart["padding"] = _PADDING
    return cast("alt.LayerChart", chart)


_PADDING: Final = {"left": 0, "top": 3, "right": 0, "bottom": 4}
"""Of the chart itself: the ring of an Å needs some above, and Streamlit adds 20 pixels below a chart that has none."""
_THEME: Final[dict[str, Any]] = {
    "font": FONT,
    # the chart is one picture with our description; Vega's labels for each point are in English and name our columns
    "aria": False,
    "mark": {"aria": False, "tooltip": None},  # by default Streamlit shows a mark's columns by name
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "domainColor": GREY,
        "tickColor": GREY,
    },
}


def drawn(chart: Chart) -> dict[str, Any]:
    """The chart's specification, not validated: that costs more than the rest, and tests validate it."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for size in ("continuousWidth", "continuousHeight"):
        spec["config"]["view"].pop(size, None)  # the page decides
    if "datasets" in spec:
        spec["datasets"] = {name: _tabled(rows) for name, rows in spec["datasets"].items()}
    return spec


def _tabled(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows in the form that Streamlit passes on: it would convert them through pandas, ten times slower."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def flow_svg(start: int, end: int, low: int, high: int, *, kind: str) -> str:
    """A step from income to result: a bar from the sum before it to the sum after it.

    The numbers stand beside it, so a screen reader skips it.

    Args:
        start: the sum before.
        end: the sum after.
        low: the lowest sum of all steps, at most zero.
        high: the highest.
        kind: `income`, `cost` or `result`.
    """
    long, height = 150, 16
    span = max(high - low, 1)

    def across(value: int) -> float:
        return (long - 2) * (value - low) / span + 1

    x, y = sorted((across(start), across(end)))
    colour = {"income": PRIMARY, "cost": LIGHT, "result": PRIMARY if end >= start else BELOW}[kind]
    zero = across(0)
    return (
        f'<svg class="dif-bar" aria-hidden="true" viewBox="0 0 {long} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<rect x="{x:.1f}" y="2" width="{max(y - x, 1):.1f}" height="12" fill="{colour}"/>'
        f'<path d="M{zero:.1f} 0V{height}" stroke="{TEXT}" stroke-width="1"/></svg>'
    )


def trend_svg(values: Sequence[Decimal | int | float | None]) -> str:
    """A small line of a figure's months, with a dot at the last; empty with fewer than three numbers.

    Its scale is its own, but for a small change, which stays small. The numbers stand beside it, so a screen reader
    skips it.

    Args:
        values: by month, oldest first; the line is broken where a month has none.
    """
    points = [float(value) for value in values if value is not None]
    if len(points) < _FEWEST_OF_TREND:
        return ""
    long, height, margin = 96, 28, 4
    low, high = min(points), max(points)
    span = max(high - low, _LEAST_SPAN * max(abs(low), abs(high))) or 1

    def at(place: int, value: float) -> str:
        x = margin + (long - 2 * margin) * place / (len(values) - 1)
        y = height / 2 - (height - 2 * margin) * (value - (low + high) / 2) / span
        return f"{x:.1f} {y:.1f}"

    path = "".join(
        f"{'L' if place and values[place - 1] is not None else 'M'}{at(place, float(value))}"
        for place, value in enumerate(values)
        if value is not None
    )
    x, y = path.replace("M", "L").rsplit("L", 1)[1].split()
    return (
        f'<svg class="dif-trend" aria-hidden="true" viewBox="0 0 {long} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<path d="{path}" fill="none" stroke="{GREY}" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{x}" cy="{y}" r="2.5" fill="{PRIMARY}"/></svg>'
    )


_FEWEST_OF_TREND: Final = 3
_LEAST_SPAN: Final = 0.2
"""The least span of a trend's height, as a share of its largest number: a change of one per cent is no cliff."""
BELOW: Final = "#c01b1b"


LIGHT: Final = "#a996e4"
