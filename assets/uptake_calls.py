"""Whom to call: municipalities that do not use a service yet, those that declined, and suppliers that hold many back.

The three rest on the same parts, each a statement of its own: where every municipality stands (`standing`), what was
done about it (`followed`), with which systems it was seen (`seen`), and which system carries what (`supply`).
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
    """Every municipality of now at each service that it may take into use, in the service's last observed month."""
    names = ("status_month", "product", "municipality", "population")
    return Query(statement("uptake/not_yet_standing"), {n: inputs[n] for n in names}, kept=True)


def _followed(inputs: dict[str, Scan]) -> Query:
    """The follow-up of each municipality of now and service."""
    names = ("follow_up", "municipality_to_now")
    return Query(statement("uptake/not_yet_followed"), {n: inputs[n] for n in names}, kept=True)


def _suppliers(span: BuildWindow, inputs: dict[str, Scan], standing: Scan) -> dict[str, Scan]:
    """Which systems were seen where in the twelve months that end with `as_of`'s, and which services they carry."""
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
    """Whom to call: the municipalities that may have a service and do not use it, with why and how.

    Grain: one row per (service, municipality of now) that may take the service and is not active in the service's last
    observed month; none for services of others, or that nobody has observed. Those that declined are in `declined`.

    A municipality stands where its furthest customer stands. When it took the step is the last time that is told
    exactly since it last left that step; where it is only known to be no later than some day, that day's month is in
    the sentence and `months_waiting` is null. Priority 2 wants a similar one that is active: `nearest`, whatever the
    reason.

    A system is seen where a dispatch of the last twelve months names it by the register; who carries a service with it
    is active on the service and was seen with it there. Its supplier is the one in `supplier_support`, else the first
    by name of those in the connections. A row of `supplier_support` without a date says nothing. Sensitive services,
    and others that no connection tells of, have no `supplier_carries`.

    Registers may hold older codes. A follow-up or contact on one counts where that code became one municipality whole,
    and only if the code of now has none of its own; one on a code that was split is nobody's. A membership on a code
    that was split is each part's.

    Nulls: `months_waiting` without a step, after activation, and where the month is not known; `nearest` where nobody
    alike or in the same network or county is active.
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
    """Those that would be in `not_yet`, but declined or are not concerned.

    Grain: one row per (service, municipality of now). One that uses the service after all is in neither.
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
    """How many wait, and how many are active, with each system that a waiting municipality was seen with.

    Grain: one row per (service, supplier, source_system); a system has one supplier, as in `not_yet`. A municipality
    with several systems is counted at each. Nulls: the supplier where none is known, `active` where no connection
    tells of the service, `inhabitants` where nobody counted them.
    """
    standing = _standing(inputs)
    return Query(
        statement("uptake/supplier_gap"),
        {"not_yet": inputs["not_yet"], "standing": standing} | _suppliers(span, inputs, standing),
    )


BUILDS = (not_yet, declined, supplier_gap)
