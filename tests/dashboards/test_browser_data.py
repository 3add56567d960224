"""The pages about the data themselves in a real browser: reach, reflow, and links that lead to a definition."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.dashboards.browser import NEEDED, barriers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED
FOOT = "h2#definisjoner"
LINKS = (
    "data?datasett=usage.municipality_month",
    "data?del=leveranser&lang=en",
    "data?del=karantene",
    "data?del=endringer",
)


@pytest.fixture(scope="module")
def served_home(data_home) -> Path:
    return data_home


@pytest.fixture(scope="module")
def address(site) -> str:
    return f"{site}/"


@pytest.mark.slow("the page itself is looked through in test_browser_every_page.py")
@pytest.mark.parametrize("link", LINKS)
def test_nothing_shuts_anyone_out_of_the_parts_of_the_data_page(page, address, link):
    page.goto(address + link)
    page.locator(FOOT).wait_for()
    assert barriers(page) == []


@pytest.mark.slow("looks of one page")
@pytest.mark.parametrize("link", ["definisjoner#unmapped_share", "definisjoner?lang=en#missing_reporters"])
def test_a_link_to_a_definition_leads_there_once_the_page_is_drawn(page, address, link):
    page.goto(address + link)
    name = link.partition("#")[2]
    page.wait_for_function("name => document.activeElement?.id === name", arg=name)
    assert page.url.endswith(link)
    top = page.locator(f"#{name}").bounding_box()["y"]
    assert 0 <= top < 300


@pytest.mark.slow("a small matter of one page")
def test_a_link_to_what_takes_no_focus_leaves_the_page_to_its_reader(page, address):
    page.goto(f"{address}definisjoner#tallene")
    page.locator(FOOT).wait_for()
    page.locator("main").hover()
    page.mouse.wheel(0, 1500)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 1000")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 1000


@pytest.mark.slow("what the files hold is tried in test_downloads.py, and the links in test_data.py")
def test_a_dataset_is_downloaded_as_it_lies_and_as_a_spreadsheet(page, address, tmp_path):
    page.goto(address + "data?datasett=usage.municipality_month")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Last ned Parquet i en ZIP-fil").click()
    assert waited.value.suggested_filename == "usage.municipality_month_2026-11-24.1.zip"
    waited.value.save_as(tmp_path / "got.zip")
    assert len(zipfile.ZipFile(tmp_path / "got.zip").namelist()) == 2
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile("^Last ned: ")).click()
        page.get_by_role("button", name="CSV for norsk Excel").click()
    assert waited.value.suggested_filename == "usage.municipality_month_2026-11-24.1.csv"
    waited.value.save_as(tmp_path / "got.csv")
    assert len((tmp_path / "got.csv").read_text("utf-8-sig").splitlines()) == 3
