"""Where releases lie: their folders, the pointer `current`, who holds which, and how the last run ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.errors import Damaged
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.tables import check_places
from transport.releases import blocks
from transport.releases.release import CURRENT, MANIFEST, times_in

ATTEMPT = "last_attempt.json"
HOLDS_FILE = "held.json"
_RUNNING = "running"


class ReleaseStorage:
    """The releases on a disk."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet."""
        self.folder = folder

    def times(self) -> dict[str, datetime]:
        """Every release with when it was published; `UNKNOWN` for one whose manifest cannot be read."""
        return times_in(self.folder)

    def current(self) -> str | None:
        """The release that readers should open; None before the first."""
        pointer = self.folder / CURRENT
        return pointer.readlink().name if pointer.is_symlink() and pointer.exists() else None

    def has(self, name: str) -> bool:
        """Whether there is a release of that name, whose files are on this disk then."""
        return (self.folder / name / MANIFEST).is_file()

    def names_in_use(self) -> Collection[str]:
        """Every name that no other release may get."""
        return times_in(self.folder).keys()

    def add(self, half: Path, name: str) -> None:
        """Name a finished folder, durably."""
        half.rename(self.folder / name)
        atomic_files.sync_folder(self.folder)

    def publish(self, half: Path, name: str) -> None:
        """Name a finished folder, and point to it."""
        self.add(half, name)
        self.point(name)

    def point(self, name: str) -> None:
        """Point `current` at a release, by one rename."""
        blocks.join(self.folder / name)
        atomic_files.point(self.folder / CURRENT, name)

    def remove(self, name: str) -> None:
        """Remove a release."""
        if (self.folder / name).is_dir():
            gone = self.folder / f"{atomic_files.TEMPORARY}gone-{name}"
            # first one rename: half a release, left by a killed process, would count as damage
            (self.folder / name).rename(gone)
            atomic_files.sync_folder(self.folder)
            shutil.rmtree(gone)

    def holds(self) -> Mapping[str, Mapping[str, str]]:
        """The held releases, each with who holds it, why and since when.

        Raises:
            Damaged: the file cannot be read.
        """
        file = self.folder / HOLDS_FILE
        try:
            return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}
        except (ValueError, TypeError) as problem:
            raise Damaged(
                f"releases/{HOLDS_FILE} cannot be read ({type(problem).__name__}); no release is removed.",
                "Restore it from a backup, or remove it and hold the releases again.",
            ) from None

    def hold(self, name: str, hold: Mapping[str, str] | None) -> None:
        """Hold a release; None releases the hold."""
        holds = {other: facts for other, facts in self.holds().items() if other != name}
        atomic_files.write_json(self.folder / HOLDS_FILE, holds | ({name: dict(hold)} if hold else {}))

    def note_attempt(self, attempt: Mapping[str, object]) -> None:
        """Record how the last run ended, for the pages."""
        atomic_files.write_json(self.folder / ATTEMPT, dict(attempt))

    def note_begun(self, at: datetime) -> None:
        """Record that a run is going on; the record stays if the run is killed or has no room to write its end."""
        begun = {"status": _RUNNING, "at": at.isoformat(timespec="seconds"), "before": self.last_attempt()}
        atomic_files.write_json(self.folder / ATTEMPT, begun)

    def last_attempt(self) -> Mapping[str, object]:
        """How the last run ended; empty before the first. An unreadable record does not count as a success."""
        file = self.folder / ATTEMPT
        if not file.is_file():
            return {}
        try:
            return last_finished(json.loads(file.read_text("utf-8")), self.folder)
        except (ValueError, AttributeError, KeyError, TypeError):
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
            return _failed(at, f"How the run ended is unknown: releases/{ATTEMPT} cannot be read.")


def storage_of(settings: Settings) -> ReleaseStorage:
    """The storage for releases that the settings choose.

    Raises:
        BadSetting: only one of lake and releases is on object storage.
    """
    check_places(settings)
    if settings.releases_url:
        from transport.cluster.releases import SharedReleases

        return SharedReleases(settings)
    return ReleaseStorage(settings.releases)


def last_finished(attempt: Mapping[str, Any], releases: Path) -> Mapping[str, Any]:
    """How the last finished run ended, from `last_attempt.json`: while a run goes on, the run before it."""
    if attempt.get("status") != _RUNNING:
        return attempt
    if atomic_files.is_held(releases.parent):
        return dict(attempt["before"])
    return _failed(attempt["at"], "The run stopped without recording why: it was killed, or the disk was full.")


def _failed(at: object, problem: str) -> Mapping[str, Any]:
    return {
        "status": "failed",
        "at": at,
        "release": None,
        "failed_checks": [],
        "kind": "broken",
        "problem": problem,
        "mend": "`dif run` starts again; the previous release stays.",
    }
