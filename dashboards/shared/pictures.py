"""A chart as a file that keeps the truth when it leaves the page.

Its claim, measure, source and release, and whether the numbers are synthetic, are drawn into it. `drawn_svg` draws a
chart alone; `svg` and `png` add the words around it. They run no browser and fetch nothing: Vega runs inside
`vl-convert`, which is told that no address may be read, and text is set in our own font.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import altair as alt

from dashboards.shared.charts import FONT, GREY, TEXT
from dashboards.shared.text_width import FONTS, wrapped

if TYPE_CHECKING:
    from types import ModuleType

    from dashboards.shared.charts import Chart

WIDE: Final = 800
"""A picture's width in its own units; a chart's text is 13 high in them."""
SLIDE: Final = 1200
"""The width in pixels at which an SVG is first shown: a slide's."""
_DENSITY: Final = 2
"""Pixels of a PNG for each of a slide's."""
_MARGIN: Final = 24
ROOM: Final = WIDE - 2 * _MARGIN
"""The width that a chart has within a picture."""
PHONE_WIDE: Final = 360
"""The width of a chart on a phone, in pixels."""
PAPER_WIDE, PAPER_HIGH = 440, 190
"""The width of a chart in a report, and the height of its plot, in pixels."""
_SVG: Final = "http://www.w3.org/2000/svg"
_UNSEEN: Final = ("role", "aria-", "clip-path")
"""Vega's descriptions of single marks; ours covers the whole. And what rounds the end of a bar: it is found by an id,
which two pictures in one report would share."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a picture.

    Attributes:
        title: the chart's claim.
        subtitle: measure, unit, period and place.
        source: the datasets, and the release.
        synthetic: says that the numbers are synthetic; empty where they are real.
        notes: what a reader must know besides, such as events marked in the chart.
        alt: the chart's takeaway, for a screen reader.
        language: the language of it all.
    """

    title: str
    subtitle: str
    source: str
    synthetic: str = ""
    notes: tuple[str, ...] = ()
    alt: str = ""
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart alone, as SVG elements without a frame.

    Attributes:
        element: an `svg` element that can stand in a page or in another SVG.
        wide, high: its size.
    """

    element: ET.Element
    wide: float
    high: float

    def scaled(self, wide: float) -> Drawing:
        """The same, `wide` units wide."""
        element = deepcopy(self.element)
        high = self.high * wide / self.wide
        element.attrib |= {"viewBox": f"0 0 {self.wide:g} {self.high:g}", "width": f"{wide:g}", "height": f"{high:g}"}
        return Drawing(element, wide, high)

    def markup(self, alt: str) -> str:
        """The element as text, as wide as its place allows, with `alt` for a screen reader."""
        about = {"class": "dif-chart", "viewBox": f"0 0 {self.wide:g} {self.high:g}", "role": "img"}
        shown = ET.Element(f"{{{_SVG}}}svg", about)
        shown.set("aria-label", alt)
        shown.append(self.element)
        return _text_of(shown)


@cache
def _converter() -> ModuleType:
    """The converter, loaded when the first picture is asked for: it takes 90 MB of memory that most visits spare."""
    converter = import_module("vl_convert")
    converter.register_font_directory(str(FONTS))
    return converter


def drawn_svg(chart: Chart | Drawing, wide: float = WIDE) -> Drawing:
    """A chart drawn `wide` units wide; a chart of several parts keeps their sizes, and a drawing is scaled.

    Raises:
        ValueError: the chart asks for something at an address; nothing is fetched.
    """
    if isinstance(chart, Drawing):
        return chart.scaled(wide)
    spec = chart.to_dict(validate=False)
    for layer in spec.get("layer", ()):
        layer.pop("params", None)  # nobody points at a picture
    if "layer" in spec or "mark" in spec:
        spec |= {"width": wide, "autosize": {"type": "fit-x", "contains": "padding"}}
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    text = _converter().vegalite_to_svg(json.dumps(spec, default=_plain), vl_version=version, allowed_base_urls=[])
    element = ET.fromstring(text)  # noqa: S314 - made above, of our own chart
    _simplify(element)
    return Drawing(element, float(element.get("width", wide)), float(element.get("height", 0)))


def on_paper(chart: alt.LayerChart, label: str) -> str:
    """A page's chart as it stands in a report, half a sheet wide; `label` describes it to a screen reader."""
    chart["height"] = PAPER_HIGH
    return drawn_svg(chart, PAPER_WIDE).markup(label)


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _simplify(element: ET.Element) -> None:
    """Drop what is not seen, and draw the ground under letters before them.

    Not every program knows `paint-order`: in others the ground would cover the letters.
    """
    for part in list(element.iter()):
        for name in [name for name in part.attrib if name.startswith(_UNSEEN)]:
            del part.attrib[name]
        for place, text in reversed(list(enumerate(part))):
            if text.get("opacity") == "0" or text.tag == f"{{{_SVG}}}defs":
                part.remove(text)
            elif text.tag == f"{{{_SVG}}}text" and text.get("stroke"):
                letters = ET.Element(text.tag, {k: v for k, v in text.attrib.items() if not k.startswith("stroke")})
                letters.text = text.text
                part.insert(place + 1, letters)
                text.set("aria-hidden", "true")


def svg(chart: Chart | Drawing, caption: Caption) -> str:
    """A chart with its words, as an SVG that stands alone. Its text is text, set in Inter where the reader has it."""
    drawing = drawn_svg(chart, ROOM)
    wide = max(WIDE, drawing.wide + 2 * _MARGIN)
    room = wide - 2 * _MARGIN
    frame = ET.Element(f"{{{_SVG}}}svg", {"role": "img", "font-family": FONT, "fill": TEXT})
    frame.set("aria-label", " ".join(part for part in (f"{caption.title}.", caption.alt) if part))
    frame.set("lang", caption.language)
    ground = ET.SubElement(frame, f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    ground.set("aria-hidden", "true")
    at = float(_MARGIN)
    at = _set(frame, caption.title, at, room, size=20, weight=600)
    at = _set(frame, caption.subtitle, at + 2, room, size=14)
    if caption.synthetic:
        at = _set(frame, caption.synthetic, at + 2, room, size=14, weight=600)
    at += 10
    drawing.element.set("x", f"{_MARGIN}")
    drawing.element.set("y", f"{at:g}")
    frame.append(drawing.element)
    at += drawing.high + 8
    for note in caption.notes:
        at = _set(frame, note, at, room, size=12)
    at = _set(frame, caption.source, at + 2, room, size=12, colour=GREY)
    high = at + _MARGIN - 8
    frame.set("viewBox", f"0 0 {wide:g} {high:g}")
    frame.set("width", f"{SLIDE}")
    frame.set("height", f"{high * SLIDE / wide:.0f}")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_text_of(frame)}'


def _set(
    frame: ET.Element, text: str, top: float, room: float, *, size: int, weight: int = 400, colour: str = TEXT
) -> float:
    """Set a text in lines below each other; return where the next begins."""
    if not text:
        return top
    for line in wrapped(text, room, size, weight):
        about = {"x": f"{_MARGIN}", "y": f"{top + size:g}", "font-size": f"{size}", "fill": colour}
        element = ET.SubElement(frame, f"{{{_SVG}}}text", about)
        if weight != 400:  # noqa: PLR2004 - the regular weight
            element.set("font-weight", f"{weight}")
        element.text = line
        top += round(size * 1.4)
    return top


def _text_of(element: ET.Element) -> str:
    ET.register_namespace("", _SVG)
    return ET.tostring(element, encoding="unicode")


def png(picture: str) -> bytes:
    """An SVG of `svg` as a PNG, sharp on a slide: twice its width in pixels."""
    return bytes(_converter().svg_to_png(picture, scale=_DENSITY))
