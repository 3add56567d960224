"""A scan: how a table is got, as a frozen value. Files, a small table in memory, or SQL or a function over other scans.

Functions in `assets` take scans and give scans; nothing is read until the lake runs one. Equal fingerprints mean equal
answers, so that what was made once under the same inputs, rules and parameters is not made again.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

import pyarrow as pa

Parameter = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class LandedIn:
    """A landed batch's name, and the file in which its rows lie.

    Attributes:
        path: of the file.
        batch: the name of the file that the batch came in.
        received_at: when the batch was received, in UTC.
        number: its number in the journal, by which batches are in the order in which they were received.
        packed: the file holds other batches too, and says of each row whose it is and which row it was there.
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
        identity: names the content; equal only for equal content.
        by_month: the files lie in folders `month=…`, which give the column `month`.
        batches: of landed files: the batches whose rows are meant. `filename` is then the batch's own name, wherever
            it lies by now, `file_row_number` the row that it was there, `received_at` when it was received and
            `journal_number` in which order.
        sums: of each path, the SHA-256 of its bytes as they were written; empty where nobody knows. Whoever runs the
            scan holds the files against them.
    """

    schema: pa.Schema
    paths: tuple[str, ...]
    identity: str
    by_month: bool = False
    batches: tuple[LandedIn, ...] = ()
    sums: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of the content, by name."""
        return _digest("files", self.identity, str(self.schema))


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A small table that is already here: facts, the journal, resolved codes."""

    table: pa.Table

    @property
    def fingerprint(self) -> str:
        """Of the rows, in their order."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.table.schema) as writer:
            writer.write_table(self.table.combine_chunks())
        return _digest("values", hashlib.sha256(sink.getvalue()).hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """SQL over named scans, with bound `$parameters`.

    Attributes:
        sql: one SELECT.
        kept: several scans read this one, so it is worked out once and kept for them.
        ordered: its rows come in the order of their contract's key, so that whoever writes them need not sort again.
    """

    sql: str
    inputs: Mapping[str, Scan] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    kept: bool = False
    ordered: bool = False

    @property
    def fingerprint(self) -> str:
        """Of the SQL, its parameters and all it reads."""
        inputs = {name: scan.fingerprint for name, scan in sorted(self.inputs.items())}
        return _digest(
            "query", self.sql, json.dumps(dict(self.parameters), default=str, sort_keys=True), json.dumps(inputs)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """What a function makes of small tables, for what SQL has no words for: a forecast.

    Attributes:
        make: called with the inputs' tables and the parameters, by name; a pure function at the top of its module.
        inputs: read whole into memory, so small ones.
    """

    make: Callable[..., pa.Table]
    inputs: Mapping[str, Scan]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Of the code the function rests on (see `code_of`), its parameters and all it reads."""
        source = code_of(self.make.__module__)
        inputs = {name: scan.fingerprint for name, scan in sorted(self.inputs.items())}
        text = json.dumps(dict(self.parameters), default=str, sort_keys=True)
        return _digest("computed", source, self.make.__qualname__, text, json.dumps(inputs))


Scan = Files | Values | Query | Computed


@cache
def code_of(module: str) -> str:
    """The source of a module and of all of its own package that it takes names from, near or far."""
    package, found, waiting = module.partition(".")[0], dict[str, str](), [module]
    while waiting:
        name = waiting.pop()
        there = sys.modules.get(name)
        if there is None or name in found or name == package or name.partition(".")[0] != package:
            continue
        found[name] = code_as_run(inspect.getsource(there))
        taken = vars(there).values()
        waiting += [v.__name__ if inspect.ismodule(v) else str(getattr(v, "__module__", "")) for v in taken]
    return "\0".join(source for _, source in sorted(found.items()))


@cache
def code_as_run(source: str) -> str:
    """Python source without comments, docstrings and layout: to word one better makes nothing anew."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    """Whether it is a text that nothing takes: a docstring, or what stands below a constant."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def sql_as_run(text: str) -> str:
    """A statement without the lines that are comments, as `code_as_run`."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def empty(schema: pa.Schema) -> Values:
    """No rows of a schema."""
    return Values(schema.empty_table())


def one_of_each(scans: Sequence[Scan]) -> str:
    """One fingerprint for several scans, in whatever order."""
    return _digest(*sorted(s.fingerprint for s in scans))
