"""A folder of a home whose truth is object storage: what is put there counts, and the local folder holds copies.

Lake and releases are folders of files that do not change under their name, so a copy is the file; whoever reads one
verifies it by its hash in a log or a manifest, as on a disk. What changes are a few small objects (the pointer
`current`, the lease), and each of these moves by a put that fails if somebody else has moved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from obstore import exceptions

from transport.base import atomic_files
from transport.cluster.object_store import Store, asking, at_once, download, store_at

_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Version:
    """A small object as it was read: its content, and the version that a later put must match."""

    content: bytes
    e_tag: str


class ObjectStoreMirror:
    """The objects below a URL, and a local folder of copies under the same names.

    Raises (from every request to the store):
        TryAgain: it could not be reached, was too slow or failed.
        SharingError: it refuses our keys, or the bucket does not exist.
    """

    def __init__(self, store: Store, folder: Path, what: str) -> None:
        """Send no request yet.

        Args:
            store: of the folder.
            folder: of the copies; may be removed at any time.
            what: is kept there, for errors, such as `The lake`.
        """
        self._store = store
        self._folder = folder
        self._what = what

    @classmethod
    def at(cls, url: str, folder: Path, setting: str, what: str) -> ObjectStoreMirror:
        """The folder that a setting names.

        Raises:
            BadSetting: the URL names no store.
        """
        return cls(store_at(url, setting), folder, what)

    def sizes(self, below: str = "") -> dict[str, int]:
        """The length of every object below a name."""
        with asking(self._what):
            return {o["path"]: o["size"] for chunk in self._store.list(below or None) for o in chunk}

    def tags(self, below: str = "") -> dict[str, str]:
        """The entity tag of every object below a name."""
        with asking(self._what):
            return {o["path"]: str(o["e_tag"]) for chunk in self._store.list(below or None) for o in chunk}

    def older(self, below: str, than: datetime) -> set[str]:
        """The objects below a name that were put before a moment."""
        with asking(self._what):
            return {o["path"] for chunk in self._store.list(below) for o in chunk if o["last_modified"] < than}

    def put(self, names: Iterable[str]) -> None:
        """Put files of the local folder, several at once. An object of that name is replaced: it has the same rows.

        When this returns, they are durable.
        """
        with asking(self._what), ThreadPoolExecutor(_TOGETHER) as pool:
            list(pool.map(lambda name: self._store.put(name, self._folder / name, mode="overwrite"), names))

    def put_new(self, name: str) -> bool:
        """Put one file, unless there is another of that name; False then."""
        path = self._folder / name
        with asking(self._what):
            try:
                self._store.put(name, path, mode="create")
            except exceptions.AlreadyExistsError:
                try:
                    return bytes(self._store.get(name).bytes()) == path.read_bytes()
                except FileNotFoundError:
                    raise at_once(self._what) from None
        return True

    def fetch(self, names: Iterable[str]) -> list[str]:
        """Bring the files here that are not, several at once.

        Returns:
            Those that the store lacks.
        """
        return self.fetch_as({name: name for name in names if not (self._folder / name).is_file()})

    def fetch_as(self, names: Mapping[str, str]) -> list[str]:
        """Bring objects here, each under the name that it is given.

        Returns:
            Those that the store lacks.
        """
        with asking(self._what), ThreadPoolExecutor(_TOGETHER) as pool:
            fetched_each = list(pool.map(self._fetch, names, names.values()))
        return [name for name, fetched in zip(names, fetched_each, strict=True) if not fetched]

    def _fetch(self, name: str, here: str) -> bool:
        path = self._folder / here
        path.parent.mkdir(parents=True, exist_ok=True)
        half = atomic_files.temporary_beside(path)
        try:
            download(self._store, name, half)
            half.replace(path)
        except FileNotFoundError as problem:
            if problem.errno is not None:  # a local file, not the store's
                raise
            return False
        finally:
            half.unlink(missing_ok=True)
        return True

    def fetch_again(self, name: str) -> None:
        """Bring a file here in place of a copy that is not what was written."""
        (self._folder / name).unlink(missing_ok=True)
        self.fetch([name])

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; the copies stay."""
        with asking(self._what), ThreadPoolExecutor(_TOGETHER) as pool:
            list(pool.map(self._remove, names))

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._store.delete(name)

    def read(self, name: str) -> Version | None:
        """A small object's current content; None if it does not exist."""
        with asking(self._what):
            return self._now(name)

    def swap(self, name: str, content: bytes, was: Version | None) -> Version | None:
        """Replace a small object, if it still is what was read.

        Args:
            name: of the object.
            content: its new one, which no other machine writes: by it, a put whose answer got lost is recognised.
            was: as read; None: there is none yet.

        Returns:
            The object as written; None if somebody else has moved it.
        """
        with asking(self._what):
            try:
                mode = "create" if was is None else {"e_tag": was.e_tag}
                put = self._store.put(name, content, mode=mode)  # type: ignore[arg-type]
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
                now = self._now(name)  # the store repeats a put whose answer got lost, and then meets its own
                return now if now is not None and now.content == content else None
        return Version(content, str(put["e_tag"]))

    def _now(self, name: str) -> Version | None:
        try:
            got = self._store.get(name)
        except FileNotFoundError:
            return None
        return Version(bytes(got.bytes()), str(got.meta["e_tag"]))
