"""The Flight server as clients meet it: receipts, refusals with a mend, datasets, tokens, TLS, and senders that die."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyarrow import flight

from catalog.contracts.sharing import Right
from catalog.errors import WrongUse
from catalog.tables.datasets import READABLE
from catalog.tables.streams import STREAMS
from tests.reliability.serving import (
    COUNTY,
    ENTRY,
    TEXTS,
    in_process,
    in_thread,
    memory_mb,
    publish,
    put,
    record,
    rows_of,
    supervised,
    wait_until,
)
from tests.transport.conftest import as_if_published, table_of
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.ingest.sample import sample
from transport.servers.client import Client, content_digest
from transport.servers.flight_server import Server, check_closed

OSLO, BERGEN, SENT = "958935420", "964338531", "974605171"
RECEIPT = {
    "batch_id",
    "stream",
    "producer",
    "rows",
    "bytes",
    "sha256",
    "contract_version",
    "received_at",
    "masked_rows",
    "synthetic",
    "status",
}


@pytest.fixture(scope="module")
def open_home(tmp_path_factory):
    """A server with nothing configured, over a home with a small release; tests name their batches after themselves."""
    settings = Settings(home=tmp_path_factory.mktemp("open") / "home", disk_reserve_mb=0)
    publish(settings)
    with in_thread(settings) as serving:
        yield serving


@pytest.fixture
def client(open_home):
    with open_home.plain() as client:
        yield client


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", disk_reserve_mb=0)


@pytest.fixture
def unique(request):
    """A batch id of the test's own."""
    return f"{abs(hash(request.node.nodeid)):x}"[:20]


def told(problem) -> dict:
    """What an error says to programs. It never says more than the server's own words to people either."""
    words = str(problem)
    for secret in ("Traceback", 'File "', ".py", str(PROJECT), "/home", "site-packages"):
        assert secret not in words.replace("grpc", ""), words
    said = json.loads(problem.extra_info)
    assert set(said) == {"kind", "problem", "mend", "reference"}
    assert said["mend"]
    assert said["problem"] in words
    return said


def refusal(client, stream, name, table, **more) -> dict:
    with pytest.raises(flight.FlightError) as refused:
        put(client, stream, name, table, **more)
    return told(refused.value)


def refused_put(client, descriptor, *batches, along=None, headers=()) -> dict:
    """What the server says to batches that it refuses; pyarrow tells it when the writer is closed."""
    options = flight.FlightCallOptions(headers=list(headers), timeout=120)
    with pytest.raises(flight.FlightError) as refused:  # noqa: PT012 - any of these lines may be where it is told
        writer, reader = client.do_put(descriptor, batches[0].schema, options)
        try:
            for batch in batches:
                write = writer.write_table if isinstance(batch, pa.Table) else writer.write_batch
                write(batch)
            if along is not None:
                writer.write_metadata(along)
            writer.done_writing()
            assert reader.read() is None
        finally:
            writer.close()
    return told(refused.value)


def named(name: str) -> flight.FlightDescriptor:
    return flight.FlightDescriptor.for_path("dispatch", name)


# --- a batch and its receipt ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [s for s in STREAMS if s != "register"])
def test_each_stream_takes_a_batch_once_and_says_so(stream, open_home, client):
    table = table_of(stream, 5)
    first = put(client, stream, "once", table)
    assert set(first) == RECEIPT
    assert (first["status"], first["rows"], first["stream"]) == ("accepted", 5, stream)
    again = put(client, stream, "once", table.select(table.column_names[::-1]), chunk_rows=2)
    assert again == first | {"status": "duplicate"}, "neither column order nor chunks are content"
    said = refusal(client, stream, "once", table.slice(1))
    assert said["kind"] == "conflict"
    assert first["sha256"] not in str(said), "what the other content is stays untold"
    assert first["sha256"] == content_digest(stream, table)
    assert open_home.server.ingest.landing.entry_named(stream, "local", "once").rows == 5


def test_an_independent_client_of_ten_lines_gets_the_receipt(open_home, tmp_path):
    script = f"""
import pyarrow as pa, pyarrow.flight as flight, pyarrow.parquet as pq, sys
table = pq.read_table(sys.argv[1])
client = flight.connect("{open_home.location}")
descriptor = flight.FlightDescriptor.for_path("adoption", "ten-lines")
writer, reader = client.do_put(descriptor, table.schema)
writer.write_table(table)
writer.done_writing()
print(reader.read().to_pybytes().decode())
writer.close()
"""
    pq.write_table(table_of("adoption", 4), tmp_path / "batch.parquet")
    words = [sys.executable, "-c", script, str(tmp_path / "batch.parquet")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["status"] == "accepted"
    assert json.loads(done.stdout)["rows"] == 4


def test_columns_that_may_be_null_can_be_left_out(client, unique):
    whole = table_of("adoption", 2, note=pa.nulls(2, pa.string()))
    assert put(client, "adoption", unique, whole)["status"] == "accepted"
    assert put(client, "adoption", unique, whole.drop_columns(["note"]))["status"] == "duplicate"


def test_a_uuid_comes_as_sixteen_bytes_or_as_arrow_uuid_and_is_the_same(client, unique):
    table = table_of("dispatch", 3)
    column = table["dispatch_id"]
    bare = column.type == pa.binary(16)
    chunks = column.chunks
    other = [pa.ExtensionArray.from_storage(pa.uuid(), c) if bare else c.storage for c in chunks]
    index = table.schema.get_field_index("dispatch_id")
    turned = table.set_column(index, "dispatch_id", pa.chunked_array(other))
    assert turned.schema != table.schema
    first = put(client, "dispatch", unique, table)
    assert put(client, "dispatch", unique, turned) == first | {"status": "duplicate"}


def test_two_producers_may_use_the_same_batch_id(client, unique):
    for producer, rows in ((b"a", 2), (b"b", 3)):
        table = table_of("dispatch", rows)
        receipt = put(client, "dispatch", unique, table, headers=[(b"dif-producer", producer)])
        assert (receipt["status"], receipt["producer"]) == ("accepted", producer.decode())


def test_two_clients_with_the_same_batch_at_once_get_one_accepted_and_one_duplicate(open_home, unique):
    table, start, got = table_of("dispatch", 2000), threading.Barrier(4), []

    def send():
        with open_home.plain() as one:
            start.wait()
            got.append(put(one, "dispatch", unique, table, chunk_rows=100))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(r.pop("status") for r in got) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert all(r == got[0] for r in got)


def test_a_batch_that_is_only_tried_is_judged_and_not_kept(open_home, client, unique):
    check = [(b"dif-check", b"true")]
    said = put(client, "dispatch", unique, table_of("dispatch", 2), headers=check)
    assert (said["status"], said["rows"]) == ("checked", 2)
    assert unique not in open_home.kept()
    wrong = table_of("dispatch", 2, organisation_number=pa.nulls(2, pa.string()))
    assert refusal(client, "dispatch", unique, wrong, headers=check)["kind"] == "bad_value"


# --- refusals ---------------------------------------------------------------------------------------------------------

NAMES = pa.array(["974605171"] * 3)
WRONG = {
    "an unknown column": (lambda: {"servise": NAMES}, "unknown_column", "service"),
    "a missing column": (lambda: {"service": None}, "missing_column", "service"),
    "a null type": (lambda: {"service": pa.nulls(3)}, "wrong_type", "string"),
    "a dictionary": (lambda: {"service": NAMES.dictionary_encode()}, "wrong_type", "string"),
    "a large string": (lambda: {"service": NAMES.cast(pa.large_string())}, "wrong_type", "string"),
    "a string view": (lambda: {"service": NAMES.cast(pa.string_view())}, "wrong_type", "string"),
    "binary": (lambda: {"service": NAMES.cast(pa.binary())}, "wrong_type", "string"),
    "run ends": (
        lambda: {"service": pa.RunEndEncodedArray.from_arrays(pa.array([3], pa.int32()), pa.array(["x"]))},
        "wrong_type",
        "string",
    ),
    "a union": (
        lambda: {"service": pa.UnionArray.from_sparse(pa.array([0, 0, 0], pa.int8()), [NAMES])},
        "wrong_type",
        "string",
    ),
    "a list": (lambda: {"service": pa.array([["x"]] * 3)}, "wrong_type", "string"),
    "a struct": (lambda: {"service": pa.array([{"a": 1}] * 3)}, "wrong_type", "string"),
    "another integer": (lambda: {"byte_count": pa.array([1, 2, 3], pa.uint64())}, "wrong_type", "int"),
    "a float": (lambda: {"byte_count": pa.array([1.0, 2, 3])}, "wrong_type", "int"),
    "a naive timestamp": (
        lambda: {"state_at": pa.array([datetime(2026, 1, 1)] * 3, pa.timestamp("us"))},  # noqa: DTZ001 - it is the point
        "wrong_type",
        "UTC",
    ),
    "a timestamp of another unit": (
        lambda: {"state_at": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 3, pa.timestamp("ns", "UTC"))},
        "wrong_type",
        "timestamp[us",
    ),
    "an extension": (
        lambda: {"service": pa.ExtensionArray.from_storage(pa.json_(), NAMES)},
        "wrong_type",
        "string",
    ),
    "bytes of another width": (
        lambda: {"dispatch_id": pa.array([b"x" * 15] * 3, pa.binary(15))},
        "wrong_type",
        "fixed_size_binary[16]",
    ),
    "a missing value": (lambda: {"service": pa.nulls(3, pa.string())}, "bad_value", "service"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_the_contract_is_refused_with_the_mend(what, open_home, client, unique):
    columns, kind, mend = WRONG[what]
    said = refusal(client, "dispatch", unique, table_of("dispatch", 3, **columns()))
    assert said["kind"] == kind
    assert mend in said["problem"] + said["mend"]
    assert unique not in open_home.kept()
    assert open_home.half_made() == []


def test_a_wrong_schema_is_refused_before_any_row_comes(client, unique):
    table = table_of("dispatch", 1, servise=pa.array(["x"]))
    descriptor = flight.FlightDescriptor.for_path("dispatch", unique)
    writer, reader = client.do_put(descriptor, table.schema, flight.FlightCallOptions(timeout=80))
    assert reader.read() is None, "the server has answered, and no row was sent"
    with pytest.raises(flight.FlightError) as refused:
        writer.close()
    assert told(refused.value)["kind"] == "unknown_column"


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        (("dispach", "x"), "unknown_name", "dispatch"),
        (("dispatch", "a/b"), "wrong_use", "not 1–64 characters"),
        (("dispatch", ""), "wrong_use", "not 1–64 characters"),
        (("dispatch", "x" * 65), "wrong_use", "not 1–64 characters"),
        (("dispatch", "a\nb"), "wrong_use", "not 1–64 characters"),
        (("dispatch",), "wrong_use", "[stream, batch_id]"),
        (("dispatch", "a", "b"), "wrong_use", "[stream, batch_id]"),
        (("register", "x"), "forbidden", "never sent"),
        (("../dispatch", "x"), "unknown_name", "No stream"),
    ],
    ids=str,
)
def test_a_path_that_is_none_is_refused_with_the_nearest(path, kind, words, client):
    table = table_of("dispatch", 1)
    said = refused_put(client, flight.FlightDescriptor.for_path(*path), table)
    assert said["kind"] == kind
    assert words in said["problem"] + said["mend"]


def test_a_command_is_no_path(client):
    said = refused_put(client, flight.FlightDescriptor.for_command(b"dispatch"), table_of("dispatch", 1))
    assert said["kind"] == "wrong_use"


def test_a_batch_of_no_rows_is_refused_also_when_it_has_empty_chunks(client, unique):
    table = table_of("dispatch", 1)
    assert "no rows" in refusal(client, "dispatch", unique, table.slice(0, 0))["problem"]
    empty = [_empty(table.schema)] * 3
    assert "no rows" in refused_put(client, named(unique), *empty)["problem"]


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array([], f.type) for f in schema], schema=schema)


def test_the_digest_and_the_number_of_rows_are_held_against_what_came(open_home, client, unique):
    table = table_of("dispatch", 5)
    digest = content_digest("dispatch", table)

    first = put(client, "dispatch", f"{unique}a", table, headers=[(b"dif-content-sha256", digest.upper().encode())])
    assert first["sha256"] == digest
    writer, reader = client.do_put(named(f"{unique}b"), table.schema)
    writer.write_table(table)
    writer.write_metadata(json.dumps({"sha256": digest, "rows": 5, "more": 1}).encode())
    writer.done_writing()
    assert json.loads(reader.read().to_pybytes())["status"] == "accepted"
    writer.close()
    header = [(b"dif-content-sha256", b"0" * 64)]
    assert refused_put(client, named(f"{unique}c"), table, headers=header)["kind"] == "wrong_digest"
    for number, wrong in enumerate(({"sha256": "0" * 64}, {"rows": 4}, {"rows": "5"})):
        said = refused_put(client, named(f"{unique}-{number}"), table, along=json.dumps(wrong).encode())
        assert said["kind"] == "wrong_digest"
    for number, odd in enumerate((b"", b"{", b"[1]", b"\xff", b"[" * 60_000, b"{}" + b" " * 70_000)):
        assert refused_put(client, named(f"{unique}+{number}"), table, along=odd)["kind"] == "wrong_use"
    assert {n for n in open_home.kept() if n.startswith(unique)} == {f"{unique}a", f"{unique}b"}


def test_caps_on_chunks_are_held_and_the_number_of_columns(settings):
    with in_thread(settings) as serving, serving.plain() as client:
        fat = table_of("dispatch", 113, source_system=pa.array(["x" * 600_000] * 113))
        assert "64 MB" in refusal(client, "dispatch", "d", fat)["problem"]
        wide = pa.table({f"c{i}": [1] for i in range(201)})
        assert refusal(client, "dispatch", "e", wide)["kind"] == "too_large"
        assert serving.kept() == {}
        assert serving.half_made() == []


def test_invalid_buffers_are_refused_and_the_server_lives_on(open_home, client, unique):
    table = table_of("dispatch", 3)
    good = table.combine_chunks().to_batches()[0]
    index = good.schema.get_field_index("service")
    offsets = pa.array([0, 2**30, 7, 9], pa.int32()).buffers()[1]
    bad = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"x" * 20)])
    columns = [bad if i == index else good.column(i) for i in range(good.num_columns)]
    said = refused_put(client, named(unique), pa.RecordBatch.from_arrays(columns, schema=good.schema))
    assert said["kind"] in ("unreadable", "refused")
    assert put(client, "dispatch", unique, table)["status"] == "accepted"
    assert open_home.half_made() == []


def test_an_error_has_the_reference_that_stands_in_the_log(open_home, client, unique):
    said = refusal(client, "dispatch", unique, table_of("dispatch", 3, service=pa.nulls(3)))
    (line,) = [line for line in open_home.lines("batches") if line["reference"] == said["reference"]]
    assert (line["batch"], line["outcome"], line["kind"]) == (unique, "refused", "wrong_type")


def test_a_fault_of_ours_says_nothing_of_itself(settings):
    with in_thread(settings) as serving, serving.plain() as client:
        settings.releases.mkdir(parents=True)
        (settings.releases / "odd").mkdir()
        (settings.releases / "odd" / "manifest.json").write_text("{", "utf-8")
        (settings.releases / "current").symlink_to("odd")
        with pytest.raises(flight.FlightError) as broken:
            list(client.do_get(flight.Ticket(json.dumps({"dataset": COUNTY}).encode())))
        said = told(broken.value)
        assert said["kind"] in ("fault", "damaged")
        assert str(settings.home) not in str(said)
        assert put(client, "dispatch", "b", table_of("dispatch", 1))["status"] == "accepted"


# --- what there is ----------------------------------------------------------------------------------------------------


def test_streams_and_datasets_are_told_with_their_schemas(client):
    infos = {i.descriptor.path[0].decode(): i for i in client.list_flights()}
    assert {"dispatch", "measurement", COUNTY, ENTRY} <= set(infos)
    assert "register" not in infos
    assert infos[COUNTY].total_records == 12
    assert infos["dispatch"].endpoints == []
    by_path = client.get_flight_info(flight.FlightDescriptor.for_path(COUNTY))
    ticket = by_path.endpoints[0].ticket
    assert client.do_get(ticket).read_all().num_rows == 12
    by_command = client.get_flight_info(flight.FlightDescriptor.for_command(b"dispatch"))
    assert by_command.schema.names == [c.name for c in STREAMS["dispatch"].columns]
    assert client.get_schema(flight.FlightDescriptor.for_path(COUNTY)).schema.names == by_path.schema.names
    with pytest.raises(flight.FlightError) as unknown:
        client.get_flight_info(flight.FlightDescriptor.for_path("reference.countie"))
    assert "reference.county" in told(unknown.value)["mend"]


def test_every_field_that_is_told_says_its_title_unit_and_text(client):
    for info in client.list_flights():
        (name,) = (part.decode() for part in info.descriptor.path)
        contract = STREAMS[name] if name in STREAMS else READABLE[name]
        told_by_name = client.get_schema(info.descriptor).schema
        assert info.schema.equals(told_by_name, check_metadata=True)
        assert told_by_name.equals(contract.described_schema, check_metadata=True)
        for column in contract.columns:
            said = told_by_name.field(column.name).metadata
            assert said[b"title_nb"].decode() == column.title.nb
            assert said.get(b"unit", b"").decode() == (column.unit or "")
            assert said.get(b"about_en", b"").decode() == column.about.en


def test_a_batch_under_the_schema_that_is_told_is_the_same_batch(client, unique):
    table = table_of("dispatch", 4)
    told_of = client.get_schema(named("dispatch")).schema
    assert put(client, "dispatch", unique, table)["status"] == "accepted"
    assert put(client, "dispatch", unique, table.cast(told_of))["status"] == "duplicate"


def test_actions_answer_health_receipt_and_pending(client, unique):
    def act(name, body=b""):
        (result,) = client.do_action(flight.Action(name, body))
        return json.loads(result.body.to_pybytes())

    assert {a.type for a in client.list_actions()} == {"health", "receipt", "pending"}
    health = act("health")
    assert (health["status"], health["token_needed"]) == ("ok", False)
    assert health["release"] == "2026-03-05.1"
    mine = [(b"dif-producer", b"me")]
    receipt = put(client, "dispatch", unique, table_of("dispatch", 2), headers=mine)
    asked = flight.Action("receipt", json.dumps({"stream": "dispatch", "batch_id": unique}).encode())
    (again,) = client.do_action(asked, flight.FlightCallOptions(headers=mine))
    assert json.loads(again.body.to_pybytes()) == receipt
    with pytest.raises(flight.FlightError) as other:
        list(client.do_action(asked))
    assert told(other.value)["kind"] == "not_kept", "another producer's batch is nobody's"
    (pending,) = client.do_action(flight.Action("pending", b""), flight.FlightCallOptions(headers=mine))
    assert json.loads(pending.body.to_pybytes())["rows"] == 2
    for name, body, kind in (
        ("helth", b"", "unknown_name"),
        ("receipt", b"{", "wrong_use"),
        ("receipt", b"[" * 60_000, "wrong_use"),
        ("receipt", b'{"stream": "x"}', "unknown_name"),
    ):
        with pytest.raises(flight.FlightError) as wrong:
            act(name, body)
        assert told(wrong.value)["kind"] == kind


def test_what_there_is_not_is_said_without_a_trace(settings):
    token = issue(settings)
    options = flight.FlightCallOptions(headers=bearer(token))
    with in_process(settings) as serving, serving.plain() as client:
        writer, reader = client.do_exchange(flight.FlightDescriptor.for_path("dispatch", "x"), options)
        with pytest.raises(flight.FlightError) as no:  # noqa: PT012 - any of these lines may be where it is told
            writer.begin(table_of("dispatch", 1).schema)
            writer.done_writing()
            reader.read_chunk()
        assert told(no.value)["kind"] == "wrong_use"
        del no  # which holds this frame: the call would be closed within another test, and Arrow writes that to stderr
        for name, words in (("reference.countie", "Did you mean 'reference.county'?"), (ENTRY, "forbidden")):
            with pytest.raises(pa.ArrowException, match=words) as unknown:
                client.get_schema(flight.FlightDescriptor.for_path(name), options)
            with pytest.raises(flight.FlightError, match=words) as no:
                client.get_flight_info(flight.FlightDescriptor.for_path(name), options)
            for problem in (unknown, no):
                assert not [w for w in ("Traceback", ".py", str(PROJECT)) if w in str(problem.value)]
            del no


# --- datasets out -----------------------------------------------------------------------------------------------------


def get(client, **ticket) -> pa.Table:
    return client.do_get(flight.Ticket(json.dumps(ticket).encode())).read_all()


def test_a_dataset_comes_with_chosen_columns_and_rows(client):
    whole = get(client, dataset=ENTRY)
    assert whole.num_rows == 12
    some = get(client, dataset=ENTRY, release="2026-03-05.1", columns=["amount_ore"], filter={"amount_ore": {"ge": 7}})
    assert some.to_pydict() == {"amount_ore": [7, 8, 9, 10, 11]}
    assert get(client, dataset=ENTRY, filter={"period": "2026-02-01", "amount_ore": [1, 2]}).num_rows == 1


@pytest.mark.parametrize(
    ("ticket", "kind", "words"),
    [
        ({"dataset": "ledger.entri"}, "unknown_name", "ledger.entry"),
        ({"dataset": ENTRY, "release": "1999-01-01.1"}, "unknown_name", "2026-03-05.1"),
        ({"dataset": ENTRY, "release": "../../etc"}, "unknown_name", "2026-03-05.1"),
        ({"dataset": ENTRY, "columns": ["amount_oer"]}, "unknown_name", "amount_ore"),
        ({"dataset": ENTRY, "columns": "amount_ore"}, "wrong_use", "list"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"like": 1}}}, "unknown_name", "operation"),
        ({"dataset": ENTRY, "filter": {"amount_ore": "x"}}, "wrong_use", "numbers"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"lt": 7.5}}}, "wrong_use", "7.5 is not a valid int64"),
        ({"dataset": ENTRY, "filter": {"amount_ore": [1, -0.5]}}, "wrong_use", "-0.5 is not a valid int64"),
        ({"dataset": ENTRY, "filter": {"period": {"ge": 20260201}}}, "wrong_use", "Write dates as 2026-01-31"),
        ({"dataset": ENTRY, "filter": {"service": 301}}, "wrong_use", '"0301"'),
        ({"dataset": ENTRY, "filter": [1]}, "wrong_use", "filter"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {}}}, "wrong_use", "no test"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"lt": None}}}, "wrong_use", "not null"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"null": None}}}, "wrong_use", "true or false"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"null": "x"}}}, "wrong_use", "true or false"),
        ({"dataset": ENTRY, "filter": {"amount_ore": {"null": []}}}, "wrong_use", "true or false"),
        ({"dataset": "quality.batch"}, "unknown_name", "quality.batch"),
        ([1], "wrong_use", "JSON"),
    ],
    ids=str,
)
def test_a_ticket_that_is_none_is_refused_with_the_mend(ticket, kind, words, client):
    with pytest.raises(flight.FlightError) as refused:
        client.do_get(flight.Ticket(json.dumps(ticket).encode())).read_all()
    said = told(refused.value)
    assert said["kind"] == kind
    assert words in said["problem"] + said["mend"]


def test_each_read_has_a_line_in_the_audit(settings):
    publish(settings)
    with in_thread(settings) as serving, serving.plain() as client:
        get(client, dataset=COUNTY)
        with pytest.raises(flight.FlightError) as refused:
            get(client, dataset=COUNTY, release="1999-01-01.1")
        assert wait_until(lambda: len(serving.lines("reads")) == 2)
        served = next(line for line in serving.lines("reads") if line["outcome"] == "served")
        assert (served["who"], served["dataset"], served["release"], served["rows"]) == (
            "local",
            COUNTY,
            "2026-03-05.1",
            12,
        )
        no = next(line for line in serving.lines("reads") if line["outcome"] == "refused")
        assert no["reference"] == told(refused.value)["reference"]


@pytest.mark.slow("a gigabyte")
def test_a_result_larger_than_the_server_may_hold_comes_whole_and_a_reader_that_leaves_is_noted(settings, monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")  # as the supervisor starts it: what each arena keeps counts as held
    name = next(f.name for f in rows_of(TEXTS, 1).schema if pa.types.is_string(f.type))
    texts = rows_of(TEXTS, 1000, **{name: pa.array(["x" * 300] * 1000)})
    release = publish(settings, quality__quarantine_summary=texts)
    count = 3_400_000
    (file,) = (release.folder / "parquet" / TEXTS).glob("*.parquet")
    pq.write_table(pa.concat_tables([texts] * (count // 1000)), file, row_group_size=65_536)
    as_if_published(file, release.folder)
    with in_process(settings, server_memory_mb=800) as serving, serving.plain() as client:
        ticket = flight.Ticket(json.dumps({"dataset": TEXTS, "columns": [name]}).encode())
        rows = size = 0
        for chunk in client.do_get(ticket):
            rows, size = rows + chunk.data.num_rows, size + chunk.data.nbytes
        assert (rows, size > 900 << 20) == (count, True)
        assert memory_mb(serving.process.pid)["most"] < 800
        leaves = client.do_get(ticket)
        leaves.read_chunk()
        leaves.cancel()
        del leaves
        assert wait_until(lambda: {line["outcome"] for line in serving.lines("reads")} == {"served", "ended"})
        assert client.do_get(flight.Ticket(json.dumps({"dataset": COUNTY}).encode())).read_all().num_rows == 12


@contextmanager
def a_long_read(settings):
    """A server over a dataset that no line holds at once, and a read of it that has begun."""
    name = next(f.name for f in rows_of(TEXTS, 1).schema if pa.types.is_string(f.type))
    texts = rows_of(TEXTS, 1000, **{name: pa.array(["x" * 2000] * 1000)})
    release = publish(settings, quality__quarantine_summary=texts)
    (file,) = (release.folder / "parquet" / TEXTS).glob("*.parquet")
    pq.write_table(pa.concat_tables([texts] * 48), file, row_group_size=1000)
    as_if_published(file, release.folder)
    with in_thread(settings) as serving, serving.plain() as client:
        chunks = client.do_get(flight.Ticket(json.dumps({"dataset": TEXTS, "columns": [name]}).encode()))
        first = chunks.read_chunk().data.num_rows
        yield serving, chunks, first


@pytest.mark.slow("waits for time-outs")
def test_a_reader_that_pauses_between_two_batches_gets_the_rest(settings):
    with a_long_read(settings.but(idle_seconds=0.3)) as (serving, chunks, first):
        time.sleep(1.2)  # a reader's work on its first rows
        assert first + sum(chunk.data.num_rows for chunk in chunks) == 48_000
        assert wait_until(lambda: [line["outcome"] for line in serving.lines("reads")] == ["served"])


# --- who --------------------------------------------------------------------------------------------------------------


def issue(settings, *, send=("dispatch",), organisations=None, read=(Right.OPEN,), producer="p") -> str:
    rights = Rights(producer, frozenset(send), organisations, frozenset(read))
    return Tokens(settings).add(producer, rights, now=datetime.now(UTC))[1]


def bearer(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {token}".encode())]


def test_a_token_says_what_may_be_sent_and_read_and_for_whom(settings):
    publish(settings)
    token = issue(settings, organisations=frozenset({SENT}))
    ledger = issue(settings, send=(), read=tuple(Right), producer="economy")
    with in_thread(settings) as serving, serving.plain() as client:
        table = table_of("dispatch", 4)
        for no in ([], bearer(token[:-1]), bearer("x"), [*bearer(token), *bearer(token)]):
            with pytest.raises(flight.FlightUnauthenticatedError) as refused:
                put(client, "dispatch", "a", table, headers=no)
            assert told(refused.value)["kind"] == "unauthenticated"
        assert serving.lines("batches") == []
        assert put(client, "dispatch", "a", table, headers=bearer(token))["producer"] == "p"
        other = pa.array([SENT, SENT, OSLO, SENT])
        mixed = table_of("dispatch", 4, organisation_number=other)
        with pytest.raises(flight.FlightUnauthorizedError) as refused:
            put(client, "dispatch", "b", mixed, headers=bearer(token))
        assert "Row 3" in told(refused.value)["problem"]
        for stream in ("measurement", "cost_entry"):
            with pytest.raises(flight.FlightUnauthorizedError):
                put(client, stream, "c", table_of(stream, 1), headers=bearer(token))
        assert serving.kept() == {"a": 4}

        def options(t):
            return flight.FlightCallOptions(headers=bearer(t))

        ticket = flight.Ticket(json.dumps({"dataset": ENTRY}).encode())
        with pytest.raises(flight.FlightUnauthorizedError):
            client.do_get(ticket, options(token)).read_all()
        assert client.do_get(ticket, options(ledger)).read_all().num_rows == 12
        listed = {i.descriptor.path[0].decode() for i in client.list_flights(b"", options(token))}
        assert "dispatch" in listed
        assert not listed & {"measurement", ENTRY}
        with pytest.raises(flight.FlightUnauthorizedError):
            client.get_flight_info(flight.FlightDescriptor.for_path(ENTRY), options(token))
        (health,) = client.do_action(flight.Action("health", b""), options(token))
        assert json.loads(health.body.to_pybytes())["token_needed"] is True


def test_a_token_that_is_taken_back_holds_no_longer_on_a_connection_that_stands(settings):
    token = issue(settings)
    with in_thread(settings) as serving, serving.plain() as client:
        table = table_of("dispatch", 1)
        assert put(client, "dispatch", "a", table, headers=bearer(token))["status"] == "accepted"
        tokens = Tokens(settings)
        tokens.revoke(tokens.all()[0].id, now=datetime.now(UTC))
        with pytest.raises(flight.FlightUnauthenticatedError, match="revoked"):
            put(client, "dispatch", "b", table, headers=bearer(token))
        assert serving.kept() == {"a": 1}


def test_nothing_is_kept_of_a_batch_whose_token_is_revoked_while_it_is_sent(settings):
    token = issue(settings)
    options = flight.FlightCallOptions(headers=bearer(token), timeout=120)
    with in_thread(settings) as serving, serving.plain() as client:
        table = table_of("dispatch", 3)
        writer, _reader = client.do_put(named("a"), table.schema, options)
        writer.write_table(table)
        assert wait_until((settings.landing / "dispatch").is_dir), "the sender has been let in"
        tokens = Tokens(settings)
        tokens.revoke(tokens.all()[0].id, now=datetime.now(UTC))
        writer.write_table(table.slice(0, 2))
        with pytest.raises(flight.FlightUnauthenticatedError, match="revoked"):
            writer.close()
        assert serving.kept() == {}
        assert not list(settings.home.rglob(".tmp-*"))


def test_a_server_that_nobody_has_closed_listens_on_this_machine_only(settings):
    with pytest.raises(WrongUse, match="this machine only"):
        Server(settings, "0.0.0.0")
    issue(settings)
    with pytest.raises(WrongUse, match="in the clear"):
        Server(settings, "0.0.0.0")
    check_closed(settings.but(tls_elsewhere=True), "0.0.0.0", closed=True)
    check_closed(settings, "::1", closed=False)
    with pytest.raises(WrongUse, match="a proxy lets other machines in"):
        check_closed(settings.but(tls_elsewhere=True), "127.0.0.1", closed=False)


def test_a_server_that_cannot_start_says_why_in_one_line(settings):
    script = [
        sys.executable,
        "-P",
        "-m",
        "transport.servers.flight_server",
        "--home",
        str(settings.home),
        "--host",
        "0.0.0.0",
    ]
    done = subprocess.run(
        script, cwd=PROJECT, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(PROJECT)}
    )
    assert done.returncode == 1
    assert "dif token add" in done.stderr
    assert "Traceback" not in done.stderr


def test_peers_of_both_families_are_known_by_name(settings):
    """Whether a connection still stands is asked of the kernel by the peer's name, which gRPC writes in its own way."""
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    token = issue(settings)
    try:
        server = Server(settings.but(tls_elsewhere=True), "::")
    except (OSError, pa.ArrowException):
        pytest.skip("no IPv6 here")
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        for number, host in enumerate(("127.0.0.1", "[::1]")):
            with flight.FlightClient(f"grpc://{host}:{server.port}") as client:
                said = put(client, "dispatch", f"b{number}", table_of("dispatch", 1), headers=bearer(token))
                assert said["rows"] == 1
    finally:
        server.shutdown()
        thread.join()


# --- TLS --------------------------------------------------------------------------------------------------------------


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, name: str):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.cert = self._signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), self.key, self, ca=True)

    def _signed(self, subject, key, by, *, ca=False):
        now = datetime.now(UTC)
        issuer = subject if by.key is key else by.cert.subject
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
        made = made.not_valid_after(now + timedelta(days=1))
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if not ca:
            names = [x509.DNSName("localhost")]
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return made.sign(by.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str) -> tuple[bytes, bytes]:
        """A certificate for localhost and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        cert = self._signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, self)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cert.public_bytes(serialization.Encoding.PEM), private


@pytest.fixture(scope="module")
def authorities():
    return Authority("ours"), Authority("another")


@pytest.mark.parametrize("mutual", [False, True], ids=["tls", "mtls"])
def test_tls_and_mutual_tls_let_in_who_shows_the_right_certificates(mutual, settings, tmp_path, authorities):
    ours, another = authorities
    cert, key = ours.issue("server")
    for name, content in (("cert", cert), ("key", key), ("ca", ours.pem)):
        (tmp_path / name).write_bytes(content)
    tls = settings.but(tls_cert=tmp_path / "cert", tls_key=tmp_path / "key")
    shown = dict(zip(("cert_chain", "private_key"), ours.issue("client"), strict=True)) if mutual else {}
    with in_thread(tls.but(tls_client_ca=tmp_path / "ca") if mutual else tls) as serving:
        location = f"grpc+tls://localhost:{serving.port}"
        table = table_of("dispatch", 2)
        strangers = [{"tls_root_certs": another.pem, **shown}]
        if mutual:
            theirs = dict(zip(("cert_chain", "private_key"), another.issue("client"), strict=True))
            strangers += [{"tls_root_certs": ours.pem}, {"tls_root_certs": ours.pem, **theirs}]
        for stranger in strangers:
            with flight.FlightClient(location, **stranger) as client, pytest.raises(flight.FlightUnavailableError):
                put(client, "dispatch", "b", table, timeout=5)
        plain = flight.FlightClient(f"grpc://localhost:{serving.port}")
        with plain, pytest.raises(flight.FlightError):
            put(plain, "dispatch", "b", table, timeout=2)
        assert serving.kept() == {}
        with flight.FlightClient(location, tls_root_certs=ours.pem, **shown) as client:
            assert put(client, "dispatch", "b", table)["status"] == "accepted"
        mine = {"cert": shown.get("cert_chain"), "key": shown.get("private_key")} if mutual else {}
        with Client(location, roots=ours.pem, **mine) as client:
            assert client.send("dispatch", "b", table)["status"] == "duplicate"


@pytest.mark.parametrize("given", [("tls_cert",), ("tls_key",), ("tls_client_ca",), ("tls_cert", "tls_key")])
def test_tls_settings_that_are_half_or_gone_start_nothing(given, settings):
    with pytest.raises(WrongUse):
        Server(settings.but(**dict.fromkeys(given, Path("gone.pem"))))


# --- too much at a time -----------------------------------------------------------------------------------------------


BEGUN = 140_000
"""Rows of which a first block is in a file, and more are waited for."""


def open_stream(client, name: str, headers=()):
    """A batch that has begun and does not end."""
    table = pa.concat_tables([table_of("dispatch", 1000)] * (BEGUN // 1000))
    options = flight.FlightCallOptions(headers=list(headers))
    writer, reader = client.do_put(flight.FlightDescriptor.for_path("dispatch", name), table.schema, options)
    writer.write_table(table)
    return writer, reader


def test_a_producer_has_so_many_turns_and_others_have_theirs(settings):
    with in_thread(settings.but(streams=2, queue_seconds=0.2)) as serving:  # noqa: SIM117 - a line each
        with serving.plain() as first, serving.plain() as second:
            writer, reader = open_stream(first, "a")
            assert wait_until(lambda: len(serving.half_made()) == 1)
            with pytest.raises(flight.FlightUnavailableError) as refused:
                put(second, "dispatch", "b", table_of("dispatch", 1))
            assert told(refused.value)["kind"] == "try_again"
            other = put(second, "dispatch", "b", table_of("dispatch", 1), headers=[(b"dif-producer", b"other")])
            assert other["status"] == "accepted"
            writer.done_writing()
            assert json.loads(reader.read().to_pybytes())["rows"] == BEGUN
            writer.close()
            assert put(second, "dispatch", "b", table_of("dispatch", 1))["status"] == "accepted"


def test_bulk_has_half_of_the_turns_and_leaves_the_others_to_live_batches(settings):
    bulk = [(b"dif-priority", b"bulk")]
    with in_thread(settings.but(streams=2, queue_seconds=0.2)) as serving:  # noqa: SIM117 - a line each
        with serving.plain() as first, serving.plain() as second:
            writer, _ = open_stream(first, "a", headers=bulk)
            assert wait_until(lambda: len(serving.half_made()) == 1)
            table = table_of("dispatch", 1)
            another = [(b"dif-producer", b"another")]
            assert refusal(second, "dispatch", "b", table, headers=[*bulk, *another])["kind"] == "try_again"
            assert put(second, "dispatch", "b", table, headers=another)["status"] == "accepted"
            writer.close()


def test_quota_and_room_on_the_disk_say_come_again(settings):
    with in_thread(settings.but(quota_per_minute=2)) as serving, serving.plain() as client:
        table = table_of("dispatch", 1)
        for number in range(2):
            put(client, "dispatch", f"b{number}", table)
        assert refusal(client, "dispatch", "b2", table)["kind"] == "over_quota"
        other = put(client, "dispatch", "b2", table, headers=[(b"dif-producer", b"other")])
        assert other["status"] == "accepted"
    with in_thread(settings.but(disk_reserve_mb=1 << 40)) as serving, serving.plain() as client:
        with pytest.raises(flight.FlightUnavailableError) as refused:
            put(client, "dispatch", "b3", table)
        assert told(refused.value)["kind"] == "no_room"
        with pytest.raises(flight.FlightUnavailableError):
            list(client.do_action(flight.Action("health", b"")))


# --- senders that die or fall silent ----------------------------------------------------------------------------------


def test_a_batch_whose_sender_gave_up_half_way_is_never_kept(settings):
    """Four ways to stop between two chunks, with neither digest nor number of rows to see it by."""
    table, rng, held = table_of("dispatch", 200), random.Random(7), []
    with in_thread(settings) as serving:
        said = record(serving.port, "whole-000", table, chunk_rows=20)
        assert serving.kept() == {"whole-000": 200}
        for number in range(60):
            cut = said.data[rng.randrange(2, len(said.data))]
            end = socket.create_connection(("127.0.0.1", serving.port))
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.sendall(said.until(cut, f"half-{number:04}"))
            way = number % 3
            time.sleep(rng.random() * 0.01)  # where in the server's work it falls is the point
            if way == 0:
                end.sendall(said.reset())  # the connection lives on
                held.append(end)
            elif way == 1:
                end.sendall(said.frames[cut][: rng.randrange(1, len(said.frames[cut]))])
                end.close()
            else:
                end.close()
        assert wait_until(lambda: serving.half_made() == [])
        with serving.plain() as client:
            assert put(client, "dispatch", "after", table)["status"] == "accepted"
        outcomes = [line for line in serving.lines("batches") if line["batch"].startswith("half-")]
        assert serving.kept() == {"whole-000": 200, "after": 200}
        assert len(outcomes) >= 30, "most of them were under way"
        assert {line["outcome"] for line in outcomes} <= {"refused", "ended"}
        for end in held:
            end.close()


SENDER = """
import sys, threading
from pyarrow import flight
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[2])
client = flight.FlightClient(sys.argv[1])
for line in sys.stdin:
    name = line.strip()
    writer, reader = client.do_put(flight.FlightDescriptor.for_path("dispatch", name), table.schema)
    print(name, flush=True)
    for start in range(0, table.num_rows, 5000):
        writer.write_table(table.slice(start, 5000))
    writer.done_writing()
    print("receipt" if reader.read() else "none", flush=True)
    writer.close()
"""


@pytest.mark.slow("a process with a large batch")
def test_a_client_killed_in_the_middle_of_a_large_batch_leaves_nothing(settings, tmp_path):
    pq.write_table(table_of("dispatch", 60_000), tmp_path / "batch.parquet")
    rng = random.Random(11)
    with in_thread(settings) as serving:
        words = [sys.executable, "-c", SENDER, serving.location, str(tmp_path / "batch.parquet")]
        pipe = subprocess.PIPE
        senders = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(6)]
        for number, sender in enumerate(senders):
            sender.stdin.write(f"b{number}\n")
            sender.stdin.flush()
            assert sender.stdout.readline() == f"b{number}\n"
            time.sleep(rng.random() * 0.15)
            sender.send_signal(signal.SIGKILL)
            sender.communicate()
        assert wait_until(lambda: serving.half_made() == [])
        assert set(serving.kept().values()) <= {60_000}


@pytest.mark.slow("waits for a stream")
def test_the_server_ends_when_told_also_with_a_stream_under_way(settings):
    with in_process(settings) as serving, serving.plain() as client:
        put(client, "dispatch", "a", table_of("dispatch", 1))
        held = open_stream(client, "b")
        assert wait_until(lambda: len(serving.half_made()) == 1)
        os.kill(serving.process.pid, signal.SIGTERM)
        assert serving.process.wait(30) == 0
        assert serving.kept() == {"a": 1}
        with pytest.raises(pa.ArrowException):
            held[0].close()


@pytest.mark.parametrize(
    ("headers", "near"),
    [
        ({"dif-chek": "true"}, "dif-check"),
        ({"dif_check": "true"}, "dif-check"),
        ({"diff-check": "true"}, "dif-check"),
        ({"dif-check": "yes"}, "true"),
        ({"dif-priority": "bulkk"}, "bulk"),
        ({"dif-synthetic": "ja"}, "true"),
    ],
)
def test_a_word_about_the_batch_that_is_misspelled_is_refused_and_nothing_is_kept(
    open_home, client, unique, headers, near
):
    headers = [(k.encode(), v.encode()) for k, v in headers.items()]
    said = refused_put(client, named(unique), table_of("dispatch", 2), headers=headers)
    assert said["kind"] == ("wrong_use" if near in ("true", "bulk") else "unknown_name")
    assert near in said["mend"].lower()
    assert open_home.server.ingest.landing.entry_named("dispatch", "local", unique) is None


def test_a_sample_without_the_mark_is_refused(client, unique):
    marked = sample(STREAMS["dispatch"])
    said = refused_put(client, named(unique), marked.replace_schema_metadata(None))
    assert (said["kind"], "Dif-Synthetic: true" in said["mend"]) == ("refused", True)
    writer, reader = client.do_put(named(unique), marked.schema)
    with writer:
        writer.write_table(marked)
        writer.done_writing()
        assert b'"synthetic": true' in reader.read().to_pybytes()


@pytest.mark.parametrize("name", ["dif-check", "dif-producer"])
def test_a_word_about_the_batch_that_is_said_twice_is_refused_and_nothing_is_kept(open_home, client, unique, name):
    headers = [(name.encode(), b"false"), (name.encode(), b"true")]
    assert refused_put(client, named(unique), table_of("dispatch", 2), headers=headers)["kind"] == "wrong_use"
    assert not {e.producer for e in open_home.server.ingest.landing.entries if e.batch_id == unique}


def test_a_ticket_that_says_a_word_twice_is_refused(client):
    with pytest.raises(flight.FlightError) as refused:
        client.do_get(flight.Ticket(b'{"dataset": "reference.county", "filter": {"county": "03"}, "filter": {}}'))
    assert told(refused.value)["kind"] == "wrong_use"


def test_what_is_told_of_a_number_without_end_is_short(client, unique):
    along = b'{"rows": ' + b"9" * 4200 + b"}"
    said = refused_put(client, named(unique), table_of("dispatch", 2), along=along)
    assert said["kind"] == "wrong_digest"
    assert len(said["problem"]) < 200


def test_a_filter_under_another_name_does_not_give_everything(client):
    with pytest.raises(flight.FlightError) as refused:
        client.do_get(flight.Ticket(b'{"dataset": "reference.county", "where": {"county": "03"}}')).read_all()
    assert "filter" in told(refused.value)["mend"]


def test_a_sender_that_drips_does_not_hold_its_turn(settings):
    with in_thread(settings.but(idle_seconds=0.4)) as serving, serving.plain() as client:
        table = table_of("dispatch", 1)
        writer, _reader = client.do_put(named("drip"), table.schema)
        began = time.monotonic()
        with pytest.raises((flight.FlightError, OSError)) as ended:  # noqa: PT012 - any write may be where it is told
            try:
                while time.monotonic() - began < 20:
                    writer.write_table(table)
                    time.sleep(0.05)
            finally:
                writer.close()
        assert "too_slow" in str(ended.value)
        assert put(client, "dispatch", "whole", table)["status"] == "accepted"


@contextmanager
def a_line(port: int, paces):
    """A port by which a server is reached over a slow line: `paces` are how many bytes go on, fifty times a second."""

    def go_on(listener):
        near, _ = listener.accept()
        with near, socket.create_connection(("127.0.0.1", port)) as far, suppress(OSError):
            threading.Thread(target=go_back, args=(far, near), daemon=True).start()
            for size in paces:
                far.sendall(near.recv(size))
                time.sleep(0.02)

    def go_back(far, near):
        with suppress(OSError):
            while said := far.recv(1 << 16):
                near.sendall(said)
            near.shutdown(socket.SHUT_RDWR)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = threading.Thread(target=go_on, args=(listener,), daemon=True)
        line.start()
        yield f"grpc://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.slow("waits for time-outs")
def test_a_batch_that_comes_slowly_in_one_piece_is_taken(settings):
    table = table_of("dispatch", 1500)
    with in_thread(settings.but(idle_seconds=0.4)) as serving, a_line(serving.port, [2048] * 1000) as location:
        began = time.monotonic()
        with flight.FlightClient(location) as client:
            assert put(client, "dispatch", "slow", table)["rows"] == 1500
        assert time.monotonic() - began > 1


def test_what_is_nested_deeper_than_a_stack_bears_is_refused_and_the_process_lives(settings):
    with supervised(settings) as serving:
        client = flight.connect(serving.location)
        in_utf_16 = ('["\u2200", ' + "[" * 30_000).encode("utf-16-le")  # with a byte that is a quote in UTF-8
        for call, deep in product(
            (
                lambda deep: client.do_get(flight.Ticket(deep)).read_all(),
                lambda deep: list(client.do_action(flight.Action("receipt", deep))),
                lambda deep: refused_put(client, named("deep"), table_of("dispatch", 1), along=deep),
            ),
            (b"[" * 60_000, in_utf_16),
        ):
            with suppress(flight.FlightError):
                call(deep)
        assert put(client, "dispatch", "flat", table_of("dispatch", 1))["status"] == "accepted"
        assert serving.restarts() == 0


def test_a_stream_is_not_a_dataset_and_the_server_says_so(client):
    with pytest.raises(flight.FlightError) as refused:
        client.do_get(flight.Ticket(b'{"dataset": "dispatch"}')).read_all()
    assert "is sent, not read" in told(refused.value)["problem"]


def test_two_servers_do_not_listen_at_one_address_and_the_second_says_so(open_home, settings):
    with pytest.raises(WrongUse, match="cannot listen"):
        Server(settings, port=open_home.server.port)
