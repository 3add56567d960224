"""A number that pages show, as the release defines it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defined:
    """A number, with texts in the page's language."""

    metric: str
    title: str
    definition: str
    unit: str
    dataset: str
    sql: str
