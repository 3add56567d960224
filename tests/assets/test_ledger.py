"""Every krone once, with its source; and income − cost − allocated = result."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import ledger, quality, reference
from assets.making import Span
from catalog import conformed
from catalog.ledger import ENTRY, PRODUCT_MONTH
from catalog.registers import BUDGET
from catalog.scan import Query, Values
from catalog.streams import COST_CATEGORIES
from transport.lake import Workshop

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ELEMENT = next(m for m in reference.MAKINGS if m.contract.table == "price_element").make(Span(NOW))
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
FEE = "digiorden-tilkoblingspris"


def line(invoice: str, amount: int, **more) -> dict:
    row = {
        "producer": "faktura",
        "invoice_id": invoice,
        "line_number": 1,
        "organisation_number": "958935420",
        "service": "fiks-digiorden",
        "price_element": "svarut-forsendelser",
        "period": MARCH,
        "quantity": Decimal(1),
        "unit": "stk",
        "unit_price": Decimal(amount) / 100,
        "amount_ore": amount,
        "vat_ore": 0,
        "invoiced_on": APRIL,
    }
    return row | more


def cost(entry: str, amount: int, category: str | None = "DRIFT", **more) -> dict:
    row = {
        "producer": "regnskap",
        "entry_id": entry,
        "booked_on": APRIL,
        "period": MARCH,
        "service": "fiks-digiorden",
        "cost_category": category,
        "amount_ore": amount,
    }
    return row | more


def loan(entry: str, kind: str, amount: int, invoice: str | None = None) -> dict:
    return {
        "producer": "regnskap",
        "entry_id": entry,
        "project": "digiorden",
        "service": "fiks-digiorden",
        "kind": kind,
        "invoice_id": invoice,
        "amount_ore": amount,
        "booked_on": date(2026, 3, 31),
    }


@pytest.fixture(scope="session")
def booked(rows_of, answer, settings):
    """The entries of the three streams, which must sum to them as the gate judges it."""

    def booked(lines=(), costs=(), loans=()):
        streams = {
            "invoice_line": rows_of(conformed.INVOICE_LINE, *lines),
            "cost_entry": rows_of(conformed.COST_ENTRY, *costs),
            "loan_entry": rows_of(conformed.LOAN_ENTRY, *loans),
        }
        entries = answer(ledger.entry.make(Span(NOW), **streams, element=ELEMENT), ENTRY)
        rule = next(r for r in quality.TABLE_RULES if r.name == "ledger_ties")
        with Workshop(settings) as workshop:
            broken = workshop.table(rule.broken({**streams, "entry": rows_of(ENTRY, *entries)}))
        assert broken.num_rows == 0
        return entries

    return booked


@pytest.fixture(scope="session")
def account(rows_of, answer):
    """The months of one service."""

    def account(entries, budget=(), now=NOW):
        scan = ledger.product_month.make(
            Span(now),
            entry=rows_of(ENTRY, *entries),
            budget=Values(rows_of(BUDGETED, *budget).table.cast(BUDGET.schema)),
        )
        return answer(scan, PRODUCT_MONTH)

    return account


class BUDGETED:
    arrow_schema = BUDGET.schema


def accounts(entries):
    return {r["source_key"]: r["account"] for r in entries}


def test_each_record_is_one_entry_that_says_where_it_came_from(booked):
    entries = booked([line("F1", 500, line_number=2)], [cost("B1", 300, service=None)], [loan("L1", "DRAWDOWN", 900)])
    assert {(e["source_stream"], e["source_key"], e["account"], e["category"], e["amount_ore"]) for e in entries} == {
        ("invoice_line", "F1/2", "INCOME", "svarut-forsendelser", 500),
        ("cost_entry", "B1", "COST", "DRIFT", 300),
        ("loan_entry", "L1", "LOAN", "DRAWDOWN", 900),
    }
    assert {e["source_key"]: e["service"] for e in entries}["B1"] is None, "shared, until somebody allocates it"
    assert {(e["period"], e["original_period"]) for e in entries} == {(MARCH, MARCH)}


def test_a_joining_fee_that_repays_a_loan_is_never_income_and_one_that_repays_none_is(booked):
    lines = [line("F1", 5000, price_element=FEE), line("F2", 5000, price_element=FEE)]
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": "LOAN", "F2/1": "INCOME", "L1": "LOAN"}


def test_other_lines_of_an_invoice_whose_joining_fee_repays_are_income(booked):
    lines = [line("F1", 5000, price_element=FEE), line("F1", 700, line_number=2)]
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": "LOAN", "F1/2": "INCOME", "L1": "LOAN"}


def test_the_correction_of_a_joining_fee_goes_with_the_fee(booked):
    lines = [
        line("F1", 5000, price_element=FEE),
        line("K1", -5000, price_element=FEE, corrects_invoice_id="F1"),
        line("K2", -700, corrects_invoice_id="F1"),
    ]
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": "LOAN", "K1/1": "LOAN", "K2/1": "INCOME", "L1": "LOAN"}


def test_an_invoice_that_a_drawdown_names_is_income_all_the_same(booked):
    entries = booked([line("F1", 5000, price_element=FEE)], loans=[loan("L1", "DRAWDOWN", 5000, "F1")])
    assert accounts(entries)["F1/1"] == "INCOME"


def test_development_in_a_project_stands_outside_result_and_cost(booked, account):
    costs = [
        cost("in", 900, "UTVIKLING", project="digiorden"),
        cost("out", 70, "UTVIKLING"),
        cost("run", 5, project="p"),
    ]
    entries = booked(costs=costs)
    assert accounts(entries) == {"in": "PROJECT", "out": "COST", "run": "COST"}
    [march] = account(entries)
    assert (march["cost_drift_ore"], march["result_ore"]) == (75, -75)


def test_the_month_of_a_product_is_income_less_each_kind_of_cost(booked, account):
    lines = [line("F1", 10_000), line("F2", -1_000), line("F3", 4_000, price_element=FEE)]
    costs = [cost(c, 10 ** (n + 1), c) for n, c in enumerate(COST_CATEGORIES[:4])] + [cost("uten", 5, None)]
    entries = booked(lines, costs, [loan("L1", "REPAYMENT", 4_000, "F3"), loan("L2", "DRAWDOWN", 99_000)])
    [march] = account(entries)
    assert march["income_ore"] == 9_000
    assert [march[f"cost_{c.lower()}_ore"] for c in COST_CATEGORIES[:4]] == [10, 105, 1_000, 10_000]
    assert march["result_ore"] == 9_000 - 11_115
    assert march["self_cost_percent"] == Decimal("80.97")


def test_shared_cost_is_in_no_products_account_before_it_is_allocated(booked, account):
    assert account(booked(costs=[cost("B1", 300, service=None)])) == []


def test_allocated_cost_weighs_on_the_result(booked, account):
    pair = [
        {
            "source_stream": "cost_entry",
            "producer": "regnskap",
            "source_key": "B1",
            "service": service,
            "period": MARCH,
            "original_period": MARCH,
            "account": "ALLOCATED_COST",
            "category": "DRIFT",
            "amount_ore": amount,
        }
        for service, amount in ((None, -300), ("fiks-digiorden", 300))
    ]
    [march] = account(booked([line("F1", 1_000)], [cost("B1", 300, service=None)]) + pair)
    assert (march["allocated_ore"], march["result_ore"], march["self_cost_percent"]) == (300, 700, Decimal("333.33"))


def test_the_balance_is_carried_over_months_and_over_a_year_and_by_product(booked, account):
    months = [date(2025, 11, 1), date(2026, 1, 1), date(2026, 5, 1)]
    lines = [line(f"F{n}", 100 * (n + 1), period=m) for n, m in enumerate(months)]
    costs = [cost("B1", 250, period=months[1]), cost("B2", 40, service="svarut", period=months[1])]
    rows = account(booked(lines, costs))
    carried = {(r["service"], r["month"]): r["balance_carried_ore"] for r in rows}
    assert carried == {
        ("fiks-digiorden", months[0]): 100,
        ("fiks-digiorden", months[1]): 50,
        ("fiks-digiorden", months[2]): 350,
        ("svarut", months[1]): -40,
    }


def test_self_cost_is_missing_without_cost(booked, account):
    [march] = account(booked([line("F1", 10_000)]))
    assert march["self_cost_percent"] is None
    [march] = account(booked([line("F1", 10_000)], [cost("credit", -5)]))
    assert march["self_cost_percent"] is None


def planned(category, amount, month=MARCH, **more):
    row = {"service": "fiks-digiorden", "month": month, "category": category, "amount_ore": amount, "synthetic": None}
    return row | more


def test_the_budget_is_its_income_less_its_cost_without_development_up_to_the_month_that_is_known(booked, account):
    budget = [
        planned("INCOME", 1_000),
        planned("DRIFT", 300),
        planned("UTVIKLING", 9_999),
        planned("DRIFT", 50, month=date(2026, 6, 1), synthetic=True),
        planned("DRIFT", 50, month=date(2026, 7, 1)),
    ]
    rows = account(booked([line("F1", 80)]), budget)
    assert [(r["month"], r["income_ore"], r["budget_ore"], r["synthetic"]) for r in rows] == [
        (MARCH, 80, 700, False),
        (date(2026, 6, 1), 0, -50, True),
    ]
    [march] = account(booked([line("F1", 80)]))
    assert march["budget_ore"] is None


amounts = st.integers(-(10**9), 10**9)
services = st.sampled_from(["svarut", "fiks-io", None])
months = st.dates(date(2024, 1, 1), date(2026, 6, 1)).map(lambda d: d.replace(day=1))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(amounts, st.sampled_from(["svarut", "fiks-io"]), months), max_size=12),
    st.lists(
        st.tuples(amounts, services, months, st.sampled_from([*COST_CATEGORIES, None]), st.sampled_from([None, "p"])),
        max_size=12,
    ),
    st.lists(st.integers(0, 10**9), max_size=4),
)
def test_entries_sum_to_each_stream_and_products_to_the_entries_whatever_was_sent(booked, account, lines, costs, loans):
    entries = booked(
        [line(f"F{n}", a, service=s, period=m) for n, (a, s, m) in enumerate(lines)],
        [cost(f"B{n}", a, c, service=s, period=m, project=p) for n, (a, s, m, c, p) in enumerate(costs)],
        [loan(f"L{n}", "DRAWDOWN", a) for n, a in enumerate(loans)],
    )
    sums = Counter()
    for e in entries:
        sums[e["source_stream"]] += e["amount_ore"]
    expected = {
        "invoice_line": sum(a for a, *_ in lines),
        "cost_entry": sum(a for a, *_ in costs),
        "loan_entry": sum(loans),
    }
    assert {k: v for k, v in sums.items() if v} == {k: v for k, v in expected.items() if v}
    rows = account(entries)
    of_products = [e for e in entries if e["service"]]
    result = sum(e["amount_ore"] for e in of_products if e["account"] == "INCOME") - sum(
        e["amount_ore"] for e in of_products if e["account"] == "COST"
    )
    assert sum(r["result_ore"] for r in rows) == result
    last = {r["service"]: r["balance_carried_ore"] for r in rows}
    assert sum(last.values()) == result


def test_the_gate_sees_a_krone_that_is_missing_from_the_ledger(rows_of, settings):
    streams = {
        "invoice_line": rows_of(conformed.INVOICE_LINE, line("F1", 100), line("F2", 0)),
        "cost_entry": rows_of(conformed.COST_ENTRY),
        "loan_entry": rows_of(conformed.LOAN_ENTRY),
    }
    rule = next(r for r in quality.TABLE_RULES if r.name == "ledger_ties")
    with Workshop(settings) as workshop:
        whole = ledger.entry.make(Span(NOW), **streams, element=ELEMENT)
        for kept, faults in (("F1/1", 1), ("F2/1", 1)):
            part = Query(f"from whole where source_key = '{kept}'", {"whole": Values(workshop.table(whole))})
            with Workshop(settings) as other:
                assert other.table(rule.broken({**streams, "entry": part})).num_rows == faults
