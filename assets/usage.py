"""Usage: how much each organisation and municipality uses, by service and channel."""

from __future__ import annotations

from assets.making import Span, makes
from assets.statements import statement
from catalog import conformed, reference, usage
from catalog.scan import Query, Scan


@makes(usage.DISPATCH_DAY, dispatch=conformed.DISPATCH)
def dispatch_day(span: Span, dispatch: Scan) -> Scan:
    """Count dispatches by sender, service, channel, outcome and day in Oslo.

    Grain: one row per (day, organisation_number, service, channel, outcome). Days without dispatches are left out, not
    zero. A dispatch counts on the day it was created, by its latest state.
    """
    del span
    return Query(statement("usage/dispatch_day"), {"dispatch": dispatch})


@makes(
    usage.MUNICIPALITY_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    municipality_of=reference.MUNICIPALITY_OF,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    population=reference.POPULATION,
)
def municipality_month(
    span: Span, dispatch_day: Scan, municipality_of: Scan, municipality_to_now: Scan, population: Scan
) -> Scan:
    """Count a month's dispatches of municipalities, on the borders of then and of now.

    Grain: one row per (month, borders, municipality_code, service, channel). Organisations that are no municipality are
    left out. `then` and `now` sum to the same: merges are exact, and of a split the last successor takes the remainder.
    Nulls: inhabitants and per_1000_inhabitants where a code of then is not one municipality of now.
    """
    inputs = {
        "dispatch_day": dispatch_day,
        "municipality_of": municipality_of,
        "municipality_to_now": municipality_to_now,
        "population": population,
    }
    return Query(statement("usage/municipality_month"), inputs, {"month": span.month, "provisional": span.provisional})


MAKINGS = (dispatch_day, municipality_month)
