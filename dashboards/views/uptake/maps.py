"""The map of municipalities: one hexagon each, since a geographic map shows mostly mountains. Pure.

It is markup, not a Vega chart: each hexagon is a link, reached by Tab and opened by Enter, and a screen reader finds a
list per county. Vega marks allow neither. `st.html` takes no `<svg>`, so CSS clips the hexagons (`page.css`,
`.dif-map`), and the lines are a separate image.

For a county or a network it zooms to its tiles, with their names and their neighbours, faint. Below 600 px the map has
the same tiles without the names of counties beside them, which stand in a table below it, and letters for names (CSS).
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, urlencode

import altair as alt

from catalog import facts
from dashboards.shared import charts
from dashboards.shared.charts import TEXT
from dashboards.shared.narrative import apart, next_month, synthetic_note
from dashboards.shared.tables import RAMP, table
from dashboards.views.uptake.hexagons import HALF_HIGH, LABEL_HIGH, Cell, Frame, Label, Line, Point, beside, middle
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from dashboards.release.query import Row
    from dashboards.shared.geometry import Geometry
    from dashboards.words import Words

UNKNOWN: Final = "UNKNOWN"
"""Nobody observed the service in the month, or a delivery that was due is missing."""
NOT_LISTED: Final = "NOT_LISTED"
LADDER: Final = ("NONE", "ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "IN_USE")
"""From nothing to use, each darker than the last."""
KINDS: Final = (*reversed(LADDER), "SUSPENDED", NOT_LISTED, "TERMINATED", UNKNOWN)
"""In display order."""
COLOURS: Final[Mapping[str, tuple[str, str]]] = {
    **{kind: (background, text) for kind, (_, background, text) in zip(LADDER, RAMP, strict=True)},
    "SUSPENDED": ("#ece8fa", "#00042e"),
    NOT_LISTED: ("#ffffff", "#00042e"),
    "TERMINATED": ("#ffffff", "#00042e"),
    UNKNOWN: ("#ffffff", "#00042e"),
}
"""Background and text colour. CSS adds slanted lines to suspended, and dots to unknown."""
_MARGIN: Final = 0.6
_NEIGHBOURS: Final = 1.05
"""Space for the neighbours around a zoomed map, in tile widths."""
_WIDEST: Final = 58.0
_HIGHEST: Final = 42.0
_LARGEST: Final = 5.5
"""A zoomed map's width and height, and the width of a tile, in rem."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A municipality in the month shown.

    Attributes:
        kind: one of `KINDS`.
        active: it has the service; meaningless where `kind` is unknown.
        lacking: it is unknown because a delivery is missing.
    """

    code: str
    name: str
    county_code: str
    county: str
    networks: frozenset[str]
    kind: str
    active: bool
    basis: str | None
    since: date | None = None
    no_later: bool = False
    lacking: bool = False
    synthetic: bool = False

    def is_in(self, area_kind: str, area: str) -> bool:
        """The municipality lies in the county, is a member of the network, or any is asked for (`NO`)."""
        return area_kind == "NO" or area == self.county_code or area in self.networks


def tiles(stretches: Sequence[Row], month: date, lacking: Collection[str] = ()) -> list[Tile]:
    """The municipalities as they stood in a month; one answer serves every month of the slider.

    Args:
        stretches: how each municipality stood over the months.
        month: the month shown.
        lacking: codes of municipalities with a missing delivery: those not active may in fact be active.
    """
    made = []
    for stretch in stretches:
        if not stretch.first_month <= month <= stretch.last_month:
            continue
        unsaid = stretch.observed and not stretch.active and stretch.municipality_code in lacking
        certain = stretch.observed and not unsaid and stretch.standing is not None
        made.append(
            Tile(
                code=stretch.municipality_code,
                name=stretch.name,
                county_code=stretch.county_code,
                county=stretch.county,
                networks=frozenset(stretch.networks),
                kind=stretch.standing if certain and stretch.standing else UNKNOWN,
                active=stretch.active,
                basis=stretch.active_basis,
                since=stretch.since if certain else None,
                no_later=stretch.no_later,
                lacking=unsaid,
                synthetic=stretch.synthetic,
            )
        )
    return made


def months(stretches: Sequence[Row]) -> list[tuple[date, bool]]:
    """The months of the slider, in order, and whether anybody observed the service in them."""
    observed: dict[date, bool] = {}
    for span in (stretch for stretch in stretches if stretch.municipality_code == stretches[0].municipality_code):
        month = span.first_month
        while month <= span.last_month:
            observed[month] = span.observed
            month = next_month(month)
    return sorted(observed.items())


def basis(shown: Sequence[Tile]) -> str | None:
    """What the active municipalities are counted by, `USE` or `EVENT`; None where nobody observed the service."""
    return next((tile.basis for tile in shown if tile.basis), None)


@dataclass(frozen=True, slots=True)
class County:
    """How many of a county's municipalities have the service.

    Attributes:
        waiting: municipalities that have taken a step but do not have the service.
        unknown: municipalities with unknown status; not among the others.
    """

    code: str
    name: str
    active: int
    waiting: int
    unknown: int
    municipalities: int

    def count_in_words(self, words: Words) -> str:
        """`n of m`; "at least" where some are unknown, and unknown where all are."""
        if self.unknown == self.municipalities:
            return words("map.unknown")
        key = "map.at_least" if self.unknown else "map.n_of_m"
        return words(key, n=self.active, m=self.municipalities)


_ON_THE_WAY: Final = frozenset({"ANNEX_SIGNED", "CONFIGURED", "ACTIVATED"})


def counties(shown: Sequence[Tile]) -> list[County]:
    """The counties, by name."""
    listed = []
    for code in sorted({tile.county_code for tile in shown}):
        here = [tile for tile in shown if tile.county_code == code]
        unknown = sum(tile.kind in {UNKNOWN, NOT_LISTED} for tile in here)
        active = sum(tile.active for tile in here)
        waiting = sum(tile.kind in _ON_THE_WAY and not tile.active for tile in here)
        listed.append(County(code, here[0].county, active, waiting, unknown, len(here)))
    return sorted(listed, key=lambda county: county.name)


def _step(kind: str, basis: str | None, words: Words) -> str:
    return words(f"map.step.ACTIVATED.{basis or 'EVENT'}" if kind == "ACTIVATED" else f"map.step.{kind}")


def standing(tile: Tile, words: Words) -> str:
    """A municipality's status, and since when, in words."""
    text = _standing(tile.kind, tile.lacking, tile.basis, tile.since, tile.no_later, words)
    return text + synthetic_note(words, synthetic=tile.synthetic)


@functools.lru_cache(maxsize=2_000)
def _standing(kind: str, lacking: bool, basis: str | None, since: date | None, no_later: bool, words: Words) -> str:  # noqa: FBT001 - a key
    """Of hundreds of municipalities, many stand alike."""
    if kind == UNKNOWN:
        text = words("map.step.LACKING" if lacking else "map.step.UNOBSERVED")
    else:
        text = _step(kind, basis, words)
    if since:
        key = "map.since.no_later" if no_later else "map.since"
        text = words(key, step=text, month=formatting.month(since, words.language))
    return text


def _tile_text(tile: Tile, words: Words) -> str:
    return words("map.tile", name=tile.name, code=tile.code, standing=standing(tile, words))


@functools.cache
def places() -> Mapping[str, Cell]:
    """The cell of each current municipality."""
    return {row["code"]: (int(row["column"]), int(row["row"])) for row in facts.read("tiles")}


# ── Lines and labels ─────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def labels() -> Mapping[str, Label]:
    """The label of each county."""
    return {
        row["county_code"]: Label(
            float(row["x"]),
            float(row["y"]),
            float(row["wide"]),
            (float(row["from_x"]), float(row["from_y"]), float(row["to_x"]), float(row["to_y"])),
        )
        for row in facts.read("tiles_label")
    }


@functools.cache
def frame(inside: frozenset[str] = frozenset()) -> Frame:
    """The bounds of the map with its labels, in tile widths; of some municipalities, with their neighbours."""
    points = [middle(cell) for code, cell in places().items() if code in inside or not inside]
    if inside:
        return _bounds(points, _NEIGHBOURS)
    named = labels().values()
    left = min([x - 0.5 for x, _ in points] + [label.x for label in named]) - _MARGIN
    right = max([x + 0.5 for x, _ in points] + [label.x + label.wide for label in named]) + _MARGIN
    top = min([y - HALF_HIGH for _, y in points] + [label.y for label in named]) - _MARGIN
    bottom = max([y + HALF_HIGH for _, y in points] + [label.y + LABEL_HIGH for label in named]) + _MARGIN
    return left, top, right - left, bottom - top


def _bounds(points: Sequence[Point], margin: float) -> Frame:
    """The bounds of the tiles with these centres."""
    left, right = min(x for x, _ in points) - 0.5 - margin, max(x for x, _ in points) + 0.5 + margin
    top, bottom = min(y for _, y in points) - HALF_HIGH - margin, max(y for _, y in points) + HALF_HIGH + margin
    return left, top, right - left, bottom - top


def within(cell: Cell, bounds: Frame) -> bool:
    """The whole tile is within the bounds, or nearly."""
    (x, y), (left, top, wide, high) = middle(cell), bounds
    return left + _NEARLY <= x <= left + wide - _NEARLY and top + _NEARLY <= y <= top + high - _NEARLY


_NEARLY: Final = 0.45


def _corners(cell: Cell) -> list[tuple[float, float]]:
    """The corners of a cell, two for each side, with the sides in the order of `beside`."""
    x, y = middle(cell)
    half = HALF_HIGH / 2
    west, east = [(x - 0.5, y - half), (x - 0.5, y + half)], [(x + 0.5, y - half), (x + 0.5, y + half)]
    top, bottom = (x, y - HALF_HIGH), (x, y + HALF_HIGH)
    return [*west, *east, west[0], top, top, east[0], west[1], bottom, bottom, east[1]]


def outline(inside: Collection[Cell], among: Collection[Cell] | None = None) -> list[Line]:
    """The sides between the cells inside and others; with `among`, only those others count."""
    sides = []
    for cell in sorted(inside):
        corners = _corners(cell)
        for side, near in enumerate(beside(cell)):
            if near not in inside and (among is None or near in among):
                sides.append((*corners[side * 2], *corners[side * 2 + 1]))
    return sides


def _path(lines: Sequence[Line], left: float, top: float) -> str:
    return "".join(f"M{ax - left:.2f} {ay - top:.2f}L{bx - left:.2f} {by - top:.2f}" for ax, ay, bx, by in lines)


# ── The map ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def municipality_links(also: Mapping[str, str]) -> Callable[[str], str]:
    """Gives the link to a municipality's page from its code; `also` are further parameters: service, language, release.

    What is the same in all is encoded once: the map has hundreds, and is drawn at each change of a filter.
    """
    rest = urlencode({"kommune": "", **also}).removeprefix("kommune=")
    return lambda code: f"/bruk?kommune={quote_plus(code)}{rest}"


def tile_map(
    shown: Sequence[Tile],
    service: str,
    month: date,
    words: Words,
    *,
    link: Callable[[str], str],
    network: tuple[str, str] | None = None,
    inside: Collection[str] = (),
    mine: str = "",
) -> str:
    """The map as markup: a link per municipality, which shows name and status on hover and focus.

    Args:
        shown: the municipalities in the month.
        service: the service's name.
        month: the month.
        words: the texts.
        link: gives a municipality's link from its code.
        network: id and name of one's own network, which is outlined.
        inside: the municipalities that the map zooms to; empty for the country.
        mine: the reader's own municipality, which has a ring around it; empty for none.
    """
    cells, zoom = places(), frozenset(inside)
    bounds = frame(zoom)
    left, top, wide, high = bounds
    drawn = [tile for tile in shown if not zoom or within(cells[tile.code], bounds)]
    chosen = [tile for tile in drawn if not zoom or tile.code in zoom]
    own = {cells[tile.code] for tile in shown if network and network[0] in tile.networks}
    names = abbreviated([plain_name(tile) for tile in chosen]) if zoom else {}
    of_tile = apart(words, [tile for tile in shown if tile.kind != UNKNOWN])  # the title marks the whole map
    groups = [
        _group(county, [tile for tile in drawn if tile.county_code == county.code], bounds, zoom, names, link, of_tile)
        for county in counties(shown)
        if any(tile.county_code == county.code for tile in drawn)
    ]
    text = tile_map_in_words(chosen, service, month, words, whole=not zoom)
    label_text = words("map.label", service=service, month=formatting.month(month, words.language))
    place = f"--wide:{wide:.2f};--high:{high:.2f}"
    if zoom:
        kind, widest = "dif-map-zoom", min(_WIDEST, wide * _LARGEST, wide * _HIGHEST / high)
        room, lines = f' style="max-width:{widest:.1f}rem"', ""
    else:
        kind, room = "dif-map-country", ""
        of_tiles = _bounds([middle(cell) for cell in cells.values()], 0)
        place += f";--px:{of_tiles[0] - left:.2f};--py:{of_tiles[1] - top:.2f}"
        place += f";--pw:{of_tiles[2]:.2f};--ph:{of_tiles[3]:.2f}"
        lines = f'<img class="dif-map-lines" src="{_lines(bounds)}" alt="">'
    counted = county_table(shown, service, month, words) if not zoom else ""
    table_below = f"<details><summary>{escape(words('map.table.open'))}</summary>{counted}</details>" if counted else ""
    return (
        f'<section class="dif-map" aria-label="{escape(label_text)}">'
        f'<p class="dif-map-words">{escape(text)}</p>'
        f'<p class="dif-map-skip"><a href="#dif-map-end">{escape(words("map.skip", n=len(drawn)))}</a></p>'
        f"{key(chosen, words, network, next((tile for tile in drawn if tile.code == mine), None))}"
        f'<div class="dif-map-frame {kind}"{room}><div class="dif-map-tiles" style="{place}">'
        f'{"".join(groups)}{lines}<img src="{_picture(shown, own, bounds, cells.get(mine))}" alt=""></div></div>'
        f'<div class="dif-map-narrow">{table_below}</div>'
        '<div id="dif-map-end" tabindex="-1"></div></section>'
    )


_NORTH: Final = 0.3
"""The top part of the map, as a share of its height, has free space on the left; below it, the right is free.

A tile's text is shown in the free space, at the tile's height, so that it covers no other tile. Zoomed, it is shown
below the map.
"""
_LAST: Final = 0.85
"""From here down the text is aligned to the tile's bottom, so that it stays within the map."""


def _group(
    county: County,
    tiles: Sequence[Tile],
    bounds: Frame,
    zoom: Collection[str],
    names: Mapping[str, str],
    link: Callable[[str], str],
    words: Words,
) -> str:
    """A county's tiles as a list, from north to south, labelled with its name and count."""
    cells, (left, top, _, _) = places(), bounds
    items = "".join(
        _item(tile, bounds, link(tile.code), names, words, faint=bool(zoom) and tile.code not in zoom)
        for tile in sorted(tiles, key=lambda tile: (cells[tile.code][1], cells[tile.code][0]))
    )
    name = f"dif-map-{county.code}"
    if zoom:
        place = ' class="dif-map-words"'
    else:
        label = labels()[county.code]
        before = label.line[0] > label.x + label.wide / 2  # the label is to the left of its line
        side = ' class="dif-before"' if before else ""
        place = f'{side} style="--x:{label.x - left:.2f};--y:{label.y - top:.2f};--w:{label.wide:.2f}"'
    return (
        f'<div role="group" aria-labelledby="{name}"><p id="{name}"{place}>{escape(county.name)}'
        f" <b>{escape(county.count_in_words(words))}</b></p><ul>{items}</ul></div>"
    )


def _item(tile: Tile, bounds: Frame, address: str, names: Mapping[str, str], words: Words, *, faint: bool) -> str:
    x, y = middle(places()[tile.code])
    left, top, _, high = bounds
    letter = "" if faint else escape(words(f"map.letter.{tile.kind}"))
    at = f"--x:{x - 0.5 - left:.2f};--y:{y - HALF_HIGH - top:.2f}"
    part = (y - HALF_HIGH - top) / high
    side = "" if part < _NORTH else "dif-south dif-last" if part > _LAST else "dif-south"
    kinds = "dif-faint" if faint else "" if names else side
    name = ""
    if names and not faint:
        plain = plain_name(tile)
        longest = max(map(len, plain.replace("-", "- ").split()))
        name = f'<b style="--n:{longest}">{escape(plain)}</b><b>{escape(names[plain])}</b>'
    return (
        f'<li{f" class={chr(34)}{kinds}{chr(34)}" if kinds else ""} style="{at}">'
        f'<a href="{escape(address)}" class="dif-{_css(tile.kind)}">'
        f'<i aria-hidden="true">{name}{letter}</i><span>{escape(_tile_text(tile, words))}</span></a></li>'
    )


def plain_name(tile: Tile) -> str:
    """The Norwegian name of a municipality that also has a Sámi or Kven one."""
    return tile.name.split(" - ", maxsplit=1)[0]


def abbreviated(names: Sequence[str]) -> dict[str, str]:
    """The first three letters of each name; four where two names share them."""
    count = Counter(name[:_LETTERS] for name in names)
    return {name: name[: _LETTERS + (count[name[:_LETTERS]] > 1)] for name in names}


_LETTERS: Final = 3


def _css(kind: str) -> str:
    return kind.lower().replace("_", "-")


def _picture(shown: Sequence[Tile], own: Collection[Cell], bounds: Frame, mine: Cell | None = None) -> str:
    """Borders between counties, the outline of one's own network and a ring around one's own municipality."""
    cells = places()
    left, top, _, _ = bounds
    everyone = frozenset(cells.values())
    borders: list[Line] = []
    for county in sorted({tile.county_code for tile in shown}):
        borders += outline({cells[tile.code] for tile in shown if tile.county_code == county}, everyone)
    thin = min(bounds[2] / frame()[2], 1)  # as wide on the screen, however large the tiles are
    parts = [
        f'<path d="{_path(borders, left, top)}" stroke="#fff" stroke-width="{0.26 * thin:.3f}"/>',
        f'<path d="{_path(borders, left, top)}" stroke="{TEXT}" stroke-width="{0.06 * thin:.3f}"/>',
    ]
    if own:
        path = _path(outline(own), left, top)
        parts.append(f'<path d="{path}" stroke="#fff" stroke-width="{0.42 * thin:.3f}"/>')
        parts.append(f'<path d="{path}" stroke="{TEXT}" stroke-width="{0.2 * thin:.3f}"/>')
    if mine:
        x, y = middle(mine)
        ring = f'<circle cx="{x - left:.2f}" cy="{y - top:.2f}" r="{0.6 + 0.6 * thin:.2f}"'
        parts += [f'{ring} stroke="#fff" stroke-width="{0.5 * thin:.3f}"/>']
        parts += [f'{ring} stroke="{TEXT}" stroke-width="{0.26 * thin:.3f}"/>']
    return _image(parts, bounds)


def _lines(bounds: Frame) -> str:
    """The lines from labels to their counties."""
    left, top, _, _ = bounds
    path = _path([label.line for label in labels().values()], left, top)
    strokes = (("#fff", ".13"), (TEXT, ".07"))  # a line may cross tiles of another county: their letters stay legible
    drawn = [f'<path d="{path}" stroke="{colour}" stroke-width="{wide}"/>' for colour, wide in strokes]
    ends = (label.line[2:] for label in labels().values())
    drawn += [f'<circle cx="{x - left:.2f}" cy="{y - top:.2f}" r=".13" fill="{TEXT}"/>' for x, y in ends]
    return _image(drawn, bounds)


def _image(parts: Sequence[str], bounds: Frame) -> str:
    _, _, wide, high = bounds
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.2f} {high:.2f}" fill="none" '
        f'stroke-linecap="round">{"".join(parts)}</svg>'
    )
    return "data:image/svg+xml," + quote(drawn, safe=" =:/.\"'").replace('"', "'")


def key(shown: Sequence[Tile], words: Words, network: tuple[str, str] | None = None, mine: Tile | None = None) -> str:
    """The key to letters and colours, with counts; only those that occur."""
    count = Counter(tile.kind for tile in shown)
    items = []
    for kind in (kind for kind in KINDS if count[kind]):
        letter, text = words(f"map.letter.{kind}"), formatting.first(key_words(kind, shown, words))
        n = formatting.number(count[kind], words.language)
        sign = f'<i class="dif-{_css(kind)}" aria-hidden="true">{escape(letter)}</i>'
        items.append(f"<li>{sign}{escape(text)} <b>{escape(n)}</b></li>")
    if network:
        items.append(f'<li><i class="dif-own"></i>{escape(words("map.own", network=network[1]))}</li>')
    if mine:
        items.append(f'<li><i class="dif-own dif-ring"></i>{escape(_tile_text(mine, words))}</li>')
    return f'<ul class="dif-map-key" aria-label="{escape(words("map.key"))}">{"".join(items)}</ul>'


def key_words(kind: str, shown: Sequence[Tile], words: Words) -> str:
    """What a status is called in the key."""
    if kind != UNKNOWN:
        return _step(kind, basis(shown), words)
    lacking = {tile.lacking for tile in shown if tile.kind == UNKNOWN}
    if len(lacking) > 1:
        return words("map.step.UNKNOWN")
    return words("map.step.LACKING" if True in lacking else "map.step.UNOBSERVED")


def title(shown: Sequence[Tile], service: str, month: date, words: Words, area: str = "") -> str:
    """The map's claim, for the country or for the area that it zooms to, as it stands in a sentence."""
    text = basis(shown)
    if text is None:
        return words("map.title.unobserved", service=service, month=formatting.month(month, words.language))
    n, m = sum(tile.active for tile in shown), len(shown)
    claim = words(f"map.title.{text}", n=n, m=m, service=service, area=area or words("area.in.country"))
    return claim + synthetic_note(words, synthetic=any(tile.synthetic for tile in shown))


def tile_map_in_words(shown: Sequence[Tile], service: str, month: date, words: Words, *, whole: bool = True) -> str:
    """The map as sentences: how many have each status, and for the country, which counties are at both ends."""
    text = formatting.month(month, words.language)
    if all(tile.kind == UNKNOWN and not tile.lacking for tile in shown):
        return words("map.words.unobserved", service=service, month=text)
    count = Counter(tile.kind for tile in shown)
    steps = [
        words(
            "map.words.count",
            n=count[kind],
            noun=words.municipalities(count[kind]),
            step=key_words(kind, shown, words),
        )
        for kind in KINDS
        if count[kind]
    ]
    steps_text = formatting.listing(steps, words.language)
    ends = _ends(shown, words) if whole else ""
    sentence = words("map.words", service=service, month=text, steps=steps_text, counties=ends).strip()
    return sentence + synthetic_note(words, synthetic=any(tile.synthetic for tile in shown))


def _ends(shown: Sequence[Tile], words: Words) -> str:
    """Which counties have come furthest and least far."""
    observed = [county for county in counties(shown) if not county.unknown] or counties(shown)
    order = sorted(observed, key=lambda county: (-Decimal(county.active) / county.municipalities, county.name))
    best, worst = order[0], order[-1]
    if best.active * worst.municipalities == worst.active * best.municipalities:
        return words("map.words.counties.same")
    highest, lowest = (
        [county for county in order if county.active * end.municipalities == end.active * county.municipalities]
        for end in (best, worst)
    )
    return words(
        "map.words.counties",
        best=formatting.listing([county.name for county in highest], words.language),
        n=sum(county.active for county in highest),
        m=sum(county.municipalities for county in highest),
        worst=formatting.listing([county.name for county in lowest], words.language),
        wn=sum(county.active for county in lowest),
        wm=sum(county.municipalities for county in lowest),
    )


def county_table(shown: Sequence[Tile], service: str, month: date, words: Words) -> str:
    """The counties as a table: how many have the service, are on the way, or are unknown."""
    caption = words("map.table", service=service, month=formatting.month(month, words.language))
    every_county = counties(shown)
    unknown = any(county.unknown for county in every_county)
    columns = [
        (words("map.table.county"), False),
        (words(f"map.table.{basis(shown) or 'EVENT'}"), True),
        (words("map.table.waiting"), True),
        *([(words("map.table.unknown"), True)] if unknown else []),
    ]
    rows = []
    for county in every_county:
        cells = [county.count_in_words(words), formatting.number(county.waiting, words.language)]
        if county.unknown == county.municipalities:
            cells = [formatting.MISSING, formatting.MISSING]
        if unknown:
            cells.append(formatting.number(county.unknown, words.language))
        rows.append([county.name, *cells])
    about = f'<p class="dif-small">{escape(words("map.table.waiting.about"))}</p>'
    return table("dif-counties", caption, columns, rows, label=words("map.table.region")) + about


# ── The geographic map, where borders are given ──────────────────────────────────────────────────────────────────────


def geographic_map(
    shown: Sequence[Tile],
    geometry: Geometry,
    words: Words,
    *,
    link: Callable[[str], str] | None = None,
    network: str | None = None,
) -> alt.LayerChart:
    """The same on a geographic map. The browser fetches the borders from an address, apart from the chart.

    Darkness shows the step on the ladder; other statuses show their letter. Each area links to its municipality. It
    cannot be reached by keyboard: the tile map can, and says the same.

    Args:
        shown: the municipalities in the month.
        geometry: the borders.
        words: the texts.
        link: gives a municipality's link from its code; None for a picture, which links nowhere and fetches nothing:
            the borders are in it.
        network: id of one's own network, which is outlined.
    """
    centre = {row["code"]: row for row in facts.read("municipality_centre")}
    named = _key_of_picture(shown, words)
    rows = [
        {
            "code": tile.code,
            "name": f"{tile.code} {tile.name}",
            "county": tile.county,
            "standing": standing(tile, words),
            "said": _tile_text(tile, words),
            "colour": COLOURS[tile.kind][0],
            "own": network in tile.networks,
            **({"link": link(tile.code)} if link else {"key": named[tile.kind]}),
        }
        for tile in shown
    ]
    signs = [
        {
            "longitude": float(centre[tile.code]["longitude"]),
            "latitude": float(centre[tile.code]["latitude"]),
            "letter": words(f"map.letter.{tile.kind}"),
        }
        for tile in shown
        if tile.kind not in LADDER
    ]
    form: dict[str, Any] = (
        {"type": "topojson", "feature": geometry.layer} if geometry.layer else {"type": "json", "property": "features"}
    )
    data = alt.LookupData(
        data=alt.InlineData(values=rows), key="code", fields=[name for name in rows[0] if name != "code"]
    )
    borders = (
        alt.UrlData(url=geometry.address, format=form)
        if link
        else alt.InlineData(values=json.loads(geometry.body), format=form)
    )
    areas = (
        alt.Chart(borders)
        .transform_lookup(lookup="id", from_=data)
        .transform_filter("isValid(datum.name)")
        .encode(
            tooltip=[
                alt.Tooltip("name:N", title=words("column.municipality")),
                alt.Tooltip("county:N", title=words("map.table.county")),
                alt.Tooltip("standing:N", title=words("column.step")),
            ],
            description=alt.Description("said:N"),
        )
    )
    if link:
        areas = areas.encode(href=alt.Href("link:N"))
    fill = alt.Color("colour:N", scale=None) if link else _keyed(named)
    # each municipality is labelled with its status, in our words
    layers = [areas.mark_geoshape(stroke=charts.GREY, strokeWidth=0.5, aria=True).encode(color=fill)]
    if network:
        own = areas.transform_filter("datum.own")
        # the areas drawn next cover the wide line, except on the outside
        layers.append(own.mark_geoshape(stroke=TEXT, strokeWidth=4, filled=False))
        layers.append(own.mark_geoshape(stroke=charts.GREY, strokeWidth=0.5).encode(color=fill))
    if signs:
        letters = alt.Chart(alt.InlineData(values=signs)).mark_text(color=TEXT, fontSize=11, fontWeight=600)
        layers.append(
            letters.encode(
                longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q"), text=alt.Text("letter:N")
            )
        )
    drawn = alt.layer(*layers).project(type="transverseMercator", rotate=[-16, 0, 0]).properties(height=760)
    return charts.themed(drawn, words.language)


def _key_of_picture(shown: Sequence[Tile], words: Words) -> dict[str, str]:
    """By status, in display order: its letter, where the map shows it, what it is called, and how many have it."""
    count = Counter(tile.kind for tile in shown)
    named = {}
    for kind in (kind for kind in KINDS if count[kind]):
        letter = "" if kind in LADDER else f"{words(f'map.letter.{kind}')}  "
        text = formatting.first(key_words(kind, shown, words))
        named[kind] = f"{letter}{text} {formatting.number(count[kind], words.language)}"
    return named


def _keyed(named: Mapping[str, str]) -> alt.Color:
    """The colours of a picture with their key, which the page draws beside its map."""
    scale = alt.Scale(domain=[*named.values()], range=[COLOURS[kind][0] for kind in named])
    legend = alt.Legend(title=None, orient="top-left", labelLimit=0, symbolType="square", symbolStrokeColor=charts.GREY)
    return alt.Color("key:N", scale=scale, legend=legend)


def not_drawn(shown: Sequence[Tile], geometry: Geometry) -> list[str]:
    """The names of municipalities that the geometry lacks."""
    return [tile.name for tile in shown if tile.code not in geometry.codes]
