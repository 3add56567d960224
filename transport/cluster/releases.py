"""Releases on object storage: the store has the files and the pointer, each machine keeps copies.

A release exists once its manifest does, which is uploaded last. The pointer `current` is one small object, replaced
only if it is unchanged since it was read. Each new holder of the lease first writes its number into the pointer, so
that an earlier holder can no longer publish.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.errors import BadSetting, Damaged, LeaseLost, NoRoom, SharingError, TryAgain
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.cluster.mirror import ObjectStoreMirror, Version
from transport.releases import blocks
from transport.releases.release import CURRENT, MANIFEST, time_in
from transport.releases.storage import ATTEMPT, HOLDS_FILE, ReleaseStorage
from transport.storage.backends import FULL, ROOM

log = logging.getLogger(__name__)

_CLAIM = "claim"
"""Object that reserves a release's name: two machines never publish under one name."""
_LOOK_EVERY = 5.0
"""Seconds between two looks for a newer release."""


def folder_of(settings: Settings) -> ObjectStoreMirror:
    """The store of the releases and of the lease on them."""
    return ObjectStoreMirror.at(settings.releases_url, settings.releases, "releases_url", "The releases")


class SharedReleases(ReleaseStorage):
    """The releases in the store, as one machine sees them: its folder holds copies."""

    def __init__(self, settings: Settings) -> None:
        """Send no request yet.

        Raises:
            BadSetting: the URL names no store.
        """
        super().__init__(settings.releases)
        self._url = settings.releases_url
        self._shared = folder_of(settings)
        self._looked = 0.0
        self._current: str | None = None
        self._fence = 0
        self._pointer_version: Version | None = None
        self._elsewhere: dict[str, datetime] = {}

    def times(self) -> dict[str, datetime]:
        """Every release with when it was published, also those that only other machines have yet."""
        here = super().times()
        elsewhere = self.names() - here.keys()
        for name in elsewhere - self._elsewhere.keys():
            self._elsewhere[name] = time_in(self._manifest(name))
        return here | {name: self._elsewhere[name] for name in elsewhere}

    def current(self) -> str | None:
        """The release that readers should open, downloaded. While the store is away: the last one opened."""
        if time.monotonic() - self._looked > _LOOK_EVERY or self._current is None:
            try:
                pointer = self._shared.read(CURRENT)
                name = json.loads(pointer.content)["release"] if pointer else None
                if pointer is None and (self.folder / CURRENT).is_symlink():
                    raise BadSetting(
                        "releases_url", self._url, "the place of this home's releases: `dif move` takes them"
                    )
                if name is not None:
                    self.has(name)
                    atomic_files.point(self.folder / CURRENT, name)
                self._current = name
            except TryAgain:
                here = self.folder / CURRENT
                self._current = self._current or (here.resolve().name if here.exists() else None)
                if self._current is None:
                    raise
            self._looked = time.monotonic()
        return self._current

    def has(self, name: str) -> bool:
        """Whether the store has a release, which is downloaded and verified then.

        Raises:
            Damaged: a file in the store does not match its manifest.
        """
        if (self.folder / name / MANIFEST).is_file():
            return True
        with self._fetched(name) as half:
            if half is None:
                return False
            with suppress(OSError):  # another process of this home was first
                half.rename(self.folder / name)
        return (self.folder / name / MANIFEST).is_file()

    def check(self, name: str) -> None:
        """Fetch a release and compare each file with its manifest, without keeping it.

        Raises:
            Damaged: a file in the store does not match its manifest, or the release is missing.
        """
        with self._fetched(name) as half:
            if half is None:
                raise Damaged(f"{name} is not among the shared releases.", "Move again.")

    @contextmanager
    def _fetched(self, name: str) -> Iterator[Path | None]:
        """A verified copy of a release under a temporary name; None if the store does not have it."""
        half = self.folder / f"{atomic_files.TEMPORARY}{uuid.uuid4().hex[:12]}-{name}"
        try:
            if self._shared.fetch_as({f"{name}/{MANIFEST}": f"{half.name}/{MANIFEST}"}):
                yield None
                return
            files = json.loads((half / MANIFEST).read_text("utf-8"))["files"]
            missing = self._shared.fetch_as({f"{name}/{file}": f"{half.name}/{file}" for file in files})
            for file, entry in files.items():
                if f"{name}/{file}" in missing or atomic_files.sha256(half / file) != entry["sha256"]:
                    raise Damaged(
                        f"{name}/{file} of the shared releases is not what was published.",
                        "Roll back to another release (`dif release rollback NAME`), or run again with --full.",
                    )
            yield half
        except FileNotFoundError as problem:  # a starting run removes temporary folders
            raise TryAgain(f"{name} was not brought here whole.", "Try again.") from problem
        except OSError as problem:
            if problem.errno in FULL:
                raise NoRoom(f"The disk has no room for {name}.", ROOM) from problem
            raise
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def names(self) -> set[str]:
        """Every release in the store."""
        return {n.partition("/")[0] for n in self._shared.sizes() if n.endswith(f"/{MANIFEST}")}

    def _manifest(self, name: str) -> bytes:
        """The manifest of a release in the store; empty if it was removed meanwhile."""
        manifest = self._shared.read(f"{name}/{MANIFEST}")
        return manifest.content if manifest else b""

    def names_in_use(self) -> set[str]:
        """Every name that is used here, or used or claimed in the store."""
        return {*super().names_in_use()} | {n.partition("/")[0] for n in self._shared.sizes() if "/" in n}

    def publish(self, half: Path, name: str) -> None:
        """Name a finished folder, upload it, and point to it.

        Raises:
            LeaseLost: another machine publishes; nothing was published.
        """
        if self._shared.swap(f"{name}/{_CLAIM}", uuid.uuid4().hex.encode(), None) is None:
            shutil.rmtree(half)
            raise LeaseLost
        self.add(half, name)
        try:
            self.push(name)
        except SharingError:
            shutil.rmtree(self.folder / name)  # never published; its name stays claimed
            raise
        try:
            self.point(name)
        except LeaseLost:
            shutil.rmtree(self.folder / name)  # nobody has read it
            with suppress(SharingError):
                self._remove_objects(name)
            raise

    def push(self, name: str) -> None:
        """Upload a release, its manifest last."""
        blocks.join(self.folder / name)
        manifest = f"{name}/{MANIFEST}"
        files = json.loads((self.folder / manifest).read_text("utf-8"))["files"]
        self._shared.put(f"{name}/{file}" for file in files)
        self._shared.put([manifest])

    def take_over(self, fence: int) -> None:
        """Write the lease's number into the pointer: from now on only its holder can publish.

        Raises:
            LeaseLost: a later holder has done so.
            BadSetting: this home has releases and the store has none.
        """
        if self._shared.read(CURRENT) is None and (self.folder / CURRENT).is_symlink():
            raise BadSetting("releases_url", self._url, "where this home's releases are: `dif move` takes them")
        self._fence, self._pointer_version = fence, None
        while self._pointer_version is None:
            content, now = self._moved_to(None)
            if json.loads(content)["fence"] > fence:
                raise LeaseLost
            self._pointer_version = self._shared.swap(CURRENT, content, now)

    def point(self, name: str) -> None:
        """Move the pointer to a release in the store.

        Raises:
            LeaseLost: another machine moved it meanwhile.
            Damaged: the store lacks the release: the run that made it died before it was published.
        """
        blocks.join(self.folder / name)
        if f"{name}/{MANIFEST}" not in self._shared.sizes(f"{name}/"):
            raise Damaged(f"{name} is not among the shared releases.", "`dif release list` shows others; or run again.")
        if self._fence:
            content, _ = self._moved_to(name)
            moved = self._shared.swap(CURRENT, content, self._pointer_version)
        else:  # a person's rollback, without a lease
            moved = self._shared.swap(CURRENT, *self._moved_to(name))
        if moved is None:
            raise LeaseLost
        super().point(name)
        self._pointer_version, self._current, self._looked = moved, name, time.monotonic()

    def _moved_to(self, name: str | None) -> tuple[bytes, Version | None]:
        """Build the next pointer (same release if None) and return it with the current one."""
        now = self._shared.read(CURRENT)
        was: dict[str, Any] = json.loads(now.content) if now else {"release": None, "parent": None, "fence": 0}
        moved = {"release": name, "parent": was["release"]} if name else {}
        return json.dumps({**was, **moved, "fence": max(self._fence, was["fence"])}).encode(), now

    def holds(self) -> Mapping[str, Mapping[str, str]]:
        """The held releases, each with who holds it, why and since when."""
        now = self._shared.read(HOLDS_FILE)
        return dict(json.loads(now.content)["holds"]) if now else {}

    def hold(self, name: str, hold: Mapping[str, str] | None) -> None:
        """Hold a release; None releases the hold."""
        while True:
            now = self._shared.read(HOLDS_FILE)
            holds = dict(json.loads(now.content)["holds"]) if now else {}
            holds.pop(name, None)
            content = {"holds": holds | ({name: dict(hold)} if hold else {}), "written": uuid.uuid4().hex}
            if self._shared.swap(HOLDS_FILE, json.dumps(content).encode(), now) is not None:
                return

    def note_attempt(self, attempt: Mapping[str, object]) -> None:
        """Record how the run here ended, also in the store, unless another machine has taken the lease.

        An error of the store is logged and no more: the run has ended.
        """
        super().note_attempt(attempt)
        if attempt.get("kind") != LeaseLost.kind:  # then the note of who took it counts
            try:
                self._shared.put([ATTEMPT])
            except SharingError as problem:
                log.warning("Other machines do not know how this run ended: %s", problem)

    def last_attempt(self) -> Mapping[str, object]:
        """How the last run on any machine ended; the local record while the store is away."""
        with suppress(SharingError):
            shared, local = self._shared.read(ATTEMPT), self.folder / ATTEMPT
            if shared and _at(shared.content) > (_at(local.read_bytes()) if local.is_file() else ""):
                atomic_files.write_json(local, json.loads(shared.content))
        return super().last_attempt()

    def remove(self, name: str) -> None:
        """Remove a release here and from the store."""
        super().remove(name)
        self._remove_objects(name)

    def _remove_objects(self, name: str) -> None:
        self._shared.remove([f"{name}/{MANIFEST}"])
        self._shared.remove(self._shared.sizes(f"{name}/"))


def _at(attempt: bytes) -> str:
    """The time in a record of a run; empty if it cannot be read."""
    try:
        return str(json.loads(attempt)["at"])
    except (ValueError, KeyError, TypeError):
        return ""


def follow(settings: Settings) -> None:
    """Keep the local `current` and the last run's record up to date, for pages that read the folder."""
    shared = SharedReleases(settings)

    def look() -> None:
        with suppress(SharingError, OSError):  # `dif status` says what is wrong; the pages show what is here
            shared.current()
            shared.last_attempt()

    def look_again() -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            look()

    look()
    threading.Thread(target=look_again, name="follow", daemon=True).start()
