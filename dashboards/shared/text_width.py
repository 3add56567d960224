"""How wide a text is in the pages' font, so that what is drawn can be placed without touching other texts. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

FONTS: Final = Path(__file__).parent / "fonts"
"""TrueType fonts of the weights that charts use; `tools/chart_fonts.py` makes them."""
_MEASURED_AT: Final = 100
_BOLD: Final = 500
"""From which weight on a text counts as bold."""


@lru_cache(maxsize=2)
def _font(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"inter-{weight}.ttf", _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=10_000)
def width(text: str, size: float = 13, weight: int = 400) -> float:
    """The width of a text in pixels.

    Args:
        text: one line.
        size: the font size in pixels.
        weight: 400 is regular, 600 bold.
    """
    return _font(600 if weight >= _BOLD else 400).getlength(text) * size / _MEASURED_AT


def wrapped(text: str, most: float, size: float = 13, weight: int = 400) -> list[str]:
    """The text in lines of at most `most` pixels. A word that is wider than a line stands alone, and sticks out."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
