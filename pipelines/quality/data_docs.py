"""Great Expectations' Data Docs of a judgement: each table's suite, validation result and page, as files.

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

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

EXPECTATIONS, VALIDATIONS, PAGES = "expectations", "validations", "pages"
_AGGREGATES = ("expect_rows_to_meet_the_rule", "expect_no_key_to_repeat")
"""Expectations whose result is one number, of rows at fault."""
_FRAMES = Path(__file__).with_name("frames")


class _Page(DefaultJinjaPageView):
    """Great Expectations' sections in our frame."""

    _template = "dif_page.j2"


def write(folder: Path, table: str, results: Sequence[ExpectationValidationResult], *, rows: int | None) -> None:
    """Write the expectations of a table and their results: two JSON files and a page.

    Args:
        folder: gets `expectations/<table>.json`, `validations/<table>.json` and `pages/<table>.html`.
        table: its name, which is the suite's.
        results: of the suite's expectations. One that was met has no counts: all rows met it.
        rows: of the table; None where the documents may not say it.
    """
    ordered = sorted(results, key=_place)
    for result in ordered:
        config = _config(result)
        config.kwargs.pop("batch_id", None)
        if result.success and not result.result:
            counts = {"unexpected_count": 0, "unexpected_percent": 0.0} | (
                {} if rows is None else {"element_count": rows}
            )
            result.result = {"observed_value": 0} if config.type in _AGGREGATES else counts
    met = sum(bool(result.success) for result in ordered)
    statistics = {
        "evaluated_expectations": len(ordered),
        "successful_expectations": met,
        "unsuccessful_expectations": len(ordered) - met,
        "success_percent": 100 * met / len(ordered) if ordered else None,
    }
    run_id = RunIdentifier(run_name=table, run_time=datetime.now(UTC))
    validation = ExpectationSuiteValidationResult(
        success=met == len(ordered),
        results=ordered,
        suite_name=table,
        statistics=statistics,
        meta={"run_id": run_id, "active_batch_definition": {}},
    )
    expected = [_written(_config(result)) for result in ordered]
    _put_json(folder / EXPECTATIONS / f"{table}.json", {"name": table, "expectations": expected})
    _put_json(
        folder / VALIDATIONS / f"{table}.json",
        {
            "success": validation.success,
            "suite_name": table,
            "statistics": statistics,
            "meta": {"run_id": {"run_name": table, "run_time": run_id.run_time.isoformat()}},
            "results": [
                {"success": result.success, "expectation_config": config, "result": dict(result.result)}
                for result, config in zip(ordered, expected, strict=True)
            ],
        },
    )
    for result in ordered:  # Great Expectations shows a description as it is, so it may be no markup
        config = _config(result)
        config.description = escape(config.description or "") or None
    document = ValidationResultsPageRenderer().render(validation)
    overview = document.sections[0]  # of which the rest links to pages of another layout, and unfolds by a script
    overview.content_blocks = [b for b in overview.content_blocks if b.content_block_type == "table"]
    page = _page().render(document, table=table, met=met == len(ordered))  # type: ignore[no-untyped-call]
    _put(folder / PAGES / f"{table}.html", page)


def _place(result: ExpectationValidationResult) -> tuple[str, str]:
    config = _config(result)
    return str(config.kwargs.get("column", "")), str(config.type)


def _config(result: ExpectationValidationResult) -> ExpectationConfiguration:
    if result.expectation_config is None:
        raise TypeError("a result of a suite says what was expected")
    return result.expectation_config


def _written(config: ExpectationConfiguration) -> dict[str, Any]:
    """An expectation as Great Expectations writes it, which takes it a third of a millisecond: it copies all first."""
    described = {"description": config.description} if config.description else {}
    return {"type": config.type, "kwargs": dict(config.kwargs), "meta": dict(config.meta), **described}


@cache
def _page() -> _Page:
    return _Page(custom_views_directory=str(_FRAMES))


def _put_json(path: Path, value: object) -> None:
    _put(path, json.dumps(value, ensure_ascii=False, indent=1))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
