"""R11, the pages' part: every role × every dataset × every way to ask. No row beyond its audience, all within it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from catalog.contracts.language import Audience, DatasetContract
from catalog.errors import Forbidden
from catalog.tables.datasets import DATASETS
from dashboards.access import visitors
from dashboards.release import authorization, query
from dashboards.release.authorization import Visitor
from tests.reliability.board import Figure, figure
from transport.auth.roles import Grant, Login, Role, Rules


@dataclass(frozen=True)
class Place:
    """A municipality, the organisation that it is, and a network that it is a member of."""

    organisation: str
    code: str
    network: str


BERGEN = Place("964338531", "4601", "digivestland")
OSLO = Place("958935420", "0301", "digihavet")
PRODUCTS = ("svarut", "fiks-io")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLAIMS: Mapping[str, object] = {"aud": "dif", "iat": NOW.timestamp() - 60, "exp": NOW.timestamp() + 60}
LOGIN = Login("", "dif", "", "", None, "openid", "login", MappingProxyType({}), None, name="name", organisation="org")
RULES = Rules(
    LOGIN,
    (
        Grant(Role.READER, "who", frozenset({"reader", "customer"})),
        Grant(Role.NETWORK, "who", frozenset({"network"}), networks=frozenset({BERGEN.network})),
        Grant(Role.PRODUCT_OWNER, "who", frozenset({"owner"}), products=frozenset({PRODUCTS[0]})),
        *(Grant(role, "who", frozenset({role.lower()})) for role in (Role.ECONOMY, Role.LEADERSHIP, Role.DIF)),
    ),
)
WHO = ("nobody", "reader", "customer", "network", "owner", "economy", "leadership", "dif")

# The matrix of "Who sees what" written out, apart from the code that is tried.
CONNECTIONS = {"usage.connection_month", "usage.system_month", "uptake.supplier_gap"}
CONNECTIONS |= {"quality.unmapped_system", "reference.source_system"}  # names as senders write them, often their own
EXACT = {"usage.connection_exact_month"}
CUSTOMERS = {"ledger.entry", "ledger.invoice_basis", "ledger.reconciliation", "ledger.reconciliation_part"}
CUSTOMERS |= {"ledger.joining_fee_gap"}
TELLS = {
    "uptake.not_yet": {
        *("supplier", "source_system", "supplier_ready", "supplier_carries", "supplier_evidence"),
        *("supplier_evidence_en", "sentence", "sentence_en", "priority"),
    },
    "uptake.step_event": {"producer"},
    "quality.expected_reporter": {"producer", "first_received_at"},
}
Row = tuple[str | None, str | None]
"""Its product and the place it tells of; None where the dataset has none."""


def visitor_of(who: str) -> Visitor | None:
    """The visitor that a token makes."""
    org = {"org": f"0192:{BERGEN.organisation}"} if who == "customer" else {}
    found = visitors.of({**CLAIMS, "who": who, **org}, RULES, NOW)
    return found if isinstance(found, Visitor) else None


def may(who: str, dataset: DatasetContract, row: Row, *, tells: bool) -> bool:
    """What the matrix says of a row."""
    service, code = row
    if who == "nobody":
        return False
    if dataset.name in EXACT:
        return who == "dif" or (who == "customer" and code == BERGEN.code)
    if dataset.name in CONNECTIONS or tells:
        return who == "dif" or (who in {"customer", "network"} and code == BERGEN.code)
    if dataset.audience is Audience.OPEN:
        return True
    if dataset.name in CUSTOMERS:
        return who == "economy" or (who == "customer" and code == BERGEN.code)
    return who in {"economy", "leadership"} or (who == "owner" and service == PRODUCTS[0])


def value_of(name: str, kind: pa.DataType, service: str, place: Place) -> object:
    """A value of a column, in a row of a product at a place."""
    if name in {"organisation_number", "payer_number"}:
        return place.organisation
    if name in {"municipality_code", "code"}:
        return place.code
    known: dict[str, object] = {"service": service, "municipality_codes": [place.code], "network_id": place.network}
    if name in known:
        return known[name]
    if name == "valid_to":
        return None
    for is_kind, value in (
        (pa.types.is_boolean, False),
        (pa.types.is_integer, 1),
        (pa.types.is_decimal, Decimal(1)),
        (pa.types.is_date, date(2026, 10, 1)),
        (pa.types.is_timestamp, NOW),
        (pa.types.is_list, ["x"]),
    ):
        if is_kind(kind):
            return value
    return "1-9" if name in {"dispatches", "dispatches_band", "failed"} else "x"


def make_release(folder: Path) -> None:
    """Two files as a release has them, with every dataset: each product at each place."""
    for file, ledger in (("dif.duckdb", False), ("ledger.duckdb", True)):
        with closing(duckdb.connect()) as connection:
            connection.execute(f"attach '{folder / file}' as made")
            for dataset in DATASETS.values():
                if (dataset.audience is Audience.LEDGER) is ledger:
                    rows = [
                        {c.name: value_of(c.name, c.type, service, place) for c in dataset.columns}
                        for service, place in product(PRODUCTS, (BERGEN, OSLO))
                    ]
                    table = pa.Table.from_pylist(rows, pa.schema([(c.name, c.type) for c in dataset.columns]))
                    place_of = "main" if ledger else dataset.schema
                    connection.execute(f"create schema if not exists made.{place_of}")
                    connection.register("given", table)
                    connection.execute(f"create table made.{place_of}.{dataset.table} as select * from given")
                    connection.unregister("given")


Way = tuple[str, dict[str, Any]]
"""A statement and its parameters."""


def ways(dataset: DatasetContract, columns: list[str], visitor: Visitor | None) -> Iterator[Way]:
    """To ask for a dataset's rows: all, of a product, of an organisation, of a network, of what is seen."""
    has = {c.name for c in dataset.columns}
    select = f"select {', '.join(f'it.{c}' for c in columns)} from {dataset.name} as it"
    yield select, {}
    if "service" in has:
        for service in PRODUCTS:
            yield f"{select} where it.service = $service", {"service": service}
    payer = "payer_number" if "payer_number" in has else "organisation_number"
    if payer in has:
        for place in (BERGEN, OSLO):
            yield f"{select} where it.{payer} = $organisation", {"organisation": place.organisation}
    if dataset.audience is not Audience.OPEN:
        return
    code = _code_of(has)
    if code is None:
        return
    member = (
        "select municipality_code from reference.network_member where network_id = $area and $area_kind = 'NETWORK'"
    )
    for place in (BERGEN, OSLO):
        yield f"{select} where {code} in ({member})", {"area_kind": "NETWORK", "area": place.network}
        yield f"{select} where {code} in ({member})", {"area_kind": "COUNTY", "area": place.network}
    part = query.sql("seen_municipality")
    seen = f"with seen as ({part}) {select} where {code} in (select municipality_code from seen)"
    for asker in (visitor, authorization.EVERYTHING):
        if asker is not None:
            yield seen, asker.seen()


def _code_of(has: set[str]) -> str | None:
    """The municipality of a row, in SQL."""
    if "municipality_codes" in has:
        return "it.municipality_codes[1]"
    if "municipality_code" in has:
        return "it.municipality_code"
    if "organisation_number" in has:
        home = "select any_value(municipality_code) from reference.municipality_of as home"
        return f"({home} where home.organisation_number = it.organisation_number)"
    return None


def row_of(dataset: DatasetContract, said: Mapping[str, Any]) -> Row:
    """Which row it is of those that were made."""
    place = next(
        (said[name] for name in ("payer_number", "organisation_number", "municipality_code") if name in said), None
    )
    if "municipality_codes" in said:
        place = said["municipality_codes"][0]
    code = {BERGEN.organisation: BERGEN.code, OSLO.organisation: OSLO.code}.get(place, place)
    return said.get("service"), code


@contextmanager
def opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both files, as a report opens them."""
    with closing(duckdb.connect(str(folder / "dif.duckdb"), read_only=True)) as connection:
        connection.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger (read_only)")
        yield connection


def asked(
    files: duckdb.DuckDBPyConnection, who: str, dataset: DatasetContract, columns: list[str], *, door: bool
) -> tuple[set[Row], int]:
    """Every row that somebody gets of a dataset, by whatever way, and how many ways were tried."""
    visitor, got, tried = visitor_of(who), set(), 0
    for statement, parameters in ways(dataset, columns, visitor):
        tried += 1
        try:
            audiences = authorization.admit(visitor, statement, parameters) if door else {dataset.audience}
        except Forbidden:
            continue
        if dataset.audience not in audiences:
            continue  # its file would not be opened
        with files.cursor() as cursor:
            rows = cursor.sql(statement, params=parameters or None).to_arrow_table().to_pylist()
        got |= {row_of(dataset, row) for row in rows}
    return got, tried


@figure("R11")
def r11(scale: float, seed: int) -> Figure:
    """Pages: every role × every dataset."""
    began, tried, failures, leaked = time.monotonic(), 0, [], 0
    few = sorted(DATASETS)
    if scale < 1:
        few = sorted(
            {*CONNECTIONS, *EXACT, *CUSTOMERS, *TELLS, "ledger.product_month", "ledger.period", "uptake.funnel"}
        )
    with TemporaryDirectory() as place:
        make_release(Path(place))
        with opened(Path(place)) as files:
            for name in few:
                dataset, everything = DATASETS[name], [c.name for c in DATASETS[name].columns]
                asks = [(everything, name in TELLS)]
                if name in TELLS:
                    asks.append(([c for c in everything if c not in TELLS[name]], False))
                for columns, tells in asks:
                    there, _ = asked(files, "dif", dataset, columns, door=False)
                    for who in WHO:
                        within = {row for row in there if may(who, dataset, row, tells=tells)}
                        got, n = asked(files, who, dataset, columns, door=True)
                        tried += n
                        failures += [f"{who} gets {name} {row}, beyond what it may" for row in got - within]
                        failures += [f"{who} does not get {name} {row}, which it may" for row in within - got]
                        leaked += len(there - within)
    return Figure(
        "R11",
        "every role x every dataset, page queries: 0 rows beyond the audience, all within it",
        tried,
        seed,
        time.monotonic() - began,
        failures,
        control=f"without the door {leaked} rows pass",
        control_saw=leaked > 0,
        facts={"roles": len(WHO), "datasets": len(few)},
    )
