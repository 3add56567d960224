"""Serves no file of a release that has changed since it was published.

The bytes of a file are read when a process first serves it, and again when its inode, size or times are others than
then. A later release links the same file, which changes a time, so the file is read again after each publication: two
gigabytes a second, and only what is asked for.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from catalog.errors import ChangedFile, UnknownName
from transport.base import atomic_files
from transport.releases.folder import Release
from transport.releases.store import is_sealed

_Stamp = tuple[int, ...]
_MOST: Final = 100_000
"""Files whose hashes are kept in memory; beyond it all are read anew."""
_hashes: Final[dict[_Stamp, str]] = {}
_sealed: Final[dict[_Stamp, bool]] = {}
_reading: Final = tuple(threading.Lock() for _ in range(64))
"""One is held by whoever reads a file, by its inode: of many that ask for its ranges at once, one reads it."""


def verified_path(release: Release, path: str) -> Path:
    """A file of a release, whose bytes are those that were published.

    Args:
        release: whose.
        path: in the release, as its manifest names it.

    Raises:
        UnknownName: the release has no such file.
        ChangedFile: the file, or the manifest that says what it should be, is gone or not as published.
        NoRoom: it is a database of an older release, and the disk has no room to join it.
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
    """The SHA-256 of a file, which is read once as long as it stays the same.

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
