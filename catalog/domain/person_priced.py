"""Income that is priced by use at a protected service: which invoice lines are told in one sum.

An amount divided by its price is a count of cases, so a sum must not give one payer's amount away. Each exact sum has
at least `FEWEST` payers; payers whose lines cancel out do not count. A line is in one sum and stays there, and no total
is told beside the sums. So neither subtracting sums nor comparing releases gives what fewer payers have, however lines
arrive: late ones wait until there are enough, and so does what takes a withdrawn line back. One that is erased or set
aside changes its sum.

What does *not* belong here: which elements these are (`catalog.tables.billing`), and the month in which a sum is booked
when quarters are closed (`assets.closing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from catalog.domain import calendar

FEWEST = 20
"""The fewest payers of an exact sum."""
ROUNDED_TO_ORE = 100_000
"""What fewer payers have is rounded to the nearest 1 000 kr …"""
ROUNDED_TO_UNITS = 20
"""… or to the price of this many units where that is more, so that an expensive unit does not show."""
_QUARTER = 3
_YEAR = 12


class Kind(StrEnum):
    """The kinds of sums."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    ROUNDED = "ROUNDED"
    """What fewer than `FEWEST` payers have of a quarter, rounded."""


@dataclass(frozen=True, slots=True)
class Line:
    """The facts that decide the sum of an invoice line.

    Attributes:
        payer: who pays.
        period: the month it relates to.
        amount_ore: without VAT.
        received_at: when it was first received, in UTC.
    """

    payer: str
    period: date
    amount_ore: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum that a line is in.

    Attributes:
        kind: what it covers.
        period: the last month that it covers, in which it is booked unless that month was closed before.
        complete_at: when there were enough payers, in UTC; for a rounded sum, when it began.
    """

    kind: Kind
    period: date
    complete_at: datetime

    @property
    def covers(self) -> str:
        """The months that it covers: 2026-05, 2026-Q2 or 2026."""
        if self.kind is Kind.MONTH:
            return f"{self.period:%Y-%m}"
        return str(self.period.year) if self.kind is Kind.YEAR else calendar.quarter_of(self.period)


def sums(lines: Sequence[Line], open_from: date, fewest: int = FEWEST) -> list[Sum | None]:
    """The sum that each line of one element is in, in the order of the lines.

    Lines are taken in the order of receipt. A month's lines that are in no sum become one as soon as enough payers have
    some. At the end of each quarter, what is left of a quarter that is over becomes a sum where enough payers have it;
    at the end of each year, what is left of a year. The rest of a quarter that is over is rounded for now.

    Args:
        lines: of one element.
        open_from: the first day of the first quarter that is not over.
        fewest: the fewest payers of an exact sum.

    Returns:
        None for a line that waits: too few payers have lines of its month, and its quarter is not over.
    """
    waiting = _Waiting(lines, fewest)
    for at, end, arrived in _events(lines, open_from):
        waiting.arrive(arrived, at)
        if end is not None:
            waiting.sum_up(Kind.QUARTER, _QUARTER, end, at)
        if end is not None and end.month == 1:
            waiting.sum_up(Kind.YEAR, _YEAR, end, at)
    waiting.round_off(open_from)
    return waiting.sums


@dataclass(slots=True)
class _Waiting:
    """Lines that are in no sum yet, by month, as positions in `lines`."""

    lines: Sequence[Line]
    fewest: int
    by_month: dict[date, list[int]] = field(default_factory=dict)
    sums: list[Sum | None] = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any sum."""
        self.sums = [None] * len(self.lines)

    def arrive(self, arrived: Collection[int], at: datetime) -> None:
        """Take lines that arrive together, and sum their months."""
        for n in arrived:
            self.by_month.setdefault(self.lines[n].period, []).append(n)
        for month in {self.lines[n].period for n in arrived}:
            self._sum([month], Sum(Kind.MONTH, month, at))

    def sum_up(self, kind: Kind, length: int, end: date, at: datetime) -> None:
        """Sum what is left of each quarter or year that is over at the end."""
        for last in self._over(length, end):
            self._sum(_months(last, length), Sum(kind, last, at))

    def round_off(self, end: date) -> None:
        """Round what is left of each quarter that is over at the end."""
        for last in self._over(_QUARTER, end):
            rest = [n for month in _months(last, _QUARTER) for n in self.by_month.get(month, ())]
            begun = max(min(self.lines[n].received_at for n in rest), calendar.start_of(calendar.next_month(last)))
            for n in rest:
                self.sums[n] = Sum(Kind.ROUNDED, last, begun)

    def _sum(self, months: Iterable[date], total: Sum) -> None:
        months = [month for month in months if month in self.by_month]
        if self._payers(n for month in months for n in self.by_month[month]) >= self.fewest:
            for month in months:
                for n in self.by_month.pop(month):
                    self.sums[n] = total

    def _payers(self, numbers: Iterable[int]) -> int:
        owed: dict[str, int] = defaultdict(int)
        for n in numbers:
            owed[self.lines[n].payer] += self.lines[n].amount_ore
        return sum(amount != 0 for amount in owed.values())

    def _over(self, length: int, end: date) -> list[date]:
        """The last month of each quarter or year that has waiting lines and is over at the end."""
        lasts = {date(m.year, (m.month - 1) // length * length + length, 1) for m in self.by_month}
        return sorted(last for last in lasts if last < end)


def _months(last: date, length: int) -> list[date]:
    return [calendar.months_before(last, back) for back in range(length)]


def _events(lines: Sequence[Line], open_from: date) -> Iterator[tuple[datetime, date | None, list[int]]]:
    """What happens, in order of time: quarters end (with the first day after), and lines arrive together."""
    arrived: dict[datetime, list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        arrived[line.received_at].append(n)
    ends: dict[datetime, date] = {}
    if arrived:
        day = calendar.day_in_oslo(min(arrived))
        end = date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1)
        while end < open_from:
            end = calendar.months_before(end, -_QUARTER)
            ends[calendar.start_of(end)] = end
    for at in sorted({*arrived, *ends}):
        if at in ends:
            yield at, ends[at], []
        if at in arrived:
            yield at, None, arrived[at]
