"""Workers go on while the run does something else: months are asked for as soon as what they are made of is there.

A step then waits for its own months, which others made meanwhile. Nothing here knows how a table is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from catalog.contracts.language import DatasetContract
from pipelines.run.context import RunContext


@dataclass
class Ahead:
    """What a run knows.

    Attributes:
        ask: each asks for tables that can be made now; none where nothing is asked for ahead.
        made: names of the tables that are as this run makes them.
    """

    ask: tuple[Callable[[RunContext], None], ...] = ()
    made: set[str] = field(default_factory=set)


def allow(run: RunContext, *ask: Callable[[RunContext], None]) -> None:
    """This run makes every table, by an engine that works ahead."""
    if run.engine.works_ahead:
        run.own(Ahead).ask = ask


def made(run: RunContext, contracts: Iterable[DatasetContract]) -> None:
    """These tables are made, so that others can be asked for."""
    ahead = run.own(Ahead)
    ahead.made |= {contract.name for contract in contracts}
    for ask in ahead.ask:
        ask(run)
