"""What the weight counts, and that docs/insides.md lists every place inside a library."""

from __future__ import annotations

import re

import pytest

from tools import weight
from transport.base.settings import PROJECT

PAGE = (PROJECT / "docs" / "insides.md").read_text("utf-8")


def test_lines_of_code_are_those_without_blanks_comments_and_docstrings():
    source = '''"""A module."""

LIMIT = 3
"""Of what."""


def total(
    of: list[int],
) -> int:
    """Their sum.

    Of all.
    """
    # in order
    return sum(of)  # not a comment line
'''
    assert weight.code_lines(source) == 5


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("from dagster._core import events", "dagster._core: events"),
        ("from duckdb import _x, connect", "duckdb: _x"),
        ("import duckdb._x", "duckdb._x"),
        ("def show(chart):\n    return chart._get()", "._get"),
        ("def show(chart):\n    return getattr(chart, '_get')", "._get"),
        ("import duckdb\nduckdb.connect = print", "duckdb.connect ="),
        ("import traceback\nvars(traceback)['format'] = print", "traceback ="),
        ("import sys\nsys.modules['numpy'] = None", "sys.modules ="),
        ("def open(engine):\n    engine.dialect.words = ()", ".words ="),
        (
            "from starlette.responses import FileResponse as F\nclass G(F):\n    def _parse_range_header(self): ...",
            "starlette.responses.FileResponse._parse_range_header",
        ),
        ("import altair as alt\nalt.Chart.__init__(None)", "altair.Chart.__init__"),
        ("class Own:\n    def _go(self): ...\ndef go(own):\n    return own._go()", None),
        ("from assets._own import x", None),
        ("import streamlit as st\nst.session_state['x'] = 1", None),
    ],
)
def test_places_inside_libraries_are_found(tmp_path, source, what):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "planted.py").write_text(source, "utf-8")
    found = weight.insides(tmp_path)
    assert [place.what for place in found] == ([] if what is None else [what])
    assert all(place.file == "assets/planted.py" for place in found)


def test_the_table_shows_aims_beside_both_counts():
    shown = weight.table({"code lines": 45_000, "settings": 60}, {"code lines": 68_421})
    assert "| code lines | ≤ 46 000 | 68 421 | 45 000 |" in shown
    assert "| settings | ≤ 60 | 0 | 60 |" in shown


@pytest.mark.slow("parses every module of the product, and imports the libraries whose classes it extends")
def test_there_are_no_more_places_than_the_aim_and_the_page_of_insides_lists_each():
    rows = [row.split("|")[1:3] for row in PAGE.splitlines() if row.startswith("| `")]
    listed = {(file.strip(" `"), name) for file, names in rows for name in re.findall(r"`([^`]+)`", names)}
    places = weight.insides(PROJECT)
    assert len(places) <= weight.AIMS["places inside libraries"]
    for place in places:
        prefix, _, imported = place.what.removesuffix(" =").partition(": ")
        short = prefix if prefix.startswith("sys.") else prefix.rpartition(".")[2]
        for name in imported.split(", ") if imported else [short]:
            assert (place.file, name) in listed, f"List `{name}` of {place.file} in docs/insides.md, or do without it."
    for file, name in listed:
        assert name in (PROJECT / file).read_text("utf-8"), (
            f"{file} no longer has `{name}`: take it from docs/insides.md."
        )
