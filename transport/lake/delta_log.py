"""Reads the log of a Delta table: the table's files, and their hashes and rows when written.

The library tells path, size and rows of each file (`get_add_actions`), but not the hash that we put beside the rows.

Also records the logs' own hashes, so that the doctor finds a changed bit: those of published tables in each release,
those of internal tables in a note beside the lake, since sizes and times of their files would tell readers what came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import Damaged
from transport.base import atomic_files

NOTE = "_judged.json"
"""File beside the tables: which internal ones a release checked, and their logs. No manifest may list these."""


def table_files(log: Mapping[str, Path]) -> dict[str, Mapping[str, Any]]:
    """The table's files according to a Delta log: each path with its `add` action.

    Args:
        log: the log's files by name.

    Raises:
        Damaged: it cannot be read, or a version is missing.
    """
    commits = {int(n[:20]): p for n, p in log.items() if n.endswith(".json") and n[:20].isdigit()}
    checkpoints: dict[int, list[Path]] = {}
    for name, path in log.items():
        if name.endswith(".parquet") and name[:20].isdigit():
            checkpoints.setdefault(int(name[:20]), []).append(path)
    live: dict[str, Mapping[str, Any]] = {}
    try:
        base = max(checkpoints) if checkpoints and 0 not in commits else -1
        for path in checkpoints.get(base, []):
            for row in pq.read_table(path).to_pylist():
                _follow(live, row)
        versions = sorted(v for v in commits if v > base)
        if not (versions or checkpoints) or versions != list(range(base + 1, base + 1 + len(versions))):
            raise Damaged("its log lacks a version.", "")
        for version in versions:
            lines = commits[version].read_bytes().splitlines()
            if not lines:  # left by a power cut: the name was on disk, the content was not
                raise Damaged("its log has an empty version.", "")
            # a file rewritten under its own name is both removed and added in one version, in either order
            for action in sorted(map(json.loads, lines), key=lambda action: not action.get("remove")):
                _follow(live, action)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Damaged(f"its log cannot be read ({type(problem).__name__}).", "") from None
    return live


def _follow(live: dict[str, Mapping[str, Any]], action: Mapping[str, Any]) -> None:
    if action.get("remove"):
        live.pop(unquote(action["remove"]["path"]), None)
    if action.get("add"):
        live[unquote(action["add"]["path"])] = action["add"]


def hash_and_rows(add: Mapping[str, Any]) -> tuple[str, int]:
    """The SHA-256 and the number of rows of a file when written, according to the log."""
    stats = json.loads(add.get("stats") or "{}")
    return str(stats.get("sha256", "")), int(stats.get("numRecords", 0))


def log_records(lake: Path, tables: Iterable[str], was: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    """Every file of the logs of some tables (`usage/dispatch_day`): bytes, inode, time and SHA-256, by name.

    A file that `was` the same by the first three is not read again.
    """
    listed: dict[str, dict[str, object]] = {}
    for table in sorted(tables):
        for path in sorted((lake / table / "_delta_log").glob("*.json")):
            name, status = f"{table}/_delta_log/{path.name}", path.stat()
            same = {"bytes": status.st_size, "inode": status.st_ino, "mtime_ns": status.st_mtime_ns}
            record = was.get(name)
            if isinstance(record, dict) and {k: record.get(k) for k in same} == same:
                listed[name] = record
            else:
                listed[name] = {**same, "sha256": atomic_files.sha256(path)}
    return listed


def recorded_logs(lake: Path) -> Mapping[str, Any]:
    """The recorded logs of internal tables; empty if the note is gone or has changed."""
    try:
        noted = json.loads((lake / NOTE).read_text("utf-8"))
        return dict(noted["logs"]) if noted["digest"] == digest_of(noted["logs"]) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def digest_of(logs: Mapping[str, Any]) -> str:
    """A hash of the recorded logs."""
    return hashlib.sha256(json.dumps(logs, sort_keys=True).encode()).hexdigest()
