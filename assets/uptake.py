"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from assets.making import Span, makes
from assets.statements import statement
from catalog import conformed, reference, uptake, usage
from catalog.scan import Query, Scan


@makes(uptake.STEP_EVENT, adoption=conformed.ADOPTION)
def step_event(span: Span, adoption: Scan) -> Scan:
    """Each step that was taken, by whom, on the borders of now.

    Grain: one row per event and municipality of now; an event of a municipality that was split since has a row for each
    part, marked estimated. Nulls: municipality_code where the customer is no municipality; service for main agreements.
    """
    del span
    return Query(statement("uptake/step_event"), {"adoption": adoption})


@makes(
    uptake.STATUS_MONTH,
    whole=("dispatch_day", "measurement"),
    step_event=uptake.STEP_EVENT,
    dispatch_day=usage.DISPATCH_DAY,
    measurement=conformed.MEASUREMENT,
    organisation=reference.ORGANISATION,
    adoption_source=reference.ADOPTION_SOURCE,
)
def status_month(
    span: Span, step_event: Scan, dispatch_day: Scan, measurement: Scan, organisation: Scan, adoption_source: Scan
) -> Scan:
    """The step each customer stands on at the end of each month, and whether it uses the service.

    Grain: one row per (month, municipality_code, organisation_number, service), from the first step on. Months that
    nobody observed are missing. Active is 90 days of use where the service is measured at all, else the event's word.
    """
    last_use = Query(
        statement("uptake/last_use"),
        {"dispatch_day": dispatch_day, "measurement": measurement, "organisation": organisation},
        kept=True,
    )
    inputs = {"step_event": step_event, "last_use": last_use, "adoption_source": adoption_source}
    return Query(statement("uptake/status_month"), inputs, {"through": span.through})


@makes(
    uptake.FUNNEL,
    status_month=uptake.STATUS_MONTH,
    municipality=reference.MUNICIPALITY,
    network_member=reference.NETWORK_MEMBER,
    population=reference.POPULATION,
)
def funnel(span: Span, status_month: Scan, municipality: Scan, network_member: Scan, population: Scan) -> Scan:
    """Municipalities at or past each step, by country, county and network.

    Grain: one row per (month, service, area_kind, area) for each month in which anybody stands on a step. A suspended
    or terminated municipality counts on none.
    """
    del span
    inputs = {
        "status_month": status_month,
        "municipality": municipality,
        "network_member": network_member,
        "population": population,
    }
    return Query(statement("uptake/funnel"), inputs)


MAKINGS = (step_event, status_month, funnel)
