"""What runs over a home, and whether it lets anybody in: as the supervisor said, and as it is seen from outside.

The supervisor writes `home/servers.json` once its servers listen and removes it at an orderly end. It holds a lock as
long as it lives, however it ends; so a file without a holder of the lock tells of servers that are gone.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.errors import WrongUse
from transport.auth import Access
from transport.base import atomic_files
from transport.base.settings import Settings


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of a home as the supervisor told of them.

    Attributes:
        addresses: by name: `flight`, `http`.
        token_needed: the door was closed when they started.
        alive: the supervisor is there; without it nothing restarts them, and the kernel has ended them.
    """

    process: int
    started_at: datetime
    addresses: Mapping[str, str]
    token_needed: bool
    alive: bool

    def as_json(self) -> dict[str, object]:
        """For a program."""
        return {
            "process": self.process,
            "started_at": self.started_at.isoformat(),
            "addresses": dict(self.addresses),
            "token_needed": self.token_needed,
            "alive": self.alive,
        }


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the one supervisor of the home; it ends with the process, however it ends.

    Raises:
        WrongUse: another is at work there.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with _lock_file(settings).open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            text = handle.read().strip()
            raise WrongUse(
                f"The servers of this home run already ({text}).", "`dif status` says where; end those first."
            ) from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


def note(settings: Settings, addresses: Mapping[str, str], *, token_needed: bool, now: datetime) -> None:
    """Say where the servers listen; for the supervisor, once they do."""
    said = {
        "process": os.getpid(),
        "started_at": now.isoformat(timespec="seconds"),
        "addresses": dict(addresses),
        "token_needed": token_needed,
    }
    atomic_files.write_json(_file(settings), said)


def forget(settings: Settings) -> None:
    """Say nothing of servers any more: they ended in order."""
    _file(settings).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    return settings.home / "servers.json"


def _lock_file(settings: Settings) -> Path:
    return settings.home / "servers.lock"


def ever_served(settings: Settings) -> bool:
    """Whether servers were ever started over the home."""
    return _lock_file(settings).exists()


def servers_of(settings: Settings) -> Servers | None:
    """The servers of the home; None when none were started, or all ended in order.

    Raises:
        ValueError: `servers.json` is not what a supervisor writes.
    """
    try:
        said = json.loads(_file(settings).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        process, addresses = int(said["process"]), {str(k): str(v) for k, v in said["addresses"].items()}
        started_at, needed = datetime.fromisoformat(said["started_at"]), bool(said["token_needed"])
    except (KeyError, TypeError, AttributeError):
        message = "servers.json is not what a supervisor writes"
        raise ValueError(message) from None
    return Servers(process, started_at, addresses, needed, alive=_is_held(_lock_file(settings), process))


def nobody_let_in(settings: Settings) -> WrongUse | None:
    """Why no token opens the door just now, in the operator's words; None where the door is as it should be.

    It is so when the files in `access/` cannot be used, and when they are gone though the servers were started with
    them: a running server stays closed then, and one that was started anew would be open to its machine.
    """
    try:
        is_open = Access(settings).open
    except WrongUse as trouble:
        return trouble
    try:
        servers = servers_of(settings)
    except ValueError:
        return None  # the alert about servers says so
    if servers is None or not servers.token_needed or not is_open:
        return None
    return WrongUse(
        "The tokens and the access list are gone, though the servers were started with them.",
        "Put access/ back from the backup; to run without any, end the servers in order and start them again.",
    )


def _is_held(lock: Path, process: int) -> bool:
    """Whether the supervisor lives. After a restart of the machine its process number may be another's."""
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
