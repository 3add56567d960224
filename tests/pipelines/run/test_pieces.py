"""Months of landed streams that are too large for one task: how they are divided, and that nothing else changes."""

import uuid
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.contracts.scan import Query
from catalog.tables import conformed
from catalog.tables.streams import DISPATCH
from pipelines.run import conform, metrics, steps
from pipelines.run.conform import divided
from pipelines.run.schedule import make_one
from pipelines.run.tables import KEPT_BY_PEOPLE, conformed_tables
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.storage import landing
from transport.storage.journal import Entry

MAY = date(2026, 5, 1)
AT = datetime(2026, 5, 7, 8, tzinfo=UTC)


def entry(number: int, producer: str, rows: int) -> Entry:
    months = {MAY.isoformat(): rows}
    return Entry(number, "dispatch", producer, f"b{number}", "", rows, 0, months, AT, 0, AT, 1, synthetic=True)


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.integers(1, 900)), min_size=1), st.integers(0, 1000))
def test_every_batch_is_in_one_group_with_all_others_of_its_producer(sent, most):
    entries = [entry(n, producer, rows) for n, (producer, rows) in enumerate(sent, 1)]
    groups = divided(entries, MAY, most)
    assert sorted(e.number for mine, _ in groups for e in mine) == [e.number for e in entries]
    for mine, _ in groups:
        assert [e.number for e in mine] == sorted(e.number for e in mine), "in order of receipt"
    producers = Counter(producer for mine, _ in groups for producer in {e.producer for e in mine})
    assert set(producers.values()) == {1}
    total = sum(rows for _, rows in sent)
    if not most or total <= most:
        assert groups == [(entries, 1)]
    for mine, buckets in groups:
        rows = sum(e.rows for e in mine)
        assert buckets & (buckets - 1) == 0
        assert buckets == 1 or (len({e.producer for e in mine}) == 1 and rows > most >= rows / buckets > most / 2)


def dispatches(producer: str, first: int, count: int, *, state: str = "VARSLET") -> pa.Table:
    rows = [
        {
            "dispatch_id": uuid.uuid5(uuid.NAMESPACE_OID, f"{producer}-{n}").bytes,
            "state": state,
            "state_at": AT if state == "VARSLET" else AT.replace(day=8),
            "created_at": AT,
            "service": "svarut",
            "organisation_number": "958935420",
            "account_id": "konto",
            "source_system": "Websak",
            "channel": "SVARINN",
            "recipient_kind": "PERSON",
            "digital_only": False,
            "document_count": 1,
            "page_count": 1 + n % 7,
            "byte_count": 1000 + n,
        }
        for n in range(first, first + count)
    ]
    return pa.Table.from_pylist(rows, DISPATCH.schema)


def conformed_in(settings: Settings, most: int = conform.BUCKET_ROWS) -> tuple[list[object], set[Path]]:
    """What a run that conforms dispatches makes of what waits: rows and accounting; and the files of its months."""
    with atomic_files.locked(settings.home), pytest.MonkeyPatch.context() as patch:
        patch.setattr(conform, "BUCKET_ROWS", most)
        run = steps.start(settings, AT.replace(month=6))
        steps.take_in(run)
        for stream in (*KEPT_BY_PEOPLE, DISPATCH):
            make_one(run, f"conformed.{stream.name}")
        tables = [
            run.session().table(Query("from made order by all", {"made": run.lake.scan(contract)})).to_pylist()
            for contract in conformed_tables(DISPATCH)[:2]
        ]
        accounting = metrics.accounting(run.lake, run.session()).to_pylist()
        return [*tables, accounting], {p.path for p in run.lake.files(conformed.DISPATCH)}


@pytest.mark.slow("four runs; how a month is cut is tried above")
def test_a_month_in_pieces_has_the_same_rows_and_only_the_piece_with_new_rows_is_made_again(tmp_path):
    whole = Settings(home=tmp_path / "whole", settle_seconds=0, disk_reserve_mb=1)
    pieces = Settings(home=tmp_path / "pieces", settle_seconds=0, disk_reserve_mb=1)

    def arrives(name: str, producer: str, table: pa.Table) -> None:
        for settings in (whole, pieces):
            inbox.drop(settings.inbox, "dispatch", producer, name, table, synthetic=True, arrived_at=AT)

    for nth, producer in enumerate("abcdef"):
        arrives("one", producer, dispatches(producer, 0, 8 + 12 * nth))  # e alone has 56, f has 68
    (rows, one), (rows_of_pieces, before) = conformed_in(whole), conformed_in(pieces, 30)
    assert rows_of_pieces == rows
    assert (len(one), len(rows[0])) == (1, 228)
    assert len(before) > 6

    arrives("two", "b", dispatches("b", 5, 2, state="LEST"))
    (rows, _), (rows_of_pieces, after) = conformed_in(whole), conformed_in(pieces, 30)
    assert rows_of_pieces == rows
    assert rows[2][0]["superseded"] == 2
    assert len(after - before) == len(before - after) == 1


@pytest.mark.slow("two runs in pieces")
def test_withdrawn_batches_whose_files_are_lost_are_accounted_for_in_every_piece(tmp_path):
    homes = {
        most: Settings(home=tmp_path / str(most), settle_seconds=0, disk_reserve_mb=1) for most in (20_000_000, 30)
    }
    for most, settings in homes.items():
        for producer in "ab":
            table = dispatches(producer, 0, 20)
            inbox.drop(settings.inbox, "dispatch", producer, "one", table, synthetic=True, arrived_at=AT)
        conformed_in(settings, most)
        kept = landing.open_landing(settings)
        for entry in kept.entries:
            kept.withdraw(entry, by="team:x", reason="prøve", now=AT)
            kept.file(entry).unlink()
    whole, pieces = (conformed_in(settings, most)[0] for most, settings in homes.items())
    assert pieces == whole
    assert (whole[2][0]["landed"], whole[2][0]["withdrawn"]) == (40, 40)
