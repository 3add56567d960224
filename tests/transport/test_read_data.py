"""`docs/read-data.md`, run as it is written: over Flight, over HTTP, and from the files, against a small release."""

import http.client
import json
import re
import shlex
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pyarrow import flight

from catalog.errors import SharingError
from catalog.tables.datasets import DATASETS
from tests.transport.conftest import as_if_published, spoilt
from transport.base.settings import PROJECT, Settings
from transport.lake.tables import Part
from transport.releases.store import Content, Releases
from transport.servers import flight_server
from transport.servers.http import door as http_door
from transport.telemetry import event_log

PAGE = (PROJECT / "docs" / "read-data.md").read_text("utf-8")
DAYS = DATASETS["usage.dispatch_day"]
AREAS = DATASETS["usage.municipality_month"]
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def a_month(folder, month, services):
    """Two rows a service, as the lake has a month of `usage.dispatch_day`."""
    said = {
        "month": month, "organisation_number": "974605171", "channel": "SVARINN", "outcome": "LEVERT",
        "dispatches": 5, "documents": 5, "pages": 9, "sheets": 0, "bytes": 1000, "synthetic": True,
        "production_cost_ore": 7, "postage_ore": 0,
    }  # fmt: skip
    rows = [said | {"service": s, "day": month.replace(day=d)} for s in services for d in (1, 2)]
    table = pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in DAYS.arrow_schema], DAYS.arrow_schema)
    path = folder / f"month={month}" / "part-a.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(table, path)
    return Part(month, path)


def of_municipalities(folder, month):
    """A month of `usage.municipality_month` before a merger: two municipalities of then are one of now."""
    said = {
        "month": month, "service": "svarut", "channel": "SVARINN", "sheets": Decimal(0), "postage_ore": Decimal(0),
        "production_cost_ore": Decimal(0), "digital_share_provisional": False, "estimated": False, "synthetic": True,
    }  # fmt: skip
    then = [
        said | {"borders": "then", "municipality_code": c, "dispatches": Decimal(n)}
        for c, n in (("1504", 30), ("1523", 12))
    ]
    rows = [*then, said | {"borders": "now", "municipality_code": "1508", "dispatches": Decimal(42)}]
    schema = AREAS.arrow_schema
    table = pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in schema], schema)
    path = folder / "areas" / f"month={month}" / "part-a.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(table, path)
    return Part(month, path)


def a_home(folder):
    """A home with a release of two months of dispatches, and of two of municipalities."""
    settings = Settings(home=folder / "data", disk_reserve_mb=0)
    parts = [a_month(folder, MARCH, ["svarut", "svarinn"]), a_month(folder, MAY, ["svarut"])]
    areas = [of_municipalities(folder, month) for month in (MARCH, MAY)]
    facts = {"published_at": datetime.now(UTC).isoformat()}
    Releases(settings).publish(
        "2026-06-01.1", [Content(DAYS, parts=parts), Content(AREAS, parts=areas)], lambda _said: [], facts, parent=None
    )
    return settings


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return a_home(tmp_path_factory.mktemp("read"))


def read_log(home):
    return list(event_log.lines(home, "reads", since=datetime(2020, 1, 1, tzinfo=UTC)))


def wires_of(home, dataset):
    """Give the wires over which a dataset was read. A server notes a read after its last piece, so the log may lag."""
    end = time.monotonic() + 15
    while True:
        wires = {line["wire"] for line in read_log(home) if line["dataset"] == dataset}
        if len(wires) == 2 or time.monotonic() > end:
            return wires
        time.sleep(0.02)


@contextmanager
def serving(server, run, end):
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.port
    finally:
        end()
        thread.join(15)


@pytest.fixture(scope="module")
def flight_port(home):
    server = flight_server.Server(home)
    with serving(server, server.serve, server.shutdown) as port:
        yield port


@pytest.fixture(scope="module")
def http_port(home):
    server = http_door.HttpServer(home)
    with serving(server, server.run, server.stop) as port:
        yield port


def test_the_python_of_the_page_gives_the_rows_that_it_says(home, flight_port, monkeypatch):
    monkeypatch.chdir(home.home.parent)
    client, lazy, plain, _sharing, files = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    def ran(block, token):
        names = {"TOKEN": token}
        exec(block.replace("grpc://127.0.0.1:8815", f"grpc://127.0.0.1:{flight_port}"), names)
        return names

    assert ran(client, "")["total"] == 10
    assert ran(lazy, "")["by_service"].rows() == [("svarinn", 10), ("svarut", 10)]
    said = ran(plain, "")
    assert (said["table"].num_rows, said["table"].column_names) == (4, ["day", "dispatches"])
    assert said["info"].total_records == 6
    assert ran(files, "")["days"] == [
        (date(2026, 3, 1), 10),
        (date(2026, 3, 2), 10),
        (date(2026, 5, 1), 5),
        (date(2026, 5, 2), 5),
    ]


def asked(words, port):
    """What a `curl` line asks for."""
    (address,) = (w for w in words if w.startswith("http"))
    given = [words[i + 1] for i, w in enumerate(words) if w in ("-d", "--data-urlencode")]
    query = urlencode(dict(g.split("=", 1) for g in given)) if given else urlsplit(address).query
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", f"{urlsplit(address).path}?{query}".rstrip("?"))
        answer = connection.getresponse()
        return answer.status, answer.getheader("dif-release"), answer.read()


def test_the_curl_of_the_page_gives_the_rows_that_it_says(http_port):
    block = next(b for b in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "curl" in b)
    lines = [shlex.split(line) for line in block.replace("\\\n", " ").splitlines()]
    listed, csv, parquet = (asked(words, http_port) for words in lines)

    assert (listed[0], csv[0], parquet[0]) == (200, 200, 200)
    assert DAYS.name in {d["name"] for d in json.loads(listed[2])["datasets"]}
    assert (csv[1], csv[2].count(b"\n")) == ("2026-06-01.1", 7)
    table = pq.read_table(pa.BufferReader(parquet[2]))
    assert (table.num_rows, table.column_names) == (4, ["day", "dispatches"])


def test_both_wires_understand_the_same_filter(home, flight_port, http_port):
    from transport.servers.client import Client

    for where, rows in (
        ({"service": "svarinn"}, 2),
        ({"day": {"gt": "2026-03-01", "le": "2026-05-01"}}, 3),
        ({"service": {"ne": "svarinn"}, "day": {"in": ["2026-03-02", "2026-05-02"]}}, 2),
        ({"production_cost_ore": {"null": False}}, 6),
        ({"bytes": {"eq": 1000}, "synthetic": True}, 6),
    ):
        with Client(f"grpc://127.0.0.1:{flight_port}") as client:
            assert sum(b.num_rows for b in client.read(DAYS.name, where=where)) == rows
        words = [f"http://x/v1/datasets/{DAYS.name}", "-d", f"filter={json.dumps(where)}"]
        status, _, body = asked(words, http_port)
        assert (status, len(body.splitlines())) == (200, rows)
    assert wires_of(home, DAYS.name) == {"flight", "http"}
    assert {line["outcome"] for line in read_log(home) if line["dataset"] == DAYS.name} == {"served"}


def test_the_fields_of_an_answer_say_what_they_are_over_either_wire(flight_port, http_port):
    plain = flight.FlightClient(f"grpc://127.0.0.1:{flight_port}")
    with closing(plain):
        ticket = {"dataset": DAYS.name, "columns": ["bytes", "day"]}
        got = [plain.do_get(flight.Ticket(json.dumps(ticket))).read_all().schema]
    for form in ("arrow", "parquet"):
        body = asked([f"http://x/v1/datasets/{DAYS.name}?columns=bytes,day&format={form}"], http_port)[2]
        got.append(pq.read_schema(pa.BufferReader(body)) if form == "parquet" else pa.ipc.open_stream(body).schema)
    for schema in got:
        assert schema.names == ["bytes", "day"]
        for field in schema:
            column = DAYS[field.name]
            assert field.metadata[b"title_nb"].decode() == column.title.nb
            assert field.metadata[b"title_en"].decode() == column.title.en
        said = schema.field("bytes").metadata
        assert (said[b"unit"], said[b"additivity"]) == (b"byte", b"sum")


@pytest.mark.parametrize(("borders", "codes"), [("then", {"1504", "1523"}), ("now", {"1508"})])
def test_a_view_is_read_over_either_wire_and_sums_to_what_the_database_says(
    borders, codes, home, flight_port, http_port
):
    from transport.servers.client import Client

    name = f"{AREAS.name}_{borders}"
    with duckdb.connect(Releases(home).current().folder / "dif.duckdb", read_only=True) as base:
        ((total, count),) = base.execute(f"select sum(dispatches), count(*) from {name}").fetchall()
    with Client(f"grpc://127.0.0.1:{flight_port}") as client:
        table = pa.Table.from_batches(list(client.read(name)))
        march = list(client.read(name, columns=["dispatches"], where={"month": str(MARCH)}))
        told_of = client.schema(name)
    assert table.schema.equals(told_of, check_metadata=True)
    assert table.column_names == [c.name for c in AREAS.columns if c.name != "borders"]
    assert b"one_at_a_time" not in told_of.field("dispatches").metadata
    assert set(table["municipality_code"].to_pylist()) == codes
    assert (pc.sum(table["dispatches"]).as_py(), table.num_rows) == (total, count) == (84, 2 * len(codes))
    assert sum(sum(b["dispatches"].to_pylist()) for b in march) == 42

    status, release, body = asked([f"http://x/v1/datasets/{name}"], http_port)
    rows = [json.loads(line) for line in body.splitlines()]
    assert (status, release, len(rows)) == (200, "2026-06-01.1", count)
    assert {row["municipality_code"] for row in rows} == codes
    status, _, body = asked([f'http://x/v1/datasets/{name}?filter={{"borders":"now"}}'], http_port)
    assert (status, json.loads(body)["kind"]) == (404, "unknown_name")

    listed = {d["name"]: d for d in json.loads(asked(["http://x/v1/datasets"], http_port)[2])["datasets"]}
    assert (listed[name]["view_of"], listed[name]["one_at_a_time"]) == (AREAS.name, [])
    assert (listed[AREAS.name]["view_of"], listed[AREAS.name]["one_at_a_time"]) == (None, ["borders"])
    assert wires_of(home, name) == {"flight", "http"}


def test_the_whole_of_a_dataset_says_of_its_figures_that_one_value_is_to_be_chosen(flight_port):
    from transport.servers.client import Client

    with Client(f"grpc://127.0.0.1:{flight_port}") as client:
        schema = client.schema(AREAS.name)
    assert schema.field("dispatches").metadata[b"one_at_a_time"] == b"borders"
    assert b"one_at_a_time" not in schema.field("per_1000_inhabitants").metadata


def test_a_dataset_with_a_file_that_has_changed_since_is_not_read(home, flight_port):
    from transport.servers.client import Client

    file = home.releases / "2026-06-01.1" / "parquet" / AREAS.name / str(MAY) / "part.parquet"
    with Client(f"grpc://127.0.0.1:{flight_port}") as client:
        for where in ({}, {"month": str(MARCH)}):
            with spoilt(file), pytest.raises(SharingError, match=f"{MAY}/part.parquet of release 2026-06-01.1") as no:
                list(client.read(AREAS.name, where=where))
            assert no.value.kind == "changed_file"
        assert sum(b.num_rows for b in client.read(AREAS.name)) == 6


def test_an_answer_that_was_cut_short_is_an_error_to_its_reader(tmp_path):
    home = a_home(tmp_path)
    (file,) = home.releases.glob("2026-*/parquet/usage.dispatch_day/2026-05-01/*.parquet")
    file.write_bytes(file.read_bytes()[:4] + b"x" * 400 + file.read_bytes()[404:])
    as_if_published(file, home.releases / "2026-06-01.1")  # or it is refused before the first byte
    server = http_door.HttpServer(home)
    with serving(server, server.run, server.stop) as port, pytest.raises(http.client.IncompleteRead):
        asked([f"http://x/v1/datasets/{DAYS.name}"], port)
    (line,) = read_log(home)
    assert line["outcome"] == "failed"
