"""What a statement of the pages counts at the edges of its months, on a few rows that are made for it."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from dashboards.release.query import sql

OCTOBER = date(2026, 10, 1)


def months_before(n: int) -> date:
    at = OCTOBER.year * 12 + OCTOBER.month - 1 - n
    return date(at // 12, at % 12 + 1, 1)


@pytest.fixture
def database():
    with duckdb.connect() as connection:
        for schema in ("usage", "reference", "ledger"):
            connection.execute(f"create schema {schema}")
        yield connection


def test_twelve_months_of_channels_are_the_month_and_the_eleven_before_it(database):
    database.execute(
        "create table usage.municipality_month (service text, borders text, municipality_code text, month date, "
        "channel text, dispatches bigint, synthetic bool)"
    )
    rows = [("svarut", "now", "0301", months_before(n), "DIGITAL", 2**n, False) for n in range(15)]
    database.executemany("insert into usage.municipality_month values (?, ?, ?, ?, ?, ?, ?)", rows)
    asked = {"service": "svarut", "borders": "now", "code": "0301", "month": OCTOBER}
    assert database.execute(sql("usage/channels"), asked).fetchall() == [("DIGITAL", 2**0, 2**12, 2**12 - 1, 12, False)]


def test_a_services_income_of_twelve_months_holds_the_month_itself_and_nothing_of_the_year_before_or_after(database):
    database.execute("create table reference.product (service text, name_nb text, external bool)")
    database.execute("insert into reference.product values ('svarut', 'SvarUt', false), ('altinn-3', 'Altinn', true)")
    database.execute("create table ledger.product_month (service text, month date, income_ore bigint, synthetic bool)")
    rows = [("svarut", months_before(n), 2 ** (n + 1), False) for n in range(-1, 14)]
    database.executemany("insert into ledger.product_month values (?, ?, ?, ?)", rows)
    found = database.execute(sql("accounts/services"), {"service": None, "through": OCTOBER}).fetchall()
    assert found == [("svarut", "SvarUt", 14, sum(2 ** (n + 1) for n in range(12)), False)]
