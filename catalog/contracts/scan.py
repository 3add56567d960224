"""A scan: how to get a table, as a frozen value: files, a small table in memory, or SQL or a function over other scans.

Functions in `assets` take and return scans; nothing is read until the lake runs one. Equal fingerprints mean equal
results, so a table is not rebuilt while its inputs, rules and parameters stay the same.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

import pyarrow as pa

Parameter = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class LandedIn:
    """A landed batch's name, and the file that holds its rows.

    Attributes:
        path: of the file.
        batch: the name of the file that the batch came in.
        received_at: when the batch was received, in UTC.
        number: its number in the journal, which orders batches by receipt.
        packed: the file also holds other batches; each row carries its batch and its row number there.
    """

    path: str
    batch: str
    received_at: datetime
    number: int
    packed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Files:
    """Parquet files of one schema.

    Attributes:
        schema: of the rows, with `month` last where the folders carry it.
        identity: identifies the content; equal only for equal content.
        by_month: the files lie in folders `month=…`, which give the column `month`.
        batches: for landed files, the batches to read. `filename` is then the batch's own name, wherever its file is
            now, `file_row_number` the row number in the batch, `received_at` the time of receipt and
            `journal_number` the order of receipt.
        sums: the SHA-256 of each file as written; empty if unknown. The session verifies the files.
    """

    schema: pa.Schema
    paths: tuple[str, ...]
    identity: str
    by_month: bool = False
    batches: tuple[LandedIn, ...] = ()
    sums: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Identifies the content by name."""
        return _digest("files", self.identity, str(self.schema))


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A small table already in memory: facts, the journal, resolved codes."""

    table: pa.Table

    @property
    def fingerprint(self) -> str:
        """Covers the rows, in their order."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.table.schema) as writer:
            writer.write_table(self.table.combine_chunks())
        return _digest("values", hashlib.sha256(sink.getvalue()).hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """SQL over named scans, with bound `$parameters`.

    Attributes:
        sql: one SELECT.
        materialized: several scans read this one, so it is computed once, into a table.
        ordered: its rows come in the order of their contract's key, so the writer need not sort again.
    """

    sql: str
    inputs: Mapping[str, Scan] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    materialized: bool = False
    ordered: bool = False

    @property
    def fingerprint(self) -> str:
        """Covers the SQL, its parameters and its inputs."""
        inputs = {name: scan.fingerprint for name, scan in sorted(self.inputs.items())}
        return _digest(
            "query", self.sql, json.dumps(dict(self.parameters), default=str, sort_keys=True), json.dumps(inputs)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A function over small tables, for what SQL cannot express, such as a forecast.

    Attributes:
        make: a pure function at module level, called with the inputs' tables and the parameters by name.
        inputs: read whole into memory, so they must be small.
    """

    make: Callable[..., pa.Table]
    inputs: Mapping[str, Scan]
    parameters: Mapping[str, object] = field(default_factory=dict)
    """Values whose `str` identifies them and is not secret."""

    @property
    def fingerprint(self) -> str:
        """Covers the function's code (see `code_of`), its parameters and its inputs."""
        source = code_of(self.make.__module__)
        inputs = {name: scan.fingerprint for name, scan in sorted(self.inputs.items())}
        text = json.dumps(dict(self.parameters), default=str, sort_keys=True)
        return _digest("computed", source, self.make.__qualname__, text, json.dumps(inputs))


Scan = Files | Values | Query | Computed


@cache
def code_of(module: str) -> str:
    """The source of a module and of every module of its package that it imports from, directly or indirectly."""
    package, sources, waiting = module.partition(".")[0], dict[str, str](), [module]
    while waiting:
        name = waiting.pop()
        module_object = sys.modules.get(name)
        if module_object is None or name in sources or name == package or name.partition(".")[0] != package:
            continue
        sources[name] = normalized_code(inspect.getsource(module_object))
        members = vars(module_object).values()
        waiting += [v.__name__ if inspect.ismodule(v) else str(getattr(v, "__module__", "")) for v in members]
    return "\0".join(source for _, source in sorted(sources.items()))


@cache
def normalized_code(source: str) -> str:
    """Python source without comments, docstrings and layout, so that rewording them rebuilds nothing."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    """Whether the statement is a bare string: a docstring, or the text below a constant."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def normalized_sql(text: str) -> str:
    """An SQL statement without comment lines; compare `normalized_code`."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def empty(schema: pa.Schema) -> Values:
    """No rows of a schema."""
    return Values(schema.empty_table())
