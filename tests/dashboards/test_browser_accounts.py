"""Produktregnskap in a real browser: read by everyone, and its numbers in the address."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards import serve
from tests.dashboards import sample_accounts
from tests.dashboards.conftest import BROWSER
from tests.dashboards.test_browser import ANSWER, context, page, ready
from transport.settings import PROJECT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["context", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="not run: no browser")]


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    home = sample_accounts.make(tmp_path_factory.mktemp("accounts"))
    process = subprocess.Popen(
        serve.command(Settings(home=home), 0), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        printed = process.stdout.readline().strip()
        ready(process, printed)
        yield printed.replace("/utbredelse", "/produktregnskap")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def shown(page, link: str) -> None:
    page.goto(link)
    page.locator(ANSWER).wait_for()
    page.locator("#definisjoner").wait_for()
    page.locator("[data-testid=stVegaLiteChart] svg").nth(4).wait_for()


@pytest.mark.parametrize("link", ["?tjeneste=svarut&kommuner=200&drift=12", "?tjeneste=svarut&kvartal=1&lang=en"])
def test_axe_finds_nothing_serious_and_the_page_is_no_wider_than_the_screen(page, address, link):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    shown(page, address + link)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = axe.Axe().run(page).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}
        ] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in page.problems if "/produktregnskap/_stcore/" not in one] == []
    assert [one for one in page.outside if not one.startswith(("data:", "blob:"))] == []


def test_every_filter_is_reached_by_keyboard_and_a_number_typed_stands_in_the_address(page, address, context):
    shown(page, f"{address}?tjeneste=svarut")
    wanted = ["Tjeneste", "År", "Kvartal", "Kommuner som har tjenesten", "Bruk, prosent mer eller mindre"]
    page.locator("h1").click()
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        reached += [one for one in wanted if one in label and one not in reached]
        if len(reached) == len(wanted):
            break
    assert reached == wanted
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.get_by_text("Forutsatt: 10,0 % mer bruk.").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"tjeneste": ["svarut"], "volum": ["10"]}
    said = page.locator("table", has_text="Priser med og uten forutsetningene").inner_text()
    other = context.new_page()
    shown(other, page.url)
    assert other.locator("table", has_text="Priser med og uten forutsetningene").inner_text() == said
    other.close()
    page.get_by_role("spinbutton", name="Bruk, prosent mer eller mindre").fill("")
    page.keyboard.press("Enter")
    page.get_by_text("Ingen forutsetninger: kostnad som den var, bruk som framskrevet.").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"tjeneste": ["svarut"]}
