"""Silence on the connections of a server whose library bounds none: who says nothing for too long is cut off."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class IdleWatch:
    """Cuts connections on which nothing has come for too long while nothing is done for them.

    Flight lets no server end a call that waits for its sender, and a call that has said nothing yet is known to nobody
    but gRPC. So the watch looks at the sockets: how long ago did data come (the kernel knows), and is the server at
    work for that peer. A client whose idle connection was cut connects anew with its next call.
    """

    def __init__(self, port: int, idle_seconds: float) -> None:
        """Watch the sockets of this process that belong to `port`; begins with `start`."""
        self._port = port
        self._idle = idle_seconds
        self._busy: dict[str, int] = {}
        self._cut: dict[str, float] = {}
        self._lock = threading.Lock()
        self._end = threading.Event()

    def start(self) -> None:
        """Watch on a thread until `stop`."""
        threading.Thread(target=self._watch, name="idle-watch", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._end.set()

    def hurry(self) -> None:
        """Bear little silence from now on: the server is ending, and waits for every call that is under way."""
        self._idle = min(self._idle, _LAST_SILENCE_SECONDS)

    @contextmanager
    def busy(self, peer: str) -> Iterator[None]:
        """The server is at work for the peer, so its silence is no fault."""
        peer = _peer(peer)
        with self._lock:
            self._busy[peer] = self._busy.get(peer, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[peer] -= 1
                if not self._busy[peer]:
                    del self._busy[peer]

    def was_cut(self, peer: str) -> bool:
        """Whether the peer's connection was cut for its silence."""
        return _peer(peer) in self._cut

    def has_left(self, peer: str) -> bool:
        """Whether the peer's connection is gone: the end of its stream was then no end that it meant.

        gRPC gives a stream that was cut off and one that was ended the same way to a handler; which of the two it was
        may become known to it a moment later. The kernel knows at once.
        """
        peer = _peer(peer)
        for _, name, state in self._sockets():
            if name == peer:
                return state != _ESTABLISHED
        return _HAVE_TCP_INFO

    def look(self) -> int:
        """Cut what is idle now; says how many."""
        cut = 0
        now = time.monotonic()
        self._cut = {p: at for p, at in self._cut.items() if now - at < _REMEMBERED_SECONDS}
        for connection, name, state in self._sockets(keep=True):
            with connection:
                if state != _ESTABLISHED or name in self._busy:
                    continue
                if _silent_ms(connection) > self._idle * 1000:
                    self._cut[name] = now
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                    cut += 1
        return cut

    def _watch(self) -> None:
        while not self._end.wait(min(1.0, self._idle / 4)):
            with suppress(OSError):
                self.look()

    def _sockets(self, *, keep: bool = False) -> Iterator[tuple[socket.socket, str, int]]:
        """The accepted connections of the port, with the peer's name and the state; the caller closes what it keeps."""
        if not _HAVE_TCP_INFO:
            return
        for entry in _OPEN_FILES.iterdir():
            with suppress(OSError, ValueError):
                if not str(entry.readlink()).startswith("socket:"):
                    continue
                connection = socket.socket(fileno=os.dup(int(entry.name)))
                found = self._mine(connection)
                try:
                    if found is not None:
                        yield connection, *found
                finally:
                    if found is None or not keep:
                        connection.close()

    def _mine(self, connection: socket.socket) -> tuple[str, int] | None:
        """The peer's name and the state of an accepted connection of the port; None of any other socket."""
        try:
            if connection.family not in (socket.AF_INET, socket.AF_INET6) or connection.getsockname()[1] != self._port:
                return None
            peer = connection.getpeername()
            return _address(peer[0], peer[1]), connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        except OSError:
            return None


_OPEN_FILES = Path("/proc/self/fd")
_HAVE_TCP_INFO = hasattr(socket, "TCP_INFO") and _OPEN_FILES.is_dir()
_ESTABLISHED = 1
_LAST_DATA_RECEIVED = 52
"""Offset of `tcpi_last_data_recv` (milliseconds) in Linux's `struct tcp_info`."""
_REMEMBERED_SECONDS = 600.0
_LAST_SILENCE_SECONDS = 1.0
"""How long a sender may be silent once the server is ending."""


def _silent_ms(connection: socket.socket) -> int:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    (silent,) = struct.unpack_from("=I", info, _LAST_DATA_RECEIVED)
    return int(silent)


def _peer(peer: str) -> str:
    """`ipv4:127.0.0.1:5050` and `ipv6:%5B::1%5D:5050`, as gRPC names a peer, the way a socket does."""
    host, _, port = peer.partition(":")[2].rpartition(":")
    return _address(host.replace("%5B", "").replace("%5D", "").strip("[]"), int(port) if port.isdigit() else 0)


def _address(host: str, port: int) -> str:
    """Without the zone of a link-local address, which the two spell differently."""
    return f"{host.partition('%')[0].removeprefix('::ffff:')} {port}"
