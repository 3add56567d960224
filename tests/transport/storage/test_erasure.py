"""What is erased is gone from every copy of a landing, a repeat is refused, and the rest stays as it was."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from obstore.store import MemoryStore

from catalog.errors import BatchErased, Busy, Damaged
from catalog.tables.streams import STREAMS
from tests.reliability.erasures import places_with
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.cluster.landing import ObjectLanding
from transport.cluster.object_backend import ObjectBackend
from transport.ingest import ingest_service
from transport.ingest.batch_validator import BatchValidator
from transport.operations import doctor
from transport.operations.backup import back_up, holds, open_backup, restore
from transport.storage import compaction, erasure
from transport.storage.backends import LocalBackend, MirroredBackend
from transport.storage.batch_file import content_sha256_of, rows_of
from transport.storage.erasure import IdentityNumber, OrganisationRows
from transport.storage.journal import Entry
from transport.storage.landing import Arrival, LandedBatch, Landing, open_landing

MARCH = datetime(2026, 3, 5, 8, tzinfo=UTC)
MAY = datetime(2026, 5, 9, 8, tzinfo=UTC)
MARK = "Sporbartsystem"
OSLO, BERGEN = "958935420", "964338531"
NUMBER = "01417012345"  # eleven digits that no control accepts, so that the scan at the door lets them through
FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in NUMBER)
WRITTEN = ("01417012345", "014170 12345", "01.41.70 12345", "0 1 4 1 7 0 1 2 3 4 5", FULL_WIDTH)


@dataclass
class Place:
    """Where a landing lies; each opening is another process's."""

    folder: Path
    store: MemoryStore | None = None
    mirrored: bool = False
    shards: int = 1
    opened: list[Landing] = field(default_factory=list)

    def open(self) -> Landing:
        if self.store is None:
            folder, mirror = self.folder / "landing", LocalBackend(self.folder / "mirror")
            return Landing(MirroredBackend(folder, mirror) if self.mirrored else LocalBackend(folder))
        landing = ObjectLanding(ObjectBackend(self.store, self.folder / f"machine-{len(self.opened)}"))
        if self.shards > 1:
            landing.enable_sharding(self.shards, now=MARCH)
        self.opened.append(landing)
        return landing

    def found(self, *markers: str) -> list[str]:
        """The files, and the objects, that hold a marker, once each machine has read the journal."""
        for landing in self.opened:
            landing.refresh()
        there = list(places_with(self.folder, [m.encode() for m in markers]))
        if self.store is not None:
            copy = self.folder / "objects"
            for chunk in self.store.list():
                for meta in chunk:
                    (copy / meta["path"]).parent.mkdir(parents=True, exist_ok=True)
                    (copy / meta["path"]).write_bytes(bytes(self.store.get(meta["path"]).bytes()))
            there += list(places_with(copy, [m.encode() for m in markers]))
            shutil.rmtree(copy, ignore_errors=True)
        return there


@pytest.fixture(
    params=[
        "local",
        "mirrored",
        pytest.param("object", marks=pytest.mark.slow("a store with one journal; `shards` is one with several")),
        "shards",
    ]
)
def place(request, tmp_path) -> Place:
    store = MemoryStore() if request.param in ("object", "shards") else None
    return Place(tmp_path, store, mirrored=request.param == "mirrored", shards=4 if request.param == "shards" else 1)


@pytest.fixture
def send(batch) -> Callable[..., LandedBatch]:
    """Send a batch of a stream; `texts` stand in its text column, whose rows they make unique."""

    def send(
        landing: Landing, producer: str, batch_id: str, texts: list[str], stream: str = "dispatch", **more
    ) -> LandedBatch | BatchErased:
        table = batch(stream, len(texts))
        columns = {"source_system" if stream == "dispatch" else "text": texts, **more}
        for name, values in columns.items():
            kind = table.schema.field(name).type
            table = table.set_column(table.column_names.index(name), name, pa.array(values, kind))
        target = landing.temporary(stream, producer, "arriving")
        with BatchValidator(STREAMS[stream], target, producer=producer) as door:
            door.add(table)
            arrival = Arrival(target, door.close(), STREAMS[stream], producer, batch_id)
        (kept,) = landing.keep([arrival], now=MARCH)
        return kept

    return send


def erase(landing: Landing, affected, change=None) -> None:
    erasure.erase(landing, affected, change, by="drift", reason="Avtalen er avsluttet", now=MAY)


def texts_of(landing: Landing, entry: Entry) -> list[str]:
    return pa.concat_tables(rows_of(landing.file(entry), entry))["source_system"].to_pylist()


def is_sound(landing: Landing, entry: Entry) -> bool:
    return landing.is_whole(entry) and content_sha256_of(landing.file(entry), entry) == entry.sha256


# --- a sender ---------------------------------------------------------------------------------------------------------


def test_a_senders_batches_are_gone_from_every_copy_and_a_repeat_is_refused(place, send):
    landing = place.open()
    stays = send(landing, "stays", "a", ["Websak", "Elements"]).entry
    for number in range(2):
        send(landing, "leaves", f"b{number}", [f"{MARK} {number}", MARK])
    landing = place.open()
    list(map(landing.file, landing.entries))  # a copy of an object must go too
    assert place.found(MARK), "the search sees it while it is there"
    erase(landing, erasure.of_sender(landing, "leaves"))
    assert place.found(MARK) == []
    for again in (place.open(), landing):
        assert [e.producer for e in again.entries if again.erasure(e) is None] == ["stays"]
        for batch_id in ("b0", "elsewhere"):
            answer = send(again, "leaves", batch_id, [f"{MARK} 0", MARK])
            assert (answer.kind, "2026-05-09" in answer.problem) == ("erased", True)
        assert is_sound(again, again.entry_named("dispatch", "stays", stays.batch_id))
    assert place.found(MARK) == [], "the repeat left nothing"
    assert isinstance(send(place.open(), "leaves", "new", ["Websak"]), LandedBatch), "other rows may come"


def test_batches_that_lay_in_one_file_with_an_erased_one_move_into_another(place, send):
    landing = place.open()
    for number in range(6):
        send(
            landing,
            "leaves" if number % 3 == 1 else "stays",
            f"b{number}",
            [f"{MARK if number % 3 == 1 else 'Sak'} {number}"],
        )
    landing = place.open()
    assert compaction.pack(landing, now=MAY, fewest=2).batches == 6
    (pack,) = {e.packed_in for e in landing.entries}
    erase(landing, erasure.of_sender(landing, "leaves"))
    assert (place.found(MARK), landing.backend.size(pack)) == ([], None)
    again = place.open()
    left = [e for e in again.entries if again.erasure(e) is None]
    assert [texts_of(again, e) for e in left] == [["Sak 0"], ["Sak 2"], ["Sak 3"], ["Sak 5"]]
    assert all(is_sound(again, e) for e in left)
    assert send(again, "stays", "b3", ["Sak 3"]).status == "duplicate"


def test_an_erasure_that_was_killed_after_the_tombstone_is_finished_later(place, send, monkeypatch):
    landing = place.open()
    send(landing, "leaves", "b", [MARK])
    landing = place.open()
    monkeypatch.setattr(landing.backend, "remove", lambda _name: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        erase(landing, erasure.of_sender(landing, "leaves"))
    assert place.found(MARK), "the file is left"
    again = place.open()
    assert len(again.unfinished) == 1
    assert send(again, "leaves", "b", [MARK]).kind == "erased"
    again.clear_erased()
    assert place.found(MARK) == []
    again.finish_erasing(now=MAY)
    assert (place.open().unfinished, len(place.open().erasures)) == ([], 1)


def test_an_erasure_that_was_killed_before_the_tombstone_erased_nothing(place, send, monkeypatch):
    landing = place.open()
    send(landing, "stays", "a", ["Sak"])
    send(landing, "leaves", "b", [MARK])
    landing = place.open()
    compaction.pack(landing, now=MAY, fewest=2)
    monkeypatch.setattr(landing.backend, "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        erase(landing, erasure.of_sender(landing, "leaves"))
    again = place.open()
    assert all(is_sound(again, e) for e in again.entries)
    assert (again.erasures, len(again.entries)) == ([], 2)
    erase(again, erasure.of_sender(again, "leaves"))
    assert place.found(MARK) == []


def test_an_erased_batch_stays_in_the_accounts_and_cannot_be_reinstated(place, send):
    landing = place.open()
    send(landing, "leaves", "b", [MARK, MARK])
    landing = place.open()
    erase(landing, erasure.of_sender(landing, "leaves"))
    landing.reinstate(landing.entries[0], by="drift", reason="feil", now=MAY)
    again = place.open()
    mark = again.withdrawal(again.entries[0], as_of=MARCH)
    assert (again.entries[0].rows, mark.kind, mark.reason) == (2, "erase", "Avtalen er avsluttet")
    assert again.erased_since(again.entries[0].number) == [again.entries[0]]
    assert again.erased_since(again.last_number) == []


def test_ledgers_are_not_erased_and_named(tmp_path, send):
    landing = Place(tmp_path).open()
    send(landing, "p", "d", [MARK])
    send(landing, "p", "c", ["lønn"], "cost_entry")
    affected = erasure.of_sender(landing, "p")
    assert [a.entry.stream in erasure.KEPT_BY_LAW for a in affected] == [False, True]


def test_nothing_is_erased_while_the_mirror_is_away(tmp_path, send):
    place = Place(tmp_path, mirrored=True)
    landing = place.open()
    send(landing, "leaves", "b", [MARK])
    (tmp_path / "mirror").rename(tmp_path / "unplugged")
    with pytest.raises(Damaged, match="no mirror"):
        erase(landing, erasure.of_sender(landing, "leaves"))
    (tmp_path / "unplugged").rename(tmp_path / "mirror")
    assert place.open().erasures == []


def test_the_receipt_of_an_erased_batch_says_so(tmp_path, send):
    settings = Settings(home=tmp_path, disk_reserve_mb=1)
    landing = open_landing(settings)
    send(landing, "p", "b", [MARK])
    erase(landing, erasure.of_sender(landing, "p"))
    with pytest.raises(BatchErased):
        service_of(settings).receipt(_Caller("p"), "dispatch", "b")


# --- rows and values --------------------------------------------------------------------------------------------------


def test_an_organisations_rows_are_removed_and_the_rest_of_the_batch_stays(place, send):
    landing = place.open()
    mixed = {"organisation_number": [OSLO, BERGEN, OSLO]}
    send(landing, "p", "mixed", [MARK, "Sak 1", MARK], **mixed)
    send(landing, "p", "own", [MARK], organisation_number=[OSLO])
    send(landing, "p", "others", ["Sak 2"], organisation_number=[BERGEN])
    landing = place.open()
    receipt = landing.entries[0]
    change = OrganisationRows(OSLO)
    affected = erasure.holding(landing, change)
    assert [(a.entry.batch_id, a.rows, a.is_whole) for a in affected] == [("mixed", 2, False), ("own", 1, True)]
    erase(landing, affected, change)
    assert place.found(MARK, OSLO) == []
    again = place.open()
    (left, own, others) = again.entries
    assert (left.rows, left.months, texts_of(again, left)) == (1, {"2026-03-01": 1}, ["Sak 1"])
    assert [is_sound(again, e) for e in (left, others)] == [True, True]
    assert (again.erasure(left), again.erasure(own) is not None) == (None, True)
    assert (again.erasures[0].rewritten[0].rows_erased, again.erasures[0].rewritten[0].was) == (2, receipt.sha256)
    for batch_id in ("mixed", "elsewhere"):
        assert send(again, "p", batch_id, [MARK, "Sak 1", MARK], **mixed).kind == "erased"
    assert erasure.holding(again, change) == []


@pytest.mark.parametrize("packed", [False, True])
def test_an_identity_number_is_masked_however_it_is_written(place, send, packed):
    landing = place.open()
    texts = [f"sak {text}, hastet" for text in WRITTEN]
    send(landing, "p", "late", ["Websak", *texts])
    send(landing, "p", "other", ["Sak 98765432101"])
    landing = place.open()
    if packed:
        compaction.pack(landing, now=MAY, fewest=2)
    assert place.found(*WRITTEN)
    change = IdentityNumber(NUMBER)
    affected = erasure.holding(landing, change)
    assert ([(a.entry.batch_id, a.rows) for a in affected], NUMBER in repr(change)) == ([("late", 5)], False)
    erase(landing, affected, change)
    again = place.open()
    assert place.found(*WRITTEN) == []
    late, other = again.entries
    assert (late.rows, late.masked_rows) == (6, 5)
    assert texts_of(again, late) == ["Websak", *["sak ***********, hastet"] * 5]
    rows = pa.concat_tables(rows_of(again.file(late), late))
    assert rows["masked_fields"].to_pylist() == [None, *["source_system"] * 5]
    assert (is_sound(again, late), is_sound(again, other)) == (True, True)
    assert send(again, "p", "late", ["Websak", *texts]).kind == "erased"
    assert erasure.holding(again, change) == [], "erasing again finds nothing: a fixed point"


def test_a_batch_that_cannot_be_read_stops_the_search_for_rows(tmp_path, send):
    landing = Place(tmp_path).open()
    entry = send(landing, "p", "b", [MARK]).entry
    landing.file(entry).chmod(0o644)
    landing.file(entry).write_bytes(b"PAR1 no more")
    with pytest.raises(Damaged, match="cannot be judged"):
        erasure.holding(landing, IdentityNumber(NUMBER))


# --- the doctor, backups ----------------------------------------------------------------------------------------------


def test_the_doctor_finds_all_well_and_brings_nothing_back(tmp_path, send):
    settings = Settings(home=tmp_path / "home", mirror=tmp_path / "mirror")
    landing = open_landing(settings)
    send(landing, "stays", "a", ["Sak"])
    send(landing, "leaves", "b", [MARK])
    back_up(settings, tmp_path / "backup", now=MARCH)
    erase(landing, erasure.of_sender(landing, "leaves"))
    assert [f.kind for f in doctor.examine(settings)] == ["erasure"], "it is not finished everywhere"
    landing.finish_erasing(now=MAY)
    findings = doctor.examine(settings, backup=tmp_path / "backup")
    assert findings == []
    for copy in ("journal", "journal.twin"):  # the journal is lost, and only older copies are left
        (settings.landing / copy).unlink()
        (settings.mirror / copy).unlink()
    back_up_folder = tmp_path / "backup"
    erasure.remember(back_up_folder, erasure.erased_batches(landing))
    findings = doctor.examine(settings, backup=back_up_folder)
    done = doctor.mend(settings, findings, backup=back_up_folder)
    assert any("is erased again" in line for line in done), done
    assert places_with(settings.landing, [MARK.encode()]) == {}


def test_a_file_that_somebody_puts_back_is_found_here_and_in_the_mirror_and_removed(tmp_path, send):
    settings = Settings(home=tmp_path / "home", mirror=tmp_path / "mirror")
    landing = open_landing(settings)
    entry = send(landing, "leaves", "b", [MARK]).entry
    shutil.copyfile(landing.file(entry), tmp_path / "kept.parquet")
    erase(landing, erasure.of_sender(landing, "leaves"))
    landing.finish_erasing(now=MAY)
    for folder in (settings.landing, settings.mirror):
        shutil.copyfile(tmp_path / "kept.parquet", folder / entry.file)
    findings = doctor.examine(settings)
    assert {(f.where, f.kind) for f in findings} == {
        (f"landing/{entry.file}", "erased"),
        (f"mirror/{entry.file}", "erased"),
    }
    doctor.mend(settings, findings)
    assert (doctor.examine(settings), places_with(settings.home, [MARK.encode()])) == ([], {})
    assert not (settings.mirror / entry.file).exists()


def test_a_backup_from_before_is_named_and_its_restore_erases_again(tmp_path, send):
    settings = Settings(home=tmp_path / "home")
    landing = open_landing(settings)
    send(landing, "stays", "a", ["Sak"])
    send(landing, "leaves", "b", [MARK])
    back_up(settings, tmp_path / "backup", now=MARCH)
    erase(landing, erasure.of_sender(landing, "leaves"))
    gone = erasure.erased_batches(landing)
    before = open_backup(tmp_path / "backup")
    taken = back_up(settings, tmp_path / "backup", now=MAY)
    after = open_backup(tmp_path / "backup", taken.stamp)
    assert (holds(before, gone), holds(after, gone), taken.problems) == (True, False, ())
    assert not any("leaves" in place for place in after.files)
    again = restore(before, tmp_path / "old")
    assert [e.producer for e in again] == ["leaves"]
    assert places_with(tmp_path / "old", [MARK.encode()]) == {}
    assert restore(after, tmp_path / "new") == []
    assert {f.kind for f in doctor.examine(Settings(home=tmp_path / "new"))} == {"erasure"}, "until a run finishes it"
    lines = (tmp_path / "backup" / erasure.ERASURES).read_text("utf-8").splitlines()
    assert [json.loads(line)["producer"] for line in lines] == ["leaves"]


def test_a_restore_that_is_killed_before_it_erases_again_leaves_no_home_and_the_next_one_starts_afresh(tmp_path, send):
    settings = Settings(home=tmp_path / "home")
    landing = open_landing(settings)
    send(landing, "leaves", "b", [MARK])
    back_up(settings, tmp_path / "backup", now=MARCH)
    erase(landing, erasure.of_sender(landing, "leaves"))
    erasure.remember(tmp_path / "backup", erasure.erased_batches(landing))
    killed = """
import os, signal, sys
from pathlib import Path
from transport.operations import backup
backup.erase_again = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
backup.restore(backup.open_backup(Path(sys.argv[1])), Path(sys.argv[2]))
"""
    new = tmp_path / "new"
    ended = subprocess.run([sys.executable, "-c", killed, tmp_path / "backup", new], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert places_with(new, [MARK.encode()]), "it was killed with the rows there"
    assert [p.name for p in new.iterdir()] == [".restoring"]
    with atomic_files.locked(new / ".restoring"), pytest.raises(Busy):
        restore(open_backup(tmp_path / "backup"), new)
    assert [e.producer for e in restore(open_backup(tmp_path / "backup"), new)] == ["leaves"]
    assert (places_with(new, [MARK.encode()]), (new / ".restoring").exists()) == ({}, False)


# --- the search itself ------------------------------------------------------------------------------------------------


def test_the_search_sees_what_is_in_compressed_pages_and_what_is_not_in_a_table_any_more(tmp_path):
    plain = pa.table({"text": [f"{MARK} {n % 3}" for n in range(3000)]})
    pq.write_table(plain, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    (tmp_path / ".hidden").write_bytes(b"x" + MARK.encode())
    found = places_with(tmp_path, [f"{MARK} 2".encode(), MARK.encode()])
    assert set(found) == {"a.parquet", ".hidden"}
    assert "values" in found["a.parquet"]


@dataclass(frozen=True)
class _Caller:
    producer: str


class _AnybodyMay:
    def may_send(self, *_: object) -> None:
        return None


def service_of(settings: Settings) -> ingest_service.IngestService:
    return ingest_service.IngestService(settings, access=_AnybodyMay())
