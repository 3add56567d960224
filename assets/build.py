"""Build declarations: the contract of the dataset, the contracts it reads, and a function of scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import wraps

from catalog.contracts.language import Audience, Column, DatasetContract, RegisterContract
from catalog.contracts.scan import Scan
from catalog.domain import calendar

_SETTLED_AFTER = 7
"""Working days until a month's digital share is final: a letter unread for two working days goes to print."""


@dataclass(frozen=True, slots=True)
class BuildWindow:
    """The time that a table is built for. A table is rebuilt when the parts its function uses change.

    Attributes:
        as_of: the time of knowledge, in UTC.
        month: the partition to build; None for a dataset without months.
    """

    as_of: datetime
    month: date | None = None

    @property
    def through(self) -> date:
        """The month of `as_of`, the last of a series."""
        return calendar.month_of(calendar.day_in_oslo(self.as_of))

    @property
    def provisional(self) -> bool:
        """Whether the month's digital share may still change: until seven working days after it."""
        if self.month is None:
            return False
        last_day = calendar.next_month(self.month) - timedelta(days=1)
        return calendar.day_in_oslo(self.as_of) < calendar.working_days_after(last_day, _SETTLED_AFTER)


@dataclass(frozen=True, slots=True)
class Reduced:
    """How a large input is reduced before a table is built from it: what is left of its pieces is read together.

    A month of dispatches that is several files is reduced file by file, by workers where there are any.

    Attributes:
        rows: what is left of any part of the input, for a window. The build adds up rows of equal keys.
        contract: of these rows.
        merge: builds the dataset from them, where its own function is faster from the input's rows and takes these.
    """

    rows: Callable[[BuildWindow, Scan], Scan]
    contract: DatasetContract
    merge: Callable[..., Scan] | None = None


def piece_of(contract: DatasetContract, *columns: Column) -> DatasetContract:
    """The contract of what is left of a piece: a table of the lake, with the dataset's own columns or others."""
    return replace(
        contract,
        schema="conformed",
        table=f"{contract.table}_piece",
        audience=Audience.INTERNAL,
        columns=columns or contract.columns,
        rules=(),
        one_at_a_time=(),
        lies_by=(),
    )


@dataclass(frozen=True, slots=True)
class Build:
    """One dataset and how it is built.

    Attributes:
        inputs: by the name used in the function and its SQL. Where both have months, a month is built from the same
            month.
        whole: inputs with months that are nevertheless read whole.
        by_value: small inputs, passed as their rows: a month that uses some of the rows is rebuilt only when those
            change.
        all_months: all months are built at once, from inputs that are read whole. An unchanged month keeps its
            file, so neither its dependants, nor the gate, nor a release looks at it again.
        reduced: how the large input is reduced, by its name; none where there is none.
        of_reduced: the function, of the reduced input.
    """

    contract: DatasetContract
    inputs: Mapping[str, DatasetContract | RegisterContract]
    make: Callable[..., Scan]
    whole: frozenset[str]
    all_months: bool = False
    by_value: frozenset[str] = frozenset()
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    of_reduced: Callable[..., Scan] | None = None

    def reads_by_month(self, name: str) -> bool:
        """Whether a month of the table is built from the same month of this input; otherwise from all of it."""
        source = self.inputs[name]
        months = isinstance(source, DatasetContract) and source.partitioned and self.contract.partitioned
        return months and not self.all_months and name not in self.whole | self.by_value


def builds(
    contract: DatasetContract,
    *,
    whole: tuple[str, ...] = (),
    all_months: bool = False,
    by_value: tuple[str, ...] = (),
    reduced: Mapping[str, Reduced] | None = None,
    **inputs: DatasetContract | RegisterContract,
) -> Callable[[Callable[..., Scan]], Build]:
    """Declare that a function of scans builds a dataset; it is called with a `BuildWindow` and its inputs by name."""

    def declared(function: Callable[..., Scan]) -> Build:
        def make(window: BuildWindow, **scans: Scan) -> Scan:
            for name, how in (reduced or {}).items():
                if how.merge is None:
                    scans[name] = how.rows(window, scans[name])
            return function(window, **scans)

        of_reduced = next((how.merge or function for how in (reduced or {}).values()), None)
        sets = frozenset(whole), all_months, frozenset(by_value)
        return Build(contract, inputs, wraps(function)(make) if reduced else function, *sets, reduced or {}, of_reduced)

    return declared
