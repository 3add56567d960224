"""The column lineage that Dagster shows is that of the statements as they are now."""

import json

import pytest

from catalog.contracts.language import Audience
from catalog.contracts.sharing import Right, columns_for
from catalog.tables.datasets import DATASETS
from pipelines.run.column_lineage import FILE
from pipelines.run.tables import BUILD_OF, BUILDS
from tools import column_lineage

WRITTEN = json.loads(FILE.read_text("utf-8"))
RENEW = "A statement changed: `make renew` reads its columns anew."
TOLD_ALL_THE_SAME = {
    ("uptake.not_yet", "synthetic"),  # whether anything of the row is made up
    # by whole days late; which of a day's batches it was is what is withheld
    *(("quality.expected_reporter", name) for name in ("received", "late_days", "status")),
}


def test_every_statement_is_the_one_whose_columns_were_read():
    assert {b.contract.name: (column_lineage.statement_of(b), column_lineage.files_of(b)) for b in BUILDS} == {
        name: (entry["statement"], entry["files"]) for name, entry in WRITTEN.items()
    }, RENEW


@pytest.mark.parametrize("dataset", ["usage.dispatch_day", "uptake.declined", "reference.county"])
def test_the_columns_are_what_the_statement_says(dataset):
    told = {kind: WRITTEN[dataset][kind] for kind in ("columns", "registers")}
    assert column_lineage.of(BUILD_OF[dataset]) == told, RENEW


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


@pytest.mark.parametrize("right", [Right.OPEN, Right.PUBLIC])
def test_no_column_that_is_given_is_computed_from_what_is_withheld_beside_it(right):
    for name, entry in WRITTEN.items():
        dataset = DATASETS.get(name)
        given = columns_for(dataset, {right}) if dataset and dataset.audience is Audience.OPEN else ()
        if not given:
            continue
        of = {c.name: {*entry["columns"].get(c.name, ()), *entry["registers"].get(c.name, ())} for c in dataset.columns}
        sources = set().union(*(of[c] for c in of if c not in given))
        open_ones = {f"{d.name}.{c}" for d in DATASETS.values() for c in columns_for(d, {Right.OPEN})}
        told = {column for column in given if of[column] & (sources - open_ones)}
        assert {(name, column) for column in told} <= TOLD_ALL_THE_SAME, "withhold it, or say here why it may be told"
