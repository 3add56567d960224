"""Identifies the code and facts that tables are made by, the same for whoever makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from catalog.contracts.scan import normalized_code, normalized_sql
from transport.base import atomic_files
from transport.lake.tables import ENGINE


def rules(kept: Path | None = None) -> str:
    """A hash of the code and facts that tables are made by; when it changes, everything is made again.

    It excludes comments and docstrings.

    Args:
        kept: where the hash of the same files stands from an earlier process. Reading Python takes a third of a second.
    """
    files = [(f"{p}/{name}", text) for p in ("catalog", "assets") for name, text in _files(resources.files(p))]
    of_files = _hash((ENGINE, *(part for file in files for part in file)))
    if kept and kept.is_file():
        known, _, name = kept.read_text("utf-8", "replace").strip().partition(" ")
        if known == of_files and name:
            return name
    of_rules = _hash((ENGINE, *(part for name, text in files for part in (name, _as_run(name, text)))))[:16]
    if kept:
        atomic_files.write_text(kept, f"{of_files} {of_rules}\n", wait=False)
    return of_rules


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _as_run(name: str, text: str) -> str:
    return normalized_code(text) if name.endswith(".py") else normalized_sql(text) if name.endswith(".sql") else text


def _files(folder: Traversable) -> Iterator[tuple[str, str]]:
    """The code, statements and facts below a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", text) for name, text in _files(entry))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            yield entry.name, entry.read_text("utf-8")
