"""Every page in every state in a real browser: nobody is shut out, whatever there is to show, and none needs a mouse.

One server and a tab for each language: the release and the last attempt change on disk under them, as they do to a
visitor, and a tab goes from page to page as back and forward do, without loading the program anew. A second server asks
who comes; it reads the same releases.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards.page import filters
from dashboards.shared.pages import PAGES
from dashboards.words import TAGS, Words
from tests.dashboards import sample_ledger, sample_usage, sample_whole
from tests.dashboards.access.test_login import PEOPLE, acting_for, configure, log_in
from tests.dashboards.browser import (
    ANSWER,
    NEEDED,
    barriers,
    beyond_a_phone,
    by_tab,
    focused,
    misplaced_headings,
    remembering,
    served,
)
from tests.dashboards.oidc_provider import Provider
from tests.dashboards.reports.reading import pages_of
from tests.dashboards.shared.test_geometry import collection
from tests.thorough import some
from transport.base.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

pytestmark = NEEDED
WITHOUT_LEDGERS, WHOLE = "2026-11-23.1", "2026-11-24.1"
AT = {one.path: one for one in PAGES}
IN_MENU = [one.path for one in PAGES if one.in_menu]
"""The parts of a page are drawn by the same code as the page in each state, so they are visited with numbers only."""
NUMBERS = {"min": f"organisasjon={sample_ledger.OSLO}"}
CHARTS = {"oversikt": 1, "bruk": 5, "utbredelse": 2, "tjeneste": 2, "min": 1, "produktregnskap": 1}
CHARTS |= {f"produktregnskap-{part}": n for part, n in (("resultat", 2), ("kunder", 1), ("lan-og-avstemming", 1))}
"""So many charts each page has at least, with numbers."""
NAMED = {"tjeneste"}
"""Pages whose heading is the name of what they show."""


@dataclass(frozen=True, slots=True)
class State:
    """What there is to show.

    Attributes:
        release: what `current` points to; none where there is none.
        old: the last run failed, and the release is of long ago.
        broken: no release can be read.
    """

    release: str | None = WHOLE
    old: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A page in a state, and what it says for itself there.

    Attributes:
        name: of the state.
        path: of the page.
        says: one of the things that tell the state, each in as many places as it stands here.
        link: its parameters.
        state: what there is to show.
    """

    name: str
    path: str
    says: tuple[str, ...]
    link: str = ""
    state: State = State()

    def __str__(self) -> str:
        """The test's name for it."""
        return f"{self.name}-{self.path}"


def visits() -> Iterator[Visit]:
    """Each page in each state that it can be in; next to each other stand others' pages."""
    unread, none = "Ugyldig valg i lenken", "Det finnes ingen utgave ennå"
    for path in IN_MENU:
        yield Visit("no-release", path, (none,), state=State(release=None))
    for path in IN_MENU:
        yield Visit("error", path, ("Noe gikk galt hos oss", "Oppgi referansen"), state=State(broken=True))
    for path, said in OF_LEDGERS.items():
        yield Visit("without-ledgers", path, (said,), state=State(release=WITHOUT_LEDGERS))
    for path in IN_MENU:
        said = ("Tallene er 9 dager gamle", "Siste oppdatering ble stoppet")
        yield Visit("old-and-failed", path, said, link=SHORT.get(path, ""), state=State(old=True))
    for path, link in UNKNOWN.items():
        yield Visit("unknown", path, (unread,) * (link.count("=x") + link.count(",x")), link=link)
    for path, (link, said) in NOTHING.items():
        yield Visit("nothing", path, (said,), link=link)
    for path in IN_MENU:
        link = "&".join(one for one in (SHORT.get(path), "lang=en") if one)
        yield Visit("english", path, ("How the numbers are made",), link=link)


SHORT = {
    **NUMBERS,
    "bruk": "kommune=4601",
    "utbredelse": "omrade=03",
    "tjeneste": "tjeneste=svarut&sammenlign=fiks-folkeregister",
    "produktregnskap": "tjeneste=fiks-digisos",
}
"""Links to less of a page, or to another view of it, for states that leave its numbers as they are."""
OF_LEDGERS = {
    "oversikt": "Denne utgaven har ikke produktregnskap.",
    "tjeneste": f"Utgave {WITHOUT_LEDGERS} har ikke produktregnskap.",
    "produktregnskap": f"Utgave {WITHOUT_LEDGERS} ble laget før produktregnskapene kom med i utgavene.",
    "min": f"Utgave {WITHOUT_LEDGERS} har ikke fakturagrunnlag.",
    "data": "datasett, hvert med en eier",
    "om": "datasett",
}
"""What pages say of a release without ledgers; the others tell the same with and without."""
UNKNOWN = {
    "oversikt": "maned=x",
    "bruk": "kommune=4601&tjeneste=x&kanal=x&maned=x&gruppe=x&sammenlign=0301,x&grenser=x&perioder=x",
    "utbredelse": "tjeneste=x&omrade=03&maned=x",
    "tjeneste": "tjeneste=x&sammenlign=x",
    "produktregnskap": "tjeneste=fiks-digisos&ar=x&kvartal=x",
    "produktregnskap-pris": "tjeneste=fiks-digisos&kommuner=x&volum=x&drift=x",
    "min": "organisasjon=x&maned=x",
    "data": "del=leveranser&organisasjon=x&strom=x",
    "definisjoner": "utgave=x",
    "om": "utgave=x",
}
"""Links that ask for what there is not: in filters, or for a release where a page has none to choose by."""
NOTHING = {
    "bruk": ("kommune=4623&tjeneste=svarut", "Ingen tall for SvarUt i Samnanger"),
    "utbredelse": ("tjeneste=edialog", "Ingen tall for eDialog i hele landet"),
    "tjeneste": ("tjeneste=edialog", "Ingen kilde måler bruken av eDialog"),
    "produktregnskap": ("tjeneste=edialog", "Ingen regnskapstall for eDialog"),
    "data": ("del=leveranser&organisasjon=964338531", "Bergen kommune har levert alt som var forventet"),
    "definisjoner": ("sok=xyzzy", "Ingenting passer med «xyzzy»"),
}
"""Filters that select nothing, and what the page says then. The overview can be asked for months with numbers only."""


ANOTHER = pytest.mark.slow("another page, or a state whose words tests of pages without a browser try")


def each_time() -> Iterator[Any]:
    """One page that fails, which is all that a browser adds to the words of states, and the rest when all is run."""
    for visit in visits():
        each = (visit.name, visit.path) == ("error", IN_MENU[-1])
        yield visit if each else pytest.param(visit, marks=ANOTHER)


@dataclass(frozen=True, slots=True)
class Home:
    """What the pages are served of, and its manifests as they were written: a state may damage them."""

    folder: Path
    manifests: dict[Path, dict[str, Any]]


def settled(tab) -> None:
    """Wait until the script has run and what it drew stands and is shown, a moment after its last part has come."""
    tab.wait_for_function(
        """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-testid=stSkeleton]')
            && [...document.querySelectorAll('[data-testid=stMainBlockContainer]')]
                .some(one => getComputedStyle(one).visibility === 'visible')
            && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
                .every(one => one.querySelector('svg'))"""
    )
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # what is in sight


class Site:
    """The pages in a tab for each language, in the state that is asked for."""

    def __init__(self, home: Home, address: str, context) -> None:
        self.releases, self.address, self._context = home.folder / "releases", address, context
        self._tabs: dict[str, Any] = {}
        self._manifests = home.manifests
        self.tab = self.of("nb")

    def of(self, language: str):
        """The tab for pages in a language."""
        if language not in self._tabs:
            self._tabs[language] = remembering(self._context.new_page())
        return self._tabs[language]

    def stand(self, state: State) -> None:
        """Bring the home into a state."""
        pointer, attempt = self.releases / "current", self.releases / "last_attempt.json"
        for one in (pointer, attempt):
            one.unlink(missing_ok=True)
        if not state.release:
            return
        now = datetime.now(UTC)
        published = (now - timedelta(days=9 if state.old else 0)).isoformat()
        for file, manifest in self._manifests.items():
            file.chmod(0o644)
            file.write_text("{" if state.broken else json.dumps(manifest | {"published_at": published}))
        checks = [{"dataset": "uptake.funnel", "check": "steps_nest", "unexpected": 3}]
        said = {"status": "failed", "failed_checks": checks} if state.old else {"status": "published"}
        attempt.write_text(json.dumps({"at": now.isoformat(), "release": None, **said}))
        pointer.symlink_to(state.release)

    def open(self, path: str, link: str = "", heading: str | None = None) -> None:
        """Go to a page by a link, and wait until all of it stands.

        Args:
            path: of the page.
            link: its parameters.
            heading: the heading of the first level, where it is not the page's own.
        """
        where, asked = f"/{path}?{link}" if link else f"/{path}", parse_qs(link)
        language = asked.get("lang", ["nb"])[0]
        words, tab = Words(language), self.of(language)
        own = words(f"{AT[path].key}.title")
        name = f"{own} – {words('app.title')}"
        del tab.problems[:], tab.outside[:]
        carries = ({*filters.CARRIED} - {filters.LANGUAGE}) & parse_qs(urlsplit(tab.url).query).keys()
        # a page says nothing when it is drawn anew, and what another test chose would follow from its page to this one
        if tab.url == "about:blank" or carries or tab.title().endswith(name):
            tab.goto(self.address + where)
        else:
            tab.evaluate("to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')) }", where)
        tab.wait_for_function("name => document.title.endsWith(name)", arg=name)
        tab.set_viewport_size({"width": 1280, "height": 900})
        named = heading or (None if path in NAMED else own)
        tab.get_by_role("heading", level=1, name=named, exact=True).wait_for()
        self.tab = tab
        settled(self.tab)

    def whole(self, *, failed: bool = False) -> None:
        """Hold the page, with all that can be opened on it, to what holds for each; only one that `failed` says so."""
        self.unfold()
        assert barriers(self.tab) == []
        assert misplaced_headings(self.tab) == []
        assert self.alone() == []
        assert self.tab.problems == []
        assert self.tab.outside == []
        assert self.tab.get_by_test_id("stAlertContentError").count() == failed

    def unfold(self) -> None:
        """Open what is closed, one after the other as a reader does, and wait until each part is drawn."""
        closed = self.tab.locator("main [class*=st-key-closed_] details:not([open]) > summary")
        while closed.count():
            closed.first.click()
            self.tab.wait_for_function(
                """() => [...document.querySelectorAll('[class*=st-key-closed_] details[open]')].every(
                    one => one.querySelector('[data-testid=stExpanderDetails] :is(table, button, p)'))"""
            )
            settled(self.tab)

    def alone(self) -> list[str]:
        """Charts and pictures without words, with others' than ours, and charts without a table under their heading."""
        return self.tab.evaluate(
            """() => {
                const drawn = '[data-testid=stVegaLiteChart]', found = []
                const worded = one => one.getAttribute('aria-label') || one.hasAttribute('alt')
                    || one.closest('[aria-label]')?.getAttribute('aria-label')
                let charts = []
                for (const one of document.querySelectorAll(`main :is(h1, h2, h3, table, img, ${drawn})`)) {
                    if (one.matches('h1, h2, h3')) { found.push(...charts); charts = [] }
                    if (one.matches('table')) charts = []
                    if (one.matches(drawn)) charts.push(`no table: ${one.getAttribute('aria-label')}`)
                    if (one.matches(`img, ${drawn}`) && !worded(one)) found.push(one.outerHTML.slice(0, 200))
                    const theirs = one.querySelector('svg [aria-label]')
                    if (theirs) found.push(`not our words: ${theirs.outerHTML.slice(0, 200)}`)
                }
                return [...found, ...charts]
            }"""
        )


@pytest.fixture(scope="module")
def kept(once, tmp_path_factory) -> Home:
    def publish(folder: Path) -> None:
        settings = Settings(home=folder / "home")
        sample_whole.publish(settings, WITHOUT_LEDGERS, ledger=False)
        sample_whole.publish(settings, WHOLE, parent=WITHOUT_LEDGERS)

    given = Settings(home=tmp_path_factory.mktemp("every") / "home")
    shutil.copytree(once("every", publish) / "home", given.home, symlinks=True)
    written = given.releases.glob("[0-9]*/manifest.json")
    return Home(given.home, {file: json.loads(file.read_text()) for file in written})


@pytest.fixture(scope="module")
def served_home(kept) -> Path:
    return kept.folder


@pytest.fixture(scope="module")
def pages(kept, site, context) -> Site:
    return Site(kept, site, context)


IN_EACH_LANGUAGE = [f"{path}-{language}" for language in TAGS for path in AT]


@pytest.mark.long("axe looks through a whole page at three widths")
@pytest.mark.parametrize("visited", some(IN_EACH_LANGUAGE, 1, "another page, in another language"))
def test_a_page_with_numbers_shuts_nobody_out(pages, visited):
    path, _, language = visited.rpartition("-")
    pages.stand(State())
    pages.open(path, "&".join(filter(None, [NUMBERS.get(path), language != "nb" and f"lang={language}"])))
    assert pages.tab.evaluate("document.documentElement.lang") == language
    assert pages.tab.locator("[data-testid=stVegaLiteChart] svg").count() >= CHARTS.get(path, 0)
    if path.startswith(("produktregnskap", "min")):
        assert pages.tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") < 6 * 900
    assert beyond_a_phone(pages.tab) == []
    pages.whole()


@pytest.mark.long("draws every page")
def test_each_page_stands_in_a_browser_with_its_charts(pages):
    pages.stand(State())
    for path in AT:
        pages.open(path, NUMBERS.get(path, ""))
        assert pages.tab.locator("[data-testid=stVegaLiteChart] svg").count() >= CHARTS.get(path, 0), path
        assert pages.tab.problems == pages.tab.outside == [], path
        assert pages.tab.get_by_test_id("stAlertContentError").count() == 0, path


ON_THE_FIRST_SCREEN = """() => {
    const top = one => document.querySelector(one).getBoundingClientRect()
    const chart = top('.st-key-lead [data-testid=stVegaLiteChart]')
    return [top('.dif-answer').bottom, top('.st-key-lead .dif-figures').bottom, (chart.top + chart.bottom) / 2]
}"""
"""Where the answer and the key figures end, and where the middle of the first chart is."""


@pytest.mark.slow("looks of pages on a first screen")
@pytest.mark.parametrize("path", ["utbredelse", "bruk", "tjeneste", "min", "produktregnskap"])
def test_answer_figures_and_a_chart_are_seen_without_scrolling(pages, path):
    pages.stand(State())
    pages.open(path, SHORT.get(path, "").partition("&sammenlign")[0])
    pages.tab.set_viewport_size({"width": 1280, "height": 800})
    assert max(pages.tab.evaluate(ON_THE_FIRST_SCREEN)) <= 800
    pages.tab.set_viewport_size({"width": 1280, "height": 900})


ON_A4 = """() => {
    const paper = document.querySelector('[data-testid=stMainBlockContainer]').clientWidth
    return [...document.querySelectorAll('.dif-scroll')].filter(one => one.getClientRects().length)
        .filter(one => one.clientWidth < 0.9 * paper || one.scrollWidth > one.clientWidth + 1)
        .map(one => `${one.getAttribute('aria-label')}: ${one.scrollWidth} in ${one.clientWidth} of ${paper}`)
}"""
"""Tables that are cut on paper, or have half a sheet's width only."""


SHEETS = {"min": 1, "produktregnskap": 1, "produktregnskap-resultat": 2, "bruk": 3, "tjeneste": 3}
"""The most sheets of A4 that a page is printed on, in both languages: with one more, its last would be half empty."""


@pytest.mark.slow("looks of pages on paper")
@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("path", SHEETS)
def test_on_paper_tables_have_the_width_of_a_sheet_and_no_sheet_is_wasted(pages, path, language):
    pages.stand(State())
    pages.open(path, f"tjeneste=svarut&lang={language}")
    tab = pages.tab
    try:
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": 703, "height": 900})  # what the margins of `@page` leave of A4
        assert tab.evaluate(ON_A4) == []
        assert pages_of(tab.pdf(prefer_css_page_size=True)) <= SHEETS[path]
    finally:
        tab.emulate_media(media="screen")
        tab.set_viewport_size({"width": 1280, "height": 900})


def as_sent(payload: str) -> int:
    """The bytes of a frame on the line, from what the browser tells of it: base64, and no longer compressed."""
    return len(zlib.compress(base64.b64decode(payload)))


@pytest.mark.parametrize("path", some(AT, 1, "the same way on each page"))
def test_a_first_visit_is_some_megabyte_and_nothing_that_stands_moves_away_as_the_rest_of_it_comes(pages, path):
    """Source: Cumulative Layout Shift, good up to 0.1 (https://web.dev/articles/cls)."""
    pages.stand(State())
    sizes: list[int] = []
    with pages.tab.context.new_page() as tab:
        wire = tab.context.new_cdp_session(tab)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})  # as somebody who has never been here
        wire.on("Network.loadingFinished", lambda one: sizes.append(int(one["encodedDataLength"])))
        wire.on("Network.webSocketFrameReceived", lambda one: sizes.append(as_sent(one["response"]["payloadData"])))
        tab.add_init_script(
            """window.moved = 0; new PerformanceObserver(seen => {
                for (const one of seen.getEntries()) if (!one.hadRecentInput) window.moved += one.value
            }).observe({type: 'layout-shift', buffered: true})"""
        )
        tab.goto(f"{pages.address}/{path}?{NUMBERS.get(path, '')}")
        tab.locator(".dif-language").wait_for()
        settled(tab)
        assert tab.evaluate("window.moved") < 0.1
        assert 700_000 < sum(sizes) < 1_100_000


MARK = "x => x.textContent + (x.getAttribute('d') ?? x.getAttribute('transform'))"
"""What a mark of a chart says and where it is."""
SEEN = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    if (document.getElementById('dif-first') || !main) return;
    const charts = [...main.querySelectorAll('[data-testid=stVegaLiteChart]')];
    const lacking = charts.filter(one => !one.querySelector('svg'));
    const shown = getComputedStyle(main).visibility === 'visible';
    window.seen.push(shown ? main.querySelectorAll('[data-testid=stSkeleton]').length + lacking.length : 'hidden');
  }).observe(document, {subtree: true, childList: true});
}"""


@pytest.mark.slow("a page is loaded anew to see its first moment")
def test_the_first_words_stand_until_the_page_does_and_the_heading_of_the_link_is_scrolled_to(pages, tab):
    pages.stand(State())
    page = remembering(tab)
    page.add_init_script(f"({SEEN})()")
    page.goto(f"{pages.address}/utbredelse?tjeneste=fiks-digisos#nettverk")
    assert page.locator("#dif-first").is_visible()
    page.locator("#dif-first").wait_for(state="detached")
    assert {*page.evaluate("window.seen")} == {0}
    page.wait_for_function("() => Math.abs(document.getElementById('nettverk').getBoundingClientRect().top) < 300")
    assert page.problems == []


def shown(page, address: str, said: str) -> str:
    """Open a page of uptake; its answer, when its charts and tables stand too."""
    page.goto(address)
    page.locator(ANSWER, has_text=said).wait_for()
    settled(page)
    return page.locator(ANSWER).inner_text()


@pytest.mark.long("the same page is drawn in two tabs")
def test_a_filter_goes_into_the_address_and_the_address_gives_the_same_page(pages, tab):
    pages.stand(State())
    page, charts = pages.tab, "[data-testid=stVegaLiteChart] svg"
    shown(page, f"{pages.address}/utbredelse?tjeneste=fiks-digisos", "Fiks Digisos")
    page.locator(charts).evaluate_all("all => all.forEach(one => { one.dataset.before = 1 })")
    page.get_by_role("combobox", name="Tjeneste").click()
    page.get_by_role("option", name="SvarUt (syntetisk)").click()
    page.wait_for_url("**tjeneste=svarut**")
    page.locator(ANSWER, has_text="SvarUt").wait_for()
    settled(page)
    assert parse_qs(urlsplit(page.url).query) == {"tjeneste": ["svarut"]}
    said = page.locator(ANSWER).inner_text()
    assert shown(tab, page.url, "SvarUt") == said
    marks = f"all => all.map(one => [...one.querySelectorAll('path, text')].map({MARK}).sort().join())"
    assert page.locator(charts).evaluate_all(marks) == tab.locator(charts).evaluate_all(marks)
    assert page.locator(f"{charts}[data-before]").count(), "the new data are drawn in the chart that stands"
    page.bring_to_front()
    page.go_back()
    page.locator(ANSWER, has_text="Fiks Digisos").wait_for()


@pytest.mark.parametrize("visit", [*each_time()], ids=str)
def test_a_page_in_any_other_state_says_so_and_shuts_nobody_out(pages, visit):
    pages.stand(visit.state)
    pages.open(visit.path, visit.link)
    assert pages.tab.evaluate("document.documentElement.lang") == ("en" if visit.name == "english" else "nb")
    for one in set(visit.says):
        assert pages.tab.locator("main").get_by_text(one).count() >= visit.says.count(one), one
    pages.whole(failed=visit.state.broken)


IN_SIGHT = """one => {
    const {left, right, top, bottom} = one.getBoundingClientRect()
    const corners = [[left + 8, top + 8], [right - 8, top + 8], [left + 8, bottom - 8], [right - 8, bottom - 8]]
    return corners.every(([x, y]) => one.contains(document.elementFromPoint(x, y)))
}"""
"""Nothing cuts an element or lies over it."""


@pytest.mark.long("three pages are drawn, one of another release")
def test_by_keys_alone_a_reader_gets_a_definition_a_municipality_and_an_earlier_release(pages):
    pages.stand(State())
    with pages.tab.context.new_page() as tab:
        tab.goto(f"{pages.address}/oversikt")
        tab.locator("#definisjoner").wait_for()
        settled(tab)
        label = tab.locator(".dif-defined").last
        label.focus()
        definition = label.locator("+ .dif-definition")
        definition.wait_for()
        assert definition.evaluate(IN_SIGHT)
        tab.keyboard.press("Escape")
        definition.wait_for(state="hidden")
        tab.keyboard.press("/")
        tab.get_by_role("dialog", name="Søk").wait_for()
        tab.keyboard.press("Escape")
        tab.get_by_role("dialog").wait_for(state="hidden")
        tab.keyboard.press("/")
        tab.keyboard.type("berg")
        tab.keyboard.press("Enter")
        tab.get_by_role("heading", level=1, name="Bergen", exact=True).wait_for()
        settled(tab)
        tab.get_by_placeholder("Velg", exact=True).first.wait_for()  # Streamlit's own words too
        releases, earlier = (
            tab.locator(".dif-menu:not(.dif-more) summary"),
            tab.get_by_role("link", name=WITHOUT_LEDGERS),
        )
        releases.focus()
        tab.keyboard.press("Enter")
        earlier.wait_for()
        tab.keyboard.press("Escape")
        earlier.wait_for(state="hidden")
        assert releases.evaluate("one => one === document.activeElement")
        tab.keyboard.press("Enter")
        earlier.press("Enter")
        tab.get_by_text("Dette er en eldre utgave").wait_for()
        assert parse_qs(urlsplit(tab.url).query)["utgave"] == [WITHOUT_LEDGERS]


@pytest.fixture(scope="module")
def door(served_home, tmp_path_factory) -> Iterator[str]:
    """Where the same releases are shown to who logs in."""
    home = tmp_path_factory.mktemp("door")
    (home / "releases").symlink_to(served_home / "releases")
    samnanger = acting_for(sample_usage.numbers()[sample_usage.SAMNANGER])
    with Provider(people=PEOPLE | {"Samnanger": samnanger}) as provider:
        configure(home, provider)
        with served(home) as address:
            yield address


@pytest.fixture(scope="module")
def elsewhere(browser) -> Iterator:
    """Another browser, for who comes to the door."""
    made = browser.new_context()
    made.set_default_timeout(120_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def outside(kept, door, elsewhere) -> Site:
    """The pages as who is not logged in has them."""
    return Site(kept, door, elsewhere)


@pytest.mark.slow("a server of its own; test_login.py tells who is not logged in")
@pytest.mark.parametrize("path", some(AT, 1, "decided for all pages in one place"))
def test_who_is_not_logged_in_is_told_so_on_every_page_and_not_shut_out_from_logging_in(outside, path):
    outside.stand(State())
    outside.open(path, heading="Du er ikke logget inn")
    assert outside.tab.evaluate("document.documentElement.lang") == "nb"
    assert outside.tab.get_by_role("button", name="Logg inn").is_visible()
    outside.whole()


REFUSED = {
    "Leser": tuple((path, None, "Dette har du ikke tilgang til") for path in ("produktregnskap", "min")),
    "Fremmed": (("oversikt", "Du har ikke tilgang", "ingen har gitt deg tilgang til tallene"),),
    "Samnanger": (("min", None, "har ingen linjer i fakturagrunnlaget"),),
}
"""Who sees less or nothing: where, under which heading if not the page's own, and what is said."""


@pytest.mark.slow("a server of its own; what each sees is tried in test_visitors.py")
@pytest.mark.parametrize("who", some(REFUSED, 1, "each is told the same way"))
def test_who_may_not_see_a_page_or_has_nothing_there_is_told_so_and_not_shut_out(kept, door, elsewhere, who):
    inside = Site(kept, door, elsewhere)
    inside.stand(State())
    try:
        log_in(inside.tab, f"{door}/om", who)
        inside.tab.wait_for_url(f"{door}/om")
        settled(inside.tab)
        for path, heading, said in REFUSED[who]:
            inside.open(path, heading=heading)
            inside.tab.locator("main").get_by_text(said).wait_for()
            inside.whole()
    finally:
        inside.tab.close()
        elsewhere.clear_cookies()  # the next to come is somebody else


@dataclass(frozen=True, slots=True)
class Step:
    """A filter on a walk by keyboard, and what is done in it.

    Attributes:
        filter: its parameter.
        keys: what is pressed or typed there; nothing where it is passed.
        asked: what the link says of it then; None where the link says nothing of it.
        says: what the page says then and did not say before, as a pattern.
    """

    filter: str
    keys: tuple[str, ...] = ()
    asked: str | None = None
    says: str = ""

    @property
    def label(self) -> str:
        """What it is called."""
        return Words("nb")(f"filter.{self.filter}")


def passed(*filters: str) -> tuple[Step, ...]:
    return tuple(Step(one) for one in filters)


WALKS = (
    ("oversikt", (Step("maned", ("september", "Enter"), "2026-09", "September 2026: hva saken gjelder"),)),
    (
        "bruk?kommune=4601",
        (
            *passed("kommune", "tjeneste", "maned", "kanal", "grenser", "perioder", "gruppe"),
            Step("sammenlign", ("Oslo", "Enter"), "0301", "^Oslo$"),
        ),
    ),
    (
        "bruk",
        (
            Step("kommune", ("4601", "Enter"), "4601", "Bergen sendte 400"),
            *passed("tjeneste", "maned", "kanal"),
            Step("grenser", ("ArrowRight",), "da", r"Sammenligningen følger dagens grenser\."),
            *passed("perioder"),
        ),
    ),
    (
        "utbredelse?tjeneste=svarut",
        (
            *passed("tjeneste"),
            Step("omrade", ("DigiVestland", "Enter"), "digivestland", "kommuner i DigiVestland hadde"),
            *passed("maned"),
            Step("kartmaned", ("ArrowLeft",), "2026-09", "den ligger, september 2026"),
        ),
    ),
    (
        "tjeneste",
        (Step("tjeneste", ("folkeregister", "Enter"), "fiks-folkeregister", "Fiks folkeregister hadde"),),
    ),
    (
        "produktregnskap",
        (
            *passed("tjeneste", "ar"),
            Step("kvartal", ("2.", "Enter"), "2", r"i 2\. kvartal 2026"),
        ),
    ),
    (
        "produktregnskap-pris?tjeneste=svarut",
        (
            *passed("tjeneste", "prisendring", "oppgjor", "kommuner"),
            Step("volum", ("10", "Enter"), "10", r"Forutsatt: 10,0.% mer bruk\."),
            *passed("brukerstotte", "drift", "forvaltning", "administrasjon"),
        ),
    ),
    (
        f"min?{NUMBERS['min']}",
        (*passed("organisasjon"), Step("maned", ("januar", "Enter"), "2026-01", "skal betale .* i januar 2026")),
    ),
    (
        "data",
        (
            *passed("del"),
            Step("datasett", ("usage.municipality_month", "Enter"), "usage.municipality_month", "Laget av"),
        ),
    ),
    (
        "data?del=katalog",
        (
            Step("del", ("ArrowRight",), "leveranser", "Minst én levering mangler"),
            *passed("organisasjon"),
            Step("strom", ("Måling", "Enter"), "measurement", "Ingen leveringer mangler"),
        ),
    ),
    (
        "data?del=leveranser",
        (
            Step("del", ("ArrowRight",), "karantene", "4 rader er satt til side, etter 2 regler"),
            Step("strom", ("Forsend", "Enter"), "dispatch", "alle 100 mottatte rader"),
        ),
    ),
    (
        "data?del=karantene",
        (
            Step("del", ("ArrowRight",), "endringer", "Bruk som er endret siden utgave"),
            Step("tjeneste", ("SvarUt", "Enter"), "svarut"),
        ),
    ),
    ("definisjoner", (Step("sok", ("postkasse", "Enter"), "postkasse", "Tall som passer med «postkasse»: 1"),)),
)
"""Every filter of every page, in the order of the page."""


@pytest.mark.parametrize(
    ("asked", "skip"), some([("", "Hopp til innholdet"), ("lang=en", "Skip to the content")], 1, "the other language")
)
def test_the_first_stop_of_the_keyboard_leads_past_the_menu_in_the_pages_language(pages, asked, skip):
    pages.stand(State())
    pages.open("om", asked)
    tab = pages.tab
    tab.reload()  # where the focus was before is forgotten
    settled(tab)
    tab.keyboard.press("Tab")
    link = tab.get_by_role("link", name=skip)
    assert link.evaluate("one => one === document.activeElement && one.getBoundingClientRect().left >= 0")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "stMain"
    assert tab.get_by_text("Skip to main content").locator("visible=true").count() == 0


@pytest.mark.parametrize(
    ("link", "steps"), some(WALKS, [WALKS[-1]], "the same filters on another page"), ids=[link for link, _ in WALKS]
)
def test_every_filter_is_come_to_seen_used_and_left_by_keyboard(pages, link, steps):
    path, _, asked = link.partition("?")
    pages.stand(State())
    pages.open(path, asked)
    tab = pages.tab
    for fold in tab.locator("[class*=st-key-filters_] summary, .st-key-what_if_others summary").all():
        fold.press("Enter")
        settled(tab)
    tab.locator(".dif-skip").focus()
    waiting: list[str] = []
    for step in steps:
        waiting.append(step.label)
        if not step.keys and step is not steps[-1]:
            continue
        assert by_tab(tab, step.label) == (waiting, [])
        waiting = []
        said = tab.locator("main").get_by_text(re.compile(step.says)).locator("visible=true")
        assert not step.says or said.count() == 0
        for key in step.keys:
            (tab.keyboard.press if key in {"Enter", "ArrowLeft", "ArrowRight"} else tab.keyboard.type)(key)
        if step.asked is not None:
            tab.wait_for_url(lambda url, step=step: parse_qs(urlsplit(url).query).get(step.filter) == [step.asked])
        if step.says:
            said.first.wait_for()
        settled(pages.tab)
        assert focused(tab) == step.label
    for _ in range(3):  # what is chosen in the last filter is a stop of its own
        tab.keyboard.press("Tab")
        if not focused(tab):
            break
    assert focused(tab) == ""
    assert tab.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.slow("measures 357 tiles against each other")
@pytest.mark.parametrize("wide", some([1280, 700], 1, "the same map"))
def test_what_a_tile_of_the_map_says_stands_beside_it_at_its_height_and_hides_no_other(pages, wide):
    """Source: WCAG 2.1, success criterion 1.4.13: what hides nothing need not be sent away."""
    pages.stand(State())
    pages.open("utbredelse", "tjeneste=svarut")
    tab = pages.tab
    tab.set_viewport_size({"width": wide, "height": 900})
    tab.locator(".dif-map-tiles").scroll_into_view_if_needed()
    assert tab.locator(".dif-map-tiles li").count() == 357
    hidden = tab.locator(".dif-map-tiles").evaluate(
        """map => {
            const area = one => one.getBoundingClientRect(), words = document.createRange(), all = area(map)
            const written = node => { words.selectNodeContents(node); return area(words) }
            const tiles = [...map.querySelectorAll('li')]
            const others = [
                ...tiles.map(one => [area(one), one.textContent]),
                ...[...map.querySelectorAll('p')].flatMap(one => [one.firstChild, one.lastChild.firstChild])
                    .map(one => [written(one), one.textContent]),
            ]
            return tiles.flatMap(own => {
                const said = area(own.querySelector('span')), tile = area(own), far = said.height + tile.height
                if (said.top < all.top || said.bottom > all.bottom + 12 || Math.abs(said.top - tile.top) > far)
                    return [`${own.textContent}: out of sight`]
                return others.filter(([one]) => one.left < said.right && said.left < one.right
                    && one.top < said.bottom && said.top < one.bottom).map(([, name]) => `${own.textContent}: ${name}`)
            })
        }"""
    )
    assert hidden == []
    tab.locator(".dif-map-tiles li a").last.hover()
    said = tab.locator(".dif-map-tiles li span").last
    tab.wait_for_function("one => getComputedStyle(one).opacity === '1'", arg=said.element_handle())


@pytest.mark.slow("asks a menu again until it stays open; a choice is made in another each time")
def test_a_menu_offers_what_the_page_has_and_nothing_of_its_own(pages):
    from playwright.sync_api import TimeoutError as Late

    pages.stand(State())
    pages.open("bruk", "kommune=4601")
    pages.tab.locator("summary", has_text="Flere valg").click()
    box, offered = pages.tab.get_by_test_id("stMultiSelect").get_by_role("combobox"), pages.tab.get_by_role("option")
    # A page that is drawn anew closes its menus, so what is seen is read in the same moment, and asked for again.
    names: list[str] = []
    for _ in range(30):
        box.press("ArrowDown")
        with contextlib.suppress(Late):
            offered.first.wait_for(timeout=2_000)
            if names := offered.all_inner_texts():
                break
    assert names
    assert all(re.match(r"\d{4} ", one) for one in names)
    assert re.fullmatch(r"Bergen(, \w+)? – Bruk per kommune – Fellestjenester i tall", pages.tab.title())
    nothing = pages.tab.get_by_role("listbox").get_by_text("Ingen treff")
    for _ in range(30):
        box.fill("ingen kommune heter det")
        with contextlib.suppress(Late):
            nothing.wait_for(timeout=2_000)
            break
    else:
        pytest.fail("no menu says that nothing fits")
    pages.tab.keyboard.press("Escape")


@pytest.fixture(scope="module")
def with_borders(kept, served_home, tmp_path_factory, context) -> Iterator[Site]:
    """The pages where borders are given to draw a map by."""
    file = tmp_path_factory.mktemp("borders") / "kart.json"
    file.write_text(json.dumps(collection()), "utf-8")
    with served(served_home, file) as address:
        yield Site(kept, address, context)


@pytest.mark.slow("a server of its own")
def test_a_map_by_borders_has_a_key_in_its_colours_and_is_left_for_the_tiles(with_borders):
    with_borders.stand(State())
    with_borders.open("utbredelse", "tjeneste=svarut&kart=geografisk&kartmaned=2026-08")
    tab = with_borders.tab
    colours = "all => all.map(one => { const s = getComputedStyle(one); return s.backgroundColor + s.backgroundImage })"
    keys = tab.locator(".dif-map-key i").evaluate_all(colours)
    assert keys
    assert "rgba(0, 0, 0, 0)none" not in keys
    assert len(set(keys)) == len(keys)
    assert barriers(tab) == []
    assert misplaced_headings(tab) == []
    assert tab.problems == tab.outside == []
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.get_by_text("Én sekskant per kommune", exact=True).click()
    tab.wait_for_url("**kart=sekskant**")
    tab.locator(".dif-map-tiles").wait_for()
    assert tab.get_by_text("omtrent der den ligger, august 2026").count()


@pytest.mark.long("opens two pages: a table is sorted and filtered, and an address leads to a heading")
def test_a_table_sorts_by_the_numbers_in_it_and_filters_and_a_heading_is_led_to(pages):
    pages.stand(State())
    pages.open("om")
    pages.tab.goto("about:blank")  # a municipality of an earlier page would follow
    pages.open("kommune", "omrade=46")
    cells = pages.tab.locator(".dif-matrix tbody tr:not([hidden]) td:nth-child(2)")
    count = pages.tab.get_by_role("button", name="Antall")
    before = [int(one) for one in cells.all_inner_texts()]
    count.click()
    assert [int(one) for one in cells.all_inner_texts()] == sorted(before) != before
    count.click()
    assert [int(one) for one in cells.all_inner_texts()] == sorted(before, reverse=True)
    pages.tab.get_by_label("Vis bare rader med").fill("bergen")
    assert pages.tab.locator(".dif-matrix tbody tr:not([hidden]) th").all_inner_texts() == ["Bergen"]
    pages.open("kommune", "kommune=4601", heading="Bergen")
    use = pages.tab.locator(".dif-list tbody td:nth-child(4)")
    pages.tab.get_by_role("button", name="Bruk i måneden").click()
    told = [int(re.sub(r"\D", "", one)) for one in use.all_inner_texts() if re.search(r"\d", one)]
    assert told == sorted(told)
    assert len(set(told)) > 1
    with pages.tab.context.new_page() as tab:
        tab.goto(f"{pages.address}/om#syntetisk")
        settled(tab)
        tab.wait_for_function("() => Math.abs(document.getElementById('syntetisk').getBoundingClientRect().top) < 300")
