"""A form that comes back is merged into the register in force: the rows it answers for, and no others."""

import json
from datetime import timedelta

import pytest

from catalog.domain.calendar import day_in_oslo
from tests.thorough import some
from transport.storage.landing import utc_now

HEADER = "municipality_code;municipality;service;sentence;status;followed_up_on;note"


@pytest.fixture
def dif(dif_in, tmp_path):
    return dif_in(tmp_path / "home")


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
    assert "Columns that are not in the register are left out: municipality, sentence." in err
    assert "2 rows without an answer skipped." in err
    assert "partly filled in but without an answer: row 4" in err
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
        (["4601;B;svarut;…;KONTAKTET;;", "4601;B;svarut;…;PLANLAGT;;"], "row 3: differs from row 2"),
        (["1201;B;svarut;…;KONTAKTET;;", "4601;B;svarut;…;PLANLAGT;;"], "row 3: differs from row 2"),
        (["4601;B;svarut;…;KONTAKTET;i går;"], "row 2, followed_up_on: 'i går'"),
        (["4601;B;svarut;…;KONTAKTET;31.02.2026;"], "row 2, followed_up_on: '2026-02-31'"),
        (["4601;B;svarut;…;KONTAKTET;2999-01-01;"], "row 2, followed_up_on: 2999-01-01 is in the future"),
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
        ("kommune;service;status", "kommune: no such column; did you mean 'Kommunenummer'?"),
        ("navn;service;status", "column 'municipality_code' is missing"),
        ("Kommunenummer;Tjeneste;status;Status", "Status: the same column as status; keep one"),
    ],
)
def test_a_column_that_is_missing_or_misspelt_never_passes_for_no_answer(merge, versions, header, says):
    code, _, err = merge("4601;svarut;KONTAKTET;", header=header)
    assert (code, says in err, versions()) == (1, True, [])


@pytest.mark.parametrize(
    ("status", "code"),
    some(
        [
            *(("kontaktet", "KONTAKTET"), (" Kontaktet ", "KONTAKTET"), ("Takket nei", "TAKKET_NEI")),
            *(("takket_nei", "TAKKET_NEI"), ("IKKE  AKTUELT", "IKKE_AKTUELT"), ("planned", "PLANLAGT")),
        ],
        [("IKKE  AKTUELT", "IKKE_AKTUELT")],
        "the same letters, spaces and words in another status",
    ),
)
def test_a_status_is_taken_in_any_letter_case_and_in_words(merge, in_force, dif, tmp_path, status, code):
    assert merge(f"4601;Bergen;svarut;…;{status};;")[0] == 0
    assert in_force() == [f"4601;svarut;{code};;"]
    whole = tmp_path / "whole.csv"
    whole.write_text(f"municipality_code;service;status\n4602;svarut;{status}\n", "utf-8")
    assert dif("register", "apply", "follow_up", whole, "--reason", "alt")[0] == 0
    assert in_force() == [f"4602;svarut;{code};;"]


@pytest.mark.parametrize(
    "header",
    [
        "Kommunenummer;Kommune;Tjeneste;Hvorfor;Status;Fulgt opp;Merknad",
        "Municipality code;Municipality;Service;Why;Status;Followed up on;Note",
        "KOMMUNENUMMER;Kommune;tjeneste;Hvorfor;STATUS;fulgt  opp;merknad",
        HEADER,
    ],
)
def test_a_column_goes_by_its_name_or_by_its_title_in_either_language(merge, in_force, header):
    code, _, err = merge("4601;Bergen;svarut;…;Planlagt;30.10.2026;ring", header=header)
    assert (code, in_force()) == (0, ["4601;svarut;PLANLAGT;2026-10-30;ring"])
    assert f"left out: {header.split(';')[1]}, {header.split(';')[3]}." in err
    code, _, err = merge("4601;Bergen;svarut;…;Planlagt;i går;ring", header=header)
    assert (code, f"row 2, {header.split(';')[5]}: 'i går' is not a valid date" in err) == (1, True)


def test_a_day_to_come_is_refused_by_apply_and_check_as_well(dif, tmp_path, versions):
    whole = tmp_path / "whole.csv"
    tomorrow = day_in_oslo(utc_now()) + timedelta(days=1)
    whole.write_text(f"municipality_code;service;status;followed_up_on\n4602;svarut;PLANLAGT;{tomorrow}\n", "utf-8")
    for words in (("check", "follow_up", whole), ("apply", "follow_up", whole, "--reason", "alt")):
        code, out, err = dif("register", *words)
        assert (code, out, versions()) == (1, "", [])
        assert f"row 2, followed_up_on: {tomorrow} is in the future; " in err
        assert "write a planned day in the note.\n" in err


def test_what_is_refused_is_said_with_one_full_stop(merge):
    _, _, err = merge("4601;Bergen;svarut;…;RINGT;;")
    assert "status must be one of: KONTAKTET, PLANLAGT, TAKKET_NEI, IKKE_AKTUELT." in err
    assert ".." not in err


@pytest.mark.slow("two merges of one form")
def test_the_same_row_twice_counts_once_and_the_same_form_again_changes_nothing(merge, versions, dif):
    row = f"4601;Bergen;svarut;…;KONTAKTET;{day_in_oslo(utc_now())};"
    assert "1 rows applied" in merge(row, row)[1]
    assert merge(row)[1] == "The register already has all of it. Nothing was applied.\n"
    assert merge("4601;Bergen;svarut;…;;;")[1] == "No row has an answer. Nothing was applied.\n"
    assert len(versions()) == 1
    tomorrow = day_in_oslo(utc_now()) + timedelta(days=1)
    assert merge(f"4601;Bergen;svarut;…;KONTAKTET;{tomorrow};")[0] == 1


def test_an_old_code_is_taken_and_stands_for_the_municipality_that_it_became(merge, in_force):
    merge("1201;Bergen;svarut;…;KONTAKTET;;")
    assert in_force() == ["1201;svarut;KONTAKTET;;"]
    code, _, _ = merge("4601;Bergen;svarut;…;TAKKET_NEI;;")
    assert (code, in_force()) == (0, ["4601;svarut;TAKKET_NEI;;"])


@pytest.mark.slow("two runs; another test takes the first version back")
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
