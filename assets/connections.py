"""Connections: who sends with which system, and the names not mapped to any system.

A source system that reveals something about its receivers (child welfare) is never named by organisation: its
dispatches are counted with those that state no system, one row per organisation and service.
"""

from __future__ import annotations

from assets.build import from_sql, in_pieces
from assets.perturbation import band_of, published_systems, system_names
from assets.sensitive import SENSITIVE
from catalog.tables import conformed, quality, registers, usage

_MONTHS = 12
_ENOUGH = 3
"""Organisations whose sum may be told: with two, each knows the other's."""

connection_exact_month = from_sql(
    usage.CONNECTION_EXACT_MONTH,
    in_pieces(
        conformed.DISPATCH,
        usage.CONNECTION_EXACT_MONTH,
        *(usage.CONNECTION_EXACT_MONTH[name] for name in ("month", "organisation_number")),
        *(conformed.DISPATCH[n].but(key=True) for n in ("account_id", "source_system", "supplier_number", "service")),
        *(usage.CONNECTION_EXACT_MONTH[name] for name in ("dispatches", "failed", "last_seen", "synthetic")),
        slots={"sensitive": SENSITIVE},
    ),
    registers.SOURCE_SYSTEM,
    system_names,
)
connection_month = from_sql(
    usage.CONNECTION_MONTH,
    connection=usage.CONNECTION_EXACT_MONTH,
    slots={name: band_of(name) for name in ("dispatches", "failed")},
)
system_month = from_sql(
    usage.SYSTEM_MONTH,
    all_months=True,
    connection=usage.CONNECTION_EXACT_MONTH,
    shielded=published_systems,
    slots={"band": band_of("dispatches")},
    parameters={"enough": _ENOUGH},
)
unmapped_system = from_sql(
    quality.UNMAPPED_SYSTEM, connection_month=usage.CONNECTION_EXACT_MONTH, parameters={"months": _MONTHS}
)

BUILDS = (connection_exact_month, connection_month, system_month, unmapped_system)
