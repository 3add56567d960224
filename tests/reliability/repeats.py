"""R6: the same batches from several senders at once, over the wire and from another process on the same landing."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq

from tests.reliability.board import Figure, figure
from tests.reliability.zygote import (
    PRODUCER,
    Child,
    batch,
    batch_id,
    client_at,
    digest_of,
    fork,
    home_in,
    keep,
    scratch,
    serving,
    wrongs,
)
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.storage.landing import open_landing

_RETRIERS = 3
_DROPPED = 5_000
"""Numbers of the batches that come by way of the inbox, from here on."""


def lands(said: int, home: str, numbers: list[int]) -> None:
    """A second writer on the landing: keep the batches, and say what each was answered."""
    landing = open_landing(home_in(Path(home)))
    for number in numbers:
        (status,) = keep(landing, number)
        os.write(said, f"{number} {status}\n".encode())


def takes_in(said: int, home: str) -> None:
    """The inbox of a run, which lands at the same time."""
    settings = home_in(Path(home))
    taken = inbox.take_in(settings, open_landing(settings))
    os.write(said, f"{len(taken.accepted)} {len(taken.duplicate)} {len(taken.rejected)}\n".encode())


def looks_first(said: int, home: str, numbers: list[int]) -> None:
    """The control: look whether the batch is there, then write it."""
    folder = Path(home)
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        if any(folder.glob(f"{batch_id(number)}-*")):
            os.write(said, f"{number} duplicate\n".encode())
            continue
        half = folder / f".{batch_id(number)}-{os.getpid()}"
        pq.write_table(batch(number), half)
        half.rename(folder / f"{batch_id(number)}-{os.getpid()}.parquet")
        os.write(said, f"{number} accepted\n".encode())


def _orders(numbers: range, chance: random.Random) -> list[list[int]]:
    """An order for each sender: nearly the same, so that they meet at the same batch again and again."""
    orders = []
    for _ in range(_RETRIERS + 1):
        blocks = [list(numbers[i : i + 4]) for i in range(0, len(numbers), 4)]
        for block in blocks:
            chance.shuffle(block)
        orders.append([n for block in blocks for n in block])
    return orders


def _statuses(child: Child, answers: list[tuple[int, str]]) -> None:
    child.go()
    for line in child.rest(120):
        number, _, status = line.partition(" ")
        answers.append((int(number), status) if number.isdigit() else (-1, line))


def repeat(settings: Settings, count: int, chance: random.Random) -> tuple[list[str], Counter[str], str]:
    """Three retriers over Flight, a writer on the landing and an inbox, all with the same batches."""
    numbers, dropped = range(count), range(_DROPPED, _DROPPED + max(3, count // 25))
    for number in dropped:
        for copy in range(_RETRIERS):
            inbox.drop(settings.inbox, "dispatch", PRODUCER, f"copy-{copy}-of-{number}", batch(number))
    answers: list[tuple[int, str]] = []
    wrong: list[str] = []
    received: dict[int, set[str]] = {n: set() for n in numbers}
    orders = _orders(numbers, chance)

    def sends(place: str, order: list[int]) -> None:
        with client_at(place, tries=5) as client:
            for number in order:
                receipt = client.send("dispatch", batch_id(number), batch(number))
                answers.append((number, receipt["status"]))
                received[number].add(receipt["received_at"])
                if receipt["sha256"] != digest_of(number):
                    wrong.append(f"{batch_id(number)} has a receipt of other content")

    writer = fork("repeats:lands", home=str(settings.home), numbers=orders[-1])
    run = fork("repeats:takes_in", home=str(settings.home))
    with serving(settings) as servers, ThreadPoolExecutor(_RETRIERS + 1) as senders:
        run.go()
        sending = [senders.submit(_statuses, writer, answers)]
        sending += [senders.submit(sends, servers.place(), order) for order in orders[:_RETRIERS]]
        for one in sending:
            one.result()
    (taken,) = run.rest(60)
    if taken.split() != [str(len(dropped)), str(2 * len(dropped)), "0"]:
        wrong.append(f"the inbox: {taken!r} accepted, duplicate, rejected of {len(dropped)} files in three copies")
    accepted = Counter(number for number, status in answers if status == "accepted")
    wrong += [f"{batch_id(n)} was accepted {accepted[n]} times" for n in numbers if accepted[n] != 1]
    wrong += [f"{batch_id(n)} has receipts of {len(r)} moments" for n, r in received.items() if len(r) != 1]
    wrong += [f"{n} was answered {status}" for n, status in answers if status not in ("accepted", "duplicate")]
    names = {e.batch_id: e for e in open_landing(settings).entries}
    if len(names) != count + len(dropped):
        wrong.append(f"{len(names)} batches are kept of {count + len(dropped)}")
    return wrong + wrongs(settings, numbers), Counter(status for _, status in answers), taken


def without_turns(folder: Path, count: int) -> int:
    """The same with writers that look first and then write; how many batches are there more than once."""
    numbers = list(range(count))
    children = [fork("repeats:looks_first", home=str(folder), numbers=numbers) for _ in range(_RETRIERS)]
    answers: list[tuple[int, str]] = []
    with ThreadPoolExecutor(_RETRIERS) as all_of_them:
        for one in [all_of_them.submit(_statuses, child, answers) for child in children]:
            one.result()
    copies = Counter(path.name.rpartition("-")[0] for path in folder.glob("b-*"))
    return sum(many > 1 for many in copies.values())


@figure("R6")
def r6(scale: float, seed: int) -> Figure:
    """Three concurrent retriers, and a second and a third writer on the same landing."""
    began, count = time.monotonic(), max(12, round(300 * scale))
    with scratch() as folder:
        wrong, statuses, taken = repeat(home_in(folder / "home"), count, random.Random(seed))
        doubled = without_turns(folder / "bare", max(40, count // 3))
    return Figure(
        "R6",
        f"three concurrent retriers × {count} batches, and two more writers on the same landing",
        statuses.total(),
        seed,
        time.monotonic() - began,
        wrong,
        control=f"look first, then write: {doubled} batches doubled",
        control_saw=doubled > 0,
        facts={"answers": dict(statuses), "inbox: accepted, duplicate, rejected": taken},
    )
