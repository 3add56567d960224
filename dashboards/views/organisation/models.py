"""Answers to the queries about one organisation: its payments, deliveries and connections."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from catalog.domain.pricing import half_away
from dashboards.release.query import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

READY: Final = "READY"


class Line(Row):
    """A line of the invoice basis, summed over accounts. The amount is None where no price applies."""

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Identifies the line across years."""
        return self.service, self.price_element, self.channel

    @property
    def ready_ore(self) -> int:
        """The part of the amount that is ready to invoice."""
        return self.amount_ore or 0 if self.status == READY else 0


@dataclass(frozen=True, slots=True)
class Change:
    """Why a line differs from a year before. The four parts sum to the change, to the øre.

    Attributes:
        line: as it is now, or as it was where it is gone.
        price_ore: due to a changed price.
        quantity_ore: due to a changed quantity, at last year's price.
        new_ore: the line did not exist the year before.
        gone_ore: the line no longer exists.
        synthetic: the simulator made some of it, in either month.
    """

    line: Line
    then_ore: int
    now_ore: int
    price_ore: int = 0
    quantity_ore: int = 0
    new_ore: int = 0
    gone_ore: int = 0
    synthetic: bool = False

    @property
    def change_ore(self) -> int:
        """The change, in øre."""
        return self.now_ore - self.then_ore


@dataclass(slots=True)
class ServiceYear:
    """What a service costs in some months and in the same months a year before, in øre, and why it changed.

    The four parts are those of `Change`, added up over months and lines; they sum to the change.
    """

    name: str
    then_ore: int = 0
    now_ore: int = 0
    price_ore: int = 0
    quantity_ore: int = 0
    new_ore: int = 0
    gone_ore: int = 0
    synthetic: bool = False


def by_service(lines: Sequence[Line], months: Iterable[date]) -> list[ServiceYear]:
    """Each service over months, the dearest first; `lines` are of these months and of a year before each."""
    years: dict[str, ServiceYear] = {}
    for month in months:
        compared = {month, year_before(month)}
        for change in changes([line for line in lines if line.month in compared], month):
            of = years.setdefault(change.line.service, ServiceYear(change.line.name))
            of.synthetic |= change.synthetic
            for part in ("then_ore", "now_ore", "price_ore", "quantity_ore", "new_ore", "gone_ore"):
                setattr(of, part, getattr(of, part) + getattr(change, part))
    return sorted(years.values(), key=lambda of: (-of.now_ore, -of.then_ore, of.name))


def changes(lines: Iterable[Line], month: date) -> list[Change]:
    """Why a month differs from the same month last year, line by line; `lines` are of both months.

    If both price and quantity changed, quantity counts at the old price, and price on all of today's quantity.
    """
    now: dict[tuple[str, str, str | None], list[Line]] = {}
    then: dict[tuple[str, str, str | None], list[Line]] = {}
    for line in lines:
        if line.status == READY:
            (now if line.month == month else then).setdefault(line.key, []).append(line)
    return [_change(then.get(key, []), now.get(key, [])) for key in dict.fromkeys([*now, *then])]


def _change(then: Sequence[Line], now: Sequence[Line]) -> Change:
    was, amount = (sum(line.ready_ore for line in lines) for lines in (then, now))
    synthetic = any(line.synthetic for line in (*then, *now))
    if not then:
        return Change(now[0], was, amount, new_ore=amount, synthetic=synthetic)
    if not now:
        return Change(then[0], was, amount, gone_ore=-was, synthetic=synthetic)
    before, after = (sum((line.quantity for line in lines), Decimal(0)) for lines in (then, now))
    if {line.unit_price for line in then} == {line.unit_price for line in now} or before == 0:
        more = amount - was
    else:
        more = half_away((after - before) * was / before)
    price = amount - was - more
    return Change(now[0], was, amount, price_ore=price, quantity_ore=more, synthetic=synthetic)
