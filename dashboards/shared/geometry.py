"""The borders of a geographic map, where `map_geometry` names a file: read, checked, and prepared for Vega.

The file is TopoJSON or GeoJSON of municipalities, with their numbers in any property. The served file keeps only the
number, as `id`, and winds rings the way Vega expects: RFC 7946 winds them the other way, which Vega reads as the whole
world except the municipality.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response
from starlette.routing import Route

from catalog import facts
from catalog.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from starlette.requests import Request

SETTING: Final = "map_geometry"
ADDRESS: Final = "/app/geometry"
"""Its path on the pages' server."""
MOST_BYTES: Final = 20_000_000
_NAMES_LIKE: Final = ("kommunenummer", "kommunenr", "komm", "id", "code")
"""Property names to prefer, in order, where two properties fit equally well."""

_FINE: Final = 0.001
"""Precision in degrees: a tenth of a pixel on a map of the country."""

Ring = list[Any]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Borders that Vega can draw.

    Attributes:
        layer: the name of the TopoJSON object; empty for GeoJSON.
        codes: the current municipalities in it.
        body: the served file; `packed` is the same in gzip.
        version: changes with the content, so that a browser may cache the file.
    """

    layer: str
    codes: frozenset[str]
    body: bytes
    packed: bytes
    version: str

    @property
    def address(self) -> str:
        """The address that a chart fetches it from."""
        return f"{ADDRESS}?v={self.version}"


def _bad(file: Path, expected: str) -> BadSetting:
    return BadSetting(SETTING, str(file), expected)


def read(file: Path, municipalities: Collection[str]) -> Geometry:
    """Read borders and prepare them for Vega.

    Args:
        file: TopoJSON or GeoJSON in degrees.
        municipalities: the codes of the current municipalities.

    Raises:
        BadSetting: the file is missing, too large, not in either format, in another coordinate system, or not of
            municipalities.
    """
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise _bad(
                file,
                f"a file of at most {most} MB, but it has {size // 1_000_000}: simplify its lines, as with mapshaper",
            )
        given = json.loads(file.read_bytes())
    except OSError as problem:
        raise _bad(file, f"a file that can be read ({problem.strerror})") from None
    except (ValueError, RecursionError):
        raise _bad(file, "TopoJSON or GeoJSON, but it is not JSON") from None
    kind = given.get("type") if isinstance(given, dict) else None
    try:
        if kind == "Topology":
            layer, document, codes = _topology(file, given, municipalities)
        elif kind == "FeatureCollection":
            layer, document, codes = "", *_collection(file, given, municipalities)
        else:
            raise _bad(file, f"a Topology or a FeatureCollection, but its type is {kind!r}")
    except (KeyError, IndexError, TypeError, AttributeError) as problem:
        raise _bad(file, f"complete TopoJSON or GeoJSON, but it lacks or misstates {problem}") from None
    body = json.dumps(document, separators=(",", ":")).encode()
    return Geometry(layer, codes, body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:16])


def _number(value: object) -> str:
    """A municipality number as text, also where the file has an integer, without its leading zero."""
    return f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else str(value).strip().zfill(4)


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    return {**(feature.get("properties") or {}), **({"id": feature["id"]} if "id" in feature else {})}


def _numbered(file: Path, features: Sequence[Mapping[str, Any]], municipalities: Collection[str]) -> list[str | None]:
    """The municipality number of each feature, from the property that fits best; None where it is not a current one."""
    names = sorted({name for feature in features for name in _properties(feature)})
    wanted = set(municipalities)

    def fits(name: str) -> tuple[int, int]:
        candidates = {_number(_properties(feature)[name]) for feature in features if name in _properties(feature)}
        like = next((n for n, part in enumerate(_NAMES_LIKE) if part in name.lower()), len(_NAMES_LIKE))
        return len(candidates & wanted), -like

    best = max(names, key=fits, default="")
    if not best or fits(best)[0] * 2 < len(wanted):
        has = f"its {len(features)} features have {', '.join(names) or 'no properties'}"
        raise _bad(
            file,
            f"current municipality numbers in a property like kommunenummer, for at least half of {len(wanted)}; {has}",
        )
    numbers = [_number(_properties(feature).get(best)) for feature in features]
    return [number if number in wanted else None for number in numbers]


def _collection(
    file: Path, given: Mapping[str, Any], municipalities: Collection[str]
) -> tuple[dict[str, Any], frozenset[str]]:
    features = [feature for feature in given["features"] if feature.get("geometry")]
    made = []
    for feature, code in zip(features, _numbered(file, features, municipalities), strict=True):
        if code is None:
            continue
        polygons = _polygons(feature["geometry"], "coordinates")
        for ring in itertools.chain.from_iterable(polygons):
            _in_degrees(file, ring)
        wound = [[_wound(ring, _rounded(ring), outer=not n) for n, ring in enumerate(rings)] for rings in polygons]
        geometry = {"type": "MultiPolygon", "coordinates": wound}
        made.append({"type": "Feature", "id": code, "properties": {}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": made}, frozenset(str(kept["id"]) for kept in made)


def _rounded(ring: Ring) -> Ring:
    """The ring without elevation, rounded to visible precision."""
    return [[round(at[0], 3), round(at[1], 3)] for at in ring]


def _polygons(geometry: Mapping[str, Any], name: str) -> list[list[Ring]]:
    """The polygons of a geometry, each a list of rings, the outer first; points and lines have none."""
    if geometry["type"] == "Polygon":
        return [geometry[name]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry[name])
    return []


def _wound(points: Sequence[Sequence[float]], ring: Ring, *, outer: bool) -> Ring:
    """The ring, clockwise if outer, else counterclockwise, as d3 expects for a small part of the globe."""
    clockwise = _area(points) < 0
    return ring if clockwise == outer else ring[::-1]


def _area(points: Sequence[Sequence[float]]) -> float:
    """Twice the enclosed area, negative where the points run clockwise with north up."""
    ends = zip(points, [*points[1:], *points[:1]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in ends)


def _in_degrees(file: Path, points: Sequence[Sequence[float]]) -> None:
    if any(abs(point[0]) > 180 or abs(point[1]) > 90 for point in points):  # noqa: PLR2004
        raise _bad(file, "longitudes and latitudes (WGS 84, EPSG:4326), but its coordinates are in another system")


def _topology(
    file: Path, given: Mapping[str, Any], municipalities: Collection[str]
) -> tuple[str, dict[str, Any], frozenset[str]]:
    arcs = list(_arcs(given))
    for arc in arcs:
        _in_degrees(file, arc)
    layers = {
        name: collection["geometries"] for name, collection in given["objects"].items() if "geometries" in collection
    }
    if not layers:
        raise _bad(file, "a Topology with a collection of geometries")
    problem: BadSetting | None = None
    for layer, geometries in sorted(layers.items()):
        features = [geometry for geometry in geometries if geometry.get("type")]
        try:
            numbers = _numbered(file, features, municipalities)
        except BadSetting as refusal:
            problem = refusal
            continue
        made = [
            {
                "type": "MultiPolygon",
                "id": code,
                "arcs": [
                    [_wound_arcs(ring, arcs, outer=not n) for n, ring in enumerate(rings)]
                    for rings in _polygons(feature, "arcs")
                ],
            }
            for feature, code in zip(features, numbers, strict=True)
            if code
        ]
        lines = {"transform": given["transform"], "arcs": given["arcs"]} if given.get("transform") else _stepped(arcs)
        objects = {layer: {"type": "GeometryCollection", "geometries": made}}
        return layer, {"type": "Topology", "objects": objects, **lines}, frozenset(str(kept["id"]) for kept in made)
    raise problem or _bad(file, "a Topology of municipalities")


def _arcs(given: Mapping[str, Any]) -> Iterator[list[Point]]:
    """The arcs in degrees; a quantised arc stores each point as a step from the one before."""
    transform = given.get("transform")
    for arc in given["arcs"]:
        if not transform:
            yield [(float(point[0]), float(point[1])) for point in arc]
            continue
        (scale_x, scale_y), (from_x, from_y) = transform["scale"], transform["translate"]
        xs, ys = itertools.accumulate(point[0] for point in arc), itertools.accumulate(point[1] for point in arc)
        yield [(x * scale_x + from_x, y * scale_y + from_y) for x, y in zip(xs, ys, strict=True)]


def _stepped(arcs: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """The arcs as whole steps of `_FINE` between points, with coinciding points merged: a fifth of the size."""
    quantised = []
    for arc in arcs:
        whole = [(round(x / _FINE), round(y / _FINE)) for x, y in arc]
        kept = [at for n, at in enumerate(whole) if n in {0, len(whole) - 1} or at != whole[n - 1]]
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(kept)]
        quantised.append([kept[0], *steps])
    return {"transform": {"scale": [_FINE, _FINE], "translate": [0, 0]}, "arcs": quantised}


def _wound_arcs(ring: list[int], arcs: Sequence[Sequence[Point]], *, outer: bool) -> list[int]:
    """`_wound` for a ring of arcs: `~n` is arc n reversed."""
    points = [at for n in ring for at in (arcs[n] if n >= 0 else arcs[~n][::-1])[:-1]]
    turned = _wound(points, ring, outer=outer)
    return ring if turned is ring else [~n for n in turned]


@functools.lru_cache(maxsize=2)
def _read(file: Path, _changed: int) -> Geometry:
    return read(file, {row["code"] for row in facts.read("municipality") if not row["valid_to"]})


def load(file: Path) -> Geometry:
    """The borders in a file, read again only when it changes.

    Raises:
        BadSetting: as `read` says.
    """
    return _read(file, file.stat().st_mtime_ns if file.is_file() else 0)


def route(file: Path) -> Route:
    """The server route that a chart fetches the borders from."""

    async def borders(request: Request) -> Response:
        try:
            geometry = await asyncio.to_thread(load, file)
        except BadSetting:
            return Response(status_code=404)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(geometry.packed if packed else geometry.body, media_type="application/json", headers=headers)

    return Route(ADDRESS, borders)
