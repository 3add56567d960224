"""A server's process: its limits, where it may listen, its TLS certificate and its end, for Flight and HTTP alike."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import re
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import SharingError, WrongUse
from transport.base import atomic_files
from transport.base.settings import Settings, load

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_FILES = 4096
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Tls:
    """A server's certificate and key, and the CA of the client certificates it asks for; PEM."""

    cert: bytes
    key: bytes
    client_ca: bytes | None


def tls_of(settings: Settings) -> Tls | None:
    """The certificate that the settings name; None when the servers do not use TLS.

    Raises:
        WrongUse: certificate or key is missing, or a file cannot be read.
    """
    if settings.tls_cert is None and settings.tls_key is None:
        if settings.tls_client_ca is not None:
            raise WrongUse("tls_client_ca is set without tls_cert and tls_key.", "Set all three.")
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        raise WrongUse("Only one of tls_cert and tls_key is set.", "Set both.")
    try:
        ca = settings.tls_client_ca.read_bytes() if settings.tls_client_ca else None
        return Tls(settings.tls_cert.read_bytes(), settings.tls_key.read_bytes(), ca)
    except OSError as problem:
        raise WrongUse(
            f"A TLS file cannot be read ({problem.strerror}: {Path(str(problem.filename)).name}).", "Correct its path."
        ) from None


def check_closed(settings: Settings, host: str, *, closed: bool) -> None:
    """Refuse to open a server to other machines without tokens and TLS; behind a proxy, loopback is open to them too.

    Raises:
        WrongUse: the server may not listen on `host`.
    """
    if host in LOOPBACK and settings.tls_elsewhere and not closed:
        raise WrongUse(
            "tls_elsewhere says that a proxy lets other machines in, and nothing says who may send.",
            "Add a token with `dif token add NAME`, then start the server again; without a proxy, take it out.",
        )
    if host in LOOPBACK:
        return
    if not closed:
        raise WrongUse(
            f"Nothing says who may send, so the server listens on this machine only, not on {host}.",
            "Add a token with `dif token add NAME`, then start the server again.",
        )
    if settings.tls_cert is None and not settings.tls_elsewhere:
        raise WrongUse(
            f"Tokens would cross the network in the clear on {host}.",
            "Set tls_cert and tls_key; if a proxy in front of the server speaks TLS, set tls_elsewhere.",
        )


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; 0 picks a free port.

    Raises:
        WrongUse: the port is taken, or none, or the machine has no such address.
    """
    try:
        if not 0 <= port <= _LAST_PORT:
            raise OSError(errno.EINVAL, "there is no such port")  # noqa: TRY301 - said as what a system refuses is
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        why = (problem.strerror or str(problem)).partition(" (while attempting")[0]
        raise WrongUse(f"The server cannot listen on port {port} of {host} ({why}).", "Give another port.") from None


def raise_open_files() -> None:
    """Raise this process's limit of open files for its connections; many systems default to 1 024."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = _FILES if files == resource.RLIM_INFINITY else min(_FILES, files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, files))


def run_server(name: str, arguments: Sequence[str] | None, run: Callable[[Settings, str, int], None]) -> int:
    """Be a server process within its limits, of memory and of open files.

    Args:
        name: the server's.
        arguments: of the command line: `--home`, `--host` and `--port`.
        run: serves until told to end, there; `say` its address.

    Returns:
        The exit code: 1, with the reason on stderr, when it cannot start.
    """
    words = argparse.ArgumentParser(prog=f"dif serve {name}")
    words.add_argument("--home", type=Path)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=0)
    options = words.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raise_open_files()
    try:
        settings = load()
        if options.home:
            settings = settings.but(home=options.home)
        memory = settings.server_memory_mb << 20
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        atomic_files.refuse_root(settings.home)
        run(settings, options.host, options.port)
    except (SharingError, OSError) as stopped:
        problem = atomic_files.in_words(stopped) if isinstance(stopped, OSError) else stopped
        sys.stderr.write(f"{problem.problem}\n  → {problem.mend}\n")
        return 1
    return 0


def say(name: str, address: str) -> None:
    """Tell whoever started a server, on stdout, that it listens."""
    sys.stdout.write(f"{name:<8}{address}\n")
    sys.stdout.flush()


def handle_shutdown_signals() -> Callable[[], None]:
    """Handle SIGTERM and Ctrl-C for the whole process.

    Python runs a signal handler in the main thread, between two of its steps. If that thread is just entering a lock,
    an `Event` or a queue, the signal is noted but nothing wakes it, and the server would never end. The wake-up file
    descriptor is written from the C-level handler, whichever thread the signal meets.

    Returns:
        A function that waits until one of the two has come; call it once, in any thread.
    """
    receiver, sender = socket.socketpair()
    sender.setblocking(False)  # noqa: FBT003 - the name of its argument is the system's
    signal.set_wakeup_fd(sender.detach())  # as long as the process lives
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)

    def wait() -> None:
        receiver.recv(1)

    return wait


@contextmanager
def shutdown_requested() -> Iterator[Callable[[], bool]]:
    """Watch for SIGTERM and Ctrl-C, whichever handler or library error they end in. Only in the main thread.

    Yields:
        A function that tells whether one of the two has come.
    """
    receiver, sender = socket.socketpair()
    came = bytearray()

    def ended() -> bool:
        with suppress(BlockingIOError):
            came.extend(receiver.recv(64))
        return signal.SIGTERM in came or signal.SIGINT in came

    with receiver, sender:
        receiver.setblocking(False)  # noqa: FBT003 - the name of its argument is the system's
        sender.setblocking(False)  # noqa: FBT003
        before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        try:
            yield ended
        finally:
            signal.set_wakeup_fd(before)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def network_of(host: str) -> str:
    """The network that counts as one caller: an address, or the /48 of an IPv6 address, the largest that a site gets.

    Many are given less, down to a /64 (RFC 6177), and then count together, as those behind one IPv4 address do.
    With longer prefixes, a site with a /48 would count as 65 536 callers.
    Some proxies add the port, as in `198.51.100.7:4711` and `[2001:db8::1]:4711`. Empty for what is no address.
    """
    bracketed = re.fullmatch(r"\[([^]]*)\](:[0-9]+)?", host)
    bare = bracketed[1] if bracketed else host.partition(":")[0] if host.count(":") == 1 else host
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped  # how a socket for both shows an IPv4 address
        return str(mapped or ipaddress.ip_network((bare.partition("%")[0], 48), strict=False))
    return bare
