"""What a page says first, before anything is drawn: the server sends it as HTML, and the page draws the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dashboards.release.reader import ReleaseReader
from dashboards.shared.narrative import Figure
from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class View(ReleaseReader):
    """A release as a page reads it: with the texts of its language and the parameters of its link.

    Attributes:
        words: the texts.
        link: the parameters.
        map_geometry: the borders of a geographic map, where the settings have them.
    """

    words: Words
    link: Mapping[str, str]
    map_geometry: Path | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Opening:
    """The first words of a page.

    Attributes:
        answer: the page in a sentence or two, computed from the data; empty without data.
        figures: its key figures.
        observed: the last month it has numbers of, if not the release's own.
        title: the page's title, where it is not the same for every link.
        reports: the reports that this visitor can have made of what the page shows: the words of a link, and where.
        note: what the page says of these numbers beside its charts and tables; empty where nothing.
    """

    answer: str = ""
    figures: Sequence[Figure] = ()
    observed: date | None = None
    title: str = ""
    reports: Sequence[tuple[str, str]] = ()
    note: str = ""
