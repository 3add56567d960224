"""R18: what follows, of figures that are hidden, from all that one release after the other publishes beside them.

A small country sends to sensitive and other services, and five releases are made: of all of it, after a batch was taken
back, after one came late, after one with services that nobody knows, and after that was sent anew. The attacker keeps
them all, knows who sent what when (batches are listed), and solves for each hidden figure with a linear programme. The
control gives the same attacker all figures but the small ones, as suppression without covers would.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.suppression import SMALL
from catalog import facts
from catalog.tables import streams
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from tests.linear import Linear
from tests.reliability.board import Figure, figure
from tests.reliability.zygote import home_in, scratch
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.releases.store import Release
from transport.storage.landing import open_landing

_SENSITIVE, _OPEN, _UNKNOWN = "fiks-digisos", "svarut", "fiks-digiso"
_MONTHS = (date(2026, 8, 1), date(2026, 9, 1))
_AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
_MEASURES = ("forsendelser", "meldinger", "soknader")
_MESSAGES = 2
"""Messages to a dispatch, always: who sees both of one municipality knows it."""
_PLACES = 12
_PLACED = sorted(
    (r for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY" and r["municipality_code"]),
    key=lambda r: r["organisation_number"],
)
_WELFARE = "Visma Barnevern"

Cell = tuple[date, str, str]
"""A month, a measure and an organisation's number."""


@dataclass
class Country:
    """What was sent, and what of it counts.

    Attributes:
        truth: figures at the sensitive service.
        folded: dispatches by a child-welfare system or without one, by month and organisation.
    """

    settings: Settings
    chance: random.Random
    places: list[str] = field(default_factory=list)
    truth: Counter[Cell] = field(default_factory=Counter)
    folded: Counter[tuple[date, str]] = field(default_factory=Counter)
    arrived: datetime = _AS_OF - timedelta(days=2)

    def __post_init__(self) -> None:
        """Draw who is there."""
        self.places = [r["organisation_number"] for r in self.chance.sample(_PLACED, _PLACES)]

    def sends(self, name: str, organisation: str, month: date, **services: Counter[tuple[str | None, int]]) -> None:
        """A batch by a municipality of its own: dispatches by source system and day of the month."""
        rows = [
            {
                "dispatch_id": uuid.uuid5(
                    uuid.NAMESPACE_URL, f"{name}/{organisation}/{month}/{service}/{key}/{n}"
                ).bytes,
                "state": "LEST",
                "state_at": _moment(month, key[1]) + timedelta(hours=1),
                "created_at": _moment(month, key[1]),
                "service": service.replace("_", "-"),
                "organisation_number": organisation,
                "account_id": f"k-{key[0]}",
                "source_system": key[0],
                "recipient_kind": "PERSON",
                "digital_only": False,
                "channel": "SVARINN",
            }
            for service, counts in services.items()
            for key, count in counts.items()
            for n in range(count)
        ]
        self.drops("dispatch", f"kommune-{organisation}", f"{name}-{month}", rows)

    def drops(self, stream: str, producer: str, name: str, rows: Sequence[dict[str, object]]) -> None:
        """Lay a batch in the inbox."""
        self.arrived += timedelta(minutes=1)
        table = pa.Table.from_pylist(list(rows), streams.STREAMS[stream].schema)
        inbox.drop(self.settings.inbox, stream, producer, name, table, synthetic=True, arrived_at=self.arrived)

    def begins(self) -> None:
        """What is sent before the first release."""
        measured = []
        for month in _MONTHS:
            for place in self.places:
                few = self.chance.random() < 0.4
                count = self.chance.randint(1, 4) if few else self.chance.randint(5, 40)
                open_ones: Counter[tuple[str | None, int]] = Counter()
                for system in self.chance.sample(("Sak", "Arkiv", "Skjema"), self.chance.randint(1, 3)):
                    open_ones[system, self.chance.randint(1, 20)] += self.chance.randint(1, 20)
                if self.chance.random() < 0.5:
                    welfare = self.chance.randint(1, 7)
                    self.folded[month, place] = welfare
                    open_ones[_WELFARE, self.chance.randint(15, 27)] += welfare
                self.truth[month, "forsendelser", place] = count
                self.sends("first", place, month, fiks_digisos=Counter({("Sak", 3): count}), svarut=open_ones)
                if self.chance.random() < 0.8:
                    self.truth[month, "meldinger", place] = count * _MESSAGES
                    measured.append(_measured(month, "meldinger", place, count * _MESSAGES))
                if self.chance.random() < 0.8:
                    asked = self.chance.choice((1, 3, 7, 30))
                    self.truth[month, "soknader", place] = asked
                    measured.append(_measured(month, "soknader", place, asked))
        self.drops("measurement", "fiks", "first", measured)

    def takes_back(self, producer: str, name: str) -> None:
        """Withdraw the batch of that producer whose name begins so."""
        landing = open_landing(self.settings)
        (entry,) = (e for e in landing.entries if e.producer == producer and name in e.batch_id)
        landing.withdraw(entry, by="drift", reason="feil", now=self.arrived + timedelta(minutes=1))

    def release(self) -> Release:
        """Make one of what is there."""
        with atomic_files.locked(self.settings.home):
            run = steps.start(self.settings, _AS_OF)
            with Attempt(run).noting():
                made = steps.run_all(run)
        assert made is not None, "something came"
        return made


def _moment(month: date, day: int) -> datetime:
    return datetime(month.year, month.month, day, 9, tzinfo=UTC)


def _measured(month: date, measure: str, organisation: str, quantity: int) -> dict[str, object]:
    return {
        "service": _SENSITIVE,
        "measure": measure,
        "day": month,
        "organisation_number": organisation,
        "source": "logg",
        "quantity": Decimal(quantity),
        "reported_at": _moment(month, 28),
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """A release, what was true then, and who had sent since the one before."""

    folder: Path
    truth: Counter[Cell]
    folded: Counter[tuple[date, str]]
    senders: frozenset[str]

    def ask(self, sql: str) -> list[tuple]:
        """As any analyst."""
        with duckdb.connect(str(self.folder / "dif.duckdb"), read_only=True) as base:
            base.execute("set TimeZone = 'UTC'")
            return base.sql(sql).fetchall()


def _releases(country: Country) -> Iterator[Seen]:
    """Five, one after the other."""
    month, chance, places = _MONTHS[1], country.chance, country.places

    def seen(*senders: str) -> Seen:
        return Seen(country.release().folder, country.truth.copy(), country.folded.copy(), frozenset(senders))

    country.begins()
    yield seen(*places)

    gone, late, wrong = chance.sample(places, 3)
    country.takes_back(f"kommune-{gone}", f"first-{month}")
    country.truth[month, "forsendelser", gone] = country.folded[month, gone] = 0
    yield seen(gone)

    more = chance.randint(1, 3)
    country.sends("late", late, month, fiks_digisos=Counter({("Sak", 9): more}), svarut=Counter({("Sak", 9): 7}))
    country.truth[month, "forsendelser", late] += more
    yield seen(late)

    more = chance.randint(1, 3)
    unknown, right = Counter({("Sak", 11): more}), Counter({("Sak", 11): 8})
    country.sends("wrong", wrong, month, **{_UNKNOWN.replace("-", "_"): unknown}, svarut=right)
    yield seen(wrong)

    country.takes_back(f"kommune-{wrong}", f"wrong-{month}")
    country.sends("right", wrong, month, fiks_digisos=unknown, svarut=right)
    country.truth[month, "forsendelser", wrong] += more
    yield seen(wrong)


# --- the attacker ----------------------------------------------------------------------------------------------------


class Attack:
    """What follows from the releases; `covered` False gives him all figures that are not small, as the control."""

    def __init__(self, releases: Sequence[Seen], *, covered: bool) -> None:
        """Take in all that is published."""
        self.releases, self.covered = releases, covered
        self.known = Linear()
        self.cells: list[dict[Cell, float | None]] = []
        for number, seen in enumerate(releases):
            self.cells.append(self._cells(seen))
            for cell, quantity in self.cells[number].items():
                self.known.figure((number, *cell), quantity or 0, quantity)
            self._totals(number, seen)
            self._rows(number, seen)
        self._multiples(0)  # what is taken back or comes late later is of one measure alone
        for number in range(1, len(releases)):
            self._between(number)

    def _cells(self, seen: Seen) -> dict[Cell, float | None]:
        """By municipality, as two tables say it."""
        found: dict[Cell, float | None] = {}
        sql = f"""
            select month, measure, organisation_number, max(coalesce(own.quantity, placed.quantity))::double
            from usage.measure_month as own
            join reference.organisation using (organisation_number)
            left join usage.municipality_measure_month_now as placed using (month, service, measure, municipality_code)
            where service = '{_SENSITIVE}'
            group by all
        """
        for month, measure, organisation, quantity in seen.ask(sql):
            cell = month, measure, organisation
            truth = seen.truth[cell]
            found[cell] = quantity if self.covered or quantity is not None or 0 < truth < SMALL else truth
        return found

    def _of(self, number: int, month: date, measure: str) -> dict[tuple, float]:
        return {(number, *c): 1.0 for c in self.cells[number] if c[:2] == (month, measure)}

    def _totals(self, number: int, seen: Seen) -> None:
        sql = "select month, measure, quantity::double from usage.measure_total_month"
        for month, measure, total in seen.ask(f"{sql} where service = '{_SENSITIVE}' and quantity is not null"):
            self.known.total(self._of(number, month, measure), total)

    def _multiples(self, number: int) -> None:
        """A measure that is the same multiple of another wherever both are shown is so where they are not."""
        cells = self.cells[number]
        for measure in _MEASURES[1:]:
            pairs = [
                (c, (c[0], measure, c[2])) for c in cells if c[1] == _MEASURES[0] and (c[0], measure, c[2]) in cells
            ]
            shown = {b / a for one, other in pairs if (a := cells[one]) and (b := cells[other]) is not None}
            if len(shown) == 1:
                times = shown.pop()
                for one, other in pairs:
                    self.known.total({(number, *one): times, (number, *other): -1.0}, 0)

    def _rows(self, number: int, seen: Seen) -> None:
        """What is told of numbers of rows, less those of services that are no secret."""
        openly = dict(seen.ask("select month, sum(dispatches)::bigint from usage.dispatch_day group by month"))
        conformed = seen.ask("select month, conformed from quality.accounting where stream = 'dispatch'")
        for month, rows in conformed:
            if month in openly and rows != openly[month]:
                self.known.total(self._of(number, month, "forsendelser"), rows - openly[month])
        sql = "select max(examined) from quality.check_result where dataset = 'conformed.dispatch'"
        for (examined,) in seen.ask(sql):
            if examined:
                everywhere = {t: 1.0 for m in _MONTHS for t in self._of(number, m, "forsendelser")}
                self.known.total(everywhere, examined - sum(openly.values()))
        if number:
            return
        sent = seen.ask(
            "select organisation_number, month, sum(dispatches)::bigint from usage.dispatch_month group by all"
        )
        for organisation, month, dispatches in sent:
            batch = seen.ask(
                "select rows from quality.batch where rows is not null and stream = 'dispatch' "
                f"and producer = 'kommune-{organisation}' and batch_id like '%{month}%'"
            )
            for (rows,) in batch:
                low = max(0, rows - dispatches - 9)
                self.known.total({(number, month, "forsendelser", organisation): 1.0}, low, rows - dispatches)

    def _between(self, number: int) -> None:
        """Who sent nothing has what it had; of who did, what is set aside or taken back bounds what it has now."""
        seen, before = self.releases[number], self.releases[number - 1]
        for cell in self.cells[number].keys() & self.cells[number - 1].keys():
            if cell[2] not in seen.senders or cell[1] != "forsendelser" or cell[0] != _MONTHS[1]:
                self.known.total({(number, *cell): 1.0, (number - 1, *cell): -1.0}, 0)
        (sender,) = seen.senders
        month = _MONTHS[1]
        now, then = ((n, month, "forsendelser", sender) for n in (number, number - 1))
        if not self.cells[number].keys() >= {now[1:]} or not self.cells[number - 1].keys() >= {then[1:]}:
            return
        aside, taken = (self._moved(seen, before, name, month) for name in ("quarantined", "withdrawn"))
        opened = self._moved(seen, before, "conformed", month)
        if taken > 0 and aside == 0:  # all that the sender had of the month
            gone = taken + opened
            self.known.total({then: 1.0, now: -1.0}, max(0, gone - 49), gone)
            self.known.figure(now, 0, 0)
        if aside < 0:  # what was set aside is sent anew
            self.known.total({now: 1.0, then: -1.0}, max(0, -aside - 49), -aside)

    @staticmethod
    def _moved(seen: Seen, before: Seen, name: str, month: date) -> int:
        sql = f"select {name} from quality.accounting where stream = 'dispatch' and month = '{month}'"
        ((now,),), ((then,),) = seen.ask(sql), before.ask(sql)
        return int(now - then)

    def found(self) -> tuple[int, list[str], list[str]]:
        """How many small figures are hidden; which of them follow, and which are bounded more tightly than 1 to 4."""
        asked, pinned, narrowed = 0, [], []
        for number, cells in enumerate(self.cells):
            for cell, quantity in sorted(cells.items(), key=str):
                truth = self.releases[number].truth[cell]
                if quantity is not None or not 0 < truth < SMALL:
                    continue
                asked += 1
                low, high = self.known.bounds((number, *cell))
                said = (
                    f"release {number + 1}: {cell[1]} of {cell[2]} in {cell[0]:%Y-%m}, {truth}, is {low:g} to {high:g}"
                )
                if low == high:
                    pinned.append(said)
                elif low > 1 or high < SMALL - 1:
                    narrowed.append(said)
        return asked, pinned, narrowed


def connections(releases: Sequence[Seen]) -> tuple[int, list[str]]:
    """The same for dispatches by child-welfare systems: the rows of connections, their sums, and the days after."""
    asked, found = 0, []
    for number, seen in enumerate(releases):
        rows: dict[tuple[date, str], list[tuple[str, int | None, date | None]]] = defaultdict(list)
        sql = "select month, organisation_number, mapping, dispatches, last_seen from usage.connection_month"
        for month, organisation, *row in seen.ask(f"{sql} where service = '{_OPEN}'"):
            rows[month, organisation].append(tuple(row))
        days = defaultdict(dict)
        sql = "select month, organisation_number, day, sum(dispatches)::bigint from usage.dispatch_day"
        for month, organisation, day, dispatches in seen.ask(f"{sql} where service = '{_OPEN}' group by all"):
            days[month, organisation][day] = dispatches
        for key, of_key in rows.items():
            truth = seen.folded[key]
            hidden = [i for i, (mapping, shown, _) in enumerate(of_key) if mapping == "NOT_STATED" and shown is None]
            if not hidden or not 0 < truth < SMALL:
                continue
            asked += 1
            known = Linear()
            for i, (_, shown, _) in enumerate(of_key):
                known.figure(i, shown or 1, shown)
            known.total(dict.fromkeys(range(len(of_key)), 1.0), sum(days[key].values()))
            last = [seen_on for mapping, _, seen_on in of_key if mapping != "NOT_STATED"]
            if last and None not in last:
                after = sum(n for day, n in days[key].items() if day > max(last))
                known.figure(hidden[0], after)
            low, high = known.bounds(hidden[0])
            if low > 1 or high < SMALL - 1:
                found.append(f"release {number + 1}: {key[1]} in {key[0]:%Y-%m}: {truth} is {low:g} to {high:g}")
    return asked, found


@figure("R18")
def r18(scale: float, seed: int) -> Figure:
    """Small countries, five releases each."""
    began, wrong, tried, seen_by_control = time.monotonic(), [], 0, 0
    for number in range(max(1, round(2 * scale))):
        with scratch() as folder:
            releases = list(_releases(Country(home_in(folder / "home"), random.Random(seed + number))))
            asked, pinned, narrowed = Attack(releases, covered=True).found()
            of_systems, narrowed_systems = connections(releases)
            _, *control = Attack(releases, covered=False).found()
        tried += asked + of_systems
        wrong += [*pinned, *narrowed, *narrowed_systems]
        seen_by_control += sum(map(len, control))
    return Figure(
        "R18",
        "small figures by linear programmes over all that five releases publish",
        tried,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"without covers {seen_by_control} small figures are bounded more tightly",
        control_saw=seen_by_control > 0,
    )
