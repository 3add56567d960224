"""The doctor finds what is not as the journal and the manifests say, says the mend, and changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from catalog.errors import Damaged
from transport import doctor


@pytest.fixture(scope="module")
def model(tmp_path_factory, make_home, batch):
    home = make_home(tmp_path_factory.mktemp("model") / "home")
    home.put("dispatch/p/a.parquet", batch("dispatch", 500))
    home.put("adoption/q/b.parquet", batch("adoption", 50))
    home.take_in()
    return home


@pytest.fixture
def sick(model, make_home, tmp_path):
    """A home of the test's own, and its landed file of dispatches."""
    shutil.copytree(model.settings.home, tmp_path / "home")
    home = make_home(tmp_path / "home")
    file = next(home.settings.landing.glob("dispatch/p/*.parquet"))
    file.chmod(0o644)
    return home, file


def seen(home) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in home.settings.home.rglob("*") if p.is_file()}


def test_a_home_in_order_has_no_findings_and_an_empty_one_neither(model, make_home, tmp_path):
    before = seen(model)
    assert doctor.examine(model.settings) == []
    assert seen(model) == before
    assert doctor.examine(make_home(tmp_path / "none").settings) == []


@pytest.mark.parametrize("part", [i / 40 for i in range(40)])
def test_a_flipped_bit_in_a_landed_file_is_found_wherever_it_is(sick, part):
    home, file = sick
    content = bytearray(file.read_bytes())
    content[int(len(content) * part)] ^= 1
    file.write_bytes(content)
    ((place, problem, mend),) = doctor.examine(home.settings)
    assert place == f"landing/dispatch/p/{file.name}"
    assert problem
    assert f"have p send {file.stem} again" in mend


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (Path.unlink, "is missing"),
        (lambda f: f.write_bytes(f.read_bytes()[:-1]), "cannot be read"),
        (lambda f: f.write_bytes(f.read_bytes()[:100]), "cannot be read"),
        (lambda f: f.write_bytes(b""), "cannot be read"),
        (lambda f: f.write_bytes(b"\0" * f.stat().st_size), "cannot be read"),
    ],
    ids=["gone", "a byte short", "cut", "empty", "noughts"],
)
def test_a_landed_file_that_is_gone_or_cut_is_found(sick, damage, says):
    home, file = sick
    damage(file)
    ((place, problem, _),) = doctor.examine(home.settings)
    assert place == f"landing/dispatch/p/{file.name}"
    assert says in problem


@pytest.mark.parametrize("other", ["another batch", "another stream"])
def test_a_whole_file_in_the_place_of_another_is_found(sick, batch, encode, other):
    home, file = sick
    table = batch("dispatch", 499) if other == "another batch" else batch("adoption")
    file.write_bytes(encode(table, ".parquet"))
    ((_, problem, _),) = doctor.examine(home.settings)
    assert problem


def test_a_file_that_no_line_of_the_journal_knows_is_named(sick):
    home, file = sick
    shutil.copyfile(file, file.with_name("other.parquet"))
    ((place, problem, _),) = doctor.examine(home.settings)
    assert (place, problem) == ("landing/dispatch/p/other.parquet", "is in no line of the journal")


def test_a_damaged_journal_is_said_at_once(sick):
    home, _ = sick
    journal = home.settings.landing / "journal"
    journal.write_bytes(b"x" + journal.read_bytes()[1:])
    with pytest.raises(Damaged, match="Line 1"):
        doctor.examine(home.settings)


def test_a_pointer_at_nothing_is_found(sick):
    home, _ = sick
    home.settings.releases.mkdir()
    (home.settings.releases / "current").symlink_to("2026-01-01.1")
    ((place, _, mend),) = doctor.examine(home.settings)
    assert place == "releases/current"
    assert "rollback" in mend


def test_a_release_with_a_file_missing_or_an_unreadable_manifest_is_found(sick):
    home, _ = sick
    folder = home.settings.releases / "2026-01-01.1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"files": {"dif.duckdb": {"sha256": "0"}}}')
    (place, problem, _), *rest = doctor.examine(home.settings)
    assert (place, problem, rest) == ("releases/2026-01-01.1", "dif.duckdb: missing", [])
    (folder / "manifest.json").write_text("{")
    ((_, problem, mend),) = doctor.examine(home.settings)
    assert "no readable manifest" in problem
    assert "--full" in mend
