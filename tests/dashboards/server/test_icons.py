"""The icon font has every icon that is drawn: another is shown as its name."""

from __future__ import annotations

from tools import icon_font


def test_every_icon_of_our_pages_and_of_streamlit_s_fields_is_in_the_font():
    kept = icon_font.NAMES.read_text("utf-8").split()
    lacking = set(icon_font.drawn()) - set(kept)
    ours = {name for path in icon_font.ROOM.rglob("*.py") for name in icon_font.icons_in(path.read_text("utf-8"))}
    assert ours <= set(kept)
    assert lacking <= icon_font.NOT_GLYPHS, "run `python -m tools.icon_font`"
    assert icon_font.FONT.stat().st_size < 30_000
