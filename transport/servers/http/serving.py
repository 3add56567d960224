"""Serves an ASGI application of this home: the address, the limits, and the shutdown.

Connections that are idle, or too many, are the business of the proxy in front of it (docs/deploy.md).
"""

from __future__ import annotations

import functools
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from catalog.errors import BadSetting
from transport.base.bind_address import check_closed, listening, run_server, say, tls_of
from transport.base.settings import Settings
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.call import HEAD_BYTES

END_SECONDS = 7
"""How long calls under way have to finish at shutdown."""


class _Uvicorn(uvicorn.Server):
    """uvicorn with a bounded shutdown: it does not wait for a reader of a large file."""

    ending: Callable[[], None] = staticmethod(lambda: None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown."""
        if not self.should_exit:
            self.ending()
            last = threading.Timer(END_SECONDS + 2, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


class AsgiServer:
    """A server of one home. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(self, app: AsgiApp, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Args:
            app: answers the requests.
            settings: limits and certificates.
            host: where it listens.
            port: 0 picks a free one.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
            BadSetting: the certificate or key cannot be used.
        """
        self.door = app
        check_closed(settings, host, closed=not app.access.open)
        config = _config(app, settings)
        self._socket = listening(host, port)
        # an answer is written in parts: the later ones would wait for the reader to acknowledge the first, for 40 ms
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each connection has it from here
        self.port: int = self._socket.getsockname()[1]
        host_text = f"[{host}]" if ":" in host else host
        self.address = f"{'https' if settings.tls_cert else 'http'}://{host_text}:{self.port}{app.path}"
        self._server = _Uvicorn(config)
        app.end = self.stop

    def run(
        self, say: Callable[[str], None] = lambda _address: None, ending: Callable[[], None] = lambda: None
    ) -> None:
        """Serve until `stop` or a signal; calls under way get some seconds to finish.

        Args:
            say: called with the address once the server listens.
            ending: called at a signal, before calls under way have finished.
        """
        self._server.ending = ending
        say(self.address)  # the socket listens already: early calls are answered in a moment
        with self.door:
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Shut down; may be called from another thread."""
        self._server.should_exit = True


def serve(name: str, app: Callable[[Settings], AsgiApp], arguments: list[str] | None = None) -> int:
    """Be a server until told to end; prints the address on stdout once it listens.

    Args:
        name: the server's, before its address.
        app: makes what answers.
        arguments: of the command line.
    """

    def run(settings: Settings, host: str, port: int) -> None:
        run_until_told(AsgiServer(app(settings), settings, host, port), functools.partial(say, name))

    return run_server(name, arguments, run)


def run_until_told(server: AsgiServer, say: Callable[[str], None], ending: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        server: what serves.
        say: called with the address once it listens.
        ending: called when it is told to end, before calls under way have finished.
    """

    def end(*_: object) -> None:
        ending()
        server.stop()

    server.door.end = lambda: signal.raise_signal(signal.SIGTERM)  # bounds this shutdown too
    for sign in (signal.SIGTERM, signal.SIGINT):
        # also before uvicorn takes signals over, which raises them again when it has ended
        signal.signal(sign, end)
    server.run(say, ending)


def _config(app: AsgiApp, settings: Settings) -> uvicorn.Config:
    """The uvicorn configuration of a server.

    Raises:
        BadSetting: the certificate or key cannot be used.
    """
    config = uvicorn.Config(
        app,
        http="h11",
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
    tls_of(settings)  # raises naming a file that is missing or unreadable
    try:
        config.load()
    except (OSError, ValueError) as problem:
        raise BadSetting("tls_cert", type(problem).__name__, "a certificate, its key and a client CA in PEM") from None
    return config
