"""Datasets of a release as Croissant: what the documents promise to search engines and readers."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from catalog.contracts.language import Audience, Column, DatasetContract
from catalog.exports.croissant import PARQUET, croissant
from catalog.exports.published import File, Published, PublishedDataset
from catalog.tables.datasets import DATASETS

ADDRESS = "https://dif.example.no"
LICENCE = "https://data.norge.no/nlod/no/2.0"
OPEN = DATASETS["usage.municipality_month"]
LEDGER = DATASETS["ledger.entry"]
ONE_FILE = DATASETS["reference.county"]
WITH_LIST = DATASETS["uptake.supplier_gap"]


def dataset(contract: DatasetContract, **facts) -> PublishedDataset:
    """A dataset with files for two months, or with one file when its contract has no months."""
    months = ("2026-01-01/", "2026-02-01/") if contract.partitioned else ("",)
    files = tuple(
        File(f"parquet/{contract.name}/{month}part.parquet", 1000 + n, f"{n}" * 64) for n, month in enumerate(months)
    )
    first, last = (date(2026, 1, 1), date(2026, 2, 1)) if contract.partitioned else (None, None)
    usual = {"rows": 7, "synthetic": False, "first_month": first, "last_month": last, "files": files}
    return PublishedDataset(contract, **(usual | facts))


def release(*datasets: PublishedDataset, **settings) -> Published:
    return Published("2026-02-11.1", datetime(2026, 2, 11, 4, 30, tzinfo=UTC), datasets, **settings)


def described(contract: DatasetContract, facts: dict | None = None, **settings) -> dict:
    one = dataset(contract, **(facts or {}))
    return croissant(one, release(one, **settings))


def fields(contract: DatasetContract) -> dict:
    (records,) = described(contract)["recordSet"]
    return {field["name"]: field for field in records["field"]}


def test_every_dataset_is_described_as_json_and_the_same_each_time():
    for contract in DATASETS.values():
        first = described(contract, address=ADDRESS, licence=LICENCE)
        assert json.loads(json.dumps(first)) == first, contract.name
        assert json.dumps(described(contract, address=ADDRESS, licence=LICENCE)) == json.dumps(first), contract.name


def test_every_column_is_a_field_that_is_read_from_a_resource_of_the_document():
    for contract in DATASETS.values():
        document = described(contract)
        resources = {resource["@id"] for resource in document["distribution"]}
        (records,) = document["recordSet"]
        assert [field["name"] for field in records["field"]] == contract.arrow_schema.names, contract.name
        for field, column in zip(records["field"], contract.columns, strict=True):
            (kind,) = field["source"].keys() - {"extract"}
            assert field["source"][kind]["@id"] in resources, contract.name
            assert field["source"]["extract"] == {"column": column.name}, contract.name
            assert field["description"].startswith(column.description.en), contract.name


def test_ids_are_unique_and_the_key_names_fields_in_the_order_of_the_contract():
    for contract in DATASETS.values():
        document = described(contract)
        (records,) = document["recordSet"]
        ids = [part["@id"] for part in (*document["distribution"], records, *records["field"])]
        assert len(set(ids)) == len(ids), contract.name
        assert records["key"] == [{"@id": f"{contract.name}/{column}"} for column in contract.key], contract.name


@pytest.mark.parametrize(
    ("contract", "column", "data_type"),
    [
        (OPEN, "service", "sc:Text"),
        (OPEN, "inhabitants", "sc:Integer"),
        (OPEN, "dispatches", "sc:Float"),
        (OPEN, "estimated", "sc:Boolean"),
        (OPEN, "month", "sc:Date"),
        (DATASETS["meta.release"], "published_at", "sc:DateTime"),
    ],
)
def test_a_field_has_the_data_type_of_its_column(contract, column, data_type):
    field = fields(contract)[column]
    assert field["dataType"] == data_type
    assert "isArray" not in field


def test_a_list_is_an_array_of_its_values():
    field = fields(WITH_LIST)["municipality_codes"]
    assert (field["dataType"], field["isArray"], field["arrayShape"]) == ("sc:Text", True, "-1")


def test_a_column_without_a_data_type_in_croissant_is_refused():
    blob = Column("blob", pa.binary(), OPEN["service"].title)
    with pytest.raises(ValueError, match="binary"):
        described(dataclasses.replace(ONE_FILE, columns=(*ONE_FILE.columns, blob)))


def test_a_unit_and_what_to_choose_before_summing_are_said():
    (records,) = described(OPEN)["recordSet"]
    assert records["description"].endswith("Sum within one value of borders.")
    assert fields(OPEN)["postage_ore"]["description"].endswith("Unit: øre.")


def test_it_is_croissant_and_names_dataset_release_and_publisher():
    document = described(OPEN)
    assert document["@type"] == "sc:Dataset"
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert (document["name"], document["version"]) == (OPEN.name, "2026-02-11.1")
    assert document["datePublished"] == "2026-02-11T04:30:00+00:00"
    assert document["alternateName"] == {"@value": OPEN.title.nb, "@language": "nb"}
    assert document["creator"] == document["publisher"]
    assert document["publisher"] == {"@type": "Organization", "name": "KS Digitale fellestjenester"}


@pytest.mark.parametrize(
    ("contract", "licence", "expected"), [(OPEN, LICENCE, LICENCE), (OPEN, "", None), (LEDGER, LICENCE, None)]
)
def test_only_an_open_dataset_has_the_licence_and_only_when_one_is_set(contract, licence, expected):
    assert described(contract, licence=licence).get("license") == expected


@pytest.mark.parametrize(
    ("contract", "open_access", "access"),
    [(OPEN, True, "PUBLIC"), (OPEN, False, "RESTRICTED"), (LEDGER, True, "RESTRICTED")],
)
def test_only_what_anybody_may_read_is_said_to_be_public_and_free(contract, open_access, access):
    told = described(contract, open_access=open_access)
    assert told["conditionsOfAccess"].startswith(f"{access}: ")
    assert told.get("isAccessibleForFree", False) == (access == "PUBLIC")


def test_the_months_are_covered_to_the_last_day():
    assert described(OPEN)["temporalCoverage"] == "2026-01-01/2026-02-28"
    leap = described(OPEN, {"last_month": date(2028, 2, 1)})
    assert leap["temporalCoverage"] == "2026-01-01/2028-02-29"
    assert "temporalCoverage" not in described(ONE_FILE)


def test_synthetic_figures_are_said_in_the_description():
    sentence = "Contains synthetic figures."
    assert described(OPEN, {"synthetic": True})["description"].endswith(sentence)
    assert sentence not in described(OPEN)["description"]


def test_an_internal_dataset_is_refused():
    with pytest.raises(ValueError, match="is internal"):
        described(dataclasses.replace(OPEN, audience=Audience.INTERNAL))


def test_files_have_paths_in_the_release_checksums_and_sizes_and_several_form_a_set():
    *files, together = described(OPEN)["distribution"]
    assert [(f["contentUrl"], f["contentSize"], f["sha256"]) for f in files] == [
        ("parquet/usage.municipality_month/2026-01-01/part.parquet", "1000 B", "0" * 64),
        ("parquet/usage.municipality_month/2026-02-01/part.parquet", "1001 B", "1" * 64),
    ]
    assert all(f["@type"] == "cr:FileObject" and PARQUET in f["encodingFormat"] for f in files)
    assert (together["@type"], together["includes"]) == ("cr:FileSet", "parquet/usage.municipality_month/**/*.parquet")
    assert "isLiveDataset" not in described(OPEN)


def test_one_file_needs_no_set():
    (file,) = described(ONE_FILE)["distribution"]
    assert (file["@type"], file["name"]) == ("cr:FileObject", "part.parquet")
    assert fields(ONE_FILE)["code"]["source"]["fileObject"] == {"@id": file["@id"]}


def test_a_dataset_without_files_is_an_empty_set():
    (together,) = described(OPEN, {"files": (), "first_month": None, "last_month": None})["distribution"]
    assert together["@type"] == "cr:FileSet"


def test_with_an_address_the_data_is_one_live_download_without_a_checksum():
    document = described(OPEN, address=ADDRESS)
    (download,) = document["distribution"]
    assert document["url"] == f"{ADDRESS}/v1/datasets/{OPEN.name}"
    assert download["contentUrl"] == f"{ADDRESS}/releases/current/{OPEN.name}.parquet"
    assert document["isLiveDataset"] is True
    assert "sha256" not in download
    assert "url" not in described(OPEN)
