"""The search page, the same as data for the dialog, and the frame's script. They need no Streamlit session.

The page works without scripts; with them, `frame.js` shows the same results in a dialog over the page.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from catalog.errors import SharingError
from dashboards.release import reader
from dashboards.shared import frame, search
from dashboards.shared.opening import View
from dashboards.shared.pages import LANGUAGE, RELEASE
from dashboards.words import LANGUAGES, TAGS, Words
from transport.releases.release import newest_sound, release_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.shared.search import Entry
    from transport.base.settings import Settings

log = logging.getLogger(__name__)
INDEX: Final = f"{frame.FIND}.json"
SOUGHT: Final = "q"
_SCRIPT: Final = Path(frame.__file__).with_name("frame.js")
_FOR_EVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
_PRIVATE: Final = {"cache-control": "private, no-cache"}
_MOST, _IN_DIALOG = 50, 12
"""How many results the page shows, and the dialog."""


@cache
def script_address() -> str:
    """The address of the frame's script, which changes with its content."""
    return f"/ramme-{hashlib.sha256(_SCRIPT.read_bytes()).hexdigest()[:16]}.js"


def routes(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> list[Route]:
    """The routes of the search page, of the dialog's results, and of the frame's script.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def script(_request: Request) -> Response:
        return Response(_SCRIPT.read_bytes(), media_type="text/javascript", headers=_FOR_EVER)

    def index(request: Request) -> Response:
        words = _words(request)
        entries = _entries(request, words)
        if entries is None:
            return PlainTextResponse(words("find.closed"), status_code=403, headers=_PRIVATE)
        sought = request.query_params.get(SOUGHT, "")
        results = [search.as_shown(entry) for entry in search.matches(entries, sought)[:_IN_DIALOG]]
        document = {"none": words("find.none"), "entries": results}
        return JSONResponse(document, headers=_PRIVATE)

    def page(request: Request) -> Response:
        words = _words(request)
        entries = _entries(request, words)
        sought = request.query_params.get(SOUGHT, "")[: search.MOST].strip()
        if entries is None:
            return HTMLResponse(
                _page(sought, "", words("find.closed"), words, _carried(request)),
                status_code=403,
                headers=_PRIVATE,
            )
        results = search.matches(entries, sought)
        listed = "".join(map(_result, results[:_MOST]))
        count = words("find.count", n=len(results)) if results else words("find.none") if sought else ""
        return HTMLResponse(_page(sought, listed, count, words, _carried(request)), headers=_PRIVATE)

    def _entries(request: Request, words: Words) -> list[Entry] | None:
        visitor = visitor_of(request.cookies)
        if visitor is None:
            return None
        try:
            release = release_named(given.releases, request.query_params.get(RELEASE, ""))
            release = release or newest_sound(given.releases, reader.opens)[0]
            return search.index(View(release, visitor, words, _carried(request))) if release else []
        except SharingError as problem:
            log.warning("%s: nothing can be found: %s", problem.kind, problem)  # the pages say what is wrong with it
            return []

    return [
        Route(script_address(), script, methods=["GET", "HEAD"]),
        Route(INDEX, index, methods=["GET", "HEAD"]),
        Route(frame.FIND, page, methods=["GET", "HEAD"]),
    ]


def _words(request: Request) -> Words:
    language = request.query_params.get(LANGUAGE, "")
    return Words(language if language in TAGS else LANGUAGES[0])


def _carried(request: Request) -> dict[str, str]:
    """The parameters that results keep: language and release."""
    return {name: request.query_params[name] for name in (LANGUAGE, RELEASE) if name in request.query_params}


def _page(sought: str, listed: str, count: str, words: Words, link: Mapping[str, str]) -> str:
    form = frame.search(sought, link, words, most=search.MOST, focus=True)
    results = f'<ul class="rows">{listed}</ul>' if listed else ""
    status = f'<p role="status">{escape(count)}</p>' if count else ""
    return frame.alone(words("find.open"), f"<h1>{escape(words('find.open'))}</h1>{form}{status}{results}", words)


def _result(entry: Entry) -> str:
    text = search.as_shown(entry)["text"]
    small = f'<small class="whole">{escape(text)}</small>' if text else ""
    link = f'<a href="{escape(entry.address)}">{escape(entry.title)}</a>'
    return f"<li>{link} <small>{escape(entry.kind)}</small>{small}</li>"
