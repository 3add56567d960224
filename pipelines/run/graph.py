"""The graph of a run: a node for each stream and each table, and what each is made of, as the contracts say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter

from catalog.contracts.language import DatasetContract
from catalog.tables.streams import STREAMS
from pipelines.run import build, conform
from pipelines.run.context import RunContext, Work
from pipelines.run.tables import BUILDS, KEPT_BY_PEOPLE, LISTS, conformed_tables, conformed_with, tables_of


@dataclass(frozen=True, slots=True)
class Node:
    """What is made in one go: a stream's tables, a built table, or an input of one that is reduced file by file.

    Attributes:
        tables: of the lake; the node has the name of the first.
        needs: names of the nodes that are made before it.
        begin: begins to make it where it has changed, and in the months that are given as `months`.
        is_stale: whether anything of it would be made now, its inputs being as they are.
    """

    tables: tuple[DatasetContract, ...]
    needs: frozenset[str]
    begin: Callable[..., Work]
    is_stale: Callable[[RunContext], bool]

    @property
    def name(self) -> str:
        """The name of the first table: `usage.dispatch_day`."""
        return self.tables[0].name


_REGISTERS = frozenset(conformed_tables(stream)[0].name for stream in KEPT_BY_PEOPLE)
_NODE_OF_LIST = {listed.name: conformed_tables(STREAMS[stream])[0].name for stream, listed in LISTS.items()}


def _nodes() -> Iterator[Node]:
    for stream in STREAMS.values():
        tables = (*conformed_tables(stream), *([LISTS[stream.name]] if stream.name in LISTS else []))
        needs = frozenset(table.name for table in conformed_with(stream))
        yield Node(
            tables,
            needs | _REGISTERS if stream.pushed else needs,
            partial(conform.begin, stream=stream),
            partial(conform.is_stale, stream=stream),
        )
    for made in BUILDS:
        needs_of = {
            name: {_NODE_OF_LIST.get(table.name, table.name) for table in tables_of(source)}
            for name, source in made.inputs.items()
        }
        for name, how in made.reduced.items():
            begin = partial(build.begin_reduced, build=made, name=name)
            is_stale = partial(build.is_reduced_stale, build=made, name=name)
            yield Node((how.contract,), frozenset().union(*(needs_of[n] for n in (name, *how.beside))), begin, is_stale)
        needs = frozenset({how.contract.name for how in made.reduced.values()}.union(*needs_of.values()))
        yield Node((made.contract,), needs, partial(build.begin, build=made), partial(build.is_stale, build=made))


def _in_order(nodes: dict[str, Node]) -> dict[str, Node]:
    order = TopologicalSorter({name: sorted(node.needs) for name, node in nodes.items()}).static_order()
    return {name: nodes[name] for name in order}


NODES = _in_order({node.name: node for node in _nodes()})
"""Every node by name, each after those that it needs."""
NODE_OF = {table.name: node for node in NODES.values() for table in node.tables}
"""By table of the lake: the node that makes it."""
