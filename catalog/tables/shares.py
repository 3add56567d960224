"""The shares: what recipients elsewhere read over Delta Sharing, each granted by name (`dif share add`).

Which datasets a share holds follows from their contracts, so a new dataset needs no line here.
"""

from __future__ import annotations

from catalog.contracts.language import Audience
from catalog.contracts.sharing import (
    Right,
    Rows,
    ShareContract,
    columns_for,
    connection_columns,
    is_of_connections,
    is_of_customers,
    owner_column,
)
from catalog.tables.datasets import DATASETS
from catalog.text import en, nb

_OPEN = tuple(d for d in DATASETS.values() if d.audience is Audience.OPEN)
_TELLS_OF_CONNECTIONS = tuple(
    d for d in _OPEN if not d.exact_counts and (is_of_connections(d) or connection_columns(d))
)
_OF_ONES_OWN = tuple(d for d in _TELLS_OF_CONNECTIONS if owner_column(d))
_EXACT = tuple(d for d in _OPEN if d.exact_counts)

OPEN = ShareContract(
    name="open",
    title=nb("Åpne data") | en("Open data"),
    about=nb("Alle åpne datasett, uten fagsystemer og leverandører.")
    | en("Every open dataset, without source systems and suppliers."),
    rows=Rows.ALL,
    rights=frozenset({Right.OPEN}),
    datasets=tuple(d for d in _OPEN if not is_of_connections(d)),
)
PUBLIC = ShareContract(
    name="public",
    title=nb("Det alle kan lese") | en("What anybody may read"),
    about=nb("Åpne datasett uten det vi arbeider med: kontakter, merknader, mottak og kontroller.")
    | en("Open datasets without what we work with: contacts, notes, receipts and checks."),
    rows=Rows.ALL,
    rights=frozenset({Right.PUBLIC}),
    datasets=tuple(d for d in _OPEN if columns_for(d, {Right.PUBLIC})),
)
ORGANISATION = ShareContract(
    name="organisation",
    title=nb("Egne rader") | en("Own rows"),
    about=nb("Mottakerens egne tilknytninger, fagsystemer og leverandører, og hva virksomheten betaler.")
    | en("The recipient's own connections, source systems and suppliers, and what the organisation pays."),
    rows=Rows.ORGANISATION,
    rights=frozenset({Right.CONNECTIONS, Right.CONNECTION_COUNTS, Right.CUSTOMERS}),
    datasets=(*_OF_ONES_OWN, *_EXACT, *(d for d in DATASETS.values() if is_of_customers(d))),
)
NETWORK = ShareContract(
    name="network",
    title=nb("Nettverkets medlemmer") | en("The members of a network"),
    about=nb("Medlemmenes tilknytninger, fagsystemer og leverandører.")
    | en("The connections, source systems and suppliers of the members."),
    rows=Rows.NETWORK,
    rights=frozenset({Right.CONNECTIONS}),
    datasets=_OF_ONES_OWN,
)
CONNECTIONS = ShareContract(
    name="connections",
    title=nb("Alle tilknytninger") | en("All connections"),
    about=nb("Tilknytninger, fagsystemer og leverandører for alle. For fellestjenestenes egne systemer.")
    | en("Everybody's connections, source systems and suppliers. For the shared services' own systems."),
    rows=Rows.ALL,
    rights=frozenset({Right.CONNECTIONS}),
    datasets=_TELLS_OF_CONNECTIONS,
)
LEDGER = ShareContract(
    name="ledger",
    title=nb("Regnskapet") | en("The ledgers"),
    about=nb("Hele regnskapet, med hva hver kunde betaler. For økonomiavdelingen.")
    | en("The whole ledgers, with what each customer pays. For economy."),
    rows=Rows.ALL,
    rights=frozenset({Right.LEDGER, Right.CUSTOMERS}),
    datasets=tuple(d for d in DATASETS.values() if d.audience is Audience.LEDGER),
)
SHARES = {share.name: share for share in (PUBLIC, OPEN, ORGANISATION, NETWORK, CONNECTIONS, LEDGER)}
"""Every share, by name."""
