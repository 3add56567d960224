"""`python -m benchmarks.pages --home HOME`: what a visitor waits for, on this machine, over the release of a home.

A server is started as `dif serve dashboards` starts it. In a real Chromium: the first page cold (a new profile, a
server that nobody has asked yet) and warm, each page, and what a changed filter costs (`benchmarks.changes`). On a slow
line: when the answer and the figures are on screen. Over its own wire, without browsers: fifty sessions, each of
somebody who comes, reads for ten seconds (5 to 15), and goes on to another page. In this process: every question that
the pages ask, without what was kept of it. And the bytes of a first visit, as they cross the wire.

"Ready" is when the page's answer and its last chart stand, and the script has ended.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from benchmarks import changes
from benchmarks.served import Served, new_visitor, quantiles
from dashboards.server import start
from dashboards.shared.pages import PAGES
from transport.base.settings import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.release.query import QueryResult

SESSIONS = 50
_PAGES_READ = 6


def in_a_browser(home: Path) -> None:
    """Cold, warm, each page, and the bytes of a first visit."""
    from playwright.sync_api import sync_playwright

    cold, warm, sizes = [], [], []
    pages: dict[str, list[float]] = defaultdict(list)
    shifts: dict[str, float] = defaultdict(float)
    with sync_playwright() as driver:
        for _ in range(3):
            with Served(home) as served, new_visitor(driver) as tab:
                cold.append(tab.open(served.address + "/"))
                sizes.append(tab.bytes)
                warm += [tab.open(served.address + "/") for _ in range(3)]
                for path in [page.path for page in PAGES for _ in range(2)]:
                    pages[path].append(tab.open(f"{served.address}/{path}"))
                    shifts[path] = max(shifts[path], tab.shifts)
    print(f"first page cold        {quantiles(cold)}   (aim 2 500 ms)")
    print(f"first page warm        {quantiles(warm)}   (aim 1 200 ms)")
    for path, seconds in pages.items():
        print(f"  /{path:<20} {quantiles(seconds)}   layout shift {shifts[path]:.3f}   (aim 0.1)")
    print(f"first visit            {max(sizes) / 1e6:.3f} MB over the wire   (aim 1.20)")


def on_a_slow_line(home: Path) -> None:
    """When the answer and the key figures are on screen, over 400 kbit/s with 400 ms latency."""
    from playwright.sync_api import sync_playwright

    seconds: dict[str, list[float]] = defaultdict(list)
    with sync_playwright() as driver, Served(home) as served:
        for path in [page.path for page in PAGES if page.in_menu]:
            for _ in range(2):
                with new_visitor(driver) as tab:
                    seconds[path].append(tab.first_words(f"{served.address}/{path}", **SLOW_LINE))
    for path, took in seconds.items():
        print(f"  /{path:<20} {quantiles(took)}   (aim 3 000 ms)")


SLOW_LINE: Final = {"latency": 400, "kbit": 400}
"""The browser's throttling: milliseconds and kbit/s."""


def changed_filters(home: Path, paths: Sequence[str]) -> None:
    """Every filter of every page, changed as a visitor does."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        print(*changes.report(changes.measured(driver, home, paths)), sep="\n")


def many_at_once(home: Path) -> None:
    """Fifty sessions that open a page and go on to the next, over the pages' own wire."""
    with Served(home) as served:
        asyncio.run(_first_visit(served.address))
        began, spent = time.monotonic(), served.cpu_seconds
        took = asyncio.run(_sessions(served.address, SESSIONS))
        cores = (served.cpu_seconds - spent) / (time.monotonic() - began)
        print(f"{SESSIONS} sessions            {quantiles(took)}   (aim p95 2 000 ms)")
        print(f"  cores taken {cores:.2f}, {(served.cpu_seconds - spent) / len(took) * 1000:.0f} ms a page")
        print(f"memory of the server   {served.memory_mb:.0f} MB   (aim 1 500)")


async def _first_visit(address: str) -> None:
    """The cost that only the first visitor pays."""
    await _session(address, 0, [5.0] * len(PAGES))


async def _sessions(address: str, many: int) -> list[float]:
    chance = random.Random(1)
    reads = [[chance.uniform(5, 15) for _ in range(_PAGES_READ)] for _ in range(many)]
    return [
        x
        for took in await asyncio.gather(*(_session(address, number, own) for number, own in enumerate(reads)))
        for x in took
    ]


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
            request = BackMsg()
            request.rerun_script.page_script_hash = calc_hash(page.path)
            began = time.monotonic()
            await wire.send(request.SerializeToString())
            while True:
                message = ForwardMsg()
                message.ParseFromString(await wire.recv())  # type: ignore[arg-type]
                if message.WhichOneof("type") == "script_finished":
                    break
            took.append(time.monotonic() - began)
            await asyncio.sleep(seconds)
    return took


def questions_alone(home: Path) -> None:
    """Run every query of the pages' first view again, without the cache."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from dashboards.release import reader
    from dashboards.shared.pages import SETTINGS_KEY

    queries: dict[str, tuple[Any, ...]] = {}
    real = reader.answered

    def remember(*arguments: Any, ledger: bool) -> QueryResult:
        _path, _stamp, name, parameters, _visitor = arguments
        queries[f"{name} {parameters}"] = (arguments, ledger)
        return real(*arguments, ledger=ledger)

    reader.answered = remember  # type: ignore[assignment]
    home = home.resolve()
    os.chdir(Path(start.__file__).parent)  # where the settings of Streamlit are
    for page_at in PAGES:
        page = AppTest.from_file(start.SCRIPT, default_timeout=120)
        page._page_hash = calc_hash(page_at.path)  # noqa: SLF001 - `switch_page` takes a file, which pages share
        page.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
        page.run()
        assert not page.exception, page_at.path
    reader.answered = real  # type: ignore[assignment]
    uncached = real.__wrapped__
    all_of_them: list[float] = []
    slow: list[tuple[float, str]] = []
    for arguments, ledger in queries.values():
        took = []
        for _ in range(20):
            began = time.monotonic()
            uncached(*arguments, ledger=ledger)
            took.append(time.monotonic() - began)
        all_of_them += took
        slow.append((sorted(took)[18], str(arguments[2])))
    print(f"{len(queries)} questions, uncached  {quantiles(all_of_them)}   (aim p95 50 ms)")
    for seconds, name in sorted(slow, reverse=True)[:8]:
        print(f"  {name:<40} p95 {seconds * 1000:6.0f} ms")


def main() -> int:
    """Measure what is asked for; everything unless some are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--home", type=Path, help="whose release; default: as the settings say")
    parser.add_argument("--page", action="append", default=[], help="of `changes`: only the page at this path; repeat")
    parser.add_argument(
        "only", nargs="*", choices=["browser", "slow", "changes", "sessions", "questions", []], default=[]
    )
    chosen = parser.parse_args()
    home = (chosen.home or load().home).resolve()
    measured = {
        "questions": questions_alone,
        "sessions": many_at_once,
        "browser": in_a_browser,
        "slow": on_a_slow_line,
        "changes": partial(changed_filters, paths=chosen.page),
    }
    for name, part in measured.items():
        if not chosen.only or name in chosen.only:
            part(home)
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
