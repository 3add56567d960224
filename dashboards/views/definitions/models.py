"""A number that pages show, as the release defines it; and a word that they use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defined:
    """A number, its texts in the page's language."""

    metric: str
    title: str
    definition: str
    unit: str
    dataset: str
    sql: str
