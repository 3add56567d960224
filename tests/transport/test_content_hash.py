"""The content hash says what a batch says, and nothing of how it was written."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tables.streams import STREAMS
from tests.thorough import examples, some
from transport.base.content_hash import BLOCK, ContentHash
from transport.ingest import formats
from transport.ingest.batch_validator import BatchValidator

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=12).filter(
    lambda t: t.strip() == t
)
VALUES = {
    pa.string(): TEXT,
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(date(1900, 1, 2), date(2099, 12, 31)),
    pa.timestamp("us", "UTC"): st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    pa.decimal128(18, 4): st.decimals(-(10**13), 10**13, places=4),
    pa.decimal128(18, 6): st.decimals(-(10**11), 10**11, places=6),
    pa.uuid(): st.uuids(allow_nil=True).map(lambda u: u.bytes),
}
KEYS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1).map(
    lambda t: unicodedata.normalize("NFC", t)
)


@st.composite
def tables(draw) -> tuple[str, pa.Table]:
    stream = draw(st.sampled_from([s for s in STREAMS.values() if s.name != "register"]))
    count = draw(st.integers(1, 6))
    made = {}
    for column in stream.columns:
        value = KEYS if column.key and pa.types.is_string(column.type) else VALUES[column.type]
        value = value if not column.null else st.none() | value
        made[column.name] = pa.array(draw(st.lists(value, min_size=count, max_size=count)), column.type)
    return stream.name, pa.table(made)


def through(folder, stream: str, name: str, content: bytes) -> tuple[str, pa.Table]:
    path = folder / name
    path.write_bytes(content)
    opened = formats.open_file(path, STREAMS[stream])
    with BatchValidator(STREAMS[stream], folder / "landed", producer="p", first_line=opened.first_line) as door:
        for chunk in opened.chunks:
            door.add(chunk)
        return door.close().sha256, pq.read_table(folder / "landed")


@settings(max_examples=examples(40, quick=5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.integers(1, 4))
def test_equal_rows_have_equal_hashes_in_whatever_form_and_chunks(tmp_path, encode, made, rows):
    stream, table = made
    texts = [c.name for c in STREAMS[stream].columns if pa.types.is_string(c.type)]
    coded = table
    for name in texts:
        coded = coded.set_column(table.column_names.index(name), name, table[name].combine_chunks().dictionary_encode())
    forms = {
        "a.parquet": encode(table, ".parquet", rows=rows),
        "b.parquet": encode(coded, ".parquet", rows=rows, use_dictionary=False, compression="none"),
        "a.arrow": encode(table, ".arrow", rows=rows),
        "b.arrow": encode(coded, ".arrow"),
        "a.arrows": encode(table, ".arrows", rows=rows),
        "a.csv": encode(table, ".csv"),
        "b.csv": encode(table, ".csv", delimiter=";"),
        "a.jsonl": encode(table, ".jsonl"),
    }
    read = {name: through(tmp_path, stream, name, content) for name, content in forms.items()}
    assert len({sha for sha, _ in read.values()}) == 1
    for name, (_, landed) in read.items():
        assert landed.select(table.column_names).to_pylist() == table.to_pylist(), name


def hashed(stream: str, table: pa.Table) -> str:
    content = ContentHash(STREAMS[stream].schema)
    content.update(table.combine_chunks())
    return content.hexdigest()


CHANGES = {
    "another text": ("state", ["LEST", "LEST", "AVVIST"]),
    "a text cut elsewhere": ("account_id", ["konto-1k", "onto-1", "konto-1"]),
    "null for empty": ("source_system", ["", None, "x"]),
    "empty for null": ("source_system", [None, "", "x"]),
    "another number": ("page_count", [None, 1, 3]),
    "null for nought": ("page_count", [0, None, 1]),
    "nought for null": ("page_count", [None, 0, 1]),
    "another moment": ("created_at", [NOON + timedelta(microseconds=i) for i in range(3)]),
    "another truth": ("digital_only", [True, True, True]),
    "another id": ("dispatch_id", [UUID(int=i + 5).bytes for i in range(3)]),
}  # fmt: skip


def test_every_change_of_a_value_changes_the_hash(batch):
    seen = {hashed("dispatch", batch("dispatch"))}
    for column, values in CHANGES.values():
        seen.add(hashed("dispatch", batch("dispatch", **{column: pa.array(values, STREAMS["dispatch"][column].type)})))
    assert len(seen) == len(CHANGES) + 1


def test_the_order_of_rows_and_the_stream_are_part_of_the_content(batch):
    table = batch("loan_entry")
    turned = table.take(pa.array([2, 1, 0]))
    assert hashed("loan_entry", table) != hashed("loan_entry", turned)
    assert ContentHash(STREAMS["dispatch"].schema).hexdigest() != ContentHash(STREAMS["loan_entry"].schema).hexdigest()


def test_a_slice_has_the_hash_of_its_rows(batch):
    for stream in STREAMS:
        table = batch(stream, 20)
        parts = table.slice(7, 9)
        assert hashed(stream, parts) == hashed(stream, parts.take(pa.array(range(9)))), stream


@pytest.mark.parametrize(
    "rows", some([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3], [2 * BLOCK + 3], "a row more or less")
)
@pytest.mark.parametrize("chunk", some([50_000, BLOCK, 10**6], 2, "chunks of a block"))
def test_blocks_are_cut_at_the_same_rows_however_the_chunks_come(tmp_path, batch, rows, chunk):
    stream = STREAMS["loan_entry"]
    one = batch("loan_entry", 1).select([c.name for c in stream.columns])
    table = one.take(pa.array([0] * rows)).set_column(0, "entry_id", pa.array(range(rows)).cast(pa.string()))
    hashes = set()
    for size, coded in ((chunk, False), (33_333, True)):
        with BatchValidator(stream, tmp_path / "a.parquet", producer="p") as door:
            for begin in range(0, rows, size):
                part = table.slice(begin, size).combine_chunks()
                if coded:
                    part = part.set_column(0, "entry_id", part["entry_id"].dictionary_encode())
                door.add(part)
            hashes.add(door.close().sha256)
    assert len(hashes) == 1


KNOWN = {
    "dispatch": "ae5482dd732c4a4f",
    "measurement": "096a5defbaeece91",
    "adoption": "90b4411f72bfeee4",
    "invoice_line": "8cd18759beafb496",
    "cost_entry": "525b57bc503bd95b",
    "loan_entry": "62a58e69d2101fe1",
    "register": "3150348d5eceb03b",
    "operational_message": "130de4c71192afba",
}


def test_the_hash_is_the_one_that_was_written_into_journals_before(batch):
    """A change here would make every landed batch look damaged, and every repeat look new."""
    assert {s: hashed(s, batch(s))[:16] for s in STREAMS} == KNOWN
