"""The queries of Produktregnskap. Each refuses what the visitor may not see before it asks anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from catalog.contracts.language import Audience
from catalog.domain import price_effects
from catalog.domain.self_cost import Balance, base_of
from catalog.errors import Forbidden
from dashboards.release.query import LEDGER, Row
from dashboards.shared.ledger import models
from dashboards.shared.ledger.models import rules_of, unmapped
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.domain.price_effects import Paid, Used
    from catalog.domain.self_cost import Base
    from catalog.domain.self_cost_rules import Rules
    from dashboards.release.query import QueryResult
    from dashboards.shared.opening import View

PRICES: Final = ("price_calculation", "price_cost", "price_use")
"""The tables of the price calculation."""
RECONCILED: Final = ("reconciliation", "reconciliation_part", "reconciliation_product")
"""The tables of the reconciliation."""
_NEEDED: Final = ("product_month.budget_income_ore", "entry")
"""The page has nothing to show without these."""


def has(page: View, *wanted: str) -> bool:
    """Whether the release's ledgers have all of these, each a table or `table.column`; older releases may not.

    Raises:
        Forbidden: the visitor may not read the ledgers.
    """
    _ledgers(page)
    if not page.release.database.with_name(f"{LEDGER}.duckdb").is_file():
        return False
    columns = [row["column_of"] for row in page.with_ledger().ask("columns").rows]
    names = [f"{LEDGER}.{name}" for name in wanted]
    return all(any(column == name or column.startswith(f"{name}.") for column in columns) for name in names)


def has_ledgers(page: View) -> bool:
    """Whether the release has what the page needs.

    Raises:
        Forbidden: the visitor may not read the ledgers.
    """
    return has(page, *_NEEDED)


def through(page: View) -> date:
    """The last complete month of the release."""
    return page.release.through_month or page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)


def products(page: View) -> list[Row]:
    """The services whose ledgers the visitor may see.

    Raises:
        Forbidden: the visitor may not read the ledgers.
    """
    _ledgers(page)
    services = [None] if page.visitor.every_ledger else sorted(page.visitor.products)
    answers = [page.rows("accounts/services", service=service, through=through(page)) for service in services]
    return sorted(
        (row for rows in answers for row in rows),
        key=lambda product: (formatting.collated(product.name), product.service),
    )


def of(page: View, name: str, service: str, **parameters: object) -> QueryResult:
    """The answer to a query about one product's ledger.

    Args:
        page: gives the release and the visitor.
        name: the SQL file under `sql/accounts/`.
        service: which product.
        parameters: its other parameters.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    _own(page, service)
    return page.with_ledger().ask(f"accounts/{name}", service=service, **parameters)


def reconciled(page: View, name: str, service: str, **parameters: object) -> QueryResult:
    """The answer to a query about a product's reconciliation, which names customers and their bills.

    Raises:
        Forbidden: the visitor may not see every customer.
    """
    if not page.visitor.every_customer:
        raise Forbidden("What is billed by customer is open to economy.", "Ask DIF for access.")
    return of(page, name, service, **parameters)


def billed(page: View, service: str, first: date, last: date) -> QueryResult | None:
    """What a product billed against what was measured, by month.

    None if the visitor may not see every customer, or the release has no reconciliation.
    """
    if not page.visitor.every_customer or not has(page, *RECONCILED):
        return None
    return reconciled(page, "reconciliation", service, first=first, last=last)


def invoiced(page: View, service: str, first: date, last: date) -> Row | None:
    """What a product invoiced in a period, beside its income; None if the release does not tell them apart.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    _own(page, service)
    return models.invoiced(page.with_ledger(), first, last, service)


def loans(page: View, service: str) -> QueryResult | None:
    """The projects of a product with their loans; None if the release does not follow them by month.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    if not has(page, "project_month", "loan_month.invoiced_not_repaid_ore"):
        return None
    return of(page, "projects", service, through=through(page))


def loaned(page: View) -> list[Row]:
    """The products with a loan whose ledgers the visitor may see.

    Raises:
        Forbidden: the visitor may not read the ledgers.
    """
    services = {row["service"] for row in page.rows("accounts/loaned", through=through(page))}
    return [product for product in products(page) if product.service in services]


def without_service(page: View, name: str, **parameters: object) -> QueryResult:
    """The answer to a query about what belongs to no product, or to every product.

    Raises:
        Forbidden: the visitor is neither economy nor leadership.
    """
    _everything(page)
    return page.with_ledger().ask(f"accounts/{name}", service=None, **parameters)


def shared(page: View, first: date, last: date) -> Row | None:
    """The common costs of a period that no product carries; None if the visitor may not know."""
    if not page.visitor.every_ledger:
        return None
    return page.with_ledger().rows("ledger_shared", first=first, through=last)[0]


def unplaced(page: View, service: str | None, first: date, last: date) -> Row | None:
    """Total unplaced cost of a period, of a product or of everything; None if the release does not list it.

    Raises:
        Forbidden: the visitor may not see the ledger of the product, or is neither economy nor leadership.
    """
    if service is None:
        _everything(page)
    else:
        _own(page, service)
    return unmapped(page.with_ledger(), first, last, service)


def accounts(answer: QueryResult, service: str) -> list[Row]:
    """The months of a ledger, from the answer to `months`."""
    return [Row(row, service=service, name=service) for row in answer.rows]


@dataclass(frozen=True, slots=True)
class Pricing:
    """The basis of a service's prices, and the release's calculation of them.

    Attributes:
        base: the input to the calculation.
        elements: the name of each price, by element.
        calculated: the release's own rows, one per price.
        first, last: the first and last month of the cost window; None where it has no cost.
        uses: the drivers that prices are counted by, now and as forecast.
        paid: what each customer was billed in the window.
        used: what each customer used in the window; empty in a release without the invoice basis.
        used_from, used_to: the first and the last month of the window with use; None without use.
    """

    base: Base
    elements: Mapping[str, str]
    calculated: Sequence[Mapping[str, Any]]
    first: date | None
    last: date | None
    uses: Sequence[Mapping[str, Any]]
    paid: Sequence[Paid]
    used: Sequence[Used]
    used_from: date | None = None
    used_to: date | None = None


def prices(page: View, service: str) -> Pricing | None:
    """As `pricing`; None too if the release lacks the price calculation."""
    return pricing(page, service) if has(page, *PRICES) else None


def pricing(page: View, service: str) -> Pricing | None:
    """The basis of a service's prices; None if the release has not calculated any.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    rows = of(page, "prices", service).rows
    if not rows:
        return None
    costs, uses = of(page, "price_costs", service).rows, of(page, "price_uses", service).rows
    balance, followed = Balance.of_row(rows[0]), rules(page, service)
    base = base_of(service, rows[0]["year"], prices=rows, costs=costs, uses=uses, balance=balance, rules=followed)
    first, last = (costs[0]["first_month"], costs[0]["last_month"]) if costs else (None, None)
    payments = of(page, "paid", service, first=first, last=last).rows if first and page.visitor.every_customer else []
    sees_use = first and page.visitor.every_customer and has(page, "invoice_basis")
    use = of(page, "used", service, first=first, last=last).rows if sees_use else []
    named = [row for row in (*payments, *use) if row["name"] is not None]
    inhabitants = {row["municipality_code"]: row["inhabitants"] for row in named if row["inhabitants"] is not None}
    customers = price_effects.customers_by_number(named, inhabitants)
    billed = [row | {"category": row["price_element"]} for row in payments]
    return Pricing(
        base=base,
        elements={row["price_element"]: row["element"] for row in rows if row["price_element"]},
        calculated=[row for row in rows if row["price_element"]],
        first=first,
        last=last,
        uses=uses,
        paid=price_effects.paid(billed, customers),
        used=price_effects.used(use, customers),
        used_from=use[0]["first_month"] if use else None,
        used_to=use[0]["last_month"] if use else None,
    )


def rules(page: View, service: str) -> Rules:
    """The rules of self-cost that are followed for a service; none in a release from before there were any.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    _own(page, service)
    return rules_of(page.with_ledger(), service)


def _ledgers(page: View) -> None:
    if not page.visitor.may_read(Audience.LEDGER):
        raise Forbidden("The product ledgers are not open to this role.", "Ask DIF for access.")


def _own(page: View, service: str) -> None:
    _ledgers(page)
    if not page.visitor.may_see_ledger_of(service):
        raise Forbidden(f"The ledger of {service} is not open to this visitor.", "Ask DIF for access.")


def _everything(page: View) -> None:
    if not page.visitor.every_ledger:
        raise Forbidden("What belongs to no product is open to economy and leadership.", "Ask DIF for access.")
