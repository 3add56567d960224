"""A form that comes back is merged into the register in force: the rows it answers for, and no others."""

import json
from datetime import timedelta

import pytest

from catalog.calendar import day_in_oslo
from transport.landing import utc_now

HEADER = "municipality_code;municipality;service;sentence;status;followed_up_on;note"


@pytest.fixture
def dif(tmp_path, monkeypatch, command):
    """Run one command over an empty home; gives exit code, stdout and stderr."""
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    return command


@pytest.fixture
def merge(dif, tmp_path):
    """Merge a form of these rows; gives exit code, stdout and stderr."""

    def merge(*rows, header=HEADER, name="follow_up"):
        file = tmp_path / "form.csv"
        file.write_text("\n".join([header, *rows]), "utf-8")
        return dif("register", "merge", name, file, "--by", "nettverk", "--reason", "runde")

    return merge


@pytest.fixture
def in_force(dif, tmp_path):
    """The rows of the register as it stands."""

    def rows(name="follow_up"):
        assert dif("register", "export", name, "now.csv")[0] == 0
        return (tmp_path / "now.csv").read_text("utf-8-sig").splitlines()[1:]

    return rows


@pytest.fixture
def versions(dif):
    return lambda: json.loads(dif("register", "history", "follow_up", "--json")[1])


def test_only_answered_rows_are_taken_and_those_of_others_stay(merge, in_force, versions):
    assert merge("4601;Bergen;svarut;…;KONTAKTET;2026-10-01;ringt", "5001;Trondheim;svarut;…;PLANLAGT;;")[0] == 0
    code, out, err = merge(
        "4601;Bergen;svarut;Bergen har …;TAKKET_NEI;30.10.2026;vil vente",
        "4602;Kinn;svarut;Kinn har …;;;",
        "4611;Etne;svarut;…;;;har ringt",
        "4612;Sveio;svarut;…;IKKE_AKTUELT;;",
    )
    assert (code, "3 rows applied" in out, "1 added, 1 changed, 0 removed" in out) == (0, True, True)
    assert "No part of the register, and left out: municipality, sentence." in err
    assert "2 rows without an answer skipped." in err
    assert "something is said, but not answered, in row 4" in err
    assert in_force() == [
        "4601;svarut;TAKKET_NEI;2026-10-30;vil vente",
        "4612;svarut;IKKE_AKTUELT;;",
        "5001;svarut;PLANLAGT;;",
    ]
    assert [(one["rows"], one["by"], one["reason"]) for one in versions()] == [
        (2, "nettverk", "runde"),
        (3, "nettverk", "runde"),
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["9999;X;svarut;…;KONTAKTET;;"], "row 2 with key '9999 svarut': municipality_code must be one of"),
        (["4601;Bergen;svarutt;…;KONTAKTET;;"], "row 2 with key '4601 svarutt': service must be one of"),
        (["4602;Kinn;svarut;…;;;", "4601;Bergen;svarut;…;RINGT;;"], "row 3 with key '4601 svarut': status must be one"),
        (["4601;B;svarut;…;KONTAKTET;;", "4601;B;svarut;…;PLANLAGT;;"], "row 3: says other than row 2"),
        (["1201;B;svarut;…;KONTAKTET;;", "4601;B;svarut;…;PLANLAGT;;"], "row 3: says other than row 2"),
        (["4601;B;svarut;…;KONTAKTET;i går;"], "row 2, followed_up_on: 'i går'"),
        (["4601;B;svarut;…;KONTAKTET;31.02.2026;"], "row 2, followed_up_on: '2026-02-31'"),
        (["4601;B;svarut;…;KONTAKTET;2999-01-01;"], "row 2, followed_up_on: 2999-01-01 is still to come"),
        ([";B;svarut;…;KONTAKTET;;"], "row 2, municipality_code: a value is required"),
        (["4601;B;svarut;…;KONTAKTET;;en;to"], "row 2: more fields than columns"),
        ([], "the file has no rows"),
    ],
)
def test_one_wrong_row_refuses_the_whole_form_with_its_row(merge, versions, rows, says):
    code, out, err = merge(*rows)
    assert (code, out) == (1, "")
    assert says in err
    assert versions() == []


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("municipality_code;service;staus;note", "staus: no such column; did you mean 'status'?"),
        ("municipality_code;service;note", "column 'status' is missing"),
        ("kommune;service;status", "column 'municipality_code' is missing"),
    ],
)
def test_a_column_that_is_missing_or_misspelt_never_passes_for_no_answer(merge, versions, header, says):
    code, _, err = merge("4601;svarut;KONTAKTET;", header=header)
    assert (code, says in err, versions()) == (1, True, [])


def test_the_same_row_twice_counts_once_and_the_same_form_again_changes_nothing(merge, versions, dif):
    row = f"4601;Bergen;svarut;…;KONTAKTET;{day_in_oslo(utc_now())};"
    assert "1 rows applied" in merge(row, row)[1]
    assert merge(row)[1] == "The register says all of it already. Nothing was applied.\n"
    assert merge("4601;Bergen;svarut;…;;;")[1] == "No row has an answer. Nothing was applied.\n"
    assert len(versions()) == 1
    tomorrow = day_in_oslo(utc_now()) + timedelta(days=1)
    assert merge(f"4601;Bergen;svarut;…;KONTAKTET;{tomorrow};")[0] == 1


def test_an_old_code_is_taken_and_stands_for_the_municipality_that_it_became(merge, in_force):
    merge("1201;Bergen;svarut;…;KONTAKTET;;")
    assert in_force() == ["1201;svarut;KONTAKTET;;"]
    code, _, _ = merge("4601;Bergen;svarut;…;TAKKET_NEI;;")
    assert (code, in_force()) == (0, ["4601;svarut;TAKKET_NEI;;"])


def test_a_merge_is_undone_by_the_version_before_and_the_first_by_taking_it_back(merge, in_force, dif, tmp_path):
    _, out, _ = merge("4601;Bergen;svarut;…;KONTAKTET;;")
    first = out.split(" as ")[1].split(";")[0]
    assert f"To undo: dif withdraw {first} --reason" in out
    _, out, _ = merge("4602;Kinn;svarut;…;KONTAKTET;;")
    assert f"To undo: dif register export follow_up undo.xlsx --version {first}, and apply it." in out
    assert dif("register", "export", "follow_up", "undo.xlsx", "--version", first)[0] == 0
    assert dif("register", "apply", "follow_up", "undo.xlsx", "--reason", "angret")[0] == 0
    assert in_force() == ["4601;svarut;KONTAKTET;;"]


def test_the_first_version_is_undone_by_taking_its_batch_back(merge, in_force, dif):
    _, out, _ = merge("4601;Bergen;svarut;…;KONTAKTET;;")
    batch = out.split(" as ")[1].split(";")[0]
    code, out, err = dif("withdraw", batch, "--reason", "feil skjema")
    assert (code, err, in_force()) == (0, "", [])


def test_other_registers_take_forms_too_and_keep_what_is_bundled(merge, in_force):
    code, out, _ = merge(
        "nav-digisos;5302;3911;Kontoret heter Færder.",
        header="producer;reported_code;municipality_code;reason",
        name="code_decision",
    )
    assert (code, "1 added, 0 changed, 0 removed" in out, len(in_force("code_decision"))) == (0, True, 5)
