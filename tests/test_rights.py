"""Each of fifteen identities asks each door for each dataset, and gets what the table of docs/access.md says."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal

import anyio
import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import flight

from catalog.contracts.sharing import Right, columns_for, connection_columns, is_of_customers, owner_column, right_to
from catalog.domain.products import OWN_SERVICES
from catalog.errors import Forbidden
from catalog.tables.datasets import DATASETS
from dashboards.release.authorization import Visitor, admit
from tests.thorough import all_is_run
from tests.transport.test_flight_server import bearer, in_thread
from tests.transport.test_http import opened
from tests.transport.test_mcp import LIMITS, asking, served  # noqa: F401 - a fixture
from tests.transport.test_share import serving
from tools import access_table
from tools.access_table import ALL, IDENTITIES, MEMBERS, NOTHING, OWN, PART, PRODUCTS, reach
from transport.auth.roles import Role
from transport.auth.tokens import Recipient, Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.releases import sql
from transport.releases.store import Content, Releases

BERGEN, VOSS, OSLO = "964338531", "960510542", "958935420"
CODES = {BERGEN: "4601", VOSS: "4621", OSLO: "0301"}
NETWORK = "vest"
NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
DATA = {name: d for name, d in sorted(DATASETS.items()) if right_to(d) is not None}
OF_TOKENS = [who for who in IDENTITIES if who.has_token or not who.rights]
PEOPLE = {who.key: who for who in IDENTITIES}
OF_EACH_KIND = {tuple(reach(who, d) for who in IDENTITIES): name for name, d in reversed(DATA.items())}
"""A dataset for each row that the table of docs/access.md can have."""
for_datasets = pytest.mark.parametrize(
    "data",
    [
        pytest.param({name: DATA[name] for name in OF_EACH_KIND.values()}, id="one of each kind"),
        pytest.param(DATA, id="all", marks=pytest.mark.slow("the others of each kind")),
    ],
)


def rows_of(contract):
    """A row of each of three organisations; Bergen and Voss are members of the network, Oslo was."""
    if contract.name == "reference.municipality_of":
        rows = [{"organisation_number": n, "municipality_code": c} for n, c in CODES.items()]
    elif contract.name == "reference.network_member":
        left = {OSLO: date(2020, 1, 1)}
        rows = [{"network_id": NETWORK, "municipality_code": c, "valid_to": left.get(n)} for n, c in CODES.items()]
    else:
        whose = {"organisation_number": str, "payer_number": str, "municipality_code": CODES.get}
        rows = [{name: of(n) for name, of in whose.items() if name in contract.arrow_schema.names} for n in CODES]

    def plain(column, place):
        if column.null and not column.key:
            return None
        if pa.types.is_string(column.type):
            return f"{column.name} {place}"
        if pa.types.is_temporal(column.type):
            return date(2026, 3, 1) if pa.types.is_date(column.type) else NOW
        if pa.types.is_list(column.type):
            return []
        return Decimal(place) if pa.types.is_decimal(column.type) else bool(place) if column.type == "bool" else place

    return pa.table(
        [pa.array([row.get(c.name, plain(c, i)) for i, row in enumerate(rows)], c.type) for c in contract.columns],
        contract.arrow_schema,
    )


@pytest.fixture(scope="module")
def published(once):
    """A home with a release of every dataset. Shared by all workers: take a copy."""

    def publish(folder):
        contents = [Content(d, table=rows_of(d)) for d in DATA.values()]
        releases, facts = Releases(Settings(home=folder / "home")), {"published_at": NOW.isoformat()}
        releases.publish("2026-11-25.1", contents, lambda _: [], facts, parent=None)

    return once("every-dataset", publish) / "home"


@pytest.fixture(scope="module")
def home(published, tmp_path_factory):
    """A copy of that home, with a token or a recipient for each identity that can have one."""
    folder = shutil.copytree(published, tmp_path_factory.mktemp("rights") / "home", symlinks=True)
    settings = Settings(home=folder, disk_reserve_mb=0, readers=1)
    tokens, recipients = {"nobody": ""}, {}
    for who in IDENTITIES:
        if who.has_token or who.key == "sender":
            streams = frozenset({"*"} if who.key == "sender" else ())
            tokens[who.key] = Tokens(settings).add("t", Rights("t", streams, None, who.rights), now=NOW)[1]
        if who.shares:
            shares = frozenset(who.shares)
            whose = (BERGEN if who.rows == OWN else None, frozenset({NETWORK} if who.rows == MEMBERS else ()))
            rights = Rights("r", frozenset(), frozenset(), frozenset(), Recipient(shares, *whose))
            recipients[who.key] = Tokens(settings).add("r", rights, now=NOW)[1]
    return settings, tokens, recipients


def expected(who, dataset):
    """The columns that somebody with rights alone gets; none for nothing."""
    columns = columns_for(dataset, who.rights)
    reached = reach(who, dataset)
    assert reached == ((ALL,) if len(columns) == len(dataset.columns) else (PART,) if columns else ())
    return list(columns)


@for_datasets
def test_over_http_each_token_reads_of_each_dataset_what_its_rights_give(home, data):
    settings, tokens, _ = home
    files = Releases(settings).get("current").section("files")
    lies = {path.split("/")[1]: path for path in files if path.startswith("parquet/")}
    with opened(settings.home) as door:
        for who in OF_TOKENS:
            with_token = {"Authorization": f"Bearer {tokens[who.key]}"} if tokens[who.key] else {}
            listed = door.call("GET", "/v1/datasets", **with_token)
            told = {d["name"]: [c["name"] for c in d["columns"]] for d in (listed.json.get("datasets") or [])}
            for name, dataset in DATA.items():
                columns = expected(who, dataset)
                assert told.get(name, []) == columns, (who.key, name)
                if name not in data:
                    continue
                rows = door.call("GET", f"/v1/datasets/{name}?format=parquet", **with_token)
                file = door.call("GET", f"/releases/current/{name}.parquet", **with_token)
                part = door.call("GET", f"/releases/current/{lies[name]}", **with_token)
                refused = 403 if with_token else 401
                assert (rows.status, file.status) == ((200, 200) if columns else (refused, refused)), (who.key, name)
                if columns:
                    for answer in (rows, file):
                        table = pq.read_table(io.BytesIO(answer.body))
                        assert (table.column_names, table.num_rows) == (columns, 3), (who.key, name)
                assert part.status == (200 if reach(who, dataset) == (ALL,) else refused), (who.key, name)
                for withheld in sorted({c.name for c in dataset.columns} - {*columns}) if columns else ():
                    by = json.dumps({withheld: {"null": False}}).replace('"', "%22").replace(" ", "")
                    for asked in (f"columns={withheld}", f"filter={by}"):
                        assert door.call("GET", f"/v1/datasets/{name}?{asked}", **with_token).status == 403, asked
            for file, needs in (
                ("dif.duckdb", {Right.OPEN, Right.CONNECTIONS, Right.CONNECTION_COUNTS}),
                ("ledger.duckdb", {Right.LEDGER, Right.CUSTOMERS}),
                ("open.duckdb", {Right.OPEN}),
            ):
                status = door.call("GET", f"/releases/current/{file}", **with_token).status
                assert (status == 200) == (needs <= who.rights), (who.key, file)


@for_datasets
def test_over_flight_each_token_reads_of_each_dataset_what_its_rights_give(home, data):
    settings, tokens, _ = home
    with in_thread(settings) as server, server.plain() as client:
        with pytest.raises(flight.FlightUnauthenticatedError):
            list(client.list_flights())
        for who in (who for who in OF_TOKENS if tokens[who.key]):
            options = flight.FlightCallOptions(headers=bearer(tokens[who.key]))
            listed = {info.descriptor.path[0].decode(): info.schema.names for info in client.list_flights(b"", options)}
            for name, dataset in DATA.items():
                columns = expected(who, dataset)
                assert listed.get(name, []) == columns, (who.key, name)
                if name not in data:
                    continue
                ticket = flight.Ticket(json.dumps({"dataset": name}).encode())
                allowed = contextlib.nullcontext() if columns else pytest.raises(flight.FlightUnauthorizedError)
                with allowed:
                    table = client.do_get(ticket, options).read_all()
                    assert (table.column_names, table.num_rows) == (columns, 3), (who.key, name)


IN_THE_FILES = """
select if(database_name = 'ledger', 'ledger', schema_name) || '.' || table_name as name,
    string_agg(column_name, ' ' order by column_index) as columns
from duckdb_columns() where not internal and database_name in ('dif', 'ledger') group by all
"""
"""What the databases hold that a caller's queries run on: nothing else can be read, however a query is written."""


MOST_UNLIKE = {"nobody", "O", "OCX", "OLK"}
"""Who asks over MCP each time; the rest of the table is asked when all is run, and each time over HTTP and Flight."""


@for_datasets
@pytest.mark.long("each set of rights has databases and processes of its own")
def test_over_mcp_each_token_asks_of_each_dataset_what_its_rights_give(home, served, data, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sql, "_AHEAD", 0)  # nobody asks so often that a process should wait for the next query
    settings, tokens, _ = home

    async def asked(who):
        async with asking(served(settings.but(**LIMITS)), tokens[who.key]) as client:
            held = await client.call_tool("query", {"sql": IN_THE_FILES, "limit": 1000})
            tables = {row["name"]: row["columns"].split() for row in held.structured_content["tables"][0]["rows"]}
            for name, dataset in DATA.items():
                columns = expected(who, dataset)
                assert tables.get(name, []) == columns, (who.key, name)
                if name not in data:
                    continue
                described = await client.call_tool("describe_dataset", {"name": name})
                assert described.is_error == (not columns), (who.key, name)

    for who in OF_TOKENS:
        if not all_is_run() and who.key not in MOST_UNLIKE:
            continue
        if who.rights & {Right.OPEN, Right.PUBLIC}:
            anyio.run(asked, who)
        else:  # MCP needs one of them beside the others
            headers = {"Authorization": f"Bearer {tokens[who.key]}"} if tokens[who.key] else {}
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            answer = httpx2.post(served(settings.but(**LIMITS)), headers=headers, json=call, timeout=60)
            assert answer.status_code == (403 if headers else 401), who.key


@for_datasets
def test_a_recipient_reads_of_each_dataset_what_its_shares_give(home, data):
    settings, tokens, recipients = home
    with serving(settings) as door:
        assert door.get("shares", "").status == 401
        for who in (who for who in OF_TOKENS if tokens[who.key]):
            assert door.get("shares", tokens[who.key]).json.get("items", []) == [], who.key
        for key, token in recipients.items():
            who = PEOPLE[key]
            got = {name: set() for name in data}
            for share in who.shares:
                answer = door.get(f"shares/{share}/all-tables?maxResults=1000", token)
                for item in answer.json["items"]:
                    name = f"{item['schema']}.{item['name']}"
                    assert reach(who, DATA[name]), (key, name)
                    if name not in data:
                        continue
                    rows = door.rows(share, name, token)
                    columns = {*rows[0]} if rows else set()
                    whole = columns == {c.name for c in DATA[name].columns}
                    kind = {3: ALL if whole else PART, 2: MEMBERS, 1: OWN}[len(rows)] if rows else NOTHING
                    got[name].add(kind)
            for name, dataset in data.items():
                reached = {ALL} if ALL in got[name] else got[name]
                assert reached == {*reach(who, dataset)}, (key, name)


def quoted(column):
    return f'"{column}"'


VISITORS = {
    key: Visitor(
        "",
        frozenset(map(Role, who.role.split())),
        organisation=BERGEN if who.rows == OWN else None,
        networks=frozenset({NETWORK} if who.rows == MEMBERS else ()),
        products=frozenset({OWN_SERVICES[0]} if who.rows == PRODUCTS else ()),
    )
    for key, who in PEOPLE.items()
    if who.role
}
OF_ROWS = {
    OWN: {"organisation": BERGEN},
    MEMBERS: {"area": NETWORK, "area_kind": "NETWORK"},
    PRODUCTS: {"service": OWN_SERVICES[0]},
}
WHERE = {
    OWN: "where $organisation is not null",
    MEMBERS: "where $area is not null and $area_kind is not null",
    PRODUCTS: "where service = $service",
}


@pytest.mark.parametrize("key", VISITORS)
def test_on_the_pages_each_role_sees_of_each_dataset_what_the_table_says(key):
    visitor = VISITORS[key]
    for name, dataset in DATA.items():

        def may(columns, rows=NOTHING):
            text = f"select {', '.join(map(quoted, columns))} from {name} {WHERE.get(rows, '')}"  # noqa: B023 - used at once
            with contextlib.suppress(Forbidden):
                admit(visitor, text, OF_ROWS.get(rows, {}))
                return True
            return False

        every = [c.name for c in dataset.columns]
        open_columns = [c for c in every if c not in connection_columns(dataset)]
        seen = (ALL,) if may(every) else (PART,) if open_columns != every and may(open_columns) else ()
        if ALL not in seen:
            # where no column says whose a row is, no page can ask for somebody's own
            owner = owner_column(dataset)
            asked = [(OWN, owner), (MEMBERS, owner), (PRODUCTS, "service" if "service" in every else None)]
            seen += tuple(rows for rows, column in asked if column and may(every, rows))
        assert seen == reach(PEOPLE[key], dataset), (key, name)


def test_sums_over_customers_are_for_leadership_and_owners():
    customers = {"OLK", "all"}
    of_sums = {"ledger.entry": customers | {"OL", "owner"}}
    # by element, use of a sensitive service is exact: how a sum changes between releases would tell of one customer
    of_sums |= {f"ledger.{name}": customers for name in ("invoice_basis", "reconciliation", "reconciliation_part")}
    for name, allowed in of_sums.items():
        amount = "billed_ore" if name == "ledger.reconciliation" else "amount_ore"
        sums = f"select sum({amount}) as amount from {name} where service = $service"
        for key, visitor in VISITORS.items():
            with contextlib.nullcontext() if key in allowed else pytest.raises(Forbidden):
                admit(visitor, sums, {"service": OWN_SERVICES[0]})
        assert is_of_customers(DATASETS[name])


def test_the_docs_hold_the_table_as_the_contracts_have_it():
    page = (PROJECT / "docs" / "access.md").read_text("utf-8")
    assert access_table.written_into(page) == page, "run `make renew`"
    assert access_table.table() in page
