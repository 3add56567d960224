"""Make the fonts that charts are drawn with as files, from the pages' font. Run by hand when that font changes.

    pip install fonttools brotli && python -m tools.chart_fonts

A picture of a chart is drawn without a browser, by a program that reads TrueType only and knows no variable weights.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-not-found, import-untyped, unused-ignore]
from fontTools.varLib.instancer import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
    instantiateVariableFont,
)

ROOM = Path(__file__).parent.parent / "dashboards"
WEIGHTS = (400, 600)


def main() -> None:
    """Write a font for each weight."""
    for weight in WEIGHTS:
        font = instantiateVariableFont(TTFont(ROOM / "static" / "inter-latin.woff2"), {"wght": weight})
        font.flavor = None
        font["OS/2"].usWeightClass = weight
        font.save(ROOM / "shared" / "fonts" / f"inter-{weight}.ttf")


if __name__ == "__main__":
    main()
