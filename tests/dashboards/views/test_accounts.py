"""Produktregnskap: what it says, whom it says it to, and that its what if is that of `dif price`."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from catalog.contracts.language import Audience
from catalog.domain.self_cost import Assumptions, calculate
from catalog.errors import Forbidden
from catalog.tables import ledger, price_calculation, projects
from dashboards.access import visitors
from dashboards.page import filters, layout
from dashboards.page.layout import Page
from dashboards.release import published
from dashboards.release.authorization import EVERYTHING, Role, Visitor
from dashboards.shared.ledger.models import loans
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.views.accounts import charts as accounts_charts
from dashboards.views.accounts import narrative as accounts_narrative
from dashboards.views.accounts import queries as accounts_queries
from dashboards.words import Words, formatting
from tests.dashboards import sample_accounts
from tests.dashboards.views.test_uptake import link_of, text
from transport.base.settings import Settings

VIEW = Path(__file__).parents[3] / "dashboards" / "views" / "accounts" / "page.py"
OWNER = Visitor("Eier", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"fiks-folkeregister"}))
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 10, 1)}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return sample_accounts.make(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def svarut(home) -> AppTest:
    """The page of svarut, that no test changes."""
    return shown(home, tjeneste="svarut")


def shown(home: Path, **link: str) -> AppTest:
    page = AppTest.from_file(VIEW, default_timeout=180)
    page.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
    for name, value in link.items():
        page.query_params[name] = value
    return page.run()


def said(page: AppTest) -> str:
    return text(page).replace("\\", "").replace("\u00a0", " ")


def asking(home: Path, nb, visitor: Visitor = EVERYTHING) -> Page:
    found = published.current(home / "releases")
    assert found is not None
    return Page(found, visitor, nb, {}, None, Settings(home=home))


def headers(page: AppTest) -> list[str]:
    return [one.value.replace("\u00a0", " ") for one in page.header]


def table_of(page: AppTest, caption: str) -> str:
    return next(one.value for one in page.html if f"<caption>{caption}" in one.value).replace("\u00a0", " ")


# --- what it says -----------------------------------------------------------------------------------------------------


def test_the_page_answers_with_result_coverage_and_what_is_carried(svarut):
    page = svarut
    assert not page.exception
    assert [one.value for one in page.title] == ["Produktregnskap"]
    assert "SvarUt gikk med 785 008 kr i overskudd i 2026, til og med oktober 2026" in said(page)
    assert (
        "inntekten var 108,3 % av kostnaden. Ved utgangen av oktober 2026 står et overskudd på 2 261 022 kr."
        in said(page)
    )
    figures = next(one.value for one in page.html if "dif-figures" in one.value).replace("\u00a0", " ")
    assert figures.count("<dt>") == 5
    led_to = re.findall(r"/definisjoner\?lang=nb&amp;[^#]*#(\w+)", figures)
    assert led_to == ["income", "cost", "result", "self_cost_percent", "balance_carried"]
    assert "385 008 kr bedre enn budsjettert" in figures
    assert "over 105 %: brukerne betaler mer enn det koster" in figures
    assert figures.count("syntetisk") == 5


def test_a_quarter_is_chosen_by_the_link_and_a_year_forgets_it(home):
    page = shown(home, tjeneste="svarut", ar="2025", kvartal="2")
    assert "i overskudd i 2. kvartal 2025:" in said(page)
    page.selectbox(key="filter_ar").select("2024").run()
    assert link_of(page) == {"tjeneste": "svarut", "ar": "2024"}
    assert "i overskudd i 2024:" in said(page)


def test_a_budget_that_lacks_a_month_is_missing_and_not_less(home):
    page = shown(home, tjeneste="fiks-folkeregister")
    assert "budsjett mangler for minst én av månedene" in said(page)
    assert "Resultatet etter 12 måneder er −870 001 kr; budsjett mangler" in headers(page)
    rows = table_of(page, "Regnskap per år og kvartal")
    assert '<td class="dif-number">..</td>' in rows


def test_years_and_quarters_sum_to_what_the_ledger_has(home, nb):
    answer = accounts_queries.of(asking(home, nb), "months", "svarut", through=YEAR["last"])
    rows = accounts_queries.accounts(answer, "svarut")
    stated = accounts_narrative.statement(rows, nb)
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


def test_a_service_without_accounts_says_why_and_what_is_nearest(home):
    page = shown(home, tjeneste="edialog")
    assert not page.error
    assert page.info[0].proto.title == "Ingen regnskapstall for eDialog"
    assert "[SvarUt](?tjeneste=svarut)" in page.info[0].value


def test_a_service_without_a_price_says_why_nothing_is_calculated(home):
    page = shown(home, tjeneste="fiks-digisos")
    assert "Tjenesten har ingen pris som følger bruk" in said(page)
    assert not page.error
    assert not page.number_input


def test_an_unknown_value_in_the_link_is_said(home):
    link = {"tjeneste": "svarutt", "ar": "1999", "kvartal": "7", "kommuner": "9000", "drift": "-100", "volum": "<b>"}
    page = shown(home, **link)
    for told in (
        "«svarutt» er ikke et gyldig valg for tjeneste. Siden viser SvarUt (syntetisk).",
        "«1999» er ikke et gyldig valg for år. Siden viser 2026 (til og med oktober).",
        "«7» er ikke et gyldig valg for kvartal. Siden viser Hele året.",
        "«9000» er ikke et gyldig valg for kommuner som har tjenesten. Siden viser som framskrevet.",
        "«-100» er ikke et gyldig valg for drift, prosent mer eller mindre. Siden viser uendret.",
        "«<b>» er ikke et gyldig valg for bruk, prosent mer eller mindre. Siden viser som framskrevet.",
    ):
        assert told in said(page)
    assert link_of(page) == link
    assert not page.error


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_key_is_worded_and_headings_come_in_order(home, language):
    page = shown(home, tjeneste="svarut", lang=language)
    assert not page.exception
    assert not page.error
    assert len(page.title) == 1
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))
    assert len(page.get("vega_lite_chart")) == 5
    if language == "en":
        words = said(page).lower()
        assert "kroner uten" not in words
        assert "innbyggere" not in words
        assert "kostnad" not in words


def test_a_release_from_before_the_ledgers_or_some_of_them_says_so_and_whether_there_is_a_newer(tmp_path):
    home = sample_accounts.make(tmp_path, ledger.PRODUCT_MONTH)
    lacks = "Utgave 2026-11-01.1 er laget før produktregnskapene ble en del av utgavene."
    assert f"{lacks} Den er den nyeste utgaven; neste utgave har dem med." in said(shown(home))
    sample_accounts.make(tmp_path, price_calculation.PRICE_USE, projects.LOAN_MONTH)
    (older, told) = shown(home, utgave="2026-11-01.1").info
    assert "2026-11-01.2" in older.value
    assert told.value == f"{lacks} [Vis den nyeste utgaven](?)."
    page = shown(home)
    assert not page.error
    newest = "Utgave 2026-11-01.2 er laget før disse tallene ble en del av utgavene. Den er den nyeste utgaven"
    assert [one.value.split(";")[0] for one in page.info] == [newest] * 2
    assert 'href="#loan"' in "".join(one.value for one in page.html)
    assert 'href="#what_if"' not in "".join(one.value for one in page.html)


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


def test_the_base_case_gives_the_decided_price_or_says_the_gap(home, svarut):
    assert "Grunnberegningen gir de vedtatte prisene for 2027." in said(shown(home, tjeneste="fiks-folkeregister"))
    gap = "Størst er avviket for Forsendelser: selvkostprisen er 0,9873 kr, vedtatt er 1,10 kr."
    assert gap in said(svarut)


def test_the_calculation_stands_as_a_table_with_its_formula_in_words(svarut):
    page = svarut
    assert "Selvkostpris = (kostnad − overskudd som brukes)" in said(page)
    one = "Forsendelser: (9 927 500 kr − 200 000 kr) × 89,3 % ÷ 8 800 000 enheter (forsendelse) = 0,9873 kr"
    assert one in said(page)
    rows = table_of(page, "Hva prisene skal dekke, 2027")
    for part in ("konto 6420", "forsendelser", "4 275 000 kr", "= skal dekkes av prisene", "9 727 500 kr"):
        assert part in rows
    expected = "av 200 000 kr akkumulert, som er ventet ved utgangen av 2026; 321 000 kr til og med september 2026"
    assert f"{expected}; måneder fram til da uten regnskap året før, regnet som null: 1" in rows


def test_what_if_is_that_of_the_shared_calculation_and_a_link_reproduces_it(home):
    page = shown(home, tjeneste="svarut", kommuner="200", drift="12", volum="-2,5")
    supposed = Assumptions(200, Decimal("-2.5"), {"DRIFT": Decimal(12)})
    expected = calculate(sample_accounts.bases()["svarut"], supposed)
    rows = table_of(page, "Priser med og uten forutsetningene")
    for result in expected.results:
        assert formatting.price(result.self_cost, "nb").replace("\u00a0", " ") in rows
        assert formatting.price(result.proposed, "nb").replace("\u00a0", " ") in rows
    levels = table_of(page, "Dekning og inntekt ved lav, ventet og høy bruk")
    for level in expected.levels.values():
        assert formatting.kroner(level.income_ore, "nb").replace("\u00a0", " ") in levels
    assert "Forutsatt: 200 kommuner har tjenesten, 2,5 % mindre bruk og 12,0 % mer drift." in said(page)
    command = "dif price svarut --municipalities 200 --volume -2.5% --cost DRIFT=+12% --out pris.xlsx"
    assert command in said(page)
    assert [one.value for one in page.number_input] == [200, -2.5, None, 12.0, None, None]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_if_is_given_as_files_that_say_what_is_supposed(home, monkeypatch, language):
    made, words = {}, Words(language)
    monkeypatch.setattr(layout, "file", lambda _page, kind, make, name, key: made.update({name: make}))
    shown(home, tjeneste="svarut", kommuner="200", drift="12", lang=language)
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
    income = numbers("bruk", f"{words('accounts.what_if.income')} (kr)")
    assert [one * 100 for one in income] == [one.income_ore for one in expected.levels.values()]
    for row in (*read["priser"], *read["bruk"]):
        assert row[words("accounts.what_if.assumptions")] == accounts_narrative.supposed(supposed, words)
        assert row[words("column.synthetic")] == words("value.yes")
        assert row[words("column.release")]


def test_a_number_that_is_changed_goes_into_the_link_and_one_that_is_emptied_leaves_it(home):
    page = shown(home, tjeneste="svarut", drift="12")
    page.number_input(key="filter_forvaltning").set_value(-5.0).run()
    assert link_of(page) == {"tjeneste": "svarut", "drift": "12", "forvaltning": "-5"}
    assert "5,0 % mindre forvaltning" in said(page)
    page.number_input(key="filter_drift").set_value(None).run()
    assert link_of(page) == {"tjeneste": "svarut", "forvaltning": "-5"}


def test_who_pays_more_stands_by_size_and_by_the_largest_increases(home):
    page = shown(home, tjeneste="svarut", drift="100")
    sizes = table_of(page, "Hva en kunde betaler i året for samme bruk, snitt")
    for part in ("Under 10 000 innbyggere", "50 000 innbyggere og over", "1 450 000 kr"):
        assert part in sizes
    by_kr = table_of(page, "De ti største økningene i kroner")
    assert by_kr.index("Oslo kommune") < by_kr.index("Bergen kommune") < by_kr.index("Voss herad")
    assert "<caption>De ti største økningene i prosent" in "".join(one.value for one in page.html)


def test_what_changes_nothing_is_said(home):
    page = shown(home, tjeneste="fiks-folkeregister", volum="10")
    assert "Ingen av prisene eller kostnadene telles etter bruk" in said(page)


def test_what_municipalities_pay_is_summed_by_customer_and_size(home, nb):
    found = accounts_queries.pricing(asking(home, nb), "svarut")
    assert found is not None
    paid = accounts_narrative.by_municipality(found.paid)
    assert sum(paid.values()) == sum(sample_accounts.PAYERS.values())
    small, middle, large = accounts_narrative.paid_by_size(paid)
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


def test_a_loan_says_when_it_is_paid_off_at_each_level_or_why_not(home, svarut):
    page = svarut
    assert "Utsending (syntetisk): 68 999 990 kr gjenstår av lånet, ventet nedbetalt i februar 2028" in headers(page)
    assert "Ventet nedbetalt: august 2029 ved lav utbredelse, februar 2028 ved ventet, mai 2027 ved høy." in said(page)
    assert "Utredning (syntetisk)" in "".join(one.value for one in page.html)
    page = shown(home, tjeneste="fiks-folkeregister")
    assert "nås ikke ved lav utbredelse, nås ikke ved ventet, september 2027 ved høy." in said(page)
    assert "På minst ett nivå er det ikke mange nok igjen" in said(page)


def test_reconciliation_says_what_is_at_stake_and_its_parts_sum_up(home, svarut, nb):
    page = svarut
    assert "13 001 kr står på spill mellom fakturert og målt" in headers(page)
    assert "Fakturert 157 701 kr = ventet 150 000 kr + forklart 700 kr + uforklart 7 001 kr" in said(page)
    rows = accounts_queries.reconciled(asking(home, nb), "reasons", "svarut", **YEAR).rows
    assert [(row["reason"], row["over_ore"], row["under_ore"]) for row in rows] == [
        ("MONTH_SHIFT", 700_00, 0),
        ("UNEXPLAINED", 10_000_50, 3_000_00),
    ]
    largest = accounts_queries.reconciled(asking(home, nb), "unexplained", "svarut", **YEAR).rows
    assert [row["unexplained_ore"] for row in largest] == [10_000_50, -3_000_00]


def test_unplaced_cost_counts_an_entry_once_and_closed_quarters_stand_with_what_came_later(home, svarut, nb):
    page = svarut
    assert "8 000 kr i kostnad er ikke plassert" in headers(page)
    assert "Siste lukkede kvartal er 3. kvartal 2026" in headers(page)
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
    page = shown(home, tjeneste="svarut")
    assert page.selectbox(key="filter_tjeneste").options == ["Fiks folkeregister (syntetisk)"]
    assert "«svarut» er ikke et gyldig valg for tjeneste." in said(page)
    assert "Fiks folkeregister gikk med" in said(page)
    assert "fakturert og målt" not in said(page)
    assert "Utredning" not in "".join(one.value for one in page.html)
    assert "ledger.reconciliation" not in said(page)
    assert "All kostnad er plassert" in headers(page)
    assert not page.error


def test_an_owner_of_nothing_is_told_so(opened, home, monkeypatch):
    nobody = Visitor("", frozenset({Role.PRODUCT_OWNER}))
    monkeypatch.setattr(visitors, "met", lambda _settings: nobody)
    assert "Dette har du ikke tilgang til" in text(opened(home, at="produktregnskap"))


@pytest.mark.parametrize("name", ["months", "prices", "price_costs", "price_uses", "proposals", "projects", "loans"])
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
        accounts_queries.kept,
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
    monkeypatch.setattr(visitors, "met", lambda _settings: visitor)
    page = opened(home, at="produktregnskap", tjeneste="fiks-folkeregister")
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
    rows = drawn(accounts_charts.steps(STEPS, nb), "start")
    assert [(row["start"], row["end"]) for row in rows] == [
        (0, 100_000),
        (100_000, -30_000),
        (-30_000, -40_000),
        (0, -40_000),
    ]
    assert [row["colour"] == accounts_charts.PRIMARY for row in rows] == [True, False, False, True]
    said = accounts_charts.steps_in_words(STEPS, "i 2026", nb).replace("\u00a0", " ")
    parts = "inntekt 100 000 kr, drift −130 000 kr, fordelt felleskostnad −10 000 kr og resultat −40 000 kr"
    assert said == f"Fra inntekt til resultat i 2026: {parts}."


def test_charts_write_numbers_as_the_language_does(nb):
    spec = accounts_charts.steps(STEPS, nb).to_dict()
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    assert spec["config"]["locale"]["time"]["shortMonths"][9] == "okt"


def test_a_budget_is_drawn_as_far_as_it_goes(nb):
    rows = [
        {"month": date(2026, n, 1), "result_so_far_ore": n * 100, "budget_so_far_ore": 50 if n == 1 else None}
        for n in (1, 2, 3)
    ]
    values = drawn(accounts_charts.development(rows, nb), "series")
    assert sum(one["budgeted"] for one in values) == 1
    assert [one["series"] for one in values if one["last"]] == ["Regnskap", "Budsjett"]
    assert "mot budsjettert .." in accounts_charts.development_in_words(rows, nb)


def test_reasons_go_both_ways_from_zero_and_the_unexplained_stands_out(nb):
    rows = [
        {"reason": "UNEXPLAINED", "over_ore": 500, "under_ore": 300},
        {"reason": "ROUNDING", "over_ore": 0, "under_ore": 100},
    ]
    values = drawn(accounts_charts.reasons(rows, nb), "reason")
    assert [one["kr"] for one in values] == [5, -3, 0, -1]
    assert {one["colour"] for one in values if one["reason"] == "Uforklart"} == {accounts_charts.PRIMARY}
    assert "uforklart 5 kr for mye og 3 kr for lite" in accounts_charts.reasons_in_words(rows, nb).replace(
        "\u00a0", " "
    )


def test_a_loan_goes_on_to_the_months_it_is_paid_off_in(nb):
    history = [{"month": date(2026, 10, 1), "balance_ore": 200}, {"month": date(2026, 11, 1), "balance_ore": 100}]
    payoffs = {
        "payoff_month_low": None,
        "payoff_month_expected": date(2028, 2, 1),
        "payoff_month_high": date(2027, 5, 1),
    }
    project = payoffs | {"payoff_reason": None, "payoff_basis": None, "overdrawn": False}
    ahead = drawn(accounts_charts.loan(history, project, nb), "level")
    assert {(one["level"], one["month"], one["kr"]) for one in ahead} == {
        ("expected", "2026-11-01", 1),
        ("expected", "2028-02-01", 0),
        ("high", "2026-11-01", 1),
        ("high", "2027-05-01", 0),
    }
    assert "februar 2028 ved ventet" in accounts_charts.loan_in_words(history, project, nb)
