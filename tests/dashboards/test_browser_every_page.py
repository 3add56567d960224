"""Every page in every state in a real browser: nobody is shut out, whatever there is to show.

One server and one tab: the release and the last attempt change on disk under it, as they do to a visitor, and the tab
goes from page to page as back and forward do, without loading the program anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from dashboards.pages import PAGES
from dashboards.texts import Words
from tests.dashboards import sample_ledger, sample_whole
from tests.dashboards.browser import NEEDED, barriers, misplaced_headings, remembering
from transport.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED
WITHOUT_LEDGERS, WHOLE = "2026-11-23.1", "2026-11-24.1"
AT = {one.path: one for one in PAGES}
NUMBERS = {"min": f"organisasjon={sample_ledger.OSLO}"}
CHARTS = {"oversikt": 1, "bruk": 5, "utbredelse": 2, "tjeneste": 1, "produktregnskap": 4, "min": 1}
"""So many charts each page has at least, with numbers."""


@dataclass(frozen=True, slots=True)
class State:
    """What there is to show.

    Attributes:
        release: what `current` points to; none where there is none.
        old: the last run failed, and the release is of long ago.
    """

    release: str | None = WHOLE
    old: bool = False


class Site:
    """The pages in one tab, in the state that is asked for."""

    def __init__(self, home: Path, address: str, tab) -> None:
        self.releases, self.address, self.tab = home / "releases", address, tab

    def stand(self, state: State) -> None:
        """Bring the home into a state."""
        pointer, attempt = self.releases / "current", self.releases / "last_attempt.json"
        for one in (pointer, attempt):
            one.unlink(missing_ok=True)
        if not state.release:
            return
        now = datetime.now(UTC)
        file = self.releases / state.release / "manifest.json"
        manifest = json.loads(file.read_text())
        manifest["published_at"] = (now - timedelta(days=9 if state.old else 0)).isoformat()
        file.chmod(0o644)
        file.write_text(json.dumps(manifest))
        checks = [{"dataset": "uptake.funnel", "check": "steps_nest", "unexpected": 3}]
        said = {"status": "failed", "failed_checks": checks} if state.old else {"status": "published"}
        attempt.write_text(json.dumps({"at": now.isoformat(), "release": None, **said}))
        pointer.symlink_to(state.release)

    def open(self, path: str, link: str = "") -> None:
        """Go to a page by a link, and wait until all of it stands."""
        where = f"/{path}?{link}" if link else f"/{path}"
        self.tab.set_viewport_size({"width": 1280, "height": 900})
        del self.tab.problems[:], self.tab.outside[:]
        self.tab.goto(self.address + where)
        language = parse_qs(link).get("lang", ["nb"])[0]
        title = Words(language if language == "en" else "nb")(f"{AT[path].key}.title")
        self.tab.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        self.settled()

    def settled(self) -> None:
        """Wait until the script has run and what it drew stands."""
        self.tab.wait_for_function(
            """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
                && !document.querySelector('[data-testid=stSkeleton]')
                && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
                    .every(one => one.querySelector('svg'))"""
        )

    def whole(self) -> None:
        """Hold the page as it stands to what holds for every page in every state."""
        assert barriers(self.tab) == []
        assert misplaced_headings(self.tab) == []
        assert self.tab.problems == []
        assert self.tab.outside == []
        assert self.tab.get_by_text("referanse").count() == 0

    def wordless(self) -> list[str]:
        """Charts and pictures without words."""
        return self.tab.evaluate(
            """[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg, main img')]
                .filter(one => !(one.getAttribute('aria-label') || one.getAttribute('alt')
                    || one.closest('[aria-label]')?.getAttribute('aria-label') || one.hasAttribute('alt')))
                .map(one => one.outerHTML.slice(0, 200))"""
        )


@pytest.fixture(scope="module")
def served_home(tmp_path_factory) -> Path:
    given = Settings(home=tmp_path_factory.mktemp("every"))
    sample_whole.publish(given, WITHOUT_LEDGERS, ledger=False)
    sample_whole.publish(given, WHOLE, parent=WITHOUT_LEDGERS)
    return given.home


@pytest.fixture(scope="module")
def pages(served_home, site, context) -> Site:
    return Site(served_home, site, remembering(context.new_page()))


@pytest.mark.parametrize("path", AT)
def test_a_page_with_numbers_shuts_nobody_out(pages, path):
    pages.stand(State())
    pages.open(path, NUMBERS.get(path, ""))
    assert pages.tab.evaluate("document.documentElement.lang") == "nb"
    assert pages.tab.locator("[data-testid=stVegaLiteChart] svg").count() >= CHARTS.get(path, 0)
    assert pages.wordless() == []
    pages.whole()
