"""The program that a browser loads, which is Streamlit's: its page made ours, its parts there when they are needed.

`PageHead` makes the HTML ours, and asks for the parts that pages draw with while the browser still starts the rest:
else each is asked for when the first of its kind is to be drawn, and a grey bar of another height stands there
meanwhile. Where there is no page it says so. `Kept` presses each file of the program once, and answers from memory: a
hundred go to each new visitor.
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
from starlette.responses import HTMLResponse, RedirectResponse
from starlette_compress._utils import parse_accept_encoding

from catalog.contracts.language import Audience
from dashboards.page import file_delivery
from dashboards.shared import geometry
from dashboards.shared.pages import LANGUAGE, PAGES
from dashboards.words import LANGUAGES, Words

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES: Final = "/static/"
"""Where the program's files are; their names tell their content, so none changes under its name."""
_FOLDER: Final = Path(st.__file__).parent / "static" / "static" / "js"
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
)
"""Parts that draw what our pages consist of, but for the slider: two pages have one, and it is a tenth of all."""
_DRAWS_CHARTS: Final = "embed"
"""What the part for charts asks for when the first is drawn."""
_ASKS_FOR: Final = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_IN_THE_PAGE: Final = re.compile(r"static/js/([\w.-]+\.js)")
_PRELOAD: Final = re.compile(rb'<link\s+rel="preload"[^>]*\bas="font"[^>]*>')
_THEIR_FONT: Final = re.compile(r"/static/media/SourceSansVF-Upright[\w.-]*\.woff2")
_OUR_FONT: Final = "/app/static/inter-latin.woff2"
_WITHOUT_SCRIPT: Final = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_BODY: Final = b"<body>"
_AS_IT_IS: Final = frozenset({b"accept-encoding", b"range", b"if-none-match", b"if-modified-since"})
"""Not asked of Streamlit: its page is wanted whole and not pressed, also by who has one of an older style."""
_OF_THEIRS: Final = frozenset({b"content-length", b"etag", b"last-modified"})
"""What Streamlit says of its page, and is not so of ours."""
_NOT_PAGES: Final = re.compile(
    rf"{file_delivery.PATH}[^/]+/[^/]+|(?:{FILES}|/_stcore/|/media/|/component/|/app/static/).*|{geometry.ADDRESS}"
    r"|/auth/log(?:in|out)|/oauth2callback|/favicon\.png"
)
"""Paths of what is there beside the pages."""
_PATHS: Final = frozenset({"", *(one.path for one in PAGES)})
_STYLE: Final = Path(__file__).parent.parent / "shared" / "page.css"
_STYLE_ALONE: Final = """
@font-face { font-family: Inter; font-weight: 100 900; src: url("/app/static/inter-latin.woff2") format("woff2"); }
body { margin: 0; padding: 4.5rem 1rem 3rem; background: #ffffff; color: #00042e; }
body { font: 1rem/1.5 Inter, system-ui, sans-serif; }
main { max-width: 60rem; overflow-wrap: break-word; }
h1 { margin: 0 0 1rem; font-size: 2.25rem; line-height: 1.2; font-weight: 700; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.5rem; line-height: 1.2; font-weight: 650; }
ul { margin: 0; padding-inline-start: 1.25rem; }
a { color: #5a3bc4; }
a:focus-visible { outline: 3px solid #5a3bc4; outline-offset: 2px; }
@media (min-width: 48rem) { body { padding-inline: 5rem; } }
"""
"""How a page of ours looks that is none of Streamlit's: as theirs do, in colours, letters and distances."""


def _at_once() -> set[str]:
    """Names of files that the program's page asks for itself."""
    return set(_IN_THE_PAGE.findall((_FOLDER.parent.parent / "index.html").read_text("utf-8")))


@cache
def early() -> tuple[str, ...]:
    """Names of files that pages draw with and the program's page does not ask for itself, with all that these ask for.

    None of a part that this version of Streamlit calls otherwise: it comes when it is needed, as all did.
    """
    asked = _at_once()
    found: dict[str, None] = {}
    left = [path.name for part in (*_DRAWN_WITH, _DRAWS_CHARTS) for path in _FOLDER.glob(f"{part}.*.js")]
    while left:
        name = left.pop()
        if name not in asked and name not in found:
            found[name] = None
            left += _ASKS_FOR.findall((_FOLDER / name).read_text("utf-8"))
    return tuple(sorted(found))


@cache
def ends() -> tuple[bytes, bytes]:
    """What a page's head ends with, and its body: our style comes after Streamlit's own, which it may overrule."""
    links = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in early())
    return f"{''.join(links)}</head>".encode(), f"<style>{_STYLE.read_text('utf-8')}</style></body>".encode()


class PageHead:
    """Makes the page's HTML ours: its language, name and style, the way past its menu, and what it asks for early.

    Streamlit has `<html lang>` as English for all, and writes in a font of its own until ours is known: who asks for
    that is sent to ours, a third of its size, which is asked for anyway.

    Source: WCAG 2.1, success criteria 2.4.1, 2.4.2, 3.1.1 and 3.1.2.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but what is asked for where nothing is; rewrite the head of pages."""
        if scope["type"] == "http" and _THEIR_FONT.fullmatch(scope["path"]):
            to_ours = RedirectResponse(_OUR_FONT, HTTPStatus.PERMANENT_REDIRECT)
            await to_ours(scope, receive, send)
            return
        if scope["type"] != "http" or _NOT_PAGES.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get(LANGUAGE, [""])[0]
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        if scope["path"].strip("/") not in _PATHS and scope["method"] in {"GET", "HEAD"}:
            asked_anew = {"cache-control": "no-cache"}  # a later version may have a page there
            no_page = HTMLResponse(_no_page(Words(language)), HTTPStatus.NOT_FOUND, asked_anew)
            await no_page(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name not in _AS_IT_IS]
        answer = await _answered(self._app, {**scope, "headers": plain}, receive)
        if answer is None:
            return
        start, told = answer
        headers = list(start["headers"])
        if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
            told = told.replace(b'<html lang="en"', f'<html lang="{language}"'.encode(), 1)
            told = _ours(told, Words(language))
        if told:
            headers = [(name, value) for name, value in headers if name not in _OF_THEIRS]
            headers.append((b"content-length", str(len(told)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": told})


async def _answered(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes] | None:
    """How an answer starts, and its whole body; None where it came to no end, since nobody waits for it any more."""
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
    """Streamlit's page with our name, style and early parts, our words for its English ones, and no font of its own."""
    title, skip, scripts = (escape(words(f"app.{key}")).encode() for key in ("title", "skip", "no_script"))
    told = _PRELOAD.sub(b"", page.replace(b"<title>Streamlit</title>", b"<title>" + title + b"</title>", 1))
    told = told.replace(_BODY, _BODY + b'<a class="dif-skip" href="#stMain">' + skip + b"</a>", 1)
    told = _WITHOUT_SCRIPT.sub(b"<noscript><p>" + scripts + b"</p></noscript>", told, count=1)
    head, end = ends()
    return end.join(told.replace(b"</head>", head, 1).rsplit(b"</body>", 1))


@cache
def _no_page(words: Words) -> str:
    """What stands where there is no page: that there is none, and the ways to those that all who are let in may see.

    Nothing of what was asked for is in it but the language. Streamlit would send its program to any address: to one of
    several parts an empty page for ever, as what it loads is looked for beside it; to others one in English.
    """
    title, app, text, pages = (
        escape(words(key)) for key in ("app.no_page.title", "app.title", "app.no_page", "app.no_page.pages")
    )
    link = f"?{LANGUAGE}={words.language}" if words.language != LANGUAGES[0] else ""
    listed = "".join(
        f'<li><a href="/{page.path}{link}">{escape(words(f"{page.key}.title"))}</a></li>'
        for page in PAGES
        if page.audience is Audience.OPEN
    )
    return (
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title} – {app}</title><link rel="icon" href="/app/static/icon.png">'
        f"<style>{_STYLE_ALONE}</style></head><body><main><h1>{title}</h1><p>{text}</p>"
        f'<nav aria-labelledby="pages"><h2 id="pages">{pages}</h2><ul>{listed}</ul></nav></main></body></html>\n'
    )


class Kept:
    """Answers for the program's files from memory, once each was asked for: they are looked up and pressed no more.

    Only whole answers are kept that may be kept for ever by anybody: a file as it is pressed for a browser. What a
    request says it takes is told on as one of three ways of pressing, so that what a stranger makes up fills nothing
    and stands for nobody else; all answers together take no more than `most` bytes.
    """

    def __init__(self, app: ASGIApp, most: int = 64_000_000) -> None:
        self._app = app
        self._left = most
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
        pressed = next((one for one in _PRESSED if one in parse_accept_encoding(text)), "identity").encode()
        key = (scope["path"], pressed)
        if key not in self._answers:
            others = [(name, value) for name, value in scope["headers"] if name != _TAKES]
            plain = {**scope, "headers": [*others, (_TAKES, pressed)]}
            answer = await _answered(self._app, plain, receive)
            if answer is None:
                return
            start, body = answer
            takes = len(body) + len(scope["path"]) + _BESIDE
            if not _for_ever(start) or takes > self._left or key in self._answers:  # two may ask at the same time
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            self._left -= takes
            self._answers[key] = (_of_length(start, len(body)), body)
        for_all, body = self._answers[key]
        await send(for_all)
        await send({"type": "http.response.body", "body": body})


async def keep(app: ASGIApp) -> None:
    """Ask for all that a first visit asks for of the program, as browsers do, so that it is kept (`Kept`)."""
    headers = [(b"accept-encoding", _BROWSERS_TAKE)]

    async def waits() -> Message:
        leaves: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await leaves  # which nobody does; an answer that is whole waits no longer for it

    async def unsent(_message: Message) -> None:
        return

    for name in (*_at_once(), *early()):
        path = f"{FILES}js/{name}"
        about = {"http_version": "1.1", "scheme": "http", "root_path": "", "query_string": b"", "client": None}
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": headers, **about}
        await app(scope, waits, unsent)


_TAKES: Final = b"accept-encoding"
_PRESSED: Final = ("br", "gzip")
"""The ways that we press in, the tightest first."""
_BESIDE: Final = 2000
"""Bytes that an answer takes beside its body and path: headers, and what Python keeps of each."""
_BROWSERS_TAKE: Final = b"gzip, deflate, br, zstd"
"""What Chromium, Firefox and Safari's newest say that they take."""


def _for_ever(start: Message) -> bool:
    return start["status"] == HTTPStatus.OK and b"immutable" in dict(start["headers"]).get(b"cache-control", b"")


def _of_length(start: Message, length: int) -> Message:
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return {**start, "headers": [*headers, (b"content-length", str(length).encode())]}
