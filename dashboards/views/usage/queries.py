"""The queries of the usage reader."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from catalog.domain import calendar
from catalog.errors import Forbidden
from catalog.tables.usage import CONNECTION_EXACT_MONTH
from dashboards.release.query import GAPS, Row
from dashboards.release.reader import through
from dashboards.shared.narrative import awaits, is_leading
from dashboards.views.usage.models import ALL, COUNTRY, SENT, Counted, Group, Month, Municipality, Product, Series

if TYPE_CHECKING:
    from datetime import date, datetime

    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader
    from dashboards.views.usage.models import Scope
    from dashboards.words import Words


def months(reader: ReleaseReader) -> list[date]:
    """Complete months with use, newest first."""
    return [row["month"] for row in reader.rows("usage/months", through=through(reader.release))]


def products(reader: ReleaseReader, words: Words) -> list[Product]:
    """Our own products, those with dispatches first, each with the units of its use."""
    offered = []
    for row in reader.rows("usage/services", through=through(reader.release)):
        others = [Counted(measure["measure"], measure[f"title_{words.language}"]) for measure in row.pop("measures")]
        others.sort(key=lambda counted: not is_leading(row["service"], counted.measure))
        offered.append(Product(row, counted=(*([SENT] if row["sends"] else []), *others)))
    return offered


def municipalities(reader: ReleaseReader, borders: str, first: date, last: date) -> list[Municipality]:
    """The municipalities to choose from on these borders, by code."""
    rows = reader.rows("usage/municipalities", borders=borders, first=first, last=last)
    return [Municipality(row) for row in rows]


def groups(reader: ReleaseReader, code: str, month: date) -> list[Group]:
    """The groups that a municipality can be compared with."""
    return [Group(row) for row in reader.rows("usage/groups", code=code, month=month)]


def trend(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """Use by month, compared with the group."""
    group = scope.group
    parameters: dict[str, Any] = {
        "first": scope.first,
        "last": scope.month,
        "peer_kind": group.peer_kind if group else COUNTRY,
        "peer_group": group.peer_group if group else "NO",
    }
    if scope.counted.sent:
        return reader.ask("usage/trend", **_use(scope), **parameters, channel=scope.channel)
    return reader.ask("usage/measure_trend", **_use(scope), **parameters, measure=scope.counted.measure)


def chosen(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """The municipalities that the visitor chose, by month."""
    parameters: dict[str, Any] = {
        "codes": ",".join(scope.compared),
        "service": scope.product.service,
        "first": scope.first,
        "last": scope.month,
    }
    if scope.counted.sent:
        return reader.ask("usage/chosen", **parameters, channel=scope.channel)
    return reader.ask("usage/chosen_measure", **parameters, measure=scope.counted.measure)


def group(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """Each municipality of the group in the month; for the country, all municipalities."""
    peers = scope.group if scope.municipality else None
    parameters: dict[str, Any] = {
        "code": scope.code,
        "codes": ",".join(scope.compared),
        "peer_kind": peers.peer_kind if peers else ALL,
        "peer_group": peers.peer_group if peers else "",
        "service": scope.product.service,
        "month": scope.month,
    }
    if scope.counted.sent:
        return reader.ask("usage/group", **parameters, channel=scope.channel)
    return reader.ask("usage/group_measure", **parameters, measure=scope.counted.measure)


def use(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """All use, by product, measure and month."""
    window: dict[str, Any] = {"first": scope.first, "last": scope.month}
    if scope.municipality is None:
        return reader.ask("usage/products_country", **window)
    return reader.ask("usage/products", **window, borders=scope.borders, only=scope.code)


def as_series(answer: QueryResult, month: date, as_of: datetime, words: Words) -> list[Series]:
    """The rows of `use` as series, of a release that knows what came until `as_of`."""
    series = []
    for (service, measure), some in groupby(answer.rows, key=lambda row: (row["service"], row["measure"])):
        rows: list[dict[str, Any]] = list(some)
        first = rows[0]
        series.append(
            Series(
                service,
                first["name"],
                measure,
                first[f"title_{words.language}"],
                first["kind"],
                tuple(Month(row["month"], row["quantity"]) for row in rows),
                estimated=any(row["estimated"] for row in rows),
                synthetic=any(row["synthetic"] for row in rows),
                awaited=awaits(service, measure, month, as_of),
            )
        )
    return series


def channels(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """Dispatches by channel: the month, the year before, and twelve months."""
    return reader.ask("usage/channels", **_use(scope), month=scope.month)


def gaps(reader: ReleaseReader, scope: Scope) -> list[Row]:
    """Months with a missing delivery; none where the release does not say who should have delivered."""
    if GAPS not in reader.datasets:
        return []
    window: dict[str, Any] = {"first": scope.first, "last": scope.month}
    return reader.rows("usage/gaps", code=scope.code, service=scope.product.service, **window)


def alternatives(reader: ReleaseReader, scope: Scope) -> list[Municipality]:
    """Similar municipalities with numbers for the product in the month, by the same measure."""
    parameters: dict[str, Any] = {"code": scope.code, "service": scope.product.service, "month": scope.month}
    parameters["measure"] = scope.counted.measure
    return [Municipality(row) for row in reader.rows("usage/alternatives", **parameters)]


def sees_connections(reader: ReleaseReader, scope: Scope) -> bool:
    """Whether the visitor may see the municipality's systems and suppliers."""
    owner = _owner(reader, scope)
    of = owner["organisations"] or [None]
    return any(reader.visitor.sees_connections_of(organisation, networks=owner["networks"]) for organisation in of)


def connections(reader: ReleaseReader, scope: Scope) -> QueryResult:
    """The systems and suppliers that the dispatches came through.

    Its numbers are exact for the organisation itself and for those who may see all exact numbers, else in bands.

    Raises:
        Forbidden: the visitor may not see this municipality's connections; the query is not run.
    """
    if not sees_connections(reader, scope):
        raise Forbidden("Systems and suppliers of this municipality are not open to this role.", "Ask DIF for access.")
    visitor, parameters = reader.visitor, {**_use(scope), "month": scope.month}
    if visitor.may_see(CONNECTION_EXACT_MONTH):
        return reader.ask("usage/connections_exact", **parameters, organisation=None)
    if visitor.organisation in _owner(reader, scope)["organisations"]:
        return reader.ask("usage/connections_exact", **parameters, organisation=visitor.organisation)
    access: dict[str, Any] = visitor.seen()
    return reader.ask("usage/connections", **parameters, awaited=connections_awaited(reader, scope), **access)


def connections_awaited(reader: ReleaseReader, scope: Scope) -> bool:
    """Whether the month's connections are not published yet to those who may not see exact numbers."""
    return calendar.first_published_at(scope.month) > reader.release.as_of


def _owner(reader: ReleaseReader, scope: Scope) -> dict[str, Any]:
    """Whose the municipality's connections are, and the networks that it is a member of."""
    (owner,) = reader.rows("usage/owners", code=scope.code)
    return owner


def _use(scope: Scope) -> dict[str, Any]:
    return {"code": scope.code, "service": scope.product.service, "borders": scope.borders}
