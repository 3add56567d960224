"""`python -m benchmarks.pages --home HOME`: what a visitor waits for, on this machine, over the release of a home.

A server is started as `dif serve dashboards` starts it. In a real Chromium: the first page cold (a new profile, a
server that nobody has asked yet) and warm, each page, and what a changed filter costs. Over its own wire, without
browsers: fifty sessions, each of somebody who comes, reads for ten seconds (5 to 15), and goes on to another page. In
this process: every question that the pages ask, without what was kept of it. And the bytes of a first visit, as they
cross the wire.

"Ready" is when the page's answer and its last chart stand, and the script has ended.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from dashboards import serve
from dashboards.pages import PAGES
from transport.settings import PROJECT, Settings, load

if TYPE_CHECKING:
    import pyarrow as pa
    from playwright.sync_api import Page

SESSIONS = 50
FILTERS = 30
_PAGES_READ = 6
_READY = """() => {
  if (document.querySelector('[data-testid=stStatusWidget]')) return false;
  if (!document.querySelector('h1')) return false;
  const app = document.querySelector('[data-testid=stApp]');
  if (app && app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
  return !document.querySelector('[data-testid=stSkeleton]') && charts.every(c => c.querySelector('svg,canvas'));
}"""


def _quantiles(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"p50 {statistics.median(ordered) * 1000:7.0f} ms   p95 {p95 * 1000:7.0f} ms   n {len(ordered)}"


class _Served:
    """A server of the pages, and how much memory it takes."""

    def __init__(self, home: Path) -> None:
        argv = serve.command(Settings(home=home), 0)
        self.process = subprocess.Popen(argv, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip().rstrip("/")
        self._wait()

    def _wait(self) -> None:
        import http.client

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
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    @property
    def cpu_seconds(self) -> float:
        """What it has taken of the processors so far."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def in_a_browser(home: Path) -> None:
    """Cold, warm, each page, a changed filter, and the bytes of a first visit."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    cold, warm, filters, sizes = [], [], [], []
    pages: dict[str, list[float]] = defaultdict(list)
    with sync_playwright() as driver:
        for turn in range(3):
            served = _Served(home)
            with tempfile.TemporaryDirectory() as profile:
                browser = driver.chromium.launch_persistent_context(
                    profile,
                    executable_path=chromium,
                    args=["--headless", "--no-sandbox", "--disable-gpu"],
                    viewport={"width": 1280, "height": 900},
                )
                browser.set_default_timeout(60_000)
                tab = browser.new_page()
                size = _count_bytes(tab)
                cold.append(_open(tab, served.address + "/"))
                sizes.append(size["bytes"])
                warm += [_open(tab, served.address + "/") for _ in range(3)]
                for one in PAGES:
                    for _ in range(2):
                        pages[one.path].append(_open(tab, f"{served.address}/{one.path}"))
                if turn == 0:
                    filters = _change_filters(tab, served.address)
                browser.close()
            served.end()
    print(f"first page cold        {_quantiles(cold)}   (aim 2 500 ms)")
    print(f"first page warm        {_quantiles(warm)}   (aim 1 200 ms)")
    for path, seconds in pages.items():
        print(f"  /{path:<20} {_quantiles(seconds)}")
    print(f"a changed filter       {_quantiles(filters)}   (aim 300, 600 ms)")
    print(f"first visit            {max(sizes) / 1e6:.2f} MB over the wire   (aim 1.6)")


def _count_bytes(tab: Page) -> dict[str, int]:
    counted = {"bytes": 0}
    wire = tab.context.new_cdp_session(tab)
    wire.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        counted["bytes"] += int(event["encodedDataLength"])

    def frame(event: dict[str, Any]) -> None:
        counted["bytes"] += len(event["response"]["payloadData"]) * 3 // 4

    wire.on("Network.loadingFinished", finished)
    wire.on("Network.webSocketFrameReceived", frame)
    return counted


def _open(tab: Page, address: str) -> float:
    began = time.monotonic()
    tab.goto(address, wait_until="commit")
    tab.wait_for_function(_READY, polling=20)
    return time.monotonic() - began


def _change_filters(tab: Page, address: str) -> list[float]:
    """Choose one month after another on the front page, as often as there are months, to and fro."""
    _open(tab, address + "/oversikt")
    took = []
    for n in range(FILTERS):
        tab.get_by_role("combobox").first.click()
        options = tab.get_by_role("option")
        option = options.nth(n % max(options.count() - 1, 1) + (1 if n % 2 else 0))
        option.wait_for()
        began = time.monotonic()
        option.click()
        tab.wait_for_timeout(5)
        tab.wait_for_function(_READY, polling=10)
        took.append(time.monotonic() - began)
    return took


def many_at_once(home: Path) -> None:
    """Fifty sessions that open a page and go on to the next, over the pages' own wire."""
    served = _Served(home)
    asyncio.run(_first_visit(served.address))
    began, spent = time.monotonic(), served.cpu_seconds
    took = asyncio.run(_sessions(served.address, SESSIONS))
    cores = (served.cpu_seconds - spent) / (time.monotonic() - began)
    print(f"{SESSIONS} sessions            {_quantiles(took)}   (aim p95 2 000 ms)")
    print(f"  cores taken {cores:.2f}, {(served.cpu_seconds - spent) / len(took) * 1000:.0f} ms a page")
    print(f"memory of the server   {served.memory_mb:.0f} MB   (aim 1 500)")
    served.end()


async def _first_visit(address: str) -> None:
    """What the first visitor pays for, and nobody after."""
    await _session(address, 0, [5.0] * len(PAGES))


async def _sessions(address: str, many: int) -> list[float]:
    chance = random.Random(1)
    reads = [[chance.uniform(5, 15) for _ in range(_PAGES_READ)] for _ in range(many)]
    return [x for took in await asyncio.gather(*(_session(address, *one) for one in enumerate(reads))) for x in took]


async def _session(address: str, number: int, reads: list[float]) -> list[float]:
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.util import calc_hash
    from websockets.asyncio.client import connect

    took = []
    stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    async with connect(stream, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
        await asyncio.sleep(reads[0] - 5)  # they do not come at one moment
        for turn, seconds in enumerate(reads):
            page = PAGES[(number + turn) % len(PAGES)]
            asked = BackMsg()
            asked.rerun_script.page_script_hash = calc_hash(page.path)
            began = time.monotonic()
            await wire.send(asked.SerializeToString())
            while True:
                said = ForwardMsg()
                said.ParseFromString(await wire.recv())  # type: ignore[arg-type]
                if said.WhichOneof("type") == "script_finished":
                    break
            took.append(time.monotonic() - began)
            await asyncio.sleep(seconds)
    return took


def questions_alone(home: Path) -> None:
    """Every question that the pages ask as they open, asked again without what was kept."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from dashboards import questions
    from dashboards.pages import SETTINGS_KEY

    asked: dict[str, tuple[Any, ...]] = {}
    real = questions.answered

    def remember(path: str, name: str, parameters: dict[str, object], visitor: str, *, ledger: bool) -> pa.Table:
        asked[f"{name} {json.dumps(parameters, default=str)}"] = (path, name, parameters, visitor, ledger)
        return real(path, name, parameters, visitor, ledger=ledger)

    questions.answered = remember  # type: ignore[assignment]
    for one in PAGES:
        page = AppTest.from_file(serve.SCRIPT, default_timeout=120)
        page._page_hash = calc_hash(one.path)  # noqa: SLF001 - `switch_page` takes a file, which pages share
        page.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
        page.run()
        assert not page.exception, one.path
    questions.answered = real  # type: ignore[assignment]
    uncached = real.__wrapped__  # type: ignore[attr-defined]
    all_of_them: list[float] = []
    slow: list[tuple[float, str]] = []
    for path, name, parameters, visitor, ledger in asked.values():
        took = []
        for _ in range(20):
            began = time.monotonic()
            uncached(path, name, parameters, visitor, ledger=ledger)
            took.append(time.monotonic() - began)
        all_of_them += took
        slow.append((sorted(took)[18], name))
    print(f"{len(asked)} questions, uncached  {_quantiles(all_of_them)}   (aim p95 50 ms)")
    for seconds, name in sorted(slow, reverse=True)[:8]:
        print(f"  {name:<40} p95 {seconds * 1000:6.0f} ms")


def main() -> int:
    """Measure what is asked for; everything unless some are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--home", type=Path, help="whose release; default: as the settings say")
    parser.add_argument("only", nargs="*", choices=["browser", "sessions", "questions", []], default=[])
    chosen = parser.parse_args()
    home = (chosen.home or load().home).resolve()
    parts = {"questions": questions_alone, "sessions": many_at_once, "browser": in_a_browser}
    for name, part in parts.items():
        if not chosen.only or name in chosen.only:
            part(home)
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
