"""Fifteen identities and what each reads of every dataset: the table of docs/access.md, made from the contracts.

`make renew` writes it, and a test asks each door as each identity and compares the answers with it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import (
    Right,
    columns_for,
    connection_columns,
    is_of_customers,
    owner_column,
    right_to,
)
from catalog.tables.datasets import DATASETS

_BEGIN, _END = "<!-- made by `make renew` -->\n", "<!-- end -->\n"
ALL, PART, OWN, MEMBERS, PRODUCTS, NOTHING = "all", "part", "own", "members", "products", ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who reads, as each door knows them.

    Attributes:
        key: the heading of its column.
        about: who that is.
        rights: they give every row.
        rows: the rows beyond the rights: `own`, `members` or `products`; empty for none.
        shares: what a recipient of Delta Sharing like this is given; None where no share gives just this.
        role: on the pages; None where no role sees just this.
    """

    key: str
    about: str
    rights: frozenset[Right] = frozenset()
    rows: str = NOTHING
    shares: tuple[str, ...] | None = None
    role: str | None = None

    @property
    def has_token(self) -> bool:
        """Whether a token can be given that reads just this, over HTTP, Flight and MCP."""
        return bool(self.rights) and not self.rows


_P, _O, _C = Right.PUBLIC, Right.OPEN, Right.CONNECTIONS
_L, _K, _X = Right.LEDGER, Right.CUSTOMERS, Right.CONNECTION_COUNTS
IDENTITIES: Final = (
    Identity("nobody", "no token, no login"),
    Identity("sender", "a token that sends only"),
    Identity("P", "`PUBLIC`, or no token where `open_access` is set", frozenset({_P}), shares=("public",)),
    Identity("O", "`OPEN`", frozenset({_O}), shares=("open",), role="READER"),
    Identity("C", "`CONNECTIONS`", frozenset({_C}), shares=("connections",)),
    Identity("L", "`LEDGER`", frozenset({_L})),
    Identity("K", "`CUSTOMERS`", frozenset({_K})),
    Identity("OC", "`OPEN CONNECTIONS`", frozenset({_O, _C}), shares=("open", "connections")),
    Identity("OCX", "`OPEN CONNECTIONS CONNECTION_COUNTS`", frozenset({_O, _C, _X}), role="DIF"),
    Identity("OL", "`OPEN LEDGER`", frozenset({_O, _L}), role="LEADERSHIP"),
    Identity("OLK", "`OPEN LEDGER CUSTOMERS`", frozenset({_O, _L, _K}), shares=("open", "ledger"), role="ECONOMY"),
    Identity("all", "all six", frozenset(Right), role="DIF ECONOMY"),
    Identity("organisation", "an organisation", frozenset({_O}), OWN, ("open", "organisation"), "READER"),
    Identity("network", "a network", frozenset({_O}), MEMBERS, ("open", "network"), "NETWORK"),
    Identity("owner", "a product's owner", frozenset({_O}), PRODUCTS, None, "PRODUCT_OWNER"),
)


def reach(identity: Identity, dataset: DatasetContract) -> tuple[str, ...]:
    """The extent of access to a dataset: `all` rows, `part` of the columns, rows of their `own`, in that order."""
    columns = columns_for(dataset, identity.rights)
    whole = len(columns) == len(dataset.columns)
    extent = (ALL,) if whole else (PART,) if columns else ()
    return extent if whole or not _has_rows(identity, dataset) else (*extent, identity.rows)


def _has_rows(identity: Identity, dataset: DatasetContract) -> bool:
    """Whether further rows are readable: of own connections, own payments or own products."""
    if identity.rows == PRODUCTS:
        return right_to(dataset) is Right.LEDGER and "service" in dataset.arrow_schema.names
    of_connections = right_to(dataset) is Right.CONNECTIONS or bool(connection_columns(dataset))
    owned = owner_column(dataset) is not None
    return owned and (
        (identity.rows == MEMBERS and of_connections)
        or (identity.rows == OWN and (of_connections or dataset.exact_counts or is_of_customers(dataset)))
    )


def table() -> str:
    """The table in Markdown, without the datasets that nobody reads."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    yield "| | who | share | role on the pages |\n|---|---|---|---|\n"
    for who in IDENTITIES:
        shares = ", ".join(f"`{name}`" for name in who.shares or ())
        yield f"| **{who.key}** | {who.about} | {shares} | {who.role or ''} |\n"
    yield f"\n| dataset | needs | {' | '.join(who.key for who in IDENTITIES)} |\n"
    yield f"|---|---|{'---|' * len(IDENTITIES)}\n"
    for dataset in sorted(DATASETS.values(), key=lambda d: d.name):
        right = right_to(dataset)
        if right is not None:
            cells = (" + ".join(reach(who, dataset)) for who in IDENTITIES)
            yield f"| {dataset.name} | {right} | {' | '.join(cells)} |\n"


def written_into(page: str) -> str:
    """A page of the docs with the table between its marks as the contracts have it now."""
    return re.sub(f"(?s)(?<={re.escape(_BEGIN)}).*(?={re.escape(_END)})", lambda _: table(), page)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(written_into(path.read_text("utf-8")), "utf-8")
