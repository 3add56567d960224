"""The rights to read, and which right each dataset and column needs: one table for tokens, shares, pages and MCP.

    PUBLIC             what anybody may read: the open datasets without what people and operators write to work with.
                       OPEN gives it too; `open_access` gives it to callers without a token
    OPEN               the open datasets
    CONNECTIONS        connections, source systems and suppliers: datasets with a system or supplier in their key, and
                       columns with one in other open datasets about single municipalities or organisations
    LEDGER             the ledgers
    CUSTOMERS          what single customers pay: the ledgers with an organisation column
    CONNECTION_COUNTS  how much each connection sends, exactly: everybody else reads bands

A right gives every row. Somebody without the right may have some rows: an organisation its own, a network those of its
members (never exact counts), a product owner those of own products. Each door works out what it gives from `right_to`
and `columns_for`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.contracts.language import Audience, DatasetContract
from catalog.text import Text

_OF_CONNECTIONS: Final = frozenset({"source_system", "system", "supplier", "supplier_number"})
_REPORTER: Final = "producer"
"""Who sent the numbers about an organisation: its supplier, unless it sends them itself."""
_ARRIVAL: Final = "first_received_at"
"""The time of receipt: with the open list of batches it reveals the sender."""
_WORKED_WITH: Final = frozenset({"uptake.declined", "uptake.exception", "uptake.step_event"})
"""Open datasets about single customers that we work with: answers they gave us, faults to mend, events as received.

Those of the schema `quality` are too: they say who sent what, and when.
"""
_WORK_COLUMNS: Final = frozenset(
    {
        *("contact", "follow_up", "followed_up_on", "follow_up_note", "note", "producer"),  # people and systems
        *("change_since_last_week", "change_since_last_week_en"),  # which tell of follow-ups
        *("production_cost_ore", "postage_ore"),  # what one sender's letters cost
        *("rows", "content_hash"),  # of every dataset, the ledgers too
    }
)
"""Columns that nobody outside reads, in whichever open dataset, unless they are of its key."""
ORGANISATION: Final = "organisation_number"
PAYER: Final = "payer_number"
MUNICIPALITY: Final = "municipality_code"


class Right(StrEnum):
    """The right to read every row of the datasets that need it."""

    PUBLIC = "PUBLIC"
    OPEN = "OPEN"
    CONNECTIONS = "CONNECTIONS"
    LEDGER = "LEDGER"
    CUSTOMERS = "CUSTOMERS"
    CONNECTION_COUNTS = "CONNECTION_COUNTS"


class Rows(StrEnum):
    """The rows of its datasets that a share gives a recipient."""

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
        rights: what it gives of those rows.
        datasets: in reading order.
    """

    name: str
    title: Text
    about: Text
    rows: Rows
    rights: frozenset[Right]
    datasets: tuple[DatasetContract, ...]

    def __post_init__(self) -> None:
        """Refuse a share that would give more than its rows say.

        Raises:
            ValueError: a dataset cannot be narrowed, or needs a right that the share does not give.
        """
        wrong = [d.name for d in self.datasets if not self.columns_of(d)]
        wrong += [d.name for d in self.datasets if self.rows is not Rows.ALL and owner_column(d) is None]
        wrong += [d.name for d in self.datasets if self.rows is Rows.NETWORK and not _is_for_networks(d)]
        if wrong:
            message = f"The share {self.name} may not hold {', '.join(sorted(set(wrong)))}."
            raise ValueError(message)

    def columns_of(self, dataset: DatasetContract) -> tuple[str, ...]:
        """Names of the columns of a dataset that the share gives, in order."""
        return columns_for(dataset, self.rights)


def right_to(dataset: DatasetContract) -> Right | None:
    """The right that a dataset needs, also by a view of it; None where no right gives it (audiences OWN, INTERNAL)."""
    whole = dataset.of or dataset
    if whole.audience is Audience.OPEN:
        if whole.exact_counts:
            return Right.CONNECTION_COUNTS
        return Right.CONNECTIONS if is_of_connections(whole) else Right.OPEN
    if whole.audience is Audience.LEDGER:
        return Right.CUSTOMERS if is_of_customers(whole) else Right.LEDGER
    return None


def columns_for(dataset: DatasetContract, rights: Collection[Right]) -> tuple[str, ...]:
    """Names of the columns that these rights give of a dataset or a view of it, in order; none without its right.

    CONNECTIONS gives the open datasets with columns of connections too, whole.
    """
    whole = dataset.of or dataset
    right, withheld = right_to(whole), connection_columns(whole)
    if Right.CONNECTIONS in rights and withheld:
        withheld = frozenset()
    elif right not in rights:
        if Right.PUBLIC not in rights or not is_public(whole):
            return ()
        withheld |= work_columns(whole)
    return tuple(c.name for c in dataset.columns if c.name not in withheld)


def lacking(needed: Collection[Right], rights: Collection[Right]) -> frozenset[Right]:
    """The needed rights that these rights do not give; OPEN gives PUBLIC too."""
    return frozenset(needed) - {*rights, *([Right.PUBLIC] if Right.OPEN in rights else [])}


def narrowed_to(dataset: DatasetContract, rights: Collection[Right]) -> DatasetContract | None:
    """A dataset, or a view of one, as these rights give it: whole, as a view of fewer columns, or not at all."""
    names = columns_for(dataset, rights)
    if len(names) == len(dataset.columns):
        return dataset
    return dataset.without({c.name for c in dataset.columns} - {*names}) if names else None


def rights_to_whole(dataset: DatasetContract) -> frozenset[Right]:
    """The rights that give a dataset, or a view of one, with every column; all rights if none does."""
    right = right_to(dataset)
    if right is None:
        return frozenset(Right)
    if connection_columns(dataset.of or dataset):
        return frozenset({Right.CONNECTIONS})
    public = len(columns_for(dataset, {Right.PUBLIC})) == len(dataset.columns)
    return frozenset({Right.PUBLIC if public else right})


def is_public(dataset: DatasetContract) -> bool:
    """Whether anybody may read rows of the dataset where `open_access` is set."""
    return right_to(dataset) is Right.OPEN and dataset.schema != "quality" and dataset.name not in _WORKED_WITH


def work_columns(dataset: DatasetContract) -> frozenset[str]:
    """Columns of a dataset that PUBLIC does not give, besides those of connections."""
    return frozenset(c.name for c in dataset.columns if c.name in _WORK_COLUMNS and not c.key)


def is_of_connections(dataset: DatasetContract) -> bool:
    """Whether each row names a system or supplier that somebody sends through.

    True even without a sender column, since senders often put their own name in the names of their systems.
    """
    return dataset.audience is Audience.OPEN and not _OF_CONNECTIONS.isdisjoint(dataset.key)


def connection_columns(dataset: DatasetContract) -> frozenset[str]:
    """Columns that name the system or supplier somebody sends through, in a dataset that is not itself of connections.

    Sentences in a dataset with a system or supplier column name it too, and its priority tells whether the supplier is
    ready. A producer beside an organisation or a municipality counts as a supplier.
    """
    if not _identifies_an_organisation(dataset) or is_of_connections(dataset):
        return frozenset()
    worded = ("supplier_", "sentence", "priority") if _has(dataset, *_OF_CONNECTIONS) else ()
    names = {*_OF_CONNECTIONS, _REPORTER, *([_ARRIVAL] if _has(dataset, _REPORTER) else [])}
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


def _is_for_networks(dataset: DatasetContract) -> bool:
    return dataset.audience is Audience.OPEN and not dataset.exact_counts


def _identifies_an_organisation(dataset: DatasetContract) -> bool:
    return dataset.audience is Audience.OPEN and _has(dataset, ORGANISATION, MUNICIPALITY, "municipality_codes")


def _has(dataset: DatasetContract, *names: str) -> bool:
    return any(column.name in names for column in dataset.columns)
