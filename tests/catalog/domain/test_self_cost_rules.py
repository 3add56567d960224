"""The rules of self-cost: what the register may say, what holds in a year, and the account of a year."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain.self_cost import Balance, Base, Cost, Priced, base_of, calculate, expected_balance
from catalog.domain.self_cost_rules import Capital, Rules, register_faults, years
from tests.thorough import examples

D = Decimal
SERVICE = "svarut"
RULE_SHEET = Path(__file__).resolve().parents[3] / "docs" / "self-cost.md"


def a_rule(rule, first, end=None, value=None, choice=None, service=None, month=1):
    return {
        "rule": rule,
        "service": service,
        "valid_from": date(first, month, 1),
        "valid_to": None if end is None else date(end, 1, 1),
        "choice": choice,
        "value": None if value is None else D(value),
        "source": "økonomi",
        "synthetic": False,
    }


def settle(first, end=None, value="3"):
    return a_rule("settle_deficit_years", first, end, value)


def rate(first, end=None, value="4.25"):
    return a_rule("calculated_interest", first, end, value, "femårig swap + ½ prosentpoeng")


def assets(first, end=None, value="400000"):
    return a_rule("fixed_assets", first, end, value, service=SERVICE)


def depreciation(first, end=None, value="60000"):
    return a_rule("calculated_depreciation", first, end, value, service=SERVICE)


BEARS = a_rule("balance_interest", 2026, choice="FOLLOWED")
REGISTERS = {
    "nothing": ([], ""),
    "one after another": ([settle(2024, 2026), settle(2026, value="5")], ""),
    "an overlap": ([settle(2024), settle(2026)], "two rows hold in 2026; end the one before"),
    "a gap": ([settle(2024, 2025), settle(2027)], "no row holds in 2025–2026; add one \\(3 where it is not followed"),
    "within a year": ([a_rule("settle_deficit_years", 2026, None, "3", month=7)], "are a 1 January"),
    "six years": ([settle(2026, value="6")], "value is from 1 to 5"),
    "half a year": ([settle(2026, value="2.5")], "a whole number of years"),
    "an unknown rule": ([a_rule("interest", 2026, None, "3")], "there is no such rule"),
    "a rate for ever": ([rate(2026)], "end it"),
    "a rate without a name": ([a_rule("calculated_interest", 2026, 2027, "4")], "name it in choice"),
    "assets of nobody": ([a_rule("fixed_assets", 2026, 2027, "1")], "name the service"),
    "a choice of no such kind": ([a_rule("deficit", 2026, choice="LOST")], "choice is CARRIED or COVERED"),
    "assets with their rate": ([assets(2026, 2028), rate(2026, 2028)], ""),
    "assets and no rate": ([assets(2026, 2028), rate(2026, 2027)], "no rate holds in 2027"),
    "a balance from before the rates": (
        [a_rule("balance_interest", 2025, choice="FOLLOWED"), rate(2026, 2027)],
        "2025",
    ),
    "a balance with rates so far": ([BEARS, rate(2026, 2028)], ""),
    "assets that are no more": ([assets(2026, 2027), assets(2027, value="0"), rate(2026, 2027)], ""),
}


@pytest.mark.parametrize(("rows", "says"), REGISTERS.values(), ids=REGISTERS)
def test_a_register_with_a_gap_an_overlap_or_a_missing_rate_is_refused_with_the_mend(rows, says):
    told = "; ".join(register_faults(rows))
    assert re.search(says, told) if says else told == ""


def test_without_a_row_a_rule_is_not_followed_and_a_year_after_the_last_row_is_missing():
    assert (Rules().settle_years(2027), Rules().deflator(2027), Rules().capital(2027)) == (3, None, Capital())
    assert (Rules().carries_deficit(2027), Rules().balance_bears_interest(2027)) == (True, False)
    followed = Rules.of([assets(2026, 2027), rate(2026, 2028), settle(2026, value="5")], SERVICE)
    assert (followed.without_value(2025), followed.without_value(2026), followed.without_value(2027)) == (
        (),
        (),
        ("fixed_assets",),
    )
    assert followed.settle_years(2027) == 5
    assert Rules.of([assets(2026, 2027)], "fiks-io").rows == (), "the assets of one service are no other's"
    assert Rules((BEARS, rate(2026, 2027))).without_value(2027) == ("calculated_interest",)


def a_base(rules, costs=()):
    price = {"service": SERVICE, "price_element": "x", "kind": "FIXED", "unit": "år", "current_price": D(100),
             "units_now": D(10), "decided_price": None, "driver": None, "channel": None, "size_low": None,
             "size_high": None, "units_source": "BILLED", "synthetic": False}  # fmt: skip
    return base_of(SERVICE, 2027, prices=[price], costs=costs, uses=[], balance=Balance(), rules=rules)


def test_a_price_is_not_calculated_for_a_year_that_a_followed_rule_has_no_value_for():
    assert calculate(a_base(Rules((assets(2026, 2027), rate(2026, 2027))))).status == "RULE_MISSING"
    calculated = calculate(a_base(Rules((assets(2026, 2028), rate(2026, 2028)))))
    assert (calculated.status, calculated.cost_base_ore) == ("CALCULATED", 1_700_000)


def month(at, income, cost, balance=None):
    result = income - cost
    return {
        "month": at,
        "income_ore": income,
        "result_ore": result,
        "balance_carried_ore": result if balance is None else balance,
    }


# --- the worked example of docs/self-cost.md --------------------------------------------------------------------------

ROWS = {
    "opening": "opening_ore", "income": "income_ore", "booked cost": "cost_ore", "fee basis": "base_ore",
    "result": "result_ore", "from the fund": "from_fund_ore", "to the fund": "to_fund_ore",
    "deficit carried forward": "carried_ore", "recovery of carried deficit": "recovered_ore",
    "interest on the balance": "balance_interest_ore", "closing": "closing_ore",
}  # fmt: skip


def told(name, ending=""):
    """The two years' figures of a row of the rule sheet's example, in øre or hundredths of a per cent."""
    row = re.search(rf"^\| {name}[^|]* \|(.+)\|$", RULE_SHEET.read_text("utf-8"), re.MULTILINE)
    assert row, name
    cells = [cell.strip().replace("−", "-").replace(" ", "").removesuffix(ending) for cell in row[1].split("|")]
    return [Fraction(cell) * 100 for cell in cells]


RATES = (rate(2026, 2027), rate(2027, 2029, "4"))
EXAMPLE = Rules(
    (
        *(depreciation(2026, 2029), assets(2026, 2027), assets(2027, 2028, "340000"), assets(2028, 2029, "280000")),
        *(*RATES, BEARS, settle(2026, value="4"), a_rule("price_deflator", 2028, 2029, "3", "eksempelindeks")),
    )
)
BOOKED = [
    month(date(2026, 12, 1), 90_000_000, 95_000_000, balance=0),
    month(date(2027, 12, 1), 120_000_000, 100_000_000),
]


def test_the_rule_sheets_example_is_to_the_ore_what_the_account_and_another_reckoning_give():
    assert register_faults(EXAMPLE.rows) == []
    account = years(BOOKED, EXAMPLE)
    for name, field in ROWS.items():
        assert told(name) == [getattr(year, field) for year in account], name
    assert told("calculated depreciation") == [year.capital.depreciation_ore for year in account]
    assert told("calculated interest") == [year.capital.interest_ore for year in account]
    assert told("coverage of the fee basis", "%") == [year.coverage_percent * 100 for year in account]
    assert told("selvkostgrad", "%") == [year.self_cost_percent * 100 for year in account]
    # by hand, in exact fractions: nothing of the product
    balance = Fraction(50_000)
    for n, (income, cost, residual, percent) in enumerate(
        [(900_000, 950_000, 400_000, Fraction("4.25")), (1_200_000, 1_000_000, 340_000, Fraction(4))]
    ):
        basis = cost + 60_000 + residual * percent / 100
        mean = (balance + balance + income - basis) / 2
        balance = balance + income - basis + round(mean * percent, 0) / 100
        assert (told("fee basis")[n], told("closing")[n]) == (basis * 100, balance * 100)


def test_the_price_of_the_rule_sheets_example_bears_growth_capital_cost_and_a_part_of_the_balance():
    balance = expected_balance(BOOKED, date(2027, 12, 1), 2028, EXAMPLE)
    cost = {"service": SERVICE, "category": "DRIFT", "amount_ore": 100_000_000, "varies_with": None, "account": "6420",
            "source": "ACCOUNT", "months": 12, "last_month": date(2027, 12, 1), "synthetic": False}  # fmt: skip
    made = a_base(EXAMPLE)
    priced = [Priced("x", "FIXED", "år", D(10_000), D(100))]
    base = base_of(SERVICE, 2028, prices=[], costs=[cost], uses=[], balance=balance, rules=EXAMPLE)
    base = Base(**{name: getattr(base, name) for name in base.__slots__} | {"prices": priced})
    found = calculate(base)
    assert made.settle_years == found.assumptions.years == 4
    assert (found.price_growth_ore, found.cost_base_ore) == (3_000_000, 110_120_000)
    assert (found.base.balance_ore, found.balance_used_ore, found.to_cover_ore) == (4_825_130, 1_206_283, 108_913_717)
    [result] = found.results
    assert (result.self_cost, result.proposed) == (D("10891.3717"), 10_900)
    for text in ("1 101 200.00", "12 062.83", "1 089 137.17", "10 891.3717"):
        assert text in RULE_SHEET.read_text("utf-8"), text
    lines = sum(line.year_ore for line in found.base.costs)
    assert lines + found.price_growth_ore + found.assumed_cost_ore + found.changed_use_ore == found.cost_base_ore


def test_a_deficit_that_the_owner_covers_is_not_carried_and_lowers_the_ratio():
    covered = Rules((*EXAMPLE.rows, a_rule("deficit", 2026, choice="COVERED")))
    year = years(BOOKED, covered)[0]
    assert (year.carried_ore, year.covered_ore, year.self_cost_percent) == (0, 7_700_000, D("92.50"))


def test_the_year_so_far_has_its_part_of_capital_cost_and_a_year_without_a_rate_is_not_calculated():
    so_far = years([month(date(2027, 3, 1), 0, 0)], EXAMPLE)[0]
    assert (so_far.months, so_far.capital) == (3, Capital(1_500_000, 340_000))
    after = years([*BOOKED, month(date(2029, 1, 1), 5, 3), month(date(2030, 1, 1), 5, 3)], EXAMPLE)
    missing = ("calculated_depreciation", "calculated_interest", "fixed_assets")
    assert [year.missing for year in after[2:]] == [(), missing, missing]
    assert (after[3].base_ore, after[3].closing_ore, after[4].opening_ore, after[4].self_cost_percent) == (None,) * 4


ORE = st.integers(-(10**12), 10**12)
COSTS = st.integers(0, 10**12)


@settings(max_examples=examples(60))
@given(
    st.lists(st.tuples(COSTS, COSTS), min_size=1, max_size=9),
    ORE,
    st.sampled_from(["CARRIED", "COVERED"]),
    st.booleans(),
)
def test_every_year_foots_from_balance_to_balance_and_with_no_rules_is_the_ledgers(amounts, opening, deficit, bears):
    months = [month(date(2026 + n, 12, 1), *both) for n, both in enumerate(amounts)]
    months[0]["balance_carried_ore"] += opening
    choice = "FOLLOWED" if bears else "NOT_FOLLOWED"
    rules = Rules(
        (
            *(rate(2026, 2040), assets(2026, 2040), depreciation(2026, 2040)),
            *(a_rule("deficit", 2026, choice=deficit), a_rule("balance_interest", 2026, choice=choice)),
        )
    )
    before = opening
    for year in years(months, rules):
        assert year.opening_ore == before
        assert year.result_ore == year.to_fund_ore + year.recovered_ore - year.from_fund_ore - (
            year.carried_ore + year.covered_ore
        )
        before = year.closing_ore
        # the age of the balance: parts of one sign that sum to it, the oldest first
        assert sum(ore for _, ore in year.left) == before
        assert len({ore > 0 for _, ore in year.left}) <= 1
        assert [origin for origin, _ in year.left] == sorted({origin for origin, _ in year.left})
        if deficit == "CARRIED":
            assert year.self_cost_percent == 100
        else:
            assert year.self_cost_percent <= 100
    assert years(months, Rules())[-1].closing_ore == opening + sum(row["result_ore"] for row in months)


def test_a_year_settles_the_oldest_of_the_balance_first_and_what_is_five_years_old_is_told():
    results = {2026: -100, 2027: -50, 2028: 30, 2029: 0, 2030: 0, 2031: 0, 2032: 90, 2033: 60}
    months = [month(date(y, 12, 1), max(0, ore), max(0, -ore)) for y, ore in results.items()]
    months[0]["balance_carried_ore"] = -120  # 20 are from before the accounts
    account = years(months, Rules((settle(2026),)))
    assert [(year.oldest_year, year.old_balance_ore) for year in account] == [
        (2025, 0),
        (2025, 0),
        (2026, 0),
        (2026, 0),
        (2026, 0),
        (2026, -90),
        (2027, -50),
        (2033, 0),
    ]
    assert [(year.oldest_year, year.old_balance_ore) for year in years(months, Rules())] == [(None, None)] * 8


def test_growth_follows_every_year_from_the_cost_to_the_price():
    growth = [a_rule("price_deflator", 2027, 2028, "3", "x"), a_rule("price_deflator", 2028, 2029, "2", "x")]
    assert Rules(tuple(growth)).price_growth(2026, 2028) == D("1.0506")
    costs = [Cost("DRIFT", 100_001), Cost("KAPITAL", 100_001, source="INTEREST")]
    base = Base(SERVICE, 2028, costs, [Priced("x", "FIXED", "år", D(1), D(1))], {}, price_growth=D("1.0506"))
    assert calculate(base).cost_base_ore == 105_061 + 100_001
