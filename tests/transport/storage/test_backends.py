"""One suite over every keeping: a folder, one with a mirror, object storage in memory, over S3, and SeaweedFS."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from obstore.store import MemoryStore, S3Store

from catalog.errors import BadSetting, BatchConflict, Damaged, SharingError, TryAgain
from catalog.tables.streams import ADOPTION
from tests.thorough import some
from tools.cluster import Cluster
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.cluster.landing import ObjectLanding
from transport.cluster.object_backend import ObjectBackend
from transport.cluster.object_log import ObjectLog
from transport.ingest.batch_validator import BatchValidator
from transport.storage.backends import LocalBackend, MirroredBackend, StorageBackend, backend_of, read_without_lock
from transport.storage.journal import group_of, parsed_line
from transport.storage.landing import Arrival, GroupCommit, Landing

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[3]
KEYS = {"access_key_id": "a", "secret_access_key": "b", "region": "us-east-1"}


@pytest.fixture(scope="module")
def s3():
    """moto's S3 on loopback. It looks and then puts, so requests are let in one by one, as S3 itself decides."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_said):
            pass

    app, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def one_by_one(environ, start):
        with turn:
            return list(app(environ, start))

    server = make_server("127.0.0.1", 0, one_by_one, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    with urllib.request.urlopen(urllib.request.Request(f"{address}/bucket", method="PUT")):
        pass
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def seaweedfs(tmp_path_factory):
    """SeaweedFS on loopback: its address, and keys."""
    with Cluster(Settings(home=tmp_path_factory.mktemp("seaweedfs") / "home")) as cluster:
        told = cluster.start_store()
        keys = {"access_key_id": told["AWS_ACCESS_KEY_ID"], "secret_access_key": told["AWS_SECRET_ACCESS_KEY"]}
        yield told["AWS_ENDPOINT_URL"], keys


SEAWEEDFS = pytest.param("seaweedfs", marks=pytest.mark.slow("another store that speaks S3, as moto's does"))


def store_of(request, prefix: str) -> S3Store | MemoryStore:
    """A store of its own, of the kind that the test's parameter names."""
    if request.param == "seaweedfs":
        address, keys = request.getfixturevalue("seaweedfs")
        return s3_store(address, prefix, **keys)
    return s3_store(request.getfixturevalue("s3"), prefix) if request.param == "s3" else MemoryStore()


def s3_store(address: str, prefix: str, bucket: str = "bucket", **more) -> S3Store:
    return S3Store(
        bucket,
        prefix=prefix,
        endpoint=address,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True, "timeout": "5s"},
        retry_config={"max_retries": 0},
        **(KEYS | more),
    )


@dataclass
class Place:
    """Somewhere a landing lies. Each opening is another process's, or another machine's where that can be."""

    folder: Path
    store: S3Store | MemoryStore | None = None
    mirrored: bool = False
    shards: int = 1
    opened: list[StorageBackend] = field(default_factory=list)

    def backend(self) -> StorageBackend:
        if self.store is not None:
            self.opened.append(ObjectBackend(self.store, self.folder / f"machine-{len(self.opened)}"))
        else:
            folder, mirror = self.folder / "landing", LocalBackend(self.folder / "mirror")
            self.opened.append(MirroredBackend(folder, mirror) if self.mirrored else LocalBackend(folder))
        return self.opened[-1]

    def open(self) -> Landing:
        if self.store is None:
            return Landing(self.backend())
        landing = ObjectLanding(self.backend())
        if self.shards > 1:
            landing.enable_sharding(self.shards, now=NOW)
        return landing

    def impatient(self) -> LocalBackend:
        """The folder, for one who waits for no turn."""
        return LocalBackend(self.folder / "landing", patience=0.05)

    def content(self, name: str) -> bytes:
        if self.store is not None:
            return bytes(self.store.get(name).bytes())
        return (self.folder / "landing" / name).read_bytes()

    def overwrite(self, name: str, content: bytes | None) -> None:
        """Damage at rest: other bytes, or (None) none at all."""
        if self.store is not None:
            self.store.delete(name) if content is None else self.store.put(name, content)
            return
        path = self.folder / "landing" / name
        path.unlink()
        if content is not None:
            path.write_bytes(content)

    def temporaries(self) -> list[str]:
        return [p.name for p in self.folder.rglob("*") if p.name.startswith(atomic_files.TEMPORARY)]


@pytest.fixture(params=["local", "mirrored", "memory", "s3", "shards", SEAWEEDFS])
def place(request, tmp_path) -> Place:
    if request.param in ("local", "mirrored"):
        return Place(tmp_path, mirrored=request.param == "mirrored")
    return Place(tmp_path, store_of(request, f"house/{tmp_path.name}"), shards=4 if request.param == "shards" else 1)


@pytest.fixture
def local(tmp_path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def arrive(batch):
    """Take rows through the door, so that they lie under a temporary name."""
    columns = [c.name for c in ADOPTION.columns]

    def arrive(landing: Landing, batch_id: str, count: int = 3, *, named=True) -> Arrival:
        temporary = landing.temporary("adoption", "p", "arriving")
        with BatchValidator(ADOPTION, temporary, producer="p") as door:
            door.add(batch("adoption", count).select(columns))
            return Arrival(temporary, door.close(), ADOPTION, "p", batch_id, named)

    return arrive


@pytest.fixture
def keep(arrive):
    def keep(landing: Landing, batch_id: str, count: int = 3, *, now=NOW, **more):
        return landing.keep([arrive(landing, batch_id, count, **more)], now=now)[0]

    return keep


def as_sent(entry):
    """The entry without its number: a door that keeps it by shard does not know it yet."""
    return replace(entry, number=0)


def status(kept) -> str:
    return "conflict" if isinstance(kept, BatchConflict) else kept.status


# --- what every keeping promises -------------------------------------------------------------------------------------


def test_a_batch_is_kept_once_and_known_wherever_it_is_asked_for(place, keep):
    first = keep(place.open(), "one")
    assert first.status == "accepted"
    again = keep(place.open(), "one", now=NOW + timedelta(days=1))
    assert (again.status, as_sent(again.entry)) == ("duplicate", as_sent(first.entry))
    assert list(map(as_sent, place.open().entries)) == [as_sent(first.entry)]
    assert place.temporaries() == []


def test_an_id_with_other_content_is_a_conflict_and_changes_nothing(place, keep):
    first = keep(place.open(), "one", 3).entry
    assert isinstance(keep(place.open(), "one", 4), BatchConflict)
    landing = place.open()
    assert list(map(as_sent, landing.entries)) == [as_sent(first)]
    assert landing.is_whole(first)
    assert place.temporaries() == []


def test_many_in_one_call_are_answered_one_by_one(place, arrive):
    landing = place.open()
    arrivals = [arrive(landing, i, n) for i, n in (("a", 1), ("a", 1), ("a", 2), ("b", 2), (".c", 3))]
    assert [status(k) for k in landing.keep(arrivals, now=NOW)] == [
        "accepted", "duplicate", "conflict", "accepted", "accepted",
    ]  # fmt: skip
    assert [e.batch_id for e in place.open().entries] == ["a", "b", ".c"]


def test_a_file_that_an_ended_process_left_without_a_line_gives_way(place, arrive, keep):
    landing = place.open()
    half = arrive(landing, "one", 4)
    name = landing.backend.name("adoption/p/one", half.validated.file_sha256)
    landing.backend.put([(half.temporary, name)])
    landing.backend.discard(half.temporary)
    assert place.open().entries == []
    assert list(place.open().backend.names()) == [name]
    assert keep(place.open(), "one", 3).status == "accepted"
    kept = place.open()
    assert pq.read_metadata(kept.file(kept.entries[0])).num_rows == 3
    assert keep(place.open(), "one", 4).kind == "conflict"


def test_files_are_listed_by_name_and_lie_locally_under_the_batchs_own(place, keep):
    for batch_id in ("b", "a", "..", ".tmp-x"):
        keep(place.open(), batch_id)
    landing = place.open()
    assert list(landing.backend.names()) == sorted(landing.place(e) for e in landing.entries)
    for entry in landing.entries:
        path = landing.file(entry)
        assert path.as_posix().endswith(entry.file)
        assert landing.backend.size(landing.place(entry)) == path.stat().st_size == entry.bytes
        assert pq.read_table(path)["producer"].unique().to_pylist() == ["p"]
    assert landing.backend.size("adoption/p/none.0123456789abcdef.parquet") is None
    assert not landing.backend.local("adoption/p/none.0123456789abcdef.parquet").exists()


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied", "gone"])
def test_a_damaged_batch_is_never_answered_duplicate_and_is_whole_when_it_was_sent_again(place, keep, damage):
    entry = keep(place.open(), "one").entry
    landing = place.open()
    assert landing.is_whole(entry)  # also when a copy of it is at hand
    content = bytearray(place.content(landing.place(entry)))
    content[len(content) // 2] ^= 1
    wrong = {"flipped": bytes(content), "cut": bytes(content[:-9]), "emptied": b"", "gone": None}[damage]
    place.overwrite(landing.place(entry), wrong)
    assert not landing.is_whole(entry)
    again = keep(landing, "one")
    assert (again.status, as_sent(again.entry)) == ("accepted", as_sent(entry))
    assert keep(place.open(), "one").status == "duplicate"
    kept = place.open()
    assert kept.is_whole(kept.entries[0])
    assert pq.read_metadata(kept.file(entry)).num_rows == 3


def test_a_sound_copy_is_put_back_and_the_journal_says_so_where_its_bytes_are_others(place, keep, tmp_path):
    entry = keep(place.open(), "one").entry
    landing = place.open()
    copy = tmp_path / "copy.parquet"
    pq.write_table(pq.read_table(landing.file(entry)), copy, compression="snappy", write_page_checksum=True)
    place.overwrite(landing.place(entry), None)
    landing.put_back(entry, copy, now=NOW)
    kept = place.open()
    assert kept.entries[0].sha256 == entry.sha256
    assert kept.entries[0].file_sha256 != entry.file_sha256
    assert kept.is_whole(kept.entries[0])
    assert pq.read_metadata(kept.file(kept.entries[0])).row_group(0).column(0).compression == "SNAPPY"
    assert keep(place.open(), "one").status == "duplicate"
    assert place.temporaries() == []


def test_a_batch_is_withdrawn_and_reinstated_and_every_landing_sees_it(place, keep):
    keep(place.open(), "one")
    writer, reader = place.open(), place.open()
    (entry,) = writer.entries
    mark = writer.withdraw(entry, by="drift", reason="feil", now=NOW + timedelta(hours=1))
    reader.refresh()
    assert reader.withdrawal(entry) == place.open().withdrawal(entry) == mark
    undone = reader.reinstate(entry, by="drift", reason="rett", now=NOW + timedelta(hours=2))
    assert place.open().withdrawal(entry) is None
    assert place.open().withdrawal(entry, upto=mark.number) == mark
    assert place.open().last == undone.number == mark.number + 1 == entry.number + 2 + (place.shards > 1)


def test_the_journal_is_read_on_from_where_the_reader_stands(place, keep):
    reader = place.open()
    for i in range(5):
        before = len(place.backend().journal())
        keep(place.open(), f"b{i}")
        assert reader.backend.journal(before) == place.backend().journal()[before:] != b""
        assert reader.backend.journal(before + 7) == place.backend().journal()[before + 7 :]
        reader.refresh()
        assert [e.batch_id for e in reader.entries] == [f"b{n}" for n in range(i + 1)]
    assert reader.backend.journal(len(place.backend().journal())) == b""


def test_who_has_not_read_to_the_end_appends_nothing(place, keep):
    late = place.backend()
    keep(place.open(), "one")
    before = place.backend().journal()
    with late.exclusive():
        assert late.append(0, b"00000000 {}\n") is False
        assert late.append(len(before), b"00000000 {}\n") is True
    assert place.backend().journal() == before + b"00000000 {}\n"


def test_files_without_a_journal_are_damage_and_no_new_beginning(place, keep):
    keep(place.open(), "one")
    if place.store is None:
        (place.folder / "landing" / "journal").unlink()
        (place.folder / "landing" / "journal.twin").unlink()
    else:
        place.store.delete([o["path"] for chunk in place.store.list("journal") for o in chunk])
    with pytest.raises(Damaged, match="batches but no journal"):
        place.open()


def test_a_journal_that_is_gone_or_an_older_one_under_an_open_landing_answers_nobody(place, keep, arrive):
    keep(place.open(), "one")
    landing = place.open()
    keep(landing, "two")
    if place.store is None:
        journal = place.folder / "landing" / "journal"
        journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    else:
        pieces = place.store.list("shards/" if place.shards > 1 else "journal/")
        place.store.delete(max(o["path"] for chunk in pieces for o in chunk if "/0" in o["path"]))
    for batch_id in ("two", "three"):
        with pytest.raises(Damaged, match="shorter"):
            keep(landing, batch_id)
    if place.store is None:
        shutil.rmtree(place.folder / "landing")
    else:
        place.store.delete([o["path"] for chunk in place.store.list() for o in chunk])
    for batch_id in ("two", "three"):
        with pytest.raises(Damaged, match="shorter"):
            keep(landing, batch_id)


@pytest.mark.parametrize("seed", some([1, 2], 1, "other batches at the same time"))
def test_landings_that_keep_at_the_same_time_lose_no_line_and_number_without_a_gap(place, arrive, seed):
    """Each thread is a sender with a landing of its own; some batches are sent by several."""
    choose = random.Random(seed)
    senders = [place.open() for _ in range(4)]
    plans = [[f"b{choose.randrange(14)}" for _ in range(6)] + [f"own-{n}"] for n in range(4)]
    start = threading.Barrier(4)

    def send(number: int) -> list[tuple[str, str]]:
        start.wait()
        said = []
        for batch_id in plans[number]:
            kept = senders[number].keep([arrive(senders[number], batch_id, 1 + len(batch_id) % 3)], now=NOW)[0]
            said.append((batch_id, status(kept)))
        senders[number].withdraw(
            senders[number].entry_named("adoption", "p", f"own-{number}"), by="x", reason="y", now=NOW
        )
        return said

    with ThreadPoolExecutor(4) as pool:
        said = [one for answers in pool.map(send, range(4)) for one in answers]
    kept = place.open()
    assert sorted(e.batch_id for e in kept.entries) == sorted({b for plan in plans for b in plan})
    assert sorted(b for b, s in said if s == "accepted") == sorted(e.batch_id for e in kept.entries)
    assert {s for _, s in said} <= {"accepted", "duplicate"}
    numbers = sorted([e.number for e in kept.entries] + [m.number for m in kept.marks])
    if place.shards == 1:
        assert numbers == list(range(1, kept.last + 1))
    assert len({*numbers}) == len(numbers), "lines that tell how far shards are gathered have numbers too"
    assert len(kept.marks) == 4
    assert all(kept.is_whole(e) for e in kept.entries)
    assert place.temporaries() == []


def test_batches_that_wait_for_one_landing_are_kept_by_one_append_each_with_its_own_answer(place, arrive, monkeypatch):
    landing, begun, all_wait, appended = place.open(), threading.Event(), threading.Event(), []
    writers = landing.writers_of("p")
    owner, name = (ObjectLog, "create") if place.shards > 1 else (type(landing.backend), "append")
    append = getattr(owner, name)

    def slowly(self, at: int, lines: bytes) -> bool:
        begun.set()
        assert all_wait.wait(20)
        appended.append(lines.count(b"\n"))
        return append(self, at, lines)

    monkeypatch.setattr(owner, name, slowly)
    brought = {f"b{n}": arrive(landing, f"b{n}", 1 + n) for n in range(8)}
    brought["b1 again"] = arrive(landing, "b1", 2)
    brought["b2 otherwise"] = arrive(landing, "b2", 7)
    gone = arrive(landing, "gone", 3)
    gone.temporary.unlink()
    with ThreadPoolExecutor(16) as pool:
        kept = {"b0": pool.submit(landing.keep, [brought.pop("b0")], now=NOW)}
        assert begun.wait(20)
        kept |= {name: pool.submit(landing.keep, [arrival], now=NOW) for name, arrival in brought.items()}
        lost = pool.submit(landing.keep, [gone], now=NOW)
        until = time.monotonic() + 20
        while writers.waiting < len(brought) and time.monotonic() < until:
            time.sleep(0.01)
        all_wait.set()
    answers = {name: status(future.result()[0]) for name, future in kept.items()}
    assert lost.exception() is not None, "it fails alone"
    assert sorted(answers.values()) == [*["accepted"] * 8, "conflict", "duplicate"]
    assert appended == [1, 7], "the first alone, and all that waited meanwhile"
    assert len(place.open().entries) == 8
    assert place.temporaries() == []


def test_many_who_wait_for_a_held_lock_wait_no_longer_than_one(tmp_path, arrive):
    landing = Landing(LocalBackend(tmp_path / "landing", patience=1))
    arrivals = [arrive(landing, f"b{n}", 1) for n in range(8)]
    began = time.monotonic()
    with (tmp_path / "landing" / ".lock").open("a") as held, ThreadPoolExecutor(8) as pool:
        fcntl.flock(held, fcntl.LOCK_EX)
        waits = [pool.submit(landing.keep, [arrival], now=NOW) for arrival in arrivals]
        assert {type(wait.exception()) for wait in waits} == {TryAgain}
    assert time.monotonic() - began < 8, "one after another would take as long"


# --- a folder --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [0, 1, 12, -1])
def test_a_last_line_that_was_cut_short_is_as_if_never_written(local, keep, left):
    keep(local.open(), "one", 1)
    keep(local.open(), "two", 2)
    journal, twin = (local.folder / "landing" / n for n in ("journal", "journal.twin"))
    first, second = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first + second[:left])
    twin.write_bytes(first)
    assert [e.batch_id for e in local.open().entries] == ["one"]
    assert keep(local.open(), "two", 2).status == "accepted"
    assert journal.read_bytes() == first + second


def test_a_journal_that_became_shorter_under_a_writer_is_not_written_on(local, keep):
    landing = local.open()
    keep(landing, "one")
    journal = local.folder / "landing" / "journal"
    os.truncate(journal, 20)
    with pytest.raises(Damaged, match="shorter"):
        keep(landing, "two")
    assert journal.stat().st_size == 20


def test_a_twin_that_cannot_be_written_is_told_and_written_when_it_can(local, keep, caplog):
    landing = local.open()
    keep(landing, "one")
    journal, twin = (local.folder / "landing" / name for name in ("journal", "journal.twin"))
    twin.unlink()
    twin.mkdir()
    assert keep(landing, "two", 2).status == "accepted"
    assert "behind the journal" in caplog.text
    twin.rmdir()
    assert keep(landing, "three").status == "accepted"
    assert twin.read_bytes() == journal.read_bytes()


@contextmanager
def held(place: Place):
    """Hold the landing's lock, as a process that hangs does."""
    with (place.folder / "landing" / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def test_who_gets_no_turn_is_told_who_holds_the_landing_and_gets_one_afterwards(local, arrive, keep):
    keep(local.open(), "one")
    landing = Landing(LocalBackend(local.folder / "landing", patience=0.05))
    arrival = arrive(landing, "two")
    keep(local.open(), "three")
    with held(local):
        for deed in (
            landing.refresh,
            lambda: landing.keep([arrival], now=NOW),
            local.impatient().exclusive().__enter__,
        ):
            with pytest.raises(TryAgain, match=f"held for over 0 seconds by process {os.getpid()}"):
                deed()
    assert local.temporaries() == []
    assert keep(landing, "two").status == "accepted"


def test_who_only_looks_reads_the_whole_lines_also_while_somebody_holds_the_landing(local, keep):
    keep(local.open(), "one")
    with held(local):
        with (local.folder / "landing" / "journal").open("ab") as handle:
            handle.write(b"0123 half a li")
        with read_without_lock(0.05) as held_by:
            assert [e.batch_id for e in Landing(local.impatient()).entries] == ["one"]
        assert held_by == [f"process {os.getpid()}"]
        with pytest.raises(TryAgain):
            Landing(local.impatient())
    with read_without_lock() as held_by:
        local.open()
    assert held_by == []


def test_who_waits_for_a_turn_has_it_as_soon_as_it_is_free(local, keep):
    keep(local.open(), "one")
    with held(local):
        waiting = threading.Thread(target=lambda: keep(local.open(), "two"))
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
    waiting.join(5)
    assert [e.batch_id for e in local.open().entries] == ["one", "two"]


def test_a_landing_has_one_lock_however_its_folder_is_spelled(local):
    local.backend().exclusive().__enter__()
    (local.folder / "linked").symlink_to(local.folder / "landing")
    with held_again(local.folder / "linked"), held_again(local.folder / "landing" / ".." / "landing"):
        pass


def held_again(folder: Path):
    return LocalBackend(folder, patience=0.05).exclusive()


def test_the_very_first_batch_of_another_is_not_taken_for_a_lost_journal(local, keep):
    landing = local.open()

    class Meanwhile(LocalBackend):
        def names(self):
            if not landing.entries:
                keep(landing, "one")  # just while the other one looks
            return super().names()

    assert Landing(Meanwhile(local.folder / "landing")).entries == []
    assert [e.batch_id for e in local.open().entries] == ["one"]


def test_a_twin_that_cannot_be_written_costs_no_receipt_and_is_extended_later(local, keep):
    landing = local.open()
    keep(landing, "one")
    journal, twin = (local.folder / "landing" / n for n in ("journal", "journal.twin"))
    twin.unlink()
    twin.mkdir()
    assert keep(landing, "two").status == "accepted"
    twin.rmdir()
    keep(landing, "three")
    assert twin.read_bytes() == journal.read_bytes()


# --- a mirror --------------------------------------------------------------------------------------------------------


class Dies(LocalBackend):
    """A disk that gives out at one step."""

    step, after = "", False

    def _perhaps(self, step: str, deed):
        if step != self.step:
            return deed()
        if self.after:
            deed()
        message = "I/O error"
        raise OSError(5, message)

    def ready(self, temporary):
        return self._perhaps("ready", lambda: LocalBackend.ready(self, temporary))

    def put(self, files):
        return self._perhaps("put", lambda: LocalBackend.put(self, files))

    def append(self, at, lines):
        return self._perhaps("append", lambda: LocalBackend.append(self, at, lines))


class FirstDies(MirroredBackend, Dies):
    """A folder with a mirror, whose own disk gives out at one step."""


def dying(place: Place, at: str, step: str, *, after: bool = False) -> MirroredBackend:
    """A mirrored folder of whose two disks one gives out."""
    mirror = (Dies if at == "second" else LocalBackend)(place.folder / "mirror")
    backend = (FirstDies if at == "first" else MirroredBackend)(place.folder / "landing", mirror)
    dies = backend if at == "first" else mirror
    dies.step, dies.after = step, after
    return backend


@pytest.fixture
def mirrored(tmp_path) -> Place:
    return Place(tmp_path, mirrored=True)


def mirror(place: Place) -> Landing:
    """The mirror, opened as if it were the landing."""
    return Landing(LocalBackend(place.folder / "mirror"))


def test_a_mirror_has_every_batch_and_line_that_has_a_receipt(mirrored, keep):
    landing = mirrored.open()
    entries = [keep(landing, f"b{i}", i + 1).entry for i in range(3)]
    landing.withdraw(entries[0], by="x", reason="y", now=NOW)
    copy = mirror(mirrored)
    assert (copy.entries, copy.marks) == (entries, landing.marks)
    assert all(copy.is_whole(e) for e in entries)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["ready", "put", "append"])
@pytest.mark.parametrize("at", ["first", "second"])
def test_what_fails_on_either_disk_at_any_step_is_not_acknowledged_and_no_duplicate_afterwards(
    mirrored, keep, arrive, at, step, after
):
    known = keep(mirrored.open(), "known").entry
    landing = Landing(dying(mirrored, at, step, after=after))
    with pytest.raises(OSError, match="I/O error"):
        landing.keep([arrive(landing, "one", 2)], now=NOW)
    assert landing.entries == [known]
    durably = (at, step, after) == ("first", "append", True)  # its line stands, and only the answer was lost
    assert keep(mirrored.open(), "one", 2).status == ("duplicate" if durably else "accepted")
    assert keep(mirrored.open(), "two", 5).status == "accepted"
    names = ["known", "one", "two"]
    assert [e.batch_id for e in mirrored.open().entries] == [e.batch_id for e in mirror(mirrored).entries] == names
    assert all(k.is_whole(e) for k in (mirrored.open(), mirror(mirrored)) for e in k.entries)
    assert mirrored.temporaries() == []


def test_a_mirror_that_was_set_up_later_gets_what_was_before(mirrored, local, keep):
    entries = [keep(local.open(), f"b{i}", i + 1).entry for i in range(3)]
    entries.append(keep(mirrored.open(), "b3", 4).entry)
    copy = mirror(mirrored)
    assert copy.entries == entries
    assert all(copy.is_whole(e) for e in entries)


def test_a_line_that_only_the_mirror_got_is_cut_back_also_when_the_mirror_was_away_since(mirrored, local, keep, arrive):
    keep(mirrored.open(), "known")
    landing = Landing(dying(local, "first", "append"))
    with pytest.raises(OSError, match="I/O error"):
        landing.keep([arrive(landing, "lost", 2)], now=NOW)
    assert [e.batch_id for e in mirror(mirrored).entries] == ["known", "lost"]
    keep(local.open(), "other", 5)  # without the mirror
    keep(mirrored.open(), "next", 4)
    assert [e.batch_id for e in mirror(mirrored).entries] == ["known", "other", "next"]
    assert mirror(mirrored).backend.journal() == local.backend().journal()
    assert b'"lost"' in (local.folder / "mirror" / "journal.aside").read_bytes()


def test_a_sound_mirror_never_gives_way_to_a_damaged_journal(mirrored, keep):
    for i in range(3):
        keep(mirrored.open(), f"b{i}")
    landing = mirrored.open()
    journal, copy = (mirrored.folder / n / "journal" for n in ("landing", "mirror"))
    good = copy.read_bytes()
    text = bytearray(journal.read_bytes())
    text[30] ^= 1
    journal.write_bytes(text)
    with pytest.raises(Damaged, match="its mirror is not"):
        keep(landing, "b3")
    assert copy.read_bytes() == good


# --- several doors, a journal by shard of producer --------------------------------------------------------------------


@pytest.fixture
def sharded(tmp_path) -> Place:
    return Place(tmp_path, MemoryStore(), shards=4)


def journal_of(place: Place) -> list[dict]:
    return [parsed_line(line) for line in place.backend().journal().split(b"\n")[:-1]]


def test_a_landing_that_is_divided_later_knows_what_was_before_and_numbers_on(tmp_path, keep):
    place = Place(tmp_path, MemoryStore())
    before = [keep(place.open(), name).entry for name in ("a", "b")]
    old_door = place.open()
    place.shards = 4
    assert keep(place.open(), "a").status == "duplicate"
    assert isinstance(keep(place.open(), "b", 5), BatchConflict)
    assert keep(place.open(), "c").status == "accepted"
    with pytest.raises(TryAgain, match="divided"):
        keep(old_door, "d")
    assert [keep(old_door, name).status for name in ("d", "c", "a")] == ["accepted", "duplicate", "duplicate"]
    landing = place.open()
    assert landing.entries[:2] == before
    assert [e.batch_id for e in landing.entries] == ["a", "b", "c", "d"]
    assert [line["number"] for line in journal_of(place)] == list(range(1, landing.last + 1))
    with pytest.raises(BadSetting, match="4, as this landing was divided"):
        landing.enable_sharding(8, now=NOW)


def test_batches_that_meet_a_division_on_their_way_come_again_and_get_into_the_shard_of_their_producer(
    tmp_path, arrive, monkeypatch
):
    place = Place(tmp_path, MemoryStore())
    door = place.open()
    place.shards = 4
    place.open()
    brought = {producer: replace(arrive(door, "x", 3 + n), producer=producer) for n, producer in enumerate("pqrs")}
    run = GroupCommit.run

    def divided_meanwhile(writers, request):
        """Divided when it is known where each batch goes, and before it goes there."""
        door.refresh()
        return run(writers, request)

    with monkeypatch.context() as patched:
        patched.setattr(GroupCommit, "run", divided_meanwhile)
        with pytest.raises(TryAgain, match="divided"):
            door.keep(list(brought.values()), now=NOW)
    again = [replace(arrive(door, "x", 3 + n), producer=producer) for n, producer in enumerate("pqrs")]
    assert [kept.status for kept in door.keep(again, now=NOW)] == ["accepted"] * 4
    for producer in "pqrs":
        pieces = [o["path"] for chunk in place.store.list(f"shards/{group_of(producer, 4):02}/") for o in chunk]
        assert any(f'"producer":"{producer}"'.encode() in place.content(piece) for piece in pieces)


def test_what_doors_kept_by_shard_is_gathered_once_in_order_of_receipt(sharded, arrive):
    doors = [sharded.open() for _ in range(3)]
    sent = []
    for nth in range(12):
        door = doors[nth % 3]
        arrival = replace(arrive(door, f"b{nth:02}"), producer=f"p{nth % 5}")
        sent += door.keep([arrival], now=NOW + timedelta(minutes=nth))
    with ThreadPoolExecutor(4) as pool:
        landings = list(pool.map(lambda _: sharded.open(), range(4)))  # all gather at once
    for landing in [*landings, *doors]:
        landing.refresh()
        assert [e.batch_id for e in landing.entries] == [f"b{nth:02}" for nth in range(12)]
        assert all(landing.is_whole(e) for e in landing.entries)
    assert {k.status for k in sent} == {"accepted"}
    last = journal_of(sharded)[-1]
    sizes = [sum(o["size"] for chunk in sharded.store.list(f"shards/{n:02}/") for o in chunk) for n in range(4)]
    assert last["ends"] == sizes
    assert len({*(group_of(f"p{n}", 4) for n in range(5))}) > 1, "the producers are on several shards"


def test_a_line_of_a_shard_that_was_changed_is_damage(sharded, keep):
    keep(sharded.open(), "one")
    (piece,) = [o["path"] for chunk in sharded.store.list("shards/") for o in chunk]
    sharded.overwrite(piece, sharded.content(piece).replace(b'"one"', b'"two"'))
    with pytest.raises(Damaged, match="shard"):
        sharded.open()


@pytest.mark.parametrize("damage", ["cut", "cut after a line", "emptied"])
def test_a_shard_that_lost_its_end_is_damage_to_readers_and_doors_and_is_whole_when_it_is_brought_back(
    sharded, arrive, keep, damage
):
    door = sharded.open()
    door.keep([arrive(door, name, 1 + n) for n, name in enumerate("abc")], now=NOW)
    (piece,) = [o["path"] for chunk in sharded.store.list("shards/") for o in chunk]
    whole = sharded.content(piece)
    at = {"cut": -5, "cut after a line": whole.index(b"\n") + 1, "emptied": 0}[damage]
    sharded.overwrite(piece, whole[:at])
    other = next(p for p in "qrstuv" if group_of(p, 4) != group_of("p", 4))
    (kept,) = door.keep([replace(arrive(door, "elsewhere"), producer=other)], now=NOW)
    assert kept.status == "accepted", "other shards go on"
    with pytest.raises(Damaged, match=r"shards?"):
        sharded.open()
    sharded.overwrite(piece, whole)
    assert sorted(e.batch_id for e in sharded.open().entries) == ["a", "b", "c", "elsewhere"]
    assert isinstance(keep(sharded.open(), "b", 9), BatchConflict)


@pytest.mark.parametrize("damage", ["another number", "another kind", "cut"])
def test_nothing_is_gathered_from_a_journal_whose_lines_are_not_all_whole(sharded, keep, damage):
    keep(sharded.open(), "one")
    sharded.open()
    keep(sharded.open(), "two")
    piece = max(o["path"] for chunk in sharded.store.list("journal/") for o in chunk if "/0" in o["path"])
    whole = sharded.content(piece)
    at = whole.rindex(b'"ends":[') + 8 if damage == "another number" else whole.rindex(b'"kind":"shards"') + 10
    sharded.overwrite(piece, whole[:-3] if damage == "cut" else whole[:at] + b"9" + whole[at + 1 :])
    before = sharded.store.list("journal/").collect()
    with pytest.raises(Damaged):
        sharded.open()
    assert [o["path"] for o in sharded.store.list("journal/").collect()] == [o["path"] for o in before]
    sharded.overwrite(piece, whole)
    assert [e.batch_id for e in sharded.open().entries] == ["one", "two"]


@pytest.mark.parametrize("left", [-4, 0])
def test_a_journal_on_object_storage_that_lost_its_end_is_damage(far, keep, left):
    keep(far.open(), "one")
    keep(far.open(), "two")
    piece = max(o["path"] for chunk in far.store.list("journal/") for o in chunk if "/0" in o["path"])
    whole = far.content(piece)
    far.overwrite(piece, whole[:left])
    with pytest.raises(Damaged, match=r"cut|empty"):
        far.open()
    far.overwrite(piece, whole)
    assert [e.batch_id for e in far.open().entries] == ["one", "two"]


def test_who_may_only_read_sees_what_others_gathered_and_never_runs_on_it(sharded, keep, monkeypatch):
    keep(sharded.open(), "one")
    sharded.open()
    keep(sharded.open(), "two")
    refused = SharingError("rejected our credentials", "")
    monkeypatch.setattr(ObjectLog, "create", lambda *_: (_ for _ in ()).throw(refused))
    with read_without_lock():
        assert [e.batch_id for e in Landing(sharded.backend()).entries] == ["one"]
    with pytest.raises(SharingError, match="rejected our credentials"):
        sharded.open()
    monkeypatch.undo()
    assert [e.batch_id for e in sharded.open().entries] == ["one", "two"]


# --- object storage --------------------------------------------------------------------------------------------------


@pytest.fixture
def far(tmp_path) -> Place:
    return Place(tmp_path, MemoryStore())


def copies(backend: ObjectBackend) -> list[Path]:
    return sorted((backend.scratch / "files").rglob("*.parquet"))


def test_a_copy_is_fetched_once_and_again_only_when_it_was_changed_or_removed(far, keep):
    entry = keep(far.open(), "one").entry
    landing = far.open()
    path = landing.file(entry)
    content, made = path.read_bytes(), path.stat().st_ino
    assert landing.file(entry).stat().st_ino == made
    other = Landing(ObjectBackend(far.store, landing.backend.scratch))  # a later process on the same machine
    assert other.file(entry).stat().st_ino == made
    for damage in (lambda: path.write_bytes(content[:50]), path.unlink):
        damage()
        assert landing.file(entry).read_bytes() == content
        assert copies(landing.backend) == [path]


def test_a_file_damaged_in_the_store_is_not_handed_out(far, keep):
    entry = keep(far.open(), "one").entry
    far.overwrite(far.open().place(entry), b"x" * entry.bytes)
    assert not far.open().file(entry).exists()


def test_what_this_machine_put_need_not_be_fetched(far, keep):
    landing = far.open()
    entry = keep(landing, "one").entry
    before = copies(landing.backend)
    assert before == [landing.file(entry)]


def test_the_journals_copy_is_trusted_as_far_as_it_is_what_the_store_has(far, keep, tmp_path):
    for i in range(4):
        keep(far.open(), f"b{i}")
    reader = far.open()
    text, copy = reader.backend.journal(), reader.backend.scratch / "journal"
    assert copy.read_bytes() == text
    for wrong in (text[:100], b"x" * len(text), text + b"more", b""):
        copy.write_bytes(wrong)
        assert ObjectBackend(far.store, reader.backend.scratch).journal() == text
    other = Place(tmp_path / "other", MemoryStore())
    keep(other.open(), "else")
    moved = ObjectBackend(other.store, reader.backend.scratch)
    assert moved.journal() == other.backend().journal()


@pytest.mark.parametrize("damage", ["first gone", "middle gone", "shorter", "longer"])
def test_a_journal_with_a_piece_missing_or_changed_is_damage(far, keep, damage):
    for i in range(4):
        keep(far.open(), f"b{i}")
    pieces = [p for p in sorted(o["path"] for c in far.store.list("journal") for o in c) if p[-1].isdigit()]
    piece = pieces[0] if damage == "first gone" else pieces[2]
    content = far.content(piece)
    wrong = {"shorter": content[:-1], "longer": content + b"\n"}.get(damage)
    far.overwrite(piece, wrong)
    with pytest.raises(Damaged, match="journal"):
        far.open()


def test_a_large_file_goes_up_in_parts_once_and_is_the_same_file(far, s3, tmp_path, monkeypatch):
    for module in ("object_backend", "object_store"):
        monkeypatch.setattr(f"transport.cluster.{module}.AT_ONCE", 1_000_000)
    store = s3_store(s3, f"large/{tmp_path.name}")
    backend = ObjectBackend(store, tmp_path / "here")
    content = random.Random(1).randbytes(11_000_000)
    import hashlib

    name = backend.name("adoption/p/large", hashlib.sha256(content).hexdigest())
    for _ in range(2):
        temporary = backend.temporary("adoption/p/arriving")
        temporary.write_bytes(content)
        backend.put([(temporary, name)])
        backend.discard(temporary)
    assert ObjectBackend(store, tmp_path / "there").local(name).read_bytes() == content
    store.put(name, content[:-1])
    temporary.write_bytes(content)
    backend.put([(temporary, name)])
    assert ObjectBackend(store, tmp_path / "there, later").local(name).read_bytes() == content


def test_a_put_whose_answer_got_lost_is_known_for_our_own_when_the_library_repeats_it(tmp_path):
    """The first request is carried out and answered with 503; what comes then finds the object there."""
    objects: dict[str, tuple[bytes, str]] = {}

    class Forgetful(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, code: int, content: bytes = b"", **headers: str) -> None:
            self.send_response(code)
            for name, value in {"Content-Length": str(len(content)), "ETag": '"1"', **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Last-Modified", "Thu, 05 Mar 2026 08:00:00 GMT")
            self.end_headers()
            self.wfile.write(content)

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path in objects:
                return self.answer(412)
            objects[self.path] = content, self.headers.get("x-amz-meta-writer", "")
            return self.answer(503)

        def do_GET(self) -> None:
            content, writer = objects[self.path]
            self.answer(200, content, x_amz_meta_writer=writer)

        def log_message(self, *_said) -> None:
            pass

    with serving(Forgetful) as address:
        options = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 2}}
        store = S3Store("bucket", endpoint=address, virtual_hosted_style_request=False, **options, **KEYS)
        assert ObjectBackend(store, tmp_path / "a").append(0, b"one\n") is True
        assert ObjectBackend(store, tmp_path / "b").append(0, b"one\n") is False
    assert [content for content, _ in objects.values()] == [b"one\n"]


@contextmanager
def serving(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(code: int):
    class Same(BaseHTTPRequestHandler):
        def always(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = always  # noqa: N815

        def log_message(self, *_said) -> None:
            pass

    with serving(Same) as address:
        yield address


DEEDS = {
    "append": lambda k, t: k.append(0, b"x\n"),
    "journal": lambda k, t: k.journal(),
    "lost": lambda k, t: k.lost(),
    "put": lambda k, t: k.put([(t, "adoption/p/a.0123456789abcdef.parquet")]),
    "local": lambda k, t: k.local("adoption/p/a.0123456789abcdef.parquet"),
    "size": lambda k, t: k.size("adoption/p/a.0123456789abcdef.parquet"),
    "names": lambda k, t: list(k.names()),
    "remove": lambda k, t: k.remove("adoption/p/a.0123456789abcdef.parquet"),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("code", "kind"), [(500, "try_again"), (403, "failed"), (0, "try_again")])
def test_whatever_the_store_answers_leaves_as_an_error_of_ours(tmp_path, deed, code, kind):
    with answering(code or 500) as address:
        port = "http://127.0.0.1:9" if not code else address  # where nobody listens
        backend = ObjectBackend(s3_store(port, "x"), tmp_path)
        temporary = backend.temporary("adoption/p/a")
        temporary.write_bytes(b"x")
        with pytest.raises(SharingError) as told:
            DEEDS[deed](backend, temporary)
    assert (told.value.kind, isinstance(told.value, TryAgain)) == (kind, kind == "try_again")
    assert str(tmp_path) not in str(told.value)
    assert "127.0.0.1" not in str(told.value)


@pytest.mark.parametrize("deed", ["append", "journal", "put", "names"])
def test_a_bucket_that_is_not_there_is_named_as_that(s3, tmp_path, deed):
    backend = ObjectBackend(s3_store(s3, "x", "no-such-bucket"), tmp_path)
    temporary = backend.temporary("adoption/p/a")
    temporary.write_bytes(b"x")
    with pytest.raises(SharingError, match="bucket does not exist"):
        DEEDS[deed](backend, temporary)


def test_a_batch_whose_keeping_failed_half_way_is_taken_when_the_store_is_back(far, keep, arrive):
    entry = keep(far.open(), "one").entry
    landing = far.open()
    store = landing.backend.store
    with answering(503) as address:
        landing.backend.store = s3_store(address, "x")
        with pytest.raises(TryAgain):
            landing.keep([arrive(landing, "two", 2)], now=NOW)
    landing.backend.store = store
    assert landing.entries == [entry]
    assert far.temporaries() == []
    assert keep(landing, "two", 2).status == "accepted"


def test_settings_name_the_keeping(tmp_path):
    home = Settings(home=tmp_path)
    assert isinstance(backend_of(home), LocalBackend)
    assert isinstance(backend_of(home.but(mirror=tmp_path / "mirror")), MirroredBackend)
    memory = backend_of(home.but(landing_url="memory://settings"))
    assert isinstance(memory, ObjectBackend)
    assert memory.store is backend_of(home.but(landing_url="memory://settings")).store
    assert memory.store is not backend_of(home.but(landing_url="memory://others")).store


@pytest.mark.parametrize("url", ["s3://", "nope://x", "bucket/folder", "file:///tmp/x", "https://example.org/x"])
def test_an_address_that_is_no_store_is_a_bad_setting(tmp_path, url):
    with pytest.raises(BadSetting, match="landing_url"):
        ObjectBackend.at(url, tmp_path)


def test_keys_and_endpoint_come_from_the_environment_as_the_library_reads_them(s3, tmp_path):
    code = """
import sys
from pathlib import Path
from transport.cluster.object_backend import ObjectBackend
print(ObjectBackend.at("s3://bucket/by/environment", Path(sys.argv[1])).append(0, b"a line\\n"))
"""
    said = {
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1", "AWS_ENDPOINT": s3,
        "AWS_ALLOW_HTTP": "true", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
    }  # fmt: skip
    command = [sys.executable, "-c", code, str(tmp_path / "there")]
    run = subprocess.run(command, cwd=PROJECT, env=os.environ | said, capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("True\n", 0), run.stderr
    assert ObjectBackend(s3_store(s3, "by/environment"), tmp_path / "here").journal() == b"a line\n"


def test_rows_come_back_from_everywhere_as_they_were_landed(place, keep):
    kept = place.open()
    for i in range(3):
        keep(kept, f"b{i}", i + 1)
    kept.refresh()
    rows = pa.concat_tables(pq.read_table(place.open().file(e)) for e in place.open().entries)
    assert rows["event_id"].to_pylist() == ["h-0", "h-0", "h-1", "h-0", "h-1", "h-2"]
    assert json.loads(json.dumps(kept.entries[0].receipt("accepted")))["rows"] == 1
