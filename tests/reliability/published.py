"""R14: small counts in a real home, from all that ten of its releases publish, by every door and beside.

Two dozen municipalities send, by the inbox, to the two protected services, to another, and to the ledger. Then come
days with a late batch, a withdrawal, a correction, an erasure, and a rollback; two quarters end; the first release is
made again as of its day, and one from the landing alone. Of each small count an integer programme over all releases
tells the bounds. Every door must give one number for it. And where a late batch holds one case or four, nothing that
is published may differ before the quarter ends.

Planted identity numbers, the other half of what the number stands for, are `R19`.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog import facts
from catalog.contracts.language import Audience
from catalog.contracts.sharing import is_of_customers
from catalog.domain import calendar
from catalog.domain.perturbation import LEADING_FLOW
from catalog.tables import streams
from catalog.tables.datasets import DATASETS
from catalog.tables.ledger import SUMMED
from catalog.tables.usage import MEASURE_MONTH
from pipelines.cli.commands.run import differences
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.tables import BUILDS
from tests.linear import Integers
from tests.reliability.board import Figure, figure
from tests.reliability.differencing import SMALL, odd
from tests.reliability.inference import Noise
from tests.reliability.zygote import home_in, scratch
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.releases.dataset_reader import open_dataset
from transport.releases.store import Release, Releases
from transport.storage import erasure
from transport.storage.landing import open_landing

APPLIED, REPORTED, OPEN = "fiks-digisos", "fiks-bekymringsmelding", "svarut"
MONTHS = (date(2025, 1, 1), date(2025, 2, 1))
RUNNING = date(2025, 3, 1)
"""The month of the first releases, of which one municipality alone sends."""
LOOKED_UP, SENT = 12, 2
"""Look-ups and dispatches of an application, always: whoever knows the country's knows it."""
ELEMENT, ORE = "digisos-gammel-losning-digisosforsendelser", 250
"""What a dispatch is priced by, and its price."""
PLACES, FEW_PAYERS = 24, 10
IN_TIME = datetime(2025, 3, 3, 9, tzinfo=UTC)
_MORNING = timedelta(hours=3)
_BOUNDS = {"threads": 2, "memory_mb": 500}
INNER = ", ".join(f"'{build.contract.name}'" for build in BUILDS if build.contract.audience is Audience.INTERNAL)
"""Tables that never leave the lake, as SQL."""

Cell = tuple[str, date, str]
"""A service, a month and an organisation."""


@dataclass(frozen=True, slots=True)
class Came:
    """Cases that a municipality sent together: applications and reports of a month."""

    place: str
    batch: str
    month: date
    applied: int
    reported: int
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A release as readers kept it: releases of before an erasure are not there any more.

    Attributes:
        release: what is left of it.
        as_of: of which moment it is.
        truth: cases of the cells that are published.
        sets: what tells the sets of records apart: by cell the batches that count.
        doors: how each number is told, by the name of the door.
        country: by service, flow and month.
        beside: exact numbers of rows that are told, by what they are of; none, as it should be.
        ledger: the exact sums by month, and the least and the most of others, in øre.
    """

    release: Release
    as_of: datetime
    truth: Mapping[Cell, int]
    sets: Mapping[Cell, frozenset[str]]
    doors: Mapping[str, Mapping[Cell, int]]
    country: Mapping[tuple[str, str, date], int]
    beside: Mapping[str, int]
    ledger: Sequence[tuple[str, int]]

    @property
    def cells(self) -> Mapping[Cell, int]:
        """What it tells of each cell."""
        return self.doors["dif.duckdb"]


def read(release: Release, as_of: datetime, *counted: Mapping[Cell, object]) -> Made:
    """Read all that a release tells of protected services, by every door."""
    with duckdb.connect(str(release.folder / "dif.duckdb"), read_only=True) as base:

        def asked(sql: str) -> dict[Cell, int]:
            found = {(s, m, o): int(q) for s, m, o, q in base.sql(sql).fetchall()}
            return {cell: quantity for cell, quantity in found.items() if cell[0] in LEADING_FLOW}

        own = "select service, month, organisation_number, quantity from {} where perturbed"
        placed = """
            select service, month, organisation_number, quantity
            from usage.municipality_measure_month as placed
            join reference.organisation as place using (municipality_code)
            where borders = '{}' and perturbed and place.kind = 'MUNICIPALITY'
        """
        files = release.folder / "parquet" / "usage.measure_month" / "*.parquet"
        doors = {
            "dif.duckdb": asked(own.format("usage.measure_month")),
            "Parquet": asked(own.format(f"read_parquet('{files}')")),
            "municipalities of then": asked(placed.format("then")),
            "municipalities of now": asked(placed.format("now")),
            "dataset reader": {
                (r["service"], r["month"], r["organisation_number"]): int(r["quantity"])
                for rows in open_dataset(release, MEASURE_MONTH, condition={"perturbed": True}).batches
                for r in rows.to_pylist()
            },
        }
        country = {
            (s, f, m): int(q)
            for s, f, m, q in base.sql(
                "select service, measure, month, quantity from usage.measure_total_month where perturbed"
            ).fetchall()
        }
        beside = dict(
            base.sql(f"""
                select 'examined ' || dataset || ' ' || check_name, examined from quality.check_result
                where examined is not null and dataset in ({INNER})
                union all
                select 'rows of ' || producer || ' ' || batch_id, rows from quality.batch
                where rows is not null and stream in ('dispatch', 'measurement', 'invoice_line')
                union all
                select 'in force ' || accounting.month, conformed - openly.dispatches
                from quality.accounting
                join (select month, sum(dispatches)::bigint as dispatches from usage.dispatch_month group by month)
                as openly using (month)
                where stream = 'dispatch' and conformed <> openly.dispatches
            """).fetchall()
        )
    with duckdb.connect(str(release.folder / "ledger.duckdb"), read_only=True) as base:
        ledger = base.sql(
            f"select source_key, amount_ore from entry where category = '{ELEMENT}' and organisation_number is null"
        ).fetchall()
    return Made(release, as_of, *counted, doors, country, beside, ledger)  # type: ignore[arg-type]


@dataclass
class Country:
    """A home, and what was sent to it."""

    settings: Settings
    chance: random.Random
    places: list[str] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Draw who is there."""
        numbers = [r for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY" and r["municipality_code"]]
        self.places = [r["organisation_number"] for r in self.chance.sample(numbers, PLACES)]

    def begins(self) -> None:
        """Everybody sends for two months, and is billed."""
        for place in self.places:
            rows = [
                Came(place, "first", month, self._few(), self._few(), IN_TIME + timedelta(minutes=len(self.came)))
                for month in MONTHS
            ]
            self.sends(rows, openly=True)
        for number, month in enumerate(MONTHS):
            payers = self.places if number == 0 else self.places[:FEW_PAYERS]
            of_month = {c.place: c.applied for c in self.came if c.month == month}
            lines = [_invoiced(n, p, month, SENT * of_month[p]) for n, p in enumerate(payers)]
            self.drops("invoice_line", "faktura", f"{month:%Y-%m}", lines, IN_TIME + timedelta(days=1))

    def _few(self) -> int:
        return self.chance.randint(1, 4) if self.chance.random() < 0.6 else self.chance.randint(5, 30)

    def sends(self, rows: Sequence[Came], *, openly: bool = False) -> None:
        """A municipality's batch of each stream."""
        self.came += rows
        place, batch, at = rows[0].place, rows[0].batch, rows[0].at
        sent = [r for row in rows for r in _dispatched(row, openly=openly)]
        used = [r for row in rows if row.applied for r in _measured(row)]
        for stream, of_stream in (("dispatch", sent), ("measurement", used)):
            if of_stream:
                self.drops(stream, f"kommune-{place}", batch, of_stream, at)

    def drops(self, stream: str, producer: str, name: str, rows: Sequence[dict[str, object]], at: datetime) -> None:
        """Lay a batch in the inbox."""
        table = pa.Table.from_pylist(list(rows), streams.STREAMS[stream].schema)
        inbox.drop(self.settings.inbox, stream, producer, name, table, synthetic=True, arrived_at=at)

    def takes_back(self, place: str, at: datetime) -> None:
        """Withdraw what a municipality sent first."""
        landing = open_landing(self.settings)
        for entry in [e for e in landing.entries if e.producer == f"kommune-{place}"]:
            landing.withdraw(entry, by="drift", reason="feil", now=at)
        self.came = [replace(c, withdrawn_at=at) if c.place == place else c for c in self.came]

    def corrects(self, place: str, at: datetime) -> None:
        """A municipality reports other applications for the days that it reported."""
        rows = []
        for c in [c for c in self.came if c.place == place]:
            rows += _measured(replace(c, applied=c.applied + 3), reported=2)
            self.came.append(replace(c, batch="corrected", applied=3, reported=0, at=at))
        self.drops("measurement", f"kommune-{place}", "corrected", rows, at)

    def erases(self, place: str, at: datetime) -> None:
        """Everything that a municipality sent."""
        landing = open_landing(self.settings)
        with atomic_files.locked(self.settings.home):
            affected = erasure.of_sender(landing, f"kommune-{place}")
            erasure.erase(landing, affected, None, by="drift", reason="Avtalen er avsluttet", now=at)
        self.erased.add(place)

    def release(self, as_of: datetime) -> Made:
        """Make one of what is there."""
        with atomic_files.locked(self.settings.home):
            run = steps.start(self.settings, as_of)
            with Attempt(run).recording_failure():
                made = steps.run_all(run)
        return read(made or Releases(self.settings).get("current"), as_of, *self.counted(as_of))

    @property
    def journal(self) -> int:
        """The number of the journal's last line."""
        return open_landing(self.settings).last_number

    def again(self, of: Made, *, upto: int | None) -> Release:
        """A release as of the moment of another, in a lake of its own: from what had come then, or up to a line."""
        lake = self.settings.but(lake_folder=self.settings.home / "tmp" / "again")
        shutil.rmtree(lake.lake, ignore_errors=True)
        with atomic_files.locked(self.settings.home):
            made = steps.run_all(steps.start(lake, of.as_of, replay=True, upto=upto))
        assert made is not None, "a replay publishes"
        return made

    def counted(self, as_of: datetime) -> tuple[dict[Cell, int], dict[Cell, frozenset[str]]]:
        """What counts at a moment, by the rule: what had come when the month was last published. January came late as a
        whole, and was open for a day."""
        truth: dict[Cell, int] = defaultdict(int)
        sets: dict[Cell, set[str]] = defaultdict(set)
        for c in self.came:
            until = calendar.last_revised_at(c.month, as_of) or calendar.first_published_at(c.month)
            until = max(until, IN_TIME + timedelta(days=1)) if c.month == MONTHS[0] else until
            if c.place in self.erased or c.at >= until or (c.withdrawn_at and c.withdrawn_at < until):
                continue
            if calendar.first_published_at(c.month) > as_of:
                continue
            for service, cases in ((APPLIED, c.applied), (REPORTED, c.reported)):
                if cases:
                    truth[service, c.month, c.place] += cases
                    sets[service, c.month, c.place].add(c.batch)
        return dict(truth), {cell: frozenset(batches) for cell, batches in sets.items()}


def _dispatched(row: Came, *, openly: bool) -> Iterator[dict[str, object]]:
    systems = {OPEN: ["Sak"] * 9 + ["Visma Barnevern"] * 2} if openly else {}
    systems |= {APPLIED: ["Sak"] * (SENT * row.applied), REPORTED: ["Sak"] * row.reported}
    moment = datetime(row.month.year, row.month.month, 9, 9, tzinfo=UTC)
    for service, names in systems.items():
        for n, system in enumerate(names):
            name = f"{row.place}/{row.batch}/{row.month}/{service}/{n}"
            yield {
                "dispatch_id": uuid.uuid5(uuid.NAMESPACE_URL, name).bytes,
                "state": "LEST",
                "state_at": moment + timedelta(hours=1),
                "created_at": moment,
                "service": service,
                "organisation_number": row.place,
                "account_id": f"k-{system}",
                "source_system": system,
                "recipient_kind": "PERSON",
                "digital_only": False,
                "channel": "SVARINN",
            }


def _measured(row: Came, *, reported: int = 1) -> Iterator[dict[str, object]]:
    day = row.month.replace(day=11 if row.batch == "first" else 17)
    for measure, quantity in (("soknader", row.applied), ("oppslag", LOOKED_UP * row.applied)):
        yield {
            "service": APPLIED,
            "measure": measure,
            "day": day,
            "organisation_number": row.place,
            "source": "logg",
            "quantity": Decimal(quantity),
            "reported_at": datetime(row.month.year, row.month.month, 20 + reported, tzinfo=UTC),
        }


def _invoiced(number: int, place: str, month: date, quantity: int) -> dict[str, object]:
    return {
        "invoice_id": f"F-{month:%Y%m}-{number}",
        "line_number": 1,
        "organisation_number": place,
        "service": APPLIED,
        "price_element": ELEMENT,
        "period": month,
        "quantity": Decimal(quantity),
        "unit": "stk",
        "unit_price": Decimal(ORE) / 100,
        "amount_ore": ORE * quantity,
        "vat_ore": ORE * quantity // 4,
        "invoiced_on": date(2025, 3, 1),
    }


# --- ten releases -----------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """What was made, in order; and what is wrong with it already."""

    made: list[Made] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    compared: int = 0


def told(country: Country, folder: Path) -> Story:
    """Ten releases of a home."""
    story = Story()
    late, gone, corrected, rolled, erased, beside = country.chance.sample(country.places, 6)
    days = iter(datetime(2025, 3, day, 12, tzinfo=UTC) for day in range(17, 31))

    def release(at: datetime) -> Made:
        story.made.append(country.release(at))
        return story.made[-1]

    country.begins()
    first = release(next(days))
    other = copied(country.settings, folder / "other")
    at = next(days)
    for one, cases in ((country, 1), (other, 4)):
        one.sends([Came(late, "late", month, cases, cases, at - _MORNING) for month in (*MONTHS, RUNNING)])
    second = release(at)
    story.compared, differ = compared(second.release, other.release(at).release)
    story.wrong += [f"one case or four before the quarter's end differ in {name}" for name in differ]
    as_of = country.again(first, upto=None)
    story.wrong += [f"{name} as of the first day differs" for name in differences(first.release, as_of)]
    at = next(days)
    country.takes_back(gone, at - _MORNING)
    release(at)
    at = next(days)
    country.corrects(corrected, at - _MORNING)
    release(at)
    Releases(country.settings).point(story.made[-2].release.name)
    at = next(days)
    country.sends([Came(rolled, "second", month, 0, 3, at - _MORNING) for month in MONTHS])
    release(at)
    at = next(days)
    country.erases(erased, at - _MORNING)
    release(at)
    release(next(days))
    for end in (date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1)):
        made = release(calendar.start_of(end) + _MORNING)
        country.sends([Came(beside, f"beside {end}", MONTHS[0], 1, 1, made.as_of + _MORNING)])
    last = story.made[-1]
    remade = country.again(last, upto=country.journal)
    story.wrong += [f"{name} from the landing alone differs" for name in differences(last.release, remade)]
    return story


def copied(settings: Settings, folder: Path) -> Country:
    """Another home with the same in it, that goes another way."""
    subprocess.run(["cp", "-a", str(settings.home), str(folder)], check=True)
    return Country(home_in(folder, **_BOUNDS), random.Random(0))


VOLATILE = ("judged_at", "published_at")
"""Columns that tell when a release was made."""


def compared(one: Release, other: Release) -> tuple[int, list[str]]:
    """How many published files there are, and which of them, or what the manifest says of them, differ.

    Without what only those read who may see exactly what single payers use.
    """
    files = {str(f.relative_to(one.folder)): f for f in (one.folder / "parquet").rglob("*.parquet")}
    files = {name: f for name, f in files.items() if not is_of_customers(DATASETS[name.split("/")[1]])}
    theirs = {str(f.relative_to(other.folder)) for f in (other.folder / "parquet").rglob("*.parquet")}
    differ = sorted(files.keys() - theirs)
    for name in sorted(files.keys() & theirs):
        tables = [pq.read_table(folder / name) for folder in (one.folder, other.folder)]
        kept = [t.drop_columns([c for c in VOLATILE if c in t.column_names]) for t in tables]
        if not kept[0].equals(kept[1]):
            differ.append(name)
    told_of, of_other = (release.section("datasets") for release in (one, other))
    for name in told_of.keys() | of_other.keys():
        rows = [
            {k: v for k, v in said.get(name, {}).items() if k in ("rows", "synthetic")} for said in (told_of, of_other)
        ]
        if rows[0] != rows[1]:
            differ.append(f"manifest: {name}")
    return len(files), differ


# --- the attacker -----------------------------------------------------------------------------------------------------


Name = tuple[Cell, frozenset[str]]
"""A cell and the batches of its set of records."""


def known(made: Sequence[Made], noise: Noise, service: str, month: date) -> tuple[Integers, dict[Name, int]]:
    """All that releases tell of a month's cells, each set of records one unknown number; and what is true of each."""
    numbers, truth = Integers(), dict[Name, int]()
    for release in made:
        names: list[Name] = [(cell, batches) for cell, batches in release.sets.items() if cell[:2] == (service, month)]
        for name in names:
            truth[name] = release.truth[name[0]]
            said = noise.told(release.cells[name[0]] if noise.on else truth[name])
            numbers.number(name, max(1, said.low), said.high)  # that it used the service is no secret
        for flow, per in ((LEADING_FLOW[service], 1), ("oppslag", LOOKED_UP)):
            quantity = release.country.get((service, flow, month))
            if quantity is not None and noise.on:
                said = noise.told(quantity, per=per, unit=odd(per))
                numbers.total(dict.fromkeys(names, 1), said.low, said.high)
        first = [name for name in names if name[1] == {"first"}]
        for key, ore in release.ledger:
            if (service, len(first), key) == (APPLIED, PLACES, f"{SUMMED}{ELEMENT}/{month:%Y-%m}"):
                numbers.total(dict.fromkeys(first, 1), ore / ORE / SENT, ore / ORE / SENT)
    return numbers, truth


def found(made: Sequence[Made], noise: Noise) -> tuple[int, list[str]]:
    """How many small counts there are, and which of them follow."""
    tried, determined = 0, []
    for service, month in product((APPLIED, REPORTED), (*MONTHS, RUNNING)):
        numbers, truth = known(made, noise, service, month)
        small = [name for name, count in truth.items() if count in SMALL]
        for name, (low, high) in zip(small, numbers.bounds(*small), strict=True):
            if not low <= truth[name] <= high:
                raise AssertionError(f"{name} is {truth[name]}, and was taken to be {low} to {high}")
            if low == high:
                determined.append(f"{service} {month:%Y-%m} of {name[0][2]}: {truth[name]}")
        tried += len(small)
    return tried, determined


def several(made: Iterable[Made]) -> list[str]:
    """Cells of which doors or releases tell more than one number for one set of records."""
    told_of: dict[tuple[Cell, frozenset[str]], dict[int, str]] = defaultdict(dict)
    for release in made:
        for door, cells in release.doors.items():
            if cells.keys() != release.cells.keys():
                return [f"{door} of {release.release.name} tells of {len(cells)} cells of {len(release.cells)}"]
            for cell, quantity in cells.items():
                told_of[cell, release.sets[cell]][quantity] = f"{door} of {release.release.name}"
    return [f"{name[0]}: {numbers}" for name, numbers in told_of.items() if len(numbers) > 1]


@figure("R14")
def r14(scale: float, seed: int) -> Figure:
    """Homes of two dozen municipalities."""
    began, wrong, tried, seen, files = time.monotonic(), list[str](), 0, 0, 0
    for number in range(max(1, round(scale))):
        with scratch() as folder:
            story = told(Country(home_in(folder / "home", **_BOUNDS), random.Random(seed + number)), folder)
            here, followed = found(story.made, Noise())
            _, control = found(story.made, Noise(on=False))
        cells = sum(release.cells.keys() != release.sets.keys() for release in story.made)
        wrong += [f"{cells} releases tell of other cells than those that count"] if cells else []
        wrong += story.wrong + [f"determined: {cell}" for cell in followed] + several(story.made)
        wrong += [f"told beside: {what} {count}" for m in story.made for what, count in m.beside.items()]
        tried, seen, files = tried + here, seen + len(control), files + story.compared
    return Figure(
        "R14",
        f"small counts by integer programmes over what {len(story.made)} releases publish; one number by every door",
        tried,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"without noise {seen} of {tried} follow",
        control_saw=seen == tried > 0,
        facts={
            "doors": ", ".join(story.made[0].doors),
            "published files that are alike after a late batch of one case and of four": files,
        },
    )
