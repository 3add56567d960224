"""What a link asks the product page for: a product, or two. The page and its panels ask alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.page.filters import SERVICE, Filter
from dashboards.shared import queries as shared_queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.release.query import Service
    from dashboards.shared.opening import View

BESIDE: Final = "sammenlign"
"""The link parameter for the product beside it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the link asks for.

    Attributes:
        service: the product.
        beside: the product to compare it with; None where the link names none.
        chosen: the filters.
        itself: the link asks to compare the product with itself.
    """

    service: Service
    beside: Service | None
    chosen: Sequence[Filter]
    itself: bool


def choice(page: View) -> Choice:
    """What the link asks for."""
    services, words = shared_queries.services(page), page.words
    service, unknown = filters.service(page.link, services, words)
    ours = {one.service: one for one in services if not one.external}
    names = {key: one.name for key, one in sorted(ours.items(), key=lambda x: formatting.collated(x[1].name))}
    first = Filter(SERVICE, names, (service.service,), (unknown,) if unknown else ())
    itself = page.link.get(BESIDE) in {service.service, service.name}
    others = {key: name for key, name in names.items() if key != service.service}
    link = {} if itself else page.link
    second = filters.single_choice(BESIDE, link, {"": words("service.compare.none"), **others}, "")
    notes = tuple(replace(note, parameter=SERVICE, shown=formatting.MISSING) for note in second.unknown)
    second = replace(second, unknown=notes, label="service.compare")
    return Choice(service, ours.get(second.value), (first, second), itself)


def month_of(page: View) -> date:
    """The last month that is over in the release."""
    release = page.release
    return release.through_month or release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
