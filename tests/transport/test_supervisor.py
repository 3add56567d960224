"""The supervisor keeps the servers up and looks after the home while they serve."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from catalog.errors import Busy, WrongUse
from catalog.tables.streams import ADOPTION
from transport.base import atomic_files
from transport.base.settings import PROJECT
from transport.ingest.batch_validator import BatchValidator
from transport.operations import alerts, server_state
from transport.servers.client import Client
from transport.servers.supervisor import Supervisor
from transport.storage.landing import Arrival
from transport.telemetry import event_log


def until(holds, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def running(home):
    """A supervisor with the Flight server alone; gives what it said."""
    said: list[str] = []
    one = Supervisor(home.settings, http_port=None, say=said.append)
    thread = threading.Thread(target=one.run)
    thread.start()
    yield one, said
    one.stop()
    thread.join()


def keep_small(home, batch, count: int, received_at: datetime) -> None:
    kept = home.landing
    for i in range(count):
        path = kept.temporary("adoption", "p", "arriving")
        with BatchValidator(ADOPTION, path, producer="p") as door:
            door.add(batch("adoption", 3 + i).select([c.name for c in ADOPTION.columns]))
            validated = door.close()
        kept.keep([Arrival(path, validated, ADOPTION, "p", f"b{i}")], now=received_at)


@pytest.mark.slow("waits for a supervisor")
def test_while_it_serves_it_packs_what_is_old_sweeps_what_was_left_and_logs_what_it_could_not_do(
    home, batch, monkeypatch
):
    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr(alerts, "watch", fails)
    keep_small(home, batch, 9, datetime.now(UTC) - timedelta(days=70))
    left = home.settings.landing / "adoption" / "p" / f"{atomic_files.TEMPORARY}old.parquet"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    said: list[str] = []
    one = Supervisor(home.settings, http_port=None, say=said.append)
    thread = threading.Thread(target=one.run)
    thread.start()
    try:
        assert until(lambda: all(e.packed_in for e in home.landing.entries))
        assert until(lambda: not left.exists())
        logged = list(event_log.lines(home.settings, "server", since=datetime.now(UTC) - timedelta(hours=1)))
        expected = {"event": "not_checked", "kind": "OSError", "problem": "no space left"}
        assert any(expected.items() <= line.items() for line in logged)
        with Client(said[0].split()[1], producer="p") as client:
            assert client.send("adoption", "b0", batch("adoption", 3))["status"] == "duplicate"
    finally:
        one.stop()
        thread.join()


@pytest.mark.slow("starts two servers one after the other")
def test_a_server_that_ends_is_started_again_at_the_same_address(running, batch):
    supervisor, said = running
    assert until(lambda: said)
    address = said[0].split()[1]
    with Client(address, producer="p", tries=8) as client:
        client.send("adoption", "one", batch("adoption", 3))
        for _ in range(2):
            supervisor.servers[0].process.kill()
            assert client.send("adoption", "one", batch("adoption", 3))["status"] == "duplicate"
    assert sum("restarting it" in line for line in said) == 2


@pytest.mark.slow("two supervisors")
def test_a_second_supervisor_of_a_home_is_turned_away_and_the_first_goes_on_counting(running, home, batch, capfd):
    supervisor, said = running
    assert until(lambda: said)
    with Client(said[0].split()[1], producer="p") as client:
        client.send("adoption", "one", batch("adoption", 3))
    assert Supervisor(home.settings, http_port=None).run() == 1
    assert "The flight server of this home is already running" in capfd.readouterr().err
    assert list((home.settings.scratch / "metrics" / "flight").glob("*.db"))
    assert server_state.servers_of(home.settings).addresses == {"flight": said[0].split()[1]}
    supervisor.stop()
    assert until(lambda: server_state.servers_of(home.settings) is None)


@pytest.mark.slow("two supervisors")
def test_servers_end_with_a_supervisor_that_was_killed_so_that_it_can_start_again(home, tmp_path):
    command = [sys.executable, "-c", "from pipelines.cli.main import main; main()", "serve", "transport", "--no-http"]
    environment = {**os.environ, "DIF_HOME": str(home.settings.home), "PYTHONPATH": str(PROJECT)}
    addresses = []
    port = "0"
    for _ in range(2):
        with subprocess.Popen(
            [*command, "--port", port], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as run:
            addresses.append(run.stdout.readline().split()[1])
            port = addresses[0].rpartition(":")[2]
            run.kill()
        assert until(lambda port=port: not taken(int(port)))
    assert addresses[0] == addresses[1]


TOLD_IN_ANY_THREAD = """
import os, signal, sys, threading, time
from transport.base.bind_address import handle_shutdown_signals

wait_for_shutdown = handle_shutdown_signals()
other = threading.Thread(target=time.sleep, args=(60,), daemon=True)
other.start()
tell = lambda: (time.sleep(0.3), signal.pthread_kill(other.ident, signal.SIGTERM))
threading.Thread(target=tell, daemon=True).start()
wait_for_shutdown()
"""


def test_a_server_ends_whichever_of_its_threads_the_signal_meets():
    code = [sys.executable, "-c", TOLD_IN_ANY_THREAD]
    done = subprocess.run(code, env={**os.environ, "PYTHONPATH": str(PROJECT)}, timeout=80, check=False)
    assert done.returncode == 0


def taken(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_start_that_is_refused_says_why_once_and_touches_nothing(home):
    with pytest.raises(WrongUse, match="this machine only"):
        Supervisor(home.settings, host="0.0.0.0")
    assert not (home.settings.home / "servers").exists()


def test_who_has_just_taken_the_lock_is_waited_for_until_it_says_its_name(tmp_path):
    with (tmp_path / "run.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        threading.Timer(0.2, lambda: fcntl.flock(handle, fcntl.LOCK_UN)).start()
        with atomic_files.locked(tmp_path):
            assert str(os.getpid()) in (tmp_path / "run.lock").read_text()


def test_who_was_killed_while_it_started_another_process_is_waited_for(tmp_path):
    """Until that one has begun, it holds what the dead one held."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    with (tmp_path / "run.lock").open("w") as handle:
        handle.write(f"process {gone.pid} since 2026-06-15 10:00:00 UTC")
        handle.flush()
        fcntl.flock(handle, fcntl.LOCK_EX)
        threading.Timer(0.2, lambda: fcntl.flock(handle, fcntl.LOCK_UN)).start()
        with atomic_files.locked(tmp_path):
            assert str(os.getpid()) in (tmp_path / "run.lock").read_text()


def test_a_run_waits_for_tidying_and_is_turned_away_by_another_run(tmp_path):
    began = threading.Event()

    def hold(doing: str, seconds: float) -> None:
        with atomic_files.locked(tmp_path, doing=doing):
            began.set()
            time.sleep(seconds)

    for doing, seconds in ((atomic_files.TIDYING, 0.3), ("", 1.0)):
        began.clear()
        holder = threading.Thread(target=hold, args=(doing, seconds))
        holder.start()
        began.wait()
        if doing:
            with atomic_files.locked(tmp_path), (tmp_path / "run.lock").open() as again, pytest.raises(BlockingIOError):
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            with pytest.raises(Busy, match="process"), atomic_files.locked(tmp_path):
                pass
        holder.join()


@pytest.mark.slow("starts both servers to see which folder they read")
def test_the_servers_go_by_the_settings_of_the_folder_that_they_are_started_in(tmp_path):
    (tmp_path / "dif.toml").write_text(f'home = "{tmp_path / "home"}"\nmax_body_mb = 1\ndisk_reserve_mb = 1\n')
    command = [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve", "transport"]
    environment = {k: v for k, v in os.environ.items() if k != "DIF_HOME"} | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        [*command, "--port", "0", "--http-port", "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            addresses = dict(process.stdout.readline().split() for _ in range(4))
            below = {"share": f"{addresses['http']}/delta-sharing", "mcp": f"{addresses['http']}/mcp"}
            assert addresses == {"flight": addresses["flight"], "http": addresses["http"], **below}
            connection = http.client.HTTPConnection(urlsplit(addresses["http"]).netloc, timeout=60)
            said = {"content-type": "text/csv", "dif-producer": "p"}
            connection.request("PUT", "/v1/streams/adoption/batches/b", b"x" * (2 << 20), said)
            answer = connection.getresponse()
            assert b"over 1 MB" in answer.read()
            connection.close()
        finally:
            process.terminate()


COMMAND = [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve"]


@pytest.mark.long("starts the two servers as systemd and containers do, and ends them both ways")
def test_each_server_stands_alone_answers_for_both_and_leaves_word_when_it_is_killed(home, batch, monkeypatch):
    monkeypatch.setattr(server_state, "RESTART_SECONDS", 0.0)
    environment = {**os.environ, "DIF_HOME": str(home.settings.home), "PYTHONPATH": str(PROJECT)}
    refused = subprocess.run([*COMMAND, "http", "--host", "0.0.0.0"], env=environment, capture_output=True, check=False)
    assert (refused.returncode, b"this machine only, not on 0.0.0.0" in refused.stderr) == (2, True)
    assert not server_state.ever_served(home.settings)
    running = {
        name: subprocess.Popen([*COMMAND, name, "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
        for name in ("flight", "http")
    }
    try:
        addresses = dict(process.stdout.readline().split() for process in running.values())
        servers = server_state.servers_of(home.settings)
        assert dict(servers.processes) == {name: process.pid for name, process in running.items()}
        assert addresses.items() <= servers.addresses.items()
        assert servers.addresses["share"] == f"{addresses['http']}/delta-sharing"
        second = subprocess.run([*COMMAND, "flight", "--port", "0"], env=environment, capture_output=True, check=False)
        assert (second.returncode, b"already running" in second.stderr) == (1, True)
        with Client(addresses["flight"], producer="p") as client:
            client.send("adoption", "one", batch("adoption", 3))
        connection = http.client.HTTPConnection(urlsplit(addresses["http"]).netloc, timeout=60)
        connection.request("GET", "/metrics")
        counted = connection.getresponse().read()
        connection.close()
        assert b'dif_batches_total{outcome="accepted",stream="adoption",wire="flight"} 1.0' in counted
        running["flight"].kill()
        running["flight"].wait()
        running["http"].terminate()
        running["http"].wait()
        left = server_state.gone_for_good(home.settings)
        assert (left.gone, set(left.addresses)) == (("flight",), {"flight"})
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
