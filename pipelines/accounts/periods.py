"""Quarters that no longer change once they are closed: their state, what closing fixes, and the register of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from assets import closing, trace
from catalog.contracts.scan import Query
from catalog.domain import calendar
from catalog.errors import UnknownName, WrongUse
from catalog.tables import conformed
from catalog.tables import ledger as contracts
from catalog.tables import registers as register_contracts
from catalog.tables.datasets import DATASETS
from catalog.tables.projects import LOAN_MONTH
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import STREAMS
from pipelines.accounts.ledgers import Ledgers, Row
from transport.base.settings import Settings
from transport.ingest import registers
from transport.releases import dataset_reader
from transport.releases.store import Release
from transport.storage.landing import utc_now

_COUNT = "count(*) as rows, coalesce(sum(abs(difference_ore)), 0)::bigint as ore"
_TO_SETTLE = {
    "joining_fees_differing": (contracts.JOINING_FEE_GAP, "period between $first and $last"),
    "reconciliations_open": (
        DATASETS.get("ledger.reconciliation"),
        "status = 'OPEN' and not awaits_invoice and difference_ore <> 0 and month between $first and $last",
    ),
}
"""What is not settled in the months of a closing: the dataset, and which of its rows."""
_SUMMED = (*contracts.EARNED, "COST", "PROJECT")
"""The accounts whose sum is meaningful: allocated cost sums to zero, and loans are drawn and repaid."""
_OPEN: Mapping[str, Any] = {
    "status": "OPEN",
    "changed_at": None,
    "later_entries": 0,
    "later_ore": 0,
    "synthetic": False,
}


class Periods(Ledgers):
    """The quarters of a release, and the register of periods as it is now."""

    @classmethod
    def of(cls, settings: Settings, release: Release) -> Periods:
        """The quarters of a release of the home.

        Raises:
            WrongUse: the release is from before periods could be closed.
        """
        if not dataset_reader.has(release, contracts.PERIOD):
            raise WrongUse(f"Release {release.name} is older than {contracts.PERIOD.name}.", "Make a new one: dif run.")
        return super().of(settings, release)

    @cached_property
    def quarters(self) -> dict[str, Row]:
        """The state of each quarter in the release, in order."""
        rows = self.rows(dataset_reader.scan(self.release, contracts.PERIOD))
        return {r["quarter"]: r for r in sorted(rows, key=lambda r: str(r["quarter"]))}

    @cached_property
    def register(self) -> dict[str, Row]:
        """The rows of the register in force, even if no run has taken them in."""
        return {r["quarter"]: r for r in registers.latest(self.run.landing, register_contracts.PERIOD).to_pylist()}

    @property
    def closed(self) -> list[str]:
        """The closed quarters, in order."""
        return sorted(q for q, r in self.register.items() if r["status"] == "CLOSED")

    @property
    def all_quarters(self) -> list[str]:
        """Every quarter of the release or the register, in order."""
        return sorted({*self.quarters, *self.register})

    def state(self, quarter: str) -> Mapping[str, Any]:
        """A quarter's current row: a closing also closes all earlier quarters that are still open (`ledger.period`)."""
        closed_by = next((q for q in self.closed if q >= quarter), quarter)
        return self.register.get(closed_by, _OPEN)

    def is_open(self, quarter: str) -> bool:
        """Whether the quarter is not closed."""
        return bool(self.state(quarter)["status"] != "CLOSED")

    def is_in_release(self, quarter: str) -> bool:
        """Whether the release has the quarter's current state in the register."""
        latest, of_release = self.state(quarter), self.quarters.get(quarter, _OPEN)
        return all(latest[k] == of_release[k] for k in ("status", "changed_at"))


def listed(periods: Periods) -> list[Row]:
    """Each quarter: its status, by which function, when, in which release, and what came after it was closed."""
    rows = []
    for quarter in periods.all_quarters:
        of_release, current = periods.quarters.get(quarter, _OPEN), periods.state(quarter)
        rows.append(
            {
                "quarter": quarter,
                "status": current["status"],
                "by": current.get("closed_by"),
                "changed_at": _moment(current.get("changed_at")),
                "release": current.get("release"),
                "reason": current.get("reason"),
                "later_entries": of_release["later_entries"],
                "later_ore": of_release["later_ore"],
                "in_release": periods.is_in_release(quarter),
                "synthetic": of_release["synthetic"],
            }
        )
    return rows


def booked_later(periods: Periods, quarter: str) -> list[Row]:
    """The entries of a quarter that are booked in a later period, the largest first."""
    first, _, last = calendar.months_of_quarter(quarter)
    sql = (
        "select source_stream, producer, source_key, original_period, period, service, project, account, category, "
        "amount_ore, synthetic from entry where original_period between $first and $last and period > $last "
        "order by abs(amount_ore) desc, source_stream, producer, source_key, account, service"
    )
    return periods.rows(Query(sql, {"entry": periods.entry}, {"first": first, "last": last}))


class Closing:
    """What closing a quarter fixes, with the earlier quarters that it also closes.

    Attributes:
        quarters: those that are closed, in order.
        amounts: the rows of the register of closed amounts.
        facts: what a person should check first: kroner by account, and what is not settled yet.
    """

    def __init__(self, periods: Periods, quarter: str, *, earlier: bool) -> None:
        """Work out a closing; nothing is closed yet.

        Raises:
            WrongUse: the quarter cannot be closed, or the release is older than what closing needs.
            UnknownName: the release has no entries of the quarter.
        """
        self._periods = periods
        before = [q for q in periods.quarters if q < quarter and periods.is_open(q)]
        _check_may_be_closed(periods, quarter, before=() if earlier else before)
        self.quarters = [*before, quarter]
        release = periods.release
        if younger := dataset_reader.missing_columns(release, contracts.ENTRY):
            raise WrongUse(
                f"Release {release.name} has no {', '.join(younger)} in {contracts.ENTRY.name}: it is older.",
                f"Make a release that has it, then close: dif run; dif period close {quarter}.",
            )
        self._first = calendar.months_of_quarter(self.quarters[0])[0]
        self._last = calendar.months_of_quarter(quarter)[-1]
        self.amounts = periods.rows(closing.amounts(periods.entry, self._first, self._last))
        if not any(a["quarter"] == quarter for a in self.amounts):
            choices = [q for q in periods.quarters if periods.is_open(q)]
            raise UnknownName(f"quarter with entries in release {release.name}:", quarter, choices=choices)
        self.facts = self._facts()

    def _ore(self, *accounts: str, **where: object) -> int:
        rows = (a for a in self.amounts if a["account"] in accounts and all(a[k] == v for k, v in where.items()))
        return sum(a["amount_ore"] for a in rows)

    def _facts(self) -> dict[str, Any]:
        periods, ore, months = self._periods, self._ore, {"first": self._first, "last": self._last}
        landing = periods.run.landing
        waiting = [
            e
            for e in landing.entries
            if e.number > periods.last_line and e.stream in contracts.LEDGER_STREAMS and landing.withdrawal(e) is None
        ]
        through = periods.release.manifest.get("through_month")
        loans = periods.dataset(LOAN_MONTH, "month = $month", month=self._last)
        has_loans = dataset_reader.has(periods.release, LOAN_MONTH)
        facts: dict[str, Any] = {
            "quarters": self.quarters,
            "release": periods.release.name,
            "accounts_ore": {a: ore(a) for a in _SUMMED if any(r["account"] == a for r in self.amounts)},
            "result_ore": ore(*contracts.EARNED) - ore("COST"),
            "loans_ore": {
                "drawn": ore("LOAN", category="DRAWDOWN"),
                "repaid": -ore("LOAN", category="REPAYMENT"),
                "joining_fees": ore(contracts.JOINING_FEE_RECEIVABLE)
                - ore(contracts.JOINING_FEE_RECEIVABLE, category=contracts.REPAID_BY_FEE),
                "written_off": -ore("LOAN", category="WRITE_OFF"),
                "beyond_the_loan": ore(contracts.LOAN_EXCESS),
                "balance": sum(r["balance_ore"] for r in loans) if has_loans else None,
            },
            "cost_without_category_ore": ore("COST", category=None),
            "cost_of_no_service_ore": ore("COST", "ALLOCATED_COST", service=None),
            **{f"{name}{of}": None for name in _TO_SETTLE for of in ("", "_ore")},
            "batches_after_release": len(waiting),
            "set_aside": self._set_aside(),
            "loans_negative": [_loan(r) for r in loans if r["negative_balance"]],
            "loans_overdrawn": [_loan(r) for r in loans if r["overdrawn"]],
            "measured_through": through,
            "measured_to_the_end": through is not None and str(through) >= self._last.isoformat(),
            "synthetic": any(a["synthetic"] for a in self.amounts),
        }
        for name, (contract, condition) in _TO_SETTLE.items():
            for total in periods.dataset(contract, condition, _COUNT, **months):
                facts |= {name: total["rows"], f"{name}_ore": total["ore"]}
        lines = periods.run.lake.scan(conformed.INVOICE_LINE)
        (total,) = periods.rows(closing.correcting_nothing(lines, self._first, self._last))
        facts |= {"corrections_of_nothing": total["rows"], "corrections_of_nothing_ore": total["ore"]}
        (twice,) = periods.rows(closing.billed_twice(lines, self._first, self._last))
        numbers = list(twice["numbers"])
        return facts | {
            "billed_twice": len(numbers),
            "billed_twice_ore": twice["ore"],
            "billed_twice_invoices": numbers,
        }

    def _set_aside(self) -> dict[str, dict[str, int]]:
        """Per ledger stream: records of the months that are set aside and in no ledger, as of the last run."""
        by_stream: dict[str, dict[str, int]] = {}
        for name in contracts.LEDGER_STREAMS:
            stream = STREAMS[name]
            aside = trace.set_aside(stream, self._periods.run.lake.scan(quarantine_of(stream)))
            (row,) = self._periods.rows(closing.missing(aside, self._periods.entry, self._first, self._last))
            by_stream[name] = {k: int(v) for k, v in row.items()}
        return by_stream

    def close(self, *, by: str, reason: str) -> None:
        """Land the amounts, then the closing that puts them in force; the caller holds the lock."""
        periods, now = self._periods, utc_now()
        received = [
            e.received_at
            for e in periods.run.landing.entries
            if e.number <= periods.last_line and e.stream in contracts.LEDGER_STREAMS
        ]
        why = f"{', '.join(self.quarters)} lukket. {reason}".strip()
        amounts_of = register_contracts.CLOSED_AMOUNT
        registers.check_rules(periods.settings, amounts_of, self.amounts)
        registers.apply(periods.run.landing, amounts_of, self.amounts, by=by, reason=why, now=now)
        row = {"status": "CLOSED", "counted_until": max(received, default=None), "reason": reason or None}
        _land(periods, self.quarters, row, by=by, why=why, now=now)


def reopen(periods: Periods, quarter: str, *, by: str, reason: str) -> Row:
    """Open the quarter that was closed last; the caller holds the lock.

    Returns:
        The row of the register.

    Raises:
        WrongUse: the quarter is not closed, or a later one is.
    """
    closed = periods.closed
    if quarter not in closed:
        raise WrongUse(f"{quarter} is not closed.", f"Closed quarters: {', '.join(closed) or 'none'}.")
    if quarter != closed[-1]:
        raise WrongUse(
            f"{closed[-1]} is a later closed quarter and has what was booked forward from {quarter}.",
            f"Reopen the last one first: dif period reopen {closed[-1]}.",
        )
    row = {"status": "REOPENED", "counted_until": None, "reason": reason}
    (landed,) = _land(periods, [quarter], row, by=by, why=f"{quarter} gjenåpnet. {reason}", now=utc_now())
    return landed


def _land(
    periods: Periods, quarters: Sequence[str], row: Mapping[str, object], *, by: str, why: str, now: datetime
) -> list[Row]:
    """Land the register of periods, with a row for each of these quarters in place of those it had."""
    rows = [
        {
            "quarter": quarter,
            "status": row["status"],
            "closed_by": by,
            "release": periods.release.name,
            "changed_at": now,
            "counted_until": row["counted_until"],
            "reason": row["reason"],
        }
        for quarter in quarters
    ]
    by_quarter = periods.register | {str(r["quarter"]): r for r in rows}
    whole = [row for _, row in sorted(by_quarter.items())]
    registers.check_rules(periods.settings, register_contracts.PERIOD, whole)
    registers.apply(periods.run.landing, register_contracts.PERIOD, whole, by=by, reason=why, now=now)
    return rows


def _loan(row: Row) -> Row:
    return {k: row[k] for k in ("project", "granted_ore", "drawn_to_date_ore", "balance_ore")}


def _check_may_be_closed(periods: Periods, quarter: str, *, before: Sequence[str]) -> None:
    """Refuse a quarter that cannot be closed, and say what to do.

    Raises:
        WrongUse: it is closed, not over, not the next, or quarters were closed or opened after the release was made.
    """
    release, closed = periods.release.name, periods.closed
    row = periods.register.get(quarter, _OPEN)
    if row["status"] == "CLOSED":
        raise WrongUse(
            f"{quarter} was closed by {row['closed_by']} at {_moment(row['changed_at'])} (release {row['release']}).",
            f'To close it again: dif period reopen {quarter} --by … --reason "…", dif run, then close it.',
        )
    # only a closing based on this very release leaves its figures unchanged
    other = [q for q in periods.all_quarters if not periods.is_in_release(q)]
    if stale := [q for q in other if periods.is_open(q) or periods.state(q)["release"] != release]:
        raise WrongUse(
            f"Closed or opened after release {release} was made: {', '.join(stale)}.",
            f"Make a release that has the change, then close: dif run; dif period close {quarter}.",
        )
    first_day_after = calendar.next_month(calendar.months_of_quarter(quarter)[-1])
    known_until = calendar.day_in_oslo(datetime.fromisoformat(str(periods.release.manifest["as_of"])))
    if known_until < first_day_after:
        raise WrongUse(
            f"{quarter} is not over in release {release}, which knows the days up to {known_until}.",
            f"Close it on {first_day_after} or later, after a dif run on that day.",
        )
    if closed and closed[-1] > quarter:
        raise WrongUse(
            f"{closed[-1]} comes after {quarter} and is already closed.",
            f'Quarters are closed in order: dif period reopen {closed[-1]} --by … --reason "…" first.',
        )
    if before:
        listed = ", ".join(before[:4]) + (" …" if len(before) > 4 else "")  # noqa: PLR2004 - what fits
        raise WrongUse(
            f"{listed} {'is' if len(before) == 1 else 'are'} still open.",
            f"Quarters are closed in order: dif period close {before[0]} first, or all of them with --earlier.",
        )


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
