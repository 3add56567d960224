"""What every door over HTTP does with a request: a reference for each, no traceback to anybody, no waiting in the loop.

The applications of `transport.servers.http`, `share` and `mcp` say what the addresses are and what they answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Self, TypeVar

import anyio
import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from catalog.errors import Busy, Fault, Forbidden, SharingError, TryAgain, WrongUse
from transport.auth import Access, Caller
from transport.base.bind_address import is_loopback, network_of
from transport.base.settings import Settings
from transport.ingest.ingest_service import Quota
from transport.operations import metrics
from transport.releases.store import Releases
from transport.servers import calls
from transport.servers.calls import Read
from transport.servers.http.call import (
    HEAD_BYTES,
    Answer,
    Call,
    check_host,
    headed,
    json_answer,
    problem_answer,
    status_of,
)
from transport.servers.http.routes import HEALTH, Permission, Route
from transport.telemetry.event_log import EventLog

_NOTHING: Mapping[str, str] = MappingProxyType({})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
ANONYMOUS_PER_MINUTE = 600
"""Calls of one address without a token: a harvester asks for every address of the catalogue at once."""
_LONGEST_ADDRESS = 45
T = TypeVar("T")
Handler = Callable[..., Awaitable[Response | None]]


class AsgiApp:
    """An ASGI application of one home. Use as a context manager. A subclass answers in `_answered`."""

    wire = "http"
    path = ""
    """Where it is, below the server's address."""
    routes: tuple[Route, ...] = HEALTH
    tells_of_home = False
    """Whether its figures are those of the whole home, which one server of it gives."""
    elsewhere = "See /openapi.json for the addresses."
    """What a caller is told who asks for an address that there is not."""

    def __init__(self, settings: Settings, access: Access | None = None, log: EventLog | None = None) -> None:
        """Read the access files, unless they are given.

        Args:
            settings: of the home.
            access: of the server that this is a part of.
            log: likewise.

        Raises:
            WrongUse: an access file cannot be read.
        """
        self.settings = settings
        self.access = access or Access(settings)
        self.log = log or EventLog(settings)
        self.end: Callable[[], None] = lambda: None
        """Called when memory is exhausted: a restarted process has it all again."""
        self.handlers: Mapping[str, Handler] = {"live": self._live, "ready": self._ready, "metrics": self._metrics}
        self._releases = Releases(settings)
        self._strangers = calls.OneByOne(settings)
        self._anonymous_left = Quota("calls without a token", per_minute=ANONYMOUS_PER_MINUTE)
        self._exhausted = False
        self._deeds = CapacityLimiter(16)

    def __enter__(self) -> Self:
        """Begin to serve."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop what was started."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; always with a reference, never with a traceback."""
        if scope["type"] != "http":
            return
        call = Call(HttpRequest(scope), receive)
        call.send = headed(call, send, self.settings.idle_seconds)

        try:
            if call.head_bytes > HEAD_BYTES:
                raise Answer(431, WrongUse("The request's head is too long.", f"Heads are at most {HEAD_BYTES} bytes."))  # noqa: TRY301 - answered as every refusal
            answer = await self._answered(call)
        except ConnectionError:
            return  # nobody is there to answer; the log of batches has it
        except asyncio.CancelledError:
            call.over = True
            raise
        except (Answer, SharingError) as problem:
            answer = await self._refusal(call, problem)
        except Exception as problem:  # noqa: BLE001 - whatever it is, no trace crosses the wire
            answer = await self._fault(call, problem)
        if answer is not None:
            with contextlib.suppress(ConnectionError):
                await answer(scope, receive, call.send)

    async def answer_fault(self, problem: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that a fault of ours kept from its part."""
        if scope["type"] == "http":
            answer = await self._fault(Call(HttpRequest(scope), receive), problem)
            await answer(scope, receive, send)

    async def _answered(self, call: Call) -> Response | None:
        """Find the route. None when the answer is already sent."""
        if call.path != ("livez",) and self.access.open:
            check_host(call.header("host"))
        routes = {route.method: route for route in self.routes if route.matches(call.path)}
        if not routes:
            raise Answer(404, WrongUse("There is nothing at this address.", self.elsewhere))
        method = call.request.method
        route = routes.get(method) or (routes.get("GET") if method == "HEAD" else None)
        if route is None:
            allowed = ", ".join([*routes, "HEAD"] if "GET" in routes and "HEAD" not in routes else routes)
            no = WrongUse(f"The address does not accept {method[:20]}.", f"Use {allowed}.")
            raise Answer(405, no, Allow=allowed)
        call.query = route.query
        call.for_readers = route.access is Permission.READER
        return await self._called(call, route, route.values(call.path))

    async def _called(self, call: Call, route: Route, values: tuple[str, ...]) -> Response | None:
        """Answer a call of a route. None when the answer is already sent."""
        if not route.lenient and route.access not in (Permission.CALLER, Permission.READER):
            call.check_options()  # other routes check once the caller is known
        return await self.handlers[route.operation](call, *values)

    def _problem(
        self, problem: SharingError, call: Call, status: int | None = None, headers: Mapping[str, str] = _NOTHING
    ) -> Response:
        """A problem in the words of the protocol."""
        return problem_answer(problem, call.reference, status, headers)

    async def _fault(self, call: Call, problem: Exception) -> Response:
        """The answer to a fault of ours; the log gets its place in the code, and no values."""
        if isinstance(problem, MemoryError) and not self._exhausted:
            self._exhausted = True
            self.end()
        await self._deed(lambda: calls.log_fault(self.log, self.wire, problem, call.reference))
        traceback.clear_frames(problem.__traceback__)  # frames hold rows, and files being read
        if isinstance(problem, MemoryError):
            gc.collect()
        return self._problem(Fault(), call)

    async def _refusal(self, call: Call, problem: Answer | SharingError) -> Response:
        """The answer that refuses. Logs what nobody has logged yet."""
        error = problem.problem if isinstance(problem, Answer) else problem
        status = problem.status if isinstance(problem, Answer) else status_of(problem)
        if error.reference:
            call.reference = error.reference
        else:
            await self._deed(lambda: self._log_no(call, error, status))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, TryAgain | Busy):
            error = Fault()  # its details are for the operator
        return self._problem(error, call, status, problem.headers if isinstance(problem, Answer) else _NOTHING)

    def _log_no(self, call: Call, error: SharingError, status: int) -> None:
        facts = {"kind": error.kind, "status": status, "problem": error.problem, "reference": call.reference}
        self.log.event("refused", wire=self.wire, call=f"{call.request.method} /{'/'.join(call.path)}", **facts)

    async def _deed(self, deed: Callable[[], T]) -> T:
        """Run something that may wait for a disk, outside the event loop."""
        return await anyio.to_thread.run_sync(deed, limiter=self._deeds)

    def _sender(self, call: Call) -> Caller:
        """Authenticate who calls. A caller without a token is let in where it may read something, and counted.

        Raises:
            Unauthenticated, Forbidden, TryAgain: as `Access.caller`; or two tokens were sent.
            OverQuota: the address has asked for too much without a token.
        """
        caller = self._reader(call) if call.for_readers else None
        if caller is None:
            caller = calls.caller_of(self.access, call.headers)
        call.who, call.producer = caller.name, caller.producer
        return caller

    def _reader(self, call: Call) -> Caller | None:
        """The caller without a token, where there is open access; None otherwise."""
        tokens = call.headers.get("authorization", ())
        if len(tokens) > 1 or call.headers.get("dif-producer"):
            return None
        caller = self.access.reader(next(iter(tokens), None), address=self._address(call))
        if caller is not None:
            self._anonymous_left.spend(caller.name)
        return caller

    def _address(self, call: Call) -> str:
        """The caller's address: as added by our TLS proxy, or the other end of the connection."""
        added = call.headers.get("x-forwarded-for", ()) if self.settings.tls_elsewhere else ()
        last = added[-1].rpartition(",")[2].strip() if added else ""
        client = call.request.client
        peer = client.host if client else ""
        return network_of(last[:_LONGEST_ADDRESS]) or network_of(peer) or peer

    async def _live(self, call: Call) -> Response:  # noqa: ARG002 - as every handler
        """Whether the process serves."""
        return json_answer({"status": "no" if self._exhausted else "ok"}, 503 if self._exhausted else 200)

    async def _ready(self, call: Call) -> Response:  # noqa: ARG002 - as every handler
        """Whether anybody can be given anything."""
        missing = await self._deed(self._missing)
        return json_answer({"status": "no" if missing else "ok", "missing": missing}, 503 if missing else 200)

    def _missing(self) -> Sequence[object]:
        """Why the server cannot answer calls."""
        trouble = ["access"] if self.access.trouble is not None else []
        return [*trouble, *(["release"] if self._releases.current_name() is None else [])]

    async def _metrics(self, call: Call) -> Response:
        """Figures for Prometheus, for callers on this machine and for the operator's tokens.

        They count rows and bytes of every stream, and so say how much somebody just sent.
        """
        if not self._is_here(call):
            caller = await self._deed(lambda: self._sender(call))
            if not caller.metrics:
                raise Forbidden(
                    f"{caller.name} may not read the figures of the servers.",
                    "They are the operator's. Prometheus gets a token of its own (`dif token add NAME --metrics`).",
                )
        body, kind = await self._deed(lambda: metrics.exposition(self.settings, home=self.tells_of_home))
        return Response(body, headers={"Content-Type": kind})

    def _is_here(self, call: Call) -> bool:
        """Whether the caller is on this machine; a local proxy does not count, since it serves others."""
        if self.settings.tls_elsewhere or any(call.header(name) for name in _FORWARDED):
            return False
        client = call.request.client
        return client is not None and is_loopback(client.host)

    def _reading(self, call: Call, dataset: str, release: str = "") -> Read:
        """The line that a read leaves in the audit."""
        return Read(
            self.log,
            self.wire,
            call.who,
            dataset=dataset[:80],
            release=release[:40],
            reference=call.reference,
            began=call.began,
        )

    def _ms(self, call: Call) -> float:
        return (time.monotonic() - call.began) * 1000
