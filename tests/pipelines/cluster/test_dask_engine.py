"""A run over workers: the same release as by one process, whoever is killed; strangers are refused."""

import json
import os
import signal
import socket
import ssl
import threading
import time
import urllib.request

import distributed
import psutil
import pyarrow.parquet as pq
import pytest

from catalog.contracts.scan import Query
from catalog.errors import BadSetting, NoRoom, StatementFailed, TryAgain, WorkerMismatch
from catalog.tables import conformed, usage
from pipelines.cluster import dask_engine
from pipelines.cluster.worker import Order, carry_out
from pipelines.engine import OutputFile, Task
from pipelines.run import context
from pipelines.run.schedule import make_one
from tests.pipelines.conftest import Home
from tools.cluster import Cluster, certificates


@pytest.fixture(scope="module")
def cluster(copy_of_published):
    """A scheduler and a worker on loopback, over a home that they share, with one release made by `local`."""
    home = copy_of_published("cluster")
    with Cluster(home.settings) as cluster:
        cluster.start(1, memory_mb=300, threads=1)
        yield cluster
        dask_engine.disconnect(cluster.settings)


@pytest.fixture
def over_workers(cluster):
    """The home of the cluster, whose runs go to its workers."""
    return Home(cluster.settings)


def contents(release) -> dict[str, str]:
    return {name: entry["content_hash"] for name, entry in release.section("datasets").items() if entry["content_hash"]}


def files(home) -> set[str]:
    return {str(p.relative_to(home.settings.lake)) for p in home.settings.lake.rglob("part-*.parquet")}


@pytest.mark.slow("a whole run over workers; that a worker makes the same file is tried below")
def test_workers_make_the_same_release_to_the_last_hash_also_when_one_is_killed_meanwhile(cluster, over_workers):
    cluster.start_worker("worker-beside", memory_mb=300, threads=1)
    before, names = over_workers.current, files(over_workers)

    def replace_one() -> None:
        victim = cluster.workers.pop()
        os.killpg(victim.pid, signal.SIGKILL)  # the machine of a worker: the process and the one that watches it
        victim.wait()
        cluster.start_worker("worker-again", memory_mb=300, threads=1)

    def kill_one_process() -> None:
        for worker in psutil.Process(cluster.workers[0].pid).children():
            worker.kill()  # alone: the one that watches it starts it again

    killed = [threading.Timer(0.5, kill_one_process), threading.Timer(1.0, replace_one)]
    for each in killed:
        each.start()
    made = over_workers.run(full=True)
    for each in killed:
        each.join()
    assert made.name != before.name
    assert contents(made) == contents(before)
    assert files(over_workers) == names


@pytest.mark.slow("waits for workers that end with their scheduler")
def test_a_scheduler_that_is_killed_is_asked_again_when_it_is_back(cluster, over_workers):
    before = contents(over_workers.current)

    def replace_it() -> None:
        os.killpg(cluster.scheduler.pid, signal.SIGKILL)
        cluster.scheduler.wait()
        cluster.start_scheduler()

    back = threading.Timer(0.5, replace_it)
    back.start()
    assert contents(over_workers.run(full=True)) == before
    back.join()


@pytest.mark.slow("starts workers")
def test_a_damaged_file_that_a_worker_reads_is_made_again(over_workers):
    with over_workers.begun() as run:
        month, part = next(iter(run.lake.parts(conformed.DISPATCH).items()))
        made = run.lake.parts(usage.DISPATCH_DAY)[month]
        rows = pq.read_table(part.path), pq.read_table(made.path)
        part.path.chmod(0o644)
        part.path.write_bytes(part.path.read_bytes()[:-9] + b"otherwise")
        assert make_one(run, usage.DISPATCH_DAY.name, [month])[0].rows
        assert pq.read_table(made.path).equals(rows[1])
        assert pq.read_table(part.path).num_rows == rows[0].num_rows


@pytest.mark.slow("another scheduler; that none answers is said below")
def test_a_run_whose_workers_are_all_gone_says_what_to_start(cluster, monkeypatch):
    with Cluster(cluster.settings.but(engine_address="")) as deserted:
        client = dask_engine.connect(deserted.start(0))  # which takes longer on a busy machine
        hasty = deserted.settings
        monkeypatch.setattr(dask_engine, "WAIT_SECONDS", 0.1)
        monkeypatch.setitem(dask_engine._CLIENTS, hasty, client)  # noqa: SLF001
        monkeypatch.setattr(dask_engine, "_LOOK", 0.1)
        with Home(hasty).begun() as run, pytest.raises(TryAgain, match="dif serve worker"):
            run.engine.submit([Task("usage.dispatch_day")])[0].result()
        dask_engine.disconnect(deserted.settings)


@pytest.mark.slow("two schedulers die, as a client has closed by its next question in one of two cases only")
def test_a_scheduler_that_dies_before_it_answers_is_waited_for(cluster, monkeypatch):
    monkeypatch.setattr(dask_engine, "_LOOK", 0.1)
    monkeypatch.setattr(dask_engine, "WAIT_SECONDS", 2)
    for _ in range(2):
        with Cluster(cluster.settings.but(engine_address="")) as dying:
            settings = dying.start(0)
            dask_engine.connect(settings)
            ends = [
                threading.Timer(seconds, os.killpg, (dying.scheduler.pid, sign))
                for seconds, sign in ((0.3, signal.SIGSTOP), (0.6, signal.SIGKILL))
            ]
            with Home(settings).begun() as run:
                for end in ends:
                    end.start()
                with pytest.raises(TryAgain, match="No scheduler answers"):
                    run.engine.submit([Task("usage.dispatch_day")])[0].result()
            for end in ends:
                end.join()
            dask_engine.disconnect(settings)


@pytest.mark.slow("asks for pages of the scheduler")
def test_whoever_looks_is_told_of_the_workers_and_of_the_one_that_made_a_month(
    cluster, over_workers, command, monkeypatch
):
    for name, value in cluster.environment().items():
        monkeypatch.setenv(name, value)
    until = time.monotonic() + 30
    while not (status := json.loads(command("status", "--json")[1])["engine"])["workers"]:
        assert time.monotonic() < until, "those that an earlier test killed start again"
    assert (status["engine"], status["problem"]) == ("dask", "")
    assert "Engine          dask at tls://" in command("status")[1]
    assert status["dashboard"] == cluster.dashboard
    with urllib.request.urlopen(cluster.dashboard, timeout=30) as page:
        assert b"Dask" in page.read()
    port = int(cluster.dashboard.split(":")[2].partition("/")[0])
    assert {c.laddr.ip for c in psutil.Process(cluster.scheduler.pid).net_connections() if c.laddr.port == port} == {
        "127.0.0.1"
    }
    with over_workers.begun() as run:
        month = next(iter(run.lake.parts(usage.DISPATCH_DAY)))
        made = make_one(run, usage.DISPATCH_DAY.name, [month])[0]
    worker, seconds = made.workers[month]
    assert ":" in worker
    assert 0 < seconds < 60
    monkeypatch.setenv("DIF_ENGINE_ADDRESS", "tls://127.0.0.1:9")
    assert "dif serve scheduler" in json.loads(command("status", "--json")[1])["engine"]["problem"]


def test_a_worker_of_other_rules_makes_nothing(tmp_path):
    task = Task("usage.dispatch_day")
    with pytest.raises(WorkerMismatch, match="different versions"):
        carry_out(task, Order("run", "0123456789abcdef", tmp_path))


def test_a_worker_whose_disk_is_full_says_so(cluster, over_workers):
    """No file of theirs may grow past a limit, which is a full disk to whoever writes."""
    with over_workers.begun() as run:
        month = next(iter(run.lake.parts(usage.DISPATCH_DAY)))
        run.engine.submit([Task("usage.dispatch_day")])[0].result()  # so there is a worker
        limited = [child for worker in cluster.workers for child in psutil.Process(worker.pid).children()]
        for process in limited:
            process.rlimit(psutil.RLIMIT_FSIZE, (1000, -1))
        try:
            with pytest.raises(NoRoom, match=r"The disk of worker .* is full"):
                make_one(run, usage.DISPATCH_DAY.name, [month])[0]
        finally:
            for process in limited:
                process.rlimit(psutil.RLIMIT_FSIZE, (-1, -1))


def test_a_statement_that_fails_on_a_worker_says_what_it_says_here(over_workers):
    with over_workers.begun() as run:
        part = run.lake.target(usage.DISPATCH_DAY, None, Query("select no_such"))
        task = Task("usage.dispatch_day", (OutputFile(Query("select no_such"), usage.DISPATCH_DAY, part),))
        with pytest.raises(StatementFailed, match=r"usage.dispatch_day could not be made: .*no_such"):
            run.engine.submit([task])[0].result()


def test_nobody_speaks_to_the_scheduler_in_the_clear_or_with_a_certificate_of_another(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_engine, "WAIT_SECONDS", 0.5)
    stranger = cluster.settings.but(**certificates(tmp_path))
    with pytest.raises(TryAgain, match="No scheduler answers"):
        dask_engine.connect(stranger)
    address = cluster.settings.engine_address.removeprefix("tls://")
    with pytest.raises(OSError, match=r"Timed out|reset by peer|closed"):
        distributed.Client(f"tcp://{address}", timeout=1)
    host, port = address.split(":")
    nameless = ssl.create_default_context(cafile=cluster.settings.engine_tls / "ca.crt")
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
        nameless.wrap_socket(plain, server_hostname="localhost") as spoken,
    ):
        spoken.recv(1)


def test_without_a_scheduler_or_certificates_a_run_says_what_to_start_or_set(empty_home, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_engine, "WAIT_SECONDS", 0.1)
    alone = empty_home.settings.but(engine_address="tls://127.0.0.1:9", **certificates(tmp_path))
    with pytest.raises(TryAgain, match="dif serve scheduler"):
        dask_engine.connect(alone)
    with pytest.raises(BadSetting, match="engine_tls"):
        dask_engine.connect(alone.but(engine_tls=None))


def test_an_engine_that_is_not_installed_is_refused(empty_home, monkeypatch):
    monkeypatch.setattr(context, "find_spec", lambda _name: None)
    asked = empty_home.settings.but(engine_address="tls://127.0.0.1:9")
    with pytest.raises(BadSetting, match=r"requirements/cluster.txt"), Home(asked).begun() as run:
        assert run.engine
