"""Search in definitions, terms and abbreviations. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards.release.query import Row
    from dashboards.words import Words


def holds(sought: str, texts: Iterable[str]) -> bool:
    """Whether every search word occurs in the texts; an empty search matches everything."""
    text = " ".join(texts).casefold()
    return all(word in text for word in sought.casefold().split())


def numbers(metrics: Sequence[Row], sought: str) -> list[Row]:
    """The numbers that match."""
    return [
        metric
        for metric in metrics
        if holds(sought, (metric.title, metric.definition, metric.metric, metric.dataset, metric.unit))
    ]


_PAGES: Final = {"usage": "usage", "uptake": "uptake", "ledger": "accounts", "quality": "data"}
"""The page that shows most of a schema's numbers, in the order of the menu; other schemas are on that about data."""


def by_page(metrics: Sequence[Row]) -> dict[str, list[Row]]:
    """The numbers by the page that shows them, in their order; pages without any are left out."""
    pages: dict[str, list[Row]] = {page: [] for page in _PAGES.values()}
    for metric in metrics:
        pages[_PAGES.get(metric.dataset.partition(".")[0], "data")].append(metric)
    return {page: of for page, of in pages.items() if of}


def terms(sought: str, words: Words) -> list[tuple[str, str]]:
    """The terms that match, each with its explanation, in alphabetical order."""
    pairs = [words(f"term.{name}").split(": ", maxsplit=1) for name in words.under("term")]
    matches = [(word, formatting.first(text)) for word, text in pairs if holds(sought, (word, text))]
    return sorted(matches, key=lambda pair: formatting.collated(pair[0]))


def abbreviations(sought: str, words: Words) -> list[tuple[str, str]]:
    """The abbreviations that match, each with its long form."""
    pairs = [(name, words(f"abbreviation.{name}")) for name in sorted(words.under("abbreviation"))]
    return [(name, text) for name, text in pairs if holds(sought, (name, text))]
