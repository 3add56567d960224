"""Streamlit's browser program, adapted: its page is made ours, and its parts are loaded before they are needed.

`PageHead` makes the HTML ours, and preloads the parts that pages draw with while the browser still starts the rest.
Otherwise each part is loaded when the first of its kind is drawn, with a grey bar of another height in its place
meanwhile. It answers 404 where there is no page. `StaticFileCache` compresses each file of the program once and answers
from memory, as small as set-up has made them (`program`): each new visitor loads a hundred. `keep` does it before the
first visitor, and makes the smallest ones itself, once the server rests, where set-up has not.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import brotli  # type: ignore[import-untyped]
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse

from catalog.contracts.language import Audience
from dashboards.page import file_delivery
from dashboards.server import program, search
from dashboards.shared import frame, geometry
from dashboards.shared.pages import DATASET, LANGUAGE, PAGES, SUBSCRIBE
from dashboards.shared.panel import EMBED, TABLE
from dashboards.words import LANGUAGES, TAGS, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES: Final = "/static/"
"""Address of the program's files; their names include a content hash, so a file never changes under its name."""
_PRELOAD: Final = re.compile(rb'<link\s+rel="preload"[^>]*\bas="font"[^>]*>')
_THEIR_FONT: Final = re.compile(r"/static/media/SourceSansVF-Upright[\w.-]*\.woff2")
_OUR_FONT: Final = "/app/static/inter-latin.woff2"
_THEIR_ICONS: Final = re.compile(r"/static/media/MaterialSymbols-Rounded[\w.-]*\.woff2")
_OUR_ICONS: Final = "/app/static/icons.woff2"
_WITHOUT_SCRIPT: Final = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_BODY: Final = b"<body>"
_HEAD_ENDS: Final = b"</head>"
_ROOT: Final = b'<div id="root">'
_AS_IT_IS: Final = frozenset({b"accept-encoding", b"range", b"if-none-match", b"if-modified-since"})
"""Request headers not passed to Streamlit, so that it sends its page whole and uncompressed, even if cached."""
_OF_THEIRS: Final = frozenset({b"content-length", b"etag", b"last-modified"})
"""Response headers of Streamlit's page that do not hold for ours."""
_NOT_PAGES: Final = re.compile(
    rf"{file_delivery.PATH}[^/]+/[^/]+|(?:{FILES}|/_stcore/|/media/|/component/|/app/static/).*|{geometry.ADDRESS}"
    rf"|{frame.FIND}(?:\.json)?|{frame.HOME}|{re.escape(search.script_address())}"
    rf"|/auth/log(?:in|out)|/oauth2callback|/favicon\.png|{SUBSCRIBE}(?:/(?:bekreft|slutt)/[^/]+)?"
    rf"|(?:{EMBED}|{TABLE})[^/]+/[^/]+"
)
"""Paths of everything other than pages."""
_PATHS: Final = frozenset({"", *(page.path for page in PAGES)})
_STYLE: Final = Path(__file__).parent.parent / "shared" / "page.css"


@cache
def injected_html() -> tuple[bytes, bytes]:
    """The ends of a page's head and body. Our style comes after Streamlit's, so that it can override it."""
    links = [f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in program.preloads()]
    links += [f'<script src="{search.script_address()}" defer></script>']
    return f"{''.join(links)}</head>".encode(), f"<style>{_STYLE.read_text('utf-8')}</style></body>".encode()


class PageHead:
    """Makes the page's HTML ours: its language, title and style, the link past its menu, and its preloads.

    Streamlit sets `<html lang>` to English for everybody, and uses its own font until ours has loaded. Requests for
    its font are redirected to ours, which is a third of the size and loaded anyway, and requests for its icons to those
    that are drawn (`tools/icon_font.py`).

    Source: WCAG 2.1, success criteria 2.4.1, 2.4.2, 3.1.1 and 3.1.2.
    """

    def __init__(
        self,
        app: ASGIApp,
        describe: Callable[[str], bytes] = lambda _dataset: b"",
        first: Callable[[Mapping[str, str], str, Mapping[str, str], Words], str] = lambda *_: "",
    ) -> None:
        """Wrap Streamlit.

        Args:
            app: Streamlit.
            describe: gives the element for a page's head that describes the dataset that its address names.
            first: gives the first words of a page, from the request's cookies, its path, its link and the texts.
        """
        self._app = app
        self._describe = describe
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 for unknown pages, pass everything else on, and rewrite the head of pages."""
        for theirs, ours in ((_THEIR_FONT, _OUR_FONT), (_THEIR_ICONS, _OUR_ICONS)):
            if scope["type"] == "http" and theirs.fullmatch(scope["path"]):
                await RedirectResponse(ours, HTTPStatus.PERMANENT_REDIRECT)(scope, receive, send)
                return
        if scope["type"] != "http" or _NOT_PAGES.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        asked = query.get(LANGUAGE, [""])[0]
        language = asked if asked in TAGS else LANGUAGES[0]
        if scope["path"].strip("/") not in _PATHS and scope["method"] in {"GET", "HEAD"}:
            asked_anew = {"cache-control": "no-cache"}  # a later version may have this page
            no_page = HTMLResponse(_no_page(Words(language)), HTTPStatus.NOT_FOUND, asked_anew)
            await no_page(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name not in _AS_IT_IS]
        answer = await _answered(self._app, {**scope, "headers": plain}, receive)
        if answer is None:
            return
        start, body = answer
        headers = list(start["headers"])
        if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
            body = body.replace(b'<html lang="en"', f'<html lang="{language}"'.encode(), 1)
            body = _ours(body, Words(language))
            if dataset := query.get(DATASET, [""])[0]:  # of the page *data*: nothing for any other
                body = body.replace(_HEAD_ENDS, await asyncio.to_thread(self._describe, dataset) + _HEAD_ENDS, 1)
            link = {name: values[0] for name, values in query.items()}
            asked_with = (HTTPConnection(scope).cookies, scope["path"].strip("/"), link, Words(language))
            first = await asyncio.to_thread(self._first, *asked_with)
            body = body.replace(_ROOT, first.encode() + _ROOT, 1)
            headers = [(name, value) for name, value in headers if name != b"cache-control"]
            headers.append((b"cache-control", b"private, no-cache"))  # the visitor's own numbers
        if body:
            headers = [(name, value) for name, value in headers if name not in _OF_THEIRS]
            headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _answered(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes] | None:
    """The start message and whole body of a response; None if it was cut off because the client went away."""
    start: Message = {}
    body, whole = bytearray(), False

    async def gather(message: Message) -> None:
        nonlocal start, whole
        if message["type"] == "http.response.start":
            start = message
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))
            whole = not message.get("more_body")

    await app(scope, receive, gather)
    return (start, bytes(body)) if whole else None


def _ours(page: bytes, words: Words) -> bytes:
    """Streamlit's page with our title, style, preloads and texts, and without its font."""
    title, skip, scripts = (escape(words(f"app.{key}")).encode() for key in ("title", "skip", "no_script"))
    html = _PRELOAD.sub(b"", page.replace(b"<title>Streamlit</title>", b"<title>" + title + b"</title>", 1))
    html = html.replace(_BODY, _BODY + b'<a class="dif-skip" href="#stMain">' + skip + b"</a>", 1)
    html = _WITHOUT_SCRIPT.sub(b"<noscript><p>" + scripts + b"</p></noscript>", html, count=1)
    head, end = injected_html()
    return end.join(html.replace(b"</head>", head, 1).rsplit(b"</body>", 1))


@cache
def _no_page(words: Words) -> str:
    """The 404 page: it says that there is no such page, and links to those that every visitor may see.

    It echoes nothing of the request but the language. Streamlit would send its program to any address: one with several
    parts would stay empty for ever, since the program's files are looked up beside it; others would be in English.
    """
    title, text, pages = (escape(words(key)) for key in ("app.no_page.title", "app.no_page", "app.no_page.pages"))
    link = f"?{LANGUAGE}={words.tag}" if words.tag != LANGUAGES[0] else ""
    listed = "".join(
        f'<li><a href="/{page.path}{link}">{escape(words(f"{page.key}.title"))}</a></li>'
        for page in PAGES
        if page.audience is Audience.OPEN
    )
    nav = f'<nav aria-labelledby="pages"><h2 id="pages">{pages}</h2><ul>{listed}</ul></nav>'
    return frame.alone(words("app.no_page.title"), f"<h1>{title}</h1><p>{text}</p>{nav}", words)


class StaticFileCache:
    """Answers for the program's files from memory after their first request, without reading or compressing them again.

    It keeps only whole responses that anybody may cache for ever, and sends the smallest file that there is of the same
    content. The request's accepted encodings are reduced to one of three, so that made-up ones cannot fill the memory
    or poison answers for others. All answers together take at most `most` bytes.
    """

    def __init__(self, app: ASGIApp, most: int = 64_000_000, smallest: Path | None = None) -> None:
        """Wrap the program.

        Args:
            app: the program, with what compresses its answers.
            most: the bytes that all kept answers may take.
            smallest: the folder of compressed files.
        """
        self._app = app
        self._left = most
        self._smallest = smallest
        self._answers: dict[tuple[str, bytes], tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass on and keep the answer."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FILES):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if {b"range", b"if-none-match", b"if-modified-since"} & headers.keys():
            await self._app(scope, receive, send)
            return
        text = b",".join(value for name, value in scope["headers"] if name == _TAKES).decode("latin-1")
        taken = _accepted_encodings(text)
        pressed = next((encoding for encoding in _PRESSED if taken.get(encoding, taken.get("*"))), "identity").encode()
        key = (scope["path"], pressed)
        if _ANEW in scope:
            self._forget(key)
        if key not in self._answers:
            others = [(name, value) for name, value in scope["headers"] if name != _TAKES]
            plain = {**scope, "headers": [*others, (_TAKES, pressed)]}
            answer = await _answered(self._app, plain, receive)
            if answer is None:
                return
            start, body = answer
            if _for_ever(start):
                body = self._smaller(scope["path"], start, body)
                start = _of_length(start, len(body))
            takes = len(body) + len(scope["path"]) + _BESIDE
            if not _for_ever(start) or takes > self._left or key in self._answers:  # two may ask at the same time
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            self._left -= takes
            self._answers[key] = (start, body)
        for_all, body = self._answers[key]
        await send(for_all)
        await send({"type": "http.response.body", "body": body})

    def _smaller(self, path: str, start: Message, body: bytes) -> bytes:
        """The smallest body that there is of an answer; as it is, where that is not known to be the same."""
        if dict(start["headers"]).get(b"content-encoding") != b"br":
            return body
        small = program.smallest(Path(path).name, brotli.decompress(body), self._smallest)
        return small if small is not None and len(small) < len(body) else body

    def _forget(self, key: tuple[str, bytes]) -> None:
        _, body = self._answers.pop(key, ({}, None))
        if body is not None:
            self._left += len(body) + len(key[0]) + _BESIDE


@cache
def _yielding() -> ThreadPoolExecutor:
    """One thread that gets the processors that nobody else asks for."""

    def yields() -> None:
        if sys.platform == "linux":  # elsewhere the priority would be the whole process's
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)

    return ThreadPoolExecutor(1, "smaller", initializer=yields)


async def keep(
    app: ASGIApp, smallest: Path | None = None, files: Sequence[Path] | None = None, rest_seconds: float = 40
) -> None:
    """Request every file of the program that a first visit loads, as browsers do, so that `StaticFileCache` keeps it.

    Args:
        app: the program, with `StaticFileCache` around it.
        smallest: the folder of compressed files, which is filled where set-up has not.
        files: those of a first visit; default: the program's.
        rest_seconds: how long to wait before that: it takes 50 times as long as starting may.
    """
    headers = [(b"host", b"localhost"), (_TAKES, _BROWSERS_TAKE)]  # the server answers to it wherever it is

    async def waits() -> Message:
        leaves: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await leaves  # never done: the client does not leave, and a whole response does not wait for it

    async def unsent(_message: Message) -> None:
        return

    about: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
    }
    about |= {"query_string": b"", "client": None, "headers": headers}
    every = program.files() if files is None else files
    asked = {file: {**about, "path": _path(file), "raw_path": _path(file).encode()} for file in every}
    for scope in asked.values():
        await app(scope, waits, unsent)
    if smallest is None:
        return
    await asyncio.sleep(rest_seconds)
    with contextlib.suppress(OSError):  # a full disk, or one that cannot be written: all are sent as they are
        for file, scope in asked.items():
            made = asyncio.get_running_loop().run_in_executor(_yielding(), program.compress, file, smallest)
            if await made:
                await app({**scope, _ANEW: True}, waits, unsent)
        await asyncio.to_thread(program.remove_others, every, smallest)


def _path(file: Path) -> str:
    return f"{FILES}{file.parent.name}/{file.name}"


_TAKES: Final = b"accept-encoding"
_PRESSED: Final = ("br", "gzip")
"""The encodings that we compress in, the smallest first."""
_NEVER: Final = re.compile(r"\s*q=0(\.0*)?\s*", re.IGNORECASE)


def _accepted_encodings(accept_encoding: str) -> dict[str, bool]:
    """Whether a browser takes each encoding that it names (RFC 9110, 12.5.3); `*` stands for all others."""
    named = (item.partition(";") for item in accept_encoding.lower().split(","))
    return {encoding.strip(): not _NEVER.fullmatch(weight) for encoding, _, weight in named}


_ANEW: Final = "dif.anew"
"""Stands in the scope of a request that `StaticFileCache` answers anew; no visitor can send it."""
_LOWEST: Final = 19
"""The lowest priority of a thread."""
_BESIDE: Final = 2000
"""Bytes that an answer takes besides its body and path: headers, and Python's overhead."""
_ASKED_AGAIN: Final = frozenset({b"content-length", b"etag", b"last-modified", b"accept-ranges"})
_BROWSERS_TAKE: Final = b"gzip, deflate, br, zstd"
"""What current Chromium, Firefox and Safari accept."""


def _for_ever(start: Message) -> bool:
    return start["status"] == HTTPStatus.OK and b"immutable" in dict(start["headers"]).get(b"cache-control", b"")


def _of_length(start: Message, length: int) -> Message:
    """The start of a kept answer: whole, of this length, and without what only those use who ask for it again."""
    headers = [(name, value) for name, value in start["headers"] if name not in _ASKED_AGAIN]
    return {**start, "headers": [*headers, (b"content-length", str(length).encode())]}
