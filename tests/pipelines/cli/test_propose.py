"""`dif register propose`: the tool proposes, a person marks, and only what is marked becomes a version."""

import csv
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest

from catalog.tables.quality import UNMAPPED_SYSTEM
from catalog.tables.registers import SOURCE_SYSTEM
from pipelines.cli import main
from transport.base import atomic_files
from transport.ingest import registers
from transport.releases import dataset_reader
from transport.releases.store import Content, Releases
from transport.storage import landing

REGISTER = (
    {"source_system": "Tindrell Sak", "system": "Tindrell Sak", "supplier": "Tindrell AS", "sensitive": False},
    {"source_system": "Vasslund Arkiv", "system": "Vasslund Arkiv", "supplier": "Vasslund AS", "sensitive": False},
)
NAMES = (("Tindrell Sak v3.2.1", 300), ("=Vasslund-Arkiv", 200), ("Noe ingen kjenner", 100))


@pytest.fixture
def settings(empty_home):
    empty_home.settings.home.mkdir(parents=True)
    return empty_home.settings


@pytest.fixture
def dif(dif_in, settings):
    return dif_in(settings.home)


def publish(settings, *contents):
    """A release of nothing but these."""
    releases = Releases(settings)
    parent = releases.current()
    name = releases.next_name(landing.utc_now())
    return releases.publish(name, contents, lambda _: (), {}, parent=parent.name if parent else None)


def unmapped(*names):
    rows = [
        {
            "source_system": name,
            "dispatches": dispatches,
            "share": Decimal(dispatches) / 10_000,
            "organisations": 2,
            "last_month": date(2026, 3, 1),
            "synthetic": True,
        }
        for name, dispatches in names
    ]
    return Content(UNMAPPED_SYSTEM, table=pa.Table.from_pylist(rows, UNMAPPED_SYSTEM.arrow_schema))


def applied(settings, rows, reason):
    with atomic_files.locked(settings.home):
        whole = [dict.fromkeys(SOURCE_SYSTEM.schema.names) | dict(r) for r in rows]
        kept = landing.open_landing(settings)
        return registers.apply(kept, SOURCE_SYSTEM, whole, by="test", reason=reason, now=landing.utc_now())


@pytest.fixture
def lacking(settings):
    """A home whose register has two systems, and whose release three names that it lacks."""
    applied(settings, REGISTER, "først")
    publish(settings, unmapped(*NAMES))
    return settings


def read(file):
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def write(file, rows):
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def in_force(dif, tmp_path, name="now.csv"):
    assert dif("register", "export", "source_system", tmp_path / name)[0] == 0
    return {r["source_system"]: r["system"] for r in read(tmp_path / name)}


def test_a_person_marks_what_is_right_and_only_that_becomes_a_version_which_can_be_undone(dif, lacking, tmp_path):
    file = tmp_path / "forslag.csv"
    journal = (lacking.landing / "journal").read_bytes()
    code, out, _ = dif("register", "propose", "source_system", "--out", file)
    assert (code, "3 unmapped names" in out, "2 with a proposal, 1 without. Nothing was applied." in out) == (0, 1, 1)
    assert (lacking.landing / "journal").read_bytes() == journal
    rows = read(file)
    assert [(r["accept"], r["source_system"], r["system"], r["share"]) for r in rows] == [
        ("", "Tindrell Sak v3.2.1", "Tindrell Sak", "3,00 %"),
        ("", "'=Vasslund-Arkiv", "Vasslund Arkiv", "2,00 %"),  # no spreadsheet runs it
        ("", "Noe ingen kjenner", "", "1,00 %"),
    ]
    assert "når versjon er tatt bort" in rows[0]["because"]

    code, out, err = dif("register", "propose", "source_system", "--accepted", file, "--reason", "prøve")
    assert (code, out, "no row is marked" in err) == (1, "", True)
    assert (lacking.landing / "journal").read_bytes() == journal

    # meanwhile somebody else applies a version: it stays
    other = {"source_system": "Annet", "system": "Annet"}
    before = applied(lacking, [*REGISTER, other], "imens").batch_id
    rows[1]["accept"] = "ja"
    rows[2] |= {"accept": "nei", "system": "Gjettet"}
    write(file, rows)
    code, out, _ = dif(
        "register", "propose", "source_system", "--accepted", file, "--reason", "sett over", "--by", "produkt"
    )
    assert (code, "4 rows applied" in out, "1 added, 0 changed, 0 removed" in out) == (0, True, True)
    assert f"To undo: dif register export source_system undo.xlsx --version {before}" in out
    assert in_force(dif, tmp_path) == {
        "Tindrell Sak": "Tindrell Sak",
        "Vasslund Arkiv": "Vasslund Arkiv",
        "Annet": "Annet",
        "'=Vasslund-Arkiv": "Vasslund Arkiv",
    }
    *_, version = json.loads(dif("register", "history", "source_system", "--json")[1])
    assert (version["rows"], version["by"], version["reason"]) == (4, "produkt", "sett over")

    code, out, _ = dif("register", "propose", "source_system", "--accepted", file, "--reason", "en gang til")
    assert (code, "already has every marked row" in out) == (0, True)

    undo = tmp_path / "undo.csv"
    dif("register", "export", "source_system", undo, "--version", before)
    assert dif("register", "apply", "source_system", undo, "--reason", "angret")[0] == 0
    assert "'=Vasslund-Arkiv" not in in_force(dif, tmp_path, "after.csv")


def test_a_name_that_nothing_is_proposed_for_is_mapped_by_hand_in_the_same_spreadsheet(dif, lacking, tmp_path):
    assert dif("register", "propose", "source_system")[0] == 0
    file = tmp_path / "source_system-proposals.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book.active
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(4, head["source_system"]).value == "Noe ingen kjenner"
    sheet.cell(4, head["accept"]).value = True  # as a spreadsheet keeps a TRUE
    sheet.cell(4, head["system"]).value = "Noe"
    book.save(file)
    code, out, _ = dif("register", "propose", "source_system", "--accepted", file, "--reason", "vi kjenner det")
    assert (code, "3 rows applied" in out) == (0, True)
    assert in_force(dif, tmp_path)["Noe ingen kjenner"] == "Noe"


def test_a_file_that_may_hold_marks_is_never_written_over(dif, lacking, tmp_path):
    file = tmp_path / "forslag.csv"
    file.write_text("merket av et menneske", "utf-8")
    code, out, err = dif("register", "propose", "source_system", "--out", file)
    assert (code, out, "marks" in err) == (2, "", True)
    assert file.read_text("utf-8") == "merket av et menneske"


def test_what_the_register_has_by_now_is_not_proposed_again_though_the_release_is_older(dif, lacking, tmp_path):
    applied(lacking, [*REGISTER, *({"source_system": n, "system": "X"} for n, _ in NAMES)], "alle")
    code, out, _ = dif("register", "propose", "source_system", "--out", tmp_path / "forslag.csv")
    assert (code, "nothing to propose" in out) == (0, True)
    assert not (tmp_path / "forslag.csv").exists()


@pytest.mark.parametrize(("contents", "code", "says"), [((), 2, "dif run"), ((unmapped(),), 0, "nothing to propose")])
def test_a_release_without_unmapped_names_says_what_that_means(dif, settings, contents, code, says):
    publish(settings, *contents)
    found, out, err = dif("register", "propose", "source_system")
    assert (found, says in (err if code else out)) == (code, True)


def test_a_home_without_a_release_says_how_to_make_one(dif, settings):
    code, out, err = dif("register", "propose", "source_system")
    assert (code, out, "dif run" in err) == (2, "", True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["budget"], "source_system"),
        (["sourcesystem"], "'source_system'"),
        (["source_system", "--at-least", "1.5"], "0 to 1"),
        (["source_system", "--at-least", "nan"], "0 to 1"),
        (["source_system", "--accepted", "forslag.csv"], "--reason"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_wrong_use_exits_2_and_names_what_was_meant(words, says, dif, lacking):
    code, out, err = dif("register", "propose", *words)
    assert (code, out, says in err) == (2, "", True)


def test_a_broken_row_of_the_reviewed_file_is_named_and_none_is_applied(dif, lacking, tmp_path):
    file = tmp_path / "forslag.csv"
    dif("register", "propose", "source_system", "--out", file)
    rows = read(file)
    rows[0] |= {"accept": "kanskje"}
    rows[1] |= {"accept": "ja"}
    write(file, rows)
    code, out, err = dif("register", "propose", "source_system", "--accepted", file, "--reason", "prøve")
    assert (code, out) == (1, "")
    assert "row 2, accept: 'kanskje' is neither ja nor nei: write ja or nei, or leave it empty" in err
    rows[0] |= {"accept": "ja", "supplier_number": "123456789"}
    write(file, rows)
    code, out, err = dif("register", "propose", "source_system", "--accepted", file, "--reason", "prøve")
    assert (code, out, "Tindrell Sak v3.2.1" in err) == (1, "", True)
    assert len(json.loads(dif("register", "history", "source_system", "--json")[1])) == 1


def test_an_edit_begins_from_the_version_applied_last_also_before_a_run_takes_it_in(dif, lacking, tmp_path):
    applied(lacking, [*REGISTER, {"source_system": "Annet", "system": "Annet"}], "ingen kjøring etterpå")
    assert "Annet" in in_force(dif, tmp_path)
    code, out, _ = dif("register", "check", "source_system", tmp_path / "now.csv")
    assert (code, "0 added, 0 changed, 0 removed" in out) == (0, True)


@pytest.mark.slow("a run")
def test_a_marked_name_is_mapped_in_the_next_release_and_the_others_stay_unmapped(home, monkeypatch, capsys, tmp_path):
    def dif(*words):
        with pytest.raises(SystemExit) as ended:
            main.main([str(w) for w in words])
        return ended.value.code, capsys.readouterr().out

    def lacking_in(release):
        return {
            r["source_system"]
            for b in dataset_reader.open_dataset(release, UNMAPPED_SYSTEM).batches
            for r in b.to_pylist()
        }

    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    before = lacking_in(home.current)
    file = tmp_path / "forslag.csv"
    assert dif("register", "propose", "source_system", "--out", file)[0] == 0
    rows = read(file)
    assert {r["source_system"] for r in rows} == before
    assert rows[0]["system"]
    write(file, [rows[0] | {"accept": "ja"}, *rows[1:]])
    code, out = dif("register", "propose", "source_system", "--accepted", file, "--reason", "sett over")
    assert (code, "1 added, 0 changed, 0 removed" in out) == (0, True)
    assert lacking_in(home.run(as_of=landing.utc_now())) == before - {rows[0]["source_system"]}
