"""The real Digisos records, from the bundled batches to uptake: docs/digisos-adoption.md explains what differs."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from catalog import facts
from catalog.contracts.scan import Query
from catalog.domain.borders import borders
from catalog.tables import streams, uptake, uptake_calls
from catalog.tables.quarantine import quarantine_of
from tests.test_clients import publish_twice
from transport.lake.session import Session
from transport.lake.tables import Lake

TESTS = Path(__file__).resolve().parents[2]
DOCUMENT = TESTS.parent / "docs" / "digisos-adoption.md"
DECIDED = {"5031": "1663", "5057": "1621", "5014": "1620", "5058": "1630"}


@pytest.fixture(scope="module")
def adopted(once, home_of):
    """A home in which the real records, and nothing else, were made into tables; tests of clients read it too."""
    return home_of(once("clients", publish_twice))


@pytest.fixture(scope="module")
def steps(adopted):
    return rows(adopted, uptake.STEP_EVENT)


def rows(home, contract):
    with Session(home.settings) as session:
        return session.table(Query("from kept", {"kept": Lake(home.settings.lake).scan(contract)})).to_pylist()


def first_months(steps, source):
    first = {}
    for row in steps:
        if (row["source"], row["step"]) == (source, "ACTIVATED"):
            first[row["municipality_code"]] = min(row["month"], first.get(row["municipality_code"], row["month"]))
    return first


def test_the_156_first_months_of_the_source_come_out_and_no_other(steps):
    with (TESTS / "facts" / "adoption_digisos_first_date.csv").open(encoding="utf-8", newline="") as file:
        expected = {r["code_2024"]: date.fromisoformat(r["first_date"]).replace(day=1) for r in csv.DictReader(file)}
    assert len(expected) == 156
    assert first_months(steps, "nav-digisos-history") == expected


def test_four_of_them_are_decided_in_the_register_and_the_rest_follow_from_the_rules(steps):
    decided = {r["municipality_code"]: r["reported_code"] for r in steps if r["resolution"] == "DECISION"}
    assert decided == DECIDED
    text = DOCUMENT.read_text("utf-8")
    for now, reported in DECIDED.items():
        assert re.search(rf"\| {reported} \|.*`code_decision`.*\\| {now} \|", text), f"{reported} is explained"
    assert "All 156 municipalities come out with the same month" in text


def test_the_list_of_2026_comes_out_whole_and_haram_beside_it(steps):
    listed = {r["code_2024"] for r in facts.read("adoption_digisos_manual_2026_05")}
    found = first_months(steps, "nav-digisos-list")
    assert set(found) == listed | {"1580"}
    assert set(found.values()) == {date(2026, 5, 1)}
    assert [
        r["estimated"] for r in steps if r["municipality_code"] == "1580" and r["source"] == "nav-digisos-list"
    ] == [True]


def test_what_nobody_has_decided_is_in_quarantine_with_the_likely_code(adopted):
    aside = rows(adopted, quarantine_of(streams.ADOPTION))
    unresolved = {}
    for row in aside:
        if row["rules"] == ["municipality_code_unresolved"]:
            reported = row["detail"].split(" ", 1)[0]
            unresolved[reported] = row["detail"].split("Trolig ment: ", 1)[1].rstrip(".")
    day = date(2020, 3, 1)
    likely = {
        "5301": ["3802"],
        "5302": ["3811"],
        "5703": ["5054"],
        "1783": ["5032", "5033", "5034", "5035", "5036"],
    }
    of_now = {c: borders().to_now(c, day)[0].code for codes in likely.values() for c in codes}
    names = {c: f"{now} {borders().municipalities[now].name}" for c, now in of_now.items()}
    assert unresolved == {
        reported: ", ".join(names[c] + ("" if of_now[c] == c else f" (den gang {c})") for c in codes)
        for reported, codes in likely.items()
    }
    rest = [r["rules"] for r in aside if "municipality_code_unresolved" not in r["rules"]]
    assert rest == [["organisation_number_modulus_11"]] * 3, "made-up numbers of Altinn's list"


def test_nobody_is_told_of_in_months_that_nobody_observed(adopted):
    months = {r["month"] for r in rows(adopted, uptake.STATUS_MONTH) if r["service"] == "fiks-digisos"}
    assert (min(months), max(months)) == (date(2018, 10, 1), date(2026, 5, 1))
    assert not {m for m in months if date(2020, 6, 1) <= m <= date(2026, 4, 1)}


def test_the_country_counts_each_municipality_once_in_the_month_it_came(adopted):
    funnel = rows(adopted, uptake.FUNNEL)
    assert {r["active_basis"] for r in funnel} == {"EVENT"}
    country = {r["month"]: r["activated"] for r in funnel if (r["service"], r["area"]) == ("fiks-digisos", "NO")}
    counts = [country[m] for m in sorted(country)]
    assert country[date(2020, 5, 1)] == 156
    assert counts == sorted(counts), "nobody left"


def test_a_municipality_that_the_latest_list_lacks_is_not_observed_and_a_count_holds_what_its_source_holds(adopted):
    status = [r for r in rows(adopted, uptake.STATUS_MONTH) if r["service"] == "fiks-digisos"]
    bergen = {r["month"]: (r["step"], r["active"]) for r in status if r["municipality_code"] == "4601"}
    assert bergen[date(2020, 5, 1)] == ("ACTIVATED", True), "it left as a move between lists, which ends nothing"
    assert bergen[date(2026, 5, 1)] == ("NOT_LISTED", False)
    listed = {r["code_2024"] for r in facts.read("adoption_digisos_manual_2026_05")}
    last = [r for r in status if r["month"] == date(2026, 5, 1)]
    assert {r["municipality_code"] for r in last if r["active"]} == listed | {"1580"}
    assert [r["municipality_code"] for r in last if r["step"] == "NOT_LISTED"] == ["4601"]
    funnel = {
        r["month"]: r["active"]
        for r in rows(adopted, uptake.FUNNEL)
        if (r["service"], r["area"]) == ("fiks-digisos", "NO")
    }
    assert (funnel[date(2020, 5, 1)], funnel[date(2026, 5, 1)]) == (156, 198)
    calls = {(r["service"], r["municipality_code"]): r for r in rows(adopted, uptake_calls.NOT_YET)}
    call = calls["fiks-digisos", "4601"]
    assert call["step"] == "NOT_LISTED"
    assert call["sentence"].startswith("Bergen står ikke på den siste listen over ")
