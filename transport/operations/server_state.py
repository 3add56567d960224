"""Which servers run over a home, and whether anybody can get in: from the servers' records and their locks.

The Flight server and the HTTP server each write `home/servers/NAME.json` once they listen and remove it when they are
told to end. They hold `NAME.lock` for as long as they live. So a record without a held lock means that its server died.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.errors import WrongUse
from transport.auth import Access
from transport.base import atomic_files
from transport.base.settings import Settings

NAMES = ("flight", "http")
RESTART_SECONDS = 10.0
"""How long whoever started a server may take to start it again: systemd waits two seconds, and a start takes two."""


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of a home, as they recorded themselves.

    Attributes:
        processes: their numbers, by the server's name.
        started_at: when the first of them started.
        addresses: by name: `flight`, `http`, and `share` and `mcp` where there is an HTTP server.
        token_needed: callers of one of them needed a token when it started.
        gone: names of those that ended without having been told to.
    """

    processes: Mapping[str, int]
    started_at: datetime
    addresses: Mapping[str, str]
    token_needed: bool
    gone: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """For a program."""
        return {
            "processes": dict(self.processes),
            "started_at": self.started_at.isoformat(),
            "addresses": dict(self.addresses),
            "token_needed": self.token_needed,
            "alive": not self.gone,
            "gone": list(self.gone),
        }


class Record:
    """The record of one server; `running` gives it."""

    def __init__(self, file: Path) -> None:
        """Write nothing yet."""
        self._file = file

    def write(self, addresses: Mapping[str, str], *, token_needed: bool, now: datetime) -> None:
        """Record where the server listens, by name of what is there; call it once it does."""
        state = {
            "process": os.getpid(),
            "started_at": now.isoformat(timespec="seconds"),
            "addresses": dict(addresses),
            "token_needed": token_needed,
        }
        atomic_files.write_json(self._file, state)

    def remove(self) -> None:
        """Remove the record: the server was told to end."""
        self._file.unlink(missing_ok=True)


@contextmanager
def running(settings: Settings, name: str) -> Iterator[Record]:
    """Hold the lock of the home's only server of a name; it is released with the process, however that ends.

    Raises:
        WrongUse: another process holds it; or this is root, and the home is another user's.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    atomic_files.refuse_root(settings.home)
    lock = _lock_file(settings, name)
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            text = handle.read().strip()
            raise WrongUse(
                f"The {name} server of this home is already running ({text}).",
                "`dif status` shows where; stop it first.",
            ) from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        record = Record(_file(settings, name))
        try:
            yield record
        finally:
            record.remove()


def ever_served(settings: Settings) -> bool:
    """Whether servers that take in batches were ever started over the home."""
    return any(_lock_file(settings, name).exists() for name in NAMES)


def servers_of(settings: Settings) -> Servers | None:
    """The servers; None when none were started, or after an orderly shutdown.

    Raises:
        ValueError: a record is not what a server writes.
    """
    records = {name: record for name in NAMES if (record := _read(_file(settings, name))) is not None}
    if not records:
        return None
    return Servers(
        processes={name: record["process"] for name, record in records.items()},
        started_at=min(record["started_at"] for record in records.values()),
        addresses={name: where for record in records.values() for name, where in record["addresses"].items()},
        token_needed=any(record["token_needed"] for record in records.values()),
        gone=tuple(n for n, record in records.items() if not _is_held(_lock_file(settings, n), record["process"])),
    )


def gone_for_good(settings: Settings) -> Servers | None:
    """The servers, where one of them died and was not started again within `RESTART_SECONDS`; else None.

    Raises:
        ValueError: a record is not what a server writes.
    """
    until = time.monotonic() + RESTART_SECONDS
    while (servers := servers_of(settings)) is not None and servers.gone:
        if time.monotonic() >= until:
            return servers
        time.sleep(0.2)
    return None


def _read(file: Path) -> dict[str, Any] | None:
    try:
        text = file.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        message = f"{file.parent.name}/{file.name} cannot be read: {problem.strerror}"
        raise ValueError(message) from None
    try:
        state = json.loads(text)
        return {
            "process": int(state["process"]),
            "started_at": datetime.fromisoformat(state["started_at"]),
            "addresses": {str(name): str(where) for name, where in state["addresses"].items()},
            "token_needed": bool(state["token_needed"]),
        }
    except (KeyError, TypeError, AttributeError, ValueError):
        message = f"{file.parent.name}/{file.name} is not what a server writes"
        raise ValueError(message) from None


def _file(settings: Settings, name: str) -> Path:
    return settings.home / "servers" / f"{name}.json"


def _lock_file(settings: Settings, name: str) -> Path:
    return settings.home / "servers" / f"{name}.lock"


def token_needed(settings: Settings, servers: Servers) -> bool:
    """Whether callers need a token now: running servers close when the first one is added, and never open again."""
    try:
        return servers.token_needed or not Access(settings).open
    except WrongUse:  # a broken file lets nobody in
        return True


def nobody_let_in(settings: Settings) -> WrongUse | None:
    """Why every token is refused just now, in the operator's words; None when access works.

    Tokens are refused when the files in `access/` cannot be used, or when they are gone though the servers were started
    with them: a running server then stays closed, while a restarted one would be open to its machine.
    """
    try:
        is_open = Access(settings).open
    except WrongUse as trouble:
        return trouble
    try:
        servers = servers_of(settings)
    except ValueError:
        return None  # the alert about servers reports it
    if not is_open or servers is None or not servers.token_needed:
        return None
    return WrongUse(
        "The tokens and the access list are gone, though the servers were started with them.",
        "Restore access/ from the backup; to run without it, stop the servers in order and start them again.",
    )


def _is_held(lock: Path, process: int) -> bool:
    """Whether a server lives. The lock decides: after a reboot another process may have its number."""
    try:
        with lock.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return _lives(process)
    return False


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False
    except PermissionError:
        return True  # another user's
    return process > 0
