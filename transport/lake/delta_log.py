"""The log of a Delta table, read without the library: what the table's files are, and what they were when written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import Damaged


def table_files(log: Mapping[str, Path]) -> dict[str, Mapping[str, Any]]:
    """What a Delta log says are the table's files: each path with its `add` action.

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
            if not lines:  # a power cut leaves it so: the name was on disk, what it says was not
                raise Damaged("its log has an empty version.", "")
            # a file that is made anew under its own name stands in one version as gone and as there, in either order
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


def written_as(add: Mapping[str, Any]) -> tuple[str, int]:
    """What the log says of a file as it was written: the SHA-256 of its bytes, and its rows."""
    said = json.loads(add.get("stats") or "{}")
    return str(said.get("sha256", "")), int(said.get("numRecords", 0))
