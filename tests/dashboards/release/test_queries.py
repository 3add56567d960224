"""Each statement of the pages as somebody who may see some rows only: what it tells does not depend on the others."""

from __future__ import annotations

import dataclasses
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from catalog.contracts.language import Audience
from catalog.errors import Forbidden
from catalog.tables.datasets import DATASETS
from dashboards.release import authorization, query, reader
from tests.reliability import visitors as r11

PARTS = {"area_member", "price_element_name", "seen_municipality", "usage/group_member"}
PARTS |= {"missing_delivery", "missing_delivery_untold"}
STATEMENTS = [name for name in query.names() if name not in PARTS]
MONTH = date(2026, 10, 1)
OWN_SERVICE = r11.PRODUCTS[0]
ASKED = {
    **dict.fromkeys(("first", "last", "month", "through", "until"), MONTH),
    "service": OWN_SERVICE,
    "organisation": r11.BERGEN.organisation,
    "area": r11.BERGEN.network,
    "area_kind": "NETWORK",
    "code": r11.BERGEN.code,
    "codes": "",
    "borders": "now",
    "organisations": [r11.BERGEN.organisation],
    "network": r11.BERGEN.network,
}


def hidden(who: str) -> dict[str, str]:
    """By dataset, which of its rows are not for somebody."""
    found = {}
    for name, dataset in DATASETS.items():
        has = {column.name for column in dataset.columns}
        if name in r11.CONNECTIONS:
            of_others = {
                "municipality_codes": f"municipality_codes[1] <> '{r11.BERGEN.code}'",
                "organisation_number": f"organisation_number <> '{r11.BERGEN.organisation}'",
            }
            theirs = next((rows for column, rows in of_others.items() if column in has), "true")
            found[name] = theirs if who in {"customer", "network"} else "true"
        elif name in r11.EXACT:
            own = f"organisation_number <> '{r11.BERGEN.organisation}'"
            found[name] = own if who == "customer" else "true"
        elif name == "uptake.not_yet" and who == "network":
            found[name] = f"municipality_code <> '{r11.BERGEN.code}'"
        elif dataset.audience is Audience.LEDGER and who == "owner":
            found[name] = f"service <> '{OWN_SERVICE}'" if "service" in has else "true"
        elif name in r11.CUSTOMERS and who == "customer":
            own = [
                f"{one} <> '{r11.BERGEN.organisation}'" for one in ("organisation_number", "payer_number") if one in has
            ]
            found[name] = " and ".join(own)
        elif dataset.audience is Audience.LEDGER:
            found[name] = "true"
    return found


@pytest.fixture(scope="module")
def made(once) -> Path:
    """The folder of a release that has every row."""
    return once("every-row", r11.make_release)


@pytest.fixture(scope="module", params=["owner", "customer", "network", "reader"])
def somebody(request, made, tmp_path_factory):
    """Somebody, with a release that has every row, and one that has only such as they may see."""
    files = []
    for which in ("whole", "own"):
        folder = tmp_path_factory.mktemp("seen") / which
        shutil.copytree(made, folder)
        connection = duckdb.connect(str(folder / "dif.duckdb"))
        connection.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger")
        for name, theirs in hidden(request.param).items():
            if which == "own":
                connection.execute(f"delete from {name} where {theirs}")
        if which == "own":  # and of the rows that all may see, not by whom others are told of
            others = f"organisation_number is distinct from '{r11.BERGEN.organisation}'"
            for name in sorted(n for n, columns in r11.TELLS.items() if columns == {"producer"}):
                theirs = others if request.param in {"customer", "network"} else "true"
                connection.execute(f"update {name} set producer = 'another' where {theirs}")
        files.append(connection)
    yield request.param, *files
    for connection in files:
        connection.close()


def rows(connection: duckdb.DuckDBPyConnection, text: str, asked: dict[str, object]) -> list[str]:
    return sorted(map(repr, connection.sql(text, params=asked or None).fetchall()))


def test_no_statement_tells_of_rows_that_are_not_for_who_asks(somebody):
    who, whole, own = somebody
    visitor = r11.visitor_of(who)
    assert visitor is not None
    tried, leaks, wrong = 0, [], []
    for name in STATEMENTS:
        text = query.sql(name)
        if "{dataset}" in text or not authorization.datasets_in(text):
            continue
        if not authorization.datasets_in(text) & hidden(who).keys():
            continue
        needs = set(re.findall(r"\$([a-z_]+)", re.sub(r"--[^\n]*", "", text)))
        asked = {one: (ASKED | visitor.seen()).get(one) for one in needs}
        try:
            authorization.admit(visitor, text, asked)
        except Forbidden:
            continue
        tried += 1
        try:
            if rows(whole, text, asked) != rows(own, text, asked):
                leaks.append(name)
        except duckdb.Error as problem:
            wrong.append(f"{name}: {str(problem).splitlines()[0]}")
    assert not leaks
    assert not wrong
    assert tried or who == "reader"


def test_a_release_that_holds_the_same_is_asked_instead_and_another_is_not(read_release, tmp_path):
    gone = dataclasses.replace(read_release, folder=tmp_path / read_release.name)
    older = reader.ReleaseReader(gone, authorization.EVERYTHING, twin=read_release)
    areas = older.ask("areas").rows
    assert areas == reader.ReleaseReader(read_release, authorization.EVERYTHING).rows("areas")
    assert areas
    name = next(iter(authorization.datasets_in(query.sql("areas"))))
    datasets = gone.manifest["datasets"]
    manifest = {**gone.manifest, "datasets": {**datasets, name: {**datasets[name], "content_hash": "other"}}}
    other = dataclasses.replace(older, release=dataclasses.replace(gone, manifest=manifest))
    with pytest.raises(reader.ReleaseGone):
        other.ask("areas")
