"""A release is immutable; readers see all of one or all of another, and verification finds what is not as published."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import hypothesis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.contracts.language import Column
from catalog.contracts.scan import Query
from catalog.errors import Damaged, ReleaseMoved, UnknownName, WrongUse
from catalog.text import en, nb
from tests.small_release import COUNTS, MONTHLY, SECRETS, contents
from tests.thorough import examples
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Part
from transport.releases import dataset_reader
from transport.releases.release import release_names
from transport.releases.store import Content, Releases

PROJECT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.fixture
def releases(home) -> Releases:
    return Releases(home.settings)


@pytest.fixture
def publish(releases):
    def published(version: int, *, parent: str | None = None, parts=(), rules: str = "", **more):
        name = releases.next_name(NOW)
        facts = {"published_at": NOW.isoformat(), "version": version, "rules": rules}
        what = more.pop("contents", None) or contents(version, parts)
        return releases.publish(name, what, lambda _told: [], facts, parent=parent, **more)

    return published


def rows(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_release_is_opened_read_only_with_its_tables_views_and_norwegian_comments(publish):
    release = publish(1)
    open_file = release.folder / "dif.duckdb"
    assert rows(open_file, "select count(*), min(version), max(version) from usage.count_day") == [(100, 1, 1)]
    assert rows(open_file, "select count(*) from usage.count_even") == [(50,)]
    assert rows(open_file, "select comment from duckdb_tables() where table_name = 'count_day'") == [
        ("Tall d'or. Én rad per n.",)
    ]
    assert rows(
        open_file, "select comment from duckdb_columns() where column_name = 'n' and table_name = 'count_day'"
    ) == [("Nummer. Enhet: stk.",)]
    assert rows(release.folder / "ledger.duckdb", "select version from entry") == [(1,)]
    with pytest.raises(duckdb.Error, match="read-only"):
        rows(open_file, "create table usage.x as select 1")


def test_what_a_reader_may_not_see_is_not_in_the_open_file(publish):
    release = publish(1)
    tables = rows(release.folder / "dif.duckdb", "select schema_name || '.' || table_name from duckdb_tables()")
    assert tables == [("usage.count_day",)]


def test_a_release_names_its_files_rows_and_audiences(publish):
    release = publish(1)
    said = json.loads((release.folder / "manifest.json").read_text("utf-8"))
    assert said["datasets"]["usage.count_day"]["rows"] == 100
    assert said["datasets"]["ledger.entry"]["audience"] == "LEDGER"
    files = {str(p.relative_to(release.folder)) for p in release.folder.rglob("*") if p.is_file()}
    assert files - {"manifest.json"} == set(said["files"])


def test_names_count_within_the_day_of_oslo(releases, publish):
    assert releases.next_name(datetime(2026, 3, 5, 23, 30, tzinfo=UTC)) == "2026-03-06.1"
    publish(1)
    assert releases.next_name(NOW) == "2026-03-05.2"
    assert releases.next_name(NOW, as_of=datetime(2026, 1, 1, tzinfo=UTC)) == "asof-2026-01-01.1"


def test_readers_ask_for_a_channel_the_newest_the_stable_or_that_of_a_day(releases, publish):
    first, second = publish(1), publish(2, parent="2026-03-05.1")
    later = releases.publish(
        "2026-03-09.1", contents(3), lambda _told: [], {"published_at": "2026-03-09T08:00:00+00:00"}, parent=second.name
    )
    with pytest.raises(UnknownName, match="stable"):
        releases.get("stable")
    releases.promote(first.name, by="team:x", reason="lest", now=NOW)
    for day, name in {"2026-03-05": second, "2026-03-08": second, "2026-03-09": later, "2027-01-01": later}.items():
        assert releases.get(day).name == name.name
    with pytest.raises(UnknownName):
        releases.get("2026-03-04")
    assert releases.get("stable").name == (releases.folder / "stable").resolve().name == first.name
    with pytest.raises(WrongUse, match="stable"):
        releases.remove(first.name)
    assert first.name not in releases.expired(now=NOW.replace(year=2036))
    releases.promote(second.name, by="team:x", reason="lest", now=NOW)
    assert releases.expired(now=NOW.replace(year=2036)) == [first.name]
    releases.let_go("stable")
    assert not (releases.folder / "stable").is_symlink()


def test_the_order_of_releases_is_when_they_were_published_whatever_they_are_called_and_touched_last(releases):
    parent = None
    for hour, name in enumerate(("2026-03-05.9", "asof-2026-01-01.1", "2026-03-05.10", "2026-03-04.1")):
        facts = {"published_at": NOW.replace(hour=hour).isoformat()}
        parent = releases.publish(name, contents(hour), lambda _told: [], facts, parent=parent).name
    expected = ["2026-03-05.9", "asof-2026-01-01.1", "2026-03-05.10", "2026-03-04.1"]
    for age, name in enumerate(expected):
        os.utime(releases.folder / name, (1000 - age, 1000 - age))
    assert releases.names() == expected
    assert releases.get("2026-03-05").name == "2026-03-04.1"
    assert release_names(releases.folder) == expected[::-1]
    (releases.folder / "2026-03-04.1" / "manifest.json").write_bytes(b"{")
    assert releases.names() == ["2026-03-04.1", *expected[:3]]


def test_the_pointer_moves_only_when_it_still_points_at_the_parent(releases, publish):
    first = publish(1)
    second = publish(2, parent=first.name)
    assert releases.current().name == second.name
    with pytest.raises(ReleaseMoved, match=f"{second.name}, not {first.name}"):
        publish(3, parent=first.name)
    assert releases.names() == [first.name, second.name]
    assert list(releases.folder.glob(".tmp-*")) == []


def test_a_release_as_known_then_never_moves_the_pointer(releases, publish):
    first = publish(1)
    other = publish(2, parent=first.name, point=False)
    assert releases.current().name == first.name
    assert other.name in releases.names()


def test_rolling_back_is_pointing_at_another(releases, publish):
    first = publish(1)
    second = publish(2, parent=first.name)
    releases.point(first.name)
    assert releases.current().name == first.name
    assert rows(releases.current().folder / "dif.duckdb", "select max(version) from usage.count_day") == [(1,)]
    releases.point(second.name)
    assert releases.current().name == second.name


def test_the_current_release_cannot_be_removed_and_others_can(releases, publish):
    first = publish(1)
    second = publish(2, parent=first.name)
    with pytest.raises(WrongUse, match="is the current release"):
        releases.remove(second.name)
    releases.remove(first.name)
    assert releases.names() == [second.name]


def test_a_name_that_is_none_is_answered_with_those_there_are(releases, publish):
    with pytest.raises(UnknownName, match="none yet"):
        releases.get("current")
    publish(1)
    with pytest.raises(UnknownName, match=r"2026-03-05\.1"):
        releases.get("2026-03-04.1")
    assert releases.get("current").name == releases.get("2026-03-05.1").name


@pytest.mark.parametrize("name", ["../x", "current/..", ".", "", "last_attempt.json"])
def test_a_name_never_reaches_outside_the_releases(releases, publish, name):
    publish(1)
    with pytest.raises(UnknownName):
        releases.get(name)


def part(folder: Path, month: date, fingerprint: str, n: int, *, older: bool = False) -> Part:
    """A month as the lake has it; as an older version wrote it, the file does not say which."""
    path = folder / f"month={month}" / f"part-{fingerprint}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({"month": pa.array([month]), "n": pa.array([n])})
    pq.write_table(table.drop_columns("month") if older else table, path)
    return Part(month, path)


def test_a_part_that_is_not_what_was_written_goes_into_no_release_also_where_the_parent_has_it_by_the_same_link(
    publish, releases, tmp_path
):
    made = part(tmp_path, date(2026, 1, 1), "a", 1)
    made = replace(made, sha256=atomic_files.sha256(made.path))
    first = publish(1, parts=[made])
    flipped(made.path)
    with pytest.raises(Damaged, match="no release may hold it"):
        publish(1, parts=[made], parent=first.name)
    assert releases.names() == [first.name]


def test_a_folder_says_the_months_only_where_a_file_does_not_and_both_are_read_alike(publish, tmp_path):
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    once = [part(tmp_path / "once", m, f, n, older=True) for m, f, n in ((january, "a", 1), (february, "b", 2))]
    now = [part(tmp_path / "now", m, f, n) for m, f, n in ((january, "c", 1), (february, "d", 2))]
    upgraded = "month={}", [once[0], now[1]]  # a table of which a part is made anew is no mixture of folders
    parent = None
    for folder, parts in (("month={}", once), upgraded, ("{}", now), ("{}", now)):
        release = publish(1, parts=parts, parent=parent)
        parent = release.name
        twin = release.folder / "parquet" / MONTHLY.name
        assert sorted(p.name for p in twin.iterdir()) == [folder.format(m) for m in (january, february)]
        for lain in parts:
            assert (twin / folder.format(lain.month) / "part.parquet").samefile(lain.path)
        assert rows(release.folder / "dif.duckdb", "select month, n from usage.month_sum order by 1") == [
            (january, 1),
            (february, 2),
        ]
        read = pa.Table.from_batches(
            dataset_reader.open_dataset(release, MONTHLY, condition={"month": str(february)}).batches
        )
        assert read.to_pylist() == [{"month": february, "n": 2}]
        with Session(Settings(home=tmp_path / "home")) as session:
            asked = Query(
                "select month, n from released order by 1", {"released": dataset_reader.scan(release, MONTHLY)}
            )
            assert session.table(asked).to_pylist() == [{"month": january, "n": 1}, {"month": february, "n": 2}]


def test_partitions_are_the_same_bytes_in_the_next_release_and_hashed_by_content(publish, tmp_path):
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    parts = [part(tmp_path, january, "a", 1), part(tmp_path, february, "b", 2)]
    first = publish(1, parts=parts)
    second = publish(1, parent=first.name, parts=[parts[0], part(tmp_path, february, "c", 3)])
    place = f"parquet/usage.month_sum/{january}/part.parquet"
    assert (first.folder / place).samefile(second.folder / place)
    assert rows(second.folder / "dif.duckdb", "select month, n from usage.month_sum order by 1") == [
        (january, 1),
        (february, 3),
    ]
    was, now = (r.manifest["datasets"]["usage.month_sum"]["partitions"] for r in (first, second))
    assert was[str(january)] == now[str(january)]
    assert was[str(february)]["content_hash"] != now[str(february)]["content_hash"]


def test_equal_rows_have_equal_content_hashes_however_the_file_was_written(publish, tmp_path):
    month = date(2026, 1, 1)
    hashes = []
    for options in ({"compression": "zstd"}, {"compression": "none", "row_group_size": 1, "use_dictionary": False}):
        made = part(tmp_path / str(len(hashes)), month, f"f{len(hashes)}", 0)
        values = [3, 1, 2] if hashes else [1, 2, 3]
        pq.write_table(pa.table({"n": pa.array(values)}), made.path, **options)
        release = publish(1, parent=f"2026-03-05.{len(hashes)}" if hashes else None, parts=[made])
        hashes.append(release.manifest["datasets"]["usage.month_sum"]["content_hash"])
    assert hashes[0] == hashes[1]


# --- a release goes on with its parent's databases -------------------------------------------------------------------

MONTHS = [date(2026, month, 1) for month in (1, 2, 3, 4)]


def beside(release) -> None:
    """Hold the databases against the Parquet files beside them, row by row."""
    for name, said in release.manifest["datasets"].items():
        file, table = ("ledger.duckdb", name.split(".")[1]) if said["audience"] == "LEDGER" else ("dif.duckdb", name)
        there = f"read_parquet('{release.folder}/parquet/{name}/**/*.parquet')"
        names = [c for (c,) in rows(release.folder / file, f"select column_name from (describe {table})")]
        columns = ", ".join(f'"{c}"' for c in names)
        differ = f"(select {columns} from {{}} except all select {columns} from {{}})"
        both = f"{differ.format(table, there)} union all {differ.format(there, table)}"
        assert rows(release.folder / file, both) == []
        assert rows(release.folder / file, f"select count(*) from {table}") == [(said["rows"],)]


CHANGE = st.tuples(st.sampled_from([1, 2]), st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 9), min_size=1))


@pytest.mark.slow("many releases")
@hypothesis.settings(max_examples=examples(6), derandomize=True, database=None)
@given(changes=st.lists(CHANGE, min_size=2, max_size=5))
def test_the_databases_hold_what_lies_beside_them_whatever_changed_since_the_parent(changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("on")
    releases = Releases(Settings(home=folder))
    parent = None
    for version, months in changes:
        parts = [part(folder / "lake", month, f"v{n}", n) for month, n in sorted(months.items())]
        name = releases.next_name(NOW)
        release = releases.publish(name, contents(version, parts), lambda _told: [], {"rules": "a"}, parent=parent)
        beside(release)
        assert releases.verify(name) == []
        assert rows(release.folder / "dif.duckdb", "select month, n from usage.month_sum order by 1") == sorted(
            months.items()
        )
        parent = name


def test_what_is_not_new_is_not_written_again(publish, tmp_path):
    numbers = pa.table({"n": pa.array(range(1_000_000)), "version": pa.array([1] * 1_000_000, pa.int32())})
    large, parts = Content(COUNTS, table=numbers), [part(tmp_path, MONTHS[0], "a", 1)]
    first = publish(1, contents=[large, Content(MONTHLY, parts=parts)])
    parts.append(part(tmp_path, MONTHS[1], "b", 2))
    second = publish(1, contents=[large, Content(MONTHLY, parts=parts)], parent=first.name)
    beside(second)
    place = "parquet/usage.count_day/part.parquet"
    assert (first.folder / place).samefile(second.folder / place)
    was, now = ((r.folder / "dif.duckdb").read_bytes() for r in (first, second))
    block = 1 << 18
    same = sum(was[n : n + block] == now[n : n + block] for n in range(0, len(was), block))
    assert same >= len(was) // block - 4, "but for the month's block and the headers"


@pytest.mark.parametrize(
    "damage", [flipped, lambda f: f.write_bytes(b""), Path.unlink], ids=["flipped", "empty", "gone"]
)
def test_a_damaged_database_of_the_parent_is_not_gone_on_with(publish, releases, damage):
    first = publish(1)
    damage(first.folder / "dif.duckdb")
    second = publish(1, parent=first.name)
    beside(second)
    assert releases.verify(second.name) == []


def test_a_small_table_that_was_damaged_in_the_parent_is_written_again(publish, releases):
    first = publish(1)
    flipped(first.folder / "parquet" / "usage.count_day" / "part.parquet")
    second = publish(1, parent=first.name)
    beside(second)
    assert releases.verify(second.name) == []


def test_a_part_that_is_not_the_parents_bytes_is_written_again_under_the_same_name(publish, releases, tmp_path):
    first = publish(1, parts=[part(tmp_path, MONTHS[0], "a", 1)])
    (tmp_path / f"month={MONTHS[0]}" / "part-a.parquet").unlink()
    second = publish(1, parts=[part(tmp_path, MONTHS[0], "a", 7)], parent=first.name)
    beside(second)
    assert rows(second.folder / "dif.duckdb", "select n from usage.month_sum") == [(7,)]
    assert releases.verify(second.name) == []


def test_all_is_written_again_when_that_is_asked_for(publish, tmp_path):
    first = publish(1, parts=[part(tmp_path, MONTHS[0], "a", 1)])
    second = publish(1, parts=[part(tmp_path, MONTHS[0], "a", 1)], parent=first.name, anew=True)
    beside(second)


def test_other_rules_or_other_datasets_make_the_databases_anew(publish, tmp_path):
    first = publish(1, parts=[part(tmp_path, MONTHS[0], "a", 1)], rules="a")
    wider = replace(COUNTS, columns=(*COUNTS.columns, Column("more", pa.int32(), nb("Mer") | en("More"), null=True)))
    numbers = pa.table({"n": [1], "version": pa.array([2], pa.int32()), "more": pa.array([3], pa.int32())})
    others = [Content(wider, table=numbers), Content(SECRETS, table=pa.table({"version": pa.array([1], pa.int32())}))]
    second = publish(1, contents=others, parent=first.name, rules="b")
    assert rows(second.folder / "dif.duckdb", "from usage.count_day") == [(1, 2, 3)]
    tables = "select table_name from duckdb_tables()"
    assert rows(second.folder / "dif.duckdb", tables) == [("count_day",)]
    third = publish(1, contents=others[:1], parent=second.name, rules="b")
    assert rows(third.folder / "ledger.duckdb", tables) == [], "a dataset that is left out is in no database"
    beside(third)


@pytest.mark.slow("twelve databases; what readers see of each is tried above")
def test_a_database_is_made_anew_before_it_is_twice_as_large_as_it_need_be(publish):
    parent, sizes = None, []
    for version in range(12):
        numbers = pa.table({"n": pa.array(range(100_000)), "version": pa.array([version] * 100_000, pa.int32())})
        release = publish(version, contents=[Content(COUNTS, table=numbers)], parent=parent)
        assert rows(release.folder / "dif.duckdb", "select count(*), max(version) from usage.count_day") == [
            (100_000, version)
        ]
        sizes.append((release.folder / "dif.duckdb").stat().st_size)
        parent = release.name
    assert max(sizes) <= 3 * sizes[0]


# --- verification ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["dif.duckdb", "ledger.duckdb", "parquet/usage.count_day/part.parquet"])
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (flipped, "changed since it was published"),
        (lambda f: f.write_bytes(f.read_bytes()[:-1]), "changed since it was published"),
        (lambda f: f.write_bytes(b""), "changed since it was published"),
        (Path.unlink, "missing"),
    ],
    ids=["flipped", "cut", "empty", "gone"],
)
def test_verification_finds_every_file_that_is_not_as_published(releases, publish, file, damage, says):
    release = publish(1)
    assert releases.verify(release.name) == []
    damage(release.folder / file)
    assert releases.verify(release.name) == [f"{file}: {says}"]


def test_verification_finds_a_file_too_many(releases, publish):
    release = publish(1)
    (release.folder / "dif.duckdb.wal").write_bytes(b"")
    assert releases.verify("current") == ["dif.duckdb.wal: not in the manifest"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
def test_a_release_whose_manifest_cannot_be_read_is_damaged_and_says_what_mends_it(releases, publish, content):
    release = publish(1)
    (release.folder / "manifest.json").write_bytes(content)
    with pytest.raises(Damaged) as damaged:
        releases.get(release.name)
    assert "dif doctor --mend" in damaged.value.mend


def test_a_release_without_a_manifest_is_none(releases, publish):
    release = publish(1)
    shutil.copytree(release.folder, releases.folder / "2026-03-05.9")
    (releases.folder / "2026-03-05.9" / "manifest.json").unlink()
    assert releases.names() == [release.name]


# --- while publishing ------------------------------------------------------------------------------------------------


class Stop(Exception):
    pass


def test_a_publication_that_fails_half_way_leaves_the_release_before_and_is_swept(releases, publish):
    first = publish(1)

    def failing():
        yield contents(2)[0]
        raise Stop

    with pytest.raises(Stop):
        releases.publish("2026-03-05.2", failing(), lambda _told: [], {}, parent=first.name)
    assert (releases.names(), releases.current().name) == ([first.name], first.name)
    releases.sweep()
    assert list(releases.folder.glob(".tmp-*")) == []
    assert publish(2, parent=first.name).name == "2026-03-05.2"


READ = """
import sys, time
from pathlib import Path
import duckdb, json
folder = Path(sys.argv[1])
seen, last = set(), 0
print("reading", flush=True)
while last < int(sys.argv[2]):
    here = (folder / "current").resolve()
    said = json.loads((here / "manifest.json").read_text())["version"]
    with duckdb.connect(str(here / "dif.duckdb"), read_only=True) as one:
        found = one.execute("select min(version), max(version), count(*) from usage.count_day").fetchone()
    with duckdb.connect(str(here / "ledger.duckdb"), read_only=True) as one:
        secret = one.execute("select version from entry").fetchone()[0]
    assert found == (said, said, 100) and secret == said, (said, found, secret)
    assert said >= last, (said, last)
    last = said
    seen.add(said)
print(len(seen))
"""


def test_readers_see_all_of_one_release_or_all_of_another_and_never_go_back(releases, publish):
    parent = publish(1).name
    command = [sys.executable, "-c", READ, str(releases.folder), "8"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for reader in readers:
        assert reader.stdout.readline() == "reading\n"
    for version in range(2, 9):
        parent = publish(version, parent=parent).name
    for reader in readers:
        seen, problem = reader.communicate(timeout=240)
        assert reader.returncode == 0, problem
        assert int(seen) >= 2


PUBLISH = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("these", sys.argv[2])
these = importlib.util.module_from_spec(spec)
sys.modules["these"] = these
spec.loader.exec_module(these)
from transport.releases.store import Releases
from transport.base.settings import Settings
releases = Releases(Settings(home=Path(sys.argv[1])))
releases.sweep()
for version in range(1, 100):
    current = releases.current()
    facts = {"published_at": these.NOW.isoformat(), "version": version}
    releases.publish(releases.next_name(these.NOW), these.contents(version), lambda told: [], facts,
                     parent=current.name if current else None)
    print(version, flush=True)
"""


@pytest.mark.slow("many processes, killed")
def test_a_publisher_killed_at_any_moment_leaves_whole_releases_only(home, releases):
    for point in (1, 1, 2, 3):
        command = [sys.executable, "-c", PUBLISH, str(home.settings.home), __file__]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout:
                if line.strip() == str(point):
                    run.kill()
            run.wait()
        assert run.returncode == -9
        for name in releases.names():
            assert releases.verify(name) == []
        current = releases.current()
        assert current is not None
        assert rows(current.folder / "dif.duckdb", "select count(*) from usage.count_day") == [(100,)]


def test_how_the_last_run_ended_is_kept_for_the_pages(releases):
    assert releases.last_attempt() == {}
    releases.note_attempt({"failed": ["én"], "at": "nå"})
    assert releases.last_attempt() == {"failed": ["én"], "at": "nå"}
