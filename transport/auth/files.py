"""Strict reading of the files in `DIF_HOME/access`: readable by their owner only, in UTF-8, without unknown keys."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Generic, NoReturn, TypeVar

from catalog.domain.identity import is_organisation_number
from catalog.errors import WrongUse, nearest
from transport.base import atomic_files

Stamp = tuple[object, ...]
T = TypeVar("T")
_LOG: Final = logging.getLogger(__name__)


def stamp_of(path: Path) -> Stamp | None:
    """A stamp that changes when the file does; None when there is no file."""
    try:
        now = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        return ("unreadable", problem.errno)
    return (now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


def private_text(path: Path) -> str | None:
    """The text of a file that only its owner may read; None when there is no file.

    Raises:
        WrongUse: others may read or change it, or it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            if os.fstat(handle.fileno()).st_mode & 0o077:
                raise WrongUse(f"Users other than the owner can read or change {path}.", f"chmod 600 {path}")
            return handle.read().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise WrongUse(f"{path.name} is not in UTF-8.", "Save it as UTF-8.") from None
    except OSError as problem:
        raise WrongUse(
            f"{path} cannot be read: {problem.strerror}.",
            "Make the user that runs the server its owner, with mode 600.",
        ) from None


def write_private(path: Path, text: str) -> None:
    """Atomically replace a file that only its owner may read, and wait until it is durable."""
    temporary = atomic_files.temporary_beside(path)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    atomic_files.sync_folder(path.parent)


class Watched(Generic[T]):
    """The content of files in the access folder, reread when one of them changes. Threads share it.

    Once one of them was there, its absence is trouble: what was closed never opens by itself.

    Attributes:
        closed: one of them was there, or cannot be used.
    """

    def __init__(
        self, folder: Path, *files: str, read: Callable[[], T], gone: WrongUse, who: str, beside: bool = False
    ) -> None:
        """Read nothing yet.

        Args:
            folder: of the files.
            files: their names.
            read: reads them; raises `WrongUse` where they are unusable.
            gone: the trouble when none is there any more.
            who: keeps to them, for the log.
            beside: a change of other files of the folder counts too, such as of secrets that they name.
        """
        self.closed = False
        self._folder, self._files, self._beside = folder, files, beside
        self._read, self._gone, self._who = read, gone, who
        self._lock = threading.Lock()
        self._last_read: tuple[Stamp | None, T | None, WrongUse | None] = (None, None, None)

    def now(self) -> tuple[T | None, WrongUse | None]:
        """The files' content, or an error for the operator that says why they cannot be used."""
        if self._last_read[0] != self._stamp():
            with self._lock:
                stamp = self._stamp()  # before reading: the next call rereads what changes meanwhile
                if self._last_read[0] != stamp:
                    self._last_read = (stamp, *self._look(exists=any(stamp[1 : 1 + len(self._files)])))
        return self._last_read[1:]

    def _look(self, *, exists: bool) -> tuple[T | None, WrongUse | None]:
        content, trouble = None, self._gone if self.closed and not exists else None
        self.closed = self.closed or exists
        try:
            content = self._read() if trouble is None else None
        except WrongUse as problem:
            trouble = problem
        if trouble is not None:
            self.closed = True
            _LOG.error("%s: nobody is let in. %s", self._who, trouble)
        return content, trouble

    def _stamp(self) -> Stamp:
        try:
            mode: object = self._folder.stat().st_mode
            beside = sorted(self._folder.iterdir()) if self._beside else []
        except OSError as problem:
            mode, beside = problem.errno, []
        return (mode, *(stamp_of(self._folder / file) for file in self._files), *map(stamp_of, beside))


def make_private(path: Path, text: str) -> None:
    """Make a file that only its owner may read, unless another process was first.

    Raises:
        WrongUse: it cannot be made.
    """
    temporary = atomic_files.temporary_beside(path)
    try:
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_private(temporary, text)
        atomic_files.publish_new(temporary, path)
    except OSError as problem:
        raise WrongUse(
            f"{path} cannot be made: {problem.strerror}.", "Make the folder writable, or put a key there."
        ) from None


def toml_table(path: Path) -> Table | None:
    """The content of a TOML file that only its owner may read; None when there is no file.

    Raises:
        WrongUse: others may read or change it, or it is no TOML.
    """
    text = private_text(path)
    try:
        return None if text is None else Table(path.name, "", tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise WrongUse(f"{path.name} is not valid TOML: {problem}.", "Correct the line.") from None


_SHORTEST_KEY = 32


def private_key(path: Path) -> bytes:
    """The key in a file that only its owner may read; made when there is none.

    Raises:
        WrongUse: the file is readable by others or too short, or cannot be made.
    """
    if not path.exists():
        make_private(path, secrets.token_urlsafe(48))
    text = (private_text(path) or "").strip()
    if len(text) < _SHORTEST_KEY:
        raise WrongUse(
            f"{path} has no key of at least {_SHORTEST_KEY} characters.", "Remove it; the server makes another."
        )
    return text.encode()


class Table:
    """A table of a file that people may have edited. Keys are read by type; `end` refuses keys that were not read."""

    def __init__(self, file: str, where: str, values: object) -> None:
        self._file = file
        self._where = where
        if not isinstance(values, dict):
            raise WrongUse(f"{file}: {where or 'the content'} is not a table.", "See docs/access.md for its form.")
        self._values: dict[str, object] = values
        self._read_keys: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._read_keys.add(key)
        return self._values.get(key) is not None

    def keys(self) -> list[str]:
        """The keys present, for a table whose keys its writer chooses."""
        return list(self._values)

    def wrong(self, key: str, value: object, expected: str) -> NoReturn:
        """Raise an error that names file, key, value and what the value should be."""
        is_missing = value is None
        raise WrongUse(
            f"{self._file}: {self._where}{key} {'is missing' if is_missing else f'is {str(value)[:80]!r}'}.",
            f"Give {expected}.",
        )

    def end(self) -> None:
        """Refuse keys that were not read: otherwise a misspelt right or limit would silently not apply."""
        for key in self._values:
            if key not in self._read_keys:
                near = nearest(key, self._read_keys)
                raise WrongUse(
                    f"{self._file}: there is no key {self._where}{key[:60]}.",
                    f"Did you mean {near!r}?" if near else f"Available: {', '.join(sorted(self._read_keys))}.",
                )

    def text(self, key: str) -> str:
        """A required text."""
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, value, "a string")
        return value

    def texts(self, key: str, default: Sequence[str], *, allowed: Sequence[str] = ()) -> list[str]:
        """A list of texts, each one of `allowed` if given."""
        value = self._get(key)
        value = list(default) if value is None else value
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(key, value, "a list of strings in brackets")
        for text in value:
            if allowed and text not in allowed:
                near = nearest(text, allowed)
                self.wrong(key, text, f"{near!r}, if that is meant" if near else f"one or more of {', '.join(allowed)}")
        return value

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._get(key)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(key, value, f"a whole number from {low} to {high}")
        return value

    def yes(self, key: str) -> bool:
        """Whether the key says true; false without it."""
        value = self._get(key)
        if not isinstance(value, bool | None):
            self.wrong(key, value, "true or false")
        return bool(value)

    def organisation(self, key: str) -> str:
        """An organisation number, as text."""
        value = self._get(key)
        if not isinstance(value, str) or not is_organisation_number(value, or_made_up=True):
            self.wrong(key, value, 'an organisation number as text ("NNNNNNNNN", modulus 11)')
        return value

    def moment(self, key: str) -> datetime | None:
        """A moment with its zone, or None."""
        value = self._get(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.wrong(key, value, "a time like 2026-01-31T12:00:00+00:00")
        if moment.tzinfo is None:
            self.wrong(key, value, "a time with its offset")
        return moment

    def table(self, key: str) -> Table:
        """A nested table."""
        return Table(self._file, f"{self._where}{key}.", self._get(key))

    def tables(self, key: str) -> list[Table]:
        """A list of nested tables; empty when the key is missing."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, value, "a list of tables ([[…]])")
        return [Table(self._file, f"{self._where}{key}[{i}].", v) for i, v in enumerate(value, 1)]

    def _get(self, key: str) -> object:
        self._read_keys.add(key)
        return self._values.get(key)
