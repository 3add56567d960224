"""Many small batches: what one alone does not tell is told by those before it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from catalog.errors import WrongUse
from catalog.tables.streams import ADOPTION
from transport.ingest import identity_across_batches
from transport.ingest.ingest_service import IngestService, Upload
from transport.storage import landing


@pytest.fixture
def send(home, batch):
    """Send one row a batch, each with an id of its own; what is in the landing then."""
    one = IngestService(home.settings.but(disk_reserve_mb=0))

    def send(ids, *, producer="p", first=0):
        caller = one.access.caller(None, producer=producer)
        for number, event in enumerate(ids, first):
            rows = batch("adoption", 1, event_id=pa.array([event]), note=pa.array([str(number)]))
            with one.open_upload(caller, Upload("adoption", f"b{number}", "http")) as open_upload:
                open_upload.add(rows.select([c.name for c in ADOPTION.columns]))
                open_upload.finish()
        return home.landing

    return send


@pytest.mark.parametrize("text", ["{}", "bruker-{}", "{}@kommune.no"])
def test_thirty_batches_of_one_number_each_are_all_found(send, number, text):
    kept = send([text.format(number(i)) for i in range(30)])
    found = identity_across_batches.found_later(kept, since=0)
    assert [(e.number, column) for e, column in found] == [(n, "event_id") for n in range(1, 31)]
    assert identity_across_batches.found_later(kept, since=kept.last) == []


def test_one_number_repeated_and_numbers_of_several_producers_are_chance(send, number):
    send([number()] * 30)
    for place in range(1, 4):
        kept = send([number(place)], producer=f"q{place}")
    assert identity_across_batches.found_later(kept, since=0) == []


def test_what_was_taken_back_is_not_found_again(send, number):
    kept = send([number(i) for i in range(3)])
    for entry, _ in identity_across_batches.found_later(kept, since=0):
        kept.withdraw(entry, by="identitetskontroll", reason="x", now=landing.utc_now())
    assert identity_across_batches.found_later(kept, since=0) == []
    assert len(identity_across_batches.found_later(send([number(3), number(4)], first=3), since=0)) == 2


@pytest.mark.parametrize("text", ["{}", "uke-{}", "{}.x"])
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
    assert home.shows(number()) == []
