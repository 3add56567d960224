"""Lake and releases on object storage: each machine goes on with them, one at a time, and all read the same."""

import shutil
import time
import uuid
from dataclasses import replace
from datetime import date

import dagster as dg
import pyarrow.parquet as pq
import pytest

from catalog.contracts.scan import Query, empty
from catalog.errors import BadSetting, Busy, Damaged, LeaseLost, TryAgain
from catalog.tables import usage
from dashboards.release import attempt as read_by_pages
from pipelines.orchestration.resources import AttemptResource, HomeResource
from pipelines.run import batches, steps
from pipelines.run.schedule import make, plan
from pipelines.run.tables import LAKE
from tests.pipelines.conftest import AS_OF, Home, copied, keep_secret, settings_of, unchecked
from transport.base.settings import Settings
from transport.cluster import lease
from transport.cluster.lake import lake_mirror
from transport.cluster.mirror import ObjectStoreMirror
from transport.cluster.move import move
from transport.cluster.releases import SharedReleases, folder_of, follow
from transport.lake.session import Session
from transport.lake.tables import Lake, as_written
from transport.operations import backup
from transport.operations.doctor import examine
from transport.releases import blocks
from transport.releases.store import Releases
from transport.storage import erasure
from transport.storage.landing import open_landing


class Machine(Home):
    """A home that shares lake and releases with others."""

    def run(self, *, check=unchecked, **more):
        with steps.exclusive_run(self.settings) as held:
            return steps.run_all(steps.start(self.settings, AS_OF, lease=held, **more), check=check)


@pytest.fixture
def machine(published, tmp_path):
    """Make machines that share a store; each has the landing, and nothing else."""
    name = uuid.uuid4().hex
    shared = {"lake_url": f"memory://{name}-lake", "releases_url": f"memory://{name}-releases", "lease_seconds": 0.6}

    def machine(folder: str) -> Machine:
        home = copied(published.settings.home, tmp_path / folder)
        for own in ("lake", "releases", "tmp"):
            shutil.rmtree(home.settings.home / own)
        return Machine(home.settings.but(**shared))

    return machine


def contents(release) -> dict[str, str]:
    return {name: entry["content_hash"] for name, entry in release.section("datasets").items() if entry["content_hash"]}


@pytest.mark.slow("runs on two machines in turn; what each finds of the other is tried below, and `make drill` runs it")
def test_another_machine_reads_the_release_and_goes_on_where_the_first_ended(machine, published, monkeypatch):
    first, second, pages, third = machine("first"), machine("second"), machine("pages"), machine("third")
    made = first.run()
    assert contents(made) == contents(published.current)
    read = second.current  # nothing of it was there
    assert (read.name, Releases(second.settings).verify(read.name)) == (made.name, [])
    assert second.run() is None, "nothing is new"
    lake = Lake.of(second.settings)
    months = Lake.of(first.settings).parts(usage.DISPATCH_DAY).keys()
    assert lake.parts(usage.DISPATCH_DAY).keys() == months
    for name in ("lake_url", "releases_url", "lease_seconds"):
        monkeypatch.setenv(f"DIF_{name.upper()}", str(getattr(third.settings, name)))
    # a job of Dagster's without the step that prepares a run, such as `publish`
    with dg.build_resources({"attempt": AttemptResource(home=HomeResource.of(third.settings))}) as given:
        assert given.attempt.run.lake.parts(usage.DISPATCH_DAY).keys() == months
    follow(pages.settings)  # for pages, which read the folder
    assert (pages.settings.releases / "current").resolve().name == made.name
    assert examine(pages.settings) == []


@pytest.mark.parametrize("in_an_answer", [1000, 0], ids=["listed", "asked for"])
def test_a_batch_that_object_storage_has_lost_is_named(published, tmp_path, monkeypatch, in_an_answer):
    monkeypatch.setattr(batches, "_LISTED", in_an_answer)
    there = {"landing_url": f"memory://{uuid.uuid4().hex}"}
    move(published.settings, published.settings.but(**there), (), progress=lambda _what, _done, _of: None)
    home = Home(settings_of(tmp_path / "home").but(**there))
    with home.begun() as run:
        entries = batches.live(run)
        batches.check_files(run, entries)
        run.landing.backend.remove(run.landing.place(lost := entries[3]))
    with home.begun() as run, pytest.raises(Damaged, match=f"{lost.batch_id} is missing from the landing"):
        batches.check_files(run, entries)


def away(*_asked) -> None:
    raise TryAgain("The store is away.", "Try again.")


def test_a_store_that_does_not_take_how_a_run_ended_is_told(machine, monkeypatch, caplog):
    control = machine("control")
    monkeypatch.setattr(ObjectStoreMirror, "put", away)
    control.releases.note_attempt({"status": "published", "at": "2026-06-15T10:00:00+00:00"})
    assert "Other machines do not know how this run ended: The store is away." in caplog.text
    assert control.releases.last_attempt()["status"] == "published"


def test_how_the_last_run_ended_is_known_on_every_machine(machine):
    control, pages = machine("control"), machine("pages")
    note = {"status": "failed", "kind": "broken", "problem": "Stoppet.", "mend": "Kjør igjen.", "failed_checks": []}
    control.releases.note_attempt({**note, "at": "2026-06-15T10:00:00+00:00"})
    assert pages.releases.last_attempt()["problem"] == "Stoppet."
    control.releases.note_attempt({"status": "nothing_new", "at": "2026-06-15T10:05:00+00:00"})
    follow(pages.settings)
    assert read_by_pages.last_attempt(pages.settings.releases).status == "nothing_new"
    late = machine("late")
    late.releases.note_attempt({**note, "kind": "lease_lost", "at": "2026-06-15T10:06:00+00:00"})
    assert late.releases.last_attempt()["kind"] == "lease_lost"
    assert pages.releases.last_attempt()["status"] == "nothing_new", "who lost the lease tells nobody else"


@pytest.mark.slow("makes a release twice")
def test_what_one_machine_makes_holds_or_points_at_is_so_for_all_and_a_backup_has_it(machine, tmp_path):
    first, second = machine("first"), machine("second")
    one, two = first.run(), second.run(full=True)
    assert (contents(two), two.manifest["parent"], first.current.name) == (contents(one), one.name, two.name)
    here, there = Releases(first.settings), Releases(second.settings)
    here.hold(two.name, by="analyst", reason="a report", now=AS_OF)
    assert there.holds()[two.name]["by"] == "analyst"
    there.let_go(two.name)
    assert here.holds() == {}
    there.hold(one.name, by="team:x", reason="prøve", now=AS_OF)
    assert backup.back_up(first.settings, tmp_path / "backup", now=AS_OF, releases="all").problems == ()
    there.point(one.name)
    assert here.current().name == one.name
    backup.restore(backup.open_backup(tmp_path / "backup"), tmp_path / "restored")
    restored = Releases(Settings(home=tmp_path / "restored"))
    assert (restored.names(), restored.current().name) == ([one.name, two.name], two.name)
    assert restored.holds()[one.name]["reason"] == "prøve"


@pytest.mark.slow("makes a release twice")
def test_a_copy_that_is_not_what_was_written_is_fetched_again(machine):
    first = machine("first")
    before = contents(first.run())
    for part in Lake.of(first.settings).parts(usage.DISPATCH_DAY).values():
        part.path.chmod(0o644)
        part.path.write_bytes(part.path.read_bytes()[:-9] + b"otherwise")
    (lost, *_) = Lake.of(first.settings).parts(usage.MUNICIPALITY_MONTH).values()
    lost.path.unlink()
    assert first.run() is None
    assert contents(first.run(full=True)) == before


def test_one_machine_at_a_time_runs_and_a_dead_one_is_waited_for(machine):
    first, second = machine("first"), machine("second")
    shared = folder_of(first.settings)
    with (
        steps.exclusive_run(first.settings),
        pytest.raises(Busy),
        lease.hold(folder_of(second.settings), 0.6, patience=0.1),
    ):
        pass
    dead = lease.take(shared, 0.6, 0)  # taken, and never renewed
    began = time.monotonic()
    with steps.exclusive_run(second.settings) as held:
        assert held.fence == dead.fence + 1
    assert time.monotonic() - began > 0.6
    with pytest.raises(LeaseLost):
        dead.check()


@pytest.mark.slow("makes a release twice")
def test_whoever_was_stopped_for_too_long_publishes_nothing(machine):
    first, second = machine("first"), machine("second")
    stopped = lease.take(folder_of(first.settings), 0.3, 0)
    run = steps.start(first.settings, AS_OF, lease=stopped, full=True)
    steps.prepare(run)
    time.sleep(0.4)
    made = second.run()
    with pytest.raises(LeaseLost):
        list(make(run, plan(run)))
    stopped.check = lambda: None  # as if it had looked just before it was stopped
    with pytest.raises(LeaseLost):
        steps.run_all(run)
    assert first.current.name == made.name
    assert Releases(first.settings).names() == [made.name]


@pytest.mark.slow("makes a release twice")
def test_a_run_that_died_before_its_release_was_there_took_its_name_along(machine, monkeypatch):
    first, second = machine("first"), machine("second")

    def die(*_asked) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SharedReleases, "push", die)
        with pytest.raises(KeyboardInterrupt):
            first.run()
    (dead,) = (p.name for p in first.settings.releases.iterdir() if p.is_dir())
    made = second.run()
    assert made.name != dead
    assert first.current.name == made.name, "nobody opens what was never published"
    with pytest.raises(Damaged, match="not among the shared"):
        Releases(first.settings).point(dead)


@pytest.mark.slow("makes a release twice")
def test_whoever_lost_the_lease_before_its_release_was_there_replaces_no_others(machine, monkeypatch):
    first, second, pages = machine("first"), machine("second"), machine("pages")
    push, made = SharedReleases.push, []

    def stalled(shared, name):
        monkeypatch.setattr(SharedReleases, "push", push)
        held.give_back()
        made.append(second.run())
        push(shared, name)

    monkeypatch.setattr(SharedReleases, "push", stalled)
    with steps.exclusive_run(first.settings) as held, pytest.raises(LeaseLost):
        steps.run_all(steps.start(first.settings, AS_OF, lease=held))
    assert pages.current.manifest["digest"] == made[0].manifest["digest"]


def test_a_table_that_was_dropped_and_made_again_is_read_by_all_as_it_is_now(tmp_path):
    name, contract, month = uuid.uuid4().hex, usage.DISPATCH_DAY, date(2026, 3, 1)
    urls = {"lake_url": f"memory://{name}-l", "releases_url": f"memory://{name}-r"}
    first, second = (settings_of(tmp_path / machine).but(**urls) for machine in ("first", "second"))

    def made(settings, mark: str) -> Lake:
        lake, scan = Lake.of(settings), Query(f"from rows where '{mark}' <> ''", {"rows": empty(contract.arrow_schema)})
        lake.refresh()
        if mark == "again":
            lake.drop(contract)
        with Session(settings) as session:
            part = lake.target(contract, month, scan)
            session.write(scan, contract, part)
            lake.replace(contract, [part])
        return lake

    made(first, "first")
    other = Lake.of(second)
    other.refresh()
    assert set(other.parts(contract)) == {month}
    again = made(first, "again").parts(contract)
    other = Lake.of(second)
    other.refresh()
    assert other.parts(contract) == {month: replace(again[month], path=other.parts(contract)[month].path)}
    assert other.parts(contract)[month].path.name == again[month].path.name


def test_what_a_worker_put_is_not_replaced_by_an_older_copy_of_the_same_rows(tmp_path):
    name, contract, month = uuid.uuid4().hex, usage.DISPATCH_DAY, date(2026, 3, 1)
    urls = {"lake_url": f"memory://{name}-l", "releases_url": f"memory://{name}-r"}
    control, worker, reader = (
        settings_of(tmp_path / machine).but(**urls) for machine in ("control", "worker", "reader")
    )
    rows = empty(contract.arrow_schema)
    written = []
    for settings in (control, worker):
        with Session(settings) as session:
            part = Lake.of(settings).target(contract, month, rows)
            session.write(rows, contract, part)
        if settings is worker:  # as another number of threads might write them
            table = pq.read_table(part.path)
            pq.write_table(table, part.path, compression="none")
            lake_mirror(worker).put(part.path)
        written.append(as_written(part))
    assert written[0].sha256 != written[1].sha256
    lake = Lake.of(control)
    lake.refresh()
    lake.replace(contract, [replace(written[1], path=written[0].path)])
    for settings in (control, reader):
        lake = Lake.of(settings)
        lake.refresh()
        (part,) = lake.parts(contract).values()
        assert lake.is_sound(part)
        assert part.path.read_bytes() == written[1].path.read_bytes()


def test_a_table_that_is_kept_otherwise_from_now_on_begins_anew_there_too(tmp_path):
    name = uuid.uuid4().hex
    settings = settings_of(tmp_path / "home").but(lake_url=f"memory://{name}-l", releases_url=f"memory://{name}-r")
    by_month = usage.DISPATCH_DAY
    whole = replace(by_month, partitioned=False)
    for contract in (whole, by_month, whole):
        lake, month = Lake.of(settings), date(2026, 3, 1) if contract.partitioned else None
        lake.refresh()
        with Session(settings) as session:
            part = lake.target(contract, month, empty(contract.arrow_schema))
            session.write(empty(contract.arrow_schema), contract, part)
            lake.replace(contract, [part])
        shutil.rmtree(settings.lake)  # another machine
        lake = Lake.of(settings)
        lake.refresh()
        assert set(lake.parts(contract)) == {month}


@pytest.mark.slow("makes a release twice")
def test_a_release_that_the_store_did_not_take_is_none_here_either_and_the_next_run_publishes(machine, monkeypatch):
    first = machine("first")
    with monkeypatch.context() as patched:
        patched.setattr(SharedReleases, "push", away)
        with pytest.raises(TryAgain):
            first.run()
    assert Releases(first.settings).names() == []
    assert first.run().name == Releases(first.settings).current().name


def test_a_home_with_releases_is_moved_and_not_forgotten(published, tmp_path):
    home = copied(published.settings.home, tmp_path / "home")
    empty = {"lake_url": f"memory://{uuid.uuid4().hex}", "releases_url": f"memory://{uuid.uuid4().hex}"}
    settings = home.settings.but(**empty)
    with pytest.raises(BadSetting, match="dif move"):
        Releases(settings).current()
    with pytest.raises(BadSetting, match="dif move"):
        Machine(settings).run()


def test_lake_and_releases_are_shared_together(machine):
    home = machine("first")
    for setting in ("lake_url", "releases_url"):
        with pytest.raises(BadSetting, match=setting):
            Releases(home.settings.but(**{setting: ""}))


@pytest.mark.slow("makes a release again")
def test_a_home_moves_to_object_storage_and_back_with_every_hash(linked_home, tmp_path, command, monkeypatch):
    home, name = linked_home, uuid.uuid4().hex
    before = home.current
    blocks.split(before.folder, None)
    assert not (before.folder / "dif.duckdb").exists(), "as of an older release"
    places = {f"{what}_url": f"memory://{name}-{what}" for what in ("landing", "lake", "releases")}
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    words = [word for setting, url in places.items() for word in (f"--{setting.replace('_', '-')}", url)]
    code, out, _ = command("move", *words)
    assert code == 0
    assert f'Set lake_url = "memory://{name}-lake"' in out
    assert command("move", *words)[0] == 0, "again, it finds everything there"

    elsewhere = Machine(settings_of(tmp_path / "elsewhere" / "home").but(**places))
    assert "access/perturbation.key" in out
    keep_secret(elsewhere.settings)
    assert elsewhere.run() is None, "nothing is new"
    assert contents(elsewhere.current) == contents(before)
    made = elsewhere.run(full=True)
    assert contents(made) == contents(before)

    for setting, url in places.items():
        monkeypatch.setenv(f"DIF_{setting.upper()}", url)
    back = [word for setting in places for word in (f"--{setting.replace('_', '-')}", "home")]
    assert command("move", *back)[0] == 0
    for setting in places:
        monkeypatch.delenv(f"DIF_{setting.upper()}")
    assert home.current.name == made.name
    assert home.run() is None
    code, _, err = command("move", "--landing-url", "home")
    assert (code, "Everything is there already" in err) == (2, True)


@pytest.mark.slow("makes a release twice")
def test_a_sender_who_is_erased_is_gone_from_the_shared_lake_and_releases(machine):
    first, second = machine("first"), machine("second")
    made = first.run()
    landing = open_landing(first.settings)
    producer = next(e.producer for e in landing.entries if e.stream == "dispatch")
    affected = [a for a in erasure.of_sender(landing, producer) if a.entry.stream not in erasure.KEPT_BY_LAW]
    erasure.erase(landing, affected, None, by="drift", reason="avtalen er avsluttet", now=AS_OF)
    left = first.run()
    assert (second.current.name, Releases(second.settings).names()) == (left.name, [left.name])
    assert not any(name.startswith(f"{made.name}/") for name in folder_of(first.settings).sizes(""))
    lake = Lake.of(first.settings)
    named = {lake.name_of(part) for contract in LAKE for part in lake.files(contract)}
    there = {name for name in lake.mirror._shared.sizes("") if name.endswith(".parquet") and "/_delta_log/" not in name}  # noqa: SLF001 - what others find
    assert there == named
    assert open_landing(first.settings).unfinished == []
