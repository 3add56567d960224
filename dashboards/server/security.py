"""Protection of the pages' server for all visitors, logged in or not: headers and closed addresses.

Streamlit's addresses that no page of ours needs are closed. Uploads would be kept in memory for anyone with a session,
which takes no login; the metrics reveal visitors and caches, and the agent address reveals a protocol that is off.
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

from dashboards.shared.panel import EMBED
from dashboards.views.definitions.tables import TO_THE_LINKED

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLOSED: Final = (
    "/_stcore/upload_file",
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/bidi-components",
    "/component",
)
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SNIFFS_NOT: Final = (b"x-content-type-options", b"nosniff")
_GUARDS: Final = (
    (b"x-frame-options", b"SAMEORIGIN"),
    _SNIFFS_NOT,
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
"""Headers of every response: no other site may frame our pages or learn which page a visitor was on."""
_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
"""Of pages that visitors have by https: browsers ask for nothing of them in the clear for a year."""
_PARTS: Final = re.compile(r"/static/(?:js|css)/[\w.-]+")
"""The program's scripts and styles. Policies are of documents, so these carry none: a page loads a hundred of them, and
the headers would be a twentieth of a first visit."""
_FRAMES: Final = frozenset({b"x-frame-options", b"cross-origin-opener-policy"})
"""Those that embeds go without, since other sites show them; their own policy says that they may."""


@cache
def policy() -> str:
    """The content security policy: our pages load only from our own server, whatever was injected into them.

    Inline scripts are listed by hash: Streamlit's own, and ours for the definitions. Vega makes functions of its
    expressions, and scripts write styles.

    Source: W3C, Content Security Policy Level 3.
    """
    index = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    within = [*_SCRIPT.findall(index), *_SCRIPT.findall(TO_THE_LINKED)]
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in within
    )
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
    """Answers only what the pages need, and sets the headers that restrict what browsers let our pages do."""

    def __init__(self, app: ASGIApp, address: str = "") -> None:
        """Take the pages' address, as visitors have it."""
        self._app = app
        self._guards = (*_GUARDS, *((_TLS_ONLY,) if address.startswith("https:") else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on requests to open addresses; every response gets our security headers."""
        if scope["type"] == "websocket":
            await self._app(scope, _without_forgetting(receive), send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        embedded = scope["path"].startswith(EMBED)
        part = _PARTS.fullmatch(scope["path"])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                named = {name.lower(): value for name, value in headers}
                ours = [guard for guard in self._guards if not (embedded and guard[0] in _FRAMES)]
                guards = [*ours, (b"content-security-policy", policy().encode())]
                if part and b"immutable" in named.get(b"cache-control", b""):
                    guards = [_SNIFFS_NOT]
                headers += [guard for guard in guards if guard[0] not in named]
                message = {**message, "headers": headers}
            await send(message)

        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if not is_host_allowed(host or None):  # another's domain that resolves here; Streamlit refuses its websockets
            await PlainTextResponse("400", status_code=HTTPStatus.BAD_REQUEST)(scope, receive, guarded)
            return
        if scope["path"].startswith(_CLOSED):
            await PlainTextResponse("404", status_code=HTTPStatus.NOT_FOUND)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


def _without_forgetting(receive: Receive) -> Receive:
    """Drop a tab's requests to clear all caches: anybody can send one, and the caches are shared by everybody."""

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
        return False  # Streamlit reports it
