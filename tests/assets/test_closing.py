"""A closed period never moves, whatever lands, is taken back or is mapped anew; and nothing is lost by that."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assets import closing, ledger, projects, quality
from assets.build import BuildWindow
from catalog.contracts.scan import Query, Values
from catalog.domain.calendar import months_of_quarter, quarter_of
from catalog.tables import reference, uptake
from catalog.tables.ledger import ENTRY, PERIOD, PRODUCT_MONTH, cell_column
from catalog.tables.projects import LOAN_MONTH, PROJECT_MONTH
from catalog.tables.registers import BUDGET, CLOSED_AMOUNT, PRICE_RULE, PROJECT
from catalog.tables.registers import PERIOD as CLOSED_QUARTER
from catalog.tables.streams import LOAN_KINDS
from tests.thorough import examples
from transport.lake.session import Session

NOW = datetime(2027, 1, 15, tzinfo=UTC)
BEGUN = datetime(2026, 4, 1, tzinfo=UTC)
JANUARY, MARCH, APRIL, JULY = (date(2026, m, 1) for m in (1, 3, 4, 7))
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
OF_LOAN = ("drawn_ore", "repaid_ore", "written_off_ore", "balance_ore")
OF_PROJECT = (*OF_LOAN, "spent_ore", "spent_to_date_ore")
BOOKED = pa.schema(
    [
        *(f for f in ENTRY.arrow_schema if f.name not in ("month", "original_period")),
        pa.field("first_received_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""An entry before periods are closed."""
SENT = pa.schema(
    [
        *((name, pa.string()) for name in ("producer", "invoice_id")),
        ("line_number", pa.int32()),
        *((n, pa.string()) for n in ("organisation_number", "payer_number", "service", "price_element", "account_id")),
        ("period", pa.date32()),
        *((name, pa.int64()) for name in ("quantity", "unit_price", "amount_ore")),
        ("corrects_invoice_id", pa.string()),
    ]
)
"""What is asked of invoice lines."""


def at(hour):
    return BEGUN + timedelta(hours=hour)


def booked(key, amount, period=JANUARY, hour=0, **more):
    row = {
        "source_stream": "cost_entry",
        "producer": "regnskap",
        "source_key": key,
        "service": "svarut",
        "project": None,
        "period": period,
        "account": "COST",
        "category": "DRIFT",
        "amount_ore": amount,
        "first_received_at": at(hour),
        "synthetic": False,
    }
    return row | more


def spent(key, amount, project="DF-1", **more):
    return booked(key, amount, account="PROJECT", category="UTVIKLING", project=project, **more)


def lent(key, amount, kind="DRAWDOWN", project="DF-1", **more):
    return booked(
        key, amount, source_stream="loan_entry", account="LOAN", category=kind, project=project, service=None, **more
    )


class Books:
    """The ledger over entries as they stand, and what was closed of it."""

    def __init__(self, session):
        self.session = session
        self.entries: dict[str, dict] = {}
        self.closed: dict[str, dict] = {}
        self.amounts: dict[str, list[dict]] = {}

    def add(self, *rows):
        for row in rows:
            self.entries[row["source_key"], row["service"]] = row

    @property
    def registers(self):
        return {
            "closed_quarter": Values(pa.Table.from_pylist(list(self.closed.values()), CLOSED_QUARTER.schema)),
            "closed_amount": Values(
                pa.Table.from_pylist([r for rows in self.amounts.values() for r in rows], CLOSED_AMOUNT.schema)
            ),
        }

    def scan(self, entries=None):
        rows = list(self.entries.values()) if entries is None else entries
        booked = Values(pa.Table.from_pylist(rows, BOOKED))
        return closing.entry.make(BuildWindow(NOW), booked_entry=booked, **self.registers)

    def table(self, entries=None) -> pa.Table:
        made = self.session.cleared().table(self.scan(entries))
        return made.select(ENTRY.arrow_schema.names).cast(ENTRY.arrow_schema)

    def rows(self, entries=None):
        rows = self.table(entries).to_pylist()
        assert len({tuple(r[k] for k in ENTRY.key) for r in rows}) == len(rows), "a key twice"
        return sorted(rows, key=lambda r: tuple(str(r[k]) for k in ENTRY.key))

    def projects(self):
        """What each project and loan has in each month in which it has anything, as their tables say it."""
        empty = {n: Values(c.schema.empty_table()) for n, c in (("project", PROJECT), ("price_rule", PRICE_RULE))}
        empty |= {
            name: Values(contract.arrow_schema.empty_table())
            for name, contract in (
                ("status_month", uptake.STATUS_MONTH),
                ("forecast", uptake.FORECAST),
                ("municipality", reference.MUNICIPALITY),
                ("population", reference.POPULATION),
            )
        }
        entry = Values(self.table())
        told = self.session.cleared().table(projects.project_month.make(BuildWindow(NOW), entry=entry, **empty))
        loans = projects.loan_month.make(BuildWindow(NOW), project_month=Values(told), entry=entry)
        owed = self.session.cleared().table(loans)
        rule = next(r for r in quality.TABLE_RULES if r.name == "loan_balances_tie")
        ties = rule.broken({"loan_month": Values(owed), "entry": entry})
        assert self.session.cleared().table(ties).to_pylist() == []
        return {
            (contract.table, r["project"], r["month"], c): r[c]
            for contract, table, columns in ((PROJECT_MONTH, told, OF_PROJECT), (LOAN_MONTH, owed, OF_LOAN))
            for r in table.to_pylist()
            for c in columns
            if r[c]
        }

    def close(self, quarter, hour):
        first, _, last = months_of_quarter(quarter)
        amounts = self.session.cleared().table(closing.amounts(Values(self.table()), first, last))
        self.amounts[quarter] = amounts.to_pylist()
        self.closed[quarter] = {
            "quarter": quarter,
            "status": "CLOSED",
            "closed_by": "økonomi",
            "release": "2026-04-01.1",
            "changed_at": at(hour),
            "counted_until": at(hour),
            "reason": None,
        }

    def reopen(self, quarter):
        self.closed[quarter] |= {"status": "REOPENED", "counted_until": None}

    def broken(self, entry=None):
        rule = next(r for r in quality.TABLE_RULES if r.name == "closed_periods_hold")
        scans = {"entry": Values(self.table()) if entry is None else entry, **self.registers}
        return self.session.cleared().table(rule.broken(scans)).to_pylist()


@pytest.fixture
def books(settings):
    with Session(settings) as session:
        yield Books(session)


def where(rows):
    return {(r["source_key"], r["period"], r["original_period"], r["amount_ore"]) for r in rows}


def sums(rows, *by):
    found = Counter()
    for r in rows:
        found[tuple(r[k] for k in by)] += r["amount_ore"]
    return {k: v for k, v in found.items() if v}


def test_while_nothing_is_closed_each_entry_is_in_its_own_month(books):
    books.add(booked("B1", 100), booked("B2", 50, MARCH, hour=9))
    assert where(books.rows()) == {("B1", JANUARY, JANUARY, 100), ("B2", MARCH, MARCH, 50)}


def test_an_entry_for_a_closed_quarter_is_booked_in_the_first_open_month_and_says_where_it_belongs(books):
    books.add(booked("B1", 100, hour=1))
    books.close("2026-Q1", hour=1)
    books.add(booked("B2", 50, MARCH, hour=2))
    assert where(books.rows()) == {("B1", JANUARY, JANUARY, 100), ("B2", APRIL, MARCH, 50)}
    assert books.broken() == []


def test_what_was_booked_forward_into_a_quarter_stays_there_when_that_is_closed_too(books):
    books.add(booked("B1", 100))
    books.close("2026-Q1", hour=1)
    books.add(booked("B2", 50, MARCH, hour=2))
    before = books.rows()
    books.close("2026-Q2", hour=3)
    assert books.rows() == before
    books.add(booked("B3", 7, MARCH, hour=4))
    assert ("B3", JULY, MARCH, 7) in where(books.rows())


def test_a_batch_taken_back_leaves_the_closed_month_and_is_taken_out_of_the_first_open_one(books):
    books.add(booked("B1", 100), booked("B2", 40))
    books.close("2026-Q1", hour=1)
    del books.entries["B2", "svarut"]
    assert where(books.rows()) == {
        ("B1", JANUARY, JANUARY, 100),
        ("2026-Q1/2026-01/2026-01/DRIFT", JANUARY, JANUARY, 40),
        ("2026-Q1/2026-01/2026-04/DRIFT", APRIL, JANUARY, -40),
    }
    books.add(booked("B2", 40))
    assert where(books.rows()) == {("B1", JANUARY, JANUARY, 100), ("B2", JANUARY, JANUARY, 40)}


def test_a_remapped_cost_moves_between_products_in_the_open_month_only(books):
    books.add(booked("B1", 100))
    books.close("2026-Q1", hour=1)
    books.entries["B1", "svarut"]["service"] = "fiks-io"
    rows = books.rows()
    assert sums(rows, "service", "period") == {
        ("svarut", JANUARY): 100,
        ("svarut", APRIL): -100,
        ("fiks-io", APRIL): 100,
    }
    assert {r["source_stream"] for r in rows} == {"cost_entry", "period"}
    assert len([r for r in rows if r["source_stream"] == "period"]) == 4


def test_a_change_known_when_the_next_quarter_was_closed_is_not_booked_twice(books):
    books.add(booked("B1", 100), booked("B2", 40))
    books.close("2026-Q1", hour=1)
    del books.entries["B2", "svarut"]
    before = books.rows()
    books.close("2026-Q2", hour=2)
    assert books.rows() == before
    books.add(booked("B2", 40))
    assert sums(books.rows(), "period") == {(JANUARY,): 140, (APRIL,): -40, (JULY,): 40}
    assert {r["original_period"] for r in books.rows()} == {JANUARY}


def test_an_allocation_that_changes_after_closing_moves_no_closed_month(books):
    def allocated(**shares):
        rows = [booked("felles", -sum(shares.values()), account="ALLOCATED_COST", service=None)]
        return rows + [booked("felles", v, account="ALLOCATED_COST", service=k) for k, v in shares.items()]

    books.add(*allocated(svarut=300))
    books.close("2026-Q1", hour=1)
    books.add(*allocated(svarut=200, altut=100))
    rows = books.rows()
    assert sums(rows, "service", "period") == {
        (None, JANUARY): -300,
        ("svarut", JANUARY): 300,
        ("svarut", APRIL): -100,
        ("altut", APRIL): 100,
    }
    assert sums(rows, "period") == {}, "pairs sum to zero in each month"


def test_a_quarter_in_which_nothing_had_happened_does_not_lie_open_behind_a_closed_one(books, answer):
    books.add(booked("B1", 100), booked("B2", 40, JULY))
    books.close("2026-Q1", hour=1)
    books.close("2026-Q3", hour=2)
    books.add(booked("B3", 7, APRIL, hour=3), booked("B4", 5, date(2025, 5, 1), hour=3), booked("B5", 3, hour=3))
    october = date(2026, 10, 1)
    assert {(k, p) for k, p, *_ in where(books.rows()) if p >= october} == {(f"B{n}", october) for n in (3, 4, 5)}
    assert books.broken() == []
    made = closing.period.make(
        BuildWindow(NOW), entry=Values(books.table()), closed_quarter=books.registers["closed_quarter"]
    )
    assert {r["quarter"]: (r["status"], r["later_entries"]) for r in answer(made, PERIOD)} == {
        "2025-Q2": ("CLOSED", 1),
        "2026-Q1": ("CLOSED", 1),
        "2026-Q2": ("CLOSED", 1),
        "2026-Q3": ("CLOSED", 0),
        "2026-Q4": ("OPEN", 0),
    }


def test_the_gate_sees_a_quarter_that_was_opened_by_hand_before_one_that_is_closed(books):
    books.add(booked("B1", 100), booked("B2", 40, JULY))
    books.close("2026-Q1", hour=1)
    books.close("2026-Q3", hour=2)
    books.reopen("2026-Q1")
    assert {b["what"] for b in books.broken()} == {"OPENED_WITHIN"}


def of_months(found, quarter):
    return {k: v for k, v in found.items() if k[2] in months_of_quarter(quarter)}


def test_what_is_taken_back_or_mapped_anew_moves_no_closed_month_of_a_project_or_a_loan(books):
    books.add(lent("L1", 900), lent("L2", 500, project="DF-2"), spent("B1", 300), spent("B2", 40))
    books.close("2026-Q1", hour=1)
    before = books.projects()
    del books.entries["L1", None]
    books.add(booked("B1", 300), spent("B2", 40, project="DF-2"))
    after = books.projects()
    assert of_months(after, "2026-Q1") == of_months(before, "2026-Q1") != {}
    april = {k: v for k, v in after.items() if k[0] == "project_month" and k[2] == APRIL}
    assert {k[1::2]: v for k, v in april.items()} == {
        ("DF-1", "drawn_ore"): -900,
        ("DF-1", "spent_ore"): -340,
        ("DF-2", "balance_ore"): 500,
        ("DF-2", "spent_ore"): 40,
        ("DF-2", "spent_to_date_ore"): 40,
    }
    assert ("2026-Q1/2026-01/2026-04/DRAWDOWN/DF-1", APRIL, JANUARY, -900) in where(books.rows())
    assert books.broken() == []


def test_a_quarter_closed_before_amounts_named_projects_holds_its_products_and_moves_no_project(books):
    books.add(booked("B1", 100), lent("L1", 900), lent("L2", 500, project="DF-2"), spent("B2", 300))
    before = books.rows(), books.projects()
    books.close("2026-Q1", hour=1)
    of_then = {}
    for row in books.amounts["2026-Q1"]:
        key = tuple(row[k] for k in ("period", "original_period", "service", "account", "category"))
        of_then.setdefault(key, row | {"project": None, "amount_ore": 0})["amount_ore"] += row["amount_ore"]
    books.amounts["2026-Q1"] = list(of_then.values())
    assert (books.rows(), books.projects()) == before
    assert books.broken() == []
    del books.entries["B1", "svarut"], books.entries["L1", None]
    assert sums(books.rows(), "account", "period") == {
        ("COST", JANUARY): 100,
        ("COST", APRIL): -100,
        ("LOAN", JANUARY): 1_400,
        ("LOAN", APRIL): -900,
        ("PROJECT", JANUARY): 300,
    }
    assert books.broken() == []


@pytest.mark.parametrize("signed", [True, None])
def test_a_quarter_closed_when_fees_were_of_the_loan_or_loans_had_one_sign_holds_and_moves_nothing(books, signed):
    receivable = {"account": "JOINING_FEE_RECEIVABLE", "project": None, "service": "svarut"}
    by_fee = lent("L2", -250, "REPAID_BY_FEE") | receivable
    fee = lent("F1/1", 250, "digiorden-tilkoblingspris") | receivable
    books.add(lent("L1", 900), lent("L2", -250, "REPAYMENT"), by_fee, lent("L3", -50, "WRITE_OFF"), fee)
    before = books.rows(), books.projects()
    books.close("2026-Q1", hour=1)
    of_fees = (row["account"] == "JOINING_FEE_RECEIVABLE" for row in books.amounts["2026-Q1"])
    books.amounts["2026-Q1"] = [
        row | {"signed": signed, "account": "LOAN", "amount_ore": ore if signed else abs(ore)}
        for row, of_fee in zip(books.amounts["2026-Q1"], of_fees, strict=True)
        for ore in (-row["amount_ore"] if of_fee else row["amount_ore"],)
        if signed or row["category"] != "REPAID_BY_FEE"
    ]
    assert (books.rows(), books.projects()) == before
    assert books.broken() == []
    del books.entries["L3", None]
    assert sums(books.rows(), "category", "period") == {
        ("DRAWDOWN", JANUARY): 900,
        ("REPAYMENT", JANUARY): -250,
        ("REPAID_BY_FEE", JANUARY): -250,
        ("WRITE_OFF", JANUARY): -50,
        ("WRITE_OFF", APRIL): 50,
        ("digiorden-tilkoblingspris", JANUARY): 250,
    }
    assert books.broken() == []


def test_a_loan_sums_to_its_balance_in_the_accounts_of_projects(books):
    books.add(lent("L1", 900), lent("L2", -250, "REPAYMENT"), lent("L3", -50, "WRITE_OFF"))
    told = {k[3]: v for k, v in books.projects().items() if k[0] == "loan_month" and k[2] == JANUARY}
    assert told == {"drawn_ore": 900, "repaid_ore": 250, "written_off_ore": 50, "balance_ore": 600}
    assert sum(r["amount_ore"] for r in books.rows()) == told["balance_ore"]


def test_a_reopened_quarter_takes_its_own_again(books):
    books.add(booked("B1", 100), booked("B2", 40))
    books.close("2026-Q1", hour=1)
    del books.entries["B2", "svarut"]
    books.add(booked("B3", 7, hour=2))
    books.reopen("2026-Q1")
    assert where(books.rows()) == {("B1", JANUARY, JANUARY, 100), ("B3", JANUARY, JANUARY, 7)}
    assert books.broken() == []


def test_what_is_made_up_is_known_as_such_when_it_is_booked_forward(books):
    books.add(booked("B1", 100, synthetic=True))
    books.close("2026-Q1", hour=1)
    books.entries.clear()
    assert [r["synthetic"] for r in books.rows()] == [True, True]


def test_the_gate_sees_a_closed_month_that_moved_and_a_quarter_closed_without_amounts(books):
    books.add(booked("B1", 100))
    books.close("2026-Q1", hour=1)
    moved = Query("select * replace (amount_ore + 1 as amount_ore) from whole", {"whole": Values(books.table())})
    assert [(b["what"], b["expected_ore"], b["booked_ore"]) for b in books.broken(moved)] == [("CLOSED_AT", 100, 101)]
    books.amounts["2026-Q1"] = []
    assert {b["what"] for b in books.broken()} == {"NO_AMOUNTS"}


def test_a_quarter_says_how_it_stands_and_what_came_later(books, answer):
    books.add(booked("B1", 100), booked("B2", 40, JULY))
    books.close("2026-Q1", hour=1)
    books.add(
        booked("B3", 30, hour=2),
        booked("F1/1", 900, hour=2, account="INCOME", source_stream="invoice_line"),
        booked("L1", 5_000, hour=2, account="LOAN", source_stream="loan_entry"),
    )
    entries = Values(books.table())
    made = closing.period.make(BuildWindow(NOW), entry=entries, closed_quarter=books.registers["closed_quarter"])
    rows = answer(made, PERIOD)
    assert [(r["quarter"], r["status"], r["later_entries"], r["later_ore"]) for r in rows] == [
        ("2026-Q1", "CLOSED", 3, 870),
        ("2026-Q2", "OPEN", 0, 0),
        ("2026-Q3", "OPEN", 0, 0),
    ]
    assert (rows[0]["closed_by"], rows[0]["release"], rows[1]["closed_by"]) == ("økonomi", "2026-04-01.1", None)


def test_a_line_for_a_year_that_comes_late_is_income_of_the_open_month_for_the_months_that_are_closed(books):
    books.add(booked("B1", 100))
    books.close("2026-Q1", hour=1)
    moved = {"account": "INVOICED_BEFORE", "source_stream": "invoice_line", "organisation_number": "958935420"}
    for n in range(2, 13):
        books.entries["F1/1", n] = booked("F1/1", 10, date(2026, n, 1), hour=2, **moved)
    found = [r for r in books.rows() if r["account"] == "INVOICED_BEFORE"]
    assert Counter(r["period"].month for r in found) == Counter({4: 3} | dict.fromkeys(range(5, 13), 1))
    assert sorted(r["original_period"].month for r in found) == list(range(2, 13))


keys = st.sampled_from([f"B{n}" for n in range(6)])
kroner = st.integers(-(10**12), 10**12)
months = st.integers(1, 12).map(lambda m: date(2026, m, 1))
services = st.sampled_from(["svarut", "fiks-io", None])
named = st.sampled_from(["DF-1", "DF-2"])
entries = st.one_of(
    st.builds(
        booked,
        keys,
        kroner,
        months,
        service=services,
        account=st.sampled_from(["INCOME", "COST", "ALLOCATED_COST", "JOINING_FEE_RECEIVABLE"]),
        category=st.sampled_from(["DRIFT", None]),
    ),
    st.builds(spent, keys, kroner, named, period=months, service=services),
    st.builds(lent, keys, kroner, st.sampled_from(LOAN_KINDS), named, period=months),
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("add"), entries),
        st.tuples(st.just("change"), entries),
        st.tuples(st.just("withdraw"), keys),
        st.tuples(st.just("close"), st.none()),
        st.tuples(st.just("reopen"), st.none()),
    ),
    min_size=3,
    max_size=8,
)


@hypothesis_settings(max_examples=examples(12, quick=2))
@given(st.lists(entries, min_size=2, max_size=6), acts, st.randoms(use_true_random=False))
def test_closed_months_never_move_and_no_krone_is_lost_whatever_happens_in_whatever_order(
    settings, first, steps, shuffler
):
    cell = ("period", "service", "project", "account", "category")
    with Session(settings) as session:
        books = Books(session)
        books.add(booked("B0", 1), *first)
        after, of_projects = books.rows(), books.projects()
        # what is of interest begins when the first quarter is closed
        for hour, (act, what) in enumerate([("close", None), *steps], 1):
            shut = [q for q in QUARTERS if books.closed.get(q, {}).get("status") == "CLOSED"]
            before, of_projects_before = after, of_projects
            if act == "add":
                books.entries.setdefault((what["source_key"], what["service"]), what | {"first_received_at": at(hour)})
            elif act == "change" and (what["source_key"], what["service"]) in books.entries:
                came = books.entries[what["source_key"], what["service"]]["first_received_at"]
                books.add(what | {"first_received_at": came})
            elif act == "withdraw":
                books.entries = {k: v for k, v in books.entries.items() if k[0] != what}
            elif act == "close" and len(shut) < len(QUARTERS):
                quarter = QUARTERS[len(shut)]
                if any(quarter_of(r["period"]) == quarter for r in before):
                    books.close(quarter, hour)
                    assert books.rows() == before, "closing moves something"
            elif act == "reopen" and shut:
                books.reopen(shut.pop())
            after, of_projects = books.rows(), books.projects()
            for quarter in shut:
                months = months_of_quarter(quarter)
                was, now = ([r for r in rows if r["period"] in months] for rows in (before, after))
                assert sums(now, *cell) == sums(was, *cell), f"{quarter} moved by {act}"
                assert of_months(of_projects, quarter) == of_months(of_projects_before, quarter), f"moved by {act}"
            standing = [r | {"original_period": r["period"]} for r in books.entries.values()]
            original = ("original_period", *cell[1:])
            assert sums(after, *original) == sums(standing, *original), "a krone was lost, or made"
            assert {r["source_key"] for r in after if r["source_stream"] != "period"} == {k for k, _ in books.entries}
        assert books.broken() == []
        mixed = list(books.entries.values())
        shuffler.shuffle(mixed)
        assert books.rows(mixed) == books.rows()
        for quarter in list(books.closed):
            books.reopen(quarter)
        assert all(r["period"] == r["original_period"] for r in books.rows())
        assert len(books.rows()) == len(books.entries)


def test_each_cell_of_the_month_account_is_the_sum_of_the_entries_that_it_names(books, answer):
    categories = ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON", "UTVIKLING", None)
    accounts = ("INCOME", "COST", "ALLOCATED_COST", "LOAN", "JOINING_FEE_RECEIVABLE", "PROJECT")
    books.add(*(booked(f"{a}-{c}", 10**n, account=a, category=c) for a in accounts for n, c in enumerate(categories)))
    budget = Values(BUDGET.schema.empty_table())
    [row] = answer(
        ledger.product_month.make(BuildWindow(NOW), entry=Values(books.table()), budget=budget), PRODUCT_MONTH
    )
    found = Counter()
    for entry in books.rows():
        found[cell_column(entry["account"], entry["category"])] += entry["amount_ore"]
    del found[None]
    assert dict(found) == {c: row[c] for c in found}
    assert {c.name for c in PRODUCT_MONTH.columns if c.name.startswith(("cost_", "income_", "allocated_"))} == set(
        found
    )


def test_an_invoice_under_two_numbers_is_told_unless_one_of_them_is_credited(settings):
    def line(invoice, amount=100, customer="958935420", corrects=None, number=1, producer="regnskap"):
        return {
            "producer": producer,
            "invoice_id": invoice,
            "line_number": number,
            "organisation_number": customer,
            "payer_number": None,
            "service": "svarut",
            "price_element": "svarut-forsendelser",
            "account_id": None,
            "period": JANUARY,
            "quantity": 1,
            "unit_price": amount,
            "amount_ore": amount,
            "corrects_invoice_id": corrects,
        }

    def told(*lines):
        table = pa.Table.from_pylist(lines, schema=SENT)
        with Session(settings) as session:
            (row,) = session.table(closing.billed_twice(Values(table), JANUARY, MARCH)).to_pylist()
        return row["numbers"], row["ore"]

    two = [line("F1"), line("F1", 50, number=2)]
    again = [line("F2"), line("F2", 50, number=2)]
    assert told(*two, *again) == (["F2"], 150)
    assert told(*two, *again, line("F3"), line("F3", 50, number=2)) == (["F2", "F3"], 300)
    assert told(*two, line("F2")) == ([], 0), "one of its lines is no copy"
    assert told(line("F1"), line("F2", customer="974760673")) == ([], 0)
    assert told(line("F1"), line("F2", producer="annen")) == ([], 0)
    assert told(*two, *again, line("K1", -150, corrects="F2")) == ([], 0)
