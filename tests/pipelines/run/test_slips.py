"""One bad row is quarantine, never a stopped release: the extremes of each type, and conflicts until a decision."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from catalog.tables.ledger import ENTRY
from catalog.tables.streams import STREAMS
from catalog.tables.uptake import FUNNEL
from pipelines.run import metrics, steps
from transport.base.settings import Settings
from transport.ingest import inbox, registers
from transport.lake.session import Session

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OSLO = "958935420"
MARCH = date(2026, 3, 1)
GOOD = {
    "dispatch": {
        "state": "LEST",
        "state_at": NOON,
        "created_at": NOON,
        "service": "svarut",
        "organisation_number": OSLO,
        "account_id": "a",
        "recipient_kind": "PERSON",
        "digital_only": False,
    },
    "measurement": {
        "service": "fiks-folkeregister",
        "measure": "oppslag",
        "day": MARCH,
        "organisation_number": OSLO,
        "source": "logg",
        "quantity": Decimal(1),
        "reported_at": NOON,
    },
    "invoice_line": {
        "invoice_id": "i",
        "line_number": 1,
        "organisation_number": OSLO,
        "service": "svarut",
        "price_element": "svarut-forsendelser",
        "period": MARCH,
        "quantity": Decimal(10),
        "unit": "stk",
        "unit_price": Decimal("2.5"),
        "amount_ore": 2500,
        "vat_ore": 625,
        "invoiced_on": date(2026, 4, 1),
    },
    "cost_entry": {
        "entry_id": "1",
        "booked_on": MARCH,
        "period": MARCH,
        "service": "svarut",
        "cost_category": "DRIFT",
        "amount_ore": 100,
    },
    "loan_entry": {"entry_id": "1", "project": "p", "kind": "DRAWDOWN", "amount_ore": 100, "booked_on": MARCH},
}


def extremes(kind: pa.DataType) -> list[object]:
    """The ends of what a type holds, or of the calendar that is taken."""
    if pa.types.is_integer(kind):
        return [2 ** (kind.bit_width - 1) - 1, -(2 ** (kind.bit_width - 1))]
    if pa.types.is_decimal(kind):
        largest = Decimal(10 ** (kind.precision - kind.scale) - 1)
        return [largest, -largest]
    if pa.types.is_timestamp(kind):
        return [datetime(2099, 12, 31, tzinfo=UTC), datetime(1960, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)]
    return []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, settle_seconds=0, readers=1)


def drop(settings: Settings, stream: str, name: str, rows: list[dict[str, object]]) -> None:
    contract = STREAMS[stream]
    schema = pa.schema([(c.name, c.type) for c in contract.columns])
    keyed = [{"dispatch_id": uuid.uuid4().bytes} | r for r in rows] if stream == "dispatch" else rows
    inbox.drop(settings.inbox, stream, "p", name, pa.Table.from_pylist(keyed, schema=schema))


@pytest.mark.slow("a home of every extreme; the rules that set them aside are tried by stream")
def test_the_extremes_of_every_number_and_time_never_stop_a_release(settings: Settings) -> None:
    for stream, good in GOOD.items():
        contract = STREAMS[stream]
        rows = [good]
        for column in contract.columns:
            if column.name != contract.month_of and column.name not in contract.key:
                # each twice, so that a sum of two is tried too
                rows += [good | {column.name: value} for value in extremes(column.type) for _ in range(2)]
        key = next(k for k in (*contract.key, "") if k in ("source", "invoice_id", "entry_id", ""))
        drop(settings, stream, "a", [r | ({key: f"k{n}"} if key else {}) for n, r in enumerate(rows)])
    run = steps.start(settings, datetime.now(UTC))
    release = steps.run_all(run)
    assert release is not None
    for row in metrics.accounting(run.lake, run.session()).to_pylist():
        assert row["conformed"] >= 1, row
        assert row["landed"] == row["conformed"] + row["superseded"] + row["quarantined"] + row["held"], row
    assert sum(r["quarantined"] for r in metrics.accounting(run.lake, run.session()).to_pylist()) > 30


@pytest.mark.slow("two runs; the decision alone is tried in tests/assets/test_conform.py")
def test_a_conflict_waits_until_a_decision_names_the_batch_that_is_right(settings: Settings) -> None:
    line = GOOD["invoice_line"]
    drop(settings, "invoice_line", "wrong", [line, line | {"line_number": 2}])
    doubled = {"quantity": Decimal(20), "amount_ore": 5000, "vat_ore": 2 * line["vat_ore"]}
    drop(settings, "invoice_line", "right", [line | doubled])
    first = steps.start(settings, datetime.now(UTC))
    assert steps.run_all(first) is not None
    [account] = metrics.accounting(first.lake, first.session()).to_pylist()
    assert (account["conformed"], account["quarantined"]) == (1, 2)
    right = next(e.batch_id for e in first.landing.of("invoice_line") if e.batch_id.startswith("right"))
    decision = {"stream": "invoice_line", "producer": "p", "record_key": "i/1", "batch_id": right, "reason": "rettet"}
    registers.apply(
        first.landing,
        registers.contract_of("decision"),
        [decision],
        by="okonomi",
        reason="rettet",
        now=datetime.now(UTC),
    )
    second = steps.start(settings, datetime.now(UTC))
    assert steps.run_all(second) is not None
    account = next(
        r for r in metrics.accounting(second.lake, second.session()).to_pylist() if r["stream"] == "invoice_line"
    )
    assert (account["conformed"], account["superseded"], account["quarantined"]) == (2, 1, 0)
    with Session(settings) as session:
        entries = session.table(second.lake.scan(ENTRY))
        assert sorted(entries["amount_ore"].to_pylist()) == [2500, 5000]


@pytest.mark.slow("a run")
def test_an_area_where_nobody_stands_on_a_synthetic_service_is_synthetic_too(settings: Settings) -> None:
    schema = pa.schema([(c.name, c.type) for c in STREAMS["adoption"].columns])
    event = {
        "event_id": "1",
        "service": "fiks-arkiv",
        "municipality_code": "1103",
        "step": "ACTIVATED",
        "occurred_at": NOON,
        "occurred_precision": "EXACT",
        "source": "simulert",
    }
    table = pa.Table.from_pylist([event], schema=schema)
    inbox.drop(settings.inbox, "adoption", "syntetisk", "a", table, synthetic=True)
    run = steps.start(settings, datetime(2026, 4, 15, tzinfo=UTC))
    steps.run_all(run)
    with Session(settings) as session:
        funnel = session.table(run.lake.scan(FUNNEL))
    assert funnel.num_rows > 20
    assert pc.all(funnel["synthetic"]).as_py()
