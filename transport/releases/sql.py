"""Runs a reader's SQL over a release: read-only, locked down, in a child process with bounded memory, time and rows.

DuckDB's own settings stop escapes but bound neither memory nor time, so a stranger's SQL never runs in a process that
matters. Files that the caller may not read are not attached.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa

from catalog.errors import QueryFailed
from transport.base.settings import PROJECT, Settings
from transport.releases.store import LEDGER_FILE, OPEN_FILE, Release


def query(settings: Settings, release: Release, sql: str, *, ledger: bool = True) -> pa.Table:
    """Answer one query from a release.

    Args:
        settings: the limits.
        release: where to read.
        sql: anything that returns rows; it can read only the attached datasets.
        ledger: attach the ledgers too.

    Raises:
        QueryFailed: the SQL is wrong, took too long or too much memory.
    """
    files = [release.folder / OPEN_FILE, *([release.folder / LEDGER_FILE] if ledger else [])]
    return _run(settings, sql, [f for f in files if f.is_file()])


def _run(settings: Settings, sql: str, files: list[Path]) -> pa.Table:
    bounds = [str(settings.query_memory_mb), str(settings.query_seconds), str(settings.query_rows)]
    command = [sys.executable, "-P", "-m", "transport.releases.sql_worker", *bounds, *map(str, files)]
    try:
        done = subprocess.run(
            command,
            input=sql.encode("utf-8", "replace"),
            capture_output=True,
            timeout=settings.query_seconds + 5,
            check=False,
            env={"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise QueryFailed(
            f"The query took more than {settings.query_seconds} seconds.", "Ask for less, or raise query_seconds."
        ) from None
    if done.returncode != 0:
        text = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == _SQL_FAULT:
            raise QueryFailed(
                text[:2000], '`dif sql "from meta.dataset"` lists the datasets; meta.column_definition the columns.'
            )
        raise QueryFailed(
            "The query reached its limit on memory or time.",
            "Ask for less, or raise query_memory_mb and query_seconds.",
        )
    table = pa.ipc.open_stream(done.stdout).read_all()
    if table.schema.metadata and table.schema.metadata.get(b"dif.cut") == b"true":
        raise QueryFailed(f"The answer has more than {settings.query_rows} rows.", "Ask for less, or raise query_rows.")
    return table


_SQL_FAULT = 3
"""The child's exit code when the SQL itself was wrong."""
