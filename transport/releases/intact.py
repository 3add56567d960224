"""Verifies the files of a release before they are served.

A process hashes a file when it first serves it, and again when its inode, size or times change. A later release links
the same file, which changes a time, so files are hashed again after each publication, at two gigabytes a second.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from catalog.errors import ChangedFile, UnknownName
from transport.base import atomic_files
from transport.releases.release import Release
from transport.releases.store import is_sealed

_Stamp = tuple[int, ...]
_MOST: Final = 100_000
"""Hashes kept in memory; beyond this number the cache is emptied."""
_hashes: Final[dict[_Stamp, str]] = {}
_sealed: Final[dict[_Stamp, bool]] = {}
_reading: Final = tuple(threading.Lock() for _ in range(64))
"""Locks by inode: of several requests for one file, one hashes it."""


def verified_path(release: Release, path: str) -> Path:
    """The path of a release's file, after comparing its hash with the manifest.

    Args:
        release: whose.
        path: in the release, as its manifest names it.

    Raises:
        UnknownName: the release has no such file.
        ChangedFile: the file or the manifest is missing, or has changed since publication.
        NoRoom: the file is a database of an older release, and the disk has no room to join its blocks.
    """
    record = release.section("files").get(path)
    if record is None:
        raise UnknownName("file", path[:80], choices=())
    try:
        file = release.file(path)
        if not _is_sealed(release):
            raise ChangedFile("manifest.json", release.name)
        if sha256_of(file) != record.get("sha256"):
            raise ChangedFile(path, release.name)
    except OSError:
        raise ChangedFile(path, release.name) from None
    return file


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Reads it once while it stays unchanged.

    Raises:
        OSError: it is gone, or cannot be read.
    """
    stamp = _stamp(path)
    with _reading[stamp[1] % len(_reading)]:
        if stamp not in _hashes:
            if len(_hashes) > _MOST:
                _hashes.clear()
            _hashes[stamp] = atomic_files.sha256(path)
        return _hashes[stamp]


def _is_sealed(release: Release) -> bool:
    stamp = _stamp(release.folder / "manifest.json")
    if stamp not in _sealed:
        _sealed[stamp] = is_sealed(release.manifest)
    return _sealed[stamp]


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
