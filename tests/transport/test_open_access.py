"""Where `open_access` is set, callers without a token read what is public and no more; the catalogue says which."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import anyio
import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS

from catalog.contracts.sharing import Right, columns_for
from catalog.errors import TryAgain
from catalog.tables.datasets import DATASETS
from dashboards.server import descriptions
from tests.test_rights import DATA, IN_THE_FILES, home, published, rows_of  # noqa: F401 - fixtures
from tests.thorough import all_is_run, some
from tests.transport.test_http import opened
from tests.transport.test_mcp import LIMITS, asking
from tests.transport.test_share import serving
from tools.access_table import IDENTITIES
from transport.auth import Access
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import Settings
from transport.releases import files
from transport.releases.store import Content, Releases
from transport.servers.calls import OneByOne
from transport.servers.http import asgi
from transport.servers.http.door import HttpServer
from transport.servers.mcp import tools
from transport.telemetry import event_log

ADDRESS = "https://tall.example.no"
PUBLIC = next(who for who in IDENTITIES if who.key == "P")
CLOSED = sorted(name for name in DATA if not columns_for(DATA[name], PUBLIC.rights))
NARROW = sorted(name for name in DATA if 0 < len(columns_for(DATA[name], PUBLIC.rights)) < len(DATA[name].columns))


@pytest.fixture(scope="module")
def settings(home):  # noqa: F811 - the fixture
    return home[0].but(open_access=True, public_url=ADDRESS, **LIMITS)


@pytest.fixture(scope="module")
def door(settings):
    """The server of a home with open access; the tokens of `home` are there too."""
    more = {name: getattr(settings, name) for name in ("open_access", "public_url", *LIMITS)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asgi, "ANONYMOUS_PER_MINUTE", 0)  # the tests ask more than anybody
        patch.setattr(tools, "SECONDS_FOR_STRANGERS", LIMITS["query_seconds"])  # and on a busy machine
        with opened(settings.home, **more) as one:
            yield one


def addresses(turtle: bytes) -> dict[str, set[str]]:
    """Every address of the server in a catalogue, below its own, by the access right that it stands under."""
    graph = Graph().parse(data=turtle, format="turtle")
    found: dict[str, set[str]] = {}
    for dataset in graph.objects(None, DCAT.dataset):
        right = str(graph.value(dataset, DCTERMS.accessRights)).rpartition("/")[2]
        for distribution in graph.objects(dataset, DCAT.distribution):
            for predicate in (DCAT.accessURL, DCAT.downloadURL):
                found.setdefault(right, set()).add(str(graph.value(distribution, predicate)).removeprefix(ADDRESS))
    return found


def test_every_address_of_the_catalogue_answers_as_the_catalogue_says(door):
    told = addresses(door.call("GET", "/catalog.ttl").body)
    assert {right: len(found) > 50 for right, found in told.items()} == {"PUBLIC": True, "RESTRICTED": True}
    for right, found in told.items():
        for address in sorted(found)[:: 1 if all_is_run() else 4]:
            for method in ("GET", "HEAD"):
                answer = door.call(method, address)
                assert answer.status == {"PUBLIC": 200, "RESTRICTED": 401}[right], (method, address)
                assert (answer.body == b"") == (method == "HEAD"), (method, address)


def test_the_services_of_the_catalogue_answer_a_caller_without_a_token(door):
    graph = Graph().parse(data=door.call("GET", "/catalog.ttl").body, format="turtle")
    services = list(graph.objects(None, DCAT.service))
    assert {str(graph.value(s, DCTERMS.accessRights)).rpartition("/")[2] for s in services} == {"PUBLIC"}
    for described in graph.objects(None, DCAT.endpointDescription):
        assert door.call("GET", str(described).removeprefix(ADDRESS)).status == 200
    assert {str(graph.value(s, DCAT.endpointURL)).removeprefix(ADDRESS) for s in services} == {
        "/v1", "/delta-sharing", "/mcp"
    }  # fmt: skip
    assert door.call("GET", "/v1/datasets").status == 200
    assert door.call("GET", "/delta-sharing/shares").status == 200


def test_search_engines_are_told_of_columns_and_files_that_anybody_gets(settings, door):
    for name in ("usage.municipality_month", "quality.batch"):
        text = descriptions.described(settings, name).decode()
        told = json.loads(text.partition(">")[2].rpartition("<")[0])
        [file] = told["distribution"]
        answer = door.call("GET", file["contentUrl"].removeprefix(ADDRESS))
        assert told["conditionsOfAccess"].startswith("PUBLIC" if answer.status == 200 else "RESTRICTED")
        if answer.status == 200:
            fields = [field["name"] for field in told["recordSet"][0]["field"]]
            assert pq.read_schema(io.BytesIO(answer.body)).names == fields


def test_a_catalogue_in_a_form_that_there_is_not_is_refused_with_those_that_there_are(door):
    for asked in ("/catalog.rdf", "/catalog.xml", "/catalog", "/catalog.csv"):
        answer = door.call("GET", asked)
        assert answer.status == 404
        assert "/catalog.ttl and /catalog.jsonld" in answer.json["mend"]
    assert door.call("GET", "/catalog.ttl?format=rdf").status == 400


def test_without_a_token_every_form_has_the_public_columns_alone(door):
    listed = {d["name"]: [c["name"] for c in d["columns"]] for d in door.call("GET", "/v1/datasets").json["datasets"]}
    for name in DATA:
        columns = list(columns_for(DATA[name], PUBLIC.rights))
        assert listed.get(name, []) == columns, name
    for name in NARROW:
        columns = list(columns_for(DATA[name], PUBLIC.rights))
        for address in (f"/v1/datasets/{name}?format=parquet", f"/releases/current/{name}.parquet"):
            assert pq.read_schema(io.BytesIO(door.call("GET", address).body)).names == columns, address
        told = door.call("GET", f"/releases/current/{name}.json").json
        assert [c["name"] for c in told["columns"]] == [*told["rows"][0]] == columns
        sheets = door.call("GET", f"/releases/current/{name}.csv").body.decode("utf-8-sig")
        assert sheets.partition("\r\n")[0].replace('"', "").split(";") == columns
        for withheld in {c.name for c in DATA[name].columns} - {*columns}:
            for asked in (f"columns={withheld}", f"filter=%7B%22{withheld}%22:%7B%22null%22:false%7D%7D"):
                assert door.call("GET", f"/v1/datasets/{name}?{asked}").status == 401, asked


def plain(answer):
    """What an answer says, without what differs between any two calls."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "dif-reference"}}
    body = {k: v for k, v in json.loads(answer.body).items() if k != "reference"} if answer.body else {}
    return answer.status, headers, body


ASKED = {
    "plain": {},
    "range": {"Range": "bytes=0-3"},
    "known": {"If-None-Match": "*"},
    "public": {"Authorization": "Bearer public"},
}


@pytest.mark.parametrize(
    ("method", "headers"),
    some(
        [(method, asked) for asked in ASKED for method in ("GET", "HEAD")],
        [("GET", "plain"), ("HEAD", "known")],
        "another header, or the other method",
    ),
)
def test_what_is_not_public_is_told_of_as_what_there_is_not(door, method, headers):
    headers = ASKED[headers]
    none = plain(door.call(method, "/releases/current/usage.nothing.csv", **headers))
    assert none[0] == 401
    files = [f"{name}.{form}" for name in CLOSED for form in ("csv", "parquet")]
    files += ["dif.duckdb", "open.duckdb", "ledger.duckdb", "SHA256SUMS", "SHA256SUMS.ledger", "manifest.json"]
    files += ["metrics/income.csv", "metrics/print_cost.csv", "metrics/checks.json", "metrics/nothing.csv"]
    files += [f"parquet/{name}/part.parquet" for name in (*CLOSED, *NARROW, "usage.nothing")]
    for file in files:
        assert plain(door.call(method, f"/releases/current/{file}", **headers)) == none, file
    for name in (*CLOSED, "usage.nothing"):
        answer = door.call(method, f"/v1/datasets/{name}", **headers)
        assert answer.status == 401, name
        assert plain(answer)[2] == none[2], name
    assert door.call("GET", "/releases/current/metrics/municipalities_active.csv").status == 200


def test_nobody_without_a_token_sends_or_reads_what_senders_read(door):
    for method, path in (
        ("PUT", "/v1/streams/dispatch/batches/1"),
        ("GET", "/v1/streams"),
        ("GET", "/v1/streams/dispatch"),
        ("GET", "/v1/streams/dispatch/batches"),
        ("GET", "/v1/streams/dispatch/batches/1"),
        ("GET", "/v1/streams/dispatch/quarantine"),
        ("GET", "/v1/streams/dispatch/sample"),
    ):
        for headers in ({}, {"Authorization": "Bearer public"}):
            assert door.call(method, path, **headers).status == 401, path
    assert door.call("GET", "/metrics", X_Forwarded_For="203.0.113.7").status == 401
    assert door.call("GET", "/v1/datasets", Authorization="Bearer dif_x-1234_" + "a" * 43).status == 401
    assert door.call("GET", "/v1/datasets", Dif_Producer="svarut").status == 401


def test_the_public_profile_reads_the_public_share_and_no_other(settings):
    with serving(settings, HttpServer(settings.but(public_url=""))) as door:
        profile = door.get("public.share", "").json
        assert profile["endpoint"].endswith("/delta-sharing")
        for token in ("", profile["bearerToken"]):
            assert [s["name"] for s in door.get("shares", token).json["items"]] == ["public"]
            listed = door.get("shares/public/all-tables?maxResults=1000", token).json["items"]
            assert {f"{t['schema']}.{t['name']}" for t in listed} == {n for n in DATA if n not in CLOSED}
            rows = door.rows("public", "uptake.not_yet", token)
            assert [*rows[0]] == list(columns_for(DATASETS["uptake.not_yet"], PUBLIC.rights))
        none = door.get("shares/nothing/all-tables", "")
        for share in ("open", "ledger", "connections", "organisation"):
            answer = door.get(f"shares/{share}/all-tables", "")
            assert (
                (answer.status, answer.json["errorCode"])
                == (none.status, none.json["errorCode"])
                == (404, "UNKNOWN_NAME")
            )
            assert "open" not in answer.json["message"].replace(f"'{share}'", "")
        hidden, absent = (door.query("public", name, "") for name in ("quality.batch", "quality.nothing"))
        assert (hidden.status, absent.status) == (404, 404)
        [file] = door.query("public", "reference.county", "").files
        assert door.fetch(file["url"]).status == 200
    with serving(settings, HttpServer(settings.but(public_url="", open_access=False))) as door:
        assert door.fetch(file["url"].replace(file["url"].split("/")[2], f"127.0.0.1:{door.server.port}")).status == 401
        refused = door.get("public.share", "")
        assert refused.status == 404
        assert "dif share profile" in refused.json["message"]
        assert door.get("shares", "").status == door.get("shares", "public").status == 401


@pytest.mark.long("the assistant's libraries, and a database of its own")
def test_an_assistant_without_a_token_has_the_public_tables_alone(door):
    async def asked():
        async with asking(f"http://127.0.0.1:{door.server.port}/mcp") as client:
            held = await client.call_tool("query", {"sql": IN_THE_FILES, "limit": 1000})
            rows = held.structured_content["tables"][0]["rows"]
            tables = {row["name"]: row["columns"].split() for row in rows}
            assert {name for name in tables if name in CLOSED} == set()
            for name in DATA:
                assert tables.get(name, []) == list(columns_for(DATA[name], PUBLIC.rights)), name
            # ways to a file, and to a column without naming it
            assert (await client.call_tool("query", {"sql": "select * from read_parquet('/etc/passwd')"})).is_error
            whole = str((await client.call_tool("query", {"sql": "select to_json(t) from uptake.not_yet t"})).content)
            assert not any(column in whole for column in ("supplier", "follow_up", "contact"))
            hidden, absent = [
                await client.call_tool("metric", {"name": name}) for name in ("income", "no_such_metric_at_all")
            ]
            assert hidden.is_error
            assert absent.is_error
            calls = await client.call_tool("call_list", {})
            assert not calls.is_error
            told = {column["name"] for table in calls.structured_content["tables"] for column in table["columns"]}
            assert told <= {*columns_for(DATASETS["uptake.not_yet"], PUBLIC.rights), "municipalities"}
            assert "priority" not in told
            [summary] = (await client.read_resource("dif://release")).contents
            assert json.loads(summary.text)["datasets"].keys() == {*DATA} - {*CLOSED}
            return [str(resource.uri) for resource in (await client.list_resources()).resources]

    named = anyio.run(asked)
    assert "dif://datasets/uptake.funnel" in named
    assert not any(f"dif://datasets/{name}" in named for name in CLOSED)


def test_reads_without_a_token_are_counted_by_address_and_noted(home, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(asgi, "ANONYMOUS_PER_MINUTE", 3)
    given, tokens, _ = home
    with opened(given.home, open_access=True, tls_elsewhere=True) as door:
        first, other, neighbour = "198.51.100.1", "2001:db8::1", "2001:db8:0:ffff::1"
        for nth in range(5):
            answer = door.call("GET", "/v1/datasets/reference.county", X_Forwarded_For=f"9.9.9.{nth}, {first}")
            assert answer.status == (200 if nth < 3 else 429), nth  # what the proxy adds counts, not what was sent
        for address in (other, neighbour, other):
            assert door.call("GET", "/v1/datasets/reference.county", X_Forwarded_For=address).status == 200
        assert door.call("GET", "/v1/datasets/reference.county", X_Forwarded_For=neighbour).status == 429
        token = {"Authorization": f"Bearer {tokens['O']}"}
        assert door.call("GET", "/v1/datasets/reference.county", X_Forwarded_For=first, **token).status == 200
        assert door.call("GET", "/catalog.ttl", X_Forwarded_For=first).status == 200
    lines = event_log.lines(given, "reads", since=datetime.now(UTC) - timedelta(hours=1))
    noted = {line["who"] for line in lines if line.get("dataset") == "reference.county"}
    assert {f"anonymous {first}", "anonymous 2001:db8::/48"} <= noted


def test_no_file_is_made_for_a_reader_where_the_disk_lacks_its_reserve(tmp_path, published):  # noqa: F811 - a fixture
    folder = shutil.copytree(published, tmp_path / "home", symlinks=True)
    full = 1 << 40
    Tokens(Settings(home=folder)).add("t", Rights("t", frozenset(), frozenset(), frozenset()), now=datetime.now(UTC))
    with opened(folder, open_access=True, disk_reserve_mb=full) as door:
        for made in ("uptake.not_yet.parquet", "reference.county.csv"):
            answer = door.call("GET", f"/releases/current/{made}")
            assert (answer.status, answer.json["kind"]) == (503, "no_room")
            assert answer.headers["retry-after"] == "60"
        assert door.call("GET", "/releases/current/reference.county.parquet").status == 200
        assert door.call("GET", "/v1/datasets/uptake.not_yet?format=csv").status == 200
    given = Settings(home=folder, open_access=True, disk_reserve_mb=full)
    with serving(given, HttpServer(given)) as door:
        assert door.query("public", "uptake.not_yet", "").json["errorCode"] == "NO_ROOM"
        assert door.query("public", "reference.county", "").status == 200


def test_the_oldest_made_files_go_where_made_files_take_too_much(tmp_path, published, monkeypatch):  # noqa: F811
    most = 40_000
    monkeypatch.setattr(files, "MOST_MADE", most)
    folder = shutil.copytree(published, tmp_path / "home", symlinks=True)
    Tokens(Settings(home=folder)).add("t", Rights("t", frozenset(), frozenset(), frozenset()), now=datetime.now(UTC))
    names = [f"{name}.xlsx" for name in sorted({*DATA} - {*CLOSED})]
    with opened(folder, open_access=True) as door:
        for name in names:
            answer = door.call("GET", f"/releases/current/{name}")
            assert (answer.status, answer.body != b"") == (200, True), name
        made = {path.name: path.stat().st_size for path in (folder / "tmp" / "files").rglob("*.xlsx")}
        assert len(made) > 1
        assert sum(made.values()) <= most
        assert names[-1] in made
        assert names[0] not in made
        assert door.call("GET", f"/releases/current/{names[0]}").status == 200


def test_an_address_without_a_token_does_one_costly_thing_at_a_time(settings):
    order: list[str] = []

    async def done(turns, caller, name, until=None):
        try:
            async with turns.of(caller):
                order.append(f"{name} begins")
                await (until.wait() if until else asyncio.sleep(0))
                order.append(f"{name} ends")
        except TryAgain:
            order.append(f"{name} is refused")

    async def go():
        access, enough = Access(settings), asyncio.Event()
        one, other = (access.reader(None, address=address) for address in ("198.51.100.1", "198.51.100.2"))
        turns = OneByOne(settings.but(queue_seconds=0.1))
        first = asyncio.create_task(done(turns, one, "first", enough))
        await asyncio.sleep(0)
        await done(turns, other, "another's")
        await done(turns, one, "second")
        enough.set()
        await first
        await done(turns, one, "third")
        turns = OneByOne(settings)
        await asyncio.gather(*(done(turns, one, f"{nth}") for nth in range(20)))

    asyncio.run(go())
    assert order[:4] == ["first begins", "another's begins", "another's ends", "second is refused"]
    assert order[4:7] == ["first ends", "third begins", "third ends"]
    assert [line for line in order if line.endswith("refused")][1:] == [f"{nth} is refused" for nth in (17, 18, 19)]


@pytest.mark.slow("a minute of dear queries; another holds that each address waits for itself")
def test_who_asks_dear_queries_without_a_token_holds_nobody_elses_turn(home):  # noqa: F811 - the fixture
    more = LIMITS | {"query_seconds": 3}
    with opened(home[0].home, open_access=True, tls_elsewhere=True, **more) as door:

        def told(tool, address, **given):
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
            headers = {"X-Forwarded-For": address, "Accept": "application/json, text/event-stream"}
            at = f"http://127.0.0.1:{door.server.port}/mcp"
            return httpx2.post(at, json=call, headers=headers, timeout=60).json()["result"]

        quick = {"sql": "select 1 as one"}
        assert not told("query", "198.51.100.9", **quick).get("isError")  # all is started
        with ThreadPoolExecutor() as many:
            dear = {"sql": "select count(*) from range(1000000000000) where hash(range) = 1"}
            asked = [many.submit(told, "query", "198.51.100.1", **dear) for _ in range(4)]
            time.sleep(0.5)
            assert not told("describe_dataset", "198.51.100.1", name="reference.county").get("isError")
            assert not told("query", "198.51.100.2", **quick).get("isError")
            assert sum(one.done() for one in asked) <= 1
            assert all(one.result()["isError"] for one in asked)


def test_a_release_that_was_rolled_back_from_or_made_for_an_earlier_day_is_not_public(tmp_path):
    given = Settings(home=tmp_path / "home", disk_reserve_mb=0, readers=1)
    contents = [Content(DATASETS["reference.county"], table=rows_of(DATASETS["reference.county"]))]
    releases, at = Releases(given), datetime(2026, 11, 25, 6, tzinfo=UTC)
    for nth, (name, parent) in enumerate((("2026-11-25.1", None), ("2026-11-26.1", "2026-11-25.1"))):
        facts = {"published_at": (at + timedelta(days=nth)).isoformat()}
        releases.publish(name, contents, lambda _: [], facts, parent=parent)
    token = Tokens(given).add("t", Rights("t", frozenset(), frozenset(), frozenset({Right.OPEN})), now=at)[1]
    with opened(given.home, open_access=True) as door:
        address = "/releases/{}/reference.county.csv"
        assert [door.call("GET", address.format(day)).status for day in ("2026-11-25", "2026-11-26.1")] == [200, 200]
        releases.point("2026-11-25.1")
        asked = [door.call("GET", address.format(name)).status for name in ("current", "2026-11-26.1", "2026-11-27.1")]
        assert asked == [200, 401, 401]
        answer = door.call("GET", address.format("2026-11-26.1"), Authorization=f"Bearer {token}")
        assert answer.status == 200


def test_a_column_that_an_older_release_has_and_no_contract_names_is_given_to_who_reads_the_database(tmp_path):
    given, county = Settings(home=tmp_path / "home", disk_reserve_mb=0, readers=1), DATASETS["reference.county"]
    note = next(column for column in DATASETS["reference.organisation"].columns if column.name == "note")
    older = replace(county, columns=(*county.columns, note))
    rows = rows_of(county).append_column("note", pa.array(["of an older release"] * 3))
    facts = {"published_at": datetime(2026, 11, 25, 6, tzinfo=UTC).isoformat()}
    release = Releases(given).publish("2026-11-25.1", [Content(older, table=rows)], lambda _: [], facts, parent=None)
    [part] = [path for path in release.section("files") if path.startswith("parquet/")]
    everybody = Rights("t", frozenset(), frozenset(), frozenset(Right))
    with opened(given.home, open_access=True) as door:
        whole = f"/releases/current/{part}"
        for rights, status in (({Right.OPEN}, 403), ({Right.OPEN, Right.CONNECTIONS, Right.CONNECTION_COUNTS}, 200)):
            token = Tokens(given).add("t", replace(everybody, read=frozenset(rights)), now=datetime.now(UTC))[1]
            answer = door.call("GET", whole, Authorization=f"Bearer {token}")
            assert answer.status == status
            if status == 200:
                assert "note" in pq.read_schema(io.BytesIO(answer.body)).names
        assert door.call("GET", whole).status == 401
        for address in ("/releases/current/reference.county.parquet", "/v1/datasets/reference.county?format=parquet"):
            assert pq.read_schema(io.BytesIO(door.call("GET", address).body)).names == county.arrow_schema.names
            assert b"of an older release" not in door.call("GET", address).body


def test_unless_it_is_set_nothing_is_public(home):  # noqa: F811 - the fixture
    with opened(home[0].home, public_url=ADDRESS) as door:
        told = addresses(door.call("GET", "/catalog.ttl").body)
        assert [*told] == ["RESTRICTED"]
        for address in sorted(told["RESTRICTED"])[::7]:
            for headers in ({}, {"Authorization": "Bearer public"}):
                assert door.call("HEAD", address, **headers).status == 401, address
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        assert httpx2.post(f"http://127.0.0.1:{door.server.port}/mcp", json=message, timeout=60).status_code == 401
