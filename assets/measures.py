"""Use that is no dispatch, by organisation and for the country, with what tells of persons hidden."""

from __future__ import annotations

from assets import suppression
from assets.making import Span, makes
from assets.statements import statement
from catalog import conformed, reference, registers, usage
from catalog.scan import Computed, Query, Scan


@makes(
    usage.MEASURE_MONTH,
    measurement=conformed.MEASUREMENT,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measure=reference.MEASURE,
    organisation=reference.ORGANISATION,
    population=reference.POPULATION,
    remembered=registers.HIDDEN_CELL,
)
def measure_month(span: Span, **scans: Scan) -> Scan:
    """Count use by organisation, service, measure and month.

    Grain: one row per (month, organisation_number, service, measure) that was reported; nothing reported is no row,
    never 0. What flows is the sum of the month's days; of what stands (accounts, adapters), each account and source
    counts as on its last reported day. What counts persons at a sensitive service has rows for municipalities only, one
    that ended under its successor's number; see `assets/suppression.py` for what is hidden.
    """
    return Query(statement("usage/measure_month"), _judged(span, **scans))


@makes(
    usage.MEASURE_TOTAL_MONTH,
    measurement=conformed.MEASUREMENT,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measure=reference.MEASURE,
    organisation=reference.ORGANISATION,
    population=reference.POPULATION,
    remembered=registers.HIDDEN_CELL,
)
def measure_total_month(span: Span, **scans: Scan) -> Scan:
    """Count the country's use by service, measure and month, from before anything was hidden.

    Grain: one row per (month, service, measure). All organisations count, also those without a row in `measure_month`.
    """
    return Query(statement("usage/measure_total_month"), _judged(span, **scans))


def _judged(
    span: Span,
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
    known = suppression.remembered_of(remembered, usage.MEASURE_MONTH.name, usage.MEASURE_TOTAL_MONTH.name)
    judged = Computed(
        suppression.judged_measures,
        {
            "cells": Query("select * from measure_cells where protected", {"measure_cells": cells}),
            "remembered": known,
        },
        {"unsettled_from": suppression.unsettled_from(span)},
    )
    return {"measure_cells": cells, "measure_judged": judged}


MAKINGS = (measure_month, measure_total_month)
