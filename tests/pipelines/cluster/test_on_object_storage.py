"""Workers, store and run that share no disk: the release is that of one machine, also when something stops."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from catalog.errors import TryAgain
from pipelines.cluster import dask_engine
from pipelines.run import steps
from pipelines.run.tables import LAKE
from tests.pipelines.conftest import AS_OF, copied, keep_secret, settings_of
from tests.pipelines.run.test_shared import contents
from tools.cluster import Cluster
from transport.base.settings import PROJECT
from transport.cluster.move import move
from transport.cluster.releases import folder_of
from transport.releases.store import Releases

pytestmark = pytest.mark.slow("starts an object store, a scheduler and workers")


@pytest.fixture(scope="module")
def apart(published, tmp_path_factory):
    """A store with the published home in it, two workers with homes of their own, and settings of a third machine."""
    folder = tmp_path_factory.mktemp("apart")
    urls = {f"{what}_url": f"s3://bucket/{what}" for what in ("landing", "lake", "releases")}
    home = copied(published.settings.home, folder / "first")
    with pytest.MonkeyPatch.context() as patched, Cluster(settings_of(folder / "control"), folder) as cluster:
        for name, value in cluster.start_store().items():
            patched.setenv(name, value)
        move(home.settings, home.settings.but(**urls), LAKE, progress=lambda _what, _done, _of: None)
        keep_secret(cluster.settings)
        cluster.start_scheduler()
        for nth in range(2):
            cluster.start_worker(f"worker-{nth}", home=folder / f"worker-{nth}", memory_mb=300, threads=1, **urls)
        cluster.settings = cluster.settings.but(**urls)
        yield cluster
        dask_engine.disconnect(cluster.settings)


def run(cluster, **more):
    with steps.exclusive_run(cluster.settings) as held:
        return steps.run_all(steps.start(cluster.settings, AS_OF, lease=held, **more))


def test_machines_that_share_no_disk_make_the_release_that_one_makes(apart, published):
    assert run(apart) is None, "what was moved is up to date"
    made = run(apart, full=True)
    assert contents(made) == contents(published.current)
    assert Releases(apart.settings).verify(made.name) == []


def test_a_store_that_stops_for_a_while_is_waited_for(apart, published):
    def stop_and_go() -> None:
        os.killpg(apart.store.pid, signal.SIGSTOP)
        threading.Timer(4, os.killpg, (apart.store.pid, signal.SIGCONT)).start()

    stopped = threading.Timer(1.5, stop_and_go)
    stopped.start()
    assert contents(run(apart, full=True)) == contents(published.current)
    stopped.join()


def test_a_worker_that_is_stopped_past_its_time_and_wakes_changes_nothing(apart, published):
    victim = apart.workers[0]
    stopped = threading.Timer(1, os.killpg, (victim.pid, signal.SIGSTOP))
    stopped.start()
    try:
        made = run(apart, full=True)
    finally:
        stopped.join()
        os.killpg(victim.pid, signal.SIGCONT)
    assert contents(made) == contents(published.current)
    assert run(apart) is None


def test_a_store_that_is_killed_and_comes_back_is_waited_for_or_the_run_is_started_again(apart, published):
    def replace_it() -> None:
        os.killpg(apart.store.pid, signal.SIGKILL)
        apart.store.wait()
        apart.start_store()

    killed = threading.Timer(1.5, replace_it)
    killed.start()
    try:
        made = run(apart, full=True)
        killed.join()
    except TryAgain:  # it takes the store some twenty seconds to come back, and a run waits for hardly more
        killed.join()
        made = run(apart, full=True)
    assert contents(made) == contents(published.current)
    assert Releases(apart.settings).verify(made.name) == []


LEASE = 15.0
"""Seconds after which another machine may run: few, for a drill waits for them each time it kills a run; but more than
a busy machine's store lets a holder wait that renews it."""
RUN = ("-m", "tools.engine_runs", AS_OF.isoformat())
"""What `dif run --full` does, as of the day of the tests."""


@contextmanager
def elsewhere(cluster, name, *words):
    """A process of another machine, in a group of its own; what it says of its progress can be read."""
    keep_secret(settings_of(cluster.folder / name))
    told = cluster.environment(
        home=cluster.folder / name, lease_seconds=LEASE, memory_mb=500, readers=1, settle_seconds=0
    )
    with subprocess.Popen(
        [sys.executable, "-P", *words],
        env=told | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def said(process, step: str) -> None:
    """Wait until a run has ended a step, and so is in the next."""
    heard = []
    for line in process.stderr:
        heard.append(line)
        if f" {step} " in line:
            return
    raise AssertionError("".join(heard))


def begun_to_publish(process, cluster, before) -> None:
    """Stop a run once it has put some files of its release into the store; while they are counted, it puts no more."""
    releases = folder_of(cluster.settings)
    said(process, "quality.check_result")
    while True:
        assert process.poll() is None, process.stderr.read()
        os.killpg(process.pid, signal.SIGSTOP)
        if sum("/" in name and name.partition("/")[0] not in before for name in releases.sizes()) >= 3:
            return
        os.killpg(process.pid, signal.SIGCONT)
        time.sleep(0.01)


def test_a_run_that_is_killed_in_any_step_publishes_nothing_half_and_another_machine_goes_on(apart, published):
    before = Releases(apart.settings)
    names, current = {*before.names()}, before.current().name
    ended = ("landing", "reference.product", "conformed.dispatch", "usage.dispatch_day", "quality.check_result", "")
    for step in ended:
        taken = {name.partition("/")[0] for name in folder_of(apart.settings).sizes()}
        with elsewhere(apart, "killed", *RUN) as process:
            if step:
                said(process, step)
            else:
                begun_to_publish(process, apart, taken)
            os.killpg(process.pid, signal.SIGKILL)
        releases = Releases(apart.settings)
        assert releases.current().name == current, step
        assert all(releases.verify(name) == [] for name in {*releases.names()} - names), "one is whole, or is not there"
    with elsewhere(apart, "another", *RUN) as process:
        _, told = process.communicate()
        assert process.returncode == 0, told
    made = Releases(apart.settings).current()
    assert made.name not in names
    assert contents(made) == contents(published.current)
    assert Releases(apart.settings).verify(made.name) == []


def test_a_run_that_is_stopped_past_its_lease_and_wakes_publishes_nothing_and_says_so_in_a_line(apart, published):
    dif = ("-c", "from pipelines.cli.main import main; main()", "run", "--full")
    with elsewhere(apart, "stopped", *dif) as stopped:
        said(stopped, "conformed.dispatch")
        os.killpg(stopped.pid, signal.SIGSTOP)
        with elsewhere(apart, "another", *RUN) as process:
            _, told = process.communicate()
            assert process.returncode == 0, told
        made = Releases(apart.settings).current().name
        os.killpg(stopped.pid, signal.SIGCONT)
        _, told = stopped.communicate()
    assert stopped.returncode == 1
    problem, mend = told.splitlines()[-2:]
    assert ("lost its lease" in problem, "Run again" in mend) == (True, True), told
    assert Releases(apart.settings).current().name == made
    assert contents(Releases(apart.settings).current()) == contents(published.current)
