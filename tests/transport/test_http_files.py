"""Files of a release over HTTP: the same content at the same address, in ranges, and only for whoever may read it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import shutil
import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.contracts.sharing import Right
from catalog.tables.datasets import READABLE
from catalog.tables.quality import BATCH
from catalog.tables.reference import MUNICIPALITY
from catalog.tables.uptake_calls import SUPPLIER_GAP
from catalog.tables.usage import MUNICIPALITY_MONTH
from tests.transport.conftest import spoilt
from tests.transport.test_http import a_release, opened, token, until
from transport.base import spreadsheets
from transport.base.settings import PROJECT
from transport.lake.tables import Part
from transport.releases.files import Described, DescribedColumn
from transport.releases.store import Content, Releases

ENDINGS = ("parquet", "csv", "xlsx", "json")


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("files")) as one:
        one.free, one.ledger = a_release(one.settings)
        one.reader = token(one.settings, read=frozenset(Right) - {Right.LEDGER, Right.CUSTOMERS})
        one.bookkeeper = token(one.settings, read=frozenset(Right))
        yield one


@pytest.mark.parametrize("named", ["current", "2026-11-25.1", "2026-11-25"])
@pytest.mark.parametrize("form", ENDINGS)
def test_a_dataset_has_an_address_by_form_and_release(door, named, form):
    address = f"/releases/{named}/{door.free.name}.{form}"
    answer = door.call("GET", address, **door.reader)
    assert (answer.status, answer.headers["dif-release"]) == (200, "2026-11-25.1")
    assert f'filename="{door.free.name}_2026-11-25.1.{form}"' in answer.headers["content-disposition"]
    if form == "parquet":
        assert pq.read_table(io.BytesIO(answer.body)).num_rows == 5
    elif form == "json":
        told = answer.json
        assert (told["dataset"], told["release"], len(told["rows"])) == (door.free.name, "2026-11-25.1", 5)
        assert [c["name"] for c in told["columns"]] == list(told["rows"][0])
        assert [c["type"] for c in told["columns"]] == [str(c.type) for c in door.free.columns]
    elif form == "csv":
        assert answer.body.count(b"\r\n") == 6
    else:
        sheets = openpyxl.load_workbook(io.BytesIO(answer.body))
        assert sheets.sheetnames == ["Data", "Kolonner", "Utgave"]
        assert sheets["Data"].max_row == 6
        assert [row[0].value for row in sheets["Kolonner"].iter_rows(min_row=2)] == [c.name for c in door.free.columns]
        assert ("utgave", "2026-11-25.1") in {(a.value, b.value) for a, b in sheets["Utgave"].iter_rows()}
    head = door.call("HEAD", address, **door.reader)
    assert (head.body, head.headers["etag"]) == (b"", answer.headers["etag"])


def test_a_workbook_says_that_its_times_are_in_utc_as_cells_have_no_offset():
    columns = [(c.name, c.title.nb, str(c.type), c.unit, c.about.nb) for c in BATCH.columns]
    told = Described("dataset", BATCH.name, "", "", [DescribedColumn(*c) for c in columns], "", "", synthetic=False)
    meanings = next(sheet for sheet in told.sheets(BATCH.arrow_schema, []) if sheet.name == "Kolonner")
    units = {name: unit for name, _, unit, _ in meanings.rows}
    assert (units["received_at"], units["rows"], units["producer"]) == ("UTC", "rader", "")


def test_who_has_it_already_is_not_sent_it_again(door):
    for name in (*(f"{door.free.name}.{form}" for form in ENDINGS), "dif.duckdb"):
        tag = door.call("GET", f"/releases/current/{name}", **door.reader).headers["etag"]
        again = door.call("GET", f"/releases/current/{name}", **door.reader, If_None_Match=f'"other", {tag}')
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), name


def test_a_database_is_sent_in_ranges_and_is_the_releases_own(door):
    own = (door.settings.releases / "2026-11-25.1" / "dif.duckdb").read_bytes()
    whole = door.call("GET", "/releases/current/dif.duckdb", **door.reader)
    assert hashlib.sha256(whole.body).hexdigest() == hashlib.sha256(own).hexdigest()
    assert whole.headers["cache-control"] == "private, no-cache"
    part = door.call("GET", "/releases/current/dif.duckdb", **door.reader, Range="bytes=100-199")
    assert (part.status, part.body, part.headers["etag"]) == (206, own[100:200], whole.headers["etag"])
    other = door.call("GET", "/releases/current/dif.duckdb", **door.reader, Range="bytes=0-9", If_Range='"other"')
    assert (other.status, len(other.body)) == (200, len(own))
    assert door.call("GET", "/releases/current/dif.duckdb", **door.reader, Range=f"bytes={len(own)}-").status == 416
    for none in ("bytes=", "bytes=9-1", "rows=0-9", "0-9"):
        whole = door.call("GET", "/releases/current/dif.duckdb", **door.reader, Range=none)
        assert (whole.status, len(whole.body)) == (200, len(own)), none


def test_text_is_compressed_for_whoever_asks(door):
    address = f"/releases/current/{door.free.name}.json"
    plain, packed = (door.call("GET", address, **door.reader, Accept_Encoding=e) for e in ("identity", "gzip"))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert (
        "content-encoding"
        not in door.call("GET", "/releases/current/dif.duckdb", **door.reader, Accept_Encoding="gzip").headers
    )


def test_what_is_not_for_the_caller_is_refused_in_every_form(door):
    closed = [f"{door.ledger.name}.{form}" for form in ENDINGS]
    for name in (*closed, "ledger.duckdb", f"parquet/{door.ledger.name}/part.parquet"):
        assert door.call("GET", f"/releases/current/{name}", **door.reader).status == 403, name
        assert door.call("GET", f"/releases/current/{name}").status == 401, name
    for name in (f"{door.ledger.name}.parquet", "ledger.duckdb", f"parquet/{door.ledger.name}/part.parquet"):
        assert door.call("GET", f"/releases/current/{name}", **door.bookkeeper).status == 200, name
    assert door.call("GET", f"/releases/current/parquet/{door.free.name}/part.parquet", **door.reader).status == 200


def test_a_file_that_has_changed_since_it_was_published_is_sent_in_no_form(door):
    part = f"parquet/{door.free.name}/part.parquet"
    forms = [f"/releases/current/{door.free.name}.{form}" for form in ENDINGS]
    of_part = [f"/releases/current/{part}", forms[0], f"/v1/datasets/{door.free.name}"]
    release = door.settings.releases / "2026-11-25.1"
    for spoils, addresses in {"dif.duckdb": ["/releases/current/dif.duckdb"], part: of_part}.items():
        for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-9"})):
            good = [door.call(method, address, **door.reader, **headers) for address in addresses]
            assert {answer.status for answer in good} <= {200, 206}
            with spoilt(release / spoils):
                no = [door.call(method, address, **door.reader, **headers) for address in addresses]
            assert [answer.status for answer in no] == [409] * len(addresses)
            assert method == "HEAD" or all(spoils in a.json["detail"] and "verify" in a.json["mend"] for a in no)
    shutil.rmtree(door.settings.scratch / "files", ignore_errors=True)  # or they are not made of it again
    with spoilt(release / part):
        assert {door.call("GET", address, **door.reader).status for address in forms} == {409}
    assert {door.call("GET", address, **door.reader).status for address in forms} == {200}


def test_a_changed_manifest_opens_nothing(door):
    told = door.settings.releases / "2026-11-25.1" / "manifest.json"
    was = told.read_text()
    manifest = json.loads(was)
    manifest["datasets"][door.ledger.name]["audience"] = "OPEN"
    try:
        told.write_text(json.dumps(manifest))
        answer = door.call("GET", f"/releases/current/parquet/{door.ledger.name}/part.parquet", **door.reader)
    finally:
        told.write_text(was)
    assert (answer.status, "manifest.json of release" in answer.json["detail"]) == (409, True)


def test_a_file_that_the_manifest_does_not_name_is_no_row_of_a_dataset(door):
    folder = door.settings.releases / "2026-11-25.1" / "parquet" / door.free.name
    stranger = folder / "more.parquet"
    shutil.copyfile(folder / "part.parquet", stranger)
    try:
        answer = door.call("GET", f"/v1/datasets/{door.free.name}", **door.reader)
    finally:
        stranger.unlink()
    assert len(answer.body.splitlines()) == 5


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("manifest.json", 404),
        ("..%2f..%2faccess%2ftokens.json", 404),
        ("%2e%2e", 404),
        ("parquet/..%2f../dif.duckdb", 404),
        ("dif.duckdb%00", 404),
        ("usage.nothing.csv", 404),
        ("usage.dispatch_day.exe", 404),
        ("usage.dispatch_day.csv", 404),
        (".csv", 404),
        ("dif.duckdb?x=1", 400),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_there_is(door, name, status):
    answer = door.call("GET", f"/releases/current/{name}", **door.bookkeeper)
    assert (answer.status, bool(answer.json["mend"])) == (status, True)


@pytest.mark.parametrize(
    "release", ["stable", "2020-01-01", "9999-99-99", "2026-02-30", "%D9%A2026-11-25", "..", "2026-11-25.9", "x" * 300]
)
def test_a_release_that_is_none_is_answered_with_those_there_are(door, release):
    answer = door.call("GET", f"/releases/{release}/dif.duckdb", **door.reader)
    assert (answer.status, "2026-11-25.1" in answer.body.decode()) == (404, True)


def test_each_file_sent_is_audited_and_too_many_are_told_to_wait(tmp_path):
    with opened(tmp_path, quota_per_minute=3) as door:
        free, ledger = a_release(door.settings)
        reader = token(door.settings, read=frozenset({Right.OPEN}))
        assert door.call("GET", f"/releases/current/{free.name}.csv", **reader).status == 200
        assert door.call("GET", f"/releases/current/{ledger.name}.csv", **reader).status == 403
        assert door.call("HEAD", f"/releases/current/{free.name}.csv", **reader).status == 200
        refused = door.call("GET", "/releases/current/dif.duckdb", **reader)
        assert (refused.status, refused.kind, refused.headers["retry-after"]) == (429, "over_quota", "60")
    audit = door.logged("reads")
    assert [(a["dataset"], a["outcome"], a["rows"]) for a in audit] == [
        (free.name, "served", 5),
        (f"{ledger.name}.csv", "refused", 0),
        ("dif.duckdb", "refused", 0),
    ]


def test_an_etag_stays_while_the_rows_do_and_a_view_has_its_own_rows(tmp_path):
    columns = MUNICIPALITY_MONTH.arrow_schema

    def rows(dispatches):
        one = {f.name: None if f.nullable else "x" if f.type == pa.string() else 1 for f in columns}
        one |= {f.name: True for f in columns if f.type == pa.bool_()}
        one |= {"month": date(2026, 1, 1), "dispatches": dispatches}
        return pa.Table.from_pylist([one | {"borders": borders} for borders in ("now", "then")], schema=columns)

    with opened(tmp_path) as door:
        releases, parent, tags = Releases(door.settings), None, []
        for name, dispatches in (("2026-11-25.1", 1), ("2026-11-25.2", 1), ("2026-11-25.3", 2)):
            contents = [Content(MUNICIPALITY_MONTH, table=rows(dispatches))]
            facts = {"published_at": datetime.now(UTC).isoformat()}
            parent = releases.publish(name, contents, lambda _told: [], facts, parent=parent).name
            csv = door.call("GET", "/releases/current/usage.municipality_month.csv")
            tags.append(csv.headers["etag"])
        view = door.call("GET", "/releases/current/usage.municipality_month_now.json").json
    assert tags[0] == tags[1] != tags[2]
    assert len(view["rows"]) == 1


def test_an_etag_does_not_tell_that_a_month_was_made_again_of_other_batches(tmp_path):
    """As where a dispatch of a sensitive service came, of which the rows tell nothing."""
    month, rows = date(2026, 1, 1), MUNICIPALITY_MONTH.arrow_schema.empty_table()
    with opened(tmp_path / "home") as door:
        releases, parent, tags = Releases(door.settings), None, []
        for name, made_of in (("2026-11-25.1", "one"), ("2026-11-25.2", "other")):
            path = tmp_path / f"month={month}" / f"part-{made_of}.parquet"
            path.parent.mkdir(exist_ok=True)
            pq.write_table(rows, path)
            contents = [Content(MUNICIPALITY_MONTH, parts=[Part(month, path)])]
            facts = {"published_at": datetime.now(UTC).isoformat()}
            parent = releases.publish(name, contents, lambda _told: [], facts, parent=parent).name
            tags.append(door.call("GET", "/releases/current/usage.municipality_month.csv").headers["etag"])
    assert tags[0] == tags[1]


def test_codes_stay_text_numbers_have_commas_and_no_text_is_run():
    table = pa.table(
        {
            "code": pa.array(["0301", None]),
            "text": pa.array(['=1+1;"x"', "\uff1dx"]),
            "kroner": pa.array([Decimal("-1234.50"), None], pa.decimal128(18, 2)),
            "n": pa.array([-3, 7]),
            "day": pa.array([date(2026, 1, 31), None]),
            "at": pa.array([datetime(2026, 1, 31, 6, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
            "listed": pa.array([["a", "b"], None]),
            "yes": pa.array([True, None]),
        }
    )
    written = b"".join(spreadsheets.csv_of_batches(table.schema, table.to_batches()))
    assert written.startswith(b"\xef\xbb\xbfcode;text;")
    back = pl.read_csv(written, separator=";", infer_schema=False, decimal_comma=True)
    assert back.row(0) == (
        '="0301"', "'=1+1;\"x\"", "-1234,50", "-3", "2026-01-31", "2026-01-31 06:00:00", "a, b", "true",
    )  # fmt: skip
    assert back.row(1) == (None, "'\uff1dx", None, "7", None, None, None, None)


@pytest.mark.parametrize("text", ["x" * 40_000, "\U0001f600" * 20_000])
def test_a_text_that_no_sheet_has_room_for_is_seen_to_be_cut(text):
    book = io.BytesIO()
    spreadsheets.write_workbook(book, [spreadsheets.Sheet("Data", ("text",), [(text,), (text[:16_383],)])])
    cut, whole = (cell.value for (cell,) in openpyxl.load_workbook(book)["Data"].iter_rows(min_row=2))
    assert (cut[-1], text.startswith(cut[:-1]), len(cut) > 16_000) == ("…", True, True)
    assert whole == text[:16_383]


CELLS = st.one_of(st.none(), st.text(), st.from_regex("[0-9]{1,4}", fullmatch=True))


@given(st.lists(st.tuples(CELLS, st.integers(-9, 9), st.decimals(-9, 9, places=2)), max_size=3))
def test_a_pages_csv_and_a_datasets_are_the_same_and_no_cell_begins_a_formula(rows):
    kinds = {"a": pa.string(), "b": pa.int64(), "c": pa.decimal128(9, 2)}
    schema = pa.schema(list(kinds.items()))
    batch = pa.record_batch([list(cells) for cells in zip(*rows, strict=True)] or [[]] * 3, schema)
    written = spreadsheets.csv_of_rows(schema.names, rows)
    assert written == b"".join(spreadsheets.csv_of_batches(schema, [batch]))
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(read) == len(rows) + 1
    for (cell, *_), (text, *_) in zip(read[1:], rows, strict=True):
        code = text is not None and re.fullmatch("[0-9]+", text)
        assert cell == f'="{text}"' if code else not cell.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))


def test_the_power_query_of_the_docs_reads_what_the_json_has_and_knows_every_type():
    query = (PROJECT / "docs" / "dataset.pq").read_text("utf-8")
    assert set(re.findall(r"\[(\w+)\]", query)) == {"columns", "rows", "name", "title", "type"}
    kinds = tuple(re.findall(r'\{"(\w+)", ', query))
    types = {str(c.type) for d in READABLE.values() for c in d.columns}
    assert {t for t in types if not t.startswith(kinds)} == {"list<item: string>"}  # stays a list


def test_the_json_of_a_dataset_without_rows_is_json(tmp_path):
    empty = pa.Table.from_pylist([], schema=MUNICIPALITY.arrow_schema)
    with opened(tmp_path) as door:
        facts = {"published_at": datetime.now(UTC).isoformat()}
        Releases(door.settings).publish(
            "2026-11-25.1", [Content(MUNICIPALITY, table=empty)], lambda _told: [], facts, parent=None
        )
        for form in ENDINGS:
            answer = door.call("GET", f"/releases/current/{MUNICIPALITY.name}.{form}")
            assert answer.status == 200, form
            assert form != "json" or json.loads(answer.body)["rows"] == []


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """A door with municipalities, one of them older than the calendar of spreadsheets, and a dataset with lists."""

    def filled(contract, **more):
        def of(kind):
            if pa.types.is_string(kind) or pa.types.is_temporal(kind):
                return "x" if pa.types.is_string(kind) else date(2026, 3, 1)
            return True if pa.types.is_boolean(kind) else 1

        columns = [pa.array(more.get(f.name, [of(f.type), of(f.type)]) * 300, f.type) for f in contract.arrow_schema]
        return Content(contract, table=pa.table(columns, names=contract.arrow_schema.names))

    with opened(tmp_path_factory.mktemp("towns")) as one:
        contents = [
            filled(MUNICIPALITY, code=["0301", "4601"], valid_from=[date(1838, 1, 1), date(1900, 3, 1)]),
            filled(SUPPLIER_GAP, municipality_codes=[["0301", "4601"], ["0301"]]),
        ]
        facts = {"published_at": "2026-11-25T06:00:00+00:00"}
        Releases(one.settings).publish("2026-11-25.1", contents, lambda _told: [], facts, parent=None)
        yield one


def test_a_day_before_the_calendar_of_spreadsheets_is_a_text_in_them(towns):
    answer = towns.call("GET", f"/releases/current/{MUNICIPALITY.name}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body))["Data"]
    place = [cell.value for cell in sheet[1]].index("valid_from")
    assert [row[place].value for row in sheet.iter_rows(min_row=2, max_row=3)] == ["1838-01-01", datetime(1900, 3, 1)]  # noqa: DTZ001 - a cell has no zone


def test_a_list_is_a_list_in_json_and_json_in_csv(towns):
    rows = towns.call("GET", f"/releases/current/{SUPPLIER_GAP.name}.json").json["rows"]
    assert [row["municipality_codes"] for row in rows[:2]] == [["0301", "4601"], ["0301"]]
    row = json.loads(towns.call("GET", f"/v1/datasets/{SUPPLIER_GAP.name}").body.splitlines()[0])
    assert row["municipality_codes"] == ["0301", "4601"]
    line = towns.call("GET", f"/v1/datasets/{SUPPLIER_GAP.name}?format=csv&columns=municipality_codes").body
    assert line.splitlines()[1] == b'"[""0301"", ""4601""]"'


def test_a_file_that_is_made_again_has_the_bytes_that_its_etag_stands_for(towns):
    for form in ENDINGS:
        address = f"/releases/current/{MUNICIPALITY.name}.{form}"
        one = towns.call("GET", address)
        for made in towns.settings.scratch.glob("files/*/*/*"):
            made.unlink()
        other = towns.call("GET", address)
        assert (other.headers["etag"], other.body == one.body) == (one.headers["etag"], True), form
        if form == "xlsx":  # else the bytes tell when they were made
            assert openpyxl.load_workbook(io.BytesIO(one.body)).properties.created == datetime(2026, 11, 25, 6)  # noqa: DTZ001 - as openpyxl reads it


def test_a_file_whose_folder_is_emptied_while_it_is_made_can_be_asked_for_again(towns, monkeypatch):
    def erased(self, path):
        shutil.rmtree(path.parent)
        path.write_bytes(b"")

    address = f"/releases/current/{SUPPLIER_GAP.name}.xlsx"
    with monkeypatch.context() as patched:
        patched.setattr("transport.releases.files._Writer.__call__", erased)
        answer = towns.call("GET", address)
    assert (answer.status, answer.kind) == (503, "try_again")
    assert towns.call("GET", address).status == 200


def test_who_reads_too_much_at_once_keeps_nobody_else_out(tmp_path, monkeypatch):
    go_on, refused = threading.Event(), []

    def slow(self, path):
        assert go_on.wait(30)
        path.write_bytes(b"made")

    with opened(tmp_path, streams=2) as door:
        free, _ = a_release(door.settings)
        greedy = token(door.settings, read=frozenset({Right.OPEN}))
        other = token(door.settings, read=frozenset({Right.OPEN}))

        def read():
            answer = door.call("GET", f"/releases/current/{free.name}.xlsx", **greedy)
            refused.extend([answer.kind] if answer.status != 200 else [])

        monkeypatch.setattr("transport.releases.files._Writer.__call__", slow)
        many = [threading.Thread(target=read) for _ in range(80)]
        try:
            for thread in many:
                thread.start()
            until(lambda: len(refused) > 8)
            assert door.call("GET", f"/v1/datasets/{free.name}", **other).status == 200
        finally:
            go_on.set()
            for thread in many:
                thread.join()
    assert set(refused) == {"try_again"}
