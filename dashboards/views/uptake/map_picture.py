"""The map of hexagons as a picture, for files and embeds: the page's own map is HTML. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from dashboards.shared.charts import FONT, TEXT
from dashboards.shared.pictures import ROOM, Drawing
from dashboards.shared.text_width import width, wrapped
from dashboards.views.uptake import maps
from dashboards.views.uptake.hexagons import HALF_HIGH, middle
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dashboards.views.uptake.hexagons import Cell, Frame, Line
    from dashboards.views.uptake.maps import Tile
    from dashboards.words import Words

_EDGE: Final = "#8a88a0"
_FAINT: Final = "0.3"
_LARGEST: Final = 84.0
"""The widest a tile of a zoomed map is."""
_HIGHEST: Final = 660.0
"""The highest a zoomed map is; the country is as wide as a picture."""
_KEY_ROW, _SIGN = 26.0, 18.0
"""The height of a row of the key, and the size of its signs."""
_SMALLEST_NAME: Final = 8.0
"""A name that would be smaller is shortened to its first letters."""


def picture(
    shown: Sequence[Tile], words: Words, *, network: tuple[str, str] | None = None, inside: Collection[str] = ()
) -> Drawing:
    """The map with its key, as wide as a picture.

    Args:
        shown: the municipalities in the month.
        words: the texts.
        network: id and name of one's own network, which is outlined.
        inside: the municipalities that the map zooms to; empty for the country.
    """
    cells, zoom = maps.places(), frozenset(inside)
    bounds = maps.frame(zoom)
    unit = min([ROOM / bounds[2], *([_LARGEST, _HIGHEST / bounds[3]] if zoom else [])])
    drawn = [tile for tile in shown if not zoom or maps.within(cells[tile.code], bounds)]
    chosen = [tile for tile in drawn if not zoom or tile.code in zoom]
    root = ET.Element("svg", {"font-family": FONT, "fill": TEXT, "font-size": "13"})
    top = _key(root, chosen, words, network) + 8
    group = ET.SubElement(root, "g", {"transform": f"translate({(ROOM - bounds[2] * unit) / 2:.1f} {top:g})"})
    short = maps.abbreviated([maps.plain_name(tile) for tile in chosen]) if zoom else {}
    for tile in drawn:
        _tile(group, tile, _on(cells[tile.code], bounds, unit), unit, words, short, faint=tile not in chosen)
    drawn_cells = frozenset(cells[tile.code] for tile in drawn)
    for county in sorted({tile.county_code for tile in drawn}):
        border = maps.outline({cells[tile.code] for tile in drawn if tile.county_code == county}, drawn_cells)
        _lines(group, border, bounds, unit, 1.5)
    own = {cells[tile.code] for tile in drawn if network and network[0] in tile.networks}
    if own:
        _lines(group, maps.outline(own), bounds, unit, 4)
    if not zoom:
        _labels(group, shown, bounds, unit, words)
    return Drawing(_named(root), ROOM, top + bounds[3] * unit)


def _on(cell: Cell, bounds: Frame, unit: float) -> tuple[float, float]:
    x, y = middle(cell)
    return (x - bounds[0]) * unit, (y - bounds[1]) * unit


def _key(root: ET.Element, chosen: Sequence[Tile], words: Words, network: tuple[str, str] | None) -> float:
    """The key to letters and colours, with counts, in as many rows as it takes; returns where it ends."""
    count = Counter(tile.kind for tile in chosen)
    signs: list[tuple[str, str]] = []
    for kind in (kind for kind in maps.KINDS if count[kind]):
        text = formatting.first(maps.key_words(kind, chosen, words))
        signs.append((kind, f"{text} {formatting.number(count[kind], words.language)}"))
    if network:
        signs.append(("", words("map.own", network=network[1])))
    x = y = 0.0
    for kind, text in signs:
        wide = _SIGN + 6 + width(text, 13) + 20
        if x and x + wide > ROOM:
            x, y = 0.0, y + _KEY_ROW
        box = {"x": f"{x:.1f}", "y": f"{y:g}", "width": f"{_SIGN:g}", "height": f"{_SIGN:g}", "rx": "3"}
        if kind:
            background, colour = maps.COLOURS[kind]
            ET.SubElement(root, "rect", box | {"fill": background, "stroke": _EDGE})
            _fill(root, kind, (x + _SIGN / 2, y + _SIGN / 2), _SIGN * 0.8)
            _text(root, words(f"map.letter.{kind}"), x + _SIGN / 2, y + 13, "middle", fill=colour, size=11, bold=True)
        else:
            ET.SubElement(root, "rect", box | {"fill": "none", "stroke": TEXT, "stroke-width": "3"})
        _text(root, text, x + _SIGN + 6, y + 14)
        x += wide
    return y + _KEY_ROW


def _tile(
    group: ET.Element,
    tile: Tile,
    at: tuple[float, float],
    unit: float,
    words: Words,
    short: Mapping[str, str],
    *,
    faint: bool,
) -> None:
    x, y = at
    half, high = unit / 2 - 0.5, HALF_HIGH * unit - 0.5
    corners = ((0, -high), (half, -high / 2), (half, high / 2), (0, high), (-half, high / 2), (-half, -high / 2))
    background, colour = maps.COLOURS[tile.kind]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    part = ET.SubElement(group, "g", {"opacity": _FAINT} if faint else {})
    ET.SubElement(part, "polygon", {"points": points, "fill": background, "stroke": _EDGE, "stroke-width": "1"})
    _fill(part, tile.kind, at, unit * 0.8)
    if faint:
        return
    letter = words(f"map.letter.{tile.kind}")
    if not short:
        _text(part, letter, x, y + unit * 0.18, "middle", fill=colour, size=unit * 0.5, bold=True)
        return
    name = maps.plain_name(tile)
    lines, size = _fitted(name, unit)
    if size < _SMALLEST_NAME:
        lines, size = [short[name]], min(unit * 0.3, 13)
    step = size * 1.1
    first = y - step * (len(lines) / 2) + size * 0.4
    for place, line in enumerate(lines):
        _text(part, line, x, first + step * place, "middle", fill=colour, size=size)
    _text(part, letter, x, first + step * len(lines) + size * 0.2, "middle", fill=colour, size=size, bold=True)


def _fitted(name: str, unit: float) -> tuple[list[str], float]:
    """A name in lines broken at its hyphens and spaces, and the size at which it fits a tile."""
    lines = wrapped(name.replace("-", "- "), 0)
    widest = max(width(line, 1) for line in lines)
    return lines, min(13.0, unit * 0.9 / widest, unit * 0.5 / len(lines))


def _fill(group: ET.Element, kind: str, at: tuple[float, float], size: float) -> None:
    """What tells a status apart besides its colour and letter: lines where it is suspended, dots where unknown."""
    (x, y), far = at, size * 0.3
    if kind == "SUSPENDED":
        for off in (-far, 0.0, far):
            place = {"x1": f"{x + off - far / 2:.1f}", "y1": f"{y + far:.1f}"}
            place |= {"x2": f"{x + off + far / 2:.1f}", "y2": f"{y - far:.1f}"}
            ET.SubElement(group, "line", place | {"stroke": "#cdc2f0", "stroke-width": "1.5"})
    elif kind in {maps.UNKNOWN, maps.NOT_LISTED}:
        for dx in (-far, 0.0, far):
            for dy in (-far, far):
                ET.SubElement(
                    group, "circle", {"cx": f"{x + dx:.1f}", "cy": f"{y + dy:.1f}", "r": "0.8", "fill": _EDGE}
                )


def _lines(group: ET.Element, lines: Sequence[Line], bounds: Frame, unit: float, thick: float) -> None:
    """Lines in the text's colour on a white ground, which is narrow where a thin line may cross tiles."""
    left, top, _, _ = bounds
    path = "".join(
        f"M{(ax - left) * unit:.1f} {(ay - top) * unit:.1f}L{(bx - left) * unit:.1f} {(by - top) * unit:.1f}"
        for ax, ay, bx, by in lines
    )
    for colour, wide in (("#ffffff", thick + (1 if thick == _THIN else 3)), (TEXT, thick)):
        about = {"d": path, "stroke": colour, "stroke-width": f"{wide:g}", "stroke-linecap": "round", "fill": "none"}
        ET.SubElement(group, "path", about)


def _labels(group: ET.Element, shown: Sequence[Tile], bounds: Frame, unit: float, words: Words) -> None:
    """Each county's name and count beside it, with a line to it."""
    named = maps.labels()
    _lines(group, [label.line for label in named.values()], bounds, unit, _THIN)
    for county in maps.counties(shown):
        label = named[county.code]
        end = {"cx": (label.line[2] - bounds[0]) * unit, "cy": (label.line[3] - bounds[1]) * unit, "r": unit * 0.13}
        ET.SubElement(group, "circle", {name: f"{value:.1f}" for name, value in end.items()} | {"fill": TEXT})
        before = label.line[0] > label.x + label.wide / 2  # the label is to the left of its line
        x = (label.x + (label.wide if before else 0) - bounds[0]) * unit + (-4 if before else 4)
        y = (label.y - bounds[1]) * unit
        anchor, size = ("end" if before else "start"), min(13.0, unit * 0.75)
        _text(group, county.name, x, y + size, anchor, size=size)
        _text(group, county.count_in_words(words), x, y + size * 2.25, anchor, size=size, bold=True)


_THIN: Final = 1.0
"""The width of a line from a label to its county."""


def _text(
    group: ET.Element,
    text: str,
    x: float,
    y: float,
    anchor: str = "start",
    *,
    fill: str = TEXT,
    size: float = 13,
    bold: bool = False,
) -> None:
    about = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": fill, "font-size": f"{size:.1f}"}
    part = ET.SubElement(group, "text", about | ({"font-weight": "600"} if bold else {}))
    part.text = text


def _named(element: ET.Element) -> ET.Element:
    """The elements in SVG's namespace, which each has by its name."""
    for part in element.iter():
        part.tag = f"{{http://www.w3.org/2000/svg}}{part.tag}"
    return element
