"""What the contracts promise to those outside, as documents: of this code, or of a release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from catalog.contracts import documents
from catalog.contracts.diff import Side
from catalog.contracts.documents import Json
from catalog.contracts.language import Audience, DatasetContract, StreamContract
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import PUSHED

TEXTS: Final = ("title", "about", "says")


def contracts(
    datasets: Iterable[DatasetContract] = DATASETS.values(), streams: Iterable[StreamContract] = PUSHED.values()
) -> Json:
    """The documents of datasets, their views and streams, by name: all that this version of the code has, if not given.

    Registers are left out: who edits one exports it first.
    """
    read = [document for dataset in sorted(datasets, key=lambda d: d.name) for document in _with_views(dataset)]
    return {
        "datasets": {document["name"]: document for document in read},
        "streams": {stream.name: documents.of_stream(stream) for stream in sorted(streams, key=lambda s: s.name)},
    }


def _with_views(dataset: DatasetContract) -> Iterator[Json]:
    yield documents.of_dataset(dataset)
    for view in dataset.views:
        yield documents.of_view(dataset, view)


def read(text: str) -> Json:
    """Contracts from JSON text, such as the file of a release.

    Raises:
        ValueError: the text is not JSON, or does not hold what contracts are compared by.
    """
    try:
        contracts: Json = json.loads(text)
        sound = all(_is_sound(side, contracts[f"{side}s"]) for side in Side)
    except (KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        message = "it does not hold contracts of datasets and streams"
        raise ValueError(message)
    return contracts


def _is_sound(side: Side, documents: Json) -> bool:
    """Whether each document has at least what is compared, of the types that it has here."""
    return all(
        document["name"] == name
        and isinstance(document["version"], int)
        and (document["deprecated"] is None or date.fromisoformat(document["deprecated"]["until"]) is not None)
        and (side is Side.STREAM or isinstance(document["freshness_hours"], int))
        and (side is Side.STREAM or (document["audience"] in list(Audience) and _are_texts(document["one_at_a_time"])))
        and _are_texts(document["key"])
        and all(_is_column(column) for column in document["columns"])
        and all(_is_rule(rule) for rule in document["rules"])
        for name, document in documents.items()
    )


def _is_column(column: Json) -> bool:
    facts = [value for name, value in column.items() if name not in TEXTS]
    has_names = isinstance(column["name"], str) and isinstance(column["type"], str) and "null" in column
    return has_names and all(value is None or isinstance(value, str | int) for value in facts)


def _is_rule(rule: Json) -> bool:
    has_names = isinstance(rule["name"], str) and isinstance(rule["condition"], str) and _are_texts(rule["columns"])
    bounds = rule["between"] or [None, None]
    in_bounds = len(bounds) == len(("low", "high")) and all(b is None or isinstance(b, int) for b in bounds)
    return has_names and in_bounds and (rule["values"] is None or _are_texts(rule["values"])) and "lists" in rule


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def written(value: object, depth: int = 0) -> str:
    """The contracts as JSON text, with a column or a rule to a line."""
    rows = isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
    if not value or not (rows or (isinstance(value, Mapping) and depth <= _DEPTH_OF_CONTRACTS)):
        return json.dumps(value, ensure_ascii=False)
    edge = "\n" + " " * depth
    if isinstance(value, Mapping):
        members = [f"{json.dumps(name)}: {written(inner, depth + 1)}" for name, inner in value.items()]
        return f"{{{edge} {f',{edge} '.join(members)}{edge}}}"
    assert isinstance(value, list)  # noqa: S101 - by the test above
    return f"[{edge} {f',{edge} '.join(written(inner, depth + 1) for inner in value)}{edge}]"


_DEPTH_OF_CONTRACTS: Final = 2
"""How deep a contract lies: below sections and names."""


def overdue(contracts: Json, today: date) -> list[str]:
    """A sentence for each contract whose last day has passed."""
    ends = {
        d["name"]: d["deprecated"]["until"] for side in Side for d in contracts[f"{side}s"].values() if d["deprecated"]
    }
    return [
        f"{name} was promised through {until}: remove its contract and what makes it, or give it a later day."
        for name, until in sorted(ends.items())
        if date.fromisoformat(until) < today
    ]
