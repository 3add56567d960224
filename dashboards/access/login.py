"""The server side of logging in: the provider settings for `st.App`, and the middleware in front of it.

The page side, who a visitor is and what it may see, is in `visitors`.
"""

from __future__ import annotations

import functools
import json
import re
import secrets
from html import escape
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from dashboards.words import Words
from transport.auth.signing import is_signature, signature
from transport.base.bind_address import LOOPBACK, is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from transport.auth.roles import Rules
    from transport.base.settings import Settings

PROVIDER: Final = "pages"
"""Streamlit's name for the provider. A named provider gets its whole section, including `authorize_params`."""
FAILED: Final = "innlogging"
"""The link parameter that tells a page that logging in failed."""
_CALLBACK: Final = "/oauth2callback"
_LOGIN: Final = "/auth/login"
_LOGOUT: Final = "/auth/logout"
_PROOF: Final = "bevis"
_CLAIMS: Final = USER_COOKIE_NAME.encode()
"""Prefix of the cookies in which Streamlit keeps a token's claims: signed but not encrypted."""
_USER: Final = _CLAIMS + b"="
_CLAIMS_SECONDS: Final = 12 * 3600
"""The longest login that `session_minutes` allows; Streamlit would keep the claims for a month."""
_AGE = re.compile(rb"Max-Age=(\d+)")
_FILES: Final = ("/media/", "/filer/")
"""Addresses of the files that a page made (Streamlit) and of those of a release (`file_delivery`)."""
_PROVIDER_SECONDS: Final = 30
"""Timeout for the provider's answers. With the library's five seconds, visitors who did everything right were told that
logging in failed."""
_BACK: Final = "dif_back"
_BACK_SECONDS: Final = 900
_LONGEST_LINK: Final = 2000
_WITHIN = re.compile(r"/(?![/\\])[\x21-\x7e]*")
"""A path of ours with its parameters; two leading slashes would mean another host."""


def address_of(rules: Rules | None, host: str, port: int) -> str:
    """The pages' own address, as visitors see it."""
    if rules is not None and rules.login.address is not None:
        return rules.login.address
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def secrets_of(rules: Rules | None, address: str) -> dict[str, dict[str, Any]]:
    """The `st.App(secrets=…)` that `st.login` needs; empty where the pages are open."""
    if rules is None:
        return {}
    login = rules.login
    provider = {
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "server_metadata_url": login.discovery,
        "client_kwargs": {"scope": login.scope, "prompt": login.prompt, "timeout": _PROVIDER_SECONDS},
        "authorize_params": dict(login.parameters),
    }
    return {
        "auth": {
            "redirect_uri": f"{address}{_CALLBACK}",
            "cookie_secret": login.cookie_secret,
            PROVIDER: provider,
        }
    }


def options(given: Settings, host: str, port: int, address: str) -> dict[str, object]:
    """Streamlit's options: where it listens, and the host names it answers to, so that other sites cannot reach in."""
    settings: dict[str, object] = {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.enableXsrfProtection": True,
        "server.allowedHosts": sorted({*LOOPBACK, host, urlsplit(address).hostname or host}),
    }
    if not is_loopback(host) and given.tls_cert and given.tls_key:
        settings |= {"server.sslCertFile": str(given.tls_cert), "server.sslKeyFile": str(given.tls_key)}
    return settings


class Returns:
    """Sends a visitor back to the original link after login, and reports when logging in failed.

    Streamlit sends everybody to the front page, but a link from a colleague should open what the colleague saw.
    """

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = address
        self._secure = address.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; change the responses to a login request and to the provider's callback."""
        path = scope["path"] if scope["type"] == "http" else ""
        headers = dict(scope["headers"]) if path else {}

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = list(message["headers"])
                if path == _LOGIN:
                    answer += self._remembered(headers)
                elif path == _CALLBACK:
                    answer = self._returned(answer, headers, scope["query_string"])
                message = {**message, "headers": [self._kept_private(*header) for header in answer]}
            await send(message)

        await self._app(scope, receive, changed if path else send)

    def _remembered(self, headers: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """The cookie with the link that the visitor came from."""
        origin, _, link = headers.get(b"referer", b"").decode("latin-1").partition(self._address)
        if origin or not _WITHIN.fullmatch(link) or len(link) > _LONGEST_LINK:
            return []
        return [_set_cookie(link, _BACK_SECONDS)]

    def _returned(
        self, answer: list[tuple[bytes, bytes]], headers: Mapping[bytes, bytes], query: bytes
    ) -> list[tuple[bytes, bytes]]:
        """The headers of the response to the provider's callback, redirecting to the link."""
        link = _link_of(headers.get(b"cookie", b"").decode("latin-1"))
        logged_in = any(
            name == b"set-cookie" and value.startswith(_USER) and not value.startswith((_USER + b'""', _USER + b";"))
            for name, value in answer
        )
        parameters = parse_qs(query.decode("latin-1"))
        to = link or "/"
        if not logged_in and parameters.keys() & {"state", "error"}:
            to += f"{'&' if '?' in to else '?'}{FAILED}=avbrutt"
        kept = [(name, value) for name, value in answer if name != b"location"]
        return [*kept, (b"location", to.encode("latin-1")), _set_cookie("", 0)]

    def _kept_private(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        """A header. Cookies of pages served over https are marked Secure; claims are kept for hours only."""
        if name != b"set-cookie":
            return name, value
        if value.startswith(_CLAIMS):
            value = _AGE.sub(lambda age: b"Max-Age=%d" % min(int(age[1]), _CLAIMS_SECONDS), value)
        return name, value if not self._secure or b"; secure" in value.lower() else value + b"; Secure"


class FilesForVisitors:
    """Gives files that a page has made, such as its downloads, only to those they are for.

    Streamlit gives them to anybody with the address while the page that made them is open, and does not say whether
    browsers and proxies may keep them.
    """

    def __init__(self, app: ASGIApp, are_for: Callable[[Mapping[str, object], str], bool]) -> None:
        self._app = app
        self._are_for = are_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on except files for nobody or for others."""
        if scope["type"] == "http" and scope["path"].startswith(_FILES):
            claims = claims_of(HTTPConnection(scope).cookies)
            if not self._are_for(claims, scope["path"]):
                await PlainTextResponse("403", status_code=HTTPStatus.FORBIDDEN)(scope, receive, send)
                return

            async def private(message: Message) -> None:
                if message["type"] == "http.response.start":
                    kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
                    message = {**message, "headers": [*kept, (b"cache-control", b"private, no-store")]}
                await send(message)

            await self._app(scope, receive, private)
            return
        await self._app(scope, receive, send)


class LogOuts:
    """Ends a login in every tab, but only if the request comes from a page of ours.

    Streamlit's logout address only deletes the cookie of whoever visits it: another site could log people out, and a
    copy of the cookie would stay valid. Our pages' `logout_link` proves which login it ends; who visits the bare
    address is asked to confirm.
    """

    def __init__(
        self,
        app: ASGIApp,
        end: Callable[[Mapping[str, object]], None],
        has_ended: Callable[[Mapping[str, object]], bool],
    ) -> None:
        self._app = app
        self._end = end
        self._has_ended = has_ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on except a logout that the visitor did not request."""
        if scope["type"] == "http" and scope["path"] == _LOGOUT:
            claims = claims_of(HTTPConnection(scope).cookies)
            if claims:
                proof = parse_qs(scope["query_string"].decode("latin-1")).get(_PROOF, [""])[0]
                if not self._has_ended(claims) and not is_signature(proof, _key(), *_named(claims)):
                    asked = _really(logout_link(claims))
                    await HTMLResponse(asked, headers={"cache-control": "no-store"})(scope, receive, send)
                    return
                self._end(claims)
        await self._app(scope, receive, send)


def logout_link(claims: Mapping[str, object]) -> str:
    """The address that ends a login, with a proof that only our pages know."""
    return f"{_LOGOUT}?{_PROOF}={signature(_key(), *_named(claims))}"


def _named(claims: Mapping[str, object]) -> list[str]:
    return [str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce", "jti")]


@functools.cache
def _key() -> bytes:
    return secrets.token_bytes(32)


def _really(link: str) -> str:
    """The page that asks for confirmation, in the majority's language: it does not know the visitor's.

    It has a link, not a form: our content security policy lets no form lead to the provider, where logout continues.
    """
    title, button = (escape(Words("nb")(key)) for key in ("access.log_out.really", "access.log_out"))
    return (
        f'<!doctype html>\n<html lang="nb"><head><meta charset="utf-8"><title>{title}</title></head><body><main>'
        f'<h1>{title}</h1><p><a href="{escape(link)}">{button}</a></p></main></body></html>\n'
    )


def claims_of(cookies: Mapping[str, str]) -> Mapping[str, object]:
    """The claims in the cookie that Streamlit signed at login; empty if there is none or its signature is wrong."""
    signed = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    try:
        claims = json.loads(signed or b"{}")
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _set_cookie(link: str, seconds: int) -> tuple[bytes, bytes]:
    cookie: SimpleCookie = SimpleCookie({_BACK: link})
    for name, value in {"path": "/", "max-age": str(seconds), "httponly": True, "samesite": "Lax"}.items():
        cookie[_BACK][name] = value
    return b"set-cookie", cookie[_BACK].OutputString().encode("latin-1")


def _link_of(cookies: str) -> str | None:
    """The link in the visitor's cookie, if it is a path of ours; anybody can write a cookie."""
    try:
        cookie = SimpleCookie(cookies).get(_BACK)
    except CookieError:
        return None
    return cookie.value if cookie is not None and _WITHIN.fullmatch(cookie.value) else None
