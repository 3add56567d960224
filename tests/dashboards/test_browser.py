"""The page in a real browser, served as `dif serve dashboards` serves it."""

from __future__ import annotations

import pytest

from dashboards.shared import tables
from tests.dashboards.browser import ANSWER, NEEDED, barriers, misplaced_headings

pytestmark = NEEDED


@pytest.fixture(scope="module")
def address(site) -> str:
    return f"{site}/utbredelse"


def shown(page, address: str, said: str) -> None:
    """Open a link and wait for the answer, the charts and the tables."""
    page.goto(address)
    page.locator(ANSWER, has_text=said).wait_for()
    page.locator("[data-testid=stVegaLiteChart] svg").nth(1).wait_for()
    page.locator(".dif-list").wait_for()


@pytest.mark.slow("what is answered is tried in test_security.py")
@pytest.mark.parametrize(
    ("link", "title", "front"),
    [("", "Siden finnes ikke", "Oversikt"), ("?lang=en", "Page not found", "Overview")],
)
def test_an_address_without_a_page_says_so_and_leads_to_the_pages(page, site, link, title, front):
    answer = page.goto(f"{site}/bruk/4601{link}")
    assert answer.status == 404
    assert page.locator("h1").all_inner_texts() == [title]
    assert page.title().startswith(f"{title} – ")
    assert barriers(page) == []
    assert misplaced_headings(page) == []
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('1rem Inter'))")
    assert [one for one in page.problems if "404" not in one] == []
    assert page.outside == []
    page.get_by_role("link", name=front, exact=True).click()
    page.get_by_role("heading", level=1, name=front, exact=True).wait_for()


LEFT_ALONE = """() => {
    const boxes = [...document.querySelectorAll('[data-testid=stElementContainer], [data-testid=stLayoutWrapper]')];
    const drawn = box => getComputedStyle(box).display !== 'none' && box.getClientRects().length > 0;
    const headings = [...document.querySelectorAll('h2, h3')].filter(heading => heading.getClientRects().length);
    return headings.filter(heading => {
        const own = heading.closest('[data-testid=stElementContainer]');
        const next = boxes.slice(boxes.indexOf(own) + 1).find(box => drawn(box) && !box.contains(own));
        return getComputedStyle(own).breakAfter !== 'avoid' || (next && next.offsetHeight === 0);
    }).map(heading => heading.innerText);
}"""
"""Headings on paper that nothing holds to what follows them: a box without height in between lets a sheet end there."""


@pytest.mark.slow("looks of one page")
def test_on_paper_there_are_no_menus_and_of_a_long_list_the_first_rows_with_what_one_calls_by(page, address):
    page.goto(f"{address}?tjeneste=fiks-digisos")
    page.wait_for_selector(ANSWER)
    page.get_by_role("button", name="Vis alle").click()
    page.get_by_role("button", name="Vis de 10 første").wait_for()
    page.emulate_media(media="print")
    assert not page.locator("[data-testid=stHeader]").is_visible()
    whole = "all => all.every(one => getComputedStyle(one).overflow === 'visible')"
    assert page.locator(".dif-scroll, [data-testid=stMain]").evaluate_all(whole)
    assert page.evaluate(LEFT_ALONE) == [], "a heading may be the last thing on a sheet"
    page.set_viewport_size({"width": 703, "height": 900})  # what the margins of `@page` leave of A4
    beyond = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.slice(0, 40))"
    assert page.locator(".dif-scroll").evaluate_all(beyond) == []
    padding = "one => getComputedStyle(one).paddingLeft"
    assert page.locator("[data-testid=stMainBlockContainer]").evaluate(padding) == "0px"
    rows = page.locator(".dif-to-call tbody tr")
    assert rows.count() > tables.ON_PAPER
    assert rows.locator("visible=true").count() == tables.ON_PAPER
    assert page.get_by_text(f"Utskriften viser de første {tables.ON_PAPER} av {rows.count()} rader.").is_visible()
    heads = page.locator(".dif-to-call thead th").locator("visible=true").all_inner_texts()
    assert heads == ["Kommune", "Hvorfor den står på listen", "Kontakt"]


@pytest.mark.slow("looks of one page")
def test_a_phone_shows_that_deliveries_are_missing_and_whose(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    shown(page, f"{address}?tjeneste=svarut", "SvarUt")
    page.get_by_text("Den nyeste leveringen mangler for 4 kommuner").wait_for()
    page.get_by_role("button", name="Vis alle").click()
    row = page.locator(".dif-list").get_by_role("row", name="Samnanger")
    row.scroll_into_view_if_needed()  # what is out of sight is not laid out
    row.get_by_text("mangler levering siden 01.10.2026").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
