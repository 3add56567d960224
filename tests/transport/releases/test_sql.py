"""A reader's SQL reads the release and nothing else, and ends within its bounds."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pytest

from catalog.contracts.sharing import Right
from catalog.errors import ChangedFile, QueryFailed
from tests.thorough import some
from tests.transport.conftest import spoilt
from transport.base.settings import PROJECT
from transport.releases import sql
from transport.releases.narrowed import databases
from transport.releases.sql import Statement
from transport.releases.store import Release


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Release:
    folder = tmp_path_factory.mktemp("home") / "releases" / "it's.1"
    folder.mkdir(parents=True)
    for name in ("dif", "ledger"):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as made:
            made.execute("create schema usage; create table usage.n as select range n from range(1000)")
            made.execute("create table entry as select 42 as amount_ore")
    files = {path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in folder.iterdir()}
    (folder / "manifest.json").write_text(json.dumps({"files": files}))
    (folder / "secret.csv").write_text("secret\n1\n")
    return Release(folder, {"files": files})


@pytest.fixture(scope="module")
def workers(make_home, tmp_path_factory):
    """Workers that wait for the next test, so that those started ahead are used."""
    settings = make_home(tmp_path_factory.mktemp("workers")).settings
    with sql.QueryWorkers(settings.but(query_seconds=30, query_memory_mb=700)) as workers:
        yield workers


@pytest.fixture
def ask(home, release):
    def answer(text: str, **how):
        bounds = {"query_seconds": 10, "query_memory_mb": 700} | how
        ledger, rows = bounds.pop("ledger", True), bounds.pop("rows", 1000)
        return sql.query(
            home.settings.but(**bounds),
            release,
            text.replace("{folder}", str(release.folder).replace("'", "''")),
            ledger=ledger,
            rows=rows,
        )

    return answer


def state(release: Release) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in release.folder.iterdir()}


ANSWERS = [
    ("from usage.n limit 2", [{"n": 0}, {"n": 1}]),
    ("select sum(n) as s from usage.n;", [{"s": 499500}]),
    ("from ledger.main.entry", [{"amount_ore": 42}]),
    ("select 'æøå «» 漢' as t -- end", [{"t": "æøå «» 漢"}]),
    ("select 1 as a; select 2 as b", [{"b": 2}]),
    ("with a as (select 1 as x) select x from a", [{"x": 1}]),
    ("create temp table t as select 7 as x; from t", [{"x": 7}]),
    ("select timestamptz '2026-01-01 00:00:00+00' :: varchar as t", [{"t": "2026-01-01 01:00:00+01"}]),
    ("select 1 as x where false", []),
    ("select '\udcff' as t", [{"t": "?"}]),
]


def test_questions_are_answered(workers, home, release):
    files = databases(home.settings, release, Right)
    answered = workers.answer(release, files, [Statement(text) for text, _ in ANSWERS])
    assert [one.table.to_pylist() for one in answered] == [answer for _, answer in ANSWERS]


ESCAPES = [
    "from read_csv('/etc/passwd')",
    "from '/etc/passwd'",
    "from '{folder}/secret.csv'",
    "from read_text('/proc/self/environ')",
    "from read_blob('/etc/hostname')",
    "from read_parquet('/tmp/*.parquet')",
    "from read_json('/etc/passwd')",
    "from glob('/*')",
    "from sniff_csv('{folder}/secret.csv')",
    "from parquet_metadata('{folder}/x.parquet')",
    "copy (select 1) to '/tmp/escaped.csv'",
    "copy (select 1) to '{folder}/dif.duckdb'",
    "copy (select 1) to '{folder}/dif.duckdb' (format csv, use_tmp_file false)",
    "copy (select 1) to '{folder}/dif.duckdb.wal' (format csv, use_tmp_file false)",
    "copy usage.n from '{folder}/secret.csv'",
    "export database '/tmp/escaped'",
    "import database '/tmp/escaped'",
    "attach '/tmp/escaped.duckdb'",
    "attach '{folder}/dif.duckdb' as again; create table again.x as select 1",
    "attach '{folder}/dif.duckdb' as again (read_write); drop table again.usage.n",
    "attach ':memory:' as m; use m; detach dif; attach '{folder}/dif.duckdb' as dif; create table dif.x as select 1",
    "detach ledger; attach '{folder}/ledger.duckdb' as ledger; create table ledger.x as select 1",
    "use temp; detach dif; attach '{folder}/dif.duckdb' as dif; drop table dif.usage.n; checkpoint dif",
    "detach ledger; attach '{folder}/ledger.duckdb' as ledger (read_write); create table ledger.x as select 1",
    "detach ledger; attach '{folder}/ledger.duckdb' as again (read_only false); select 1 as x",
    "use ledger.main; detach dif; attach '{folder}/dif.duckdb' as dif (read_write); create table dif.x as select 1",
    "detach ledger; attach '{folder}/ledger.duckdb' as ledger (read_only); from ledger.main.entry",
    "attach '{folder}/new.duckdb' as new (read_write)",
    "attach 'https://example.org/x.duckdb'",
    "from 'https://example.org/x.parquet'",
    "from 's3://bucket/x.parquet'",
    "install httpfs",
    "load httpfs",
    "load '/tmp/x.duckdb_extension'",
    "force install spatial",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset enable_external_access",
    "set memory_limit = '100GB'",
    "set threads = 64",
    "set temp_directory = '/tmp'",
    "set allowed_paths = ['/etc/passwd']",
    "pragma enable_profiling",
    "set profiling_output = '/tmp/profile'",
    "call enable_logging()",
    "set python_enable_replacements = true",
    "from files",
    "from connection",
    "from sys.modules",
    "from table",
    "create secret s (type s3, key_id 'x', secret 'y')",
    "create persistent secret s (type s3, key_id 'x', secret 'y')",
    "create table usage.x as select 1",
    "insert into usage.n values (1)",
    "update usage.n set n = 0",
    "delete from usage.n",
    "drop table usage.n",
    "alter table usage.n add column x int",
    "comment on table usage.n is 'x'",
    "create view usage.v as select 1",
    "select getenv('HOME')",
    "from python_scan()",
    "from arrow_scan(1, 2, 3)",
    "from pandas_scan(0)",
    "from sqlite_scan('/etc/x', 'y')",
    "from query('from read_csv(''/etc/passwd'')')",
    "from query_table('/etc/passwd')",
    "execute immediate 'from read_text(''/etc/passwd'')'",
    "prepare p as from read_text('/etc/passwd'); execute p",
    "create macro m() as table from read_text('/etc/passwd'); from m()",
    "explain analyze from read_text('/etc/passwd')",
]


@pytest.mark.parametrize("text", some(ESCAPES, 4, "another escape; R12 of the scoreboard tries all"))
def test_an_escape_is_refused_and_changes_nothing(ask, release, text):
    before = state(release)
    with pytest.raises(QueryFailed) as refused:
        ask(text)
    assert refused.value.mend
    assert "root:" not in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert state(release) == before


@pytest.fixture
def strangers(workers, home, release):
    """Answers one SELECT each, as assistants' callers ask them."""

    def answers(*texts):
        files = databases(home.settings, release, Right)
        return workers.answer(release, files, [Statement(t) for t in texts], one_select=True)

    return answers


@pytest.mark.parametrize("name", ["dif.duckdb", "ledger.duckdb"])
def test_a_database_that_has_changed_since_it_was_published_is_not_asked(strangers, release, name):
    with spoilt(release.folder / name), pytest.raises(ChangedFile, match=name):
        strangers("select 1")
    assert strangers("select 1")


def test_what_was_read_is_named_however_a_query_spells_it(strangers):
    of_one = [
        "select n from USAGE.N",
        'select n from DIF."Usage"."N" as x',
        "select n from usage.n tablesample 50% (bernoulli, 1)",
        "select b.n from (select 5 as n) as a asof join usage.n as b on a.n > b.n",
        "with n as (select 1 as x) select x, (select max(n) from usage.n) from n",
    ]
    ledger = ["select count(*) from LEDGER.main.Entry", 'select count(*) from "ledger"."entry"']
    named = [one.reads & {"usage.n", "ledger.entry"} for one in strangers(*of_one, *ledger)]
    assert named == [{"usage.n"}] * len(of_one) + [{"ledger.entry"}] * len(ledger)


def test_a_stranger_may_ask_what_there_is(strangers):
    texts = [
        "from usage.n limit 1",
        "with a as (from range(3)) select sum(range) from a",
        "select unnest([1, 2])",
        "from generate_series(1, 2) as t(i) join unnest([1, 2]) as u(j) on i = j",
        "select table_name from information_schema.tables",
        "from duckdb_columns() select column_name",
        "show all tables",
        "describe usage.n",
        "select 'duckdb_databases' as x, 'from query(1)' as y",
    ]
    answered = zip(texts, strangers(*texts), strict=True)
    assert [text for text, answer in answered if not answer.table.num_rows] == []


TELLTALES = [
    *("duckdb_databases()", "duckdb_databases", "main.duckdb_databases", "system.main.duckdb_databases()"),
    *('"DuckDB_Databases"', '"system"."MAIN"."duckdb_DATABASES"()', "pragma_database_list", "'pragma_database_list'"),
    *("duckdb_settings()", "pg_settings", "pg_catalog.pg_settings", 'dif."main".duckdb_settings()'),
    *("(show allowed_paths)", "(summarize duckdb_databases)", "(select current_setting('allowed_paths'))"),
    *("(values ('allowed_paths'.current_setting()))", "(select system.main.current_setting('allowed_paths'))"),
    *("query('from duckdb_databases()')", "query(if(random() < 2, 'from duckdb_settings', ''))"),
    *("query_table('duckdb_databases')", "query_table(['duckdb_' || 'databases'])", "which_secret('x', 's3')"),
    "json_execute_serialized_sql(json_serialize_sql('from duckdb_databases()'))",
]
WRAPPINGS = [
    *(
        "from {}",
        "select * from {} as a",
        "select (select count(*) from {})",
        "/**/ table a; with a as (from {}) from a",
    ),
    *("with a as materialized (from {}) from a", "select 1 where exists (from {})", "from usage.n order by (from {})"),
    *(
        "describe from {}",
        "from (describe from {})",
        "select [x for x in (from {})]",
        "from usage.n, lateral (from {})",
    ),
    *("from (pivot (from {}) on path in ('a') using count(*))", "from usage.n union all by name from {}"),
    *("select error(a :: text) from {} as a", "from usage.n semi join {} on true", "from {} limit 0"),
]
TOLD = [  # each in three of the wrappings, and each wrapping around several
    WRAPPINGS[(3 * number + more) % len(WRAPPINGS)].replace("{}", named)
    for number, named in enumerate(TELLTALES)
    for more in range(3)
]


@pytest.mark.parametrize("text", some(TOLD, 3, "another spelling"))
def test_no_spelling_tells_a_stranger_where_the_files_lie(strangers, release, text):
    with pytest.raises(QueryFailed) as refused:
        strangers(text)
    assert str(release.folder.parent) not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["select error(n :: text || 'hemmelig') from usage.n", "select ('hemmelig' || n) :: int from usage.n"],
)
def test_what_a_query_read_is_not_told_in_an_error_that_the_audit_does_not_name(strangers, text):
    with pytest.raises(QueryFailed, match=r"^[A-Z][A-Za-z ]+ Error, on a value in the data") as refused:
        strangers(text)
    assert "hemmelig" not in str(refused.value)


def test_a_name_that_there_is_not_is_told_in_an_error(strangers):
    with pytest.raises(QueryFailed, match="try_hemmelig does not exist"):
        strangers("select try_hemmelig(n) from usage.n")


def test_a_fault_of_duckdbs_own_tells_no_stack(ask, strangers):
    text = "from range(length(current_query()))"
    for asked in (ask, strangers):
        with pytest.raises(QueryFailed, match="INTERNAL Error") as refused:
            asked(text)
        assert ("Stack Trace" in str(refused.value), ".so" in str(refused.value)) == (False, False)


def test_nothing_that_a_stranger_may_read_tells_where_the_files_lie(strangers, release):
    """All of DuckDB's views, and its functions that need no argument, but those that no query may name."""
    with duckdb.connect() as base:
        views = base.sql("select schema_name || '.' || view_name as v from duckdb_views() where internal").fetchall()
        scalars = base.sql(
            "select distinct function_name from duckdb_functions() where internal and len(parameters) = 0 "
            "and function_type = 'scalar' and regexp_full_match(function_name, '[a-z_]+')"
        ).fetchall()
        callable_ = [f"select {name}()" for (name,) in scalars if _answers(base, f"select {name}()")]
    closed = ("duckdb_databases", "pragma_database_list", "pg_settings")
    texts = [f"from {view}" for (view,) in views if not view.endswith(closed)]
    told = " ".join(str(answered.table.to_pylist()) for answered in strangers(*texts, *callable_))
    assert (len(texts) > 40, len(callable_) > 5, "usage" in told) == (True, True, True)
    assert str(release.folder.parent) not in told


def _answers(base: duckdb.DuckDBPyConnection, text: str) -> bool:
    try:
        return bool(base.execute(text).fetchall())
    except duckdb.Error:
        return False


def test_who_asks_for_long_keeps_nobody_from_reading(ask, release):
    long = (
        "detach ledger; attach '{folder}/ledger.duckdb' as ledger (read_write); "
        "select count(*) from range(10000000000) t(i) where hash(i) % 7 = 3"
    )
    with ThreadPoolExecutor(1) as others:
        asked = others.submit(pytest.raises, QueryFailed, ask, long, query_seconds=3)
        for _ in range(10):
            with duckdb.connect(str(release.folder / "ledger.duckdb"), read_only=True) as reader:
                assert reader.execute("select count(*) from usage.n").fetchone() == (1000,)
        asked.result()


@pytest.mark.skipif(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1, reason="the kernel has no Landlock")
def test_the_child_can_write_no_file_whatever_duckdb_lets_through(tmp_path):
    code = f"from transport.releases.sql_worker import _write_nowhere as w; w(); open({str(tmp_path / 'x')!r}, 'w')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert ("PermissionError" in done.stderr, list(tmp_path.iterdir())) == (True, [])


@pytest.mark.parametrize(
    "text", ["from ledger.main.entry", "attach '{folder}/ledger.duckdb' as ledger (read_only); from ledger.main.entry"]
)
def test_the_ledgers_are_not_there_for_who_may_not_read_them(ask, text):
    with pytest.raises(QueryFailed):
        ask(text, ledger=False)


@pytest.mark.parametrize(
    "text",
    some(
        ["", "   ", "-- only a remark", ";", "selekt 1", "from usage.m", "select 1 +", "\0"],
        ["-- only a remark", "from usage.m"],
        "another text without a question, or that DuckDB does not parse",
    ),
)
def test_a_wrong_question_is_told_what_is_wrong_and_where_to_look(ask, text):
    with pytest.raises(QueryFailed) as refused:
        ask(text)
    assert refused.value.problem
    assert "meta.dataset" in refused.value.mend


BOMBS = {
    "a long text": "select repeat('x', 2000000000) as x",
    "many long texts": "select repeat('x', 100000000) || n as x from usage.n",
    "a cross join": "select count(*) from usage.n a, usage.n b, usage.n c, usage.n d, usage.n e",
    "a long range": "select count(*) from range(1000000000000) t(i) where hash(i) % 7 = 3",
    "a list without end": "select list(i) from range(100000000000) t(i)",
    "recursion without end": "with recursive r(i) as (select 1 union all select i + 1 from r) select max(i) from r",
    "a sort of all": "select * from range(10000000000) t(i) order by hash(i) limit 10",
    "deep nesting": "select " + "(" * 5000 + "1" + ")" * 5000,
    "many columns": "select " + ", ".join(f"{i} as c{i}" for i in range(20_000)) + " from usage.n",
    "a pattern": "select regexp_matches(repeat('a', 50000000), '(a+)+$')",
    "a wide answer": "select repeat(n::varchar, 3000000) as x from usage.n",
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", some(BOMBS.values(), [BOMBS["recursion without end"]], "another bomb"), ids=BOMBS)
def test_a_bomb_ends_within_its_bounds_and_the_next_question_is_answered(ask, release, text):
    before, begun = state(release), time.monotonic()
    with contextlib.suppress(QueryFailed):
        assert isinstance(ask(text, query_seconds=1, query_memory_mb=500), pa.Table)
    assert time.monotonic() - begun < 24  # eight on a machine of its own
    assert ask("select 1 as x").to_pylist() == [{"x": 1}]
    assert state(release) == before


def test_more_rows_than_a_question_may_have_are_refused_not_cut(ask):
    assert ask("from usage.n limit 100", rows=100).num_rows == 100
    with pytest.raises(QueryFailed, match="more than 100 rows"):
        ask("from usage.n limit 101", rows=100)
