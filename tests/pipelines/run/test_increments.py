"""Rule 3: however the same things land, and wherever a run was stopped or killed, the content hashes are the same.

What lands is the same in each test: traffic with repeats, late and corrected states, rows of the future, a conflict
that a decision settles, a batch taken back and one given back, registers in several versions. How it lands is another
each time; every home is held against one that got all at once and made it in one run.

Nothing here is of a sensitive service or a shielded system: of these counts what had come by a month's cut-off, so
there it matters when a batch lands, as it is meant to.
"""

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path

import duckdb
import hypothesis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from assets import simulate
from catalog import facts
from catalog.contracts.scan import Query
from catalog.tables import conformed, registers, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.cli.commands import run as commands
from pipelines.quality import gate
from pipelines.run import conform, steps
from pipelines.run.publish import publish
from tests.pipelines.conftest import unchecked
from tests.thorough import examples
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.ingest import registers as kept_registers
from transport.ingest.batch_validator import BatchValidator
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.servers.client import content_digest
from transport.storage import landing

pytestmark = pytest.mark.slow("whole runs: killed at every stage, rebuilt, and in any order by Hypothesis")
AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
APRIL, MAY = (date(2026, m, 1) for m in (4, 5))
PLAN = simulate.Plan(dispatches=300, months=2, last_month=APRIL, seed=8, organisations=10, connections=12)
PRODUCER = "syntetisk"
CORRECTION = "rettet"


def do(home: Settings, check=unchecked, as_of=AS_OF, **more):
    """One run; the release, or None when nothing changed."""
    with atomic_files.locked(home.home):
        return steps.run_all(steps.start(home, as_of, **more), check=check)


# --- what lands ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """Something that comes in.

    Attributes:
        what: `rows` may come in any parts; a `batch` comes whole and by its name; a version of a `register`; a `turn`
            takes the batch back at its first time, and gives it back at the next.
        name: of the batch or register.
        stream: of which stream.
        table: the rows.
        version: the register's rows.
        applied_at: when the version was applied, by which the one in force is known.
    """

    what: str
    name: str
    stream: str = ""
    table: pa.Table | None = field(default=None, repr=False)
    version: tuple[dict[str, object], ...] = field(default=(), repr=False)
    applied_at: datetime = AS_OF


def changed(table: pa.Table, **columns) -> pa.Table:
    """The rows with other values in some columns."""
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        kind = table.schema.field(place).type
        each = values if isinstance(values, list) else [values] * table.num_rows
        plain = pa.array(each, kind.storage_type if isinstance(kind, pa.ExtensionType) else kind)
        array = pa.ExtensionArray.from_storage(kind, plain) if isinstance(kind, pa.ExtensionType) else plain
        table = table.set_column(place, table.schema.field(place), array)
    return table


def ids(first: int, rows: int) -> list[bytes]:
    return [bytes([first, n] * 8) for n in range(rows)]


def traffic() -> dict[str, pa.Table]:
    """The rows of each stream."""
    sent: dict[str, list[pa.Table]] = {}
    for batch in simulate.batches(PLAN):
        sent.setdefault(batch.stream, []).append(batch.table)
    rows = {s: pa.concat_tables(t) for s, t in sent.items()}
    for stream, table in rows.items():
        if "service" in table.column_names:
            sensitive = pc.is_in(table["service"], pa.array(usage.SENSITIVE_SERVICES))
            rows[stream] = table.filter(pc.invert(sensitive))
        if "source_system" in table.column_names:
            systems = [("Websak", "websak v2", "Nytt System 1", None)[n % 4] for n in range(rows[stream].num_rows)]
            rows[stream] = changed(rows[stream], source_system=systems)
    steps = rows["adoption"].sort_by("occurred_at")  # the last ones, since each month from the first has its status
    rows["adoption"] = steps.slice(steps.num_rows - 60)
    return rows


def dispatches_of(rows: pa.Table) -> tuple[pa.Table, ...]:
    """Dispatches with what was mended in them; some, and their corrections, which come later; a mistake; a doubt."""
    some, late = rows.slice(0, 12), datetime(2026, 6, 2, 8, tzinfo=UTC)
    may, july = datetime(2026, 5, 4, 8, tzinfo=UTC), datetime(2026, 7, 3, 8, tzinfo=UTC)
    mended = [
        changed(some.slice(0, 4), state="MANUELT_HANDTERT", state_at=late),
        changed(some.slice(7, 2), account_id="en annen konto"),  # what never changes did: all of it is set aside
        changed(some.slice(9, 3), dispatch_id=ids(1, 3), created_at=july, state_at=july),  # of the future: held
    ]
    mistake = [
        changed(some.slice(0, 5), dispatch_id=ids(2, 5), created_at=may, state_at=late),  # of a month of its own
        changed(some.slice(5, 2), state="AVVIST", state_at=late + timedelta(days=1)),  # the latest state of others
    ]
    corrected = some.slice(4, 3)  # the same state at the same moment with other content: what comes later holds
    others = pa.concat_tables([rows.slice(0, 4), rows.slice(7), *mended])
    doubted = changed(some, dispatch_id=ids(3, 12))
    return others, corrected, changed(corrected, page_count=77), pa.concat_tables(mistake), doubted


def versions_of(landed: pa.Table, disputed: pa.Table, batches: list[str]) -> list[Event]:
    """Versions of registers: mappings, members, names, and a decision that is changed."""
    said = landed.filter(pc.equal(landed["register"], "organisation"))["values"].to_pylist()
    organisations = [json.loads(v) for v in said]
    members = [dict(r) for r in facts.read("network_member")]
    line = disputed.to_pylist()[0]
    decided = {"stream": "invoice_line", "producer": PRODUCER, "reason": "prøve"}
    decided["record_key"] = f"{line['invoice_id']}/{line['line_number']}"
    versions = [
        ("source_system", [{"source_system": "Websak", "system": "Websak", "supplier": "Gammelt navn AS"}]),
        ("source_system", [{"source_system": s, "system": "Websak"} for s in ("Websak", "websak v2")]),
        ("network_member", members[40:]),
        ("network_member", members[5:]),
        ("organisation", [organisations[0] | {"name": "Nytt navn IKS"}, *organisations[1:]]),
        *(("decision", [decided | {"batch_id": b}]) for b in batches),
    ]
    return [
        Event("register", name, version=tuple(rows), applied_at=AS_OF - timedelta(days=9 - n))
        for n, (name, rows) in enumerate(versions)
    ]


@pytest.fixture(scope="module")
def world(corrections_apart) -> list[Event]:
    """All that comes in, in an order in which it might."""
    rows = traffic()
    sent, corrected, correction, mistake, doubted = dispatches_of(rows["dispatch"])
    rows["dispatch"], _ = corrections_apart(sent)  # one correction is enough, and that comes in its turn
    measured, late = rows["measurement"], datetime(2026, 6, 2, 8, tzinfo=UTC)
    again = changed(measured.slice(0, 9), quantity=Decimal("12.5000"), reported_at=late)
    rows["measurement"] = pa.concat_tables([measured, again])
    one, rows["invoice_line"] = rows["invoice_line"].slice(0, 1), rows["invoice_line"].slice(1)
    twice = {c: 2 * one[c][0].as_py() for c in ("quantity", "amount_ore", "vat_ore")}
    disputed = {"faktura-a": one, "faktura-b": changed(one, **twice)}
    batches = [inbox.batch_name(Path(name), content_digest("invoice_line", t)) for name, t in disputed.items()]
    return [
        *(Event("rows", stream, stream, table) for stream, table in rows.items()),
        *(Event("batch", name, "invoice_line", t) for name, t in disputed.items()),
        Event("batch", "rettes", "dispatch", corrected),
        Event("batch", CORRECTION, "dispatch", correction),
        Event("batch", "feil", "dispatch", mistake),
        Event("turn", "feil"),
        *versions_of(rows["register"], one, batches),
        Event("batch", "i-tvil", "dispatch", doubted),
        Event("turn", "i-tvil"),
        Event("turn", "i-tvil"),
    ]


@dataclass
class Arriving:
    """Lets events come to a home.

    Attributes:
        home: whose inbox and landing.
        world: all events; a batch may be needed before its own turn.
        chance: rows come in parts and in disorder, some of them again; None: as they are.
        by_inbox: what comes lies in the inbox; otherwise it is landed at once, as servers do.
    """

    home: Settings
    world: list[Event]
    chance: random.Random | None = None
    by_inbox: bool = False
    dropped: int = 0
    turned: set[str] = field(default_factory=set)

    def take(self, *events: Event) -> None:
        """Let them come."""
        for event in events:
            if event.what == "rows":
                self._parts(event)
            elif event.what == "batch":
                if self.chance and event.name == CORRECTION:  # it follows what it corrects
                    self.take(*(e for e in self.world if e.name == "rettes"))
                self._land(event.stream, event.name, event.table)
            elif event.what == "turn":
                self._turn(event.name)
            else:
                self._apply(event)

    def _land(self, stream: str, name: str, table: pa.Table) -> None:
        if self.by_inbox:
            inbox.drop(self.home.inbox, stream, PRODUCER, name, table, synthetic=True, arrived_at=AS_OF)
            return
        kept, contract = landing.open_landing(self.home), STREAMS[stream]
        temporary = kept.temporary(stream, PRODUCER, "arriving")
        with BatchValidator(contract, temporary, producer=PRODUCER, synthetic=True) as door:
            door.add(table)
            validated = door.close()
        batch = inbox.batch_name(Path(name), validated.sha256)
        kept.keep([landing.Arrival(temporary, validated, contract, PRODUCER, batch, named=False)], now=AS_OF)

    def _parts(self, event: Event) -> None:
        order = list(range(event.table.num_rows))
        parts = [order]
        if self.chance:
            self.chance.shuffle(order)
            cut = self.chance.randrange(1, len(order))
            parts = [order[:cut], order[cut:], self.chance.sample(order, len(order) // 3)]
        for part in parts:
            self.dropped += 1
            self._land(event.stream, f"del-{self.dropped}", event.table.take(pa.array(part, pa.int64())))

    def _turn(self, name: str) -> None:
        """Take the batch back, which must have come and may come again; at the next time, give it back."""
        self.take(*(e for e in self.world if (e.what, e.name) == ("batch", name)))
        kept = landing.open_landing(self.home)
        entry = next(e for e in kept.entries if e.batch_id.startswith(f"{name}-"))
        turn = kept.reinstate if name in self.turned else kept.withdraw
        turn(entry, by="team:x", reason="prøve", now=AS_OF)
        self.turned.add(name)

    def _apply(self, event: Event) -> None:
        kept_registers.apply(
            landing.open_landing(self.home),
            registers.REGISTERS[event.name],
            event.version,
            by="test",
            reason="prøve",
            now=event.applied_at,
        )


@pytest.fixture(scope="module")
def straight(once, home_of, world):
    """The home that got all at once and made it in one run."""

    def fill(folder):
        home = home_of(folder).settings
        Arriving(home, world).take(*world)
        do(home)

    return home_of(once("straight", fill)).settings


def test_what_lands_here_meets_every_case(straight, world):
    accounting = rows_of(straight, "quality.accounting")
    summed = {
        s: {k: sum(r[k] for r in accounting if r["stream"] == s) for k in ("superseded", "quarantined", "held")}
        for s in STREAMS
    }
    assert all(summed["dispatch"].values())
    assert summed["measurement"]["superseded"] >= 9
    assert summed["invoice_line"]["quarantined"] == 0, "the decision settled the conflict"
    assert {r["month"] for r in accounting if r["withdrawn"]} >= {MAY}
    (right,) = next(e.table for e in world if e.name == "faktura-b").to_pylist()
    key = f"{right['invoice_id']}/{right['line_number']}"
    assert [r["amount_ore"] for r in rows_of(straight, "ledger.entry") if r["source_key"] == key] == [
        right["amount_ore"]
    ]


def rows_of(home: Settings, dataset: str) -> list[dict[str, object]]:
    """A dataset of the current release."""
    return pq.read_table(Releases(home).get("current").folder / "parquet" / dataset).to_pylist()


# --- any order, split, repeat, and runs in between -------------------------------------------------------------------


class Stopped(Exception):
    """A run ends here."""


@dataclass
class StopsAfter:
    """A reporter that ends the run when a step is done."""

    name: str

    def step(self, name: str, detail: str = "") -> None:
        """Go on."""

    def done(self, name: str, detail: str) -> None:
        """End it, if this was the step."""
        if name == self.name:
            raise Stopped


STOPS = ("ledger.product_month", "uptake.status_month", "usage.dispatch_day", "conformed.measurement")
DAYS = st.sampled_from((20, 70, 0))
EVENTS = 23
FROM_THE_MIDDLE = sorted(range(1, EVENTS), key=lambda n: abs(n - EVENTS // 2))
ARRIVAL = st.fixed_dictionaries(
    {
        "order": st.permutations(random.Random(4).sample(range(EVENTS), EVENTS)),  # the first example is a mess too
        "seed": st.integers(0, 2**32),
        "runs": st.lists(
            st.tuples(st.sampled_from(FROM_THE_MIDDLE), st.sampled_from(STOPS), DAYS), min_size=1, max_size=2
        ),
        "whole": st.tuples(st.sampled_from(FROM_THE_MIDDLE), st.just("release"), DAYS),
    }
)
"""In which order events come, how rows are cut, and what runs are in between: where, how far they come, and how many
days before the others they are made. One of them comes to its end."""


@dataclass
class Ground:
    """What each example needs."""

    world: list[Event] = field(repr=False)
    straight: Settings = field(repr=False)
    new: Callable[[], Settings] = field(repr=False)


@pytest.fixture(scope="module")
def ground(world, straight, home_of, tmp_path_factory):
    assert len(world) == EVENTS
    return Ground(world, straight, lambda: home_of(tmp_path_factory.mktemp("increments")).settings)


@hypothesis.settings(max_examples=examples(2), derandomize=True, database=None, phases=[Phase.generate])
@given(arrival=ARRIVAL)
def test_any_order_split_repeat_and_run_in_between_gives_the_same_content(arrival, ground):
    home = ground.new()
    arriving = Arriving(home, ground.world, random.Random(arrival["seed"]))
    runs = {place: (name, days) for place, name, days in (*arrival["runs"], arrival["whole"])}
    for place, number in enumerate(arrival["order"]):
        arriving.take(ground.world[number])
        if place in runs:
            name, days = runs[place]
            with suppress(Stopped):
                do(home, as_of=AS_OF - timedelta(days=days), reporter=StopsAfter(name))
    do(home)
    assert differences(home, ground.straight) == []
    assert not_beside(home) == []


@pytest.mark.parametrize("most", [400, 60])
def test_months_that_are_made_in_pieces_make_the_same_release_also_when_more_comes(most, ground, monkeypatch):
    """Of one producer, so in buckets; its months have up to several hundred rows."""
    monkeypatch.setattr(conform, "BUCKET_ROWS", most)
    home = ground.new()
    arriving = Arriving(home, ground.world, random.Random(most))
    late = [e for e in ground.world if e.name in ("rettes", CORRECTION, "feil", "i-tvil")]
    arriving.take(*(e for e in ground.world if e not in late))
    do(home, as_of=AS_OF - timedelta(days=20))
    files = Lake.of(home).files_by_month(conformed.DISPATCH)
    assert max(map(len, files.values())) >= 400 / most
    arriving.take(*late)
    do(home)
    assert differences(home, ground.straight) == []
    monkeypatch.undo()
    do(home)
    assert {len(parts) for parts in Lake.of(home).files_by_month(conformed.DISPATCH).values()} == {1}
    assert differences(home, ground.straight) == []


def not_beside(home: Settings) -> list[str]:
    """Datasets whose rows in the current release's databases are not those of the Parquet files beside them."""
    release, wrong = Releases(home).get("current"), []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{release.folder}/dif.duckdb' as dif (read_only)")
        connection.execute(f"attach '{release.folder}/ledger.duckdb' as books (read_only)")
        for name, said in release.manifest["datasets"].items():
            contract = DATASETS[name]
            table = f"books.main.{contract.table}" if said["audience"] == "LEDGER" else f"dif.{name}"
            files = f"read_parquet('{release.folder}/parquet/{name}/**/*.parquet')"
            columns = ", ".join(f'"{c.name}"' for c in contract.columns)
            pair = [f"select {columns} from {one}" for one in (table, files)]
            if said["rows"] and any(
                connection.execute(f"{a} except all {b}").fetchall() for a, b in (pair, reversed(pair))
            ):
                wrong.append(name)
    return wrong


def differences(home: Settings, other: Settings) -> list[str]:
    """Datasets that are not the same in the current releases of two homes."""
    return commands.differences(Releases(home).get("current"), Releases(other).get("current"))


# --- killed ----------------------------------------------------------------------------------------------------------


@dataclass
class Deadly:
    """A reporter that kills the process.

    Attributes:
        at: a regular expression of what must happen: `step X` or `done X`, as the run tells it; `kept X`, table X has
            its new files, by a commit; `named X`, a file is about to get that name.
        times: how many times it may happen before.
    """

    at: str
    times: int = 0

    def step(self, name: str, detail: str = "") -> None:
        """A step begins."""
        self.tell(f"step {name}")

    def done(self, name: str, detail: str) -> None:
        """A step ended."""
        self.tell(f"done {name}")

    def tell(self, what: str) -> None:
        """Something happens: the end, if it is this."""
        if re.fullmatch(self.at, what):
            if not self.times:
                os.kill(os.getpid(), signal.SIGKILL)
            self.times -= 1


def run_to_death(home: str, at: str, times: int) -> None:
    """In a process of its own: run until it is killed."""
    deadly = Deadly(at, times)
    replace = Lake.replace

    def replaced(lake, contract, parts):
        replace(lake, contract, parts)
        deadly.tell(f"kept {contract.name}")

    Lake.replace = replaced
    gate.warm = lambda: None  # it takes seconds, and is not what is killed here
    sys.addaudithook(lambda event, args: deadly.tell(f"named {args[1]}") if event == "os.rename" else None)
    do(Settings(home=Path(home), settle_seconds=0, memory_mb=500, threads=1), reporter=deadly)


CONFORMED = [f"conformed.{s}" for s in ("dispatch", "invoice_line", "cost_entry", "loan_entry", "adoption")]
"""The tables of what has come by the first kill, in the order in which one thread makes them."""
FIRST = (
    ("named .*/[.]kept-[^/]+/.*", 2),  # landed, and its file lies in the inbox still
    ("done landing", 0),
    ("kept conformed.register", 0),  # the rows are in force; what was set aside is of before
    ("named .*/conformed/dispatch/month=.*", 1),  # one month has its file, the next has not, and there is no commit
    ("kept conformed.dispatch", 0),
    *((f"done {name}", 0) for name in CONFORMED),
    ("kept usage.municipality_month", 0),
    ("step release", 0),  # the gate let it through
    ("named .*/releases/[0-9.-]+", 0),  # all of it lies there, under a temporary name
    ("named .*/releases/current", 0),
    ("done release", 0),
)
THEN = (
    ("kept conformed.dispatch", 0),
    ("done conformed.measurement", 0),
    ("kept usage.municipality_month", 0),
    ("named .*/releases/current", 0),
)
"""Where runs are killed, each going on where the one before was ended; and where, when more has come."""


@dataclass
class Killed:
    """A home of which every run but the last was killed.

    Attributes:
        home: which.
        left: by the point of a kill, at its first time: tables of the lake, releases, whether one is current.
    """

    home: Settings
    left: dict[str, tuple[list[str], list[str], bool]] = field(default_factory=dict)

    def kill(self, context, at: str, times: int) -> None:
        """Run until that point."""
        child = context.Process(target=run_to_death, args=(str(self.home.home), at, times))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL, f"no run came to: {at}"
        tables = {f"{p.parent.parent.name}.{p.parent.name}" for p in self.home.lake.glob("*/*/_delta_log")}
        releases = Releases(self.home)
        self.left.setdefault(at, (sorted(tables), releases.names(), releases.current() is not None))


@pytest.fixture(scope="module")
def killed(once, home_of, world):
    def fill(folder):
        killed = Killed(home_of(folder).settings)
        kill_at_every_stage(killed, world)
        (folder / "left.json").write_text(json.dumps(killed.left))

    folder = once("killed", fill)
    return Killed(home_of(folder).settings, json.loads((folder / "left.json").read_text()))


def kill_at_every_stage(killed: Killed, world: list[Event]) -> None:
    """Let things come and runs be killed; then one run that is not."""
    context = multiprocessing.get_context("forkserver")  # a process that used Delta cannot be forked
    context.set_forkserver_preload([__name__, "pandas"])  # DuckDB loads pandas where it is there
    arriving = Arriving(killed.home, world, random.Random(8))
    soon = [e for e in world if (e.what == "rows" and e.name != "measurement") or (e.what, e.name) == ("batch", "feil")]
    for events, points in ((soon, FIRST), ([e for e in world if e not in soon], THEN)):
        arriving.by_inbox = points is FIRST
        arriving.take(*events)
        for at, times in points:
            killed.kill(context, at, times)
    do(killed.home)


def test_runs_that_were_killed_at_every_stage_leave_what_the_next_one_makes_whole(killed, straight):
    assert differences(killed.home, straight) == []
    assert not_beside(killed.home) == []
    releases = Releases(killed.home)
    assert {name: releases.verify(name) for name in releases.names()} == {name: [] for name in releases.names()}


def test_the_killed_runs_had_done_a_part_each(killed):
    tables = [set(there) for there, _, _ in killed.left.values()]
    assert all(before <= after for before, after in pairwise(tables)), "what was done was not lost"
    assert not tables[1]
    assert tables[2] == {"conformed.register"}, "the first commit of three"
    assert "conformed.dispatch" not in killed.left["named .*/conformed/dispatch/month=.*"][0]
    for name, later in pairwise(CONFORMED):
        there = killed.left[f"done {name}"][0]
        assert name in there
        assert later not in there
    releases = [(len(names), current) for _, names, current in killed.left.values()]
    assert releases[-5:] == [(0, False), (0, False), (1, False), (2, True), (2, True)]


# --- made again ------------------------------------------------------------------------------------------------------


def test_a_rebuild_of_a_home_with_a_past_is_equal_but_for_what_was_falsified(
    killed, tmp_path, home_of, monkeypatch, capsys
):
    shutil.copytree(killed.home.home, tmp_path / "home", symlinks=True)
    home = home_of(tmp_path).settings
    lake, false = Lake(home.lake), usage.DELIVERY_TIME
    scan = Query("select * replace (p50_hours + 1 as p50_hours) from was", {"was": lake.scan(false, APRIL)})
    target = lake.target(false, APRIL, scan)
    with atomic_files.locked(home.home):
        with Session(home) as session:
            assert session.write(scan, false, target)
        lake.replace(false, [target])
        run = steps.start(home, AS_OF)
        publish(run, unchecked(run), None)
    monkeypatch.setenv("DIF_HOME", str(home.home))
    monkeypatch.setattr(commands, "run_all", partial(steps.run_all, check=unchecked))
    capsys.readouterr()
    assert commands.rebuild(json=True) == 1
    assert json.loads(capsys.readouterr().out)["differ"] == [false.name]
