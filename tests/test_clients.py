"""An analyst's client opens a release: DuckDB 1.4, 1.5 and the one of the house, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets import bundled
from catalog.datasets import DATASETS
from pipelines.works import Works, run
from transport import inbox
from transport.release import audience_file
from transport.settings import PROJECT, Settings

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
print(json.dumps([duckdb.__version__, names, columns, funnel, ledger, views, types]))
"""  # noqa: E501 - a program of its own


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("home"), settle_seconds=0)
    for name, producer, table in bundled.adoption_batches():
        inbox.drop(settings.inbox, "adoption", producer, name, table)
    made = run(Works(settings, datetime.now(UTC)))
    assert made is not None
    return made.folder


@pytest.mark.parametrize("version", ["1.4", "1.5", "2"])
def test_a_client_of_each_version_reads_tables_comments_views_and_ledger(release: Path, version: str) -> None:
    client = PROJECT / ".venv" / "clients" / f"duckdb-{version}"
    if version != "2" and not client.is_dir():
        pytest.skip("not run: `make clients` fetches the older DuckDB")
    path = {} if version == "2" else {"PYTHONPATH": str(client)}
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(release)], capture_output=True, text=True, check=True, env=path, timeout=60
    )
    found, names, uncommented, funnel, ledger, views, types = json.loads(done.stdout)
    assert found.startswith(version)
    known = {n for n, d in DATASETS.items() if audience_file(d) == "dif.duckdb"}
    assert {name for name, _ in names if not name.startswith("main.")} == known
    assert all(comment for _, comment in names)
    assert uncommented == [[0]]
    assert funnel[0][0] > 150
    assert (ledger, views) == ([[0]], [[0]])
    assert types == [["DECIMAL(18,6)", "DATE"]]


def test_the_parquet_twins_hold_what_the_database_holds(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    ask = "import duckdb, sys; print(duckdb.sql(f\"select count(*) from '{sys.argv[1]}'\").fetchall()[0][0])"
    twin = f"{release}/parquet/uptake.step_event/*.parquet"
    done = subprocess.run([sys.executable, "-c", ask, twin], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) == manifest["datasets"]["uptake.step_event"]["rows"] > 700
