"""The page in a real browser, served as `dif serve dashboards` serves it."""

from __future__ import annotations

import re

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


def answer(page) -> str:
    return page.locator(ANSWER).inner_text()


@pytest.mark.slow("every page with numbers is tried in test_browser_every_page.py")
def test_the_page_is_whole_in_a_browser(page, address, tmp_path):
    shown(page, f"{address}?tjeneste=fiks-digisos", "197 av 357")
    assert page.locator("h1").all_inner_texts() == ["Utbredelse"]
    assert page.evaluate("document.documentElement.lang") == "nb"
    freshness = page.locator(".dif-freshness").inner_text()
    for part in ("Tall til og med oktober 2026", "Alle 14 kontroller bestått", "Utgave 2026-11-24.1"):
        assert part in freshness
    heat = page.get_by_role("table", name="Kommuner som har tjenesten, av alle i nettverket")
    assert (
        heat.get_by_role("columnheader", name="Digi Vestland")
        .or_(heat.get_by_role("columnheader", name="DigiVestland"))
        .count()
        == 1
    )
    assert "av 43" in heat.get_by_role("row", name="Fiks Digisos").inner_text()
    assert page.get_by_label("Diagram. Teksten rett etter sier hva det viser.").count() >= 2
    assert page.get_by_text("Fra avtale til bruk for Fiks Digisos").count() >= 1
    menus = page.get_by_test_id("stPopover").get_by_role("button")
    named = page.get_by_role("button", name=re.compile("^Last ned: .{10}")).count()
    assert named == menus.count() > 2, "each says what it downloads"
    picture = tmp_path / "utbredelse.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    assert page.problems == []
    assert page.outside == []


@pytest.mark.slow("what goes along from page to page is tried in test_frame.py")
def test_the_front_page_is_the_overview_and_the_language_goes_along_to_another_page(page, address):
    page.goto(address.removesuffix("utbredelse") + "?lang=en")
    page.get_by_role("heading", level=1, name="Overview").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_test_id("stTopNav").get_by_role("link", name="Uptake").click()
    page.get_by_role("heading", level=1, name="Uptake").wait_for()
    page.wait_for_url("**/utbredelse?lang=en")


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


SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
    || document.querySelector('.dif-scroll:has(> .dif-to-call)').scrollWidth
        > document.querySelector('.dif-scroll:has(> .dif-to-call)').clientWidth + 1"""
"""The page or the call list scrolls to the side."""


@pytest.mark.slow("width is measured on every page with numbers, and the list is tried in test_uptake.py")
def test_who_lacks_a_service_and_whom_to_call_is_three_clicks_without_scrolling_sideways(page, address):
    shown(page, f"{address}?tjeneste=fiks-digisos", "197 av 357")
    page.get_by_role("combobox", name="Tjeneste").click()
    page.get_by_role("option", name="SvarUt (syntetisk)").click()
    page.get_by_role("heading", name="kommuner er ikke i gang med SvarUt").wait_for()
    page.get_by_role("button", name="Vis alle").click()
    page.get_by_role("button", name="Vis de 10 første").wait_for()
    rows = page.locator(".dif-to-call tbody tr")
    assert rows.count() > 10
    assert page.locator(".dif-to-call a[href^='mailto:post@']").count() > 0
    cells = page.get_by_role("row", name="Sogndal").get_by_role("cell").all_inner_texts()
    assert cells[0].startswith("Sogndal ")
    assert not page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate(SIDEWAYS)
    assert page.get_by_role("row", name="Sogndal").get_by_role("cell").count() == 2, "a card is a row still"
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.slow("what an older month shows is tried in test_uptake.py, and the files in test_downloads.py")
def test_the_list_is_downloaded_and_an_older_month_leads_to_it(page, address):
    shown(page, f"{address}?tjeneste=svarut&omrade=digivestland", "SvarUt")
    menu = page.locator(".st-key-downloads_utbredelse_ringeliste")
    menu.get_by_role("button").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Parquet").click()
    assert waited.value.suggested_filename == "ringeliste_svarut_digivestland_2026-11-24.1.parquet"
    page.goto(f"{address}?tjeneste=svarut&omrade=digivestland&maned=2026-03")
    page.get_by_text("Ringelisten og leverandørene gjelder siste måned, ikke mars 2026.").wait_for()
    assert page.locator(".dif-list").count() == 0
    to_it = page.get_by_role("link", name="Se dem sammen med tallene for oktober 2026")
    assert to_it.get_attribute("href") == "?tjeneste=svarut&omrade=digivestland"
