"""Real homes: a tiny national traffic that landed through the real inbox, made and published once for all workers."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from assets import simulate
from catalog.domain.perturbation import Secret
from catalog.tables.quality import CHECK_RESULT
from catalog.tables.streams import STREAMS
from pipelines.cli import main
from pipelines.quality import gate
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.check import Verdict
from pipelines.run.context import RunContext
from pipelines.run.schedule import make, plan
from tests.reader_pools import lasting_readers
from transport.auth import perturbation_key
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.releases.store import Releases
from transport.storage.landing import utc_now

AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
PLAN = simulate.Plan(dispatches=2_000, months=2, last_month=APRIL, seed=3, organisations=24, connections=40)


def unchecked(run: RunContext) -> Verdict:
    """Let everything be published: for a run that is not about the checks, which take a third of its time."""
    run.reporter.step("quality.check_result")
    run.reporter.done("quality.check_result", "not checked")
    return Verdict(CHECK_RESULT.arrow_schema.empty_table(), ())


@dataclass
class Home:
    """A home, and the runs over it."""

    settings: Settings
    as_of: datetime = AS_OF

    @contextmanager
    def begun(self, **more) -> Iterator[RunContext]:
        """A run that begins, under the lock."""
        with atomic_files.locked(self.settings.home):
            run = steps.start(self.settings, more.pop("as_of", self.as_of), **more)
            with run.exit_stack:
                yield run

    def run(self, *, check=unchecked, **more):
        """All steps in order, checks where `check` is None; the release, or None when nothing changed."""
        with self.begun(**more) as run, Attempt(run).recording_failure():
            return steps.run_all(run, check=check)

    def made(self, **more) -> dict[str, set]:
        """All steps but publication; of each table that was made anew, its months."""
        with self.begun(**more) as run:
            steps.prepare(run)
            steps.take_in(run)
            done = [made[0] for made in make(run, plan(run)) if made]
        return {d.contract.name: set(d.rows) for d in done if d.rows}

    @property
    def releases(self) -> Releases:
        return Releases(self.settings)

    @property
    def current(self):
        return self.releases.get("current")


def drop(settings, batches) -> None:
    """Lay synthetic batches in the inbox."""
    for batch in batches:
        if batch.table.num_rows:
            inbox.drop(
                settings.inbox,
                batch.stream,
                "syntetisk",
                batch.name,
                batch.table,
                synthetic=True,
                arrived_at=batch.arrived_at,
            )


SECRET = Secret(bytes(range(32)))


def keep_secret(settings: Settings, secret: Secret = SECRET) -> None:
    """Lay a secret in a home, as another machine of it has it: homes with the same one publish the same figures."""
    key = settings.home / "access" / perturbation_key.FILE
    key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key.write_text(f"{secret.to_text()}\n")
    key.chmod(0o600)


def settings_of(folder, readers=1) -> Settings:
    """Of a home here. A few small files are read by one reader sooner than a second one is started."""
    return Settings(home=folder, settle_seconds=0, memory_mb=500, threads=2, readers=readers)


def copied(home, folder, *, links: bool = False) -> Home:
    """A copy of a home. By `cp`: a home is a thousand small files, which Python takes four times as long for.

    A release shares files with the lake by links; in a copy each has its own, so that a test may damage one of them,
    but where `links` says otherwise.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    preserve = [] if links else ["--no-preserve=links"]
    subprocess.run(["cp", "-a", *preserve, str(home), str(folder)], check=True)
    return Home(settings_of(folder))


def left_light(home) -> None:
    """Remove what the next run removes first: two hundred files that every copy would take along."""
    shutil.rmtree(gate.documents_of(home.settings))


@pytest.fixture(scope="session", autouse=True)
def warm_readers():
    """Reader processes are there: to start one takes as long as to make a small release."""
    with lasting_readers():
        yield


@pytest.fixture
def command(capsysbinary):
    """Run one command of `dif`; gives exit code, stdout and stderr."""

    def command(*words):
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main([str(w) for w in words])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return ended.value.code, out.decode(), err.decode()

    return command


@pytest.fixture
def dif_in(command, monkeypatch, tmp_path):
    """Run commands over that home, in a folder of the test's own; gives `command`."""

    def dif_in(home):
        monkeypatch.setenv("DIF_HOME", str(home))
        monkeypatch.setenv("DIF_SETTLE_SECONDS", "0")
        monkeypatch.chdir(tmp_path)
        return command

    return dif_in


@pytest.fixture(scope="session")
def traffic():
    """The batches of a tiny plan in order of arrival, a week's daily ones as one."""
    together = {}
    for batch in simulate.batches(PLAN):
        daily = batch.stream in ("dispatch", "measurement")
        together.setdefault((batch.stream, batch.arrived_at.isocalendar()[:2] if daily else batch.name), []).append(
            batch
        )
    whole = [
        replace(
            parts[-1],
            table=pa.concat_tables([b.table for b in parts]),
            planted=sum(b.planted for b in parts),
        )
        for parts in together.values()
    ]
    return sorted(whole, key=lambda b: b.arrived_at)


@pytest.fixture(scope="session")
def corrections_apart():
    """Part state records into those first told, and those that tell of a state and moment otherwise: these come later.

    In what order the others come changes nothing; a correction holds because it is received after what it corrects.
    """

    def corrections_apart(table: pa.Table) -> tuple[pa.Table, pa.Table]:
        told: dict[tuple, dict] = {}
        first, later = [], []
        for number, row in enumerate(table.to_pylist()):
            held = told.setdefault((row["dispatch_id"], row["state"], row["state_at"]), row)
            (first if held == row else later).append(number)
        return table.take(pa.array(first, pa.int64())), table.take(pa.array(later, pa.int64()))

    return corrections_apart


@pytest.fixture(scope="session")
def published(tmp_path_factory, traffic, worker_id):
    """A home with one release of the traffic. Shared by all workers: read it, or take a copy by `home`."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "published"
    folder.mkdir(exist_ok=True)
    home = Home(settings_of(folder / "home"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.releases.current() is None:
            keep_secret(home.settings)
            drop(home.settings, traffic)
            Home(settings_of(folder / "home", readers=2)).run(check=None)
            left_light(home)
    return home


@pytest.fixture(scope="session")
def copy_of_published(published, tmp_path_factory):
    """Make a home with one release of the traffic, for several tests."""

    def copy_of_published(name) -> Home:
        folder = tmp_path_factory.mktemp(name) / "home"
        return copied(published.settings.home, folder)

    return copy_of_published


@pytest.fixture
def home(published, tmp_path):
    """A home of the test's own, with one release of the traffic."""
    return copied(published.settings.home, tmp_path / "home")


@pytest.fixture
def linked_home(published, tmp_path):
    """A home of the test's own, whose release shares files with the lake as it does where it was made."""
    return copied(published.settings.home, tmp_path / "home", links=True)


@pytest.fixture
def empty_home(tmp_path):
    """A home in which nothing has landed."""
    return Home(settings_of(tmp_path / "home"))


@pytest.fixture(scope="session")
def home_of():
    """Make a home in a folder."""
    return lambda folder: Home(settings_of(folder / "home"))


def laid_in(home: Home, stream: str, name: str, *rows: dict) -> None:
    """Lay records of a stream that kroner come from in the inbox, from what differs from a plain one."""
    plain = {
        "invoice_line": {
            "line_number": 1,
            "organisation_number": "958935420",
            "service": "svarut",
            "price_element": "svarut-forsendelser",
            "period": date(2026, 1, 1),
            "quantity": Decimal(1),
            "unit": "stk",
            "vat_ore": 0,
            "invoiced_on": date(2026, 2, 10),
            "line_text": "fritekst på linja",
        },
        "cost_entry": {
            "booked_on": date(2026, 2, 1),
            "period": date(2026, 1, 1),
            "service": "svarut",
            "cost_category": "DRIFT",
            "text": "fritekst på bilaget",
        },
        "loan_entry": {"project": "p", "service": "svarut", "kind": "DRAWDOWN", "booked_on": date(2026, 2, 1)},
    }[stream]
    full = [plain | row for row in rows]
    if stream == "invoice_line":
        full = [{"unit_price": Decimal(row["amount_ore"]) / 100} | row for row in full]
    table = pa.Table.from_pylist(full, STREAMS[stream].schema)
    inbox.drop(home.settings.inbox, stream, "system", name, table, synthetic=True)


@pytest.fixture
def laid(ledgers):
    """Lay records in the inbox of that home."""
    return lambda stream, name, *rows: laid_in(ledgers, stream, name, *rows)


@pytest.fixture(scope="session")
def lay():
    """Lay records in the inbox of any home."""
    return laid_in


@pytest.fixture(scope="session")
def ledgers_once(once):
    """A home with a release of a few kroner in two quarters. Shared by all workers: take a copy by `ledgers`."""

    def fill(folder):
        home = Home(settings_of(folder / "home"), utc_now())
        for stream, name, rows in (
            (
                "invoice_line",
                "jan",
                [
                    {"invoice_id": "F1", "amount_ore": 90_000},
                    {
                        "invoice_id": "F2",
                        "amount_ore": 210_000,
                        "quantity": Decimal(2100),
                        "unit_price": Decimal(1),
                        "service": "fiks-digisos",
                        "price_element": "digisos-gammel-losning-digisosforsendelser",
                        "payer_number": "958935420",
                    },
                ],
            ),
            (
                "cost_entry",
                "jan",
                [
                    {"entry_id": "B1", "amount_ore": 30_000},
                    {"entry_id": "B2", "amount_ore": 5_000, "service": None, "cost_category": None},
                ],
            ),
            ("cost_entry", "feb", [{"entry_id": "B3", "amount_ore": 7_000, "period": date(2026, 2, 1)}]),
            ("cost_entry", "apr", [{"entry_id": "B4", "amount_ore": 400, "period": date(2026, 4, 1)}]),
            ("loan_entry", "jan", [{"entry_id": "L1", "amount_ore": 50_000}]),
        ):
            laid_in(home, stream, name, *rows)
        home.run(check=None)
        left_light(home)

    return once("ledgers", fill) / "home"


@pytest.fixture
def ledgers_read(ledgers_once, monkeypatch):
    """The home of all with that release, in which `dif` works: for what only reads."""
    monkeypatch.setenv("DIF_HOME", str(ledgers_once))
    return Home(settings_of(ledgers_once))


@pytest.fixture
def ledgers(ledgers_once, tmp_path, monkeypatch):
    """A home of the test's own with that release, in which `dif` works."""
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DIF_SETTLE_SECONDS", "0")
    return copied(ledgers_once, tmp_path / "home")
