"""Closing a quarter: what is refused, what is shown, what is kept, and that it holds when more lands."""

import json
import re
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from catalog.errors import GateFailed
from catalog.tables import registers
from catalog.tables.ledger import ENTRY, JOINING_FEE_GAP, PRODUCT_MONTH, ROUNDED
from catalog.tables.projects import LOAN_MONTH, PROJECT_MONTH
from transport.base.settings import PROJECT
from transport.ingest import registers as kept_registers
from transport.ingest.registers import latest
from transport.releases import dataset_reader
from transport.storage import landing

FIRST = date(2026, 1, 1)
EXAMPLE = PROJECT / "docs" / "ledger-example"


def read(home, contract):
    opened = dataset_reader.open_dataset(home.current, contract)
    return [row for batch in opened.batches for row in batch.to_pylist()]


def closed_months(home):
    """Of products, projects and loans; when a loan is paid off is told of the last month alone."""
    return [
        {k: v for k, v in r.items() if not k.startswith("payoff")}
        for contract in (PRODUCT_MONTH, PROJECT_MONTH, LOAN_MONTH)
        for r in read(home, contract)
        if r["month"] < date(2026, 4, 1)
    ]


def register(home, contract):
    with home.begun() as run:
        return latest(run.landing, contract).to_pylist()


def run(home):
    assert home.run(as_of=landing.utc_now()) is not None


@pytest.fixture
def closed(ledgers, command):
    """The same home, its first quarter closed; no run has taken it in."""
    code, _, err = command("period", "close", "2026-Q1", "--by", "økonomi", "--yes")
    assert code == 0, err
    return ledgers


def told(out):
    """The amounts of the table, by what they are called."""
    lines = out.split("Cost without")[0].splitlines()[2:]
    return dict(re.split(r" {2,}", line.strip()) for line in lines)


def test_a_quarter_is_only_shown_until_somebody_says_yes(ledgers, command):
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert code == 0
    assert told(out) == {
        "Income, as invoiced": "2 900.00",
        "Cost": "420.00",
        "Result": "2 480.00",
        "Loans drawn": "500.00",
        "Loans, balance at the end": "500.00",
    }
    for said in ("Cost without a category: 50.00 kr", "--yes"):
        assert said in out
    assert register(ledgers, registers.PERIOD) == register(ledgers, registers.CLOSED_AMOUNT) == []


@pytest.mark.slow("two runs")
def test_loans_are_told_as_drawn_and_repaid_and_never_summed_with_one_another(ledgers, laid, command):
    fee = {"invoice_id": "F7", "service": "fiks-digiorden", "price_element": "digiorden-tilkoblingspris"}
    laid("invoice_line", "fee", fee | {"amount_ore": 12_000})
    repaid = {"entry_id": "L7", "kind": "REPAYMENT", "invoice_id": "F7", "amount_ore": 12_000}
    laid("loan_entry", "more", repaid, {"entry_id": "L8", "kind": "WRITE_OFF", "amount_ore": 3_000})
    laid("loan_entry", "later", {"entry_id": "L9", "amount_ore": 99_000, "booked_on": date(2026, 4, 1)})
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert code == 0
    assert told(out) == {
        "Income, as invoiced": "2 900.00",
        "Cost": "420.00",
        "Result": "2 480.00",
        "Loans drawn": "500.00",
        "Loans repaid": "120.00",
        "Joining fees billed, repaid by entries of their own": "120.00",
        "Loans written off": "30.00",
        "Loans, balance at the end": "350.00",
    }
    facts = json.loads(command("period", "close", "2026-Q1", "--by", "økonomi", "--json")[1])
    assert facts["accounts_ore"] == {"INCOME": 290_000, "COST": 42_000}
    laid("loan_entry", "rest", {"entry_id": "L10", "kind": "REPAYMENT", "amount_ore": 35_000})
    run(ledgers)
    last = told(command("period", "close", "2026-Q1", "--by", "økonomi")[1])
    assert (last["Loans repaid"], last["Loans, balance at the end"]) == ("470.00", "0.00")


@pytest.mark.slow("a run for a line of the answer")
def test_joining_fees_that_do_not_tie_with_the_loan_are_told_before_a_quarter_is_closed(ledgers, laid, command):
    fee = {"invoice_id": "F7", "service": "fiks-digiorden", "price_element": "digiorden-tilkoblingspris"}
    laid("invoice_line", "fee", fee | {"amount_ore": 6_000_000})
    laid("loan_entry", "fee", {"entry_id": "L7", "kind": "REPAYMENT", "invoice_id": "F7", "amount_ore": 5_000_000})
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert (code, "1 invoice has joining fees that do not tie with the loan, 10 000.00 kr" in out) == (0, True)
    assert [(r["invoice_id"], r["reason"], r["difference_ore"]) for r in read(ledgers, JOINING_FEE_GAP)] == [
        ("F7", "FEE_ABOVE_REPAYMENT", 1_000_000)
    ]


@pytest.mark.slow("a run for a line of the answer")
def test_what_is_set_aside_of_the_quarter_is_told_before_it_is_closed(ledgers, laid, command):
    line = {"invoice_id": "F11", "amount_ore": 1_000, "unit_price": Decimal(7)}
    april = date(2026, 4, 1)
    laid("invoice_line", "odd", line, line | {"line_number": 2, "amount_ore": -3_000}, line | {"line_number": 3})
    laid("invoice_line", "mended", {"invoice_id": "F11", "line_number": 3, "amount_ore": 7})
    laid("invoice_line", "later", line | {"invoice_id": "F12", "period": april})
    laid("cost_entry", "one", {"entry_id": "B11", "amount_ore": 5_000})
    laid("cost_entry", "two", {"entry_id": "B11", "amount_ore": 6_000})
    laid("cost_entry", "mid", {"entry_id": "B12", "amount_ore": 100, "period": date(2026, 3, 31)})
    laid("loan_entry", "odd", {"entry_id": "L11", "amount_ore": 900, "kind": "TULL"})
    laid("loan_entry", "later", {"entry_id": "L12", "amount_ore": 900, "kind": "TULL", "booked_on": april})
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert code == 0
    for said in (
        "2 invoice lines are set aside and in no ledger, 40.00 kr (dif quarantine show invoice_line).",
        "2 cost entries are set aside and in no ledger, 61.00 kr (dif quarantine show cost_entry).",
        "1 loan entry is set aside and in no ledger, 9.00 kr (dif quarantine show loan_entry).",
    ):
        assert said in out
    facts = json.loads(command("period", "close", "2026-Q1", "--by", "økonomi", "--json")[1])
    assert facts["set_aside"]["invoice_line"] == {"records": 2, "ore": 4_000, "without_amount": 0}
    both = json.loads(command("period", "close", "2026-Q2", "--by", "økonomi", "--earlier", "--json")[1])
    assert {k: v["records"] for k, v in both["set_aside"].items()} == {
        "invoice_line": 3,
        "cost_entry": 2,
        "loan_entry": 2,
    }


@pytest.mark.slow("a run for a line of the answer")
def test_loans_that_cannot_be_right_are_told_before_a_quarter_is_closed(ledgers, laid, command):
    project = {"project": "p", "title": "P", "financing": "DIGIFIN", "phase": "UTVIKLING", "granted_ore": 40_000}
    with ledgers.begun() as begun:
        kept_registers.apply(
            begun.landing, registers.PROJECT, [project], by="økonomi", reason="prøve", now=landing.utc_now()
        )
    laid("loan_entry", "back", {"entry_id": "L2", "project": "q", "kind": "REPAYMENT", "amount_ore": 1_000})
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert code == 0
    assert "Loan q is repaid beyond what was drawn: balance -10.00 kr." in out
    assert "Loan p is drawn beyond the grant: 500.00 kr of 400.00 kr." in out
    assert "set aside" not in out


@pytest.mark.slow("two runs; the tables alone are tried in tests/assets")
def test_a_joining_fee_is_a_receivable_in_a_quarter_closed_before_its_repayment_is_booked(ledgers, laid, command):
    fee = {"invoice_id": "F7", "service": "fiks-digiorden", "price_element": "digiorden-tilkoblingspris"}
    laid("invoice_line", "fee", fee | {"amount_ore": 6_000_000})
    # drawn before launch: it is the register that says whose loan it is
    laid("loan_entry", "drawn", {"entry_id": "L7", "project": "D-1", "service": None, "amount_ore": 9_000_000})
    with ledgers.begun() as begun:
        row = {"project": "D-1", "service": "fiks-digiorden", "financing": "DIGIFIN"}
        kept_registers.apply(begun.landing, registers.PROJECT, [row], by="ø", reason="prøve", now=landing.utc_now())
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi", "--yes")
    assert (code, "1 invoice has joining fees that do not tie with the loan, 60 000.00 kr" in out) == (0, True)
    repaid = {"project": "D-1", "kind": "REPAYMENT", "invoice_id": "F7", "booked_on": date(2026, 4, 3)}
    laid("loan_entry", "repaid", {"entry_id": "L8", "service": "fiks-digiorden", "amount_ore": 6_000_000} | repaid)
    before = [(r["invoice_id"], r["reason"]) for r in read(ledgers, JOINING_FEE_GAP)]
    run(ledgers)
    assert (before, read(ledgers, JOINING_FEE_GAP)) == ([("F7", "NO_REPAYMENT")], [])
    fees = [e for e in read(ledgers, ENTRY) if e["category"] == "digiorden-tilkoblingspris"]
    assert [(e["account"], e["period"], e["amount_ore"]) for e in fees] == [
        ("JOINING_FEE_RECEIVABLE", FIRST, 6_000_000)
    ]


@pytest.mark.slow("a run for a line of the answer")
def test_lines_that_correct_an_invoice_that_has_not_come_or_their_own_are_told(ledgers, laid, command):
    stray = {"invoice_id": "K7", "amount_ore": -50_000, "corrects_invoice_id": "F99"}
    laid("invoice_line", "stray", stray, {"invoice_id": "K8", "amount_ore": 700, "corrects_invoice_id": "K8"})
    laid("invoice_line", "right", {"invoice_id": "K9", "amount_ore": -100, "corrects_invoice_id": "K7"})
    laid("invoice_line", "later", stray | {"invoice_id": "K10", "period": date(2026, 4, 1)})
    run(ledgers)
    code, out, _ = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert code == 0
    assert "2 invoice lines correct an invoice that has not arrived, or their own, 507.00 kr." in out


@pytest.mark.parametrize(
    ("words", "problem", "mend"),
    [
        (("2026-Q2", "--by", "økonomi"), "2026-Q1 is still open.", "--earlier"),
        (("2099-Q1", "--by", "økonomi"), "2099-Q1 is not over in release", "Close it on 2099-04-01 or later"),
        (("2025-Q1", "--by", "økonomi"), "No quarter with entries in release", "Did you mean '2026-Q1'?"),
        (("2026-3", "--by", "økonomi"), "QUARTER is '2026-3'.", "as 2026-Q3"),
        (("2026-Q1", "--by", " "), "--by is ' '.", "the function"),
    ],
)
def test_what_cannot_be_closed_is_refused_with_the_way_on(ledgers, command, words, problem, mend):
    code, out, err = command("period", "close", *words, "--yes")
    assert (code, out) == (2, "")
    assert problem in err
    assert mend in err
    assert register(ledgers, registers.PERIOD) == []


def test_without_a_release_there_is_nothing_to_close(tmp_path, monkeypatch, command):
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "home"))
    code, _, err = command("period", "close", "2026-Q1", "--by", "økonomi")
    assert (code, "dif run" in err) == (2, True)


def test_a_closed_quarter_says_by_which_function_when_in_which_release_and_keeps_its_amounts(closed, command):
    [row] = register(closed, registers.PERIOD)
    assert (row["quarter"], row["status"], row["closed_by"]) == ("2026-Q1", "CLOSED", "økonomi")
    assert row["release"] == closed.current.name
    assert row["counted_until"] == max(e.received_at for e in landing.open_landing(closed.settings).entries[:5])
    amounts = register(closed, registers.CLOSED_AMOUNT)
    assert sum(a["amount_ore"] for a in amounts) == 290_000 + 42_000 + 50_000
    assert {a["period"] for a in amounts} == {FIRST, date(2026, 2, 1), date(2026, 3, 1)}, "what few pay, by the quarter"
    code, _, err = command("period", "close", "2026-Q1", "--by", "økonomi", "--yes")
    assert (code, "was closed by økonomi" in err, "reopen" in err) == (2, True, True)
    listed = {r["quarter"]: r for r in json.loads(command("period", "list", "--json")[1])}
    assert (listed["2026-Q1"]["status"], listed["2026-Q1"]["in_release"]) == ("CLOSED", False)
    assert listed["2026-Q2"]["status"] == "OPEN"


@pytest.mark.slow("two runs; tables of closed quarters have tests of their own")
def test_the_next_quarter_may_be_closed_in_the_same_release_and_each_keeps_its_own_amounts(closed, command):
    assert command("period", "close", "2026-Q2", "--by", "økonomi", "--yes")[0] == 0
    assert {a["quarter"] for a in register(closed, registers.CLOSED_AMOUNT)} == {"2026-Q1", "2026-Q2"}
    code, _, err = command("period", "reopen", "2026-Q1", "--by", "økonomi", "--reason", "feil")
    assert (code, "2026-Q2 is a later closed quarter" in err) == (2, True)


@pytest.mark.slow("two runs; tables of closed quarters have tests of their own")
def test_earlier_quarters_may_be_closed_along(ledgers, command):
    code, out, _ = command("period", "close", "2026-Q2", "--by", "økonomi", "--earlier", "--yes")
    assert (code, "2026-Q1, 2026-Q2 are closed" in out) == (0, True)
    assert [r["quarter"] for r in register(ledgers, registers.PERIOD)] == ["2026-Q1", "2026-Q2"]


@pytest.mark.slow("two runs; tables of closed quarters have tests of their own")
def test_a_quarter_that_was_opened_is_closed_anew_only_in_a_release_that_knows_it(closed, command):
    assert command("period", "reopen", "2026-Q1", "--by", "økonomi", "--reason", " ")[0] == 2
    assert command("period", "reopen", "2026-Q1", "--by", "økonomi", "--reason", "feil")[0] == 0
    versions = json.loads(command("register", "history", "period", "--json")[1])
    assert [v["reason"] for v in versions] == ["2026-Q1 lukket.", "2026-Q1 gjenåpnet. feil"]
    code, _, err = command("period", "close", "2026-Q1", "--by", "økonomi", "--yes")
    assert (code, "Closed or opened after release" in err, "dif run" in err) == (2, True, True)
    code, _, err = command("period", "reopen", "2026-Q1", "--by", "økonomi", "--reason", "feil")
    assert (code, "2026-Q1 is not closed." in err) == (2, True)


@pytest.mark.slow("two runs; that closed months hold is tried by Hypothesis in tests/assets/test_closing.py")
def test_whatever_lands_or_is_taken_back_a_closed_quarter_holds_until_it_is_opened(closed, laid, command):
    before = closed_months(closed)
    laid("cost_entry", "late", {"entry_id": "B9", "amount_ore": 1_100})
    for stream, name in (("cost_entry", "feb"), ("loan_entry", "jan")):
        assert command("withdraw", *_batch(closed, stream, name), "--reason", "dobbelt")[0] == 0
    run(closed)
    assert closed_months(closed) == before
    loan = {r["month"]: (r["drawn_ore"], r["balance_ore"]) for r in read(closed, LOAN_MONTH)}
    assert (loan[date(2026, 2, 1)], loan[date(2026, 4, 1)]) == ((50_000, 50_000), (-50_000, 0))
    [april] = [r for r in read(closed, PRODUCT_MONTH) if r["service"] == "svarut" and r["month"] == date(2026, 4, 1)]
    # the first open month is the one after the quarter: its own 400, the late 1 100, less the 7 000 taken back
    assert april["cost_drift_ore"] == 400 + 1_100 - 7_000
    forward = json.loads(command("period", "show", "2026-Q1", "--json")[1])
    assert [(r["source_key"], r["original_period"], r["amount_ore"]) for r in forward] == [
        ("2026-Q1/2026-02/2026-04/DRAWDOWN/p", "2026-02-01", -50_000),
        ("2026-Q1/2026-02/2026-04/DRIFT", "2026-02-01", -7_000),
        ("B9", "2026-01-01", 1_100),
    ]
    [first, _] = json.loads(command("period", "list", "--json")[1])
    assert (first["later_entries"], first["later_ore"], first["in_release"]) == (3, 5_900, True)
    assert "2026-04" in command("period", "show", "2026-Q1")[1]
    behind = json.loads(command("trace", "ledger", "2026-Q1/2026-02/2026-04/DRIFT", "--json")[1])
    assert [q["quarter"] for q in behind["closing"]["quarters"]] == ["2026-Q1", "2026-Q2"]
    assert {r["amount_ore"] for r in behind["closing"]["beside"]} == {7_000, -7_000}
    [loan] = json.loads(command("trace", "ledger", forward[0]["source_key"], "--json")[1])["closing"]["beside"][1:]
    assert (loan["project"], loan["amount_ore"]) == ("p", -50_000)
    assert command("period", "reopen", "2026-Q1", "--by", "økonomi", "--reason", "tas om igjen")[0] == 0
    run(closed)
    entries = read(closed, ENTRY)
    assert all(r["period"] == r["original_period"] for r in entries)
    keys = {r["source_key"] for r in entries}
    assert {key for key in keys if not key.startswith(ROUNDED)} == {"F1/1", "B1", "B2", "B4", "B9"}
    assert len(keys) == 6, "what is priced by use of a protected service stands in a sum"


def _batch(home, stream, name):
    entries = landing.open_landing(home.settings).entries
    return [
        f"{stream}/{e.producer}/{e.batch_id}" for e in entries if e.stream == stream and e.batch_id.startswith(name)
    ]


def test_a_release_older_than_the_projects_of_entries_is_not_closed_and_can_still_be_read(ledgers, command):
    for file in (ledgers.current.folder / "parquet" / ENTRY.name).rglob("*.parquet"):
        older = pq.read_table(file, partitioning=None).drop_columns(["project"])
        file.unlink()
        pq.write_table(older, file)
    code, _, err = command("period", "close", "2026-Q1", "--by", "økonomi", "--yes")
    assert (code, "has no project in ledger.entry: it is older" in err, "dif run" in err) == (2, True, True)
    code, out, err = command("trace", "ledger", "loan_entry/L1", "--json")
    assert not err
    assert (code, json.loads(out)["rows"][0]["project"]) == (0, None)


@pytest.mark.slow("two runs; a rule of the table says the same")
def test_a_quarter_closed_by_hand_without_amounts_stops_the_release(ledgers):
    with ledgers.begun() as run:
        row = {"quarter": "2026-Q1", "status": "CLOSED", "closed_by": "hånd"}
        kept_registers.apply(run.landing, registers.PERIOD, [row], by="hånd", reason="prøve", now=landing.utc_now())
    with pytest.raises(GateFailed, match=r"ledger\.entry closed_periods_hold"):
        ledgers.run(check=None, as_of=landing.utc_now())
