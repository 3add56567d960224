"""The page of one organisation: what it pays and why, told to itself and to no other."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import Forbidden
from dashboards.page import layout
from dashboards.release import authorization
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.release.query import Row
from dashboards.shared.pages import shown_to
from dashboards.views.organisation import charts as organisation_charts
from dashboards.views.organisation import narrative as organisation_narrative
from dashboards.views.organisation import queries as organisation_queries
from dashboards.views.organisation import tables as organisation_tables
from dashboards.views.organisation.models import Change, Line, by_service, changes
from dashboards.words import Words
from tests.dashboards import sample
from tests.dashboards.conftest import asked_by, unfolded
from tests.dashboards.rows import replace
from tests.dashboards.sample_ledger import BERGEN, OSLO
from tests.dashboards.views.test_service import headed, plain, values
from tests.dashboards.views.test_uptake import text
from transport.auth.roles import Role

if TYPE_CHECKING:
    from pathlib import Path

NB = Words("nb")
THEN, NOW = date(2025, 10, 1), date(2026, 10, 1)
READER = Visitor("", frozenset({Role.READER}))
BERGENS = Visitor("", frozenset({Role.READER}), organisation=BERGEN)
LEADER = Visitor("", frozenset({Role.LEADERSHIP}))


@pytest.fixture(scope="module")
def home(sample_of_ledgers, tmp_path_factory) -> Path:
    return shutil.copytree(sample_of_ledgers, tmp_path_factory.mktemp("mine") / "home", symlinks=True)


def line(month: date, quantity: Decimal | int, price: str | None, *, element: str = "svarut-forsendelser") -> Line:
    unit_price = None if price is None else Decimal(price)
    amount = None if unit_price is None else round(quantity * unit_price * 100)
    status, note = ("READY", None) if price else ("NO_PRICE", "NO_RULE")
    rule = (f"{element}/2018-01-01///", date(2018, 1, 1), "syntetisk") if price else (None, None, None)
    return Line(
        month=month,
        service="svarut",
        name="SvarUt",
        price_element=element,
        line_text="Forsendelser",
        kind="PER_UNIT",
        channel=None,
        quantity=Decimal(quantity),
        unit="forsendelse",
        unit_price=unit_price,
        price_rule=rule[0],
        rule_from=rule[1],
        rule_source=rule[2],
        amount_ore=amount,
        status=status,
        note=note,
        synthetic=True,
    )


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_says_what_is_to_be_paid_and_what_moved_it(drawn, home):
    page = drawn(home, "min", organisasjon=OSLO)
    said = plain(text(page))
    # 1 300 × 1,15 + 401 × 0,34 + 3 × 95 + 2 × 95, against 1 000 × 1,15 + 300 × 0,30 + 3 600
    assert "skal betale 2 106 kr for 2 tjenester i oktober 2026, 2 734 kr mindre enn i oktober 2025." in said
    found = headed(page)
    for claim in (
        "Oktober 2026 koster 2 106 kr. Dyreste måned er oktober 2025 med 4 840 kr",
        "SvarUt koster mest: 1 631 kr",
        "2 734 kr mindre enn i oktober 2025, mest på grunn av linjer som har falt bort",
        "leveringer",
        "tilknytning",
    ):
        assert claim.lower() in found.lower()


def test_the_parts_of_a_change_stand_in_the_table_and_sum(drawn, home):
    page = drawn(home, "min", organisasjon=OSLO)
    table = next(plain(one.value) for one in page.html if "Hva som er endret" in one.value)
    total = table[table.index("dif-sum") :]
    # 30,30 of quantity at the old price, and 401 at four øre more; the rest of the quantity is 300 more dispatches
    for amount in ("4 840,00 kr", "16,04 kr", "375,30 kr", "475,00 kr", "\u22123 600,00 kr", "2 106,34 kr"):
        assert f">{amount}<" in total
    assert 484000 + 1604 + 37530 + 47500 - 360000 == 210634


def test_the_change_is_given_as_files_in_kroner_line_by_line(open_at, home, monkeypatch):
    made = {}
    monkeypatch.setattr(layout, "file", lambda _page, kind, make, name, key: made.update({name: make}))
    page = open_at("min", home, organisasjon=OSLO)
    release = asked_by(home, EVERYTHING).release.name
    name = f"endringer_{OSLO}_2026-10_{release}"
    header, *lines = csv.reader(io.StringIO(made[f"{name}.csv"]().decode("utf-8-sig")), delimiter=";")
    assert header == [
        *("Tjeneste", "Hva", "Oktober 2025 (kr)", "Pris (kr)", "Mengde (kr)", "Nytt (kr)", "Falt bort (kr)"),
        *("Oktober 2026 (kr)", "Utgave", "Syntetisk"),
    ]
    table = next(one.value for one in page.html if "Hva som er endret" in one.value)
    assert len(lines) == table.count('<th scope="row"') - 1, "all but the sum"
    sums = [sum(Decimal(line[place].replace(",", ".")) for line in lines) for place in range(2, 8)]
    assert [str(one) for one in sums] == ["4840", "16.04", "375.3", "475", "-3600", "2106.34"]
    assert {tuple(line[8:]) for line in lines} == {(release, "ja")}
    listed, about = openpyxl.load_workbook(io.BytesIO(made[f"{name}.xlsx"]())).worksheets
    assert listed.max_row == len(lines) + 1
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Organisasjonsnummer"] == OSLO
    assert told["Utgave"] == release
    assert told["Syntetisk"] == "ja"
    assert "endret mengde er regnet til prisen året før" in told["Definisjoner"]


def test_lines_tell_by_which_price_rule_and_why_some_are_not_invoiced(drawn, home):
    page = drawn(home, "min", organisasjon=OSLO)
    table = next(plain(one.value) for one in page.html if "Linjer i fakturagrunnlaget" in one.value)
    assert "1,15 kr per stykk" in table
    assert "gjelder fra 01.01.2018" in table
    assert "faktureres ikke: ingen prisregel gjelder" in table
    assert "faktureres ikke: vedlegget er ikke signert" in table
    assert "{" not in table


def test_units_at_a_price_that_was_renewed_name_the_last_rule(open_at, home):
    page = open_at("min", home, organisasjon=OSLO, maned="2026-01")
    said = plain(text(page) + "".join(h.value for h in page.html))
    assert "gjelder fra 01.01.2018" in said
    assert "vektet etter dager" not in said


def test_a_price_for_time_that_changed_within_the_month_says_when_and_that_it_is_by_days():
    monthly = replace(line(NOW, 1, "2"), kind="FIXED_MONTHLY", price_rule="a/2017-01-01/// + a/2018-01-01///")
    monthly = replace(monthly, rule_from=date(2018, 1, 1), rule_source="syntetisk")
    assert organisation_narrative.rule(monthly, NB) == "endret 01.01.2018, vektet etter dager"


def test_what_another_pays_for_ones_use_is_told(open_at, home):
    page = open_at("min", home, BERGENS)
    said = plain(text(page))
    assert "Andre betaler for bruken deres i oktober 2026: " in said
    assert "190 kr for Fiks IO" in said
    assert "Kan ikke sammenlignes med oktober 2025" in headed(page)


def test_a_month_that_the_basis_has_not_is_said(open_at, home):
    page = open_at("min", home, organisasjon=OSLO, maned="2026-09")
    assert "«2026-09» er ikke et gyldig valg for måned." in "".join(one.value for one in page.warning)


def test_an_organisation_without_lines_sees_its_deliveries_still(open_at, home):
    page = open_at("min", home, Visitor("", frozenset({Role.READER}), organisation="938626367"))
    assert "har ingen linjer i fakturagrunnlaget" in text(page)
    assert "everinger" in headed(page)


def test_a_release_without_ledgers_says_so(open_at, without_ledgers):
    page = open_at("min", without_ledgers)
    assert f"Utgave {sample.RELEASE} har ikke fakturagrunnlag." in text(page)


def test_the_page_speaks_english(open_at, home):
    page = open_at("min", home, organisasjon=OSLO, lang="en")
    assert "owes NOK 2,106 for 2 services in October 2026, NOK 2,734 less than in October 2025." in plain(text(page))


def test_a_year_by_service_sums_the_parts_of_each_month():
    bought = [
        *(line(date(2025, month, 1), 100, "1.00") for month in (1, 2)),
        *(line(date(2026, month, 1), 150, "1.10") for month in (1, 2)),
        replace(line(date(2026, 2, 1), 1, "50"), service="fiks-io", name="Fiks IO"),
        replace(line(date(2025, 1, 1), 1, "20"), service="gone", name="Gammel"),
    ]
    year = by_service(bought, [date(2026, 1, 1), date(2026, 2, 1)])
    # 100 then and 150 now at a price from 1,00 to 1,10, twice: 50,00 of quantity at the old price, 15,00 of price
    assert [
        (of.name, of.then_ore, of.price_ore, of.quantity_ore, of.new_ore, of.gone_ore, of.now_ore) for of in year
    ] == [
        ("SvarUt", 20000, 3000, 10000, 0, 0, 33000),
        ("Fiks IO", 0, 0, 0, 5000, 0, 5000),
        ("Gammel", 2000, 0, 0, 0, -2000, 0),
    ]
    table = plain(organisation_tables.year(year, ("2025", "2026"), NB))
    total = table[table.index("dif-sum") :]
    for amount in ("220,00 kr", "30,00 kr", "100,00 kr", "50,00 kr", "\u221220,00 kr", "380,00 kr"):
        assert f">{amount}<" in total
    assert plain(organisation_narrative.year_title(year, NB)) == (
        "Tolv måneder koster 380 kr, 160 kr mer enn de tolv før, mest på grunn av mengde"
    )


def test_a_basis_of_less_than_two_years_says_that_the_years_cannot_be_compared(drawn, home):
    page = drawn(home, "min", organisasjon=OSLO)
    assert "Året kan ikke sammenlignes med året før" in headed(page)


@pytest.mark.parametrize(("link", "whose"), [({"kommune": "0301"}, OSLO), ({"kommune": "4601"}, BERGEN)])
def test_the_page_opens_on_the_municipality_that_was_chosen_elsewhere(open_at, whole_home, link, whose):
    assert open_at("min", whole_home, **link).selectbox(key="filter_organisasjon").value == whose


def test_without_a_choice_the_page_asks_whose_bill_it_is_and_shows_nobodys(open_at, home):
    page = open_at("min", home)
    assert "Velg en virksomhet for å se hva den betaler" in plain(text(page))
    assert page.selectbox(key="filter_organisasjon").value == ""
    assert not page.subheader
    assert " kr" not in plain(text(page))


# ── Whom it tells ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ones_own_page_has_no_choice_of_organisation_and_a_link_to_another_is_said(open_at, home):
    page = open_at("min", home, BERGENS, organisasjon=OSLO)
    assert [one.label for one in page.selectbox] == ["Måned"]
    assert f"«{OSLO}» er ikke et gyldig valg for virksomhet." in "".join(one.value for one in page.warning)
    assert "2 106" not in plain(text(page))


@pytest.mark.parametrize("visitor", [READER, LEADER, BERGENS], ids=["reader", "leadership", "another"])
def test_the_questions_refuse_what_another_pays(home, visitor):
    page = asked_by(home, visitor)
    for asked in (
        lambda: organisation_queries.months(page, OSLO),
        lambda: organisation_queries.lines(page, OSLO, NOW),
        lambda: organisation_queries.paid_by_others(page, OSLO, NOW),
    ):
        with pytest.raises(Forbidden):
            asked()
    with pytest.raises(Forbidden):
        organisation_queries.connections(page, OSLO, NOW)


def test_its_connections_are_exact_for_itself_and_for_dif(home, open_at):
    of_oslo = Visitor("", frozenset({Role.READER}), organisation=OSLO)
    for visitor in (of_oslo, Visitor("", frozenset({Role.DIF}))):
        answer, (one, *more) = organisation_queries.connections(asked_by(home, visitor), OSLO, NOW)
        assert (one.dispatches, one.failed, one.last_seen, more) == (9, 0, NOW.replace(day=15), [])
        assert "usage.connection_month" not in authorization.datasets_in(answer.sql)
    network = Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"nettverk-oslo"}))
    with pytest.raises(Forbidden):
        organisation_queries.connections(asked_by(home, network), OSLO, NOW)
    said = plain(text(unfolded(open_at("min", home, of_oslo))))
    assert "Kilde: Tilknytninger per måned, nøyaktige tall" in said
    assert ">15.10.2026<" in said


def test_the_ledgers_are_asked_for_an_own_organisation_only(home):
    page = asked_by(home, BERGENS)
    assert organisation_queries.lines(page, BERGEN, NOW)[1]
    for name, parameters in (
        ("organisation/months", {"organisation": OSLO, "through": NOW}),
        ("organisation/payers", {}),
        ("ledger_first", {"organisation": BERGEN}),
    ):
        with pytest.raises(Forbidden):
            page.with_ledger().ask(name, **parameters)


def test_the_page_is_in_the_menu_of_those_it_is_for():
    assert "organisation" in {one.key for one in shown_to(BERGENS)}
    assert "organisation" in {one.key for one in shown_to(EVERYTHING)}
    assert "organisation" not in {one.key for one in shown_to(READER)} | {one.key for one in shown_to(LEADER)}


# ── Why it changed ───────────────────────────────────────────────────────────────────────────────────────────────────

quantities = st.integers(0, 10**6).map(lambda one: Decimal(one) / 4)
prices = st.integers(1, 10**6).map(lambda one: str(Decimal(one) / 1000))


@given(st.tuples(quantities, prices), st.tuples(quantities, prices))
def test_the_parts_sum_to_the_change_whatever_moved(then, now):
    [found] = changes([line(THEN, *then), line(NOW, *now)], NOW)
    assert found.price_ore + found.quantity_ore + found.new_ore + found.gone_ore == found.change_ore


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(THEN, 10, "2"), line(NOW, 15, "2")], {"quantity_ore": 1000}),
        ([line(THEN, 10, "2"), line(NOW, 10, "3")], {"price_ore": 1000}),
        ([line(THEN, 10, "2"), line(NOW, 15, "3")], {"quantity_ore": 1000, "price_ore": 1500}),
        ([line(NOW, 10, "2")], {"new_ore": 2000}),
        ([line(THEN, 10, "2")], {"gone_ore": -2000}),
        ([line(THEN, 0, "2"), line(NOW, 10, "3")], {"quantity_ore": 3000}),
    ],
    ids=["more", "dearer", "both", "new", "gone", "from-nothing"],
)
def test_a_change_is_told_by_its_reason(lines, expected):
    [found] = changes(lines, NOW)
    parts = {name: getattr(found, name) for name in ("price_ore", "quantity_ore", "new_ore", "gone_ore")}
    assert parts == {**dict.fromkeys(parts, 0), **expected}


def test_lines_without_a_price_are_in_no_sum():
    lines = [line(NOW, 5, None), line(NOW, 5, "2")]
    assert organisation_narrative.ready(lines, NOW) == 1000
    assert [one.now_ore for one in changes(lines, NOW)] == [1000]
    assert ">..<" in organisation_tables.lines(lines, NOW, NB)


def test_the_reason_that_moved_it_furthest_is_the_one_that_is_named():
    one = line(NOW, 1, "1")
    found = [Change(one, 100, 900, price_ore=1000, quantity_ore=-200)]
    assert (
        plain(organisation_narrative.changes_title(found, NOW, NB))
        == "8 kr mer enn i oktober 2025, mest på grunn av pris"
    )
    assert organisation_narrative.changes_title([Change(one, 1, 1)], NOW, NB) == "Det samme som i oktober 2025"


def test_months_are_bars_from_zero_with_the_chosen_one_highlighted():
    found = [
        Row(month=THEN, amount_ore=500, services=1, synthetic=False),
        Row(month=NOW, amount_ore=70000, services=2, synthetic=False),
    ]
    spec = organisation_charts.months(found, NOW, NB).to_dict()
    rows = values(spec, 0)
    assert [one["kroner"] for one in rows] == [5, 700]
    assert rows[0]["colour"] != rows[1]["colour"]
    assert spec["layer"][0]["encoding"]["y2"]["field"] == "zero"
    assert plain(organisation_narrative.months_in_words(found, NB)).endswith(
        "oktober 2025 5 kr og oktober 2026 700 kr."
    )
    assert organisation_narrative.months_title(found, NOW, NB).startswith("Oktober 2026 er den dyreste måneden")


def test_deliveries_are_claimed_as_they_stand():
    one = Row(
        stream="dispatch", due=5, received=5, late=0, missing=0, missing_from=None, missing_to=None, synthetic=False
    )
    assert organisation_narrative.deliveries_title([], NB) == "Ingen leveringer er forventet fra dere"
    assert organisation_narrative.deliveries_title([one], NB) == "Vi har fått alle leveringene vi ventet"
    assert (
        organisation_narrative.deliveries_title([replace(one, missing=1)], NB)
        == "Én levering mangler de siste 90 dagene"
    )


def test_services_stand_by_amount_beside_the_year_before_with_their_sum():
    other = replace(line(NOW, 1, "90"), service="fiks-io", name="Fiks IO")
    table = plain(organisation_tables.services([line(THEN, 10, "2"), line(NOW, 15, "2"), other], NOW, NB))
    assert table.index("Fiks IO") < table.index("SvarUt") < table.index("Sum å betale")
    assert re.findall(r">([\d ,]+) kr<", table) == ["90,00", "0", "30,00", "20,00", "120,00", "20,00"]
