"""The share server: the protocol's read side, each recipient's own rows, and links that end."""

from __future__ import annotations

import contextlib
import functools
import http.client
import io
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.contracts.language import Audience
from catalog.contracts.sharing import Right, Rows, ShareContract, connection_columns, owner_column
from catalog.errors import WrongUse
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import OPEN, SHARES
from catalog.text import en, nb
from tests.transport.conftest import as_if_published, spoilt
from transport.auth.tokens import Recipient, Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.lake.tables import Part
from transport.releases.store import Content, Releases
from transport.servers.http.door import HttpServer
from transport.servers.http.serving import AsgiServer
from transport.servers.share import links, tables
from transport.servers.share.app import ShareApp
from transport.servers.share.hints import Hints
from transport.servers.share.protocol import type_of
from transport.servers.share.versions import moment_of, number_of
from transport.telemetry import event_log

BERGEN, OSLO, VOSS = "964338531", "958935420", "960510542"
CODES = {BERGEN: "4601", OSLO: "0301", VOSS: "4621"}
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
FIRST, SECOND, THIRD = 202606010001, 202606020001, 202606020002
AT = [datetime(2026, 6, 1, 10, tzinfo=UTC), datetime(2026, 6, 2, 10, tzinfo=UTC), datetime(2026, 6, 2, 15, tzinfo=UTC)]
DISPATCHES, NOT_YET = DATASETS["usage.dispatch_month"], DATASETS["uptake.not_yet"]
CONNECTIONS, BASIS = DATASETS["usage.connection_month"], DATASETS["ledger.invoice_basis"]
EXACT = DATASETS["usage.connection_exact_month"]
PREFIX = "/delta-sharing"


def table_of(contract, rows) -> pa.Table:
    """Rows of a dataset, from what matters of them."""

    def plain(field):
        kind, column = field.type, contract[field.name]
        if column.null and not column.key:
            return None
        if pa.types.is_string(kind):
            return "x"
        if pa.types.is_boolean(kind):
            return True
        if pa.types.is_decimal(kind):
            return Decimal(1)
        return [] if pa.types.is_list(kind) else MARCH if pa.types.is_date(kind) else 1

    schema = contract.arrow_schema
    assert all(row.keys() <= set(schema.names) for row in rows)
    return pa.table([pa.array([r.get(f.name, plain(f)) for r in rows], f.type) for f in schema], schema)


def months(folder, contract, rows) -> Content:
    """A partitioned dataset as the lake has it."""
    parts = []
    for month in sorted({row["month"] for row in rows}):
        path = folder / contract.name / f"month={month}" / "part-a.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(table_of(contract, [r for r in rows if r["month"] == month]), path)
        parts.append(Part(month, path))
    return Content(contract, parts=parts)


def contents(folder, nth):
    """The datasets of a release; each later one has more rows in April, and March stays."""
    dispatches = [
        {"month": month, "organisation_number": number, "service": "svarut", "channel": "SDP", "outcome": f"o{n}"}
        for month, count in ((MARCH, 2), (APRIL, nth))
        for n in range(count)
        for number in CODES
    ]
    whose = [{"month": MARCH, "organisation_number": n, "source_system": f"system i {n}"} for n in CODES]
    paid = [
        {"month": MARCH, "payer_number": n, "organisation_number": "811111111", "note": f"betalt av {n}"} for n in CODES
    ]
    members = [("vest", BERGEN, None), ("vest", VOSS, None), ("vest", OSLO, date(2020, 1, 1)), ("øst", OSLO, None)]
    return [
        months(folder / str(nth), DISPATCHES, dispatches),
        months(folder / str(nth), CONNECTIONS, whose),
        months(folder / str(nth), BASIS, paid),
        *([Content(NOT_YET, table=table_of(NOT_YET, [
            {"municipality_code": code, "sentence": f"ring {code}"} for code in CODES.values()
        ]))] if nth > 1 else []),
        Content(DATASETS["reference.municipality_of"], table=table_of(DATASETS["reference.municipality_of"], [
            {"organisation_number": number, "municipality_code": code} for number, code in CODES.items()
        ])),
        Content(DATASETS["reference.network_member"], table=table_of(DATASETS["reference.network_member"], [
            {"network_id": network, "municipality_code": CODES[n], "valid_to": to} for network, n, to in members
        ])),
    ]  # fmt: skip


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def lines(self):
        return [json.loads(line) for line in self.body.splitlines()]

    @property
    def files(self):
        return [line["file"] for line in self.lines[2:]]


@dataclass
class Door:
    """A server in a thread of this process, and how to call it."""

    settings: Settings
    server: HttpServer

    def call(self, method, path, token=None, body=None, **headers):
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        given |= {"Authorization": f"Bearer {token}"} if token else {}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)) as connection:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def get(self, path, token, **headers):
        return self.call("GET", f"{PREFIX}/{path}", token, **headers)

    def query(self, share, table, token, *, form="parquet", **body):
        schema, name = table.split(".")
        path = f"{PREFIX}/shares/{share}/schemas/{schema}/tables/{name}/query"
        return self.call("POST", path, token, json.dumps(body), delta_sharing_capabilities=f"responseformat={form}")

    def fetch(self, url, method="GET", **headers):
        assert url.startswith(f"http://127.0.0.1:{self.server.port}{PREFIX}/files/")
        return self.call(method, url.partition(str(self.server.port))[2], **headers)

    def rows(self, share, table, token, **body):
        """Every row that a recipient gets of a table."""
        answer = self.query(share, table, token, **body)
        assert answer.status == 200, answer.body
        got = [pq.read_table(io.BytesIO(self.fetch(file["url"]).body)).to_pylist() for file in answer.files]
        return [row for rows in got for row in rows]


@contextlib.contextmanager
def serving(settings, server=None):
    server = server or HttpServer(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Door(settings, server)
    finally:
        server.stop()
        thread.join(15)
        assert not thread.is_alive()


def recipient(settings, *shares, organisation=None, networks=(), days=None, name="r"):
    """A recipient's token, and its id."""
    rights = Rights(
        name, frozenset(), frozenset(), frozenset(), Recipient(frozenset(shares), organisation, frozenset(networks))
    )
    token, text, _ = Tokens(settings).add(name, rights, now=datetime.now(UTC), days=days)
    return text, token.id


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """A server over three releases of a home, the last one current."""
    folder = tmp_path_factory.mktemp("share")
    settings, parent = Settings(home=folder / "home", disk_reserve_mb=0), None
    for nth, (name, at) in enumerate(zip(("2026-06-01.1", "2026-06-02.1", "2026-06-02.2"), AT, strict=True), 1):
        facts = {"published_at": at.isoformat()}
        Releases(settings).publish(name, contents(folder, nth), lambda _told: [], facts, parent=parent)
        parent = name
    recipient(settings, "open")  # closes the door
    with serving(settings) as one:
        yield one


@pytest.fixture(scope="module")
def opened(door):
    """The token of a recipient of open data."""
    return recipient(door.settings, "open")[0]


# --- contracts --------------------------------------------------------------------------------------------------------


def test_a_share_holds_only_what_its_rows_allow():
    assert {d.name for d in OPEN.datasets} < {n for n, d in DATASETS.items() if d.audience is Audience.OPEN}
    for share in SHARES.values():
        assert share.title.nb and share.title.en and share.about.nb and share.about.en  # noqa: PT018 - one claim
        for dataset in share.datasets:
            assert share.rows is Rows.ALL or owner_column(dataset), dataset.name
            assert Right.CONNECTIONS in share.rights or connection_columns(dataset).isdisjoint(
                share.columns_of(dataset)
            )
    for bad in (
        {"rows": Rows.ORGANISATION, "rights": {Right.LEDGER}, "datasets": (DATASETS["ledger.period"],)},
        {"rows": Rows.NETWORK, "rights": {Right.CUSTOMERS}, "datasets": (BASIS,)},
        {"rows": Rows.ALL, "rights": {Right.OPEN}, "datasets": (CONNECTIONS,)},
        {"rows": Rows.ALL, "rights": {Right.OPEN, Right.CONNECTIONS}, "datasets": (EXACT,)},
        {"rows": Rows.NETWORK, "rights": {Right.CONNECTION_COUNTS}, "datasets": (EXACT,)},
    ):
        with pytest.raises(ValueError, match="may not hold"):
            ShareContract("bad", nb("x") | en("x"), nb("x") | en("x"), **bad)


def test_exact_counts_of_connections_are_shared_with_the_organisation_itself_alone():
    assert [share.name for share in SHARES.values() if EXACT in share.datasets] == ["organisation"]
    assert {share.name for share in SHARES.values() if CONNECTIONS in share.datasets} == {
        *("connections", "network", "organisation"),
    }


def test_delta_has_every_type_of_a_dataset():
    for name in DATASETS:
        for field in DATASETS[name].arrow_schema:
            assert type_of(field.type), name


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_recipient_sees_the_shares_it_was_given_and_no_others(door, opened):
    both, _ = recipient(door.settings, "open", "ledger", "gone")

    assert [s["name"] for s in door.get("shares", opened).json["items"]] == ["open"]
    assert [s["name"] for s in door.get("shares", both).json["items"]] == ["ledger", "open"]
    assert door.get("shares/OPEN", opened).json["share"]["name"] == "open"
    for path in ("shares/ledger", "shares/ledger/schemas", "shares/ledger/all-tables", "shares/gone"):
        answer = door.get(path, opened)
        assert (answer.status, answer.json["errorCode"]) == (404, "UNKNOWN_NAME")


def test_tables_are_named_as_datasets_and_only_those_of_the_release_are_there(door, opened):
    names = {f"{t['schema']}.{t['name']}" for t in door.get("shares/open/all-tables", opened).json["items"]}
    assert names == {DISPATCHES.name, NOT_YET.name, "reference.municipality_of", "reference.network_member"}
    assert [s["name"] for s in door.get("shares/open/schemas", opened).json["items"]] == [
        "reference",
        "uptake",
        "usage",
    ]
    tables = door.get("shares/open/schemas/USAGE/tables", opened).json["items"]
    assert [(t["name"], t["share"]) for t in tables] == [("dispatch_month", "open")]
    assert door.get("shares/open/schemas/ledger/tables", opened).status == 404
    assert door.query("open", "reference.county", opened).status == 404, "the release does not hold it"
    assert door.query("open", CONNECTIONS.name, opened).status == 404, "it tells of connections"


def test_lists_come_in_pages(door, opened):
    first = door.get("shares/open/all-tables?maxResults=3", opened).json
    rest = door.get(f"shares/open/all-tables?{urlencode({'pageToken': first['nextPageToken']})}", opened).json
    whole = door.get("shares/open/all-tables", opened).json
    assert (len(first["items"]), first["items"] + rest["items"]) == (3, whole["items"])
    assert "nextPageToken" not in rest
    none = door.get("shares?maxResults=0", opened).json
    assert none["items"] == []
    assert door.get(f"shares?{urlencode({'pageToken': none['nextPageToken']})}", opened).json["items"]
    for wrong in ("maxResults=-1", "maxResults=x", "pageToken=nonsense", "pageToken=%FF"):
        assert door.get(f"shares?{wrong}", opened).status == 400, wrong


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["parquet", "delta"])
def test_metadata_says_columns_types_and_comments_in_both_forms(door, opened, form):
    path = "shares/open/schemas/usage/tables/dispatch_month/metadata"
    answer = door.get(path, opened, delta_sharing_capabilities=f"responseFormat={form};readerfeatures=x")
    protocol, metadata = answer.lines

    assert (answer.headers["delta-table-version"], answer.headers["content-type"]) == (
        str(THIRD),
        "application/x-ndjson; charset=utf-8",
    )
    assert answer.headers["delta-sharing-capabilities"] == f"responseformat={form}"
    facts = metadata["metaData"]
    if form == "delta":
        facts = facts["deltaMetadata"]
        protocol = {"protocol": protocol["protocol"]["deltaProtocol"]}
    assert protocol["protocol"]["minReaderVersion"] == 1
    assert (facts["name"], facts["partitionColumns"]) == (DISPATCHES.name, [])
    fields = {f["name"]: f for f in json.loads(facts["schemaString"])["fields"]}
    assert list(fields) == DISPATCHES.arrow_schema.names
    assert (fields["month"]["type"], fields["dispatches"]["type"]) == ("date", "long")
    assert fields["month"]["metadata"]["comment"] == DISPATCHES.comment_of(DISPATCHES["month"])


def test_a_reader_that_takes_both_forms_gets_parquet_and_one_that_takes_neither_is_told(door, opened):
    path = "shares/open/schemas/usage/tables/dispatch_month/metadata"
    both = door.get(path, opened, delta_sharing_capabilities="responseformat=delta,parquet")
    assert both.headers["delta-sharing-capabilities"] == "responseformat=parquet"
    assert door.get(path, opened).headers["delta-sharing-capabilities"] == "responseformat=parquet"
    assert door.get(path, opened, delta_sharing_capabilities="responseformat=avro").status == 400


def months_in(file):
    """The months of a file's rows, as it tells them: the first and the last."""
    told = json.loads(file["stats"])
    return sorted({told["minValues"]["month"], told["maxValues"]["month"]})


def test_a_query_gives_the_releases_own_files_or_a_year_of_them_in_one(door, opened):
    listed = Releases(door.settings).get("current").manifest["files"]
    [file] = door.query("open", DISPATCHES.name, opened).files
    whole = door.fetch(file["url"]).body
    assert (len(whole), file["partitionValues"]) == (file["size"], {})
    assert pq.read_metadata(io.BytesIO(whole)).num_rows == json.loads(file["stats"])["numRecords"]
    assert months_in(file) == ["2026-03-01", "2026-04-01"]
    for month in months_in(file):
        record = listed[f"parquet/{DISPATCHES.name}/{month}/part.parquet"]
        [one] = door.query("open", DISPATCHES.name, opened, jsonPredicateHints=json.dumps(leaf("equal", month))).files
        body = door.fetch(one["url"]).body
        assert (len(body), one["size"]) == (record["bytes"], record["bytes"])
        assert one["id"] == record["sha256"][:32]
        rows = pq.read_table(io.BytesIO(whole), filters=[("month", "=", date.fromisoformat(month))])
        assert rows.equals(pq.read_table(io.BytesIO(body)))


def test_small_months_come_as_a_file_a_year_where_all_of_the_year_is_wanted(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    days = [date(2025, 12, 1), *(date(2026, n, 1) for n in (1, 2, 3, 5))]
    rows = [{"month": day, "organisation_number": OSLO, "outcome": f"o{day}"} for day in days]
    facts = {"published_at": AT[0].isoformat()}
    content = months(tmp_path, DISPATCHES, rows)
    released = Releases(settings).publish("2026-06-01.1", [content], lambda _told: [], facts, parent=None)
    of_2025, *of_2026 = ([str(day)] for day in days)
    with serving(settings) as other:
        for hints, found in (
            ({}, [of_2025, ["2026-01-01", "2026-05-01"]]),
            ({"jsonPredicateHints": json.dumps(leaf("greaterThan", "2025-12-01"))}, [["2026-01-01", "2026-05-01"]]),
            ({"jsonPredicateHints": json.dumps(leaf("greaterThan", "2026-01-01"))}, of_2026[1:]),
            ({"limitHint": 4}, [of_2025, *of_2026[:3]]),
        ):
            answer = other.query("open", DISPATCHES.name, None, **hints)
            assert [months_in(file) for file in answer.files] == found
            got = pa.concat_tables(pq.read_table(io.BytesIO(other.fetch(file["url"]).body)) for file in answer.files)
            assert sum(json.loads(file["stats"])["numRecords"] for file in answer.files) == got.num_rows
            wanted = [day for day in days if any(of[0] <= str(day) <= of[-1] for of in found)]
            assert got.column("month").to_pylist() == wanted
        with monkeypatch.context() as patched:
            patched.setattr(tables, "_MOST_BYTES", 1)
            assert [months_in(file) for file in other.query("open", DISPATCHES.name, None).files] == [of_2025, *of_2026]
    bare = released.folder / "parquet" / DISPATCHES.name / "2026-05-01" / "part.parquet"
    table = pq.read_table(bare).drop_columns("month")
    bare.unlink()
    pq.write_table(table, bare)
    as_if_published(bare, released.folder)
    with serving(settings) as older:
        answer = older.query("open", DISPATCHES.name, None)
        assert answer.lines[1]["metaData"]["partitionColumns"] == ["month"], "one file does not say its month"
        assert [file["partitionValues"]["month"] for file in answer.files] == list(map(str, days))


def test_polars_reads_the_links(door, opened):
    files = door.query("open", DISPATCHES.name, opened).files
    frame = pl.concat(pl.scan_parquet(file["url"]).select("month", "organisation_number").collect() for file in files)
    assert frame.height == Releases(door.settings).get("current").manifest["datasets"][DISPATCHES.name]["rows"] == 15


def test_a_kept_release_is_a_version(door, opened):
    path = "shares/open/schemas/usage/tables/dispatch_month"
    assert door.get(f"{path}/version", opened).headers["delta-table-version"] == str(THIRD)
    assert door.call("HEAD", f"{PREFIX}/{path}", opened).headers["delta-table-version"] == str(THIRD)
    for since, expected in (
        ("2026-01-01T00:00:00Z", FIRST),
        ("2026-06-01 10:00:00", FIRST),
        ("2026-06-01 10:00:00.001", SECOND),
        ("2026-06-02T13:00:00+02:00", THIRD),
    ):
        answer = door.get(f"{path}/version?startingTimestamp={quote(since)}", opened)
        assert answer.headers["delta-table-version"] == str(expected), since
    assert door.get(f"{path}/version?startingTimestamp=2027-01-01T00:00:00Z", opened).status == 400

    for body, rows in (
        ({"version": FIRST}, 9),
        ({"version": SECOND}, 12),
        ({"timestamp": "2026-06-02 14:59:59"}, 12),
        ({"timestamp": "2026-06-30T00:00:00Z"}, 15),
    ):
        assert len(door.rows("open", DISPATCHES.name, opened, **body)) == rows, body
    assert door.get(f"{path}/metadata?version={FIRST}", opened).headers["delta-table-version"] == str(FIRST)
    for body in ({"version": 7}, {"version": "x"}, {"timestamp": "yesterday"}, {"timestamp": "2020-01-01 00:00:00"}):
        assert door.query("open", DISPATCHES.name, opened, **body).status == 400, body
    assert door.query("open", DISPATCHES.name, opened, version=FIRST, timestamp="2026-06-30T00:00:00Z").status == 400
    assert door.query("open", NOT_YET.name, opened, version=FIRST).status == 404, "the release is older than the table"


def test_versions_stay_as_they_are_when_older_releases_go_and_end_at_the_current_one(door, opened, tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    releases, parent = Releases(settings), None
    for nth in (1, 2, 3):
        name = f"2026-06-0{nth}.1"
        facts = {"published_at": datetime(2026, 6, nth, tzinfo=UTC).isoformat()}
        releases.publish(name, contents(tmp_path, nth), lambda _told: [], facts, parent=parent)
        parent = name
    with serving(settings) as other:
        link = other.query("open", DISPATCHES.name, None, version=202606010001).files[0]["url"]
        releases.remove("2026-06-01.1")
        answer = other.fetch(link)
        assert (answer.status, "Query the table again" in answer.json["message"]) == (404, True)
        assert len(other.rows("open", DISPATCHES.name, None, version=202606020001)) == 12
        assert other.query("open", DISPATCHES.name, None, version=202606010001).status == 400
        path = f"{PREFIX}/shares/open/schemas/usage/tables/dispatch_month/changes?startingVersion=202606020001"
        gone = other.call("GET", path)
        assert (gone.status, "no longer kept" in gone.json["message"]) == (400, True)
        releases.point("2026-06-02.1")
        assert len(other.rows("open", DISPATCHES.name, None)) == 12
        assert other.query("open", DISPATCHES.name, None, version=202606030001).status == 400, "rolled back from"


def test_changes_between_releases_are_files_that_came_and_went(door, opened):
    path = "shares/open/schemas/usage/tables/dispatch_month/changes"
    answer = door.get(f"{path}?startingVersion={FIRST}", opened)
    assert (answer.status, answer.headers["delta-table-version"]) == (200, str(FIRST))
    told = [
        (action, facts["version"], facts["url"].partition(".parquet")[0][-10:])
        for line in answer.lines[2:]
        for action, facts in line.items()
    ]
    assert told == [
        ("add", FIRST, "2026-03-01"),
        ("add", FIRST, "2026-04-01"),
        ("remove", SECOND, "2026-04-01"),
        ("add", SECOND, "2026-04-01"),
        ("remove", THIRD, "2026-04-01"),
        ("add", THIRD, "2026-04-01"),
    ]
    removed = answer.lines[4]["remove"]
    assert pq.read_table(io.BytesIO(door.fetch(removed["url"]).body)).num_rows == 3
    one = door.get(f"{path}?startingTimestamp=2026-06-02T00:00:00Z&endingVersion={SECOND}", opened)
    assert [next(iter(line)) for line in one.lines[2:]] == ["remove", "add"]
    assert door.query("open", DISPATCHES.name, opened, startingVersion=THIRD).lines[2:][0].keys() == {"remove"}
    for wrong in ("", f"?startingVersion={THIRD}&endingVersion={FIRST}", "?startingVersion=1", "?startingVersion=x"):
        assert door.get(f"{path}{wrong}", opened).status == 400, wrong
    refused = door.get(f"{path}?startingVersion={FIRST}", opened, delta_sharing_capabilities="responseformat=delta")
    assert (refused.status, "responseformat=parquet" in refused.json["message"]) == (400, True)


# --- hints ------------------------------------------------------------------------------------------------------------


def leaf(op, value, kind="date"):
    column = {"op": "column", "name": "month", "valueType": kind}
    return of(op, column, {"op": "literal", "value": value, "valueType": kind})


def of(op, *children):
    return {"op": op, "children": list(children)}


def nested(op, leaves):
    """As Spark writes what a query joins: each with all before it."""
    return functools.reduce(functools.partial(of, op), leaves)


@pytest.mark.parametrize(
    ("hints", "found"),
    [
        # in SQL, as older clients hint, nothing is known
        ({"predicateHints": ["month >= '2026-04-01'"]}, ["2026-03-01", "2026-04-01"]),
        ({"jsonPredicateHints": json.dumps(leaf("equal", "2026-03-01"))}, ["2026-03-01"]),
        (
            {"jsonPredicateHints": json.dumps({"op": "not", "children": [leaf("lessThan", "2026-04-01")]})},
            ["2026-04-01"],
        ),
        (
            {
                "jsonPredicateHints": json.dumps(
                    {"op": "or", "children": [leaf("greaterThan", "2026-04-01"), {"op": "?"}]}
                )
            },
            ["2026-03-01", "2026-04-01"],
        ),
        ({"jsonPredicateHints": "{"}, ["2026-03-01", "2026-04-01"]),
        ({"jsonPredicateHints": json.dumps(leaf("equal", "3", "int"))}, ["2026-03-01", "2026-04-01"]),
        # as many values as a filter of a year and a half of months, or of a network's members, has
        ({"jsonPredicateHints": json.dumps(of("or", *[leaf("equal", "2026-04-01")] * 43))}, ["2026-04-01"]),
        ({"jsonPredicateHints": json.dumps(nested("or", [leaf("equal", "2026-04-01")] * 11))}, ["2026-04-01"]),
        (
            {"jsonPredicateHints": json.dumps(leaf("equal", "2026-04-01")) + '"' + "[{" * 99},
            ["2026-03-01", "2026-04-01"],
        ),
        (
            {"jsonPredicateHints": json.dumps(nested("or", [leaf("equal", "2026-04-01")] * 90))},
            ["2026-03-01", "2026-04-01"],
        ),
        ({"limitHint": 1}, ["2026-03-01"]),
        ({"limitHint": 7}, ["2026-03-01", "2026-04-01"]),
        ({"limitHint": 0}, []),
        ({"limitHint": 1, "jsonPredicateHints": json.dumps(leaf("greaterThan", "2026-03-01"))}, ["2026-04-01"]),
        # the rows that the reader wants may all be in the second file
        ({"limitHint": 1, "predicateHints": ["outcome = 'o2'"]}, ["2026-03-01", "2026-04-01"]),
    ],
)
def test_hints_leave_out_files_and_never_a_row_that_is_wanted(door, opened, hints, found):
    answer = door.query("open", DISPATCHES.name, opened, **hints)
    assert [month for file in answer.files for month in months_in(file)] == found


def predicates():
    days = st.dates(date(2026, 1, 1), date(2026, 1, 9)).map(str)
    operations = st.sampled_from(["equal", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])
    leaves = st.builds(leaf, operations, days) | st.just({"op": "column", "name": "other", "valueType": "string"})

    def node(children):
        whole = st.fixed_dictionaries(
            {"op": st.sampled_from(["and", "or"]), "children": st.lists(children, min_size=2)}
        )
        return whole | st.fixed_dictionaries({"op": st.just("not"), "children": st.tuples(children).map(list)})

    return st.recursive(leaves, node, max_leaves=6)


@given(predicates(), st.dates(date(2026, 1, 1), date(2026, 1, 9)))
def test_what_a_hint_answers_is_what_its_rows_would(predicate, day):
    def truth(node, other):
        children = node.get("children", [])
        match node["op"]:
            case "column":
                return other
            case "and":
                return all(truth(c, other) for c in children)
            case "or":
                return any(truth(c, other) for c in children)
            case "not":
                return not truth(children[0], other)
            case op:
                value = children[1]["value"]
                return {
                    "equal": str(day) == value,
                    "lessThan": str(day) < value,
                    "lessThanOrEqual": str(day) <= value,
                    "greaterThan": str(day) > value,
                    "greaterThanOrEqual": str(day) >= value,
                }[op]

    told = Hints(None, json.dumps(predicate)).holds({"month": day})
    assert told is None or {truth(predicate, other) for other in (True, False)} == {told}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001 - in UTC without saying so
def test_a_time_of_the_protocol_is_read_in_utc(moment):
    assert moment_of(f"{moment:%Y-%m-%d %H:%M:%S.%f}", "timestamp") == moment.replace(tzinfo=UTC)


def test_a_release_has_one_version_and_later_ones_have_higher():
    names = ["2026-01-31.1", "2026-01-31.2", "2026-01-31.10", "2026-02-01.1", "2027-01-01.1"]
    assert [number_of(n) for n in names] == sorted({number_of(n) for n in names})
    assert number_of("asof-2026-01-31.1") is None


# --- whose rows -------------------------------------------------------------------------------------------------------


def test_an_organisation_gets_its_own_rows_and_nobody_elses_bytes(door):
    token, _ = recipient(door.settings, "organisation", organisation=BERGEN)
    assert {r["source_system"] for r in door.rows("organisation", CONNECTIONS.name, token)} == {f"system i {BERGEN}"}
    assert [r["note"] for r in door.rows("organisation", BASIS.name, token)] == [f"betalt av {BERGEN}"]
    assert [r["sentence"] for r in door.rows("organisation", NOT_YET.name, token)] == ["ring 4601"]
    for version in (FIRST, SECOND):  # earlier ones too
        assert [r["note"] for r in door.rows("organisation", BASIS.name, token, version=version)] == [
            f"betalt av {BERGEN}"
        ]
        assert door.query("ledger", BASIS.name, token, version=version).status == 404
    for table in (CONNECTIONS.name, BASIS.name, NOT_YET.name):
        for file in door.query("organisation", table, token).files:
            body = door.fetch(file["url"]).body
            assert len(body) == file["size"]
            for other in (OSLO, VOSS, CODES[OSLO], CODES[VOSS]):
                told = str([c for row in pq.read_table(io.BytesIO(body)).to_pylist() for c in row.values()])
                assert other.encode() not in body.replace(b"organisation_number", b"")
                assert other not in told or (table == BASIS.name and other == OSLO), "who used what Bergen pays for"


def test_a_network_gets_the_rows_of_its_members_now_and_no_ledger(door):
    token, _ = recipient(door.settings, "network", networks=["vest"])
    assert {r["organisation_number"] for r in door.rows("network", CONNECTIONS.name, token)} == {BERGEN, VOSS}
    assert {r["municipality_code"] for r in door.rows("network", NOT_YET.name, token)} == {"4601", "4621"}
    assert door.query("network", BASIS.name, token).status == 404
    nobody, _ = recipient(door.settings, "network", networks=["nowhere"])
    assert door.rows("network", CONNECTIONS.name, nobody) == []


def test_a_year_of_an_organisation_has_its_own_rows_alone(tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    rows = [
        {"month": date(2026, n, 1), "organisation_number": number, "source_system": f"system {n} i {number}"}
        for n, numbers in ((1, (OSLO, BERGEN)), (2, (OSLO,)), (3, (OSLO, BERGEN)))
        for number in numbers
    ]
    facts = {"published_at": AT[0].isoformat()}
    Releases(settings).publish(
        "2026-06-01.1", [months(tmp_path, CONNECTIONS, rows)], lambda _told: [], facts, parent=None
    )
    token, _ = recipient(settings, "organisation", organisation=BERGEN)
    with serving(settings) as other:
        [file] = other.query("organisation", CONNECTIONS.name, token).files
        assert (months_in(file), json.loads(file["stats"])["numRecords"]) == (["2026-01-01", "2026-03-01"], 2)
        body = other.fetch(file["url"]).body
        assert OSLO.encode() not in body
        read = pq.read_table(io.BytesIO(body))
        assert read.column("source_system").to_pylist() == [f"system {n} i {BERGEN}" for n in (1, 3)]
        for path in (settings.scratch / "share").rglob("*.parquet"):
            path.unlink()
        assert other.fetch(file["url"]).body == body, "made again"


def test_open_data_has_no_column_that_names_somebodys_system(door, opened):
    row = door.rows("open", NOT_YET.name, opened)[0]
    assert set(row) == set(NOT_YET.arrow_schema.names) - connection_columns(NOT_YET)
    whole, _ = recipient(door.settings, "connections")
    assert set(door.rows("connections", NOT_YET.name, whole)[0]) == set(NOT_YET.arrow_schema.names)


def test_a_share_without_somebody_whose_rows_they_are_has_none(door):
    token, _ = recipient(door.settings, "organisation", "network")
    for share in ("organisation", "network"):
        assert door.rows(share, CONNECTIONS.name, token) == []


def test_files_made_for_a_recipient_can_be_removed_at_any_time(door):
    token, _ = recipient(door.settings, "organisation", organisation=VOSS)
    before = door.query("organisation", BASIS.name, token).files
    made = list((door.settings.scratch / "share").rglob("*.parquet"))
    assert made
    for path in made:
        path.unlink()
    assert pq.read_table(io.BytesIO(door.fetch(before[0]["url"]).body)).num_rows == 1
    assert [f["id"] for f in door.query("organisation", BASIS.name, token).files] == [f["id"] for f in before]


def test_a_file_made_for_a_recipient_that_somebody_changed_is_made_again(door):
    token, _ = recipient(door.settings, "organisation", organisation=VOSS)
    [before] = door.query("organisation", BASIS.name, token).files
    made = [p for p in (door.settings.scratch / "share").rglob("*.parquet") if p.stat().st_size == before["size"]]
    for path in made:
        path.write_bytes(path.read_bytes()[::-1])
    assert pq.read_table(io.BytesIO(door.fetch(before["url"]).body)).num_rows == 1


@pytest.mark.parametrize("form", ["parquet", "delta"])
def test_a_file_that_has_changed_since_it_was_published_is_refused_and_others_are_not(door, form):
    token, _ = recipient(door.settings, "open", "organisation", organisation=VOSS)
    url = door.query("open", DISPATCHES.name, token).files[0]["url"]
    path = f"parquet/{DISPATCHES.name}/{APRIL}/part.parquet"
    with spoilt(door.settings.releases / "2026-06-02.2" / path):
        whole = door.query("open", DISPATCHES.name, token, form=form)
        refused = [whole, door.fetch(url), door.fetch(url, Range="bytes=0-9")]
        [month] = door.query(
            "open", DISPATCHES.name, token, jsonPredicateHints=json.dumps(leaf("equal", str(MARCH)))
        ).files
        assert door.fetch(month["url"]).status == 200
        assert door.rows("open", DISPATCHES.name, token, version=SECOND), "another release has other bytes"
    assert {(answer.status, answer.json["errorCode"]) for answer in refused} == {(409, "CHANGED_FILE")}
    assert all(f"{path} of release 2026-06-02.2" in answer.json["message"] for answer in refused)
    assert door.fetch(url).status == 200
    own = f"parquet/{CONNECTIONS.name}/{MARCH}/part.parquet"
    with spoilt(door.settings.releases / "2026-06-02.2" / own):
        assert door.query("organisation", CONNECTIONS.name, token).status == 409, "the rows of one are made of it"


# --- tokens and links -------------------------------------------------------------------------------------------------


def test_nobody_gets_anything_without_a_token_of_a_recipient(door):
    for token in (None, "nonsense", "dif_r-0000_" + "A" * 43):
        answer = door.get("shares", token)
        assert (answer.status, answer.json["errorCode"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"
    reads = Rights("reader", frozenset(), frozenset(), frozenset(Right))
    _, text, _ = Tokens(door.settings).add("reader", reads, now=datetime.now(UTC))
    assert door.get("shares", text).json["items"] == [], "a reader of the other doors was given no share"


def test_a_revocation_ends_the_token_and_its_links_at_once(door):
    token, token_id = recipient(door.settings, "open")
    url = door.query("open", NOT_YET.name, token).files[0]["url"]
    assert door.fetch(url).status == 200
    Tokens(door.settings).revoke(token_id, now=datetime.now(UTC))
    assert [door.get("shares", token).status, door.fetch(url).status] == [401, 401]
    assert "revoked" in door.fetch(url).json["message"]


def test_an_expired_token_is_told_so(door):
    token, _ = recipient(door.settings, "open")
    late = Rights("late", frozenset(), frozenset(), frozenset(), Recipient(frozenset({"open"})))
    _, text, _ = Tokens(door.settings).add("late", late, now=datetime.now(UTC) - timedelta(days=3), days=1)
    answer = door.get("shares", text)
    assert (answer.status, "expired" in answer.json["message"]) == (401, True)
    assert door.get("shares", token).status == 200


def test_a_changed_or_expired_link_opens_nothing(door, opened):
    url = door.query("open", DISPATCHES.name, opened).files[0]["url"]
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    other, other_id = recipient(door.settings, "ledger")

    def changed(path=parts.path, **more):
        return door.fetch(f"http://{parts.netloc}{path}?{urlencode({**query, **more})}")

    assert changed().status == 200
    for answer in (
        changed(path=parts.path.replace("2026.parquet", "2026-04-01.parquet")),
        changed(path=parts.path.replace("usage.dispatch_month", "ledger.invoice_basis")),
        changed(path=parts.path.replace("/open/", "/ledger/")),
        changed(recipient=other_id),
        changed(expires=str(int(query["expires"]) + 1)),
        changed(signature=query["signature"][:-1] + ("A" if query["signature"][-1] != "A" else "B")),
        changed(signature=""),
        changed(signature="æ"),
        changed(expires="nan"),
        door.fetch(url.partition("?")[0]),
    ):
        assert (answer.status, answer.json["errorCode"]) == (403, "FORBIDDEN")
    assert other

    key = links.link_key(door.settings)
    old = links.Link(query["recipient"], "2026-06-02.2", "open", DISPATCHES.name, "2026-03-01", int(time.time()) - 1)
    answer = door.call("GET", f"{PREFIX}/{old.path(key)}")
    assert (answer.status, "expired" in answer.json["message"]) == (403, True)
    # signed by us, but not for what this recipient may see, or not there
    soon = int(time.time()) + 60
    for link in (
        links.Link(query["recipient"], "2026-06-02.2", "ledger", BASIS.name, "2026-03-01", soon),
        links.Link(query["recipient"], "2026-06-02.2", "open", DISPATCHES.name, "../../manifest", soon),
        links.Link(query["recipient"], "..", "open", DISPATCHES.name, "all", soon),
        links.Link(query["recipient"], "2020-01-01.1", "open", DISPATCHES.name, "all", soon),
    ):
        assert door.call("GET", f"{PREFIX}/{link.path(key)}").status == 404


def test_the_key_of_links_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = Settings(home=tmp_path / "home")
    key, path = links.link_key(settings), settings.home / "access" / links.KEY
    assert (links.link_key(settings), len(key) >= 32, path.stat().st_mode & 0o777) == (key, True, 0o600)
    assert [p.name for p in path.parent.iterdir()] == [links.KEY]
    path.chmod(0o644)
    with pytest.raises(WrongUse, match="can read or change"):
        links.link_key(settings)
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(WrongUse, match="no key of at least"):
        links.link_key(settings)


def test_a_link_answers_head_and_ranges(door, opened):
    url = door.query("open", DISPATCHES.name, opened).files[0]["url"]
    whole = door.fetch(url)
    head = door.fetch(url, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))
    assert head.headers["accept-ranges"] == "bytes"
    tail = door.fetch(url, Range="bytes=-8")
    assert (tail.status, tail.body) == (206, whole.body[-8:])
    assert tail.headers["content-range"] == f"bytes {len(whole.body) - 8}-{len(whole.body) - 1}/{len(whole.body)}"
    assert door.fetch(url, Range="bytes=0-3,-4").body.count(b"PAR1") == 2
    assert door.fetch(url, Range=f"bytes={len(whole.body) + 5}-").status == 416
    assert door.fetch(url, Range="bytes=0-3", If_Range='"another"').body == whole.body
    assert door.fetch(url, Range="rows=0-3").body == whole.body, "a range that is none is ignored"
    assert door.fetch(url, "POST").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/delta-sharing",
        "/delta-sharing/",
        "/delta-sharing/files/../../access/tokens.json",
        "/delta-sharing/files/%2e%2e/%2e%2e/access/tokens.json",
        "/delta-sharing/files/a/b/c/..%2f..%2faccess%2ftokens.json",
        "/delta-sharing/shares/..%2f..%2f",
        "/delta-sharing/shares/open/schemas/..%2f/tables/x/metadata",
        "/delta-sharing/shares/open/schemas/usage/tables/%00/metadata",
        "/etc/passwd",
    ],
)
def test_tricks_with_paths_meet_nothing(door, opened, path):
    answer = door.call("GET", path or "*", opened)
    assert answer.status in (400, 403, 404)
    assert b"sha256" not in answer.body
    assert b"Traceback" not in answer.body


def test_a_body_that_is_no_object_is_refused(door, opened):
    path = f"{PREFIX}/shares/open/schemas/usage/tables/dispatch_month/query"
    for body in ("[]", "{", "x" * 70_000, '{"limitHint": "many"}', '{"limitHint": -1}', "[" * 900):
        answer = door.call("POST", path, opened, body)
        assert answer.status in (400, 413), body[:20]
        assert {"errorCode", "message"} == answer.json.keys()
    assert door.call("POST", path, opened, "").status == 200
    assert door.call("POST", path, opened, '{"of a later version": true, "predicateHints": "x"}').status == 200
    assert door.call("DELETE", path, opened).headers["allow"] == "POST"


def test_each_query_leaves_one_line_in_the_audit_without_secrets(tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    Releases(settings).publish("2026-06-01.1", contents(tmp_path, 1), lambda _told: [], facts, parent=None)
    token, token_id = recipient(settings, "open")
    with serving(settings) as door:
        assert door.call("GET", "/readyz").json["status"] == "ok"
        url = door.query("open", DISPATCHES.name, token).files[0]["url"]
        door.query("ledger", BASIS.name.upper(), token)
        door.fetch(url.replace("signature=", "signature=x"))
        counted = door.call("GET", "/metrics").body.decode()
        assert f'dif_reads_total{{dataset="{DISPATCHES.name}",outcome="served",wire="share"}}' in counted
        assert door.call("GET", "/metrics", Via="proxy").status == 401
    reads = list(event_log.lines(settings, "reads", since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert [(r["who"], r["dataset"], r["outcome"], r["rows"], r["wire"]) for r in reads] == [
        (f"token {token_id}", DISPATCHES.name, "served", 9, "share"),
        (f"token {token_id}", BASIS.name, "refused", 0, "share"),
    ]
    for path in event_log.folder(settings).iterdir():
        assert token not in path.read_text()
        assert parse_qs(urlsplit(url).query)["signature"][0] not in path.read_text()


def test_while_nothing_is_configured_only_this_machine_reads(tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    with serving(settings) as door:
        assert door.get("shares/open/all-tables", None).status == 404
        Releases(settings).publish("2026-06-01.1", contents(tmp_path, 1), lambda _told: [], facts, parent=None)
        assert [s["name"] for s in door.get("shares", None).json["items"]] == [
            "connections",
            "ledger",
            "open",
            "public",
        ]
        assert len(door.rows("open", DISPATCHES.name, None)) == 9
        assert door.get("shares", None, Host="evil.example").status == 403
        token, _ = recipient(settings, "open")
        assert [door.get("shares", None).status, door.get("shares", token).status] == [401, 200]


def test_shares_alone_are_ready_when_there_is_a_release_and_leave_the_homes_figures_to_the_server(tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    with serving(settings, AsgiServer(ShareApp(settings), settings)) as door:
        assert door.call("GET", "/readyz").json == {"status": "no", "missing": ["release"]}
        Releases(settings).publish("2026-06-01.1", contents(tmp_path, 1), lambda _told: [], facts, parent=None)
        assert door.call("GET", "/readyz").json["status"] == "ok"
        assert len(door.rows("open", DISPATCHES.name, None)) == 9
        assert "dif_release_info" not in door.call("GET", "/metrics").body.decode()
        assert door.call("GET", "/v1/streams").status == 404


def test_a_key_of_links_that_others_can_read_ends_links_and_nothing_else(tmp_path):
    settings = Settings(home=tmp_path / "home", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    Releases(settings).publish("2026-06-01.1", contents(tmp_path, 1), lambda _told: [], facts, parent=None)
    token, _ = recipient(settings, "open")
    key = settings.home / "access" / links.KEY
    key.write_text("k" * 48)
    key.chmod(0o644)
    with serving(settings) as door:
        answer = door.query("open", DISPATCHES.name, token)
        assert (answer.status, answer.json["errorCode"]) == (503, "FAULT")
        assert str(settings.home) not in answer.json["message"]
        assert door.get("shares", token).status == 200
        assert door.call("GET", "/readyz").json["status"] == "ok"
    told = event_log.lines(settings, "server", since=datetime(2020, 1, 1, tzinfo=UTC))
    assert any(links.KEY in line["problem"] for line in told if line["event"] == "fault")


def test_links_begin_with_the_address_that_recipients_have(tmp_path):
    settings = Settings(home=tmp_path / "home", public_url="https://dif.example.no/", disk_reserve_mb=0)
    facts = {"published_at": AT[0].isoformat()}
    Releases(settings).publish("2026-06-01.1", contents(tmp_path, 1), lambda _told: [], facts, parent=None)
    with serving(settings) as door:
        url = door.query("open", DISPATCHES.name, None).files[0]["url"]
        assert url.startswith("https://dif.example.no/delta-sharing/files/2026-06-01.1/open/")


def test_a_home_that_cannot_be_written_to_is_told_in_words(tmp_path):
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "transport.servers.http.door", "--home", str(tmp_path / "file" / "home")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Not a directory (")
    assert "  → Check that the folder exists" in done.stderr
    assert "Traceback" not in done.stderr
