"""A real OpenID Connect provider on loopback: discovery, authorize, token, keys, log-out, and a signing key of its own.

It holds its clients to the protocol: a known client and redirect, a code used once, PKCE (S256), the client's secret.
Visitors choose who they are on its page.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

CLIENT, SECRET = "dif-pages", "client-secret-of-the-tests"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """The provider, and what a test turns about it.

    Attributes:
        people: who can log in: name as it stands on the button, and claims.
        lives: seconds until a token's `exp`.
        thinks: seconds until it answers what a server asks.
        signs_with: another key than the published one, where a test forges.
        asked: parameters of each log-in request.
        left: parameters of each log-out request.
    """

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    lives: int = 600
    thinks: float = 0
    signs_with: rsa.RSAPrivateKey | None = None
    wrong: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = new_key()
        self._codes: dict[str, tuple[dict[str, str], str]] = {}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.discovery = f"{self.issuer}/.well-known/openid-configuration"
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/authorize", self._authorize),
            Route("/chosen", self._chosen),
            Route("/token", self._token, methods=["POST"]),
            Route("/jwks", self._jwks),
            Route("/logout", self._logout),
        ]
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()

    async def _discovery(self, _: Request) -> Response:
        here = self.issuer
        return JSONResponse(
            {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/jwks",
                "end_session_endpoint": f"{here}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        good = (
            asked.get("client_id") == CLIENT
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and asked.get("redirect_uri", "").endswith("/oauth2callback")
            and {"state", "nonce", "code_challenge"} <= asked.keys()
        )
        if not good:
            return HTMLResponse("bad request", 400)
        self.asked.append(asked)
        again = urlencode(asked)
        links = "".join(
            f'<li><a href="/chosen?{escape(again)}&amp;who={escape(who)}">{escape(who)}</a></li>'
            for who in [*self.people, "Avbryt"]
        )
        return HTMLResponse(f"<h1>Hvem er du?</h1><ul>{links}</ul>")

    async def _chosen(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked["who"] not in self.people:
            told = {"error": "access_denied", "error_description": "the visitor said no", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked, asked["who"]
            told = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 302)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        await asyncio.sleep(self.thinks)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked, who = self._codes.pop(form.get("code", ""), ({}, ""))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            request.headers.get("authorization") != f"Basic {basic}"
            or not asked
            or asked["redirect_uri"] != form.get("redirect_uri")
            or asked["code_challenge"] != challenge.rstrip(b"=").decode()
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": hashlib.sha256(who.encode()).hexdigest(),
            "iat": now,
            "exp": now + self.lives,
            "nonce": asked["nonce"],
            **self.people[who],
            **self.wrong,
        }
        token = jwt.encode(claims, self.signs_with or self._key, "RS256", {"kid": "k1"})
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60, "id_token": token}
        )

    async def _jwks(self, _: Request) -> Response:
        made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return JSONResponse({"keys": [{"kty": made["kty"], "n": made["n"], "e": made["e"], "kid": "k1", "use": "sig"}]})

    async def _logout(self, request: Request) -> Response:
        self.left.append(dict(request.query_params))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)
