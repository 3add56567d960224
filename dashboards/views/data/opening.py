"""The first words about data quality: its answer and key figures. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.release.query import GAPS
from dashboards.shared.opening import Opening
from dashboards.views.data import narrative, queries
from dashboards.views.data.chosen import CATALOGUE, DATASETS

if TYPE_CHECKING:
    from dashboards.shared.opening import View


def opening(page: View) -> Opening:
    """How many datasets there are and how they were checked; nothing in a release from before they were told."""
    has, words, release = page.datasets, page.words, page.release
    if not has.issuperset({CATALOGUE, *DATASETS}):
        return Opening()
    expected = queries.expected(page) if GAPS in has else {}
    checked = (release.passed, release.failed)
    accounting = page.rows("data/accounting", stream=None)
    figures = narrative.figures(checked, expected, accounting, queries.differs(page), queries.parent(page), words)
    return Opening(narrative.answer(queries.datasets(page, words.language), checked, expected, words), figures)
