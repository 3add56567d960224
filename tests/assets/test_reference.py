"""Reference tables: the division of every year, who was where, and registers as they stand."""

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pyarrow as pa
import pytest

from assets import reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.language import DatasetContract
from catalog.contracts.rows import register_table
from catalog.contracts.scan import Query, Values
from catalog.domain.borders import borders
from catalog.tables import registers
from catalog.tables.datasets import DATASETS

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MADE = {m.contract.table: m for m in reference.BUILDS}
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
APPLIED = pa.schema(
    {
        "register": pa.string(),
        "applied_at": pa.timestamp("us", "UTC"),
        "row_number": pa.int32(),
        "values": pa.string(),
    }
)
MUNICIPALITY_OF = reference.bundled_places().to_pylist()


@pytest.fixture(scope="session")
def made(answer):
    """A reference table, with registers as bundled."""

    def made(table, register=None):
        making = MADE[table]
        empty = APPLIED.empty_table()
        inputs = {
            name: MADE[source.table].make(BuildWindow(NOW))
            if isinstance(source, DatasetContract)
            else Values(register if register is not None else register_table(source, empty))
            for name, source in making.inputs.items()
        }
        return answer(making.make(BuildWindow(NOW), **inputs), making.contract)

    return made


def stood(row, day):
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or day < row["valid_to"]
    )


def test_every_reference_table_has_its_key_once_and_keeps_its_rules(made, session):
    for table in [m.contract.table for m in reference.BUILDS]:
        contract = DATASETS[f"reference.{table}"]
        rows = made(table)
        assert len({tuple(r[k] for k in contract.key) for r in rows}) == len(rows), table
        for rule in contract.rules:
            held = Query(
                f"select count(*) as broken from made where not coalesce({rule.condition}, true)",
                {"made": Values(pa.Table.from_pylist(rows, contract.arrow_schema))},
            )
            assert session.cleared().table(held)["broken"][0].as_py() == 0, rule.name


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2017, 7, 1), 426),
        (date(2018, 7, 1), 422),
        (date(2019, 12, 31), 422),
        (date(2020, 1, 1), 356),
        (date(2023, 12, 31), 356),
        (date(2024, 1, 1), 357),
        (date(2026, 11, 25), 357),
    ],
)
def test_so_many_municipalities_stood_on_a_day(day, count, made):
    assert sum(stood(r, day) for r in made("municipality")) == count
    weights = {}
    for row in made("municipality_to_now"):
        if stood(row, day):
            weights[row["from_code"]] = weights.get(row["from_code"], 0) + row["weight"]
    assert len(weights) == count
    assert set(weights.values()) == {1}


def test_each_municipality_of_now_has_its_people_every_year(made):
    now = {r["code"] for r in made("municipality") if not r["valid_to"]}
    by_year = {}
    for row in made("population"):
        by_year.setdefault(row["year"], set()).add(row["municipality_code"])
    assert {y: now ^ by_year[y] for y in range(2012, 2027)} == {key: set() for key in range(2012, 2027)}


def periods(name):
    number = NUMBER.get(name, name)
    rows = sorted((r for r in MUNICIPALITY_OF if r["organisation_number"] == number), key=lambda r: r["valid_from"])
    return [(r["municipality_code"], r["valid_from"].year, r["estimated"]) for r in rows]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("Oslo kommune", [("0301", 2012, False)]),
        ("Halden kommune", [("0101", 2012, False), ("3001", 2020, False), ("3101", 2024, False)]),
        ("Asker kommune", [("0220", 2012, True), ("3025", 2020, False), ("3203", 2024, False)]),
        ("Trondheim kommune", [("1601", 2012, True), ("5001", 2018, True), ("5001", 2020, False)]),
        ("920415288", [("1504", 2012, True), ("1507", 2020, False)]),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_an_organisation_had_these_codes(who, expected):
    assert periods(who)[: len(expected)] == expected


def test_every_municipal_organisation_has_one_valid_code_on_each_day():
    by_number = {}
    for row in MUNICIPALITY_OF:
        by_number.setdefault(row["organisation_number"], []).append(row)
    assert len(by_number) == 358
    for rows in by_number.values():
        rows.sort(key=lambda r: r["valid_from"])
        assert rows[0]["valid_from"] == date(2012, 1, 1)
        assert rows[-1]["valid_to"] is None
        assert all(one["valid_to"] == other["valid_from"] for one, other in pairwise(rows))
        for row in rows:
            for day in {
                max(row["valid_from"], date(2017, 1, 1)),
                row["valid_to"] and max(row["valid_to"], date(2017, 1, 2)),
            }:
                if day and stood(row, day):
                    assert borders().valid(row["municipality_code"], day), row


def test_in_2020_to_2023_and_from_2024_each_municipality_is_one_organisation():
    for day, count in ((date(2022, 1, 1), 356), (date(2026, 1, 1), 357)):
        codes = [r["municipality_code"] for r in MUNICIPALITY_OF if stood(r, day)]
        assert set(codes) == set(borders().codes_on(day))
        assert len(set(codes)) == count


# --- registers -------------------------------------------------------------------------------------------------------


def applied(*rows):
    return pa.Table.from_pylist(
        [
            {"register": "budget", "applied_at": datetime(2026, 1, day, tzinfo=UTC), "row_number": n}
            | {"values": v if isinstance(v, str) else json.dumps(v)}
            for day, n, v in rows
        ],
        APPLIED,
    )


def budget(service, amount, month="2026-03-01"):
    return {"service": service, "month": month, "category": "DRIFT", "amount_ore": amount}


def amounts(rows):
    table = register_table(registers.BUDGET, rows)
    assert table.schema == registers.BUDGET.schema
    return [(r["service"], r["amount_ore"]) for r in table.to_pylist()]


def test_the_version_applied_last_is_in_force_whole():
    rows = applied((3, 1, budget("svarut", 3)), (9, 1, budget("fiks-io", 9)), (3, 2, budget("fiks-io", 4)))
    assert amounts(rows) == [("fiks-io", 9)]


def test_a_register_is_in_order_of_its_key_however_its_rows_come():
    said = [(3, 1, budget("svarut", 1)), (3, 2, budget("fiks-io", 2)), (3, 3, budget("altinn-3", 3))]
    assert amounts(applied(*said)) == amounts(applied(*reversed(said)))
    assert [s for s, _ in amounts(applied(*said))] == ["altinn-3", "fiks-io", "svarut"]


def test_of_two_producers_versions_of_one_moment_the_same_one_stands_in_either_order():
    said = [(3, 1, budget("svarut", 1)), (3, 1, budget("svarut", 2))]
    assert amounts(applied(*said)) == amounts(applied(*reversed(said)))


def test_a_row_of_an_older_contract_is_left_out():
    assert amounts(applied((3, 1, '{"tjeneste": "svarut"}'), (3, 2, "{"), (3, 3, budget("svarut", 1)))) == [
        ("svarut", 1)
    ]


def test_a_register_that_nobody_applied_is_its_bundled_facts_or_empty():
    assert amounts(applied()) == []
    seeded = register_table(registers.CODE_DECISION, applied())
    assert seeded["reported_code"].to_pylist() == ["1663", "1621", "1620", "1630"]


def test_the_register_adds_organisations_and_never_changes_a_bundled_one(made):
    row = {"organisation_number": NUMBER["Oslo kommune"], "name": "Falsk", "kind": "OTHER", "synthetic": True}
    other = {"organisation_number": "974760673", "name": "Selskapet IKS", "kind": "COMPANY", "synthetic": True}
    rows = made("organisation", pa.Table.from_pylist([row, other], registers.ORGANISATION.schema))
    by_number = {r["organisation_number"]: r for r in rows}
    assert (by_number[row["organisation_number"]]["name"], len(rows)) == ("Oslo kommune", 373)
    added = by_number["974760673"]
    assert (added["kind"], added["confirmed"], added["synthetic"]) == ("COMPANY", False, True)


@pytest.mark.parametrize(("code", "now"), [("3911", "3911"), ("3811", "3911"), ("1507", None), (None, None)])
def test_an_organisation_that_the_register_places_by_a_code_of_then_lies_in_the_municipality_of_now(made, code, now):
    row = {"organisation_number": "974760673", "name": "Selskapet IKS", "kind": "COMPANY", "municipality_code": code}
    rows = made("organisation", pa.Table.from_pylist([row], registers.ORGANISATION.schema))
    assert [r["municipality_code"] for r in rows if r["organisation_number"] == "974760673"] == [now]


# --- municipalities that merged --------------------------------------------------------------------------------------

A_NUMBER = "310000017"
"""Nobody's: real numbers do not begin with 3."""


def merged(code, valid_to, successor):
    values = {"organisation_number": A_NUMBER, "name": "En kommune", "kind": "MUNICIPALITY", "municipality_code": code}
    row = values | {"valid_to": valid_to, "successor_number": NUMBER[successor], "synthetic": True}
    return pa.Table.from_pylist([row], registers.ORGANISATION.schema)


@pytest.mark.parametrize(
    ("code", "valid_to", "successor", "then"),
    [
        # old Haram went into Ålesund in 2020, from which it came out again in 2024
        ("1534", date(2020, 1, 1), "Ålesund kommune", {2019: "1534", 2021: "1507", 2024: "1508"}),
        ("0231", date(2020, 1, 1), "Lillestrøm kommune", {2017: "0231", 2021: "3030", 2025: "3205"}),
    ],
)
def test_a_municipality_that_merged_has_its_own_code_then_and_its_successors_after(
    made, code, valid_to, successor, then
):
    register = merged(code, valid_to, successor)
    places = [r for r in made("municipality_of", register) if r["organisation_number"] == A_NUMBER]
    for year, expected in then.items():
        day = date(year, 7, 1)
        assert [r["municipality_code"] for r in places if stood(r, day)] == [expected], year
    assert [r["estimated"] for r in places if r["municipality_code"] == code] == [False], "its own code is a fact"
    [organisation] = [r for r in made("organisation", register) if r["organisation_number"] == A_NUMBER]
    heir = next(r for r in made("organisation") if r["organisation_number"] == NUMBER[successor])
    assert organisation["municipality_code"] == heir["municipality_code"]
    assert organisation["successor_number"] == heir["organisation_number"]


def test_the_facts_go_before_the_register(made):
    mine = merged("1534", date(2020, 1, 1), "Ålesund kommune").to_pylist()[0]
    register = pa.Table.from_pylist(
        [mine | {"organisation_number": NUMBER["Oslo kommune"]}], registers.ORGANISATION.schema
    )
    places = [r for r in made("municipality_of", register) if r["organisation_number"] == NUMBER["Oslo kommune"]]
    assert {r["municipality_code"] for r in places} == {"0301"}


def amount(quarter, period, ore):
    return {"quarter": quarter, "period": period, "original_period": period, "account": "COST", "amount_ore": ore}


def test_of_a_register_in_parts_each_part_is_as_the_version_that_named_it_last_says():
    versions = [
        [amount("2026-Q1", "2026-01-01", 100), amount("2026-Q1", "2026-02-01", 50)],
        [amount("2026-Q2", "2026-04-01", 7)],
        [amount("2026-Q1", "2026-01-01", 90)],
    ]
    rows = [
        {
            "register": registers.CLOSED_AMOUNT.name,
            "applied_at": datetime(2026, 7, day, tzinfo=UTC),
            "row_number": number,
            "values": json.dumps(values),
        }
        for day, version in enumerate(versions, 1)
        for number, values in enumerate(version)
    ]
    for landed in (rows, rows[::-1]):
        table = register_table(registers.CLOSED_AMOUNT, pa.Table.from_pylist(landed))
        said = [(r["quarter"], r["period"].month, r["amount_ore"]) for r in table.to_pylist()]
        assert said == [("2026-Q1", 1, 90), ("2026-Q2", 4, 7)]
