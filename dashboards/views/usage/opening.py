"""The page's first words: use of a product in a place, its answer and key figures. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.panel import perturbed_sentence
from dashboards.views.usage import narrative, panels

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.usage.panels import Use


def opening(page: View) -> Opening:
    """What the link asks for, in a sentence with its figures; nothing where nobody has reported use."""
    of = panels.use(page)
    return opening_of(of) if of else Opening()


def opening_of(of: Use) -> Opening:
    """The same, of answers that are there."""
    if not of.reported:
        return Opening()
    scope, rows, words = of.scope, of.trend.rows, of.page.words
    incomplete = any(gap.month == scope.month for gap in of.gaps)
    answer = narrative.answer(scope, rows, words, incomplete=incomplete)
    tell = narrative.figures if scope.counted.sent else narrative.figures_measured
    return Opening(
        answer + synthetic_sentence(words, synthetic=of.trend.synthetic),
        tell(scope, rows, of.asked.series, words),
        note=perturbed_sentence(of.trend, words),
    )
