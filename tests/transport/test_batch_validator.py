"""The door: identity numbers are masked on the way in, and stand nowhere after, also not of what was refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain import identity
from catalog.errors import BadValue, NoRows, TooLarge, Unreadable
from catalog.tables import streams
from catalog.tables.streams import STREAMS
from tests.identity_forms import forms
from tests.thorough import some
from tests.transport.conftest import a_number, table_of
from transport.ingest import registers
from transport.ingest.batch_validator import BatchValidator, candidates_in

STARS = "*" * 11
PLACES = {
    "a note": ("adoption", "note", "Ring {} om avtalen", ".parquet"),
    "a note in CSV": ("adoption", "note", "{}", ".csv"),
    "a note in a dictionary": ("adoption", "note", "nr {}, ok", ".arrow"),
    "a source system": ("dispatch", "source_system", "Sak {}", ".jsonl"),
    "a line of an invoice": ("invoice_line", "line_text", "({})", ".xlsx"),
    "the text of a cost": ("cost_entry", "text", "lønn {}", ".parquet"),
    "a register's row": ("register", "values", '{{"function": "post", "address": "{}@x.no"}}', ".parquet"),
    "a register's reason": ("register", "reason", "etter ønske fra {}", ".csv"),
}


each_place = pytest.mark.parametrize("n", range(len(PLACES)), ids=PLACES)
"""A place by its number, which tells its files from those of the others in the home that they share."""


def place_of(n: int) -> tuple[str, str, str, str]:
    return list(PLACES.values())[n]


def planted(batch, number, n: int) -> pa.Table:
    stream, column, text, ending = place_of(n)
    values = [text.format("12"), text.format(number()), text.format(f"{number(1)[:6]} {number(1)[6:]}")]
    array = pa.array(values).dictionary_encode() if ending == ".arrow" else pa.array(values)
    return batch(stream, **{column: array})


PIECES = {
    "a number": lambda number: number(),
    "another": lambda number: number(1),
    "its birthday": lambda number: number(1)[:6],
    "its end": lambda number: number(1)[6:],
}
each_piece = pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)


@pytest.fixture(scope="module")
def masked(tmp_path_factory, make_home, batch, number):
    """A home that took in a file with numbers in each place, and what was taken in."""
    home = make_home(tmp_path_factory.mktemp("masked"))
    for n, (stream, _, _, ending) in enumerate(PLACES.values()):
        file = home.put(f"{stream}/p{n}/a{ending}", planted(batch, number, n))
        assert str(file.relative_to(home.settings.home)) in home.shows(number())
    return home, home.take_in()


@each_place
def test_a_number_is_masked_and_the_row_says_where(masked, n):
    home, intake = masked
    stream, column, text, ending = place_of(n)
    assert f"{stream}/p{n}/a{ending}" in intake.accepted
    (entry,) = (e for e in home.landing.of(stream) if e.producer == f"p{n}")
    landed = pq.read_table(home.landing.file(entry))
    assert landed[column].to_pylist() == [text.format("12"), text.format(STARS), text.format(STARS)]
    assert landed["masked_fields"].to_pylist() == [None, column, column]
    assert home.receipt(f"{stream}/p{n}/a{ending}")["masked_rows"] == 2


@each_piece
def test_a_number_that_was_masked_stands_in_no_file(masked, number, piece):
    home, intake = masked
    assert len(intake.accepted) == len(PLACES)
    assert home.shows(piece(number)) == []


@pytest.fixture(scope="module")
def refused(tmp_path_factory, make_home, batch, number):
    """A home that refused files with numbers in each place for every fault; those of each place, and the intake."""
    home, faulty = make_home(tmp_path_factory.mktemp("refused")), []
    for n, (stream, _, _, ending) in enumerate(PLACES.values()):
        table = planted(batch, number, n)
        required = next(c.name for c in STREAMS[stream].columns if not c.null and pa.types.is_string(c.type))
        faulty.append(
            {
                f"{stream}/column{n}/a{ending}": table.append_column("extra", pa.array([1, 2, 3])),
                f"{stream}/value{n}/a{ending}": table.set_column(
                    table.column_names.index(required), required, pa.nulls(3, pa.string())
                ),
                f"{stream}/digest{n}/a{ending}": table,
                f"nothing/p{n}/a{ending}": table,
            }
        )
        for name, content in faulty[-1].items():
            home.put(name, content)
        home.put(f"{stream}/digest{n}/a{ending}.sha256", b"0" * 64)
    return home, faulty, home.take_in()


@each_place
def test_a_file_refused_for_any_fault_is_not_kept_when_it_has_a_number(refused, n):
    home, faulty, intake = refused
    assert faulty[n].keys() <= set(intake.rejected)
    assert all("identity number" in home.reason(name)["kept"] for name in faulty[n])
    assert [name for name in faulty[n] if (home.inbox / "rejected" / name).exists()] == []


@each_piece
def test_a_refused_files_number_stands_in_no_reason_and_no_other_file(refused, number, piece):
    home, faulty, intake = refused
    assert len(intake.rejected) == sum(map(len, faulty))
    assert {p.name for p in home.inbox.rglob("*") if p.is_file()} == {
        f"a{ending}.reason.json" for *_, ending in PLACES.values()
    }
    assert home.shows(piece(number)) == []


@pytest.fixture(scope="module")
def refused_without(tmp_path_factory, make_home, batch, encode):
    """A home that refused a file without a number for each place; the contents of the files."""
    home, contents = make_home(tmp_path_factory.mktemp("without")), {}
    for n, (stream, column, text, ending) in enumerate(PLACES.values()):
        table = batch(stream, extra=pa.array([1, 2, 3]), **{column: pa.array([text.format("12")] * 3)})
        contents[f"{stream}/p{n}/a{ending}"] = encode(table, ending)
        home.put(f"{stream}/p{n}/a{ending}", contents[f"{stream}/p{n}/a{ending}"])
    home.take_in()
    return home, contents


@each_place
def test_a_refused_file_without_a_number_is_kept(refused_without, n):
    home, contents = refused_without
    name, content = list(contents.items())[n]
    assert (home.inbox / "rejected" / name).read_bytes() == content


PACKED = {
    "a number column": lambda n: pa.table({"fnr": [int(n)]}),
    "a float column": lambda n: pa.table({"fnr": [float(n)]}),
    "a struct": lambda n: pa.table({"who": [{"fnr": [n]}]}),
    "a map": lambda n: pa.table({"who": pa.array([[("fnr", n)]], pa.map_(pa.string(), pa.string()))}),
    "bytes": lambda n: pa.table({"who": [n.encode()]}),
    "a dictionary": lambda n: pa.table({"who": pa.array([n]).dictionary_encode()}),
    "neighbours without a gap": lambda n: pa.table({"who": [n, n, n]}),
}


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
def test_a_number_packed_in_a_column_that_no_contract_knows_is_found(home, number, encode, ending):
    options = {"compression": "zstd"} if ending == ".parquet" else {}
    for place, made in enumerate(PACKED.values()):
        home.put(f"adoption/p/{place}{ending}", encode(made(number()), ending, **options))
    home.take_in()
    kept = [name for place, name in enumerate(PACKED) if "kept" not in home.reason(f"adoption/p/{place}{ending}")]
    assert kept == []
    assert home.shows(number()) == []


def test_a_number_is_found_in_a_refused_text_in_whatever_encoding(home, number):
    written = {
        "UTF-16": lambda n: f"x;{n}\n".encode("utf-16"),
        "UTF-16 BE": lambda n: f"x;{n}\n".encode("utf-16-be"),
        "latin-1": lambda n: f"x;{n} æ\n".encode("latin-1"),
        "JSON escapes": lambda n: ('{"x": "' + "".join(f"\\u00{ord(d):02x}" for d in n) + '"}').encode(),
        "after a megabyte": lambda n: b"a" * (1 << 20) + f" {n}".encode(),
        "across a megabyte": lambda n: b"a" * ((1 << 20) - 5) + f" {n} ".encode(),
    }
    for place, written_as in enumerate(written.values()):
        home.put(f"adoption/p/{place}.csv", written_as(number()))
    home.take_in()
    kept = [name for place, name in enumerate(written) if "kept" not in home.reason(f"adoption/p/{place}.csv")]
    assert kept == []
    assert list(home.inbox.rglob("*.csv")) == []


def test_no_part_of_a_number_is_left_where_a_reason_is_cut(home, batch, number):
    for before in range(1, 60, 3):
        text = pa.array(["x" * before + f" {number()}"] * 3)
        home.put(f"loan_entry/p/{before}.csv", batch("loan_entry", amount_ore=text))
        home.put(f"loan_entry/p/name-{before}.jsonl", batch("loan_entry", **{text[0].as_py(): text}))
    intake = home.take_in()
    assert len(intake.rejected) == 40
    assert home.shows(number()[:5]) == []


def test_a_number_in_a_files_name_is_in_no_name_and_no_journal(home, batch, number):
    home.put(f"adoption/p/{number()}.csv", batch("adoption"))
    home.put(f"adoption/p/{number(1)}.csv", b"x")
    intake = home.take_in()
    assert (len(intake.accepted), len(intake.rejected)) == (1, 1)
    assert home.shows(number()) == []
    assert home.shows(number(1)) == []
    assert number() not in str(intake)


def test_which_of_several_fields_were_masked_is_said_with_a_comma_between(home, batch, number):
    names = ["source_system", "dispatch_type"]
    table = batch("dispatch", 4, source_system=pa.array([number(), number(), None, "x"]),
                  dispatch_type=pa.array([number(), "x", number(), None]))  # fmt: skip
    ids = pa.array([number(i) for i in range(4)])
    table = table.set_column(table.column_names.index("account_id"), "account_id", ids)
    home.put("dispatch/p/a.parquet", table)
    home.take_in()
    assert home.landed("dispatch")["masked_fields"].to_pylist() == [
        f"account_id,{names[0]},{names[1]}", f"account_id,{names[0]}", f"account_id,{names[1]}", "account_id",
    ]  # fmt: skip


def test_an_identifier_of_eleven_digits_is_judged_by_how_many_hit(home, batch, number):
    ordinary = [f"{i:011d}" for i in range(90_000_000_000, 90_000_001_000)]
    one_hit = [*ordinary[1:], number()]
    innocent = [v for v in ordinary if identity.regime(v) is identity.Regime.OLD]
    assert len(innocent) < 5
    for name, ids in (("one", one_hit), ("all", [number(i) for i in range(200)])):
        home.put(f"adoption/{name}/a.parquet", batch("adoption", len(ids), event_id=pa.array(ids)))
    home.take_in()
    landed = {p: pq.read_table(home.landing.file(e)) for e in home.landing.entries for p in [e.producer]}
    assert landed["one"]["masked_fields"].null_count == 1000
    assert set(landed["all"]["event_id"].to_pylist()) == {STARS}
    assert set(landed["all"]["masked_fields"].to_pylist()) == {"event_id"}


@pytest.mark.parametrize("ending", [".xlsx", ".jsonl"])
def test_numbers_sent_as_numbers_are_masked_also_without_their_zero(home, number, ending):
    sent = [int(number(i)) for i in range(20)]
    table = table_of("cost_entry", 20).drop_columns("entry_id").append_column("entry_id", pa.array(sent))
    home.put(f"cost_entry/p/a{ending}", table)
    home.take_in()
    assert all(len(str(n)) == 10 for n in sent)
    assert set(home.landed("cost_entry")["entry_id"].to_pylist()) == {STARS}


@pytest.mark.parametrize("column", ["event_id", "note"])
@pytest.mark.parametrize("form", some(forms("0" * 11), 12, "the other forms: tests/catalog has each of them in a text"))
def test_a_number_is_masked_in_an_identifier_and_in_a_note_however_it_is_written(batch, number, tmp_path, column, form):
    written = [f"æ {forms(number(i))[form]}" for i in range(5)]
    with BatchValidator(STREAMS["adoption"], tmp_path / "a.parquet", producer="p") as validator:
        validator.add(batch("adoption", 5, **{column: pa.array(written)}).select(STREAMS["adoption"].schema.names))
        assert validator.close().masked_rows == 5
    assert [identity.find_in_text(t) for t in pq.read_table(tmp_path / "a.parquet")[column].to_pylist()] == [[]] * 5


def test_a_thousand_planted_numbers_are_all_masked(home, batch, number):
    texts = [f"{'a' * (i % 7)} {number(i % 300)}, {i}" for i in range(1000)]
    home.put("adoption/p/a.parquet", batch("adoption", 1000, note=pa.array(texts)))
    home.take_in()
    landed = home.landed("adoption")["note"].to_pylist()
    assert [identity.find_in_text(t) for t in landed] == [[]] * 1000
    assert [t.replace(STARS, number(i % 300)) for i, t in enumerate(landed)] == texts


def test_a_register_with_a_number_lands_masked(home, number):
    contract = registers.contract_of("follow_up")
    row = {"municipality_code": "0301", "service": "svarut", "status": "PLANLAGT", "followed_up_on": date(2026, 1, 1)}
    landing = home.landing
    entry = registers.apply(
        landing, contract, [row | {"note": f"ring {number()}"}], by="nettverk", reason=f"fra {number(1)}",
        now=datetime(2026, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    landed = home.landed("register")
    assert landed["masked_fields"].to_pylist() == ["reason,values"]
    assert json.loads(landed["values"][0].as_py())["note"] == f"ring {STARS}"
    assert entry.masked_rows == 1
    assert home.shows(number()) == home.shows(number(1)) == []


@given(st.text(), st.sampled_from([*forms(a_number()).values()]), st.text())
def test_the_sieve_lets_through_every_text_that_holds_a_number(before, written, after):
    texts = [f"{before}{written}{after}", None, "x"]
    assert candidates_in(pa.array(texts)).to_pylist()[1:] == [False, False]
    if identity.find_in_text(texts[0]):
        assert candidates_in(pa.array(texts))[0].as_py()


def test_the_sieve_stops_ordinary_text():
    texts = ["", "konto 12345", "974605171", "1234567890123", "2020-01-03 14:41:20", "æ 12345", None]
    assert candidates_in(pa.array(texts)).to_pylist() == [False] * 7


# --- the door itself -------------------------------------------------------------------------------------------------


def plain(table: pa.Table, stream) -> pa.Table:
    return table.select([c.name for c in stream.columns])


def test_rows_are_counted_by_month_of_oslo_and_the_latest_moment_kept(tmp_path, batch):
    midnight = datetime(2026, 3, 31, 22, tzinfo=UTC)  # 1 April in Oslo
    moments = [midnight - timedelta(microseconds=1), midnight, datetime(2025, 12, 31, 23, tzinfo=UTC)]
    table = batch("adoption", occurred_at=pa.array(moments, pa.timestamp("us", "UTC")))
    with BatchValidator(streams.ADOPTION, tmp_path / "a.parquet", producer="p") as door:
        door.add(plain(table, streams.ADOPTION))
        validated = door.close()
    assert validated.months == {"2026-01-01": 1, "2026-03-01": 1, "2026-04-01": 1}
    assert datetime.fromisoformat(validated.latest) == midnight


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        (datetime(1899, 12, 31, 22, 0, tzinfo=UTC), False),
        (datetime(1900, 1, 2, tzinfo=UTC), True),
        (datetime(2099, 12, 31, 22, tzinfo=UTC), True),
        (datetime(2100, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_moment_outside_the_calendar_is_refused_with_its_line(tmp_path, batch, moment, good):
    moments = [datetime(2026, 1, 1, tzinfo=UTC), moment, moment]
    table = batch("adoption", occurred_at=pa.array(moments, pa.timestamp("us", "UTC")))
    with BatchValidator(streams.ADOPTION, tmp_path / "a.parquet", producer="p", first_line=2) as door:
        door.add(plain(table, streams.ADOPTION))
        if good:
            assert door.close().rows == 3
        else:
            with pytest.raises(BadValue, match="Line 3, column 'occurred_at'"):
                door.close()


DAYS = (-25_568, -719_529, 47_482, 2**31 - 1, -(2**31))
"""31 December 1899, a day of the year 0, 1 January 2100, and the ends of the type."""
TIMES = (4_102_441_200_000_000, -62_167_222_408_000_000, 2**63 - 1, -(2**63))
"""2100 in Oslo, a time of the year 0, and the ends of the type."""
OUTSIDE = [
    *(("cost_entry", "booked_on", pa.date32(), number) for number in DAYS),
    *(("invoice_line", "invoiced_on", pa.date32(), number) for number in DAYS),
    *(("measurement", "reported_at", pa.timestamp("us", "UTC"), number) for number in TIMES),
    *(("dispatch", "state_at", pa.timestamp("us", "UTC"), number) for number in TIMES),
]


@pytest.mark.parametrize(("stream", "column", "kind", "number"), OUTSIDE)
def test_no_column_holds_a_date_or_time_outside_the_calendar(tmp_path, batch, stream, column, kind, number):
    contract = streams.STREAMS[stream]
    plain_kind = pa.int32() if pa.types.is_date(kind) else pa.int64()
    values = pa.array([20_000, number, number], plain_kind).cast(kind)
    table = plain(batch(stream, **{column: values}), contract)
    with BatchValidator(contract, tmp_path / "a.parquet", producer="p", first_line=2) as door:
        door.add(table)
        with pytest.raises(BadValue, match=f"Line 3, column '{column}': a (date|time) outside 1900–2100") as refused:
            door.close()
    assert refused.value.mend


@pytest.mark.parametrize("encoded", [False, True])
def test_a_text_longer_than_its_column_takes_is_refused_with_its_line(tmp_path, batch, encoded):
    """By its characters, not its bytes: one cell of megabytes would stand in lists, downloads and workbooks."""
    for length, good in ((4_000, True), (4_001, False)):
        texts = pa.array(["kort", "ø" * length, None])
        table = plain(
            batch("dispatch", source_system=texts.dictionary_encode() if encoded else texts), streams.DISPATCH
        )
        with BatchValidator(streams.DISPATCH, tmp_path / "a.parquet", producer="p", first_line=2) as door:
            door.add(table)
            if good:
                assert door.close().rows == 3
            else:
                with pytest.raises(BadValue, match="Line 3, column 'source_system': a text of 4001 characters"):
                    door.close()


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize(
    "odd",
    ["", " ", "F2 ", " F2", "F2\n", "\ufeffF2", "F\u200b2", "F\u00ad2", "F\u00a02", "A\u030as-2"],
    ids=["empty", "blank", "after", "before", "line", "BOM", "zero width", "soft hyphen", "no-break space", "NFD"],
)
def test_a_key_that_programs_read_differently_is_refused_with_its_line(tmp_path, batch, encoded, odd):
    def validated(text):
        keys = pa.array(["F1 å–/ł", text, "F3"])
        table = batch("invoice_line", invoice_id=keys.dictionary_encode() if encoded else keys)
        with BatchValidator(STREAMS["invoice_line"], tmp_path / "landed.parquet", producer="p") as door:
            door.add(table)
            return door.close()

    assert validated("F2").rows == 3
    with pytest.raises(BadValue, match="Line 2, column 'invoice_id': a key that is empty, or has a space around it"):
        validated(odd)


def test_a_key_that_may_be_left_out_is_refused_when_it_is_blank(tmp_path, batch):
    with BatchValidator(STREAMS["measurement"], tmp_path / "landed.parquet", producer="p") as door:
        door.add(batch("measurement", account_id=pa.nulls(3, pa.string())))
        assert door.close().rows == 3
    with BatchValidator(STREAMS["measurement"], tmp_path / "landed.parquet", producer="p") as door:
        door.add(batch("measurement", account_id=pa.array([None, None, " "])))
        with pytest.raises(BadValue, match="Line 3, column 'account_id'"):
            door.close()


def test_more_rows_than_a_batch_may_have_are_refused(tmp_path, batch):
    chunk = plain(batch("adoption", 10), streams.ADOPTION)
    with BatchValidator(streams.ADOPTION, tmp_path / "a.parquet", producer="p", max_rows=25) as door:
        door.add(chunk)
        door.add(chunk)
        with pytest.raises(TooLarge, match="more than 25 rows"):
            door.add(chunk)


def test_a_chunk_with_offsets_outside_its_buffer_is_refused_before_a_value_is_touched(tmp_path, batch):
    offsets = np.array([0, 10**9, 3], dtype=np.int32)
    wild = pa.StringArray.from_buffers(2, pa.py_buffer(offsets), pa.py_buffer(b"abc"))
    table = plain(batch("adoption", 2), streams.ADOPTION)
    with BatchValidator(streams.ADOPTION, tmp_path / "a.parquet", producer="p") as door:
        with pytest.raises(Unreadable, match="not valid Arrow"):
            door.add(table.set_column(0, "event_id", wild))
        with pytest.raises(NoRows):
            door.close()


def test_a_landed_file_has_page_checksums_and_the_columns_of_its_contract(home, batch):
    home.put("dispatch/p/a.parquet", batch("dispatch"))
    home.take_in()
    (entry,) = home.landing.entries
    path = home.landing.file(entry)
    content = bytearray(path.read_bytes())
    place = pq.ParquetFile(path).metadata.row_group(0).column(2).data_page_offset
    content[place + 40] ^= 1
    with pytest.raises(OSError, match="CRC"):
        pq.ParquetFile(pa.BufferReader(bytes(content)), page_checksum_verification=True).read()
    names = [c.name for c in streams.DISPATCH.columns]
    assert pq.read_schema(path).names == [*names, "producer", "synthetic", "masked_fields"]
    assert path.stat().st_mode & 0o222 == 0
