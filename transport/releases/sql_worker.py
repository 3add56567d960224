"""The child that runs a reader's SQL: `python -m transport.releases.sql_worker MEMORY_MB SECONDS ROWS FILE…`.

It reads the SQL from standard input and writes the answer to standard output as an Arrow stream.
Not for import: it permanently limits its own process.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys

# nothing here needs it, and loading it would take a quarter of a query's time
sys.modules["numpy"] = None  # type: ignore[assignment]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402

_SQL_FAULT = 3


def main(memory_mb: int, seconds: int, rows: int, files: list[str]) -> int:
    """Lock down, then run. The order matters: files are attached before file access is disabled for good."""
    sql = sys.stdin.buffer.read().decode("utf-8", "replace")
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
        "set lock_configuration = true",
    ):
        connection.execute(setting)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
    try:
        statements = connection.extract_statements(sql)
        if not statements:
            sys.stderr.write("There is no query.")
            return _SQL_FAULT
        result = connection.sql(sql)
        if result is None:
            table = pa.table({"done": pa.array([], pa.bool_())})
        else:
            table = result.limit(rows + 1).to_arrow_table()
    except duckdb.Error as problem:
        sys.stderr.write(str(problem))
        return 4 if isinstance(problem, duckdb.OutOfMemoryException) else _SQL_FAULT
    except MemoryError:
        return 4
    cut = table.num_rows > rows
    table = table.slice(0, rows).replace_schema_metadata({"dif.cut": "true" if cut else "false"})
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as writer:
        writer.write_table(table)
    return 0


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
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
