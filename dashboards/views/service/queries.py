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


def catalogue(reader: ReleaseReader, service: str) -> tuple[QueryResult, Mapping[str, str | None]]:
    """What the product catalogue says of one product."""
    answer = reader.ask("service/product", service=service)
    return answer, answer.rows[0]


def use(reader: ReleaseReader, service: str, month: date) -> Use | None:
    """How much it is used, by the measure that counts most; None where nobody measures it."""
    found = reader.rows("service/use", service=service, through=month, measure=None)
    return use_of([Used(**row) for row in found], month)


def use_by(reader: ReleaseReader, service: str, measure: str, month: date) -> QueryResult:
    """How much it is used by one measure, by month."""
    return reader.ask("service/use", service=service, through=month, measure=measure)


def foreseen(reader: ReleaseReader, service: str, measure: str) -> tuple[QueryResult | None, list[Foreseen]]:
    """How much it is expected to be used; None where the release is older than forecasts."""
    if not reader.has(FORECAST.name):
        return None, []
    answer = reader.ask("service/forecast", service=service, measure=measure)
    return answer, [Foreseen(**row) for row in answer.rows]


def customers(reader: ReleaseReader, service: str, month: date) -> list[Customers]:
    """How many customers it has by month, newest first."""
    return [Customers(**row) for row in reader.rows("service/customers", service=service, through=month)]


def customers_now(reader: ReleaseReader, service: str) -> tuple[QueryResult, list[Customer]]:
    """Its customers, one by one, with when they signed."""
    answer = reader.ask("service/customers_now", service=service, through=through(reader.release))
    return answer, [Customer(**row) for row in answer.rows]


def without_annex(reader: ReleaseReader, service: str, month: date) -> int:
    """How many use it without a signed annex."""
    found = reader.rows("without_annex", through=month)
    return next((int(row["customers"]) for row in found if row["service"] == service), 0)


def support(reader: ReleaseReader, month: date) -> tuple[QueryResult, list[Support]]:
    """Support requests of every service in the last twelve months."""
    answer = reader.ask("service/support", first=twelve_months(month), through=month)
    return answer, [Support(**row) for row in answer.rows]


def sees_connections(reader: ReleaseReader) -> bool:
    """Whether connections, systems and suppliers of anyone at all are for the visitor."""
    return any(reader.visitor.seen().values())


def systems(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult, list[System]]:
    """Source systems and suppliers, of the connections that the visitor may see.

    Raises:
        Forbidden: the visitor may see none.
    """
    if not sees_connections(reader):
        raise Forbidden(f"{CONNECTION_MONTH.name} is not open to this role.", "Ask DIF for access.")
    asked: dict[str, Any] = reader.visitor.seen()
    answer = reader.ask("service/systems", service=service, first=twelve_months(month), through=month, **asked)
    return answer, [System(**row) for row in answer.rows]


def delivery(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult | None, list[Delivery]]:
    """How long delivery took, by channel; none of a service that sends no dispatches, or of an older release."""
    if not reader.has(DELIVERY_TIME.name):
        return None, []
    answer = reader.ask("service/delivery", service=service, through=month)
    return answer, [Delivery(**row) for row in answer.rows]


def book(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult, Book]:
    """The product's accounts.

    Raises:
        Forbidden: they are not for the visitor.
    """
    _hold(reader, service)
    answer = reader.with_ledger().ask("ledger_months", service=service, through=month)
    # without when the ledgers began, which is of all products: nothing here is held against the year before
    return answer, Book([Account(**row) for row in answer.rows], month, None)


def prices(reader: ReleaseReader, service: str) -> list[Price]:
    """What it costs, and must cost; none where the release has not calculated it.

    Raises:
        Forbidden: they are not for the visitor.
    """
    _hold(reader, service)
    columns = reader.with_ledger().ask("columns").rows
    if not any(row["column_of"].startswith(f"{LEDGER}.price_calculation.") for row in columns):
        return []
    return [Price(**row) for row in reader.with_ledger().ask("ledger_prices", service=service).rows]


def _hold(reader: ReleaseReader, service: str) -> None:
    if not reader.visitor.may_see(PRODUCT_MONTH, product=service):
        raise Forbidden(f"The accounts of {service} are not open to this role.", "Ask DIF for access.")
