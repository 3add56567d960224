"""What a stranger meets: a server as `dif serve dashboards` starts it, with little patience and few files."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.dashboards.browser import ready, started

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = """
import resource, sys
from pathlib import Path
from dashboards import serve
from transport.settings import Settings
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[2]),) * 2)
serve.run(Settings(home=Path(sys.argv[1]), idle_seconds=1.0), "127.0.0.1", 0)
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


def asked(place: str, path: str, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(place, timeout=20)
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def tab(place: str):
    return connect(f"ws://{place}/_stcore/stream", origin=f"http://{place}", subprotocols=[Subprotocol("streamlit")])


def seen(stream, page: str) -> bytes:
    """All that a page sends."""
    told = BackMsg()
    told.rerun_script.page_name = page
    stream.send(told.SerializeToString())
    parts, message = [], ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        parts.append(stream.recv(timeout=30))
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


@pytest.mark.parametrize("path", ["/", "/bruk?lang=en", "/_stcore/health", "/_stcore/metrics", "/filer/x/y"])
def test_every_answer_says_that_no_page_of_others_frames_ours_or_is_loaded_from(place, path):
    told = asked(place, path)
    assert told.getheader("x-frame-options") == "SAMEORIGIN"
    assert told.getheader("x-content-type-options") == "nosniff"
    assert told.getheader("referrer-policy") == "same-origin"
    parts = dict(part.split(" ", 1) for part in told.getheader("content-security-policy").split("; "))
    assert parts["default-src"] == parts["frame-ancestors"] == "'self'"
    assert "unsafe-inline" not in parts["script-src"]


def test_the_icon_of_the_pages_is_there_before_anyone_is_let_in(place):
    with tab(place) as stream:
        assert b"/app/static/icon.png" in seen(stream, "bruk")
    assert asked(place, "/app/static/icon.png").getheader("content-type") == "image/png"


def test_no_page_of_others_steers_ours(place):
    connection = http.client.HTTPConnection(place, timeout=20)
    connection.request("GET", "/_stcore/host-config")
    assert b'"allowedOrigins":[]' in connection.getresponse().read()
    connection.close()


def test_a_message_that_is_too_large_is_refused_before_it_is_read(place):
    with tab(place) as stream:
        stream.socket.sendall(b"\x82\xff" + (200_000_000).to_bytes(8) + b"\0" * 4)  # only its head
        with pytest.raises(Exception, match="1009"):
            stream.recv(timeout=20)


def test_who_sends_a_head_and_no_more_is_not_waited_for_while_a_visitor_may_stay(place):
    host, port = place.split(":")
    with tab(place) as stream, socket.create_connection((host, int(port)), timeout=20) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert slow.recv(1) == b""
        assert b"finnes ingen utgave" in seen(stream, "bruk")


def test_a_visitor_goes_on_while_a_stranger_opens_more_than_the_server_holds(place):
    host, port = place.split(":")
    with tab(place) as stream, contextlib.ExitStack() as strangers:
        assert b"finnes ingen utgave" in seen(stream, "bruk")
        for _ in range(FILES):
            one = strangers.enter_context(socket.create_connection((host, int(port)), timeout=20))
            with contextlib.suppress(ConnectionError):
                one.sendall(b"GET / HTTP/1.1\r\n")
        assert b"finnes ingen utgave" in seen(stream, "utbredelse")
    assert asked(place, "/_stcore/health").status == 200


def test_what_two_first_visitors_would_import_at_once_is_there_before_the_first(process):
    assert "/pandas/" in Path(f"/proc/{process[0].pid}/maps").read_text()
