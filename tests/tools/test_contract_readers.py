"""Who reads what is that of the statements and the code as they are now."""

from __future__ import annotations

import pytest

from catalog.exports.readers import READERS, Reader, readers_of
from tools import contract_readers


@pytest.mark.slow("asks every statement; `make renew` writes the list")
def test_the_readers_are_those_of_the_statements_as_they_are():
    assert READERS.read_text("utf-8") == contract_readers.written(), "A statement changed: `make renew` reads it anew."


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("select d.day from usage.dispatch_day as d", {"usage.dispatch_day": {"day"}}),
        ("with d as (select * from reference.county) select code from d", {"reference.county": {"code", "name"}}),
        ("select count(*) from reference.county", {"reference.county": set()}),
        (
            "select reference.name_on(code, current_date) from reference.county",
            {"reference.municipality", "reference.county"},
        ),
        ("from reference.to_now('1507', date '2023-05-01')", {"reference.municipality_to_now"}),
    ],
)
def test_a_statement_reads_the_columns_that_it_names_through_whatever_lies_between(statement, reads):
    found = contract_readers.of_statement(statement)
    if isinstance(reads, dict):
        assert {name: columns & reads[name] for name, columns in found.items()} == reads
    else:
        assert found.keys() == reads


def test_pages_have_the_queries_of_their_folder_and_the_shared_ones_that_they_use():
    assert Reader("page", "accounts") in readers_of("ledger.reconciliation_part")
    assert Reader("page", "organisation") not in readers_of("ledger.entry")  # it shares code with pages that do
    assert Reader("report", "board") in readers_of("ledger.product_month")


def test_columns_of_a_view_are_those_of_its_dataset():
    assert Reader("page", "usage") in readers_of("usage.municipality_month_now", "dispatches")
    assert {r for r in readers_of("usage.municipality_month_now", "dispatches") if r.kind == "page"} <= {
        *readers_of("usage.municipality_month", "dispatches")
    }
    assert readers_of("usage.nothing") == ()


def test_python_that_names_a_dataset_reads_every_column_of_it():
    command = Reader("command", "pipelines/exports/invoice_basis.py")
    assert command in readers_of("ledger.invoice_basis", "quantity")
