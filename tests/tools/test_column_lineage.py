"""The column lineage that Dagster shows is that of the statements as they are now."""

import json

import pytest

from pipelines.run.column_lineage import FILE
from pipelines.run.tables import BUILD_OF, BUILDS
from tools import column_lineage

WRITTEN = json.loads(FILE.read_text("utf-8"))
RENEW = "A statement changed: `make renew` reads its columns anew."


def test_every_statement_is_the_one_whose_columns_were_read():
    assert {b.contract.name: (column_lineage.statement_of(b), column_lineage.files_of(b)) for b in BUILDS} == {
        name: (entry["statement"], entry["files"]) for name, entry in WRITTEN.items()
    }, RENEW


@pytest.mark.parametrize("dataset", ["usage.dispatch_day", "uptake.declined", "reference.county"])
def test_the_columns_are_what_the_statement_says(dataset):
    assert column_lineage.of(BUILD_OF[dataset]) == WRITTEN[dataset]["columns"], RENEW


def test_columns_through_several_statements_are_found_and_every_source_is_a_column_of_an_input():
    assert WRITTEN["usage.dispatch_day"]["columns"]["pages"] == ["conformed.dispatch.page_count"]
    assert "conformed.invoice_line.service" in WRITTEN["ledger.entry"]["columns"]["service"]
    for build in BUILDS:
        inputs = {f"{s.name}.{c.name}" for s in build.inputs.values() for c in s.columns}
        for column, sources in WRITTEN[build.contract.name]["columns"].items():
            assert column in {c.name for c in build.contract.columns}
            assert set(sources) <= inputs, build.contract.name
    known = sum(len(entry["columns"]) for entry in WRITTEN.values())
    assert known > 400
