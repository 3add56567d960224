"""The HTTP door: the same reception and receipt as every wire, told in HTTP's words, whatever comes in."""

from __future__ import annotations

import base64
import contextlib
import gc
import gzip
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from assets.simulate import saft
from catalog.contracts.language import Audience
from catalog.contracts.sharing import Right
from catalog.errors import BatchConflict, Forbidden, NoRoom, SharingError, UnknownName, WrongUse
from catalog.tables.datasets import DATASETS
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import PUSHED, STREAMS
from tests.thorough import examples
from tests.transport.conftest import as_if_published
from transport.auth.tokens import Rights, Tokens
from transport.base import encoding
from transport.base.content_hash import content_sha256
from transport.base.settings import PROJECT, Settings
from transport.ingest import registers, sample
from transport.releases.store import Content, Releases
from transport.servers import calls
from transport.servers.http import call as http_call
from transport.servers.http import door as http_door
from transport.storage.landing import open_landing, utc_now
from transport.telemetry import event_log

TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".arrows": "application/vnd.apache.arrow.stream",
    ".arrow": "application/vnd.apache.arrow.file",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv; charset=utf-8",
}
CSV = {"Content-Type": "text/csv"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self):
        return self.json["kind"]


@dataclass
class Door:
    """A server in a thread of this process, and how to call it."""

    settings: Settings
    server: http_door.HttpServer
    thread: threading.Thread = field(init=False)

    def __post_init__(self):
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def end(self):
        self.server.stop()
        self.thread.join(15)
        assert not self.thread.is_alive()

    @property
    def landing(self):
        return open_landing(self.settings)

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=80)
        with contextlib.closing(connection):
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def put(self, stream, batch_id, body, form=".csv", query="", **headers):
        return self.call(
            "PUT", f"/v1/streams/{stream}/batches/{batch_id}{query}", body, **({"Content-Type": TYPES[form]} | headers)
        )

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=60)

    def logged(self, kind="batches"):
        """Give the lines of a log. A read is noted after its last piece has gone: look when the door has ended."""
        return list(event_log.lines(self.settings, kind, since=datetime(2020, 1, 1, tzinfo=UTC)))

    def left_behind(self):
        return [p.name for p in self.settings.home.rglob(".tmp-*")]


@contextlib.contextmanager
def opened(folder: Path, **settings):
    made = Settings(home=folder, **{"readers": 1, "disk_reserve_mb": 1} | settings)
    door = Door(made, http_door.HttpServer(made))
    try:
        yield door
    finally:
        door.end()


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """An open door that tests share; each names its own batches."""
    with opened(tmp_path_factory.mktemp("open")) as one:
        yield one


def token(settings, **rights):
    given = {"producer": "svarut", "streams": frozenset({"*"}), "organisations": None, "read": frozenset()} | rights
    _, text, _ = Tokens(settings).add("t", Rights(**given), now=datetime.now(UTC))
    return {"Authorization": f"Bearer {text}"}


def until(what, seconds=15):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def answer_on(connection):
    """The status and body of an answer on a raw socket; 0 when the connection was cut."""
    answer = http.client.HTTPResponse(connection)
    try:
        answer.begin()
        return answer.status, answer.read()
    except (http.client.HTTPException, OSError):
        return 0, b""
    finally:
        answer.close()


# --- batches in -------------------------------------------------------------------------------------------------------


def test_every_form_is_taken_and_says_the_same(door, batch, encode):
    table = batch("dispatch", 40)
    answers = {
        ending: door.put("dispatch", f"form{i}", encode(table, ending), ending) for i, ending in enumerate(TYPES)
    }

    assert {a.status for a in answers.values()} == {201}
    assert {a.json["sha256"] for a in answers.values()} == {content_sha256(table)}
    assert {(a.json["rows"], a.json["status"], a.json["producer"]) for a in answers.values()} == {
        (40, "accepted", "local")
    }
    assert door.landing.entry_named("dispatch", "local", "form0").sha256 == content_sha256(table)
    assert door.left_behind() == []


def test_the_query_says_the_form_where_the_content_type_does_not(door, batch, encode):
    body = encode(batch("loan_entry"), ".jsonl")

    answer = door.put("loan_entry", "by-query", body, query="?format=jsonl", Content_Type="application/octet-stream")

    assert answer.status == 201


def test_a_batch_sent_again_is_a_duplicate_and_other_content_a_conflict(door, batch, encode):
    first = door.put("cost_entry", "again", encode(batch("cost_entry"), ".parquet"), ".parquet")
    second = door.put("cost_entry", "again", encode(batch("cost_entry"), ".csv"))
    third = door.put("cost_entry", "again", encode(batch("cost_entry", 4), ".csv"))

    assert (first.status, second.status, second.json["status"]) == (201, 200, "duplicate")
    assert first.json | {"status": "duplicate"} == second.json
    assert (third.status, third.kind) == (409, "conflict")
    assert first.json["sha256"] not in third.body.decode()
    assert third.headers["content-type"] == "application/problem+json"


def test_two_clients_with_one_batch_at_once_are_told_accepted_and_duplicate(door, batch, encode):
    body, answers = encode(batch("adoption", 500), ".parquet"), []
    both = [
        threading.Thread(target=lambda: answers.append(door.put("adoption", "twins", body, ".parquet")))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(a.json["status"] for a in answers) == ["accepted", "duplicate"]
    assert len([e for e in door.landing.entries if e.batch_id == "twins"]) == 1


def test_a_try_keeps_nothing(door, batch, encode):
    answer = door.put("adoption", "only-a-try", encode(batch("adoption"), ".csv"), query="?check=true")

    assert (answer.status, answer.json["status"], answer.json["rows"]) == (200, "checked", 3)
    assert door.call("GET", "/v1/streams/adoption/batches/only-a-try").status == 404


def test_the_receipt_can_be_had_again(door, batch, encode):
    said = door.put("adoption", "receipt", encode(batch("adoption"), ".csv")).json

    assert door.call("GET", "/v1/streams/adoption/batches/receipt").json == said
    missing = door.call("GET", "/v1/streams/adoption/batches/never")
    assert (missing.status, missing.kind) == (404, "not_kept")


def test_rows_are_marked_synthetic_where_the_sender_says_so(door, batch, encode):
    answer = door.call("GET", "/v1/streams/measurement/sample?format=csv")
    assert answer.headers["dif-synthetic"] == "true"

    door.put("measurement", "made-up", answer.body, Dif_Synthetic="true")
    door.put("measurement", "measured", encode(batch("measurement"), ".csv"))

    landing = door.landing
    assert landing.entry_named("measurement", "local", "made-up").synthetic
    assert not landing.entry_named("measurement", "local", "measured").synthetic


@pytest.mark.parametrize("stream", sorted(PUSHED))
def test_a_sample_without_the_mark_is_checked_but_not_kept(door, stream):
    rows = door.call("GET", f"/v1/streams/{stream}/sample?format=csv").body

    answer = door.put(stream, "unmarked", rows)

    assert (answer.status, answer.kind) == (422, "refused")
    assert "Dif-Synthetic: true" in answer.json["mend"]
    assert door.landing.entry_named(stream, "local", "unmarked") is None
    assert door.put(stream, "unmarked", rows, Dif_Check="true").json["status"] == "checked"


def test_a_file_does_not_say_when_it_arrived(door, batch, encode):
    old = batch("adoption").replace_schema_metadata(
        {b"dif.synthetic": b"true", b"dif.arrived_at": b"2001-01-01T00:00:00+00:00"}
    )

    answer = door.put("adoption", "of-old", encode(old, ".parquet"), ".parquet")

    assert answer.json["received_at"] > "2020"


def test_digests_are_held_against_what_came(door, batch, encode):
    table = batch("adoption", 5)
    body = encode(table, ".csv")
    right = base64.b64encode(hashlib.sha256(body).digest()).decode()
    longer = base64.b64encode(hashlib.sha512(body).digest()).decode()
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()

    def sent(name, **headers):
        return door.put("adoption", name, body, **headers)

    assert sent("d1", Content_Digest=f"sha-256=:{right}:").status == 201
    assert sent("d2", Repr_Digest=f"sha-512=:{longer}:, md5=:AAAA:").status == 201
    assert sent("d3", Dif_Content_Sha256=content_sha256(table)).status == 201
    for number, headers in enumerate(({"Content_Digest": f"sha-256=:{wrong}:"}, {"Dif_Content_Sha256": "ab" * 32})):
        answer = sent(f"wrong{number}", **headers)
        assert (answer.status, answer.kind) == (422, "wrong_digest")
        assert door.landing.entry_named("adoption", "local", f"wrong{number}") is None
    assert sent("d4", Content_Digest="sha-256=nonsense").status == 400
    assert sent("d5", Dif_Content_Sha256="nonsense").status == 400


@pytest.mark.parametrize(
    ("stream", "body", "headers", "status", "kind", "words"),
    [
        ("dispach", b"x", CSV, 404, "unknown_name", "Did you mean 'dispatch'?"),
        ("register", b"x", CSV, 403, "forbidden", "register"),
        ("adoption", b"", CSV, 422, "unreadable", "empty"),
        ("adoption", b"event_id,stepp\n1,2\n", CSV, 422, "unknown_column", "Did you mean 'step'?"),
        ("adoption", b"event_id\n1\n", CSV, 422, "missing_column", "missing"),
        ("adoption", b"\0\1garbage", {"Content-Type": TYPES[".parquet"]}, 422, "unreadable", "parquet"),
        ("adoption", b"x", {"Content-Type": "application/json"}, 415, "refused", "application/x-ndjson"),
        ("adoption", b"x", CSV | {"Content-Encoding": "gzip"}, 415, "refused", "compressed"),
        ("adoption", b"x", {"Content-Type": "text/csv; charset=latin1"}, 415, "refused", "UTF-8"),
    ],
)
def test_what_is_refused_is_told_with_its_mend(door, stream, body, headers, status, kind, words):
    answer = door.call("PUT", f"/v1/streams/{stream}/batches/no", body, **headers)
    said = answer.json

    assert (answer.status, said["status"], said["kind"]) == (status, status, kind)
    assert said["type"] == f"urn:dif:problem:{kind}"
    assert words in said["detail"] + said["mend"]
    assert answer.headers["dif-reference"] == said["reference"]
    assert said["reference"] in {line["reference"] for line in door.logged()}
    assert door.left_behind() == []


def test_a_batch_of_no_rows_is_refused(door, batch, encode):
    for ending in (".parquet", ".csv", ".arrows"):
        answer = door.put("adoption", "none", encode(batch("adoption", 0), ending), ending)
        assert (answer.status, answer.kind) == (422, "no_rows")


def test_a_bad_value_is_told_with_its_line(door, batch, encode):
    lines = encode(batch("loan_entry"), ".csv").splitlines(keepends=True)
    lines[2] = lines[2].replace(b",5,", b",five,")

    said = door.put("loan_entry", "bad", b"".join(lines)).json

    assert (said["kind"], said["line"], said["column"]) == ("bad_value", 3, "amount_ore")


def test_an_identity_number_in_a_refused_body_stays_nowhere(door, batch, encode, number):
    body = encode(batch("adoption", note=pa.array([number()] * 3)), ".csv")
    spoilt = body.replace(b"ACTIVATED", b"ACTIVATED,x," + number().encode())

    answers = [
        door.put("adoption", "leak", spoilt),
        door.put("adoption", f"leak-{number()}", b"event_id\n" + number().encode()),
        door.put(
            "loan_entry", "leak", b"entry_id,project,kind,amount_ore,booked_on\na,b,c," + number().encode() + b"x,d\n"
        ),
        door.call("GET", f"/v1/streams/{number()}"),
        door.put("adoption", "leak", b"x", Content_Type=f"text/{number()}"),
        door.put("adoption", "leak", b"x", query=f"?format={number()}"),
        door.put("adoption", "leak", b"x", query=f"?check={number()[:6]}%20{number()[6:]}"),
        door.put("adoption", "leak", b"x", **{f"Dif-{number()}": "x"}),
        door.put("adoption", "leak", b"x", **{"Dif-Check": f"{number()[:6]}-{number()[6:]}"}),
    ]

    assert all(a.status >= 400 for a in answers)
    assert [a.body for a in answers if number()[:6].encode() in a.body or number()[6:].encode() in a.body] == []
    for path in door.settings.home.rglob("*"):
        assert path.is_dir() or number().encode() not in path.read_bytes(), path.name


@pytest.mark.parametrize(
    ("query", "headers", "kind", "words"),
    [
        ("?chek=true", {}, "unknown_name", "No parameter 'chek'. Did you mean 'check'?"),
        ("?check=yes", {}, "wrong_use", "Give true or false"),
        ("?check", {}, "wrong_use", "Give true or false"),
        ("?check=true&check=false", {}, "wrong_use", "more than once"),
        ("?format=xlsx", {}, "wrong_use", "format is 'xlsx'. Give parquet or arrow or jsonl or csv or xml or zip."),
        ("?limit=1", {}, "unknown_name", "Available: check, format"),
        ("", {"Dif-Chek": "true"}, "unknown_name", "No header 'Dif-Chek'. Did you mean 'Dif-Check'?"),
        ("", {"Dif-Check": "ja"}, "wrong_use", "Dif-Check is 'ja'. Give true or false."),
        ("", {"Dif-Priority": "high"}, "wrong_use", "Dif-Priority is 'high'. Give live or bulk."),
        ("", {"Dif-Synthetic": "1"}, "wrong_use", "Dif-Synthetic is '1'. Give true or false."),
        ("", {"Dif-Priority": ""}, "wrong_use", "Give live or bulk."),
    ],
)
def test_an_option_that_there_is_not_is_refused_lest_a_try_become_the_real_thing(
    door, batch, encode, query, headers, kind, words
):
    answer = door.put("adoption", "misspelt", encode(batch("adoption"), ".csv"), query=query, **headers)

    assert (answer.status, answer.kind) == (400, kind)
    assert words in f"{answer.json['detail']} {answer.json['mend']}"
    assert door.landing.entry_named("adoption", "local", "misspelt") is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Dif-Check", ("true", "false")),
        ("Content-Type", ("text/csv", "application/x-ndjson")),
        ("Content-Encoding", ("identity", "gzip")),
    ],
)
def test_a_header_said_twice_is_refused(door, name, values):
    connection = http.client.HTTPConnection("127.0.0.1", door.server.port, timeout=60)
    with contextlib.closing(connection):
        connection.putrequest("PUT", "/v1/streams/adoption/batches/twice")
        for value in values:
            connection.putheader(name, value)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["kind"]) == (400, "wrong_use")


def test_a_dry_run_and_made_up_rows_can_be_said_in_the_address_which_no_proxy_cuts(door, batch, encode):
    body = encode(batch("adoption"), ".csv")
    said = door.put("adoption", "in-the-address", body, query="?check=true&synthetic=true").json
    assert said["status"] == "checked"
    kept = door.put("adoption", "in-the-address", body, query="?synthetic=true").json
    assert (kept["status"], kept["synthetic"]) == ("accepted", True)
    for wrong in ("?synthetik=true", "?synthetic=ja", "?Check=true"):
        assert door.put("adoption", "misspelt-in-the-address", body, query=wrong).status == 400
    assert door.landing.entry_named("adoption", "local", "misspelt-in-the-address") is None


@pytest.mark.parametrize("name", ["Dif_Check", "Diff-Check", "DifCheck"])
def test_a_header_that_is_nearly_one_of_ours_is_refused(door, name):
    connection = http.client.HTTPConnection("127.0.0.1", door.server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("PUT", "/v1/streams/adoption/batches/nearly", b"", {name: "true"} | CSV)
        answer = json.loads(connection.getresponse().read())
        assert (answer["kind"], "Dif-Check" in answer["mend"]) == ("unknown_name", True)


def test_the_description_names_each_parameter_that_an_address_takes(door):
    described = door.call("GET", "/openapi.json").json["paths"]
    ours = {path: deeds for path, deeds in described.items() if not path.startswith(("/delta-sharing/", "/mcp"))}
    for path, deeds in ours.items():  # clients of later versions of the two protocols add parameters
        filled = path.replace("{stream}", "adoption").replace("{batch_id}", "b").replace("{dataset}", "d")
        for method, deed in deeds.items():
            if isinstance(deed, dict):
                said = door.call(method.upper(), f"{filled}?zzzzzz=1", b"" if method == "put" else None)
                assert (said.status, said.kind) == (400, "unknown_name"), path
                mend = said.json["mend"]
                takes = [] if mend.startswith("Leave it out") else mend[len("Available: ") : -1].split(", ")
                named = sorted(p["name"] for p in deed.get("parameters", []) if p["in"] == "query")
                assert takes == named, path
                headers = {p["name"] for p in deed.get("parameters", []) if p["name"].startswith("Dif-")}
                headers = {name.lower() for name in headers}
                assert headers <= set(calls.HEADERS)
                assert method != "put" or headers == set(calls.HEADERS)


def test_a_try_may_be_asked_for_by_header_too(door, batch, encode):
    answer = door.put("adoption", "tried", encode(batch("adoption"), ".csv"), Dif_Check="TRUE")

    assert (answer.status, answer.json["status"]) == (200, "checked")


def test_a_producer_lists_what_is_kept_for_it_newest_first(tmp_path, batch, encode):
    with opened(tmp_path) as door:
        mine, others = token(door.settings), token(door.settings, producer="bergen", streams=frozenset({"loan_entry"}))
        path = "/v1/streams/adoption/batches"
        assert door.call("GET", path, **mine).json == {
            "stream": "adoption", "producer": "svarut", "batches": [], "more": False,
        }  # fmt: skip
        said = [door.put("adoption", f"b{i}", encode(batch("adoption", i + 1), ".csv"), **mine).json for i in range(3)]
        door.put("loan_entry", "b9", encode(batch("loan_entry"), ".csv"), **others)
        door.put("loan_entry", "b8", encode(batch("loan_entry"), ".csv"), **mine)

        everything = door.call("GET", path, **mine).json
        assert everything["batches"] == said[::-1]
        assert not everything["more"]
        two = door.call("GET", f"{path}?limit=2", **mine).json
        assert ([b["batch_id"] for b in two["batches"]], two["more"]) == (["b2", "b1"], True)
        for since, found in ((said[1]["received_at"], 2), (said[2]["received_at"].replace("+", "%2B"), 1)):
            assert len(door.call("GET", f"{path}?since={since}".replace(" ", "%20"), **mine).json["batches"]) == found
        assert door.call("GET", f"{path}?since=2999-01-01T00:00:00Z", **mine).json["batches"] == []

        landing = open_landing(door.settings)
        entry = landing.entry_named("adoption", "svarut", "b1")
        landing.withdraw(entry, by="operator", reason="feil", now=datetime.now(UTC))
        assert door.call("GET", path, **mine).json["batches"][1]["withdrawn_because"] == "feil"

        for query in ("limit=0", "limit=1001", "limit=", "limit=-1", "since=2026-01-01", "since=x", "since="):
            refused = door.call("GET", f"{path}?{query}", **mine)
            assert (refused.status, refused.kind) == (400, "wrong_use"), query
        assert door.call("GET", path, **others).status == 403
        assert door.call("GET", path).status == 401
        assert door.call("GET", "/v1/streams/adoptio/batches", **mine).status == 404


def test_a_token_sends_as_who_it_says_and_as_nobody_else(tmp_path, batch, encode):
    with opened(tmp_path) as door:
        mine, body = token(door.settings), encode(batch("adoption"), ".csv")
        assert door.put("adoption", "b", body, **mine, Dif_Producer="svarut").status == 201
        refused = door.put("adoption", "b", body, **mine, Dif_Producer="bergen")

    assert (refused.status, refused.kind) == (403, "forbidden")
    assert refused.json["detail"] == "The token belongs to producer svarut, not to bergen."


def test_while_nobody_can_be_known_callers_are_asked_to_come_again(tmp_path):
    with opened(tmp_path) as door:
        mine = token(door.settings)
        (door.settings.home / "access" / "tokens.json").write_text("{", "utf-8")
        answers = [door.call("GET", "/v1/streams", **headers) for headers in (mine, {})]
        ready = door.call("GET", "/readyz").json

    assert [(a.status, a.kind, a.headers["retry-after"]) for a in answers] == [(503, "try_again", "5")] * 2
    assert str(tmp_path) not in answers[0].body.decode()
    assert [m["what"] for m in ready["missing"]] == ["access"]


@pytest.mark.parametrize("name", ["..%2f..%2fx", "a%2Fb", "a%00b", "%ff", "a" * 65, "æ".encode().hex("%"), "a%20b"])
def test_a_batch_id_that_is_none_is_refused(door, name):
    answer = door.call("PUT", f"/v1/streams/adoption/batches/{name}", b"x", **CSV)

    assert answer.status in (400, 404)
    assert answer.kind == "wrong_use"


@pytest.mark.parametrize("text", ["{}", "uke-{}", "{}.csv"])
def test_a_batch_id_that_shows_an_identity_number_is_refused_and_told_nowhere(door, batch, encode, number, text):
    answer = door.put("adoption", text.format(number()), encode(batch("adoption"), ".csv"))
    assert (answer.status, answer.kind) == (400, "wrong_use")
    assert number().encode() not in answer.body
    kept = (p.read_text("latin-1") for p in door.settings.home.rglob("*") if p.is_file())
    assert number() not in "".join(kept)


@pytest.mark.parametrize(("sent", "name"), [("..", ".."), (".hidden", ".hidden"), ("%2E%2e", ".."), ("a%2Db", "a-b")])
def test_a_batch_id_of_dots_is_a_name_like_another(door, batch, encode, sent, name):
    answer = door.put("invoice_line", sent, encode(batch("invoice_line"), ".csv"))

    assert (answer.status in (200, 201), answer.json["batch_id"]) == (True, name)
    entry = door.landing.entry_named("invoice_line", "local", name)
    assert door.landing.file(entry).resolve().is_relative_to(door.settings.landing / "invoice_line" / "local")


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_other_methods_are_told_which_there_are(door, method):
    for path, allowed in (("/v1/streams/adoption/batches/x", "PUT, GET, HEAD"), ("/livez", "GET, HEAD")):
        answer = door.call(method, path)
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
        assert answer.kind == "wrong_use"


def test_the_head_of_an_answer_can_be_had_without_its_body(tmp_path):
    with opened(tmp_path) as door:
        free, _ = a_release(door.settings)
        for path in ("/livez", "/readyz", "/v1/streams", "/v1/datasets", f"/v1/datasets/{free.name}", "/v1/nothing"):
            head, whole = door.call("HEAD", path), door.call("GET", path)
            assert (head.status, head.body) == (whole.status, b"")
            assert head.headers["content-type"] == whole.headers["content-type"]
    assert [line["rows"] for line in door.logged("reads")] == [0, 5]


# --- senders that do not behave ---------------------------------------------------------------------------------------


def test_a_body_over_the_cap_is_refused_whether_it_says_its_size_or_not(tmp_path):
    with opened(tmp_path, max_body_mb=1) as door:
        big = b"x" * (1 << 20) + b"y"
        told = door.put("adoption", "big", big)
        with door.raw() as connection:
            connection.sendall(
                b"PUT /v1/streams/adoption/batches/big HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            with contextlib.suppress(OSError):
                for _ in range(40):
                    connection.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
            status, body = answer_on(connection)

        assert (told.status, told.kind) == (413, "too_large")
        assert (status, json.loads(body)["kind"]) == (413, "too_large")
        assert door.left_behind() == []


def test_a_sender_that_asks_first_is_told_no_before_it_sends(tmp_path):
    with opened(tmp_path, max_body_mb=1) as door:
        token(door.settings)
        with door.raw() as connection:
            connection.sendall(
                b"PUT /v1/streams/adoption/batches/b HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                b"Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
            )
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert (answer.status, answer.getheader("connection")) == (401, "close")
            assert b"unauthenticated" in answer.read()
            answer.close()


def test_a_sender_that_asks_first_is_told_to_go_on(door, batch, encode):
    body = encode(batch("adoption"), ".csv")
    with door.raw() as connection:
        connection.sendall(
            b"PUT /v1/streams/adoption/batches/asked HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body)
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert answer_on(connection)[0] == 201


def test_a_connection_goes_on_after_a_refusal(door, batch, encode):
    connection = http.client.HTTPConnection("127.0.0.1", door.server.port, timeout=60)
    said = []
    with contextlib.closing(connection):
        for name, body, headers in (
            ("kept-alive", encode(batch("adoption"), ".csv"), CSV),
            ("kept-alive", b"x" * 5_000_000, {"Content-Type": "text/nothing"}),
            ("kept-alive", encode(batch("adoption"), ".csv"), CSV),
        ):
            connection.request("PUT", f"/v1/streams/adoption/batches/{name}", body, headers)
            answer = connection.getresponse()
            answer.read()
            said.append(answer.status)

    assert said == [201, 415, 200]


def test_a_fault_of_ours_crosses_the_wire_without_a_trace(tmp_path, batch, encode):
    with opened(tmp_path) as door:
        (door.settings.home / "landing").write_text("a file where a folder should be")
        answer = door.put("adoption", "b", encode(batch("adoption"), ".csv"))
        (fault,) = door.logged("server")
        (line,) = door.logged()

    assert (answer.status, answer.kind) == (500, "fault")
    assert str(tmp_path) not in answer.body.decode()
    assert answer.json["reference"] == fault["reference"] == answer.headers["dif-reference"]
    assert line["outcome"] == "failed"


def test_half_a_body_is_not_kept(door):
    before = len(door.landing.entries)
    with door.raw() as connection:
        connection.sendall(
            b"PUT /v1/streams/adoption/batches/half HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
            b"Content-Length: 1000\r\n\r\nevent_id,step\n"
        )
        until(lambda: any("http-body" in name for name in door.left_behind()))

    line = until(lambda: [x for x in door.logged() if x.get("batch") == "half"])[0]
    assert line["outcome"] == "ended"
    assert door.left_behind() == []
    assert len(door.landing.entries) == before


@pytest.mark.parametrize("query", ["", "?check=true"])
def test_nothing_is_kept_of_a_batch_whose_token_is_revoked_while_it_is_sent(tmp_path, batch, encode, query):
    body = encode(batch("adoption"), ".csv")
    sender = token(Settings(home=tmp_path))["Authorization"]
    with opened(tmp_path) as door, door.raw() as connection:
        head = f"PUT /v1/streams/adoption/batches/a{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {sender}\r\n"
        head += f"Content-Type: text/csv\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[:50])
        until(lambda: any("http-body" in name for name in door.left_behind()))
        tokens = Tokens(door.settings)
        tokens.revoke(tokens.all()[0].id, now=datetime.now(UTC))
        connection.sendall(body[50:])
        status, answer = answer_on(connection)
        assert (status, json.loads(answer)["kind"]) == (401, "unauthenticated")
        assert "revoked" in json.loads(answer)["detail"]
        assert door.left_behind() == []
        assert door.landing.entries == []


def test_slow_senders_are_ended_and_others_are_served(tmp_path):
    head = b"PUT /v1/streams/adoption/batches/slow HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
    with opened(tmp_path, idle_seconds=0.4, streams=4) as door, contextlib.ExitStack() as open_ones:
        silent, dribbling = (open_ones.enter_context(door.raw()) for _ in range(2))
        silent.sendall(head + b"Content-Length: 1000\r\n\r\nevent")
        dribbling.sendall(head + b"Content-Length: 1000000\r\n\r\n")
        statuses = {}

        def dribble():
            with contextlib.suppress(OSError):
                for _ in range(500):
                    dribbling.sendall(b"e")
                    time.sleep(0.02)

        thread = threading.Thread(target=dribble)
        thread.start()
        for name, connection in (("silent", silent), ("dribbling", dribbling)):
            statuses[name], body = answer_on(connection)
            assert json.loads(body)["kind"] == "too_slow"
        assert statuses == {"silent": 408, "dribbling": 408}
        assert door.call("GET", "/livez").status == 200
        thread.join()
        until(lambda: not door.left_behind())


def test_a_short_body_that_does_not_come_is_ended_too(tmp_path):
    with opened(tmp_path, idle_seconds=0.4) as door, door.raw() as connection:
        head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += "Accept: application/json, text/event-stream\r\nContent-Length: 100\r\n\r\n{"
        connection.sendall(head.encode())
        status, body = answer_on(connection)
        assert (status, json.loads(body)["kind"]) == (408, "too_slow")


@pytest.mark.slow("three hundred connections; test_hostile.py changes bytes on the wire")
def test_random_bytes_end_nobody(door):
    chance = random.Random(8)
    put = b"PUT /v1/streams/adoption/batches/r HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
    starts = (
        b"",
        b"GET / HTTP/1.1\r\n",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
        put[:30],
        put + b"Content-Length: 20\r\n\r\n",
        put + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"GET /v1/datasets/%s?limit=9 HTTP/1.1\r\nHost: localhost\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    )
    for number in range(1, examples(1000, quick=300) + 1):
        with door.raw() as connection, contextlib.suppress(OSError):
            connection.sendall(chance.choice(starts) + chance.randbytes(chance.randint(0, 60)))
        if number % 100 == 0:
            assert door.call("GET", "/livez").status == 200

    until(lambda: not door.left_behind())


@pytest.mark.parametrize(
    "head", [b"PUT /v1/streams/adoption/batches/b HTTP/1.1\r\nContent-Type: text/csv", b"GET /livez HTTP/1.1"]
)
def test_nothing_is_answered_after_a_request_that_says_its_length_in_two_ways(door, head):
    length = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with door.raw() as connection:
        connection.sendall(
            head + b"\r\nHost: localhost\r\n" + length + b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        heard = b""
        while piece := connection.recv(65_536):
            heard += piece
    assert heard.count(b"HTTP/1.1 ") == 1


def test_a_head_that_is_no_request_is_told_so(door):
    for sent, status in (
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000, 400),
        (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 17_000 + b"\r\n\r\n", 431),
    ):
        with door.raw() as connection:
            connection.sendall(sent)
            answered, body = answer_on(connection)
        # what still lies unread may cut the connection before the answer is seen
        assert answered in (status, 0)
        assert status == 400 or not body or json.loads(body)["kind"] == "wrong_use"


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_closed_door_asks_for_a_token_before_it_reads(tmp_path, batch, encode):
    with opened(tmp_path, streams=3) as door:
        other = token(door.settings, streams=frozenset({"adoption"}))
        bound = token(door.settings, organisations=frozenset({"974605171"}))
        body = encode(batch("adoption", organisation_number=pa.array(["974605171", "974605171", "910000004"])), ".csv")
        asked = b"PUT /v1/streams/adoption/batches/b HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        asked += b"Content-Length: 9999\r\n"
        for more in (b"", b"Authorization: Bearer dif_t-0000_" + b"x" * 43 + b"\r\n", b"Authorization: Basic eDp5\r\n"):
            with door.raw() as connection:
                connection.sendall(asked + more + b"\r\n")
                answer = http.client.HTTPResponse(connection)
                answer.begin()
                assert (answer.status, answer.getheader("www-authenticate")) == (401, "Bearer")
                answer.close()
        for path in ("/v1/streams", "/v1/streams/adoption", "/v1/datasets", "/v1/streams/adoption/sample"):
            assert door.call("GET", path).status == 401
        assert door.put("dispatch", "b", body, **other).kind == "forbidden"
        refused = door.put("adoption", "b", body, **bound)
        assert (refused.status, refused.kind) == (403, "forbidden")
        assert "Row 4" in refused.json["detail"]
        good = encode(batch("adoption", 2, organisation_number=pa.array(["974605171"] * 2)), ".csv")
        assert door.put("adoption", "b", good, **bound).status == 201
        assert door.call("GET", "/v1/streams/adoption/batches/b", **bound).json["producer"] == "svarut"
        assert b"974605171" in door.call("GET", "/v1/streams/adoption/sample", **bound).body
        assert door.call("GET", "/livez").status == 200
        assert {line["reference"] for line in door.logged() if line.get("kind") == "unauthenticated"}
        assert "dif_t-0000" not in json.dumps(door.logged() + door.logged("server"))


def test_an_open_door_answers_this_machine_by_its_own_names_only(door):
    for host, status in (("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 403), ("", 403)):
        assert door.call("GET", "/v1/streams", Host=host).status == status
    with pytest.raises(WrongUse, match="dif token add"):
        http_door.HttpServer(door.settings, "0.0.0.0")


def test_tokens_do_not_cross_a_network_in_the_clear(tmp_path):
    settings = Settings(home=tmp_path)
    token(settings)

    with pytest.raises(WrongUse, match="tls_elsewhere"):
        http_door.HttpServer(settings, "0.0.0.0")


def test_a_producer_over_its_quota_is_told_when_to_come_again(tmp_path, batch, encode):
    with opened(tmp_path, quota_per_minute=1) as door:
        body = encode(batch("adoption"), ".csv")
        first, second = (door.put("adoption", f"q{i}", body) for i in range(2))
        other = door.put("adoption", "q2", body, Dif_Producer="other")

    assert (first.status, other.status) == (201, 201)
    assert (second.status, second.kind, second.headers["retry-after"]) == (429, "over_quota", "60")


def test_without_room_nothing_is_taken_and_the_door_is_not_ready(tmp_path, batch, encode):
    with opened(tmp_path, disk_reserve_mb=10**9) as door:
        answer = door.put("adoption", "b", encode(batch("adoption"), ".csv"))
        ready = door.call("GET", "/readyz")

    assert (answer.status, answer.kind, answer.headers["retry-after"]) == (503, "no_room", "60")
    assert (ready.status, [m["what"] for m in ready.json["missing"]]) == (503, ["room"])


# --- what there is ----------------------------------------------------------------------------------------------------


def test_streams_are_told_from_their_contracts(door):
    listed = door.call("GET", "/v1/streams").json["streams"]
    said = door.call("GET", "/v1/streams/dispatch").json

    assert [s["name"] for s in listed] == list(PUSHED)
    assert said["key"] == list(STREAMS["dispatch"].key)
    assert {c["name"] for c in said["columns"]} == set(said["example"])
    assert all(rule["says"]["nb"] and rule["says"]["en"] for rule in said["rules"])
    assert door.call("GET", "/v1/streams/dispach").json["mend"] == "Did you mean 'dispatch'?"


@pytest.mark.parametrize("stream", sorted(PUSHED))
def test_a_sample_obeys_every_rule_of_its_contract(stream):
    rows = sample.sample(STREAMS[stream], 60)
    assert rows.equals(sample.sample(STREAMS[stream], 60))
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.register("rows", rows)
        for rule in STREAMS[stream].rules:
            broken = connection.execute(f"select count(*) from rows where not coalesce(({rule.condition}), true)")
            assert broken.fetchone() == (0,), rule.name
        keys = ", ".join(STREAMS[stream].key)
        assert connection.execute(f"select count(distinct ({keys})) from rows").fetchone() == (60,)


def test_a_sample_is_taken_in_every_form(door):
    forms = {"csv": ".csv", "jsonl": ".jsonl", "parquet": ".parquet", "arrow": ".arrows"}
    hashes = set()
    for form, ending in forms.items():
        got = door.call("GET", f"/v1/streams/dispatch/sample?format={form}&rows=7")
        answer = door.put("dispatch", f"sample-{form}", got.body, ending, Dif_Synthetic="true")
        assert answer.status == 201
        hashes.add((answer.json["sha256"], answer.json["rows"]))
    assert len(hashes) == 1
    assert door.call("GET", "/v1/streams/dispatch/sample?rows=0").status == 400
    wrong = door.call("GET", "/v1/streams/dispatch/sample?format=xlsx")
    assert (wrong.status, wrong.kind) == (400, "wrong_use")
    assert "parquet or arrow or jsonl or csv" in wrong.json["mend"]


def a_release(settings, **facts):
    """A release with one open dataset and one of the ledger, of a few rows."""
    contents = []
    for audience in (Audience.OPEN, Audience.LEDGER):
        contract = next(d for d in DATASETS.values() if d.audience is audience and not d.partitioned and not d.views)
        rows = pa.table(
            [pa.array([_of(f.type, i) for i in range(5)], f.type) for f in contract.arrow_schema],
            names=contract.arrow_schema.names,
        )
        contents.append(Content(contract, table=rows))
    facts = {"published_at": "2026-11-25T08:00:00+00:00"} | facts
    Releases(settings).publish("2026-11-25.1", contents, lambda _said: [], facts, parent=None)
    return [c.contract for c in contents]


def _of(kind, i):
    if pa.types.is_string(kind):
        return f"=cmd{i}"
    return None if pa.types.is_temporal(kind) else i % 2 if not pa.types.is_boolean(kind) else True


def test_the_first_batch_of_a_landing_that_was_not_empty_is_refused_and_readers_are_served(tmp_path, encode, batch):
    """As when the server starts before the landing's disk is mounted, which then would hide the batch."""
    with opened(tmp_path) as door:
        made_of = {"journal": [7, "0" * 64]}
        (free, _) = a_release(door.settings, made_of=made_of)
        put = door.put("cost_entry", "b1", encode(batch("cost_entry"), ".csv"))
        assert (put.status, put.kind) == (503, "fault")
        assert door.landing.entries == []
        assert door.call("GET", f"/v1/datasets/{free.name}").status == 200


def test_datasets_are_read_by_audience_and_each_read_is_audited(tmp_path):
    with opened(tmp_path) as door:
        free, ledger = a_release(door.settings)
        reader = token(door.settings, read=frozenset({Right.OPEN}))
        listed = door.call("GET", "/v1/datasets", **reader).json
        csv = door.call("GET", f"/v1/datasets/{free.name}?format=csv&limit=3", **reader)
        parquet = door.call("GET", f"/v1/datasets/{free.name}?format=parquet", **reader)
        lines = door.call("GET", f"/v1/datasets/{free.name}", **reader)
        refused = door.call("GET", f"/v1/datasets/{ledger.name}", **reader)
        wrong = door.call("GET", f"/v1/datasets/{free.name}?columns=nothing", **reader)
    audit = door.logged("reads")

    assert (listed["release"], csv.headers["dif-release"]) == ("2026-11-25.1", "2026-11-25.1")
    assert {d["audience"] for d in listed["datasets"]} == {"OPEN"}
    assert csv.body.count(b"\n") == 4
    assert b"'=cmd0" in csv.body
    assert pa.parquet.read_table(pa.BufferReader(parquet.body)).num_rows == 5
    assert len(lines.body.splitlines()) == 5
    assert (refused.status, wrong.status) == (403, 404)
    assert sorted((a["outcome"], a["rows"]) for a in audit) == [
        ("refused", 0), ("refused", 0), ("served", 3), ("served", 5), ("served", 5),
    ]  # fmt: skip
    references = {a["reference"] for a in audit if a["outcome"] == "refused"}
    assert references == {refused.json["reference"], wrong.json["reference"]}


def test_the_catalogue_of_open_datasets_is_anybodys_and_is_sent_once(tmp_path):
    with opened(tmp_path, public_url="https://dif.example.no/") as door:
        assert door.call("GET", "/catalog.ttl").status == 404
        free, ledger = a_release(door.settings)
        token(door.settings, read=frozenset({Right.OPEN}))  # from here on nobody reads without one
        assert door.call("GET", f"/v1/datasets/{free.name}").status == 401
        turtle, json_ld = (door.call("GET", f"/catalog.{form}") for form in ("ttl", "jsonld"))
        assert [a.headers["content-type"].partition(";")[0] for a in (turtle, json_ld)] == [
            "text/turtle", "application/ld+json",
        ]  # fmt: skip
        assert f"https://dif.example.no/v1/datasets/{free.name}?format=csv" in turtle.body.decode()
        assert ledger.name not in turtle.body.decode() + json_ld.body.decode()
        again = door.call("GET", "/catalog.ttl", **{"If-None-Match": turtle.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert turtle.headers["cache-control"] == "no-cache", "a harvester may keep what it asks for again"
        packed = door.call("GET", "/catalog.ttl", **{"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.body) == turtle.body
        for wrong in ("text/html", "application/ld+json", "text/turtle;q=0", "image/png, */*;q=0", "nonsense/"):
            answer = door.call("GET", "/catalog.ttl", Accept=wrong)
            assert (answer.status, answer.body) == (200, turtle.body), f"the address says the form, not {wrong}"


def test_who_wants_to_hear_of_new_figures_follows_a_feed_and_needs_no_token(tmp_path):
    with opened(tmp_path / "nowhere") as door:
        assert b'rel="self"' not in door.call("GET", "/feeds/releases.atom").body, "nobody has said where it is"
    with opened(tmp_path, public_url="https://dif.example.no", pages_url="https://tall.example.no") as door:
        empty = door.call("GET", "/feeds/releases.atom").body
        assert b"<entry" not in empty
        assert b'rel="self" type="application/atom+xml" href="https://dif.example.no/feeds/releases.atom"' in empty
        free, ledger = a_release(door.settings)
        written = pq.read_table(Releases(door.settings).current().folder / "parquet" / free.name)
        content = Content(
            free, table=pa.table([c.combine_chunks() for c in written.columns], names=written.column_names)
        )
        facts = {"published_at": "2026-11-26T06:00:00+00:00", "through_month": "2026-10-31", "synthetic": True}
        same = Releases(door.settings).publish(
            "2026-11-26.1", [content], lambda _told: [], facts, parent="2026-11-25.1"
        )
        token(door.settings, read=frozenset())  # from here on nobody reads without one
        feeds = {name: door.call("GET", f"/feeds/{name}.atom") for name in ("releases", free.name)}
        assert door.call("GET", f"/feeds/{ledger.name}.atom").status == 404
        again = door.call("GET", "/feeds/releases.atom", If_None_Match=feeds["releases"].headers["etag"])
    atom = {"a": "http://www.w3.org/2005/Atom"}
    entries = {name: ET.fromstring(told.body).findall("a:entry", atom) for name, told in feeds.items()}
    assert [e.find("a:id", atom).text for e in entries["releases"]] == [
        f"urn:dif:release:{name}" for name in (same.name, "2026-11-25.1")
    ]
    assert [e.find("a:id", atom).text for e in entries[free.name]] == [f"urn:dif:release:2026-11-25.1:{free.name}"], (
        "same rows"
    )
    told = entries["releases"][0]
    assert "til og med 2026-10" in told.find("a:summary", atom).text
    assert "syntetiske" in told.find("a:title", atom).text
    assert told.find("a:link", atom).get("href") == f"https://tall.example.no/data?utgave={same.name}"
    assert ledger.title.nb not in feeds["releases"].body.decode()
    assert (again.status, again.body) == (304, b"")


def test_a_dataset_is_filtered_as_over_flight(tmp_path):
    with opened(tmp_path) as door:
        free, _ = a_release(door.settings)
        text = next(c.name for c in free.columns if c.type == pa.string())

        def asked(condition, **more):
            query = urlencode({"filter": condition if isinstance(condition, str) else json.dumps(condition)} | more)
            return door.call("GET", f"/v1/datasets/{free.name}?{query}")

        for condition, rows in (
            ({text: "=cmd1"}, 1),
            ({text: ["=cmd1", "=cmd3", "x"]}, 2),
            ({text: {"ge": "=cmd2"}}, 3),
            ({text: {"ge": "=cmd1", "lt": "=cmd3", "ne": "=cmd2"}}, 1),
            ({text: {"null": True}}, 0),
            ({}, 5),
        ):
            answer = asked(condition, columns=text)
            assert (answer.status, len(answer.body.splitlines())) == (200, rows), condition
        assert json.loads(asked({text: "=cmd1"}, columns=text).body) == {text: "=cmd1"}
        for condition, status, kind in (
            ("{", 400, "wrong_use"),
            ("", 400, "wrong_use"),
            ("[1]", 400, "wrong_use"),
            ("[" * 5000, 400, "wrong_use"),
            ({"nothing": 1}, 404, "unknown_name"),
            ({text: {"like": "x"}}, 404, "unknown_name"),
            ({text: {"ge": 3}}, 400, "wrong_use"),
            ({text: {"ge": None}}, 400, "wrong_use"),
            ({text: {"null": "false"}}, 400, "wrong_use"),
            ({text: {}}, 400, "wrong_use"),
            (f'{{"{text}": "=cmd1", "{text}": "=cmd2"}}', 400, "wrong_use"),
        ):
            answer = asked(condition)
            assert (answer.status, answer.kind) == (status, kind), condition
        assert door.call("GET", f"/v1/datasets/{free.name}?columns=").status == 404
        assert door.call("GET", f"/v1/datasets/{free.name}?limit=").status == 400
    assert {a["outcome"] for a in door.logged("reads")} == {"served", "refused"}


def a_long_dataset(settings):
    """A dataset whose rows, some 9 MB, no line holds at once."""
    free, _ = a_release(settings)
    (file,) = settings.releases.glob(f"2026-*/parquet/{free.name}/*.parquet")
    rows = pq.read_table(file)
    name = next(c.name for c in free.columns if c.type == pa.string())
    rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(["x" * 700] * len(rows)))
    pq.write_table(pa.concat_tables([rows] * 2500), file, row_group_size=10_000)
    as_if_published(file, file.parents[2])
    return f"/v1/datasets/{free.name}?format=csv"


@contextlib.contextmanager
def a_slow_reader(door, path):
    """A connection with little room, on which a dataset is being sent."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.settimeout(15)
        connection.connect(("127.0.0.1", door.server.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
        yield connection


@pytest.mark.slow("waits for time-outs")
def test_a_reader_that_reads_slowly_and_steadily_gets_it_all(tmp_path):
    with opened(tmp_path, idle_seconds=1.0) as door, a_slow_reader(door, a_long_dataset(door.settings)) as connection:
        came, began = bytearray(), time.monotonic()
        while not came.endswith(b"\r\n0\r\n\r\n"):
            came += (part := connection.recv(1 << 16))
            assert part, f"cut after {len(came)} bytes"
            time.sleep(0.015)
        assert time.monotonic() - began > 2


@pytest.mark.slow("waits for time-outs")
def test_a_reader_that_reads_nothing_is_cut_and_its_turn_is_another_s(tmp_path):
    with opened(tmp_path, idle_seconds=0.8, streams=2, queue_seconds=0.1) as door:
        path = a_long_dataset(door.settings)
        with a_slow_reader(door, path):
            refused = door.call("GET", path)
            assert (refused.status, refused.kind) == (503, "try_again")
            assert "retry-after" in refused.headers
            until(lambda: door.call("GET", f"{path}&limit=1").status == 200)
    assert {line["outcome"] for line in door.logged("reads")} == {"refused", "ended", "served"}


def test_a_door_without_memory_lets_go_of_what_it_read_and_ends(tmp_path, monkeypatch):
    def failing(_batch):
        raise MemoryError

    def files_of(dataset):
        return [f for f in Path("/proc/self/fd").iterdir() if dataset in str(f.resolve())]

    with opened(tmp_path) as door:
        free, _ = a_release(door.settings)
        monkeypatch.setattr(encoding, "rows_as_texts", failing)
        gc.disable()
        try:
            with pytest.raises((http.client.HTTPException, OSError)):
                door.call("GET", f"/v1/datasets/{free.name}?format=csv")
            door.thread.join(15)
            assert not door.thread.is_alive()
            until(lambda: files_of(free.name) == [])
        finally:
            gc.enable()
        assert [line["outcome"] for line in door.logged("reads")] == ["failed"]


# --- how it is --------------------------------------------------------------------------------------------------------


def test_the_door_is_ready_until_the_landing_is_not(tmp_path):
    with opened(tmp_path) as door:
        assert door.call("GET", "/readyz").json == {"status": "ok", "missing": []}
        door.settings.landing.mkdir(exist_ok=True)
        (door.settings.landing / "journal").write_bytes(b"not what was written\n")

        until(lambda: door.call("GET", "/readyz").status == 503)

        assert door.call("GET", "/readyz").json["missing"][0]["kind"] == "damaged"
        assert door.call("GET", "/livez").status == 200
        answer = door.call("GET", "/v1/streams/adoption/batches/x")
        assert (answer.status, answer.kind) == (503, "fault")


def test_figures_count_what_happened(tmp_path, batch, encode):
    with opened(tmp_path) as door:
        count = b'dif_batches_total{outcome="refused",stream="loan_entry",wire="http"} '

        def figure():
            body = door.call("GET", "/metrics").body
            return next((float(x.split()[-1]) for x in body.splitlines() if x.startswith(count)), 0.0)

        before = figure()
        door.put("loan_entry", "b", b"nothing")
        assert figure() == before + 1


def test_figures_that_tell_how_much_came_are_for_this_machine_and_for_tokens_of_the_operator(tmp_path):
    with opened(tmp_path) as door:
        operator = token(door.settings, streams=frozenset(), metrics=True)
        assert b"dif_landed_batches" in door.call("GET", "/metrics", Host="a.example").body
        assert door.call("GET", "/metrics", X_Forwarded_For="192.0.2.1").status == 401
        assert b"dif_landed_batches" in door.call("GET", "/metrics", X_Forwarded_For="192.0.2.1", **operator).body
        for rights in ({"read": frozenset(Right)}, {}):
            answer = door.call("GET", "/metrics", Via="proxy", **token(door.settings, **rights))
            assert (answer.status, answer.kind) == (403, "forbidden")
            assert "dif token add NAME --metrics" in answer.json["mend"]
        assert door.call("GET", "/v1/datasets", **operator).json["datasets"] == []
        assert door.call("GET", "/v1/streams/dispatch/batches", **operator).status == 403


def test_every_answer_is_made_safe_and_names_no_software(door):
    for path in ("/livez", "/v1/streams", "/nothing", "/openapi.json", "/metrics"):
        headers = door.call("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["dif-reference"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert not {"server", "access-control-allow-origin"} & set(headers)


def test_the_description_is_whole(door):
    said = door.call("GET", "/openapi.json").json
    text = json.dumps(said)

    assert said["openapi"] == "3.1.0"
    for reference in {r.split('"')[0] for r in text.split('"$ref": "#/')[1:]}:
        place = said
        for part in reference.split("/"):
            place = place[part]
    names = [deed["operationId"] for path in said["paths"].values() for deed in path.values() if isinstance(deed, dict)]
    assert len(names) == len(set(names)) == 34
    for path, deeds in said["paths"].items():
        given = {p["name"] for p in deeds.get("parameters", [])}
        assert {part[1:-1] for part in path.split("/") if part.startswith("{")} <= given
        for deed in deeds.values():
            assert isinstance(deed, list) or all(a["description"] for a in deed["responses"].values())
    assert said["servers"][0]["url"] == "/"
    put = said["paths"]["/v1/streams/{stream}/batches/{batch_id}"]["put"]
    assert set(put["requestBody"]["content"]) == set(http_call.CONTENT_TYPES)
    assert {"200", "201", "400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "503"} <= set(
        put["responses"]
    )
    row = said["components"]["schemas"]["dispatch_row"]
    assert set(row["properties"]) == {c.name for c in STREAMS["dispatch"].columns}
    assert set(row["required"]) <= set(row["example"])


def statuses_of_new_errors():
    """The status of an error class that was just made, and of its base."""
    for base in (NoRoom, UnknownName, BatchConflict, Forbidden, SharingError):
        one, new = (cls.__new__(cls) for cls in (base, type("New", (base,), {})))
        yield http_call.status_of(one), http_call.status_of(new)


def test_a_new_error_has_the_status_of_its_base():
    try:
        assert list(statuses_of_new_errors()) == [(s, s) for s in (503, 404, 409, 403, 500)]
    finally:
        gc.collect()  # a base knows its classes until they are gone, and another test counts them


def certificate(folder):
    """A key and a certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def test_a_door_with_tls_asks_for_the_clients_certificate(tmp_path):
    cert, key = certificate(tmp_path)
    known, unknown = (ssl.create_default_context(cafile=str(cert)) for _ in range(2))
    known.load_cert_chain(cert, key)
    with opened(tmp_path / "home", tls_cert=cert, tls_key=key, tls_client_ca=cert) as door:

        def live(context):
            connection = http.client.HTTPSConnection("localhost", door.server.port, context=context, timeout=60)
            with contextlib.closing(connection):
                connection.request("GET", "/livez")
                answer = connection.getresponse()
                return answer.status, answer.getheader("strict-transport-security")

        assert live(known) == (200, "max-age=31536000")
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            live(unknown)
        assert door.server.address.startswith("https://")
    for partly in ({"tls_cert": cert}, {"tls_client_ca": cert}, {"tls_cert": key, "tls_key": key}):
        with pytest.raises(WrongUse, match="tls_cert"):
            http_door.HttpServer(Settings(home=tmp_path / "home", **partly))


# --- as a process -----------------------------------------------------------------------------------------------------


def test_a_process_says_where_it_listens_and_finishes_what_is_arriving_when_it_is_ended(tmp_path, batch, encode):
    body = encode(batch("adoption"), ".csv")
    leftover = tmp_path / "landing" / "adoption" / "local" / ".tmp-0123456789ab-http-body.csv"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"left by a process that was killed")
    os.utime(leftover, (0, 0))
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "transport.servers.http.door", "--home", str(tmp_path)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(PROJECT), "DIF_READERS": "1", "DIF_DISK_RESERVE_MB": "1"},
    )
    with process:
        name, address = process.stdout.readline().split()
        assert name == "http"
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(
                b"PUT /v1/streams/adoption/batches/last HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)
            )
            connection.sendall(body[:20])
            until(lambda: list(tmp_path.rglob(".tmp-*http-body*")) and not leftover.exists())
            process.send_signal(signal.SIGTERM)
            connection.sendall(body[20:])
            status, said = answer_on(connection)
        assert (status, json.loads(said)["status"]) == (201, "accepted")
        assert process.wait(15) == 0
        assert process.stderr.read() == ""


# --- one server -------------------------------------------------------------------------------------------------------


def test_one_server_has_batches_shares_and_assistants_and_describes_every_address(door):
    said = door.call("GET", "/openapi.json").json
    assert {"/v1/streams", "/delta-sharing/shares", "/mcp", "/livez"} <= set(said["paths"])
    assert {"Problem", "Receipt", "Error"} <= set(said["components"]["schemas"])
    assert door.call("GET", "/delta-sharing/shares").json["items"]
    for path in ("/mcp", "/%6Dcp"):
        assert door.call("GET", path).headers["allow"] == "POST"
    assert door.call("GET", "/delta-sharing/livez").status == 404
    assert door.call("GET", "/mcp/else").status == 404


def test_a_part_that_is_made_late_is_as_closed_as_the_server(tmp_path):
    with opened(tmp_path / "home") as door:
        mine = token(door.settings)
        assert door.call("GET", "/v1/streams", **mine).status == 200
        (door.settings.home / "access" / "tokens.json").unlink()
        for path in ("/v1/streams", "/delta-sharing/shares"):
            assert door.call("GET", path).status in (401, 503)
        assert door.call("POST", "/mcp", b"{}").status in (401, 503)


def test_saft_is_taken_by_http_and_refused_with_the_line_of_what_is_wrong(tmp_path):
    first = date(2026, 1, 1)
    row = {"entry_id": "1", "booked_on": first, "period": first, "account": "6300", "amount_ore": 5000}
    text = "".join(saft.written([row], company="974760673", first=first, last=first))
    with opened(tmp_path, company_number="974760673") as door:
        taken = {"account": "6300", "taken": True, "kind": None, "title": None, "synthetic": None}
        registers.apply(door.landing, REGISTERS["saft_account"], [taken], by="okonomi", reason="new", now=utc_now())
        kept = door.call("PUT", "/v1/streams/cost_entry/batches/january", text.encode(), Content_Type="application/xml")
        assert (kept.status, kept.json["of_file"]["lines_left_out"]) == (201, 2)
        assert [e.covers for e in door.landing.of("cost_entry")] == [("974760673", "2026-01", "2026-01")]
        broken = text.replace("<Period>1<", "<Period>x<").encode()
        refused = door.call("PUT", "/v1/streams/cost_entry/batches/no?format=xml", broken)
        assert (refused.status, refused.kind) == (422, "bad_element")
        assert "<Period>" in refused.body.decode()
