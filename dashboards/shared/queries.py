"""Queries that several pages share."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards.release.query import Area, Service
from dashboards.release.reader import ReleaseReader


def services(reader: ReleaseReader) -> list[Service]:
    """All products, those with numbers first."""
    return [Service(**row) for row in reader.rows("services")]


def areas(reader: ReleaseReader) -> list[Area]:
    """The country, networks and counties, in menu order."""
    return [
        Area(row["area_kind"], row["area"], row["name"], part=row["part"], certainty=row["certainty"])
        for row in reader.rows("areas")
    ]


def where(area: Area) -> dict[str, Any]:
    """The area as query parameters."""
    return {"area_kind": area.area_kind, "area": area.area}


def registered_steps(reader: ReleaseReader, service: str, month: date) -> frozenset[str]:
    """Steps that a source has registered for the service."""
    return frozenset(row["step"] for row in reader.rows("registered_steps", service=service, month=month))
