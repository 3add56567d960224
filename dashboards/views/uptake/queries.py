"""What the page about uptake asks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dashboards.release.query import GAPS, Area, sql
from dashboards.release.reader import through
from dashboards.shared.queries import where
from dashboards.views.uptake.models import (
    Call,
    CurvePoint,
    Declined,
    Funnel,
    Lacking,
    Left,
    NetworkCell,
    OffList,
    Outlook,
    Stretch,
    Supplier,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader


def months(reader: ReleaseReader, service: str, area: Area) -> list[date]:
    """Observed months, newest first. A month that is not over in the release (`through_month`) is not among them."""
    found = reader.rows("months", service=service, **where(area), through=through(reader.release))
    return [row["month"] for row in found]


def funnel_asked(reader: ReleaseReader, service: str, area: Area, month: date) -> QueryResult:
    """The steps from agreement to use in observed months up to `month`, newest first."""
    return reader.ask("funnel", service=service, **where(area), month=month)


def funnel(reader: ReleaseReader, service: str, area: Area, month: date) -> list[Funnel]:
    """The answer of `funnel_asked` as values."""
    return [Funnel(**row) for row in funnel_asked(reader, service, area, month).rows]


def curve_asked(reader: ReleaseReader, service: str, area: Area) -> QueryResult:
    """The service's observed months, then those of products to compare with; whole months only, as in `months`."""
    return reader.ask("curve", service=service, **where(area), through=through(reader.release))


def curve(reader: ReleaseReader, service: str, area: Area) -> list[CurvePoint]:
    """The answer of `curve_asked` as values."""
    return [CurvePoint(**row) for row in curve_asked(reader, service, area).rows]


def launched(reader: ReleaseReader, area: Area) -> QueryResult:
    """Every service by months since its launch, in an area."""
    return reader.ask("uptake/launched", **where(area), through=through(reader.release))


def tiles_asked(reader: ReleaseReader, service: str) -> QueryResult:
    """How each municipality stands with the service in all months, which is what a map of any of them is drawn of."""
    return reader.ask("tiles", service=service, through=through(reader.release))


def as_stretches(answer: QueryResult) -> list[Stretch]:
    """The rows of `tiles_asked` as values."""
    return [Stretch(**row) for row in answer.rows]


def tiles(reader: ReleaseReader, service: str) -> list[Stretch]:
    """The answer of `tiles_asked` as values."""
    return as_stretches(tiles_asked(reader, service))


def network_table_asked(reader: ReleaseReader, month: date) -> QueryResult:
    """Product × network, by product name."""
    return reader.ask("network_table", month=month)


def network_table(reader: ReleaseReader, month: date) -> list[NetworkCell]:
    """The answer of `network_table_asked` as values."""
    return [NetworkCell(**row) for row in network_table_asked(reader, month).rows]


def lacking(reader: ReleaseReader, service: str, area: Area, month: date) -> list[Lacking]:
    """Of whom deliveries that tell of the service are missing at the end of the month, longest first.

    None where the release does not tell who should have delivered.
    """
    return [Lacking(**row) for row in reader.rows("lacking", **_asked(service, area, month))]


def off_list(reader: ReleaseReader, service: str, area: Area, month: date) -> list[OffList]:
    """In which municipalities the count differs from what its source holds."""
    return [OffList(**row) for row in reader.rows("uptake/off_list", **_asked(service, area, month))]


def left(reader: ReleaseReader, service: str, area: Area, month: date) -> Left:
    """How many have not got the service in the month, and how many live there."""
    (row,) = reader.rows("left", **_asked(service, area, month))
    return Left(**row)


def calls(reader: ReleaseReader, service: str, area: Area) -> pa.Table:
    """Whom to call about the service, with all columns, first the one to call first; as of its last observed month."""
    return reader.table("calls", **calls_asked(reader, service, area))


def as_calls(answer: pa.Table) -> list[Call]:
    """The rows of `calls` as values."""
    return [Call(**row) for row in answer.to_pylist()]


def declined(reader: ReleaseReader, service: str, area: Area) -> list[Declined]:
    """How many are not on the list of the service, as they said no."""
    found = reader.rows("declined", service=service, **where(area))
    return [Declined(**row) for row in found]


def suppliers_asked(reader: ReleaseReader, service: str, area: Area) -> QueryResult:
    """The systems that those who wait were seen with, most waiting first."""
    return reader.ask("suppliers", service=service, **where(area))


def suppliers(reader: ReleaseReader, service: str, area: Area) -> list[Supplier]:
    """The answer of `suppliers_asked` as values."""
    return [Supplier(**row) for row in suppliers_asked(reader, service, area).rows]


def forecast_asked(reader: ReleaseReader, service: str) -> QueryResult:
    """The months to come, in order; none where too little is known."""
    return reader.ask("forecast", service=service)


def forecast(reader: ReleaseReader, service: str) -> list[Outlook]:
    """The answer of `forecast_asked` as values."""
    return [Outlook(**row) for row in forecast_asked(reader, service).rows]


def calls_sql(reader: ReleaseReader) -> str:
    """The text of `calls` as the release was asked it."""
    return sql("calls", gaps=GAPS in reader.datasets)


def calls_asked(reader: ReleaseReader, service: str, area: Area) -> dict[str, Any]:
    """What `calls.sql` is asked with: a delivery is missed where the list says who is active."""
    (row,) = reader.rows("calls_month", service=service)
    return _asked(service, area, row["month"] or through(reader.release))


def _asked(service: str, area: Area, month: date) -> dict[str, Any]:
    return {"service": service, **where(area), "month": month}
