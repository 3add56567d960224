"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from assets.build import from_sql, whole
from assets.reference import parts
from assets.sensitive import SENSITIVE
from catalog.contracts.rules import quoted
from catalog.domain import calendar
from catalog.domain.products import USE
from catalog.tables import conformed, reference, uptake, uptake_calls, usage

_USE = {"use": ", ".join(quoted(m) for m in USE), "sensitive": SENSITIVE}
_LOOKED_BACK = 12

step_event = from_sql(uptake.STEP_EVENT, conformed.ADOPTION, reference.ORGANISATION)
use_month = from_sql(
    uptake.USE_MONTH,
    usage.DISPATCH_DAY,
    usage.SENSITIVE_DISPATCH_MONTH,
    conformed.MEASUREMENT,
    reference.ORGANISATION,
    parts,
    slots=_USE,
)
measured_month = from_sql(
    uptake.MEASURED_MONTH, usage.DISPATCH_DAY, usage.SENSITIVE_DISPATCH_MONTH, conformed.MEASUREMENT, slots=_USE
)
status_month = from_sql(
    uptake.STATUS_MONTH,
    uptake.STEP_EVENT,
    whole(uptake.USE_MONTH),
    whole(uptake.MEASURED_MONTH),
    reference.ADOPTION_SOURCE,
    slots={"sensitive": SENSITIVE},
    ordered=True,
)
funnel = from_sql(
    uptake.FUNNEL,
    uptake.STATUS_MONTH,
    reference.MUNICIPALITY,
    reference.NETWORK_MEMBER,
    reference.MUNICIPALITY_TO_NOW,
    reference.POPULATION,
)
standing = from_sql(uptake.STANDING, uptake.FUNNEL, uptake.STATUS_MONTH, uptake.STEP_EVENT, reference.MUNICIPALITY)
network_month = from_sql(uptake.NETWORK_MONTH, uptake.FUNNEL, reference.NETWORK)
exception = from_sql(
    uptake_calls.EXCEPTION,
    whole(uptake.USE_MONTH),
    whole(uptake.MEASURED_MONTH),
    uptake.STEP_EVENT,
    conformed.ADOPTION,
    conformed.INVOICE_LINE,
    reference.ORGANISATION,
    reference.MUNICIPALITY_TO_NOW,
    reference.PRODUCT,
    element=reference.PRICE_ELEMENT,
    slots={"sensitive": SENSITIVE},
    parameters={"since": lambda window: calendar.months_before(window.through, _LOOKED_BACK)},
)

BUILDS = (step_event, use_month, measured_month, status_month, funnel, standing, network_month, exception)
