"""`dif up`: every server together, and all of them ended together; `dif serve dashboards`: the pages, and their end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from tests.thorough import some
from transport.base.settings import PROJECT

DIF = [sys.executable, "-c", "from pipelines.cli.main import main; main()"]
AS_FROM_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from pipelines.cli.main import main
main()
"""
"""What a shell starts in the background is told to ignore signals, and so is all that these tests start then."""
PORTS = [word for name in ("dashboards", "dagster", "flight", "http") for word in (f"--{name}-port", "0")]


def until(holds, seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def answers(address: str) -> bool:
    place = urlsplit(address)
    if place.scheme == "grpc":
        with socket.socket() as one:
            return one.connect_ex((place.hostname, place.port)) == 0
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture
def up(tmp_path):
    """All of them over a new home; gives the process and the addresses that it printed."""
    environment = {**os.environ, "DIF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
    out = tmp_path / "out"
    with out.open("w") as told:
        run = subprocess.Popen([*DIF, "up", *PORTS], env=environment, stdout=told, stderr=subprocess.DEVNULL)

    def addresses() -> list[str]:
        found = re.findall(r"\b(?:grpc|http)://127\.0\.0\.1:\d+\S*", out.read_text())
        return [address.rstrip("/") for address in found]

    try:
        assert until(lambda: len(set(addresses())) >= 6 or run.poll() is not None)
        yield run, sorted(set(addresses()))
    finally:
        run.terminate()
        run.wait(60)


@pytest.mark.parametrize("words", [("serve", "dagster", "--port"), ("up", *PORTS[:-1])], ids=lambda w: w[0])
def test_a_port_that_is_taken_is_told_before_anything_says_its_address(words, command, tmp_path, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = command(*words, port)
    assert (code, out) == (2, "")
    assert err == (
        f"The server cannot listen on port {port} of 127.0.0.1 (Address already in use).\n  → Give another port.\n"
    )
    assert command(*words, 70000)[0] == 2


@pytest.mark.slow("starts every server and Dagster's")
def test_every_server_answers_and_all_end_when_it_is_told_to(up):
    run, addresses = up
    assert len(addresses) == 6
    assert until(lambda: all(answers(one) for one in addresses))
    run.send_signal(signal.SIGTERM)
    assert run.wait(60) == 0
    assert until(lambda: not any(answers(one) for one in addresses), seconds=10)


@pytest.mark.slow("a server is started; test_supervisor.py ends one by a signal")
@pytest.mark.parametrize(
    ("sign", "to_all", "ended"),
    some([("SIGTERM", False, -15), ("SIGINT", True, 130)], 1, "the same server and the other signal"),
)
def test_the_pages_end_with_the_command_that_serves_them(tmp_path, sign, to_all, ended):
    """A service manager may tell the one process that it started; a terminal's Ctrl-C tells the whole group."""
    environment = {**os.environ, "DIF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", AS_FROM_A_TERMINAL, "serve", "dashboards", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True, **pipes) as run:
        try:
            address = run.stdout.readline().strip()
            assert until(lambda: answers(address) or run.poll() is not None)
            (os.killpg if to_all else os.kill)(run.pid, signal.Signals[sign])
            assert run.wait(60) == ended
            with pytest.raises(ProcessLookupError):
                os.killpg(run.pid, 0)  # none of the group is left
            assert not answers(address)
            assert "Traceback" not in run.stderr.read()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)


@pytest.mark.slow("starts Dagster's pages")
def test_dagsters_pages_show_the_runs_of_the_home_that_is_set_and_start_none(tmp_path):
    (tmp_path / "dif.toml").write_text(f'home = "{tmp_path / "home"}"\n')
    environment = {k: v for k, v in os.environ.items() if k != "DIF_HOME"} | {"PYTHONPATH": str(PROJECT)}
    run = subprocess.Popen(
        [*DIF, "serve", "dagster", "--port", "0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = run.stdout.readline().split()[-1]
        assert until(lambda: asked(address, "{ version }") is not None)
        [where] = asked(address, "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }").values()
        assert where["nodes"]
        permissions = asked(address, "{ permissions { permission value } }")["permissions"]
        assert {p["value"] for p in permissions if p["permission"].startswith("launch")} == {False}
        assert (tmp_path / "home" / "dagster").is_dir()
    finally:
        run.terminate()
        run.wait(60)
        run.stdout.close()


def asked(address, query):
    """What Dagster's pages answer; None while they do not."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        body = json.dumps({"query": query})
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        return json.loads(connection.getresponse().read())["data"]
    except OSError:
        return None
    finally:
        connection.close()
