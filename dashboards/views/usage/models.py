"""The answers of the usage page's queries, and the scope that they are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.release.query import Row
from dashboards.shared.models import DISPATCHES
from dashboards.shared.narrative import is_of_the_country

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

SIMILAR, COUNTY, NETWORK, COUNTRY, ALL = "SIMILAR", "COUNTY", "NETWORK", "COUNTRY", "ALL"
"""Kinds of groups, as in `usage.peer_month` and `usage.peer_measure_month`; ALL is all municipalities."""
NOW, THEN = "now", "then"


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit that a product's use is counted in.

    Attributes:
        measure: as in `usage.measure_month`, or dispatches.
        title: in the page's language.
        sent: dispatches with known channels, cost and digital share, unlike those of sensitive services.
    """

    measure: str
    title: str
    sent: bool = False

    @property
    def column(self) -> str:
        """The column with the number, in queries about months or municipalities."""
        return "dispatches" if self.sent else "quantity"


SENT: Final = Counted(DISPATCHES, "", sent=True)


class Product(Row):
    """One of our own products.

    Attributes:
        months: months with numbers; 0 where nobody counts its use.
        sends: it has dispatches.
        counted: what its use is counted in, the most informative first.
    """


class Municipality(Row):
    """A municipality code. `valid_to`: when it ceased to be valid; None while it is valid."""

    @property
    def label(self) -> str:
        """As `4601 Bergen`."""
        return f"{self.code} {self.name}"


class Group(Row):
    """The group that a municipality is compared with. `members`: how many others there are."""

    @property
    def value(self) -> str:
        """Its value in a link: a network's id, since a municipality may be in several; else the kind."""
        return str(self.peer_group if self.peer_kind == NETWORK else self.peer_kind)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the page is about.

    Attributes:
        municipality: whose use; None is the whole country.
        product: which product.
        channel: of dispatches; empty is all.
        group: whom it is compared with; None where there is no group, as on historical borders.
        compared: codes of municipalities that the visitor chose.
        borders: `now` or `then`.
        first, month: the window; `month` is the one reported.
        counted: what the product's use is counted in.
        awaited: the month's figures are not published yet.
    """

    municipality: Municipality | None
    product: Product
    channel: str
    group: Group | None
    compared: tuple[str, ...]
    borders: str
    first: date
    month: date
    counted: Counted = SENT
    awaited: bool = False

    @property
    def of_the_country(self) -> bool:
        """Whether what is counted is published for the country only."""
        return is_of_the_country(self.product.service, self.counted.measure)

    @property
    def code(self) -> str:
        """The code as queries take it: empty is the country."""
        return self.municipality.code if self.municipality else ""


@dataclass(frozen=True, slots=True)
class Month:
    """A series' figure for a month."""

    month: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """A product's use by one measure, in the reported months, in order.

    Attributes:
        awaited: the figures of the reported month are not published yet.
    """

    service: str
    name: str
    measure: str
    title: str
    kind: str
    months: tuple[Month, ...]
    estimated: bool
    synthetic: bool
    awaited: bool = False

    def at(self, month: date) -> Month | None:
        """Its figure for a month; None where nobody reported it."""
        return next((figure for figure in self.months if figure.month == month), None)

    @property
    def stock(self) -> bool:
        """A level (accounts), not a flow (look-ups): its months do not add up."""
        return self.kind == "STOCK"
