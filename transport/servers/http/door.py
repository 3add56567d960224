"""The HTTP door, for those who won't learn Flight. A process of its own: `python -m transport.servers.http.door`.

What it answers is in `transport.servers.http.app`. Here is how it is served: where it listens, how many connections it
holds, how long it is patient with each, and how it ends.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import FrameType

import h11
import uvicorn

from catalog.errors import BadSetting, SharingError, WrongUse
from transport.base.bind_address import check_closed, most_connections, raise_open_files, tls_of
from transport.base.settings import Settings, load
from transport.ingest.ingest_service import reference
from transport.servers.http.app import END_SECONDS, HttpApp
from transport.servers.http.call import HEAD_BYTES, problem_json
from transport.servers.http.connection import PatientConnection

_MB = 1 << 20


class _Connection(PatientConnection):
    """A connection to the door; a body that is asked for is the door's own to watch."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Say in our form what cannot be read as a request; where an answer has begun, only end."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        hint = getattr(sys.exception(), "error_status_hint", 400)
        status = hint if hint in (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HTTPStatus.NOT_IMPLEMENTED) else 400
        no = WrongUse("This is no HTTP request that is taken here.", f"Heads are at most {HEAD_BYTES} bytes.")
        ref = reference()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"connection", b"close"),
            (b"dif-reference", ref.encode()),
        ]
        with contextlib.suppress(h11.LocalProtocolError):
            self.transport.write(self.conn.send(h11.Response(status_code=status, headers=headers)))
            self.transport.write(self.conn.send(h11.Data(data=problem_json(no, ref, status))))
            self.transport.write(self.conn.send(h11.EndOfMessage()))
        self.transport.close()


class _Uvicorn(uvicorn.Server):
    """uvicorn, with an end to its end: a reader at work on a large file is not waited for."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        if not self.should_exit:
            last = threading.Timer(END_SECONDS + 2, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


class Server:
    """The server of one home. Make it, `run()`, and `stop()`; `port` is where it listens."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to others than this machine, or the port is taken.
            Damaged: the journal is not what was written.
        """
        self.door = HttpApp(settings)
        check_closed(settings, host, closed=not self.door.ingest.access.open)
        config = _config(self.door, settings)
        try:
            self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as problem:
            raise WrongUse(f"Port {port} of {host} cannot be had ({problem.strerror}).", "Give another port.") from None
        self.port: int = self._socket.getsockname()[1]
        named = f"[{host}]" if ":" in host else host
        self.address = f"{'https' if settings.tls_cert else 'http'}://{named}:{self.port}"
        self._server = _Uvicorn(config)
        self.door.end = self.stop

    def run(self, say: Callable[[str], None] = lambda _address: None) -> None:
        """Serve until `stop` or a signal; batches that are arriving are finished, within some seconds.

        Args:
            say: told the address once it listens.
        """
        say(self.address)  # the socket listens already: who calls now is answered in a moment
        with self.door:
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End; may be called from another thread."""
        self._server.should_exit = True


def _config(door: HttpApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the door.

    Raises:
        BadSetting: the certificate or key cannot be used.
    """
    patient = type(
        "_PatientConnection", (_Connection,), {"patience": settings.idle_seconds, "most": most_connections()}
    )
    config = uvicorn.Config(
        door,
        http=patient,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=END_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ssl_ca_certs=settings.tls_client_ca,
        ssl_cert_reqs=ssl.CERT_REQUIRED if settings.tls_client_ca else ssl.CERT_NONE,
    )
    tls_of(settings)  # says which file is missing, or cannot be read
    try:
        config.load()
    except (OSError, ValueError) as problem:
        raise BadSetting("tls_cert", type(problem).__name__, "a certificate, its key and a client CA in PEM") from None
    return config


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; say on stdout where, once it listens."""
    words = argparse.ArgumentParser(prog="transport.servers.http.door")
    words.add_argument("--home", type=Path)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=0)
    given = words.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raise_open_files()
    try:
        settings = load()
        if given.home:
            settings = settings.but(home=given.home)
        memory = settings.server_memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        server = Server(settings, given.host, given.port)
    except SharingError as problem:
        sys.stderr.write(f"{problem.problem}\n  → {problem.mend}\n")
        return 1

    server.door.end = lambda: signal.raise_signal(signal.SIGTERM)  # so that the end has an end, as when it is told

    def say(address: str) -> None:
        sys.stdout.write(f"http    {address}\n")
        sys.stdout.flush()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)  # uvicorn takes the signal, ends, and raises it again: it is done by then
    server.run(say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
