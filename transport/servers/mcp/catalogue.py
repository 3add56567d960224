"""What a caller may ask about: datasets, columns, metrics, functions and example questions, found by words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, utils

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import Right, given, lacking
from catalog.domain.borders import borders
from catalog.metrics.examples import EXAMPLE_QUERIES, ExampleQuery
from catalog.metrics.macros import MACROS, Macro
from catalog.metrics.metrics import METRICS, Metric
from catalog.metrics.statements import rights_of
from catalog.tables.datasets import READABLE
from catalog.text import Text
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
        kind: dataset, metric, column, function, question, service, network, county or municipality.
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
    """What may be asked about by callers with given rights; the tools name nothing else to them."""

    def __init__(self, rights: frozenset[Right]) -> None:
        """Keep what the rights give."""
        readable = {name: given(dataset, rights) for name, dataset in READABLE.items()}
        self.datasets: Mapping[str, DatasetContract] = {n: d for n, d in readable.items() if d is not None}
        self.metrics: Mapping[str, Metric] = {m.name: m for m in METRICS if not lacking(m.rights, rights)}
        self.questions: Mapping[str, ExampleQuery] = {
            q.name: q for q in EXAMPLE_QUERIES if not lacking(rights_of(q.sql), rights)
        }
        self.macros: tuple[Macro, ...] = tuple(
            m
            for m in MACROS
            if not lacking(rights_of(m.example), rights) and all(given(d, rights) is not None for d in m.reads)
        )

    def dataset(self, name: str) -> DatasetContract:
        """The dataset or view of that name.

        Raises:
            UnknownName: there is none that the caller may read.
        """
        if name not in self.datasets:
            raise names.unknown("dataset", name, {n: d.title.nb for n, d in self.datasets.items()})
        return self.datasets[name]

    def metric(self, name: str) -> Metric:
        """The metric of that name or title.

        Raises:
            UnknownName: there is none that the caller may read; the error names the nearest.
        """
        if name in self.metrics:
            return self.metrics[name]
        titled = {t.casefold(): m for m in self.metrics.values() for t in (m.title.nb, m.title.en)}
        if name.strip().casefold() in titled:
            return titled[name.strip().casefold()]
        raise names.unknown("metric", name, {n: m.title.nb for n, m in self.metrics.items()})

    def find(self, words: str, more: Iterable[Entry], *, limit: int) -> list[tuple[float, Entry]]:
        """What fits the words best, in Norwegian or English, best first.

        Args:
            words: some words.
            more: what is found besides: services and areas of a release.
            limit: how many at most.
        """
        asked = utils.default_process(words[:LONGEST_NAME])
        scored = [(_score(asked, entry), entry) for entry in (*self._entries, *more)] if asked else []
        scored = [(score, entry) for score, entry in scored if score >= _LOWEST]
        scored.sort(key=lambda one: (-one[0], _ORDER[one[1].kind], one[1].name))
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
        for place in borders().municipalities.values():
            if place.valid_to is None:
                title = Text(place.name, place.name)
                yield Entry("municipality", place.code, title, Text(), None, f"municipality(name='{place.code}')")


_ORDER = {
    kind: place
    for place, kind in enumerate(
        ("metric", "dataset", "question", "service", "network", "county", "municipality", "function", "column")
    )
}
"""What comes first of things that fit equally well."""


def _score(asked: str, entry: Entry) -> float:
    heads = [entry.name.replace("_", " ").replace(".", " "), entry.title.nb, entry.title.en]
    head = max(fuzz.token_sort_ratio(asked, utils.default_process(text)) for text in heads)
    text = utils.default_process(" ".join((*heads, entry.about.nb, entry.about.en)))
    there = text.split()
    # a longer word holds a shorter one: Norwegian writes "ringeliste" in one, and inflects at the end
    words = asked.split()
    met = sum(any(_holds(other, word) for other in there) for word in words)
    return max(head, _LESS_IN_TEXT * 100 * met / len(words))


def _holds(other: str, word: str) -> bool:
    return other == word or (len(word) >= _FEWEST_LETTERS and word in other)
