"""Finds dispatch ids in several months. They count in the first month, and all months are listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import pyarrow as pa

from assets import conform
from assets.statements import statement
from catalog.contracts.scan import Query, Scan, Values, empty
from catalog.tables import conformed
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import DISPATCH
from transport.lake.session import Session
from transport.lake.tables import Lake

TWICE = conformed.DISPATCH_TWICE


def find(lake: Lake, session: Session, looked_for: Sequence[Scan]) -> pa.Table:
    """Find dispatches in several months. Columns: producer, dispatch_id, months.

    Args:
        lake: has the conformed dispatches, and those quarantined because an earlier month counts them.
        session: cleared.
        looked_for: rows with a `dispatch_id` received since the last search; listed ones are always included.
    """
    asked = {f"made_{n}": scan for n, scan in enumerate(looked_for)}
    union = " union all ".join(f"select dispatch_id from {name}" for name in asked)  # noqa: S608 - names of ours
    everywhere = lake.scan(conformed.DISPATCH)
    made = Query(union, asked) if asked else empty(pa.schema([("dispatch_id", pa.uuid())]))
    inputs = {
        "dispatch": everywhere,
        "dispatch_made": made,
        "quarantine_dispatch": lake.scan(quarantine_of(DISPATCH)),
    }
    return session.table(Query(statement("conform/in_several_months"), inputs))


def listed(session: Session, table: pa.Table, landed: Scan) -> pa.Table:
    """The rows of `conformed.dispatch_twice`: for each dispatch and month its first batch, and whether it counts.

    Args:
        session: cleared.
        table: from `find`.
        landed: the rows of all batches with rows in those months.
    """
    schema = TWICE.arrow_schema
    if not table.num_rows:
        return schema.empty_table()
    first = {(r["producer"], r["dispatch_id"]): r["months"][0] for r in table.to_pylist()}
    scan = Query(statement("conform/first_batches"), {"landed_of_months": landed, "several": Values(table)})
    rows = [
        r | {"counted": r["month"] == first[r["producer"], r["dispatch_id"]]} for r in session.table(scan).to_pylist()
    ]
    rows.sort(key=lambda r: (r["producer"], str(r["dispatch_id"]), r["month"]))
    return pa.Table.from_pylist([r | {"dispatch_id": _bytes(r["dispatch_id"])} for r in rows], schema)


def months_in(table: pa.Table) -> set[str]:
    """The months that hold such dispatches."""
    return {month.isoformat() for row in table.to_pylist() for month in row["months"]}


def counted_before(twice: Iterable[dict[str, object]], month: date) -> pa.Table:
    """The dispatches of a month that an earlier month counts; the table changes only if these change."""
    rows = list(twice)
    here = {(r["producer"], r["dispatch_id"]) for r in rows if r["month"] == month and not r["counted"]}
    counted = [r for r in rows if r["counted"] and (r["producer"], r["dispatch_id"]) in here]
    fields = [{k: r[k] for k in conform.COUNTED.names} | {"dispatch_id": _bytes(r["dispatch_id"])} for r in counted]
    return pa.Table.from_pylist(fields, conform.COUNTED)


def _bytes(dispatch_id: object) -> bytes:
    return UUID(str(dispatch_id)).bytes
