"""Use per municipality in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dashboards.browser import ANSWER, NEEDED, barriers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED


@pytest.fixture(scope="module")
def served_home(usage_home) -> Path:
    return usage_home


@pytest.fixture(scope="module")
def address(site) -> str:
    return f"{site}/bruk"


def shown(page, address: str, said: str) -> None:
    """Open a link and wait for the answer and for what stands last."""
    page.goto(address)
    page.locator(ANSWER, has_text=said).wait_for()
    page.locator(".dif-language").wait_for()


@pytest.mark.slow("every page with numbers is tried each time")
@pytest.mark.parametrize(
    ("link", "said", "charts"),
    [
        ("?kommune=4601&sammenlign=0301,1103", "Bergen sendte", 5),
        ("?kommune=4613&tjeneste=fiks-io&gruppe=COUNTY&sammenlign=4602", "Bømlo hadde", 2),
    ],
    ids=["municipality", "other-use"],
)
def test_nothing_shuts_anyone_out_of_a_municipality_or_of_use_that_is_no_dispatch(page, address, link, said, charts):
    shown(page, address + link, said)
    page.locator("[data-testid=stVegaLiteChart] svg").nth(charts - 1).wait_for()
    assert barriers(page) == []


@pytest.mark.slow("each page on the way is tried without a browser")
def test_from_the_country_to_a_municipality_to_a_product_and_its_systems(page, address):
    shown(page, address, "kommuner sendte")
    page.get_by_role("link", name="4601 Bergen").click()
    page.locator(ANSWER, has_text="Bergen sendte 400").wait_for()
    assert parse_qs(urlsplit(page.url).query) == {"kommune": ["4601"]}
    page.get_by_role("rowheader", name="Sakssystem X").wait_for()
    page.locator(".dif-cards").get_by_role("link", name="Fiks folkeregister").click()
    page.locator(ANSWER, has_text="oppslag med Fiks folkeregister").wait_for()
    assert page.locator(".dif-cards img").first.get_attribute("alt").startswith("Fiks ")
    assert page.evaluate("document.querySelector('.dif-cards img').naturalWidth") > 0
