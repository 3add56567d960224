"""Many small batches: what one alone does not tell is told by those before it."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from catalog.domain import identity
from catalog.errors import BatchErased, WrongUse
from catalog.tables.streams import STREAMS
from tests.thorough import some
from transport.ingest import identity_across_batches
from transport.ingest.ingest_service import IngestService, Upload
from transport.storage import landing

TEXT = {"adoption": "note", "cost_entry": "text", "measurement": "source_system", "invoice_line": "line_text"}


@pytest.fixture
def send(home, batch):
    """Send one row a batch, each with an id of its own; what is in the landing then."""
    one = IngestService(home.settings.but(disk_reserve_mb=0))

    def send(ids, *, producer="p", first=0, stream="adoption", column="event_id"):
        caller = one.access.caller(None, producer=producer)
        for number, event in enumerate(ids, first):
            rows = batch(stream, 1, **{TEXT[stream]: pa.array([f"n{number}"]), column: pa.array([event])})
            with one.open_upload(caller, Upload(stream, f"b{number}", "http")) as open_upload:
                open_upload.add(rows.select(STREAMS[stream].schema.names))
                open_upload.finish()
        return home.landing

    return send


@pytest.mark.parametrize("text", some(["{}", "bruker-{}", "{}@kommune.no"], ["bruker-{}"], "other text around it"))
def test_thirty_batches_of_one_number_each_are_all_found(send, number, text):
    kept = send([text.format(number(i)) for i in range(30)])
    found = identity_across_batches.found_later(kept, since=0)
    assert [(e.number, column) for e, column in found] == [(n, "event_id") for n in range(1, 31)]
    assert identity_across_batches.found_later(kept, since=kept.last) == []


def test_more_batches_in_a_run_than_are_judged_together_are_all_found(send, number, monkeypatch):
    monkeypatch.setattr(identity_across_batches, "_MOST", 10)
    kept = send([number(i) for i in range(25)])
    assert len(identity_across_batches.found_later(kept, since=0)) == 25
    kept = send([number(i) for i in range(25, 30)], first=25)
    assert [e.number for e, _ in identity_across_batches.found_later(kept, since=25)] == [*range(21, 31)]


def test_one_number_repeated_is_chance(send, number):
    kept = send([number()] * 30)
    assert identity_across_batches.found_later(kept, since=0) == []


@pytest.mark.slow("a hundred and fifty batches; other numbers that are chance are sent above and below")
def test_accounts_of_eleven_digits_one_a_batch_are_chance(send):
    generator = random.Random(3)
    kept = send([f"{generator.randrange(10**11):011d}" for _ in range(150)], column="source")
    assert any(entry.suspects for entry in kept.entries)
    assert identity_across_batches.found_later(kept, since=0) == []


def test_numbers_of_others_do_not_take_batches_of_ordinary_identifiers_with_them(home, send, batch, number):
    generator = random.Random(5)
    one = IngestService(home.settings.but(disk_reserve_mb=0))
    for sender in range(5):
        ids = pa.array([f"{generator.randrange(10**11):011d}" for _ in range(500)])
        rows = batch("cost_entry", 500, entry_id=ids, text=pa.array([f"n{i}" for i in range(500)]))
        caller = one.access.caller(None, producer=f"honest{sender}")
        with one.open_upload(caller, Upload("cost_entry", "b", "http")) as open_upload:
            open_upload.add(rows.select(STREAMS["cost_entry"].schema.names))
            open_upload.finish()
    assert all("entry_id" in entry.suspects for entry in home.landing.entries), "some pass by chance"
    for i in range(30):
        kept = send([number(i)], producer=f"p{i}", stream="cost_entry", column="project", first=i)
    found = identity_across_batches.found_later(kept, since=0)
    assert [(e.number, column) for e, column in found] == [(n, "project") for n in range(6, 36)]


COLUMNS = [
    ("adoption", "event_id"), ("adoption", "source"), ("cost_entry", "entry_id"), ("cost_entry", "project"),
    ("measurement", "account_id"), ("invoice_line", "invoice_id"),
]  # fmt: skip
SPREAD = {
    "thirty producers, one column": [(f"p{i}", "adoption", "event_id") for i in range(30)],
    "five producers, another column each time": [(f"p{i}", *COLUMNS[j]) for i in range(5) for j in range(6)],
    "each producer another column": [(f"p{i}", *COLUMNS[i]) for i in range(6)],
    "one producer, another column each time": [("p", *COLUMNS[i]) for i in range(6)],
}


@pytest.mark.parametrize(
    "spread",
    some(SPREAD.values(), [[*SPREAD.values()][-1]], "spread otherwise"),
    ids=SPREAD,
)
def test_numbers_spread_over_producers_and_columns_are_all_found_and_purged(home, send, number, spread):
    for i, (producer, stream, column) in enumerate(spread):
        kept = send([number(i)], producer=producer, stream=stream, column=column, first=i)
    found = identity_across_batches.found_later(kept, since=0)
    assert [(e.number, column) for e, column in found] == [(i + 1, c) for i, (_, _, c) in enumerate(spread)]
    for entry, _ in found:
        kept.withdraw(entry, by=identity_across_batches.BY, reason="x", now=landing.utc_now())
    assert len(identity_across_batches.purge(kept, now=landing.utc_now())) == len(spread)
    assert [where for i in range(len(spread)) for where in home.shows(number(i))] == []
    assert all(kept.withdrawal(entry) for entry in kept.entries)
    assert identity_across_batches.purge(kept, now=landing.utc_now()) == []


def test_what_was_purged_is_refused_when_it_is_sent_again(send, number):
    kept = send([number(i) for i in range(3)])
    for entry, _ in identity_across_batches.found_later(kept, since=0):
        kept.withdraw(entry, by=identity_across_batches.BY, reason="x", now=landing.utc_now())
    identity_across_batches.purge(kept, now=landing.utc_now())
    with pytest.raises(BatchErased):
        send([number(1)], first=1)


def test_what_its_operator_reinstated_is_not_purged(home, send, number):
    kept = send([number(i) for i in range(3)])
    for entry, _ in identity_across_batches.found_later(kept, since=0):
        kept.withdraw(entry, by=identity_across_batches.BY, reason="x", now=landing.utc_now())
    kept.reinstate(kept.entries[0], by="drift", reason="konto", now=landing.utc_now())
    assert [e.number for e in identity_across_batches.purge(kept, now=landing.utc_now())] == [2, 3]
    assert home.shows(number(0)) != []


def test_what_was_taken_back_is_not_found_again(send, number):
    kept = send([number(i) for i in range(3)])
    for entry, _ in identity_across_batches.found_later(kept, since=0):
        kept.withdraw(entry, by="identitetskontroll", reason="x", now=landing.utc_now())
    assert identity_across_batches.found_later(kept, since=0) == []
    assert len(identity_across_batches.found_later(send([number(3), number(4)], first=3), since=0)) == 2


@pytest.mark.parametrize("text", ["{}", "uke-{}", "{}.x", "0{}", "000{}"])
def test_a_batch_or_a_producer_that_is_called_by_a_number_is_refused_without_saying_it(home, number, text):
    one = IngestService(home.settings.but(disk_reserve_mb=0))
    name = text.format(number())
    with (
        pytest.raises(WrongUse, match="identity number") as refused,
        one.open_upload(one.access.caller(None, producer="p"), Upload("adoption", name, "http")),
    ):
        pass
    assert number() not in str(refused.value)
    with pytest.raises(WrongUse, match="identity number"):
        one.access.caller(None, producer=name)
    grouped = "_".join(number()[i : i + 2] for i in range(0, 11, 2))
    with pytest.raises(WrongUse, match="identity number"):
        one.access.caller(None, producer=grouped)
    assert home.shows(number()) == []


@pytest.mark.slow("many batches; the others hold what is found")
def test_numbers_of_others_take_no_ordinary_identifier_that_came_alone_in_its_batch(send, number):
    generator = random.Random(2)
    send([f"{generator.randrange(10**11):011d}" for _ in range(400)], producer="honest")
    kept = send(_accounts(150), producer="bank", first=1000)
    assert {e.producer for e in kept.entries if e.suspects} == {"honest", "bank"}, "some pass by chance"
    for i in range(30):
        kept = send([number(i)], producer=f"p{i}", first=2000 + i)
    found = identity_across_batches.found_later(kept, since=0)
    assert [e.producer for e, _ in found] == [f"p{i}" for i in range(30)]


def _accounts(count: int) -> list[str]:
    """Numbers of bank accounts: their last digit is the second control."""
    generator, found = random.Random(4), []
    while len(found) < count:
        digits = f"{generator.randrange(10**10):010d}"
        control = -sum(int(d) * w for d, w in zip(digits, identity.SECOND_WEIGHTS, strict=True)) % 11
        if control < 10:
            found.append(f"{digits}{control}")
    return found
