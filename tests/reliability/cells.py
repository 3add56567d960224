"""Thousands of cells whose truth is known: landed, and published by the product's own builds in several releases.

A month of a protected service has up to a thousand senders. Most of what they send comes in time. Then, as the month
says, one alone or several send more or take a batch back before the quarter ends; one is erased; and a sender beside
the others adds rows before one quarter ends and again before the next. Four releases tell of the month: at its
cut-off, at the end of the quarter, after the erasure, and at the end of the next quarter.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from assets import perturbation
from assets.build import BuildWindow
from assets.simulate.organisations import organisation_number
from catalog import facts
from catalog.contracts.columns import TIMESTAMP
from catalog.contracts.scan import Query, Values, empty
from catalog.domain import calendar
from catalog.domain.perturbation import LEADING_FLOW, Secret
from catalog.tables import conformed, registers
from catalog.tables.streams import STREAMS
from catalog.tables.usage import PROTECTED_DISPATCH_MONTH, PROTECTED_MEASURE_MONTH
from tests.reliability.inference import Belief
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.storage.batch_file import landed_schema

MEASURED, DISPATCHED = "fiks-digisos", "fiks-bekymringsmelding"
"""A service whose leading flow is measured, and one whose leading flow is its dispatches."""
FIXED, VARYING = ("oppslag", 12), ("meldinger", 2)
"""Other flows of the measured service: so many of a case, always; and so many in the mean."""
SECRET = Secret(bytes(range(32)))
RELEASES = 4
PRIOR = Belief(1, 1 / (1.0 + np.arange(1, 60)) ** 1.2).shares()
"""Of the count of a cell: two in five are small, and the tail is long. The attacker knows it."""
MORE = Belief(1, 0.5 ** np.arange(1, 7)).shares()
"""Of what comes late, or is taken back beside the rest."""
NONE = 0.25
"""How often the others sent nothing, where a sender beside them did: nobody tells which of them used a service."""
OTHERS_ROWS = (1, 2, 2, 4)
"""Rows of the sender beside the others that count in each release."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """Cases of an organisation, sent together.

    Attributes:
        batch: its name.
        cases: how many.
        messages: of the flow of varying ratio.
        at: when they came.
        withdrawn_at: when they were taken back.
        known: whether by the sender beside the others.
    """

    organisation: str
    batch: str
    cases: int
    messages: int
    at: datetime
    withdrawn_at: datetime | None = None
    known: bool = False


@dataclass
class Group:
    """A month of a service.

    Attributes:
        senders: who sends in time; a few more where somebody is new.
        changed: who sends more or less later, with how: `late`, `new`, `withdrawn` a part, or `gone`.
        beside: where somebody sends beside the others.
        erased: who is erased after the first quarter's end.
    """

    service: str
    month: date
    senders: list[str]
    chance: np.random.Generator
    changed: dict[str, str] = field(default_factory=dict)
    erased: str = ""
    beside: frozenset[str] = frozenset()
    rows: list[Sent] = field(default_factory=list)

    @cached_property
    def moments(self) -> tuple[datetime, ...]:
        """The `as_of` of each release."""
        first = calendar.first_published_at(self.month)
        day = calendar.day_in_oslo(first)
        months = calendar.months_between(calendar.next_month(calendar.month_of(day)), day + timedelta(days=300))
        one, other = [calendar.start_of(m) for m in months if m.month % 3 == 1][:2]
        return first, one, one + timedelta(days=5), other

    def send(self) -> None:
        """Draw what everybody sends."""
        first, quarter, _, _ = self.moments
        in_time, late, later = first - timedelta(days=2), first + timedelta(days=2), quarter + timedelta(days=9)
        for sender in self.senders:
            how = self.changed.get(sender, "")
            if sender in self.beside and self.chance.random() < NONE:
                pass
            elif how != "new":
                self._sent(sender, "first", self._drawn(PRIOR), in_time, withdrawn_at=late if how == "gone" else None)
            if how == "withdrawn":
                self._sent(sender, "second", self._drawn(MORE), in_time, withdrawn_at=late)
            elif how in ("late", "new"):
                self._sent(sender, "late", self._drawn(MORE if how == "late" else PRIOR), late)
            if sender in self.beside:
                one, more, most, _ = (*OTHERS_ROWS[:2], OTHERS_ROWS[3], 0)
                for batch, cases, at in (("a", one, in_time), ("b", more - one, late), ("c", most - more, later)):
                    self.rows.append(Sent(sender, f"beside-{batch}", cases, VARYING[1] * cases, at, known=True))

    def _drawn(self, prior: Belief) -> int:
        return int(self.chance.choice(list(prior.counts), p=prior.weights))

    def _sent(self, sender: str, batch: str, cases: int, at: datetime, *, withdrawn_at: datetime | None = None) -> None:
        messages = int(self.chance.poisson(VARYING[1] * cases))
        self.rows.append(Sent(sender, batch, cases, messages, at, withdrawn_at))

    def counted(self, release: int, *, known: bool = False) -> dict[str, int]:
        """The cases that count in a release, by organisation: those of the sender beside, or the others'."""
        until = self.moments[1] if release == 2 else self.moments[release]
        found: dict[str, int] = {}
        for row in self.rows:
            there = row.at < until and (row.withdrawn_at is None or row.withdrawn_at >= until)
            if there and row.known is known and not (release >= 2 and row.organisation == self.erased):
                found[row.organisation] = found.get(row.organisation, 0) + row.cases
        return found

    def landed(self, release: int) -> list[Sent]:
        """The rows that lie in the landing at a release."""
        gone = self.erased if release >= 2 else ""
        return [row for row in self.rows if row.at <= self.moments[release] and row.organisation != gone]


@dataclass(frozen=True, slots=True)
class Told:
    """What one release tells of a month of a service.

    Attributes:
        cells: by organisation.
        country: by flow; the leading one is "".
    """

    cells: Mapping[str, int]
    country: Mapping[str, int]


# --- what the product makes of it -------------------------------------------------------------------------------------


class Publisher:
    """The product's builds, on two threads."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet; sessions spill into the folder."""
        self._settings = Settings(home=folder, threads=1, memory_mb=600)
        self._own = threading.local()

    @property
    def session(self) -> Session:
        """This thread's session, cleared."""
        if not hasattr(self._own, "session"):
            self._own.session = Session(self._settings)
        session: Session = self._own.session
        return session.cleared()

    def publish(self, groups: Sequence[Group]) -> list[list[tuple[Told, Told]]]:
        """What each release tells of each group, and what it would tell without noise."""
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(self._releases, groups))

    def _releases(self, group: Group) -> list[tuple[Told, Told]]:
        return [self._release(group, release) for release in range(RELEASES)]

    def _release(self, group: Group, release: int) -> tuple[Told, Told]:
        window = BuildWindow(group.moments[release] + _HOUR, group.month, SECRET)
        protected = self.protected(group, release, window)
        exact = _told(protected, group.service)
        return _told(self.flows(window, protected, group.service), group.service), exact

    def protected(self, group: Group, release: int, window: BuildWindow) -> pa.Table:
        """The exact table of the service that never leaves the lake."""
        rows = group.landed(release)
        table = (_measurements if group.service == MEASURED else _dispatches)(group.month, rows)
        # as if something came since, so that the rows that count are found among those that landed
        landed = Query("from sent_row", {"sent_row": Values(table)}, {"last_at": window.as_of})
        aliases = Values(facts.table("service_alias", registers.SERVICE_ALIAS.schema))
        if group.service == MEASURED:
            contract = PROTECTED_MEASURE_MONTH
            scan = perturbation.protected_measure_month.make(
                window,
                measurement=empty(conformed.MEASUREMENT.arrow_schema),
                landed=landed,
                service_alias=aliases,
                decision=empty(registers.DECISION.schema),
            )
        else:
            contract = PROTECTED_DISPATCH_MONTH
            scan = perturbation.protected_dispatch_month.make(
                window,
                dispatch=empty(conformed.DISPATCH.arrow_schema),
                twice=empty(conformed.DISPATCH_TWICE.arrow_schema),
                landed=landed,
                source_system=empty(registers.SOURCE_SYSTEM.schema),
                service_alias=aliases,
            )
        made = self.session.table(scan)
        made = made.append_column("month", pa.array([group.month] * made.num_rows, pa.date32()))
        return made.select(contract.arrow_schema.names).cast(contract.arrow_schema)

    def flows(self, window: BuildWindow, protected: pa.Table, service: str) -> pa.Table:
        """What is published of a protected table."""
        of_measures = service == MEASURED
        scans = {
            "protected_measure_month": Values(protected)
            if of_measures
            else empty(PROTECTED_MEASURE_MONTH.arrow_schema),
            "protected_dispatch_month": empty(PROTECTED_DISPATCH_MONTH.arrow_schema)
            if of_measures
            else Values(protected),
        }
        return self.session.table(perturbation.published_flows(window, **scans))


def _told(rows: pa.Table, service: str) -> Told:
    cells: dict[str, int] = {}
    country: dict[str, int] = {}
    exact = "digest_xor" in rows.column_names
    for row in rows.to_pylist():
        flow = row.get("measure") or LEADING_FLOW[service]
        quantity = int(row["quantity"] if "quantity" in row else row["dispatches"])
        flow = "" if flow == LEADING_FLOW[service] else flow
        if not exact and row["organisation_number"] is None:
            country[flow] = quantity
        elif not flow:
            cells[row["organisation_number"]] = quantity
        if exact:
            country[flow] = country.get(flow, 0) + quantity
    return Told(cells, country)


def _measurements(month: date, rows: Sequence[Sent]) -> pa.Table:
    leading = LEADING_FLOW[MEASURED]
    flows = [
        (row, measure, quantity)
        for row in rows
        for measure, quantity in ((leading, row.cases), (FIXED[0], FIXED[1] * row.cases), (VARYING[0], row.messages))
    ]
    told = {
        "producer": ["fiks"] * len(flows),
        "service": [MEASURED] * len(flows),
        "measure": [measure for _, measure, _ in flows],
        "day": [month] * len(flows),
        "organisation_number": [row.organisation for row, _, _ in flows],
        "source": [row.batch for row, _, _ in flows],
        "quantity": [Decimal(quantity) for _, _, quantity in flows],
        "reported_at": [datetime(month.year, month.month, 28, tzinfo=UTC)] * len(flows),
    }
    return _landed("measurement", told, [row for row, _, _ in flows])


def _dispatches(month: date, rows: Sequence[Sent]) -> pa.Table:
    each = [(row, n) for row in rows for n in range(row.cases)]
    moment = datetime(month.year, month.month, 10, 9, tzinfo=UTC)
    names = {b: n for n, b in enumerate(sorted({row.batch for row in rows}))}
    ids = [
        (4 << 76 | 2 << 62 | int(row.organisation) << 16 | names[row.batch] << 8 | n).to_bytes(16, "big")
        for row, n in each
    ]
    told = {
        "producer": [row.organisation for row, _ in each],
        "dispatch_id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
        "state": ["LEST"] * len(each),
        "state_at": [moment + _HOUR] * len(each),
        "created_at": [moment] * len(each),
        "service": [DISPATCHED] * len(each),
        "organisation_number": [row.organisation for row, _ in each],
        "account_id": ["konto"] * len(each),
        "recipient_kind": ["PERSON"] * len(each),
        "digital_only": [False] * len(each),
    }
    return _landed("dispatch", told, [row for row, _ in each])


def _landed(stream: str, told: Mapping[str, object], rows: Sequence[Sent]) -> pa.Table:
    batches = [f"/landing/{stream}/{row.organisation}/{row.batch}.parquet" for row in rows]
    journal = {name: n for n, name in enumerate(dict.fromkeys(batches))}
    told = {
        **told,
        "synthetic": [False] * len(rows),
        "received_at": [row.at for row in rows],
        "filename": batches,
        "file_row_number": range(len(rows)),
        "journal_number": [journal[name] for name in batches],
    }
    schema = landed_schema(STREAMS[stream], located=True)
    arrays = [pa.nulls(len(rows), f.type) if f.name not in told else _array(told[f.name], f.type) for f in schema]
    table = pa.Table.from_arrays(arrays, schema=schema)
    return table.append_column("withdrawn_at", pa.array([row.withdrawn_at for row in rows], TIMESTAMP))


def _array(values: object, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


# --- who there is -----------------------------------------------------------------------------------------------------


def senders(count: int) -> list[str]:
    """So many numbers of organisations that nobody has."""
    return [organisation_number(3, 2_000_000 + 10 * n) for n in range(count)]


def world(count: int, seed: int) -> list[Group]:
    """Months of the two services with many senders, and one of each small size.

    Args:
        count: months with a thousand senders; every seventh is of the service that is dispatched.
        seed: of everything that is drawn.
    """
    months = calendar.months_between(date(2018, 1, 1), date(2025, 12, 1))
    sizes: Iterable[int] = [*[1000] * count, *[1, 1, 2, 2, 3, 3, 5, 8, 13, 19, 20, 21, 30, 50]]
    groups = []
    for number, (month, size) in enumerate(zip(months, sizes, strict=False)):
        chance = np.random.default_rng((seed, number))
        service = DISPATCHED if number % 7 == 3 else MEASURED
        names = senders(size)
        group = Group(service, month, names, chance)
        others = chance.permutation(names).tolist()
        group.beside = frozenset(others.pop() for _ in range(size // 200))
        how = ("late", "new", "withdrawn", "gone")
        alone = number % 5 < 4
        changing = 1 if alone else max(2, size // 20)
        if len(others) > changing + 1:
            group.changed = {others.pop(): how[(number + n) % len(how)] for n in range(changing)}
            group.erased = others.pop() if alone else ""
        group.send()
        groups.append(group)
    return groups
