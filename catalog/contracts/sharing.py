"""Whom the rows of a dataset tell of, and what of them is shared with whom: for the pages, and for shares.

Connections say through which system or supplier somebody sends: datasets with a system or supplier in their key, and
columns with one in other datasets about single municipalities or organisations. What single customers pay is in the
ledgers that have an organisation column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.contracts.language import Audience, DatasetContract
from catalog.text import Text

_OF_CONNECTIONS: Final = frozenset({"source_system", "system", "supplier", "supplier_number"})
_REPORTER: Final = "producer"
"""Who sent the numbers about an organisation: its supplier, unless it sends them itself."""
ORGANISATION: Final = "organisation_number"
PAYER: Final = "payer_number"
MUNICIPALITY: Final = "municipality_code"


class Rows(StrEnum):
    """Which rows of its datasets a share gives a recipient."""

    ALL = "ALL"
    ORGANISATION = "ORGANISATION"
    """Those of the recipient's organisation."""
    NETWORK = "NETWORK"
    """Those of the municipalities that are members of the recipient's networks."""


@dataclass(frozen=True, slots=True)
class ShareContract:
    """Datasets that recipients get together, by a protocol of their own choice of tool (Delta Sharing).

    Attributes:
        rows: which rows; a dataset of a share with narrowed rows has the column that says whose they are.
        datasets: in reading order.
        connections: whether columns that name somebody's system or supplier are included.
    """

    name: str
    title: Text
    about: Text
    rows: Rows
    datasets: tuple[DatasetContract, ...]
    connections: bool = False

    def __post_init__(self) -> None:
        """Refuse a share that would give more than its rows say.

        Raises:
            ValueError: a dataset cannot be narrowed, never leaves the lake, or tells of connections.
        """
        wrong = [d.name for d in self.datasets if d.audience in (Audience.OWN, Audience.INTERNAL)]
        wrong += [d.name for d in self.datasets if self.rows is not Rows.ALL and owner_column(d) is None]
        wrong += [d.name for d in self.datasets if not self.connections and is_of_connections(d)]
        wrong += [d.name for d in self.datasets if self.rows is Rows.NETWORK and d.audience is not Audience.OPEN]
        if wrong:
            message = f"The share {self.name} may not hold {', '.join(sorted(set(wrong)))}."
            raise ValueError(message)

    def columns_of(self, dataset: DatasetContract) -> tuple[str, ...]:
        """Names of the columns of a dataset that the share gives, in order."""
        withheld = frozenset[str]() if self.connections else connection_columns(dataset)
        return tuple(c.name for c in dataset.columns if c.name not in withheld)


def is_of_connections(dataset: DatasetContract) -> bool:
    """Whether each row says which system or supplier somebody sends through.

    True even without a sender column: senders type the names of their systems, and often include their own name.
    """
    return dataset.audience is Audience.OPEN and not _OF_CONNECTIONS.isdisjoint(dataset.key)


def connection_columns(dataset: DatasetContract) -> frozenset[str]:
    """Columns that name the system or supplier somebody sends through, in a dataset that is not itself of connections.

    Sentences in a dataset with a system or supplier column name it too. A producer beside an organisation or a
    municipality counts as a supplier.
    """
    if not _tells_of_somebody(dataset) or is_of_connections(dataset):
        return frozenset()
    worded = ("supplier_", "sentence") if _has(dataset, *_OF_CONNECTIONS) else ()
    names = {*_OF_CONNECTIONS, _REPORTER}
    return frozenset(c.name for c in dataset.columns if c.name in names or c.name.startswith(worded))


def is_of_customers(dataset: DatasetContract) -> bool:
    """Whether the dataset shows what single customers pay."""
    return dataset.audience is Audience.LEDGER and _has(dataset, ORGANISATION, PAYER)


def owner_column(dataset: DatasetContract) -> str | None:
    """The column that says whose a row is; None when rows are nobody's own.

    In a ledger it is who pays, or whose use it is; elsewhere the municipality, or the organisation that sends.
    """
    names = (PAYER, ORGANISATION) if dataset.audience is Audience.LEDGER else (MUNICIPALITY, ORGANISATION)
    return next((name for name in names if _has(dataset, name)), None)


def _tells_of_somebody(dataset: DatasetContract) -> bool:
    return dataset.audience is Audience.OPEN and _has(dataset, ORGANISATION, MUNICIPALITY, "municipality_codes")


def _has(dataset: DatasetContract, *names: str) -> bool:
    return any(column.name in names for column in dataset.columns)
