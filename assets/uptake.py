"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from assets import sensitive
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
    """Each step taken, by whom, on the borders of now.

    Grain: one row per event and municipality of now; an event of a since split municipality has a row for each part,
    marked estimated, up to the part's own first event of the service. Nulls: municipality_code where the customer is
    not a municipality; service for main agreements.
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

    Grain: one row per (month, organisation_number, service) with use; an ended number is replaced by its successor's.
    Of sensitive services whole months, seven working days after they end.
    """
    inputs = {
        "dispatch_day": dispatch_day,
        "sensitive_dispatch_month": sensitive_dispatch_month,
        "measurement": measurement,
        "organisation": organisation,
        "organisation_part": parts(organisation, municipality_of, municipality_to_now),
    }
    sql = statement("uptake/use_month", use=_USE, sensitive=sensitive.SENSITIVE)
    return Query(sql, inputs, {"provisional": span.provisional})


@builds(
    uptake.MEASURED_MONTH,
    dispatch_day=usage.DISPATCH_DAY,
    sensitive_dispatch_month=usage.SENSITIVE_DISPATCH_MONTH,
    measurement=conformed.MEASUREMENT,
)
def measured_month(span: BuildWindow, **inputs: Scan) -> Scan:
    """The first and the last day of a month for which use of a service, or the lack of it, was reported.

    Grain: one row per (month, service) of which use is measured; of sensitive ones, months that are published.
    """
    sql = statement("uptake/measured_month", use=_USE, sensitive=sensitive.SENSITIVE)
    return Query(sql, inputs, {"provisional": span.provisional})


@builds(
    uptake.STATUS_MONTH,
    whole=("use_month", "measured_month"),
    step_event=uptake.STEP_EVENT,
    use_month=uptake.USE_MONTH,
    measured_month=uptake.MEASURED_MONTH,
    adoption_source=reference.ADOPTION_SOURCE,
)
def status_month(span: BuildWindow, **inputs: Scan) -> Scan:
    """The step of each customer at the end of each month, and whether it uses the service.

    Grain: one row per (month, municipality_code, organisation_number, service), from the first step on. Unobserved
    months are missing. Active means use within 90 days where the service is measured at all, otherwise the event
    decides.
    Nulls: days_annex_to_use before the first use, and at sensitive services.
    """
    stands = statement("uptake/status_month", sensitive=sensitive.SENSITIVE)
    return Query(stands, inputs, {"through": span.through}, ordered=True)


@builds(
    uptake.FUNNEL,
    status_month=uptake.STATUS_MONTH,
    municipality=reference.MUNICIPALITY,
    network_member=reference.NETWORK_MEMBER,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    population=reference.POPULATION,
)
def funnel(span: BuildWindow, **inputs: Scan) -> Scan:
    """Municipalities at or past each step, by country, county and network.

    Grain: one row per (month, service, area_kind, area) for each month in which any municipality is on a step. A
    suspended or terminated municipality counts on none.
    """
    del span
    return Query(statement("uptake/funnel"), inputs)


@builds(
    uptake.STANDING,
    funnel=uptake.FUNNEL,
    status_month=uptake.STATUS_MONTH,
    step_event=uptake.STEP_EVENT,
    municipality=reference.MUNICIPALITY,
)
def standing(span: BuildWindow, **inputs: Scan) -> Scan:
    """The standing of each municipality with each service, and since when.

    Grain: one row per (service, municipality_code, first_month): a period of months without change. A municipality's
    periods are contiguous, from the first month in which any municipality was on a step. Nulls: standing and
    active_basis in unobserved months; since where no event gives it, and at NONE.
    """
    return Query(statement("uptake/standing"), inputs, {"through": span.through})


@builds(uptake.NETWORK_MONTH, funnel=uptake.FUNNEL, network=reference.NETWORK)
def network_month(span: BuildWindow, funnel: Scan, network: Scan) -> Scan:
    """Each network's members on each step, compared with the country, and with itself a year before.

    Grain: one row per (month, network_id, service) in the funnel. Nulls: active_year_before where that month was not
    observed.
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
    """Inconsistencies between agreement, use and invoice, over the last twelve whole months.

    Grain: one row per (exception, service, organisation_number); an ended number is replaced by its successor's.

    Use without annex: no step of the customer up to that month, at a service with any reported annex. Use after
    termination: a day of use after a termination without later steps; of a sensitive service a month that begins
    after it. Use without invoice: no line for the customer in these months, at a service that is billed, other than
    once or from a number of look-ups a month; use after its last billed period is not billed yet. Pays without use:
    billed more than nothing without use in any of these months, at a service measured throughout. At any time: a
    step before the service's launch month in the catalogue; a termination before any other step; a second annex on
    a later day without a termination between; a step that names a municipality's organisation and another
    municipality's code. A step known only as no later than some day may be arbitrarily old.

    Nulls: organisation and municipality_code where the number is unknown, or not a municipality's.
    """
    parameters = {"since": calendar.months_before(span.through, _LOOKED_BACK), "through": span.through}
    return Query(statement("uptake/exception", sensitive=sensitive.SENSITIVE), inputs, parameters)


BUILDS = (step_event, use_month, measured_month, status_month, funnel, standing, network_month, exception)
