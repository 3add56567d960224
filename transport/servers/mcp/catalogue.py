"""What a caller may ask about: datasets, columns, metrics, functions and example questions, found by words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, utils

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import Right, lacking, narrowed_to
from catalog.domain.borders import borders
from catalog.metrics.macros import MACROS, Macro
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS, ExampleQuery, Metric, rights_of
from catalog.tables.datasets import READABLE
from catalog.text import Text, en, nb
from transport.servers.mcp import names
from transport.servers.mcp.names import LONGEST_NAME

_LOWEST = 60.0
"""How well a thing fits the words at least, of 100."""
_LESS_IN_TEXT = 0.9
"""What words in a thing's description count for, against words in its name."""
_FEWEST_LETTERS = 4
"""Shorter words are found as whole words only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that can be found.

    Attributes:
        kind: tool, dataset, metric, column, function, question, service, network, county or municipality.
        name: what the tools call it.
        about: its description, for what has one.
        unit: of a metric or a column.
        tool: which tool to ask next, and how.
    """

    kind: str
    name: str
    title: Text
    about: Text
    unit: str | None
    tool: str


class Catalogue:
    """The metrics, datasets and terms for callers with given rights; the tools name nothing else to them."""

    def __init__(self, rights: frozenset[Right]) -> None:
        """Keep what the rights allow."""
        self._rights = rights
        readable = {name: narrowed_to(dataset, rights) for name, dataset in READABLE.items()}
        self.datasets: Mapping[str, DatasetContract] = {n: d for n, d in readable.items() if d is not None}
        self.metrics: Mapping[str, Metric] = {m.name: m for m in METRICS if not lacking(m.rights, rights)}
        self.questions: Mapping[str, ExampleQuery] = {
            q.name: q for q in EXAMPLE_QUERIES if not lacking(rights_of(q.sql), rights)
        }
        self.macros: tuple[Macro, ...] = tuple(
            m
            for m in MACROS
            if not lacking(rights_of(m.example), rights) and all(narrowed_to(d, rights) is not None for d in m.reads)
        )

    def dataset(self, name: str) -> DatasetContract:
        """The dataset or view of that name.

        Raises:
            UnknownName: the caller may read none of that name.
        """
        if name not in self.datasets:
            raise names.unknown("dataset", name, {n: d.title.nb for n, d in self.datasets.items()})
        return self.datasets[name]

    def metric(self, name: str) -> Metric:
        """The metric of that name or title.

        Raises:
            UnknownName: the caller may read none of that name; the error names the nearest.
        """
        if name in self.metrics:
            return self.metrics[name]
        titled = {t.casefold(): m for m in self.metrics.values() for t in (m.title.nb, m.title.en)}
        if name.strip().casefold() in titled:
            return titled[name.strip().casefold()]
        raise names.unknown("metric", name, {n: m.title.nb for n, m in self.metrics.items()})

    def find(self, words: str, more: Iterable[Entry], *, limit: int) -> list[tuple[float, Entry]]:
        """The entries that match the words best, in Norwegian or English, best first.

        Args:
            words: some words.
            more: further entries: services and areas of a release.
            limit: how many at most.
        """
        query = utils.default_process(words[:LONGEST_NAME])
        scored = [(_score(query, entry), entry) for entry in (*self._entries, *more)] if query else []
        scored = [(score, entry) for score, entry in scored if score >= _LOWEST]
        scored.sort(key=lambda hit: (-hit[0], _ORDER[hit[1].kind], hit[1].name))
        return scored[:limit]

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(self._all())

    def _all(self) -> Iterator[Entry]:
        for dataset in self.datasets.values():
            how = f"describe_dataset(name='{dataset.name}')"
            yield Entry("dataset", dataset.name, dataset.title, dataset.about, None, how)
            for column in dataset.columns:
                yield Entry("column", f"{dataset.name}.{column.name}", column.title, column.about, column.unit, how)
        for metric in self.metrics.values():
            how = f"metric(name='{metric.name}')"
            yield Entry("metric", metric.name, metric.title, metric.definition, metric.unit, how)
        for macro in self.macros:
            yield Entry("function", macro.signature, macro.title, macro.about, None, f"query(sql={macro.example!r})")
        for question in self.questions.values():
            yield Entry("question", question.name, question.question, Text(), None, f"query(sql={question.sql!r})")
        for tool, (title, words) in _TOOLS.items():
            if tool != "payments" or Right.CUSTOMERS in self._rights:
                yield Entry("tool", tool, title, words, None, f"{tool}(…)")
        for place in borders().municipalities.values():
            if place.valid_to is None:
                title = Text(place.name, place.name)
                yield Entry("municipality", place.code, title, Text(), None, f"municipality(name='{place.code}')")


_ORDER = {
    kind: place
    for place, kind in enumerate(
        ("tool", "metric", "dataset", "question", "service", "network", "county", "municipality", "function", "column")
    )
}
"""What comes first of things that fit equally well."""


def _score(query: str, entry: Entry) -> float:
    heads = [entry.name.replace("_", " ").replace(".", " "), entry.title.nb, entry.title.en]
    head = max(fuzz.token_sort_ratio(query, utils.default_process(text)) for text in heads)
    words = [word for word in query.split() if word not in _SMALL_WORDS] or query.split()
    if entry.kind == "tool" and len(words) == 1:
        return head  # one word is a name, and tools answer questions
    if any(query in utils.default_process(text).split() for text in heads):
        head = max(head, _WORD_OF_NAME)
    met = _share_met(words, " ".join((*heads, entry.about.nb, entry.about.en)))
    if len(query.split()) < _SENTENCE:
        return max(head, _LESS_IN_TEXT * 100 * met)
    # a whole question has words about place and time too: half of them are enough, and those of the name count twice
    enough = 50 + 30 * met + 15 * _share_met(words, " ".join(heads)) if 2 * met >= 1 else 0.0
    place_score = 95.0 if entry.kind in _PLACES and _has_name(query, entry) else 0.0
    return max(head, enough, place_score)


def _share_met(words: Sequence[str], text: str) -> float:
    """The share of words that a text has."""
    text_words = utils.default_process(text).split()
    return sum(any(_holds(other, word) for other in text_words) for word in words) / len(words)


def _holds(other: str, word: str) -> bool:
    """Whether a word stands in another, or both begin alike: Norwegian and English inflect at the end."""
    if other == word:
        return True
    if len(word) < _FEWEST_LETTERS:
        return False
    return word in other or (
        len(other) > _FEWEST_LETTERS and word.startswith(other[: max(_FEWEST_LETTERS, len(other) - 2)])
    )


def _has_name(query: str, entry: Entry) -> bool:
    """Whether a question of several words names a place or a service."""
    name = utils.default_process(entry.title.nb)
    return len(name) >= _FEWEST_LETTERS and f" {name} " in f" {query} " and name != query


_WORD_OF_NAME = 92.0
"""What one word counts for that is a word of a name: more than one that stands in the text about it."""
_SENTENCE = 4
"""Words from which on they are a question, and not a name."""
_PLACES = frozenset({"service", "network", "county", "municipality"})
_SMALL: Final = (
    "hva hvem hvor hvorfor hvordan hvilke hvilken hvilket når er var har hadde vi oss vår vårt de det den dette en et "
    "i på av til for fra med om og eller som ikke mange mye flest mest færrest minst skal kan vil bør nå fått siden å "
    "what who where why how which when is are was were has have had do does did we us our they it the a an in on of to "
    "for from with about and or that not many much most least will can should now since by there any been be"
)
_SMALL_WORDS = frozenset(_SMALL.split())
_TOOLS: Mapping[str, tuple[Text, Text]] = {
    "payments": (
        nb("Hva en kommune betaler, og hvorfor") | en("What a municipality pays, and why"),
        nb("betaler betale regning regningen faktura kostnad koster utgifter dyrere økt endret per år tjeneste pris")
        | en("pay paying bill invoice cost costs spend expensive rise risen more year service price quantity"),
    ),
    "prices": (
        nb("Priser, også neste års") | en("Prices, next year's too"),
        nb("pris prisen priser koster neste år prisliste vedtatt selvkost") | en("price cost next year list decided"),
    ),
    "call_list": (
        nb("Hvem vi bør ringe") | en("Whom to call"),
        nb("ringe ringeliste kontakte kontakt kommuner uten tjenesten mangler ikke tatt i bruk først")
        | en("call contact phone first municipalities without service lack not using"),
    ),
    "compare": (
        nb("Sammenlign kommuner") | en("Compare municipalities"),
        nb("sammenlign sammenligne lignende kommuner mot andre") | en("compare similar municipalities against others"),
    ),
    "municipality": (
        nb("Én kommune") | en("One municipality"),
        nb("bruker kommunen tjenester mangler status oversikt") | en("uses services lacks status overview"),
    ),
}
"""The tools that answer a question at once, with words that people ask by."""
