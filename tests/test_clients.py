"""An analyst's client opens a release: DuckDB 1.4, 1.5 and the one of the house, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest

from assets import bundled
from catalog.contracts.language import Audience
from catalog.contracts.scan import Values
from catalog.contracts.sharing import Right
from catalog.metrics.macros import MACROS, MacroKind
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS
from catalog.tables.datasets import DATASETS
from pipelines.run import steps
from tests.pipelines.conftest import unchecked
from tests.thorough import some
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.ingest import inbox
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Content, Releases
from transport.servers.http.door import HttpServer

VERSIONS = pytest.mark.parametrize("version", some(["1.4", "1.5", "2"], 2, "between the oldest and the newest"))
ASK = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1] + "/dif.duckdb", read_only=True)
connection.execute("attach '" + sys.argv[1] + "/ledger.duckdb' as ledger (read_only)")
names = connection.execute("select schema_name || '.' || table_name, comment from duckdb_tables()").fetchall()
columns = connection.execute("select count(*) from duckdb_columns() where not internal and comment is null and schema_name <> 'main' and table_name not in (select view_name from duckdb_views())").fetchall()
funnel = connection.execute("select active from uptake.funnel where service = 'fiks-digisos' and area_kind = 'NO' and month = date '2026-05-01'").fetchall()
ledger = connection.execute("select count(*) from ledger.product_month").fetchall()
views = connection.execute("select count(*) from usage.municipality_month_now").fetchall()
types = connection.execute("select distinct typeof(share_of_population), typeof(month) from uptake.funnel").fetchall()
macros = connection.execute("select schema_name || '.' || function_name, function_type, comment from duckdb_functions() where schema_name = 'reference'").fetchall()
then = connection.execute("select reference.to_now('1534', date '2019-05-01'), reference.name_on('1507', date '2020-01-01'), reference.county_on('3024', date '2020-01-01')").fetchall()
parts = connection.execute("select to_code, weight::varchar, estimated from reference.to_now('1507', date '2023-05-01') order by to_code").fetchall()
every = connection.execute("select year(day), count(reference.name_on(code, day)), count(distinct part.to_code) from (select code, make_date(year, 1, 1) as day from reference.municipality, range(2017, 2027) as years(year)) as asked left join lateral (from reference.to_now(asked.code, asked.day)) as part on true group by all order by all").fetchall()
attached = duckdb.connect()
attached.execute("attach '" + sys.argv[1] + "/dif.duckdb' as mine (read_only)")
attached.execute("use mine")
used = attached.execute("select reference.to_now('1534', date '2019-05-01')").fetchall()
print(json.dumps([duckdb.__version__, names, columns, funnel, ledger, views, types, macros, then, parts, every, used]))
"""  # noqa: E501 - a program of its own

ANSWER = """
import duckdb, json, sys
base = duckdb.connect(sys.argv[1] + "/dif.duckdb", read_only=True)
said = base.execute("select question_en, sql, files from meta.example_query union all select metric, sql, files from meta.metric union all select macro, example, files from meta.macro").fetchall()
base.close()
failed, asked = [], []
for files in sorted({files for _, _, files in said}):
    first, *others = files.split(", ")
    connection = duckdb.connect(sys.argv[1] + "/" + first, read_only=True)
    for other in others:
        connection.execute("attach '" + sys.argv[1] + "/" + other + "' as ledger (read_only)")
    for name, sql, needs in said:
        if needs == files:
            try:
                connection.execute(sql).fetchall()
            except duckdb.Error as problem:
                failed.append([name, str(problem)])
            asked.append(name)
    connection.close()
print(json.dumps([duckdb.__version__, asked, failed]))
"""  # noqa: E501 - a program of its own

OVER_HTTP = """
import duckdb, json, pathlib, duckdb_extension_httpfs, sys
address, token = sys.argv[1:]
extension, = pathlib.Path(duckdb_extension_httpfs.__path__[0]).rglob("httpfs.duckdb_extension")
connection = duckdb.connect()
connection.execute("load '" + str(extension) + "'")
connection.execute("create secret (type http, bearer_token '" + token + "', scope '" + address + "')")
connection.execute("attach '" + address + "/releases/current/dif.duckdb' as dif (read_only)")
rows = connection.execute("select count(*), min(name), max(code) from dif.reference.municipality").fetchall()
files = connection.execute("select count(*), min(name), max(code) from '" + address + "/releases/current/reference.municipality.parquet'").fetchall()
csv = connection.execute("select count(*) from read_csv('" + address + "/releases/current/reference.municipality.csv', delim = ';', all_varchar = true)").fetchall()
try:
    connection.execute("attach '" + address + "/releases/current/ledger.duckdb' as ledger (read_only)")
    refused = ""
except duckdb.Error as problem:
    refused = str(problem)
print(json.dumps([rows, files, csv, refused]))
"""  # noqa: E501 - a program of its own


@pytest.fixture(scope="module")
def release(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The second release of a home: its databases were begun by the first, and gone on with. Shared: read it."""
    current = Releases(Settings(home=once("clients", publish_twice) / "home")).current()
    assert current is not None
    return current.folder


def publish_twice(folder: Path) -> None:
    settings = Settings(home=folder / "home", settle_seconds=0)
    for name, producer, table in bundled.adoption_batches():
        inbox.drop(settings.inbox, "adoption", producer, name, table)
    now = datetime.now(UTC)
    first, second = (
        steps.run_all(steps.start(settings, now - timedelta(days=days)), check=unchecked) for days in (1, 0)
    )
    assert first is not None
    assert second is not None
    assert second.manifest["parent"] == first.name


def told(program: str, version: str, *given: str) -> list[Any]:
    """What a program of a client of that version prints, in a process of its own."""
    client = PROJECT / ".venv" / "clients" / f"duckdb-{version}"
    if version != "2" and not client.is_dir():
        pytest.skip("not run: `make clients` fetches the older DuckDB")
    path = {} if version == "2" else {"PYTHONPATH": str(client)}
    done = subprocess.run(
        [sys.executable, "-c", program, *given], capture_output=True, text=True, check=True, env=path, timeout=240
    )
    answer: list[Any] = json.loads(done.stdout.splitlines()[-1])  # DuckDB draws what lasts for seconds before it
    return answer


@VERSIONS
def test_every_query_that_a_release_brings_runs_in_each_version_with_the_files_it_says(
    release: Path, version: str
) -> None:
    found, asked, failed = told(ANSWER, version, str(release))
    assert found.startswith(version)
    assert sorted(asked) == sorted(
        [q.question.en for q in EXAMPLE_QUERIES] + [m.name for m in METRICS] + [m.name for m in MACROS]
    )
    assert failed == []


def test_a_database_and_files_are_read_over_http_by_who_has_a_token_and_no_others(
    release: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    settings.releases.symlink_to(release.parent)
    every = frozenset({Right.OPEN, Right.CONNECTIONS, Right.CONNECTION_COUNTS})
    rights = Rights("analyse", frozenset(), None, every)
    _, token, _ = Tokens(settings).add("analyse", rights, now=datetime.now(UTC))
    server = HttpServer(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        rows, files, csv, refused = told(OVER_HTTP, "1.5", f"http://127.0.0.1:{server.port}", token)
    finally:
        server.stop()
        thread.join(15)
    with duckdb.connect(release / "dif.duckdb", read_only=True) as here:
        said = here.execute("select count(*), min(name), max(code) from reference.municipality").fetchall()
    assert rows == files == [list(row) for row in said]
    assert csv == [[said[0][0]]]
    assert "ledger.duckdb" in refused


@VERSIONS
def test_a_client_of_each_version_reads_tables_comments_views_and_ledger(release: Path, version: str) -> None:
    found, names, uncommented, funnel, ledger, views, types, macros, then, parts, every, used = told(
        ASK, version, str(release)
    )
    assert found.startswith(version)
    known = {n for n, d in DATASETS.items() if d.audience is Audience.OPEN}
    assert {name for name, _ in names if not name.startswith("main.")} == known
    assert all(comment for _, comment in names)
    assert uncommented == [[0]]
    assert funnel[0][0] > 150
    assert (ledger, views) == ([[0]], [[0]])
    assert types == [["DECIMAL(18,6)", "DATE"]]
    kinds = {"macro": MacroKind.SCALAR, "table_macro": MacroKind.TABLE}
    assert {(name, kinds[kind], comment) for name, kind, comment in macros} == {
        (m.name, m.kind, m.comment) for m in MACROS
    }
    assert (then, used) == ([["1580", "Ålesund", "30"]], [["1580"]])
    assert parts == [["1508", "0.862100000000", True], ["1580", "0.137900000000", True]]
    assert [year for year, _, _ in every] == list(range(2017, 2027))
    assert {now for _, _, now in every} == {357}


MONTHS = """
import duckdb, json, sys
asked = "select typeof(any_value(month)), count(month), count(distinct month) from '{}'"
print(json.dumps([duckdb.sql(asked.format(path)).fetchall()[0] for path in sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def of_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a dataset of two months in a release, as the lake's session wrote them."""
    settings = Settings(home=tmp_path_factory.mktemp("months"))
    contract = DATASETS["usage.delivery_time"]
    said = {"service": "svarut", "channel": "SVARINN", "dispatches": 5, "synthetic": True}
    said |= {f"p{n}_hours": Decimal(n) for n in (50, 90, 99)}
    lake, parts = Lake(settings.lake), []
    with Session(settings) as session:
        for month in (date(2026, 3, 1), date(2026, 4, 1)):
            rows = Values(pa.Table.from_pylist([said | {"month": month}], contract.arrow_schema))
            parts.append(lake.target(contract, month, rows))
            session.cleared().write(rows, contract, parts[-1])
    lake.replace(contract, parts)
    assert deltalake.DeltaTable(settings.lake / "usage" / "delivery_time").to_pyarrow_table().num_rows == 2
    content = Content(contract, parts=[*lake.parts(contract).values()])
    published = {"published_at": datetime.now(UTC).isoformat()}
    release = Releases(settings).publish("2026-05-01.1", [content], lambda _said: [], published, parent=None)
    return release.folder / "parquet" / contract.name


def test_a_file_of_a_month_says_its_month_and_a_folder_of_months_opens_in_every_tool(of_months: Path) -> None:
    file = of_months / "2026-03-01" / next((of_months / "2026-03-01").iterdir()).name
    month = pa.field("month", pa.date32())
    assert pq.read_table(file)["month"].to_pylist() == [date(2026, 3, 1)]
    for table in (pq.read_table(of_months), pads.dataset(of_months, partitioning="hive").to_table()):
        assert table.schema.field("month").equals(month.with_nullable(table.schema.field("month").nullable))
        assert sorted(table["month"].to_pylist()) == [date(2026, 3, 1), date(2026, 4, 1)]
    for frame in (
        pl.read_parquet(file),
        pl.read_parquet(of_months),
        pl.scan_parquet(of_months / "**/*.parquet").collect(),
    ):
        assert frame.schema["month"] == pl.Date
    assert pl.read_parquet(of_months)["month"].n_unique() == 2


@VERSIONS
def test_duckdb_of_each_version_finds_the_month_in_one_file_and_in_all_without_options(
    of_months: Path, version: str
) -> None:
    found = told(MONTHS, version, f"{of_months}/2026-03-01/*.parquet", f"{of_months}/**/*.parquet")
    assert found == [["DATE", 1, 1], ["DATE", 2, 2]]


def test_the_parquet_twins_hold_what_the_database_holds(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    ask = "import duckdb, sys; print(duckdb.sql(f\"select count(*) from '{sys.argv[1]}'\").fetchall()[0][0])"
    twin = f"{release}/parquet/uptake.step_event/*.parquet"
    done = subprocess.run([sys.executable, "-c", ask, twin], capture_output=True, text=True, check=True, timeout=240)
    assert int(done.stdout) == manifest["datasets"]["uptake.step_event"]["rows"] > 700


def test_every_field_of_a_file_says_its_title_unit_and_text(release: Path) -> None:
    """In the words of the day the file was made, which here is today."""
    seen = set()
    for file in release.glob("parquet/*/**/*.parquet"):
        contract = DATASETS[file.relative_to(release / "parquet").parts[0]]
        seen.add(contract.name)
        for field in pq.read_schema(file):
            column, said = contract[field.name], field.metadata
            assert said[b"title_nb"].decode() == column.title.nb
            assert said[b"title_en"].decode() == column.title.en
            assert said.get(b"unit", b"").decode() == (column.unit or "")
            assert said.get(b"about_nb", b"").decode() == column.about.nb
            assert said.get(b"additivity", b"").decode() == (column.additivity or "")
    assert {"reference.municipality", "uptake.funnel", "meta.dataset", "ledger.period"} <= seen
