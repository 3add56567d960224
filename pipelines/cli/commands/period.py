"""`dif period list, show, close, reopen`: quarters that do not move once they are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from assets import closing, trace
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables import conformed
from catalog.tables import ledger as contracts
from catalog.tables import registers as register_contracts
from catalog.tables.datasets import DATASETS
from catalog.tables.projects import LOAN_MONTH
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import LOAN_KINDS, STREAMS
from pipelines.cli.commands import screen
from pipelines.cli.commands.screen import kroner
from pipelines.run.context import RunContext
from pipelines.run.steps import start
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import registers
from transport.lake.session import Session
from transport.releases import dataset_reader
from transport.releases.store import Release, Releases
from transport.storage import landing

_RECONCILIATION = "ledger.reconciliation"
_FEES_DIFFERING = (
    "select count(*) as rows, coalesce(sum(abs(difference_ore)), 0)::bigint as ore from told "
    "where period between $first and $last"
)
_OPEN_ROWS = (
    "select count(*) as rows, coalesce(sum(abs(difference_ore)), 0)::bigint as ore from told "
    "where status = 'OPEN' and not awaits_invoice and difference_ore <> 0 and month between $first and $last"
)
_SHOWN = 40
_SUMMED = ("INCOME", "JOINING_FEE_EXCESS", "COST", "PROJECT")
"""The accounts whose sum is meaningful: allocated cost sums to zero, and loans are drawn and repaid."""
_OF_RESULT = {"INCOME": "Income", "JOINING_FEE_EXCESS": "Joining fees beyond the loan", "COST": "Cost"}
_NAMED = {**_OF_RESULT, "PROJECT": "Development in projects"}
_OF_LOANS = {
    "drawn": "Loans drawn",
    "repaid": "Loans repaid",
    "joining_fees": "Joining fees billed, repaid by entries of their own",
    "written_off": "Loans written off",
    "balance": "Loans, balance at the end",
}
_CALLED = {
    "invoice_line": ("invoice line is", "invoice lines are"),
    "cost_entry": ("cost entry is", "cost entries are"),
    "loan_entry": ("loan entry is", "loan entries are"),
}
_OPEN: Mapping[str, Any] = {
    "status": "OPEN",
    "changed_at": None,
    "later_entries": 0,
    "later_ore": 0,
    "synthetic": False,
}


@dataclass
class _Books:
    """The current release, and the register of periods as it is now."""

    settings: Settings
    release: Release
    run: RunContext

    @classmethod
    def opened(cls, settings: Settings) -> _Books:
        """Open the current release.

        Raises:
            WrongUse: there is none, or it is from before periods could be closed.
        """
        release = Releases(settings).current()
        if release is None:
            raise WrongUse("There is no release yet, so there are no periods.", "Make one: dif run.")
        if not dataset_reader.has(release, contracts.PERIOD):
            raise WrongUse(f"Release {release.name} is older than {contracts.PERIOD.name}.", "Make a new one: dif run.")
        return cls(settings, release, start(settings, landing.utc_now()))

    def rows(self, scan: Scan) -> list[dict[str, Any]]:
        with Session(self.settings) as session:
            rows: list[dict[str, Any]] = session.table(scan).to_pylist()
        return rows

    @property
    def entry(self) -> Scan:
        """The entries of the release."""
        return dataset_reader.scan(self.release, contracts.ENTRY)

    @cached_property
    def quarters(self) -> dict[str, dict[str, Any]]:
        """The state of each quarter in the release, in order."""
        rows = self.rows(dataset_reader.scan(self.release, contracts.PERIOD))
        return {r["quarter"]: r for r in sorted(rows, key=lambda r: str(r["quarter"]))}

    @cached_property
    def register(self) -> dict[str, dict[str, Any]]:
        """The rows of the register in force, even if no run has taken them in."""
        return {r["quarter"]: r for r in registers.latest(self.run.landing, register_contracts.PERIOD).to_pylist()}

    @property
    def closed(self) -> list[str]:
        return sorted(q for q, r in self.register.items() if r["status"] == "CLOSED")

    def stands(self, quarter: str) -> Mapping[str, Any]:
        """A quarter's current row: a closing also closes all earlier quarters that are still open (`ledger.period`)."""
        shut_by = next((q for q in self.closed if q >= quarter), quarter)
        return self.register.get(shut_by, _OPEN)

    def is_taken_in(self, quarter: str) -> bool:
        """Whether the release has the quarter's current state in the register."""
        latest_row, seen = self.stands(quarter), self.quarters.get(quarter, _OPEN)
        return (latest_row["status"], latest_row["changed_at"]) == (seen["status"], seen["changed_at"])

    @property
    def journal(self) -> int:
        """The last line of the journal that the release saw."""
        made_of = self.release.manifest.get("made_of")
        return int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0


def list_periods(*, json: bool = False) -> int:
    """Each quarter: its status, by which function, when, in which release, and what came after it was closed.

    Args:
        json: for a program.
    """
    books = _Books.opened(load())
    rows = []
    for quarter in sorted({*books.quarters, *books.register}):
        seen, current = books.quarters.get(quarter, _OPEN), books.stands(quarter)
        rows.append(
            {
                "quarter": quarter,
                "status": current["status"],
                "by": current.get("closed_by"),
                "changed_at": _moment(current.get("changed_at")),
                "release": current.get("release"),
                "reason": current.get("reason"),
                "later_entries": seen["later_entries"],
                "later_ore": seen["later_ore"],
                "in_release": books.is_taken_in(quarter),
                "synthetic": seen["synthetic"],
            }
        )
    if json:
        screen.as_json(rows)
        return 0
    shown = [
        {
            **{k: r[k] for k in ("quarter", "status", "by", "changed_at", "release", "later_entries")},
            "later result, kr": kroner(r["later_ore"]),
            "": ", ".join(w for w, is_so in (("dif run", not r["in_release"]), ("syntetisk", r["synthetic"])) if is_so),
        }
        for r in rows
    ]
    screen.table(shown, empty="No quarter has an entry yet.")
    if any(not r["in_release"] for r in rows):
        screen.out("dif run: the next run makes a release with these changes.")
    return 0


def show(quarter: str, /, *, limit: int = _SHOWN, json: bool = False) -> int:
    """The entries of a quarter that are booked in a later period, the largest first.

    Args:
        quarter: such as 2026-Q3.
        limit: at most this many, for a person; --json has them all.
        json: for a program.
    """
    months = _months(quarter)
    if limit < 1:
        raise BadOption("--limit", limit, "a number of at least 1")
    books = _Books.opened(load())
    sql = (
        "select source_stream, producer, source_key, original_period, period, service, project, account, category, "
        "amount_ore, synthetic from entry where original_period between $first and $last and period > $last "
        "order by abs(amount_ore) desc, source_stream, producer, source_key, account, service"
    )
    rows = books.rows(Query(sql, {"entry": books.entry}, {"first": months[0], "last": months[-1]}))
    if json:
        screen.as_json(rows)
        return 0
    screen.table(
        [
            {
                "entry": f"{r['source_stream']}/{r['source_key']}",
                "of": f"{r['original_period']:%Y-%m}",
                "booked in": f"{r['period']:%Y-%m}",
                **{k: r[k] for k in ("service", "project", "account", "category")},
                "kr": kroner(r["amount_ore"]),
                "": "syntetisk" if r["synthetic"] else "",
            }
            for r in rows[:limit]
        ],
        empty=f"Nothing of {quarter} is booked in a later period in {books.release.name}.",
    )
    if len(rows) > limit:
        screen.out(f"… and {len(rows) - limit} more; --limit or --json.")
    return 0


def close(
    quarter: str, /, *, by: str, reason: str = "", earlier: bool = False, yes: bool = False, json: bool = False
) -> int:
    """Close a quarter: what comes later is booked in the first open month. Without --yes it only shows what it closes.

    Args:
        quarter: such as 2026-Q3.
        by: the function that closes it, not a person's name.
        reason: a note for the history.
        earlier: also close every earlier quarter that is still open, as when the ledger begins.
        yes: close it.
        json: for a program.
    """
    _months(quarter)
    _given("--by", by, "the function that closes it, such as økonomi")
    settings = load()
    with atomic_files.locked(settings.home) if yes else nullcontext():
        books = _Books.opened(settings)
        before = _open_before(books, quarter)
        _see_that_it_may_be_closed(books, quarter, before=() if earlier else before)
        quarters = [*before, quarter]
        if younger := dataset_reader.younger_columns(books.release, contracts.ENTRY):
            raise WrongUse(
                f"Release {books.release.name} has no {', '.join(younger)} in {contracts.ENTRY.name}: it is older.",
                f"Make a release that has it, then close: dif run; dif period close {quarter}.",
            )
        months = _months(quarters[0])[0], _months(quarter)[-1]
        amounts = books.rows(closing.amounts(books.entry, *months))
        if not any(a["quarter"] == quarter for a in amounts):
            open_quarters = [q for q in books.quarters if books.stands(q)["status"] != "CLOSED"]
            raise UnknownName(f"quarter with entries in release {books.release.name}:", quarter, choices=open_quarters)
        facts = _what_is_closed(books, quarters, amounts)
        if yes:
            _close(books, quarters, amounts, by=by.strip(), reason=reason.strip())
    if json:
        screen.as_json(facts | {"closed": yes})
        return 0
    _tell(facts)
    if yes:
        verb = "are" if before else "is"
        screen.out(f"{', '.join(quarters)} {verb} closed by {by.strip()}, as in {books.release.name}. Now: dif run.")
        screen.out(f'To undo: dif period reopen {quarter} --by {by.strip()} --reason "…".')
    else:
        screen.out("Nothing was closed. To close it, run the same command with --yes.")
    return 0


def reopen(quarter: str, /, *, by: str, reason: str, json: bool = False) -> int:
    """Open the quarter that was closed last: from the next run on, what came later is booked in its own month again.

    Args:
        quarter: such as 2026-Q3.
        by: the function that opens it, not a person's name.
        reason: why, for the history.
        json: for a program.
    """
    _months(quarter)
    _given("--by", by, "the function that opens it, such as økonomi")
    _given("--reason", reason, "a reason, for the history")
    settings = load()
    with atomic_files.locked(settings.home):
        books = _Books.opened(settings)
        if quarter not in books.closed:
            raise WrongUse(f"{quarter} is not closed.", f"Closed quarters: {', '.join(books.closed) or 'none'}.")
        if quarter != books.closed[-1]:
            raise WrongUse(
                f"{books.closed[-1]} is a later closed quarter and has what was booked forward from {quarter}.",
                f"Reopen the last one first: dif period reopen {books.closed[-1]}.",
            )
        now = landing.utc_now()
        row = {
            "quarter": quarter,
            "status": "REOPENED",
            "closed_by": by.strip(),
            "release": books.release.name,
            "changed_at": now,
            "counted_until": None,
            "reason": reason.strip(),
        }
        _land_period(books, [row], by=by.strip(), why=f"{quarter} gjenåpnet. {reason.strip()}", now=now)
    if json:
        screen.as_json(row)
    else:
        screen.out(f"{quarter} is open again. Now: dif run. To close it again: dif period close {quarter}.")
    return 0


def _open_before(books: _Books, quarter: str) -> list[str]:
    """The open quarters with entries before `quarter`, in order."""
    return [q for q in books.quarters if q < quarter and books.stands(q)["status"] != "CLOSED"]


def _see_that_it_may_be_closed(books: _Books, quarter: str, *, before: Sequence[str]) -> None:
    """Refuse a quarter that cannot be closed, and say what to do.

    Raises:
        WrongUse: it is closed, not over, not the next, or quarters were closed or opened after the release was made.
    """
    release = books.release.name
    row = books.register.get(quarter, _OPEN)
    if row["status"] == "CLOSED":
        raise WrongUse(
            f"{quarter} was closed by {row['closed_by']} at {_moment(row['changed_at'])} (release {row['release']}).",
            f'To close it again: dif period reopen {quarter} --by … --reason "…", dif run, then close it.',
        )
    # only a closing based on this very release leaves its figures unchanged
    other = [q for q in sorted({*books.quarters, *books.register}) if not books.is_taken_in(q)]
    stale = [q for q in other if (s := books.stands(q))["status"] != "CLOSED" or s["release"] != release]
    if stale:
        raise WrongUse(
            f"Closed or opened after release {release} was made: {', '.join(stale)}.",
            f"Make a release that has the change, then close: dif run; dif period close {quarter}.",
        )
    first_day_after = calendar.next_month(_months(quarter)[-1])
    known_until = calendar.day_in_oslo(datetime.fromisoformat(str(books.release.manifest["as_of"])))
    if known_until < first_day_after:
        raise WrongUse(
            f"{quarter} is not over in release {release}, which knows the days up to {known_until}.",
            f"Close it on {first_day_after} or later, after a dif run on that day.",
        )
    if books.closed and books.closed[-1] > quarter:
        raise WrongUse(
            f"{books.closed[-1]} comes after {quarter} and is already closed.",
            f'Quarters are closed in order: dif period reopen {books.closed[-1]} --by … --reason "…" first.',
        )
    if before:
        listed = ", ".join(before[:4]) + (" …" if len(before) > 4 else "")  # noqa: PLR2004 - what fits
        raise WrongUse(
            f"{listed} {'is' if len(before) == 1 else 'are'} still open.",
            f"Quarters are closed in order: dif period close {before[0]} first, or all of them with --earlier.",
        )


def _what_is_closed(books: _Books, quarters: Sequence[str], amounts: list[dict[str, Any]]) -> dict[str, Any]:
    """What a person should check before closing: kroner by account, and what is not settled yet."""
    first, last = _months(quarters[0])[0], _months(quarters[-1])[-1]

    def ore(*accounts: str, **where: object) -> int:
        mine = (a for a in amounts if a["account"] in accounts and all(a[k] == v for k, v in where.items()))
        return sum(a["amount_ore"] for a in mine)

    waiting = [
        e
        for e in books.run.landing.entries
        if e.number > books.journal and e.stream in contracts.LEDGER_STREAMS and books.run.landing.withdrawal(e) is None
    ]
    through = books.release.manifest.get("through_month")
    facts: dict[str, Any] = {
        "quarters": list(quarters),
        "release": books.release.name,
        "accounts_ore": {a: ore(a) for a in _SUMMED if any(r["account"] == a for r in amounts)},
        "result_ore": ore("INCOME", "JOINING_FEE_EXCESS") - ore("COST"),
        "loans_ore": {
            "drawn": ore("LOAN", category="DRAWDOWN"),
            "repaid": -ore("LOAN", category="REPAYMENT"),
            "joining_fees": sum(ore("LOAN", category=k) for k in (*LOAN_KINDS, contracts.REPAID_BY_FEE)) - ore("LOAN"),
            "written_off": -ore("LOAN", category="WRITE_OFF"),
            "balance": _balance(books, last),
        },
        "cost_without_category_ore": ore("COST", category=None),
        "cost_of_no_service_ore": ore("COST", "ALLOCATED_COST", service=None),
        "joining_fees_differing": None,
        "joining_fees_differing_ore": None,
        "reconciliations_open": None,
        "reconciliations_open_ore": None,
        "batches_after_release": len(waiting),
        "set_aside": _set_aside(books, first, last),
        **_loans_to_look_at(books, last),
        "measured_through": through,
        "measured_to_the_end": through is not None and str(through) >= last.isoformat(),
        "synthetic": any(a["synthetic"] for a in amounts),
    }
    for text, contract, sql in (
        ("joining_fees_differing", contracts.JOINING_FEE_GAP, _FEES_DIFFERING),
        ("reconciliations_open", DATASETS.get(_RECONCILIATION), _OPEN_ROWS),
    ):
        if contract is not None and dataset_reader.has(books.release, contract):
            scan = dataset_reader.scan(books.release, contract)
            (totals,) = books.rows(Query(sql, {"told": scan}, {"first": first, "last": last}))
            facts |= {text: totals["rows"], f"{text}_ore": totals["ore"]}
    lines = books.run.lake.scan(conformed.INVOICE_LINE)
    (totals,) = books.rows(closing.correcting_nothing(lines, first, last))
    return facts | {"corrections_of_nothing": totals["rows"], "corrections_of_nothing_ore": totals["ore"]}


def _set_aside(books: _Books, first: date, last: date) -> dict[str, dict[str, int]]:
    """Per ledger stream: records of the months that are set aside and in no ledger, as of the last run."""
    by_stream: dict[str, dict[str, int]] = {}
    for name in contracts.LEDGER_STREAMS:
        stream = STREAMS[name]
        kept = trace.set_aside(stream, books.run.lake.scan(quarantine_of(stream)))
        (row,) = books.rows(closing.missing(kept, books.entry, first, last))
        by_stream[name] = {k: int(v) for k, v in row.items()}
    return by_stream


def _balance(books: _Books, month: date) -> int | None:
    """The balance of all loans after a month, in øre; None if the release does not have it."""
    if not dataset_reader.has(books.release, LOAN_MONTH):
        return None
    sql = "select coalesce(sum(balance_ore), 0)::bigint as ore from loan where month = $month"
    (total,) = books.rows(Query(sql, {"loan": dataset_reader.scan(books.release, LOAN_MONTH)}, {"month": month}))
    return int(total["ore"])


def _loans_to_look_at(books: _Books, month: date) -> dict[str, list[dict[str, Any]]]:
    """Loans that, by the month, are repaid beyond what was drawn or drawn beyond what was granted."""
    if not dataset_reader.has(books.release, LOAN_MONTH):
        return {"loans_negative": [], "loans_overdrawn": []}
    sql = (
        "select project, granted_ore, drawn_to_date_ore, balance_ore, negative_balance, overdrawn from loan "
        "where month = $month and (negative_balance or overdrawn) order by project"
    )
    rows = books.rows(Query(sql, {"loan": dataset_reader.scan(books.release, LOAN_MONTH)}, {"month": month}))
    flags = ("negative_balance", "overdrawn")
    negative, overdrawn = ([{k: r[k] for k in r if k not in flags} for r in rows if r[flag]] for flag in flags)
    return {"loans_negative": negative, "loans_overdrawn": overdrawn}


def _tell(facts: Mapping[str, Any]) -> None:
    made_up = " (synthetic)" if facts["synthetic"] else ""
    screen.out(f"{', '.join(facts['quarters'])} in release {facts['release']}{made_up}:")
    accounts, loans = facts["accounts_ore"], facts["loans_ore"]
    shown = {_NAMED[a]: accounts[a] for a in _OF_RESULT if a in accounts} | {"Result": facts["result_ore"]}
    shown |= {_NAMED[a]: ore for a, ore in accounts.items() if _NAMED[a] not in shown}
    # a zero balance is shown if there was a loan
    shown |= {
        _OF_LOANS[k]: ore for k, ore in loans.items() if ore or (ore == 0 and k == "balance" and any(loans.values()))
    }
    screen.table([{"": label, "kr": kroner(ore)} for label, ore in shown.items()])
    if facts["cost_without_category_ore"]:
        screen.out(
            f"Cost without a category: {kroner(facts['cost_without_category_ore'])} kr "
            "(dif register export cost_mapping)."
        )
    if facts["cost_of_no_service_ore"]:
        screen.out(f"Cost that no service carries: {kroner(facts['cost_of_no_service_ore'])} kr.")
    if facts["joining_fees_differing"]:
        how_many = screen.counted(facts["joining_fees_differing"], "invoice has", "invoices have")
        apart = kroner(facts["joining_fees_differing_ore"])
        screen.out(f"{how_many} joining fees that do not tie with the loan, {apart} kr (ledger.joining_fee_gap).")
    if facts["reconciliations_open"]:
        how_many = screen.counted(facts["reconciliations_open"], "reconciliation is", "reconciliations are")
        screen.out(f"{how_many} open, {kroner(facts['reconciliations_open_ore'])} kr in all.")
    if facts["corrections_of_nothing"]:
        singular = "invoice line corrects an invoice that has not arrived, or its"
        plural = "invoice lines correct an invoice that has not arrived, or their"
        how_many = screen.counted(facts["corrections_of_nothing"], singular, plural)
        screen.out(f"{how_many} own, {kroner(facts['corrections_of_nothing_ore'])} kr.")
    _tell_what_to_look_at(facts)
    if facts["batches_after_release"]:
        how_many = screen.counted(facts["batches_after_release"], "batch", "batches")
        screen.out(f"{how_many} arrived after the release and will be booked forward. To include them, dif run first.")
    if not facts["measured_to_the_end"]:
        through = facts["measured_through"]
        goes_to = f"Measured use goes to {str(through)[:7]}" if through else "No use is measured"
        screen.out(f"{goes_to}: what was billed in the quarter cannot all be compared with use.")


def _tell_what_to_look_at(facts: Mapping[str, Any]) -> None:
    """Print the records that are in no ledger, and the loans that must be wrong."""
    for stream, missing in facts["set_aside"].items():
        if missing["records"]:
            how_many = screen.counted(missing["records"], *_CALLED[stream])
            without = f" and {missing['without_amount']} without an amount" if missing["without_amount"] else ""
            screen.out(
                f"{how_many} set aside and in no ledger, {kroner(missing['ore'])} kr{without} "
                f"(dif quarantine show {stream})."
            )
    for loan in facts["loans_negative"]:
        screen.out(f"Loan {loan['project']} is repaid beyond what was drawn: balance {kroner(loan['balance_ore'])} kr.")
    for loan in facts["loans_overdrawn"]:
        drawn, granted = kroner(loan["drawn_to_date_ore"]), kroner(loan["granted_ore"])
        screen.out(f"Loan {loan['project']} is drawn beyond the grant: {drawn} kr of {granted} kr.")


def _close(books: _Books, quarters: Sequence[str], amounts: list[dict[str, Any]], *, by: str, reason: str) -> None:
    """Land the amounts, then the closing that puts them in force; the caller holds the lock."""
    now = landing.utc_now()
    counted = [
        e.received_at
        for e in books.run.landing.entries
        if e.number <= books.journal and e.stream in contracts.LEDGER_STREAMS
    ]
    amounts_of = register_contracts.CLOSED_AMOUNT
    registers.check_rules(books.settings, amounts_of, amounts)
    why = f"{', '.join(quarters)} lukket. {reason}".strip()
    registers.apply(books.run.landing, amounts_of, amounts, by=by, reason=why, now=now)
    rows = [
        {
            "quarter": quarter,
            "status": "CLOSED",
            "closed_by": by,
            "release": books.release.name,
            "changed_at": now,
            "counted_until": max(counted, default=None),
            "reason": reason or None,
        }
        for quarter in quarters
    ]
    _land_period(books, rows, by=by, why=why, now=now)


def _land_period(books: _Books, rows: Sequence[Mapping[str, object]], *, by: str, why: str, now: datetime) -> None:
    """Land the register of periods, with these rows replacing those of their quarters."""
    contract = register_contracts.PERIOD
    by_quarter = books.register | {str(r["quarter"]): dict(r) for r in rows}
    whole = [row for _, row in sorted(by_quarter.items())]
    registers.check_rules(books.settings, contract, whole)
    registers.apply(books.run.landing, contract, whole, by=by, reason=why, now=now)


def _months(quarter: str) -> tuple[date, date, date]:
    try:
        return calendar.months_of_quarter(quarter)
    except ValueError:
        raise BadOption("QUARTER", quarter, "a year and a quarter, such as 2026-Q3") from None


def _given(option: str, value: str, what: str) -> None:
    if not value.strip():
        raise BadOption(option, value, what)


def _moment(value: object) -> str | None:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else None
