"""The cluster of `make cluster`: its release equals that of one process, and nothing of it stays when it is ended."""

import subprocess
import sys

import psutil
import pyarrow.parquet as pq
import pytest

from catalog.tables.streams import ADOPTION
from pipelines.cluster.dask_engine import workers_of
from tests.transport.conftest import table_of
from tools.cluster import Cluster
from tools.cluster_command import Running
from transport.base.settings import PROJECT, Settings, environment
from transport.ingest.batch_validator import BatchValidator
from transport.storage.landing import Arrival, open_landing, utc_now


def cluster(*words, code=0) -> str:
    told = {name: value for name, value in environment({}).items() if not name.startswith("DIF_")}
    command = [sys.executable, "-P", "-m", "tools.cluster_command", *map(str, words)]
    done = subprocess.run(
        command, env=told | {"PYTHONPATH": str(PROJECT)}, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def at_work(folder) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.slow("makes two releases")
def test_a_release_by_workers_is_that_of_one_process_and_no_process_is_left(tmp_path):
    folder = (tmp_path / "cluster").resolve()
    try:
        said = cluster("up", "--home", folder, "--dispatches", 2000)
        assert "the same by both engines" in said
        assert "sent to each of 2 doors in turn: accepted, duplicate" in said
        assert "export DIF_ENGINE_ADDRESS=tls://127.0.0.1:" in said
        assert "worker-1   runs" in cluster("up", "--home", folder)
        Running.read(folder).members("worker-0")[0].kill()
        assert "worker-0   is dead" in cluster("up", "--home", folder, code=1)
    finally:
        said = cluster("down", "--home", folder)
    assert "Ended: door-0, door-1, worker-1, scheduler, store. Dead before: worker-0." in said
    assert not at_work(folder)
    assert "No cluster runs" in cluster("down", "--home", folder)


@pytest.mark.slow("starts the command several times")
def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "theirs").touch()
    assert "--home FOLDER" in cluster("up", "--home", tmp_path, code=1)
    assert [p.name for p in tmp_path.iterdir()] == ["theirs"]


@pytest.mark.slow("a drill of `make cluster`")
def test_a_scheduler_that_is_killed_is_started_again_at_its_address(tmp_path):
    with Cluster(Settings(home=tmp_path / "home"), tmp_path) as made:
        made.start_scheduler(again=True)
        [scheduler] = psutil.Process(made.scheduler.pid).children()
        scheduler.kill()
        scheduler.wait()
        assert workers_of(made.settings, within=60)[0] == {}


@pytest.mark.slow("starts object storage")
def test_a_batch_is_kept_once_on_the_store_of_a_cluster_and_read_back(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path / "home", landing_url="s3://bucket/landing")
    rows = table_of("adoption", 3).select([column.name for column in ADOPTION.columns])

    def kept():
        landing = open_landing(settings)
        temporary = landing.temporary("adoption", "p", "arriving")
        with BatchValidator(ADOPTION, temporary, producer="p") as door:
            door.add(rows)
            arrival = Arrival(temporary, door.close(), ADOPTION, "p", "one", named=True)
        return landing.keep([arrival], now=utc_now())[0]

    with Cluster(settings, tmp_path) as cluster:
        for name, value in cluster.start_store().items():
            monkeypatch.setenv(name, value)
        assert [kept().status, kept().status] == ["accepted", "duplicate"]
        landing = open_landing(settings)
        (entry,) = landing.entries
        assert landing.is_whole(entry)
        assert pq.read_metadata(landing.file(entry)).num_rows == 3
    assert not at_work(tmp_path)
