"""Small tables in, a small table out: builds run by the lake's own session, written and read as their contracts."""

import itertools
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.contracts.scan import Values
from catalog.tables.streams import STREAMS
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Part
from transport.storage.batch_file import landed_schema

OSLO_KOMMUNE = "958935420"
RECEIVED = datetime(2026, 3, 31, tzinfo=UTC)
A_DISPATCH = uuid.UUID("00000000-0000-4000-8000-000000000001")
GOOD_ROW = {
    "dispatch": {
        "dispatch_id": A_DISPATCH.bytes,
        "state": "MOTTATT",
        "state_at": datetime(2026, 3, 10, 9, tzinfo=UTC),
        "created_at": datetime(2026, 3, 10, 9, tzinfo=UTC),
        "service": "svarut",
        "organisation_number": OSLO_KOMMUNE,
        "account_id": "konto-1",
        "recipient_kind": "PERSON",
        "digital_only": False,
    },
    "measurement": {
        "service": "fiks-folkeregister",
        "measure": "oppslag",
        "day": date(2026, 3, 10),
        "organisation_number": OSLO_KOMMUNE,
        "source": "logg",
        "quantity": Decimal(5),
        "reported_at": datetime(2026, 3, 11, 6, tzinfo=UTC),
    },
    "adoption": {
        "event_id": "e1",
        "service": "fiks-io",
        "organisation_number": OSLO_KOMMUNE,
        "step": "ANNEX_SIGNED",
        "occurred_at": datetime(2026, 3, 10, 9, tzinfo=UTC),
        "occurred_precision": "EXACT",
        "source": "kundesenter",
    },
    "invoice_line": {
        "invoice_id": "F1",
        "line_number": 1,
        "organisation_number": OSLO_KOMMUNE,
        "service": "svarut",
        "price_element": "svarut-forsendelser",
        "period": date(2026, 3, 1),
        "quantity": Decimal(10),
        "unit": "stk",
        "unit_price": Decimal("2.5"),
        "amount_ore": 2500,
        "vat_ore": 625,
        "invoiced_on": date(2026, 4, 10),
    },
    "cost_entry": {
        "entry_id": "B1",
        "booked_on": date(2026, 3, 31),
        "period": date(2026, 3, 1),
        "service": "svarut",
        "cost_category": "DRIFT",
        "amount_ore": 1000,
    },
    "loan_entry": {
        "entry_id": "L1",
        "project": "digiorden",
        "service": "fiks-digiorden",
        "kind": "DRAWDOWN",
        "amount_ore": 1000,
        "booked_on": date(2026, 3, 31),
    },
    "operational_message": {
        "application": "minside",
        "service": "min-kommune",
        "shown_from": datetime(2026, 3, 10, 9, tzinfo=UTC),
        "shown_to": datetime(2026, 3, 10, 11, tzinfo=UTC),
        "kind": "FAULT",
        "reported_at": datetime(2026, 3, 10, 11, tzinfo=UTC),
    },
    "register": {
        "register": "budget",
        "applied_at": datetime(2026, 3, 1, 8, tzinfo=UTC),
        "row_number": 1,
        "applied_by": "økonomi",
        "reason": "ny",
        "values": '{"service": "svarut", "month": "2026-03-01", "category": "DRIFT", "amount_ore": 1}',
    },
}


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(home=tmp_path_factory.mktemp("home"), threads=1, memory_mb=500)


@pytest.fixture(scope="session")
def landed():
    """Landed rows of a stream from what differs from a good row; `file` names the batch, of `producer`."""

    def landed(stream: str, *rows: dict) -> Values:
        numbers: dict[str, itertools.count] = {}
        full = []
        for row in rows:
            file = f"/landing/{stream}/{row.get('producer', 'system')}/{row.get('file', 'batch-1')}.parquet"
            number = next(numbers.setdefault(file, itertools.count()))
            turn = [*numbers].index(file) + 1  # a batch is received when its first row is named
            said = {k: v for k, v in row.items() if k != "file"}
            full.append(
                {"producer": "system", "synthetic": False, "received_at": RECEIVED}
                | GOOD_ROW[stream]
                | said
                | {"filename": file, "file_row_number": number, "journal_number": turn}
            )
        return Values(pa.Table.from_pylist(full, landed_schema(STREAMS[stream], located=True)))

    return landed


@pytest.fixture(scope="session")
def rows_of():
    """Rows of a contract's dataset from the values that matter; the rest are null."""

    def rows_of(contract, *rows: dict) -> Values:
        return Values(pa.Table.from_pylist([{"synthetic": False} | r for r in rows], contract.arrow_schema))

    return rows_of


@pytest.fixture(scope="session")
def session(settings):
    """The one session, as a run has it: opening one takes longer than making a small table. Clear it to take it."""
    with Session(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def answers(session, tmp_path_factory):
    """Run scans in one session, each written as its contract says; their rows as dicts in order of the key."""
    folder = tmp_path_factory.mktemp("parts")
    number = itertools.count()

    def answers(*asked) -> list[list[dict]]:
        found = []
        session.cleared()
        for scan, contract in asked:
            part = Part(None, folder / f"{next(number)}.parquet")
            assert session.write(scan, contract, part) == pq.read_metadata(part.path).num_rows
            table = pq.read_table(part.path)
            promised = [c for c in contract.columns if not (contract.partitioned and c.name == "month")]
            assert table.column_names == [c.name for c in promised]
            for column in promised:
                assert column.null or not table[column.name].null_count, f"{column.name} has nulls"
            key = [k for k in contract.key if k in table.column_names]
            rows = sorted(table.to_pylist(), key=lambda r: tuple(str(r[k]) for k in key or r))
            found.append(rows)
        return found

    return answers


@pytest.fixture(scope="session")
def answer(answers):
    """The rows of one scan."""

    def answer(scan, contract) -> list[dict]:
        return answers((scan, contract))[0]

    return answer
