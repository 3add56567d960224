"""What everybody meets who reaches the pages' server, logged in or not: how it is patient, and what it never answers.

What Streamlit answers beside the pages, and no page of ours needs, is closed. An upload would be kept in memory for
anyone who has a session, which takes no login; its metrics tell of visitors and caches, and its agents' door of a
protocol that is off.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed
from uvicorn.config import HTTP_PROTOCOLS

from dashboards.views.definitions.tables import TO_THE_LINKED
from transport.base.bind_address import most_connections, raise_open_files
from transport.servers.http.connection import PatientConnection

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from transport.base.settings import Settings

_CLOSED: Final = (
    "/_stcore/upload_file",
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/bidi-components",
    "/component",
)
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_GUARDS: Final = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
"""What a browser is told with every answer: no page of others frames ours, or learns where a visitor was."""


@cache
def policy() -> str:
    """What a page of ours may load, by whatever got into it: what is ours, and nothing of others.

    Scripts that stand in the page itself are named by what they say: Streamlit's own, and ours of the definitions. Vega
    makes functions of its expressions, and styles are written by script.

    Source: W3C, Content Security Policy Level 3.
    """
    index = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    within = [*_SCRIPT.findall(index), *_SCRIPT.findall(TO_THE_LINKED)]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in within)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityMiddleware:
    """Answers only what the pages need, and tells browsers what no page of ours does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is open; each answer goes with our guards."""
        if scope["type"] == "websocket":
            await self._app(scope, _without_forgetting(receive), send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                named = {name.lower() for name, _ in headers}
                guards = (*_GUARDS, (b"content-security-policy", policy().encode()))
                headers += [guard for guard in guards if guard[0] not in named]
                message = {**message, "headers": headers}
            await send(message)

        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if not is_host_allowed(host or None):  # a name that others made lead here, as a websocket is refused
            await PlainTextResponse("400", status_code=HTTPStatus.BAD_REQUEST)(scope, receive, guarded)
            return
        if scope["path"].startswith(_CLOSED):
            await PlainTextResponse("404", status_code=HTTPStatus.NOT_FOUND)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


def _without_forgetting(receive: Receive) -> Receive:
    """What a tab sends, but for the wish that all caches be emptied: they are everybody's, and anybody may ask."""

    async def heard() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or not _forgets(message.get("bytes") or b""):
                return message

    return heard


def _forgets(frame: bytes) -> bool:
    try:
        return bool(BackMsg.FromString(frame).WhichOneof("type") == "clear_cache")
    except DecodeError:
        return False  # Streamlit says what it thinks of it


_FILES_EACH: Final = 4
"""That a visitor takes: Streamlit gives each an event loop of its own, which is three."""


def be_patient(given: Settings) -> None:
    """Let the pages' server hold so many connections as it has files for, and wait for none for ever.

    Streamlit makes the server, and gives no way to say which connections it has; uvicorn's own choice is what it takes.
    """
    raise_open_files()
    PagesConnection.patience, PagesConnection.most = given.idle_seconds, most_connections(_FILES_EACH)
    HTTP_PROTOCOLS["auto"] = f"{PagesConnection.__module__}:{PagesConnection.__name__}"


class PagesConnection(PatientConnection):
    """A connection to the pages, as patient as the settings say."""
