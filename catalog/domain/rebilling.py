"""Compares an invoice basis as known on the invoice date with the basis as known now: the difference, by reason.

Pure functions over the rows of `ledger.invoice_basis`. What does *not* belong here: what has been billed (that is
`ledger.reconciliation`), and where the rows come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catalog.domain.pricing import BY_CUSTOMER, PriceKind, amount_ore
from catalog.facts import read

Row = Mapping[str, object]
_NOTHING = Decimal(0)
_DISPATCHES = "forsendelser"


class Reason(StrEnum):
    """Why a line has changed, inferred from which fields differ."""

    OTHER_PAYER = "OTHER_PAYER"
    """The payer changed: what one no longer pays, and what the other now pays."""
    NEW_AGREEMENT = "NEW_AGREEMENT"
    """A customer, or an agreement, that was not known before."""
    AGREEMENT_ENDED = "AGREEMENT_ENDED"
    """A customer, or an agreement, that is gone."""
    PRICE_CHANGE = "PRICE_CHANGE"
    """Another price rule, or one where there was none."""
    LATE_STATE = "LATE_STATE"
    """Use that was reported late, or a dispatch whose state has changed."""
    CORRECTION = "CORRECTION"
    """A quantity that was reported anew."""
    WITHDRAWN = "WITHDRAWN"
    """Use that is gone: its batch was withdrawn."""
    ROUNDING = "ROUNDING"
    """The same quantity at the same price on other lines, each rounded separately."""
    UNEXPLAINED = "UNEXPLAINED"


@dataclass(frozen=True, slots=True)
class Change:
    """The change of a line for one reason; a line's changes sum to its difference, for each payer.

    Attributes:
        price_from: the first day at the price, where the price changes within the month; None also where the basis now
            has its prices on other days than then.
        quantity: the additional quantity to bill.
        amount_ore: the additional amount that is ready to be billed.
    """

    month: date
    payer_number: str
    organisation_number: str
    account_id: str | None
    service: str
    price_element: str
    channel: str | None
    price_from: date | None
    reason: Reason
    quantity: Decimal
    amount_ore: int


@dataclass(frozen=True, slots=True)
class _Line:
    """The sum of one key's rows. Dispatches are summed over accounts, since they may be counted with or without.

    Attributes:
        unit_price: of several prices the mean, by quantity.
        ready: the part of the amount that may be billed.
    """

    payer: str
    quantity: Decimal
    unit_price: Decimal | None
    price_rule: str | None
    status: str
    amount: int
    ready: int
    rows: int


_Use = tuple[date, str, str | None, str, str, str | None]
"""Month, organisation, account, service, element and channel."""
_Key = tuple[date, str, str | None, str, str, str | None, date | None]
"""Use, and the first day at its price."""
_Price = tuple[date, str, str, str | None]
"""Month, service, element and channel: what has its own days of prices."""


def ready_ore(rows: Iterable[Row]) -> int:
    """The part of the lines that may be billed."""
    return sum(_whole(r["amount_ore"]) for r in rows if r["status"] == "READY")


def compare(earlier: Iterable[Row], now: Iterable[Row]) -> list[Change]:
    """The parts by which a basis differs; their amounts sum to the increase in what is ready to bill.

    Order: by month, organisation, service, element, channel, account, payer, reason.
    """
    earlier, now = list(earlier), list(now)
    whole = _over_all_days(earlier, now)
    before, after = _lines(earlier, whole), _lines(now, whole)
    parts = [
        part
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
        for part in _changes_between(key, before.get(key), after.get(key))
        if part.quantity or part.amount_ore
    ]
    return sorted(
        parts,
        key=lambda p: (
            p.month, p.organisation_number, p.service, p.price_element, p.channel or "", p.price_from or date.min,
            p.account_id or "", p.payer_number, p.reason,
        ),
    )  # fmt: skip


def _over_all_days(earlier: Sequence[Row], now: Sequence[Row]) -> set[_Use]:
    """The use whose prices have other days now, since a price of its month was decided, moved or taken back.

    Where days have only come or only gone, they may be those of late or withdrawn use: then only what comes to the same
    quantity is the same use.
    """
    before, after = _days_of_prices(earlier), _days_of_prices(now)
    then, since = _quantities(earlier), _quantities(now)
    whole = set()
    for use in then.keys() | since.keys():
        price = _price(use)
        old, new = before.get(price, set()), after.get(price, set())
        moved = (None in old) != (None in new) or not (old <= new or new <= old)
        if old and new and (moved or (old != new and then.get(use) == since.get(use))):
            whole.add(use)
    return whole


def _days_of_prices(rows: Iterable[Row]) -> dict[_Price, set[object]]:
    days: dict[_Price, set[object]] = defaultdict(set)
    for row in rows:
        days[_price(_use(row))].add(row["price_from"])
    return days


def _quantities(rows: Iterable[Row]) -> dict[_Use, Decimal]:
    quantities: dict[_Use, Decimal] = defaultdict(Decimal)
    for row in rows:
        quantities[_use(row)] += Decimal(str(row["quantity"]))
    return quantities


def _price(use: _Use) -> _Price:
    month, _, _, service, element, channel = use
    return month, service, element, channel


def _lines(rows: Iterable[Row], whole: Collection[_Use]) -> dict[_Key, _Line]:
    by_key: dict[_Key, list[Row]] = defaultdict(list)
    for row in rows:
        use, price_from = _use(row), row["price_from"]
        by_key[*use, price_from if isinstance(price_from, date) and use not in whole else None].append(row)
    return {key: _line(same) for key, same in by_key.items()}


def _use(row: Row) -> _Use:
    month, element = row["month"], str(row["price_element"])
    if not isinstance(month, date):
        message = f"{month!r} is not a month"
        raise TypeError(message)
    of_dispatches = element in _ELEMENTS and _ELEMENTS[element][1] == _DISPATCHES
    account = None if of_dispatches else _text(row["account_id"])
    return month, str(row["organisation_number"]), account, str(row["service"]), element, _text(row["channel"])


def _line(rows: list[Row]) -> _Line:
    quantity = sum((Decimal(str(r["quantity"])) for r in rows), _NOTHING)
    amount = sum(_whole(r["amount_ore"]) for r in rows)
    prices = {None if r["unit_price"] is None else Decimal(str(r["unit_price"])) for r in rows}
    return _Line(
        payer=min(str(r["payer_number"]) for r in rows),
        quantity=quantity,
        unit_price=prices.pop() if len(prices) == 1 or not quantity else Decimal(amount) / 100 / quantity,
        price_rule=" + ".join(sorted({str(r["price_rule"]) for r in rows if r["price_rule"] is not None})) or None,
        # of units that have no price on some days, the others may be ready
        status=max((str(r["status"]) for r in rows), key=("NO_PRICE", "NO_AGREEMENT", "READY").index),
        amount=amount,
        ready=ready_ore(rows),
        rows=len(rows),
    )


def _changes_between(key: _Key, earlier: _Line | None, now: _Line | None) -> list[Change]:
    """The steps from one line to the other, each with the change it makes."""
    kind, measure = _ELEMENTS.get(key[4], (None, None))
    by_customer = kind in BY_CUSTOMER
    if earlier is None:
        return [_change_of(key, now.payer, _reason_of_new(by_customer), now.quantity, now.ready)] if now else []
    if now is None:
        return [_change_of(key, earlier.payer, _reason_of_removed(kind, measure), -earlier.quantity, -earlier.ready)]
    parts = []
    if earlier.payer != now.payer:
        parts.append(_change_of(key, earlier.payer, Reason.OTHER_PAYER, -earlier.quantity, -earlier.ready))
        parts.append(_change_of(key, now.payer, Reason.OTHER_PAYER, earlier.quantity, earlier.ready))
    reached = earlier.ready

    def step(reason: Reason, ready: int, quantity: Decimal = _NOTHING) -> None:
        nonlocal reached
        parts.append(_change_of(key, now.payer, reason, quantity, ready - reached))
        reached = ready

    counts = now.status == "READY"
    if earlier.status == "NO_AGREEMENT" and counts:
        step(Reason.NEW_AGREEMENT, earlier.amount)
    elif now.status == "NO_AGREEMENT" and earlier.ready:
        step(Reason.AGREEMENT_ENDED, 0)
    more = now.quantity - earlier.quantity
    if (earlier.price_rule, earlier.unit_price) != (now.price_rule, now.unit_price):
        priced = amount_ore(earlier.quantity, now.unit_price or _NOTHING) if counts else 0
        # the lines of several days are each rounded
        step(Reason.PRICE_CHANGE, priced if more or abs(now.ready - priced) > now.rows else now.ready)
    if more:
        same = amount_ore(earlier.quantity, now.unit_price or _NOTHING) if counts else 0
        # lines that are rounded separately do not sum to the rounded total
        if abs(same - reached) <= earlier.rows + now.rows:
            step(Reason.ROUNDING, same)
        step(_reason_of_quantity(kind, measure, more), now.ready, more)
    left = abs(now.ready - reached)
    step(
        Reason.ROUNDING if left <= earlier.rows + now.rows and max(earlier.rows, now.rows) > 1 else Reason.UNEXPLAINED,
        now.ready,
    )
    return parts


def _change_of(key: _Key, payer: str, reason: Reason, quantity: Decimal, amount: int) -> Change:
    month, organisation, account, service, element, channel, price_from = key
    return Change(month, payer, organisation, account, service, element, channel, price_from, reason, quantity, amount)


def _reason_of_new(by_customer: bool) -> Reason:  # noqa: FBT001 - the one question
    return Reason.NEW_AGREEMENT if by_customer else Reason.LATE_STATE


def _reason_of_removed(kind: PriceKind | None, measure: str | None) -> Reason:
    if kind in BY_CUSTOMER:
        return Reason.AGREEMENT_ENDED
    return _reason_of_quantity(kind, measure, Decimal(-1)) if measure == _DISPATCHES else Reason.WITHDRAWN


def _reason_of_quantity(kind: PriceKind | None, measure: str | None, more: Decimal) -> Reason:
    """Why a quantity changed: dispatches only decrease by a change of channel, or where a batch was withdrawn."""
    if kind is None:
        return Reason.UNEXPLAINED
    if measure != _DISPATCHES:
        return Reason.CORRECTION
    return Reason.LATE_STATE if more > 0 or kind is PriceKind.PER_CHANNEL else Reason.WITHDRAWN


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


_ELEMENTS = {r["price_element"]: (PriceKind(r["kind"]), r["measure"]) for r in read("price_element")}
