"""A real browser on pages that are served as `dif serve dashboards` serves them; the fixtures stand in `conftest`."""

from __future__ import annotations

import http.client
import os
import select
import shutil
import subprocess
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dashboards.server import start
from transport.base.settings import PROJECT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BROWSER = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)
"""The first that there is. The shell draws as the others do, without their windows: a quarter of the time."""
NEEDED = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="not run: no browser")]
"""What every module with a browser is marked with."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ANSWER = ".dif-answer"
WIDTHS = (1280, 390, 320)


def ready(process: subprocess.Popen[str], address: str) -> None:
    """Ask the server for its health until it answers; its own output is what is waited on in between."""
    place = urlsplit(address).netloc
    for _ in range(600):
        connection = http.client.HTTPConnection(place, timeout=60)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            assert process.poll() is None, "the server ended"
            if select.select([process.stderr], [], [], 0.05)[0]:
                os.read(process.stderr.fileno(), 1 << 16)  # else it is readable again at once
        finally:
            connection.close()
    pytest.fail("the server was not ready in time")


@contextmanager
def started(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server as a process of its own, and the address that it prints, without a page; it may not answer yet."""
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        printed = urlsplit(process.stdout.readline().strip())
        assert printed.netloc, process.stderr.read()
        yield process, f"{printed.scheme}://{printed.netloc}"
    finally:
        process.terminate()
        process.communicate(timeout=80)


@contextmanager
def served(home: Path, map_geometry: Path | None = None) -> Iterator[str]:
    """The pages of a home, and where they are; with a map by borders where there are some."""
    with started(start.command(Settings(home=home, map_geometry=map_geometry), 0)) as (process, address):
        ready(process, address)
        yield address


def remembering(tab):
    """A tab that remembers what went wrong in it, and what it asked of others."""
    tab.problems, tab.outside = [], []
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    tab.on("console", lambda said: tab.problems.append(_told(said)) if said.type == "error" and _ours(said) else None)
    tab.on("request", lambda asked: tab.outside.append(asked.url) if _elsewhere(asked.url) else None)
    return tab


def _told(said) -> str:
    return f"{said.text} {said.location}"


def _ours(said) -> bool:
    # Streamlit looks for itself under the page's own address before it looks at the root.
    path = urlsplit(said.location.get("url", "")).path
    return path.startswith("/_stcore/") or "/_stcore/" not in path


def _elsewhere(url: str) -> bool:
    return not url.startswith(("data:", "blob:")) and not urlsplit(url).netloc.startswith(start.HOST)


SERIOUS_ADVICE = (
    "accesskeys",
    "aria-dialog-name",
    "aria-text",
    "aria-treeitem-name",
    "frame-tested",
    "label-title-only",
)
AXE = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "rules": {name: {"enabled": True} for name in (*SERIOUS_ADVICE, "tabindex")},
}
"""What axe looks for: WCAG 2.1 A and AA, and of its advice what it calls serious. The rest of that took a fifth of the
time, and was thrown away."""
SERIOUS = """options => axe.run(options).then(told => told.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => [one.id, one.nodes[0].html.slice(0, 200)]))"""


SIDEWAYS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .some(one => one && one.scrollWidth > one.clientWidth)"""


def barriers(tab) -> list[tuple[int, str, str]]:
    """What shuts somebody out of the page as it stands: axe's serious and critical, and width beyond the screen."""
    from playwright.sync_api import TimeoutError  # noqa: A004 - what Playwright calls it; not everywhere

    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe.Axe().axe_script)
    found: list[tuple[int, str, str]] = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        found += [(width, *one) for one in tab.evaluate(SERIOUS, AXE)]
        try:  # charts are drawn anew for the width a moment later
            tab.wait_for_function(f"() => !({SIDEWAYS})()", timeout=20_000)
        except TimeoutError:
            found.append((width, "wider", "scrolls sideways"))
    return found


def misplaced_headings(tab) -> list[str]:
    """What is wrong with the headings: not one of the first level, or a level left out on the way down."""
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")
    found = [] if levels.count(1) == 1 and levels[0] == 1 else [f"levels {levels}"]
    return found + [f"{before} to {after}" for before, after in pairwise(levels) if after - before > 1]


SNAPPED = """() => {
    const found = new Set(), range = document.createRange()
    const texts = document.createTreeWalker(document.querySelector('[data-testid=stMain]'), NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const {data, parentElement: at} = texts.currentNode
        if (at.closest('code, pre, svg, script, style, [hidden]') || !at.checkVisibility()) continue
        for (const {0: word, index} of data.matchAll(/[\\p{L}\\d]{2,}/gu)) {
            range.setStart(texts.currentNode, index)
            range.setEnd(texts.currentNode, index + word.length)
            const lines = new Set([...range.getClientRects()].filter(one => one.width).map(one => Math.round(one.top)))
            if (lines.size > 1) found.add(word)
        }
    }
    return [...found]
}"""
"""Words of the page that stand on two lines."""


def beyond_a_phone(tab) -> list[str]:
    """What is wrong with the page on a phone: words that are snapped, and more than six thousand pixels."""
    tab.set_viewport_size({"width": 390, "height": 844})
    snapped: list[str] = tab.evaluate(SNAPPED)
    high = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    tab.set_viewport_size({"width": 1280, "height": 900})
    return snapped + ([f"{high} pixels"] if high > 6_000 else [])


STOP = """() => {
    for (const one of document.getAnimations()) try { one.finish() } catch { /* one without end */ }
    const light = colour => {
        const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number).map(one => one / 255)
            .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const at = document.activeElement
    let seen = false
    for (let one = at; one && !seen; one = one.parentElement) {
        const drawn = getComputedStyle(one)
        seen = drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2
            && 1.05 / (light(drawn.outlineColor) + 0.05) >= 3
    }
    const widget = at.closest('[data-testid=stElementContainer]')
    const label = widget?.querySelector('[data-testid=stWidgetLabel]')?.innerText ?? ''
    return [label, seen ? '' : at.outerHTML.slice(0, 200)]
}"""
"""The label of the filter that has the focus, and what has it where one cannot see that: no line of two pixels and 3:1
against white is around it (WCAG 2.1, success criteria 2.4.7 and 1.4.11)."""


def focused(tab) -> str:
    """The label of the filter that has the focus; empty where none has."""
    return tab.evaluate(STOP)[0]


def by_tab(tab, last: str, most: int = 90) -> tuple[list[str], list[str]]:
    """Press Tab until the filter called `last` has the focus.

    Returns:
        The filters that were come to, in order, and every stop on the way that one cannot see.
    """
    met: list[str] = []
    unseen: list[str] = []
    at = focused(tab)
    for _ in range(most):
        tab.keyboard.press("Tab")
        label, hidden = tab.evaluate(STOP)
        met += [label] if label not in {"", at} else []  # what is chosen in a filter is a stop of its own
        unseen += [hidden] if hidden else []
        at = label
        if at == last:
            break
    return met, unseen
