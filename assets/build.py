"""Declarations of datasets: the contract, the contracts it reads, and the statement or the function that makes it.

An input is named once, by its contract; in the statement it has the name of its table, or the keyword it is given by.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from assets.statements import Statement, statement
from catalog.contracts.language import Audience, Column, DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Computed, Parameter, Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.perturbation import Secret

Source = DatasetContract | RegisterContract | StreamContract
"""What a build may read."""


@dataclass(frozen=True, slots=True)
class BuildWindow:
    """The time that a table is built for. A table is rebuilt when the parts of it that the table uses change.

    A statement uses what it names as a parameter (`$through`), a function what it names as an argument.

    Attributes:
        as_of: the time of knowledge, in UTC.
        month: the partition to build; None for a dataset without months.
        secret: key of the noise in protected counts; None where there are none.
    """

    as_of: datetime
    month: date | None = None
    secret: Secret | None = None

    @property
    def today(self) -> date:
        """The day of `as_of` in Oslo."""
        return calendar.day_in_oslo(self.as_of)

    @property
    def through(self) -> date:
        """The month of `as_of`, the last of a series."""
        return calendar.month_of(self.today)

    @property
    def month_from(self) -> datetime | None:
        """The moment at which the month begins."""
        return calendar.start_of(self.month) if self.month else None

    @property
    def month_to(self) -> datetime | None:
        """The moment at which the month ends."""
        return calendar.start_of(calendar.next_month(self.month)) if self.month else None

    @property
    def provisional(self) -> bool:
        """Whether the month's digital share may still change: a letter unread for two working days goes to print."""
        if self.month is None:
            return False
        return self.as_of < calendar.first_published_at(self.month)

    @property
    def settled(self) -> date:
        """The last month that ended at least seven working days ago: the last that can be known."""
        month = calendar.months_before(self.through, 1)
        while replace(self, month=month).provisional:
            month = calendar.months_before(month, 1)
        return month


Code = Statement | Callable[..., Any]
"""A statement, which knows its file, or a function."""
Parameters = Mapping[str, Parameter | Callable[[BuildWindow], Parameter]]
"""Values that a statement or a function is given, or how they follow from the window."""
_OF_THE_WINDOW = ("as_of", "month", "month_from", "month_to", "provisional", "settled", "through", "today")
"""The parts of a window that a statement may name; a function may name `secret` too, or all of it as `window`."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """How a large input is reduced, file by file, before a table is built from the reduced rows of all its files.

    A month of dispatches that is several files is reduced file by file, by workers where there are any.

    Attributes:
        rows: the reduced rows of a part of the input, from a window, the part and the inputs of `beside`. The build
            adds up rows of equal keys.
        contract: of these rows.
        merge: builds the dataset from them, where its own statement is faster from the input's rows and takes these.
        beside: small inputs that each part is reduced with, by name.
    """

    rows: Callable[..., Scan]
    contract: DatasetContract
    merge: Callable[..., Scan] | None = None
    beside: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """An input, and how it is read where that is not the usual way: by month where both have months, else whole."""

    source: Source
    whole: bool = False
    by_value: bool = False
    reduced: Reduced | None = None


def whole(source: Source) -> Input:
    """Read an input with months whole nevertheless."""
    return Input(source, whole=True)


def by_value(source: Source) -> Input:
    """Read a small input as its rows: a month that uses some of the rows is rebuilt only when those change."""
    return Input(source, by_value=True)


def in_pieces(
    source: DatasetContract,
    contract: DatasetContract,
    *columns: Column,
    slots: Mapping[str, str] | None = None,
    merge: Step | None = None,
    beside: Step | None = None,
) -> Input:
    """Reduce a large input file by file, by the statement `assets/sql/conformed/<table>_piece.sql`.

    Args:
        source: the input; in that statement it has its schema's name before its own.
        contract: of the dataset that is built.
        columns: of the reduced rows, where they are not the dataset's own.
        slots: for the statement.
        merge: see `Reduced`.
        beside: a step over small inputs that the statement reads too.
    """
    left = replace(
        contract,
        schema="conformed",
        table=f"{contract.table}_piece",
        audience=Audience.INTERNAL,
        columns=columns or contract.columns,
        rules=(),
        non_additive_across=(),
        sort_by=(),
    )
    name = f"{source.schema}_{source.table}"
    piece = _select(_file_of(left), {name: source} | ({beside.name: beside} if beside else {}), slots)
    small = {n: leaf.source for n, leaf in beside.leaves().items()} if beside else {}

    def rows(window: BuildWindow, scan: Scan, **scans: Scan) -> Scan:
        return piece(window, **{name: scan}, **scans)

    return Input(source, reduced=Reduced(rows, left, merge, small))


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A part of how a dataset is made: a statement or a function over inputs and other steps.

    Called with a window (None if it uses no part of one) and the scans of its inputs by name. A step that is read
    several times is made once; a scan given under a step's own name takes its place.

    Attributes:
        name: what statements that read it call it, where they give no other.
        inputs: by name.
        make: the step's scan from a window and the scans of its inputs.
        code: its statement or its function, for who looks for where it is made.
    """

    name: str
    inputs: Mapping[str, StepInput]
    make: Callable[[BuildWindow | None, Mapping[str, Scan]], Scan]
    code: Code

    def __call__(self, window: BuildWindow | None = None, /, **scans: Scan) -> Scan:
        """The step's scan."""
        return self._scan(window, scans, {})

    def _scan(self, window: BuildWindow | None, scans: Mapping[str, Scan], cache: dict[Step, Scan]) -> Scan:
        if self not in cache:
            cache[self] = self.make(window, {n: _scan_of(n, g, window, scans, cache) for n, g in self.inputs.items()})
        return cache[self]

    def leaves(self) -> dict[str, Input]:
        """The inputs of the step and of the steps that it reads, by name.

        Raises:
            ValueError: two of them have one name, so that no statement could tell them apart.
        """
        inputs: dict[str, StepInput] = {}
        _collect(self, inputs)
        return {n: g if isinstance(g, Input) else Input(g) for n, g in inputs.items() if isinstance(g, Input | Source)}


StepInput = Source | Input | Step | Callable[[BuildWindow], Values]
"""What a step is given: a contract to read, another step, or a function that makes a small table for the window."""


@dataclass(frozen=True, slots=True)
class Build:
    """One dataset and how it is built.

    Attributes:
        inputs: by the name used in the function and its SQL. Where both have months, a month is built from the same
            month. Of a stream it is every landed row that may be of the month, withdrawn ones with `withdrawn_at`.
        make: the rows, from a window and the inputs' scans by name.
        whole: inputs with months that are nevertheless read whole.
        by_value: small inputs, passed as their rows: a month that uses some of the rows is rebuilt only when those
            change.
        all_months: all months are built at once, from inputs that are read whole. An unchanged month keeps its
            file, so neither its dependants, nor the gate, nor a release looks at it again.
        reduced: how the large input is reduced, by its name; empty without one.
        of_reduced: as `make`, of the reduced input.
        code: its statements and functions.
    """

    contract: DatasetContract
    inputs: Mapping[str, Source]
    make: Callable[..., Scan]
    whole: frozenset[str]
    all_months: bool = False
    by_value: frozenset[str] = frozenset()
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    of_reduced: Callable[..., Scan] | None = None
    code: tuple[Code, ...] = ()

    def reads_by_month(self, name: str) -> bool:
        """Whether a month of the table is built from the same month of this input; otherwise from all of it."""
        source = self.inputs[name]
        months = (
            isinstance(source, DatasetContract | StreamContract) and source.partitioned and self.contract.partitioned
        )
        return months and not self.all_months and name not in self.whole | self.by_value


def from_sql(
    contract: DatasetContract,
    *inputs: StepInput,
    all_months: bool = False,
    slots: Mapping[str, str] | None = None,
    parameters: Parameters | None = None,
    ordered: bool = False,
    **named: StepInput,
) -> Build:
    """A dataset that is one statement: `assets/sql/<schema>/<table>.sql`. See `sql_step`."""
    step = _select(_file_of(contract), _names(inputs, named), slots, parameters, ordered=ordered)
    return _built(contract, step, all_months=all_months)


def from_python(
    contract: DatasetContract,
    function: Callable[..., pa.Table],
    *inputs: StepInput,
    parameters: Parameters | None = None,
    **named: StepInput,
) -> Build:
    """A dataset that a function of small tables computes. See `python_step`."""
    return _built(contract, python_step(function, *inputs, parameters=parameters, **named))


def builds(
    contract: DatasetContract, *inputs: StepInput, all_months: bool = False, **named: StepInput
) -> Callable[[Callable[..., Scan]], Build]:
    """Declare that a function of scans builds a dataset, where what it reads depends on data that Python looks at.

    It is called with its inputs by name, and with the parts of the window that it names.
    """

    def declared(function: Callable[..., Scan]) -> Build:
        sources = _names(inputs, named)
        offers = _offered(function, sources, {})
        step = Step(
            contract.table, sources, lambda window, scans: function(**scans, **_values(offers, window)), function
        )
        return _built(contract, step, all_months=all_months)

    return declared


def sql_step(
    file: str,
    *inputs: StepInput,
    slots: Mapping[str, str] | None = None,
    parameters: Parameters | None = None,
    materialized: bool = False,
    **named: StepInput,
) -> Step:
    """A statement over inputs and other steps.

    Args:
        file: `assets/sql/<file>.sql`.
        inputs: what it reads, each by the name of its table or step.
        slots: text of contracts, by slot.
        parameters: values that the window does not have, or how they follow from it.
        materialized: several steps read it, so it is made once and kept for them.
        named: what it reads by other names.

    Raises:
        ValueError: the statement names a parameter that nothing gives, or does not name what it is given.
    """
    return _select(file, _names(inputs, named), slots, parameters, materialized=materialized)


def _select(
    file: str,
    inputs: Mapping[str, StepInput],
    slots: Mapping[str, str] | None = None,
    parameters: Parameters | None = None,
    *,
    materialized: bool = False,
    ordered: bool = False,
) -> Step:
    sql = statement(file, **(slots or {}))
    names = set(re.findall(r"\$([a-z_]+)", sql))
    offers: dict[str, object] = {n: _of_window(n) for n in names & {*_OF_THE_WINDOW}} | dict(parameters or {})
    if missing := names - offers.keys():
        message = f"{file}.sql asks for ${', $'.join(sorted(missing))}, which neither the window nor its build gives."
        raise ValueError(message)
    if unread := [n for n in (*(parameters or {}), *inputs) if not re.search(rf"\b{n}\b", sql)]:
        message = f"{file}.sql does not read {', '.join(unread)}, which its build gives it."
        raise ValueError(message)

    def make(window: BuildWindow | None, scans: Mapping[str, Scan]) -> Query:
        return Query(sql, scans, _values(offers, window), materialized=materialized, ordered=ordered)

    return Step(file.rpartition("/")[2], inputs, make, sql)


def values_step(function: Callable[..., Values], *inputs: RegisterContract) -> Step:
    """A function of registers that makes a small table at once, so that what reads it is rebuilt only with its rows.

    It is called with its inputs by name, and with the parts of the window that it names.
    """
    sources = _names(inputs, {})
    offers = _offered(function, sources, {})

    def make(window: BuildWindow | None, scans: Mapping[str, Scan]) -> Values:
        return function(**scans, **_values(offers, window))

    return Step(function.__name__, sources, make, function)


def python_step(
    function: Callable[..., pa.Table],
    *inputs: StepInput,
    parameters: Parameters | None = None,
    **named: StepInput,
) -> Step:
    """A function of small tables and of the parts of the window that it names; at module level, see `Computed`."""
    sources = _names(inputs, named)
    offers = _offered(function, sources, parameters or {})

    def make(window: BuildWindow | None, scans: Mapping[str, Scan]) -> Computed:
        tables = {
            n: Query(f"from {n}", {n: s}) if isinstance(sources[n], Input | Source) else s for n, s in scans.items()
        }
        return Computed(function, tables, _values(offers, window))

    return Step(function.__name__, sources, make, function)


def _built(contract: DatasetContract, step: Step, *, all_months: bool = False) -> Build:
    leaves = step.leaves()
    reduced = {n: i.reduced for n, i in leaves.items() if i.reduced}

    def make(window: BuildWindow, **scans: Scan) -> Scan:
        for name, how in reduced.items():
            if how.merge is None:
                scans[name] = how.rows(window, scans[name], **{n: scans[n] for n in how.beside})
        return step(window, **scans)

    return Build(
        contract,
        {n: i.source for n, i in leaves.items()} | {n: s for how in reduced.values() for n, s in how.beside.items()},
        make if reduced else step,
        frozenset(n for n, i in leaves.items() if i.whole),
        all_months,
        frozenset(n for n, i in leaves.items() if i.by_value),
        reduced,
        next((how.merge or step for how in reduced.values()), None),
        (step.code, *(step_input.code for step_input in step.inputs.values() if isinstance(step_input, Step))),
    )


def _file_of(contract: DatasetContract) -> str:
    return f"{contract.schema}/{contract.table}"


def _names(inputs: Iterable[StepInput], named: Mapping[str, StepInput]) -> dict[str, StepInput]:
    return {_name(step_input): step_input for step_input in inputs} | dict(named)


def _name(step_input: StepInput) -> str:
    source = step_input.source if isinstance(step_input, Input) else step_input
    if isinstance(source, DatasetContract):
        return source.table
    return source.name if isinstance(source, RegisterContract | StreamContract | Step) else source.__name__


def _scan_of(
    name: str, step_input: StepInput, window: BuildWindow | None, scans: Mapping[str, Scan], cache: dict[Step, Scan]
) -> Scan:
    if name in scans or isinstance(step_input, Input | Source):
        return scans[name]
    if isinstance(step_input, Step):
        return step_input._scan(window, scans, cache)  # noqa: SLF001 - the same class's
    assert callable(step_input)  # noqa: S101 - all else that may be given
    return step_input(_require_window(window))


def _collect(step: Step, inputs: dict[str, StepInput]) -> None:
    for name, step_input in step.inputs.items():
        if isinstance(step_input, Step):
            _collect(step_input, inputs)
        earlier = inputs.setdefault(name, step_input)
        if earlier == step_input or (isinstance(earlier, Input) and earlier.source == step_input):
            continue  # a step that reads it too may leave to others how
        if isinstance(step_input, Input) and step_input.source == earlier:
            inputs[name] = step_input
            continue
        message = f"{name} is two things in {step.name}: give one of them another name."
        raise ValueError(message)


def _offered(
    function: Callable[..., object], input_names: Iterable[str], parameters: Mapping[str, object]
) -> dict[str, object]:
    """The arguments of a function beside its inputs: the parameters, and the parts of the window that it names."""
    names = inspect.signature(function).parameters.keys() - set(input_names)
    return {n: _of_window(n) for n in names & {*_OF_THE_WINDOW, "secret", "window"}} | dict(parameters)


def _of_window(name: str) -> Callable[[BuildWindow], object]:
    return lambda window: window if name == "window" else getattr(window, name)


def _values(offers: Mapping[str, object], window: BuildWindow | None) -> dict[str, Any]:
    return {n: value(_require_window(window)) if callable(value) else value for n, value in offers.items()}


def _require_window(window: BuildWindow | None) -> BuildWindow:
    if window is None:
        message = "This is made for a window, and none is given."
        raise TypeError(message)
    return window
