"""The works: one run's steps, from the inbox to a release; the scheduler's assets and the command line call the same.

Each step looks at what is there, does what is touched, and says what it did; a step that finds nothing touched does
nothing. No step knows of Dagster; the gate alone knows Great Expectations.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from assets import (
    billing,
    closing,
    completeness,
    conform,
    connections,
    forecast,
    ledger,
    measures,
    peers,
    price_calculation,
    projects,
    quality,
    reconciliation,
    reference,
    suppression,
    uptake,
    uptake_calls,
    uptake_forecast,
    usage,
)
from assets.conform import Since
from assets.making import Making, Span
from assets.statements import statement
from catalog.contracts.language import Audience, DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Files, LandedIn, Query, Scan, Values, code_as_run, empty, sql_as_run
from catalog.domain import calendar
from catalog.errors import Damaged, GateFailed, NoRoom, SharingError
from catalog.exports import describe
from catalog.tables import conformed, meta, registers
from catalog.tables import quality as quality_contracts
from catalog.tables import usage as usage_contracts
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import ADOPTION, DISPATCH, REGISTER, STREAMS
from pipelines import differing, gate, tallies, twice
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.base.settings import Settings
from transport.ingest import identity_across_batches, inbox
from transport.ingest import registers as kept_registers
from transport.lake.tables import ENGINE, Lake, Part, Workshop
from transport.operations import alerts
from transport.releases import dataset_reader
from transport.releases.store import ATTEMPT, Content, Draft, Release, Releases, saw
from transport.storage import landing
from transport.storage.backends import ROOM, is_full, see_to_room
from transport.storage.batch_file import content_sha256_of, landed_schema
from transport.storage.journal import Entry, Mark

MAKINGS: tuple[Making, ...] = (
    *reference.MAKINGS,
    *usage.MAKINGS,
    *measures.MAKINGS,
    *connections.MAKINGS,
    *peers.MAKINGS,
    *forecast.MAKINGS,
    *uptake.MAKINGS,
    *uptake_calls.MAKINGS,
    *uptake_forecast.MAKINGS,
    *completeness.MAKINGS,
    *ledger.MAKINGS,
    *closing.MAKINGS,
    *ledger.OF_THE_BOOKS,
    *projects.MAKINGS,
    *billing.MAKINGS,
    *reconciliation.MAKINGS,
    *price_calculation.MAKINGS,
)
"""Every mart and reference table, in an order in which each finds its inputs made."""
_AT_ONCE = frozenset(m.contract.name for m in MAKINGS if m.at_once)
"""Their months are those that something is worked out for, not those that something landed of."""
_CONFORMED = {t.table: t for t in conformed.TABLES}
_MADE_BY = {m.contract.name: m for m in MAKINGS}
_CONFORMED_BY = {
    c.name: s
    for s in STREAMS.values()
    for c in (_CONFORMED[s.name], conform.quarantine_of(s), conform.accounting_of(s))
}
_TABLES: tuple[DatasetContract, ...] = (
    twice.TWICE,
    *(m.contract for m in MAKINGS),
    *(c for s in STREAMS.values() for c in (_CONFORMED[s.name], conform.quarantine_of(s), conform.accounting_of(s))),
)
"""Every table of the lake."""


class Reporter(Protocol):
    """Told what a run does, as it does it."""

    def step(self, name: str, detail: str = "") -> None:
        """A step begins, or goes on."""

    def done(self, name: str, detail: str) -> None:
        """A step ended."""


@dataclass(slots=True)
class Silent:
    """A reporter that tells nobody."""

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def done(self, name: str, detail: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a step did to one table: rows of each month (None: of the table) that was made anew."""

    contract: DatasetContract
    rows: Mapping[date | None, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: one row per check (`quality.check_result`), and the names of those that failed."""

    results: pa.Table
    failed: tuple[str, ...]


@dataclass
class Works:
    """One run over one home. Make it under the lock (`durable.locked`); each step is called once, in order.

    Attributes:
        settings: the home and its bounds.
        as_of: what is known; rows created later are held, batches received later are not seen.
        replay: the run is as known at a past moment: it works in a lake of its own and never moves `current`.
        upto: a replay sees the journal up to this number, whenever its batches were received.
        full: make everything anew, whether touched or not.
    """

    settings: Settings
    as_of: datetime
    reporter: Reporter = field(default_factory=Silent)
    replay: bool = False
    upto: int | None = None
    full: bool = False
    intake: inbox.Intake | None = None
    verdict: Verdict | None = None
    problem: Exception | None = None
    published: Release | None = None
    _draft: Draft | None = None

    # --- what is there -----------------------------------------------------------------------------------------------

    @cached_property
    def landing(self) -> landing.Landing:
        """The landing, with its journal read."""
        return landing.open_landing(self.settings)

    @cached_property
    def lake(self) -> Lake:
        """The lake of this run."""
        return Lake(self.settings.lake)

    @cached_property
    def _workshop(self) -> Workshop:
        """The run's one connection to DuckDB; whoever takes it clears it first."""
        return self._opened()

    def _opened(self) -> Workshop:
        return Workshop(self.settings, sound=self.lake.sound, damaged=self._damaged)

    @cached_property
    def releases(self) -> Releases:
        """The home's releases."""
        return Releases(self.settings)

    @cached_property
    def rules(self) -> str:
        """A name for the code and facts that tables are made by; other rules make everything anew.

        Comments and docstrings are no part of it.
        """
        digest = hashlib.sha256(ENGINE.encode())
        for package in ("catalog", "assets"):
            for name, content in _files(resources.files(package)):
                digest.update(f"{package}/{name}".encode() + b"\0" + content)
        return digest.hexdigest()[:16]

    def nothing_new(self) -> Release | None:
        """The current release, when a run could only make it again: nothing waits, same rules, same day."""
        current = self.releases.current()
        if self.full or self.replay or current is None or inbox.pending(self.settings):
            return None
        return (
            current
            if current.manifest.get("made_of") == self._made_of(str(current.manifest.get("held_until_of")))
            else None
        )

    def _made_of(self, held: str) -> dict[str, object]:
        return {
            "journal": [self.landing.said, landing.fingerprint(self._live())],
            "rules": self.rules,
            "day": calendar.day_in_oslo(self.as_of).isoformat(),
            "settled": [m.isoformat() for m in self._recent() if Span(self.as_of, m).provisional],
            "held_until": {"month": self.as_of, "day": _end_of_day(self.as_of)}.get(held, _NEVER).isoformat(),
        }

    def _held_until_of(self, accounting: pa.Table) -> str:
        """When held rows may come of age: at any moment of this month, the next day (no months there), or later."""
        held = [r["month"] for r in accounting.to_pylist() if r["held"]]
        if any(m is not None and m <= Span(self.as_of).through for m in held):
            return "month"
        return "day" if None in held else "later"

    def _recent(self) -> list[date]:
        this = Span(self.as_of).through
        before = calendar.month_of(date.fromordinal(this.toordinal() - 1))
        return [before, this]

    # --- steps -------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Remove what an ended process left half made, see that there is room, and load what is slow to load meanwhile.

        Raises:
            NoRoom: the disk has less than the reserve.
        """
        atomic_files.sweep(self.settings.landing, older_than=_ABANDONED)  # servers land while a run goes on
        atomic_files.sweep(self.settings.lake)
        self.releases.sweep()
        shutil.rmtree(self.settings.scratch / "spill", ignore_errors=True)
        see_to_room(self.settings)
        for contract in _TABLES:
            if wrong := self.lake.settle(contract):
                self.reporter.done(contract.name, f"{wrong} It is made again.")
        gate.warm()

    def take_in(self) -> inbox.Intake:
        """Land what waits in the inbox."""
        self.reporter.step("landing")
        self.intake = intake = inbox.take_in(
            self.settings,
            self.landing,
            progress=lambda done, of: self.reporter.step("landing", f"{done} of {of} files"),
        )
        said = f"{len(intake.accepted)} batches, {intake.rows} rows"
        for words, files in (
            ("known before", intake.duplicate),
            ("rejected", intake.rejected),
            ("still growing", intake.waiting),
            ("cannot be taken in: see dif doctor", intake.stuck),
        ):
            said += f", {len(files)} {words}" if files else ""
        self.reporter.done("landing", said)
        self._take_back_numbers()
        return intake

    def _take_back_numbers(self) -> None:
        """Withdraw batches in which identity numbers are known by now, and tell somebody at once."""
        current = self.releases.current()
        said = current.manifest.get("made_of") if current else None
        known = int(said["journal"][0]) if isinstance(said, Mapping) else 0
        for entry, column in identity_across_batches.found_later(self.landing, since=known):
            reason = f"{column} har verdier som ser ut som fødselsnummer, sett sammen med andre sendinger"
            self.landing.withdraw(entry, by="identitetskontroll", reason=reason, now=landing.utc_now())
            alerts.identity_number_seen(self.settings, f"{entry.stream}/{entry.producer}, sending nr. {entry.number}")

    def conform(self, stream: StreamContract, months: Iterable[date] | None = None) -> tuple[Made, Made, Made]:
        """Conform a stream: rows in force, quarantine, accounting.

        Args:
            stream: which.
            months: make these whether touched or not; otherwise the touched ones are made.
        """
        rows, came = self._conform_once(stream, months)
        if stream is DISPATCH and self._count_once(came, rows[0]):
            # the months that hold what an earlier one counts are made again, and no others
            again, _ = self._conform_once(stream, None)
            for first, more in zip(rows, again, strict=True):
                first.update(more)
        contracts = (_CONFORMED[stream.name], conform.quarantine_of(stream), conform.accounting_of(stream))
        made = [Made(c, r) for c, r in zip(contracts, rows, strict=True)]
        return made[0], made[1], made[2]

    def _conform_once(
        self, stream: StreamContract, months: Iterable[date] | None
    ) -> tuple[tuple[dict[date | None, int], ...], list[Scan]]:
        """Rows made by table and month; and what came of the months that were gone on with."""
        name = f"conformed.{stream.name}"
        self.reporter.step(name)
        see_to_room(self.settings)
        entries = [e for e in self.landing.of(stream.name) if self._seen(e)]
        contracts = (_CONFORMED[stream.name], conform.quarantine_of(stream), conform.accounting_of(stream))
        landed_months = sorted({date.fromisoformat(m) for e in entries for m in e.months})
        wanted: list[date | None] = [*landed_months] if stream.partitioned else [None] * bool(entries)
        done: tuple[list[Part], ...] = ([], [], [])
        rows: tuple[dict[date | None, int], ...] = ({}, {}, {})
        forced, came = set(months or ()), list[Scan]()
        for month in wanted:
            mine = [e for e in entries if month is None or month.isoformat() in e.months]
            live = [e for e in mine if not self._withdrawn(e)]
            withdrawn = self._taken_back(stream, [e for e in mine if self._withdrawn(e)])
            workshop = self._workshop.cleared()
            scans = self._conformed(workshop, stream, live, withdrawn, month)
            targets = [self.lake.target(c, month, s) for c, s in zip(contracts, scans, strict=True)]
            known = [self.lake.parts(c).get(month) for c in contracts]
            if (
                [k.path if k else None for k in known] == [t.path for t in targets]
                and not self.full
                and month not in forced
            ):
                continue
            self.reporter.step(name, str(month or ""))
            self._see_to_files(live)
            whole = self.full or month in forced
            if not whole and (since := self._since(stream, live, withdrawn, month)):
                scans = self._conformed(workshop, stream, live, withdrawn, month, since)
                came.append(since.landed)
            for contract, scan, target, parts, counts in zip(contracts, scans, targets, done, rows, strict=True):
                counts[month] = workshop.write(scan, contract, target)
                parts.append(target)
        if stream is REGISTER:
            for read in ("_register_rows", "_registers"):
                self.__dict__.pop(read, None)  # read anew by whoever asks next
        for contract, parts in zip(contracts, done, strict=True):
            self.lake.replace(contract, parts)
            if not wanted:
                self.lake.drop(contract)
            elif stream.partitioned:
                self.lake.keep_only(contract, landed_months)
        said = f"{sum(rows[0].values())} rows made in {len(rows[0])} of {len(wanted)} parts"
        self.reporter.done(name, said + (f", {len(came)} gone on with" if came else ""))
        return rows, came

    def _count_once(self, came: list[Scan], made: Collection[date | None]) -> bool:
        """List the dispatches that lie in several months; whether the list is another than it was.

        Only those that came now, and those listed before, can: the others were looked for when they came.
        """
        known = self.lake.parts(twice.TWICE).get(None)
        if not made and known is None:
            return False
        if len(came) < len(made):  # some month was made of all its rows
            came = [self.lake.scan(conformed.DISPATCH, m) for m in made]
        found = twice.find(self.lake, self._workshop.cleared(), came)
        months = twice.months_in(found)
        entries = [e for e in self.landing.of(DISPATCH.name) if self._seen(e) and not self._withdrawn(e)]
        landed = self.landed(DISPATCH, [e for e in entries if not months.isdisjoint(e.months)])
        listed = Values(twice.listed(self._workshop.cleared(), found, landed))
        part = self.lake.target(twice.TWICE, None, listed)
        if part == known or (known is None and not listed.table.num_rows):
            return False
        self._workshop.cleared().write(listed, twice.TWICE, part)
        self.lake.replace(twice.TWICE, [part])
        self.__dict__.pop("_twice", None)
        return True

    @cached_property
    def _twice(self) -> list[dict[str, object]]:
        """What is listed; nothing where that is damaged: its months then are made, and looked through, once more."""
        part = self.lake.parts(twice.TWICE).get(None)
        if part is not None and not self.lake.is_sound(part):
            self.lake.drop(twice.TWICE)
        rows = Query("from twice", {"twice": self.lake.scan(twice.TWICE)})
        return list(self._workshop.cleared().table(rows).to_pylist())

    def _since(self, stream: StreamContract, live: list[Entry], withdrawn: Scan, month: date | None) -> Since | None:
        """The stream, or its month, as the current release knows it, when few rows landed since and no more is new.

        None when it is better made from all its rows: many are new, a batch was taken back, other rules, or the
        lake's files are not the bytes that the release saw. What lies there is never trusted, only compared.
        """
        current = self.releases.current()
        if not conform.goes_on(stream) or current is None:
            return None
        said = current.manifest.get("made_of")
        upto = said["journal"][0] if isinstance(said, Mapping) else 0
        before, new = ([e for e in live if (e.number > upto) is late] for late in (False, True))
        of = "" if month is None else month.isoformat()
        rows_before, rows_new = (sum(e.months[of] if of else e.rows for e in part) for part in (before, new))
        if not new or rows_new > rows_before * _FEW:
            return None
        scans = self._conformed(self._workshop, stream, before, withdrawn, month)
        was: list[Scan] = []
        contracts = (_CONFORMED[stream.name], conform.quarantine_of(stream), conform.accounting_of(stream))
        for contract, scan in zip(contracts, scans, strict=True):
            known = self.lake.parts(contract).get(month)
            if known is None or known.path != self.lake.target(contract, month, scan).path:
                return None
            if not self.lake.is_sound(known):
                return None
            was.append(self.lake.scan(contract, month))
        return Since(self.landed(stream, new), *was)

    def landed(self, stream: StreamContract, entries: list[Entry]) -> Scan:
        """The rows of batches, each with the file and the row that it came in."""
        if not entries:
            return empty(landed_schema(stream, located=True))
        files = {str(self.landing.file(e)): self.landing.file_sha256(e) for e in entries}
        return Files(
            landed_schema(stream),
            tuple(files),
            landing.fingerprint(entries),
            sums=tuple(files.values()),
            batches=tuple(
                LandedIn(str(self.landing.file(e)), e.file, e.received_at, e.number, packed=bool(e.packed_in))
                for e in entries
            ),
        )

    def _taken_back(self, stream: StreamContract, entries: list[Entry]) -> Scan:
        """The rows of withdrawn batches; of one whose file is lost, which may be why, what the journal says of them."""
        lost = [e for e in entries if not self._is_whole(e)]
        if not lost:
            return self.landed(stream, entries)
        kind = stream[stream.month_of].type
        begun = {m: calendar.start_of(date.fromisoformat(m)) for e in lost for m in e.months}
        moments = pa.chunked_array(
            [
                pa.repeat(pa.scalar(begun[m] if pa.types.is_timestamp(kind) else date.fromisoformat(m), kind), rows)
                for e in lost
                for m, rows in e.months.items()
            ],
            kind,
        )
        there = self.landed(stream, [e for e in entries if e not in lost])
        names = [c.name for c in stream.columns if c.name in (stream.month_of, "service")]
        by = f"select {', '.join(names)} from there"  # noqa: S608 - a contract's own words
        gone = Values(pa.table({stream.month_of: moments}))
        return Query(f"{by} union all by name from gone", {"there": there, "gone": gone})

    def _see_to_files(self, entries: list[Entry]) -> None:
        """Say which batch is missing before a computation stumbles over it.

        What is there is held against its hash as it is read (`_damaged`); one older than that hash, here.

        Raises:
            Damaged: a file that is to be read is not there, or not what landed.
        """
        for entry in entries:
            if not self.landing.file(entry).exists():
                raise _not_landed(entry, "is missing from the landing")
            if not self.landing.file_sha256(entry) and not self._is_whole(entry):
                raise _not_landed(entry, "is not what landed")

    def _is_whole(self, entry: Entry) -> bool:
        """Whether the file that holds a batch is what was written; each is read once a run."""
        path, said = self.landing.file(entry), self.landing.file_sha256(entry)
        if path not in self.lake.sound:
            try:
                whole = sha256_of(path) == said if said else content_sha256_of(path, entry) == entry.sha256
            except (pa.ArrowException, OSError, ValueError):
                whole = False
            if whole:
                self.lake.sound.add(path)
        return path in self.lake.sound

    def _damaged(self, path: Path) -> None:
        """What is about to be read is not what was written: of the lake, make it again; of the landing, say so.

        Raises:
            Damaged: it is of the landing, which nothing is made again from.
        """
        for entry in self.landing.entries:
            if self.landing.file(entry) == path:
                raise _not_landed(
                    entry, "is not what landed" if not entry.packed_in else "lies in a file that is not what landed"
                )
        contract, month = next((c, m) for c in _TABLES for m, p in self.lake.parts(c).items() if p.path == path)
        self._make_again(contract, {month})

    def _make_again(self, contract: DatasetContract, months: set[date | None]) -> None:
        """Make months of a table of the lake whatever lies there, beside what goes on."""
        self.reporter.step(contract.name, "is damaged, and is made again")
        before = self.__dict__.pop("_workshop", None)
        try:
            if contract.name in _MADE_BY:
                self.make(_MADE_BY[contract.name], months)  # type: ignore[arg-type]  # a table without months has one
            else:
                self.conform(_CONFORMED_BY[contract.name], months)  # type: ignore[arg-type]
        finally:
            if (other := self.__dict__.pop("_workshop", None)) is not None:
                other.__exit__()
            if before is not None:
                self.__dict__["_workshop"] = before

    def _see_to_lake(self) -> None:
        """Hold all that goes into a release, and that this run did not write, against what was written."""
        for making in MAKINGS:
            if making.contract.audience is not Audience.INTERNAL:
                ill = {m for m, p in self.lake.parts(making.contract).items() if not self.lake.is_sound(p)}
                if ill:
                    self._make_again(making.contract, ill)

    def _conformed(
        self,
        workshop: Workshop,
        stream: StreamContract,
        entries: list[Entry],
        withdrawn: Scan,
        month: date | None,
        since: Since | None = None,
    ) -> tuple[Scan, Scan, Scan]:
        landed = self.landed(stream, entries)
        more: dict[str, Scan] = {}
        findings = decisions = None
        if stream.name in registers.DECIDABLE:
            decided = [d for d in self.register(registers.DECISION).to_pylist() if d["stream"] == stream.name]
            decisions = pa.Table.from_pylist(
                [{k: d[k] for k in conform.DECIDED.names} for d in decided], conform.DECIDED
            )
        if stream.name == ADOPTION.name:
            self._see_to_files(entries)
            asked = workshop.table(Query(statement("conform/reported_codes"), {"landed_adoption": landed}))
            resolved, findings = conform.resolve_codes(asked, self.register(registers.CODE_DECISION))
            tables = ("organisation", "municipality_of", "municipality_to_now")
            scans = {n: self.lake.scan(DATASETS[f"reference.{n}"]) for n in tables}
            more = {
                "resolved": Values(resolved),
                "organisation": scans["organisation"],
                "organisation_part": reference.parts(**scans),
            }
        elif stream.name == REGISTER.name:
            self._see_to_files(entries)
            asked = workshop.table(
                Query(
                    'select filename, file_row_number, register, applied_at, "values" from landed_rows order by all',
                    {"landed_rows": landed},
                )
            )
            findings = conform.check_register_rows(asked)
        held_after = self._held_after(entries, month)
        aliases = self.register(registers.SERVICE_ALIAS) if stream is not REGISTER else None
        counted = twice.counted_before(self._twice, month) if stream is DISPATCH and month else None
        known = conform.Known(decisions, aliases, counted)
        if since:
            made = conform.go_on(
                stream,
                landed,
                since,
                withdrawn=withdrawn,
                month=month,
                as_of=held_after,
                known=known,
            )
            return made.rows, made.quarantine, made.accounting
        made = conform.conform(
            stream,
            landed,
            withdrawn=withdrawn,
            month=month,
            as_of=held_after,
            findings=findings,
            known=known,
            more=more,
        )
        return made.rows, made.quarantine, made.accounting

    def _held_after(self, entries: list[Entry], month: date | None) -> datetime | None:
        """After which moment rows are held: `as_of`, but the same moment again wherever the answer is the same.

        A month that is over holds nothing, one that is to come holds all; where there are no months, rows of the day of
        `as_of` are let in. So a row dated far ahead does not make every later run remake what it lies in.
        """
        if not any(e.latest > self.as_of for e in entries):
            return None
        if month is None:
            return _end_of_day(self.as_of)
        begin, end = calendar.start_of(month), calendar.start_of(calendar.next_month(month))
        return None if self.as_of >= end else max(self.as_of, begin - timedelta(microseconds=1))

    def _seen(self, entry: Entry) -> bool:
        """Whether the run sees a batch: all; in a replay those received by `as_of`, or up to a journal number."""
        if self.upto is not None:
            return entry.number <= self.upto
        return not self.replay or entry.received_at <= self.as_of

    def _live(self) -> list[Entry]:
        """The batches that count, as far as the run sees them."""
        return [e for e in self.landing.entries if self._seen(e) and not self._withdrawn(e)]

    def _withdrawn(self, entry: Entry) -> Mark | None:
        """The line that takes the batch back, as far as the run sees it."""
        as_of = self.as_of if self.replay and self.upto is None else None
        return self.landing.withdrawal(entry, upto=self.upto, as_of=as_of)

    def register(self, contract: RegisterContract) -> pa.Table:
        """A register's rows in force at `as_of`, typed; each table of each month may ask."""
        if contract.name not in self._registers:
            hidden = contract is registers.HIDDEN_CELL
            self._registers[contract.name] = (
                suppression.landed_cells(self._hidden_rows)
                if hidden
                else reference.register_table(contract, self._register_rows)
            )
        return self._registers[contract.name]

    @cached_property
    def _registers(self) -> dict[str, pa.Table]:
        return {}

    @property
    def _hidden_rows(self) -> pa.Table:
        """Rows of registers among which hidden cells are looked for.

        What has been hidden since stays hidden in a release as known then, which is published like any other. A rebuild
        (`upto`) is compared and thrown away, and must be what the release was.
        """
        if not self.replay or self.upto is not None:
            return self._register_rows
        entries = [e for e in self.landing.of(REGISTER.name) if not self.landing.withdrawal(e)]
        query = 'select register, applied_at, row_number, "values" from landed_registers'
        return self._workshop.cleared().table(Query(query, {"landed_registers": self.landed(REGISTER, entries)}))

    @cached_property
    def _register_rows(self) -> pa.Table:
        scan = self.lake.scan(_CONFORMED[REGISTER.name])
        query = Query('select register, applied_at, row_number, "values" from applied', {"applied": scan})
        return self._workshop.cleared().table(query)

    def make(self, making: Making, months: Iterable[date] | None = None) -> Made:
        """Make one reference table or mart, where it is touched."""
        contract = making.contract
        self.reporter.step(contract.name)
        see_to_room(self.settings)
        if making.at_once:
            return self._make_at_once(making, set(months or ()))
        wanted = self._months_of(making)
        forced = set(months or ())
        parts: list[Part] = []
        rows: dict[date | None, int] = {}
        for month in wanted:
            scan = making.make(Span(self.as_of, month), **{n: self._input(making, n, month) for n in making.inputs})
            target = self.lake.target(contract, month, scan)
            known = self.lake.parts(contract).get(month)
            if known is not None and known.path == target.path and not self.full and month not in forced:
                continue
            rows[month] = self._workshop.cleared().write(scan, contract, target)
            parts.append(target)
        self.lake.replace(contract, parts)
        if contract.partitioned:
            self.lake.keep_only(contract, [m for m in wanted if m is not None])
        self.reporter.done(contract.name, f"{sum(rows.values())} rows made in {len(rows)} of {len(wanted)} parts")
        return Made(contract, rows)

    def _make_at_once(self, making: Making, forced: set[date]) -> Made:
        """Work all months out in one, and write those that did not come out as they were."""
        contract = making.contract
        scan = making.make(Span(self.as_of), **{n: self._input(making, n, None) for n in making.inputs})
        assert isinstance(scan, Query)  # noqa: S101 - by construction
        of_all = self.lake.target(contract, None, scan).fingerprint
        if self.lake.is_worked_out(contract, of_all) and not self.full and not forced:
            self.reporter.done(contract.name, "as it was")
            return Made(contract, {})
        workshop = self._workshop.cleared()
        known, parts = self.lake.parts(contract), list[Part]()
        # where all months will be written, their rows are laid together first: each else looks for its own everywhere
        how = "making/at_once_by_month" if self.full or not known else "making/at_once"
        kept = Query(statement(how), {"made_at_once": scan}, kept=True)
        columns = ", ".join(f'"{c.name}"' for c in contract.columns)
        told = Query(statement("making/months", columns=columns), {"worked_out": kept})
        found = {r.pop("month"): r for r in workshop.table(told).to_pylist()}
        for month, its in found.items():
            target = self.lake.month_of(contract, month, its)
            if month in known and known[month].path == target.path and not self.full and month not in forced:
                continue
            parts.append(target)
        of_each = [(Query(statement("making/month"), {"worked_out": kept}, {"of": p.month}), p) for p in parts]
        rows = dict(zip((p.month for p in parts), workshop.write_together(of_each, contract), strict=True))
        self.lake.replace(contract, parts)
        self.lake.keep_only(contract, found)
        self.lake.note(contract, of_all)
        self.reporter.done(contract.name, f"{sum(rows.values())} rows made in {len(rows)} of {len(found)} parts")
        return Made(contract, rows)

    def _months_of(self, making: Making) -> list[date | None]:
        if not making.contract.partitioned:
            return [None]
        by_month = [
            source
            for name, source in making.inputs.items()
            if isinstance(source, DatasetContract) and source.partitioned and name not in making.whole
        ]
        landed, worked_out = set[date](), set[date]()
        for source in by_month:
            (worked_out if source.name in _AT_ONCE else landed).update(m for m in self.lake.parts(source) if m)
        # what is worked out for a month that nothing landed of counts too, but for those before anything ever landed:
        # agreements go back further than use, and nobody was billed by them then
        first = min(landed or worked_out, default=date.max)
        return [m for m in sorted(landed | worked_out) if m >= first]

    def _input(self, making: Making, name: str, month: date | None) -> Scan:
        source = making.inputs[name]
        if isinstance(source, RegisterContract):
            rows = self.register(source)
            if month is not None and "month" in rows.column_names:
                rows = rows.filter(pc.equal(rows["month"], month))
            return Values(rows)
        if name in making.by_value:
            return self._small(self.lake.scan(source))
        by_month = source.partitioned and making.contract.partitioned and name not in making.whole
        return self.lake.scan(source, month if by_month else None)

    def _small(self, scan: Scan) -> Values:
        """The rows of a small table in an order of their own; each month of a making may ask."""
        if scan.fingerprint not in self._read:
            ordered = Query("from small order by all", {"small": scan})
            self._read[scan.fingerprint] = Values(self._workshop.cleared().table(ordered))
        return self._read[scan.fingerprint]

    @cached_property
    def _read(self) -> dict[str, Values]:
        return {}

    def remember(self) -> int:
        """Land which cells are hidden for good, and what of them was shown, before anybody sees them.

        Tables made again with the register as it then stands come out the same, under the names that later runs give
        them. A replay publishes for nobody, and lands nothing.

        Returns:
            How many cells were not known before.
        """
        if self.replay:
            return 0
        found = self._newly_hidden()
        if not found:
            return 0
        self.reporter.step("register.hidden_cell")
        kept_registers.apply(
            self.landing,
            registers.HIDDEN_CELL,
            found,
            by="plattformen",
            reason="Skjult eller vist i en utgave.",
            now=landing.utc_now(),
            applied_at=self.as_of,
            first_row=self.register(registers.HIDDEN_CELL).num_rows + 1,
        )
        self.conform(REGISTER)
        for making in reference.MAKINGS:
            self.make(making)
        # keeping them read the journal anew: what others landed or took back meanwhile is in this release too
        for stream in STREAMS.values():
            if stream is not REGISTER:
                self.conform(stream)
        for making in MAKINGS[len(reference.MAKINGS) :]:
            self.make(making)
        self.reporter.done("register.hidden_cell", f"{len(found)} cells are remembered from now on")
        return len(found) + self.remember()

    def _newly_hidden(self) -> list[dict[str, object]]:
        current = self.releases.current()
        shown = {
            f"{contract.table}_shown": dataset_reader.scan(current, contract)
            if current is not None and contract.name in current.said("datasets")
            else empty(contract.arrow_schema)
            for contract in (usage_contracts.MEASURE_MONTH, usage_contracts.MEASURE_TOTAL_MONTH)
        }
        scan = suppression.newly_hidden(
            Values(self.register(registers.HIDDEN_CELL)),
            measure_month=self.lake.scan(usage_contracts.MEASURE_MONTH),
            measure_total_month=self.lake.scan(usage_contracts.MEASURE_TOTAL_MONTH),
            connection_month=self.lake.scan(usage_contracts.CONNECTION_MONTH),
            measure=self.lake.scan(DATASETS["reference.measure"]),
            **shown,
        )
        found: list[dict[str, object]] = self._workshop.cleared().table(scan).to_pylist()
        return found

    def judge(self) -> Verdict:
        """Judge every dataset by its contract, and the rules over several tables; of months, those not judged before.

        A check that could not be carried out is a failed one, and says so.
        """
        self.remember()
        self._see_to_lake()
        self.reporter.step("quality.check_result")
        current = self.releases.current() if not (self.replay or self.full) else None
        same_rules = current is not None and current.manifest.get("rules") == self.rules
        was = current.said("judged") if current is not None and same_rules else {}
        judging = gate.judge_contracts(self.settings, [(m.contract, self._to_judge(m.contract, was)) for m in MAKINGS])
        self._draft = self._begun_release()  # in the time that the judge takes
        results: list[gate.Result] = []
        scans: dict[str, Scan] = {
            "accounting": Values(self.accounting()),
            "batch": Values(self.batches()),
            "conformed_rows": Values(tallies.conformed_rows(self.lake)),
            "closed_quarter": Values(self.register(registers.PERIOD)),
            "closed_amount": Values(self.register(registers.CLOSED_AMOUNT)),
        }
        for rule in quality.TABLE_RULES:
            scans |= {n: self.lake.scan(c) for n, c in rule.inputs.items()}
            try:
                looked = sum(gate.rows_in(list(self.lake.parts(c).values())) for c in rule.inputs.values())
                looked += sum(s.table.num_rows for n in rule.counts if isinstance(s := scans[n], Values))
                broken = self._workshop.cleared().table(rule.broken(scans))
                result = gate.table_result(rule.dataset, rule.name, broken, examined=looked)
            except Exception as problem:  # noqa: BLE001 - whatever stops a check, nobody then knows that it holds
                result = gate.not_carried_out(rule.dataset, rule.name, problem)
            results.append(result)
        results += judging()
        if any(r.detail and not r.passed and is_full(self.settings, r.detail) for r in results):
            raise _full()  # no check said no
        table = gate.as_table(results, landing.utc_now())
        failed = tuple(f"{r['dataset']} {r['check_name']}" for r in table.to_pylist() if not r["passed"])
        self.verdict = Verdict(table, failed)
        if failed and self._draft:
            self._draft.discard()
            self._draft = None
        self.reporter.done(
            "quality.check_result", f"{table.num_rows - len(failed)} checks passed, {len(failed)} failed"
        )
        return self.verdict

    def _to_judge(self, contract: DatasetContract, was: Mapping[str, Mapping[str, str]]) -> list[Part]:
        """The parts that no published release has had judged under these rules."""
        said = was.get(contract.name, {})
        current = self.releases.current()
        return [
            p
            for m, p in self.lake.parts(contract).items()
            if said.get(str(m or "all")) != p.fingerprint
            or current is None
            or not saw(current, self.lake.name_of(p), p.sha256)
        ]

    def _judged(self) -> dict[str, dict[str, str]]:
        """Which parts a release had judged, those that never leave the lake too."""
        return {
            m.contract.name: {str(month or "all"): p.fingerprint for month, p in self.lake.parts(m.contract).items()}
            for m in MAKINGS
        }

    def _of_the_lake(self) -> list[Content]:
        """Every dataset of a release that lies in the lake."""
        return [
            Content(m.contract, [p for _, p in sorted(self.lake.parts(m.contract).items(), key=lambda i: str(i[0]))])
            for m in MAKINGS
            if m.contract.audience is not Audience.INTERNAL
        ]

    def _begun_release(self) -> Draft | None:
        """A release with what lies in the lake; none where the lake holds just what the current one holds."""
        current = None if self.replay else self.releases.current()
        contents = self._of_the_lake()
        if current is not None and not self.full and _same_parts(current, contents):
            return None
        name = self.releases.next_name(landing.utc_now(), as_of=self.as_of if self.replay else None)
        draft = self.releases.begin(name, current, rules=self.rules, anew=self.full, sound=self.lake.sound)
        try:
            draft.add(contents)
        except Exception:  # noqa: BLE001 - the gate says better what is wrong; where it sees nothing, `publish` will
            draft.discard()
            return None
        return draft

    def publish(self) -> Release | None:
        """Publish what was made, when the gate said yes.

        Returns:
            The new release, or None when it would hold just what the current one holds.

        Raises:
            GateFailed: a check failed; the release before stays.
        """
        verdict = self.verdict or self.judge()
        if verdict.failed:
            raise GateFailed(verdict.failed)
        self.reporter.step("release")
        draft = self._draft
        current = draft.before if draft else None if self.replay else self.releases.current()
        contents = self._of_the_lake()
        accounting, batches = self.accounting(), self.batches()
        held = sum(r["held"] for r in accounting.to_pylist())
        held_until_of = self._held_until_of(accounting)
        made_of = self._made_of(held_until_of)
        if (
            current is not None
            and _same_parts(current, contents)
            and current.manifest.get("made_of") == made_of
            and not self.full
        ):
            self.reporter.done("release", f"{current.name} holds it all")
            return None
        contents += [
            Content(quality_contracts.BATCH, table=tallies.shown_batches(batches)),
            Content(
                quality_contracts.ACCOUNTING, table=tallies.shown_accounting(accounting, self.lake, self._workshop)
            ),
            Content(quality_contracts.CHECK_RESULT, table=verdict.results),
            Content(quality_contracts.QUARANTINE_SUMMARY, table=self.quarantine_summary(exact=False)),
        ]
        now = landing.utc_now()
        name = draft.name if draft else self.releases.next_name(now, as_of=self.as_of if self.replay else None)
        parent = current.name if current else None
        difference = differing.since(current, self, name)
        contents.append(Content(quality_contracts.RELEASE_DIFF, table=difference.table))
        through = self._through()
        synthetic = any(e.synthetic for e in self._live())
        facts = {
            "published_at": now.isoformat(timespec="seconds"),
            "as_of": self.as_of.isoformat(),
            "through_month": through.isoformat() if through else None,
            "synthetic": synthetic,
            "checks": {"passed": verdict.results.num_rows, "failed": 0},
            "registers": self._register_versions(),
            "rules": self.rules,
            "engine": ENGINE,
            "held": held,
            "held_until_of": held_until_of,
            "made_of": made_of,
            "judged": self._judged(),
            "diff_untold": difference.untold,
        }

        def described(known: Mapping[str, Mapping[str, object]]) -> list[Content]:
            return [
                Content(
                    meta.RELEASE,
                    table=describe.release(
                        name,
                        parent,
                        now,
                        self.as_of,
                        through=through,
                        checks=verdict.results.num_rows,
                        synthetic=synthetic,
                    ),
                ),
                Content(meta.DATASET, table=describe.datasets(DATASETS.values(), known)),
                Content(meta.COLUMN_DEFINITION, table=describe.columns(DATASETS.values())),
                Content(meta.LINEAGE, table=describe.lineage({m.contract: m.inputs.values() for m in MAKINGS})),
                Content(meta.METRIC, table=describe.metrics()),
                Content(meta.EXAMPLE_QUERY, table=describe.example_queries()),
                Content(meta.MACRO, table=describe.macros()),
            ]

        release = self.releases.publish(
            name,
            contents,
            described,
            facts,
            parent=parent,
            point=not self.replay,
            anew=self.full,
            lake=self.lake.in_force(m.contract for m in MAKINGS if m.contract.audience is not Audience.INTERNAL),
            sound=self.lake.sound,
            draft=draft,
        )
        self.reporter.done("release", release.name)
        try:  # the release is out: what an older one has wrong does not make this run a failed one
            for gone in () if self.replay else self.prune():
                self.reporter.done("release", f"{gone} is kept no longer")
        except (SharingError, OSError) as problem:
            self.reporter.done("release", f"older ones stay: {problem}")
        return release

    def prune(self) -> list[str]:
        """Remove the releases that are kept no longer; which they were."""
        gone = self.beyond()
        for name in gone:
            self.releases.remove(name)
        return gone

    def beyond(self) -> list[str]:
        """The releases that the policy keeps no longer and that no register names, oldest first."""
        naming = [r for r in registers.REGISTERS.values() if any(c.name == "release" for c in r.columns)]
        named = {r["release"] for register in naming for r in self.register(register).to_pylist()} - {None}
        return self.releases.beyond(now=landing.utc_now(), named=named)

    # --- how it went -------------------------------------------------------------------------------------------------

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Say in `last_attempt.json` when a step cannot be done, so that pages can tell; the error goes on."""
        try:
            yield
        except Exception as found:
            if self.problem is not None:
                raise self.problem from found  # it is noted; what followed from it is not it
            full = not isinstance(found, SharingError) and is_full(self.settings, found)
            problem = _full() if full else found
            self.problem = problem
            self._note_failed(problem)
            if problem is not found:
                raise problem from found
            raise

    def _note_failed(self, problem: Exception) -> None:
        """Say why the run broke off, in our words, as visitors of the pages read it; others' go to the run's log."""
        said = (
            problem.as_json()
            if isinstance(problem, SharingError)
            else {
                "kind": "broken",
                "problem": f"The run broke off ({type(problem).__name__}).",
                "mend": "`make up` shows the run's log in Dagster; the release before stays.",
            }
        )
        failed = [r for r in self.verdict.results.to_pylist() if not r["passed"]] if self.verdict else []
        checks = [{"dataset": r["dataset"], "check": r["check_name"], "unexpected": r["unexpected"]} for r in failed]
        try:
            self._note({**said, "status": "failed", "failed_checks": checks})
        except OSError:  # a full disk: what was half made gives room, and the note from before must not stand
            if self._draft:
                self._draft.discard()
            self.releases.sweep()
            atomic_files.sweep(self.settings.lake)
            shutil.rmtree(self.settings.scratch / "spill", ignore_errors=True)
            try:
                self._note({**said, "status": "failed", "failed_checks": checks})
            except OSError:
                (self.releases.folder / ATTEMPT).unlink(missing_ok=True)

    def _note(self, said: Mapping[str, object]) -> None:
        if not self.replay:
            at = landing.utc_now().isoformat(timespec="seconds")
            self.releases.note_attempt({"release": None, **said, "at": at})

    def note_success(self, release: Release | None) -> None:
        """Say in `last_attempt.json` that the run went well."""
        self.published = release
        status = "published" if release else "nothing_new"
        self._note({"status": status, "release": release.name if release else None, "failed_checks": []})

    # --- what it counts of itself ------------------------------------------------------------------------------------

    def batches(self) -> pa.Table:
        """`quality.batch`, from the journal."""
        return tallies.batches((e, self._withdrawn(e)) for e in self.landing.entries if self._seen(e))

    def accounting(self) -> pa.Table:
        """`quality.accounting`, of every stream and month."""
        return tallies.accounting(self.lake, self._workshop)

    def quarantine_summary(self, *, exact: bool) -> pa.Table:
        """`quality.quarantine_summary`, of every stream and month, as readers get it or exact."""
        return tallies.quarantine_summary(self.lake, self._workshop, exact=exact)

    def _register_versions(self) -> dict[str, str]:
        versions: dict[str, str] = {}
        for row in self._register_rows.to_pylist():
            versions[row["register"]] = max(versions.get(row["register"], ""), row["applied_at"].isoformat())
        return versions

    def _through(self) -> date | None:
        """The last whole month that any measured stream goes to."""
        measured = [e for e in self._live() if e.stream in ("dispatch", "measurement")]
        months = {date.fromisoformat(m) for e in measured for m in e.months}
        this = Span(self.as_of).through
        return max((m for m in months if m < this), default=None)


def _full() -> NoRoom:
    return NoRoom("The disk is full; nothing was published, and the release before stays.", ROOM)


def _not_landed(entry: Entry, how: str) -> Damaged:
    return Damaged(
        f"Batch {entry.stream}/{entry.producer}/{entry.batch_id} {how}.",
        "`dif doctor --mend` puts it back from a mirror or backup (--from), or names who is to send it again; "
        "`dif withdraw` gives it up.",
    )


_ABANDONED = 3600
"""Seconds: no arrival is written to for so long, since readers and streams have shorter limits."""
_FEW = 0.25
"""A month is gone on with when at most this share of its rows is new: more is made as fast from all of them."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _end_of_day(moment: datetime) -> datetime:
    """The last moment of the day in Oslo."""
    day = calendar.day_in_oslo(moment)
    return calendar.start_of(day + timedelta(days=1)) - timedelta(microseconds=1)


def _same_parts(current: Release, contents: list[Content]) -> bool:
    was = current.manifest["datasets"]
    if not isinstance(was, Mapping):
        return False
    for content in contents:
        said = {m: p.get("made_of") for m, p in was.get(content.contract.name, {}).get("partitions", {}).items()}
        if said != {str(p.month or "all"): p.fingerprint for p in content.parts}:
            return False
    return True


def _files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """The code, statements and facts below a folder, by name."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from ((f"{entry.name}/{name}", content) for name, content in _files(entry))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            text = entry.read_text("utf-8")
            as_run = code_as_run if entry.name.endswith(".py") else sql_as_run if entry.name.endswith(".sql") else str
            yield entry.name, as_run(text).encode()


def run(works: Works, *, steps: Callable[[str], None] = lambda _name: None) -> Release | None:
    """All steps in order, without a scheduler; for rebuilds and tests.

    Raises:
        SharingError: a step could not be done; the release before stays.
    """
    works.prepare()
    if not works.replay:
        works.take_in()
    works.conform(REGISTER)
    for making in reference.MAKINGS:
        works.make(making)
    for stream in STREAMS.values():
        if stream is not REGISTER:
            works.conform(stream)
            steps(stream.name)
    for making in MAKINGS[len(reference.MAKINGS) :]:
        works.make(making)
    works.judge()
    return works.publish()


__all__ = ["MAKINGS", "Made", "Reporter", "SharingError", "Silent", "Verdict", "Works", "run"]
