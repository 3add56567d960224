"""The questions that pages ask of a release: one SQL file each in `sql/`, `$parameters` bound, plain values back.

The door of DuckDB in `dashboards/`. A database file is opened once per release, by its real path and read-only; each
query has a cursor of its own. Answers are kept by release and parameters: a release does not change.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import streamlit as st

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    import pyarrow as pa

    from dashboards.release import Release

_SQL = Path(__file__).parent / "sql"
_PARTS = ("area_member", "missing_delivery")
"""Statements that several questions have within them, where they say `{name}`."""


@functools.cache
def sql(name: str, *, gaps: bool = True) -> str:
    """The text of the question `name`, its parts in their places; without `gaps`, as if nothing were ever missing."""
    text = (_SQL / f"{name}.sql").read_text("utf-8")
    for part in _PARTS:
        if f"{{{part}}}" in text:
            text = text.replace(f"{{{part}}}", sql(part if gaps or part != "missing_delivery" else f"{part}_untold"))
    return text


@dataclass(frozen=True, slots=True)
class _Database:
    path: Path
    connection: duckdb.DuckDBPyConnection
    gaps: bool

    def there(self) -> bool:
        """The release has not been pruned."""
        return self.path.exists()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


@st.cache_resource(max_entries=4, show_spinner=False, validate=_Database.there, on_release=_Database.close)
def _database(path: str) -> _Database:
    limits: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "800MB",
        "enable_external_access": False,
        "lock_configuration": True,
    }
    connection = duckdb.connect(path, read_only=True, config=limits)
    return _Database(Path(path), connection, gaps=connection.sql(sql("gaps_are_told")).fetchall() == [(True,)])


@st.cache_data(max_entries=400, show_spinner=False)
def _answer(path: str, name: str, parameters: dict[str, object]) -> pa.Table:
    database = _database(path)
    with database.connection.cursor() as cursor:
        return cursor.sql(sql(name, gaps=database.gaps), params=parameters or None).to_arrow_table()


def table(release: Release, name: str, **parameters: object) -> pa.Table:
    """The answer to the question `name`, columns and row order as its SQL file says."""
    return _answer(str(release.database), name, parameters)


def _rows(release: Release, name: str, **parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table(release, name, **parameters).to_pylist()
    return rows


@dataclass(frozen=True, slots=True)
class Service:
    """A product, and whether anyone has observed its uptake.

    Attributes:
        external: a product of others, shown for comparison only.
        last_month: the last observed month; None where nobody ever looked.
        synthetic: its numbers were made by the simulator.
    """

    service: str
    name: str
    external: bool
    months: int
    last_month: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The country, a county or a network. `part`: a network that is part of another."""

    area_kind: str
    area: str
    name: str
    part: bool = False
    certainty: str | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A service's steps in one area and month, in municipalities. Each step counts those further along."""

    month: date
    annexed: int
    configured: int
    activated: int
    active: int
    active_basis: str
    municipalities: int
    share_of_population: Decimal
    synthetic: bool

    @property
    def measured(self) -> bool:
        """Use was measured; else only an event says so, and the word is «aktivert»."""
        return self.active_basis == "USE"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Municipalities that had a service in an observed month."""

    service: str
    name: str
    external: bool
    month: date
    active: int
    active_basis: str
    municipalities: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class NetworkCell:
    """How many of an area's municipalities have a product, in the product's last observed month."""

    service: str
    name: str
    area_kind: str
    area: str
    month: date
    active: int
    active_basis: str
    municipalities: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class NotYet:
    """A municipality without the service. No step: no month and no wait.

    Attributes:
        no_delivery_since: where use is measured, and a delivery that was due is missing: the first day of the gap. Then
            it may have used the service. None also where the release does not tell who should have delivered.
    """

    municipality_code: str
    municipality: str
    county: str | None
    network: str | None
    step: str
    step_month: date | None
    precision_of_time: str | None
    months_waiting: int | None
    inhabitants: int | None
    inhabitants_year: int | None
    synthetic: bool
    no_delivery_since: date | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A municipality of whom a delivery that was due is missing. A gap is no zero: what it would have said is unknown.

    Attributes:
        missing_from: the first day of the gap.
        missing_to: the last day that a delivery was expected on.
    """

    municipality_code: str
    missing_from: date
    missing_to: date
    synthetic: bool


def services(release: Release) -> list[Service]:
    """Every product, those with numbers first."""
    return [Service(**row) for row in _rows(release, "services")]


def areas(release: Release) -> list[Area]:
    """The country, networks, counties, in the order of a menu."""
    return [
        Area(row["area_kind"], row["area"], row["name"], part=row["part"], certainty=row["certainty"])
        for row in _rows(release, "areas")
    ]


def months(release: Release, service: str, area: Area) -> list[date]:
    """Observed months, newest first. A month that is not over in the release (`through_month`) is not among them."""
    rows = _rows(release, "months", service=service, **_where(area), through=_through(release))
    return [row["month"] for row in rows]


def _where(area: Area) -> dict[str, str]:
    return {"area_kind": area.area_kind, "area": area.area}


def _through(release: Release) -> date:
    return release.through_month or date.max


def funnel(release: Release, service: str, area: Area, month: date) -> list[Funnel]:
    """Observed months up to `month`, newest first."""
    rows = _rows(release, "funnel", service=service, **_where(area), month=month)
    return [Funnel(**row) for row in rows]


def registered_steps(release: Release, service: str, month: date) -> frozenset[str]:
    """Steps that a source has registered for the service."""
    return frozenset(row["step"] for row in _rows(release, "registered_steps", service=service, month=month))


def curve(release: Release, service: str, area: Area) -> list[CurvePoint]:
    """The service's observed months, then those of products to compare with; whole months only, as in `months`."""
    rows = _rows(release, "curve", service=service, **_where(area), through=_through(release))
    return [CurvePoint(**row) for row in rows]


def network_table(release: Release, month: date) -> list[NetworkCell]:
    """Product × network, by product name."""
    return [NetworkCell(**row) for row in _rows(release, "network_table", month=month)]


def lacking(release: Release, service: str, area: Area, month: date) -> list[Lacking]:
    """Of whom deliveries that tell of the service are missing at the end of the month, longest first.

    None where the release does not tell who should have delivered.
    """
    return [Lacking(**row) for row in _rows(release, "lacking", **not_yet_parameters(service, area, month))]


def not_yet(release: Release, service: str, area: Area, month: date) -> list[NotYet]:
    """Who has not got the service, nearest to use first, then longest wait."""
    return [NotYet(**row) for row in _rows(release, "not_yet", **not_yet_parameters(service, area, month))]


def tells_of_gaps(release: Release) -> bool:
    """Whether the release tells who should have delivered; older ones do not."""
    return _database(str(release.database)).gaps


def not_yet_sql(release: Release) -> str:
    """The text of `not_yet` as the release was asked it."""
    return sql("not_yet", gaps=tells_of_gaps(release))


def not_yet_parameters(service: str, area: Area, month: date) -> dict[str, object]:
    """What `not_yet.sql` and `lacking.sql` are asked with."""
    return {"service": service, **_where(area), "month": month}
