"""Use other than dispatches, by organisation and for the country, with small counts of persons hidden."""

from __future__ import annotations

from assets import suppression
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Computed, Query, Scan
from catalog.tables import conformed, reference, registers, usage

_USED = ", ".join(quoted(m) for m in usage.USED)


@builds(
    usage.MEASURE_MONTH,
    measurement=conformed.MEASUREMENT,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measure=reference.MEASURE,
    organisation=reference.ORGANISATION,
    population=reference.POPULATION,
    remembered=registers.HIDDEN_CELL,
)
def measure_month(span: BuildWindow, **scans: Scan) -> Scan:
    """Count use by organisation, service, measure and month.

    Grain: one row per (month, organisation_number, service, measure) that was reported; nothing reported gives no row,
    never 0. Flows are summed over the month's days; for stocks (accounts, adapters), each account and source counts as
    on its last reported day. Counts of persons at a sensitive service have rows for municipalities only, an ended one
    under its successor's number; see `assets/suppression.py` for what is hidden.
    """
    return Query(statement("usage/measure_month"), _judged(span, **scans))


@builds(
    usage.MEASURE_TOTAL_MONTH,
    measurement=conformed.MEASUREMENT,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measure=reference.MEASURE,
    organisation=reference.ORGANISATION,
    population=reference.POPULATION,
    remembered=registers.HIDDEN_CELL,
)
def measure_total_month(span: BuildWindow, **scans: Scan) -> Scan:
    """Count the country's use by service, measure and month, before anything is hidden.

    Grain: one row per (month, service, measure). All organisations count, also those without a row in `measure_month`.
    """
    return Query(statement("usage/measure_total_month"), _judged(span, **scans))


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
    in `measure_month`. Merges are exact; in a split the last successor takes the remainder. It uses only what
    `measure_month` shows: a figure with a hidden part is hidden, and so is each figure derived from a hidden one.
    Nulls: quantity where hidden; inhabitants where a code of then is not one municipality of now, or not yet counted.
    """
    del span
    return Query(statement("usage/municipality_measure_month", used=_USED), scans)


def _judged(
    span: BuildWindow,
    measurement: Scan,
    sensitive_dispatch_month: Scan,
    measure: Scan,
    organisation: Scan,
    population: Scan,
    remembered: Scan,
) -> dict[str, Scan]:
    cells = Query(
        statement("usage/measure_cells", sensitive=suppression.SENSITIVE),
        {
            "measurement": measurement,
            "sensitive_dispatch_month": sensitive_dispatch_month,
            "measure": measure,
            "organisation": organisation,
            "population": population,
        },
        {"dispatches": usage.DISPATCHES},
        kept=True,
    )
    values = suppression.remembered_of(remembered, usage.MEASURE_MONTH.name, usage.MEASURE_TOTAL_MONTH.name)
    judged = Computed(
        suppression.judged_measures,
        {
            "cells": Query("select * from measure_cells where protected", {"measure_cells": cells}),
            "remembered": values,
        },
        {"unsettled_from": suppression.unsettled_from(span)},
    )
    return {"measure_cells": cells, "measure_judged": judged}


BUILDS = (measure_month, measure_total_month, municipality_measure_month)
