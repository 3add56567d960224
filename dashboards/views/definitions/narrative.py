"""Search in definitions, terms and abbreviations. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards.views.definitions.models import Defined
    from dashboards.words import Words


def holds(sought: str, texts: Iterable[str]) -> bool:
    """Whether every search word occurs in the texts; an empty search matches everything."""
    text = " ".join(texts).casefold()
    return all(word in text for word in sought.casefold().split())


def numbers(metrics: Sequence[Defined], sought: str) -> list[Defined]:
    """The numbers that match."""
    return [
        metric
        for metric in metrics
        if holds(sought, (metric.title, metric.definition, metric.metric, metric.dataset, metric.unit))
    ]


def terms(sought: str, words: Words) -> list[tuple[str, str]]:
    """The terms that match, each with its explanation, in alphabetical order."""
    pairs = [words(f"term.{name}").split(": ", maxsplit=1) for name in words.under("term")]
    matches = [(word, formatting.first(text)) for word, text in pairs if holds(sought, (word, text))]
    return sorted(matches, key=lambda pair: formatting.collated(pair[0]))


def abbreviations(sought: str, words: Words) -> list[tuple[str, str]]:
    """The abbreviations that match, each with its long form."""
    pairs = [(name, words(f"abbreviation.{name}")) for name in sorted(words.under("abbreviation"))]
    return [(name, text) for name, text in pairs if holds(sought, (name, text))]
