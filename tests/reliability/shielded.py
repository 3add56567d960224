"""What follows of a shielded system's dispatches from the connections that others read and all sums beside them.

Organisations send with ordinary systems, with a shielded one, and with none stated. The reader knows the exact sums by
organisation and service, the bands of connections, the country's counts by system, and which organisations always state
their system: what they have of none is the shielded one's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa

from assets import connections
from assets.build import BuildWindow
from catalog.contracts.scan import Values, empty
from catalog.tables import conformed, registers
from catalog.tables.usage import CONNECTION_EXACT_MONTH, PROTECTED_DISPATCH_MONTH
from tests.reliability.cells import SECRET, Publisher, senders

MONTH = date(2025, 3, 1)
AS_OF = datetime(2025, 6, 1, tzinfo=UTC)
WELFARE = "Visma Barnevern"
SYSTEMS = ("Sak", "Arkiv", "Skjema", "Post")
SIZES = {"svarut": 900, "svarinn": 300, "fiks-io": 12, "fiks-folkeregister": 3}
"""Services, and how many organisations send with each."""
VALUES = ("one value", "two values", "three values")
SMALL = range(1, 10)
"""Of ten or more the band says so."""

Key = tuple[str, str]
"""An organisation and a service."""


@dataclass
class Traffic:
    """What was sent in a month.

    Attributes:
        sent: dispatches and how many of them failed, by organisation and service, then by system; None is none stated.
        states_all: the organisations that always state a system.
    """

    sent: dict[Key, dict[str | None, tuple[int, int]]] = field(default_factory=dict)
    states_all: set[str] = field(default_factory=set)

    @classmethod
    def drawn(cls, seed: int) -> Traffic:
        """Few dispatches more often than many, as most connections have."""
        chance, traffic = np.random.default_rng((seed, 6)), cls()
        names = senders(max(SIZES.values()))
        traffic.states_all = {name for name in names if chance.random() < 0.7}
        for service, size in SIZES.items():
            for name in names[:size]:
                systems: list[str | None] = [*chance.choice(SYSTEMS, chance.integers(0, 4), replace=False).tolist()]
                systems += [WELFARE] if chance.random() < 0.5 else []
                systems += [None] if name not in traffic.states_all and chance.random() < 0.5 else []
                counts = {s: int(min(chance.zipf(1.4), 3000)) for s in systems}
                traffic.sent[name, service] = {s: (n, int(chance.binomial(n, 0.1))) for s, n in counts.items()}
        return traffic

    def truth(self, key: Key) -> tuple[int, int]:
        """Dispatches of none stated, the shielded system's among them, and how many failed."""
        of_none = [numbers for system, numbers in self.sent[key].items() if system in (None, WELFARE)]
        return sum(n for n, _ in of_none), sum(f for _, f in of_none)

    def rows(self) -> pa.Table:
        """The dispatches, as conform leaves them."""
        base = {"month": MONTH, "day": MONTH, "account_id": "konto", "synthetic": True}
        rows = [
            base
            | {"organisation_number": name, "service": service, "source_system": system}
            | {"outcome": "failed" if n < failed else "delivered"}
            for (name, service), systems in self.sent.items()
            for system, (count, failed) in systems.items()
            for n in range(count)
        ]
        return pa.Table.from_pylist(rows, conformed.DISPATCH.arrow_schema)


class Bounds:
    """Whole numbers between bounds, tightened by what is known of sums until nothing moves."""

    def __init__(self) -> None:
        self.between: dict[object, tuple[int, int]] = {}
        self.sums: list[tuple[Sequence[object], int, int]] = []

    def tighten(self) -> None:
        """Until nothing moves."""
        moved = True
        while moved:
            moved = False
            for names, low, high in self.sums:
                least, most = (sum(self.between[n][end] for n in names) for end in (0, 1))
                for name in names:
                    mine = self.between[name]
                    new = max(mine[0], low - (most - mine[1])), min(mine[1], high - (least - mine[0]))
                    if new != mine:
                        self.between[name], moved = new, True
                        least, most = least + new[0] - mine[0], most + new[1] - mine[1]


def span(band: str) -> tuple[int, int]:
    """The least and the most that a band says."""
    low, _, high = band.partition("-")
    return int(low), int(high or low)


@dataclass(frozen=True, slots=True)
class Seen:
    """What readers get of the month; `rows` of connections and of the country's systems."""

    connections: Sequence[Mapping[str, object]]
    systems: Sequence[Mapping[str, object]]


def seen(publisher: Publisher, traffic: Traffic) -> tuple[Seen, Seen]:
    """What is published; and what was before bands left rows out: every row, its counts in bands."""
    register = [
        {"source_system": s, "system": s, "supplier": "En", "sensitive": s == WELFARE} for s in (*SYSTEMS, WELFARE)
    ]
    window = BuildWindow(AS_OF, MONTH, SECRET)
    exact = publisher.session.table(
        connections.connection_exact_month.make(
            window,
            dispatch=Values(traffic.rows()),
            source_system=Values(pa.Table.from_pylist(register, registers.SOURCE_SYSTEM.schema)),
        )
    )
    exact = exact.append_column("month", pa.array([MONTH] * exact.num_rows, pa.date32()))
    scan = Values(exact.select(CONNECTION_EXACT_MONTH.arrow_schema.names).cast(CONNECTION_EXACT_MONTH.arrow_schema))
    banded = publisher.session.table(connections.connection_month.make(window, connection=scan)).to_pylist()
    systems = publisher.session.table(
        connections.system_month.make(
            window, connection=scan, protected_dispatch_month=empty(PROTECTED_DISPATCH_MONTH.arrow_schema)
        )
    ).to_pylist()
    every = [r | {c: _digits(r[c]) for c in ("dispatches", "failed")} for r in exact.to_pylist()]
    return Seen(banded, systems), Seen(every, systems)


def _digits(count: int) -> str:
    low = 10 ** (len(str(count)) - 1)
    return f"{low}-{10 * low - 1}" if count else "0"


def left_open(traffic: Traffic, shown: Seen, *, unseen: tuple[int, int]) -> Iterator[tuple[Key, str, int, int]]:
    """What is left open of dispatches without a system, and of failed ones, that stand beside an organisation's others.

    Args:
        traffic: what was sent; its sums are known.
        shown: what is published.
        unseen: between what that lies which has no row.

    Yields:
        The key, the column, the truth, and how many values are left.
    """
    rows: dict[Key, list[Mapping[str, object]]] = defaultdict(list)
    for row in shown.connections:
        rows[str(row["organisation_number"]), str(row["service"])].append(row)
    for place, column in enumerate(("dispatches", "failed")):
        known, of_system = Bounds(), defaultdict[tuple[str, object], list[object]](list)
        for key, systems in traffic.sent.items():
            known.between[key, None] = unseen
            bands = {
                None if r["mapping"] == "NOT_STATED" else r["source_system"]: span(str(r[column])) for r in rows[key]
            }
            known.between |= {(key, system): band for system, band in bands.items()}
            names: list[object] = [(key, system) for system in {None, *bands}]
            whole = sum(numbers[place] for numbers in systems.values())
            known.sums.append((names, whole, whole))
            for system in {None, *bands}:
                of_system[key[1], system].append((key, system))
        if column == "dispatches":
            known.sums += _of_country(shown.systems, of_system)
        known.tighten()
        for key, systems in traffic.sent.items():
            truth = traffic.truth(key)[place]
            if truth and set(systems) - {None, WELFARE}:
                low, high = known.between[key, None]
                if not low <= truth <= high:
                    raise AssertionError(f"{column} of {key} is {truth}, and was taken to be {low} to {high}")
                yield key, column, truth, high - low + 1


def _of_country(
    systems: Iterable[Mapping[str, object]], of_system: Mapping[tuple[str, object], list[object]]
) -> Iterator[tuple[Sequence[object], int, int]]:
    for row in systems:
        if not row["perturbed"]:
            low, high = span(str(row["dispatches_band"]))
            if row["dispatches"] is not None:
                low, high = max(low, int(str(row["dispatches"])) - 49), min(high, int(str(row["dispatches"])))
            yield of_system[str(row["service"]), row["system"]], low, high


def shielded(publisher: Publisher, seed: int) -> tuple[dict[str, object], list[str], int]:
    """How many values are left of what is a shielded system's, in words; where it is one; and the same of the control.

    The control reads a row for whatever there is, however small, and which rows have none failed.
    """
    traffic = Traffic.drawn(seed)
    published, every = seen(publisher, traffic)
    left: dict[str, Counter[int]] = defaultdict(Counter)
    wrong = []
    for key, column, truth, values in left_open(traffic, published, unseen=(0, 9)):
        if key[0] in traffic.states_all and truth in SMALL:
            left[column][values] += 1
            if values == 1:
                wrong.append(f"{column} of a shielded system by {key[0]}, {key[1]}: {truth}")
    control = sum(
        values == 1 and key[0] in traffic.states_all and truth in SMALL
        for key, _, truth, values in left_open(traffic, every, unseen=(0, 0))
    )
    words: dict[str, object] = {}
    for column, counts in left.items():
        few = ", ".join(f"{counts[number]} {word}" for number, word in enumerate(VALUES, 1))
        words[f"{column} of a shielded system, 1-9 beside others"] = f"of {counts.total()} there is left {few}"
    return words, wrong, control
