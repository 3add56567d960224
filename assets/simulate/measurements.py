"""Use other than dispatches: look-ups, messages, accounts, adapters and support requests, by day and organisation.

The same, whatever the number of dispatches. How *often* use is reported follows the plan: in a small
plan only the largest organisations report daily, the others once a month for the whole month. Of history, all do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from assets.simulate.adoption import NEVER, SOURCE
from assets.simulate.norwegian_year import DAY_US, HOUR_US, busyness, ordinal
from assets.simulate.plan import Kind, month_after
from assets.simulate.prices import MESSAGE_TYPES, PRICED
from assets.simulate.source_systems import main_systems
from assets.simulate.stories import paces
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.simulate.adoption import Uptake
    from assets.simulate.connections import Connections
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.source_systems import SourceSystem

FLOWS = {
    "fiks-folkeregister": ("oppslag", 6.0),
    "kontaktregisteret": ("oppslag", 4.0),
    "fiks-kjoretoyregister": ("oppslag", 0.08),
    "fiks-skatte-og-inntektsopplysninger": ("oppslag", 0.5),
    "fiks-io": ("meldinger", 3.0),
    "fiks-arkiv": ("meldinger", 2.0),
    "min-kommune": ("meldinger", 1.5),
}
"""The measure of each service, and its quantity per working day and 1 000 inhabitants. Synthetic."""
_EVEN = (1.0,) * 12
_OF_MONTH = {
    "fiks-folkeregister": (1.15, 1.0, 0.95, 0.9, 0.95, 0.95, 1.1, 1.3, 1.1, 0.95, 0.9, 0.75),
    "fiks-kjoretoyregister": (0.7, 0.75, 0.9, 1.1, 1.25, 1.3, 1.3, 1.15, 1.05, 0.95, 0.85, 0.7),
    "fiks-skatte-og-inntektsopplysninger": (0.7, 0.85, 1.2, 1.35, 1.3, 1.15, 0.8, 1.1, 1.1, 0.95, 0.8, 0.7),
    "min-kommune": (1.05, 1.35, 1.55, 1.0, 0.9, 0.85, 0.7, 1.0, 0.95, 0.9, 0.95, 0.8),
    "fiks-arkiv": (0.85, 0.95, 1.0, 0.95, 1.0, 1.2, 0.9, 0.85, 0.95, 1.05, 1.1, 1.2),
}
"""The season of a service beside that of all work; twelve with the mean 1. Synthetic."""
_REQUESTS_A_DAY = 0.012
"""Support requests per customer of a service with a price; those about others count for the service that carries them.
Shared costs of support follow the requests, and a service without a price could not cover its part."""
_LAG_OF_HISTORY = 13
_DAILY_AT_LEAST, _DISPATCHES_PER_DAILY = 20, 1500
GROWTH_A_YEAR = 1.10
_CORRECTED, _DIRTY = 0.005, 0.0002
_DAYS_A_YEAR = 365.25
_LARGE, _MIDDLE = 50_000, 10_000
_MATRIKKEL_EVERY = 3
"""One in this many customers of Min kommune has its add-on. Synthetic."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A stock that an organisation has: an account, adapters. Counted on the first of a month."""

    service: str
    measure: str
    organisation: int
    account_id: str | None
    quantity: int
    first: date
    last: date

    def is_held(self, day: date) -> bool:
        """Whether the organisation has it on a day."""
        return self.first <= day < self.last


def holdings(
    plan: Plan, organisations: Sequence[Organisation], uptakes: Sequence[Uptake], connections: Connections
) -> tuple[Holding, ...]:
    """Accounts of Fiks IO, the document store and an add-on, adapters of the worry message; by uptake."""
    random = plan.random(Kind.MEASUREMENT)
    fiks_io: dict[int, list[int]] = {}
    for number, organisation in sorted(
        {
            (int(a), int(o))
            for a, o, s in zip(connections.account, connections.organisation, connections.service, strict=True)
            if s == 2  # noqa: PLR2004 - fiks-io among the services of connections
        }
    ):
        fiks_io.setdefault(organisation, []).append(number)
    rows = []
    for at, u in enumerate(uptakes):
        span = (min(u.activated, u.first_use), u.last_use)
        weight = organisations[u.organisation].weight
        if u.service == "fiks-io":
            ids = [connections.account_ids[a] for a in fiks_io.get(u.organisation, [])]
            ids = ids or [_account(random)]
            rows += [Holding(u.service, "kontoer", u.organisation, account, 1, *span) for account in ids]
        elif u.service == "fiks-dokumentlager":
            for _ in range(1 + (weight > _MIDDLE) + 2 * (weight > _LARGE)):
                rows.append(Holding(u.service, "kontoer", u.organisation, _account(random), 1, *span))
        elif u.service == "fiks-bekymringsmelding":
            rows.append(Holding(u.service, "adaptere", u.organisation, None, 1 + (weight > _LARGE), *span))
        elif u.service == "min-kommune" and at % _MATRIKKEL_EVERY == 0:
            rows.append(Holding(u.service, "kontoer", u.organisation, None, 1, u.first_use, u.last_use))
    return tuple(rows)


def _by_source(service: str, quantity: int) -> list[tuple[str, int]]:
    """A quantity split by source: messages of Min kommune by subject, in whole numbers."""
    if service != "min-kommune":
        return [(SOURCE, quantity)]
    ends = list(accumulate(percent for _, percent in MESSAGE_TYPES))
    parts = [quantity * end // 100 - quantity * begin // 100 for begin, end in pairwise((0, *ends))]
    return [(about, part) for (about, _), part in zip(MESSAGE_TYPES, parts, strict=True)]


def _account(random: np.random.Generator) -> str:
    return str(uuid.UUID(bytes=random.bytes(16), version=4))


@dataclass(frozen=True, slots=True)
class Report:
    """One future row, with the day of its batch."""

    arrival: int
    service: str
    measure: str
    day: int
    organisation: int
    account_id: str | None
    quantity: Decimal
    system: int
    reported_at: int
    planted: bool = False
    source: str = SOURCE


class Measurer:
    """Measures a plan day by day; remembers one month's sums per customer, for the invoices."""

    def __init__(
        self,
        plan: Plan,
        organisations: Sequence[Organisation],
        uptakes: Sequence[Uptake],
        all_holdings: Sequence[Holding],
        systems: Sequence[SourceSystem],
    ) -> None:
        """Prepare the organisations to measure."""
        self._plan, self._organisations, self._holdings, self._systems = plan, organisations, all_holdings, systems
        self._mains = main_systems(plan, organisations, systems)
        flows = [u for u in uptakes if u.service in FLOWS]
        self._flows, self._customers = flows, [u for u in uptakes if u.service in PRICED]
        self._first = np.array([ordinal(u.first_use) for u in flows])
        self._last = np.array([ordinal(u.last_use) for u in flows])
        self._base = np.array([FLOWS[u.service][1] * organisations[u.organisation].weight / 1000 for u in flows])
        self._paces, self._whose = paces(plan, organisations), np.array([u.organisation for u in flows], dtype=np.int64)
        self._season = np.array([_OF_MONTH.get(u.service, _EVEN) for u in flows])
        self._alive = [(ordinal(o.valid_from or date(1970, 1, 2)), ordinal(o.valid_to or NEVER)) for o in organisations]
        daily = _DAILY_AT_LEAST + plan.dispatches // plan.months // _DISPATCHES_PER_DAILY
        large = {
            i for i, _ in sorted(enumerate(organisations), key=lambda pair: (-pair[1].weight, pair[1].number))[:daily]
        }
        self._daily = np.array([u.organisation in large for u in flows], dtype=bool)
        born = np.array([self._alive[u.organisation][0] for u in flows])
        gone = np.array([self._alive[u.organisation][1] for u in flows])
        self._first, self._last = np.maximum(self._first, born), np.minimum(self._last, gone)
        self.month_sums: dict[tuple[str, int, str], int] = {}

    def measured_on(self, day: date) -> list[Report]:
        """The reports for a day, including re-reports; adds to `month_sums`, which the first of a month empties."""
        if day.day == 1:
            self.month_sums = {}
        random = self._plan.random(Kind.MEASUREMENT, ordinal(day))
        reports = self._flow(day, random)
        reports += self._stock(day) if day.day == 1 else []
        reports += self._requests(day, random)
        return reports

    def _flow(self, day: date, random: np.random.Generator) -> list[Report]:
        number, history = ordinal(day), self._plan.is_history(day)
        ends_month = (day + timedelta(days=1)).day == 1
        if history and not ends_month:
            return []
        years = (day - self._plan.first_month).days / _DAYS_A_YEAR
        in_use = (self._first <= number) & (number < self._last)
        daily = self._daily & (not history)
        expected = np.where(in_use & daily, self._base, 0.0) * busyness(day)
        if ends_month:
            begin = day.replace(day=1)
            busy = np.array([busyness(begin + timedelta(days=i)) for i in range(day.day)])
            numbers = np.arange(ordinal(begin), number + 1)
            days_in_use = (self._first[:, None] <= numbers) & (numbers < self._last[:, None])
            expected += np.where(daily, 0.0, self._base) * (days_in_use @ busy)
        expected *= self._paces.on(day)[self._whose]
        quantities = random.poisson(expected * GROWTH_A_YEAR**years * self._season[:, day.month - 1])
        chances, lags = random.random(quantities.size), random.integers(3, 13, quantities.size)
        reports = []
        for i in np.flatnonzero(quantities).tolist():
            u, quantity, chance = self._flows[i], int(quantities[i]), float(chances[i])
            corrected = chance < _CORRECTED
            reported = quantity + 1 + quantity // 10 if corrected else quantity
            measure = FLOWS[u.service][0]
            for source, part in _by_source(u.service, reported):
                reports.append(self._report(u, measure, number, part, planted=chance > 1 - _DIRTY, source=source))
            for source, part in _by_source(u.service, quantity):
                if corrected:
                    lag = _LAG_OF_HISTORY if history else int(lags[i])
                    reports.append(self._report(u, measure, number, part, lag=lag, source=source))
                key = (u.service, u.organisation, source)
                self.month_sums[key] = self.month_sums.get(key, 0) + part
        return reports

    def _report(
        self,
        u: Uptake,
        measure: str,
        day: int,
        quantity: int,
        *,
        lag: int = 0,
        planted: bool = False,
        source: str = SOURCE,
    ) -> Report:
        arrival = day + 1 + lag
        return Report(
            arrival=arrival,
            service=u.service,
            measure=measure,
            day=day,
            organisation=u.organisation,
            account_id=None,
            quantity=Decimal(-1 if planted else quantity),
            system=self._mains[u.organisation],
            reported_at=arrival * DAY_US + 2 * HOUR_US,
            planted=planted,
            source=source,
        )

    def _stock(self, day: date) -> list[Report]:
        number = ordinal(day)
        arrival = ordinal(month_after(day, 1)) if self._plan.is_history(day) else number + 1
        return [
            Report(
                arrival, h.service, h.measure, number, h.organisation, h.account_id, Decimal(h.quantity), -1,
                arrival * DAY_US + 2 * HOUR_US,
            )
            for h in self._holdings
            if h.is_held(day) and self._alive[h.organisation][0] <= number < self._alive[h.organisation][1]
        ]  # fmt: skip

    def _requests(self, day: date, random: np.random.Generator) -> list[Report]:
        """Requests for support; of history, the month's on its last day."""
        number, busy = ordinal(day), busyness(day)
        if self._plan.is_history(day):
            if (day + timedelta(days=1)).day != 1:
                return []
            busy = sum(busyness(day.replace(day=n)) for n in range(1, day.day + 1))
        request_counts = random.poisson(_REQUESTS_A_DAY * busy, len(self._customers))
        return [
            self._report(u, "henvendelser", number, int(request_counts[i]))
            for i in np.flatnonzero(request_counts).tolist()
            if (u := self._customers[i]).annex <= day and self._organisations[u.organisation].is_valid(day)
        ]

    def table(self, reports: Sequence[Report]) -> pa.Table:
        """The reports as the stream's table, in the order given."""
        schema = streams.MEASUREMENT.schema
        systems = [self._systems[r.system] if r.system >= 0 else None for r in reports]
        columns = (
            [r.service for r in reports],
            [r.measure for r in reports],
            pa.array([r.day for r in reports], pa.int32()).cast(pa.date32()),
            [self._organisations[r.organisation].number for r in reports],
            [r.account_id for r in reports],
            [r.source for r in reports],
            [r.quantity for r in reports],
            [s.supplier_number if s else None for s in systems],
            [s.written if s else None for s in systems],
            pa.array([r.reported_at for r in reports], pa.int64()).cast(schema.field("reported_at").type),
        )
        arrays = [c if isinstance(c, pa.Array) else pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        return pa.table(arrays, schema=schema)
