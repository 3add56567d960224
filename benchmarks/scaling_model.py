"""`python -m benchmarks.scaling_model`: what many machines would give, simulated from costs that one machine showed.

A year is made from nothing: months of producers, whose sizes follow Zipf, are conformed in tasks; the datasets that
read dispatches are built in parts of the same rows; the parts of a month are merged; gate and release follow on one
machine. Every figure below says where it is from; what nobody has measured is an assumption, and is called one.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

MONTHS, PRODUCERS, ZIPF = 12, 200, 1.0
SLOTS = 16
"""Cores of a machine, each with a worker of one thread."""
GROUP_STATES = 20_000_000
"""States of one task, at most: a producer's month up to this size is not split, and small producers share a task."""

# Measured: benchmarks.engines, 1 000 000 dispatches: the line through the least and the largest month that one worker
# of one thread conformed, when others took 8 % of the cores.
CONFORM_FIXED, CONFORM_STATE = 0.30, 1.3e-6
# Measured: the rebuild of 26 million states took 2.9 core-µs a state; all that conforming leaves of them is given to
# the builds. Fixed: six builds of a month that read dispatches.
BUILD_FIXED, BUILD_STATE = 0.4, 1.6e-6
# Measured: the design's own experiments, on the same machine.
TASK = 0.002
"""Seconds in which a scheduler gives out one task; it gives out one at a time."""
BUCKETED = 1.5
"""A producer's month in several tasks costs so many times as much, when the door kept its rows by bucket."""
JOURNAL_LINE, BATCH_STATES = 15.6e-6, 250_000
COMMIT, TABLES = 0.066, 70
LANDED_BYTES, CONFORMED_BYTES = 36, 27
"""Of one state."""
# Assumptions.
MERGE = 0.5
"""Seconds in which the parts of a month become one."""
GATE_AND_RELEASE = 120.0
NETWORK = 10e9 / 8
"""Bytes a second of a machine, which its busy slots share; the store is never the limit."""
NOTICED, REPLACED = 30.0, 180.0
"""Seconds until a machine that is lost is missed (Dask's `worker-ttl`), and until another stands in its place."""
DOLLARS = 0.65
"""Of one machine and hour."""


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
        given, end = self.now, self.now
        while waiting or again:
            at, _, machine = heapq.heappop(free)
            if not waiting:
                at = max(at, again[0][0])
            task = heapq.heappop(again)[2] if again and again[0][0] <= at else waiting.pop()
            begins = given = max(at, given + TASK)
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
class Made:
    """How a rebuild went: seconds in all, of these on one machine alone, and the least that its slots allow."""

    seconds: float
    serial: float
    cores: float
    redone: int
    tasks: int

    @property
    def limit(self) -> str:
        """What takes most of the time, or would next."""
        parts = {"cores and their network": self.cores, "gate and release": self.serial}
        parts["waiting for the last task of a stage"] = self.seconds - self.cores - self.serial
        name = max(parts, key=lambda part: parts[part])
        return f"{name} ({parts[name] / self.seconds:.0%})"


def pieces(states: float) -> Iterator[tuple[float, bool]]:
    """The tasks of a month: states, and whether they are a bucket of one producer."""
    weights = [1 / rank**ZIPF for rank in range(1, PRODUCERS + 1)]
    gathered = 0.0
    for weight in weights:
        own = states * weight / sum(weights)
        if own > GROUP_STATES:
            buckets = math.ceil(own / GROUP_STATES)
            yield from [(own / buckets, True)] * buckets
            continue
        if gathered + own > GROUP_STATES:
            yield gathered, False
            gathered = 0.0
        gathered += own
    yield gathered, False


def rebuild(states: float, machines: int, *, lost_per_hour: float, seed: int) -> Made:
    """Make a year of so many states anew."""
    cluster = Cluster(machines, lost_per_hour, seed)
    parts = [piece for _ in range(MONTHS) for piece in pieces(states / MONTHS)]
    fetch = SLOTS / NETWORK  # seconds a byte, when all slots of a machine fetch
    conform, build = list[Task](), list[Task]()
    for own, bucketed in parts:
        cost = CONFORM_FIXED + CONFORM_STATE * own * (BUCKETED if bucketed else 1)
        conform.append(Task(cost + fetch * own * (LANDED_BYTES + CONFORMED_BYTES)))
        build.append(Task(BUILD_FIXED + BUILD_STATE * own + fetch * own * CONFORMED_BYTES))
    serial = states / BATCH_STATES * JOURNAL_LINE + COMMIT * TABLES + GATE_AND_RELEASE
    for stage in (conform, build, [Task(MERGE)] * MONTHS):
        cluster.make(stage)
    cores = cluster.busy / (machines * SLOTS)
    return Made(cluster.now + serial, serial, cores, cluster.redone, len(conform) + len(build) + MONTHS)


def main() -> int:
    """Print a table of states and machines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling_model", description=__doc__)
    parser.add_argument("--machines", default="1,4,16,64,100")
    parser.add_argument("--lost", type=float, default=0.05, help="share of the machines that is lost in an hour")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    machines = [int(n) for n in chosen.machines.split(",")]
    print(f"machines of {SLOTS} cores, {chosen.lost:.0%} lost an hour, seed {chosen.seed}; simulated, not measured")
    print(
        f"{'states':>8}{'machines':>10}{'minutes':>9}{'times':>7}{'tasks':>8}{'redone':>8}{'USD':>7}  most of the time"
    )
    for states in (1e10, 1e11):
        alone = rebuild(states, 1, lost_per_hour=0, seed=chosen.seed).seconds
        for number in machines:
            made = rebuild(states, number, lost_per_hour=chosen.lost, seed=chosen.seed)
            dollars = number * made.seconds / 3600 * DOLLARS
            print(
                f"{f'10^{math.log10(states):.0f}':>8}{number:>10}{made.seconds / 60:>9.1f}{alone / made.seconds:>7.1f}"
                f"{made.tasks:>8,}{made.redone:>8}{dollars:>7.2f}  {made.limit}"
            )
        whole = rebuild(states, machines[-1], lost_per_hour=0.5, seed=chosen.seed)
        print(f"{'':>8}{machines[-1]:>10}{whole.seconds / 60:>9.1f} minutes when half of them are lost an hour", end="")
        print(f", {whole.redone} tasks redone; on one machine alone {whole.serial:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
