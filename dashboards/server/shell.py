"""Streamlit's browser program, adapted: its page is made ours, and its parts are loaded before they are needed.

`PageHead` makes the HTML ours, and preloads the parts that pages draw with while the browser still starts the rest.
Otherwise each part is loaded when the first of its kind is drawn, with a grey bar of another height in its place
meanwhile. It answers 404 where there is no page.
"""

from __future__ import annotations

import asyncio
import re
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse

from dashboards.page import file_delivery
from dashboards.server import search
from dashboards.shared import frame, geometry
from dashboards.shared.pages import DATASET, LANGUAGE, PAGES, SUBSCRIBE
from dashboards.shared.panel import EMBED, TABLE
from dashboards.shared.search import MOST
from dashboards.words import LANGUAGES, TAGS, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    rf"|(?:{EMBED}|{TABLE})[^/]+/[^/]+|/feeds/[^/]+"
)
"""Paths of everything other than pages."""
_PATHS: Final = frozenset({"", *(page.path for page in PAGES)})
_STYLE: Final = Path(__file__).parent.parent / "shared" / "page.css"

_DRAWN_WITH: Final = (
    "ArrowVegaLiteChart",
    "Button",
    "DownloadButton",
    "Html",
    "Multiselect",
    "NumberInput",
    "Radio",
    "Selectbox",
    "TextInput",
    "embed",
)
"""Parts that our pages draw with, and what the chart part loads when it draws the first one. The slider is not among
them: only one page has one, and it is a tenth of the total size."""
_IMPORTS: Final = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_IN_THE_PAGE: Final = re.compile(r"static/js/([\w.-]+\.js)")


@cache
def preloads() -> tuple[str, ...]:
    """Names of scripts that pages draw with and the program's page does not load itself, with their own imports.

    Parts that Streamlit renamed are skipped: they load when they are needed.
    """
    static = Path(st.__file__).parent / "static"
    scripts, loaded = static / "static" / "js", _IN_THE_PAGE.findall((static / "index.html").read_text("utf-8"))
    names: set[str] = set()
    left = [path.name for part in _DRAWN_WITH for path in scripts.glob(f"{part}.*.js")]
    while left:
        name = left.pop()
        if name not in loaded and name not in names:
            names.add(name)
            left += _IMPORTS.findall((scripts / name).read_text("utf-8"))
    return tuple(sorted(names))


@cache
def injected_html() -> tuple[bytes, bytes]:
    """The ends of a page's head and body. Our style comes after Streamlit's, so that it can override it."""
    links = [f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in preloads()]
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
        code = query.get(LANGUAGE, [""])[0]
        language = code if code in TAGS else LANGUAGES[0]
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
    """The 404 page: it says that there is no such page; its frame links to those that every visitor may see.

    It echoes nothing of the request but the language. Streamlit would send its program to any address: one with several
    parts would stay empty for ever, since the program's files are looked up beside it; others would be in English.
    """
    title, text = (escape(words(key)) for key in ("app.no_page.title", "app.no_page"))
    form = frame.search("", {LANGUAGE: words.tag}, words, most=MOST)
    return frame.alone(words("app.no_page.title"), f"<h1>{title}</h1><p>{text}</p>{form}", words)
