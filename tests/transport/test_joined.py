"""Parquet files that are told as one are that, byte for byte but for the footer, to every reader."""

import io

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transport.servers.share import joined

SCHEMA = pa.schema(
    [("month", pa.date32()), ("name", pa.string()), ("count", pa.int64()), ("tags", pa.list_(pa.string()))]
)
ROWS = st.fixed_dictionaries(
    {
        "month": st.dates().map(lambda day: day.replace(day=1)),
        "name": st.none() | st.text("abcæ", max_size=3),
        "count": st.none() | st.integers(-(1 << 62), 1 << 62),
        "tags": st.none() | st.lists(st.sampled_from("ab"), max_size=2),
    }
)
WRITTEN = st.fixed_dictionaries(
    {
        "compression": st.sampled_from(["none", "zstd", "snappy"]),
        "row_group_size": st.integers(1, 9),
        "write_page_index": st.booleans(),
        "write_page_checksum": st.booleans(),
        "data_page_version": st.sampled_from(["1.0", "2.0"]),
        "use_dictionary": st.booleans(),
        "bloom_filter_options": st.sampled_from([None, {"count": {"ndv": 8}}]),
    }
)


def written(folder, tables):
    paths = []
    for nth, (rows, options) in enumerate(tables):
        paths.append(folder / f"{nth}.parquet")
        pq.write_table(pa.Table.from_pylist(rows, SCHEMA), paths[-1], **options)
    return paths


@settings(max_examples=20)
@given(st.lists(st.tuples(st.lists(ROWS, max_size=20), WRITTEN), min_size=1, max_size=4), st.data())
def test_a_joined_file_has_the_rows_of_all_and_is_read_from_any_place(tmp_path_factory, tables, data):
    paths = written(tmp_path_factory.mktemp("joined"), tables)
    [alone] = joined.join(paths[:1])
    assert alone.open().read() == paths[0].read_bytes(), "a footer is written as it was read"
    [made] = joined.join(paths)
    with made.open() as file:
        whole = file.read()
        assert (len(whole), made.count) == (made.size, len(paths))
        at, length = data.draw(st.integers(0, made.size)), data.draw(st.integers(0, made.size))
        file.seek(at)
        assert file.read(length) == whole[at : at + length]
    rows = [row for of, _ in tables for row in of]
    assert pq.read_table(io.BytesIO(whole), page_checksum_verification=True).to_pylist() == rows


def test_other_readers_find_each_row_by_statistics_bloom_filter_and_page_index(tmp_path):
    options = {"row_group_size": 40, "write_page_index": True, "bloom_filter_options": {"name": {"ndv": 40}}}
    rows = [[{"month": None, "name": f"n{n * 7 + nth}", "count": n} for n in range(50)] for nth in range(3)]
    paths = written(tmp_path, [(of, options) for of in rows])
    [made] = joined.join(paths)
    whole = tmp_path / "whole.parquet"
    whole.write_bytes(made.open().read())
    names = [row["name"] for row in pq.read_table(whole).to_pylist()]
    with duckdb.connect() as connection:
        for name in (names[0], names[77], names[-1], "nobody"):
            sql = "select name from read_parquet($file) where name = $name"
            got = connection.execute(sql, {"file": str(whole), "name": name}).fetchall()
            assert len(got) == names.count(name)
            assert pl.scan_parquet(whole).filter(pl.col("name") == name).collect().height == names.count(name)


def test_files_that_differ_in_schema_or_are_too_long_together_are_not_joined(tmp_path, monkeypatch):
    paths = []
    for nth, names in enumerate(("a", "a", "ab", "ab", "a")):
        paths.append(tmp_path / f"{nth}.parquet")
        pq.write_table(pa.table({name: list(range(9)) for name in names}), paths[-1])
    assert [made.count for made in joined.join(paths)] == [2, 2, 1]
    monkeypatch.setattr(joined, "MOST_BYTES", 1)
    assert [made.count for made in joined.join(paths)] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "text", [b"", b"PAR1", b"PAR1\xff\xff\xff\x00PAR1", b"PAR1\x1fPAR1\x01\x00\x00\x00PAR1", b"12345678" * 4]
)
def test_what_is_no_parquet_file_is_refused(tmp_path, text):
    path = tmp_path / "no.parquet"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=r"Parquet|Thrift"):
        joined.join([path])


def test_a_file_that_became_shorter_is_not_read_on(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": list(range(99))}), path)
    [made] = joined.join([path])
    path.write_bytes(path.read_bytes()[:50])
    with made.open() as file, pytest.raises(OSError, match="shorter"):
        file.read()
