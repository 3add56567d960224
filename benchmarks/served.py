"""A server of the pages as `dif serve dashboards` starts it, a browser on it, and what both have spent."""

from __future__ import annotations

import base64
import http.client
import shutil
import statistics
import subprocess
import tempfile
import time
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import psutil

from dashboards.server import start
from transport.base.settings import PROJECT, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

READY = """() => {
  if (document.querySelector('[data-testid=stStatusWidget]')) return false;
  if (document.getElementById('dif-first') || !document.querySelector('[data-testid=stMain] h1')) return false;
  const app = document.querySelector('[data-testid=stApp]');
  if (app && app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
  return !document.querySelector('[data-testid=stSkeleton]') && charts.every(c => c.querySelector('svg,canvas'));
}"""
"""The page's answer and its last chart stand, and the script has ended."""


_SHIFTS = """() => {
  window.difShifts = 0;
  const seen = list => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.difShifts += one.value; };
  new PerformanceObserver(seen).observe({type: 'layout-shift', buffered: true});
}"""


def pressed(payload: str) -> int:
    """The bytes of a frame as they cross the wire, from what the browser tells of it: base64, and uncompressed."""
    return len(zlib.compress(base64.b64decode(payload)))


def quantiles(seconds: Sequence[float]) -> str:
    """How long it took, half of the times and 95 of 100 times."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"p50 {statistics.median(ordered) * 1000:7.0f} ms   p95 {p95 * 1000:7.0f} ms   n {len(ordered)}"


class Served:
    """A server of a home's pages, and the memory and processor time it uses."""

    def __init__(self, home: Path) -> None:
        argv = start.command(load().but(home=home), 0)
        self._process = subprocess.Popen(
            argv, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip().rstrip("/")
        self._wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _wait(self) -> None:
        place = urlsplit(self.address).netloc
        end = time.monotonic() + 60
        while time.monotonic() < end:
            connection = http.client.HTTPConnection(place, timeout=5)
            try:
                connection.request("GET", "/_stcore/health")
                if connection.getresponse().status == http.client.OK:
                    return
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()

    @property
    def memory_mb(self) -> float:
        """Its resident memory."""
        return psutil.Process(self._process.pid).memory_info().rss / 1e6

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it has used so far."""
        used = psutil.Process(self._process.pid).cpu_times()
        return float(used.user + used.system)


class Tab:
    """A page in the browser, the bytes that it was sent, and the processor time that it took itself."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes = page, 0
        page.add_init_script(f"({_SHIFTS})()")
        self._wire = page.context.new_cdp_session(page)
        self._wire.send("Network.enable")
        self._wire.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._wire.on("Network.loadingFinished", self._finished)
        self._wire.on("Network.webSocketFrameReceived", self._frame)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        self.bytes += pressed(event["response"]["payloadData"])

    @property
    def cpu_seconds(self) -> float:
        """The processor time that its page has used; a new document begins at zero."""
        metrics = {metric["name"]: metric["value"] for metric in self._wire.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    @property
    def shifts(self) -> float:
        """The sum of layout shifts without user input since the page was opened; CLS is the worst part of this sum."""
        return float(self.page.evaluate("window.difShifts"))

    def open(self, address: str) -> float:
        """Go to an address; how long it took until the page was ready, in seconds."""
        began = time.monotonic()
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_function(READY, polling=20)
        return time.monotonic() - began

    def first_words(self, address: str, *, latency: int, kbit: int) -> float:
        """Go to an address over a slow line; when the answer and the key figures were painted, in seconds.

        Args:
            address: of a page.
            latency: in milliseconds.
            kbit: a second, each way.
        """
        line = {"offline": False, "latency": latency, "downloadThroughput": kbit * 125, "uploadThroughput": kbit * 125}
        self._wire.send("Network.emulateNetworkConditions", line)
        self.page.goto(address, wait_until="commit")
        self.page.locator("#dif-first .dif-said").wait_for()
        return float(self.page.evaluate(_PAINTED)) / 1000


_PAINTED = """() => new Promise(told => {
  const look = () => {
    const [first] = performance.getEntriesByName('first-contentful-paint');
    first ? told(first.startTime) : setTimeout(look, 20);
  };
  look();
})"""


_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""As `make browser` installs or looks for them."""


@contextmanager
def new_visitor(driver: Playwright) -> Iterator[Tab]:
    """A tab of somebody who has never been here, in a real Chromium."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:  # the browser may still write there
        browser = driver.chromium.launch_persistent_context(
            profile,
            executable_path=next(filter(None, map(shutil.which, _BROWSERS)), None),
            args=["--headless", "--no-sandbox", "--disable-gpu"],
            viewport={"width": 1280, "height": 900},
        )
        browser.set_default_timeout(60_000)
        yield Tab(browser.new_page())
        browser.close()
