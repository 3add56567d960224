"""What a run made, as Dagster's events: one per month, as soon as it is made, so that a killed run keeps what it did.

A run says itself what it made (`OWN_EVENTS`): Dagster would mark each month that a person picked, also one without
data. The data version of an event is the fingerprint of the file, so Dagster sees whether it is the same.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias, cast

import dagster as dg

from pipelines.orchestration import column_lineage
from pipelines.orchestration.partitions import BY_MONTH, OWN_EVENTS, key_of, picked_months
from pipelines.orchestration.storage import WITHOUT_DATA
from pipelines.run.context import Made, RunContext
from transport.lake.tables import Part

UNCHANGED = "unchanged"
"""Metadata of an event about a table that a run found up to date."""

_Facts: TypeAlias = Mapping[date | None, Mapping[str, Any]]
Events = Iterator[dg.AssetMaterialization | dg.AssetObservation | dg.MaterializeResult[Any]]


def says_itself(context: dg.AssetExecutionContext) -> None:
    """Let this run say itself what it made, also where a person began it, whose runs have no tag for it.

    The tag is set on the run that the steps of this process see; nothing else offers to leave out a single month.
    """
    cast("dict[str, str]", context.run.tags).setdefault(OWN_EVENTS, "true")


def events(
    context: dg.AssetExecutionContext,
    run: RunContext,
    made: Made,
    more: _Facts | None = None,
) -> Events:
    """An event for each month made; one for a table whose months are no partitions (`BY_MONTH`).

    A table that was not touched is said to be up to date, by its newest month. Dagster judges freshness by the last
    materialization alone, and would alarm about a table that nothing new came for. A picked month without data gets
    an observation that says so, and is not marked as made. Of a run of an earlier day there is one observation a table.

    Args:
        context: of the step.
        run: the run.
        made: what the step made.
        more: more metadata of each month.
    """
    says_itself(context)
    key = key_of(made.contract)
    if made.contract.partitioned and made.contract.name not in BY_MONTH:
        made, more, parts = _whole(run, made)
    else:
        parts = {m: _together(p) for m, p in run.lake.files_by_month(made.contract).items()}
    if run.replay:
        yield as_known(key, run, {"dagster/row_count": sum(made.rows.values())})
        yield dg.MaterializeResult(asset_key=key)
        return
    lineage = column_lineage.of(made.contract)  # Dagster shows that of the last event
    newest = max(made.rows or parts, key=str, default=None)
    for month, rows in sorted(made.rows.items(), key=lambda item: str(item[0])):
        part = parts.get(month)
        facts: dict[str, Any] = {"dagster/row_count": rows, **(more or {}).get(month, {})}
        if part:
            facts |= {"bytes": part.size, "seconds of the step": round(made.seconds, 3)}
        if month in made.by:
            worker, seconds = made.by[month]
            facts |= {"worker": worker, "seconds of the worker": round(seconds, 3)}
        yield materialization(key, month, part, facts | (lineage if month == newest else {}))
    if not made.rows and parts:
        as_it_was = parts[newest]
        facts = {UNCHANGED: True, "bytes": as_it_was.size, **lineage}
        if as_it_was.rows is not None:
            facts["dagster/row_count"] = as_it_was.rows
        yield materialization(key, newest, as_it_was, facts)
    chosen = (picked_months(context) or run.months) if made.contract.name in BY_MONTH else ()
    yield from _without_data(context, key, sorted(m for m in chosen if m not in parts))
    yield dg.MaterializeResult(asset_key=key)


def _whole(run: RunContext, made: Made) -> tuple[Made, _Facts, dict[date | None, Part]]:
    """What was done to a table of which Dagster knows no months: one event has all its rows, and which are new."""
    files, new = run.lake.files(made.contract), sum(made.rows.values())
    parts: dict[date | None, Part] = {None: _together(files)} if files else {}
    if not made.rows:
        return made, {}, parts
    rows = parts[None].rows if files else 0
    months = ", ".join(sorted(f"{month:%Y-%m}" for month in made.rows if month))
    facts: _Facts = {None: {"rows made": new, "months made": months}}
    return replace(made, rows={None: new if rows is None else rows}, by={}), facts, parts


def as_known(key: dg.AssetKey, run: RunContext, metadata: Mapping[str, Any]) -> dg.AssetObservation:
    """What a run of an earlier day says of an asset: the asset itself is as it was, so nothing is marked as made."""
    words = f"As known by {run.as_of:%Y-%m-%d %H:%M} UTC, for a release of its own; the asset is as it was."
    return dg.AssetObservation(key, description=words, metadata=metadata)


def _together(pieces: Sequence[Part]) -> Part:
    """The files of a month as one: its size and rows are theirs, its fingerprint is made of theirs."""
    if len(pieces) == 1:
        return pieces[0]
    made_of = hashlib.sha256(" ".join(piece.fingerprint for piece in pieces).encode()).hexdigest()
    path = pieces[0].path.with_name(f"part-{made_of[:40]}.parquet")
    known = [piece.rows for piece in pieces if piece.rows is not None]
    rows = sum(known) if len(known) == len(pieces) else None
    return Part(pieces[0].month, path, rows=rows, size=sum(piece.size or 0 for piece in pieces))


def materialization(
    key: dg.AssetKey, month: date | None, part: Part | None, metadata: Mapping[str, Any]
) -> dg.AssetMaterialization:
    """The event that a month, or a table without months, is as it should be."""
    return dg.AssetMaterialization(
        key,
        partition=month.isoformat() if month else None,
        metadata=metadata,
        tags={"dagster/data_version": part.fingerprint} if part else None,
    )


def _without_data(
    context: dg.AssetExecutionContext, key: dg.AssetKey, months: Sequence[date]
) -> Iterator[dg.AssetObservation]:
    if months:  # one line: a table that reads all months is asked for every month since the first
        context.log.warning("%s of the picked months have no data, %s first.", len(months), f"{months[0]:%Y-%m}")
    for month in months:
        words = f"{month:%Y-%m} has no data: nothing was made, and the month is not marked as made."
        yield dg.AssetObservation(key, partition=month.isoformat(), description=words, metadata={WITHOUT_DATA: True})
