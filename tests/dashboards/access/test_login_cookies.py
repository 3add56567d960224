"""The cookies that Streamlit signs at a log-in are read outside its sessions, and only as it signed them."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
from starlette.responses import Response
from streamlit.web.server.starlette import starlette_auth_routes, starlette_websocket

from dashboards.access import login
from transport.base.settings import PROJECT

SECRET = "a-secret-of-sixty-four-signs-that-signs-cookies-and-is-only-of-tests"


@pytest.fixture
def signed(monkeypatch):
    """The cookies that Streamlit itself sets for somebody's claims and tokens."""
    for module in (starlette_auth_routes, starlette_websocket):
        for name in ("get_cookie_secret", "get_auth_cookie_secret"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda: SECRET)

    def signed(claims, tokens):
        response = Response()
        set_cookies = starlette_auth_routes._set_auth_cookie  # noqa: SLF001 - what it signs, we read
        asyncio.run(set_cookies(response, claims, tokens))
        pairs = [value.decode("latin-1") for name, value in response.raw_headers if name == b"set-cookie"]
        found = dict(pair.split(";", 1)[0].split("=", 1) for pair in pairs)
        return {name: value.strip('"') for name, value in found.items() if value.strip('"')}

    return signed


@pytest.mark.parametrize("length", [3, 9_000])
def test_the_cookie_that_streamlit_signs_is_the_one_that_we_read_also_in_pieces(signed, length):
    claims = {"sub": random.Random(length).randbytes(length).hex(), "exp": 1}  # the cookie is packed
    cookies = signed(claims, {})
    assert (len(cookies) > 2) == (length > 4096)
    read = login.claims_of(cookies)
    assert {name: read.get(name) for name in claims} == claims


def test_a_cookie_that_somebody_changed_says_nothing(signed):
    cookies = signed({"sub": "kari"}, {})
    for place in range(0, len(cookies["_streamlit_user"]), 7):
        value = cookies["_streamlit_user"]
        other = "A" if value[place] != "A" else "B"
        changed = cookies | {"_streamlit_user": value[:place] + other + value[place + 1 :]}
        assert login.claims_of(changed) in ({}, {"sub": "kari"})  # the last sign of Base64 may say nothing
    assert login.claims_of(cookies | {"_streamlit_user": value[:-4] + "AAAA"}) == {}


def test_the_browser_keeps_the_tokens_in_the_cookie_that_the_page_of_access_names(signed):
    cookies = signed({"sub": "kari"}, {"id_token": "an-id", "access_token": "an-access"})
    (named,) = set(re.findall(r"`(_streamlit_\w+)`", (PROJECT / "docs" / "access.md").read_text("utf-8")))
    assert named in cookies
