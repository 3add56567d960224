"""`dif up`: every server together, and all of them ended together."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from transport.settings import PROJECT

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "up"]
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
    connection = http.client.HTTPConnection(place.netloc, timeout=5)
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
        run = subprocess.Popen([*COMMAND, *PORTS], env=environment, stdout=told, stderr=subprocess.DEVNULL)

    def addresses() -> list[str]:
        return re.findall(r"\b(?:grpc|http)://127\.0\.0\.1:\d+", out.read_text())

    try:
        assert until(lambda: len(set(addresses())) >= 4 or run.poll() is not None)
        yield run, sorted(set(addresses()))
    finally:
        run.terminate()
        run.wait(60)


def test_every_server_answers_and_all_end_when_it_is_told_to(up):
    run, addresses = up
    assert len(addresses) == 4
    assert until(lambda: all(answers(one) for one in addresses))
    run.send_signal(signal.SIGTERM)
    assert run.wait(60) == 0
    assert until(lambda: not any(answers(one) for one in addresses), seconds=10)
