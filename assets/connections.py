"""Connections: who sends with which system, and the names not mapped to any system.

A source system that reveals something about its receivers (child welfare) is never named by organisation: its
dispatches are counted with those that state no system, one row per organisation and service.
"""

from __future__ import annotations

from assets import perturbation, sensitive
from assets.build import BuildWindow, Reduced, builds, piece_of
from assets.statements import statement
from catalog.contracts.scan import Query, Scan, Values
from catalog.tables import conformed, quality, registers, usage

_MONTHS = 12
_ENOUGH = 3
"""Organisations whose sum may be told: with two, each knows the other's."""


def _sent(_window: BuildWindow, dispatch: Scan) -> Scan:
    sql = statement("usage/connection_month_piece", sensitive=sensitive.SENSITIVE)
    return Query(sql, {"conformed_dispatch": dispatch})


_SENT = Reduced(
    _sent,
    piece_of(
        usage.CONNECTION_EXACT_MONTH,
        *(usage.CONNECTION_EXACT_MONTH[name] for name in ("month", "organisation_number")),
        *(conformed.DISPATCH[n].but(key=True) for n in ("account_id", "source_system", "supplier_number", "service")),
        *(usage.CONNECTION_EXACT_MONTH[name] for name in ("dispatches", "failed", "last_seen", "synthetic")),
    ),
)


@builds(
    usage.CONNECTION_EXACT_MONTH,
    reduced={"dispatch": _SENT},
    dispatch=conformed.DISPATCH,
    source_system=registers.SOURCE_SYSTEM,
)
def connection_exact_month(span: BuildWindow, dispatch: Scan, source_system: Scan) -> Scan:
    """Count a month's dispatches by organisation, account, source system, supplier and service.

    Grain: one row per (month, organisation_number, account_id, source_system, supplier_number, service), with the name
    as sent, stripped of surrounding white space. A name is mapped when the register has exactly that name. Other names
    are UNMAPPED, never guessed; their supplier is the register's for supplier_number, if any. Sensitive services are
    left out.

    Rows without a stated system and rows of sensitive systems (`perturbation.system_names`) form one row per
    organisation and service, NOT_STATED, without account or supplier.
    """
    del span
    names = perturbation.system_names(dispatch, source_system)
    inputs = {"dispatch": dispatch, "source_system": source_system, "system_name": names}
    return Query(statement("usage/connection_exact_month"), inputs)


@builds(usage.CONNECTION_MONTH, connection=usage.CONNECTION_EXACT_MONTH)
def connection_month(span: BuildWindow, connection: Scan) -> Scan:
    """The connections of a month with their counts in bands, from seven working days after the month.

    Grain: as `connection_exact_month`; and a row NOT_STATED of each sender and service that has others, of 0-9 where it
    has fewer than ten dispatches or none. No count beside an exact total can be kept apart by noise, so none is exact;
    day by day, what came alone would be the total's change.
    """
    if span.provisional:
        return Values(usage.CONNECTION_MONTH.arrow_schema.empty_table())
    bands = {name: perturbation.band_of(name) for name in ("dispatches", "failed")}
    return Query(statement("usage/connection_month", **bands), {"connection": connection})


@builds(
    usage.SYSTEM_MONTH,
    all_months=True,
    connection=usage.CONNECTION_EXACT_MONTH,
    protected_dispatch_month=usage.PROTECTED_DISPATCH_MONTH,
)
def system_month(span: BuildWindow, connection: Scan, protected_dispatch_month: Scan) -> Scan:
    """Count the country's dispatches by source system and service, those of ordinary systems in whole fifties.

    Grain: one row per (month, service, system, mapping). A shielded system has a perturbed row of its own, in months
    that are published, and counts in the row NOT_STATED as well.
    Nulls: dispatches where fewer than three organisations use the system, and in the row NOT_STATED, of which the
    shielded systems are part; organisations there and of shielded systems; system where names are not mapped or not
    stated.
    """
    return Query(
        statement("usage/system_month", band=perturbation.band_of("dispatches")),
        {"connection": connection, "shielded": perturbation.published_systems(span, protected_dispatch_month)},
        {"enough": _ENOUGH},
    )


@builds(quality.UNMAPPED_SYSTEM, connection_month=usage.CONNECTION_EXACT_MONTH)
def unmapped_system(span: BuildWindow, connection_month: Scan) -> Scan:
    """The names missing from the register, over the twelve whole months before the month of `as_of`.

    Grain: one row per source_system. Dispatches are rounded up to whole fifties: most names are one sender's. Names
    that indicate child welfare are absent, as in `connection_month`.
    """
    return Query(
        statement("quality/unmapped_system"),
        {"connection_month": connection_month},
        {"through": span.through, "months": _MONTHS},
    )


BUILDS = (connection_exact_month, connection_month, system_month, unmapped_system)
