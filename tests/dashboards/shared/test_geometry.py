"""Borders of a geographic map: any file of municipalities is made fit for Vega, or refused with the mend."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalog import facts
from catalog.errors import BadSetting
from dashboards.server import start
from dashboards.shared import geometry
from transport.base import settings

TOPOJSON = Path(__file__).resolve().parents[3].parent / "shared" / "vendor" / "municipalities-2024.topojson"
NOW = [row["code"] for row in facts.read("municipality") if not row["valid_to"]]


def square(n: int, *, clockwise: bool) -> list[list[float]]:
    """A square of a tenth of a degree, each municipality's beside the one before."""
    x, y = 5 + n % 20 / 2, 58 + n // 20 / 2
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return ring[::-1] if clockwise else ring


def collection(name: str = "kommunenummer", *, number: bool = False, clockwise: bool = False, **more: object) -> dict:
    features = [
        {
            "type": "Feature",
            "properties": {name: int(code) if number else code, "navn": f"Sted {n}", **more},
            "geometry": {"type": "Polygon", "coordinates": [square(n, clockwise=clockwise)]},
        }
        for n, code in enumerate(NOW)
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture
def written(tmp_path):
    def write(content: object) -> Path:
        file = tmp_path / "kart.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return file

    return write


def turns(ring) -> float:
    """Below zero for a ring that runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


@pytest.mark.parametrize("name", ["kommunenummer", "KOMMUNENR", "id", "lau2"])
@pytest.mark.parametrize("number", [False, True])
def test_the_municipality_number_is_found_whatever_its_name_and_type(written, name, number):
    found = geometry.read(written(collection(name, number=number)), NOW)
    assert found.codes == set(NOW)
    body = json.loads(found.body)
    assert [one["id"] for one in body["features"]] == NOW
    assert {str(one["properties"]) for one in body["features"]} == {"{}"}


def test_a_number_beside_the_properties_is_found(written):
    given = collection("navn2")
    for one in given["features"]:
        one["id"] = one["properties"].pop("navn2")
    assert geometry.read(written(given), NOW).codes == set(NOW)


@pytest.mark.parametrize("clockwise", [False, True])
def test_rings_of_geojson_run_the_way_vega_takes_them(written, clockwise):
    given = collection(clockwise=clockwise)
    hole = [[5.02, 58.02], [5.04, 58.02], [5.04, 58.04], [5.02, 58.04], [5.02, 58.02]]
    given["features"][0]["geometry"]["coordinates"].append(hole)
    body = json.loads(geometry.read(written(given), NOW).body)
    outer, inner = body["features"][0]["geometry"]["coordinates"][0]
    assert turns(outer) < 0 < turns(inner)
    assert all(turns(one["geometry"]["coordinates"][0][0]) < 0 for one in body["features"])


def topology(*, clockwise: bool, quantised: bool) -> dict:
    arcs = [square(n, clockwise=clockwise) for n in range(len(NOW))]
    made: dict = {
        "type": "Topology",
        "objects": {
            "fylker": {"type": "GeometryCollection", "geometries": []},
            "kommuner": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"kommunenummer": code}, "arcs": [[n]]}
                    for n, code in enumerate(NOW)
                ],
            },
        },
    }
    if quantised:
        whole = [[[round(x * 1000), round(y * 1000)] for x, y in arc] for arc in arcs]
        arcs = [[arc[0], *([b[0] - a[0], b[1] - a[1]] for a, b in itertools.pairwise(arc))] for arc in whole]
        made["transform"] = {"scale": [0.001, 0.001], "translate": [0, 0]}
    return {**made, "arcs": arcs}


def rings(body) -> list[list[tuple[float, float]]]:
    """Decoded as topojson-client does."""
    arcs = []
    (scale, _), (left, top) = body["transform"]["scale"], body["transform"]["translate"]
    for arc in body["arcs"]:
        x = y = 0
        arcs.append([])
        for dx, dy in arc:
            x, y = x + dx, y + dy
            arcs[-1].append((x * scale + left, y * scale + top))
    (layer,) = body["objects"].values()
    return [
        [at for n in ring for at in (arcs[n] if n >= 0 else arcs[~n][::-1])]
        for one in layer["geometries"]
        for rings_ in one["arcs"]
        for ring in rings_[:1]
    ]


@pytest.mark.parametrize("clockwise", [False, True])
@pytest.mark.parametrize("quantised", [False, True])
def test_rings_of_topojson_run_the_way_vega_takes_them(written, clockwise, quantised):
    found = geometry.read(written(topology(clockwise=clockwise, quantised=quantised)), NOW)
    assert (found.layer, found.codes) == ("kommuner", set(NOW))
    made = rings(json.loads(found.body))
    assert all(turns(one) < 0 for one in made)
    assert made[0][0] == pytest.approx((5, 58))


def test_kartverkets_borders_are_read_and_become_small():
    if not TOPOJSON.exists():
        pytest.skip("not run: ../shared absent")
    found = geometry.read(TOPOJSON, NOW)
    assert (found.layer, found.codes) == ("Kommuner", set(NOW))
    assert len(found.packed) < 100_000
    assert gzip.decompress(found.packed) == found.body
    assert all(turns(one) < 0 for one in rings(json.loads(found.body)) if len({*one}) > 3)


def test_a_file_of_some_municipalities_says_which_it_has(written):
    given = collection()
    given["features"] = [one for one in given["features"] if one["properties"]["kommunenummer"] != "4601"]
    given["features"][0]["properties"]["kommunenummer"] = "1201"  # Bergen before 2020
    assert geometry.read(written(given), NOW).codes == set(NOW) - {"4601", NOW[0]}


UTM = collection()
for feature in UTM["features"]:
    feature["geometry"]["coordinates"] = [[[x * 10_000, y * 100_000] for x, y in feature["geometry"]["coordinates"][0]]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<kml/>", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[1]", "a Topology or a FeatureCollection"),
        ({"type": "FeatureCollection"}, "lacks or misstates 'features'"),
        ({"type": "FeatureCollection", "features": [1]}, "lacks or misstates"),
        ({"type": "FeatureCollection", "features": []}, "its 0 features have no properties"),
        (collection("navn2", kommunenr="0000") | {"x": 1}, None),
        (UTM, "WGS 84"),
        ({"type": "Topology", "objects": {}, "arcs": []}, "a collection of geometries"),
        ({**topology(clockwise=True, quantised=False), "arcs": [[[0, 0]]]}, "lacks or misstates"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_mend(written, content, expected):
    if expected is None:  # another property fits: the name alone decides nothing
        assert geometry.read(written(content), NOW).codes == set(NOW)
        return
    with pytest.raises(BadSetting) as said:
        geometry.read(written(content), NOW)
    assert expected in said.value.problem
    assert "DIF_MAP_GEOMETRY" in said.value.mend


def test_a_file_without_numbers_says_which_properties_it_has(written):
    given = collection()
    for one in given["features"]:
        del one["properties"]["kommunenummer"]
    with pytest.raises(BadSetting, match="its 357 features have navn"):
        geometry.read(written(given), NOW)


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path, written):
    with pytest.raises(BadSetting, match="can be read"):
        geometry.read(tmp_path / "none.json", NOW)
    large = written("")
    with large.open("r+b") as stream:
        stream.truncate(geometry.MOST_BYTES + 1)
    with pytest.raises(BadSetting, match="at most 20 MB"):
        geometry.read(large, NOW)


def test_the_setting_names_the_file(tmp_path, monkeypatch):
    assert settings.load(tmp_path).map_geometry is None
    monkeypatch.setenv("DIF_MAP_GEOMETRY", str(tmp_path / "kart.json"))
    assert settings.load(tmp_path).map_geometry == tmp_path / "kart.json"


def test_the_pages_are_served_with_the_file_that_is_set(tmp_path):
    given = settings.Settings(home=tmp_path, map_geometry=tmp_path / "kart.json")
    argv = start.command(given)
    assert argv[argv.index("--map-geometry") + 1] == str(tmp_path / "kart.json")
    assert "--map-geometry" not in start.command(given.but(map_geometry=None))


def test_the_server_gives_the_borders_packed_and_to_be_kept(written):
    file = written(collection())
    client = TestClient(Starlette(routes=[geometry.route(file)]))
    found = geometry.load(file)
    answer = client.get(found.address)
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.json() == json.loads(found.body)
    plain = client.get(geometry.ADDRESS, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == found.body


def test_the_server_has_no_borders_where_the_file_cannot_be_used(written):
    client = TestClient(Starlette(routes=[geometry.route(written("<kml/>"))]))
    assert client.get(geometry.ADDRESS).status_code == 404


def test_a_file_that_changes_gets_another_address(written):
    first = geometry.load(written(collection())).address
    given = collection()
    given["features"][0]["geometry"]["coordinates"][0][0][0] += 1
    changed = geometry.read(written(given), NOW).address
    assert first != changed
