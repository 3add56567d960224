"""Invoice lines that follow from simulated use: each month's lines, by the real price elements.

The register `payer` says who pays for another. A few of each fault are planted: a line in the wrong month, a payer
other than the register's, a wrong quantity corrected the month after, and an amount that does not add up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from assets.simulate import paths
from assets.simulate.adoption import SOURCE
from assets.simulate.organisations import COUNTY, MUNICIPALITY
from assets.simulate.plan import Kind, month_after
from assets.simulate.prices import (
    FOLKEREGISTER_BY_SIZE,
    FOLKEREGISTER_COUNTY,
    JOINING_FEE,
    LARGE,
    MESSAGE_TYPES,
    SMALL,
)
from catalog.domain.pricing import amount_ore, billable, share_of_year, vat_ore
from catalog.facts import read
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from assets.simulate.adoption import Uptake
    from assets.simulate.measurements import Holding
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.prices import Prices

_QUARTERLY_BELOW = 3_000
"""Customers with fewer inhabitants are billed at the end of the quarter, with a line per month."""
_QUARTER = 3
_DAY_OF_INVOICE = 10
_MONTH_SHIFT, _OTHER_PAYER, _WRONG_QUANTITY = 0.002, 0.004, 0.008
_AMOUNT_OFF_EVERY, _FIRST_AMOUNT_OFF = 2_500, 313
BY_HOLDING = {
    "fiks-io": "fiksio",
    "fiks-dokumentlager": "dokumentlager",
    "fiks-bekymringsmelding": "bekymringsmelding-fastpris-pr-svarinn-adapter",
    "min-kommune": "minside-matrikkel-fastpris-per-maned",
}
"""The elements billed for what an organisation has."""
_ENOUGH_TO_MISTAKE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `invoice` and `number` are set when the invoice is made."""

    organisation: int
    payer: str | None
    account_id: str | None
    service: str
    price_element: str
    period: date
    quantity: Decimal
    unit: str
    unit_price: Decimal
    text: str
    invoice: str = ""
    number: int = 0
    invoiced_on: date = date.min
    corrects: str | None = None
    off_by: int = 0

    @property
    def amount_ore(self) -> int:
        """The amount, off by `off_by` where a fault is planted."""
        return amount_ore(self.quantity, self.unit_price) + self.off_by


@dataclass(frozen=True, slots=True)
class MonthOfUse:
    """The input to a month's lines.

    Attributes:
        billed: dispatches of SvarUt by organisation and billing class.
        sums: measured quantity by service, organisation and source.
    """

    month: date
    billed: npt.NDArray[np.int64]
    sums: Mapping[tuple[str, int, str], int]


class Biller:
    """Bills a plan month by month; remembers what is to be billed or corrected later."""

    def __init__(
        self,
        plan: Plan,
        organisations: Sequence[Organisation],
        uptakes: Sequence[Uptake],
        holdings: Sequence[Holding],
        payers: Mapping[str, str],
        prices: Prices,
    ) -> None:
        """Store who uses what at what price, and who pays for whom."""
        self._plan, self._organisations, self._uptakes, self._holdings, self._payers, self._prices = (
            plan, organisations, uptakes, holdings, payers, prices
        )  # fmt: skip
        self._texts = {row["price_element"]: row["line_text_nb"] for row in read("price_element")}
        self._waiting: dict[int, list[Line]] = defaultdict(list)
        self._to_correct: list[tuple[Line, Decimal]] = []
        self._lines = 0

    def bill(self, use: MonthOfUse) -> list[Line]:
        """The lines invoiced for a month, by invoice and line number."""
        random = self._plan.random(Kind.INVOICE, use.month.year, use.month.month)
        corrections, self._to_correct = self._to_correct, []
        for line in self._all(use):
            self._waiting[line.organisation].append(line)
        for wrong, right in corrections:
            again = replace(wrong, corrects=wrong.invoice, text=f"Retting av {wrong.invoice}")
            self._waiting[wrong.organisation] += [
                replace(again, quantity=-wrong.quantity),
                replace(again, quantity=right),
            ]
        is_last = use.month == self._plan.last_month
        invoiced_on = min(month_after(use.month, 1) + timedelta(days=_DAY_OF_INVOICE - 1), self._plan.until or date.max)
        lines = []
        for i in sorted(self._waiting):
            organisation = self._organisations[i]
            quarterly = organisation.weight < _QUARTERLY_BELOW
            if quarterly and use.month.month % _QUARTER and not is_last:
                continue
            invoice = f"SIM-{use.month:%Y%m}-{organisation.number}"
            for number, line in enumerate(self._waiting.pop(i), 1):
                invoiced = replace(line, invoice=invoice, number=number, invoiced_on=invoiced_on)
                lines.append(invoiced if line.corrects else self._mistaken(invoiced, random, last=is_last))
        return lines

    def _mistaken(self, line: Line, random: np.random.Generator, *, last: bool) -> Line:
        """Return most lines unchanged; give some a fault that reconciliation should find."""
        self._lines += 1
        chance = random.random()
        if self._lines % _AMOUNT_OFF_EVERY == _FIRST_AMOUNT_OFF:
            return replace(line, off_by=1)
        if chance < _MONTH_SHIFT and line.period > self._plan.first_month:
            return replace(line, period=month_after(line.period, -1))
        if chance < _OTHER_PAYER:
            other = self._organisations[int(random.integers(len(self._organisations)))].number
            return replace(line, payer=other)
        # No fault that could not be corrected within the plan, so that quantities agree in the end.
        if chance < _WRONG_QUANTITY and line.quantity >= _ENOUGH_TO_MISTAKE and not last:
            wrong = replace(line, quantity=line.quantity + line.quantity // 10)
            self._to_correct.append((wrong, line.quantity))
            return wrong
        return line

    def _all(self, use: MonthOfUse) -> Iterator[Line]:
        yield from self._dispatches(use)
        after = month_after(use.month, 1)
        for uptake in self._uptakes:
            organisation = self._organisations[uptake.organisation]
            if uptake.activated < after and use.month < uptake.last_use and organisation.is_valid(use.month):
                yield from self._uptake(uptake, organisation, use)
        for h in self._holdings:
            if h.is_held(use.month) and self._organisations[h.organisation].is_valid(use.month):
                name = BY_HOLDING[h.service]
                yield from self._line(h.organisation, name, use.month, Decimal(h.quantity), account_id=h.account_id)

    def _dispatches(self, use: MonthOfUse) -> Iterator[Line]:
        for i, counts in enumerate(use.billed.tolist()):
            yield from self._line(i, "svarut-forsendelser", use.month, Decimal(sum(counts)))
            by_altinn, by_svarinn = Decimal(counts[paths.BY_ALTINN]), Decimal(counts[paths.BY_SVARINN])
            yield from self._line(i, "svarut-altinn", use.month, by_altinn, channel="ALTINN")
            yield from self._line(i, "svarut-svarinn", use.month, by_svarinn, channel="SVARINN")

    def _uptake(self, uptake: Uptake, organisation: Organisation, use: MonthOfUse) -> Iterator[Line]:
        i, month = uptake.organisation, use.month
        joins = (uptake.activated.year, uptake.activated.month) == (month.year, month.month)
        # A year is billed in January, or in the month of joining.
        year = share_of_year(uptake.activated, month.year) if month.month == 1 or joins else Decimal(0)
        match uptake.service:
            case "fiks-folkeregister":
                yield from self._line(i, folkeregister_element(organisation, month.year), month, year)
            case "fiks-del-dokument":
                yield from self._line(i, "del-dokument-fastpris", month, year)
            case "fiks-kjoretoyregister":
                lookups = Decimal(use.sums.get((uptake.service, i, SOURCE), 0))
                yield from self._line(i, "kjoretoyregister-maned-med-minst-10-oppslag", month, lookups)
            case "min-kommune":
                yield from self._line(i, "minside-fastpris-per-maned", month, Decimal(1))
                for about, _ in MESSAGE_TYPES:
                    messages = Decimal(use.sums.get((uptake.service, i, about), 0))
                    yield from self._line(i, "minside-innsyn", month, messages, channel=about)
            case "fiks-digiorden":
                yield from self._line(i, JOINING_FEE, month, Decimal(joins))
                yield from self._line(i, "digiorden-fastpris-per-maned", month, Decimal(1))
                people = Decimal(inhabitants_in(organisation, month.year))
                yield from self._line(i, "digiorden-innbyggere", month, people)

    def _line(
        self,
        i: int,
        element: str,
        month: date,
        quantity: Decimal,
        *,
        channel: str | None = None,
        account_id: str | None = None,
    ) -> Iterator[Line]:
        """The line of one element; nothing without a price, or with nothing to bill."""
        organisation = self._organisations[i]
        size, kind = inhabitants_in(organisation, month.year), organisation.kind
        rule = self._prices.of(element, month.year, size, kind, channel=channel)
        if rule is None or not (billed := billable(rule, quantity)):
            return
        text = self._texts[element].replace("{meldingstype}", channel or "")
        yield Line(
            organisation=i,
            payer=self._payers.get(organisation.number),
            account_id=account_id,
            service=rule.service,
            price_element=element,
            period=month,
            quantity=billed,
            unit=rule.unit,
            unit_price=rule.amount,
            text=text.replace("{KontoNavn} {kontoId}", f"{organisation.name} {account_id}"),
        )

    def table(self, lines: Sequence[Line]) -> pa.Table:
        """The lines as the stream's table, in the order given."""
        columns = (
            [x.invoice for x in lines],
            [x.number for x in lines],
            [self._organisations[x.organisation].number for x in lines],
            [x.payer for x in lines],
            [x.account_id for x in lines],
            [x.service for x in lines],
            [x.price_element for x in lines],
            [x.period for x in lines],
            [x.quantity for x in lines],
            [x.unit for x in lines],
            [x.unit_price for x in lines],
            [x.amount_ore for x in lines],
            [vat_ore(x.amount_ore) for x in lines],
            [x.invoiced_on for x in lines],
            [x.corrects for x in lines],
            [x.text for x in lines],
        )
        schema = streams.INVOICE_LINE.schema
        return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def payers(plan: Plan, organisations: Sequence[Organisation]) -> dict[str, str]:
    """Who pays for whom: for one synthetic organisation in five, a municipality of its county."""
    random = plan.random(Kind.INVOICE)
    payer_of = {}
    for organisation in organisations:
        if organisation.synthetic and random.integers(5) == 0:
            near = [
                o.number
                for o in organisations
                if o.kind == MUNICIPALITY and o.county_code == organisation.county_code and o.valid_to is None
            ]
            if near:
                payer_of[organisation.number] = near[int(random.integers(len(near)))]
    return payer_of


def folkeregister_element(organisation: Organisation, year: int) -> str:
    """The price element of an organisation's size."""
    if organisation.kind == COUNTY:
        return FOLKEREGISTER_COUNTY
    inhabitants = inhabitants_in(organisation, year)
    return FOLKEREGISTER_BY_SIZE[(inhabitants >= SMALL) + (inhabitants >= LARGE)]


def inhabitants_in(organisation: Organisation, year: int) -> int:
    """Inhabitants on 1 January of the year, where known; prices by size and by inhabitant use it."""
    return _people().get((organisation.municipality_code or "", year), organisation.inhabitants)


@cache
def _people() -> dict[tuple[str, int], int]:
    return {(r["municipality_code"], int(r["year"])): int(r["inhabitants"]) for r in read("population")}
