"""The reports of a product and of the board: what they say, that their numbers are the release's, that they print."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalog.errors import UnknownName, WrongUse
from catalog.tables import ledger, quality, uptake, uptake_calls
from dashboards.release.attempt import Attempt
from dashboards.release.authorization import Visitor
from dashboards.release.query import Row
from dashboards.reports.board import report as board_report
from dashboards.reports.product import narrative as product_narrative
from dashboards.reports.product import report as product_report
from dashboards.reports.product.models import ProductFacts
from dashboards.server import report_files as report_route
from dashboards.shared import charts as shared_charts
from dashboards.shared import report_files
from dashboards.shared.board import charts as board_charts
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.board.models import BoardFacts
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import Book, Loan, total, twelve_months
from dashboards.words import Words, formatting
from tests.dashboards import sample_ledger
from tests.dashboards.browser import BROWSER
from tests.dashboards.reports.reading import PARTS, Reader, pages_of, text_of
from tests.dashboards.rows import replace
from tests.dashboards.totals import unfooted, unfooted_sheet
from tests.thorough import some
from transport.auth.roles import Role
from transport.base.settings import Settings
from transport.releases.store import Releases

NB, EN = Words("nb"), Words("en")
FIRST, LAST = date(2026, 1, 1), date(2026, 10, 1)


@pytest.fixture(scope="module")
def home(sample_of_ledgers, tmp_path_factory) -> Settings:
    """A home with a release of before the other tables of the ledgers."""
    folder = tmp_path_factory.mktemp("ledger") / "home"
    return Settings(home=shutil.copytree(sample_of_ledgers, folder, symlinks=True))


@pytest.fixture(scope="module")
def full(sample_of_ledgers, tmp_path_factory) -> Settings:
    """A home with a release that has all of them."""
    folder = tmp_path_factory.mktemp("full") / "home"
    given = Settings(home=shutil.copytree(sample_of_ledgers, folder, symlinks=True))
    release = Releases(given).get("current")
    for add in (
        sample_ledger.follow_loans,
        sample_ledger.calculate,
        sample_ledger.reconcile,
        sample_ledger.list_unmapped,
        sample_ledger.list_fee_gaps,
        sample_ledger.budget_income,
    ):
        add(release)
    return given


@pytest.fixture(scope="module")
def svarut(home) -> ProductFacts:
    return product_report.gather(home, "svarut")


@pytest.fixture(scope="module")
def board(home) -> BoardFacts:
    return board_report.gather(home)


def asked(given: Settings, sql: str) -> Any:
    """The first row of an answer of the release, asked as an analyst does."""
    folder = given.releases / "current"
    with duckdb.connect(str(folder / "dif.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger (read_only)")
        [row] = connection.sql(sql).fetchall()
        return row if len(row) > 1 else row[0]


def plain(said: Any) -> Any:
    """Texts without the spaces that do not break."""
    if isinstance(said, str):
        return said.replace("\xa0", " ")
    return [tuple(plain(x) for x in one) if isinstance(one, tuple) else plain(one) for one in said]


def plain_of(page: str) -> str:
    return str(plain(text_of(page)))


@pytest.mark.parametrize("words", [NB, EN])
def test_the_tables_of_the_reports_add_up(home, full, words):
    assert unfooted([board_report.page(board_report.gather(full), words)]) == []
    assert unfooted([product_report.page(product_report.gather(home, "svarut"), words)]) == []


def test_a_total_that_is_not_the_sum_of_its_lines_is_found():
    head = "<table><caption>Kr</caption><tr><th>Hva</th><th>Kr</th></tr>"
    lines = "<tr><th>A</th><td>1 000</td></tr><tr><th>B</th><td>2 000</td></tr>"
    sums = {n: f'{head}{lines}<tr class="dif-sum"><th>Sum</th><td>{n}</td></tr></table>' for n in ("3 000", "3 100")}
    assert [bool(unfooted([page])) for page in sums.values()] == [False, True]
    in_english = sums["3 000"].replace("1 000", "1,000").replace("2 000", "2,000")
    told = {n: in_english.replace("3 000", n) for n in ("3,001", "3,100")}
    assert [bool(unfooted([page])) for page in told.values()] == [False, True], "each line is rounded by itself"
    sheet = [("Hva", "Kr"), ("A", 1000), ("B", 2000.5)]
    assert unfooted_sheet([*sheet, ("Sum", 3000.5)]) == []
    assert unfooted_sheet([*sheet, ("Sum", 3000)]) == ["column 2 is 3000, the lines come to 3000.5"]


def told(found) -> dict[str, tuple[str, str]]:
    return {one.label: (plain(one.value), plain(one.words)) for one in found}


@pytest.mark.parametrize("service", ["svarut", "fiks-folkeregister", "fiks-digisos"])
def test_the_economy_on_a_products_page_is_what_the_release_says(home, service):
    facts = product_report.gather(home, service)
    figures = told(product_narrative.figures(facts, NB))
    page = plain_of(product_report.page(facts, NB))
    names = ("income", "cost_brukerstotte", "cost_drift", "cost_forvaltning", "cost_administrasjon", "allocated")
    sums = ", ".join(f"sum({name}_ore)::bigint" for name in (*names, "result"))
    year = asked(home, f"select {sums} from ledger.product_month where service = '{service}' and year(month) = 2026")
    cost = sum(year[1:6])
    for label, ore in (("Inntekt", year[0]), ("Kostnad", cost), ("Resultat", year[6])):
        assert figures[f"{label} så langt i 2026"][0] == plain(formatting.rounded_kroner(ore, "nb"))
    for ore in year:
        assert plain(formatting.whole_kroner(ore, "nb")) in page
    balance = asked(
        home, f"select arg_max(balance_carried_ore, month) from ledger.product_month where service = '{service}'"
    )
    assert figures["Akkumulert resultat"][0] == plain(formatting.rounded_kroner(balance, "nb"))


def test_self_cost_coverage_is_of_twelve_months_and_missing_before_there_are_as_many(home, svarut):
    income, cost = asked(
        home,
        "select sum(income_ore)::bigint, sum(income_ore - result_ore)::bigint from ledger.product_month "
        "where service = 'svarut' and month > '2025-10-01'",
    )
    assert svarut.book.coverage == Decimal(income * 100) / cost
    assert told(product_narrative.figures(svarut, NB))["Finansiell dekningsgrad"][0] == "108,2 %"
    new = product_report.gather(home, "fiks-digisos")
    assert told(product_narrative.figures(new, NB))["Finansiell dekningsgrad"] == (
        "..",
        "mangler: regnskapet har færre enn tolv måneder",
    )


def test_the_sum_of_the_products_is_the_boards_and_each_row_is_the_releases(home, board):
    income, result = asked(
        home,
        "select sum(income_ore)::bigint, sum(result_ore)::bigint from ledger.product_month where year(month) = 2026",
    )
    before = asked(
        home,
        "select sum(income_ore)::bigint from ledger.product_month where month between '2025-01-01' and '2025-10-01'",
    )
    figures = told(board_narrative.figures(board, NB))
    more = plain(formatting.rounded_kroner(income - before, "nb"))
    assert figures["Omsetning så langt i 2026"] == (
        plain(formatting.rounded_kroner(income, "nb")),
        f"{more} mer enn i de samme månedene i 2025",
    )
    assert figures["Resultat så langt i 2026"] == (
        plain(formatting.rounded_kroner(result, "nb")),
        "385 000 kr bedre enn budsjettert (1 av 3 produkter); uten SvarUt: −727 000 kr",
    )
    active = asked(
        home,
        "select sum(active)::bigint from (from uptake.funnel where area_kind = 'NO' and month <= '2026-10-01' "
        "and service <> 'altinn-3' qualify month = max(month) over (partition by service))",
    )
    assert figures["Tjenester i bruk eller aktivert"][0] == plain(formatting.number(active, "nb"))
    page = plain_of(board_report.page(board, NB))
    assert "Alle produkter · syntetiske tall, unntatt for Fiks Digisos" in page
    for service, name in (("svarut", "SvarUt"), ("fiks-folkeregister", "Fiks folkeregister")):
        year = asked(
            home,
            "select sum(income_ore)::bigint, sum(income_ore - result_ore)::bigint, sum(result_ore)::bigint "
            f"from ledger.product_month where service = '{service}' and year(month) = 2026",
        )
        assert f"{name} {' '.join(plain(formatting.thousands(x, 'nb')) for x in year)}" in page.replace(" ", " ")


def test_the_product_is_said_in_one_sentence_and_marked_restricted(svarut):
    page = text_of(product_report.page(svarut, NB, contact="data@example.no"))
    assert product_narrative.answer(svarut, NB) == (
        "SvarUt hadde 15\xa0300 forsendelser siste tolv måneder (10,4\xa0% mer enn året før), og tjenesten har et "
        "resultat på 785\xa0000\xa0kr så langt i 2026. Syntetiske tall."
    )
    assert page.startswith("SvarUt, oktober 2026 Til brukerrådet Fortrolig: produktregnskap Bare for ledelse")
    for part in ("Tall til og med oktober 2026", "Utgave 2026-11-01.1", "Spørsmål om tallene: data@example.no"):
        assert part in page


def test_the_product_is_compared_with_its_budget_and_the_year_before(svarut):
    figures = told(product_narrative.figures(svarut, NB))
    assert figures["Resultat så langt i 2026"][1] == "385 000 kr bedre enn budsjettert"
    assert figures["Inntekt så langt i 2026"][1] == "120 000 kr mer enn i de samme månedene i 2025"
    assert figures["Kostnad så langt i 2026"][1] == "som i de samme månedene i 2025"
    assert figures["Forsendelser, siste tolv måneder"][1] == "10,4 % mer enn året før, 13 900"
    assert figures["Kunder som bruker tjenesten"] == ("298", "298 kommuner; 183 flere enn for ett år siden")


def test_a_ledger_that_begins_later_is_not_compared_and_says_so(svarut):
    late = replace(svarut.book, rows=svarut.book.rows[20:], begun=date(2025, 9, 1))
    figures = told(product_narrative.figures(replace(svarut, book=late), NB))
    assert figures["Inntekt så langt i 2026"][1] == (
        "kan ikke sammenlignes med 2025: regnskapet begynner september 2025"
    )
    new = replace(svarut.book, rows=svarut.book.rows[24:])  # the product is new, the ledgers are not
    figures = told(product_narrative.figures(replace(svarut, book=new), NB))
    assert figures["Inntekt så langt i 2026"][1] == "ingen bilag på tjenesten i 2025"


def test_one_month_without_a_budget_is_no_comparison(home):
    facts = product_report.gather(home, "fiks-folkeregister")
    figures = told(product_narrative.figures(facts, NB))
    assert figures["Resultat så langt i 2026"] == ("\u2212715 000 kr", "budsjett mangler for minst én av månedene")
    assert "Om resultatet er som budsjettert: budsjett mangler for minst én av månedene." in (
        product_narrative.unknown(facts, NB)
    )


def test_use_of_a_sensitive_service_is_told_with_what_is_done_to_it_and_when_its_last_month_comes(home):
    facts = product_report.gather(home, "fiks-digisos")
    figures = told(product_narrative.figures(facts, NB))
    assert figures["Søknader, siste tolv måneder"] == ("6 300", "9 av 12 måneder er målt")
    page = product_report.page(facts, NB)
    assert [used.quantity for used in facts.use.rows if used.month == date(2026, 6, 1)] == [700]
    assert plain_of(page).count(NB("app.perturbed")) == 1
    assert "Tallene for oktober 2026 kommer sju virkedager etter månedens slutt." in plain_of(page)
    assert NB("app.perturbed") not in plain_of(product_report.page(product_report.gather(home, "svarut"), NB))


def test_a_product_that_nobody_knows_anything_of_says_why_in_each_place(home):
    facts = product_report.gather(home, "KS Læring")
    assert {one.value for one in product_narrative.figures(facts, NB)} == {".."}
    assert all(one.words.startswith("mangler: ") for one in product_narrative.figures(facts, NB))
    page = plain_of(product_report.page(facts, NB))
    assert "Ingen kilde måler bruken av KS læring, og ingen bilag er ført på tjenesten i 2026." in page
    for part in ("Utbredelsen er ikke kjent", "Ingen inntekt eller kostnad er ført i 2026"):
        assert part in page
    assert "Formål ikke oppgitt Vilkår ikke oppgitt Roller ikke oppgitt Dokumentasjon https://" in page
    assert "syntetisk" not in page.lower()


def test_support_is_counted_beside_customers_in_months_where_both_are_known(home, svarut):
    requests, customers = asked(
        home,
        """select sum(quantity), sum(active) from usage.measure_total_month as m inner join (
            select service, month, count(*) filter (where active) as active from uptake.status_month group by all) as s
        on s.service = m.service and s.month = m.month
        where measure = 'henvendelser' and m.service = 'svarut' and m.month > '2025-10-01'
            and m.month <= '2026-10-01'""",
    )
    label = "Henvendelser per 100 kunder i måneden"
    value, words = told(product_narrative.figures(svarut, NB))[label]
    assert value == plain(formatting.tenths(requests * 100 / customers, "nb"))
    assert words == "720 siste tolv måneder; alle tjenester: 47,6"


def test_tables_of_other_releases_are_shown_where_the_release_has_them_and_never_missed(svarut, full):
    page = plain_of(product_report.page(svarut, NB))
    for part in ("Selvkostpris", "Uforklart", "Lån", "bilag er ikke riktig plassert", "ikke like store"):
        assert part not in page
    facts = product_report.gather(full, "svarut")
    page = plain_of(product_report.page(facts, NB))
    assert "Pris, lån og avstemming Neste år som er beregnet, 2027" in page
    assert "Forsendelser 0,55 kr 0,4832 kr 0,484 kr" in page
    assert (
        "Lån DF-01: 750 000 kr utestående av 900 000 kr trukket. Forventet nedbetalt: august 2029 ved lav utbredelse, "
        "februar 2028 ved forventet, mai 2027 ved høy. Minst én av månedene ligger lenger fram enn framskrivingen."
    ) in page
    assert (
        "Uforklart så langt i 2026: 10 001 kr fakturert for mye, 3 000 kr for lite, av 1 000 000 kr fakturert. "
        "25 000 kr kan ikke avstemmes, fordi ingenting måler det."
    ) in page
    assert "Hvor 77 kr av kostnaden hører til: 1 bilag er ikke riktig plassert." in page
    assert (
        "Om 45 kr er betalt tilbake på lånet: tilkoblingspris og nedbetaling er ikke like store (2 fakturaer)."
    ) in page
    board = plain_of(board_report.page(board_report.gather(full), NB))
    assert ("45 kr i tilkoblingspriser stemmer ikke med det som er betalt tilbake på lånene (2 fakturaer).") in board
    assert told(product_narrative.figures(facts, NB))["Inntekt så langt i 2026"][1].startswith(
        "385 000 kr mer enn budsjettert; 120 000 kr mer enn"
    )


def test_loans_come_from_the_entries_where_the_release_does_not_follow_them_by_month(board, full):
    value, words = told(board_narrative.figures(board, NB))["Utestående Digifin-lån"]
    assert value == "5,25 mill. kr"  # the joining fee of the invoice is the same money, and is not counted again
    assert words == "250 000 kr mer enn for ett år siden; 6 mill. kr trukket, 750 000 kr betalt tilbake"
    owed = asked(full, "select sum(balance_ore)::bigint from ledger.loan_month where month = '2026-10-01'")
    assert told(board_narrative.figures(board_report.gather(full), NB))["Utestående Digifin-lån"][0] == (
        plain(formatting.rounded_kroner(owed, "nb"))
    )


def test_a_matter_leads_to_its_page_where_the_address_of_the_pages_is_known_and_never_to_a_command(board):
    linked = board_report.page(board, NB, address="https://tall.example.no")
    release = board.release.name
    to = f"https://tall.example.no/produktregnskap?utgave={release}&amp;tjeneste=fiks-folkeregister&amp;ar=2026"
    assert f'<a href="{to}">Produktregnskapet</a>' in linked
    assert f'<a href="https://tall.example.no/data?utgave={release}&amp;del=leveranser' in linked
    alone = board_report.page(board, NB)
    assert 'class="dif-when">Produktregnskapet</td>' in alone
    for page in (linked, alone):
        assert "dif report" not in page


def test_what_calls_for_a_decision_is_at_most_a_row_a_kind_with_what_is_at_stake(board, full):
    found = board_narrative.decisions(board, NB)
    assert plain([(one.what, one.stake) for one in found]) == [
        ("SvarUt tar inn 108,2 % av kostnaden", "930 009 kr over kostnaden på tolv måneder"),
        (
            "Fiks folkeregister dekker 81,9 % av kostnaden",
            "870 001 kr under kostnaden på tolv måneder",
        ),
        ("SvarUt og én annen tjeneste brukes uten signert vedlegg", "2 kunder; 3 for begge"),
        ("Forventede leveringer mangler", "6 virksomheter i oktober 2026"),
    ]
    assert board_narrative.unjudged(board, NB) == (
        "Ikke vurdert, fordi utgaven mangler tallene: lån som henger etter planen og fakturerte beløp uten forklaring."
    )
    facts = board_report.gather(full)
    found = board_narrative.decisions(facts, NB)
    assert [one.kind for one in found] == ["above", "below", "open", "loan", "annex", "late"]
    assert found[3].what == "Lånet til DF-02 henger etter planen: mer er trukket enn bevilget"
    assert plain(found[2].stake) == "13 001 kr for mye eller for lite så langt i år"
    assert board_narrative.unjudged(facts, NB) == ""
    page = plain_of(board_report.page(facts, NB))
    assert "fakturert for mye pluss fakturert for lite, uten kjent årsak" in page, "as where the pages tell it"
    assert "Seks saker krever beslutning" in page
    assert all(plain(matter.stake) in page for matter in found), "the headline counts the rows"


def test_kroner_of_all_stand_beside_those_of_the_one_that_a_row_leads_to(full):
    facts = board_report.gather(full)
    (one,) = facts.unexplained or ()
    more = replace(facts, unexplained=[one, replace(one, over_ore=100_00, under_ore=0)])
    told = next(x for x in board_narrative.decisions(more, NB) if x.kind == "open")
    assert plain(told.stake) == "13 001 kr for mye eller for lite så langt i år; 13 101 kr for begge"


def test_nothing_to_decide_is_said(board):
    svarut = board.books["svarut"]
    even = [replace(row, income_ore=row.income_ore - row.result_ore, result_ore=0) for row in svarut.rows]
    books = {"svarut": replace(svarut, rows=even)}
    calm = replace(board, books=books, without_annex=[], late=[], unexplained=[], loans=[], loans_followed=True)
    assert board_narrative.decisions(calm, NB) == []
    page = plain_of(board_report.page(calm, NB))
    assert "Produktet dekker kostnaden: Den finansielle dekningsgraden er mellom 95 og 105 %." in page
    assert page.count("Ingen saker krever beslutning") == 2


def test_the_board_reads_three_movements_or_why_there_are_none(board):
    off_budget, income, uptaken = plain([movement.sentence for movement in board_narrative.movements(board, NB)])
    assert off_budget == (
        "SvarUt avviker mest fra budsjettert resultat: 385 000 kr bedre enn budsjettert så langt i 2026."
    )
    assert income.startswith(
        "Inntekten økte mest for SvarUt: 120 000 kr mer enn i de samme månedene i 2025, fra 10,2 mill. kr til "
        "10,3 mill. kr. Endringen i inntekt skyldes mengde (+"
    )
    assert uptaken == ("SvarUt har vokst mest: 183 nye kommuner på ett år, til 298 av 357.")
    moves = board_narrative.movements(board, NB)
    measured = [replace(moves[0], synthetic=False), *moves[1:]]
    assert board_narrative.movement_sentences(moves, NB)[1] == "Syntetiske tall."
    sentences, note = board_narrative.movement_sentences(measured, NB)
    assert [one.endswith("Syntetiske tall.") for one in sentences] == [False, True, True]
    assert note == ""
    begun = date(2025, 9, 1)
    late = {name: replace(book, begun=begun, rows=book.rows[-2:]) for name, book in board.books.items()}
    alone = replace(board, books=late, begun=begun, spreads=[])
    assert [movement.sentence for movement in board_narrative.movements(alone, NB)[1:]] == [
        "Inntekten kan ikke sammenlignes med 2025: regnskapet begynner september 2025.",
        "Utbredelsen kan ikke sammenlignes med året før for noen av tjenestene.",
    ]


def test_shared_cost_that_no_product_carries_is_said_beside_the_result(home, board):
    left = asked(
        home,
        "select sum(amount_ore)::bigint from ledger.entry where service is null and account like '%COST' "
        "and year(period) = 2026",
    )
    said = f"{plain(formatting.kroner(left, 'nb'))} i felleskostnader er ennå ikke fordelt"
    assert said in plain_of(board_report.page(board, NB))
    shared = replace(board.shared, amount_ore=0)
    assert board_narrative.beside(replace(board, shared=shared), NB) == ""


def test_the_board_reads_first_how_many_cover_their_cost_and_what_to_decide(board):
    assert plain(board_narrative.answer(board, NB)) == (
        "Ett av to produkter dekker mindre enn 95 % av kostnaden. "
        "Fire saker krever beslutning. Den første gjelder produktene over 105 %. Syntetiske tall."
    )


def test_the_trend_has_the_numbers_of_the_release_so_far_in_the_year_and_says_them_in_words(board, full):
    facts = board_report.gather(full)
    page = board_report.page(facts, NB)
    assert page.count("<figure>") == 4
    income = asked(
        full,
        "select sum(income_ore)::bigint from ledger.product_month where service = 'svarut' "
        "and year(month) = 2026 and month <= '2026-03-01'",
    )
    assert re.search(rf"mars 2026</th><td[^>]*>{formatting.whole_kroner(income, 'nb')}</td>", page)
    assert "Inntekt og kostnad, SvarUt: 11,1" in page
    early = replace(board, begun=date(2025, 9, 1), observed=[])
    flow = board_charts.panels(early, NB)[0].lines[0][1]
    assert [value is None for value in flow] == [True] * 14 + [False] * 10
    assert "<figure>" not in board_report.page(replace(early, books={}, loans=[]), NB)


def test_an_empty_ledger_is_said_and_not_shown_as_zero(board):
    empty = replace(board, books={}, begun=None, loans=[], spreads=[], without_annex=[], late=[])
    assert board_narrative.answer(empty, NB) == "Ingen bilag er ført på produktene i 2026."
    assert {one.value for one in board_narrative.figures(empty, NB)} == {".."}
    assert "Ingen inntekt er ført." in [movement.sentence for movement in board_narrative.movements(empty, NB)]
    Reader(board_report.page(empty, NB))


def test_an_earlier_month_is_as_it_was_then(home):
    facts = product_report.gather(home, "svarut", date(2025, 12, 1))
    income = asked(
        home, "select sum(income_ore)::bigint from ledger.product_month where service = 'svarut' and year(month) = 2025"
    )
    assert told(product_narrative.figures(facts, NB))["Inntekt så langt i 2025"][0] == plain(
        formatting.rounded_kroner(income, "nb")
    )
    assert max(one.month for one in facts.use.rows) == date(2025, 12, 1)
    with pytest.raises(WrongUse, match=r"numbers through 2026-10, but none for 2026-11\."):
        board_report.gather(home, date(2026, 11, 1))


def test_an_unknown_product_or_one_of_others_is_answered_with_the_nearest(home):
    with pytest.raises(UnknownName, match=r"Did you mean 'svarut'|Did you mean 'SvarUt'"):
        product_report.gather(home, "svarutt")
    with pytest.raises(UnknownName, match="No product 'altinn-3'"):
        product_report.gather(home, "altinn-3")


def test_a_release_without_ledgers_or_older_than_a_dataset_says_so(tmp_path):
    given = Settings(home=tmp_path)
    with pytest.raises(WrongUse, match="no release yet"):
        board_report.gather(given)
    none = sample_ledger.publish(given, ledger.PRODUCT_MONTH, ledger.ENTRY)
    with pytest.raises(WrongUse, match=f"Release {none.name} (has no product ledgers|is older than ledger)"):
        product_report.gather(given, "svarut")
    old = sample_ledger.publish(given, uptake_calls.EXCEPTION, quality.EXPECTED_REPORTER, parent=none.name)
    with pytest.raises(WrongUse, match=f"Release {old.name} is older than uptake.exception, quality.expected_reporter"):
        board_report.gather(given)
    old = sample_ledger.publish(given, uptake.STATUS_MONTH, parent=old.name)
    with pytest.raises(WrongUse, match=r"is older than uptake\.status_month"):
        product_report.gather(given, "svarut")


def test_a_run_that_failed_since_is_told(svarut, board):
    attempt = Attempt("failed", svarut.release.published_at)
    for page in (
        product_report.page(replace(svarut, attempt=attempt), NB),
        board_report.page(replace(board, attempt=attempt), NB),
    ):
        assert "Siste oppdatering ble stoppet" in plain_of(page)


def test_what_the_release_says_is_text_and_never_markup(svarut, board):
    evil = "<script>alert(1)</script>"
    system = replace(svarut.systems[0], system=evil, supplier=evil)
    catalogue = {**svarut.catalogue, "purpose": evil, "roles": evil}
    product = replace(svarut, name=evil, systems=[system], catalogue=catalogue)
    names = dict.fromkeys(board.names, evil)
    for page in (
        product_report.page(product, NB, contact=evil),
        board_report.page(replace(board, names=names), NB, contact=evil),
    ):
        assert Reader(page).tags.isdisjoint({"script", "link", "img", "iframe", "form", "a"})
        assert set(re.findall(r"https?://[^\"' )<]+", page)) <= {
            "http://www.w3.org/2000/svg",
            "https://developers.fiks.ks.no",
        }
        assert "default-src 'none'" in page


def test_in_english_nothing_is_norwegian_but_names(svarut, board):
    product, whole = product_report.page(svarut, EN), board_report.page(board, EN)
    assert "SvarUt had 15,300 dispatches in the last twelve months (10.4% more than the year before)" in product
    assert "NOK\xa0785,000" in product
    assert "Confidential: product accounts" in text_of(whole)
    for page in (product, whole):
        assert '<html lang="en">' in page
        for word in ("kommuner", "syntetisk", "Inntekt", "måneder", "regnskap"):
            assert word not in text_of(page)


def test_sums_are_of_whole_months_only_and_add_up():
    def account(month: date, income: int, budget: int | None) -> Row:
        return Row(
            service="s",
            name="S",
            month=month,
            income_ore=income,
            cost_brukerstotte_ore=1,
            cost_drift_ore=2,
            cost_forvaltning_ore=3,
            cost_administrasjon_ore=4,
            allocated_ore=5,
            result_ore=income - 15,
            budget_ore=budget,
            balance_carried_ore=0,
            synthetic=False,
        )

    rows = [account(date(2025, 12, 1), 10, 1), account(date(2026, 1, 1), 20, 2), account(date(2026, 2, 1), 40, None)]
    found = total(rows, date(2026, 1, 1), date(2026, 2, 1))
    assert found is not None
    assert (found.income_ore, found.cost_ore, found.result_ore, found.budget_ore) == (60, 30, 30, None)
    assert found.income_ore - found.cost_ore == found.result_ore
    one = total(rows, date(2026, 1, 1), date(2026, 1, 1))
    assert one is not None
    assert one.budget_ore == 2
    assert total(rows, date(2027, 1, 1), date(2027, 2, 1)) is None
    assert twelve_months(date(2026, 12, 1)) == date(2026, 1, 1)
    assert twelve_months(date(2026, 10, 1)) == date(2025, 11, 1)
    assert Book(rows, date(2026, 2, 1), date(2025, 12, 1)).twelve is None


@pytest.mark.parametrize(
    ("ore", "nb", "en"),
    [(-30, "0\xa0kr", "NOK\xa00"), (150, "2\xa0kr", "NOK\xa02"), (-150, "\u22122\xa0kr", "\u2212NOK\xa02")],
)
def test_kroner_are_rounded_half_away_from_zero_and_never_minus_nothing(ore, nb, en):
    assert (formatting.kroner(ore, "nb"), formatting.kroner(ore, "en")) == (nb, en)


@pytest.mark.parametrize(
    ("more_ore", "said"), [(49, "som budsjettert"), (50, "1 kr mer enn budsjettert"), (-49, "som")]
)
def test_an_amount_that_differs_by_less_than_a_krone_is_told_as_the_same(more_ore, said):
    assert plain(ledger_narrative.against(10_000 + more_ore, 10_000, NB("ledger.budget"), NB)).startswith(said)


@pytest.mark.parametrize(("start", "end"), [(0, 100), (100, 40), (-20, -90), (0, 0)])
def test_a_step_stays_within_its_picture(start, end):
    drawn = shared_charts.flow_svg(start, end, -90, 100, kind="cost")
    [(x, width)] = re.findall(r'x="([\d.]+)" y="2" width="([\d.]+)"', drawn)
    assert 0 <= float(x) <= float(x) + float(width) <= 150


def worst(facts: ProductFacts) -> ProductFacts:
    """All that a sheet may have to hold, at its longest."""
    long = "Et fagsystem med et navn som er så langt at det må brekkes på flere linjer"
    system = Row(
        system=long,
        supplier=f"{long} AS",
        mapping="MAPPED",
        customers=12_345,
        synthetic=True,
        dispatches=99_999_999,
        perturbed=True,
        dispatches_band=None,
    )
    unstated = replace(system, system=None, supplier=None, mapping="NOT_STATED")
    unstated = replace(unstated, dispatches=None, dispatches_band="10000000-99999999", perturbed=False)
    day = date(2030, 12, 1)
    loan = Loan(
        project="DF-2026-0001",
        service="s",
        name="S",
        granted_ore=10**12,
        drawn_ore=10**12,
        repaid_ore=0,
        balance_ore=10**12,
        balance_before_ore=0,
        overdrawn=True,
        payoff_month_low=day,
        payoff_month_expected=day,
        payoff_month_high=day,
        payoff_basis="EXTENDED",
        payoff_reason=None,
        synthetic=True,
    )
    price = Row(
        year=2027,
        element="Fastpris per måned for mellomstor kommune",
        channel=None,
        size_low=10_000,
        size_high=None,
        current_price=Decimal(99_999),
        self_cost_price=None,
        proposed_price=None,
        base=False,
        synthetic=False,
    )
    catalogue = dict.fromkeys(facts.catalogue, long * 5) | {"background": "ukjent", "user_council": "ukjent"}
    return replace(
        facts,
        name="Fiks tilgangsstyring til eksterne applikasjoner",
        catalogue=catalogue,
        systems=[system] * 8 + [unstated],
        loans=[loan] * 4,
        prices=[price, replace(price, synthetic=True)] * 4,
        registered=frozenset(),
        support=[],
        attempt=Attempt("failed", facts.release.published_at),
    )


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="not run: no browser")
@pytest.mark.parametrize("words", some([NB, EN], 1, "the same in English"))
def test_they_print_on_one_page_whatever_there_is_to_say(home, full, tab, words):
    product, board = product_report.gather(full, "svarut"), board_report.gather(full)
    names = {f"s{n}": f"Fiks skatte- og inntektsopplysninger {n}" for n in range(39)}
    books, spreads = {**board.books}, {one.service: one for one in board.spreads}
    everything = replace(
        board,
        names=names,
        books=dict.fromkeys(names, books["fiks-folkeregister"]),
        spreads=[replace(spreads["svarut"], service=one, month=date(2026, 5, 1)) for one in names],
        loans=[replace(one, name=names["s1"]) for one in board.loans],
        attempt=Attempt("failed", board.release.published_at),
    )
    first, *others = everything.spreads  # one is measured, so the others are marked one by one
    measured = replace(everything, spreads=[replace(first, synthetic=False), *others])
    cases = {
        "the largest": (product_report.page, product),
        "the smallest": (product_report.page, product_report.gather(home, "ks-laering")),
        "changed use": (product_report.page, product_report.gather(home, "fiks-digisos")),
        "all at its longest": (product_report.page, worst(product)),
        "the board": (board_report.page, board),
        "the board of 39 products": (board_report.page, everything),
        "the board of 39 products, one of them measured": (board_report.page, measured),
        "the board of nothing": (board_report.page, replace(board, books={}, spreads=[], loans=[])),
    }
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 711, "height": 1062})  # A4 within its margins
    for case, (page, facts) in cases.items():
        tab.set_content(page(facts, words, contact="data@example.no"))
        assert pages_of(tab.pdf(prefer_css_page_size=True)) == 1, case
        parts = tab.evaluate(PARTS)
        assert all(above[1] <= below[0] + 1 for above, below in pairwise(sorted(parts))), (case, parts)
        assert 1030 < parts[-1][1] <= 1062, (case, parts[-1])
        if facts in (everything, measured):
            assert parts[-1][0] - parts[-2][1] > 15, case  # room to spare above the small print
        assert tab.evaluate("document.documentElement.scrollWidth") <= 711, case
        columns = "[...document.querySelectorAll('.dif-columns > div')].map(x => x.scrollHeight - x.clientHeight)"
        assert all(over <= 1 for over in tab.evaluate(columns)), case


@pytest.mark.slow("looks of the board's reports; that they print on one page is tried each time")
@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="not run: no browser")
def test_they_fit_a_phone_and_axe_finds_nothing(full, tab, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    said: list[str] = []
    tab.on("console", lambda line: said.append(line.text))
    tab.on("request", lambda asked: said.append(asked.url) if asked.url.startswith("http") else None)
    product, board = product_report.gather(full, "svarut"), board_report.gather(full)
    for words in (NB, EN):
        for page in (product_report.page(product, words), board_report.page(board, words)):
            file = tmp_path / "report.html"
            file.write_text(page, "utf-8")
            tab.goto(file.as_uri())
            for width in (1280, 320):
                tab.set_viewport_size({"width": width, "height": 900})
                assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
                found = [x for x in axe.Axe().run(tab).response["violations"] if x["impact"] in {"serious", "critical"}]
                assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert said == []


@pytest.mark.parametrize(
    ("roles", "product", "month", "status"),
    [
        ((), "svarut", "2026-10", 403),
        ((Role.LEADERSHIP,), "svarut", "2026-10", 403),
        ((Role.ECONOMY,), "svarut", "2026-10", 200),
        ((Role.ECONOMY, Role.DIF), "svarut", "", 200),
        ((Role.ECONOMY,), "no-such-product", "2026-10", 410),
        ((Role.ECONOMY,), "svarut", "2026-13", 410),
    ],
)
def test_the_page_makes_a_products_report_for_who_may_see_all_that_is_in_it(full, roles, product, month, status):
    visitor = Visitor("", frozenset(roles)) if roles else None
    routes = [report_route.product_route(full, lambda _cookies: visitor)]
    with TestClient(Starlette(routes=routes)) as client:
        answer = client.get(report_files.of_product(product, "current", month, "nb"))
        assert client.get(f"{report_files.OF_PRODUCTS}skjema-svarut").status_code == 404
    assert answer.status_code == status
    if status == 200:
        assert "rapport-svarut-2026-10.html" in answer.headers["content-disposition"]
        assert "Til brukerrådet" in answer.text
