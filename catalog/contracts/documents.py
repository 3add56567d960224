"""Contracts as plain JSON: what the HTTP server lists, a release carries, and two versions are compared by."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from catalog.contracts.language import Column, DatasetContract, Deprecation, StreamContract, View
from catalog.contracts.rules import Between, InSet, Rule
from catalog.text import Text

Json = dict[str, Any]


def of_dataset(dataset: DatasetContract) -> Json:
    """A dataset's contract. `where` is the condition of a view's rows; `sorted_by` orders the rows of a file."""
    return {
        "name": dataset.name,
        "title": _bilingual(dataset.title),
        "about": _bilingual(dataset.about),
        "owner": dataset.owner,
        "audience": str(dataset.audience),
        "exact_counts": dataset.exact_counts,
        "version": dataset.version,
        "deprecated": _deprecated(dataset.deprecated),
        "replaces_at_once": dataset.replaces_at_once or None,
        "freshness_hours": dataset.freshness_hours,
        "key": list(dataset.key),
        "one_at_a_time": list(dataset.non_additive_across),
        "partitioned": dataset.partitioned,
        "sorted_by": list(dataset.sort_by or dataset.key),
        "sources": list(dataset.sources),
        "view_of": dataset.of.name if dataset.of else None,
        "where": " and ".join(f"{column} = '{value}'" for column, value in dataset.only) or None,
        "columns": [_column(c) | _number_fields(c) for c in dataset.columns],
        "rules": [_rule(r) for r in dataset.rules],
    }


def of_view(dataset: DatasetContract, view: View) -> Json:
    """A view's contract, with its derived columns, each with the SQL that gives it."""
    document = of_dataset(dataset.seen_through(view))
    derived = [_column(c) | _number_fields(c) | {"sql": sql} for c, sql in view.more]
    return document | {"where": view.where, "columns": [*document["columns"], *derived]}


def of_stream(stream: StreamContract) -> Json:
    """A stream's contract."""
    return {
        "name": stream.name,
        "title": _bilingual(stream.title),
        "about": _bilingual(stream.about),
        "owner": stream.owner,
        "version": stream.version,
        "deprecated": _deprecated(stream.deprecated),
        "key": list(stream.key),
        "month_of": stream.month_of,
        "repeats": str(stream.repeats),
        "ordered_by": stream.ordered_by,
        "conflict_on": stream.conflict_on,
        "columns": [_column(c) | _sent(c) for c in stream.columns],
        "rules": [_rule(r) for r in stream.rules],
    }


def _bilingual(text: Text) -> Json:
    return {"nb": text.nb, "en": text.en}


def _deprecated(deprecation: Deprecation | None) -> Json | None:
    if deprecation is None:
        return None
    return {"until": deprecation.until.isoformat(), "successor": deprecation.successor}


def _column(column: Column) -> Json:
    return {
        "name": column.name,
        "type": str(column.type),
        "title": _bilingual(column.title),
        "about": _bilingual(column.about),
        "key": column.key,
        "null": column.null,
        "unit": column.unit,
    }


def _sent(column: Column) -> Json:
    """What a column takes from senders."""
    longest = {"longest": column.longest} if pa.types.is_string(column.type) else {}
    return {"free_text": column.free_text, "internal": column.internal, **longest}


def _number_fields(column: Column) -> Json:
    return {
        "additivity": str(column.additivity) if column.additivity else None,
        "perturbed": column.perturbed,
    }


def _rule(rule: Rule) -> Json:
    """A rule: `values` are all it allows, `between` the bounds of a number, `lists` a register and its column."""
    return {
        "name": rule.name,
        "columns": list(rule.columns),
        "says": _bilingual(rule.says),
        "condition": rule.condition,
        "values": list(rule.form.values) if isinstance(rule.form, InSet) else None,
        "between": [rule.form.low, rule.form.high] if isinstance(rule.form, Between) else None,
        "lists": list(rule.lists) if rule.lists else None,
    }
