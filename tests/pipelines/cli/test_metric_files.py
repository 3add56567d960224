"""A number of the pages has an address: the file says what the metric's own query says, to who may read it."""

from __future__ import annotations

import io
import json
import threading
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import duckdb
import openpyxl
import pytest

from catalog.contracts.sharing import Right
from catalog.metrics.metrics import METRICS
from transport.auth.tokens import Rights, Tokens
from transport.base import encoding
from transport.base.settings import Settings
from transport.servers.http.door import HttpServer

FEW = ("municipalities_active", "call_list", "checks", "income")
SLOW = pytest.mark.slow("each metric starts a process; four are tried each time")


@pytest.fixture(scope="module")
def doors(tmp_path_factory, published):
    """Ask for a file of the published release, as somebody who may read the audiences."""
    settings = Settings(home=tmp_path_factory.mktemp("doors"))
    settings.releases.symlink_to(published.settings.releases)
    tokens = {
        audiences: Tokens(settings).add(
            "analyse", Rights("analyse", frozenset(), None, frozenset(audiences)), now=datetime.now(UTC)
        )[1]
        for audiences in ((Right.OPEN,), tuple(Right))
    }
    server = HttpServer(settings)
    thread = threading.Thread(target=server.run)
    thread.start()

    def asked(path, audiences=tuple(Right), **headers):
        address = f"http://127.0.0.1:{server.port}/releases/current/metrics/{path}"
        given = {"Authorization": f"Bearer {tokens[audiences]}", **headers}
        try:
            with urlopen(Request(address, headers=given), timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except HTTPError as refused:
            return refused.status, refused.headers, refused.read()

    yield asked
    server.stop()
    thread.join(15)


@pytest.mark.parametrize("metric", [pytest.param(m, id=m.name, marks=() if m.name in FEW else SLOW) for m in METRICS])
def test_a_metrics_file_has_the_rows_of_its_own_query(doors, published, metric):
    status, headers, told = doors(f"{metric.name}.json")
    assert (status, headers["Dif-Release"]) == (200, published.current.name)
    folder = published.current.folder
    with duckdb.connect() as here:  # other tests may have the file itself open, with limits of their own
        here.execute(f"attach '{folder / 'dif.duckdb'}' as dif (read_only)")
        here.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger (read_only)")
        here.execute("use dif")
        rows = [*encoding.rows_as_texts(here.sql(metric.sql).to_arrow_table())]
    document = json.loads(told)
    assert (document["metric"], document["release"]) == (metric.name, published.current.name)
    assert sorted(map(str, document["rows"])) == sorted(map(str, rows))
    first = [row[document["columns"][0]["name"]] for row in document["rows"]]
    assert first == sorted(first, key=lambda cell: (cell is None, cell)), "the same address gives the same file"


def test_a_filter_leaves_the_rows_that_meet_it_in_every_form(doors):
    everything = json.loads(doors("checks.json")[2])["rows"]
    of_one = urlencode({"filter": json.dumps({"dataset": everything[0]["dataset"]})})
    rows = json.loads(doors(f"checks.json?{of_one}")[2])["rows"]
    assert rows == [row for row in everything if row["dataset"] == everything[0]["dataset"]]
    sheets = openpyxl.load_workbook(io.BytesIO(doors(f"checks.xlsx?{of_one}")[2]))
    assert sheets["Data"].max_row == len(rows) + 1
    assert ("måltall", "checks") in {(a.value, b.value) for a, b in sheets["Utgave"].iter_rows()}
    status, headers, csv = doors(f"checks.csv?{of_one}")
    assert (status, csv.count(b"\r\n")) == (200, len(rows) + 1)
    again = doors(f"checks.csv?{of_one}", **{"If-None-Match": headers["ETag"]})
    assert (again[0], again[2]) == (304, b"")


@pytest.mark.parametrize(
    ("path", "audiences", "status"),
    [
        ("income.csv", (Right.OPEN,), 403),
        ("nothing.csv", (Right.OPEN,), 404),
        ("checks.exe", (Right.OPEN,), 404),
        (f"checks.csv?{urlencode({'filter': json.dumps({'nothing': 1})})}", (Right.OPEN,), 404),
        ("checks.csv?filter=x", (Right.OPEN,), 400),
        ("checks.csv?limit=1", (Right.OPEN,), 400),
    ],
)
def test_what_may_not_be_read_or_is_none_is_refused_with_the_mend(doors, path, audiences, status):
    code, _, body = doors(path, audiences)
    assert (code, bool(json.loads(body)["mend"])) == (status, True)
