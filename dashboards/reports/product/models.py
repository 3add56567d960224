"""A product's use and economy in a month, for its council: the facts and the queries, of one release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.release.query import LEDGER, Row
from dashboards.shared.ledger.models import (
    Book,
    begun,
    budget_income,
    fee_gap,
    loans,
    open_of,
    rules_of,
    twelve_months,
    unmapped,
)
from dashboards.views.service import queries as service_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.domain.self_cost_rules import Rules
    from dashboards.release.attempt import Attempt
    from dashboards.release.reader import ReleaseReader
    from dashboards.shared.ledger.models import Loan, Unexplained, Use
    from transport.releases.release import Release

_COUNTRY = {"area_kind": "NO", "area": "NO"}


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Everything in a product's report, from one release. None means that the release lacks the dataset."""

    release: Release
    attempt: Attempt | None
    month: date
    service: str
    name: str
    catalogue: Mapping[str, str | None]
    book: Book
    budget_income_ore: int | None
    use: Use | None
    customers: Sequence[Row]
    support: Sequence[Row]
    history: Sequence[Row]
    registered: frozenset[str]
    points: Sequence[Row]
    systems: Sequence[Row]
    prices: Sequence[Row] | None
    loans: Sequence[Loan]
    unexplained: Unexplained | None
    shared: Row
    unmapped: Row | None
    fee_gap: Row | None
    rules: Rules

    @property
    def perturbed(self) -> bool:
        """Whether figures of the product's use are changed at random for privacy."""
        supports = any(support.perturbed for support in self.support if support.service == self.service)
        return supports or (self.use is not None and self.use.perturbed)


def product_facts(
    reader: ReleaseReader, release: Release, attempt: Attempt | None, catalogue: Mapping[str, str | None], month: date
) -> ProductFacts:
    """Gathers a product's facts of a month. `catalogue` is the product's row of the product catalogue."""
    service = str(catalogue["service"])
    at = {"service": service, "through": month}
    first = month.replace(month=1)
    year = {"first": first, "through": month}
    last_twelve = {"first": twelve_months(month), "through": month}
    steps = reader.rows("registered_steps", service=service, month=month)
    unexplained = open_of(reader, first, month, service)
    return ProductFacts(
        release=release,
        attempt=attempt,
        month=month,
        service=service,
        name=str(catalogue["name_nb"] or service),
        catalogue=catalogue,
        book=Book(reader.rows("ledger_months", **at), month, begun(reader)),
        budget_income_ore=budget_income(reader, first, month, [service], service),
        use=service_queries.use(reader, service, month),
        customers=reader.rows("service/customers", **at),
        support=reader.rows("service/support", **last_twelve),
        history=reader.rows("funnel", service=service, **_COUNTRY, month=month),
        registered=frozenset(row["step"] for row in steps),
        points=[
            point
            for point in reader.rows("curve", service=service, **_COUNTRY, through=month)
            if point.service == service
        ],
        systems=service_queries.systems(reader, service, month)[1] if service_queries.sees_connections(reader) else [],
        prices=reader.rows("ledger_prices", service=service) if reader.has(f"{LEDGER}.price_calculation") else None,
        loans=loans(reader, month, service),
        unexplained=next(iter(unexplained), None) if unexplained is not None else None,
        shared=reader.rows("ledger_shared", **year)[0],
        unmapped=unmapped(reader, first, month, service),
        fee_gap=fee_gap(reader, first, month, service),
        rules=rules_of(reader, service),
    )
