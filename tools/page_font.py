"""Cut the pages' font down to the weights that they use. Run by hand after the font is fetched anew.

    pip install fonttools brotli && python -m tools.page_font

Each new visitor loads the font before any text stands in it; the thinner and the heavier weights are a quarter of it.
"""

from __future__ import annotations

from pathlib import Path

FONT = Path(__file__).parent.parent / "dashboards" / "static" / "inter-latin.woff2"
WEIGHTS = (400, 700)
"""The lightest and the heaviest that a style of ours or a heading asks for."""


def main() -> None:
    """Write the font over itself; again changes nothing."""
    from fontTools.ttLib import TTFont  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from fontTools.varLib import instancer  # type: ignore[import-not-found, import-untyped, unused-ignore]

    font = instancer.instantiateVariableFont(TTFont(FONT), {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(FONT)


if __name__ == "__main__":
    main()
