"""The organisation page's queries. Payments are open to the organisation itself and to economy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.calendar import months_between, year_before
from catalog.errors import Forbidden
from catalog.tables.billing import INVOICE_BASIS
from catalog.tables.usage import CONNECTION_EXACT_MONTH
from dashboards.release.reader import through
from dashboards.shared.ledger.models import twelve_months
from dashboards.views.organisation.models import Line, ServiceYear, by_service

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.query import QueryResult, Row
    from dashboards.release.reader import ReleaseReader


def organisations(reader: ReleaseReader) -> dict[str, str]:
    """The names of organisations that the visitor may see, by number: its own, or every payer."""
    if reader.visitor.organisation is not None and not reader.visitor.may_see(INVOICE_BASIS):
        number = reader.visitor.organisation
        rows = reader.rows("organisation/organisation", organisation=number)
        return {number: rows[0]["name"] if rows else number}
    if not reader.visitor.may_see(INVOICE_BASIS):
        raise Forbidden(f"{INVOICE_BASIS.name} is not open to this role.", "Ask DIF for access.")
    return {row["organisation_number"]: row["name"] for row in reader.ask("organisation/payers").rows}


def of_municipality(reader: ReleaseReader, code: str) -> str | None:
    """The number of a municipality's organisation; None where the release knows none by that code."""
    has_places = reader.has("reference.municipality_of")
    rows = reader.rows("organisation/of_municipality", code=code) if has_places else ()
    return str(rows[0]["organisation_number"]) if rows else None


def months(reader: ReleaseReader, organisation: str) -> tuple[QueryResult, list[Row]]:
    """The organisation's amounts due, ordered by month.

    Raises:
        Forbidden: the visitor may not see this organisation's payments.
    """
    _hold(reader, organisation)
    answer = reader.ask("organisation/months", organisation=organisation, through=through(reader.release))
    return answer, answer.rows


def lines(
    reader: ReleaseReader, organisation: str, month: date, first: date | None = None
) -> tuple[QueryResult, list[Line]]:
    """The organisation's lines of the month, or of those from `first`, and of the same months a year before.

    Raises:
        Forbidden: the visitor may not see this organisation's payments.
    """
    _hold(reader, organisation)
    answer = reader.ask("organisation/lines", organisation=organisation, first=first or month, month=month)
    return answer, [Line(row) for row in answer.rows]


def year(reader: ReleaseReader, organisation: str, month: date) -> list[ServiceYear] | None:
    """What each service costs in the twelve months to the month, beside the twelve before; the dearest first.

    None where the basis of the organisation does not go two years back.

    Raises:
        Forbidden: the visitor may not see this organisation's payments.
    """
    first = twelve_months(month)
    _, paid = months(reader, organisation)
    if not paid or paid[0].month > year_before(first):
        return None
    _, basis = lines(reader, organisation, month, first)
    return by_service(basis, months_between(first, month))


def paid_by_others(reader: ReleaseReader, organisation: str, month: date) -> list[Row]:
    """What others pay for the organisation's use.

    Raises:
        Forbidden: the visitor may not see this organisation's payments.
    """
    _hold(reader, organisation)
    answer = reader.ask("organisation/others", organisation=organisation, month=month)
    return answer.rows


def deliveries(reader: ReleaseReader, organisation: str, until: date) -> tuple[QueryResult, list[Row]]:
    """Expected and received deliveries for the last 90 days, by stream."""
    answer = reader.ask("organisation/deliveries", organisation=organisation, until=until)
    return answer, answer.rows


def sees_connections(reader: ReleaseReader, organisation: str) -> bool:
    """Whether the visitor may see the organisation's connections."""
    return reader.visitor.may_see(CONNECTION_EXACT_MONTH, organisation=organisation)


def connections(reader: ReleaseReader, organisation: str, month: date) -> tuple[QueryResult, list[Row]]:
    """The organisation's connections of the last twelve months.

    Raises:
        Forbidden: the visitor may not see this organisation's connections.
    """
    if not sees_connections(reader, organisation):
        raise Forbidden(f"{CONNECTION_EXACT_MONTH.name} of others is not open to this role.", "Ask DIF for access.")
    first = twelve_months(month)
    answer = reader.ask("organisation/connections", organisation=organisation, first=first, through=month)
    return answer, answer.rows


def _hold(reader: ReleaseReader, organisation: str) -> None:
    if not reader.visitor.may_see(INVOICE_BASIS, organisation=organisation):
        raise Forbidden("What another organisation pays is not open to this role.", "Ask DIF for access.")
