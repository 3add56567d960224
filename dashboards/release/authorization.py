"""What a visitor may see of a release: asked by every query before a file is opened.

Nobody is let in by default: what no rule below allows is refused, also a table that has no contract.
Who may see a dataset follows from its contract, so that a new one needs no line here:

    OPEN                                   everyone who is let in
    OPEN, connections and suppliers        own organisation; a network its members; DIF all
    LEDGER                                 economy and leadership; a product owner the rows of own products
    LEDGER, what single customers pay      economy; each customer its own; sums to leadership and owners
    OWN                                    economy; each organisation its own
    INTERNAL                               nobody

Connections are datasets with a system or supplier in their key, and such columns of others that tell of single
municipalities. What customers pay stands in ledgers with an organisation in them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from catalog.contracts.language import Audience, DatasetContract
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
"""Parameters of statements that keep to what a visitor may see of connections, by the part `seen_municipality`."""
_PRODUCT: Final = "service"
_ORGANISATION: Final = "organisation"
_VIEWS: Final = {f"{dataset.schema}.{view.name}": name for name, dataset in DATASETS.items() for view in dataset.views}
_OF_CONNECTIONS: Final = frozenset({"source_system", "system", "supplier", "supplier_number"})
_REPORTER: Final = "producer"
"""Who sent what is told of somebody: its supplier, where it does not send itself."""
_TO_A_CUSTOMER: Final = frozenset({"organisation_number", "payer_number", "account_id", "source_key", "invoice_id"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is let in.

    Attributes:
        name: as pages show it; empty where they are open, or the token names nobody.
        roles: at least one.
        organisation: number of the organisation that it acts for, where the token says so.
        networks: whose members' connections and suppliers it may see.
        products: whose ledger it may see as their owner; `*` is all.
        until: when its login ends; None where the pages are open.
    """

    name: str
    roles: frozenset[Role]
    organisation: str | None = None
    networks: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    until: datetime | None = None

    @property
    def every_ledger(self) -> bool:
        """Whether it may see the ledger of every product, and what belongs to none."""
        return ALL in self.products or not self.roles.isdisjoint({Role.ECONOMY, Role.LEADERSHIP})

    @property
    def every_customer(self) -> bool:
        """Whether it may see what each customer pays."""
        return Role.ECONOMY in self.roles

    def may_see_ledger_of(self, product: str) -> bool:
        """Whether it may see the ledger of a product: of its own, where it is their owner."""
        return self.every_ledger or product in self.products

    @property
    def key(self) -> str:
        """What keys of a cache carry: all that decides what it may see, and never who it is."""
        parts = [sorted(self.roles), self.organisation, sorted(self.networks), sorted(self.products)]
        return json.dumps(parts)

    def may_read(self, audience: Audience) -> bool:
        """Whether anything of the audience is for this visitor; which rows, `may_see` says."""
        if audience is Audience.OPEN:
            return bool(self.roles)
        if audience is Audience.LEDGER:
            return bool(self.products) or not self.roles.isdisjoint({Role.ECONOMY, Role.LEADERSHIP})
        return audience is Audience.OWN and (self.organisation is not None or Role.ECONOMY in self.roles)

    def sees_connections_of(self, organisation: str | None = None, *, networks: Collection[str] = ()) -> bool:
        """Whether connections, source systems and suppliers of a municipality or another sender are for this visitor.

        Args:
            organisation: its number.
            networks: those that it is a member of.
        """
        if Role.DIF in self.roles:
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
        """Whether rows of a dataset are for this visitor.

        Args:
            dataset: its contract.
            product: the one service that the rows are of; None where they are of any.
            organisation: the one customer or sender that they are of.
            network: the network that their municipalities are members of.
        """
        if not self.roles or dataset.audience is Audience.INTERNAL:
            return False
        if dataset.audience is Audience.OPEN:
            networks = [network] if network else []
            return not is_of_connections(dataset) or self.sees_connections_of(organisation, networks=networks)
        if Role.ECONOMY in self.roles:
            return True
        if dataset.audience is Audience.OWN or is_of_customers(dataset):
            return organisation is not None and organisation == self.organisation
        if Role.LEADERSHIP in self.roles or ALL in self.products:
            return True
        return product in self.products and _has(dataset, _PRODUCT)

    def may_see_whole(self, dataset: DatasetContract) -> bool:
        """Whether every row and column of a dataset is for this visitor."""
        try:
            admit(self, f"select * from {dataset.name}", {})  # noqa: S608 - never run; a contract's name
        except Forbidden:
            return False
        return True

    def seen(self) -> dict[str, object]:
        """The parameters that keep a statement to the connections that this visitor may see."""
        return {
            SEEN_ALL: Role.DIF in self.roles,
            SEEN_ORGANISATION: self.organisation,
            SEEN_NETWORKS: sorted(self.networks),
        }


EVERYTHING: Final = Visitor("", frozenset(Role), products=frozenset({ALL}))
"""Who visits pages that are open: on this machine only, where the files lie."""


def _has(dataset: DatasetContract, *names: str) -> bool:
    return any(column.name in names for column in dataset.columns)


def is_of_connections(dataset: DatasetContract) -> bool:
    """Whether each row tells by which system or supplier somebody sends.

    Also where it names no sender: senders write the names of their systems by hand, and often themselves into them.
    """
    return dataset.audience is Audience.OPEN and not _OF_CONNECTIONS.isdisjoint(dataset.key)


def connection_columns(dataset: DatasetContract) -> frozenset[str]:
    """Columns that tell by which system or supplier somebody sends, of a dataset that is not of connections itself.

    Where there is a system or a supplier, a sentence that the dataset words names it too. A producer beside an
    organisation or a municipality is a supplier as well.
    """
    if not _tells_of_somebody(dataset) or is_of_connections(dataset):
        return frozenset()
    worded = ("supplier_", "sentence") if _has(dataset, *_OF_CONNECTIONS) else ()
    told = {*_OF_CONNECTIONS, _REPORTER}
    return frozenset(c.name for c in dataset.columns if c.name in told or c.name.startswith(worded))


def _tells_of_somebody(dataset: DatasetContract) -> bool:
    return dataset.audience is Audience.OPEN and _has(
        dataset, "organisation_number", "municipality_code", "municipality_codes"
    )


def is_of_customers(dataset: DatasetContract) -> bool:
    """Whether the dataset tells what single customers pay."""
    return dataset.audience is Audience.LEDGER and _has(dataset, "organisation_number", "payer_number")


def datasets_in(statement: str) -> frozenset[str]:
    """The datasets that a statement names, its views by what they are views of.

    Raises:
        Forbidden: it names a table that no contract has.
    """
    return _datasets_of(parsed(statement))


def _datasets_of(read: Statement) -> frozenset[str]:
    names = {_VIEWS.get(table, table) for table in read.tables}
    for name in sorted(names - DATASETS.keys()):
        raise Forbidden(f"No contract says who may see {name}.", "Ask for a dataset of catalog/tables/datasets.py.")
    return frozenset(names)


def _tells_of_no_customer(read: Statement) -> bool:
    """It sums what customers pay without a word of which customer: no column that leads to one is named."""
    return not read.asks_for_all_columns and read.words.isdisjoint(_TO_A_CUSTOMER)


def admit(visitor: Visitor | None, statement: str, parameters: Mapping[str, object]) -> frozenset[Audience]:
    """Hold a statement against what a visitor may see, before a database is opened for it.

    Which rows it asks for is taken from its parameters: `$service` is the product, `$organisation` the customer or
    sender, `$area` with `$area_kind` NETWORK the network; with `$seen_all` it keeps to `Visitor.seen` itself. A
    statement that has such a parameter and does not keep to it is a fault of the statement; a test has to hold it.

    Returns:
        Whose files it needs: OPEN is `dif.duckdb`, LEDGER `ledger.duckdb`.

    Raises:
        Forbidden: nobody is let in, or something of it is not for this visitor.
    """
    if visitor is None:
        raise Forbidden("Nobody is logged in.", "Log in.")
    read = parsed(statement)
    keeps = SEEN_ALL in read.parameters
    if keeps and {name: parameters.get(name) for name in visitor.seen()} != visitor.seen():
        raise Forbidden("The query was asked on behalf of another visitor.", "Ask it with `Visitor.seen`.")
    bound = {name: value for name, value in parameters.items() if name in read.parameters and isinstance(value, str)}
    product, organisation = bound.get(_PRODUCT), bound.get(_ORGANISATION)
    network = bound.get("area") if parameters.get("area_kind") == "NETWORK" else None
    of_connections = keeps or visitor.sees_connections_of(organisation, networks=[network] if network else [])
    datasets = [DATASETS[name] for name in sorted(_datasets_of(read))]
    for dataset in datasets:
        if is_of_connections(dataset):
            good = of_connections and visitor.may_read(dataset.audience)
        else:
            good = visitor.may_see(dataset, product=product, organisation=organisation) or (
                is_of_customers(dataset)
                and _tells_of_no_customer(read)
                and (Role.LEADERSHIP in visitor.roles or product in visitor.products)
            )
            told = connection_columns(dataset)
            if told and not of_connections and (read.asks_for_all_columns or not told.isdisjoint(read.words)):
                good = False
        if not good:
            raise Forbidden(
                f"What is asked of {dataset.name} is not for {', '.join(sorted(visitor.roles))}.",
                "Ask the operator for a grant in access/pages.toml.",
            )
    return frozenset(dataset.audience for dataset in datasets)
