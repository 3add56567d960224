"""The overview: what it says of the year, what calls for a decision, and what it leaves out for who may not see."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import escape, unescape
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest

from dashboards.access import visitors
from dashboards.page import layout
from dashboards.release import authorization
from dashboards.reports.board.report import gather
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.board import tables as board_tables
from dashboards.views.overview import charts as overview_charts
from dashboards.views.overview import narrative as overview_narrative
from dashboards.views.overview import tables as overview_downloads
from dashboards.views.overview import tables as overview_tables
from dashboards.words import Words, formatting
from tests.dashboards import sample_ledger
from tests.dashboards.views.test_uptake import text
from transport.base.settings import Settings
from transport.releases.store import Releases

NUMBERS = r"\d[\d ,]* (?:kr|%|kunder)"
AMOUNT = r"\d[\d ,]* (?:mill\. )?kr"
MONTH, SEPTEMBER = date(2026, 3, 1), date(2026, 9, 1)


def month(year: int, number: int, dispatches: int) -> dict[str, object]:
    return {"month": date(year, number, 1), "dispatches": dispatches, "synthetic": True}


@pytest.fixture(scope="module")
def told(sample_of_ledgers, tmp_path_factory):
    """A home whose release has ledgers, a loan behind plan and kroner unexplained; and what the board is told of it.

    That is asked for before a page opens the release, as a report is a process of its own.
    """
    home = shutil.copytree(sample_of_ledgers, tmp_path_factory.mktemp("ledgers") / "home", symlinks=True)
    given = Settings(home=home)
    release = Releases(given).get("current")
    sample_ledger.follow_loans(release)
    sample_ledger.reconcile(release)
    return given, gather(given)


@pytest.fixture
def with_ledgers(told):
    return told[0]


@pytest.fixture
def found(told):
    return board_narrative.decisions(told[1], Words("nb"))


def test_each_matter_leads_to_the_page_where_it_is_looked_into(found):
    assert {one.kind for one in found} >= {"loan", "open"}
    for one in found:
        address = board_narrative.address(one, {"lang": "en"})
        assert "lang=en" in address
        assert one.service is None or f"tjeneste={one.service}" in address
        assert one.kind != "loan" or address.endswith("#lan")
        assert one.kind != "late" or "del=leveranser" in address


@pytest.fixture(scope="module")
def whole(whole_home, tmp_path_factory):
    """A home whose release has numbers on every page, and what calls for a decision by kind, now and in September.

    Deliveries are lacking in September only.
    """
    # of its own: DuckDB opens no file twice in a process with different settings, as pages and reports do
    given = Settings(home=tmp_path_factory.mktemp("whole") / "home")
    shutil.copytree(whole_home, given.home, symlinks=True)
    every = [board_narrative.decisions(gather(given, month), Words("nb")) for month in (None, SEPTEMBER)]
    return given.home, *({one.kind: one for one in found} for found in every)


def led_to(opened, home, address: str) -> str:
    """What a reader sees who follows a link."""
    to = urlsplit(address)
    page = opened(home, at=to.path.strip("/"), **dict(parse_qsl(to.query)))
    assert not page.exception
    assert not page.error
    return plain(text(page))


def plain(said: str) -> str:
    return said.replace("\\", "").replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["below", "above", "loan", "annex", "open"])
def test_the_numbers_of_a_matter_stand_on_the_page_that_it_leads_to(opened, whole, kind):
    home, now, _ = whole
    one = now[kind]
    told = re.findall(NUMBERS, plain(f"{one.what} {one.stake}"))
    assert told
    there = led_to(opened, home, board_narrative.address(one, {}))
    for number in told:
        assert number in there


def test_a_matter_of_an_earlier_month_leads_to_its_year_and_to_the_quarter_that_it_ends(opened, whole):
    home, now, september = whole
    assert board_narrative.address(now["below"], {}).endswith("tjeneste=fiks-folkeregister&ar=2026")
    assert "&ar=2026" in board_narrative.address(september["open"], {})
    one = september["below"]
    address = board_narrative.address(one, {})
    assert address.endswith("&ar=2026&kvartal=3")
    there = led_to(opened, home, address)
    for number in re.findall(NUMBERS, plain(f"{one.what} {one.stake}")):
        assert number in there
    drawn = "".join(one.value for one in opened(home, at="oversikt", maned="2026-09").html)
    assert escape(board_narrative.address(one, {"maned": "2026-09"})) in drawn


def test_the_numbers_of_a_movement_stand_on_the_page_that_it_leads_to(opened, whole):
    page = opened(whole[0], at="oversikt", lang="nb")
    listed = next(one.value for one in page.html if "dif-listed" in one.value)
    told = re.findall(r'<li>(.*?) <a href="(.*?)">', listed)
    assert [(to.path, dict(parse_qsl(to.query))) for _, to in ((x, urlsplit(unescape(y))) for x, y in told)] == [
        ("/produktregnskap", {"lang": "nb", "tjeneste": "svarut", "ar": "2026"}),
        ("/produktregnskap-resultat", {"lang": "nb", "tjeneste": "svarut", "ar": "2026"}),
        ("/utbredelse", {"lang": "nb", "tjeneste": "svarut", "maned": "2026-10"}),
    ]
    (result, _), (income, _), (spread, _) = told
    for sentence, number in ((result, AMOUNT), (income, rf"{AMOUNT}(?=\. )"), (spread, r"\d+ av \d+")):
        (said,) = re.findall(number, plain(sentence))
        address = next(unescape(to) for one, to in told if one == sentence)
        assert said.strip() in led_to(opened, whole[0], address)


def test_a_movement_that_is_of_no_service_has_no_link_and_what_others_named_is_text(nb):
    none, named = (
        board_narrative.Movement("income", None, "Ingen inntekt er ført."),
        board_narrative.Movement("spread", "a&b", "<b>"),
    )
    moves = [none, named]
    drawn = overview_tables.movements(moves, [movement.sentence for movement in moves], {}, nb)
    assert "<li>Ingen inntekt er ført.</li>" in drawn
    assert '<li>&lt;b&gt; <a href="/utbredelse?tjeneste=a%26b">Utbredelsen</a></li>' in drawn


def test_a_producer_whose_gaps_are_of_several_streams_leads_to_them_all(found):
    assert next(one for one in found if one.kind == "late").chosen == {}


def test_a_matter_of_deliveries_says_that_its_page_shows_four_weeks_and_of_what(opened, whole, nb):
    home, _, september = whole
    assert "siste fire uker" in nb("overview.decide.to.late")
    address = board_narrative.address(september["late"], {})
    assert address.endswith(f"&strom=dispatch&organisasjon={sample_ledger.OSLO}")
    there = led_to(opened, home, address)
    assert "De siste fire ukene mangler" in there
    assert "Oslo kommune mangler" in there
    assert "er ikke et gyldig valg" not in there


def test_the_year_is_compared_with_the_same_months_of_the_one_before():
    rows = [month(2025, n, 100) for n in range(1, 13)] + [month(2026, n, 110) for n in (1, 2, 3)]
    assert overview_narrative.this_year(rows, MONTH) == (330, 300)


def test_a_year_before_with_a_month_missing_is_not_compared_with(nb):
    rows = [month(2025, 1, 100), month(2025, 3, 100)] + [month(2026, n, 110) for n in (1, 2, 3)]
    assert overview_narrative.this_year(rows, MONTH) == (330, None)
    assert "uten sammenlignbare tall for 2025" in overview_narrative.use(rows, MONTH, nb).words


@pytest.mark.parametrize(
    ("now", "said"),
    [(110, "10 % mer enn i samme måneder i 2025"), (90, "10 % mindre enn"), (100, "uendret fra samme måneder i 2025")],
)
def test_the_change_is_told_in_per_cent(nb, now, said):
    assert overview_narrative.change(now, 100, 2025, nb).startswith(said)


def test_bars_begin_at_zero_and_this_year_is_the_one_that_is_seen(nb):
    rows = [month(2025, 12, 100), month(2026, 1, 110)]
    drawn = overview_charts.dispatches(rows, date(2026, 1, 1), nb).to_dict()
    bars = drawn["layer"][0]
    assert bars["encoding"]["y"]["scale"]["zero"] is True
    data = drawn["datasets"][drawn["data"]["name"]] if "datasets" in drawn else drawn["data"]["values"]
    assert [one["colour"] for one in data] == [overview_charts.GREY, overview_charts.PRIMARY]
    assert overview_charts.dispatches_in_words(rows, nb) == (
        "Forsendelser per måned: 100 i desember 2025, flest 110 i januar 2026, og 110 i januar 2026."
    )


def test_the_page_tells_the_story_first_and_then_what_needs_a_decision(opened, with_ledgers):
    page = opened(with_ledgers.home, at="oversikt")
    said = plain(text(page))
    assert not page.exception
    assert not page.error
    story = "Ett av to produkter dekker mindre enn 95 % av kostnaden. Seks saker"
    bridge = "Inntekten er ført i månedene den er for: "
    parts = (story, "Seks saker krever beslutning", bridge, "Utestående Digifin-lån", "Slik er tallene laget")
    for part in parts:
        assert part in said
    assert "/produktregnskap?" in said or "Se nærmere" in said


def test_without_ledgers_the_page_tells_of_use_and_uptake_and_says_that_they_are_not_there(opened, sample_release):
    page = opened(sample_release, at="oversikt")
    said = text(page)
    assert not page.error
    assert "SvarUt står for 100 % av forsendelsene så langt i 2026." in said
    assert "Denne utgaven har ikke produktregnskap." in said
    assert "Omsetning" not in said


def test_a_visitor_who_may_not_see_the_ledgers_is_told_nothing_of_them(opened, with_ledgers, monkeypatch):
    reader = authorization.Visitor("", frozenset({authorization.Role.READER}))
    monkeypatch.setattr(visitors, "admission", lambda _settings: reader)
    page = opened(with_ledgers.home, at="oversikt")
    said = text(page)
    assert "Omsetning" not in said
    assert "Resultat" not in said
    assert not [one for one in page.get("download_button") if "produkter" in one.proto.id]


def test_a_link_names_a_release_of_which_an_unknown_one_is_said(opened, with_ledgers):
    assert "er ikke et gyldig valg for utgave" in text(opened(with_ledgers.home, at="oversikt", utgave="2020-01-01.1"))


def test_products_that_nothing_is_booked_on_are_one_row_and_named_below_with_their_municipalities(told, nb):
    facts = replace(told[1], books={})
    shown = unescape(board_tables.products(facts, nb)).replace("\u00a0", " ")
    (name,) = re.findall(r'<th scope="row"[^>]*>([^<]*)', shown)
    assert name == f"{['To', 'Tre', 'Fire'][len(facts.spreads) - 2]} produkter uten bilag"
    active = formatting.number(sum(spread.active for spread in facts.spreads), "nb").replace("\u00a0", " ")
    assert f">{active}<" in shown
    below = shown.partition("</table>")[2]
    for spread in facts.spreads:
        assert f"{spread.name} {spread.active}" in below


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_file_of_all_products_has_the_rows_of_their_table_in_kroner(told, language):
    facts, words = told[1], Words(language)
    found = overview_downloads.product_rows(facts, words)
    # amounts and coverage are of different months: the headings say so
    kr = {name: words("overview.file.amount", name=words(f"accounts.{name}")) for name in ("income", "cost", "result")}
    percent = words("overview.file.coverage", name=words("accounts.coverage"))
    assert found.header[2:6] == [*kr.values(), percent]
    assert (kr["income"], percent) == {
        "nb": ("Inntekt hittil i år (kr)", "Finansiell dekningsgrad siste tolv måneder (%)"),
        "en": ("Income so far this year (kr)", "Financial coverage in the last twelve months (%)"),
    }[language]
    read = [dict(zip(found.header, row, strict=True)) for row in found.rows]
    shown = re.findall(r'<th scope="row"[^>]*>([^<]*)', board_tables.products(facts, words))
    assert [row[words("board.products.product")] for row in read] == shown[:-1], "all but their sum"
    summed = board_narrative.sums(facts)
    assert sum(row[kr["income"]] or 0 for row in read) * 100 == summed.income_ore
    assert sum(row[kr["result"]] or 0 for row in read) * 100 == summed.result_ore
    for row, one in zip(read, facts.products, strict=True):
        covered = row[percent]
        said = None if one.book is None else one.book.coverage
        assert (covered is None) == (said is None)
        assert covered is None or abs(covered - said) <= Decimal("0.05")
        assert row[words("board.products.municipalities")] == (one.spread.active if one.spread else None)
        assert row[words("column.month")] == f"{facts.month:%Y-%m}"
        assert row[words("column.release")] == facts.release.name
        assert row[words("column.synthetic")] == words("value.yes" if one.synthetic else "value.no")


def test_what_calls_for_a_decision_is_given_as_files_with_the_rows_of_its_table(
    opened, with_ledgers, found, monkeypatch
):
    made = {}
    monkeypatch.setattr(layout, "file", lambda _page, kind, make, name, key: made.update({name: make}))
    page = opened(with_ledgers.home, at="oversikt")
    (name,) = [name for name in made if re.fullmatch(r"beslutninger_\d{4}-\d{2}_[\d.-]+\.csv", name)]
    header, *rows = csv.reader(io.StringIO(made[name]().decode("utf-8-sig")), delimiter=";")
    assert header[3:] == ["Måned", "Utgave", "Syntetisk"]
    assert [(row[0], row[1], row[5]) for row in rows] == [(one.what, one.stake, "ja") for one in found]
    table = next(one.value for one in page.html if found[0].stake in one.value)
    assert all(row[2] in table for row in rows)
    assert all(matter.stake in table for matter in found)
    _, about = openpyxl.load_workbook(io.BytesIO(made[name.replace(".csv", ".xlsx")]())).worksheets
    assert [row[0].value for row in about.iter_rows()] == ["Måned", "Definisjoner", "Utgave", "Syntetisk"]


def test_all_products_are_given_as_files_under_their_table_that_say_what_they_are(opened, with_ledgers, monkeypatch):
    made = {}
    monkeypatch.setattr(layout, "file", lambda _page, kind, make, name, key: made.update({name: make}))
    page = opened(with_ledgers.home, at="oversikt")
    assert not page.error
    (book,) = [name for name in made if name.startswith("produkter_") and name.endswith(".xlsx")]
    assert re.fullmatch(r"produkter_\d{4}-\d{2}_[\d.-]+\.xlsx", book)
    assert book.replace(".xlsx", ".csv") in made
    listed, about = openpyxl.load_workbook(io.BytesIO(made[book]())).worksheets
    assert listed.title == "Tabell"
    assert listed["A1"].value == "Produkt"
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Syntetisk"] == "ja"
    assert told["Utgave"] in book
    assert "kroner uten mva. Finansiell dekningsgrad siste tolv måneder" in told["Definisjoner"]
    assert "tusen" not in told["Definisjoner"]
    assert "*" not in told["Definisjoner"]
    lines = list(csv.reader(io.StringIO(made[book.replace(".xlsx", ".csv")]().decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == listed.max_row
