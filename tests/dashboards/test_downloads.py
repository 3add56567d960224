from __future__ import annotations

import csv
import io
from datetime import date

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import downloads, questions
from dashboards.questions import Area
from dashboards.texts import Words

NB = Words("nb")
COUNTRY, OCTOBER = Area("NO", "NO", "NO"), date(2026, 10, 1)


@pytest.fixture
def listed(read_release):
    found = questions.not_yet(read_release, "svarut", COUNTRY, OCTOBER)
    about = downloads.about("SvarUt", "hele landet", OCTOBER, read_release.name, NB)
    return found, about, *downloads.not_yet_rows(found, "USE", {"Utgave": read_release.name}, NB)


def test_the_csv_opens_in_norwegian_excel_and_holds_every_row(listed):
    found, _, header, rows = listed
    given_bytes = downloads.as_csv(header, rows)
    assert given_bytes.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(given_bytes.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read[0][:2] == ["Kommunenummer", "Kommune"]
    assert len(read) == len(found) + 1
    assert read[0][-1] == "Syntetisk"
    assert {row[-1] for row in read[1:]} <= {"ja", "nei"}


def test_the_workbook_keeps_codes_as_text_and_tells_what_it_is(listed):
    found, about, header, rows = listed
    book = openpyxl.load_workbook(io.BytesIO(downloads.as_xlsx(header, rows, about, NB)))
    sheet, told = book.worksheets
    assert sheet.max_row == len(found) + 1
    assert [sheet.cell(place, 1).data_type for place in range(2, sheet.max_row + 1)] == ["s"] * len(found)
    assert {row[0].value: row[1].value for row in told.iter_rows()} == about


@given(st.text())
def test_no_cell_begins_a_formula(value):
    assert not downloads.neutral(value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_formulas_are_text_in_the_workbook():
    book = downloads.as_xlsx(["navn"], [["=1+1"]], {"Utgave": "=2"}, NB)
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_the_sql_runs_as_it_is_and_gives_the_same_list(listed, sample_release):
    found, about, _, _ = listed
    parameters = questions.not_yet_parameters("svarut", COUNTRY, OCTOBER)
    query = downloads.as_sql(questions.sql("not_yet"), parameters, about).decode()
    with duckdb.connect(sample_release / "releases" / "current" / "dif.duckdb", read_only=True) as connection:
        assert [row[0] for row in connection.sql(query).fetchall()] == [one.municipality_code for one in found]


def test_what_is_written_into_the_sql_stays_a_value():
    assert downloads.as_sql("select $a", {"a": "x'; drop"}, {"b": "1\n2"}).decode() == "-- b: 1 2\nselect 'x''; drop'"
