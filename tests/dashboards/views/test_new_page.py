"""A new page is a folder, a line in the list of pages, and its short name in the menu; nothing else is changed.

Tried in a copy of `dashboards/`, by a process of its own: pages are a table of the whole program.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

PROJECT = Path(__file__).parents[3]
FOLDER = {
    "__init__.py": '"""The page: a toy."""\n',
    "page.py": '''
"""Prøve: how many services the release has. Only arranges."""

import streamlit as st

from dashboards.page import layout
from dashboards.views.toy import queries


def show(page):
    """The page, from the answer down."""
    layout.head(page, page.words("toy.answer", n=queries.services(page)), ("uptake.funnel",))
    layout.foot(page, [], ("uptake.funnel",))


opened = layout.open_page("toy.title")
if opened:
    show(opened)
''',
    "queries.py": '''
"""The queries of the toy."""


def services(reader):
    """How many services there are."""
    return reader.rows("toy/services")[0]["services"]
''',
    "sql/services.sql": "-- how many services\nselect count(distinct service) as services from uptake.funnel;\n",
    "texts.nb.ftl": (
        "toy-title = Prøve\n"
        "toy-answer = { $n ->\n        [one] { $n } tjeneste\n       *[other] { $n } tjenester\n    } i utgaven.\n"
    ),
    "texts.en.ftl": (
        "toy-title = Toy\n"
        "toy-answer = { $n ->\n        [one] { $n } service\n       *[other] { $n } services\n    } in the release.\n"
    ),
}
LINE = '    PageAt("about", "om"),\n'
SHOWN = """
import sys
from streamlit.testing.v1 import AppTest
from dashboards.release.authorization import EVERYTHING
from dashboards.shared.pages import PAGES, SETTINGS_KEY, address, shown_to

assert "toy" in {page.key for page in shown_to(EVERYTHING)} and address("toy") == "/prove"
for language in ("nb", "en"):
    script = next(page.view for page in PAGES if page.key == "toy")
    page = AppTest.from_file(script, default_timeout=180)
    page.secrets[SETTINGS_KEY] = {"home": sys.argv[1], "contact": ""}
    page.query_params["lang"] = language
    page.run()
    assert not page.exception, page.exception
    print(*(str(getattr(part, "value", "")).replace("\\n", " ") for part in page.main), sep=" | ")
"""


@pytest.mark.slow("a process of its own loads the pages; the same is tried on the pages that there are")
def test_a_page_that_is_a_folder_and_a_line_is_in_the_menu_and_says_what_the_release_says(sample_release, tmp_path):
    room = copytree(PROJECT / "dashboards", tmp_path / "dashboards", ignore=ignore_patterns("__pycache__"))
    for name, content in FOLDER.items():
        file = room / "views" / "toy" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    pages = room / "shared" / "pages.py"
    assert LINE in pages.read_text("utf-8")
    pages.write_text(pages.read_text("utf-8").replace(LINE, f'{LINE}    PageAt("toy", "prove"),\n'), "utf-8")
    for language, name in (("nb", "Prøve"), ("en", "Toy")):
        with (room / "page" / f"texts.{language}.ftl").open("a", encoding="utf-8") as texts:
            texts.write(f"app-menu-toy = {name}\n")
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {[str(tmp_path), str(PROJECT)]!r}\n{SHOWN}"]
    done = subprocess.run(
        [*command, str(sample_release)],
        cwd=PROJECT / "dashboards" / "server",  # where the settings of Streamlit are
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    norwegian, english = (line for line in done.stdout.splitlines() if " | " in line)
    assert "Prøve" in norwegian
    assert "tjenester i utgaven." in norwegian
    assert "Toy" in english
    assert "services in the release." in english
