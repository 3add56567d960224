"""Databases of older releases lie split into shared blocks; who asks for one gets every byte that was published."""

from __future__ import annotations

import os
import subprocess
import sys

import duckdb
import pyarrow as pa
import pytest

from catalog.errors import ChangedFile
from dashboards.release import reader
from tests.reliability.crashes import has_strace
from tests.small_release import COUNTS, SECRETS, contents
from tests.transport.releases.test_store import NOW, PROJECT, flipped
from tests.transport.test_backup import land
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.operations import backup, doctor
from transport.releases import blocks, sql
from transport.releases.files import own_file
from transport.releases.release import release_named
from transport.releases.store import Content, Releases

__all__ = ["land"]
DATABASES = ("dif.duckdb", "ledger.duckdb")
PUBLISHED = NOW.isoformat()


@pytest.fixture
def releases(home) -> Releases:
    return Releases(home.settings)


@pytest.fixture
def four(releases) -> list:
    """Four releases, of which the older two are split."""
    return _published(releases, 4)


def _published(releases, count):
    made, parent = [], None
    for version in range(count):
        facts = {"published_at": PUBLISHED}
        name = releases.next_name(NOW)
        made.append(releases.publish(name, contents(version), lambda _told: [], facts, parent=parent))
        parent = name
        releases.split()
    return made


def _whole(release) -> list[bool]:
    return [(release.folder / name).exists() for name in DATABASES]


def test_only_the_current_release_and_its_parent_have_whole_databases(releases, four):
    assert [any(_whole(release)) for release in four] == [False, False, True, True]
    assert [releases.verify(release.name) for release in four] == [[], [], [], []]


def test_a_database_that_is_asked_for_has_every_byte_that_was_published(releases, four, home):
    file = own_file(four[0], "dif.duckdb")
    assert atomic_files.sha256(file.path) == four[0].manifest["files"]["dif.duckdb"]["sha256"]
    answer = sql.query(home.settings, four[1], "select max(version) as version from usage.count_day")
    assert answer.to_pylist() == [{"version": 1}]
    assert [releases.verify(release.name) for release in four] == [[], [], [], []]


def test_pages_join_a_release_when_they_query_it_and_not_when_they_name_it(releases, four):
    release = release_named(releases.folder, four[0].name)
    assert _whole(four[0]) == [False, False]
    assert reader.opens(release)
    assert reader.datasets(release) == {"usage.count_day", "usage.count_even"}


def test_blocks_that_are_as_before_are_on_the_disk_once(home):
    releases, parent = Releases(home.settings), None
    large = pa.table({"n": pa.array(range(1_000_000)), "version": pa.array([1] * 1_000_000, pa.int32())})
    for version in range(4):
        name, secret = releases.next_name(NOW), pa.table({"version": pa.array([version], pa.int32())})
        what = [Content(COUNTS, table=large), Content(SECRETS, table=secret)]
        releases.publish(name, what, lambda _told: [], {"published_at": PUBLISHED}, parent=parent)
        parent = name
        releases.split()
    older, newer = (blocks.paths(releases.folder / name, "dif.duckdb") for name in releases.names()[:2])
    shared = {path.stat().st_ino for path in older} & {path.stat().st_ino for path in newer}
    assert len(shared) >= len(older) - 3, "all but those of the headers"
    releases.remove(releases.names()[0])
    assert releases.verify(releases.names()[0]) == []


def test_whoever_has_a_database_open_reads_on_when_it_is_split(releases):
    (first,) = _published(releases, 1)
    with duckdb.connect(str(first.folder / "dif.duckdb"), read_only=True) as reader:
        parent = first.name
        for version in (1, 2):
            name = releases.next_name(NOW)
            releases.publish(name, contents(version), lambda _told: [], {"published_at": PUBLISHED}, parent=parent)
            parent = name
        releases.split()
        assert _whole(first) == [False, False]
        assert reader.execute("select max(version) from usage.count_day").fetchall() == [(0,)]


def test_a_joined_database_stays_for_a_day_and_its_blocks_stay(releases, four):
    blocks.join(four[0].folder)
    releases.split()
    assert _whole(four[0]) == [True, True]
    for name in DATABASES:
        os.utime(four[0].folder / name, (1, 1))
    releases.split()
    assert _whole(four[0]) == [False, False]
    assert releases.verify(four[0].name) == []


@pytest.mark.parametrize("kept", ["rolled back to", "held", "stable", "named"])
def test_a_release_that_readers_open_by_its_path_is_whole(releases, four, kept):
    name, named = four[0].name, []
    if kept == "rolled back to":
        releases.point(name)
    elif kept == "held":
        releases.hold(name, by="team:x", reason="lest", now=NOW)
    elif kept == "stable":
        releases.promote(name, by="team:x", reason="lest", now=NOW)
    else:
        blocks.join(four[0].folder)
        named = [name]
    for database in DATABASES:
        os.utime(four[0].folder / database, (1, 1))
    releases.split(referenced=named)
    assert _whole(four[0]) == [True, True]
    assert releases.verify(name) == []


def test_a_damaged_block_is_found_and_never_given_out_nor_linked_again(releases, four, home):
    damaged = blocks.paths(four[0].folder, "dif.duckdb")[0]
    flipped(damaged)
    assert releases.verify(four[0].name) == ["dif.duckdb: changed since it was published"]
    with pytest.raises(ChangedFile, match=r"dif\.duckdb"):
        blocks.join(four[0].folder)
    assert _whole(four[0])[0] is False
    damaged.unlink()
    assert releases.verify(four[0].name) == ["dif.duckdb: changed since it was published"]
    later = releases.publish(
        releases.next_name(NOW), contents(9), lambda _told: [], {"published_at": PUBLISHED}, parent=four[-1].name
    )
    releases.split()
    assert [releases.verify(release.name) for release in (*four[2:], later)] == [[], [], []]


def test_a_database_that_is_not_as_published_is_not_split(releases):
    first, second = _published(releases, 2)
    flipped(first.folder / "dif.duckdb")
    releases.publish(
        releases.next_name(NOW), contents(2), lambda _told: [], {"published_at": PUBLISHED}, parent=second.name
    )
    releases.split()
    assert _whole(first) == [True, True]
    assert releases.verify(first.name) == ["dif.duckdb: changed since it was published"]


def test_a_backup_of_every_release_takes_blocks_and_a_restored_home_joins_them(home, releases, four, tmp_path, land):
    land(home.landing, "a")
    backup.back_up(home.settings, tmp_path / "backups", now=NOW, releases="all")
    backup.restore(backup.open_backup(tmp_path / "backups"), tmp_path / "restored")
    there = Releases(Settings(home=tmp_path / "restored"))
    assert there.names() == [release.name for release in four]
    assert [there.verify(name) for name in there.names()] == [[], [], [], []]
    assert own_file(there.get(four[0].name), "ledger.duckdb").path.is_file()


SPLIT = """
import sys
from pathlib import Path
from transport.base.settings import Settings
from transport.releases.store import Releases
Releases(Settings(home=Path(sys.argv[1]))).split()
"""


@pytest.mark.slow("a process killed at each of its calls to the disk")
@pytest.mark.parametrize("call", ["fsync", "rename", "unlink"])
def test_a_split_killed_at_any_call_leaves_every_release_whole(home, releases, call):
    if missing := has_strace():
        pytest.skip(f"not run: {missing}")
    _published(releases, 2)
    nth = 0
    while True:
        nth += 1
        name, parent = releases.next_name(NOW), releases.current_name()
        releases.publish(name, contents(nth + 9), lambda _told: [], {"published_at": PUBLISHED}, parent=parent)
        words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={nth}"]
        done = subprocess.run(
            [*words, sys.executable, "-c", SPLIT, str(home.settings.home)],
            cwd=PROJECT,
            capture_output=True,
            check=False,
        )
        assert [releases.verify(name) for name in releases.names()] == [[]] * len(releases.names())
        releases.sweep()
        if done.returncode == 0:
            break
    assert nth > 1


def test_blocks_that_are_all_there_is_of_a_database_stay_when_those_of_the_other_are_damaged(releases, four):
    folder = four[0].folder
    blocks.join(folder)
    (folder / "ledger.duckdb").unlink()
    flipped(blocks.paths(folder, "dif.duckdb")[0])
    os.utime(folder / "dif.duckdb", (0, 0))
    releases.split()
    assert releases.verify(four[0].name) == []


def test_a_joined_database_that_has_changed_is_joined_again_by_the_doctor(home, releases, four, land):
    land(home.landing, "a")
    blocks.join(four[0].folder)
    flipped(four[0].folder / "dif.duckdb")
    findings = doctor.examine(home.settings)
    assert [f.where for f in findings if f.kind == "release"] == [f"releases/{four[0].name}"]
    done = doctor.mend(home.settings, findings)
    assert any("joined again from their blocks" in line for line in done)
    assert releases.verify(four[0].name) == []


def test_a_backup_names_a_database_whose_blocks_are_damaged(home, releases, four, tmp_path, land):
    land(home.landing, "a")
    flipped(blocks.paths(four[0].folder, "dif.duckdb")[0])
    saved = backup.back_up(home.settings, tmp_path / "backups", now=NOW, releases="all")
    assert saved.problems == (f"releases/{four[0].name}/dif.duckdb: changed since it was written",)
