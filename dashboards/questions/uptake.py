"""What the page about uptake asks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dashboards.answers import GAPS, Area, sql
from dashboards.answers.uptake import Call, CurvePoint, Declined, Funnel, Lacking, Left, NetworkCell, Outlook, Supplier
from dashboards.questions import ask, datasets, rows, table, through, where

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboards.answers import Answer
    from dashboards.frame import Page
    from dashboards.release import Release


def months(release: Release, service: str, area: Area) -> list[date]:
    """Observed months, newest first. A month that is not over in the release (`through_month`) is not among them."""
    found = rows(release, "months", service=service, **where(area), through=through(release))
    return [row["month"] for row in found]


def funnel(release: Release, service: str, area: Area, month: date) -> list[Funnel]:
    """Observed months up to `month`, newest first."""
    found = rows(release, "funnel", service=service, **where(area), month=month)
    return [Funnel(**row) for row in found]


def registered_steps(release: Release, service: str, month: date) -> frozenset[str]:
    """Steps that a source has registered for the service."""
    return frozenset(row["step"] for row in rows(release, "registered_steps", service=service, month=month))


def curve(release: Release, service: str, area: Area) -> list[CurvePoint]:
    """The service's observed months, then those of products to compare with; whole months only, as in `months`."""
    found = rows(release, "curve", service=service, **where(area), through=through(release))
    return [CurvePoint(**row) for row in found]


def launched(page: Page, area: Area) -> Answer:
    """Every service by months since its launch, in an area."""
    asked = where(area)
    return ask(
        page,
        "uptake/launched",
        area_kind=asked["area_kind"],
        area=asked["area"],
        through=through(page.release),
    )


def network_table(release: Release, month: date) -> list[NetworkCell]:
    """Product × network, by product name."""
    return [NetworkCell(**row) for row in rows(release, "network_table", month=month)]


def lacking(release: Release, service: str, area: Area, month: date) -> list[Lacking]:
    """Of whom deliveries that tell of the service are missing at the end of the month, longest first.

    None where the release does not tell who should have delivered.
    """
    return [Lacking(**row) for row in rows(release, "lacking", **_asked(service, area, month))]


def left(release: Release, service: str, area: Area, month: date) -> Left:
    """How many have not got the service in the month, and how many live there."""
    (row,) = rows(release, "left", **_asked(service, area, month))
    return Left(**row)


def calls(release: Release, service: str, area: Area) -> pa.Table:
    """Whom to call about the service, with all columns, first the one to call first; as of its last observed month."""
    return table(release, "calls", **calls_asked(release, service, area))


def as_calls(answer: pa.Table) -> list[Call]:
    """The rows of `calls` as values."""
    return [Call(**row) for row in answer.to_pylist()]


def declined(release: Release, service: str, area: Area) -> list[Declined]:
    """How many are not on the list of the service, as they said no."""
    found = rows(release, "declined", service=service, **where(area))
    return [Declined(**row) for row in found]


def suppliers(release: Release, service: str, area: Area) -> list[Supplier]:
    """The systems that those who wait were seen with, most waiting first."""
    found = rows(release, "suppliers", service=service, **where(area))
    return [Supplier(**row) for row in found]


def forecast(release: Release, service: str) -> list[Outlook]:
    """The months to come, in order; none where too little is known."""
    return [Outlook(**row) for row in rows(release, "forecast", service=service)]


def calls_sql(release: Release) -> str:
    """The text of `calls` as the release was asked it."""
    return sql("calls", gaps=GAPS in datasets(release))


def calls_asked(release: Release, service: str, area: Area) -> dict[str, object]:
    """What `calls.sql` is asked with: a delivery is missed where the list says who is active."""
    (row,) = rows(release, "calls_month", service=service)
    return _asked(service, area, row["month"] or through(release))


def _asked(service: str, area: Area, month: date) -> dict[str, object]:
    return {"service": service, **where(area), "month": month}
