"""An idle timeout for a server whose library has none: connections that are silent for too long are cut."""

from __future__ import annotations

import os
import resource
import socket
import stat
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


class IdleWatch:
    """Cuts connections that have been silent for too long while the server did no work for them.

    Flight cannot end a call that waits for its sender, and only gRPC sees a call that has sent nothing yet. The watch
    therefore reads the sockets: the kernel knows when data last came, and the server knows which peers it works for. A
    client whose idle connection was cut reconnects with its next call.

    Beyond `most` connections, those without a call are cut first, the longest silent before the others. A slow reader
    sends almost nothing meanwhile, so readers get `_READER_TIMES` the timeout.
    """

    def __init__(self, port: int, idle_seconds: float, *, most: int, lowest: int) -> None:
        """Prepare to watch this process's sockets of `port`; `start` begins.

        Args:
            port: where the server listens.
            idle_seconds: how long a peer may be silent.
            most: the highest number of connections.
            lowest: bytes per second that a sender must deliver once it has been waited for longer than that.
        """
        self._port = port
        self._idle = idle_seconds
        self._reader_idle = idle_seconds * _READER_TIMES
        self._most = most
        self._lowest = lowest
        self._busy: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._reads: Counter[str] = Counter()
        self._waits: set[_Wait] = set()
        self._cut: dict[str, float] = {}
        self._crowded = False
        self._lock = threading.Lock()
        self._end = threading.Event()

    def start(self) -> None:
        """Watch in a thread until `stop`."""
        threading.Thread(target=self._watch, name="idle-watch", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._end.set()

    def hurry(self) -> None:
        """Shorten the timeout: the server is shutting down, and waits for every call under way."""
        self._idle = min(self._idle, _LAST_SILENCE_SECONDS)
        self._reader_idle = self._idle

    @contextmanager
    def busy(self, peer: str) -> Iterator[None]:
        """While the server works for the peer, the peer may be silent."""
        with self._counted(self._busy, _peer(peer)):
            yield

    @contextmanager
    def calling(self, peer: str, *, reads: bool = False) -> Iterator[None]:
        """The peer has an authenticated call; `reads` marks a call that receives rows."""
        name = _peer(peer)
        self._cut.pop(name, None)  # left by an earlier connection of the same name
        with self._counted(self._calls, name):
            if not reads:
                yield
                return
            with self._counted(self._reads, name):
                yield

    @contextmanager
    def waiting(self, peer: str) -> Iterator[None]:
        """The server waits for the peer's next message, which a dripping peer could prolong without end."""
        wait = _Wait(_peer(peer))
        with self._lock:
            self._waits.add(wait)
        try:
            yield
        finally:
            with self._lock:
                self._waits.remove(wait)

    @contextmanager
    def _counted(self, counter: Counter[str], name: str) -> Iterator[None]:
        with self._lock:
            counter[name] += 1
        try:
            yield
        finally:
            with self._lock:
                counter[name] -= 1
                if not counter[name]:
                    del counter[name]

    def was_cut(self, peer: str) -> bool:
        """Whether the peer's connection was cut in the middle of a call."""
        return _peer(peer) in self._cut

    def has_left(self, peer: str) -> bool:
        """Whether the peer's connection is gone, so that its stream ended unintentionally.

        A handler sees the same whether a stream was cut off or ended properly, and gRPC may learn the difference only a
        moment later. The kernel knows at once.
        """
        name = _peer(peer)
        for connection in self.connections():
            if connection.peer == name:
                return connection.state != _ESTABLISHED
        return _HAVE_TCP_INFO

    def look(self) -> int:
        """Cut idle and excess connections; returns how many."""
        now = time.monotonic()
        self._cut = {p: at for p, at in self._cut.items() if now - at < _REMEMBERED_SECONDS}
        held = [c for c in self.connections() if c.state == _ESTABLISHED]
        ended = [c for c in held if c.peer not in self._busy and (self._is_silent(c) or self._drips(c, now))]
        over = len(held) - len(ended) - self._most
        self._crowded = over > 0
        if self._crowded:
            others = [c for c in held if c not in ended and c.peer not in self._busy]
            others.sort(key=lambda c: (c.peer in self._calls, -c.silent))
            ended += others[:over]
        return sum(self._shut(c, now) for c in ended)

    def _is_silent(self, connection: Connection) -> bool:
        return connection.silent > (self._reader_idle if connection.peer in self._reads else self._idle)

    def _drips(self, connection: Connection, now: float) -> bool:
        """Whether an awaited message comes too slowly, or not at all."""
        if connection.peer not in self._calls:
            return False
        with self._lock:
            waits = [w for w in self._waits if w.peer == connection.peer]
        for wait in waits:
            wait.seen = wait.seen or (now, connection.received)
        return any(
            connection.received - w.seen[1] < self._lowest * (now - w.seen[0] - self._idle) for w in waits if w.seen
        )

    def _shut(self, connection: Connection, now: float) -> bool:
        with suppress(OSError), _LENS.on(connection.number) as peer_socket:
            if self._name(peer_socket) == connection.peer:  # the number may belong to another socket by now
                if connection.peer in self._calls:
                    self._cut[connection.peer] = now
                peer_socket.shutdown(socket.SHUT_RDWR)
                return True
        return False

    def _watch(self) -> None:
        while not self._end.wait(_CROWDED_SECONDS if self._crowded else min(1.0, self._idle / 4)):
            with suppress(OSError):
                self.look()

    def connections(self) -> list[Connection]:
        """The accepted connections of the port."""
        accepted: list[Connection] = []
        for number in _open_files() if _HAVE_TCP_INFO else ():
            with suppress(OSError):
                if not stat.S_ISSOCK(os.fstat(number).st_mode):
                    continue
                with _LENS.on(number) as peer_socket:
                    name = self._name(peer_socket)
                    if name is not None:
                        info = peer_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
                        state, silent_ms, received = _TCP_INFO.unpack(info)
                        accepted.append(Connection(number, name, state, silent_ms / 1000, received))
        return accepted

    def _name(self, peer_socket: socket.socket) -> str | None:
        """The peer's name if the socket is an accepted connection of the port; otherwise None."""
        if peer_socket.family not in (socket.AF_INET, socket.AF_INET6) or peer_socket.getsockname()[1] != self._port:
            return None
        peer = peer_socket.getpeername()
        return _address(peer[0], peer[1])


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as the kernel sees it, with seconds since data last came and bytes received in all."""

    number: int
    peer: str
    state: int
    silent: float
    received: int


@dataclass(slots=True, eq=False)
class _Wait:
    """A wait for one message; `seen` is when the watch first saw it, and the bytes received by then."""

    peer: str
    seen: tuple[float, int] | None = None


class _Lens:
    """A file descriptor of our own, through which the library's sockets are inspected.

    It is reserved from the start: a full table of open files must not blind the watch that would free it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        self._number = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    @contextmanager
    def on(self, number: int) -> Iterator[socket.socket]:
        """The socket with that file descriptor.

        Raises:
            OSError: there is no such socket.
        """
        with self._lock:
            os.dup2(number, self._number, inheritable=False)
            try:
                peer_socket = socket.socket(fileno=self._number)
                try:
                    yield peer_socket
                finally:
                    peer_socket.detach()
            finally:
                os.dup2(self._nothing, self._number, inheritable=False)


def _open_files() -> Iterable[int]:
    try:
        return [int(entry.name) for entry in _OPEN_FILES.iterdir()]
    except OSError:  # listing them needs a free descriptor too
        return range(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


_LENS = _Lens()
_OPEN_FILES = Path("/proc/self/fd")
_HAVE_TCP_INFO = hasattr(socket, "TCP_INFO") and _OPEN_FILES.is_dir()
_TCP_INFO = struct.Struct("=B51xI72xQ")
"""Of Linux's `struct tcp_info`: `tcpi_state`, `tcpi_last_data_recv` (milliseconds), `tcpi_bytes_received`."""
_ESTABLISHED = 1
_REMEMBERED_SECONDS = 600.0
_LAST_SILENCE_SECONDS = 1.0
"""How long a sender may be silent once the server is shutting down."""
_CROWDED_SECONDS = 0.05
"""Until the next look while there are too many connections: more may wait than descriptors are free."""
_READER_TIMES = 10
"""A reader's timeout in multiples of a sender's: it may work on a record batch before it asks for the next."""


def _peer(peer: str) -> str:
    """Turns gRPC's peer, `ipv4:127.0.0.1:5050` or `ipv6:%5B::1%5D:5050`, into a socket's form."""
    host, _, port = peer.partition(":")[2].rpartition(":")
    return _address(host.replace("%5B", "").replace("%5D", "").strip("[]"), int(port) if port.isdigit() else 0)


def _address(host: str, port: int) -> str:
    """Omits the zone of a link-local address, which gRPC and the socket spell differently."""
    return f"{host.partition('%')[0].removeprefix('::ffff:')} {port}"
