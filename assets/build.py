"""Build declarations: the contract of the dataset, the contracts it reads, and a function of scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import wraps

from catalog.contracts.language import Audience, Column, DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Scan
from catalog.domain import calendar
from catalog.domain.perturbation import Secret

Source = DatasetContract | RegisterContract | StreamContract
"""What a build may read."""


@dataclass(frozen=True, slots=True)
class BuildWindow:
    """The time that a table is built for. A table is rebuilt when the parts its function uses change.

    Attributes:
        as_of: the time of knowledge, in UTC.
        month: the partition to build; None for a dataset without months.
        secret: what protected counts are perturbed by; None where none are made.
    """

    as_of: datetime
    month: date | None = None
    secret: Secret | None = None

    @property
    def through(self) -> date:
        """The month of `as_of`, the last of a series."""
        return calendar.month_of(calendar.day_in_oslo(self.as_of))

    @property
    def provisional(self) -> bool:
        """Whether the month's digital share may still change: a letter unread for two working days goes to print."""
        if self.month is None:
            return False
        return self.as_of < calendar.first_published_at(self.month)


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
            month. Of a stream it is every landed row that may be of the month, withdrawn ones with `withdrawn_at`.
        whole: inputs with months that are nevertheless read whole.
        by_value: small inputs, passed as their rows: a month that uses some of the rows is rebuilt only when those
            change.
        all_months: all months are built at once, from inputs that are read whole. An unchanged month keeps its
            file, so neither its dependants, nor the gate, nor a release looks at it again.
        reduced: how the large input is reduced, by its name; none where there is none.
        of_reduced: the function, of the reduced input.
    """

    contract: DatasetContract
    inputs: Mapping[str, Source]
    make: Callable[..., Scan]
    whole: frozenset[str]
    all_months: bool = False
    by_value: frozenset[str] = frozenset()
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    of_reduced: Callable[..., Scan] | None = None

    def reads_by_month(self, name: str) -> bool:
        """Whether a month of the table is built from the same month of this input; otherwise from all of it."""
        source = self.inputs[name]
        months = (
            isinstance(source, DatasetContract | StreamContract) and source.partitioned and self.contract.partitioned
        )
        return months and not self.all_months and name not in self.whole | self.by_value


def builds(
    contract: DatasetContract,
    *,
    whole: tuple[str, ...] = (),
    all_months: bool = False,
    by_value: tuple[str, ...] = (),
    reduced: Mapping[str, Reduced] | None = None,
    **inputs: Source,
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
