"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from assets import suppression
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
    uptake.USE_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measurement=conformed.MEASUREMENT,
    organisation=reference.ORGANISATION,
)
def use_month(
    span: Span, dispatch_day: Scan, sensitive_dispatch_month: Scan, measurement: Scan, organisation: Scan
) -> Scan:
    """The first and the last day on which each customer used each service; support requests are no use.

    Grain: one row per (month, organisation_number, service) with use; the number is the successor's where one ended.
    """
    del span
    inputs = {
        "dispatch_day": dispatch_day,
        "sensitive_dispatch_month": sensitive_dispatch_month,
        "measurement": measurement,
        "organisation": organisation,
    }
    return Query(statement("uptake/use_month"), inputs)


@makes(
    uptake.STATUS_MONTH,
    whole=("use_month",),
    step_event=uptake.STEP_EVENT,
    use_month=uptake.USE_MONTH,
    adoption_source=reference.ADOPTION_SOURCE,
)
def status_month(span: Span, step_event: Scan, use_month: Scan, adoption_source: Scan) -> Scan:
    """The step each customer stands on at the end of each month, and whether it uses the service.

    Grain: one row per (month, municipality_code, organisation_number, service), from the first step on. Months that
    nobody observed are missing. Active is 90 days of use where the service is measured at all, else the event's word.
    Nulls: days_annex_to_use before the first use, and at sensitive services.
    """
    inputs = {"step_event": step_event, "use_month": use_month, "adoption_source": adoption_source}
    return Query(statement("uptake/status_month", sensitive=suppression.SENSITIVE), inputs, {"through": span.through})


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


MAKINGS = (step_event, use_month, status_month, funnel)
