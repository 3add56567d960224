"""The tables of `meta`, generated from the contracts, so no description is typed twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import pyarrow as pa

from catalog.contracts.language import Audience, DatasetContract, RegisterContract, StreamContract
from catalog.contracts.sharing import Right, rights_to_whole
from catalog.domain.perturbation import METHOD
from catalog.metrics.macros import MACROS
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS, files_of
from catalog.tables import meta
from catalog.text import Text

_WHOLE = frozenset({Right.PUBLIC, Right.OPEN})
"""The rights of whoever reads `meta.dataset`."""


def _texts(**texts: Text) -> dict[str, str]:
    """A column for each text and language: `title_nb`, `title_en`."""
    return {f"{name}_{language}": text[language] for name, text in texts.items() for language in ("nb", "en")}


def datasets(contracts: Iterable[DatasetContract], facts_by_dataset: Mapping[str, Mapping[str, object]]) -> pa.Table:
    """`meta.dataset`; `facts_by_dataset` gives rows, content hash and synthetic flag of each built dataset."""
    rows = [
        {
            "dataset": d.name,
            **_texts(title=d.title, about=d.about),
            "owner": d.owner,
            "audience": str(d.audience),
            "sources": ", ".join(d.sources) or None,
            "freshness_hours": d.freshness_hours,
            "contract_version": d.version,
            "deprecated_until": d.deprecated and d.deprecated.until,
            "successor": d.deprecated and d.deprecated.successor,
            "rows": facts_by_dataset.get(d.name, {}).get("rows"),
            # the hash of hidden content would let a reader who knows all of it but one figure find that figure
            "content_hash": facts_by_dataset.get(d.name, {}).get("content_hash")
            if rights_to_whole(d) <= _WHOLE
            else None,
            "synthetic": facts_by_dataset.get(d.name, {}).get("synthetic", False),
        }
        for d in contracts
    ]
    return pa.Table.from_pylist(rows, meta.DATASET.arrow_schema)


def columns(contracts: Iterable[DatasetContract]) -> pa.Table:
    """`meta.column_definition`."""
    rows = [
        {
            "dataset": d.name,
            "column_name": c.name,
            "position": position,
            "type": str(c.type),
            "unit": c.unit,
            "is_key": c.key,
            "may_be_null": c.null,
            **_texts(title=c.title, about=c.description),
            "source": ", ".join(d.sources) or None,
            "additivity": str(c.additivity) if c.additivity else None,
            "one_at_a_time": (", ".join(d.non_additive_across) or None) if c.adds_up else None,
            "perturbation": METHOD if c.perturbed else None,
        }
        for d in contracts
        for position, c in enumerate(d.columns, 1)
    ]
    return pa.Table.from_pylist(rows, meta.COLUMN_DEFINITION.arrow_schema)


Inputs = Mapping[DatasetContract, Iterable[DatasetContract | RegisterContract | StreamContract]]


def lineage(inputs_of: Inputs) -> pa.Table:
    """`meta.lineage`.

    Args:
        inputs_of: the inputs of each dataset. An internal dataset that is not a key of it belongs to a stream.
    """
    rows = [
        {"dataset": dataset.name, "kind": kind, "made_of": name}
        for dataset in inputs_of
        if dataset.audience is not Audience.INTERNAL
        for kind, name in sorted(_shown_inputs(dataset, inputs_of))
    ]
    return pa.Table.from_pylist(rows, meta.LINEAGE.arrow_schema)


def _shown_inputs(dataset: DatasetContract, inputs_of: Inputs) -> set[tuple[str, str]]:
    inputs: set[tuple[str, str]] = set()
    for contract in inputs_of[dataset]:
        if isinstance(contract, RegisterContract):
            inputs.add(("REGISTER", contract.name))
        elif isinstance(contract, StreamContract):
            inputs.add(("STREAM", contract.name))
        elif contract.audience is not Audience.INTERNAL:
            inputs.add(("DATASET", contract.name))
        elif contract in inputs_of:
            inputs |= _shown_inputs(contract, inputs_of)
        else:
            inputs.add(("STREAM", contract.table))
    return inputs


def metrics() -> pa.Table:
    """`meta.metric`."""
    rows = [
        {
            "metric": m.name,
            **_texts(title=m.title, definition=m.definition),
            "unit": m.unit,
            "dataset": m.dataset,
            "sql": m.sql,
            "files": ", ".join(files_of(m.sql)),
        }
        for m in METRICS
    ]
    return pa.Table.from_pylist(rows, meta.METRIC.arrow_schema)


def example_queries() -> pa.Table:
    """`meta.example_query`."""
    rows = [
        {
            **_texts(question=q.question),
            "sql": q.sql,
            "files": ", ".join(files_of(q.sql)),
        }
        for q in EXAMPLE_QUERIES
    ]
    return pa.Table.from_pylist(rows, meta.EXAMPLE_QUERY.arrow_schema)


def macros() -> pa.Table:
    """`meta.macro`."""
    rows = [
        {
            "macro": m.name,
            "kind": str(m.kind),
            "signature": m.signature,
            **_texts(returns=m.returns, title=m.title, about=m.about),
            "datasets": ", ".join(d.name for d in m.reads),
            "example": m.example,
            "files": ", ".join(files_of(m.example)),
        }
        for m in MACROS
    ]
    return pa.Table.from_pylist(rows, meta.MACRO.arrow_schema)


def release(
    name: str,
    parent: str | None,
    published_at: datetime,
    as_of: datetime,
    *,
    through: object,
    checks: int,
    synthetic: bool,
) -> pa.Table:
    """`meta.release`, one row."""
    row = {
        "release": name,
        "parent": parent,
        "published_at": published_at,
        "as_of": as_of,
        "through_month": through,
        "checks_passed": checks,
        "synthetic": synthetic,
    }
    return pa.Table.from_pylist([row], meta.RELEASE.arrow_schema)
