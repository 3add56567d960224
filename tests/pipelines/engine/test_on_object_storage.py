"""Workers, store and run that share no disk: the release is that of one machine, also when something stops."""

import os
import signal
import threading

import pytest

from pipelines.engine import dask_engine
from pipelines.run import steps
from pipelines.run.tables import LAKE
from tests.pipelines.conftest import AS_OF, copied, settings_of
from tests.pipelines.run.test_shared import contents
from tools.cluster import Cluster
from transport.operations.move import move
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
        cluster.start_scheduler()
        for nth in range(2):
            cluster.start_worker(f"worker-{nth}", home=folder / f"worker-{nth}", memory_mb=300, threads=1, **urls)
        cluster.settings = cluster.settings.but(**urls)
        yield cluster
        dask_engine.disconnect(cluster.settings)


def run(cluster, **more):
    with steps.alone(cluster.settings) as held:
        return steps.run_all(steps.start(cluster.settings, AS_OF, held=held, **more))


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
