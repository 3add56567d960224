"""The keys by which a shared cost is split over the services (`assets/sql/ledger/allocation.sql`).

What does *not* belong here: where the weights come from (the marts of usage, uptake and the ledger), and which cost has
which key (the entry itself, or the register `cost_mapping`).
"""

from __future__ import annotations

from catalog.domain.products import MEASURES

ACTIVE, INCOME, EQUAL, DISPATCHED = "AKTIVE", "INNTEKT", "LIKT", "FORSENDELSER"
KEYS = (*(m.upper() for m in MEASURES), DISPATCHED, ACTIVE, INCOME, EQUAL)
"""By a measure's quantity in the month, dispatches, active municipalities, income, or equally."""
DEFAULT_KEYS = {"BRUKERSTOTTE": "HENVENDELSER"}
"""The default key of a category of shared cost: support by requests for support."""
