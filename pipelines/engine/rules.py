"""Identifies the code and facts that tables are made by, the same for whoever makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from catalog.contracts.scan import code_as_run, sql_as_run
from transport.lake.tables import ENGINE


def rules() -> str:
    """A hash of the code and facts that tables are made by; when it changes, everything is made again.

    It excludes comments and docstrings.
    """
    digest = hashlib.sha256(ENGINE.encode())
    for package in ("catalog", "assets"):
        for name, content in _files(resources.files(package)):
            digest.update(f"{package}/{name}".encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def _files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """The code, statements and facts below a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", content) for name, content in _files(entry))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            text = entry.read_text("utf-8")
            as_run = code_as_run if entry.name.endswith(".py") else sql_as_run if entry.name.endswith(".sql") else str
            yield entry.name, as_run(text).encode()
