"""`dif price`: the calculation from a release, what if, a workbook that recalculates, and what is decided by whom."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

import openpyxl
import pyarrow as pa
import pytest

from catalog.domain.calendar import day_in_oslo
from catalog.domain.change import in_percent
from catalog.domain.self_cost import LEVELS, Assumptions, Balance, base_of, calculate, rows_of
from catalog.domain.self_cost_rules import DEFAULT_YEARS, Rules
from catalog.tables import reference
from catalog.tables.billing import INVOICE_BASIS
from catalog.tables.ledger import ENTRY, PRODUCT_MONTH
from catalog.tables.price_calculation import PRICE_CALCULATION, PRICE_COST, PRICE_USE
from catalog.tables.registers import PRICE_DECISION
from pipelines.cli.commands import price
from pipelines.exports import price_workbook
from transport.ingest import registers
from transport.releases.store import Content, Releases
from transport.storage import landing

SERVICE = "fiks-folkeregister"
SMALL, LARGE = "folkeregister-fastpris-liten-kommune", "folkeregister-fastpris-stor-kommune"
PEOPLE = {"1101": 15_000, "5001": 4_000, "4601": 290_000}
NUMBERS = {"1101": "944496394", "5001": "942110464", "4601": "964338531"}
D = Decimal


def of_price(element, current, units, **more):
    row = {
        "service": SERVICE,
        "price_element": element,
        "channel": None,
        "size_low": None,
        "size_high": None,
        "kind": "SIZE_CLASS",
        "unit": "år",
        "driver": "kommuner",
        "units_source": "BILLED",
        "units_now": D(units),
        "current_price": D(current),
        "decided_price": D(current),
        "synthetic": True,
    }
    return row | more


PRICES = [
    of_price(SMALL, 10_000, 200, size_high=50_000),
    of_price(LARGE, 30_000, 20, size_low=50_000),
    of_price("folkeregister-fastpris-fylkeskommune", 30_000, 15, driver=None),
    of_price("minside-innsyn", "0.35", 500_000, driver="oppslag", kind="PER_MESSAGE_TYPE", channel="=HYPERLINK()"),
    of_price("svarut-altinn", "0.15", 90_000, driver="oppslag", kind="PER_UNIT", unit="stk", units_source="MEASURED"),
]


def a_cost(category, amount, varies=None, account="6420", source="ACCOUNT", months=12):
    return {
        "service": SERVICE,
        "category": category,
        "source": source,
        "account": account,
        "varies_with": varies,
        "amount_ore": amount,
        "first_month": date(2025, 10, 1),
        "last_month": date(2026, 9, 1),
        "months": months,
        "synthetic": True,
    }


COSTS = [
    a_cost("DRIFT", 150_000_001, "oppslag"),
    a_cost("FORVALTNING", 70_000_333, account="6725", months=9),
    a_cost("ADMINISTRASJON", 20_000_000, "ukjent mål", account="5010"),
    a_cost("FORDELT", 33_333_333, account=None, source="ALLOCATED"),
]


def a_use(driver, now, low, expected, high):
    return {
        "service": SERVICE,
        "driver": driver,
        "now": D(now),
        "low": D(low),
        "expected": D(expected),
        "high": D(high),
        "method": "DRIFT",
        "backtest_error": D("0.051"),
        "last_known_month": date(2026, 10, 1),
        "months_missing": None if driver == "kommuner" else 2,
        "compared_share": D(1) if driver == "kommuner" else D("0.8"),
        "months_foreseen": 10,
        "synthetic": True,
    }


USES = [a_use("kommuner", 300, 301, 311, 320), a_use("oppslag", "9000000", "4000000", "9900000", "12000000")]
BALANCE = Balance(12_345_678, 98_765_432, 1)


def the_base(prices=PRICES, costs=COSTS, balance=BALANCE):
    return base_of(SERVICE, 2027, prices=prices, costs=costs, uses=USES, balance=balance, rules=Rules())


def entry(code, amount, element):
    return {
        "source_stream": "invoice_line",
        "producer": "f",
        "source_key": f"{code}-{element}",
        "organisation_number": NUMBERS.get(code),
        "service": SERVICE,
        "month": date(2026, 1, 1),
        "period": date(2026, 1, 1),
        "original_period": date(2026, 1, 1),
        "account": "INCOME",
        "category": element,
        "amount_ore": amount,
        "synthetic": True,
    }


ENTRIES = [
    entry("1101", 1_000_000, SMALL),
    entry("5001", 500_000, SMALL),
    entry("4601", 3_000_000, LARGE),
    entry("", 35_000, "minside-innsyn"),
]


def basis(entry):
    """The use that an entry bills, at the price of today."""
    price = next(p["current_price"] for p in PRICES if p["price_element"] == entry["category"])
    who = entry["organisation_number"] or "974760673"
    return {
        "payer_number": who,
        "organisation_number": who,
        "service": SERVICE,
        "price_element": entry["category"],
        "month": entry["month"],
        "quantity": D(entry["amount_ore"]) / 100 / price,
        "amount_ore": entry["amount_ore"],
        "status": "READY",
        "synthetic": True,
    }


def content(contract, rows):
    return Content(contract, table=pa.Table.from_pylist(list(rows), contract.arrow_schema))


def publish(settings, prices=PRICES, costs=COSTS, saved=(), rules=(), balance=BALANCE, months=()):
    """A release of nothing but what `dif price` reads."""
    calculated = [*rows_of(calculate(the_base(prices, costs, balance)), "BASE"), *saved]
    places = [
        {"code": code, "name": code, "county_code": code[:2], "valid_from": None, "valid_to": None} for code in PEOPLE
    ] + [{"code": f"{n:04}", "name": str(n), "county_code": "99"} for n in range(9000, 9340)]
    contents = [
        content(PRICE_CALCULATION, calculated),
        content(PRICE_COST, costs),
        content(PRODUCT_MONTH, months),
        content(reference.PRICE_RULE, rules),
        content(PRICE_USE, USES),
        content(ENTRY, ENTRIES),
        content(INVOICE_BASIS, map(basis, ENTRIES)),
        content(reference.MUNICIPALITY, places),
        content(
            reference.POPULATION,
            [
                {"municipality_code": c, "year": year, "inhabitants": n + year - 2026, "estimated": False}
                for year in (2026, 2025)
                for c, n in PEOPLE.items()
            ],
        ),
        content(
            reference.ORGANISATION,
            [
                {
                    "organisation_number": NUMBERS[c],
                    "name": f"Kommune {c}",
                    "kind": "MUNICIPALITY",
                    "municipality_code": c,
                    "confirmed": True,
                    "synthetic": False,
                }
                for c in PEOPLE
            ],
        ),
    ]
    releases = Releases(settings)
    parent = releases.current()
    name = releases.next_name(landing.utc_now())
    return releases.publish(name, contents, lambda _: (), {}, parent=parent.name if parent else None)


@pytest.fixture
def settings(empty_home, monkeypatch, tmp_path):
    empty_home.settings.home.mkdir(parents=True)
    monkeypatch.setenv("DIF_HOME", str(empty_home.settings.home))
    monkeypatch.chdir(tmp_path)
    return empty_home.settings


@pytest.fixture(scope="module")
def whole(home_of, tmp_path_factory):
    """A home with that release, which no test changes."""
    home = home_of(tmp_path_factory.mktemp("price")).settings
    home.home.mkdir()
    publish(home)
    return home


@pytest.fixture
def published(whole, monkeypatch, tmp_path):
    """That home, for what only reads."""
    monkeypatch.setenv("DIF_HOME", str(whole.home))
    monkeypatch.chdir(tmp_path)
    return whole


@pytest.fixture
def own(settings, whole):
    """A home of the test's own with that release."""
    subprocess.run(["cp", "-a", f"{whole.home}/.", settings.home], check=True)
    return settings


def decisions(settings):
    kept = landing.open_landing(settings)
    last = registers.history(kept, PRICE_DECISION.name)[-1]
    return registers.version_rows(kept, PRICE_DECISION, last.batch_id).to_pylist()


# --- what is said -----------------------------------------------------------------------------------------------------


def test_a_program_is_told_what_the_calculation_comes_to(published, command):
    code, out, _ = command("price", SERVICE, "--json")
    told, found = json.loads(out), calculate(the_base())
    assert code == 0
    assert told["synthetic"]
    assert [D(p["self_cost_price"]) for p in told["prices"]] == [r.self_cost for r in found.results]
    assert told["cost_base_ore"] == found.cost_base_ore
    names = ("balance_carried_ore", "balance_now_ore", "balance_months_missing")
    assert Balance(*(told[name] for name in names)) == BALANCE
    assert told["levels"]["low"]["cover_with_balance_percent"] == str(found.levels["low"].cover_percent)
    sizes = {s["size"]: (s["customers"], s["mean_today_ore"]) for s in told["by_size"]}
    assert sizes == {
        "under 10 000 innbyggere": (1, 500_000),
        "10 000–50 000 innbyggere": (1, 1_000_000),
        "50 000 innbyggere og over": (1, 3_000_000),
        "andre kunder": (1, 35_000),
    }


def test_a_person_reads_the_base_the_use_the_prices_and_who_pays_more(published, command):
    code, out, _ = command("price", SERVICE, "--cost", "DRIFT=+200%", "--municipalities", 280, "--volume", "-5 %")
    assert code == 0
    for said in (
        "priskalkyle fra utgave",
        "syntetisk. Uten mva.",
        "Forutsatt: 280 kommuner har tjenesten",
        "Nå er 300 i bruk, og 3 betaler",
        "-5 % bruk mot framskrivingen",
        "+200 % kostnad, DRIFT",
        "konto 6420",
        "fordelt felleskostnad",
        "varierer med bruk",
        "Akkumulert resultat 987 654 kr til og med 2026-09, ventet 123 457 kr ved utgangen av 2026",
        "Måneder fram til da uten regnskap året før, regnet som null: 1",
        "Ventet overskudd 123 457 kr",
        "5,1 %",
        "DRIFT",
        "÷ 187 kunder",
        "Dekning med saldo, foreslått pris",
        "Måneder uten tall",
        "De ti største økningene i kroner",
        "Kommune 4601",
    ):
        assert said in out, said
    fixed, variable, base = (int(n.replace(" ", "")) for n in re.search(_SUM_OF_COSTS, out).groups())
    assert fixed + variable == base, "to the krone, as everything that is added in the answer"
    kroner = out.index("i kroner\n")
    assert out.index("Kommune 4601", kroner) < out.index("Kommune 1101", kroner) < out.index("Kommune 5001", kroner)


_SUM_OF_COSTS = r"Fast ([\d ]+) kr, varierer med bruk ([\d ]+) kr, til sammen ([\d ]+) kr"


def test_a_change_of_price_is_proposed_in_place_of_the_self_cost_price(published, command):
    code, out, _ = command("price", SERVICE, "--change", "+10%", "--json")
    assert code == 0
    for row in json.loads(out)["prices"]:
        assert D(row["proposed_price"]) == D(row["current_price"]) * D("1.1")
    assert "Forutsatt: +10 % på dagens priser" in command("price", SERVICE, "--change", "+10%")[1]


def test_in_english_only_what_the_release_says_in_norwegian_is_norwegian(published, command):
    code, out, _ = command("price", SERVICE, "--municipalities", 280, "--lang", "en")
    assert code == 0
    for said in (
        "price calculation from release",
        "Assumed: 280 municipalities have it",
        "account 6420",
        "Fixed ",
        "allocated shared cost",
        "Carried balance 987 654 kr through 2026-09, expected 123 457 kr at the end of 2026",
        "Expected surplus 123 457 kr",
        "Self-cost price",
        "Coverage with balance, proposed price",
        "The ten largest increases in per cent",
    ):
        assert said in out, said
    own = [line for line in out.splitlines() if " ÷ " not in line and "innbyggere" not in line]
    for word in ("kommuner har", "Selvkostpris", "overskudd", "økningene", "fast ", "Virksomhet"):
        assert word not in " ".join(own), word


def test_what_is_decided_is_told_of_the_year_that_is_asked_for(settings, command):
    """Of a year with a saved calculation as that has it, of another as the rule of its first day; never next year's."""
    base = the_base([p | {"decided_price": D(99)} for p in PRICES])
    saved = [r | {"year": 2029, "scenario": "råd"} for r in rows_of(calculate(base), "råd", "DECIDED")]
    rule = {
        "price_element": SMALL,
        "size_high": 50_000,
        "service": SERVICE,
        "kind": "SIZE_CLASS",
        "amount": D(11_000),
        "unit": "år",
        "valid_from": date(2028, 1, 1),
        "source": "syntetisk",
        "synthetic": True,
    }
    publish(settings, saved=saved, rules=[rule])

    def decided(year):
        prices = json.loads(command("price", SERVICE, "--year", str(year), "--json")[1])["prices"]
        return {p["price_element"]: p["decided_price"] and D(p["decided_price"]) for p in prices}

    assert decided(2027)[SMALL] == 10_000
    assert (decided(2028)[SMALL], decided(2028)[LARGE]) == (11_000, None)
    assert set(decided(2029).values()) == {99}


def test_of_a_year_that_nothing_is_foreseen_for_that_is_said(published, command):
    assert "Ingenting er framskrevet så langt fram" in command("price", SERVICE, "--year", "2029")[1]
    assert "Ingenting er framskrevet så langt fram" not in command("price", SERVICE, "--year", "2027")[1]


def test_a_later_year_takes_in_what_is_expected_by_then(settings, command):
    month = {"service": SERVICE, "income_ore": 0, "allocated_ore": 0, "synthetic": True}
    month |= dict.fromkeys(("invoiced_ore", "invoiced_ahead_ore", "invoiced_before_ore"), 0)
    month |= {f"cost_{name}_ore": 0 for name in ("brukerstotte", "drift", "forvaltning", "administrasjon")}
    amounts = {date(2025, 10, 1): -4_000_000, date(2026, 1, 1): 5_000_000, date(2026, 9, 1): -2_000_000}
    months = [
        month | {"month": m, "result_ore": ore, "balance_carried_ore": 98_765_432 - 3_000_000}
        for m, ore in amounts.items()
    ]
    publish(settings, months=months)

    def carried(year):
        code, out, problem = command("price", SERVICE, "--year", str(year), "--json")
        assert code == 0, problem
        return json.loads(out)["balance_carried_ore"]

    assert carried(2027) == BALANCE.expected_ore, "as the release has it"
    assert carried(2028) == 98_765_432 - 4_000_000 - 1_000_000
    assert carried(2029) == 98_765_432 - 4_000_000 - 2_000_000


def test_a_release_from_before_a_balance_was_expected_tells_what_it_took_in(settings, command, tmp_path):
    publish(settings, balance=Balance(12_345_678))
    _, out, _ = command("price", SERVICE, "--out", "kalkyle.xlsx")
    assert "Akkumulert overskudd 123 457 kr" in out
    assert "ved utgangen av" not in out
    told = openpyxl.load_workbook(tmp_path / "kalkyle.xlsx")[price_workbook.PRICE]
    assert (told["A3"].value, told["A6"].value) == ("Akkumulert resultat, kr", None)


def test_a_balance_that_is_shown_as_nothing_is_no_deficit(settings, command):
    publish(settings, balance=Balance(-49))
    _, out, _ = command("price", SERVICE)
    assert "Akkumulert overskudd 0 kr" in out


def test_nobody_pays_more_where_prices_fall(published, command):
    _, out, _ = command("price", SERVICE, "--cost", "DRIFT=-90%")
    assert out.count("Ingen navngitt kunde betaler mer.") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fiks-folkeregisteret"], "Did you mean 'fiks-folkeregister'?"),
        (["altinn-3"], "another party's product"),
        (["svarut"], "neither a price nor a cost"),
        ([SERVICE, "--volume", "10"], 'a percentage over -100, such as +10%, -5% or "10 %"'),
        ([SERVICE, "--volume", "mye%"], "--volume is 'mye%'"),
        ([SERVICE, "--cost", "DRIFT=-100%"], "a percentage over -100"),
        ([SERVICE, "--years", "0"], "a number from 1 to 5"),
        ([SERVICE, "--years", "6"], "a number from 1 to 5"),
        ([SERVICE, "--change", "mye%"], "--change is 'mye%'"),
        ([SERVICE, "--decide", "råd", "--by", "produktråd", "--change", "+5%"], "the assumptions were saved"),
        ([SERVICE, "--cost", "DRIFT"], "a category and a percentage"),
        ([SERVICE, "--cost", "DRFT=5%"], "Did you mean 'DRIFT'?"),
        ([SERVICE, "--cost", "DRIFT=5%", "--cost", "drift=6%"], "DRIFT once"),
        ([SERVICE, "--municipalities", "344"], "a count from 1 to 343"),
        ([SERVICE, "--municipalities", "0"], "a count from 1 to 343"),
        ([SERVICE, "--year", "2026"], "a year from 2027 to 2032"),
        ([SERVICE, "--out", "x.csv"], ".xlsx"),
        ([SERVICE, "--save", "råd"], "--by"),
        ([SERVICE, "--save", "base", "--by", "produktråd"], "a name other than"),
        ([SERVICE, "--decide", "råd"], "--by"),
        ([SERVICE, "--decide", "råd", "--by", "produktråd", "--volume", "+5%"], "the assumptions were saved"),
        ([SERVICE, "--decide", "råd", "--by", "produktråd"], "No proposal of fiks-folkeregister 'råd'."),
    ],
)
def test_what_cannot_be_asked_is_said_with_the_mend_and_nothing_is_kept(published, command, words, said):
    code, out, err = command("price", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "→" in err
    assert registers.history(landing.open_landing(published), PRICE_DECISION.name) == []


@pytest.mark.parametrize(
    ("prices", "costs", "said"),
    [
        ([], COSTS, "no price for its use"),
        (PRICES, [], "no cost for fiks-folkeregister"),
        ([p | {"units_now": D(0)} for p in PRICES], COSTS, "nothing to divide the cost by"),
    ],
)
def test_a_service_that_cannot_be_calculated_says_why_and_the_mend(settings, command, prices, costs, said):
    publish(settings, prices, costs)
    code, _, err = command("price", SERVICE)
    assert code == 2
    assert said in err
    assert "→" in err


def test_percentages_are_read_as_people_write_them():
    read = [price.percentage("--volume", text) for text in ("+10%", "-5%", "10 %", "2,5%", "\u22121.5 %", "0%")]
    assert read == [10, -5, 10, D("2.5"), D("-1.5"), 0]


# --- what is decided --------------------------------------------------------------------------------------------------


def test_a_proposal_is_kept_with_who_and_when_and_then_decided(own, command):
    code, _, err = command("price", SERVICE, "--volume", "+10%", "--save", "råd", "--by", "produktråd")
    assert code == 0, err
    saved = decisions(own)
    supposed = Assumptions(volume=D(10))
    found = calculate(the_base(), supposed)
    assert {(d["price_element"], d["price"]) for d in saved} == {
        (r.priced.price_element, r.proposed) for r in found.results
    }
    assert {(d["status"], d["decided_by"], d["year"], d["assumptions"]) for d in saved} == {
        ("PROPOSED", "produktråd", 2027, replace(supposed, years=DEFAULT_YEARS).as_json())
    }
    code, out, err = command("price", SERVICE, "--decide", "råd", "--by", "styret")
    assert code == 0, err
    assert f"{SMALL}: " in out
    assert "register price_rule" in err
    assert {(d["status"], d["decided_by"]) for d in decisions(own)} == {("DECIDED", "styret")}
    assert {d["decided_on"] for d in decisions(own)} == {day_in_oslo(landing.utc_now())}


def test_a_program_that_saves_a_proposal_gets_the_calculation_alone(own, command):
    code, out, err = command("price", SERVICE, "--save", "råd", "--by", "produktråd", "--json")
    assert (code, json.loads(out)["service"]) == (0, SERVICE), err
    assert "To decide it: dif price" in err


def test_what_is_decided_is_not_saved_over_nor_decided_twice(own, command):
    command("price", SERVICE, "--save", "råd", "--by", "produktråd")
    command("price", SERVICE, "--save", "råd", "--by", "produktråd")
    assert len(decisions(own)) == len(PRICES), "a proposal gives way to one of the same name"
    command("price", SERVICE, "--decide", "råd", "--by", "styret")
    for words in (["--save", "råd"], ["--decide", "råd"]):
        code, _, err = command("price", SERVICE, *words, "--by", "produktråd")
        assert code == 2
        assert "was decided by styret" in err


@pytest.mark.slow("two decisions; another test saves one")
def test_another_decision_for_the_year_makes_the_earlier_one_a_proposal_again(own, command):
    for name in ("en", "to"):
        command("price", SERVICE, "--save", name, "--by", "produktråd")
        _, _, err = command("price", SERVICE, "--decide", name, "--by", "styret")
    assert "'en' was the decision before and is a proposal again." in err
    assert {(d["scenario"], d["status"], d["decided_by"]) for d in decisions(own)} == {
        ("en", "PROPOSED", "produktråd"),
        ("to", "DECIDED", "styret"),
    }


def test_a_decision_from_before_proposers_were_kept_is_undone_by_who_decides_anew(own, command):
    command("price", SERVICE, "--save", "en", "--by", "produktråd")
    command("price", SERVICE, "--decide", "en", "--by", "styret")
    older = [d | {"proposed_by": None, "proposed_on": None} for d in decisions(own)]
    kept = landing.open_landing(own)
    registers.apply(kept, PRICE_DECISION, older, by="styret", reason="som før", now=landing.utc_now())
    command("price", SERVICE, "--save", "to", "--by", "økonomi")
    command("price", SERVICE, "--decide", "to", "--by", "rådmannen")
    assert {(d["scenario"], d["status"], d["decided_by"]) for d in decisions(own)} == {
        ("en", "PROPOSED", "rådmannen"),
        ("to", "DECIDED", "rådmannen"),
    }


# --- the workbook -----------------------------------------------------------------------------------------------------


class Sheets:
    """Recalculates a workbook's formulas in decimals: what the product writes, and no more of the language."""

    _WORDS = re.compile(
        r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"]*")
        |(?P<ref>(?:\w+!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)|(?P<name>[A-Z]+)(?=\()|(?P<op><=|>=|<>|[-+*/()=<>,]))""",
        re.VERBOSE,
    )

    def __init__(self, path, **inputs):
        self.book = openpyxl.load_workbook(path)
        for cell, value in inputs.items():
            self.book[price_workbook.INPUTS][cell] = value
        self.known = {}

    def value(self, sheet, cell):
        if (sheet, cell) not in self.known:
            said = self.book[sheet][cell].value
            if self.book[sheet][cell].data_type == "f":
                said = self._formula(sheet, said[1:])
            self.known[sheet, cell] = D(str(said)) if isinstance(said, int | float) else said
        return self.known[sheet, cell]

    def _formula(self, sheet, text):
        words = [(m.lastgroup, m[m.lastgroup]) for m in self._WORDS.finditer(text)]
        assert "".join(w for _, w in words) == text.replace(" ", "")
        words.append(("end", ""))
        lazy = self._comparison(sheet, words)
        assert words == [("end", "")]
        return lazy()

    def _comparison(self, sheet, words):
        left = self._added(sheet, words)
        if words[0][1] in {"=", "<>", "<", "<=", ">", ">="}:
            op, right = words.pop(0)[1], self._added(sheet, words)
            return lambda: self._compare(op, left(), right())
        return left

    @staticmethod
    def _compare(op, a, b):
        if op in {"=", "<>"}:
            a, b = ("" if v is None else v for v in (a, b))
            return (a == b) == (op == "=")
        a, b = (v or D(0) for v in (a, b))
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]

    def _chain(self, sheet, words, ops, below):
        left = below(sheet, words)
        while words[0][1] in ops:
            left = self._apply(words.pop(0)[1], left, below(sheet, words))
        return left

    @staticmethod
    def _apply(op, left, right):
        def both():
            a, b = (v or D(0) for v in (left(), right()))
            return a / b if op == "/" else {"+": a + b, "-": a - b, "*": a * b}[op]

        return both

    def _added(self, sheet, words):
        return self._chain(sheet, words, {"+", "-"}, self._product)

    def _product(self, sheet, words):
        return self._chain(sheet, words, {"*", "/"}, self._atom)

    def _atom(self, sheet, words):
        kind, word = words.pop(0)
        if word == "-":
            inner = self._atom(sheet, words)
            return lambda: -inner()
        if word == "(":
            inner = self._comparison(sheet, words)
            assert words.pop(0)[1] == ")"
            return inner
        if kind == "number":
            return lambda: D(word)
        if kind == "text":
            return lambda: word[1:-1]
        if kind == "ref":
            return self._reference(sheet, word)
        assert kind == "name", word
        words.pop(0)
        arguments = [self._comparison(sheet, words)]
        while words.pop(0)[1] == ",":
            arguments.append(self._comparison(sheet, words))
        return getattr(self, f"{word.lower()}_of")(*arguments)

    def _reference(self, sheet, word):
        where, _, cells = word.replace("$", "").rpartition("!")
        first, _, last = cells.partition(":")
        if not last:
            return lambda: self.value(where or sheet, first)
        found = [c.coordinate for row in self.book[where or sheet][first:last] for c in row]
        return lambda: [self.value(where or sheet, c) for c in found]

    def if_of(self, condition, then, otherwise):
        return lambda: then() if condition() else otherwise()

    def or_of(self, *conditions):
        return lambda: any(c() for c in conditions)

    def sum_of(self, values):
        return lambda: sum((v for v in values() if v not in {None, ""}), D(0))

    def min_of(self, *values):
        return lambda: min(v() for v in values)

    def max_of(self, *values):
        return lambda: max(v() for v in values)

    def round_of(self, value, digits):
        return lambda: value().quantize(D(1).scaleb(-int(digits())), ROUND_HALF_UP)

    def roundup_of(self, value, digits):
        def up():
            places = int(digits())
            return value().scaleb(places).quantize(D(1), ROUND_UP).scaleb(-places)

        return up


@pytest.fixture
def written(published, command, tmp_path):
    code, _, err = command("price", SERVICE, "--out", "kalkyle.xlsx")
    assert code == 0, err
    return tmp_path / "kalkyle.xlsx"


def holds_what_is_calculated(sheets, supposed):
    """The sheet of prices says what the pure function does, to the øre and the sixth decimal."""
    found = calculate(the_base(), supposed)
    sheet, row = price_workbook.PRICE, price_workbook.FIRST_PRICE
    assert sheets.value(sheet, price_workbook.CELL_COVER) * 100 == found.to_cover_ore
    for at, result in enumerate(found.results, row):
        assert sheets.value(sheet, f"A{at}") == result.priced.price_element
        assert [sheets.value(sheet, f"{c}{at}") for c in "FGH"] == [result.units[k] for k in LEVELS]
        assert sheets.value(sheet, f"K{at}") == result.self_cost
        assert sheets.value(sheet, f"L{at}") == result.proposed
        assert (sheets.value(sheet, f"N{at}"), sheets.value(sheet, f"O{at}")) == (result.gap, result.gap_percent)
        assert [sheets.value(sheet, f"{c}{at}") * 100 for c in "PQR"] == [result.income_ore[k] for k in LEVELS]
    below = row + len(found.results) + 2
    for letter, k in zip("BCD", LEVELS, strict=True):
        level = found.levels[k]
        told = [sheets.value(sheet, f"{letter}{below + n}") for n in range(5)]
        assert [sheets.value(sheet, f"A{below + n}")[:17] for n in (2, 4)] == ["Dekning med saldo"] * 2
        assert (told[0] * 100, told[1] * 100, told[2], told[3] * 100, told[4]) == (
            level.cost_ore,
            level.income_ore,
            level.cover_percent,
            level.income_today_ore,
            level.cover_today_percent,
        )


@pytest.mark.parametrize(
    "supposed",
    [
        Assumptions(),
        Assumptions(municipalities=250),
        Assumptions(volume=D("12.5")),
        Assumptions(cost={"DRIFT": D(-5), "FORDELT": D("7.25")}),
        Assumptions(years=5),
        Assumptions(340, D(-30), {"FORVALTNING": D(100)}, D(50)),
    ],
)
def test_the_workbook_recalculates_to_what_the_calculation_says(written, supposed):
    changed = {
        price_workbook.CELL_MUNICIPALITIES: supposed.municipalities,
        price_workbook.CELL_VOLUME: float(supposed.volume),
        price_workbook.CELL_YEARS: supposed.years or DEFAULT_YEARS,
        **{price_workbook.CELL_OF_CATEGORY[k]: float(percent) for k, percent in supposed.cost.items()},
    }
    holds_what_is_calculated(Sheets(written, **changed), supposed)


def test_the_workbook_begins_with_what_was_supposed(published, command, tmp_path):
    command("price", SERVICE, "--municipalities", 250, "--cost", "DRIFT=-5%", "--out", "kalkyle.xlsx")
    holds_what_is_calculated(Sheets(tmp_path / "kalkyle.xlsx"), Assumptions(250, cost={"DRIFT": D(-5)}))


def test_the_workbook_is_written_for_those_who_read_only_the_beginning_of_the_text(published, tmp_path):
    read, write = os.pipe()
    os.close(read)  # as `| head` that has seen enough
    script = f"from pipelines.cli.main import main; main(['price', '{SERVICE}', '--out', 'kalkyle.xlsx'])"
    done = subprocess.run([sys.executable, "-c", script], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert b"Traceback" not in done.stderr
    assert openpyxl.load_workbook(tmp_path / "kalkyle.xlsx").sheetnames[0] == price_workbook.INPUTS


def test_the_effect_follows_the_price_and_synthetic_is_said_in_norwegian(written):
    sheets = Sheets(written, **{price_workbook.CELL_OF_CATEGORY["DRIFT"]: 200})
    found = calculate(the_base(), Assumptions(cost={"DRIFT": D(200)}))
    rows = {
        (r[0].value, r[1].value): r[0].row for r in sheets.book[price_workbook.EFFECT].iter_rows(min_row=2, max_col=2)
    }
    at = rows["under 10 000 innbyggere", SMALL]
    then = sheets.value(price_workbook.EFFECT, f"E{at}")
    of_small = next(r for r in found.results if r.priced.price_element == SMALL)
    assert then == (D(5000) * of_small.proposed / 10_000).quantize(D("0.01"))
    for paid in ("19.4", "200", "5000"):
        sheets = Sheets(written)
        sheets.known |= {(price_workbook.EFFECT, f"{c}{at}"): v for c, v in (("D", D(paid)), ("E", D("5021")))}
        percent = in_percent(D(paid), D("5021"))
        assert sheets.value(price_workbook.EFFECT, f"G{at}") == ("" if percent is None else percent), "a change as told"
    assert sheets.book[price_workbook.INPUTS]["A2"].value.startswith("SYNTETISKE TALL")


def test_the_workbook_tells_the_balance_now_beside_the_expected_one(written):
    told = openpyxl.load_workbook(written)[price_workbook.PRICE]
    assert {told[f"A{row}"].value: told[f"B{row}"].value for row in (3, 6)} == {
        "Akkumulert resultat ventet ved utgangen av 2026, kr": 123_456.78,
        "Akkumulert resultat til og med 2026-09, kr": 987_654.32,
    }


def test_a_text_of_a_register_is_never_a_formula(written):
    book = openpyxl.load_workbook(written)
    cells = [c for row in book[price_workbook.PRICE].iter_rows() for c in row if c.value == "=HYPERLINK()"]
    assert [c.data_type for c in cells] == ["s"]
