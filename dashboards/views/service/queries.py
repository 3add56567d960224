"""The product page's queries, and who may see their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.domain.calendar import next_month, start_of
from catalog.errors import Forbidden
from catalog.tables.ledger import PRODUCT_MONTH
from catalog.tables.usage import CONNECTION_MONTH, DELIVERY_TIME, FORECAST, OPERATIONAL_MESSAGE, SYSTEM_MONTH
from dashboards.release.query import LEDGER, Row
from dashboards.release.reader import through
from dashboards.shared.ledger.models import Book, Use, rules_of, twelve_months, use_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from catalog.domain.self_cost_rules import Rules
    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader


def catalogue(reader: ReleaseReader, service: str) -> tuple[QueryResult, Mapping[str, str | None]]:
    """One product's row of the product catalogue."""
    answer = reader.ask("service/product", service=service)
    return answer, answer.rows[0]


def use(reader: ReleaseReader, service: str, month: date) -> Use | None:
    """The product's use, by its leading measure; None if nobody measures it."""
    rows = reader.rows("service/use", service=service, through=month, measure=None)
    return use_of(rows, service, month, reader.release.as_of)


def use_by(reader: ReleaseReader, service: str, measure: str, month: date) -> QueryResult:
    """The product's use by one measure, by month."""
    return reader.ask("service/use", service=service, through=month, measure=measure)


def foreseen(reader: ReleaseReader, service: str, measure: str) -> tuple[QueryResult | None, list[Row]]:
    """The product's forecast; None where the release is older than forecasts."""
    if not reader.has(FORECAST.name):
        return None, []
    answer = reader.ask("service/forecast", service=service, measure=measure)
    return answer, answer.rows


def customers(reader: ReleaseReader, service: str, month: date) -> list[Row]:
    """The product's number of customers by month, newest first."""
    return reader.rows("service/customers", service=service, through=month)


def customers_by_month(reader: ReleaseReader, service: str, month: date) -> QueryResult:
    """The same with the query."""
    return reader.ask("service/customers", service=service, through=month)


def customers_now(reader: ReleaseReader, service: str) -> tuple[QueryResult, list[Row]]:
    """The product's customers, one by one, with the date they signed."""
    answer = reader.ask("service/customers_now", service=service, through=through(reader.release))
    return answer, answer.rows


def without_annex(reader: ReleaseReader, service: str, month: date) -> list[str]:
    """Who use the product without a signed annex, by name."""
    rows = reader.rows("without_annex", through=month)
    return next((list(row["customer_names"]) for row in rows if row["service"] == service), [])


def support(reader: ReleaseReader, month: date) -> tuple[QueryResult, list[Row]]:
    """Support requests of every service in the last twelve months."""
    answer = reader.ask("service/support", first=twelve_months(month), through=month)
    return answer, answer.rows


def sees_connections(reader: ReleaseReader) -> bool:
    """Whether the visitor may see anyone's connections, systems and suppliers."""
    return any(reader.visitor.seen().values())


def counts_dispatches(reader: ReleaseReader) -> bool:
    """Whether the visitor may see how much each system sent in the whole country."""
    return reader.visitor.may_see(SYSTEM_MONTH)


def systems(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult, list[Row]]:
    """Source systems and suppliers, of the connections that the visitor may see.

    Who may see all of them gets how much each sent too.

    Raises:
        Forbidden: the visitor may see none.
    """
    if not sees_connections(reader):
        raise Forbidden(f"{CONNECTION_MONTH.name} is not open to this role.", "Ask DIF for access.")
    parameters: dict[str, Any] = {"service": service, "first": twelve_months(month), "through": month}
    if counts_dispatches(reader):
        answer = reader.ask("service/systems_country", **parameters)
    else:
        answer = reader.ask("service/systems", **parameters, **reader.visitor.seen())
    return answer, answer.rows


def delivery(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult | None, list[Row]]:
    """Delivery times by channel; none if the service sends no dispatches or the release is older."""
    if not reader.has(DELIVERY_TIME.name):
        return None, []
    answer = reader.ask("service/delivery", service=service, through=month)
    return answer, answer.rows


def messages(reader: ReleaseReader, service: str, month: date) -> QueryResult | None:
    """Operational messages about the product through the month, latest first; None in an older release."""
    if not reader.has(OPERATIONAL_MESSAGE.name):
        return None
    return reader.ask("service/messages", service=service, before=start_of(next_month(month)))


def book(reader: ReleaseReader, service: str, month: date) -> tuple[QueryResult, Book]:
    """The product's accounts.

    Raises:
        Forbidden: the visitor may not see them.
    """
    _hold(reader, service)
    answer = reader.with_ledger().ask("ledger_months", service=service, through=month)
    # no start of the ledgers, which covers all products: nothing here is compared with the year before
    return answer, Book(answer.rows, month, None)


def prices(reader: ReleaseReader, service: str) -> list[Row]:
    """Today's and self-cost prices; empty where the release has not calculated them.

    Raises:
        Forbidden: the visitor may not see them.
    """
    _hold(reader, service)
    columns = reader.with_ledger().ask("columns").rows
    if not any(row["column_of"].startswith(f"{LEDGER}.price_calculation.") for row in columns):
        return []
    return reader.with_ledger().ask("ledger_prices", service=service).rows


def rules(reader: ReleaseReader, service: str) -> Rules:
    """The rules of self-cost that are followed for a service.

    Raises:
        Forbidden: the visitor may not see its ledger.
    """
    _hold(reader, service)
    return rules_of(reader.with_ledger(), service)


def _hold(reader: ReleaseReader, service: str) -> None:
    if not reader.visitor.may_see(PRODUCT_MONTH, product=service):
        raise Forbidden(f"The accounts of {service} are not open to this role.", "Ask DIF for access.")
