"""The self-cost account by year, from the product ledgers and the register of rules."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from assets import self_cost
from assets.build import BuildWindow
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.tables.ledger import PRODUCT_MONTH
from catalog.tables.registers import SELF_COST_RULE
from catalog.tables.self_cost import SELF_COST_YEAR

NOW = datetime(2027, 4, 10, tzinfo=UTC)
D = Decimal
COSTS = ("cost_brukerstotte_ore", "cost_drift_ore", "cost_forvaltning_ore", "cost_administrasjon_ore", "allocated_ore")


def months(service, first, last, income, cost):
    balance = 0
    for month in calendar.months_between(first, last):
        balance += income - cost
        yield {
            "service": service,
            "month": month,
            "income_ore": income,
            **dict.fromkeys(COSTS, 0),
            "cost_drift_ore": cost,
            "result_ore": income - cost,
            "balance_carried_ore": balance,
            "synthetic": False,
        }


def a_rule(rule, value=None, choice=None, service=None, end=2028):
    row = {"rule": rule, "service": service, "valid_from": date(2026, 1, 1), "valid_to": date(end, 1, 1)}
    return row | {"choice": choice, "value": value, "source": "økonomi", "synthetic": None}


def account(rows_of, answer, ledger, *rules):
    register = pa.Table.from_pylist(list(rules), SELF_COST_RULE.schema)
    scan = self_cost.year.make(
        BuildWindow(NOW), product_month=rows_of(PRODUCT_MONTH, *ledger), self_cost_rule=Values(register)
    )
    return {(row["service"], row["year"]): row for row in answer(scan, SELF_COST_YEAR)}


def test_the_account_counts_the_months_that_are_over_and_without_rules_ends_at_the_ledgers_balance(rows_of, answer):
    ledger = [*months("svarut", date(2026, 1, 1), date(2027, 4, 1), 900, 1_000)]
    years = account(rows_of, answer, ledger)
    assert [year["months"] for year in years.values()] == [12, 3]
    march = years["svarut", 2027]
    assert (march["opening_ore"], march["closing_ore"], ledger[-2]["balance_carried_ore"]) == (-1_200, -1_500, -1_500)
    assert (march["coverage_percent"], march["self_cost_ratio_percent"], march["rules_missing"]) == (90, 100, None)


def test_the_age_of_the_balance_is_told_where_the_rule_of_settling_is_in_the_register(rows_of, answer):
    ledger = [*months("svarut", date(2021, 1, 1), date(2026, 12, 1), 900, 1_000)]
    [first, *_, last] = account(rows_of, answer, ledger, a_rule("settle_deficit_years", D(3))).values()
    assert (first["oldest_year"], first["old_balance_ore"]) == (None, None), "the rule holds from 2026"
    assert (last["oldest_year"], last["old_balance_ore"], last["closing_ore"]) == (2021, -1_200, -7_200)


def test_rules_enter_the_account_of_their_service_and_a_year_without_a_rate_is_empty(rows_of, answer):
    ledger = [
        *months("svarut", date(2026, 1, 1), date(2027, 3, 1), 1_000, 1_000),
        *months("fiks-io", date(2026, 1, 1), date(2027, 3, 1), 1_000, 1_000),
    ]
    rules = [
        a_rule("calculated_depreciation", D("1.20"), service="svarut"),
        a_rule("fixed_assets", D(24), service="svarut"),
        a_rule("calculated_interest", D(5), "femårig swap + ½ prosentpoeng", end=2027),
        a_rule("deficit", choice="COVERED"),
    ]
    years = account(rows_of, answer, ledger, *rules)
    known = years["svarut", 2026]
    assert (known["depreciation_ore"], known["interest_ore"], known["base_ore"]) == (120, 120, 12_240)
    assert (known["covered_ore"], known["closing_ore"]) == (240, 0)
    assert str(known["coverage_percent"]) == str(known["self_cost_ratio_percent"]) == "98.04"
    unknown = years["svarut", 2027]
    assert unknown["rules_missing"] == "calculated_interest"
    empty = ("depreciation_ore", "base_ore", "closing_ore", "coverage_percent", "self_cost_ratio_percent")
    assert [unknown[name] for name in empty] == [None] * 5
    assert years["fiks-io", 2027]["closing_ore"] == 0
