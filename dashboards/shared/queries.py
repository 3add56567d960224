"""Queries that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboards.release.query import GAPS, Area, QueryResult, Row, Service
from dashboards.shared.models import Standing

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.reader import ReleaseReader

SIMILAR: Final = 10
"""How many of the most similar municipalities a municipality is compared with."""


def services(reader: ReleaseReader) -> list[Service]:
    """All products, those with numbers first."""
    used = [
        {row["service"] for row in reader.rows(query)}
        for query, dataset in _OF_USE.items()
        if dataset in reader.datasets  # older releases lack some
    ]
    return [
        Service(row, tells=(row["months"] > 0) + sum(row["service"] in services for services in used))
        for row in reader.rows("services")
    ]


_OF_USE: Final = {"services_sent": "usage.dispatch_month", "services_measured": "usage.measure_total_month"}
"""Queries for the services with a kind of use, and the dataset that each reads."""


def late(reader: ReleaseReader) -> int:
    """How many organisations lack a delivery for the release's last month; 0 where it does not tell."""
    through = reader.release.through_month
    if through is None or GAPS not in reader.datasets:
        return 0
    return sum(row["organisations"] for row in reader.rows("late_deliveries", through=through))


def successors(reader: ReleaseReader, code: str) -> list[Row]:
    """The successors of an expired code, the largest part first; none where it never was a municipality."""
    return reader.rows("successors", code=code)


def areas(reader: ReleaseReader) -> list[Area]:
    """The country, networks and counties, in menu order."""
    return [Area(row) for row in reader.rows("areas")]


def where(area: Area) -> dict[str, Any]:
    """The area as query parameters."""
    return {"area_kind": area.area_kind, "area": area.area}


def registered_steps(reader: ReleaseReader, service: str, month: date) -> frozenset[str]:
    """Steps that a source has registered for the service."""
    return frozenset(row["step"] for row in reader.rows("registered_steps", service=service, month=month))


def municipalities(reader: ReleaseReader) -> dict[str, str]:
    """The municipalities of now, by code."""
    return {row["code"]: row["name"] for row in reader.rows("search_municipalities") if row["in_force"]}


def standings(reader: ReleaseReader, code: str, month: date) -> list[Standing]:
    """How a municipality stands with each service, by name."""
    return [Standing(row) for row in standings_answered(reader, code, month).rows]


def standings_answered(reader: ReleaseReader, code: str, month: date) -> QueryResult:
    """The same with the query, for files."""
    return reader.ask("standings", code=code, month=month, most=SIMILAR)
