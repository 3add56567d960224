"""The official validators of three standards read a small release, and refuse one that breaks its contract."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.exports.croissant import croissant
from catalog.exports.datapackage import datapackage
from catalog.exports.odcs import contract
from catalog.exports.published import File, published
from catalog.tables.datasets import DATASETS
from transport.base.encoding import encoded_pieces

pytestmark = pytest.mark.slow("loads the official validators; test_exports.py holds what is said to the contracts")

CLIENT = Path(sys.prefix) / "clients" / "validators"

PACKAGE = """
import json, sys
from frictionless import Package

report = Package(sys.argv[1] + "/datapackage.json").validate()
print(json.dumps({task.name: [error for error, in task.flatten(["type"])] for task in report.tasks}))
"""

CONTRACTS = """
import json, os, sys
import duckdb
from datacontract.data_contract import DataContract

os.chdir(sys.argv[1])
names = json.loads(sys.argv[2])
with duckdb.connect("dif.duckdb") as database:
    for name in names:
        database.execute("create schema if not exists " + name.split(".")[0])
        database.execute(f"create table {name} as from 'parquet/{name}/**/*.parquet'")
answer = {}
for name in names:
    file = name + ".odcs.json"
    runs = [DataContract(data_contract_file=file).lint()]
    runs += [DataContract(data_contract_file=file, server=server).test() for server in ("database", "files")]
    answer[name] = [[c.name, c.result.value, c.reason or ""] for run in runs for c in run.checks]
print(json.dumps(answer))
"""

ROWS_LOADED = """
import json, sys
import mlcroissant as mlc

loaded = {}
for name in json.loads(sys.argv[2]):
    dataset = mlc.Dataset(jsonld=f"{sys.argv[1]}/{name}.croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    (record_set,) = dataset.metadata.record_sets
    loaded[name] = sum(1 for _ in dataset.records(record_set.uuid))
print(json.dumps(loaded))
"""

DISPATCHES = {"organisation_number": "310000000", "service": "svarut", "channel": "ALTINN", "outcome": "delivered"}
DISPATCHES |= dict.fromkeys(("dispatches", "documents", "pages", "bytes"), 3)
DISPATCHES |= dict.fromkeys(("sheets", "production_cost_ore", "postage_ore"), 0) | {"synthetic": True}
GAP = {"service": "svarut", "supplier": None, "source_system": "Arkiv", "active": None, "waiting": 2}
GAP |= {"inhabitants": None, "supplier_ready": "YES", "supplier_evidence": "", "supplier_evidence_en": ""}
GAP |= {"municipality_codes": ["0301", "1103"], "synthetic": True}
NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
RELEASE = {"release": "2026-05-01.1", "parent": None, "published_at": NOW, "as_of": NOW, "through_month": None}
RELEASE |= {"checks_passed": 9, "synthetic": True}
MONTHS = ("2026-03-01", "2026-04-01")
ROWS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "usage.dispatch_month": {month: [DISPATCHES | {"month": date.fromisoformat(month)}] for month in MONTHS},
    "reference.county": {
        "all": [
            {"code": "01", "name": "Østfold", "valid_from": None, "valid_to": date(2020, 1, 1)},
            {"code": "03", "name": "Oslo", "valid_from": None, "valid_to": None},
        ]
    },
    "uptake.supplier_gap": {"all": [GAP, GAP | {"supplier": "Leverandør AS", "active": 1, "inhabitants": 500}]},
    "meta.release": {"all": [RELEASE]},
    "uptake.declined": {"all": []},
}
"""Months, keys with nulls, lists, moments, codes that begin with zero, empty texts, and a dataset without rows."""


def released(folder: Path, rows: dict[str, dict[str, list[dict[str, Any]]]]) -> Path:
    """A folder with the Parquet files of a release, and what it says of itself to each standard."""
    files, datasets, tables = {}, {}, {}
    for name, parts in rows.items():
        for month, part in parts.items():
            file = folder / "parquet" / name / ("" if month == "all" else month) / "part.parquet"
            file.parent.mkdir(parents=True)
            pq.write_table(pa.Table.from_pylist(part, DATASETS[name].arrow_schema), file)
            content = file.read_bytes()
            path = file.relative_to(folder).as_posix()
            files[path] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        everything = [row for part in parts.values() for row in part]
        table = pa.Table.from_pylist(everything, DATASETS[name].arrow_schema)
        text = b"".join(encoded_pieces(table.schema, table.to_batches(), "csv"))
        (folder / f"{name}.csv").write_bytes(text)
        tables[name] = File(f"{name}.csv", len(text), hashlib.sha256(text).hexdigest())
        datasets[name] = {"rows": sum(map(len, parts.values())), "synthetic": True, "partitions": parts}
    manifest = {"release": "2026-05-01.1", "published_at": NOW.isoformat(), "datasets": datasets, "files": files}
    said = published(manifest, DATASETS, contact="data@example.no", licence="https://data.example.no/licence")
    (folder / "datapackage.json").write_text(json.dumps(datapackage(said, tables)), "utf-8")
    for dataset in said.datasets:
        (folder / f"{dataset.contract.name}.odcs.json").write_text(json.dumps(contract(dataset, said)), "utf-8")
        (folder / f"{dataset.contract.name}.croissant.json").write_text(json.dumps(croissant(dataset, said)), "utf-8")
    return folder


def told(program: str, *given: str) -> Any:
    """What a program prints that runs with the validators' own libraries, in a process of its own."""
    if not CLIENT.is_dir():
        pytest.skip("not run: `make test-all` fetches the official validators")
    path = {"PYTHONPATH": str(CLIENT)}
    done = subprocess.run(
        [sys.executable, "-c", program, *given], capture_output=True, text=True, check=False, env=path, timeout=240
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def judged(folder: Path) -> dict[str, list[list[str]]]:
    answer: dict[str, list[list[str]]] = told(CONTRACTS, str(folder), json.dumps(list(ROWS)))
    return answer


def test_frictionless_finds_the_package_and_its_rows_valid(tmp_path: Path) -> None:
    folder = released(tmp_path, ROWS)
    names = [name.replace(".", "-").replace("_", "-") for name in sorted(ROWS)]
    names += [f"parquet-{n.replace('.', '-').replace('_', '-')}" for n, parts in ROWS.items() if "all" in parts]
    names += [f"parquet-usage-dispatch-month-{month}" for month in MONTHS]
    assert told(PACKAGE, str(folder)) == {name: [] for name in names}
    changed = folder / "parquet" / "usage.dispatch_month" / MONTHS[0] / "part.parquet"
    changed.write_bytes(changed.read_bytes().replace(b"svarut", b"svarin"))
    assert {n: e for n, e in told(PACKAGE, str(folder)).items() if e} == {
        f"parquet-usage-dispatch-month-{MONTHS[0]}": ["hash-count"]
    }


def test_datacontract_finds_each_contract_valid_and_kept_by_database_and_files(tmp_path: Path) -> None:
    for name, checks in judged(released(tmp_path, ROWS)).items():
        refused = [c for c in checks if c[1] != "passed" and not c[2].startswith("Checking types in parquet files")]
        assert refused == [], name
        assert len(checks) > 2 * len(DATASETS[name].columns)


def test_mlcroissant_loads_every_row_of_each_dataset(tmp_path: Path) -> None:
    rows = {name: parts for name, parts in ROWS.items() if any(parts.values())}
    expected = {name: sum(map(len, parts.values())) for name, parts in rows.items()}
    assert told(ROWS_LOADED, str(released(tmp_path, rows)), json.dumps(list(rows))) == expected


def test_the_command_of_mlcroissant_finds_a_dataset_valid_and_one_whose_file_is_not_told_of_not(tmp_path: Path) -> None:
    if not CLIENT.is_dir():
        pytest.skip("not run: `make test-all` fetches the official validators")
    file = released(tmp_path, ROWS) / "reference.county.croissant.json"
    no_file = tmp_path / "no_file.json"
    no_file.write_text(json.dumps(json.loads(file.read_text()) | {"distribution": []}), "utf-8")
    command = [sys.executable, str(CLIENT / "bin" / "mlcroissant"), "validate", "--jsonld"]
    said = [
        subprocess.run(
            [*command, str(one)], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(CLIENT)}
        )
        for one in (file, no_file)
    ]
    assert [done.returncode for done in said] == [0, 1], said[0].stderr
    assert ["error(s)" in done.stderr for done in said] == [False, True]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel": "PIGEON"}, "constraint-error"),
        ({"sheets": -1}, "constraint-error"),
        ({"month": date(2026, 3, 1)}, "primary-key"),
    ],
)
def test_both_refuse_a_row_that_breaks_its_contract(tmp_path: Path, change: dict[str, Any], error: str) -> None:
    (april,) = ROWS["usage.dispatch_month"]["2026-04-01"]
    months = ROWS["usage.dispatch_month"] | {"2026-04-01": [april | change]}
    folder = released(tmp_path, ROWS | {"usage.dispatch_month": months})
    assert told(PACKAGE, str(folder))["usage-dispatch-month"] == [error]
    results = {name: {result for _, result, _ in checks} for name, checks in judged(folder).items()}
    assert [name for name, found in results.items() if "failed" in found] == ["usage.dispatch_month"]
