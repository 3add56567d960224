"""`dif share`, and the official Delta Sharing client, unmodified and in an environment of its own, on what it gives."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.contracts.sharing import owner_column
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import NETWORK, OPEN, ORGANISATION, PUBLIC
from transport.auth import Access
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.releases.store import Releases
from transport.servers.http.door import HttpServer

CLIENT = PROJECT / ".venv" / "clients" / "delta-sharing"
BERGEN = "964338531"
BLOCKS = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "read-data.md").read_text("utf-8"), re.DOTALL)
READ = """
import json, sys
import delta_sharing, pyarrow as pa, pyarrow.parquet as pq
profile, out, *names = sys.argv[1:]
client = delta_sharing.SharingClient(profile)
tables = client.list_all_tables()
print(json.dumps([f"{table.share}.{table.schema}.{table.name}" for table in tables]))
for table in tables:
    if names and table.name not in names:
        continue
    url = f"{profile}#{table.share}.{table.schema}.{table.name}"
    for form in (True, False):
        frame = delta_sharing.load_as_pandas(url, use_delta_format=form)
        name = f"{out}/{table.share}.{table.schema}.{table.name}.{'delta' if form else 'parquet'}"
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), name)
"""
TRAVEL = """
import json, sys
import delta_sharing
url = sys.argv[1] + "#open.usage.dispatch_month"
march = json.dumps({"op": "equal", "children": [
    {"op": "column", "name": "month", "valueType": "date"},
    {"op": "literal", "value": "2026-03-01", "valueType": "date"},
]})
version = delta_sharing.get_table_version(url)
print(json.dumps({
    "version": version,
    "then": len(delta_sharing.load_as_pandas(url, version=version)),
    "now": len(delta_sharing.load_as_pandas(url, timestamp="2099-01-01T00:00:00Z")),
    "march": sorted({str(m) for m in delta_sharing.load_as_pandas(url, jsonPredicateHints=march)["month"]}),
    "changes": delta_sharing.load_table_changes_as_pandas(url, starting_version=version)["_change_type"].tolist(),
    "limited": [len(delta_sharing.load_as_pandas(url, limit=5, use_delta_format=form)) for form in (True, False)],
    "named": delta_sharing.get_table_metadata(url).name,
}))
"""


ENDS = "\nimport os, sys; sys.stdout.flush(); os._exit(0)"
"""Threads of the client's native parts have aborted an interpreter that ended while they ran."""


def client(code, *words):
    """Run the official client; its own packages are all that it finds."""
    if not CLIENT.is_dir():
        pytest.skip("not run: `make clients` fetches the official client")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CLIENT), "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-S", "-c", code + ENDS, *map(str, words)]
    where = words[0].parent  # of the profile
    done = subprocess.run(command, env=environment, cwd=where, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@contextmanager
def serving(settings):
    server = HttpServer(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"{server.address}/delta-sharing"
    finally:
        server.stop()
        thread.join(15)


@pytest.fixture(scope="module")
def shared(copy_of_published):
    """A home with a release, and the address of a share server over it."""
    home = copy_of_published("shared")
    with serving(home.settings) as endpoint:
        yield home.settings, endpoint


@pytest.fixture
def dif(shared, command, monkeypatch):
    """Run one command of `dif` over that home."""
    monkeypatch.setenv("DIF_HOME", str(shared[0].home))
    return command


def rows_of(settings: Settings, name: str, columns: list[str]) -> pa.Table:
    """The rows of a dataset in the current release."""
    folder = Releases(settings).get("current").folder / "parquet" / name
    tables = [pq.ParquetFile(p).read(columns=columns) for p in sorted(folder.rglob("*.parquet"))]
    schema = pa.schema([(c, DATASETS[name].arrow_schema.field(c).type) for c in columns])
    return pa.concat_tables([t.cast(schema) for t in tables]) if tables else schema.empty_table()


def sorted_rows(table: pa.Table) -> list[str]:
    return sorted(map(str, table.to_pylist()))


def read_back(folder, share, dataset, form) -> pa.Table:
    """What the client got, as the contract types it: pandas has whole numbers with gaps as floats."""
    got = pq.read_table(folder / f"{share}.{dataset.name}.{form}")
    return got.cast(pa.schema([(n, dataset.arrow_schema.field(n).type) for n in got.column_names]))


@pytest.mark.slow("the official client loads every open table, in both forms")
def test_the_official_client_reads_every_open_table_as_it_was_released(dif, shared, tmp_path):
    settings, endpoint = shared
    profile = tmp_path / "open.share"
    assert dif("share", "add", "analyse", "--share", "open", "--endpoint", endpoint, "--out", profile)[0] == 0
    client(READ, profile, tmp_path)

    released = Releases(settings).get("current").manifest["datasets"]
    expected = [d for d in OPEN.datasets if d.name in released]
    assert len(expected) > 40
    assert len(list(tmp_path.glob("open.*.delta"))) == len(expected)
    for dataset in expected:
        columns = list(OPEN.columns_of(dataset))
        rows = sorted_rows(rows_of(settings, dataset.name, columns))
        assert len(rows) == released[dataset.name]["rows"]
        for form in ("delta", "parquet"):
            got = read_back(tmp_path, "open", dataset, form)
            assert got.column_names == columns
            assert sorted_rows(got) == rows, (dataset.name, form)


@pytest.mark.long("the official client starts, and loads two tables in both forms")
def test_the_official_client_reads_what_is_public_by_the_public_profile_without_a_token(shared, tmp_path):
    settings, _ = shared
    Tokens(settings).add("t", Rights("t", frozenset(), frozenset(), frozenset()), now=datetime.now(UTC))
    some = [DATASETS["uptake.not_yet"], DATASETS["reference.county"]]
    with serving(settings.but(open_access=True)) as endpoint:
        profile = tmp_path / "public.share"
        profile.write_bytes(httpx2.get(f"{endpoint}/public.share", timeout=60).content)
        listed = json.loads(client(READ, profile, tmp_path, *(dataset.table for dataset in some)))
    released = Releases(settings).get("current").manifest["datasets"]
    assert {*listed} == {f"public.{dataset.name}" for dataset in PUBLIC.datasets if dataset.name in released}
    for dataset in some:
        columns = list(PUBLIC.columns_of(dataset))
        rows = sorted_rows(rows_of(settings, dataset.name, columns))
        assert rows
        for form in ("delta", "parquet"):
            got = read_back(tmp_path, "public", dataset, form)
            assert got.column_names == columns
            assert sorted_rows(got) == rows, (dataset.name, form)


@pytest.mark.slow("another process for each table; the public profile is read each time")
def test_the_official_client_gets_a_recipients_own_rows(dif, shared, tmp_path):
    settings, endpoint = shared
    released = Releases(settings).get("current").manifest["datasets"]
    now = {"municipality_of": [], "network_member": []}
    for table, rows in now.items():
        dataset = DATASETS[f"reference.{table}"]
        rows += [
            r for r in rows_of(settings, dataset.name, dataset.arrow_schema.names).to_pylist() if not r["valid_to"]
        ]
    lies_in = {r["organisation_number"]: r["municipality_code"] for r in now["municipality_of"]}
    members = {r["municipality_code"] for r in now["network_member"] if r["network_id"] == "digivestland"}
    senders = rows_of(settings, "usage.connection_month", ["organisation_number"])["organisation_number"].to_pylist()
    somebody = min(set(senders) & lies_in.keys())
    profile = tmp_path / "own.share"
    named = ["--organisation", somebody, "--network", "digivestland"]
    shares = ["--share", "organisation", "network"]
    assert dif("share", "add", "own", *shares, *named, "--endpoint", endpoint, "--out", profile)[0] == 0
    client(READ, profile, tmp_path)
    seen = 0
    for share, codes in ((ORGANISATION, {lies_in[somebody]}), (NETWORK, members)):
        numbers = {somebody} if share is ORGANISATION else {n for n, code in lies_in.items() if code in codes}
        for dataset in (d for d in share.datasets if d.name in released):
            column = owner_column(dataset)
            whose = codes if column == "municipality_code" else numbers
            every = rows_of(settings, dataset.name, dataset.arrow_schema.names)
            rows = sorted(str(row) for row in every.to_pylist() if row[column] in whose)
            for form in ("delta", "parquet"):
                assert sorted_rows(read_back(tmp_path, share.name, dataset, form)) == rows, (dataset.name, form)
            seen += len(rows)
    assert seen > 0


def test_the_official_client_travels_and_hints(dif, shared, tmp_path):
    settings, endpoint = shared
    profile = tmp_path / "bergen.share"
    assert dif("share", "add", "bergen", "--share", "open", "--endpoint", endpoint, "--out", profile)[0] == 0
    [page] = [block for block in BLOCKS if "delta_sharing" in block]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = json.loads(client(page.replace("2026-11-24T06:00:00Z", now) + TRAVEL, profile).splitlines()[-1])
    rows = Releases(settings).get("current").manifest["datasets"]["usage.dispatch_month"]["rows"]
    assert (told["then"], told["now"], told["march"]) == (rows, rows, ["2026-03-01"])
    assert told["changes"] == ["insert"] * rows
    assert told["limited"] == [5, 5]
    assert told["named"] == "usage.dispatch_month"


def test_a_profile_is_printed_once_and_its_secret_kept_only_as_a_hash(dif, shared):
    settings, endpoint = shared
    code, out, err = dif("share", "add", "fabric", "--share", "open", "ledger", "--endpoint", endpoint, "--days", "30")
    profile = json.loads(out)
    assert (code, profile["shareCredentialsVersion"], profile["endpoint"]) == (0, 1, endpoint)
    assert profile["expirationTime"].endswith("Z")
    assert "shown only this once" in err
    assert profile["bearerToken"] not in err
    for path in (settings.home / "access").iterdir():
        assert profile["bearerToken"][-43:] not in path.read_text()
    caller = Access(settings).caller(f"Bearer {profile['bearerToken']}")
    assert (caller.recipient.shares, caller.read, caller.send) == ({"open", "ledger"}, frozenset(), frozenset())

    [listed] = [r for r in json.loads(dif("share", "list", "--json")[1]) if r["name"] == "fabric"]
    assert (listed["shares"], listed["state"]) == (["ledger", "open"], "active")
    assert "fabric" not in dif("token", "list")[1]

    code, out, err = dif("share", "profile", "fabric", "--endpoint", "https://dif.example.no/delta-sharing/")
    again = json.loads(out)
    assert (code, again["endpoint"]) == (0, "https://dif.example.no/delta-sharing")
    assert again["bearerToken"] != profile["bearerToken"]
    code, out, _ = dif("share", "revoke", "fabric")
    assert (code, out.count("was revoked")) == (0, 2)
    assert {r["state"] for r in json.loads(dif("share", "list", "--json")[1]) if r["name"] == "fabric"} == {"revoked"}
    assert dif("share", "profile", "fabric")[0] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "x", "--share", "opn"), "Did you mean 'open'?"),
        (("add", "x", "--share", "organisation"), "Add --organisation"),
        (("add", "x", "--share", "network"), "Add --network"),
        (("add", "x", "--share", "open", "--organisation", BERGEN), "--share organisation"),
        (("add", "x", "--share", "organisation", "--organisation", "123"), "modulus 11"),
        (("add", "x", "--share", "network", "--network", "digivestlan"), "Did you mean 'digivestland'?"),
        (("add", "../x", "--share", "open"), "NAME"),
        (("add", "x", "--share", "open", "--days", "-1"), "--days"),
        (("add", "x", "--share", "open", "--endpoint", "http://dif.example.no/delta-sharing"), "https address"),
        (("add", "x", "--share", "open", "--endpoint", "https://dif.example.no"), "ends in /delta-sharing"),
        (("profile", "nobody"), "No active recipient"),
        (("revoke", "nobody"), "No recipient"),
    ],
)
def test_wrong_use_says_how(dif, words, told):
    code, out, err = dif("share", *words)
    assert (code, out) == (2, "")
    assert told in err
    assert not [r for r in json.loads(dif("share", "list", "--json")[1]) if r["name"] in {"x", "../x"}]


def test_a_recipient_is_registered_once(dif, shared):
    assert dif("share", "add", "twice", "--share", "open")[0] == 0
    code, _, err = dif("share", "add", "twice", "--share", "open")
    assert (code, "dif share profile twice" in err) == (2, True)
