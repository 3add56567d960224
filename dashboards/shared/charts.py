"""Charts and what they say. Pure: answers in, an Altair chart out; `*_in_words` is the chart for who does not see it.

The claim and the subtitle are headings of the page, not of the chart, so that they wrap on a phone and are found by a
screen reader. No chart relies on colour alone, and bars begin at zero.

A report is read without a script that draws: `*_svg` draws the same figures, with the same words, as a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final, cast

import altair as alt
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Chart = alt.Chart | alt.ConcatChart | alt.FacetChart | alt.HConcatChart | alt.LayerChart | alt.VConcatChart
"""What a page can draw."""

TEXT: Final = "#00042e"


PRIMARY: Final = "#5a3bc4"


GREY: Final = "#6b6980"
"""Series and bars that are not the point: 5.3:1 on white."""


WAITING: Final = "#cdc2f0"
"""Annex signed, not begun; and the band of a forecast. Light: its number stands beside it."""


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
    """Data that stand as they are when Altair copies a chart, as it does at each step: that was half of a chart."""

    def __deepcopy__(self, _memo: object) -> _Rows:
        return self


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as data that the chart carries with it."""
    return _Rows(values=[dict(row) for row in rows])


def named(name: str) -> alt.NamedData:
    """Data that `with_data` gives the chart when it is made: Altair copies a chart at each step, with its rows."""
    return alt.NamedData(name=name)


def with_data(chart: alt.LayerChart, **rows: Sequence[Mapping[str, Any]]) -> alt.LayerChart:
    """The chart with the rows of what it calls `named`."""
    chart["datasets"] = {name: [dict(row) for row in some] for name, some in rows.items()}
    return chart


class _Layers(alt.LayerChart):
    """Layers that share no selection: Altair looks for one in copies of all of them, twice, each time it makes some."""

    def __init__(self, *, layer: Sequence[alt.Chart] = (), **given: Any) -> None:
        alt.TopLevelLayerSpec.__init__(self, layer=list(layer), **given)


def layered(*layers: alt.Chart, height: int, language: str) -> alt.LayerChart:
    """Layers one over the other, in the one theme; data that they share stand once."""
    found: dict[str, Any] = {}
    if all(layer.data is layers[0].data for layer in layers):
        found["data"] = layers[0].data
        layers = tuple(layer.copy(deep=False) for layer in layers)
        for layer in layers:
            layer.data = alt.Undefined
    return themed(_Layers(layer=layers, height=height, **found), language)


def on_ground(base: alt.Chart, field: str, **mark: Any) -> alt.Chart:
    """A text on a white ground, as lines may cross it.

    The ground is a stroke that `page.css` has drawn under the letters: as a layer of its own it doubled what a name
    costs, in the page and on the server.
    """
    ground = {"stroke": "#ffffff", "strokeWidth": 5, "strokeJoin": "round"}
    text: alt.Chart = base.mark_text(**{"fontSize": 13, "fontWeight": 600, **ground, **mark})
    return text.encode(text=alt.Text(field))


def apart(heights: Sequence[float]) -> list[float]:
    """Where names stand that want these heights, in pixels from the top: none on another, and each as near as may be.

    Names that would meet stand in a row, in the order of their heights, with its middle where theirs is; a row that
    meets the one above it becomes one with it.
    """
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    found = list(heights)
    groups: list[list[int]] = []
    for place in order:
        groups.append([place])
        while (
            len(groups) > 1
            and _middle(groups[-1], heights) - _middle(groups[-2], heights)
            < LINE_OF_TEXT * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            below = groups.pop()
            groups[-1] += below
    for group in groups:
        top = _middle(group, heights) - LINE_OF_TEXT * (len(group) - 1) / 2
        for n, place in enumerate(group):
            found[place] = top + n * LINE_OF_TEXT
    return found


def _middle(group: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[place] for place in group) / len(group)


LINE_OF_TEXT: Final = 16
"""How many pixels a line of text needs in a chart."""


def themed(chart: alt.LayerChart | alt.FacetChart, language: str) -> alt.LayerChart:
    """Give a chart the one theme: the house's text colour on all that is read, and the language's numbers and dates."""
    embed = {"actions": False, "renderer": "svg"}
    # In the chart's own configuration: Streamlit hands on no locale among the embed options.
    locale: dict[str, Any] = {"number": NUMBER_LOCALES[language]}
    if language in TIME_LOCALES:
        locale["time"] = TIME_LOCALES[language]
    # set as it is: each `configure`, and each copy, would make the chart anew, with all of its layers
    chart["config"] = _THEME | {"locale": locale}
    chart["usermeta"] = {"embedOptions": embed}
    return cast("alt.LayerChart", chart)


_THEME: Final[dict[str, Any]] = {
    "font": FONT,
    # a chart is one picture with our words; Vega's own, of each point, are in English and name our columns
    "aria": False,
    "mark": {"aria": False, "tooltip": None},  # Streamlit would show a mark's columns by name where we say nothing
    "background": "#ffffff",
    "padding": 4,
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
    """What draws the chart. It is not tried against the schema again: that costs more than the rest, and tests do."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for size in ("continuousWidth", "continuousHeight"):
        spec["config"]["view"].pop(size, None)  # the page decides
    if "datasets" in spec:
        spec["datasets"] = {name: _tabled(rows) for name, rows in spec["datasets"].items()}
    return spec


def _tabled(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as Streamlit hands them on: it would come to the same by way of pandas, in ten times as long."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


PICTURE_WIDE: Final = 440
"""A picture's width in its own units, which are pixels where it is half an A4 page."""


def picture(parts: Sequence[str], height: int, label: str) -> str:
    """A picture of parts, `PICTURE_WIDE` wide; `label` is what it says, for who does not see it."""
    return (
        f'<svg class="dif-chart" role="img" aria-label="{escape(label)}" viewBox="0 0 {PICTURE_WIDE} {height}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def label_at(x: float, y: float, text: str, *, anchor: str = "start", colour: str = TEXT, bold: bool = False) -> str:
    """A text in a picture, on a ground of its own where it is in a colour."""
    weight = ' font-weight="600"' if bold else ""
    weight += ' paint-order="stroke" stroke="#ffffff" stroke-width="4"' if colour != TEXT else ""  # lines may cross it
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{escape(text)}</text>'


def flow_svg(start: int, end: int, low: int, high: int, *, kind: str) -> str:
    """A step on the way from income to result: a bar from where the sum stood to where it stands after it.

    The numbers stand beside it, so it is nothing to who does not see it.

    Args:
        start: the sum before.
        end: the sum after.
        low: the least that any of the steps comes to, and zero at most.
        high: the most.
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


BELOW: Final = "#c01b1b"


LIGHT: Final = "#a996e4"
