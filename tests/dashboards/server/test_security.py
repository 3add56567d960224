"""What a stranger meets: a server as `dif serve dashboards` starts it, with little patience and few files."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboards.server import shell
from dashboards.server.security import SecurityMiddleware
from dashboards.shared.pages import PAGES
from tests.dashboards.browser import ready, started

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = """
import resource, sys
from pathlib import Path
from dashboards.server import start as serve
from transport.base.settings import Settings
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[2]),) * 2)
home, sys.argv[0] = Path(sys.argv[1]), serve.__file__  # Streamlit's settings stand beside what is started
serve.run(Settings(home=home, idle_seconds=1.0), "127.0.0.1", 0)
"""
FILES = 200


@pytest.fixture(scope="module")
def process(tmp_path_factory) -> Iterator:
    with started([sys.executable, "-c", SERVE, str(tmp_path_factory.mktemp("wall")), str(FILES)]) as (process, address):
        ready(process, address)
        yield process, address


@pytest.fixture(scope="module")
def place(process) -> str:
    return urlsplit(process[1]).netloc


def told(place: str, path: str, method: str = "GET") -> tuple[http.client.HTTPResponse, str]:
    """How a request is answered, and what with."""
    with contextlib.closing(http.client.HTTPConnection(place, timeout=80)) as connection:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer, answer.read().decode("latin-1")


def asked(place: str, path: str, method: str = "GET") -> http.client.HTTPResponse:
    return told(place, path, method)[0]


def tab(place: str):
    return connect(f"ws://{place}/_stcore/stream", origin=f"http://{place}", subprotocols=[Subprotocol("streamlit")])


def seen(stream, page: str) -> bytes:
    """All that a page sends."""
    told = BackMsg()
    told.rerun_script.page_name = page
    stream.send(told.SerializeToString())
    parts, message = [], ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        parts.append(stream.recv(timeout=120))
        message.ParseFromString(parts[-1])
    return b"".join(parts)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/_stcore/upload_file/session/file"),
        ("OPTIONS", "/_stcore/upload_file/session/file"),
        ("GET", "/_stcore/metrics"),
        ("POST", "/_stcore/agent/interact"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("GET", "/component/x/index.html"),
    ],
)
def test_what_no_page_needs_is_not_answered(place, method, path):
    assert asked(place, path, method).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nonexistent",
        "/nonexistent/",
        "/oversikt/x",
        "/bruk/4601",
        "/bruk/4601/",
        "/Bruk",
        "/index.html",
        "/app/x",
        "/filer/x",
    ],
)
@pytest.mark.parametrize(
    ("link", "language", "said", "way"),
    [
        ("", "nb", "Siden finnes ikke", '<a href="/oversikt">Oversikt</a>'),
        ("?kommune=4601&lang=en", "en", "Page not found", '<a href="/oversikt?lang=en">Overview</a>'),
    ],
)
def test_an_address_without_a_page_is_answered_with_that_there_is_none_and_the_ways_to_those_there_are(
    place, path, link, language, said, way
):
    answer, body = told(place, path + link)
    assert (answer.status, answer.getheader("content-type")) == (404, "text/html; charset=utf-8")
    assert f'<html lang="{language}">' in body
    assert f"<h1>{said}</h1>" in body
    assert way in body
    assert "stApp" not in body
    assert "/produktregnskap" not in body  # for fewer than all who are let in
    answer, body = told(place, path + link, "HEAD")
    assert (answer.status, body) == (404, "")


def test_nothing_of_an_address_without_a_page_stands_in_what_is_answered(place):
    script = "%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (f"/{script}", f"/bruk/{script}", f"/x?lang=%22%3E{script}", f"/x?lang=nb&y={script}"):
        answer, body = told(place, path)
        assert answer.status == 404
        assert "alert" not in body
        assert "script" not in body


@pytest.mark.parametrize("path", ["", *(one.path for one in PAGES)])
def test_a_page_is_answered_with_the_program_at_its_address_and_with_a_slash_after_it(place, path):
    answer, body = told(place, f"/{path}?lang=en")
    assert answer.status == 200
    assert "<title>Shared services in numbers</title>" in body
    if path:
        answer = asked(place, f"/{path}/?lang=en")
        assert (answer.status, answer.getheader("location")) == (301, f"/{path}?lang=en")


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/favicon.png", 200, "image/png"),
        ("/app/static/inter-latin.woff2", 200, "font/woff2"),
        (f"/static/js/{shell.preloads()[0]}", 200, "javascript"),
        ("/_stcore/health", 200, "text/plain"),
        ("/media/x.csv", 404, "text/plain"),
        ("/filer/x/y", 404, "text/plain"),
        ("/oauth2callback", 302, ""),
        ("/auth/login", 302, ""),
        ("/auth/logout", 302, ""),
    ],
)
def test_what_is_there_beside_the_pages_is_answered_as_it_is(place, path, status, kind):
    answer = asked(place, path)
    assert answer.status == status
    assert kind in answer.getheader("content-type", "")


@pytest.mark.parametrize(
    "path",
    ["/", "/bruk?lang=en", "/bruk/4601", "/_stcore/health", "/_stcore/metrics", "/filer/x/y", "/static/js/none.js"],
)
def test_every_answer_says_that_no_page_of_others_frames_ours_or_is_loaded_from(place, path):
    answer = asked(place, path)
    assert answer.getheader("x-frame-options") == "SAMEORIGIN"
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert answer.getheader("referrer-policy") == "same-origin"
    parts = dict(part.split(" ", 1) for part in answer.getheader("content-security-policy").split("; "))
    assert parts["default-src"] == parts["frame-ancestors"] == "'self'"
    assert "unsafe-inline" not in parts["script-src"]


def test_a_part_of_the_program_carries_no_policy_of_documents(place):
    answer = asked(place, f"/static/js/{shell.preloads()[0]}")
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert answer.getheader("content-security-policy") is None


def test_the_icon_of_the_pages_is_there_before_anyone_is_let_in(place):
    with tab(place) as stream:
        assert b"/app/static/icon.png" in seen(stream, "bruk")
    assert asked(place, "/app/static/icon.png").getheader("content-type") == "image/png"


def test_no_page_of_others_steers_ours(place):
    connection = http.client.HTTPConnection(place, timeout=80)
    connection.request("GET", "/_stcore/host-config")
    assert b'"allowedOrigins":[]' in connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/media/x.csv", "/filer/x/y"])
def test_a_name_that_others_made_lead_here_is_refused(place, path):
    with contextlib.closing(http.client.HTTPConnection(place, timeout=80)) as connection:
        connection.request("GET", path, headers={"Host": "evil.example"})
        assert connection.getresponse().status == 400
    with contextlib.closing(http.client.HTTPConnection(place, timeout=80)) as connection:
        connection.request("GET", "/_stcore/health", headers={"Host": f"localhost:{place.split(':')[1]}"})
        assert connection.getresponse().status == 200


def test_the_form_for_mail_and_the_links_in_mails_are_answered_beside_the_pages(place):
    """Here mail is not set up: tests/dashboards/subscriptions has all that they do."""
    answer, said = told(place, "/abonner?lang=en")
    assert (answer.status, "by email yet" in said) == (200, True)
    assert f"http://{place}/feeds/releases.atom" in said, "nobody has said where another door with the feeds is"
    assert told(place, "/feeds/releases.atom")[0].status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert [asked(place, f"/abonner/{link}/x").status for link in ("bekreft", "slutt")] == [404, 404]
    assert asked(place, "/abonner/slutt/x", "POST").status == 404


def test_a_stranger_empties_no_cache(place):
    wish = BackMsg()
    wish.clear_cache = True
    for sent, heard in ((wish.SerializeToString(), False), (BackMsg().SerializeToString(), True)):
        assert asyncio.run(heard_by_the_program(sent)) is heard
    with tab(place) as stream:
        stream.send(wish.SerializeToString())
        assert b"finnes ingen utgave" in seen(stream, "bruk")


async def heard_by_the_program(frame: bytes) -> bool:
    """Whether the pages' program gets what a tab sends."""
    frames = [{"type": "websocket.receive", "bytes": frame}, {"type": "websocket.disconnect"}]
    got = []

    async def program(_scope, receive, _send):
        while (message := await receive())["type"] != "websocket.disconnect":
            got.append(message)

    async def receive():
        return frames.pop(0)

    await SecurityMiddleware(program)({"type": "websocket"}, receive, None)
    return got != []


@pytest.mark.parametrize(
    ("address", "said"), [("https://tall.example.no", "max-age=31536000"), ("http://127.0.0.1:8501", None)]
)
@pytest.mark.parametrize("path", ["/", "/embed/bruk/maaneder", "/_stcore/metrics"])
def test_browsers_are_told_to_use_https_alone_where_visitors_have_the_pages_by_it(address, said, path):
    client = TestClient(SecurityMiddleware(PlainTextResponse("a page"), address), base_url="http://127.0.0.1")
    assert client.get(path).headers.get("strict-transport-security") == said


def test_a_message_that_is_too_large_is_refused_before_it_is_read(place):
    with tab(place) as stream:
        stream.socket.sendall(b"\x82\xff" + (200_000_000).to_bytes(8) + b"\0" * 4)  # only its head
        with pytest.raises(Exception, match="1009"):
            stream.recv(timeout=80)


def test_what_two_first_visitors_would_import_at_once_is_there_before_the_first(process):
    assert "/pandas/" in Path(f"/proc/{process[0].pid}/maps").read_text()
