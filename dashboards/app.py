"""The pages and their navigation. `dashboards.server.start` starts it; the pages themselves stand in `views/`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from altair.utils import schemapi

from dashboards.access import visitors
from dashboards.page import filters, layout
from dashboards.shared.pages import PAGES, PageAt, shown_to
from dashboards.words import Words
from transport.telemetry import traces

# Our own: a `:material/…:` icon of the page would be fetched from a third party. By its address, not as a file: files
# that a page hands out are for who is let in, and so would the icon of the page that says one is not.
ICON = "/app/static/icon.png"
STATIC = Path(__file__).parent / "static"


def main() -> None:
    """Choose the page that the address names, and run it behind the guard, for who is let in."""
    schemapi.disable_debug_mode()  # the tests hold charts to the schema; each reader need not wait for it
    language, _ = filters.language(layout.link_parameters())
    words, given = Words(language), layout.given_settings()
    visitor = visitors.current(given)
    open_to = shown_to(visitor) if visitor else ()
    pages = {page: _page(page, words, shown=page in open_to) for page in PAGES}
    front = st.Page(PAGES[0].view, title=words(f"{PAGES[0].key}.title"), default=True, visibility="hidden")
    chosen = st.navigation([front, *pages.values()], position="top")
    key = next((entry.key for entry, page in pages.items() if page is chosen), PAGES[0].key)
    title = f"{words(f'{key}.title')} – {words('app.title')}"
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
    st.logo(str(STATIC / f"wordmark-{words.language}.svg"), size="large")
    layout.carry(key)
    at = next(page for page in PAGES if page.key == key)
    layout.guarded(lambda: layout.top(words, at, given, visitor), words)

    def page() -> None:
        entered = visitors.entered(given, words)
        if entered is None:
            return
        if at in shown_to(entered):
            with traces.page(given, key):
                chosen.run()
        else:
            st.title(words(f"{key}.title"), anchor=False)
            visitors.refuse_page(words, given)
        visitors.corner(entered, words)

    layout.guarded(page, words)


def _page(page: PageAt, words: Words, *, shown: bool) -> st.Page:
    """A page, in the menu if it has a place there. One that the visitor may not see has none, and is never run."""
    # short in the menu, so that all stand in one row on a common screen
    title = words(f"app.menu.{page.key}" if page.in_menu else f"{page.key}.title")
    visible = shown and page.in_menu
    return st.Page(page.view, title=title, url_path=page.path, visibility="visible" if visible else "hidden")


main()
