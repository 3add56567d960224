"""Produktregnskap in a real browser: read by everyone, and its numbers in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dashboards import sample_accounts
from tests.dashboards.browser import ANSWER, NEEDED, barriers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED


@pytest.fixture(scope="module")
def served_home(tmp_path_factory) -> Path:
    return sample_accounts.make(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def address(site) -> str:
    return f"{site}/produktregnskap-pris"


def shown(page, link: str) -> None:
    page.goto(link)
    page.locator(ANSWER).wait_for()
    page.locator("#definisjoner").wait_for()


@pytest.mark.slow("every page with numbers is tried each time")
def test_nothing_shuts_anyone_out_of_a_what_if(page, address):
    shown(page, f"{address}?tjeneste=svarut&kommuner=200&drift=12&lang=en")
    assert barriers(page) == []


@pytest.mark.slow("a filter that goes into the address is tried in test_browser.py")
def test_a_number_that_is_typed_stands_in_the_address_and_gives_others_the_same_page(page, address, context):
    shown(page, f"{address}?tjeneste=svarut")
    page.get_by_role("spinbutton", name="Bruk, prosent mer eller mindre").focus()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.get_by_text("Forutsatt: 10,0 % mer bruk.").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"tjeneste": ["svarut"], "volum": ["10"]}
    page.locator("table", has_text="Priser med og uten forutsetningene").wait_for()
    said = page.locator("table", has_text="Priser med og uten forutsetningene").inner_text()
    other = context.new_page()
    shown(other, page.url)
    assert other.locator("table", has_text="Priser med og uten forutsetningene").inner_text() == said
    other.close()
    page.get_by_role("spinbutton", name="Bruk, prosent mer eller mindre").fill("")
    page.keyboard.press("Enter")
    page.get_by_text("Ingen endringer: kostnaden er som i perioden, bruken som framskrevet.").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"tjeneste": ["svarut"]}
