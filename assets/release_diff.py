"""What changed between two releases: use, per municipality of now, and why; each dataset, by its rows and sums.

What does not belong here: which batches came and went between two releases; `pipelines.run.release_diff` asks the
journal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from assets import conform
from assets.statements import statement
from catalog.contracts import columns as c
from catalog.contracts import sharing
from catalog.contracts.language import Column, DatasetContract, StreamContract
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Parameter, Query, Scan
from catalog.domain import calendar
from catalog.tables.billing import PERSON_PRICED
from catalog.tables.streams import DISPATCH, MEASUREMENT
from catalog.tables.usage import DISPATCHES, SENSITIVE_SERVICES

_SENSITIVE = ", ".join(quoted(s) for s in SENSITIVE_SERVICES)
_PERSON_PRICED = ", ".join(map(quoted, PERSON_PRICED))
_MEASUREMENT_KEY = ("month", "producer", "service", "measure", "day", "organisation_number", "source")
CHANGED = pa.schema(
    [("month", pa.date32()), ("ends", c.TIMESTAMP), ("new_from", c.TIMESTAMP), ("left_over", pa.string())]
)
"""Months that differ: the end of each, when the first batch not counted by the earlier release was received (null:
there is none), and the reason for what neither arrival nor withdrawal explains."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A release's counts of dispatches in the months that differ.

    Attributes:
        dispatches: `usage.dispatch_month`, or `usage.dispatch_day`, which has the same sums.
        municipality_month: `usage.municipality_month`.
        municipality_of: `reference.municipality_of`.
    """

    dispatches: Scan
    municipality_month: Scan
    municipality_of: Scan


@dataclass(frozen=True, slots=True)
class Uses:
    """A release's figures of other use.

    Attributes:
        measure_month: `usage.measure_month`, of all months.
        municipality_of: `reference.municipality_of`.
        municipality_to_now: `reference.municipality_to_now`.
    """

    measure_month: Scan
    municipality_of: Scan
    municipality_to_now: Scan


@dataclass(frozen=True, slots=True)
class Moved:
    """A stream's arrivals and withdrawals between two releases.

    Attributes:
        changed: the months that differ (CHANGED).
        rows: the conformed rows of the later release, for the months with arrivals or withdrawals.
        in_both: landed rows of batches that both count and that were received at or after a month's `new_from`; these
            exist only where times of receipt do not follow the journal.
        withdrawn: landed rows of the batches that only the earlier release counts.
        reinstated: landed rows of the batches that were withdrawn at the earlier release, and count again.
        sent_before: organisation_number, service, and measure for other use: the senders in the earlier release, in any
            month.
    """

    changed: Scan
    rows: Scan
    in_both: Scan
    withdrawn: Scan
    reinstated: Scan
    sent_before: Scan


@dataclass(frozen=True, slots=True)
class DiffParameters:
    """The releases to compare, and how to word it.

    Attributes:
        release: the release asked about.
        compared_with: the other release.
        as_of: `as_of` of the earlier release.
        turned: the release asked about is the earlier one, so later arrivals count negative.
        moved: the reason for moves between municipalities without a change in a sender's number.
    """

    release: str
    compared_with: str
    as_of: datetime
    turned: bool
    moved: str


def of_dispatches(
    before: Counts, after: Counts, moved: Moved, municipality_to_now: Scan, diff_parameters: DiffParameters
) -> Scan:
    """The changes in dispatches between two releases, and why.

    Grain: one row per (month, municipality_code of now, service, reason) whose difference is not zero; parts sum to
    after − before of (month, municipality_code, service) exactly. municipality_code is null for organisations that are
    not municipalities. Sensitive services are left out: they are published as other use.

    Each dispatch counted by the later release but not by the earlier has one reason, the first that holds: it had
    already come, dated after the earlier `as_of` (HELD_BEFORE); its batch was withdrawn then and counts again
    (WITHDRAWN); its sender had none of the service in any month (NEW_SENDER); it was received after its month ended, or
    the month had ended at the earlier `as_of` (LATE); else NEW. A dispatch known only from a batch since withdrawn is
    WITHDRAWN, negative; one withdrawn and sent again is no difference. The rest of a sender's difference has the
    month's `left_over`, and the rest of a municipality's has `diff_parameters.moved`. Splits follow the weights; the
    rounding goes to the cell's largest part.

    Args:
        before: the earlier release.
        after: the later release.
        moved: arrivals and withdrawals between them.
        municipality_to_now: `reference.municipality_to_now` of the later release.
        diff_parameters: names and words.
    """
    sums = {"dispatches_before": before.dispatches, "dispatches_after": after.dispatches}
    query = Query(
        statement("quality/release_diff_dispatches", sensitive=_SENSITIVE),
        {"dispatch": moved.rows, **_moved(DISPATCH, moved), **sums},
        {"as_of": diff_parameters.as_of, "dispatches": DISPATCHES},
    )
    cells = {
        side: Query(
            statement("quality/release_diff_dispatch_cells", side=side, sensitive=_SENSITIVE),
            {
                f"month_{side}": counts.municipality_month,
                f"dispatches_{side}": counts.dispatches,
                f"of_{side}": counts.municipality_of,
            },
            {"dispatches": DISPATCHES},
        )
        for side, counts in (("before", before), ("after", after))
    }
    return _placed(query, cells, moved.changed, after.municipality_of, municipality_to_now, diff_parameters)


def of_measures(before: Uses, after: Uses, moved: Moved, measure: Scan, diff_parameters: DiffParameters) -> Scan:
    """The changes in other use between two releases, and why.

    Grain: one row per (month, municipality_code of now, service, measure, reason) whose difference is not zero; parts
    sum to after − before of (month, municipality_code, service, measure) exactly; a side without a row counts as 0.
    Unit: the measure's own. Flows of sensitive services are left out: two figures that were changed at random have no
    reason for their difference.

    The reasons are those of `of_dispatches`, for each measurement (service, measure, day, organisation, account,
    source) of an organisation whose number differs; a day after the day of the earlier `as_of` was held then. The
    difference between a withdrawn report and the report in force again is WITHDRAWN; a later report for a counted day
    falls under `left_over`. For stocks (accounts, adapters) only a month's last day counts, so an organisation's whole
    difference has one reason, that of the newest of these rows.

    Args:
        before: the earlier release.
        after: the later release.
        moved: arrivals and withdrawals between them.
        measure: `reference.measure` of the later release.
        diff_parameters: names and words.
    """
    used = _used(before, after, measure, moved.changed)
    same = {f"same_as_{n}": _same(n) for n in ("known", "withdrawn", "reinstated")}
    query = Query(
        statement("quality/release_diff_measures", **same),
        {"used": used, "measure": measure, "measurement": moved.rows, **_moved(MEASUREMENT, moved)},
        {"as_of": diff_parameters.as_of, "known_day": calendar.day_in_oslo(diff_parameters.as_of)},
    )
    cells = {
        side: Query(
            statement("quality/release_diff_measure_cells", side=side),
            {
                "used": used,
                "changed": moved.changed,
                f"of_{side}": uses.municipality_of,
                f"to_now_{side}": uses.municipality_to_now,
            },
        )
        for side, uses in (("before", before), ("after", after))
    }
    return _placed(query, cells, moved.changed, after.municipality_of, after.municipality_to_now, diff_parameters)


@dataclass(frozen=True, slots=True)
class Versions:
    """A dataset in a release.

    Attributes:
        columns: names of the columns that its files have.
        whole: all its rows.
        parts: the rows of the parts that are not those of the other release.
    """

    columns: Collection[str]
    whole: Scan
    parts: Scan


def added_up(contract: DatasetContract) -> list[Column]:
    """The amounts, counts and quantities of a dataset: the columns that may be summed over all but time."""
    return [c for c in contract.columns if c.adds_up]


def of_dataset(contract: DatasetContract, before: Versions, after: Versions) -> Scan:
    """How one dataset differs between two releases, whatever it holds.

    One row: rows_before, rows_after; removed and added, the rows that only the earlier or only the later release has
    (repeated rows count each time); synthetic_before, synthetic_after; and before_N and after_N, the sum over all rows
    of the Nth column of `added_up`, null where the release lacks the column. Rows are compared by the columns that both
    releases have. Where rows are of single customers, person-priced elements are left out: readers of these sums may
    see the ledgers without seeing what single customers pay.
    """
    both = [c.name for c in contract.columns if c.name in before.columns and c.name in after.columns]
    left_out = sharing.is_of_customers(contract) and "price_element" in both
    return Query(
        statement(
            "quality/release_diff_dataset",
            told=f"price_element not in ({_PERSON_PRICED})" if left_out else "true",
            columns=", ".join(f'"{name}"' for name in both),
            before=_totals(contract, before.columns, "before"),
            after=_totals(contract, after.columns, "after"),
        ),
        {
            "dataset_before": before.whole,
            "dataset_after": after.whole,
            "parts_before": before.parts,
            "parts_after": after.parts,
        },
    )


def _totals(contract: DatasetContract, columns: Collection[str], side: str) -> str:
    """SQL for the number of rows, whether any is synthetic, and the sums of a release's rows."""
    sums = [
        (f'coalesce(sum("{c.name}"), 0)' if c.name in columns else "null") + f"::decimal(38, 4) as {side}_{nth}"
        for nth, c in enumerate(added_up(contract))
    ]
    synthetic = "coalesce(bool_or(synthetic), false)" if "synthetic" in columns else "false"
    return ", ".join([f"count(*) as rows_{side}", f"{synthetic} as synthetic_{side}", *sums])


def of_statuses(status_before: Scan, status_after: Scan) -> Scan:
    """The statuses of uptake that differ between two versions of `uptake.status_month`.

    Grain: one row per month, service, municipality_code of now and organisation_number whose step or use differs, the
    latest month first; a side without a row has null.
    """
    sql = statement("quality/release_diff_statuses")
    return Query(sql, {"status_before": status_before, "status_after": status_after})


def months_of_use(before: Uses, after: Uses, *, everywhere: bool) -> Scan:
    """The months in which other use may differ: their rows do, or an organisation has moved.

    Args:
        before: the earlier release.
        after: the later release.
        everywhere: borders may have moved, so return all months.
    """
    inputs = {
        "measure_month_before": before.measure_month,
        "measure_month_after": after.measure_month,
        "of_before": before.municipality_of,
        "of_after": after.municipality_of,
    }
    return Query(statement("quality/release_diff_used_months"), inputs, {"everywhere": everywhere})


def possibly_new_senders(before: Counts, after: Counts) -> Scan:
    """Senders by service in the later release that, in the months that differ, were not in the earlier."""
    return Query(
        statement("quality/release_diff_senders"),
        {"dispatches_before": before.dispatches, "dispatches_after": after.dispatches},
    )


def senders(dispatches: Scan) -> Scan:
    """The senders of each service."""
    return Query(statement("quality/release_diff_sent"), {"sent_earlier": dispatches})


def users(measure_month_before: Scan) -> Scan:
    """The users of each service and measure other than dispatches."""
    return Query(statement("quality/release_diff_users"), {"measure_month_before": measure_month_before})


def conformed_anew(stream: StreamContract, landed: Scan, withdrawn: Scan, month: date, as_of: datetime) -> Scan:
    """A month's conformed rows as in a release, recomputed from the rows it counted, by today's rules.

    A conflict settled by the register `decision` is left out here, as without the register.
    """
    rows = conform.conform(stream, landed, withdrawn=withdrawn, month=month, as_of=as_of).rows
    return Query(statement(f"quality/release_diff_{stream.name}"), {"conformed_anew": rows}, {"month": month})


def _used(before: Uses, after: Uses, measure: Scan, changed: Scan) -> Scan:
    inputs = {
        "measure_month_before": before.measure_month,
        "measure_month_after": after.measure_month,
        "measure": measure,
        "changed": changed,
    }
    sql = statement("quality/release_diff_used", sensitive=_SENSITIVE)
    return Query(sql, inputs, {"dispatches": DISPATCHES}, materialized=True)


def _moved(stream: StreamContract, moved: Moved) -> dict[str, Scan]:
    landed = {"known": moved.in_both, "withdrawn": moved.withdrawn, "reinstated": moved.reinstated}
    keys = {name: _keys(stream, name, rows, moved.changed) for name, rows in landed.items()}
    return {"changed": moved.changed, "sent_before": moved.sent_before, **keys}


def _keys(stream: StreamContract, name: str, rows: Scan, changed: Scan) -> Scan:
    """One row per record and month in the landed rows."""
    sql = statement(f"quality/release_diff_{stream.name}_keys", rows=f"{name}_rows", good=conform.good(stream.rules))
    return Query(sql, {f"{name}_rows": rows, "changed": changed}, materialized=True)


def _same(name: str) -> str:
    keys = [f"{name}.{k} = measurement.{k}" for k in _MEASUREMENT_KEY]
    return " and ".join([*keys, f"{name}.account = coalesce(measurement.account_id, '')"])


def _placed(
    scan: Scan,
    cells: Mapping[str, Scan],
    changed: Scan,
    municipality_of: Scan,
    municipality_to_now: Scan,
    diff_parameters: DiffParameters,
) -> Scan:
    inputs = {
        "told": scan,
        "changed": changed,
        "cells_before": cells["before"],
        "cells_after": cells["after"],
        "of_after": municipality_of,
        "municipality_to_now": municipality_to_now,
    }
    parameters: dict[str, Parameter] = {
        "release": diff_parameters.release,
        "compared_with": diff_parameters.compared_with,
        "turned": diff_parameters.turned,
        "moved": diff_parameters.moved,
    }
    return Query(statement("quality/release_diff"), inputs, parameters)
