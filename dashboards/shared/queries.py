"""What several pages ask a release for."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards.release.query import Area, Service
from dashboards.release.reader import Asker, rows


def services(asker: Asker) -> list[Service]:
    """Every product, those with numbers first."""
    return [Service(**row) for row in rows(asker, "services")]


def areas(asker: Asker) -> list[Area]:
    """The country, networks, counties, in the order of a menu."""
    return [
        Area(row["area_kind"], row["area"], row["name"], part=row["part"], certainty=row["certainty"])
        for row in rows(asker, "areas")
    ]


def where(area: Area) -> dict[str, Any]:
    """The area as questions take it."""
    return {"area_kind": area.area_kind, "area": area.area}


def registered_steps(asker: Asker, service: str, month: date) -> frozenset[str]:
    """Steps that a source has registered for the service."""
    return frozenset(row["step"] for row in rows(asker, "registered_steps", service=service, month=month))
