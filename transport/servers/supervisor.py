"""The supervisor: starts and restarts the transport servers, and looks after the home meanwhile.

Flight and HTTP run in separate processes, so that a message that ends one does not affect the other. A server that ends
is restarted at once; one that cannot stay up is tried less and less often, and the operator is told. Alerts are checked
every minute, and the janitor runs every hour.
"""

from __future__ import annotations

import contextlib
import ctypes
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from catalog.errors import Busy
from transport.auth import Access
from transport.base import atomic_files
from transport.base.bind_address import check_closed, handle_shutdown_signals, tls_of
from transport.base.settings import PROJECT, Settings, environment
from transport.operations import alerts, server_state
from transport.servers.mcp.routes import PATH
from transport.servers.share.routes import PREFIX
from transport.storage import compaction
from transport.storage.backends import read_without_lock
from transport.storage.landing import open_landing, utc_now
from transport.telemetry import counters
from transport.telemetry.event_log import EventLog

_STACK = 1 << 20
"""Bytes of a thread's stack: four hundred idle calls are four hundred threads, and stacks count as memory."""
_STEADY_SECONDS = 20.0
_LONGEST_PAUSE = 30.0
_END_SECONDS = 10.0
_LOOK_SECONDS = 60.0
_JANITOR_EVERY = 60


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
        self._closed = not Access(settings).open
        check_closed(settings, host, closed=self._closed)
        tls_of(settings)
        alerts.check_channels(settings)
        self._settings = settings
        self._say = say
        self._log = EventLog(settings, echo=False)
        self._end = threading.Event()
        self.servers = [self._server("flight", "transport.servers.flight_server", host, port)]
        if http_port is not None:
            self.servers.append(self._server("http", "transport.servers.http.door", host, http_port))

    @property
    def open(self) -> bool:
        """Whether the servers need no token, and so listen only on this machine."""
        return not self._closed

    def run(self) -> int:
        """Start the servers and keep them running until SIGTERM or Ctrl-C.

        Returns:
            0 after a signal; 1 when a server could not start at all.
        """
        with server_state.alone(self._settings):
            return self._run()

    def _run(self) -> int:
        metrics_folder = counters.prepare(self._settings)
        care = threading.Thread(target=self._care, name="care", daemon=True)
        try:
            for server in self.servers:
                self._start(server, metrics_folder)
            if not all(server.listening.wait(_END_SECONDS * 3) for server in self.servers):
                return 1
            if any(not server.address for server in self.servers):
                return 1  # its stderr says why it did not start
            addresses = self._addresses()
            for name, address in addresses.items():
                self._say(f"{name:<8}{address}")
            server_state.note(self._settings, addresses, token_needed=self._closed, now=utc_now())
            care.start()
            while not self._end.wait(0.1):
                for server in self.servers:
                    self._see_to(server, metrics_folder)
        finally:
            for server in self.servers:
                self._stop(server)
            server_state.forget(self._settings)
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

    def _server(self, name: str, module: str, host: str, port: int) -> _Server:
        words = ["--home", str(self._settings.home), "--host", host, "--port", str(port or _free_port(host))]
        return _Server(name, [sys.executable, "-P", "-m", module, *words])

    def _start(self, server: _Server, more: dict[str, str]) -> None:
        server.began, server.up = time.monotonic(), False
        server.process = subprocess.Popen(
            server.command,  # in our working directory, so that its dif.toml applies
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(
                more
                | {
                    "PYTHONPATH": str(PROJECT),
                    "PYTHONUTF8": "1",
                    "ARROW_DEFAULT_MEMORY_POOL": "system",
                    "MALLOC_ARENA_MAX": "4",
                }
            ),
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

    def _see_to(self, server: _Server, more: dict[str, str]) -> None:
        process = server.process
        if process is None:
            if time.monotonic() >= server.again_at:
                self._start(server, more)
            return
        code = process.poll()
        if code is None:
            return
        counters.note_process_ended(self._settings, process.pid)
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
            self._start(server, more)

    def _stop(self, server: _Server) -> None:
        if server.process is None:
            return
        server.process.terminate()
        try:
            server.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
        counters.note_process_ended(self._settings, server.process.pid)

    def _care(self) -> None:
        """Check alerts every minute, run the janitor and pack every hour; what fails is logged, and stops no server."""
        from transport.operations.doctor import janitor

        looks = 0
        while True:
            with self._caring("not_checked"), read_without_lock():
                alerts.watch_once(self._settings, utc_now())
            if looks % _JANITOR_EVERY == 0:
                with self._caring("not_tidied"):
                    janitor(self._settings)
                with self._caring("not_packed"), contextlib.suppress(Busy):  # a run holds the lock; again in an hour
                    self._pack()
            looks += 1
            if self._end.wait(_LOOK_SECONDS):
                return

    @contextmanager
    def _caring(self, failed: str) -> Iterator[None]:
        try:
            yield
        except Exception as problem:  # noqa: BLE001 - the servers go on without
            self._log.event(failed, kind=type(problem).__name__, problem=str(problem)[:200])

    def _pack(self) -> None:
        """Pack small, old files, one pack at a time, so that a run waits for one at most.

        Raises:
            Busy: a run, or another that tidies, has the home.
        """
        more = True
        while more and not self._end.is_set():
            with atomic_files.locked(self._settings.home, doing=atomic_files.TIDYING):
                done = compaction.pack(open_landing(self._settings), now=utc_now(), most=1)
            more = done.files > 0
            if more or done.damaged:
                self._log.event("packed", batches=done.batches, files=done.files, damaged=" ".join(done.damaged)[:200])


def _as_a_child() -> None:
    """Set small thread stacks, and end the child with the supervisor, so that its ports become free."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard))
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGTERM)


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
