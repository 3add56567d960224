"""The queries of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.calendar import year_before
from dashboards.release.query import Row
from dashboards.release.reader import through
from dashboards.shared import queries as shared_queries
from dashboards.shared.models import STANDING
from dashboards.shared.narrative import next_month

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.query import Area, QueryResult
    from dashboards.release.reader import ReleaseReader


def months(reader: ReleaseReader) -> list[date]:
    """Complete months in which somebody observed a service, newest first; none in a release without standings."""
    if STANDING not in reader.datasets:
        return []
    return [row["month"] for row in reader.rows("municipality/months", through=through(reader.release))]


def areas_answered(reader: ReleaseReader, month: date) -> QueryResult:
    """How far the municipalities of each network and county have come."""
    return reader.ask("municipality/areas", month=month)


def use(reader: ReleaseReader, code: str, month: date, language: str) -> dict[str, Row]:
    """What a municipality uses each service for, by service: the first of its measures."""
    first: dict[str, Row] = {}
    window = [year_before(month)]
    while window[-1] < month:
        window.append(next_month(window[-1]))
    parameters = {"code": code, "month": month, "first": year_before(month), "year_before": year_before(month)}
    for row in reader.rows("municipality/use", **parameters):
        by_month = dict(row.by_month)
        months = [by_month.get(each) for each in window]
        first.setdefault(row.service, Row(row, title=row[f"title_{language}"], months=months))
    return first


def matrix(reader: ReleaseReader, area: Area, month: date) -> list[Row]:
    """How each municipality of an area stands with each service."""
    return matrix_answered(reader, area, month).rows


def matrix_answered(reader: ReleaseReader, area: Area, month: date) -> QueryResult:
    """The same with the query, for files."""
    return reader.ask("municipality/matrix", **shared_queries.where(area), month=month)
