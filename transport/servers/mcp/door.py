"""Serves the questions in words: over stdio to one assistant of this machine, or over HTTP to callers with tokens."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import anyio
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Message, Receive

from catalog.contracts.sharing import Right
from catalog.errors import Forbidden
from transport.auth import Access, Caller
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.call import Call
from transport.servers.http.routes import HEALTH
from transport.servers.mcp.routes import PATH, ROUTES
from transport.servers.mcp.tools import CALLER, Desk, readable, server_for
from transport.telemetry.event_log import EventLog

BODY_BYTES = 256 << 10
"""The longest request; an assistant's question is a few hundred bytes."""
_MB = 1 << 20
_BESIDE_OPEN = [right for right in Right if right not in (Right.OPEN, Right.PUBLIC)]
_RIGHTS = (
    frozenset({Right.PUBLIC}),
    *(
        frozenset({Right.OPEN, *more})
        for count in range(len(_BESIDE_OPEN) + 1)
        for more in itertools.combinations(_BESIDE_OPEN, count)
    ),
)
"""What callers may read: a server for each, since a server lists what it has to everybody."""


class McpApp(AsgiApp):
    """Assistants over HTTP as an ASGI application: stateless, every request with its own token.

    Use as a context manager: it ends the query workers.
    """

    wire = "mcp"
    path = PATH
    routes = (*ROUTES, *HEALTH)
    elsewhere = f"The MCP server is at {PATH}."

    def __init__(self, settings: Settings, access: Access | None = None, log: EventLog | None = None) -> None:
        """Read the access files, as `AsgiApp`."""
        super().__init__(settings, access, log)
        self.desk = Desk(settings, self.access, self.log)
        self._started = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.handlers = {**self.handlers, "answer": self._answer}
        self._servers = {rights: server_for(self.desk, rights) for rights in _RIGHTS}
        for server in self._servers.values():
            server.streamable_http_app(
                json_response=True,
                stateless_http=True,
                max_request_body_size=BODY_BYTES,
                # Host and Origin are checked below, as the HTTP door does
                transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            )

    def __exit__(self, *problem: object) -> None:
        """End the query workers."""
        self.desk.__exit__()

    async def _run_servers(self) -> None:
        """Keep the servers running until the event loop ends, which cancels this."""
        async with AsyncExitStack() as stack:
            for server in self._servers.values():
                await stack.enter_async_context(server.session_manager.run())
            self._started.set()
            await anyio.sleep_forever()

    async def _answer(self, call: Call) -> None:
        _check_origin(call)
        scope, caller = call.request.scope, await self._deed(lambda: self._sender(call))
        rights = readable(caller)
        body = await call.body(BODY_BYTES, self.settings.idle_seconds)
        scope[CALLER] = caller
        self._running = self._running or asyncio.create_task(self._run_servers())
        await self._started.wait()
        await self._servers[rights].session_manager.handle_request(scope, _replayed(body, call.receive), call.send)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read once more; then what comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def _check_origin(call: Call) -> None:
    """Accept a browser only from this server's own address or from this machine: a hostile page could post here.

    Raises:
        Forbidden: the request comes from another page.

    Source: Model Context Protocol, "Transports", security warning.
    """
    origin = call.header("origin")
    host = urlsplit(origin).hostname or ""
    own = urlsplit(f"//{call.header('host')}").hostname or ""
    if origin and not is_loopback(host) and host != own:
        raise Forbidden("The request comes from a page of another site.", "Call the server from an assistant.")


def serve_stdio(settings: Settings) -> int:
    """Answer one assistant over standard input and output, until it closes them.

    The caller is who the token in `token` says. Without a token, an assistant of a home with access files reads the
    open datasets only, whoever started it: what it reads goes on to a model.

    Raises:
        Unauthenticated: the token is unknown, expired or revoked.
        Forbidden: it gives no right to read.
        WrongUse: an access file cannot be read.
    """
    with Desk(settings, Access(settings), EventLog(settings)) as desk:

        def caller() -> Caller:
            if desk.access.open or settings.token:
                return desk.access.caller(f"Bearer {settings.token}" if settings.token else None)
            return Caller("local", "local", None, None, frozenset(), None, frozenset({Right.OPEN}))

        anyio.run(server_for(desk, readable(caller()), caller).run_stdio_async)
    return 0
