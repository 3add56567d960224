"""The queries of the uptake page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.release.query import Area, QueryResult, Row
from dashboards.release.reader import through
from dashboards.shared.queries import where
from dashboards.views.uptake.models import Supplier

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.reader import ReleaseReader


def months(reader: ReleaseReader, service: str, area: Area) -> list[date]:
    """Observed months, newest first, without months that are incomplete in the release (`through_month`)."""
    rows = reader.rows("months", service=service, **where(area), through=through(reader.release))
    return [row["month"] for row in rows]


def funnel_answer(reader: ReleaseReader, service: str, area: Area, month: date) -> QueryResult:
    """The steps from agreement to use in observed months up to `month`, newest first."""
    return reader.ask("funnel", service=service, **where(area), month=month)


def funnel(reader: ReleaseReader, service: str, area: Area, month: date) -> list[Row]:
    """The answer of `funnel_asked` as values."""
    return funnel_answer(reader, service, area, month).rows


def lists(reader: ReleaseReader, service: str) -> list[Row]:
    """The sources that observed the service, with their months; none in a release that does not tell."""
    if not reader.has("reference.adoption_source"):
        return []
    return reader.rows("uptake/lists", service=service)


def curve_answer(reader: ReleaseReader, service: str, area: Area) -> QueryResult:
    """The service's observed months, then those of products to compare with; complete months only, as in `months`."""
    return reader.ask("curve", service=service, **where(area), through=through(reader.release))


def curve(reader: ReleaseReader, service: str, area: Area) -> list[Row]:
    """The answer of `curve_asked` as values."""
    return curve_answer(reader, service, area).rows


def launched(reader: ReleaseReader, area: Area) -> QueryResult:
    """All services in an area, by months since launch."""
    return reader.ask("uptake/launched", **where(area), through=through(reader.release))


def tiles_answer(reader: ReleaseReader, service: str) -> QueryResult:
    """Each municipality's status with the service in all months, from which the map of any month is drawn."""
    return reader.ask("tiles", service=service, through=through(reader.release))


def tiles(reader: ReleaseReader, service: str) -> list[Row]:
    """The answer of `tiles_asked` as values."""
    return tiles_answer(reader, service).rows


def network_table_answer(reader: ReleaseReader, month: date) -> QueryResult:
    """Product × network, by product name."""
    return reader.ask("network_table", month=month)


def network_table(reader: ReleaseReader, month: date) -> list[Row]:
    """The answer of `network_table_asked` as values."""
    return network_table_answer(reader, month).rows


def lacking(reader: ReleaseReader, service: str, area: Area, month: date) -> list[Row]:
    """Municipalities with deliveries for the service missing at the end of the month, the longest gap first.

    Empty where the release does not say who should have delivered.
    """
    return reader.rows("lacking", **_parameters(service, area, month))


def off_list(reader: ReleaseReader, service: str, area: Area, month: date) -> list[Row]:
    """The municipalities for which the count differs from its source."""
    return reader.rows("uptake/off_list", **_parameters(service, area, month))


def left(reader: ReleaseReader, service: str, area: Area, month: date) -> Row:
    """How many municipalities lack the service in the month, and their inhabitants."""
    return reader.rows("left", **_parameters(service, area, month))[0]


def calls(reader: ReleaseReader, service: str, area: Area) -> QueryResult:
    """Whom to call about the service, in order; as of its last observed month."""
    return reader.ask("calls", **calls_parameters(reader, service, area))


def declined(reader: ReleaseReader, service: str, area: Area) -> list[Row]:
    """How many are off the service's list because they declined."""
    return reader.rows("declined", service=service, **where(area))


def suppliers_answer(reader: ReleaseReader, area: Area) -> QueryResult:
    """The systems that waiting municipalities were seen using, for each service; whom to call first comes first."""
    return reader.ask("suppliers", **where(area))


def suppliers(reader: ReleaseReader, area: Area) -> list[Supplier]:
    """The answer of `suppliers_asked` as values."""
    return [Supplier(row) for row in suppliers_answer(reader, area).rows]


def forecast_answer(reader: ReleaseReader, service: str) -> QueryResult:
    """The forecast months, in order; none where too little is known."""
    return reader.ask("forecast", service=service)


def forecast(reader: ReleaseReader, service: str) -> list[Row]:
    """The answer of `forecast_asked` as values."""
    return forecast_answer(reader, service).rows


def calls_parameters(reader: ReleaseReader, service: str, area: Area) -> dict[str, Any]:
    """The parameters of `calls.sql`: missing deliveries are looked up in the month of the list's active status."""
    (row,) = reader.rows("calls_month", service=service)
    return _parameters(service, area, row["month"] or through(reader.release))


def _parameters(service: str, area: Area, month: date) -> dict[str, Any]:
    return {"service": service, **where(area), "month": month}
