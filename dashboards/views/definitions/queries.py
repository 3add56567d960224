"""The query of the definitions page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.release.query import Row
    from dashboards.release.reader import ReleaseReader


def numbers(reader: ReleaseReader, language: str) -> list[Row]:
    """The numbers that pages show, by title."""
    return reader.rows("definitions/metrics", language=language)
