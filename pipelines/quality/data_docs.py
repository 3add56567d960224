"""Great Expectations' Data Docs of checks: each table's suite, validation result and page, as files.

The pages are Great Expectations' own, in a frame of ours: its frame loads scripts and styles from six other sites. What
does not belong here: what becomes of the files. They hold counts, never values of the data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

EXPECTATIONS, VALIDATIONS, PAGES = "expectations", "validations", "pages"
_COUNTS_OF_ROWS = (
    "expect_rows_to_meet_the_rule",
    "expect_no_key_to_repeat",
    "expect_table_row_count",
    "unexpected_rows",
)
"""How the names begin of expectations whose observed value is a number of rows."""
_ROWS = ("element_count", "missing_count", "unexpected_count")
_SHARES = ("missing_percent", "unexpected_percent", "unexpected_percent_total", "unexpected_percent_nonmissing")
_FRAMES = Path(__file__).with_name("frames")


def write(folder: Path, table: str, results: Sequence[ExpectationValidationResult], *, rows: int | None) -> None:
    """Write the expectations of a table and their results: two JSON files and a page.

    Args:
        folder: gets `expectations/<table>.json`, `validations/<table>.json` and `pages/<table>.html`.
        table: its name, which is the suite's.
        results: of the suite's expectations.
        rows: that Great Expectations looked at; None where the documents may not say it.
    """
    ordered = sorted(results, key=_place)
    for result in ordered:
        _config(result).kwargs.pop("batch_id", None)
        result.result = _publishable(result, rows)
    met = sum(bool(result.success) for result in ordered)
    validation = ExpectationSuiteValidationResult(
        success=met == len(ordered),
        results=ordered,
        suite_name=table,
        statistics={
            "evaluated_expectations": len(ordered),
            "successful_expectations": met,
            "unsuccessful_expectations": len(ordered) - met,
            "success_percent": 100 * met / len(ordered) if ordered else None,
        },
        meta={"run_id": RunIdentifier(run_name=table, run_time=datetime.now(UTC)), "active_batch_definition": {}},
    )
    validation_json = validation.to_json_dict()  # type: ignore[no-untyped-call]
    suite = ExpectationSuite(name=table, expectations=[_config(result) for result in ordered])
    _put(folder / EXPECTATIONS / f"{table}.json", json.dumps(suite.to_json_dict(), ensure_ascii=False, indent=1))
    _put(folder / VALIDATIONS / f"{table}.json", json.dumps(validation_json, ensure_ascii=False, indent=1))
    for result in ordered:  # Great Expectations does not escape a description
        config = _config(result)
        config.description = escape(config.description or "") or None
    document = ValidationResultsPageRenderer().render(validation)
    overview = document.sections[0]  # of which the rest links to pages of another layout, and unfolds by a script
    overview.content_blocks = [b for b in overview.content_blocks if b.content_block_type == "table"]
    page = _view().render(document, "dif_page.j2", table=table, met=met == len(ordered))  # type: ignore[no-untyped-call]
    _put(folder / PAGES / f"{table}.html", page)


def _publishable(result: ExpectationValidationResult, rows: int | None) -> dict[str, Any]:
    """What a document may say of a result: counts and shares of rows; no counts of a table that is not published."""
    details, type_ = result.result, _config(result).type
    if result.success and not details:  # it was asked only whether all rows meet it
        if type_.startswith(_COUNTS_OF_ROWS):
            return {"observed_value": 0}
        counted = {} if rows is None else {"element_count": rows}
        return {**counted, "unexpected_count": 0, "unexpected_percent": 0.0}
    if rows is None:  # in whole per cent: with all its decimals, a share tells of how many rows it is
        return {name: round(details[name]) for name in _SHARES if details.get(name) is not None}
    public_keys = [*_SHARES, *_ROWS, *(["observed_value"] if type_.startswith(_COUNTS_OF_ROWS) else [])]
    return {name: details[name] for name in public_keys if name in details}


def _place(result: ExpectationValidationResult) -> tuple[str, str]:
    config = _config(result)
    return str(config.kwargs.get("column", "")), str(config.type)


def _config(result: ExpectationValidationResult) -> ExpectationConfiguration:
    if result.expectation_config is None:
        raise TypeError("a result of a suite says what was expected")
    return result.expectation_config


@cache
def _view() -> DefaultJinjaPageView:
    return DefaultJinjaPageView(custom_views_directory=str(_FRAMES))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
