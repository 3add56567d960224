"""What a run makes, in order: the tables of the lake, and which stream or build each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assets import (
    billing,
    closing,
    completeness,
    conform,
    connections,
    forecast,
    ledger,
    measures,
    peers,
    perturbation,
    price_calculation,
    projects,
    reconciliation,
    reference,
    self_cost,
    uptake,
    uptake_calls,
    uptake_forecast,
    usage,
)
from assets.build import Build, Source
from catalog.contracts.language import Audience, DatasetContract, PythonCheck, StreamContract
from catalog.tables import conformed, quality
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import quarantine_of
from catalog.tables.registers import DECIDABLE, REGISTERS
from catalog.tables.streams import REGISTER, STREAMS

MARTS: tuple[Build, ...] = (
    *usage.BUILDS,
    *perturbation.BUILDS,
    *measures.BUILDS,
    *connections.BUILDS,
    *peers.BUILDS,
    *forecast.BUILDS,
    *uptake.BUILDS,
    *uptake_calls.BUILDS,
    *uptake_forecast.BUILDS,
    *completeness.BUILDS,
    *ledger.BUILDS,
    *closing.BUILDS,
    *ledger.BUILDS_OF_THE_LEDGER,
    *projects.BUILDS,
    *billing.BUILDS,
    *reconciliation.BUILDS,
    *price_calculation.BUILDS,
    *self_cost.BUILDS,
)
BUILDS: tuple[Build, ...] = (*reference.BUILDS, *MARTS)
"""Every reference table and mart, each after its inputs."""
PUBLISHED: tuple[Build, ...] = tuple(b for b in BUILDS if b.contract.audience is not Audience.INTERNAL)
"""The builds whose tables go into a release."""
ALL_MONTHS = frozenset(b.contract.name for b in BUILDS if b.all_months)
"""Datasets built for all months at once: their months are those of the rows built, not of the rows landed."""
BUILD_OF = {b.contract.name: b for b in BUILDS}
_CONFORMED = {t.table: t for t in conformed.TABLES}
_BY_THE_RUN = {
    c.name
    for c in (
        quality.ACCOUNTING,
        quality.BATCH,
        quality.CHECK_RESULT,
        quality.QUARANTINE_SUMMARY,
        quality.RELEASE_DIFF,
        quality.RELEASE_DIFF_DATASET,
        quality.LEDGER_DIFF_DATASET,
    )
}
_TWICE = {c.name: c for c in (conformed.DISPATCH_TWICE,)}


def check_order(builds: Sequence[Build], conformed_tables: Iterable[DatasetContract]) -> None:
    """Refuse builds that could not run in this order.

    Raises:
        ValueError: a dataset is built twice, or before one that it reads.
    """
    table_names = {table.name for table in conformed_tables}
    for build in builds:
        if build.contract.name in table_names:
            message = f"{build.contract.name} is built twice."
            raise ValueError(message)
        needs = {s.name for s in build.inputs.values() if isinstance(s, DatasetContract)}
        if missing := sorted(needs - table_names):
            message = f"{build.contract.name} reads {', '.join(missing)}, which nothing makes before it: list it later."
            raise ValueError(message)
        table_names.add(build.contract.name)


def check_built(datasets: Iterable[str], builds: Sequence[Build]) -> None:
    """Refuse a dataset that nothing makes: the contract is there, and its build is not in a list of builds.

    Raises:
        ValueError: with the names of these datasets.
    """
    built_names = {build.contract.name for build in builds} | _BY_THE_RUN
    if missing := sorted(name for name in datasets if name not in built_names and not name.startswith("meta.")):
        message = f"Nothing makes {', '.join(missing)}: declare it (from_sql) and list it in the module's BUILDS."
        raise ValueError(message)


def check_streams(streams: Iterable[StreamContract]) -> None:
    """Refuse streams that name a register or a table that is not there.

    Raises:
        ValueError: with everything that is wrong.
    """
    streams = [*streams]
    lists = {(register.name, column.name) for register in REGISTERS.values() for column in register.columns}
    wrong = [
        f"rule {rule.name} of {stream.name} asks for column {rule.lists[1]} of register {rule.lists[0]}"
        for stream in streams
        for rule in stream.rules
        if rule.lists and rule.lists not in lists
    ]
    wrong += [
        f"{stream.name} asks for the table {stream.duplicates_table} of records sent in several months"
        for stream in streams
        if stream.duplicates_table and stream.duplicates_table not in _TWICE
    ]
    if wrong:
        message = f"Streams name what is not there: {'; '.join(wrong)}."
        raise ValueError(message)


def conformed_tables(stream: StreamContract) -> tuple[DatasetContract, DatasetContract, DatasetContract]:
    """The lake's tables of a stream: rows in force, quarantine, accounting."""
    return _CONFORMED[stream.name], quarantine_of(stream), conform.accounting_of(stream)


def tables_of(source: Source) -> tuple[DatasetContract, ...]:
    """The tables of the lake behind an input of a build: a dataset itself, or what a stream or the registers became."""
    if isinstance(source, DatasetContract):
        return (source,)
    return (_CONFORMED[source.name if isinstance(source, StreamContract) else REGISTER.name],)


RESOLVE_CODES_WITH = ("reference.organisation", "reference.municipality_of", "reference.municipality_to_now")
"""Tables by which reported municipality codes are resolved."""


def conformed_with(stream: StreamContract) -> tuple[DatasetContract, ...]:
    """The tables of the lake that a stream is conformed with, beside what landed of it."""
    tables = [_CONFORMED[REGISTER.name]] if stream.name in DECIDABLE else []
    if stream.python_check is PythonCheck.MUNICIPALITY_CODES:
        tables += [DATASETS[name] for name in RESOLVE_CODES_WITH]
    return tuple(tables)


STREAM_OF = {contract.name: stream for stream in STREAMS.values() for contract in conformed_tables(stream)}
check_streams(STREAMS.values())
LISTS: dict[str, DatasetContract] = {s.name: _TWICE[s.duplicates_table] for s in STREAMS.values() if s.duplicates_table}
"""By stream: the table that lists the records sent in several months."""
check_order(
    BUILDS, [*LISTS.values(), *(contract for stream in STREAMS.values() for contract in conformed_tables(stream))]
)
check_built(DATASETS, BUILDS)
LAKE: tuple[DatasetContract, ...] = (
    *LISTS.values(),
    *(how.contract for build in BUILDS for how in build.reduced.values()),
    *(b.contract for b in BUILDS),
    *(contract for stream in STREAMS.values() for contract in conformed_tables(stream)),
)
"""Every table of the lake."""
KEPT_BY_PEOPLE = tuple(s for s in STREAMS.values() if not s.pushed)
"""Streams of registers, which all others depend on. They are conformed first."""
SENT = tuple(s for s in STREAMS.values() if s.pushed)
"""Streams that producers send."""
