"""What a project was granted, drew, spent and got back, and when its loan is paid off."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from assets import closing, projects, quality
from assets.build import BuildWindow
from catalog.contracts.scan import Values
from catalog.tables import conformed, ledger, reference, uptake
from catalog.tables.projects import LOAN_MONTH, PROJECT_MONTH, Joiners, paid_off
from catalog.tables.registers import CLOSED_AMOUNT, PERIOD, PRICE_RULE, PROJECT
from tests.thorough import examples
from transport.lake.session import Session

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MARCH, APRIL, MAY, JUNE, JULY = (date(2026, m, 1) for m in range(3, 8))
SERVICE = "fiks-digiorden"
CODES = ("0301", "1101", "1103", "4601", "5001")
PEOPLE = {"0301": 700_000, "1101": 15_000, "1103": 140_000, "4601": 290_000, "5001": 4_000}


def a_project(**more):
    row = {
        "project": "DF-1",
        "title": "Felles drift",
        "service": SERVICE,
        "financing": "DIGIFIN",
        "granted_ore": 1_000,
        "decided_on": date(2026, 3, 20),
        "launch_month": APRIL,
    }
    return row | more


def loan(entry, kind, amount, on=date(2026, 4, 10), **more):
    row = {
        "producer": "r",
        "entry_id": entry,
        "project": "DF-1",
        "kind": kind,
        "amount_ore": amount,
        "booked_on": on,
        "first_received_at": NOW,
    }
    return row | more


def cost(entry, amount, period=APRIL, category="UTVIKLING", project="DF-1"):
    return {
        "producer": "r",
        "entry_id": entry,
        "period": period,
        "project": project,
        "cost_category": category,
        "placed_by": "ENTRY",
        "amount_ore": amount,
        "first_received_at": NOW,
    }


def fee(kr, low=None, high=None, **more):
    row = {
        "price_element": "digiorden-tilkoblingspris",
        "service": SERVICE,
        "kind": "JOINING_FEE",
        "valid_from": date(2021, 1, 1),
        "amount": Decimal(kr),
        "unit": "engangs",
        "size_low": low,
        "size_high": high,
        "synthetic": False,
    }
    return row | more


def standing(code, month=MAY, *, active=True, step="ACTIVATED"):
    return {
        "month": month,
        "municipality_code": code,
        "organisation_number": None,
        "customer_kind": "MUNICIPALITY",
        "service": SERVICE,
        "step": step,
        "active": active,
        "active_basis": "EVENT",
        "estimated": False,
    }


def foreseen(*levels, first=JUNE, ceiling=None):
    return [
        {
            "service": SERVICE,
            "month": date(first.year, first.month + n, 1),
            "low": low,
            "expected": expected,
            "high": high,
            "active_basis": "EVENT",
            "method": "DRIFT",
            "backtest_error": Decimal("0.01"),
            "ceiling": ceiling,
            "last_known_month": MAY,
            "months_known": 12,
        }
        for n, (low, expected, high) in enumerate(levels)
    ]


@pytest.fixture(scope="session")
def accounts(rows_of, answer, settings):
    """The months of the projects and of their loans, which tie with their entries as the gate judges it."""

    def register(contract, rows):
        return Values(pa.Table.from_pylist(list(rows), contract.schema))

    def accounts(registered=(), loans=(), costs=(), fees=(), standings=(), ahead=(), closed=(), lines=()):
        loan_entry, placed_cost = rows_of(conformed.LOAN_ENTRY, *loans), rows_of(ledger.PLACED_COST, *costs)
        entry = closing.entry.make(
            BuildWindow(NOW),
            closed_quarter=register(PERIOD, closed),
            closed_amount=register(CLOSED_AMOUNT, ()),
            invoice_line=rows_of(conformed.INVOICE_LINE, *lines),
            placed_cost=placed_cost,
            loan_entry=loan_entry,
            allocation=rows_of(ledger.ALLOCATION),
            person_priced_line=rows_of(ledger.PERSON_PRICED_LINE),
            element=rows_of(
                reference.PRICE_ELEMENT, {"price_element": "digiorden-tilkoblingspris", "kind": "JOINING_FEE"}
            ),
            project=register(PROJECT, registered),
            price_rule=register(PRICE_RULE, fees),
        )
        entries = rows_of(ledger.ENTRY, *answer(entry, ledger.ENTRY))
        scan = projects.project_month.make(
            BuildWindow(NOW),
            project=register(PROJECT, registered),
            price_rule=register(PRICE_RULE, fees),
            entry=entries,
            status_month=rows_of(uptake.STATUS_MONTH, *standings),
            forecast=rows_of(uptake.FORECAST, *ahead),
            municipality=Values(
                pa.Table.from_pylist(
                    [{"code": code, "name": code, "county_code": code[:2]} for code in CODES],
                    reference.MUNICIPALITY.arrow_schema,
                )
            ),
            population=Values(
                pa.Table.from_pylist(
                    [
                        {"municipality_code": code, "year": 2026, "inhabitants": n, "estimated": False}
                        for code, n in PEOPLE.items()
                    ],
                    reference.POPULATION.arrow_schema,
                )
            ),
        )
        months = answer(scan, PROJECT_MONTH)
        made = rows_of(PROJECT_MONTH, *months)
        owed = answer(projects.loan_month.make(BuildWindow(NOW), project_month=made, entry=entries), LOAN_MONTH)
        inputs = {
            "project_month": made,
            "loan_month": rows_of(LOAN_MONTH, *owed),
            "entry": entries,
            "loan_entry": loan_entry,
            "placed_cost": placed_cost,
        }
        beyond = [{n: m[n] for n in ("project", "month", "excess_to_date_ore")} for m in owed[-1:]]
        told = {"repaid_within_loan": [m for m in beyond if m["excess_to_date_ore"]]}
        with Session(settings) as session:
            for rule in quality.TABLE_RULES:
                if rule.name in ("loans_tie", "loan_balances_tie", "repaid_within_loan"):
                    found = session.cleared().table(rule.broken(inputs)).to_pylist()
                    assert found == told.get(rule.name, [])
        return months, owed

    return accounts


def test_a_project_has_a_row_for_each_month_from_its_decision_before_launch_too(accounts):
    months, loans = accounts(
        [a_project(launch_month=MAY)],
        [loan("a", "DRAWDOWN", 600), loan("b", "DRAWDOWN", 300, date(2026, 5, 2))],
        [cost("k", 70, MARCH), cost("drift", 5, category="DRIFT"), cost("other", 9, project=None)],
    )
    assert [(m["month"], m["launched"], m["drawn_ore"], m["spent_ore"], m["balance_ore"]) for m in months] == [
        (MARCH, False, 0, 70, 0),
        (APRIL, False, 600, 0, 600),
        (MAY, True, 300, 0, 900),
        (JUNE, True, 0, 0, 900),
    ]
    assert [m["spent_to_date_ore"] for m in months] == [70] * 4
    assert [m["month"] for m in loans] == [APRIL, MAY, JUNE], "from the loan's first entry on"


def test_the_balance_is_drawn_less_repaid_less_written_off(accounts):
    _, loans = accounts(
        [a_project()],
        [
            loan("a", "DRAWDOWN", 900),
            loan("b", "REPAYMENT", 250, invoice_id="F1"),
            loan("c", "WRITE_OFF", 50, date(2026, 5, 3)),
            loan("d", "REPAYMENT", -100, date(2026, 5, 3)),
        ],
    )
    assert [(m["repaid_ore"], m["written_off_ore"], m["balance_ore"]) for m in loans] == [
        (250, 0, 650),
        (-100, 50, 700),
        (0, 0, 700),
    ]


def test_what_came_after_its_month_was_closed_is_in_the_month_that_it_is_booked_in(accounts):
    closed = {
        "quarter": "2026-Q1",
        "closed_by": "økonomi",
        "status": "CLOSED",
        "changed_at": NOW,
        "counted_until": NOW - timedelta(hours=1),
    }
    months, loans = accounts(
        [a_project()],
        [loan("a", "DRAWDOWN", 900), loan("late", "REPAYMENT", 250, date(2026, 3, 3))],
        [cost("k", 70), cost("late", 5, MARCH)],
        closed=[closed],
    )
    assert [(m["month"], m["spent_ore"]) for m in months] == [(MARCH, 0), (APRIL, 75), (MAY, 0), (JUNE, 0)]
    assert [(m["month"], m["repaid_ore"], m["balance_ore"]) for m in loans] == [
        (APRIL, 250, 650),
        (MAY, 0, 650),
        (JUNE, 0, 650),
    ]


def test_a_cost_of_a_product_of_others_is_spent_and_names_no_service(accounts):
    months, _ = accounts(costs=[cost("k", 70) | {"service": "altinn-3"}])
    assert {(m["service"], m["spent_to_date_ore"]) for m in months} == {(None, 70)}


def test_the_grant_counts_from_the_month_that_it_was_decided_in(accounts):
    months, _ = accounts([a_project(decided_on=date(2026, 5, 4))], costs=[cost("k", 1, APRIL)])
    assert [m["granted_ore"] for m in months] == [None, 1_000, 1_000]


def test_more_drawn_than_granted_and_more_repaid_than_drawn_are_said_and_stop_nothing(accounts):
    _, loans = accounts([a_project()], [loan("a", "DRAWDOWN", 1_001), loan("b", "REPAYMENT", 1_200, date(2026, 5, 3))])
    assert [(m["overdrawn"], m["repaid_ore"], m["excess_to_date_ore"], m["balance_ore"]) for m in loans] == [
        (True, 0, 0, 1_001),
        (True, 1_001, 199, 0),
        (True, 0, 199, 0),
    ]
    assert loans[-1]["payoff_reason"] == "PAID"


def joining_fee(invoice, ore, period=MAY):
    return {
        "producer": "f",
        "invoice_id": invoice,
        "line_number": 1,
        "organisation_number": "958935420",
        "service": SERVICE,
        "price_element": "digiorden-tilkoblingspris",
        "period": period,
        "quantity": Decimal(1),
        "unit": "stk",
        "unit_price": Decimal(ore) / 100,
        "amount_ore": ore,
        "invoiced_on": period,
        "first_received_at": NOW,
    }


def test_a_bridge_leads_from_what_is_repaid_to_what_is_invoiced_and_the_oldest_loan_is_repaid_first(accounts):
    younger = a_project(project="DF-2", launch_month=MAY)
    loans = [loan("a", "DRAWDOWN", 900), loan("b", "DRAWDOWN", 500, project="DF-2")]
    repaid = loan("c", "REPAYMENT", 600, date(2026, 6, 2), invoice_id="F1")
    lines = [joining_fee("F1", 600), joining_fee("F2", 400)]
    _, owed = accounts([a_project(), younger], [*loans, repaid], lines=lines)
    bridge = ("balance_ore", "invoiced_not_repaid_ore", "balance_by_invoice_ore")
    assert {(m["project"], m["month"]): tuple(m[c] for c in bridge) for m in owed} == {
        ("DF-1", APRIL): (900, 0, 900),
        ("DF-2", APRIL): (500, 0, 500),
        ("DF-1", MAY): (900, 900, 0),
        ("DF-2", MAY): (500, 100, 400),
        ("DF-1", JUNE): (300, 300, 0),
        ("DF-2", JUNE): (500, 100, 400),
    }


def test_a_project_that_the_register_lacks_is_there_all_the_same(accounts):
    months, loans = accounts(loans=[loan("a", "DRAWDOWN", 10)], costs=[cost("k", 3, MAY, project="DF-9")])
    assert {(m["project"], m["registered"], m["granted_ore"]) for m in months} == {
        ("DF-1", False, None),
        ("DF-9", False, None),
    }
    assert {m["project"] for m in loans} == {"DF-1"}


def test_an_entry_of_a_month_to_come_is_not_lost(accounts):
    months, _ = accounts([a_project()], costs=[cost("k", 3, JULY)])
    assert [(m["month"], m["spent_ore"]) for m in months][-1] == (JULY, 3)


LOANED = [loan("a", "DRAWDOWN", 6_500_000)]
FEES = [fee(25_000, high=10_000), fee(60_000, low=10_000)]
"""Left are 1101, 1103, 4601 and 5001: 3 × 60 000 and 25 000, on average 51 250 kr; two of them do not pay 65 000 kr."""


def test_the_loan_is_paid_off_when_enough_of_those_left_have_joined(accounts):
    ahead = foreseen((1, 1, 3), (1, 3, 4), (1, 3, 4))
    months, [*_, june] = accounts([a_project()], LOANED, (), FEES, [standing("0301")], ahead)
    assert (june["payoff_month_low"], june["payoff_month_expected"], june["payoff_month_high"]) == (None, JULY, JUNE)
    assert (june["payoff_basis"], june["payoff_reason"]) == ("FORECAST", "NOT_ENOUGH_JOINERS")
    assert {m["payoff_reason"] for m in months[:-1]} == {"EARLIER_MONTH"}
    assert not any(m["payoff_month_expected"] for m in months[:-1])


def test_beyond_the_forecast_its_pace_goes_on_and_says_so(accounts):
    ahead = foreseen((1, 1, 1), (1, 1, 1), (2, 2, 2), ceiling=5)
    [*_, june] = accounts([a_project()], LOANED, (), FEES, [standing("0301")], ahead)[1]
    november = date(2026, 11, 1)  # one in three months
    assert (june["payoff_month_expected"], june["payoff_basis"], june["payoff_reason"]) == (november, "EXTENDED", None)


def test_a_month_that_is_over_is_never_the_forecast_and_those_it_foresaw_are_counted_once(accounts):
    standings = [standing("0301", month=APRIL)]
    ahead = [f | {"last_known_month": APRIL} for f in foreseen((3, 3, 4), (3, 3, 4), (3, 5, 5), first=MAY)]
    [*_, june] = accounts([a_project()], LOANED, (), FEES, standings, ahead)[1]
    # three by May as foreseen, and two more by July
    assert (june["payoff_month_low"], june["payoff_month_expected"], june["payoff_month_high"]) == (None, JULY, JULY)


def test_loans_of_one_service_share_those_who_join_the_oldest_first(accounts):
    younger = a_project(project="DF-2", launch_month=MAY)
    also = [one | {"entry_id": f"{one['entry_id']}-2", "project": "DF-2"} for one in LOANED]
    ahead = foreseen((1, 3, 3), (1, 5, 5), (1, 5, 5))
    months, _ = accounts([younger, a_project()], [*LOANED, *also], (), FEES, [standing("0301")], ahead)
    june = {m["project"]: m["payoff_month_expected"] for m in months if m["month"] == JUNE}
    assert june == {"DF-1": JUNE, "DF-2": JULY}


def test_those_who_left_again_have_paid_and_do_not_pay_twice(accounts):
    standings = [standing("0301"), *(standing(c, active=False, step="TERMINATED") for c in CODES[1:4])]
    [*_, june] = accounts([a_project()], LOANED, (), FEES, standings, foreseen(*[(5, 5, 5)] * 3))[1]
    assert june["payoff_reason"] == "NOT_ENOUGH_JOINERS"


@pytest.mark.parametrize(
    ("registered", "loans", "fees", "ahead", "reason"),
    [
        (a_project(), [], FEES, foreseen((5, 5, 5)), "NO_LOAN"),
        (a_project(service=None), LOANED, FEES, foreseen((5, 5, 5)), "NOT_LAUNCHED"),
        (a_project(launch_month=JULY), LOANED, FEES, foreseen((5, 5, 5)), "NOT_LAUNCHED"),
        (a_project(), LOANED, [], foreseen((5, 5, 5)), "NO_JOINING_FEE"),
        (a_project(), LOANED, [fee(1, valid_to=date(2026, 6, 1))], foreseen((5, 5, 5)), "NO_JOINING_FEE"),
        (a_project(), LOANED, FEES, [], "NO_FORECAST"),
        (a_project(), LOANED, FEES, foreseen((5, 5, 5), (5, 5, 5)), "NO_FORECAST"),
        (a_project(), LOANED, FEES, foreseen(*[(1, 1, 1)] * 3), "NOT_ENOUGH_JOINERS"),
    ],
)
def test_why_no_month_can_be_said(accounts, registered, loans, fees, ahead, reason):
    months, _ = accounts([registered], loans, (), fees, [standing("0301")], ahead)
    assert months[-1]["payoff_reason"] == reason
    assert months[-1]["payoff_month_expected"] is None


def test_a_synthetic_forecast_or_price_makes_the_months_that_rest_on_it_synthetic(accounts):
    ahead = [f | {"synthetic": True} for f in foreseen(*[(5, 5, 5)] * 3)]
    months, _ = accounts([a_project()], LOANED, (), FEES, [standing("0301")], ahead)
    assert [m["synthetic"] for m in months] == [False, False, False, True]


counts = st.integers(0, 400)


@hypothesis(max_examples=examples(60))
@given(st.integers(1, 10**9), counts, st.integers(1, 357), st.lists(counts, min_size=1, max_size=12), st.data())
def test_more_joiners_or_less_debt_never_pays_off_later(balance, active, left, levels, data):
    months = [date(2026 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(len(levels))]
    more = [level + data.draw(st.integers(0, 50)) for level in levels]
    # the pace beyond the forecast is that of its last month, which `more` does not lower
    fees = left * 4_000_000

    def month(debt, expected):
        return paid_off(debt, Joiners(active, left, fees, list(zip(months, expected, strict=True)))) or date.max

    assert month(balance, more) <= month(balance, levels)
    assert month(data.draw(st.integers(1, balance)), levels) <= month(balance, levels)
