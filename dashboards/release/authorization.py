"""What a visitor may see of a release. Every query is checked before a file is opened.

The default is refusal: whatever no rule below allows is refused, including a table without a contract.
Which right a dataset needs follows from its contract (`catalog.contracts.sharing`), so a new one needs no line here:

    OPEN               everyone who is let in
    CONNECTIONS        DIF; own organisation; a network its members
    CONNECTION_COUNTS  DIF; own organisation
    LEDGER             economy and leadership; a product owner the rows of own products
    CUSTOMERS          economy; each customer its own; to leadership and owners sums, but for what customers pay by
                       element: a sum of that would tell use of a sensitive service exactly
    no right           audience OWN: economy; each organisation its own. INTERNAL: nobody
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.sharing import Right, connection_columns, is_of_connections, is_of_customers, right_to
from catalog.errors import Forbidden
from catalog.tables.datasets import DATASETS
from dashboards.release.statement import Statement, parsed
from transport.auth.roles import Role
from transport.auth.tokens import ALL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SEEN_ALL: Final = "seen_all"
SEEN_ORGANISATION: Final = "seen_organisation"
SEEN_NETWORKS: Final = "seen_networks"
"""Parameters of statements that filter connections to what a visitor may see, with the part `seen_municipality`."""
_PRODUCT: Final = "service"
_ORGANISATION: Final = "organisation"
_ELEMENT: Final = "price_element"
_VIEWS: Final = {f"{dataset.schema}.{view.name}": name for name, dataset in DATASETS.items() for view in dataset.views}
_TO_A_CUSTOMER: Final = frozenset({"organisation_number", "payer_number", "account_id", "source_key", "invoice_id"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is let in.

    Attributes:
        name: as pages show it; empty where the pages are open or the token has no name.
        roles: at least one.
        organisation: number of the organisation that the visitor acts for, if the token has one.
        networks: the visitor may see the connections and suppliers of their members.
        products: the visitor may see their ledgers, as their owner; `*` is all.
        until: when the login ends; None where the pages are open.
    """

    name: str
    roles: frozenset[Role]
    organisation: str | None = None
    networks: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    until: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What the visitor may see every row of."""
        rights = {right for role in self.roles for right in role.rights}
        return frozenset(rights | {Right.LEDGER} if ALL in self.products and self.roles else rights)

    @property
    def every_ledger(self) -> bool:
        """Whether the visitor may see the ledger of every product, and rows of no product."""
        return Right.LEDGER in self.rights

    @property
    def every_customer(self) -> bool:
        """Whether the visitor may see what each customer pays."""
        return Right.CUSTOMERS in self.rights

    @property
    def runs_the_platform(self) -> bool:
        """Whether the visitor may be told which command to run, rather than whom to ask."""
        return Role.DIF in self.roles

    def may_see_ledger_of(self, product: str) -> bool:
        """Whether the visitor may see the ledger of a product. Product owners see those of their own products."""
        return self.every_ledger or product in self.products

    @property
    def key(self) -> str:
        """The visitor's part of a cache key: everything that decides what it may see, never who it is."""
        parts = [sorted(self.roles), self.organisation, sorted(self.networks), sorted(self.products)]
        return json.dumps(parts)

    def may_read(self, audience: Audience) -> bool:
        """Whether this visitor may see anything of the audience; `may_see` decides which rows."""
        if audience is Audience.OPEN:
            return Right.OPEN in self.rights
        if audience is Audience.LEDGER:
            return bool(self.products) or Right.LEDGER in self.rights
        return audience is Audience.OWN and (self.organisation is not None or self.every_customer)

    def sees_connections_of(self, organisation: str | None = None, *, networks: Collection[str] = ()) -> bool:
        """Whether this visitor may see the connections, source systems and suppliers of a municipality or other sender.

        Args:
            organisation: the sender's number.
            networks: those that the sender is a member of.
        """
        if Right.CONNECTIONS in self.rights:
            return True
        return (organisation is not None and organisation == self.organisation) or not self.networks.isdisjoint(
            networks
        )

    def may_see(
        self,
        dataset: DatasetContract,
        *,
        product: str | None = None,
        organisation: str | None = None,
        network: str | None = None,
    ) -> bool:
        """Whether this visitor may see rows of a dataset.

        Args:
            dataset: its contract.
            product: the service of the rows; None for rows of any service.
            organisation: the customer or sender of the rows.
            network: the network whose members the rows are about.
        """
        if not self.roles or dataset.audience is Audience.INTERNAL:
            return False
        right = right_to(dataset)
        if right in self.rights:
            return True
        if right is Right.CONNECTIONS:
            return self.sees_connections_of(organisation, networks=[network] if network else [])
        if right is Right.LEDGER:
            return product in self.products and _has(dataset, _PRODUCT)
        own = organisation is not None and organisation == self.organisation
        return own or (dataset.audience is Audience.OWN and self.every_customer)

    def may_see_whole(self, dataset: DatasetContract) -> bool:
        """Whether this visitor may see every row and column of a dataset."""
        try:
            admit(self, f"select * from {dataset.name}", {})  # noqa: S608 - never run; a contract's name
        except Forbidden:
            return False
        return True

    def seen(self) -> dict[str, object]:
        """The parameters that limit a statement to the connections that this visitor may see."""
        return {
            SEEN_ALL: Right.CONNECTIONS in self.rights,
            SEEN_ORGANISATION: self.organisation,
            SEEN_NETWORKS: sorted(self.networks),
        }


EVERYTHING: Final = Visitor("", frozenset(Role), products=frozenset({ALL}))
"""The visitor of open pages, which run only on the machine that has the files."""
PUBLIC: Final = Visitor("", frozenset({Role.READER}))
"""Anybody, such as the reader of another site that shows a chart of ours: open datasets without connections."""


def _has(dataset: DatasetContract, *names: str) -> bool:
    return any(column.name in names for column in dataset.columns)


def datasets_in(statement: str) -> frozenset[str]:
    """The datasets that a statement names; a view counts as the dataset under it.

    Raises:
        Forbidden: the statement names a table without a contract.
    """
    return _datasets_of(parsed(statement))


def _datasets_of(read: Statement) -> frozenset[str]:
    names = {_VIEWS.get(table, table) for table in read.tables}
    for name in sorted(names - DATASETS.keys()):
        raise Forbidden(f"No contract says who may see {name}.", "Ask for a dataset of catalog/tables/datasets.py.")
    return frozenset(names)


def _tells_of_no_customer(read: Statement) -> bool:
    """Whether the statement names no column that identifies a customer, so that it can only sum over customers."""
    return not read.asks_for_all_columns and read.words.isdisjoint(_TO_A_CUSTOMER)


def admit(visitor: Visitor | None, statement: str, parameters: Mapping[str, object]) -> frozenset[Audience]:
    """Check a statement against what a visitor may see, before a database is opened for it.

    The parameters say which rows the statement reads: `$service` is the product, `$organisation` the customer or
    sender, `$area` with `$area_kind` NETWORK the network. A statement with `$seen_all` filters by `Visitor.seen`
    itself. A statement that has such a parameter but does not filter by it is faulty; tests must catch that.

    Returns:
        The audiences whose files it needs: OPEN is `dif.duckdb`, LEDGER `ledger.duckdb`.

    Raises:
        Forbidden: nobody is logged in, or this visitor may not see something that the statement reads.
    """
    if visitor is None:
        raise Forbidden("Nobody is logged in.", "Log in.")
    read = parsed(statement)
    keeps = SEEN_ALL in read.parameters
    if keeps and {name: parameters.get(name) for name in visitor.seen()} != visitor.seen():
        raise Forbidden("The query was asked on behalf of another visitor.", "Bind its parameters from `Visitor.seen`.")
    bound = {name: value for name, value in parameters.items() if name in read.parameters and isinstance(value, str)}
    product, organisation = bound.get(_PRODUCT), bound.get(_ORGANISATION)
    network = bound.get("area") if parameters.get("area_kind") == "NETWORK" else None
    of_connections = keeps or visitor.sees_connections_of(organisation, networks=[network] if network else [])
    datasets = [DATASETS[name] for name in sorted(_datasets_of(read))]
    for dataset in datasets:
        if is_of_connections(dataset) and not dataset.exact_counts:
            good = of_connections and visitor.may_read(dataset.audience)
        else:
            good = visitor.may_see(dataset, product=product, organisation=organisation) or (
                is_of_customers(dataset)
                and not _has(dataset, _ELEMENT)
                and _tells_of_no_customer(read)
                and (Role.LEADERSHIP in visitor.roles or product in visitor.products)
            )
            withheld = connection_columns(dataset)
            if withheld and not of_connections and (read.asks_for_all_columns or not withheld.isdisjoint(read.words)):
                good = False
        if not good:
            raise Forbidden(
                f"The query asks {dataset.name} for more than {', '.join(sorted(visitor.roles))} may see.",
                "Ask the operator for a grant in access/pages.toml.",
            )
    return frozenset(dataset.audience for dataset in datasets)
