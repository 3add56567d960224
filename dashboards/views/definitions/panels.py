"""The first words of the definitions. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared.opening import Opening

if TYPE_CHECKING:
    from dashboards.shared.opening import View

METRIC: Final = "meta.metric"


def opening(page: View) -> Opening:
    """How many numbers and words are explained; nothing in a release without definitions."""
    if METRIC not in page.datasets:
        return Opening()
    words = page.words
    explained = len(words.under("term")) + len(words.under("abbreviation"))
    numbers = len(page.rows("definitions/metrics", language=words.language))
    return Opening(words("definitions.answer", n=numbers, terms=explained))
