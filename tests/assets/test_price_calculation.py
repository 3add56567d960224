"""What a price calculation rests on: last year's cost with its sources, units that were billed, and expected use."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from assets import price_calculation as making
from assets import reference
from assets.build import BuildWindow
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.self_cost import Assumptions
from catalog.tables import conformed, ledger, uptake, usage
from catalog.tables.price_calculation import PRICE_CALCULATION, PRICE_COST, PRICE_USE
from catalog.tables.reference import POPULATION
from catalog.tables.registers import PRICE_DECISION, PRICE_RULE, SELF_COST_RULE

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ELEMENT = next(m for m in reference.BUILDS if m.contract.table == "price_element").make(BuildWindow(NOW))
FIRST, LAST = date(2025, 10, 1), date(2026, 9, 1)
SERVICE = "fiks-folkeregister"
SMALL, MIDDLE, COUNTY = (
    f"folkeregister-fastpris-{x}" for x in ("liten-kommune", "mellomstor-kommune", "fylkeskommune")
)
D = Decimal


def test_the_window_is_four_whole_quarters_that_have_been_over_for_a_month():
    def window(year, month, day):
        return making.window(BuildWindow(datetime(year, month, day, 12, tzinfo=UTC)))

    assert window(2026, 11, 1) == (FIRST, LAST)
    assert window(2026, 10, 31) == (date(2025, 7, 1), date(2026, 6, 1)), "the third quarter is not invoiced yet"
    assert window(2027, 1, 31) == (FIRST, LAST)
    assert window(2027, 2, 1) == (date(2026, 1, 1), date(2026, 12, 1))


# --- cost -------------------------------------------------------------------------------------------------------------


def ledger_month(month, service=SERVICE, balance=0, result=0, **costs):
    row = {
        "service": service,
        "month": month,
        "income_ore": 0,
        **{f"cost_{k}_ore": costs.get(k, 0) for k in ("brukerstotte", "drift", "forvaltning", "administrasjon")},
        "allocated_ore": costs.get("allocated", 0),
        "result_ore": result,
        "balance_carried_ore": balance,
    }
    return row | {"synthetic": costs.get("synthetic", False)}


def placed(entry, amount, category="DRIFT", period=LAST, account="6420", varies=None, **more):
    row = {
        "producer": "r",
        "entry_id": entry,
        "period": period,
        "account": account,
        "service": SERVICE,
        "cost_category": category,
        "varies_with": varies,
        "placed_by": "ENTRY",
        "amount_ore": amount,
        "first_received_at": NOW,
    }
    return row | more


@pytest.fixture(scope="session")
def cost_base(rows_of, answer):
    def cost_base(months, entries):
        scan = making.price_cost.make(
            BuildWindow(NOW),
            product_month=rows_of(ledger.PRODUCT_MONTH, *months),
            placed_cost=rows_of(ledger.PLACED_COST, *entries),
        )
        return answer(scan, PRICE_COST)

    return cost_base


def test_each_account_is_a_line_and_what_was_booked_elsewhere_is_told_so_that_it_ties(cost_base):
    rows = cost_base(
        [ledger_month(FIRST, drift=100, allocated=30), ledger_month(LAST, drift=900)],
        [placed("a", 600, varies="oppslag"), placed("b", 250), placed("c", 100, period=FIRST, account="6300")],
    )
    assert {(r["category"], r["source"], r["account"], r["varies_with"], r["amount_ore"]) for r in rows} == {
        ("DRIFT", "ACCOUNT", "6420", "oppslag", 600),
        ("DRIFT", "ACCOUNT", "6420", None, 250),
        ("DRIFT", "ACCOUNT", "6300", None, 100),
        ("DRIFT", "LEDGER", None, None, 50),
        ("FORDELT", "ALLOCATED", None, None, 30),
    }
    assert {(r["first_month"], r["last_month"], r["months"]) for r in rows} == {(FIRST, LAST, 12)}


def test_cost_without_a_category_is_operation_and_projects_stand_outside_as_in_the_ledger(cost_base):
    entries = [
        placed("a", 70, None),
        placed("b", 20, "UTVIKLING"),
        placed("c", 999, "UTVIKLING", project="DF-1"),
        placed("d", 5, service=None),
        placed("e", 8, period=date(2026, 10, 1)),
    ]
    [row] = cost_base([ledger_month(LAST, drift=90), ledger_month(date(2026, 10, 1), drift=8)], entries)
    assert (row["category"], row["amount_ore"]) == ("DRIFT", 90)


def test_placed_cost_that_the_ledger_has_in_another_year_cancels_out(cost_base):
    rows = cost_base([ledger_month(LAST, drift=1)], [placed("a", 1), placed("b", 40, "FORVALTNING")])
    assert sum(r["amount_ore"] for r in rows if r["category"] == "FORVALTNING") == 0


def test_products_of_others_are_in_no_cost_base(cost_base):
    assert cost_base([], [placed("a", 70, service="altinn-3")]) == []


def test_a_service_younger_than_the_window_says_of_how_many_months(cost_base):
    [row] = cost_base([ledger_month(date(2026, 7, 1), drift=5)], [placed("a", 5, period=date(2026, 7, 1))])
    assert row["months"] == 3


# --- use --------------------------------------------------------------------------------------------------------------


def total(month, quantity, measure="oppslag", service=SERVICE):
    return {"month": month, "service": service, "measure": measure, "quantity": D(quantity), "organisations": 1}


def foreseen(month, low, expected, high, last_known, service=SERVICE, **more):
    row = {
        "service": service,
        "month": month,
        "low": low,
        "expected": expected,
        "high": high,
        "method": "DRIFT",
        "backtest_error": D("0.05"),
        "last_value_error": D("0.06"),
        "mean_error": D("0.07"),
        "months_held_out": 4,
        "past_forecasts": 4,
        "past_inside": 3,
        "last_known_month": last_known,
        "months_known": 12,
    }
    return row | more


def funnel(month, active, service=SERVICE, area="NO"):
    counts = dict.fromkeys(("annexed", "configured", "activated"), active)
    return {
        "month": month,
        "service": service,
        "area_kind": area,
        "area": area,
        **counts,
        "active": active,
        "active_basis": "USE",
        "days_known": 0,
        "municipalities": 357,
        "share_of_population": D(0),
    }


@pytest.fixture(scope="session")
def use(rows_of, answer):
    def use(totals=(), ahead=(), funnels=(), uptakes=()):
        scan = making.price_use.make(
            BuildWindow(NOW),
            dispatch_month=rows_of(usage.DISPATCH_MONTH),
            measure_total_month=rows_of(usage.MEASURE_TOTAL_MONTH, *totals),
            usage_forecast=rows_of(usage.FORECAST, *ahead),
            funnel=rows_of(uptake.FUNNEL, *funnels),
            uptake_forecast=rows_of(uptake.FORECAST, *uptakes),
        )
        return {(r["service"], r["driver"]): r for r in answer(scan, PRICE_USE)}

    return use


OCTOBER = date(2026, 10, 1)


def test_months_beyond_a_forecast_change_from_the_year_before_as_those_it_reaches(use):
    months = [date(2025, 11, 1), date(2026, 3, 1), OCTOBER]
    ahead = [
        foreseen(m, D(10), D(20), D(30), OCTOBER, measure="oppslag")
        for m in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    ]
    found = use([total(date(2025, 10, 1), 999), *(total(m, 5) for m in months)], ahead)
    row = found[SERVICE, "oppslag"]
    assert (row["now"], row["low"], row["expected"], row["high"]) == (15, 30, 60, 90), (
        "as November, whose 5 become 20; nobody reported December and January"
    )
    assert (row["method"], row["months_foreseen"], row["last_known_month"]) == ("DRIFT", 1, OCTOBER)
    assert row["months_missing"] == 9, "what nobody reported is said, and not filled in"


@pytest.mark.parametrize(
    ("months", "now", "missing"),
    [
        ([5, 6, 7, 8, 9, 10], 120, 0),
        ([5, 8, 10], 60, 3),
        ([10], 120, 0),
        ([1, 10], 24, 8),
    ],
)
def test_a_young_measure_is_reckoned_from_its_first_month_and_its_gaps_are_no_months_of_more_use(
    use, months, now, missing
):
    row = use([total(date(2026, m, 1), 10) for m in months])[SERVICE, "oppslag"]
    assert (row["now"], row["months_missing"]) == (now, missing)


def test_growth_compares_expected_use_with_the_calendar_months_that_have_a_figure(use):
    year = list(calendar.months_between(date(2025, 11, 1), OCTOBER))
    ahead = [
        foreseen(m, D(10), D(20), D(30), OCTOBER, measure="oppslag")
        for m in calendar.months_between(date(2026, 11, 1), date(2027, 10, 1))
    ]
    row = use([total(m, 20) for m in year if m.month != 3], ahead)[SERVICE, "oppslag"]
    assert (row["now"], row["expected"], row["months_missing"]) == (220, 240, 1)
    assert row["compared_share"] == D("0.916667")
    row = use([total(m, 20) for m in year], ahead)[SERVICE, "oppslag"]
    assert (row["now"], row["months_missing"], row["compared_share"]) == (240, 0, 1)


def test_without_a_forecast_use_stays_as_it_is(use):
    found = use([total(m, 5) for m in (date(2026, 9, 1), OCTOBER, date(2026, 11, 1))], funnels=[funnel(OCTOBER, 7)])
    assert {k: (r["now"], r["low"], r["high"], r["method"]) for k, r in found.items()} == {
        (SERVICE, "oppslag"): (60, 60, 60, None),
        (SERVICE, "kommuner"): (7, 7, 7, None),
    }, "and a month that is not over is no month"


def test_municipalities_are_the_mean_of_the_years_months(use):
    uptakes = [
        foreseen(m, low, mid, high, OCTOBER, active_basis="USE")
        for m, low, mid, high in (
            (date(2026, 12, 1), 1, 1, 1),
            (date(2027, 1, 1), 10, 12, 14),
            (date(2027, 2, 1), 11, 13, 16),
        )
    ]
    funnels = [funnel(OCTOBER, 9), funnel(date(2026, 11, 1), 99), funnel(OCTOBER, 3, area="03")]
    row = use(funnels=[f | {"area_kind": "COUNTY"} if f["area"] == "03" else f for f in funnels], uptakes=uptakes)[
        SERVICE, "kommuner"
    ]
    assert (row["now"], row["low"], row["expected"], row["high"]) == (9, 11, 13, 15), "halves go up"


def test_products_of_others_have_no_price_here(use):
    assert use(funnels=[funnel(OCTOBER, 7, service="altinn-3")]) == {}


# --- calculation ------------------------------------------------------------------------------------------------------


def rule(element=SMALL, kr="10000", **more):
    row = {
        "price_element": element,
        "service": SERVICE,
        "kind": "SIZE_CLASS",
        "valid_from": date(2021, 1, 1),
        "amount": D(kr),
        "unit": "år",
        "measure": "innbyggere",
        "synthetic": False,
    }
    return row | more


def billed(organisation, element=SMALL, kr="10000", quantity=1, period=date(2026, 1, 1), **more):
    row = {
        "producer": "f",
        "invoice_id": f"{organisation}-{element}-{period}-{kr}",
        "line_number": 1,
        "organisation_number": organisation,
        "service": SERVICE,
        "price_element": element,
        "period": period,
        "quantity": D(quantity),
        "unit": "år",
        "unit_price": D(kr),
        "amount_ore": int(D(kr) * 100 * quantity),
        "vat_ore": 0,
        "invoiced_on": period,
        "first_received_at": NOW,
    }
    return row | more


def a_cost(amount, varies=None, service=SERVICE):
    return {
        "service": service,
        "category": "DRIFT",
        "source": "ACCOUNT",
        "account": "6420",
        "varies_with": varies,
        "amount_ore": amount,
        "first_month": FIRST,
        "last_month": LAST,
        "months": 12,
    }


def a_use(driver, now, expected, service=SERVICE):
    return {
        "service": service,
        "driver": driver,
        "now": D(now),
        "low": D(min(now, expected)),
        "expected": D(expected),
        "high": D(max(now, expected)),
        "last_known_month": OCTOBER,
        "months_missing": None,
        "compared_share": D(1),
        "months_foreseen": 10,
    }


@pytest.fixture(scope="session")
def calculated(rows_of, answer):
    def register(contract, rows):
        return Values(pa.Table.from_pylist(list(rows), contract.schema))

    def calculated(
        costs=(), uses=(), rules=(), lines=(), decisions=(), months=(), standings=(), people=(), followed=()
    ):
        scan = making.calculation.make(
            BuildWindow(NOW),
            price_cost=rows_of(PRICE_COST, *costs),
            price_use=rows_of(PRICE_USE, *uses),
            product_month=rows_of(ledger.PRODUCT_MONTH, *months),
            price_rule=register(PRICE_RULE, rules),
            price_decision=register(PRICE_DECISION, decisions),
            self_cost_rule=register(SELF_COST_RULE, followed),
            element=ELEMENT,
            invoice_line=rows_of(conformed.INVOICE_LINE, *lines),
            status_month=rows_of(uptake.STATUS_MONTH, *standings),
            population=Values(pa.Table.from_pylist(list(people), POPULATION.arrow_schema)),
        )
        return answer(scan, PRICE_CALCULATION)

    return calculated


def test_a_price_is_cost_by_customers_billed_grown_as_the_municipalities_are(calculated):
    lines = [billed("1"), billed("2", quantity=D("0.5")), billed("3", period=date(2025, 9, 1)), billed("1", kr="5000")]
    [row] = calculated([a_cost(6_000_000)], [a_use("kommuner", 2, 3)], [rule()], lines)
    assert (row["scenario"], row["year"], row["status"]) == ("BASE", 2027, "CALCULATED")
    assert (row["units_now"], row["units_expected"], row["units_source"]) == (2, 3, "BILLED")
    assert (row["self_cost_price"], row["current_price"], row["gap"]) == (20_000, 10_000, 10_000)
    assert (row["cover_with_balance_expected_percent"], row["cover_with_balance_today_percent"]) == (100, 50)
    assert row["cost_sources"] == "konto 6420: 60 000 kr"
    assert row["formula"] == "60 000 kr kostnad ÷ 3 kunder = 20 000,00 kr"


def test_counties_do_not_become_more_with_the_municipalities(calculated):
    rules = [rule(), rule(COUNTY, measure="kundetype")]
    rows = calculated([a_cost(6_000_000)], [a_use("kommuner", 1, 2)], rules, [billed("1"), billed("9", COUNTY)])
    assert {r["price_element"]: (r["driver"], r["units_expected"]) for r in rows} == {
        SMALL: ("kommuner", 2),
        COUNTY: (None, 1),
    }


def test_lines_are_of_the_rule_that_they_were_billed_at(calculated):
    def message(kr, channel):
        return rule("minside-innsyn", kr, service="min-kommune", kind="PER_MESSAGE_TYPE", unit="melding",
                    measure="meldinger", channel=channel)  # fmt: skip

    def line(kr, quantity, period=LAST):
        return billed("1", "minside-innsyn", kr, quantity, period, service="min-kommune")

    rows = calculated(
        [a_cost(100_000, service="min-kommune")],
        [a_use("meldinger", 10, 20, "min-kommune")],
        [message("0.35", "Byggesak"), message("0.2", "Barnehage")],
        [line("0.35", 30, date(2025, 1, 1)), line("0.35", 100), line("0.2", 50, FIRST), line("0.17", 7)],
    )
    # what no rule has the amount of is of the element's first
    assert {r["channel"]: (r["units_now"], r["units_expected"]) for r in rows} == {
        "Byggesak": (100, 200),
        "Barnehage": (57, 114),
    }


def test_units_of_a_new_price_are_reckoned_to_a_year(calculated):
    account = rule("fiksio", "95", service="fiks-io", kind="PER_ACCOUNT", unit="konto per måned", measure="kontoer")
    lines = [billed("1", "fiksio", "95", 3, date(2026, m, 1), service="fiks-io") for m in (7, 8, 9)]
    [row] = calculated([a_cost(100, service="fiks-io")], [], [account], lines)
    assert row["units_now"] == 36


def test_units_of_a_price_for_a_quarter_are_customers_times_four(calculated):
    lines = [billed(who, period=date(2026, m, 1)) for who in "12" for m in (1, 4, 7)]
    [row] = calculated([a_cost(8_000_000)], [], [rule(unit="kvartal")], lines)
    assert (row["units_now"], row["self_cost_price"]) == (8, 10_000)
    assert row["formula"] == "80 000 kr kostnad ÷ 8 (kvartal) = 10 000,00 kr"


def test_where_nothing_was_billed_it_is_measured(calculated):
    standings = [
        {
            "month": OCTOBER,
            "municipality_code": code,
            "organisation_number": None,
            "customer_kind": "MUNICIPALITY",
            "service": SERVICE,
            "step": "ACTIVATED",
            "active": active,
            "active_basis": "USE",
            "estimated": False,
        }
        for code, active in (("0301", True), ("5001", True), ("1101", False))
    ]
    people = [
        {"municipality_code": c, "year": 2026, "inhabitants": n, "estimated": False}
        for c, n in (("0301", 700_000), ("5001", 9_000), ("1101", 15_000))
    ]
    rules = [rule(size_high=10_000), rule(MIDDLE, size_low=10_000)]
    rows = calculated([a_cost(100)], [], rules, standings=standings, people=people)
    assert {r["price_element"]: (r["units_now"], r["units_source"]) for r in rows} == {
        SMALL: (1, "MEASURED"),
        MIDDLE: (1, "MEASURED"),
    }


def test_what_is_billed_by_the_person_at_a_sensitive_service_is_never_counted_from_bills(calculated):
    element = "digisos-gammel-losning-digisosforsendelser"
    digisos = rule(element, "2", service="fiks-digisos", kind="PER_UNIT", unit="forsendelse", measure="forsendelser")
    [row] = calculated(
        [a_cost(100, service="fiks-digisos")],
        [a_use("forsendelser", 40, 40, "fiks-digisos")],
        [digisos],
        [billed("1", element, "2", 33, LAST, service="fiks-digisos")],
    )
    assert (row["units_now"], row["units_source"]) == (40, "MEASURED")


def test_a_service_that_cannot_be_calculated_says_why(calculated):
    fee = rule("digiorden-tilkoblingspris", "25000", service="fiks-digiorden", kind="JOINING_FEE", unit="engangs")
    rows = calculated(
        [a_cost(100, service="fiks-digiorden"), a_cost(100, service="svarut")],
        rules=[fee, rule(), rule("svarut-altinn", "0.5", service="svarut", kind="PER_CHANNEL", channel="ALTINN")],
    )
    assert {(r["service"], r["price_element"]): r["status"] for r in rows} == {
        ("fiks-digiorden", None): "NO_PRICE",
        (SERVICE, SMALL): "NO_COST",
        ("svarut", "svarut-altinn"): "NO_USE",
    }


def test_todays_price_is_the_rule_of_today_and_the_decided_one_that_of_the_first_of_january(calculated):
    rules = [
        rule(valid_to=date(2027, 1, 1)),
        rule(kr="12000", valid_from=date(2027, 1, 1)),
        rule(MIDDLE, "7", valid_to=date(2026, 6, 1)),
    ]
    [row] = calculated([a_cost(100)], [], rules, [billed("1")])
    assert (row["current_price"], row["decided_price"]) == (10_000, 12_000)


def decision(scenario, price, status="PROPOSED", year=2027, assumptions=None, **more):
    row = {
        "service": SERVICE,
        "price_element": SMALL,
        "year": year,
        "scenario": scenario,
        "status": status,
        "price": D(price),
        "unit": "år",
        "assumptions": assumptions,
        "decided_by": "produktråd",
        "decided_on": date(2026, 11, 1),
    }
    return row | more


def test_saved_calculations_are_rows_beside_the_base_and_a_decided_price_is_what_all_are_held_against(calculated):
    more = Assumptions(cost={"DRIFT": D(10)}).as_json()
    decisions = [
        decision("råd", 11_000, "DECIDED", assumptions=more),
        decision("forsøk", 9_000),
        decision("i fjor", 1, year=2026),
        decision("for hånd", 1, assumptions="ikke json"),
    ]
    rows = calculated([a_cost(1_000_000)], [], [rule()], [billed("1")], decisions)
    assert {r["scenario"]: (r["self_cost_price"], r["decided_price"], r["decision"]) for r in rows} == {
        "BASE": (10_000, 11_000, None),
        "råd": (11_000, 11_000, "DECIDED"),
        "forsøk": (10_000, 11_000, "PROPOSED"),
        "for hånd": (None, 11_000, "PROPOSED"),
    }
    assert {r["scenario"] for r in rows if r["status"] == "BAD_ASSUMPTIONS"} == {"for hånd"}
    assert {r["scenario"]: r["gap"] for r in rows}["råd"] == 0, "the decided price is reproduced"


def paid_in_january(first, last, start):
    """Months that cost 1 000 kr each, which are all paid in January."""
    months, balance = [], start
    for month in calendar.months_between(first, last):
        result = 1_100_000 if month.month == 1 else -100_000
        balance += result
        months.append(ledger_month(month, balance=balance, result=result))
    return months


def test_what_is_paid_for_months_to_come_is_no_surplus(calculated):
    """A year is paid in January and priced in the autumn: by the year's end nothing is left."""
    months = paid_in_january(FIRST, LAST, 300_000)
    [row] = calculated([a_cost(1_200_000)], [], [rule()], [billed("1")], months=months)
    assert (row["balance_now_ore"], row["balance_carried_ore"], row["balance_months_missing"]) == (300_000, 0, 0)
    assert (row["balance_used_ore"], row["self_cost_price"]) == (0, 12_000), "9 000 kr if it were a surplus"


def test_a_saved_calculation_of_a_later_year_takes_in_what_is_expected_by_then(calculated):
    months = paid_in_january(FIRST, LAST, 500_000)[:-1]
    months.append(ledger_month(LAST, balance=400_000, result=-200_000))
    rows = calculated([a_cost(1_200_000)], [], [rule()], [billed("1")], [decision("råd", 1, year=2029)], months=months)
    assert {r["year"]: r["balance_carried_ore"] for r in rows} == {2027: 100_000, 2029: -100_000}


def test_of_the_months_after_the_window_nothing_is_read_and_those_that_no_account_tells_of_are_counted(calculated):
    months = [ledger_month(LAST, balance=600_000), ledger_month(OCTOBER, balance=999, result=-7)]
    [row] = calculated([a_cost(1_000_000)], [], [rule()], [billed("1")], months=months)
    assert (row["balance_now_ore"], row["balance_months_missing"]) == (600_000, 3)
    assert (row["balance_carried_ore"], row["balance_used_ore"], row["self_cost_price"]) == (600_000, 200_000, 8_000)
    assert row["cover_with_balance_expected_percent"] == 100, "8 000 kr of income alone is 80"


def test_a_calculation_is_synthetic_when_anything_it_rests_on_is(calculated):
    def synthetic(**more):
        said = {"costs": [a_cost(100)], "rules": [rule()], "lines": [billed("1")], "uses": [a_use("kommuner", 1, 1)]}
        [row] = calculated(**(said | more))
        return row["synthetic"]

    made = {"synthetic": True}
    assert not synthetic()
    assert synthetic(costs=[a_cost(100) | made])
    assert synthetic(rules=[rule(synthetic=True)])
    assert synthetic(lines=[billed("1") | made])
    assert synthetic(uses=[a_use("kommuner", 1, 1) | made])
    assert synthetic(months=[ledger_month(LAST, synthetic=True)])
