"""Use other than dispatches, by organisation and for the country."""

from __future__ import annotations

from assets import perturbation, sensitive
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan
from catalog.tables import conformed, reference, usage

_USED = ", ".join(quoted(m) for m in usage.USED)


@builds(
    usage.MEASURE_MONTH,
    measurement=conformed.MEASUREMENT,
    measure=reference.MEASURE,
    protected_dispatch_month=usage.PROTECTED_DISPATCH_MONTH,
    protected_measure_month=usage.PROTECTED_MEASURE_MONTH,
)
def measure_month(span: BuildWindow, **scans: Scan) -> Scan:
    """Count use by organisation, service, measure and month.

    Grain: one row per (month, organisation_number, service, measure) that was reported; nothing reported gives no row,
    never 0. Flows are summed over the month's days; for stocks (accounts, adapters), each account and source counts as
    on its last reported day. Of a sensitive service there are stocks and, perturbed, the leading flow; see
    `assets/perturbation.py`.
    """
    return Query(statement("usage/measure_month"), _counted(span, **scans))


@builds(
    usage.MEASURE_TOTAL_MONTH,
    measurement=conformed.MEASUREMENT,
    measure=reference.MEASURE,
    protected_dispatch_month=usage.PROTECTED_DISPATCH_MONTH,
    protected_measure_month=usage.PROTECTED_MEASURE_MONTH,
)
def measure_total_month(span: BuildWindow, **scans: Scan) -> Scan:
    """Count the country's use by service, measure and month.

    Grain: one row per (month, service, measure). At sensitive services each flow is perturbed by itself, so it is not
    the sum of `measure_month`.
    """
    return Query(statement("usage/measure_total_month"), _counted(span, **scans))


@builds(
    usage.MUNICIPALITY_MEASURE_MONTH,
    all_months=True,
    measure_month=usage.MEASURE_MONTH,
    municipality_of=reference.MUNICIPALITY_OF,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    population=reference.POPULATION,
)
def municipality_measure_month(span: BuildWindow, **scans: Scan) -> Scan:
    """Use other than dispatches by municipality, on the borders of then and of now.

    Grain: one row per (month, borders, municipality_code, service, measure) with a row of a municipality's organisation
    in `measure_month`. Merges are exact; in a split the last successor takes the remainder. It is made of published
    figures alone, so no sum or split tells more than they do.
    Nulls: inhabitants where a code of then is not one municipality of now, or not yet counted.
    """
    del span
    return Query(statement("usage/municipality_measure_month", used=_USED), scans)


def _counted(span: BuildWindow, measurement: Scan, measure: Scan, **protected: Scan) -> dict[str, Scan]:
    return {
        "measure_cells": Query(
            statement("usage/measure_cells", sensitive=sensitive.SENSITIVE),
            {"measurement": measurement, "measure": measure},
        ),
        "published": perturbation.published_flows(span, **protected),
    }


BUILDS = (measure_month, measure_total_month, municipality_measure_month)
