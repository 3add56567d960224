"""Make the icon font of the pages from Streamlit's, with the icons that are drawn and no others. Run by hand.

    pip install fonttools brotli && python -m tools.icon_font

The font is Google’s Material Symbols (Apache License 2.0), as Streamlit has it. Streamlit sends 375 kB of icons to each
new visitor. Run it when a page draws another icon or Streamlit is upgraded;
`tests/dashboards/server/test_icons.py` says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit

ROOM = Path(__file__).parent.parent / "dashboards"
FONT = ROOM / "static" / "icons.woff2"
NAMES = ROOM / "static" / "icons.txt"
THEIRS = Path(streamlit.__file__).parent / "static" / "static"
_ICON = re.compile(r":material/([a-z0-9_]+)")


NOT_GLYPHS = frozenset({"123", "1k", "access_time", "star_filled"})
"""Names in Streamlit's program that its font has no glyph for, or another name; no page of ours draws them."""


def icons_in(text: str) -> set[str]:
    """The icons that a text names."""
    return set(_ICON.findall(text))


_NEVER_DRAWN = frozenset({"DataFrame", "Feedback", "FileUploader", "Json"})
"""Parts of Streamlit's program that no page of ours draws, with two icons of three."""


def drawn() -> list[str]:
    """The names of the icons that our pages, or the parts of Streamlit's program that they draw with, may draw."""
    program = [path for path in (THEIRS / "js").glob("*.js") if path.name.split(".")[0] not in _NEVER_DRAWN]
    paths = [*ROOM.rglob("*.py"), *program]
    return sorted(set().union(*(icons_in(path.read_text("utf-8")) for path in paths)))


def main() -> None:
    """Write the font, and the names of its icons beside it."""
    from fontTools import subset  # type: ignore[import-not-found, import-untyped, unused-ignore]

    names = drawn()
    (source,) = (THEIRS / "media").glob("MaterialSymbols-Rounded.*.woff2")
    options = subset.Options(flavor="woff2", layout_features=["*"], layout_closure=False, glyph_names=False)
    options.drop_tables += ["FFTM"]
    font = subset.load_font(str(source), options)
    cut = subset.Subsetter(options)
    order = set(font.getGlyphOrder())
    cut.populate(glyphs=[name for name in names if name in order], text="abcdefghijklmnopqrstuvwxyz0123456789_ ")
    cut.subset(font)
    subset.save_font(font, str(FONT), options)
    NAMES.write_text("\n".join(name for name in names if name in order) + "\n", "utf-8")


if __name__ == "__main__":
    main()
