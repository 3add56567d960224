"""The supervisor keeps the servers up and looks after the home while they serve."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from catalog.errors import Busy
from catalog.streams import ADOPTION
from transport import durable
from transport.client import Client
from transport.door import Door
from transport.landing import Arrival
from transport.supervisor import Supervisor


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
        with Door(ADOPTION, path, producer="p") as door:
            door.add(batch("adoption", 3 + i).select([c.name for c in ADOPTION.columns]))
            parcel = door.close()
        kept.keep([Arrival(path, parcel, ADOPTION, "p", f"b{i}")], now=received_at)


def test_while_it_serves_it_packs_what_is_old_and_sweeps_what_was_left(home, batch):
    keep_small(home, batch, 9, datetime.now(UTC) - timedelta(days=70))
    left = home.settings.landing / "adoption" / "p" / f"{durable.TEMPORARY}old.parquet"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    said: list[str] = []
    one = Supervisor(home.settings, http_port=None, say=said.append)
    thread = threading.Thread(target=one.run)
    thread.start()
    try:
        assert until(lambda: all(e.packed_in for e in home.landing.entries))
        assert until(lambda: not left.exists())
        with Client(said[0].split()[1], producer="p") as client:
            assert client.send("adoption", "b0", batch("adoption", 3))["status"] == "duplicate"
    finally:
        one.stop()
        thread.join()


def test_a_server_that_ends_is_started_again_at_the_same_address(running, batch):
    supervisor, said = running
    assert until(lambda: said)
    address = said[0].split()[1]
    with Client(address, producer="p", tries=8) as client:
        client.send("adoption", "one", batch("adoption", 3))
        for _ in range(2):
            supervisor.servers[0].process.kill()
            assert client.send("adoption", "one", batch("adoption", 3))["status"] == "duplicate"
    assert sum("started again" in line for line in said) == 2


def test_a_run_waits_for_tidying_and_is_turned_away_by_another_run(tmp_path):
    began = threading.Event()

    def hold(doing: str, seconds: float) -> None:
        with durable.locked(tmp_path, doing=doing):
            began.set()
            time.sleep(seconds)

    for doing, seconds in ((durable.TIDYING, 0.3), ("", 1.0)):
        began.clear()
        holder = threading.Thread(target=hold, args=(doing, seconds))
        holder.start()
        began.wait()
        if doing:
            with durable.locked(tmp_path), (tmp_path / "run.lock").open() as again, pytest.raises(BlockingIOError):
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            with pytest.raises(Busy, match="process"), durable.locked(tmp_path):
                pass
        holder.join()
