"""Which servers run over a home, and whether anybody can get in: from the servers' records and their locks.

The supervisor writes `home/servers.json` once its servers listen and removes it at an orderly shutdown. It holds a lock
for as long as it lives. So a file without a held lock means that the servers died.
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
    """The servers, as recorded by their supervisor.

    Attributes:
        addresses: by name: `flight`, `http`, `share`, `mcp`.
        token_needed: callers needed a token when the servers started.
        alive: the process lives. Without the supervisor nothing restarts its servers, and the kernel has ended them.
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
    """Hold the lock of the home's only servers; it is released with the process, however that ends.

    Raises:
        WrongUse: another process holds it; or this is root, and the home is another user's.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    atomic_files.refuse_root(settings.home)
    with _lock_file(settings).open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            text = handle.read().strip()
            raise WrongUse(
                f"The servers of this home are already running ({text}).",
                "`dif status` shows where; stop them first.",
            ) from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


def note(settings: Settings, addresses: Mapping[str, str], *, token_needed: bool, now: datetime) -> None:
    """Record where the servers listen; whoever holds `alone` calls this once they do."""
    state = {
        "process": os.getpid(),
        "started_at": now.isoformat(timespec="seconds"),
        "addresses": dict(addresses),
        "token_needed": token_needed,
    }
    atomic_files.write_json(_file(settings), state)


def forget(settings: Settings) -> None:
    """Remove the record, after an orderly shutdown."""
    _file(settings).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    return settings.home / "servers.json"


def _lock_file(settings: Settings) -> Path:
    return settings.home / "servers.lock"


def ever_served(settings: Settings) -> bool:
    """Whether servers that take in batches were ever started over the home."""
    return _lock_file(settings).exists()


def servers_of(settings: Settings) -> Servers | None:
    """The servers; None when none were started, or after an orderly shutdown.

    Raises:
        ValueError: the record is not what a server writes.
    """
    file = _file(settings)
    try:
        text = file.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        message = f"{file.name} cannot be read: {problem.strerror}"
        raise ValueError(message) from None
    try:
        state = json.loads(text)
        process, addresses = int(state["process"]), {str(k): str(v) for k, v in state["addresses"].items()}
        started_at, needed = datetime.fromisoformat(state["started_at"]), bool(state["token_needed"])
    except (KeyError, TypeError, AttributeError, ValueError):
        message = f"{file.name} is not what a server writes"
        raise ValueError(message) from None
    return Servers(process, started_at, addresses, needed, alive=_is_held(_lock_file(settings), process))


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
    """Whether the supervisor lives. The lock decides: after a reboot another process may have its number."""
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
