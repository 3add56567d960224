"""A published release: an immutable folder with a manifest, in which databases and files lie.

Releases are ordered by `published_at` of their manifests. A copy, a restore or a repair changes the times of folders,
and a name says only on which day a release was made.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from catalog.contracts.documents import Json
from catalog.contracts.language import FILES, Audience
from catalog.errors import Damaged, SharingError
from catalog.exports import promised
from transport.releases import blocks

MANIFEST: Final = "manifest.json"
CURRENT: Final = "current"
"""The pointer to the release that readers should open."""
CONTRACTS: Final = "contracts.json"
"""The file of a release with the contracts of its datasets, and of the streams they come from."""
OPEN_FILE: Final = FILES[Audience.OPEN]
LEDGER_FILE: Final = FILES[Audience.LEDGER]
UNKNOWN: Final = datetime.min.replace(tzinfo=UTC)
"""The time of a release whose manifest cannot be read: before all others."""
_YEARS: Final = range(2000, 3000)
"""A time outside these years is a mistake. Near the ends of the calendar, times cannot be converted between zones."""
MALFORMED: Final = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
"""Errors raised by malformed JSON and infinite numbers."""


@dataclass(frozen=True)
class Release:
    """A release on disk.

    The properties raise one of several errors where the manifest lacks or misstates a field; `check` reports all as
    `Damaged`.

    Attributes:
        folder: the real folder, never the pointer.
        manifest: as published.
    """

    folder: Path
    manifest: Mapping[str, Any] = field(repr=False, hash=False)

    @classmethod
    def read(cls, folder: Path) -> Release:
        """The release in a folder. A manifest of a megabyte is read once as long as it is the same file.

        Raises:
            Damaged: its manifest cannot be read.
        """
        try:
            return _read(folder, _stamp(folder / MANIFEST))
        except (OSError, ValueError, TypeError, RecursionError) as problem:
            raise Damaged(
                f"Release {folder.name} has no readable manifest ({type(problem).__name__}).",
                "`dif doctor --mend` sets it aside and points at another; then `dif run`.",
            ) from None

    @property
    def name(self) -> str:
        """Its id, such as `2026-11-24.1`."""
        return self.folder.name

    @property
    def published_at(self) -> datetime:
        """When it was published, with an offset."""
        return instant(self.manifest["published_at"])

    @property
    def as_of(self) -> datetime:
        """The time up to which its inputs were known."""
        return instant(self.manifest.get("as_of") or self.manifest["published_at"])

    @property
    def through_month(self) -> date | None:
        """The last whole month that its figures cover; None when it has none."""
        month = self.manifest.get("through_month")
        return date.fromisoformat(month) if month else None

    @property
    def synthetic(self) -> bool:
        """Whether some of it was made by the simulator."""
        return bool(self.manifest.get("synthetic", False))

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return int(self.section("checks").get("passed", 0))

    @property
    def failed(self) -> int:
        """How many checks did not pass; of a published release, those that only warn."""
        checks = self.section("checks")
        return int(checks.get("failed", 0)) + int(checks.get("warned", 0))

    @functools.cached_property
    def real(self) -> frozenset[str]:
        """The datasets that have rows not made by the simulator; all of them in an old manifest."""
        return frozenset(name for name, entry in self.section("datasets").items() if entry.get("real", True))

    @functools.cached_property
    def contents(self) -> Mapping[str, str]:
        """A text for each dataset, equal in every release that holds the same rows under the same contract."""
        return {
            name: f"{entry.get('content_hash') or self.name} {entry.get('contract_version')}"
            for name, entry in self.section("datasets").items()
        }

    @property
    def journal_upto(self) -> int:
        """The number of the last line of the journal that it was made of; 0 where it does not say."""
        made_of = self.manifest.get("made_of")
        return int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0

    @property
    def database(self) -> Path:
        """The database with the open datasets; as `file`."""
        return self.file(OPEN_FILE)

    def is_whole(self) -> bool:
        """Whether its databases have their published sizes, rather than being truncated or half copied."""
        blocks.join(self.folder)
        return all(_size(self.folder / name) == size for name, size in self._database_sizes().items())

    def _database_sizes(self) -> dict[str, int]:
        """The published sizes of the databases, in bytes."""
        files = self.section("files").items()
        return {name: int(record["bytes"]) for name, record in files if name in FILES.values()}

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the manifest that is a mapping; empty when absent."""
        content = self.manifest.get(name)
        return content if isinstance(content, dict) else {}

    def file(self, path: str) -> Path:
        """The path of a file to open. Joins the databases of an older release first.

        Raises:
            ChangedFile: a database has changed since publication.
            NoRoom: the disk is full.
            TryAgain: the release was removed meanwhile.
        """
        if path in FILES.values():
            blocks.join(self.folder)
        return self.folder / path

    def contracts(self) -> Json | None:
        """The contracts it was published under; None for an old release without them.

        Raises:
            Damaged: the file has changed since publication.
        """
        record = self.section("files").get(CONTRACTS)
        if record is None:
            return None
        try:
            text = (self.folder / CONTRACTS).read_bytes()
            if hashlib.sha256(text).hexdigest() == record["sha256"]:
                return promised.read(text.decode())
        except (OSError, ValueError):
            pass
        raise Damaged(
            f"{CONTRACTS} of release {self.name} is not what was published.",
            "`dif release verify` lists what is damaged.",
        )

    def check(self) -> None:
        """Check that the manifest states what readers rely on.

        Raises:
            Damaged: it lacks or misstates a field, or is of another release.
        """
        file = self.folder / MANIFEST
        if self.manifest.get("release") != self.name:
            raise broken(file, f"names release {self.manifest.get('release')!r}, not the one whose folder it is in")
        try:
            _ = (self.published_at, self.as_of, self.through_month, self.passed, self.failed, self.real, self.contents)
            _ = self._database_sizes()
            if any(not isinstance(self.manifest.get(name) or {}, dict) for name in ("checks", "datasets", "files")):
                raise TypeError("a section that is no mapping")
        except MALFORMED as problem:
            raise broken(file, f"lacks or misstates {problem}") from problem


def broken(file: Path, problem: object) -> Damaged:
    """The error of a file of the releases that readers cannot use."""
    return Damaged(f"{file}: {problem}.", "Run `dif release verify`, or `dif doctor`.")


def instant(text: str) -> datetime:
    """A time with an offset, within the years that can be converted between zones.

    Raises:
        ValueError, TypeError: it is none.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError(f"the time {text}: {'out of range' if at.tzinfo else 'no offset'}")
    return at


def current_release(releases: Path) -> Release | None:
    """The release in a folder that `current` points to; None when nothing was ever published.

    Raises:
        Damaged: the pointer exists, but its target is gone or has no sound manifest.
    """
    pointer = releases / CURRENT
    if not pointer.is_symlink() and not pointer.exists():
        return None
    return _checked(pointer.resolve())


def release_named(releases: Path, name: str) -> Release | None:
    """The release of that name in a folder; None if there is none, or if the name is a path.

    Raises:
        Damaged: its manifest is not sound.
    """
    return _checked(releases / name) if name in times_in(releases) else None


def release_names(releases: Path) -> list[str]:
    """The releases in a folder, the newest first."""
    return in_order(times_in(releases))[::-1]


def newest_sound(releases: Path, opens: Callable[[Release], bool]) -> tuple[Release | None, bool]:
    """The release to show, and whether it is an older one because the `current` release cannot be read.

    Args:
        releases: their folder.
        opens: whether a release's databases are whole and can be opened.

    Raises:
        Damaged: no release can be read.
    """
    try:
        newest = current_release(releases)
        if newest is None or opens(newest):
            return newest, False
        problem = broken(newest.database, "cannot be opened")
    except Damaged as damage:
        problem = damage
    for name in release_names(releases):
        try:
            release = release_named(releases, name)
            if release is not None and opens(release):
                return release, True
        except SharingError:
            continue
    raise problem


def times_in(releases: Path) -> dict[str, datetime]:
    """The releases in a folder with when they were published; `UNKNOWN` for one whose manifest cannot be read."""
    manifests = (file for file in releases.glob(f"*/{MANIFEST}") if not file.parent.is_symlink())
    times = dict[str, datetime]()
    for file in manifests:
        if not file.parent.name.startswith("."):
            with suppress(OSError):  # it is being removed
                times[file.parent.name] = _time_of(file, _stamp(file))
    return times


def time_in(manifest: bytes) -> datetime:
    """When the release of a manifest was published; `UNKNOWN` if it cannot be read."""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        at = datetime.fromisoformat(json.loads(manifest)["published_at"])
        return at if at.tzinfo else UNKNOWN
    return UNKNOWN


def in_order(times: Mapping[str, datetime]) -> list[str]:
    """The names of releases, oldest first; of those published in the same second, by their number within the day."""
    return sorted(times, key=lambda name: (times[name], number_of(name), name))


def number_of(name: str) -> int:
    """The number in the name of a release; 0 without one."""
    tail = name.rsplit(".", 1)[-1]
    return int(tail) if tail.isdigit() else 0


def _checked(folder: Path) -> Release:
    release = Release.read(folder)
    release.check()
    return release


@functools.lru_cache(maxsize=8)
def _read(folder: Path, _unchanged: tuple[int, ...]) -> Release:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if not isinstance(manifest, dict):
        raise TypeError
    return Release(folder, manifest)


@functools.lru_cache(maxsize=4096)
def _time_of(file: Path, _unchanged: tuple[int, ...]) -> datetime:
    return time_in(file.read_bytes())


def _stamp(file: Path) -> tuple[int, ...]:
    """Distinguishes a file from another, and from itself with other content."""
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None
