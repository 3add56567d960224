"""Usage: how much each organisation and municipality uses, by service and channel."""

from __future__ import annotations

from assets.build import from_sql, in_pieces, sql_step
from assets.sensitive import SENSITIVE
from catalog.contracts import columns as c
from catalog.tables import conformed, reference, streams, usage

_APART = {"sensitive": SENSITIVE}

dispatch_day = from_sql(usage.DISPATCH_DAY, in_pieces(conformed.DISPATCH, usage.DISPATCH_DAY, slots=_APART))
sensitive_dispatch_month = from_sql(
    usage.SENSITIVE_DISPATCH_MONTH, in_pieces(conformed.DISPATCH, usage.SENSITIVE_DISPATCH_MONTH, slots=_APART)
)
dispatch_month = from_sql(usage.DISPATCH_MONTH, usage.DISPATCH_DAY)
delivery_taken = from_sql(
    usage.DELIVERY_TAKEN,
    in_pieces(
        conformed.DISPATCH,
        usage.DELIVERY_TAKEN,
        *(usage.DELIVERY_TAKEN[name] for name in ("month", "service", "channel")),
        c.int64("took_us", "Mikrosekunder til levert", "Microseconds to delivery", key=True),
        *(usage.DELIVERY_TAKEN[name] for name in ("dispatches", "synthetic")),
        slots=_APART,
        merge=sql_step("conformed/delivery_taken_of_pieces", conformed.DISPATCH),
    ),
    slots=_APART,
)
delivery_time = from_sql(usage.DELIVERY_TIME, usage.DELIVERY_TAKEN, all_months=True)
municipality_month = from_sql(
    usage.MUNICIPALITY_MONTH,
    usage.DISPATCH_DAY,
    reference.MUNICIPALITY_OF,
    reference.MUNICIPALITY_TO_NOW,
    reference.POPULATION,
)
operational_message = from_sql(usage.OPERATIONAL_MESSAGE, conformed_message=conformed.of(streams.OPERATIONAL_MESSAGE))
stability_month = from_sql(usage.STABILITY_MONTH, usage.OPERATIONAL_MESSAGE)

BUILDS = (
    *(dispatch_day, sensitive_dispatch_month, dispatch_month),
    *(municipality_month, delivery_taken, delivery_time),
    *(operational_message, stability_month),
)
