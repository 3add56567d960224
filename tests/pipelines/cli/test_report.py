"""`dif report` as people use it, and the way back of the form that goes with a network's."""

import json
import shutil
from datetime import date

import openpyxl
import pytest

from catalog import facts
from catalog.tables.uptake_calls import DECLINED_TABLE, NOT_YET
from tests.dashboards import sample_report
from tests.dashboards.conftest import whole_home  # noqa: F401 - a fixture
from tests.thorough import some
from transport.base.settings import Settings
from transport.releases.store import Releases


@pytest.fixture
def dif(tmp_path, monkeypatch, command):
    """Run one command over a home with a release, in a folder of its own; gives exit code, stdout and stderr."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DIF_CONTACT", "data@example.no")
    monkeypatch.chdir(folder)

    command.folder = folder
    return command


@pytest.fixture
def published(tmp_path, sample_of_ledgers):
    shutil.copytree(sample_of_ledgers, tmp_path / "home", symlinks=True)
    return Releases(Settings(home=tmp_path / "home")).get("current")


def test_a_report_goes_out_with_its_form_which_comes_back_filled_in(dif, published):
    code, out, err = dif("report", "network", "DigiVestland", "--follow-up", "oppfolging.xlsx")
    assert (code, err) == (0, "")
    file, form = dif.folder / "rapport-digivestland-2026-10.html", dif.folder / "oppfolging.xlsx"
    assert out.splitlines()[:2] == [
        f"{file}: DigiVestland, 2026-10, release {published.name}.",
        f"{form}: 98 rows to fill in. When it comes back:",
    ]
    page = file.read_text("utf-8")
    assert "<h1>DigiVestland, oktober 2026</h1>" in page
    assert "data@example.no" in page
    assert " andre er i oppfolging.xlsx. Fyll inn hva dere har gjort, og send filen tilbake." in page

    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    sheet["G2"], sheet["H2"], sheet["I2"] = "Takket nei", date(2026, 10, 30), "vil vente"
    sheet["G5"] = "planlagt "
    first = (sheet["A2"].value, sheet["C2"].value)
    book.save(form)
    code, out, err = dif("register", "merge", "follow_up", form, "--by", "nettverk", "--reason", "runde i oktober")
    assert (code, "2 rows applied" in out, "2 added, 0 changed, 0 removed" in out) == (0, True, True)
    assert "96 rows without an answer skipped." in err
    assert "left out: Kommune, Hvorfor den står på listen, Kontakt, Oppfølging som er meldt." in err
    assert dif("register", "export", "follow_up", "now.csv")[0] == 0
    rows = (dif.folder / "now.csv").read_text("utf-8-sig").splitlines()
    assert f"{';'.join(first)};TAKKET_NEI;2026-10-30;vil vente" in rows


def test_a_municipalitys_sheet_is_written_and_an_unknown_one_names_the_nearest(
    command,
    whole_home,  # noqa: F811 - the fixture
    tmp_path,
    monkeypatch,
):
    monkeypatch.setenv("DIF_HOME", str(whole_home))
    monkeypatch.chdir(tmp_path)
    code, out, err = command("report", "municipality", "Bergen", "--payments")
    [file] = tmp_path.glob("rapport-4601-*.html")
    assert (code, err, out.startswith(f"{file}: Bergen, ")) == (0, "", True)
    assert "Tjenestene i Bergen" in file.read_text("utf-8")
    code, _, err = command("report", "municipality", "Bergn")
    assert code != 0
    assert "Bergen" in err


def test_a_follow_up_that_is_on_no_list_of_the_release_is_taken_with_a_warning(dif, published):
    rows = [r for x in (NOT_YET, DECLINED_TABLE) for r in sample_report.tables()[x].to_pylist()]
    listed = {(r["municipality_code"], r["service"]) for r in rows}
    today = sorted(r["code"] for r in facts.read("municipality") if not r["valid_to"])
    [has, *_] = [code for code in today if (code, "svarut") not in listed]
    [waits, *_] = [code for code in today if (code, "svarut") in listed]
    file = dif.folder / "runde.csv"
    lines = [f"{waits};svarut", f"{has};svarut", "0301;altinn-3", "0301;fiks-arkiv", "1507;svarut"]
    file.write_text("\n".join(["municipality_code;service;status", *(f"{x};Kontaktet" for x in lines)]), "utf-8")
    code, out, err = dif("register", "merge", "follow_up", file, "--by", "nettverk", "--reason", "runde")
    assert (code, "5 rows applied" in out) == (0, True)
    nobody = "nobody is called about the service: all have it, none has begun, or it is not for municipalities"
    assert err.splitlines() == [
        f"WARNING: 4 rows taken in anyway, but not on the call list of release {published.name}:",
        f"  row 3, {has} svarut: the municipality already has the service",
        "  row 4, 0301 altinn-3: the service is an external product, and nobody is called about it",
        f"  row 5, 0301 fiks-arkiv: {nobody}",
        "  row 6, 1507 svarut: the code was split, so the follow-up belongs to no current municipality",
    ]


@pytest.mark.slow("the report itself is tried in test_network.py in both languages")
def test_a_report_goes_where_it_is_told_of_the_release_that_is_named_in_english(dif, published):
    code, out, _ = dif("report", "network", "digi-agder", "--out", "x.HTM", "--release", published.name, "--lang", "en")
    assert code == 0
    assert out.startswith(str(dif.folder / "x.HTM"))
    assert '<html lang="en">' in (dif.folder / "x.HTM").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    some(
        [
            (["digiagder"], 2, "Did you mean 'digi-agder'?"),
            (["digi-agder", "--release", "2020-01-01.1"], 2, "No release '2020-01-01.1'"),
            (["digi-agder", "--lang", "nn"], 2, "nn"),
            (["digi-agder", "--follow-up", "list.csv"], 2, "ends in .xlsx"),
            (["digi-agder", "--out", "nowhere/x.html"], 1, "Check that the folder exists"),
            (["--home"], 2, "See `dif --help`"),
        ],
        1,
        "another mistake",
    ),
)
def test_what_cannot_be_is_said_with_the_mend_and_nothing_is_written(dif, published, words, code, says):
    ended, out, err = dif("report", "network", *words)
    assert (ended, out) == (code, "")
    assert says in err
    assert list(dif.folder.iterdir()) == []


@pytest.mark.parametrize("words", [["network", "digi-agder"], ["product", "SvarUt"], ["board"], ["--board"]])
@pytest.mark.parametrize("name", some(["rapport.pdf", "rapport"], 1, "refused by the same words"))
def test_a_file_that_promises_another_form_is_refused_with_the_way_to_a_pdf(dif, published, words, name):
    ended, out, err = dif("report", *words, "--out", name)
    assert (ended, out) == (2, "")
    assert f"--out is '{name}'" in err
    assert "ends in .html or .htm; for a PDF, open it in a browser and print it to PDF" in err
    assert list(dif.folder.iterdir()) == []


@pytest.mark.parametrize("words", some([["--board"], ["board"]], 1, "the same page by another word"))
def test_the_boards_page_is_written_by_a_flag_or_a_word(dif, published, words):
    code, out, err = dif("report", *words)
    file = dif.folder / "rapport-styret-2026-10.html"
    said = f"{file}: Rapport til styret, 2026-10, release {published.name}.\n"
    assert (code, out, err) == (0, said, "")
    assert "Fortrolig: produktregnskap" in file.read_text("utf-8")


@pytest.mark.slow("the page itself is tried in reports/test_ledgers.py by month and language")
def test_a_products_page_is_of_the_month_and_language_that_are_named(dif, published):
    code, out, _ = dif("report", "product", "SvarUt", "--month", "2026-08", "--lang", "en")
    file = dif.folder / "rapport-svarut-2026-08.html"
    assert (code, out) == (0, f"{file}: SvarUt, 2026-08, release {published.name}.\n")
    page = file.read_text("utf-8")
    assert "<h1>SvarUt, August 2026</h1>" in page
    assert "Questions about the numbers: data@example.no" in page


@pytest.mark.parametrize(
    ("words", "code", "says"),
    some(
        [
            (["product", "svarrut"], 2, "Did you mean 'SvarUt'?"),
            (["product", "svarut", "--month", "oktober"], 2, "Give a month, such as 2026-10."),
            (["--board", "--month", "2027-01"], 2, "Give a month up to 2026-10"),
            (["--board", "--out", "nowhere/x.html"], 1, "Check that the folder exists"),
            (["product"], 2, "See `dif --help`"),
        ],
        1,
        "another mistake",
    ),
)
def test_a_page_of_the_ledgers_that_cannot_be_is_said_with_the_mend(dif, published, words, code, says):
    ended, out, err = dif("report", *words)
    assert (ended, out) == (code, "")
    assert says in err
    assert list(dif.folder.iterdir()) == []


def test_before_the_first_release_there_is_nothing_to_report(dif):
    code, _, err = dif("report", "network", "digi-agder")
    assert (code, "Make one: dif run." in err) == (2, True)
    assert json.loads(dif("register", "history", "follow_up", "--json")[1]) == []
