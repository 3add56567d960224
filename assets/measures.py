"""Use other than dispatches, by organisation and for the country."""

from __future__ import annotations

from assets.build import from_sql, sql_step
from assets.perturbation import published_flows
from assets.sensitive import SENSITIVE
from catalog.contracts.rules import quoted
from catalog.tables import conformed, reference, usage

_cells = sql_step("usage/measure_cells", conformed.MEASUREMENT, reference.MEASURE, slots={"sensitive": SENSITIVE})

measure_month = from_sql(usage.MEASURE_MONTH, _cells, published=published_flows)
measure_total_month = from_sql(usage.MEASURE_TOTAL_MONTH, _cells, published=published_flows)
municipality_measure_month = from_sql(
    usage.MUNICIPALITY_MEASURE_MONTH,
    usage.MEASURE_MONTH,
    reference.MUNICIPALITY_OF,
    reference.MUNICIPALITY_TO_NOW,
    reference.POPULATION,
    all_months=True,
    slots={"used": ", ".join(quoted(m) for m in usage.USED)},
)

BUILDS = (measure_month, measure_total_month, municipality_measure_month)
