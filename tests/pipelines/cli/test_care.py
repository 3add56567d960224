"""Caring for a home: doctor, backup, restore, pack; damages of what is derived; and the drill of a move."""

import fcntl
import json
import os
import shutil
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import deltalake
import pyarrow.parquet as pq
import pytest

from catalog.tables.streams import ADOPTION
from pipelines.cli.commands.run import differences
from pipelines.run import steps
from pipelines.run.publish import up_to_date
from tests.pipelines.conftest import keep_secret
from tests.thorough import examples, some
from transport.base import atomic_files
from transport.ingest import inbox
from transport.ingest.batch_validator import BatchValidator
from transport.lake.delta_log import recorded_logs
from transport.operations import backup, doctor
from transport.releases.store import Releases
from transport.storage.landing import Arrival, open_landing, utc_now

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)


def rot(file: Path, content: bytes) -> None:
    """Change a file as a bad disk does: its times stay."""
    times = file.stat()
    file.chmod(0o644)
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def flip(file: Path, part: float = 0.5) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * part)] ^= 1
    rot(file, bytes(content))


DAMAGES = {
    "missing": Path.unlink,
    "cut": lambda f: rot(f, f.read_bytes()[: f.stat().st_size * 2 // 3]),
    "zeroed": lambda f: rot(f, b"\0" * f.stat().st_size),
    "empty": lambda f: rot(f, b""),
    "flipped": flip,
}


@pytest.fixture
def dif(dif_in, home):
    return dif_in(home.settings.home)


def newest(folder: Path, pattern: str) -> Path:
    return max(folder.rglob(pattern), key=lambda p: (p.stat().st_mtime_ns, str(p)))


def examined(home) -> dict[str, str]:
    return {f.where: f.kind for f in doctor.examine(home.settings)}


def mended(home, source=None) -> list[str]:
    with atomic_files.locked(home.settings.home):
        return doctor.mend(home.settings, doctor.examine(home.settings, backup=source), backup=source)


def made_anew(settings, upto: int, as_of: datetime):
    """A release of everything up to a number in the journal, in a lake of its own."""
    with atomic_files.locked(settings.home):
        run = steps.start(settings.but(lake_folder=settings.scratch / "drill"), as_of, replay=True, upto=upto)
        release = steps.run_all(run)
        run.lake.clear()
    return release


# --- what is derived -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["backup.json", "servers/http.json"])
def test_a_record_that_the_watch_cannot_read_is_named_with_what_writes_it_anew(home, dif, name):
    record = home.settings.home / name
    record.parent.mkdir(exist_ok=True)
    for damage in (lambda: record.write_text("{"), lambda: (record.unlink(), record.mkdir())):
        damage()
        code, out, err = dif("doctor")
        assert (code, f"{name.partition('/')[0]}: cannot be read" in out + err, "it anew" in out + err) == (
            1,
            True,
            True,
        )
        assert dif("status")[0] == 0


def test_the_mend_of_a_release_whose_manifest_cannot_be_read_mends_it(ledgers, command):
    (ledgers.current.folder / "manifest.json").write_text("{")
    code, _, err = command("status")
    assert (code, "`dif doctor --mend`" in err) == (1, True)
    assert command("doctor", "--mend")[0] == 0
    assert ledgers.run(as_of=utc_now()) is not None
    assert command("status")[0] == 0


@pytest.mark.parametrize(
    ("table", "damage"),
    some(
        [(table, damage) for damage in DAMAGES for table in ("conformed/dispatch", "usage/dispatch_day")],
        [("usage/dispatch_day", "flipped")],
        "the doctor tells these apart no further",
    ),
)
def test_a_damaged_file_of_the_lake_is_found_and_its_table_dropped(home, damage, table):
    DAMAGES[damage](newest(home.settings.lake / table, "part-*.parquet"))
    assert examined(home) == {f"lake/{table}": "lake"}
    assert any("dropped" in line for line in mended(home))
    assert examined(home) == {}


@pytest.mark.parametrize("part", some([i / 12 for i in range(12)], 1, "another place in the same file"))
def test_a_flipped_bit_in_the_lake_is_found_wherever_it_is(home, part):
    flip(newest(home.settings.lake / "conformed/dispatch", "part-*.parquet"), part)
    assert examined(home) == {"lake/conformed/dispatch": "lake"}
    with atomic_files.locked(home.settings.home):  # `dif run --full` gives files the names that they had
        (found,) = doctor.examine(home.settings)
        assert (found.mendable, found.mend[:18]) == (False, "A run is at work, ")


IN_THE_LAKE = {
    "a log": "usage/dispatch_day/_delta_log/0*.json",
    "the only log of a table": "usage/delivery_time/_delta_log/0*.json",
    "what was worked out": "*/*/_worked_out",
    "a part": "usage/dispatch_day/**/part-*.parquet",
    "an inner part": "conformed/use_month/**/part-*.parquet",
    "a checkpoint": "usage/dispatch_day/_delta_log/*.checkpoint.parquet",
    "its pointer": "usage/dispatch_day/_delta_log/_last_checkpoint",
}


@pytest.mark.slow("a run each; test_run.py makes again what is not as it was written")
@pytest.mark.parametrize(
    ("kind", "damage"),
    some(
        [(kind, damage) for kind in IN_THE_LAKE for damage in DAMAGES],
        [("the only log of a table", "empty")],
        "a run each; this one stopped every run",
    ),
)
def test_whatever_is_damaged_under_the_lake_the_next_run_mends(home, kind, damage):
    if "point" in kind:
        deltalake.DeltaTable(home.settings.lake / "usage/dispatch_day").create_checkpoint()
    before = home.current
    DAMAGES[damage](max(home.settings.lake.glob(IN_THE_LAKE[kind]), key=lambda p: (p.stat().st_mtime_ns, str(p))))
    made = home.run(as_of=home.as_of + timedelta(days=1), full=kind == "an inner part")
    assert differences(before, made) == []
    assert [where for where in examined(home) if not where.endswith(before.name)] == []


@pytest.mark.slow("a run of its own")
def test_a_high_bit_in_what_was_worked_out_stops_no_run(home):
    noted = next(home.settings.lake.glob("*/*/_worked_out"))
    rot(noted, bytes([noted.read_bytes()[0] ^ 0x80]) + noted.read_bytes()[1:])
    assert home.run(as_of=home.as_of + timedelta(days=1)) is not None


@pytest.mark.slow("a full run; what one commit says of a file is tried on the log alone")
def test_after_a_full_run_the_doctor_still_reads_every_file_and_a_backup_takes_every_one(home, tmp_path):
    home.run(full=True)
    taken = backup.back_up(home.settings, tmp_path / "backups", now=NOW, lake=True)
    tables = [deltalake.DeltaTable(log.parent) for log in home.settings.lake.glob("*/*/_delta_log")]
    live = [Path(uri.removeprefix("file://")) for table in tables for uri in table.file_uris()]
    lies = {str(path.relative_to(home.settings.home)) for path in live}
    kept = backup.open_backup(tmp_path / "backups", taken.stamp).files
    assert {place for place in kept if place.startswith("lake/") and "/part-" in place} == lies
    flip(newest(home.settings.lake / "conformed/dispatch", "part-*.parquet"))
    assert "lake/conformed/dispatch" in examined(home)


@pytest.mark.parametrize(
    ("table", "damage"),
    some(
        [(table, damage) for table in ("usage/dispatch_day", "conformed/billable_month") for damage in DAMAGES],
        [("conformed/billable_month", "flipped")],
        "a log is gone below; the others read no better",
    ),
)
def test_a_damaged_log_of_a_table_is_found(home, damage, table):
    DAMAGES[damage](newest(home.settings.lake / table, "*.json"))
    assert examined(home) == {f"lake/{table}": "lake"}


@pytest.mark.slow("a note that was cut is read in test_check.py")
def test_a_note_of_logs_that_has_changed_says_nothing(home):
    note = home.settings.lake / "_judged.json"
    for place in range(0, note.stat().st_size, note.stat().st_size // examples(6, quick=1)):
        changed = bytearray(note.read_bytes())
        changed[place] ^= 1
        note.write_bytes(changed)
        assert examined(home) == {}
        changed[place] ^= 1
        note.write_bytes(changed)
    assert recorded_logs(home.settings.lake)


def test_a_table_without_its_log_is_found(home):
    shutil.rmtree(home.settings.lake / "usage/dispatch_day/_delta_log")
    assert examined(home) == {"lake/usage/dispatch_day": "lake"}


@pytest.fixture(scope="module")
def backups(copy_of_published, tmp_path_factory):
    """A backup of what every home here begins with."""
    folder = tmp_path_factory.mktemp("backups")
    backup.back_up(copy_of_published("backed-up").settings, folder, now=NOW)
    return folder


@pytest.mark.parametrize(
    ("file", "damage"),
    some(
        [(file, damage) for file in ("dif.duckdb", "ledger.duckdb", "manifest.json", "parquet") for damage in DAMAGES],
        [("dif.duckdb", "flipped")],
        "each kind of file and most damages are among those tried",
    ),
)
def test_a_damaged_release_is_set_aside_or_put_back_from_a_backup(home, backups, damage, file):
    release = home.current.folder
    DAMAGES[damage](newest(release / "parquet", "*.parquet") if file == "parquet" else release / file)
    found = examined(home)
    assert found.pop(f"releases/{release.name}") == "release"
    assert set(found) <= {"releases/current"}  # a release without a manifest is none
    assert any("from the backup" in line for line in mended(home, backups))
    assert examined(home) == {}
    DAMAGES[damage](newest(release / "parquet", "*.parquet") if file == "parquet" else release / file)
    assert any("set aside" in line for line in mended(home))
    assert examined(home) == {}
    assert home.releases.current() is None
    assert next((home.settings.home / "damaged").rglob(release.name)).is_dir()
    day = datetime.fromisoformat(f"{release.name.partition('.')[0]}T12:00Z")
    assert home.releases.next_name(day) != release.name


@pytest.mark.slow("every bit of a file")
def test_every_changed_bit_of_a_manifest_is_seen_but_such_as_say_nothing(home):
    file = home.current.folder / "manifest.json"
    content = file.read_bytes()
    said = json.loads(content)
    places = [*range(0, len(content), len(content) // 150), *(content.index(b'"digest"') + n for n in range(9))]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        file.write_bytes(changed)
        if not doctor.wrong_with_release(home.settings, file.parent.name, {}):
            assert json.loads(changed) == said
    file.write_bytes(content)
    assert home.releases.verify("current") == []
    older = {k: v for k, v in said.items() if k not in ("digest", "lake")}
    file.write_text(json.dumps(older))
    assert home.releases.verify("current") == []  # made before there was a digest


@pytest.mark.parametrize(
    "target",
    some(
        [None, "2020-01-01.1", "/tmp", "../lake", "", "a folder", "a file"],
        ["../lake"],
        "another target that is no release",
    ),
)
def test_a_damaged_pointer_is_moved_to_the_newest_whole_release(home, target):
    name, pointer = home.current.name, home.settings.releases / "current"
    other = home.settings.releases / f"{name[:-1]}2"
    shutil.copytree(home.current.folder, other)  # newer, but damaged: its manifest is another's, and a file is cut
    (other / "dif.duckdb").write_bytes(b"")
    pointer.unlink()
    if target == "a folder":
        pointer.mkdir()
    elif target == "a file":
        pointer.write_bytes(b"\0" * 12)
    elif target is not None:
        pointer.symlink_to(target or ".")
    assert examined(home)["releases/current"] == "pointer"
    assert any(f"readers now open {name}" in line for line in mended(home))
    assert home.current.name == name
    assert examined(home) == {}


# --- the commands ----------------------------------------------------------------------------------------------------


def test_doctor_says_what_is_wrong_mends_it_and_looks_again(dif, home):
    code, out, _ = dif("doctor")
    assert (code, out.startswith("All is well")) == (0, True)
    file = newest(home.settings.landing / "adoption", "*.parquet")
    original, twin = file.read_bytes(), home.settings.landing / "journal.twin"
    flip(home.settings.landing / "journal")
    newest(home.settings.lake, "part-*.parquet").unlink()
    code, out, err = dif("doctor", "--json")
    assert (code, {f["kind"] for f in json.loads(out)}) == (1, {"journal", "lake"})
    assert {"where", "problem", "mend"} <= set(json.loads(out)[0])
    code, out, err = dif("doctor")
    assert (code, "landing/journal: line" in out, "--mend" in err) == (1, True, True)
    code, out, _ = dif("doctor", "--mend")
    assert (code, "rebuilt, " in out, "All is well" in out) == (0, True, True)
    assert (home.settings.landing / "journal").read_bytes() == twin.read_bytes()
    file.chmod(0o644)
    file.write_bytes(original[:100])
    code, out, _ = dif("doctor", "--mend", "--json")
    said = json.loads(out)
    assert (code, [f["where"] for f in said["findings"]]) == (1, [f"landing/{file.relative_to(home.settings.landing)}"])
    assert any("again" in line for line in said["done"])
    code, _, err = dif("doctor", "--from", home.settings.home / "nowhere")
    assert (code, "No backup" in err) == (2, True)


def test_a_mistyped_home_is_not_well_and_not_backed_up(dif, home, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    code, out, err = dif("backup", folder)
    assert (code, "is on the same disk as the home" in err) == (0, True)
    typed = tmp_path / "typo"
    monkeypatch.setenv("DIF_HOME", str(typed))
    for words in (["backup", folder, "--keep", 1], ["doctor"], ["alerts"], ["pack"]):
        code, out, err = dif(*words)
        assert (code, out) == (2, "")
        assert f"Nothing has landed in {typed}; is DIF_HOME right?" in err
    assert not typed.exists()
    typed.mkdir()
    assert dif("backup", folder, "--keep", 1)[0] == 2
    code, out, _ = dif("doctor")
    assert (code, out.startswith("Nothing has landed yet")) == (0, True)
    assert len(backup.stamps(folder)) == 1


def test_a_smaller_backup_says_that_nothing_was_removed(dif, home, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    assert dif("backup", folder)[0] == 0
    many = len(open_landing(home.settings).entries)
    other = home.settings.but(home=tmp_path / "other")
    monkeypatch.setenv("DIF_HOME", str(other.home))
    rows = pq.read_table(newest(home.settings.landing / "adoption", "*.parquet")).select(
        [c.name for c in ADOPTION.columns]
    )
    inbox.drop(other.inbox, "adoption", "q", "one", rows.slice(0, 1))
    inbox.take_in(other, open_landing(other))
    code, out, _ = dif("backup", folder, "--keep", 1)
    assert code == 1
    assert f"This backup holds 1 batch; the newest before it holds {many}. Nothing was removed." in out
    assert len(backup.stamps(folder)) == 2


def test_a_batch_that_was_given_up_is_a_note(dif, home, tmp_path):
    kept = open_landing(home.settings)
    entry = next(e for e in kept.entries if e.stream == "adoption")
    kept.file(entry).unlink()
    assert dif("backup", tmp_path / "backups")[0] == 1
    code, out, _ = dif("backup", tmp_path / "backups", "--verify")
    assert (code, f"not in it from the start: landing/{entry.file}: missing" in out) == (1, True)
    code, out, _ = dif("doctor")
    name = f"{entry.stream}/{entry.producer}/{entry.batch_id}"
    assert (code, f"`dif withdraw {name} --reason …`" in out) == (1, True)
    assert dif("withdraw", name, "--reason", "lost")[0] == 0
    code, out, _ = dif("doctor")
    assert (code, out.startswith(f"Note: landing/{entry.file} is lost and was withdrawn")) == (0, True)


def test_what_the_inbox_cannot_take_in_waits_for_a_person_and_is_shown(dif, home):
    folder = home.settings.inbox / "adoption" / "p"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "a.csv")
    (folder / "~$b.xlsx").touch()
    code, out, _ = dif("doctor")
    assert (code, out) == (1, "inbox/adoption/p/a.csv: It is not a file\n  → Remove it, and put a file there.\n")
    assert "inbox/adoption/p/a.csv: It is not a file" in dif("status")[1]
    assert json.loads(dif("status", "--json")[1])["stuck_files"] == [
        {"file": "adoption/p/a.csv", "problem": "It is not a file: remove it, and put a file there."}
    ]
    assert "inbox/adoption/p/~$b.xlsx: A program keeps it for itself" in dif("status")[1]


@pytest.mark.slow("waits for a lock four times")
def test_a_landing_that_somebody_holds_is_shown_all_the_same_and_who_holds_it(dif, home, monkeypatch):
    monkeypatch.setenv("DIF_QUEUE_SECONDS", "0.1")
    with (home.settings.landing / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _, out, err = dif("alerts")
        assert (f"process {os.getpid()} holds its lock" in err, "watch_broken" in out) == (True, False)
        code, out, _ = dif("status")
        assert (code, f"process {os.getpid()} holds its lock" in out, "adoption" in out) == (0, True, True)
        code, _, err = dif("doctor")
        assert (code, f"by process {os.getpid()}" in err) == (1, True)
    assert "holds its lock" not in dif("status")[1]


def test_doctor_mends_only_while_no_run_goes_on(dif, home):
    with atomic_files.locked(home.settings.home):
        assert dif("doctor")[0] == 0
        code, _, err = dif("doctor", "--mend")
    assert (code, "Another run holds" in err) == (1, True)


@pytest.mark.slow("a backup, a reading and a restore of a whole home; tests/transport/test_backup.py tries each")
def test_a_home_is_backed_up_read_back_and_restored_by_command(dif, home, tmp_path):
    (tmp_path / "dif.toml").write_text('contact = "post@x.no"\n')
    folder = tmp_path / "backups"
    code, out, _ = dif("backup", folder, "--lake", "--releases", "all", "--keep", 3)
    assert (code, home.current.name in out, "Backup 2" in out) == (0, True, True)
    code, out, _ = dif("backup", folder, "--lake", "--json")
    assert (code, json.loads(out)["new_files"], json.loads(out)["problems"]) == (0, 0, [])
    code, out, _ = dif("backup", folder, "--verify")
    assert (code, "0 of them damaged" in out) == (0, True)
    code, out, _ = dif("restore", folder, "--check", "--json")
    assert (code, json.loads(out)["wrong"]) == (0, [])
    code, _, err = dif("restore", folder)
    assert (code, "not empty" in err, "--to" in err) == (2, True, True)
    code, out, _ = dif("restore", folder, "--to", tmp_path / "new")
    assert (code, "dif run" in out, "dif.toml" in out) == (0, True, True)
    new = home.settings.but(home=tmp_path / "new")
    assert Releases(new).verify("current") == []
    with atomic_files.locked(new.home):
        assert up_to_date(steps.start(new, home.as_of)) is not None
        assert steps.run_all(steps.start(new, home.as_of)) is None  # the lake came along, and nothing is to be made
    pooled = next((folder / "pool").glob("*/*"))
    pooled.chmod(0o600)
    pooled.write_bytes(b"")
    code, out, _ = dif("backup", folder, "--verify", "--json")
    assert (code, len(json.loads(out)["wrong"]) >= 1) == (1, True)
    code, _, err = dif("backup", home.settings.home / "b")
    assert (code, "inside the home" in err) == (2, True)


def test_pack_says_what_it_did_and_changes_no_figure(dif, home):
    before, upto = home.current, open_landing(home.settings).last_number
    code, out, _ = dif("pack", "--json")
    said = json.loads(out)
    assert (code, said["damaged"]) == (0, [])
    assert doctor.examine(home.settings) == []
    if said["batches"]:
        assert differences(before, made_anew(home.settings, upto, home.as_of)) == []
    assert dif("pack")[1] == (
        "Nothing to pack: small batches received before this month, at least 8 of a stream in a month.\n"
    )


def test_tidy_packs_and_removes_what_is_old_and_leaves_packing_to_the_next_while_a_run_has_the_home(dif, home):
    release, upto = home.current, open_landing(home.settings).last_number
    old = home.settings.home / "log" / "server-2020-01-01.jsonl"
    old.parent.mkdir(exist_ok=True)
    old.touch()
    abandoned = home.settings.scratch / "spill" / "duckdb.tmp"
    abandoned.parent.mkdir(parents=True)
    abandoned.touch()
    for path in (abandoned, abandoned.parent):
        os.utime(path, (0, 0))
    with atomic_files.locked(home.settings.home):
        code, out, _ = dif("tidy")
    assert (code, "1 day of logs removed, 0 batches packed" in out, "A run has the home" in out) == (0, True, True)
    assert (old.exists(), abandoned.exists()) == (False, False)
    done = json.loads(dif("tidy", "--json")[1])
    assert (done["removed"], done["logs"], done["busy"], done["damaged"]) == (0, 0, False, [])
    assert doctor.examine(home.settings) == []
    if done["packed"]:
        assert differences(release, made_anew(home.settings, upto, home.as_of)) == []
    assert dif("pack")[1].startswith("Nothing to pack")


# --- the drill of a move ---------------------------------------------------------------------------------------------


@pytest.fixture
def small(empty_home, traffic):
    """A home in which adoption, registers and some dispatches have landed."""
    dispatches = [b for b in traffic if b.stream == "dispatch"][:3]
    for batch in [b for b in traffic if b.stream in ("adoption", "register")] + dispatches:
        if batch.table.num_rows:
            place = batch.stream, "syntetisk", batch.name, batch.table
            inbox.drop(empty_home.settings.inbox, *place, synthetic=True, arrived_at=batch.arrived_at)
    inbox.take_in(empty_home.settings, open_landing(empty_home.settings))
    return empty_home


@pytest.mark.slow("two homes, each with a run")
def test_a_move_two_houses_from_one_landing_say_the_same_and_then_readers_are_switched(small, tmp_path, capsys):
    """A backup under load, restored to another house; both make the same lines, and the new one takes over."""
    settings, folder = small.settings, tmp_path / "backups"
    keep_secret(settings)  # it has not run, and each house would draw its own
    rows = pq.read_table(newest(settings.landing / "adoption", "*.parquet")).select([c.name for c in ADOPTION.columns])
    stop, problems, sent = threading.Event(), [], []

    def send(settings, ids) -> list[str]:
        kept = open_landing(settings)
        said = []
        for n in ids:
            if stop.is_set():
                break
            temporary = kept.temporary("adoption", "load", "arriving")
            with BatchValidator(ADOPTION, temporary, producer="load", synthetic=True) as door:
                door.add(rows.slice(n % rows.num_rows, 1))
                arrival = Arrival(temporary, door.close(), ADOPTION, "load", f"load-{n}")
            said += [k.status for k in kept.keep([arrival], now=NOW + timedelta(seconds=n))]
            sent.append(n)
        return said

    def load() -> None:
        try:
            send(settings, range(2000))
        except Exception as problem:  # noqa: BLE001 - told below
            problems.append(problem)

    thread, taken = threading.Thread(target=load), []
    thread.start()
    try:
        while len(taken) < 3 or taken[-1].batches < taken[0].batches + 20:
            taken.append(backup.back_up(settings, folder, now=NOW))
            assert len(taken) < 500
    finally:
        stop.set()
        thread.join()
    assert (problems, [t.problems for t in taken if t.problems]) == ([], [])

    house = settings.but(home=tmp_path / "house")
    backup.restore(backup.open_backup(folder), house.home)
    assert doctor.examine(house) == []
    upto = open_landing(house).last_number
    assert 0 < upto <= open_landing(settings).last_number
    with atomic_files.locked(house.home):
        new = steps.run_all(steps.start(house, small.as_of))
    failures = differences(made_anew(settings, upto, small.as_of), new)
    with capsys.disabled():
        said = f"{len(sent)} batches sent, {upto} lines in both houses, {len(failures)} datasets differ"
        sys.stdout.write(f"\nmove: N = {len(taken)} backups under load, {said}\n")
    assert failures == []

    # the switch: readers open the new house; what came after the cut is sent again and accepted, the rest is known
    assert Releases(house).current().name == new.name
    stop.clear()
    have = {e.batch_id for e in open_landing(house).entries}
    asked = sorted(set(sent))
    assert send(house, asked) == ["duplicate" if f"load-{n}" in have else "accepted" for n in asked]
    assert [e.batch_id for e in open_landing(house).entries] == [e.batch_id for e in open_landing(settings).entries]
