"""`python -m benchmarks.scaling_model`: what many machines would give, simulated from costs that one machine showed.

A year is made from nothing: months of producers, whose sizes follow Zipf, are conformed in the pieces that a run plans
(`pipelines.run.conform.divided`); the datasets that read dispatches are built from the same pieces, which are then put
together by month; the files of the large tables are counted; what is left is the run's own, on one machine. Every
figure below says where it is from; a figure that is not measured is called an assumption. `--costs FILE` takes
what tasks and steps cost from the figures that `benchmarks.engines --out FILE` wrote.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import linear_regression
from typing import Any

MONTHS, PRODUCERS, ZIPF = 12, 200, 1.0
SLOTS = 16
"""Cores of a machine, each with a worker of one thread."""
READ_DISPATCHES = (
    "usage.dispatch_day",
    "conformed.sensitive_dispatch_month",
    "conformed.delivery_taken",
    "usage.connection_exact_month",
    "conformed.arrival_day",
    "conformed.billable_month",
)
"""Tables whose builds read the rows of dispatches."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one core, by what they are for.

    Attributes:
        conform, conform_state: a task that conforms, and each state in it. Measured: `benchmarks.engines`, 10 000 000
            dispatches, one worker of one thread on a quiet machine: the line through its twelve months but the first,
            in which a worker loads what it needs.
        build, build_state: the six builds that read dispatches, of one piece. Measured: the same run, the same way.
        own: what the run does alone: all but the steps that wait for months. Measured: the same with two workers, as a
            run that waits for nobody would take it; it has the registers, the small tables, the gate and the release.
        daily_rows: of `usage.dispatch_day`. Measured: the same run.
        states: that run had.
    """

    conform: float = 0.65
    conform_state: float = 1.61e-6
    build: float = 0.19
    build_state: float = 0.132e-6
    own: float = 15.2
    daily_rows: float = 862_869
    states: float = 25_255_657


READ = 0.17
"""Share of `conform_state` that reads a row and finds its bucket; a task of a bucket reads all rows of its producer.
Measured: 2.49 million states of one month of one producer took 7.8 s whole and 18.0 s in eight buckets (processor
seconds, beside others)."""
GROWS = 0.40
"""Ten times the states are 10^0.40 times the rows of daily tables. Measured: 343 142 with 2.5 million states."""
CHECKED_ROW = 2.5e-6
"""Five tables as long as the daily one, which the run checks whole: 0.5 µs a row, of ten checks (one core)."""
RELEASED_ROW = 0.75e-6
"""A row of the release: 0.65 s, all of which is given to the rows of the daily table. Measured: the run of `Costs`."""
JOURNAL_LINE, BATCH_STATES = 11e-6, 250_000
"""To read a line of the journal. Measured: 787 lines, processor seconds. States of a batch: assumed."""
PLANNED_BATCH, PLANNED_PIECE = 15e-6, 0.005
"""To plan a piece, and each batch in each piece that reads it. Measured: 30 to 365 batches, 1 to 16 buckets."""
LISTED = 0.1 / 1000
"""To see that a landed file is there: a thousand in one answer of object storage. The answer's time is assumed."""
TASK = 0.002
"""Seconds in which a scheduler gives out one task; it gives out one at a time. Measured: the design's experiments."""
COMMIT, TABLES = 0.066, 70
"""A commit of a table on object storage. Measured: likewise."""
LANDED_BYTES, CONFORMED_BYTES = 36, 27
"""Of one state. Measured: likewise."""
# Assumptions.
MERGE = 0.5
"""Seconds in which the parts of a month become one."""
NETWORK = 10e9 / 8
"""Bytes a second of a machine, which its busy slots share; the store is never the limit."""
NOTICED, REPLACED = 30.0, 180.0
"""Seconds until a machine that is lost is missed (Dask's `worker-ttl`), and until another stands in its place."""
DOLLARS = 0.65
"""Of one machine and hour."""


def fitted(figures: Mapping[str, Any]) -> Costs:
    """The costs that a run of `benchmarks.engines` showed.

    Raises:
        KeyError: it had no run with one worker, or none with two.
    """
    states = float(figures["states"])
    alone, together = (figures["runs"][name][0] for name in ("dask, 1 worker", "dask, 2 workers"))
    by_month: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for task in alone["tasks"]:
        table, _, month = task["task"].partition(" ")
        by_month[table][month] = task
    conformed = by_month["conformed.dispatch"]
    each = states / sum(task["rows"] for task in conformed.values())
    later = sorted(conformed)[1:]
    of_month = [conformed[month]["rows"] * each for month in later]
    conform = linear_regression(of_month, [conformed[month]["seconds"] for month in later])
    built = [sum(by_month[table][month]["seconds"] for table in READ_DISPATCHES) for month in later]
    build = linear_regression(of_month, built)
    waited = sum(together["steps"].get(table, 0.0) for table, months in by_month.items() if len(months) >= MONTHS)
    return Costs(
        conform=max(0.0, conform.intercept),
        conform_state=conform.slope,
        build=max(0.0, build.intercept),
        build_state=max(0.0, build.slope),
        own=together["seconds"] - waited,
        daily_rows=sum(task["rows"] for task in by_month["usage.dispatch_day"].values()),
        states=states,
    )


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a stage: how long one core takes."""

    seconds: float


@dataclass(slots=True)
class Cluster:
    """Machines that make one stage after another, and of which some are lost."""

    machines: int
    lost_per_hour: float
    seed: int
    now: float = 0.0
    busy: float = 0.0
    redone: int = 0
    _losses: dict[int, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        generator = random.Random(self.seed)
        for machine in range(self.machines):
            at, losses = 0.0, list[float]()
            while self.lost_per_hour and at < 60 * 3600:
                at += generator.expovariate(self.lost_per_hour / 3600)
                losses.append(at)
                at += REPLACED
            self._losses[machine] = losses

    def make(self, tasks: Sequence[Task]) -> None:
        """Make every task of a stage; the next begins when the last is done."""
        order = count()
        free = [(self.now, next(order), machine) for _ in range(SLOTS) for machine in range(self.machines)]
        heapq.heapify(free)
        waiting = list(reversed(tasks))
        again: list[tuple[float, int, Task]] = []
        handed_out, end = self.now, self.now
        while waiting or again:
            at, _, machine = heapq.heappop(free)
            if not waiting:
                at = max(at, again[0][0])
            task = heapq.heappop(again)[2] if again and again[0][0] <= at else waiting.pop()
            begins = handed_out = max(at, handed_out + TASK)
            lost = next((t for t in self._losses[machine] if t + REPLACED > begins), math.inf)
            if lost <= begins:  # away just now
                heapq.heappush(again, (begins, next(order), task))
                heapq.heappush(free, (lost + REPLACED, next(order), machine))
            elif lost < begins + task.seconds:
                self.redone += 1
                self.busy += lost - begins
                heapq.heappush(again, (lost + NOTICED, next(order), task))
                heapq.heappush(free, (lost + REPLACED, next(order), machine))
            else:
                self.busy += task.seconds
                end = max(end, begins + task.seconds)
                heapq.heappush(free, (begins + task.seconds, next(order), machine))
        self.now = end


@dataclass(frozen=True, slots=True)
class Piece:
    """What one task conforms.

    Attributes:
        own: its states.
        of: it is one of so many buckets of a producer, and reads the states of all of them to find its own.
    """

    own: float
    of: int = 1


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How a rebuild went.

    Attributes:
        seconds: in all.
        alone: of these, the work that runs on one machine, by its kind.
        again: seconds that every slot would have to read what other buckets read too.
        cores: seconds that every slot is at work otherwise.
        redone: tasks that were lost with their machine.
        tasks: in all.
    """

    seconds: float
    alone: dict[str, float]
    again: float
    cores: float
    redone: int
    tasks: int

    @property
    def limit(self) -> str:
        """What takes most of the time, or would next."""
        parts = {"cores and their network": self.cores, "reading again for each bucket": self.again, **self.alone}
        parts["waiting for the last task of a stage"] = self.seconds - sum(parts.values())
        name = max(parts, key=lambda part: parts[part])
        return f"{name} ({parts[name] / self.seconds:.0%})"


def pieces(states: float, most: float) -> Iterator[Piece]:
    """The pieces of a month, as a run plans them: of a large producer buckets, of all others groups, powers of two."""
    weights = [1 / rank**ZIPF for rank in range(1, PRODUCERS + 1)]
    sizes = [states * weight / sum(weights) for weight in weights]
    for size in (size for size in sizes if size > most):
        of = _power(size, most)
        yield from [Piece(size / of, of)] * of
    small = sum(size for size in sizes if size <= most)
    groups = _power(small, most)
    yield from [Piece(small / groups)] * groups


def _power(states: float, most: float) -> int:
    return 1 << max(0, math.ceil(states / most) - 1).bit_length()


def rebuild(states: float, machines: int, costs: Costs, *, lost_per_hour: float, seed: int, most: float) -> Rebuild:
    """Make a year of so many states anew."""
    cluster = Cluster(machines, lost_per_hour, seed)
    parts = [piece for _ in range(MONTHS) for piece in pieces(states / MONTHS, most)]
    fetch = SLOTS / NETWORK  # seconds a byte, when all slots of a machine fetch
    conform, build, again = list[Task](), list[Task](), 0.0
    for part in parts:
        own = costs.conform_state + fetch * (LANDED_BYTES + CONFORMED_BYTES)
        # workers of a machine share its copies, so it fetches a producer once
        more = (
            (READ * costs.conform_state + fetch * LANDED_BYTES * min(1, machines / part.of)) * part.own * (part.of - 1)
        )
        again += more
        conform.append(Task(costs.conform + own * part.own + more))
        build.append(Task(costs.build + (costs.build_state + fetch * CONFORMED_BYTES) * part.own))
    rows = costs.daily_rows * (states / costs.states) ** GROWS
    batches, in_pieces = states / BATCH_STATES, sum(part.own * part.of for part in parts) / BATCH_STATES
    planning = batches * (JOURNAL_LINE + LISTED) + in_pieces * PLANNED_BATCH + len(parts) * PLANNED_PIECE
    alone = {
        "planning": planning,
        "small tables, gate and release": costs.own + COMMIT * TABLES + rows * (CHECKED_ROW + RELEASED_ROW),
    }
    for stage in (conform, build, [Task(MERGE)] * MONTHS):
        cluster.make(stage)
    slots = machines * SLOTS
    tasks = len(conform) + len(build) + MONTHS
    return Rebuild(
        seconds=cluster.now + sum(alone.values()),
        alone=alone,
        again=again / slots,
        cores=(cluster.busy - again) / slots,
        redone=cluster.redone,
        tasks=tasks,
    )


def main(words: Sequence[str] | None = None) -> int:
    """Print a table of states and machines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling_model", description=__doc__)
    parser.add_argument("--machines", default="1,4,16,64,100")
    parser.add_argument("--lost", type=float, default=0.05, help="share of the machines that is lost in an hour")
    parser.add_argument("--bucket-rows", type=float, default=20e6, help="rows that a bucket of a month holds")
    parser.add_argument("--costs", type=Path, help="figures of `benchmarks.engines --out`, with 1 and 2 workers")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    machines = [int(n) for n in chosen.machines.split(",")]
    costs = fitted(json.loads(chosen.costs.read_text("utf-8"))) if chosen.costs else Costs()
    print(f"machines of {SLOTS} cores, {chosen.lost:.0%} lost an hour, seed {chosen.seed}; simulated, not measured")
    print(f"pieces of {chosen.bucket_rows:,.0f} rows; {costs}")
    print(
        f"{'states':>8}{'machines':>10}{'minutes':>9}{'times':>7}{'tasks':>8}{'redone':>8}{'USD':>7}  most of the time"
    )
    for states in (1e10, 1e11):
        whole = {"seed": chosen.seed, "most": chosen.bucket_rows}
        alone = rebuild(states, 1, costs, lost_per_hour=0, **whole).seconds
        for number in machines:
            model = rebuild(states, number, costs, lost_per_hour=chosen.lost, **whole)
            dollars = number * model.seconds / 3600 * DOLLARS
            print(
                f"{f'10^{math.log10(states):.0f}':>8}{number:>10}{model.seconds / 60:>9.1f}"
                f"{alone / model.seconds:>7.1f}{model.tasks:>8,}{model.redone:>8}{dollars:>7.2f}  {model.limit}"
            )
        model = rebuild(states, machines[-1], costs, lost_per_hour=0.5, **whole)
        alone_seconds = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in model.alone.items())
        print(f"{'':>8}{machines[-1]:>10}{model.seconds / 60:>9.1f} minutes when half of them are lost an hour", end="")
        print(f", {model.redone} tasks redone; on one machine alone {alone_seconds}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
