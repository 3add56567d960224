"""Serves the questions in words: over stdio to one assistant of this machine, or over HTTP to callers with tokens."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Self
from urllib.parse import urlsplit

import anyio
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from catalog.contracts.language import Audience
from catalog.errors import Fault, Forbidden, SharingError, TooLarge, TooSlow, Unauthenticated, WrongUse
from transport.auth import Caller
from transport.base.bind_address import is_loopback, raise_open_files
from transport.base.settings import Settings
from transport.servers.http.call import HEAD_BYTES, Answer, Call, check_host, headed, problem_answer
from transport.servers.http.serving import AsgiServer, end_on_signals
from transport.servers.mcp.tools import CALLER, Desk, readable, server_for

PATH = "/mcp"
BODY_BYTES = 256 << 10
"""The longest request; an assistant's question is a few hundred bytes."""
_MB = 1 << 20
_AUDIENCES = (frozenset({Audience.OPEN}), frozenset({Audience.OPEN, Audience.LEDGER}))
"""What callers may read: a server for each, since a server lists what it has to everybody."""


class McpApp:
    """The MCP server over HTTP as an ASGI application: stateless, every request with its own token.

    Use as a context manager: it ends the query workers.
    """

    def __init__(self, settings: Settings) -> None:
        """Read the access files.

        Raises:
            WrongUse: an access file cannot be read.
        """
        self.desk = Desk(settings)
        self._idle = settings.idle_seconds
        self._servers = {audiences: server_for(self.desk, audiences) for audiences in _AUDIENCES}
        for server in self._servers.values():
            server.streamable_http_app(
                json_response=True,
                stateless_http=True,
                max_request_body_size=BODY_BYTES,
                # Host and Origin are checked below, as the HTTP door does
                transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            )

    def __enter__(self) -> Self:
        """Nothing to do."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End the query workers."""
        self.desk.__exit__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; always with a reference, never with a traceback."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        call = Call(HttpRequest(scope), receive)
        call.send = headed(call, send)
        try:
            await self._answered(call)
        except ConnectionError:
            return
        except (Answer, SharingError) as problem:
            error = problem.problem if isinstance(problem, Answer) else problem
            status = problem.status if isinstance(problem, Answer) else None
            facts = {"kind": error.kind, "problem": error.problem, "who": call.who, "reference": call.reference}
            await anyio.to_thread.run_sync(lambda: self.desk.log.event("refused", wire="mcp", **facts))
            headers = problem.headers if isinstance(problem, Answer) else {}
            await problem_answer(error, call.reference, status, headers)(scope, receive, call.send)
        except Exception as problem:  # noqa: BLE001 - whatever it is, no trace crosses the wire
            facts = {"kind": type(problem).__name__, "reference": call.reference}
            await anyio.to_thread.run_sync(lambda: self.desk.log.event("fault", wire="mcp", **facts))
            await problem_answer(Fault(), call.reference)(scope, receive, call.send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Keep the servers running between the start and the end of the process."""
        async with AsyncExitStack() as stack:
            await receive()
            for server in self._servers.values():
                await stack.enter_async_context(server.session_manager.run())
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answered(self, call: Call) -> None:
        scope = call.request.scope
        if call.head_bytes > HEAD_BYTES:
            raise Answer(431, WrongUse("The request's head is too long.", f"Heads are at most {HEAD_BYTES} bytes."))
        if call.path == ("livez",):
            await Response("alive\n", media_type="text/plain")(scope, call.receive, call.send)
            return
        is_open = await anyio.to_thread.run_sync(lambda: self.desk.access.open)
        if is_open:
            check_host(call.header("host"))
        _check_origin(call)
        if scope["path"] != PATH:
            raise Answer(404, WrongUse("There is nothing at this address.", f"The MCP server is at {PATH}."))
        if call.request.method != "POST":  # without sessions, there is nothing to listen to nor to end
            raise Answer(405, WrongUse("The address accepts POST only.", "Use POST."), Allow="POST")
        caller = await anyio.to_thread.run_sync(self._caller, call)
        audiences = readable(caller)
        body = await self._body(call)
        scope[CALLER] = caller
        await self._servers[audiences].session_manager.handle_request(scope, _again(body, call.receive), call.send)

    def _caller(self, call: Call) -> Caller:
        sent = call.request.headers.getlist("authorization")
        if len(sent) > 1:
            raise Unauthenticated("More than one token was sent.", "Send one.")
        caller = self.desk.access.caller(sent[0] if sent else None)
        call.who, call.producer = caller.name, caller.producer
        return caller

    async def _body(self, call: Call) -> bytes:
        """The whole body; a slow sender holds nobody's turn.

        Raises:
            TooLarge: it is longer than `BODY_BYTES`.
            TooSlow: it did not come within `idle_seconds`.
        """
        body = bytearray()
        try:
            async with asyncio.timeout(self._idle):
                more = True
                while more:
                    arrived = await call.chunk(self._idle)
                    if arrived is None:
                        raise ConnectionResetError
                    body += arrived[0]
                    more = arrived[1]
                    if len(body) > BODY_BYTES:
                        raise TooLarge(f"The request is longer than {BODY_BYTES} bytes.", "Ask for less at a time.")
        except TimeoutError:
            raise TooSlow(f"The request took more than {self._idle:.0f} seconds.", "Send it again.") from None
        return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
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


class McpServer(AsgiServer):
    """The MCP server of one home over HTTP. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
        """
        self.door = McpApp(settings)
        super().__init__(self.door, settings, host, port, closed=not self.door.desk.access.open, lifespan="on")

    def run(self, say: Callable[[str], None] = lambda _address: None) -> None:
        """Serve until `stop` or a signal."""
        with self.door:
            super().run(lambda address: say(f"{address}{PATH}"))


def serve_http(settings: Settings, *, host: str, port: int, say: Callable[[str], None]) -> int:
    """Be the MCP server over HTTP until told to end.

    Args:
        settings: the home and the limits.
        host: where it listens; beyond this machine only with tokens and TLS.
        port: 0 picks a free one.
        say: gets the address.

    Raises:
        WrongUse: as `McpServer`.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raise_open_files()
    server = McpServer(settings, host, port)
    memory = settings.server_memory_mb * _MB
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    end_on_signals()
    server.run(say)
    return 0


def serve_stdio(settings: Settings) -> int:
    """Answer one assistant over standard input and output, until it closes them.

    The caller is who the token in `token` says. Without a token, an assistant of a home with access files reads the
    open datasets only, whoever started it: what it reads goes on to a model.

    Raises:
        Unauthenticated: the token is unknown, expired or revoked.
        Forbidden: it gives no right to read.
        WrongUse: an access file cannot be read.
    """
    with Desk(settings) as desk:

        def caller() -> Caller:
            if desk.access.open or settings.token:
                return desk.access.caller(f"Bearer {settings.token}" if settings.token else None)
            return Caller("local", "local", None, None, frozenset(), None, frozenset({Audience.OPEN}))

        anyio.run(server_for(desk, readable(caller()), caller).run_stdio_async)
    return 0
