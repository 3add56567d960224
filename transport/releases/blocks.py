"""Databases of older releases, stored as compressed blocks that releases share.

A run that adds a day changes few of DuckDB's blocks, though each release has its own database. Older databases become
folders of compressed blocks, with hard links to equal blocks of an earlier release. Joined again, a database is equal
byte for byte: hash, signature and storage version hold, whichever version of the product joins it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa

from catalog.contracts.language import FILES
from catalog.errors import ChangedFile, NoRoom, TryAgain
from transport.base import atomic_files
from transport.storage.backends import FULL, ROOM

BLOCKS: Final = "blocks"
"""The folder of a release with a folder for each of its databases that is split."""
_HEADERS: Final = 3 * 4096
"""Bytes before the first block of a DuckDB file."""
_BLOCK: Final = 256 * 1024
"""Bytes of a block of a DuckDB file. Another size would join as well, but share less."""
_OPEN: Final = timedelta(days=1)
"""How long a database that was joined for a reader stays."""


def split(folder: Path, earlier: Path | None) -> None:
    """Replace the databases of a release by blocks. Processes with an open database can go on reading.

    Keeps a damaged database, for the doctor, and one joined for a reader within the last day.

    Args:
        folder: the release.
        earlier: another release; equal blocks are linked to its.
    """
    databases = [folder / name for name in FILES.values() if (folder / name).is_file()]
    if not databases:
        return
    if not (folder / BLOCKS).is_dir():
        _write_blocks(databases, folder, earlier)
    elif any(time.time() - database.stat().st_mtime < _OPEN.total_seconds() for database in databases):
        return
    if all(sha256(folder, database.name) == _published(folder, database.name) for database in databases):
        for database in databases:
            database.unlink()
    elif {path.name for path in (folder / BLOCKS).iterdir()} <= {database.name for database in databases}:
        shutil.rmtree(folder / BLOCKS)  # unless the other database exists only as blocks


def _write_blocks(databases: list[Path], folder: Path, earlier: Path | None) -> None:
    """Write the blocks under a temporary name, sync, and rename."""
    half = atomic_files.temporary_beside(folder)
    try:
        for database in databases:
            (half / database.name).mkdir(parents=True)
            block_paths = sorted((earlier / BLOCKS / database.name).glob("*")) if earlier else []
            path_by_hash = {path.name.partition("-")[2]: path for path in block_paths}
            for number, content in enumerate(_cut(database)):
                name = hashlib.sha256(content).hexdigest()
                path = half / database.name / f"{number:06}-{name}"
                if name in path_by_hash and _read(path_by_hash[name]) == content:
                    atomic_files.link(path_by_hash[name], path)
                else:
                    with pa.output_stream(str(path), compression="zstd") as file:
                        file.write(content)
                    path_by_hash[name] = path
        atomic_files.sync_tree(half)
        half.rename(folder / BLOCKS)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    atomic_files.sync_folder(folder)


def mend(folder: Path) -> None:
    """Replace a damaged database from its blocks, if these are sound.

    Raises:
        ChangedFile, NoRoom, TryAgain, SharingError: as `join`.
    """
    for name in FILES.values() if (folder / "manifest.json").is_file() else ():
        whole, wanted = folder / name, _published(folder, name)
        if whole.is_file() and atomic_files.sha256(whole) != wanted and sha256(folder, name) == wanted:
            whole.unlink()
            _join(folder, name)


def join(folder: Path) -> None:
    """Make the databases of a release whole, so that readers can open them. Does nothing if they are.

    Raises:
        ChangedFile: a block is not what was published.
        NoRoom: the disk is full.
        TryAgain: the release was removed meanwhile.
        SharingError: this user may not write there.
    """
    for name in FILES.values():
        if not (folder / name).exists() and (folder / BLOCKS / name).is_dir():
            _join(folder, name)


def _join(folder: Path, name: str) -> None:
    half = atomic_files.temporary_beside(folder)
    try:
        digest = hashlib.sha256()
        with half.open("xb") as file:
            for content in _contents(folder, name):
                digest.update(content)
                file.write(content)
        if digest.hexdigest() != _published(folder, name):
            raise ChangedFile(name, folder.name)
        atomic_files.sync_file(half)
        half.replace(folder / name)
        atomic_files.sync_folder(folder)
    except FileNotFoundError:  # pruned, or removed as temporary by a starting run
        raise TryAgain(f"{name} of release {folder.name} was removed while it was joined.", "Ask again.") from None
    except OSError as problem:
        if problem.errno in FULL:
            raise NoRoom(f"The disk has no room for {name} of release {folder.name}.", ROOM) from problem
        raise atomic_files.in_words(problem) from problem
    finally:
        half.unlink(missing_ok=True)


def sha256(folder: Path, name: str) -> str:
    """The SHA-256 of a database joined from its blocks; empty if it is not split or a block cannot be read."""
    digest = hashlib.sha256()
    for content in _contents(folder, name):
        digest.update(content)
    return digest.hexdigest() if (folder / BLOCKS / name).is_dir() else ""


def paths(folder: Path, name: str) -> list[Path]:
    """The blocks of a database in order; empty if it is not split."""
    return sorted((folder / BLOCKS / name).glob("*"))


def _contents(folder: Path, name: str) -> Iterator[bytes]:
    return (_read(path) for path in paths(folder, name))


def _read(path: Path) -> bytes:
    """The content of a block; empty if it cannot be decompressed."""
    try:
        with pa.input_stream(str(path), compression="zstd") as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError):
        return b""


def _cut(database: Path) -> Iterator[bytes]:
    with database.open("rb") as file:
        size = _HEADERS
        while content := file.read(size):
            yield content
            size = _BLOCK


def _published(folder: Path, name: str) -> object:
    """The SHA-256 of a database in the manifest; None when it cannot be read."""
    try:
        return json.loads((folder / "manifest.json").read_text("utf-8"))["files"][name]["sha256"]
    except (ValueError, KeyError, TypeError):
        return None
