"""The pages of a product and of an organisation in a real browser: by keyboard, with their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboards import sample_ledger
from tests.dashboards.browser import NEEDED
from transport.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED


@pytest.fixture(scope="module")
def served_home(tmp_path_factory) -> Path:
    given = Settings(home=tmp_path_factory.mktemp("site") / "home")
    sample_ledger.calculate(sample_ledger.publish(given))
    return given.home


def shown(page, address: str, said: str) -> None:
    page.goto(address)
    page.locator(".dif-answer", has_text=said).wait_for()
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    page.get_by_role("heading", name="Slik er tallene laget").or_(
        page.get_by_role("heading", name="How the numbers are made")
    ).wait_for()


def test_the_keyboard_reaches_the_month_of_what_is_paid(page, site):
    shown(page, f"{site}/min?organisasjon={sample_ledger.OSLO}", "skal betale")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')?.includes('Måned')"):
            break
    page.keyboard.type("januar")
    page.keyboard.press("Enter")
    page.locator(".dif-answer", has_text="i januar 2026").wait_for()
    page.wait_for_url("**maned=2026-01**")


def test_the_keyboard_reaches_the_filter_and_changes_the_link(page, site):
    shown(page, f"{site}/tjeneste?tjeneste=svarut", "SvarUt")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role') === 'combobox'"):
            break
    page.keyboard.type("folkeregister")
    page.keyboard.press("Enter")
    page.locator(".dif-answer", has_text="Fiks folkeregister").wait_for()
    page.wait_for_url("**tjeneste=fiks-folkeregister**")


def test_the_customers_are_downloaded(page, site):
    shown(page, f"{site}/tjeneste?tjeneste=svarut", "SvarUt")
    with page.expect_download() as waited:
        page.locator(".st-key-downloads_svarut_kunder").get_by_role("button", name="Excel (XLSX)").click()
    assert waited.value.suggested_filename.startswith("svarut_kunder_")
    assert waited.value.suggested_filename.endswith(".xlsx")
