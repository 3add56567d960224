"""The map of municipalities: what it is asked, what it draws, and how it is reached."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from dashboards.page import filters
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import Area, Row
from dashboards.release.reader import ReleaseReader
from dashboards.shared.geometry import Geometry
from dashboards.shared.narrative import months_between, next_month
from dashboards.views.uptake import maps
from dashboards.views.uptake import queries as uptake_queries
from dashboards.words import Words
from tests.dashboards import sample
from tests.dashboards.browser import BROWSER
from tests.dashboards.messages import MESSAGES, PLACE
from tests.dashboards.sample import THROUGH, story
from tests.dashboards.views.test_charts_and_tables import contrast
from transport.releases.release import current_release

COUNTRY = Area(area_kind="NO", area="NO", name="NO", part=False, certainty=None)
MAY, OCTOBER = date(2026, 5, 1), date(2026, 10, 1)
CSS = (Path(__file__).parents[3] / "dashboards" / "shared" / "page.css").read_text("utf-8")
VESTLAND = ("digivestland", "DigiVestland")


def link(code: str) -> str:
    return maps.municipality_links({"tjeneste": "svarut", "lang": "en"})(code)


@pytest.fixture(scope="module")
def here(template):
    found = current_release(template / "releases")
    assert found is not None
    return ReleaseReader(found, EVERYTHING)


@pytest.fixture(scope="module")
def stretches(here) -> dict[str, list[Row]]:
    return {one: uptake_queries.tiles(here, one) for one in ("fiks-digisos", "svarut", "min-kommune")}


@pytest.fixture(scope="module")
def october(stretches) -> list[maps.Tile]:
    return maps.tiles(stretches["svarut"], OCTOBER)


def mixed(shown: list[maps.Tile]) -> list[maps.Tile]:
    """The same with a municipality at each kind."""
    kinds = dict(zip([one.code for one in shown], maps.KINDS, strict=False))
    return [dataclasses.replace(one, kind=kinds.get(one.code, one.kind), active=False) for one in shown]


# ── What the release is asked ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("service", ["fiks-digisos", "svarut", "min-kommune"])
def test_each_month_is_told_once_of_each_municipality(stretches, service):
    by_code: dict[str, list[Row]] = defaultdict(list)
    for one in stretches[service]:
        by_code[one.municipality_code].append(one)
    assert len(by_code) == 357
    assert {some[-1].last_month for some in by_code.values()} == {THROUGH}
    assert len({some[0].first_month for some in by_code.values()}) == 1
    for some in by_code.values():
        assert [next_month(one.last_month) for one in some[:-1]] == [one.first_month for one in some[1:]]


@pytest.mark.parametrize("service", ["fiks-digisos", "svarut", "min-kommune"])
def test_the_map_counts_as_the_funnel_does_in_every_month_and_county(stretches, here, service):
    for area in [
        COUNTRY,
        Area(area_kind="COUNTY", area="46", name="Vestland", part=False, certainty=None),
        Area(area_kind="COUNTY", area="03", name="Oslo", part=False, certainty=None),
    ]:
        for row in uptake_queries.funnel(here, service, area, THROUGH):
            shown = [one for one in maps.tiles(stretches[service], row.month) if area.area in {"NO", one.county_code}]
            assert (sum(one.active for one in shown), len(shown)) == (row.active, row.municipalities)
            assert {one.basis for one in shown} == {row.active_basis}


def test_a_month_that_nobody_observed_is_unknown_and_no_zero(stretches, nb):
    shown = maps.tiles(stretches["fiks-digisos"], date(2023, 3, 1))
    assert {(one.kind, one.active, one.since) for one in shown} == {(maps.UNKNOWN, False, None)}
    assert maps.title(shown, "Fiks Digisos", date(2023, 3, 1), nb) == "Ingen tall for Fiks Digisos i mars 2023"
    said = maps.tile_map_in_words(shown, "Fiks Digisos", date(2023, 3, 1), nb)
    assert said == "Kart over Fiks Digisos i mars 2023: Ingen har meldt tall for tjenesten den måneden."
    assert {one.count_in_words(nb) for one in maps.counties(shown)} == {"ukjent"}
    assert ">0<" not in maps.county_table(shown, "Fiks Digisos", date(2023, 3, 1), nb).replace("<td", "\n<td")


def test_what_is_older_than_the_first_look_began_no_later_than_that(stretches):
    rows = [
        (one["municipality_code"], one["month"])
        for one in story().events
        if one["service"] == "fiks-digisos" and one["occurred_precision"] == "NO_LATER_THAN"
    ]
    told = {one.code: one for one in maps.tiles(stretches["fiks-digisos"], MAY)}
    assert rows
    assert {code for code, one in told.items() if one.no_later} == {code for code, _ in rows}
    assert all(told[code].since == month for code, month in rows)


def test_use_goes_back_to_its_first_month(stretches):
    now = maps.tiles(stretches["svarut"], OCTOBER)
    used = [one for one in now if one.kind == "IN_USE"]
    assert used
    for one in used[:40]:
        assert one.since is not None
        before = [
            other.active
            for month in (one.since, date(one.since.year - (one.since.month == 1), (one.since.month - 2) % 12 + 1, 1))
            for other in maps.tiles(stretches["svarut"], month)
            if other.code == one.code
        ]
        assert before == [True, False]
        assert months_between(one.since, OCTOBER) >= 0


def stepped(home: Path, code: str, *steps: tuple[str, date]) -> None:
    """Let a municipality take steps of `fiks-arkiv`, of which events tell, each standing until the next."""
    with duckdb.connect(home / "releases" / "current" / "dif.duckdb") as connection:
        months = [date(2026, n, 1) for n in range(1, 11)]
        for n, (step, month) in enumerate(steps):
            connection.execute(
                "insert into uptake.step_event by name select 'sample' as producer, $id as event_id,"
                " 'fiks-arkiv' as service, $code as municipality_code, $code as reported_code,"
                " 'MUNICIPALITY' as customer_kind, $step as step,"
                " $at as occurred_at, 'EXACT' as occurred_precision, $month as month, 'sample' as source,"
                " false as estimated, false as synthetic",
                {
                    "id": f"{code}/{n}",
                    "code": code,
                    "step": step,
                    "month": month,
                    "at": datetime(month.year, month.month, 10 + n, tzinfo=UTC),
                },
            )
            until = steps[n + 1][1] if n + 1 < len(steps) else date(2026, 11, 1)
            for one in months:
                if month <= one < until:
                    standing = "ACTIVATED" if step == "RESUMED" else step
                    connection.execute(
                        "insert into uptake.status_month by name select $month as month, $code as municipality_code,"
                        " 'MUNICIPALITY' as customer_kind, 'fiks-arkiv' as service, $step as step,"
                        " $step = 'ACTIVATED' as active, 'EVENT' as active_basis, false as estimated,"
                        " false as synthetic",
                        {"month": one, "code": code, "step": standing},
                    )
        connection.execute(
            "insert into uptake.funnel by name select unnest($months) as month, 'fiks-arkiv' as service,"
            " 'NO' as area_kind, 'NO' as area, 0 as annexed, 0 as configured, 0 as activated, 0 as active,"
            " 'EVENT' as active_basis, 0 as days_known, 357 as municipalities, 0 as share_of_population,"
            " false as synthetic",
            {"months": months},
        )
        made_of = [
            connection.table(f"uptake.{one}").to_arrow_table() for one in ("status_month", "step_event", "funnel")
        ]
        connection.register("stands", sample.standing(*made_of))
        connection.execute("create or replace table uptake.standing as from stands")


def test_who_paused_and_began_again_stands_so_since_it_began_again(sample_release):
    january, march, may, july = (date(2026, n, 1) for n in (1, 3, 5, 7))
    stepped(
        sample_release,
        "4601",
        ("ACTIVATED", january),
        ("SUSPENDED", march),
        ("RESUMED", may),
        ("TERMINATED", july),
    )
    found = current_release(sample_release / "releases")
    assert found is not None
    some = [
        one
        for one in uptake_queries.tiles(ReleaseReader(found, EVERYTHING), "fiks-arkiv")
        if one.municipality_code == "4601"
    ]
    assert [(one.standing, one.first_month, one.last_month, one.since) for one in some] == [
        ("ACTIVATED", january, date(2026, 2, 1), january),
        ("SUSPENDED", march, date(2026, 4, 1), march),
        ("ACTIVATED", may, date(2026, 6, 1), may),
        ("TERMINATED", july, OCTOBER, july),
    ]


def test_of_two_customers_of_a_municipality_the_furthest_counts(sample_release):
    stepped(sample_release, "4601", ("ANNEX_SIGNED", date(2026, 1, 1)))
    stepped(sample_release, "4601", ("ACTIVATED", date(2026, 4, 1)))
    found = current_release(sample_release / "releases")
    assert found is not None
    shown = {
        one.code: one
        for one in maps.tiles(uptake_queries.tiles(ReleaseReader(found, EVERYTHING), "fiks-arkiv"), OCTOBER)
    }
    assert (shown["4601"].kind, shown["4601"].active, shown["4601"].since) == ("ACTIVATED", True, date(2026, 4, 1))
    assert (shown["4602"].kind, shown["4602"].active) == ("NONE", False)


def test_a_slider_has_every_month_and_knows_which_nobody_observed(stretches):
    found = maps.months(stretches["fiks-digisos"])
    assert [month for month, _ in found][:: len(found) - 1] == [date(2018, 10, 1), THROUGH]
    assert len(found) == months_between(date(2018, 10, 1), THROUGH) + 1
    assert [month for month, observed in found if observed][-2:] == [date(2020, 5, 1), MAY]
    assert maps.months([]) == []


def test_a_service_that_nobody_ever_observed_has_no_map(here):
    assert uptake_queries.tiles(here, "fiks-arkiv") == []


def test_a_municipality_whose_delivery_is_missing_is_unknown_unless_it_is_in_use(stretches, here, nb):
    lacking = {one.municipality_code: one.active for one in uptake_queries.lacking(here, "svarut", COUNTRY, OCTOBER)}
    shown = {one.code: one for one in maps.tiles(stretches["svarut"], OCTOBER, set(lacking))}
    assert set(lacking.values()) == {True, False}
    assert {code for code, one in shown.items() if one.lacking} == {
        code for code, active in lacking.items() if not active
    }
    assert {one.kind for one in shown.values() if one.lacking} == {maps.UNKNOWN}
    vestland = next(one for one in maps.counties(list(shown.values())) if one.code == "46")
    assert vestland.count_in_words(nb) == f"minst {vestland.active} av 43"
    assert vestland.unknown == 3


# ── What it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_map_in_words_has_every_municipality_and_the_counties_at_both_ends(october, nb):
    said = maps.tile_map_in_words(october, "SvarUt", OCTOBER, nb)
    counted = [int(one) for one in re.findall(r"(\d+) kommuner? ", said)]
    assert sum(counted) == 357
    assert said.startswith(f"Kart over SvarUt i oktober 2026: {sum(one.active for one in october)} kommuner i bruk")
    assert "Størst andel i Oslo (1 av 1), minst i " in said
    assert said.endswith("· syntetisk")


def test_counties_that_tie_are_named_together(october, nb):
    waiting = {"kind": "ANNEX_SIGNED", "active": False}
    none = [dataclasses.replace(one, **waiting) if one.code[:2] in {"31", "32"} else one for one in october]
    assert "minst i Akershus og Østfold (0 av 33)" in maps.tile_map_in_words(none, "SvarUt", OCTOBER, nb)


def test_activated_by_events_is_never_called_in_use(stretches):
    for language, word in (("nb", "i bruk"), ("en", "in use")):
        words = Words(language)
        shown = maps.tiles(stretches["fiks-digisos"], MAY)
        drawn = maps.tile_map(shown, "Fiks Digisos", MAY, words, link=link)
        assert word not in drawn.lower()
        assert maps.title(shown, "Fiks Digisos", MAY, words).startswith("197")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_step_has_a_letter_of_its_own(language):
    letters = [Words(language)(f"map.letter.{kind}") for kind in maps.KINDS]
    assert len(set(letters)) == len(letters)
    assert all(len(one) == 1 for one in letters)


def test_every_text_of_the_map_stands_in_the_catalogue_of_the_pages(nb):
    assert all(words(key, **parts(key)) for words in (nb, Words("en")) for key in MESSAGES if key.startswith("map-"))


def parts(key: str) -> dict[str, int]:
    return {place[0]: 2 for place in PLACE.findall(MESSAGES[key].nb + MESSAGES[key].en)}


# ── What it draws ────────────────────────────────────────────────────────────────────────────────────────────────────


class Walk(HTMLParser):
    """The map as a screen reader meets it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.kinds: list[str] = []
        self.groups = 0
        self.lists = 0
        self.picture = ""
        self.inside = ""
        self.hidden = False
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.groups += told.get("role") == "group"
        self.lists += tag == "ul"
        if tag == "a" and told["href"].startswith("/"):
            self.inside = told["href"]
            self.links[self.inside] = ""
            self.kinds.append(told["class"])
        if tag == "img":
            assert told["alt"] == ""
            self.picture = unquote(told["src"])
        self.hidden = told.get("aria-hidden") == "true"

    def handle_endtag(self, tag):
        self.hidden = False
        if tag == "a":
            self.inside = ""

    def handle_data(self, data):
        if self.inside and not self.hidden:
            self.links[self.inside] += data


def test_each_municipality_is_a_link_with_its_name_its_step_and_since_when(october, nb):
    walk = Walk(maps.tile_map(october, "SvarUt", OCTOBER, nb, link=link))
    assert len(walk.links) == 357
    assert (walk.groups, walk.lists) == (15, 16)
    bergen = walk.links["/bruk?kommune=4601&tjeneste=svarut&lang=en"]
    assert re.fullmatch(r"Bergen \(4601\): i bruk siden \w+ 202\d", bergen)
    of_two_kinds = [dataclasses.replace(one, synthetic=one.code == "4601") for one in october]
    walk = Walk(maps.tile_map(of_two_kinds, "SvarUt", OCTOBER, nb, link=link))
    assert [said for said in walk.links.values() if "syntetisk" in said] == [f"{bergen} · syntetisk"]
    assert Counter(walk.kinds)["dif-in-use"] == sum(one.kind == "IN_USE" for one in october)


def test_each_county_says_how_many_of_how_many(october, nb):
    drawn = maps.tile_map(october, "SvarUt", OCTOBER, nb, link=link)
    for one in maps.counties(october):
        assert f"{one.name} <b>{one.active} av {one.municipalities}</b></p>" in drawn
    assert sum(one.municipalities for one in maps.counties(october)) == 357


def test_the_own_network_is_outlined_around_its_members_only(october, nb):
    plain = maps.tile_map(october, "SvarUt", OCTOBER, nb, link=link)
    own = maps.tile_map(october, "SvarUt", OCTOBER, nb, link=link, network=VESTLAND)
    assert "Omriss: DigiVestland" in own
    assert "Omriss" not in plain
    lines = [len(re.findall("M", one)) for one in re.findall(r" d='([^']+)'", Walk(own).picture)]
    cells = {maps.places()[one.code] for one in october if "digivestland" in one.networks}
    assert len(cells) == 43
    assert lines[-1] == len(maps.outline(cells))
    assert len(Walk(plain).picture) < len(Walk(own).picture)


@pytest.mark.parametrize(("kind", "area", "members"), [("NETWORK", "digivestland", 43), ("COUNTY", "03", 1)])
def test_the_map_zooms_to_a_network_or_a_county_with_names_and_faint_neighbours(october, nb, kind, area, members):
    inside = [one.code for one in october if one.is_in(kind, area)]
    assert len(inside) == members
    zoomed = maps.tile_map(october, "SvarUt", OCTOBER, nb, link=link, inside=inside)
    tiles = re.findall(r"<li( class=\"dif-faint\")? style=\"--x:([-\d.]+);--y:([-\d.]+)\">(.*?)</li>", zoomed)
    wide, high = (float(one) for one in re.search(r"--wide:([\d.]+);--high:([\d.]+)", zoomed).groups())
    assert len(tiles) < 357
    assert all(-0.1 <= float(x) <= wide - 0.9 and -0.1 <= float(y) <= high - 1 for _, x, y, _ in tiles)
    named = [markup for faint, _, _, markup in tiles if not faint]
    assert len(named) == members
    assert all("<b style" in markup for markup in named)
    assert not any("<b" in markup for faint, _, _, markup in tiles if faint), "neighbours have no name and no letter"
    assert all("/bruk?kommune=" in markup for _, _, _, markup in tiles), "neighbours are links too"
    counted = sum(one.active for one in october if one.code in inside)
    noun = "kommune" if members == 1 else "kommuner"
    claim = f"{counted} av {members} {noun} i Stedet bruker SvarUt"
    shown = [one for one in october if one.code in inside]
    assert maps.title(shown, "SvarUt", OCTOBER, nb, "Stedet").startswith(claim)


def test_names_on_tiles_are_norwegian_and_their_abbreviations_are_told_apart(october):
    sami = dataclasses.replace(october[0], name="Trondheim - Tråante")
    assert maps.plain_name(sami) == "Trondheim"
    assert maps.abbreviated(["Suldal", "Sula", "Sola"]) == {"Suldal": "Suld", "Sula": "Sula", "Sola": "Sol"}


def test_the_map_plays_from_the_first_month_with_numbers_and_skips_those_without(opened, sample_release):
    page = opened(sample_release, tjeneste="fiks-digisos")
    assert "Avspillingen hopper over 71 måneder uten tall." in "".join(one.value for one in page.html)
    page.button(key="map_play").click().run()
    assert page.select_slider[0].value == "2018-10"
    assert page.button(key="map_play").label == "Stopp"


def test_playing_goes_to_the_next_month_with_numbers_from_any_month_and_stays_on_the_last(monkeypatch):
    state = {"filter_kartmaned": "2018-10"}
    monkeypatch.setattr(filters.st, "session_state", state)
    for at, then in (("2018-10", "2018-11"), ("2020-05", "2026-05"), ("2023-01", "2026-05"), ("2026-05", "2026-05")):
        state["filter_kartmaned"] = at
        filters.play_map(["2018-10", "2018-11", "2020-05", "2026-05"])
        assert state["filter_kartmaned"] == then


def test_a_line_runs_once_around_one_tile_and_not_between_two():
    assert len(maps.outline({(4, 4)})) == 6
    assert len(maps.outline({(4, 4), (5, 4)})) == 10
    assert len(maps.outline({(4, 4)}, among={(5, 4), (9, 9)})) == 1
    (ax, ay, bx, by) = maps.outline({(4, 4)}, among={(5, 4)})[0]
    assert (ax, bx) == (4.5, 4.5)
    assert abs(ay - by) == pytest.approx(1 / 3**0.5)


def test_names_are_escaped(october, nb):
    evil = [dataclasses.replace(october[0], name="<script>x</script>", county="<b>"), *october[1:]]
    drawn = maps.tile_map(
        evil, "<i>", OCTOBER, nb, link=lambda code: f'/bruk?kommune={code}"><script>', network=("a", "<u>")
    )
    assert "<script>" not in drawn
    assert "<u>" not in drawn
    assert "<i>" not in drawn


def test_the_table_of_counties_has_the_numbers_of_the_map(october, nb):
    made = maps.county_table(october, "SvarUt", OCTOBER, nb)
    assert made.count('<th scope="row">') == 15
    assert "Ukjent" not in made
    for one in maps.counties(october):
        assert f'{one.name}</th><td class="dif-number">{one.active} av {one.municipalities}</td>' in made
        assert one.active + one.waiting <= one.municipalities


@pytest.mark.parametrize("kind", maps.KINDS)
def test_letters_stand_out_from_their_tile_as_the_style_draws_it(kind):
    background, text = maps.COLOURS[kind]
    assert contrast(background, text) >= 4.5
    rule = re.search(
        rf"\.dif-map \.dif-{kind.lower().replace('_', '-')} i {{ background: ([^;]+); color: (#\w+); }}", CSS
    )
    assert rule is not None
    drawn, on_it = rule.groups()
    assert all(contrast(one, on_it) >= 4.5 for one in re.findall(r"#\w{6}", drawn) if kind != maps.UNKNOWN)
    assert background in drawn or "gradient" in drawn


def test_the_ladder_goes_from_light_to_dark():
    against = [contrast(maps.COLOURS[kind][0], "#ffffff") for kind in maps.LADDER]
    assert against == sorted(against)
    assert len(set(against)) == len(against)


def test_suspended_is_hatched_and_unknown_dotted():
    assert re.search(r"\.dif-suspended i { background: repeating-linear-gradient", CSS)
    assert re.search(r"\.dif-unknown i { background: radial-gradient", CSS)


def values(data, spec):
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


GEOMETRY = Geometry("Kommuner", frozenset(maps.places()) - {"4601"}, b"{}", b"", "abc")


def test_the_geographic_map_fetches_its_borders_and_has_the_same_colours(october, nb):
    shown = mixed(october)
    spec = maps.geographic_map(shown, GEOMETRY, nb, link=link, network="digivestland").to_dict()
    first = spec["layer"][0]
    assert (first.get("data") or spec["data"])["url"] == "/app/geometry?v=abc"
    assert (first.get("data") or spec["data"])["format"] == {"type": "topojson", "feature": "Kommuner"}
    rows = values(first["transform"][0]["from"]["data"], spec)
    assert {row["code"]: row["colour"] for row in rows} == {one.code: maps.COLOURS[one.kind][0] for one in shown}
    assert {row["link"] for row in rows} == {link(one.code) for one in shown}
    assert spec["usermeta"]["embedOptions"]["renderer"] == "svg"
    letters = spec["layer"][-1]
    signs = values(letters["data"], spec)
    assert sorted(one["letter"] for one in signs) == ["?", "L", "P", "X"]
    assert maps.not_drawn(shown, GEOMETRY) == ["Bergen"]


def test_the_geographic_map_of_geojson_reads_its_features(october, nb):
    spec = maps.geographic_map(october, dataclasses.replace(GEOMETRY, layer=""), nb, link=link).to_dict()
    data = spec["layer"][0].get("data") or spec["data"]
    assert data["format"] == {"type": "json", "property": "features"}
    assert len(spec["layer"]) == 1


def test_a_picture_of_the_geographic_map_has_its_borders_and_a_key_to_what_it_shows_in_it(october, nb):
    shown = mixed(october)
    spec = maps.geographic_map(shown, dataclasses.replace(GEOMETRY, body=b'{"type": "Topology"}'), nb).to_dict()
    first = spec["layer"][0]
    data = first.get("data") or spec["data"]
    assert (data if "values" in data else {"values": spec["datasets"][data["name"]]})["values"] == {"type": "Topology"}
    assert "href" not in first["encoding"]
    scale = first["encoding"]["color"]["scale"]
    kinds = [kind for kind in maps.KINDS if any(one.kind == kind for one in shown)]
    assert scale["range"] == [maps.COLOURS[kind][0] for kind in kinds]
    for kind, text in zip(kinds, scale["domain"], strict=True):
        assert text.endswith(f" {sum(one.kind == kind for one in shown)}")
        assert text.startswith(f"{nb(f'map.letter.{kind}')} ") == (kind not in maps.LADDER)
    rows = values(first["transform"][0]["from"]["data"], spec)
    assert {row["key"] for row in rows} == set(scale["domain"])


# ── How it is reached ────────────────────────────────────────────────────────────────────────────────────────────────


def in_browser(test):
    return pytest.mark.browser(pytest.mark.skipif(BROWSER is None, reason="not run: no browser")(test))


@pytest.fixture
def drawn(tab, october, nb):
    """The map in a browser, between a link before it and one after it."""
    made = maps.tile_map(mixed(october), "SvarUt", OCTOBER, nb, link=link, network=VESTLAND)
    html = (
        f'<!doctype html><html lang="nb"><title>Kart</title><style>{CSS}</style><main><h1>Kart</h1>'
        f'<a id="before" href="/x">før</a>{made}<a id="after" href="/y">etter</a></main></html>'
    )
    tab.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    tab.goto("http://pages.test/")
    return tab


def focused(tab) -> str:
    return tab.evaluate("document.activeElement.innerText || document.activeElement.id")


@in_browser
def test_tab_goes_over_the_map_by_its_first_link_or_through_it_and_enter_opens(drawn):
    drawn.locator("#before").focus()
    drawn.keyboard.press("Tab")
    assert "Hopp over kartet (357 lenker)" in focused(drawn)
    assert drawn.locator(".dif-map-skip a").bounding_box()["height"] > 10
    drawn.keyboard.press("Enter")
    drawn.keyboard.press("Tab")
    assert drawn.evaluate("document.activeElement.id") == "after"
    drawn.locator("#before").focus()
    drawn.keyboard.press("Tab")
    drawn.keyboard.press("Tab")
    first = drawn.evaluate("document.activeElement.getAttribute('href')")
    assert first.startswith("/bruk?kommune=42")  # Agder is the first county by name
    shown = drawn.evaluate("getComputedStyle(document.activeElement.querySelector('span')).opacity")
    ring = drawn.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert (shown, ring) == ("1", "solid")
    drawn.keyboard.press("Enter")
    drawn.wait_for_url("**/bruk?kommune=42*")


@in_browser
def test_every_tile_can_be_pointed_at_and_none_covers_another(drawn):
    wrong = drawn.evaluate(
        """() => [...document.querySelectorAll('.dif-map-tiles li')].filter(li => {
            const box = li.getBoundingClientRect();
            li.scrollIntoView({block: 'center'});
            const now = li.getBoundingClientRect();
            const hit = document.elementFromPoint(now.x + now.width / 2, now.y + now.height / 2);
            return !hit || hit.closest('li') !== li;
        }).length"""
    )
    assert wrong == 0


@pytest.mark.slow("looks of one page")
@in_browser
def test_the_counties_stand_in_a_table_beside_the_map_and_on_a_phone_below_it(drawn):
    beside_it = """() => {
        const [map, table] = ['.dif-map-frame', '.dif-counties'].map(
            one => document.querySelector(one).getBoundingClientRect());
        return table.left > map.right && table.top < map.bottom && table.right <= innerWidth;
    }"""
    drawn.set_viewport_size({"width": 1280, "height": 900})
    assert drawn.get_by_role("cell", name="av 25").first.is_visible()
    assert drawn.evaluate(beside_it)
    drawn.set_viewport_size({"width": 1000, "height": 900})
    assert not drawn.locator(".dif-map-narrow").is_visible()
    drawn.set_viewport_size({"width": 320, "height": 800})
    assert drawn.locator(".dif-map-tiles").is_visible()
    edges = """() => {
        const boxes = [...document.querySelectorAll('.dif-map-tiles li')].map(li => li.getBoundingClientRect());
        const frame = document.querySelector('.dif-map-frame').getBoundingClientRect();
        return [Math.min(...boxes.map(x => x.left)) - frame.left, frame.right - Math.max(...boxes.map(x => x.right))];
    }"""
    assert all(0 <= beside < 3 for beside in drawn.evaluate(edges))
    drawn.locator(".dif-map-narrow summary").click()
    assert drawn.locator(".dif-counties").is_visible()
    assert drawn.evaluate("document.documentElement.scrollWidth") <= 320
