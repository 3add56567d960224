"""What a dataset is made of, told of what a reader can see."""

from __future__ import annotations

from catalog.exports import describe
from catalog.tables import conformed, quality, registers, uptake, usage


def test_what_never_leaves_the_lake_is_stepped_over():
    on_the_way = {
        quality.EXPECTED_REPORTER: [quality.ARRIVAL_DAY, uptake.STEP_EVENT],
        quality.ARRIVAL_DAY: [conformed.DISPATCH, registers.SOURCE_SYSTEM],
    }
    assert [tuple(row.values()) for row in describe.lineage(on_the_way).to_pylist()] == [
        ("quality.expected_reporter", "DATASET", "uptake.step_event"),
        ("quality.expected_reporter", "REGISTER", "source_system"),
        ("quality.expected_reporter", "STREAM", "dispatch"),
    ]


def test_what_is_made_of_nothing_has_no_row():
    assert describe.lineage({usage.DISPATCH_DAY: []}).num_rows == 0
