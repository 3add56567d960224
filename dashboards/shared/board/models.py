"""What the board is told of a month, by its report and by the pages' overview: asked of one release, and as a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from dashboards.release.reader import ReleaseReader
from dashboards.shared.ledger.models import (
    Account,
    Amount,
    Book,
    Late,
    Spread,
    WithoutAnnex,
    begun,
    budget_income,
    fee_gap,
    loans,
    loans_followed,
    open_of,
    unmapped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.published import Attempt, Release
    from dashboards.shared.ledger.models import Loan, Total, Unexplained


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """All that the board is told, from one release. None of a dataset: the release does not have it.

    What is told of the ledgers stands last, and is empty for who may not read them.
    """

    release: Release
    attempt: Attempt | None
    month: date
    names: Mapping[str, str]
    spreads: Sequence[Spread]
    without_annex: Sequence[WithoutAnnex]
    late: Sequence[Late]
    begun: date | None = None
    books: Mapping[str, Book] = field(default_factory=dict)
    budget_income_ore: int | None = None
    loans: Sequence[Loan] = ()
    loans_followed: bool = False
    unexplained: Sequence[Unexplained] | None = None
    shared: Amount = field(default_factory=lambda: Amount(0, synthetic=False))
    unmapped: Amount | None = None
    fee_gap: Amount | None = None

    @property
    def years(self) -> dict[str, tuple[Book, Total]]:
        """The products that have entries this year, each with its sum."""
        return {service: (book, year) for service, book in self.books.items() if (year := book.year) is not None}

    @property
    def products(self) -> list[ProductLine]:
        """All products with their accounts and uptake, those with most income first; those without accounts last."""
        spreads, years = {spread.service: spread for spread in self.spreads}, self.years
        services = sorted(
            {*self.books, *spreads},
            key=lambda one: (one not in years, -years[one][1].income_ore if one in years else 0, self.names[one]),
        )
        return [ProductLine(self.names[service], self.books.get(service), spreads.get(service)) for service in services]


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product among all. No book: nothing is booked on it; no spread: nobody observed it."""

    name: str
    book: Book | None
    spread: Spread | None

    @property
    def synthetic(self) -> bool:
        """Something of it was made by the simulator."""
        booked = self.book is not None and any(row.synthetic for row in self.book.rows)
        return booked or (self.spread is not None and self.spread.synthetic)


def board_facts(
    reader: ReleaseReader, release: Release, attempt: Attempt | None, month: date, *, ledgers: bool = True
) -> BoardFacts:
    """What the board is told of a month; without `ledgers`, of uptake and deliveries alone."""
    spreads = [Spread(**row) for row in reader.rows("spread", through=month)]
    facts = BoardFacts(
        release=release,
        attempt=attempt,
        month=month,
        names={spread.service: spread.name for spread in spreads},
        spreads=spreads,
        without_annex=[WithoutAnnex(**row) for row in reader.rows("without_annex", through=month)],
        late=[Late(**row) for row in reader.rows("late_deliveries", through=month)],
    )
    return _with_ledgers(reader, facts) if ledgers else facts


def _with_ledgers(reader: ReleaseReader, facts: BoardFacts) -> BoardFacts:
    month, first, kept_since = facts.month, facts.month.replace(month=1), begun(reader)
    accounts = [Account(**row) for row in reader.rows("ledger_months", service=None, through=month)]
    books = {
        service: Book(list(rows), month, kept_since) for service, rows in groupby(accounts, lambda one: one.service)
    }
    return replace(
        facts,
        names={**facts.names, **{account.service: account.name for account in accounts}},
        begun=kept_since,
        books=books,
        budget_income_ore=budget_income(reader, first, month, list(books)),
        loans=loans(reader, month, None),
        loans_followed=loans_followed(reader),
        unexplained=open_of(reader, first, month, None),
        shared=Amount(**reader.rows("ledger_shared", first=first, through=month)[0]),
        unmapped=unmapped(reader, first, month, None),
        fee_gap=fee_gap(reader, first, month, None),
    )
