"""R11, the shares' part: every recipient × every table of every share. No row beyond what it was given, all of that."""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import Audience
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import SHARES
from tests.reliability.board import Figure, figure
from tests.reliability.visitors import (
    BERGEN,
    CONNECTIONS,
    CUSTOMERS,
    EXACT,
    OSLO,
    PRODUCTS,
    TELLS,
    Row,
    row_of,
    value_of,
)
from transport.auth.tokens import Recipient, Rights, Tokens
from transport.base.settings import Settings
from transport.releases.store import Content, Releases
from transport.servers.http.serving import AsgiServer
from transport.servers.share.app import ShareApp
from transport.servers.share.routes import PREFIX
from transport.servers.share.tables import Tables

WHO: Mapping[str, Recipient] = {
    "nobody": Recipient(frozenset()),
    "partner": Recipient(frozenset({"open"})),
    "bergen": Recipient(frozenset({"open", "organisation"}), organisation=BERGEN.organisation),
    "vestland": Recipient(frozenset({"network"}), networks=frozenset({BERGEN.network})),
    "own systems": Recipient(frozenset({"connections"})),
    "economy": Recipient(frozenset({"ledger"})),
}
# What each share gives, written out apart from the contracts that are tried.
OF_SOMEBODY = {"usage.connection_month", *TELLS}
"""Of the datasets with connections, those whose rows are one organisation's or municipality's."""


def given(share: str, name: str, row: Row) -> bool:
    """What the matrix says of a row of a dataset in a share."""
    if share == "open":
        return DATASETS[name].audience is Audience.OPEN and name not in CONNECTIONS | EXACT
    if share == "connections":
        return name in CONNECTIONS | {*TELLS}
    if share == "ledger":
        return DATASETS[name].audience is Audience.LEDGER
    mine = row[1] == BERGEN.code
    return mine and (name in OF_SOMEBODY or (share == "organisation" and name in CUSTOMERS | EXACT))


def rows_of(name: str) -> pa.Table:
    """Each product at each place."""
    columns = DATASETS[name].arrow_schema
    rows = [
        {f.name: value_of(f.name, f.type, service, place) for f in columns}
        for service, place in product(PRODUCTS, (BERGEN, OSLO))
    ]
    return pa.Table.from_pylist(rows, columns)


class Door:
    """A share server, called as a client calls it."""

    def __init__(self, port: int, token: str) -> None:
        self.at = f"http://127.0.0.1:{port}/{PREFIX}"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, body: bytes | None = None) -> bytes | None:
        """The answer; None when it is refused."""
        address = path if path.startswith("http") else f"{self.at}/{path}"
        headers = {} if path.startswith("http") else self._headers
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as answer:
                told: bytes = answer.read()
                return told
        except urllib.error.HTTPError:
            return None

    def tables(self, share: str) -> list[str]:
        """The tables that a share lists."""
        told = self.get(f"shares/{share}/all-tables")
        return [f"{t['schema']}.{t['name']}" for t in json.loads(told)["items"]] if told else []

    def rows(self, share: str, name: str) -> list[dict[str, object]] | None:
        """The rows of a table, through its links; None when it is refused."""
        schema, table = name.split(".")
        told = self.get(f"shares/{share}/schemas/{schema}/tables/{table}/query", b"{}")
        if told is None:
            return None
        links = [json.loads(line)["file"]["url"] for line in told.splitlines()[2:]]
        return [row for link in links for row in pq.read_table(io.BytesIO(self.get(link) or b"")).to_pylist()]


@contextmanager
def served(folder: Path) -> Iterator[dict[str, Door]]:
    """A home with a release of every dataset, its share server, and each recipient's way to it."""
    settings, now = Settings(home=folder), datetime.now(UTC)
    Releases(settings).publish(
        "2026-11-24.1",
        [Content(DATASETS[name], table=rows_of(name)) for name in sorted(DATASETS)],
        lambda _told: [],
        {"published_at": now.isoformat()},
        parent=None,
    )
    tokens = {
        who: Tokens(settings).add(
            who.replace(" ", "-"),
            Rights(who.replace(" ", "-"), frozenset(), frozenset(), frozenset(), recipient),
            now=now,
        )[1]
        for who, recipient in WHO.items()
    }
    server = AsgiServer(ShareApp(settings), settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield {who: Door(server.port, token) for who, token in tokens.items()}
    finally:
        server.stop()
        thread.join(15)


@figure("R11s")
def r11s(scale: float, seed: int) -> Figure:
    """Shares: every recipient × every table."""
    began, tried, failures = time.monotonic(), 0, list[str]()
    few = sorted(DATASETS)
    if scale < 1:
        few = sorted(
            {*CONNECTIONS, *EXACT, *CUSTOMERS, *TELLS, "ledger.product_month", "uptake.funnel", "reference.county"}
        )
    with TemporaryDirectory() as place, served(Path(place)) as doors:
        for (who, recipient), share in product(WHO.items(), SHARES):
            listed = set(doors[who].tables(share))
            for name in few:
                tried += 1
                there = {row_of(DATASETS[name], row) for row in rows_of(name).to_pylist()}
                within = {row for row in there if share in recipient.shares and given(share, name, row)}
                rows = doors[who].rows(share, name)
                got = {row_of(DATASETS[name], row) for row in rows or []}
                failures += [f"{who} gets {share}.{name} {row}, beyond its share" for row in got - within]
                failures += [f"{who} does not get {share}.{name} {row}, of its share" for row in within - got]
                if bool(within) and name not in listed:
                    failures.append(f"{who} is not told of {share}.{name}")
                if share not in recipient.shares and (name in listed or rows is not None):
                    failures.append(f"{who} is told of {share}.{name}, which it was not given")
                told = set(rows[0]) if rows else set()
                if share == "open" and told & TELLS.get(name, set()):
                    failures.append(f"{who} is told in {share}.{name} of {sorted(told & TELLS[name])}")
        with mock.patch.object(Tables, "_owner_values", return_value=None):  # as if rows were nobody's
            rows = doors["bergen"].rows("organisation", "usage.connection_month") or []
    leaked = {row_of(DATASETS["usage.connection_month"], row)[1] for row in rows} - {BERGEN.code}
    return Figure(
        "R11s",
        "every recipient x every table of every share: 0 rows beyond it, all within it",
        tried,
        seed,
        time.monotonic() - began,
        failures,
        control=f"a server that narrows nothing gives Bergen rows of {', '.join(sorted(map(str, leaked)))}",
        control_saw=bool(leaked),
        facts={"recipients": len(WHO), "shares": len(SHARES), "datasets": len(few)},
    )
