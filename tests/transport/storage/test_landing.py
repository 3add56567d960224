"""The landing keeps a batch once, and answers only after its line is in the journal."""

from __future__ import annotations

import errno
import itertools
import json
import os
import pwd
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from catalog.contracts.sharing import Right
from catalog.errors import Busy, Damaged, UnknownName, WrongUse
from catalog.tables.streams import ADOPTION
from transport.auth.tokens import Rights, Tokens
from transport.base import atomic_files, names
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.operations import server_state
from transport.storage import landing
from transport.storage.backends import LocalBackend
from transport.storage.landing import Arrival, LandedBatch, Landing

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def keep(home, batch):
    """Take rows through the door and have them kept under an id."""

    def kept(kept_in: Landing, batch_id: str, count: int = 3, *, producer="p", now: datetime = NOW, named=True):
        return kept_in.keep([arrival(kept_in, batch_id, count, producer, named=named)], now=now)[0]

    def arrival(kept_in: Landing, batch_id: str, count: int, producer: str = "p", *, named: bool = True):
        temporary = kept_in.temporary("adoption", producer, "arriving")
        with BatchValidator(ADOPTION, temporary, producer=producer) as door:
            door.add(batch("adoption", count).select([c.name for c in ADOPTION.columns]))
            return Arrival(temporary, door.close(), ADOPTION, producer, batch_id, named)

    kept.arrival = arrival
    return kept


def left(home) -> list[str]:
    return [p.name for p in home.settings.landing.rglob("*") if p.name.startswith(atomic_files.TEMPORARY)]


def test_a_batch_that_its_sender_named_is_known_by_its_name(home, keep):
    kept = home.landing
    first = keep(kept, "one")
    again = keep(kept, "one", now=NOW + timedelta(days=1))
    assert (again.status, again.entry) == ("duplicate", first.entry)
    other = keep(kept, "two", now=NOW + timedelta(days=1))
    assert (other.status, other.entry.sha256) == ("accepted", first.entry.sha256)
    assert home.landing.entries == [first.entry, other.entry]


def test_no_line_is_dated_before_an_earlier_one_although_the_clock_was_put_back(home, keep):
    kept, back = home.landing, NOW - timedelta(days=40)
    keep(kept, "one")
    late = keep(kept, "two", now=back)
    assert (late.entry.received_at, late.entry.receipt("accepted")["received_at"]) == (NOW, NOW.isoformat())
    mark = kept.withdraw(late.entry, by="drift", reason="feil", now=back)
    assert mark.received_at == NOW
    again = home.landing
    assert [e.received_at for e in again.entries] == [NOW, NOW]
    assert keep(again, "three", now=back).entry.received_at == NOW, "also by a process that was started since"
    assert again.of("adoption", as_of=back) == []
    assert keep(again, "four", now=NOW + timedelta(hours=5)).entry.received_at == NOW + timedelta(hours=5)


def test_after_a_clock_that_was_ahead_a_person_lets_the_clock_count_again(home, keep):
    kept, ahead, later = home.landing, NOW + timedelta(days=4000), NOW + timedelta(days=1)
    keep(kept, "one")
    keep(kept, "ahead", now=ahead)
    assert keep(kept, "two", now=later).entry.received_at == ahead
    kept.trust_clock(by="drift", reason="the clock was ahead", now=later)
    assert keep(kept, "three", now=later).entry.received_at == later
    again = home.landing
    assert keep(again, "four", now=NOW).entry.received_at == later
    assert [e.batch_id for e in again.dated_in_the_future(later)] == ["ahead", "two"]
    again.withdraw(again.entries[1], by="drift", reason="feil tid", now=later)
    assert [e.batch_id for e in again.dated_in_the_future(later)] == ["two"]


def test_a_batch_that_is_named_for_its_content_is_kept_once_whatever_its_id(home, keep):
    kept = home.landing
    first = keep(kept, "one", named=False)
    assert isinstance(first, LandedBatch)
    assert first.status == "accepted"
    for batch_id in ("one", "two"):
        again = keep(kept, batch_id, now=NOW + timedelta(days=1), named=False)
        assert (again.status, again.entry) == ("duplicate", first.entry)
    assert home.landing.entries == [first.entry]
    assert left(home) == []


def test_content_that_was_withdrawn_and_has_no_id_of_its_senders_counts_under_a_new_one(home, keep):
    kept = home.landing
    first = keep(kept, "one", named=False).entry
    kept.withdraw(first, by="drift", reason="feil navn", now=NOW)
    assert keep(kept, "one", named=False).entry == first
    second = keep(kept, "two", named=False)
    assert (second.status, second.entry.number) == ("accepted", 3)
    third = keep(home.landing, "three", named=False)
    assert (third.status, third.entry) == ("duplicate", second.entry)
    receipts = [kept.receipt_of(LandedBatch(e, "duplicate")) for e in (first, second.entry)]
    assert ["withdrawn_at" in receipt for receipt in receipts] == [True, False]


def test_ids_and_contents_are_scoped_by_producer(home, keep):
    results = [keep(home.landing, "one", producer=p) for p in ("p", "q")]
    assert [r.status for r in results] == ["accepted", "accepted"]


@pytest.mark.parametrize("batch_id", [".", "..", ".tmp-x", "-x", "_", "...", "a.parquet", "x" * 64])
def test_any_name_of_plain_signs_is_a_file_of_its_own_in_its_folder(home, keep, batch_id):
    entry = keep(home.landing, batch_id).entry
    atomic_files.sweep(home.settings.landing)
    assert home.landing.file(entry).parent == home.settings.landing / "adoption" / "p"
    assert home.landing.is_whole(entry)
    assert keep(home.landing, batch_id).status == "duplicate"


@pytest.mark.parametrize("name", ["", ".", "..", ".tmp-x", "-x", "a/b", "../x", "a b", "æ", "x" * 65, "a\n", "a\0"])
def test_a_name_that_could_leave_its_folder_or_be_swept_away_is_refused_and_nothing_is_kept(home, keep, name):
    kept = home.landing
    ids = [{"batch_id": name, "producer": "p"}] if not names.NAME.fullmatch(name) else []
    for bad in (*ids, {"batch_id": "a", "producer": name}):
        arrivals = [keep.arrival(kept, "good", 1), keep.arrival(kept, "x", 2)]
        arrivals[1] = replace(arrivals[1], **bad)
        with pytest.raises(WrongUse):
            kept.keep(arrivals, now=NOW)
    assert (kept.entries, home.landing.entries, left(home)) == ([], [], [])
    assert keep(kept, "good", 1).status == "accepted"


def test_a_receipt_says_what_was_kept_and_holds_nothing_else(home, keep):
    entry = keep(home.landing, "one").entry
    assert json.loads(json.dumps(entry.receipt("accepted"))) == {
        "batch_id": "one", "stream": "adoption", "producer": "p", "rows": 3, "bytes": entry.bytes,
        "sha256": entry.sha256, "contract_version": 1, "received_at": "2026-03-05T08:00:00+00:00", "masked_rows": 0,
        "synthetic": False, "status": "accepted",
    }  # fmt: skip


def test_batches_are_found_by_month_and_by_when_they_came(home, keep):
    kept = home.landing
    first = keep(kept, "one", 40).entry  # 2 March to 10 April
    second = keep(kept, "two", 2, now=NOW + timedelta(days=1)).entry
    assert kept.of("adoption") == [first, second]
    assert kept.of("adoption", as_of=NOW) == [first]
    assert kept.of("adoption", month=date(2026, 4, 1)) == [first]
    assert kept.of("dispatch") == []
    assert kept.months("adoption") == [date(2026, 3, 1), date(2026, 4, 1)]
    assert landing.fingerprint([first, second]) == landing.fingerprint([second, first]) != landing.fingerprint([first])


# --- crashes ---------------------------------------------------------------------------------------------------------


def journal(home) -> Path:
    return home.settings.landing / "journal"


def twin(home) -> Path:
    return home.settings.landing / "journal.twin"


def test_a_journal_that_lost_lines_which_led_to_receipts_is_not_taken_for_one_cut_short_by_a_crash(home, keep):
    for i in range(1, 4):
        keep(home.landing, f"b{i}", i)
    lines = journal(home).read_bytes().splitlines(keepends=True)
    for wrong in (b"".join(lines[:2]), b"".join(lines)[:-5], b"", b"".join(lines[:2]) + b"\0" * len(lines[2])):
        journal(home).write_bytes(wrong)
        with pytest.raises(Damaged, match="lacks its last") as problem:
            assert home.landing
        assert "doctor --mend" in problem.value.mend
    for path in (journal(home), twin(home)):
        path.unlink()
    with pytest.raises(Damaged, match="no journal"):
        assert home.landing


def test_a_line_of_noughts_that_a_power_cut_left_is_overwritten(home, keep):
    first = keep(home.landing, "one", 3).entry
    with journal(home).open("ab") as handle:
        handle.write(b"\0" * 500)
    second = keep(home.landing, "two", 4).entry
    assert home.landing.entries == [first, second]
    assert b"\0" not in journal(home).read_bytes()


def test_a_receipt_is_never_given_before_the_journal_has_the_line(home, keep):
    """The disk that fills at the journal: nothing is acknowledged, and the repeat is no duplicate."""
    kept = home.landing
    keep(kept, "one", 1)
    aside = journal(home).rename(journal(home).with_name("aside"))
    journal(home).mkdir()
    number = itertools.count()
    while journal(home).stat().st_size < aside.stat().st_size:  # or it is taken for a journal that became shorter
        (journal(home) / f"{next(number)}").touch()
    with pytest.raises(OSError, match="directory"):
        keep(kept, "two", 2)
    shutil.rmtree(journal(home))
    aside.rename(journal(home))
    assert [e.batch_id for e in kept.entries] == ["one"]
    assert keep(kept, "two", 2).status == "accepted"


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("damage", ["flip", "cut", "empty line"])
def test_a_journal_damaged_before_its_last_line_is_never_read_as_if_it_were_whole(home, keep, place, damage):
    for i in range(1, 4):
        keep(home.landing, f"b{i}", i)
    content = bytearray(journal(home).read_bytes())
    second = content.index(b"\n") + 1
    third = content.index(b"\n", second) + 1
    at = second + int((third - second - 1) * place)
    if damage == "flip":
        content[at] ^= 4
    elif damage == "cut":
        del content[at : third - 1]
    else:
        content[second:second] = b"\n"
    journal(home).write_bytes(content)
    with pytest.raises(Damaged, match="Line 2 of the journal"):
        Landing(LocalBackend(home.settings.landing))


def test_lines_in_another_order_or_twice_are_damage(home, keep):
    for i in range(1, 4):
        keep(home.landing, f"b{i}", i)
    lines = journal(home).read_bytes().splitlines(keepends=True)
    for wrong in ([lines[1], lines[0], lines[2]], [lines[0], lines[0], *lines[1:]], lines[1:]):
        journal(home).write_bytes(b"".join(wrong))
        with pytest.raises(Damaged):
            Landing(LocalBackend(home.settings.landing))


# --- durable ---------------------------------------------------------------------------------------------------------


def test_a_name_that_is_taken_is_not_given_to_another_file(tmp_path):
    for number, given in ((1, True), (2, False)):
        half = atomic_files.temporary_beside(tmp_path / "a")
        half.write_text(str(number))
        assert atomic_files.publish_new(half, tmp_path / "a") is given
    assert [p.read_text() for p in tmp_path.iterdir()] == ["1"]


def test_the_janitor_removes_half_made_files_and_nothing_else(tmp_path):
    (tmp_path / "x").mkdir()
    atomic_files.temporary_beside(tmp_path / "x" / "a.parquet").write_text("half")
    (tmp_path / "x" / "a.parquet").write_text("whole")
    assert atomic_files.sweep(tmp_path) == 1
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("name", ["a" * 255, "ø" * 127, "漢" * 85, os.fsdecode(b"\xff" * 255)])
def test_a_temporary_name_fits_a_file_system_whatever_the_name(tmp_path, name):
    atomic_files.temporary_beside(tmp_path / name).write_text("x")


@contextmanager
def holding(code: str):
    """A process that runs the code, from when it says that it holds the lock."""
    piped = {"stdout": subprocess.PIPE, "stdin": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, **piped) as holder:
        assert holder.stdout.readline() == "held\n"
        yield holder


def test_a_second_writer_is_told_who_holds_the_home_and_the_lock_ends_with_its_process(tmp_path):
    code = f"""
from pathlib import Path
from transport.base import atomic_files
with atomic_files.locked(Path({str(tmp_path)!r})):
    print("held", flush=True)
    input()
"""
    with holding(code) as holder:
        with pytest.raises(Busy, match=f"process {holder.pid} since"), atomic_files.locked(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with atomic_files.locked(tmp_path, doing=atomic_files.TIDYING):
        assert (tmp_path / "run.lock").read_text().startswith("tidying: ")
    assert (tmp_path / "run.lock").read_text() == ""  # so that who comes next is not taken for a tidier


def test_on_a_full_disk_the_lock_is_had_without_a_name_and_others_learn_its_holder_from_the_kernel(tmp_path):
    """`dif release prune` and `dif doctor --mend` take the lock to make room."""
    code = f"""
import resource
from pathlib import Path
from transport.base import atomic_files
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
with atomic_files.locked(Path({str(tmp_path)!r})):
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("held", flush=True)
    input()
"""
    with holding(code) as holder:
        assert (tmp_path / "run.lock").read_text() == ""
        with pytest.raises(Busy, match=f"process {holder.pid}\\)"), atomic_files.locked(tmp_path):
            pass
        holder.communicate("\n")
    assert holder.returncode == 0


def test_a_file_of_another_user_is_told_with_whose_it_is(tmp_path, monkeypatch):
    owner = tmp_path.stat().st_uid
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "there" / "journal"))
    assert "writable" in atomic_files.in_words(refused).mend
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    told = atomic_files.in_words(refused)
    assert told.problem == f"Permission denied ({tmp_path / 'there' / 'journal'})."
    assert f"It is {pwd.getpwuid(owner).pw_name}'s" in told.mend


def test_root_writes_nothing_in_the_home_of_another_user(tmp_path, monkeypatch):
    """One `sudo dif token add` shut out every caller: the servers could not read the file any more."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 65534, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    settings, refused = Settings(home=tmp_path), "could not read or change what root writes there"
    with pytest.raises(WrongUse, match=refused), atomic_files.locked(tmp_path):
        pass
    with pytest.raises(WrongUse, match=refused), server_state.running(settings, "http"):
        pass
    with pytest.raises(WrongUse, match=refused):
        Tokens(settings).add("analyse", Rights("analyse", frozenset(), frozenset(), frozenset({Right.OPEN})), now=NOW)
    assert [*tmp_path.iterdir()] == []


def test_a_stream_that_is_not_is_answered_with_the_nearest():
    assert landing.known_stream("adoption") is ADOPTION
    with pytest.raises(UnknownName, match="Did you mean 'adoption'"):
        landing.known_stream("adopsjon")


def test_an_entry_is_read_from_the_journal_as_it_was_written(home, keep):
    entry = keep(home.landing, "one", 40).entry
    assert home.landing.entries == [entry]
    assert replace(entry, rows=1) != entry
    assert isinstance(home.landed("adoption"), pa.Table)
