"""What a file may be made of: which types are taken, which are refused, and in which words."""

from __future__ import annotations

import base64
import contextlib
import gc
import io
import os
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from uuid import UUID

import duckdb
import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from pyarrow.parquet import encryption

from catalog.errors import BadValue, MissingColumn, NoRows, Refused, TooLarge, UnknownColumn, Unreadable, WrongType
from catalog.tables.streams import STREAMS
from tests.thorough import some
from transport.base.settings import PROJECT
from transport.ingest import csv_records, formats, identity_scan

IDS = [UUID(int=i).bytes for i in (1, 2, 3)]
TYPED = [".parquet", ".arrow", ".arrows"]
TEXT = [".csv", ".jsonl", ".xlsx"]


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_is_read_from_every_form_with_the_same_content(read, batch, encode, stream, ending):
    sent = batch(stream, 5)
    validated, landed = read(stream, f"a{ending}", encode(sent, ending))
    first, _ = read(stream, "b.parquet", encode(sent, ".parquet"))
    assert validated.rows == 5
    assert validated.sha256 == first.sha256
    assert landed.select(sent.column_names).to_pylist() == sent.to_pylist()


TAKEN = {
    "arrow.uuid": ("dispatch", "dispatch_id", pa.array(IDS, pa.uuid())),
    "fixed_size_binary[16]": ("dispatch", "dispatch_id", pa.array(IDS, pa.binary(16))),
    "dictionary": ("dispatch", "state", pa.array(["LEST"] * 3).dictionary_encode()),
    "dictionary with small indices": (
        "dispatch", "state", pa.array(["LEST"] * 3).cast(pa.dictionary(pa.int8(), pa.string())),
    ),
    "dictionary of large_string": ("dispatch", "state", pa.array(["LEST"] * 3, pa.large_string()).dictionary_encode()),
    "large_string": ("dispatch", "state", pa.array(["LEST"] * 3, pa.large_string())),
    "string_view": ("dispatch", "state", pa.array(["LEST"] * 3, pa.string_view())),
    "int32 for int64": ("dispatch", "byte_count", pa.array([1, None, 3], pa.int32())),
    "uint8 for int32": ("dispatch", "page_count", pa.array([1, None, 3], pa.uint8())),
    "int64 for int32": ("dispatch", "page_count", pa.array([1, None, 3], pa.int64())),
    "null for optional": ("dispatch", "page_count", pa.nulls(3)),
    "null for optional text": ("dispatch", "channel", pa.nulls(3)),
    "timestamp[ms]": ("dispatch", "state_at", pa.array([1_772_452_800_000] * 3, pa.timestamp("ms", "UTC"))),
    "timestamp[ns] in whole microseconds": (
        "dispatch", "state_at", pa.array([1_772_452_800_000_000_000] * 3, pa.timestamp("ns", "Europe/Oslo")),
    ),
    "date64": ("measurement", "day", pa.array([1_772_323_200_000] * 3, pa.date64())),
    "narrower decimal": ("measurement", "quantity", pa.array([Decimal("1.5")] * 3, pa.decimal128(5, 1))),
    "wider decimal": ("measurement", "quantity", pa.array([Decimal("1.5")] * 3, pa.decimal128(38, 10))),
    "int64 for decimal": ("measurement", "quantity", pa.array([1, 2, 3])),
}  # fmt: skip


@pytest.mark.parametrize("ending", TYPED)
@pytest.mark.parametrize(("stream", "column", "values"), TAKEN.values(), ids=TAKEN)
def test_a_type_that_becomes_the_contracts_without_loss_is_taken(read, batch, encode, stream, column, values, ending):
    _, landed = read(stream, f"a{ending}", encode(batch(stream, **{column: values}), ending))
    got, sent = landed[column].to_pylist(), values.to_pylist()
    assert [UUID(bytes=v) if isinstance(v, bytes) else v for v in got] == [
        UUID(bytes=v) if isinstance(v, bytes) else v for v in sent
    ]


REFUSED = {
    "naive timestamp": ("dispatch", "state_at", pa.array([0] * 3, pa.timestamp("us")), "without an offset"),
    "text for a timestamp": ("dispatch", "state_at", pa.array(["2026-01-01T00:00:00Z"] * 3), "timestamp"),
    "text for a UUID": ("dispatch", "dispatch_id", pa.array([str(UUID(int=1))] * 3), "uuid"),
    "text in a dictionary for a number": ("dispatch", "page_count", pa.array(["1"] * 3).dictionary_encode(), "int32"),
    "15 bytes for a UUID": ("dispatch", "dispatch_id", pa.array([b"x" * 15] * 3, pa.binary(15)), "uuid"),
    "list": ("dispatch", "state", pa.array([["LEST"]] * 3), "list"),
    "struct": ("dispatch", "state", pa.array([{"a": "LEST"}] * 3), "struct"),
    "map": ("dispatch", "state", pa.array([[("a", "b")]] * 3, pa.map_(pa.string(), pa.string())), "map"),
    "binary": ("dispatch", "state", pa.array([b"LEST"] * 3), "binary"),
    "float for decimal": ("measurement", "quantity", pa.array([1.0] * 3), "double"),
    "float for int": ("invoice_line", "amount_ore", pa.array([1.0] * 3), "double"),
    "int for text": ("adoption", "municipality_code", pa.array([301] * 3), "int64"),
    "bool for int": ("invoice_line", "amount_ore", pa.array([True] * 3), "bool"),
    "int for bool": ("dispatch", "digital_only", pa.array([1] * 3), "int64"),
    "timestamp for date": ("measurement", "day", pa.array([0] * 3, pa.timestamp("us", "UTC")), "date32"),
}


@pytest.mark.parametrize("ending", TYPED)
@pytest.mark.parametrize(("stream", "column", "values", "says"), REFUSED.values(), ids=REFUSED)
def test_another_type_is_refused_with_both_types(read, batch, encode, stream, column, values, says, ending):
    with pytest.raises(WrongType) as refused:
        read(stream, f"a{ending}", encode(batch(stream, **{column: values}), ending))
    assert repr(column) in refused.value.problem
    assert says in refused.value.problem
    assert str(STREAMS[stream][column].type) in refused.value.mend


LOST = {
    "too large for int32": ("dispatch", "page_count", pa.array([1, 2**31, 3]), 2),
    "part of a microsecond": ("dispatch", "state_at", pa.array([0, 0, 1], pa.timestamp("ns", "UTC")), 3),
    "too many decimals": ("measurement", "quantity", pa.array([Decimal("1.00001")] * 3, pa.decimal128(38, 5)), 1),
    "too large for the decimal": ("measurement", "quantity", pa.array([1, 10**15, 1]), 2),
    "required and null": ("dispatch", "state", pa.array(["LEST", None, None]), 2),
    "required and of type null": ("dispatch", "dispatch_id", pa.nulls(3), 1),
    "required and null in the dictionary": (
        "dispatch", "state", pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int32()), ["LEST", None]), 2,
    ),
    "outside 1900–2100": ("dispatch", "created_at", pa.array([0, 0, 2**60], pa.timestamp("us", "UTC")), 3),
}  # fmt: skip


@pytest.mark.parametrize("ending", [".arrow", ".parquet"])
@pytest.mark.parametrize(("stream", "column", "values", "line"), LOST.values(), ids=LOST)
def test_a_value_that_does_not_fit_is_refused_with_its_row_and_column(
    read, batch, encode, stream, column, values, line, ending
):
    try:
        content = encode(batch(stream, **{column: values}), ending)
    except pa.ArrowNotImplementedError:
        return  # Parquet has no null within a dictionary
    with pytest.raises(BadValue) as refused:
        read(stream, f"a{ending}", content)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert f"Line {line}, column {column!r}" in refused.value.problem
    assert refused.value.mend


def test_the_row_of_a_value_that_does_not_fit_counts_over_row_groups(read, batch, encode):
    values = pa.array([0] * 150_000 + [2**40] + [0] * 9, pa.int64())
    table = batch("dispatch", 1)
    table = pa.concat_tables([table] * 1).take(pa.array([0] * len(values)))
    table = table.set_column(table.column_names.index("page_count"), "page_count", values)
    with pytest.raises(BadValue, match="Line 150001, column 'page_count'"):
        read("dispatch", "a.parquet", encode(table, ".parquet", rows=40_000))


FALSE_TEXT = {
    "a time without an offset": ("dispatch", "state_at", "2026-03-02T12:00:00", "offset"),
    "a time after a blank, without an offset": ("dispatch", "state_at", "2026-03-02 12:00:00", "offset"),
    "minutes without an offset": ("dispatch", "state_at", "2026-03-02 12:00", "offset"),
    "a day that ends like an offset": ("dispatch", "state_at", "2026-03-16", "offset"),
    "a time with seven decimals": ("dispatch", "state_at", "2026-03-02T12:00:00.1234567Z", "six decimals"),
    "a day for a time": ("dispatch", "state_at", "2026-03-02", "offset"),
    "a Norwegian time": ("dispatch", "state_at", "02.03.2026 12:00", "offset"),
    "a Norwegian day": ("measurement", "day", "02.03.2026", "2026-01-31"),
    "a day that is not": ("measurement", "day", "2026-02-30", "2026-01-31"),
    "text for a number": ("dispatch", "page_count", "mange", "whole number"),
    "a number that is no whole one": ("dispatch", "page_count", "1.5", "whole number"),
    "a number too large": ("dispatch", "page_count", "3000000000", "whole number"),
    "a decimal too fine": ("measurement", "quantity", "1.00001", "at most 4 decimals"),
    "no number": ("measurement", "quantity", "NaN", "at most 4 decimals"),
    "no end": ("measurement", "quantity", "Infinity", "at most 4 decimals"),
    "a number with spaces": ("measurement", "quantity", "1 000", "at most 4 decimals"),
    "a word for a bool": ("dispatch", "digital_only", "kanskje", "true or false"),
    "text for a UUID": ("dispatch", "dispatch_id", "123", "8-4-4-4-12"),
}


@pytest.mark.parametrize("ending", TEXT)
@pytest.mark.parametrize(("stream", "column", "text", "mend"), FALSE_TEXT.values(), ids=FALSE_TEXT)
def test_text_that_is_no_value_of_the_type_is_refused_with_line_column_value_and_form(
    read, batch, encode, stream, column, text, mend, ending
):
    table = batch(stream)
    good = table[column].cast(pa.string()).to_pylist() if column != "dispatch_id" else [str(UUID(bytes=b)) for b in IDS]
    if pa.types.is_timestamp(table[column].type):
        good = ["2026-03-02T13:00:00+01:00"] * 3
    broken = table.set_column(table.column_names.index(column), column, pa.array([good[0], text, good[2]]))
    with pytest.raises(BadValue) as refused:
        read(stream, f"a{ending}", encode(broken, ending))
    line = 2 if ending == ".jsonl" else 3
    assert (refused.value.line, refused.value.column) == (line, column)
    assert repr(text) in refused.value.problem
    assert mend in refused.value.mend


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_an_unknown_column_is_answered_with_the_nearest(read, batch, encode, ending):
    table = batch("dispatch").rename_columns({"organisation_number": "organization_number"})
    with pytest.raises(UnknownColumn) as refused:
        read("dispatch", f"a{ending}", encode(table, ending))
    assert "'organization_number'" in refused.value.problem
    assert refused.value.mend == "Did you mean 'organisation_number'?"


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_a_missing_key_column_is_named(read, batch, encode, ending):
    with pytest.raises(MissingColumn) as refused:
        read("dispatch", f"a{ending}", encode(batch("dispatch", dispatch_id=None), ending))
    assert "'dispatch_id'" in refused.value.problem


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_every_missing_column_is_named_and_none_of_the_contracts_own_is_taken_for_it(read, batch, encode, ending):
    sent = batch("dispatch").select(["dispatch_id", "state", "created_at"])
    with pytest.raises(MissingColumn) as refused:
        read("dispatch", f"a{ending}", encode(sent, ending))
    required = [c.name for c in STREAMS["dispatch"].columns if not c.null]
    named = [n for n in STREAMS["dispatch"].schema.names if f"'{n}'" in refused.value.problem]
    assert named == [n for n in required if n not in sent.column_names]
    assert len(named) > 1
    assert "'state'" not in str(refused.value)
    assert "`dif sample dispatch`" in refused.value.mend


def test_a_register_of_which_there_is_no_sample_points_to_none(read):
    with pytest.raises(MissingColumn) as refused:
        read("register", "a.csv", b"register\nbudget\n")
    assert "dif sample" not in refused.value.mend


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_a_missing_optional_column_is_null(read, batch, encode, ending):
    _, landed = read("dispatch", f"a{ending}", encode(batch("dispatch", page_count=None), ending))
    assert landed["page_count"].null_count == 3


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_a_missing_required_value_is_answered_with_its_line(read, batch, encode, ending):
    table = batch("adoption", step=pa.array(["ACTIVATED", "ACTIVATED", None]))
    with pytest.raises(BadValue, match="column 'step': a required value is missing") as refused:
        read("adoption", f"a{ending}", encode(table, ending))
    assert refused.value.line == {".csv": 4, ".xlsx": 4}.get(ending, 3)


@pytest.mark.parametrize("ending", [*TYPED, *TEXT])
def test_a_file_without_rows_is_refused(read, batch, encode, ending):
    with pytest.raises(NoRows):
        read("adoption", f"a{ending}", encode(batch("adoption", 0), ending) or b"\n")


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_a_header_without_a_line_end_or_a_file_of_empty_lines_has_no_rows(read, batch, encode, ending):
    with pytest.raises(NoRows):
        read("adoption", f"a{ending}", encode(batch("adoption", 0), ending).rstrip() + b"\n" * (ending == ".jsonl"))


@pytest.mark.parametrize("ending", [*TYPED, *TEXT, ".feather", ".ndjson", ".ipc"])
def test_an_empty_file_is_refused(read, ending):
    with pytest.raises(Unreadable, match="The file is empty"):
        read("adoption", f"a{ending}", b"")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".xlsx"])
def test_a_file_cut_short_is_refused_with_that_guess(read, batch, encode, ending, part):
    whole = encode(batch("dispatch", 200), ending)
    with pytest.raises(Unreadable) as refused:
        read("dispatch", f"a{ending}", whole[: int(len(whole) * part)])
    assert "truncated" in refused.value.mend


@pytest.mark.parametrize("ending", [".docx", ".gz", ".CSV2", ""])
def test_another_form_is_answered_with_the_forms_there_are(read, ending):
    with pytest.raises(Unreadable) as refused:
        read("adoption", f"a{ending}", b"x")
    assert ".parquet" in refused.value.mend
    assert ".xlsx" in refused.value.mend


OFFSETS = ["Z", "+00", "+0000", "+00:00", "+01", "+0100", "+01:00", "-05:30"]
TIMES = [*product(TEXT, ["T", " "], ["", ".5", ".123456"], OFFSETS)]


@pytest.mark.parametrize(("ending", "between", "fraction", "offset"), some(TIMES, 24, "put together otherwise"))
def test_a_time_with_any_way_of_writing_its_offset_is_read(read, batch, encode, ending, between, fraction, offset):
    text = f"2026-03-02{between}12:00:00{fraction}{offset}"
    table = batch("adoption", 1, occurred_at=pa.array([text]))
    _, landed = read("adoption", f"a{ending}", encode(table, ending))
    assert landed["occurred_at"].to_pylist() == [datetime.fromisoformat(text)]


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_what_duckdb_writes_of_a_batch_is_the_batch(read, batch, encode, tmp_path, ending):
    moments = [datetime(2026, 8, 16, tzinfo=UTC) + timedelta(microseconds=i) for i in range(5)]
    sent = batch("adoption", 5, occurred_at=pa.array(moments, pa.timestamp("us", "UTC")))
    file = tmp_path / f"duckdb{ending}"
    with duckdb.connect() as engine:
        engine.register("sent", sent)
        engine.execute(f"copy sent to '{file}' (format {'csv' if ending == '.csv' else 'json'})")
    validated, _ = read("adoption", f"a{ending}", file.read_bytes())
    assert validated.sha256 == read("adoption", "b.parquet", encode(sent, ".parquet"))[0].sha256


CSV = {
    "comma": lambda t: t,
    "semicolon": lambda t: t.replace(",", ";").replace("1.5", "1,5"),
    "BOM": lambda t: "\ufeff" + t,
    "CRLF": lambda t: t.replace("\n", "\r\n"),
    "no last line end": lambda t: t.rstrip("\n"),
    "quoted": lambda t: "\n".join(",".join(f'"{v}"' for v in line.split(",")) for line in t.splitlines()),
    "empty lines": lambda t: t.replace("\n", "\n\n"),
    "all of Excel": lambda t: "\ufeff" + t.replace(",", ";").replace("1.5", "1,5").replace("\n", "\r\n"),
    "spaces about names": lambda t: t.replace(",", " ,", 3),
    "upper-case ending": lambda t: t,
}


@pytest.mark.parametrize("form", CSV)
def test_csv_is_read_in_the_forms_that_programs_write(read, form):
    text = (
        "service,measure,day,organisation_number,source,quantity,reported_at\n"
        "svarut,meldinger,2026-03-01,974605171,logg,1.5,2026-03-02T13:00:00+01:00\n"
        "svarut,meldinger,2026-03-02,974605171,logg,20,2026-03-02T12:00:00.000001Z\n"
    )
    name = "A.CSV" if form == "upper-case ending" else "a.csv"
    _, landed = read("measurement", name, CSV[form](text).encode())
    assert landed["quantity"].to_pylist() == [Decimal("1.5000"), Decimal(20)]
    assert landed["reported_at"].to_pylist() == [
        datetime(2026, 3, 2, 12, tzinfo=UTC),
        datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC),
    ]
    assert landed["account_id"].null_count == 2


def test_a_decimal_comma_is_read_where_semicolons_separate(read):
    text = "service;measure;day;organisation_number;source;quantity;reported_at\n"
    text += "svarut;meldinger;2026-03-01;974605171;logg;1234,56;2026-03-02T13:00:00Z\n"
    _, landed = read("measurement", "a.csv", text.encode())
    assert landed["quantity"].to_pylist() == [Decimal("1234.56")]


def test_a_decimal_comma_in_quotes_where_commas_separate_is_refused(read):
    text = "service,measure,day,organisation_number,source,quantity,reported_at\n"
    text += 'svarut,meldinger,2026-03-01,974605171,logg,"1234,56",2026-03-02T13:00:00Z\n'
    with pytest.raises(BadValue, match="Line 2, column 'quantity': '1234,56' is not a valid decimal"):
        read("measurement", "a.csv", text.encode())


@pytest.mark.parametrize("text", ["1.234", "1.5", "1.234,5", "1,234.5"])
def test_a_point_is_refused_where_the_comma_is_the_decimal_sign(read, text):
    """A Norwegian export writes 1234 as 1.234; a column of both signs has no one reading."""
    rows = "service;measure;day;organisation_number;source;quantity;reported_at\n"
    for day, quantity in enumerate(["1,5", text], 1):
        rows += f"svarut;meldinger;2026-03-0{day};974605171;logg;{quantity};2026-03-02T13:00:00Z\n"
    with pytest.raises(BadValue, match=f"Line 3, column 'quantity': '{text}' is not a valid decimal") as refused:
        read("measurement", "a.csv", rows.encode())
    assert "comma where ; separates" in refused.value.mend


@pytest.mark.parametrize("literal", ["1e2", "-0", "1.50", "true", "9" * 4_000, "0.1e-7"])
def test_a_json_number_in_a_column_of_text_is_kept_as_it_is_written(read, batch, encode, literal):
    lines = encode(batch("adoption"), ".jsonl").replace(b'"ACTIVATED"', literal.encode())
    assert read("adoption", "a.jsonl", lines)[1]["step"].to_pylist() == [literal] * 3


@pytest.mark.parametrize(("ending", "nul"), [(".csv", "\0"), (".jsonl", "\\u0000"), (".xlsx", "_x0000_")])
def test_a_nul_is_refused_with_its_line_wherever_it_is(read, batch, encode, ending, nul):
    content = encode(batch("adoption", 300, note=pa.array(["x"] * 299 + ["aHEREb"])), ending)
    if ending == ".xlsx":
        content = within(content, lambda x: x.replace(b"HERE", nul.encode()))
    with pytest.raises(Refused, match=f"Line {300 + (ending != '.jsonl')}.* NUL"):
        read("adoption", f"a{ending}", content.replace(b"HERE", nul.encode()))


def test_a_csv_that_begins_with_an_empty_line_is_told_so(read, batch, encode):
    for empty in (b"\n", b"\r\n", b"  \n", b"\xef\xbb\xbf\n"):
        with pytest.raises(Unreadable, match="Line 1 is empty") as refused:
            read("adoption", "a.csv", empty + encode(batch("adoption"), ".csv"))
        assert refused.value.mend == "Start the file with the column names."


def test_a_header_that_ends_in_two_carriage_returns_is_refused(read, batch, encode):
    with pytest.raises(Unreadable, match="Line 1 is not valid CSV: a carriage return has no line feed"):
        read("adoption", "a.csv", encode(batch("adoption"), ".csv").replace(b"\n", b"\r\r\n", 1))


def test_codes_keep_their_zero_and_text_its_breaks_quotes_and_spaces(read, batch, encode):
    notes = ["a\r\nb", ' "x"; ', "=cmd|' /C calc'!A0"]
    sent = batch("adoption", note=pa.array(notes))
    for ending in (".csv", ".jsonl", ".parquet"):
        _, landed = read("adoption", f"a{ending}", encode(sent, ending))
        assert landed["municipality_code"].to_pylist() == ["0301"] * 3
        assert landed["note"].to_pylist() == notes


@pytest.mark.parametrize(
    ("line", "column", "encoding"), [(1, "sourcé", "latin-1"), (3, None, "latin-1"), (3, None, "cp1252")]
)
def test_a_csv_in_another_encoding_is_answered_with_the_first_line_that_is_no_utf_8(read, line, column, encoding):
    head = "event_id,service,municipality_code,step,occurred_at,occurred_precision," + (column or "source")
    rows = [f"{i},svarut,0301,ACTIVATED,2026-01-01T12:00:00Z,EXACT,{source}" for i, source in enumerate("xø")]
    with pytest.raises(Unreadable, match=f"Line {line}, byte [0-9]+ is not UTF-8") as refused:
        read("adoption", "a.csv", "\n".join([head, *rows, ""]).encode(encoding))
    assert "UTF-8" in refused.value.mend


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(read, batch, encode, encoding):
    with pytest.raises(Unreadable, match="UTF-16 or binary"):
        read("adoption", "a.csv", encode(batch("adoption"), ".csv").decode().encode(encoding))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_json_lines_in_another_encoding_are_answered_with_the_line(read, batch, encode, encoding):
    with pytest.raises(Unreadable, match="Line 1 is not valid JSON"):
        read("adoption", "a.jsonl", encode(batch("adoption"), ".jsonl").decode().encode(encoding, "replace"))


JSON = {
    "cut short": (b'{"event_id": "1"', "Line 1 is not valid JSON"),
    "a list": (b"[]", "Line 1 is not a JSON object"),
    "a word": (b"nei", "Line 1 is not valid JSON"),
    "deep": (b"[" * 100_000, "Line 1 is not valid JSON: it is nested too deeply"),
    "deep in a value": (b'{"event_id": ' + b'{"a":' * 100_000, "Line 1 is not valid JSON: it is nested too deeply"),
    "no number": (b'{"event_id": NaN}', "NaN is not a JSON number"),
}


@pytest.mark.parametrize(("line", "says"), JSON.values(), ids=JSON)
def test_a_line_that_is_no_record_is_refused_with_its_number(read, line, says):
    with pytest.raises(Unreadable, match=says):
        read("adoption", "a.jsonl", line + b"\n")


@pytest.mark.parametrize(("value", "says"), [(b'"\\ud800"', "surrogate"), (b"[1]", "list"), (b'{"a": 1}', "dict")])
def test_a_json_value_that_is_no_single_text_is_refused_with_line_and_column(read, batch, encode, value, says):
    lines = encode(batch("adoption"), ".jsonl").splitlines()
    lines[1] = lines[1].replace(b'"ACTIVATED"', value)
    with pytest.raises(BadValue, match=f"Line 2, column 'step': .*{says}"):
        read("adoption", "a.jsonl", b"\n".join(lines))


def test_an_empty_line_between_json_records_is_refused_with_its_number(read, batch, encode):
    with pytest.raises(Unreadable, match="Line 2 is empty"):
        read("adoption", "a.jsonl", encode(batch("adoption"), ".jsonl").replace(b"\n", b"\n\n", 1))


def sheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["entry_id", "project", "kind", "amount_ore", "booked_on"]
ROW = ["l-1", "P", "DRAWDOWN", 5.0, datetime(2026, 3, 3)]  # noqa: DTZ001 - a spreadsheet has no offsets


def test_a_spreadsheets_own_numbers_and_days_are_read(read):
    _, landed = read("loan_entry", "a.xlsx", sheet(HEAD, ROW, ["l-2", "P", "DRAWDOWN", 7, "2026-03-04"], [None] * 5))
    assert landed["amount_ore"].to_pylist() == [5, 7]
    assert [str(d) for d in landed["booked_on"].to_pylist()] == ["2026-03-03", "2026-03-04"]


def test_a_spreadsheets_own_time_has_no_offset_and_is_refused(read):
    row = ["1", "svarut", "0301", "ACTIVATED", datetime(2026, 1, 1, 12), "EXACT", "x"]  # noqa: DTZ001
    head = ["event_id", "service", "municipality_code", "step", "occurred_at", "occurred_precision", "source"]
    with pytest.raises(Unreadable, match="Cell E2 is a time, but a spreadsheet stores no offset") as refused:
        read("adoption", "a.xlsx", sheet(head, row))
    assert "offset" in refused.value.mend


SHEETS = {
    "a gap in the header": ([[*HEAD[:2], None, *HEAD[2:]], [*ROW[:2], None, *ROW[2:]]], UnknownColumn, "''"),
    "an empty line between": ([HEAD, ROW, [None] * 5, ROW], Unreadable, "Line 3 is empty, but line 4 is not"),
    "a value beyond the columns": ([HEAD, [*ROW, "x"]], Unreadable, "Line 2 has a value beyond"),
    "a column twice": ([[*HEAD, "kind"], [*ROW, "DRAWDOWN"]], UnknownColumn, "more than once"),
    "nothing at all": ([], Refused, "first sheet is empty|no rows|missing"),
}


@pytest.mark.parametrize(("rows", "kind", "says"), SHEETS.values(), ids=SHEETS)
def test_no_cell_of_a_sheet_is_lost_or_put_under_another_name(read, rows, kind, says):
    with pytest.raises((kind, MissingColumn) if not rows else kind, match=says):
        read("loan_entry", "a.xlsx", sheet(*rows))


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".arrow"])
def test_a_column_twice_is_refused(read, batch, encode, ending):
    table = batch("loan_entry", 1)
    table = table.append_column("kind", table["kind"])
    content = b"entry_id,kind,kind\n1,a,b\n" if ending == ".csv" else encode(table, ending)
    with pytest.raises(Refused, match="kind"):
        read("loan_entry", f"a{ending}", content)


@pytest.mark.timeout(100)
@pytest.mark.parametrize(
    ("name", "content"),
    some(
        [
            ("a.csv", lambda: b"x" * 5_000_000),
            ("a.csv", lambda: ",".join(f"c{i}" for i in range(1_000_000)).encode() + b"\n"),
            ("a.csv", lambda: b"," * 1_000_000 + b"\n"),
            ("a.csv", lambda: b"\xef\xbb\xbf" + b"event_id," * 2_000_000),
            ("a.jsonl", lambda: b"{" + b",".join(b'"c%d":1' % i for i in range(1_000_000)) + b"}\n"),
        ],
        2,
        "another first line",
    ),
    ids=["a long line", "a million names", "a million empty names", "a long line with BOM", "a million JSON names"],
)
def test_a_million_columns_or_a_first_line_without_end_is_refused_before_the_rest_is_read(read, name, content):
    with pytest.raises(TooLarge):
        read("adoption", name, content())


def test_a_parquet_file_of_ten_thousand_columns_is_refused(read, encode):
    with pytest.raises(TooLarge, match="10000 columns"):
        read("adoption", "a.parquet", encode(pa.table({f"c{i}": [1] for i in range(10_000)}), ".parquet"))


@pytest.mark.parametrize("flipped", range(0, 100, 7))
def test_a_flipped_byte_in_a_parquet_page_is_never_read_as_another_value(read, batch, encode, flipped):
    table = batch("invoice_line", 500)
    content = bytearray(encode(table, ".parquet", write_page_checksum=True))
    pages = pq.ParquetFile(pa.BufferReader(bytes(content))).metadata.row_group(0).column(0).total_compressed_size
    content[4 + pages * flipped // 100] ^= 0x10
    try:
        _, landed = read("invoice_line", "a.parquet", bytes(content))
    except (Refused, MemoryError):
        return
    assert landed.select(table.column_names).to_pylist() == table.to_pylist()


def of_footer(content: bytes) -> tuple[bytes, bytes]:
    """A Parquet file's pages, and its footer."""
    end = -8 - int.from_bytes(content[-8:-4], "little")
    return content[:end], content[end:]


def counted(rows: int) -> bytes:
    """How a footer writes a count from 64 to 8191."""
    return bytes([0x16, rows * 2 % 128 | 128, rows * 2 // 128])


def miscounted(content: bytes, rows: int, nth: int, instead: int) -> bytes:
    """A file whose footer, where it counts so many rows for the nth time, counts others."""
    pages, footer = of_footer(content)
    parts = footer.split(counted(rows))
    return pages + counted(rows).join(parts[:nth]) + counted(instead) + counted(rows).join(parts[nth:])


def false_footers(batch, encode) -> dict[str, bytes]:
    """Files with row groups of 1013 and 1007 rows, each with another lie in its footer."""
    sent = batch("loan_entry", 2020)
    whole, first = (encode(rows, ".parquet", rows=1013) for rows in (sent, sent.slice(0, 1013)))
    columns = sent.num_columns
    twice = pq.read_metadata(io.BytesIO(first))
    twice.append_row_groups(pq.read_metadata(io.BytesIO(first)))
    twice.write_metadata_file(footer := io.BytesIO())
    shorter = of_footer(whole)[0] + of_footer(first)[1]
    return {
        "a row group of fewer rows": miscounted(whole, 1013, columns + 1, 1000),
        "a row group of more rows": miscounted(whole, 1007, columns + 1, 1013),
        "more rows": miscounted(whole, 2020, 1, 2047),
        "fewer rows": miscounted(whole, 2020, 1, 2000),
        "a column of fewer values": miscounted(whole, 1007, 2, 1000),
        "a row group twice": of_footer(first)[0] + of_footer(footer.getvalue())[1],
        "a row group less": shorter,
        "a row group less than it counts": miscounted(shorter, 1013, 1, 2020),
    }


FALSE = ("a row group of fewer rows", "a row group of more rows", "more rows", "fewer rows", "a column of fewer values",
         "a row group twice", "a row group less", "a row group less than it counts")  # fmt: skip


@pytest.mark.parametrize("lie", FALSE)
def test_a_parquet_file_whose_footer_lies_is_refused(read, batch, encode, lie):
    with pytest.raises(Unreadable, match="The Parquet footer does not match the file"):
        read("loan_entry", "a.parquet", false_footers(batch, encode)[lie])


class Keys(encryption.KmsClient):
    """Wraps keys in base64."""

    def __init__(self, _config):
        super().__init__()

    def wrap_key(self, key, _master):
        return base64.b64encode(key)

    def unwrap_key(self, wrapped, _master):
        return base64.b64decode(wrapped)


@pytest.mark.parametrize("readable", [True, False], ids=["with a readable footer", "whole"])
def test_an_encrypted_parquet_file_is_refused_in_words_and_ends_no_reader(home, batch, readable):
    sent, out = batch("loan_entry"), io.BytesIO()
    asked = encryption.EncryptionConfiguration("f", column_keys={"k": ["entry_id"]}, plaintext_footer=readable)
    made = encryption.CryptoFactory(Keys).file_encryption_properties(encryption.KmsConnectionConfig(), asked)
    with pq.ParquetWriter(out, sent.schema, encryption_properties=made) as writer:
        writer.write_table(sent)
    home.put("loan_entry/p/a.parquet", out.getvalue())
    home.take_in()
    said = home.reason("loan_entry/p/a.parquet")
    assert (said["kind"], "encrypt" in said["problem"], "own encryption" in said["mend"]) == ("unreadable", True, True)


def test_a_parquet_row_group_that_an_index_follows_is_not_left_out(read, batch, encode):
    sent = batch("loan_entry", 2020)
    bloom = {"write_page_index": True, "bloom_filter_options": {"entry_id": {"ndv": 1013}}}
    whole, first = (encode(rows, ".parquet", rows=1013, **bloom) for rows in (sent, sent.slice(0, 1013)))
    assert read("loan_entry", "a.parquet", whole)[0].rows == 2020
    end = pq.read_metadata(io.BytesIO(first)).row_group(0).column(0).bloom_filter_offset
    beside = of_footer(whole)[0][:4] + of_footer(first)[0][4:end] + of_footer(whole)[0][end:] + of_footer(first)[1]
    with pytest.raises(Unreadable, match="no column has the page"):
        read("loan_entry", "a.parquet", beside)


def test_an_empty_parquet_row_group_between_others_is_read(read, batch):
    out, sent = io.BytesIO(), batch("loan_entry", 100)
    with pq.ParquetWriter(out, sent.schema) as writer:
        for rows in (sent.slice(0, 60), sent.slice(0, 0), sent.slice(60)):
            writer.write_table(rows)
    assert pq.read_metadata(out).num_row_groups == 3
    assert read("loan_entry", "a.parquet", out.getvalue())[0].rows == 100


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_text_in_any_encoding_of_parquet_is_read(read, batch, encode, version, encoding):
    sent = batch("loan_entry", 2020)
    texts = {"entry_id": encoding, "project": encoding}
    file = encode(
        sent, ".parquet", rows=1013, use_dictionary=["kind"], column_encoding=texts, data_page_version=version
    )
    assert read("loan_entry", "a.parquet", file)[1].select(sent.column_names).to_pylist() == sent.to_pylist()


PARQUET = "format parquet, row_group_size 2048, parquet_version"


@pytest.mark.parametrize("how", [f"{PARQUET} v1", f"{PARQUET} v2", f"{PARQUET} v2, compression gzip"])
def test_what_duckdb_writes_as_parquet_with_its_bloom_filters_is_read(read, tmp_path, batch, how):
    sent = batch("adoption", 5000)
    with duckdb.connect() as engine:
        engine.register("sent", sent)
        engine.execute(f"copy sent to '{tmp_path / 'p'}' ({how})")
    assert pq.read_metadata(tmp_path / "p").row_group(0).column(4).bloom_filter_offset
    assert read("adoption", "a.parquet", (tmp_path / "p").read_bytes())[0].rows == 5000


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
def test_what_polars_writes_is_read(read, tmp_path, batch, ending):
    frame = pl.from_arrow(batch("adoption")).with_columns(pl.col("step").cast(pl.Categorical))
    frame.write_parquet(tmp_path / "p") if ending == ".parquet" else frame.write_ipc(tmp_path / "p")
    _, landed = read("adoption", f"a{ending}", (tmp_path / "p").read_bytes())
    assert landed["step"].to_pylist() == ["ACTIVATED"] * 3


@pytest.mark.parametrize("ending", formats.FORMATS)
@pytest.mark.parametrize(
    "make", [lambda p: p.symlink_to("good"), os.mkfifo, Path.mkdir], ids=["link", "pipe", "folder"]
)
def test_what_is_no_file_is_not_followed_and_not_waited_for(tmp_path, make, ending):
    (tmp_path / "good").write_bytes(b"x")
    path = tmp_path / f"a{ending}"
    make(path)
    with pytest.raises(Unreadable, match="not a regular file"):
        formats.open_file(path, STREAMS["adoption"], follow=False)
    with pytest.raises(Unreadable, match="not a regular file"):
        identity_scan.in_bytes(path)
    assert not identity_scan.in_packed(path)


def open_files() -> list[Path]:
    files = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            files.append(link.readlink())
    return files


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".arrows", ".csv", ".jsonl", ".xlsx"])
def test_a_file_is_read_to_its_end_whatever_takes_its_name_meanwhile_and_is_closed_then(
    tmp_path, batch, encode, ending
):
    path = tmp_path / f"a{ending}"
    path.write_bytes(encode(batch("adoption", 5), ending))
    opened = formats.open_file(path, STREAMS["adoption"])
    path.unlink()
    path.symlink_to("elsewhere")
    assert sum(chunk.num_rows for chunk in opened.chunks) == 5
    del opened
    until = time.monotonic() + 15
    while any(str(name).startswith(str(path)) for name in open_files()):
        gc.collect()
        assert time.monotonic() < until, "a thread of Arrow may hold it for a moment more"


def test_a_link_is_followed_for_one_who_sends_a_file_of_its_own(tmp_path, batch, encode):
    (tmp_path / "a.csv").write_bytes(encode(batch("adoption", 5), ".csv"))
    (tmp_path / "link.csv").symlink_to("a.csv")
    opened = formats.open_file(tmp_path / "link.csv", STREAMS["adoption"])
    assert sum(chunk.num_rows for chunk in opened.chunks) == 5


# --- rows that would vanish -------------------------------------------------------------------------------------------


def lines_of(batch, encode, count=20) -> list[str]:
    return encode(batch("adoption", count), ".csv").decode().splitlines()


QUOTING = {
    "opened at the beginning of a field": lambda line: line.replace("EXACT,", 'EXACT,"'),
    "opened and never closed in the last row": lambda line: line.replace("EXACT,", 'EXACT,"'),
    "within a field": lambda line: line.replace("EXACT", 'EX"ACT'),
    "twice within a field": lambda line: line.replace("EXACT", 'EX""ACT'),
    "after a space": lambda line: line.replace("EXACT", ' "EXACT"'),
    "closed before the end": lambda line: line.replace("EXACT", '"EX"ACT'),
    "escaped with a backslash": lambda line: line.replace("EXACT", '"EX\\"ACT"'),
    "a carriage return alone": lambda line: line.replace("EXACT", "EX\rACT"),
}


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("how", QUOTING)
def test_a_csv_whose_quotes_are_broken_is_refused_with_the_line(read, batch, encode, how, separator):
    lines = lines_of(batch, encode)
    number = 20 if "last row" in how else 8
    lines[number] = QUOTING[how](lines[number])
    text = "\n".join(lines).replace("«ja»; nei", "ja").replace(",", separator) + "\n"
    with pytest.raises(Unreadable, match=f"Line {number + 1} is not valid CSV") as refused:
        read("adoption", "a.csv", text.encode())
    assert refused.value.mend


def test_a_second_stray_quote_that_closes_the_first_loses_no_rows(read, batch, encode):
    lines = lines_of(batch, encode)
    lines[5], lines[12] = lines[5].replace(",EXACT", ',"EXACT'), lines[12].replace("EXACT,", 'EXACT",')
    with pytest.raises(Unreadable, match="Line 6 is not valid CSV"):
        read("adoption", "a.csv", "\n".join(lines).encode())


@pytest.mark.parametrize("head", ['"event_id', '"event"_id', 'event"_id'])
def test_a_header_with_a_broken_quote_names_no_column(read, batch, encode, head):
    text = encode(batch("adoption"), ".csv").decode().replace("event_id", head, 1)
    with pytest.raises((Unreadable, UnknownColumn)):
        read("adoption", "a.csv", text.encode())


def test_a_break_of_lines_within_quotes_is_kept_wherever_a_block_of_the_file_ends(batch, encode, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_records, "_BLOCK", 64)
    notes = [f"{'x' * i}A\r\nB" for i in range(80)]
    (tmp_path / "a.csv").write_bytes(encode(batch("adoption", 80, note=pa.array(notes)), ".csv"))
    opened = formats.open_file(tmp_path / "a.csv", STREAMS["adoption"])
    assert [note for chunk in opened.chunks for note in chunk["note"].to_pylist()] == notes


def test_a_bad_value_after_a_very_long_field_is_named_and_ends_no_reader(home, batch, encode):
    lines = lines_of(batch, encode, 3)
    lines[1], lines[3] = lines[1].replace("«ja»", "y" * 200_000), lines[3].replace("2026-03-04T12:00:00Z", "nei")
    home.put("adoption/p/a.csv", "\n".join(lines).encode())
    home.take_in()
    reason = home.reason("adoption/p/a.csv")
    assert (reason["kind"], reason["line"], reason["column"]) == ("bad_value", 4, "occurred_at")


def within(content: bytes, change, part: str = "worksheets/sheet1", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A spreadsheet whose first sheet's XML, or another part's, is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", how) as new:
        for name in old.namelist():
            said = old.read(name)
            new.writestr(name, change(said) if name == f"xl/{part}.xml" else said)
    return out.getvalue()


def in_d5(cell: str):
    return lambda xml: xml.replace(CELL_D5, f'<c r="D5"{cell}</c>'.encode())


def claims(size: bytes):
    return lambda xml: re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="%s"' % size, xml)


LOANS = [HEAD, *([f"l-{i}", "P", "DRAWDOWN", i, "2026-03-04"] for i in range(20))]
CELL_D5, FAR = b'<c r="D5" t="n"><v>3</v></c>', b'<c r="ZZ5" t="n"><v>7</v></c>'


@pytest.mark.parametrize("size", [b"A1:E11", b"A1:D21", b"A1", b"B2:E21", b"A1:XFD1048576"])
def test_every_row_of_a_sheet_is_read_whatever_size_it_claims(read, size):
    validated, landed = read("loan_entry", "a.xlsx", within(sheet(*LOANS), claims(size)))
    assert (validated.rows, landed["amount_ore"].to_pylist()) == (20, list(range(20)))


CRAFTED = {
    "a formula without a value": (lambda x: x.replace(CELL_D5, b'<c r="D5"><f>SUM(D2:D4)</f></c>'), "D5 is a formula"),
    "an error": (lambda x: x.replace(CELL_D5, b'<c r="D5" t="e"><v>#N/A</v></c>'), "D5 holds the error #N/A"),
    "a row number twice": (lambda x: x.replace(b'<row r="21"', b'<row r="20"'), "out of place|comes after"),
    "a cell twice": (lambda x: x.replace(CELL_D5, CELL_D5 + CELL_D5.replace(b">3<", b">7<")), "D5 is out of place"),
    "a cell of another row": (lambda x: x.replace(b'r="D5"', b'r="D9"'), "D9 is out of place"),
    "a cell far right": (lambda x: x.replace(b'<c r="E5"', FAR + b'<c r="E5"'), "E5 is out of place"),
    "a value beyond the columns": (
        lambda x: x.replace(b'</c></row><row r="6"', b"</c>" + FAR + b'</row><row r="6"'), "Line 5 has a value beyond",
    ),
    "an underscore in a number": (in_d5("><v>1_000</v>"), "D5 has a value that is not of its type"),
    "an element within a number": (in_d5("><v>1<b/>2</v>"), "D5 has a value that is not of its type"),
    "Arabic digits": (in_d5(' t="n"><v>\u0661\u0662</v>'), "D5 has a value that is not of its type"),
    "a day in Arabic digits": (in_d5(' t="d"><v>202\u0666-01-31</v>'), "D5 has a value that is not of its type"),
    "a word for a number": (in_d5("><v>mange</v>"), "D5 has a value that is not of its type"),
    "a truth of two": (in_d5(' t="b"><v>2</v>'), "D5 has a value that is not of its type"),
    "an unknown type": (in_d5(' t="x"><v>3</v>'), "D5 has a value that is not of its type"),
    "a text counted from the end": (in_d5(' t="s"><v>-1</v>'), "D5 has a value that is not of its type"),
    "a text of no type": (in_d5("><is><t>3</t></is>"), "D5 has a text, but is not of that type"),
    "a text beside a value": (in_d5("><v>3</v><is><t>4</t></is>"), "D5 has a text, but is not of that type"),
    "a text in place of another": (in_d5(' t="inlineStr"><v>3</v>'), "D5 has a value that is not of its type"),
    "a cell within another element": (
        lambda x: x.replace(CELL_D5, b"<choice>" + CELL_D5 + b"</choice>"), "Row 5 holds something that is no cell",
    ),
    "two values": (in_d5("><v>3</v><v>4</v>"), "D5 has two values"),
    "a formula with an empty value": (in_d5("><f>SUM(D2:D4)</f><v/>"), "D5 is a formula"),
    "a formula with an empty number": (in_d5(' t="n"><f>1</f><v></v>'), "D5 is a formula"),
    "a formula with an empty truth": (in_d5(' t="b"><f>1</f><v/>'), "D5 is a formula"),
    "an empty number": (in_d5(' t="n"><v/>'), "D5 has a value that is not of its type"),
    "a text counted with nothing": (in_d5(' t="s"><v></v>'), "D5 has a value that is not of its type"),
    "more digits than a double has": (in_d5("><v>1.0000000000000001</v>"), "D5 has more digits"),
    "a long number with a point": (in_d5("><v>123456789012345678.0</v>"), "D5 has more digits"),
    "a number too small": (in_d5("><v>1e-400</v>"), "D5 has more digits"),
    "a number without end": (in_d5("><v>1e400</v>"), "D5 has more digits"),
    "a style from the end": (in_d5(' s="-1"><v>3</v>'), "cannot be read after line 4"),
    "a place in full width": (lambda x: x.replace(b'r="D5"', 'r="D\uff15"'.encode()), "cannot be read after line 4"),
    "a row in full width": (lambda x: x.replace(b'<row r="5"', '<row r="\uff15"'.encode()), "read after line 4"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), CRAFTED.values(), ids=CRAFTED)
def test_a_cell_that_would_be_lost_or_read_as_nothing_is_refused_by_its_place(read, change, says):
    with pytest.raises(Unreadable, match=says):
        read("loan_entry", "a.xlsx", within(sheet(*LOANS), change))


DAY = datetime(2023, 3, 15)  # noqa: DTZ001 - a spreadsheet has no offsets
SERIALS = {"45000": "2023-03-15", "45000.0": "2023-03-15", "61": "1900-03-01", "73050": "2099-12-31"} | dict.fromkeys(
    ("45000.999999999", "45000.0000000001", "45000.5", "60", "59", "1", "0", "0.5", "-1", "2958466", "1e9", "73051")
)


@pytest.mark.parametrize("serial", SERIALS)
def test_a_day_is_read_from_its_number_only_if_all_programs_read_that_day(read, serial):
    content = within(sheet(HEAD, [*ROW[:4], DAY]), lambda x: x.replace(b"<v>45000</v>", b"<v>%s</v>" % serial.encode()))
    if SERIALS[serial] is None:
        with pytest.raises(Refused, match=r"Cell E2 is|Line 2, column 'booked_on'"):
            read("loan_entry", "a.xlsx", content)
    else:
        assert [str(day) for day in read("loan_entry", "a.xlsx", content)[1]["booked_on"].to_pylist()] == [
            SERIALS[serial]
        ]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("1.1000000000000001", "1.1"),  # as Excel stores 1.1
        ("0.30000000000000004", "0.30000000000000004"),
        ("1E-3", "0.001"),
        ("5.0", "5"),
        ("1e+22", "1" + "0" * 22),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_spreadsheets_number_is_the_double_that_it_stores(read, stored, text):
    head, row = [*HEAD, "service"], [*ROW, 7]
    content = within(sheet(head, row), lambda x: x.replace(b"<v>7</v>", b"<v>%s</v>" % stored.encode()))
    assert read("loan_entry", "a.xlsx", content)[1]["service"].to_pylist() == [text]


@pytest.mark.parametrize(
    "inner",
    [
        "<t>a</t><t>b</t>",
        "<r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r>",
        "<r><t>a</t></r><t>b</t>",
        '<t>ab</t><rPh sb="0" eb="1"><t>x</t></rPh>',
    ],
)
def test_every_part_of_a_text_is_read_in_order(read, inner):
    rows, change = (
        [HEAD, ["l-1", "HERE", *ROW[2:4], "2026-03-03"]],
        lambda x: x.replace(b"<t>HERE</t>", inner.encode()),
    )
    for content in (within(sheet(*rows), change), within(shared_texts(*rows), change, "sharedStrings")):
        assert read("loan_entry", "a.xlsx", content)[1]["project"].to_pylist() == ["ab"]


@pytest.mark.parametrize("part", ["worksheets/sheet1", "workbook", "styles"])
def test_a_workbook_with_entities_of_its_own_is_refused(read, part):
    doctype = b'<!-- <a> -->\n<!DOCTYPE x [<!ENTITY three "3">]>'

    def change(xml: bytes) -> bytes:
        prolog, root = re.fullmatch(
            rb"(<\?xml.*?\?>\s*)?(<.*)", xml.replace(b"<v>3<", b"<v>&three;<"), re.DOTALL
        ).groups()
        return (prolog or b"") + doctype + root

    with pytest.raises(Unreadable, match="XML entities of its own"):
        read("loan_entry", "a.xlsx", within(sheet(*LOANS), change, part))


def test_an_error_of_a_library_does_not_show_where_the_server_keeps_files(read):
    broken = within(sheet(*LOANS), lambda _: b"<workbook>", "workbook")
    with pytest.raises(Unreadable, match=r"cannot be read as XLSX: [A-Za-z]+\.") as refused:
        read("loan_entry", "a.xlsx", broken)
    assert "/" not in refused.value.problem


def test_a_formula_with_its_value_is_read_as_that_and_one_of_no_text_as_nothing(read):
    stored = within(sheet(*LOANS), lambda x: x.replace(CELL_D5, b'<c r="D5"><f>1+2</f><v>3</v></c>'))
    assert read("loan_entry", "a.xlsx", stored)[1]["amount_ore"].to_pylist() == list(range(20))
    head = [*HEAD, "service"]
    of_text = [[*row, None] for row in LOANS[1:]]
    empty = within(
        sheet(head, *of_text),
        lambda x: x.replace(b'</row><row r="6"', b'<c r="F5" t="str"><f>""</f><v></v></c></row><row r="6"'),
    )
    assert read("loan_entry", "a.xlsx", empty)[1]["service"].null_count == 20


DAMAGED = {
    "a tag that ends another": lambda x: x.replace(b'</row><row r="2999"', b'</c><row r="2999"'),
    "an end in the middle": lambda x: x[: x.index(b'<row r="2999"')],
    "a row without a number": lambda x: x.replace(b'<row r="2999"', b'<row r="x"'),
    "a cell without a place": lambda x: x.replace(b'<c r="D2999"', b'<c r="D"'),
    "a text that is not there": lambda x: x.replace(b't="n"><v>2997<', b't="s"><v>2997<'),
}


@pytest.mark.parametrize("change", some(DAMAGED.values(), 2, "other damage"), ids=DAMAGED)
def test_damage_far_into_a_sheet_is_refused_with_the_last_line_before_it(read, change):
    many = [HEAD, *([f"l-{i}", "P", "DRAWDOWN", i, "2026-03-04"] for i in range(3000))]
    with pytest.raises(Unreadable, match=r"cannot be read after line 299[78] \(") as refused:
        read("loan_entry", "a.xlsx", within(sheet(*many), change))
    assert "truncated" in refused.value.mend


def test_a_workbook_that_unpacks_to_very_much_is_refused_unread(read):
    plain, out = sheet(["x"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/more.xml", "w") as part:
            for _ in range(70):
                part.write(b" " * 1_000_000)
    with pytest.raises(TooLarge, match="The workbook unpacks from 0 to"):
        read("loan_entry", "a.xlsx", out.getvalue())


def test_a_text_that_a_file_repeats_until_it_is_gigabytes_is_refused(tmp_path, batch):
    text = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), 180_000), ["x" * 100_000])
    columns = {c: pa.repeat(v[0], len(text)) for c, v in zip(HEAD, batch("loan_entry").select(HEAD), strict=True)}
    pq.write_table(pa.table(columns | {"project": text}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 1_000_000
    opened = formats.open_file(tmp_path / "a.parquet", STREAMS["loan_entry"])
    with pytest.raises(TooLarge, match="unpacks to more than 16 GB"):
        list(opened.chunks)


def test_a_changed_byte_in_a_packed_sheet_is_refused(read):
    plain = within(sheet(*LOANS * 300), lambda x: re.sub(rb' r="[A-E]?[0-9]+"', b"", x), how=zipfile.ZIP_STORED)
    with pytest.raises(Unreadable, match=r"cannot be read after line [0-9]+ \(BadZipFile\)"):
        read("loan_entry", "a.xlsx", plain.replace(b"<v>3</v>", b"<v>4</v>"))


ESCAPED = {
    "a_x000D_b": "a\rb",
    "_x005F_x000D_": "_x000D_",
    "_x005F_x005F_x005F_x000D_": "_x005F_x000D_",
    "_x0041__x00e5_": "Aå",
    "_xD83D__xDE00_": "😀",
    "x005F_": "x005F_",
    "_x41_ _X0041_": "_x41_ _X0041_",
}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("text", ESCAPED)
def test_an_escaped_sign_is_read_once_as_the_sign(read, text, shared):
    rows = [[*HEAD, "_x0073_ervice"], ["l-1", "P", "DRAWDOWN", 5, "2026-03-03", text]]
    content = shared_texts(*rows) if shared else sheet(*rows)
    assert read("loan_entry", "a.xlsx", content)[1]["service"].to_pylist() == [ESCAPED[text]]


def shared_texts(*rows) -> bytes:
    """A spreadsheet whose texts are stored beside the sheet, the last in two pieces."""
    with xlsxwriter.Workbook(out := io.BytesIO()) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, [c.replace("_", "¤") if isinstance(c, str) else c for c in row])

    def change(xml: bytes) -> bytes:
        last = rb"<si><r><t>\1</t></r><r><t>\2</t></r></si></sst>"
        return re.sub(rb"<si><t>(.)([^<]*)</t></si></sst>", last, xml.replace("¤".encode(), b"_"))

    return within(out.getvalue(), change, "sharedStrings")


def test_half_a_pair_of_escaped_signs_is_refused(read):
    with pytest.raises(BadValue, match="Line 2, column 'project': half a surrogate pair"):
        read("loan_entry", "a.xlsx", sheet(HEAD, ["l-1", "_xD83D_", *ROW[2:]]))


@pytest.mark.parametrize("row", [LOANS[1], ["=1+1"]])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_second_sheet_that_holds_something_is_refused_by_its_name(read, row, hidden):
    book = openpyxl.load_workbook(io.BytesIO(sheet(*LOANS)))
    more = book.create_sheet("Flere lån")
    out = io.BytesIO()
    book.save(out)
    assert read("loan_entry", "a.xlsx", out.getvalue())[0].rows == 20
    more.append(row)
    more.sheet_state = "hidden" if hidden else "visible"
    book.save(out := io.BytesIO())
    with pytest.raises(Unreadable, match="Sheet 'Flere lån' is not empty"):
        read("loan_entry", "a.xlsx", out.getvalue())


def test_a_second_sheet_of_the_same_name_is_refused_too(read):
    book = openpyxl.load_workbook(io.BytesIO(sheet(*LOANS)))
    book.create_sheet("Sheet2").append(LOANS[1])
    book.save(out := io.BytesIO())
    content = within(out.getvalue(), lambda x: x.replace(b'name="Sheet2"', b'name="Sheet"'), "workbook")
    with pytest.raises(Unreadable, match="Sheet 'Sheet' is not empty"):
        read("loan_entry", "a.xlsx", content)


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_an_arrow_stream_cut_between_two_batches_is_refused(read, batch, encode, batches):
    whole = encode(batch("dispatch", 300), ".arrows", rows=100)
    source = pa.BufferReader(whole)
    reader = pa.ipc.open_stream(source)
    ends = [source.tell(), *(source.tell() for _ in reader)]
    with pytest.raises(Unreadable, match="no end mark"):
        read("dispatch", "a.arrows", whole[: ends[batches]])
    assert read("dispatch", "a.arrows", whole)[0].rows == 300


@pytest.mark.parametrize("ending", [*TYPED, ".xlsx"])
@pytest.mark.parametrize("same", [True, False])
def test_of_two_files_joined_into_one_none_is_read(read, batch, encode, ending, same):
    plain = {"compression": "none", "use_dictionary": False} if ending == ".parquet" else {}
    one, other = (encode(batch("loan_entry", 300, amount_ore=pa.array([n] * 300)), ending, **plain) for n in (1, 2))
    with pytest.raises(Unreadable, match=r"joined into one|continues after the end"):
        read("loan_entry", f"a{ending}", one + (one if same else other))


def doubled(content: bytes, old: bytes, new: bytes) -> bytes:
    """A spreadsheet with its sheet twice, the second time with something else in it."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as packed:
        again = packed.read("xl/worksheets/sheet1.xml").replace(old, new)
        with pytest.warns(UserWarning, match="Duplicate name"):
            packed.writestr("xl/worksheets/sheet1.xml", again)
    return out.getvalue()


def test_a_workbook_with_its_sheet_twice_or_the_beginning_of_another_is_refused(read, batch, encode):
    plain = encode(batch("loan_entry"), ".xlsx")
    twice = doubled(plain, b"<v>5<", b"<v>7<")
    for content, says in ((twice, "the same part twice"), (plain + plain[:900], "joined into one")):
        with pytest.raises(Unreadable, match=says):
            read("loan_entry", "a.xlsx", content)


def test_an_identity_number_in_the_first_of_two_workbooks_or_sheets_or_in_escapes_is_found(tmp_path, number):
    one, path = number(), tmp_path / "a.xlsx"
    escaped = sheet([f"{one[:5]}_x{ord(one[5]):04x}_{one[6:]}"])
    for content in (sheet([one]) + sheet(["x"]), doubled(sheet([one]), one.encode(), b"x"), escaped):
        path.write_bytes(content)
        assert identity_scan.in_packed(path)


@pytest.mark.parametrize("line", [0, 2])
def test_a_key_that_a_json_record_says_twice_is_refused_with_the_line(read, batch, encode, line):
    lines = encode(batch("loan_entry"), ".jsonl").splitlines()
    lines[line] = lines[line].replace(b'"amount_ore": 5', b'"amount_ore": 5, "amount_ore": 50')
    with pytest.raises(Unreadable, match=f"Line {line + 1} is not valid JSON: a key appears twice"):
        read("loan_entry", "a.jsonl", b"\n".join(lines))


LOOSE = {
    "hexadecimal": ("dispatch", "page_count", "0x10"),
    "an underscore": ("measurement", "quantity", "1_000.5"),
    "an underscore in a whole number": ("dispatch", "page_count", "1_000"),
    "full width": ("measurement", "quantity", "\uff11\uff12"),
    "Arabic digits": ("measurement", "quantity", "\u0661\u0662"),
    "an id in braces": ("dispatch", "dispatch_id", "{00000000-0000-4000-8000-000000000001}"),
    "an id with an underscore": ("dispatch", "dispatch_id", "0000_000-0000-4000-8000-000000000001"),
    "an id with a sign": ("dispatch", "dispatch_id", "+0000000000040008000000000000001"),
    "an id in full width": ("dispatch", "dispatch_id", "\uff10" * 31 + "1"),
}


@pytest.mark.parametrize("ending", TEXT)
@pytest.mark.parametrize(("stream", "column", "text"), LOOSE.values(), ids=LOOSE)
def test_a_number_that_only_a_programmer_would_read_as_one_is_refused(
    read, batch, encode, stream, column, text, ending
):
    table = batch(stream)
    broken = table.set_column(table.column_names.index(column), column, pa.array([text] * 3))
    with pytest.raises(BadValue, match=f"column '{column}'"):
        read(stream, f"a{ending}", encode(broken, ending))


def test_a_decimal_comma_with_an_underscore_is_refused(read):
    text = "service;measure;day;organisation_number;source;quantity;reported_at\n"
    text += "svarut;meldinger;2026-03-01;974605171;logg;1_000,5;2026-03-02T13:00:00Z\n"
    with pytest.raises(BadValue, match="'1_000,5' is not a valid decimal"):
        read("measurement", "a.csv", text.encode())


# --- the table of docs/send-data.md -----------------------------------------------------------------------------------


def strictly(batch, encode) -> dict[tuple[str, str], tuple[str, bytes]]:
    """A file for each row of the table: what is refused, as it may come."""
    csv, json, xlsx = (encode(batch("adoption"), ending) for ending in TEXT)
    stream, parquet = (encode(batch("adoption"), ending) for ending in (".arrows", ".parquet"))
    torn = bytearray(encode(batch("adoption", 500), ".parquet", write_page_checksum=True))
    torn[60] ^= 16

    def but(column: str, text: str) -> bytes:
        return encode(batch("dispatch", **{column: pa.array([text] * 3)}), ".csv")

    return {
        ("CSV", "a quote within a field, after a space or escaped with `\\`"): (
            "a.csv", csv.replace(b"EXACT", b'EX"ACT'),
        ),
        ("CSV", "a quote that is opened and never closed"): ("a.csv", csv + b'"h-9'),
        ("CSV", "text after the quote that closes a field"): ("a.csv", csv.replace(b"EXACT", b'"EXACT"x')),
        ("CSV", "a carriage return without a line feed"): ("a.csv", csv.replace(b"EXACT", b"EX\rACT")),
        ("CSV", "a row with more or fewer fields than the header"): ("a.csv", csv.replace(b"EXACT,", b"EXACT,,", 1)),
        ("CSV", "bytes that are not UTF-8"): ("a.csv", csv.decode().encode("latin-1")),
        ("CSV", "a NUL"): ("a.csv", csv.replace(b"EXACT", b"EX\0ACT")),
        ("CSV", "an empty line before the column names"): ("a.csv", b"\n" + csv),
        ("CSV", "a decimal point where `;` separates: there the comma is the decimal sign"): (
            "m.csv", encode(batch("measurement"), ".csv").replace(b",", b";"),
        ),
        ("JSON Lines", "a key said twice"): ("a.jsonl", json.replace(b'"step"', b'"step": "x", "step"')),
        ("JSON Lines", "NaN and Infinity"): ("a.jsonl", json.replace(b'"0301"', b"NaN")),
        ("JSON Lines", "more than one record on a line"): ("a.jsonl", json.replace(b"\n", b" ", 1)),
        ("JSON Lines", "bytes that are not UTF-8"): ("a.jsonl", json.decode().encode("latin-1")),
        ("XLSX", "a second sheet that holds something, hidden or not"): ("a.xlsx", beside(xlsx)),
        ("XLSX", "a formula without a stored value"): ("a.xlsx", within(xlsx, in_place_of_text(b"<f>1</f><v/>"))),
        ("XLSX", "a day with a time of day, or before 1 March 1900"): (
            "l.xlsx", sheet(HEAD, [*ROW[:4], datetime(2026, 3, 3, 12)]),  # noqa: DTZ001 - a spreadsheet has no offsets
        ),
        ("XLSX", "a number with more digits than a double holds"): (
            "l.xlsx", within(sheet(HEAD, ROW), lambda x: x.replace(b"<v>5</v>", b"<v>5.0000000000000001</v>")),
        ),
        ("XLSX", "a cell with two values, or with one that is not of its type"): (
            "a.xlsx", within(xlsx, in_place_of_text(b"<v>1</v><v>2</v>")),
        ),
        ("XLSX", "two workbooks joined into one, or a part twice in the file"): ("a.xlsx", xlsx + xlsx),
        ("XLSX", "XML entities of its own"): (
            "a.xlsx", within(xlsx, lambda x: x.replace(b"<worksheet", b"<!DOCTYPE a><worksheet", 1)),
        ),
        ("XLSX", "an error such as `#N/A`"): ("a.xlsx", within(xlsx, in_place_of_text(b"<v>#N/A</v>", b' t="e"'))),
        ("XLSX", "a row or a cell twice, or out of order"): (
            "a.xlsx", within(xlsx, lambda x: x.replace(b'<row r="4"', b'<row r="3"')),
        ),
        ("XLSX", "an empty row between others"): (
            "a.xlsx", within(xlsx, lambda x: re.sub(rb'"([A-I]?)4"', rb'"\g<1>5"', x)),
        ),
        ("XLSX", "a value beyond the named columns"): (
            "a.xlsx",
            within(xlsx, lambda x: x.replace(b"</row></sheetData>", b'<c r="Z4"><v>1</v></c></row></sheetData>')),
        ),
        ("Arrow", "a stream without its end mark"): ("a.arrows", stream[:-8]),
        ("Arrow", "anything after the end"): ("a.arrows", stream + stream),
        ("Parquet", "a page that is not what its checksum says"): ("a.parquet", bytes(torn)),
        ("Parquet", "two files joined into one"): ("a.parquet", parquet + parquet),
        ("Parquet", "a footer whose counts of rows differ from each other or from the rows"): (
            "a.parquet", miscounted(encode(batch("adoption", 70), ".parquet"), 70, 1, 100),
        ),
        ("Parquet", "a column or row group in the footer twice, or a page of none"): (
            "a.parquet", of_footer(encode(batch("adoption", 70), ".parquet", rows=50))[0]
            + of_footer(encode(batch("adoption", 50), ".parquet"))[1],
        ),
        ("text", "a number written `0x10`, `1_000` or `1 000`"): ("d.csv", but("page_count", "0x10")),
        ("text", "a decimal of more than 38 digits before or after its point"): (
            "m.csv", encode(batch("measurement", quantity=pa.array(["1." + "0" * 39] * 3)), ".csv"),
        ),
        ("text", "digits other than 0–9"): ("d.csv", but("page_count", "\uff11")),
        ("text", "a time without an offset"): ("d.csv", but("state_at", "2026-03-02T12:00:00")),
        ("text", "an id that is not 8-4-4-4-12 or 32 hexadecimal digits"): ("d.csv", but("dispatch_id", "{1}")),
        ("any", "a date or time outside 1900–2099"): ("d.csv", but("state_at", "9999-12-31T00:00:00Z")),
        ("any", "a text of more than 4 000 characters"): ("d.csv", but("source_system", "æ" * 4001)),
        ("any", "a key that is empty, or has a space around it, an invisible sign or a decomposed letter"): (
            "a.csv", csv.replace(b"h-1,", "h-1\u200b,".encode()),
        ),
        ("any", "a column twice"): ("a.csv", csv.replace(b"note", b"step", 1)),
        ("any", "a column that the contract does not have"): ("a.csv", csv.replace(b"note", b"merknad", 1)),
    }  # fmt: skip


def beside(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.create_sheet("Mer").append(["x"])
    book.save(out := io.BytesIO())
    return out.getvalue()


def in_place_of_text(inner: bytes, kind: bytes = b""):
    return lambda xml: re.sub(rb'(<c r="E3")[^>]*>.*?</c>', rb"\1" + kind + b">" + inner + b"</c>", xml)


TABLE = re.findall(
    r"^\| (.+?) \| (.+?) \|$",
    (PROJECT / "docs" / "send-data.md").read_text("utf-8").split("## How strictly")[1].split("\nTaken:")[0],
    re.MULTILINE,
)[1:]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_what_the_table_says_is_refused_is_refused(read, batch, encode, row):
    name, content = strictly(batch, encode)[row]
    with pytest.raises(Refused):
        read({"d": "dispatch", "l": "loan_entry", "m": "measurement"}.get(name[0], "adoption"), name, content)


def test_every_file_that_is_refused_here_has_its_row_in_the_table(batch, encode):
    assert set(strictly(batch, encode)) == set(TABLE)
