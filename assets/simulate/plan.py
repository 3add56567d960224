"""The input and output of a simulation: a frozen plan, and named batches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from catalog.errors import WrongUse

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_YEAR = 2018
"""In earlier years the bundled organisations do not cover the country."""
_MONTHS_A_YEAR = 12
_FEWEST_ORGANISATIONS = 10
"""With fewer, some kind of organisation is missing."""
_MOST_CONNECTIONS = 30_000
"""The limit of the records' 16-bit codes."""
_JUDGED_DAYS = 92
"""How far back deliveries are judged day by day; see `assets.completeness`."""


PRODUCER = "syntetisk"
"""The producer of synthetic batches; no real producer has this name."""


class Kind(IntEnum):
    """What a random sequence is for. The numbers are part of what a seed means: add at the end, never renumber."""

    ORGANISATIONS = 1
    SYSTEMS = 2
    ADOPTION = 3
    CONNECTIONS = 4
    DISPATCH = 5
    MEASUREMENT = 6
    INVOICE = 7
    COST = 8
    LOAN = 9
    REGISTER = 10
    BUDGET = 11
    STORY = 12


class BadPlan(WrongUse):
    """A plan of traffic that cannot be carried out."""

    kind = "bad_plan"

    def __init__(self, setting: str, value: object, expected: str) -> None:
        """Name the plan's setting, and its valid values."""
        super().__init__(f"Traffic cannot be simulated with {setting} {value}.", f"Give {expected}.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. Equal plans give equal batches, content and order.

    Money and all use but dispatches are the same whatever the number of dispatches: where fewer are sent, each costs
    more (see `prices.price_rules`).

    Attributes:
        dispatches: over the whole period.
        months: whole months, Europe/Oslo.
        last_month: the last of them, as its first day.
        seed: what makes this traffic differ from other traffic.
        organisations: the real municipalities and counties, and synthetic ones up to this number.
        connections: organisation × account × source system.
        until: nothing that happens on that day or later is sent, nor anything that would arrive after it, so the last
            dispatches are still open (and, before the 12th, the last month is not invoiced). None: everything settles,
            about four weeks after the last month.
        running: the running month is used too, up to `until`; its money comes after it, as always.
        daily_from: what was used before that day arrives as history, once a month: dispatches in their last state and
            the time they were delivered, measured use as sums of the month. None: everything arrives daily.
    """

    dispatches: int
    months: int
    last_month: date
    seed: int = 1
    organisations: int = 600
    connections: int = 4500
    until: date | None = None
    running: bool = False
    daily_from: date | None = None

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be carried out.

        Raises:
            BadPlan: a number out of range, or a period before the bundled facts begin.
        """
        if self.dispatches < 0:
            raise BadPlan("dispatches", self.dispatches, "0 or more")
        if self.seed < 0:
            raise BadPlan("seed", self.seed, "0 or more")
        if self.months < 1:
            raise BadPlan("months", self.months, "1 or more")
        if self.last_month.day != 1:
            raise BadPlan("last_month", self.last_month, "the first day of a month")
        if self.first_month.year < _FIRST_YEAR:
            raise BadPlan("first_month", self.first_month, f"{_FIRST_YEAR}-01 or later")
        if self.organisations < _FEWEST_ORGANISATIONS:
            raise BadPlan("organisations", self.organisations, f"{_FEWEST_ORGANISATIONS} or more")
        if not self.organisations <= self.connections <= _MOST_CONNECTIONS:
            raise BadPlan("connections", self.connections, f"one per organisation or more, at most {_MOST_CONNECTIONS}")
        if self.until is not None and self.until < self.end:
            raise BadPlan("until", self.until, f"{self.end}, the day after the period, or later")
        self._refuse_undated()

    def _refuse_undated(self) -> None:
        if self.running and self.until is None:
            raise BadPlan("running", self.running, "a day with it, in `until`")
        if self.daily_from is not None and self.daily_from.day != 1:
            raise BadPlan("daily_from", self.daily_from, "the first day of a month")

    @classmethod
    def before(cls, until: date, *, dispatches: int, months: int, seed: int = 1) -> Plan:
        """The last full months before a day, as things stand on that day."""
        last = (until.replace(day=1) - timedelta(days=1)).replace(day=1)
        return cls(dispatches=dispatches, months=months, last_month=last, seed=seed, until=until)

    @classmethod
    def demonstration(cls, until: date, *, dispatches: int, months: int, seed: int = 1) -> Plan:
        """The last full months before a day and the running one, as things stand on that day; most of it as history."""
        plan = cls.before(until, dispatches=dispatches, months=months, seed=seed)
        daily_from = max((until - timedelta(days=_JUDGED_DAYS)).replace(day=1), plan.first_month)
        return replace(plan, running=True, daily_from=daily_from)

    @property
    def first_month(self) -> date:
        """The first day of the period."""
        return month_after(self.last_month, 1 - self.months)

    @property
    def end(self) -> date:
        """The first day after the period."""
        return month_after(self.last_month, 1)

    @property
    def stop(self) -> date:
        """The first day without use: the period's end, or the day when the running month is seen."""
        return self.until if self.running and self.until is not None else self.end

    def days(self) -> list[date]:
        """Every day with use, in order."""
        return [self.first_month + timedelta(days=i) for i in range((self.stop - self.first_month).days)]

    def months_back(self, month: date) -> int:
        """The number of months from a month to the plan's last one; negative after it."""
        return (self.last_month.year - month.year) * _MONTHS_A_YEAR + self.last_month.month - month.month

    def is_history(self, day: date) -> bool:
        """Whether what was used on a day arrives with its whole month."""
        return self.daily_from is not None and day < self.daily_from

    def random(self, kind: Kind, *key: int) -> np.random.Generator:
        """The random sequence for one kind and key, such as a day; independent of everything else generated."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(int(kind), *key)))


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as a producer would send it.

    Attributes:
        stream: the stream's name.
        name: descriptive, `[A-Za-z0-9._-]{1,64}`, unique within a plan.
        arrived_at: the time of receipt, UTC.
        table: exactly the stream's schema.
        planted: how many of its rows break a rule of the stream on purpose.
    """

    stream: str
    name: str
    arrived_at: datetime
    table: pa.Table
    planted: int = 0


def month_after(month: date, n: int) -> date:
    """The first day of the month `n` months after (or, negative, before) a month."""
    index = month.year * _MONTHS_A_YEAR + month.month - 1 + n
    return date(index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1, 1)
