"""Expectations in files: what can be read is a check, and what cannot says which file to mend, and how."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from catalog.tables.datasets import DATASETS
from pipelines.quality import suites
from pipelines.quality.checks import NOT_CARRIED_OUT, Result
from pipelines.run.tables import LAKE

NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of expectations, which others may read meanwhile."""
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    return tmp_path


def checked(folder: Path, text: str, rows: pa.Table | None = None, **more: object) -> list[Result]:
    """The results of a file about a table `u.t`."""
    from pipelines.quality import engine

    (folder / "u.t.json").write_text(text, "utf-8")
    rows = rows or pa.table({"id": [1, 2, None], "text": ["a", "b", "secret"]})
    pq.write_table(rows, folder / "rows.parquet")
    file = suites.read(["u.t", "u.other"])["u.t"]
    table = engine.Table([str(folder / "rows.parquet")], file.checks, **more)
    limits = {"memory_limit": "256MB", "threads": 1, "temp_directory": folder / "spill"}
    return file.broken + engine.run_checks({"u.t": table}, documents=folder / "docs", **limits)


def suite(*expectations: object) -> str:
    return json.dumps({"name": "u.t", "expectations": expectations})


def rows_at_fault(query: str) -> dict[str, object]:
    return {"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": query}}


BAD = {
    "no JSON": ("{", "it cannot be read as JSON"),
    "no suite": ("[]", "a list named expectations"),
    "no list": ('{"expectations": 1}', "a list named expectations"),
    "no type": (suite({"kwargs": {}}), "expectation 1 names no type"),
    "kwargs": (suite(NOT_NULL | {"kwargs": []}), "kwargs that are no object"),
    "severity": (suite(NOT_NULL | {"severity": "fatal"}), "severity 'fatal', not critical, warning"),
    "severities": (suite(NOT_NULL | {"severity": ["WARN"]}), "severity ['WARN'], not"),
    "meta": (suite(NOT_NULL | {"meta": [1]}), "expect_column_values_to_not_be_null in catalog/"),
    "unknown": (suite(NOT_NULL | {"type": "expect_nothing"}), "expect_nothing not found"),
    "missing argument": (suite(NOT_NULL | {"kwargs": {}}), "field required"),
    "unknown argument": (suite(NOT_NULL | {"kwargs": {"column": "id", "colour": 1}}), "colour"),
    "column": (suite(NOT_NULL | {"kwargs": {"column": "nope"}}), "nope"),
    "regex": (
        suite({"type": "expect_column_values_to_match_regex", "kwargs": {"column": "text", "regex": "a"}}),
        "Regex is not supported for dialect duckdb → Mend expect_column_values_to_match_regex in catalog/",
    ),
    "type": (
        suite({"type": "expect_column_values_to_be_of_type", "kwargs": {"column": "id", "type_": "BIGINT"}}),
        "reads no column types of DuckDB",
    ),
    "query": (
        suite(rows_at_fault("select * frm {batch}")),
        "syntax error",
    ),
    "values": (
        suite(rows_at_fault("select * from {batch} where text::integer > 0")),
        "string '…'",
    ),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_what_cannot_be_carried_out_fails_and_says_why_and_which_file_to_mend(folder, text, why):
    (result,) = checked(folder, text)
    assert (result.passed, result.severity, result.dataset) == (False, "ERROR", "u.t")
    assert result.detail.startswith(NOT_CARRIED_OUT)
    assert why in result.detail
    assert "→ Mend" in result.detail
    assert "catalog/expectations/u.t.json" in result.detail
    assert "secret" not in result.detail


def test_one_that_breaks_spares_the_others(folder):
    bad = NOT_NULL | {"kwargs": {"column": "nope"}}
    broken, found = checked(folder, suite(bad, NOT_NULL | {"severity": "WARN"}))
    assert broken.detail.startswith(NOT_CARRIED_OUT)
    assert (found.unexpected, found.examined, found.severity) == (1, 3, "WARN")


def test_a_file_for_no_dataset_is_told_with_the_nearest_name(folder):
    (folder / "u.othr.json").write_text(suite(NOT_NULL), "utf-8")
    (result,) = suites.read(["u.t", "u.other"])["u.othr"].broken
    assert "No dataset 'u.othr'. Did you mean 'u.other'?" in result.detail


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        (None, "ERROR"),
        ("critical", "ERROR"),
        ("ERROR", "ERROR"),
        ("warning", "WARN"),
        ("info", "WARN"),
        ("WARN", "WARN"),
    ],
)
def test_a_severity_is_said_in_either_words(folder, said, severity):
    (result,) = checked(folder, suite(NOT_NULL | ({"severity": said} if said else {})))
    assert (result.passed, result.severity) == (False, severity)


def test_a_check_is_named_by_type_and_columns_and_by_its_arguments_where_two_would_share_it(folder):
    def named(*expectations):
        (folder / "u.t.json").write_text(suite(*expectations), "utf-8")
        return [check.name for check in suites.read(["u.t"])["u.t"].checks]

    mean = "expect_column_mean_to_be_between"
    low, high = ({"type": mean, "kwargs": {"column": "id", "max_value": value}} for value in (1, 2))
    assert named(low, NOT_NULL) == [f"{mean}_id", f"{NOT_NULL['type']}_id"]
    names = named(low, high)
    assert len({*names}) == 2
    assert named(high, low) == names[::-1], "whatever their order"
    assert named(low, low) == [f"{mean}_id"], "one that stands twice is one"


def test_what_was_found_is_shown_with_the_run_and_no_value_of_it_in_documents(folder):
    lengths = {"type": "expect_column_value_lengths_to_be_between", "kwargs": {"column": "text", "max_value": 1}}
    highest = {"type": "expect_column_max_to_be_between", "kwargs": {"column": "id", "max_value": 1}}
    least = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 4_000}}
    results = checked(folder, suite(lengths, highest, least))
    assert [(r.unexpected, r.samples) for r in results] == [
        (1, ({"text": "secret"},)),
        (0, ({"observed": "2"},)),
        (0, ({"observed": "3"},)),
    ]
    assert [r.detail for r in results] == ["text secret", "observed 2", "observed 3"]
    documents = {f.parent.name: f.read_text("utf-8") for f in (folder / "docs").rglob("u.t.*")}
    assert "secret" not in "".join(documents.values())
    found = {r["expectation_config"]["type"]: r["result"] for r in json.loads(documents["validations"])["results"]}
    assert found[highest["type"]] == {}
    assert found[least["type"]] == {"observed_value": 3}
    assert found[lengths["type"]]["unexpected_count"] == 1


def test_documents_do_not_tell_by_a_share_how_many_rows_a_table_has_that_is_not_published(folder):
    rows = pa.table({"id": [None, *range(22)], "text": ["a"] * 23})
    mostly = NOT_NULL | {"kwargs": {"column": "id", "mostly": 0.9}}
    (result,) = checked(folder, suite(mostly), rows, counted=False)
    assert result.passed
    (found,) = json.loads((folder / "docs" / "validations" / "u.t.json").read_text("utf-8"))["results"]
    assert (found["result"]["unexpected_percent"], "unexpected_count" in found["result"]) == (4, False)
    page = (folder / "docs" / "pages" / "u.t.html").read_text("utf-8")
    assert "4.3" not in page


def test_great_expectations_reads_back_what_is_written_and_a_query_sees_the_table_by_its_name(folder):
    query = rows_at_fault("select * from u.t where id = 2")
    (result,) = checked(folder, suite(query))
    assert (result.passed, result.unexpected) == (False, 1)
    from great_expectations import ExpectationSuite

    written = json.loads((folder / "docs" / "expectations" / "u.t.json").read_text("utf-8"))
    assert [e.expectation_type for e in ExpectationSuite(**written).expectations] == [query["type"]]


def test_no_column_of_a_contract_is_a_word_that_duckdb_takes_for_another():
    """Great Expectations' dialect quotes the words that Postgres reserves: a check of such a column would break."""
    with sa.create_engine("duckdb:///:memory:").connect() as connection:
        for name in {column.name for contract in (*LAKE, *DATASETS.values()) for column in contract.columns}:
            column = sa.column(name)
            query = sa.select(column.label("found"), sa.func.max(column)).where(column.is_not(None)).group_by(column)
            connection.execute(query.select_from(sa.text(f'(select 1 as "{name}") as made')))
