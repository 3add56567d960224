from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree as ET

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import streamlit

from catalog.tables.uptake_calls import NOT_YET, SUPPLIER_GAP
from dashboards.page import downloads
from dashboards.release import query as release_query
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import Area
from dashboards.release.reader import ReleaseReader
from dashboards.shared import queries as shared_queries
from dashboards.views.uptake import queries as uptake_queries
from dashboards.views.uptake import tables as uptake_tables
from dashboards.words import Words
from tests.dashboards import sample
from tests.dashboards.conftest import headings, unfolded
from transport.releases.release import current_release

NB = Words("nb")
COUNTRY, NOVEMBER, MAY = (
    Area(area_kind="NO", area="NO", name="NO", part=False, certainty=None),
    date(2026, 11, 1),
    date(2026, 5, 1),
)


@pytest.fixture
def listed(reader):
    answer = uptake_queries.calls(reader, "svarut", COUNTRY).table
    about = downloads.about("SvarUt", "hele landet", NOVEMBER, reader.release.name, NB)
    return answer, about, *uptake_tables.call_rows(answer, NB, "USE", reader.release.name)


def test_the_csv_opens_in_norwegian_excel_and_holds_every_row(listed):
    answer, _, header, rows = listed
    given_bytes = downloads.as_csv(header, rows)
    assert given_bytes.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(given_bytes.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read[0][:3] == ["Tjeneste", "Kommunenummer", "Kommune"]
    assert len(read) == answer.num_rows + 1
    assert {row[read[0].index("Måned")] for row in read[1:]} == {"2026-11"}
    assert {row[read[0].index("Er leverandøren klar?")] for row in read[1:]} <= {"Ja", "Ikke ennå", "Ikke kjent"}
    assert read[0][-1] == "Syntetisk"
    assert {row[-1] for row in read[1:]} <= {"ja", "nei"}


def test_the_workbook_keeps_codes_as_text_and_tells_what_it_is(listed):
    answer, about, header, rows = listed
    book = openpyxl.load_workbook(io.BytesIO(downloads.as_xlsx(header, rows, about, NB, "download.sheet")))
    sheet, told = book.worksheets
    assert sheet.max_row == answer.num_rows + 1
    assert [sheet.cell(place, 2).data_type for place in range(2, sheet.max_row + 1)] == ["s"] * answer.num_rows
    assert {row[0].value: row[1].value for row in told.iter_rows()} == about


def test_files_say_since_when_deliveries_are_missing_in_a_column_of_its_own(listed):
    _, _, header, rows = listed
    place = header.index("Mangler levering siden")
    assert {row[1]: row[place] for row in rows if row[place]} == {"4623": "2026-10-01", "4638": "2026-11-20"}


def test_every_column_of_the_list_is_in_every_file(listed):
    answer, about, header, _ = listed
    for column in NOT_YET.columns:
        assert column.title.nb in header
        assert column.name in answer.column_names
    file = pq.read_table(io.BytesIO(downloads.as_parquet(answer, about)))
    assert file.equals(answer)
    assert {k.decode(): v.decode() for k, v in file.schema.metadata.items()} == about


def test_no_header_begins_a_formula_and_a_code_stays_text():
    assert downloads.as_csv(["=1+1", "år"], [["0301", 2026]]) == '\ufeff\'=1+1;år\r\n"=""0301""";2026\r\n'.encode()


def test_formulas_are_text_in_the_workbook():
    book = downloads.as_xlsx(["navn"], [["=1+1"]], {"Utgave": "=2"}, NB, "download.table")
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_the_sql_runs_as_it_is_and_gives_the_same_list(listed, reader, sample_release):
    answer, about, _, _ = listed
    query = downloads.as_sql(
        release_query.sql("calls"), uptake_queries.calls_parameters(reader, "svarut", COUNTRY), about
    ).decode()
    with duckdb.connect(sample_release / "releases" / "current" / "dif.duckdb", read_only=True) as connection:
        assert connection.sql(query).to_arrow_table().equals(answer)


@pytest.mark.parametrize("expects", [True, False])
def test_the_sql_of_a_release_runs_there_whether_or_not_it_tells_who_should_have_delivered(tmp_path, expects):
    sample.make_release(tmp_path, expects=expects)
    found = ReleaseReader(current_release(tmp_path / "releases"), EVERYTHING)
    asked = uptake_queries.calls(found, "svarut", COUNTRY)
    query = downloads.as_sql(asked.sql, asked.parameters, {}).decode()
    database = tmp_path / "of-an-analyst.duckdb"
    shutil.copy(found.release.database, database)
    with duckdb.connect(database, read_only=True) as connection:
        since = connection.sql(query).project("no_delivery_since").fetchall()
    assert sum(day is not None for (day,) in since) == (2 if expects else 0)


def test_what_is_written_into_the_sql_stays_a_value():
    assert downloads.as_sql("select $a", {"a": "x'; drop"}, {"b": "1\n2"}).decode() == "-- b: 1 2\nselect 'x''; drop'"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_file_of_suppliers_names_all_who_wait_with_each_and_says_its_release(reader, language):
    words = Words(language)
    answer = uptake_queries.suppliers_answer(reader, COUNTRY)
    found = uptake_queries.suppliers(reader, COUNTRY)
    header, rows = uptake_tables.supplier_rows(answer.table, words, reader.release.name)
    read = [dict(zip(header, row, strict=True)) for row in rows]
    title = {name: SUPPLIER_GAP[name].title[language] for name in ("supplier", "source_system", "municipality_codes")}
    assert len(read) == len(found) > 0
    for row, one in zip(read, found, strict=True):
        assert (row[title["supplier"]], row[title["source_system"]]) == (one.supplier, one.source_system)
        assert row[title["municipality_codes"]].split(", ") == list(one.municipalities)
        assert row[words("suppliers.waiting")] == one.waiting
        assert row[words("suppliers.active")] == one.active
        assert row[words("suppliers.signed")] == one.signed
        assert row[SUPPLIER_GAP["supplier_ready"].title[language]] == words(f"ready.{one.supplier_ready}")
        assert row[words("column.release")] == reader.release.name
        assert row[words("column.synthetic")] == words("value.yes" if one.synthetic else "value.no")
    assert max(len(one.municipalities) for one in found) > 6, "more than the table has room for"


def test_the_suppliers_are_offered_as_files_under_their_table(opened, sample_release):
    page = unfolded(opened(sample_release, tjeneste="svarut"))
    names = [one.proto.id for one in page.get("download_button")]
    for kind in ("xlsx", "csv", "parquet", "sql"):
        assert [one for one in names if one.endswith(f"download_leverandorer_NO_{kind}")]


def test_the_file_of_products_by_network_has_a_row_for_each_number_of_the_table(reader):
    answer, cells = (one(reader, MAY) for one in (uptake_queries.network_table_answer, uptake_queries.network_table))
    header, rows = downloads.all_rows(answer.table, NB)
    read = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["Navn"], row["Område"], row["Har tjenesten"], row["Kommuner"]) for row in read] == [
        (one.name, one.area, one.active, one.municipalities) for one in cells
    ]
    shown = {one.area: one for one in shared_queries.areas(reader) if one.area_kind != "COUNTY" and not one.part}
    assert {row["Område"] for row in read} == set(shown), "no county, and no network that is part of another"
    for row in read:
        area = shown[row["Område"]]
        assert row["Nettverkets navn"] == (area.name if area.area_kind == "NETWORK" else None)
    assert {row["Regnet etter"] for row in read} <= {"målt bruk", "melding om aktivering"}


def test_a_file_has_no_two_columns_of_one_title_and_its_times_are_those_of_the_page():
    at = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    answer = pa.table({"measure": ["oppslag"], "title_nb": ["Oppslag"], "received_at": [at], "amount_ore": [1250]})
    header, rows = downloads.all_rows(answer, NB)
    assert header == ["Mål (measure)", "Mål (title_nb)", "Mottatt", "Beløp (kr)"]
    assert rows == [["oppslag", "Oppslag", "2026-11-30 00:30:00", Decimal("12.5")]]


def test_products_by_network_are_offered_as_files_under_their_table(opened, sample_release):
    page = opened(sample_release, tjeneste="svarut", maned="2026-05")
    names = [one.proto.id for one in page.get("download_button")]
    for kind in ("xlsx", "csv", "parquet", "sql"):
        assert [one for one in names if one.endswith(f"download_nettverk_2026-05_{kind}")]


@pytest.mark.slow("draws each chart as a picture")
@pytest.mark.parametrize(
    ("at", "place", "menu", "link"),
    [
        ("oversikt", "forsendelser", "forsendelser", {}),
        ("bruk", "maaneder", "bruk_4601_svarut", {"kommune": "4601", "tjeneste": "svarut"}),
    ],
)
def test_a_chart_s_picture_has_the_heading_and_the_note_above_it(
    whole_home, open_at, monkeypatch, at, place, menu, link
):
    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(streamlit, "download_button", lambda _label, made, *, key, **_: offered.update({key: made}))
    page = open_at(at, whole_home, **link)
    assert f"picture_{menu}_svg" not in offered, "made only for who opens the menu"
    page.session_state[f"downloads_{at}_{place}"] = True
    page.run()
    assert {f"picture_{menu}_{kind}" for kind in ("png", "svg")} <= offered.keys()
    drawn = ET.fromstring(offered[f"picture_{menu}_svg"]())
    said = " ".join(part.text or "" for part in drawn.iter() if part.tag.endswith("text"))
    title = next(heading for heading in headings(page) if said.startswith(heading.replace("\u00a0·", " ·")))
    assert title not in {"Nøkkeltall", "Slik er tallene laget"}
    drawn_here = "".join(part.value for part in page.html)
    notes = [re.sub("<[^>]+>", "", note) for note in re.findall(r'<p class="dif-small">(.*?)</p>', drawn_here)]
    assert any(unescape(note) in said for note in notes)
    assert current_release(whole_home / "releases").name in said
    folded = "".join(part.value for part in page.html if "dif-elsewhere" in part.value)
    assert ("/embed/bruk/maaneder" in folded) is (at == "bruk")
