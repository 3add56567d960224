"""Serves an ASGI application of this home: the address, the number of connections, their timeouts, and the shutdown."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from types import FrameType
from typing import Literal

import h11
import uvicorn
from starlette.types import ASGIApp

from catalog.errors import BadSetting, WrongUse
from transport.base.bind_address import check_closed, most_connections, tls_of
from transport.base.settings import Settings
from transport.ingest.ingest_service import reference
from transport.servers.http.call import HEAD_BYTES, problem_json
from transport.servers.http.connection import END_SECONDS, PatientConnection


class _Connection(PatientConnection):
    """A connection to a server; the application itself watches bodies that it reads."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Answer an unreadable request with our problem+json; if an answer has begun, only disconnect."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        hint = getattr(sys.exception(), "error_status_hint", 400)
        status = hint if hint in (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HTTPStatus.NOT_IMPLEMENTED) else 400
        no = WrongUse("The server cannot read this HTTP request.", f"Heads are at most {HEAD_BYTES} bytes.")
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
    """uvicorn with a bounded shutdown: it does not wait for a reader of a large file."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown."""
        if not self.should_exit:
            last = threading.Timer(END_SECONDS + 2, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


class AsgiServer:
    """A server of one home. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        closed: bool,
        lifespan: Literal["on", "off"] = "off",
    ) -> None:
        """Bind.

        Args:
            app: answers the requests.
            settings: limits and certificates.
            host: where it listens.
            port: 0 picks a free one.
            closed: whether callers need a token.
            lifespan: whether the application is told when it starts and ends.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
            BadSetting: the certificate or key cannot be used.
        """
        check_closed(settings, host, closed=closed)
        config = _config(app, settings, lifespan)
        try:
            self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as problem:
            raise WrongUse(
                f"The server cannot listen on port {port} of {host} ({problem.strerror}).", "Give another port."
            ) from None
        self.port: int = self._socket.getsockname()[1]
        named = f"[{host}]" if ":" in host else host
        self.address = f"{'https' if settings.tls_cert else 'http'}://{named}:{self.port}"
        self._server = _Uvicorn(config)

    def run(self, say: Callable[[str], None] = lambda _address: None) -> None:
        """Serve until `stop` or a signal; calls under way get some seconds to finish.

        Args:
            say: called with the address once the server listens.
        """
        say(self.address)  # the socket listens already: early calls are answered in a moment
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Shut down; may be called from another thread."""
        self._server.should_exit = True


def end_on_signals() -> None:
    """Leave SIGTERM and Ctrl-C to uvicorn, which ends, raises the signal again, and then meets nobody."""
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)


def _config(app: ASGIApp, settings: Settings, lifespan: Literal["on", "off"]) -> uvicorn.Config:
    """The uvicorn configuration of a server.

    Raises:
        BadSetting: the certificate or key cannot be used.
    """
    patient = type(
        "_PatientConnection", (_Connection,), {"patience": settings.idle_seconds, "most": most_connections()}
    )
    config = uvicorn.Config(
        app,
        http=patient,
        ws="none",
        loop="asyncio",
        lifespan=lifespan,
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
    tls_of(settings)  # raises naming a file that is missing or unreadable
    try:
        config.load()
    except (OSError, ValueError) as problem:
        raise BadSetting("tls_cert", type(problem).__name__, "a certificate, its key and a client CA in PEM") from None
    return config
