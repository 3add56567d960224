"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from assets import suppression
from assets.build import BuildWindow, builds
from assets.reference import parts
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.domain.products import USE
from catalog.tables import conformed, reference, uptake, uptake_calls, usage

_USE = ", ".join(quoted(m) for m in USE)


@builds(uptake.STEP_EVENT, adoption=conformed.ADOPTION, organisation=reference.ORGANISATION)
def step_event(span: BuildWindow, adoption: Scan, organisation: Scan) -> Scan:
    """Each step that was taken, by whom, on the borders of now.

    Grain: one row per event and municipality of now; an event of a municipality that was split since has a row for each
    part, marked estimated, up to the part's own first event of the service. Nulls: municipality_code where the customer
    is no municipality; service for main agreements.
    """
    del span
    return Query(statement("uptake/step_event"), {"adoption": adoption, "organisation": organisation})


@builds(
    uptake.USE_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measurement=conformed.MEASUREMENT,
    organisation=reference.ORGANISATION,
    municipality_of=reference.MUNICIPALITY_OF,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
)
def use_month(
    span: BuildWindow,
    dispatch_day: Scan,
    sensitive_dispatch_month: Scan,
    measurement: Scan,
    organisation: Scan,
    municipality_of: Scan,
    municipality_to_now: Scan,
) -> Scan:
    """The first and the last day on which each customer used each service, by the measures that are use.

    Grain: one row per (month, organisation_number, service) with use; the number is the successor's where one ended.
    """
    del span
    inputs = {
        "dispatch_day": dispatch_day,
        "sensitive_dispatch_month": sensitive_dispatch_month,
        "measurement": measurement,
        "organisation": organisation,
        "organisation_part": parts(organisation, municipality_of, municipality_to_now),
    }
    return Query(statement("uptake/use_month", use=_USE), inputs)


@builds(
    uptake.MEASURED_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measurement=conformed.MEASUREMENT,
)
def measured_month(span: BuildWindow, **inputs: Scan) -> Scan:
    """The first and the last day of a month on which somebody told of a service's use, or that there was none.

    Grain: one row per (month, service) of which use is measured.
    """
    del span
    return Query(statement("uptake/measured_month", use=_USE), inputs)


@builds(
    uptake.STATUS_MONTH,
    whole=("use_month", "measured_month"),
    step_event=uptake.STEP_EVENT,
    use_month=uptake.USE_MONTH,
    measured_month=uptake.MEASURED_MONTH,
    adoption_source=reference.ADOPTION_SOURCE,
)
def status_month(span: BuildWindow, **inputs: Scan) -> Scan:
    """The step each customer stands on at the end of each month, and whether it uses the service.

    Grain: one row per (month, municipality_code, organisation_number, service), from the first step on. Months that
    nobody observed are missing. Active is 90 days of use where the service is measured at all, else the event's word.
    Nulls: days_annex_to_use before the first use, and at sensitive services.
    """
    stands = statement("uptake/status_month", sensitive=suppression.SENSITIVE)
    return Query(stands, inputs, {"through": span.through}, ordered=True)


@builds(
    uptake.FUNNEL,
    status_month=uptake.STATUS_MONTH,
    municipality=reference.MUNICIPALITY,
    network_member=reference.NETWORK_MEMBER,
    population=reference.POPULATION,
)
def funnel(span: BuildWindow, status_month: Scan, municipality: Scan, network_member: Scan, population: Scan) -> Scan:
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


@builds(
    uptake.STANDING,
    funnel=uptake.FUNNEL,
    status_month=uptake.STATUS_MONTH,
    step_event=uptake.STEP_EVENT,
    municipality=reference.MUNICIPALITY,
)
def standing(span: BuildWindow, **inputs: Scan) -> Scan:
    """How each municipality stands with each service, and since when.

    Grain: one row per (service, municipality_code, first_month): a stretch of months in which nothing changed; those of
    a municipality follow on each other without a gap, from the first month in which anybody stood on a step. Nulls:
    standing and active_basis in months that nobody observed; since where no event tells, and at NONE.
    """
    return Query(statement("uptake/standing"), inputs, {"through": span.through})


@builds(uptake.NETWORK_MONTH, funnel=uptake.FUNNEL, network=reference.NETWORK)
def network_month(span: BuildWindow, funnel: Scan, network: Scan) -> Scan:
    """Each network's members on each step, beside the country, and beside itself a year before.

    Grain: one row per (month, network_id, service) that the funnel has for the network. Nulls: active_year_before where
    that month was not observed.
    """
    del span
    return Query(statement("uptake/network_month"), {"funnel": funnel, "network": network})


_LOOKED_BACK = 12


@builds(
    uptake_calls.EXCEPTION,
    whole=("use_month", "measured_month"),
    use_month=uptake.USE_MONTH,
    measured_month=uptake.MEASURED_MONTH,
    step_event=uptake.STEP_EVENT,
    invoice_line=conformed.INVOICE_LINE,
    organisation=reference.ORGANISATION,
    product=reference.PRODUCT,
    element=reference.PRICE_ELEMENT,
)
def exception(span: BuildWindow, **inputs: Scan) -> Scan:
    """What does not add up between agreement, use and invoice, over the last twelve whole months.

    Grain: one row per (exception, service, organisation_number); a number that ended has its successor's. Use without
    annex: no step of the customer up to that month, at a service of which anyone reported an annex. Use after
    termination: a day of use after a termination that nothing followed. Use without invoice: no line in these months
    for the customer, at a service that is billed, and not only once or from so many look-ups a month on; later than its
    last billed period is not billed yet. Pays without use: billed more than nothing and no use in any of these months,
    at a service measured throughout. At any time: a step before the month in which the catalogue has the service
    launched; a termination before any other step; an annex on a later day than another, with no termination between; a
    step that names a municipality's organisation and another municipality's code. A step known only as no later than
    some day may be older than anything.
    Nulls: organisation and municipality_code where the number is of nobody known, or of no municipality.
    """
    parameters = {"since": calendar.months_before(span.through, _LOOKED_BACK), "through": span.through}
    return Query(statement("uptake/exception"), inputs, parameters)


BUILDS = (step_event, use_month, measured_month, status_month, funnel, standing, network_month, exception)
