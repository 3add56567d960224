import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assets import bundled
from catalog import facts
from catalog.domain.borders import How, borders
from catalog.tables.streams import ADOPTION

BATCHES = {name: (producer, table) for name, producer, table in bundled.adoption_batches()}
DIGISOS = "adoption_digisos_2018_2020"
LISTED = "adoption_digisos_manual_2026_05"
ALTINN = "adoption_altinn3_2019_2026"
FIRST_DATES = Path(__file__).resolve().parents[1] / "facts" / "adoption_digisos_first_date.csv"
# Codes that ended in 2018 and were reported more than twelve months later: in quarantine, with the likely code.
TOO_OLD = {"1620": "5014", "1621": "5057", "1630": "5058", "1663": "5031"}
OFFICES = {
    "1783": ("5032", "5033", "5034", "5035", "5036"),
    "5301": ("3802",),
    "5302": ("3811",),
    "5703": ("5054",),
}


def resolved(name: str) -> list[tuple[date, dict, object]]:
    rows = []
    for row in BATCHES[name][1].to_pylist():
        on = row["occurred_at"].astimezone(ZoneInfo("Europe/Oslo")).date()
        late = row["occurred_precision"] == "NO_LATER_THAN"
        rows.append((on, row, borders().resolve(row["municipality_code"], on, no_later_than=late)))
    return rows


def first_days(name: str) -> dict[str, date]:
    first: dict[str, date] = {}
    for on, _, found in resolved(name):
        for share in found.shares:
            first[share.code] = min(on, first.get(share.code, on))
    return first


@pytest.mark.parametrize(
    ("name", "producer", "service", "rows"),
    [
        (DIGISOS, "nav-digisos", "fiks-digisos", 281),
        (LISTED, "nav-digisos", "fiks-digisos", 197),
        (ALTINN, "altinn", "altinn-3", 259),
    ],
)
def test_each_source_is_one_batch_of_its_producer_and_service(name, producer, service, rows):
    made_by, table = BATCHES[name]
    assert (made_by, set(table["service"].to_pylist())) == (producer, {service})
    assert table.schema == ADOPTION.schema
    table.validate(full=True)
    assert table.num_rows == rows


def test_the_same_facts_always_give_the_same_batches():
    again = {name: table for name, _, table in bundled.adoption_batches()}
    assert all(again[name].equals(table) for name, (_, table) in BATCHES.items())


def test_event_ids_are_unique_over_all_batches_and_do_not_change_between_versions():
    ids = [i for _, table in BATCHES.values() for i in table["event_id"].to_pylist()]
    assert len(set(ids)) == len(ids)
    assert BATCHES[DIGISOS][1]["event_id"][0].as_py() == "nav-digisos-history-4f733969ae187aa793cb"


@pytest.mark.parametrize(("name", "events"), [(DIGISOS, 111 + 8 + 5), (LISTED, 0), (ALTINN, 12 + 16 + 4 + 30 + 12)])
def test_only_events_that_are_no_step_or_name_nobody_are_left_out(name, events):
    assert len(facts.read(name)) - BATCHES[name][1].num_rows == events


def test_a_first_snapshot_a_list_and_a_row_split_in_two_are_upper_bounds_and_the_rest_is_exact():
    precise = Counter((r["source"], r["occurred_precision"]) for _, t in BATCHES.values() for r in t.to_pylist())
    assert precise["nav-digisos-history", "NO_LATER_THAN"] == 28 + 6
    assert precise["nav-digisos-list", "EXACT"] == 0
    assert precise["altinn-3-history", "NO_LATER_THAN"] == 0


def test_times_are_utc_and_the_undated_list_is_dated_at_the_end_of_its_month_in_oslo():
    assert BATCHES[DIGISOS][1]["occurred_at"][0].as_py() == datetime(2018, 10, 24, 10, 29, tzinfo=UTC)
    assert set(BATCHES[LISTED][1]["occurred_at"].to_pylist()) == {datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC)}


def test_every_row_lies_in_a_month_that_its_source_observed():
    for _, table in BATCHES.values():
        for row in table.to_pylist():
            first, last = bundled.observed_months(row["source"])
            month = row["occurred_at"].astimezone(ZoneInfo("Europe/Oslo")).date().replace(day=1)
            assert first <= month <= last


def test_a_nav_office_is_never_taken_for_the_municipality_as_an_organisation():
    assert BATCHES[DIGISOS][1]["organisation_number"].null_count == BATCHES[DIGISOS][1].num_rows
    assert all(note.startswith("NAV-kontor ") for note in BATCHES[DIGISOS][1]["note"].to_pylist())


def test_the_first_dates_of_152_municipalities_come_out_to_the_day_and_the_other_four_are_too_old_codes():
    with FIRST_DATES.open(encoding="utf-8", newline="") as file:
        expected = {row["code_2024"]: date.fromisoformat(row["first_date"]) for row in csv.DictReader(file)}
    assert len(expected) == 156
    for code in TOO_OLD.values():
        del expected[code]
    assert first_days(DIGISOS) == expected


def test_the_events_resolve_by_these_rules():
    assert Counter(found.how for _, _, found in resolved(DIGISOS)) == {
        How.VALID: 205,
        How.CHANGED_WITHIN_TWELVE_MONTHS: 38,
        How.CITY_DISTRICT: 30,
        How.UNRESOLVED: 8,
    }


def test_the_document_names_every_code_that_is_not_resolved_and_every_difference():
    text = (Path(__file__).resolve().parents[2] / "docs" / "digisos-adoption.md").read_text(encoding="utf-8")
    assert [code for code in (*TOO_OLD, *OFFICES, "5303", "1702", "1719", "1580") if code not in text] == []
