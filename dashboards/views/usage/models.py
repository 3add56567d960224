"""What the queries about use answer, and what they are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.shared.models import DISPATCHES

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

"""What dispatches are called beside other measures."""
SIMILAR, COUNTY, NETWORK, COUNTRY, ALL = "SIMILAR", "COUNTY", "NETWORK", "COUNTRY", "ALL"
"""Kinds of groups, as in `usage.peer_month` and `usage.peer_measure_month`; ALL is every municipality."""
NOW, THEN = "now", "then"


@dataclass(frozen=True, slots=True)
class Counted:
    """What use of a product is counted in.

    Attributes:
        measure: as in `usage.measure_month`, or dispatches.
        title: in the page's language.
        sent: dispatches whose channels, cost and digital share are known, unlike those of sensitive services.
    """

    measure: str
    title: str
    sent: bool = False

    @property
    def column(self) -> str:
        """Where a question about months or municipalities has the number."""
        return "dispatches" if self.sent else "quantity"


SENT: Final = Counted(DISPATCHES, "", sent=True)


@dataclass(frozen=True, slots=True)
class Product:
    """A product of our own.

    Attributes:
        months: 0 where nobody counts its use.
        sends: it has dispatches.
        counted: what its use is counted in, what tells the most of it first.
    """

    service: str
    name: str
    external: bool
    months: int
    sends: bool
    synthetic: bool
    counted: tuple[Counted, ...] = (SENT,)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality code. `valid_to`: from when it is none; None while it is one."""

    code: str
    name: str
    valid_to: date | None = None

    @property
    def label(self) -> str:
        """As `4601 Bergen`."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Successor:
    """What a code has become: `name` is the old one's."""

    name: str
    code: str
    new_name: str
    ended: date


@dataclass(frozen=True, slots=True)
class Group:
    """Others that a municipality is compared with. `members`: how many, without itself."""

    peer_kind: str
    peer_group: str
    name: str | None
    members: int

    @property
    def value(self) -> str:
        """In a link: a network by its id, as a municipality may be in several; else the kind."""
        return self.peer_group if self.peer_kind == NETWORK else self.peer_kind


@dataclass(frozen=True, slots=True)
class Scope:
    """What the page is about.

    Attributes:
        municipality: whose use; None is the whole country.
        product: of what.
        channel: of dispatches; empty is all.
        group: who it is compared with; None where there is no group, as on the borders of then.
        compared: codes of municipalities of the visitor's own choice.
        borders: `now` or `then`.
        first, month: the window; `month` is the one that is told of.
        counted: what the product's use is counted in.
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

    @property
    def code(self) -> str:
        """As queries take it: empty is the country."""
        return self.municipality.code if self.municipality else ""


@dataclass(frozen=True, slots=True)
class Month:
    """A series' figure of a month. None: hidden, when `hidden` says why; else nobody told."""

    month: date
    quantity: Decimal | None
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A product's use by a measure, in the months that somebody told of, in order."""

    service: str
    name: str
    measure: str
    title: str
    kind: str
    months: tuple[Month, ...]
    estimated: bool
    synthetic: bool

    def at(self, month: date) -> Month | None:
        """Its figure of a month; None where nobody told."""
        return next((one for one in self.months if one.month == month), None)

    @property
    def stock(self) -> bool:
        """What stands (accounts), not what flows (look-ups): its months are not added up."""
        return self.kind == "STOCK"


@dataclass(frozen=True, slots=True)
class Gap:
    """Deliveries that were expected in a month and have not come."""

    month: date
    missing_from: date
    missing_to: date
    days: int
    municipalities: int
    synthetic: bool
