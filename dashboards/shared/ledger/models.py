"""The answers of the queries about products and their ledgers: accounts, use, customers, prices, loans; and their sums.

Amounts are integer øre without VAT, and every sum is of integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import months_before, year_before
from catalog.domain.self_cost_rules import Rules
from dashboards.release.query import LEDGER, Row
from dashboards.shared.narrative import awaits, is_leading
from dashboards.words.change import Change, change_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dashboards.release.reader import ReleaseReader


CATEGORIES: Final = ("brukerstotte", "drift", "forvaltning", "administrasjon")
LOW, HIGH = Decimal(95), Decimal(105)
"""Below and above these limits, in per cent, self-cost coverage counts as too low and too high."""
YEAR: Final = 12
_UNKNOWN: Final = "ukjent"
"""The product catalogue's text for an unknown value."""


def catalogue_text(catalogue: Mapping[str, str | None], name: str) -> str | None:
    """A field of the product catalogue; None where it is unknown."""
    text = catalogue.get(name)
    return text if text and text.casefold() != _UNKNOWN else None


def twelve_months(month: date) -> date:
    """The first of the twelve months that end with this one."""
    return date(month.year - (month.month < YEAR), month.month % YEAR + 1, 1)


def kept_a_year_before(begun: date | None, month: date) -> bool:
    """The ledgers, which began at `begun`, cover the same months of the previous year."""
    return begun is not None and begun <= year_before(month).replace(month=1)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of accounts. No budget: some month of the period has none."""

    income_ore: int
    costs_ore: Mapping[str, int]
    allocated_ore: int
    result_ore: int
    budget_ore: int | None
    synthetic: bool

    @property
    def cost_ore(self) -> int:
        """Everything that was deducted from the income."""
        return sum(self.costs_ore.values()) + self.allocated_ore

    @property
    def coverage(self) -> Decimal | None:
        """Income in per cent of cost; None where there is no cost."""
        return Decimal(self.income_ore * 100) / self.cost_ore if self.cost_ore > 0 else None


def total(rows: Sequence[Row], first: date, last: date) -> Total | None:
    """The sum of one product's months from `first` to `last`; None where the ledger has none of them."""
    accounts = [account for account in rows if first <= account.month <= last]
    if not accounts:
        return None
    budgets = [account.budget_ore for account in accounts if account.budget_ore is not None]
    months = (last.year - first.year) * YEAR + last.month - first.month + 1
    return Total(
        income_ore=sum(account.income_ore for account in accounts),
        costs_ore={name: sum(getattr(account, f"cost_{name}_ore") for account in accounts) for name in CATEGORIES},
        allocated_ore=sum(account.allocated_ore for account in accounts),
        result_ore=sum(account.result_ore for account in accounts),
        budget_ore=sum(budgets) if len(budgets) == months else None,
        synthetic=any(account.synthetic for account in accounts),
    )


@dataclass(frozen=True, slots=True)
class Book:
    """One product's accounts up to a month, by month.

    Attributes:
        month: the month that is reported.
        begun: the first month of the ledgers, for any product.
    """

    rows: Sequence[Row]
    month: date
    begun: date | None

    @property
    def year(self) -> Total | None:
        """So far this year."""
        return total(self.rows, self.month.replace(month=1), self.month)

    @property
    def compares(self) -> bool:
        """The ledgers cover the same months of the previous year."""
        return kept_a_year_before(self.begun, self.month)

    @property
    def last_year(self) -> Total | None:
        """The same months of the previous year; None where the ledgers were not kept then."""
        then = year_before(self.month)
        return total(self.rows, then.replace(month=1), then) if self.compares else None

    @property
    def twelve(self) -> Total | None:
        """The last twelve months; None where the product was not in the ledgers throughout them."""
        first = twelve_months(self.month)
        return total(self.rows, first, self.month) if self.rows and self.rows[0].month <= first else None

    @property
    def coverage(self) -> Decimal | None:
        """Self-cost coverage of the last twelve months, in per cent: use and cost have seasons."""
        return self.twelve.coverage if self.twelve else None

    @property
    def balance_ore(self) -> int | None:
        """The balance carried forward; None where the ledgers have no entries for the product."""
        return self.rows[-1].balance_carried_ore if self.rows else None


@dataclass(frozen=True, slots=True)
class Use:
    """A service's use by its main measure, and the latest month of each other measure.

    Attributes:
        rows: by month.
        month: the last month.
        awaited: the month after it, whose figures are not published yet though it is over; else None.
    """

    rows: Sequence[Row]
    others: Sequence[Row]
    month: date
    awaited: date | None = None

    @property
    def flow(self) -> bool:
        """Months add up; otherwise the last one counts."""
        return bool(self.rows[-1].kind == "FLOW")

    def by_month(self) -> dict[date, Row]:
        """The measured months."""
        return {row.month: row for row in self.rows}

    @property
    def perturbed(self) -> bool:
        """Whether its figures are changed at random for privacy."""
        return any(row.perturbed for row in (*self.rows, *self.others))

    def _window(self, last: date) -> list[Row]:
        first = twelve_months(last) if self.flow else last
        return [row for row in self.rows if first <= row.month <= last]

    def quantity(self, last: date) -> Decimal | None:
        """The total of the measured ones of the twelve months that end with `last`; for a level, that month alone."""
        quantities = [used.quantity for used in self._window(last)]
        return sum(quantities, Decimal(0)) if quantities else None

    @property
    def now(self) -> Decimal | None:
        """The reported quantity."""
        return self.quantity(self.month)

    @property
    def months(self) -> int:
        """How many months the reported quantity covers."""
        return len(self._window(self.month))

    @property
    def before(self) -> Decimal | None:
        """The quantity a year earlier; None where some of its months were not measured."""
        then = year_before(self.month)
        whole = len(self._window(then)) == (YEAR if self.flow else 1)
        return self.quantity(then) if whole else None

    @property
    def grown(self) -> Change | None:
        """The change in a year; None where it cannot be computed."""
        return None if self.flow and self.months < YEAR else change_of(self.before, self.now)


def use_of(rows: Sequence[Row], service: str, month: date, as_of: datetime) -> Use | None:
    """Use by the measure with the largest total in the last twelve months; a level only if nothing else is measured.

    Of a sensitive service it is the leading flow. Where the figures of the month are not published yet, it is reported
    up to the month before.

    Args:
        rows: the use of a service.
        service: which.
        month: the last month that is over.
        as_of: until when the release knows what came.
    """
    by_measure: dict[str, list[Row]] = {}
    for used in rows:
        by_measure.setdefault(used.measure, []).append(used)
    if not by_measure:
        return None
    first = twelve_months(month)

    def rank(measure: str) -> tuple[bool, bool, object, str]:
        useds = by_measure[measure]
        total = sum(used.quantity for used in useds if used.month >= first)
        return not is_leading(service, measure), useds[0].kind != "FLOW", -total, measure

    chosen, *others = sorted(by_measure, key=rank)
    beside = [by_measure[measure][-1] for measure in others]
    if awaits(service, chosen, month, as_of):
        return Use(by_measure[chosen], beside, months_before(month, 1), awaited=month)
    return Use(by_measure[chosen], beside, month)


def per_100(rows: Sequence[Row]) -> Decimal | None:
    """Requests a month per 100 active customers; None where there are no such months."""
    months = sum(support.customer_months for support in rows)
    return sum((support.requests for support in rows), Decimal(0)) * 100 / months if months else None


class Loan(Row):
    """The status of a loan. No project: the release does not follow loans by month, and the row is a service's."""

    @property
    def payoff_months(self) -> dict[str, date | None]:
        """The expected payoff month, by level of uptake."""
        return {
            "low": self.payoff_month_low,
            "expected": self.payoff_month_expected,
            "high": self.payoff_month_high,
        }

    @property
    def behind(self) -> bool:
        """More is drawn than was granted, or too few customers are left to join for the fees to pay it off."""
        return bool(self.overdrawn or self.payoff_reason == "NOT_ENOUGH_JOINERS")


class Unexplained(Row):
    """The part of a service's billing that the measured use does not explain."""

    @property
    def at_stake_ore(self) -> int:
        """Overbilled plus underbilled: the two do not offset each other."""
        return int(self.over_ore + self.under_ore)


class Spread(Row):
    """How many municipalities have a service, and had it a year earlier where that compares."""

    @property
    def change(self) -> int | None:
        """In twelve months."""
        return None if self.active_year_before is None else self.active - self.active_year_before


# ── The ledger queries of the reports and the overview; older releases lack some ─────────────────────────────────────


def begun(reader: ReleaseReader) -> date | None:
    """The first month of the ledgers."""
    month: date | None = reader.rows("ledger_first")[0]["month"]
    return month


def budget_income(
    reader: ReleaseReader, first: date, month: date, services: Sequence[str], service: str | None = None
) -> int | None:
    """The services' budgeted income in the period; None where a month of any service is missing."""
    if not reader.has(f"{LEDGER}.product_month.budget_income_ore"):
        return None
    rows = reader.rows("ledger_budget_income", service=service, first=first, through=month)
    whole = len(services) * (month.month - first.month + 1)
    return sum(int(row["budget_income_ore"]) for row in rows) if rows and len(rows) == whole else None


def invoiced(reader: ReleaseReader, first: date, month: date, service: str | None) -> Row | None:
    """What was invoiced in the period, beside its income; None where the release does not tell them apart."""
    if not reader.has(f"{LEDGER}.product_month.invoiced_ore"):
        return None
    return reader.rows("ledger_invoiced", service=service, first=first, through=month)[0]


def loans(reader: ReleaseReader, month: date, service: str | None) -> list[Loan]:
    """The status of loans: by project where the release follows them by month, else by service, from the entries."""
    query = "ledger_loans" if loans_followed(reader) else "ledger_loans_booked"
    return [Loan(row) for row in reader.rows(query, service=service, through=month)]


def loans_followed(reader: ReleaseReader) -> bool:
    """The release follows loans by month, and so knows when they are paid off."""
    return reader.has(f"{LEDGER}.loan_month")


def open_of(reader: ReleaseReader, first: date, month: date, service: str | None) -> list[Unexplained] | None:
    """Billing that is not explained; None where the release has no reconciliation."""
    if not reader.has(f"{LEDGER}.reconciliation_product"):
        return None
    return [Unexplained(row) for row in reader.rows("ledger_open", service=service, first=first, through=month)]


def rules_of(reader: ReleaseReader, service: str | None) -> Rules:
    """The rules of self-cost that are followed, of one service or of all; none in a release older than the rules."""
    if not reader.has(f"{LEDGER}.self_cost_rule"):
        return Rules()
    return Rules(tuple(reader.rows("ledger_rules", service=service)))


def unmapped(reader: ReleaseReader, first: date, month: date, service: str | None) -> Row | None:
    """Cost that is not placed; None where the release does not list it."""
    if not reader.has(f"{LEDGER}.unmapped_cost"):
        return None
    return reader.rows("ledger_unmapped", service=service, first=first, through=month)[0]


def fee_gap(reader: ReleaseReader, first: date, month: date, service: str | None) -> Row | None:
    """Joining fees that differ from the loan repayments; None where the release does not list them."""
    if not reader.has(f"{LEDGER}.joining_fee_gap"):
        return None
    return reader.rows("ledger_fee_gap", service=service, first=first, through=month)[0]
