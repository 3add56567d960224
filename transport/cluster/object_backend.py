"""The landing on object storage: no lock, no rename, no append; a conditional put decides.

A file's name carries a piece of its SHA-256, so one name has one content, and putting it twice is harmless. The journal
is a sequence of objects, `journal/<offset>`, each created only if none of that name exists: of two writers who have
read to the same offset, one is first, and the other reads on. `obstore.store.MemoryStore` (`memory://name`, for the
life of the process) serves as a test double with the same guarantees; the suite runs over it too. Doors may write
journals by shard instead (`transport.cluster.shards`); whoever reads the journal gathers them first.

The store's errors about networks, keys and buckets are raised as ours. A put that was answered with an error may still
have succeeded: then the journal has the line, and the producer's retry is a duplicate.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from obstore import exceptions

from catalog.errors import Damaged, SharingError, TryAgain
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.cluster.object_log import ObjectLog
from transport.cluster.object_store import AT_ONCE, Store, asking, download, store_at
from transport.cluster.shards import ShardOffsets
from transport.storage.backends import StorageBackend, unlocked_reading
from transport.storage.journal import JOURNAL, SHARDS

_STEM_AND_HASH = re.compile(r"(?P<stem>.+)\.(?P<hash>[0-9a-f]{16})\.parquet")
_BEGUN = f"{JOURNAL}/begun"
"""Put before the first file, so that files without any object under `journal/` reveal a lost journal."""
_TOGETHER = 8


class ObjectBackend(StorageBackend):
    """A `StorageBackend` over any store of `obstore`. When `put` or `append` returns, its data is durable.

    Raises (from every request to the store):
        TryAgain: it could not be reached, was too slow or failed.
        SharingError: it refuses our keys, or the bucket does not exist.
    """

    def __init__(self, store: Store, scratch: Path) -> None:
        """Send no request yet.

        Args:
            store: of the landing.
            scratch: a local folder for this landing's transfers and copies; may be removed at any time.
        """
        self.store = store
        self.scratch = scratch
        self._turn = threading.RLock()
        self._fetching = tuple(threading.RLock() for _ in range(_TOGETHER))
        self._begun = False
        self._trusted: dict[str, tuple[int, int]] = {}
        self._copied = _JournalCopy()
        self._journal = ObjectLog(store, JOURNAL)

    @classmethod
    def at(cls, url: str, scratch: Path) -> Self:
        """A backend over the store of a URL; `obstore` reads keys, region and endpoint (`AWS_ACCESS_KEY_ID` …).

        Raises:
            BadSetting: the URL names no store.
        """
        return cls(store_at(url, "landing_url"), scratch)

    @contextmanager
    def exclusive(self, within: float | None = None) -> Iterator[None]:  # noqa: ARG002 - a call has its own time limit
        """Serialise the threads of this process; between machines the journal's put decides."""
        with self._turn:
            yield

    # --- the journal -------------------------------------------------------------------------------------------------

    def journal(self, since: int = 0) -> bytes:
        """The journal from a local copy, after fetching what was added and gathering what doors kept by shard.

        Raises:
            Damaged: a piece is missing, a piece's length does not fit the next one's name, or the journal ends before
                the offset.
        """
        with self._copy() as path:
            self._fetch(path)
            if self._copied.end < since:
                raise Damaged(
                    "The journal became shorter while it was in use.",
                    "Stop whatever writes to the landing; restore its objects from an earlier version of the bucket.",
                )
            self._gather(path)
            text = self._text(path, since)
        if text and not text.endswith(b"\n"):
            raise Damaged(
                "The last piece of the journal was cut.",
                "Bring the object back from an earlier version of the bucket, or `dif restore` from a backup.",
            )
        return text

    def _text(self, copy: Path, since: int) -> bytes:
        if self._copied.end == since:
            return b""
        with copy.open("rb") as handle:
            handle.seek(since)
            return handle.read(self._copied.end - since)

    def _gather(self, copy: Path) -> None:
        """Append to the journal what doors have kept by shard.

        Whoever only looks, with keys that may not write, sees what others have gathered. A run is refused instead: it
        would go on without batches that have a receipt.
        """
        while True:
            shards = self._copied.shards
            shards.look(self._text(copy, shards.looked))
            lines = shards.unmerged_lines(self.shards(len(shards.ends)))
            if not lines:
                return
            try:
                first = self._journal.create(self._copied.end, lines)
            except SharingError as problem:
                if isinstance(problem, TryAgain) or unlocked_reading() is None:
                    raise
                return
            if first:
                self._extend(copy, [(self._copied.end, lines)])
                return
            self._fetch(copy)

    def lost(self) -> bool:
        """Whether there are files, but neither a journal line nor `_BEGUN`."""
        with asking("The landing"):
            listed = next(iter(self.store.list(JOURNAL, chunk_size=1)), None)
        return not listed and next(self.names(), None) is not None

    def append(self, at: int, lines: bytes) -> bool:
        """Create the object that begins at `at`, if there is none."""
        if not self._journal.create(at, lines):
            return False
        with (
            suppress(OSError),
            self._copy() as copy,
        ):  # the line is durable; a copy that cannot be written is fetched later
            if self._copied.end == at:
                self._extend(copy, [(at, lines)])
        return True

    def shards(self, count: int) -> list[ObjectLog]:
        """The journals by shard, into which doors write without waiting for each other."""
        return [ObjectLog(self.store, f"{SHARDS}/{shard:02}") for shard in range(count)]

    def _fetch(self, copy: Path) -> None:
        copied = self._copied
        pieces = self._journal.listed(copied.last)
        if copied.end and (not pieces or not self._is_same(copy, *pieces[0])):
            self._copied = _JournalCopy()  # the copy belongs to another landing
            self._fetch(copy)
            return
        self._journal.end_of(pieces, copied.last)
        fresh = [at for at, _ in pieces if at >= copied.end]
        for start in range(0, len(fresh), 256):
            some = fresh[start : start + 256]
            self._extend(copy, list(zip(some, self._journal.fetched(some), strict=True)))

    def _is_same(self, copy: Path, at: int, size: int) -> bool:
        """Whether the copy's last piece equals the store's."""
        if at != self._copied.last or at + size != self._copied.end:
            return False
        if self._copied.checked:
            return True
        (stored,) = self._journal.fetched([at])
        with copy.open("rb") as handle:
            handle.seek(at)
            self._copied.checked = handle.read(size) == stored
        return self._copied.checked

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        """The local copy of the journal, for one thread of one process at a time."""
        path = self.scratch / JOURNAL
        self.scratch.mkdir(parents=True, exist_ok=True)
        with self._turn, (self.scratch / f"{JOURNAL}.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if not self._copied.is_in(path):
                self._copied = _JournalCopy.of(path)
            yield path

    def _extend(self, copy: Path, pieces: Sequence[tuple[int, bytes]]) -> None:
        """Write pieces to the copy, and then a note beside it of how far it is valid."""
        with copy.open("r+b" if copy.exists() else "w+b") as handle:
            handle.seek(self._copied.end)
            for at, lines in pieces:
                handle.write(lines)
                self._copied.add(at, lines)
            handle.truncate()
        self._copied.checked = True
        self._copied.write(copy)

    # --- files -------------------------------------------------------------------------------------------------------

    def name(self, stem: str, file_sha256: str) -> str:
        """The stem and a piece of the hash: one name, one content."""
        return f"{stem}.{file_sha256[:16]}.parquet"

    def temporary(self, stem: str) -> Path:
        """A path in scratch."""
        folder = self.scratch / "arriving"
        folder.mkdir(parents=True, exist_ok=True)
        return atomic_files.temporary_beside(folder / f"{Path(stem).name}.parquet")

    def ready(self, temporary: Path) -> None:
        """Check that the file exists; its put has to wait until the batch has its name."""
        temporary.stat()

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Put several at once, each only if it does not exist; a damaged one is overwritten."""
        with asking("The landing"):
            if not self._begun:
                self.store.put(_BEGUN, b"", mode="overwrite")
                self._begun = True
            with ThreadPoolExecutor(_TOGETHER) as pool:
                list(pool.map(lambda file: self._put(*file), files))

    def local(self, name: str) -> Path:
        """A copy in scratch, named by the stem alone; absent if the object is missing or damaged.

        It is fetched if there is no copy, the copy has changed, or `size` saw that the object has changed.
        """
        path = self.place(name)
        stamp = _stamp(path)
        if stamp is None or self._trusted.get(name) != stamp:
            with self._fetching[hash(name) % _TOGETHER], asking("The landing"):
                if not self._is_good(name, path):
                    self._download(name, path)
        return path

    def size(self, name: str) -> int | None:
        """The object's size in the store. Drops the local copy of an object that has changed or is gone."""
        with asking("The landing"):
            try:
                meta = self.store.head(name)
            except FileNotFoundError:
                self.forget(name)
                return None
        note = _note_of(self.place(name))
        if note and note.get("e_tag") != meta["e_tag"]:
            self.forget(name)
        return meta["size"]

    def names(self) -> Iterator[str]:
        """The files that the store lists, sorted."""
        with asking("The landing"):
            paths = sorted(o["path"] for chunk in self.store.list() for o in chunk if o["path"].endswith(".parquet"))
        yield from paths

    def remove(self, name: str) -> None:
        """Delete the object and its copy."""
        with asking("The landing"), suppress(FileNotFoundError):
            self.store.delete(name)
        self.forget(name)

    def stem_of(self, name: str) -> str:
        """The name without the piece of the hash."""
        match = _STEM_AND_HASH.fullmatch(name)
        return match["stem"] if match else name.removesuffix(".parquet")

    def _put(self, temporary: Path, name: str) -> None:
        path = self.place(name)
        try:
            # a put in parts cannot be conditional, but the hash in the name gives the same guarantee
            if temporary.stat().st_size <= AT_ONCE:
                result = self.store.put(name, temporary, mode="create")
            elif not self._is_there(name):
                result = self.store.put(name, temporary, mode="overwrite")
            else:
                return
        except exceptions.AlreadyExistsError:
            if self._is_there(name):
                return
            result = self.store.put(name, temporary, mode="overwrite")
        if match := _STEM_AND_HASH.fullmatch(name):
            half = self._half(path)
            half.hardlink_to(temporary)
            self._install(name, half, path, match["hash"], result["e_tag"])

    def _is_there(self, name: str) -> bool:
        """Whether the object exists with the content that its name promises."""
        return self.size(name) is not None and self.local(name).exists()

    def name_at(self, place: Path) -> str:
        """The name of the file whose copy has this place."""
        stem = place.relative_to(self.scratch / "files")
        piece, rest = stem.parts[0], str(Path(*stem.parts[1:]))
        return rest if piece == "other" else f"{rest.removesuffix('.parquet')}.{piece}.parquet"

    def place(self, name: str) -> Path:
        """Where the copy of a file is, or would be."""
        match = _STEM_AND_HASH.fullmatch(name)
        if not match:
            return self.scratch / "files" / "other" / name
        return self.scratch / "files" / match["hash"] / f"{match['stem']}.parquet"

    def _half(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return atomic_files.temporary_beside(path)

    def _is_good(self, name: str, path: Path) -> bool:
        """Whether the copy is unchanged since it was noted; if so, this process trusts it from now on."""
        stamp, note = _stamp(path), _note_of(path)
        if stamp is None or note is None or note.get("stamp") != [*stamp]:
            return False
        self._trusted[name] = stamp
        return True

    def _download(self, name: str, path: Path) -> None:
        match = _STEM_AND_HASH.fullmatch(name)
        half = self._half(path)
        try:
            for _ in range(2):  # an error in transit does not happen twice
                meta = download(self.store, name, half)
                whole = half.stat().st_size == meta["size"]
                if whole and self._install(name, half, path, match["hash"] if match else "", meta["e_tag"]):
                    return
        except FileNotFoundError:
            pass
        finally:
            half.unlink(missing_ok=True)
        self.forget(name)

    def _install(self, name: str, half: Path, path: Path, piece: str, e_tag: str | None) -> bool:
        """Install a finished copy, if its content matches its hash."""
        if piece and not sha256_of(half).startswith(piece):
            half.unlink()
            return False
        atomic_files.sync_file(half)
        half.replace(path)
        stamp = _stamp(path)
        atomic_files.write_json(_beside(path), {"e_tag": e_tag, "stamp": stamp}, wait=False)
        if stamp:
            self._trusted[name] = stamp
        return True

    def forget(self, name: str) -> None:
        """Drop the local copy and its note."""
        path = self.place(name)
        self._trusted.pop(name, None)
        _beside(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)


class _JournalCopy:
    """The valid part of the local copy of the journal: its length, where its last object begins, and its hash."""

    def __init__(self) -> None:
        self.end = 0
        self.last = 0
        self.checked = False
        self.shards = ShardOffsets()
        self._sha = hashlib.sha256()

    @classmethod
    def of(cls, copy: Path) -> _JournalCopy:
        """The state noted beside the copy, if the copy matches it; otherwise a fresh one."""
        copied, note = cls(), _note_of(copy)
        try:
            if note is not None:
                text = copy.read_bytes()[: int(str(note["end"]))]
                copied.add(
                    int(str(note["last"])), text[int(str(note["last"])) :], before=text[: int(str(note["last"]))]
                )
                if copied._as_note() == note:
                    return copied
        except (OSError, KeyError, ValueError):
            pass
        return cls()

    def is_in(self, copy: Path) -> bool:
        """Whether the note beside the copy still matches; another process may have changed it."""
        return copy.exists() and _note_of(copy) == self._as_note()

    def add(self, at: int, lines: bytes, *, before: bytes = b"") -> None:
        """Add the next piece."""
        self._sha.update(before + lines)
        self.last, self.end = at, at + len(lines)

    def write(self, copy: Path) -> None:
        """Write the note beside the copy."""
        atomic_files.write_json(_beside(copy), self._as_note(), wait=False)

    def _as_note(self) -> dict[str, object]:
        return {"end": self.end, "last": self.last, "sha256": self._sha.hexdigest()}


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and modification time of a file, to detect a change; None when it is missing."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.said")


def _note_of(path: Path) -> dict[str, Any] | None:
    """The note written beside a copy when it was made."""
    try:
        note: dict[str, Any] = json.loads(_beside(path).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return note
