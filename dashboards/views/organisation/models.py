"""What the queries about one organisation answer: what it pays, what it delivers, what it is connected by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.pricing import half_away

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

READY: Final = "READY"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the invoice basis, its accounts added up. No amount: no price holds."""

    month: date
    service: str
    name: str
    price_element: str
    line_text: str | None
    kind: str | None
    channel: str | None
    quantity: Decimal
    unit: str | None
    unit_price: Decimal | None
    price_rule: str | None
    rule_from: date | None
    rule_source: str | None
    amount_ore: int | None
    status: str
    note: str | None
    synthetic: bool

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What is compared from year to year."""
        return self.service, self.price_element, self.channel

    @property
    def ready_ore(self) -> int:
        """What is to be invoiced of it."""
        return self.amount_ore or 0 if self.status == READY else 0


@dataclass(frozen=True, slots=True)
class Paid:
    """What is to be paid for a month, for how many services."""

    month: date
    amount_ore: int
    services: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Why a line is another than a year before. The four parts sum to the change, to the øre.

    Attributes:
        line: as it is now, or as it was where it fell away.
        price_ore: of another price.
        quantity_ore: of more or less of it, at the price of the year before.
        new_ore: it was not there the year before.
        gone_ore: it is not there any more.
        synthetic: the simulator made something of it, in either month.
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
        """What it has changed by."""
        return self.now_ore - self.then_ore


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was expected of a stream, and what came."""

    stream: str
    due: int
    received: int
    late: int
    missing: int
    missing_from: date | None
    missing_to: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Connection:
    """A system that a service is sent through."""

    service: str
    service_name: str
    system: str | None
    supplier: str | None
    mapping: str
    accounts: int
    dispatches: int | None
    failed: int | None
    dispatches_hidden: str | None
    failed_hidden: str | None
    some_hidden: bool
    last_seen: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PaidByOther:
    """What another pays for this organisation's use of a service."""

    payer_number: str
    payer: str
    service: str
    name: str
    amount_ore: int
    synthetic: bool


def changes(lines: Iterable[Line], month: date) -> list[Change]:
    """What makes a month differ from the same month of the year before, line by line; lines of either month.

    Where both price and quantity moved, more of it counts at the old price, and the new price on all that there is now.
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
