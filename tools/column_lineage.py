"""Writes `pipelines/run/column_lineage.json`: which input columns each column of a dataset comes from.

Columns of datasets and of registers stand apart: Dagster and OpenLineage show the former; the latter tell which columns
give away what is withheld (`tests/tools/test_column_lineage.py`).

Read from the parsed statements by sqlglot, which takes half a minute, so it is done by `make renew` and not in a run.
Columns of values and of tables that a function computes have no entry.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from assets.build import Build, BuildWindow
from assets.statements import Statement
from catalog.contracts.columns import TIMESTAMP
from catalog.contracts.language import DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Files, Query, Scan, Values, empty
from pipelines.run.column_lineage import FILE
from pipelines.run.tables import BUILDS
from transport.storage.batch_file import landed_schema

_WHEN = BuildWindow(datetime(2026, 11, 28, tzinfo=UTC))
_DIALECT = "duckdb"


def main() -> None:
    """Write the file."""
    read = {
        build.contract.name: {"statement": statement_of(build), "files": files_of(build), **of(build)}
        for build in BUILDS
    }
    FILE.write_text(json.dumps(read, indent=1, sort_keys=True) + "\n", "utf-8")


def statement_of(build: Build) -> str:
    """A hash of the statements that make a dataset; empty where a function computes it."""
    scan = _scan_of(build)
    if not isinstance(scan, Query):
        return ""
    statements = [scan.sql, *(text for _, text in sorted(_statements(scan).items()))]
    return hashlib.sha256("\0".join(" ".join(text.split()) for text in statements).encode()).hexdigest()[:16]


def files_of(build: Build) -> list[str]:
    """The files of the statements that make a dataset; none where a function computes it."""
    scan = _scan_of(build)
    statements = [scan.sql, *_statements(scan).values()] if isinstance(scan, Query) else []
    return sorted({text.file for text in statements if isinstance(text, Statement)})


def of(build: Build) -> dict[str, dict[str, list[str]]]:
    """By column of the dataset: the `columns` of other datasets, and those of `registers`, it comes from.

    Each as `schema.table.column` or `register.column`.
    """
    scan = _scan_of(build)
    none: dict[str, dict[str, list[str]]] = {"columns": {}, "registers": {}}
    if not isinstance(scan, Query):
        return none
    try:
        query = _parsed(scan)
    except (SqlglotError, RecursionError):
        return none
    scope, schema, inputs = build_scope(query), _schema(scan), _inputs(scan)
    origins = none
    for column in build.contract.columns:
        try:
            node = lineage(column.name, query, scope=scope, dialect=_DIALECT, schema=schema)
        except (SqlglotError, RecursionError):
            continue
        leaves = {_source(build, leaf.expression, leaf.name, inputs) for leaf in node.walk() if not leaf.downstream}
        for kind, source in sorted(leaves - {("", "")}):
            origins[kind].setdefault(column.name, []).append(source)
    return origins


def _scan_of(build: Build) -> Scan:
    by_month = build.contract.partitioned and not build.all_months
    window = BuildWindow(_WHEN.as_of, date(2026, 3, 1)) if by_month else _WHEN
    return build.make(window, **{name: _input_scan(build, name) for name in build.inputs})


def _input_scan(build: Build, name: str) -> Scan:
    source = build.inputs[name]
    if isinstance(source, StreamContract):
        rows = landed_schema(source, located=True).append(pa.field("withdrawn_at", TIMESTAMP))
        # of a month in which nothing comes or goes any more, which is made of conformed rows
        return Query("from landed_row", {"landed_row": Files(rows, (name,), name)}, {"last_at": None})
    if not isinstance(source, DatasetContract):
        return empty(source.schema)
    if name in build.by_value:
        return empty(source.arrow_schema)
    return Files(source.arrow_schema, (name,), name, by_month=source.partitioned)


def _parsed(query: Query) -> exp.Expression:
    """The statement with the statements that it reads in their place, and each column with its table."""
    parsed = sqlglot.parse_one(query.sql, dialect=_DIALECT)
    read = {name: sqlglot.parse_one(text, dialect=_DIALECT) for name, text in _statements(query).items()}
    expanded = exp.expand(parsed, read, dialect=_DIALECT) if read else parsed
    return qualify(expanded, schema=_schema(query), dialect=_DIALECT, validate_qualify_columns=False)


def _statements(query: Query) -> dict[str, str]:
    statements: dict[str, str] = {}
    for name, scan in query.inputs.items():
        if isinstance(scan, Query):
            statements |= {name: scan.sql, **_statements(scan)}
    return statements


def _schema(query: Query) -> dict[str, dict[str, str]]:
    schema: dict[str, dict[str, str]] = {}
    for name, scan in query.inputs.items():
        if isinstance(scan, Query):
            schema |= _schema(scan)
        elif isinstance(scan, Files):
            schema[name] = dict.fromkeys(scan.schema.names, "text")
        elif isinstance(scan, Values) and scan.table.column_names:
            schema[name] = dict.fromkeys(scan.table.column_names, "text")
    return schema


def _inputs(query: Query) -> dict[str, str]:
    """The input of the build that each table of a statement is: a statement that reduces it calls it otherwise."""
    inputs: dict[str, str] = {}
    for name, scan in query.inputs.items():
        if isinstance(scan, Query):
            inputs |= _inputs(scan)
        elif isinstance(scan, Files):
            inputs[name] = scan.identity
    return inputs


def _source(build: Build, where: exp.Expression, name: str, inputs: dict[str, str]) -> tuple[str, str]:
    table = where if isinstance(where, exp.Table) else where.find(exp.Table)
    source: Any = build.inputs.get(inputs.get(table.name, table.name)) if table is not None else None
    column = name.rpartition(".")[2].strip('"')
    if not isinstance(source, DatasetContract | RegisterContract) or column not in {c.name for c in source.columns}:
        return "", ""
    return "registers" if isinstance(source, RegisterContract) else "columns", f"{source.name}.{column}"


if __name__ == "__main__":
    main()
