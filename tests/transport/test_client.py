"""The client: it tries again what failed on the way, and tells what the server said as our own errors."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest

from catalog.errors import (
    BatchConflict,
    BatchNotFound,
    MissingColumn,
    Refused,
    SharingError,
    TryAgain,
    Unauthenticated,
    UnknownColumn,
    UnknownName,
    Unreachable,
    WrongUse,
)
from catalog.tables.streams import STREAMS
from tests.reliability.serving import COUNTY, ENTRY, in_process, in_thread, publish, wait_until
from tests.transport.conftest import table_of
from transport.base.settings import Settings
from transport.servers.client import Client, content_digest
from transport.servers.flight_server import Server


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("served") / "home", disk_reserve_mb=0)
    publish(settings)
    with in_thread(settings) as serving:
        yield serving


@pytest.fixture
def client(serving):
    with Client(serving.location, producer="fagsystem") as client:
        yield client


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", disk_reserve_mb=0)


@pytest.mark.parametrize("stream", [s for s in STREAMS if s != "register"])
def test_the_digest_of_what_is_sent_is_the_receipts(stream, client):
    table = table_of(stream, 7)
    receipt = client.send(stream, "digest", table)
    assert receipt["sha256"] == content_digest(stream, table)
    assert client.send(stream, "digest", table.to_batches())["status"] == "duplicate"
    assert client.receipt(stream, "digest") == receipt
    assert receipt["producer"] == "fagsystem"


def test_what_the_server_said_is_an_error_of_ours_with_its_reference(serving, client):
    table = table_of("dispatch", 3)
    client.send("dispatch", "errors", table)
    with pytest.raises(BatchConflict) as conflict:
        client.send("dispatch", "errors", table.slice(1))
    (line,) = [line for line in serving.lines("batches") if line["reference"] == conflict.value.reference]
    assert line["kind"] == "conflict"
    with pytest.raises(UnknownColumn, match="Did you mean 'service'"):
        client.send("dispatch", "errors-2", table.rename_columns({"service": "servic"}))
    with pytest.raises(MissingColumn):
        client.send("dispatch", "errors-3", table.drop_columns(["service"]))
    with pytest.raises(UnknownName, match="Did you mean 'dispatch'"):
        client.send("dispach", "errors-4", table)
    with pytest.raises(Refused, match="no rows"):
        client.send("dispatch", "errors-5", table.slice(0, 0))
    with pytest.raises(BatchNotFound):
        client.receipt("dispatch", "errors-6")
    with pytest.raises(UnknownName, match=r"reference\.county"):
        client.schema("reference.countie")
    with pytest.raises(UnknownName, match=r"ledger\.entry"):
        list(client.read("ledger.entri"))


def test_a_refusal_that_comes_while_rows_are_being_written_is_told_as_it_was_said(settings):
    unknown = table_of("dispatch", 1000, organisation_number=pa.nulls(1000, pa.string()))
    table = pa.concat_tables([unknown] * 400)
    with in_thread(settings) as serving, Client(serving.location) as client, pytest.raises(Refused, match="number"):
        client.send("dispatch", "large", table)


def test_datasets_and_streams_are_listed_and_read(client):
    assert {"dispatch", COUNTY, ENTRY} <= set(client.flights())
    assert client.schema("dispatch").names == [c.name for c in STREAMS["dispatch"].columns]
    (batch,) = client.read(ENTRY, columns=["amount_ore"], where={"amount_ore": {"lt": 2}})
    assert batch.to_pydict() == {"amount_ore": [0, 1]}
    assert sum(b.num_rows for b in client.read(COUNTY, release="2026-03-05.1")) == 12
    assert client.health()["status"] == "ok"
    assert client.pending()["release"] == "2026-03-05.1"


def test_a_try_is_not_kept(serving, client):
    assert client.send("dispatch", "try", table_of("dispatch", 2), check=True)["status"] == "checked"
    assert "try" not in serving.kept()


def test_what_is_no_server_is_said_in_one_line_without_retrying_for_ever():
    with Client("grpc://127.0.0.1:1", tries=1) as client:
        with pytest.raises(Unreachable, match="Is `dif serve transport` running"):
            client.send("dispatch", "b", table_of("dispatch", 1))
        with pytest.raises(Unreachable):
            list(client.read(COUNTY))


def test_a_client_that_was_closed_says_so():
    with Client("grpc://127.0.0.1:1", tries=1) as client:
        pass
    with pytest.raises(WrongUse, match="The client is closed"):
        client.schema("usage.dispatch_day")


def test_a_wrong_token_is_not_tried_again(settings):
    from datetime import UTC, datetime

    from transport.auth.tokens import Rights, Tokens

    rights = Rights("p", frozenset({"dispatch"}), None, frozenset())
    _, token, _ = Tokens(settings).add("p", rights, now=datetime.now(UTC))
    with in_thread(settings) as serving:
        with (
            Client(serving.location, token=token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]) as client,
            pytest.raises(Unauthenticated),
        ):
            client.send("dispatch", "b", table_of("dispatch", 1))
        refused = [line for line in serving.lines("server") if line["event"] == "refused"]
        assert [line["kind"] for line in refused] == ["unauthenticated"]
        for shown in (token, token.encode()):
            with Client(serving.location, token=shown) as client:
                assert client.send("dispatch", "b", table_of("dispatch", 1))["producer"] == "p"


def test_a_batch_that_is_told_to_come_again_does(settings):
    """A turn comes free while the client waits between its tries."""
    with in_thread(settings.but(streams=1, queue_seconds=0.05)) as serving:
        got: list[dict] = []
        ingest = serving.server.ingest
        turn = ingest._turnstile.turn("other", bulk=False)  # noqa: SLF001 - the one seat, taken
        turn.__enter__()
        with Client(serving.location, tries=20) as client:
            table = table_of("dispatch", 1)
            with Client(serving.location, tries=1) as hasty, pytest.raises(TryAgain):
                hasty.send("dispatch", "b", table)
            sending = threading.Thread(target=lambda: got.append(client.send("dispatch", "b", table)))
            sending.start()
            assert wait_until(lambda: len(serving.lines("batches")) >= 2)
            turn.__exit__(None, None, None)
            sending.join()
        assert got[0]["status"] == "accepted"


def test_a_server_that_dies_and_comes_back_keeps_the_batch_once(settings):
    table = table_of("dispatch", 5)
    with in_process(settings) as first, Client(first.location, tries=12) as client:
        assert client.send("dispatch", "a", table)["status"] == "accepted"
        first.process.kill()
        first.process.wait()
        got: list[dict] = []
        sending = threading.Thread(target=lambda: got.extend([client.send("dispatch", n, table) for n in "ab"]))
        sending.start()
        server = Server(settings, port=first.port)
        thread = threading.Thread(target=server.serve)
        thread.start()
        sending.join()
        server.shutdown()
        thread.join()
    assert [r["status"] for r in got] == ["duplicate", "accepted"]


def test_threads_may_share_a_client(serving):
    table, got, problems = table_of("dispatch", 20), [], []

    def send(producer_number):
        try:
            got.append(client.send("dispatch", f"shared-{producer_number % 8}", table)["status"])
        except SharingError as problem:
            problems.append(problem)

    with Client(serving.location) as client:
        threads = [threading.Thread(target=send, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []
    assert sorted(got) == ["accepted"] * 8 + ["duplicate"] * 8


@pytest.mark.parametrize("way", ["other type", "unknown stream"])
def test_what_is_not_of_the_contract_has_no_digest_and_is_judged_by_the_server(way):
    table = table_of("dispatch", 2)
    if way == "other type":
        assert content_digest("dispatch", table.set_column(0, table.column_names[0], pa.array([1, 2]))) == ""
    else:
        assert content_digest("dispach", table) == ""


def test_a_uuid_as_bytes_has_the_digest_of_the_uuid():
    table = table_of("dispatch", 2)
    index = table.schema.get_field_index("dispatch_id")
    column = table["dispatch_id"]
    bare = column.type == pa.binary(16)
    chunks = [pa.ExtensionArray.from_storage(pa.uuid(), c) if bare else c.storage for c in column.chunks]
    other = table.set_column(index, "dispatch_id", pa.chunked_array(chunks))
    assert content_digest("dispatch", other) == content_digest("dispatch", table) != ""
