"""A folder whose truth is object storage, and the lease of who may change it, over a store in memory and over S3."""

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from obstore.store import MemoryStore

from catalog.errors import Busy, LeaseLost, SharingError, TryAgain
from tests.transport.storage.test_backends import SEAWEEDFS, s3, seaweedfs, store_of
from transport.cluster import lease
from transport.cluster.lake import LakeMirror
from transport.cluster.mirror import ObjectStoreMirror

__all__ = ["s3", "seaweedfs"]


@pytest.fixture(params=["memory", "s3", SEAWEEDFS])
def machine(request, tmp_path):
    """Make machines that share a folder."""
    store = store_of(request, uuid.uuid4().hex)
    return lambda name: ObjectStoreMirror(store, tmp_path / name, "The folder")


def write(folder, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_what_one_machine_puts_another_has_when_it_asks(machine, tmp_path):
    names = [f"t/month=2026-0{n}-01/part-{n}.parquet" for n in range(1, 10)]
    for name in names:
        write(tmp_path / "one", name, name.encode())
    one, other = machine("one"), machine("other")
    one.put(names)
    assert other.sizes() == {name: len(name) for name in names}
    assert other.fetch([*names, "t/none"]) == ["t/none"]
    assert [(tmp_path / "other" / name).read_bytes() for name in names] == [name.encode() for name in names]
    write(tmp_path / "other", names[0], b"otherwise")
    assert other.fetch(names) == [], "what is here is not fetched"
    other.fetch_again(names[0])
    assert (tmp_path / "other" / names[0]).read_bytes() == names[0].encode()
    one.remove(names[:8])
    one.remove(names[:1])
    assert other.sizes().keys() == {names[8]}


def test_an_object_is_new_once_and_the_same_content_again_is_no_other(machine, tmp_path):
    write(tmp_path / "one", "log/1.json", b"mine")
    write(tmp_path / "other", "log/1.json", b"yours")
    one, other = machine("one"), machine("other")
    assert (one.put_new("log/1.json"), one.put_new("log/1.json"), other.put_new("log/1.json")) == (True, True, False)


def test_of_many_who_move_an_object_one_at_a_time_does(machine):
    shared = machine("one")
    shared.swap("counter", b"0 by nobody", None)

    def add(nth: int) -> None:
        while True:
            now = shared.read("counter")
            if shared.swap("counter", b"%d by %d" % (int(now.content.split()[0]) + 1, nth), now) is not None:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    assert shared.read("counter").content.startswith(b"20 ")
    assert shared.swap("counter", b"x", None) is None, "there is one"
    assert machine("other").read("none") is None


def test_a_lease_is_one_holders_until_it_gives_it_back_or_is_silent_for_too_long(machine):
    one, other = machine("one"), machine("other")
    with lease.hold(one, 0.6) as held:
        with pytest.raises(Busy):
            lease.take(other, 0.6, 0.1)
        time.sleep(0.9)  # it is renewed
        held.check()
        with pytest.raises(Busy, match="holds this home"):
            lease.take(other, 0.6, 0.1)
    silent = lease.take(other, 0.6, 0)  # given back, it is free at once: nobody waits here
    assert silent.fence == held.fence + 1
    later = lease.take(one, 0.6, 2)
    assert later.fence == silent.fence + 1
    silent.renew()
    with pytest.raises(LeaseLost):
        silent.check()
    later.renew()
    later.check()


def test_who_waits_for_less_long_takes_no_lease_that_holds_for_longer(machine):
    held = lease.take(machine("one"), 5, 0)
    with pytest.raises(Busy):
        lease.take(machine("other"), 0.1, 0.5)
    held.check()


def test_a_renewal_that_was_written_and_answered_with_an_error_loses_no_lease(machine, monkeypatch):
    shared = machine("one")
    held = lease.take(shared, 5, 0)
    swap = shared.swap

    def answer_lost(*asked):
        swap(*asked)
        raise TryAgain("The answer was lost.", "Try again.")

    monkeypatch.setattr(shared, "swap", answer_lost)
    with pytest.raises(TryAgain):
        held.renew()
    monkeypatch.undo()
    held.renew()
    held.check()
    assert json.loads(shared.read(lease.LEASE).content)["fence"] == held.fence


class Careless:
    """A store that takes every put, as some that speak S3 do: whatever condition of these it is told, it ignores."""

    def __init__(self, *ignored: str) -> None:
        self._store, self._ignored = MemoryStore(), ignored

    def get(self, name):
        return self._store.get(name)

    def put(self, name, content, *, mode):
        kind = "create" if mode == "create" else "update"
        return self._store.put(name, content, mode="overwrite" if kind in self._ignored else mode)


def twice(shared) -> None:
    for _ in range(2):
        lease.take(shared, 0.1, 2).give_back()


@pytest.mark.parametrize("ignored", ["create", "update"])
def test_a_store_that_takes_every_put_is_refused_before_anybody_holds_a_lease_there(tmp_path, ignored):
    with pytest.raises(SharingError, match="conditional puts"):
        twice(ObjectStoreMirror(Careless(ignored), tmp_path, "The folder"))
    twice(ObjectStoreMirror(Careless(), tmp_path, "The folder"))


def test_files_that_no_log_names_go_after_a_while_and_no_others(machine, tmp_path):
    shared, table = machine("one"), tmp_path / "one" / "usage" / "t"
    names = ["part-old.parquet", "part-new.parquet", "_delta_log/00000000000000000000.json"]
    for name in names:
        write(table, name, b"x")
    shared.put(f"usage/t/{name}" for name in names)
    lake = LakeMirror(shared, tmp_path / "one")
    lake.tidy(table, [table / "part-new.parquet"], retention=timedelta(days=7))
    assert len(shared.sizes()) == len(names)
    lake.tidy(table, [table / "part-new.parquet"], retention=timedelta(seconds=-60))
    assert {name.removeprefix("usage/t/") for name in shared.sizes()} == {*names[1:]}


def test_an_entry_of_a_log_that_never_got_there_is_forgotten_and_another_machines_is_taken(machine, tmp_path):
    one, other = (LakeMirror(machine(name), tmp_path / name) for name in ("one", "other"))
    entry = "usage/t/_delta_log/0000000000000000000{}.json"
    write(tmp_path / "one", entry.format(0), b"{}")
    one.share(tmp_path / "one" / "usage" / "t")
    other.pull()
    write(tmp_path / "one", entry.format(1), b'{"mine": 1}')  # and the run dies
    write(tmp_path / "other", entry.format(1), b'{"theirs": 1}')
    other.share(tmp_path / "other" / "usage" / "t")
    with pytest.raises(LeaseLost):
        one.share(tmp_path / "one" / "usage" / "t")
    one.pull()
    assert (tmp_path / "one" / entry.format(1)).read_bytes() == b'{"theirs": 1}'


def test_processes_of_one_machine_may_fetch_at_the_same_time(machine, tmp_path):
    shared = machine("one")
    write(tmp_path / "one", "big", b"x" * 1_000_000)
    shared.put(["big"])
    others = [machine("other") for _ in range(4)]
    threads = [threading.Thread(target=other.fetch, args=(["big"],)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "other" / "big").stat().st_size == 1_000_000
    assert len(list((tmp_path / "other").iterdir())) == 1
