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

from dashboards import serve
from transport.settings import PROJECT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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
WIDTHS = (1280, 320)


def ready(process: subprocess.Popen[str], address: str) -> None:
    """Ask the server for its health until it answers; its own output is what is waited on in between."""
    place = urlsplit(address).netloc
    for _ in range(600):
        connection = http.client.HTTPConnection(place, timeout=5)
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
        process.communicate(timeout=20)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The pages of a home, and where they are."""
    with started(serve.command(Settings(home=home), 0)) as (process, address):
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
    return not url.startswith(("data:", "blob:")) and not urlsplit(url).netloc.startswith(serve.HOST)


def barriers(tab) -> list[tuple[int, str, str]]:
    """What shuts somebody out of the page as it stands: axe's serious and critical, and width beyond the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    found: list[tuple[int, str, str]] = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        told = axe.Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [one for one in told if one["impact"] in {"serious", "critical"}]
        found += [(width, one["id"], one["nodes"][0]["html"][:200]) for one in serious]
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "wider", "scrolls sideways"))
    return found


def misplaced_headings(tab) -> list[str]:
    """What is wrong with the headings: not one of the first level, or a level left out on the way down."""
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")
    found = [] if levels.count(1) == 1 and levels[0] == 1 else [f"levels {levels}"]
    return found + [f"{before} to {after}" for before, after in pairwise(levels) if after - before > 1]
