"""The HTTP door, for those who won't learn Flight. Its process is `python -m transport.servers.http.door`.

`transport.servers.http.app` answers requests; `transport.servers.http.serving` serves it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from transport.base.settings import Settings
from transport.servers.http.app import HttpApp
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.serving import AsgiServer, serve


class HttpServer(AsgiServer):
    """The server of one home. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(
        self,
        settings: Settings,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        app: Callable[[Settings], AsgiApp] = HttpApp,
    ) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
            Damaged: the journal is not what was written.
        """
        super().__init__(app(settings), settings, host, port)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; prints the address on stdout once the server listens."""
    return serve("http", HttpApp, arguments)


if __name__ == "__main__":
    sys.exit(main())
