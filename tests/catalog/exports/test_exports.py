"""What a release says of itself to others: a Data Package of its files, and a data contract for each dataset."""

import dataclasses
import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from catalog.contracts.language import Audience
from catalog.contracts.rules import Between, InSet
from catalog.exports.datapackage import datapackage, kind
from catalog.exports.odcs import contract
from catalog.exports.published import File, Published, PublishedDataset, published
from catalog.tables.datasets import DATASETS

MONTHS = [date(2026, 3, 1), date(2026, 4, 1)]
LICENCE = "https://data.example.no/licence"


def dataset(name, **changes):
    """A dataset of two months, or of one file."""
    of = dataclasses.replace(DATASETS[name], **changes)
    parts = [f"/{month}" for month in MONTHS] if of.partitioned else [""]
    files = tuple(File(f"parquet/{name}{part}/part.parquet", 100, "ab" * 32) for part in parts)
    first, last = MONTHS if of.partitioned else (None, None)
    return PublishedDataset(of, 10, True, first, last, files)


def release(*datasets, **settings):
    return Published("2026-05-01.1", datetime(2026, 5, 1, 6, tzinfo=UTC), datasets, **settings)


EVERY = release(*map(dataset, DATASETS))
IN_CSV = {name: File(f"csv/{name}.csv", 100, "ab" * 32) for name in DATASETS}


def tables_of(package):
    return [made for made in package["resources"] if made["type"] == "table"]


def resource(name, **settings):
    (made,) = tables_of(datapackage(release(dataset(name), **settings), IN_CSV))
    return made


def fields(name):
    return {field["name"]: field for field in resource(name)["schema"]["fields"]}


def table(name):
    (made,) = contract(dataset(name), EVERY)["schema"]
    return made


def properties(name):
    return {prop["name"]: prop for prop in table(name)["properties"]}


def test_the_package_is_named_dated_and_of_the_release():
    package = datapackage(EVERY, IN_CSV)
    assert (package["version"], package["created"]) == ("2026-05-01.1", "2026-05-01T06:00:00+00:00")
    assert package["name"] == "dif-data"
    assert len({made["name"] for made in tables_of(package)}) == len(DATASETS)
    assert len({made["name"] for made in package["resources"]}) == len(package["resources"])
    assert {made["path"] for made in package["resources"] if made["type"] == "file"} == {
        file.path for of in EVERY.datasets for file in of.files if of.contract.audience is not Audience.INTERNAL
    }
    assert all(set(made["name"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for made in package["resources"])


def test_what_is_made_up_is_marked_and_ledgers_are_named_where_they_are():
    made_up, real = dataset("usage.dispatch_month"), dataclasses.replace(dataset("reference.county"), synthetic=False)
    package = datapackage(release(made_up, real), IN_CSV)
    assert package["synthetic"] is True
    assert {r["path"].split("/")[1].removesuffix(".csv"): r["synthetic"] for r in package["resources"]} == {
        made_up.contract.name: True,
        real.contract.name: False,
    }
    assert "laget av en simulator" in package["description"]
    assert "ledger" not in package["description"]
    package = datapackage(release(real), IN_CSV)
    assert (package["synthetic"], "simulator" in package["description"]) == (False, False)
    assert "ledger data" in datapackage(EVERY, IN_CSV)["description"]


def test_internal_datasets_and_those_without_files_are_left_out():
    internal = dataset("reference.county", audience=Audience.INTERNAL)
    without = {name: file for name, file in IN_CSV.items() if name != "reference.network"}
    every = release(internal, dataset("reference.network"), dataset("usage.dispatch_month"))
    made = datapackage(every, without)["resources"]
    assert [each["name"] for each in made] == [
        "usage-dispatch-month",
        *(f"parquet-usage-dispatch-month-{month}" for month in MONTHS),
    ]


@pytest.mark.parametrize("name", ["reference.county", "usage.dispatch_month"])
def test_a_dataset_is_one_csv_file_told_with_its_size_and_hash(name):
    one = resource(name)
    assert (one["path"], one["format"], one["encoding"]) == (f"csv/{name}.csv", "csv", "utf-8")
    assert (one["bytes"], one["hash"]) == (100, f"sha256:{'ab' * 32}")


def test_fields_stand_in_the_order_of_the_files_and_are_required_where_they_are_never_missing():
    for name in DATASETS:
        assert list(fields(name)) == list(properties(name)) == DATASETS[name].arrow_schema.names, name
        for column in DATASETS[name].columns:
            a_text = column.type == pa.string() and column.name not in DATASETS[name].key
            required = fields(name)[column.name].get("constraints", {}).get("required", False)
            assert required is (not column.null and not a_text), name
            assert properties(name)[column.name]["required"] is not column.null, name


def test_codes_are_texts_that_keep_their_leading_zeros():
    codes = [(n, c.name) for n, d in DATASETS.items() for c in d.columns if c.name.endswith(("_code", "_number"))]
    codes = [(n, c) for n, c in codes if c != "journal_number"]
    assert ("usage.municipality_month", "municipality_code") in codes
    assert ("usage.dispatch_month", "organisation_number") in codes
    for name, column in codes:
        assert fields(name)[column]["type"] == "string"
        assert properties(name)[column]["logicalType"] == "string"


def test_a_key_without_nulls_is_the_primary_key_and_another_is_only_unique():
    for name in DATASETS:
        key, said = list(DATASETS[name].key), resource(name)["schema"]
        positions = {p["primaryKeyPosition"]: p["name"] for p in table(name)["properties"] if "primaryKey" in p}
        repeats = [q for q in table(name).get("quality", []) if q.get("metric") == "duplicateValues"]
        if any(DATASETS[name][column].null for column in key):
            assert (said["uniqueKeys"], "primaryKey" in said, positions) == ([key], False, {}), name
            assert [q["arguments"] for q in repeats] == [{"properties": key}], name
        else:
            assert (said["primaryKey"], "uniqueKeys" in said, repeats) == (key, False, []), name
            assert [positions[at] for at in sorted(positions)] == key, name
        unique = key if len(positions) == 1 else []
        assert [p["name"] for p in table(name)["properties"] if p.get("unique")] == unique, name


def test_nothing_in_a_cell_is_null():
    assert all(made["schema"]["missingValues"] == [""] for made in tables_of(datapackage(EVERY, IN_CSV)))


def test_sets_and_bounds_of_one_column_are_constraints():
    for name in DATASETS:
        for rule in DATASETS[name].rules:
            said = fields(name)[rule.columns[0]].get("constraints", {})
            match rule.form:
                case InSet(values):
                    assert set(said["enum"]) <= set(values), name
                case Between(low, high):
                    assert low is None or said["minimum"] >= low, name
                    assert high is None or said["maximum"] <= high, name


def test_a_data_contract_states_every_rule_once():
    for name in DATASETS:
        stated = [q["name"] for p in table(name)["properties"] for q in p.get("quality", [])]
        stated += [q["name"] for q in table(name).get("quality", []) if q["name"] != "key_is_unique"]
        assert sorted(stated) == sorted(rule.name for rule in DATASETS[name].rules), name


def test_a_rule_is_a_set_of_values_or_a_count_of_the_rows_that_break_it():
    outcome, day = properties("usage.dispatch_day")["outcome"], table("usage.dispatch_day")["quality"]
    (known,) = outcome["quality"]
    assert (known["metric"], known["mustBe"]) == ("invalidValues", 0)
    assert known["arguments"] == {"validValues": ["open", "delivered", "failed", "closed"]}
    assert [q["query"] for q in day] == ["select count(*) from ${object} where not (date_trunc('month', day) = month)"]


def test_types_are_those_of_duckdb():
    said = {name: properties(name) for name in ("usage.dispatch_day", "uptake.funnel", "uptake.supplier_gap")}
    funnel = said["uptake.funnel"]["share_of_population"]
    codes = said["uptake.supplier_gap"]["municipality_codes"]
    assert (funnel["logicalType"], funnel["physicalType"]) == ("number", "DECIMAL(18,6)")
    assert said["usage.dispatch_day"]["bytes"]["physicalType"] == "BIGINT"
    assert (codes["logicalType"], codes["items"]["physicalType"]) == ("array", "VARCHAR")
    assert properties("quality.batch")["received_at"]["logicalTypeOptions"] == {"timezone": True}


def test_a_contract_points_to_the_database_and_the_files_of_its_release():
    open_, ledger = (contract(dataset(name), EVERY)["servers"] for name in ("usage.dispatch_day", "ledger.period"))
    assert [s["type"] for s in open_] == ["duckdb", "local"]
    assert (open_[0]["database"], open_[0]["schema"]) == ("dif.duckdb", "usage")
    assert open_[1]["path"] == "parquet/usage.dispatch_day/**/*.parquet"
    assert (ledger[0]["database"], ledger[1]["path"]) == ("ledger.duckdb", "parquet/ledger.period/part.parquet")


def test_months_are_told_where_a_dataset_has_them():
    facts = {f["property"]: f["value"] for f in contract(dataset("usage.dispatch_day"), EVERY)["customProperties"]}
    assert (facts["firstMonth"], facts["lastMonth"]) == ("2026-03-01", "2026-04-01")
    assert (facts["audience"], facts["release"], facts["rows"]) == ("OPEN", "2026-05-01.1", 10)
    none = {f["property"] for f in contract(dataset("reference.county"), EVERY)["customProperties"]}
    assert not {"firstMonth", "lastMonth"} & none
    month = properties("usage.dispatch_day")["month"]
    assert (month["partitioned"], month["partitionKeyPosition"]) == (True, 1)


def test_a_licence_is_told_only_when_set_and_only_of_open_datasets():
    both = (dataset("reference.county"), dataset("ledger.period"))
    silent, told = release(*both), release(*both, licence=LICENCE)
    assert "licen" not in json.dumps([datapackage(silent, IN_CSV), *(contract(d, silent) for d in both)])
    assert "licenses" not in datapackage(told, IN_CSV)
    assert [r.get("licenses") for r in datapackage(told, IN_CSV)["resources"]] == [[{"path": LICENCE}], None] * 2
    facts = [[f["value"] for f in contract(d, told)["customProperties"] if f["property"] == "licence"] for d in both]
    assert facts == [[LICENCE], []]


def test_a_contact_is_told_only_when_set():
    county = dataset("reference.county")
    assert "contributors" not in datapackage(release(county), IN_CSV)
    assert "support" not in contract(county, release(county))
    set_ = release(county, contact="data@example.no")
    assert [c["email"] for c in datapackage(set_, IN_CSV)["contributors"]] == ["data@example.no"]
    assert [s["url"] for s in contract(county, set_)["support"]] == ["mailto:data@example.no"]


def test_freshness_and_owner_are_those_of_the_contract():
    said = contract(dataset("ledger.period"), EVERY)
    hours = DATASETS["ledger.period"].freshness_hours
    assert said["slaProperties"] == [{"property": "freshness", "value": hours, "unit": "h"}]
    assert said["team"] == {"name": "okonomi"}


def test_the_same_release_is_told_the_same_in_values_that_json_can_write():
    def told():
        return json.dumps([datapackage(EVERY, IN_CSV), *(contract(d, EVERY) for d in EVERY.datasets)])

    assert told() == told()
    again = json.loads(told())
    assert again == [datapackage(EVERY, IN_CSV), *(contract(d, EVERY) for d in EVERY.datasets)]
    assert ": null" not in told(), "what is not known is left out"


def test_what_is_made_of_one_contract_leaves_the_next_as_it_was():
    contract(dataset("usage.dispatch_day"), EVERY)["schema"][0]["properties"][-1].clear()
    first = contract(dataset("usage.dispatch_day"), EVERY)["schema"][0]["properties"]
    for prop in first:
        prop.get("logicalTypeOptions", {}).clear()
    assert properties("usage.dispatch_day")["bytes"]["logicalTypeOptions"] == {"format": "i64"}


def test_a_manifest_tells_its_files_and_months():
    path = "parquet/usage.dispatch_month/2026-03-01/part.parquet"
    entry = {"rows": 3, "synthetic": False, "partitions": {"2026-03-01": {}}}
    manifest = {
        "release": "2026-05-01.1",
        "published_at": "2026-05-01T06:00:00+00:00",
        "datasets": {"usage.dispatch_month": entry, "of.another": entry},
        "files": {path: {"bytes": 5, "sha256": "cd"}, "dif.duckdb": {"bytes": 9, "sha256": "ef"}},
    }
    (told,) = published(manifest, DATASETS).datasets
    assert (told.rows, told.first_month, told.last_month) == (3, date(2026, 3, 1), date(2026, 3, 1))
    assert told.files == (File(path, 5, "cd"),)
    assert told.issued is None, "it was published before manifests said so"

    more = entry | {"partitions": {"all": {}}, "months": ["2025-11-01", "2026-04-01"], "issued": "2026-01-12"}
    manifest["datasets"] = {"uptake.forecast": more}
    (told,) = published(manifest, DATASETS).datasets
    assert (told.first_month, told.last_month) == (date(2025, 11, 1), date(2026, 4, 1)), "of a table of one file too"
    assert told.issued == date(2026, 1, 12)


def test_a_type_that_no_dataset_had_is_refused_with_the_place_to_add_it():
    import pyarrow as pa

    with pytest.raises(TypeError, match="datapackage"):
        kind(pa.binary())
    binary = dataclasses.replace(DATASETS["reference.county"].columns[0], type=pa.binary())
    with pytest.raises(TypeError, match="odcs"):
        contract(dataset("reference.county", columns=(binary,), rules=()), EVERY)
