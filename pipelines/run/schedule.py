"""The graph of a run and its scheduler, which makes each node as soon as those that it needs are made.

A node is a stream or a table; what each is made of, the contracts say.

One thread leads: it begins a node, gives its tasks to the engine, and commits the files when all of them are done,
while the engine makes those of other nodes. A damaged file is made again by the node that makes it, and whoever read
it begins again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from catalog.contracts.language import DatasetContract
from catalog.errors import Damaged, NoRoom
from catalog.tables.streams import STREAMS
from pipelines.engine import DamagedInput, TaskResult
from pipelines.run import batches, build, conform
from pipelines.run.context import BuildResult, RunContext, Work
from pipelines.run.tables import (
    BUILDS,
    KEPT_BY_PEOPLE,
    LAKE,
    LISTS,
    STREAM_OF,
    conformed_tables,
    conformed_with,
    tables_of,
)
from transport.telemetry import traces


@dataclass(frozen=True, slots=True)
class Node:
    """What is made in one go: a stream's tables, a built table, or an input of one that is reduced file by file.

    Attributes:
        tables: of the lake; the node has the name of the first.
        needs: names of the nodes that are made before it.
        begin: begins to make it where it has changed, and in the months that are given as `months`.
        is_stale: whether its inputs would now give other files.
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
    for table_build in BUILDS:
        needs_of = {
            name: {_NODE_OF_LIST.get(table.name, table.name) for table in tables_of(source)}
            for name, source in table_build.inputs.items()
        }
        for name, how in table_build.reduced.items():
            begin = partial(build.begin_reduced, build=table_build, name=name)
            is_stale = partial(build.is_reduced_stale, build=table_build, name=name)
            yield Node((how.contract,), frozenset().union(*(needs_of[n] for n in (name, *how.beside))), begin, is_stale)
        needs = frozenset({how.contract.name for how in table_build.reduced.values()}.union(*needs_of.values()))
        yield Node(
            (table_build.contract,),
            needs,
            partial(build.begin, build=table_build),
            partial(build.is_stale, build=table_build),
        )


def _in_order(nodes: dict[str, Node]) -> dict[str, Node]:
    order = TopologicalSorter({name: sorted(node.needs) for name, node in nodes.items()}).static_order()
    return {name: nodes[name] for name in order}


NODES = _in_order({node.name: node for node in _nodes()})
"""Every node by name, each after those that it needs."""
NODE_OF = {table.name: node for node in NODES.values() for table in node.tables}
"""By table of the lake: the node that makes it."""


Value = TypeVar("Value")
_MOST_REPAIRS = 3
"""Times that a run makes a file again; then the disk is at fault."""


def plan(run: RunContext) -> list[str]:
    """The nodes that a run has to make, in order: the stale ones, and all that depend on them.

    A dependent table that comes out unchanged is not written.
    """
    stale = set[str]()
    for name, node in NODES.items():
        if run.full or not stale.isdisjoint(node.needs) or repairing(run, partial(node.is_stale, run)):
            stale.add(name)
    return [name for name in NODES if name in stale]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a node: its tables, or the problem that stopped it."""

    name: str
    results: Sequence[BuildResult] = ()
    problem: Exception | None = None


def outcomes(
    run: RunContext,
    names: Collection[str],
    months: Collection[date | None] = (),
    *,
    stop: Future[None] | None = None,
) -> Iterator[Outcome]:
    """Make nodes where their inputs have changed, each as soon as those that it needs are made.

    Args:
        run: the run.
        names: of the nodes; what else they need is as it should be.
        months: make these even if nothing changed.
        stop: once it is done, nothing more is made.

    Yields:
        The outcome of each node, as soon as it is committed or has failed. Nodes that need a failed one have none.

    Raises:
        NoRoom: the disk is full; nothing more is made.
    """
    chosen = {*names}
    order = TopologicalSorter({name: NODES[name].needs & chosen for name in NODES if name in chosen})
    order.prepare()
    going = dict[str, _Making]()
    try:
        while going := going | {name: _Making(run, NODES[name], months) for name in order.get_ready()}:
            if stop and stop.done():
                return
            for name in _ready(going, stop):
                outcome = going[name].go_on()
                if outcome is not None:
                    del going[name]
                    if outcome.problem is None:
                        order.done(name)
                    yield outcome
    finally:
        for making in going.values():
            making.abandon()


def make(
    run: RunContext, names: Collection[str], months: Collection[date | None] = ()
) -> Iterator[Sequence[BuildResult]]:
    """Make nodes as `outcomes` does, and yield the results of each.

    Raises:
        Exception: the first problem, when all that does not need the node that failed is made.
    """
    problems = list[Exception]()
    for outcome in outcomes(run, names, months):
        if outcome.problem is None:
            yield outcome.results
        else:
            problems.append(outcome.problem)
    if problems:
        raise problems[0]


def _ready(going: Mapping[str, _Making], stop: Future[None] | None) -> list[str]:
    """The nodes that can go on; waits until there is one."""
    while not (ready := [name for name, making in going.items() if making.is_ready()]):
        waited_for: list[Future[Any]] = [future for future in _futures(going) if not future.done()]
        wait([*waited_for, *([stop] if stop else [])], return_when=FIRST_COMPLETED)
        if stop and stop.done():
            break
    return ready


def _futures(going: Mapping[str, _Making]) -> list[Future[TaskResult]]:
    return [future for making in going.values() for future in making.futures]


class _Making:
    """A node that is being made."""

    def __init__(self, run: RunContext, node: Node, months: Collection[date | None]) -> None:
        self.futures: list[Future[TaskResult]] = []
        self._run, self._node, self._months = run, node, months
        self._work: Work | None = None
        self._began = time.perf_counter()
        self._span = run.trace.begin(node.name)
        run.reporter.step(node.name)

    def is_ready(self) -> bool:
        """Whether it can go on: nothing is asked of the engine, or all of it is done."""
        return all(future.done() for future in self.futures)

    def go_on(self) -> Outcome | None:
        """Begin, or commit what the tasks made. None: there is more to wait for.

        Raises:
            NoRoom: the disk is full.
        """
        try:
            with self._run.trace.inside(self._span):
                result = self._begun_or_finished()
                if isinstance(result, Work):
                    self._work, self.futures = result, self._run.engine.submit(result.tasks)
                    return None
        except BaseException as problem:
            self._run.trace.end(self._span, problem)
            if isinstance(problem, NoRoom) or not isinstance(problem, Exception):
                raise
            return Outcome(self._node.name, problem=problem)  # of whatever kind: the others go on
        return None if result is None else Outcome(self._node.name, self._finished(result))

    def abandon(self) -> None:
        """Make nothing more of it, and say that it was not made."""
        for future in self.futures:
            future.cancel()
        if self._span.is_recording():
            self._run.trace.end(self._span, GeneratorExit())

    def _begun_or_finished(self) -> Work | list[BuildResult] | None:
        """The work of the node, or its results. None: a damaged file is being remade, and the node begins anew."""
        try:
            if self._work is None:
                return self._node.begin(self._run, months=self._months)
            return self._work.finish([future.result() for future in self.futures])
        except DamagedInput as damaged:
            self._work, self.futures = None, []
            repair(self._run, damaged.path)
            return None

    def _finished(self, results: list[BuildResult]) -> list[BuildResult]:
        rows = sum(results[0].rows.values()) if results else 0
        size = sum(self._run.lake.bytes_of(each.contract, each.rows) for each in results)
        self._run.trace.wrote(self._span, rows, size)
        stream = STREAM_OF.get(self._node.name)
        if stream and self._run.settings.traces_url:
            new = (e for e in batches.seen(self._run, stream) if e.number > self._run.released_upto)
            traces.link_batches(self._span, [(e.stream, e.producer, e.batch_id) for e in new])
        self._run.trace.end(self._span)
        return [replace(each, seconds=time.perf_counter() - self._began) for each in results]


def make_one(run: RunContext, name: str, months: Collection[date | None] = ()) -> list[BuildResult]:
    """Make one node where its inputs have changed, or in the given months."""
    return [result for results in make(run, [name], months) for result in results]


def repair(run: RunContext, path: Path) -> None:
    """Make a damaged file again.

    Raises:
        Damaged: the file is in the landing, which cannot be made again; or it is damaged again and again.
    """
    batches.check_not_landed(run, path)
    run.repairs[path] += 1
    if run.repairs[path] > _MOST_REPAIRS:
        raise Damaged(f"{path.name} was made again {_MOST_REPAIRS} times, and is damaged again.", "Check the disk.")
    contract, month = next((c, p.month) for c in LAKE for p in run.lake.files(c) if p.path == path)
    months = {month}
    if contract in LISTS.values():  # it follows from all months of its stream
        run.lake.drop(contract)
        months = {*run.lake.files_by_month(NODE_OF[contract.name].tables[0])}
    run.reporter.step(contract.name, "is damaged and is rebuilt")
    make_one(run, NODE_OF[contract.name].name, months)


def repair_tables(run: RunContext) -> None:
    """Rebuild the damaged files of built tables that earlier runs wrote."""
    for table_build in BUILDS:
        damaged = {month for month, part in run.lake.parts(table_build.contract).items() if not run.lake.is_sound(part)}
        if damaged:
            run.reporter.step(table_build.contract.name, "is damaged and is rebuilt")
            make_one(run, table_build.contract.name, damaged)


def repairing(run: RunContext, read: Callable[[], Value]) -> Value:
    """Call a function that reads through the run's session; make again each damaged file that it meets."""
    while True:
        try:
            return read()
        except DamagedInput as damaged:
            repair(run, damaged.path)
