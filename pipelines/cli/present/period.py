"""Quarters and what a closing fixes, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.cli.present.formats import counted, kroner, month, synthetic
from pipelines.cli.screen import Table

_OF_RESULT = {
    "INCOME": "Income, as invoiced",
    "JOINING_FEE_EXCESS": "Joining fees beyond the loan",
    "INVOICED_AHEAD": "Invoiced for later months",
    "INVOICED_BEFORE": "Invoiced earlier, income of these months",
    "COST": "Cost",
}
_OF_LOANS = {
    "drawn": "Loans drawn",
    "repaid": "Loans repaid",
    "joining_fees": "Joining fees billed, repaid by entries of their own",
    "written_off": "Loans written off",
    "beyond_the_loan": "Repaid beyond the loan: correct the entries, or book what was drawn",
    "balance": "Loans, balance at the end",
}
_STREAMS = {
    "invoice_line": ("invoice line is", "invoice lines are"),
    "cost_entry": ("cost entry is", "cost entries are"),
    "loan_entry": ("loan entry is", "loan entries are"),
}
_AMOUNTS = {
    "cost_without_category": "Cost without a category: {kr} kr (dif register export cost_mapping).",
    "cost_of_no_service": "Cost that no service carries: {kr} kr.",
}
_COUNTS = {
    "joining_fees_differing": (
        ("invoice has", "invoices have"),
        "joining fees that do not tie with the loan, {kr} kr (ledger.joining_fee_gap).",
    ),
    "reconciliations_open": (("reconciliation is", "reconciliations are"), "open, {kr} kr in all."),
    "corrections_of_nothing": (
        (
            "invoice line corrects an invoice that has not arrived, or its",
            "invoice lines correct an invoice that has not arrived, or their",
        ),
        "own, {kr} kr.",
    ),
    "billed_twice": (
        ("invoice has", "invoices have"),
        "the same lines as another number, {kr} kr: credit what was billed twice.",
    ),
}

Row = Mapping[str, Any]


def listed(rows: Sequence[Row]) -> Iterator[str | Table]:
    """Each quarter with its status."""
    table_rows = [
        {
            **{k: r[k] for k in ("quarter", "status", "by", "changed_at", "release", "later_entries")},
            "later result, kr": kroner(r["later_ore"]),
            "": ", ".join(filter(None, ("" if r["in_release"] else "dif run", synthetic(r)))),
        }
        for r in rows
    ]
    yield Table(table_rows, empty="No quarter has an entry yet.")
    if not all(r["in_release"] for r in rows):
        yield "dif run: the next run makes a release with these changes."


def booked_later(rows: Sequence[Row], limit: int, *, empty: str) -> Table:
    """Entries that are booked in a later period."""
    table_rows = [
        {
            "entry": f"{r['source_stream']}/{r['source_key']}",
            "of": month(r["original_period"]),
            "booked in": month(r["period"]),
            **{k: r[k] for k in ("service", "project", "account", "category")},
            "kr": kroner(r["amount_ore"]),
            "": synthetic(r),
        }
        for r in rows
    ]
    return Table(table_rows, empty=empty, limit=limit)


def closing(facts: Row) -> Iterator[str | Table]:
    """What a closing fixes: kroner by account, and what a person should look at first."""
    mark = " (synthetic)" if facts["synthetic"] else ""
    yield f"{', '.join(facts['quarters'])} in release {facts['release']}{mark}:"
    yield Table([{"": label, "kr": kroner(ore)} for label, ore in _sums(facts)])
    yield from _unsettled(facts)
    if count := facts["batches_after_release"]:
        batches = counted(count, "batch", "batches")
        yield f"{batches} arrived after the release and will be booked forward. To include them, dif run first."
    if not facts["measured_to_the_end"]:
        through = facts["measured_through"]
        measured = f"Measured use goes to {str(through)[:7]}" if through else "No use is measured"
        yield f"{measured}: what was billed in the quarter cannot all be compared with use."


def _unsettled(facts: Row) -> Iterator[str]:
    for name, text in _AMOUNTS.items():
        if ore := facts[f"{name}_ore"]:
            yield text.format(kr=kroner(ore))
    for name, (nouns, text) in _COUNTS.items():
        if count := facts[name]:
            yield f"{counted(count, *nouns)} {text.format(kr=kroner(facts[f'{name}_ore']))}"
    for stream, missing in facts["set_aside"].items():
        if missing["records"]:
            without = f" and {missing['without_amount']} without an amount" if missing["without_amount"] else ""
            aside = f"{counted(missing['records'], *_STREAMS[stream])} set aside and in no ledger"
            yield f"{aside}, {kroner(missing['ore'])} kr{without} (dif quarantine show {stream})."
    for loan in facts["loans_negative"]:
        yield f"Loan {loan['project']} is repaid beyond what was drawn: balance {kroner(loan['balance_ore'])} kr."
    for loan in facts["loans_overdrawn"]:
        drawn, granted = kroner(loan["drawn_to_date_ore"]), kroner(loan["granted_ore"])
        yield f"Loan {loan['project']} is drawn beyond the grant: {drawn} kr of {granted} kr."


def _sums(facts: Row) -> Iterator[tuple[str, int]]:
    accounts, loans = facts["accounts_ore"], facts["loans_ore"]
    for account, label in _OF_RESULT.items():
        if account in accounts:
            yield label, accounts[account]
    yield "Result", facts["result_ore"]
    if "PROJECT" in accounts:
        yield "Development in projects", accounts["PROJECT"]
    for name, ore in loans.items():
        # a zero balance is shown if there was a loan
        if ore or (ore == 0 and name == "balance" and any(loans.values())):
            yield _OF_LOANS[name], ore
