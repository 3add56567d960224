"""Releases that several machines share: object storage has their files and the pointer, each machine keeps copies.

A release is there when its manifest is, which is put last. The pointer `current` is one small object, moved only if it
is as whoever moves it has read it. Each holder of the lease writes its number into the pointer first, so that what an
earlier one was about to publish no longer fits.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from catalog.errors import BadSetting, Damaged, LeaseLost, NoRoom, SharingError, TryAgain
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.releases import blocks
from transport.storage.backends import FULL, ROOM
from transport.storage.shared_folder import SharedFolder, Version

POINTER = "current"
_MANIFEST = "manifest.json"
_CLAIM = "claim"
"""Put before the release of that name: no two machines make different releases of one name."""
_HELD = "held.json"
ATTEMPT = "last_attempt.json"
_LOOK_EVERY = 5.0
"""Seconds for which readers open what they opened last, before they ask whether there is a newer one."""


def folder_of(settings: Settings) -> SharedFolder:
    """Where the releases of several machines are, and the lease of who may change them."""
    return SharedFolder.at(settings.releases_url, settings.releases, "releases_url", "The releases")


class SharedReleases:
    """The releases there, as one machine sees them."""

    def __init__(self, settings: Settings) -> None:
        """Send no request yet.

        Raises:
            BadSetting: the URL names no store.
        """
        self._folder = settings.releases
        self._url = settings.releases_url
        self._shared = folder_of(settings)
        self._looked = 0.0
        self._current: str | None = None
        self._fence = 0
        self._held: Version | None = None

    @classmethod
    def of(cls, settings: Settings) -> SharedReleases | None:
        """Those that the settings name; None for releases of the home's own.

        Raises:
            BadSetting: only one of lake and releases is shared.
        """
        if bool(settings.lake_url) is not bool(settings.releases_url):
            name = "releases_url" if settings.lake_url else "lake_url"
            raise BadSetting(name, "", "a URL too: lake and releases are shared together")
        return cls(settings) if settings.releases_url else None

    def current(self) -> str | None:
        """The release that readers should open, which is then here; what was opened last, while nobody answers."""
        if time.monotonic() - self._looked > _LOOK_EVERY or self._current is None:
            try:
                pointer = self._shared.read(POINTER)
                name = json.loads(pointer.content)["release"] if pointer else None
                if pointer is None and (self._folder / POINTER).is_symlink():
                    raise BadSetting(
                        "releases_url", self._url, "the place of this home's releases: `dif move` takes them"
                    )
                if name is not None:
                    self.bring(name)
                    atomic_files.point(self._folder / POINTER, name)
                self._current = name
            except TryAgain:
                here = self._folder / POINTER
                self._current = self._current or (here.resolve().name if here.exists() else None)
                if self._current is None:
                    raise
            self._looked = time.monotonic()
        return self._current

    def bring(self, name: str) -> bool:
        """Have a release here, verified file by file; False if it is not there either.

        Raises:
            Damaged: a file there is not what its manifest says.
        """
        if (self._folder / name / _MANIFEST).is_file():
            return True
        with self._fetched(name) as half:
            if half is None:
                return False
            with suppress(OSError):  # another process of this home was first
                half.rename(self._folder / name)
        return (self._folder / name / _MANIFEST).is_file()

    def check(self, name: str) -> None:
        """Fetch a release and compare each file with its manifest, without keeping it.

        Raises:
            Damaged: a file there is not what its manifest says, or the release is not there.
        """
        with self._fetched(name) as half:
            if half is None:
                raise Damaged(f"{name} is not among the shared releases.", "Move again.")

    @contextmanager
    def _fetched(self, name: str) -> Iterator[Path | None]:
        """A release under a temporary name, each file as its manifest says; None if it is not there."""
        half = self._folder / f"{atomic_files.TEMPORARY}{uuid.uuid4().hex[:12]}-{name}"
        try:
            if self._shared.fetch_as({f"{name}/{_MANIFEST}": f"{half.name}/{_MANIFEST}"}):
                yield None
                return
            files = json.loads((half / _MANIFEST).read_text("utf-8"))["files"]
            missing = self._shared.fetch_as({f"{name}/{file}": f"{half.name}/{file}" for file in files})
            for file, entry in files.items():
                if f"{name}/{file}" in missing or atomic_files.sha256(half / file) != entry["sha256"]:
                    raise Damaged(
                        f"{name}/{file} of the shared releases is not what was published.",
                        "Roll back to another release (`dif release rollback NAME`), or run again with --full.",
                    )
            yield half
        except FileNotFoundError as problem:  # a run that began removed what looked left behind
            raise TryAgain(f"{name} was not brought here whole.", "Try again.") from problem
        except OSError as problem:
            if problem.errno in FULL:
                raise NoRoom(f"The disk has no room for {name}.", ROOM) from problem
            raise
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def names(self) -> set[str]:
        """Every release there."""
        return {n.partition("/")[0] for n in self._shared.sizes() if n.endswith(f"/{_MANIFEST}")}

    def manifest(self, name: str) -> bytes:
        """The manifest of a release there; empty when it was removed meanwhile."""
        there = self._shared.read(f"{name}/{_MANIFEST}")
        return there.content if there else b""

    def taken(self) -> set[str]:
        """Every name that a release there has, had begun to have, or that somebody has claimed."""
        return {n.partition("/")[0] for n in self._shared.sizes() if "/" in n}

    def claim(self, name: str) -> bool:
        """Take a name for one release, once and for all; False when it is taken."""
        return self._shared.swap(f"{name}/{_CLAIM}", uuid.uuid4().hex.encode(), None) is not None

    def push(self, name: str) -> None:
        """Put a release there, its manifest last."""
        blocks.join(self._folder / name)
        manifest = f"{name}/{_MANIFEST}"
        files = json.loads((self._folder / manifest).read_text("utf-8"))["files"]
        self._shared.put(f"{name}/{file}" for file in files)
        self._shared.put([manifest])

    def hold(self, fence: int) -> None:
        """Write the number of a lease into the pointer; only who did may publish from now on.

        Raises:
            LeaseLost: a later holder has.
            BadSetting: this home has releases, and none are there.
        """
        self._forgets_nothing(self._shared.read(POINTER))
        self._fence, self._held = fence, None
        while self._held is None:
            content, now = self._moved_to(None)
            if json.loads(content)["fence"] > fence:
                raise LeaseLost
            self._held = self._shared.swap(POINTER, content, now)

    def _forgets_nothing(self, pointer: Version | None) -> None:
        if pointer is None and (self._folder / POINTER).is_symlink():
            raise BadSetting("releases_url", self._url, "where this home's releases are: `dif move` takes them")

    def point(self, name: str) -> None:
        """Move the pointer to a release that is there.

        Raises:
            LeaseLost: another machine moved it since this one took the lease, or read it.
            Damaged: the release is not there: the run that made it here died before it was published.
        """
        if f"{name}/{_MANIFEST}" not in self._shared.sizes(f"{name}/"):
            raise Damaged(f"{name} is not among the shared releases.", "`dif release list` shows others; or run again.")
        if self._fence:
            content, _ = self._moved_to(name)
            moved = self._shared.swap(POINTER, content, self._held)
        else:  # a person's rollback, without a lease
            moved = self._shared.swap(POINTER, *self._moved_to(name))
        if moved is None:
            raise LeaseLost
        self._held, self._current, self._looked = moved, name, time.monotonic()

    def _moved_to(self, name: str | None) -> tuple[bytes, Version | None]:
        """The pointer with another release (None: the same) and this fence, and as it is now."""
        now = self._shared.read(POINTER)
        was: dict[str, Any] = json.loads(now.content) if now else {"release": None, "parent": None, "fence": 0}
        moved = {"release": name, "parent": was["release"]} if name else {}
        return json.dumps({**was, **moved, "fence": max(self._fence, was["fence"])}).encode(), now

    def holds(self) -> dict[str, dict[str, str]]:
        """The releases that no machine may remove, each with who holds it, why and since when."""
        now = self._shared.read(_HELD)
        return dict(json.loads(now.content)["holds"]) if now else {}

    def hold_release(self, name: str, hold: Mapping[str, str] | None) -> None:
        """Hold a release, or (None) let it go."""
        while True:
            now = self._shared.read(_HELD)
            holds = dict(json.loads(now.content)["holds"]) if now else {}
            holds.pop(name, None)
            content = {"holds": holds | ({name: dict(hold)} if hold else {}), "written": uuid.uuid4().hex}
            if self._shared.swap(_HELD, json.dumps(content).encode(), now) is not None:
                return

    def put_attempt(self) -> None:
        """Let every machine know how the run here ended; without a word where nobody answers, for the run has ended."""
        with suppress(SharingError):
            self._shared.put([ATTEMPT])

    def bring_attempt(self) -> None:
        """Have the note of how the last run ended, wherever it was; what is here stays while nobody answers."""
        with suppress(SharingError):
            there, here = self._shared.read(ATTEMPT), self._folder / ATTEMPT
            if there and _at(there.content) > (_at(here.read_bytes()) if here.is_file() else ""):
                atomic_files.write_json(here, json.loads(there.content))

    def remove(self, name: str) -> None:
        """Remove a release there, its manifest first."""
        self._shared.remove([f"{name}/{_MANIFEST}"])
        self._shared.remove(self._shared.sizes(f"{name}/"))


def _at(attempt: bytes) -> str:
    """When the run ended, or began, that a note tells of; empty for one that cannot be read."""
    try:
        return str(json.loads(attempt)["at"])
    except (ValueError, KeyError, TypeError):
        return ""


def follow(settings: Settings) -> None:
    """Keep `current` and the last run's note here as they are there, for pages that read the folder, while we live."""
    shared = SharedReleases.of(settings)
    if shared is None:
        return

    def look() -> None:
        while True:
            with suppress(SharingError, OSError):  # `dif status` says what is wrong; the pages show what is here
                shared.current()
                shared.bring_attempt()
            time.sleep(_LOOK_EVERY)

    with suppress(SharingError, OSError):
        shared.current()
        shared.bring_attempt()
    threading.Thread(target=look, name="follow", daemon=True).start()
