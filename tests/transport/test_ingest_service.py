"""What holds for a batch whichever wire it came over, and however many processes are at it."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import threading

import pyarrow as pa
import pytest

from catalog.errors import BatchNotFound, NoRoom, OverQuota, TryAgain
from catalog.tables.streams import ADOPTION
from transport.base import atomic_files
from transport.ingest import ingest_service
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.ingest_service import IngestService, Quota, Upload
from transport.servers.http import app
from transport.servers.http.app import HttpApp
from transport.storage import backends, landing
from transport.storage.landing import Arrival


def test_a_reference_is_never_masked_in_the_log_as_an_identity_number():
    names = {ingest_service.reference() for _ in range(100)}
    assert len(names) == 100
    assert all(name.isalpha() for name in names)


@pytest.fixture
def sent(batch):
    """Send a batch through a reception; gives the receipt."""

    def sent(
        one: IngestService, batch_id: str, table: pa.Table | None = None, *, producer="p", rows_at_a_time=9999, **more
    ):
        caller = one.access.caller(None, producer=producer)
        table = batch("adoption", 3) if table is None else table
        table = table.select([c.name for c in ADOPTION.columns])
        with one.open_upload(caller, Upload("adoption", batch_id, "flight", **more)) as open_upload:
            for begin in range(0, table.num_rows, rows_at_a_time):
                open_upload.add(table.slice(begin, rows_at_a_time))
            return open_upload.finish()

    return sent


@pytest.fixture
def one(home):
    return IngestService(home.settings.but(disk_reserve_mb=0))


def arrival(kept, batch, batch_id, count):
    path = kept.temporary("adoption", "p", "arriving")
    with BatchValidator(ADOPTION, path, producer="p") as door:
        door.add(batch("adoption", count).select([c.name for c in ADOPTION.columns]))
        return Arrival(path, door.close(), ADOPTION, "p", batch_id)


def test_a_line_that_its_writer_takes_back_is_never_seen_by_another(home, batch, monkeypatch):
    writer, other = home.landing, home.landing
    writer.keep([arrival(writer, batch, "one", 1)], now=landing.utc_now())
    waited = []
    plain = os.fsync

    mine = threading.current_thread()

    def full(handle):
        if threading.current_thread() is mine and os.path.samestat(
            os.fstat(handle), (home.settings.landing / "journal").stat()
        ):
            looking = threading.Thread(target=other.refresh)
            looking.start()
            looking.join(0.3)
            waited.append(looking)
            raise OSError(errno.ENOSPC, "full")
        plain(handle)

    monkeypatch.setattr(backends.os, "fsync", full)
    with pytest.raises(NoRoom):
        writer.keep([arrival(writer, batch, "two", 2)], now=landing.utc_now())
    monkeypatch.undo()
    [looking] = waited
    looking.join()
    assert [e.batch_id for e in other.entries] == ["one"]
    writer.keep([arrival(writer, batch, "three", 3)], now=landing.utc_now())
    other.refresh()
    assert [e.batch_id for e in other.entries] == ["one", "three"]


def test_lines_that_a_dead_writer_did_not_wait_for_are_on_disk_before_anybody_answers_by_them(
    home, batch, monkeypatch, one, sent
):
    kept = home.landing
    kept.keep([arrival(kept, batch, "one", 3)], now=landing.utc_now())
    waited_for = []
    plain = atomic_files.sync_file
    monkeypatch.setattr(atomic_files, "sync_file", lambda path: (waited_for.append(path.name), plain(path))[1])
    assert sent(one, "one")["status"] == "duplicate"
    assert "journal" in waited_for


def test_who_asks_for_a_receipt_is_not_told_that_a_damaged_batch_is_kept(home, one, sent):
    sent(one, "one")
    caller = one.access.caller(None, producer="p")
    assert one.receipt(caller, "adoption", "one")["status"] == "accepted"
    path = home.landing.file(home.landing.entries[0])
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BatchNotFound):
        one.receipt(caller, "adoption", "one")
    assert sent(one, "one")["status"] == "accepted"
    assert one.receipt(caller, "adoption", "one")["rows"] == 3


def test_a_repeat_of_a_withdrawn_batch_is_told_that_it_counts_nowhere(home, one, sent):
    first = sent(one, "one")
    assert "withdrawn_at" not in first
    kept = home.landing
    kept.withdraw(kept.entries[0], by="drift", reason="feil kommune", now=landing.utc_now())
    again = sent(one, "one")
    assert (again["status"], again["withdrawn_because"]) == ("duplicate", "feil kommune")


def test_the_room_on_the_disk_is_looked_at_again_while_a_batch_comes(home, one, sent, batch, monkeypatch):
    looks = []
    monkeypatch.setattr(backends, "free_bytes", lambda _settings: looks.append(1) or 10**12 * (len(looks) < 3))
    monkeypatch.setattr(ingest_service, "_LOOK_EVERY", 1000)
    one.settings = one.settings.but(disk_reserve_mb=1)
    table = batch("adoption", 50).select([c.name for c in ADOPTION.columns])
    with pytest.raises(NoRoom):
        sent(one, "b", pa.concat_tables([table] * 10), rows_at_a_time=50)
    assert len(looks) == 3
    assert home.landing.entries == []
    assert not list(home.settings.landing.rglob(f"{atomic_files.TEMPORARY}*"))


def test_the_mark_of_made_up_rows_is_part_of_what_a_batch_is(one, sent):
    assert sent(one, "real")["synthetic"] is False
    assert sent(one, "made-up", synthetic=True)["synthetic"] is True
    with pytest.raises(landing.BatchConflict):
        sent(one, "real", synthetic=True)


def test_batches_that_fail_together_are_told_each_its_own_reference(home, one, sent, monkeypatch):
    gate = threading.Barrier(4)
    told = []

    def full(_arrivals, *, now):
        raise NoRoom("The disk is full.", "Later.")

    monkeypatch.setattr(one.landing, "keep", full)

    def send(number):
        gate.wait()
        with pytest.raises(NoRoom) as problem:
            sent(one, f"b{number}")
        told.append(problem.value.reference)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(told)) == 4


def test_who_comes_while_the_landing_is_held_is_asked_to_come_again_and_readiness_says_so(home, sent, monkeypatch):
    settings = home.settings.but(disk_reserve_mb=0, queue_seconds=0.05)
    monkeypatch.setattr(app, "_TURN_SECONDS", 0.05)

    def ready(door: HttpApp) -> tuple[int, list[str]]:
        said: list[dict] = []

        async def ask():
            scope = {"type": "http", "method": "GET", "path": "/readyz", "raw_path": b"/readyz", "query_string": b""}
            more = {"headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}

            async def nothing():
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message):
                said.append(message)

            await door(scope | more, nothing, send)

        asyncio.run(ask())
        body = json.loads(b"".join(m.get("body", b"") for m in said))
        return said[0]["status"], [m["what"] for m in body["missing"]]

    with HttpApp(settings) as door:
        sent(door.ingest, "one")
        with (settings.landing / ".lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with pytest.raises(TryAgain, match=f"by process {os.getpid()}"):
                sent(door.ingest, "two")
            assert ready(door) == (503, ["turn"])
        assert sent(door.ingest, "two")["status"] == "accepted"
    with HttpApp(settings) as door:
        assert ready(door) == (200, [])


def test_a_caller_has_a_limit_by_the_hour_far_below_that_of_all():
    forms = Quota("subscriptions", per_minute=0, per_hour=3)
    for _ in range(3):
        forms.spend("one")
    with pytest.raises(OverQuota, match="3 subscriptions an hour"):
        forms.spend("one")
    forms.spend("other")
