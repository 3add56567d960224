"""The pages and their navigation. `dashboards.serve` starts it; the pages themselves stand in `views/`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards import filters, frame
from dashboards.texts import Words

VIEWS = Path(__file__).parent / "views"
# Our own: a `:material/…:` icon of the page would be fetched from a third party.
ICON = Path(__file__).parent / "static" / "icon.png"


def main() -> None:
    """Choose the page that the address names, and run it behind the guard."""
    language, _ = filters.language(frame.parameters())
    words = Words(language)
    st.set_page_config(page_title=f"{words('uptake.title')} – {words('app.title')}", page_icon=str(ICON), layout="wide")
    uptake = VIEWS / "uptake.py"
    pages = [
        st.Page(uptake, title=words("uptake.title"), url_path="forside", default=True, visibility="hidden"),
        st.Page(uptake, title=words("uptake.title"), url_path="utbredelse", help=words("uptake.help")),
    ]
    # Top navigation when there is a second page; one page with two addresses needs no menu.
    chosen = st.navigation(pages, position="hidden")
    frame.guarded(chosen.run, words)


main()
