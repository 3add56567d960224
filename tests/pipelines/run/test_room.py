"""A disk with little room: runs stop in time and say why; and what is kept grows by a policy."""

import errno
import json
import os
import re
import signal
import sqlite3
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
import sqlalchemy.exc

from catalog.errors import Damaged, NoRoom
from pipelines.orchestration import checks, instance
from pipelines.run.attempt import Attempt
from pipelines.run.context import SilentReporter
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.operations import clock
from transport.releases.store import Releases
from transport.storage import landing

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
NEXT_DAY = AS_OF + timedelta(days=1)


# --- room ------------------------------------------------------------------------------------------------------------


def test_a_run_and_the_inbox_keep_to_the_reserve(home, traffic):
    table = next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "syntetisk", "late", table, synthetic=True)
    before, home.settings = home.current.name, home.settings.but(disk_reserve_mb=10**9)
    with pytest.raises(NoRoom):
        home.run(as_of=NEXT_DAY)
    with pytest.raises(NoRoom):
        inbox.take_in(home.settings, landing.open_landing(home.settings))
    assert len(inbox.pending(home.settings)) == 1
    assert (home.current.name, home.releases.last_attempt()["kind"]) == (before, "no_room")


def test_a_file_that_the_disk_has_no_room_for_waits_and_the_others_are_taken_in(empty_home, traffic):
    table = next(b.table for b in traffic if b.stream == "cost_entry" and b.table.num_rows)
    settings = empty_home.settings.but(max_body_mb=1 << 40)
    inbox.drop(settings.inbox, "cost_entry", "syntetisk", "january", table, synthetic=True)
    year = settings.inbox / "cost_entry" / "syntetisk" / "year.xml"
    with year.open("wb") as handle:
        handle.truncate(1 << 43)  # a hole: it takes no room here
    os.utime(year, (0, 0))  # the oldest, so it is looked at first
    done = inbox.take_in(settings, landing.open_landing(settings))
    assert (done.accepted, done.rejected) == (["cost_entry/syntetisk/january.parquet"], [])
    [why] = done.stuck
    assert "year.xml: It has 8388608 MB, and there is no room for it" in why
    assert year.exists()


def test_a_disk_that_fills_is_told_as_that_and_never_in_sql(home):
    class Full(SilentReporter):
        def step(self, name, detail=""):
            if name == "landing":
                raise sqlalchemy.exc.OperationalError(
                    "INSERT INTO event_logs", {}, sqlite3.OperationalError("database or disk is full")
                )

    with pytest.raises(NoRoom):
        home.run(as_of=NEXT_DAY, reporter=Full())
    said = home.releases.last_attempt()
    assert (said["status"], said["kind"], "disk is full" in said["problem"]) == ("failed", "no_room", True)
    assert "INSERT" not in json.dumps(said)

    with home.begun() as run, pytest.raises(KeyError), Attempt(run).recording_failure():
        raise KeyError("/srv/dif/secret.parquet")
    assert home.releases.last_attempt()["problem"] == "The run stopped unexpectedly (KeyError)."


def test_where_not_even_the_note_fits_the_last_success_is_not_shown_as_the_last_run(home, monkeypatch):
    home.releases.note_attempt({"status": "published", "at": AS_OF.isoformat()})

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic_files, "write_json", full)
    with pytest.raises(NoRoom):
        home.run(as_of=NEXT_DAY)
    assert home.releases.last_attempt().get("status") != "published"


def test_while_a_run_goes_on_the_one_before_stands_and_one_that_was_killed_is_told(home):
    before = {"status": "published", "at": AS_OF.isoformat()}
    home.releases.note_attempt(before)
    with atomic_files.locked(home.settings.home):
        home.releases.note_begun(NEXT_DAY)
        assert home.releases.last_attempt() == before
    killed = home.releases.last_attempt()
    assert (killed["status"], killed["at"]) == ("failed", NEXT_DAY.isoformat())
    assert "stopped without recording why" in killed["problem"]


@pytest.mark.parametrize("damage", ["", "{", "[1, null]", '{"status": "running"}', "\xff"])
def test_a_record_of_the_last_run_that_cannot_be_read_hides_nothing_and_stops_no_run(home, dif_in, damage):
    (home.settings.releases / "last_attempt.json").write_bytes(damage.encode("latin-1"))
    for look in ("status", "doctor"):
        _, out, err = dif_in(home.settings.home)(look)
        assert "releases/last_attempt.json cannot be read." in out + err
    home.releases.note_begun(NEXT_DAY)
    home.releases.note_attempt({"status": "published", "at": NEXT_DAY.isoformat()})
    assert home.releases.last_attempt()["status"] == "published"


def test_a_run_that_somebody_ends_says_so(home):
    with home.begun() as run, pytest.raises(KeyboardInterrupt), Attempt(run):
        raise KeyboardInterrupt
    ended = home.releases.last_attempt()
    assert (ended["status"], ended["problem"]) == ("failed", "The run was ended from outside before it was done.")


@pytest.mark.slow("waits for four processes")
def test_a_run_that_a_signal_ends_within_a_statement_or_within_dagster_says_so(home, command, monkeypatch):
    """DuckDB and Dagster make errors of their own of it."""

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        raise RuntimeError("Query interrupted")

    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with (
            home.begun() as run,
            pytest.raises(KeyboardInterrupt),
            Attempt(run) as attempt,
            attempt.recording_failure(),
        ):
            interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
    ended = "The run was ended from outside before it was done."
    assert home.releases.last_attempt()["problem"] == ended
    home.releases.note_attempt({"status": "nothing_new", "at": "2026-03-05T08:00:00+00:00"})

    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    monkeypatch.setattr(instance, "forget_old_runs", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a server of another test may have set its own
    try:
        code, _, err = command("run")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (code, err.splitlines()[-1]) == (1, "Stopped. Nothing half-made was kept; run again at any time.")
    assert home.releases.last_attempt()["problem"] == ended


@pytest.mark.slow("waits for a process of Dagster")
def test_a_run_that_dagster_itself_stops_is_told_with_the_step_and_where_its_log_is(ledgers, command, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("its store is locked")

    monkeypatch.setattr(checks, "_check_result", fails)
    code, _, err = command("run", "--month", "2026-01")
    assert (code, "dif up" in err) == (1, True)
    assert re.search(r"The run stopped in .*\bchecks\b", err)
    assert ledgers.releases.last_attempt()["problem"].startswith("The run stopped in ")


# --- what is kept ----------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path):
    """Three releases a day for 120 days, of which readers open the last."""
    releases = Releases(Settings(home=tmp_path, release_days=31, release_months=24))
    began = datetime(2026, 2, 15, 6, tzinfo=UTC)
    parent = None
    for day in range(120):
        for turn in range(3):
            at = began + timedelta(days=day, hours=4 * turn)
            name = f"{at:%Y-%m-%d}.{turn + 1}"
            folder = releases.folder / name
            folder.mkdir(parents=True)
            said = {"published_at": at.isoformat(), "parent": parent, "files": {}}
            (folder / "manifest.json").write_text(json.dumps(said))
            parent = name
    releases.point(parent)
    return releases, began + timedelta(days=119, hours=9)


def test_of_each_day_and_month_the_last_release_is_kept_and_what_somebody_holds_or_a_register_names(many):
    releases, now = many
    releases.hold("2026-03-03.2", by="team:x", reason="revisjon", now=now)
    gone = releases.expired(now=now, referenced={"2026-03-04.1"})
    kept = [name for name in releases.names() if name not in gone]
    days = [f"{date(2026, 6, 14) - timedelta(days=n)}" for n in range(32)]
    expected = {f"{day}.3" for day in days} | {"2026-02-28.3", "2026-03-31.3", "2026-04-30.3", "2026-05-31.3"}
    of_two_days = {f"2026-06-{day}.{turn}" for day in (13, 14) for turn in (1, 2)}
    assert set(kept) == expected | of_two_days | {"2026-03-03.2", "2026-03-04.1"}
    for name in gone:
        releases.remove(name)
    assert releases.expired(now=now, referenced={"2026-03-04.1"}) == []
    releases.let_go("2026-03-03.2")
    assert releases.expired(now=now, referenced={"2026-03-04.1"}) == ["2026-03-03.2"]


@pytest.fixture
def with_damage(home):
    """The home with an older release and a list of those held that nobody can read."""
    broken = home.settings.releases / "2020-01-15.1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    (home.settings.releases / "held.json").write_text("[1")
    return home


@pytest.mark.slow("a run of its own; what is removed beside such damage is tried below")
def test_a_damaged_older_release_or_list_of_those_held_stops_no_run(with_damage):
    release = with_damage.run(as_of=NEXT_DAY)
    assert with_damage.current.name == release.name


def test_nothing_is_removed_of_a_damaged_older_release_or_while_the_list_of_those_held_is_damaged(with_damage):
    home = with_damage
    with pytest.raises(Damaged, match=r"held\.json"):
        home.releases.expired(now=NEXT_DAY)
    (home.settings.releases / "held.json").unlink()
    assert "2020-01-15.1" not in home.releases.expired(now=NEXT_DAY + timedelta(days=9999))


def test_releases_are_held_and_pruned_from_the_command_line(home, command, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    old = f"{home.current.name[:-1]}9"
    folder = home.settings.releases / old
    folder.mkdir()
    said = dict(home.current.manifest) | {"published_at": "2020-01-15T08:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps(said))
    (folder / "own").write_bytes(b"x" * 2_000_000)
    code, _, err = command("release", "hold", old)
    assert (code, "--reason" in err) == (2, True)
    assert command("release", "hold", old, "--by", "team:x", "--reason", "revisjon")[0] == 0
    assert "Every release is kept" in command("release", "prune")[1]
    assert "revisjon" in command("release", "list")[1]
    assert command("release", "hold", old, "--off")[0] == 0
    clock.note(home.settings)
    noted = home.settings.home / "clock.json"
    as_it_is = noted.read_text()
    noted.write_text(json.dumps(json.loads(as_it_is) | {"at": "2026-01-01T00:00:00+00:00"}))
    assert "Every release is kept" in command("release", "prune")[1], "the clock was put ahead since"
    noted.write_text(as_it_is)
    code, out, _ = command("release", "prune")
    assert (code, old in out, re.search(r"\b2\.\d", out) is not None, "--yes" in out) == (0, True, True, True)
    assert old in home.releases.names()
    assert "1 removed" in command("release", "prune", "--yes")[1]
    assert home.releases.names() == [home.current.name]


def test_a_release_becomes_stable_by_command_and_is_kept_until_another_does(home, command, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    name = home.current.name
    assert command("release", "promote")[0] == 2
    code, out, _ = command("release", "promote", "--by", "team:x", "--reason", "lest av økonomi")
    assert (code, out) == (0, f"{name} is stable.\n")
    listed = json.loads(command("release", "list", "--json")[1])
    assert [(r["release"], r["current"], r["stable"]) for r in listed if r["stable"]] == [(name, "*", "*")]
    assert command("release", "verify", "stable")[0] == 0
    assert "while it is stable" in command("release", "hold", "stable", "--off")[2]
    assert command("release", "hold", "--by", "team:x", "--reason", "lest")[0] == 0
    assert f"{name} is no longer held" in command("release", "hold", "--off")[1]
    assert "No held release" in command("release", "hold", "--off")[2]
    (home.current.folder / "more").touch()
    code, _, err = command("release", "promote", "--by", "team:x", "--reason", "igjen")
    assert (code, "more: not in the manifest" in err) == (1, True)
    (home.current.folder / "more").unlink()
    assert command("release", "promote", "--off")[0] == 0
    assert "No release has been promoted" in command("release", "verify", "stable")[2]


@pytest.mark.slow("several runs")
def test_of_runs_that_ended_long_ago_nothing_is_left(tmp_path):
    @dg.asset_check(asset="a")
    def holds():
        return dg.AssetCheckResult(passed=True)

    @dg.asset
    def a():
        return 1

    job = dg.Definitions(assets=[a], asset_checks=[holds], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")
    with instance.open_instance(tmp_path) as kept:
        runs = [job.execute_in_process(instance=kept).run_id for _ in range(3)]
        now = datetime.now(UTC)
        assert instance.forget_old_runs(kept, days=30, most=3, now=now) == 0
        assert instance.forget_old_runs(kept, days=30, most=1, now=now) == 2
        assert [r.run_id for r in kept.get_runs()] == runs[-1:]
        assert [p for p in tmp_path.rglob("*") if any(run in p.name for run in runs[:2])] == []
        assert instance.forget_old_runs(kept, days=30, most=1, now=now + timedelta(days=31)) == 1
        assert kept.get_runs() == []
