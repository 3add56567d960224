"""All simulated traffic in order of arrival: registers, earlier history, then each day's data.

Memory is bounded by data in transit (a dozen days of records) and one month's sums, not by the plan's size.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.simulate import adoption
from assets.simulate.connections import connections
from assets.simulate.costs import Books
from assets.simulate.dispatches import Senders, Writer, sent_on
from assets.simulate.invoices import Biller, MonthOfUse, payers
from assets.simulate.measurements import Measurer, holdings
from assets.simulate.norwegian_year import busyness, day_of, ordinal, oslo_us
from assets.simulate.organisations import organisations
from assets.simulate.plan import Batch, Plan, month_after
from assets.simulate.prices import DISPATCHES_A_YEAR, Prices, price_rules
from assets.simulate.registers import register_batches
from assets.simulate.source_systems import source_systems
from assets.simulate.turnover import Turnover
from catalog.domain.pricing import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assets.simulate.connections import Connections
    from assets.simulate.dispatches import Records
    from assets.simulate.invoices import Line
    from assets.simulate.measurements import Report
    from catalog.domain.pricing import PriceRule

_VOLUME_OF = date(2025, 1, 1)
_GROWTH_A_YEAR = 1.07
_DAYS_A_YEAR = 365.25
_FINE = 1_000_000
_ADOPTION_DAY, _COST_DAY, _INVOICE_DAY = 2, 5, 12
_SETTLED = 45
"""Days after the period by which everything has arrived."""


def batches(plan: Plan) -> Iterator[Batch]:
    """Every batch of a plan, in order of arrival.

    Deterministic by plan. Registers come first; `dispatch` and `measurement` have one batch per arrival day; the others
    one per month, after its end. `plan.dispatches` different dispatches are sent, each with at least one record.
    """
    traffic = _Traffic(plan)
    for batch in traffic.all():
        if plan.until is None or batch.arrived_at < datetime.combine(plan.until, time.max, UTC):
            yield batch


def _weight(day: date) -> int:
    growth: float = _GROWTH_A_YEAR ** ((day - _VOLUME_OF).days / _DAYS_A_YEAR)
    return round(busyness(day) * growth * _FINE)


def dispatches_a_day(plan: Plan) -> dict[date, int]:
    """The number of dispatches created each day: by growth and the shape of the year, by largest remainder."""
    weights = {day: _weight(day) for day in plan.days()}
    total = sum(weights.values())
    counts = {day: plan.dispatches * w // total for day, w in weights.items()}
    rest = plan.dispatches - sum(counts.values())
    for day in sorted(weights, key=lambda d: (-(plan.dispatches * weights[d] % total), d))[:rest]:
        counts[day] += 1
    return counts


def demonstration(until: date, *, dispatches: int | None = None, months: int | None = None, seed: int = 1) -> Plan:
    """The plan of a demonstration as things stand on a day (see `Plan.demonstration`).

    Args:
        until: the day.
        dispatches: over the whole period; `DISPATCHES_A_YEAR`, growing, when not given.
        months: whole months; two whole calendar years and the months of this one, when not given.
        seed: of the plan.
    """
    if months is None:
        months = 2 * 12 + until.month - 1
    plan = Plan.demonstration(until, dispatches=dispatches or 0, months=months, seed=seed)
    return plan if dispatches is not None else replace(plan, dispatches=round(_usual(plan)))


def price_of_dispatch(plan: Plan) -> Decimal:
    """What a dispatch of SvarUt costs in a plan's last month, kroner: the fewer there are, the more."""
    rule = in_force(_rules(plan), "svarut-forsendelser", plan.last_month)
    return rule.amount if rule else Decimal(0)


def _rules(plan: Plan) -> tuple[PriceRule, ...]:
    return price_rules(plan, plan.dispatches / _usual(plan) * DISPATCHES_A_YEAR)


def _usual(plan: Plan) -> float:
    """The dispatches of a demonstration on the plan's days."""
    year = [_VOLUME_OF + timedelta(days=i) for i in range(365)]
    return DISPATCHES_A_YEAR * sum(map(_weight, plan.days())) / sum(map(_weight, year))


class _Traffic:
    """The state of one run: data in transit, and the sums of the month."""

    def __init__(self, plan: Plan) -> None:
        """Prepare the state; nothing is sent yet."""
        self.plan = plan
        self.organisations = organisations(plan)
        self.systems = source_systems(plan, self.organisations)
        self.uptakes = adoption.uptakes(plan, self.organisations, self.systems)
        through = connections(plan, self.organisations, self.systems, self.uptakes)
        all_holdings = holdings(plan, self.organisations, self.uptakes, through)
        self.payers = payers(plan, self.organisations)
        self.prices = Prices(_rules(plan))
        self.counts = dispatches_a_day(plan)
        turnover = Turnover(
            plan, self.organisations, self.uptakes, all_holdings, self.prices, self._svarut_a_month(through)
        )
        self.books = Books(plan, turnover, self.uptakes, self.prices)
        self.senders = Senders(through, len(self.organisations))
        self.writer = Writer(through, self.organisations, self.systems)
        self.measurer = Measurer(plan, self.organisations, self.uptakes, all_holdings, self.systems)
        self.biller = Biller(plan, self.organisations, self.uptakes, all_holdings, self.payers, self.prices)
        self.on_the_way: dict[int, list[Records]] = defaultdict(list)
        self.reports: dict[int, list[Report]] = defaultdict(list)
        self.month_lines: list[Line] = []

    def all(self) -> Iterator[Batch]:
        """Registers, then every day of the period and on until all has settled."""
        plan = self.plan
        yield from register_batches(plan, self.organisations, self.systems, self.payers, self.books, self.prices.rules)
        steps = adoption.events(plan, self.organisations, self.uptakes)
        yield from self._adoption(steps, date.min, plan.first_month, plan.first_month, hour=1)
        counts, sent_count = self.counts, 0
        billed = np.zeros((len(self.organisations), 3), np.int64)
        last = ordinal(plan.end) + _SETTLED
        for number in range(ordinal(plan.first_month), last):
            day = day_of(number)
            if day in counts:
                sent = sent_on(plan, self.senders, day, counts[day], sent_count)
                sent_count += counts[day]
                if day.day == 1:
                    billed = np.zeros_like(billed)
                billed += sent.billed
                self._post(sent.records)
                for report in self.measurer.measured_on(day):
                    self.reports[report.arrival].append(report)
                if (day + timedelta(days=1)).day == 1:
                    use = MonthOfUse(day.replace(day=1), billed, self.measurer.month_sums)
                    self.month_lines = self.biller.bill(use)
            yield from self._of_day(day, steps)

    def _svarut_a_month(self, through: Connections) -> dict[date, int]:
        """The dispatches of SvarUt expected in each whole month."""
        expected: dict[date, int] = defaultdict(int)
        for day, n in self.counts.items():
            expected[day.replace(day=1)] += n
        svarut = through.service == 0
        share = {}
        for month in expected:
            carried = np.diff(through.carried(month), prepend=0)
            share[month] = int(carried[svarut].sum()) / int(carried.sum())
        return {month: round(n * share[month]) for month, n in expected.items()}

    def _post(self, records: Records) -> None:
        """File records under their arrival day."""
        rows = records[np.argsort(records["arrival"], kind="stable")]
        arrivals, begins = np.unique(rows["arrival"], return_index=True)
        for arrival, part in zip(arrivals.tolist(), np.split(rows, begins[1:]), strict=False):
            # A copy, so that the rest of the day's array is freed as its records arrive.
            self.on_the_way[arrival].append(part.copy())

    def _of_day(self, day: date, steps: pa.Table) -> Iterator[Batch]:
        """The batches that arrive on a day, by hour."""
        number = ordinal(day)
        if parts := self.on_the_way.pop(number, None):
            records = np.concatenate(parts)
            planted = int(records["planted"].sum())
            yield Batch("dispatch", f"dispatch-{day}", _at(day, 3), self.writer.table(records), planted)
        if reports := self.reports.pop(number, None):
            planted = sum(r.planted for r in reports)
            yield Batch("measurement", f"measurement-{day}", _at(day, 4), self.measurer.table(reports), planted)
        month = month_after(day.replace(day=1), -1)
        if self.plan.running and day == self.plan.until:
            yield from self._adoption(steps, day.replace(day=1), day, day)
        if not self.plan.first_month <= month <= self.plan.last_month:
            return
        if day.day == _ADOPTION_DAY:
            yield from self._adoption(steps, month, month_after(month, 1), day)
        if day == self._comes_on(month, _COST_DAY):
            yield Batch("cost_entry", f"cost_entry-{month:%Y-%m}", _at(day, 7), self.books.costs(month))
        if day == self._comes_on(month, _INVOICE_DAY):
            yield from self._money(month, day, self.month_lines)

    def _comes_on(self, month: date, day_of_month: int) -> date:
        """The day after a month when something arrives; where the running month is seen, no later than that."""
        due = month_after(month, 1).replace(day=day_of_month)
        return min(due, self.plan.until) if self.plan.running and self.plan.until else due

    def _money(self, month: date, day: date, lines: Sequence[Line]) -> Iterator[Batch]:
        if lines:
            planted = sum(line.off_by != 0 for line in lines)
            yield Batch("invoice_line", f"invoice_line-{month:%Y-%m}", _at(day, 8), self.biller.table(lines), planted)
        loans = self.books.loans(month, lines, self.organisations)
        if loans.num_rows:
            yield Batch("loan_entry", f"loan_entry-{month:%Y-%m}", _at(day, 9), loans)

    def _adoption(self, steps: pa.Table, begin: date, end: date, day: date, *, hour: int = 6) -> Iterator[Batch]:
        """The steps from one day to another, if any."""
        at = steps["occurred_at"].cast(pa.int64())
        is_in = pc.less(at, oslo_us(end))
        if begin > date.min:
            is_in = pc.and_(is_in, pc.greater_equal(at, oslo_us(begin)))
        rows = steps.filter(is_in)
        if rows.num_rows:
            name = f"adoption-{begin:%Y-%m}" if begin > date.min else f"adoption-before-{end:%Y-%m}"
            yield Batch("adoption", name, _at(day, hour), rows)


def _at(day: date, hour: int) -> datetime:
    """The time when a nightly job ends, half past an hour, UTC."""
    return datetime.combine(day, time(hour, 30), UTC)
