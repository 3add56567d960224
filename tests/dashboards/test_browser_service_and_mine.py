"""The pages of a product and of an organisation in a real browser: accessible, by keyboard, with their files."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dashboards import serve
from tests.dashboards import sample_ledger
from tests.dashboards.conftest import BROWSER
from tests.dashboards.test_browser import context, page, ready
from transport.settings import PROJECT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["context", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="not run: no browser")]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    """Where a release with ledgers is served, without a page."""
    given = Settings(home=tmp_path_factory.mktemp("site") / "home")
    sample_ledger.calculate(sample_ledger.publish(given))
    process = subprocess.Popen(
        serve.command(given, 0), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        printed = process.stdout.readline().strip()
        ready(process, printed)
        place = urlsplit(printed)
        yield f"{place.scheme}://{place.netloc}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def shown(page, address: str, said: str) -> None:
    page.goto(address)
    page.locator(".dif-answer", has_text=said).wait_for()
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    page.get_by_role("heading", name="Slik er tallene laget").or_(
        page.get_by_role("heading", name="How the numbers are made")
    ).wait_for()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("tjeneste?tjeneste=svarut", "SvarUt"),
        ("tjeneste?tjeneste=svarut&lang=en", "The use of SvarUt"),
        (f"min?organisasjon={sample_ledger.OSLO}", "skal betale"),
    ],
    ids=["service", "service-in-english", "mine"],
)
def test_axe_finds_nothing_serious_and_the_page_is_no_wider_than_the_screen(page, site, link, said):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    shown(page, f"{site}/{link}", said)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.Axe().run(page).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}
        ] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


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
