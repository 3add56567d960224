"""Which definitions and words somebody searches for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards.views.definitions.models import Defined
    from dashboards.words import Words


def holds(sought: str, texts: Iterable[str]) -> bool:
    """Whether every word that is sought for is in one of the texts; nothing sought for is in all."""
    known = " ".join(texts).casefold()
    return all(word in known for word in sought.casefold().split())


def numbers(found: Sequence[Defined], sought: str) -> list[Defined]:
    """The numbers that match."""
    return [one for one in found if holds(sought, (one.title, one.definition, one.metric, one.dataset, one.unit))]


def terms(sought: str, words: Words) -> list[tuple[str, str]]:
    """The words that match, each with what it is, in the order of the alphabet."""
    told = [words(f"term.{name}").split(": ", maxsplit=1) for name in words.under("term")]
    found = [(word, formatting.first(text)) for word, text in told if holds(sought, (word, text))]
    return sorted(found, key=lambda one: one[0].casefold())


def abbreviations(sought: str, words: Words) -> list[tuple[str, str]]:
    """The abbreviations that match, each with what it stands for."""
    told = [(name, words(f"abbreviation.{name}")) for name in sorted(words.under("abbreviation"))]
    return [(name, text) for name, text in told if holds(sought, (name, text))]
