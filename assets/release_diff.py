"""What changed between two releases, and why: per municipality of now, service and month.

What does not belong here: which batches came and went between two releases (`pipelines.differing` asks the journal).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from assets import conform
from assets.statements import statement
from catalog import columns as c
from catalog.rules import quoted
from catalog.scan import Parameter, Query, Scan
from catalog.streams import DISPATCH
from catalog.usage import SENSITIVE_SERVICES

_SENSITIVE = ", ".join(quoted(s) for s in SENSITIVE_SERVICES)
CHANGED = pa.schema(
    [("month", pa.date32()), ("ends", c.TIMESTAMP), ("new_from", c.TIMESTAMP), ("left_over", pa.string())]
)
"""Months that differ: when each ends, when the first batch was received that the earlier release did not count (null:
there is none), and the reason of what neither arrival nor withdrawal explains."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a release says of the months that differ.

    Attributes:
        dispatches: `usage.dispatch_month`; `usage.dispatch_day`, of the same sums, does too.
        municipality_month: `usage.municipality_month`.
        municipality_of: `reference.municipality_of`.
    """

    dispatches: Scan
    municipality_month: Scan
    municipality_of: Scan


@dataclass(frozen=True, slots=True)
class Moved:
    """What came and went between two releases.

    Attributes:
        changed: the months that differ (CHANGED).
        dispatch: the conformed dispatches of the later release, of the months in which something came or went.
        known: landed rows of batches that both count and that were received at or after a month's `new_from`; there are
            some only where moments of receipt do not follow the journal.
        withdrawn: landed rows of the batches that only the earlier release counts.
        reinstated: landed rows of the batches that were withdrawn at the earlier release, and count again.
        sent_before: organisation_number, service: who the earlier release has dispatches of, in whatever month.
    """

    changed: Scan
    dispatch: Scan
    known: Scan
    withdrawn: Scan
    reinstated: Scan
    sent_before: Scan


@dataclass(frozen=True, slots=True)
class Asked:
    """Which releases are compared, and how to word it.

    Attributes:
        release: the one that is asked about.
        compared_with: the other.
        as_of: of the earlier of the two.
        turned: the release asked about is the earlier one: what came since counts negative.
        moved: the reason of what moved between municipalities without a sender's number changing.
    """

    release: str
    compared_with: str
    as_of: datetime
    turned: bool
    moved: str


def release_diff(before: Counts, after: Counts, moved: Moved, municipality_to_now: Scan, asked: Asked) -> Scan:
    """Say what changed between two releases and why.

    Grain: one row per (month, municipality_code of now, service, reason) whose difference is not zero; parts sum to
    after − before of (month, municipality_code, service) exactly. municipality_code is null for organisations that are
    no municipality. Services that are sensitive are left out: a difference would give a hidden cell back.

    Each dispatch that the later release counts and the earlier did not has one reason, the first that holds: it had
    come already, dated after the earlier's `as_of` (HELD_BEFORE); its batch was withdrawn then and counts again
    (WITHDRAWN); its sender had none of the service in any month (NEW_SENDER); it was received when its month was over,
    or the month was over at the earlier's `as_of` (LATE); else NEW. A dispatch that only a batch tells of which was
    withdrawn since, is WITHDRAWN, negative; one that was withdrawn and sent again is no difference. What is left of a
    sender's difference has the month's `left_over`, and what is left of a municipality's has `asked.moved`. Splits
    follow the weights; the rounding goes to the cell's largest part.

    Args:
        before: what the earlier release says.
        after: what the later release says.
        moved: what came and went between them.
        municipality_to_now: `reference.municipality_to_now` of the later release.
        asked: names and words.
    """
    kept = {n: _keys(n, rows, moved.changed) for n, rows in _landed(moved).items()}
    inputs = {
        "changed": moved.changed,
        "dispatch": moved.dispatch,
        **kept,
        "sent_before": moved.sent_before,
        "dispatches_before": before.dispatches,
        "dispatches_after": after.dispatches,
        "month_before": before.municipality_month,
        "month_after": after.municipality_month,
        "of_before": before.municipality_of,
        "of_after": after.municipality_of,
        "municipality_to_now": municipality_to_now,
    }
    parameters: dict[str, Parameter] = {
        "release": asked.release,
        "compared_with": asked.compared_with,
        "as_of": asked.as_of,
        "turned": asked.turned,
        "moved": asked.moved,
    }
    return Query(statement("quality/release_diff", sensitive=_SENSITIVE), inputs, parameters)


def possibly_new_senders(before: Counts, after: Counts) -> Scan:
    """Who sends by a service in the later release and, in the months that differ, did not in the earlier."""
    return Query(
        statement("quality/release_diff_senders"),
        {"dispatches_before": before.dispatches, "dispatches_after": after.dispatches},
    )


def senders(dispatches: Scan) -> Scan:
    """Who sends by which service."""
    return Query(statement("quality/release_diff_sent"), {"sent_earlier": dispatches})


def conformed_anew(landed: Scan, withdrawn: Scan, month: date, as_of: datetime) -> Scan:
    """A month's conformed dispatches as a release had them, made again of the rows it counted, by today's rules."""
    rows = conform.conform(DISPATCH, landed, withdrawn=withdrawn, month=month, as_of=as_of).rows
    return Query(statement("quality/release_diff_dispatch"), {"conformed_anew": rows}, {"month": month})


def _landed(moved: Moved) -> dict[str, Scan]:
    return {"known": moved.known, "withdrawn": moved.withdrawn, "reinstated": moved.reinstated}


def _keys(name: str, rows: Scan, changed: Scan) -> Scan:
    """One row per dispatch and month that landed rows tell of."""
    sql = statement("quality/release_diff_keys", rows=f"{name}_rows", good=conform.good(DISPATCH.rules))
    return Query(sql, {f"{name}_rows": rows, "changed": changed}, kept=True)
