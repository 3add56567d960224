"""Every krone once, with its source; and income − cost − allocated = result."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import closing, ledger, quality, reference
from assets.build import BuildWindow
from assets.simulate import saft
from assets.simulate.plan import Plan
from assets.simulate.traffic import batches
from catalog.contracts.language import DatasetContract
from catalog.contracts.rows import typed_row
from catalog.contracts.scan import Scan, Values
from catalog.domain.allocation import KEYS
from catalog.tables import conformed, streams, uptake, usage
from catalog.tables.billing import PERSON_PRICED
from catalog.tables.datasets import DATASETS
from catalog.tables.ledger import (
    ALLOCATION,
    EARNED,
    ENTRY,
    JOINING_FEE_GAP,
    PERSON_PRICED_LINE,
    PLACED_COST,
    PRODUCT_MONTH,
    UNMAPPED_COST,
    WITHDRAWN_LINE,
)
from catalog.tables.registers import BUDGET, CLOSED_AMOUNT, COST_MAPPING, PERIOD, PRICE_RULE, PROJECT
from catalog.tables.streams import COST_CATEGORIES
from tests.thorough import all_is_run, examples
from transport.ingest import formats
from transport.ingest.opened_file import ReaderInputs

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ELEMENT = next(m for m in reference.BUILDS if m.contract.table == "price_element").make(BuildWindow(NOW))
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
FEE = "digiorden-tilkoblingspris"
RECEIVABLE = "JOINING_FEE_RECEIVABLE"
RECEIVED = {"producer": "regnskap", "first_received_at": NOW}


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
        "first_received_at": NOW,
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
        "first_received_at": NOW,
    }
    return row | more


def loan(entry: str, kind: str, amount: int, invoice: str | None = None, **more) -> dict:
    return {
        "producer": "regnskap",
        "entry_id": entry,
        "project": "digiorden",
        "service": "fiks-digiorden",
        "kind": kind,
        "invoice_id": invoice,
        "amount_ore": amount,
        "booked_on": date(2026, 3, 31),
        "first_received_at": NOW,
        **more,
    }


@dataclass(frozen=True)
class Books:
    """What the three streams come to; what few tests look at is made when they do."""

    allocation: list[dict]
    entries: list[dict]
    answer: Callable[[Scan, DatasetContract], list[dict]] = field(compare=False)
    scans: Mapping[str, Scan] = field(compare=False)

    @cached_property
    def months(self) -> list[dict]:
        return self.answer(self.scans["months"], PRODUCT_MONTH)

    @cached_property
    def placed(self) -> list[dict]:
        return self.answer(self.scans["placed"], PLACED_COST)

    @cached_property
    def unmapped(self) -> list[dict]:
        return self.answer(self.scans["unmapped"], UNMAPPED_COST)

    @cached_property
    def gaps(self) -> list[dict]:
        return self.answer(self.scans["gaps"], JOINING_FEE_GAP)


@pytest.fixture(scope="session")
def keep_books(rows_of, answers, answer, session):
    """The ledger of what was sent. The gate judges it when all is run, or where `judged` says so."""

    def keep_books(
        lines=(),
        costs=(),
        loans=(),
        *,
        mapping=(),
        totals=(),
        dispatches=(),
        status=(),
        projects=(),
        prices=(),
        now=NOW,
        judged=False,
    ):
        invoice_line, cost_entry, loan_entry = (
            rows_of(contract, *rows)
            for contract, rows in (
                (conformed.INVOICE_LINE, lines),
                (conformed.COST_ENTRY, costs),
                (conformed.LOAN_ENTRY, loans),
            )
        )
        span = BuildWindow(now)
        placed = replace(
            ledger.placed_cost.make(span, cost_entry=cost_entry, cost_mapping=register(COST_MAPPING, *mapping)),
            materialized=True,
        )
        billed = {
            "invoice_line": invoice_line,
            "loan_entry": loan_entry,
            "element": ELEMENT,
            "project": register(PROJECT, *projects),
            "price_rule": register(PRICE_RULE, *prices),
        }
        in_sums = []
        if any(row["price_element"] in PERSON_PRICED for row in lines):
            in_sums = answer(
                ledger.person_priced_line.make(span, invoice_line=invoice_line, withdrawn_line=rows_of(WITHDRAWN_LINE)),
                PERSON_PRICED_LINE,
            )
        summed = {"person_priced_line": rows_of(PERSON_PRICED_LINE, *in_sums)}
        split = replace(
            ledger.allocation.make(
                span,
                placed_cost=placed,
                **billed,
                **summed,
                measure_total=rows_of(usage.MEASURE_TOTAL_MONTH, *totals),
                dispatch_month=rows_of(usage.DISPATCH_MONTH, *dispatches),
                status_month=rows_of(uptake.STATUS_MONTH, *status),
            ),
            materialized=True,
        )
        nothing_closed = {"closed_quarter": register(PERIOD), "closed_amount": register(CLOSED_AMOUNT)}
        recorded = {**billed, **summed, "placed_cost": placed, "allocation": split}
        entry = closing.entry.make(span, **recorded, **nothing_closed)
        budget = register(BUDGET)
        # what is made of entries reads what was written of them, as in a run: to work them out takes half of all
        allocation, entries = answers((split, ALLOCATION), (entry, ENTRY))
        scans = {
            "months": ledger.product_month.make(span, entry=rows_of(ENTRY, *entries), budget=budget),
            "placed": placed,
            "unmapped": ledger.unmapped_cost.make(span, placed_cost=placed, allocation=split),
            "gaps": ledger.joining_fee_gap.make(span, **{n: s for n, s in billed.items() if n != "price_rule"}),
        }
        books = Books(allocation, entries, answer, scans)
        if judged or all_is_run():
            tables = {
                "invoice_line": invoice_line,
                **summed,
                "cost_entry": cost_entry,
                "loan_entry": loan_entry,
                "allocation": rows_of(ALLOCATION, *books.allocation),
                "entry": rows_of(ENTRY, *books.entries),
                "product_month": rows_of(PRODUCT_MONTH, *books.months),
            }
            assert faults(session, tables) == {}
        return books

    return keep_books


@pytest.fixture(scope="session")
def booked(keep_books):
    """The entries alone."""
    return lambda *streams, **more: keep_books(*streams, **more).entries


def faults(session, tables):
    """How many rows each rule of the gate over the ledger finds at fault, of those that find any."""
    counted = {
        rule.name: session.cleared().table(rule.broken(tables)).num_rows
        for rule in quality.TABLE_RULES
        if rule.name in ("ledger_ties", "person_priced_ties", "allocations_tie", "products_tie")
    }
    return {name: rows for name, rows in counted.items() if rows}


def register(contract, *rows):
    """A register of these rows."""
    return Values(pa.Table.from_pylist([{"synthetic": None} | r for r in rows], contract.schema))


@pytest.fixture(scope="session")
def account(rows_of, answer):
    """The months of one service."""

    def account(entries, budget=(), now=NOW):
        scan = ledger.product_month.make(
            BuildWindow(now),
            entry=rows_of(ENTRY, *entries),
            budget=register(BUDGET, *budget),
        )
        return answer(scan, PRODUCT_MONTH)

    return account


def accounts(entries):
    return {r["source_key"]: r["account"] for r in entries if r["category"] != "REPAID_BY_FEE"}


def test_each_record_is_one_entry_that_says_where_it_came_from(booked):
    entries = booked([line("F1", 500, line_number=2)], [cost("B1", 300, service=None)], [loan("L1", "DRAWDOWN", 900)])
    assert {(e["source_stream"], e["source_key"], e["account"], e["category"], e["amount_ore"]) for e in entries} == {
        ("invoice_line", "F1/2", "INCOME", "svarut-forsendelser", 500),
        ("cost_entry", "B1", "COST", "DRIFT", 300),
        ("loan_entry", "L1", "LOAN", "DRAWDOWN", 900),
    }
    assert {e["source_key"]: e["service"] for e in entries}["B1"] is None, "shared, until somebody allocates it"
    assert {(e["period"], e["original_period"]) for e in entries} == {(MARCH, MARCH)}


def test_the_joining_fee_of_a_service_with_a_loan_is_never_income_before_it_is_repaid_by_it_either(booked):
    lines = [
        line("F1", 5000, price_element=FEE),
        line("F2", 5000, price_element=FEE),
        line("F3", 5000, price_element=FEE, service="svarut"),
    ]
    # F2 was income until a repayment named it: the invoice comes first, and a quarter that was closed between kept that
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": RECEIVABLE, "F2/1": RECEIVABLE, "F3/1": "INCOME", "L1": "LOAN"}


@pytest.mark.parametrize(
    ("service", "registered", "account"),
    [
        ("fiks-digiorden", [], RECEIVABLE),
        (None, [{"project": "digiorden", "service": "fiks-digiorden", "financing": "DIGIFIN"}], RECEIVABLE),
        (None, [{"project": "digiorden", "service": None, "financing": "DIGIFIN"}], "INCOME"),
        (None, [{"project": "another", "service": "fiks-digiorden", "financing": "DIGIFIN"}], "INCOME"),
        ("svarut", [], "INCOME"),
        (None, [], "INCOME"),
    ],
)
def test_a_service_has_the_loan_that_its_entries_or_the_register_of_projects_say(
    keep_books, service, registered, account
):
    drawn = loan("L1", "DRAWDOWN", 9000) | {"service": service}
    books = keep_books([line("F1", 5000, price_element=FEE)], loans=[drawn], projects=registered)
    assert accounts(books.entries)["F1/1"] == account
    assert gaps(books) == ({"F1": ("NO_REPAYMENT", 5000, 0, 5000)} if account == RECEIVABLE else {})


def test_a_fee_that_a_repayment_names_repays_whatever_service_the_loan_is_of(booked):
    repaid = loan("L1", "REPAYMENT", 5000, "F1") | {"service": None}
    lines = [line("F1", 5000, price_element=FEE), line("F2", 5000, price_element=FEE)]
    assert accounts(booked(lines, loans=[repaid])) == {"F1/1": RECEIVABLE, "F2/1": "INCOME", "L1": "LOAN"}


def test_other_lines_of_an_invoice_whose_joining_fee_repays_are_income(booked):
    lines = [line("F1", 5000, price_element=FEE), line("F1", 700, line_number=2)]
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": RECEIVABLE, "F1/2": "INCOME", "L1": "LOAN"}


def test_the_correction_of_a_joining_fee_goes_with_the_fee(booked):
    lines = [
        line("F1", 5000, price_element=FEE),
        line("K1", -5000, price_element=FEE, corrects_invoice_id="F1"),
        line("K2", -700, corrects_invoice_id="F1"),
    ]
    entries = booked(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1")])
    assert accounts(entries) == {"F1/1": RECEIVABLE, "K1/1": RECEIVABLE, "K2/1": "INCOME", "L1": "LOAN"}


def of(account, entries):
    found = Counter()
    for e in entries:
        if e["account"] == account:
            found[e["source_key"]] += e["amount_ore"]
    return dict(found)


def test_a_loan_adds_up_to_its_balance_and_a_repayment_settles_the_fee_that_it_names(booked):
    repayments = [loan("L2", "REPAYMENT", 5000, "F1"), loan("L3", "WRITE_OFF", 700), loan("L4", "REPAYMENT", 300)]
    entries = booked([line("F1", 5000, price_element=FEE)], loans=[loan("L1", "DRAWDOWN", 9000), *repayments])
    assert of("LOAN", entries) == {"L1": 9000, "L2": -5000, "L3": -700, "L4": -300}
    assert of(RECEIVABLE, entries) == {"F1/1": 5000, "L2": -5000}
    assert sum(e["amount_ore"] for e in entries if e["project"] == "digiorden") == 9000 - 5000 - 700 - 300


@pytest.mark.parametrize(("repaid", "owed", "not_repaid"), [(0, 9000, 5000), (2000, 7000, 3000), (6000, 3000, 0)])
def test_a_fee_lessens_the_loan_when_its_repayment_is_booked_and_is_a_receivable_until_then(
    booked, repaid, owed, not_repaid
):
    drawn, fee = loan("L1", "DRAWDOWN", 9000), line("F1", 5000, price_element=FEE)
    entries = booked([fee], loans=[drawn, *([loan("L2", "REPAYMENT", repaid, "F1")] if repaid else [])])
    assert sum(of("LOAN", entries).values()) == owed
    assert sum(of(RECEIVABLE, entries).values()) == not_repaid


def test_what_is_repaid_beyond_the_loan_stands_on_an_account_of_its_own_until_it_is_drawn(booked):
    repaid = [loan(f"R{n}", "REPAYMENT", 4000, booked_on=date(2026, 3, n)) for n in (1, 2, 3)]
    drawn = loan("L1", "DRAWDOWN", 9000)
    entries = booked(loans=[drawn, loan("L2", "WRITE_OFF", 2000), *repaid])
    assert of("LOAN", entries) == {"L1": 9000, "L2": -2000, "R1": -4000, "R2": -3000, "R3": 0}
    assert of("LOAN_EXCESS", entries) == {"R2": 1000, "R3": 4000}
    entries = booked(loans=[drawn, *repaid, loan("L3", "DRAWDOWN", 3000)])
    assert of("LOAN_EXCESS", entries) == {}
    assert sum(of("LOAN", entries).values()) == 0


def test_a_joining_fee_beyond_the_loan_is_income_of_the_product_on_an_account_of_its_own(keep_books):
    lines = [line(f"F{n}", 5000, price_element=FEE, period=m) for n, m in enumerate((MARCH, APRIL))]
    books = keep_books(lines, loans=[loan("L1", "DRAWDOWN", 9000), loan("L2", "REPAYMENT", 5000, "F0")])
    told = {(e["source_key"], e["account"]): e["amount_ore"] for e in books.entries if e["category"] == FEE}
    assert told == {("F0/1", RECEIVABLE): 5000, ("F1/1", RECEIVABLE): 4000, ("F1/1", "JOINING_FEE_EXCESS"): 1000}
    [april] = books.months
    assert (april["month"], april["income_ore"], april["result_ore"]) == (APRIL, 1000, 1000)
    assert sum(of("LOAN", books.entries).values()) == sum(of(RECEIVABLE, books.entries).values()) == 4000
    assert gaps(books) == {"F1": ("NO_REPAYMENT", 4000, 0, 4000)}, "what is beyond the loan lacks no repayment"


def test_what_a_repayment_names_is_the_loans_and_a_credited_fee_gives_its_room_back(booked):
    lines = [line(f"F{n}", 5000, price_element=FEE) for n in (1, 2)]
    loans = [loan("L1", "DRAWDOWN", 5000), loan("L2", "REPAYMENT", 5000, "F2")]
    beyond = [e for e in booked(lines, loans=loans) if e["account"] == "JOINING_FEE_EXCESS"]
    assert [(e["source_key"], e["amount_ore"]) for e in beyond] == [("F1/1", 5000)]
    credited = [*lines, line("K1", -5000, price_element=FEE, corrects_invoice_id="F1")]
    entries = booked(credited, loans=loans[:1])
    assert sum(e["amount_ore"] for e in entries if e["account"] == "JOINING_FEE_EXCESS") == 0


def by_month(account, entries):
    found = Counter()
    for e in entries:
        if e["account"] == account:
            found[e["period"]] += e["amount_ore"]
    return dict(found)


def test_a_credit_note_of_a_later_month_changes_no_earlier_month_of_the_loan_bridge(booked):
    fee, drawn, repaid = (
        line("F1", 5000, price_element=FEE),
        loan("L1", "DRAWDOWN", 9000),
        loan("L2", "REPAYMENT", 5000, "F1"),
    )
    credit = line("K1", -2000, price_element=FEE, corrects_invoice_id="F1", period=APRIL)
    assert by_month(RECEIVABLE, booked([fee], loans=[drawn, repaid])) == {MARCH: 0}
    assert by_month(RECEIVABLE, booked([fee, credit], loans=[drawn, repaid])) == {MARCH: 0, APRIL: -2000}
    reversed_ = loan("L3", "REPAYMENT", -2000, "F1", booked_on=date(2026, 4, 20))
    assert by_month(RECEIVABLE, booked([fee, credit], loans=[drawn, repaid, reversed_])) == {MARCH: 0, APRIL: 0}
    # booked before its invoice; and a later fee stands in for what was repaid and credited afterwards
    early = {**repaid, "booked_on": date(2026, 2, 20)}
    later = line("F2", 9000, price_element=FEE, period=APRIL)
    entries = booked([fee, credit, later], loans=[drawn, early])
    assert by_month(RECEIVABLE, entries) == {date(2026, 2, 1): -5000, MARCH: 5000, APRIL: 4000}
    assert of("JOINING_FEE_EXCESS", entries) == {"F2/1": 3000}


def test_a_repayment_that_names_no_invoice_settles_the_oldest_fees_and_makes_none_of_them_income(booked):
    fees = [line(f"F{n}", 5000, price_element=FEE, period=m) for n, m in enumerate((MARCH, APRIL))]
    loans = [loan("L1", "DRAWDOWN", 9000), loan("L2", "REPAYMENT", 5000), loan("L3", "REPAYMENT", 1000, "F1")]
    entries = booked(fees, loans=loans)
    assert of(RECEIVABLE, entries) == {"F0/1": 5000, "L2": -5000, "F1/1": 4000, "L3": -1000}
    assert sum(of("LOAN", entries).values()) == 3000
    assert of("JOINING_FEE_EXCESS", entries) == {"F1/1": 1000}


def test_a_credit_of_a_fee_that_has_not_come_is_the_loans_until_the_fee_comes(booked):
    drawn, credit = loan("L1", "DRAWDOWN", 9000), line("K1", -5000, price_element=FEE, corrects_invoice_id="F1")
    alone = booked([credit], loans=[drawn])
    assert {e["source_key"]: (e["account"], e["amount_ore"]) for e in alone} == {
        "K1/1": (RECEIVABLE, -5000),
        "L1": ("LOAN", 9000),
    }
    entries = booked([credit, line("F1", 5000, price_element=FEE)], loans=[drawn])
    assert of(RECEIVABLE, entries) == {"K1/1": -5000, "F1/1": 5000}


def test_nobody_has_told_what_was_drawn_so_no_fee_is_beyond_the_loan(booked):
    entries = booked([line("F1", 5000, price_element=FEE)], loans=[loan("L1", "REPAYMENT", 300)])
    assert accounts(entries) == {"F1/1": RECEIVABLE, "L1": "LOAN"}


LOANS = st.lists(
    st.tuples(
        st.sampled_from(["DRAWDOWN", "REPAYMENT", "WRITE_OFF"]),
        st.integers(0, 9),
        st.sampled_from([None, "F0", "F1", "K0"]),
    ),
    max_size=6,
)
FEES = st.lists(st.tuples(st.integers(-4, 9), st.sampled_from([MARCH, APRIL]), st.booleans()), max_size=4)


@settings(max_examples=examples(16, quick=3))
@given(loans=LOANS, fees=FEES, seed=st.randoms())
def test_every_joining_fee_is_loan_and_income_to_the_ore_whatever_its_order(keep_books, loans, fees, seed):
    lines = [
        line(f"{'K' if of_first else 'F'}{n}", amount, price_element=FEE, period=period)
        | {"corrects_invoice_id": "F0" if of_first and n else None}
        for n, (amount, period, of_first) in enumerate(fees)
    ]
    sent = [
        loan(f"L{n}", kind, amount, invoice if kind == "REPAYMENT" else None)
        for n, (kind, amount, invoice) in enumerate(loans)
    ]
    books = keep_books(lines, loans=sent, judged=True)
    signs = {"DRAWDOWN": 1, "REPAYMENT": -1, "WRITE_OFF": -1}
    told = Counter()
    for e in books.entries:
        told[e["account"], e["category"] == FEE, e["category"]] += e["amount_ore"]
    fees_ore = sum(r["amount_ore"] for r in lines)
    if sent:
        assert sum(told[a, True, FEE] for a in (RECEIVABLE, "JOINING_FEE_EXCESS", "INCOME")) == fees_ore
    for kind, sign in signs.items():
        sent_ore = sum(r["amount_ore"] for r in sent if r["kind"] == kind)
        assert sign * told["LOAN", False, kind] + told["LOAN_EXCESS", False, kind] == sent_ore
    assert told[RECEIVABLE, False, "REPAID_BY_FEE"] <= 0
    beyond = told["JOINING_FEE_EXCESS", True, FEE]
    owed = sum(signs[r["kind"]] * r["amount_ore"] for r in sent)
    if any(r["kind"] == "DRAWDOWN" for r in sent):
        assert min(fees_ore, 0) <= told[RECEIVABLE, True, FEE]
        assert beyond >= 0 or fees_ore < 0
        assert beyond == 0 or max(owed, 0) <= told[RECEIVABLE, True, FEE] + told[RECEIVABLE, False, "REPAID_BY_FEE"]
    else:
        assert beyond == 0
    mixed, more = list(lines), list(sent)
    seed.shuffle(mixed)
    seed.shuffle(more)
    assert keep_books(mixed, loans=more).entries == books.entries


def gaps(books):
    return {r["invoice_id"]: (r["reason"], r["fee_ore"], r["repaid_ore"], r["difference_ore"]) for r in books.gaps}


def test_a_joining_fee_that_is_not_what_repays_the_loan_is_listed_with_kroner_and_a_reason(keep_books):
    books = keep_books(
        [
            *(line(f"F{n}", 5000, price_element=FEE) for n in range(1, 5)),
            line("F3", 300, price_element=FEE, line_number=2),
            line("F5", 700),
        ],
        loans=[
            *(loan(f"L{n}", "REPAYMENT", 4000, f"F{n}") for n in range(1, 4)),
            loan("L4", "REPAYMENT", 1000, "F2"),
            loan("L5", "REPAYMENT", 1500, "F3"),
            loan("L6", "REPAYMENT", 700, "F5"),
            loan("L7", "REPAYMENT", 90, "F6"),
            loan("L8", "REPAYMENT", 10),
        ],
    )
    assert gaps(books) == {
        "F1": ("FEE_ABOVE_REPAYMENT", 5000, 4000, 1000),
        "F3": ("FEE_BELOW_REPAYMENT", 5300, 5500, -200),
        "F4": ("NO_REPAYMENT", 5000, 0, 5000),
        "F5": ("NO_FEE_LINE", 0, 700, -700),
        "F6": ("NO_INVOICE", 0, 90, -90),
    }
    assert {(r["organisation_number"], r["service"], r["project"], r["period"]) for r in books.gaps} == {
        ("958935420", "fiks-digiorden", "digiorden", MARCH),
        ("958935420", "fiks-digiorden", None, MARCH),
        (None, "fiks-digiorden", "digiorden", MARCH),
    }


def test_a_credit_note_is_held_against_the_loan_with_the_invoice_that_it_corrects(keep_books):
    def credited(*loans):
        lines = [
            line("F1", 5000, price_element=FEE),
            line("K1", -2000, price_element=FEE, corrects_invoice_id="F1"),
        ]
        return gaps(keep_books(lines, loans=[loan("L1", "REPAYMENT", 5000, "F1"), *loans]))

    assert credited() == {"F1": ("FEE_BELOW_REPAYMENT", 3000, 5000, -2000)}
    assert credited(loan("L2", "REPAYMENT", -2000, "F1")) == credited(loan("L2", "REPAYMENT", -2000, "K1")) == {}


def test_a_fee_that_is_credited_before_it_is_repaid_is_not_listed(keep_books):
    lines = [line("F1", 5000, price_element=FEE), line("K1", -5000, price_element=FEE, corrects_invoice_id="F1")]
    books = keep_books(lines, loans=[loan("L1", "DRAWDOWN", 9000)])
    assert accounts(books.entries) == {"F1/1": RECEIVABLE, "K1/1": RECEIVABLE, "L1": "LOAN"}
    assert gaps(books) == {}


def test_a_fee_is_not_repaid_by_a_drawdown_that_names_its_invoice(keep_books):
    books = keep_books([line("F1", 5000, price_element=FEE)], loans=[loan("L1", "DRAWDOWN", 5000, "F1")])
    assert gaps(books) == {"F1": ("NO_REPAYMENT", 5000, 0, 5000)}


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


def test_shared_cost_that_nobody_says_how_to_allocate_is_in_no_products_account(booked, account):
    assert account(booked(costs=[cost("B1", 300, service=None)])) == []


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
    lines = [line("F1", 10_000), line("F2", 10_000, service="svarut")]
    rows = account(booked(lines, [cost("credit", -5, service="svarut")]))
    assert [r["self_cost_percent"] for r in rows] == [None, None]


def test_financial_coverage_is_the_name_of_one_thing_and_leaves_the_balance_out(booked, account):
    named = {
        (dataset.name, column.name)
        for dataset in DATASETS.values()
        for column in dataset.columns
        if "dekningsgrad" in column.title.nb.casefold() or "financial coverage" in column.title.en.casefold()
    }
    assert named == {("ledger.product_month", "self_cost_percent")}
    rows = account(booked([line("F1", 900), line("F2", 80, period=APRIL)], [cost("B1", 100, period=APRIL)]))
    assert [(r["balance_carried_ore"], r["self_cost_percent"]) for r in rows] == [(900, None), (880, 80)]


def planned(category, amount, month=MARCH, **more):
    row = {"service": "fiks-digiorden", "month": month, "category": category, "amount_ore": amount, "synthetic": None}
    return row | more


def test_development_without_a_project_is_in_result_and_budget_alike(booked, account):
    entries = booked([line("F1", 1_000)], [cost("out", 70, "UTVIKLING"), cost("run", 30)])
    [march] = account(entries, [planned("INCOME", 1_000), planned("UTVIKLING", 70), planned("DRIFT", 30)])
    assert (march["result_ore"], march["budget_ore"]) == (900, 900)


def test_the_budget_is_its_income_less_all_its_cost_up_to_the_month_that_is_known(booked, account):
    budget = [
        planned("INCOME", 1_000),
        planned("DRIFT", 300),
        planned("UTVIKLING", 9_999),
        planned("DRIFT", 50, month=date(2026, 6, 1), synthetic=True),
        planned("DRIFT", 50, month=date(2026, 7, 1)),
        planned("DRIFT", 50, service="altinn-3"),
    ]
    entries = booked([line("F1", 80)])
    rows = account(entries, budget)
    assert [(r["month"], r["income_ore"], r["budget_ore"], r["synthetic"]) for r in rows] == [
        (MARCH, 80, 700 - 9_999, False),
        (date(2026, 6, 1), 0, -50, True),
    ]
    [march] = account(entries)
    assert march["budget_ore"] is None


def test_the_budgeted_income_of_a_month_stands_apart_and_is_zero_where_only_cost_is_budgeted(account):
    rows = account([], [planned("INCOME", 1_000), planned("DRIFT", 300), planned("DRIFT", 50, month=date(2026, 6, 1))])
    assert [(r["budget_ore"], r["budget_income_ore"]) for r in rows] == [(700, 1_000), (-50, 0)]


amounts = st.integers(-(10**9), 10**9)
services = st.sampled_from(["svarut", "fiks-io", None])
months = st.dates(date(2024, 1, 1), date(2026, 6, 1)).map(lambda d: d.replace(day=1))


@settings(max_examples=examples(15))
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
        judged=True,
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
    result = sum(e["amount_ore"] for e in of_products if e["account"] in EARNED) - sum(
        e["amount_ore"] for e in of_products if e["account"] == "COST"
    )
    assert sum(r["result_ore"] for r in rows) == result
    last = {r["service"]: r["balance_carried_ore"] for r in rows}
    assert sum(last.values()) == result


# --- income belongs to the months that it is for ---------------------------------------------------------------------

YEARLY, MONTHLY, SIZED, INHABITANTS = (
    ("del-dokument-fastpris", "fiks-del-dokument"),
    ("digiorden-fastpris-per-maned", "fiks-digiorden"),
    ("folkeregister-fastpris-liten-kommune", "fiks-folkeregister"),
    ("digiorden-innbyggere", "fiks-digiorden"),
)


def time_line(invoice, amount, of, period, unit="stk", **more):
    element, service = of
    return line(invoice, amount, price_element=element, service=service, period=period, unit=unit) | more


def by_its_month(books, *columns):
    return {r["month"].month: tuple(r[c] for c in columns) for r in books.months}


def test_a_price_for_a_year_is_income_of_the_months_that_are_left_of_it_and_what_was_invoiced_stands_beside(keep_books):
    books = keep_books([time_line("F1", 1_000_00, YEARLY, MARCH)], now=datetime(2026, 5, 9, tzinfo=UTC))
    assert by_its_month(books, "income_ore", "invoiced_ore", "invoiced_ahead_ore", "invoiced_before_ore") == {
        3: (10_000, 100_000, 90_000, 0),
        4: (10_000, 0, 0, 10_000),
        5: (10_000, 0, 0, 10_000),
    }


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        (
            [
                (YEARLY, "stk", 10),
                (YEARLY, "del per kvartal", 1),
                (SIZED, "ANN", 10),
                (MONTHLY, "stk", 1),
                (INHABITANTS, "stk", 1),
                (INHABITANTS, "innbygger per år", 10),
                (("svarut-forsendelser", "svarut"), "forsendelse per år", 1),
                ((FEE, "fiks-digiorden"), "år", 1),
            ],
            [],
        ),
        ([(INHABITANTS, "C62", 10)], [("innbygger", date(2026, 1, 1))]),
        ([(INHABITANTS, "C62", 1)], [("innbygger", date(2025, 1, 1)), ("innbygger per måned", MARCH)]),
        ([(INHABITANTS, "C62", 1)], [("innbygger per måned", date(2025, 1, 1)), ("innbygger", APRIL)]),
    ],
)
def test_the_unit_of_the_line_says_how_long_its_price_is_for_else_the_price_does(keep_books, lines, rules):
    prices = [
        {"price_element": INHABITANTS[0], "service": INHABITANTS[1], "kind": "PER_INHABITANT", "valid_from": begun}
        | {"unit": said, "amount": Decimal(1), "counted_on": None}
        for said, begun in rules
    ]
    for earlier, later in pairwise(prices):
        earlier["valid_to"] = later["valid_from"]
    sent = [
        time_line(f"F{n}", 12_000, of, MARCH, unit, service=f"tjeneste-{n}") for n, (of, unit, _) in enumerate(lines)
    ]
    books = keep_books(sent, prices=prices, now=datetime(2026, 12, 1, tzinfo=UTC))
    for n, (*case, months) in enumerate(lines):
        income = [r["income_ore"] for r in books.months if r["service"] == f"tjeneste-{n}"]
        assert income == [12_000 // months] * months, case


def test_a_price_that_has_ended_says_no_longer_how_long_a_unit_is_for(keep_books):
    price = {"price_element": INHABITANTS[0], "service": INHABITANTS[1], "kind": "PER_INHABITANT", "counted_on": None}
    price |= {"amount": Decimal(1), "valid_from": date(2025, 1, 1)}
    counties = {"unit": "innbygger per måned", "customer_kind": "COUNTY", "valid_to": date(2026, 1, 1)}
    lines = [
        time_line("F1", 12_000, INHABITANTS, date(2025, 12, 1), "C62"),
        time_line("F2", 12_000, INHABITANTS, MARCH, "C62"),
    ]
    books = keep_books(
        lines, prices=[price | counties, price | {"unit": "innbygger"}], now=datetime(2026, 5, 9, tzinfo=UTC)
    )
    assert by_its_month(books, "income_ore") == {12: (12_000,), 3: (1_200,), 4: (1_200,), 5: (1_200,)}


def test_a_price_for_a_quarter_is_for_the_rest_of_its_quarter(keep_books):
    books = keep_books([time_line("F1", 100, YEARLY, date(2026, 2, 1), "kvartal")])
    assert by_its_month(books, "income_ore") == {2: (50,), 3: (50,)}


@pytest.mark.parametrize(
    ("credited", "income"),
    [
        (date(2026, 1, 1), {(2026, 1): -120_000}),
        (date(2025, 11, 1), {(2025, 11): -50_000, (2025, 12): -50_000}),
    ],
)
def test_a_credit_of_a_year_that_is_over_is_of_its_own_month_and_one_within_it_of_the_rest(
    keep_books, credited, income
):
    lines = [
        time_line("F1", 120_000, YEARLY, date(2025, 1, 1)),
        time_line("K1", -120_000, YEARLY, credited, corrects_invoice_id="F1"),
    ]
    books = keep_books(lines, now=datetime(2026, 6, 9, tzinfo=UTC))
    each = {(2025, month): 10_000 for month in range(1, 13)}
    assert {(r["month"].year, r["month"].month): r["income_ore"] for r in books.months} == each | income


def test_a_credit_of_this_year_follows_its_line_also_where_the_invoice_has_one_of_last_year_too(keep_books):
    lines = [
        time_line("F1", 120_000, YEARLY, date(2025, 1, 1)),
        time_line("F1", 120_000, YEARLY, date(2026, 1, 1), line_number=2),
        time_line("K1", -120_000, YEARLY, date(2026, 1, 1), corrects_invoice_id="F1"),
    ]
    books = keep_books(lines, now=datetime(2026, 6, 9, tzinfo=UTC))
    assert {r["income_ore"] for r in books.months if r["month"].year == 2026} == {0}


def test_shared_cost_by_income_follows_the_months_that_income_is_for(keep_books):
    lines = [time_line("F1", 120_000, YEARLY, date(2026, 1, 1)), line("F2", 30_000, service="svarut")]
    books = keep_books(lines, [cost("B1", 400, service=None, allocation_key="INNTEKT")])
    assert {r["service"]: r["amount_ore"] for r in books.allocation} == {"fiks-del-dokument": 100, "svarut": 300}


def in_python(lines, through):
    """Income and its bridge by service and month, from raw lines: the first n of the months have n parts of a line."""
    account = Counter()
    for sent in lines:
        month, amount = sent["period"], sent["amount_ore"]
        account[sent["service"], month, "invoiced_ore"] += amount
        n = 13 - month.month if sent["price_element"] in (YEARLY[0], SIZED[0]) else 1
        reached = [int((Decimal(amount) * k / n).quantize(Decimal(1), ROUND_HALF_UP)) for k in range(n + 1)]
        parts = [later - sooner for sooner, later in pairwise(reached)]
        account[sent["service"], month, "invoiced_ahead_ore"] += amount - parts[0]
        for later, part in enumerate(parts):
            at = date(month.year, month.month + later, 1)
            if at <= through:
                account[sent["service"], at, "income_ore"] += part
                account[sent["service"], at, "invoiced_before_ore"] += part if later else 0
    return {key: ore for key, ore in account.items() if ore}


@settings(max_examples=examples(12))
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.sampled_from([YEARLY, MONTHLY, SIZED]),
            st.dates(date(2025, 1, 1), date(2026, 6, 1)).map(lambda d: d.replace(day=1)),
        ),
        max_size=8,
    )
)
def test_income_of_all_months_is_what_was_invoiced_to_the_ore_and_each_month_is_as_counted_by_hand(keep_books, sent):
    lines = [time_line(f"F{n}", *each) for n, each in enumerate(sent)]
    books = keep_books(lines)
    columns = ("income_ore", "invoiced_ore", "invoiced_ahead_ore", "invoiced_before_ore")
    told = {(r["service"], r["month"], c): r[c] for r in books.months for c in columns if r[c]}
    assert told == in_python(lines, date(2026, 6, 1))
    of_2025 = [r for r in books.months if r["month"].year == 2025]
    assert sum(r["income_ore"] for r in of_2025) == sum(r["invoiced_ore"] for r in of_2025)


# --- where cost belongs ----------------------------------------------------------------------------------------------

TO_SERVICE = {
    "account": "6420",
    "cost_center": "4010",
    "service": "svarut",
    "cost_category": "DRIFT",
    "allocation_key": None,
}
SHARED = {
    "account": "6420",
    "cost_center": None,
    "service": None,
    "cost_category": "FORVALTNING",
    "allocation_key": " inntekt ",
}


def untold(entry="B1", account="6420", center="4010", **more):
    return cost(entry, 100, None, account=account, cost_center=center, service=None) | more


PLACED = [
    (untold(), ("svarut", "DRIFT", None, "MAPPING")),
    (untold(center="4999"), (None, "FORVALTNING", "INNTEKT", "MAPPING")),
    (untold(center=None), (None, "FORVALTNING", "INNTEKT", "MAPPING")),
    (untold(account="9999"), (None, None, None, "NOBODY")),
    (untold(account=None), (None, None, None, "NOBODY")),
    (untold(service="fiks-io"), ("fiks-io", "DRIFT", None, "MAPPING")),
    (untold(service="fiks-io", center=None), ("fiks-io", "FORVALTNING", None, "MAPPING")),
    (untold(cost_category="BRUKERSTOTTE"), ("svarut", "BRUKERSTOTTE", None, "MAPPING")),
    (untold(allocation_key="likt"), (None, "DRIFT", "LIKT", "MAPPING")),
    (untold(service="fiks-io", cost_category="DRIFT"), ("fiks-io", "DRIFT", None, "ENTRY")),
    (untold(account="9999", cost_category="BRUKERSTOTTE"), (None, "BRUKERSTOTTE", "HENVENDELSER", "ENTRY")),
    (
        untold(account="9999", cost_category="BRUKERSTOTTE", allocation_key="AKTIVE"),
        (None, "BRUKERSTOTTE", "AKTIVE", "ENTRY"),
    ),
    (
        untold(account="9999", service="svarut", cost_category="BRUKERSTOTTE"),
        ("svarut", "BRUKERSTOTTE", None, "ENTRY"),
    ),
]


def test_what_an_entry_says_wins_and_the_register_says_the_rest(keep_books):
    sent = [said | {"entry_id": f"B{n}"} for n, (said, _) in enumerate(PLACED)]
    rows = keep_books(costs=sent, mapping=[TO_SERVICE, SHARED]).placed
    told = ("service", "cost_category", "allocation_key", "placed_by")
    assert {r["entry_id"]: tuple(r[c] for c in told) for r in rows} == {
        f"B{n}": placed for n, (_, placed) in enumerate(PLACED)
    }


def test_a_row_for_the_cost_centre_holds_whole_and_takes_nothing_from_the_accounts_row(keep_books):
    bare = TO_SERVICE | {"cost_category": None}
    [row] = keep_books(costs=[untold()], mapping=[bare, SHARED]).placed
    assert (row["service"], row["cost_category"]) == ("svarut", None)


def test_an_empty_cost_centre_and_a_missing_one_are_one_row_of_the_register_whatever_their_order(keep_books):
    twice = [SHARED, SHARED | {"cost_center": " ", "service": "svarut"}]
    one, other = (keep_books(costs=[untold()], mapping=rows).placed for rows in (twice, twice[::-1]))
    assert one == other
    assert len(one) == 1


def test_a_row_of_the_register_holds_within_its_dates_and_moves_no_cost_of_before(keep_books):
    later = TO_SERVICE | {"valid_from": APRIL, "service": "fiks-io"}
    costs = [untold("B1"), untold("B2", period=APRIL), untold("B3", period=date(2027, 1, 1))]
    books = keep_books(costs=costs, mapping=[TO_SERVICE | {"valid_to": APRIL}, later | {"valid_to": date(2026, 5, 1)}])
    assert {r["entry_id"]: r["service"] for r in books.placed} == {"B1": "svarut", "B2": "fiks-io", "B3": None}
    assert {r["entry_id"]: r["placed_by"] for r in books.placed} == {"B1": "MAPPING", "B2": "MAPPING", "B3": "NOBODY"}


def test_where_the_cost_centres_row_does_not_hold_yet_the_accounts_row_does(keep_books):
    later = TO_SERVICE | {"valid_from": APRIL}
    rows = keep_books(costs=[untold("B1"), untold("B2", period=APRIL)], mapping=[later, SHARED]).placed
    assert {r["entry_id"]: r["cost_category"] for r in rows} == {"B1": "FORVALTNING", "B2": "DRIFT"}


def test_what_rests_on_a_made_up_row_of_the_register_is_synthetic(keep_books):
    books = keep_books(costs=[untold(), cost("B2", 5)], mapping=[TO_SERVICE | {"synthetic": True}])
    assert {r["entry_id"]: r["synthetic"] for r in books.placed} == {"B1": True, "B2": False}
    assert {r["source_key"]: r["synthetic"] for r in books.entries} == {"B1": True, "B2": False}


def test_what_is_not_placed_is_a_list_with_kroner_and_reasons(keep_books):
    costs = [
        untold("nobody", account="9999"),
        cost("uncategorised", 20, None),
        cost("no key", 30, service=None),
        cost("unknown key", 40, service=None, allocation_key="BRUK"),
        cost("no weights", 50, service=None, allocation_key="timer"),
        cost("external", 60, service="altinn-3"),
        cost("project", 70, "UTVIKLING", service=None, project="p"),
        cost("placed", 80),
    ]
    books = keep_books(costs=costs)
    assert {(r["entry_id"], r["reason"], r["amount_ore"]) for r in books.unmapped} == {
        ("nobody", "NO_CATEGORY", 100),
        ("nobody", "NO_KEY", 100),
        ("uncategorised", "NO_CATEGORY", 20),
        ("no key", "NO_KEY", 30),
        ("unknown key", "UNKNOWN_KEY", 40),
        ("no weights", "NO_WEIGHTS", 50),
        ("external", "EXTERNAL_SERVICE", 60),
    }
    assert {r["service"]: r["cost_drift_ore"] for r in books.months} == {"fiks-digiorden": 100}
    assert sum(e["amount_ore"] for e in books.entries) == sum(c["amount_ore"] for c in costs), "none is lost"


# --- shared cost -----------------------------------------------------------------------------------------------------


def total(service, quantity, measure="henvendelser", month=MARCH, **more):
    return {"month": month, "service": service, "measure": measure, "quantity": quantity, "organisations": 1} | more


def shared(entry, amount, key, category="DRIFT", **more):
    return cost(entry, amount, category, service=None, allocation_key=key, **more)


def parts(books, entry="B1"):
    return {r["service"]: r["amount_ore"] for r in books.allocation if r["entry_id"] == entry}


def allocated(amount, weights):
    """Each part is truncated to whole øre; what is left goes one each to the largest remainders, ties by service."""
    total = sum(weights.values())
    cut = {s: divmod(abs(amount) * Fraction(w), Fraction(total)) for s, w in sorted(weights.items()) if w}
    left = abs(amount) - sum(part for part, _ in cut.values())
    more = sorted(cut, key=lambda s: -cut[s][1])[:left]
    return {s: (part + (s in more)) * (-1 if amount < 0 else 1) for s, (part, _) in cut.items()}


def dispatched(service, dispatches, **more):
    return {
        "month": MARCH,
        "organisation_number": "958935420",
        "service": service,
        "channel": "SDP",
        "outcome": "delivered",
        "dispatches": dispatches,
    } | more


def active(service, code, *, active=True, month=MARCH):
    return {
        "month": month,
        "municipality_code": code,
        "organisation_number": None,
        "customer_kind": "MUNICIPALITY",
        "service": service,
        "step": "ACTIVATED",
        "active": active,
        "active_basis": "USE",
    }


BY_KEY = {
    "HENVENDELSER": ({"svarut": 75, "fiks-io": 25}, {"svarut": 3, "fiks-io": 1}),
    "Soknader": ({"fiks-io": 100}, {"fiks-io": 2}),
    "FORSENDELSER": (
        {"svarinn": 60, "svarut": 20, "fiks-digisos": 20},
        {"svarinn": 30, "svarut": 10, "fiks-digisos": 10},
    ),
    "aktive": ({"svarut": 67, "svarinn": 33}, {"svarut": 2, "svarinn": 1}),
    "INNTEKT": ({"svarut": 90, "fiks-io": 10}, {"svarut": 900, "fiks-io": 100}),
    "LIKT": ({"fiks-arkiv": 34, "fiks-io": 33, "svarut": 33}, {"svarut": 1, "fiks-io": 1, "fiks-arkiv": 1}),
}


@pytest.mark.parametrize("keys", [[key for key in BY_KEY if key != "LIKT"], ["LIKT"]], ids=str)
def test_a_shared_cost_is_split_by_each_key_within_its_month_and_never_on_products_of_others(keep_books, keys):
    if keys == ["LIKT"]:
        lines = [line("F1", 900, service="svarut"), line("F2", 100, service="fiks-io")]
    else:
        lines = [
            line("F1", 1000, service="svarut"),
            line("F2", -100, service="svarut"),
            line("F3", 100, service="fiks-io"),
            line("F4", -5, service="svarinn"),
            line("F5", 7, service="svarinn", period=APRIL),
            line("F6", 4000, price_element=FEE),
        ]
    books = keep_books(
        lines,
        [
            *(shared(key, 100, key) for key in keys),
            cost("B2", 1, service="fiks-arkiv"),
            cost("B3", 1, service="altinn-3"),
        ],
        [loan("L1", "REPAYMENT", 4000, "F6")] if keys != ["LIKT"] else [],
        totals=[
            total("svarut", 3),
            total("fiks-io", 1),
            total("altinn-3", 50),
            total("fiks-arkiv", 0),
            total("svarinn", 9, month=APRIL),
            total("fiks-io", 2, "soknader"),
            total("fiks-digisos", 10, "forsendelser"),
        ],
        dispatches=[
            dispatched("svarut", 10),
            dispatched("svarinn", 10),
            dispatched("svarinn", 20, channel="PRINT"),
            dispatched("svarut", 99, month=APRIL),
        ],
        status=[
            active("svarut", "0301"),
            active("svarut", "1103"),
            active("svarut", "5001", active=False),
            active("svarut", None),
            active("svarinn", "0301"),
            active("svarinn", "1103", month=APRIL),
            active("altinn-3", "0301"),
        ],
    )
    for key in keys:
        expected, weights = BY_KEY[key]
        rows = [r for r in books.allocation if r["entry_id"] == key]
        assert parts(books, key) == expected
        assert {r["service"]: r["weight"] for r in rows} == weights
        assert {r["total_weight"] for r in rows} == {sum(weights.values())}
        assert {r["key"] for r in rows} == {key.upper()}


def test_support_is_allocated_by_requests_for_support_where_nobody_says(keep_books):
    books = keep_books(
        costs=[shared("B1", 1001, None, "BRUKERSTOTTE"), cost("B2", 40, service="svarut")],
        totals=[total("svarut", 1), total("fiks-io", 1)],
    )
    assert [(e["service"], e["account"], e["category"], e["amount_ore"]) for e in books.entries] == [
        (None, "ALLOCATED_COST", "BRUKERSTOTTE", -1001),
        (None, "COST", "BRUKERSTOTTE", 1001),
        ("fiks-io", "ALLOCATED_COST", "BRUKERSTOTTE", 501),
        ("svarut", "ALLOCATED_COST", "BRUKERSTOTTE", 500),
        ("svarut", "COST", "DRIFT", 40),
    ]
    assert [(r["service"], r["allocated_ore"], r["result_ore"]) for r in books.months] == [
        ("fiks-io", 501, -501),
        ("svarut", 500, -540),
    ]
    assert not books.unmapped


def test_allocated_cost_is_in_the_cost_base_of_self_cost(keep_books):
    [march] = keep_books([line("F1", 1_000)], [shared("B1", 300, "LIKT"), cost("B2", 100)]).months
    assert (march["allocated_ore"], march["result_ore"], march["self_cost_percent"]) == (300, 600, Decimal("250.00"))


def test_a_part_of_what_is_simulated_is_synthetic(keep_books):
    books = keep_books(
        costs=[shared("B1", 10, "TIMER"), shared("B2", 10, "HENVENDELSER")],
        totals=[total("svarut", 1, "timer", synthetic=True), total("fiks-io", 1, "timer"), total("fiks-io", 1)],
    )
    assert {(r["entry_id"], r["service"], r["synthetic"]) for r in books.allocation} == {
        ("B1", "svarut", True),
        ("B1", "fiks-io", True),
        ("B2", "fiks-io", False),
    }
    pair = [e["synthetic"] for e in books.entries if e["source_key"] == "B1" and e["account"] == "ALLOCATED_COST"]
    assert pair == [True] * 3


def test_two_producers_may_call_their_entries_the_same(keep_books):
    books = keep_books(
        [line("F1", 1)],
        [shared("B1", 100, "LIKT"), shared("B1", 7, "LIKT", producer="annen")],
    )
    assert {(r["producer"], r["amount_ore"]) for r in books.allocation} == {("regnskap", 100), ("annen", 7)}


quantities = st.decimals(0, 10**12, places=4)
SPLIT_OVER = ("fiks-arkiv", "fiks-io", "svarinn", "svarut")


@settings(max_examples=examples(20, quick=3))
@given(
    st.lists(st.one_of(amounts, st.integers(-(10**13), 10**13)), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(SPLIT_OVER), st.one_of(quantities, st.sampled_from([0, 1, 2])), min_size=1),
)
def test_the_ledger_splits_by_largest_remainder(keep_books, amounts, weights):
    weights = {s: Decimal(w) for s, w in weights.items()}
    books = keep_books(
        costs=[shared(f"B{n}", a, "TIMER") for n, a in enumerate(amounts)],
        totals=[total(s, w, "timer") for s, w in weights.items()],
    )
    if not any(weights.values()):
        assert not books.allocation
        assert {r["reason"] for r in books.unmapped} == {"NO_WEIGHTS"}
        return
    for n, amount in enumerate(amounts):
        assert parts(books, f"B{n}") == allocated(amount, weights)
    whole = sum(weights.values())
    for row in books.allocation:
        assert abs(row["share"] - weights[row["service"]] / whole) <= Decimal("0.0000005000001")


def test_the_largest_amounts_that_the_door_lets_in_are_split_to_the_ore(keep_books):
    largest = 10**13
    lines = [line(f"F{n}", largest - n, service=s) for n, s in enumerate(SPLIT_OVER)]
    books = keep_books(lines, [shared("B1", -largest, "INNTEKT")])
    assert parts(books) == allocated(-largest, {s: Decimal(largest - n) for n, s in enumerate(SPLIT_OVER)})


def test_the_same_entries_in_any_order_give_the_same_ledger(keep_books):
    lines = [line(f"F{n}", 100 + n, service=s) for n, s in enumerate(SPLIT_OVER)]
    costs = [shared(f"B{n}", 997 + n, k) for n, k in enumerate(("INNTEKT", "LIKT", "TIMER"))] + [
        untold("B8"),
        untold("B9"),
    ]
    totals = [total(s, 1, "timer") for s in SPLIT_OVER]
    one = keep_books(lines, costs, mapping=[TO_SERVICE, SHARED], totals=totals)
    other = keep_books(lines[::-1], costs[::-1], mapping=[SHARED, TO_SERVICE], totals=totals[::-1])
    assert one == other
    assert (one.months, one.placed, one.unmapped, one.gaps) == (other.months, other.placed, other.unmapped, other.gaps)


def test_every_key_is_one_that_the_ledger_knows(keep_books):
    books = keep_books(costs=[shared(k, 100, k) for k in KEYS])
    assert {r["reason"] for r in books.unmapped} == {"NO_WEIGHTS"}


# --- the gate --------------------------------------------------------------------------------------------------------

FAULTS = {
    "a krone that is missing": ("entries", lambda e: e["source_key"] != "F1/1", None, {"ledger_ties", "products_tie"}),
    "an entry of nothing that is missing": ("entries", lambda e: e["source_key"] != "F2/1", None, {"ledger_ties"}),
    "a debit that is missing": (
        "entries",
        lambda e: (e["account"], e["service"]) != ("ALLOCATED_COST", "svarut"),
        None,
        {"ledger_ties", "allocations_tie", "products_tie"},
    ),
    "a pair that is missing": (
        "entries",
        lambda e: e["account"] != "ALLOCATED_COST",
        None,
        {"allocations_tie", "products_tie"},
    ),
    "a split that is missing": ("allocation", lambda _: False, None, {"allocations_tie"}),
    "parts that changed places": (
        "allocation",
        lambda _: True,
        lambda r: r | {"amount_ore": 101 - r["amount_ore"]},
        {"allocations_tie"},
    ),
    "a part of one øre more": (
        "allocation",
        lambda _: True,
        lambda r: r | {"amount_ore": r["amount_ore"] + (r["service"] == "svarut")},
        {"allocations_tie"},
    ),
    "a product that carries less": (
        "months",
        lambda _: True,
        lambda r: r | {"allocated_ore": 0, "result_ore": r["result_ore"] + r["allocated_ore"]},
        {"products_tie"},
    ),
    "a product that is missing": ("months", lambda r: r["service"] != "svarut", None, {"products_tie"}),
}


@pytest.fixture(scope="module")
def in_order(keep_books):
    """Invoice lines, cost entries, and the ledger of them that the gate finds in order."""
    lines, costs = [line("F1", 100), line("F2", 0)], [shared("B1", 101, "TIMER"), cost("B2", 3)]
    totals = [total("svarut", 1, "timer"), total("fiks-io", 3, "timer")]
    return lines, costs, keep_books(lines, costs, totals=totals, judged=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_gate_sees(in_order, rows_of, session, fault):
    lines, costs, books = in_order
    table, kept, changed, seen = FAULTS[fault]
    wrong = {name: getattr(books, name) for name in ("allocation", "entries", "months")}
    wrong[table] = [changed(r) if changed else r for r in wrong[table] if kept(r)]
    tables = {
        "invoice_line": rows_of(conformed.INVOICE_LINE, *lines),
        "person_priced_line": rows_of(PERSON_PRICED_LINE),
        "cost_entry": rows_of(conformed.COST_ENTRY, *costs),
        "loan_entry": rows_of(conformed.LOAN_ENTRY),
        "allocation": rows_of(ALLOCATION, *wrong["allocation"]),
        "entry": rows_of(ENTRY, *wrong["entries"]),
        "product_month": rows_of(PRODUCT_MONTH, *wrong["months"]),
    }
    assert set(faults(session, tables)) == seen


@pytest.mark.slow("what a file keeps of each cell is in test_saft.py")
def test_a_year_of_saft_gives_the_ledger_of_the_entries_that_it_was_written_from(keep_books, tmp_path):
    """An entry keeps account, cost centre, project, supplier and kroner by way of the file."""
    plan = Plan(dispatches=500, months=12, last_month=date(2026, 5, 1), seed=7)
    sent = [b for b in batches(plan) if b.stream in ("cost_entry", "register")]
    said = ("producer", "first_received_at", "service", "cost_category", "allocation_key", "varies_with", "text")
    today = [r for b in sent if b.stream == "cost_entry" for r in b.table.to_pylist()]
    rows = (r for b in sent if b.stream == "register" for r in b.table.to_pylist())
    mapping = {r["row_number"]: json.loads(r["values"]) for r in rows if r["register"] == "cost_mapping"}
    typed = [typed_row(COST_MAPPING.columns, row) for row in mapping.values()]
    path = tmp_path / "year.xml"
    months = sorted({r["period"] for r in today})
    path.write_text("".join(saft.written(today, company="974760673", first=months[0], last=months[-1])))
    registers = {
        "saft_account": [{"account": a, "taken": True} for a in {r["account"] for r in today}],
        "saft_dimension": [{"analysis_type": "A", "use": "COST_CENTER"}, {"analysis_type": "P", "use": "PROJECT"}],
    }
    opened = formats.open_file(path, streams.COST_ENTRY, inputs=ReaderInputs("974760673", registers=registers))
    by_file = [row for chunk in opened.chunks for row in chunk.to_pylist()]

    def kept(entries):
        costs = [{k: v for k, v in r.items() if k not in said} | RECEIVED for r in entries]
        books = keep_books(costs=costs, mapping=typed)
        cells = ("account", "service", "project", "period", "category", "amount_ore")
        return books.months, Counter(tuple(e[c] for c in cells) for e in books.entries)

    assert len(by_file) == len(today) > 400
    assert kept(by_file) == kept(today)
