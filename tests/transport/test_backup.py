"""A backup is a consistent copy of a home in use; a restore gives back just that, or nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.errors import Damaged, UnknownName, WrongUse
from catalog.tables import registers
from catalog.tables.streams import ADOPTION
from transport.auth.perturbation_key import secret_of
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.registers import apply
from transport.operations import backup, doctor
from transport.operations.subscriptions import Frequency, Kind, Subject, Subscriptions, Wish
from transport.releases.store import Releases
from transport.storage.backends import backend_of
from transport.storage.compaction import pack
from transport.storage.erasure import erase, of_sender
from transport.storage.landing import Arrival, Landing

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


@pytest.fixture
def land(batch):
    """Send adoption batches, each of other content."""

    def landed(kept: Landing, *ids: str) -> None:
        arrivals = []
        for batch_id in ids:
            temporary = kept.temporary("adoption", "q", "arriving")
            with BatchValidator(ADOPTION, temporary, producer="q") as door:
                door.add(batch("adoption", 3 + sum(batch_id.encode()) % 50).select([c.name for c in ADOPTION.columns]))
                arrivals.append(Arrival(temporary, door.close(), ADOPTION, "q", batch_id))
        kept.keep(arrivals, now=NOW)

    return landed


@pytest.fixture
def lived_in(home, land):
    """A home with batches, some of them packed, tokens and a release that is a small folder."""
    land(home.landing, *(f"old{n}" for n in range(9)))
    assert pack(home.landing, now=LATER).batches == 9
    land(home.landing, "a", "b")
    access = home.settings.home / "access"
    access.mkdir(mode=0o700)
    (access / "tokens.json").write_text('{"tokens": []}')
    (access / "tokens.json").chmod(0o600)
    for name in ("2026-03-04.1", "2026-03-05.1"):
        folder = home.settings.releases / name
        folder.mkdir(parents=True)
        (folder / "dif.duckdb").write_bytes(name.encode())
        said = {"bytes": len(name), "sha256": hashlib.sha256(name.encode()).hexdigest()}
        (folder / "manifest.json").write_text(json.dumps({"release": name, "files": {"dif.duckdb": said}}))
    (home.settings.releases / "current").symlink_to("2026-03-05.1")
    assert doctor.examine(home.settings) == []
    return home


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def take(home, folder, **more):
    return backup.back_up(home.settings, folder, now=more.pop("now", NOW), **more)


def journal_of(settings: Settings) -> bytes:
    return (settings.landing / "journal").read_bytes()


def test_what_is_restored_is_what_was_backed_up(lived_in, folder, tmp_path):
    (tmp_path / "dif.toml").write_text('contact = "post"')
    taken = take(lived_in, folder, releases="all", configuration=tmp_path / "dif.toml")
    assert (taken.batches, taken.release, taken.problems) == (11, "2026-03-05.1", ())
    assert backup.open_backup(folder).verify() == []
    new = Settings(home=tmp_path / "new")
    backup.restore(backup.open_backup(folder), new.home)
    assert doctor.examine(new) == []
    assert journal_of(new) == (new.landing / "journal.twin").read_bytes() == journal_of(lived_in.settings)

    def content(home: Path):
        files = {str(p.relative_to(home)): p for p in home.rglob("*") if p.is_file()}
        return {
            n: (p.read_bytes(), p.stat().st_mode)
            for n, p in files.items()
            if p.name not in (".lock", "run.lock", "dif.toml")
        }

    assert content(new.home) == content(lived_in.settings.home)
    assert (new.releases / "current").resolve().name == "2026-03-05.1"
    assert (new.home / "access/tokens.json").stat().st_mode & 0o777 == 0o600
    assert (new.home / "landing").stat().st_mode & 0o777 == 0o700
    assert (new.home / "dif.toml").read_text() == 'contact = "post"'
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_secret_of_protected_counts_comes_back_for_its_owner_alone(lived_in, folder, tmp_path):
    secret = secret_of(lived_in.settings, made_with=None)
    take(lived_in, folder)
    lived_in.settings.home.rename(tmp_path / "lost")
    backup.restore(backup.open_backup(folder), lived_in.settings.home)
    key = lived_in.settings.home / "access/perturbation.key"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert secret_of(lived_in.settings, made_with=secret.id) == secret


def test_an_address_of_a_subscriber_is_in_no_backup(lived_in, folder):
    """A restore would bring back addresses that were deleted since."""
    wish = Wish("kari@kommune.test", Subject(Kind.LEADERSHIP), Frequency.MONTHLY, "nb")
    assert Subscriptions(lived_in.settings).ask(wish, now=NOW)
    take(lived_in, folder)
    assert not [p for p in folder.rglob("*") if p.is_file() and b"kari@kommune.test" in p.read_bytes()]


def close_quarter(home, release: str) -> None:
    """Let the register of periods name a release."""
    row = dict.fromkeys(registers.PERIOD.schema.names)
    row |= {"quarter": "2026-Q1", "closed_by": "økonomi", "release": release, "status": "CLOSED"}
    apply(home.landing, registers.PERIOD, [row], by="økonomi", reason="kvartalet er gjort opp", now=NOW)


def keep_by(home, how: str) -> None:
    """Keep the older release in one of the ways by which readers may ask for it."""
    releases = Releases(home.settings)
    if how == "held":
        releases.hold("2026-03-04.1", by="økonomi", reason="til revisjonen", now=NOW)
    elif how == "stable":
        releases.promote("2026-03-04.1", by="drift", reason="lest", now=NOW)
    else:
        close_quarter(home, "2026-03-04.1")


@pytest.mark.parametrize("how", ["held", "stable", "named by a register"])
def test_a_release_that_readers_may_ask_for_by_name_is_in_each_backup_and_missed_when_it_is_gone(
    lived_in, folder, tmp_path, how
):
    keep_by(lived_in, how)
    take(lived_in, folder)
    new = Settings(home=tmp_path / "new")
    backup.restore(backup.open_backup(folder), new.home)
    assert (Releases(new).names(), doctor.examine(new)) == (["2026-03-04.1", "2026-03-05.1"], [])
    shutil.rmtree(new.releases / "2026-03-04.1")
    (finding,) = doctor.examine(new)
    assert (finding.where, finding.kind, finding.mendable) == ("releases/2026-03-04.1", "gone", False)
    assert "--from BACKUP" in finding.mend
    (finding,) = findings = doctor.examine(new, backup=folder)
    assert finding.mendable
    assert "releases/2026-03-04.1: put back from the backup." in doctor.mend(new, findings, backup=folder)
    assert (Releases(new).names(), doctor.examine(new)) == (["2026-03-04.1", "2026-03-05.1"], [])


def test_a_release_of_rows_that_were_erased_is_not_put_back(lived_in, folder):
    keep_by(lived_in, "held")
    take(lived_in, folder)
    shutil.rmtree(lived_in.settings.releases / "2026-03-04.1")
    kept = lived_in.landing
    erase(kept, of_sender(kept, "q"), None, by="drift", reason="avtalen er over", now=NOW)
    kept.finish_erasing(now=NOW)
    found = [f for f in doctor.examine(lived_in.settings, backup=folder) if f.kind == "gone"]
    done = doctor.mend(lived_in.settings, found, backup=folder)
    assert "releases/2026-03-04.1: not put back, because it was made of rows that were erased since." in done
    assert Releases(lived_in.settings).names() == ["2026-03-05.1"]


def test_a_list_of_held_releases_that_cannot_be_read_is_told_of_and_what_was_taken_is_restored(lived_in, folder):
    keep_by(lived_in, "held")
    (lived_in.settings.releases / "held.json").write_text("{")
    assert "releases/held.json" in {f.where for f in doctor.examine(lived_in.settings)}
    taken = backup.back_up(lived_in.settings, folder, now=NOW)
    assert taken.problems == ("releases/held.json: cannot be read",)
    backup.restore(backup.open_backup(folder), folder.with_name("again"))
    assert Releases(Settings(home=folder.with_name("again"))).current() is not None


def test_a_backup_without_the_held_release_is_not_whole_and_no_older_one_gives_way(lived_in, folder):
    keep_by(lived_in, "held")
    take(lived_in, folder)
    shutil.rmtree(lived_in.settings.releases / "2026-03-04.1")
    taken = take(lived_in, folder, keep=1)
    assert (taken.problems, len(backup.stamps(folder))) == (("releases/2026-03-04.1: missing",), 2)


def test_a_release_that_a_register_names_and_that_went_by_an_erasure_is_not_missed(lived_in):
    close_quarter(lived_in, "2026-03-03.1")
    assert [f.kind for f in doctor.examine(lived_in.settings)] == ["gone"]
    kept = lived_in.landing
    erase(kept, of_sender(kept, "q"), None, by="drift", reason="avtalen er over", now=NOW)
    kept.finish_erasing(now=NOW)
    assert doctor.examine(lived_in.settings) == []


def test_where_a_register_cannot_be_read_every_release_is_taken(lived_in, folder):
    close_quarter(lived_in, "2026-03-05.1")
    (version,) = (lived_in.settings.landing / "register").rglob("*.parquet")
    version.unlink()
    take(lived_in, folder)
    assert {f.split("/")[1] for f in backup.open_backup(folder).files if f.startswith("releases/")} == {
        "2026-03-04.1",
        "2026-03-05.1",
    }


def test_the_current_release_alone_is_taken_when_nobody_keeps_another_unless_all_are_asked_for(lived_in, folder):
    names = {
        "kept": {"2026-03-05.1"},
        "current": {"2026-03-05.1"},
        "all": {"2026-03-04.1", "2026-03-05.1"},
    }
    for asked, expected in names.items():
        take(lived_in, folder, releases=asked)
        files = backup.open_backup(folder).files
        assert {f.split("/")[1] for f in files if f.startswith("releases/")} == expected


def test_only_what_is_new_is_copied_and_what_is_known_is_not_read(lived_in, folder, land):
    first = take(lived_in, folder)
    assert first.new_files == first.files
    land(lived_in.landing, "c")
    second = take(lived_in, folder)
    assert (second.files - first.files, second.new_files) == (1, 2)  # the batch, and the journal with its line
    assert backup.stamps(folder) == [first.stamp, second.stamp] == ["20260305T080000Z", "20260305T080000Z-2"]
    assert take(lived_in, folder).new_files == 0


def test_a_home_in_which_nothing_landed_is_most_likely_not_the_one_that_was_meant(home, folder):
    with pytest.raises(WrongUse, match=r"Nothing has landed in .*; is DIF_HOME right\?"):
        take(home, folder, keep=1)
    assert not folder.exists()
    assert not home.settings.home.exists()


def test_a_backup_of_another_smaller_home_never_takes_the_place_of_the_real_ones(
    lived_in, folder, land, make_home, tmp_path
):
    real = take(lived_in, folder)
    other = make_home(tmp_path / "other")
    land(other.landing, "x")
    for hour in (1, 2):  # the second is no smaller than the one before it
        taken = take(other, folder, keep=1, now=NOW + timedelta(hours=hour))
        assert (taken.batches, taken.shrunk, taken.pruned) == (1, (real.stamp, 11), ())
    land(lived_in.landing, "c")
    assert len(take(lived_in, folder, keep=1, now=NOW + timedelta(hours=3)).pruned) == 3


def test_a_lost_batch_that_was_given_up_is_no_problem_of_a_backup(lived_in, folder):
    kept = lived_in.landing
    entry = kept.entry_named("adoption", "q", "a")
    kept.file(entry).unlink()
    assert take(lived_in, folder).problems == ("landing/adoption/q/a.parquet: missing",)
    kept.withdraw(entry, by="drift", reason="lost", now=NOW)
    taken = take(lived_in, folder, keep=1, now=NOW + timedelta(hours=1))
    assert (taken.problems, len(taken.pruned)) == ((), 1)


def test_a_backup_taken_while_batches_land_and_are_packed_is_a_whole_one(home, folder, land, tmp_path):
    stop, problems = threading.Event(), []
    land(home.landing, "first")

    def send() -> None:
        try:
            kept = home.landing
            for n in range(1000):
                if stop.is_set():
                    return
                land(kept, f"s{n}")
                if n % 10 == 9:
                    pack(kept, now=LATER)
        except Exception as problem:  # noqa: BLE001 - told below
            problems.append(problem)

    thread = threading.Thread(target=send)
    thread.start()
    taken = []
    try:
        while len(taken) < 8 or taken[-1].batches < 30:
            taken.append(take(home, folder))
            assert len(taken) < 2000
    finally:
        stop.set()
        thread.join()
    assert (problems, [t.problems for t in taken if t.problems]) == ([], [])
    whole = journal_of(home.settings)
    for place, one in enumerate([taken[1], taken[len(taken) // 2], taken[-1]]):
        new = Settings(home=tmp_path / f"new{place}")
        backup.restore(backup.open_backup(folder, one.stamp), new.home)
        assert doctor.examine(new) == []
        if one.batches:
            assert whole.startswith(journal_of(new))
            assert journal_of(new).endswith(b"\n")


def test_a_file_that_is_damaged_here_is_never_taken_for_the_good_one(lived_in, folder, land):
    before = take(lived_in, folder)
    land(lived_in.landing, "new")
    for name in ("a", "new"):
        file = lived_in.settings.landing / f"adoption/q/{name}.parquet"
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:-9] + b"123456789")
    taken = take(lived_in, folder, keep=1)
    assert taken.problems == ("landing/adoption/q/new.parquet: changed since it was written",)
    assert (taken.pruned, backup.stamps(folder)) == ((), [before.stamp, taken.stamp])
    assert "landing/adoption/q/a.parquet" in backup.open_backup(folder).files  # the pool has it as it was
    assert backup.open_backup(folder).verify() == []


def test_a_landing_that_lost_lines_is_no_cut(lived_in, folder):
    journal = lived_in.settings.landing / "journal"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(Damaged, match="lacks its last"):
        take(lived_in, folder)
    assert backup.stamps(folder) == []


def test_half_a_backup_is_none(lived_in, folder):
    whole = take(lived_in, folder)
    (folder / ".tmp-20260306T080000Z").mkdir()
    (folder / "20260307T080000Z").mkdir()
    assert backup.open_backup(folder).stamp == whole.stamp
    shutil.rmtree(folder / "20260307T080000Z")
    assert backup.stamps(folder) == [whole.stamp]


def test_the_oldest_give_way_and_the_pool_keeps_what_is_needed(lived_in, folder, land, tmp_path):
    stamps = []
    for n in range(4):
        land(lived_in.landing, f"n{n}")
        stamps.append(take(lived_in, folder, keep=2, now=NOW + timedelta(hours=n)).stamp)
    assert backup.stamps(folder) == stamps[2:]
    for stamp in stamps[2:]:
        assert backup.open_backup(folder, stamp).verify() == []
    pooled = {p.name for p in (folder / "pool").glob("*/*")}
    named = {f["sha256"] for s in stamps[2:] for f in backup.open_backup(folder, s).files.values()}
    assert pooled == named
    with pytest.raises(UnknownName, match="No backup"):
        backup.open_backup(folder, stamps[0])


def test_the_backup_taken_last_is_the_newest_and_stays_although_the_clock_was_put_back(lived_in, folder, land):
    ahead = take(lived_in, folder, now=NOW + timedelta(days=1500)).stamp
    stamps = [ahead]
    for n in range(11):
        land(lived_in.landing, f"n{n}")
        taken = take(lived_in, folder, keep=2, now=NOW + timedelta(hours=n))
        stamps.append(taken.stamp)
        assert backup.open_backup(folder).manifest["batches"] == taken.batches
        assert taken.pruned == tuple(stamps[n - 1 : n] if n else ())
    assert backup.stamps(folder) == stamps[-2:]


def test_a_backup_in_the_home_or_of_no_number_is_wrong_use(lived_in, folder):
    for place in (lived_in.settings.home, lived_in.settings.home / "backups"):
        with pytest.raises(WrongUse, match="inside the home"):
            take(lived_in, place)
    with pytest.raises(WrongUse, match="--keep"):
        take(lived_in, folder, keep=0)


def test_two_backups_to_one_folder_take_turns(lived_in, folder):
    folder.mkdir()
    with atomic_files.locked(folder), pytest.raises(Exception, match="Another run holds"):
        take(lived_in, folder)


def test_a_restore_never_overwrites(lived_in, folder, tmp_path):
    take(lived_in, folder)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "file").touch()
    with pytest.raises(WrongUse, match="not empty") as refused:
        backup.restore(backup.open_backup(folder), tmp_path / "new")
    assert "--to" in refused.value.mend
    with pytest.raises(WrongUse, match="not empty"):
        backup.restore(backup.open_backup(folder), lived_in.settings.home)


def test_a_full_disk_is_named_by_the_file_that_has_no_room_not_by_the_one_copied():
    full = OSError(errno.ENOSPC, "No space left on device", "/backup/pool/0e", None, "/home/releases/0e")  # shutil's
    assert atomic_files.in_words(full).problem == "No space left on device (/home/releases/0e)."


def test_a_restore_leaves_what_a_new_user_begins_with(lived_in, folder, tmp_path):
    take(lived_in, folder)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".bashrc").write_text("umask 077")
    one = backup.open_backup(folder)
    held = one.file("landing/journal")
    journal = held.read_bytes()
    held.chmod(0o600)
    held.write_bytes(b"")
    with pytest.raises(Damaged):
        backup.restore(one, tmp_path / "new")
    assert [p.name for p in (tmp_path / "new").iterdir()] == [".bashrc"]
    held.write_bytes(journal)
    backup.restore(one, tmp_path / "new")
    assert (tmp_path / "new" / ".bashrc").read_text() == "umask 077"
    assert (tmp_path / "new" / "landing" / "journal").read_bytes() == journal


@pytest.mark.parametrize("damage", ["flipped", "missing"])
@pytest.mark.parametrize("place", ["landing/journal", "landing/adoption/q/b.parquet", "access/tokens.json"])
def test_a_damaged_backup_restores_nothing_and_the_next_one_takes_the_file_anew(
    lived_in, folder, tmp_path, place, damage
):
    take(lived_in, folder)
    one = backup.open_backup(folder)
    file = one.file(place)
    file.chmod(0o600)
    if damage == "flipped":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    else:
        file.unlink()
    for there in (True, False):
        home = tmp_path / f"new{there}"
        if there:
            home.mkdir()
        with pytest.raises(Damaged, match="nothing was restored"):
            backup.restore(one, home)
        assert home.exists() is there
        assert not there or list(home.iterdir()) == []
    (wrong,) = one.verify()
    assert wrong.startswith(f"{place}: ")
    assert backup.set_aside(one, [wrong]) == (1 if damage == "flipped" else 0)
    take(lived_in, folder)
    assert [one.verify(), backup.open_backup(folder).verify()] == [[], []]


def test_a_manifest_with_a_changed_bit_is_never_used_and_the_older_one_can_be(lived_in, folder, tmp_path):
    older, newer = take(lived_in, folder), take(lived_in, folder)
    manifest = folder / newer.stamp / "manifest.json"
    content = manifest.read_bytes()
    for part in range(10):
        changed = bytearray(content)
        changed[len(content) * part // 10] ^= 1
        manifest.write_bytes(changed)
        with pytest.raises(Damaged, match=newer.stamp) as refused:
            backup.open_backup(folder)
        assert older.stamp in refused.value.mend
    backup.restore(backup.open_backup(folder, older.stamp), tmp_path / "new")
    assert doctor.examine(Settings(home=tmp_path / "new")) == []


def test_a_manifest_that_names_a_place_outside_the_home_is_refused(lived_in, folder, tmp_path):
    taken = take(lived_in, folder)
    one = backup.open_backup(folder)
    for place in ("../x", "/x", "landing/../../x"):
        evil = backup.Backup(folder, taken.stamp, {**one.manifest, "files": {place: one.files["access/tokens.json"]}})
        with pytest.raises(WrongUse, match="names"):
            backup.restore(evil, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_journal_in_a_backup_has_every_line_that_its_release_was_made_of(lived_in, folder, land):
    """A batch may land, and a run publish it, while a backup is taken: the landing would be older than the release."""
    published = []

    def publish_meanwhile(*_):
        if not published:
            land(lived_in.landing, "meanwhile")
            last = lived_in.landing.last_number
            release = lived_in.settings.releases / "2026-03-05.1"
            (release / "manifest.json").write_text(
                json.dumps({"release": release.name, "made_of": {"journal": [last, ""]}})
            )
            published.append(last)

    take(lived_in, folder, progress=publish_meanwhile)
    one = backup.open_backup(folder)
    made_of = json.loads(one.file("releases/2026-03-05.1/manifest.json").read_bytes())["made_of"]
    assert made_of["journal"][0] == one.journal().count(b"\n") == published[0]


def test_a_landing_with_a_mirror_moves_to_one_without(make_home, land, folder, tmp_path):
    home = make_home(tmp_path / "home", mirror=tmp_path / "mirror")
    land(home.landing, "a", "b")
    take(home, folder)
    new = Settings(home=tmp_path / "new")
    backup.restore(backup.open_backup(folder / "20260305T080000Z"), new.home)
    assert doctor.examine(new) == []
    assert journal_of(new) == journal_of(home.settings)


def test_a_home_restored_from_an_older_backup_gets_the_rest_from_its_mirror(make_home, land, folder, tmp_path):
    home = make_home(tmp_path / "home", mirror=tmp_path / "mirror")
    land(home.landing, "a", "b")
    take(home, folder)
    land(home.landing, "c")
    whole = journal_of(home.settings)
    shutil.rmtree(home.settings.home)
    backup.restore(backup.open_backup(folder), home.settings.home)
    found = doctor.examine(home.settings)
    assert [(f.kind, f.mendable) for f in found] == [("journal", True), ("batch", True)]
    with atomic_files.locked(home.settings.home):
        doctor.mend(home.settings, found)
    assert doctor.examine(home.settings) == []
    assert journal_of(home.settings) == whole


@pytest.mark.parametrize("shards", [1, 4])
def test_a_landing_on_object_storage_is_backed_up_mended_and_moved_to_a_disk(make_home, land, folder, tmp_path, shards):
    home = make_home(tmp_path / "home", landing_url=f"memory://{tmp_path.name}", shards=shards)
    kept = home.landing
    if shards > 1:  # the line that divides the journal is dated by the machine's clock
        kept.trust_clock(by="drift", reason="the clock of this test", now=NOW)
    land(kept, *(f"old{n}" for n in range(9)))
    kept.refresh()
    assert pack(kept, now=LATER).batches == 9
    land(kept, "a", "b")
    assert doctor.examine(home.settings) == []
    assert take(home, folder).problems == ()
    kept.refresh()
    kept.backend.remove(kept.place(kept.entry_named("adoption", "q", "b")))
    kept.backend.remove(kept.place(kept.entry_named("adoption", "q", "old3")))
    found = doctor.examine(home.settings, backup=folder)
    assert ({f.kind for f in found}, {f.mendable for f in found}) == ({"batch", "pack"}, {True})
    with atomic_files.locked(home.settings.home):
        doctor.mend(home.settings, found, backup=folder)
    assert doctor.examine(home.settings) == []
    new = Settings(home=tmp_path / "new")
    backup.restore(backup.open_backup(folder), new.home)
    assert doctor.examine(new) == []
    assert {e.batch_id for e in Landing(backend_of(new)).entries} == {e.batch_id for e in kept.entries}
