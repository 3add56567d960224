import csv
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from catalog import facts
from catalog.domain.identity import is_organisation_number
from catalog.errors import Damaged, UnknownName

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "facts"
KEYS = {
    "municipality": ("code",),
    "municipality_change": ("change_date", "from_code", "to_code"),
    "municipality_bridge": ("from_code",),
    "municipality_centre": ("code",),
    "county": ("code",),
    "tiles": ("code",),
    "tiles_label": ("county_code",),
    "population": ("municipality_code", "year"),
    "organisation": ("organisation_number",),
    "network": ("network_id",),
    "network_member": ("network_id", "municipality_code", "valid_from"),
    "measure": ("measure",),
    "price_element": ("price_element",),
    "service_alias": ("alias",),
    "product": ("service",),
    "dispatch_status": ("state",),
    "city_district": ("code", "municipality_code"),
    "adoption_event_step": ("source", "raw_event", "environment", "office_contains"),
    "adoption_source": ("source",),
    "perturbation": ("true", "published"),
    "protected_service": ("service",),
}
NOW = {row["code"] for row in facts.read("municipality") if not row["valid_to"]}


def shared(name: str) -> list[dict[str, str]]:
    path = SHARED / f"{name}.csv"
    if not path.exists():
        pytest.skip("not run: ../shared absent")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_key_of_a_table_is_unique_and_never_empty():
    for name, key in KEYS.items():
        keys = [tuple(row[column] for column in key) for row in facts.read(name)]
        assert len(set(keys)) == len(keys), name
        assert all(first for first, *_ in keys), name


def test_every_table_has_a_line_in_the_readme():
    readme = Path(facts.__file__).with_name("README.md").read_text(encoding="utf-8")
    for name in facts.names():
        assert f"| {name} |" in readme, name


def test_every_row_has_exactly_the_columns_of_the_header():
    for name in facts.names():
        assert all(tuple(row) == facts.columns(name) and None not in row.values() for row in facts.read(name)), name


@pytest.mark.parametrize(
    "name",
    [
        "municipality",
        "municipality_change",
        "municipality_centre",
        "county",
        "published_price",
        "service_alias",
        "adoption_digisos_2018_2020",
        "adoption_digisos_manual_2026_05",
        "adoption_altinn3_2019_2026",
    ],
)
def test_tables_carried_over_as_they_are_still_equal_the_source(name):
    assert [dict(row) for row in facts.read(name)] == shared(name)


def test_messages_are_carried_over_whole_with_our_ids_beside():
    rows = facts.read("operational_message")
    said = [
        {**{k: v for k, v in row.items() if k != "about"}, "service": row["about"], "kind": row["kind"].lower()}
        for row in rows
    ]
    assert said == shared("operational_message")
    assert {row["about"] for row in rows if not row["service"]} == {"forvaltning", "helse", "innsyn", "smittevern"}


def test_population_is_carried_over_whole():
    theirs = [(r["municipality_code_2024"], r["year"], r["population"]) for r in shared("population")]
    assert [(r["municipality_code"], r["year"], r["inhabitants"]) for r in facts.read("population")] == theirs


def test_population_of_the_split_alesund_is_marked_estimated_before_2024():
    marked = {(r["municipality_code"], r["year"]) for r in facts.read("population") if r["estimated"] == "true"}
    assert {code for code, _ in marked} == {"1508", "1580"}
    assert max(year for _, year in marked) == "2023"


def test_every_organisation_number_has_its_control_digit():
    assert [r["name"] for r in facts.read("organisation") if not is_organisation_number(r["organisation_number"])] == []


def test_every_municipality_of_2024_has_one_organisation_and_old_alesund_a_dated_successor():
    rows = facts.read("organisation")
    assert Counter(r["municipality_code"] for r in rows if r["municipality_code"]) == Counter(NOW)
    (old,) = (r for r in rows if r["organisation_number"] == "920415288")
    heir = {r["organisation_number"]: r for r in rows}[old["successor_number"]]
    assert (old["valid_to"], heir["municipality_code"], heir["confirmed"]) == ("2024-01-01", "1508", "false")


def test_there_are_39_services_and_one_external_product():
    external = Counter(row["external"] for row in facts.read("product"))
    assert external == {"false": 39, "true": 1}
    assert [r["service"] for r in facts.read("product") if r["external"] == "false"] == [
        r["id"] for r in shared("service")
    ]


def test_no_field_of_a_product_is_left_empty_where_it_should_say_unknown():
    kept = set(facts.columns("product")) - {"earliest_trace"}
    assert [(r["service"], c) for r in facts.read("product") for c in kept if not r[c]] == []


def test_members_of_networks_are_municipalities_of_2024_in_the_counties_that_the_network_covers():
    county = {r["code"]: r["county_code"] for r in facts.read("municipality") if r["code"] in NOW}
    covers = {r["network_id"]: r["county_codes"].split(";") for r in facts.read("network")}
    assert all(county[r["municipality_code"]] in covers[r["network_id"]] for r in facts.read("network_member"))


def test_a_network_whose_members_no_source_names_has_none():
    assert not [r for r in facts.read("network_member") if r["network_id"] == "digivesteralen"]


def test_digiviken_is_dated_from_its_founding_with_its_51_municipalities():
    members = [r for r in facts.read("network_member") if r["network_id"] == "digiviken"]
    assert (len(members), {r["valid_from"] for r in members}) == (51, {"2021-12-03"})


def test_every_name_that_one_table_takes_from_another_exists_there():
    services = {r["service"] for r in facts.read("product")}
    naming = ("service_alias", "price_element", "adoption_source", "protected_service")
    sources = {r["source"] for r in facts.read("adoption_source")}
    assert {r["service"] for name in naming for r in facts.read(name)} <= services
    assert {r["source"] for r in facts.read("adoption_event_step")} == sources
    assert {r["municipality_code"] for r in facts.read("city_district")} <= NOW


def test_every_reported_digisos_code_is_a_municipality_code_or_in_the_district_table():
    known = {r["code"] for r in facts.read("municipality")} | {r["code"] for r in facts.read("city_district")}
    assert {r["code_as_reported"] for r in facts.read("adoption_digisos_2018_2020")} <= known


def test_the_first_dates_are_for_checking_and_no_fact_of_the_product():
    assert "adoption_digisos_first_date" not in facts.names()


def test_a_table_is_cast_to_arrow_types_with_empty_as_null():
    schema = pa.schema([("code", pa.string()), ("valid_from", pa.date32()), ("valid_to", pa.date32())])
    made = facts.table("municipality", schema)
    assert made.schema == schema
    assert made["valid_to"].null_count == len(NOW)
    assert "0301" in made["code"].to_pylist()


def test_yes_and_no_become_booleans_and_nothing_else_does():
    flags = facts.table("population", pa.schema([("estimated", pa.bool_())]))["estimated"]
    assert flags.to_pylist().count(True) == sum(r["estimated"] == "true" for r in facts.read("population"))
    with pytest.raises(Damaged, match="code is not bool"):
        facts.table("county", pa.schema([("code", pa.bool_())]))


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        (pa.field("kode", pa.string()), "no column kode"),
        (pa.field("name", pa.int32()), "name is not int32"),
        (pa.field("valid_to", pa.date32(), nullable=False), "valid_to is empty in row 3"),
    ],
)
def test_a_schema_that_does_not_fit_is_told_where(field, problem):
    with pytest.raises(Damaged, match=problem):
        facts.table("county", pa.schema([field]))


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'municipality'"):
        facts.read("municipalty")


def test_rows_are_shared_and_cannot_be_changed():
    assert facts.read("county") is facts.read("county")
    with pytest.raises(TypeError):
        facts.read("county")[0]["name"] = "x"
