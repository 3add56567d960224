"""What the page of a product asks, and whom it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.errors import Forbidden
from catalog.tables.ledger import PRODUCT_MONTH
from catalog.tables.usage import CONNECTION_MONTH, DELIVERY_TIME, FORECAST
from dashboards.release.query import LEDGER
from dashboards.release.reader import through
from dashboards.shared.ledger.models import (
    Account,
    Book,
    Customers,
    Price,
    Support,
    System,
    Use,
    Used,
    twelve_months,
    use_of,
)
from dashboards.views.service.models import Customer, Delivery, Foreseen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader


def catalogue(asker: ReleaseReader, service: str) -> tuple[QueryResult, Mapping[str, str | None]]:
    """What the product catalogue says of one product."""
    answer = asker.ask("service/product", service=service)
    return answer, answer.rows[0]


def use(asker: ReleaseReader, service: str, month: date) -> Use | None:
    """How much it is used, by the measure that counts most; None where nobody measures it."""
    found = asker.rows("service/use", service=service, through=month, measure=None)
    return use_of([Used(**row) for row in found], month)


def use_by(asker: ReleaseReader, service: str, measure: str, month: date) -> QueryResult:
    """How much it is used by one measure, by month."""
    return asker.ask("service/use", service=service, through=month, measure=measure)


def foreseen(asker: ReleaseReader, service: str, measure: str) -> tuple[QueryResult | None, list[Foreseen]]:
    """How much it is expected to be used; None where the release is older than forecasts."""
    if not asker.has(FORECAST.name):
        return None, []
    answer = asker.ask("service/forecast", service=service, measure=measure)
    return answer, [Foreseen(**row) for row in answer.rows]


def customers(asker: ReleaseReader, service: str, month: date) -> list[Customers]:
    """How many customers it has by month, newest first."""
    return [Customers(**row) for row in asker.rows("service/customers", service=service, through=month)]


def customers_now(asker: ReleaseReader, service: str) -> tuple[QueryResult, list[Customer]]:
    """Its customers, one by one, with when they signed."""
    answer = asker.ask("service/customers_now", service=service, through=through(asker.release))
    return answer, [Customer(**row) for row in answer.rows]


def without_annex(asker: ReleaseReader, service: str, month: date) -> int:
    """How many use it without a signed annex."""
    found = asker.rows("without_annex", through=month)
    return next((int(row["customers"]) for row in found if row["service"] == service), 0)


def support(asker: ReleaseReader, month: date) -> tuple[QueryResult, list[Support]]:
    """Support requests of every service in the last twelve months."""
    answer = asker.ask("service/support", first=twelve_months(month), through=month)
    return answer, [Support(**row) for row in answer.rows]


def sees_connections(asker: ReleaseReader) -> bool:
    """Whether connections, systems and suppliers of anyone at all are for the visitor."""
    return any(asker.visitor.seen().values())


def systems(asker: ReleaseReader, service: str, month: date) -> tuple[QueryResult, list[System]]:
    """Source systems and suppliers, of the connections that the visitor may see.

    Raises:
        Forbidden: the visitor may see none.
    """
    if not sees_connections(asker):
        raise Forbidden(f"{CONNECTION_MONTH.name} is not open to this role.", "Ask DIF for access.")
    asked: dict[str, Any] = asker.visitor.seen()
    answer = asker.ask("service/systems", service=service, first=twelve_months(month), through=month, **asked)
    return answer, [System(**row) for row in answer.rows]


def delivery(asker: ReleaseReader, service: str, month: date) -> tuple[QueryResult | None, list[Delivery]]:
    """How long delivery took, by channel; none of a service that sends no dispatches, or of an older release."""
    if not asker.has(DELIVERY_TIME.name):
        return None, []
    answer = asker.ask("service/delivery", service=service, through=month)
    return answer, [Delivery(**row) for row in answer.rows]


def book(asker: ReleaseReader, service: str, month: date) -> tuple[QueryResult, Book]:
    """The product's accounts.

    Raises:
        Forbidden: they are not for the visitor.
    """
    _hold(asker, service)
    answer = asker.with_ledger().ask("ledger_months", service=service, through=month)
    # without when the ledgers began, which is of all products: nothing here is held against the year before
    return answer, Book([Account(**row) for row in answer.rows], month, None)


def prices(asker: ReleaseReader, service: str) -> list[Price]:
    """What it costs, and must cost; none where the release has not calculated it.

    Raises:
        Forbidden: they are not for the visitor.
    """
    _hold(asker, service)
    columns = asker.with_ledger().ask("columns").rows
    if not any(row["column_of"].startswith(f"{LEDGER}.price_calculation.") for row in columns):
        return []
    return [Price(**row) for row in asker.with_ledger().ask("ledger_prices", service=service).rows]


def _hold(asker: ReleaseReader, service: str) -> None:
    if not asker.visitor.may_see(PRODUCT_MONTH, product=service):
        raise Forbidden(f"The accounts of {service} are not open to this role.", "Ask DIF for access.")
