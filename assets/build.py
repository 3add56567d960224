"""What a build declares: the contract that its dataset fulfils, the contracts it reads, and a function of scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalog.contracts.language import DatasetContract, RegisterContract
from catalog.contracts.scan import Scan
from catalog.domain import calendar

_SETTLED_AFTER = 7
"""Working days until a month's digital share is final: a letter unread for two of them goes to print."""


@dataclass(frozen=True, slots=True)
class BuildWindow:
    """The time that a table is built for. A function that takes one is made anew when what it uses of it changes.

    Attributes:
        as_of: what is known, in UTC.
        month: the partition to make; None for a dataset without months.
    """

    as_of: datetime
    month: date | None = None

    @property
    def through(self) -> date:
        """The month in which `as_of` lies, the last that a series goes to."""
        return calendar.month_of(calendar.day_in_oslo(self.as_of))

    @property
    def provisional(self) -> bool:
        """Whether the month's digital share may still change: until seven working days after it."""
        if self.month is None:
            return False
        last_day = calendar.next_month(self.month) - timedelta(days=1)
        return calendar.day_in_oslo(self.as_of) < calendar.working_days_after(last_day, _SETTLED_AFTER)


@dataclass(frozen=True, slots=True)
class Build:
    """One dataset and how it is made.

    Attributes:
        inputs: by the name the function and its SQL know them by. Where both have months, a month is made of that
            month.
        whole: inputs with months that are read whole all the same.
        by_value: inputs that are small, given as the rows they hold: a month that takes some of them is made again only
            when those change.
        all_months: all months are built in one, from inputs that are read whole; a month that comes out as it was keeps
            its file, so that neither what is made of it, nor the gate, nor a release looks at it again.
    """

    contract: DatasetContract
    inputs: Mapping[str, DatasetContract | RegisterContract]
    make: Callable[..., Scan]
    whole: frozenset[str]
    all_months: bool = False
    by_value: frozenset[str] = frozenset()


def builds(
    contract: DatasetContract,
    *,
    whole: tuple[str, ...] = (),
    all_months: bool = False,
    by_value: tuple[str, ...] = (),
    **inputs: DatasetContract | RegisterContract,
) -> Callable[[Callable[..., Scan]], Build]:
    """Declare that a function of scans makes a dataset; it is called with its inputs by name, and a `BuildWindow`."""

    def declared(function: Callable[..., Scan]) -> Build:
        return Build(contract, inputs, function, frozenset(whole), all_months, frozenset(by_value))

    return declared
