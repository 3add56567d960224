"""Several doors over one object storage: whatever happens to a door or to the store, a batch is kept once."""

import http.client
import json
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from catalog.errors import PeriodOverlap, SharingError
from catalog.tables.streams import ADOPTION
from tools.cluster import Cluster
from tools.wire import Wire
from transport.base.encoding import encoded_pieces
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.sample import sample
from transport.storage.landing import Arrival, LandedBatch, open_landing, utc_now

pytestmark = pytest.mark.slow("starts an object store and servers")
PLACE = {"landing_url": "s3://bucket/landing", "shards": 8, "disk_reserve_mb": 1}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A store that speaks S3 behind a wire, and two doors of one landing."""
    folder = tmp_path_factory.mktemp("doors")
    with pytest.MonkeyPatch.context() as patched, Cluster(Settings(home=folder / "control"), folder) as cluster:
        store = cluster.start_store()
        with Wire(int(store["AWS_ENDPOINT_URL"].rpartition(":")[2])) as wire:
            cluster.store_environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{wire.port}"
            for name, value in cluster.store_environment.items():
                patched.setenv(name, value)
            cluster.wire = wire
            for name in ("one", "two"):
                cluster.start_door(name, **PLACE)
            yield cluster


@pytest.fixture
def landing(cluster, tmp_path):
    """The landing as another machine reads it."""
    return open_landing(Settings(home=tmp_path / "reader", **PLACE))


def body(rows: int) -> bytes:
    made = sample(ADOPTION, rows)
    return b"".join(encoded_pieces(made.schema, made.to_batches(), ".arrow"))


def asked(address: str, method: str, batch: str, content: bytes = b"") -> tuple[int, dict]:
    """The status and the answer; 0 where the connection broke."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
    path = f"/v1/streams/adoption/batches/{batch}"
    try:
        connection.request(method, path, content or None, {"Content-Type": "application/vnd.apache.arrow.stream"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


def names(landing) -> list[str]:
    landing.refresh()
    return [e.batch_id for e in landing.entries]


def test_whichever_door_is_asked_a_batch_is_known(cluster, landing):
    one, two = cluster.addresses.values()
    assert asked(one, "PUT", "same", body(3))[0] == 201
    status, receipt = asked(two, "PUT", "same", body(3))
    assert (status, receipt["status"]) == (200, "duplicate")
    status, problem = asked(two, "PUT", "same", body(4))
    assert (status, problem["kind"]) == (409, "conflict")
    assert asked(two, "GET", "same")[1]["sha256"] == receipt["sha256"]
    assert names(landing).count("same") == 1


def test_a_door_that_is_killed_loses_nothing_that_has_a_receipt(cluster, landing):
    one, two = cluster.addresses.values()
    receipts: list[str] = []

    def send(sender: int) -> None:
        for nth in range(12):
            batch = f"killed-{sender}-{nth}"
            for attempt in range(20):
                status, _ = asked(one if not attempt else two, "PUT", batch, body(2 + sender))
                if status in (200, 201):
                    receipts.append(batch)
                    break
                time.sleep(0.2)

    victim = cluster.doors["one"]
    killed = threading.Timer(0.7, os.killpg, (victim.pid, signal.SIGKILL))
    killed.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    killed.join()
    victim.wait()
    cluster.start_door("one", **PLACE)
    kept = [name for name in names(landing) if name.startswith("killed-")]
    assert sorted(kept) == sorted(receipts) == sorted(f"killed-{s}-{n}" for s in range(4) for n in range(12))
    assert all(landing.is_whole(e) for e in landing.entries)


def writes(home: str, number: int, given: multiprocessing.Queue) -> None:
    """In a process of its own: keep batches of a producer that others send for at the same time."""
    landing = open_landing(Settings(home=Path(home), **PLACE))
    for batch in [*(f"own-{number}-{n}" for n in range(6)), *(f"shared-{n}" for n in range(6))]:
        temporary = landing.temporary("adoption", "p", batch)
        with BatchValidator(ADOPTION, temporary, producer="p") as validator:
            validator.add(sample(ADOPTION, 2 + int(batch[-1])))
            arrival = Arrival(temporary, validator.close(), ADOPTION, "p", batch)
        (kept,) = landing.keep([arrival], now=utc_now())
        given.put((batch, kept.status if isinstance(kept, LandedBatch) else "conflict"))


def test_four_writers_on_one_shard_keep_each_batch_once(cluster, landing, tmp_path):
    context = multiprocessing.get_context("spawn")
    given = context.Queue()
    writers = [context.Process(target=writes, args=(str(tmp_path / f"writer-{n}"), n, given)) for n in range(4)]
    for writer in writers:
        writer.start()
    answers = [given.get(timeout=120) for _ in range(4 * 12)]
    for writer in writers:
        writer.join()
    accepted = sorted(batch for batch, status in answers if status == "accepted")
    assert {status for _, status in answers} == {"accepted", "duplicate"}
    assert accepted == sorted({batch for batch, _ in answers})
    landing.refresh()
    assert sorted(e.batch_id for e in landing.entries if e.producer == "p") == accepted


def kept_whole(landing, producer: str, batch: str, first: str, last: str):
    """What becomes of an export of whole months, as accounts are exported."""
    temporary = landing.temporary("adoption", producer, batch)
    with BatchValidator(ADOPTION, temporary, producer=producer) as validator:
        validator.add(sample(ADOPTION, 1 + len(batch)))
        validated = replace(validator.close(), covers=("974760673", first, last))
    (kept,) = landing.keep([Arrival(temporary, validated, ADOPTION, producer, batch)], now=utc_now())
    return kept


def test_months_that_any_shard_holds_are_replaced_whole_or_not_taken_in(cluster, landing, tmp_path):
    one, two = (open_landing(Settings(home=tmp_path / name, **PLACE)) for name in "ab")
    assert kept_whole(one, "accounts", "quarter", "2026-01", "2026-03").status == "accepted"
    # the other door has read none of it, and it stands in a shard alone
    for producer, batch in (("accounts", "january"), ("elsewhere", "all-of-2026")):
        last = "2026-01" if batch == "january" else "2026-12"
        assert isinstance(kept_whole(two, producer, batch, "2026-01", last), PeriodOverlap)
    assert kept_whole(two, "accounts", "half-year", "2026-01", "2026-06").status == "accepted"
    landing.refresh()
    found = {e.batch_id: landing.withdrawal(e) is None for e in landing.entries if e.covers}
    assert found == {"quarter": False, "half-year": True}


@pytest.mark.parametrize(
    "mood", [{"code": 503}, {"code": 409}, {"code": 500}, {"hold": 0.4}], ids=["503", "409 to puts", "500", "slow"]
)
def test_a_store_that_refuses_or_is_slow_for_a_while_costs_patience_and_no_batch(cluster, landing, mood):
    wire, (one, two) = cluster.wire, cluster.addresses.values()
    name = "-".join(f"{key}-{value}".replace(".", "") for key, value in mood.items())
    wire.hold(mood.get("hold", 0.0))
    wire.answer(mood.get("code", 0), only_puts=mood.get("code") == 409)
    again = threading.Timer(3, wire.answer, (0,))
    again.start()
    try:
        first = [asked(one, "PUT", f"{name}-{n}", body(2 + n)) for n in range(2)]
    finally:
        again.join()
        wire.hold(0.0)
    for status, answer in first:
        assert status in (201, 200) or (status, answer["kind"]) == (503, "try_again"), answer
    assert all(asked(two, "PUT", f"{name}-{n}", body(2 + n))[0] in (200, 201) for n in range(2))
    kept = [each for each in names(landing) if each.startswith(name)]
    assert sorted(kept) == [f"{name}-0", f"{name}-1"]


def test_a_store_that_stays_away_is_told_in_one_line(cluster):
    cluster.wire.answer(503)
    try:
        with pytest.raises(SharingError) as told:
            open_landing(Settings(home=cluster.folder / "nobody", **PLACE))
    finally:
        cluster.wire.answer(0)
    assert told.value.kind == "try_again"
