"""Whom to call: municipalities that do not use a service yet, those that declined, suppliers that hold many back.

The three share the same parts, each a statement of its own: the standing of every municipality (`standing`), its
follow-up (`followed`), the systems it was seen with (`seen`), and which system carries what (`supply`).
"""

from __future__ import annotations

from assets.build import from_sql, sql_step
from catalog.contracts.rules import quoted
from catalog.tables import reference, registers, uptake, uptake_calls, usage

_DECLINED = {"declined": ", ".join(quoted(s) for s in uptake_calls.DECLINED)}
_standing = sql_step(
    "uptake/not_yet_standing",
    uptake.STATUS_MONTH,
    reference.PRODUCT,
    reference.MUNICIPALITY,
    reference.POPULATION,
    materialized=True,
)
_followed = sql_step("uptake/not_yet_followed", registers.FOLLOW_UP, reference.MUNICIPALITY_TO_NOW, materialized=True)
_seen = sql_step("uptake/not_yet_seen", usage.CONNECTION_MONTH, reference.ORGANISATION, materialized=True)
_supply = sql_step(
    "uptake/not_yet_supply", registers.SUPPLIER_SUPPORT, standing=_standing, seen=_seen, materialized=True
)

not_yet = from_sql(
    uptake_calls.NOT_YET,
    uptake.STEP_EVENT,
    reference.MUNICIPALITY,
    reference.COUNTY,
    reference.MUNICIPALITY_PEER,
    reference.MUNICIPALITY_TO_NOW,
    reference.NETWORK,
    reference.NETWORK_MEMBER,
    registers.CONTACT,
    standing=_standing,
    followed=_followed,
    seen=_seen,
    supply=_supply,
    slots=_DECLINED,
)
declined = from_sql(uptake_calls.DECLINED_TABLE, standing=_standing, followed=_followed, slots=_DECLINED)
supplier_gap = from_sql(uptake_calls.SUPPLIER_GAP, uptake_calls.NOT_YET, standing=_standing, seen=_seen, supply=_supply)

BUILDS = (not_yet, declined, supplier_gap)
