"""The query of the definitions page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.views.definitions.models import Defined

if TYPE_CHECKING:
    from dashboards.release.reader import ReleaseReader


def numbers(reader: ReleaseReader, language: str) -> list[Defined]:
    """The numbers that pages show, by title."""
    return [Defined(**row) for row in reader.rows("definitions/metrics", language=language)]
