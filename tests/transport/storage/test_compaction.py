"""Small batches of closed months lie together in larger files, and nobody can tell but by the number of files."""

from __future__ import annotations

import functools
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import conform
from catalog.contracts.scan import Query
from catalog.errors import Damaged
from catalog.tables import conformed
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import ADOPTION, DISPATCH, STREAMS
from pipelines.cli.commands.run import differences
from pipelines.run import steps
from pipelines.run.check import check
from pipelines.run.schedule import make_one
from tests.thorough import examples, some
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.lake.session import Session
from transport.operations import doctor
from transport.storage import batch_file, compaction
from transport.storage.backends import LocalBackend, backend_of
from transport.storage.batch_file import landed_schema
from transport.storage.journal import Entry
from transport.storage.landing import Arrival, LandedBatch, Landing, open_landing

MARCH = datetime(2026, 3, 5, 8, tzinfo=UTC)
APRIL = datetime(2026, 4, 7, 8, tzinfo=UTC)
MAY = datetime(2026, 5, 9, 8, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[3]
WRONG = "974605170"  # fails modulus 11


def settings_of(folder: Path, **more) -> Settings:
    return Settings(home=folder, settle_seconds=0, memory_mb=400, **more)


@pytest.fixture
def rows(batch):
    """Rows of a stream that nothing else has: `start` shifts their keys. Every `wrong`th breaks a rule."""

    def rows(stream: str, count: int, start: int = 0, *, wrong: int = 0, now: datetime = MARCH) -> pa.Table:
        keys = range(start, start + count)
        if stream == "dispatch":
            made = {
                "dispatch_id": pa.array([i.to_bytes(16, "big") for i in keys], pa.binary(16)).cast(pa.uuid()),
                "organisation_number": pa.array([WRONG if wrong and i % wrong == 0 else "974605171" for i in keys]),
                "created_at": pa.array([now - timedelta(hours=1)] * count, pa.timestamp("us", "UTC")),
                "state_at": pa.array([now] * count, pa.timestamp("us", "UTC")),
            }
        elif stream == "adoption":
            made = {
                "event_id": pa.array([f"h-{i}" for i in keys]),
                "municipality_code": pa.array(["9999" if wrong and i % wrong == 0 else "0301" for i in keys]),
                "occurred_at": pa.array([now - timedelta(days=2)] * count, pa.timestamp("us", "UTC")),
            }
        else:
            made = {
                "day": pa.array([now.date()] * count),
                "measure": pa.array([f"m{i}" for i in keys]),
                "reported_at": pa.array([now] * count, pa.timestamp("us", "UTC")),
            }
        table = batch(stream, count, **made)
        return table.select([c.name for c in STREAMS[stream].columns]).cast(STREAMS[stream].schema)

    return rows


def arrival(landing: Landing, stream: str, batch_id: str, table: pa.Table) -> Arrival:
    temporary = landing.temporary(stream, "p", "arriving")
    with BatchValidator(STREAMS[stream], temporary, producer="p") as door:
        door.add(table)
        return Arrival(temporary, door.close(), STREAMS[stream], "p", batch_id)


def keep(landing: Landing, stream: str, batch_id: str, table: pa.Table, now: datetime = MARCH) -> LandedBatch:
    kept = landing.keep([arrival(landing, stream, batch_id, table)], now=now)[0]
    assert isinstance(kept, LandedBatch)
    return kept


def landed(landing: Landing, entry: Entry) -> pa.Table:
    schema = landed_schema(STREAMS[entry.stream])
    return pa.concat_tables(rows.cast(schema) for rows in batch_file.rows_of(landing.file(entry), entry))


def receipts(landing: Landing) -> list[dict]:
    return [e.receipt("duplicate") for e in landing.entries]


@pytest.fixture
def filled(tmp_path, rows):
    """A home with twelve small batches of March in three streams, every third row of some of them wrong."""
    home = settings_of(tmp_path / "home")
    landing = open_landing(home)
    for i in range(12):
        stream = ("dispatch", "adoption", "measurement")[i % 3]
        keep(landing, stream, f".b{i}" if i == 6 else f"b{i}", rows(stream, 3 + i, i * 100, wrong=3 * (i in (3, 4, 6))))
    return home


class Answers:
    """What a run makes of a home's landing, up to the conformed tables."""

    def __init__(self, home: Settings, **more) -> None:
        self.run = steps.start(home, more.pop("as_of", MAY), **more)
        with atomic_files.locked(home.home):
            sent = (name for name in STREAMS if name != "register")
            self.made = {name: make_one(self.run, f"conformed.{name}") for name in sent}

    def remade(self) -> list[str]:
        return [m.contract.name for made in self.made.values() for m in made if m.rows]

    def table(self, contract) -> list[dict]:
        listed = ", ".join(f'"{c.name}"' for c in contract.columns)
        with Session(self.run.settings) as session:
            scan = Query(f"select {listed} from made order by all", {"made": self.run.lake.scan(contract)})
            return session.table(scan).to_pylist()

    def all(self) -> dict[str, list[dict]]:
        return {m.contract.name: self.table(m.contract) for made in self.made.values() for m in made}

    def aside(self, stream) -> set[tuple[str, int]]:
        return {(r["batch_id"], r["row_number"]) for r in self.table(quarantine_of(stream))}


# --- what stays the same ---------------------------------------------------------------------------------------------


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.tuples(st.sampled_from(["dispatch", "adoption", "measurement"]), st.integers(1, 9), st.booleans()),
        min_size=1, max_size=12,
    ),
    fewest=st.integers(1, 3),
)  # fmt: skip
def test_any_small_batches_keep_their_rows_hashes_receipts_and_names(tmp_path, rows, batches, fewest):
    shutil.rmtree(tmp_path / "landing", ignore_errors=True)
    landing = Landing(LocalBackend(tmp_path / "landing"))
    tables = {}
    for i, (stream, count, later) in enumerate(batches):
        tables[i] = rows(stream, count, i * 100)
        keep(landing, stream, f"b{i}", tables[i], APRIL if later else MARCH)
    before = receipts(landing)
    content = {e.number: landed(landing, e) for e in landing.entries}
    packed = compaction.pack(landing, now=MAY, fewest=fewest)
    again = Landing(LocalBackend(tmp_path / "landing"))
    assert (again.entries, receipts(again)) == (landing.entries, before)
    assert packed.batches == sum(bool(e.packed_in) for e in again.entries)
    assert packed.files == len({e.packed_in for e in again.entries} - {""})
    for entry in again.entries:
        assert again.is_whole(entry)
        assert landed(again, entry).equals(content[entry.number])
        assert batch_file.content_sha256_of(again.file(entry), entry) == entry.sha256
    assert sorted({again.place(e) for e in again.entries}) == list(again.backend.names())
    for i, (stream, _, _) in enumerate(batches):
        assert keep(again, stream, f"b{i}", tables[i], MAY).status == "duplicate"
    assert compaction.pack(again, now=MAY, fewest=fewest) == compaction.PackResult()


def test_a_run_after_packing_remakes_nothing_and_a_full_one_makes_the_same(filled, tmp_path):
    before = Answers(filled)
    assert before.remade()
    packed = compaction.pack(open_landing(filled), now=MAY, fewest=2)
    assert (packed.batches, packed.files, packed.damaged) == (12, 3, ())
    after = Answers(filled)
    assert after.remade() == []
    full = Answers(filled.but(lake_folder=tmp_path / "lake"))
    assert full.all() == before.all() == after.all()
    # quarantine names the batch and the row that it was there
    assert full.aside(DISPATCH) == {("b3", 1), ("b3", 4)} | {(".b6", n) for n in (1, 4, 7)}
    assert full.aside(ADOPTION) == {("b4", 3), ("b4", 6)}


def test_a_mixture_of_packed_batches_and_files_of_their_own_is_read_as_one(filled, rows):
    landing = open_landing(filled)
    compaction.pack(landing, now=MAY, fewest=2)
    keep(landing, "dispatch", "late", rows("dispatch", 4, 5000, wrong=4), MAY)
    answers = Answers(filled)
    count = sum(e.rows for e in landing.of("dispatch"))
    made, aside = answers.table(conformed.DISPATCH), answers.aside(DISPATCH)
    assert len(made) + len(aside) == count
    assert ("late", 1) in aside


def test_to_withdraw_one_member_takes_its_rows_and_no_others(filled):
    landing = open_landing(filled)
    compaction.pack(landing, now=MAY, fewest=2)
    entry = landing.entry_named("dispatch", "p", "b9")
    before = len(Answers(filled).table(conformed.DISPATCH))
    landing.withdraw(entry, by="drift", reason="feil", now=MAY)
    after = Answers(filled)
    assert len(after.table(conformed.DISPATCH)) == before - entry.rows
    assert sum(r["withdrawn"] for r in after.table(conform.accounting_of(DISPATCH))) == entry.rows
    landing.reinstate(entry, by="drift", reason="rett", now=MAY)
    assert len(Answers(filled).table(conformed.DISPATCH)) == before


@pytest.mark.slow("six replays; one member of a pack is withdrawn and put back above")
def test_a_replay_sees_of_a_pack_the_members_that_were_there_then(tmp_path, rows):
    home = settings_of(tmp_path / "home")
    landing = open_landing(home)
    for i in range(6):
        keep(landing, "dispatch", f"b{i}", rows("dispatch", 5, i * 100), MARCH + timedelta(days=i))
    compaction.pack(landing, now=MAY, fewest=2)
    for seen in (1, 3, 6):
        as_of = MARCH + timedelta(days=seen - 1, hours=1)
        for more in ({"as_of": as_of}, {"upto": seen}):
            answers = Answers(home.but(lake_folder=tmp_path / f"lake-{seen}-{next(iter(more))}"), replay=True, **more)
            assert len(answers.table(conformed.DISPATCH)) == 5 * seen


# --- what is not packed ----------------------------------------------------------------------------------------------


def test_open_months_registers_and_few_batches_are_left_as_they_are(tmp_path, rows, batch):
    landing = Landing(LocalBackend(tmp_path))
    for i in range(3):
        keep(landing, "dispatch", f"closed-{i}", rows("dispatch", 2, i * 10))
        register = batch("register").select([c.name for c in STREAMS["register"].columns])
        keep(landing, "register", f"r{i}", register)
    for i in range(3):
        keep(landing, "dispatch", f"open-{i}", rows("dispatch", 2, 500 + i * 10), MAY)
    assert compaction.pack(landing, now=MAY, fewest=4) == compaction.PackResult()
    assert compaction.pack(landing, now=MARCH, fewest=1) == compaction.PackResult()
    assert (
        compaction.pack(landing, now=datetime(2026, 3, 31, 21, 59, tzinfo=UTC), fewest=1).batches == 0
    )  # 23:59 in Oslo
    assert compaction.pack(landing, now=MAY, fewest=3).batches == 3
    assert {e.batch_id for e in landing.entries if e.packed_in} == {"closed-0", "closed-1", "closed-2"}


def test_a_damaged_member_is_left_out_and_named(filled):
    landing = open_landing(filled)
    entry = landing.entry_named("dispatch", "p", "b3")
    path = landing.file(entry)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    packed = compaction.pack(landing, now=MAY, fewest=2)
    assert (packed.batches, packed.damaged) == (11, ("dispatch/p/b3.parquet",))
    assert landing.entry_named("dispatch", "p", "b3") == entry
    assert path.read_bytes() == content


# --- damage, crashes, several at once --------------------------------------------------------------------------------


def test_a_damaged_pack_never_answers_duplicate_and_what_is_sent_again_gets_a_file_of_its_own(tmp_path, rows):
    landing = Landing(LocalBackend(tmp_path))
    tables = [rows("dispatch", 40, i * 100) for i in range(4)]
    for i, table in enumerate(tables):
        keep(landing, "dispatch", f"b{i}", table)
    first = receipts(landing)
    compaction.pack(landing, now=MAY, fewest=2)
    path = landing.file(landing.entries[0])
    good = path.read_bytes()
    for wrong in (b"", good[: len(good) // 2], None):
        path.unlink(missing_ok=True)
        if wrong is not None:
            path.write_bytes(wrong)
        assert not any(landing.is_whole(e) for e in landing.entries)
    again = keep(landing, "dispatch", "b1", tables[1], MAY)
    assert again.status == "accepted"
    path.write_bytes(good)
    kept = Landing(LocalBackend(tmp_path))
    assert [bool(e.packed_in) for e in kept.entries] == [True, False, True, True]
    assert all(kept.is_whole(e) for e in kept.entries)
    assert [keep(kept, "dispatch", f"b{i}", t, MAY).status for i, t in enumerate(tables)] == ["duplicate"] * 4
    assert [landed(kept, e)["dispatch_id"].to_pylist() for e in kept.entries] == [
        t["dispatch_id"].to_pylist() for t in tables
    ]
    assert [{**r, "bytes": 0} for r in receipts(kept)] == [{**r, "bytes": 0} for r in first]


def test_any_flipped_bit_of_a_pack_is_seen_whichever_of_its_batches_is_asked_for(tmp_path, rows):
    landing = Landing(LocalBackend(tmp_path))
    for i in range(3):
        keep(landing, "dispatch", f"b{i}", rows("dispatch", 60, i * 100))
    compaction.pack(landing, now=MAY, fewest=2)
    path, choose = landing.file(landing.entries[0]), random.Random(7)
    good = path.read_bytes()
    path.chmod(0o644)
    for place in [0, len(good) - 1, *(choose.randrange(len(good)) for _ in range(100))]:
        wrong = bytearray(good)
        wrong[place] ^= 1 << choose.randrange(8)
        path.write_bytes(wrong)
        assert not any(landing.is_whole(e) for e in landing.entries)


KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from transport.storage import compaction
from transport.storage.backends import LocalBackend
from transport.storage.landing import Landing

class Told(LocalBackend):
    def put(self, files):
        print("put", flush=True); super().put(files)
    def append(self, at, lines):
        print("append", flush=True); done = super().append(at, lines); print("appended", flush=True); return done
    def remove(self, name):
        print("remove", flush=True); super().remove(name)

landing = Landing(Told(Path(sys.argv[1])))
print("begun", flush=True)
compaction.pack(landing, now=datetime.fromisoformat(sys.argv[2]), fewest=2)
"""


@pytest.mark.parametrize(
    ("point", "times"),
    some(
        [("begun", 1), ("put", 1), ("append", 1), ("appended", 1), ("remove", 5)],
        [("append", 1)],
        "another moment",
    ),
)
def test_who_is_killed_while_packing_loses_nothing(filled, point, times):
    before = open_landing(filled)
    content = {e.number: landed(before, e) for e in before.entries}
    command = [sys.executable, "-c", KILLED, str(filled.landing), MAY.isoformat()]
    seen = 0
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as work:
        for line in work.stdout:
            seen += line.strip() == point
            if seen == times:
                work.kill()
                break
        work.wait()
    after = open_landing(filled)
    assert receipts(after) == receipts(before)
    assert not any("send it again" in f.mend for f in doctor.examine(filled) if "/.packed/" not in f.where)
    assert all(after.is_whole(e) and landed(after, e).equals(content[e.number]) for e in after.entries)
    compaction.pack(after, now=MAY, fewest=2)
    assert all(after.is_whole(e) and landed(after, e).equals(content[e.number]) for e in after.entries)


def test_a_file_left_over_from_packing_is_called_that_and_nobody_is_asked_to_send_it_again(filled):
    kept = open_landing(filled)
    path = kept.file(kept.entry_named("dispatch", "p", "b3"))
    content = path.read_bytes()
    compaction.pack(kept, now=MAY, fewest=2)
    path.write_bytes(content)  # as a killed packing leaves it
    (finding,) = doctor.examine(filled)
    assert (finding.problem, finding.mendable, "send" in finding.mend) == ("is left over from packing", True, False)
    doctor.mend(filled, [finding])
    assert (doctor.examine(filled), path.exists()) == ([], False)


def _rows_of(landing: Landing, entry: Entry) -> Iterator[pa.Table]:
    return batch_file.rows_of(landing.file(entry), entry)


def test_of_two_that_pack_at_once_one_does_it_and_nothing_lies_in_both(filled, tmp_path):
    one, two = open_landing(filled), open_landing(filled)
    copies = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    members = [e for e in one.entries if e.stream == "dispatch"]
    for landing, path in zip((one, two), copies, strict=True):
        rows_in = functools.partial(_rows_of, landing)
        compaction.write_pack(members, rows_in, path)  # both have read before either is heard
    temporary = [landing.temporary("dispatch", "p", "x") for landing in (one, two)]
    for path, half in zip(copies, temporary, strict=True):
        shutil.copyfile(path, half)
    name = compaction.pack_name(members, copies[0])
    assert one.pack(members, temporary[0], name, now=MAY) is True
    assert two.pack(members, temporary[1], "dispatch/.packed/other", now=MAY) is False
    kept = open_landing(filled)
    assert {e.packed_in for e in kept.of("dispatch")} == {f"{name}.parquet"}
    assert all(kept.is_whole(e) for e in kept.entries)


def test_a_later_pack_never_takes_the_place_of_an_earlier_one(tmp_path, rows):
    """The first of a pack comes out again, and is packed anew: the new file must not have the old one's name."""
    landing = Landing(LocalBackend(tmp_path))
    tables = [rows("dispatch", 6, i * 100) for i in range(8)]
    for i in range(4):
        keep(landing, "dispatch", f"b{i}", tables[i])
    compaction.pack(landing, now=MAY, fewest=2)
    path = landing.file(landing.entries[0])
    good = path.read_bytes()
    path.unlink()
    keep(landing, "dispatch", "b0", tables[0], MAY)
    path.write_bytes(good)
    landing.trust_clock(by="drift", reason="it was ahead", now=MARCH)
    for i in range(4, 8):
        keep(landing, "dispatch", f"b{i}", tables[i])
    assert compaction.pack(landing, now=MAY, fewest=2).batches == 5
    kept = Landing(LocalBackend(tmp_path))
    assert len({e.packed_in for e in kept.entries}) == 2
    assert all(kept.is_whole(e) for e in kept.entries)


def test_what_comes_out_changed_is_not_packed(filled, monkeypatch):
    landing = open_landing(filled)
    before = landing.entries[:]
    write = compaction.write_pack
    monkeypatch.setattr(compaction, "write_pack", lambda members, rows, path: write(members[::-1], rows, path))
    with pytest.raises(Damaged, match="Packing changed"):
        compaction.pack(landing, now=MAY, fewest=2)
    assert open_landing(filled).entries == before
    assert all(landing.is_whole(e) for e in before)


def test_a_batch_is_taken_out_of_a_file_of_its_own_that_declares_columns_never_null(tmp_path, rows):
    landing = Landing(LocalBackend(tmp_path / "landing"))
    entry = keep(landing, "adoption", "b", rows("adoption", 7)).entry
    assert not pq.read_schema(landing.file(entry)).field("event_id").nullable
    compaction.take_out(landing.file(entry), entry, tmp_path / "out.parquet")
    assert batch_file.content_sha256_of(tmp_path / "out.parquet", entry) == entry.sha256


# --- object storage --------------------------------------------------------------------------------------------------


def test_packing_on_object_storage_gives_way_to_who_appended_first(tmp_path, rows):
    home = settings_of(tmp_path / "home", landing_url=f"memory://{tmp_path}")
    landing, other = open_landing(home), open_landing(home)
    tables = [rows("dispatch", 6, i * 100) for i in range(4)]
    for i in range(3):
        keep(landing, "dispatch", f"b{i}", tables[i])
    between = landing.backend.put

    def put(files):
        if ".packed" in files[0][1] and not other.entry_named("dispatch", "p", "b3"):
            keep(other, "dispatch", "b3", tables[3], MAY)
        between(files)

    landing.backend.put = put
    assert compaction.pack(landing, now=MAY, fewest=2).batches == 3
    kept = open_landing(home)
    assert [e.batch_id for e in kept.entries] == ["b0", "b1", "b2", "b3"]
    assert kept.last == 5
    assert all(kept.is_whole(e) for e in kept.entries)
    assert sorted({kept.place(e) for e in kept.entries}) == list(kept.backend.names())


@pytest.mark.slow("two homes, each with a run")
def test_two_houses_from_the_same_batches_one_on_object_storage_make_the_same(tmp_path, rows):
    """A whole run over each: the same content of every table; then packed there, and nothing is made again."""
    homes = [settings_of(tmp_path / "far", landing_url=f"memory://{tmp_path}"), settings_of(tmp_path / "local")]
    releases, verdicts = [], []

    def said(verdict):
        verdicts.append(verdict)
        return verdict

    for home in homes:
        landing = open_landing(home)
        for i in range(9):
            stream = ("dispatch", "adoption", "measurement")[i % 3]
            table = rows(stream, 3 + i, i * 100, wrong=3 if stream == "dispatch" else 0)
            keep(landing, stream, f".b{i}", table)
        with atomic_files.locked(home.home):
            run = steps.start(home, MAY)
            # the gate, which is slow and sees no landing, has said of the first what it says of both
            releases.append(steps.run_all(run, check=lambda run: verdicts[0] if verdicts else said(check(run))))
    assert differences(*releases) == []
    assert not homes[0].landing.exists()
    far = open_landing(homes[0])
    assert compaction.pack(far, now=MAY, fewest=2).batches == 9
    answers = Answers(homes[0])
    assert answers.remade() == []
    assert ({b for b, _ in answers.aside(DISPATCH)}) == {".b0", ".b3", ".b6"}
    assert backend_of(homes[0]).size(far.place(far.entries[0]))
