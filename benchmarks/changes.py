"""How long a visitor waits after changing a filter: every filter of every page.

A filter is changed as a visitor does it, by mouse or key. The time is the browser's own: from the click or key until
nothing in the page moves any more, the script has ended, and every chart stands. What the server and the tab took of
the processors tells what a change costs where others use the machine too.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from playwright.sync_api import TimeoutError  # noqa: A004 - what Playwright calls it

from benchmarks.served import READY, Served, Tab, new_visitor, quantiles
from dashboards.shared.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Playwright

TURNS: Final = 6
"""How often each filter is changed."""
BEGIN: Final = {
    "bruk": ("", "kommune=4601", "kommune=4601&grenser=da"),
    "data": ("", "datasett=usage.dispatch_month", "del=leveranser", "del=karantene", "del=endringer"),
}
"""Links of a page under which it has other filters, or draws other things for them; other pages have one."""
SOUGHT: Final = ("kommune", "pris", "andel", "fant ikke", "selvkost", "")
_NEAR: Final = 5
_QUIET_MS: Final = 200
_UNSEEN_MS: Final = 2_000
"""After which a run must have begun; one that begins and ends within a message is never seen to run."""
_ATTEMPTS: Final = 3
_LATE_MS: Final = 15_000
_WATCH: Final = """() => {
  const main = document.querySelector('[data-testid=stMain]'), app = document.querySelector('[data-testid=stApp]');
  const seen = window.difSeen = {began: null, ran: false, moved: null};
  const begin = event => { if (seen.began === null && event.isTrusted) seen.began = event.timeStamp; };
  for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, begin, {capture: true});
  const moved = () => { seen.moved = performance.now(); };
  const changes = new MutationObserver(moved);
  changes.observe(main, {subtree: true, childList: true, characterData: true, attributes: true});
  const states = new MutationObserver(() => {
    moved();
    if (app.getAttribute('data-test-script-state') !== 'notRunning') seen.ran = true;
  });
  states.observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
  seen.stop = () => {
    changes.disconnect();
    states.disconnect();
    for (const kind of ['pointerdown', 'keydown']) window.removeEventListener(kind, begin, {capture: true});
  };
}"""
_STANDS: Final = f"""() => {{
  const seen = window.difSeen;
  const ran = seen.ran || (seen.moved > seen.began && performance.now() - seen.began > {_UNSEEN_MS});
  if (!ran || performance.now() - seen.moved < {_QUIET_MS} || !({READY})()) return false;
  seen.stop();
  return seen.moved - seen.began;
}}"""


@dataclass(frozen=True, slots=True)
class Change:
    """One filter, changed once.

    Attributes:
        seconds: from the click or key until the page stood.
        server, tab: what these took of the processors, in seconds.
        kilobytes: what the tab was sent.
    """

    path: str
    label: str
    seconds: float
    server: float
    tab: float
    kilobytes: float


def _click(item: Locator) -> Callable[[], None]:
    """How to click something that the pointer is brought to, when it has come to rest."""
    item.hover()
    mouse = item.page.mouse

    def click() -> None:
        mouse.down()
        mouse.up()

    return click


def _press(item: Locator, key: str) -> Callable[[], None]:
    item.focus()
    return partial(item.page.keyboard.press, key)


def _select(item: Locator, turn: int) -> Callable[[], None] | None:
    """Choose another of a menu's first options; None where there is no other."""
    field = item.get_by_role("combobox")
    if field.get_attribute("aria-expanded") != "true":  # the menu of a multi-select stays open
        field.click()
    item.page.get_by_role("option").first.wait_for()
    options = item.page.get_by_role("option", selected=False)
    if not options.count():
        return None
    name = options.nth(turn % min(options.count(), _NEAR)).inner_text()
    return _click(item.page.get_by_role("option", name=name, exact=True))


def _several(item: Locator, turn: int) -> Callable[[], None] | None:
    """One more, and when it is enough, one less."""
    field = item.get_by_role("combobox")
    if turn in {3, 5}:
        return _press(field, "Backspace")
    return _select(item, turn)


def _slide(item: Locator, turn: int) -> Callable[[], None]:
    return _press(item.get_by_role("slider"), "ArrowLeft" if turn < TURNS - 1 else "Home")


def _switch(item: Locator, turn: int) -> Callable[[], None]:
    others = item.locator("label:has(input:not(:checked))")
    return _click(others.nth(turn % others.count()))


def _number(item: Locator, turn: int) -> Callable[[], None]:
    field = item.locator("input")
    field.fill(str(3 * turn + 1) if turn < TURNS - 1 else "")
    return _press(field, "Enter")


def _seek(item: Locator, turn: int) -> Callable[[], None]:
    field = item.locator("input")
    field.fill(SOUGHT[turn % len(SOUGHT)])
    return _press(field, "Enter")


KINDS: Final[dict[str, Callable[[Locator, int], Callable[[], None] | None]]] = {
    "stSelectbox": _select,
    "stMultiSelect": _several,
    "stSlider": _slide,
    "stRadio": _switch,
    "stNumberInput": _number,
    "stTextInput": _seek,
}
"""The kinds of filters, by what Streamlit calls them; each gets ready, and gives the click or key that changes it."""


def _filters(tab: Tab) -> list[tuple[str, str]]:
    """The kind and the label of each filter that stands on the page."""
    anyone = ", ".join(f"[data-testid=stMain] [data-testid={kind}]" for kind in KINDS)
    kinds_and_labels: list[list[str]] = tab.page.locator(anyone).evaluate_all(
        "all => all.map(one => [one.dataset.testid, one.querySelector('[data-testid=stWidgetLabel]').innerText.trim()])"
    )
    return [(kind, label) for kind, label in kinds_and_labels]


def _changed(served: Served, tab: Tab, path: str, kind: str, label: str) -> Iterator[Change]:
    """Change a filter of the page that is open, to another choice each time."""
    page = tab.page
    for turn in range(TURNS):
        item = page.locator(f"[data-testid={kind}]").filter(
            has=page.locator("[data-testid=stWidgetLabel]").get_by_text(label, exact=True)
        )
        if not item.count():  # another choice has taken it off the page
            return
        for attempt in range(_ATTEMPTS):
            act = KINDS[kind](item, turn)
            if act is None:
                return
            page.evaluate(_WATCH)
            spent, own, sent = served.cpu_seconds, tab.cpu_seconds, tab.bytes
            act()
            try:
                took = page.wait_for_function(_STANDS, polling=100, timeout=_LATE_MS).json_value() / 1000
                break
            except TimeoutError as late:  # a menu that still opens may slip away under the pointer
                if page.evaluate("window.difSeen.ran") or attempt == _ATTEMPTS - 1:
                    raise TimeoutError(f"{path}: nothing came of changing {label!r}, time {turn + 1}") from late
                page.evaluate("window.difSeen.stop()")
                page.keyboard.press("Escape")
        server, itself = served.cpu_seconds - spent, tab.cpu_seconds - own
        yield Change(path, label, took, server, itself, (tab.bytes - sent) / 1000)


def measured(driver: Playwright, home: Path, paths: Sequence[str] = ()) -> list[Change]:
    """Change each filter of each page, or of those at `paths`."""
    changes: list[Change] = []
    with Served(home) as served, new_visitor(driver) as tab:
        for page in PAGES:
            for link in BEGIN.get(page.path, ("",)) if not paths or page.path in paths else ():
                address = f"{served.address}/{page.path}?{link}"
                tab.open(address)
                filters = _filters(tab)
                for turn, (kind, label) in enumerate(filters, 1):
                    sys.stderr.write(f"/{page.path}?{link}  {turn} of {len(filters)}: {label}\n")
                    tab.open(address)
                    changes += _changed(served, tab, f"/{page.path}", kind, label)
    return changes


def report(changes: list[Change]) -> Iterator[str]:
    """The changes in lines: over all, of each page, and the slowest filters."""
    pages: dict[str, list[Change]] = defaultdict(list)
    each: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        pages[change.path].append(change)
        each[f"{change.path} {change.label}"].append(change)
    yield f"a changed filter       {_line(changes)}   (aim 200, 600 ms)"
    for path, own in pages.items():
        yield f"  {path:<20} {_line(own)}"
    yield "each filter, slowest first"
    for name, own in sorted(each.items(), key=lambda item: -sum(change.seconds for change in item[1]) / len(item[1])):
        yield f"  {name:<48} {_line(own)}"


def _line(changes: list[Change]) -> str:
    def mean(name: str) -> float:
        return float(sum(getattr(change, name) for change in changes) / len(changes))

    spent = (
        f"server {mean('server') * 1000:4.0f} ms, tab {mean('tab') * 1000:4.0f} ms, {mean('kilobytes'):4.0f} kB each"
    )
    return f"{quantiles([change.seconds for change in changes])}   {spent}"
