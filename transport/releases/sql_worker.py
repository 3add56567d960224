"""The child that runs a reader's SQL: `python -m transport.releases.sql_worker MEMORY_MB SECONDS FILE…`.

It opens the files, locks itself down, and only then reads its one request, the statements. After the reply comes an
Arrow stream for each statement. Not for import: it permanently limits its own process.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import IO

import duckdb
import pyarrow as pa

from transport.base.child_process import Reply, limit_memory, serve


def main(memory_mb: int, seconds: int, files: list[str]) -> None:
    """Lock down, then run. The order matters: files are attached before file access is disabled for good."""
    _write_nowhere()  # before DuckDB starts threads: running ones would escape it
    # Read-only holds for this file only. SQL could detach an attached file and attach it again for writing, since its
    # path stays allowed. So opening files is disabled once all are attached.
    connection = duckdb.connect(
        files[0],
        read_only=True,
        config={"memory_limit": f"{memory_mb * 6 // 10}MB", "threads": 2, "temp_directory": ""},
    )
    for file in files[1:]:
        name = file.rsplit("/", 1)[-1].removesuffix(".duckdb")
        connection.execute(f"attach '{file.replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
    for setting in (
        "set TimeZone = 'Europe/Oslo'",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set python_enable_replacements = false",
        "set enable_external_access = false",
        "set disabled_filesystems = 'LocalFileSystem'",
        "set show_behavior = 'table'",  # else `show allowed_paths` tells where the files lie
        "set lock_configuration = true",
    ):
        connection.execute(setting)
    limit_memory(memory_mb)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))

    def answer(request: Reply) -> Reply | tuple[Reply, Callable[[IO[bytes]], None]]:
        tables = []
        try:
            for sql, parameters, rows in request["statements"]:
                tables_read = _check(connection, sql, one_select=request["one_select"])
                tables.append(_answer(connection, sql, parameters, rows, tables_read))
        except (duckdb.OutOfMemoryException, MemoryError, RecursionError):
            return {"limit": True}
        except (duckdb.Error, ValueError) as problem:
            # a fault of DuckDB's own has a stack trace, with the folder that it is installed in
            return {"fault": str(problem).partition("Stack Trace:")[0].strip()}

        def write(pipe: IO[bytes]) -> None:
            for table in tables:
                with pa.ipc.new_stream(pipe, table.schema) as writer:
                    writer.write_table(table)

        return {}, write

    serve(answer)


def _check(connection: duckdb.DuckDBPyConnection, sql: str, *, one_select: bool) -> set[str] | None:
    """Refuse statements that are not queries; a stranger may run only one SELECT that reads rows.

    Returns:
        The tables and views that a stranger's SELECT names, as it names them; None where no stranger asks.

    Raises:
        ValueError: what is wrong, in words.
    """
    statements = connection.extract_statements(sql)
    if not statements:
        message = "There is no query."
        raise ValueError(message)
    if not one_select:
        return None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        message = "Only one SELECT is run."
        raise ValueError(message)
    tables, closed = _names_in(connection, sql)
    if closed:
        message = f"{closed[0]} is not there for queries: they read the datasets, not the machine."
        raise ValueError(message)
    return tables


_TELLS = frozenset({"current_setting", "duckdb_databases", "duckdb_settings", "pg_settings", "pragma_database_list"})
"""Functions and views that reveal paths."""
_IN_FROM = frozenset(
    ("duckdb_columns", "duckdb_constraints", "duckdb_functions", "duckdb_schemas", "duckdb_tables", "duckdb_types")
) | {"duckdb_views", "generate_series", "json_each", "json_tree", "pragma_table_info", "range", "repeat", "unnest"}
"""The functions of DuckDB that a stranger may read from. `query` and its like are not among them: the text that they
run may be another at each reading, so no check sees it, and the audit would not name what it reads."""


def _names_in(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[set[str], list[str]]:
    """The tables that a SELECT names, and the names in it that are forbidden.

    Forbidden are functions that describe the machine, and table functions that are neither listed nor the release's.

    DuckDB's own parser gives the names, so no spelling of them escapes: quotes, case, schemas, aliases, subqueries.
    Views and macros of the release hold none, and a single SELECT makes none.

    Raises:
        ValueError: DuckDB cannot say what the SELECT names.
    """
    ((text,),) = connection.execute("select json_serialize_sql(?)", [sql]).fetchall()
    parsed = json.loads(text)
    if parsed["error"]:
        message = f"The query cannot be checked: {parsed['error_message']}"
        raise ValueError(message)
    identifiers, tables, read_from, rest = set[str](), set[str](), set[str](), [parsed]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            if path := (node.get("qualified_name") or {}).get("path"):
                identifiers.add(path[-1].lower())
                if node.get("type") == "BASE_TABLE":
                    tables.add(".".join(path))
            if node.get("type") == "TABLE_FUNCTION":
                read_from.add(node["function"]["qualified_name"]["path"][-1].lower())
        rest.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    closed = identifiers & _TELLS
    if unknown := read_from - _IN_FROM:
        ours = connection.execute("select function_name from duckdb_functions() where not internal").fetchall()
        closed |= unknown - {name for (name,) in ours}
    return tables, sorted(closed)


def _answer(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: dict[str, object],
    rows: int,
    tables_read: set[str] | None,
) -> pa.Table:
    """The first rows of a statement's answer, plus one if there are more.

    Raises:
        duckdb.Error: it is wrong, or fails.
        ValueError: a stranger's statement fails on its data. DuckDB's message may quote the data, so it is left out:
            the audit names only what an answer read.
    """
    try:  # before the query, which may detach what it reads; this alone sees through views and macros
        qualified = {name.partition(" AS ")[0] for name in connection.get_table_names(sql, qualified=True)}
    except duckdb.Error:
        qualified = set()  # several statements, or a wrong one, which running it tells; an ASOF join too
    reads = {_plain(name) for name in (tables_read or set()) | qualified}
    result: duckdb.DuckDBPyRelation | None = connection.sql(sql, params=parameters or None)
    if result is None:  # a statement without rows, such as `create temp table`
        result = connection.sql("select true as done limit 0")
    try:
        table = result.limit(rows + 1).to_arrow_table()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as problem:
        if tables_read is None:
            raise
        message = f"{str(problem).partition(':')[0]}, on a value in the data. A try_cast or try(…) gives null instead."
        raise ValueError(message) from None
    metadata = {"dif.cut": "true" if table.num_rows > rows else "false", "dif.reads": json.dumps(sorted(reads))}
    return table.slice(0, rows).replace_schema_metadata(metadata)


def _plain(name: str) -> str:
    """A table as `schema.table` or `ledger.table`, so that the audit has one spelling."""
    parts = name.replace('"', "").lower().split(".")
    if len(parts) > 2:  # noqa: PLR2004 - database, schema and table
        parts = parts[1:] if parts[1] != "main" else [parts[0], parts[2]]
    return ".".join(parts)


_CREATE_RULESET, _RESTRICT_SELF, _NO_NEW_PRIVS = 444, 446, 38
_WRITES = ((1, 0x1FF2), (2, 1 << 13), (3, 1 << 14))
"""Landlock's rights to write, remove and make files, to rename across folders and to truncate, by first version."""


def _write_nowhere() -> None:
    """Deny this process and all its future threads the right to write, make or remove any file.

    Uses Linux's Landlock, if the kernel has it: whatever DuckDB lets through, the release's folder stays unchanged.

    Source: Linux, Documentation/userspace-api/landlock.rst.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    rights = struct.pack("=Q", sum(bits for since, bits in _WRITES if version >= since))
    ruleset = libc.syscall(_CREATE_RULESET, rights, len(rights), 0)
    if ruleset >= 0:
        libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.syscall(_RESTRICT_SELF, ruleset, 0)
        os.close(ruleset)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
