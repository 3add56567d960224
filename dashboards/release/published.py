"""The release that the pages read: the pointer resolved to a real folder, its manifest, and the last attempt's outcome.

A release is immutable and the pointer moves by one rename. A page resolves the pointer once per run and then reads only
real paths, so it never mixes two releases.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import Damaged, SharingError
from transport.releases import blocks
from transport.releases.shared import ATTEMPT
from transport.releases.store import last_finished, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DATABASE = "dif.duckdb"
_OF_DATABASES: Final = ".duckdb"


@dataclass(frozen=True, slots=True)
class Release:
    """One published release.

    Attributes:
        name: its id, as `2026-11-24.1`.
        folder: the real folder, never the pointer.
        as_of: the time up to which its inputs were known.
        through_month: the last month that has numbers; None when the release holds none.
        synthetic: some of it was made by the simulator.
        real: its datasets that have rows made by others; all of them where the manifest does not tell.
        passed, failed: how many checks passed and failed.
        sizes: its databases and their sizes in bytes, from the manifest.
        contents: of each dataset, a text that is the same in another release that holds the same.
    """

    name: str
    folder: Path
    published_at: datetime
    as_of: datetime
    through_month: date | None
    synthetic: bool
    passed: int
    failed: int
    sizes: tuple[tuple[str, int], ...] = ()
    real: frozenset[str] = frozenset()
    contents: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def database(self) -> Path:
        """The database file with the open datasets; of an older release, the databases are joined first.

        Raises:
            ChangedFile: a database is not what was published.
            NoRoom: the disk has no room for it.
        """
        blocks.join(self.folder)
        return self.folder / DATABASE

    def is_whole(self) -> bool:
        """Whether its databases have their published sizes, rather than being truncated or half copied."""
        return all(_size(self.database.with_name(name)) == size for name, size in self.sizes)


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed in the last attempt; of a table that is not published, it is not told in how many rows."""

    dataset: str
    check: str
    unexpected: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of the last finished run: `published`, `failed`, `nothing_new` or `rolled_back`."""

    status: str
    at: datetime
    failed_checks: tuple[FailedCheck, ...] = ()
    problem: str = ""

    @property
    def failed(self) -> bool:
        """The run published nothing because something was wrong."""
        return self.status == "failed"

    def touches(self, datasets: frozenset[str]) -> bool:
        """A failed check concerns one of `datasets`."""
        return any(check.dataset in datasets for check in self.failed_checks)


def _broken(file: Path, problem: object) -> Damaged:
    return Damaged(f"{file}: {problem}.", "Run `dif release verify`, or `dif doctor`.")


def _json(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise _broken(file, problem) from problem
    if not isinstance(content, dict):
        raise _broken(file, "not a JSON object")
    return content


_MISSTATED: Final = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
"""Errors raised by malformed JSON and infinite numbers."""


_YEARS: Final = range(2000, 3000)
"""A time outside these years is a mistake. Near the ends of the calendar, times cannot be converted between zones."""


def _instant(text: str, file: Path) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise _broken(file, f"the time {text} has no offset")
    if at.year not in _YEARS:
        raise _broken(file, f"the time {text} is out of range")
    return at


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def current(releases: Path) -> Release | None:
    """The release that `current` points to, or None when nothing was ever published.

    Raises:
        Damaged: the pointer exists, but its target is gone or the manifest cannot be read.
    """
    pointer = releases / "current"
    if not pointer.is_symlink() and not pointer.exists():
        return None
    return _opened(pointer.resolve())


def newest_sound(releases: Path, opens: Callable[[Release], bool]) -> tuple[Release | None, bool]:
    """The release to show, and whether it is an older one because the `current` release cannot be read.

    Args:
        releases: their folder.
        opens: whether a release's databases are whole and can be opened.

    Raises:
        Damaged: no release can be read.
    """
    try:
        newest = current(releases)
        if newest is None or opens(newest):
            return newest, False
        problem = _broken(newest.database, "cannot be opened")
    except Damaged as broken:
        problem = broken
    for name in names(releases):
        try:
            release = named(releases, name)
            if release is not None and opens(release):
                return release, True
        except SharingError:
            continue
    raise problem


def names(releases: Path) -> list[str]:
    """The releases that can be asked for by name, newest first."""
    return names_in(releases)[::-1]


def named(releases: Path, name: str) -> Release | None:
    """The release of that name; None if there is none, or if the name is a path.

    Raises:
        Damaged: its manifest cannot be read.
    """
    return _opened(releases / name) if name in names(releases) else None


def _opened(folder: Path) -> Release:
    file = folder / "manifest.json"
    try:
        there = file.stat()
    except OSError as problem:
        raise _broken(file, problem) from problem
    return _described(folder, (there.st_ino, there.st_size, there.st_mtime_ns))


@functools.lru_cache(maxsize=32)
def _described(folder: Path, _stamp: tuple[int, int, int]) -> Release:
    """What the manifest says, as long as it is the same file: a large one takes milliseconds to read."""
    file = folder / "manifest.json"
    manifest = _json(file)
    if manifest.get("release") != folder.name:
        raise _broken(file, f"names release {manifest.get('release')!r}, not the one whose folder it is in")
    try:
        through = manifest.get("through_month")
        checks = manifest.get("checks") or {}
        return Release(
            name=folder.name,
            folder=folder,
            published_at=_instant(manifest["published_at"], file),
            as_of=_instant(manifest.get("as_of") or manifest["published_at"], file),
            through_month=date.fromisoformat(through) if through else None,
            synthetic=bool(manifest.get("synthetic", False)),
            passed=int(checks.get("passed", 0)),
            failed=int(checks.get("failed", 0)),
            sizes=tuple(
                (name, int(entry["bytes"]))
                for name, entry in (manifest.get("files") or {}).items()
                if name.endswith(_OF_DATABASES)
            ),
            real=frozenset(name for name, entry in (manifest.get("datasets") or {}).items() if entry.get("real", True)),
            contents={
                name: f"{entry.get('content_hash') or folder.name} {entry.get('contract_version')}"
                for name, entry in (manifest.get("datasets") or {}).items()
            },
        )
    except _MISSTATED as problem:
        raise _broken(file, f"lacks or misstates {problem}") from problem


def last_attempt(releases: Path) -> Attempt | None:
    """The outcome of the last run, or None when no run has recorded one.

    Raises:
        Damaged: the file exists but cannot be read.
    """
    file = releases / ATTEMPT
    if not file.exists():
        return None
    try:
        attempt = last_finished(_json(file), releases)
        if not attempt:
            return None  # the first run is not finished
        return Attempt(
            status=str(attempt["status"]),
            at=_instant(attempt["at"], file),
            failed_checks=tuple(
                FailedCheck(str(check["dataset"]), str(check["check"]), None if count is None else int(count))
                for check in attempt.get("failed_checks") or ()
                for count in [check.get("unexpected")]
            ),
            problem=str(attempt.get("problem") or ""),
        )
    except _MISSTATED as problem:
        raise _broken(file, f"lacks or misstates {problem}") from problem


def fresh_at(release: Release, attempt: Attempt | None) -> datetime:
    """The last time that a run looked for new data and the numbers were up to date."""
    looked = attempt.at if attempt and attempt.status in {"published", "nothing_new"} else release.published_at
    return max(looked, release.published_at)
