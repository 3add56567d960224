"""Storage backends of the landing: one narrow interface, several implementations with the same guarantees.

When `put` or `append` returns, its data is durable. `append` is the one point at which a batch becomes kept: it adds
lines only if the journal still ends where the caller has read to. On a local disk one writer at a time holds a lock; on
object storage nobody does, and a conditional put decides (`transport.cluster`).
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import Damaged, NoRoom, TryAgain
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.storage.journal import JOURNAL

log = logging.getLogger(__name__)

_READING = threading.local()


@dataclass(slots=True)
class UnlockedReading:
    """How long to wait for a lock and for object storage, in seconds, and who held the locks not obtained."""

    patience: float
    store_patience: float
    held_by: list[str]


@contextmanager
def read_without_lock(patience: float = 2.0, *, store_patience: float = 30.0) -> Iterator[Sequence[str]]:
    """Let this thread read a journal even if its lock is held for longer than `patience`, for showing to a person.

    The journal only grows, and an incomplete last line is never read; but its writer may still take back one of the
    lines. So no receipt may be given, and nothing written, from what is read here.

    Object storage that is opened meanwhile is asked again for `store_patience` seconds before it counts as away.

    Yields the holders of the lock; empty if the lock was obtained.
    """
    before, looking = unlocked_reading(), UnlockedReading(patience, store_patience, [])
    _READING.looking = looking
    try:
        yield looking.held_by
    finally:
        _READING.looking = before


def unlocked_reading() -> UnlockedReading | None:
    """The arguments of this thread's `read_without_lock`; None outside it."""
    return getattr(_READING, "looking", None)


TWIN = "journal.twin"
ASIDE = "journal.aside"
"""Lines that only a mirror had, kept for inspection."""
_LOCK = ".lock"


class StorageBackend(ABC):
    """What the landing requires of its storage. Names are relative, with `/` between parts."""

    @abstractmethod
    def exclusive(self, within: float | None = None) -> AbstractContextManager[None]:
        """Wait for the exclusive right to name files and append, as far as this backend can grant it.

        Args:
            within: seconds to wait at most; the backend's own patience by default.

        Raises:
            TryAgain: somebody held the lock all that time; the error says who.
        """

    @abstractmethod
    def journal(self, since: int = 0) -> bytes:
        """The journal from an offset on, as far as it is durable; empty if there is none.

        Whoever answers a sender by these lines relies on them. So a line that its writer may still take back, or that a
        dead writer did not sync, is not returned as it is, except within `read_without_lock`.

        Raises:
            Damaged: the journal ends before the offset, although the lines read to there led to receipts.
            TryAgain: somebody has held the lock for too long.
        """

    def twin(self) -> bytes:
        """A second copy of the journal, never ahead of it; empty if the backend needs none."""
        return b""

    @abstractmethod
    def lost(self) -> bool:
        """Whether there are files but no journal, which only damage can cause."""

    @abstractmethod
    def append(self, at: int, lines: bytes) -> bool:
        """Add lines and wait until they are durable. False when the journal is longer than `at`: somebody was first.

        An incomplete line beyond `at` was never acknowledged, and is overwritten.
        """

    @abstractmethod
    def name(self, stem: str, file_sha256: str) -> str:
        """The name of a file in this backend; `stem` gives stream, producer and batch."""

    @abstractmethod
    def temporary(self, stem: str) -> Path:
        """A local path for a file that is still being written."""

    @abstractmethod
    def ready(self, temporary: Path) -> None:
        """Do the slow work before taking the lock: make the bytes durable. Idempotent."""

    @abstractmethod
    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Give files their names, durably. A file that an ended process left without a journal line is replaced."""

    def discard(self, temporary: Path) -> None:
        """Remove a file that is not to be kept, ready or not."""
        temporary.unlink(missing_ok=True)

    def local(self, name: str) -> Path:
        """A local path to read the file from; it need not exist if the file does not."""
        return self.place(name)

    @abstractmethod
    def place(self, name: str) -> Path:
        """The path that `local` gives, without fetching anything."""

    @abstractmethod
    def size(self, name: str) -> int | None:
        """Bytes of the file; None when it is missing."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Every file with a final name, in order."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove a file whose rows are also kept elsewhere, or are to be gone; from every copy of the landing."""

    def forget(self, name: str) -> None:  # noqa: B027 - most have no copies
        """Drop this machine's copy of a file, where the landing itself lies elsewhere."""

    @abstractmethod
    def stem_of(self, name: str) -> str:
        """The stem that `name` was given for a file of that name."""

    def check_copies(self) -> None:  # noqa: B027 - most have one copy
        """Check that `remove` reaches every copy of the landing.

        Raises:
            Damaged: the mirror is away.
        """


class LocalBackend(StorageBackend):
    """A folder on a local disk: exclusive names, fsync of file and folder, an append-only journal and its twin.

    The twin is written right after the journal and not synced. It distinguishes a journal that lost its last lines from
    one whose last line a crash cut short.
    """

    def __init__(self, folder: Path, *, patience: float = 60.0) -> None:
        """Create nothing until something is kept.

        Args:
            folder: of the landing.
            patience: seconds to wait for the lock; it is normally held for milliseconds, so a longer holder hangs.
        """
        self.folder = folder
        self._patience = patience
        self._known_as = folder.resolve()  # one lock, however its folder is spelled

    @contextmanager
    def exclusive(self, within: float | None = None) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process, however it ends. It is reentrant within a thread."""
        self._begin()
        locked_folders = _locked_folders()
        if self._known_as in locked_folders:
            yield
            return
        patience = self._patience if within is None else within
        with (self.folder / _LOCK).open("a") as handle:
            if not atomic_files.lock_within(handle, fcntl.LOCK_EX, patience):
                raise self._no_turn(patience)
            locked_folders.add(self._known_as)
            try:
                yield
            finally:
                locked_folders.discard(self._known_as)

    def _no_turn(self, patience: float) -> TryAgain:
        holder = atomic_files.holder_of(self.folder / _LOCK)
        return TryAgain(
            f"The landing has been held for over {patience:.0f} seconds by {holder}.",
            "Send it again later; a retry is safe. For the operator: check what that process waits for (`ps`), and "
            "end it if it hangs; batches with a receipt are kept.",
        )

    def _begin(self) -> None:
        """Create the folder for its owner alone, since its rows must not be readable by all."""
        if not self.folder.is_dir():
            _make(self.folder)
            self.folder.chmod(0o700)

    def journal(self, since: int = 0) -> bytes:
        """Read the file while nobody appends, and sync it before anybody relies on it."""
        path = self.folder / JOURNAL
        end = _length(path)
        if end < since:
            raise _shorter()  # also when it is missing: receipts were given from it
        if end == since:
            return b""
        with self._nobody_appends() as sure:
            text = _read_from(path, since)
            if text and sure:
                atomic_files.sync_file(path)
            return text

    @contextmanager
    def _nobody_appends(self) -> Iterator[bool]:
        """Share the lock with other readers. A folder without a lock file has no writer (a read-only home, for one).

        Yields whether nobody can append: within `read_without_lock`, reading goes on without the lock after a while.
        """
        lock = self.folder / _LOCK
        if self._known_as in _locked_folders() or not lock.exists():
            yield True
            return
        looking = unlocked_reading()
        patience = looking.patience if looking else self._patience
        with lock.open("r") as handle:
            shared = atomic_files.lock_within(handle, fcntl.LOCK_SH, patience)
            if not shared and looking is None:
                raise self._no_turn(patience)
            if not shared and looking is not None:
                looking.held_by.append(atomic_files.holder_of(lock))
            yield shared

    def twin(self) -> bytes:
        """Read the twin."""
        try:
            return _read_from(self.folder / TWIN, 0)
        except IsADirectoryError:  # the doctor's: it stops neither who reads nor who appends
            return b""

    def lost(self) -> bool:
        """Look for batches before the journal: its file is created before the first batch is named."""
        return next(self.names(), None) is not None and not (self.folder / JOURNAL).exists()

    def append(self, at: int, lines: bytes) -> bool:
        """Write, fsync, then extend the twin."""
        path = self.folder / JOURNAL
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            beyond = os.fstat(handle).st_size - at
            if beyond < 0:
                raise _shorter()
            if beyond > 0 and b"\n" in os.pread(handle, beyond, at):
                return False
            os.ftruncate(handle, at)
            os.lseek(handle, at, os.SEEK_SET)
            try:
                _write_all(handle, lines)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, at)  # half a line, or one that may not be durable, must not be read as kept
                raise
        finally:
            os.close(handle)
        self._extend_twin(at + len(lines))
        return True

    def name(self, stem: str, file_sha256: str) -> str:  # noqa: ARG002 - the lock makes the hash needless here
        """The batch's own name."""
        return f"{stem}.parquet"

    def temporary(self, stem: str) -> Path:
        """A path in the folder where the file will stay."""
        path = self.folder / f"{stem}.parquet"
        self._begin()
        _make(path.parent)
        return atomic_files.temporary_beside(path)

    def ready(self, temporary: Path) -> None:
        """Fsync, and make the file read-only."""
        atomic_files.sync_file(temporary)
        temporary.chmod(0o444)

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Name the files by exclusive links, under the lock."""
        if not (self.folder / JOURNAL).exists():
            (self.folder / JOURNAL).touch()
            atomic_files.sync_folder(self.folder)
        for temporary, name in files:
            path = self.folder / name
            _make(path.parent)
            path.unlink(missing_ok=True)
            if not atomic_files.publish_new(temporary, path):
                message = f"{path.name} appeared while it was being named."
                raise Damaged(message, "Another writer is at work without the lock; stop it and run again.")
        for folder in {(self.folder / name).parent for _, name in files}:
            atomic_files.sync_folder(folder)

    def place(self, name: str) -> Path:
        """The file itself."""
        return self.folder / name

    def size(self, name: str) -> int | None:
        """The file's size in the folder."""
        try:
            return (self.folder / name).stat().st_size
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """Parquet files that are not temporary."""
        paths = sorted(self.folder.rglob("*.parquet")) if self.folder.is_dir() else []
        yield from (
            str(p.relative_to(self.folder))
            for p in paths
            if not p.name.startswith(atomic_files.TEMPORARY) and p.is_file()
        )

    def remove(self, name: str) -> None:
        """Unlink it."""
        (self.folder / name).unlink(missing_ok=True)

    def stem_of(self, name: str) -> str:
        """The name without its ending."""
        return name.removesuffix(".parquet")

    def replace_journal(self, text: bytes) -> None:
        """Restore a lost or damaged journal and its twin; for the doctor, under the lock."""
        self._begin()
        for path in (self.folder / JOURNAL, self.folder / TWIN):
            half = atomic_files.temporary_beside(path)
            half.write_bytes(text)
            atomic_files.sync_file(half)
            half.replace(path)
        atomic_files.sync_folder(self.folder)

    def _extend_twin(self, end: int) -> None:
        # the journal is durable and authoritative; a twin that cannot be written is extended at the next batch
        try:
            handle = os.open(self.folder / TWIN, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                have = os.fstat(handle).st_size
                if have < end:
                    os.lseek(handle, have, os.SEEK_SET)
                    _write_all(handle, _read_from(self.folder / JOURNAL, have)[: end - have])
            finally:
                os.close(handle)
        except OSError as problem:
            log.warning("%s is behind the journal until it can be written: %s", self.folder / TWIN, problem)


_HERE = threading.local()


def _locked_folders() -> set[Path]:
    """The folders whose lock this thread holds: the kernel's lock is not reentrant."""
    folders: set[Path] = _HERE.__dict__.setdefault("folders", set())
    return folders


def _shorter() -> Damaged:
    return Damaged(
        "The journal became shorter while it was in use.",
        "Stop whatever writes to the landing; `dif doctor --mend` puts the lines back from the twin.",
    )


class MirroredBackend(LocalBackend):
    """A folder with a mirror on another disk, which has every batch before there is a receipt for it."""

    def __init__(self, folder: Path, mirror: LocalBackend, *, patience: float = 60.0) -> None:
        """Touch neither yet; a mirror that lacks earlier batches gets them at the next append.

        Args:
            folder: of the landing, whose lock also guards the mirror.
            mirror: the other disk's.
            patience: seconds to wait for the lock.
        """
        super().__init__(folder, patience=patience)
        self.mirror = mirror
        self._compared = False

    def append(self, at: int, lines: bytes) -> bool:
        """Append to the mirror first, so that both have what is acknowledged."""
        if b"\n" in self.journal(at):
            return False
        have = self._agreed(at)
        if have < at:
            self._fill(have, at)
        return self.mirror.append(at, lines) and super().append(at, lines)

    def ready(self, temporary: Path) -> None:
        """Sync the file, and copy it to the mirror."""
        super().ready(temporary)
        copy = self._copy_of(temporary)
        if not copy.exists():
            _make(copy.parent)
            half = copy.with_name(f"{copy.name}.half")
            try:
                shutil.copyfile(temporary, half)
                self.mirror.ready(half)
                half.replace(copy)
            finally:
                half.unlink(missing_ok=True)

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Put the files in the mirror first."""
        for temporary, _ in files:
            self.ready(temporary)
        self.mirror.put([(self._copy_of(temporary), name) for temporary, name in files])
        super().put(files)

    def discard(self, temporary: Path) -> None:
        """Remove the file from both."""
        self.mirror.discard(self._copy_of(temporary))
        super().discard(temporary)

    def remove(self, name: str) -> None:
        """Remove the file from both."""
        self.mirror.remove(name)
        super().remove(name)

    def check_copies(self) -> None:
        """Look for the mirror's journal."""
        if not (self.mirror.folder / JOURNAL).exists():
            raise Damaged(
                f"There is no mirror in {self.mirror.folder}; what is erased here would stay there.",
                "Check that its disk is mounted, or unset DIF_MIRROR and remove the mirror yourself.",
            )

    def _copy_of(self, temporary: Path) -> Path:
        return self.mirror.folder / temporary.relative_to(self.folder)

    def _agreed(self, at: int) -> int:
        """How many bytes of the journal the mirror has. Lines that only the mirror has are set aside first.

        The first backend never wrote them, so nobody has a receipt for them. The whole journals are compared once: a
        mirror that was away for a time may have such a line in place of one of the first's.
        """
        have = _length(self.mirror.folder / JOURNAL)
        same = min(have, at)
        if not self._compared:
            ours, theirs = self.journal()[:at], self.mirror.journal()[:at]
            if ours[:same] != theirs[:same]:
                same = next(i for i in range(same) if ours[i] != theirs[i])
                _see_that_lines_hold(ours[ours.rfind(b"\n", 0, same) + 1 :])
            self._compared = True
        if same < have:
            with (self.mirror.folder / ASIDE).open("ab") as handle:
                handle.write(self.mirror.journal(same))
            for path in (self.mirror.folder / JOURNAL, self.mirror.folder / TWIN):
                if _length(path) > same:
                    os.truncate(path, same)
        return same

    def _fill(self, have: int, at: int) -> None:
        """Copy missing files and journal lines to a mirror that was set up later, or was away."""
        mirrored = set(self.mirror.names())
        for name in self.names():
            if name not in mirrored:
                copy = self.mirror.temporary(name.removesuffix(".parquet"))
                shutil.copyfile(self.local(name), copy)
                self.mirror.ready(copy)
                self.mirror.put([(copy, name)])
        self.mirror.append(have, self.journal()[have:at])


def backend_of(settings: Settings) -> StorageBackend:
    """The backend that the settings name: the home's own folder, with or without a mirror, or object storage."""
    if settings.landing_url:
        from transport.cluster.landing import backend_at

        return backend_at(settings)
    if settings.mirror:
        return MirroredBackend(settings.landing, LocalBackend(settings.mirror), patience=settings.queue_seconds)
    return LocalBackend(settings.landing, patience=settings.queue_seconds)


def free_bytes(settings: Settings) -> int:
    """Free space in bytes: the least of landing, home, lake and mirror."""
    places = [settings.landing, settings.home, settings.lake, *([settings.mirror] if settings.mirror else [])]
    return min(shutil.disk_usage(_existing(place)).free for place in places)


def check_room(settings: Settings, coming: int = 0) -> None:
    """Refuse new batches and runs while the disk still has room for the work in progress.

    Args:
        settings: where the reserve and the places are.
        coming: bytes of a file that is about to be taken in, which need room beside the reserve.

    Raises:
        NoRoom: less is free than the reserve and what is coming.
    """
    if free_bytes(settings) < settings.disk_reserve_mb * _MB + coming:
        raise NoRoom("The disk is nearly full; batches and runs are refused.", ROOM)


def is_full(settings: Settings, problem: BaseException | str) -> bool:
    """Whether a full disk caused a problem.

    Databases and Arrow report it in text, or report only a failed write; then it counts as full if almost nothing is
    free.
    """
    messages: list[str] = [problem] if isinstance(problem, str) else []
    while isinstance(problem, BaseException):
        if isinstance(problem, OSError) and problem.errno in FULL:
            return True
        messages.append(str(problem))
        problem = problem.__cause__ or problem.__context__ or ""
    return any(words in message for message in messages for words in _FULL_WORDS) or free_bytes(settings) < _NOTHING


ROOM = "Make room (docs/operator.md, Disk full): `dif release prune`. A retry is safe; the operator is alerted."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = (*map(os.strerror, FULL), "disk is full", "max_temp_directory_size")
_MB = 1 << 20
_NOTHING = 8 * _MB
"""Free bytes below which a run cannot write anything."""


def _existing(place: Path) -> Path:
    while not place.exists():
        place = place.parent
    return place


def _make(folder: Path) -> None:
    """Create a folder and make its name durable."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        atomic_files.sync_folder(folder.parent)


def _see_that_lines_hold(lines: bytes) -> None:
    """Check the journal's lines before they replace the mirror's.

    Raises:
        Damaged: a line is not what was written.
    """
    from transport.storage.journal import parsed_line

    if any(parsed_line(line) is None for line in lines.split(b"\n")[:-1]):
        raise Damaged(
            "The journal is damaged; its mirror is not.", "`dif doctor --mend` brings it back from the mirror."
        )


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _read_from(path: Path, since: int) -> bytes:
    try:
        with path.open("rb") as handle:
            handle.seek(since)
            return handle.read()
    except FileNotFoundError:
        return b""


def _write_all(handle: int, text: bytes) -> None:
    view = memoryview(text)
    while view:
        view = view[os.write(handle, view) :]
