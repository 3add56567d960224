"""What the board's report and the overview say about a month: the queries to one release, and their values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from catalog.domain.calendar import months_before, months_between
from catalog.domain.self_cost_rules import Rules
from dashboards.release.query import Row
from dashboards.shared import why
from dashboards.shared.ledger.models import (
    Book,
    Spread,
    begun,
    budget_income,
    fee_gap,
    invoiced,
    loans,
    loans_followed,
    open_of,
    rules_of,
    unmapped,
)
from dashboards.shared.narrative import MONTHS_OF_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.attempt import Attempt
    from dashboards.release.reader import ReleaseReader
    from dashboards.shared.ledger.models import Loan, Total, Unexplained
    from transport.releases.release import Release

TREND: Final = 2 * MONTHS_OF_A_YEAR
"""The most months of a trend."""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """Everything the board is told, from one release. None: the release lacks the dataset.

    The ledger fields come last, and are empty for readers without access to the ledgers.

    Attributes:
        observed: uptake in the months of the trend, by service and month.
        income_moved: by service, the causes of the change in what customers pay, as `why.income_rows` has them.
        loan_months: what was outstanding on all loans, by month of the trend.
    """

    release: Release
    attempt: Attempt | None
    month: date
    names: Mapping[str, str]
    spreads: Sequence[Spread]
    without_annex: Sequence[Row]
    late: Sequence[Row]
    observed: Sequence[Row] = ()
    begun: date | None = None
    books: Mapping[str, Book] = field(default_factory=dict)
    budget_income_ore: int | None = None
    income_moved: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    invoiced: Row | None = None
    loans: Sequence[Loan] = ()
    loans_followed: bool = False
    loan_months: Mapping[date, int] = field(default_factory=dict)
    unexplained: Sequence[Unexplained] | None = None
    shared: Row = field(default_factory=lambda: Row(amount_ore=0, synthetic=False, entries=None))
    unmapped: Row | None = None
    fee_gap: Row | None = None
    rules: Rules = field(default_factory=Rules)

    @property
    def months(self) -> list[date]:
        """The months of a trend, the oldest first."""
        return list(months_between(first_of_trend(self.month), self.month))

    @property
    def years(self) -> dict[str, tuple[Book, Total]]:
        """The products with ledger entries this year, each with its total."""
        return {service: (book, year) for service, book in self.books.items() if (year := book.year) is not None}

    @property
    def products(self) -> list[ProductLine]:
        """All products with their accounts and uptake, highest income first; those without accounts last."""
        spreads, years = {spread.service: spread for spread in self.spreads}, self.years
        services = sorted(
            {*self.books, *spreads},
            key=lambda service: (
                service not in years,
                -years[service][1].income_ore if service in years else 0,
                self.names[service],
            ),
        )
        return [ProductLine(self.names[service], self.books.get(service), spreads.get(service)) for service in services]

    @property
    def unbooked(self) -> list[tuple[ProductLine, Spread]]:
        """The products with uptake that nothing is booked on, which a table folds; none where there is only one."""
        lines = [(line, line.spread) for line in self.products if line.book is None and line.spread is not None]
        return lines if len(lines) > 1 else []


def first_of_trend(month: date) -> date:
    """The first month of a trend that ends with this one."""
    return months_before(month, TREND - 1)


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One product's row. No book: nothing is booked on it. No spread: nobody observed it."""

    name: str
    book: Book | None
    spread: Spread | None

    @property
    def synthetic(self) -> bool:
        """The simulator made some of its numbers."""
        booked = self.book is not None and any(row.synthetic for row in self.book.rows)
        return booked or (self.spread is not None and self.spread.synthetic)


def board_facts(
    reader: ReleaseReader, release: Release, attempt: Attempt | None, month: date, *, ledgers: bool = True
) -> BoardFacts:
    """The board's facts for a month; without `ledgers`, only uptake and deliveries."""
    spreads = [Spread(row) for row in reader.rows("spread", through=month)]
    facts = BoardFacts(
        release=release,
        attempt=attempt,
        month=month,
        names={spread.service: spread.name for spread in spreads},
        spreads=spreads,
        without_annex=reader.rows("without_annex", through=month),
        late=reader.rows("late_deliveries", through=month),
        observed=reader.rows("uptake_months", first=first_of_trend(month), through=month),
    )
    return _with_ledgers(reader, facts) if ledgers else facts


def _with_ledgers(reader: ReleaseReader, facts: BoardFacts) -> BoardFacts:
    month, first, kept_since = facts.month, facts.month.replace(month=1), begun(reader)
    accounts = reader.rows("ledger_months", service=None, through=month)
    books = {
        service: Book(list(rows), month, kept_since)
        for service, rows in groupby(accounts, lambda account: account.service)
    }
    return replace(
        facts,
        names={**facts.names, **{account.service: account.name for account in accounts}},
        begun=kept_since,
        books=books,
        budget_income_ore=budget_income(reader, first, month, list(books)),
        income_moved=why.income_rows(reader, first, month),
        invoiced=invoiced(reader, first, month, None),
        loans=loans(reader, month, None),
        loans_followed=loans_followed(reader),
        loan_months=_loan_months(reader, month),
        unexplained=open_of(reader, first, month, None),
        shared=reader.rows("ledger_shared", first=first, through=month)[0],
        unmapped=unmapped(reader, first, month, None),
        fee_gap=fee_gap(reader, first, month, None),
        rules=rules_of(reader, None),
    )


def _loan_months(reader: ReleaseReader, month: date) -> dict[date, int]:
    if not loans_followed(reader):
        return {}
    rows = reader.rows("ledger_loan_months", first=first_of_trend(month), through=month)
    return {row["month"]: int(row["balance_ore"]) for row in rows}
