"""The samples of deploy/proxy before real servers: what a stranger may do, and what gets through."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyarrow import flight

from tests.transport.test_flight_server import in_thread, put, table_of, wait_until
from tests.transport.test_http import certificate, opened, token
from transport.base.settings import PROJECT, Settings

BATCH = "/v1/streams/adoption/batches"
CSV = {"Content-Type": "text/csv"}


@dataclass
class Proxied:
    """Servers of one home behind a proxy."""

    door: object
    serving: object
    cert: Path
    https: int
    flight: int
    log: Path

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.cert)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30)
        return context.wrap_socket(plain, server_hostname="localhost")

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict, bytes]:
        context = ssl.create_default_context(cafile=self.cert)
        connection = http.client.HTTPSConnection("localhost", self.https, timeout=30, context=context)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def client(self) -> flight.FlightClient:
        return flight.FlightClient(f"grpc+tls://localhost:{self.flight}", tls_root_certs=self.cert.read_bytes())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def haproxy(folder: Path, https: int, flight_port: int, pem: Path) -> tuple[list[str], dict[str, str]]:
    both = folder / "both.pem"
    both.write_bytes(pem.read_bytes() + (folder / "key.pem").read_bytes())
    said = {":443": f"127.0.0.1:{https}", "bind :8815": f"bind 127.0.0.1:{flight_port}"}
    said |= {"/etc/dif/certificates/door.pem": str(both)}
    return ["haproxy", "-db", "-f"], said | {"http-request 10s": "http-request 1s", "client 60s": "client 2s"}


def caddy(folder: Path, https: int, flight_port: int, pem: Path) -> tuple[list[str], dict[str, str]]:
    own = f"tls {pem} {folder / 'key.pem'}\n\tbind 127.0.0.1\n\timport limits"
    said = {
        "dif.example.no {": f"https://localhost:{https} {{",
        "dif.example.no:8815": f"https://localhost:{flight_port}",
    }
    said |= {"\timport limits": f"\t{own}", "admin off": "admin off\n\tauto_https disable_redirects"}
    return ["caddy", "run", "--adapter", "caddyfile", "--config"], said | {"read_header 10s": "read_header 1s"}


@pytest.fixture(scope="module", params=[("haproxy.cfg", haproxy), ("Caddyfile", caddy)], ids=["haproxy", "caddy"])
def proxied(request, tmp_path_factory):
    name, sample = request.param
    folder = tmp_path_factory.mktemp("proxied")
    token(Settings(home=folder / "home"))  # closes the doors
    with (
        opened(folder / "home", tls_elsewhere=True, open_access=True, max_body_mb=1) as door,
        in_thread(door.settings) as serving,
    ):
        pem, _ = certificate(folder)
        https, flight_port = free_port(), free_port()
        command, said = sample(folder, https, flight_port, pem)
        if shutil.which(command[0]) is None:
            pytest.skip(f"not run: {command[0]} is not installed")
        text = (PROJECT / "deploy" / "proxy" / name).read_text("utf-8")
        said |= {"127.0.0.1:8816": f"127.0.0.1:{door.server.port}", "127.0.0.1:18815": f"127.0.0.1:{serving.port}"}
        for sampled, ours in said.items():
            assert sampled in text, sampled
            text = text.replace(sampled, ours)
        (folder / name).write_text(text, "utf-8")
        log = folder / "log"
        with log.open("wb") as output:
            proxy = subprocess.Popen([*command, str(folder / name)], stdout=output, stderr=output)
        there = Proxied(door, serving, pem, https, flight_port, log)
        try:
            assert wait_until(lambda: proxy.poll() is not None or answers(there)), log.read_text()
            assert proxy.poll() is None, log.read_text()
            yield there
        finally:
            proxy.terminate()
            proxy.wait(20)


def answers(there: Proxied) -> bool:
    with contextlib.suppress(OSError):
        return there.call("GET", "/livez")[0] == 200
    return False


def test_a_batch_gets_through_and_a_misspelt_word_reaches_the_door_which_refuses_it(proxied, batch, encode, request):
    body, sender = encode(batch("adoption"), ".csv"), token(proxied.door.settings)
    status, headers, answer = proxied.call("PUT", f"{BATCH}/through", body, **CSV, **sender)
    assert (status, json.loads(answer)["status"]) == (201, "accepted")
    assert headers["strict-transport-security"] == "max-age=31536000"
    misspelt = [("?chek=true", {})]
    if "caddy" not in request.node.name:  # which drops headers with an underscore, as deploy.md says
        misspelt.append(("", {"Dif_Check": "true"}))
    for query, headers in misspelt:
        status, _, answer = proxied.call("PUT", f"{BATCH}/misspelt{query}", body, **headers, **CSV, **sender)
        assert (status, json.loads(answer)["kind"]) == (400, "unknown_name")
    proxied.door.landing.refresh()
    assert [entry.batch_id for entry in proxied.door.landing.entries] == ["through"]


def test_a_caller_from_elsewhere_is_not_taken_for_this_machine(proxied):
    assert proxied.call("GET", "/metrics")[0] == 401


def test_shares_and_assistants_are_behind_the_same_name(proxied):
    assert proxied.call("GET", "/delta-sharing/shares")[0] == 200
    assert proxied.call("GET", "/delta-sharing/shares", Authorization="Bearer x")[0] == 401
    assert proxied.call("POST", "/mcp", b"{}", Authorization="Bearer x")[0] == 401


def test_a_caller_without_a_token_is_known_by_the_address_that_the_proxy_adds(proxied):
    for said in ("203.0.113.9", "203.0.113.9, 203.0.113.10"):
        assert proxied.call("GET", "/v1/datasets/usage.nothing", **{"X-Forwarded-For": said})[0] == 401
    noted = [line["who"] for line in proxied.door.logged("reads") if line["dataset"] == "usage.nothing"]
    assert noted == ["anonymous 127.0.0.1"] * 2


def test_a_body_that_is_too_long_is_refused(proxied):
    sender = CSV | token(proxied.door.settings)
    assert proxied.call("PUT", f"{BATCH}/long", bytes(2 << 20), **sender)[0] == 413


def test_who_sends_half_a_head_is_not_waited_for(proxied):
    with proxied.connect() as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        answer = connection.recv(64)
        assert answer == b"" or b" 408 " in answer
        assert time.monotonic() - began < 10


def test_the_log_has_addresses_without_their_queries_and_no_tokens(proxied):
    sender = token(proxied.door.settings)
    proxied.call("GET", "/v1/datasets?signature=geheim", **sender)
    assert wait_until(lambda: "/v1/datasets" in proxied.log.read_text())
    said = proxied.log.read_text()
    assert "geheim" not in said
    assert not re.search(r"dif_t-\w+_", said)


SENDER = """
import sys, time
from pyarrow import flight
from tests.transport.test_flight_server import open_stream
address, cert, token = sys.argv[1:]
client = flight.FlightClient(address, tls_root_certs=open(cert, "rb").read())
held = open_stream(client, "silent", headers=[(b"authorization", token.encode())])
time.sleep(60)
"""


def test_flight_gets_through_and_half_a_batch_is_not_kept(proxied, request):
    sender = token(proxied.door.settings)["Authorization"]
    with proxied.client() as client:
        given = [(b"authorization", sender.encode())]
        assert put(client, "dispatch", "whole", table_of("dispatch", 10), headers=given)["rows"] == 10
    assert wait_until(lambda: proxied.serving.half_made() == [])
    words = [sys.executable, "-c", SENDER, f"grpc+tls://localhost:{proxied.flight}", str(proxied.cert), sender]
    with subprocess.Popen(words, cwd=PROJECT) as silent:
        assert wait_until(lambda: proxied.serving.half_made() != [], 30)
        if "caddy" in request.node.name:  # which does not end a silent call
            silent.kill()
        assert wait_until(lambda: proxied.serving.half_made() == [], 15)
        silent.kill()
    assert "silent" not in proxied.serving.kept()
