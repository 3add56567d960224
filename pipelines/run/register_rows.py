"""Registers as a run reads them: the rows in force at `as_of`, typed."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from catalog.contracts.language import RegisterContract, StreamContract
from catalog.contracts.rows import register_table
from catalog.contracts.scan import Query
from catalog.errors import UnknownName
from catalog.tables import registers
from catalog.tables.streams import REGISTER
from pipelines.run.context import RunContext
from pipelines.run.tables import conformed_tables

_COLUMNS = 'register, applied_at, row_number, "values"'


def register(run: RunContext, contract: RegisterContract) -> pa.Table:
    """A register's rows in force."""
    return run.cached_table(("register", contract.name, _state(run)), lambda: register_table(contract, _rows(run)))


def with_registers(run: RunContext, stream: StreamContract) -> StreamContract:
    """The stream's contract, in which rules that compare rows with a register have the register's rows.

    Raises:
        UnknownName: a rule names a register, or a column of one, that there is not.
    """
    if not any(rule.lists for rule in stream.rules):
        return stream
    rows: dict[str, list[dict[str, object]]] = {}
    for name, column in (rule.lists for rule in stream.rules if rule.lists):
        if name not in registers.REGISTERS:
            raise UnknownName("register", name, choices=registers.REGISTERS)
        contract = registers.REGISTERS[name]
        if column not in contract.schema.names:
            raise UnknownName(f"column of register {name}", column, choices=contract.schema.names)
        rows[name] = register(run, contract).to_pylist()
    rules = tuple(rule.with_register_values(rows[rule.lists[0]]) if rule.lists else rule for rule in stream.rules)
    return dataclasses.replace(stream, rules=rules)


def versions(run: RunContext) -> dict[str, str]:
    """The time at which the newest version of each register was applied."""
    newest: dict[str, str] = {}
    for row in _rows(run).to_pylist():
        newest[row["register"]] = max(newest.get(row["register"], ""), row["applied_at"].isoformat())
    return newest


def _state(run: RunContext) -> object:
    """Identifies the state of the registers; it changes when something is applied."""
    rows, _, _ = conformed_tables(REGISTER)
    return run.lake.scan(rows).fingerprint


def _rows(run: RunContext) -> pa.Table:
    rows, _, _ = conformed_tables(REGISTER)
    query = Query(f"select {_COLUMNS} from applied", {"applied": run.lake.scan(rows)})  # noqa: S608 - our own words
    return run.cached_table(("rows", _state(run)), lambda: run.session().table(query))
