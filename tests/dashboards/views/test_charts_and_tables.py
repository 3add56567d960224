from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from catalog.tables.datasets import DATASETS
from dashboards.release.query import Area, Row
from dashboards.shared import charts, tables
from dashboards.shared import queries as shared_queries
from dashboards.views.uptake import charts as uptake_charts
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.views.uptake import queries as uptake_queries
from dashboards.views.uptake import tables as uptake_tables
from dashboards.views.uptake.models import Supplier
from dashboards.words import LANGUAGES, Words
from tests.dashboards.rows import point, replace

NB = Words("nb")
COUNTRY = Area(area_kind="NO", area="NO", name="NO", part=False, certainty=None)
MAY, OCTOBER = date(2026, 5, 1), date(2026, 10, 1)


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.1, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("background", "text"),
    [(b, t) for _, b, t in tables.RAMP]
    + [
        ("#ffffff", charts.TEXT),
        (charts.BAND, charts.TEXT),
        ("#ffffff", charts.GREY),
        ("#ffffff", "#4a4a66"),
        ("#ffffff", charts.PRIMARY),
        ("#f4f2fb", "#5a3bc4"),
    ],
)
def test_text_stands_out_from_what_it_stands_on(background, text):
    assert contrast(background, text) >= 4.5


def test_bars_begin_at_zero_and_end_at_all_of_the_area(reader):
    now = uptake_queries.funnel(reader, "fiks-digisos", COUNTRY, MAY)[0]
    steps = uptake_narrative.steps(now, {"ACTIVATED"}, NB)
    spec = uptake_charts.funnel(steps, 357, NB).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 357]
    assert uptake_charts.funnel_in_words(steps, 357, "Fiks Digisos", MAY, NB) == (
        "Fra avtale til bruk for Fiks Digisos i mai 2026, av 357 kommuner: vedlegg signert 197 (utledet), "
        "satt opp 197 (utledet), aktivert 197 og i bruk .. (måles ikke ennå)."
    )


def test_a_step_that_nothing_measures_is_no_bar_of_zero(reader):
    now = uptake_queries.funnel(reader, "fiks-digisos", COUNTRY, MAY)[0]
    spec = uptake_charts.funnel(uptake_narrative.steps(now, {"ACTIVATED"}, NB), 357, NB).to_dict()
    rows = [row for data in spec["datasets"].values() for row in data]
    assert [(row["count"], row["label"]) for row in rows if not row["known"]] == [(None, ".. (måles ikke ennå)")]
    assert all(row["count"] for row in rows if row["known"])


def test_the_curve_breaks_where_nobody_observed_and_says_so(reader):
    points = uptake_queries.curve(reader, "fiks-digisos", COUNTRY)
    spec = uptake_charts.curve(points, "fiks-digisos", OCTOBER, NB).to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "line")
    rows = spec["datasets"][(line.get("data") or spec["data"])["name"]]
    own = [row for row in rows if row["colour"] == charts.PRIMARY]
    assert [row["month"] for row in own if row["active"] is None] == ["2020-06-01"]
    assert own[-1]["alone"]
    assert all(row["active"] != 0 for row in own)
    said = uptake_charts.curve_in_words(points, "fiks-digisos", OCTOBER, NB)
    assert "13 kommuner i oktober 2018, 197 i mai 2026" in said
    assert "Uten tall: juni 2020–april 2026" in said
    assert "Til sammenligning har Altinn 3" in said


def test_the_curve_breaks_where_events_give_way_to_use_and_tells_them_apart():
    bases = {2: "EVENT", 3: "EVENT", 4: "USE", 5: "USE"}
    points = [point(date(2026, n, 1), 90 - n, basis) for n, basis in bases.items()]
    spec = uptake_charts.curve(points, "x", MAY, NB).to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "line")
    rows = spec["datasets"][(line.get("data") or spec["data"])["name"]]
    assert [(row["run"], row["colour"]) for row in rows] == [(0, charts.GREY)] * 2 + [(1, charts.PRIMARY)] * 2
    assert "run" in {one["field"] for one in line["encoding"]["detail"]}
    assert line["encoding"]["strokeDash"]["condition"]["test"] == "datum.measured"
    assert uptake_narrative.curve_title(points, "USE", NB) == "X: i bruk i 86 kommuner i april 2026 og 85 i mai 2026"
    assert (
        uptake_narrative.curve_title(points, "EVENT", NB)
        == "X: aktivert av 88 kommuner i februar 2026 og 87 i mars 2026"
    )
    said = uptake_charts.curve_in_words(points, "x", MAY, NB)
    assert "X, aktivert: 88 kommuner i februar 2026, 87 i mars 2026." in said
    assert "X, i bruk: 86 kommuner i april 2026, 85 i mai 2026." in said


def test_a_curve_without_gaps_has_no_empty_layers(reader):
    points = uptake_queries.curve(reader, "svarut", COUNTRY)
    assert len(uptake_charts.curve(points, "svarut", OCTOBER, NB).to_dict()["layer"]) == 3


def test_a_mark_that_tells_nothing_tells_no_reader_the_names_of_our_columns(reader):
    """Streamlit's own theme has every mark tell its columns, as "high 0,847091"; ours says none, in its own config."""
    points = uptake_queries.curve(reader, "fiks-digisos", COUNTRY)
    assert uptake_charts.curve(points, "fiks-digisos", OCTOBER, NB).to_dict()["config"]["mark"]["tooltip"] is None


def test_names_of_curves_that_end_alike_stand_apart_as_in_an_area_of_one_municipality():
    def ending(service: str) -> list[Row]:
        months = (date(2026, 4, 1), MAY)
        return [point(month, 1, service=service, municipalities=1) for month in months]

    spec = uptake_charts.curve([*ending("x"), *ending("y")], "x", MAY, NB).to_dict()
    rows = [row for some in spec["datasets"].values() for row in some if row.get("last")]
    above, below = sorted(row["dy"] for row in rows)
    assert {row["last"] for row in rows} == {"X", "Y"}
    assert below - above >= 15
    alone = uptake_charts.curve(ending("x"), "x", MAY, NB).to_dict()
    assert "text" not in {layer["mark"]["type"] for layer in alone["layer"]}


def test_a_curve_of_nothing_says_so():
    points = [point(date(2026, n, 1), 0, municipalities=1) for n in (4, 5)]
    assert uptake_narrative.curve_title(points, "USE", NB) == "X: ikke brukt av noen ennå"


def test_a_curve_is_named_by_its_service(reader):
    points = [one for one in uptake_queries.curve(reader, "svarut", COUNTRY) if one.service == "svarut"]
    assert uptake_charts.series_label(points[-1], NB) == "SvarUt"


class Walk(HTMLParser):
    """The table as a screen reader meets it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.headers: list[str | None] = []
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "th":
            self.headers.append(dict(attrs).get("scope"))
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def test_each_cell_of_the_network_table_has_its_number_and_its_headers(reader):
    cells = uptake_queries.network_table(reader, MAY)
    areas = [one for one in shared_queries.areas(reader) if one.area_kind != "COUNTY" and not one.part]
    walk = Walk(uptake_tables.network_table(cells, areas, "svarut", "NO", NB))
    assert walk.tags.count("caption") == 1
    assert set(walk.headers) == {"col", "row"}
    assert len(walk.cells) == len(areas) * len({one.service for one in cells})
    assert all(" av " in one for one in walk.cells)


def called(release, service="svarut", area=COUNTRY):
    return uptake_queries.calls(release, service, area).rows


def test_a_row_of_the_call_list_says_why_how_far_how_long_who_and_what_was_done(reader):
    found = [one for one in called(reader) if one.municipality_code in {"4623", "4638"}]
    found[1] = replace(found[1], months_waiting=2, contact="Postmottak: post@x.example.no, Leder: a&b")
    assert all(one.synthetic for one in found)  # the caption says it of all; a row where another is real
    assert "· syntetisk</caption>" in (alike := uptake_tables.calls(found, NB, service="SvarUt", registered={}))
    assert alike.count("syntetisk") == 1
    found = [replace(one, synthetic=one.municipality_code == "4623") for one in found]
    table = Walk(uptake_tables.calls(found, NB, service="SvarUt", registered={}))
    assert table.tags.count("caption") == 1
    assert table.headers == ["col"] * 3 + ["row"] * len(found)
    rows = {one.municipality_code: table.cells[place * 2 :][:2] for place, one in enumerate(found)}
    place = [one.municipality_code for one in found].index("4623")
    why, contact = rows["4623"]
    assert why.startswith(found[place].sentence)
    assert "mangler levering siden 01.10.2026 · syntetisk" in why
    assert "Nytt siste uke: " in why
    assert why.endswith("Oppfølging: kontaktet 20.11.2026 – Ringer tilbake i desember")
    assert contact == "Kontaktadresse mangler" if place == 0 else contact
    markup = uptake_tables.calls(
        found, NB, service="Svar & ut", registered={found[1].municipality_code: "Registrert: x"}
    )
    assert "ventet 2 måneder" in markup
    assert '<a href="mailto:post@x.example.no?subject=Svar%20%26%20ut">post@<wbr>x.example.no</a>, Leder:' in markup
    assert "a&amp;b" in markup
    assert "<strong>Registrert: x</strong>" in markup


def test_what_the_release_says_in_norwegian_only_is_marked_so_in_english(reader):
    found = [one for one in called(reader) if one.municipality_code == "4623"]
    table = uptake_tables.calls(found, Words("en"), service="SvarUt", registered={})
    assert found[0].sentence_en in table
    assert f'<span lang="nb">{found[0].follow_up_note}</span>' in table


def test_a_supplier_that_nobody_knows_goes_by_its_system_and_a_count_that_is_unknown_is_missing():
    one = Supplier(
        service="x",
        service_name="X",
        supplier=None,
        source_system="Z",
        supplier_ready="NO",
        supplier_evidence="fra 2027",
        supplier_evidence_en="from 2027",
        active=None,
        waiting=2,
        signed=1,
        inhabitants=None,
        municipalities=["Alta", "Voss"],
        synthetic=True,
    )
    walk = Walk(uptake_tables.suppliers([one], NB))
    assert walk.cells == ["2", "..", "..", "Ikke ennåfra 2027"]
    assert "Z<span" in uptake_tables.suppliers([one], NB)
    assert "Alta og Voss" in uptake_tables.suppliers([one], NB)


def test_each_value_of_a_table_of_many_columns_tells_its_column_and_a_narrow_table_stays_as_it_is():
    made = tables.table("x", "y", [(name, name == 'C"') for name in ("A", "B", 'C"', "D")], [("Alta", "1", "2", "<3")])
    assert re.findall('<td[^>]* data-label="([^"]*)"', made) == ["B", "C&quot;", "D"]
    assert re.findall("<td[^>]*>([^/]*)</td>", made) == ["1", "2", "&lt;3"]
    assert '<td role="cell" data-label="C&quot;" class="dif-number">2</td>' in made
    assert made.count('role="rowheader"') == made.count('role="columnheader"') / 4 == 1
    few = '<tr class="dif-sum"><th scope="row">Alta</th><td>1</td></tr>'
    assert few in tables.table("x", "y", [("A", False), ("B", False)], [("Alta", "1")], kinds={0: "dif-sum"})


def outlook(month: date, expected: int) -> Row:
    return Row(
        month=month,
        low=expected - 5,
        expected=expected,
        high=expected + 5,
        active_basis="USE",
        backtest_error=None,
        last_known_month=OCTOBER,
        synthetic=False,
        last_value_error=None,
        mean_error=None,
        past_forecasts=None,
        past_inside=None,
    )


def test_a_forecast_goes_on_from_the_last_known_month_with_a_band_and_is_not_drawn_as_observed():
    points = [point(date(2026, n, 1), 80 + n) for n in range(7, 11)]
    expected = [outlook(date(2026, 11, 1), 95), outlook(date(2026, 12, 1), 99)]
    spec = uptake_charts.curve(points, "x", OCTOBER, NB, expected).to_dict()
    band = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "area")
    rows = spec["datasets"][band["data"]["name"]]
    assert [(row["month"], row["low"], row["expected"], row["high"]) for row in rows] == [
        ("2026-10-01", 90, 90, 90),
        ("2026-11-01", 90, 95, 100),
        ("2026-12-01", 94, 99, 104),
    ]
    assert rows[-1]["last"] == "99"
    line = next(layer for layer in spec["layer"] if layer["mark"].get("strokeDash") == [2, 3])
    assert line["encoding"]["y"]["field"] == "expected"
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] == "2026-12-01"
    observed = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "line")
    assert "2026-11-01" not in {row["month"] for row in spec["datasets"][observed["data"]["name"]]}


def test_a_network_without_a_number_is_missing_not_zero(reader):
    cells = [one for one in uptake_queries.network_table(reader, MAY) if one.area == "NO"]
    walk = Walk(
        uptake_tables.network_table(
            cells,
            [COUNTRY, Area(area_kind="NETWORK", area="new", name="Digi Ny", part=False, certainty=None)],
            "svarut",
            "NO",
            NB,
        )
    )
    assert ".." in walk.cells[1]


def test_names_are_text_not_markup():
    cell = Row(
        service="x",
        name="<script>x</script>",
        area_kind="NO",
        area="NO",
        network=None,
        month=MAY,
        active=1,
        active_basis="USE",
        municipalities=2,
        synthetic=False,
    )
    assert "<script>" not in uptake_tables.network_table([cell], [COUNTRY], "x", "NO", NB)


def test_languages_are_those_of_the_texts():
    assert LANGUAGES == ("nb", "en")


def since_launch(service: str, months: int, active: int, *, last: bool = False) -> dict[str, object]:
    return {
        "service": service,
        "name": service.title(),
        "age_months": months,
        "active": active,
        "run": 0,
        "is_last": last,
    }


def test_a_service_is_held_against_those_that_are_as_old(nb):
    rows = [
        *(since_launch("own", n, n, last=n == 12) for n in (0, 6, 12)),
        *(since_launch("further", n, 3 * n, last=n == 24) for n in (0, 12, 24)),
        *(since_launch("slower", n, n // 2, last=n == 24) for n in (0, 12, 24)),
        since_launch("younger", 3, 300, last=True),
    ]
    said = uptake_charts.launched_in_words(rows, "own", nb)
    assert said == (
        "12 måneder etter lanseringen har 12 kommuner Own. Én av to eldre tjenester hadde kommet lenger på samme tid"
    )
    alone = uptake_charts.launched_in_words(rows[:3], "own", nb)
    assert alone == "12 måneder etter lanseringen har 12 kommuner Own. Ingen tjeneste er eldre"
    drawn = uptake_charts.launched(rows, "own", 357, nb).to_dict()
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 357]
    assert [one["mark"].get("color") for one in drawn["layer"][:2]] == [charts.GREY, charts.PRIMARY]
    named = [one["label"] for values in drawn["datasets"].values() for one in values if one["label"]]
    assert sorted(named) == ["Further", "Own", "Slower", "Younger"]  # each at the end of its line


def test_a_service_that_nobody_has_had_is_said(nb):
    assert "ingen kommune" in uptake_charts.launched_in_words([], "own", nb)


_NAMESAKES = {("weight", "andel")}
"""Columns whose name has another unit in another dataset; no page shows either."""
_WRITTEN = {"andel": "84,8 %", "prosent": "0,8 %", "kr": "0,848 kr", "øre": "0 kr"}


def test_a_number_is_written_by_the_unit_of_its_column():
    columns = {(c.name, c.unit) for d in DATASETS.values() for c in d.columns if c.unit in _WRITTEN}
    for name, unit in columns - _NAMESAKES:
        assert NB.value(name, Decimal("0.848")).replace("\u00a0", " ") == _WRITTEN[unit], name


def test_a_rate_is_written_as_one():
    assert NB.value("per_1000_inhabitants", Decimal("0.0313")) == "0,031"


def test_how_many_have_a_share_is_a_number():
    assert NB.value("n_share", 12) == "12"


@pytest.mark.parametrize(("values", "steep"), [([341, 343, 342], False), ([100, 200, 150], True)])
def test_a_trend_draws_a_change_of_one_per_cent_as_nearly_level(values, steep):
    path = re.search(r'd="([^"]+)"', charts.trend_svg(values))
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path[1])]
    assert (max(heights) - min(heights) > 10) is steep
