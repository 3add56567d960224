"""What the page about use asks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from catalog.errors import Forbidden
from dashboards.release.query import GAPS
from dashboards.release.reader import through
from dashboards.views.usage.models import (
    ALL,
    COUNTRY,
    SENT,
    Counted,
    Gap,
    Group,
    Month,
    Municipality,
    Product,
    Series,
    Successor,
)

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.release.query import QueryResult
    from dashboards.release.reader import ReleaseReader
    from dashboards.views.usage.models import Scope
    from dashboards.words import Words


def months(reader: ReleaseReader) -> list[date]:
    """Months with use, newest first; only those that are over."""
    return [row["month"] for row in reader.rows("usage/months", through=through(reader.release))]


def products(reader: ReleaseReader, words: Words) -> list[Product]:
    """Our own products, those that send first, each with what its use is counted in."""
    found = []
    for row in reader.rows("usage/services", through=through(reader.release)):
        others = [Counted(one["measure"], one[f"title_{words.language}"]) for one in row.pop("measures")]
        found.append(Product(**row, counted=(*([SENT] if row["sends"] else []), *others)))
    return found


def municipalities(reader: ReleaseReader, borders: str, first: date, last: date) -> list[Municipality]:
    """Those that can be chosen on these borders, by code."""
    found = reader.rows("usage/municipalities", borders=borders, first=first, last=last)
    return [Municipality(**row) for row in found]


def successors(reader: ReleaseReader, code: str) -> list[Successor]:
    """What a code of an earlier division has become, the largest part first; none where it never was a municipality."""
    return [Successor(**row) for row in reader.rows("usage/successors", code=code)]


def groups(reader: ReleaseReader, code: str, month: date) -> list[Group]:
    """Whom a municipality can be compared with."""
    return [Group(**row) for row in reader.rows("usage/groups", code=code, month=month)]


def trend(page: Page, scope: Scope) -> QueryResult:
    """Use by month, beside the group."""
    group = scope.group
    asked: dict[str, Any] = {
        "first": scope.first,
        "last": scope.month,
        "peer_kind": group.peer_kind if group else COUNTRY,
        "peer_group": group.peer_group if group else "NO",
    }
    if scope.counted.sent:
        return page.ask("usage/trend", **_use(scope), **asked, channel=scope.channel)
    return page.ask("usage/measure_trend", **_use(scope), **asked, measure=scope.counted.measure)


def chosen(page: Page, scope: Scope) -> QueryResult:
    """Those of the visitor's own choice, by month."""
    asked: dict[str, Any] = {
        "codes": ",".join(scope.compared),
        "service": scope.product.service,
        "first": scope.first,
        "last": scope.month,
    }
    if scope.counted.sent:
        return page.ask("usage/chosen", **asked, channel=scope.channel)
    return page.ask("usage/chosen_measure", **asked, measure=scope.counted.measure)


def group(page: Page, scope: Scope) -> QueryResult:
    """Each of the group in the month; of the country, every municipality."""
    found = scope.group if scope.municipality else None
    asked: dict[str, Any] = {
        "code": scope.code,
        "codes": ",".join(scope.compared),
        "peer_kind": found.peer_kind if found else ALL,
        "peer_group": found.peer_group if found else "",
        "service": scope.product.service,
        "month": scope.month,
    }
    if scope.counted.sent:
        return page.ask("usage/group", **asked, channel=scope.channel)
    return page.ask("usage/group_measure", **asked, measure=scope.counted.measure)


def use(page: Page, scope: Scope) -> QueryResult:
    """Everything that is used, by product, measure and month."""
    window: dict[str, Any] = {"first": scope.first, "last": scope.month}
    if scope.municipality is None:
        return page.ask("usage/products_country", **window)
    return page.ask("usage/products", **window, borders=scope.borders, only=scope.code)


def as_series(answer: QueryResult, words: Words) -> list[Series]:
    """The rows of `use` as a value a series."""
    found = []
    for (service, measure), some in groupby(answer.rows, key=lambda row: (row["service"], row["measure"])):
        told: list[dict[str, Any]] = list(some)
        first = told[0]
        found.append(
            Series(
                service,
                first["name"],
                measure,
                first[f"title_{words.language}"],
                first["kind"],
                tuple(Month(row["month"], row["quantity"], row["quantity_hidden"]) for row in told),
                estimated=any(row["estimated"] for row in told),
                synthetic=any(row["synthetic"] for row in told),
            )
        )
    return found


def channels(page: Page, scope: Scope) -> QueryResult:
    """Dispatches by channel: the month, a year before, twelve months."""
    return page.ask("usage/channels", **_use(scope), month=scope.month)


def gaps(reader: ReleaseReader, scope: Scope) -> list[Gap]:
    """Months in which a delivery is missing; none where the release does not tell who should have delivered."""
    if GAPS not in reader.datasets:
        return []
    window: dict[str, Any] = {"first": scope.first, "last": scope.month}
    found = reader.rows("usage/gaps", code=scope.code, service=scope.product.service, **window)
    return [Gap(**row) for row in found]


def alternatives(reader: ReleaseReader, scope: Scope) -> list[Municipality]:
    """Municipalities like this one that have numbers of the product in the month, counted as here."""
    asked: dict[str, Any] = {"code": scope.code, "service": scope.product.service, "month": scope.month}
    asked["measure"] = scope.counted.measure
    return [Municipality(**row) for row in reader.rows("usage/alternatives", **asked)]


def sees_connections(page: Page, scope: Scope) -> bool:
    """Whether the visitor may see the municipality's systems and suppliers."""
    (owner,) = page.rows("usage/owners", code=scope.code)
    of = owner["organisations"] or [None]
    return any(page.visitor.sees_connections_of(one, networks=owner["networks"]) for one in of)


def connections(page: Page, scope: Scope) -> QueryResult:
    """Through which systems and suppliers the dispatches came.

    Raises:
        Forbidden: the visitor may not see connections of this municipality; they are not asked for.
    """
    if not sees_connections(page, scope):
        raise Forbidden("Systems and suppliers of this municipality are not open to this role.", "Ask DIF for access.")
    seen: dict[str, Any] = page.visitor.seen()
    return page.ask("usage/connections", **_use(scope), month=scope.month, **seen)


def _use(scope: Scope) -> dict[str, Any]:
    return {"code": scope.code, "service": scope.product.service, "borders": scope.borders}
