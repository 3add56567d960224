"""Where a reader begins: a municipality, a network or a product, remembered by the browser in a cookie.

The cookie only says where `/` leads. No page reads it, so a link shows everybody the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from catalog.errors import SharingError
from dashboards.release import reader
from dashboards.shared import frame, pages, queries
from dashboards.shared.narrative import short
from dashboards.shared.opening import View
from dashboards.words import LANGUAGES, TAGS, Words
from transport.releases.release import newest_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from dashboards.release.authorization import Visitor
    from transport.base.settings import Settings

COOKIE: Final = "dif_hjem"
_YEAR: Final = 365 * 24 * 60 * 60
_FORGET: Final = "glem"
_OURS: Final = frozenset({None, "same-origin", "none"})
"""`Sec-Fetch-Site` of a form of ours, of a typed address, and of browsers that do not send it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of beginning: the parameter that names it, and the page that it leads to."""

    parameter: str
    page: str


KINDS: Final = (
    Kind(pages.MUNICIPALITY, "municipality"),
    Kind(pages.AREA, "uptake"),
    Kind(pages.SERVICE, "service"),
)


def address(text: str) -> str | None:
    """Where a cookie leads; None if it is not one of ours."""
    try:
        link = dict(parse_qsl(text, strict_parsing=True, max_num_fields=2))
    except ValueError:
        return None
    for kind in KINDS:
        if value := link.get(kind.parameter):
            kept = {pages.LANGUAGE: link[pages.LANGUAGE]} if pages.LANGUAGE in link else {}
            return f"{pages.address(kind.page)}?{urlencode({kind.parameter: value, **kept})}"
    return None


class Home:
    """Leads from `/` to where the reader begins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect a request for `/` without parameters; pass everything else on."""
        if scope["type"] == "http" and scope["path"] == "/" and not scope["query_string"]:
            to = address(Request(scope).cookies.get(COOKIE, "").strip('"'))
            if to:
                answer = RedirectResponse(to, HTTPStatus.TEMPORARY_REDIRECT, {"cache-control": "private, no-store"})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The page where the reader chooses.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def home(request: Request) -> Response:
        language = request.query_params.get(pages.LANGUAGE, "")
        words = Words(language if language in TAGS else LANGUAGES[0])
        visitor = visitor_of(request.cookies)
        if visitor is None:
            return HTMLResponse(_page("", words("home.closed"), words), HTTPStatus.FORBIDDEN)
        choices = _choices(given, visitor, words)
        if request.headers.get("sec-fetch-site") not in _OURS:
            return HTMLResponse(_page(_forms(choices, words), "", words))
        if _FORGET in request.query_params:
            forgotten = RedirectResponse(pages.address("overview"), HTTPStatus.SEE_OTHER)
            forgotten.delete_cookie(COOKIE, httponly=True, samesite="lax")
            return forgotten
        for kind in KINDS:
            value = request.query_params.get(kind.parameter)
            if value is None:
                continue
            if value not in choices[kind]:
                return HTMLResponse(_page(_forms(choices, words), words("home.unknown"), words), HTTPStatus.BAD_REQUEST)
            kept = {pages.LANGUAGE: words.tag} if words.tag != LANGUAGES[0] else {}
            text = urlencode({kind.parameter: value, **kept})
            chosen = RedirectResponse(address(text) or "/", HTTPStatus.SEE_OTHER)
            secure = request.url.scheme == "https"
            chosen.set_cookie(COOKIE, text, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
            return chosen
        return HTMLResponse(_page(_forms(choices, words), "", words))

    return Route(frame.HOME, home, methods=["GET", "HEAD"])


def _choices(given: Settings, visitor: Visitor, words: Words) -> dict[Kind, dict[str, str]]:
    """What can be chosen of each kind, by value; nothing without a release."""
    municipality, network, service = KINDS
    try:
        release, _ = newest_sound(given.releases, reader.opens)
        if release is None:
            return {kind: {} for kind in KINDS}
        view = View(release, visitor, words, {})
        return {
            municipality: {r["code"]: r["name"] for r in view.rows("search_municipalities") if r["in_force"]},
            network: {a.area: short(a.name) for a in queries.areas(view) if a.area_kind == "NETWORK"},
            service: {s.service: s.name for s in queries.services(view) if not s.external},
        }
    except SharingError:
        return {kind: {} for kind in KINDS}  # the pages say what is wrong with the release


def _forms(choices: Mapping[Kind, Mapping[str, str]], words: Words) -> str:
    language = f'<input type="hidden" name="{pages.LANGUAGE}" value="{words.tag}">'
    forms, none = "", f'<option value="">{escape(words("home.none"))}</option>'
    for kind, labels in choices.items():
        options = "".join(
            f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in labels.items()
        )
        forms += (
            f'<form action="{frame.HOME}"><label>{escape(words(f"home.{kind.parameter}"))} '
            f'<select name="{kind.parameter}" required>{none}{options}</select></label> '
            f'<button type="submit">{escape(words("home.choose"))}</button>{language}</form>'
        )
    forget = f"{frame.HOME}?{urlencode({_FORGET: '1', pages.LANGUAGE: words.tag})}"
    return f'{forms}<p><a href="{escape(forget)}">{escape(words("home.forget"))}</a></p>'


def _page(forms: str, message: str, words: Words) -> str:
    title = words("home.title")
    status = f'<p role="status">{escape(message)}</p>' if message else ""
    about = f"<p>{escape(words('home.about'))}</p>"
    return frame.alone(title, f"<h1>{escape(title)}</h1>{about}{status}{forms}", words)
