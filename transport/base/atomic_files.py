"""Atomic file writes that survive a power cut.

Temporary file in the same folder → write → fsync → exclusive link or rename → fsync of the folder.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TextIO

from catalog.errors import Busy, SharingError, WrongUse

TEMPORARY = ".tmp-"


def temporary_beside(path: Path) -> Path:
    """A temporary name in the folder of `path`; `sweep` recognises it by its prefix."""
    end = path.name.encode("utf-8", "ignore")[-80:].decode("utf-8", "ignore")
    return path.with_name(f"{TEMPORARY}{uuid.uuid4().hex[:12]}-{end}")


def sync_file(path: Path) -> None:
    """Make the file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


sync_folder = sync_file
"""A folder is synced the same way, which makes its names durable."""


def sync_tree(folder: Path) -> None:
    """Make every file and folder below a folder durable."""
    with ThreadPoolExecutor(_SYNCED_TOGETHER) as pool:  # a disk writes one log for those who wait together
        list(pool.map(sync_file, folder.rglob("*")))
    sync_folder(folder)


_SYNCED_TOGETHER = 8


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file; empty when it cannot be read."""
    try:
        return sha256(path)
    except OSError:
        return ""


def link(source: Path, target: Path) -> None:
    """Hard-link a file; copy it where the two lie on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def publish_new(temporary: Path, path: Path) -> bool:
    """Give a finished file its name, unless the name is taken. The temporary name is removed either way.

    Returns:
        True when the file got the name; False when it was taken.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    return True


def write_text(path: Path, text: str, *, wait: bool = True) -> None:
    """Replace a small file atomically, and wait until it is durable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(path)
    try:
        with temporary.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            if wait:
                os.fsync(handle.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if wait:
        sync_folder(path.parent)


def write_json(path: Path, value: object, *, wait: bool = True) -> None:
    """Replace a small JSON file atomically."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", wait=wait)


def sweep(folder: Path, *, older_than: float = 0, ending: str = "") -> int:
    """Remove temporary files that an ended process left below `folder`. Files that cannot be removed are skipped.

    Args:
        folder: where to look.
        older_than: seconds; younger files may belong to another live process. Zero only under a lock.
        ending: how their names end, in a folder where others have temporary files too.

    Returns:
        How many were removed.
    """
    until = time.time() - older_than
    removed = 0
    for path in list(folder.rglob(f"{TEMPORARY}*{ending}")) if folder.is_dir() else []:
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime <= until:
                path.unlink()
                removed += 1
    return removed


def remove(path: Path) -> None:
    """Remove a file, a link itself, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


TIDYING = "tidying"


def is_held(home: Path) -> bool:
    """Whether a process holds the writer lock of `home` at this moment."""
    try:
        with (home / "run.lock").open(encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def locked(
    home: Path, *, doing: str = "", patience: float = 0, on_waiting: Callable[[str], None] = lambda _holder: None
) -> Iterator[None]:
    """Hold the writer lock of `home`. The lock ends with the process, however it ends.

    Args:
        home: whose lock.
        doing: shown to others. While it is `TIDYING`, which is short, others wait instead of being refused.
        patience: for how many seconds to wait for another process that holds it.
        on_waiting: called with who holds it, once for each holder that is waited for.

    Raises:
        Busy: another process holds the lock; the error says which and since when.
        WrongUse: this is root, and the home is another user's.
    """
    home.mkdir(parents=True, exist_ok=True)
    refuse_root(home)
    with (home / "run.lock").open("a+", encoding="utf-8") as handle:
        began, reported = time.monotonic(), ""
        while not _lock(handle):
            handle.seek(0)
            holder = handle.read().strip()
            waited, least = time.monotonic() - began, _least_patience(holder)
            if waited > max(patience, least):
                raise Busy(holder or holder_of(home / "run.lock"), waited)
            if patience > least and holder not in ("", reported):
                reported = holder
                on_waiting(holder)
            time.sleep(0.02 if waited < _SOON else 0.2)
        handle.truncate(0)
        who = f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        with suppress(OSError):  # a full disk: whoever makes room there needs the lock, and the kernel knows its holder
            os.write(handle.fileno(), (f"{doing}: {who}" if doing else who).encode())
        try:
            yield
        finally:
            handle.truncate(0)  # the next holder has no name yet, and must not be mistaken for this one


def _least_patience(holder: str) -> float:
    """For how many seconds everybody waits for such a holder."""
    return _TIDYING_SECONDS if holder.startswith(TIDYING) else 0 if _lives(holder) else _NAMELESS_SECONDS


def _lives(holder: str) -> bool:
    """Whether the process that a lock names may live still.

    One that has just taken the lock has not written its name yet. One that was killed while it started another process
    holds the lock until that one has begun.
    """
    process = re.search(r"process (\d+) ", holder)
    if process is None:
        return False
    try:
        os.kill(int(process[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def lock_within(handle: IO[Any], how: int, seconds: float) -> bool:
    """Lock an open file as `fcntl.flock` does, but wait at most `seconds`.

    A free lock takes one call. A waiter polls twice a millisecond at first and then each millisecond: among eight busy
    writers it then gets the lock about as soon as in the kernel's own queue (measured: same median; one in a hundred
    waits up to half as long again). After a second somebody must hang, and it polls 20 times a second.

    Returns:
        Whether the lock is held now.
    """
    began = 0.0
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            now = time.monotonic()
            began = began or now
            waited = now - began
            if waited >= seconds:
                return False
            pause = next((pause for until, pause in _PAUSES if waited < until), _LONGEST_PAUSE)
            time.sleep(min(pause, seconds - waited))
        else:
            return True


_PAUSES = ((0.02, 0.0005), (1.0, 0.001))
_LONGEST_PAUSE = 0.05
"""Seconds between two tries, by the seconds waited so far."""


def holder_of(path: Path) -> str:
    """The process that holds a lock on the file, according to the kernel; "another process" if it does not say."""
    with suppress(OSError, ValueError):
        inode = str(path.stat().st_ino)
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == inode:
                return f"process {fields[4]}"
    return "another process"


_TIDYING_SECONDS = 60.0
_NAMELESS_SECONDS = 2.0
_SOON = 2.0
"""Seconds of waiting after which the lock is asked for more seldom."""


def _lock(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def in_words(problem: OSError) -> SharingError:
    """The error for a failed file operation, with its mend."""
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
    name = (full and problem.filename2) or problem.filename  # a copy names its source first; the target has no room
    where = f" ({os.fsdecode(name)})" if name else ""
    owner = _owner(Path(os.fsdecode(problem.filename))) if isinstance(problem, PermissionError) and where else ""
    mend = (
        f"It is {owner}'s: run the command as that user, or let this one read and write there."
        if owner
        else "Check that the folder exists, is writable and has room."
    )
    return SharingError(f"{problem.strerror or problem}{where}.", mend)


def refuse_root(folder: Path) -> None:
    """Keep root from writing where another user works, who could not read or change it afterwards.

    One `sudo dif token add` shut out every caller: the servers could not read the file any more.

    Raises:
        WrongUse: this is root, and the folder is another user's.
    """
    owner = _owner(folder) if os.geteuid() == 0 and folder.exists() else ""
    if owner:
        raise WrongUse(
            f"{folder} is {owner}'s, who could not read or change what root writes there.",
            "Run the command as that user (docs/operator.md, Run it for good).",
        )


def _owner(path: Path) -> str:
    """The other user that owns a path, or the nearest folder above it that can be seen; empty where it is this one."""
    for place in (path, *path.absolute().parents):
        with suppress(OSError):
            owner = place.stat().st_uid
            try:
                return "" if owner == os.geteuid() else pwd.getpwuid(owner).pw_name
            except KeyError:  # as in a container
                return f"user {owner}"
    return ""


def point(link: Path, name: str) -> None:
    """Let a symbolic link beside a folder lead to it, by one rename."""
    half = temporary_beside(link)
    half.symlink_to(name)
    half.replace(link)
    sync_folder(link.parent)
