"""The HTTP server of a home: batches, datasets and files, shares, and assistants' messages, at one address.

Its process is `python -m transport.servers.http.door`. `transport.servers.http.serving` serves it.
"""

from __future__ import annotations

import asyncio
import json
import sys

import anyio.to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from transport.base.bind_address import run_server, say
from transport.base.settings import Settings
from transport.operations import server_state
from transport.servers.http import openapi
from transport.servers.http.app import HttpApp
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.call import Call, path_of
from transport.servers.http.routes import ROUTES, Json
from transport.servers.http.serving import AsgiServer, run_until_told
from transport.servers.mcp import routes as mcp
from transport.servers.share.app import ShareApp
from transport.servers.share.routes import DESCRIPTION, PREFIX
from transport.storage.landing import utc_now
from transport.telemetry import counters

_MCP = mcp.PATH.strip("/")


def description() -> Json:
    """The OpenAPI description of every address."""
    return openapi.document(openapi.common_description((*ROUTES, *mcp.ROUTES)), DESCRIPTION)


class ServerApp(HttpApp):
    """The door's application, with shares and assistants below addresses of their own. Use as a context manager.

    The part for assistants is made at its first call: its libraries take a second or two, and 35 MB.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the landing, as `HttpApp`."""
        super().__init__(settings)
        self.handlers = {**self.handlers, "describe": self._describe}
        self._parts: dict[str, AsgiApp] = {PREFIX: ShareApp(settings, self.access, self.log)}
        self._parts[PREFIX].end = self._end
        self._making = asyncio.Lock()
        self._described = b""

    def __exit__(self, *problem: object) -> None:
        """Stop the readers and the query workers."""
        for part in self._parts.values():
            part.__exit__(*problem)
        super().__exit__(*problem)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by the part whose address it is."""
        first = next(iter(path_of(scope)), "")
        if first == _MCP and _MCP not in self._parts:
            async with self._making:
                if _MCP not in self._parts:
                    try:
                        self._parts[_MCP] = await anyio.to_thread.run_sync(self._build_mcp)
                    except Exception as problem:  # noqa: BLE001 - of whatever kind, it is answered as a fault of ours
                        await self.answer_fault(problem, scope, receive, send)
                        return
        part = self._parts.get(first)
        await (super().__call__ if part is None else part)(scope, receive, send)

    def _build_mcp(self) -> AsgiApp:
        from transport.servers.mcp.door import McpApp

        app = McpApp(self.settings, self.access, self.log)
        app.end = self._end
        return app

    def _end(self) -> None:
        self.end()

    async def _describe(self, call: Call) -> Response:  # noqa: ARG002 - a handler's signature
        if not self._described:
            self._described = json.dumps(description(), ensure_ascii=False).encode()
        return Response(self._described, media_type="application/json")


class HttpServer(AsgiServer):
    """The server of one home. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
            Damaged: the journal is not what was written.
        """
        super().__init__(ServerApp(settings), settings, host, port)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; prints the address on stdout once the server listens."""
    return run_server("http", arguments, _serve)


def _serve(settings: Settings, host: str, port: int) -> None:
    with server_state.running(settings, "http") as record:
        counters.begin(settings, "http")
        server = HttpServer(settings, host, port)

        def listens(address: str) -> None:
            addresses = {"http": address, "share": f"{address}/{PREFIX}", "mcp": f"{address}{mcp.PATH}"}
            record.write(addresses, token_needed=not server.door.access.open, now=utc_now())
            say("http", address)

        run_until_told(server, listens, record.remove)


if __name__ == "__main__":
    sys.exit(main())
