"""The questions of `answers` as pages ask them of a release: `$parameters` bound, plain values back.

The door of DuckDB in `dashboards/`. A database file is opened once per release, by its real path and read-only; each
query has a cursor of its own. Answers are kept by release and parameters: a release does not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import streamlit as st

from dashboards.answers import (
    GAPS,
    Area,
    Call,
    CurvePoint,
    Declined,
    Funnel,
    Lacking,
    Left,
    NetworkCell,
    Outlook,
    Service,
    Supplier,
    sql,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboards.release import Release


@dataclass(frozen=True, slots=True)
class _Database:
    path: Path
    connection: duckdb.DuckDBPyConnection
    datasets: frozenset[str]

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
    return _Database(Path(path), connection, frozenset(row[0] for row in connection.sql(sql("datasets")).fetchall()))


@st.cache_data(max_entries=400, show_spinner=False)
def _answer(path: str, name: str, parameters: dict[str, object]) -> pa.Table:
    database = _database(path)
    with database.connection.cursor() as cursor:
        return cursor.sql(sql(name, gaps=GAPS in database.datasets), params=parameters or None).to_arrow_table()


def table(release: Release, name: str, **parameters: object) -> pa.Table:
    """The answer to the question `name`, columns and row order as its SQL file says."""
    return _answer(str(release.database), name, parameters)


def _rows(release: Release, name: str, **parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table(release, name, **parameters).to_pylist()
    return rows


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
    return [Lacking(**row) for row in _rows(release, "lacking", **_asked(service, area, month))]


def left(release: Release, service: str, area: Area, month: date) -> Left:
    """How many have not got the service in the month, and how many live there."""
    (row,) = _rows(release, "left", **_asked(service, area, month))
    return Left(**row)


def calls(release: Release, service: str, area: Area) -> pa.Table:
    """Whom to call about the service, with all columns, first the one to call first; as of its last observed month."""
    return table(release, "calls", **calls_asked(release, service, area))


def as_calls(answer: pa.Table) -> list[Call]:
    """The rows of `calls` as values."""
    return [Call(**row) for row in answer.to_pylist()]


def declined(release: Release, service: str, area: Area) -> list[Declined]:
    """How many are not on the list of the service, as they said no."""
    rows = _rows(release, "declined", service=service, **_where(area))
    return [Declined(**row) for row in rows]


def suppliers(release: Release, service: str, area: Area) -> list[Supplier]:
    """The systems that those who wait were seen with, most waiting first."""
    rows = _rows(release, "suppliers", service=service, **_where(area))
    return [Supplier(**row) for row in rows]


def forecast(release: Release, service: str) -> list[Outlook]:
    """The months to come, in order; none where too little is known."""
    return [Outlook(**row) for row in _rows(release, "forecast", service=service)]


def datasets(release: Release) -> frozenset[str]:
    """Which datasets of uptake and quality the release has; older ones lack some."""
    return _database(str(release.database)).datasets


def calls_sql(release: Release) -> str:
    """The text of `calls` as the release was asked it."""
    return sql("calls", gaps=GAPS in datasets(release))


def calls_asked(release: Release, service: str, area: Area) -> dict[str, object]:
    """What `calls.sql` is asked with: a delivery is missed where the list says who is active."""
    (row,) = _rows(release, "calls_month", service=service)
    return _asked(service, area, row["month"] or _through(release))


def _asked(service: str, area: Area, month: date) -> dict[str, object]:
    return {"service": service, **_where(area), "month": month}
