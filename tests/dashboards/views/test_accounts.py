"""Produktregnskap: what it says, whom it says it to, and that its what if is that of `dif price`."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from catalog.contracts.language import Audience
from catalog.domain.self_cost import Assumptions, Base, Cost, Priced, at_decided_prices, calculate
from catalog.errors import Forbidden
from catalog.tables import ledger, price_calculation, projects
from dashboards.access import visitors
from dashboards.page import filters, layout
from dashboards.page.layout import Page
from dashboards.release.authorization import EVERYTHING, Role, Visitor
from dashboards.shared.ledger.models import CATEGORIES, Total, loans
from dashboards.shared.pages import PAGES, SETTINGS_KEY
from dashboards.views.accounts import charts as accounts_charts
from dashboards.views.accounts import narrative as accounts_narrative
from dashboards.views.accounts import panels as accounts_panels
from dashboards.views.accounts import queries as accounts_queries
from dashboards.views.accounts.customers import charts as customers_charts
from dashboards.views.accounts.customers import narrative as customers_narrative
from dashboards.views.accounts.customers import panels as customers_panels
from dashboards.views.accounts.loans import charts as loans_charts
from dashboards.views.accounts.loans import panels as loans_panels
from dashboards.views.accounts.pricing import narrative as pricing_narrative
from dashboards.views.accounts.pricing import panels as pricing_panels
from dashboards.views.accounts.result import charts as result_charts
from dashboards.views.accounts.result import narrative as result_narrative
from dashboards.views.accounts.result import panels as result_panels
from dashboards.views.accounts.result import tables as result_tables
from dashboards.words import Words, formatting
from tests.dashboards import sample_accounts
from tests.dashboards.conftest import added_up, headings, unfolded
from tests.dashboards.totals import unfooted
from tests.dashboards.views.test_uptake import link_of, text
from tests.thorough import some
from transport.base.settings import Settings
from transport.releases.release import current_release

VIEW = Path(__file__).parents[3] / "dashboards" / "views" / "accounts"
PARTS = ("result", "pricing", "customers", "loans")
OWNER = Visitor("Eier", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"fiks-folkeregister"}))
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 10, 1)}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return sample_accounts.make(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def svarut(home) -> AppTest:
    """The summary of svarut, that no test changes."""
    return shown(home, tjeneste="svarut")


@pytest.fixture(scope="module")
def parts(home) -> dict[str, AppTest]:
    """The parts of svarut's accounts, that no test changes."""
    return {part: shown(home, part, tjeneste="svarut") for part in PARTS}


def shown(home: Path, part: str = "", **link: str) -> AppTest:
    page = AppTest.from_file(VIEW / part / "page.py", default_timeout=180)
    page.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
    for name, value in link.items():
        page.query_params[name] = value
    return added_up(page.run())


def said(page: AppTest) -> str:
    return text(page).replace("\\", "").replace("\u00a0", " ")


def asking(home: Path, nb, visitor: Visitor = EVERYTHING, **link: str) -> Page:
    found = current_release(home / "releases")
    assert found is not None
    return Page(found, visitor, nb, link, None, Settings(home=home))


def headers(page: AppTest) -> list[str]:
    return [one.replace("\u00a0", " ") for one in headings(page)]


def table_of(page: AppTest, caption: str) -> str:
    return next(one.value for one in page.html if f"<caption>{caption}" in one.value).replace("\u00a0", " ")


# --- what it says -----------------------------------------------------------------------------------------------------


def test_the_summary_says_whether_cost_is_covered_why_and_what_to_decide(svarut):
    page = svarut
    assert not page.exception
    assert [one.value for one in page.title] == ["Produktregnskap"]
    covers = "SvarUt dekker kostnadene sine i 2026, til og med oktober: Inntekten er 108,3 % av kostnaden"
    assert f"{covers}, og overskuddet er 785 000 kr." in said(page)
    assert "Sammenlignet med samme måneder året før er inntekten 120 000 kr høyere" in said(page)
    assert "Prisene kan settes ned 14,1 %" in said(page)
    figures = next(one.value for one in page.html if "dif-figures" in one.value).replace("\u00a0", " ")
    led_to = re.findall(r"/definisjoner\?lang=nb&amp;[^#]*#(\w+)", figures)
    assert led_to == ["income", "result", "self_cost_percent", "balance_carried"]
    assert figures.count("<dt>") == 4
    assert "385 000 kr bedre enn budsjettert" in figures
    assert "de tolv månedene til og med oktober 2026: " in figures
    assert "2,26 mill. kr" in figures
    assert figures.startswith('<p class="dif-small">Tallene under er syntetiske.</p><dl')


def test_the_summary_has_a_claim_and_a_link_for_each_part_with_the_same_choices(home):
    page = shown(home, tjeneste="svarut", ar="2025", drift="12", lang="en", maal="x")
    cards = next(one.value for one in page.html if "dif-claims" in one.value)
    chosen = {"tjeneste": ["svarut"], "ar": ["2025"], "lang": ["en"]}
    ways = [urlsplit(unescape(to)) for to in re.findall(r'href="([^"]+)"', cards)]
    assert [to.path for to in ways] == [f"/{page.path}" for page in PAGES if page.key.startswith("accounts.")]
    assert all(parse_qs(to.query) == chosen for to in ways)
    assert cards.count("<span>") == 5
    (links,) = [one.value for one in page.html if "dif-parts" in one.value]
    assert links.count("<li>") == 5
    assert re.findall(r'aria-current="page">([^<]+)<', links) == ["Summary"]


def test_the_pages_own_menu_says_which_part_stands(parts):
    for part, page in parts.items():
        assert not page.exception
        assert not page.error
        (links,) = [one.value for one in page.html if "dif-parts" in one.value]
        assert re.findall(r'aria-current="page">([^<]+)<', links) == [Words("nb")(f"accounts.{part}.part")]


@pytest.mark.parametrize("visitor", [EVERYTHING, OWNER], ids=["all", "owner"])
def test_what_a_page_says_first_is_the_same_without_the_page(home, nb, monkeypatch, svarut, parts, visitor):
    openings = {
        "": accounts_panels,
        "result": result_panels,
        "pricing": pricing_panels,
        "customers": customers_panels,
        "loans": loans_panels,
    }
    monkeypatch.setattr(st, "html", lambda *_: pytest.fail("it draws"))
    for part, made in openings.items():
        first = made.opening(asking(home, nb, visitor, tjeneste="svarut"))
        assert first.answer
        if visitor is EVERYTHING:
            drawn = parts[part] if part else svarut
            assert first.answer.replace("\u00a0", " ") in unescape(said(drawn))


def test_a_quarter_is_chosen_by_the_link_and_a_year_forgets_it(home):
    page = shown(home, tjeneste="svarut", ar="2025", kvartal="2")
    assert "SvarUt dekker kostnadene sine i 2. kvartal 2025:" in said(page)
    page.selectbox(key="filter_ar").select("2024").run()
    assert link_of(page) == {"tjeneste": "svarut", "ar": "2024"}
    assert "SvarUt dekker kostnadene sine i 2024:" in said(page)


def test_a_budget_that_lacks_a_month_is_missing_and_not_less(home):
    page = shown(home, tjeneste="fiks-folkeregister")
    assert "budsjett mangler for minst én av månedene" in said(page)
    assert "Resultatet etter 10 måneder er −715 000 kr; budsjett mangler" in headers(page)
    rows = table_of(shown(home, "result", tjeneste="fiks-folkeregister"), "Regnskap per år og kvartal")
    assert 'class="dif-number dif-blank">..</td>' in rows


def test_years_and_quarters_sum_to_what_the_ledger_has(home, nb):
    answer = accounts_queries.of(asking(home, nb), "months", "svarut", through=YEAR["last"])
    rows = accounts_queries.accounts(answer, "svarut")
    stated = result_narrative.statement(rows, nb)
    assert [one.label for one in stated[:3]] == [
        "2026, til og med oktober 2026",
        "4. kvartal 2026, til og med oktober 2026",
        "3. kvartal 2026",
    ]
    years = [one for one in stated if one.at.quarter is None]
    quarters = [one for one in stated if one.at.quarter]
    for of in (years, quarters):
        assert sum(one.sums.result_ore for one in of) == rows[-1].balance_carried_ore
    assert stated[0].balance_ore == rows[-1].balance_carried_ore


@pytest.mark.parametrize("part", some(["", *PARTS], 1, "the same way"))
def test_a_service_without_accounts_says_why_and_what_is_nearest(home, part):
    page = shown(home, part, tjeneste="edialog")
    assert not page.error
    assert page.info[0].proto.title == "Ingen regnskapstall for eDialog"
    assert "[SvarUt](?tjeneste=svarut)" in page.info[0].value


def test_a_service_without_a_price_says_why_nothing_is_calculated(home):
    page = shown(home, "pricing", tjeneste="fiks-digisos")
    assert "Tjenesten har ingen pris som følger bruk" in said(page)
    assert not page.error
    assert not page.number_input


@pytest.mark.parametrize("written", ["SvarUt", "svarut (syntetisk)"])
def test_a_value_is_taken_as_the_menu_names_it_without_its_mark(written):
    labels = {"svarut": "SvarUt (syntetisk)", "fiks-io": "Fiks IO"}
    assert filters.pick("tjeneste", written, labels, "fiks-io") == ("svarut", None)


def test_an_unknown_value_in_the_link_is_said(home):
    link = {"tjeneste": "svarutt", "ar": "1999", "kvartal": "7", "kommuner": "9000", "drift": "-100", "volum": "<b>"}
    pages = [shown(home, part, **link) for part in ("", "pricing")]
    for told in (
        "«svarutt» er ikke et gyldig valg for tjeneste. Siden viser SvarUt (syntetisk).",
        "«1999» er ikke et gyldig valg for år. Siden viser 2026 så langt.",
        "«7» er ikke et gyldig valg for kvartal. Siden viser Hele året.",
        "«9000» er ikke et gyldig valg for kommuner som har tjenesten. Siden viser som framskrevet.",
        "«-100» er ikke et gyldig valg for drift, prosent mer eller mindre. Siden viser uendret.",
        "«<b>» er ikke et gyldig valg for bruk, prosent mer eller mindre. Siden viser som framskrevet.",
    ):
        assert any(told in said(page) for page in pages)
    for page in pages:
        assert link_of(page) == link
        assert not page.error


CHARTS = {"": 1, "result": 2, "pricing": 0, "customers": 2, "loans": 2}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("part", CHARTS)
def test_every_key_is_worded_and_headings_come_in_order(home, svarut, parts, part, language):
    norwegian = parts[part] if part else svarut
    page = norwegian if language == "nb" else shown(home, part, tjeneste="svarut", lang=language)
    assert not page.exception
    assert not page.error
    assert len(page.title) == 1
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))
    assert len(page.get("vega_lite_chart")) == CHARTS[part]
    if language == "en":
        words = re.sub(r'(?:href|id)="[^"]*"', "", said(page).lower())  # addresses are Norwegian
        assert "kroner uten" not in words
        assert "innbyggere" not in words
        assert "kostnad" not in words


def test_each_page_that_says_self_cost_says_which_rules_are_followed_and_the_result_has_both_ratios(
    svarut, parts, home
):
    followed = (
        "Over- og underskudd gjøres opp over 3 år. Med er rente på saldoen. Ikke med: kapitalkostnad og prisvekst."
    )
    for page in (svarut, *(parts[part] for part in ("result", "pricing"))):
        assert followed in said(page)
    assert "selvkost" not in said(parts["customers"]).lower()
    result = said(parts["result"])
    assert "Selvkostgraden er 100,0 % i 2026, og inntekten dekker" in result
    bridge = table_of(unfolded(shown(home, "result", tjeneste="svarut")), "Selvkostregnskap per år")
    assert "Rente på saldoen" in bridge
    [oldest] = re.findall(r"Eldste år i saldoen.*?</tr>", bridge)
    assert re.findall(r">([^<>]+)</td>", oldest) == [".", ".", "2024"], "the rule of settling holds from 2026"
    assert "Herav oppstått for minst fem år siden" in bridge
    assert "Kalkulatoriske" not in bridge
    assert unfooted([bridge]) == []


def test_a_release_from_before_the_ledgers_or_some_of_them_says_so_and_whether_there_is_a_newer(tmp_path):
    home = sample_accounts.make(tmp_path, ledger.PRODUCT_MONTH)
    lacks = "Utgave 2026-11-01.1 ble laget før produktregnskapene kom med i utgavene."
    assert f"{lacks} Dette er den nyeste utgaven. Tallene kommer med i neste utgave." in said(shown(home))
    sample_accounts.make(tmp_path, price_calculation.PRICE_USE, projects.LOAN_MONTH)
    (older, told) = shown(home, utgave="2026-11-01.1").info
    assert "2026-11-01.2" in older.value
    assert told.value == f"{lacks} [Vis den nyeste utgaven](?)."
    newest = (
        "Utgave 2026-11-01.2 ble laget før disse tallene kom med i utgavene. "
        "Dette er den nyeste utgaven. Tallene kommer med i neste utgave."
    )
    assert not shown(home).error
    for part in ("pricing", "loans"):
        page = shown(home, part)
        assert not page.error
        assert [one.value for one in page.info] == [newest]


# --- prices and what if -----------------------------------------------------------------------------------------------


def test_the_base_case_is_the_releases_own_calculation(home, nb):
    for service in ("svarut", "fiks-folkeregister"):
        found = accounts_queries.pricing(asking(home, nb), service)
        assert found is not None
        results = {(x.priced.price_element, x.priced.channel): x for x in calculate(found.base).results}
        assert len(results) == len(found.calculated)
        for row in found.calculated:
            mine = results[row["price_element"], row["channel"]]
            assert (mine.self_cost, mine.proposed) == (row["self_cost_price"], row["proposed_price"])
            assert mine.income_ore["expected"] == row["income_expected_ore"]


def test_the_base_case_gives_the_decided_price_or_says_the_gap(home, parts):
    same = shown(home, "pricing", tjeneste="fiks-folkeregister")
    assert "Beregningen gir de vedtatte prisene for 2027." in said(same)
    covers = "De vedtatte prisene dekker selvkost, mest for Forsendelser: 1,10 kr mot selvkostprisen 0,9873 kr."
    assert covers in said(parts["pricing"])


def test_where_prices_are_decided_coverage_and_effect_are_of_those_until_something_is_supposed(home, parts):
    decided = at_decided_prices(calculate(sample_accounts.bases()["svarut"]))
    covers = table_of(parts["pricing"], "Hvor mye prisene dekker, tidligere over- eller underskudd medregnet")
    assert "Vedtatt pris" in covers
    for level in decided.levels.values():
        assert formatting.per_cent(level.cover_percent, "nb").replace("\u00a0", " ") in covers
    assert "Ingen navngitt kunde betaler mer med de vedtatte prisene" in headers(parts["pricing"])
    supposed = shown(home, "pricing", tjeneste="svarut", drift="100")
    assert any("betaler mer med de foreslåtte prisene" in one for one in headers(supposed))


def test_the_calculation_stands_as_a_table_with_its_formula_in_words(parts):
    page = parts["pricing"]
    assert "Selvkostpris = (kostnad − overskudd som brukes)" in said(page)
    assert (
        "Forsendelser: 89,3 % av 9 727 500 kr, delt på 8 800 000 enheter (forsendelse), gir 0,9873 kr. Foreslått pris"
    ) in said(page)
    rows = table_of(page, "Hva prisene skal dekke, 2027")
    for part in ("konto 6420, varierer med forsendelser", "4 275 000 kr", "Skal dekkes av prisene", "9 727 500 kr"):
        assert part in rows
    assert (
        "Delt på 3 år: Det akkumulerte resultatet er ventet å bli 600 000 kr ved utgangen av 2026. Til og med "
        "september 2026 er det 321 000 kr. Én av månedene fram til da har ikke noe regnskap fra året før, "
        "og er regnet som null."
    ) in rows


def test_the_years_of_settling_are_a_choice_of_the_link(home):
    page = shown(home, "pricing", tjeneste="svarut", oppgjor="5")
    [result, *_] = calculate(sample_accounts.bases()["svarut"], Assumptions(years=5)).results
    rows = table_of(page, "Priser med og uten forutsetningene")
    assert formatting.price(result.self_cost, "nb").replace("\u00a0", " ") in rows
    assert "Forutsatt: over- eller underskudd gjøres opp over 5 år." in said(page)


def test_a_change_of_price_is_asked_first_and_says_what_it_brings_covers_and_costs(home):
    page = shown(home, "pricing", tjeneste="svarut", prisendring="10")
    level = calculate(sample_accounts.bases()["svarut"], Assumptions(price=Decimal(10))).levels["expected"]
    assert level.income_ore * 10 == level.income_today_ore * 11
    claim = f"øker inntekten med {formatting.rounded_kroner(level.income_ore - level.income_today_ore, 'nb')} i året"
    assert any(claim.replace("\u00a0", " ") in one for one in headers(page))
    assert page.number_input[0].key == "filter_prisendring"
    assert "Forutsatt: dagens priser endres med +10,0 %." in said(page)
    assert "+10,0 %" in table_of(page, "De ti største økningene")


def test_the_base_price_is_named_and_stands_before_those_of_channels(parts):
    rows = table_of(parts["pricing"], "Prisene, og hva selvkost ville gitt")
    assert -1 < rows.index("Forsendelser, grunnpris") < rows.index("Altinn")


def test_what_if_is_that_of_the_shared_calculation_and_a_link_reproduces_it(home):
    page = shown(home, "pricing", tjeneste="svarut", kommuner="200", drift="12", volum="-2,5")
    supposed = Assumptions(200, Decimal("-2.5"), {"DRIFT": Decimal(12)})
    expected = calculate(sample_accounts.bases()["svarut"], supposed)
    rows = table_of(page, "Priser med og uten forutsetningene")
    for result in expected.results:
        assert formatting.price(result.self_cost, "nb").replace("\u00a0", " ") in rows
        assert formatting.price(result.proposed, "nb").replace("\u00a0", " ") in rows
    levels = table_of(page, "Hvor mye prisene dekker, tidligere over- eller underskudd medregnet")
    for level in expected.levels.values():
        for covers in (level.cover_percent, level.cover_today_percent):
            assert formatting.per_cent(covers, "nb").replace("\u00a0", " ") in levels
    assert "Forutsatt: 200 kommuner har tjenesten, 2,5 % mindre bruk og 12,0 % mer drift." in said(page)
    assert [one.value for one in page.number_input] == [None, None, 200, -2.5, None, 12.0, None, None]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_if_is_given_as_files_that_say_what_is_supposed(home, monkeypatch, language):
    made, words = {}, Words(language)
    monkeypatch.setattr(layout, "file", lambda _page, kind, make, name, key: made.update({name: make}))
    shown(home, "pricing", tjeneste="svarut", kommuner="200", drift="12", lang=language)
    supposed = Assumptions(200, Decimal(0), {"DRIFT": Decimal(12)})
    expected = calculate(sample_accounts.bases()["svarut"], supposed)
    files = {
        part: next(make for name, make in made.items() if name.startswith(f"svarut_hva_om_{part}_") and "csv" in name)
        for part in ("priser", "bruk")
    }
    read = {
        part: list(csv.DictReader(io.StringIO(make().decode("utf-8-sig")), delimiter=";"))
        for part, make in files.items()
    }

    def numbers(part: str, title: str) -> list[Decimal]:
        return [Decimal(row[title].replace(",", ".")) for row in read[part]]

    assert numbers("priser", f"{words('accounts.price.proposed')} (kr)") == [one.proposed for one in expected.results]
    assert numbers("priser", f"{words('accounts.price.self_cost')} (kr)") == [one.self_cost for one in expected.results]
    income = numbers("bruk", f"{words('accounts.what_if.income.proposed')} (kr)")
    assert [one * 100 for one in income] == [one.income_ore for one in expected.levels.values()]
    for row in (*read["priser"], *read["bruk"]):
        assert row[words("accounts.what_if.assumptions")] == accounts_narrative.supposed(supposed, words)
        assert row[words("column.synthetic")] == words("value.yes")
        assert row[words("column.release")]


def test_a_number_that_is_changed_goes_into_the_link_and_one_that_is_emptied_leaves_it(home):
    page = shown(home, "pricing", tjeneste="svarut", drift="12")
    page.number_input(key="filter_forvaltning").set_value(-5.0).run()
    assert link_of(page) == {"tjeneste": "svarut", "drift": "12", "forvaltning": "-5"}
    assert "5,0 % mindre forvaltning" in said(page)
    page.number_input(key="filter_drift").set_value(None).run()
    assert link_of(page) == {"tjeneste": "svarut", "forvaltning": "-5"}


def test_who_pays_more_stands_by_size_and_by_the_largest_increases(home):
    page = shown(home, "pricing", tjeneste="svarut", drift="100")
    sizes = table_of(page, "Hva en kunde betaler for samme bruk, i snitt")
    for part in ("Under 10 000 innbyggere", "50 000 innbyggere og over", "1 450 000 kr"):
        assert part in sizes
    assert "Forutsatt: 100,0 % mer drift." in said(page)
    by_kr = table_of(page, "De ti største økningene")
    assert by_kr.index("Oslo kommune") < by_kr.index("Bergen kommune") < by_kr.index("Voss herad")


def test_what_changes_nothing_is_said(home):
    page = shown(home, "pricing", tjeneste="fiks-folkeregister", volum="10")
    assert "Ingen priser eller kostnader følger bruken" in said(page)


def test_what_municipalities_pay_is_summed_by_customer_and_size(home, nb):
    found = accounts_queries.pricing(asking(home, nb), "svarut")
    assert found is not None
    paid = customers_narrative.by_municipality(found.paid)
    assert sum(paid.values()) == sum(sample_accounts.PAYERS.values())
    small, middle, large = customers_narrative.paid_by_size(paid)
    assert (small.municipalities, middle.municipalities, large.municipalities) == (2, 1, 2)
    assert (small.mean_ore, small.least_ore, small.most_ore) == (23_500_00, 7_000_00, 40_000_00)


@pytest.mark.parametrize(
    ("given", "value"),
    [("10", "10"), ("-2,5", "-2.5"), ("+5 %", "5"), ("\u22121", "-1"), ("", None), ("1e9", None), ("1001", None)],
)
def test_a_number_in_a_link_is_read_as_people_write_it(given, value):
    found = filters.number("volum", {"volum": given}, lowest=-99, highest=1000, otherwise="uendret")
    assert found.value == (None if value is None else Decimal(value))
    assert bool(found.unknown) == (value is None and given != "")


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("payoff_month_low", date(2028, 2, 1), "februar 2028"),
        ("year", 2027, "2027"),
        ("current_price", Decimal("0.5500"), "0,55 kr"),
        ("status", "CLOSED", "lukket"),
        ("status", "SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_a_value_is_worded_by_what_its_column_is(nb, column, value, told):
    assert nb.value(column, value).replace("\u00a0", " ") == told


# --- loans, reconciliation, closing -----------------------------------------------------------------------------------


def test_a_loan_stands_as_the_board_is_told_and_not_as_in_the_month_that_is_not_over(home, nb):
    page = asking(home, nb)
    told = loans(page.with_ledger(), YEAR["last"], "svarut")
    (project,) = accounts_queries.of(page, "projects", "svarut", through=YEAR["last"]).rows
    history = accounts_queries.of(page, "loans", "svarut", through=YEAR["last"]).rows
    assert project["month"] == history[-1]["month"] == YEAR["last"]
    assert project["balance_ore"] == history[-1]["balance_ore"] == told[0].balance_ore
    assert project["payoff_month_expected"] == told[0].payoff_month_expected == date(2028, 2, 1)


def test_a_product_without_a_loan_leads_to_those_that_have_one(home):
    [text] = [
        one.value for one in shown(home, "loans", tjeneste="fiks-digisos").markdown if "har ikke lån" in one.value
    ]
    assert "Disse har lån: " in text
    assert "?tjeneste=svarut" in text
    assert "fiks-digisos" not in text


def test_a_loan_says_when_it_is_paid_off_at_each_level_or_why_not(home, parts):
    page = parts["loans"]
    left = "Utsending (syntetisk): 69 mill. kr gjenstår av lånet, forventet nedbetalt i februar 2028"
    assert left in headers(page)
    paid = "Forventet nedbetalt: august 2029 ved lav utbredelse, februar 2028 ved forventet, mai 2027 ved høy."
    assert paid in said(page)
    assert "Prosjekter uten tjeneste, fordi de ikke er lansert" in [one.label for one in page.expander]
    page = shown(home, "loans", tjeneste="fiks-folkeregister")
    assert "nås ikke ved lav utbredelse, nås ikke ved forventet, september 2027 ved høy." in said(page)
    assert "I minst ett av alternativene gjenstår for få kommuner" in said(page)


def test_reconciliation_says_what_is_at_stake_and_its_parts_sum_up(home, parts, nb):
    page = parts["loans"]
    assert "Et avvik på 13 000 kr mellom fakturert og målt er ikke forklart" in headers(page)
    assert "Fakturert 157 701 kr = forventet 150 000 kr + forklart 700 kr + uforklart 7 001 kr" in said(page)
    rows = accounts_queries.reconciled(asking(home, nb), "reasons", "svarut", **YEAR).rows
    assert [(row["reason"], row["over_ore"], row["under_ore"]) for row in rows] == [
        ("MONTH_SHIFT", 700_00, 0),
        ("UNEXPLAINED", 10_000_50, 3_000_00),
    ]
    largest = accounts_queries.reconciled(asking(home, nb), "unexplained", "svarut", **YEAR).rows
    assert [row["unexplained_ore"] for row in largest] == [10_000_50, -3_000_00]


def test_unplaced_cost_counts_an_entry_once_and_closed_quarters_stand_with_what_came_later(home, parts, nb):
    unplaced = [one.replace("\u00a0", " ") for one in headings(parts["result"], 2)]
    assert "8 000 kr i kostnader er ennå ikke riktig plassert" in unplaced
    assert "Sist lukkede kvartal er 3. kvartal 2026" in headers(parts["loans"])
    rows = accounts_queries.of(asking(home, nb), "periods", "svarut", through=YEAR["last"]).rows
    assert [(row["quarter"], row["later_entries"], row["later_ore"]) for row in rows] == [
        ("2026-Q4", 0, 0),
        ("2026-Q3", 0, 0),
        ("2026-Q2", 0, 0),
        ("2026-Q1", 1, 500_00),
    ]


# --- who may see what -------------------------------------------------------------------------------------------------


def test_a_product_owner_sees_own_products_only_and_no_customers_bills(home, monkeypatch):
    monkeypatch.setattr(visitors, "current", lambda _settings: OWNER)
    pages = {part: shown(home, part, tjeneste="svarut") for part in ("", *PARTS)}
    everything = " ".join(map(said, pages.values()))
    for page in pages.values():
        assert page.selectbox(key="filter_tjeneste").options == ["Fiks folkeregister (syntetisk)"]
        assert "«svarut» er ikke et gyldig valg for tjeneste." in said(page)
        assert not page.error
    assert "Fiks folkeregister dekker" in said(pages[""])
    assert "Fakturert og målt" not in everything
    assert "ledger.reconciliation" not in everything
    assert "Hva den enkelte kunde betaler, vises bare for dem som arbeider med økonomi." in said(pages["customers"])
    assert "ikke riktig plassert" not in said(pages["result"])
    assert [one.label for one in pages["loans"].expander if "uten tjeneste" in one.label] == []


@pytest.mark.parametrize("at", [page.path for page in PAGES if page.key.startswith("accounts")])
def test_an_owner_of_nothing_is_told_so_on_every_page(opened, home, monkeypatch, at):
    nobody = Visitor("", frozenset({Role.PRODUCT_OWNER}))
    monkeypatch.setattr(visitors, "admission", lambda _settings: nobody)
    assert "Dette har du ikke tilgang til" in text(opened(home, at=at))


@pytest.mark.parametrize(
    "name", ["months", "prices", "price_costs", "price_uses", "proposals", "projects", "self_cost"]
)
def test_a_question_about_anothers_product_is_refused(home, nb, name):
    page = asking(home, nb, OWNER)
    with pytest.raises(Forbidden, match="svarut"):
        accounts_queries.of(
            page, name, "svarut", **({"through": YEAR["last"]} if name in {"months", "projects", "loans"} else {})
        )


def test_what_belongs_to_no_product_and_customers_bills_are_refused_to_an_owner(home, nb):
    page = asking(home, nb, OWNER)
    assert accounts_queries.of(page, "unmapped", "fiks-folkeregister", **YEAR).rows == []
    with pytest.raises(Forbidden):
        accounts_queries.reconciled(page, "reconciliation", "fiks-folkeregister", **YEAR)
    with pytest.raises(Forbidden):
        accounts_queries.without_service(page, "unmapped", **YEAR)


@pytest.mark.parametrize("role", [Role.READER, Role.NETWORK])
def test_who_may_not_read_the_ledgers_is_refused_every_question(home, nb, role):
    page = asking(home, nb, Visitor("", frozenset({role})))
    for ask in (
        accounts_queries.has_ledgers,
        accounts_queries.products,
        lambda p: accounts_queries.of(p, "loans", "svarut", through=YEAR["last"]),
        lambda p: accounts_queries.pricing(p, "svarut"),
    ):
        with pytest.raises(Forbidden):
            ask(page)


@pytest.mark.parametrize(("role", "customers"), [(Role.ECONOMY, True), (Role.LEADERSHIP, False)])
def test_economy_and_leadership_see_every_ledger_and_economy_what_each_pays(role, customers):
    visitor = Visitor("", frozenset({role}))
    assert visitor.may_read(Audience.LEDGER)
    assert visitor.every_ledger
    assert visitor.may_see_ledger_of("svarut")
    assert visitor.every_customer is customers


@pytest.mark.parametrize(
    ("visitor", "customers"),
    [(EVERYTHING, True), (Visitor("", frozenset({Role.LEADERSHIP})), False), (OWNER, False)],
    ids=["all", "leadership", "owner"],
)
def test_the_page_is_whole_for_whoever_may_see_it(opened, home, monkeypatch, visitor, customers):
    monkeypatch.setattr(visitors, "admission", lambda _settings: visitor)
    page = opened(home, at="produktregnskap-kunder", tjeneste="fiks-folkeregister")
    said = text(page)
    assert not page.error
    assert not page.exception
    assert "Dette har du ikke tilgang til" not in said
    assert ("Hva den enkelte kunde betaler" in said) is not customers


# --- charts -----------------------------------------------------------------------------------------------------------

STEPS = [
    {"part": "income", "amount_ore": 100_000_00},
    {"part": "drift", "amount_ore": -130_000_00},
    {"part": "allocated", "amount_ore": -10_000_00},
    {"part": "result", "amount_ore": -40_000_00},
]


def drawn(chart, has: str) -> list[dict]:
    """The rows of the chart's data that have a column."""
    sets = chart.to_dict()["datasets"].values()
    return next(rows for rows in sets if has in rows[0])


def test_each_cost_begins_where_the_one_before_it_ended(nb):
    rows = drawn(result_charts.steps(STEPS, nb), "start")
    assert [(row["start"], row["end"]) for row in rows] == [
        (0, 100_000),
        (100_000, -30_000),
        (-30_000, -40_000),
        (0, -40_000),
    ]
    assert [row["colour"] == accounts_charts.PRIMARY for row in rows] == [True, False, False, True]
    said = result_charts.steps_in_words(STEPS, "i 2026", nb).replace("\u00a0", " ")
    parts = "inntekt 100 000 kr, drift −130 000 kr, fordelt felleskostnad −10 000 kr og resultat −40 000 kr"
    assert said == f"Fra inntekt til resultat i 2026: {parts}."


def test_charts_write_numbers_as_the_language_does(nb):
    spec = result_charts.steps(STEPS, nb).to_dict()
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    assert spec["config"]["locale"]["time"]["shortMonths"][9] == "okt"


def test_a_budget_is_drawn_as_far_as_it_goes(nb):
    rows = [
        {"month": date(2026, n, 1), "result_so_far_ore": n * 100, "budget_so_far_ore": 50 if n == 1 else None}
        for n in (1, 2, 3)
    ]
    values = drawn(accounts_charts.development(rows, nb), "series")
    assert sum(one["dashed"] for one in values) == 1
    assert [one["series"] for one in values if one["last"]] == ["Regnskap", "Budsjett"]
    assert "Budsjettet var .." in accounts_charts.development_in_words(rows, nb)


@pytest.mark.parametrize(
    ("befores", "named", "told"),
    [
        (
            (80, 70),
            ["Siste tolv måneder", "Året før"],
            "Alle kunder er fakturert 300 kr på 2 måneder, 150 kr mer enn året før",
        ),
        ((80, None), ["Siste tolv måneder"], "Alle kunder er fakturert 300 kr på 2 måneder"),
    ],
)
def test_what_is_invoiced_stands_beside_the_year_before_only_where_all_of_it_is_kept(nb, befores, named, told):
    rows = [
        {"month": date(2026, n, 1), "invoiced_ore": 150_00, "invoiced_year_before_ore": before and before * 100}
        for n, before in enumerate(befores, 1)
    ]
    assert customers_narrative.invoiced_title(rows, nb).replace("\u00a0", " ") == told
    assert [one["series"] for one in drawn(customers_charts.invoiced(rows, nb), "series") if one["last"]] == named


@pytest.mark.parametrize(
    ("sums", "twelve", "also", "means"),
    [
        (
            (1067, 1000),
            (981, 1000),
            "Over tolv måneder er inntekten derimot bare 98,1 % av kostnaden, og 19 kr mangler.",
            "de tolv månedene til og med oktober 2026: 98,1 %, 19 kr mangler",
        ),
        (
            (0, 1000),
            (1100, 1000),
            "Over tolv måneder er inntekten derimot 110,0 % av kostnaden, og overskuddet er 100 kr.",
            "de tolv månedene til og med oktober 2026: 110,0 %, 100 kr over",
        ),
        (
            (980, 1000),
            (981, 1000),
            None,
            "de tolv månedene til og med oktober 2026: 98,1 %, 19 kr mangler",
        ),
        ((1067, 1000), None, None, "ved 100 % dekker inntekten kostnaden"),
    ],
    ids=["a yearly price is paid", "a yearly price is not paid yet", "the same", "under a year"],
)
def test_part_of_a_year_is_not_taken_for_the_year_where_a_yearly_price_makes_it_look_otherwise(
    nb, sums, twelve, also, means
):
    def total(income: int, cost: int) -> Total:
        costs = dict.fromkeys(CATEGORIES, 0) | {"drift": cost * 100}
        return Total(income * 100, costs, 0, (income - cost) * 100, None, synthetic=False)

    at = accounts_narrative.period(2026, None, date(2026, 10, 1))
    now, year = total(*sums), twelve and total(*twelve)
    answer = accounts_narrative.answer("X", now, year, at, nb).replace("\u00a0", " ")
    assert ("Over tolv måneder" in answer) is bool(also)
    assert (also or "") in answer
    figures = accounts_narrative.figures(now, None, year, 0, at, [], nb)
    assert figures[2].words.replace("\u00a0", " ") == means


def test_costs_stand_beside_the_year_before_and_the_one_that_moved_most_is_the_claim(nb):
    def total(drift: int, allocated: int) -> Total:
        costs = dict.fromkeys(CATEGORIES, 0) | {"drift": drift}
        return Total(0, costs, allocated, -drift - allocated, None, synthetic=False)

    moved = result_narrative.categories(total(500_00, 900_00), total(700_00, 800_00))
    assert [(one.part, one.now_ore, one.before_ore) for one in moved][:2] == [
        ("allocated", 900_00, 800_00),
        ("drift", 500_00, 700_00),
    ]
    told = result_narrative.categories_title(moved, nb).replace("\u00a0", " ")
    assert told == "Drift har endret seg mest: ned 200 kr fra året før"
    assert "−200 kr" in result_tables.categories(moved, nb).replace("\u00a0", " ")
    alone = result_narrative.categories(total(500_00, 900_00), None)
    assert result_narrative.categories_title(alone, nb) == "Kostnader etter type"
    assert "Året før" not in result_tables.categories(alone, nb)


def test_reasons_go_both_ways_from_zero_and_the_unexplained_stands_out(nb):
    rows = [
        {"reason": "UNEXPLAINED", "over_ore": 500, "under_ore": 300},
        {"reason": "ROUNDING", "over_ore": 0, "under_ore": 100},
    ]
    values = drawn(loans_charts.reasons(rows, nb), "reason")
    assert [one["kr"] for one in values] == [5, -3, 0, -1]
    assert {one["colour"] for one in values if one["reason"] == "Uforklart"} == {loans_charts.PRIMARY}
    assert "uforklart 5 kr for mye og 3 kr for lite" in loans_charts.reasons_in_words(rows, nb).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("visitor", "said"),
    [
        (EVERYTHING, '<a href="/min?kommune=5601">Regnskapet er produktets. Se hva Alta betaler for tjenestene.</a>'),
        (OWNER, "Regnskapet er produktets, og viser ikke hva én kommune betaler."),
    ],
)
def test_the_accounts_say_that_they_are_not_those_of_the_municipality_of_the_link(open_at, whole_home, visitor, said):
    drawn = [one.value for one in open_at("produktregnskap", whole_home, visitor, kommune="5601").html]
    assert any(said in one for one in drawn), [one for one in drawn if "Regnskapet er" in one]
    without = [one.value for one in open_at("produktregnskap", whole_home, visitor).html]
    assert not any("Regnskapet er produktets" in one for one in without)


def test_a_loan_goes_on_to_the_months_it_is_paid_off_in(nb):
    history = [{"month": date(2026, 10, 1), "balance_ore": 200}, {"month": date(2026, 11, 1), "balance_ore": 100}]
    payoffs = {
        "payoff_month_low": None,
        "payoff_month_expected": date(2028, 2, 1),
        "payoff_month_high": date(2027, 5, 1),
    }
    project = payoffs | {"payoff_reason": None, "payoff_basis": None, "overdrawn": False}
    ahead = drawn(loans_charts.loan(history, project, nb), "level")
    assert {(one["level"], one["month"], one["kr"]) for one in ahead} == {
        ("expected", "2026-11-01", 1),
        ("expected", "2028-02-01", 0),
        ("high", "2026-11-01", 1),
        ("high", "2027-05-01", 0),
    }
    assert "februar 2028 ved forventet" in loans_charts.loan_in_words(history, project, nb)


@pytest.mark.parametrize(
    ("change", "told"), [("0.04", "uendret"), ("-0.04", "uendret"), ("0.05", "+0,1 %"), ("-2.5", "−2,5 %")]
)
def test_a_change_of_a_price_that_rounds_to_nothing_is_unchanged(change, told):
    said = accounts_narrative.signed_percent(Decimal(change), Words("nb"))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == told


@pytest.mark.parametrize(
    ("cost_ore", "claim"),
    [(12_90, "Prisene kan settes ned 0,8 %"), (12_95, "Dagens priser dekker"), (13_05, "Prisene må opp 0,4 %")],
)
def test_prices_can_fall_only_by_more_than_they_are_rounded(cost_ore, claim):
    price = Priced("svarut-forsendelser", "PER_UNIT", "forsendelse", Decimal(13), Decimal(1), Decimal(13))
    calculation = calculate(Base("svarut", 2027, [Cost("DRIFT", cost_ore)], [price], {}))
    assert pricing_narrative.price_title(calculation, Words("nb")).replace("\N{NO-BREAK SPACE}", " ").startswith(claim)
