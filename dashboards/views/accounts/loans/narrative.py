"""What loans, reconciliation and closed quarters say. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.views.accounts.narrative import rounded
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.views.accounts.narrative import Period
    from dashboards.words import Words


def loan_title(row: Mapping[str, Any], words: Words) -> str:
    """The balance of a project's loan, and its expected payoff."""
    balance = rounded(row["balance_ore"], words)
    if formatting.way(row["balance_ore"]) <= 0:
        return words("accounts.loan.title.paid", project=row["project_title"])
    if row["payoff_month_expected"]:
        month = formatting.month(row["payoff_month_expected"], words.language)
        return words("accounts.loan.title.when", project=row["project_title"], balance=balance, month=month)
    return words("accounts.loan.title", project=row["project_title"], balance=balance)


def payoff(row: Mapping[str, Any], words: Words) -> str:
    """A project loan's expected payoff, and what is wrong with the loan."""
    months = {level: row[f"payoff_month_{level}"] for level in ("low", "expected", "high")}
    extended = row["payoff_basis"] == "EXTENDED"
    return ledger_narrative.payoff(months, row["payoff_reason"], words, extended=extended, overdrawn=row["overdrawn"])


def bridge(row: Mapping[str, Any], words: Words) -> str:
    """From the balance by booked repayments to the balance by invoices, and what is repaid beyond the loan."""
    columns = {"balance": "balance_ore", "invoiced": "invoiced_not_repaid_ore", "by_invoice": "balance_by_invoice_ore"}
    amounts = {name: formatting.kroner(row[column] or 0, words.language) for name, column in columns.items()}
    sentence = words("accounts.loan.bridge", **amounts)
    if not formatting.way(row["excess_to_date_ore"]):
        return sentence
    excess = formatting.kroner(row["excess_to_date_ore"], words.language)
    return f"{sentence} {words('accounts.loan.excess', amount=excess)}"


def summed(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    """The sum of a column of øre."""
    return sum(int(row[name]) for row in rows)


def reconciliation_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The amount at stake, as a claim."""
    stake = summed(rows, "at_stake_ore")
    if not formatting.way(stake):
        return words("accounts.reconciliation.title.none")
    return words("accounts.reconciliation.title", amount=rounded(stake, words))


def ties(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The billed amount as a sum of its parts, and what is at stake: the exact amount that the heading rounds."""
    named = {
        "billed": "billed_ore",
        "expected": "expected_ore",
        "explained": "explained_ore",
        "open": "open_ore",
        "not_rec": "not_reconcilable_ore",
    }
    sums = {part: summed(rows, name) for part, name in named.items()}
    amounts = {part: formatting.kroner(ore, words.language) for part, ore in sums.items()}
    stake = formatting.kroner(summed(rows, "at_stake_ore"), words.language)
    key = "accounts.reconciliation.ties" if sums["not_rec"] else "accounts.reconciliation.ties.all"
    return words(key, **amounts, stake=stake)


def periods_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Which quarter was closed last."""
    closed = [row["quarter"] for row in rows if row["status"] == "CLOSED"]
    if not closed:
        return words("accounts.periods.title.none")
    return words("accounts.periods.title", quarter=words.quarter(max(closed)))


def owed(projects: Sequence[Mapping[str, Any]], words: Words) -> str:
    """What the product owes on its loans together; or that it has none."""
    loans = [row for row in projects if row["drawn_to_date_ore"]]
    if not loans:
        return words("accounts.loans.owed.none")
    balance = sum(row["balance_ore"] for row in loans)
    if formatting.way(balance) <= 0:
        return words("accounts.loans.owed.paid")
    return words("accounts.loans.owed", amount=rounded(balance, words))


def stake(rows: Sequence[Mapping[str, Any]] | None, at: Period, words: Words) -> str:
    """What is at stake between billed and measured; empty where the visitor may not know."""
    if rows is None:
        return ""
    amount = summed(rows, "at_stake_ore")
    key = "accounts.loans.stake" if formatting.way(amount) else "accounts.loans.stake.none"
    return words(key, amount=rounded(amount, words), when=at.when(words))
