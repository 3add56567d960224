"""The doctor finds what is not as the journal and the manifests say, and puts it right from what is whole.

Damages of a file: missing, cut, zeroed, flipped. While a batch is damaged nobody is told that it is a duplicate.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.errors import Damaged
from catalog.tables.streams import ADOPTION
from tests.thorough import some
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.operations import alerts, backup, clock, doctor, housekeeping
from transport.storage.compaction import pack
from transport.storage.landing import Arrival

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)


def flip(file: Path, part: float = 0.5) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * part)] ^= 1
    write(file, bytes(content))


def write(file: Path, content: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(content)


DAMAGES = {
    "missing": Path.unlink,
    "cut": lambda f: write(f, f.read_bytes()[: f.stat().st_size * 2 // 3]),
    "empty": lambda f: write(f, b""),
    "zeroed": lambda f: write(f, b"\0" * f.stat().st_size),
    "flipped": flip,
}
damages = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


def seen(home) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in home.settings.home.rglob("*") if p.is_file()}


def land(home, batch, *ids: str, count: int = 40, now: datetime = NOW) -> list[str]:
    """Send adoption batches, each of other content; how each was answered."""
    kept = home.landing
    arrivals = []
    for batch_id in ids:
        temporary = kept.temporary("adoption", "q", "arriving")
        rows = count + int.from_bytes(batch_id.encode(), "big") % 97
        with BatchValidator(ADOPTION, temporary, producer="q") as door:
            door.add(batch("adoption", rows).select([c.name for c in ADOPTION.columns]))
            arrivals.append(Arrival(temporary, door.close(), ADOPTION, "q", batch_id))
    return [k.status for k in kept.keep(arrivals, now=now)]


@pytest.fixture(scope="module")
def model(tmp_path_factory, make_home, batch):
    """A home with three batches, one of them of dispatches, a mirror and a backup of it."""
    base = tmp_path_factory.mktemp("model")
    home = make_home(base / "home", mirror=base / "mirror")
    home.put("dispatch/p/a.parquet", batch("dispatch", 500))
    home.take_in()
    assert land(home, batch, "b", "c") == ["accepted", "accepted"]
    backup.back_up(home.settings, base / "backups", now=NOW)
    return home


@pytest.fixture
def copy(model, make_home, tmp_path):
    """A home of the test's own; with a mirror where it is asked for."""

    def copied(*, mirror: bool = False):
        shutil.copytree(model.settings.home, tmp_path / "home")
        if mirror:
            shutil.copytree(model.settings.mirror, tmp_path / "mirror")
        return make_home(tmp_path / "home", mirror=tmp_path / "mirror" if mirror else None)

    return copied


@pytest.fixture
def backups(model):
    return model.settings.mirror.with_name("backups")


@pytest.fixture
def sick(copy):
    """A home without a mirror, and its landed file of dispatches."""
    home = copy()
    return home, next(home.settings.landing.glob("dispatch/p/*.parquet"))


def mended(home, source=None) -> list[str]:
    """What `mend` did."""
    found = doctor.examine(home.settings, backup=source)
    with atomic_files.locked(home.settings.home):
        return doctor.mend(home.settings, found, backup=source)


def test_a_home_in_order_has_no_findings_and_an_empty_one_neither(model, make_home, tmp_path):
    before = seen(model)
    assert doctor.examine(model.settings) == []
    assert seen(model) == before
    assert doctor.examine(make_home(tmp_path / "none").settings) == []
    assert not (tmp_path / "none").exists()


def test_a_lost_batch_that_is_withdrawn_is_a_note_and_no_finding(sick):
    home, file = sick
    kept = home.landing
    entry = kept.entry_named("dispatch", "p", file.stem)
    flip(file)
    (finding,) = doctor.examine(home.settings)
    name = f"dispatch/p/{file.stem}"
    assert f"have p send {file.stem} again" in finding.mend
    assert f"`dif withdraw {name} --reason …`" in finding.mend
    assert any(f"`dif withdraw {name}" in line for line in mended(home))
    assert doctor.withdrawn_and_damaged(home.settings) == []
    kept.withdraw(entry, by="drift", reason="lost", now=NOW)
    assert doctor.examine(home.settings) == []
    assert [e.batch_id for e in doctor.withdrawn_and_damaged(home.settings)] == [file.stem]
    kept.reinstate(entry, by="drift", reason="found", now=NOW)
    assert [f.where for f in doctor.examine(home.settings)] == [finding.where]


def test_a_withdrawn_batch_that_a_copy_has_is_put_back(copy):
    home = copy(mirror=True)
    entry = home.landing.entry_named("adoption", "q", "b")
    home.landing.withdraw(entry, by="drift", reason="wrong", now=NOW)
    flip(home.landing.file(entry))
    assert any("put back" in line for line in mended(home))
    assert (doctor.examine(home.settings), doctor.withdrawn_and_damaged(home.settings)) == ([], [])


def test_what_is_given_up_is_missed_neither_here_nor_in_the_mirror(copy):
    home = copy(mirror=True)
    entry = home.landing.entry_named("adoption", "q", "b")
    for folder in (home.settings.landing, home.settings.mirror):
        (folder / entry.file).unlink()
    home.landing.withdraw(entry, by="drift", reason="lost", now=NOW)
    assert doctor.examine(home.settings) == []
    assert [e.batch_id for e in doctor.withdrawn_and_damaged(home.settings)] == ["b"]


def test_a_packed_file_whose_batches_are_all_given_up_is_not_gone_on_about(home, batch):
    assert set(land(home, batch, *(f"s{n}" for n in range(9)))) == {"accepted"}
    assert pack(home.landing, now=NOW + timedelta(days=40)).batches == 9
    kept = home.landing
    kept.file(kept.entries[0]).unlink()
    for entry in kept.entries[:8]:
        kept.withdraw(entry, by="drift", reason="lost", now=NOW)
    assert {f.where.rsplit("/", 1)[1] for f in doctor.examine(home.settings)} >= {"s8.parquet"}
    kept.withdraw(kept.entries[8], by="drift", reason="lost", now=NOW)
    assert doctor.examine(home.settings) == []
    assert len(doctor.withdrawn_and_damaged(home.settings)) == 9


def test_of_a_damaged_pack_the_whole_batches_are_saved_and_what_is_given_up_is_left(home, batch):
    land(home, batch, *(f"s{n}" for n in range(9)))
    assert pack(home.landing, now=NOW + timedelta(days=40)).batches == 9
    kept = home.landing
    flip(kept.file(kept.entries[0]), 0.3)
    lost = {f.where for f in doctor.examine(home.settings) if f.kind == "batch"}
    assert lost
    for entry in kept.entries:
        if f"landing/{entry.file}" in lost:
            kept.withdraw(entry, by="drift", reason="lost", now=NOW)
    assert {f.kind for f in doctor.examine(home.settings)} == {"pack"}
    mended(home)
    assert doctor.examine(home.settings) == []
    assert {f"landing/{e.file}" for e in doctor.withdrawn_and_damaged(home.settings)} == lost


def test_the_doctor_says_why_nobody_is_let_in(copy):
    home = copy()
    access = home.settings.home / "access"
    access.mkdir(mode=0o700)
    (access / "tokens.json").write_text("{")
    (access / "tokens.json").chmod(0o600)
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.kind, finding.mendable) == ("access", "access", False)
    assert "tokens.json is not valid JSON" in finding.problem
    assert mended(home) == []


def test_the_doctor_says_why_no_visitor_of_the_pages_is_let_in(copy):
    home = copy()
    access = home.settings.home / "access"
    access.mkdir(mode=0o700)
    (access / "pages.toml").write_text("[login]\ndiscovery = 'http://login.example.no'")
    (access / "pages.toml").chmod(0o600)
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.kind, finding.mendable) == ("access/pages.toml", "access", False)
    assert "login.discovery" in finding.problem


# --- batches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [i / 14 for i in range(14)])
def test_a_flipped_bit_in_a_landed_file_is_found_wherever_it_is(sick, part):
    home, file = sick
    flip(file, part)
    (finding,) = doctor.examine(home.settings)
    assert finding.where == f"landing/dispatch/p/{file.name}"
    assert finding.problem
    if not finding.mendable:
        assert f"have p send {file.stem} again" in finding.mend


@damages
@pytest.mark.parametrize("source", ["mirror", "backup", "nothing"])
def test_a_damaged_batch_is_put_back_or_named_and_never_answered_duplicate(copy, batch, backups, damage, source):
    home = copy(mirror=source == "mirror")
    file = home.settings.landing / "adoption/q/c.parquet"
    original = file.read_bytes()
    damage(file)
    backup_folder = backups if source == "backup" else None
    (finding,) = doctor.examine(home.settings, backup=backup_folder)
    assert (finding.where, finding.kind) == ("landing/adoption/q/c.parquet", "batch")
    assert finding.mendable is (source != "nothing")
    done = mended(home, backup_folder)
    if source != "nothing":
        assert file.read_bytes() == original
        assert land(home, batch, "c") == ["duplicate"]
    else:
        assert any("have q send c again" in line for line in done)
        assert "have q send c again" in doctor.examine(home.settings)[0].mend
        assert land(home, batch, "c") == ["accepted"]
    assert doctor.examine(home.settings) == []
    assert [e.batch_id for e in home.landing.entries][1:] == ["b", "c"]


@damages
def test_a_damaged_batch_that_comes_again_before_anybody_looked_takes_its_place(copy, batch, damage):
    home = copy()
    damage(home.settings.landing / "adoption/q/c.parquet")
    assert land(home, batch, "c") == ["accepted"]
    assert doctor.examine(home.settings) == []


def test_a_file_with_the_right_rows_and_a_changed_bit_is_written_anew_from_itself(sick):
    home, file = sick
    content = bytearray(file.read_bytes())
    place = content.rfind(b"parquet-cpp-arrow")  # who wrote it: no reader looks at that
    content[place] ^= 1
    write(file, bytes(content))
    (finding,) = doctor.examine(home.settings)
    assert (finding.mendable, "right rows" in finding.problem) == (True, True)
    mended(home)
    assert doctor.examine(home.settings) == []
    assert home.landing.is_whole(home.landing.entries[0])


@pytest.mark.parametrize("other", ["another batch", "another stream"])
def test_a_whole_file_in_the_place_of_another_is_found(sick, batch, encode, other):
    home, file = sick
    table = batch("dispatch", 499) if other == "another batch" else batch("adoption")
    write(file, encode(table, ".parquet"))
    (finding,) = doctor.examine(home.settings)
    assert (finding.kind, finding.mendable) == ("batch", False)


def test_a_file_that_no_line_of_the_journal_knows_is_named_and_set_aside(sick):
    home, file = sick
    shutil.copyfile(file, file.with_name("other.parquet"))
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.problem) == ("landing/dispatch/p/other.parquet", "is in no line of the journal")
    mended(home)
    assert doctor.examine(home.settings) == []
    (kept,) = (home.settings.home / "damaged").rglob("other.parquet")
    assert kept.read_bytes() == file.read_bytes()


@pytest.mark.slow("a race; test_backup.py takes a backup meanwhile, and reads all of it")
def test_a_home_that_takes_in_batches_and_packs_them_meanwhile_is_in_order(make_home, tmp_path, batch):
    home = make_home(tmp_path / "home", mirror=tmp_path / "mirror")
    stop, problems = threading.Event(), []

    def send() -> None:
        try:
            for n in range(1000):
                if stop.is_set():
                    return
                land(home, batch, f"s{n}", count=3)
                if n % 10 == 9:
                    pack(home.landing, now=NOW + timedelta(days=40))
        except Exception as problem:  # noqa: BLE001 - told below
            problems.append(problem)

    thread = threading.Thread(target=send)
    thread.start()
    begun = time.monotonic()
    found: list[object] = []
    while not (found or problems) and len(home.landing.entries) < 45 and time.monotonic() - begun < 30:
        found += doctor.examine(home.settings)
    stop.set()
    thread.join()
    assert (found, problems) == ([], [])
    assert any(e.packed_in for e in home.landing.entries)


# --- packed batches --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack_model(make_home, tmp_path_factory, batch):
    """A home whose twelve batches lie in one file, and its mirror: for copies."""
    base = tmp_path_factory.mktemp("packed")
    home = make_home(base / "home", mirror=base / "mirror")
    land(home, batch, *(f"p{n}" for n in range(12)), count=700)
    assert pack(home.landing, now=NOW + timedelta(days=40)).batches == 12
    return base


@pytest.fixture
def packed(pack_model, make_home, tmp_path):
    """A copy of it; with a mirror where it is asked for."""

    def made(*, mirror: bool = False):
        shutil.copytree(pack_model / "home", tmp_path / "packed", symlinks=True)
        if mirror:
            shutil.copytree(pack_model / "mirror", tmp_path / "packed-mirror", symlinks=True)
        home = make_home(tmp_path / "packed", mirror=tmp_path / "packed-mirror" if mirror else None)
        (file,) = home.settings.landing.rglob(".packed/*.parquet")
        return home, file

    return made


@pytest.mark.parametrize(
    ("source", "damage"),
    some(
        [(source, damage) for source in ("mirror", "backup", "nothing") for damage in DAMAGES],
        [
            *(("mirror", "cut"), ("backup", "missing"), ("nothing", "flipped")),
        ],
        "each place that it is put back from is tried with one damage",
    ),
)
def test_of_a_damaged_pack_each_batch_that_is_whole_somewhere_gets_a_file_of_its_own(
    packed, batch, tmp_path, damage, source
):
    home, file = packed(mirror=source == "mirror")
    assert doctor.examine(home.settings) == []
    backup_folder = tmp_path / "backups" if source == "backup" else None
    if backup_folder:
        backup.back_up(home.settings, backup_folder, now=NOW)
    DAMAGES[damage](file)
    found = doctor.examine(home.settings, backup=backup_folder)
    if file.exists() or source != "nothing":
        assert f"landing/adoption/.packed/{file.name}" in [f.where for f in found]
    done = mended(home, backup_folder)
    if source != "nothing":
        assert all(f.mendable for f in found)
    else:
        again = [e.batch_id for e in home.landing.entries if any(f"send {e.batch_id} again" in d for d in done)]
        assert again
        assert [f.where for f in doctor.examine(home.settings)] == [f"landing/adoption/q/{i}.parquet" for i in again]
        assert land(home, batch, *again, count=700) == ["accepted"] * len(again)
    assert not file.exists()
    assert doctor.examine(home.settings) == []
    assert land(home, batch, *(f"p{n}" for n in range(12)), count=700) == ["duplicate"] * 12


def test_a_bit_of_a_pack_that_holds_no_row_costs_no_batch(packed, batch):
    home, file = packed()
    content = bytearray(file.read_bytes())
    content[content.rfind(b"parquet-cpp-arrow")] ^= 1
    write(file, bytes(content))
    (finding,) = doctor.examine(home.settings)
    assert (finding.kind, finding.mendable) == ("pack", True)
    assert not [line for line in mended(home) if " again" in line]
    assert doctor.examine(home.settings) == []
    assert land(home, batch, "p3", count=700) == ["duplicate"]


# --- the journal -----------------------------------------------------------------------------------------------------


JOURNAL_DAMAGES = DAMAGES | {
    "first line flipped": lambda f: flip(f, 0.02),
    "last line flipped": lambda f: flip(f, 0.98),
    "last line gone": lambda f: write(f, b"".join(f.read_bytes().splitlines(keepends=True)[:-1])),
    "a line end flipped": lambda f: write(f, f.read_bytes().replace(b"\n", b"\x0b", 1)),
}


@pytest.mark.parametrize("damage", JOURNAL_DAMAGES.values(), ids=JOURNAL_DAMAGES)
@pytest.mark.parametrize("source", ["twin", "mirror", "backup"])
def test_a_damaged_journal_is_put_together_from_its_copies(copy, batch, backups, damage, source):
    home = copy(mirror=source == "mirror")
    journal, twin = home.settings.landing / "journal", home.settings.landing / "journal.twin"
    original = journal.read_bytes()
    damage(journal)
    if source != "twin":
        damage(twin)
    backup_folder = backups if source == "backup" else None
    found = doctor.examine(home.settings, backup=backup_folder)
    assert [(f.where, f.mendable) for f in found if f.kind == "journal"] == [("landing/journal", True)]
    mended(home, backup_folder)
    assert (journal.read_bytes(), twin.read_bytes()) == (original, original)
    assert doctor.examine(home.settings) == []
    assert land(home, batch, "b", "c") == ["duplicate", "duplicate"]


@pytest.mark.parametrize("line", [1, 2])
def test_a_line_that_no_copy_has_costs_just_its_own_batch(copy, batch, line):
    home = copy()
    for name in ("journal", "journal.twin"):
        file = home.settings.landing / name
        lines = file.read_bytes().splitlines(keepends=True)
        lines[line] = b"x" + lines[line][1:]
        write(file, b"".join(lines[:3] if line == 1 else lines))
    with pytest.raises(Damaged):
        home.landing  # noqa: B018 - opening it is the point
    if line == 1:  # a batch in the middle: those after it keep their lines
        found = doctor.examine(home.settings)
        assert "1 lines are in no copy (number 2)" in next(f.problem for f in found if f.kind == "journal")
        mended(home)
        assert [(e.number, e.batch_id) for e in home.landing.entries][1:] == [(3, "c")]
        assert land(home, batch, "b", "c") == ["accepted", "duplicate"]
        assert home.landing.entries[-1].number == 4
    else:  # the last one: the file is known to nobody
        mended(home)
        assert land(home, batch, "b", "c") == ["duplicate", "accepted"]
    mended(home)
    assert doctor.examine(home.settings) == []


def test_of_a_withdrawn_batch_whose_line_is_lost_is_said_that_it_must_not_be_taken_again(home, batch):
    land(home, batch, "wrong", "again", "right")
    kept = home.landing
    for batch_id in ("wrong", "again"):
        kept.withdraw(kept.entry_named("adoption", "q", batch_id), by="drift", reason=f"feil: {batch_id}", now=NOW)
    kept.reinstate(kept.entry_named("adoption", "q", "again"), by="drift", reason="rett likevel", now=NOW)
    for name in ("journal", "journal.twin"):
        lines = (home.settings.landing / name).read_bytes().splitlines(keepends=True)
        write(
            home.settings.landing / name, b"".join(b"x" + line[1:] if n < 2 else line for n, line in enumerate(lines))
        )
    said = "Do not send withdrawn batches again: line 1 (because: feil: wrong)."
    found = {f.where: f.mend for f in doctor.examine(home.settings)}
    assert [said in found[w] for w in ("landing/journal", "landing/adoption/q/wrong.parquet")] == [True, True]
    done = mended(home)
    assert sum(said in line for line in done) == 1
    assert [f.where for f in doctor.examine(home.settings)] == []


def test_files_are_examined_by_the_lines_that_are_whole_though_the_journal_cannot_be_opened(copy):
    home = copy()
    flip(home.settings.landing / "journal", 0.02)
    (home.settings.landing / "adoption/q/c.parquet").unlink()
    kinds = {f.kind: f for f in doctor.examine(home.settings)}
    assert set(kinds) == {"journal", "batch"}
    assert "line 1 is damaged" in kinds["journal"].problem
    assert "have q send c again" in kinds["batch"].mend


@pytest.mark.parametrize("damage", [DAMAGES["missing"], DAMAGES["zeroed"]], ids=["missing", "zeroed"])
def test_a_journal_of_which_nothing_is_left_anywhere_loses_no_file(copy, backups, damage):
    home = copy()
    for name in ("journal", "journal.twin"):
        damage(home.settings.landing / name)
    files = sorted(home.settings.landing.rglob("*.parquet"))
    (finding, *unknown) = [f for f in doctor.examine(home.settings) if f.kind != "twin"]
    assert (finding.kind, finding.mendable, len(unknown)) == ("journal", False, 3)
    mended(home)
    assert sorted(home.settings.landing.rglob("*.parquet")) == files
    mended(home, backups)
    assert doctor.examine(home.settings) == []


def test_a_last_line_that_a_crash_cut_short_is_no_damage(copy):
    home = copy()
    with (home.settings.landing / "journal").open("ab") as journal:
        journal.write(b'00000000 {"number":4,"ki')
    twin = home.settings.landing / "journal.twin"
    write(twin, twin.read_bytes()[:-40])
    assert doctor.examine(home.settings) == []


def cut_to_half(file: Path) -> None:
    write(file, file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize(
    "damage",
    [flip, DAMAGES["zeroed"], cut_to_half, Path.unlink, lambda twin: (twin.unlink(), twin.mkdir())],
    ids=["flipped", "zeroed", "cut to half", "removed", "a folder"],
)
def test_a_twin_that_is_not_the_journals_is_written_anew(copy, damage):
    home = copy()
    journal, twin = home.settings.landing / "journal", home.settings.landing / "journal.twin"
    damage(twin)
    (finding,) = doctor.examine(home.settings)
    assert (finding.kind, finding.where) == ("twin", "landing/journal.twin")
    mended(home)
    assert twin.read_bytes() == journal.read_bytes()
    assert doctor.examine(home.settings) == []


def put_clock(settings: Settings, by: timedelta) -> None:
    """Let it seem that the clock was put: what is noted of it earlier lies that far on the other side."""
    clock.note(settings)
    noted = settings.home / "clock.json"
    record = json.loads(noted.read_text())
    write(noted, json.dumps(record | {"at": (datetime.now(UTC) - by).isoformat()}).encode())


@pytest.mark.parametrize(("by", "says"), [(4000, "put forward by 4000 days"), (-40, "put back by 40 days")])
def test_a_clock_that_was_put_is_told_of_until_it_is_put_back_or_accepted(copy, by, says):
    home = copy()
    put_clock(home.settings, timedelta(days=by))
    (finding,) = doctor.examine(home.settings)
    assert (finding.kind, says in finding.problem, finding.mendable) == ("clock", True, True)
    (alert,) = alerts.firing(home.settings, datetime.now(UTC))
    assert (alert.key, alert.urgency, f"{abs(by)} d 0 t" in alert.what) == ("clock:step", "now", True)
    put_clock(home.settings, timedelta())
    assert doctor.examine(home.settings) == []
    put_clock(home.settings, timedelta(days=by))
    mended(home)
    assert (doctor.examine(home.settings), alerts.firing(home.settings, datetime.now(UTC))) == ([], [])


def test_a_clock_noted_before_the_machine_was_started_again_says_nothing(copy):
    home = copy()
    put_clock(home.settings, timedelta(days=3))
    noted = home.settings.home / "clock.json"
    write(noted, json.dumps(json.loads(noted.read_text()) | {"start": "another"}).encode())
    assert doctor.examine(home.settings) == []
    clock.note(home.settings)
    assert clock.step(home.settings) is None


@pytest.mark.parametrize(
    "changed", [{"at": "2026-12-01T10:00:00"}, {"uptime": float("nan")}, {"uptime": 1e300}, {"uptime": 10**400}]
)
def test_a_noted_clock_that_was_edited_to_nonsense_stops_nothing_and_is_noted_anew(copy, changed):
    home = copy()
    put_clock(home.settings, timedelta())
    noted = home.settings.home / "clock.json"
    write(noted, json.dumps(json.loads(noted.read_text()) | changed).encode())
    assert clock.step(home.settings) is None
    assert doctor.examine(home.settings) == []
    clock.note(home.settings)
    assert json.loads(noted.read_text())["at"] > "2026-12-01T10:00:00"
    assert 0 < json.loads(noted.read_text())["uptime"] < 1e10


def test_a_batch_dated_ahead_is_told_of_and_once_the_clock_is_accepted_others_get_the_time(copy, batch):
    home, now = copy(), datetime.now(UTC)
    ahead = now + timedelta(days=4000)
    land(home, batch, "ahead", now=ahead)
    land(home, batch, "after", now=now)
    assert home.landing.entries[-1].received_at == ahead
    found = {f.kind: f for f in doctor.examine(home.settings)}
    assert "behind the newest line of the journal by 4000 days" in found["clock"].problem
    assert ("2 batches are dated after now" in found["dated"].problem, "q/ahead" in found["dated"].mend) == (True, True)
    assert [a.key for a in alerts.firing(home.settings, datetime.now(UTC))] == ["clock:journal"]
    mended(home)
    assert [f.kind for f in doctor.examine(home.settings)] == ["dated"]
    land(home, batch, "right", now=datetime.now(UTC))
    kept = home.landing
    assert kept.entries[-1].received_at < now + timedelta(hours=1)
    for entry in kept.dated_in_the_future(now):
        kept.withdraw(entry, by="drift", reason="feil tid", now=datetime.now(UTC))
    assert (doctor.examine(home.settings), alerts.firing(home.settings, datetime.now(UTC))) == ([], [])


def test_a_backup_of_another_home_changes_no_journal(copy, make_home, tmp_path, batch):
    other = make_home(tmp_path / "other")
    land(other, batch, "x", "y", "z", "w")
    backup.back_up(other.settings, tmp_path / "others", now=NOW)
    home = copy()
    before = (home.settings.landing / "journal").read_bytes()
    (finding,) = doctor.examine(home.settings, backup=tmp_path / "others")
    assert (finding.kind, finding.mendable, "another home" in finding.problem) == ("backup", False, True)
    mended(home, tmp_path / "others")
    assert (home.settings.landing / "journal").read_bytes() == before
    assert doctor.examine(home.settings) == []


# --- the mirror ------------------------------------------------------------------------------------------------------


@damages
@pytest.mark.parametrize("name", ["adoption/q/c.parquet", "journal"])
def test_a_damaged_mirror_is_found_and_copied_anew(copy, damage, name):
    home = copy(mirror=True)
    damage(home.settings.mirror / name)
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.kind) == (f"mirror/{name}", "mirror")
    mended(home)
    assert (home.settings.mirror / name).read_bytes() == (home.settings.landing / name).read_bytes()
    assert doctor.examine(home.settings) == []


def test_a_mirror_that_is_gone_is_filled_and_another_landings_is_left_alone(copy, make_home, tmp_path, batch):
    home = copy(mirror=True)
    shutil.rmtree(home.settings.mirror)
    assert [f.problem for f in doctor.examine(home.settings)] == ["there is no mirror"]
    mended(home)
    assert doctor.examine(home.settings) == []
    shutil.rmtree(home.settings.mirror)
    other = make_home(tmp_path / "other", mirror=home.settings.mirror)
    land(other, batch, "x", "y", "z", "w")
    (finding,) = doctor.examine(home.settings)
    assert (finding.problem, finding.mendable) == ("belongs to another landing", False)
    mended(home)
    assert doctor.examine(other.settings) == []


# --- releases and the pointer, where there are no others -------------------------------------------------------------


def test_a_pointer_at_nothing_is_found_and_taken_away_where_no_release_is_whole(sick):
    home, _ = sick
    home.settings.releases.mkdir()
    (home.settings.releases / "current").symlink_to("2026-01-01.1")
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.kind) == ("releases/current", "pointer")
    assert "rollback" in finding.mend
    assert any("dif run --full" in line for line in mended(home))
    assert doctor.examine(home.settings) == []


def test_a_release_with_a_file_missing_or_an_unreadable_manifest_is_found(sick):
    home, _ = sick
    folder = home.settings.releases / "asof-2026-01-01.1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"files": {"dif.duckdb": {"sha256": "0"}}}')
    (finding,) = doctor.examine(home.settings)
    assert (finding.where, finding.problem) == ("releases/asof-2026-01-01.1", "dif.duckdb: missing")
    for content, says in (
        ("{", "no readable manifest"),
        ("[]", "no readable manifest"),
        ('{"files": 3, "digest": "0"}', "manifest.json: changed"),
    ):
        (folder / "manifest.json").write_text(content)
        (finding,) = doctor.examine(home.settings)
        assert says in finding.problem
        assert "--full" in finding.mend
    (folder / "manifest.json").unlink()
    assert [f.problem for f in doctor.examine(home.settings)] == ["manifest.json: missing"]


# --- temporaries, and being told -------------------------------------------------------------------------------------


def test_the_janitor_removes_what_was_abandoned_and_leaves_what_may_be_written_to(copy):
    home = copy(mirror=True)
    settings = home.settings
    begun = {
        settings.landing / "adoption/q/.tmp-0-x.parquet",
        settings.mirror / "adoption/q/.tmp-0-x.parquet.half",
        settings.lake / "usage/x/.tmp-1-part.parquet",
        settings.scratch / "spill/duckdb.tmp",
        settings.releases / ".tmp-2026-01-01.1/dif.duckdb",
        settings.inbox / "adoption/q/.tmp-2-a.csv.receipt.json",
    }
    senders = settings.inbox / "adoption/q/.tmp-3-a.csv"
    for path in begun:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    senders.write_bytes(b"half")
    receipt = settings.inbox / "adoption/q/b.csv.receipt.json"
    receipt.write_bytes(b"{}")
    before = seen(home)
    assert housekeeping.janitor(settings) == 0
    assert seen(home) == before
    os.utime(receipt, (time.time() - settings.log_days * 86_400 - 1,) * 2)
    assert housekeeping.janitor(settings) == 1
    assert not receipt.exists()
    for path in (*begun, senders):
        for one in (path, path.parent):
            os.utime(one, (time.time() - 4000,) * 2)
    assert housekeeping.janitor(settings) == 6
    assert [p for p in (*begun, senders) if p.exists()] == [senders]
    assert doctor.examine(settings) == []


def test_whoever_waits_is_told_of_each_file_and_a_program_gets_plain_values(sick):
    home, file = sick
    told = []
    file.unlink()
    (finding,) = doctor.examine(home.settings, progress=lambda what, done, of: told.append((what, done, of)))
    assert {(done, of) for what, done, of in told if what.startswith("landing/")} >= {(1, 3), (2, 3), (3, 3)}
    said = json.loads(json.dumps(finding.as_json()))
    assert set(said) == {"where", "problem", "mend", "mendable", "kind"}
