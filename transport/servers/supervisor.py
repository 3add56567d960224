"""The supervisor: starts and restarts the servers where nothing else does, and looks after the home meanwhile.

For a machine without systemd, compose and Kubernetes, and for `dif up`; those start `dif serve flight` and
`dif serve http` themselves, and call `dif alerts --send` and `dif tidy` by their timers.

Flight and HTTP run in separate processes, so that a message that ends one does not affect the other. A server that ends
is restarted at once; one that cannot stay up is tried less and less often, and the operator is told. Alerts are checked
every minute, and the home is tidied every hour.
"""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transport.auth import Access
from transport.base.bind_address import check_closed, handle_shutdown_signals, tls_of
from transport.base.settings import Settings
from transport.operations import alerts, housekeeping
from transport.servers import processes
from transport.servers.mcp.routes import PATH
from transport.servers.share.routes import PREFIX
from transport.storage.backends import read_without_lock
from transport.storage.landing import utc_now
from transport.telemetry.event_log import EventLog

_STEADY_SECONDS = 20.0
_LONGEST_PAUSE = 30.0
_END_SECONDS = 10.0
_LOOK_SECONDS = 60.0
_TIDY_EVERY = 60


@dataclass
class _Server:
    """One server, across restarts of its process."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    began: float = 0.0
    tries: int = 0
    again_at: float = 0.0
    address: str = ""
    up: bool = False
    listening: threading.Event = field(default_factory=threading.Event)


class Supervisor:
    """Runs the servers of one home until told to end."""

    def __init__(
        self,
        settings: Settings,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        http_port: int | None = 0,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """Check that the servers may listen there; starts nothing yet.

        Args:
            settings: the home, and the servers' limits.
            host: where both listen.
            port: of Flight; 0 picks a free one, kept across restarts.
            http_port: of the HTTP door, likewise; None omits the door.
            say: called with each server's address once it listens, and with each restart.

        Raises:
            WrongUse: the servers would be open to other machines without a token, or a setting is invalid.
        """
        check_closed(settings, host, closed=not Access(settings).open)
        tls_of(settings)
        alerts.check_channels(settings)
        self._settings = settings
        self._say = say
        self._log = EventLog(settings, echo=False)
        self._end = threading.Event()
        self.servers = [self._server("flight", host, port)]
        if http_port is not None:
            self.servers.append(self._server("http", host, http_port))

    def run(self) -> int:
        """Start the servers and keep them running until SIGTERM or Ctrl-C.

        Returns:
            0 after a signal; 1 when a server could not start at all: its stderr says why.
        """
        care = threading.Thread(target=self._care, name="care", daemon=True)
        try:
            for server in self.servers:
                self._start(server)
            if not all(server.listening.wait(_END_SECONDS * 3) for server in self.servers):
                return 1
            if any(not server.address for server in self.servers):
                return 1
            for name, address in self._addresses().items():
                self._say(f"{name:<8}{address}")
            care.start()
            while not self._end.wait(0.1):
                for server in self.servers:
                    self._see_to(server)
        finally:
            for server in self.servers:
                self._stop(server)
            self._log.event("stopped")
        return 0

    def _addresses(self) -> dict[str, str]:
        """The servers' addresses, by name; shares and assistants use the HTTP server's."""
        addresses = dict(server.address.split(None, 1) for server in self.servers)
        if "http" in addresses:
            addresses |= {"share": f"{addresses['http']}/{PREFIX}", "mcp": f"{addresses['http']}{PATH}"}
        return addresses

    def stop(self) -> None:
        """Stop; may be called from another thread, but not from a signal handler (use `main_signals`)."""
        self._end.set()

    def _server(self, name: str, host: str, port: int) -> _Server:
        return _Server(name, processes.command(self._settings, name, host=host, port=port or _free_port(host)))

    def _start(self, server: _Server) -> None:
        server.began, server.up = time.monotonic(), False
        server.process = subprocess.Popen(
            server.command,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=processes.variables(self._settings, server.name),
            start_new_session=True,  # Ctrl-C reaches the supervisor, which ends the servers in order
            preexec_fn=_as_a_child,  # noqa: PLW1509 - two calls to the kernel, and no lock of Python's
        )
        threading.Thread(target=self._listen, args=(server, server.process), daemon=True).start()
        self._log.event("started", server=server.name, process=server.process.pid)

    def _listen(self, server: _Server, process: subprocess.Popen[str]) -> None:
        """Read a server's output to its end; the first line is its address."""
        assert process.stdout is not None  # noqa: S101 - a pipe by construction
        with process.stdout:
            for line in process.stdout:
                server.up = server.up or process is server.process
                if not server.listening.is_set():
                    server.address = line.rstrip()
                    server.listening.set()
        server.listening.set()

    def _see_to(self, server: _Server) -> None:
        process = server.process
        if process is None:
            if time.monotonic() >= server.again_at:
                self._start(server)
            return
        code = process.poll()
        if code is None:
            return
        server.process = None
        # A server that had listened is restarted at once, however often it ends: its start is pause enough.
        steady = server.up or time.monotonic() - server.began > _STEADY_SECONDS
        server.tries = 1 if steady else server.tries + 1
        pause = 0.0 if server.tries == 1 else min(_LONGEST_PAUSE, 0.1 * 2**server.tries)
        server.again_at = time.monotonic() + pause
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        self._log.event("restarted", server=server.name, how=how, pause=pause, tries=server.tries)
        self._say(f"{server.name} ended ({how}); restarting it")
        if pause == 0:
            self._start(server)

    def _stop(self, server: _Server) -> None:
        if server.process is None:
            return
        server.process.terminate()
        try:
            server.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()

    def _care(self) -> None:
        """Check alerts every minute and tidy every hour; what fails is logged, and stops no server."""
        looks = 0
        while True:
            with self._caring("not_checked"), read_without_lock():
                alerts.watch(self._settings, utc_now())
            if looks % _TIDY_EVERY == 0:
                with self._caring("not_tidied"):
                    housekeeping.tidy(self._settings, utc_now(), until=self._end.is_set)
            looks += 1
            if self._end.wait(_LOOK_SECONDS):
                return

    @contextmanager
    def _caring(self, failed: str) -> Iterator[None]:
        try:
            yield
        except Exception as problem:  # noqa: BLE001 - the servers go on without
            self._log.event(failed, kind=type(problem).__name__, problem=str(problem)[:200])


def _as_a_child() -> None:
    """Set small thread stacks, and end the child with the supervisor, so that its ports become free.

    It is ended as the supervisor was: a server that is asked to end would take its record away, and nobody would be
    told that the servers died.
    """
    processes.small_stacks()
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)


_PR_SET_PDEATHSIG = 1
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
"""Linux only; elsewhere a killed supervisor's servers must be ended by hand."""


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def main_signals(supervisor: Supervisor) -> None:
    """Let SIGTERM and Ctrl-C end the supervisor."""
    wait_for_shutdown = handle_shutdown_signals()

    def stop() -> None:
        wait_for_shutdown()
        supervisor.stop()

    threading.Thread(target=stop, name="told", daemon=True).start()
