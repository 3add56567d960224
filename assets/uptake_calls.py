"""Whom to call: municipalities that do not use a service yet, those that declined, suppliers that hold many back.

The three share the same parts, each a statement of its own: the standing of every municipality (`standing`), its
follow-up (`followed`), the systems it was seen with (`seen`), and which system carries what (`supply`).
"""

from __future__ import annotations

from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.tables import reference, registers, uptake, uptake_calls, usage

_DECLINED = ", ".join(quoted(s) for s in uptake_calls.DECLINED)


def _standing(inputs: dict[str, Scan]) -> Query:
    """Every municipality of now at each service that it may use, in the service's last observed month."""
    names = ("status_month", "product", "municipality", "population")
    return Query(statement("uptake/not_yet_standing"), {n: inputs[n] for n in names}, kept=True)


def _followed(inputs: dict[str, Scan]) -> Query:
    """The follow-up of each municipality of now and service."""
    names = ("follow_up", "municipality_to_now")
    return Query(statement("uptake/not_yet_followed"), {n: inputs[n] for n in names}, kept=True)


def _suppliers(span: BuildWindow, inputs: dict[str, Scan], standing: Scan) -> dict[str, Scan]:
    """The systems seen in each municipality in the twelve months up to that of `as_of`, and the services they carry."""
    names = ("connection_month", "organisation")
    seen = Query(statement("uptake/not_yet_seen"), {n: inputs[n] for n in names}, {"through": span.through}, kept=True)
    supply = Query(
        statement("uptake/not_yet_supply"),
        {"standing": standing, "seen": seen, "supplier_support": inputs["supplier_support"]},
        {"as_of": calendar.day_in_oslo(span.as_of)},
        kept=True,
    )
    return {"seen": seen, "supply": supply}


@builds(
    uptake_calls.NOT_YET,
    status_month=uptake.STATUS_MONTH,
    step_event=uptake.STEP_EVENT,
    product=reference.PRODUCT,
    municipality=reference.MUNICIPALITY,
    county=reference.COUNTY,
    population=reference.POPULATION,
    municipality_peer=reference.MUNICIPALITY_PEER,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    network=reference.NETWORK,
    network_member=reference.NETWORK_MEMBER,
    organisation=reference.ORGANISATION,
    connection_month=usage.CONNECTION_MONTH,
    supplier_support=registers.SUPPLIER_SUPPORT,
    contact=registers.CONTACT,
    follow_up=registers.FOLLOW_UP,
)
def not_yet(span: BuildWindow, **inputs: Scan) -> Scan:
    """Whom to call: the municipalities that may use a service but do not, with reasons and contacts.

    Grain: one row per (service, municipality of now) that may use the service and is not active in the service's last
    observed month; none for external or unobserved services. Those that declined are in `declined`.

    A municipality has the step of its furthest customer. The time of the step is the last exact time since it last left
    that step; where it is only known to be no later than some day, that day's month is in the sentence and
    `months_waiting` is null. Priority 2 requires a similar one that is active: `nearest`, whatever the reason.

    A system is seen where a dispatch of the last twelve months names it by the register; a municipality carries a
    service with it when it is active on the service and was seen with it there. Its supplier is the one in
    `supplier_support`, else the first by name in the connections. A row of `supplier_support` without a date is
    ignored. Sensitive services, and others without connections, have no `supplier_carries`.

    Registers may hold older codes. A follow-up or contact on an old code counts where all of that code became one
    municipality, and only if the code of now has none of its own; on a split code it counts for nobody. A membership on
    a split code counts for each part.

    Nulls: `months_waiting` without a step, after activation, and where the month is unknown; `nearest` where no similar
    municipality, nor any in the same network or county, is active.
    """
    standing = _standing(inputs)
    names = (
        "step_event",
        "municipality",
        "county",
        "municipality_peer",
        "municipality_to_now",
        "network",
        "network_member",
        "contact",
    )
    return Query(
        statement("uptake/not_yet", declined=_DECLINED),
        {n: inputs[n] for n in names}
        | {"standing": standing, "followed": _followed(inputs)}
        | _suppliers(span, inputs, standing),
        {"as_of": calendar.day_in_oslo(span.as_of)},
    )


@builds(
    uptake_calls.DECLINED_TABLE,
    status_month=uptake.STATUS_MONTH,
    product=reference.PRODUCT,
    municipality=reference.MUNICIPALITY,
    population=reference.POPULATION,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    follow_up=registers.FOLLOW_UP,
)
def declined(span: BuildWindow, **inputs: Scan) -> Scan:
    """Municipalities that would be in `not_yet`, but declined or are not concerned.

    Grain: one row per (service, municipality of now). A municipality that uses the service after all is in neither.
    """
    del span
    return Query(
        statement("uptake/declined", declined=_DECLINED),
        {"standing": _standing(inputs), "followed": _followed(inputs)},
    )


@builds(
    uptake_calls.SUPPLIER_GAP,
    not_yet=uptake_calls.NOT_YET,
    status_month=uptake.STATUS_MONTH,
    product=reference.PRODUCT,
    municipality=reference.MUNICIPALITY,
    population=reference.POPULATION,
    organisation=reference.ORGANISATION,
    connection_month=usage.CONNECTION_MONTH,
    supplier_support=registers.SUPPLIER_SUPPORT,
)
def supplier_gap(span: BuildWindow, **inputs: Scan) -> Scan:
    """How many municipalities wait, and how many are active, by each system that a waiting one was seen with.

    Grain: one row per (service, supplier, source_system); a system has one supplier, as in `not_yet`. A municipality
    with several systems is counted at each. Nulls: the supplier where unknown, `active` where the service has no
    connections, `inhabitants` where there is no count.
    """
    standing = _standing(inputs)
    return Query(
        statement("uptake/supplier_gap"),
        {"not_yet": inputs["not_yet"], "standing": standing} | _suppliers(span, inputs, standing),
    )


BUILDS = (not_yet, declined, supplier_gap)
