"""What guards files and log-ins and is Streamlit's own: its private functions do what we take them to do.

Streamlit promises none of them. An upgrade that changes one fails here, before it opens a file or a log-in to others.
Files' names are held by `test_hostile_links.py`, ending a log-in in all tabs by `test_login.py`.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import random
import re

import pytest
import streamlit
from starlette.responses import Response
from streamlit import config, delta_generator
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import app_session, runtime, session_manager
from streamlit.web.server.starlette import starlette_auth_routes, starlette_websocket
from uvicorn.config import HTTP_PROTOCOLS

from dashboards.access import login
from dashboards.server import security, shell
from transport.base.settings import PROJECT, Settings

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


def test_who_is_in_a_session_and_how_it_is_asked_to_run_again_are_where_we_look():
    assert "list_active_sessions" in dir(session_manager.SessionManager)
    assert "self._session_mgr" in inspect.getsource(runtime.Runtime.__init__)
    assert "self._user_info" in inspect.getsource(app_session.AppSession.__init__)
    assert list(inspect.signature(app_session.AppSession.request_rerun).parameters) == ["self", "client_state"]


def test_what_is_sent_to_a_tab_and_the_first_drawing_of_a_process_are_where_we_look():
    assert "self._browser_queue = ForwardMsgQueue()" in inspect.getsource(app_session.AppSession.__init__)
    assert "return self._browser_queue.flush()" in inspect.getsource(app_session.AppSession.flush_browser_queue)
    assert delta_generator._use_warning_has_been_displayed in (True, False)  # noqa: SLF001


@pytest.mark.parametrize(
    ("host", "allowed"), [("localhost:8501", True), ("127.0.0.1", True), ("evil.example", False), (None, False)]
)
def test_a_name_that_is_not_ours_is_no_host(host, allowed, monkeypatch):
    kept = config.get_option("server.allowedHosts")
    try:
        config.set_option("server.allowedHosts", ["localhost", "127.0.0.1"])
        assert bool(security.is_host_allowed(host)) is allowed
    finally:
        config.set_option("server.allowedHosts", kept)


def test_the_wish_that_caches_be_emptied_is_known_on_the_wire_and_no_other_message_is_taken_for_it():
    forgets = security._forgets  # noqa: SLF001 - test_security.py tries it over a connection
    assert forgets(BackMsg(clear_cache=True).SerializeToString())
    assert not forgets(BackMsg(load_git_info=True).SerializeToString())
    assert not forgets(b"\xff\xff")


def test_the_connections_that_we_give_are_the_ones_that_uvicorn_takes(monkeypatch):
    monkeypatch.setitem(HTTP_PROTOCOLS, "auto", HTTP_PROTOCOLS["auto"])
    security.be_patient(Settings())
    module, name = HTTP_PROTOCOLS["auto"].split(":")
    assert getattr(importlib.import_module(module), name) is security.PagesConnection


def test_what_a_browser_takes_is_read_as_it_says_it():
    assert {"br", "gzip"} <= set(shell.parse_accept_encoding("gzip, deflate, br;q=0.9"))
    assert "br" not in shell.parse_accept_encoding("gzip, br;q=0")


def test_the_version_of_streamlit_is_the_one_whose_insides_were_read():
    """Of another, read again what is imported from it under a name with a line before it, and then this number."""
    assert streamlit.__version__.startswith("1.67.")
