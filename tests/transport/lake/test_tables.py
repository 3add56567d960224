"""The lake's session: many months written at the same time are the files that each would be alone."""

from __future__ import annotations

import os
import time
import traceback
from dataclasses import replace
from datetime import date

import deltalake
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.statements import Statement
from catalog.contracts import columns as c
from catalog.contracts.language import Audience, Column
from catalog.contracts.scan import Query, Values
from catalog.errors import StatementFailed
from catalog.tables.ledger import ENTRY
from catalog.text import en, nb
from transport.base.settings import Settings
from transport.lake import frames, tables
from transport.lake.session import Session
from transport.lake.tables import Lake

MONTHS = [date(2026, n, 1) for n in range(1, 13)]
BOOKED = replace(
    ENTRY,
    columns=(
        c.MONTH,
        Column("source_key", pa.string(), nb("Nøkkel") | en("Key"), key=True),
        c.amount("amount_ore", "Beløp", "Amount"),
    ),
    rules=(),
)
"""Entries, as far as it takes to write them."""
ROWS = pa.Table.from_pylist(
    [{"month": MONTHS[n % 12], "source_key": f"F{7 * n % 6000:05}/1", "amount_ore": n} for n in range(6000)],
    BOOKED.arrow_schema,
)
"""Of every month, of each in no order."""


def of(kept: Query, month: date, columns: str = "*") -> Query:
    """The rows of one month of what is kept."""
    return Query(f"select {columns} from worked_out where month = $of", {"worked_out": kept}, {"of": month})


@pytest.fixture
def session(tmp_path):
    """A session of two threads."""
    with Session(Settings(home=tmp_path / "home", threads=2)) as opened:
        yield opened


@pytest.mark.parametrize("laid", ["", "order by month", "order by amount_ore desc"])
def test_months_written_together_are_to_the_byte_what_each_is_alone_however_their_rows_lay(laid, session, tmp_path):
    alone, together = ([Lake(tmp_path / name).target(BOOKED, m, Values(ROWS)) for m in MONTHS] for name in ("a", "b"))
    kept = Query("select * from landed", {"landed": Values(ROWS)}, materialized=True)
    counts = [session.write(of(kept, p.month), BOOKED, p) for p in alone]

    kept = Query(f"select * from landed {laid}", {"landed": Values(ROWS)}, materialized=True)
    assert session.cleared().write_together([(of(kept, p.month), p) for p in together], BOOKED) == counts == [500] * 12

    assert [p.path.read_bytes() for p in together] == [p.path.read_bytes() for p in alone]
    keys = pq.read_table(together[3].path, partitioning=None)["source_key"].to_pylist()
    assert keys == sorted(keys)


@pytest.mark.parametrize("threads", [1, 4])
def test_a_published_table_is_named_for_its_rows_whatever_they_were_made_of(threads, tmp_path):
    whole = replace(BOOKED, partitioned=False)
    lake, names = Lake(tmp_path / "lake"), []
    with Session(Settings(home=tmp_path / "home", threads=threads)) as session:
        for sql in ("from landed", "from landed order by amount_ore desc", "from landed where amount_ore > 0"):
            scan = Query(sql, {"landed": Values(ROWS)})
            written = lake.target(whole, None, scan)
            session.write(scan, whole, written)
            names.append(lake.named_by_content(whole, written).path.name)
    assert names[0] == names[1] != names[2]
    inner = replace(whole, audience=Audience.INTERNAL)
    assert lake.named_by_content(inner, lake.target(inner, None, Values(ROWS))) == lake.target(
        inner, None, Values(ROWS)
    )


def test_a_file_that_an_older_version_named_for_its_inputs_is_read_until_the_commit(session, tmp_path):
    whole = replace(BOOKED, partitioned=False)
    scan = Query("from landed", {"landed": Values(ROWS)})
    older = Lake(tmp_path).target(whole, None, scan)
    session.write(scan, whole, older)
    Lake(tmp_path).replace(whole, [older])
    lake = Lake(tmp_path)
    named = lake.named_by_content(whole, lake.target(whole, None, scan))
    assert Lake(tmp_path).files(whole)[0].path == older.path, "a run that is killed here leaves a whole table"
    lake.replace(whole, [named])
    assert [p.path for p in Lake(tmp_path).files(whole)] == [named.path]


def test_other_words_of_a_contract_make_nothing_anew_and_stand_in_the_next_file_that_is_written(session, tmp_path):
    reworded = replace(BOOKED, columns=tuple(x.but(title=nb("Annet") | en("Other")) for x in BOOKED.columns))
    lake, words = Lake(tmp_path), {"what": "rows"}
    before, after = (lake.target(one, MONTHS[0], Values(ROWS)) for one in (BOOKED, reworded))
    assert before == after
    assert lake.month_of(BOOKED, MONTHS[0], words) == lake.month_of(reworded, MONTHS[0], words)

    session.write(Values(ROWS), BOOKED, before)
    amount = pq.read_schema(before.path).field("amount_ore")
    said = {key.decode(): value.decode() for key, value in amount.metadata.items()}
    assert said == BOOKED["amount_ore"].field_metadata
    assert (said["title_en"], said["unit"], said["additivity"]) == ("Amount", "øre", "sum")
    session.write(Values(ROWS), reworded, after)
    assert pq.read_schema(after.path).field("amount_ore").metadata[b"title_en"] == b"Other"


def test_rows_that_no_reader_meets_carry_no_words_and_no_month_and_are_not_made_anew_for_either(session, tmp_path):
    lake, inner = Lake(tmp_path), replace(BOOKED, audience=Audience.INTERNAL)
    within, met = (lake.target(one, MONTHS[0], Values(ROWS)) for one in (inner, BOOKED))
    for contract, part in ((inner, within), (BOOKED, met)):
        session.cleared().write(Values(ROWS), contract, part)
    assert [(field.name, field.metadata) for field in pq.read_schema(within.path)] == [
        ("source_key", None),
        ("amount_ore", None),
    ]
    assert pq.read_schema(met.path).names == ["month", "source_key", "amount_ore"]
    assert pq.ParquetFile(met.path).read()["month"].unique().to_pylist() == [MONTHS[0]]
    assert within.path != met.path, "a file that does not say its month is not taken for one that does"
    whole = replace(BOOKED, partitioned=False)
    assert lake.target(whole, None, Values(ROWS)) == lake.target(
        replace(whole, audience=inner.audience), None, Values(ROWS)
    )


def test_what_files_say_beside_their_folders_is_the_same_column_to_whoever_scans_the_table(session, tmp_path):
    lake = Lake(tmp_path)
    parts = [lake.target(BOOKED, m, Values(ROWS)) for m in MONTHS[:3]]
    kept = Query("select * from landed", {"landed": Values(ROWS)}, materialized=True)
    session.write_together([(of(kept, p.month), p) for p in parts], BOOKED)
    without = pq.ParquetFile(parts[1].path).read().drop_columns("month")
    pq.write_table(without, parts[1].path)  # as an older version wrote it
    lake.replace(BOOKED, parts)
    counted = Query("select month, count(*) as n from booked group by all order by all", {"booked": lake.scan(BOOKED)})
    assert session.cleared().table(counted).to_pylist() == [{"month": m, "n": 500} for m in MONTHS[:3]]
    delta = deltalake.DeltaTable(tmp_path / "ledger" / "entry").to_pyarrow_table()
    assert sorted(delta["month"].unique().to_pylist()) == MONTHS[:3]
    assert pl.read_delta(str(tmp_path / "ledger" / "entry"))["month"].n_unique() == 3


def test_rows_lie_as_their_contract_says_for_those_who_go_on_with_them_month_by_month(session, tmp_path):
    by_month = replace(BOOKED, partitioned=False, audience=Audience.INTERNAL, sort_by=("month", "source_key"))
    part = Lake(tmp_path).target(by_month, None, Values(ROWS))
    session.write(Values(ROWS), by_month, part)
    lain = pq.read_table(part.path).select(["month", "source_key"]).to_pylist()
    assert lain == sorted(lain, key=lambda r: (r["month"], r["source_key"]))


def test_when_one_of_many_cannot_be_written_that_is_said_and_its_file_is_not_there(session, tmp_path):
    kept = Query("select * from landed", {"landed": Values(ROWS)}, materialized=True)
    parts = [Lake(tmp_path).target(BOOKED, m, Values(ROWS)) for m in MONTHS]
    asked = [
        (of(kept, p.month, "*" if p.month.month != 6 else "* replace (error('torn') as amount_ore)"), p) for p in parts
    ]
    with pytest.raises(StatementFailed, match="Invalid Input Error"):
        session.write_together(asked, BOOKED)
    assert not parts[5].path.exists()
    with pytest.raises(
        StatementFailed, match=f"{BOOKED.name} of {MONTHS[5]:%Y-%m} could not be made: .*over worked_out, "
    ):
        session.cleared().write(of(kept, MONTHS[5], "* replace (error('torn') as amount_ore)"), BOOKED, parts[5])
    assert all(pq.read_metadata(p.path).num_rows == 500 for p in parts if p.path.exists())


def test_what_was_kept_for_one_making_is_gone_for_the_next(session):
    for amount in (1, 2):
        kept = Query(f"select {amount} as amount", materialized=True)
        assert session.cleared().table(Query("from worked_out", {"worked_out": kept})).to_pylist() == [
            {"amount": amount}
        ]
    with pytest.raises(StatementFailed, match="does not exist"):
        session.cleared().table(Query("from worked_out"))


def test_of_a_statement_that_fails_the_name_is_told_and_no_value(session):
    of_file = Statement("select cast(note as int) as n from notes", "assets/sql/toy.sql")
    notes = Values(pa.table({"note": ["01020312345x"]}))
    with pytest.raises(StatementFailed) as failed:
        session.table(Query(of_file, {"notes": notes}))
    assert failed.value.problem == "A table could not be made: assets/sql/toy.sql, over notes, failed: Conversion Error"
    told = traceback.TracebackException.from_exception(failed.value, capture_locals=False)
    assert "01020312345x" not in "".join(told.format()), "nor by what logs and traces say of it"
    with pytest.raises(StatementFailed, match=r"failed: Binder Error: .*nothing"):
        session.cleared().table(Query("select nothing from notes", {"notes": notes}))
    within = Query(Statement("select nothing from notes", "assets/sql/inner.sql"), {"notes": notes})
    with pytest.raises(StatementFailed, match=r"assets/sql/inner.sql, over notes, failed: Binder Error: .*nothing"):
        session.cleared().table(Query("from within", {"within": within}))


def test_a_query_that_another_reads_may_name_its_own_parts_as_its_inputs_are_named(session):
    first = Query("select 1 as n union all select 2")
    second = Query("with first as (select n + 10 as n from first) from first", {"first": first})
    both = Query(
        "select a.n, b.n as m from first as a cross join second as b order by all", {"second": second, "first": first}
    )
    assert [tuple(r.values()) for r in session.cleared().table(both).to_pylist()] == [
        (1, 11),
        (1, 12),
        (2, 11),
        (2, 12),
    ]


@pytest.mark.slow("eighty commits; what is tidied after one is tried above")
def test_the_log_of_a_table_that_was_written_eighty_times_is_short_and_says_all_that_it_said(session, tmp_path):
    lake, folder = Lake(tmp_path / "lake"), tmp_path / "lake" / "ledger" / "entry"
    long_ago = time.time() - 30 * 86_400
    for turn in range(80):
        part = lake.target(BOOKED, MONTHS[turn % 12], Values(ROWS.slice(turn, 1)))
        session.cleared().write(Query("from rows", {"rows": Values(ROWS.slice(turn, 1))}), BOOKED, part)
        lake.replace(BOOKED, [part])
        for path in folder.rglob("*.*"):
            os.utime(path, (long_ago,) * 2)  # as if each had lain there for a month
    assert len([*(folder / "_delta_log").iterdir()]) < 2 * 25 + 10
    anew = Lake(tmp_path / "lake")
    assert anew.drop_missing_files(BOOKED) == ""
    parts = anew.parts(BOOKED)
    assert set(parts) == set(MONTHS)
    assert all(anew.is_sound(p) for p in parts.values())


def test_a_file_that_a_table_had_long_ago_and_has_again_stays_when_it_is_tidied(session, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "KEPT_HOURS", 0)  # as if each change came a week after the one before
    lake = Lake(tmp_path / "lake")
    for turn in range(60):
        rows = Values(ROWS.slice(turn if turn % 2 else 0, 1))
        part = lake.target(BOOKED, MONTHS[0], rows)
        session.cleared().write(rows, BOOKED, part)
        lake.replace(BOOKED, [part])
        assert part.path.is_file()
    assert len([*lake.folder_of(BOOKED).rglob("part-*")]) < 25, "those of other versions go"


def test_what_is_forgotten_is_gone_with_earlier_versions_and_tables_of_others(session, tmp_path):
    lake = Lake(tmp_path / "lake")
    for rows in (ROWS, ROWS.slice(0, 3000)):
        part = lake.target(BOOKED, MONTHS[0], Values(rows))
        session.cleared().write(of(Values(rows), MONTHS[0]), BOOKED, part)
        lake.replace(BOOKED, [part])
    frames.write(tmp_path / "lake" / "analyses" / "busiest", pa.table({"text": ["a"]}))
    assert [p.name for p in lake.others([BOOKED])] == ["busiest"]
    assert len(list((tmp_path / "lake").rglob("*.parquet"))) == 3
    lake.forget([BOOKED])
    assert list((tmp_path / "lake").rglob("*.parquet")) == [part.path]
    assert Lake(tmp_path / "lake").files(BOOKED) == [part]
    assert lake.others([BOOKED]) == []
