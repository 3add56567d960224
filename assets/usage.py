"""Usage: how much each organisation and municipality uses, by service and channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assets import sensitive
from assets.build import BuildWindow, Reduced, builds, piece_of
from assets.forecast import last_settled
from assets.statements import statement
from catalog.contracts import columns as c
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.tables import conformed, reference, usage


def _piece(name: str) -> Callable[[BuildWindow, Scan], Scan]:
    """What a statement leaves of any dispatches that are not of sensitive services, or of those alone."""

    def rows(_window: BuildWindow, dispatch: Scan) -> Scan:
        return Query(statement(name, sensitive=sensitive.SENSITIVE), {"conformed_dispatch": dispatch})

    return rows


_DAYS = Reduced(_piece("usage/dispatch_day_piece"), piece_of(usage.DISPATCH_DAY))
_SENSITIVE = Reduced(_piece("usage/sensitive_dispatch_month_piece"), piece_of(usage.SENSITIVE_DISPATCH_MONTH))


@builds(usage.DISPATCH_DAY, dispatch=conformed.DISPATCH, reduced={"dispatch": _DAYS})
def dispatch_day(span: BuildWindow, dispatch: Scan) -> Scan:
    """Count dispatches by sender, service, channel, outcome and day in Oslo.

    Grain: one row per (day, organisation_number, service, channel, outcome). Days without dispatches are left out, not
    zero. A dispatch counts on the day it was created, by its latest state. Dispatches of sensitive services are left
    out: they are in `measure_month`, by municipality and month.
    """
    del span
    return Query(statement("usage/dispatch_day"), {"dispatch": dispatch})


@builds(usage.SENSITIVE_DISPATCH_MONTH, dispatch=conformed.DISPATCH, reduced={"dispatch": _SENSITIVE})
def sensitive_dispatch_month(span: BuildWindow, dispatch: Scan) -> Scan:
    """Count the dispatches of sensitive services by sender and month, exactly; never leaves the lake.

    Grain: one row per (month, organisation_number, service).
    """
    del span
    return Query(statement("usage/sensitive_dispatch_month"), {"dispatch": dispatch})


@builds(usage.DISPATCH_MONTH, dispatch_day=usage.DISPATCH_DAY)
def dispatch_month(span: BuildWindow, dispatch_day: Scan) -> Scan:
    """Sum the days of a month.

    Grain: one row per (month, organisation_number, service, channel, outcome).
    """
    del span
    return Query(statement("usage/dispatch_month"), {"dispatch_day": dispatch_day})


def _delivery_taken_of_pieces(_window: BuildWindow, dispatch: Scan) -> Scan:
    return Query(statement("usage/delivery_taken_of_pieces"), {"dispatch": dispatch})


_TAKEN = Reduced(
    _piece("usage/delivery_taken_piece"),
    piece_of(
        usage.DELIVERY_TAKEN,
        *(usage.DELIVERY_TAKEN[name] for name in ("month", "service", "channel")),
        c.int64("took_us", "Mikrosekunder til levert", "Microseconds to delivery", key=True),
        *(usage.DELIVERY_TAKEN[name] for name in ("dispatches", "synthetic")),
    ),
    _delivery_taken_of_pieces,
)


@builds(usage.DELIVERY_TAKEN, dispatch=conformed.DISPATCH, reduced={"dispatch": _TAKEN})
def delivery_taken(span: BuildWindow, dispatch: Scan) -> Scan:
    """Exact percentiles of the time from created to first delivered, over all delivered dispatches of a month.

    Grain: one row per (month, service, channel), by the channel of the latest state; months, services and channels
    without a delivery are left out. Unit: microseconds. A percentile is the smallest time not exceeded by at least that
    percentage (nearest rank), so it is the time of a dispatch. Sensitive services are left out: their
    channel would be finer than a month's total.
    """
    del span
    return Query(statement("usage/delivery_taken", sensitive=sensitive.SENSITIVE), {"dispatch": dispatch})


@builds(usage.DELIVERY_TIME, all_months=True, delivery_taken=usage.DELIVERY_TAKEN)
def delivery_time(span: BuildWindow, delivery_taken: Scan) -> Scan:
    """The percentiles of each month in hours, and whether they may still rise.

    Grain: one row per (month, service, channel), as in `delivery_taken`. Unit: hours with four decimals. Undelivered
    dispatches are excluded, so a recent month looks quicker than it is (right-censored). A month is provisional until
    it is settled, and while a dispatch from its last day is younger than the 95th percentile of the slowest of the
    twelve months before.
    """
    parameters: dict[str, date] = {"today": calendar.day_in_oslo(span.as_of), "settled": last_settled(span)}
    return Query(statement("usage/delivery_time"), {"delivery_taken": delivery_taken}, parameters)


@builds(
    usage.MUNICIPALITY_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    municipality_of=reference.MUNICIPALITY_OF,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    population=reference.POPULATION,
)
def municipality_month(
    span: BuildWindow, dispatch_day: Scan, municipality_of: Scan, municipality_to_now: Scan, population: Scan
) -> Scan:
    """Count a month's dispatches of municipalities, on the borders of then and of now.

    Grain: one row per (month, borders, municipality_code, service, channel). Organisations other than municipalities
    are left out. `then` and `now` have the same sum: merges are exact, and in a split the last successor takes the
    remainder.
    Nulls: inhabitants and per_1000_inhabitants where a code of then is not one municipality of now.
    """
    inputs = {
        "dispatch_day": dispatch_day,
        "municipality_of": municipality_of,
        "municipality_to_now": municipality_to_now,
        "population": population,
    }
    return Query(statement("usage/municipality_month"), inputs, {"month": span.month, "provisional": span.provisional})


BUILDS = (
    *(dispatch_day, sensitive_dispatch_month, dispatch_month),
    *(municipality_month, delivery_taken, delivery_time),
)
