from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboards.access import visitors
from dashboards.release.authorization import EVERYTHING
from dashboards.release.reader import ReleaseReader
from dashboards.server import start
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.words import Words
from tests.dashboards import sample, sample_data, sample_usage, sample_whole
from tests.dashboards.browser import BROWSER, FLAGS, remembering, served
from tests.dashboards.totals import unfooted
from transport.base.settings import Settings
from transport.releases.release import current_release

if TYPE_CHECKING:
    from streamlit.testing.v1.element_tree import Block

    from dashboards.release.authorization import Visitor
    from transport.releases.release import Release

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
Home = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def _installed() -> Iterator[None]:
    """Look through what is installed once: Streamlit asks every package for components, for each page that is opened.

    That takes longer than to draw most pages; no package comes or goes meanwhile.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def set_as_served() -> None:
    """Give Streamlit the settings that a served page has: they stand beside the server."""
    file = tomllib.loads(Path(start.__file__).with_name(".streamlit").joinpath("config.toml").read_text("utf-8"))
    options = {f"{section}.{name}": value for section, names in file.items() for name, value in names.items()}
    config.get_config_options(force_reparse=True, options_from_flags=options)


@pytest.fixture(scope="session")
def template(once) -> Path:
    """A home with a release. Shared by all workers: read it, or take a copy by `sample_release`."""
    return once("template", lambda folder: sample.make_release(folder / "home")) / "home"


@pytest.fixture(scope="session")
def usage_home(once) -> Path:
    """A home whose release tells of use. Shared by all workers: read it."""
    return once("usage", lambda folder: sample_usage.make_release(folder / "home")) / "home"


@pytest.fixture(scope="session")
def data_home(once) -> Path:
    """A home whose release tells of its datasets and their quality. Shared by all workers: read it."""
    return once("data", lambda folder: sample_data.publish(Settings(home=folder / "home"))) / "home"


@pytest.fixture(scope="session")
def whole_home(once) -> Path:
    """A home whose release has numbers on every page. Shared by all workers: read it."""
    return once("whole", lambda folder: sample_whole.publish(Settings(home=folder / "home"))) / "home"


@pytest.fixture(scope="session")
def without_ledgers(once) -> Path:
    """The same from before there were ledgers."""
    made = once("without-ledgers", lambda folder: sample_whole.publish(Settings(home=folder / "home"), ledger=False))
    return made / "home"


@pytest.fixture
def sample_release(tmp_path, template) -> Path:
    """A home of one's own with a sample release; its DIF_HOME."""
    home = tmp_path / "home"
    shutil.copytree(template, home, symlinks=True)
    return home


@pytest.fixture
def read_release(template) -> Release:
    found = current_release(template / "releases")
    assert found is not None
    return found


@pytest.fixture
def reader(read_release) -> ReleaseReader:
    """Somebody who may see all, with the release that no test changes."""
    return ReleaseReader(read_release, EVERYTHING)


@pytest.fixture
def attempted() -> Callable[..., None]:
    """Say how the last run of a home went."""

    def say(home: Path, **said: object) -> None:
        at = datetime.now(UTC).isoformat()
        (home / "releases" / "last_attempt.json").write_text(json.dumps({"at": at, "release": None, **said}))

    return say


@pytest.fixture
def aged() -> Callable[[Path, timedelta], None]:
    """Make a home's release look older, and forget the last attempt."""

    def age(home: Path, by: timedelta) -> None:
        file = home / "releases" / "current" / "manifest.json"
        manifest = json.loads(file.read_text())
        manifest["published_at"] = (datetime.now(UTC) - by).isoformat()
        file.write_text(json.dumps(manifest))
        (home / "releases" / "last_attempt.json").unlink()

    return age


def open_page(home: Path, at: str = "", **link: str) -> AppTest:
    """Open a page of a home by a link, as a visitor does: the one at `at`, or that about the uptake of Digisos."""
    at, link = (at, link) if at else ("utbredelse", {"tjeneste": "fiks-digisos", **link})
    page = AppTest.from_file(APP, default_timeout=180)
    page._page_hash = calc_hash(at)  # noqa: SLF001 - `switch_page` takes a file, which pages share
    page.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
    for name, value in link.items():
        page.query_params[name] = value
    return added_up(page.run())


def added_up(page: AppTest) -> AppTest:
    """The page, in whose tables each line with a total is the sum of its lines."""
    assert unfooted(one.value for one in page.html) == []
    return page


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    """`open_page`, for a page that the test goes on with."""
    return open_page


@pytest.fixture(scope="module")
def drawn() -> Callable[..., AppTest]:
    """Open a page of a home by a link, once for all tests of a module: they only read it. It goes well."""
    pages: dict[tuple[object, ...], AppTest] = {}

    def drawn(home: Path, at: str = "", **link: str) -> AppTest:
        asked = (home, at, *link.items())
        if asked not in pages:
            pages[asked] = open_page(home, at, **link)
        assert not pages[asked].exception
        assert not pages[asked].error
        return pages[asked]

    return drawn


@pytest.fixture
def open_at(monkeypatch, opened) -> Callable[..., AppTest]:
    """Open a page of a home at its address, by a link, as somebody; it goes well."""

    def open_page(at: str, home: Path, visitor: Visitor = EVERYTHING, **link: str) -> AppTest:
        monkeypatch.setattr(visitors, "current", lambda _settings: visitor)
        page: AppTest = opened(home, at, **link)
        assert not page.exception
        assert not page.error
        return page

    return open_page


_HEADING = re.compile(r'<h([23])(?: id="([^"]+)")?>(.*?)</h\1>', re.DOTALL)


def headings(block: AppTest | Block, level: int = 2) -> dict[str, str]:
    """The headings of a page or of a part of it in reading order, without markup, each with its anchor."""
    drawn = "".join(one.value for one in block.get("html"))
    found = [match for match in _HEADING.finditer(drawn) if match[1] == str(level)]
    return {unescape(re.sub("<[^>]+>", "", text)): anchor or "" for _, anchor, text in (one.groups() for one in found)}


def unfolded(page: AppTest) -> AppTest:
    """The page as for a reader who has opened each of its closed parts."""
    for one in page.expander:
        if one.proto.id:
            page.session_state[one.proto.id.split("-", 2)[2]] = True
    return added_up(page.run())


def asked_by(home: Path, visitor: Visitor) -> ReleaseReader:
    """The release of a home, as somebody asks it."""
    found = current_release(home / "releases")
    assert found is not None
    return ReleaseReader(found, visitor)


@pytest.fixture
def nb() -> Words:
    return Words("nb")


@pytest.fixture(scope="module")
def served_home(template) -> Path:
    """The home whose pages a module's browser reads; a module with one of its own says so."""
    return template


@pytest.fixture(scope="module")
def site(served_home) -> Iterator[str]:
    """Where the module's home is served, without a page."""
    with served(served_home) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """The module's browser. No longer than a module: its event loop would be in the way of others' tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="not run: no playwright")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def context(browser):
    """What the module's tabs share: they load what all pages need once."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(120_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def kept_tab(context):
    """The module's tab: another one begins a process and compiles the program anew."""
    return remembering(context.new_page())


@pytest.fixture
def page(kept_tab):
    """The module's tab as a new one; it remembers what went wrong in it, and what it asked of others."""
    kept_tab.goto("about:blank")
    kept_tab.set_viewport_size({"width": 1280, "height": 900})
    kept_tab.emulate_media(media="null")
    del kept_tab.problems[:], kept_tab.outside[:]
    return kept_tab


@pytest.fixture
def tab(context):
    """A tab for what is no page of the site."""
    made = context.new_page()
    yield made
    made.close()
