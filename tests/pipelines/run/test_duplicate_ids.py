"""One dispatch id in two months counts once, in the first; both are told of."""

import uuid
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from catalog.contracts.scan import Query
from catalog.tables import conformed, streams
from catalog.tables.quarantine import quarantine_of
from tests.thorough import some
from transport.ingest import inbox
from transport.lake.session import Session
from transport.lake.tables import Lake

FEBRUARY, MARCH = (datetime(2026, m, 10, 9, tzinfo=UTC) for m in (2, 3))


def sent(home, name, created_at, *ids):
    rows = [
        {
            "dispatch_id": uuid.UUID(int=n).bytes, "state": "LEST", "state_at": MARCH, "created_at": created_at,
            "service": "svarut", "organisation_number": "958935420", "account_id": "k", "recipient_kind": "PERSON",
            "digital_only": False,
        }
        for n in ids
    ]  # fmt: skip
    inbox.drop(home.settings.inbox, "dispatch", "p", name, pa.Table.from_pylist(rows, streams.DISPATCH.schema))


def rows(home, contract):
    with Session(home.settings) as session:
        return session.table(Query("from kept", {"kept": Lake(home.settings.lake).scan(contract)})).to_pylist()


def counted(home):
    return sorted((r["month"].month, uuid.UUID(str(r["dispatch_id"])).int) for r in rows(home, conformed.DISPATCH))


@pytest.mark.slow("three runs; which month counts is tried on values in test_conform.py")
@pytest.mark.parametrize("turn", some([-1, 1], 1, "the other order"))
def test_one_id_in_two_months_counts_in_the_first_and_both_are_listed_whichever_came_first(empty_home, turn):
    home = empty_home
    for name, created, ids in [("a", FEBRUARY, (1, 2)), ("b", MARCH, (2, 3))][::turn]:
        sent(home, name, created, *ids)
        home.made()
    assert counted(home) == [(2, 1), (2, 2), (3, 3)]
    listed = rows(home, conformed.DISPATCH_TWICE)
    assert [(r["month"].month, r["counted"], r["producer"], r["batch_id"].split("-")[0]) for r in listed] == [
        (2, True, "p", "a"),
        (3, False, "p", "b"),
    ]
    [aside] = rows(home, quarantine_of(streams.DISPATCH))
    assert aside["rules"] == ["counted_in_an_earlier_month"]
    assert home.made() == {}, "it stays so"
