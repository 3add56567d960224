"""What the page of definitions asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import questions
from dashboards.answers.definitions import Defined

if TYPE_CHECKING:
    from dashboards.questions import Asker


def numbers(asker: Asker, language: str) -> list[Defined]:
    """The numbers that pages show, by title."""
    return [Defined(**row) for row in questions.rows(asker, "definitions/metrics", language=language)]
