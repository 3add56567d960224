"""What may be invoiced: the invoice basis, from measured use, agreements and prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from itertools import combinations, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from assets.build import builds, by_value, from_sql, in_pieces, values_step, whole
from assets.reference import parts
from assets.statements import statement
from catalog import facts
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.pricing import BY_CUSTOMER, BY_UNIT, CountedOn, PriceKind, PriceRule, clash, rules_of
from catalog.tables import billing, conformed, reference, registers, uptake, usage

_OFFER = pa.schema(
    [
        ("month", pa.date32()),
        ("offer", pa.int64()),
        ("first_day", pa.date32()),
        ("next_day", pa.date32()),
        ("undated", pa.bool_()),
        ("price_element", pa.string()),
        ("service", pa.string()),
        ("kind", pa.string()),
        ("measure", pa.string()),
        ("channel", pa.string()),
        ("outcome", pa.string()),
        ("counted_on", pa.string()),
        ("least", pa.int64()),
        ("stands", pa.bool_()),
        ("of_dispatches", pa.bool_()),
        ("size_low", pa.int64()),
        ("size_high", pa.int64()),
        ("customers", pa.string()),
        ("monthly", pa.bool_()),
        ("months", pa.int32()),
        ("amount", pa.decimal128(18, 6)),
        ("unit", pa.string()),
        ("price_rule", pa.string()),
        ("no_price", pa.string()),
        ("synthetic", pa.bool_()),
    ]
)


def price_days(price_rule: Scan, month: date) -> Values:
    """The days at which prices of dispatches hold, where one changes within the month: of a service, all its changes.

    One row per service, `counted_on` and first day. A dispatch of the month may be delivered in any later month, so
    those are included where a price asks for the day of delivery.
    """
    register = _table(price_rule)
    days = {d for name in ("valid_from", "valid_to") for d in register[name].to_pylist() if d and d.day > 1}
    rules = _rows(price_rule) if days else []
    turns: dict[tuple[object, object, date], set[date]] = {}
    for changed in sorted({calendar.month_of(d) for d in days if d >= month}):
        for offer in offered(rules, changed):
            applies = changed == month or offer["counted_on"] == CountedOn.DELIVERED
            if applies and offer["of_dispatches"] and offer["first_day"] is not None:
                key = offer["service"], offer["counted_on"], changed
                turns.setdefault(key, {changed, calendar.next_month(changed)}).add(_day(offer["first_day"]))
    rows = [
        {"service": service, "counted_on": counted_on, "first_day": first, "next_day": after}
        for (service, counted_on, _), turn_days in sorted(turns.items(), key=str)
        for first, after in pairwise(sorted(turn_days))
    ]
    return Values(pa.Table.from_pylist(rows, _PRICE_DAYS))


_PRICE_DAYS = pa.schema(
    [
        ("service", pa.string()),
        ("counted_on", pa.string()),
        ("first_day", pa.date32()),
        ("next_day", pa.date32()),
    ]
)

billable_month = from_sql(
    billing.BILLABLE_MONTH,
    in_pieces(conformed.DISPATCH, billing.BILLABLE_MONTH, beside=values_step(price_days, registers.PRICE_RULE)),
    connection_month=usage.CONNECTION_EXACT_MONTH,
    slots={"sensitive": ", ".join(map(quoted, usage.SENSITIVE_SERVICES))},
)
customer_span = from_sql(
    billing.CUSTOMER_SPAN, uptake.STEP_EVENT, conformed.ADOPTION, reference.ORGANISATION, reference.MUNICIPALITY_OF
)


@builds(
    billing.CUSTOMER_CHARGE,
    billing.CUSTOMER_SPAN,
    reference.POPULATION,
    reference.ORGANISATION,
    registers.PRICE_RULE,
    parts,
    all_months=True,
)
def customer_charge(through: date, price_rule: Scan, **scans: Scan) -> Scan:
    """What each customer owes for a month just for being a customer, at the month's prices."""
    rules = _rows(price_rule)
    # the bundled events begin later, and a lake without events has no customers in any month
    months = calendar.months_between(_FIRST, through)
    offers = [o for m in months for o in offered(rules, m) if o["kind"] in BY_CUSTOMER]
    return Query(statement("conformed/customer_charge"), {"offer": _offers(offers), **scans})


@builds(
    billing.INVOICE_BASIS,
    billing.BILLABLE_MONTH,
    conformed.MEASUREMENT,
    by_value(billing.CUSTOMER_SPAN),
    billing.CUSTOMER_CHARGE,
    reference.ORGANISATION,
    registers.PRICE_RULE,
    registers.PAYER,
    billable_all=whole(billing.BILLABLE_MONTH),
)
def invoice_basis(month: date, price_rule: Scan, payer: Scan, customer_span: Scan, **scans: Scan) -> Scan:
    """The amounts for a month's use and agreements, at the month's prices."""
    offers = offered(_rows(price_rule), month)
    return Query(
        statement("ledger/invoice_basis"),
        {
            "offer": _offers(offers),
            "billed_use": Query(statement("ledger/billed_use"), {"used": _used(offers, month, scans)}),
            "payer_of_service": Values(_payers(_rows(payer), month, of_service=True)),
            "payer_of_all": Values(_payers(_rows(payer), month, of_service=False)),
            **_customers(customer_span, month),
            **{n: scans[n] for n in ("customer_charge", "organisation")},
        },
        {"month": month},
    )


@builds(
    billing.LATE_USE,
    billing.BILLABLE_MONTH,
    conformed.MEASUREMENT,
    registers.PRICE_RULE,
    billable_all=whole(billing.BILLABLE_MONTH),
)
def late_use(month: date, price_rule: Scan, **scans: Scan) -> Scan:
    """The part of the basis first known after the month. Reconciliation decides whether it was invoiced by then."""
    offers = offered(_rows(price_rule), month)
    return Query(
        statement("conformed/late_use"),
        {"used": _used(offers, month, scans), "offer_of_use": _of_use(offers)},
        {"month": month},
    )


def _customers(customer_span: Scan, month: date) -> dict[str, Scan]:
    """The customers' states in a month, without dates, and the services whose annexes are reported at all."""
    spans = _table(customer_span)
    begun = pc.less_equal(spans["first_month"], month)
    goes_on = pc.or_kleene(pc.is_null(spans["last_month"]), pc.greater_equal(spans["last_month"], month))
    standing = spans.filter(pc.and_(begun, goes_on)).select(["organisation_number", "service", "state"])
    services = sorted(set(spans.filter(spans["annexes_told"])["service"].to_pylist()))
    return {
        "standing_in_month": Values(standing),
        "with_annexes": Values(pa.table({"service": pa.array(services, pa.string())})),
    }


def _used(offers: list[dict[str, object]], month: date, scans: Mapping[str, Scan]) -> Scan:
    dispatched = Query(
        "select *, created_from as price_from, 'CREATED' as counted_on from billable_month",
        {"billable_month": scans["billable_month"]},
    )
    if any(o["counted_on"] == CountedOn.DELIVERED for o in offers):
        # a month depends on earlier months only where a price asks for the time of delivery
        both = {n: scans[n] for n in ("billable_month", "billable_all")}
        dispatched = Query(statement("ledger/dispatched"), both, {"month": month})
    return Query(
        statement("ledger/used", person_priced=", ".join(map(quoted, billing.PERSON_PRICED))),
        {"offer_of_use": _of_use(offers), "dispatched": dispatched, "measurement": scans["measurement"]},
        {"month": month},
    )


def _of_use(offers: list[dict[str, object]]) -> Values:
    return _offers([o for o in offers if _asks_for_use(o)])


_FIRST = date(2012, 1, 1)
"""SvarUt's first year: nothing older is billed."""


def _offers(offers: list[dict[str, object]]) -> Values:
    return Values(pa.Table.from_pylist(offers, _OFFER))


def offered(price_rule: Iterable[Mapping[str, object]], month: date) -> list[dict[str, object]]:
    """What may be billed in a month: the prices in force, each with its days, and the elements without one.

    A unit has the price of its day: where that changes within the month, each price is an offer of its own, from
    `first_day` to before `next_day`; both are null where one price holds all month. A price for time that changes
    within the month is prorated by days.

    A rule that clashes with another is included without a price, so that its use is listed. So is an element with rules
    only at other times, counted like the nearest rule before (or else after), and an element that never had one,
    counted as `price_element` says. A price per channel must have had a rule, since that names the channel. Of a
    channel that has a price on some days of the month, the other days are included without a price.

    Measured units whose day is not known (`undated`) have no price in a month in which that changes.
    """
    return list(_offered(tuple(tuple(row.items()) for row in price_rule), month))


_PRICE = Decimal("0.000001")
"""Prices are kept in millionths of a krone."""

_Rows = tuple[tuple[tuple[str, object], ...], ...]
_RulesOf = list[tuple[PriceRule, str]]
"""The rules of an element, each with its key."""


@lru_cache(maxsize=2048)  # several tables ask for every month
def _offered(price_rule: _Rows, month: date) -> tuple[dict[str, object], ...]:
    offers = [o for element, rules in _ruled(price_rule).items() for o in _offers_of(element, rules, month)]
    return tuple({"month": month, "offer": n} | o for n, o in enumerate(offers))


@lru_cache(maxsize=4)
def _ruled(price_rule: _Rows) -> dict[str, _RulesOf]:
    """The rules of each element of the vocabulary, each with its key."""
    by_element: dict[str, _RulesOf] = {e: [] for e in sorted(_elements())}
    for row in map(dict, price_rule):
        if row["kind"] in set(PriceKind) and row["price_element"] in by_element:
            [rule] = rules_of([row])
            key = "/".join("" if row[k] is None else str(row[k]) for k in registers.PRICE_RULE.key)
            by_element[rule.price_element].append((rule, key))
    return by_element


_STANDING = frozenset(r["measure"] for r in facts.read("measure") if r["kind"] == "STOCK")


@cache
def _elements() -> dict[str, PriceRule]:
    """Each element of the vocabulary as a rule that states what it counts, without a price."""
    return {
        row["price_element"]: PriceRule(
            row["price_element"],
            row["service"],
            PriceKind(row["kind"]),
            amount=Decimal(0),
            unit="",
            valid_from=date.min,
            measure=row["measure"] or None,
            synthetic=False,
        )
        for row in facts.read("price_element")
    }


def _by_day(rule: PriceRule) -> bool:
    """Whether each counted unit has a day. Stocks, such as accounts, are priced for the month."""
    return rule.kind in BY_UNIT and rule.measure not in _STANDING


def _offers_of(element: str, rules: _RulesOf, month: date) -> Iterator[dict[str, object]]:
    """The offers of an element for a month, each with its days where those are not all."""
    end = calendar.next_month(month)
    rules = _counted_alike(rules, month)
    turns = {d for r, _ in rules if _by_day(r) for d in (r.valid_from, r.valid_to) if d and month < d < end}
    parts: list[dict[str, object]] = []
    for first, after in pairwise((month, *sorted(turns), end)):
        for offer in _offers_on(element, rules, month, first):
            same = next((p for p in parts if p["next_day"] == first and _alike(p, offer)), None)
            if same is None:
                parts.append(offer | {"first_day": first, "next_day": after, "undated": None})
            else:
                same |= {"next_day": after, "synthetic": same["synthetic"] or offer["synthetic"]}
                if same["price_rule"] != offer["price_rule"]:
                    same["price_rule"] = f"{same['price_rule']}{billing.PRICE_RULES_APART}{offer['price_rule']}"
    without_a_day: dict[object, dict[str, object]] = {}
    for part in parts:
        if (part["first_day"], part["next_day"]) == (month, end):
            part |= {"first_day": None, "next_day": None}
        elif not part["of_dispatches"]:
            part["undated"] = False
            unpriced = {"amount": None, "unit": None, "price_rule": None, "no_price": "NO_DAY", "synthetic": False}
            whole = {"first_day": None, "next_day": None, "undated": True}
            without_a_day.setdefault(part["channel"], part | unpriced | whole)
    yield from (*parts, *without_a_day.values())


def _counted_alike(rules: _RulesOf, month: date) -> _RulesOf:
    """The rules, those by unit all counted on the day that the first of the month says: else some would count twice."""
    first = [r for r, _ in rules if _by_day(r) and r.valid_from <= month and (r.valid_to is None or month < r.valid_to)]
    if not first:
        return rules
    return [(replace(r, counted_on=first[0].counted_on) if _by_day(r) else r, key) for r, key in rules]


def _alike(part: Mapping[str, object], offer: Mapping[str, object]) -> bool:
    """Whether both count the same at the same price. A rule that is renewed at its price is no change."""
    return all(part[n] == value for n, value in offer.items() if n not in ("price_rule", "synthetic"))


def _offers_on(element: str, rules: _RulesOf, month: date, day: date) -> list[dict[str, object]]:
    """The offers of an element for units of a day, and for time from the first of the month on."""

    def holds(rule: PriceRule) -> bool:
        on = day if _by_day(rule) else month
        return rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)

    now = [(r, key) for r, key in rules if holds(r)]
    clashing = {id(r) for (a, _), (b, _) in combinations(now, 2) if clash(a, b) for r in (a, b)}
    offers = [_offer(*_prorated(r, key, rules, month), None) for r, key in now if id(r) not in clashing]
    unpriced = [_offer(r, key, "AMBIGUOUS_PRICE") for r, key in now if id(r) in clashing]
    unpriced += [
        _offer(replace(r, size_low=None, size_high=None, customer_kind=r.customers), None, "NO_RULE")
        for r in (_lapsed(rules, now, month) or ([] if now else _nearest(element, rules, month, day)))
    ]
    unique: dict[object, dict[str, object]] = {}
    for offer in unpriced:
        # two of them would list the same use twice
        unique.setdefault(offer["channel"] if _asks_for_use(offer) else tuple(offer.values()), offer)
    return [*offers, *unique.values()]


def _nearest(element: str, rules: _RulesOf, month: date, day: date) -> list[PriceRule]:
    """The rules that an element without a price on a day is counted by: the last before, else the first after."""
    if not rules:
        element_rule = _elements()[element]
        return [] if element_rule.kind is PriceKind.PER_CHANNEL else [element_rule]
    before = [r.valid_from for r, _ in rules if r.valid_from <= (day if _by_day(r) else month)]
    nearest = max(before) if before else min(r.valid_from for r, _ in rules)
    return [r for r, _ in rules if r.valid_from == nearest]


def _lapsed(rules: _RulesOf, now: _RulesOf, month: date) -> list[PriceRule]:
    """Prices by unit that hold on other days of the month, of channels without a price in force."""
    end = calendar.next_month(month)
    in_month = [r for r, _ in rules if _by_day(r) and r.valid_from < end and (r.valid_to is None or month < r.valid_to)]
    return [
        r
        for r in in_month
        if not any(clash(replace(r, valid_from=n.valid_from, valid_to=n.valid_to), n) for n, _ in now)
    ]


def _prorated(rule: PriceRule, key: str, rules: _RulesOf, month: date) -> tuple[PriceRule, str]:
    """A price for time, at the month's price by days where others succeed it within the month, with all their keys.

    A price that is due once, a joining fee or a yearly price, is that of the first of the month. So is one that
    ends within the month without a successor that counts the same. A unit has the price of its day.
    """
    if _by_day(rule) or (rule.kind in BY_CUSTOMER and not rule.monthly):
        return rule, key
    end, keys, total, synthetic = calendar.next_month(month), [key], Decimal(0), rule.synthetic
    first, last = month, rule
    while last.valid_to is not None and last.valid_to < end:
        total += last.amount * (last.valid_to - first).days
        first = last.valid_to
        heirs = [(r, k) for r, k in rules if r.valid_from == first and _as_of(r, last) == last]
        if len(heirs) != 1:
            return rule, key
        [(last, heir)] = heirs
        keys.append(heir)
        synthetic |= last.synthetic
    price = (total + last.amount * (end - first).days) / (end - month).days
    amount = price.quantize(_PRICE, ROUND_HALF_UP)
    return replace(rule, amount=amount, synthetic=synthetic), billing.PRICE_RULES_APART.join(keys)


def _as_of(rule: PriceRule, other: PriceRule) -> PriceRule:
    """The rule with the other's price and days; it equals the other where both count the same."""
    same = ("amount", "valid_from", "valid_to", "source", "synthetic")
    return replace(rule, **{name: getattr(other, name) for name in same})


def _offer(rule: PriceRule, key: str | None, no_price: str | None) -> dict[str, object]:
    priced = no_price is None
    return {
        "price_element": rule.price_element,
        "service": rule.service,
        "kind": rule.kind.value,
        "measure": rule.measure,
        "channel": rule.channel,
        "outcome": rule.outcome,
        "counted_on": rule.counted_on.value,
        "least": rule.least,
        "stands": rule.measure in _STANDING,
        "of_dispatches": rule.measure == usage.DISPATCHES and rule.kind in (PriceKind.PER_UNIT, PriceKind.PER_CHANNEL),
        "size_low": rule.size_low,
        "size_high": rule.size_high,
        "customers": rule.customers,
        "monthly": rule.monthly,
        "months": rule.months,
        "amount": rule.amount if priced else None,
        "unit": rule.unit if priced else None,
        "price_rule": key if priced else None,
        "no_price": no_price,
        "synthetic": rule.synthetic and priced,
    }


def _asks_for_use(offer: Mapping[str, object]) -> bool:
    """Whether the offer counts something measured. A fixed monthly price may; a yearly one rests on the agreement."""
    if offer["kind"] in (PriceKind.FIXED, PriceKind.FIXED_MONTHLY):
        return offer["measure"] is not None and bool(offer["monthly"])
    return offer["kind"] not in BY_CUSTOMER


def _payers(rows: Iterable[Mapping[str, object]], month: date, *, of_service: bool) -> pa.Table:
    """The payer of each organisation (and service) in a month. A change at another time rebuilds nothing.

    Of several at once, the one that began last pays; ties go to the lowest number. One without a first day began before
    all others.
    """
    payers: dict[tuple[object, object], Mapping[str, object]] = {}

    def began(row: Mapping[str, object]) -> date:
        return _day(row["valid_from"] or date.min)

    for row in sorted(rows, key=lambda r: (-began(r).toordinal(), str(r["payer_number"]))):
        dated = began(row) <= month and (row["valid_to"] is None or month < _day(row["valid_to"]))
        if dated and (row["service"] is not None) is of_service:
            payers.setdefault((row["organisation_number"], row["service"]), row)
    return pa.Table.from_pylist([dict(r) for _, r in sorted(payers.items(), key=str)], registers.PAYER.schema)


def _day(value: object) -> date:
    if not isinstance(value, date):
        message = f"{value!r} is not a date"
        raise TypeError(message)
    return value


def _rows(register: Scan) -> list[dict[str, object]]:
    """The rows of a register scan, which is a small table in memory."""
    rows: list[dict[str, object]] = _table(register).to_pylist()
    return rows


def _table(small: Scan) -> pa.Table:
    """A small table in memory.

    Raises:
        TypeError: the scan is not in memory.
    """
    if not isinstance(small, Values):
        message = f"a small table is given as {type(small).__name__}, not as values"
        raise TypeError(message)
    return small.table


BUILDS = (billable_month, customer_span, customer_charge, invoice_basis, late_use)
