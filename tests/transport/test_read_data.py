"""`docs/read-data.md`, run as it is written: over Flight, over HTTP, and from the files, against a small release."""

import http.client
import json
import re
import shlex
import threading
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from urllib.parse import urlencode, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import flight

from catalog.datasets import DATASETS
from transport import eventlog, flight_server
from transport.http import door as http_door
from transport.lake import Part
from transport.release import Content, Releases
from transport.settings import PROJECT, Settings

PAGE = (PROJECT / "docs" / "read-data.md").read_text("utf-8")
DAYS = DATASETS["usage.dispatch_day"]
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
    pq.write_table(table.drop_columns("month"), path)
    return Part(month, path)


def a_home(folder):
    """A home with a release of two months."""
    settings = Settings(home=folder / "data", disk_reserve_mb=0)
    parts = [a_month(folder, MARCH, ["svarut", "svarinn"]), a_month(folder, MAY, ["svarut"])]
    facts = {"published_at": datetime.now(UTC).isoformat()}
    Releases(settings).publish("2026-06-01.1", [Content(DAYS, parts=parts)], lambda _said: [], facts, parent=None)
    return settings


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return a_home(tmp_path_factory.mktemp("read"))


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
    server = http_door.Server(home)
    with serving(server, server.run, server.stop) as port:
        yield port


def test_the_python_of_the_page_gives_the_rows_that_it_says(home, flight_port, monkeypatch):
    monkeypatch.chdir(home.home.parent)
    client, plain, files = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    def ran(block, token):
        names = {"TOKEN": token}
        exec(block.replace("grpc://127.0.0.1:8815", f"grpc://127.0.0.1:{flight_port}"), names)
        return names

    assert ran(client, "")["total"] == 10
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
    from transport.client import Client

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
    read = list(eventlog.lines(home, "reads", since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert {"flight", "http"} == {line["wire"] for line in read}
    assert {line["outcome"] for line in read} == {"served"}


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


def test_an_answer_that_was_cut_short_is_an_error_to_its_reader(tmp_path):
    home = a_home(tmp_path)
    (file,) = home.releases.glob("2026-*/parquet/usage.dispatch_day/month=2026-05-01/*.parquet")
    file.write_bytes(file.read_bytes()[:4] + b"x" * 400 + file.read_bytes()[404:])
    server = http_door.Server(home)
    with serving(server, server.run, server.stop) as port, pytest.raises(http.client.IncompleteRead):
        asked([f"http://x/v1/datasets/{DAYS.name}"], port)
    (line,) = eventlog.lines(home, "reads", since=datetime(2020, 1, 1, tzinfo=UTC))
    assert line["outcome"] == "failed"
